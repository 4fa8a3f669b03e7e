//! Etsy's two downloads: sold orders, and sold order items.

use super::{
    form::Form,
    format::{parts, plain},
    sale::{Amount, Habits, Outcome, Refunds, Sale},
    sheet::{Dialect, PLAIN, Quotes, Sheet},
};

const DIALECT: Dialect = Dialect {
    quotes: Quotes::Texts,
    ..PLAIN
};

pub(super) const ORDERS: Form = Form {
    name: "etsy_orders",
    about: "Etsy's sold orders: a row per order, an adjusted total where money went back",
    files: &["EtsySoldOrders.csv"],
    header: &ORDERS_HEADER,
    dialect: DIALECT,
    habits: Habits {
        outcomes: &[Outcome::PartlyRefunded],
        refunds: Refunds::Beside,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows: order_rows,
};

pub(super) const ITEMS: Form = Form {
    name: "etsy_items",
    about: "Etsy's sold order items: a row per line, its discount beside it",
    files: &["EtsySoldOrderItems.csv"],
    header: &ITEMS_HEADER,
    dialect: DIALECT,
    habits: Habits {
        outcomes: &[],
        refunds: Refunds::Beside,
        amount: Amount::ItemsLessDiscount,
        nameless: 0.0,
    },
    rows: item_rows,
};

const ORDERS_HEADER: [&str; 36] = [
    "Sale Date",
    "Order ID",
    "Buyer User ID",
    "Full Name",
    "First Name",
    "Last Name",
    "Number of Items",
    "Payment Method",
    "Date Shipped",
    "Street 1",
    "Street 2",
    "Ship City",
    "Ship State",
    "Ship Zipcode",
    "Ship Country",
    "Currency",
    "Order Value",
    "Coupon Code",
    "Coupon Details",
    "Discount Amount",
    "Shipping Discount",
    "Shipping",
    "Sales Tax",
    "Order Total",
    "Status",
    "Card Processing Fees",
    "Order Net",
    "Adjusted Order Total",
    "Adjusted Card Processing Fees",
    "Adjusted Net Order Amount",
    "Buyer",
    "Order Type",
    "Payment Type",
    "InPerson Discount",
    "InPerson Location",
    "SKU",
];

const ITEMS_HEADER: [&str; 33] = [
    "Sale Date",
    "Item Name",
    "Buyer",
    "Quantity",
    "Price",
    "Coupon Code",
    "Coupon Details",
    "Discount Amount",
    "Shipping Discount",
    "Order Shipping",
    "Order Sales Tax",
    "Item Total",
    "Currency",
    "Transaction ID",
    "Listing ID",
    "Date Paid",
    "Date Shipped",
    "Ship Name",
    "Ship Address1",
    "Ship Address2",
    "Ship City",
    "Ship State",
    "Ship Zipcode",
    "Ship Country",
    "Order ID",
    "Variations",
    "Order Type",
    "Listings Type",
    "Payment Type",
    "InPerson Discount",
    "InPerson Location",
    "VAT Paid by Buyer",
    "SKU",
];

/// `03/05/24`
fn short(day: u16) -> String {
    let (year, month, day) = parts(day);
    format!("{month:02}/{day:02}/{:02}", year % 100)
}

fn order_rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let total = sale.total();
    let fees = total * 4 / 100 + 30;
    let after = match sale.outcome {
        Outcome::PartlyRefunded => total - sale.refund,
        _ => 0,
    };
    let after_fees = if after == 0 {
        0
    } else {
        (after * 4 / 100 + 30).min(after)
    };
    let skus: Vec<&str> = sale.items.iter().map(|item| item.sku.as_str()).collect();
    sheet.row(&[
        ("Sale Date", &short(sale.event.day)),
        ("Order ID", &sale.id(0, 10).to_string()),
        (
            "Buyer User ID",
            &(30_000_000 + buyer.number * 13).to_string(),
        ),
        ("Full Name", &buyer.name()),
        ("First Name", buyer.first_name),
        ("Last Name", &buyer.last_name),
        ("Number of Items", &sale.quantity().to_string()),
        ("Payment Method", "Credit Card"),
        ("Date Shipped", &short(sale.event.day + 2)),
        ("Street 1", &buyer.street),
        ("Ship City", &buyer.city),
        ("Ship Zipcode", &buyer.zip),
        ("Ship Country", buyer.country),
        ("Currency", "USD"),
        ("Order Value", &plain(sale.goods())),
        ("Coupon Code", sale.coupon_code()),
        ("Coupon Details", if sale.coupon { "10% off" } else { "" }),
        ("Discount Amount", &plain(sale.discount())),
        ("Shipping Discount", "0.00"),
        ("Shipping", &plain(sale.shipping)),
        ("Sales Tax", &plain(sale.tax)),
        ("Order Total", &plain(total)),
        ("Card Processing Fees", &plain(fees)),
        ("Order Net", &plain(total.saturating_sub(fees))),
        ("Adjusted Order Total", &plain(after)),
        ("Adjusted Card Processing Fees", &plain(after_fees)),
        ("Adjusted Net Order Amount", &plain(after - after_fees)),
        ("Buyer", &format!("{} ({})", buyer.name(), buyer.user_name)),
        ("Order Type", "online"),
        ("Payment Type", "online_cc"),
        ("SKU", &skus.join(",")),
    ]);
}

fn item_rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let (bought, shipped) = (short(sale.event.day), short(sale.event.day + 2));
    let name = buyer.name();
    let who = format!("{name} ({})", buyer.user_name);
    let order = sale.id(0, 10).to_string();
    for (index, item) in sale.items.iter().enumerate() {
        sheet.row(&[
            ("Sale Date", &bought),
            ("Item Name", &item.name),
            ("Buyer", &who),
            ("Quantity", &item.quantity.to_string()),
            ("Price", &plain(item.unit_cents)),
            ("Coupon Code", sale.coupon_code()),
            ("Coupon Details", if sale.coupon { "10% off" } else { "" }),
            ("Discount Amount", &plain(item.discount)),
            ("Shipping Discount", "0.00"),
            ("Order Shipping", &plain(sale.shipping)),
            ("Order Sales Tax", &plain(sale.tax)),
            ("Item Total", &plain(item.cents())),
            ("Currency", "USD"),
            (
                "Transaction ID",
                &(sale.id(1, 10) * 16 + index as u64).to_string(),
            ),
            (
                "Listing ID",
                &(900_000_000 + sale.noise % 40_000).to_string(),
            ),
            ("Date Paid", &bought),
            ("Date Shipped", &shipped),
            ("Ship Name", &name),
            ("Ship Address1", &buyer.street),
            ("Ship City", &buyer.city),
            ("Ship Zipcode", &buyer.zip),
            ("Ship Country", buyer.country),
            ("Order ID", &order),
            ("Variations", "Color:Gray"),
            ("Order Type", "online"),
            ("Listings Type", "listing"),
            ("Payment Type", "online_cc"),
            ("VAT Paid by Buyer", "0.00"),
            ("SKU", &item.sku),
        ]);
    }
}
