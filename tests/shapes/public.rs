//! Public exports, found through `KEEPERS_DATA`. Every figure was computed independently, with a
//! join and group-by of the same files in Python polars.

use std::{collections::HashMap, path::PathBuf};

use keepers::{
    base::monitor::Monitor,
    data::dataset::options::ReadOptions,
    data::dataset::tables::Values,
    data::dataset::{Dataset, Shape},
    data::day::iso,
    data::load::load,
    data::orders::{Orders, Step, flag},
};

use super::set::{
    characteristic, count, days, distinct, joined, kept_customers, net, numbers, reached, rows_of,
    rule,
};

fn public(folder: &str) -> Option<Dataset> {
    let Some(root) = std::env::var_os("KEEPERS_DATA") else {
        println!("skipped: KEEPERS_DATA is not set");
        return None;
    };
    let path = PathBuf::from(root).join(folder);
    let data = load(&[path], &ReadOptions::default(), &Monitor::silent()).expect("opens");
    assert!(data.quality.reconciles());
    Some(data)
}

/// Kept lines with this value, and their revenue.
fn kept(orders: &Orders, attribute: &str, value: &str) -> (usize, f64) {
    let attribute = orders.attribute(attribute).expect("attribute");
    let lines = (0..orders.lines())
        .filter(|&line| attribute.value(line) == value && orders.flags[line] & flag::NOT_KEPT == 0);
    lines.fold((0, 0.0), |(count, sum), line| {
        (count + 1, sum + orders.net(line))
    })
}

fn days_of_sales(orders: &Orders) -> (String, String) {
    let (first, last) = orders.day_range().expect("sales");
    (iso(first), iso(last))
}

fn customers_with(orders: &Orders, name: &str, value: &str) -> usize {
    let known = characteristic(orders, name);
    let customers = 0..orders.customers();
    customers
        .filter(|&customer| known.value(customer) == value)
        .count()
}

#[test]
fn thelook() {
    let Some(data) = public("thelook") else {
        return;
    };
    let orders = &data.orders;
    assert_eq!((data.shape, data.files.len()), (Shape::Thelook, 4));
    assert_eq!((orders.lines(), orders.customers()), (1_000, 267));
    assert_eq!(count(orders, flag::ORDER_START), 244);
    assert_eq!(kept_customers(orders), 202);
    assert!((net(orders) - 33_218.560_004_949_57).abs() < 1e-6);
    let not_kept = rule(&data, "not_kept").expect("rule");
    assert_eq!(not_kept.rows, 335);
    assert!((not_kept.amount - 24_206.869_992_256_165).abs() < 1e-6);
    assert_eq!(rows_of(&data, "duplicate_line"), 493);
    let (first, last) = days_of_sales(orders);
    assert_eq!(
        (first.as_str(), last.as_str()),
        ("2024-06-17", "2025-11-22")
    );
    let (lines, revenue) = kept(orders, "category", "Jeans");
    assert_eq!(lines, 34);
    assert!((revenue - 3_608.790_009).abs() < 1e-5);
    assert_eq!(orders.units, vec![1; 1_000]);
    assert_eq!(
        [Step::Shipped, Step::Delivered, Step::Returned].map(|step| reached(orders, step)),
        [458, 458, 79]
    );
    assert_eq!(customers_with(orders, "country", "Brasil"), 68);
    assert_eq!(customers_with(orders, "country", "China"), 55);
    let users = &data.tables[0];
    assert_eq!(
        (users.name.as_str(), users.rows, users.columns.len()),
        ("users", 1_000, 16)
    );
    assert_eq!(numbers(users, "age").iter().sum::<f64>(), 41_732.0);
    // The 42 literal `null`s are missing cities, not a city.
    assert_eq!(distinct(users, "city"), 292);
    let city = &users.column("city").expect("city").values;
    assert_eq!((0..1_000).filter(|&row| city.is_missing(row)).count(), 42);
    let created = days(users, "created_at").iter();
    assert_eq!(
        created.clone().min().map(|day| iso(*day)),
        Some("2024-05-01".to_owned())
    );
    assert_eq!(
        created.max().map(|day| iso(*day)),
        Some("2025-05-30".to_owned())
    );
    assert!(
        data.remarks
            .iter()
            .any(|remark| remark.starts_with("140 orders without items"))
    );
    let of_orders = joined(&data, "order_items.csv", "order_id", "orders.csv");
    assert_eq!(of_orders, (355, 355));
}

#[test]
fn de_ds() {
    let Some(data) = public("thelook_de_ds") else {
        return;
    };
    let orders = &data.orders;
    assert_eq!((data.shape, data.files.len()), (Shape::DeDs, 4));
    assert_eq!((orders.lines(), orders.customers()), (17_678, 9_000));
    assert_eq!(count(orders, flag::ORDER_START), 9_155);
    assert_eq!(kept_customers(orders), 7_252);
    assert!((net(orders) - 786_049.660_784_244_5).abs() < 1e-5);
    let not_kept = rule(&data, "not_kept").expect("rule");
    assert_eq!(not_kept.rows, 4_388);
    assert!((not_kept.amount - 257_123.890_363_216_4).abs() < 1e-5);
    let (first, last) = days_of_sales(orders);
    assert_eq!(
        (first.as_str(), last.as_str()),
        ("2019-02-10", "2025-01-25")
    );
    let (lines, revenue) = kept(orders, "category", "Outerwear & Coats");
    assert_eq!(lines, 646);
    assert!((revenue - 97_702.890_001).abs() < 1e-5);
    let brands = orders.attribute("brand").expect("brand").values.iter();
    assert_eq!(brands.filter(|brand| !brand.is_empty()).count(), 2_040);
    assert_eq!(
        [Step::Shipped, Step::Delivered, Step::Returned].map(|step| reached(orders, step)),
        [11_389, 6_204, 1_743]
    );
    assert_eq!(customers_with(orders, "country", "Brasil"), 2_587);
    assert_eq!(customers_with(orders, "country", "United States"), 1_924);
}

#[test]
fn de_ds_keeps_every_field_of_every_user() {
    let Some(data) = public("thelook_de_ds") else {
        return;
    };
    let users = &data.tables[0];
    let names: Vec<&str> = users
        .columns
        .iter()
        .map(|column| column.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "id",
            "firstname",
            "lastname",
            "emailaddress",
            "age",
            "gender",
            "state",
            "city",
            "country",
            "traffic_source",
            "created_at"
        ]
    );
    assert_eq!(users.rows, 9_000);
    for column in &users.columns {
        let missing = (0..9_000)
            .filter(|&row| column.values.is_missing(row))
            .count();
        // 388 users have the city `nan`.
        let expected = if column.name == "city" { 388 } else { 0 };
        assert_eq!(missing, expected, "{}", column.name);
    }
    assert_eq!(numbers(users, "age").iter().sum::<f64>(), 376_280.0);
    assert_eq!(
        ["gender", "state", "city", "country"].map(|name| distinct(users, name)),
        [2, 17, 292, 8]
    );
}

#[test]
fn de_ds_customers_have_the_addresses_of_their_users() {
    let Some(data) = public("thelook_de_ds") else {
        return;
    };
    let users = &data.tables[0];
    let texts = |name: &str| match &users.column(name).expect("a column").values {
        Values::Texts { codes, pool } => (0..users.rows)
            .map(|row| pool.get(codes.get(row) as usize).to_owned())
            .collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let address: HashMap<String, String> =
        texts("id").into_iter().zip(texts("emailaddress")).collect();
    assert_eq!(address["1"], "tanyacosta@example.org");
    let mail = data.orders.mail().expect("addresses");
    assert_eq!(mail.name, "email");
    assert_eq!(mail.texts.len(), data.orders.customers());
    for (id, text) in data.orders.customer_ids.iter().zip(mail.texts.iter()) {
        assert_eq!(address[id], text, "{id}");
    }
}

#[test]
fn de_ds_files_say_how_they_were_read() {
    let Some(data) = public("thelook_de_ds") else {
        return;
    };
    let users = &data.tables[0];
    let created = days(users, "created_at").iter();
    assert_eq!(
        created.clone().min().map(|day| iso(*day)),
        Some("2019-02-10".to_owned())
    );
    assert_eq!(
        created.max().map(|day| iso(*day)),
        Some("2025-01-25".to_owned())
    );
    let products = data
        .files
        .iter()
        .find(|file| file.part == "products")
        .expect("products");
    assert_eq!(
        (products.rows, products.delimiter.as_str()),
        (13_247, "a JSON array")
    );
    let users = data
        .files
        .iter()
        .find(|file| file.part == "customers")
        .expect("users");
    assert_eq!(users.delimiter, "one column of JSON records");
    assert_eq!(users.preview[0][1], "Tanya");
    assert_eq!(rows_of(&data, "damaged_record"), 0);
    assert_eq!(data.remarks, Vec::<String>::new());
}

#[test]
fn olist_units_milestones_and_instalments() {
    let Some(data) = public("olist") else {
        return;
    };
    let orders = &data.orders;
    assert_eq!(orders.units.iter().sum::<u32>(), 11_253);
    assert_eq!(orders.units.iter().filter(|&&units| units == 0).count(), 77);
    assert_eq!(
        [Step::Shipped, Step::Delivered, Step::Returned].map(|step| reached(orders, step)),
        [9_835, 9_722, 0]
    );
    let instalments = orders.attribute("payment_installments").expect("attribute");
    assert_eq!(instalments.values.len(), 19);
    let paid_at_once = (0..orders.lines()).filter(|&line| instalments.value(line) == "1");
    assert_eq!(paid_at_once.count(), 4_853);
    // Kept orders by the instalments of their largest payment, worked out with pandas.
    let kept = |wanted: &str| {
        let lines = (0..orders.lines()).filter(|&line| orders.flags[line] & flag::NOT_KEPT == 0);
        lines
            .filter(|&line| instalments.value(line) == wanted)
            .count()
    };
    assert_eq!(
        ["1", "2", "3", "4", "10"].map(kept),
        [4_711, 1_204, 1_032, 704, 526]
    );
}
