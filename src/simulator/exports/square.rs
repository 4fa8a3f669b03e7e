//! Square's items detail: a row per line; refunds as rows of their own; walk-in sales without customer.

use super::{
    form::Form,
    format::{clock, day, grouped},
    sale::{Amount, Habits, Item, Outcome, Refunds, Sale},
    sheet::{PLAIN, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "square_items",
    about: "Square's items detail: refunds as negative rows, some sales without customer",
    files: &["items.csv"],
    header: &[
        "Date",
        "Time",
        "Time Zone",
        "Category",
        "Item",
        "Qty",
        "Price Point Name",
        "SKU",
        "Modifiers Applied",
        "Gross Sales",
        "Discounts",
        "Net Sales",
        "Tax",
        "Transaction ID",
        "Payment ID",
        "Device Name",
        "Notes",
        "Details",
        "Event Type",
        "Location",
        "Dining Option",
        "Customer ID",
        "Customer Name",
        "Customer Reference ID",
        "Unit",
        "Count",
        "Itemization Type",
    ],
    dialect: PLAIN,
    habits: Habits {
        outcomes: &[Outcome::PartlyRefunded, Outcome::Refunded],
        refunds: Refunds::Rows,
        amount: Amount::ItemsLessDiscount,
        nameless: 0.12,
    },
    rows,
};

/// A row's money in cents; given back when `back`.
struct Money {
    gross: u64,
    discount: u64,
    back: bool,
}

fn dollars(cents: u64, negative: bool) -> String {
    let sign = if negative && cents > 0 { "-" } else { "" };
    format!("{sign}${}", grouped(cents))
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    for item in &sale.items {
        let money = Money {
            gross: item.cents(),
            discount: item.discount,
            back: false,
        };
        row(sale, sheet, item, &money);
    }
    match sale.outcome {
        Outcome::Refunded => {
            for item in &sale.items {
                let money = Money {
                    gross: item.cents(),
                    discount: item.discount,
                    back: true,
                };
                row(sale, sheet, item, &money);
            }
        }
        Outcome::PartlyRefunded => {
            let money = Money {
                gross: sale.refund,
                discount: 0,
                back: true,
            };
            row(sale, sheet, &sale.items[0], &money);
        }
        _ => {}
    }
}

fn row(sale: &Sale<'_>, sheet: &mut Sheet<'_>, item: &Item, money: &Money) {
    let buyer = &sale.buyer;
    let (on, minute) = if money.back {
        (sale.refund_day, 660)
    } else {
        (sale.event.day, sale.event.minute)
    };
    let quantity = format!("{}{}.0", if money.back { "-" } else { "" }, item.quantity);
    let net = money.gross - money.discount;
    // A refund is a transaction of its own.
    let salt = if money.back { 2 } else { 1 };
    let transaction = format!("{}{:X}", ["T", "S", "R"][salt], sale.id(0, 15));
    let customer = format!("CU{:024X}", buyer.number * 1_000_003 + 77);
    let named = |text: &str| {
        if sale.nameless {
            String::new()
        } else {
            text.to_owned()
        }
    };
    sheet.row(&[
        ("Date", &day(on)),
        ("Time", &format!("{}:44", clock(minute))),
        ("Time Zone", "Eastern Time (US & Canada)"),
        ("Category", item.category),
        ("Item", &item.name),
        ("Qty", &quantity),
        ("Price Point Name", "Regular"),
        ("SKU", &item.sku),
        ("Gross Sales", &dollars(money.gross, money.back)),
        ("Discounts", &dollars(money.discount, !money.back)),
        ("Net Sales", &dollars(net, money.back)),
        ("Tax", &dollars(net * 7 / 100, money.back)),
        ("Transaction ID", &transaction),
        ("Payment ID", &format!("P{:X}", sale.noise)),
        ("Device Name", "Register 1"),
        ("Event Type", if money.back { "Refund" } else { "Payment" }),
        ("Location", "Main Street"),
        ("Dining Option", "For Here"),
        ("Customer ID", &named(&customer)),
        ("Customer Name", &named(&buyer.name())),
        ("Unit", "ea"),
        ("Count", &quantity),
        ("Itemization Type", "Physical Good"),
    ]);
}
