//! The Olist marketplace layout: seven files joined by ids.
//!
//! As in the real export, `customer_id` is made anew for every order and `customer_unique_id` is
//! the person, payments hold price plus freight, and only delivered orders count as revenue.

use super::{
    calendar::DAYS,
    ledger::{Ledger, Tally, date},
    people::{Event, Person, Shop},
    random::{Purpose, Rng},
    text::{push_cents, push_hex, push_number, push_padded, push_row, push_time},
};

pub(super) const FILES: [&str; 7] = [
    "olist_orders_dataset.csv",
    "olist_customers_dataset.csv",
    "olist_order_payments_dataset.csv",
    "olist_order_items_dataset.csv",
    "olist_products_dataset.csv",
    "olist_sellers_dataset.csv",
    "product_category_name_translation.csv",
];

const PRODUCTS_PER_CATEGORY: usize = 40;
const SELLERS: usize = 60;
const MINUTES_PER_DAY: u16 = 1440;

/// The kinds of ids, so that equal numbers of different kinds get different ids.
#[derive(Clone, Copy)]
enum Kind {
    Order,
    Customer,
    Person,
    Product,
    Seller,
}

fn push_id(buffer: &mut Vec<u8>, seed: u64, kind: Kind, number: u64) {
    let mut rng = Rng::new(seed, Purpose::Id, number * 8 + kind as u64);
    push_hex(buffer, rng.next_u64(), rng.next_u64());
}

/// Headers of all files, and the whole of those that do not depend on orders.
pub(super) fn preludes(shop: &Shop<'_>) -> Vec<Vec<u8>> {
    let header = |columns: &[&str]| {
        let mut text = Vec::new();
        push_row(&mut text, columns);
        text
    };
    vec![
        header(&[
            "order_id",
            "customer_id",
            "order_status",
            "order_purchase_timestamp",
            "order_approved_at",
            "order_delivered_carrier_date",
            "order_delivered_customer_date",
            "order_estimated_delivery_date",
        ]),
        header(&[
            "customer_id",
            "customer_unique_id",
            "customer_zip_code_prefix",
            "customer_city",
            "customer_state",
        ]),
        header(&[
            "order_id",
            "payment_sequential",
            "payment_type",
            "payment_installments",
            "payment_value",
        ]),
        header(&[
            "order_id",
            "order_item_id",
            "product_id",
            "seller_id",
            "shipping_limit_date",
            "price",
            "freight_value",
        ]),
        products(shop),
        sellers(shop),
        translation(shop),
    ]
}

fn products(shop: &Shop<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    push_row(
        &mut text,
        &[
            "product_id",
            "product_category_name",
            // The export itself misspells "length" in these two names.
            "product_name_lenght",
            "product_description_lenght",
            "product_photos_qty",
            "product_weight_g",
            "product_length_cm",
            "product_height_cm",
            "product_width_cm",
        ],
    );
    for (category, about) in shop.parameters.categories.iter().enumerate() {
        for number in 0..PRODUCTS_PER_CATEGORY {
            let product = product_number(category, number);
            let mut rng = Rng::new(shop.spec.seed, Purpose::Catalogue, product);
            push_id(&mut text, shop.spec.seed, Kind::Product, product);
            text.push(b',');
            text.extend_from_slice(about.olist_name.as_bytes());
            for (least, range) in [
                (20, 44),
                (100, 900),
                (1, 6),
                (50, 5_000),
                (10, 50),
                (4, 40),
                (8, 40),
            ] {
                text.push(b',');
                push_number(&mut text, (least + rng.below(range)) as u64);
            }
            text.push(b'\n');
        }
    }
    text
}

fn product_number(category: usize, number: usize) -> u64 {
    (category * PRODUCTS_PER_CATEGORY + number) as u64
}

fn sellers(shop: &Shop<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    push_row(
        &mut text,
        &[
            "seller_id",
            "seller_zip_code_prefix",
            "seller_city",
            "seller_state",
        ],
    );
    for seller in 0..SELLERS {
        let countries = &shop.parameters.countries;
        let place = &countries[seller % countries.len()];
        push_id(&mut text, shop.spec.seed, Kind::Seller, seller as u64);
        text.push(b',');
        push_padded(&mut text, 1_000 + 1_471 * seller as u64, 5, b'0');
        text.push(b',');
        push_row(&mut text, &[place.olist_city, place.olist_state]);
    }
    text
}

/// With byte-order mark and CRLF, as the real file has them.
fn translation(shop: &Shop<'_>) -> Vec<u8> {
    let mut text = b"\xEF\xBB\xBFproduct_category_name,product_category_name_english\r\n".to_vec();
    for category in &shop.parameters.categories {
        text.extend_from_slice(category.olist_name.as_bytes());
        text.push(b',');
        text.extend(category.name.to_ascii_lowercase().replace(' ', "_").bytes());
        text.extend_from_slice(b"\r\n");
    }
    text
}

/// Rows of orders, customers, payments and items for `events[range]`.
pub(super) fn rows(
    shop: &Shop<'_>,
    people: &[Person],
    events: &[Event],
    range: std::ops::Range<usize>,
    ledger: &Ledger,
) -> (Vec<Vec<u8>>, Tally) {
    let mut files = vec![Vec::new(); 4];
    let mut tally = Tally::default();
    for index in range {
        let event = events[index];
        let person = people[event.customer as usize];
        let basket = shop.basket(person, event);
        let cents = basket.cents();
        let delivered_day = event.day + basket.delivery_days;
        let under_way = usize::from(delivered_day) >= DAYS && !shop.spec.plain;
        let status = match (basket.cancelled, under_way) {
            (true, _) => "canceled",
            (false, true) => "shipped",
            (false, false) => "delivered",
        };
        let mut order_id = Vec::with_capacity(32);
        push_id(&mut order_id, shop.spec.seed, Kind::Order, index as u64);
        push_order(
            &mut files[0],
            shop,
            &order_id,
            (index, event, status, delivered_day),
        );
        push_customer(&mut files[1], shop, person, (index, event.customer));
        push_payments(&mut files[2], shop.spec.seed, &order_id, (index, cents));
        for (number, line) in basket.lines.iter().enumerate() {
            push_item(&mut files[3], shop, &order_id, (index, event, number, line));
        }
        let lines = basket.lines.len() as u64;
        tally.order_rows += 1;
        tally.lines += lines;
        tally.gross_cents += cents;
        if basket.cancelled {
            tally.cancelled_lines += lines;
        } else if !under_way {
            tally.net_cents += cents;
            tally.orders += 1;
            ledger.keep(event);
        }
    }
    (files, tally)
}

fn push_order(
    text: &mut Vec<u8>,
    shop: &Shop<'_>,
    order_id: &[u8],
    (index, event, status, delivered_day): (usize, Event, &str, u16),
) {
    text.extend_from_slice(order_id);
    text.push(b',');
    push_id(text, shop.spec.seed, Kind::Customer, index as u64);
    text.push(b',');
    text.extend_from_slice(status.as_bytes());
    text.push(b',');
    let bought = date(event.day);
    push_time(text, bought, event.minute);
    text.push(b',');
    push_time(text, bought, (event.minute + 12).min(MINUTES_PER_DAY - 1));
    text.push(b',');
    if status != "canceled" {
        push_time(text, bought + 1, 600);
    }
    text.push(b',');
    if status == "delivered" {
        push_time(text, date(delivered_day), 900);
    }
    text.push(b',');
    push_time(text, bought + 14, 0);
    text.push(b'\n');
}

fn push_customer(
    text: &mut Vec<u8>,
    shop: &Shop<'_>,
    person: Person,
    (index, customer): (usize, u32),
) {
    let place = &shop.parameters.countries[usize::from(person.country)];
    push_id(text, shop.spec.seed, Kind::Customer, index as u64);
    text.push(b',');
    push_id(text, shop.spec.seed, Kind::Person, customer.into());
    text.push(b',');
    let district = Rng::new(
        shop.spec.seed,
        Purpose::Catalogue,
        u64::from(customer) << 20,
    )
    .below(9_000);
    push_padded(
        text,
        u64::from(person.country) * 9_000 + 1_000 + district as u64,
        5,
        b'0',
    );
    text.push(b',');
    push_row(text, &[place.olist_city, place.olist_state]);
}

/// Most orders have one payment; some are paid in part with a voucher.
fn push_payments(text: &mut Vec<u8>, seed: u64, order_id: &[u8], (index, cents): (usize, u64)) {
    let mut rng = Rng::new(seed, Purpose::Catalogue, (1 << 60) | index as u64);
    let voucher = if rng.chance(0.06) { cents / 3 } else { 0 };
    let kind = ["credit_card", "boleto", "debit_card"][rng.pick([0.76, 0.2, 0.04].into_iter())];
    let instalments = match kind {
        "credit_card" => 1 + rng.geometric(1.8, 9),
        _ => 1,
    };
    let mut payment = |sequential: u64, kind: &str, instalments: u32, cents: u64| {
        text.extend_from_slice(order_id);
        text.push(b',');
        push_number(text, sequential);
        text.push(b',');
        text.extend_from_slice(kind.as_bytes());
        text.push(b',');
        push_number(text, instalments.into());
        text.push(b',');
        push_cents(text, cents, 0);
        text.push(b'\n');
    };
    payment(1, kind, instalments, cents - voucher);
    if voucher > 0 {
        payment(2, "voucher", 1, voucher);
    }
}

fn push_item(
    text: &mut Vec<u8>,
    shop: &Shop<'_>,
    order_id: &[u8],
    (index, event, number, line): (usize, Event, usize, &super::basket::Line),
) {
    let mut rng = Rng::new(
        shop.spec.seed,
        Purpose::Catalogue,
        (1 << 61) | (index as u64) << 8 | number as u64,
    );
    let product = product_number(line.category.into(), rng.below(PRODUCTS_PER_CATEGORY));
    text.extend_from_slice(order_id);
    text.push(b',');
    push_number(text, number as u64 + 1);
    text.push(b',');
    push_id(text, shop.spec.seed, Kind::Product, product);
    text.push(b',');
    push_id(text, shop.spec.seed, Kind::Seller, product % SELLERS as u64);
    text.push(b',');
    push_time(text, date(event.day) + 4, event.minute);
    text.push(b',');
    let freight = line.cents / 8;
    push_cents(text, line.cents - freight, 0);
    text.push(b',');
    push_cents(text, freight, 0);
    text.push(b'\n');
}
