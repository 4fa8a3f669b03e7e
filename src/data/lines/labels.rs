//! Columns that hold a text of its own for nearly every customer: e-mail addresses, names, phone
//! numbers. Nobody groups by them, but lists of customers need them.
//!
//! In a table of users such a column is known by where it stands. In an order log it is a text column
//! with very many values, of which each customer has one.

use crate::{
    day::Day,
    judge::verdicts::DROPPED,
    lines::stage::{MAX_DISTINCT, NO_CUSTOMER, Stage, StagedAttribute, are_texts},
    orders::{Label, PoolFull, TextPool},
};

/// Why such a column is no attribute, for people.
pub const REASON: &str = "a text of its own for nearly every customer: shown with customers and in lists, not grouped by";

/// Fewer values are no sign that each customer has one.
const LEAST_VALUES: usize = 50;

/// Whether a column with more than [`MAX_DISTINCT`] values may still prove to be a label, going by
/// the rows read so far: every customer has one value, few customers share one.
#[must_use]
pub fn may_be(attribute: &StagedAttribute, customers: usize) -> bool {
    let values = attribute.values.len();
    let new_customers_spell_anew = values <= customers + customers / 4 + 1_000;
    let not_shared_by_many = values * 5 >= customers;
    new_customers_spell_anew && not_shared_by_many && holds_texts(attribute)
}

fn holds_texts(attribute: &StagedAttribute) -> bool {
    are_texts(&attribute.name, attribute.values.texts().iter())
}

/// The label that a column of rows is; `None` when it is none.
///
/// At most one in ten customers may have several values; of a column that could be grouped by nine
/// values must be there for ten customers, unless nearly every row has its own (`crowded`). What a
/// customer's latest row says counts, of several on that day the last one in byte order.
///
/// # Errors
/// [`PoolFull`] when the texts outgrow 4 GiB.
pub fn of_rows(
    attribute: &StagedAttribute,
    (stage, flags): (&Stage, &[u8]),
    crowded: bool,
) -> Result<Option<Label>, PoolFull> {
    let values = attribute.values.texts();
    // Not to look at all rows for nothing: far fewer values than customers are no texts of these.
    let too_few = values.len() <= LEAST_VALUES || values.len() * 5 < stage.ids.len();
    if attribute.gave_up || too_few || !holds_texts(attribute) {
        return Ok(None);
    }
    let latest = Latest::of(attribute, stage, flags);
    let filled = latest.codes.iter().filter(|code| **code != NOTHING).count();
    let wide = values.len() > MAX_DISTINCT;
    let enough = match (wide, crowded) {
        (true, _) => true,
        (false, true) => values.len() * 2 >= filled,
        (false, false) => values.len() * 10 >= filled * 9,
    };
    if filled == 0 || latest.several * 10 > filled || !enough {
        return Ok(None);
    }
    let mut texts = TextPool::default();
    for &code in &latest.codes {
        texts.push(if code == NOTHING {
            ""
        } else {
            values.get(code as usize)
        })?;
    }
    Ok(Some(Label {
        name: attribute.name.clone(),
        texts,
    }))
}

/// Stands where a customer has no value.
const NOTHING: u32 = u32::MAX;

/// What the latest rows of customers say.
struct Latest {
    /// By customer number.
    codes: Vec<u32>,
    /// Customers with more than one value.
    several: usize,
}

impl Latest {
    fn of(attribute: &StagedAttribute, stage: &Stage, flags: &[u8]) -> Self {
        let values = attribute.values.texts();
        let empty = attribute.values.find("").unwrap_or(NOTHING);
        let customers = stage.ids.len();
        let (mut codes, mut days) = (vec![NOTHING; customers], vec![Day::MIN; customers]);
        let mut has_several = vec![false; customers];
        let rows = stage.customers.iter().zip(&stage.days).zip(flags);
        for (row, ((&customer, &day), &flags)) in rows.enumerate() {
            let code = attribute.codes.get(row);
            if flags & DROPPED != 0 || customer == NO_CUSTOMER || code == empty {
                continue;
            }
            let at = customer as usize;
            let known = codes[at];
            if known == code {
                days[at] = days[at].max(day);
                continue;
            }
            has_several[at] |= known != NOTHING;
            let text = |code: u32| values.get(code as usize);
            if known == NOTHING || day > days[at] || (day == days[at] && text(code) > text(known)) {
                (codes[at], days[at]) = (code, day);
            }
        }
        Self {
            codes,
            several: has_several.into_iter().filter(|several| *several).count(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of customer, day and value, of an attribute of this name.
    fn staged(name: &str, rows: &[(u32, Day, &str)]) -> (Stage, StagedAttribute) {
        let (mut stage, mut attribute) = (Stage::default(), StagedAttribute::new(name));
        for (customer, day, value) in rows {
            stage.ids.intern(&customer.to_string()).unwrap();
            stage.customers.push(*customer);
            stage.days.push(*day);
            let code = attribute.code(value).unwrap();
            attribute.codes.push(code);
        }
        (stage, attribute)
    }

    fn texts(name: &str, rows: &[(u32, Day, &str)], crowded: bool) -> Option<Vec<String>> {
        let (stage, attribute) = staged(name, rows);
        let flags = vec![0; rows.len()];
        let label = of_rows(&attribute, (&stage, &flags), crowded).unwrap()?;
        Some(label.texts.iter().map(str::to_owned).collect())
    }

    /// One address for each of 100 customers, twice.
    fn addresses() -> Vec<(u32, Day, String)> {
        let row = |at: u32| {
            (
                at % 100,
                1 + at as Day / 100,
                format!("c{}@example.org", at % 100),
            )
        };
        (0..200).map(row).collect()
    }

    fn borrowed(rows: &[(u32, Day, String)]) -> Vec<(u32, Day, &str)> {
        let rows = rows.iter();
        rows.map(|(customer, day, value)| (*customer, *day, value.as_str()))
            .collect()
    }

    #[test]
    fn the_latest_text_of_each_customer_counts() {
        let mut rows = addresses();
        rows.push((3, 5, "new@example.org".to_owned()));
        rows.push((3, 5, "a@example.org".to_owned()));
        rows.push((4, 1, "old@example.org".to_owned()));
        rows.push((5, 9, String::new()));
        let found = texts("email", &borrowed(&rows), false).unwrap();
        assert_eq!(found.len(), 100);
        assert_eq!(
            found[2..6],
            [
                "c2@example.org",
                "new@example.org",
                "c4@example.org",
                "c5@example.org"
            ]
        );
        // The order of rows says nothing.
        let (first, rest) = rows.split_at(100);
        let turned: Vec<_> = first
            .iter()
            .cloned()
            .chain(rest.iter().rev().cloned())
            .collect();
        assert_eq!(texts("email", &borrowed(&turned), false).unwrap(), found);
    }

    #[test]
    fn categories_measures_and_what_changes_are_no_labels() {
        let value = |of: &dyn Fn(u32) -> String| -> Vec<(u32, Day, String)> {
            (0..400).map(|at| (at % 200, 1, of(at))).collect()
        };
        let none = |name: &str, rows: Vec<(u32, Day, String)>, crowded: bool| {
            assert_eq!(texts(name, &borrowed(&rows), crowded), None, "{name}");
        };
        none("city", value(&|at| format!("city {}", at % 100)), false);
        none("points", value(&|at| format!("{}.5", at % 200)), true);
        none("comment", value(&|at| format!("comment {at}")), true);
        let phones = value(&|at| format!("0170 {:06}", at % 200));
        assert!(texts("Phone number", &borrowed(&phones), false).is_some());
        let few: Vec<_> = (0..40)
            .map(|at| (at, 1, format!("c{at}@example.org")))
            .collect();
        none("email", few, true);
    }

    #[test]
    fn columns_with_many_values_stay_while_customers_explain_them() {
        let (_, mut attribute) = staged("note", &[]);
        for number in 0..20_000 {
            attribute.code(&format!("text {number}")).unwrap();
        }
        assert!(may_be(&attribute, 19_000));
        assert!(
            !may_be(&attribute, 12_000),
            "a text of its own for every row"
        );
        assert!(!may_be(&attribute, 120_000), "a catalogue");
    }
}
