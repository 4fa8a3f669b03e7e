//! Kept rows as records of half a cache line, in buckets of neighbouring customers.
//!
//! A row's values stand in many columns, in the order of the file; its customer's other rows stand far
//! away. Fetching each value by itself would wait for memory a hundred million times at ten million
//! rows. So every column is walked once, in order, and each row's values are written together into
//! the bucket of its customer; a bucket fits a processor's own cache, where it is sorted.

use std::ops::Range;

use rayon::{iter::repeat_n, prelude::*};

use crate::{
    day::Day,
    judge::verdicts::DROPPED,
    lines::stage::{Stage, StagedAttribute},
    orders::Codes,
};

/// Coded columns that a record has room for; those beyond are fetched by row.
pub const PACKED_CODES: usize = 5;

/// What sorting and numbering need to know of one row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Packed {
    /// The first eight bytes of the order's id ([`crate::lines::stage::OrderTexts::head`]).
    pub order: u64,
    pub amount: f64,
    /// Number of the row in the stage.
    pub row: u32,
    pub day: Day,
    /// Customer, counted from the first one of the bucket.
    pub customer: u16,
    pub flags: u8,
    pub codes: [u8; PACKED_CODES],
}

/// How customers (by rank) and their lines are cut into buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// A bucket holds two to the power of this many customers.
    shift: u32,
    customers: usize,
}

/// Lines of a usual bucket: a megabyte of records.
const BUCKET_LINES: usize = 1 << 15;
/// Few lines make at least about so many buckets, so that every core has some.
const LEAST_BUCKETS: usize = 8;

impl Cut {
    /// Buckets of about the same number of lines.
    #[must_use]
    pub fn of(customers: usize, lines: usize) -> Self {
        let lines_each = BUCKET_LINES.min(lines / LEAST_BUCKETS + 1);
        let wanted = lines_each.saturating_mul(customers) / lines.max(1);
        Self {
            shift: wanted.max(1).ilog2().min(u16::BITS),
            customers,
        }
    }

    #[must_use]
    pub fn buckets(self) -> usize {
        self.customers.div_ceil(1 << self.shift)
    }

    /// Ranks of a bucket's customers.
    #[must_use]
    pub fn ranks(self, bucket: usize) -> Range<usize> {
        (bucket << self.shift)..((bucket + 1) << self.shift).min(self.customers)
    }
}

/// The records of all buckets, one bucket after the other; within a bucket in the order of their rows.
///
/// They lie in one piece of memory that goes back to the system as a whole: many small pieces, made
/// and freed by many threads, would stay with the process for good.
#[derive(Debug)]
pub struct Buckets {
    records: Vec<Packed>,
    /// Where each bucket ends.
    ends: Vec<usize>,
}

impl Buckets {
    /// Bucket by bucket.
    #[must_use]
    pub fn parts(&self) -> Vec<Part<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let parts = starts.zip(&self.ends);
        parts
            .map(|(from, &to)| Part(&self.records[from..to]))
            .collect()
    }
}

/// The records of one bucket.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a>(&'a [Packed]);

impl<'a> Part<'a> {
    pub fn records(self) -> impl ExactSizeIterator<Item = Packed> + 'a {
        self.0.iter().copied()
    }
}

/// Rows whose ranks are looked up together.
const STEP: usize = 2048;
/// Tasks that walk the rows.
const TASKS: usize = 8;

/// Packs all kept rows.
///
/// `rank_of` tells the rank of a customer number; `codes` are the columns to pack.
#[must_use]
pub fn pack(
    stage: &Stage,
    flags: &[u8],
    rank_of: &[u32],
    (cut, attributes): (Cut, &[&StagedAttribute]),
) -> Buckets {
    let mut codes: [&[u8]; PACKED_CODES] = [&[]; PACKED_CODES];
    for (slot, attribute) in codes.iter_mut().zip(attributes) {
        if let Codes::U8(known) = &attribute.codes {
            *slot = known;
        }
    }
    let packer = Packer {
        stage,
        flags,
        rank_of,
        codes,
        cut,
    };
    let rows = flags.len();
    let tasks: Vec<Range<usize>> = (0..TASKS)
        .map(|task| rows * task / TASKS..rows * (task + 1) / TASKS)
        .collect();
    let counts: Vec<Vec<usize>> = tasks
        .par_iter()
        .with_max_len(1)
        .map(|rows| packer.count(rows.clone()))
        .collect();
    let size = |bucket: usize| counts.iter().map(|counts| counts[bucket]).sum::<usize>();
    let mut ends: Vec<usize> = (0..cut.buckets()).map(size).collect();
    let mut end = 0;
    for size in &mut ends {
        end += *size;
        *size = end;
    }
    let mut records: Vec<Packed> = repeat_n(Packed::default(), end).collect();
    let mut rest = records.as_mut_slice();
    let mut places: Vec<Vec<&mut [Packed]>> = tasks.iter().map(|_| Vec::new()).collect();
    for bucket in 0..cut.buckets() {
        for (places, counts) in places.iter_mut().zip(&counts) {
            let (place, behind) = rest.split_at_mut(counts[bucket]);
            places.push(place);
            rest = behind;
        }
    }
    tasks
        .into_par_iter()
        .zip(places)
        .with_max_len(1)
        .for_each(|(rows, mut places)| packer.pack(rows, &mut places));
    Buckets { records, ends }
}

struct Packer<'a> {
    stage: &'a Stage,
    flags: &'a [u8],
    rank_of: &'a [u32],
    codes: [&'a [u8]; PACKED_CODES],
    cut: Cut,
}

impl Packer<'_> {
    /// Kept rows of each bucket.
    fn count(&self, rows: Range<usize>) -> Vec<usize> {
        let mut counts = vec![0; self.cut.buckets()];
        self.for_each_step(rows, |rows, ranks| {
            for (&rank, &flags) in ranks.iter().zip(&self.flags[rows]) {
                if flags & DROPPED == 0 {
                    counts[(rank >> self.cut.shift) as usize] += 1;
                }
            }
        });
        counts
    }

    /// Writes the kept rows to the places of their buckets, which have room for just these.
    fn pack(&self, rows: Range<usize>, places: &mut [&mut [Packed]]) {
        self.for_each_step(rows, |rows, ranks| self.pack_step(rows, ranks, places));
    }

    /// Calls `take` with neighbouring rows and the ranks of their customers.
    fn for_each_step(&self, rows: Range<usize>, mut take: impl FnMut(Range<usize>, &[u32])) {
        let mut ranks = Vec::with_capacity(STEP);
        for from in rows.clone().step_by(STEP) {
            let step = from..(from + STEP).min(rows.end);
            // Ranks lie scattered. A loop that does nothing else can wait for many at once.
            let customers = &self.stage.customers[step.clone()];
            let rank_of = |customer: &u32| self.rank_of.get(*customer as usize).copied();
            ranks.clear();
            ranks.extend(customers.iter().map(|at| rank_of(at).unwrap_or_default()));
            take(step, &ranks);
        }
    }

    fn pack_step(&self, rows: Range<usize>, ranks: &[u32], places: &mut [&mut [Packed]]) {
        let (stage, shift) = (self.stage, self.cut.shift);
        let columns = ranks
            .iter()
            .zip(&self.flags[rows.clone()])
            .zip(&stage.days[rows.clone()])
            .zip(&stage.amounts[rows.clone()]);
        for (row, (((&rank, &flags), &day), &amount)) in rows.zip(columns) {
            if flags & DROPPED != 0 {
                continue;
            }
            let bucket = (rank >> shift) as usize;
            let record = Packed {
                order: stage.orders.head(row),
                amount,
                row: row as u32,
                day,
                customer: (rank - ((bucket as u32) << shift)) as u16,
                flags,
                codes: self
                    .codes
                    .map(|codes| codes.get(row).copied().unwrap_or_default()),
            };
            // Never empty: the rows were counted before.
            if let Some((place, behind)) = std::mem::take(&mut places[bucket]).split_first_mut() {
                *place = record;
                places[bucket] = behind;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn buckets_cover_all_customers() {
        for (customers, lines) in [
            (1, 1),
            (1, 10_000_000),
            (5, 3),
            (1_000_000, 10_000_000),
            (9, 0),
        ] {
            let cut = Cut::of(customers, lines);
            let mut next = 0;
            for bucket in 0..cut.buckets() {
                let ranks = cut.ranks(bucket);
                assert_eq!(ranks.start, next);
                assert!(!ranks.is_empty() && ranks.len() <= 1 << 16);
                next = ranks.end;
            }
            assert_eq!(next, customers);
        }
        assert_eq!(Cut::of(0, 0).buckets(), 0);
    }

    #[test]
    fn rows_keep_their_order_within_a_bucket() {
        let rows = 10_000;
        let stage = Stage {
            customers: (0..rows).map(|row| row % 7).collect(),
            days: vec![3; rows as usize],
            amounts: (0..rows).map(f64::from).collect(),
            ..Stage::default()
        };
        let mut flags = vec![0; rows as usize];
        flags[7] = DROPPED;
        let ranks: Vec<u32> = (0..7).rev().collect();
        let cut = Cut {
            shift: 1,
            customers: 7,
        };
        let buckets = pack(&stage, &flags, &ranks, (cut, &[]));
        let parts = buckets.parts();
        assert_eq!(parts.len(), 4);
        let records = |bucket: usize| parts[bucket].records();
        assert_eq!((0..4).map(|at| records(at).len()).sum::<usize>(), 9_999);
        for (bucket, _) in parts.iter().enumerate() {
            assert!(records(bucket).is_sorted_by_key(|record| record.row));
            for record in records(bucket) {
                let rank = 6 - record.row % 7;
                assert_eq!(rank, 2 * bucket as u32 + u32::from(record.customer));
                assert_eq!(record.amount, f64::from(record.row));
            }
        }
        assert!(records(3).all(|record| record.row != 7));
    }
}
