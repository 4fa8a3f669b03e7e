//! CDNOW master, for tests that prove published figures.

use std::path::PathBuf;

use keepers::{
    base::monitor::Monitor, data::dataset::options::ReadOptions, data::load::load,
    data::orders::Orders,
};

/// The folder of real data, or `None` with a remark.
pub fn data_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("KEEPERS_DATA").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: KEEPERS_DATA is not set");
    }
    folder
}

/// All 69,659 lines of `cdnow/CDNOW_master.txt`.
pub fn master() -> Option<Orders> {
    let path = data_folder()?.join("cdnow/CDNOW_master.txt");
    let dataset = load(&[path], &ReadOptions::default(), &Monitor::silent()).unwrap();
    Some(Orders::clone(&dataset.orders))
}
