//! Cut points set by hand: where one score ends and the next begins, in days, orders and money.

use serde::{Deserialize, Serialize};

use super::{rules::Field, scoring::Band};

/// What is scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Measure {
    /// Days since the last order: fewer is better.
    Recency,
    /// Orders.
    Frequency,
    /// Net revenue.
    Monetary,
}

impl Measure {
    /// In the order of [`super::rfm::Scores::bands`].
    pub const ALL: [Self; 3] = [Self::Recency, Self::Frequency, Self::Monetary];

    /// Place in [`Self::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }

    /// Whether a smaller value scores higher.
    #[must_use]
    pub fn descending(self) -> bool {
        self == Self::Recency
    }

    /// The value that is scored.
    #[must_use]
    pub fn field(self) -> Field {
        match self {
            Self::Recency => Field::RecencyDays,
            Self::Frequency => Field::Frequency,
            Self::Monetary => Field::Monetary,
        }
    }

    /// Whether its values are whole numbers.
    #[must_use]
    pub fn whole(self) -> bool {
        self != Self::Monetary
    }
}

/// Four cut points per measure. Cut *k* (0…3) is passed by whoever scores at least *k* + 2.
///
/// - recency: score = 1 + how many of the four the days are **at or below**; descending
/// - frequency, monetary: score = 1 + how many of the four the value is **at or above**; ascending
///
/// Equal neighbours are allowed: then nobody holds the score between them.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CutPoints {
    pub recency_days: [f64; 4],
    pub frequency: [f64; 4],
    pub monetary: [f64; 4],
}

impl CutPoints {
    #[must_use]
    pub fn of(&self, measure: Measure) -> &[f64; 4] {
        match measure {
            Measure::Recency => &self.recency_days,
            Measure::Frequency => &self.frequency,
            Measure::Monetary => &self.monetary,
        }
    }

    /// The same with one cut point moved as far as its neighbours allow. A value that is no number
    /// moves nothing.
    #[must_use]
    pub fn with(mut self, measure: Measure, cut: usize, value: f64) -> Self {
        let cuts = match measure {
            Measure::Recency => &mut self.recency_days,
            Measure::Frequency => &mut self.frequency,
            Measure::Monetary => &mut self.monetary,
        };
        let (low, high) = room(cuts, cut, measure.descending());
        if let Some(place) = cuts.get_mut(cut)
            && value.is_finite()
        {
            *place = value.max(low).min(high);
        }
        self
    }

    /// Between which values a cut point can move.
    #[must_use]
    pub fn room(&self, measure: Measure, cut: usize) -> (f64, f64) {
        room(self.of(measure), cut, measure.descending())
    }

    /// The cut points that give the same scores as these, whatever rule they came from, as long as
    /// that rule let customers with equal values share a score.
    ///
    /// A cut lies at the worst value that still passes it; one that nobody passes lies just beyond
    /// the best value.
    #[must_use]
    pub fn implied(bands: &[[Band; 5]; 3]) -> Self {
        let [recency_days, frequency, monetary] = [0, 1, 2].map(|kind| {
            let descending = Measure::ALL[kind].descending();
            std::array::from_fn(|cut| worst_above(&bands[kind], cut, descending))
        });
        Self {
            recency_days,
            frequency,
            monetary,
        }
    }

    /// The first cut that is no number or stands on the wrong side of its neighbour: the measure and
    /// the number of the cut (0…3).
    #[must_use]
    pub fn fault(&self) -> Option<(Measure, usize)> {
        Measure::ALL.into_iter().find_map(|measure| {
            let cuts = self.of(measure);
            let in_order = |cut: usize| {
                let (before, here) = (cuts[cut - 1], cuts[cut]);
                if measure.descending() {
                    here <= before
                } else {
                    here >= before
                }
            };
            (0..4)
                .find(|&cut| !cuts[cut].is_finite() || cut > 0 && !in_order(cut))
                .map(|cut| (measure, cut))
        })
    }

    /// 1…5 for a value of this measure.
    #[must_use]
    pub fn score(&self, measure: Measure, value: f64) -> u8 {
        let passed = |cut: &&f64| {
            if measure.descending() {
                value <= **cut
            } else {
                value >= **cut
            }
        };
        1 + self.of(measure).iter().filter(passed).count() as u8
    }
}

fn room(cuts: &[f64; 4], cut: usize, descending: bool) -> (f64, f64) {
    let least = if descending { 0.0 } else { f64::NEG_INFINITY };
    let before = cut.checked_sub(1).and_then(|before| cuts.get(before));
    let after = cuts.get(cut + 1);
    let (below, above) = if descending {
        (after, before)
    } else {
        (before, after)
    };
    (
        below.copied().unwrap_or(least),
        above.copied().unwrap_or(f64::INFINITY),
    )
}

/// The worst value among customers who score above `cut + 1`.
fn worst_above(bands: &[Band; 5], cut: usize, descending: bool) -> f64 {
    let worst = bands[cut + 1..]
        .iter()
        .filter_map(|band| band.range)
        .map(|(low, high)| if descending { high } else { low })
        .reduce(|a, b| if descending { a.max(b) } else { a.min(b) });
    let best = bands
        .iter()
        .filter_map(|band| band.range)
        .map(|(low, high)| if descending { low } else { high })
        .reduce(|a, b| if descending { a.min(b) } else { a.max(b) });
    match (worst, best) {
        (Some(worst), _) => worst,
        // Days cannot be fewer than none: nobody has bought less than no days ago.
        (None, Some(best)) if descending => (best - 1.0).max(0.0),
        (None, Some(best)) => best + 1.0,
        (None, None) => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts() -> CutPoints {
        CutPoints {
            recency_days: [300.0, 120.0, 60.0, 14.0],
            frequency: [2.0, 2.0, 3.0, 6.0],
            monetary: [20.0, 50.0, 99.5, 400.0],
        }
    }

    #[test]
    fn scores_count_the_cuts_passed() {
        let scores = |measure, values: &[f64]| {
            let score = |&value: &f64| cuts().score(measure, value);
            values.iter().map(score).collect::<Vec<u8>>()
        };
        assert_eq!(
            scores(Measure::Recency, &[301.0, 300.0, 61.0, 60.0, 14.0, 1.0]),
            [1, 2, 3, 4, 5, 5]
        );
        // Two cuts on one value: nobody scores 2.
        assert_eq!(
            scores(Measure::Frequency, &[1.0, 2.0, 3.0, 5.0, 6.0]),
            [1, 3, 4, 4, 5]
        );
        assert_eq!(
            scores(Measure::Monetary, &[-5.0, 19.99, 20.0, 99.5, 1e9]),
            [1, 1, 2, 4, 5]
        );
    }

    #[test]
    fn a_cut_stops_at_its_neighbours() {
        let moved = cuts().with(Measure::Monetary, 1, 1_000.0);
        assert_eq!(moved.monetary, [20.0, 99.5, 99.5, 400.0]);
        let moved = cuts().with(Measure::Recency, 0, 5.0);
        assert_eq!(moved.recency_days, [120.0, 120.0, 60.0, 14.0]);
        assert_eq!(cuts().with(Measure::Recency, 3, -9.0).recency_days[3], 0.0);
        assert_eq!(cuts().with(Measure::Monetary, 3, f64::NAN), cuts());
        assert_eq!(cuts().fault(), None);
        assert_eq!(moved.fault(), None);
    }

    #[test]
    fn faults_are_found() {
        let mut wrong = cuts();
        wrong.recency_days[2] = 130.0;
        assert_eq!(wrong.fault(), Some((Measure::Recency, 2)));
        let mut wrong = cuts();
        wrong.monetary[0] = f64::INFINITY;
        assert_eq!(wrong.fault(), Some((Measure::Monetary, 0)));
    }
}
