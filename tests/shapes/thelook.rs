//! theLook's four tables as CSV.

use keepers::{
    data::dataset::understanding::WarningCode,
    data::dataset::{Role, Shape},
    data::day::parse_iso,
    data::orders::{NO_DAY, Step, flag},
};

use super::set::{characteristic, count, net, open, reached, rows_of, warned};

pub const USERS: &str = "id,first_name,last_name,email,age,gender,state,city,country,traffic_source,created_at\n\
    1,Ann,Lee,a@example.org,34,F,Acre,null,Brasil,Search,2024-01-01 10:00:00 UTC\n\
    2,Bob,Ray,b@example.org,51,M,Texas,Austin,United States,Email,2024-01-02 10:00:00.123456 UTC\n\
    3,Cid,Sol,c@example.org,18,M,Texas,Austin,United States,Display,2024-01-03 10:00:00 UTC\n";
pub const PRODUCTS: &str = "id,cost,category,name,brand,retail_price,department,sku,distribution_center_id\n\
    10,1.5,Swim,\"Suit, one piece\",Gott,20.0,Women,A1,1\n\
    11,2.5,Jeans,Blue jeans,Lee,50.0,Men,A2,2\n";
pub const ORDERS: &str = "order_id,user_id,status,gender,created_at,returned_at,shipped_at,delivered_at,num_of_item\n\
    100,1,Complete,F,2024-02-01 23:30:00 UTC,,2024-02-02 08:00:00 UTC,2024-02-05 08:00:00 UTC,2\n\
    101,2,Cancelled,M,2024-02-03 10:00:00.000000 UTC,,,,1\n\
    102,1,Returned,F,2024-03-01 10:00:00 UTC,2024-03-09 10:00:00 UTC,2024-03-02 10:00:00 UTC,2024-03-04 10:00:00 UTC,1\n\
    103,2,Processing,M,2024-03-05 10:00:00 UTC,,,,1\n";
pub const ITEMS: &str = "id,order_id,user_id,product_id,inventory_item_id,status,created_at,shipped_at,delivered_at,returned_at,sale_price\n\
    1,100,1,10,7,Complete,2024-02-02 00:30:00.000000 UTC,2024-02-02 08:00:00 UTC,2024-02-05 08:00:00 UTC,,19.99\n\
    2,100,1,11,8,Complete,2024-02-02 00:31:00 UTC,2024-02-02 08:00:00 UTC,2024-02-05 08:00:00 UTC,,45.5\n\
    3,101,2,11,9,Cancelled,2024-02-03 10:00:00 UTC,,,,45.5\n\
    4,102,1,10,10,Returned,2024-03-01 10:00:00 UTC,2024-03-02 10:00:00 UTC,2024-03-04 10:00:00 UTC,2024-03-09 10:00:00 UTC,20.0\n\
    5,103,2,10,11,Processing,2024-03-05 10:00:00 UTC,null,,,18.25\n";

pub const SET: [(&str, &str); 4] = [
    ("users.csv", USERS),
    ("products.csv", PRODUCTS),
    ("orders.csv", ORDERS),
    ("order_items.csv", ITEMS),
];

fn day(text: &str) -> i32 {
    parse_iso(text).expect("a date")
}

#[test]
fn one_line_per_item_joined_to_everything() {
    let data = open(&SET).expect("opens");
    let orders = &data.orders;
    assert_eq!(data.shape, Shape::Thelook);
    assert_eq!(orders.customer_ids.iter().collect::<Vec<_>>(), ["1", "2"]);
    // Customer 1: two kept items of order 100 and a returned one; customer 2: cancelled, then kept.
    assert_eq!(orders.offsets, [0, 3, 5]);
    assert_eq!(orders.amounts, [19.99, 45.5, 20.0, 45.5, 18.25]);
    assert!((net(orders) - (19.99 + 45.5 + 18.25)).abs() < 1e-9);
    assert_eq!(
        [flag::ORDER_START, flag::NOT_KEPT].map(|bit| count(orders, bit)),
        [2, 2]
    );
    // Items 1 and 2 were created after midnight; the order was not.
    assert_eq!(orders.days[..2], [day("2024-02-01"); 2]);
    assert_eq!(orders.order_ids.get(orders.orders[0] as usize), "100");
    assert_eq!(orders.units, [1; 5]);
    let value = |name: &str, line| orders.attribute(name).expect("attribute").value(line);
    assert_eq!(
        (value("category", 0), value("category", 1)),
        ("Swim", "Jeans")
    );
    assert_eq!(value("product_name", 0), "Suit, one piece");
    assert_eq!((value("brand", 3), value("department", 3)), ("Lee", "Men"));
    assert_eq!(value("status", 4), "Processing");
    assert_eq!(rows_of(&data, "not_kept"), 2);
}

#[test]
fn milestones_traits_and_the_users_table() {
    let data = open(&SET).expect("opens");
    let orders = &data.orders;
    let steps = [Step::Shipped, Step::Delivered, Step::Returned];
    assert_eq!(steps.map(|step| reached(orders, step)), [3, 3, 1]);
    let returned = orders
        .milestones
        .iter()
        .find(|known| known.step == Step::Returned);
    assert_eq!(
        returned.expect("returns").days,
        [NO_DAY, NO_DAY, day("2024-03-09"), NO_DAY, NO_DAY]
    );
    let of = |name: &str| {
        let known = characteristic(orders, name);
        [0, 1].map(|customer| known.value(customer))
    };
    assert_eq!(of("age"), ["34", "51"]);
    assert_eq!(of("city"), ["", "Austin"]);
    assert_eq!(of("traffic_source"), ["Search", "Email"]);
    // The third user never ordered: no customer, but in the table.
    assert_eq!((orders.customers(), data.tables[0].rows), (2, 3));
}

#[test]
fn neither_names_nor_order_of_files_and_rows_matter() {
    let expected = open(&SET).expect("opens").orders;
    let mut files: Vec<(&str, String)> = SET
        .iter()
        .zip(["d.txt", "a.csv", "export (3).csv", "B"])
        .map(|((_, text), name)| (name, (*text).to_owned()))
        .collect();
    for _ in 0..files.len() {
        files.rotate_left(1);
        let given: Vec<(&str, &str)> = files
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        assert_eq!(open(&given).expect("opens").orders, expected);
    }
    for (_, text) in &mut files {
        let mut lines: Vec<&str> = text.lines().collect();
        lines[1..].reverse();
        *text = lines.join("\n");
    }
    let given: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    assert_eq!(open(&given).expect("opens").orders, expected);
}

#[test]
fn a_quantity_multiplies_the_price() {
    let items = "order_id,user_id,product_id,status,created_at,shipped_at,sale_price,quantity\n\
        100,1,10,Complete,2024-02-02,,1.25,4\n100,1,11,Complete,2024-02-02,,2,1\n";
    let data = open(&[("items.csv", items), ("orders.csv", ORDERS)]).expect("opens");
    assert_eq!(data.orders.amounts, [2.0, 5.0]);
    assert_eq!(data.orders.units, [1, 4]);
}

#[test]
fn unrelated_files_are_named_and_missing_tables_missed_by_nobody() {
    let data = open(&[
        ("items.csv", ITEMS),
        ("weather.csv", "day,rain\n2024-01-01,3\n"),
    ])
    .expect("opens");
    assert_eq!(data.orders.lines(), 5);
    assert_eq!(
        warned(&data, WarningCode::UnusedTable),
        ["weather.csv was not used: nothing in it belongs to the orders"]
    );
    let weather = data.files.iter().find(|file| file.name == "weather.csv");
    assert_eq!(weather.expect("weather").part, "not used");
    // The day of an order is that of its items; nothing is known of articles and people.
    assert_eq!(data.orders.days[0], day("2024-02-02"));
    assert!(data.orders.attribute("category").is_none());
    assert!(data.tables.is_empty() && data.orders.traits.is_empty());
}

#[test]
fn names_and_addresses_of_users_stand_beside_the_orders() {
    let data = open(&SET).expect("opens");
    let labels: Vec<(&str, Vec<&str>)> = data
        .orders
        .labels
        .iter()
        .map(|label| (label.name.as_str(), label.texts.iter().collect()))
        .collect();
    // User 3 has no order.
    let expected = [
        ("first_name", vec!["Ann", "Bob"]),
        ("last_name", vec!["Lee", "Ray"]),
        ("email", vec!["a@example.org", "b@example.org"]),
    ];
    assert_eq!(labels, expected);
    let users = data.files.iter().find(|file| file.name == "users.csv");
    let column = |name: &str| {
        let mut columns = users.expect("users").columns.iter();
        columns
            .find(|column| column.name == name)
            .expect("a column")
    };
    let read = |name: &str| (column(name).role, column(name).reason.as_str());
    let known = "known from theLook e-commerce";
    assert_eq!(read("email"), (Role::Contact, known));
    assert_eq!(read("id"), (Role::Customer, known));
    assert_eq!(read("created_at"), (Role::Ignored, known));
}
