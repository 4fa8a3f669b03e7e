//! All customers as a cloud: counted into hexagons while there are many in the window, one by one
//! when there are few. Plain data, no egui: a million customers are binned beside the window.

use rayon::prelude::*;

use analysis::{customers::Customers, selection::Axis};
use pipeline::snapshot::Shop;

/// Most customers drawn one by one.
pub const MOST_POINTS: usize = 2_500;
/// From the centre of a hexagon to a corner, in points of the screen.
pub const RADIUS: f32 = 8.0;
/// Share of the extent left free around the customers.
const MARGIN: f64 = 0.04;

/// Bounds of both axes, in places ([`Axis::place`]).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub x: (f64, f64),
    pub y: (f64, f64),
}

impl Window {
    /// Scaled by `factor` about a place that stays where it is, never beyond `whole`.
    #[must_use]
    pub fn zoomed(self, factor: f64, about: (f64, f64), whole: Self) -> Self {
        let scale = |(low, high): (f64, f64), at: f64| {
            (at - (at - low) * factor, at + (high - at) * factor)
        };
        Self {
            x: within(scale(self.x, about.0), whole.x),
            y: within(scale(self.y, about.1), whole.y),
        }
    }

    /// Moved by a distance, never beyond `whole`.
    #[must_use]
    pub fn moved(self, by: (f64, f64), whole: Self) -> Self {
        let shift = |(low, high): (f64, f64), by: f64| (low + by, high + by);
        Self {
            x: within(shift(self.x, by.0), whole.x),
            y: within(shift(self.y, by.1), whole.y),
        }
    }
}

/// Slides a span into another one; a longer one becomes that one.
fn within((low, high): (f64, f64), (first, last): (f64, f64)) -> (f64, f64) {
    let length = high - low;
    if length >= last - first {
        (first, last)
    } else if low < first {
        (first, first + length)
    } else if high > last {
        (last - length, last)
    } else {
        (low, high)
    }
}

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ask {
    pub revision: u64,
    pub x: Axis,
    pub y: Axis,
    /// `None` = everyone.
    pub window: Option<Window>,
    /// Size of the plot in points of the screen.
    pub size: [f32; 2],
    /// Predicted values are wanted, too.
    pub predicted: bool,
}

/// A hexagon with at least one customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Centre, in places.
    pub x: f64,
    pub y: f64,
    pub customers: u32,
    pub selected: u32,
    /// Mean predicted value of its customers, where wanted and known.
    pub predicted: Option<f64>,
}

/// One customer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub row: u32,
    pub selected: bool,
}

/// What stands in the window.
#[derive(Clone, Debug, PartialEq)]
pub enum Cloud {
    Bins(Vec<Bin>),
    Points(Vec<Point>),
}

/// The answer to an [`Ask`].
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub ask: Ask,
    /// Where everyone stands, with a margin.
    pub whole: Window,
    pub window: Window,
    /// Customers in the window.
    pub inside: usize,
    pub cloud: Cloud,
}

/// Counts or lists the customers in the window.
#[must_use]
pub fn answer(shop: &Shop, ask: Ask) -> Answer {
    let customers = &*shop.customers;
    let mut selected = vec![
        false;
        if shop.selection.is_empty() {
            0
        } else {
            customers.len()
        }
    ];
    if !selected.is_empty() {
        for &row in &shop.selected.customers {
            selected[row as usize] = true;
        }
    }
    let outlook = shop.outlook.as_deref().filter(|_| ask.predicted);
    let value = |row: usize| outlook.and_then(|outlook| outlook.value_of(row));
    build(customers, (&selected, &value), ask)
}

/// As [`answer`]; `selected` is empty where there is no selection.
fn build(
    customers: &Customers,
    (selected, value): (&[bool], &(impl Fn(usize) -> Option<f64> + Sync)),
    ask: Ask,
) -> Answer {
    let whole = extent(customers, ask);
    let window = ask.window.unwrap_or(whole);
    let is_in = |at: (f64, f64)| {
        (window.x.0..=window.x.1).contains(&at.0) && (window.y.0..=window.y.1).contains(&at.1)
    };
    let place = |row: usize| {
        let at = (ask.x.of(customers, row), ask.y.of(customers, row));
        (customers.exists(row) && is_in(at)).then_some(at)
    };
    let inside = (0..customers.len())
        .into_par_iter()
        .filter(|&row| place(row).is_some())
        .count();
    let chosen = |row: usize| selected.get(row).copied().unwrap_or(false);
    let cloud = if inside <= MOST_POINTS {
        let points = (0..customers.len()).filter_map(|row| {
            let (x, y) = place(row)?;
            Some(Point {
                x,
                y,
                row: row as u32,
                selected: chosen(row),
            })
        });
        Cloud::Points(points.collect())
    } else {
        let with = (&chosen, value);
        Cloud::Bins(bins(customers.len(), &place, with, (window, ask.size)))
    };
    Answer {
        ask,
        whole,
        window,
        inside,
        cloud,
    }
}

fn extent(customers: &Customers, ask: Ask) -> Window {
    let nothing = (f64::INFINITY, f64::NEG_INFINITY);
    let grow = |(low, high): (f64, f64), at: f64| (low.min(at), high.max(at));
    let join = |a: (f64, f64), b: (f64, f64)| (a.0.min(b.0), a.1.max(b.1));
    let (x, y) = (0..customers.len())
        .into_par_iter()
        .filter(|&row| customers.exists(row))
        .fold(
            || (nothing, nothing),
            |(x, y), row| {
                (
                    grow(x, ask.x.of(customers, row)),
                    grow(y, ask.y.of(customers, row)),
                )
            },
        )
        .reduce(
            || (nothing, nothing),
            |a, b| (join(a.0, b.0), join(a.1, b.1)),
        );
    let roomy = |(low, high): (f64, f64)| {
        if low > high {
            return (0.0, 1.0);
        }
        let margin = ((high - low) * MARGIN).max(0.05);
        (low - margin, high + margin)
    };
    Window {
        x: roomy(x),
        y: roomy(y),
    }
}

/// The hexagons' lattice: rows of hexagons standing on a corner, every second row shifted by half.
#[derive(Clone, Copy, Debug)]
struct Lattice {
    window: Window,
    size: [f64; 2],
    across: f64,
    down: f64,
    columns: usize,
    rows: usize,
}

impl Lattice {
    fn new(window: Window, size: [f32; 2]) -> Self {
        let radius = f64::from(RADIUS);
        let (across, down) = (radius * 3.0_f64.sqrt(), radius * 1.5);
        let size = size.map(|side| f64::from(side).max(1.0));
        Self {
            window,
            size,
            across,
            down,
            columns: (size[0] / across) as usize + 3,
            rows: (size[1] / down) as usize + 3,
        }
    }

    /// Number of the hexagon that holds a place of the window.
    fn cell(&self, (x, y): (f64, f64)) -> usize {
        let share = |at: f64, (low, high): (f64, f64)| (at - low) / (high - low);
        let across = share(x, self.window.x) * self.size[0] / self.across;
        let down = share(y, self.window.y) * self.size[1] / self.down;
        // The two nearest rows each offer a centre; the nearer one wins.
        let candidate = |row: f64| {
            let shift = (row.rem_euclid(2.0)) / 2.0;
            let column = (across - shift).round();
            let dx = (across - shift - column) * self.across;
            let dy = (down - row) * self.down;
            (dx * dx + dy * dy, column, row)
        };
        let (low, high) = (candidate(down.floor()), candidate(down.floor() + 1.0));
        let (_, column, row) = if low.0 <= high.0 { low } else { high };
        let column = (column.max(0.0) as usize).min(self.columns - 1);
        let row = (row.max(0.0) as usize).min(self.rows - 1);
        row * self.columns + column
    }

    /// Centre of a hexagon, in places.
    fn centre(&self, cell: usize) -> (f64, f64) {
        let (row, column) = (cell / self.columns, cell % self.columns);
        let shift = (row % 2) as f64 / 2.0;
        let place = |share: f64, (low, high): (f64, f64)| low + share * (high - low);
        (
            place(
                (column as f64 + shift) * self.across / self.size[0],
                self.window.x,
            ),
            place(row as f64 * self.down / self.size[1], self.window.y),
        )
    }
}

/// What is counted in a hexagon. Predicted values are summed in whole millionths, so that the order in
/// which threads meet decides nothing.
#[derive(Clone, Copy, Default)]
struct Count {
    customers: u32,
    selected: u32,
    told: u32,
    millionths: i64,
}

impl Count {
    fn predict(&mut self, value: f64) {
        self.told += 1;
        self.millionths = self.millionths.saturating_add((value * 1e6).round() as i64);
    }

    fn join(&mut self, other: &Self) {
        self.customers += other.customers;
        self.selected += other.selected;
        self.told += other.told;
        self.millionths = self.millionths.saturating_add(other.millionths);
    }

    fn mean(&self) -> Option<f64> {
        (self.told > 0).then(|| self.millionths as f64 / 1e6 / f64::from(self.told))
    }
}

fn bins(
    rows: usize,
    place: &(impl Fn(usize) -> Option<(f64, f64)> + Sync),
    (chosen, value): (
        &(impl Fn(usize) -> bool + Sync),
        &(impl Fn(usize) -> Option<f64> + Sync),
    ),
    (window, size): (Window, [f32; 2]),
) -> Vec<Bin> {
    let lattice = Lattice::new(window, size);
    let empty = || vec![Count::default(); lattice.columns * lattice.rows];
    let counts = (0..rows)
        .into_par_iter()
        .with_min_len(1 << 16)
        .fold(empty, |mut counts, row| {
            if let Some(at) = place(row) {
                let count = &mut counts[lattice.cell(at)];
                count.customers += 1;
                count.selected += u32::from(chosen(row));
                if let Some(value) = value(row) {
                    count.predict(value);
                }
            }
            counts
        })
        .reduce(empty, |mut one, other| {
            for (one, other) in one.iter_mut().zip(other) {
                one.join(&other);
            }
            one
        });
    let bin = |(cell, count): (usize, &Count)| {
        let (x, y) = lattice.centre(cell);
        (count.customers > 0).then_some(Bin {
            x,
            y,
            customers: count.customers,
            selected: count.selected,
            predicted: count.mean(),
        })
    };
    counts.iter().enumerate().filter_map(bin).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::selection::Quantity;

    /// `count` customers as of day 10,000: recency 1, 2, 3…, and 1 to 9 orders in turn.
    fn crowd(count: usize) -> Customers {
        Customers {
            as_of: 10_000,
            active: count,
            first_day: vec![0; count],
            last_day: (0..count).map(|row| 9_999 - (row as i32 % 3_000)).collect(),
            frequency: (0..count).map(|row| 1 + row as u32 % 9).collect(),
            purchase_days: vec![1; count],
            monetary: vec![1.0; count],
        }
    }

    fn ask(window: Option<Window>) -> Ask {
        let axis = |quantity, log| Axis { quantity, log };
        Ask {
            revision: 1,
            x: axis(Quantity::RecencyDays, false),
            y: axis(Quantity::Frequency, true),
            window,
            size: [800.0, 400.0],
            predicted: false,
        }
    }

    #[test]
    fn every_customer_is_in_one_hexagon_and_hexagons_are_few() {
        let customers = crowd(50_000);
        let chosen: Vec<bool> = (0..50_000).map(|row| row % 10 == 0).collect();
        let answer = build(&customers, (&chosen, &|row| Some(row as f64)), ask(None));
        assert_eq!(answer.inside, 50_000);
        let Cloud::Bins(bins) = &answer.cloud else {
            panic!("too many to draw one by one");
        };
        assert_eq!(bins.iter().map(|bin| bin.customers).sum::<u32>(), 50_000);
        assert_eq!(bins.iter().map(|bin| bin.selected).sum::<u32>(), 5_000);
        // Everybody's number is in one mean: 0 + 1 + … + 49,999.
        let sum = |bin: &Bin| bin.predicted.unwrap() * f64::from(bin.customers);
        let sum: f64 = bins.iter().map(sum).sum();
        assert!((sum - 1_249_975_000.0).abs() < 1.0, "{sum}");
        // No more hexagons than the plot has room for.
        let hexagon = 1.5 * 3.0_f32.sqrt() * RADIUS * RADIUS;
        assert!((bins.len() as f32) < 1.2 * 800.0 * 400.0 / hexagon);
    }

    #[test]
    fn a_place_belongs_to_the_nearest_centre() {
        let window = Window {
            x: (0.0, 800.0),
            y: (0.0, 400.0),
        };
        let lattice = Lattice::new(window, [800.0, 400.0]);
        let mut at = (3.0, 5.0);
        for _ in 0..500 {
            at = ((at.0 + 137.3) % 780.0, (at.1 + 71.9) % 380.0);
            let distance = |cell: usize| {
                let centre = lattice.centre(cell);
                (centre.0 - at.0).hypot(centre.1 - at.1)
            };
            let all = 0..lattice.columns * lattice.rows;
            let nearest = all.map(distance).fold(f64::INFINITY, f64::min);
            assert!(distance(lattice.cell(at)) <= nearest + 1e-9, "{at:?}");
        }
    }

    #[test]
    fn a_small_window_shows_people() {
        let window = Window {
            x: (0.5, 10.5),
            y: (-0.1, 1.0),
        };
        let answer = build(&crowd(9_000), (&[], &|_| None), ask(Some(window)));
        // Recency 1 to 10, each three times.
        assert_eq!(answer.inside, 30);
        let Cloud::Points(points) = &answer.cloud else {
            panic!("few enough");
        };
        assert_eq!((points[0].row, points[0].x, points[0].y), (0, 1.0, 0.0));
        assert_eq!(points.len(), 30);
    }

    #[test]
    fn the_window_stays_within_everyone() {
        let whole = Window {
            x: (0.0, 100.0),
            y: (0.0, 10.0),
        };
        let near = whole.zoomed(0.5, (100.0, 0.0), whole);
        assert_eq!((near.x, near.y), ((50.0, 100.0), (0.0, 5.0)));
        let moved = near.moved((30.0, 2.0), whole);
        assert_eq!((moved.x, moved.y), ((50.0, 100.0), (2.0, 7.0)));
        assert_eq!(near.zoomed(9.0, (60.0, 3.0), whole), whole);
    }

    #[test]
    fn nobody_draws_nothing() {
        let answer = build(&Customers::default(), (&[], &|_| None), ask(None));
        assert_eq!(answer.cloud, Cloud::Points(Vec::new()));
    }
}
