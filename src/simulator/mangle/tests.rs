//! What must hold of every mangled shop.

use std::collections::BTreeSet;

use super::*;

#[test]
fn the_seed_decides_every_byte() {
    for seed in 0..40 {
        let (a, b) = (mangle(seed), mangle(seed));
        let bytes = |shop: &Mangled| -> Vec<(String, Vec<u8>)> {
            shop.files
                .iter()
                .map(|file| (file.name.clone(), file.bytes.clone()))
                .collect()
        };
        // A workbook says when it was made.
        if !a.damages.contains(&Damage::Workbook) {
            assert_eq!(bytes(&a), bytes(&b), "{seed}");
        }
        assert_eq!(a.truth, b.truth);
    }
}

#[test]
fn every_damage_is_done_and_every_shop_has_sales() {
    let mut seen = BTreeSet::new();
    for seed in 0..1_000 {
        let shop = mangle(seed);
        assert!(
            shop.truth.customers > 0 && shop.truth.orders >= shop.truth.customers,
            "{seed}"
        );
        assert!(
            shop.truth.net_cents > 0 && shop.truth.first <= shop.truth.last,
            "{seed}"
        );
        assert!(
            !shop.files.is_empty() && shop.files.iter().all(|file| !file.bytes.is_empty()),
            "{seed}"
        );
        let names: BTreeSet<&str> = shop.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names.len(), shop.files.len(), "{seed}");
        seen.extend(shop.damages);
    }
    assert!(seen.len() >= 58, "{}: {seen:?}", seen.len());
}
