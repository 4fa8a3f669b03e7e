//! Segment × predicted value: where today's customers and tomorrow's money meet.

use serde::{Deserialize, Serialize};

use super::{lists::Base, ranks::top_cut, settings::Bands};
use analysis::{numeric::settle, rules::NO_SEGMENT};

/// A band of predicted value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Band {
    High,
    Middle,
    Low,
}

impl Band {
    pub const ALL: [Self; 3] = [Self::High, Self::Middle, Self::Low];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::High => "High",
            Self::Middle => "Middle",
            Self::Low => "Low",
        }
    }
}

/// Sums of one cell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Cell {
    pub customers: u64,
    /// Net revenue before S.
    pub revenue: f64,
    /// Predicted value.
    pub predicted: f64,
}

/// Customers by segment and band.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matrix {
    /// One row per segment, in rule order; a last one for customers whom no rule matches.
    pub cells: Vec<[Cell; 3]>,
    /// Smallest predicted value of the bands *High* and *Middle*.
    pub cuts: [f64; 2],
    /// Band per customer (place in [`Band::ALL`]); 3 for customers without an order before S.
    pub band: Vec<u8>,
}

/// Band number of a customer without an order before S.
pub const NO_BAND: u8 = 3;

impl Matrix {
    /// Puts every customer into its cell; `None` without a forecast.
    #[must_use]
    pub fn new(base: &Base<'_>, bands: Bands) -> Option<Self> {
        let forecast = base.forecast?;
        let active = base.active();
        let values: Vec<f64> = active
            .iter()
            .map(|&row| forecast.value[row as usize])
            .collect();
        let cuts = [
            top_cut(&values, bands.high_top),
            top_cut(&values, (bands.high_top + bands.middle_next).min(1.0)),
        ];
        let segments = base.segments.stats.len();
        let mut cells = vec![[Cell::default(); 3]; segments + 1];
        let mut band = vec![NO_BAND; base.customers.len()];
        for (&row, value) in active.iter().zip(values) {
            let row = row as usize;
            let place = cuts.iter().filter(|&&cut| value < cut).count();
            band[row] = place as u8;
            let segment = match base.segments.segment[row] {
                NO_SEGMENT => segments,
                number => usize::from(number).min(segments),
            };
            let cell = &mut cells[segment][place];
            cell.customers += 1;
            cell.revenue += base.customers.monetary[row];
            cell.predicted += value;
        }
        for cell in cells.iter_mut().flatten() {
            cell.revenue = settle(cell.revenue);
            cell.predicted = settle(cell.predicted);
        }
        Some(Self { cells, cuts, band })
    }

    /// Customers of one cell, ascending.
    #[must_use]
    pub fn customers_of(&self, segments: &[u8], segment: u8, band: Band) -> Vec<u32> {
        let wanted = Band::ALL.iter().position(|&known| known == band);
        let rows = self.band.iter().zip(segments).zip(0_u32..);
        rows.filter(|((band, of), _)| Some(usize::from(**band)) == wanted && **of == segment)
            .map(|(_, row)| row)
            .collect()
    }

    /// Sums over everyone.
    #[must_use]
    pub fn total(&self) -> Cell {
        let mut total = Cell::default();
        for cell in self.cells.iter().flatten() {
            total.customers += cell.customers;
            total.revenue += cell.revenue;
            total.predicted += cell.predicted;
        }
        total
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Forecast;
    use analysis::{
        customers::Customers,
        rfm::Scores,
        segments::{SegmentStats, Segmentation},
    };

    #[test]
    fn cells_hold_everybody_once() {
        let customers = Customers {
            as_of: 10,
            active: 5,
            first_day: vec![0; 6],
            last_day: vec![0; 6],
            frequency: vec![1, 1, 1, 1, 1, 0],
            purchase_days: vec![1; 6],
            monetary: vec![10., 20., 30., 40., 50., 0.],
        };
        let stats = SegmentStats::default();
        let segments = Segmentation {
            segment: vec![0, 1, 0, 1, NO_SEGMENT, NO_SEGMENT],
            stats: vec![stats.clone(), stats],
            ..Segmentation::default()
        };
        let forecast = Forecast {
            value: vec![5., 4., 3., 2., 1., 0.],
            ..Forecast::default()
        };
        let (scores, gaps) = (Scores::default(), [0.0; 6]);
        let base = Base {
            customers: &customers,
            scores: &scores,
            segments: &segments,
            gaps: &gaps,
            forecast: Some(&forecast),
        };
        let matrix = Matrix::new(
            &base,
            Bands {
                high_top: 0.2,
                middle_next: 0.4,
            },
        )
        .unwrap();
        assert_eq!(matrix.cuts, [5.0, 3.0]);
        assert_eq!(matrix.band, [0, 1, 1, 2, 2, NO_BAND]);
        let cell = |customers, revenue, predicted| Cell {
            customers,
            revenue,
            predicted,
        };
        let none = Cell::default();
        assert_eq!(matrix.cells[0], [cell(1, 10., 5.), cell(1, 30., 3.), none]);
        assert_eq!(matrix.cells[1], [none, cell(1, 20., 4.), cell(1, 40., 2.)]);
        assert_eq!(matrix.cells[2], [none, none, cell(1, 50., 1.)]);
        assert_eq!(matrix.total(), cell(5, 150., 15.));
        assert_eq!(matrix.customers_of(&segments.segment, 1, Band::Middle), [1]);
    }
}
