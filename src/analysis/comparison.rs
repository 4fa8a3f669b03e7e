//! A selection next to everyone: size, revenue, recency, segments, and where its people come from.

use rayon::prelude::*;

use super::{
    customers::Customers, numeric::CHUNK, overview::Kpis, rules::NO_SEGMENT,
    segments::Segmentation, selection::Selected,
};
use data::orders::{Attribute, Orders};

/// Attributes compared, and values listed per attribute.
const ATTRIBUTES: usize = 3;
const VALUES: usize = 4;
/// Attributes with more distinct values than this are ids or free text.
const MOST_VALUES: usize = 400;

/// A figure of the selection and the same figure of everyone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pair {
    pub selection: f64,
    pub everyone: f64,
}

/// The selection next to everyone as of S. Means and shares without customers are NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub customers: u64,
    pub everyone: u64,
    pub orders: u64,
    pub revenue: f64,
    /// Revenue of the selection ÷ revenue of everyone.
    pub revenue_share: f64,
    pub orders_per_customer: Pair,
    pub revenue_per_customer: Pair,
    pub aov: Pair,
    /// Mean days since the last order.
    pub recency_days: Pair,
    /// Customers of the selection per segment rule.
    pub segments: Vec<u64>,
    pub attributes: Vec<AttributeMix>,
}

/// How an attribute's values are spread over customers, by their first kept line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeMix {
    pub name: String,
    /// The selection's most frequent values, most frequent first.
    pub values: Vec<MixedValue>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct MixedValue {
    /// Empty when the value is missing.
    pub value: String,
    /// Share of the selection and of everyone with this value, 0…1.
    pub share: Pair,
}

/// Where every customer comes from: the code of the first kept line, one list per compared attribute. It
/// does not depend on S, so it is looked up once for a shop and not at every step of a drag.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origins {
    codes: Vec<Vec<u16>>,
}

/// Looks up where everybody comes from.
#[must_use]
pub fn origins(orders: &Orders) -> Origins {
    let codes = |attribute: &Attribute| {
        (0..orders.customers())
            .into_par_iter()
            .with_min_len(CHUNK)
            .map(|customer| {
                // Who has no kept line is no customer on any date, and counted nowhere.
                let first = orders.first_kept_line(customer);
                let known = orders.lines_of(customer).contains(&first);
                // No more than MOST_VALUES values.
                if known {
                    attribute.codes.get(first) as u16
                } else {
                    0
                }
            })
            .collect()
    };
    Origins {
        codes: compared(orders).map(codes).collect(),
    }
}

/// Customers per value of each compared attribute, by their first kept line.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mix {
    /// One list per compared attribute, indexed by value code.
    counts: Vec<Vec<u64>>,
}

/// What every comparison says of everyone, whatever the segments are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Everyone {
    mix: Mix,
    /// Days since the last order, added up.
    recency_days: i64,
}

/// Counts everyone with an order before S.
#[must_use]
pub fn everyone(orders: &Orders, origins: &Origins, customers: &Customers) -> Everyone {
    Everyone {
        mix: mix_of_everyone((orders, origins), customers),
        recency_days: recency_of_everyone(customers),
    }
}

fn compared(orders: &Orders) -> impl Iterator<Item = &Attribute> {
    let useful = |attribute: &&Attribute| (2..=MOST_VALUES).contains(&attribute.values.len());
    orders.attributes.iter().filter(useful).take(ATTRIBUTES)
}

/// A shop, and where its customers come from.
type Shop<'a> = (&'a Orders, &'a Origins);

/// Counts everyone with an order before S.
fn mix_of_everyone(shop: Shop<'_>, customers: &Customers) -> Mix {
    let count = customers.len();
    counted(shop, count.div_ceil(CHUNK), |chunk| {
        let rows = chunk * CHUNK..count.min((chunk + 1) * CHUNK);
        rows.filter(|&customer| customers.exists(customer))
    })
}

/// Counts these customers.
fn mix(shop: Shop<'_>, customers: &[u32]) -> Mix {
    let chunks: Vec<&[u32]> = customers.chunks(CHUNK).collect();
    counted(shop, chunks.len(), |chunk| {
        chunks[chunk].iter().map(|&customer| customer as usize)
    })
}

/// Counts the customers of so many chunks, in parallel.
fn counted<I: Iterator<Item = usize>>(
    (orders, origins): Shop<'_>,
    chunks: usize,
    customers: impl Fn(usize) -> I + Sync,
) -> Mix {
    let add = |mut left: Vec<u64>, right: Vec<u64>| {
        for (left, right) in left.iter_mut().zip(right) {
            *left += right;
        }
        left
    };
    let counts = compared(orders)
        .zip(&origins.codes)
        .map(|(attribute, codes)| {
            let nobody = || vec![0_u64; attribute.values.len()];
            (0..chunks)
                .into_par_iter()
                .map(|chunk| {
                    let mut counts = nobody();
                    for customer in customers(chunk) {
                        counts[usize::from(codes[customer])] += 1;
                    }
                    counts
                })
                .reduce(nobody, add)
        })
        .collect();
    Mix { counts }
}

/// The tables a comparison reads.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    pub orders: &'a Orders,
    pub origins: &'a Origins,
    pub customers: &'a Customers,
    pub segments: &'a Segmentation,
    pub kpis: &'a Kpis,
    pub everyone: &'a Everyone,
}

fn ratio(value: f64, by: f64) -> f64 {
    if by > 0.0 { value / by } else { f64::NAN }
}

/// Compares a selection with everyone.
#[must_use]
pub fn compare(tables: Compared<'_>, selected: &Selected) -> Comparison {
    let Compared {
        customers,
        segments,
        kpis,
        ..
    } = tables;
    let recency_of_all = tables.everyone.recency_days;
    let (per_segment, recency_days) = if selected.customers.len() == customers.active {
        // Everyone is counted already: a cut point that is dragged must not cost another walk.
        let sizes = segments.stats.iter().map(|stats| stats.customers);
        (sizes.collect(), recency_of_all)
    } else {
        count_selected(customers, segments, selected)
    };
    let (count, everyone) = (selected.customers.len() as f64, kpis.customers as f64);
    let pair = |selection, everyone| Pair {
        selection,
        everyone,
    };
    Comparison {
        customers: selected.customers.len() as u64,
        everyone: kpis.customers,
        orders: selected.orders,
        revenue: selected.revenue,
        revenue_share: ratio(selected.revenue, kpis.net_revenue),
        orders_per_customer: pair(
            ratio(selected.orders as f64, count),
            ratio(kpis.orders as f64, everyone),
        ),
        revenue_per_customer: pair(
            ratio(selected.revenue, count),
            ratio(kpis.net_revenue, everyone),
        ),
        aov: pair(ratio(selected.revenue, selected.orders as f64), kpis.aov),
        recency_days: pair(
            ratio(recency_days as f64, count),
            ratio(recency_of_all as f64, everyone),
        ),
        segments: per_segment,
        attributes: attribute_mixes(tables, selected),
    }
}

/// Days since the last order of everyone, added up.
fn recency_of_everyone(customers: &Customers) -> i64 {
    (0..customers.len())
        .into_par_iter()
        .with_min_len(CHUNK)
        .filter(|&customer| customers.exists(customer))
        .map(|customer| i64::from(customers.recency_days(customer)))
        .sum()
}

/// Selected customers per segment, and the sum of their days since the last order.
fn count_selected(
    customers: &Customers,
    segments: &Segmentation,
    selected: &Selected,
) -> (Vec<u64>, i64) {
    let mut per_segment = vec![0; segments.stats.len()];
    let mut recency_days = 0_i64;
    for &customer in &selected.customers {
        let customer = customer as usize;
        recency_days += i64::from(customers.recency_days(customer));
        let segment = segments.segment[customer];
        if segment != NO_SEGMENT {
            per_segment[usize::from(segment)] += 1;
        }
    }
    (per_segment, recency_days)
}

fn attribute_mixes(tables: Compared<'_>, selected: &Selected) -> Vec<AttributeMix> {
    // Without a selection everyone is compared with everyone, who are counted already.
    let all = selected.customers.len() == tables.customers.active;
    let from = (tables.orders, tables.origins);
    let own = (!all).then(|| mix(from, &selected.customers));
    let mix = own.as_ref().unwrap_or(&tables.everyone.mix);
    compared(tables.orders)
        .zip(mix.counts.iter().zip(&tables.everyone.mix.counts))
        .map(|(attribute, (counts, everyone))| {
            let total = |counts: &[u64]| counts.iter().sum::<u64>() as f64;
            let (of_selection, of_everyone) = (total(counts), total(everyone));
            let mut ranked: Vec<usize> = (0..counts.len()).filter(|&at| counts[at] > 0).collect();
            ranked.sort_by_key(|&at| (std::cmp::Reverse(counts[at]), at));
            let values = ranked.into_iter().take(VALUES).map(|at| MixedValue {
                value: attribute.values.get(at).to_owned(),
                share: Pair {
                    selection: ratio(counts[at] as f64, of_selection),
                    everyone: ratio(everyone[at] as f64, of_everyone),
                },
            });
            AttributeMix {
                name: attribute.name.clone(),
                values: values.collect(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        customers::customers_as_of,
        overview_build::overview,
        rfm::{TieRule, score},
        rules::default_rules,
        segmenting::segment_orders,
    };
    use data::day::Period;
    use data::lines::in_memory::{Line, assemble};

    fn line(customer: &str, day: i32, amount: f64, country: &str) -> Line {
        Line {
            customer: customer.to_owned(),
            day,
            amount,
            attributes: vec![country.to_owned()],
            ..Line::default()
        }
    }

    /// Works the tables out from lines and compares the selection with everyone.
    fn compared_as_of(as_of: i32, lines: &[Line], selected: &Selected) -> Comparison {
        let orders = assemble(lines, &["country"]).unwrap();
        let customers = customers_as_of(&orders, as_of);
        let segments = segment_orders(
            &orders,
            &customers,
            &score(&customers, TieRule::Share),
            &default_rules(),
        );
        let kpis = overview(&orders, &customers, Period::Month).kpis;
        let origins = origins(&orders);
        let everyone = everyone(&orders, &origins, &customers);
        let tables = Compared {
            orders: &orders,
            origins: &origins,
            customers: &customers,
            segments: &segments,
            kpis: &kpis,
            everyone: &everyone,
        };
        compare(tables, selected)
    }

    /// a: 2 orders, 30 in all, DE · b: 1 order of 50, FR · c: 1 order of 20, DE · d: after S.
    #[test]
    fn a_selection_is_compared_with_everyone() {
        let lines = [
            line("a", 0, 10.0, "DE"),
            line("a", 40, 20.0, "FR"),
            line("b", 90, 50.0, "FR"),
            line("c", 60, 20.0, "DE"),
            line("d", 100, 99.0, "FR"),
        ];
        let selected = Selected {
            customers: vec![0, 2],
            orders: 3,
            revenue: 50.0,
        };
        let comparison = compared_as_of(100, &lines, &selected);
        assert_eq!((comparison.customers, comparison.everyone), (2, 3));
        assert_eq!(comparison.revenue_share, 0.5);
        let pair = |selection, everyone| Pair {
            selection,
            everyone,
        };
        assert_eq!(comparison.orders_per_customer, pair(1.5, 4.0 / 3.0));
        assert_eq!(comparison.revenue_per_customer, pair(25.0, 100.0 / 3.0));
        assert_eq!(comparison.aov, pair(50.0 / 3.0, 25.0));
        // a: 60 days, c: 40 days, b: 10 days.
        assert_eq!(comparison.recency_days.selection, 50.0);
        assert!((comparison.recency_days.everyone - 110.0 / 3.0).abs() < 1e-9);
        assert_eq!(comparison.segments.iter().sum::<u64>(), 2);
        let country = &comparison.attributes[0];
        assert_eq!(country.name, "country");
        // Both selected customers began in DE; of everyone, two of three did.
        assert_eq!(
            country.values,
            [MixedValue {
                value: "DE".to_owned(),
                share: pair(1.0, 2.0 / 3.0)
            }]
        );
    }

    #[test]
    fn nobody_has_no_means() {
        let lines = [line("a", 0, 10.0, "DE")];
        let comparison = compared_as_of(1, &lines, &Selected::default());
        assert!(comparison.aov.selection.is_nan());
        assert!(comparison.recency_days.selection.is_nan());
        assert_eq!(comparison.revenue_share, 0.0);
    }
}
