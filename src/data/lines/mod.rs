//! Rows of a table → coded order lines.

pub mod block;
pub mod columns;
pub mod in_memory;
pub mod ingest;
pub mod labels;
pub mod marks;
pub mod stage;
pub mod whole;
