//! As what a column is to be read: every cell votes.

use crate::{
    roles::vocabulary::{self, concept::Concept},
    values::dates,
    values::numbers::{self, Decimal, Evidence, has_only_money_letters},
    values::text,
};

/// As what the cells of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    Number(Decimal),
    Date,
    Text,
}

/// Share of the filled cells that must be readable for a column to count as numbers or dates. The
/// others are reported as unreadable: one stray word must not hide what a column is.
const READABLE_SHARE: f64 = 0.8;

impl Plan {
    /// What some cells of a column speak for.
    pub fn of<'a>(name: &str, cells: impl Iterator<Item = (&'a str, u64)>) -> Self {
        Votes::of(name, cells).plan()
    }
}

/// What the cells of a column speak for, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Votes {
    named_date: bool,
    filled: u64,
    dates: u64,
    numbers: u64,
    codes: u64,
    evidence: Evidence,
}

impl Votes {
    /// No votes yet, for a column of this name.
    pub fn new(name: &str) -> Self {
        Self {
            named_date: vocabulary::spoken(name).has(Concept::Date),
            ..Self::default()
        }
    }

    /// The votes of some cells, each with the rows that hold it.
    pub fn of<'a>(name: &str, cells: impl Iterator<Item = (&'a str, u64)>) -> Self {
        let mut votes = Self::new(name);
        for (cell, rows) in cells {
            let cell = text::trim(cell);
            if !dates::is_missing_number_or_date(cell) {
                votes.add(cell, rows);
            }
        }
        votes
    }

    /// Counts a trimmed cell that is not missing, as often as rows hold it.
    pub fn add(&mut self, cell: &str, rows: u64) {
        self.add_but_numbers(cell, rows);
        self.add_number(cell, rows);
    }

    /// As [`Votes::add`] without the votes as a number, which [`Votes::add_number`] may add later: they
    /// only count when the column holds no dates.
    pub fn add_but_numbers(&mut self, cell: &str, rows: u64) {
        self.filled += rows;
        if has_digit(cell) && reads_as_date(cell, self.named_date) {
            self.dates += rows;
        }
    }

    /// The votes of a cell as a number.
    pub fn add_number(&mut self, cell: &str, rows: u64) {
        if !has_digit(cell) {
            return;
        }
        let mut evidence = Evidence::default();
        self.numbers += rows * u64::from(reads_as_number(cell, &mut evidence));
        self.evidence.point += rows * evidence.point;
        self.evidence.comma += rows * evidence.comma;
        self.evidence.open += rows * evidence.open;
        self.codes += rows * u64::from(is_padded(cell));
    }

    /// As [`Votes::add`] for one row whose cell is a number with `decimals` digits behind a decimal
    /// point ([`numbers::plain`]): what can be told without looking at it again.
    #[inline]
    pub fn add_plain(&mut self, cell: &str, decimals: usize) {
        if decimals == 0 {
            self.add(cell, 1);
            return;
        }
        // Digits with a single point are no date and no code.
        self.filled += 1;
        self.numbers += 1;
        self.evidence.point += u64::from(decimals != 3);
    }

    /// Whether most cells are dates.
    pub fn are_dates(&self) -> bool {
        self.enough(self.dates)
    }

    /// What its numbers say about the decimal sign of the file; nothing where it holds none.
    pub fn evidence(&self) -> Evidence {
        match self.plan() {
            Plan::Number(_) => self.evidence,
            Plan::Date | Plan::Text => Evidence::default(),
        }
    }

    fn enough(&self, share: u64) -> bool {
        self.filled > 0 && share as f64 >= READABLE_SHARE * self.filled as f64
    }

    /// As what the column is to be read.
    pub fn plan(&self) -> Plan {
        if self.are_dates() {
            Plan::Date
        } else if self.enough(self.numbers) && !are_codes(self.codes, self.filled) {
            Plan::Number(self.evidence.decimal())
        } else {
            Plan::Text
        }
    }
}

/// Without a digit a cell is no date, no number and no code.
#[inline]
fn has_digit(cell: &str) -> bool {
    cell.bytes().any(|byte| byte.is_ascii_digit())
}

/// A column written 00042 is a code: as a number it would lose its zeros. A few such cells among
/// many are taken for slips.
fn are_codes(padded: u64, filled: u64) -> bool {
    padded > 0 && padded * 100 >= filled
}

/// Digits with a leading zero that a number would not keep.
#[inline]
fn is_padded(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    bytes.len() > 1 && bytes[0] == b'0' && bytes.iter().all(u8::is_ascii_digit)
}

/// Whether a cell is a date for a profile. Bare digits are one only as YYYYMMDD of likely years, or
/// in a column whose name speaks of a date: order numbers look like seconds since 1970.
fn reads_as_date(cell: &str, named_date: bool) -> bool {
    if !cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return dates::looks_like_date(cell);
    }
    let year = cell.get(..4).and_then(|year| year.parse().ok());
    let likely = year.is_some_and(|year: i32| (1900..=2100).contains(&year));
    (named_date || (likely && matches!(cell.len(), 8 | 14))) && dates::looks_like_date(cell)
}

fn reads_as_number(cell: &str, evidence: &mut Evidence) -> bool {
    if !has_only_money_letters(cell) {
        return false;
    }
    let as_point = numbers::read(cell, Decimal::Point, evidence);
    !as_point.is_nan() || !numbers::read(cell, Decimal::Comma, &mut Evidence::default()).is_nan()
}
