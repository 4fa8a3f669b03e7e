//! Scores of one column where equal customers share a score, by counting instead of sorting.
//!
//! Days and orders are small whole numbers: one pass counts how often each occurs, a table then says
//! which score each means, and a second pass looks it up. Money is counted by the leading bits of its
//! sort key; only the values that share those bits with one of the four borders are looked at closer.
//! The date scrubber scores everybody at every step, so this is the part of RFM that has to be quick.

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, NO_KEY, order_statistics, ordered},
};

/// The customers behind one score.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Band {
    pub customers: u64,
    /// Lowest and highest value among them; `None` for a score nobody holds.
    pub range: Option<(f64, f64)>,
}

impl Band {
    pub(super) fn of(value: f64) -> Self {
        Self::many(1, value)
    }

    /// So many customers with this value.
    pub(super) fn many(customers: u64, value: f64) -> Self {
        Self {
            customers,
            range: Some((value, value)),
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.customers += other.customers;
        self.range = match (self.range, other.range) {
            (Some((a, b)), Some((c, d))) => Some((a.min(c), b.max(d))),
            (one, other) => one.or(other),
        };
    }
}

/// Whole numbers below this are counted one by one: 22 years of days.
const SMALL: usize = 8_192;
/// Bits of a money key that are dropped in the counting pass: sign, exponent and three bits of the
/// mantissa stay.
const MONEY_SHIFT: u32 = 49;
const MONEY_BUCKETS: usize = 1 << (64 - MONEY_SHIFT);

/// Scores 1…5 (0 for customers without an order) and the customers behind each.
pub(super) type Scored = (Vec<u8>, [Band; 5]);

/// Scores a column of whole numbers; `better_low` when fewer is better. `None` when a number is
/// negative or [`SMALL`] or more.
pub(super) fn whole_numbers(
    customers: &Customers,
    number: impl Fn(usize) -> u32 + Sync,
    better_low: bool,
) -> Option<Scored> {
    let frequency = &customers.frequency;
    let place = |row: usize| (number(row) as usize).min(SMALL);
    let counts = counted(frequency.len(), SMALL + 1, |row, counts| {
        counts[place(row)] += u32::from(frequency[row] > 0);
    });
    if counts[SMALL] > 0 {
        return None;
    }
    let mut table = [0_u8; SMALL + 1];
    let mut bands = [Band::default(); 5];
    let mut worse = 0_u64;
    for step in 0..SMALL {
        let number = if better_low { SMALL - 1 - step } else { step };
        let count = u64::from(counts[number]);
        if count == 0 {
            continue;
        }
        let place = (5 * worse / customers.active as u64).min(4) as usize;
        table[number] = place as u8 + 1;
        bands[place].join(Band::many(count, number as f64));
        worse += count;
    }
    let mut scores = vec![0; frequency.len()];
    scores
        .par_chunks_mut(CHUNK)
        .enumerate()
        .for_each(|(chunk, scores)| {
            let first = chunk * CHUNK;
            for (slot, score) in scores.iter_mut().enumerate() {
                let row = first + slot;
                *score = table[place(row)] * u8::from(frequency[row] > 0);
            }
        });
    Some((scores, bands))
}

/// Scores by net revenue.
pub(super) fn money(customers: &Customers) -> Scored {
    let (frequency, monetary) = (&customers.frequency, &customers.monetary);
    let cuts = money_cuts(customers);
    let mut scores = vec![0; frequency.len()];
    let bands = scores
        .par_chunks_mut(CHUNK)
        .enumerate()
        .map(|(chunk, scores)| {
            let rows = chunk * CHUNK..chunk * CHUNK + scores.len();
            let mut tally = [Tally::default(); 6];
            let columns = frequency[rows.clone()].iter().zip(&monetary[rows]);
            for (score, (&frequency, &money)) in scores.iter_mut().zip(columns) {
                let above: u8 = cuts.iter().map(|&cut| u8::from(money > cut)).sum();
                *score = (above + 1) * u8::from(frequency > 0);
                tally[usize::from(*score)].add(money);
            }
            tally
        })
        .reduce(|| [Tally::default(); 6], join);
    let mut joined = [Band::default(); 5];
    for (band, tally) in joined.iter_mut().zip(&bands[1..]) {
        *band = tally.band();
    }
    (scores, joined)
}

/// The customers of one score so far.
#[derive(Clone, Copy)]
struct Tally {
    customers: u64,
    low: f64,
    high: f64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            customers: 0,
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
        }
    }
}

impl Tally {
    #[inline]
    fn add(&mut self, value: f64) {
        self.customers += 1;
        self.low = if value < self.low { value } else { self.low };
        self.high = if value > self.high { value } else { self.high };
    }

    fn band(self) -> Band {
        Band {
            customers: self.customers,
            range: (self.customers > 0).then_some((self.low, self.high)),
        }
    }
}

fn join(mut left: [Tally; 6], right: [Tally; 6]) -> [Tally; 6] {
    for (left, right) in left.iter_mut().zip(right) {
        left.customers += right.customers;
        left.low = left.low.min(right.low);
        left.high = left.high.max(right.high);
    }
    left
}

/// The values that a customer must exceed for each of the scores 2…5; borders that nobody reaches are
/// infinite. Score > step ⇔ ⌊5 · worse ÷ n⌋ ≥ step ⇔ worse ≥ ⌈step · n ÷ 5⌉ ⇔ above the value at that
/// place, less one, of the sorted column.
fn money_cuts(customers: &Customers) -> [f64; 4] {
    let (frequency, monetary) = (&customers.frequency, &customers.monetary);
    let count = customers.active;
    let mut cuts = [f64::INFINITY; 4];
    if count == 0 {
        return cuts;
    }
    let bucket = |row: usize| (ordered(monetary[row]) >> MONEY_SHIFT) as usize;
    let counts = counted(frequency.len(), MONEY_BUCKETS, |row, counts| {
        counts[bucket(row)] += u32::from(frequency[row] > 0);
    });
    let wanted: Vec<(usize, usize)> = (1..5)
        .map(|step| place(&counts, (step * count).div_ceil(5).saturating_sub(1)))
        .collect();
    let gathered: Vec<[Vec<f64>; 4]> = monetary
        .par_chunks(CHUNK)
        .enumerate()
        .map(|(chunk, values)| {
            let mut found: [Vec<f64>; 4] = Default::default();
            let buckets = wanted.iter().map(|(bucket, _)| *bucket);
            let buckets: Vec<usize> = buckets.collect();
            for (slot, &value) in values.iter().enumerate() {
                let bucket = (ordered(value) >> MONEY_SHIFT) as usize;
                if buckets.contains(&bucket) && frequency[chunk * CHUNK + slot] > 0 {
                    let at = buckets.iter().position(|&known| known == bucket);
                    found[at.unwrap_or(0)].push(value);
                }
            }
            found
        })
        .collect();
    for (step, &(bucket, within)) in wanted.iter().enumerate() {
        let first = wanted.iter().position(|(known, _)| *known == bucket);
        let first = first.unwrap_or(step);
        let mut values: Vec<f64> = gathered
            .iter()
            .flat_map(|parts| parts[first].iter().copied())
            .collect();
        if within < values.len() {
            cuts[step] = *values.select_nth_unstable_by(within, f64::total_cmp).1;
        }
    }
    cuts
}

/// Bucket that holds a sorted position, and the position inside it.
fn place(counts: &[u32], position: usize) -> (usize, usize) {
    let mut before = 0;
    for (bucket, &count) in counts.iter().enumerate() {
        if position < before + count as usize {
            return (bucket, position - before);
        }
        before += count as usize;
    }
    (counts.len(), 0)
}

/// Counts made by `add` over all rows, in parallel.
fn counted(rows: usize, buckets: usize, add: impl Fn(usize, &mut [u32]) + Sync) -> Vec<u32> {
    (0..rows.div_ceil(CHUNK))
        .into_par_iter()
        .with_min_len(8)
        .fold(
            || vec![0_u32; buckets],
            |mut counts, chunk| {
                for row in chunk * CHUNK..rows.min((chunk + 1) * CHUNK) {
                    add(row, &mut counts);
                }
                counts
            },
        )
        .reduce_with(|mut sum, part| {
            let pairs = sum.iter_mut().zip(part);
            pairs.for_each(|(sum, part)| *sum += part);
            sum
        })
        .unwrap_or_else(|| vec![0; buckets])
}

/// Scores by any key: for numbers that are too large to be counted one by one.
pub(super) fn keys(
    customers: &Customers,
    key: impl Fn(usize) -> u64 + Sync,
    value: impl Fn(usize) -> f64 + Sync,
) -> Scored {
    let frequency = &customers.frequency;
    let keys: Vec<u64> = (0..frequency.len())
        .into_par_iter()
        .map(|row| {
            if frequency[row] > 0 {
                key(row).max(NO_KEY + 1)
            } else {
                NO_KEY
            }
        })
        .collect();
    let count = customers.active;
    let positions: Vec<usize> = (1..5)
        .map(|step: usize| (step * count).div_ceil(5).saturating_sub(1))
        .filter(|&position| position < count)
        .collect();
    let cuts = order_statistics(&keys, &positions);
    let scores: Vec<u8> = keys
        .par_iter()
        .map(|&key| {
            let above = cuts.iter().filter(|&&cut| key > cut).count() as u8;
            if key == NO_KEY { 0 } else { above + 1 }
        })
        .collect();
    let mut bands = [Band::default(); 5];
    for (row, &score) in scores.iter().enumerate().filter(|(_, score)| **score > 0) {
        bands[usize::from(score) - 1].join(Band::many(1, value(row)));
    }
    (scores, bands)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `n` customers with a fixed scramble of values; every seventh has not bought yet.
    fn made_up(n: usize, spread: u64) -> Customers {
        let draw = |row: usize, salt: u64| {
            (row as u64 + salt)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15)
                .rotate_left(31)
                % spread
        };
        let frequency: Vec<u32> = (0..n)
            .map(|row| u32::from(row % 7 != 3) * (1 + draw(row, 1) as u32 % 9))
            .collect();
        Customers {
            as_of: 20_000,
            active: frequency.iter().filter(|&&count| count > 0).count(),
            first_day: vec![0; n],
            last_day: (0..n).map(|row| 19_999 - draw(row, 2) as i32).collect(),
            purchase_days: frequency.clone(),
            monetary: (0..n)
                .map(|row| draw(row, 3) as f64 / 100.0 - 5.0)
                .collect(),
            frequency,
        }
    }

    /// The definition, word by word.
    fn slow(customers: &Customers, better: impl Fn(usize) -> f64) -> Vec<u8> {
        let rows: Vec<usize> = (0..customers.len())
            .filter(|&row| customers.exists(row))
            .collect();
        let score = |row: usize| {
            let worse = rows.iter().filter(|&&other| better(other) < better(row));
            1 + (5 * worse.count() / rows.len()) as u8
        };
        (0..customers.len())
            .map(|row| if customers.exists(row) { score(row) } else { 0 })
            .collect()
    }

    #[test]
    fn counting_gives_what_the_definition_says() {
        for (n, spread) in [(1, 5), (40, 3), (700, 40), (700, 5_000)] {
            let customers = made_up(n, spread);
            let days = |row: usize| customers.recency_days(row) as u32;
            let (r, bands) = whole_numbers(&customers, days, true).expect("small");
            assert_eq!(r, slow(&customers, |row| -f64::from(days(row))));
            let all: u64 = bands.iter().map(|band| band.customers).sum();
            assert_eq!(all, customers.active as u64);
            let (f, _) =
                whole_numbers(&customers, |row| customers.frequency[row], false).expect("small");
            assert_eq!(
                f,
                slow(&customers, |row| f64::from(customers.frequency[row]))
            );
            let (m, bands) = money(&customers);
            assert_eq!(m, slow(&customers, |row| customers.monetary[row]));
            let by_key = keys(
                &customers,
                |row| ordered(customers.monetary[row]),
                |row| customers.monetary[row],
            );
            assert_eq!(by_key, (m, bands));
        }
    }

    #[test]
    fn nobody_and_numbers_too_large_to_count() {
        let nobody = Customers {
            active: 0,
            frequency: vec![0; 3],
            ..made_up(3, 5)
        };
        assert_eq!(money(&nobody).0, [0; 3]);
        let (scores, _) = whole_numbers(&nobody, |_| 1, true).expect("small");
        assert_eq!(scores, [0; 3]);
        let customers = made_up(20, 5);
        assert!(whole_numbers(&customers, |_| SMALL as u32, false).is_none());
        assert!(whole_numbers(&customers, |_| (-1_i32) as u32, false).is_none());
    }
}
