//! A base and what is joined to it → order lines.

use std::cmp::Ordering;

use hashbrown::{HashMap, hash_map::Entry};
use polars::prelude::{ChunkedArray, Column, IdxCa, PolarsResult, StringChunked};

use super::{
    frames::{self, NOBODY},
    guests::{contact, owners, without_guests},
    plan::{Base, Price, Through},
    standing::StatusJudge,
    tables::Known,
};
use crate::{
    dataset::Role,
    day::Day,
    layouts::{Grain, Layout},
    lines::{
        marks::StatusKind,
        stage::{CURRENCIES, mark},
        whole::{Attribute, LineCells, Milestone, WholeLines},
    },
    orders::{NO_DAY, Step},
    roles::{
        money::{AmountGrain, Money},
        reason::Reason,
        vocabulary::concept::Concept,
    },
    table::cells,
    values::{
        dates::{self, DateColumn, Dates, OrderEvidence, UNREADABLE, Zone},
        numbers::{self, Decimal, Evidence},
        serials::Form,
        status, text,
    },
};

/// How cells are read, decided over all files of the set.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    pub zone: Zone,
    pub date_order: Option<crate::dataset::options::DateOrder>,
    pub decimal: Decimal,
    /// What all dates and numbers of the set say.
    pub dates: OrderEvidence,
    pub numbers: Evidence,
}

/// What was noticed while lines were put together.
#[derive(Clone, Debug, Default)]
pub struct Noticed {
    /// Order rows without any payment.
    pub unpaid_rows: Vec<usize>,
    /// Rows whose customer is an e-mail address or telephone number, because the id is empty.
    pub guests: u64,
    /// What was given back, by refund columns.
    pub refunded: f64,
    pub refunded_rows: u64,
    /// Rows whose amount is part of their order's total on another row.
    pub parts: u64,
    /// The column whose amounts are cents.
    pub cents: Option<String>,
    pub date_format: String,
    pub date_remark: Option<String>,
    /// The price in a table of products that stands for what was paid.
    pub listed: Option<String>,
}

/// A table seen from the rows of the base.
struct View<'a, 'b> {
    table: &'a Known<'b>,
    /// Its row for each row of the base; `None` for the base itself.
    rows: Option<IdxCa>,
    /// Columns that are keys of joins: they bring nothing.
    keys: Vec<usize>,
}

impl View<'_, '_> {
    fn column(&self, column: usize) -> PolarsResult<Column> {
        let column = self.table.column(column);
        match &self.rows {
            None => Ok(column.clone()),
            Some(rows) => frames::bring(column, rows),
        }
    }

    fn texts(&self, column: usize) -> PolarsResult<StringChunked> {
        cells::texts(&self.column(column)?)
    }

    /// The cells of a column, one for each row of its own table.
    fn line_cells(&self, column: usize) -> PolarsResult<LineCells> {
        Ok(LineCells {
            cells: self.table.texts(column)?,
            rows: self.rows.clone(),
        })
    }

    fn ids(&self, column: usize) -> PolarsResult<Vec<u32>> {
        match &self.rows {
            None => Ok(self.table.keys(column)?.numbers.clone()),
            Some(rows) => self.table.keys_at(column, rows),
        }
    }

    fn of_role(&self, role: Role) -> PolarsResult<Option<Column>> {
        self.table
            .roles
            .column(role)
            .map(|at| self.column(at))
            .transpose()
    }
}

/// Which of two rows comes first by a column: the text that does, and any before none.
fn in_order(cells: &LineCells, row: usize, other: usize) -> Ordering {
    let (cell, other) = (cells.get(row), cells.get(other));
    cell.is_none().cmp(&other.is_none()).then(cell.cmp(&other))
}

/// Lines of one base.
pub struct Composer<'a, 'b> {
    tables: &'a [Known<'b>],
    base: &'a Base,
    views: Vec<View<'a, 'b>>,
    /// The place among the views of each side; `usize::MAX` where it is joined to a picked row.
    sides: Vec<usize>,
    picked: Vec<View<'a, 'b>>,
    spelling: &'a Spelling,
    layout: Option<&'a Layout>,
}

impl<'a, 'b> Composer<'a, 'b> {
    /// Looks up the rows of everything that is joined.
    ///
    /// # Errors
    /// As polars.
    pub fn new(
        tables: &'a [Known<'b>],
        base: &'a Base,
        spelling: &'a Spelling,
        layout: Option<&'a Layout>,
    ) -> PolarsResult<Self> {
        let mut composer = Self {
            tables,
            base,
            views: vec![View {
                table: &tables[base.table],
                rows: None,
                keys: Vec::new(),
            }],
            sides: Vec::new(),
            picked: Vec::new(),
            spelling,
            layout,
        };
        composer.sides = composer.join(&[Through::Base], &[0])?;
        composer.pick()?;
        Ok(composer)
    }

    /// Looks up the sides that are joined through some tables, given where these stand among the views:
    /// the place among the views of each side, `usize::MAX` for sides of other tables.
    fn join(&mut self, through: &[Through], places: &[usize]) -> PolarsResult<Vec<usize>> {
        let mut found = vec![usize::MAX; self.base.sides.len()];
        for (at, side) in self.base.sides.iter().enumerate() {
            let asking = match side.through {
                Through::Side(side) => found[side],
                other => through
                    .iter()
                    .position(|known| *known == other)
                    .map_or(usize::MAX, |at| places[at]),
            };
            if asking == usize::MAX {
                continue;
            }
            let asked = self.views[asking].ids(side.link.from_column)?;
            let table = &self.tables[side.link.to];
            let rows = frames::lookup(&asked, &table.keys(side.link.to_column)?.numbers);
            if table.grain != Grain::Orders {
                self.views[asking].keys.push(side.link.from_column);
            }
            found[at] = self.views.len();
            self.views.push(View {
                table,
                rows: Some(rows),
                keys: vec![side.link.to_column],
            });
        }
        Ok(found)
    }

    fn root(&self) -> &'a Known<'b> {
        &self.tables[self.base.table]
    }

    /// Of tables with several rows per order, the row that stands for the order, with everything that is
    /// joined to it.
    fn pick(&mut self) -> PolarsResult<()> {
        for (place, link) in self.base.picks.iter().enumerate() {
            let table = &self.tables[link.from];
            let first = self.views.len();
            self.views.push(View {
                table,
                rows: None,
                keys: vec![link.from_column],
            });
            self.join(&[Through::Pick(place)], &[first])?;
            let views: Vec<View<'a, 'b>> = self.views.drain(first..).collect();
            let keys = table.keys(link.from_column)?;
            let values = self.worth(table)?;
            let mut ties = Vec::new();
            for view in &views {
                for at in 0..view.table.frame.width() {
                    if brings(view.table, at) && !view.keys.contains(&at) {
                        ties.push(view.line_cells(at)?);
                    }
                }
            }
            let best = frames::largest(&keys.numbers, &values, |row, other| {
                let mut told = ties.iter().map(|tie| in_order(tie, row, other));
                told.find(|told| told.is_ne()) == Some(Ordering::Less)
            });
            let asked = self.root().keys(link.to_column)?;
            let best = frames::rows_of(&asked.numbers, &best);
            for view in views {
                let rows = match &view.rows {
                    None => best.clone(),
                    Some(rows) => frames::take_rows(rows, &best)?,
                };
                self.picked.push(View {
                    rows: Some(rows),
                    ..view
                });
            }
        }
        Ok(())
    }

    /// By what the rows of an order are compared: a number, or the day where it is no number.
    fn worth(&self, table: &Known<'_>) -> PolarsResult<Vec<f64>> {
        let named = table.layout.and_then(|layout| layout.largest.as_ref());
        let named = named.and_then(|name| table.files[0].column(&text::fold(name)));
        let Some(column) = named.or_else(|| table.roles.money.column()) else {
            return Ok(vec![0.0; table.rows()]);
        };
        if table.roles.facts[column].dates >= 0.5 {
            return Ok(instants(&table.texts(column)?));
        }
        self.numbers(table, column)
    }

    fn numbers(&self, table: &Known<'_>, column: usize) -> PolarsResult<Vec<f64>> {
        numbers_of(table.column(column), self.spelling.decimal)
    }

    /// Tables in which a fact of the order is looked for: the base, then the orders.
    fn of_orders(&self) -> impl Iterator<Item = &View<'a, 'b>> {
        let orders = self.views[1..].iter().filter(|view| {
            matches!(
                view.table.grain,
                Grain::Orders | Grain::Lines | Grain::OrderOnLines
            )
        });
        self.views.first().into_iter().chain(orders)
    }

    /// Rows of the base that a side has no row for; `None` for sides of picked rows.
    #[must_use]
    pub fn missing(&self, side: usize) -> Option<usize> {
        let view = self.views.get(self.sides[side])?;
        view.rows.as_ref().map(ChunkedArray::null_count)
    }

    /// Whether the table of a side has no rows at all.
    #[must_use]
    pub fn is_void(&self, side: usize) -> bool {
        self.tables[self.base.sides[side].link.to].rows() == 0
    }

    /// All lines of the base, and what was noticed.
    ///
    /// # Errors
    /// As polars.
    pub fn lines(&self) -> PolarsResult<(WholeLines, Noticed)> {
        let rows = self.root().rows();
        let mut noticed = Noticed::default();
        let orders = self.orders()?;
        let mut lines = WholeLines {
            customers: self.customers(&mut noticed)?,
            days: self.days(&mut noticed)?,
            amounts: Vec::new(),
            marks: vec![0; rows],
            fingerprints: self.root().fingerprints.clone(),
            units: None,
            attributes: self.attributes()?,
            milestones: self.milestones()?,
            orders,
        };
        lines.fingerprints.resize(rows, 0);
        let first = lines.first_rows();
        self.money(&mut lines, &first, &mut noticed)?;
        self.standing(&mut lines, &first)?;
        self.credits_by_kind(&mut lines)?;
        lines.units = self.units()?;
        Ok((lines, noticed))
    }

    fn orders(&self) -> PolarsResult<Option<Vec<u32>>> {
        let column = self.root().order();
        column.map(|at| self.views[0].ids(at)).transpose()
    }

    fn customers(&self, noticed: &mut Noticed) -> PolarsResult<Vec<u32>> {
        let mut found: Option<Vec<u32>> = None;
        for view in self.of_orders() {
            if let Some(at) = view.table.customer() {
                let ids = view.ids(at)?;
                found = Some(match found {
                    None => ids,
                    // What lines say of their customers counts unless it contradicts their orders.
                    Some(known)
                        if frames::agreement(&known, &ids, |_, _| false).is_contradicted() =>
                    {
                        frames::either(&ids, &known)
                    }
                    Some(known) => frames::either(&known, &ids),
                });
            }
        }
        // A table of customers may name the person behind several ids.
        for (at, side) in self.base.sides.iter().enumerate() {
            let Some(view) = self.views.get(self.sides[at]) else {
                continue;
            };
            let person = view.table.roles.column(Role::Customer);
            if let Some(person) = person
                .filter(|_| view.table.layout.is_some() && view.table.grain == Grain::Customers)
                && person != side.link.to_column
            {
                found = Some(view.ids(person)?);
            }
        }
        let rows = self.root().rows();
        let mut found = found.unwrap_or_else(|| vec![NOBODY; rows]);
        let pool = &self.root().pool;
        let nobody = |ids: &[u32]| ids.iter().filter(|id| **id == NOBODY).count();
        let mut first = true;
        for view in self.of_orders() {
            for at in view.table.roles.columns(Role::Contact) {
                let contacts = view.texts(at)?;
                let contacts = contacts.iter();
                let contacts =
                    pool.number(contacts.map(|cell| contact(cell.unwrap_or_default())))?;
                if std::mem::take(&mut first) {
                    found = without_guests(&found, &contacts, &pool.texts());
                }
                let before = nobody(&found);
                if before == 0 {
                    return Ok(found);
                }
                found = frames::either(&found, &owners(&found, &contacts));
                noticed.guests += (before - nobody(&found)) as u64;
            }
        }
        Ok(found)
    }

    fn days(&self, noticed: &mut Noticed) -> PolarsResult<Vec<Day>> {
        let mut own: Option<Dates> = None;
        let mut of_order: Option<Vec<Day>> = None;
        for (at, view) in self.of_orders().enumerate() {
            let Some(cells) = view.of_role(Role::Date)? else {
                continue;
            };
            let mut read = read_days(&cells, self.spelling)?;
            let form = view.table.roles.date_form;
            if form != Form::Auto && !cells.dtype().is_temporal() {
                read.days = read_serials(&cells::texts(&cells)?, form);
                form.format().unwrap_or("date").clone_into(&mut read.format);
                read.remark = None;
            }
            if at == 0 {
                own = Some(read);
            } else if of_order.is_none() {
                if own.is_none() {
                    noticed.date_format.clone_from(&read.format);
                    noticed.date_remark.clone_from(&read.remark);
                }
                of_order = Some(read.days);
            }
        }
        if let Some(own) = &own {
            noticed.date_format.clone_from(&own.format);
            noticed.date_remark.clone_from(&own.remark);
        }
        Ok(match (own, of_order) {
            (Some(own), None) => own.days,
            (None, Some(days)) => days,
            (Some(own), Some(days)) => {
                let pairs = own.days.iter().zip(days);
                pairs
                    .map(|(&own, day)| if day > UNREADABLE { day } else { own })
                    .collect()
            }
            (None, None) => vec![dates::MISSING; self.root().rows()],
        })
    }

    fn money(
        &self,
        lines: &mut WholeLines,
        first: &[bool],
        noticed: &mut Noticed,
    ) -> PolarsResult<()> {
        let root = self.root();
        // Payments are chosen only where the orders' own money is worse, or there is none.
        let own = match &root.roles.money {
            _ if self.base.payments.is_some() => &Money::None,
            own => own,
        };
        lines.amounts = match own {
            Money::None => {
                if let Some(price) = self.base.price {
                    self.priced(price, noticed)?
                } else {
                    if self.base.payments.is_none() {
                        // Without amounts no sale is one of amount zero.
                        for marks in &mut lines.marks {
                            *marks |= mark::PART_OF_ORDER;
                        }
                    }
                    self.added(noticed)?
                }
            }
            Money::Amount { column, grain } => {
                let mut amounts = self.numbers(root, *column)?;
                self.replace(root, *column, &mut amounts)?;
                for &at in &root.roles.elsewhere {
                    for (amount, other) in amounts.iter_mut().zip(self.numbers(root, at)?) {
                        if amount.is_nan() || *amount == 0.0 && !other.is_nan() {
                            *amount = other;
                        }
                    }
                }
                if *grain != AmountGrain::Line {
                    let counts = lines.totals_once(&amounts);
                    for (row, amount) in amounts.iter_mut().enumerate() {
                        if !counts[row] {
                            *amount = 0.0;
                            lines.marks[row] |= mark::PART_OF_ORDER;
                            noticed.parts += 1;
                        }
                    }
                }
                amounts
            }
            Money::Product {
                price,
                quantity,
                discount,
            } => {
                let prices = self.numbers(root, *price)?;
                let units = self.numbers(root, *quantity)?;
                let mut amounts: Vec<f64> = prices
                    .iter()
                    .zip(&units)
                    .map(|(price, units)| price * units)
                    .collect();
                if let Some(discount) = discount {
                    let cells = root.texts(*discount)?;
                    let cells = cells.iter().map(Option::unwrap_or_default);
                    let off = cells.map(|cell| numbers::read_or_share(cell, self.spelling.decimal));
                    take_off(&mut amounts, &off.collect::<Vec<_>>());
                }
                amounts
            }
        };
        if root.roles.in_cents {
            for amount in &mut lines.amounts {
                *amount /= 100.0;
            }
            noticed.cents = root.roles.money.column().map(|at| root.names()[at].clone());
        }
        if let Some(at) = root.roles.column(Role::Quantity) {
            let units = self.numbers(root, at)?;
            for (marks, units) in lines.marks.iter_mut().zip(units) {
                if units < 0.0 {
                    *marks |= mark::NEGATIVE_QUANTITY;
                }
            }
        }
        let base = self.base;
        if matches!(own, Money::None) && base.payments.is_none() && base.price.is_none() {
            // Without amounts there is nothing to take from.
            return Ok(());
        }
        self.refund(lines, first, noticed)
    }

    /// Takes the amounts of the column that a layout puts in another one's place, where it is filled.
    fn replace(&self, table: &Known<'_>, column: usize, amounts: &mut [f64]) -> PolarsResult<()> {
        let Some(layout) = table.layout else {
            return Ok(());
        };
        let name = &table.files[0].folded()[column];
        let better = layout
            .replaces
            .iter()
            .filter(|(_, old)| text::fold(old) == *name);
        for at in better.filter_map(|(new, _)| table.files[0].column(&text::fold(new))) {
            for (amount, new) in amounts.iter_mut().zip(self.numbers(table, at)?) {
                if !new.is_nan() && new != 0.0 {
                    *amount = new;
                }
            }
        }
        Ok(())
    }

    /// Subtracts money given back that stands beside the sale.
    fn refund(
        &self,
        lines: &mut WholeLines,
        first: &[bool],
        noticed: &mut Noticed,
    ) -> PolarsResult<()> {
        for (at, view) in self.of_orders().enumerate() {
            let Some(cells) = view.of_role(Role::Refund)? else {
                continue;
            };
            let whole_order = at > 0
                || matches!(view.table.roles.money, Money::Amount { grain, .. } if grain != AmountGrain::Line);
            let accounts = at == 0 && view.table.roles.sides.is_some();
            for (row, refund) in numbers_of(&cells, self.spelling.decimal)?
                .into_iter()
                .enumerate()
            {
                let refund = refund.abs();
                if refund > 0.0 && (!whole_order || first[row]) {
                    let amount = &mut lines.amounts[row];
                    // A row of an account has money on one side only.
                    let sale = if accounts && amount.is_nan() {
                        0.0
                    } else {
                        *amount
                    };
                    *amount = sale - refund;
                    noticed.refunded += refund;
                    noticed.refunded_rows += 1;
                }
            }
            return Ok(());
        }
        Ok(())
    }

    /// What the units of each row cost by the table of products; rows of no known product cost nothing
    /// that can be told.
    fn priced(&self, price: Price, noticed: &mut Noticed) -> PolarsResult<Vec<f64>> {
        let view = &self.views[self.sides[price.side]];
        let mut amounts = numbers_of(&view.column(price.column)?, self.spelling.decimal)?;
        let root = self.root();
        let mut words = format!(
            "`{}` of {}",
            view.table.names()[price.column],
            view.table.title()
        );
        if let Some(at) = root.roles.column(Role::Quantity) {
            for (amount, units) in amounts.iter_mut().zip(self.numbers(root, at)?) {
                *amount *= units;
            }
            words = format!("{words} × `{}`", root.names()[at]);
        }
        noticed.listed = Some(words);
        Ok(amounts)
    }

    /// Amounts that are added up from another table; zeros where there is no money at all.
    fn added(&self, noticed: &mut Noticed) -> PolarsResult<Vec<f64>> {
        let rows = self.root().rows();
        let Some(link) = &self.base.payments else {
            return Ok(vec![0.0; rows]);
        };
        let table = &self.tables[link.from];
        let values = match table.roles.money {
            Money::Product {
                price, quantity, ..
            } => {
                let pairs = self
                    .numbers(table, price)?
                    .into_iter()
                    .zip(self.numbers(table, quantity)?);
                pairs.map(|(price, units)| price * units).collect()
            }
            _ => match table.roles.money.column() {
                Some(column) => self.numbers(table, column)?,
                None => vec![0.0; table.rows()],
            },
        };
        let sums = frames::sums(&table.keys(link.from_column)?.numbers, &values);
        let orders = self.root().keys(link.to_column)?;
        let amounts = orders.numbers.iter().enumerate().map(|(row, &order)| {
            let sum = sums.get(order as usize).copied().flatten();
            sum.unwrap_or_else(|| {
                noticed.unpaid_rows.push(row);
                0.0
            })
        });
        Ok(amounts.collect())
    }

    /// What statuses and return dates say of each row.
    fn standing(&self, lines: &mut WholeLines, first: &[bool]) -> PolarsResult<()> {
        let refunds_are_money = !self.base.credits.is_empty()
            || self
                .of_orders()
                .any(|view| view.table.roles.column(Role::Refund).is_some());
        let mut said = vec![false; lines.marks.len()];
        let mut found = vec![0; lines.marks.len()];
        for view in self.of_orders() {
            // What an item says itself counts before what its order says.
            let before = said.clone();
            for at in view.table.roles.columns(Role::Status) {
                let kind = StatusKind::of(&view.table.names()[at]);
                let cells = view.texts(at)?;
                let judge = StatusJudge {
                    kind,
                    refunds_are_money,
                    layout: self.layout,
                };
                judge.each(&cells, |row, marks, filled| {
                    if !before[row] || kind == StatusKind::ReturnDate {
                        found[row] |= marks;
                        said[row] |= filled && kind != StatusKind::ReturnDate;
                    }
                });
            }
        }
        // What stands on the first row of each order, and only there, is said of its other rows too.
        let (mut told, mut untold, mut elsewhere) = (0, 0, 0);
        for (said, first) in said.iter().zip(first) {
            match (first, said) {
                (true, true) => told += 1,
                (true, false) => untold += 1,
                (false, said) => elsewhere += usize::from(*said),
            }
        }
        let of_orders = elsewhere == 0 && 9 * untold < told;
        if let Some(orders) = lines.orders.as_ref().filter(|_| of_orders) {
            let mut of_order = HashMap::new();
            let rows = orders.iter().enumerate();
            for (row, order) in rows.filter(|(_, order)| **order != NOBODY) {
                if first[row] {
                    of_order.insert(order, found[row]);
                } else {
                    found[row] |= of_order.get(order).copied().unwrap_or_default();
                }
            }
        }
        for (marks, found) in lines.marks.iter_mut().zip(found) {
            *marks |= found;
        }
        Ok(())
    }

    /// Rows that say that they are money given back lower revenue, whatever the sign of their amounts.
    fn credits_by_kind(&self, lines: &mut WholeLines) -> PolarsResult<()> {
        let root = self.root();
        if !root.roles.credits_by_kind || self.layout.is_some() {
            return Ok(());
        }
        for at in root.roles.columns(Role::Status) {
            if StatusKind::of(&root.names()[at]) != StatusKind::Kind {
                continue;
            }
            for (row, cell) in root.texts(at)?.iter().enumerate() {
                if status::is_given_back(cell.unwrap_or_default()) {
                    lines.amounts[row] = -lines.amounts[row].abs();
                    lines.marks[row] &= !(mark::NOT_KEPT | mark::REFUNDED);
                }
            }
        }
        Ok(())
    }

    fn units(&self) -> PolarsResult<Option<Vec<u32>>> {
        let root = self.root();
        if let Some(at) = root
            .roles
            .column(Role::Quantity)
            .filter(|_| !self.base.sides.is_empty())
        {
            let units = self.numbers(root, at)?;
            return Ok(Some(
                units
                    .into_iter()
                    .map(|units| units.round() as u32)
                    .collect(),
            ));
        }
        if root.grain == Grain::Lines && !self.base.sides.is_empty() {
            return Ok(Some(vec![1; root.rows()]));
        }
        let is_goods = |link: &&super::links::Link| {
            let table = &self.tables[link.from];
            let goods = [Some(Concept::Item), Some(Concept::Product)];
            table.grain != Grain::Payments && table.id_of.iter().any(|of| goods.contains(of))
        };
        let items = self.base.picks.iter().find(is_goods);
        let Some(link) = items else {
            return Ok(None);
        };
        let table = &self.tables[link.from];
        let keys = table.keys(link.from_column)?;
        let sums = frames::sums(&keys.numbers, &vec![1.0; table.rows()]);
        let orders = root.keys(link.to_column)?;
        let units = |order: &u32| sums.get(*order as usize).copied().flatten();
        let units = orders
            .numbers
            .iter()
            .map(|order| units(order).unwrap_or_default() as u32);
        Ok(Some(units.collect()))
    }

    fn attributes(&self) -> PolarsResult<Vec<Attribute>> {
        let mut attributes: Vec<Attribute> = Vec::new();
        // By name: a table may have thousands of columns.
        let mut places = HashMap::<String, usize>::new();
        let traits_apart = |view: &View<'_, '_>| {
            view.keys
                .first()
                .is_some_and(|key| describes_customers(view.table, *key))
        };
        let views = self.views.iter().chain(&self.picked);
        for (place, view) in views.enumerate().filter(|(_, view)| !traits_apart(view)) {
            for at in 0..view.table.frame.width() {
                let is_key = view.keys.contains(&at) && !is_renamed(view.table, at);
                if !brings(view.table, at) || is_key {
                    continue;
                }
                let name = attribute_name(view.table, at);
                let guess = &view.table.roles.guesses[at];
                let wanted =
                    guess.role == Role::Attribute && matches!(guess.reason, Reason::Layout(_));
                let (name, wanted) = match places.get(&name) {
                    None => (name, wanted),
                    // A later table of the layout says the same in better words.
                    Some(&known) if is_renamed(view.table, at) => {
                        let known: &mut Attribute = &mut attributes[known];
                        let filled = |cell: &&str| !dates::is_missing(cell);
                        let better = view.texts(at)?;
                        let lines = better.iter().enumerate();
                        let either: StringChunked = lines
                            .map(|(line, cell)| cell.filter(filled).or(known.cells.get(line)))
                            .collect();
                        known.cells = LineCells {
                            cells: either,
                            rows: None,
                        };
                        continue;
                    }
                    // The order's status beside the item's fills what the item leaves open.
                    Some(_) if place > 0 && guess.role == Role::Status => continue,
                    Some(_) => (format!("{} {name}", view.table.stem()), false),
                };
                if let Entry::Vacant(place) = places.entry(name.clone()) {
                    place.insert(attributes.len());
                    attributes.push(Attribute {
                        name,
                        cells: view.line_cells(at)?,
                        wanted,
                    });
                }
            }
        }
        self.currencies(&mut attributes)?;
        Ok(attributes)
    }

    /// The currencies that stand beside the amounts: those of another table may be others.
    fn currencies(&self, attributes: &mut Vec<Attribute>) -> PolarsResult<()> {
        let root = self.root();
        let Some(at) = root.roles.money.column() else {
            return Ok(());
        };
        let named = attributes.iter().any(|known| known.name == CURRENCIES);
        if named || !root.column(at).dtype().is_string() {
            return Ok(());
        }
        let cells = root.texts(at)?;
        let cells = cells
            .iter()
            .map(|cell| numbers::currency_of(cell.unwrap_or_default()));
        let cells: StringChunked = cells.collect();
        if cells.null_count() < cells.len() {
            attributes.push(Attribute {
                name: CURRENCIES.to_owned(),
                cells: LineCells { cells, rows: None },
                wanted: false,
            });
        }
        Ok(())
    }

    fn milestones(&self) -> PolarsResult<Vec<Milestone>> {
        let mut milestones: Vec<Milestone> = Vec::new();
        for view in self.of_orders() {
            for at in 0..view.table.frame.width() {
                let Some(step) = step_of(view.table, at) else {
                    continue;
                };
                if milestones.iter().any(|known| known.step == step) {
                    continue;
                }
                let mut days = read_days(&view.column(at)?, self.spelling)?.days;
                for day in &mut days {
                    if *day <= UNREADABLE {
                        *day = NO_DAY;
                    }
                }
                if days.iter().any(|&day| day != NO_DAY) {
                    milestones.push(Milestone { step, days });
                }
            }
        }
        Ok(milestones)
    }
}

/// Moments as numbers that sort as they do: ISO texts as they are read by their digits.
fn instants(cells: &StringChunked) -> Vec<f64> {
    let digits = |cell: &str| {
        cell.chars()
            .filter(char::is_ascii_digit)
            .take(14)
            .collect::<String>()
    };
    let cells = cells.iter();
    cells
        .map(|cell| digits(cell.unwrap_or_default()).parse().unwrap_or(f64::NAN))
        .collect()
}

/// Numbers of a column; NaN where there is none.
///
/// # Errors
/// As polars.
pub fn numbers_of(column: &Column, decimal: Decimal) -> PolarsResult<Vec<f64>> {
    if column.dtype().is_primitive_numeric() {
        let numbers = cells::numbers_of(column)?.into_iter();
        return Ok(numbers.map(|number| number.unwrap_or(f64::NAN)).collect());
    }
    let mut evidence = Evidence::default();
    let cells = cells::texts(column)?;
    let cells = cells.iter().map(Option::unwrap_or_default);
    Ok(cells
        .map(|cell| numbers::read(cell, decimal, &mut evidence))
        .collect())
}

/// Days of a column.
///
/// # Errors
/// As polars.
pub fn read_days(column: &Column, spelling: &Spelling) -> PolarsResult<Dates> {
    if let Some(days) = cells::days(column, &spelling.zone)? {
        let days = days.into_iter().map(|day| day.unwrap_or(dates::MISSING));
        return Ok(Dates {
            days: days.collect(),
            format: "date".to_owned(),
            remark: None,
        });
    }
    let mut days = DateColumn::new(spelling.zone.clone(), column.len());
    for cell in cells::texts(column)?.iter() {
        days.push(cell.unwrap_or_default());
    }
    Ok(days.finish(spelling.date_order))
}

/// Days of a column of spreadsheet days.
fn read_serials(cells: &StringChunked, form: Form) -> Vec<Day> {
    let mut column = DateColumn::in_form(form, Zone::default(), cells.len());
    for cell in cells.iter() {
        column.push(cell.unwrap_or_default());
    }
    column.finish(None).days
}

/// Takes discounts off: shares where all lie between 0 and 1, else money.
fn take_off(amounts: &mut [f64], discounts: &[f64]) {
    let known = || discounts.iter().filter(|discount| !discount.is_nan());
    let shares = known().all(|discount| (0.0..=1.0).contains(discount));
    for (amount, &discount) in amounts.iter_mut().zip(discounts) {
        if discount.is_nan() {
            continue;
        }
        *amount -= if shares {
            *amount * discount
        } else {
            discount.abs()
        };
    }
}

/// Whether the rows of a table are customers, known by this key. Where the key is another one than the
/// person behind it (a customer number made anew for every order), its columns describe the order.
#[must_use]
pub fn describes_customers(table: &Known<'_>, key: usize) -> bool {
    let person = table.roles.column(Role::Customer);
    table.grain == Grain::Customers && person.is_none_or(|person| person == key)
}

/// Whether a column becomes an attribute of its rows.
fn brings(table: &Known<'_>, at: usize) -> bool {
    let guess = &table.roles.guesses[at];
    let returned = guess.role == Role::Status && table.roles.facts[at].dates >= 0.5;
    matches!(
        guess.role,
        Role::Attribute | Role::Status | Role::Currency | Role::Contact
    ) && !returned
}

/// The name of an attribute: as the layout says, else as the file does.
pub(super) fn attribute_name(table: &Known<'_>, at: usize) -> String {
    let name = &table.names()[at];
    let renamed = table.layout.and_then(|layout| {
        let folded = text::fold(name);
        let mut known = layout.rename.iter();
        known.find(|(known, _)| text::fold(known) == folded)
    });
    renamed.map_or_else(|| name.clone(), |(_, renamed)| renamed.clone())
}

fn is_renamed(table: &Known<'_>, at: usize) -> bool {
    attribute_name(table, at) != table.names()[at]
}

/// The step of an order's way that a column of dates tells.
fn step_of(table: &Known<'_>, at: usize) -> Option<Step> {
    let (spoken, facts) = (&table.roles.spoken[at], &table.roles.facts[at]);
    if facts.dates < 0.5 || facts.filled == 0 {
        return None;
    }
    let folded = &table.files[0].folded()[at];
    if spoken.has(Concept::Returned) {
        Some(Step::Returned)
    } else if ["estimated", "due", "limit", "expected"]
        .iter()
        .any(|word| folded.contains(word))
    {
        None
    } else if ["carrier", "ship", "dispatch", "versand", "sent"]
        .iter()
        .any(|word| folded.contains(word))
    {
        Some(Step::Shipped)
    } else if ["deliver", "geliefert", "livr", "entreg"]
        .iter()
        .any(|word| folded.contains(word))
    {
        Some(Step::Delivered)
    } else {
        None
    }
}
