//! Building blocks shared by the views.

pub mod card;
pub mod check;
pub mod chip;
pub mod dropdown;
pub mod elided;
pub mod empty;
pub mod grid;
pub mod kpi;
pub mod pick;
pub mod segment_mark;
pub mod segmented;
pub mod table;
