//! Cohort sums filed by day, so that any as-of date is a look-up instead of a walk over all lines.
//!
//! The period of a customer's first order, the attribute on its line, and what every later line adds
//! do not depend on S; S only decides how much of it has happened. So one walk over all lines files
//! them under (first period, attribute value, day), added up within each calendar period. A cell as
//! of S is then the entry of its period's last day, or of the day before S where the period still runs.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    cohort_build::{
        Layout, NEVER, NO_LINE, Reached, Sums, acquisition_headers, add, attribute_headers, finish,
        first_order_lines, most_ages,
    },
    cohorts::{Cell, CohortRow, CohortSpec, CohortTable, NO_ROW, RowsBy},
    left_censoring::judged,
    periods::{Calendar, last_begun},
};
use data::day::Day;
use data::orders::{Orders, flag};

/// Largest table kept, in cells of 16 bytes, and memory for partial ones.
const MAX_CELLS: usize = 3 << 20;
const PARTIAL_CELLS: usize = 6 << 20;

/// Sums of groups of customers, filed by day.
pub struct CohortCube {
    spec: CohortSpec,
    /// First day with a line, and the number of days to the last one.
    first: Day,
    days: usize,
    /// Group of every customer and the day of the first order; [`NO_GROUP`] for who never ordered.
    group_of: Vec<u32>,
    first_day: Vec<Day>,
    groups: Vec<Group>,
    /// Day by day, group by group: sums from the beginning of the day's period up to this day.
    cells: Vec<Filed>,
    /// Column of the attribute that makes the rows.
    attribute: Option<usize>,
}

/// Customers with the same first period and, where an attribute makes the rows, the same value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    code: u32,
    first_period: i32,
}

#[derive(Clone, Copy, Default)]
struct Filed {
    customers: u32,
    orders: u32,
    revenue: f64,
}

impl Filed {
    fn add(&mut self, other: &Self) {
        self.customers += other.customers;
        self.orders += other.orders;
        self.revenue += other.revenue;
    }

    fn cell(self) -> Cell {
        Cell {
            customers: u64::from(self.customers),
            orders: u64::from(self.orders),
            revenue: self.revenue,
        }
    }
}

const NO_GROUP: u32 = u32::MAX;

impl CohortCube {
    /// Files all lines; `None` without orders, or when the table would be too large: many short
    /// periods, or many values of an attribute.
    #[must_use]
    pub fn new(orders: &Orders, spec: &CohortSpec) -> Option<Self> {
        let (first, last) = (
            *orders.days.par_iter().min()?,
            *orders.days.par_iter().max()?,
        );
        let days = usize::try_from(i64::from(last) - i64::from(first) + 1).ok()?;
        if days > MAX_CELLS {
            return None;
        }
        let attribute = match &spec.rows {
            RowsBy::Acquisition => None,
            RowsBy::Attribute(name) => Some(
                orders
                    .attributes
                    .iter()
                    .position(|known| known.name.eq_ignore_ascii_case(name))?,
            ),
        };
        let calendar = Calendar::new(spec.period, first, last);
        let first_lines = first_order_lines(orders, Day::MAX);
        let group = |line: u32| Group {
            code: attribute.map_or(0, |at| orders.attributes[at].codes.get(line as usize)),
            first_period: calendar.index(orders.days[line as usize]),
        };
        let groups = groups(&first_lines, group, MAX_CELLS / days)?;
        let number = |line: u32| match line {
            NO_LINE => NO_GROUP,
            line => groups
                .binary_search(&group(line))
                .map_or(NO_GROUP, |at| at as u32),
        };
        let group_of: Vec<u32> = first_lines.par_iter().map(|&line| number(line)).collect();
        let day_of = |line: u32| match line {
            NO_LINE => Day::MAX,
            line => orders.days[line as usize],
        };
        let first_day: Vec<Day> = first_lines.par_iter().map(|&line| day_of(line)).collect();
        let filing = Filing {
            orders,
            calendar: &calendar,
            first,
            groups: &groups,
            group_of: &group_of,
            first_day: &first_day,
        };
        let mut cells = filing.sum(days * groups.len());
        accumulate(&mut cells, groups.len(), |day| {
            calendar.index(first + day as Day)
        });
        Some(Self {
            spec: spec.clone(),
            first,
            days,
            group_of,
            first_day,
            groups,
            cells,
            attribute,
        })
    }

    /// The table as of S; the same as [`super::cohort_build::cohorts`] gives.
    #[must_use]
    pub fn table(&self, orders: &Orders, as_of: Day) -> CohortTable {
        let sizes: Vec<u64> = (0..self.groups.len())
            .map(|group| {
                let first_period = self.groups[group].first_period;
                u64::from(self.filed(group, first_period, as_of).customers)
            })
            .collect();
        let (headers, row_of_group) = self.rows(orders, &sizes);
        let (last_period, ended) = last_begun(self.spec.period, as_of);
        let newest = self.newest_by_age(headers.len(), (&row_of_group, &sizes), last_period);
        let cut = newest.iter().any(|reached| reached.older > 0);
        let layout = Layout::new(&newest);
        // Who is won at S or later is in no row yet.
        let rows_now: Vec<u32> = row_of_group
            .iter()
            .zip(&sizes)
            .map(|(&row, &size)| if size > 0 { row } else { NO_ROW })
            .collect();
        let sums = self.sums(&layout, &rows_now, as_of, (last_period, ended));
        let rows: Vec<CohortRow> = headers
            .into_iter()
            .zip(newest)
            .enumerate()
            .map(|(row, (header, newest))| finish(header, &sums, newest, layout.range(row), ended))
            .collect();
        let row_of = self
            .group_of
            .par_iter()
            .zip(&self.first_day)
            .map(|(&group, &first_day)| {
                if first_day < as_of {
                    row_of_group.get(group as usize).copied().unwrap_or(NO_ROW)
                } else {
                    NO_ROW
                }
            })
            .collect();
        judged(CohortTable {
            spec: self.spec.clone(),
            as_of,
            ages: rows.iter().map(|row| row.cells.len()).max().unwrap_or(0),
            rows,
            beyond: cut.then_some(sums.beyond),
            left_censored: false,
            row_of,
        })
    }

    /// Sums of a group in one period as far as it lies before S.
    fn filed(&self, group: usize, period: i32, as_of: Day) -> Filed {
        let end = self
            .spec
            .period
            .first_day(period.saturating_add(1))
            .min(as_of);
        let begin = self.spec.period.first_day(period).max(self.first);
        let last = (end - 1).min(self.first + self.days as Day - 1);
        if last < begin {
            return Filed::default();
        }
        self.cells[(last - self.first) as usize * self.groups.len() + group]
    }

    /// Heads of the rows, and the row of every group.
    fn rows(&self, orders: &Orders, sizes: &[u64]) -> (Vec<super::cohort_build::Header>, Vec<u32>) {
        let Some(at) = self.attribute else {
            let mut bought = (0..sizes.len()).filter(|&group| sizes[group] > 0);
            let Some(low) = bought.next().map(|group| self.groups[group].first_period) else {
                return (Vec::new(), vec![NO_ROW; sizes.len()]);
            };
            let high = bought
                .next_back()
                .map_or(low, |group| self.groups[group].first_period);
            let mut by_place = vec![0; (i64::from(high) - i64::from(low)) as usize + 1];
            for (group, &size) in self.groups.iter().zip(sizes).filter(|(_, size)| **size > 0) {
                by_place[(group.first_period - low) as usize] = size;
            }
            let (headers, row_at) = acquisition_headers(&by_place, low, self.spec.period);
            let row = |group: &Group| {
                usize::try_from(group.first_period - low)
                    .ok()
                    .and_then(|place| row_at.get(place).copied())
                    .unwrap_or(NO_ROW)
            };
            return (headers, self.groups.iter().map(row).collect());
        };
        let attribute = &orders.attributes[at];
        let mut by_code = vec![0; attribute.values.len()];
        for (group, &size) in self.groups.iter().zip(sizes) {
            by_code[group.code as usize] += size;
        }
        let (headers, row_of_code) = attribute_headers(attribute, &by_code);
        let row = |group: &Group| row_of_code[group.code as usize];
        (headers, self.groups.iter().map(row).collect())
    }

    /// Per row: how far its customers have come by the last period.
    fn newest_by_age(
        &self,
        rows: usize,
        (row_of_group, sizes): (&[u32], &[u64]),
        last_period: i32,
    ) -> Vec<Reached> {
        let most = most_ages(rows);
        let mut newest = vec![Reached::default(); rows];
        for ((group, &row), &size) in self.groups.iter().zip(row_of_group).zip(sizes) {
            if let Some(reached) = newest.get_mut(row as usize).filter(|_| size > 0) {
                reached.add((last_period - group.first_period) as usize, size, most);
            }
        }
        if self.attribute.is_none() {
            // Periods in which nobody was won have a row too, as long as the others.
            let low = self.groups.iter().zip(sizes).find(|(_, size)| **size > 0);
            let low = low.map_or(0, |(group, _)| group.first_period);
            for (row, reached) in newest.iter_mut().enumerate() {
                if reached.newest.is_empty() {
                    reached.add((last_period - low) as usize - row, 0, most);
                }
            }
        }
        newest
    }

    fn sums(
        &self,
        layout: &Layout,
        row_of_group: &[u32],
        as_of: Day,
        (last_period, ended): (i32, bool),
    ) -> Sums {
        let mut sums = Sums {
            cells: vec![Cell::default(); layout.cells()],
            running: vec![Cell::default(); layout.cells()],
            beyond: Cell::default(),
        };
        // Later periods hold nothing.
        let filled = self.spec.period.index(self.first + self.days as Day - 1);
        for (group, &row) in row_of_group.iter().enumerate() {
            if row == NO_ROW {
                continue;
            }
            let first_period = self.groups[group].first_period;
            let range = layout.range(row as usize);
            for period in first_period..=last_period.min(filled) {
                let age = (period - first_period) as usize;
                let cell = self.filed(group, period, as_of).cell();
                if age >= range.len() {
                    add(&mut sums.beyond, cell);
                    continue;
                }
                add(&mut sums.cells[range.start + age], cell);
                if period == last_period && !ended && last_period != NEVER {
                    add(&mut sums.running[range.start + age], cell);
                }
            }
        }
        sums
    }
}

/// All groups, sorted; `None` when there are none or more than `most`.
fn groups(
    first_lines: &[u32],
    group: impl Fn(u32) -> Group + Sync,
    most: usize,
) -> Option<Vec<Group>> {
    // Few groups, many customers: each part keeps its own short sorted list.
    let join = |left: Option<Vec<Group>>, right: Option<Vec<Group>>| {
        let mut all = left?;
        all.extend(right?);
        all.sort_unstable();
        all.dedup();
        (all.len() <= most).then_some(all)
    };
    first_lines
        .par_chunks(super::numeric::CHUNK)
        .map(|lines| {
            let mut found: Vec<Group> = lines
                .iter()
                .filter(|&&line| line != NO_LINE)
                .map(|&line| group(line))
                .collect();
            found.sort_unstable();
            found.dedup();
            Some(found)
        })
        .reduce(|| Some(Vec::new()), join)
        .filter(|groups| !groups.is_empty() && groups.len() <= most)
}

/// Turns sums of single days into sums from the beginning of the day's period.
fn accumulate(cells: &mut [Filed], groups: usize, period: impl Fn(usize) -> i32) {
    for day in 1..cells.len() / groups {
        if period(day) == period(day - 1) {
            let (before, rest) = cells.split_at_mut(day * groups);
            let yesterday = &before[(day - 1) * groups..];
            let pairs = rest[..groups].iter_mut().zip(yesterday);
            pairs.for_each(|(today, yesterday)| today.add(yesterday));
        }
    }
}

struct Filing<'a> {
    orders: &'a Orders,
    calendar: &'a Calendar,
    first: Day,
    groups: &'a [Group],
    group_of: &'a [u32],
    first_day: &'a [Day],
}

impl Filing<'_> {
    fn sum(&self, cells: usize) -> Vec<Filed> {
        let customers = self.group_of.len();
        let parts = (PARTIAL_CELLS / cells.max(1)).clamp(1, 16);
        let length = customers.div_ceil(parts).max(1);
        let part = |range: Range<usize>| {
            let mut sums = vec![Filed::default(); cells];
            for customer in range {
                if self.group_of[customer] != NO_GROUP {
                    self.add(customer, &mut sums);
                }
            }
            sums
        };
        let mut partial = (0..parts)
            .into_par_iter()
            .map(|at| part((at * length).min(customers)..customers.min((at + 1) * length)))
            .collect::<Vec<_>>()
            .into_iter();
        let sums = partial.next().unwrap_or_default();
        partial.fold(sums, |mut sums, part| {
            let pairs = sums.iter_mut().zip(&part);
            pairs.for_each(|(to, from)| to.add(from));
            sums
        })
    }

    /// Files one customer's lines. What lies before the first order joins it on its day: until then
    /// the customer is in no cohort.
    #[inline]
    fn add(&self, customer: usize, sums: &mut [Filed]) {
        let (group, first_day) = (self.group_of[customer] as usize, self.first_day[customer]);
        let lines = self.orders.lines_of(customer);
        let columns = self.orders.days[lines.clone()]
            .iter()
            .zip(&self.orders.flags[lines.clone()])
            .zip(&self.orders.amounts[lines]);
        let mut last_ordered = i32::MIN;
        for ((&day, &flags), &amount) in columns {
            let day = day.max(first_day);
            let period = self.calendar.index(day);
            let starts_order = flags & flag::ORDER_START != 0;
            let newly = starts_order && period != last_ordered;
            last_ordered = if starts_order { period } else { last_ordered };
            let cell = &mut sums[(day - self.first) as usize * self.groups.len() + group];
            cell.customers += u32::from(newly);
            cell.orders += u32::from(starts_order);
            cell.revenue += if flags & flag::NOT_KEPT == 0 {
                amount
            } else {
                0.0
            };
        }
    }
}
