//! One customer over time: how likely they were still a customer and what could be expected of them,
//! as of every day of their history; and what customers like this one did next.
//!
//! The curves look back with today's model: its parameters are learned from all orders before S, the
//! customer's own history is cut at each date. The interval is 80 % of simulated futures: rate and
//! leaving from the customer's posterior (given that they are still there, λ ~ Gamma(r + x, α + T)
//! is independent of p ~ Beta(a, b + x + 1) in MBG/NBD and of μ ~ Gamma(s, β + T) in Pareto/NBD),
//! purchase values from theirs (ν ~ Gamma(p x + q, v + x m)).
//! The parameters of the models themselves are taken as known: their uncertainty is not in it.

use rayon::prelude::*;

use super::forecast::{DayValue, Fitted};
use analysis::{
    customers::Customers,
    nearest::{Nearest, Neighbour},
    numeric::quantile,
};
use data::day::Day;
use data::orders::{Orders, flag};
use models::btyd::{History, Leaving};
use simulator::random::{Purpose, Rng};

/// The customer as of one day.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moment {
    /// Everything dated before it counts.
    pub day: Day,
    /// Probability of still being a customer.
    pub alive: f64,
    /// Expected net revenue within the horizon.
    pub value: f64,
    /// 80 % of simulated futures lie between these.
    pub low: f64,
    pub high: f64,
    /// Whether a purchase was made on the day before.
    pub purchase: bool,
}

/// A customer who, one horizon ago, stood where this one stands now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Peer {
    pub customer: u32,
    /// In standard deviations of log recency, log orders, log revenue and log tenure.
    pub distance: f64,
    pub recency_days: i32,
    pub orders: u32,
    pub revenue: f64,
    /// What followed within the horizon.
    pub orders_next: u32,
    pub revenue_next: f64,
}

/// One customer over time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Story {
    pub customer: u32,
    pub horizon_days: u32,
    /// Ascending by day; the last one is S.
    pub moments: Vec<Moment>,
    /// Nearest first.
    pub peers: Vec<Peer>,
    /// What drove the trained model's prediction; `None` without one.
    pub reasons: Option<Reasons>,
}

/// What drove a trained model's prediction of one customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reasons {
    pub model: String,
    pub value: Option<f64>,
    /// The value is a probability.
    pub class: bool,
    /// Largest part first.
    pub pushes: Vec<Push>,
    /// How the parts were found and what their unit is, in a full sentence.
    pub how: String,
    /// Why the prediction cannot be split, in a full sentence.
    pub problem: Option<String>,
}

/// What one feature contributed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Push {
    pub feature: String,
    pub definition: String,
    /// The customer's value, in words.
    pub value: String,
    /// Part of the model's raw score, against the average customer.
    pub part: f64,
}

/// Simulated futures per moment.
const FUTURES: usize = 1_000;
/// Moments at most: purchase days, and steps between them.
const MOMENTS: usize = 120;
/// Peers looked for.
pub const PEERS: usize = 25;

impl Story {
    /// Walks through the customer's history; empty for a customer without an order before S.
    #[must_use]
    pub fn moments(
        fitted: &Fitted,
        orders: &Orders,
        (customer, as_of): (u32, Day),
        horizon_days: u32,
        seed: u64,
    ) -> Vec<Moment> {
        let purchases = purchase_days(orders, customer as usize, as_of);
        let days = moments_of(&purchases, as_of);
        days.into_par_iter()
            .filter_map(|day| {
                let known: Vec<(Day, f64)> = purchases
                    .iter()
                    .copied()
                    .filter(|(bought, _)| *bought < day)
                    .collect();
                let mut rng = Rng::new(
                    seed,
                    Purpose::Future,
                    (u64::from(customer) << 32) ^ u64::from(day.cast_unsigned()),
                );
                moment(fitted, &known, day, f64::from(horizon_days), &mut rng)
            })
            .collect()
    }
}

/// Purchase days before S with their net revenue.
fn purchase_days(orders: &Orders, customer: usize, as_of: Day) -> Vec<(Day, f64)> {
    let mut days: Vec<(Day, f64, bool)> = Vec::new();
    for line in orders.lines_before(customer, as_of) {
        let (day, net) = (orders.days[line], orders.net(line));
        let starts = orders.flags[line] & flag::DAY_START != 0;
        match days.last_mut().filter(|last| last.0 == day) {
            Some(last) => {
                last.1 += net;
                last.2 |= starts;
            }
            None => days.push((day, net, starts)),
        }
    }
    days.retain(|day| day.2);
    days.into_iter().map(|(day, net, _)| (day, net)).collect()
}

/// The days to tell about: the day after each purchase, the day of the next one (just before it), S,
/// and steps in between; ascending.
fn moments_of(purchases: &[(Day, f64)], as_of: Day) -> Vec<Day> {
    let Some(&(first, _)) = purchases.first() else {
        return Vec::new();
    };
    let step = (((as_of - first) as usize).div_ceil(MOMENTS)).max(1);
    let mut days: Vec<Day> = (first + 1..as_of).step_by(step).collect();
    let recent = purchases.len().saturating_sub(MOMENTS);
    for &(day, _) in &purchases[recent..] {
        days.extend([day, day + 1]);
    }
    days.push(as_of);
    days.sort_unstable();
    days.dedup();
    days.retain(|&day| day > first && day <= as_of);
    days
}

fn moment(
    fitted: &Fitted,
    known: &[(Day, f64)],
    day: Day,
    horizon_days: f64,
    rng: &mut Rng,
) -> Option<Moment> {
    let (first, last) = (known.first()?.0, known.last()?.0);
    let repeats = known.len() as u32 - 1;
    let history = History {
        repeats,
        last_days: last.abs_diff(first),
        age_days: (day - 1).abs_diff(first),
    };
    let mean = if repeats == 0 {
        0.0
    } else {
        known[1..].iter().map(|(_, net)| net).sum::<f64>() / f64::from(repeats)
    };
    let outlook = fitted.model.outlook(&history, horizon_days);
    let mut futures: Vec<f64> = (0..FUTURES)
        .map(|_| {
            future(
                fitted,
                &history,
                (outlook.probability_alive, mean),
                horizon_days,
                rng,
            )
        })
        .collect();
    futures.sort_unstable_by(f64::total_cmp);
    let at = |share| quantile(&futures, share).unwrap_or(0.0);
    Some(Moment {
        day,
        alive: outlook.probability_alive,
        value: outlook.expected_purchases * fitted.mean_spend(repeats, mean),
        low: at(0.1),
        high: at(0.9),
        purchase: last == day - 1,
    })
}

/// Revenue within the horizon in one simulated future.
fn future(
    fitted: &Fitted,
    history: &History,
    (alive, mean): (f64, f64),
    horizon_days: f64,
    rng: &mut Rng,
) -> f64 {
    if !rng.chance(alive) {
        return 0.0;
    }
    let posterior = fitted.model.posterior(history);
    let repeats = f64::from(history.repeats);
    let rate = rng.gamma(posterior.shape) / posterior.rate;
    let (mut end, mut leaves) = (horizon_days / fitted.model.unit.days(), 0.0);
    match posterior.leaving {
        Leaving::AfterPurchase { a, b } => leaves = rng.beta(a, b),
        Leaving::AtAnyTime { shape, rate } => {
            let leaving = rng.gamma(shape) / rate;
            end = end.min(rng.exponential() / leaving.max(1e-12));
        }
    }
    let (mut time, mut purchases) = (0.0, 0_u32);
    while purchases < 10_000 {
        time += rng.exponential() / rate.max(1e-12);
        if time > end {
            break;
        }
        purchases += 1;
        if rng.chance(leaves) {
            break;
        }
    }
    if purchases == 0 {
        return 0.0;
    }
    match &fitted.day_value {
        DayValue::ShopMean { mean, .. } => f64::from(purchases) * mean,
        DayValue::Model(model) => {
            let seen = if mean > 0.0 { repeats } else { 0.0 };
            let scale = rng.gamma(model.p * seen + model.q) / (model.v + seen * mean);
            rng.gamma(model.p * f64::from(purchases)) / scale.max(1e-300)
        }
    }
}

/// Customers who looked like this one looks now, one horizon earlier; `earlier` is the shop as of that
/// date and `now` as of S, both dense by customer.
#[must_use]
pub fn peers(earlier: &Customers, now: &Customers, customer: u32) -> Vec<Peer> {
    let row = customer as usize;
    if !now.exists(row) {
        return Vec::new();
    }
    let known: Vec<usize> = (0..earlier.len())
        .filter(|&row| earlier.exists(row))
        .collect();
    let mut points: Vec<[f64; 4]> = known.par_iter().map(|&row| point(earlier, row)).collect();
    let scale = deviations(&points);
    let scaled = |point: [f64; 4]| std::array::from_fn(|column| point[column] / scale[column]);
    points
        .par_iter_mut()
        .for_each(|point| *point = scaled(*point));
    let nearest = Nearest::new(points);
    let target = scaled(point(now, row));
    let found = nearest.of(&target, PEERS, known.binary_search(&row).ok());
    let peer = |neighbour: &Neighbour| {
        let other = known[neighbour.number];
        Peer {
            customer: other as u32,
            distance: neighbour.distance,
            recency_days: earlier.recency_days(other),
            orders: earlier.frequency[other],
            revenue: earlier.monetary[other],
            orders_next: now.frequency[other] - earlier.frequency[other],
            revenue_next: now.monetary[other] - earlier.monetary[other],
        }
    };
    found.iter().map(peer).collect()
}

fn point(customers: &Customers, row: usize) -> [f64; 4] {
    [
        f64::from(customers.recency_days(row)).ln_1p(),
        f64::from(customers.frequency[row]).ln_1p(),
        customers.monetary[row].max(0.0).ln_1p(),
        f64::from(customers.tenure_days(row)).ln_1p(),
    ]
}

/// Standard deviation of each column; 1 where nothing varies.
fn deviations(points: &[[f64; 4]]) -> [f64; 4] {
    let count = points.len().max(1) as f64;
    std::array::from_fn(|column| {
        let mean = points.iter().map(|point| point[column]).sum::<f64>() / count;
        let square = points
            .iter()
            .map(|point| (point[column] - mean).powi(2))
            .sum::<f64>();
        let deviation = (square / count).sqrt();
        if deviation > 1e-9 { deviation } else { 1.0 }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_stand_before_and_after_each_purchase() {
        let days = moments_of(&[(0, 1.0), (10, 1.0)], 12);
        assert_eq!(days, (1..=12).collect::<Vec<Day>>());
        let long = moments_of(&[(0, 1.0), (777, 1.0)], 1_200);
        assert!(long.len() <= MOMENTS + 3);
        assert!([777, 778, 1_200].iter().all(|day| long.contains(day)));
        assert!(moments_of(&[], 5).is_empty());
    }

    /// Customer 0 now: 10 days silent, 2 orders, 20 spent, 50 days known. Customer 1 was exactly that
    /// at the earlier date; customer 2 was far from it; customer 3 did not exist.
    #[test]
    fn peers_are_those_who_stood_here_before() {
        let table = |as_of, rows: [(Day, Day, u32, f64); 4]| Customers {
            as_of,
            active: 4,
            first_day: rows.iter().map(|r| r.0).collect(),
            last_day: rows.iter().map(|r| r.1).collect(),
            frequency: rows.iter().map(|r| r.2).collect(),
            purchase_days: rows.iter().map(|r| r.2).collect(),
            monetary: rows.iter().map(|r| r.3).collect(),
        };
        let earlier = table(
            100,
            [
                (90, 95, 1, 5.0),
                (50, 90, 2, 20.0),
                (0, 1, 9, 900.0),
                (0, 0, 0, 0.0),
            ],
        );
        let now = table(
            140,
            [
                (90, 130, 2, 20.0),
                (50, 120, 3, 32.0),
                (0, 1, 9, 900.0),
                (120, 120, 1, 7.0),
            ],
        );
        let peers = peers(&earlier, &now, 0);
        assert_eq!(peers.len(), 2);
        let nearest = peers[0];
        assert_eq!((nearest.customer, nearest.distance), (1, 0.0));
        assert_eq!((nearest.orders_next, nearest.revenue_next), (1, 12.0));
        assert_eq!((peers[1].customer, peers[1].orders_next), (2, 0));
    }
}
