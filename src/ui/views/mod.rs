//! One module per view of the rail.
