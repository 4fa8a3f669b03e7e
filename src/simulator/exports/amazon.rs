//! Amazon's order report: tab-separated, a row per order item, paid orders only.

use super::{
    form::Form,
    format::{clock, day, plain},
    sale::{Amount, Habits, Refunds, Sale},
    sheet::{Dialect, PLAIN, Quotes, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "amazon_orders",
    about: "Amazon's order report, tab-separated: a row per order item",
    files: &["amazon_orders.txt"],
    header: &[
        "order-id",
        "order-item-id",
        "purchase-date",
        "payments-date",
        "buyer-email",
        "buyer-name",
        "buyer-phone-number",
        "sku",
        "product-name",
        "quantity-purchased",
        "currency",
        "item-price",
        "item-tax",
        "shipping-price",
        "shipping-tax",
        "ship-service-level",
        "recipient-name",
        "ship-address-1",
        "ship-address-2",
        "ship-address-3",
        "ship-city",
        "ship-state",
        "ship-postal-code",
        "ship-country",
        "ship-phone-number",
        "delivery-start-date",
        "delivery-end-date",
        "delivery-time-zone",
        "delivery-Instructions",
        "sales-channel",
    ],
    dialect: Dialect {
        separator: '\t',
        quotes: Quotes::Never,
        line_end: "\r\n",
        ..PLAIN
    },
    habits: Habits {
        outcomes: &[],
        refunds: Refunds::Beside,
        amount: Amount::Items,
        nameless: 0.0,
    },
    rows,
};

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let digits = sale.id(0, 17).to_string();
    let order = format!("{}-{}-{}", &digits[..3], &digits[3..10], &digits[10..]);
    let stamp = |on: u16, minute: u16| format!("{}T{}:09+00:00", day(on), clock(minute));
    let bought = stamp(sale.event.day, sale.event.minute);
    let name = buyer.name();
    let mail = format!(
        "{}x{:05}@marketplace.amazon.de",
        buyer.user_name, buyer.number
    );
    for (index, item) in sale.items.iter().enumerate() {
        let shipping = if index == 0 { sale.shipping } else { 0 };
        sheet.row(&[
            ("order-id", &order),
            (
                "order-item-id",
                &format!("{:014}", sale.id(1, 12) * 16 + index as u64),
            ),
            ("purchase-date", &bought),
            (
                "payments-date",
                &stamp(sale.event.day, (sale.event.minute + 9).min(1_439)),
            ),
            ("buyer-email", &mail),
            ("buyer-name", &name),
            ("buyer-phone-number", &buyer.phone),
            ("sku", &item.sku),
            ("product-name", &item.name),
            ("quantity-purchased", &item.quantity.to_string()),
            ("currency", "EUR"),
            ("item-price", &plain(item.cents())),
            ("item-tax", &plain(item.cents() * 19 / 119)),
            ("shipping-price", &plain(shipping)),
            ("shipping-tax", &plain(shipping * 19 / 119)),
            ("ship-service-level", "Standard"),
            ("recipient-name", &name),
            ("ship-address-1", &buyer.street),
            ("ship-city", &buyer.city),
            ("ship-postal-code", &buyer.zip),
            ("ship-country", buyer.country_code),
            ("ship-phone-number", &buyer.phone),
            ("sales-channel", "Amazon.de"),
        ]);
    }
}
