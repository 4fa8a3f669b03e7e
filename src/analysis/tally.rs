//! What segments add up to, in numbers that can be added in any order and taken away again exactly.
//!
//! Counts and days are whole numbers anyway; money is summed in whole millionths. So a customer who
//! changes segment is taken from one sum and added to another, and the result is, to the bit, what
//! adding everybody up anew would give.

use super::{
    conditions::{SCORE_CELLS, score_cell},
    customers::Customers,
    numeric::{from_millionths, millionths},
    rules::Rule,
    segments::{GridCell, SegmentStats, Segmentation},
};

/// Customers and what they add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Sums {
    customers: u64,
    frequency: u64,
    recency_days: i64,
    tenure_days: i64,
    /// Net revenue in millionths.
    revenue: i128,
}

impl Sums {
    /// One customer.
    #[inline]
    pub(super) fn of(customers: &Customers, row: usize) -> Self {
        Self {
            customers: 1,
            frequency: u64::from(customers.frequency[row]),
            recency_days: i64::from(customers.recency_days(row)),
            tenure_days: i64::from(customers.tenure_days(row)),
            revenue: millionths(customers.monetary[row]),
        }
    }

    #[inline]
    pub(super) fn add(&mut self, other: &Self) {
        self.customers += other.customers;
        self.frequency += other.frequency;
        self.recency_days += other.recency_days;
        self.tenure_days += other.tenure_days;
        self.revenue += other.revenue;
    }

    #[inline]
    fn take(&mut self, other: &Self) {
        self.customers -= other.customers;
        self.frequency -= other.frequency;
        self.recency_days -= other.recency_days;
        self.tenure_days -= other.tenure_days;
        self.revenue -= other.revenue;
    }
}

/// Recency and frequency scores 0…5 as one number, `r * 6 + f`.
const SCORES_RF: usize = 36;

/// By what customers are summed up.
#[derive(Clone, Debug, PartialEq)]
enum By {
    /// Rules over scores alone: by the three scores, and which rule wins there.
    Scores(Box<[u8; SCORE_CELLS]>),
    /// So many rules of any kind: by the winning rule (the last place: none) and the scores r and f.
    Rules(usize),
}

/// The sums behind a segmentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    by: By,
    sums: Vec<Sums>,
}

impl Tally {
    /// Nobody counted yet; `table` is the winning rule of each score cell where scores alone decide.
    pub(super) fn nobody(table: Option<[u8; SCORE_CELLS]>, rules: usize) -> Self {
        let (by, slots) = match table {
            Some(table) => (By::Scores(Box::new(table)), SCORE_CELLS),
            None => (By::Rules(rules), (rules + 1) * SCORES_RF),
        };
        Self {
            by,
            sums: vec![Sums::default(); slots],
        }
    }

    /// The winning rule of each score cell, where scores alone decide.
    pub(super) fn table(&self) -> Option<&[u8; SCORE_CELLS]> {
        match &self.by {
            By::Scores(table) => Some(table),
            By::Rules(_) => None,
        }
    }

    /// The same customers with the same scores under other rules over scores alone; `None` when they
    /// were not summed up by their scores.
    pub(super) fn with_table(&self, table: [u8; SCORE_CELLS]) -> Option<Self> {
        self.table()?;
        Some(Self {
            by: By::Scores(Box::new(table)),
            sums: self.sums.clone(),
        })
    }

    /// Where a customer of this segment with these scores is counted.
    #[inline]
    pub(super) fn slot(&self, segment: u8, [r, f, m]: [u8; 3]) -> usize {
        match self.by {
            By::Scores(_) => score_cell(r, f, m),
            By::Rules(rules) => {
                let rule = usize::from(segment).min(rules);
                rule * SCORES_RF + usize::from(r) * 6 + usize::from(f)
            }
        }
    }

    /// Room for the sums of a part of the customers.
    pub(super) fn room(&self) -> Vec<Sums> {
        vec![Sums::default(); self.sums.len()]
    }

    /// Adds the sums of a part of the customers.
    pub(super) fn join(&mut self, part: &[Sums]) {
        for (sum, part) in self.sums.iter_mut().zip(part) {
            sum.add(part);
        }
    }

    /// Takes the sums of a part of the customers away, who must have been added before.
    pub(super) fn part(&mut self, part: &[Sums]) {
        for (sum, part) in self.sums.iter_mut().zip(part) {
            sum.take(part);
        }
    }

    /// Counts a customer in another slot than before.
    #[inline]
    pub(super) fn carry(&mut self, from: usize, to: usize, customer: &Sums) {
        self.sums[from].take(customer);
        self.sums[to].add(customer);
    }

    /// The segmentation these sums stand behind.
    pub(super) fn segmentation(&self, rules: &[Rule], segment: Vec<u8>) -> Segmentation {
        let mut totals = vec![Sums::default(); rules.len()];
        let mut all = Sums::default();
        let mut unmatched = Sums::default();
        let mut cells = [[(0_u64, 0_i128); 5]; 5];
        let counted = self.sums.iter().enumerate();
        for (slot, sum) in counted.filter(|(_, sum)| sum.customers > 0) {
            let (rule, rf) = match &self.by {
                By::Scores(table) => (usize::from(table[slot]), slot / 6),
                By::Rules(_) => (slot / SCORES_RF, slot % SCORES_RF),
            };
            totals.get_mut(rule).unwrap_or(&mut unmatched).add(sum);
            all.add(sum);
            let (r, f) = (rf / 6, rf % 6);
            if r > 0 && f > 0 {
                let (customers, revenue) = &mut cells[r - 1][f - 1];
                *customers += sum.customers;
                *revenue += sum.revenue;
            }
        }
        let revenue = from_millionths(all.revenue);
        Segmentation {
            segment,
            stats: rules
                .iter()
                .zip(&totals)
                .map(|(rule, sums)| stats(rule, sums, revenue))
                .collect(),
            rf_grid: cells.map(|row| {
                row.map(|(customers, revenue)| GridCell {
                    customers,
                    revenue: from_millionths(revenue),
                })
            }),
            unmatched: unmatched.customers,
        }
    }
}

fn stats(rule: &Rule, sums: &Sums, all_revenue: f64) -> SegmentStats {
    let revenue = from_millionths(sums.revenue);
    let ratio = |sum: f64, count: u64| if count == 0 { 0.0 } else { sum / count as f64 };
    SegmentStats {
        name: rule.name.clone(),
        style: rule.style,
        customers: sums.customers,
        revenue,
        revenue_share: if all_revenue == 0.0 {
            0.0
        } else {
            revenue / all_revenue
        },
        recency_days: ratio(sums.recency_days as f64, sums.customers),
        frequency: ratio(sums.frequency as f64, sums.customers),
        monetary: ratio(revenue, sums.customers),
        aov: ratio(revenue, sums.frequency),
        tenure_days: ratio(sums.tenure_days as f64, sums.customers),
    }
}
