//! Scores 1–5 for recency, frequency and monetary value.

use serde::{Deserialize, Serialize};

use super::customers::Customers;

/// How customers with equal values are scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieRule {
    /// score = 1 + ⌊5 · (customers strictly worse) ÷ n⌋: equal customers share a score.
    #[default]
    Share,
    /// Quintiles of the rank in customer order, as pandas `qcut(rank(method="first"), 5)`.
    RankFirst,
}

/// Scores per customer, 1 (worst) to 5 (best); 0 for customers without an order before S.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores {
    pub ties: TieRule,
    pub r: Vec<u8>,
    pub f: Vec<u8>,
    pub m: Vec<u8>,
}

impl Scores {
    /// How many customers hold each score 1…5, for r, f and m.
    #[must_use]
    pub fn counts(&self) -> [[u64; 5]; 3] {
        [&self.r, &self.f, &self.m].map(|scores| {
            let mut counts = [0; 5];
            for &score in scores.iter().filter(|&&score| score > 0) {
                counts[usize::from(score) - 1] += 1;
            }
            counts
        })
    }
}

/// Scores every customer by recency (days, fewer is better), frequency (orders) and net revenue.
#[must_use]
pub fn score(customers: &Customers, ties: TieRule) -> Scores {
    let _ = (customers, ties);
    unimplemented!("scores")
}
