//! Several tables of one shop → order lines.
//!
//! | file | does |
//! | --- | --- |
//! | [`calendar`] | puts days in the place of keys of a date dimension |
//! | [`tables`] | puts parts together, finds what a row of each table is |
//! | [`links`] | finds which column is a key of which table |
//! | [`order_log`] | tables that need no joining |
//! | [`plan`] | chooses whose rows become order lines, and where the money is |
//! | [`compose`] | joins, adds up, judges statuses |
//! | [`customers`] | tables with one row per customer and no orders |
//! | [`guests`] | who buys without an account |
//! | [`frames`] | the polars behind it |

pub mod calendar;
pub mod compose;
pub mod customers;
pub mod frames;
pub mod guests;
pub mod links;
pub mod order_log;
pub mod plan;
mod standing;
pub mod tables;

use hashbrown::HashMap;
use polars::prelude::PolarsResult;
use rayon::prelude::*;

use compose::{Composer, Noticed, Spelling};
use frames::IdPool;
use links::{Link, Place};
use plan::Base;
use tables::{Described, Known};

use base::figures;

use super::{
    dataset::{
        Role, Shape,
        error::DataError,
        tables::Table,
        understanding::{PlanLink, PlanTable, Understanding, Warning, WarningCode},
    },
    judge::{finish::Gathered, rules::Rule, verdicts::Tally},
    layouts::{Grain, Layout},
    lines::{
        stage::{Stage, StagedAttribute, TraitKind, mark},
        whole::{self, WholeLines},
    },
    orders::PoolFull,
    roles::{job::Job, money::Money, needs, reason::Guess},
    table::{
        cells, frame,
        typed::{self, Refused},
    },
    values::{
        dates::{self, DateColumn, UNREADABLE},
        numbers::{self, Decimal, Evidence},
    },
};

/// Reads tables whole, joins them and makes order lines of them.
///
/// # Errors
/// [`DataError`] when no table tells customer and day of its rows; any error of reading.
pub fn read(
    described: Vec<Described<'_>>,
    layout: Option<&Layout>,
    job: &Job<'_>,
) -> Result<Gathered, DataError> {
    let ids = IdPool::default();
    let known: Vec<_> = described
        .into_par_iter()
        .with_max_len(1)
        .map(|described| Known::read(described, job, &ids))
        .collect();
    let mut known = known.into_iter().collect::<Result<Vec<_>, _>>()?;
    let first = known[0].files[0];
    tables::find_people(&mut known).map_err(|error| tables::unreadable(first, &error))?;
    let broken = |error: polars::prelude::PolarsError| tables::unreadable(first, &error);
    for table in known.iter().filter(|table| table.rows() == 0) {
        if table.layout.is_some_and(|layout| layout.required) {
            return Err(DataError::NoUsableRows {
                path: table.files[0].input.path().to_path_buf(),
                problem: "there is a header, but no row below it".to_owned(),
                advice: "Choose the file that holds the rows".to_owned(),
            });
        }
    }
    let links = match layout.filter(|layout| !layout.joins.is_empty()) {
        Some(layout) => said_links(&known, layout).map_err(broken)?,
        None => links::find(&known).map_err(broken)?,
    };
    let plan = plan::choose(&known, &links).map_err(broken)?;
    if plan.bases.is_empty() {
        return Err(nothing_to_read(&known, job));
    }
    let (spelling, numbers) = spelling(&known, job).map_err(broken)?;
    let mut gathering = Gathering {
        tables: &known,
        spelling,
        numbers,
        layout,
        stage: Stage::default(),
        reads: Vec::new(),
        unpaid: Tally::default(),
        understanding: Understanding::default(),
        remarks: Vec::new(),
    };
    for base in &plan.bases {
        job.monitor.check()?;
        gathering
            .base(base)
            .map_err(broken)?
            .map_err(too_much_text)?;
    }
    gathering.describe(&plan);
    gathering
        .finish(&plan, job)
        .map_err(broken)?
        .map_err(too_much_text)
}

fn too_much_text(full: PoolFull) -> DataError {
    DataError::FileSet {
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    }
}

/// The links that a layout names, as far as the tables are there.
fn said_links(known: &[Known<'_>], layout: &Layout) -> PolarsResult<Vec<Link>> {
    let mut links = Vec::new();
    for join in &layout.joins {
        let sides = |said: &str| -> Vec<Place> {
            let Some((part, header)) = said.split_once('.') else {
                return Vec::new();
            };
            let folded = super::values::text::fold(header);
            let tables = known.iter().enumerate();
            let of_part =
                tables.filter(|(_, table)| table.layout.is_some_and(|layout| layout.part == part));
            of_part
                .filter_map(|(at, known)| {
                    let column = known.files[0].column(&folded)?;
                    Some(Place { table: at, column })
                })
                .collect()
        };
        for from in sides(&join.from) {
            for to in sides(&join.to) {
                links.push(links::link(known, from, to)?);
            }
        }
    }
    Ok(links)
}

/// Decimal sign and order of day and month, by all columns of all tables together; and what the numbers of
/// each table say.
fn spelling(known: &[Known<'_>], job: &Job<'_>) -> PolarsResult<(Spelling, Vec<Evidence>)> {
    let (mut all, mut by_table) = (Evidence::default(), Vec::new());
    let mut days = DateColumn::new(job.zone.clone(), 0);
    for table in known {
        let mut evidence = Evidence::default();
        for (at, guess) in table.roles.guesses.iter().enumerate() {
            match guess.role {
                // Columns that are numbers or days already leave nothing open.
                _ if !table.column(at).dtype().is_string() => {}
                Role::Amount | Role::UnitPrice | Role::Quantity | Role::Refund | Role::Discount => {
                    for cell in table.texts(at)?.iter().flatten() {
                        let _ = numbers::read(cell, Decimal::Point, &mut evidence);
                    }
                }
                Role::Date => {
                    for cell in table.texts(at)?.iter().flatten() {
                        days.push(cell);
                    }
                }
                _ => {}
            }
        }
        all.add(evidence);
        by_table.push(evidence);
    }
    let dates = days.evidence();
    let spelling = Spelling {
        zone: job.zone.clone(),
        date_order: job.options.order_of_dates().or(dates.order()),
        decimal: order_log::decimal_of(all, job),
        dates,
        numbers: all,
    };
    Ok((spelling, by_table))
}

/// No table tells customer and day: what was looked for, and where.
fn nothing_to_read(known: &[Known<'_>], job: &Job<'_>) -> DataError {
    let whole = known.iter().max_by_key(|table| {
        let roles = table.roles.roles();
        let has = |role| u8::from(roles.contains(&role));
        has(Role::Customer) + has(Role::Date) + u8::from(table.has_money())
    });
    match whole {
        Some(table) => needs::missing_column(table.files[0], &table.roles.roles()),
        None => DataError::FileSet {
            problem: format!("{} files hold no table of orders", job.files.len()),
            advice: "Open the file that holds the orders".to_owned(),
        },
    }
}

/// Lines in the making.
struct Gathering<'a, 'b> {
    tables: &'a [Known<'b>],
    spelling: Spelling,
    /// What the numbers of each table say of the decimal sign.
    numbers: Vec<Evidence>,
    layout: Option<&'a Layout>,
    stage: Stage,
    reads: Vec<super::lines::ingest::Read>,
    unpaid: Tally,
    understanding: Understanding,
    remarks: Vec<String>,
}

impl Gathering<'_, '_> {
    /// Adds the lines of a base, and what was given back on them.
    fn base(&mut self, base: &Base) -> PolarsResult<Result<(), PoolFull>> {
        let (tables, layout, mut spelling) = (self.tables, self.layout, self.spelling.clone());
        // Files of two programs prove two signs; each keeps its own.
        let proven = self.numbers[base.table].proven();
        spelling.decimal = proven.unwrap_or(spelling.decimal);
        let composer = Composer::new(tables, base, &spelling, layout)?;
        let (mut lines, noticed) = composer.lines()?;
        let table = &self.tables[base.table];
        let first = self.stage.rows();
        let overlapping = mark_overlaps(table, &mut lines)?;
        for row in &noticed.unpaid_rows {
            self.unpaid.add(first + row, 0.0);
        }
        self.remember(table, first, &noticed, &spelling);
        self.notice(table, &noticed, overlapping);
        self.remark_on_joins(base, &composer);
        let credits = base
            .credits
            .iter()
            .map(|link| self.credit(link, base, &lines));
        let credits = credits.collect::<PolarsResult<Vec<_>>>()?;
        let ids = table.pool.texts();
        if let Err(full) = whole::append(&mut self.stage, lines, ids.texts()) {
            return Ok(Err(full));
        }
        for (credit, link) in credits.into_iter().zip(&base.credits) {
            let first = self.stage.rows();
            let (table, spelling) = (&self.tables[link.from], self.spelling.clone());
            self.remember(table, first, &Noticed::default(), &spelling);
            if let Err(full) = whole::append(&mut self.stage, credit, ids.texts()) {
                return Ok(Err(full));
            }
        }
        Ok(Ok(()))
    }

    /// Says how the files of a table were read, and where their rows begin.
    fn remember(
        &mut self,
        table: &Known<'_>,
        first: usize,
        noticed: &Noticed,
        spelling: &Spelling,
    ) {
        for read in &table.reads {
            let mut read = read.clone();
            read.first_row += first as u64;
            read.dates = spelling.dates;
            read.numbers = spelling.numbers;
            read.decimal = spelling.decimal;
            describe(&mut read, table, spelling, noticed);
            if read.first_row == first as u64 {
                read.remarks.extend(noticed.date_remark.clone());
            }
            self.reads.push(read);
        }
    }

    fn notice(&mut self, table: &Known<'_>, noticed: &Noticed, overlapping: u64) {
        let mut warn = |code, rows: u64, text: String| {
            self.understanding
                .warnings
                .push(Warning { code, text, rows });
        };
        let title = table.title();
        if overlapping > 0 {
            warn(
                WarningCode::OverlappingFiles,
                overlapping,
                format!(
                    "{} of {title} found in two files that overlap; each sale counts once",
                    figures::count(overlapping, "row", "rows")
                ),
            );
        }
        if noticed.parts > 0 {
            warn(
                WarningCode::RepeatedTotal,
                noticed.parts,
                format!(
                    "{title}: the total of an order stands on its lines; it is counted once per order"
                ),
            );
        }
        if let Some(name) = &noticed.cents {
            warn(
                WarningCode::AmountChoice,
                0,
                format!(
                    "{title}: `{name}` is in cents, says its name; amounts were divided by 100"
                ),
            );
        }
        if let Some(words) = &noticed.listed {
            warn(
                WarningCode::AmountChoice,
                0,
                format!("{title} has no amounts: {words} stands for what was paid"),
            );
        }
        if noticed.guests > 0 {
            warn(
                WarningCode::GuestOrders,
                noticed.guests,
                format!(
                    "{} of {title} without a customer id: the e-mail address or telephone number stands for the customer",
                    figures::count(noticed.guests, "row", "rows")
                ),
            );
        }
        if noticed.refunded_rows > 0 {
            warn(
                WarningCode::Refunds,
                noticed.refunded_rows,
                format!(
                    "{} given back on {} of {title} was subtracted from the amounts",
                    figures::fixed(noticed.refunded, 2),
                    figures::count(noticed.refunded_rows, "row", "rows")
                ),
            );
        }
    }

    /// What did not find its partner, in rows.
    fn remark_on_joins(&mut self, base: &Base, composer: &Composer<'_, '_>) {
        let root = &self.tables[base.table];
        for (at, side) in base.sides.iter().enumerate() {
            let Some(missing) = composer.missing(at) else {
                continue;
            };
            let table = &self.tables[side.link.to];
            if missing > 0 && !composer.is_void(at) {
                let (one, many, words) = match table.grain {
                    Grain::Orders => (
                        "item",
                        "items",
                        "without an order in the orders file: each counts on its own day",
                    ),
                    Grain::Products => (
                        "item",
                        "items",
                        "without a product in the products file: the category is missing",
                    ),
                    Grain::Customers => (
                        "row",
                        "rows",
                        "with a customer whom the table of customers lacks: nothing more is known of them",
                    ),
                    _ => ("row", "rows", "without a partner in a joined table"),
                };
                let missing = figures::count(missing as u64, one, many);
                self.remarks.push(format!("{missing} {words}"));
            }
            let without = side.link.keys.saturating_sub(side.link.found);
            if table.grain == Grain::Orders && root.grain != Grain::Orders && without > 0 {
                self.remarks.push(format!(
                    "{} without items left out: only items carry prices",
                    figures::count(without as u64, "order", "orders")
                ));
            }
        }
        if let Some(link) = &base.payments {
            let strangers = link.asked - link.found;
            if strangers > 0 {
                self.remarks.push(format!(
                    "payments of {} missing from the orders file were left out",
                    figures::count(strangers as u64, "order", "orders")
                ));
            }
        }
    }

    /// Rows of money given back as credit lines of the customers they belong to.
    fn credit(&self, link: &Link, base: &Base, lines: &WholeLines) -> PolarsResult<WholeLines> {
        let table = &self.tables[link.from];
        let root = &self.tables[base.table];
        let rows = table.rows();
        let to = &self.tables[link.to];
        let (asked, known) = (table.keys(link.from_column)?, to.keys(link.to_column)?);
        let found = frames::lookup(&asked.numbers, &known.numbers);
        // Rows of a joined table stand for the first line that has them.
        let side = base.sides.iter().find(|side| side.link.to == link.to);
        let of_base = match side.filter(|_| link.to != base.table) {
            Some(side) => frames::lookup(
                &to.keys_at(side.link.to_column, &found)?,
                &root.keys(side.link.from_column)?.numbers,
            ),
            None => found,
        };
        let column = table
            .roles
            .column(Role::Refund)
            .or(table.roles.money.column());
        let amounts = match column {
            Some(column) => compose::numbers_of(table.column(column), self.spelling.decimal)?,
            None => vec![f64::NAN; rows],
        };
        let date = table.roles.column(Role::Date).or_else(|| {
            let facts = table.roles.facts.iter();
            let mut dated = facts
                .enumerate()
                .filter(|(_, facts)| facts.dates >= 0.8 && facts.filled > 0);
            dated.next().map(|(at, _)| at)
        });
        let own = match date {
            Some(at) => compose::read_days(table.column(at), &self.spelling)?.days,
            None => vec![dates::MISSING; rows],
        };
        let of_sale = of_base
            .iter()
            .map(|row| row.map_or(dates::MISSING, |row| lines.days[row as usize]));
        let mut fingerprints = table.fingerprints.clone();
        fingerprints.resize(rows, 0);
        Ok(WholeLines {
            customers: frames::bring_ids(&lines.customers, &of_base),
            days: own
                .iter()
                .zip(of_sale)
                .map(|(&own, sale)| if own > UNREADABLE { own } else { sale })
                .collect(),
            amounts: amounts.into_iter().map(|amount| -amount.abs()).collect(),
            orders: (lines.orders.as_ref()).map(|ids| frames::bring_ids(ids, &of_base)),
            marks: vec![0; rows],
            fingerprints,
            ..WholeLines::default()
        })
    }

    /// The plan of tables and what joins badly, for people.
    fn describe(&mut self, chosen: &plan::Plan) {
        let plan = &mut self.understanding.plan;
        for (at, table) in self.tables.iter().enumerate() {
            plan.tables.push(PlanTable {
                name: table.title(),
                grain: grain_words(table.grain).to_owned(),
                rows: table.rows() as u64,
                used: !chosen.unused.contains(&at),
            });
        }
        for base in &chosen.bases {
            let sides = base.sides.iter().map(|side| &side.link);
            let others = base.picks.iter().chain(&base.credits);
            for link in sides.chain(others) {
                plan.links.push(PlanLink {
                    from: link.from,
                    to: link.to,
                    from_column: self.tables[link.from].names()[link.from_column].clone(),
                    to_column: self.tables[link.to].names()[link.to_column].clone(),
                    matched: link.found as u64,
                    asked: link.asked as u64,
                    complete: link.share() >= 0.9,
                });
            }
        }
        self.warn_of_weak_joins();
        for at in &chosen.unused {
            let table = &self.tables[*at];
            let again = chosen.again.iter().find(|again| again.table == *at);
            let (code, why) = match again {
                Some(again) => (
                    WarningCode::OverlappingFiles,
                    format!(
                        "it tells of orders that count already, from {}",
                        self.tables[again.of].title()
                    ),
                ),
                None => (
                    WarningCode::UnusedTable,
                    "nothing in it belongs to the orders".to_owned(),
                ),
            };
            self.understanding.warnings.push(Warning {
                code,
                text: format!("{} was not used: {why}", table.title()),
                rows: table.rows() as u64,
            });
        }
    }

    fn warn_of_weak_joins(&mut self) {
        let understanding = &mut self.understanding;
        let plan = &understanding.plan;
        let weak = plan
            .links
            .iter()
            .filter(|link| link.matched * 10 < link.asked * 9 && !link.complete);
        let warnings: Vec<Warning> = weak
            .map(|link| Warning {
                code: WarningCode::WeakJoin,
                text: format!(
                    "{} of {} of `{}` in {} found in {}",
                    figures::integer(link.matched),
                    figures::count(link.asked, "value", "values"),
                    link.from_column,
                    plan.tables[link.from].name,
                    plan.tables[link.to].name
                ),
                rows: link.asked - link.matched,
            })
            .collect();
        understanding.warnings.extend(warnings);
    }

    fn finish(
        mut self,
        chosen: &plan::Plan,
        job: &Job<'_>,
    ) -> PolarsResult<Result<Gathered, PoolFull>> {
        let mut beside = Vec::new();
        let lines: Vec<usize> = chosen
            .bases
            .iter()
            .flat_map(|base| {
                std::iter::once(base.table).chain(base.credits.iter().map(|link| link.from))
            })
            .collect();
        for (at, table) in self
            .tables
            .iter()
            .enumerate()
            .filter(|(at, _)| !lines.contains(at))
        {
            let part = if chosen.unused.contains(&at) {
                "not used"
            } else {
                grain_words(table.grain)
            };
            for read in &table.reads {
                let mut read = read.clone();
                describe(&mut read, table, &self.spelling, &Noticed::default());
                self.remarks.extend(read.broken_remark());
                beside.push((read, part));
            }
        }
        let mut kept = Vec::new();
        for base in &chosen.bases {
            for side in base.sides.iter().filter(|side| {
                compose::describes_customers(&self.tables[side.link.to], side.link.to_column)
            }) {
                let table = &self.tables[side.link.to];
                match self.traits(table, side.link.to_column)? {
                    Ok(()) => {}
                    Err(full) => return Ok(Err(full)),
                }
                match keep_whole(table, job)? {
                    Ok(table) => kept.push(table),
                    Err(full) => return Ok(Err(full)),
                }
            }
        }
        let tables = self.tables;
        if chosen.bases.iter().all(|base| {
            let none = tables[base.table].roles.money == Money::None;
            none && base.payments.is_none() && base.price.is_none()
        }) {
            self.understanding.warnings.push(Warning {
                code: WarningCode::NoAmount,
                text: "There are no amounts in these files: who comes back can be told, what it is worth cannot".to_owned(),
                rows: 0,
            });
        }
        // Of the export's own tables: other files may lie beside them.
        let is_json = job.recognised.as_ref().is_some_and(|known| {
            let mut files = job.files.iter().zip(&known.tables);
            files.any(|(file, table)| table.is_some() && file.is_json())
        });
        let shape = match self.layout.map(|layout| layout.name.as_str()) {
            Some("olist") => Shape::Olist,
            // The same four tables; users and products may come as JSON text.
            Some("thelook" | "de_ds") if is_json => Shape::DeDs,
            Some("thelook" | "de_ds") => Shape::Thelook,
            Some("cdnow") => Shape::Cdnow,
            _ => Shape::OrderLog,
        };
        Ok(Ok(Gathered {
            name: job.set_name(),
            shape,
            stage: self.stage,
            reads: self.reads,
            beside,
            remarks: self.remarks,
            own: vec![(Rule::OrderWithoutPayment, self.unpaid)],
            damage: self
                .tables
                .iter()
                .flat_map(|table| table.damage.clone())
                .collect(),
            tables: kept,
            understanding: self.understanding,
        }))
    }

    /// Columns of a table of customers, for the customers that have orders.
    fn traits(&mut self, table: &Known<'_>, key: usize) -> PolarsResult<Result<(), PoolFull>> {
        let person = table
            .roles
            .column(Role::Customer)
            .filter(|_| table.layout.is_some())
            .unwrap_or(key);
        let people = table.keys(person)?;
        let known = table.pool.texts();
        let ids = self.stage.ids.texts().iter();
        let ids: Vec<u32> = ids
            .map(|id| known.find(id).unwrap_or(frames::NOBODY))
            .collect();
        drop(known);
        let rows = frames::lookup(&ids, &people.numbers);
        for at in 0..table.frame.width() {
            let role = table.roles.guesses[at].role;
            if at == person
                || at == key
                || !matches!(role, Role::Attribute | Role::Contact | Role::Status)
            {
                continue;
            }
            let cells = cells::texts(&frames::bring(table.column(at), &rows)?)?;
            let name = compose::attribute_name(table, at);
            let mut attribute = StagedAttribute::new(&name);
            attribute.may_be_label = true;
            for cell in cells.iter() {
                let added = attribute
                    .code(cell.unwrap_or_default())
                    .map(|code| attribute.codes.push(code));
                if let Err(full) = added {
                    return Ok(Err(full));
                }
            }
            let kind = match (role, table.layout) {
                (Role::Contact, _) => TraitKind::Label,
                (_, Some(layout)) if layout.roles.contains_key(&table.names()[at]) => {
                    TraitKind::Trait
                }
                _ => TraitKind::Open,
            };
            if let Err(full) = self.stage.add_trait(attribute, kind) {
                return Ok(Err(full));
            }
        }
        Ok(Ok(()))
    }
}

/// Says of a file's columns what they mean and how they were read.
fn describe(
    read: &mut super::lines::ingest::Read,
    table: &Known<'_>,
    spelling: &Spelling,
    noticed: &Noticed,
) {
    let roles = &table.roles;
    let place = |name: &String| table.names().iter().position(|known| known == name);
    for (at, name) in read.dialect.names.iter().enumerate() {
        let known = place(name).unwrap_or(at);
        let guess: &Guess = &roles.guesses[known];
        read.guesses[at] = guess.clone();
        read.formats[at] = match guess.role {
            Role::Date => noticed.date_format.clone(),
            Role::Amount | Role::UnitPrice | Role::Quantity | Role::Refund | Role::Discount => {
                spelling.decimal.format().to_owned()
            }
            _ => String::new(),
        };
    }
}

/// What a row of a table is, for people.
fn grain_words(grain: Grain) -> &'static str {
    match grain {
        Grain::Orders => "orders",
        Grain::Lines => "order lines",
        Grain::OrderOnLines => "order lines with the order's total",
        Grain::Payments => "payments",
        Grain::Refunds => "refunds",
        Grain::Customers => "customers",
        Grain::Products => "products",
        Grain::Other => "joined",
    }
}

/// Marks rows that stand in an earlier part as well: as often as they stand there.
fn mark_overlaps(table: &Known<'_>, lines: &mut WholeLines) -> PolarsResult<u64> {
    if table.reads.len() < 2 {
        return Ok(0);
    }
    let prints = frame::row_prints(&table.frame)?;
    let mut earlier = HashMap::<u64, u32>::new();
    let mut overlapping = 0;
    let starts: Vec<usize> = table
        .reads
        .iter()
        .map(|read| read.first_row as usize)
        .collect();
    for (part, &start) in starts.iter().enumerate() {
        let end = starts.get(part + 1).copied().unwrap_or(prints.len());
        let mut here = HashMap::<u64, u32>::new();
        for (row, print) in prints.iter().enumerate().take(end).skip(start) {
            let times = here.entry(*print).or_default();
            *times += 1;
            if *times <= earlier.get(print).copied().unwrap_or_default() {
                lines.marks[row] |= mark::OVERLAPS;
                overlapping += 1;
            }
        }
        for (print, times) in here {
            let known = earlier.entry(print).or_default();
            *known = (*known).max(times);
        }
    }
    Ok(overlapping)
}

/// A table of customers as it is kept beside the orders.
fn keep_whole(table: &Known<'_>, job: &Job<'_>) -> PolarsResult<Result<Table, PoolFull>> {
    let spelling = typed::Spelling {
        zone: job.zone.clone(),
        date_order: job.options.date_order,
    };
    let mut columns = Vec::new();
    for (name, cells) in table.names().iter().zip(table.frame.columns()) {
        match typed::read(name, cells, &spelling) {
            Ok(typed) => columns.push(typed.column),
            Err(Refused::Full(full)) => return Ok(Err(full)),
            Err(Refused::Polars(error)) => return Err(error),
        }
    }
    Ok(Ok(Table {
        name: "users".to_owned(),
        rows: table.rows(),
        columns,
    }))
}
