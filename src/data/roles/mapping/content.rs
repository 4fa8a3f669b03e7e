//! What the cells of a column look like.

use hashbrown::HashMap;

use crate::{
    data::orders::TextPool, data::values::dates, data::values::numbers, data::values::text,
};

/// A column's name and some of its cells.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    pub name: String,
    pub cells: TextPool,
}

/// What a sample's cells look like; shares are of the cells that are not empty.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Content {
    pub filled: usize,
    pub distinct: usize,
    pub numbers: f64,
    pub decimals: f64,
    pub dates: f64,
}

impl Content {
    /// Looks at the cells of a sample.
    #[must_use]
    pub fn of(sample: &Sample) -> Self {
        // Each distinct cell is judged once.
        let (mut times, mut filled) = (HashMap::<&str, u32>::new(), 0);
        for cell in sample.cells.iter().map(text::trim) {
            if !dates::is_missing_number_or_date(cell) {
                *times.entry(cell).or_default() += 1;
                filled += 1;
            }
        }
        let (mut numbers, mut decimals, mut dates) = (0, 0, 0);
        for (cell, times) in &times {
            if numbers::looks_like_number(cell) {
                numbers += times;
                decimals += if cell.contains(['.', ',']) { *times } else { 0 };
            }
            dates += if dates::looks_like_date(cell) {
                *times
            } else {
                0
            };
        }
        let share = |passed: u32| f64::from(passed) / f64::from(filled.max(1));
        Self {
            filled: filled as usize,
            distinct: times.len(),
            numbers: share(numbers),
            decimals: share(decimals),
            dates: share(dates),
        }
    }

    pub(super) fn can_be_date(&self) -> bool {
        self.filled == 0 || self.dates >= 0.5
    }

    pub(super) fn can_be_number(&self) -> bool {
        self.filled == 0 || self.numbers >= 0.5
    }
}
