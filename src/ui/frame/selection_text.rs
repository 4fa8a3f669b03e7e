//! A selection in words.

use std::mem::{Discriminant, discriminant};

use crate::{
    analysis::{
        cohorts::RowsBy,
        selection::{Part, Selection},
    },
    project::Project,
    ui::format,
};

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
        Part::RfCell { r, f } => format!("Recency score {r}, frequency score {f}"),
        Part::Customers(ids) => match ids.as_slice() {
            [id] => format!("Customer {id}"),
            ids => format::count(ids.len() as u64, "customer", "customers"),
        },
        Part::Attribute { name, value } => {
            format!("{}: {}", format::column(name), format::value(value))
        }
    }
}

/// The whole selection: parts of one kind joined with "or", kinds with "and".
#[must_use]
pub fn sentence(selection: &Selection) -> String {
    let mut kinds: Vec<(Discriminant<Part>, Vec<String>)> = Vec::new();
    for one in &selection.parts {
        let kind = discriminant(one);
        match kinds.iter_mut().find(|(known, _)| *known == kind) {
            Some((_, words)) => words.push(part(one)),
            None => kinds.push((kind, vec![part(one)])),
        }
    }
    let several = kinds.len() > 1;
    let words = kinds.into_iter().map(|(_, words)| {
        let joined = words.join(" or ");
        if several && words.len() > 1 {
            format!("({joined})")
        } else {
            joined
        }
    });
    words.collect::<Vec<_>>().join(" and ")
}

/// Colour number of a segment's chip.
#[must_use]
pub fn style(part: &Part, project: &Project) -> Option<u8> {
    let Part::Segment(name) = part else {
        return None;
    };
    let rule = project.rules.iter().find(|rule| rule.name == *name)?;
    Some(rule.style)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::cohorts::CohortSpec;

    #[test]
    fn a_selection_reads_as_one_sentence() {
        let segment = |name: &str| Part::Segment(name.to_owned());
        let cell = Part::RfCell { r: 5, f: 1 };
        let words = |parts: Vec<Part>| sentence(&Selection { parts });
        assert_eq!(
            words(vec![segment("VIP"), segment("Loyal")]),
            "VIP or Loyal"
        );
        assert_eq!(
            words(vec![segment("VIP"), cell.clone(), segment("Loyal")]),
            "(VIP or Loyal) and Recency score 5, frequency score 1"
        );
        assert_eq!(words(vec![]), "");
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
    }
}
