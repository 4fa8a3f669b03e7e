//! Small numeric tools: sums that do not depend on the machine, order statistics without sorting.
//!
//! Parallel work is cut into chunks of a fixed length, never by the number of threads, and partial
//! results are joined in chunk order: so the same input gives the same bytes everywhere.

use rayon::prelude::*;

/// Customers per unit of parallel work.
pub(crate) const CHUNK: usize = 16_384;

/// Rounds a sum of money to a millionth of the currency unit.
///
/// Adding the same amounts in another order changes the last bits of a floating-point sum; without
/// rounding two customers who spent the same would not tie, and 100.00 might miss "at least 100".
/// Sums beyond about two billion are returned as they are.
#[must_use]
pub fn settle(sum: f64) -> f64 {
    let scaled = sum * UNITS;
    if scaled.abs() < LIMIT {
        whole(scaled) / UNITS + 0.0
    } else {
        sum
    }
}

/// Millionths per currency unit.
const UNITS: f64 = 1e6;
/// Below this a scaled sum is rounded to a whole number of millionths.
const LIMIT: f64 = 2_251_799_813_685_248.0;

/// Rounds to a whole number (for magnitudes below 2⁵¹): adding and taking away 1.5 · 2⁵².
#[inline]
fn whole(scaled: f64) -> f64 {
    const ROUNDER: f64 = 6_755_399_441_055_744.0;
    (scaled + ROUNDER) - ROUNDER
}

/// A settled amount of money in whole millionths: these can be added in any order, and taken away
/// again, without an error.
///
/// Beyond about two billion, where amounts are not settled, what is less than a millionth is cut off;
/// beyond 10²² the amount counts as that, so that no sum over customers can overflow.
#[inline]
#[must_use]
pub(crate) fn millionths(money: f64) -> i128 {
    let scaled = money * UNITS;
    if scaled.abs() < LIMIT {
        i128::from(whole(scaled) as i64)
    } else {
        beyond(scaled)
    }
}

#[cold]
fn beyond(scaled: f64) -> i128 {
    const MOST: f64 = 1e28;
    scaled.clamp(-MOST, MOST) as i128
}

/// Whole millionths as money: what [`settle`] gives for the sum.
#[must_use]
pub(crate) fn from_millionths(sum: i128) -> f64 {
    sum as f64 / UNITS
}

/// An integer that orders as the number does; both zeros are equal.
#[must_use]
pub(crate) fn ordered(value: f64) -> u64 {
    const SIGN: u64 = 1 << 63;
    let bits = (value + 0.0).to_bits();
    if bits & SIGN == 0 { bits | SIGN } else { !bits }
}

/// An integer that orders as the signed one does.
#[must_use]
pub(crate) fn ordered_day(day: i32) -> u64 {
    (i64::from(day) - i64::from(i32::MIN)) as u64
}

/// Key of a row that does not take part in [`order_statistics`].
pub(crate) const NO_KEY: u64 = 0;

/// The keys that stand at `positions` (ascending, 0-based) when the keys of all rows are sorted.
///
/// Rows with [`NO_KEY`] do not take part. A counting pass narrows each position to a bucket of
/// nearly equal keys, and only those buckets are searched: linear time, whatever the distribution.
pub(crate) fn order_statistics(keys: &[u64], positions: &[usize]) -> Vec<u64> {
    // Taking 1 away (around zero) makes "no key" the largest number, so it is never the lowest.
    let (low, high) = keys
        .par_chunks(CHUNK)
        .map(|keys| {
            keys.iter().fold((u64::MAX, 0), |(low, high), &key| {
                (low.min(key.wrapping_sub(1)), high.max(key))
            })
        })
        .reduce(|| (u64::MAX, 0), |a, b| (a.0.min(b.0), a.1.max(b.1)));
    if high == NO_KEY {
        return Vec::new();
    }
    let low = low + 1;
    let shift = (64 - (high - low).leading_zeros()).saturating_sub(BUCKET_BITS);
    // Bucket 0 is for the rows without a key.
    let bucket = |key: u64| ((key - low) >> shift) as usize + 1;
    let counts = keys
        .par_chunks(CHUNK)
        .fold(
            || vec![0_u32; (1 << BUCKET_BITS) + 1],
            |mut counts, keys| {
                for &key in keys {
                    counts[if key == NO_KEY { 0 } else { bucket(key) }] += 1;
                }
                counts
            },
        )
        .reduce_with(|mut sum, part| {
            sum.iter_mut()
                .zip(part)
                .for_each(|(sum, part)| *sum += part);
            sum
        })
        .unwrap_or_default();
    let places: Vec<(usize, usize)> = positions.iter().map(|&at| place(&counts, at)).collect();
    if shift == 0 {
        return places
            .iter()
            .map(|&(bucket, _)| low + bucket as u64 - 1)
            .collect();
    }
    let mut wanted: Vec<usize> = places.iter().map(|&(bucket, _)| bucket).collect();
    wanted.dedup();
    let mut gathered = gather(keys, &wanted, bucket);
    places
        .iter()
        .map(|&(bucket, within)| {
            let place = wanted
                .iter()
                .position(|&wanted| wanted == bucket)
                .unwrap_or(0);
            *gathered[place].select_nth_unstable(within).1
        })
        .collect()
}

const BUCKET_BITS: u32 = 14;

/// Bucket that holds a sorted position, and the position inside it; bucket 0 does not count.
fn place(counts: &[u32], position: usize) -> (usize, usize) {
    let mut before = 0;
    for (bucket, &count) in counts.iter().enumerate().skip(1) {
        if position < before + count as usize {
            return (bucket, position - before);
        }
        before += count as usize;
    }
    (1, 0)
}

/// The keys that fall into each of the wanted buckets.
fn gather(keys: &[u64], wanted: &[usize], bucket: impl Fn(u64) -> usize + Sync) -> Vec<Vec<u64>> {
    let parts: Vec<Vec<Vec<u64>>> = keys
        .par_chunks(CHUNK)
        .map(|keys| {
            let mut found = vec![Vec::new(); wanted.len()];
            for &key in keys.iter().filter(|&&key| key != NO_KEY) {
                let bucket = bucket(key);
                if let Some(place) = wanted.iter().position(|&wanted| wanted == bucket) {
                    found[place].push(key);
                }
            }
            found
        })
        .collect();
    let mut gathered = vec![Vec::new(); wanted.len()];
    for part in parts {
        gathered
            .iter_mut()
            .zip(part)
            .for_each(|(all, part)| all.extend(part));
    }
    gathered
}

/// How many rows fall into each of `buckets`; rows without one are left out.
pub(crate) fn count(
    rows: usize,
    buckets: usize,
    bucket: impl Fn(usize) -> Option<usize> + Sync,
) -> Vec<u64> {
    (0..rows.div_ceil(CHUNK))
        .into_par_iter()
        .fold(
            || vec![0; buckets],
            |mut counts, chunk| {
                let rows = chunk * CHUNK..rows.min((chunk + 1) * CHUNK);
                rows.filter_map(&bucket)
                    .for_each(|bucket| counts[bucket] += 1);
                counts
            },
        )
        .reduce(
            || vec![0; buckets],
            |mut sum, part| {
                sum.iter_mut()
                    .zip(part)
                    .for_each(|(sum, part)| *sum += part);
                sum
            },
        )
}

/// Linearly interpolated quantile (`share` 0…1) of sorted values; `None` when there are none.
/// The definition of numpy's and polars' default.
#[must_use]
pub fn quantile(sorted: &[f64], share: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let position = share.clamp(0.0, 1.0) * last as f64;
    let below = position.floor() as usize;
    let above = (below + 1).min(last);
    Some(sorted[below] + (sorted[above] - sorted[below]) * (position - below as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settled_sums_do_not_depend_on_order() {
        assert_ne!(0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1);
        assert_eq!(settle(0.1 + 0.2 + 0.3), 0.6);
        assert_eq!(settle(0.3 + 0.2 + 0.1), 0.6);
        assert_eq!(settle(-0.1 - 0.2), -0.3);
        assert_eq!(settle(99.999_999_999_999), 100.0);
        assert_eq!(settle(3e15), 3e15);
        assert!(settle(-1e-9).is_sign_positive());
    }

    #[test]
    fn whole_millionths_are_added_and_taken_away_exactly() {
        let amounts = [0.1, 0.2, -0.3, 99.99, 12_345.67, 1e-6, 2e9, -7.000_001];
        let all: i128 = amounts.iter().map(|&money| millionths(money)).sum();
        assert_eq!(all, 2_000_012_438_660_000);
        assert_eq!(from_millionths(all), 2_000_012_438.66);
        let rest = all - millionths(2e9);
        assert_eq!(
            from_millionths(rest),
            settle(amounts.iter().sum::<f64>() - 2e9)
        );
        assert_eq!(from_millionths(0).to_bits(), 0.0_f64.to_bits());
        assert!(
            amounts
                .iter()
                .all(|&money| from_millionths(millionths(money)) == settle(money))
        );
        // What is too large to be settled is still exact to take away again, and nothing overflows.
        assert_eq!(from_millionths(millionths(3e15) + 1 - 1), 3e15);
        assert_eq!(from_millionths(millionths(f64::INFINITY)), 1e22);
        assert_eq!(millionths(f64::NAN), 0);
    }

    #[test]
    fn keys_order_as_numbers_do() {
        let ascending = [f64::MIN, -2.5, -1e-300, 0.0, 1e-300, 2.5, f64::MAX];
        assert!(
            ascending
                .windows(2)
                .all(|pair| ordered(pair[0]) < ordered(pair[1]))
        );
        assert_eq!(ordered(-0.0), ordered(0.0));
        assert!(ordered_day(i32::MIN) < ordered_day(-1) && ordered_day(-1) < ordered_day(0));
    }

    #[test]
    fn order_statistics_equal_sorting() {
        // A fixed scramble over several chunks, with ties, gaps and rows that do not take part.
        for (rows, modulus) in [(1, 7), (40_000, 97), (40_000, 1 << 40)] {
            let key = |row: u64| match row % 5 {
                3 => NO_KEY,
                _ => (row + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15) % modulus + 11,
            };
            let keys: Vec<u64> = (0..rows).map(key).collect();
            let mut sorted: Vec<u64> = keys.iter().copied().filter(|&key| key != NO_KEY).collect();
            sorted.sort_unstable();
            let positions = [0, sorted.len() / 5, sorted.len() / 2, sorted.len() - 1];
            let expected: Vec<u64> = positions.iter().map(|&at| sorted[at]).collect();
            assert_eq!(order_statistics(&keys, &positions), expected);
        }
        assert!(order_statistics(&[NO_KEY; 10], &[0]).is_empty());
    }

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(quantile(&[4.0], 0.98), Some(4.0));
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 0.5), Some(2.5));
        assert_eq!(quantile(&[1.0, 2.0, 3.0, 4.0], 1.0), Some(4.0));
    }
}
