//! Cumulative gains: how much of the value the best-ranked customers hold.

use serde::{Deserialize, Serialize};

use super::{
    Scored,
    ranking::{Cumulative, Ranking},
    ratio,
};

/// Points of a stored curve, without the origin: one per 0.1 % of the customers.
const STEPS: usize = 1000;

/// Share of the value captured by the best x % of the customers, x = 0, 0.1, …, 100.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GainCurve {
    /// Share captured at depth *i* / 1000; the first is 0, the last 1.
    captured: Vec<f64>,
}

impl GainCurve {
    /// The curve of `values` under a ranking; `None` unless the total value is positive.
    #[must_use]
    pub fn new(ranking: &Ranking, values: &[f64]) -> Option<Self> {
        let ends: Vec<Cumulative> = ranking.cumulative(values, None).collect();
        let total = *ends.last()?;
        if total.value <= 0.0 {
            return None;
        }
        let mut captured = Vec::with_capacity(STEPS + 1);
        let (mut before, mut at) = (Cumulative::default(), 0);
        for step in 0..STEPS {
            let wanted = step as f64 / STEPS as f64 * total.customers;
            while ends[at].customers < wanted {
                before = ends[at];
                at += 1;
            }
            let part = (wanted - before.customers) / (ends[at].customers - before.customers);
            let value = before.value + part * (ends[at].value - before.value);
            captured.push(value / total.value);
        }
        captured.push(1.0);
        Some(Self { captured })
    }

    /// Share of the value held by the best `depth` (0 to 1) of the customers; linear between points.
    #[must_use]
    pub fn at(&self, depth: f64) -> f64 {
        let place = depth.clamp(0.0, 1.0) * STEPS as f64;
        let below = (place.floor() as usize).min(STEPS - 1);
        let part = place - below as f64;
        self.captured[below] * (1.0 - part) + self.captured[below + 1] * part
    }

    /// Points (share of customers, share of value), from (0, 0) to (1, 1).
    pub fn points(&self) -> impl ExactSizeIterator<Item = [f64; 2]> + '_ {
        let steps = STEPS as f64;
        self.captured
            .iter()
            .enumerate()
            .map(move |(step, &captured)| [step as f64 / steps, captured])
    }
}

/// The gains of a model between its limits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Gains {
    pub model: GainCurve,
    /// Customers sorted by what actually happened.
    pub perfect: GainCurve,
    /// Customers sorted by a rival's prediction, usually past spend.
    pub rival: Option<GainCurve>,
}

impl Gains {
    /// `None` unless the total value is positive.
    #[must_use]
    pub fn new(scored: Scored<'_>, rival: Option<&[f64]>) -> Option<Self> {
        let actual = scored.actual();
        let curve = |scores: &[f64]| GainCurve::new(&Ranking::by(scores), actual);
        Some(Self {
            model: curve(scored.predicted())?,
            perfect: curve(actual)?,
            rival: rival
                .filter(|rival| rival.len() == actual.len())
                .and_then(curve),
        })
    }
}

/// Gini coefficient of a ranking: twice the area between its gain curve and the diagonal.
///
/// With cumulative shares c₁ … cₙ it is 2 · Σ cᵢ / n − 1 − 1/n; `google/lifetime_value` leaves the last
/// term out (its "random" is then 1/n instead of 0). `None` unless the total value is positive.
#[must_use]
pub fn gini(ranking: &Ranking, values: &[f64], weights: Option<&[u32]>) -> Option<f64> {
    let (area, total) = ranking.area(values, weights);
    if total.value <= 0.0 {
        return None;
    }
    ratio(2.0 * area, total.customers * total.value).map(|doubled| doubled - 1.0)
}

/// Normalised Gini: (model − random) ÷ (perfect − random), so 1 is perfect and 0 is chance.
///
/// For a 0/1 target it is 2 · AUC − 1. `None` when the total value is not positive or every customer
/// has the same value.
#[must_use]
pub fn gini_normalised(
    ranking: &Ranking,
    perfect: &Ranking,
    values: &[f64],
    weights: Option<&[u32]>,
) -> Option<f64> {
    let best = gini(perfect, values, weights)?;
    if best <= f64::EPSILON {
        return None;
    }
    ratio(gini(ranking, values, weights)?, best)
}

/// Share of the value held by the best `depth` of the customers. `None` unless the total is positive.
#[must_use]
pub fn gain(ranking: &Ranking, values: &[f64], weights: Option<&[u32]>, depth: f64) -> Option<f64> {
    let (captured, total) = ranking.captured(values, weights, depth);
    if total.value > 0.0 {
        ratio(captured, total.value)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} instead of {expected}"
        );
    }

    #[test]
    fn gini_agrees_with_the_formula_of_lifetime_value_less_its_chance_level() {
        let actual = [0.0, 10.0, 5.0, 0.0, 85.0];
        let predicted = [3.0, 2.0, 1.0, 0.5, 9.0];
        // Sorted by prediction: 85, 0, 10, 5, 0 → cumulative shares .85 .85 .95 1 1, sum 4.65.
        // Perfect: 85, 10, 5, 0, 0 → .85 .95 1 1 1, sum 4.80.
        let (ranking, perfect) = (Ranking::by(&predicted), Ranking::by(&actual));
        close(gini(&ranking, &actual, None), 2.0 * 4.65 / 5.0 - 1.0 - 0.2);
        close(gini(&perfect, &actual, None), 2.0 * 4.80 / 5.0 - 1.0 - 0.2);
        close(
            gini_normalised(&ranking, &perfect, &actual, None),
            0.66 / 0.72,
        );
        close(gain(&ranking, &actual, None, 0.2), 0.85);
        close(gain(&ranking, &actual, None, 0.5), 0.90);
    }

    #[test]
    fn weights_count_customers() {
        let actual = [4.0, 0.0, 2.0];
        let ranking = Ranking::by(&[1.0, 3.0, 2.0]);
        let twice: Vec<f64> = vec![4.0, 4.0, 2.0];
        let spread = Ranking::by(&[1.0, 1.0, 2.0]);
        assert_eq!(
            gini(&ranking, &actual, Some(&[2, 0, 1])),
            gini(&spread, &twice, None)
        );
    }

    #[test]
    fn ties_are_worth_their_mean() {
        let actual = [10.0, 0.0];
        let tied = Ranking::by(&[1.0, 1.0]);
        close(gini(&tied, &actual, None), 0.0);
        let curve = GainCurve::new(&tied, &actual).unwrap();
        assert!((curve.at(0.1234) - 0.1234).abs() < 1e-12);
    }

    #[test]
    fn nothing_sold_has_no_gain() {
        let scored = Scored::new(&[0.0, 0.0], &[1.0, 2.0]).unwrap();
        assert_eq!(Gains::new(scored, None), None);
        assert_eq!(gini(&Ranking::by(&[1.0, 2.0]), &[-1.0, 0.0], None), None);
        let ranking = Ranking::by(&[1.0, 2.0]);
        assert_eq!(gini_normalised(&ranking, &ranking, &[3.0, 3.0], None), None);
    }

    #[test]
    fn curves_meet_the_exact_gains() {
        let actual: Vec<f64> = (0..4000).map(|i| f64::from(i % 7)).collect();
        let predicted: Vec<f64> = (0..4000).map(|i| f64::from(i % 11)).collect();
        let ranking = Ranking::by(&predicted);
        let curve = GainCurve::new(&ranking, &actual).unwrap();
        for depth in [0.0, 0.001, 0.1, 0.25, 0.5, 0.999, 1.0] {
            let exact = gain(&ranking, &actual, None, depth).unwrap();
            assert!((curve.at(depth) - exact).abs() < 1e-9, "at {depth}");
        }
        let points: Vec<_> = curve.points().collect();
        assert_eq!((points[0], points[1000]), ([0.0, 0.0], [1.0, 1.0]));
    }
}
