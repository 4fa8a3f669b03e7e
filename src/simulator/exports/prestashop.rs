//! `PrestaShop`'s list of orders: semicolons, `49,90 €`, a customer is an initial and a family name.

use super::{
    form::Form,
    format::{clock, day, german},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{Dialect, PLAIN, Quotes, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "prestashop_orders",
    about: "PrestaShop's list of orders: semicolons, decimal commas, currency signs",
    files: &["order_export.csv"],
    header: &[
        "ID",
        "Reference",
        "New client",
        "Delivery",
        "Customer",
        "Total",
        "Payment",
        "Status",
        "Date",
    ],
    dialect: Dialect {
        separator: ';',
        quotes: Quotes::Texts,
        ..PLAIN
    },
    habits: Habits {
        outcomes: &[
            Outcome::Refunded,
            Outcome::Cancelled,
            Outcome::Failed,
            Outcome::Pending,
        ],
        refunds: Refunds::Beside,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows,
};

/// Nine capital letters, different for every order.
fn reference(number: u64) -> String {
    let mut rest = (number + 1) * 2_654_435_761 % 26_u64.pow(9);
    let mut text = String::new();
    for _ in 0..9 {
        text.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    text
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let status = match sale.outcome {
        Outcome::Paid | Outcome::PartlyRefunded => [
            "Delivered",
            "Payment accepted",
            "Shipped",
            "Remote payment accepted",
        ][(sale.noise % 4) as usize],
        Outcome::Refunded => "Refunded",
        Outcome::Cancelled => "Canceled",
        Outcome::Failed => "Payment error",
        Outcome::Pending => "Awaiting bank wire payment",
    };
    let customer = format!(
        "{}. {}",
        &sale.buyer.first_name[..1],
        sale.buyer.last_name.to_uppercase()
    );
    sheet.row(&[
        ("ID", &(1 + sale.number).to_string()),
        ("Reference", &reference(sale.number)),
        ("New client", if sale.event.number == 0 { "1" } else { "0" }),
        ("Delivery", sale.buyer.country),
        ("Customer", &customer),
        ("Total", &format!("{} €", german(sale.total()))),
        ("Payment", "Bank wire"),
        ("Status", status),
        (
            "Date",
            &format!("{} {}:02", day(sale.event.day), clock(sale.event.minute)),
        ),
    ]);
}
