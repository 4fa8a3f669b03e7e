//! Adding up the Overview: one walk over all lines, in parts of fixed size.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, settle},
    overview::{Kpis, Overview, PeriodRevenue, Trend, Window},
    periods::{Calendar, fitting, last_begun},
};
use data::day::{Day, Period};
use data::orders::{Orders, flag};

/// Number of entries of [`Overview::orders_per_customer`].
pub(super) const ORDER_BINS: usize = 10;
/// Window lengths tried for [`Trend`], in this order.
pub(super) const WINDOWS: [i32; 2] = [90, 28];
/// Gaps beyond this many days are counted as this long.
const LONGEST_GAP: usize = 20_000;

/// Works out all numbers from one walk over the lines before `customers.as_of`. The series is by longer
/// periods than asked for where there would be more than 2,400 of them.
#[must_use]
pub fn overview(orders: &Orders, customers: &Customers, period: Period) -> Overview {
    let as_of = customers.as_of;
    let count = orders.customers();
    let Some((first_day, last_day)) = days(orders, as_of) else {
        return nothing(period);
    };
    let first_order = (0..count)
        .into_par_iter()
        .filter(|&customer| customers.exists(customer))
        .map(|customer| customers.first_day[customer])
        .min();
    let window_days = window_days(first_order, as_of);
    let asked = period;
    let period = fitting(asked, first_day, as_of.saturating_sub(1));
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
        .reduce(|sums, part| sums.join(&part))
        .unwrap_or_default();
    let tells_returns = sums.not_kept_lines > 0 || tells_returns(orders);
    let frame = Frame {
        period,
        first_period,
        last_begun: (last_period, ended),
        window_days,
        tells_returns,
    };
    Overview {
        too_short: (period != asked).then_some(asked),
        ..finish(&sums, &frame)
    }
}

/// What turns sums into an Overview.
pub(super) struct Frame {
    pub period: Period,
    /// Period of the first entry of [`Sums::series`].
    pub first_period: i32,
    /// The last period that has begun by S, and whether it has ended.
    pub last_begun: (i32, bool),
    pub window_days: Option<i32>,
    /// Whether any line of the data, of any date, is marked as not kept.
    pub tells_returns: bool,
}

/// Words the sums as an Overview.
pub(super) fn finish(sums: &Sums, frame: &Frame) -> Overview {
    let (gap_histogram, gap_bin_days, gap_tail) = bin_gaps(&sums.gaps);
    Overview {
        kpis: kpis(frame.tells_returns, sums),
        period: frame.period,
        too_short: None,
        series: series(sums, frame.period, frame.first_period, frame.last_begun),
        orders_per_customer: sums.orders_per_customer.to_vec(),
        gap_histogram,
        gap_bin_days,
        gap_tail,
        trend: frame.window_days.map(|window_days| Trend {
            window_days: window_days as u32,
            current: sums.windows[1].settled(),
            previous: sums.windows[0].settled(),
        }),
    }
}

/// The Overview of a shop without any line before S.
pub(super) fn nothing(period: Period) -> Overview {
    Overview {
        period,
        gap_bin_days: 1,
        ..Overview::default()
    }
}

/// The first window length that fits twice between the first order and S.
pub(super) fn window_days(first_order: Option<Day>, as_of: Day) -> Option<i32> {
    let reaches_back =
        |days: &i32| first_order.is_some_and(|first| as_of.saturating_sub(2 * days) >= first);
    WINDOWS.into_iter().find(reaches_back)
}

/// Whether any line of any date is marked as not kept.
pub(super) fn tells_returns(orders: &Orders) -> bool {
    let marked = |flags: &u8| flags & flag::NOT_KEPT != 0;
    orders.flags.par_iter().any(marked)
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

/// Entry 0: customers in the period of their first order; entry 1: everybody else.
#[derive(Clone, Copy, Default)]
pub(super) struct PeriodSums {
    pub revenue: [f64; 2],
    pub customers: [u64; 2],
    pub orders: u64,
}

impl PeriodSums {
    pub(super) fn add(&mut self, other: &Self) {
        for group in 0..2 {
            self.revenue[group] += other.revenue[group];
            self.customers[group] += other.customers[group];
        }
        self.orders += other.orders;
    }
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
pub(super) struct Sums {
    pub customers: u64,
    pub orders: u64,
    pub lines: u64,
    pub credit_lines: u64,
    pub not_kept_lines: u64,
    pub revenue: f64,
    pub revenue_without_customer: f64,
    pub credits: f64,
    pub orders_per_customer: [u64; ORDER_BINS],
    pub series: Vec<PeriodSums>,
    /// Entry *d*: gaps of *d* days.
    pub gaps: Vec<u64>,
    /// The days before the last window, and the last window.
    pub windows: [Window; 2],
}

impl Sums {
    fn join(mut self, other: &Self) -> Self {
        self.customers += other.customers;
        self.orders += other.orders;
        self.lines += other.lines;
        self.credit_lines += other.credit_lines;
        self.not_kept_lines += other.not_kept_lines;
        self.revenue += other.revenue;
        self.revenue_without_customer += other.revenue_without_customer;
        self.credits += other.credits;
        let bins = self
            .orders_per_customer
            .iter_mut()
            .zip(other.orders_per_customer);
        bins.for_each(|(to, from)| *to += from);
        for (to, from) in self.series.iter_mut().zip(&other.series) {
            to.add(from);
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

    /// Without branches that depend on the data, but for what is rare or leaves the loop.
    #[inline]
    fn add_lines(&self, customer: usize, sums: &mut Sums) {
        let as_of = self.customers.as_of;
        let lines = self.orders.lines_of(customer);
        let days = &self.orders.days[lines.clone()];
        let flags = &self.orders.flags[lines.clone()];
        let amounts = &self.orders.amounts[lines.clone()];
        let first = if self.customers.exists(customer) {
            self.calendar.index(self.customers.first_day[customer])
        } else {
            i32::MAX
        };
        let (mut count, mut not_kept, mut credits) = (0, 0, 0);
        let mut credited = 0.0;
        let (mut last_ordered, mut last_purchase) = (i32::MIN, None);
        for ((&day, &flags), &amount) in days.iter().zip(flags).zip(amounts) {
            if day >= as_of {
                break;
            }
            count += 1;
            let kept = flags & flag::NOT_KEPT == 0;
            not_kept += u64::from(!kept);
            let net = if kept { amount } else { 0.0 };
            if flags & flag::CREDIT != 0 {
                credits += 1;
                credited += net;
            }
            let period = self.calendar.index(day);
            let returning = usize::from(period != first);
            let starts_order = flags & flag::ORDER_START != 0;
            let newly = u64::from(starts_order) & u64::from(period != last_ordered);
            last_ordered = if starts_order { period } else { last_ordered };
            let entry = &mut sums.series[(period - self.first_period) as usize];
            entry.orders += u64::from(starts_order);
            entry.customers[returning] += newly;
            entry.revenue[returning] += net;
            if flags & flag::DAY_START != 0 {
                if let Some(last) = last_purchase {
                    sums.gaps[((day - last) as usize).min(self.longest_gap)] += 1;
                }
                last_purchase = Some(day);
            }
        }
        sums.lines += count as u64;
        sums.not_kept_lines += not_kept;
        sums.credit_lines += credits;
        sums.credits += credited;
        if self.window_days > 0 {
            self.add_windows(
                customer,
                lines.start..lines.start + count,
                &mut sums.windows,
            );
        }
    }

    fn add_windows(
        &self,
        customer: usize,
        lines: std::ops::Range<usize>,
        windows: &mut [Window; 2],
    ) {
        let border = self.customers.as_of - self.window_days;
        let start = border - self.window_days;
        let mut ordered = [false; 2];
        for line in lines.rev() {
            let day = self.orders.days[line];
            if day < start {
                break;
            }
            let which = usize::from(day >= border);
            windows[which].revenue += self.orders.net(line);
            if self.orders.flags[line] & flag::ORDER_START != 0 {
                windows[which].orders += 1;
                ordered[which] = true;
            }
        }
        if ordered == [false; 2] {
            return;
        }
        let first_day = self.customers.first_day[customer];
        let starts = [start, border];
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

fn kpis(tells_returns: bool, sums: &Sums) -> Kpis {
    let ratio = |part: f64, whole: f64| if whole == 0.0 { 0.0 } else { part / whole };
    let net_revenue = settle(sums.revenue);
    let credits = -settle(sums.credits);
    let sales = settle(sums.revenue - sums.credits);
    let one_time = sums.orders_per_customer[0];
    let sale_lines = sums.lines - sums.credit_lines;
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
        credit_share: (sums.credit_lines > 0 && sales > 0.0).then(|| credits / sales),
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
    let silent = |sums: &PeriodSums| sums.orders == 0 && sums.revenue.map(settle) == [0.0; 2];
    let entry = |(index, sums): (i32, &PeriodSums)| PeriodRevenue {
        index,
        label: period.label(index),
        revenue_new: settle(sums.revenue[0]),
        revenue_returning: settle(sums.revenue[1]),
        orders: sums.orders,
        customers_new: sums.customers[0],
        customers_returning: sums.customers[1],
        complete: index < last_period || ended,
    };
    (first_period..)
        .zip(&sums.series)
        .skip_while(|(_, sums)| silent(sums))
        .map(entry)
        .collect()
}
