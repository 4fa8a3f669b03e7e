//! Dates as shops write them → calendar days.
//!
//! Every value is read on its own, except for one question that only the whole column can answer:
//! whether 03/04/2024 is the third of April or the fourth of March. Such values are kept as they
//! stand and resolved by [`DateColumn::finish`], when every row has been seen.

use std::{cmp::Ordering, ops::Range};

pub use crate::values::{
    clock::Zone,
    date_text::looks_like_date,
    missing::{is_missing, is_missing_number_or_date},
    serials::{Form, is_placeholder},
};
use crate::{
    dataset::options::DateOrder,
    day::{Day, from_civil},
    values::date_text::{Pattern, Value, compact, is_instant, parse},
    values::keys::eight_digits,
    values::text::tidy_id,
};

/// The cell was empty.
pub const MISSING: Day = Day::MIN;
/// The cell holds no date.
pub const UNREADABLE: Day = Day::MIN + 1;

/// Marks a value that still waits for the order of day and month:
/// `(shift + 1) << 24 | year << 10 | first << 5 | second`.
const PENDING: i32 = 1 << 30;
/// Marks a pending value that may begin with its year, of which it has two digits.
const SHORT: i32 = 1 << 26;
/// No sale is of these years yet, as the century has them: a number of two digits that is one of them is no
/// year but a day.
const TO_COME: std::ops::RangeInclusive<u32> = 28..=31;

/// Years outside this range are flagged as unlikely, not refused.
pub const LIKELY_YEARS: std::ops::RangeInclusive<i32> = 1970..=2100;

const PATTERNS: [(Pattern, &str); 6] = [
    (Pattern::YearFirst, "date, year-month-day"),
    (Pattern::Compact, "date, YYYYMMDD"),
    (Pattern::Numeric, "date"),
    (Pattern::NamedMonth, "date, month by name"),
    (Pattern::Epoch, "date, seconds or milliseconds since 1970"),
    // Named by the form of the column.
    (Pattern::Serial, "date"),
];

/// A date column being read.
#[derive(Clone, Debug, Default)]
pub struct DateColumn {
    zone: Zone,
    form: Form,
    values: Vec<Day>,
    patterns: [u64; PATTERNS.len()],
    evidence: OrderEvidence,
}

/// What dates say about the order of day and month: of one column, or added up over the columns of all
/// files of a set, which are decided together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderEvidence {
    /// Values only day/month can explain.
    pub day_first: u64,
    /// Values only month/day can explain.
    pub month_first: u64,
    /// Values that both orders explain, with different results.
    pub open: u64,
    /// Values whose year, of two digits, can only stand first (`24-01-31`) or only last (`31-01-24`).
    pub year_first: u64,
    pub year_last: u64,
}

impl OrderEvidence {
    pub fn add(&mut self, other: Self) {
        self.day_first += other.day_first;
        self.month_first += other.month_first;
        self.open += other.open;
        self.year_first += other.year_first;
        self.year_last += other.year_last;
    }

    /// Whether dates of two-digit years begin with the year.
    fn begins_with_year(self) -> bool {
        self.year_first > 0 && self.year_last == 0
    }

    /// The order that most values speak for; `None` when none does or as many for either.
    #[must_use]
    pub fn order(self) -> Option<DateOrder> {
        match self.day_first.cmp(&self.month_first) {
            Ordering::Greater => Some(DateOrder::DayMonth),
            Ordering::Less => Some(DateOrder::MonthDay),
            Ordering::Equal => None,
        }
    }

    /// Whether values fit both orders and nothing decides.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        self.open > 0 && self.day_first == 0 && self.month_first == 0 && !self.begins_with_year()
    }
}

/// `YYYY-MM-DD` as a number `YYYYMMDD`.
#[inline]
fn year_month_day(text: &[u8]) -> Option<u32> {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else {
        return None;
    };
    eight_digits(&[y1, y2, y3, y4, m1, m2, d1, d2])
}

/// A finished date column.
#[derive(Clone, Debug, PartialEq)]
pub struct Dates {
    /// One day per row, or [`MISSING`] or [`UNREADABLE`].
    pub days: Vec<Day>,
    /// How the values were read, for people.
    pub format: String,
    /// What the user should know about the choice of order.
    pub remark: Option<String>,
}

impl DateColumn {
    #[must_use]
    pub fn new(zone: Zone, capacity: usize) -> Self {
        Self {
            zone,
            values: Vec::with_capacity(capacity),
            ..Self::default()
        }
    }

    /// As [`DateColumn::new`], for a column whose cells are dates of a form.
    #[must_use]
    pub fn in_form(form: Form, zone: Zone, capacity: usize) -> Self {
        Self {
            form,
            ..Self::new(zone, capacity)
        }
    }

    /// Reads one cell.
    #[inline]
    pub fn push(&mut self, text: &str) {
        self.push_within(text, 0..text.len());
    }

    /// Reads the cell that stands at a range of a text.
    #[inline]
    pub fn push_within(&mut self, text: &str, cell: Range<usize>) {
        if let Some(number) = eight_digits(&text.as_bytes()[cell.clone()]) {
            let day = compact(number).unwrap_or(UNREADABLE);
            self.patterns[Pattern::Compact as usize] += u64::from(day != UNREADABLE);
            self.values.push(day);
            return;
        }
        let text = &text[cell];
        if let Some(number) = year_month_day(text.as_bytes()) {
            let day = compact(number).unwrap_or(UNREADABLE);
            self.patterns[Pattern::YearFirst as usize] += u64::from(day != UNREADABLE);
            self.values.push(day);
            return;
        }
        let value = self.read(crate::values::text::trim(text));
        self.values.push(value);
    }

    fn read(&mut self, text: &str) -> Day {
        if is_missing_number_or_date(text) {
            return MISSING;
        }
        if let Some(day) = self.form.day(text) {
            self.patterns[Pattern::Serial as usize] += 1;
            return day;
        }
        let guarded = text.starts_with(['=', '"', '\'']);
        let text = if guarded { tidy_id(text) } else { text };
        match parse(text, &self.zone) {
            Some(Value::Day(day, pattern)) => {
                self.patterns[pattern as usize] += 1;
                day
            }
            Some(Value::Either {
                first,
                second,
                year,
                shift,
                short,
            }) => {
                if short {
                    let last = year.rem_euclid(100) as u32;
                    self.evidence.year_first += u64::from(TO_COME.contains(&last) && second <= 12);
                    self.evidence.year_last += u64::from(TO_COME.contains(&first) || second > 12);
                }
                self.patterns[Pattern::Numeric as usize] += 1;
                match (first > 12, second > 12) {
                    (true, _) => self.evidence.day_first += 1,
                    (_, true) => self.evidence.month_first += 1,
                    _ => self.evidence.open += u64::from(first != second),
                }
                let short = if short { SHORT } else { 0 };
                PENDING | short | (shift + 1) << 24 | year << 10 | (first << 5 | second) as i32
            }
            None => UNREADABLE,
        }
    }

    /// Forgets all rows and keeps the memory.
    pub fn restart(&mut self, zone: &Zone) {
        let mut values = std::mem::take(&mut self.values);
        values.clear();
        *self = Self {
            zone: zone.clone(),
            form: self.form,
            values,
            ..Self::default()
        };
    }

    /// Appends the rows of another part of the column.
    pub fn append(&mut self, later: &Self) {
        self.values.extend_from_slice(&later.values);
        for (sum, more) in self.patterns.iter_mut().zip(later.patterns) {
            *sum += more;
        }
        self.evidence.add(later.evidence);
    }

    /// What the values read so far say about the order of day and month.
    #[must_use]
    pub fn evidence(&self) -> OrderEvidence {
        self.evidence
    }

    /// Makes room for so many further rows.
    pub fn reserve(&mut self, rows: usize) {
        self.values.reserve_exact(rows);
    }

    /// Rows read so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Decides the order of day and month over the whole column and resolves every value.
    ///
    /// Without a wish the order with more evidence wins; without evidence, day/month. Values that
    /// contradict the chosen order become [`UNREADABLE`].
    #[must_use]
    pub fn finish(self, wish: Option<DateOrder>) -> Dates {
        let evidence = self.evidence;
        self.finish_among(evidence, wish)
    }

    /// As [`Self::finish`], with the evidence of all columns of a set (this one among them).
    #[must_use]
    pub fn finish_among(mut self, all: OrderEvidence, wish: Option<DateOrder>) -> Dates {
        let order = wish.or(all.order()).unwrap_or(DateOrder::DayMonth);
        let begins_with_year = wish.is_none() && all.begins_with_year();
        let remark = wish.is_none().then(|| self.remark(order, all)).flatten();
        for value in &mut self.values {
            // Days before 1970 are negative and have this bit set too.
            if *value > 0 && *value & PENDING != 0 {
                let packed = *value ^ PENDING;
                let (first, second) = (((packed >> 5) & 31) as u32, (packed & 31) as u32);
                let (year, shift) = ((packed >> 10) & 0x3FFF, ((packed >> 24) & 3) - 1);
                let (year, month, day) = match order {
                    _ if begins_with_year && packed & SHORT != 0 => {
                        (2000 + first as i32, second, year.rem_euclid(100) as u32)
                    }
                    DateOrder::DayMonth => (year, second, first),
                    DateOrder::MonthDay => (year, first, second),
                };
                *value = from_civil(year, month, day).map_or(UNREADABLE, |day| day + shift);
            }
        }
        let format = if begins_with_year && self.evidence.year_first > 0 {
            "date, year-month-day".to_owned()
        } else {
            self.format(order)
        };
        Dates {
            format,
            remark,
            days: self.values,
        }
    }

    fn format(&self, order: DateOrder) -> String {
        let most = PATTERNS.iter().max_by_key(|(pattern, _)| {
            (
                self.patterns[*pattern as usize],
                PATTERNS.len() - *pattern as usize,
            )
        });
        match most {
            Some((pattern, _)) if self.patterns[*pattern as usize] == 0 => "date".to_owned(),
            Some((Pattern::Serial, name)) => self.form.format().unwrap_or(name).to_owned(),
            Some((Pattern::Numeric, _)) => format!("date, {}", order_name(order)),
            Some((_, name)) => (*name).to_owned(),
            None => String::new(),
        }
    }

    fn remark(&self, order: DateOrder, all: OrderEvidence) -> Option<String> {
        let name = order_name(order);
        if all.is_ambiguous() && self.evidence.open > 0 {
            return Some(format!(
                "{OPEN_ORDER}; read as {name}: change the date order if that is wrong"
            ));
        }
        let (day, month) = (all.day_first, all.month_first);
        (day > 0 && month > 0 && !all.begins_with_year()).then(|| {
            format!(
                "dates contradict each other: {day} can only be day/month, {month} only month/day; read as {name}, the others count as unreadable"
            )
        })
    }
}

/// How [`Dates::remark`] says that the column leaves the order of day and month open.
pub const OPEN_ORDER: &str = "every date fits both day/month and month/day";

/// Whether only one order of day and month explains a text.
#[must_use]
pub fn fits_one_order(text: &str) -> bool {
    match parse(crate::values::text::trim(text), &Zone::default()) {
        Some(Value::Either { first, second, .. }) => first > 12 || second > 12,
        _ => false,
    }
}

fn order_name(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayMonth => "day/month/year",
        DateOrder::MonthDay => "month/day/year",
    }
}

/// The order of day and month that a column's format speaks of (see [`Dates::format`]).
#[must_use]
pub fn order_in(format: &str) -> Option<DateOrder> {
    [DateOrder::DayMonth, DateOrder::MonthDay]
        .into_iter()
        .find(|&order| format.ends_with(order_name(order)))
}

/// Both readings of a text that fits day/month and month/day with different results.
#[must_use]
pub fn both_readings(text: &str) -> Option<(Day, Day)> {
    match parse(crate::values::text::trim(text), &Zone::default())? {
        Value::Either {
            first,
            second,
            year,
            ..
        } if first != second => Some((
            from_civil(year, second, first)?,
            from_civil(year, first, second)?,
        )),
        _ => None,
    }
}

/// Whether a date is an instant that the shop's time zone can move to another day: `Z`, `UTC`, `GMT` or an
/// offset of zero after the time, or seconds since 1970. Other offsets are the shop's own clock.
#[must_use]
pub fn depends_on_zone(text: &str) -> bool {
    is_instant(crate::values::text::trim(text))
}

#[cfg(test)]
mod tests;
