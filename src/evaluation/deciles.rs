//! The decile chart: customers in ten groups by prediction, predicted against actual value.

use serde::{Deserialize, Serialize};

use super::{Scored, mean, random::Draws, ratio};

/// One group of the ranking.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decile {
    /// 1 = highest predictions.
    pub number: usize,
    pub customers: usize,
    pub mean_predicted: f64,
    pub mean_actual: f64,
    /// Lowest and highest prediction in it.
    pub range: (f64, f64),
    /// |mean predicted − mean actual| ÷ mean actual; `None` where the actual mean is 0: no relative
    /// error is defined there, and infinity would hide the other groups.
    pub relative_error: Option<f64>,
    /// Mean actual ÷ mean actual of everyone; `None` when that is 0.
    pub lift: Option<f64>,
}

/// Rows in `groups` groups of equal size by prediction, highest first; equal predictions in an order
/// drawn from `seed`. With fewer rows than groups each is a group.
pub(crate) fn by_prediction(predicted: &[f64], groups: usize, seed: u64) -> Vec<Vec<u32>> {
    let n = predicted.len();
    let mut order: Vec<u32> = (0..n as u32).collect();
    Draws::new(seed, 0).shuffle(&mut order);
    // A stable sort keeps the drawn order among equals.
    order.sort_by(|&a, &b| predicted[b as usize].total_cmp(&predicted[a as usize]));
    let groups = groups.clamp(1, n.max(1));
    (0..groups)
        .map(|group| order[group * n / groups..(group + 1) * n / groups].to_vec())
        .collect()
}

/// Customers in groups of equal size by prediction, highest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecileChart {
    pub deciles: Vec<Decile>,
    /// Mean of the relative errors that are defined.
    pub mape: Option<f64>,
    /// Groups left out of it because nobody in them bought.
    pub left_out: usize,
    /// Decided which of the customers with equal predictions went into which group.
    pub seed: u64,
}

impl DecileChart {
    /// Sorts into `groups` groups; equal predictions are put in an order drawn from `seed`. With fewer
    /// customers than groups each customer is a group.
    #[must_use]
    pub fn new(scored: Scored<'_>, groups: usize, seed: u64) -> Self {
        let (actual, predicted) = (scored.actual(), scored.predicted());
        let overall = mean(actual.iter().copied()).unwrap_or(0.0);
        let deciles: Vec<Decile> = by_prediction(predicted, groups, seed)
            .iter()
            .enumerate()
            .map(|(group, rows)| {
                let of = |values: &[f64]| {
                    rows.iter().map(|&row| values[row as usize]).sum::<f64>() / rows.len() as f64
                };
                let (mean_predicted, mean_actual) = (of(predicted), of(actual));
                let bound = |row: Option<&u32>| row.map_or(0.0, |&row| predicted[row as usize]);
                Decile {
                    number: group + 1,
                    customers: rows.len(),
                    mean_predicted,
                    mean_actual,
                    range: (bound(rows.last()), bound(rows.first())),
                    relative_error: ratio((mean_predicted - mean_actual).abs(), mean_actual.abs()),
                    lift: ratio(mean_actual, overall),
                }
            })
            .collect();
        let errors: Vec<f64> = deciles.iter().filter_map(|d| d.relative_error).collect();
        Self {
            mape: mean(errors.iter().copied()),
            left_out: deciles.len() - errors.len(),
            deciles,
            seed,
        }
    }

    /// Lift of the first group: how many times the average its customers brought.
    #[must_use]
    pub fn top_lift(&self) -> Option<f64> {
        self.deciles.first().and_then(|decile| decile.lift)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_by_hand() {
        let actual = [0.0, 0.0, 6.0, 10.0, 1.0, 3.0];
        let predicted = [0.1, 0.2, 4.0, 12.0, 2.0, 3.0];
        let chart = DecileChart::new(Scored::new(&actual, &predicted).unwrap(), 3, 1);
        let means: Vec<_> = chart
            .deciles
            .iter()
            .map(|d| (d.mean_predicted, d.mean_actual))
            .collect();
        assert_eq!(
            (means[0], means[1], means[2].1),
            ((8.0, 8.0), (2.5, 2.0), 0.0)
        );
        assert_eq!(chart.deciles[1].range, (2.0, 3.0));
        assert_eq!(chart.deciles[2].relative_error, None, "nobody bought there");
        assert_eq!((chart.mape, chart.left_out), (Some(0.125), 1));
        // 8 against an average of 20 / 6.
        assert!((chart.top_lift().unwrap() - 2.4).abs() < 1e-12);
    }

    #[test]
    fn sizes_differ_by_at_most_one_and_ties_follow_the_seed() {
        let actual: Vec<f64> = (0..103).map(f64::from).collect();
        let predicted = vec![1.0; 103];
        let chart = |seed| DecileChart::new(Scored::new(&actual, &predicted).unwrap(), 10, seed);
        let sizes: Vec<_> = chart(1).deciles.iter().map(|d| d.customers).collect();
        assert_eq!(sizes.iter().sum::<usize>(), 103);
        assert!(sizes.iter().all(|size| (10..=11).contains(size)));
        assert_eq!(chart(1), chart(1));
        assert_ne!(
            chart(1).deciles[0].mean_actual,
            chart(2).deciles[0].mean_actual
        );
        // The order of the rows decides nothing: no group of the tied customers is the first rows.
        assert!(chart(1).deciles[0].mean_actual > 10.0);
    }
}
