//! Order lines that were worked out from whole tables → rows of the [`Stage`].

use hashbrown::HashSet;
use polars::prelude::{IdxCa, StringChunked};

use crate::{
    day::Day,
    lines::stage::{NO_CUSTOMER, Stage},
    orders::{PoolFull, Step, TextPool},
    values::keys::Cell,
};

/// Stands where there is no id.
pub const NOBODY: u32 = u32::MAX;

/// Order lines by column, all of one length.
#[derive(Clone, Debug, Default)]
pub struct WholeLines {
    /// Numbers of ids; [`NOBODY`] where the customer is not known.
    pub customers: Vec<u32>,
    pub days: Vec<Day>,
    /// NaN where the amount cannot be read.
    pub amounts: Vec<f64>,
    /// Absent where an order is a customer-day.
    pub orders: Option<Vec<u32>>,
    /// [`crate::lines::stage::mark`] bits.
    pub marks: Vec<u16>,
    pub fingerprints: Vec<u32>,
    /// Units; absent where the data does not count them.
    pub units: Option<Vec<u32>>,
    pub attributes: Vec<Attribute>,
    pub milestones: Vec<Milestone>,
}

impl WholeLines {
    /// Whether each row is the first one of its order.
    #[must_use]
    pub fn first_rows(&self) -> Vec<bool> {
        let Some(orders) = &self.orders else {
            return vec![true; self.customers.len()];
        };
        let mut seen = HashSet::new();
        let orders = orders.iter();
        orders
            .map(|order| *order == NOBODY || seen.insert(*order))
            .collect()
    }

    /// Whether the total on each row is the first of its order, or the first that takes back this much on
    /// this day.
    #[must_use]
    pub fn totals_once(&self, totals: &[f64]) -> Vec<bool> {
        let Some(orders) = &self.orders else {
            return vec![true; totals.len()];
        };
        let (mut sold, mut back) = (HashSet::new(), HashSet::new());
        let rows = orders.iter().zip(totals.iter().zip(&self.days));
        rows.map(|(&order, (total, day))| match order {
            NOBODY => true,
            order if *total < 0.0 => back.insert((order, *day, total.to_bits())),
            order => sold.insert(order),
        })
        .collect()
    }
}

/// The cells of a column, line by line.
#[derive(Clone, Debug)]
pub struct LineCells {
    pub cells: StringChunked,
    /// The cell of each line, where the cells are those of a joined table.
    pub rows: Option<IdxCa>,
}

/// A column to group by.
#[derive(Clone, Debug)]
pub struct Attribute {
    pub name: String,
    pub cells: LineCells,
    /// A known export names it: it is kept however many values it has.
    pub wanted: bool,
}

impl LineCells {
    /// The cell of a line.
    #[must_use]
    pub fn get(&self, line: usize) -> Option<&str> {
        match &self.rows {
            None => self.cells.get(line),
            Some(rows) => self.cells.get(rows.get(line)? as usize),
        }
    }
}

/// When rows reached a step on their way; [`crate::orders::NO_DAY`] where they did not.
#[derive(Clone, Debug)]
pub struct Milestone {
    pub step: Step,
    pub days: Vec<Day>,
}

/// Appends order lines to the stage; `ids` are the texts behind their customers and orders.
///
/// # Errors
/// [`PoolFull`] when texts outgrow 4 GiB.
pub fn append(stage: &mut Stage, lines: WholeLines, ids: &TextPool) -> Result<(), PoolFull> {
    let before = stage.rows();
    let mut customers = vec![None; ids.len()];
    for id in lines.customers {
        stage.customers.push(match customers.get_mut(id as usize) {
            Some(Some(known)) => *known,
            Some(new) => *new.insert(stage.ids.intern(ids.get(id as usize))?),
            None => NO_CUSTOMER,
        });
    }
    stage.days.extend(lines.days);
    stage.amounts.extend(lines.amounts);
    stage.marks.extend(lines.marks);
    stage.fingerprints.extend(lines.fingerprints);
    if let Some(orders) = &lines.orders {
        stage.orders.pad(before);
        for &id in orders {
            stage.orders.push(Cell::of(ids.get(id as usize)))?;
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
        let LineCells { cells, rows } = attribute.cells;
        let Some(rows) = rows else {
            for cell in cells.iter() {
                let code = staged.code(cell.unwrap_or_default())?;
                staged.codes.push(code);
            }
            continue;
        };
        // Many lines have one row of a joined table: its cell is looked up once.
        let mut known = vec![None; cells.len() + 1];
        for row in rows.iter() {
            let cell = || row.and_then(|row| cells.get(row as usize));
            let place = row.map_or(cells.len(), |row| row as usize);
            let code = match known[place] {
                Some(code) => code,
                None => *known[place].insert(staged.code(cell().unwrap_or_default())?),
            };
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
