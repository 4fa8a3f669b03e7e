//! What the cells of a column look like: measured once per column, asked by every piece of evidence.

use hashbrown::HashMap;

use crate::{
    day::{self, Day},
    orders::TextPool,
    values::{
        dates::{self, DateColumn, UNREADABLE, Zone},
        missing,
        numbers::{self, Decimal, Evidence},
        serials::Form,
        text,
    },
};

/// A column's name and some of its cells, row by row.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    pub name: String,
    pub cells: TextPool,
}

impl Sample {
    /// The cell of a row, without blanks around it.
    #[must_use]
    pub fn cell(&self, row: usize) -> &str {
        text::trim(self.cells.get(row))
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.cells.len()
    }
}

/// What the cells of a sample look like; shares are of the cells that are not empty.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub rows: usize,
    pub filled: usize,
    pub distinct: usize,
    /// Share of numbers, of whole numbers, of zeros and of negative numbers.
    pub numbers: f64,
    pub whole: f64,
    pub zeros: f64,
    pub negatives: f64,
    /// Share of cells with a decimal sign.
    pub decimals: f64,
    /// Share of dates, and of dates inside the time in which shops keep files ([`LIFETIME`]).
    pub dates: f64,
    pub likely_dates: f64,
    /// Share of e-mail addresses, and of cells with letters.
    pub emails: f64,
    pub letters: f64,
    /// Share of percentages.
    pub percentages: f64,
    /// Share of words such as "guest", and of zeros, which programs write for who has no account.
    pub guests: f64,
    /// Median number of characters.
    pub length: usize,
    /// Numbers by row, NaN where there is none.
    pub values: Vec<f64>,
    /// How dates are written: ordinarily, or as a spreadsheet counts days.
    pub form: Form,
    /// Days by row where the column can be a date; empty otherwise.
    pub days: Vec<Day>,
}

/// Years in which an order may lie that a shop's program wrote down.
pub const LIFETIME: std::ops::RangeInclusive<i32> = 1990..=2040;

/// How a cell was judged, once per distinct cell.
#[derive(Clone, Copy, Default)]
#[allow(clippy::struct_excessive_bools, reason = "each is counted by itself")]
struct Looks {
    number: Option<f64>,
    decimal: bool,
    date: bool,
    email: bool,
    letters: bool,
}

impl Looks {
    fn of(cell: &str, decimal: Decimal) -> Self {
        let number = numbers::has_only_money_letters(cell)
            .then(|| numbers::read(cell, decimal, &mut Evidence::default()))
            .filter(|number| !number.is_nan());
        Self {
            number,
            decimal: number.is_some() && cell.contains(['.', ',']),
            date: dates::looks_like_date(cell),
            email: is_email(cell),
            letters: cell.chars().any(char::is_alphabetic),
        }
    }
}

fn is_email(cell: &str) -> bool {
    let parts = cell.split_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && host.contains('.') && !cell.contains(' '))
}

impl Facts {
    /// Looks at the cells of a sample; `decimal` is the sign its numbers are written with.
    #[must_use]
    pub fn of(sample: &Sample, decimal: Decimal) -> Self {
        let mut known = HashMap::<&str, (Looks, u32)>::new();
        let mut facts = Self {
            rows: sample.rows(),
            values: Vec::with_capacity(sample.rows()),
            ..Self::default()
        };
        let mut lengths = Vec::new();
        for row in 0..sample.rows() {
            let cell = sample.cell(row);
            if dates::is_missing(cell) {
                facts.values.push(f64::NAN);
                continue;
            }
            facts.filled += 1;
            lengths.push(cell.chars().count());
            let (looks, times) = known
                .entry(cell)
                .or_insert_with(|| (Looks::of(cell, decimal), 0));
            *times += 1;
            facts.values.push(looks.number.unwrap_or(f64::NAN));
        }
        facts.distinct = known.len();
        let share = |holds: &dyn Fn(&Looks) -> bool| {
            let met = known.values().filter(|(looks, _)| holds(looks));
            let rows: u32 = met.map(|(_, times)| times).sum();
            f64::from(rows) / facts.filled.max(1) as f64
        };
        facts.numbers = share(&|looks| looks.number.is_some());
        facts.whole = share(&|looks| looks.number.is_some_and(|number| number.fract() == 0.0));
        facts.zeros = share(&|looks| looks.number == Some(0.0));
        facts.negatives = share(&|looks| looks.number.is_some_and(|number| number < 0.0));
        facts.decimals = share(&|looks| looks.decimal);
        facts.dates = share(&|looks| looks.date);
        facts.emails = share(&|looks| looks.email);
        facts.letters = share(&|looks| looks.letters);
        let percentages = known.iter().filter(|(cell, _)| {
            cell.ends_with('%') && !numbers::read_or_share(cell, decimal).is_nan()
        });
        let percentages: u32 = percentages.map(|(_, (_, times))| times).sum();
        facts.percentages = f64::from(percentages) / facts.filled.max(1) as f64;
        let guests = known
            .iter()
            .filter(|(cell, _)| **cell == "0" || missing::is_guest(cell));
        let guests: u32 = guests.map(|(_, (_, times))| times).sum();
        facts.guests = f64::from(guests) / facts.filled.max(1) as f64;
        lengths.sort_unstable();
        facts.length = lengths.get(lengths.len() / 2).copied().unwrap_or_default();
        if facts.dates >= 0.5 {
            facts.read_days(sample);
        }
        facts
    }

    fn read_days(&mut self, sample: &Sample) {
        let mut column = DateColumn::new(Zone::default(), self.rows);
        for row in 0..self.rows {
            column.push(sample.cell(row));
        }
        self.days = column.finish(None).days;
        let likely = self.days.iter().filter(|&&day| is_likely(day)).count();
        self.likely_dates = likely as f64 / self.filled.max(1) as f64;
    }

    /// Takes cells for dates of a form.
    pub fn take_form(&mut self, sample: &Sample, form: Form) {
        let mut column = DateColumn::in_form(form, Zone::default(), self.rows);
        for row in 0..self.rows {
            column.push(sample.cell(row));
        }
        self.days = column.finish(None).days;
        self.form = form;
        let likely = self.days.iter().filter(|&&day| is_likely(day)).count();
        self.likely_dates = likely as f64 / self.filled.max(1) as f64;
        self.dates = self.likely_dates;
    }

    /// Share of rows that have a value.
    #[must_use]
    pub fn fill(&self) -> f64 {
        self.filled as f64 / self.rows.max(1) as f64
    }

    /// Rows per distinct value.
    #[must_use]
    pub fn repeats(&self) -> f64 {
        self.filled as f64 / self.distinct.max(1) as f64
    }

    /// Sum of the numbers.
    #[must_use]
    pub fn sum(&self) -> f64 {
        self.values.iter().filter(|value| !value.is_nan()).sum()
    }

    /// The largest number without its sign.
    #[must_use]
    pub fn largest(&self) -> f64 {
        let values = self.values.iter().filter(|value| !value.is_nan());
        values.fold(0.0, |most, value| f64::max(most, value.abs()))
    }
}

fn is_likely(day: Day) -> bool {
    day > UNREADABLE && LIFETIME.contains(&day::civil(day).0)
}

/// The decimal sign of each column: the one its own cells speak for, else the one that all speak for together.
#[must_use]
pub fn decimals_of(samples: &[Sample]) -> Vec<Decimal> {
    let each: Vec<Evidence> = samples.iter().map(evidence_of).collect();
    let mut all = Evidence::default();
    for evidence in &each {
        all.add(*evidence);
    }
    let sign = |own: &Evidence| {
        if own.point == own.comma {
            all.decimal()
        } else {
            own.decimal()
        }
    };
    each.iter().map(sign).collect()
}

fn evidence_of(sample: &Sample) -> Evidence {
    let mut evidence = Evidence::default();
    for row in 0..sample.rows().min(200) {
        let cell = sample.cell(row);
        if numbers::has_only_money_letters(cell) && !dates::looks_like_date(cell) {
            let _ = numbers::read(cell, Decimal::Point, &mut evidence);
        }
    }
    evidence
}
