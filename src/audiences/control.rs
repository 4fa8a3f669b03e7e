//! The control group: who of a list is not contacted, so that the effect of the contact can be
//! measured. A seeded share, balanced by segment.

use std::collections::BTreeMap;

use simulator::random::{Purpose, Rng};

/// Marks the control group of a list. Entry *i* belongs to `customers[i]` = (id, segment).
///
/// The group has round(share · n) members. Each segment gives share · its size, rounded by largest
/// remainder, so that group and list have the same mix. Within a segment the draw depends on the seed
/// and on the customer's own id alone: the order of the list does not matter.
#[must_use]
pub fn control_group(customers: &[(&str, u8)], share: f64, seed: u64) -> Vec<bool> {
    let mut by_segment: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    for (place, &(_, segment)) in customers.iter().enumerate() {
        by_segment.entry(segment).or_default().push(place);
    }
    let sizes: Vec<usize> = by_segment.values().map(Vec::len).collect();
    let quotas = largest_remainder(&sizes, share);
    let mut control = vec![false; customers.len()];
    for (places, quota) in by_segment.values_mut().zip(quotas) {
        places.sort_by_cached_key(|&place| {
            let id = customers[place].0;
            let draw = Rng::new(seed, Purpose::Control, fingerprint(id)).next_u64();
            (draw, id.to_owned())
        });
        for &place in &places[..quota] {
            control[place] = true;
        }
    }
    control
}

/// How many of each size, in all round(share · total): the whole parts of share · size, and one more
/// for the largest remainders; the earlier of equal ones.
fn largest_remainder(sizes: &[usize], share: f64) -> Vec<usize> {
    let share = share.clamp(0.0, 1.0);
    let total: usize = sizes.iter().sum();
    let wanted = (share * total as f64).round() as usize;
    let exact: Vec<f64> = sizes.iter().map(|&size| share * size as f64).collect();
    let mut quotas: Vec<usize> = exact.iter().map(|e| (e + 1e-9).floor() as usize).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    let rest = |i: usize| exact[i] - quotas[i] as f64;
    order.sort_by(|&a, &b| rest(b).total_cmp(&rest(a)).then(a.cmp(&b)));
    let missing = wanted.saturating_sub(quotas.iter().sum());
    for place in order.into_iter().take(missing) {
        quotas[place] = (quotas[place] + 1).min(sizes[place]);
    }
    quotas
}

/// FNV-1a of an id.
fn fingerprint(id: &str) -> u64 {
    id.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remainders_go_to_the_largest() {
        // 10 % of 14, 25 and 7: 1.4, 2.5 and 0.7; 5 in all.
        assert_eq!(largest_remainder(&[14, 25, 7], 0.1), [1, 3, 1]);
        assert_eq!(largest_remainder(&[14, 25, 7], 0.0), [0, 0, 0]);
        assert_eq!(largest_remainder(&[3, 4], 1.0), [3, 4]);
        assert!(largest_remainder(&[], 0.1).is_empty());
    }

    #[test]
    fn the_group_is_balanced_reproducible_and_blind_to_order() {
        let ids: Vec<String> = (0..460).map(|n| format!("c{n}")).collect();
        let segment = |n: usize| u8::from(n >= 140) + u8::from(n >= 390);
        let list: Vec<(&str, u8)> = (0..460).map(|n| (ids[n].as_str(), segment(n))).collect();
        let control = control_group(&list, 0.1, 7);
        let count = |of: u8| {
            let rows = list.iter().zip(&control);
            rows.filter(|((_, segment), chosen)| *segment == of && **chosen)
                .count()
        };
        assert_eq!([count(0), count(1), count(2)], [14, 25, 7]);
        let turned: Vec<(&str, u8)> = list.iter().rev().copied().collect();
        let mut again = control_group(&turned, 0.1, 7);
        again.reverse();
        assert_eq!(control, again);
        assert_ne!(control, control_group(&list, 0.1, 8));
    }
}
