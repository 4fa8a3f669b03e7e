//! Stripe's payments export: a row per charge, what went back beside it.

use super::{
    form::Form,
    format::{clock, day, plain},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{PLAIN, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "stripe_payments",
    about: "Stripe's payments export: amount refunded beside the amount",
    files: &["unified_payments.csv"],
    header: &[
        "id",
        "Created date (UTC)",
        "Amount",
        "Amount Refunded",
        "Currency",
        "Captured",
        "Converted Amount",
        "Converted Amount Refunded",
        "Converted Currency",
        "Decline Reason",
        "Description",
        "Fee",
        "Refunded date (UTC)",
        "Statement Descriptor",
        "Status",
        "Seller Message",
        "Taxes On Fee",
        "Card ID",
        "Customer ID",
        "Customer Description",
        "Customer Email",
        "Invoice ID",
        "Transfer",
        "PaymentIntent ID",
        "Payment Source Type",
    ],
    dialect: PLAIN,
    habits: Habits {
        outcomes: &[Outcome::PartlyRefunded, Outcome::Refunded, Outcome::Failed],
        refunds: Refunds::Beside,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows,
};

/// Letters and digits of an id, the same for the same number.
fn code(mut number: u64, length: usize) -> String {
    const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut text = String::with_capacity(length);
    for _ in 0..length {
        text.push(char::from(SIGNS[(number % 62) as usize]));
        number /= 62;
    }
    text
}

fn status(outcome: Outcome) -> [&'static str; 2] {
    const DONE: &str = "Payment complete.";
    const DECLINED: &str = "The bank did not return any further details with this decline.";
    match outcome {
        Outcome::Refunded => ["Refunded", DONE],
        Outcome::Failed => ["Failed", DECLINED],
        _ => ["Paid", DONE],
    }
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let failed = sale.outcome == Outcome::Failed;
    let [status, message] = status(sale.outcome);
    // The number stands first so that no two ids are alike.
    let id = format!("ch_3{}{}", code(sale.id(1, 12), 8), code(sale.noise, 10));
    let customer = if buyer.guest {
        String::new()
    } else {
        format!(
            "cus_{}{}",
            code(buyer.number * 7_919 + 1_000_003, 6),
            code(buyer.number, 4)
        )
    };
    let amount = plain(sale.total());
    let refunded = plain(sale.refund);
    let fee = if failed {
        0
    } else {
        sale.total() * 14 / 1_000 + 25
    };
    let refund_date = if sale.outcome.gives_back() {
        format!("{} 10:00:00", day(sale.refund_day))
    } else {
        String::new()
    };
    sheet.row(&[
        ("id", &id),
        (
            "Created date (UTC)",
            &format!("{} {}:31", day(sale.event.day), clock(sale.event.minute)),
        ),
        ("Amount", &amount),
        ("Amount Refunded", &refunded),
        ("Currency", "eur"),
        ("Captured", if failed { "false" } else { "true" }),
        ("Converted Amount", &amount),
        ("Converted Amount Refunded", &refunded),
        ("Converted Currency", "eur"),
        (
            "Decline Reason",
            if failed { "generic_decline" } else { "" },
        ),
        ("Description", &format!("Order {}", 10_000 + sale.number)),
        ("Fee", &plain(fee)),
        ("Refunded date (UTC)", &refund_date),
        ("Statement Descriptor", "EXAMPLE SHOP"),
        ("Status", status),
        ("Seller Message", message),
        ("Taxes On Fee", "0.00"),
        ("Card ID", &format!("pm_1{}", code(sale.noise, 16))),
        ("Customer ID", &customer),
        ("Customer Email", &buyer.email),
        ("PaymentIntent ID", &format!("pi_3{}", code(sale.noise, 18))),
        ("Payment Source Type", "card"),
    ]);
}
