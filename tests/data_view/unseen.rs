//! Files of a kind Keepers has never seen: other names, other orders of columns, other languages, or
//! names that say nothing. They open by themselves or through the assistant, with few clicks, and the
//! numbers are those of an independent count.

use std::{collections::BTreeMap, fmt::Write};

use egui::accesskit::Role;
use keepers::{
    data::dataset::Role as Means, data::dataset::options::DateOrder, ui::views::data::Tab,
};

use crate::desk::Desk;

/// Less than a minute of clicking, at five seconds a click.
const CLICKS: usize = 12;

/// A sale as the generator drew it.
struct Sale {
    customer: u32,
    /// Year, month, day.
    date: (i32, u32, u32),
    cents: u64,
    quantity: u64,
    country: &'static str,
}

/// Sales of a small shop, the same every time (a linear congruential generator).
fn sales() -> Vec<Sale> {
    let mut state = 20_241_231_u64;
    let mut below = |limit: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    (0..700)
        .map(|_| Sale {
            customer: 10_000 + below(90) as u32,
            date: (
                2022 + below(3) as i32,
                1 + below(12) as u32,
                1 + below(28) as u32,
            ),
            cents: 99 + below(500_000),
            quantity: 1 + below(9),
            country: ["Deutschland", "Österreich", "Schweiz"][below(3) as usize],
        })
        .collect()
}

/// Customers, orders (one a customer and day) and revenue in cents.
#[derive(Debug, PartialEq)]
struct Count {
    customers: usize,
    orders: usize,
    cents: u64,
}

fn count(sales: &[Sale], worth: impl Fn(&Sale) -> u64) -> Count {
    let mut days: BTreeMap<u32, Vec<(i32, u32, u32)>> = BTreeMap::new();
    for sale in sales {
        days.entry(sale.customer).or_default().push(sale.date);
    }
    let orders = days.values_mut().map(|days| {
        days.sort_unstable();
        days.dedup();
        days.len()
    });
    let orders = orders.sum();
    Count {
        customers: days.len(),
        orders,
        cents: sales.iter().map(worth).sum(),
    }
}

fn shown(window: &Desk) -> Count {
    let kpis = window.kpis();
    Count {
        customers: kpis.customers as usize,
        orders: kpis.orders as usize,
        cents: (kpis.net_revenue * 100.0).round() as u64,
    }
}

/// `31.12.2024`
fn german_day((year, month, day): (i32, u32, u32)) -> String {
    format!("{day:02}.{month:02}.{year}")
}

/// `1.234,50`
fn german_money(cents: u64) -> String {
    let whole = cents / 100;
    let thousands = if whole >= 1_000 {
        format!("{}.{:03}", whole / 1_000, whole % 1_000)
    } else {
        whole.to_string()
    };
    format!("{thousands},{:02}", cents % 100)
}

/// The sales as a file of these columns, in this order: `k` customer, `d` date, `b` amount, `m`
/// quantity, `l` country.
fn german(heads: &[&str], columns: &str) -> String {
    let mut text = heads.join(";") + "\n";
    for sale in sales() {
        let cell = |column| match column {
            'k' => sale.customer.to_string(),
            'd' => german_day(sale.date),
            'b' => german_money(sale.cents),
            'm' => sale.quantity.to_string(),
            _ => sale.country.to_owned(),
        };
        let cells: Vec<String> = columns.chars().map(cell).collect();
        writeln!(text, "{}", cells.join(";")).expect("a string");
    }
    text
}

fn as_drawn() -> Count {
    count(&sales(), |sale| sale.cents)
}

#[test]
fn headers_in_german_open_by_themselves_in_any_order() {
    let named = |order: &str| -> Vec<&str> {
        let name = |column| match column {
            'k' => "Kundennummer",
            'd' => "Bestelldatum",
            'b' => "Betrag",
            'm' => "Menge",
            _ => "Land",
        };
        order.chars().map(name).collect()
    };
    for order in ["kdbml", "lmbdk", "mkldb"] {
        let window = Desk::open("export.csv", &german(&named(order), order));
        assert_eq!(shown(&window), as_drawn(), "{order}");
        assert_eq!(window.clicks, 0);
        let land = window.shop().dataset.orders.attribute("Land");
        let values: Vec<&str> = land.expect("kept").values.iter().collect();
        assert_eq!(values, ["Deutschland", "Schweiz", "Österreich"]);
    }
}

#[test]
fn headers_in_french_and_spanish_open_by_themselves() {
    let french = [
        "Numéro client",
        "Date de commande",
        "Montant",
        "Quantité",
        "Pays",
    ];
    let spanish = [
        "Número de cliente",
        "Fecha de pedido",
        "Importe",
        "Cantidad",
        "País",
    ];
    for heads in [french, spanish] {
        let window = Desk::open("export.csv", &german(&heads, "kdbml"));
        assert_eq!(shown(&window), as_drawn(), "{heads:?}");
    }
}

#[test]
fn headers_that_say_nothing_open_by_what_the_columns_hold() {
    let text = german(&["c1", "c2", "c3"], "kdb");
    let window = Desk::open("c.csv", &text);
    assert_eq!(shown(&window), as_drawn());
    assert_eq!(window.clicks, 0);
    let shop = window.shop();
    let roles: Vec<Means> = shop.dataset.files[0]
        .columns
        .iter()
        .map(|column| column.role)
        .collect();
    assert_eq!(roles, [Means::Customer, Means::Date, Means::Amount]);
}

#[test]
fn pieces_and_their_price_in_finnish_open_by_themselves_or_through_the_assistant() {
    // Customer, day of purchase, price of a piece, pieces, country.
    let heads = [
        "Asiakasnro",
        "Ostopäivä",
        "Kappalehinta",
        "Kappaleet",
        "Maa",
    ];
    let mut window = Desk::open("myynti.csv", &german(&heads, "kdbml"));
    if window.app().snapshot().shop.is_none() {
        window.click(Role::Button, "Map columns…");
        window.means("Asiakasnro", "Attribute to group by", "Customer");
        window.means("Kappalehinta", "Amount", "Unit price");
        window.means("Kappaleet", "Attribute to group by", "Quantity");
        window.click(Role::Button, "Open");
    }
    let priced = count(&sales(), |sale| sale.cents * sale.quantity);
    assert_eq!(shown(&window), priced);
    assert!(window.clicks <= CLICKS, "{} clicks", window.clicks);
}

/// What a language nobody taught it means can be said of a shop that is open.
#[test]
fn meanings_of_an_open_shop_are_said_in_the_files() {
    let heads = ["aa", "bb", "cc", "dd", "ee"];
    let mut window = Desk::open("myynti.csv", &german(&heads, "kdbml"));
    assert_eq!(shown(&window).customers, as_drawn().customers);
    window.show(Tab::Files);
    let now = |window: &Desk, column: &str| {
        let start = format!("Meaning of {column}: ");
        let label = &window.labels(Role::ComboBox, &start)[0];
        label[start.len()..].to_owned()
    };
    for (column, role) in [("cc", "Unit price"), ("dd", "Quantity")] {
        let before = now(&window, column);
        if before != role {
            window.means(column, &before, role);
        }
    }
    let priced = count(&sales(), |sale| sale.cents * sale.quantity);
    assert_eq!(shown(&window), priced);
    assert!(window.clicks <= CLICKS, "{} clicks", window.clicks);
    let roles = &window.app().project().reading.roles["myynti.csv"];
    assert_eq!(roles["dd"], Means::Quantity);
}

#[test]
fn two_files_without_names_are_one_shop() {
    let whole = german(&["c1", "c2", "c3"], "kdb");
    let lines: Vec<&str> = whole.lines().collect();
    let half = |rows: &[&str]| format!("{}\n{}\n", lines[0], rows.join("\n"));
    let (first, second) = (half(&lines[1..301]), half(&lines[301..]));
    let files = [("a.csv", first.as_str()), ("b.csv", second.as_str())];
    let window = Desk::open_all(&files);
    assert_eq!(shown(&window), as_drawn());
    assert_eq!(window.clicks, 0);
}

/// Day and month cannot be told apart: no day is after the twelfth.
const EITHER: &str = "c1;c2;c3\nA;03/04/2024;1,50\nB;05/06/2024;2,50\nA;07/08/2024;3,50\n";

#[test]
fn the_order_of_day_and_month_is_asked_for() {
    let mut window = Desk::open("either.csv", EITHER);
    window.show(Tab::Files);
    assert!(window.says("Every date fits both day/month and month/day. Which comes first?"));
    let month_first = window.labels(Role::RadioButton, "The month comes first");
    window.click(Role::RadioButton, &month_first[0]);
    assert!(window.says("You said: The month comes first"));
    let order = window.app().project().reading.order_of_dates();
    assert_eq!(order, Some(DateOrder::MonthDay));
    let (first, last) = window.shop().order_days.expect("orders");
    let iso = keepers::data::day::iso;
    assert_eq!(
        (iso(first), iso(last)),
        ("2024-03-04".to_owned(), "2024-07-08".to_owned())
    );
    assert!(window.clicks <= CLICKS, "{} clicks", window.clicks);
}
