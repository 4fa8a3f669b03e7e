//! The blocks of a file → its columns, in its order.

use crate::{
    lines::block::{Block, Layout},
    lines::labels,
    lines::stage::{NO_CUSTOMER, OrderForms, OrderTexts, Stage, StagedAttribute},
    orders::PoolFull,
    values::dates::DateColumn,
    values::intern::Interner,
    values::numbers::Evidence,
};

/// A column of the whole file, or the money columns together.
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "one per column: their size does not matter"
)]
pub enum Column {
    Customer {
        ids: Interner,
        codes: Vec<u32>,
    },
    Date(DateColumn),
    Money {
        money: Vec<f64>,
        evidence: Evidence,
    },
    Order {
        ids: OrderTexts,
        forms: OrderForms,
    },
    Attribute {
        /// Which one of [`Layout::words`], and of the stage's attributes.
        words: usize,
        at: usize,
        attribute: StagedAttribute,
        /// Distinct cells of this file, and the attribute's code of each.
        spellings: Interner,
        codes: Vec<u32>,
    },
}

/// The columns that are read, the costly ones first. They take what the stage holds of earlier files.
///
/// # Errors
/// [`PoolFull`] when ids of earlier files outgrow 4 GiB.
pub fn columns(
    stage: &mut Stage,
    layout: &Layout,
    names: &[String],
) -> Result<Vec<Column>, PoolFull> {
    let mut columns = Vec::new();
    if layout.customer.is_some() {
        columns.push(Column::Customer {
            ids: std::mem::take(&mut stage.ids),
            codes: std::mem::take(&mut stage.customers),
        });
    }
    columns.push(Column::Money {
        money: std::mem::take(&mut stage.amounts),
        evidence: Evidence::default(),
    });
    if layout.order.is_some() {
        stage.orders.pad(stage.marks.len());
        columns.push(Column::Order {
            ids: std::mem::take(&mut stage.orders),
            forms: stage.order_forms,
        });
    }
    if layout.date.is_some() {
        columns.push(Column::Date(DateColumn::new(layout.zone.clone(), 0)));
    }
    for (words, of) in layout.words.iter().enumerate() {
        if of.attribute {
            let name = &names[of.column];
            let at = stage.attribute(name)?;
            stage.attributes[at].may_be_label = of.status.is_none();
            columns.push(Column::Attribute {
                words,
                at,
                attribute: std::mem::replace(&mut stage.attributes[at], StagedAttribute::new(name)),
                spellings: Interner::default(),
                codes: Vec::new(),
            });
        }
    }
    Ok(columns)
}

/// Makes room for so many rows at once: growing a column copies it.
pub fn reserve(stage: &mut Stage, columns: &mut [Column], rows: usize) {
    stage.marks.reserve_exact(rows);
    stage.fingerprints.reserve_exact(rows);
    for column in columns {
        match column {
            Column::Customer { codes, .. } => codes.reserve_exact(rows),
            Column::Date(dates) => dates.reserve(rows),
            Column::Money { money, .. } => money.reserve_exact(rows),
            Column::Order { ids, .. } => ids.reserve(rows),
            Column::Attribute { attribute, .. } => attribute.codes.reserve(rows),
        }
    }
}

/// Gives up the columns that have too many values to group by and hold no text of the customers.
pub fn drop_wide(columns: &mut [Column], layout: &Layout) {
    let customers = columns.iter().find_map(|column| match column {
        Column::Customer { ids, .. } => Some(ids.len()),
        _ => None,
    });
    for column in columns {
        if let Column::Attribute {
            attribute, words, ..
        } = column
            && attribute.is_wide()
            && !attribute.gave_up
            && !(attribute.may_be_label && labels::may_be(attribute, customers.unwrap_or_default()))
        {
            attribute.give_up();
            layout.words[*words].give_up();
        }
    }
}

impl Column {
    /// Appends what was read of a block, whose long ids stand in `text`.
    ///
    /// # Errors
    /// [`PoolFull`] when texts outgrow 4 GiB.
    pub fn append(&mut self, block: &Block, text: &str) -> Result<(), PoolFull> {
        match self {
            Self::Customer { ids, codes } => {
                ids.intern_ids(&block.customers, text, NO_CUSTOMER, codes)
            }
            Self::Date(dates) => {
                dates.append(&block.dates);
                Ok(())
            }
            Self::Money { money, evidence } => {
                money.extend_from_slice(&block.money);
                evidence.add(block.evidence);
                Ok(())
            }
            Self::Order { ids, forms } => {
                forms.digits += block.forms.digits;
                forms.credits += block.forms.credits;
                ids.append(&block.orders, text)
            }
            Self::Attribute {
                words,
                attribute,
                spellings,
                codes,
                ..
            } => {
                if attribute.gave_up {
                    return Ok(());
                }
                // The block has a dictionary of its own.
                let coded = &block.words[*words];
                let mut new = Vec::with_capacity(coded.known.len());
                for cell in coded.known.texts().iter() {
                    let spelling = spellings.intern(cell)? as usize;
                    if spelling == codes.len() {
                        codes.push(attribute.code(cell)?);
                    }
                    new.push(codes[spelling]);
                }
                attribute.codes.extend_mapped(&coded.codes, &new);
                Ok(())
            }
        }
    }
}
