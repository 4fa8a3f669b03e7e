//! A selection in words.

use crate::format;
use analysis::{
    cohorts::{CohortSpec, RowsBy},
    migration::Place,
    selection::{Combine, Fate, Outline, Part, Quantity, Range, Selection},
};
use data::day::Day;
use data::orders::Step;
use project::Project;

/// What a person calls the quantity.
#[must_use]
pub fn quantity(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::RecencyDays => "Days since last order",
        Quantity::Frequency => "Orders",
        Quantity::Monetary => "Revenue",
        Quantity::Aov => "Average order value",
        Quantity::TenureDays => "Days since first order",
    }
}

/// "Orders 2 to 4", "Revenue 100 or more", "Revenue below 20".
fn range(range: &Range) -> String {
    let name = quantity(range.quantity);
    let whole = !matches!(range.quantity, Quantity::Monetary | Quantity::Aov);
    match (range.from, range.below) {
        (None, None) => format!("{name}: any"),
        (None, Some(below)) if below.0 == f64::MIN_POSITIVE => format!("{name} 0 or less"),
        (None, Some(below)) => format!("{name} below {}", plain(below.0)),
        (Some(from), None) if from.0 == f64::MIN_POSITIVE => format!("{name} above 0"),
        (Some(from), None) => format!("{name} {} or more", plain(from.0)),
        (Some(from), Some(below)) if from.0 == f64::MIN_POSITIVE => {
            format!("{name} above 0 to below {}", plain(below.0))
        }
        // Whole numbers: the last one that belongs to the range.
        (Some(from), Some(below)) if whole => {
            let (first, last) = (from.0.ceil(), (below.0 - 1.0).ceil());
            if first >= last {
                format!("{name} {}", plain(first))
            } else {
                format!("{name} {} to {}", plain(first), plain(last))
            }
        }
        (Some(from), Some(below)) => {
            format!("{name} {} to below {}", plain(from.0), plain(below.0))
        }
    }
}

/// A bound as short as it is: whole numbers without decimals.
fn plain(value: f64) -> String {
    if value.fract() == 0.0 {
        format::fixed(value, 0)
    } else {
        format::number(value)
    }
}

/// "First order Jan 1997 to Mar 1997, 1 to 3 months later".
fn block(spec: &CohortSpec, rows: &[(i64, String)], ages: Option<(u32, u32)>) -> String {
    let labels = match rows {
        [] => "nobody".to_owned(),
        [(_, only)] => only.clone(),
        [(_, first), .., (_, last)] if spec.rows == RowsBy::Acquisition => {
            format!("{first} to {last}")
        }
        [(_, first), rest @ ..] => {
            let more = format::count(rest.len() as u64, "other", "others");
            format!("{first} and {more}")
        }
    };
    let row = match &spec.rows {
        RowsBy::Acquisition => format!("First order {labels}"),
        RowsBy::Attribute(name) => format!("{name}: {labels}"),
    };
    let noun = spec.period.noun();
    match ages {
        None => row,
        Some((from, to)) if from == to => {
            let later = format::count(u64::from(from), noun, &format!("{noun}s"));
            format!("{row}, {later} later")
        }
        Some((from, to)) => format!("{row}, {from} to {to} {noun}s later"),
    }
}

fn outline(outline: &Outline) -> String {
    let (x, y) = (quantity(outline.x.quantity), quantity(outline.y.quantity));
    format!("Drawn in {} × {}", x.to_lowercase(), y.to_lowercase())
}

/// What a chip says.
#[must_use]
pub fn part(part: &Part) -> String {
    match part {
        Part::Segment(name) => name.clone(),
        Part::Cohort {
            spec, label, age, ..
        } => {
            let row = match &spec.rows {
                RowsBy::Acquisition => format!("First order {label}"),
                RowsBy::Attribute(name) => format!("{name}: {label}"),
            };
            match age {
                None => row,
                Some(0) => format!("{row}, same {}", spec.period.noun()),
                Some(age) => {
                    let noun = spec.period.noun();
                    let later = format::count(u64::from(*age), noun, &format!("{noun}s"));
                    format!("{row}, {later} later")
                }
            }
        }
        Part::CohortBlock { spec, rows, ages } => block(spec, rows, *ages),
        Part::RfCell { r, f } => format!("Recency score {r}, frequency score {f}"),
        Part::Customers(ids) => match ids.as_slice() {
            [id] => format!("Customer {id}"),
            ids => format::count(ids.len() as u64, "customer", "customers"),
        },
        Part::Attribute { name, value } => {
            format!("{}: {}", format::column(name), format::value(value))
        }
        Part::Count { name, from, to } => format!("{}: {}", format::column(name), span(*from, *to)),
        Part::Became(fate) => became(fate),
        Part::Within(ranges) => {
            let words: Vec<String> = ranges.iter().map(range).collect();
            words.join(", ")
        }
        Part::Outline(drawn) => outline(drawn),
        Part::Found(text) => format!("Found by “{}”", text.trim()),
        Part::Ordered { from, until } => {
            let last = until - 1;
            if *from >= last {
                format!("Ordered on {}", format::date(*from))
            } else {
                format!("Ordered {} to {}", format::date(*from), format::date(last))
            }
        }
        Part::Move {
            from,
            to,
            source,
            target,
        } => moved((*from, *to), source.as_ref(), target.as_ref()),
        Part::Cluster { name, .. } => format!("Cluster: {name}"),
        Part::Not(inner) => format!("not {}", self::part(inner)),
    }
}

/// "3", "2 to 4", "24 or more".
fn span(from: u32, to: Option<u32>) -> String {
    match to {
        None => format!("{from} or more"),
        Some(to) if to == from => from.to_string(),
        Some(to) => format!("{from} to {to}"),
    }
}

/// "Had an order returned", "Order status: Canceled".
fn became(fate: &Fate) -> String {
    match fate {
        Fate::Kept => "Had an order kept".to_owned(),
        Fate::NotKept => "Had an order cancelled or returned".to_owned(),
        Fate::Reached(Step::Shipped) => "Had an order shipped".to_owned(),
        Fate::Reached(Step::Delivered) => "Had an order delivered".to_owned(),
        Fate::Reached(Step::Returned) => "Had an order returned".to_owned(),
        Fate::Status { column, value } => {
            let value = format::column(format::value(value));
            format!("{}: {value}", format::column(column))
        }
    }
}

/// "VIP → Dormant, 1 Apr 2025 – 30 Jun 2025".
fn moved((from, to): (Day, Day), source: Option<&Place>, target: Option<&Place>) -> String {
    let dates = format!("{} – {}", format::date(from), format::date(to));
    match (source, target) {
        (Some(Place::Absent), None) => format!("New, {dates}"),
        (Some(Place::Absent), Some(target)) => format!("New → {}, {dates}", target.title()),
        (Some(source), Some(target)) if source == target => {
            format!("Stayed {}, {dates}", target.title())
        }
        (Some(source), Some(target)) => {
            format!("{} → {}, {dates}", source.title(), target.title())
        }
        (Some(source), None) => format!("{} on {}", source.title(), format::date(from)),
        (None, Some(target)) => format!("{} on {}", target.title(), format::date(to)),
        (None, None) => dates,
    }
}

/// The whole selection, its groups joined with "and", the parts of a group with "or".
#[must_use]
pub fn sentence(selection: &Selection) -> String {
    let groups = selection.groups();
    let several = groups.len() > 1;
    let words = groups.into_iter().map(|group| {
        let many = group.len() > 1;
        let joined = group.into_iter().map(part).collect::<Vec<_>>().join(" or ");
        if several && many {
            format!("({joined})")
        } else {
            joined
        }
    });
    words.collect::<Vec<_>>().join(" and ")
}

/// What a choice of [`Combine`] does, in words.
#[must_use]
pub fn combine(combine: Combine) -> &'static str {
    match combine {
        Combine::Kinds => "Same kind: or, kinds: and",
        Combine::Any => "Any of them",
        Combine::All => "All of them",
    }
}

/// Colour number of a segment's chip.
#[must_use]
pub fn style(part: &Part, project: &Project) -> Option<u8> {
    let name = match part {
        Part::Segment(name) => name,
        Part::Cluster { number, .. } => return Some(*number),
        Part::Not(inner) => return style(inner, project),
        _ => return None,
    };
    let rule = project.rules.iter().find(|rule| rule.name == *name)?;
    Some(rule.style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::cohorts::CohortSpec;

    #[test]
    fn a_selection_reads_as_one_sentence() {
        let segment = |name: &str| Part::Segment(name.to_owned());
        let cell = Part::RfCell { r: 5, f: 1 };
        let words = |parts: Vec<Part>| sentence(&parts.into());
        assert_eq!(
            words(vec![segment("VIP"), segment("Loyal")]),
            "VIP or Loyal"
        );
        assert_eq!(
            words(vec![segment("VIP"), cell.clone(), segment("Loyal")]),
            "(VIP or Loyal) and Recency score 5, frequency score 1"
        );
        assert_eq!(words(vec![]), "");
        let mut both = Selection::from(vec![segment("VIP"), cell.negated()]);
        assert_eq!(
            sentence(&both),
            "VIP and not Recency score 5, frequency score 1"
        );
        both.combine = Combine::Any;
        assert_eq!(
            sentence(&both),
            "VIP or not Recency score 5, frequency score 1"
        );
        let mut segments = Selection::from(vec![segment("VIP"), segment("Loyal")]);
        segments.combine = Combine::All;
        assert_eq!(sentence(&segments), "VIP and Loyal");
    }

    #[test]
    fn ranges_read_as_words() {
        let within =
            |quantity, from, below| part(&Part::Within(vec![Range::new(quantity, from, below)]));
        let orders = |from, below| within(Quantity::Frequency, from, below);
        assert_eq!(orders(Some(2.0), Some(3.0)), "Orders 2");
        assert_eq!(orders(Some(2.0), Some(5.0)), "Orders 2 to 4");
        assert_eq!(orders(Some(1.6), Some(4.3)), "Orders 2 to 4");
        assert_eq!(orders(Some(9.0), None), "Orders 9 or more");
        let revenue = |from, below| within(Quantity::Monetary, from, below);
        assert_eq!(revenue(Some(20.0), Some(50.0)), "Revenue 20 to below 50");
        assert_eq!(revenue(None, Some(0.0)), "Revenue below 0");
        let day = |text| data::day::parse_iso(text).unwrap();
        let (from, until) = (day("2024-03-01"), day("2024-04-01"));
        assert_eq!(
            part(&Part::Ordered { from, until }),
            "Ordered 1 Mar 2024 to 31 Mar 2024"
        );
    }

    #[test]
    fn parts_read_as_words() {
        let cohort = |age| Part::Cohort {
            spec: CohortSpec::default(),
            key: 0,
            label: "2024-03".to_owned(),
            age,
        };
        assert_eq!(part(&cohort(None)), "First order 2024-03");
        assert_eq!(part(&cohort(Some(1))), "First order 2024-03, 1 month later");
        assert_eq!(
            part(&cohort(Some(3))),
            "First order 2024-03, 3 months later"
        );
        assert_eq!(
            part(&Part::Customers(vec!["00012".to_owned()])),
            "Customer 00012"
        );
        let column = |value: &str| {
            part(&Part::Attribute {
                name: "product_category".to_owned(),
                value: value.to_owned(),
            })
        };
        assert_eq!(column("Fashion"), "Product category: Fashion");
        assert_eq!(column(""), "Product category: (missing)");
        let count = |from, to| {
            part(&Part::Count {
                name: "payment_installments".to_owned(),
                from,
                to,
            })
        };
        assert_eq!(count(3, Some(3)), "Payment installments: 3");
        assert_eq!(count(2, Some(4)), "Payment installments: 2 to 4");
        assert_eq!(count(24, None), "Payment installments: 24 or more");
        let became = |fate| part(&Part::Became(fate));
        assert_eq!(
            became(Fate::Reached(Step::Returned)),
            "Had an order returned"
        );
        assert_eq!(became(Fate::NotKept), "Had an order cancelled or returned");
        let status = Fate::Status {
            column: "order_status".to_owned(),
            value: "canceled".to_owned(),
        };
        assert_eq!(became(status), "Order status: Canceled");
    }
}
