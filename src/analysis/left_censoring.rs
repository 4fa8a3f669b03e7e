//! Whether the first cohort of a table really began then.
//!
//! Data that begin in the middle of a shop's life make a "first order" of everyone's first order *in the
//! data*: the first cohort is then mostly customers from before, who are loyal by selection (left
//! truncation: Klein & Moeschberger 2003, section 3.4). Nothing in an order history proves it, but such a
//! cohort shows on both sides: it is much larger than those that follow, and it comes back more often.

use super::{
    cohorts::{CohortRow, CohortTable, RowsBy},
    numeric::quantile,
};

/// Later cohorts that the first one is compared with.
const COMPARED: usize = 6;
/// Fewer cannot be compared with.
const FEWEST: usize = 2;
/// Times the median of the later cohorts from which the first one is large.
const LARGE: f64 = 1.5;
/// Ages from 1 on in which customers come back or not.
const AGES: usize = 3;
/// One-sided 97.5 % of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The same table, its first row judged.
pub(super) fn judged(table: CohortTable) -> CohortTable {
    CohortTable {
        left_censored: first_is_left_censored(&table),
        ..table
    }
}

/// Whether the first row of a table by acquisition holds customers from before the data begin: it is at
/// least 1.5 times as large as the median of the next six cohorts, and its customers order in a larger
/// share of the next three periods than theirs, beyond chance (two proportions, one-sided 2.5 %).
fn first_is_left_censored(table: &CohortTable) -> bool {
    if table.spec.rows != RowsBy::Acquisition {
        return false;
    }
    let Some(first) = table.rows.first() else {
        return false;
    };
    let later = table.rows[1..].iter().filter(|row| row.size > 0);
    let mut pooled = Returns::default();
    let mut sizes: Vec<f64> = Vec::new();
    for row in later {
        let Some(returns) = Returns::of(row) else {
            break;
        };
        if sizes.len() == COMPARED {
            break;
        }
        pooled.customers += returns.customers;
        pooled.periods += returns.periods;
        sizes.push(row.size as f64);
    }
    sizes.sort_unstable_by(f64::total_cmp);
    let (Some(own), Some(median)) = (Returns::of(first), quantile(&sizes, 0.5)) else {
        return false;
    };
    sizes.len() >= FEWEST && own.customers >= LARGE * median && own.above(&pooled)
}

/// How often customers came back in the first periods after that of their first order.
#[derive(Clone, Copy, Default)]
struct Returns {
    customers: f64,
    /// Periods with an order, over all customers; at most [`AGES`] each.
    periods: f64,
}

impl Returns {
    /// `None` before all these periods have ended.
    fn of(row: &CohortRow) -> Option<Self> {
        let mut periods = 0.0;
        for age in 1..=AGES {
            let ended = row.exposed.get(age).zip(row.exposed_running.get(age));
            if ended.is_none_or(|(exposed, running)| *running > 0 || *exposed == 0) {
                return None;
            }
            periods += row.cells[age].customers as f64;
        }
        Some(Self {
            customers: row.size as f64,
            periods,
        })
    }

    fn share(&self) -> f64 {
        self.periods / (self.customers * AGES as f64)
    }

    /// Whether the share is larger beyond chance. A customer counts once, however many periods: those of
    /// one customer go together.
    fn above(&self, other: &Self) -> bool {
        let customers = self.customers + other.customers;
        let both = (self.periods + other.periods) / (customers * AGES as f64);
        let error = (both * (1.0 - both) * (1.0 / self.customers + 1.0 / other.customers)).sqrt();
        self.share() - other.share() > Z * error
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cohorts::Cell;

    fn row(size: u64, customers: [u64; 3]) -> CohortRow {
        let ordered = std::iter::once(size).chain(customers);
        CohortRow {
            size,
            cells: ordered
                .map(|customers| Cell {
                    customers,
                    ..Cell::default()
                })
                .collect(),
            exposed: vec![size; 4],
            running: vec![Cell::default(); 4],
            exposed_running: vec![0; 4],
            ..CohortRow::default()
        }
    }

    fn censored(rows: Vec<CohortRow>) -> bool {
        first_is_left_censored(&CohortTable {
            rows,
            ages: 4,
            ..CohortTable::default()
        })
    }

    /// Cohorts of Online Retail (December 2010 on, customers with an id, credits left out): the first one is
    /// twice as large and comes back twice as often.
    #[test]
    fn a_large_and_loyal_first_cohort_is_found() {
        let later = [row(417, [92, 111, 95]), row(380, [71, 71, 108])];
        let first = row(885, [324, 286, 340]);
        assert!(censored(
            [std::slice::from_ref(&first), &later[..]].concat()
        ));
        // Neither size nor loyalty alone tells: an opening sale, a small group of regulars.
        let sale = row(885, [190, 190, 220]);
        assert!(!censored([&[sale], &later[..]].concat()));
        let small = row(400, [150, 130, 150]);
        assert!(!censored([&[small], &later[..]].concat()));
        assert!(
            !censored(vec![first.clone(), later[0].clone()]),
            "one other tells nothing"
        );
        let mut running = later.clone();
        running[1].exposed_running[3] = 380;
        assert!(
            !censored([&[first], &running[..]].concat()),
            "nor one that has not ended"
        );
    }

    /// CDNOW begins with customers who are new: its first cohort is like the two that follow.
    #[test]
    fn a_first_cohort_like_the_others_is_none() {
        let rows = vec![
            row(7_846, [1_178, 939, 711]),
            row(8_476, [1_115, 910, 718]),
            row(7_248, [887, 641, 509]),
        ];
        assert!(!censored(rows));
    }
}
