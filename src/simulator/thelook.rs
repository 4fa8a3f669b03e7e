//! The theLook layouts: users, products, orders and order items; as CSV, or with users as one column
//! of JSON-ish text (the empty key repeats) and products as a bare JSON array.
//!
//! As in the real exports, prices of an order stand in its items only, times are UTC with and
//! without microseconds, and items carry the status that decides whether they were kept.

use super::{
    basket::{Basket, Line},
    calendar::DAYS,
    layout::Layout,
    ledger::{Ledger, Tally, date},
    people::{Event, Person, Shop},
    random::{Purpose, Rng},
    text::{push_cents, push_number, push_row, push_time},
};

pub(super) const FILES: [&str; 4] = ["orders.csv", "order_items.csv", "users.csv", "products.csv"];
pub(super) const JSON_FILES: [&str; 4] =
    ["ORDERS.csv", "ORDER_ITEMS.csv", "USERS.csv", "PRODUCTS.csv"];

const PRODUCTS_PER_CATEGORY: usize = 40;

const FIRST_NAMES: [(&str, char); 8] = [
    ("Anna", 'F'),
    ("Ben", 'M'),
    ("Clara", 'F'),
    ("David", 'M'),
    ("Eva", 'F'),
    ("Felix", 'M'),
    ("Greta", 'F'),
    ("Hugo", 'M'),
];
const LAST_NAMES: [&str; 8] = [
    "Adler", "Bauer", "Costa", "Dubois", "Evers", "Fischer", "Garcia", "Haas",
];
const BRANDS: [&str; 6] = ["Alder", "Birch", "Cedar", "Elm", "Hazel", "Rowan"];

/// Headers of orders and items, and the whole of users and products.
pub(super) fn preludes(shop: &Shop<'_>, people: &[Person], events: &[Event]) -> Vec<Vec<u8>> {
    let header = |columns: &[&str]| {
        let mut text = Vec::new();
        push_row(&mut text, columns);
        text
    };
    let orders = header(&[
        "order_id",
        "user_id",
        "status",
        "gender",
        "created_at",
        "returned_at",
        "shipped_at",
        "delivered_at",
        "num_of_item",
    ]);
    let items = header(&[
        "id",
        "order_id",
        "user_id",
        "product_id",
        "inventory_item_id",
        "status",
        "created_at",
        "shipped_at",
        "delivered_at",
        "returned_at",
        "sale_price",
    ]);
    let mut since = vec![0_u16; people.len()];
    for event in events.iter().filter(|event| event.number == 0) {
        since[event.customer as usize] = event.day;
    }
    let users: Vec<User> = people
        .iter()
        .enumerate()
        .map(|(customer, person)| User::of(shop, customer, person, since[customer]))
        .collect();
    if shop.spec.layout == Layout::DeDs {
        vec![orders, items, json_users(&users), json_products(shop)]
    } else {
        vec![orders, items, csv_users(&users), csv_products(shop)]
    }
}

/// What stands in the users table, in the order of its columns.
struct User {
    id: u64,
    first_name: &'static str,
    last_name: &'static str,
    email: String,
    age: u64,
    gender: char,
    state: String,
    city: String,
    country: &'static str,
    traffic_source: &'static str,
    created_at: String,
}

impl User {
    fn of(shop: &Shop<'_>, customer: usize, person: &Person, since: u16) -> Self {
        let mut rng = Rng::new(
            shop.spec.seed,
            Purpose::Catalogue,
            (1 << 59) | customer as u64,
        );
        let (first_name, gender) = FIRST_NAMES[rng.below(FIRST_NAMES.len())];
        let last_name = LAST_NAMES[rng.below(LAST_NAMES.len())];
        let id = customer as u64 + 1;
        let country = &shop.parameters.countries[usize::from(person.country)];
        let mut created_at = Vec::new();
        push_time(&mut created_at, date(since), 0);
        created_at.extend_from_slice(b" UTC");
        Self {
            id,
            first_name,
            last_name,
            email: format!("{first_name}.{last_name}{id}@example.org").to_ascii_lowercase(),
            age: 18 + rng.below(53) as u64,
            gender,
            state: format!("{} {}", country.name, ["North", "South"][rng.below(2)]),
            city: format!("{} City {}", country.name, 1 + rng.below(9)),
            country: country.name,
            traffic_source: shop.parameters.channels[usize::from(person.channel)].name,
            created_at: String::from_utf8_lossy(&created_at).into_owned(),
        }
    }
}

fn csv_users(users: &[User]) -> Vec<u8> {
    let mut text = Vec::new();
    push_row(
        &mut text,
        &[
            "id",
            "first_name",
            "last_name",
            "email",
            "age",
            "gender",
            "state",
            "city",
            "country",
            "traffic_source",
            "created_at",
        ],
    );
    for user in users {
        push_row(
            &mut text,
            &[
                &user.id.to_string(),
                user.first_name,
                user.last_name,
                &user.email,
                &user.age.to_string(),
                user.gender.encode_utf8(&mut [0; 4]),
                &user.state,
                &user.city,
                user.country,
                user.traffic_source,
                &user.created_at,
            ],
        );
    }
    text
}

fn json_users(users: &[User]) -> Vec<u8> {
    let mut text = String::from("user_data\n");
    for user in users {
        let fields = [
            ("firstname", user.first_name.to_owned()),
            ("lastname", user.last_name.to_owned()),
            ("emailaddress", user.email.clone()),
            ("age", user.age.to_string()),
            ("gender", user.gender.to_string()),
            ("state", user.state.clone()),
            ("city", user.city.clone()),
            ("country", user.country.to_owned()),
            ("traffic_source", user.traffic_source.to_owned()),
            ("created_at", user.created_at.clone()),
        ];
        text.push_str("\"{\"\"id\"\":");
        text.push_str(&user.id.to_string());
        for (tag, value) in fields {
            text.push_str(",\"\"\"\":\"\"/");
            text.push_str(tag);
            text.push('/');
            text.push_str(&value);
            text.push_str("\"\"");
        }
        text.push_str("}\"\n");
    }
    text.into_bytes()
}

/// One product: number, category, name, brand, cost and price in cents, department.
struct Product {
    id: u64,
    category: &'static str,
    name: String,
    brand: &'static str,
    cost_cents: u64,
    price_cents: u64,
    department: &'static str,
}

fn products(shop: &Shop<'_>) -> impl Iterator<Item = Product> {
    let categories = shop.parameters.categories.iter().enumerate();
    let seed = shop.spec.seed;
    categories.flat_map(move |(category, about)| {
        (0..PRODUCTS_PER_CATEGORY).map(move |number| {
            let id = product_id(category, number);
            let mut rng = Rng::new(seed, Purpose::Catalogue, (1 << 58) | id);
            let price_cents = 500 + rng.below(9_500) as u64;
            let brand = BRANDS[rng.below(BRANDS.len())];
            Product {
                id,
                category: about.name,
                name: format!("{brand} {} {}", about.name, number + 1),
                brand,
                cost_cents: price_cents / 2,
                price_cents,
                department: ["Women", "Men"][rng.below(2)],
            }
        })
    })
}

fn product_id(category: usize, number: usize) -> u64 {
    (category * PRODUCTS_PER_CATEGORY + number) as u64 + 1
}

fn csv_products(shop: &Shop<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    push_row(
        &mut text,
        &[
            "id",
            "cost",
            "category",
            "name",
            "brand",
            "retail_price",
            "department",
        ],
    );
    for product in products(shop) {
        push_number(&mut text, product.id);
        text.push(b',');
        push_cents(&mut text, product.cost_cents, 0);
        text.push(b',');
        text.extend_from_slice(product.category.as_bytes());
        text.push(b',');
        text.extend_from_slice(product.name.as_bytes());
        text.push(b',');
        text.extend_from_slice(product.brand.as_bytes());
        text.push(b',');
        push_cents(&mut text, product.price_cents, 0);
        text.push(b',');
        push_row(&mut text, &[product.department]);
    }
    text
}

fn json_products(shop: &Shop<'_>) -> Vec<u8> {
    let mut text = Vec::new();
    for product in products(shop) {
        text.extend_from_slice(if text.is_empty() { &b"["[..] } else { b", " });
        text.extend_from_slice(b"{\"id\": ");
        push_number(&mut text, product.id);
        text.extend_from_slice(b", \"cost\": ");
        push_cents(&mut text, product.cost_cents, 0);
        for (key, value) in [
            ("category", product.category),
            ("name", product.name.as_str()),
            ("brand", product.brand),
        ] {
            text.extend_from_slice(format!(", \"{key}\": \"{value}\"").as_bytes());
        }
        text.extend_from_slice(b", \"retail_price\": ");
        push_cents(&mut text, product.price_cents, 0);
        let department = format!(", \"department\": \"{}\"}}", product.department);
        text.extend_from_slice(department.as_bytes());
    }
    text.push(b']');
    text
}

/// Rows of orders and items for `events[range]`.
pub(super) fn rows(
    shop: &Shop<'_>,
    people: &[Person],
    events: &[Event],
    range: std::ops::Range<usize>,
    ledger: &Ledger,
) -> (Vec<Vec<u8>>, Tally) {
    let mut files = vec![Vec::new(); 2];
    let mut tally = Tally::default();
    for index in range {
        let event = events[index];
        let basket = shop.basket(people[event.customer as usize], event);
        let delivered = event.day + basket.delivery_days;
        let order = Order {
            id: index as u64 + 1,
            event,
            delivered,
            under_way: usize::from(delivered) >= DAYS && !shop.spec.plain,
        };
        order.push(&mut files[0], &basket);
        for (number, line) in basket.lines.iter().enumerate() {
            let mut rng = Rng::new(
                shop.spec.seed,
                Purpose::Catalogue,
                (1 << 61) | (index as u64) << 8 | number as u64,
            );
            let product = product_id(line.category.into(), rng.below(PRODUCTS_PER_CATEGORY));
            let way = order.way(basket.cancelled, line.returned);
            order.push_item(&mut files[1], (number, product), way, line);
        }
        order.count(&basket, &mut tally, ledger);
    }
    (files, tally)
}

/// How far an item came: its status, and the days on which it was shipped, delivered, returned.
type Way = (&'static str, [Option<u16>; 3]);

struct Order {
    id: u64,
    event: Event,
    delivered: u16,
    /// Not delivered by the end of the history.
    under_way: bool,
}

impl Order {
    fn way(&self, cancelled: bool, returned: bool) -> Way {
        let shipped = Some(self.event.day + 1);
        match (cancelled, returned, self.under_way) {
            (true, _, _) => ("Cancelled", [None; 3]),
            (_, true, _) => (
                "Returned",
                [shipped, Some(self.delivered), Some(self.delivered + 3)],
            ),
            (_, _, true) => ("Shipped", [shipped, None, None]),
            _ => ("Complete", [shipped, Some(self.delivered), None]),
        }
    }

    fn push(&self, text: &mut Vec<u8>, basket: &Basket) {
        let all_returned = basket.lines.iter().all(|line| line.returned);
        let (status, [shipped, delivered, returned]) = self.way(basket.cancelled, all_returned);
        push_number(text, self.id);
        text.push(b',');
        push_number(text, u64::from(self.event.customer) + 1);
        text.push(b',');
        text.extend_from_slice(status.as_bytes());
        text.extend_from_slice(b",F,");
        push_moment(text, Some(self.event.day), self.event.minute, false);
        for day in [returned, shipped, delivered] {
            push_moment(text, day, 900, false);
        }
        push_number(text, basket.lines.len() as u64);
        text.push(b'\n');
    }

    fn push_item(
        &self,
        text: &mut Vec<u8>,
        (number, product): (usize, u64),
        (status, days): Way,
        line: &Line,
    ) {
        let id = self.id * 16 + number as u64;
        for number in [
            id,
            self.id,
            u64::from(self.event.customer) + 1,
            product,
            id + 7,
        ] {
            push_number(text, number);
            text.push(b',');
        }
        text.extend_from_slice(status.as_bytes());
        text.push(b',');
        push_moment(
            text,
            Some(self.event.day),
            self.event.minute,
            id.is_multiple_of(2),
        );
        for day in days {
            push_moment(text, day, 900, false);
        }
        push_cents(text, line.cents, 0);
        text.push(b'\n');
    }

    fn count(&self, basket: &Basket, tally: &mut Tally, ledger: &Ledger) {
        let mut kept = false;
        for line in &basket.lines {
            tally.lines += 1;
            tally.gross_cents += line.cents;
            match (basket.cancelled, line.returned) {
                (true, _) => tally.cancelled_lines += 1,
                (false, true) => tally.returned_lines += 1,
                (false, false) => {
                    tally.net_cents += line.cents;
                    kept = true;
                }
            }
        }
        tally.order_rows += 1;
        if kept {
            tally.orders += 1;
            ledger.keep(self.event);
        }
    }
}

/// `2024-07-23 11:09:00 UTC`, or with microseconds, and a comma; nothing but the comma without a day.
fn push_moment(text: &mut Vec<u8>, day: Option<u16>, minute: u16, precise: bool) {
    if let Some(day) = day {
        push_time(text, date(day), minute);
        text.extend_from_slice(if precise {
            &b".478336 UTC"[..]
        } else {
            b" UTC"
        });
    }
    text.push(b',');
}
