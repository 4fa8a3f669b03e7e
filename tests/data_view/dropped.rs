//! A manager drops what the shop exported: one file of a known system in two currencies, a set of five
//! tables. The numbers on the page are those of a count made here from the same sales.

use std::{collections::BTreeSet, fmt::Write};

use egui::{Key, Modifiers, accesskit::Role};
use keepers::{
    data::dataset::{Role as Means, options::ReadingEdit},
    project::file,
    ui::{
        action::{Action, View},
        command::Command,
        format,
        frame::{
            asks::{Ask, FileAction},
            layouts::LayoutAction,
        },
        views::data::Tab,
    },
};

use crate::desk::Desk;

/// An order as it was drawn.
struct Sale {
    number: u32,
    buyer: u32,
    /// Month and day of 2024.
    date: (u32, u32),
    euros: bool,
    /// Cents of each line.
    lines: Vec<u64>,
    /// Cents given back.
    refund: u64,
}

impl Sale {
    fn cents(&self) -> u64 {
        self.lines.iter().sum()
    }

    fn day(&self) -> String {
        format!("2024-{:02}-{:02}", self.date.0, self.date.1)
    }
}

/// Orders of a small shop, the same every time (a linear congruential generator).
fn sales() -> Vec<Sale> {
    let mut state = 77_u64;
    let mut below = |limit: u64| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % limit
    };
    (0..240)
        .map(|number| {
            let buyer = below(60) as u32;
            let lines: Vec<u64> = (0..=below(3)).map(|_| 500 + below(9_000)).collect();
            Sale {
                number: 1_001 + number,
                buyer,
                date: (1 + number / 20, 1 + number % 20 + below(8) as u32),
                euros: !buyer.is_multiple_of(4),
                refund: if below(10) == 0 { lines[0] / 2 } else { 0 },
                lines,
            }
        })
        .collect()
}

fn money(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// As the admin of Shopify exports orders: what is said of the order stands on its first row only.
fn shopify(sales: &[Sale]) -> String {
    let mut text = "Name,Email,Financial Status,Paid at,Fulfillment Status,Accepts Marketing,Currency,Subtotal,\
                    Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,\
                    Lineitem price,Lineitem sku,Refunded Amount,Id\n"
        .to_owned();
    for sale in sales {
        for (at, line) in sale.lines.iter().enumerate() {
            let (name, mail) = (sale.number, sale.buyer);
            let stamp = format!("{} 10:15:00 +0100", sale.day());
            let (price, total) = (money(*line), money(sale.cents()));
            let written = if at == 0 {
                let currency = if sale.euros { "EUR" } else { "USD" };
                let refund = money(sale.refund);
                writeln!(
                    text,
                    "#{name},b{mail}@example.org,paid,{stamp},fulfilled,no,{currency},{total},0.00,0.00,{total},,0.00,\
                     {stamp},1,Lamp,{price},L1,{refund},5{name}"
                )
            } else {
                writeln!(
                    text,
                    "#{name},b{mail}@example.org,,,,,,,,,,,,{stamp},1,Chair,{price},C1,,"
                )
            };
            written.expect("a text grows");
        }
    }
    text
}

/// Customers, orders and cents after what was given back.
#[derive(Clone, Copy)]
struct Count {
    customers: u64,
    orders: u64,
    cents: i64,
}

fn count<'a>(sales: impl Iterator<Item = &'a Sale>) -> Count {
    let (mut buyers, mut orders, mut cents) = (BTreeSet::new(), 0, 0);
    for sale in sales {
        buyers.insert(sale.buyer);
        orders += 1;
        cents += sale.cents() as i64 - sale.refund as i64;
    }
    Count {
        customers: buyers.len() as u64,
        orders,
        cents,
    }
}

/// What stands on the page: the paragraph and, in the Overview, the headline figures.
fn reads(window: &mut Desk, of: Count) {
    let Count {
        customers,
        orders,
        cents,
    } = of;
    let kpis = window.kpis();
    assert_eq!((kpis.customers, kpis.orders), (customers, orders));
    assert_eq!((kpis.net_revenue * 100.0).round() as i64, cents);
    let paragraph = format!(
        "{} orders by {} customers",
        format::integer(orders),
        format::integer(customers)
    );
    window.show(Tab::Files);
    assert!(window.says(&paragraph), "{paragraph}");
    window.act(Action::Show(View::Overview));
    for figure in [
        format::integer(customers),
        format::integer(orders),
        format::money(cents as f64 / 100.0, ""),
    ] {
        assert!(window.says(&figure), "{figure} on the page");
    }
    window.show(Tab::Files);
}

#[test]
fn an_export_in_two_currencies_is_asked_about_answered_by_keyboard_and_taken_back() {
    let sales = sales();
    let all = count(sales.iter());
    let of = |euros| count(sales.iter().filter(|sale| sale.euros == euros));
    // All orders count; money is that of the likelier currency.
    let euros = Count {
        cents: of(true).cents,
        ..all
    };
    let dollars = Count {
        cents: of(false).cents,
        ..all
    };
    let mut window = Desk::welcome();
    let path = window.write("orders_export.csv", &shopify(&sales));
    window.drop_files(&[path]);
    // The question comes before the numbers.
    assert_eq!(window.app().view(), View::Data);
    assert!(window.says("One question is open"));
    assert!(window.says("Read as “Shopify orders export”"));
    reads(&mut window, euros);
    let choice = |window: &Desk, of: Count| {
        let figures = format!(
            "customers {}, orders {}, net revenue {}",
            format::integer(of.customers),
            format::integer(of.orders),
            format::fixed(of.cents as f64 / 100.0, 2)
        );
        let choices = window.labels(Role::RadioButton, "");
        let mut fitting = choices.into_iter().filter(|name| name.ends_with(&figures));
        fitting.next().expect("a choice with these numbers")
    };
    // Each reading says beforehand what it makes of the shop.
    for other in [dollars, of(true), of(false)] {
        choice(&window, other);
    }
    let used = choice(&window, euros);
    window.focus(Role::RadioButton, &used);
    window.press(Modifiers::NONE, Key::ArrowRight);
    assert!(window.app().project().reading.answers.is_empty());
    window.press(Modifiers::NONE, Key::Enter);
    reads(&mut window, dollars);
    assert!(window.says("You said:"));

    // Saved with the project and opened again, the answer holds.
    let project = window.folder.path().join("shop.keepers.ron");
    file::save(window.app().project(), &project).expect("saved");
    let mut again = Desk::welcome();
    again.drop_files(&[project]);
    reads(&mut again, dollars);
    assert!(!again.says("One question is open"));

    // Taken back, it is asked again.
    window.press(Modifiers::COMMAND, Key::Z);
    assert!(window.app().project().reading.answers.is_empty());
    assert!(window.says("One question is open"));
    reads(&mut window, euros);
    window.press(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    reads(&mut window, dollars);
}

#[test]
fn five_tables_dropped_together_are_one_shop() {
    let sales = sales();
    let mut texts = [
        ("orders.csv", "order_id,customer_id,order_date\n".to_owned()),
        (
            "order_items.csv",
            "item_id,order_id,product_id,quantity,unit_price\n".to_owned(),
        ),
        ("customers.csv", "customer_id,country\n".to_owned()),
        ("products.csv", "product_id,product_name\n".to_owned()),
        (
            "refunds.csv",
            "refund_id,order_id,refund_amount,refund_date\n".to_owned(),
        ),
    ];
    let mut put = |table: usize, row: String| {
        writeln!(texts[table].1, "{row}").expect("a text grows");
    };
    for (at, sale) in sales.iter().enumerate() {
        put(0, format!("{},C{},{}", sale.number, sale.buyer, sale.day()));
        for (line, cents) in sale.lines.iter().enumerate() {
            let product = (at + line) % 7;
            put(
                1,
                format!(
                    "I{at}-{line},{},P{product},1,{}",
                    sale.number,
                    money(*cents)
                ),
            );
        }
        if sale.refund > 0 {
            let given = money(sale.refund);
            put(4, format!("R{at},{},{given},{}", sale.number, sale.day()));
        }
    }
    for buyer in 0..60 {
        let country = ["Austria", "Germany", "Spain"][buyer % 3];
        put(2, format!("C{buyer},{country}"));
    }
    for product in 0..7 {
        put(3, format!("P{product},Lamp {product}"));
    }
    let mut window = Desk::welcome();
    let paths: Vec<_> = texts
        .iter()
        .map(|(name, text)| window.write(name, text))
        .collect();
    window.drop_files(&paths);
    reads(&mut window, count(sales.iter()));
    assert!(window.says("5 tables together."));
    for name in ["orders.csv", "order_items.csv", "refunds.csv"] {
        assert!(window.says(&format!("{name}: ")), "{name} in the plan");
    }
    let shop = window.shop();
    assert!(
        shop.dataset.orders.attribute("country").is_some()
            || !shop.dataset.orders.traits.is_empty()
    );
}

/// Taught once, an export is read so in every later project: here on another computer, to which what was
/// taught came as a file.
#[test]
fn an_export_is_taught_passed_on_and_read_as_taught() {
    const JUNE: &str = "k,t,u,v\nA,2024-06-01,5,50\nB,2024-06-02,6,60\nA,2024-06-09,7,70\n";
    const JULY: &str = "v,k,t,u\n10,A,2024-07-01,1\n20,C,2024-07-02,2\n";
    let mut window = Desk::keeping("june.csv", JUNE);
    if window.app().snapshot().shop.is_none() {
        window.click(Role::Button, "Map columns…");
    }
    window.show(Tab::Files);
    for (column, role) in [
        ("k", Means::Customer),
        ("t", Means::Date),
        ("v", Means::Amount),
    ] {
        let edit = ReadingEdit::Role {
            file: "june.csv".to_owned(),
            column: column.to_owned(),
            role: Some(role),
        };
        window.act(Action::EditReading(edit));
    }
    window.click(Role::Button, "Remember this export");
    window.click(Role::Button, "Remember it");
    if window.app().snapshot().shop.is_none() {
        window.click(Role::Button, "Open");
    }
    assert_eq!(window.kpis().net_revenue, 180.0);

    // The same columns in another order, in a project of their own.
    window.act(Action::Run(Command::Close));
    if matches!(window.app().ask(), Some(Ask::Unsaved { .. })) {
        window.click(Role::Button, "Don’t save");
    }
    let july = window.write("july.csv", JULY);
    window.drop_files(std::slice::from_ref(&july));
    assert_eq!(window.kpis().net_revenue, 30.0);
    assert!(window.app().project().reading.roles.is_empty());
    window.show(Tab::Files);
    assert!(window.says("Read as your export “june”"));
    assert!(window.says("As you taught it: june"));
    // What is said by hand goes before what was taught.
    window.means("u", "Attribute to group by", "Amount");
    assert_eq!(window.kpis().net_revenue, 3.0);
    window.act(Action::Undo);

    // Passed on as a file.
    let shared = window.folder.path().join("june.layout.ron");
    window.act(Action::Layout(LayoutAction::Export("june".to_owned())));
    window.until(|window| matches!(window.app().ask(), Some(Ask::Where { .. })));
    window.act(Action::File(FileAction::WriteTo {
        path: shared.clone(),
        replace: false,
    }));
    let waited = shared.clone();
    window.until(move |_| waited.exists());
    let mut other = Desk::welcome();
    other.drop_files(&[shared]);
    other.click(Role::Button, "Remember it");
    other.drop_files(&[july]);
    assert_eq!(other.kpis().net_revenue, 30.0);
    // The project brings it along to where nobody has taught anything.
    let project = other.folder.path().join("july.keepers.ron");
    file::save(other.app().project(), &project).expect("saved");
    let mut third = Desk::welcome();
    third.drop_files(&[project]);
    assert_eq!(third.kpis().net_revenue, 30.0);
}
