//! Bytes → rows of named cells: separator, quoting, header, line numbers.

pub mod cells;
pub mod chunks;
pub mod dialect;
pub mod frame;
pub mod grid;
pub mod header;
pub mod quotes;
pub mod quoting;
pub mod records;
pub mod refind;
pub mod rows;
pub mod skipped;
pub mod typed;
