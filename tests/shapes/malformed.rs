//! The malformed twin of each shape: parts missing, empty, cut off, or with other columns.

use keepers::data::{
    dataset::{Shape, understanding::WarningCode},
    day::iso,
};

use super::{
    de_ds::{JSON_PRODUCTS, JSON_USERS},
    set::{joined, net, open, refused, rows_of, rule, warned},
    thelook::{ITEMS, ORDERS, PRODUCTS, SET, USERS},
};

/// What is said where nothing has an amount.
const NO_AMOUNT: &str =
    "There are no amounts in these files: who comes back can be told, what it is worth cannot";

#[test]
fn thelook_without_its_items_has_orders_but_no_money() {
    for files in [
        &SET[..3],
        &[("o", ORDERS)],
        &[("o", ORDERS), ("u", JSON_USERS)],
    ] {
        let data = open(files).expect("opens");
        assert_eq!((data.shape, data.orders.lines()), (Shape::OrderLog, 4));
        assert_eq!(data.orders.customers(), 2);
        // The day of an order is its own, not that on which its customer signed up.
        let range = data.orders.day_range();
        let range = range.map(|(first, last)| (iso(first), iso(last)));
        let expected = ("2024-02-01".to_owned(), "2024-03-05".to_owned());
        assert_eq!(range, Some(expected));
        assert_eq!((rows_of(&data, "not_kept"), net(&data.orders)), (2, 0.0));
        assert_eq!(warned(&data, WarningCode::NoAmount), [NO_AMOUNT]);
    }
    // Without orders and items nobody bought anything.
    for files in [
        &[("u", USERS), ("p", PRODUCTS)][..],
        &[("p", JSON_PRODUCTS)],
    ] {
        let error = refused(files);
        assert!(error.contains(": no column for the "), "{error}");
    }
}

#[test]
fn thelook_items_with_other_columns() {
    let items = ITEMS.replace("sale_price", "margin");
    let data = open(&[("orders.csv", ORDERS), ("items.csv", &items)]).expect("opens");
    // A margin is no price: the orders count, and it is said that they have no amount.
    assert_eq!((data.shape, data.orders.lines()), (Shape::OrderLog, 4));
    assert_eq!(net(&data.orders), 0.0);
    assert_eq!(warned(&data, WarningCode::NoAmount), [NO_AMOUNT]);
    assert_eq!(joined(&data, "items.csv", "order_id", "orders.csv"), (4, 4));
}

#[test]
fn empty_parts() {
    let error = refused(&[("items.csv", ITEMS), ("users.csv", "")]);
    assert!(error.starts_with("users.csv: the file is empty"), "{error}");
    let header = |text: &str| text.lines().next().unwrap_or_default().to_owned() + "\n";
    let error = refused(&[("items.csv", &header(ITEMS)), ("orders.csv", ORDERS)]);
    assert!(
        error
            .starts_with("items.csv: no row could be used: there is a header, but no row below it"),
        "{error}"
    );
    let data = open(&[
        ("i", ITEMS),
        ("o", &header(ORDERS)),
        ("p", &header(PRODUCTS)),
        ("u", &header(USERS)),
    ])
    .expect("opens");
    assert_eq!(data.orders.lines(), 5);
    assert_eq!(
        warned(&data, WarningCode::WeakJoin),
        [
            "0 of 4 values of `order_id` in i found in o",
            "0 of 2 values of `product_id` in i found in p",
            "0 of 2 values of `user_id` in i found in u",
        ]
    );
}

#[test]
fn truncated_json() {
    for cut in (1..JSON_PRODUCTS.len()).step_by(5) {
        let products = &JSON_PRODUCTS[..cut];
        let files = [("i", ITEMS), ("p", products)];
        let data = open(&files).expect("opens");
        // Where too little of it is left to be known for products, the file is not used.
        let file = data.files.iter().find(|file| file.name == "p");
        let file = file.expect("products");
        let damaged = rows_of(&data, "damaged_record");
        assert_eq!(damaged, u64::from(file.rows > 0), "{products}");
        let unused = warned(&data, WarningCode::UnusedTable);
        if file.part == "products" {
            assert_eq!(damaged, 1, "{products}");
            assert!(unused.is_empty(), "{products}");
        } else {
            assert_eq!(file.part, "not used");
            let expected = "p was not used: nothing in it belongs to the orders";
            assert_eq!(unused, [expected], "{products}");
        }
        assert_eq!(data.orders.lines(), 5, "{products}");
    }
    let data = open(&[
        ("i", ITEMS),
        ("p", &JSON_PRODUCTS[..JSON_PRODUCTS.len() - 1]),
    ])
    .expect("opens");
    let damaged = rule(&data, "damaged_record").expect("rule");
    assert_eq!(
        damaged.samples[0].found,
        "the text ends before the array does"
    );
}

#[test]
fn every_cut_of_the_users_is_survived() {
    for cut in (0..JSON_USERS.len()).step_by(17) {
        let data = match open(&[("i", ITEMS), ("u", &JSON_USERS[..cut])]) {
            Ok(data) => data,
            Err(error) => {
                assert!(cut == 0, "{error}");
                continue;
            }
        };
        assert_eq!(data.orders.lines(), 5);
    }
}

#[test]
fn damaged_items_are_dropped_and_counted() {
    let items = format!(
        "{ITEMS}6,103,2,10\n7,,,10,11,Complete,2024-03-05,,,,1\n8,999,9,999,11,Complete,never,,,,x\n"
    );
    let data = open(&[("i", &items), ("o", ORDERS), ("p", PRODUCTS), ("u", USERS)]).expect("opens");
    assert_eq!((data.quality.rows_read, data.quality.rows_kept), (8, 5));
    assert_eq!(
        ["broken_row", "missing_customer", "unreadable_date"].map(|name| rows_of(&data, name)),
        [1, 1, 1]
    );
    let sample = &rule(&data, "unreadable_date").expect("rule").samples[0];
    assert_eq!(
        (sample.line, sample.column.as_str(), sample.found.as_str()),
        (9, "created_at", "never")
    );
    assert!(
        data.remarks
            .iter()
            .any(|remark| remark.starts_with("2 items without an order"))
    );
    // Order 999, product 999 and user 9 are in no file.
    assert_eq!(
        [("order_id", "o"), ("product_id", "p"), ("user_id", "u")]
            .map(|(column, to)| joined(&data, "i", column, to)),
        [(4, 5), (2, 3), (2, 3)]
    );
    assert_eq!(
        warned(&data, WarningCode::WeakJoin),
        ["2 of 3 values of `user_id` in i found in u"]
    );
}

#[test]
fn olist_subsets_say_what_is_missing() {
    let all = super::olist::SET;
    for files in [&all[..5], &all[4..5], &all[..1], &[all[5], all[0]]] {
        let error = refused(files);
        assert!(
            error.contains("no column for the customer: expected a column such as customer_id"),
            "{error}"
        );
    }
    // Orders and items alone are no Olist set; the prices of the items are what is known.
    let notes = ("notes.csv", "day,rain\n2024-01-01,3\n");
    let data = open(&[all[7], all[4], notes]).expect("opens");
    assert_eq!((data.shape, data.orders.lines()), (Shape::OrderLog, 3));
    assert_eq!(net(&data.orders), 60.0 + 12.0 + 45.0);
    assert_eq!(
        warned(&data, WarningCode::UnusedTable),
        ["notes.csv was not used: nothing in it belongs to the orders"]
    );
}

#[test]
fn olist_with_broken_parts() {
    let mut files = super::olist::SET.to_vec();
    files[5].1 =
        "order_id,payment_type,payment_value\no1,credit_card,much\no1,voucher,5\no2\no9,boleto,1\n";
    files[0].1 = "review_id,order_id,review_score\nr1,\"o1,2\nr2,o2,4\n";
    let data = open(&files).expect("opens");
    assert_eq!(data.orders.amounts, [5.0, 0.0, 0.0]);
    assert_eq!(rows_of(&data, "order_without_payment"), 2);
    for expected in [
        "payments.csv: left out 1 row with a wrong number of cells, the first one in line 4",
        "reviews.csv: left out 1 row with a wrong number of cells, the first one in line 2",
        "payments of 1 order missing from the orders file were left out",
    ] {
        assert!(
            data.remarks.iter().any(|remark| remark == expected),
            "{expected}: {:?}",
            data.remarks
        );
    }
    let of_payments = joined(&data, "payments.csv", "order_id", "orders.csv");
    assert_eq!(of_payments, (1, 2));
    let weak = "1 of 2 values of `order_id` in payments.csv found in orders.csv";
    assert!(warned(&data, WarningCode::WeakJoin).contains(&weak));
    let error = refused(&[files[6], files[7], ("payments.csv", "")]);
    assert!(
        error.starts_with("payments.csv: the file is empty"),
        "{error}"
    );
}

#[test]
fn order_logs_among_unrelated_files() {
    let log = "customer_id,order_date,amount\na,2024-01-01,1\n";
    let weather = "day,rain\n2024-01-01,3\n2024-01-02,4\n";
    let data = open(&[("weather.csv", weather), ("log.csv", log)]).expect("opens");
    assert_eq!((data.orders.lines(), data.files.len()), (1, 2));
    let part = |name: &str| {
        let mut files = data.files.iter();
        let file = files.find(|file| file.name == name).expect(name);
        file.part.as_str()
    };
    assert_eq!(
        (part("log.csv"), part("weather.csv")),
        ("order lines", "not used")
    );
    assert_eq!(
        warned(&data, WarningCode::UnusedTable),
        ["weather.csv was not used: nothing in it belongs to the orders"]
    );
    assert!(refused(&[("weather.csv", weather), ("more.csv", weather)]).contains("no column for"));
}
