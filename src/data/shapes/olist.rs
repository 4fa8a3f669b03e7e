//! The Olist marketplace export: several files joined by ids, recognised by their columns.
//!
//! One line per order: amount = Σ payments, day = purchase timestamp, person = `customer_unique_id`
//! (`customer_id` is per order). Only delivered orders are kept sales; every other status counts as
//! not kept, as in the classic Olist studies.

mod roles;
mod tables;

use rayon::prelude::*;
use roles::{USED, describe, set_roles};
use tables::{Goods, Items, Known, Payments, People, Reviews};

use super::{Job, Sniffed};
use crate::{
    data::dataset::Shape,
    data::dataset::error::DataError,
    data::judge::finish::Gathered,
    data::judge::rules::{Rule, Tally},
    data::lines::ingest,
    data::lines::stage::{NO_CUSTOMER, Stage, days_reached, mark},
    data::orders::{NO_DAY, PoolFull, Step},
    data::table::small::SmallTable,
    data::values::dates::DateColumn,
    data::values::keys::Cell,
};

/// The files of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Orders,
    Payments,
    Customers,
    Items,
    Products,
    Sellers,
    Reviews,
    Translation,
    Places,
}

const REQUIRED: [Part; 3] = [Part::Orders, Part::Payments, Part::Customers];

impl Part {
    const ALL: [Self; 9] = [
        Self::Orders,
        Self::Payments,
        Self::Customers,
        Self::Items,
        Self::Products,
        Self::Sellers,
        Self::Reviews,
        Self::Translation,
        Self::Places,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Payments => "payments",
            Self::Customers => "customers",
            Self::Items => "items",
            Self::Products => "products",
            Self::Sellers => "sellers",
            Self::Reviews => "reviews",
            Self::Translation => "category translation",
            Self::Places => "geolocation",
        }
    }

    /// Columns (folded) the file must have, and columns it must not have.
    fn signature(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Orders => (
                &[
                    "orderid",
                    "customerid",
                    "orderstatus",
                    "orderpurchasetimestamp",
                ],
                &["paymentvalue", "price", "customeruniqueid"],
            ),
            Self::Payments => (
                &["orderid", "paymenttype", "paymentvalue"],
                &["orderpurchasetimestamp"],
            ),
            Self::Customers => (&["customerid", "customeruniqueid"], &["orderid"]),
            Self::Items => (
                &["orderid", "productid", "sellerid", "price"],
                &["orderpurchasetimestamp", "paymentvalue", "customerid"],
            ),
            Self::Products => (&["productid", "productcategoryname"], &["orderid"]),
            Self::Sellers => (&["sellerid", "sellerstate"], &["orderid"]),
            Self::Reviews => (
                &["reviewid", "orderid", "reviewscore"],
                &["orderpurchasetimestamp"],
            ),
            Self::Translation => (
                &["productcategoryname", "productcategorynameenglish"],
                &["productid"],
            ),
            Self::Places => (&["geolocationzipcodeprefix"], &[]),
        }
    }

    fn of(file: &Sniffed) -> Option<Self> {
        Self::ALL.into_iter().find(|part| {
            let (has, lacks) = part.signature();
            has.iter().all(|name| file.has(name)) && !lacks.iter().any(|name| file.has(name))
        })
    }
}

/// Whether any file is one of the three that make the set, or all are other parts of it.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> bool {
    let mut parts = files.iter().map(Part::of);
    parts.clone().flatten().any(|part| REQUIRED.contains(&part)) || parts.all(|part| part.is_some())
}

/// Reads and joins the set.
///
/// # Errors
/// [`DataError::FileSet`] naming the missing files; any error of reading.
pub fn read(job: &Job<'_>) -> Result<Gathered, DataError> {
    let set = Set::sort(job)?;
    let mut tables = set.read(job)?;
    let orders = tables.take(Part::Orders);
    let sources = Sources::join(&mut tables, &orders).map_err(full_set)?;
    let mut remarks = set.remarks;
    remarks.extend(tables.remarks);
    let mut rows = Rows {
        stage: Stage::default(),
        unpaid: Tally::default(),
        remarks: Vec::new(),
    };
    let mut reads = Vec::new();
    for mut table in orders {
        table.read.first_row = rows.stage.rows() as u64;
        rows.add(&table, &sources, job)
            .map_err(full_set)
            .map(|(format, remark)| describe(&mut table, &format, remark))?;
        reads.push(table.read);
    }
    remarks.extend(sources.payments.remarks());
    remarks.extend(rows.remarks);
    rows.stage
        .milestones
        .retain(|milestone| milestone.days.iter().any(|&day| day != NO_DAY));
    Ok(Gathered {
        name: super::order_log::set_name(&job.files),
        shape: Shape::Olist,
        stage: rows.stage,
        reads,
        beside: tables.beside,
        remarks,
        own: vec![(Rule::OrderWithoutPayment, rows.unpaid)],
        damage: Vec::new(),
        tables: Vec::new(),
    })
}

fn full_set(full: PoolFull) -> DataError {
    DataError::FileSet {
        problem: full.to_string(),
        advice: "Split the export by year".to_owned(),
    }
}

/// The files of a set by part.
struct Set<'a> {
    by_part: Vec<(Part, &'a Sniffed)>,
    remarks: Vec<String>,
}

/// Tables of some parts, and how their files were read.
#[derive(Default)]
struct Tables {
    by_part: Vec<(Part, SmallTable)>,
    beside: Vec<(ingest::Read, &'static str)>,
    remarks: Vec<String>,
}

impl Tables {
    /// Hands the tables of a part over.
    fn take(&mut self, part: Part) -> Vec<SmallTable> {
        let taken = self.by_part.extract_if(.., |(known, _)| *known == part);
        taken.map(|(_, table)| table).collect()
    }
}

impl<'a> Set<'a> {
    fn sort(job: &'a Job<'_>) -> Result<Self, DataError> {
        let (mut by_part, mut remarks) = (Vec::new(), Vec::new());
        for file in &job.files {
            match Part::of(file) {
                Some(part) => by_part.push((part, file)),
                None => remarks.push(format!(
                    "{} is no part of the Olist set and was not used",
                    file.input.name()
                )),
            }
        }
        // The order in which files were given must not matter.
        by_part.sort_by(|a, b| {
            a.0.cmp(&b.0)
                .then_with(|| a.1.input.path().cmp(b.1.input.path()))
        });
        let missing: Vec<String> = REQUIRED
            .iter()
            .filter(|part| by_part.iter().all(|(known, _)| known != *part))
            .map(|part| format!("{}: columns {}", part.title(), part.columns()))
            .collect();
        if missing.is_empty() {
            return Ok(Self { by_part, remarks });
        }
        let found = by_part.iter();
        let found = found.map(|(part, file)| format!("{} ({})", part.title(), file.input.name()));
        let found: Vec<String> = found.chain(remarks).collect();
        Err(DataError::FileSet {
            problem: format!(
                "an Olist set needs {}; found {}",
                missing.join(", and "),
                found.join(", ")
            ),
            advice: "Open orders, payments and customers together, or the folder that holds them"
                .to_owned(),
        })
    }

    fn files(&self, part: Part) -> Vec<&'a Sniffed> {
        let of_part = self.by_part.iter().filter(|(known, _)| *known == part);
        of_part.map(|(_, file)| *file).collect()
    }

    /// Reads what is wanted of every file, all at once: files do not depend on each other.
    fn read(&self, job: &Job<'_>) -> Result<Tables, DataError> {
        let mut files = Vec::new();
        for (part, names) in WANTED {
            for file in self.files(part) {
                files.push((part, names, file));
            }
        }
        let read = files.into_par_iter().with_max_len(1);
        let read: Vec<_> = read
            .map(|(part, names, file)| match part {
                Part::Orders => (part, SmallTable::read_lines(file, names, job)),
                _ => (part, SmallTable::read(file, names, job)),
            })
            .collect();
        let mut tables = Tables::default();
        for (part, table) in read {
            let mut table = table?;
            if part != Part::Orders {
                set_roles(&mut table, USED);
                tables.remarks.extend(table.broken_remark());
                tables.beside.push((table.read.clone(), part.title()));
            }
            tables.by_part.push((part, table));
        }
        Ok(tables)
    }
}

/// The columns that are wanted of each part.
const WANTED: [(Part, &[&str]); 9] = [
    (Part::Payments, &Payments::COLUMNS),
    (Part::Customers, &People::COLUMNS),
    (Part::Translation, &Items::ENGLISH),
    (Part::Products, &Items::PRODUCTS),
    (Part::Sellers, &Items::SELLERS),
    (Part::Items, &Items::COLUMNS),
    (Part::Reviews, &Reviews::COLUMNS),
    (Part::Places, &[]),
    (
        Part::Orders,
        &[
            "orderid",
            "customerid",
            "orderstatus",
            "orderpurchasetimestamp",
            "orderdeliveredcarrierdate",
            "orderdeliveredcustomerdate",
        ],
    ),
];

impl Part {
    fn columns(self) -> &'static str {
        match self {
            Self::Orders => "order_id, customer_id, order_status, order_purchase_timestamp",
            Self::Payments => "order_id, payment_type, payment_value",
            _ => "customer_id, customer_unique_id",
        }
    }
}

/// What is joined to the orders.
struct Sources {
    known: Known,
    payments: Payments,
    people: People,
    items: Items,
    reviews: Reviews,
}

impl Sources {
    fn join(tables: &mut Tables, orders: &[SmallTable]) -> Result<Self, PoolFull> {
        let known = Known::of(orders)?;
        let mut take = |part| tables.take(part);
        let goods = Goods {
            items: take(Part::Items),
            english: take(Part::Translation),
            products: take(Part::Products),
            sellers: take(Part::Sellers),
        };
        let (payments, people) = (take(Part::Payments), take(Part::Customers));
        let reviews = take(Part::Reviews);
        let others = || {
            (
                Payments::join(payments, &known),
                People::join(people, &known),
                Reviews::join(reviews, &known),
            )
        };
        let (items, (payments, people, reviews)) =
            rayon::join(|| Items::join(&goods, &known), others);
        Ok(Self {
            payments: payments?,
            people,
            items: items?,
            reviews,
            known,
        })
    }

    /// Names of the attributes of an order, in the order of [`Sources::values`]; absent without the
    /// file that holds them.
    fn names(&self) -> [Option<&'static str>; 8] {
        let of_items = |name| self.items.present.then_some(name);
        [
            Some("order_status"),
            Some("customer_state"),
            Some("customer_city"),
            Some("payment_type"),
            Some("payment_installments"),
            of_items("category"),
            of_items("seller_state"),
            self.reviews.present().then_some("review_score"),
        ]
    }

    /// Everything known of an order: that of the `at`-th row of all orders files.
    fn of(&self, at: usize) -> Facts<'_> {
        let (order, customer) = self.known.rows[at];
        let paid = self.payments.of(order);
        let (units, item) = self.items.of(order);
        Facts {
            paid,
            payment: paid.map_or([""; 2], |paid| self.payments.words(paid)),
            person: self.people.of(customer).unwrap_or_default(),
            units,
            item,
            score: self.reviews.score(order),
        }
    }
}

/// What the other files say about an order; "" where they say nothing.
struct Facts<'a> {
    paid: Option<tables::Paid>,
    /// Type and instalments.
    payment: [&'a str; 2],
    /// Id, state, city.
    person: [&'a str; 3],
    units: u32,
    /// Category and seller's state.
    item: [&'a str; 2],
    score: &'a str,
}

impl<'a> Facts<'a> {
    /// The attributes of [`Sources::names`].
    fn values(&self, status: &'a str) -> [&'a str; 8] {
        let [_, state, city] = self.person;
        let ([kind, instalments], [category, seller_state]) = (self.payment, self.item);
        [
            status,
            state,
            city,
            kind,
            instalments,
            category,
            seller_state,
            self.score,
        ]
    }
}

/// Rows of the stage in the making.
struct Rows {
    stage: Stage,
    unpaid: Tally,
    remarks: Vec<String>,
}

impl Rows {
    /// Adds one row per order; returns how dates were read.
    fn add(
        &mut self,
        orders: &SmallTable,
        sources: &Sources,
        job: &Job<'_>,
    ) -> Result<(String, Option<String>), PoolFull> {
        let stage = &mut self.stage;
        let mut attributes = Vec::new();
        for name in sources.names() {
            attributes.push(name.map(|name| stage.attribute(name)).transpose()?);
        }
        let mut dates = DateColumn::new(job.zone.clone(), orders.rows);
        for row in 0..orders.rows {
            let (order, status) = (orders.cell(row, 0), orders.cell(row, 2));
            let known = sources.of(stage.customers.len());
            if known.paid.is_none() {
                self.unpaid.add(stage.customers.len(), 0.0);
            }
            stage.customers.push(match known.person[0] {
                "" => NO_CUSTOMER,
                id => stage.ids.intern(id)?,
            });
            stage.amounts.push(known.paid.map_or(0.0, |paid| paid.sum));
            stage.orders.push(Cell::of(order))?;
            let delivered = status.eq_ignore_ascii_case("delivered");
            stage.marks.push(if delivered { 0 } else { mark::NOT_KEPT });
            dates.push(orders.cell(row, 3));
            if sources.items.present {
                stage.units.push(known.units);
            }
            for (at, value) in attributes.iter().zip(known.values(status)) {
                if let Some(at) = *at {
                    stage.attributes[at].push_if_narrow(value)?;
                }
            }
        }
        stage.fingerprints.extend_from_slice(&orders.fingerprints);
        let dates = dates.finish(job.options.date_order);
        stage.days.extend_from_slice(&dates.days);
        for (step, column, name) in STEPS {
            let cells = (0..orders.rows).map(|row| orders.cell(row, column));
            let reading = (job.zone.clone(), job.options.date_order);
            let (days, unreadable) = days_reached(cells, reading);
            stage.reach(step, days);
            if unreadable > 0 {
                self.remarks.push(format!(
                    "{unreadable} dates of `{name}` cannot be read and count as missing"
                ));
            }
        }
        Ok((dates.format, dates.remark))
    }
}

/// Steps on an order's way: position among the columns read, and name.
const STEPS: [(Step, usize, &str); 2] = [
    (Step::Shipped, 4, "order_delivered_carrier_date"),
    (Step::Delivered, 5, "order_delivered_customer_date"),
];
