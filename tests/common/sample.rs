//! The committed sample shop, `sample_data/orders.csv`.

use std::path::PathBuf;

use keepers::{
    base::monitor::Monitor, data::dataset::options::ReadOptions, data::load::load,
    data::orders::Orders,
};

/// The shop as the window would open it.
pub fn sample() -> Orders {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("sample_data/orders.csv");
    let dataset = load(&[path], &ReadOptions::default(), &Monitor::silent()).unwrap();
    Orders::clone(&dataset.orders)
}
