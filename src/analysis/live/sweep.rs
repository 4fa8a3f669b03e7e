//! Numbers in rules that moved past a large part of the customers.
//!
//! Looking everybody up in the order of the value would walk through memory to and fro; here the
//! columns are read once from one end to the other, in parallel, and only those are judged again who
//! pass another test than before. Everybody else keeps their segment and their place in the sums.

use std::ops::Range;

use rayon::prelude::*;

use super::{Followed, Standing, few, thresholds::MovedTest};
use crate::analysis::{
    conditions::{Block, RuleInputs, first_matches},
    judge::Judge,
    moves::Changed,
    numeric::CHUNK,
    segments::Rule,
    tally::{Sums, Tally},
};

/// Where more than one in so many of a run are judged again, by rules that ask much, the whole run is.
const WHOLE_RUN: usize = 4;

/// Who changed among a part of the customers, and what that takes from the sums and adds to them.
struct Turnover {
    changed: Vec<Changed>,
    left: Vec<Sums>,
    came: Vec<Sums>,
}

impl Turnover {
    fn none(tally: &Tally) -> Self {
        Self {
            changed: Vec::new(),
            left: tally.room(),
            came: tally.room(),
        }
    }
}

/// What every part of the walk reads.
struct Walk<'a> {
    inputs: RuleInputs<'a>,
    rules: &'a [Rule],
    moved: &'a [MovedTest],
    judge: Judge<'a>,
    tally: &'a Tally,
}

impl Standing {
    /// Carries the segments on after the numbers of these tests moved; the scores are the same.
    pub(super) fn sweep(
        &self,
        inputs: RuleInputs<'_>,
        rules: &[Rule],
        moved: &[MovedTest],
    ) -> Followed {
        let walk = Walk {
            inputs,
            rules,
            moved,
            judge: Judge::new(inputs, rules),
            tally: &self.tally,
        };
        let mut segment = self.segments.segment.clone();
        let parts: Vec<Turnover> = segment
            .par_chunks_mut(CHUNK)
            .enumerate()
            .fold(
                || Turnover::none(&self.tally),
                |mut turnover, (chunk, segment)| {
                    let rows = chunk * CHUNK..chunk * CHUNK + segment.len();
                    walk.run(rows, segment, &mut turnover);
                    turnover
                },
            )
            .collect();
        let mut tally = self.tally.clone();
        let mut changed = Vec::new();
        for part in parts {
            tally.part(&part.left);
            tally.join(&part.came);
            changed.extend(part.changed);
        }
        // Following many one by one costs more than comparing everybody.
        let changed = few(changed.len(), inputs.customers.len()).then_some(changed);
        Followed {
            segments: tally.segmentation(rules, segment),
            tally,
            changed,
        }
    }
}

impl Walk<'_> {
    fn run(&self, rows: Range<usize>, segment: &mut [u8], turnover: &mut Turnover) {
        let mut reached = self.reached(&rows);
        for (reached, row) in reached.iter_mut().zip(rows.clone()) {
            *reached &= self.inputs.customers.exists(row);
        }
        let many = reached.iter().filter(|&&reached| reached).count() > reached.len() / WHOLE_RUN;
        let winners = (many && self.judge.asks_much()).then(|| {
            let mut winners = segment.to_vec();
            first_matches(self.inputs, self.rules, rows.start, &mut winners);
            winners
        });
        let of_run = reached.iter().zip(segment).enumerate();
        for (place, (_, segment)) in of_run.filter(|(_, (reached, _))| **reached) {
            let row = rows.start + place;
            let scores = self.inputs.scores;
            let scores = [scores.r[row], scores.f[row], scores.m[row]];
            let (from, to) = match &winners {
                Some(winners) => (*segment, winners[place]),
                None => (*segment, self.judge.winner(row, scores)),
            };
            if from == to {
                continue;
            }
            *segment = to;
            let sums = Sums::of(self.inputs.customers, row);
            turnover.left[self.tally.slot(from, scores)].add(&sums);
            turnover.came[self.tally.slot(to, scores)].add(&sums);
            turnover.changed.push(Changed {
                customer: row as u32,
                from,
                to,
            });
        }
    }

    /// Who of a run passes one of the tests now and did not, or the other way round.
    fn reached(&self, rows: &Range<usize>) -> Vec<bool> {
        let block = Block {
            inputs: self.inputs,
            start: rows.start,
            len: rows.len(),
        };
        let mut reached = vec![false; rows.len()];
        for test in self.moved {
            let passes = |limit| block.test(test.field, test.comparison, limit);
            let sides = passes(test.from).into_iter().zip(passes(test.to));
            for (reached, (from, to)) in reached.iter_mut().zip(sides) {
                *reached |= from != to;
            }
        }
        reached
    }
}
