//! The rules that drop, change or flag rows: what each does and why, and which may be switched.

use crate::{dataset::Role, dataset::quality::Effect};

/// A cleaning rule; the order of variants is the order of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    BrokenRow,
    MissingCustomer,
    UnreadableDate,
    UnreadableAmount,
    OverlappingFile,
    TotalsRow,
    NotKept,
    CreditLine,
    DuplicateLine,
    ZeroAmount,
    UnlikelyDate,
    FarDate,
    LargeAmount,
    OrderWithoutPayment,
    DamagedRecord,
}

/// Name of the optional rule that drops exact duplicates instead of flagging them.
pub const DROP_DUPLICATES: &str = "drop_duplicates";

impl Rule {
    pub const ALL: [Self; 15] = [
        Self::BrokenRow,
        Self::MissingCustomer,
        Self::UnreadableDate,
        Self::UnreadableAmount,
        Self::OverlappingFile,
        Self::TotalsRow,
        Self::NotKept,
        Self::CreditLine,
        Self::DuplicateLine,
        Self::ZeroAmount,
        Self::UnlikelyDate,
        Self::FarDate,
        Self::LargeAmount,
        Self::OrderWithoutPayment,
        Self::DamagedRecord,
    ];

    /// Stable name for scripts and for the switches of [`crate::dataset::options::ReadOptions`].
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BrokenRow => "broken_row",
            Self::MissingCustomer => "missing_customer",
            Self::UnreadableDate => "unreadable_date",
            Self::UnreadableAmount => "unreadable_amount",
            Self::OverlappingFile => "overlapping_file",
            Self::TotalsRow => "totals_row",
            Self::NotKept => "not_kept",
            Self::CreditLine => "credit_line",
            Self::DuplicateLine => "duplicate_line",
            Self::ZeroAmount => "zero_amount",
            Self::UnlikelyDate => "unlikely_date",
            Self::FarDate => "far_date",
            Self::LargeAmount => "large_amount",
            Self::OrderWithoutPayment => "order_without_payment",
            Self::DamagedRecord => "damaged_record",
        }
    }

    /// What the rule does, and why, in one sentence.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::BrokenRow => {
                "Rows with more or fewer cells than the file has columns, or with a quote that is never closed, are dropped: nobody can tell which value belongs where."
            }
            Self::MissingCustomer => {
                "Rows without a customer are dropped: customer analyses cannot place them. Their revenue stands here."
            }
            Self::UnreadableDate => {
                "Rows without a readable date are dropped: they belong to no day."
            }
            Self::UnreadableAmount => {
                "Rows without a readable amount, or with one beyond 10¹⁵, are dropped: an invented amount would be worse."
            }
            Self::OverlappingFile => {
                "Rows that stand in another file too, because the files overlap, count once: the same sale is not sold twice."
            }
            Self::TotalsRow => "A totals row that holds the sum of the other rows is no sale.",
            Self::NotKept => {
                "Sales that were cancelled, returned, refunded or never delivered count 0 revenue and are no order; they stay visible in the order lifecycle."
            }
            Self::CreditLine => {
                "Credit lines (a negative quantity or amount, or a credit note's order id) lower revenue on their own day; they are no order and make nobody a customer."
            }
            Self::DuplicateLine => {
                "Rows that repeat an earlier row in every column are kept: nothing proves them wrong. Switch on drop_duplicates to drop them."
            }
            Self::ZeroAmount => "Sales of amount zero are kept as orders; they bring no revenue.",
            Self::UnlikelyDate => {
                "Dates before 1970 or after 2100 are kept; check them, because they stretch every chart."
            }
            Self::FarDate => {
                "A few dates lie more than a year after all the others, perhaps in the future. They are kept; check them, because they move the end of the data."
            }
            Self::LargeAmount => {
                "Amounts more than ten times as large as what 99 of 100 sales stay under are kept; check them, because a single one can carry an average."
            }
            Self::OrderWithoutPayment => "Orders without any payment are kept with amount zero.",
            Self::DamagedRecord => {
                "Records of JSON text that are damaged keep the fields that can be read; the rest of them is missing."
            }
        }
    }

    #[must_use]
    pub fn effect(self) -> Effect {
        match self {
            Self::BrokenRow
            | Self::MissingCustomer
            | Self::UnreadableDate
            | Self::UnreadableAmount
            | Self::OverlappingFile
            | Self::TotalsRow => Effect::Dropped,
            Self::NotKept | Self::CreditLine => Effect::Changed,
            Self::DuplicateLine
            | Self::ZeroAmount
            | Self::UnlikelyDate
            | Self::FarDate
            | Self::LargeAmount
            | Self::OrderWithoutPayment
            | Self::DamagedRecord => Effect::Flagged,
        }
    }

    /// Roles of the columns that make the rule apply, first choice first.
    #[must_use]
    pub fn roles(self) -> &'static [Role] {
        match self {
            Self::MissingCustomer => &[Role::Customer],
            Self::UnreadableDate | Self::UnlikelyDate | Self::FarDate => &[Role::Date],
            Self::UnreadableAmount
            | Self::ZeroAmount
            | Self::LargeAmount
            | Self::OrderWithoutPayment => &[Role::Amount, Role::UnitPrice],
            Self::NotKept => &[Role::Status],
            Self::CreditLine => &[Role::Quantity, Role::Amount, Role::UnitPrice],
            Self::BrokenRow
            | Self::DuplicateLine
            | Self::DamagedRecord
            | Self::OverlappingFile
            | Self::TotalsRow => &[],
        }
    }

    /// Whether the rule may be switched off: a row that fits no day or no column has no place.
    #[must_use]
    pub fn can_be_off(self) -> bool {
        !matches!(self, Self::BrokenRow | Self::UnreadableDate)
    }
}
