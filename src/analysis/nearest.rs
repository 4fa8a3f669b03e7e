//! The nearest of many points, for whoever looks for similar customers or similar rows.
//!
//! smartcore searches; what is settled here is who counts among equally near points, because shops are
//! full of customers with the very same figures: the one with the lower number. Its linear search was
//! measured against its cover tree: one question of a million customers pays no tree (a tree of 100,000
//! takes a second to build, a search of all of them 6 ms), and at the twelve to thirty columns of a
//! model the tree prunes nothing.

use smartcore::{
    algorithm::neighbour::linear_search::LinearKNNSearch, metrics::distance::Distance,
};

/// Points of equally many numbers.
pub struct Nearest<P: AsRef<[f64]>> {
    /// There always is one: smartcore's constructor may fail, but never does.
    search: Option<LinearKNNSearch<P, Straight>>,
    len: usize,
}

/// One of the nearest points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Which of the points.
    pub number: usize,
    pub distance: f64,
}

/// Euclidean distance. smartcore's own asks a boxed iterator for every number, which makes a search seven
/// times as long.
#[derive(Clone)]
struct Straight;

impl<P: AsRef<[f64]>> Distance<P> for Straight {
    fn distance(&self, a: &P, b: &P) -> f64 {
        let pairs = a.as_ref().iter().zip(b.as_ref());
        pairs.map(|(a, b)| (a - b) * (a - b)).sum::<f64>().sqrt()
    }
}

impl<P: AsRef<[f64]>> Nearest<P> {
    #[must_use]
    pub fn new(points: Vec<P>) -> Self {
        let len = points.len();
        let search = LinearKNNSearch::new(points, Straight).ok();
        Self { search, len }
    }

    /// The `count` nearest to a point but for point number `without`, the nearest first, of equally near
    /// ones the lower number; fewer when there are no more. Numbers must be finite.
    #[must_use]
    pub fn of(&self, point: &P, count: usize, without: Option<usize>) -> Vec<Neighbour> {
        // One more, because the point left out may be among them.
        let asked = count.saturating_add(1).min(self.len);
        let Some(search) = self.search.as_ref().filter(|_| count > 0 && asked > 0) else {
            return Vec::new();
        };
        // smartcore refuses no or more points than there are and a radius of 0; neither is asked for.
        let near = search.find(point, asked).unwrap_or_default();
        let farthest = near
            .iter()
            .map(|(_, distance, _)| *distance)
            .fold(f64::MIN_POSITIVE, f64::max);
        // Which of equally far ones that search keeps is chance: everybody up to that distance is asked
        // for again.
        let mut all: Vec<Neighbour> = search
            .find_radius(point, farthest)
            .unwrap_or_default()
            .into_iter()
            .map(|(number, distance, _)| Neighbour { number, distance })
            .filter(|neighbour| Some(neighbour.number) != without)
            .collect();
        all.sort_unstable_by(|a, b| {
            a.distance
                .total_cmp(&b.distance)
                .then(a.number.cmp(&b.number))
        });
        all.truncate(count);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A grid of whole numbers, so that many points are equally far; against every distance, sorted.
    #[test]
    fn the_nearest_are_those_of_a_full_sort_and_ties_go_to_the_lower_number() {
        let points: Vec<[f64; 2]> = (0..400_u32)
            .map(|i| [f64::from(i * 7 % 20), f64::from(i * 13 % 11)])
            .collect();
        let nearest = Nearest::new(points.clone());
        for (at, point) in points.iter().enumerate() {
            let mut expected: Vec<(f64, usize)> = points
                .iter()
                .enumerate()
                .filter(|(number, _)| *number != at)
                .map(|(number, other)| {
                    let (x, y) = (point[0] - other[0], point[1] - other[1]);
                    (x * x + y * y, number)
                })
                .collect();
            expected.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let found = nearest.of(point, 9, Some(at));
            let numbers: Vec<usize> = found.iter().map(|neighbour| neighbour.number).collect();
            let expected: Vec<usize> = expected[..9].iter().map(|(_, number)| *number).collect();
            assert_eq!(numbers, expected, "point {at}");
        }
    }

    #[test]
    fn no_more_than_there_are() {
        let nearest = Nearest::new(vec![[0.0], [3.0], [3.0]]);
        let found = nearest.of(&[3.0], 5, Some(2));
        let found: Vec<(usize, f64)> = found.iter().map(|n| (n.number, n.distance)).collect();
        assert_eq!(found, [(1, 0.0), (0, 3.0)]);
        // Left out is left out, also where only equals are asked for.
        assert_eq!(nearest.of(&[3.0], 1, Some(1))[0].number, 2);
        assert_eq!(nearest.of(&[0.0], 0, None), []);
        let none: Nearest<[f64; 1]> = Nearest::new(Vec::new());
        assert_eq!(none.of(&[0.0], 3, None), []);
    }
}
