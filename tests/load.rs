//! Figures of public data sets, and of small hand-made files, through the whole loading path.
//! The public files are found through `KEEPERS_DATA`; without it those tests say so and pass.

use std::path::PathBuf;

use keepers::data::{
    dataset::{Dataset, Shape},
    day::iso,
    load::{load, load_bytes},
    monitor::Monitor,
    options::ReadOptions,
    orders::{Orders, flag},
    quality::Effect,
};

fn public(path: &str) -> Option<Dataset> {
    let Some(root) = std::env::var_os("KEEPERS_DATA") else {
        println!("skipped: KEEPERS_DATA is not set");
        return None;
    };
    let path = PathBuf::from(root).join(path);
    Some(load(&[path], &ReadOptions::default(), &Monitor::silent()).expect("public data loads"))
}

fn bytes(text: &'static str) -> Dataset {
    with(text, &ReadOptions::default())
}

fn with(text: &'static str, options: &ReadOptions) -> Dataset {
    load_bytes("shop.csv", text.as_bytes(), options, &Monitor::silent()).expect("loads")
}

fn rule(data: &Dataset, name: &str) -> Option<(u64, f64)> {
    data.quality
        .rules
        .iter()
        .find(|rule| rule.rule == name)
        .map(|rule| (rule.rows, rule.amount))
}

fn count(orders: &Orders, bit: u8) -> usize {
    orders
        .flags
        .iter()
        .filter(|&&flags| flags & bit != 0)
        .count()
}

fn net(orders: &Orders) -> f64 {
    (0..orders.lines()).map(|line| orders.net(line)).sum()
}

#[test]
fn cdnow_master() {
    let Some(data) = public("cdnow/CDNOW_master.txt") else {
        return;
    };
    assert_eq!(data.shape, Shape::Cdnow);
    assert_eq!(data.name, "CDNOW_master");
    assert_eq!(data.orders.lines(), 69_659);
    assert_eq!(data.orders.customers(), 23_570);
    assert!((net(&data.orders) - 2_500_315.63).abs() < 1e-6);
    assert_eq!(count(&data.orders, flag::ORDER_START), 67_591);
    assert_eq!(count(&data.orders, flag::DAY_START), 67_591);
    assert_eq!(count(&data.orders, flag::DUPLICATE), 255);
    assert_eq!(rule(&data, "zero_amount"), Some((80, 0.0)));
    assert_eq!(
        rule(&data, "duplicate_line").map(|(rows, _)| rows),
        Some(255)
    );
    let (first, last) = data.orders.day_range().expect("days");
    assert_eq!(
        (iso(first), iso(last)),
        ("1997-01-01".into(), "1998-06-30".into())
    );
    assert_eq!(data.orders.customer_ids.get(0), "00001");
    assert!(data.orders.order_ids.is_empty());
    assert_eq!(
        (data.quality.rows_read, data.quality.rows_kept),
        (69_659, 69_659)
    );
    assert!(data.quality.reconciles());
    let file = &data.files[0];
    assert_eq!(
        (
            file.delimiter.as_str(),
            file.has_header,
            file.encoding.as_str()
        ),
        ("runs of spaces", false, "UTF-8")
    );
    assert_eq!(file.preview.len(), 20);
    assert_eq!(file.preview[0], ["00001", "19970101", "1", "11.77"]);
}

#[test]
fn cdnow_sample() {
    let Some(data) = public("cdnow/CDNOW_sample.txt") else {
        return;
    };
    assert_eq!(data.shape, Shape::Cdnow);
    assert_eq!(
        (data.orders.lines(), data.orders.customers()),
        (6_919, 2_357)
    );
    assert_eq!(data.orders.customer_ids.get(0), "00004");
}

#[test]
fn online_retail_conventions() {
    let data = bytes(
        "InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\r\n\
         536365,85123A,6,12/1/2010 8:26,2.55,17850.0,United Kingdom\r\n\
         536365,71053,6,12/1/2010 8:26,3.39,17850.0,United Kingdom\r\n\
         C536379,D,-1,12/1/2010 9:41,27.50,14527.0,United Kingdom\r\n\
         536367,84406B,2,12/13/2010 8:34,2.10,13047.0,Norway\r\n\
         536368,22960,3,12/14/2010 8:34,4.25,,United Kingdom\r\n",
    );
    let orders = &data.orders;
    let ids: Vec<_> = orders.customer_ids.iter().collect();
    assert_eq!(ids, ["13047", "14527", "17850"]);
    assert_eq!(orders.lines(), 4);
    let amount = |line: usize| (orders.amounts[line] * 100.0).round() / 100.0;
    assert_eq!(
        (amount(0), amount(1), amount(2), amount(3)),
        (4.2, -27.5, 15.3, 20.34)
    );
    assert_eq!(iso(orders.days[0]), "2010-12-13");
    assert_eq!(orders.flags[1], flag::CREDIT);
    assert_eq!(count(orders, flag::ORDER_START), 2);
    assert_eq!(orders.orders[2], orders.orders[3]);
    assert_eq!(orders.order_ids.get(orders.orders[2] as usize), "536365");
    assert_eq!(rule(&data, "missing_customer"), Some((1, 12.75)));
    assert_eq!(rule(&data, "credit_line"), Some((1, -27.5)));
    let missing = &data.quality.rules[0];
    assert_eq!(
        (missing.effect, missing.samples[0].line),
        (Effect::Dropped, 6)
    );
    assert_eq!(missing.samples[0].column, "CustomerID");
    assert_eq!(
        orders.attribute("country").map(|country| country.value(0)),
        Some("Norway")
    );
    assert!(data.quality.reconciles());
}
