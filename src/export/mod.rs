//! What leaves the program: lists and tables as CSV, workbooks and Parquet, and the report.
//!
//! | file | holds |
//! | --- | --- |
//! | [`table`] | a table of typed columns; which of them leave |
//! | [`lists`] | results of a shop → tables |
//! | [`audience`] | customers to be contacted → a table with control group |
//! | [`contacts`] | how customers can be reached: addresses, names, consent |
//! | [`delivery`] | customers to be contacted → the file of an e-mail or advertising tool |
//! | [`csv`], [`excel`], [`parquet`] | tables → bytes of a file |
//! | [`report`] | everything as one HTML file |
//! | [`deck`] | everything as slides: PowerPoint and PDF |
//! | [`write`](mod@write) | the format of a file name, and writing without replacing |

pub mod audience;
pub mod contacts;
pub mod csv;
pub mod deck;
pub mod delivery;
pub mod error;
pub mod excel;
pub mod lists;
pub mod parquet;
pub mod report;
pub mod table;
pub mod write;

pub use self::error::ExportError;
pub use delivery::{Delivery, Tool};
pub use lists::{People, What};
pub use table::{Column, Table, Values};
pub use write::{Format, Options};
