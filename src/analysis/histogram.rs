//! Histograms with bins people can read: widths of 1, 2 or 5 times a power of ten.

use super::numeric::quantile;

/// Counts in bins of equal width: bin *i* holds values from `start + i · width` up to, and not
/// including, the start of the next one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    pub start: f64,
    pub width: f64,
    pub counts: Vec<u64>,
    /// Whether the last bin also holds everything above it ("or more").
    pub tail: bool,
}

/// A histogram of about `bins` bins that shows the lower 99 % in full and gathers a long tail in the
/// last bin. `whole` asks for widths of at least 1, for counts and days. `None` without values.
#[must_use]
pub fn histogram(values: &[f64], bins: usize, whole: bool) -> Option<Histogram> {
    let mut sorted: Vec<f64> = values
        .iter()
        .copied()
        .filter(|value| value.is_finite())
        .collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let (low, high) = (*sorted.first()?, *sorted.last()?);
    let usual = quantile(&sorted, 0.99)?;
    let width = nice_step((usual - low) / bins.max(1) as f64).max(if whole { 1.0 } else { 0.0 });
    let start = (low / width).floor() * width;
    let needed = |to: f64| ((to - start) / width).floor() as usize + 1;
    let count = needed(usual).min(needed(high));
    let mut counts = vec![0; count];
    for value in sorted {
        let bin = ((value - start) / width).floor() as usize;
        counts[bin.min(count - 1)] += 1;
    }
    let tail = needed(high) > count;
    Some(Histogram {
        start,
        width,
        counts,
        tail,
    })
}

/// The next of 1, 2, 5, 10, 20… (times any power of ten) at or above `raw`; 1 for no width at all.
fn nice_step(raw: f64) -> f64 {
    if raw <= 0.0 || !raw.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(raw.log10().floor());
    let steps = [1.0, 2.0, 5.0, 10.0];
    steps
        .into_iter()
        .map(|step| step * power)
        .find(|&step| step >= raw * (1.0 - 1e-9))
        .unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_round_and_hold_everything() {
        let values: Vec<f64> = (1..=100).map(f64::from).collect();
        let histogram = histogram(&values, 10, true);
        // 98.01 ÷ 10 → width 10; 1…9 in the first bin, the 100 in the last one.
        let expected = Histogram {
            start: 0.0,
            width: 10.0,
            counts: vec![9, 10, 10, 10, 10, 10, 10, 10, 10, 11],
            tail: true,
        };
        assert_eq!(histogram, Some(expected));
    }

    #[test]
    fn one_value_and_none() {
        assert_eq!(histogram(&[], 10, false), None);
        let one = histogram(&[7.5, 7.5], 10, false);
        assert_eq!(
            one.map(|one| (one.start, one.counts, one.tail)),
            Some((7.0, vec![2], false))
        );
    }

    #[test]
    fn steps_are_one_two_five() {
        let steps = [0.03, 0.1, 1.2, 2.0, 4.9, 7.0].map(nice_step);
        let expected = [0.05, 0.1, 2.0, 2.0, 5.0, 10.0];
        assert!(
            steps
                .iter()
                .zip(expected)
                .all(|(step, expected)| (step - expected).abs() < 1e-12)
        );
    }
}
