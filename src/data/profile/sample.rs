//! A fair sample of numbers in bounded memory.

use super::{MAX_SAMPLE, count::mix};

/// All numbers, or, beyond [`MAX_SAMPLE`], each with the same chance. Which ones is decided by a hash
/// of their position, so that the sample is the same in every run and no period of the file shows.
#[derive(Default)]
pub(super) struct Sample {
    values: Vec<f64>,
    seen: u64,
    /// A value enters when these bits of its hash are zero.
    mask: u64,
}

impl Sample {
    #[inline]
    pub fn push(&mut self, value: f64) {
        self.seen += 1;
        if mix(self.seen) & self.mask != 0 {
            return;
        }
        if self.values.len() == MAX_SAMPLE {
            self.halve();
        }
        self.values.push(value);
    }

    fn halve(&mut self) {
        self.mask = self.mask << 1 | 1;
        let (round, mut at) = (self.mask << 32, 0_u64);
        self.values.retain(|_| {
            at += 1;
            mix(at ^ round) & 1 == 0
        });
    }

    /// Whether some values were left out.
    pub fn is_partial(&self) -> bool {
        self.mask != 0
    }

    /// The values kept.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_of_a_periodic_column_is_fair() {
        let mut sample = Sample::default();
        let rows = 5 * MAX_SAMPLE;
        for row in 0..rows {
            sample.push((row % 2) as f64);
        }
        assert!(sample.is_partial());
        assert!(sample.values().len() > MAX_SAMPLE / 4 && sample.values().len() <= MAX_SAMPLE);
        let mean = sample.values().iter().sum::<f64>() / sample.values().len() as f64;
        // Four standard errors of a fair coin thrown that often.
        let tolerance = 4.0 * 0.5 / (sample.values().len() as f64).sqrt();
        assert!((mean - 0.5).abs() < tolerance, "{mean}");
    }
}
