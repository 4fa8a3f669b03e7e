//! eBay's orders report: a line of commas above the header, an empty row under it, two lines at the end;
//! an order of several items has a row of its own above those of its items.

use super::{
    Form,
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

fn rows(sale: &Sale<'_>, sheet: &mut Sheet<'_>) {
    let buyer = &sale.buyer;
    let order = format!(
        "{:02}-{:05}-{:05}",
        sale.noise % 30,
        10_000 + sale.noise % 5_000,
        sale.number
    );
    let record = (100 + sale.number).to_string();
    let name = buyer.name();
    let (bought, paid) = (short(sale.event.day), short(sale.event.day));
    let (posted, due) = (short(sale.event.day + 1), short(sale.event.day + 2));
    let everyone = [
        ("Sales Record Number", record.as_str()),
        ("Order Number", &order),
        ("Buyer Username", &buyer.user_name),
    ];
    let (total, quantity) = (pounds(sale.total()), sale.quantity().to_string());
    let (goods, shipping) = (
        pounds(sale.goods() - sale.discount()),
        pounds(sale.shipping),
    );
    let tax = pounds(sale.tax);
    let of_order = [
        ("Buyer Name", name.as_str()),
        ("Buyer Email", &buyer.email),
        ("Buyer Address 1", &buyer.street),
        ("Buyer City", &buyer.city),
        ("Buyer Zip", &buyer.zip),
        ("Buyer Country", buyer.country),
        ("Ship To Name", &name),
        ("Quantity", &quantity),
        ("Sold For", &goods),
        ("Shipping And Handling", &shipping),
        ("eBay Collected Tax", &tax),
        ("Seller Collected Tax", "£0.00"),
        ("Total Price", &total),
        ("eBay Collected Tax and Fees Included in Total", "Yes"),
        ("Payment Method", "Credit card"),
        ("Sale Date", &bought),
        ("Paid On Date", &paid),
        ("Ship By Date", &due),
        ("Shipped On Date", &posted),
        ("Feedback Left", "No"),
        ("eBay Plus", "No"),
    ];
    let item_cells = |index: usize| {
        let item = &sale.items[index];
        [
            (
                "Item Number",
                (110_000_000_000 + sale.noise % 900_000_000 + index as u64).to_string(),
            ),
            ("Item Title", item.name.clone()),
            ("Custom Label", item.sku.clone()),
            (
                "Transaction ID",
                (sale.id(1, 12) * 16 + index as u64).to_string(),
            ),
        ]
    };
    let borrowed = |cells: &[(&'static str, String); 4], row: &mut Vec<(&'static str, String)>| {
        row.extend(cells.iter().map(|(name, text)| (*name, text.clone())));
    };
    let owned = |cells: &[(&'static str, &str)]| -> Vec<(&'static str, String)> {
        cells
            .iter()
            .map(|(name, text)| (*name, (*text).to_owned()))
            .collect()
    };
    let mut first = owned(&everyone);
    first.extend(owned(&of_order));
    if sale.items.len() == 1 {
        borrowed(&item_cells(0), &mut first);
    }
    put(sheet, &first);
    for (index, item) in sale.items.iter().enumerate() {
        if sale.items.len() == 1 {
            break;
        }
        let mut row = owned(&everyone);
        borrowed(&item_cells(index), &mut row);
        row.push(("Quantity", item.quantity.to_string()));
        row.push(("Sold For", pounds(item.paid())));
        row.push(("Sale Date", bought.clone()));
        row.push(("Paid On Date", paid.clone()));
        put(sheet, &row);
    }
}

fn put(sheet: &mut Sheet<'_>, row: &[(&'static str, String)]) {
    let cells: Vec<(&str, &str)> = row
        .iter()
        .map(|(name, text)| (*name, text.as_str()))
        .collect();
    sheet.row(&cells);
}
