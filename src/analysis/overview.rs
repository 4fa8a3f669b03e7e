//! The numbers of the Overview: KPIs, revenue over time, orders per customer, time between orders.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, settle},
    periods::{Calendar, last_begun},
};
use crate::data::{
    day::{Day, Period},
    orders::{Orders, flag},
};

/// Headline numbers as of S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kpis {
    /// Customers with a kept order before S.
    pub customers: u64,
    pub orders: u64,
    /// Lines dated before S, also those not kept and credits.
    pub lines: u64,
    /// Σ over all lines before S of what was kept, credits included.
    pub net_revenue: f64,
    /// The part of `net_revenue` that belongs to no customer: credits of people without an order
    /// before S (their purchase is not in the data). Segments and cohorts sum up to the rest.
    pub revenue_without_customer: f64,
    /// Net revenue ÷ orders.
    pub aov: f64,
    /// Share of customers with exactly one order.
    pub one_time_share: f64,
    /// Share of customers with two or more orders.
    pub repeat_rate: f64,
    /// Median days between consecutive purchase days of the same customer; `None` without repeats.
    pub median_gap_days: Option<f64>,
    /// Share of sale lines that were not kept; `None` when the data does not tell, that is when no
    /// line at all, of any date, is marked as not kept.
    pub return_rate: Option<f64>,
    /// Credits ÷ amount of kept sales, both before S; `None` without credit lines.
    pub credit_share: Option<f64>,
}

/// One period of the time series; new customers are those whose first order falls in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodRevenue {
    pub index: i32,
    pub label: String,
    /// Net revenue of customers in the period of their first order.
    pub revenue_new: f64,
    /// All other net revenue: also credits dated before a first order or without one, which
    /// belong to earlier purchases.
    pub revenue_returning: f64,
    pub orders: u64,
    pub customers_new: u64,
    /// Customers with an order in this period and their first one in an earlier period.
    pub customers_returning: u64,
    /// Whether the period had ended by S.
    pub complete: bool,
}

impl PeriodRevenue {
    #[must_use]
    pub fn revenue(&self) -> f64 {
        settle(self.revenue_new + self.revenue_returning)
    }

    /// Customers with an order in the period.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.customers_new + self.customers_returning
    }

    /// Net revenue ÷ orders of the period.
    #[must_use]
    pub fn aov(&self) -> Option<f64> {
        (self.orders > 0).then(|| self.revenue() / self.orders as f64)
    }
}

/// The same numbers for a run of days.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Window {
    /// Customers with an order in the window, and those of them whose first order it holds.
    pub customers: u64,
    pub new_customers: u64,
    pub orders: u64,
    /// Net revenue of the window's days, credits included.
    pub revenue: f64,
}

impl Window {
    /// Net revenue ÷ orders.
    #[must_use]
    pub fn aov(&self) -> Option<f64> {
        (self.orders > 0).then(|| self.revenue / self.orders as f64)
    }

    /// Share of the window's customers who had ordered before it.
    #[must_use]
    pub fn returning_share(&self) -> Option<f64> {
        let returning = self.customers - self.new_customers;
        (self.customers > 0).then(|| returning as f64 / self.customers as f64)
    }
}

/// The last days before S against as many days before them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Trend {
    pub window_days: u32,
    pub current: Window,
    pub previous: Window,
}

impl Trend {
    /// Relative change of a number of the two windows; `None` when there was nothing before.
    #[must_use]
    pub fn change(&self, of: impl Fn(&Window) -> f64) -> Option<f64> {
        let before = of(&self.previous);
        (before != 0.0).then(|| of(&self.current) / before - 1.0)
    }
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overview {
    pub kpis: Kpis,
    pub period: Period,
    /// Every period from the first order to the one that holds the day before S.
    pub series: Vec<PeriodRevenue>,
    /// Customers by number of orders: entry 0 holds those with 1 order… the last one "10 or more".
    pub orders_per_customer: Vec<u64>,
    /// Gaps between consecutive purchase days: entry *i* counts gaps of
    /// `i * gap_bin_days + 1 ..= (i + 1) * gap_bin_days` days.
    pub gap_histogram: Vec<u64>,
    pub gap_bin_days: u32,
    /// Whether the last entry also holds all longer gaps ("or more").
    pub gap_tail: bool,
    /// Last 90 days against the 90 before (28 in a young shop); `None` when the orders before S do
    /// not reach back over both.
    pub trend: Option<Trend>,
}

impl Overview {
    /// A number over the last periods that had ended by S, oldest first: for sparklines.
    #[must_use]
    pub fn recent(&self, periods: usize, of: impl Fn(&PeriodRevenue) -> f64) -> Vec<f64> {
        let complete: Vec<f64> = self
            .series
            .iter()
            .filter(|entry| entry.complete)
            .map(of)
            .collect();
        complete[complete.len().saturating_sub(periods)..].to_vec()
    }

    /// Share of net revenue from customers past the period of their first order.
    #[must_use]
    pub fn returning_revenue_share(&self) -> Option<f64> {
        let returning: f64 = self
            .series
            .iter()
            .map(|entry| entry.revenue_returning)
            .sum();
        (self.kpis.net_revenue > 0.0).then(|| settle(returning) / self.kpis.net_revenue)
    }

    /// The complete period with the highest net revenue; the earlier one of equals.
    #[must_use]
    pub fn best_period(&self) -> Option<&PeriodRevenue> {
        let complete = self.series.iter().filter(|entry| entry.complete);
        complete.reduce(|best, next| {
            if next.revenue() > best.revenue() {
                next
            } else {
                best
            }
        })
    }
}

/// Number of entries of [`Overview::orders_per_customer`].
const ORDER_BINS: usize = 10;
/// Window lengths tried for [`Trend`], in this order.
const WINDOWS: [i32; 2] = [90, 28];
/// Gaps beyond this many days are counted as this long.
const LONGEST_GAP: usize = 20_000;

/// Works out all numbers from one walk over the lines before `customers.as_of`.
#[must_use]
pub fn overview(orders: &Orders, customers: &Customers, period: Period) -> Overview {
    let as_of = customers.as_of;
    let count = orders.customers();
    let Some((first_day, last_day)) = days(orders, as_of) else {
        return Overview {
            period,
            gap_bin_days: 1,
            ..Overview::default()
        };
    };
    let first_order = (0..count)
        .into_par_iter()
        .filter(|&customer| customers.exists(customer))
        .map(|customer| customers.first_day[customer])
        .min();
    let reaches_back =
        |days: &i32| first_order.is_some_and(|first| as_of.saturating_sub(2 * days) >= first);
    let window_days = WINDOWS.into_iter().find(reaches_back);
    let calendar = Calendar::new(period, first_day, last_day);
    let first_period = calendar.index(first_day);
    let (last_period, ended) = last_begun(period, as_of);
    let walk = Walk {
        orders,
        customers,
        calendar: &calendar,
        first_period,
        periods: (last_period - first_period) as usize + 1,
        longest_gap: ((last_day - first_day) as usize + 1).min(LONGEST_GAP),
        window_days: window_days.unwrap_or(0),
    };
    let parts = count.div_ceil(CHUNK).clamp(1, 64);
    let length = count.div_ceil(parts).max(1);
    let sums = (0..parts)
        .into_par_iter()
        .map(|part| walk.part(part * length..count.min((part + 1) * length)))
        .collect::<Vec<_>>()
        .into_iter()
        .reduce(Sums::join)
        .unwrap_or_default();
    let (gap_histogram, gap_bin_days, gap_tail) = bin_gaps(&sums.gaps);
    Overview {
        kpis: kpis(orders, &sums),
        period,
        series: series(&sums, period, first_period, (last_period, ended)),
        orders_per_customer: sums.orders_per_customer.to_vec(),
        gap_histogram,
        gap_bin_days,
        gap_tail,
        trend: window_days.map(|window_days| Trend {
            window_days: window_days as u32,
            current: sums.windows[1].settled(),
            previous: sums.windows[0].settled(),
        }),
    }
}

/// First and last day of the lines before S; `None` when there are none.
fn days(orders: &Orders, as_of: Day) -> Option<(Day, Day)> {
    (0..orders.customers())
        .into_par_iter()
        .filter_map(|customer| {
            let lines = orders.lines_of(customer);
            let first = *orders.days.get(lines.start).filter(|_| !lines.is_empty())?;
            let last = orders.days[lines.end - 1].min(as_of.saturating_sub(1));
            (first < as_of).then_some((first, last))
        })
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

#[derive(Clone, Copy, Default)]
struct PeriodSums {
    revenue_new: f64,
    revenue_returning: f64,
    orders: u64,
    customers_new: u64,
    customers_returning: u64,
}

impl Window {
    fn settled(self) -> Self {
        Self {
            revenue: settle(self.revenue),
            ..self
        }
    }
}

/// What one part of the customers adds up to.
#[derive(Default)]
struct Sums {
    customers: u64,
    orders: u64,
    lines: u64,
    credit_lines: u64,
    not_kept_lines: u64,
    revenue: f64,
    revenue_without_customer: f64,
    sales: f64,
    credits: f64,
    orders_per_customer: [u64; ORDER_BINS],
    series: Vec<PeriodSums>,
    /// Entry *d*: gaps of *d* days.
    gaps: Vec<u64>,
    /// The days before the last window, and the last window.
    windows: [Window; 2],
}

impl Sums {
    fn join(mut self, other: Self) -> Self {
        self.customers += other.customers;
        self.orders += other.orders;
        self.lines += other.lines;
        self.credit_lines += other.credit_lines;
        self.not_kept_lines += other.not_kept_lines;
        self.revenue += other.revenue;
        self.revenue_without_customer += other.revenue_without_customer;
        self.sales += other.sales;
        self.credits += other.credits;
        let bins = self
            .orders_per_customer
            .iter_mut()
            .zip(other.orders_per_customer);
        bins.for_each(|(to, from)| *to += from);
        for (to, from) in self.series.iter_mut().zip(&other.series) {
            to.revenue_new += from.revenue_new;
            to.revenue_returning += from.revenue_returning;
            to.orders += from.orders;
            to.customers_new += from.customers_new;
            to.customers_returning += from.customers_returning;
        }
        self.gaps
            .iter_mut()
            .zip(&other.gaps)
            .for_each(|(to, from)| *to += from);
        for (to, from) in self.windows.iter_mut().zip(&other.windows) {
            to.customers += from.customers;
            to.new_customers += from.new_customers;
            to.orders += from.orders;
            to.revenue += from.revenue;
        }
        self
    }
}

struct Walk<'a> {
    orders: &'a Orders,
    customers: &'a Customers,
    calendar: &'a Calendar,
    first_period: i32,
    periods: usize,
    longest_gap: usize,
    /// Length of the trend's windows; 0 for none.
    window_days: i32,
}

impl Walk<'_> {
    fn part(&self, customers: std::ops::Range<usize>) -> Sums {
        let mut sums = Sums {
            series: vec![PeriodSums::default(); self.periods],
            gaps: vec![0; self.longest_gap + 1],
            ..Sums::default()
        };
        for customer in customers {
            self.add_lines(customer, &mut sums);
            let frequency = self.customers.frequency[customer];
            let revenue = self.customers.monetary[customer];
            sums.revenue += revenue;
            if frequency == 0 {
                sums.revenue_without_customer += revenue;
                continue;
            }
            sums.customers += 1;
            sums.orders += u64::from(frequency);
            sums.orders_per_customer[(frequency as usize).min(ORDER_BINS) - 1] += 1;
        }
        sums
    }

    /// Lines of one period follow each other, so they are added up in registers first.
    #[inline]
    fn add_lines(&self, customer: usize, sums: &mut Sums) {
        let as_of = self.customers.as_of;
        let lines = self.orders.lines_of(customer);
        let days = &self.orders.days[lines.clone()];
        let flags = &self.orders.flags[lines.clone()];
        let amounts = &self.orders.amounts[lines];
        let first = if self.customers.exists(customer) {
            self.calendar.index(self.customers.first_day[customer])
        } else {
            i32::MAX
        };
        let window_start = as_of.saturating_sub(2 * self.window_days);
        let (mut open, mut orders, mut revenue) = (i32::MIN, 0, 0.0);
        let mut last_purchase: Option<Day> = None;
        let mut in_windows = 0..0;
        for (place, ((&day, &flags), &amount)) in days.iter().zip(flags).zip(amounts).enumerate() {
            if day >= as_of {
                break;
            }
            let period = self.calendar.index(day);
            if period != open {
                self.flush(open, first, (orders, revenue), sums);
                (open, orders, revenue) = (period, 0, 0.0);
            }
            sums.lines += 1;
            let not_kept = flags & flag::NOT_KEPT != 0;
            let credit = flags & flag::CREDIT != 0;
            sums.not_kept_lines += u64::from(not_kept);
            sums.credit_lines += u64::from(credit);
            let net = if not_kept { 0.0 } else { amount };
            revenue += net;
            sums.sales += if credit { 0.0 } else { net };
            sums.credits += if credit { net } else { 0.0 };
            orders += u64::from(flags & flag::ORDER_START != 0);
            if flags & flag::DAY_START != 0 {
                if let Some(last) = last_purchase {
                    sums.gaps[((day - last) as usize).min(self.longest_gap)] += 1;
                }
                last_purchase = Some(day);
            }
            if day < window_start {
                in_windows.start = place + 1;
            }
            in_windows.end = place + 1;
        }
        self.flush(open, first, (orders, revenue), sums);
        if self.window_days > 0 {
            let offset = self.orders.offsets[customer] as usize;
            let lines = offset + in_windows.start..offset + in_windows.end;
            self.add_windows(customer, lines, &mut sums.windows);
        }
    }

    fn flush(&self, period: i32, first: i32, (orders, revenue): (u64, f64), sums: &mut Sums) {
        if period == i32::MIN {
            return;
        }
        let entry = &mut sums.series[(period - self.first_period) as usize];
        entry.orders += orders;
        if period == first {
            entry.revenue_new += revenue;
            entry.customers_new += 1;
        } else {
            entry.revenue_returning += revenue;
            entry.customers_returning += u64::from(orders > 0);
        }
    }

    fn add_windows(
        &self,
        customer: usize,
        lines: std::ops::Range<usize>,
        windows: &mut [Window; 2],
    ) {
        let border = self.customers.as_of - self.window_days;
        let mut ordered = [false; 2];
        for line in lines {
            let which = usize::from(self.orders.days[line] >= border);
            windows[which].revenue += self.orders.net(line);
            if self.orders.flags[line] & flag::ORDER_START != 0 {
                windows[which].orders += 1;
                ordered[which] = true;
            }
        }
        let first_day = self.customers.first_day[customer];
        let starts = [border - self.window_days, border];
        for (which, window) in windows
            .iter_mut()
            .enumerate()
            .filter(|&(which, _)| ordered[which])
        {
            window.customers += 1;
            let is_new = (starts[which]..starts[which] + self.window_days).contains(&first_day);
            window.new_customers += u64::from(is_new);
        }
    }
}

fn kpis(orders: &Orders, sums: &Sums) -> Kpis {
    let ratio = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { part / whole };
    let net_revenue = settle(sums.revenue);
    let one_time = sums.orders_per_customer[0];
    let sale_lines = sums.lines - sums.credit_lines;
    let tells_returns = sums.not_kept_lines > 0
        || orders
            .flags
            .par_iter()
            .any(|flags| flags & flag::NOT_KEPT != 0);
    Kpis {
        customers: sums.customers,
        orders: sums.orders,
        lines: sums.lines,
        net_revenue,
        revenue_without_customer: settle(sums.revenue_without_customer),
        aov: ratio(net_revenue, sums.orders as f64),
        one_time_share: ratio(one_time as f64, sums.customers as f64),
        repeat_rate: ratio((sums.customers - one_time) as f64, sums.customers as f64),
        median_gap_days: median_gap(&sums.gaps),
        return_rate: (tells_returns && sale_lines > 0)
            .then(|| sums.not_kept_lines as f64 / sale_lines as f64),
        credit_share: (sums.credit_lines > 0 && sums.sales > 0.0)
            .then(|| -settle(sums.credits) / settle(sums.sales)),
    }
}

/// Middle gap, or the mean of the two middle ones.
fn median_gap(gaps: &[u64]) -> Option<f64> {
    let count: u64 = gaps.iter().sum();
    let at = |position: u64| {
        let mut before = 0;
        gaps.iter().position(|&gaps| {
            before += gaps;
            position < before
        })
    };
    let (low, high) = (at(count.checked_sub(1)? / 2)?, at(count / 2)?);
    Some((low + high) as f64 / 2.0)
}

/// Bins of a length people think in, at most 24 of them for 98 % of the gaps, then "or more".
fn bin_gaps(gaps: &[u64]) -> (Vec<u64>, u32, bool) {
    const WIDTHS: [usize; 8] = [1, 7, 14, 30, 60, 90, 180, 365];
    const BINS: usize = 24;
    let count: u64 = gaps.iter().sum();
    let Some(longest) = gaps.iter().rposition(|&gaps| gaps > 0) else {
        return (Vec::new(), 1, false);
    };
    let mut within = 0;
    let usual = gaps.iter().position(|&gaps| {
        within += gaps;
        within * 50 >= count * 49
    });
    let fits = |&width: &usize| usual.unwrap_or(longest) <= width * BINS;
    let width = WIDTHS.into_iter().find(fits).unwrap_or(365);
    let bins = longest.div_ceil(width).max(1);
    let tail = bins > BINS;
    let mut histogram = vec![0; bins.min(BINS + 1)];
    let last = histogram.len() - 1;
    for (days, &gaps) in gaps.iter().enumerate() {
        histogram[(days.saturating_sub(1) / width).min(last)] += gaps;
    }
    (histogram, width as u32, tail)
}

/// The time series without leading periods in which nothing was sold or credited.
fn series(
    sums: &Sums,
    period: Period,
    first_period: i32,
    (last_period, ended): (i32, bool),
) -> Vec<PeriodRevenue> {
    let silent = |sums: &PeriodSums| {
        sums.orders == 0 && sums.revenue_new == 0.0 && sums.revenue_returning == 0.0
    };
    let entry = |(index, sums): (i32, &PeriodSums)| PeriodRevenue {
        index,
        label: period.label(index),
        revenue_new: settle(sums.revenue_new),
        revenue_returning: settle(sums.revenue_returning),
        orders: sums.orders,
        customers_new: sums.customers_new,
        customers_returning: sums.customers_returning,
        complete: index < last_period || ended,
    };
    (first_period..)
        .zip(&sums.series)
        .skip_while(|(_, sums)| silent(sums))
        .map(entry)
        .collect()
}
