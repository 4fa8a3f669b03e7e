//! What several files of one shop have in common: rows and orders that stand in two of them, order numbers
//! that two of them use for different orders.

use std::hash::{DefaultHasher, Hash, Hasher};

use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;

use super::{Rows, Shop};
use crate::{
    dataset::{
        Role,
        understanding::{Choice, WarningCode},
    },
    day::Day,
    lines::{
        ingest::Read,
        stage::{NO_CUSTOMER, OrderTexts, Stage, StagedAttribute, mark},
    },
    values::{dates::UNREADABLE, keys::Cell},
};
use base::figures;

/// An order as one file has it.
#[derive(Default)]
struct Again {
    rows: Vec<usize>,
    cents: f64,
    statuses: Vec<u32>,
}

impl Again {
    /// Whether this is the same order as in an earlier file, with another status.
    fn is_newer_than(&self, before: &Self) -> bool {
        self.rows.len() == before.rows.len()
            && (self.cents - before.cents).abs() < 0.5
            && self.statuses != before.statuses
    }
}

/// What tells a sale from others: a print of its row, its day, the bits of its amount.
type Sale = (u64, Day, u64);

/// A file beside others.
#[derive(Default)]
struct Compared {
    /// How often each of its sales stands in it.
    times: HashMap<Sale, u32>,
    /// Its rows that stand elsewhere too and were not marked before.
    again: Vec<usize>,
}

/// Fewer sales are alike by chance.
const FEW_SALES: u32 = 10;
/// Of the sales of a file that is a copy, at least so many stand in the other.
const NEARLY_ALL: f64 = 0.9;

/// Rows that show of most files that orders have lines. Three million rows of one order each take 290 MiB and
/// 5 % of CPU with this look before the table of all orders, 345 MiB and 20 % without (2026-11-30).
const FIRST_ROWS: usize = 100_000;

/// What rows of orders show of copies.
struct Copies {
    orders: usize,
    copies: u64,
}

/// Fewer orders do not show that each has one row.
const LEAST_ORDERS: usize = 10;

impl Shop<'_> {
    /// Where no order has rows that differ, each has one row, and a row that stands twice was exported
    /// twice. Elsewhere it may be a second line of the same goods.
    pub(super) fn copied_orders(&mut self) -> bool {
        let rows = self.stage.fingerprints.len();
        // What most files show at once costs no table of all their orders.
        if self.copies_in(0..rows.min(FIRST_ROWS)).is_none()
            || rows > FIRST_ROWS && !self.has_copies()
        {
            return false;
        }
        let Some(Copies { orders, copies }) = self.copies_in(0..rows) else {
            return false;
        };
        if copies == 0 || orders < LEAST_ORDERS {
            return false;
        }
        let mut choices = vec![
            Choice::new("once", "each order has one row: the copies are left out"),
            Choice::new("each", "they are further lines of their orders"),
        ];
        // Where most orders have several rows, these may be lines that look alike.
        if copies * 2 > orders as u64 {
            choices.reverse();
        }
        let text = format!(
            "{copies} rows repeat an earlier row in every column, and no order has rows that differ. Do they count?"
        );
        let about = self.columns(Role::Order).join(", ");
        let once = self.ask("copies", about, text, choices) == "once";
        if once {
            self.warn(
                WarningCode::RepeatedTotal,
                copies,
                format!("{copies} rows repeat an earlier row in every column, and no order has rows that differ: each order counts once"),
            );
        }
        once
    }

    /// Rows of orders that may be copies of each other.
    fn of_orders(&self, rows: Rows) -> impl Iterator<Item = usize> {
        let stage = &*self.stage;
        let passed = mark::OVERLAPS | mark::TOTALS | mark::PART_OF_ORDER;
        rows.filter(move |&row| {
            stage.orders.head(row) != 0
                && stage.marks[row] & passed == 0
                && (stage.amounts[row] >= 0.0 || stage.amounts[row].is_nan())
        })
    }

    /// Copies among some rows; `None` where an order has rows that differ.
    fn copies_in(&self, rows: Rows) -> Option<Copies> {
        let stage = &*self.stage;
        let mut first = HashMap::new();
        let mut copies = 0;
        for row in self.of_orders(rows) {
            let print = stage.fingerprints[row];
            match first.insert(stage.orders.id(row), print) {
                Some(known) if known != print => return None,
                known => copies += u64::from(known.is_some()),
            }
        }
        Some(Copies {
            orders: first.len(),
            copies,
        })
    }

    /// Whether two rows of one order have the same print.
    fn has_copies(&self) -> bool {
        let stage = &*self.stage;
        let rows = || self.of_orders(0..stage.fingerprints.len());
        let mut prints: Vec<u32> = rows().map(|row| stage.fingerprints[row]).collect();
        prints.par_sort_unstable();
        let pairs = prints.windows(2).filter(|pair| pair[0] == pair[1]);
        let twice: HashSet<u32> = pairs.map(|pair| pair[0]).collect();
        drop(prints);
        let mut known = HashSet::new();
        rows().any(|row| {
            let print = stage.fingerprints[row];
            twice.contains(&print) && !known.insert((print, stage.orders.id(row)))
        })
    }

    /// A table may say each order in a row of its own, above the rows of its lines: their sum is no sale.
    pub(super) fn totals_of_orders(&mut self) {
        let stage = &*self.stage;
        let rows = stage.rows();
        let (mut asked, mut with_lines, mut totals) = (0, 0, Vec::new());
        let mut from = 0;
        while from < rows && !stage.orders.is_empty() {
            let id = stage.orders.id(from);
            let mut end = from + 1;
            while end < rows && stage.orders.id(end) == id {
                end += 1;
            }
            let lines = from + 1..end;
            if stage.orders.head(from) != 0 && !lines.is_empty() {
                let known = |row: usize| {
                    stage.customers[row] != NO_CUSTOMER && stage.days[row] > UNREADABLE
                };
                let sum: f64 = stage.amounts[lines.clone()].iter().sum();
                asked += 1;
                if sum != 0.0
                    && (stage.amounts[from] - sum).abs() < 0.011
                    && lines.clone().all(known)
                {
                    with_lines += u64::from(lines.len() > 1);
                    totals.push(from);
                }
                if asked > LEAST_ORDERS && totals.len() * 10 < asked * 9 {
                    return;
                }
            }
            from = end;
        }
        // Two rows alike show nothing.
        if asked < LEAST_ORDERS || totals.len() * 10 < asked * 9 || with_lines * 10 < asked as u64 {
            return;
        }
        for &row in &totals {
            self.stage.marks[row] |= mark::TOTALS;
        }
        self.warn(
            WarningCode::TotalsRow,
            totals.len() as u64,
            format!("{} rows hold the sum of the rows below them, their orders' lines, and are no sales: left out", totals.len()),
        );
    }

    /// Orders that stand in a later file too, with another status: the later file knows what became of them.
    pub(super) fn orders_again(&mut self) {
        let (rows, stage) = (self.rows_of(), &*self.stage);
        let statuses: Vec<&StagedAttribute> = (self.columns(Role::Status).iter())
            .filter_map(|name| stage.attributes.iter().find(|known| known.name == *name))
            .filter(|known| !known.gave_up)
            .collect();
        if rows.len() < 2 || statuses.is_empty() || stage.orders.is_empty() {
            return;
        }
        let last = |file: &Rows| stage.days[file.clone()].iter().max().copied();
        let mut files: Vec<Rows> = rows;
        files.sort_by_key(last);
        // By order: rows, cents and statuses in the latest file met so far, the latest first.
        let mut later = HashMap::<(u32, Day, String), Again>::new();
        let mut marked = Vec::new();
        for file in files.into_iter().rev() {
            let mut here = HashMap::<(u32, Day, String), Again>::new();
            for row in file.filter(|&row| stage.marks[row] & mark::OVERLAPS == 0) {
                let order = stage.orders.with_text(row, str::to_owned);
                if order.is_empty() || stage.customers[row] == NO_CUSTOMER {
                    continue;
                }
                let known = here
                    .entry((stage.customers[row], stage.days[row], order))
                    .or_default();
                known.rows.push(row);
                known.cents += (stage.amounts[row] * 100.0).round();
                let codes = statuses.iter().map(|status| status.codes.get(row));
                known.statuses.extend(codes);
            }
            for (key, order) in here {
                match later.get(&key) {
                    Some(new) if new.is_newer_than(&order) => marked.extend(order.rows),
                    Some(_) => {}
                    None => drop(later.insert(key, order)),
                }
            }
        }
        self.mark_again(&marked);
        if !marked.is_empty() {
            let rows = marked.len() as u64;
            self.warn(
                WarningCode::OverlappingFiles,
                rows,
                format!("{} found in two files that overlap, with another status; the later file counts", figures::count(rows, "row", "rows")),
            );
        }
    }

    /// Rows of files that stand in an earlier file as well: the same sale, once per file they overlap in.
    pub(super) fn overlapping_files(&mut self) {
        let marks = &self.stage.marks;
        let known = marks.iter().any(|marks| marks & mark::OVERLAPS != 0);
        if !known && self.stage.fingerprints.len() >= self.stage.rows() {
            self.mark_overlaps(|stage, row| Some(u64::from(stage.fingerprints[row])));
        }
    }

    /// The same of customers whose ids one of the files spells in another way: their rows differ as texts.
    pub(super) fn overlapping_spellings(&mut self, folded: &HashSet<u32>) {
        if folded.is_empty() {
            return;
        }
        self.mark_overlaps(|stage, row| {
            let customer = stage.customers[row];
            folded.contains(&customer).then(|| {
                let mut hasher = DefaultHasher::new();
                customer.hash(&mut hasher);
                if !stage.orders.is_empty() {
                    stage.orders.with_text(row, |order| order.hash(&mut hasher));
                }
                for attribute in stage.attributes.iter().filter(|known| !known.gave_up) {
                    attribute.codes.get(row).hash(&mut hasher);
                }
                hasher.finish()
            })
        });
    }

    /// Counts the sales of a file, and finds its rows that `known` has too: as often as it has them. Rows
    /// without a print do not take part; those marked before count first, so that none is left out in place
    /// of another.
    fn compare(
        &self,
        file: &Rows,
        known: &HashMap<Sale, u32>,
        print: impl Fn(&Stage, usize) -> Option<u64>,
    ) -> Compared {
        let stage = &*self.stage;
        let marked = |row: usize| stage.marks[row] & mark::OVERLAPS != 0;
        let mut compared = Compared::default();
        let mut order: Vec<usize> = file.clone().collect();
        order.sort_by_key(|&row| !marked(row));
        for row in order {
            let Some(print) = print(stage, row) else {
                continue;
            };
            let sale = (print, stage.days[row], stage.amounts[row].to_bits());
            let times = compared.times.entry(sale).or_default();
            *times += 1;
            if *times <= known.get(&sale).copied().unwrap_or_default() && !marked(row) {
                compared.again.push(row);
            }
        }
        compared
    }

    /// Marks rows that an earlier or larger file has too; returns what they are worth.
    fn mark_again(&mut self, rows: &[usize]) -> f64 {
        for &row in rows {
            self.stage.marks[row] |= mark::OVERLAPS;
        }
        rows.iter().map(|&row| self.stage.amounts[row]).sum()
    }

    /// Marks rows of later files whose print, day and amount an earlier file has: as often as it has them.
    fn mark_overlaps(&mut self, print: impl Fn(&Stage, usize) -> Option<u64>) {
        let files = self.rows_of();
        if files.len() < 2 || !self.have_same_columns() {
            return;
        }
        let mut earlier = HashMap::new();
        let (mut overlapping, mut amount) = (0, 0.0);
        for file in files {
            let Compared { times, again } = self.compare(&file, &earlier, &print);
            overlapping += again.len() as u64;
            amount += self.mark_again(&again);
            for (sale, times) in times {
                let known = earlier.entry(sale).or_default();
                *known = times.max(*known);
            }
        }
        if overlapping > 0 {
            self.warn(
                WarningCode::OverlappingFiles,
                overlapping,
                format!(
                    "{} worth {amount:.2} found in two files that overlap; each sale counts once",
                    figures::count(overlapping, "row", "rows")
                ),
            );
        }
    }

    fn have_same_columns(&self) -> bool {
        let mut reads = self.reads.iter();
        reads.all(|read| read.dialect.names == self.reads[0].dialect.names)
    }

    /// A smaller file whose sales nearly all stand in a larger one too, in other columns (a sample beside
    /// the whole, two exports of one shop), brings no further sales.
    pub(super) fn copies_in_other_columns(&mut self) {
        if self.have_same_columns() {
            return;
        }
        let customer = |stage: &Stage, row: usize| {
            let usable = stage.marks[row] & mark::OVERLAPS == 0
                && stage.customers[row] != NO_CUSTOMER
                && stage.days[row] > UNREADABLE
                && !stage.amounts[row].is_nan();
            usable.then(|| u64::from(stage.customers[row]))
        };
        let mut files: Vec<(&Read, Rows)> = self.reads.iter().zip(self.rows_of()).collect();
        files.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
        let mut larger: Vec<(&Read, HashMap<Sale, u32>)> = Vec::new();
        let mut copies = Vec::new();
        for (read, rows) in files {
            let times = self.compare(&rows, &HashMap::new(), customer).times;
            let all: u32 = times.values().sum();
            let whole = larger.iter().find_map(|(other, known)| {
                if all < FEW_SALES || other.dialect.names == read.dialect.names {
                    return None;
                }
                let found = self.compare(&rows, known, customer).again;
                let enough = found.len() as f64 >= NEARLY_ALL * f64::from(all);
                enough.then_some((*other, found))
            });
            if let Some((other, found)) = whole {
                copies.push((read.input.name(), other.input.name(), found));
            }
            larger.push((read, times));
        }
        for (name, whole, rows) in copies {
            self.mark_again(&rows);
            let count = rows.len() as u64;
            self.warn(
                WarningCode::OverlappingFiles,
                count,
                format!("{} of {name} found in {whole} too: the same customers, days and amounts; each sale counts once", figures::count(count, "row", "rows")),
            );
        }
    }

    /// Where files contradict each other, an order number counts within its file: most numbers that one
    /// customer has in two files are of different days.
    pub(super) fn order_numbers_used_again(&mut self) {
        let files = self.rows_of();
        if files.len() < 2 || self.stage.orders.is_empty() {
            return;
        }
        let sales = |stage: &Stage, row: usize| {
            stage.marks[row] & (mark::OVERLAPS | mark::TOTALS) == 0
                && stage.amounts[row] >= 0.0
                && stage.days[row] > UNREADABLE
                && stage.customers[row] != NO_CUSTOMER
        };
        let key = |stage: &Stage, row: usize| {
            let mut hasher = DefaultHasher::new();
            stage.orders.with_text(row, |order| order.hash(&mut hasher));
            (stage.customers[row], hasher.finish())
        };
        let stage = &*self.stage;
        let mut first = HashMap::<(u32, u64), (usize, Day)>::new();
        let (mut same_day, mut again) = (0, Vec::new());
        for (file, rows) in files.iter().enumerate() {
            for row in rows.clone().filter(|&row| sales(stage, row)) {
                if stage.orders.with_text(row, str::is_empty) {
                    continue;
                }
                let day = stage.days[row];
                let (known_file, known_day) = *first.entry(key(stage, row)).or_insert((file, day));
                if known_file != file && known_day == day {
                    same_day += 1;
                } else if known_file != file {
                    again.push((row, file));
                }
            }
        }
        if again.len() <= same_day {
            return;
        }
        let count = again.len() as u64;
        let mut again = again.into_iter().peekable();
        let before = std::mem::take(&mut self.stage.orders);
        let mut orders = OrderTexts::default();
        orders.reserve(self.stage.rows());
        for row in 0..self.stage.rows() {
            let other_file = again.next_if(|(known, _)| *known == row);
            let pushed = before.with_text(row, |order| match other_file {
                Some((_, file)) => {
                    let name = self.reads[file].input.name();
                    orders.push(Cell::of(&format!("{order} ({name})")))
                }
                None => orders.push(Cell::of(order)),
            });
            if pushed.is_err() {
                // No room for longer texts: the numbers stay as they are, and so they count.
                self.stage.orders = before;
                return;
            }
        }
        self.stage.orders = orders;
        self.warn(
            WarningCode::OverlappingFiles,
            count,
            format!("{} with order numbers that an earlier file gives to the same customer on another day: the files are taken for different shops or years, and each order counts within its file", figures::count(count, "row", "rows")),
        );
    }
}
