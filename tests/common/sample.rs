//! The committed sample shop, `sample_data/orders.csv`.

use keepers::data::{
    day::parse_iso,
    lines::{Kind, Line, assemble},
    orders::Orders,
};

/// All lines, with the attributes country and channel.
pub fn sample() -> Orders {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/sample_data/orders.csv");
    let text = std::fs::read_to_string(path).unwrap();
    let mut rows = text.lines();
    assert_eq!(
        rows.next(),
        Some("order_id,order_date,customer_id,country,channel,category,quantity,amount,status")
    );
    let lines: Vec<Line> = rows
        .map(|row| {
            let fields: Vec<&str> = row.split(',').collect();
            assert_eq!(fields.len(), 9, "{row}");
            Line {
                customer: fields[2].to_owned(),
                day: parse_iso(fields[1]).unwrap(),
                order: fields[0].to_owned(),
                amount: fields[7].parse().unwrap(),
                kind: if fields[8] == "completed" {
                    Kind::Sale
                } else {
                    Kind::NotKept
                },
                attributes: vec![fields[3].to_owned(), fields[4].to_owned()],
            }
        })
        .collect();
    assemble(&lines, &["country", "channel"])
}
