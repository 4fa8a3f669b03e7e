//! Bootstrap intervals: how much a metric would differ had other customers of the same kind come.
//!
//! Customers are drawn with replacement (Efron 1979) and every metric is computed on the same draws,
//! so that the difference to a rival is a paired one. A replicate is a count per customer: rankings are
//! sorted once and every replicate is a walk along them.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    Classified, EvaluationError, Scored,
    classes::losses,
    gains::{gain, gini_normalised},
    random::Draws,
    ranking::Ranking,
    ratio,
};
use base::monitor::{Cancelled, Monitor};

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resampling {
    pub replicates: usize,
    /// Confidence level of the intervals, such as 0.95.
    pub level: f64,
    pub seed: u64,
}

impl Default for Resampling {
    fn default() -> Self {
        Self {
            replicates: 500,
            level: 0.95,
            seed: 1,
        }
    }
}

impl Resampling {
    /// Fewer replicates for very many customers, whose intervals are narrow anyway: at most about
    /// 10⁸ draws in all, but no fewer than 100 replicates.
    #[must_use]
    pub fn for_customers(self, customers: usize) -> Self {
        let affordable = 100_000_000 / customers.max(1);
        Self {
            replicates: self.replicates.min(affordable.max(100)),
            ..self
        }
    }
}

/// A metric with its interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// On the customers as they are.
    pub estimate: f64,
    pub low: f64,
    pub high: f64,
}

impl Interval {
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// Percentile intervals of `M` statistics of `n` customers. `statistics` gets how often each customer
/// was drawn and answers `None` where a statistic is not defined; the same draws serve all of them.
/// A statistic has an interval when it is defined for the customers as they are and in at least half
/// of the replicates.
///
/// # Errors
/// [`Cancelled`].
pub fn intervals<const M: usize>(
    n: usize,
    resampling: Resampling,
    monitor: &Monitor,
    statistics: impl Fn(Option<&[u32]>) -> [Option<f64>; M] + Sync,
) -> Result<[Option<Interval>; M], Cancelled> {
    let estimates = statistics(None);
    let replicates: Vec<[Option<f64>; M]> = (0..resampling.replicates as u64)
        .into_par_iter()
        .map_init(
            || vec![0u32; n],
            |weights, replicate| {
                monitor.check()?;
                weights.fill(0);
                let mut draws = Draws::new(resampling.seed, replicate);
                for _ in 0..n {
                    weights[draws.below(n)] += 1;
                }
                Ok(statistics(Some(weights)))
            },
        )
        .collect::<Result<_, Cancelled>>()?;
    let tail = (1.0 - resampling.level) / 2.0;
    Ok(std::array::from_fn(|at| {
        let mut values: Vec<f64> = replicates.iter().filter_map(|values| values[at]).collect();
        if values.len() * 2 < replicates.len().max(1) {
            return None;
        }
        values.sort_unstable_by(f64::total_cmp);
        let estimate = estimates[at]?;
        // Percentiles of a skewed statistic can miss the estimate itself; the interval is widened to
        // hold it, never narrowed.
        Some(Interval {
            estimate,
            low: percentile(&values, tail).min(estimate),
            high: percentile(&values, 1.0 - tail).max(estimate),
        })
    }))
}

/// Percentile of sorted values, linear between ranks; they must not be empty.
fn percentile(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (below, above) = (place.floor() as usize, place.ceil() as usize);
    sorted[below] + (place - below as f64) * (sorted[above] - sorted[below])
}

/// How a ranking compares with the best naive one, with intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RankingIntervals {
    pub gini_normalised: Option<Interval>,
    pub gain_10: Option<Interval>,
    pub gain_20: Option<Interval>,
    /// Normalised Gini less the rival's.
    pub gini_difference: Option<Interval>,
    /// Gain at 20 % less the rival's.
    pub gain_20_difference: Option<Interval>,
    /// The rival's normalised Gini.
    pub rival_gini: Option<Interval>,
}

/// Intervals of the ranking metrics of a model, and of their difference to a rival's.
///
/// # Errors
/// [`EvaluationError::Cancelled`], or a rival with another number of customers.
pub fn ranking_intervals(
    scored: Scored<'_>,
    rival: Option<&[f64]>,
    resampling: Resampling,
    monitor: &Monitor,
) -> Result<RankingIntervals, EvaluationError> {
    let actual = scored.actual();
    if let Some(rival) = rival {
        Scored::new(actual, rival)?;
    }
    let (model, perfect) = (Ranking::by(scored.predicted()), Ranking::by(actual));
    let rival = rival.map(Ranking::by);
    let statistics = |weights: Option<&[u32]>| {
        let normalised = |ranking: &Ranking| gini_normalised(ranking, &perfect, actual, weights);
        let captured = |ranking: &Ranking, depth| gain(ranking, actual, weights, depth);
        let rival = rival.as_ref();
        let (gini, gain_20) = (normalised(&model), captured(&model, 0.2));
        let theirs = rival.and_then(normalised);
        let less = |own: Option<f64>, theirs: Option<f64>| Some(own? - theirs?);
        [
            gini,
            captured(&model, 0.1),
            gain_20,
            less(gini, theirs),
            less(gain_20, rival.and_then(|rival| captured(rival, 0.2))),
            theirs,
        ]
    };
    let resampling = resampling.for_customers(scored.len());
    let [
        gini_normalised,
        gain_10,
        gain_20,
        gini_difference,
        gain_20_difference,
        rival_gini,
    ] = intervals(scored.len(), resampling, monitor, statistics)?;
    Ok(RankingIntervals {
        gini_normalised,
        gain_10,
        gain_20,
        gini_difference,
        gain_20_difference,
        rival_gini,
    })
}

/// How much of the uncertainty of an event is explained, with intervals.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SkillIntervals {
    /// 1 − log-loss ÷ log-loss of the reference.
    pub skill: Option<Interval>,
    pub rival_skill: Option<Interval>,
    /// Skill less the rival's.
    pub difference: Option<Interval>,
}

/// Intervals of the log-loss skill of probabilities, and of its difference to a rival's. `reference`
/// is the same chance for all, learned where the model was; its log-loss is that of skill 0.
///
/// # Errors
/// [`EvaluationError`] for a rival with another number of customers or no probabilities, or on
/// cancellation.
pub fn skill_intervals(
    classified: Classified<'_>,
    reference: f64,
    rival: Option<&[f64]>,
    resampling: Resampling,
    monitor: &Monitor,
) -> Result<SkillIntervals, EvaluationError> {
    let labels = classified.scored().actual();
    let constant = vec![reference; labels.len()];
    let model = losses(classified);
    let nothing = losses(Classified::new(labels, &constant)?);
    let rival = rival.map(|rival| Classified::new(labels, rival).map(losses));
    let rival = rival.transpose()?;
    let sum = |each: &[f64], weights: Option<&[u32]>| -> f64 {
        match weights {
            None => each.iter().sum(),
            Some(weights) => {
                let pairs = each.iter().zip(weights);
                pairs.map(|(loss, &weight)| loss * f64::from(weight)).sum()
            }
        }
    };
    let statistics = |weights: Option<&[u32]>| {
        let none = sum(&nothing, weights);
        let skill = |each: &Vec<f64>| ratio(none - sum(each, weights), none);
        let (own, theirs) = (skill(&model), rival.as_ref().and_then(skill));
        [
            own,
            theirs,
            own.zip(theirs).map(|(own, theirs)| own - theirs),
        ]
    };
    let resampling = resampling.for_customers(labels.len());
    let [skill, rival_skill, difference] =
        intervals(labels.len(), resampling, monitor, statistics)?;
    Ok(SkillIntervals {
        skill,
        rival_skill,
        difference,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::monitor::Cancel;

    fn resampling(replicates: usize) -> Resampling {
        Resampling {
            replicates,
            level: 0.95,
            seed: 11,
        }
    }

    #[test]
    fn the_interval_of_a_mean_has_the_width_theory_says() {
        let mut draws = Draws::new(5, 5);
        let values: Vec<f64> = (0..2000).map(|_| draws.uniform()).collect();
        let mean = |weights: Option<&[u32]>| {
            let sum: f64 = match weights {
                None => values.iter().sum(),
                Some(weights) => values
                    .iter()
                    .zip(weights)
                    .map(|(value, &w)| value * f64::from(w))
                    .sum(),
            };
            [Some(sum / 2000.0)]
        };
        let [interval] = intervals(2000, resampling(2000), &Monitor::silent(), mean).unwrap();
        let interval = interval.unwrap();
        // SD of the mean of 2,000 uniform draws: √(1/12/2000); 95 %: ± 1.96 SD.
        let half = 1.96 * (1.0f64 / 12.0 / 2000.0).sqrt();
        assert!(
            ((interval.high - interval.low) / (2.0 * half) - 1.0).abs() < 0.08,
            "{interval:?}"
        );
        assert!(interval.contains(interval.estimate) && interval.contains(0.5));
    }

    /// A model that knows the value next to one that knows nothing.
    #[test]
    fn a_better_ranking_differs_and_an_equal_one_does_not() {
        let mut draws = Draws::new(1, 0);
        let actual: Vec<f64> = (0..3000).map(|_| -draws.uniform().ln()).collect();
        let noise: Vec<f64> = (0..3000).map(|_| draws.uniform()).collect();
        let good: Vec<f64> = actual.iter().zip(&noise).map(|(a, n)| a + n).collect();
        let scored = Scored::new(&actual, &good).unwrap();
        let found = |rival: &[f64]| {
            ranking_intervals(scored, Some(rival), resampling(200), &Monitor::silent()).unwrap()
        };
        let against_noise = found(&noise);
        assert!(against_noise.gini_difference.unwrap().low > 0.5);
        assert!(against_noise.gain_20_difference.unwrap().low > 0.1);
        let against_itself = found(&good).gini_difference.unwrap();
        assert_eq!((against_itself.low, against_itself.high), (0.0, 0.0));
        let chance = Scored::new(&actual, &noise).unwrap();
        let chance = ranking_intervals(chance, None, resampling(200), &Monitor::silent()).unwrap();
        assert!(chance.gini_normalised.unwrap().contains(0.0), "{chance:?}");
        assert_eq!(chance.gini_difference, None);
    }

    #[test]
    fn threads_do_not_matter_and_cancel_is_heard() {
        let actual: Vec<f64> = (0..500).map(|i| f64::from(i % 9)).collect();
        let predicted: Vec<f64> = (0..500).map(|i| f64::from(i % 31)).collect();
        let scored = Scored::new(&actual, &predicted).unwrap();
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap();
            pool.install(|| ranking_intervals(scored, None, resampling(50), &Monitor::silent()))
        };
        assert_eq!(run(1).unwrap(), run(3).unwrap());
        let cancel = Cancel::default();
        cancel.cancel();
        let stopped =
            ranking_intervals(scored, None, resampling(50), &Monitor::new(cancel, |_| {}));
        assert_eq!(stopped.unwrap_err(), EvaluationError::Cancelled(Cancelled));
    }

    #[test]
    fn percentiles_lie_between_ranks() {
        assert_eq!(percentile(&[1.0, 2.0, 4.0], 0.75), 3.0);
        assert_eq!(percentile(&[7.0], 0.025), 7.0);
        assert_eq!(
            Resampling::default().for_customers(10_000_000).replicates,
            100
        );
    }
}
