//! How the values behind the scores are spread over the customers, ready to be drawn: never more bars
//! than a panel can show, on a logarithmic axis where a few large values would hide all others.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, quantile},
};

/// What is spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    RecencyDays,
    Frequency,
    Monetary,
    Aov,
    TenureDays,
}

impl Quantity {
    pub const ALL: [Self; 5] = [
        Self::RecencyDays,
        Self::Frequency,
        Self::Monetary,
        Self::Aov,
        Self::TenureDays,
    ];

    fn whole(self) -> bool {
        matches!(self, Self::RecencyDays | Self::Frequency | Self::TenureDays)
    }

    fn of(self, customers: &Customers, row: usize) -> f64 {
        match self {
            Self::RecencyDays => f64::from(customers.recency_days(row)),
            Self::Frequency => f64::from(customers.frequency[row]),
            Self::Monetary => customers.monetary[row],
            Self::Aov => customers.aov(row),
            Self::TenureDays => f64::from(customers.tenure_days(row)),
        }
    }
}

/// Most bars of a distribution.
pub const BARS: usize = 72;

/// Values are skewed when the 99th percentile is more than so many times the median, or the largest
/// more than so many times.
const SKEWED: f64 = 6.0;
const SKEWED_AT_MOST: f64 = 15.0;

/// Customers per range of values.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Distribution {
    /// The ranges grow by a constant factor (whole numbers: by at least 1).
    pub log: bool,
    /// Bar *i* counts values from `edges[i]` up to, and not including, `edges[i + 1]`.
    pub edges: Vec<f64>,
    pub counts: Vec<u64>,
    /// Customers at or below zero, which a logarithmic axis cannot show.
    pub not_positive: u64,
    /// Extremes among the customers.
    pub least: f64,
    pub most: f64,
}

impl Distribution {
    /// Customers in all bars and beside them.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.not_positive + self.counts.iter().sum::<u64>()
    }
}

/// The distributions of all quantities, in the order of [`Quantity::ALL`].
#[must_use]
pub fn distributions(customers: &Customers) -> [Distribution; 5] {
    Quantity::ALL.map(|quantity| distribution(customers, quantity))
}

/// Spreads one quantity; empty without customers.
#[must_use]
pub fn distribution(customers: &Customers, quantity: Quantity) -> Distribution {
    let Some(range) = Range::of(customers, quantity) else {
        return Distribution::default();
    };
    let sample = sample(customers, quantity);
    let log = is_skewed(&sample, range.most) && range.least_positive.is_finite();
    let edges = match (log, quantity.whole()) {
        (true, true) => growing_whole(range.least_positive.max(1.0), range.most),
        (true, false) => growing(range.least_positive, range.most),
        (false, whole) => even(range.least, range.most, whole),
    };
    let bins = Bins::new(&edges, log);
    let rows = customers.len();
    // One place more for what stands left of a logarithmic axis.
    let counts = super::numeric::count(rows, edges.len(), |row| {
        customers.exists(row).then(|| {
            let value = quantity.of(customers, row);
            if log && value <= 0.0 {
                edges.len() - 1
            } else {
                bins.place(value)
            }
        })
    });
    let (counts, beside) = counts.split_at(edges.len() - 1);
    Distribution {
        log,
        counts: counts.to_vec(),
        not_positive: beside.iter().sum(),
        edges,
        least: range.least,
        most: range.most,
    }
}

/// Extremes of a quantity.
struct Range {
    least: f64,
    most: f64,
    least_positive: f64,
}

impl Range {
    fn of(customers: &Customers, quantity: Quantity) -> Option<Self> {
        let nothing = || Self {
            least: f64::INFINITY,
            most: f64::NEG_INFINITY,
            least_positive: f64::INFINITY,
        };
        let range = (0..customers.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut range = nothing();
                let last = customers.len().min((chunk + 1) * CHUNK);
                for row in (chunk * CHUNK..last).filter(|&row| customers.exists(row)) {
                    let value = quantity.of(customers, row);
                    range.least = range.least.min(value);
                    range.most = range.most.max(value);
                    if value > 0.0 {
                        range.least_positive = range.least_positive.min(value);
                    }
                }
                range
            })
            .reduce(nothing, |a, b| Self {
                least: a.least.min(b.least),
                most: a.most.max(b.most),
                least_positive: a.least_positive.min(b.least_positive),
            });
        (range.least <= range.most).then_some(range)
    }
}

/// Every n-th customer's value, sorted: enough to see whether a quantity is skewed.
fn sample(customers: &Customers, quantity: Quantity) -> Vec<f64> {
    const SIZE: usize = 8_192;
    let step = customers.len().div_ceil(SIZE).max(1);
    let mut values: Vec<f64> = (0..customers.len())
        .step_by(step)
        .filter(|&row| customers.exists(row))
        .map(|row| quantity.of(customers, row))
        .collect();
    values.sort_unstable_by(f64::total_cmp);
    values
}

fn is_skewed(sorted: &[f64], most: f64) -> bool {
    let positive = &sorted[sorted.partition_point(|&value| value <= 0.0)..];
    match (quantile(positive, 0.5), quantile(positive, 0.99)) {
        (Some(middle), Some(high)) => high > SKEWED * middle || most > SKEWED_AT_MOST * middle,
        _ => false,
    }
}

/// Edges of equal width that cover the range; whole numbers get whole widths.
fn even(least: f64, most: f64, whole: bool) -> Vec<f64> {
    let width = if whole {
        ((most - least + 1.0) / BARS as f64).ceil().max(1.0)
    } else {
        // A little wider, so that the largest value lies inside the last bar.
        let width = (most - least) * (1.0 + 1e-9) / BARS as f64;
        if width > 0.0 { width } else { 1.0 }
    };
    let bars = ((most - least) / width).floor() as usize + 1;
    (0..=bars).map(|bar| least + bar as f64 * width).collect()
}

/// Edges that grow by a constant factor.
fn growing(least: f64, most: f64) -> Vec<f64> {
    // A little above, so that the largest value lies inside the last bar.
    let factor = (most / least * (1.0 + 1e-9)).powf(1.0 / BARS as f64);
    (0..=BARS)
        .map(|bar| least * factor.powi(bar as i32))
        .collect()
}

/// Whole edges: one number a bar at first, then growing by a constant factor.
fn growing_whole(least: f64, most: f64) -> Vec<f64> {
    let factor = (most / least).powf(1.0 / (BARS as f64 * 0.75)).max(1.0);
    let mut edges = vec![least];
    let mut edge = least;
    while edge <= most {
        edge = (edge + 1.0).max((edge * factor).ceil());
        edges.push(edge);
    }
    edges
}

/// Finds the bar of a value.
struct Bins<'a> {
    edges: &'a [f64],
    log: bool,
    first: f64,
    per_unit: f64,
}

impl<'a> Bins<'a> {
    fn new(edges: &'a [f64], log: bool) -> Self {
        let place = |value: f64| if log { value.ln() } else { value };
        let (first, last) = (place(edges[0]), place(edges[edges.len() - 1]));
        Self {
            edges,
            log,
            first,
            per_unit: (edges.len() - 1) as f64 / (last - first),
        }
    }

    /// A guess by arithmetic, set right by looking at the edges: their rounding decides, not that of
    /// the logarithm.
    fn place(&self, value: f64) -> usize {
        let bars = self.edges.len() - 1;
        let along = if self.log { value.ln() } else { value };
        let guess = ((along - self.first) * self.per_unit).max(0.0) as usize;
        let mut bar = guess.min(bars - 1);
        while bar > 0 && value < self.edges[bar] {
            bar -= 1;
        }
        while bar + 1 < bars && value >= self.edges[bar + 1] {
            bar += 1;
        }
        bar
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers(frequency: &[u32], monetary: &[f64]) -> Customers {
        let rows = frequency.len();
        Customers {
            as_of: 100,
            active: rows,
            first_day: vec![0; rows],
            last_day: (0..rows as i32).map(|row| 99 - row).collect(),
            frequency: frequency.to_vec(),
            purchase_days: frequency.to_vec(),
            monetary: monetary.to_vec(),
        }
    }

    #[test]
    fn whole_numbers_in_few_bars_get_one_each() {
        let table = customers(&[1, 1, 2, 3, 3, 3], &[10.0; 6]);
        let orders = distribution(&table, Quantity::Frequency);
        assert!(!orders.log);
        assert_eq!(orders.edges, [1.0, 2.0, 3.0, 4.0]);
        assert_eq!(orders.counts, [2, 1, 3]);
        assert_eq!((orders.least, orders.most), (1.0, 3.0));
        let days = distribution(&table, Quantity::RecencyDays);
        assert_eq!(days.counts, [1; 6]);
        // Everybody spent the same: one bar.
        assert_eq!(distribution(&table, Quantity::Monetary).counts, [6]);
    }

    #[test]
    fn skewed_values_get_growing_bars_and_zero_stands_beside() {
        let revenue: Vec<f64> = (0..200)
            .map(|row| match row {
                0 => -3.0,
                1 => 0.0,
                2..190 => f64::from(row),
                _ => 50_000.0,
            })
            .collect();
        let table = customers(&[1; 200], &revenue);
        let spread = distribution(&table, Quantity::Monetary);
        assert!(spread.log);
        assert_eq!(spread.not_positive, 2);
        assert_eq!(spread.customers(), 200);
        assert_eq!(spread.counts.len(), BARS);
        assert_eq!(spread.counts[BARS - 1], 10);
        // Every bar holds what a plain comparison with its edges says.
        for (bar, &count) in spread.counts.iter().enumerate() {
            let (from, to) = (spread.edges[bar], spread.edges[bar + 1]);
            let inside = revenue.iter().filter(|&&value| from <= value && value < to);
            assert_eq!(inside.count() as u64, count, "bar {bar}: {from} to {to}");
        }
    }

    #[test]
    fn growing_whole_edges_miss_no_number() {
        let edges = growing_whole(1.0, 5_000.0);
        assert!(edges.len() <= BARS + 1, "{}", edges.len());
        assert!(edges.windows(2).all(|pair| pair[1] >= pair[0] + 1.0));
        assert_eq!(edges[..4], [1.0, 2.0, 3.0, 4.0]);
        assert!(edges[edges.len() - 1] > 5_000.0);
    }

    #[test]
    fn nobody_has_no_distribution() {
        let spread = distributions(&Customers::default());
        assert!(spread.iter().all(|one| one.counts.is_empty()));
    }
}
