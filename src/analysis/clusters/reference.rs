//! What rows without groups look like: random rows with the variances and correlations of the real ones.
//!
//! K-means cuts any cloud in pieces, and pieces of a long one lie well apart: columns that go together are
//! no groups. So what is found is compared with one cloud of the same shape, drawn along the principal
//! components of the rows (distances do not change when rows are turned): a Gaussian one, of the sample's
//! covariance, and one that fills the box around the rows evenly (Tibshirani, Walther & Hastie 2001,
//! section 4, reference b). Real rows must beat both.

use smartcore::{
    decomposition::pca::{PCA, PCAParameters},
    linalg::basic::arrays::Array,
};

use super::{error::ClusterError, kmeans::matrix, random::Rng};

/// The shape of a cloud without groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cloud {
    Gaussian,
    Box,
}

impl Cloud {
    pub(super) const ALL: [Self; 2] = [Self::Gaussian, Self::Box];
}

/// How far rows reach along each principal component.
pub(super) struct Reference {
    spreads: Vec<Spread>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Spread {
    low: f64,
    high: f64,
    deviation: f64,
}

impl Reference {
    /// Looks at rows of `width` numbers.
    ///
    /// # Errors
    /// What smartcore says.
    pub(super) fn of(rows: &[f64], width: usize) -> Result<Self, ClusterError> {
        if width < 2 {
            return Ok(Self {
                spreads: vec![Spread::of(rows.iter().copied())],
            });
        }
        let data = matrix(rows, width)?;
        let count = rows.len() / width;
        let wanted = PCAParameters::default().with_n_components(width.min(count));
        let scores = PCA::fit(&data, wanted)?.transform(&data)?;
        let (_, components) = scores.shape();
        let spread =
            |component: usize| Spread::of((0..count).map(|row| *scores.get((row, component))));
        let mut spreads: Vec<Spread> = (0..components).map(spread).collect();
        spreads.resize(width, Spread::default());
        Ok(Self { spreads })
    }

    /// So many random rows, as wide as the real ones.
    pub(super) fn draw(&self, cloud: Cloud, rows: usize, draws: &mut Rng) -> Vec<f64> {
        let mut drawn = Vec::with_capacity(rows * self.spreads.len());
        for _ in 0..rows {
            drawn.extend(self.spreads.iter().map(|spread| match cloud {
                Cloud::Gaussian => spread.deviation * draws.normal(),
                Cloud::Box => spread.low + (spread.high - spread.low) * draws.share(),
            }));
        }
        drawn
    }
}

impl Spread {
    fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let (mut sum, mut count) = (0.0, 0.0);
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.clone() {
            sum += value;
            count += 1.0;
            low = low.min(value);
            high = high.max(value);
        }
        if count == 0.0 {
            return Self::default();
        }
        let mean = sum / count;
        let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
        Self {
            low,
            high,
            deviation: (squares / count).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::random::Purpose, *};

    /// Rows on a tilted line with a little noise: what is drawn has the same two variances, the sum of
    /// which is that of the columns.
    #[test]
    fn what_is_drawn_is_as_long_and_as_thin_as_the_rows() {
        let mut draws = Rng::new(7, Purpose::Noise, 0);
        let rows: Vec<f64> = (0..4_000)
            .flat_map(|_| {
                let (along, across) = (5.0 * draws.normal(), draws.normal());
                // Turned by the angle of the triangle 3, 4, 5.
                [0.6 * along - 0.8 * across, 0.8 * along + 0.6 * across]
            })
            .collect();
        let reference = Reference::of(&rows, 2).unwrap();
        let drawn = reference.draw(Cloud::Gaussian, 4_000, &mut draws);
        let deviation =
            |column: usize| Spread::of(drawn.iter().skip(column).step_by(2).copied()).deviation;
        assert!((deviation(0) - 5.0).abs() < 0.2, "{}", deviation(0));
        assert!((deviation(1) - 1.0).abs() < 0.05, "{}", deviation(1));
        let inside = reference.draw(Cloud::Box, 4_000, &mut draws);
        let first = Spread::of(inside.iter().step_by(2).copied());
        let known = reference.spreads[0];
        assert!(first.low >= known.low && first.high <= known.high);
        // The deviation of an even spread is its length ÷ √12.
        let even = (known.high - known.low) / 12.0_f64.sqrt();
        assert!((first.deviation / even - 1.0).abs() < 0.03);
    }

    #[test]
    fn few_rows_of_many_columns_have_one_too() {
        let rows = [
            1.0, 2.0, 0.0, -1.0, 0.5, -1.0, 3.0, 2.0, -2.0, 0.0, 1.0, 1.5,
        ];
        let mut draws = Rng::new(7, Purpose::Noise, 1);
        for (rows, width) in [
            (&rows[..], 4),
            (&rows[..8], 4),
            (&rows[..], 1),
            (&rows[..], 2),
        ] {
            let reference = Reference::of(rows, width).unwrap();
            let drawn = reference.draw(Cloud::Box, 3, &mut draws);
            assert_eq!(drawn.len(), 3 * width);
            assert!(drawn.iter().all(|value| value.is_finite()));
        }
    }
}
