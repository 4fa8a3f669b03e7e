//! What is predicted of each segment: sums and means of a prediction over its customers.

use rayon::prelude::*;

use super::{
    numeric::{CHUNK, settle},
    rules::NO_SEGMENT,
};

/// What is predicted of the customers of one segment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// Customers of whom a value is predicted.
    pub told: u64,
    /// Sum of their predicted values.
    pub value: f64,
    /// Customers of whom P(alive) is known, and the sum of it.
    alive_told: u64,
    alive: f64,
}

impl Expected {
    /// Mean predicted value; `None` without a prediction.
    #[must_use]
    pub fn mean(&self) -> Option<f64> {
        (self.told > 0).then(|| self.value / self.told as f64)
    }

    /// Mean P(alive), 0…1; `None` where nobody's is known.
    #[must_use]
    pub fn p_alive(&self) -> Option<f64> {
        (self.alive_told > 0).then(|| self.alive / self.alive_told as f64)
    }

    fn add(&mut self, value: Option<f64>, alive: Option<f64>) {
        if let Some(value) = value.filter(|value| !value.is_nan()) {
            self.told += 1;
            self.value += value;
        }
        if let Some(alive) = alive.filter(|alive| !alive.is_nan()) {
            self.alive_told += 1;
            self.alive += alive;
        }
    }

    fn join(&mut self, other: &Self) {
        self.told += other.told;
        self.value += other.value;
        self.alive_told += other.alive_told;
        self.alive += other.alive;
    }
}

/// Adds predictions up by segment: `segment` is everybody's number or [`NO_SEGMENT`], `value` and `alive`
/// everybody's predicted value and P(alive), not a number where there is none; either may be empty.
#[must_use]
pub fn expected(segment: &[u8], segments: usize, value: &[f64], alive: &[f64]) -> Vec<Expected> {
    let parts: Vec<Vec<Expected>> = segment
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(chunk, segment)| {
            let mut sums = vec![Expected::default(); segments];
            for (slot, &number) in segment.iter().enumerate() {
                let row = chunk * CHUNK + slot;
                if number != NO_SEGMENT
                    && let Some(sum) = sums.get_mut(usize::from(number))
                {
                    sum.add(value.get(row).copied(), alive.get(row).copied());
                }
            }
            sums
        })
        .collect();
    // Chunks are joined in their order: the same sums on any number of threads.
    let mut sums = vec![Expected::default(); segments];
    for part in &parts {
        sums.iter_mut()
            .zip(part)
            .for_each(|(sum, part)| sum.join(part));
    }
    for sum in &mut sums {
        sum.value = settle(sum.value);
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_and_means_are_over_those_of_whom_something_is_said() {
        let segment = [0, 1, 0, NO_SEGMENT, 0];
        let value = [10.0, 5.0, f64::NAN, 99.0, 2.5];
        let alive = [0.5, f64::NAN, 1.0, 0.9, 0.75];
        let sums = expected(&segment, 3, &value, &alive);
        assert_eq!(
            (sums[0].told, sums[0].value, sums[0].mean()),
            (2, 12.5, Some(6.25))
        );
        assert_eq!(sums[0].p_alive(), Some(0.75));
        assert_eq!((sums[1].mean(), sums[1].p_alive()), (Some(5.0), None));
        assert_eq!((sums[2].told, sums[2].mean()), (0, None));
        assert_eq!(expected(&segment, 1, &value, &[])[0].p_alive(), None);
    }
}
