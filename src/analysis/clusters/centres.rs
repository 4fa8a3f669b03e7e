//! Clusters kept from a run: enough to say of anybody, as of any date, which of them is nearest.
//!
//! A run's labels are those of one date and of the customers there were. Its centres, with the scales
//! they are measured on, are a rule like any other: they can stand in a project or a rule file, be
//! applied to an earlier date, and give the same answer wherever they are opened.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    features::{Feature, Scale},
    kmeans::{NO_CLUSTER, nearest},
};
use crate::{
    customers::Customers,
    numeric::CHUNK,
    rules::{Condition, Rule},
};
use data::day::Day;

/// The column that rules name to ask for the kept clusters. It stands in front of a column of the data
/// of the same name.
pub const CLUSTER_COLUMN: &str = "K-means cluster";
/// Colours there are for segments.
const STYLES: usize = 10;
/// Whole numbers whose place on a scale is looked up instead of worked out: eleven years of days.
const LOOKED_UP: usize = 4_096;

/// Whether a column of this name is that of the kept clusters.
#[must_use]
pub fn is_cluster_column(name: &str) -> bool {
    name.eq_ignore_ascii_case(CLUSTER_COLUMN)
}

/// The middle of one cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centre {
    pub name: String,
    /// One number per scale, in standard deviations.
    pub at: Vec<f64>,
}

/// Kept clusters. Every customer belongs to the nearest centre, the first of equally near ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Centres {
    /// S of the run they come from.
    pub as_of: Day,
    pub scales: Vec<Scale>,
    /// Largest first, as of the run.
    pub clusters: Vec<Centre>,
}

/// The kept cluster of every customer as of one date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Labels {
    pub names: Vec<String>,
    /// Number of the cluster per customer, or [`NO_CLUSTER`] without an order before S.
    pub of: Vec<u8>,
}

impl Labels {
    /// Name of a customer's cluster.
    #[must_use]
    pub fn name(&self, customer: usize) -> Option<&str> {
        let number = *self.of.get(customer)?;
        self.names.get(usize::from(number)).map(String::as_str)
    }

    /// Per customer whether its cluster is among these; names nobody has are no cluster.
    #[must_use]
    pub fn among(&self, wanted: &[String]) -> Vec<bool> {
        let wanted: Vec<bool> = self
            .names
            .iter()
            .map(|name| wanted.contains(name))
            .collect();
        let holds = |label: &u8| wanted.get(usize::from(*label)).copied().unwrap_or(false);
        self.of.iter().map(holds).collect()
    }
}

impl Centres {
    /// What cannot be used, in words: no clusters, numbers missing or not finite, two of one name, or
    /// columns that customers do not have.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let width = self.scales.len();
        let finite = |numbers: &[f64]| numbers.iter().all(|number| number.is_finite());
        if width == 0 || !(1..usize::from(NO_CLUSTER)).contains(&self.clusters.len()) {
            return Some("The kept clusters are empty".to_owned());
        }
        for scale in &self.scales {
            if !Feature::OF_CUSTOMERS.contains(&scale.feature) {
                let name = scale.feature.name();
                return Some(format!(
                    "Customers have no number called “{name}” to be clustered by"
                ));
            }
            if !finite(&[scale.mean, scale.deviation]) || scale.deviation <= 0.0 {
                let name = scale.feature.name();
                return Some(format!(
                    "The scale of “{name}” of the kept clusters is not usable"
                ));
            }
        }
        for (number, centre) in self.clusters.iter().enumerate() {
            let name = &centre.name;
            if centre.at.len() != width || !finite(&centre.at) {
                return Some(format!(
                    "The centre of the kept cluster “{name}” is not {width} numbers"
                ));
            }
            if self.clusters[..number]
                .iter()
                .any(|other| other.name == *name)
            {
                return Some(format!("Two kept clusters are called “{name}”"));
            }
        }
        None
    }

    /// Names of the clusters, in their order.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.clusters
            .iter()
            .map(|centre| centre.name.clone())
            .collect()
    }

    /// The same clusters under these names; a name that is taken gets a number.
    #[must_use]
    pub fn named(mut self, names: &[String]) -> Self {
        for number in 0..self.clusters.len() {
            let Some(wanted) = names.get(number) else {
                break;
            };
            let mut name = wanted.clone();
            let mut count = 1;
            while self.clusters[..number]
                .iter()
                .any(|other| other.name == name)
            {
                count += 1;
                name = format!("{wanted} ({count})");
            }
            self.clusters[number].name = name;
        }
        self
    }

    /// Whether both differ in names at most.
    #[must_use]
    pub fn same_places(&self, other: &Self) -> bool {
        self.clone().named(&other.names()) == *other
    }

    /// Rules that ask for these clusters by the names of `new`, which are the same clusters; a segment
    /// that was called like its cluster is so again.
    pub fn rename_in(&self, new: &Self, rules: &mut [Rule]) {
        let renamed = |name: &mut String| {
            let mut pairs = self.clusters.iter().zip(&new.clusters);
            if let Some((_, new)) = pairs.find(|(old, _)| old.name == *name) {
                name.clone_from(&new.name);
            }
        };
        for rule in rules {
            if matches!(&rule.when, Condition::OneOf(column, _) if is_cluster_column(column)) {
                renamed(&mut rule.name);
            }
            rename_in(&mut rule.when, &renamed);
        }
    }

    /// One segment per cluster, in colours of their own.
    #[must_use]
    pub fn rules(&self) -> Vec<Rule> {
        self.clusters
            .iter()
            .enumerate()
            .map(|(number, centre)| Rule {
                name: centre.name.clone(),
                when: Condition::OneOf(CLUSTER_COLUMN.to_owned(), vec![centre.name.clone()]),
                style: (number % STYLES) as u8,
            })
            .collect()
    }

    /// The nearest cluster of every customer.
    #[must_use]
    pub fn labels(&self, customers: &Customers) -> Labels {
        let centres: Vec<f64> = self
            .clusters
            .iter()
            .flat_map(|centre| &centre.at)
            .copied()
            .collect();
        let columns: Vec<Column<'_>> = self
            .scales
            .iter()
            .map(|scale| Column::new(scale, customers))
            .collect();
        let mut of = vec![NO_CLUSTER; customers.len()];
        of.par_chunks_mut(CHUNK)
            .enumerate()
            .for_each(|(chunk, labels)| {
                let mut row = vec![0.0; columns.len()];
                for (slot, label) in labels.iter_mut().enumerate() {
                    let customer = chunk * CHUNK + slot;
                    if !customers.exists(customer) {
                        continue;
                    }
                    row.iter_mut()
                        .zip(&columns)
                        .for_each(|(place, column)| *place = column.z(customer));
                    if row.iter().all(|place| place.is_finite()) {
                        *label = nearest(&row, &centres).0;
                    }
                }
            });
        Labels {
            names: self.names(),
            of,
        }
    }
}

fn rename_in(condition: &mut Condition, renamed: &impl Fn(&mut String)) {
    match condition {
        Condition::OneOf(column, values) | Condition::NoneOf(column, values)
            if is_cluster_column(column) =>
        {
            values.iter_mut().for_each(renamed);
        }
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                rename_in(part, renamed);
            }
        }
        Condition::Always | Condition::Test(..) | Condition::OneOf(..) | Condition::NoneOf(..) => {}
    }
}

/// One scale applied to the customers; logarithms of small whole numbers are taken once.
struct Column<'a> {
    scale: &'a Scale,
    customers: &'a Customers,
    looked_up: Vec<f64>,
}

impl<'a> Column<'a> {
    fn new(scale: &'a Scale, customers: &'a Customers) -> Self {
        let whole = matches!(
            scale.feature,
            Feature::RecencyDays | Feature::Frequency | Feature::TenureDays
        );
        let known = if whole { LOOKED_UP } else { 0 };
        Self {
            scale,
            customers,
            looked_up: (0..known).map(|value| scale.z(value as f64)).collect(),
        }
    }

    fn z(&self, customer: usize) -> f64 {
        let customers = self.customers;
        let whole = match self.scale.feature {
            Feature::RecencyDays => i64::from(customers.recency_days(customer)),
            Feature::TenureDays => i64::from(customers.tenure_days(customer)),
            Feature::Frequency => i64::from(customers.frequency[customer]),
            Feature::Monetary => return self.scale.z(customers.monetary[customer]),
            Feature::Aov => return self.scale.z(customers.aov(customer)),
            // Refused by [`Centres::fault`].
            Feature::Column(_) => return f64::NAN,
        };
        let known = usize::try_from(whole)
            .ok()
            .and_then(|at| self.looked_up.get(at));
        known.copied().unwrap_or_else(|| self.scale.z(whole as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two clusters on orders (as they are) and revenue (in logarithms).
    fn centres() -> Centres {
        let scale = |feature, log, mean, deviation| Scale {
            feature,
            log,
            mean,
            deviation,
        };
        let centre = |name: &str, at: [f64; 2]| Centre {
            name: name.to_owned(),
            at: at.to_vec(),
        };
        Centres {
            as_of: 100,
            scales: vec![
                scale(Feature::Frequency, false, 3.0, 2.0),
                scale(Feature::Monetary, true, 4.0, 1.0),
            ],
            clusters: vec![centre("Few", [-1.0, -1.0]), centre("Many", [1.0, 1.0])],
        }
    }

    fn customers() -> Customers {
        Customers {
            as_of: 100,
            active: 3,
            first_day: vec![0; 4],
            last_day: vec![90; 4],
            frequency: vec![1, 5_000, 0, 3],
            purchase_days: vec![1; 4],
            // ln(1 + 147.413…) = 5: the fourth is as far up the second scale as can be in the middle
            // of the first.
            monetary: vec![10.0, 20.0, 0.0, 5.0_f64.exp() - 1.0],
        }
    }

    #[test]
    fn everybody_belongs_to_the_nearest_centre() {
        // 1 order: z = −1; ln 11 = 2.398: z = −1.6 → few. 5,000 orders → many. No order → none.
        // 3 orders: z = 0; ln(1 + x) = 5: z = 1 → many.
        let labels = centres().labels(&customers());
        assert_eq!(labels.of, [0, 1, NO_CLUSTER, 1]);
        assert_eq!(labels.name(1), Some("Many"));
        assert_eq!(labels.name(2), None);
        assert_eq!(
            labels.among(&["Many".to_owned()]),
            [false, true, false, true]
        );
        assert_eq!(labels.among(&["Nobody".to_owned()]), [false; 4]);
    }

    #[test]
    fn kept_clusters_survive_a_file_to_the_last_bit() {
        let mut kept = centres();
        kept.scales[0].mean = 0.1 + 0.2;
        kept.clusters[1].at[0] = 1.0 / 3.0;
        let text = ron::to_string(&kept).unwrap();
        assert_eq!(ron::from_str::<Centres>(&text).unwrap(), kept);
    }

    #[test]
    fn names_stay_apart_and_become_rules() {
        let twice = ["Regular".to_owned(), "Regular".to_owned()];
        let kept = centres().named(&twice);
        assert_eq!(kept.names(), ["Regular", "Regular (2)"]);
        assert_eq!(kept.fault(), None);
        let rules = kept.rules();
        assert_eq!((rules[1].name.as_str(), rules[1].style), ("Regular (2)", 1));
        assert_eq!(
            rules[1].when,
            Condition::OneOf(CLUSTER_COLUMN.to_owned(), vec!["Regular (2)".to_owned()])
        );
    }

    #[test]
    fn rules_follow_new_names() {
        let old = centres();
        let new = old.clone().named(&["Rare".to_owned(), "Keen".to_owned()]);
        assert!(old.same_places(&new));
        let mut rules = old.rules();
        rules[0].when = Condition::All(vec![Condition::NoneOf(
            CLUSTER_COLUMN.to_owned(),
            vec!["Many".to_owned(), "Few".to_owned()],
        )]);
        old.rename_in(&new, &mut rules);
        let both = vec!["Keen".to_owned(), "Rare".to_owned()];
        let none = Condition::NoneOf(CLUSTER_COLUMN.to_owned(), both);
        assert_eq!(rules[0].when, Condition::All(vec![none]));
        assert_eq!(
            (rules[0].name.as_str(), &rules[1]),
            ("Few", &new.rules()[1])
        );
        let mut moved = old.clone();
        moved.clusters[0].at[0] = 0.0;
        assert!(!old.same_places(&moved));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let fault = |change: &dyn Fn(&mut Centres)| {
            let mut kept = centres();
            change(&mut kept);
            kept.fault().unwrap_or_default()
        };
        assert!(fault(&|kept| kept.clusters.clear()).contains("empty"));
        assert!(fault(&|kept| kept.scales[1].deviation = 0.0).contains("monetary"));
        assert!(fault(&|kept| kept.clusters[1].at = vec![1.0]).contains("“Many” is not 2 numbers"));
        assert!(fault(&|kept| kept.clusters[1].name = "Few".to_owned()).contains("Two"));
        let odd = Feature::Column("Age".to_owned());
        assert!(fault(&|kept| kept.scales[0].feature = odd.clone()).contains("“Age”"));
    }
}
