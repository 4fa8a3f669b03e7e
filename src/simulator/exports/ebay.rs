//! eBay's orders report: a line of commas above the header, an empty row under it, two lines at the end;
//! an order of several items has a row of its own above those of its items.

use super::{
    form::Form,
    format::{MONTHS, grouped, parts},
    sale::{Amount, Habits, Refunds, Sale},
    sheet::{Dialect, PLAIN, Quotes, Sheet},
};

pub(super) const FORM: Form = Form {
    name: "ebay_orders",
    about: "eBay's orders report: lines above and below the table, item rows without a total",
    files: &["eBay-OrdersReport.csv"],
    header: &HEADER,
    dialect: Dialect {
        quotes: Quotes::Always,
        line_end: "\r\n",
        mark: true,
        ..PLAIN
    },
    habits: Habits {
        outcomes: &[],
        refunds: Refunds::Beside,
        amount: Amount::Total,
        nameless: 0.0,
    },
    rows,
};

const HEADER: [&str; 52] = [
    "Sales Record Number",
    "Order Number",
    "Buyer Username",
    "Buyer Name",
    "Buyer Email",
    "Buyer Note",
    "Buyer Address 1",
    "Buyer Address 2",
    "Buyer City",
    "Buyer State",
    "Buyer Zip",
    "Buyer Country",
    "Ship To Name",
    "Ship To Phone",
    "Ship To Address 1",
    "Ship To Address 2",
    "Ship To City",
    "Ship To State",
    "Ship To Zip",
    "Ship To Country",
    "Item Number",
    "Item Title",
    "Custom Label",
    "Sold Via Promoted Listings",
    "Quantity",
    "Sold For",
    "Shipping And Handling",
    "Item Location",
    "Item Zip Code",
    "Item Country",
    "Tax Status",
    "Seller Collected Tax",
    "eBay Collected Tax",
    "eBay Collected Charges",
    "Total Price",
    "eBay Collected Tax and Fees Included in Total",
    "Payment Method",
    "Sale Date",
    "Paid On Date",
    "Ship By Date",
    "Minimum Estimated Delivery Date",
    "Maximum Estimated Delivery Date",
    "Shipped On Date",
    "Feedback Left",
    "Feedback Received",
    "My Item Note",
    "Shipping Service",
    "Tracking Number",
    "Transaction ID",
    "Variation Details",
    "Global Shipping Program",
    "eBay Plus",
];

/// The line above the header.
pub(super) fn above(columns: usize) -> Vec<u8> {
    let mut line = vec![b','; columns - 1];
    line.extend_from_slice(b"\r\n");
    line
}

/// The lines below the table.
pub(super) fn below(rows: u64) -> Vec<u8> {
    format!("\r\n{rows},record(s) downloaded,\r\nSeller ID : example_shop\r\n").into_bytes()
}

/// `Mar-05-24`
fn short(day: u16) -> String {
    let (year, month, day) = parts(day);
    format!("{}-{day:02}-{:02}", MONTHS[month as usize - 1], year % 100)
}

fn pounds(cents: u64) -> String {
    format!("£{}", grouped(cents))
}

type Cells = Vec<(&'static str, String)>;

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let single = sale.items.len() == 1;
    let mut first = of_everyone(sale);
    first.extend(of_order(sale));
    if single {
        first.extend(of_item(sale, 0));
    }
    put(sheet, &first);
    if single {
        return;
    }
    for (index, item) in sale.items.iter().enumerate() {
        let mut row = of_everyone(sale);
        row.extend(of_item(sale, index));
        row.push(("Quantity", item.quantity.to_string()));
        row.push(("Sold For", pounds(item.paid())));
        put(sheet, &row);
    }
}

/// What stands on every row of an order.
fn of_everyone(sale: &Sale<'_>) -> Cells {
    let shop = sale.noise % 30;
    let order = format!(
        "{shop:02}-{:05}-{:05}",
        10_000 + sale.noise % 5_000,
        sale.number
    );
    vec![
        ("Sales Record Number", (100 + sale.number).to_string()),
        ("Order Number", order),
        ("Buyer Username", sale.buyer.user_name.clone()),
        ("Sale Date", short(sale.event.day)),
        ("Paid On Date", short(sale.event.day)),
    ]
}

/// What stands on the first row only.
fn of_order(sale: &Sale<'_>) -> Cells {
    let buyer = &sale.buyer;
    let text = str::to_owned;
    vec![
        ("Buyer Name", buyer.name()),
        ("Buyer Email", buyer.email.clone()),
        ("Buyer Address 1", buyer.street.clone()),
        ("Buyer City", buyer.city.clone()),
        ("Buyer Zip", buyer.zip.clone()),
        ("Buyer Country", text(buyer.country)),
        ("Ship To Name", buyer.name()),
        ("Quantity", sale.quantity().to_string()),
        ("Sold For", pounds(sale.goods() - sale.discount())),
        ("Shipping And Handling", pounds(sale.shipping)),
        ("eBay Collected Tax", pounds(sale.tax)),
        ("Seller Collected Tax", pounds(0)),
        ("Total Price", pounds(sale.total())),
        ("eBay Collected Tax and Fees Included in Total", text("Yes")),
        ("Payment Method", text("Credit card")),
        ("Ship By Date", short(sale.event.day + 2)),
        ("Shipped On Date", short(sale.event.day + 1)),
        ("Feedback Left", text("No")),
        ("eBay Plus", text("No")),
    ]
}

fn of_item(sale: &Sale<'_>, index: usize) -> Cells {
    let item = &sale.items[index];
    let listing = 110_000_000_000 + sale.noise % 900_000_000 + index as u64;
    let transaction = sale.id(1, 12) * 16 + index as u64;
    vec![
        ("Item Number", listing.to_string()),
        ("Item Title", item.name.clone()),
        ("Custom Label", item.sku.clone()),
        ("Transaction ID", transaction.to_string()),
    ]
}

fn put(sheet: &mut Sheet<'_>, row: &Cells) {
    let cells = row.iter().map(|(name, text)| (*name, text.as_str()));
    sheet.row(&cells.collect::<Vec<_>>());
}
