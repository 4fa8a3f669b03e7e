//! Filling a cohort table: one pass finds every customer's row, one pass adds up the lines.

use rayon::prelude::*;

use super::{
    cohorts::{
        Cell, CohortRow, CohortSpec, CohortTable, MAX_ATTRIBUTE_ROWS, NO_ROW, OTHER_KEY, RowsBy,
    },
    left_censoring::judged,
    numeric::{CHUNK, count, settle},
    periods::{Calendar, last_begun},
};
use data::day::{Day, Period};
use data::orders::{Attribute, Orders, flag};

/// Acquisition periods up to which empty ones keep their row.
const MAX_PERIODS: usize = 600;
/// Ages a table has at most: 23 years of weeks, a century of months. What lies beyond is summed up.
const MAX_AGES: usize = 1_200;
/// Cells of a table at most: with very many rows the ages end earlier.
const MAX_CELLS: usize = 3 << 20;
/// Memory for partial tables; decides, with the table's size, into how many parts the work is cut.
const PARTIAL_CELLS: usize = 2 << 20;
/// A customer who has not ordered before S.
pub(super) const NEVER: i32 = i32::MAX;
pub(super) const NO_LINE: u32 = u32::MAX;

/// Builds the table of all orders before `as_of`.
///
/// - A customer belongs to the period of the first kept order before S. Between the first and the last
///   such period every period has a row, also one without customers (a gap is a finding), unless
///   a stray date would make more than 600 rows.
/// - Attribute rows take the value of the first kept line; values beyond the
///   [`MAX_ATTRIBUTE_ROWS`] largest share one row (key [`OTHER_KEY`]). An unknown column gives no rows.
/// - Credits count on their own date, those dated before the first order (for a sale the
///   data does not hold) at age 0: so the revenue of all cells is the revenue of all customers.
/// - No row has more than 1,200 ages, whatever dates there are; what lies beyond is in
///   [`CohortTable::beyond`].
#[must_use]
pub fn cohorts(orders: &Orders, as_of: Day, spec: &CohortSpec) -> CohortTable {
    let calendar = calendar(orders, as_of, spec.period);
    let first_lines = first_order_lines(orders, as_of);
    let first_periods: Vec<i32> = first_lines
        .par_iter()
        .map(|&line| match line {
            NO_LINE => NEVER,
            line => calendar.index(orders.days[line as usize]),
        })
        .collect();
    let (headers, row_of) = match &spec.rows {
        RowsBy::Acquisition => acquisition_rows(&first_periods, spec.period),
        RowsBy::Attribute(name) => attribute_rows(orders, name, &first_lines),
    };
    let (last_period, ended) = last_begun(spec.period, as_of);
    let newest = newest_by_age(spec, &headers, (&row_of, &first_periods), last_period);
    let cut = newest.iter().any(|reached| reached.older > 0);
    let layout = Layout::new(&newest);
    let walk = Walk {
        orders,
        as_of,
        calendar: &calendar,
        first_periods: &first_periods,
        row_of: &row_of,
        layout: &layout,
        running_period: if ended { NEVER } else { last_period },
    };
    let sums = walk.sum();
    let rows: Vec<CohortRow> = headers
        .into_iter()
        .zip(newest)
        .enumerate()
        .map(|(row, (header, newest))| finish(header, &sums, newest, layout.range(row), ended))
        .collect();
    judged(CohortTable {
        spec: spec.clone(),
        as_of,
        ages: rows.iter().map(|row| row.cells.len()).max().unwrap_or(0),
        rows,
        beyond: cut.then_some(sums.beyond),
        left_censored: false,
        row_of,
    })
}

/// Ages that a table of so many rows follows.
pub(super) fn most_ages(rows: usize) -> usize {
    (MAX_CELLS / rows.max(1)).clamp(1, MAX_AGES)
}

/// How far the customers of a row have come.
#[derive(Clone, Default)]
pub(super) struct Reached {
    /// Customers who are at this age in the last period.
    pub newest: Vec<u64>,
    /// Customers whose age in the last period lies beyond the table.
    pub older: u64,
}

impl Reached {
    /// So many customers are at this age in the last period, in a table of at most `most` ages.
    pub(super) fn add(&mut self, age: usize, customers: u64, most: usize) {
        let ages = (age + 1).min(most);
        if self.newest.len() < ages {
            self.newest.resize(ages, 0);
        }
        match self.newest.get_mut(age) {
            Some(there) => *there += customers,
            None => self.older += customers,
        }
    }
}

fn calendar(orders: &Orders, as_of: Day, period: Period) -> Calendar {
    let ends = (0..orders.customers())
        .into_par_iter()
        .map(|customer| orders.lines_of(customer))
        .filter(|lines| !lines.is_empty())
        .map(|lines| (orders.days[lines.start], orders.days[lines.end - 1]))
        .reduce(|| (Day::MAX, Day::MIN), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    Calendar::new(period, ends.0, ends.1.min(as_of.saturating_sub(1)))
}

/// Line that starts each customer's first kept order before S, or [`NO_LINE`].
pub(super) fn first_order_lines(orders: &Orders, as_of: Day) -> Vec<u32> {
    (0..orders.customers())
        .into_par_iter()
        .map(|customer| {
            orders
                .lines_of(customer)
                .take_while(|&line| orders.days[line] < as_of)
                .find(|&line| orders.flags[line] & flag::ORDER_START != 0)
                .map_or(NO_LINE, |line| line as u32)
        })
        .collect()
}

/// What stands at the beginning of a row.
pub(super) struct Header {
    pub label: String,
    pub key: i64,
    pub size: u64,
}

fn acquisition_rows(first_periods: &[i32], period: Period) -> (Vec<Header>, Vec<u32>) {
    let bought = || {
        first_periods
            .par_iter()
            .copied()
            .filter(|&first| first != NEVER)
    };
    let (Some(low), Some(high)) = (bought().min(), bought().max()) else {
        return (Vec::new(), vec![NO_ROW; first_periods.len()]);
    };
    let place = |first: i32| (first != NEVER).then(|| (first - low) as usize);
    let span = (i64::from(high) - i64::from(low)) as usize + 1;
    let sizes = count(first_periods.len(), span, |customer| {
        place(first_periods[customer])
    });
    let (headers, row_at) = acquisition_headers(&sizes, low, period);
    let row_of = first_periods
        .par_iter()
        .map(|&first| place(first).map_or(NO_ROW, |place| row_at[place]))
        .collect();
    (headers, row_of)
}

/// Heads of the rows by acquisition, and the row of each period from `low` on.
pub(super) fn acquisition_headers(
    sizes: &[u64],
    low: i32,
    period: Period,
) -> (Vec<Header>, Vec<u32>) {
    let mut row_at = vec![NO_ROW; sizes.len()];
    let mut headers = Vec::new();
    for (place, &size) in sizes.iter().enumerate() {
        if size > 0 || sizes.len() <= MAX_PERIODS {
            row_at[place] = headers.len() as u32;
            let index = low + place as i32;
            headers.push(Header {
                label: period.label(index),
                key: i64::from(index),
                size,
            });
        }
    }
    (headers, row_at)
}

fn attribute_rows(orders: &Orders, name: &str, first_lines: &[u32]) -> (Vec<Header>, Vec<u32>) {
    let Some(attribute) = orders.attribute(name) else {
        return (Vec::new(), vec![NO_ROW; first_lines.len()]);
    };
    let code_of = |customer: usize| {
        let line = first_lines[customer];
        (line != NO_LINE).then(|| attribute.codes.get(line as usize) as usize)
    };
    let sizes = count(first_lines.len(), attribute.values.len(), code_of);
    let (headers, row_of_code) = attribute_headers(attribute, &sizes);
    let row_of = (0..first_lines.len())
        .into_par_iter()
        .map(|customer| code_of(customer).map_or(NO_ROW, |code| row_of_code[code]))
        .collect();
    (headers, row_of)
}

/// Heads of the rows by attribute, largest first, and the row of each code.
pub(super) fn attribute_headers(attribute: &Attribute, sizes: &[u64]) -> (Vec<Header>, Vec<u32>) {
    let mut by_size: Vec<usize> = (0..sizes.len()).filter(|&code| sizes[code] > 0).collect();
    by_size.sort_by_key(|&code| (std::cmp::Reverse(sizes[code]), code));
    // A row "Other" that stands for a single value would hide its name for nothing.
    let shown = if by_size.len() > MAX_ATTRIBUTE_ROWS + 1 {
        MAX_ATTRIBUTE_ROWS
    } else {
        by_size.len()
    };
    let mut row_of_code = vec![shown as u32; sizes.len()];
    let mut headers = Vec::with_capacity(shown + 1);
    for (row, &code) in by_size[..shown].iter().enumerate() {
        row_of_code[code] = row as u32;
        let text = attribute.values.get(code);
        let label = if text.is_empty() { "(missing)" } else { text };
        headers.push(Header {
            label: label.to_owned(),
            key: code as i64,
            size: sizes[code],
        });
    }
    let others: u64 = by_size[shown..].iter().map(|&code| sizes[code]).sum();
    if others > 0 {
        headers.push(Header {
            label: "Other".to_owned(),
            key: OTHER_KEY,
            size: others,
        });
    }
    (headers, row_of_code)
}

/// Per row: how far its customers have come by the last period.
fn newest_by_age(
    spec: &CohortSpec,
    headers: &[Header],
    (row_of, first_periods): (&[u32], &[i32]),
    last_period: i32,
) -> Vec<Reached> {
    let most = most_ages(headers.len());
    let mut rows = vec![Reached::default(); headers.len()];
    if spec.rows == RowsBy::Acquisition {
        for (row, header) in rows.iter_mut().zip(headers) {
            row.add(
                (last_period - header.key as i32) as usize,
                header.size,
                most,
            );
        }
        return rows;
    }
    let oldest = first_periods.par_iter().copied().min();
    let Some(oldest) = oldest.filter(|&first| first != NEVER) else {
        return rows;
    };
    // One place more stands for everything beyond the table.
    let span = ((last_period - oldest) as usize + 1).min(most) + 1;
    let counts = count(row_of.len(), headers.len() * span, |customer| {
        let (row, first) = (row_of[customer], first_periods[customer]);
        let age = || ((last_period - first) as usize).min(span - 1);
        (row != NO_ROW).then(|| row as usize * span + age())
    });
    for (row, ages) in rows.iter_mut().zip(counts.chunks(span)) {
        let reached = ages.iter().enumerate().filter(|(_, count)| **count > 0);
        reached.for_each(|(age, &count)| row.add(age, count, most));
    }
    rows
}

/// Rows of different length in one run of memory.
pub(super) struct Layout {
    /// `rows + 1` places; row *i* owns `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
}

impl Layout {
    pub(super) fn new(rows: &[Reached]) -> Self {
        let mut starts = vec![0];
        let mut end = 0;
        for row in rows {
            end += row.newest.len();
            starts.push(end);
        }
        Self { starts }
    }

    pub(super) fn cells(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    pub(super) fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row]..self.starts[row + 1]
    }
}

struct Walk<'a> {
    orders: &'a Orders,
    as_of: Day,
    calendar: &'a Calendar,
    first_periods: &'a [i32],
    row_of: &'a [u32],
    layout: &'a Layout,
    /// The period that has begun but not ended by S.
    running_period: i32,
}

/// All cells of a table, and the part of them in the running period.
#[derive(Default)]
pub(super) struct Sums {
    pub cells: Vec<Cell>,
    pub running: Vec<Cell>,
    /// What lies at ages beyond the table.
    pub beyond: Cell,
}

pub(super) fn add(to: &mut Cell, cell: Cell) {
    to.customers += cell.customers;
    to.orders += cell.orders;
    to.revenue += cell.revenue;
}

impl Walk<'_> {
    fn sum(&self) -> Sums {
        let cells = self.layout.cells();
        let customers = self.row_of.len();
        let wanted = customers.div_ceil(CHUNK).clamp(1, 64);
        let parts = wanted.min((PARTIAL_CELLS / cells.max(1)).max(1));
        let length = customers.div_ceil(parts).max(1);
        let partial: Vec<Sums> = (0..parts)
            .into_par_iter()
            .map(|part| {
                let mut sums = Sums {
                    cells: vec![Cell::default(); cells],
                    running: vec![Cell::default(); cells],
                    beyond: Cell::default(),
                };
                for customer in part * length..customers.min((part + 1) * length) {
                    if self.row_of[customer] != NO_ROW {
                        self.add_customer(customer, &mut sums);
                    }
                }
                sums
            })
            .collect();
        let mut partial = partial.into_iter();
        let Some(mut sums) = partial.next() else {
            return Sums::default();
        };
        for part in partial {
            sums.cells
                .iter_mut()
                .zip(part.cells)
                .for_each(|(to, cell)| add(to, cell));
            sums.running
                .iter_mut()
                .zip(part.running)
                .for_each(|(to, cell)| add(to, cell));
            add(&mut sums.beyond, part.beyond);
        }
        sums
    }

    /// Adds line by line without branches that depend on the data: lines of neighbouring customers
    /// fall into cells in no foreseeable pattern, and a mispredicted branch costs more than the sums.
    #[inline]
    fn add_customer(&self, customer: usize, sums: &mut Sums) {
        let first = self.first_periods[customer];
        let row = self.layout.range(self.row_of[customer] as usize);
        let cells = &mut sums.cells[row.clone()];
        let lines = self.orders.lines_of(customer);
        let days = &self.orders.days[lines.clone()];
        let flags = &self.orders.flags[lines.clone()];
        let amounts = &self.orders.amounts[lines];
        let mut last_ordered = usize::MAX;
        let mut running = Cell::default();
        for ((&day, &flags), &amount) in days.iter().zip(flags).zip(amounts) {
            if day >= self.as_of {
                break;
            }
            let period = self.calendar.index(day).max(first);
            let age = (period - first) as usize;
            let starts_order = flags & flag::ORDER_START != 0;
            let newly = u64::from(starts_order) & u64::from(age != last_ordered);
            last_ordered = if starts_order { age } else { last_ordered };
            let added = Cell {
                customers: newly,
                orders: u64::from(starts_order),
                revenue: if flags & flag::NOT_KEPT == 0 {
                    amount
                } else {
                    0.0
                },
            };
            match cells.get_mut(age) {
                Some(cell) => add(cell, added),
                None => add(&mut sums.beyond, added),
            }
            if period == self.running_period {
                add(&mut running, added);
            }
        }
        if first <= self.running_period && self.running_period != NEVER {
            let age = (self.running_period - first) as usize;
            if let Some(cell) = sums.running[row].get_mut(age) {
                add(cell, running);
            }
        }
    }
}

pub(super) fn finish(
    header: Header,
    sums: &Sums,
    reached: Reached,
    places: std::ops::Range<usize>,
    ended: bool,
) -> CohortRow {
    let settled = |cells: &[Cell]| -> Vec<Cell> {
        let round = |cell: &Cell| Cell {
            revenue: settle(cell.revenue),
            ..*cell
        };
        cells.iter().map(round).collect()
    };
    let newest = reached.newest;
    // Who is at an age now has been at every age before.
    let mut exposed = newest.clone();
    if let Some(last) = exposed.last_mut() {
        *last += reached.older;
    }
    for age in (1..exposed.len()).rev() {
        exposed[age - 1] += exposed[age];
    }
    let mut row = CohortRow {
        label: header.label,
        key: header.key,
        size: header.size,
        cells: settled(&sums.cells[places.clone()]),
        running: settled(&sums.running[places]),
        exposed,
        exposed_running: if ended { vec![0; newest.len()] } else { newest },
        cumulative_ltv: Vec::new(),
    };
    row.cumulative_ltv = cumulative_ltv(&row);
    row
}

/// Sums over ages with the same customers are divided once, so that acquisition rows show exactly
/// revenue so far ÷ cohort size.
fn cumulative_ltv(row: &CohortRow) -> Vec<f64> {
    let (mut before, mut revenue, mut divisor) = (0.0, 0.0, 0);
    (0..row.cells.len())
        .map(|age| {
            let (cell, exposed) = row.rated(age);
            if exposed != divisor {
                before += if divisor == 0 {
                    0.0
                } else {
                    revenue / divisor as f64
                };
                (revenue, divisor) = (0.0, exposed);
            }
            revenue += cell.revenue;
            before
                + if divisor == 0 {
                    0.0
                } else {
                    settle(revenue) / divisor as f64
                }
        })
        .collect()
}
