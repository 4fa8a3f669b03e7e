//! The Olist marketplace, complete: items, products, sellers, reviews and translation.

use keepers::{
    data::dataset::{Dataset, Shape},
    data::day::parse_iso,
    data::orders::{NO_DAY, Step, flag},
};

use super::set::{count, net, open, rows_of};

pub const ORDERS: &str = "order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date\n\
    o1,c1,delivered,2018-01-01 10:00:00,,2018-01-02 10:00:00,2018-01-05 10:00:00,2018-01-20 00:00:00\n\
    o2,c2,shipped,2018-02-01 10:00:00,,2018-02-02 10:00:00,,2018-02-20 00:00:00\n\
    o3,c3,delivered,2018-03-01 10:00:00,,,2018-03-04 10:00:00,2018-03-20 00:00:00\n";
pub const CUSTOMERS: &str = "\"customer_id\",\"customer_unique_id\",\"customer_zip_code_prefix\",\"customer_city\",\"customer_state\"\n\
    c1,p1,\"01001\",sao paulo,SP\nc2,p2,\"20001\",rio,RJ\nc3,p1,\"01001\",sao paulo,SP\n";
pub const PAYMENTS: &str = "order_id,payment_sequential,payment_type,payment_installments,payment_value\n\
    o1,1,credit_card,8,70.10\no1,2,voucher,1,9.90\no2,1,boleto,1,50.00\no3,1,credit_card,3,20.00\n";
pub const ITEMS: &str = "order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value\n\
    o1,1,x,s1,2018-01-05 00:00:00,60.00,5.00\no1,2,y,s2,2018-01-05 00:00:00,12.00,3.00\no2,1,y,s2,2018-02-05 00:00:00,45.00,5.00\n";
pub const PRODUCTS: &str =
    "product_id,product_category_name,product_name_lenght\nx,beleza_saude,5\ny,brinquedos,6\n";
pub const SELLERS: &str = "seller_id,seller_zip_code_prefix,seller_city,seller_state\ns1,\"01001\",x,MG\ns2,\"01001\",y,PR\n";
pub const TRANSLATION: &str =
    "\u{feff}product_category_name,product_category_name_english\r\nbeleza_saude,health_beauty\r\n";
/// Comments span lines and hold quotes, commas and what looks like rows.
pub const REVIEWS: &str = "\"review_id\",\"order_id\",\"review_score\",\"review_comment_title\",\"review_comment_message\",\"review_creation_date\",\"review_answer_timestamp\"\n\
    \"r1\",\"o1\",2,\"\",\"late\",2018-01-06 00:00:00,2018-01-06 10:00:00\n\
    \"r2\",\"o1\",5,\"muito bom\",\"Chegou \"\"antes\"\" do prazo,\r\n\r\nr9,o3,1,recomendo\n fim\",2018-01-07 00:00:00,2018-01-08 10:00:00\n\
    \"r3\",\"o2\",1,,,2018-02-20 00:00:00,2018-02-21 10:00:00\n";

pub const SET: [(&str, &str); 8] = [
    ("reviews.csv", REVIEWS),
    ("translation.csv", TRANSLATION),
    ("sellers.csv", SELLERS),
    ("products.csv", PRODUCTS),
    ("items.csv", ITEMS),
    ("payments.csv", PAYMENTS),
    ("customers.csv", CUSTOMERS),
    ("orders.csv", ORDERS),
];

fn values(data: &Dataset, name: &str) -> Vec<String> {
    let attribute = data.orders.attribute(name).expect(name);
    (0..data.orders.lines())
        .map(|line| attribute.value(line).to_owned())
        .collect()
}

#[test]
fn every_file_of_the_set_is_joined() {
    let data = open(&SET).expect("opens");
    let orders = &data.orders;
    assert_eq!((data.shape, data.files.len()), (Shape::Olist, 8));
    assert_eq!(orders.customer_ids.iter().collect::<Vec<_>>(), ["p1", "p2"]);
    // Person 1: o1 and o3; person 2: o2, which is still on its way.
    assert_eq!(orders.amounts, [80.0, 20.0, 50.0]);
    assert_eq!((net(orders), count(orders, flag::ORDER_START)), (100.0, 2));
    assert_eq!(orders.units, [2, 0, 1]);
    assert_eq!(
        values(&data, "payment_type"),
        ["credit_card", "credit_card", "boleto"]
    );
    assert_eq!(values(&data, "payment_installments"), ["8", "3", "1"]);
    assert_eq!(values(&data, "review_score"), ["5", "", "1"]);
    assert_eq!(
        values(&data, "category"),
        ["health_beauty", "", "brinquedos"]
    );
    assert_eq!(values(&data, "seller_state"), ["MG", "", "PR"]);
    let reviews = data
        .files
        .iter()
        .find(|file| file.name == "reviews.csv")
        .expect("reviews");
    assert_eq!(reviews.rows, 3);
    assert!(reviews.preview[1][4].ends_with("recomendo\n fim"));
    assert_eq!(rows_of(&data, "not_kept"), 1);
    assert_eq!(data.remarks, Vec::<String>::new());
}

#[test]
fn milestones() {
    let data = open(&SET).expect("opens");
    let day = |text: &str| parse_iso(text).expect("a date");
    let days = |step: Step| {
        let found = data
            .orders
            .milestones
            .iter()
            .find(|known| known.step == step);
        found.map(|milestone| milestone.days.clone())
    };
    assert_eq!(
        days(Step::Shipped),
        Some(vec![day("2018-01-02"), NO_DAY, day("2018-02-02")])
    );
    assert_eq!(
        days(Step::Delivered),
        Some(vec![day("2018-01-05"), day("2018-03-04"), NO_DAY])
    );
    assert_eq!(days(Step::Returned), None);
}

#[test]
fn the_order_of_files_does_not_matter() {
    let expected = open(&SET).expect("opens").orders;
    let mut files = SET;
    for _ in 0..files.len() {
        files.rotate_left(1);
        assert_eq!(open(&files).expect("opens").orders, expected);
    }
    // The three files that a shop needs, and what is unknown without the others.
    let least = open(&SET[5..]).expect("opens").orders;
    assert_eq!(least.amounts, expected.amounts);
    assert!(least.units.is_empty() && least.attribute("review_score").is_none());
}
