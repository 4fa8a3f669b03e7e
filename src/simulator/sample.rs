//! The built-in sample shop: `sample_data/orders.csv`, made by `keepers generate`.

use crate::{Spec, params};
use data::dataset::Shape;

/// The order log of the sample shop, as CSV.
pub const SAMPLE_ORDERS: &[u8] = include_bytes!("../../sample_data/orders.csv");

/// What the sample shop was generated from.
#[must_use]
pub fn spec() -> Spec {
    Spec::new(4_000, params::SAMPLE_SEED, Shape::OrderLog)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::in_memory;

    #[test]
    fn the_committed_shop_is_the_generators() {
        let (files, truth) = in_memory(&spec()).expect("possible");
        assert!(
            files[0] == SAMPLE_ORDERS,
            "sample_data/orders.csv differs from the generator: run `cargo run -- generate \
             --customers 4000 --seed 42 --shape orders --out sample_data --force`"
        );
        let committed = include_str!("../../sample_data/truth.json");
        assert_eq!(truth.to_json(), committed);
    }
}
