//! Columns of text → columns of codes and numbers: one encoder per column, run in parallel.

use crate::{
    data::dataset::Role,
    data::lines::ingest::Lines,
    data::lines::labels,
    data::lines::stage::{NO_CUSTOMER, OrderForms, OrderTexts, Stage, StagedAttribute, mark},
    data::orders::PoolFull,
    data::roles::names,
    data::roles::vocabulary::{self, concept::Concept},
    data::table::direct::{Slot, Words, cells::Coded},
    data::table::parser::Frame,
    data::values::dates::{self, DateColumn},
    data::values::ids::Ids,
    data::values::intern::Interner,
    data::values::keys::Cell,
    data::values::numbers::{self, Decimal, Evidence},
    data::values::status::{self, Standing},
    data::values::text,
};

/// Turns one column (or the money columns together) into codes and numbers.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "one per column: their size does not matter"
)]
pub enum Encoder {
    Customer {
        slot: usize,
        ids: Interner,
        codes: Vec<u32>,
        cells: Ids,
    },
    Date {
        slot: usize,
        column: DateColumn,
    },
    Money {
        amount: Option<usize>,
        price: Option<usize>,
        quantity: Option<usize>,
        money: Vec<f64>,
        evidence: Evidence,
        marks: Vec<u16>,
    },
    Order {
        slot: usize,
        ids: OrderTexts,
        forms: OrderForms,
        marks: Vec<u16>,
    },
    /// A status in words or a return date, as marks; words become an attribute as well.
    Status {
        slot: usize,
        kind: StatusKind,
        known: Interner,
        judged: Vec<u16>,
        marks: Vec<u16>,
    },
    Attribute {
        slot: usize,
        at: usize,
        attribute: StagedAttribute,
        /// Distinct cells of this file, and the attribute's code of each.
        spellings: Interner,
        codes: Vec<u32>,
    },
}

/// One encoder per column that is read, the costly ones first.
///
/// # Errors
/// [`PoolFull`] when ids of earlier files outgrow 4 GiB.
pub fn encoders(stage: &mut Stage, lines: &Lines<'_>) -> Result<Vec<Encoder>, PoolFull> {
    let guesses = &lines.guesses;
    let slot = |role| guesses.iter().position(|guess| guess.role == role);
    let mut encoders = Vec::new();
    if let Some(slot) = slot(Role::Customer) {
        encoders.push(Encoder::Customer {
            slot,
            ids: std::mem::take(&mut stage.ids),
            codes: std::mem::take(&mut stage.customers),
            cells: Ids::default(),
        });
    }
    encoders.push(Encoder::Money {
        amount: slot(Role::Amount),
        price: slot(Role::UnitPrice),
        quantity: slot(Role::Quantity),
        money: std::mem::take(&mut stage.amounts),
        evidence: Evidence::default(),
        marks: Vec::new(),
    });
    if let Some(slot) = slot(Role::Order) {
        stage.orders.pad(stage.marks.len());
        encoders.push(Encoder::Order {
            slot,
            ids: std::mem::take(&mut stage.orders),
            forms: stage.order_forms,
            marks: Vec::new(),
        });
    }
    if let Some(slot) = slot(Role::Date) {
        encoders.push(Encoder::Date {
            slot,
            column: DateColumn::new(lines.zone.clone(), 0),
        });
    }
    for (slot, guess) in guesses.iter().enumerate() {
        let name = &lines.dialect.names[slot];
        let kind = StatusKind::of(name);
        if guess.role == Role::Status {
            encoders.push(Encoder::Status {
                slot,
                kind,
                known: Interner::default(),
                judged: Vec::new(),
                marks: Vec::new(),
            });
        }
        if guess.role == Role::Attribute
            || (guess.role == Role::Status && kind != StatusKind::ReturnDate)
            || guess.role == Role::Currency
            || guess.role == Role::Contact
        {
            let at = stage.attribute(name)?;
            stage.attributes[at].may_be_label = guess.role != Role::Status;
            encoders.push(Encoder::Attribute {
                slot,
                at,
                attribute: std::mem::replace(&mut stage.attributes[at], StagedAttribute::new(name)),
                spellings: Interner::default(),
                codes: Vec::new(),
            });
        }
    }
    Ok(encoders)
}

/// Makes room for all rows at once, judging by the first rows and the bytes they
/// took: growing a column copies it.
pub fn reserve(
    stage: &mut Stage,
    encoders: &mut [Encoder],
    (first_rows, bytes_read): (usize, u64),
    lines: &Lines<'_>,
) {
    let read = bytes_read.saturating_sub(lines.dialect.data_offset).max(1);
    let size = lines.input.len().unwrap_or(read);
    let share = (size as f64 / read as f64).max(1.0) * 1.03;
    let rows = (first_rows as f64 * share) as usize + 1;
    stage.marks.reserve_exact(rows);
    stage.fingerprints.reserve_exact(rows);
    for encoder in encoders {
        match encoder {
            Encoder::Customer { codes, .. } => codes.reserve_exact(rows),
            Encoder::Date { column, .. } => column.reserve(rows),
            Encoder::Money { money, .. } => money.reserve_exact(rows),
            Encoder::Order { ids, .. } => ids.reserve(rows),
            Encoder::Status { .. } => {}
            Encoder::Attribute { attribute, .. } => attribute.codes.reserve(rows),
        }
    }
}

/// Gives up the columns that have too many values to group by and hold no text of the customers.
pub fn drop_wide(encoders: &mut [Encoder]) {
    let customers = encoders.iter().find_map(|encoder| match encoder {
        Encoder::Customer { ids, .. } => Some(ids.len()),
        _ => None,
    });
    for encoder in encoders {
        if let Encoder::Attribute { attribute, .. } = encoder
            && attribute.is_wide()
            && !attribute.gave_up
            && !labels::may_be(attribute, customers.unwrap_or_default())
        {
            attribute.give_up();
        }
    }
}

impl Encoder {
    /// Reads the cells of one piece.
    ///
    /// # Errors
    /// [`PoolFull`] when texts outgrow 4 GiB.
    pub fn take(&mut self, frame: &Frame, decimal: Decimal) -> Result<(), PoolFull> {
        match self {
            Self::Customer {
                slot,
                ids,
                codes,
                cells,
            } => take_customers(frame, *slot, cells, (ids, codes)),
            Self::Date { slot, column } => {
                frame.for_each(*slot, |cell| column.push(cell));
                Ok(())
            }
            Self::Money {
                amount,
                price,
                quantity,
                money,
                evidence,
                marks,
            } => {
                let slots = [*amount, *price, *quantity];
                read_money(frame, slots, (decimal, evidence), (money, marks));
                Ok(())
            }
            Self::Order {
                slot,
                ids,
                forms,
                marks,
            } => {
                marks.clear();
                frame.try_for_each_cell(*slot, |cell| take_order(cell, ids, forms, marks))
            }
            Self::Status {
                slot,
                kind,
                known,
                judged,
                marks,
            } => {
                marks.clear();
                frame.try_for_each_cell(*slot, |cell| {
                    let code = known.intern_cell(cell)? as usize;
                    if code == judged.len() {
                        judged.push(cell.with_text(|cell| status_mark(cell, *kind)));
                    }
                    marks.push(judged[code]);
                    Ok(())
                })
            }
            Self::Attribute {
                slot,
                attribute,
                spellings,
                codes,
                ..
            } => take_attribute(frame, *slot, attribute, (spellings, codes)),
        }
    }

    /// Appends what was read from a block.
    ///
    /// # Errors
    /// [`PoolFull`] when texts outgrow 4 GiB.
    pub fn append(&mut self, slot: &Slot, layout: &[Words]) -> Result<(), PoolFull> {
        let (columns, text) = (&slot.columns, slot.text());
        match self {
            Self::Customer { ids, codes, .. } => {
                ids.intern_ids(&columns.customers, text, NO_CUSTOMER, codes)
            }
            Self::Date { column, .. } => {
                column.append(&columns.dates);
                Ok(())
            }
            Self::Money {
                money, evidence, ..
            } => {
                money.extend_from_slice(&columns.money);
                evidence.add(columns.evidence);
                Ok(())
            }
            Self::Order { ids, forms, .. } => {
                forms.digits += columns.forms.digits;
                forms.credits += columns.forms.credits;
                ids.append(&columns.orders, text)
            }
            Self::Status { .. } => Ok(()),
            Self::Attribute {
                slot,
                attribute,
                spellings,
                codes,
                ..
            } => {
                let words = layout.iter().position(|words| words.column == *slot);
                match words.and_then(|at| columns.words.get(at)) {
                    Some(coded) => append_words(coded, attribute, (spellings, codes)),
                    None => Ok(()),
                }
            }
        }
    }

    /// Adds what this column says about the rows of the last piece.
    pub fn add_marks(&self, rows: &mut [u16]) {
        if let Self::Money { marks, .. } | Self::Order { marks, .. } | Self::Status { marks, .. } =
            self
        {
            for (row, mark) in rows.iter_mut().zip(marks) {
                *row |= mark;
            }
        }
    }
}

fn take_customers(
    frame: &Frame,
    slot: usize,
    cells: &mut Ids,
    (ids, codes): (&mut Interner, &mut Vec<u32>),
) -> Result<(), PoolFull> {
    cells.clear();
    frame.try_for_each_cell(slot, |cell| {
        cells.push_cell(cell);
        Ok(())
    })?;
    ids.intern_ids(cells, &cells.spilled, NO_CUSTOMER, codes)
}

fn take_order(
    cell: Cell<'_>,
    ids: &mut OrderTexts,
    forms: &mut OrderForms,
    marks: &mut Vec<u16>,
) -> Result<(), PoolFull> {
    let id = cell.id().unwrap_or_default();
    marks.push(order_form(id, forms));
    ids.push(id)
}

/// Counts the form of an order id; returns the mark of its row.
#[inline]
pub(in crate::data) fn order_form(id: Cell<'_>, forms: &mut OrderForms) -> u16 {
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
pub(in crate::data) fn status_mark(cell: &str, kind: StatusKind) -> u16 {
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
        Standing::Refunded if !refunds_are_money => mark::NOT_KEPT | mark::REFUNDED,
        Standing::Unpaid if !of_delivery => mark::UNPAID,
        Standing::Failed if !of_delivery => mark::FAILED,
        Standing::Sale | Standing::InProgress if of_delivery && is_sent(cell) => mark::FULFILLED,
        _ => 0,
    }
}

fn take_attribute(
    frame: &Frame,
    slot: usize,
    attribute: &mut StagedAttribute,
    (spellings, codes): (&mut Interner, &mut Vec<u32>),
) -> Result<(), PoolFull> {
    if attribute.gave_up {
        return Ok(());
    }
    frame.try_for_each_cell(slot, |cell| {
        let spelling = spellings.intern_cell(cell)? as usize;
        if spelling == codes.len() {
            codes.push(cell.with_text(|cell| attribute.code(cell))?);
        }
        attribute.codes.push(codes[spelling]);
        Ok(())
    })?;
    attribute.give_up_if_too_wide();
    Ok(())
}

/// Appends the codes of a block, which has a dictionary of its own.
fn append_words(
    coded: &Coded,
    attribute: &mut StagedAttribute,
    (spellings, codes): (&mut Interner, &mut Vec<u32>),
) -> Result<(), PoolFull> {
    if attribute.gave_up {
        return Ok(());
    }
    let mut new = Vec::with_capacity(coded.known.len());
    for cell in coded.known.texts().iter() {
        let spelling = spellings.intern(cell)? as usize;
        if spelling == codes.len() {
            codes.push(attribute.code(cell)?);
        }
        new.push(codes[spelling]);
    }
    attribute.codes.extend_mapped(&coded.codes, &new);
    attribute.give_up_if_too_wide();
    Ok(())
}

/// `C` and digits: the credit-note convention of Online Retail.
fn is_credit_id(id: &str) -> bool {
    match id.as_bytes() {
        [b'C' | b'c', digits @ ..] => !digits.is_empty() && digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

/// Amounts of a piece: the amount column, or unit price × quantity. A negative quantity is marked.
fn read_money(
    frame: &Frame,
    [amount, price, quantity]: [Option<usize>; 3],
    (decimal, evidence): (Decimal, &mut Evidence),
    (money, marks): (&mut Vec<f64>, &mut Vec<u16>),
) {
    let from = money.len();
    if let Some(slot) = amount.or(price) {
        frame.for_each(slot, |cell| {
            money.push(numbers::read(cell, decimal, evidence));
        });
    }
    marks.clear();
    if let Some(slot) = quantity {
        let mut at = from;
        let mut own = Evidence::default();
        frame.for_each(slot, |cell| {
            let quantity = numbers::read(cell, decimal, &mut own);
            marks.push(if quantity < 0.0 {
                mark::NEGATIVE_QUANTITY
            } else {
                0
            });
            if amount.is_none()
                && let Some(value) = money.get_mut(at)
            {
                *value *= quantity;
            }
            at += 1;
        });
        evidence.add(own);
    }
}
