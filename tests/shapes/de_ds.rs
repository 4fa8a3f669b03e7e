//! The same tables with users and products as JSON-ish text.

use keepers::data::dataset::Shape;

use super::{
    set::{characteristic, open, rule},
    thelook::{ITEMS, ORDERS, PRODUCTS, SET, USERS},
};

pub const JSON_USERS: &str = concat!(
    "user_data\n",
    r#""{""id"":1,"""":""/first_name/Ann"","""":""/last_name/Lee"","""":""/email/a@example.org"","""":""/age/34"","""":""/gender/F"","""":""/state/Acre"","""":""/city/null"","""":""/country/Brasil"","""":""/traffic_source/Search"","""":""/created_at/2024-01-01 10:00:00 UTC""}""#,
    "\n",
    r#""{""id"":2,"""":""/first_name/Bob"","""":""/last_name/Ray"","""":""/email/b@example.org"","""":""/age/51"","""":""/gender/M"","""":""/state/Texas"","""":""/city/Austin"","""":""/country/United States"","""":""/traffic_source/Email"","""":""/created_at/2024-01-02 10:00:00.123456 UTC""}""#,
    "\n",
    r#""{""id"":3,"""":""/first_name/Cid"","""":""/last_name/Sol"","""":""/email/c@example.org"","""":""/age/18"","""":""/gender/M"","""":""/state/Texas"","""":""/city/Austin"","""":""/country/United States"","""":""/traffic_source/Display"","""":""/created_at/2024-01-03 10:00:00 UTC""}""#,
    "\n",
);
pub const JSON_PRODUCTS: &str = r#"[{"id": 10, "cost": 1.5, "category": "Swim", "name": "Suit, one piece", "brand": "Gott", "retail_price": 20.0, "department": "Women", "sku": "A1", "distribution_center_id": 1}, {"id": 11, "cost": 2.5, "category": "Jeans", "name": "Blue jeans", "brand": "Lee", "retail_price": 50.0, "department": "Men", "sku": "A2", "distribution_center_id": 2}]"#;

fn with(users: &str, products: &str) -> keepers::data::dataset::Dataset {
    let files = [("u", users), ("p", products), ("o", ORDERS), ("i", ITEMS)];
    open(&files).expect("opens")
}

#[test]
fn both_spellings_give_the_same_shop() {
    let csv = open(&SET).expect("opens");
    let json = with(JSON_USERS, JSON_PRODUCTS);
    assert_eq!((csv.shape, json.shape), (Shape::Thelook, Shape::DeDs));
    assert_eq!(csv.orders, json.orders);
    assert_eq!(csv.tables, json.tables);
}

#[test]
fn users_without_csv_quotes_or_header() {
    let plain: String = JSON_USERS
        .lines()
        .skip(1)
        .map(|line| line.trim_matches('"').replace("\"\"", "\"") + "\n")
        .collect();
    let expected = with(JSON_USERS, PRODUCTS);
    assert_eq!(with(&plain, PRODUCTS).orders, expected.orders);
    let headed = format!("user_data\r\n{}", plain.replace('\n', "\r\n"));
    assert_eq!(with(&headed, PRODUCTS).tables, expected.tables);
}

#[test]
fn products_as_array_in_a_cell_and_as_lines() {
    let expected = with(USERS, PRODUCTS);
    let in_a_cell = format!("product_data\n\"{}\"\n", JSON_PRODUCTS.replace('"', "\"\""));
    let on_lines = JSON_PRODUCTS
        .trim_matches(['[', ']'])
        .replace("}, {", "}\n{");
    let spread = JSON_PRODUCTS.replace(", ", ",\n  ");
    for (products, layout) in [
        (JSON_PRODUCTS, "a JSON array"),
        (&in_a_cell, "a JSON array in one cell"),
        (&on_lines, "one JSON record per line"),
        (&spread, "a JSON array"),
    ] {
        let data = with(USERS, products);
        assert_eq!(data.shape, Shape::DeDs);
        let file = data
            .files
            .iter()
            .find(|file| file.part == "products")
            .expect("products");
        assert_eq!((file.rows, file.delimiter.as_str()), (2, layout));
        assert_eq!(rule(&data, "damaged_record"), None, "{products}");
        // A name that spans lines is another name; everything else is the same.
        if layout != "a JSON array" {
            assert_eq!(data.orders, expected.orders, "{layout}");
        }
    }
}

#[test]
fn damaged_users_keep_what_can_be_read() {
    let mut lines: Vec<String> = JSON_USERS.lines().map(str::to_owned).collect();
    // Cut off in the middle of the city; a lost quote; text behind the brace.
    let cut = lines[1].find("/city").expect("city") + 3;
    lines[1].truncate(cut);
    lines[2] = lines[2].replace("/age/51\"\"", "/age/51");
    lines[3].push_str(";;x");
    let data = with(&lines.join("\n"), PRODUCTS);
    let damaged = rule(&data, "damaged_record").expect("rule");
    let found: Vec<(u64, &str)> = damaged
        .samples
        .iter()
        .map(|sample| (sample.line, sample.found.as_str()))
        .collect();
    assert_eq!(damaged.rows, 3);
    assert_eq!(found[0], (2, "\"\":\"/ci"));
    assert_eq!(found[1].0, 3);
    assert!(
        found[1].1.starts_with("\"\":\"/age/51,\"\":\"/gender/M\""),
        "{}",
        found[1].1
    );
    assert_eq!(found[2].0, 4);
    assert!(found[2].1.ends_with(";;x"), "{}", found[2].1);
    let of = |name: &str| {
        let known = characteristic(&data.orders, name);
        [0, 1].map(|customer| known.value(customer))
    };
    assert_eq!(of("age"), ["34", ""]);
    assert_eq!(of("state"), ["Acre", "Texas"]);
    assert_eq!(of("city"), ["", "Austin"]);
    assert_eq!(of("country"), ["", "United States"]);
    assert_eq!(data.tables[0].rows, 3);
}
