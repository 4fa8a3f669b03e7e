//! Oversampling of the rarer class by points between neighbours (SMOTE, Chawla et al. 2002).
//!
//! Neighbours are found in standardised features, but what is made is only *which* two rows and how
//! far between them, so that every model can build the point in its own inputs.

use std::ops::{Add, Mul, Sub};

use rayon::prelude::*;

use crate::{TrainError, preprocess::Matrix, recipe::SmoteSpec};
use analysis::nearest::Nearest;
use base::monitor::{Cancelled, Monitor};
use evaluation::random::Draws;

/// A point between two rows of the rarer class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Made {
    from: u32,
    towards: u32,
    /// 0…1.
    share: f64,
    pub class: f64,
}

/// Neighbours are searched among at most so many rows of the rarer class, drawn at random: an exact
/// search among all of them grows with the square of their number.
const MOST_ANCHORS: usize = 5000;
const MADE_STREAM: u64 = 0x5307;

/// Which points to make so that rarer ÷ other class reaches the ratio; none where it already does.
pub(super) fn make(
    x: &Matrix<f64>,
    answers: &[f64],
    spec: SmoteSpec,
    (seed, monitor): (u64, &Monitor),
) -> Result<Vec<Made>, TrainError> {
    let of = |class: bool| -> Vec<u32> {
        let rows = 0..answers.len() as u32;
        rows.filter(|&row| (answers[row as usize] > 0.5) == class)
            .collect()
    };
    let (no, yes) = (of(false), of(true));
    let (mut rare, other, class) = if yes.len() <= no.len() {
        (yes, no, 1.0)
    } else {
        (no, yes, 0.0)
    };
    let wanted = (other.len() as f64 * spec.ratio).round() as usize;
    let missing = wanted.saturating_sub(rare.len());
    if missing == 0 || rare.len() < 2 {
        return Ok(Vec::new());
    }
    let mut draws = Draws::new(seed, MADE_STREAM);
    draws.shuffle(&mut rare);
    rare.truncate(MOST_ANCHORS);
    let count = spec.neighbours.min(rare.len() - 1);
    let bases = missing.min(rare.len());
    // In ascending order, so that of equally near rows the earlier one counts.
    let mut among = rare.clone();
    among.sort_unstable();
    let points = among.iter().map(|&row| x.row(row as usize)).collect();
    let nearest = Nearest::new(points);
    let near: Vec<Vec<u32>> = rare[..bases]
        .par_iter()
        .map(|row| {
            monitor.check()?;
            let found = nearest.of(&x.row(*row as usize), count, among.binary_search(row).ok());
            let found = found.into_iter();
            Ok(found.map(|neighbour| among[neighbour.number]).collect())
        })
        .collect::<Result<_, TrainError>>()?;
    let made = (0..missing).map(|number| {
        let at = number % bases;
        Made {
            from: rare[at],
            towards: near[at][draws.below(count)],
            share: draws.uniform(),
            class,
        }
    });
    Ok(made.collect())
}

/// The made points in the inputs of a model; missing where one of the two rows is.
pub(super) fn extend<T>(
    x: &mut Matrix<T>,
    made: &[Made],
    monitor: &Monitor,
) -> Result<(), Cancelled>
where
    T: Copy + From<f32> + Add<Output = T> + Sub<Output = T> + Mul<Output = T>,
{
    x.values.reserve(made.len() * x.columns);
    for some in made.chunks(8192) {
        monitor.check()?;
        for one in some {
            let share = T::from(one.share as f32);
            for column in 0..x.columns {
                let at = |row: u32| x.values[row as usize * x.columns + column];
                let (from, towards) = (at(one.from), at(one.towards));
                x.values.push(from + share * (towards - from));
            }
            x.rows += 1;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn made_points_lie_between_neighbours_of_the_rarer_class() {
        // Class 1: 0, 1, 2, 100 on a line; class 0: eight others.
        let values: Vec<f64> = [0.0, 1.0, 2.0, 100.0]
            .into_iter()
            .chain((0..8).map(|i| 1000.0 + f64::from(i)))
            .collect();
        let x = Matrix {
            rows: 12,
            columns: 1,
            values,
        };
        let answers: Vec<f64> = (0..12).map(|row| f64::from(u8::from(row < 4))).collect();
        let spec = SmoteSpec {
            ratio: 1.0,
            neighbours: 1,
        };
        let monitor = Monitor::silent();
        let made = make(&x, &answers, spec, (3, &monitor)).expect("made");
        assert_eq!(made.len(), 4);
        assert_eq!(made, make(&x, &answers, spec, (3, &monitor)).expect("made"));
        let mut longer = x.clone();
        extend(&mut longer, &made, &monitor).unwrap();
        assert_eq!(longer.rows, 16);
        for (made, row) in made.iter().zip(longer.values[12..].chunks(1)) {
            assert_eq!(made.class, 1.0);
            // The one nearest neighbour: 0 → 1, 1 → 0 (the earlier of equals), 2 → 1, 100 → 2.
            let expected = [1, 0, 1, 2][made.from as usize];
            assert_eq!(made.towards, expected);
            let ends = [
                x.values[made.from as usize],
                x.values[made.towards as usize],
            ];
            assert!(row[0] >= ends[0].min(ends[1]) && row[0] <= ends[0].max(ends[1]));
        }
        let enough = SmoteSpec {
            ratio: 0.5,
            neighbours: 1,
        };
        assert!(
            make(&x, &answers, enough, (3, &monitor))
                .expect("made")
                .is_empty()
        );
    }
}
