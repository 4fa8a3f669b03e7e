//! Building blocks shared by the views.

pub mod card;
pub mod segment_mark;
pub mod table;
