//! Filling a cohort table: one pass finds every customer's row, one pass adds up the lines.

use rayon::prelude::*;

use super::{
    cohorts::{
        Cell, CohortRow, CohortSpec, CohortTable, MAX_ATTRIBUTE_ROWS, NO_ROW, OTHER_KEY, RowsBy,
    },
    numeric::{CHUNK, settle},
    periods::{Calendar, last_begun},
};
use crate::data::{
    day::{Day, Period},
    orders::{Orders, flag},
};

/// Acquisition periods up to which empty ones keep their row.
const MAX_PERIODS: usize = 600;
/// Memory for partial tables; decides, with the table's size, into how many parts the work is cut.
const PARTIAL_CELLS: usize = 2 << 20;
/// A customer who has not ordered before S.
const NEVER: i32 = i32::MAX;

pub(super) fn build(orders: &Orders, as_of: Day, spec: &CohortSpec) -> CohortTable {
    let calendar = calendar(orders, as_of, spec.period);
    let first_lines = first_order_lines(orders, as_of);
    let first_periods: Vec<i32> = first_lines
        .par_iter()
        .map(|line| line.map_or(NEVER, |line| calendar.index(orders.days[line as usize])))
        .collect();
    let (headers, row_of) = match &spec.rows {
        RowsBy::Acquisition => acquisition_rows(&first_periods, spec.period),
        RowsBy::Attribute(name) => attribute_rows(orders, name, &first_lines),
    };
    let (last_period, ended) = last_begun(spec.period, as_of);
    let layout = Layout::new(&headers, &row_of, &first_periods, last_period);
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
    let exposed = layout.exposure(&first_periods, &row_of, last_period);
    let rows = headers
        .into_iter()
        .enumerate()
        .map(|(row, header)| finish(header, &sums, &exposed[row], layout.range(row), ended))
        .collect::<Vec<_>>();
    CohortTable {
        spec: spec.clone(),
        as_of,
        ages: rows.iter().map(|row| row.cells.len()).max().unwrap_or(0),
        rows,
        row_of,
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

/// Line that starts each customer's first kept order before S.
fn first_order_lines(orders: &Orders, as_of: Day) -> Vec<Option<u32>> {
    (0..orders.customers())
        .into_par_iter()
        .map(|customer| {
            orders
                .lines_of(customer)
                .take_while(|&line| orders.days[line] < as_of)
                .find(|&line| orders.flags[line] & flag::ORDER_START != 0)
                .map(|line| line as u32)
        })
        .collect()
}

struct Header {
    label: String,
    key: i64,
    size: u64,
}

fn acquisition_rows(first_periods: &[i32], period: Period) -> (Vec<Header>, Vec<u32>) {
    let bought = || {
        first_periods
            .iter()
            .copied()
            .filter(|&first| first != NEVER)
    };
    let (Some(low), Some(high)) = (bought().min(), bought().max()) else {
        return (Vec::new(), vec![NO_ROW; first_periods.len()]);
    };
    let span = (i64::from(high) - i64::from(low)) as usize + 1;
    let mut sizes = vec![0_u64; span];
    for first in bought() {
        sizes[(first - low) as usize] += 1;
    }
    let mut row_at = vec![NO_ROW; span];
    let mut headers = Vec::new();
    for (place, &size) in sizes.iter().enumerate() {
        if size > 0 || span <= MAX_PERIODS {
            row_at[place] = headers.len() as u32;
            let index = low + place as i32;
            headers.push(Header {
                label: period.label(index),
                key: i64::from(index),
                size,
            });
        }
    }
    let row_of = first_periods
        .par_iter()
        .map(|&first| {
            if first == NEVER {
                NO_ROW
            } else {
                row_at[(first - low) as usize]
            }
        })
        .collect();
    (headers, row_of)
}

fn attribute_rows(
    orders: &Orders,
    name: &str,
    first_lines: &[Option<u32>],
) -> (Vec<Header>, Vec<u32>) {
    let Some(attribute) = orders.attribute(name) else {
        return (Vec::new(), vec![NO_ROW; first_lines.len()]);
    };
    let code_of = |line: u32| attribute.codes.get(line as usize) as usize;
    let mut sizes = vec![0_u64; attribute.values.len()];
    for &line in first_lines.iter().flatten() {
        sizes[code_of(line)] += 1;
    }
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
    let row_of = first_lines
        .par_iter()
        .map(|line| line.map_or(NO_ROW, |line| row_of_code[code_of(line)]))
        .collect();
    (headers, row_of)
}

/// Rows of different length in one run of memory.
struct Layout {
    /// `rows + 1` places; row *i* owns `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
}

impl Layout {
    fn new(headers: &[Header], row_of: &[u32], first_periods: &[i32], last_period: i32) -> Self {
        let mut oldest = vec![NEVER; headers.len()];
        for (&row, &first) in row_of
            .iter()
            .zip(first_periods)
            .filter(|&(&row, _)| row != NO_ROW)
        {
            let oldest = &mut oldest[row as usize];
            *oldest = first.min(*oldest);
        }
        let mut starts = vec![0];
        let mut end = 0;
        for (header, oldest) in headers.iter().zip(oldest) {
            // Only an acquisition period can be without customers; its key is the period.
            let oldest = if oldest == NEVER {
                header.key as i32
            } else {
                oldest
            };
            end += (last_period - oldest) as usize + 1;
            starts.push(end);
        }
        Self { starts }
    }

    fn cells(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.starts[row]..self.starts[row + 1]
    }

    /// Per row and age: customers who have reached it, and how many of them are in the last period.
    fn exposure(&self, firsts: &[i32], row_of: &[u32], last_period: i32) -> Vec<Vec<(u64, u64)>> {
        let mut rows: Vec<Vec<(u64, u64)>> = self
            .starts
            .windows(2)
            .map(|pair| vec![(0, 0); pair[1] - pair[0]])
            .collect();
        for (&row, &first) in row_of.iter().zip(firsts).filter(|&(&row, _)| row != NO_ROW) {
            rows[row as usize][(last_period - first) as usize].1 += 1;
        }
        for row in &mut rows {
            let mut reached = 0;
            for (exposed, newest) in row.iter_mut().rev() {
                reached += *newest;
                *exposed = reached;
            }
        }
        rows
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
struct Sums {
    cells: Vec<Cell>,
    running: Vec<Cell>,
}

fn add(to: &mut Cell, cell: Cell) {
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
            return Sums {
                cells: Vec::new(),
                running: Vec::new(),
            };
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
        }
        sums
    }

    /// Lines are in day order, so the lines of one age follow each other and are added up in
    /// registers before they touch the table.
    #[inline]
    fn add_customer(&self, customer: usize, sums: &mut Sums) {
        let start = self.layout.starts[self.row_of[customer] as usize];
        let first = self.first_periods[customer];
        let lines = self.orders.lines_of(customer);
        let days = &self.orders.days[lines.clone()];
        let flags = &self.orders.flags[lines.clone()];
        let amounts = &self.orders.amounts[lines];
        let mut flush = |period: i32, mut cell: Cell| {
            cell.customers = u64::from(cell.orders > 0);
            let place = start + (period - first) as usize;
            add(&mut sums.cells[place], cell);
            if period == self.running_period {
                add(&mut sums.running[place], cell);
            }
        };
        let (mut open, mut cell) = (first, Cell::default());
        for ((&day, &flags), &amount) in days.iter().zip(flags).zip(amounts) {
            if day >= self.as_of {
                break;
            }
            let period = self.calendar.index(day).max(first);
            if period != open {
                flush(open, cell);
                (open, cell) = (period, Cell::default());
            }
            cell.revenue += if flags & flag::NOT_KEPT == 0 {
                amount
            } else {
                0.0
            };
            cell.orders += u64::from(flags & flag::ORDER_START != 0);
        }
        flush(open, cell);
    }
}

fn finish(
    header: Header,
    sums: &Sums,
    exposure: &[(u64, u64)],
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
    let mut row = CohortRow {
        label: header.label,
        key: header.key,
        size: header.size,
        cells: settled(&sums.cells[places.clone()]),
        running: settled(&sums.running[places]),
        exposed: exposure.iter().map(|&(reached, _)| reached).collect(),
        exposed_running: exposure
            .iter()
            .map(|&(_, newest)| if ended { 0 } else { newest })
            .collect(),
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
