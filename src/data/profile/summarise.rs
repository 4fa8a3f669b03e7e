//! From what was read to a profile: kind, summary, distribution, most frequent values.

use super::{
    BINS, Bins, ColumnKind, ColumnProfile, Distinct, Summary, TOP_VALUES, TopValue,
    column::{Cells, Column, Dates, Moments, Numbers, Texts},
};
use crate::{
    data::dataset::options::DateOrder,
    data::day::{Day, iso},
    data::roles::vocabulary::{self, concept::Concept},
    data::values::dates::{self, Dates as Decided},
    data::values::text,
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

impl Column {
    /// The finished profile, and a remark on how its dates were read.
    pub fn profile(
        self,
        rows: u64,
        date_order: Option<DateOrder>,
    ) -> (ColumnProfile, Option<String>) {
        let Self {
            name,
            missing,
            cells,
            ..
        } = self;
        let (facts, remark) = match cells {
            Cells::Numbers(numbers) => (of_numbers(&name, &numbers), None),
            Cells::Texts(texts) => (of_texts(&name, &texts), None),
            Cells::Dates(dates) => of_dates(dates, date_order),
        };
        let (kind, reason) = if missing == rows {
            (ColumnKind::Empty, "no cell holds anything".to_owned())
        } else {
            (facts.kind, facts.reason)
        };
        let shown: u64 = facts.top.iter().map(|value| value.rows).sum();
        let remark = remark.map(|remark| format!("{name}: {remark}"));
        let profile = ColumnProfile {
            other_rows: rows - missing - facts.unreadable - shown,
            name,
            kind,
            reason,
            rows,
            missing,
            unreadable: facts.unreadable,
            distinct: facts.distinct,
            top: facts.top,
            summary: facts.summary,
            bins: facts.bins,
        };
        (profile, remark)
    }
}

/// What the cells of a column tell.
struct Facts {
    kind: ColumnKind,
    reason: String,
    unreadable: u64,
    distinct: Distinct,
    top: Vec<TopValue>,
    summary: Option<Summary>,
    bins: Option<Bins>,
}

fn of_numbers(name: &str, numbers: &Numbers) -> Facts {
    let moments = &numbers.moments;
    let distinct = numbers.counter.distinct();
    let mut counts: Vec<(f64, u64)> = numbers
        .counter
        .iter()
        .map(|(&bits, rows)| (f64::from_bits(bits), rows))
        .collect();
    counts.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
    let (kind, reason) = number_kind(name, numbers, &counts);
    let top = top(counts.iter().map(|&(value, rows)| TopValue {
        text: value.to_string(),
        value: Some(value),
        rows,
    }));
    let sampled = !numbers.counter.is_exact() && numbers.sample.is_partial();
    if !numbers.counter.is_exact() {
        let mut values = numbers.sample.values().to_vec();
        values.sort_unstable_by(f64::total_cmp);
        counts = values.into_iter().map(|value| (value, 1)).collect();
    }
    let measures = kind != ColumnKind::Id;
    let summary = summary(moments, &counts, sampled).filter(|_| measures);
    let whole = !numbers.broken;
    let bins = summary.map(|summary| bins((summary.min, summary.max), &counts, whole));
    Facts {
        kind,
        reason,
        unreadable: numbers.unreadable,
        distinct,
        top,
        summary,
        bins,
    }
}

fn number_kind(name: &str, numbers: &Numbers, counts: &[(f64, u64)]) -> (ColumnKind, String) {
    let moments = &numbers.moments;
    let values: Vec<f64> = counts.iter().map(|(value, _)| *value).collect();
    if numbers.counter.is_exact() && values == [0.0, 1.0] {
        return (ColumnKind::YesNo, "only 0 and 1".to_owned());
    }
    if numbers.broken {
        return (ColumnKind::Number, "numbers with decimals".to_owned());
    }
    if names_an_id(name) {
        return (ColumnKind::Id, format!("whole numbers named `{name}`"));
    }
    // Measurements leave gaps; only a running number fills its range without repeating a value.
    let span = moments.max - moments.min + 1.0;
    if moments.count >= MIN_UNIQUE
        && numbers.counter.most() == 1
        && span <= moments.count as f64
        && numbers.counter.is_exact()
    {
        return (ColumnKind::Id, "a running number".to_owned());
    }
    (ColumnKind::WholeNumber, "whole numbers".to_owned())
}

fn of_texts(name: &str, texts: &Texts) -> Facts {
    let mut counts: Vec<(&str, u64)> = texts
        .counter
        .iter()
        .map(|(text, rows)| (&**text, rows))
        .collect();
    counts.sort_unstable();
    let distinct = texts.counter.distinct();
    let (kind, reason) = text_kind(name, texts, &counts);
    Facts {
        kind,
        reason,
        unreadable: 0,
        distinct,
        top: top(counts.iter().map(|&(text, rows)| TopValue {
            text: text::shorten(text, 200).into_owned(),
            value: None,
            rows,
        })),
        summary: None,
        bins: None,
    }
}

fn text_kind(name: &str, texts: &Texts, counts: &[(&str, u64)]) -> (ColumnKind, String) {
    let folded: Vec<String> = counts.iter().map(|(text, _)| text::fold(text)).collect();
    let is_pair = |(no, yes): &(&str, &str)| {
        folded.iter().all(|word| word == no || word == yes)
            && folded.iter().any(|word| word == no)
            && folded.iter().any(|word| word == yes)
    };
    if counts.len() <= 4 && NO_AND_YES.iter().any(is_pair) {
        let words: Vec<&str> = counts.iter().map(|(word, _)| *word).collect();
        return (ColumnKind::YesNo, format!("only {}", words.join(" and ")));
    }
    let filled = texts.filled;
    let unique = match texts.counter.distinct() {
        Distinct::Exact(distinct) => distinct == filled,
        // Three standard errors of the estimate.
        Distinct::About(distinct) => {
            texts.counter.most() == 1 && distinct as f64 >= 0.975 * filled as f64
        }
    };
    let words = texts.spaced * 20 > filled;
    if names_an_id(name) && !words {
        return (ColumnKind::Id, format!("named `{name}`"));
    }
    if unique && filled >= MIN_UNIQUE && !words {
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
pub(in crate::data) fn names_an_id(name: &str) -> bool {
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

fn of_dates(mut dates: Dates, order: Option<DateOrder>) -> (Facts, Option<String>) {
    let (undecided, rows): (Vec<Day>, Vec<u64>) = dates.undecided.into_iter().unzip();
    dates.reader.put_undecided(undecided);
    let Decided {
        days,
        format,
        remark,
    } = dates.reader.finish(order);
    let mut unreadable = 0;
    let mut decided = std::collections::BTreeMap::<Day, u64>::new();
    for (day, rows) in days.into_iter().zip(rows) {
        if day == dates::UNREADABLE {
            unreadable += rows;
        } else {
            *decided.entry(day).or_default() += rows;
        }
    }
    let counts: Vec<(f64, u64)> = decided
        .iter()
        .map(|(&day, &rows)| (f64::from(day), rows))
        .collect();
    let moments = weighted(&counts);
    let summary = summary(&moments, &counts, false);
    let facts = Facts {
        kind: ColumnKind::Date,
        reason: format,
        unreadable,
        distinct: Distinct::Exact(counts.len() as u64),
        top: top(decided.iter().map(|(&day, &rows)| TopValue {
            text: iso(day),
            value: Some(f64::from(day)),
            rows,
        })),
        summary,
        bins: summary.map(|summary| bins((summary.min, summary.max), &counts, true)),
    };
    (facts, remark)
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

fn weighted(counts: &[(f64, u64)]) -> Moments {
    let rows: u64 = counts.iter().map(|(_, rows)| rows).sum();
    let (Some((min, _)), Some((max, _))) = (counts.first(), counts.last()) else {
        return Moments::default();
    };
    let sum: f64 = counts
        .iter()
        .map(|(value, rows)| value * *rows as f64)
        .sum();
    let mean = sum / rows as f64;
    let squares = counts
        .iter()
        .map(|(value, rows)| (value - mean).powi(2) * *rows as f64);
    Moments {
        count: rows,
        mean,
        squares: squares.sum(),
        min: *min,
        max: *max,
    }
}

fn summary(moments: &Moments, counts: &[(f64, u64)], sampled: bool) -> Option<Summary> {
    Some(Summary {
        min: moments.min,
        median: median(counts)?,
        mean: moments.mean,
        max: moments.max,
        deviation: moments.deviation(),
        sampled,
    })
}

/// Median of values in ascending order with their counts.
fn median(counts: &[(f64, u64)]) -> Option<f64> {
    let rows: u64 = counts.iter().map(|(_, rows)| rows).sum();
    let at = |rank: u64| {
        let mut before = 0;
        let mut values = counts.iter();
        values.find_map(|&(value, rows)| {
            before += rows;
            (rank < before).then_some(value)
        })
    };
    let (low, high) = (at(rows.checked_sub(1)? / 2)?, at(rows / 2)?);
    Some(low + (high - low) / 2.0)
}

/// Counts in at most [`BINS`] bins of equal width from the smallest to the largest value.
fn bins((min, max): (f64, f64), counts: &[(f64, u64)], whole: bool) -> Bins {
    let span = max - min;
    let (number, width) = if whole && span < BINS as f64 {
        (span as usize + 1, 1.0)
    } else if span > 0.0 && span.is_finite() {
        (BINS, span / BINS as f64)
    } else {
        (1, 1.0)
    };
    let mut bins = vec![0; number];
    for &(value, rows) in counts {
        let bin = ((value - min) / width) as usize;
        bins[bin.min(number - 1)] += rows;
    }
    Bins {
        start: min,
        width,
        counts: bins,
    }
}
