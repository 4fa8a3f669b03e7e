//! Kept rows as records of half a cache line, in buckets of neighbouring customers.
//!
//! A row's values stand in many columns, in the order of the file; its customer's other rows stand far
//! away. Fetching each value by itself would wait for memory a hundred million times at ten million
//! rows. So every column is walked once, in order, and each row's values are written together into
//! the bucket of its customer; a bucket fits a processor's own cache, where it is sorted.

use std::ops::Range;

use rayon::prelude::*;

use super::{
    clean::DROPPED,
    day::Day,
    orders::Codes,
    stage::{Stage, StagedAttribute},
};

/// Coded columns that a record has room for; those beyond are fetched by row.
pub const PACKED_CODES: usize = 5;

/// What sorting and numbering need to know of one row.
#[derive(Clone, Copy, Debug, Default)]
pub struct Packed {
    /// The first eight bytes of the order's id ([`super::stage::OrderTexts::head`]).
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

impl Cut {
    /// Buckets of about the same number of lines.
    #[must_use]
    pub fn of(customers: usize, lines: usize) -> Self {
        let wanted = BUCKET_LINES.saturating_mul(customers) / lines.max(1);
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

/// The records of one bucket in the order of their rows, in chunks.
pub type Bucket = Vec<Vec<Packed>>;

/// Records of one chunk: small, because every task has an unfinished one for every bucket.
const CHUNK: usize = 256;
/// Rows whose ranks are looked up together.
const STEP: usize = 2048;
/// Tasks that walk the rows; fixed, so that the order of records does not depend on the machine.
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
) -> Vec<Bucket> {
    let rows = flags.len();
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
    let tasks: Vec<Vec<Bucket>> = (0..TASKS)
        .into_par_iter()
        .with_max_len(1)
        .map(|task| packer.pack(rows * task / TASKS..rows * (task + 1) / TASKS))
        .collect();
    let mut buckets = vec![Bucket::new(); cut.buckets()];
    for task in tasks {
        for (bucket, chunks) in buckets.iter_mut().zip(task) {
            bucket.extend(chunks);
        }
    }
    buckets
}

struct Packer<'a> {
    stage: &'a Stage,
    flags: &'a [u8],
    rank_of: &'a [u32],
    codes: [&'a [u8]; PACKED_CODES],
    cut: Cut,
}

impl Packer<'_> {
    fn pack(&self, rows: Range<usize>) -> Vec<Bucket> {
        let mut buckets = vec![Bucket::new(); self.cut.buckets()];
        // The last chunk of every bucket, kept apart from the full ones.
        let mut open = vec![Vec::new(); buckets.len()];
        let mut ranks = Vec::with_capacity(STEP);
        for from in rows.clone().step_by(STEP) {
            let step = from..(from + STEP).min(rows.end);
            // Ranks lie scattered. A loop that does nothing else can wait for many at once.
            let customers = &self.stage.customers[step.clone()];
            let rank_of = |customer: &u32| self.rank_of.get(*customer as usize).copied();
            ranks.clear();
            ranks.extend(customers.iter().map(|at| rank_of(at).unwrap_or_default()));
            self.pack_step(step, &ranks, (&mut buckets, &mut open));
        }
        for (bucket, chunk) in buckets.iter_mut().zip(open) {
            bucket.push(chunk);
        }
        buckets
    }

    fn pack_step(
        &self,
        rows: Range<usize>,
        ranks: &[u32],
        (buckets, open): (&mut [Bucket], &mut [Vec<Packed>]),
    ) {
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
            let chunk = &mut open[bucket];
            if chunk.len() == chunk.capacity() {
                let full = std::mem::replace(chunk, Vec::with_capacity(CHUNK));
                if !full.is_empty() {
                    buckets[bucket].push(full);
                }
            }
            chunk.push(Packed {
                order: stage.orders.head(row),
                amount,
                row: row as u32,
                day,
                customer: (rank - ((bucket as u32) << shift)) as u16,
                flags,
                codes: self
                    .codes
                    .map(|codes| codes.get(row).copied().unwrap_or_default()),
            });
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
        assert_eq!(buckets.len(), 4);
        let records = |bucket: usize| buckets[bucket].iter().flatten();
        assert_eq!((0..4).map(|at| records(at).count()).sum::<usize>(), 9_999);
        for (bucket, _) in buckets.iter().enumerate() {
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
