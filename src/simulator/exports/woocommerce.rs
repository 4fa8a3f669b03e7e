//! `WooCommerce`: the report of its Analytics pages, and what order-export plugins write.

use super::{
    form::Form,
    format::{clock, day, grouped, plain},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{Dialect, PLAIN, Quotes, Sheet},
};

const OUTCOMES: [Outcome; 5] = [
    Outcome::PartlyRefunded,
    Outcome::Refunded,
    Outcome::Cancelled,
    Outcome::Failed,
    Outcome::Pending,
];

const HABITS: Habits = Habits {
    outcomes: &OUTCOMES,
    refunds: Refunds::Beside,
    amount: Amount::Total,
    nameless: 0.0,
};

pub(super) const REPORT: Form = Form {
    name: "woocommerce_report",
    about: "The orders report of WooCommerce Analytics: refunds as rows of their own",
    files: &["wc-orders-report-export.csv"],
    header: &[
        "Date",
        "Order #",
        "N. Revenue (formatted)",
        "Status",
        "Customer",
        "Customer type",
        "Product(s)",
        "Items sold",
        "Coupon(s)",
        "Net Sales",
        "Attribution",
    ],
    dialect: PLAIN,
    habits: HABITS,
    rows: report_rows,
};

pub(super) const ORDERS: Form = Form {
    name: "woocommerce_orders",
    about: "A WooCommerce order-export plugin: the order repeated on each of its lines",
    files: &["orders-export.csv"],
    header: &ORDERS_HEADER,
    dialect: Dialect {
        quotes: Quotes::Texts,
        line_end: "\r\n",
        ..PLAIN
    },
    habits: HABITS,
    rows: order_rows,
};

fn report_rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let status = match sale.outcome {
        Outcome::Paid | Outcome::PartlyRefunded => "completed",
        Outcome::Refunded => "refunded",
        Outcome::Cancelled => "cancelled",
        Outcome::Failed => "failed",
        Outcome::Pending => "on-hold",
    };
    let net = sale.goods() - sale.discount();
    let number = (2_000 + sale.number).to_string();
    let (name, products) = (sale.buyer.name(), sale.basket_text("× "));
    let kind = if sale.event.number == 0 {
        "new"
    } else {
        "returning"
    };
    let mut row = |on: u16, total: &str, net: &str, sold: &str| {
        sheet.row(&[
            (
                "Date",
                &format!("{} {}:12", day(on), clock(sale.event.minute)),
            ),
            ("Order #", &number),
            ("N. Revenue (formatted)", total),
            ("Status", status),
            ("Customer", &name),
            ("Customer type", kind),
            ("Product(s)", &products),
            ("Items sold", sold),
            ("Coupon(s)", sale.coupon_code()),
            ("Net Sales", net),
            ("Attribution", sale.channel),
        ]);
    };
    let total = format!("€{}", grouped(sale.total()));
    let sold = sale.quantity().to_string();
    row(sale.event.day, &total, &plain(net), &sold);
    if sale.outcome.gives_back() {
        // Of the goods as much as of the whole.
        let of_goods = sale.refund * net / sale.total().max(1);
        let total = format!("-€{}", grouped(sale.refund));
        row(
            sale.refund_day,
            &total,
            &format!("-{}", plain(of_goods)),
            "0",
        );
    }
}

const ORDERS_HEADER: [&str; 36] = [
    "Order Number",
    "Order Status",
    "Order Date",
    "Customer Note",
    "First Name (Billing)",
    "Last Name (Billing)",
    "Company (Billing)",
    "Address 1&2 (Billing)",
    "City (Billing)",
    "State Code (Billing)",
    "Postcode (Billing)",
    "Country Code (Billing)",
    "Email (Billing)",
    "Phone (Billing)",
    "First Name (Shipping)",
    "Last Name (Shipping)",
    "Address 1&2 (Shipping)",
    "City (Shipping)",
    "State Code (Shipping)",
    "Postcode (Shipping)",
    "Country Code (Shipping)",
    "Payment Method Title",
    "Cart Discount Amount",
    "Order Subtotal Amount",
    "Shipping Method Title",
    "Order Shipping Amount",
    "Order Refund Amount",
    "Order Total Amount",
    "Order Total Tax Amount",
    "SKU",
    "Item #",
    "Item Name",
    "Quantity (- Refund)",
    "Item Cost",
    "Coupon Code",
    "Discount Amount",
];

fn order_rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let status = match sale.outcome {
        Outcome::Paid | Outcome::PartlyRefunded => {
            if sale.number.is_multiple_of(5) {
                "Processing"
            } else {
                "Completed"
            }
        }
        Outcome::Refunded => "Refunded",
        Outcome::Cancelled => "Cancelled",
        Outcome::Failed => "Failed",
        Outcome::Pending => "Pending payment",
    };
    let number = (5_000 + sale.number).to_string();
    let when = format!("{} {}", day(sale.event.day), clock(sale.event.minute));
    let (subtotal, total) = (plain(sale.goods()), plain(sale.total()));
    let (discount, refund) = (plain(sale.discount()), plain(sale.refund));
    let (shipping, tax) = (plain(sale.shipping), plain(sale.tax));
    for (index, item) in sale.items.iter().enumerate() {
        sheet.row(&[
            ("Order Number", &number),
            ("Order Status", status),
            ("Order Date", &when),
            ("First Name (Billing)", buyer.first_name),
            ("Last Name (Billing)", &buyer.last_name),
            ("Address 1&2 (Billing)", &buyer.street),
            ("City (Billing)", &buyer.city),
            ("Postcode (Billing)", &buyer.zip),
            ("Country Code (Billing)", buyer.country_code),
            ("Email (Billing)", &buyer.email),
            ("Phone (Billing)", &buyer.phone),
            ("First Name (Shipping)", buyer.first_name),
            ("Last Name (Shipping)", &buyer.last_name),
            ("Payment Method Title", "Credit card (Stripe)"),
            ("Cart Discount Amount", &discount),
            ("Order Subtotal Amount", &subtotal),
            ("Shipping Method Title", "Flat rate"),
            ("Order Shipping Amount", &shipping),
            ("Order Refund Amount", &refund),
            ("Order Total Amount", &total),
            ("Order Total Tax Amount", &tax),
            ("SKU", &item.sku),
            ("Item #", &(index + 1).to_string()),
            ("Item Name", &item.name),
            ("Quantity (- Refund)", &item.quantity.to_string()),
            ("Item Cost", &plain(item.unit_cents)),
            ("Coupon Code", sale.coupon_code()),
            ("Discount Amount", &plain(item.discount)),
        ]);
    }
}
