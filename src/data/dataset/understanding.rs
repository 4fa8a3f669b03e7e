//! What Keepers understood of the files, what it asks, and what it warns of.
//!
//! Plain data, made while loading and shown by the Data view and by every verb.

use serde::Serialize;

/// What Keepers understood of a set of files.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Understanding {
    /// One paragraph that a manager can check: what was found, of when, worth how much, and how days
    /// and refunds were read.
    pub paragraph: String,
    pub questions: Vec<Question>,
    pub warnings: Vec<Warning>,
    pub plan: Plan,
}

/// Two or more readings are possible, and which one is right moves a headline number.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// Stable name for `--answer ID=CHOICE` and for the project file.
    pub id: String,
    /// File, or file and column, that the question is about.
    pub about: String,
    pub text: String,
    /// The likeliest first.
    pub choices: Vec<Choice>,
    /// [`Choice::id`] of the reading the numbers are of.
    pub chosen: String,
    /// Whether the user has answered; else the likeliest reading was taken.
    pub answered: bool,
}

/// One reading.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Choice {
    pub id: String,
    pub text: String,
    /// What the reading makes of the shop; absent until it was worked out.
    #[serde(flatten)]
    pub outcome: Option<Outcome>,
}

impl Choice {
    /// A reading of which nothing is worked out yet.
    #[must_use]
    pub fn new(id: &str, text: &str) -> Self {
        Self {
            id: id.to_owned(),
            text: text.to_owned(),
            outcome: None,
        }
    }
}

/// The headline numbers of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outcome {
    pub customers: u64,
    pub orders: u64,
    pub net_revenue: f64,
}

/// Something the user should know about how the files were read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Warning {
    pub code: WarningCode,
    pub text: String,
    /// Rows concerned; 0 where it concerns no single rows.
    pub rows: u64,
}

/// What a warning is about; the names are stable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WarningCode {
    MixedCurrencies,
    RoundedIds,
    FoldedIds,
    OverlappingFiles,
    TotalsRow,
    RepeatedTotal,
    RepeatedHeader,
    SkippedLines,
    PlaceholderDates,
    DayMonthOrder,
    DecimalSign,
    TimeZone,
    SpreadsheetDays,
    MonthsOnly,
    NoHeader,
    WeakJoin,
    UnusedTable,
    NoAmount,
    CustomerSummaries,
    UnknownStatus,
    Refunds,
    AmountChoice,
    GuestOrders,
    NamesAsIds,
    MissingWord,
}

/// The tables of a set and how they were joined.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Plan {
    pub tables: Vec<PlanTable>,
    pub links: Vec<PlanLink>,
}

/// A table of the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanTable {
    /// Name of the file, or of the sheet.
    pub name: String,
    /// What a row of it is: "orders", "order lines", "customers", "products", "refunds"…
    pub grain: String,
    pub rows: u64,
    /// Whether any number comes from it.
    pub used: bool,
}

/// A join of two tables of the plan, by their places in [`Plan::tables`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlanLink {
    pub from: usize,
    pub to: usize,
    /// Column of `from` and column of `to`.
    pub from_column: String,
    pub to_column: String,
    /// Rows of `from` whose value stands in `to`, and rows of `from` that have a value.
    pub matched: u64,
    pub asked: u64,
    /// Whether nearly all values find their partner, or nearly all partners are asked for.
    #[serde(skip)]
    pub complete: bool,
}
