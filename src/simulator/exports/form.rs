//! One way to write an export: what it is called, how its file looks, and the rows of a sale.

use super::{
    sale::{Habits, Sale},
    sheet::{Dialect, Sheet},
};

/// How an export is written.
pub struct Form {
    pub name: &'static str,
    pub about: &'static str,
    pub files: &'static [&'static str],
    pub header: &'static [&'static str],
    pub dialect: Dialect,
    pub habits: Habits,
    pub rows: fn(&Sale<'_>, &mut Sheet<'_>),
}
