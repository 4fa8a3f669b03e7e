//! Shopify's orders export: a row per line item; the order itself stands on its first row only.

use super::{
    form::Form,
    format::{clock, day, plain},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{PLAIN, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "shopify_orders",
    about: "Shopify's orders export: totals on the first row of an order only",
    files: &["orders_export_1.csv"],
    header: &HEADER,
    dialect: PLAIN,
    habits: Habits {
        outcomes: &[
            Outcome::PartlyRefunded,
            Outcome::Refunded,
            Outcome::Cancelled,
            Outcome::Pending,
        ],
        refunds: Refunds::Amount,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows,
};

const HEADER: [&str; 79] = [
    "Name",
    "Email",
    "Financial Status",
    "Paid at",
    "Fulfillment Status",
    "Fulfilled at",
    "Accepts Marketing",
    "Currency",
    "Subtotal",
    "Shipping",
    "Taxes",
    "Total",
    "Discount Code",
    "Discount Amount",
    "Shipping Method",
    "Created at",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem compare at price",
    "Lineitem sku",
    "Lineitem requires shipping",
    "Lineitem taxable",
    "Lineitem fulfillment status",
    "Billing Name",
    "Billing Street",
    "Billing Address1",
    "Billing Address2",
    "Billing Company",
    "Billing City",
    "Billing Zip",
    "Billing Province",
    "Billing Country",
    "Billing Phone",
    "Shipping Name",
    "Shipping Street",
    "Shipping Address1",
    "Shipping Address2",
    "Shipping Company",
    "Shipping City",
    "Shipping Zip",
    "Shipping Province",
    "Shipping Country",
    "Shipping Phone",
    "Notes",
    "Note Attributes",
    "Cancelled at",
    "Payment Method",
    "Payment Reference",
    "Refunded Amount",
    "Vendor",
    "Outstanding Balance",
    "Employee",
    "Location",
    "Device ID",
    "Id",
    "Tags",
    "Risk Level",
    "Source",
    "Lineitem discount",
    "Tax 1 Name",
    "Tax 1 Value",
    "Tax 2 Name",
    "Tax 2 Value",
    "Tax 3 Name",
    "Tax 3 Value",
    "Tax 4 Name",
    "Tax 4 Value",
    "Tax 5 Name",
    "Tax 5 Value",
    "Phone",
    "Receipt Number",
    "Duties",
    "Billing Province Name",
    "Shipping Province Name",
    "Payment ID",
    "Payment Terms Name",
    "Next Payment Due At",
    "Payment References",
];

/// With the offset of the shop's clock, winter and summer.
fn stamp(on: u16, minute: u16) -> String {
    let (_, month, _) = super::format::parts(on);
    let offset = if (4..=10).contains(&month) {
        "+0200"
    } else {
        "+0100"
    };
    format!("{} {}:00 {offset}", day(on), clock(minute))
}

fn status(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Paid => "paid",
        Outcome::PartlyRefunded => "partially_refunded",
        Outcome::Refunded => "refunded",
        Outcome::Cancelled | Outcome::Failed => "voided",
        Outcome::Pending => "pending",
    }
}

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let name = format!("#{}", 1001 + sale.number);
    // A few customers gave nothing but their telephone number.
    let by_phone = sale.buyer.guest && sale.buyer.number.is_multiple_of(3);
    let email = if by_phone { "" } else { &sale.buyer.email };
    for (index, item) in sale.items.iter().enumerate() {
        let quantity = item.quantity.to_string();
        let (price, discount) = (plain(item.unit_cents), plain(item.discount));
        let created = stamp(sale.event.day, sale.event.minute);
        let mut cells = vec![
            ("Name", name.as_str()),
            ("Email", email),
            ("Created at", &created),
            ("Lineitem quantity", &quantity),
            ("Lineitem name", &item.name),
            ("Lineitem price", &price),
            ("Lineitem sku", &item.sku),
            ("Lineitem requires shipping", "true"),
            ("Lineitem taxable", "true"),
            ("Lineitem fulfillment status", "fulfilled"),
            ("Lineitem discount", &discount),
            ("Vendor", "Example Shop"),
            ("Phone", if by_phone { &sale.buyer.phone } else { "" }),
        ];
        if index > 0 {
            sheet.row(&cells);
            continue;
        }
        let first = First::of(sale);
        cells.extend(first.cells(sale));
        sheet.row(&cells);
    }
}

/// Texts of the first row that have to be made.
struct First {
    subtotal: String,
    shipping: String,
    taxes: String,
    total: String,
    discount: String,
    refunded: String,
    outstanding: String,
    paid: String,
    cancelled: String,
    name: String,
    id: String,
}

impl First {
    fn of(sale: &Sale<'_>) -> Self {
        let paid = sale.outcome == Outcome::Paid || sale.outcome.gives_back();
        let when = stamp(sale.event.day, sale.event.minute);
        let owed = if sale.outcome == Outcome::Pending {
            sale.total()
        } else {
            0
        };
        Self {
            subtotal: plain(sale.goods() - sale.discount()),
            shipping: plain(sale.shipping),
            taxes: plain(sale.tax),
            total: plain(sale.total()),
            discount: plain(sale.discount()),
            refunded: plain(sale.refund),
            outstanding: plain(owed),
            paid: if paid { when.clone() } else { String::new() },
            cancelled: match sale.outcome {
                Outcome::Cancelled => when,
                _ => String::new(),
            },
            name: sale.buyer.name(),
            id: sale.id(3, 13).to_string(),
        }
    }

    fn cells<'a>(&'a self, sale: &'a Sale<'_>) -> [(&'static str, &'a str); 28] {
        let buyer = &sale.buyer;
        let fulfilled = if self.paid.is_empty() {
            "unfulfilled"
        } else {
            "fulfilled"
        };
        [
            ("Financial Status", status(sale.outcome)),
            ("Paid at", &self.paid),
            ("Fulfillment Status", fulfilled),
            ("Fulfilled at", &self.paid),
            ("Accepts Marketing", "no"),
            ("Currency", "EUR"),
            ("Subtotal", &self.subtotal),
            ("Shipping", &self.shipping),
            ("Taxes", &self.taxes),
            ("Total", &self.total),
            ("Discount Code", sale.coupon_code()),
            ("Discount Amount", &self.discount),
            ("Shipping Method", "Standard"),
            ("Billing Name", &self.name),
            ("Billing Street", &buyer.street),
            ("Billing City", &buyer.city),
            ("Billing Zip", &buyer.zip),
            ("Billing Country", buyer.country_code),
            ("Shipping Name", &self.name),
            ("Shipping City", &buyer.city),
            ("Shipping Country", buyer.country_code),
            ("Cancelled at", &self.cancelled),
            ("Payment Method", "Shopify Payments"),
            ("Refunded Amount", &self.refunded),
            ("Outstanding Balance", &self.outstanding),
            ("Id", &self.id),
            ("Risk Level", "Low"),
            ("Source", "web"),
        ]
    }
}
