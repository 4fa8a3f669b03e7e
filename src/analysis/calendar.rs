//! Calendar revenue by acquisition cohort (the "C3" chart): what each vintage of customers still
//! brings in every period.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, settle},
    periods::{Calendar, fitting, last_begun},
};
use data::day::{Day, Period, civil, from_civil};
use data::orders::Orders;

/// Vintages shown at most, so that a reader can tell them apart.
pub const MAX_LAYERS: usize = 12;
/// Months looked back on for [`Legacy`], the first that fits.
const LEGACY_MONTHS: [i32; 4] = [12, 6, 3, 1];

/// Customers whose first order lies in one period, and what they brought in every calendar period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layer {
    /// Period index of the acquisition, in [`CalendarRevenue::layer_period`].
    pub key: i32,
    /// Whether the layer also holds all earlier vintages.
    pub and_before: bool,
    pub customers: u64,
    /// Net revenue per calendar period, credits on their own date.
    pub revenue: Vec<f64>,
}

/// What customers acquired before a window still bring in it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Legacy {
    /// First day of the window; it ends with the last whole month before S.
    pub since: Day,
    pub months: u32,
    /// Net revenue of the window, and the part of it from customers who first ordered before.
    pub revenue: f64,
    pub revenue_of_earlier: f64,
}

impl Legacy {
    #[must_use]
    pub fn share(&self) -> Option<f64> {
        (self.revenue > 0.0).then(|| self.revenue_of_earlier / self.revenue)
    }
}

/// Net revenue by calendar period and vintage; all layers and `without_customer` together are the
/// shop's net revenue before S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalendarRevenue {
    /// Length of the calendar periods, and index of the first one.
    pub period: Period,
    pub first: i32,
    pub periods: usize,
    /// Length of the acquisition periods: the finest of month, quarter and year that needs no more
    /// than [`MAX_LAYERS`] layers.
    pub layer_period: Period,
    /// Oldest vintage first; periods in which nobody was acquired have none.
    pub layers: Vec<Layer>,
    /// Credits of people without an order before S, per calendar period.
    pub without_customer: Vec<f64>,
    /// Whether the last calendar period is still running at S.
    pub running: bool,
    /// `None` for a shop too young to have earlier customers.
    pub legacy: Option<Legacy>,
}

/// Adds up the lines before `customers.as_of` by calendar period and vintage; by longer periods than asked
/// for where there would be more than 2,400.
#[must_use]
pub fn calendar_revenue(orders: &Orders, customers: &Customers, period: Period) -> CalendarRevenue {
    let empty = || CalendarRevenue {
        period,
        ..CalendarRevenue::default()
    };
    let as_of = customers.as_of;
    let (Some((first_day, last_day)), Some((oldest, newest))) =
        (line_days(orders, as_of), acquisition_days(customers))
    else {
        return empty();
    };
    let period = fitting(period, first_day, as_of.saturating_sub(1));
    let (layer_period, first_layer, layers) = vintages(oldest, newest);
    let calendar = Calendar::new(period, first_day, last_day);
    let vintage = Calendar::new(layer_period, oldest, newest);
    let (last, ended) = last_begun(period, as_of);
    let first = calendar.index(first_day);
    let legacy = legacy_window(oldest, as_of);
    let walk = Walk {
        orders,
        customers,
        calendar: &calendar,
        first,
        periods: (last - first) as usize + 1,
        vintage: &vintage,
        first_layer,
        layers,
        legacy,
    };
    let sums = walk.sum();
    let row = |layer: usize| -> Vec<f64> {
        let start = layer * walk.periods;
        let cells = &sums.cells[start..start + walk.periods];
        cells.iter().map(|&cell| settle(cell)).collect()
    };
    let merged = vintage.index(oldest) < first_layer;
    CalendarRevenue {
        period,
        first,
        periods: walk.periods,
        layer_period,
        layers: (0..layers)
            .filter(|&layer| sums.customers[layer] > 0)
            .map(|layer| Layer {
                key: first_layer + layer as i32,
                and_before: layer == 0 && merged,
                customers: sums.customers[layer],
                revenue: row(layer),
            })
            .collect(),
        without_customer: row(layers),
        running: !ended,
        legacy: legacy.map(|(since, _, months)| Legacy {
            since,
            months,
            revenue: settle(sums.legacy[0] + sums.legacy[1]),
            revenue_of_earlier: settle(sums.legacy[1]),
        }),
    }
}

/// First and last day of the lines before S.
fn line_days(orders: &Orders, as_of: Day) -> Option<(Day, Day)> {
    (0..orders.customers())
        .into_par_iter()
        .filter_map(|customer| {
            let lines = orders.lines_before(customer, as_of);
            let last = lines.end.checked_sub(1).filter(|_| !lines.is_empty())?;
            Some((orders.days[lines.start], orders.days[last]))
        })
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// First and last day on which a customer was won.
fn acquisition_days(customers: &Customers) -> Option<(Day, Day)> {
    (0..customers.len())
        .into_par_iter()
        .filter(|&customer| customers.exists(customer))
        .map(|customer| (customers.first_day[customer], customers.first_day[customer]))
        .reduce_with(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// Length of the vintages, index of the oldest one shown, and their number.
fn vintages(oldest: Day, newest: Day) -> (Period, i32, usize) {
    let span = |period: Period| (period.index(newest) - period.index(oldest)) as usize + 1;
    let period = [Period::Month, Period::Quarter]
        .into_iter()
        .find(|&period| span(period) <= MAX_LAYERS)
        .unwrap_or(Period::Year);
    let layers = span(period).min(MAX_LAYERS);
    (period, period.index(newest) - layers as i32 + 1, layers)
}

/// First day, day after the last one, and length in months of the window that [`Legacy`] looks at.
fn legacy_window(oldest: Day, as_of: Day) -> Option<(Day, Day, u32)> {
    let (year, month, _) = civil(as_of);
    let months_of = |index: i32| {
        let (year, month) = (index.div_euclid(12), index.rem_euclid(12) + 1);
        from_civil(year, month as u32, 1)
    };
    let end_index = year * 12 + month as i32 - 1;
    let end = months_of(end_index)?;
    LEGACY_MONTHS.into_iter().find_map(|months| {
        let since = months_of(end_index - months)?;
        (since > oldest).then_some((since, end, months as u32))
    })
}

struct Walk<'a> {
    orders: &'a Orders,
    customers: &'a Customers,
    calendar: &'a Calendar,
    first: i32,
    periods: usize,
    vintage: &'a Calendar,
    first_layer: i32,
    layers: usize,
    legacy: Option<(Day, Day, u32)>,
}

struct Sums {
    /// Layer by layer, then the people without an order; each as long as there are periods.
    cells: Vec<f64>,
    customers: Vec<u64>,
    /// Revenue of the window by customers won in it or later, and by earlier ones.
    legacy: [f64; 2],
}

impl Walk<'_> {
    fn sum(&self) -> Sums {
        let count = self.orders.customers();
        let parts = count.div_ceil(CHUNK).clamp(1, 64);
        let length = count.div_ceil(parts).max(1);
        let partial: Vec<Sums> = (0..parts)
            .into_par_iter()
            .map(|part| {
                let mut sums = self.nothing();
                let start = (part * length).min(count);
                for customer in start..count.min(start + length) {
                    self.add_customer(customer, &mut sums);
                }
                sums
            })
            .collect();
        let mut all = self.nothing();
        for part in partial {
            let cells = all.cells.iter_mut().zip(part.cells);
            cells.for_each(|(to, from)| *to += from);
            let customers = all.customers.iter_mut().zip(part.customers);
            customers.for_each(|(to, from)| *to += from);
            let legacy = all.legacy.iter_mut().zip(part.legacy);
            legacy.for_each(|(to, from)| *to += from);
        }
        all
    }

    fn nothing(&self) -> Sums {
        Sums {
            cells: vec![0.0; (self.layers + 1) * self.periods],
            customers: vec![0; self.layers],
            legacy: [0.0; 2],
        }
    }

    #[inline]
    fn add_customer(&self, customer: usize, sums: &mut Sums) {
        let exists = self.customers.exists(customer);
        let first_day = self.customers.first_day[customer];
        let layer = if exists {
            let vintage = self.vintage.index(first_day).max(self.first_layer);
            let layer = (vintage - self.first_layer) as usize;
            sums.customers[layer] += 1;
            layer
        } else {
            self.layers
        };
        let row = &mut sums.cells[layer * self.periods..(layer + 1) * self.periods];
        let window = self.legacy.map(|(since, end, _)| since..end);
        let earlier = window
            .as_ref()
            .is_some_and(|window| exists && first_day < window.start);
        for line in self.orders.lines_before(customer, self.customers.as_of) {
            let (day, net) = (self.orders.days[line], self.orders.net(line));
            row[(self.calendar.index(day) - self.first) as usize] += net;
            if window.as_ref().is_some_and(|window| window.contains(&day)) {
                sums.legacy[usize::from(earlier)] += net;
            }
        }
    }
}
