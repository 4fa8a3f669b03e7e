//! Who is learned from and who is locked away: hold-out and folds, drawn from a seed.

use evaluation::random::Draws;

/// Part of a row that is locked away.
const LOCKED: u8 = u8::MAX;

/// Rows by their part in training; rows number the asked customers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// Rows that are learned from, ascending.
    pub training: Vec<u32>,
    /// Fold of each of `training`, 0…folds − 1.
    pub fold_of: Vec<u8>,
    pub folds: usize,
    /// Rows locked away until everything is chosen, ascending.
    pub hold_out: Vec<u32>,
}

impl Split {
    /// Draws a hold-out of this share and deals the rest into folds of equal size. With `classes`
    /// (answers 0 or 1) both classes are dealt separately, so that every part has its share of each.
    #[must_use]
    pub fn draw(answers: &[f64], classes: bool, hold_out: f64, folds: usize, seed: u64) -> Self {
        let rows = answers.len();
        let mut groups: Vec<Vec<u32>> = if classes {
            let of = |class: bool| {
                let rows = 0..rows as u32;
                rows.filter(|&row| (answers[row as usize] > 0.5) == class)
                    .collect()
            };
            vec![of(false), of(true)]
        } else {
            vec![(0..rows as u32).collect()]
        };
        let mut draws = Draws::new(seed, 0x5711);
        let mut part: Vec<u8> = vec![0; rows];
        let mut next = 0;
        for group in &mut groups {
            draws.shuffle(group);
            let locked = (group.len() as f64 * hold_out).round() as usize;
            for (at, &row) in group.iter().enumerate() {
                part[row as usize] = if at < locked {
                    LOCKED
                } else {
                    next += 1;
                    (next % folds) as u8
                };
            }
        }
        let mut split = Self {
            folds,
            ..Self::default()
        };
        for (row, &part) in part.iter().enumerate() {
            if part == LOCKED {
                split.hold_out.push(row as u32);
            } else {
                split.training.push(row as u32);
                split.fold_of.push(part);
            }
        }
        split
    }

    /// Places in `training` outside and inside a fold.
    #[must_use]
    pub fn fold(&self, fold: usize) -> (Vec<u32>, Vec<u32>) {
        (0..self.training.len() as u32)
            .partition(|&place| usize::from(self.fold_of[place as usize]) != fold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_one_part_and_classes_are_spread_evenly() {
        let answers: Vec<f64> = (0..1000)
            .map(|row| f64::from(u8::from(row % 10 == 0)))
            .collect();
        let split = Split::draw(&answers, true, 0.2, 5, 7);
        assert_eq!((split.training.len(), split.hold_out.len()), (800, 200));
        let mut all = [split.training.clone(), split.hold_out.clone()].concat();
        all.sort_unstable();
        assert_eq!(all, (0..1000).collect::<Vec<u32>>());
        let yes = |rows: &[u32]| rows.iter().filter(|&&row| row % 10 == 0).count();
        assert_eq!(yes(&split.hold_out), 20);
        for fold in 0..5 {
            let (outside, inside) = split.fold(fold);
            assert_eq!((outside.len(), inside.len()), (640, 160));
            let rows: Vec<u32> = inside.iter().map(|&p| split.training[p as usize]).collect();
            assert_eq!(yes(&rows), 16);
        }
        assert_eq!(split, Split::draw(&answers, true, 0.2, 5, 7));
        assert_ne!(split, Split::draw(&answers, true, 0.2, 5, 8));
    }

    #[test]
    fn without_a_hold_out_everyone_is_learned_from() {
        let split = Split::draw(&[0.0; 11], false, 0.0, 5, 1);
        assert_eq!((split.training.len(), split.hold_out.len()), (11, 0));
    }
}
