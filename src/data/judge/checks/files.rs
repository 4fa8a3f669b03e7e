//! What several files of one shop have in common: rows and orders that stand in two of them, order numbers
//! that two of them use for different orders.

use std::hash::{DefaultHasher, Hash, Hasher};

use hashbrown::{HashMap, HashSet};

use super::{Rows, Shop};
use crate::data::{
    dataset::{Role, understanding::WarningCode},
    day::Day,
    lines::{
        ingest::Read,
        stage::{NO_CUSTOMER, OrderTexts, Stage, StagedAttribute, mark},
    },
    values::{dates::UNREADABLE, keys::Cell},
};

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

/// Fewer sales are alike by chance.
const FEW_SALES: usize = 10;
/// Of the sales of a file that is a copy, at least so many stand in the other.
const NEARLY_ALL: f64 = 0.9;

impl Shop<'_> {
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
        for row in &marked {
            self.stage.marks[*row] |= mark::OVERLAPS;
        }
        if !marked.is_empty() {
            let rows = marked.len() as u64;
            self.warn(
                WarningCode::OverlappingFiles,
                rows,
                format!("{rows} rows stand in two files that overlap, with another status; the later file counts"),
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

    /// Marks rows of later files whose print, day and amount an earlier file has: as often as it has them.
    pub(super) fn mark_overlaps(&mut self, print: impl Fn(&Stage, usize) -> Option<u64>) {
        let rows = self.rows_of();
        let names = |read: &Read| read.dialect.names.clone();
        let same_columns = self
            .reads
            .iter()
            .all(|read| names(read) == names(&self.reads[0]));
        if rows.len() < 2 || !same_columns {
            return;
        }
        let mut earlier = HashMap::<(u64, Day, u64), u32>::new();
        let (mut overlapping, mut amount) = (0, 0.0);
        for file in rows {
            let mut here = HashMap::<(u64, Day, u64), u32>::new();
            // Rows marked before count first: none is left out in place of another.
            let mut order: Vec<usize> = file.collect();
            order.sort_by_key(|&row| self.stage.marks[row] & mark::OVERLAPS == 0);
            for row in order {
                let stage = &mut *self.stage;
                let Some(print) = print(stage, row) else {
                    continue;
                };
                let key = (print, stage.days[row], stage.amounts[row].to_bits());
                let times = here.entry(key).or_default();
                *times += 1;
                let again = *times <= earlier.get(&key).copied().unwrap_or_default();
                if again && stage.marks[row] & mark::OVERLAPS == 0 {
                    stage.marks[row] |= mark::OVERLAPS;
                    overlapping += 1;
                    amount += stage.amounts[row];
                }
            }
            for (key, times) in here {
                let known = earlier.entry(key).or_default();
                *known = (*known).max(times);
            }
        }
        if overlapping > 0 {
            self.warn(
                WarningCode::OverlappingFiles,
                overlapping,
                format!("{overlapping} rows worth {amount:.2} stand in two files that overlap; each sale counts once"),
            );
        }
    }

    /// A smaller file whose sales nearly all stand in a larger one too, in other columns (a sample beside
    /// the whole, two exports of one shop), brings no further sales.
    pub(super) fn copies_in_other_columns(&mut self) {
        let names = |at: usize| &self.reads[at].dialect.names;
        let stage = &*self.stage;
        let sales = |rows: &Rows| -> HashMap<(u32, Day, u64), Vec<usize>> {
            let mut sales = HashMap::<_, Vec<usize>>::new();
            let usable = |row: &usize| {
                let (row, marks) = (*row, stage.marks[*row]);
                marks & mark::OVERLAPS == 0
                    && stage.customers[row] != NO_CUSTOMER
                    && stage.days[row] > UNREADABLE
                    && !stage.amounts[row].is_nan()
            };
            for row in rows.clone().filter(usable) {
                let amount = stage.amounts[row].to_bits();
                let key = (stage.customers[row], stage.days[row], amount);
                sales.entry(key).or_default().push(row);
            }
            sales
        };
        let mut files: Vec<(usize, Rows)> = self.rows_of().into_iter().enumerate().collect();
        files.sort_by_key(|(_, rows)| std::cmp::Reverse(rows.len()));
        if files.iter().all(|(at, _)| names(*at) == names(0)) {
            return;
        }
        let mut copies = Vec::new();
        for (place, (at, rows)) in files.iter().enumerate().skip(1) {
            let own = sales(rows);
            let all: usize = own.values().map(Vec::len).sum();
            let larger = files[..place]
                .iter()
                .filter(|(other, _)| names(*other) != names(*at));
            for (other, others) in larger {
                let known = sales(others);
                let found = own.iter().flat_map(|(key, rows)| {
                    let times = known.get(key).map_or(0, Vec::len);
                    rows.iter().take(times).copied()
                });
                let found: Vec<usize> = found.collect();
                if all >= FEW_SALES && found.len() as f64 >= NEARLY_ALL * all as f64 {
                    copies.push((*at, *other, found));
                    break;
                }
            }
        }
        for (at, other, rows) in copies {
            let (name, whole) = (self.reads[at].input.name(), self.reads[other].input.name());
            let count = rows.len() as u64;
            for row in rows {
                self.stage.marks[row] |= mark::OVERLAPS;
            }
            self.warn(
                WarningCode::OverlappingFiles,
                count,
                format!("{count} rows of {name} stand in {whole} too: the same customers, days and amounts; each sale counts once"),
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
            format!("{count} rows have order numbers that an earlier file gives to the same customer on another day: the files are taken for different shops or years, and each order counts within its file"),
        );
    }
}
