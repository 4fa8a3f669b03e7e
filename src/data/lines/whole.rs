//! Order lines that were worked out from whole tables → rows of the [`Stage`].

use polars::prelude::StringChunked;

use crate::{
    day::Day,
    lines::stage::{NO_CUSTOMER, Stage},
    orders::{PoolFull, Step},
    values::{keys::Cell, text},
};

/// Order lines by column, all of one length.
#[derive(Clone, Debug, Default)]
pub struct WholeLines {
    /// Ids; null where the customer is not known.
    pub customers: StringChunked,
    pub days: Vec<Day>,
    /// NaN where the amount cannot be read.
    pub amounts: Vec<f64>,
    /// Absent where an order is a customer-day.
    pub orders: Option<StringChunked>,
    /// [`crate::lines::stage::mark`] bits.
    pub marks: Vec<u16>,
    pub fingerprints: Vec<u32>,
    /// Units; absent where the data does not count them.
    pub units: Option<Vec<u32>>,
    pub attributes: Vec<Attribute>,
    pub milestones: Vec<Milestone>,
}

/// A column to group by.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: String,
    pub cells: StringChunked,
    /// A known export names it: it is kept however many values it has.
    pub wanted: bool,
}

/// When rows reached a step on their way; [`crate::orders::NO_DAY`] where they did not.
#[derive(Clone, Debug)]
pub struct Milestone {
    pub step: Step,
    pub days: Vec<Day>,
}

/// Appends order lines to the stage.
///
/// # Errors
/// [`PoolFull`] when texts outgrow 4 GiB.
pub fn append(stage: &mut Stage, lines: WholeLines) -> Result<(), PoolFull> {
    let before = stage.rows();
    for id in lines.customers.iter() {
        let customer = match id {
            Some(id) => stage.ids.intern(id)?,
            None => NO_CUSTOMER,
        };
        stage.customers.push(customer);
    }
    stage.days.extend(lines.days);
    stage.amounts.extend(lines.amounts);
    stage.marks.extend(lines.marks);
    stage.fingerprints.extend(lines.fingerprints);
    if let Some(orders) = &lines.orders {
        stage.orders.pad(before);
        for id in orders.iter() {
            stage
                .orders
                .push(Cell::of(text::tidy_id(id.unwrap_or_default())))?;
        }
    }
    if let Some(units) = lines.units {
        stage.units.resize(before, 0);
        stage.units.extend(units);
    }
    for milestone in lines.milestones {
        if before > 0
            && !stage
                .milestones
                .iter()
                .any(|known| known.step == milestone.step)
        {
            stage.reach(milestone.step, vec![crate::orders::NO_DAY; before]);
        }
        stage.reach(milestone.step, milestone.days);
    }
    for attribute in lines.attributes {
        let at = stage.attribute_before(&attribute.name, before)?;
        let staged = &mut stage.attributes[at];
        staged.may_be_label = !attribute.wanted;
        staged.wanted |= attribute.wanted;
        for cell in attribute.cells.iter() {
            let code = staged.code(cell.unwrap_or_default())?;
            staged.codes.push(code);
        }
    }
    let rows = stage.rows();
    if !stage.units.is_empty() {
        stage.units.resize(rows, 0);
    }
    for milestone in &mut stage.milestones {
        milestone.days.resize(rows, crate::orders::NO_DAY);
    }
    stage.pad()
}
