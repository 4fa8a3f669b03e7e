//! `PayPal`'s activity download: payments, refunds, and movements that are no trade at all.

use super::{
    form::Form,
    format::{clock, grouped, parts},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{Dialect, PLAIN, Quotes, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "paypal_activity",
    about: "PayPal's activity: refunds and withdrawals as negative rows",
    files: &["Download.CSV"],
    header: &[
        "Date",
        "Time",
        "TimeZone",
        "Name",
        "Type",
        "Status",
        "Currency",
        "Gross",
        "Fee",
        "Net",
        "From Email Address",
        "To Email Address",
        "Transaction ID",
        "Shipping Address",
        "Address Status",
        "Item Title",
        "Item ID",
        "Shipping and Handling Amount",
        "Insurance Amount",
        "Sales Tax",
        "Reference Txn ID",
        "Invoice Number",
        "Custom Number",
        "Quantity",
        "Receipt ID",
        "Balance",
        "Address Line 1",
        "Town/City",
        "Zip/Postal Code",
        "Country",
        "Contact Phone Number",
        "Subject",
        "Note",
        "Country Code",
        "Balance Impact",
    ],
    dialect: Dialect {
        quotes: Quotes::Always,
        mark: true,
        line_end: "\r\n",
        ..PLAIN
    },
    habits: Habits {
        outcomes: &[
            Outcome::PartlyRefunded,
            Outcome::Refunded,
            Outcome::Failed,
            Outcome::Pending,
        ],
        refunds: Refunds::Rows,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows,
};

const SHOP: &str = "accounts@example-shop.test";

/// A movement of the account.
struct Movement<'a> {
    on: u16,
    minute: u16,
    name: &'a str,
    kind: &'a str,
    status: &'a str,
    cents: u64,
    fee: u64,
    out: bool,
    from: &'a str,
    to: &'a str,
    id: String,
    reference: &'a str,
    title: &'a str,
    country_code: &'a str,
}

fn id(number: u64, salt: u64) -> String {
    // Seventeen letters and digits, the number inside so that no two are alike.
    const SIGNS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ12345678";
    let mut rest = (number * 4 + salt) * 2_654_435_761;
    let mut text = String::from("9");
    for _ in 0..13 {
        text.push(char::from(SIGNS[(rest % 32) as usize]));
        rest /= 32;
    }
    text.push_str("7XL");
    text
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let name = sale.buyer.name();
    let (total, noted) = (sale.total(), sale.basket_text(" x "));
    let payment = id(sale.number, 0);
    let bought = Movement {
        on: sale.event.day,
        minute: sale.event.minute,
        name: &name,
        kind: "Express Checkout Payment",
        status: match sale.outcome {
            Outcome::Failed => "Denied",
            Outcome::Pending => "Pending",
            _ => "Completed",
        },
        cents: total,
        fee: total * 29 / 1_000 + 35,
        out: false,
        from: &sale.buyer.email,
        to: SHOP,
        id: payment.clone(),
        reference: "",
        title: &noted,
        country_code: sale.buyer.country_code,
    };
    movement(sheet, &bought);
    if sale.outcome.gives_back() {
        let back = Movement {
            on: sale.refund_day,
            kind: "Payment Refund",
            status: "Completed",
            cents: sale.refund,
            fee: 0,
            out: true,
            from: SHOP,
            to: &sale.buyer.email,
            id: id(sale.number, 1),
            reference: &payment,
            ..bought
        };
        movement(sheet, &back);
    }
    no_trade(sale, sheet);
}

/// Movements that are nobody's purchase: now and then money goes to the bank, or the shop buys labels.
fn no_trade(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let withdrawal = Movement {
        on: sale.event.day,
        minute: 1_380,
        name: "",
        kind: "General Withdrawal",
        status: "Completed",
        cents: 50_000 + sale.noise % 100_000,
        fee: 0,
        out: true,
        from: "",
        to: "",
        id: id(sale.number, 2),
        reference: "",
        title: "",
        country_code: "",
    };
    if sale.number % 40 == 39 {
        movement(sheet, &withdrawal);
    }
    if sale.number % 90 == 45 {
        let labels = Movement {
            minute: 600,
            name: "Parcel Service",
            kind: "PreApproved Payment Bill User Payment",
            cents: 1_990,
            from: SHOP,
            to: "billing@parcels.test",
            id: id(sale.number, 3),
            title: "Labels",
            country_code: "DE",
            ..withdrawal
        };
        movement(sheet, &labels);
    }
}

fn movement(sheet: &mut Sheet<'_>, movement: &Movement<'_>) {
    let (year, month, day) = parts(movement.on);
    let sign = if movement.out { "-" } else { "" };
    let fee_sign = if movement.fee > 0 { "-" } else { "" };
    let net = movement.cents.saturating_sub(movement.fee);
    sheet.row(&[
        ("Date", &format!("{day:02}/{month:02}/{year}")),
        ("Time", &format!("{}:27", clock(movement.minute))),
        ("TimeZone", "CET"),
        ("Name", movement.name),
        ("Type", movement.kind),
        ("Status", movement.status),
        ("Currency", "EUR"),
        ("Gross", &format!("{sign}{}", grouped(movement.cents))),
        ("Fee", &format!("{fee_sign}{}", grouped(movement.fee))),
        ("Net", &format!("{sign}{}", grouped(net))),
        ("From Email Address", movement.from),
        ("To Email Address", movement.to),
        ("Transaction ID", &movement.id),
        ("Item Title", movement.title),
        ("Shipping and Handling Amount", "0.00"),
        ("Sales Tax", "0.00"),
        ("Reference Txn ID", movement.reference),
        ("Balance", &grouped(movement.cents * 7)),
        ("Country Code", movement.country_code),
        (
            "Balance Impact",
            if movement.out { "Debit" } else { "Credit" },
        ),
    ]);
}
