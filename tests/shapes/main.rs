//! Shapes of several files: recognised by their columns, joined, and explained, also when damaged.

mod de_ds;
mod malformed;
mod public;
mod round_trip;
mod set;
mod thelook;
