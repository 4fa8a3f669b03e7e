//! What the Data view says, without egui.

use crate::{
    data::{
        dataset::{ColumnReading, Dataset, FileReading, Role},
        day::Day,
        quality::{Effect, QualityReport, RuleCount},
    },
    ui::format,
};

/// Name of a file for people: with its part of the set where that says more.
#[must_use]
pub fn file_title(file: &FileReading) -> String {
    file.path.file_name().map_or_else(
        || file.part.clone(),
        |name| name.to_string_lossy().into_owned(),
    )
}

/// `1.8 MB`, decimal units as file managers use them.
#[must_use]
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format::count(count, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", format::number(count as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{} MB", format::number(count as f64 / 1e6)),
        _ => format!("{} GB", format::number(count as f64 / 1e9)),
    }
}

/// What the whole set is.
#[must_use]
pub fn set_sentence(dataset: &Dataset, order_days: Option<(Day, Day)>) -> String {
    let rows: u64 = dataset.files.iter().map(|file| file.rows).sum();
    let size: u64 = dataset.files.iter().map(|file| file.bytes).sum();
    let days = order_days.map_or_else(String::new, |(first, last)| {
        format!(", from {} to {}", format::date(first), format::date(last))
    });
    format!(
        "Recognised as: {}. {} with {} ({}){days}.",
        dataset.shape.title(),
        format::count(dataset.files.len() as u64, "file", "files"),
        format::count(rows, "row", "rows"),
        bytes(size),
    )
}

/// Every row read is kept or left out: the sum in words.
#[must_use]
pub fn reconciliation(report: &QualityReport) -> String {
    let dropped: u64 = report
        .rules
        .iter()
        .filter(|rule| rule.effect == Effect::Dropped)
        .map(|rule| rule.rows)
        .sum();
    let (read, kept, out) = (
        format::count(report.rows_read, "row", "rows"),
        format::integer(report.rows_kept),
        format::integer(dropped),
    );
    if !report.reconciles() {
        return format!(
            "{read} read, but {kept} used and {out} left out do not add up to it. Please report this."
        );
    }
    if dropped == 0 {
        return format!("{read} read, all of them used.");
    }
    format!("{read} read = {kept} used + {out} left out.")
}

/// One word for what a rule did.
#[must_use]
pub fn effect_word(effect: Effect) -> &'static str {
    match effect {
        Effect::Dropped => "Left out",
        Effect::Changed => "Adjusted",
        Effect::Flagged => "Noted",
    }
}

/// What the word means.
#[must_use]
pub fn effect_hint(effect: Effect) -> &'static str {
    match effect {
        Effect::Dropped => "These rows are in no figure",
        Effect::Changed => "These rows are used, but count differently",
        Effect::Flagged => "These rows are used as they are and only pointed out",
    }
}

/// `missing_customer` → `Missing customer`
#[must_use]
pub fn rule_title(rule: &RuleCount) -> String {
    let words = rule.rule.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Share of the rows read.
#[must_use]
pub fn rule_share(rule: &RuleCount, report: &QualityReport) -> f64 {
    rule.rows as f64 / report.rows_read.max(1) as f64
}

/// A share that is small but not zero does not read as zero.
#[must_use]
pub fn share_words(share: f64) -> String {
    if share > 0.0 && share < 0.001 {
        "under 0.1 %".to_owned()
    } else {
        format::percent(share)
    }
}

/// Which columns carry the analyses, and how many nothing reads.
#[must_use]
pub fn columns_sentence(columns: &[ColumnReading]) -> String {
    let named = |role: Role| {
        columns
            .iter()
            .find(|column| column.role == role)
            .map(|column| format!("{} from “{}”", role.title().to_lowercase(), column.name))
    };
    let used: Vec<String> = [Role::Customer, Role::Date, Role::Amount, Role::UnitPrice]
        .into_iter()
        .filter_map(named)
        .collect();
    let unused = columns
        .iter()
        .filter(|column| column.role == Role::Ignored)
        .count() as u64;
    let mut sentence = if used.is_empty() {
        format::count(columns.len() as u64, "column", "columns")
    } else {
        let text = used.join(", ");
        let mut letters = text.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters).collect()
        })
    };
    sentence.push('.');
    if unused > 0 {
        sentence.push(' ');
        sentence += &format::count(unused, "column is", "columns are");
        sentence += " not used.";
    }
    sentence
}

/// The first filled value of a column, as an example.
#[must_use]
pub fn example(file: &FileReading, column: usize) -> &str {
    file.preview
        .iter()
        .filter_map(|row| row.get(column))
        .map(|value| value.trim())
        .find(|value| !value.is_empty())
        .unwrap_or("–")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(effect: Effect, rows: u64) -> RuleCount {
        RuleCount {
            rule: "missing_customer".to_owned(),
            explanation: String::new(),
            effect,
            rows,
            amount: 0.0,
            samples: Vec::new(),
        }
    }

    #[test]
    fn rows_add_up_in_words() {
        let report = |read, kept, rules| QualityReport {
            rows_read: read,
            rows_kept: kept,
            rules,
        };
        assert_eq!(
            reconciliation(&report(1_200, 1_188, vec![rule(Effect::Dropped, 12)])),
            "1,200 rows read = 1,188 used + 12 left out."
        );
        assert_eq!(
            reconciliation(&report(7, 7, vec![rule(Effect::Changed, 3)])),
            "7 rows read, all of them used."
        );
        assert!(reconciliation(&report(7, 5, vec![])).contains("do not add up"));
    }

    #[test]
    fn names_and_sizes_are_for_people() {
        assert_eq!(rule_title(&rule(Effect::Flagged, 1)), "Missing customer");
        assert_eq!(bytes(1), "1 byte");
        assert_eq!(bytes(61_440), "61.4 kB");
        assert_eq!(bytes(1_789_204), "1.79 MB");
    }
}
