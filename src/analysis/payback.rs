//! What a new customer brings within the first months: how much may be spent to win one.
//!
//! A customer's value within *H* months is the net revenue of the days 0 … 30.4 · H − 1 after their first
//! order, credits included. The mean is over those customers alone whose whole horizon lies before S:
//! younger ones would only have had a part of it, and it would come out too low.

use rayon::prelude::*;

use super::{customers::Customers, numeric::CHUNK};
use data::day::Day;
use data::orders::Orders;

/// Horizons that can be asked for, in months.
pub const HORIZONS: [u32; 4] = [3, 6, 12, 24];
/// Fewer customers say too little about the mean.
pub const FEWEST: u64 = 100;

/// Mean length of a month in days.
const MONTH_DAYS: f64 = 30.4;
const MONTHS: usize = HORIZONS[HORIZONS.len() - 1] as usize;
/// 97.5th percentile of the normal distribution.
const NORMAL: f64 = 1.959_964;

/// Days of so many months: 30.4 each, to the nearest whole day.
#[must_use]
pub fn days_of(months: u32) -> i32 {
    (f64::from(months) * MONTH_DAYS).round() as i32
}

/// Value within one horizon.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HorizonValue {
    pub months: u32,
    /// Customers whose whole horizon lies before S.
    pub customers: u64,
    /// Their mean net revenue within it.
    pub mean: f64,
    /// Standard error of the mean: standard deviation ÷ √customers.
    pub error: f64,
    /// Mean net revenue up to the end of the first, second … last month; of the same customers.
    pub by_month: Vec<f64>,
}

impl HorizonValue {
    /// 95 % interval of the mean: mean ± 1.96 standard errors.
    #[must_use]
    pub fn interval(&self) -> [f64; 2] {
        [-1.0, 1.0].map(|side| self.mean + side * NORMAL * self.error)
    }
}

/// Value within each of [`HORIZONS`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Payback {
    pub horizons: Vec<HorizonValue>,
}

impl Payback {
    /// The longest horizon of at most so many months that at least [`FEWEST`] customers have lived
    /// through; `None` when there is none.
    #[must_use]
    pub fn within(&self, months: u32) -> Option<&HorizonValue> {
        let mut longest_first = self.horizons.iter().rev();
        longest_first.find(|of| of.months <= months && of.customers >= FEWEST)
    }

    /// The horizon of exactly so many months.
    #[must_use]
    pub fn of(&self, months: u32) -> Option<&HorizonValue> {
        self.horizons.iter().find(|of| of.months == months)
    }
}

/// Sums over customers, per horizon.
#[derive(Clone, Copy)]
struct Sums {
    customers: u64,
    sum: f64,
    squares: f64,
    by_month: [f64; MONTHS],
}

const NOTHING: Sums = Sums {
    customers: 0,
    sum: 0.0,
    squares: 0.0,
    by_month: [0.0; MONTHS],
};

/// Works out the value within every horizon, of customers won on or after `since` (customers from before
/// the data begin have no known first order).
#[must_use]
pub fn payback(orders: &Orders, customers: &Customers, since: Option<Day>) -> Payback {
    let ends: [i32; MONTHS] = std::array::from_fn(|month| days_of(month as u32 + 1));
    let counts = |row: &usize| {
        customers.exists(*row) && since.is_none_or(|since| customers.first_day[*row] >= since)
    };
    let rows: Vec<usize> = (0..customers.len()).filter(counts).collect();
    // Added up chunk by chunk in order, so that the sums do not depend on who works on what.
    let chunks: Vec<[Sums; HORIZONS.len()]> = rows
        .par_chunks(CHUNK)
        .map(|rows| {
            let mut sums = [NOTHING; HORIZONS.len()];
            for &row in rows {
                add(&mut sums, orders, customers, (row, &ends));
            }
            sums
        })
        .collect();
    let horizons = HORIZONS
        .into_iter()
        .enumerate()
        .map(|(place, months)| {
            let mut all = NOTHING;
            for chunk in &chunks {
                let part = &chunk[place];
                all.customers += part.customers;
                all.sum += part.sum;
                all.squares += part.squares;
                for (all, part) in all.by_month.iter_mut().zip(part.by_month) {
                    *all += part;
                }
            }
            value(months, &all)
        })
        .collect();
    Payback { horizons }
}

fn add(
    sums: &mut [Sums; HORIZONS.len()],
    orders: &Orders,
    customers: &Customers,
    (row, ends): (usize, &[i32; MONTHS]),
) {
    let first = customers.first_day[row];
    let lived = customers.as_of - first;
    if lived < days_of(HORIZONS[0]) {
        return;
    }
    let mut by_month = [0.0; MONTHS];
    for line in orders.lines_before(row, customers.as_of) {
        // A credit dated before the first order belongs to what was kept of it.
        let age = (orders.days[line] - first).max(0);
        let month = ends.partition_point(|&end| end <= age);
        if let Some(sum) = by_month.get_mut(month) {
            *sum += orders.net(line);
        }
    }
    for month in 1..MONTHS {
        by_month[month] += by_month[month - 1];
    }
    for (sums, months) in sums.iter_mut().zip(HORIZONS) {
        if lived < days_of(months) {
            break;
        }
        let value = by_month[months as usize - 1];
        sums.customers += 1;
        sums.sum += value;
        sums.squares += value * value;
        for (all, own) in sums.by_month.iter_mut().zip(by_month) {
            *all += own;
        }
    }
}

fn value(months: u32, sums: &Sums) -> HorizonValue {
    let count = sums.customers as f64;
    if sums.customers == 0 {
        return HorizonValue {
            months,
            ..HorizonValue::default()
        };
    }
    let mean = sums.sum / count;
    let variance = (sums.squares - sums.sum * mean).max(0.0) / (count - 1.0).max(1.0);
    HorizonValue {
        months,
        customers: sums.customers,
        mean,
        error: (variance / count).sqrt(),
        by_month: sums.by_month[..months as usize]
            .iter()
            .map(|sum| sum / count)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::customers::customers_as_of;
    use data::lines::in_memory::{Kind, Line, assemble};

    fn line(customer: &str, day: Day, amount: f64) -> Line {
        let kind = if amount < 0.0 {
            Kind::Credit
        } else {
            Kind::Sale
        };
        Line {
            customer: customer.to_owned(),
            day,
            order: format!("{customer}-{day}"),
            amount,
            kind,
            attributes: Vec::new(),
        }
    }

    /// Three months are 91 days: the days 0 to 90. Ann: 10 + 5 on day 90, the 7 of day 91 no more; Bob:
    /// 20 − 4; Cem, 90 days old, is not followed long enough. Mean 15.5, deviations ∓ 0.5: variance 0.5,
    /// standard error √(0.5 ÷ 2) = 0.5.
    #[test]
    fn value_within_three_months_by_hand() {
        let lines = [
            line("Ann", 0, 10.0),
            line("Ann", 90, 5.0),
            line("Ann", 91, 7.0),
            line("Bob", 9, 20.0),
            line("Bob", 39, -4.0),
            line("Cem", 10, 100.0),
        ];
        let orders = assemble(&lines, &[]).unwrap();
        let found = payback(&orders, &customers_as_of(&orders, 100), None);
        let three = found.of(3).unwrap();
        assert_eq!((three.customers, three.mean), (2, 15.5));
        assert!((three.error - 0.5).abs() < 1e-12, "{}", three.error);
        // Day 30 is the first of the second month, day 61 of the third.
        assert_eq!(three.by_month, [15.0, 13.0, 15.5]);
        assert!((three.interval()[0] - (15.5 - 0.979_982)).abs() < 1e-9);
        assert_eq!(found.of(6).unwrap().customers, 0);
        // Two are too few to speak of.
        assert_eq!(found.within(12), None);
        let later = payback(&orders, &customers_as_of(&orders, 100), Some(5));
        assert_eq!(later.of(3).unwrap().customers, 1);
        assert_eq!(later.of(3).unwrap().mean, 16.0);
    }

    #[test]
    fn a_horizon_nobody_has_lived_through_gives_way_to_a_shorter_one() {
        let lines: Vec<Line> = (0..120)
            .map(|number| line(&format!("c{number}"), number % 10, 1.0))
            .collect();
        let orders = assemble(&lines, &[]).unwrap();
        let found = payback(&orders, &customers_as_of(&orders, 200), None);
        assert_eq!(found.within(12).map(|of| of.months), Some(6));
        assert_eq!(found.within(3).map(|of| of.months), Some(3));
    }
}
