//! What loading returns: the orders, how the files were understood, and the quality report.

pub mod error;
pub mod options;
pub mod quality;
pub mod tables;
pub mod understanding;

use std::{path::PathBuf, sync::Arc};

use crate::{
    dataset::{quality::QualityReport, tables::Table, understanding::Outcome},
    orders::{Orders, flag},
};

/// The file layouts Keepers knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One table of order lines, any column names.
    OrderLog,
    /// `CDNOW_master.txt` / `CDNOW_sample.txt`: no header, runs of spaces.
    Cdnow,
    /// The Olist marketplace export: several files joined by ids.
    Olist,
    /// One row per customer, no order history.
    CustomerTable,
    /// theLook e-commerce: users, products, orders and order items.
    Thelook,
    /// The same four tables with users and products as JSON-ish text.
    DeDs,
}

impl Shape {
    /// Name in JSON output, equal to the serialised form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OrderLog => "order_log",
            Self::Cdnow => "cdnow",
            Self::Olist => "olist",
            Self::CustomerTable => "customer_table",
            Self::Thelook => "thelook",
            Self::DeDs => "de_ds",
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::OrderLog => "Order log",
            Self::Cdnow => "CDNOW purchase history",
            Self::Olist => "Olist marketplace",
            Self::CustomerTable => "Customer table",
            Self::Thelook => "theLook e-commerce",
            Self::DeDs => "theLook with users and products as JSON",
        }
    }

    /// Whether the shop has orders; a customer table has none, whatever its columns say.
    #[must_use]
    pub fn has_orders(self) -> bool {
        self != Self::CustomerTable
    }
}

/// What a column means to Keepers.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Customer,
    Date,
    /// Amount of the line.
    Amount,
    /// Price of one unit; line amount = price × quantity.
    UnitPrice,
    Quantity,
    Order,
    Status,
    /// Money given back on the order of this row: subtracted from its amount.
    Refund,
    /// Taken off price × quantity: a share of it where all values lie between 0 and 1, else money.
    Discount,
    /// The currency the row's money is in.
    Currency,
    /// E-mail address or telephone number: stands for the customer where a row has no id.
    Contact,
    /// Kept as a coded column to group by.
    Attribute,
    /// Read by no analysis.
    Ignored,
}

impl Role {
    pub const ALL: [Self; 13] = [
        Self::Customer,
        Self::Date,
        Self::Amount,
        Self::UnitPrice,
        Self::Quantity,
        Self::Order,
        Self::Status,
        Self::Refund,
        Self::Discount,
        Self::Currency,
        Self::Contact,
        Self::Attribute,
        Self::Ignored,
    ];

    /// Whether at most one column of a file can have this role.
    #[must_use]
    pub fn is_single(self) -> bool {
        !matches!(
            self,
            Self::Status | Self::Contact | Self::Attribute | Self::Ignored
        )
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Customer => "Customer",
            Self::Date => "Order date",
            Self::Amount => "Amount",
            Self::UnitPrice => "Unit price",
            Self::Quantity => "Quantity",
            Self::Order => "Order id",
            Self::Status => "Status",
            Self::Refund => "Refunded amount",
            Self::Discount => "Discount",
            Self::Currency => "Currency",
            Self::Contact => "E-mail or phone",
            Self::Attribute => "Attribute",
            Self::Ignored => "Not used",
        }
    }
}

/// How one column was understood.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct ColumnReading {
    pub name: String,
    pub role: Role,
    /// Why this role was guessed, in one sentence ("named `customer_id`").
    pub reason: String,
    /// Whether the user said so, or answered so.
    #[serde(skip)]
    pub chosen: bool,
    /// How values were read, e.g. "date, day/month/year" or "number, decimal comma"; empty for text.
    pub format: String,
}

/// How one file was understood.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct FileReading {
    pub path: PathBuf,
    /// Its name, longer than the file's where several files have the same; what the user says about
    /// the file is kept under it.
    pub name: String,
    /// Sheets of a workbook, and the one that was read; empty for any other file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sheets: Vec<String>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sheet: String,
    /// What the file is within its set ("orders", "payments"…).
    pub part: String,
    pub bytes: u64,
    /// Data rows, without the header.
    pub rows: u64,
    /// "UTF-8", "UTF-8 with BOM", "Windows-1252".
    pub encoding: String,
    /// "comma", "semicolon", "tab", "runs of spaces"…
    pub delimiter: String,
    pub has_header: bool,
    pub columns: Vec<ColumnReading>,
    /// First rows as text, for the preview; each as long as `columns`.
    pub preview: Vec<Vec<String>>,
}

/// Everything loading found out.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// Short name for the title bar: file stem, or folder name for a set.
    pub name: String,
    pub shape: Shape,
    pub files: Vec<FileReading>,
    /// Empty for a customer table, which has no order history.
    pub orders: Arc<Orders>,
    /// Tables kept whole beside the orders: everyone a shop knows, or the one flat table.
    pub tables: Vec<Arc<Table>>,
    pub quality: QualityReport,
    /// What was understood, asked and warned of.
    pub understanding: understanding::Understanding,
    /// Remarks that concern the whole set ("all dates fit both day/month and month/day…").
    pub remarks: Vec<String>,
}

impl Dataset {
    /// Customers, orders and net revenue of the whole time.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let orders = &self.orders;
        let starts = |line: usize| orders.flags[line] & flag::ORDER_START != 0;
        let buys = |customer: usize| orders.lines_of(customer).any(starts);
        let lines = 0..orders.lines();
        Outcome {
            customers: (0..orders.customers()).filter(|&who| buys(who)).count() as u64,
            orders: lines.clone().filter(|&line| starts(line)).count() as u64,
            net_revenue: lines.map(|line| orders.net(line)).sum(),
        }
    }
}
