//! A table that was opened, and the workbook it came from: what every door hands on.

use std::sync::Arc;

use super::{columns::Columns, source::Input};

/// A workbook that was opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Names of its sheets, in its order, and the one that was read.
    pub sheets: Vec<String>,
    pub read: String,
    /// What should be said about it.
    pub remark: String,
}

/// A table: its bytes, or its columns.
#[derive(Clone, Debug)]
pub struct Opened {
    pub input: Input,
    /// The workbook it is a sheet of.
    pub book: Option<Book>,
    /// Its columns, where the file says of what type they are.
    pub columns: Option<Arc<Columns>>,
}
