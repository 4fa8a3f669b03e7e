//! The Olist marketplace export: several files joined by ids, recognised by their columns.
//!
//! One line per order: amount = Σ payments, day = purchase timestamp, person = `customer_unique_id`
//! (`customer_id` is per order). Only delivered orders are kept sales; every other status counts as
//! not kept, as in the classic Olist studies.

mod tables;

use tables::{Items, Payments, People, Reviews};

use super::{Job, Sniffed};
use crate::data::{
    clean::{Rule, Tally},
    dataset::{Role, Shape},
    dates::DateColumn,
    error::DataError,
    finish::Gathered,
    ingest,
    keys::Cell,
    mapping::Guess,
    orders::{NO_DAY, PoolFull, Step},
    small::SmallTable,
    stage::{NO_CUSTOMER, Stage, mark},
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
    let mut set = Set::sort(job)?;
    let payments = Payments::read(&mut set, job)?;
    let people = People::read(&mut set, job)?;
    let items = Items::read(&mut set, job)?;
    let reviews = Reviews::read(&mut set, job)?;
    set.tables(Part::Places, &[], job)?;
    let sources = Sources {
        payments,
        people,
        items,
        reviews,
    };
    let mut rows = Rows {
        stage: Stage::default(),
        unpaid: Tally::default(),
        remarks: Vec::new(),
    };
    let mut reads = Vec::new();
    for file in set.files(Part::Orders) {
        let names = [
            "orderid",
            "customerid",
            "orderstatus",
            "orderpurchasetimestamp",
            "orderdeliveredcarrierdate",
            "orderdeliveredcustomerdate",
        ];
        let mut table = SmallTable::read(file, &names, job)?;
        table.read.first_row = rows.stage.rows() as u64;
        rows.add(&table, &sources, job)
            .map_err(full_set)
            .map(|(format, remark)| describe(&mut table, &format, remark))?;
        reads.push((table.read, Part::Orders.title()));
    }
    let mut remarks = set.remarks;
    remarks.extend(sources.payments.remark(&rows.stage));
    remarks.extend(rows.remarks);
    rows.stage
        .milestones
        .retain(|milestone| milestone.days.iter().any(|&day| day != NO_DAY));
    Ok(Gathered {
        name: super::order_log::set_name(&job.files),
        shape: Shape::Olist,
        stage: rows.stage,
        reads: reads.into_iter().map(|(read, _)| read).collect(),
        beside: set.beside,
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

fn describe(table: &mut SmallTable, format: &str, remark: Option<String>) {
    let roles = [
        (
            "order_id",
            Role::Order,
            "the key that joins payments and items",
        ),
        (
            "customer_id",
            Role::Customer,
            "joined to the customers file; the person is customer_unique_id",
        ),
        (
            "order_status",
            Role::Status,
            "delivered orders are kept sales",
        ),
        (
            "order_purchase_timestamp",
            Role::Date,
            "the day of purchase",
        ),
        (
            "order_delivered_carrier_date",
            Role::Ignored,
            "when the order was shipped",
        ),
        (
            "order_delivered_customer_date",
            Role::Ignored,
            "when the order was delivered",
        ),
    ];
    set_roles(table, &roles);
    if let Some(at) = table.read.column(Role::Date) {
        format.clone_into(&mut table.read.formats[at]);
    }
    table.read.remarks.extend(remark);
}

fn set_roles(table: &mut SmallTable, roles: &[(&str, Role, &str)]) {
    let names = table.read.dialect.names.iter();
    for (name, guess) in names.zip(&mut table.read.guesses) {
        if let Some((_, role, reason)) = roles.iter().find(|(known, _, _)| known == name) {
            *guess = Guess::new(*role, *reason);
        }
    }
}

/// The files of a set by part.
struct Set<'a> {
    by_part: Vec<(Part, &'a Sniffed)>,
    beside: Vec<(ingest::Read, &'static str)>,
    remarks: Vec<String>,
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
            return Ok(Self {
                by_part,
                beside: Vec::new(),
                remarks,
            });
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

    /// Reads the files of a part, keeps how they were read, and hands their tables over.
    fn tables(
        &mut self,
        part: Part,
        names: &[&str],
        job: &Job<'_>,
    ) -> Result<Vec<SmallTable>, DataError> {
        let mut tables = Vec::new();
        for file in self.files(part) {
            let mut table = SmallTable::read(file, names, job)?;
            set_roles(&mut table, USED);
            self.remarks.extend(table.broken_remark());
            self.beside.push((table.read.clone(), part.title()));
            tables.push(table);
        }
        Ok(tables)
    }
}

impl Part {
    fn columns(self) -> &'static str {
        match self {
            Self::Orders => "order_id, customer_id, order_status, order_purchase_timestamp",
            Self::Payments => "order_id, payment_type, payment_value",
            _ => "customer_id, customer_unique_id",
        }
    }
}

/// Columns beside the orders file that end up in the orders.
const USED: &[(&str, Role, &str)] = &[
    ("order_id", Role::Order, "joined to the orders file"),
    (
        "payment_value",
        Role::Amount,
        "the payments of an order add up to its amount",
    ),
    (
        "payment_type",
        Role::Attribute,
        "that of the largest payment",
    ),
    (
        "payment_installments",
        Role::Attribute,
        "that of the largest payment",
    ),
    (
        "review_score",
        Role::Attribute,
        "that of the order's latest review",
    ),
    (
        "customer_unique_id",
        Role::Customer,
        "the person behind all their orders",
    ),
    (
        "customer_state",
        Role::Attribute,
        "where the customer lives",
    ),
    ("customer_city", Role::Attribute, "where the customer lives"),
    (
        "product_category_name",
        Role::Attribute,
        "that of the order's most expensive item",
    ),
    (
        "product_category_name_english",
        Role::Attribute,
        "that of the order's most expensive item",
    ),
    (
        "seller_state",
        Role::Attribute,
        "that of the order's most expensive item",
    ),
];

/// What is joined to the orders.
struct Sources {
    payments: Payments,
    people: People,
    items: Items,
    reviews: Reviews,
}

impl Sources {
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
            self.reviews.present.then_some("review_score"),
        ]
    }

    fn values<'a>(&'a self, order: &str, customer: &str, status: &'a str) -> [&'a str; 8] {
        let person = self.people.of(customer);
        let paid = self.payments.of(order);
        let (category, seller_state) = self.items.of(order);
        [
            status,
            person.map_or("", |[_, state, _]| state.as_str()),
            person.map_or("", |[_, _, city]| city.as_str()),
            paid.map_or("", |paid| paid.kind.as_str()),
            paid.map_or("", |paid| paid.instalments.as_str()),
            category,
            seller_state,
            self.reviews.score(order),
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
            let (order, customer, status) = (
                orders.cell(row, 0),
                orders.cell(row, 1),
                orders.cell(row, 2),
            );
            let paid = sources.payments.of(order);
            if paid.is_none() {
                self.unpaid.add(stage.customers.len(), 0.0);
            }
            stage.customers.push(match sources.people.of(customer) {
                Some([id, ..]) if !id.is_empty() => stage.ids.intern(id)?,
                _ => NO_CUSTOMER,
            });
            stage.amounts.push(paid.map_or(0.0, |paid| paid.sum));
            stage.orders.push(Cell::of(order))?;
            let delivered = status.eq_ignore_ascii_case("delivered");
            stage.marks.push(if delivered { 0 } else { mark::NOT_KEPT });
            dates.push(orders.cell(row, 3));
            if sources.items.present {
                stage.units.push(sources.items.count(order));
            }
            let values = sources.values(order, customer, status);
            for (at, value) in attributes.iter().zip(values) {
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
            let unreadable = stage.reach(step, cells, (job.zone.clone(), job.options.date_order));
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
