//! Segments while a threshold is dragged: carried on from the segments a moment ago, not made anew.
//!
//! When one threshold moves from a to b, only customers whose value lies between a and b can change.
//! With the customers [in the order](order) of that value they are a run of neighbours. Each is looked
//! at once more, taken from the [sums](super::tally) it stood in and added to those it stands in now.
//! The sums are exact, so the result is to the bit what [`segment`](super::segmenting::segment) gives.
//!
//! | what moved | who is looked at |
//! | --- | --- |
//! | a [cut point](cuts) of one measure | customers between the old and the new place |
//! | [numbers in rules](thresholds) over values | customers between the old and the new number |
//! | rules over scores alone | nobody: the sums of the score cells are dealt out anew |
//!
//! Everything else, and moves of so many customers that walking over everybody in order is quicker, is
//! left to the plain functions.

pub mod cuts;
pub mod order;
mod sweep;
pub mod thresholds;

use std::sync::Arc;

use rayon::prelude::*;

use self::{cuts::Crossing, thresholds::Reached};
use super::{
    conditions::{RuleInputs, SCORE_CELLS, score_cell, score_table},
    judge::Judge,
    moves::Changed,
    numeric::CHUNK,
    rfm::Scores,
    rules::{MAX_RULES, NO_SEGMENT, Rule},
    segments::Segmentation,
    tally::{Sums, Tally},
};

/// Segments as they stand, and what they were made with.
#[derive(Clone, Debug)]
pub struct Standing {
    pub scores: Arc<Scores>,
    pub rules: Vec<Rule>,
    pub segments: Arc<Segmentation>,
    pub tally: Tally,
}

/// What moved since.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // there is one at a time
pub enum Step {
    /// A cut point.
    Cut(Crossing),
    /// Numbers in rules over values.
    Thresholds(Reached),
    /// Rules over scores alone.
    Table(Box<[u8; SCORE_CELLS]>),
}

/// Segments carried on by one step.
#[derive(Clone, Debug)]
pub struct Followed {
    pub segments: Segmentation,
    pub tally: Tally,
    /// Who changed segment, in the order of their changes; `None` where nobody was looked at one by
    /// one.
    pub changed: Option<Vec<Changed>>,
}

/// The step from rules over scores alone to others.
#[must_use]
pub fn other_table(standing: &Standing, rules: &[Rule]) -> Option<Step> {
    let rules = &rules[..rules.len().min(MAX_RULES)];
    standing.tally.table()?;
    Some(Step::Table(Box::new(score_table(rules)?)))
}

impl Standing {
    /// Carries the segments on to these rules. `inputs` are of the same customers and hold the scores
    /// after the step; attribute tests and predictions are those the segments were made with.
    #[must_use]
    pub fn follow(&self, inputs: RuleInputs<'_>, rules: &[Rule], step: &Step) -> Followed {
        let rules = &rules[..rules.len().min(MAX_RULES)];
        match step {
            Step::Cut(crossing) => self.cut(inputs, rules, crossing),
            Step::Thresholds(reached) => self.reach(inputs, rules, reached),
            Step::Table(table) => self.deal(inputs, rules, table),
        }
    }

    fn cut(&self, inputs: RuleInputs<'_>, rules: &[Rule], crossing: &Crossing) -> Followed {
        let judge = Judge::new(inputs, rules);
        let mut next = Next::of(self, inputs);
        let (place, column) = (
            crossing.measure().index(),
            self.scores.of(crossing.measure()),
        );
        let rows = crossing.rows().flat_map(|(rows, _)| rows);
        for row in Rows::of(inputs.customers.len(), rows).ascending() {
            let scores = next.scores(row);
            let mut old = scores;
            old[place] = column[row];
            next.judged(row, (old, scores), &judge);
        }
        next.followed(rules)
    }

    fn reach(&self, inputs: RuleInputs<'_>, rules: &[Rule], reached: &Reached) -> Followed {
        let parts = match reached {
            Reached::Few(parts) => parts,
            Reached::Many(tests) => return self.sweep(inputs, rules, tests),
        };
        let judge = Judge::new(inputs, rules);
        let mut next = Next::of(self, inputs);
        for row in Rows::of(inputs.customers.len(), thresholds::rows(parts)).ascending() {
            let scores = next.scores(row);
            next.judged(row, (scores, scores), &judge);
        }
        next.followed(rules)
    }

    /// The same customers in the same score cells; only the segments of the cells differ.
    fn deal(&self, inputs: RuleInputs<'_>, rules: &[Rule], table: &[u8; SCORE_CELLS]) -> Followed {
        let Some(tally) = self.tally.with_table(*table) else {
            let (segments, tally) = super::segmenting::segment_tallied(inputs, rules);
            return Followed {
                segments,
                tally,
                changed: None,
            };
        };
        let scores = inputs.scores;
        let mut segment = vec![NO_SEGMENT; inputs.customers.len()];
        let columns = segment
            .par_chunks_mut(CHUNK)
            .zip(scores.r.par_chunks(CHUNK));
        let columns = columns.zip(scores.f.par_chunks(CHUNK));
        columns
            .zip(scores.m.par_chunks(CHUNK))
            .with_min_len(8)
            .for_each(|(((segment, r), f), m)| {
                for (((segment, &r), &f), &m) in segment.iter_mut().zip(r).zip(f).zip(m) {
                    *segment = table[score_cell(r, f, m)];
                }
            });
        Followed {
            segments: tally.segmentation(rules, segment),
            tally,
            changed: None,
        }
    }
}

/// A set of customers, one bit each: the way from the order of a value to the order in which their
/// columns lie in memory. Walking through those to and fro costs several times as much.
struct Rows(Vec<u64>);

impl Rows {
    fn of<'a>(customers: usize, rows: impl Iterator<Item = &'a u32>) -> Self {
        let mut bits = vec![0_u64; customers.div_ceil(64)];
        for &row in rows {
            bits[row as usize / 64] |= 1 << (row % 64);
        }
        Self(bits)
    }

    /// Each once, least number first.
    fn ascending(&self) -> impl Iterator<Item = usize> {
        self.0.iter().enumerate().flat_map(|(word, &bits)| {
            let rest = |bits: &u64| Some(bits & (bits - 1)).filter(|&bits| bits != 0);
            std::iter::successors(Some(bits).filter(|&bits| bits != 0), rest)
                .map(move |bits| word * 64 + bits.trailing_zeros() as usize)
        })
    }
}

/// Segments and sums in the making.
struct Next<'a> {
    inputs: RuleInputs<'a>,
    segment: Vec<u8>,
    tally: Tally,
    changed: Vec<Changed>,
}

impl<'a> Next<'a> {
    fn of(standing: &Standing, inputs: RuleInputs<'a>) -> Self {
        Self {
            inputs,
            segment: standing.segments.segment.clone(),
            tally: standing.tally.clone(),
            changed: Vec::new(),
        }
    }

    #[inline]
    fn scores(&self, row: usize) -> [u8; 3] {
        let scores = self.inputs.scores;
        [scores.r[row], scores.f[row], scores.m[row]]
    }

    /// Puts a customer where the rules say, after scores changed from the first to the second.
    #[inline]
    fn judged(&mut self, row: usize, (old, new): ([u8; 3], [u8; 3]), judge: &Judge<'_>) {
        let from = self.segment[row];
        let to = judge.winner(row, new);
        let slots = (self.tally.slot(from, old), self.tally.slot(to, new));
        if slots.0 != slots.1 {
            let sums = Sums::of(self.inputs.customers, row);
            self.tally.carry(slots.0, slots.1, &sums);
        }
        if from != to {
            self.segment[row] = to;
            self.changed.push(Changed {
                customer: row as u32,
                from,
                to,
            });
        }
    }

    fn followed(self, rules: &[Rule]) -> Followed {
        Followed {
            segments: self.tally.segmentation(rules, self.segment),
            tally: self.tally,
            changed: Some(self.changed),
        }
    }
}
