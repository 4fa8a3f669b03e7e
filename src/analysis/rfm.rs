//! Scores 1–5 for recency, frequency and monetary value.

use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    customers::Customers,
    cut_points::{CutPoints, Measure},
    numeric::{CHUNK, NO_KEY, order_statistics, ordered, ordered_day},
    scoring,
    scoring::Band,
};

/// Where the scores are cut, and how customers with equal values are scored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TieRule {
    /// score = 1 + ⌊5 · (customers strictly worse) ÷ n⌋: equal customers share a score.
    #[default]
    Share,
    /// Quintiles of the rank in customer order, as pandas `qcut(rank(method="first"), 5)` of the
    /// value where more is better: for recency, of minus the days. (Ranking the days themselves and
    /// turning the labels round breaks ties the other way and gives other counts.)
    RankFirst,
    /// Cut points set by hand: equal customers share a score, and a customer's score does not depend
    /// on the other customers.
    Fixed(CutPoints),
}

/// Scores per customer, 1 (worst) to 5 (best); 0 for customers without an order before S.
///
/// Each column is shared by all scores in which it is the same: a drag makes one of them anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scores {
    pub ties: TieRule,
    pub r: Arc<Vec<u8>>,
    pub f: Arc<Vec<u8>>,
    pub m: Arc<Vec<u8>>,
    /// What each score 1…5 means in this shop, for r (days), f (orders) and m (money).
    pub bands: [[Band; 5]; 3],
}

impl Scores {
    /// How many customers hold each score 1…5, for r, f and m.
    #[must_use]
    pub fn counts(&self) -> [[u64; 5]; 3] {
        self.bands.map(|bands| bands.map(|band| band.customers))
    }

    /// The scores of one measure.
    #[must_use]
    pub fn of(&self, measure: Measure) -> &Arc<Vec<u8>> {
        match measure {
            Measure::Recency => &self.r,
            Measure::Frequency => &self.f,
            Measure::Monetary => &self.m,
        }
    }

    /// The cut points these scores follow from: those set by hand, or those that give the same scores;
    /// `None` where equal customers may have different scores.
    #[must_use]
    pub fn cut_points(&self) -> Option<CutPoints> {
        match self.ties {
            TieRule::Fixed(cuts) => Some(cuts),
            TieRule::Share => Some(CutPoints::implied(&self.bands)),
            TieRule::RankFirst => None,
        }
    }
}

/// Scores every customer by recency (days, fewer is better), frequency (orders) and net revenue.
///
/// Only customers with an order before S take part; the others keep score 0. Every rule comes down to
/// four cut points per column, so nothing is sorted.
#[must_use]
pub fn score(customers: &Customers, ties: TieRule) -> Scores {
    match ties {
        TieRule::Share => share(customers),
        TieRule::RankFirst => by_quintiles(customers, ties),
        TieRule::Fixed(cuts) => by_cut_points(customers, &cuts, None),
    }
}

/// As [`score`], when other scores of the same customers are at hand: measures whose cut points did
/// not change are taken over. So a drag of one cut point costs one column.
#[must_use]
pub fn score_again(customers: &Customers, ties: TieRule, before: &Scores) -> Scores {
    let old = before.cut_points();
    match (ties, old) {
        (TieRule::Fixed(cuts), Some(old)) if before.r.len() == customers.len() => {
            by_cut_points(customers, &cuts, Some((&old, before)))
        }
        _ => score(customers, ties),
    }
}

fn by_cut_points(
    customers: &Customers,
    cuts: &CutPoints,
    known: Option<(&CutPoints, &Scores)>,
) -> Scores {
    let known = |measure: Measure| {
        let (_, scores) = known.filter(|(old, _)| old.of(measure) == cuts.of(measure))?;
        Some((
            Arc::clone(scores.of(measure)),
            scores.bands[measure.index()],
        ))
    };
    let (r, r_bands) = known(Measure::Recency).unwrap_or_else(|| {
        let days = |row: usize| f64::from(customers.recency_days(row));
        // Fewer is better: turn both round and compare as with the others.
        let turned = cuts.recency_days.map(|cut| -cut);
        cut_column(customers, turned, |row| -days(row), days)
    });
    let (f, f_bands) = known(Measure::Frequency).unwrap_or_else(|| {
        let orders = |row: usize| f64::from(customers.frequency[row]);
        cut_column(customers, cuts.frequency, orders, orders)
    });
    let (m, m_bands) = known(Measure::Monetary).unwrap_or_else(|| {
        let revenue = |row: usize| customers.monetary[row];
        cut_column(customers, cuts.monetary, revenue, revenue)
    });
    Scores {
        ties: TieRule::Fixed(*cuts),
        r,
        f,
        m,
        bands: [r_bands, f_bands, m_bands],
    }
}

/// Scores one column by ascending cuts of `key`; `value` is what the bands name.
fn cut_column(
    customers: &Customers,
    cuts: [f64; 4],
    key: impl Fn(usize) -> f64 + Sync,
    value: impl Fn(usize) -> f64 + Sync,
) -> (Arc<Vec<u8>>, [Band; 5]) {
    let mut scores = vec![0; customers.len()];
    let bands = scores
        .par_chunks_mut(CHUNK)
        .enumerate()
        .map(|(chunk, scores)| {
            let start = chunk * CHUNK;
            let mut extremes = [(f64::INFINITY, f64::NEG_INFINITY); 6];
            let mut counts = [0_u64; 6];
            for (slot, score) in scores.iter_mut().enumerate() {
                let row = start + slot;
                let (key, value) = (key(row), value(row));
                let points = 1 + cuts.iter().map(|&cut| u8::from(key >= cut)).sum::<u8>();
                let points = points * u8::from(customers.frequency[row] > 0);
                *score = points;
                let place = usize::from(points);
                counts[place] += 1;
                let (low, high) = extremes[place];
                extremes[place] = (low.min(value), high.max(value));
            }
            std::array::from_fn(|score| Band {
                customers: counts[score + 1],
                range: (counts[score + 1] > 0).then_some(extremes[score + 1]),
            })
        })
        .reduce(|| [Band::default(); 5], join_bands);
    (Arc::new(scores), bands)
}

fn by_quintiles(customers: &Customers, ties: TieRule) -> Scores {
    // One buffer for all columns: touching fresh memory costs more than filling it.
    let mut keys = vec![NO_KEY; customers.len()];
    let r = column(customers, ties, &mut keys, |row| {
        ordered_day(customers.last_day[row])
    });
    let f = column(customers, ties, &mut keys, |row| {
        u64::from(customers.frequency[row])
    });
    let m = column(customers, ties, &mut keys, |row| {
        ordered(customers.monetary[row])
    });
    let bands = [
        bands(&r, |row| f64::from(customers.recency_days(row))),
        bands(&f, |row| f64::from(customers.frequency[row])),
        bands(&m, |row| customers.monetary[row]),
    ];
    Scores {
        ties,
        r: Arc::new(r),
        f: Arc::new(f),
        m: Arc::new(m),
        bands,
    }
}

/// Scores where equal customers share one: the default, and what every step of the as-of date waits for.
fn share(customers: &Customers) -> Scores {
    let days = |row: usize| customers.recency_days(row) as u32;
    let ((r, f), m) = rayon::join(
        || {
            let r = scoring::whole_numbers(customers, days, true).unwrap_or_else(|| {
                scoring::keys(
                    customers,
                    |row| ordered_day(customers.last_day[row]),
                    |row| f64::from(customers.recency_days(row)),
                )
            });
            let orders = |row: usize| customers.frequency[row];
            let f = scoring::whole_numbers(customers, orders, false).unwrap_or_else(|| {
                scoring::keys(
                    customers,
                    |row| u64::from(orders(row)),
                    |row| f64::from(orders(row)),
                )
            });
            (r, f)
        },
        || scoring::money(customers),
    );
    Scores {
        ties: TieRule::Share,
        bands: [r.1, f.1, m.1],
        r: Arc::new(r.0),
        f: Arc::new(f.0),
        m: Arc::new(m.0),
    }
}

/// Counts and extremes per score; neither depends on the order in which chunks are joined.
fn bands(scores: &[u8], value: impl Fn(usize) -> f64 + Sync) -> [Band; 5] {
    scores
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(chunk, scores)| {
            let mut bands = [Band::default(); 5];
            for (slot, &score) in scores.iter().enumerate().filter(|(_, score)| **score > 0) {
                bands[usize::from(score) - 1].join(Band::of(value(chunk * CHUNK + slot)));
            }
            bands
        })
        .reduce(|| [Band::default(); 5], join_bands)
}

fn join_bands(mut left: [Band; 5], right: [Band; 5]) -> [Band; 5] {
    for (left, right) in left.iter_mut().zip(right) {
        left.join(right);
    }
    left
}

/// Scores by one key, where more is better; `keys` is room for one key a customer.
fn column(
    customers: &Customers,
    ties: TieRule,
    keys: &mut [u64],
    key: impl Fn(usize) -> u64 + Sync,
) -> Vec<u8> {
    keys.par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, keys)| {
            for (slot, slot_key) in keys.iter_mut().enumerate() {
                let row = chunk * CHUNK + slot;
                let taking_part = customers.frequency[row] > 0;
                *slot_key = if taking_part {
                    key(row).max(NO_KEY + 1)
                } else {
                    NO_KEY
                };
            }
        });
    let cuts = cuts(keys, customers.active, ties);
    let mut scores = vec![0; customers.len()];
    scores
        .par_chunks_mut(CHUNK)
        .zip(keys.par_chunks(CHUNK))
        .enumerate()
        .for_each(|(chunk, (scores, keys))| {
            let first = chunk * CHUNK;
            for (slot, (score, &key)) in scores.iter_mut().zip(keys).enumerate() {
                let passed = |cut: &Cut| {
                    u8::from(key > cut.key)
                        + (u8::from(key == cut.key) & u8::from(first + slot >= cut.from))
                };
                let points = 1 + cuts.iter().map(passed).sum::<u8>();
                *score = if key == NO_KEY { 0 } else { points };
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

/// The four borders between the scores 1…5 of one column; borders nobody reaches fill up the four.
fn cuts(keys: &[u64], count: usize, ties: TieRule) -> [Cut; 4] {
    let positions: Vec<usize> = (1..5)
        .map(|step| match ties {
            // 1 + ⌊5 · worse ÷ n⌋ > step ⇔ worse ≥ ⌈step · n ÷ 5⌉ ⇔ above the key at this position.
            TieRule::Share | TieRule::Fixed(_) => (step * count).div_ceil(5).saturating_sub(1),
            // The edges of qcut over ranks 1…n lie at 1 + (n − 1) · step ÷ 5 and close to the right.
            TieRule::RankFirst => (count.saturating_sub(1)) * step / 5 + 1,
        })
        .filter(|&position| position < count)
        .collect();
    let found = order_statistics(keys, &positions);
    let rows = match ties {
        TieRule::Share | TieRule::Fixed(_) => vec![usize::MAX; found.len()],
        TieRule::RankFirst => rows_at(keys, &found, &positions),
    };
    let unreachable = Cut {
        key: u64::MAX,
        from: usize::MAX,
    };
    let mut cuts = [unreachable; 4];
    for (cut, (&key, &from)) in cuts.iter_mut().zip(found.iter().zip(&rows)) {
        *cut = Cut { key, from };
    }
    cuts
}

/// The rows at some positions of the stable sort by key, given the keys that stand there.
fn rows_at(keys: &[u64], cuts: &[u64], positions: &[usize]) -> Vec<usize> {
    // Per chunk and cut: how many keys are less and how many are equal.
    let counts: Vec<[(usize, usize); 4]> = keys
        .par_chunks(CHUNK)
        .map(|keys| {
            let mut counts = [(0, 0); 4];
            for (&cut, (less, equal)) in cuts.iter().zip(&mut counts) {
                *less = keys
                    .iter()
                    .filter(|&&key| key != NO_KEY && key < cut)
                    .count();
                *equal = keys.iter().filter(|&&key| key == cut).count();
            }
            counts
        })
        .collect();
    let find = |(place, (&cut, &position)): (usize, (&u64, &usize))| {
        let mut rank = position - counts.iter().map(|counts| counts[place].0).sum::<usize>();
        for (chunk, counts) in counts.iter().enumerate() {
            let equal = counts[place].1;
            if rank < equal {
                let start = chunk * CHUNK;
                let mut ties = (start..keys.len()).filter(|&row| keys[row] == cut);
                return ties.nth(rank).unwrap_or(keys.len());
            }
            rank -= equal;
        }
        keys.len()
    };
    cuts.iter().zip(positions).enumerate().map(find).collect()
}
