//! Judging probabilities of an event: ROC, precision–recall, confusion at any threshold.

use serde::{Deserialize, Serialize};

use super::{Classified, ranking::Ranking, ratio};

/// Probabilities are kept this far from 0 and 1 in the log-loss, as scikit-learn does for `f64`.
const CLIP: f64 = f64::EPSILON;
/// Points kept of a curve that is stored or drawn.
const CURVE_POINTS: usize = 400;

/// ROC-AUC: chance that a customer with the event is ranked above one without; ties count half.
/// `None` when one of the classes is empty. `weights` count customers, `None` once each.
#[must_use]
pub fn roc_auc(ranking: &Ranking, labels: &[f64], weights: Option<&[u32]>) -> Option<f64> {
    let (area, total) = ranking.area(labels, weights);
    let (positives, negatives) = (total.value, total.customers - total.value);
    // Taking the positives' own triangle out of the area under the gain curve leaves the pairs.
    ratio(area - positives * positives / 2.0, positives * negatives)
}

/// −log of the probability given to what happened, customer by customer.
#[must_use]
pub fn losses(classified: Classified<'_>) -> Vec<f64> {
    let loss = |(label, p): (bool, f64)| {
        let p = p.clamp(CLIP, 1.0 - CLIP);
        -(if label { p } else { 1.0 - p }).ln()
    };
    classified.pairs().map(loss).collect()
}

/// Mean −log of the probability given to what happened.
#[must_use]
pub fn log_loss(classified: Classified<'_>) -> f64 {
    losses(classified).iter().sum::<f64>() / classified.len() as f64
}

/// Brier score: mean (probability − event)².
#[must_use]
pub fn brier(classified: Classified<'_>) -> f64 {
    let pairs = classified.scored().pairs();
    pairs.map(|(y, p)| (p - y) * (p - y)).sum::<f64>() / classified.len() as f64
}

/// Expected calibration error over ten bins of equal width: Σ share of customers · |mean probability
/// − observed rate|.
#[must_use]
pub fn expected_calibration_error(classified: Classified<'_>) -> f64 {
    const BINS: usize = 10;
    let mut gaps = [0.0; BINS];
    for (y, p) in classified.scored().pairs() {
        // A bin holds its upper end, as in the definition of Guo et al. 2017.
        let bin = ((p * BINS as f64).ceil() as usize).clamp(1, BINS) - 1;
        gaps[bin] += p - y;
    }
    gaps.iter().map(|gap| gap.abs()).sum::<f64>() / classified.len() as f64
}

/// Counts at one threshold; "predicted" means a probability at or above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    pub true_positives: usize,
    pub false_positives: usize,
    pub true_negatives: usize,
    pub false_negatives: usize,
}

impl Confusion {
    #[must_use]
    pub fn customers(&self) -> usize {
        self.true_positives + self.false_positives + self.true_negatives + self.false_negatives
    }

    /// Customers with the event.
    #[must_use]
    pub fn positives(&self) -> usize {
        self.true_positives + self.false_negatives
    }

    /// Customers the event was predicted for.
    #[must_use]
    pub fn predicted(&self) -> usize {
        self.true_positives + self.false_positives
    }

    /// Share of customers put into the right class.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        (self.true_positives + self.true_negatives) as f64 / self.customers().max(1) as f64
    }

    /// Share of the predicted that have the event; `None` when nobody is predicted.
    #[must_use]
    pub fn precision(&self) -> Option<f64> {
        ratio(self.true_positives as f64, self.predicted() as f64)
    }

    /// Share of those with the event that are predicted; `None` when nobody has it.
    #[must_use]
    pub fn recall(&self) -> Option<f64> {
        ratio(self.true_positives as f64, self.positives() as f64)
    }

    /// F1 = 2·TP ÷ (2·TP + FP + FN); `None` when nobody has the event and nobody is predicted.
    #[must_use]
    pub fn f1(&self) -> Option<f64> {
        let hits = 2.0 * self.true_positives as f64;
        let misses = (self.false_positives + self.false_negatives) as f64;
        ratio(hits, hits + misses)
    }

    /// Share of the larger class: the accuracy of always saying the same.
    #[must_use]
    pub fn majority_share(&self) -> f64 {
        let positives = self.positives();
        positives.max(self.customers() - positives) as f64 / self.customers().max(1) as f64
    }
}

/// Counts at the end of one group of equal probabilities, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Cut {
    /// Threshold that predicts everyone up to here.
    probability: f64,
    customers: u32,
    positives: u32,
}

/// Everything a threshold decides, for any threshold in logarithmic time: the confusion matrix
/// follows a dragged line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Thresholds {
    cuts: Vec<Cut>,
}

impl Thresholds {
    #[must_use]
    pub fn new(classified: Classified<'_>) -> Self {
        let scored = classified.scored();
        let ranking = Ranking::by(scored.predicted());
        let firsts = ranking.groups().filter_map(|group| group.first());
        let sums = ranking.cumulative(scored.actual(), None);
        let cuts = firsts.zip(sums).map(|(&row, sum)| Cut {
            probability: scored.predicted()[row as usize],
            customers: sum.customers as u32,
            positives: sum.value as u32,
        });
        Self {
            cuts: cuts.collect(),
        }
    }

    fn total(&self) -> (usize, usize) {
        self.cuts.last().map_or((0, 0), |cut| {
            (cut.customers as usize, cut.positives as usize)
        })
    }

    /// Counts when everyone with at least this probability is predicted.
    #[must_use]
    pub fn confusion(&self, threshold: f64) -> Confusion {
        let at = self
            .cuts
            .partition_point(|cut| cut.probability >= threshold);
        self.confusion_of(at.checked_sub(1).map(|at| self.cuts[at]))
    }

    fn confusion_of(&self, cut: Option<Cut>) -> Confusion {
        let (customers, positives) = self.total();
        let (predicted, hits) = cut.map_or((0, 0), |cut| {
            (cut.customers as usize, cut.positives as usize)
        });
        Confusion {
            true_positives: hits,
            false_positives: predicted - hits,
            false_negatives: positives - hits,
            true_negatives: customers - positives - (predicted - hits),
        }
    }

    /// Threshold with the highest F1, and that F1; `None` when nobody has the event.
    #[must_use]
    pub fn best_f1(&self) -> Option<(f64, f64)> {
        let scores = self
            .cuts
            .iter()
            .filter_map(|&cut| Some((cut.probability, self.confusion_of(Some(cut)).f1()?)));
        scores
            .filter(|_| self.total().1 > 0)
            .max_by(|one, other| one.1.total_cmp(&other.1))
    }

    /// Points (false positive rate, true positive rate) from (0, 0) to (1, 1); empty when one of the
    /// classes is.
    #[must_use]
    pub fn roc(&self) -> Vec<[f64; 2]> {
        let (customers, positives) = self.total();
        let negatives = customers - positives;
        if positives == 0 || negatives == 0 {
            return Vec::new();
        }
        let point = |cut: &Cut| {
            let misses = f64::from(cut.customers - cut.positives);
            [
                misses / negatives as f64,
                f64::from(cut.positives) / positives as f64,
            ]
        };
        let mut points = vec![[0.0, 0.0]];
        points.extend(self.thinned(CURVE_POINTS).map(point));
        points
    }

    /// Points (recall, precision), highest threshold first; empty when nobody has the event.
    #[must_use]
    pub fn precision_recall(&self) -> Vec<[f64; 2]> {
        let positives = f64::from(self.total().1 as u32);
        if positives == 0.0 {
            return Vec::new();
        }
        let point = |cut: &Cut| {
            let hits = f64::from(cut.positives);
            [hits / positives, hits / f64::from(cut.customers)]
        };
        self.thinned(CURVE_POINTS).map(point).collect()
    }

    /// PR-AUC as average precision: Σ (step in recall) · precision. `None` when nobody has the event.
    #[must_use]
    pub fn average_precision(&self) -> Option<f64> {
        let positives = self.total().1 as f64;
        let (mut sum, mut before) = (0.0, 0.0);
        for cut in &self.cuts {
            let hits = f64::from(cut.positives);
            sum += (hits - before) * hits / f64::from(cut.customers);
            before = hits;
        }
        ratio(sum, positives)
    }

    /// The same with about `count` thresholds at even steps of customers: small enough to store, and
    /// still exact at each of them.
    #[must_use]
    pub fn thinned_to(&self, count: usize) -> Self {
        Self {
            cuts: self.thinned(count).copied().collect(),
        }
    }

    /// Every cut of a short list; of a long one the cuts at even steps of customers, always the last.
    fn thinned(&self, count: usize) -> impl Iterator<Item = &Cut> {
        let step = self.total().0.div_ceil(count.max(1)).max(1) as u32;
        let last = self.cuts.len().saturating_sub(1);
        let all = self.cuts.len() <= count;
        let mut next = 0;
        self.cuts.iter().enumerate().filter_map(move |(at, cut)| {
            let keep = all || cut.customers >= next || at == last;
            if keep {
                next = cut.customers + step;
            }
            keep.then_some(cut)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LABELS: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0];
    const PROBABILITIES: [f64; 10] = [0.05, 0.4, 0.4, 0.3, 0.8, 0.55, 0.6, 0.95, 0.4, 0.1];

    fn classified() -> Classified<'static> {
        Classified::new(&LABELS, &PROBABILITIES).unwrap()
    }

    fn close(found: f64, expected: f64) {
        assert!(
            (found - expected).abs() < 1e-12,
            "{found} instead of {expected}"
        );
    }

    /// Expected: scikit-learn 1.9.1 (`roc_auc_score`, `average_precision_score`, `log_loss`,
    /// `brier_score_loss`, `precision_score`, `recall_score`, `f1_score`).
    #[test]
    fn agrees_with_scikit_learn() {
        let thresholds = Thresholds::new(classified());
        close(
            roc_auc(&Ranking::by(&PROBABILITIES), &LABELS, None).unwrap(),
            0.8400000000000001,
        );
        close(thresholds.average_precision().unwrap(), 0.8357142857142859);
        close(log_loss(classified()), 0.4645300419829946);
        close(brier(classified()), 0.15875);
        let at_half = thresholds.confusion(0.5);
        close(at_half.precision().unwrap(), 0.75);
        close(at_half.recall().unwrap(), 0.6);
        close(at_half.f1().unwrap(), 0.6666666666666666);
    }

    #[test]
    fn confusion_by_hand() {
        let thresholds = Thresholds::new(classified());
        let found = |threshold| {
            let c = thresholds.confusion(threshold);
            [
                c.true_positives,
                c.false_positives,
                c.true_negatives,
                c.false_negatives,
            ]
        };
        assert_eq!(found(0.5), [3, 1, 4, 2]);
        assert_eq!(
            found(0.4),
            [5, 2, 3, 0],
            "at the threshold counts as predicted"
        );
        assert_eq!(found(0.96), [0, 0, 5, 5]);
        assert_eq!(found(0.0), [5, 5, 0, 0]);
        let nobody = thresholds.confusion(1.0);
        assert_eq!((nobody.precision(), nobody.f1()), (None, Some(0.0)));
        assert_eq!((nobody.accuracy(), nobody.majority_share()), (0.5, 0.5));
        // TP 5, FP 2, FN 0: 10 / 12.
        let (threshold, f1) = thresholds.best_f1().unwrap();
        assert_eq!(threshold, 0.4);
        close(f1, 10.0 / 12.0);
    }

    #[test]
    fn calibration_error_by_hand() {
        let labels = [0.0, 1.0, 1.0, 0.0];
        let probabilities = [0.1, 0.05, 0.75, 0.8];
        // Bin (0, .1]: .15 − 1 = −.85; bin (.7, .8]: 1.55 − 1 = .55. (.85 + .55) / 4.
        let classified = Classified::new(&labels, &probabilities).unwrap();
        close(expected_calibration_error(classified), 0.35);
    }

    #[test]
    fn curves_end_where_they_must_and_one_class_has_none() {
        let thresholds = Thresholds::new(classified());
        let roc = thresholds.roc();
        assert_eq!((roc[0], roc[roc.len() - 1]), ([0.0, 0.0], [1.0, 1.0]));
        assert_eq!(thresholds.precision_recall().last(), Some(&[1.0, 0.5]));
        let one = Thresholds::new(Classified::new(&[0.0, 0.0], &[0.1, 0.2]).unwrap());
        assert_eq!((one.roc().len(), one.average_precision()), (0, None));
        assert_eq!(roc_auc(&Ranking::by(&[0.1, 0.2]), &[0.0, 0.0], None), None);
    }

    #[test]
    fn long_curves_are_thinned_but_keep_their_ends() {
        let labels: Vec<f64> = (0..5000).map(|i| f64::from(u8::from(i % 3 == 0))).collect();
        let probabilities: Vec<f64> = (0..5000).map(|i| f64::from(i) / 5000.0).collect();
        let roc = Thresholds::new(Classified::new(&labels, &probabilities).unwrap()).roc();
        assert!(roc.len() <= CURVE_POINTS + 2, "{}", roc.len());
        assert_eq!(roc[roc.len() - 1], [1.0, 1.0]);
    }
}
