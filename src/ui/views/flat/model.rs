//! What the controls of a customer table offer, worked out without drawing.

use crate::format;
use analysis::{
    derived::Cuts,
    flat::{FlatAnswers, FlatSpec},
    rates::{MAX_CATEGORIES, Target, Test, default_target, groupings},
};
use data::dataset::tables::{Column, Table, Values};

/// What is asked now, and what could be.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    pub table: &'a Table,
    derived: &'a Table,
    pub target: Option<Target>,
    pub by: Option<String>,
    pub cuts: Cuts,
    /// A useful step of values.
    pub value_step: f64,
    pub has_value: bool,
    pub has_churn: bool,
    /// "Churn over 0.5, compared by Region."
    pub finding: String,
}

impl<'a> Asked<'a> {
    pub fn of(table: &'a Table, answers: &'a FlatAnswers, spec: &FlatSpec) -> Self {
        let derived = &answers.derived;
        let target = spec.target.clone().or_else(|| default_target(table));
        let first_group = || groupings(table).first().map(|&name| name.to_owned());
        let by = spec.by.clone().or_else(first_group);
        let finding = match (&target, &by) {
            (Some(target), Some(by)) => format!("{}, compared by {by}.", target.words()),
            (Some(target), None) => format!("{}.", target.words()),
            (None, _) => "Choose a target to compare categories by.".to_owned(),
        };
        let finding = spaced(&finding);
        let cuts = derived.cuts.unwrap_or(Cuts {
            low_high: [0.0, 0.0],
            high_value: 0.0,
        });
        Self {
            table,
            derived: &derived.table,
            target,
            by,
            cuts,
            value_step: step_for(cuts.low_high[1]),
            has_value: derived.cuts.is_some(),
            has_churn: derived.table.column("Churn_Risk_Category").is_some(),
            finding,
        }
    }

    /// Columns that a target can be about: numbers, and texts of few values.
    pub fn target_choices(&self) -> Vec<(Option<String>, String)> {
        let fits = |column: &&Column| match &column.values {
            Values::Numbers(_) => true,
            Values::Texts { .. } => !texts(column).is_empty(),
            Values::Days(_) => false,
        };
        let columns = self.table.columns.iter().filter(fits);
        let choice = |column: &Column| (Some(column.name.clone()), spaced(&column.name));
        columns.map(choice).collect()
    }

    /// Columns to compare by, the derived ones last.
    pub fn group_choices(&self) -> Vec<(Option<String>, String)> {
        let names = groupings(self.table).into_iter();
        let names = names.chain(groupings(self.derived));
        names
            .map(|name| (Some(name.to_owned()), spaced(name)))
            .collect()
    }

    /// The values of a text column.
    pub fn values_of(&self, column: &str) -> Vec<(String, String)> {
        let found = self.table.column(column).map(texts).unwrap_or_default();
        found
            .into_iter()
            .map(|text| (text.to_owned(), text.to_owned()))
            .collect()
    }

    /// A useful step for the threshold of a column: a hundredth of a share, else one.
    pub fn step_of(&self, column: &str) -> f64 {
        match self.table.column(column).map(|column| &column.values) {
            Some(Values::Numbers(values)) => step_for(largest(values)),
            _ => 1.0,
        }
    }
}

/// Names of columns as people write them: underscores become spaces.
#[must_use]
pub fn spaced(text: &str) -> String {
    text.replace('_', " ")
}

/// Where a derived field comes from, with amounts written as everywhere else in the window.
#[must_use]
pub fn derived_words(field: &str, reason: &str, cuts: Option<Cuts>) -> String {
    let (Some(cuts), Some((from, rest))) = (cuts, reason.split_once(": ")) else {
        return spaced(reason);
    };
    let amount = |value| format::fixed(value, 2);
    let [low, high] = cuts.low_high.map(amount);
    let words = match field {
        "CLTV_Category" => {
            let shares = rest.find(" (").map_or("", |at| &rest[at..]);
            format!("{from}: Low below {low}, High from {high}{shares}")
        }
        "Is_High_Value_Customer" => format!("{from}: at least {}", amount(cuts.high_value)),
        _ => reason.to_owned(),
    };
    spaced(&words)
}

/// Steps of about a hundredth of the largest number.
fn step_for(largest: f64) -> f64 {
    match largest.abs() {
        largest if largest <= 1.0 => 0.01,
        largest if largest < 100.0 => 0.1,
        largest => 10_f64.powi((largest.log10() - 2.0).floor().clamp(0.0, 6.0) as i32),
    }
}

fn largest(values: &[f64]) -> f64 {
    // A few thousand rows tell the size of a step.
    let some = values.iter().take(4_096).filter(|value| value.is_finite());
    some.fold(0.0, |largest, value| f64::max(largest, value.abs()))
}

/// The values of a column of few texts, in byte order; empty for any other.
fn texts(column: &Column) -> Vec<&str> {
    let Values::Texts { pool, .. } = &column.values else {
        return Vec::new();
    };
    let filled = pool.iter().filter(|text| !text.is_empty());
    let few: Vec<&str> = filled.take(MAX_CATEGORIES + 1).collect();
    if few.len() > MAX_CATEGORIES {
        Vec::new()
    } else {
        few
    }
}

/// A first question about a column: over one half for shares, over the middle for other numbers, the
/// first value of texts.
pub fn target_on(table: &Table, column: &str) -> Option<Target> {
    let column = table.column(column)?;
    let test = match &column.values {
        Values::Numbers(values) => Test::Over(middle(values)),
        Values::Texts { .. } => Test::Is((*texts(column).first()?).to_owned()),
        Values::Days(_) => return None,
    };
    Some(Target {
        column: column.name.clone(),
        test,
    })
}

fn middle(values: &[f64]) -> f64 {
    let mut known: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    known.sort_unstable_by(f64::total_cmp);
    match (known.first(), known.last()) {
        (Some(least), Some(most)) if *least >= 0.0 && *most <= 1.0 => 0.5,
        _ => known.get(known.len() / 2).copied().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::orders::Codes;

    fn table() -> Table {
        let texts = |names: &[&str]| Values::Texts {
            codes: Codes::U8(vec![0, 1, 1]),
            pool: names.iter().copied().collect(),
        };
        let column = |name: &str, values| Column {
            name: name.to_owned(),
            values,
        };
        Table {
            name: "customers".to_owned(),
            rows: 3,
            columns: vec![
                column("Churn", Values::Numbers(vec![0.1, 0.9, f64::NAN])),
                column("Spend", Values::Numbers(vec![900.0, 20.0, 300.0])),
                column("Region", texts(&["Asia", "Europe"])),
                column("Joined", Values::Days(vec![1, 2, 3])),
            ],
        }
    }

    #[test]
    fn targets_by_column() {
        let table = table();
        let on = |name| target_on(&table, name).map(|target| target.words());
        assert_eq!(on("Churn").as_deref(), Some("Churn over 0.5"));
        assert_eq!(on("Spend").as_deref(), Some("Spend over 300"));
        assert_eq!(on("Region").as_deref(), Some("Region is Asia"));
        assert_eq!(on("Joined"), None);
    }

    #[test]
    fn what_is_asked_and_offered() {
        let (table, answers) = (table(), FlatAnswers::default());
        let asked = Asked::of(&table, &answers, &FlatSpec::default());
        assert_eq!(asked.finding, "Churn over 0.5, compared by Region.");
        let names = |choices: Vec<(Option<String>, String)>| -> Vec<String> {
            choices.into_iter().map(|(_, name)| name).collect()
        };
        assert_eq!(names(asked.target_choices()), ["Churn", "Spend", "Region"]);
        assert_eq!(names(asked.group_choices()), ["Region"]);
        assert!(!asked.has_value && !asked.has_churn);
        assert_eq!(
            (asked.step_of("Churn"), asked.step_of("Spend")),
            (0.01, 1.0)
        );
        assert_eq!(asked.values_of("Region").len(), 2);
    }

    #[test]
    fn amounts_of_derived_fields_read_as_elsewhere() {
        let cuts = Some(Cuts {
            low_high: [3_377.078, 16_695.75],
            high_value: 7_526.23,
        });
        let reason = "From “Lifetime_Value”: Low below 3377.08, High from 16695.75 (cut at 33 %)";
        assert_eq!(
            derived_words("CLTV_Category", reason, cuts),
            "From “Lifetime Value”: Low below 3,377.08, High from 16,695.75 (cut at 33 %)"
        );
        let reason = "From “Lifetime_Value”: at least 7526.23";
        assert_eq!(
            derived_words("Is_High_Value_Customer", reason, cuts),
            "From “Lifetime Value”: at least 7,526.23"
        );
        let reason = "From “Churn”: Medium from 0.3, High from 0.7";
        assert_eq!(derived_words("Churn_Risk_Category", reason, cuts), reason);
    }
}
