//! Sums over many items in parallel whose result does not depend on the number of threads.

use std::ops::Range;

use rayon::prelude::*;

use base::monitor::{Cancelled, Monitor};

/// Σ of `term(range)` over fixed chunks of `0..len`, added up in chunk order.
///
/// Floating-point addition is not associative, so chunks of a fixed length — not one per thread —
/// are what makes the same inputs give the same bytes on every machine.
///
/// # Errors
/// [`Cancelled`]: every chunk asks, because one sum over a million customers can take seconds.
pub(super) fn sum_chunks<const M: usize>(
    (len, chunk): (usize, usize),
    monitor: &Monitor,
    term: impl Fn(Range<usize>) -> [f64; M] + Sync,
) -> Result<[f64; M], Cancelled> {
    if len <= chunk {
        // Waking threads would cost more than the work.
        return Ok(term(0..len));
    }
    let parts: Vec<[f64; M]> = (0..len.div_ceil(chunk))
        .into_par_iter()
        .map(|index| {
            monitor.check()?;
            Ok(term(index * chunk..((index + 1) * chunk).min(len)))
        })
        .collect::<Result<_, Cancelled>>()?;
    let mut total = [0.0; M];
    for part in parts {
        for (sum, value) in total.iter_mut().zip(part) {
            *sum += value;
        }
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_is_counted_once_and_threads_do_not_matter() {
        let term = |range: Range<usize>| {
            let sum: f64 = range.clone().map(|i| 1.0 / (1.0 + i as f64)).sum();
            [range.len() as f64, sum]
        };
        let run = |threads| {
            rayon::ThreadPoolBuilder::new()
                .num_threads(threads)
                .build()
                .unwrap()
                .install(|| sum_chunks((10_007, 64), &Monitor::silent(), term))
                .unwrap()
        };
        assert_eq!(run(1)[0], 10_007.0);
        assert_eq!(run(1)[1].to_bits(), run(3)[1].to_bits());
        let none = sum_chunks((0, 64), &Monitor::silent(), term);
        assert_eq!(none.unwrap()[0], 0.0);
    }

    #[test]
    fn a_cancelled_sum_ends() {
        let cancel = base::monitor::Cancel::default();
        cancel.cancel();
        let monitor = Monitor::new(cancel, |_| {});
        let sum = sum_chunks((1_000, 64), &monitor, |range| [range.len() as f64]);
        assert_eq!(sum, Err(Cancelled));
    }
}
