//! What became of the order lines: created → shipped → delivered → returned where the data holds the
//! days, kept / cancelled / returned where it holds a status only.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, settle},
};
use data::day::Day;
use data::orders::{Attribute, Milestone, NO_DAY, Orders, Step, flag};
use data::roles::names;

/// A way longer than this many days counts as this long.
const LONGEST_DAYS: usize = 4_000;
/// A status with more values than this is none.
const MAX_STATUSES: usize = 40;

/// Days between two steps, over the lines that have both, in order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Duration {
    pub lines: u64,
    pub median_days: f64,
    /// Nine of ten take at most this long.
    pub p90_days: f64,
    /// Lines left out because the later step is dated before the earlier one.
    pub out_of_order: u64,
}

/// One step and what was lost before it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reached {
    /// `None` stands for "created".
    pub step: Option<Step>,
    /// Sale lines that reached it by S: those with its day or the day of a later step.
    pub lines: u64,
    /// Lines of the step before that did not get here because they were not kept (cancelled), and
    /// the others: still on their way or, before "returned", kept for good.
    pub not_kept: u64,
    pub open: u64,
    /// Since the step before.
    pub since_step_before: Option<Duration>,
    /// Since the order was placed.
    pub since_created: Option<Duration>,
}

/// Sale lines by the text of their status.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// As the file spells it; empty stands for "missing".
    pub status: String,
    pub lines: u64,
    /// Those of them that count as kept.
    pub kept: u64,
    /// Their amount, also of those not kept.
    pub amount: f64,
}

/// The way of all sale lines dated before S, as far as it was known by S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifecycle {
    pub lines: u64,
    pub kept: u64,
    /// Whether every order has a single line, so that lines may be called orders.
    pub lines_are_orders: bool,
    /// Created first; empty when the data holds no days of steps.
    pub steps: Vec<Reached>,
    /// Name of the status column; empty without one.
    pub status_column: String,
    /// By status, most lines first; empty without a status column.
    pub outcomes: Vec<Outcome>,
    /// Why there is nothing to show, in one sentence; `None` when there is.
    pub silent: Option<&'static str>,
}

/// Follows the sale lines before `customers.as_of`.
#[must_use]
pub fn lifecycle(orders: &Orders, customers: &Customers) -> Lifecycle {
    let days = milestones(orders);
    let status = status_attribute(orders);
    let walk = Walk {
        orders,
        customers,
        days: &days,
        status,
    };
    let sums = walk.sum();
    let tells = !days.is_empty() || status.is_some() || sums.kept < sums.lines;
    Lifecycle {
        lines: sums.lines,
        kept: sums.kept,
        lines_are_orders: sums.lines > 0 && sums.shared_orders == 0,
        steps: walk.steps(&sums),
        status_column: status.map_or_else(String::new, |status| status.name.clone()),
        outcomes: status.map_or_else(Vec::new, |status| outcomes(status, &sums)),
        silent: (!tells).then_some(
            "The data has no order status and no shipping, delivery or return dates, so what became \
             of an order cannot be told.",
        ),
    }
}

/// The days of each step the data holds, one entry per step, in the order of the steps.
#[must_use]
pub fn milestones(orders: &Orders) -> Vec<&Milestone> {
    let mut days: Vec<&Milestone> = orders
        .milestones
        .iter()
        .filter(|milestone| milestone.days.len() == orders.lines())
        .collect();
    days.sort_by_key(|milestone| milestone.step);
    days.dedup_by_key(|milestone| milestone.step);
    days
}

/// The day on which a line reached the step, as far as it was known by S.
#[must_use]
pub fn reached(milestone: &Milestone, line: usize, as_of: Day) -> Option<Day> {
    let day = milestone.days[line];
    (day != NO_DAY && day < as_of).then_some(day)
}

/// The column that says what became of a line: named so, with not too many values. Of several the
/// best name counts.
#[must_use]
pub fn status_attribute(orders: &Orders) -> Option<&Attribute> {
    let rank = |attribute: &&Attribute| names::status_rank(&attribute.name);
    orders
        .attributes
        .iter()
        .filter(|attribute| attribute.values.len() <= MAX_STATUSES && rank(attribute).is_some())
        .min_by_key(rank)
}

fn outcomes(status: &Attribute, sums: &Sums) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = sums
        .statuses
        .iter()
        .enumerate()
        .filter(|(_, (lines, ..))| *lines > 0)
        .map(|(code, &(lines, kept, amount))| Outcome {
            status: status.values.get(code).to_owned(),
            lines,
            kept,
            amount: settle(amount),
        })
        .collect();
    outcomes.sort_by(|a, b| b.lines.cmp(&a.lines).then_with(|| a.status.cmp(&b.status)));
    outcomes
}

struct Walk<'a> {
    orders: &'a Orders,
    customers: &'a Customers,
    /// In the order of the steps.
    days: &'a [&'a Milestone],
    status: Option<&'a Attribute>,
}

#[derive(Clone, Default)]
struct StepSums {
    lines: u64,
    not_kept: u64,
    /// Lines by days since the step before, and since the order was placed.
    before: Days,
    created: Days,
}

#[derive(Clone, Default)]
struct Days {
    counts: Vec<u64>,
    out_of_order: u64,
}

impl Days {
    fn add(&mut self, from: i32, to: i32) {
        if to < from {
            self.out_of_order += 1;
            return;
        }
        let days = ((to - from) as usize).min(LONGEST_DAYS);
        if self.counts.len() <= days {
            self.counts.resize(days + 1, 0);
        }
        self.counts[days] += 1;
    }

    fn join(&mut self, other: &Self) {
        if self.counts.len() < other.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        let counts = self.counts.iter_mut().zip(&other.counts);
        counts.for_each(|(to, from)| *to += from);
        self.out_of_order += other.out_of_order;
    }

    /// Linearly interpolated, as [`super::numeric::quantile`].
    fn quantile(&self, share: f64) -> f64 {
        let lines: u64 = self.counts.iter().sum();
        let at = |position: u64| {
            let mut before = 0;
            let days = self.counts.iter().position(|&lines| {
                before += lines;
                position < before
            });
            days.unwrap_or(0) as f64
        };
        let position = share * lines.saturating_sub(1) as f64;
        let (low, high) = (at(position.floor() as u64), at(position.ceil() as u64));
        low + (high - low) * position.fract()
    }

    fn finish(&self) -> Option<Duration> {
        let lines: u64 = self.counts.iter().sum();
        (lines > 0).then(|| Duration {
            lines,
            median_days: self.quantile(0.5),
            p90_days: self.quantile(0.9),
            out_of_order: self.out_of_order,
        })
    }
}

#[derive(Default)]
struct Sums {
    lines: u64,
    kept: u64,
    /// Lines that are not the only one of their order.
    shared_orders: u64,
    steps: Vec<StepSums>,
    /// Per status: lines, kept lines, amount.
    statuses: Vec<(u64, u64, f64)>,
}

impl Walk<'_> {
    fn nothing(&self) -> Sums {
        Sums {
            steps: vec![StepSums::default(); self.days.len()],
            statuses: vec![(0, 0, 0.0); self.status.map_or(0, |status| status.values.len())],
            ..Sums::default()
        }
    }

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
        for part in &partial {
            all.lines += part.lines;
            all.kept += part.kept;
            all.shared_orders += part.shared_orders;
            for (to, from) in all.steps.iter_mut().zip(&part.steps) {
                to.lines += from.lines;
                to.not_kept += from.not_kept;
                to.before.join(&from.before);
                to.created.join(&from.created);
            }
            for (to, from) in all.statuses.iter_mut().zip(&part.statuses) {
                to.0 += from.0;
                to.1 += from.1;
                to.2 += from.2;
            }
        }
        all
    }

    fn add_customer(&self, customer: usize, sums: &mut Sums) {
        let lines = self.orders.lines_before(customer, self.customers.as_of);
        let mut last_order = None;
        for line in lines {
            let flags = self.orders.flags[line];
            if flags & flag::CREDIT != 0 {
                continue;
            }
            let kept = flags & flag::NOT_KEPT == 0;
            sums.lines += 1;
            sums.kept += u64::from(kept);
            // Orders are numbered as they first appear: a number that does not rise is met again.
            let order = Some(self.orders.orders[line]);
            sums.shared_orders += u64::from(order <= last_order);
            last_order = order;
            if let Some(status) = self.status {
                let entry = &mut sums.statuses[status.codes.get(line) as usize];
                entry.0 += 1;
                entry.1 += u64::from(kept);
                entry.2 += self.orders.amounts[line];
            }
            self.add_steps(line, kept, &mut sums.steps);
        }
    }

    fn add_steps(&self, line: usize, kept: bool, steps: &mut [StepSums]) {
        let as_of = self.customers.as_of;
        let day = |step: usize| reached(self.days[step], line, as_of);
        let Some(furthest) = (0..self.days.len()).rev().find(|&step| day(step).is_some()) else {
            if let Some(first) = steps.first_mut() {
                first.not_kept += u64::from(!kept);
            }
            return;
        };
        let created = self.orders.days[line];
        for (step, sums) in steps.iter_mut().enumerate().take(furthest + 1) {
            sums.lines += 1;
            let Some(reached) = day(step) else {
                continue;
            };
            sums.created.add(created, reached);
            let before = match step {
                0 => Some(created),
                step => day(step - 1),
            };
            if let Some(before) = before {
                sums.before.add(before, reached);
            }
        }
        if let Some(missed) = steps.get_mut(furthest + 1) {
            missed.not_kept += u64::from(!kept);
        }
    }

    fn steps(&self, sums: &Sums) -> Vec<Reached> {
        if self.days.is_empty() {
            return Vec::new();
        }
        let mut steps = vec![Reached {
            lines: sums.lines,
            ..Reached::default()
        }];
        let mut before = sums.lines;
        for (milestone, step) in self.days.iter().zip(&sums.steps) {
            steps.push(Reached {
                step: Some(milestone.step),
                lines: step.lines,
                not_kept: step.not_kept,
                open: before - step.lines - step.not_kept,
                since_step_before: step.before.finish(),
                since_created: step.created.finish(),
            });
            before = step.lines;
        }
        steps
    }
}
