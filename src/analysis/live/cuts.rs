//! A cut point that moved: whose score changes, and the scores after it.

use std::{ops::Range, sync::Arc};

use super::order::{Order, few};
use crate::{
    conditions::RuleInputs,
    cut_points::{CutPoints, Measure},
    rfm::{Scores, TieRule},
    rules::Comparison,
    scoring::Band,
};

/// The measure of which cut points differ between these scores and that rule; `None` when more than
/// one does, or when scores do not follow from cut points.
#[must_use]
pub fn moved_measure(known: &Scores, ties: TieRule) -> Option<Measure> {
    let (old, new) = cuts(known, ties)?;
    let differs = |measure: &Measure| old.of(*measure) != new.of(*measure);
    let mut moved = Measure::ALL.into_iter().filter(differs);
    match (moved.next(), moved.next()) {
        (Some(measure), None) => Some(measure),
        // Shared scores held on to by their cut points: nobody's score changes.
        (None, _) => Some(Measure::Frequency),
        (Some(_), Some(_)) => None,
    }
}

fn cuts(known: &Scores, ties: TieRule) -> Option<(CutPoints, CutPoints)> {
    match ties {
        TieRule::Fixed(new) => Some((known.cut_points()?, new)),
        TieRule::Share | TieRule::RankFirst => None,
    }
}

/// Everybody whose score of one measure changes, and what the scores hold afterwards.
#[derive(Clone, Debug)]
pub struct Crossing {
    ties: TieRule,
    measure: Measure,
    order: Arc<Order>,
    /// Places in the order with the score now.
    parts: Vec<(Range<usize>, u8)>,
    bands: [Band; 5],
}

impl Crossing {
    /// The way from these scores to those by `ties`; `order` is by the [measure that
    /// moved](moved_measure). `None` when so many change that scoring everybody is quicker.
    #[must_use]
    pub fn new(inputs: RuleInputs<'_>, ties: TieRule, order: Arc<Order>) -> Option<Self> {
        let known = inputs.scores;
        let measure = moved_measure(known, ties)?;
        let (old, new) = cuts(known, ties)?;
        let old = Places::new(inputs, measure, &old, &order);
        let new = Places::new(inputs, measure, &new, &order);
        let mut borders: Vec<usize> = old.cuts.into_iter().chain(new.cuts).collect();
        borders.extend([0, order.len()]);
        borders.sort_unstable();
        borders.dedup();
        let mut parts = Vec::new();
        let mut bands = [Band::default(); 5];
        for border in borders.windows(2) {
            let (first, last) = (border[0], border[1] - 1);
            let (before, now) = (old.score(first), new.score(first));
            let value = |place: usize| {
                let row = order.rows(place..place + 1).first();
                row.map(|&row| inputs.value(measure.field(), row as usize))
            };
            bands[usize::from(now) - 1].join(Band {
                customers: (border[1] - first) as u64,
                range: value(first).zip(value(last)),
            });
            if before != now {
                parts.push((first..border[1], now));
            }
        }
        let crossing = Self {
            ties,
            measure,
            order,
            parts,
            bands,
        };
        let changed = crossing.parts.iter().map(|(places, _)| places.len());
        few(changed.sum(), inputs.customers.len()).then_some(crossing)
    }

    /// What is scored.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.measure
    }

    /// Those whose score changes, with the score now.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&[u32], u8)> {
        let parts = self.parts.iter();
        parts.map(|(places, now)| (self.order.rows(places.clone()), *now))
    }

    /// The scores after the step, from those before it.
    #[must_use]
    pub fn scores(&self, known: &Scores) -> Scores {
        let mut next = known.clone();
        next.ties = self.ties;
        next.bands[self.measure.index()] = self.bands;
        if !self.parts.is_empty() {
            let mut column = known.of(self.measure).to_vec();
            for (rows, now) in self.rows() {
                for &row in rows {
                    column[row as usize] = now;
                }
            }
            let place = match self.measure {
                Measure::Recency => &mut next.r,
                Measure::Frequency => &mut next.f,
                Measure::Monetary => &mut next.m,
            };
            *place = Arc::new(column);
        }
        next
    }
}

/// Where four cut points split the order of their measure.
struct Places {
    descending: bool,
    cuts: [usize; 4],
}

impl Places {
    fn new(inputs: RuleInputs<'_>, measure: Measure, cuts: &CutPoints, order: &Order) -> Self {
        let comparison = if measure.descending() {
            Comparison::AtMost
        } else {
            Comparison::AtLeast
        };
        let test = (measure.field(), comparison);
        Self {
            descending: measure.descending(),
            cuts: cuts.of(measure).map(|cut| order.split(inputs, test, cut)),
        }
    }

    /// Score of whoever stands at this place.
    fn score(&self, place: usize) -> u8 {
        let passed = |cut: &&usize| (place < **cut) == self.descending;
        1 + self.cuts.iter().filter(passed).count() as u8
    }
}
