//! The malformed twin of each shape: parts missing, empty, cut off, or with other columns.

use super::{
    de_ds::{JSON_PRODUCTS, JSON_USERS},
    set::{open, refused, rows_of, rule},
    thelook::{ITEMS, ORDERS, PRODUCTS, SET, USERS},
};

#[test]
fn thelook_without_its_items_says_what_is_missing() {
    let expected =
        "a theLook set needs order items: columns order_id, product_id, sale_price; found ";
    let error = refused(&SET[..3]);
    assert!(
        error.starts_with(&format!(
            "{expected}orders (orders.csv), products (products.csv), users (users.csv). Open the order items"
        )),
        "{error}"
    );
    // Any subset without the items, in any order.
    for files in [
        &[("o", ORDERS)][..],
        &[("u", USERS), ("p", PRODUCTS)],
        &[("p", JSON_PRODUCTS)],
        &[("o", ORDERS), ("u", JSON_USERS)],
    ] {
        assert!(refused(files).starts_with(expected));
    }
}

#[test]
fn thelook_items_with_other_columns() {
    let items = ITEMS.replace("sale_price", "margin");
    let error = refused(&[("orders.csv", ORDERS), ("items.csv", &items)]);
    assert!(
        error.contains("items.csv is no part of the theLook set and was not used"),
        "{error}"
    );
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
    assert!(
        data.remarks.contains(
            &"5 items belong to no order of the orders file; they count on their own day"
                .to_owned()
        ),
        "{:?}",
        data.remarks
    );
}

#[test]
fn truncated_json() {
    for cut in (1..JSON_PRODUCTS.len()).step_by(5) {
        let products = &JSON_PRODUCTS[..cut];
        let files = [("i", ITEMS), ("p", products)];
        let data = open(&files).expect("opens");
        // Before its second field the text is not known for products, and the file is not used.
        let used = data.files.iter().any(|file| file.part == "products");
        let damaged = rows_of(&data, "damaged_record");
        assert_eq!(damaged, u64::from(used), "{products}");
        if !used {
            assert!(data.remarks[0].starts_with("p is no part of the theLook set"));
        }
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
            .any(|remark| remark.starts_with("2 items belong to no order"))
    );
}

#[test]
fn olist_subsets_say_what_is_missing() {
    let all = super::olist::SET;
    for files in [&all[..5], &all[4..5], &all[..1], &[all[5], all[0]]] {
        let error = refused(files);
        assert!(
            error.starts_with("an Olist set needs orders: columns order_id, "),
            "{error}"
        );
    }
    let error = refused(&[all[7], all[4], ("notes.csv", "day,rain\n2024-01-01,3\n")]);
    assert_eq!(
        error,
        "an Olist set needs payments: columns order_id, payment_type, payment_value, and customers: columns customer_id, customer_unique_id; found orders (orders.csv), items (items.csv), notes.csv is no part of the Olist set and was not used. Open orders, payments and customers together, or the folder that holds them"
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
    let expected = [
        "payments.csv: 1 rows with a wrong number of cells were left out, the first one in line 4",
        "reviews.csv: 1 rows with a wrong number of cells were left out, the first one in line 2",
        "payments of 1 orders that are not in the orders file were left out",
        "1 payments without a readable value were left out",
    ];
    assert_eq!(data.remarks, expected);
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
    assert_eq!(data.files[1].part, "not used");
    assert_eq!(
        data.remarks,
        ["weather.csv holds no order lines (no column for the customer) and was not used"]
    );
    assert!(refused(&[("weather.csv", weather), ("more.csv", weather)]).contains("no column for"));
}
