//! Records in buckets → the columns of [`Orders`], sorted and numbered, one bucket per task.
//!
//! [`Orders`]: crate::orders::Orders

use std::cmp::Ordering;

use rayon::prelude::*;

use crate::{
    day::Day,
    lines::stage::{OrderId, OrderTexts, StagedAttribute},
    orders::{PoolFull, TextPool, flag},
    sort::numbering::Numbering,
    sort::packed::{Buckets, Cut, Packed, Part},
};

/// What is known of rows beside their records.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    pub orders: &'a OrderTexts,
    pub fingerprints: &'a [u32],
    /// All kept attributes, and the place of each in the records. The codes of those that have one
    /// may be gone.
    pub attributes: &'a [(StagedAttribute, Option<usize>)],
    /// New codes of packed attributes, by place.
    pub new_codes: &'a [Vec<u8>],
    /// Whether anybody needs to know the row of each line.
    pub with_rows: bool,
}

/// Columns in the order of lines.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    pub days: Vec<Day>,
    pub amounts: Vec<f64>,
    pub flags: Vec<u8>,
    /// Order numbers, and their ids when the file names them.
    pub orders: Vec<u32>,
    pub order_ids: TextPool,
    /// New codes of packed attributes, by place.
    pub codes: Vec<Vec<u8>>,
    /// Row of each line; empty when nobody asked for it.
    pub rows: Vec<u32>,
    /// Row and amount of lines that repeat another one, by row.
    pub duplicates: Vec<(u32, f64)>,
}

impl Sorted {
    /// Columns of so many lines, still to be written.
    fn of(lines: usize, beside: &Beside<'_>) -> Self {
        Self {
            days: vec![0; lines],
            amounts: vec![0.0; lines],
            flags: vec![0; lines],
            orders: vec![0; lines],
            codes: vec![vec![0; lines]; beside.new_codes.len()],
            rows: vec![0; if beside.with_rows { lines } else { 0 }],
            ..Self::default()
        }
    }
}

/// Sorts all buckets.
///
/// # Errors
/// [`PoolFull`] when order ids outgrow 4 GiB.
pub fn sort(
    buckets: &Buckets,
    (cut, offsets): (Cut, &[u32]),
    beside: Beside<'_>,
) -> Result<Sorted, PoolFull> {
    let lines = offsets.last().map_or(0, |&end| end as usize);
    let mut sorted = Sorted::of(lines, &beside);
    let borders: Vec<usize> = (0..cut.buckets())
        .map(|bucket| offsets[cut.ranks(bucket).end] as usize)
        .collect();
    let done: Vec<Done> = buckets
        .parts()
        .into_par_iter()
        .zip(Lines::split(&mut sorted, &borders))
        .enumerate()
        .map_init(Vec::new, |records, (bucket, (part, lines))| {
            let ranks = cut.ranks(bucket);
            let offsets = &offsets[ranks.start..=ranks.end];
            arrange(part, offsets, records);
            beside.bucket(records, offsets, lines)
        })
        .collect::<Result<_, PoolFull>>()?;
    if !beside.orders.is_empty() {
        let bytes = done.iter().map(|done| done.ids.bytes()).sum();
        let texts = done.iter().map(|done| done.ids.len()).sum();
        sorted.order_ids.reserve(texts, bytes);
    }
    let (mut base, mut bases) = (0, Vec::with_capacity(done.len()));
    for done in done {
        bases.push(base);
        base += done.orders;
        sorted.order_ids.append(&done.ids)?;
        sorted.duplicates.extend(done.duplicates);
    }
    sorted.duplicates.sort_unstable_by_key(|&(row, _)| row);
    let mut parts = Vec::with_capacity(bases.len());
    let (mut rest, mut from) = (sorted.orders.as_mut_slice(), 0);
    for (&to, base) in borders.iter().zip(bases) {
        let (part, tail) = rest.split_at_mut(to - from);
        (rest, from) = (tail, to);
        parts.push((part, base));
    }
    parts.into_par_iter().for_each(|(orders, base)| {
        for order in orders {
            *order += base;
        }
    });
    Ok(sorted)
}

/// The lines of one bucket.
struct Lines<'a> {
    days: &'a mut [Day],
    amounts: &'a mut [f64],
    flags: &'a mut [u8],
    orders: &'a mut [u32],
    codes: Vec<&'a mut [u8]>,
    rows: &'a mut [u32],
}

impl<'a> Lines<'a> {
    /// Cuts all columns at the given lines.
    fn split(sorted: &'a mut Sorted, borders: &[usize]) -> Vec<Self> {
        let mut rest = Self {
            days: &mut sorted.days,
            amounts: &mut sorted.amounts,
            flags: &mut sorted.flags,
            orders: &mut sorted.orders,
            codes: sorted.codes.iter_mut().map(Vec::as_mut_slice).collect(),
            rows: &mut sorted.rows,
        };
        let (mut parts, mut from) = (Vec::with_capacity(borders.len()), 0);
        for &to in borders {
            parts.push(rest.take(to - from));
            from = to;
        }
        parts
    }

    fn take(&mut self, lines: usize) -> Self {
        Self {
            days: first(&mut self.days, lines),
            amounts: first(&mut self.amounts, lines),
            flags: first(&mut self.flags, lines),
            orders: first(&mut self.orders, lines),
            codes: self
                .codes
                .iter_mut()
                .map(|rest| first(rest, lines))
                .collect(),
            rows: first(&mut self.rows, lines),
        }
    }
}

/// Takes so many entries off the front, or what there is.
#[allow(clippy::mut_mut, reason = "the slice itself moves on")]
fn first<'a, T>(rest: &mut &'a mut [T], entries: usize) -> &'a mut [T] {
    let all = std::mem::take(rest);
    let (head, tail) = all.split_at_mut(entries.min(all.len()));
    *rest = tail;
    head
}

/// What a bucket adds up to.
struct Done {
    orders: u32,
    ids: TextPool,
    duplicates: Vec<(u32, f64)>,
}

/// Brings the records of a bucket together customer by customer; rows keep their order.
fn arrange(part: Part<'_>, offsets: &[u32], records: &mut Vec<Packed>) {
    let base = offsets[0];
    let lines = (offsets[offsets.len() - 1] - base) as usize;
    let mut places: Vec<u32> = offsets.iter().map(|offset| offset - base).collect();
    records.clear();
    records.resize(lines, Packed::default());
    for record in part.records() {
        let place = &mut places[usize::from(record.customer)];
        records[*place as usize] = record;
        *place += 1;
    }
}

impl Beside<'_> {
    /// Sorts the records of each customer and writes their lines.
    fn bucket(
        &self,
        records: &mut [Packed],
        offsets: &[u32],
        mut lines: Lines<'_>,
    ) -> Result<Done, PoolFull> {
        let mut numbering = Numbering::new(!self.orders.is_empty());
        let mut duplicates = Vec::new();
        for customer in offsets.windows(2) {
            let from = (customer[0] - offsets[0]) as usize;
            let own = &mut records[from..(customer[1] - offsets[0]) as usize];
            // Logs are usually written in order of time.
            if !own.is_sorted_by(|a, b| a.day < b.day) {
                own.sort_unstable_by(|a, b| self.compare(a, b));
                for at in 1..own.len() {
                    let (earlier, later) = (own[at - 1], &mut own[at]);
                    if earlier.day == later.day && self.same(&earlier, later) {
                        later.flags |= flag::DUPLICATE;
                        duplicates.push((later.row, later.amount));
                    }
                }
            }
            numbering.next_customer();
            for (line, record) in (from..).zip(own.iter()) {
                let id = OrderId {
                    head: record.order,
                    long: self.orders.long(record.row as usize),
                };
                let (number, started) = numbering.line(id, record.day, record.flags)?;
                lines.orders[line] = number;
                lines.flags[line] = record.flags | started;
            }
        }
        self.write(records, &mut lines);
        Ok(Done {
            orders: numbering.next,
            ids: numbering.ids,
            duplicates,
        })
    }

    /// Writes what does not depend on the lines before.
    fn write(&self, records: &[Packed], lines: &mut Lines<'_>) {
        for (line, record) in lines.days.iter_mut().zip(records) {
            *line = record.day;
        }
        for (line, record) in lines.amounts.iter_mut().zip(records) {
            *line = record.amount;
        }
        for (line, record) in lines.rows.iter_mut().zip(records) {
            *line = record.row;
        }
        for (place, (column, new_codes)) in lines.codes.iter_mut().zip(self.new_codes).enumerate() {
            for (line, record) in column.iter_mut().zip(records) {
                *line = new_codes[usize::from(record.codes[place])];
            }
        }
    }

    /// Compares two lines of one customer by everything that is known of them; the row number comes
    /// last, so that of two equal rows the later one is the repetition.
    fn compare(&self, a: &Packed, b: &Packed) -> Ordering {
        a.day
            .cmp(&b.day)
            .then_with(|| self.compare_content(a, b))
            .then(a.row.cmp(&b.row))
    }

    fn compare_content(&self, a: &Packed, b: &Packed) -> Ordering {
        a.order
            .cmp(&b.order)
            .then_with(|| self.orders.compare_long(a.row as usize, b.row as usize))
            .then_with(|| a.flags.cmp(&b.flags))
            .then_with(|| a.amount.total_cmp(&b.amount))
            .then_with(|| self.compare_attributes(a, b))
            .then_with(|| {
                let print = |record: &Packed| self.fingerprints.get(record.row as usize);
                print(a).cmp(&print(b))
            })
    }

    fn compare_attributes(&self, a: &Packed, b: &Packed) -> Ordering {
        let code = |attribute: &StagedAttribute, place: Option<usize>, record: &Packed| match place
        {
            Some(place) => u32::from(record.codes[place]),
            None => attribute.codes.get(record.row as usize),
        };
        for (attribute, place) in self.attributes {
            let (a, b) = (code(attribute, *place, a), code(attribute, *place, b));
            if a != b {
                let texts = attribute.values.texts();
                return texts.get(a as usize).cmp(texts.get(b as usize));
            }
        }
        Ordering::Equal
    }

    fn same(&self, a: &Packed, b: &Packed) -> bool {
        let flags = |record: &Packed| record.flags & !flag::DUPLICATE;
        let plain = |record: &Packed| Packed {
            flags: flags(record),
            ..*record
        };
        self.compare_content(&plain(a), &plain(b)).is_eq()
    }
}
