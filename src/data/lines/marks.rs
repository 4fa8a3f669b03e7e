//! What single cells of order ids and statuses say of their rows.

use crate::{
    lines::stage::{OrderForms, mark},
    roles::names,
    roles::vocabulary::{self, concept::Concept},
    values::dates,
    values::keys::Cell,
    values::status::{self, Standing},
    values::text,
};

/// Counts the form of an order id; returns the mark of its row.
#[inline]
pub(crate) fn order_form(id: Cell<'_>, forms: &mut OrderForms) -> u16 {
    let first = match id.long {
        Some(text) => text.as_bytes().first().copied(),
        None => id.key.first(),
    };
    let credit = match first {
        Some(b'0'..=b'9') => {
            forms.digits += 1;
            false
        }
        Some(b'C' | b'c') => id.with_text(is_credit_id),
        _ => false,
    };
    forms.credits += u64::from(credit);
    if credit { mark::CREDIT_ID } else { 0 }
}

/// What a status column speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusKind {
    /// Any value means that the line came back.
    ReturnDate,
    /// How far the goods are, not whether they are paid.
    Delivery,
    /// A yes means that there is no sale: `is_test`, `cancelled`.
    Flag,
    /// What the row is: a sale, or money given back.
    Kind,
    General,
}

impl StatusKind {
    /// The kind of a column of this name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let spoken = vocabulary::spoken(name);
        if names::is_return_date(name) {
            Self::ReturnDate
        } else if spoken.has(Concept::Delivery) {
            Self::Delivery
        } else if names::is_kind_of_row(&text::fold(name)) {
            Self::Kind
        } else if names::is_test_flag(&text::fold(name))
            || spoken.any(&[Concept::Returned, Concept::Cancelled, Concept::Refund])
                && !spoken.any(&[Concept::Date, Concept::Status, Concept::Quantity])
        {
            Self::Flag
        } else {
            Self::General
        }
    }
}

/// What a cell of a status or return-date column says; each distinct cell is judged once.
pub(crate) fn status_mark(cell: &str, kind: StatusKind) -> u16 {
    let cell = text::trim(cell);
    if dates::is_missing(cell) {
        return 0;
    }
    match kind {
        StatusKind::ReturnDate => mark::RETURNED,
        kind => marks_of(cell, kind, false),
    }
}

/// Whether a word of delivery says that the goods have left: not `unfulfilled`, not `not shipped`.
fn is_sent(cell: &str) -> bool {
    let folded = text::fold(cell);
    let sent = [
        "fulfilled",
        "shipped",
        "delivered",
        "complete",
        "sent",
        "versendet",
        "geliefert",
    ];
    sent.iter().any(|word| folded.contains(word))
        && !["un", "not", "non"].iter().any(|no| folded.starts_with(no))
}

/// The marks of a row whose status has a standing. What was given back does not count twice where it
/// stands in numbers (`refunds_are_money`).
#[must_use]
pub fn marks_of(cell: &str, kind: StatusKind, refunds_are_money: bool) -> u16 {
    let of_delivery = kind == StatusKind::Delivery;
    if kind == StatusKind::Flag
        && let Some(yes) = status::yes_or_no(cell)
    {
        return if yes { mark::NOT_KEPT } else { 0 };
    }
    match status::standing(cell) {
        Standing::NotKept => mark::NOT_KEPT,
        Standing::NoPurchase => mark::NOT_KEPT | mark::NO_TRADE,
        Standing::Refunded if !refunds_are_money => mark::NOT_KEPT | mark::REFUNDED,
        Standing::Unpaid if !of_delivery => mark::UNPAID,
        Standing::Failed if !of_delivery => mark::FAILED,
        Standing::Sale | Standing::InProgress if of_delivery && is_sent(cell) => mark::FULFILLED,
        _ => 0,
    }
}

/// `C` and digits: the credit-note convention of Online Retail.
fn is_credit_id(id: &str) -> bool {
    match id.as_bytes() {
        [b'C' | b'c', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}
