//! Files → [`orders::Orders`], the one table everything else reads.
//!
//! The way of a file, each step a folder; [`load`] walks it:
//!
//! | step | decides |
//! | --- | --- |
//! | [`open`] | path → bytes or cells: archives, encodings, workbooks, JSON, Parquet |
//! | [`table`] | bytes → named columns: separator, quotes, header, what stands above and below it |
//! | [`roles`] | what each column means, from names, cells, counts and arithmetic |
//! | [`relations`] | which tables join how; they become order lines |
//! | [`lines`] | order lines as they are read, text by text, or taken from joined tables |
//! | [`judge`] | what all rows together show: rules, questions, warnings, each row accounted for |
//! | [`sort`] | lines → `Orders` |
//!
//! Beside it: [`layouts`] are known exports, [`values`] how dates, numbers, ids
//! and statuses are written, [`dataset`] what loading returns, [`profile`] every column described.
//!
//! This layer is the only home of polars. What was dropped, changed or flagged stands in the
//! [`dataset::quality::QualityReport`].

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
