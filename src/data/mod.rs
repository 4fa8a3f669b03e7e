//! Files → [`orders::Orders`], the one table everything else reads.
//!
//! This layer is the only home of polars. It sniffs, maps, cleans and sorts, and it accounts for
//! every row: what was dropped, changed or flagged stands in the [`quality::QualityReport`].

pub mod assemble;
pub mod chunks;
pub mod clean;
pub mod columns;
pub mod dataset;
pub mod date_text;
pub mod dates;
pub mod day;
pub mod direct;
pub mod encoding;
pub mod error;
pub mod excel;
pub mod extremes;
pub mod finish;
pub mod generate;
pub mod ids;
pub mod ingest;
pub mod inspect;
pub mod intern;
pub mod json_file;
pub mod json_text;
pub mod keys;
pub mod lines;
pub mod load;
pub mod mapping;
pub mod monitor;
pub mod numbered;
pub mod numbering;
pub mod numbers;
pub mod options;
pub mod orders;
pub mod packed;
pub mod parquet;
pub mod parquet_write;
pub mod profile;
pub mod quality;
pub mod reading;
pub mod recode;
pub mod records;
pub mod refind;
pub mod rejected;
pub mod sample;
pub mod shapes;
pub mod small;
pub mod sniff;
pub mod sorted;
pub mod source;
pub mod stage;
pub mod synonyms;
pub mod table;
pub mod tables;
pub mod text;
pub mod typed;
