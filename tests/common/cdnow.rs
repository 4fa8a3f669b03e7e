//! CDNOW master, for tests that prove published figures.

use std::path::PathBuf;

use keepers::data::{
    day::from_civil,
    lines::{Line, assemble},
    orders::Orders,
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
    let text = std::fs::read_to_string(path).unwrap();
    let lines: Vec<Line> = text
        .lines()
        .map(|line| {
            let fields: Vec<&str> = line.split_whitespace().collect();
            let date: u32 = fields[1].parse().unwrap();
            let day = from_civil((date / 10_000) as i32, date / 100 % 100, date % 100);
            Line {
                customer: fields[0].to_owned(),
                day: day.unwrap(),
                amount: fields[3].parse().unwrap(),
                ..Line::default()
            }
        })
        .collect();
    Some(assemble(&lines, &[]))
}
