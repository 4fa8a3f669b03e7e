//! What every calendar day adds to the Overview, so that any as-of date is a sum over days.
//!
//! Nearly every number of the Overview is a sum over lines before S, and what a line adds does not
//! depend on S: an order is its customer's third one, or follows the last purchase by 40 days,
//! whatever S is. So one walk over all lines files everything under its day; afterwards a step of the
//! as-of date adds up a thousand days instead of ten million lines. Only what belongs to customers as
//! of S — their net revenue, rounded one by one — is summed from the customers' table.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::CHUNK,
    overview::{Overview, Window},
    overview_build::{
        Frame, ORDER_BINS, PeriodSums, Sums, WINDOWS, finish, nothing, tells_returns, window_days,
    },
    periods::{Calendar, fitting, last_begun},
};
use data::day::{Day, Period};
use data::orders::{Orders, flag};

/// Longest history filed day by day: 11 years. The table of gaps grows with its square.
const MAX_DAYS: usize = 4_096;
/// Memory for partial tables of gaps, in entries.
const PARTIAL_GAPS: usize = 1 << 23;

/// Everything the lines of each day add, for time series of one granularity.
pub struct DayLedger {
    period: Period,
    /// Day of the first line.
    first: Day,
    /// First day on which somebody was won.
    first_order: Option<Day>,
    days: Vec<DaySums>,
    /// Row *d*, entry *g*: purchases on day *d* that follow the customer's last one by *g* days.
    gaps: Vec<u32>,
    /// Per length of window: customers with an order in the window that ends before each day.
    windows: [Vec<u64>; 2],
    tells_returns: bool,
}

/// What one day adds.
#[derive(Clone, Copy, Default)]
struct DaySums {
    lines: u64,
    credit_lines: u64,
    not_kept_lines: u64,
    net: f64,
    credits: f64,
    /// Revenue, orders and customers of the day's period: new and returning. Credits move to "new"
    /// on the day of a first order in the same period.
    series: PeriodSums,
    /// Customers who place their first, second… tenth order.
    nth: [u64; ORDER_BINS],
}

/// Partial sums of some customers.
struct Part {
    days: Vec<DaySums>,
    gaps: Vec<u32>,
    /// Where windows that hold a customer begin and end, per length of window.
    windows: [Vec<i64>; 2],
}

/// Row *d* of the table of gaps begins here: rows hold the gaps 0…*d*.
fn gap_row(day: usize) -> usize {
    day * (day + 1) / 2
}

impl DayLedger {
    /// Files all lines; `None` without lines or when the history is too long for it.
    #[must_use]
    pub fn new(orders: &Orders, period: Period) -> Option<Self> {
        let (first, last) = (
            *orders.days.par_iter().min()?,
            *orders.days.par_iter().max()?,
        );
        let count = usize::try_from(i64::from(last) - i64::from(first) + 1)
            .ok()
            .filter(|&days| days <= MAX_DAYS)?;
        let filing = Filing {
            orders,
            calendar: &Calendar::new(period, first, last),
            first,
            count,
        };
        let customers = orders.customers();
        let parts = (PARTIAL_GAPS / gap_row(count + 1)).clamp(2, 8);
        let length = customers.div_ceil(parts).max(1);
        let partial: Vec<Part> = (0..parts)
            .into_par_iter()
            .map(|part| filing.part(part * length..customers.min((part + 1) * length)))
            .collect();
        let mut partial = partial.into_iter();
        let sums = partial.next()?;
        let sums = partial.fold(sums, join);
        let first_order = (first..)
            .zip(&sums.days)
            .find(|(_, sums)| sums.nth[0] > 0)
            .map(|(day, _)| day);
        Some(Self {
            period,
            first,
            first_order,
            windows: sums.windows.map(|steps| running(&steps)),
            days: sums.days,
            gaps: sums.gaps,
            tells_returns: tells_returns(orders),
        })
    }

    /// The Overview as of `customers.as_of`; the same as [`super::overview_build::overview`] gives.
    /// `None` for a date so late that the series takes longer periods than those filed.
    #[must_use]
    pub fn overview(&self, customers: &Customers) -> Option<Overview> {
        let as_of = customers.as_of;
        if as_of <= self.first {
            return Some(nothing(self.period));
        }
        if fitting(self.period, self.first, as_of - 1) != self.period {
            return None;
        }
        let reached = (as_of - self.first) as usize;
        let reached_days = &self.days[..reached.min(self.days.len())];
        let first_period = self.period.index(self.first);
        let begun = last_begun(self.period, as_of);
        let window_days = window_days(self.first_order.filter(|&first| first < as_of), as_of);
        let mut sums = Sums {
            series: vec![PeriodSums::default(); (begun.0 - first_period) as usize + 1],
            gaps: self.gaps_before(reached_days.len()),
            windows: window_days.map_or_else(Default::default, |days| self.trend(as_of, days)),
            ..Sums::default()
        };
        let calendar = Calendar::new(self.period, self.first, as_of - 1);
        let mut nth = [0; ORDER_BINS];
        for (day, day_sums) in (self.first..).zip(reached_days) {
            sums.lines += day_sums.lines;
            sums.credit_lines += day_sums.credit_lines;
            sums.not_kept_lines += day_sums.not_kept_lines;
            sums.credits += day_sums.credits;
            let entry = (calendar.index(day) - first_period) as usize;
            sums.series[entry].add(&day_sums.series);
            sums.orders += day_sums.series.orders;
            let steps = nth.iter_mut().zip(day_sums.nth);
            steps.for_each(|(to, from)| *to += from);
        }
        sums.customers = nth[0];
        for (bin, to) in sums.orders_per_customer.iter_mut().enumerate() {
            // Who has placed the tenth order stays in the last bin.
            *to = nth[bin] - nth.get(bin + 1).copied().unwrap_or(0);
        }
        (sums.revenue, sums.revenue_without_customer) = revenue(customers);
        let frame = Frame {
            period: self.period,
            first_period,
            last_begun: begun,
            window_days,
            tells_returns: self.tells_returns,
        };
        Some(finish(&sums, &frame))
    }

    /// Gaps between purchases on the first so many days, by length.
    fn gaps_before(&self, days: usize) -> Vec<u64> {
        let mut sums = vec![0; days.max(1)];
        for day in 0..days {
            let row = &self.gaps[gap_row(day)..gap_row(day + 1)];
            let pairs = sums.iter_mut().zip(row);
            pairs.for_each(|(sum, &gaps)| *sum += u64::from(gaps));
        }
        sums
    }

    /// The window before the last one, and the last one.
    fn trend(&self, as_of: Day, window_days: i32) -> [Window; 2] {
        let which = usize::from(WINDOWS[0] != window_days);
        let border = as_of - window_days;
        [border, as_of].map(|end| {
            let place = |day: Day| ((day - self.first).max(0) as usize).min(self.days.len());
            let mut window = Window {
                customers: self.windows[which]
                    .get((end - self.first).max(0) as usize)
                    .copied()
                    .unwrap_or(0),
                ..Window::default()
            };
            for sums in &self.days[place(end - window_days)..place(end)] {
                window.new_customers += sums.nth[0];
                window.orders += sums.series.orders;
                window.revenue += sums.net;
            }
            window
        })
    }
}

/// Net revenue of everyone, and the part of it from people without an order; in the order of addition
/// that the full walk has.
fn revenue(customers: &Customers) -> (f64, f64) {
    let count = customers.len();
    let parts = count.div_ceil(CHUNK).clamp(1, 64);
    let length = count.div_ceil(parts).max(1);
    let sums: Vec<(f64, f64)> = (0..parts)
        .into_par_iter()
        .map(|part| {
            let rows = (part * length).min(count)..count.min((part + 1) * length);
            rows.fold((0.0, 0.0), |(all, nobody), row| {
                let money = customers.monetary[row];
                let without = if customers.frequency[row] == 0 {
                    money
                } else {
                    0.0
                };
                (all + money, nobody + without)
            })
        })
        .collect();
    sums.iter()
        .fold((0.0, 0.0), |sum, part| (sum.0 + part.0, sum.1 + part.1))
}

/// Running sums.
fn running(steps: &[i64]) -> Vec<u64> {
    let mut sum = 0;
    steps
        .iter()
        .map(|step| {
            sum += step;
            sum.max(0) as u64
        })
        .collect()
}

fn join(mut sums: Part, part: Part) -> Part {
    for (to, from) in sums.days.iter_mut().zip(&part.days) {
        to.lines += from.lines;
        to.credit_lines += from.credit_lines;
        to.not_kept_lines += from.not_kept_lines;
        to.net += from.net;
        to.credits += from.credits;
        to.series.add(&from.series);
        let steps = to.nth.iter_mut().zip(from.nth);
        steps.for_each(|(to, from)| *to += from);
    }
    let gaps = sums.gaps.iter_mut().zip(part.gaps);
    gaps.for_each(|(to, from)| *to += from);
    for (to, from) in sums.windows.iter_mut().zip(part.windows) {
        let steps = to.iter_mut().zip(from);
        steps.for_each(|(to, from)| *to += from);
    }
    sums
}

/// The walk that files lines under their days.
struct Filing<'a> {
    orders: &'a Orders,
    calendar: &'a Calendar,
    first: Day,
    count: usize,
}

impl Filing<'_> {
    fn part(&self, customers: std::ops::Range<usize>) -> Part {
        let mut part = Part {
            days: vec![DaySums::default(); self.count],
            gaps: vec![0; gap_row(self.count)],
            windows: WINDOWS.map(|days| vec![0; self.count + days as usize + 2]),
        };
        for customer in customers {
            self.add(customer, &mut part);
        }
        part
    }

    #[inline]
    fn add(&self, customer: usize, part: &mut Part) {
        let orders = self.orders;
        let lines = orders.lines_of(customer);
        let columns = orders.days[lines.clone()]
            .iter()
            .zip(&orders.flags[lines.clone()])
            .zip(&orders.amounts[lines]);
        let mut seen = Seen::default();
        for ((&day, &flags), &amount) in columns {
            let kept = flags & flag::NOT_KEPT == 0;
            let net = if kept { amount } else { 0.0 };
            let place = (day - self.first) as usize;
            let period = self.calendar.index(day);
            let sums = &mut part.days[place];
            sums.lines += 1;
            sums.not_kept_lines += u64::from(!kept);
            sums.net += net;
            if flags & flag::CREDIT != 0 {
                sums.credit_lines += 1;
                sums.credits += net;
            }
            if flags & flag::ORDER_START != 0 {
                add_order(period, place, &mut seen, part);
            }
            let returning = usize::from(seen.first_period != Some(period));
            part.days[place].series.revenue[returning] += net;
            if seen.orders == 0 {
                seen.early.push((period, net));
            }
            if flags & flag::DAY_START != 0
                && let Some(last) = seen.purchase.replace(place)
            {
                part.gaps[gap_row(place) + place - last] += 1;
            }
        }
        for (steps, until) in part.windows.iter_mut().zip(seen.until) {
            if seen.orders > 0 {
                steps[until + 1] -= 1;
            }
        }
    }
}

/// Files the beginning of an order.
fn add_order(period: i32, place: usize, seen: &mut Seen, part: &mut Part) {
    let sums = &mut part.days[place];
    sums.series.orders += 1;
    if seen.orders < ORDER_BINS {
        sums.nth[seen.orders] += 1;
    }
    if seen.orders == 0 {
        seen.first_period = Some(period);
        // Credits before a first order belong to earlier purchases until the order turns them
        // into its period's own.
        for (_, net) in seen.early.iter().filter(|(early, _)| *early == period) {
            sums.series.revenue[0] += net;
            sums.series.revenue[1] -= net;
        }
    }
    if seen.ordered_in != Some(period) {
        sums.series.customers[usize::from(seen.first_period != Some(period))] += 1;
        seen.ordered_in = Some(period);
    }
    let windows = part.windows.iter_mut().zip(&mut seen.until).zip(WINDOWS);
    for ((steps, until), days) in windows {
        // A window of w days that ends before day b holds day d ⇔ d < b ≤ d + w.
        if seen.orders == 0 || place + 1 > *until + 1 {
            if seen.orders > 0 {
                steps[*until + 1] -= 1;
            }
            steps[place + 1] += 1;
        }
        *until = place + days as usize;
    }
    seen.orders += 1;
}

/// What is known of a customer half way through the lines.
#[derive(Default)]
struct Seen {
    orders: usize,
    first_period: Option<i32>,
    ordered_in: Option<i32>,
    purchase: Option<usize>,
    /// Periods and amounts of lines before the first order.
    early: Vec<(i32, f64)>,
    /// Last day before which a window still holds the last order, per length of window.
    until: [usize; 2],
}
