//! The order grid of Magento as CSV: a row per order, leading zeros in its number.

use super::{
    form::Form,
    format::{MONTHS, parts, plain, twelve_hours},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{PLAIN, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "magento_orders",
    about: "Magento's order grid: leading zeros, four decimals, closed orders",
    files: &["export.csv"],
    header: &[
        "ID",
        "Purchase Point",
        "Purchase Date",
        "Bill-to Name",
        "Ship-to Name",
        "Grand Total (Base)",
        "Grand Total (Purchased)",
        "Status",
        "Billing Address",
        "Shipping Address",
        "Shipping Information",
        "Customer Email",
        "Customer Group",
        "Subtotal",
        "Shipping and Handling",
        "Customer Name",
        "Payment Method",
        "Total Refunded",
        "Allocated sources",
    ],
    dialect: PLAIN,
    habits: Habits {
        outcomes: &[
            Outcome::PartlyRefunded,
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

/// Money as the database keeps it.
fn stored(cents: u64) -> String {
    format!("{}00", plain(cents))
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let status = match sale.outcome {
        Outcome::Paid if sale.number.is_multiple_of(6) => "Processing",
        Outcome::Paid | Outcome::PartlyRefunded => "Complete",
        Outcome::Refunded => "Closed",
        Outcome::Cancelled => "Canceled",
        Outcome::Failed => "Suspected Fraud",
        Outcome::Pending => "Pending Payment",
    };
    let (year, month, day) = parts(sale.event.day);
    let when = format!(
        "{} {day}, {year} {}",
        MONTHS[month as usize - 1],
        twelve_hours(sale.event.minute)
    );
    let address = format!(
        "{},{},{},{}",
        buyer.street, buyer.city, buyer.zip, buyer.country_code
    );
    let name = buyer.name();
    let refunded = if sale.refund > 0 {
        stored(sale.refund)
    } else {
        String::new()
    };
    sheet.row(&[
        ("ID", &format!("{:09}", 1 + sale.number)),
        ("Purchase Point", "Main Website Main Store Default View"),
        ("Purchase Date", &when),
        ("Bill-to Name", &name),
        ("Ship-to Name", &name),
        ("Grand Total (Base)", &stored(sale.total())),
        ("Grand Total (Purchased)", &stored(sale.total())),
        ("Status", status),
        ("Billing Address", &address),
        ("Shipping Address", &address),
        ("Shipping Information", "Flat Rate - Fixed"),
        ("Customer Email", &buyer.email),
        (
            "Customer Group",
            if buyer.guest {
                "NOT LOGGED IN"
            } else {
                "General"
            },
        ),
        ("Subtotal", &stored(sale.goods())),
        ("Shipping and Handling", &stored(sale.shipping)),
        ("Customer Name", &name),
        ("Payment Method", "checkmo"),
        ("Total Refunded", &refunded),
    ]);
}
