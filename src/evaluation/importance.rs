//! What predictions hang on: permutation importance and partial effects, for anything that predicts
//! from columns.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{mean, random::Draws};
use base::monitor::{Cancelled, Monitor};

/// How much a metric falls when one input is shuffled among the customers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Importance {
    /// Number of the input.
    pub feature: usize,
    /// Mean fall of the metric; near 0: not needed, or another input says the same.
    pub fall: f64,
    /// Sample standard deviation over the repeats.
    pub sd: f64,
}

/// What to shuffle and how often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permutation {
    pub repeats: usize,
    /// At most this many customers, drawn by the seed, are predicted for.
    pub max_customers: usize,
    pub seed: u64,
}

impl Default for Permutation {
    fn default() -> Self {
        Self {
            repeats: 5,
            max_customers: 20_000,
            seed: 1,
        }
    }
}

/// Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019) on customers the model has
/// not seen, largest first. `columns` hold one value per customer each; `predict` takes columns of
/// the same kind; `score` takes actual and predicted and is better when higher, `None` where it is not
/// defined (such a shuffle counts as no fall).
///
/// # Errors
/// [`Cancelled`].
pub fn permutation(
    columns: &[&[f64]],
    actual: &[f64],
    (settings, monitor): (Permutation, &Monitor),
    predict: impl Fn(&[&[f64]]) -> Vec<f64> + Sync,
    score: impl Fn(&[f64], &[f64]) -> Option<f64> + Sync,
) -> Result<Vec<Importance>, Cancelled> {
    let rows = Draws::new(settings.seed, 0).sample(actual.len(), settings.max_customers);
    let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<f64>>();
    let actual = pick(actual);
    let columns: Vec<Vec<f64>> = columns.iter().map(|column| pick(column)).collect();
    let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let Some(whole) = score(&actual, &predict(&views)) else {
        return Ok(Vec::new());
    };
    let repeats = settings.repeats.max(1);
    let fall = |feature: usize| {
        let falls = (0..repeats).map(|repeat| {
            monitor.check()?;
            let stream = 1 + (feature * repeats + repeat) as u64;
            let mut shuffled = columns[feature].clone();
            Draws::new(settings.seed, stream).shuffle(&mut shuffled);
            let mut views = views.clone();
            views[feature] = &shuffled;
            Ok(score(&actual, &predict(&views)).map_or(0.0, |score| whole - score))
        });
        let falls = falls.collect::<Result<Vec<f64>, Cancelled>>()?;
        Ok(summary(feature, &falls))
    };
    let falls: Result<Vec<Importance>, Cancelled> =
        (0..columns.len()).into_par_iter().map(fall).collect();
    let mut falls = falls?;
    falls.sort_by(|one, other| {
        other
            .fall
            .total_cmp(&one.fall)
            .then(one.feature.cmp(&other.feature))
    });
    Ok(falls)
}

fn summary(feature: usize, falls: &[f64]) -> Importance {
    let middle = mean(falls.iter().copied()).unwrap_or(0.0);
    let squares: f64 = falls.iter().map(|fall| (fall - middle).powi(2)).sum();
    let free = falls.len().saturating_sub(1).max(1) as f64;
    Importance {
        feature,
        fall: middle,
        sd: (squares / free).sqrt(),
    }
}

/// The mean prediction as one input takes other values and all else stays as it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PartialEffect {
    /// Number of the input.
    pub feature: usize,
    pub points: Vec<EffectPoint>,
}

/// One value of the input.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EffectPoint {
    pub value: f64,
    /// Mean prediction of all customers sampled.
    pub mean: f64,
    /// 10th and 90th percentile of their predictions.
    pub low: f64,
    pub high: f64,
}

/// Partial effects (Friedman 2001) of one input at up to `grid` of its own quantiles, from the 1st to
/// the 99th percentile, over a seeded sample of `max_customers`. Empty when the input has no values.
#[must_use]
pub fn partial_effect(
    columns: &[&[f64]],
    feature: usize,
    (grid, max_customers): (usize, usize),
    seed: u64,
    predict: impl Fn(&[&[f64]]) -> Vec<f64> + Sync,
) -> PartialEffect {
    let Some(of) = columns.get(feature) else {
        return PartialEffect {
            feature,
            points: Vec::new(),
        };
    };
    let rows = Draws::new(seed, 0).sample(of.len(), max_customers);
    let columns: Vec<Vec<f64>> = columns
        .iter()
        .map(|column| rows.iter().map(|&row| column[row]).collect())
        .collect();
    let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let point = |&value: &f64| {
        let set = vec![value; rows.len()];
        let mut views = views.clone();
        views[feature] = &set;
        let mut predicted = predict(&views);
        predicted.sort_unstable_by(f64::total_cmp);
        let at = |share: f64| {
            let place = share * predicted.len().saturating_sub(1) as f64;
            predicted
                .get(place.round() as usize)
                .copied()
                .unwrap_or(0.0)
        };
        EffectPoint {
            value,
            low: at(0.1),
            high: at(0.9),
            mean: mean(predicted.iter().copied()).unwrap_or(0.0),
        }
    };
    let points = quantiles(&columns[feature], grid)
        .par_iter()
        .map(point)
        .collect();
    PartialEffect { feature, points }
}

/// Different values at even ranks from the 1st to the 99th percentile, ascending; missing left out.
fn quantiles(values: &[f64], grid: usize) -> Vec<f64> {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1) as f64;
    let steps = grid.max(2) - 1;
    let mut found: Vec<f64> = (0..=steps)
        .filter_map(|step| {
            let share = 0.01 + 0.98 * step as f64 / steps as f64;
            sorted.get((share * last).round() as usize).copied()
        })
        .collect();
    found.dedup();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// y = 3·a + b, and c is not used.
    fn predict(columns: &[&[f64]]) -> Vec<f64> {
        columns[0]
            .iter()
            .zip(columns[1])
            .map(|(a, b)| 3.0 * a + b)
            .collect()
    }

    fn columns() -> Vec<Vec<f64>> {
        let mut draws = Draws::new(3, 9);
        (0..3)
            .map(|_| (0..4000).map(|_| draws.uniform()).collect())
            .collect()
    }

    #[test]
    fn shuffling_costs_what_the_input_explains() {
        let columns = columns();
        let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let actual = predict(&views);
        let mse = |a: &[f64], p: &[f64]| {
            Some(-a.iter().zip(p).map(|(a, p)| (a - p).powi(2)).sum::<f64>() / a.len() as f64)
        };
        let settings = Permutation::default();
        let found = permutation(
            &views,
            &actual,
            (settings, &Monitor::silent()),
            predict,
            mse,
        )
        .unwrap();
        let order: Vec<_> = found.iter().map(|importance| importance.feature).collect();
        assert_eq!(order, [0, 1, 2]);
        // Shuffling x with coefficient k costs 2·k²·Var(x); Var of a uniform draw is 1/12.
        assert!((found[0].fall - 1.5).abs() < 0.05, "{found:?}");
        assert!((found[1].fall - 1.0 / 6.0).abs() < 0.01, "{found:?}");
        assert_eq!((found[2].fall, found[2].sd), (0.0, 0.0));
    }

    #[test]
    fn a_partial_effect_is_the_slope() {
        let columns = columns();
        let views: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let effect = partial_effect(&views, 0, (11, 1000), 1, predict);
        assert_eq!(effect.points.len(), 11);
        let (first, last) = (effect.points[0], effect.points[10]);
        let slope = (last.mean - first.mean) / (last.value - first.value);
        assert!((slope - 3.0).abs() < 1e-9, "{slope}");
        // The other part is uniform: its 10th to 90th percentile spans 0.8.
        assert!((first.high - first.low - 0.8).abs() < 0.05);
        let constant = [1.0; 5];
        let single = partial_effect(&[&constant, &constant], 0, (9, 100), 1, predict);
        assert_eq!(single.points.len(), 1);
        assert_eq!(single.points[0].mean, 4.0);
    }
}
