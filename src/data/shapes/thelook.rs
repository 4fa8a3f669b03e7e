//! theLook e-commerce exports: users, products, orders and order items, recognised by their columns.
//!
//! One line per order item: amount = `sale_price` (× `quantity` where there is one), day = that of
//! the order, person = `user_id`. Items say themselves whether they were cancelled or returned.
//! Products add attributes to lines, users add traits to customers; both tables may also come as
//! JSON-ish text ([`super::de_ds`]).

mod join;
mod side;

use rayon::prelude::*;

use super::{Job, Sniffed};
use crate::{
    data::dataset::error::DataError,
    data::dataset::tables::Table,
    data::dataset::{Role, Shape},
    data::judge::finish::Gathered,
    data::lines::ingest::Read,
    data::open::json_file::{self, Damage},
    data::open::source::Input,
    data::orders::PoolFull,
    data::table::small::SmallTable,
    data::table::typed::{self, Cells, Spelling},
};
use join::Join;
use side::Side;

/// The tables of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Items,
    Orders,
    Products,
    Users,
}

/// Columns (folded) by which a table is known.
struct Signature {
    all: &'static [&'static str],
    /// At least so many of these.
    some: (usize, &'static [&'static str]),
    none: &'static [&'static str],
}

impl Part {
    const ALL: [Self; 4] = [Self::Items, Self::Orders, Self::Products, Self::Users];

    /// Name of the table for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Items => "order items",
            Self::Orders => "orders",
            Self::Products => "products",
            Self::Users => "users",
        }
    }

    fn signature(self) -> Signature {
        match self {
            Self::Items => Signature {
                all: &["orderid", "productid", "saleprice"],
                some: (
                    1,
                    &["inventoryitemid", "shippedat", "deliveredat", "returnedat"],
                ),
                none: &[],
            },
            Self::Orders => Signature {
                all: &["orderid", "userid", "numofitem"],
                some: (1, &["status", "createdat"]),
                none: &["saleprice", "productid"],
            },
            Self::Products => Signature {
                all: &["id", "category"],
                some: (1, &["retailprice", "brand", "department", "sku"]),
                none: &["orderid", "userid"],
            },
            Self::Users => Signature {
                all: &["id"],
                some: (3, &USER_COLUMNS),
                none: &["orderid", "productid"],
            },
        }
    }

    /// The part whose records are JSON-ish text with fields of these (folded) names.
    fn of_json(names: &[String]) -> Option<Self> {
        Self::of(names).filter(|part| *part != Self::Items)
    }

    fn of(names: &[String]) -> Option<Self> {
        Self::ALL.into_iter().find(|part| {
            let has = |wanted: &&&str| names.iter().any(|name| name == **wanted);
            let Signature { all, some, none } = part.signature();
            all.iter().filter(has).count() == all.len()
                && some.1.iter().filter(has).count() >= some.0
                && none.iter().filter(has).count() == 0
        })
    }
}

const USER_COLUMNS: [&str; 8] = [
    "firstname",
    "lastname",
    "age",
    "gender",
    "trafficsource",
    "emailaddress",
    "country",
    "createdat",
];

/// A file of the set.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    pub file: &'a Sniffed,
    pub part: Part,
    /// Its records are JSON-ish text.
    pub json: bool,
}

impl<'a> Member<'a> {
    /// What the file is within the set; `None` for any other file.
    #[must_use]
    pub fn of(file: &'a Sniffed) -> Option<Self> {
        if let Some(part) = file.json_names().and_then(Part::of_json) {
            return Some(Self {
                file,
                part,
                json: true,
            });
        }
        if !file.dialect.has_header {
            return None;
        }
        let part = Part::of(file.folded())?;
        Some(Self {
            file,
            part,
            json: false,
        })
    }
}

/// Whether the file holds a part of the set as JSON-ish text.
#[must_use]
pub fn is_json_part(input: &Input) -> bool {
    json_file::column_names(input).is_some_and(|names| Part::of_json(&names).is_some())
}

/// Whether the files look like theLook's set, complete or not. A table of users alone does not: it
/// is a customer table like any other.
#[must_use]
pub fn is_set(files: &[Sniffed]) -> bool {
    let members: Vec<Member<'_>> = files.iter().filter_map(Member::of).collect();
    let has = |part| members.iter().any(|member| member.part == part);
    has(Part::Items)
        || has(Part::Orders)
        || has(Part::Products) && has(Part::Users)
        || members.iter().any(|member| member.json)
}

/// Whether the files are theLook's set as CSV.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> bool {
    is_set(files) && !super::de_ds::recognise(files)
}

/// Reads and joins the set.
///
/// # Errors
/// [`DataError::FileSet`] naming what is missing; any error of reading.
pub fn read(job: &Job<'_>, shape: Shape) -> Result<Gathered, DataError> {
    let mut set = Set::read(job)?;
    let [orders, products, users] = set.sides()?;
    let items = set.take(Part::Items);
    let mut join = Join::new(job, (&orders, &products, &users)).map_err(full_set)?;
    let joined = || {
        let mut reads = Vec::new();
        for table in items {
            reads.push(join.add(table)?);
        }
        let (stage, remarks) = join.finish(&mut set.beside)?;
        Ok((reads, stage, remarks))
    };
    let (users, joined) = rayon::join(|| users_tables(&users, job), joined);
    let (tables, of_users) = users.map_err(full_set)?;
    let (reads, stage, of_items) = joined.map_err(full_set)?;
    set.remarks.extend(of_users.into_iter().chain(of_items));
    Ok(Gathered {
        name: super::order_log::set_name(&job.files),
        shape,
        stage,
        reads,
        beside: set.beside,
        remarks: set.remarks,
        own: Vec::new(),
        damage: set.damage,
        tables,
    })
}

fn full_set(full: PoolFull) -> DataError {
    DataError::FileSet {
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    }
}

/// Every user, with every column; and how many cells could not be read as the others of theirs.
fn users_tables(users: &Side, job: &Job<'_>) -> Result<(Vec<Table>, Vec<String>), PoolFull> {
    let spelling = Spelling {
        zone: job.zone.clone(),
        date_order: job.options.date_order,
    };
    let (mut tables, mut remarks) = (Vec::new(), Vec::new());
    for table in &users.tables {
        let mut columns = Vec::new();
        let names = table.read.dialect.names.par_iter().enumerate();
        let typed: Vec<_> = names
            .with_max_len(1)
            .map(|(at, name)| {
                let cells = (0..table.rows).map(|row| table.cell(row, at));
                typed::read(&Cells::new(name, cells), &spelling)
            })
            .collect();
        for (name, typed) in table.read.dialect.names.iter().zip(typed) {
            let typed = typed?;
            if typed.unreadable > 0 {
                remarks.push(format!(
                    "{}: {} cells of `{name}` are unlike the others of their column and count as missing",
                    table.read.input.name(),
                    typed.unreadable
                ));
            }
            columns.push(typed.column);
        }
        tables.push(Table {
            name: "users".to_owned(),
            rows: table.rows,
            columns,
        });
    }
    Ok((tables, remarks))
}

/// The files of the set, by part.
struct Set {
    tables: Vec<(Part, SmallTable)>,
    beside: Vec<(Read, &'static str)>,
    damage: Vec<Damage>,
    remarks: Vec<String>,
}

/// What is lost without a table that the set can do without.
const LOST: [(Part, &str); 3] = [
    (Part::Orders, "the day of an order is that of its items"),
    (
        Part::Products,
        "lines have no category, brand or department",
    ),
    (
        Part::Users,
        "customers have no age, gender, country or traffic source",
    ),
];

impl Set {
    fn read(job: &Job<'_>) -> Result<Self, DataError> {
        let (mut members, mut remarks) = (Vec::new(), Vec::new());
        for file in &job.files {
            match Member::of(file) {
                Some(member) => members.push(member),
                None => remarks.push(format!(
                    "{} is no part of the theLook set and was not used",
                    file.input.name()
                )),
            }
        }
        // The order in which files were given must not matter.
        members.sort_by(|a, b| (a.part, a.file.input.path()).cmp(&(b.part, b.file.input.path())));
        let has = |part| members.iter().any(|member| member.part == part);
        if !has(Part::Items) {
            return Err(Self::incomplete(&members, &remarks));
        }
        for (part, lost) in LOST {
            if !has(part) {
                remarks.push(format!("there is no file of {}: {lost}", part.title()));
            }
        }
        // Files do not depend on each other.
        let read = members.par_iter().with_max_len(1);
        let read: Vec<_> = read.map(|member| Self::table(*member, job)).collect();
        let (mut tables, mut damage) = (Vec::new(), Vec::new());
        for (member, read) in members.iter().zip(read) {
            let (table, damaged) = read?;
            tables.push((member.part, table));
            damage.extend(damaged);
        }
        Ok(Self {
            tables,
            beside: Vec::new(),
            damage,
            remarks,
        })
    }

    fn table(member: Member<'_>, job: &Job<'_>) -> Result<(SmallTable, Option<Damage>), DataError> {
        job.monitor.check()?;
        if member.json {
            let (table, damage) = json_file::read(member.file, job)?;
            Ok((table, Some(damage)))
        } else {
            let table = SmallTable::read_all(member.file, member.part == Part::Items, job)?;
            Ok((table, None))
        }
    }

    fn incomplete(members: &[Member<'_>], remarks: &[String]) -> DataError {
        let found = members.iter().map(|member| {
            let name = member.file.input.name();
            format!("{} ({name})", member.part.title())
        });
        let found: Vec<String> = found.chain(remarks.iter().cloned()).collect();
        DataError::FileSet {
            problem: format!(
                "a theLook set needs order items: columns order_id, product_id, sale_price; found {}",
                found.join(", ")
            ),
            advice: "Open the order items together with these files, or the folder that holds all of them".to_owned(),
        }
    }

    /// Hands the tables of a part over.
    fn take(&mut self, part: Part) -> Vec<SmallTable> {
        let taken = self.tables.extract_if(.., |(known, _)| *known == part);
        taken.map(|(_, table)| table).collect()
    }

    /// The tables that are joined to the items: orders, products and users.
    fn sides(&mut self) -> Result<[Side; 3], DataError> {
        let parts = [
            (Part::Orders, "orderid"),
            (Part::Products, "id"),
            (Part::Users, "id"),
        ];
        let tables = parts.map(|(part, key)| (self.take(part), key));
        let sides = tables.into_par_iter().with_max_len(1);
        let sides: Vec<_> = sides
            .map(|(mut tables, key)| {
                for table in &mut tables {
                    table.set_roles(USED);
                }
                Side::new(tables, key)
            })
            .collect();
        let mut known = Vec::new();
        for ((part, _), side) in parts.into_iter().zip(sides) {
            let side = side.map_err(full_set)?;
            for table in &side.tables {
                self.remarks.extend(table.broken_remark());
                self.beside.push((table.read.clone(), part.title()));
            }
            if side.repeated > 0 {
                self.remarks.push(format!(
                    "{}: {} rows repeat an id that stands further up; the first row counts",
                    part.title(),
                    side.repeated
                ));
            }
            known.push(side);
        }
        // There are three parts, hence three sides.
        Ok(known.try_into().unwrap_or_default())
    }
}

/// Columns beside the items that end up in the orders.
const USED: &[(&str, Role, &str)] = &[
    ("orderid", Role::Order, "joined to the order items"),
    (
        "createdat",
        Role::Ignored,
        "in orders: the day of the order",
    ),
    ("category", Role::Attribute, "that of the item's product"),
    ("brand", Role::Attribute, "that of the item's product"),
    ("department", Role::Attribute, "that of the item's product"),
    ("name", Role::Attribute, "product_name of the item"),
    ("age", Role::Attribute, "a trait of the customer"),
    ("gender", Role::Attribute, "a trait of the customer"),
    ("country", Role::Attribute, "a trait of the customer"),
    ("state", Role::Attribute, "a trait of the customer"),
    ("city", Role::Attribute, "a trait of the customer"),
    ("trafficsource", Role::Attribute, "a trait of the customer"),
];
