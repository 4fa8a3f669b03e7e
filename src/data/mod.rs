//! Files → [`orders::Orders`], the one table everything else reads.
//!
//! This layer is the only home of polars. It sniffs, maps, cleans and sorts, and it accounts for
//! every row: what was dropped, changed or flagged stands in the [`quality::QualityReport`].

pub mod dataset;
pub mod day;
pub mod judge;
pub mod layouts;
pub mod lines;
pub mod load;
pub mod open;
pub mod orders;
pub mod profile;
pub mod relations;
pub mod roles;
pub mod sort;
pub mod table;
pub mod values;
