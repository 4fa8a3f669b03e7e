//! The segments of a shop's customers: who is in which, and what each adds up to.

use serde::Serialize;

/// Size and averages of one segment. Means are over its customers.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SegmentStats {
    pub name: String,
    pub style: u8,
    pub customers: u64,
    /// Net revenue of its customers before S, and its share of all revenue (0…1).
    pub revenue: f64,
    pub revenue_share: f64,
    pub recency_days: f64,
    pub frequency: f64,
    pub monetary: f64,
    /// Net revenue ÷ orders of the whole segment.
    pub aov: f64,
    pub tenure_days: f64,
}

/// Every customer's segment and the sums per segment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segmentation {
    /// Index of the winning rule per customer, or [`super::rules::NO_SEGMENT`].
    pub segment: Vec<u8>,
    /// One entry per rule, in rule order.
    pub stats: Vec<SegmentStats>,
    /// Customers and revenue per (recency score − 1, frequency score − 1) cell.
    pub rf_grid: [[GridCell; 5]; 5],
    /// Customers with an order before S whom no rule matches.
    pub unmatched: u64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct GridCell {
    pub customers: u64,
    pub revenue: f64,
}

/// The few segments that carry the shop: "28 % of customers bring 71 % of revenue".
#[derive(Clone, Debug, PartialEq)]
pub struct Concentration {
    /// Segments in order of revenue per customer, as indices into [`Segmentation::stats`].
    pub segments: Vec<usize>,
    pub customer_share: f64,
    pub revenue_share: f64,
}

impl Segmentation {
    /// Customers with an order before S.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.unmatched + self.stats.iter().map(|stats| stats.customers).sum::<u64>()
    }

    /// The fewest segments, best revenue per customer first, that bring at least half of the
    /// revenue; `None` without customers or revenue, or when they hold over half of the customers
    /// (then nothing is concentrated).
    #[must_use]
    pub fn concentration(&self) -> Option<Concentration> {
        let mut order: Vec<usize> = (0..self.stats.len()).collect();
        order.retain(|&index| self.stats[index].customers > 0);
        order.sort_by(|&a, &b| self.stats[b].monetary.total_cmp(&self.stats[a].monetary));
        let (mut customers, mut revenue_share) = (0, 0.0);
        for (place, &index) in order.iter().enumerate() {
            customers += self.stats[index].customers;
            revenue_share += self.stats[index].revenue_share;
            let customer_share = customers as f64 / self.customers() as f64;
            if revenue_share >= 0.5 {
                let segments = order[..=place].to_vec();
                return (customer_share <= 0.5).then_some(Concentration {
                    segments,
                    customer_share,
                    revenue_share,
                });
            }
        }
        None
    }
}
