//! Numbers in rules that moved past a large part of the customers.
//!
//! Looking everybody up in the order of the value would walk through memory to and fro; here the
//! columns are read once from one end to the other, in parallel, and only those are judged again who
//! pass another test than before. Everybody else keeps their segment and their place in the sums.

use std::ops::Range;

use rayon::prelude::*;

use super::{Followed, Standing, order::few, thresholds::MovedTest};
use crate::{
    conditions::{Block, RuleInputs, SCORE_CELLS, first_matches, score_cell},
    judge::Judge,
    moves::Changed,
    numeric::CHUNK,
    rules::Rule,
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
    /// Score cells in which the judge asks for more than scores.
    asks: [bool; SCORE_CELLS],
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
        let judge = Judge::new(inputs, rules);
        let walk = Walk {
            inputs,
            rules,
            moved,
            asks: judge.asks(),
            judge,
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
        let judged = self.judged(&rows);
        let many = judged.len() > segment.len() / WHOLE_RUN;
        let winners = (many && self.judge.asks_much()).then(|| {
            let mut winners = segment.to_vec();
            first_matches(self.inputs, self.rules, rows.start, &mut winners);
            winners
        });
        let scores = self.inputs.scores;
        for place in judged.into_iter().map(usize::from) {
            let row = rows.start + place;
            let scores = [scores.r[row], scores.f[row], scores.m[row]];
            let from = segment[place];
            let to = match &winners {
                Some(winners) => winners[place],
                None => self.judge.winner(row, scores),
            };
            if from == to {
                continue;
            }
            segment[place] = to;
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

    /// The places in a run of those who have to be judged again: they pass another test than before,
    /// and their scores alone do not decide. Written down without a branch, which nobody could foresee.
    fn judged(&self, rows: &Range<usize>) -> Vec<u16> {
        let scores = self.inputs.scores;
        let (r, f) = (&scores.r[rows.clone()], &scores.f[rows.clone()]);
        let columns = r.iter().zip(f).zip(&scores.m[rows.clone()]);
        let mut judged = vec![0; rows.len() + 1];
        let mut count = 0;
        for ((place, reached), ((&r, &f), &m)) in (0..).zip(self.reached(rows)).zip(columns) {
            judged[count] = place;
            count += usize::from(reached & self.asks[score_cell(r, f, m)]);
        }
        judged.truncate(count);
        judged
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
