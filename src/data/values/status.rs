//! What the words of a status mean (a first, short list).

use crate::data::{roles::synonyms, values::text};

/// What became of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Sale,
    NotKept,
    Refunded,
    PartlyRefunded,
    Unpaid,
    InProgress,
    Unknown,
}

/// What a status word says.
#[must_use]
pub fn standing(text: &str) -> Standing {
    let folded = text::fold(text);
    let folded = folded.strip_prefix("wc").unwrap_or(&folded);
    match folded {
        "completed" | "complete" | "paid" | "closed" | "delivered" | "fulfilled" => Standing::Sale,
        "processing" | "shipped" => Standing::InProgress,
        "pending" | "failed" | "onhold" | "draft" | "checkoutdraft" | "trash" | "pendingpayment" => Standing::Unpaid,
        "refunded" => Standing::Refunded,
        "partiallyrefunded" => Standing::PartlyRefunded,
        _ if synonyms::is_not_kept(text) => Standing::NotKept,
        _ => Standing::Unknown,
    }
}
