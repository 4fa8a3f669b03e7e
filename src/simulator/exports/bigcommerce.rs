//! `BigCommerce`'s orders export: a row per order; guests share the customer id 0.

use super::{
    form::Form,
    format::{parts, plain},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{PLAIN, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "bigcommerce_orders",
    about: "BigCommerce's orders export: guests share the customer id 0",
    files: &["orders.csv"],
    header: &HEADER,
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

const HEADER: [&str; 44] = [
    "Order ID",
    "Customer ID",
    "Customer Name",
    "Customer Email",
    "Customer Phone",
    "Order Date",
    "Order Status",
    "Subtotal (inc tax)",
    "Subtotal (ex tax)",
    "Tax Total",
    "Shipping Cost (inc tax)",
    "Shipping Cost (ex tax)",
    "Ship Method",
    "Handling Cost (inc tax)",
    "Handling Cost (ex tax)",
    "Store Credit Redeemed",
    "Gift Certificate Amount Redeemed",
    "Gift Certificate Code",
    "Gift Certificate Expiration Date",
    "Coupon Details",
    "Order Total (inc tax)",
    "Order Total (ex tax)",
    "Payment Method",
    "Total Quantity",
    "Total Shipped",
    "Date Shipped",
    "Order Currency Code",
    "Exchange Rate",
    "Order Notes",
    "Customer Message",
    "Billing First Name",
    "Billing Last Name",
    "Billing Company",
    "Billing Street 1",
    "Billing Suburb",
    "Billing State",
    "Billing Zip",
    "Billing Country",
    "Billing Email",
    "Shipping Country",
    "Product Details",
    "Refund Amount",
    "Channel ID",
    "Channel Name",
];

fn american(day: u16) -> String {
    let (year, month, day) = parts(day);
    format!("{month:02}/{day:02}/{year}")
}

fn status(sale: &Sale<'_>) -> &'static str {
    match sale.outcome {
        Outcome::Paid => {
            ["Completed", "Completed", "Shipped", "Awaiting Fulfillment"][(sale.noise % 4) as usize]
        }
        Outcome::PartlyRefunded => "Partially Refunded",
        Outcome::Refunded => "Refunded",
        Outcome::Cancelled => "Cancelled",
        Outcome::Failed => "Declined",
        Outcome::Pending => "Awaiting Payment",
    }
}

/// All items in one cell, their prices among them.
fn details(sale: &Sale<'_>) -> String {
    let items = sale.items.iter().map(|item| {
        format!(
            "Product ID: {}, Product Qty: {}, Product SKU: {}, Product Name: {}, Product Unit Price: {}, Product Total Price: {}",
            item.cents() % 997,
            item.quantity,
            item.sku,
            item.name,
            plain(item.unit_cents),
            plain(item.cents()),
        )
    });
    items.collect::<Vec<_>>().join("|")
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let customer = if buyer.guest { 0 } else { buyer.number };
    let goods = sale.goods() - sale.discount();
    let quantity = sale.quantity().to_string();
    let shipped = if sale.outcome == Outcome::Paid {
        american(sale.event.day + 1)
    } else {
        String::new()
    };
    sheet.row(&[
        ("Order ID", &(100 + sale.number).to_string()),
        ("Customer ID", &customer.to_string()),
        ("Customer Name", &buyer.name()),
        ("Customer Email", &buyer.email),
        ("Customer Phone", &buyer.phone),
        ("Order Date", &american(sale.event.day)),
        ("Order Status", status(sale)),
        ("Subtotal (inc tax)", &plain(goods + sale.tax)),
        ("Subtotal (ex tax)", &plain(goods)),
        ("Tax Total", &plain(sale.tax)),
        ("Shipping Cost (inc tax)", &plain(sale.shipping)),
        ("Shipping Cost (ex tax)", &plain(sale.shipping)),
        ("Ship Method", "Flat Rate"),
        ("Handling Cost (inc tax)", "0.00"),
        ("Handling Cost (ex tax)", "0.00"),
        ("Store Credit Redeemed", "0.00"),
        ("Gift Certificate Amount Redeemed", "0.00"),
        ("Coupon Details", sale.coupon_code()),
        ("Order Total (inc tax)", &plain(sale.total())),
        ("Order Total (ex tax)", &plain(sale.total() - sale.tax)),
        ("Payment Method", "Credit Card"),
        ("Total Quantity", &quantity),
        (
            "Total Shipped",
            if shipped.is_empty() { "0" } else { &quantity },
        ),
        ("Date Shipped", &shipped),
        ("Order Currency Code", "USD"),
        ("Exchange Rate", "1.0000000000"),
        ("Billing First Name", buyer.first_name),
        ("Billing Last Name", &buyer.last_name),
        ("Billing Street 1", &buyer.street),
        ("Billing Suburb", &buyer.city),
        ("Billing Zip", &buyer.zip),
        ("Billing Country", buyer.country),
        ("Billing Email", &buyer.email),
        ("Shipping Country", buyer.country),
        ("Product Details", &details(sale)),
        ("Refund Amount", &plain(sale.refund)),
        ("Channel ID", "1"),
        ("Channel Name", "Example Shop"),
    ]);
}
