//! Scores 1–5 for recency, frequency and monetary value.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    customers::Customers,
    numeric::{CHUNK, order_statistics, ordered, ordered_day},
};

/// How customers with equal values are scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieRule {
    /// score = 1 + ⌊5 · (customers strictly worse) ÷ n⌋: equal customers share a score.
    #[default]
    Share,
    /// Quintiles of the rank in customer order, as pandas `qcut(rank(method="first"), 5)` of the
    /// value where more is better: for recency, of minus the days. (Ranking the days themselves and
    /// turning the labels round breaks ties the other way and gives other counts.)
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
///
/// Only customers with an order before S take part; the others keep score 0. Both tie rules follow
/// from four cut points per column, so nothing is sorted.
#[must_use]
pub fn score(customers: &Customers, ties: TieRule) -> Scores {
    Scores {
        ties,
        r: column(customers, ties, |row| ordered_day(customers.last_day[row])),
        f: column(customers, ties, |row| u64::from(customers.frequency[row])),
        m: column(customers, ties, |row| ordered(customers.monetary[row])),
    }
}

/// Scores by one key, where more is better.
fn column(customers: &Customers, ties: TieRule, key: impl Fn(usize) -> u64 + Sync) -> Vec<u8> {
    let taking_part = |row: usize| (customers.frequency[row] > 0).then(|| key(row));
    let cuts = cuts(customers, &taking_part, ties);
    // Cuts that no row reaches stand in for missing ones, so that the loop has a fixed length.
    let unreachable = Cut {
        key: u64::MAX,
        from: usize::MAX,
    };
    let cuts: [Cut; 4] = std::array::from_fn(|step| *cuts.get(step).unwrap_or(&unreachable));
    let mut scores = vec![0; customers.len()];
    scores
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, scores)| {
            for (slot, score) in scores.iter_mut().enumerate() {
                let row = chunk * CHUNK + slot;
                let key = key(row);
                let passed =
                    |cut: &Cut| u8::from(key > cut.key || (key == cut.key && row >= cut.from));
                let points = 1 + cuts.iter().map(passed).sum::<u8>();
                *score = if customers.frequency[row] > 0 {
                    points
                } else {
                    0
                };
            }
        });
    scores
}

/// A border between two scores: rows at or after it, by (key, row), get the higher one.
#[derive(Clone, Copy)]
struct Cut {
    key: u64,
    from: usize,
}

/// The four borders between the scores 1…5 of one column.
fn cuts(
    customers: &Customers,
    key: &(impl Fn(usize) -> Option<u64> + Sync),
    ties: TieRule,
) -> Vec<Cut> {
    let count = customers.active;
    let positions: Vec<usize> = (1..5)
        .map(|step| match ties {
            // 1 + ⌊5 · worse ÷ n⌋ > step ⇔ worse ≥ ⌈step · n ÷ 5⌉ ⇔ above the key at this position.
            TieRule::Share => (step * count).div_ceil(5).saturating_sub(1),
            // The edges of qcut over ranks 1…n lie at 1 + (n − 1) · step ÷ 5 and close to the right.
            TieRule::RankFirst => (count.saturating_sub(1)) * step / 5 + 1,
        })
        .filter(|&position| position < count)
        .collect();
    let keys = order_statistics(customers.len(), key, &positions);
    let rows = match ties {
        TieRule::Share => vec![usize::MAX; keys.len()],
        TieRule::RankFirst => rows_at(customers.len(), key, &keys, &positions),
    };
    keys.into_iter()
        .zip(rows)
        .map(|(key, from)| Cut { key, from })
        .collect()
}

/// The rows at some positions of the stable sort by key, given the keys that stand there.
fn rows_at(
    rows: usize,
    key: &(impl Fn(usize) -> Option<u64> + Sync),
    cuts: &[u64],
    positions: &[usize],
) -> Vec<usize> {
    let chunk_rows = |chunk: usize| chunk * CHUNK..rows.min((chunk + 1) * CHUNK);
    // Per chunk and cut: how many keys are less, how many equal.
    let counts: Vec<[(usize, usize); 4]> = (0..rows.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut counts = [(0, 0); 4];
            for key in chunk_rows(chunk).filter_map(key) {
                for ((less, equal), &cut) in counts.iter_mut().zip(cuts) {
                    *less += usize::from(key < cut);
                    *equal += usize::from(key == cut);
                }
            }
            counts
        })
        .collect();
    let find = |(place, (&cut, &position)): (usize, (&u64, &usize))| {
        let mut rank = position - counts.iter().map(|counts| counts[place].0).sum::<usize>();
        for (chunk, counts) in counts.iter().enumerate() {
            let equal = counts[place].1;
            if rank < equal {
                let mut ties = chunk_rows(chunk).filter(|&row| key(row) == Some(cut));
                return ties.nth(rank).unwrap_or(rows);
            }
            rank -= equal;
        }
        rows
    };
    cuts.iter().zip(positions).enumerate().map(find).collect()
}

/// Lowest and highest value behind each score 1…5, for recency (days), frequency and monetary
/// value: what a score means in this shop. `None` for scores nobody holds.
#[must_use]
pub fn score_ranges(customers: &Customers, scores: &Scores) -> [[Option<(f64, f64)>; 5]; 3] {
    let range = |scores: &[u8], value: &(dyn Fn(usize) -> f64 + Sync)| {
        let mut ranges = [None; 5];
        for (row, &score) in scores.iter().enumerate().filter(|&(_, &score)| score > 0) {
            let value = value(row);
            let range = &mut ranges[usize::from(score) - 1];
            let (low, high) = range.unwrap_or((value, value));
            *range = Some((value.min(low), value.max(high)));
        }
        ranges
    };
    [
        range(&scores.r, &|row| f64::from(customers.recency_days(row))),
        range(&scores.f, &|row| f64::from(customers.frequency[row])),
        range(&scores.m, &|row| customers.monetary[row]),
    ]
}
