//! How bytes become something to read: files, archives, workbooks, encodings, JSON, Parquet.

pub mod archive;
pub mod columns;
pub mod doors;
pub mod encoding;
pub mod json_file;
pub mod json_nested;
pub mod json_record;
pub mod opened;
pub mod parquet;
pub mod parquet_write;
pub mod source;
pub mod workbook;
