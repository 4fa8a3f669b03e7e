//! What the cells of a status column say of their rows.

use hashbrown::HashMap;
use polars::prelude::StringChunked;

use crate::{
    layouts::Layout,
    lines::{
        marks::{StatusKind, marks_of},
        stage::mark,
    },
    values::{dates, text},
};

/// How the words of a status column are judged.
pub(super) struct StatusJudge<'a> {
    pub kind: StatusKind,
    /// What was given back stands in numbers: then a status does not take it off again.
    pub refunds_are_money: bool,
    pub layout: Option<&'a Layout>,
}

impl StatusJudge<'_> {
    /// What each cell says of its row: its number, its marks, and whether it says anything.
    pub fn each(&self, cells: &StringChunked, mut take: impl FnMut(usize, u16, bool)) {
        let mut known = HashMap::<&str, u16>::new();
        for (row, cell) in cells.iter().enumerate() {
            let cell = text::trim(cell.unwrap_or_default());
            let filled = !dates::is_missing(cell);
            let marks = *known
                .entry(cell)
                .or_insert_with(|| if filled { self.marks(cell) } else { 0 });
            take(row, marks, filled);
        }
    }

    fn marks(&self, cell: &str) -> u16 {
        if self.kind == StatusKind::ReturnDate {
            return mark::RETURNED;
        }
        if let Some(layout) = self.layout {
            let folded = text::fold(cell);
            let names = |words: &[String]| words.iter().any(|word| text::fold(word) == folded);
            if names(&layout.not_kept) || !layout.kept.is_empty() && !names(&layout.kept) {
                return mark::NOT_KEPT | mark::NO_TRADE;
            }
            if !layout.kept.is_empty() {
                return 0;
            }
        }
        marks_of(cell, self.kind, self.refunds_are_money)
    }
}
