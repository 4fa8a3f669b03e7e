//! Judging a choice among several classes, such as low, medium and high tiers.

use serde::{Deserialize, Serialize};

use super::{EvaluationError, ratio};

/// Actual class (row) by predicted class (column), in customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassMatrix {
    /// Names of the classes, lowest first.
    pub names: Vec<String>,
    /// Row by row.
    counts: Vec<usize>,
}

impl ClassMatrix {
    /// Counts classes given by number; a number without a name is counted as the last class.
    ///
    /// # Errors
    /// [`EvaluationError`] for different lengths, no customer, or no class.
    pub fn new(
        names: Vec<String>,
        actual: &[u8],
        predicted: &[u8],
    ) -> Result<Self, EvaluationError> {
        if actual.len() != predicted.len() {
            return Err(EvaluationError::Lengths {
                actual: actual.len(),
                predicted: predicted.len(),
            });
        }
        let classes = names.len();
        if actual.is_empty() || classes == 0 {
            return Err(EvaluationError::Empty);
        }
        let mut counts = vec![0; classes * classes];
        let class = |number: u8| usize::from(number).min(classes - 1);
        for (&a, &p) in actual.iter().zip(predicted) {
            counts[class(a) * classes + class(p)] += 1;
        }
        Ok(Self { names, counts })
    }

    /// Customers of one class predicted as another.
    #[must_use]
    pub fn count(&self, actual: usize, predicted: usize) -> usize {
        self.counts
            .get(actual * self.names.len() + predicted)
            .copied()
            .unwrap_or(0)
    }

    fn actual(&self, class: usize) -> usize {
        (0..self.names.len())
            .map(|predicted| self.count(class, predicted))
            .sum()
    }

    fn predicted(&self, class: usize) -> usize {
        (0..self.names.len())
            .map(|actual| self.count(actual, class))
            .sum()
    }

    fn customers(&self) -> usize {
        self.counts.iter().sum()
    }

    /// Share of customers put into the right class.
    #[must_use]
    pub fn accuracy(&self) -> f64 {
        let right: usize = (0..self.names.len())
            .map(|class| self.count(class, class))
            .sum();
        right as f64 / self.customers().max(1) as f64
    }

    /// Share of the largest class: the accuracy of saying the same for everyone.
    #[must_use]
    pub fn majority_share(&self) -> f64 {
        let largest = (0..self.names.len()).map(|class| self.actual(class)).max();
        largest.unwrap_or(0) as f64 / self.customers().max(1) as f64
    }

    /// Share of those predicted as the class that are in it; `None` when nobody is.
    #[must_use]
    pub fn precision(&self, class: usize) -> Option<f64> {
        ratio(
            self.count(class, class) as f64,
            self.predicted(class) as f64,
        )
    }

    /// Share of the class that is predicted as such; `None` when the class is empty.
    #[must_use]
    pub fn recall(&self, class: usize) -> Option<f64> {
        ratio(self.count(class, class) as f64, self.actual(class) as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matrix_by_hand() {
        let names = ["Low", "Medium", "High"].map(str::to_owned).to_vec();
        let actual = [0, 0, 0, 1, 1, 2, 2, 2, 2];
        let predicted = [0, 0, 1, 1, 2, 2, 2, 0, 2];
        let matrix = ClassMatrix::new(names, &actual, &predicted).unwrap();
        assert_eq!(
            (matrix.count(2, 0), matrix.count(1, 2), matrix.count(9, 9)),
            (1, 1, 0)
        );
        assert_eq!(matrix.accuracy(), 6.0 / 9.0);
        assert_eq!(matrix.majority_share(), 4.0 / 9.0);
        assert_eq!(
            (matrix.precision(2), matrix.recall(2)),
            (Some(0.75), Some(0.75))
        );
        assert_eq!(
            (matrix.precision(0), matrix.recall(1)),
            (Some(2.0 / 3.0), Some(0.5))
        );
    }

    #[test]
    fn an_empty_class_has_no_precision() {
        let names = ["Low", "High"].map(str::to_owned).to_vec();
        let matrix = ClassMatrix::new(names.clone(), &[0, 0], &[0, 0]).unwrap();
        assert_eq!((matrix.precision(1), matrix.recall(1)), (None, None));
        assert!(ClassMatrix::new(names, &[], &[]).is_err());
    }
}
