//! From counted values to a profile: kind, summary, distribution, most frequent values.

use super::{BINS, Bins, ColumnKind, ColumnProfile, Distinct, Summary, TOP_VALUES, TopValue};
use crate::{
    day::iso,
    roles::vocabulary::{self, concept::Concept},
    values::text,
};

/// Values that mean no and yes, folded.
const NO_AND_YES: [(&str, &str); 14] = [
    ("0", "1"),
    ("false", "true"),
    ("f", "t"),
    ("no", "yes"),
    ("n", "y"),
    ("off", "on"),
    ("nein", "ja"),
    ("n", "j"),
    ("nee", "ja"),
    ("non", "oui"),
    ("n", "o"),
    ("no", "si"),
    ("n", "s"),
    ("nao", "sim"),
];

/// Fewer filled rows than this do not show that values never repeat.
const MIN_UNIQUE: u64 = 20;

/// A value and how many rows hold it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counted<V> {
    pub value: V,
    pub rows: u64,
}

/// What the cells of a column tell.
pub(super) struct Facts {
    pub kind: ColumnKind,
    pub reason: String,
    pub missing: u64,
    pub unreadable: u64,
    pub distinct: Distinct,
    pub top: Vec<TopValue>,
    pub summary: Option<Summary>,
    pub bins: Option<Bins>,
    /// What should be known of how it was read.
    pub remark: Option<String>,
}

/// The finished profile of a column.
pub(super) fn finish(name: &str, facts: Facts, rows: u64) -> ColumnProfile {
    let (kind, reason) = if facts.missing == rows {
        (ColumnKind::Empty, "no cell holds anything".to_owned())
    } else {
        (facts.kind, facts.reason)
    };
    let shown: u64 = facts.top.iter().map(|value| value.rows).sum();
    ColumnProfile {
        other_rows: rows - facts.missing - facts.unreadable - shown,
        name: name.to_owned(),
        kind,
        reason,
        rows,
        missing: facts.missing,
        unreadable: facts.unreadable,
        distinct: facts.distinct,
        top: facts.top,
        summary: facts.summary,
        bins: facts.bins,
    }
}

impl Facts {
    fn new(kind: ColumnKind, reason: String, distinct: usize) -> Self {
        Self {
            kind,
            reason,
            missing: 0,
            unreadable: 0,
            distinct: Distinct::Exact(distinct as u64),
            top: Vec::new(),
            summary: None,
            bins: None,
            remark: None,
        }
    }

    /// A column of numbers, in any order.
    pub fn of_numbers(name: &str, values: Vec<Counted<f64>>) -> Self {
        let counts = ascending(values);
        let whole = counts.iter().all(|count| count.value.fract() == 0.0);
        let (kind, reason) = number_kind(name, &counts, whole);
        let summary = summary(&counts).filter(|_| kind != ColumnKind::Id);
        Self {
            top: top(counts.iter().map(|count| TopValue {
                text: count.value.to_string(),
                value: Some(count.value),
                rows: count.rows,
            })),
            summary,
            bins: summary.map(|summary| bins(&summary, &counts, whole)),
            ..Self::new(kind, reason, counts.len())
        }
    }

    /// A column of days since 1970-01-01, in any order.
    pub fn of_days(format: String, days: Vec<Counted<f64>>) -> Self {
        let counts = ascending(days);
        let summary = summary(&counts);
        Self {
            top: top(counts.iter().map(|count| TopValue {
                text: iso(count.value as i32),
                value: Some(count.value),
                rows: count.rows,
            })),
            summary,
            bins: summary.map(|summary| bins(&summary, &counts, true)),
            ..Self::new(ColumnKind::Date, format, counts.len())
        }
    }

    /// A column of different texts, in any order.
    pub fn of_texts(name: &str, mut texts: Vec<Counted<&str>>) -> Self {
        texts.sort_unstable_by_key(|count| count.value);
        let (kind, reason) = text_kind(name, &texts);
        Self {
            top: top(texts.iter().map(|count| TopValue {
                text: text::shorten(count.value, 200).into_owned(),
                value: None,
                rows: count.rows,
            })),
            ..Self::new(kind, reason, texts.len())
        }
    }
}

/// Different numbers in ascending order.
fn ascending(mut values: Vec<Counted<f64>>) -> Vec<Counted<f64>> {
    for count in &mut values {
        // −0 and 0 are one value.
        count.value += 0.0;
    }
    values.sort_unstable_by(|a, b| a.value.total_cmp(&b.value));
    values.dedup_by(|later, kept| {
        let same = later.value == kept.value;
        kept.rows += if same { later.rows } else { 0 };
        same
    });
    values
}

fn rows_of<V>(counts: &[Counted<V>]) -> u64 {
    counts.iter().map(|count| count.rows).sum()
}

/// Whether no value stands in two rows, and there are enough of them to tell.
fn never_repeats<V>(counts: &[Counted<V>]) -> bool {
    counts.len() as u64 >= MIN_UNIQUE && counts.iter().all(|count| count.rows == 1)
}

fn number_kind(name: &str, counts: &[Counted<f64>], whole: bool) -> (ColumnKind, String) {
    if let [zero, one] = counts
        && zero.value == 0.0
        && one.value == 1.0
    {
        return (ColumnKind::YesNo, "only 0 and 1".to_owned());
    }
    if !whole {
        return (ColumnKind::Number, "numbers with decimals".to_owned());
    }
    if names_an_id(name) {
        return (ColumnKind::Id, format!("whole numbers named `{name}`"));
    }
    // Measurements leave gaps; only a running number fills its range without repeating a value.
    if let [first, .., last] = counts
        && never_repeats(counts)
        && last.value - first.value < counts.len() as f64
    {
        return (ColumnKind::Id, "a running number".to_owned());
    }
    (ColumnKind::WholeNumber, "whole numbers".to_owned())
}

fn text_kind(name: &str, texts: &[Counted<&str>]) -> (ColumnKind, String) {
    if texts.len() <= 4 {
        let folded: Vec<String> = texts.iter().map(|word| text::fold(word.value)).collect();
        let has = |wanted: &str| folded.iter().any(|word| word == wanted);
        let is_pair = |(no, yes): &(&str, &str)| {
            has(no) && has(yes) && folded.iter().all(|word| word == no || word == yes)
        };
        if NO_AND_YES.iter().any(is_pair) {
            let words: Vec<&str> = texts.iter().map(|word| word.value).collect();
            return (ColumnKind::YesNo, format!("only {}", words.join(" and ")));
        }
    }
    // Cells with a space inside are words, not codes.
    let spaced = texts.iter().filter(|text| text.value.contains(' '));
    let spaced: u64 = spaced.map(|text| text.rows).sum();
    let words = spaced * 20 > rows_of(texts);
    if names_an_id(name) && !words {
        return (ColumnKind::Id, format!("named `{name}`"));
    }
    if never_repeats(texts) && !words {
        return (ColumnKind::Id, "no value repeats".to_owned());
    }
    (ColumnKind::Text, "text".to_owned())
}

/// Last words of names that say a column identifies something.
const ID_WORDS: [&str; 16] = [
    "id", "ids", "uuid", "guid", "key", "code", "sku", "no", "nr", "num", "number", "nummer",
    "zip", "plz", "postcode", "phone",
];

/// Whether a name says that the column identifies customers, orders or other things.
#[must_use]
pub(crate) fn names_an_id(name: &str) -> bool {
    let spoken = vocabulary::spoken(name);
    let known = [Some(Concept::Customer), Some(Concept::Order)];
    if known.contains(&spoken.of_id) || spoken.is(Concept::Email) {
        return true;
    }
    // "paid" ends with "id" too: only whole words count, at word ends of snake_case and camelCase.
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let boundary = !c.is_alphanumeric() || (c.is_uppercase() && before.is_lowercase());
        if boundary && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && c.is_alphanumeric()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    let word = words.iter().rev().find(|word| !word.is_empty());
    word.is_some_and(|word| ID_WORDS.contains(&word.as_str()) || word.ends_with("nummer"))
}

/// The most frequent values; equal counts keep the order they come in.
fn top(values: impl Iterator<Item = TopValue>) -> Vec<TopValue> {
    let mut best: Vec<TopValue> = Vec::with_capacity(TOP_VALUES + 1);
    for value in values {
        let at = best.partition_point(|known| known.rows >= value.rows);
        if at < TOP_VALUES {
            best.insert(at, value);
            best.truncate(TOP_VALUES);
        }
    }
    best
}

fn summary(counts: &[Counted<f64>]) -> Option<Summary> {
    let (first, last, rows) = (counts.first()?, counts.last()?, rows_of(counts));
    let sum = |of: &dyn Fn(f64) -> f64| -> f64 {
        let counts = counts.iter();
        counts
            .map(|count| of(count.value) * count.rows as f64)
            .sum()
    };
    let mean = sum(&|value| value) / rows as f64;
    let squares = sum(&|value| (value - mean).powi(2));
    Some(Summary {
        min: first.value,
        median: median(counts)?,
        mean,
        max: last.value,
        deviation: if rows < 2 {
            0.0
        } else {
            (squares / (rows - 1) as f64).sqrt()
        },
    })
}

/// Median of values in ascending order.
fn median(counts: &[Counted<f64>]) -> Option<f64> {
    let rows = rows_of(counts);
    let at = |rank: u64| {
        let mut before = 0;
        let mut counts = counts.iter();
        counts.find_map(|count| {
            before += count.rows;
            (rank < before).then_some(count.value)
        })
    };
    let (low, high) = (at(rows.checked_sub(1)? / 2)?, at(rows / 2)?);
    Some(low + (high - low) / 2.0)
}

/// Counts in at most [`BINS`] bins of equal width from the smallest to the largest value.
fn bins(summary: &Summary, counts: &[Counted<f64>], whole: bool) -> Bins {
    let span = summary.max - summary.min;
    let (number, width) = if whole && span < BINS as f64 {
        (span as usize + 1, 1.0)
    } else if span > 0.0 && span.is_finite() {
        (BINS, span / BINS as f64)
    } else {
        (1, 1.0)
    };
    let mut bins = vec![0; number];
    for count in counts {
        let bin = ((count.value - summary.min) / width) as usize;
        bins[bin.min(number - 1)] += count.rows;
    }
    Bins {
        start: summary.min,
        width,
        counts: bins,
    }
}
