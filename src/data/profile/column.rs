//! One column while it is being read.

use std::collections::BTreeMap;

use super::{count::Counter, sample::Sample};
use crate::{
    data::day::Day,
    data::roles::vocabulary::{self, concept::Concept},
    data::values::dates::{self, DateColumn, Zone},
    data::values::numbers::{self, Decimal, Evidence, has_only_money_letters},
    data::values::text,
};

/// As what the cells of a column are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Plan {
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
        let mut votes = Votes::new(name);
        for (cell, rows) in cells {
            let cell = text::trim(cell);
            if !dates::is_missing_number_or_date(cell) {
                votes.add(cell, rows);
            }
        }
        votes.plan()
    }
}

/// What the cells of a column speak for, counted.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::data) struct Votes {
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

/// A column and what is known of it so far.
pub(super) struct Column {
    pub name: String,
    pub missing: u64,
    pub cells: Cells,
    /// The plan was revised once and stands.
    pub settled: bool,
}

pub(super) enum Cells {
    Numbers(Numbers),
    Dates(Dates),
    Texts(Texts),
}

/// A column of numbers.
#[derive(Default)]
pub(super) struct Numbers {
    pub decimal: Decimal,
    pub evidence: Evidence,
    /// By the bits of the value.
    pub counter: Counter<u64>,
    pub sample: Sample,
    pub moments: Moments,
    /// Some value has decimals.
    pub broken: bool,
    pub padded: u64,
    pub unreadable: u64,
}

/// A column of dates. Days are few, so all are kept; they stay as written until the whole column has
/// told whether 03/04 is in March or in April.
#[derive(Default)]
pub(super) struct Dates {
    pub reader: DateColumn,
    pub undecided: BTreeMap<Day, u64>,
}

/// A column of text.
#[derive(Default)]
pub(super) struct Texts {
    pub counter: Counter<Box<str>>,
    pub filled: u64,
    /// Cells with a space inside: words, not codes.
    pub spaced: u64,
}

/// Mean and spread in one pass (Welford 1962), and the extremes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Moments {
    pub count: u64,
    pub mean: f64,
    /// Sum of squared differences from the mean.
    pub squares: f64,
    pub min: f64,
    pub max: f64,
}

impl Moments {
    #[inline]
    pub fn add(&mut self, value: f64) {
        if self.count == 0 {
            (self.min, self.max) = (value, value);
        }
        self.count += 1;
        let from_old = value - self.mean;
        self.mean += from_old / self.count as f64;
        self.squares += from_old * (value - self.mean);
        self.min = self.min.min(value);
        self.max = self.max.max(value);
    }

    /// Sample standard deviation; 0 for fewer than two values.
    pub fn deviation(&self) -> f64 {
        if self.count < 2 {
            0.0
        } else {
            (self.squares / (self.count - 1) as f64).max(0.0).sqrt()
        }
    }
}

impl Numbers {
    #[inline]
    pub fn push(&mut self, value: f64) {
        // −0 and 0 are one value.
        let value = value + 0.0;
        self.counter.add(value.to_bits(), 1);
        self.sample.push(value);
        self.moments.add(value);
        self.broken |= value.fract() != 0.0;
    }

    #[inline]
    fn read(&mut self, cell: &str) {
        let value = if has_only_money_letters(cell) {
            numbers::read(cell, self.decimal, &mut self.evidence)
        } else {
            f64::NAN
        };
        self.padded += u64::from(is_padded(cell));
        if value.is_nan() {
            self.unreadable += 1;
        } else {
            self.push(value);
        }
    }
}

impl Dates {
    /// Counts the dates read since the last call.
    pub fn gather(&mut self) {
        for day in self.reader.take_undecided() {
            *self.undecided.entry(day).or_default() += 1;
        }
    }
}

impl Texts {
    #[inline]
    pub fn push(&mut self, cell: &str, rows: u64) {
        self.filled += rows;
        self.spaced += rows * u64::from(cell.bytes().any(|byte| byte == b' '));
        self.counter.add(cell, rows);
    }
}

impl Column {
    pub fn new(name: &str, plan: Plan, zone: &Zone, settled: bool) -> Self {
        let cells = match plan {
            Plan::Number(decimal) => Cells::Numbers(Numbers {
                decimal,
                ..Numbers::default()
            }),
            Plan::Date => Cells::Dates(Dates {
                reader: DateColumn::new(zone.clone(), 0),
                undecided: BTreeMap::new(),
            }),
            Plan::Text => Cells::Texts(Texts::default()),
        };
        Self {
            name: name.to_owned(),
            missing: 0,
            cells,
            settled,
        }
    }

    /// Reads one cell.
    #[inline]
    pub fn push(&mut self, cell: &str) {
        let cell = text::trim(cell);
        let missing = match self.cells {
            Cells::Texts(_) => dates::is_missing(cell),
            _ => dates::is_missing_number_or_date(cell),
        };
        if missing {
            self.missing += 1;
            return;
        }
        match &mut self.cells {
            Cells::Numbers(numbers) => numbers.read(cell),
            Cells::Dates(dates) => dates.reader.push(cell),
            Cells::Texts(texts) => texts.push(cell, 1),
        }
    }

    /// What the whole column says it should have been read as, where that is something else.
    /// `usual` is the decimal sign of the file, for columns that do not tell.
    pub fn better_plan(&self, usual: Decimal) -> Option<Plan> {
        if self.settled {
            return None;
        }
        match &self.cells {
            Cells::Numbers(numbers) => {
                let filled = numbers.moments.count + numbers.unreadable;
                let wanted = match numbers.evidence {
                    Evidence {
                        point: 0, comma: 0, ..
                    } => usual,
                    evidence => evidence.decimal(),
                };
                let readable = numbers.moments.count as f64 >= READABLE_SHARE * filled as f64;
                if !numbers.broken && are_codes(numbers.padded, filled) {
                    Some(Plan::Text)
                } else if wanted != numbers.decimal {
                    Some(Plan::Number(wanted))
                } else {
                    (!readable).then_some(Plan::Text)
                }
            }
            Cells::Dates(dates) => {
                let filled: u64 = dates.undecided.values().sum();
                let unreadable = dates.undecided.get(&dates::UNREADABLE).copied();
                let readable = filled - unreadable.unwrap_or_default();
                ((readable as f64) < READABLE_SHARE * filled as f64).then_some(Plan::Text)
            }
            Cells::Texts(texts) => {
                let cells = texts.counter.iter().map(|(cell, rows)| (&**cell, rows));
                Some(Plan::of(&self.name, cells)).filter(|plan| *plan != Plan::Text)
            }
        }
    }

    /// What the numbers of this column say about the file's decimal sign.
    pub fn evidence(&self) -> Evidence {
        match &self.cells {
            Cells::Numbers(numbers) => numbers.evidence,
            Cells::Dates(_) | Cells::Texts(_) => Evidence::default(),
        }
    }
}
