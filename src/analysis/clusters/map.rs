//! Rows and centres in two dimensions: the two principal components of the standardised columns
//! (smartcore's PCA), with what each direction stands for and how much of the differences it shows.
//!
//! On which side a component lies is chance; here the largest loading points right and up.

use serde::Serialize;
use smartcore::{
    decomposition::pca::{PCA, PCAParameters},
    linalg::basic::{arrays::Array, matrix::DenseMatrix},
};

use super::{error::ClusterError, features::Feature, kmeans::matrix, naming};

/// A place on the map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Place {
    pub x: f64,
    pub y: f64,
}

/// A row on the map.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Number of its cluster.
    pub cluster: u8,
    #[serde(flatten)]
    pub at: Place,
}

/// One direction of the map.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Axis {
    /// Share of the variance of the mapped rows that lies in this direction.
    pub explained: f64,
    /// Part of each feature in it; their squares sum to 1.
    pub loadings: Vec<f64>,
    /// What lies left or below: "few orders, low spend".
    pub low: String,
    /// What lies right or above.
    pub high: String,
}

/// The map.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct ClusterMap {
    pub x: Axis,
    pub y: Axis,
    pub points: Vec<Point>,
    /// In the order of the clusters.
    pub centres: Vec<Place>,
}

impl ClusterMap {
    /// Maps rows (one number per feature each) with their clusters, and centres of the same columns.
    ///
    /// # Errors
    /// Fewer than two features, or what smartcore says.
    pub fn new(
        features: &[Feature],
        rows: &[f64],
        labels: &[u8],
        centres: &[f64],
    ) -> Result<Self, ClusterError> {
        let width = features.len();
        if width < 2 {
            return Err(ClusterError::TooFewColumns(width));
        }
        let data = matrix(rows, width)?;
        let pca = PCA::fit(&data, PCAParameters::default().with_n_components(2))?;
        let total: f64 = (0..width)
            .map(|column| square_deviation(rows.iter().skip(column).step_by(width)))
            .sum();
        let components = pca.components();
        let mut signs = [1.0; 2];
        let mut axes = [Axis::default(), Axis::default()];
        let scores = pca.transform(&data)?;
        for (component, (sign, axis)) in signs.iter_mut().zip(&mut axes).enumerate() {
            let loadings = (0..width).map(|feature| *components.get((feature, component)));
            axis.loadings = loadings.collect();
            let largest = axis.loadings.iter().copied().reduce(|largest, next| {
                if next.abs() > largest.abs() {
                    next
                } else {
                    largest
                }
            });
            if largest.is_some_and(|largest| largest < 0.0) {
                *sign = -1.0;
                axis.loadings
                    .iter_mut()
                    .for_each(|loading| *loading *= -1.0);
            }
            let score: Vec<f64> = (0..labels.len())
                .map(|row| *scores.get((row, component)))
                .collect();
            axis.explained = if total > 0.0 {
                square_deviation(score.iter()) / total
            } else {
                0.0
            };
            (axis.low, axis.high) = naming::ends(features, &axis.loadings);
        }
        let place = |scores: &DenseMatrix<f64>, row: usize| Place {
            x: signs[0] * scores.get((row, 0)),
            y: signs[1] * scores.get((row, 1)),
        };
        let points = labels.iter().enumerate().map(|(row, &cluster)| Point {
            cluster,
            at: place(&scores, row),
        });
        let middles = pca.transform(&matrix(centres, width)?)?;
        let [x, y] = axes;
        Ok(Self {
            x,
            y,
            points: points.collect(),
            centres: (0..centres.len() / width)
                .map(|row| place(&middles, row))
                .collect(),
        })
    }

    /// Share of the variance that the map shows.
    #[must_use]
    pub fn explained(&self) -> f64 {
        self.x.explained + self.y.explained
    }
}

/// Sum of squared distances from the mean.
fn square_deviation<'a>(values: impl Iterator<Item = &'a f64> + Clone) -> f64 {
    let (sum, count) = values
        .clone()
        .fold((0.0, 0_u64), |(sum, count), value| (sum + value, count + 1));
    let mean = sum / count.max(1) as f64;
    values.map(|value| (value - mean).powi(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_near(found: impl IntoIterator<Item = f64>, expected: &[f64]) {
        let found: Vec<f64> = found.into_iter().collect();
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-9, "{found} {expected}");
        }
    }

    fn flat(places: impl Iterator<Item = Place>) -> Vec<f64> {
        places.flat_map(|place| [place.x, place.y]).collect()
    }

    /// Expected: numpy 2.4.6, `linalg.eigh(cov(X.T, bias=True))`, the largest loading made positive.
    #[test]
    fn the_map_is_that_of_numpy() {
        let rows = [
            2.0, 1.0, 0.5, 0.0, -1.0, 1.5, 1.0, 3.0, -2.0, -2.0, 0.5, 0.0, -1.0, -3.0, 1.0, 3.0,
            2.5, -1.5,
        ];
        let features = [Feature::RecencyDays, Feature::Frequency, Feature::Monetary];
        let centres = [0.0, 0.0, 0.0, 1.0, -1.0, 2.0];
        let map = ClusterMap::new(&features, &rows, &[0, 1, 1, 0, 1, 0], &centres).unwrap();
        assert_near(
            [map.x.explained, map.y.explained],
            &[0.794826677508351, 0.1726888880358978],
        );
        assert_near(
            map.x.loadings.clone(),
            &[0.5144561474415037, 0.748230007815926, -0.4189113602701953],
        );
        assert_near(
            map.y.loadings.clone(),
            &[0.8485217601484537, -0.3736107099161413, 0.374734385919584],
        );
        assert_near(
            flat(map.points.iter().map(|point| point.at)),
            &[
                0.9014342649126045,
                1.3045723437177006,
                -2.0428494058724502,
                0.7294846291726597,
                2.9307165337784413,
                -1.2280068010619956,
                -1.3210496486262755,
                -2.0900765348778356,
                -3.844309888810708,
                0.4408170958966965,
                3.3760581446183875,
                0.8432092671527746,
            ],
        );
        assert_near(
            flat(map.centres.iter().copied()),
            &[
                -0.666252357651231,
                -0.2062276596228576,
                -1.737848938566044,
                1.7653735822809054,
            ],
        );
        let clusters: Vec<u8> = map.points.iter().map(|point| point.cluster).collect();
        assert_eq!(clusters, [0, 1, 1, 0, 1, 0]);
        assert_eq!(
            (map.x.low.as_str(), map.x.high.as_str()),
            (
                "few orders, recent, high spend",
                "frequent, long gone, low spend"
            )
        );
        assert_eq!(map.y.high, "long gone");
    }

    /// smartcore goes another way where there are no more rows than columns. Expected: numpy, as above
    /// by `linalg.svd`; three rows lie in a plane.
    #[test]
    fn few_rows_of_many_columns_have_a_map_too() {
        let rows = [
            1.0, 2.0, 0.0, -1.0, 0.5, -1.0, 3.0, 2.0, -2.0, 0.0, 1.0, 1.5,
        ];
        let features = ["a", "b", "c", "d"].map(Feature::named);
        let map = ClusterMap::new(&features, &rows, &[0, 0, 1], &rows[..4]).unwrap();
        assert_near(
            [map.x.explained, map.y.explained],
            &[7.316_599_480_141_804e-1, 2.683_400_519_858_196e-1],
        );
        assert!((map.explained() - 1.0).abs() < 1e-12);
        assert_near(
            flat(map.points.iter().map(|point| point.at)),
            &[
                -3.0158387931972253,
                0.4271933417370664,
                2.1188149977923043,
                1.368113341884183,
                0.8970237954049209,
                -1.7953066836212495,
            ],
        );
        assert_eq!(map.centres[0], map.points[0].at);
    }

    #[test]
    fn one_column_has_no_map() {
        let found = ClusterMap::new(&[Feature::Aov], &[1.0, 2.0], &[0, 1], &[1.0, 2.0]);
        assert_eq!(found, Err(ClusterError::TooFewColumns(1)));
    }
}
