//! Order items joined to their orders, products and users.

use rayon::prelude::*;

use crate::{
    data::dataset::Role,
    data::day::Day,
    data::lines::ingest::Read,
    data::lines::labels,
    data::lines::stage::{NO_CUSTOMER, Stage, StagedAttribute, days_reached, mark},
    data::orders::{Label, NO_DAY, PoolFull, Step, TextPool},
    data::roles::mapping::Guess,
    data::roles::synonyms,
    data::shapes::{
        Job,
        thelook::{Part, side::Side},
    },
    data::table::small::SmallTable,
    data::values::dates::{self, DateColumn, UNREADABLE},
    data::values::intern::Interner,
    data::values::keys::Cell,
    data::values::numbers::{self, Decimal, Evidence},
    data::values::text,
};

/// Columns of products that become attributes, and their names.
const PRODUCT_ATTRIBUTES: [(&str, &str); 4] = [
    ("category", "category"),
    ("brand", "brand"),
    ("department", "department"),
    ("name", "product_name"),
];

/// Columns of users that become traits, and their names.
const TRAITS: [(&str, &str); 6] = [
    ("age", "age"),
    ("gender", "gender"),
    ("country", "country"),
    ("state", "state"),
    ("city", "city"),
    ("trafficsource", "traffic_source"),
];

/// Texts of users whose columns are spelled differently from layout to layout, and their names.
const TEXTS: [(&str, &str); 3] = [
    ("firstname", "first_name"),
    ("lastname", "last_name"),
    ("emailaddress", "email"),
];

/// The name of a label, of a column of this name.
fn label_name(column: &str) -> String {
    let folded = text::fold(column);
    let known = TEXTS.iter().find(|(spelled, _)| *spelled == folded);
    known.map_or(column, |(_, name)| name).to_owned()
}

const STEPS: [(&str, Step); 3] = [
    ("shippedat", Step::Shipped),
    ("deliveredat", Step::Delivered),
    ("returnedat", Step::Returned),
];

/// Items that lack what they refer to.
#[derive(Default)]
struct Strangers {
    orders: u64,
    products: u64,
    users: u64,
}

/// The stage in the making.
pub(super) struct Join<'a> {
    job: &'a Job<'a>,
    stage: Stage,
    orders: &'a Side,
    products: &'a Side,
    users: &'a Side,
    /// Day of each order.
    order_days: Vec<Day>,
    /// Whether an order has items.
    used: Vec<bool>,
    strangers: Strangers,
    remarks: Vec<String>,
}

/// Columns of an items table.
struct Columns {
    order: Option<usize>,
    user: Option<usize>,
    product: Option<usize>,
    status: Option<usize>,
    created: Option<usize>,
    price: Option<usize>,
    quantity: Option<usize>,
    returned: Option<usize>,
}

impl Columns {
    fn of(table: &SmallTable) -> Self {
        let quantity = ["quantity", "qty"].iter().find_map(|name| table.find(name));
        Self {
            order: table.find("orderid"),
            user: table.find("userid"),
            product: table.find("productid"),
            status: table.find("status"),
            created: table.find("createdat"),
            price: table.find("saleprice"),
            quantity,
            returned: table.find("returnedat"),
        }
    }
}

impl<'a> Join<'a> {
    pub(super) fn new(
        job: &'a Job<'a>,
        (orders, products, users): (&'a Side, &'a Side, &'a Side),
    ) -> Result<Self, PoolFull> {
        let created = orders.columns("createdat");
        let mut days = DateColumn::new(job.zone.clone(), orders.places.len());
        for number in 0..orders.places.len() {
            days.push(orders.cell(Some(number), &created));
        }
        let mut stage = Stage::default();
        stage.attribute("status")?;
        for (column, name) in PRODUCT_ATTRIBUTES {
            if products.columns(column).iter().any(Option::is_some) {
                stage.attribute(name)?;
            }
        }
        Ok(Self {
            job,
            stage,
            order_days: days.finish(job.options.date_order).days,
            used: vec![false; orders.places.len()],
            orders,
            products,
            users,
            strangers: Strangers::default(),
            remarks: Vec::new(),
        })
    }

    /// Adds the rows of an items table and returns how it was read.
    pub(super) fn add(&mut self, mut table: SmallTable) -> Result<Read, PoolFull> {
        let columns = Columns::of(&table);
        table.set_roles(ITEMS);
        table.read.first_row = self.stage.rows() as u64;
        let orders: Vec<Option<usize>> = (0..table.rows)
            .map(|row| {
                self.orders
                    .find(text::tidy_id(table.text(row, columns.order)))
            })
            .collect();
        for number in orders.iter().flatten() {
            self.used[*number] = true;
        }
        if !self.orders.is_empty() {
            self.strangers.orders += orders.iter().filter(|number| number.is_none()).count() as u64;
        }
        self.keys(&table, &columns, &orders)?;
        self.marks(&table, &columns, &orders)?;
        self.products(&table, &columns)?;
        self.money(&mut table, &columns);
        self.days(&mut table, &columns, &orders);
        self.milestones(&table, &orders);
        self.stage
            .fingerprints
            .extend_from_slice(&table.fingerprints);
        Ok(table.read)
    }

    fn keys(
        &mut self,
        table: &SmallTable,
        columns: &Columns,
        orders: &[Option<usize>],
    ) -> Result<(), PoolFull> {
        let order_user = self.orders.columns("userid");
        for (row, &order) in orders.iter().enumerate() {
            let mut user = text::tidy_id(table.text(row, columns.user));
            if dates::is_missing(user) {
                user = text::tidy_id(self.orders.cell(order, &order_user));
            }
            self.stage.customers.push(if dates::is_missing(user) {
                NO_CUSTOMER
            } else {
                self.stage.ids.intern(user)?
            });
            let order = text::tidy_id(table.text(row, columns.order));
            let order = if dates::is_missing(order) { "" } else { order };
            self.stage.orders.push(Cell::of(order))?;
        }
        Ok(())
    }

    /// Whether each item was kept; its own word counts before the order's.
    fn marks(
        &mut self,
        table: &SmallTable,
        columns: &Columns,
        orders: &[Option<usize>],
    ) -> Result<(), PoolFull> {
        let order_status = self.orders.columns("status");
        let (mut known, mut not_kept) = (Interner::default(), Vec::new());
        for (row, &order) in orders.iter().enumerate() {
            let mut status = table.text(row, columns.status);
            if dates::is_missing(status) {
                status = self.orders.cell(order, &order_status);
            }
            let code = known.intern(status)? as usize;
            if code == not_kept.len() {
                not_kept.push(synonyms::is_not_kept(status));
            }
            let mut marks = if not_kept[code] { mark::NOT_KEPT } else { 0 };
            if !dates::is_missing_number_or_date(table.text(row, columns.returned)) {
                marks |= mark::RETURNED;
            }
            self.stage.marks.push(marks);
            self.stage.attributes[0].push_if_narrow(status)?;
        }
        Ok(())
    }

    fn products(&mut self, table: &SmallTable, columns: &Columns) -> Result<(), PoolFull> {
        let numbers: Vec<Option<usize>> = (0..table.rows)
            .map(|row| {
                let product = text::tidy_id(table.text(row, columns.product));
                self.products.find(product)
            })
            .collect();
        if !self.products.is_empty() {
            let missing = numbers.iter().filter(|number| number.is_none()).count();
            self.strangers.products += missing as u64;
        }
        let products = self.products;
        let attributes = self.stage.attributes.par_iter_mut().with_max_len(1);
        attributes.try_for_each(|attribute| {
            let mut known = PRODUCT_ATTRIBUTES.iter();
            match known.find(|(_, name)| *name == attribute.name) {
                Some((column, _)) => products.code(&numbers, column, attribute),
                None => Ok(()),
            }
        })
    }

    /// Amounts and units: price × quantity where items have a quantity, else one unit each.
    fn money(&mut self, table: &mut SmallTable, columns: &Columns) {
        let (prices, decimal) = read_numbers(table, columns.price);
        for at in [columns.price, columns.quantity].into_iter().flatten() {
            decimal.format().clone_into(&mut table.read.formats[at]);
        }
        if columns.quantity.is_none() {
            self.stage
                .units
                .resize(self.stage.units.len() + table.rows, 1);
            self.stage.amounts.extend(prices);
            return;
        }
        if let Some(at) = columns.price {
            table.read.guesses[at].role = Role::UnitPrice;
            "price of one unit".clone_into(&mut table.read.guesses[at].reason);
        }
        let (quantities, _) = read_numbers(table, columns.quantity);
        let first = self.stage.amounts.len();
        for (row, (price, quantity)) in prices.into_iter().zip(quantities).enumerate() {
            self.stage.amounts.push(price * quantity);
            // A missing or negative quantity makes no units: the cast ends at zero.
            self.stage.units.push(quantity.round() as u32);
            if quantity < 0.0 {
                self.stage.marks[first + row] |= mark::NEGATIVE_QUANTITY;
            }
        }
    }

    /// The day of the order; where there is none, that of the item.
    fn days(&mut self, table: &mut SmallTable, columns: &Columns, orders: &[Option<usize>]) {
        let mut own = DateColumn::new(self.job.zone.clone(), table.rows);
        for row in 0..table.rows {
            own.push(table.text(row, columns.created));
        }
        let own = own.finish(self.job.options.date_order);
        if let Some(at) = columns.created {
            own.format.clone_into(&mut table.read.formats[at]);
        }
        table.read.remarks.extend(own.remark);
        let days = own.days.iter().zip(orders);
        self.stage.days.extend(days.map(|(&own, order)| {
            let day = order.map(|order| self.order_days[order]);
            day.filter(|&day| day > UNREADABLE).unwrap_or(own)
        }));
    }

    /// When each item was shipped, delivered, returned; from the order where items do not tell.
    fn milestones(&mut self, table: &SmallTable, orders: &[Option<usize>]) {
        let read = STEPS.par_iter().with_max_len(1).map(|(column, _)| {
            let position = table.find(column);
            let of_order = self.orders.columns(column);
            let rows = orders.iter().enumerate();
            let cells = rows.map(|(row, &order)| match position {
                Some(_) => table.text(row, position),
                None => self.orders.cell(order, &of_order),
            });
            let reading = (self.job.zone.clone(), self.job.options.date_order);
            days_reached(cells, reading)
        });
        let read: Vec<_> = read.collect();
        for ((column, step), (days, unreadable)) in STEPS.into_iter().zip(read) {
            self.stage.reach(step, days);
            if unreadable > 0 {
                self.remarks.push(format!(
                    "{}: {unreadable} dates of `{column}` cannot be read and count as missing",
                    table.read.input.name()
                ));
            }
        }
    }

    /// What the users say about the customers that have items.
    fn traits(&mut self) -> Result<(), PoolFull> {
        let ids = self.stage.ids.texts();
        let numbers: Vec<Option<usize>> = ids.iter().map(|id| self.users.find(id)).collect();
        if !self.users.is_empty() {
            self.strangers.users = numbers.iter().filter(|number| number.is_none()).count() as u64;
        }
        let read = TRAITS.par_iter().with_max_len(1).map(|(column, name)| {
            let positions = self.users.columns(column);
            if positions.iter().all(Option::is_none) {
                return Ok(None);
            }
            let mut known = StagedAttribute::new(name);
            self.users.code(&numbers, column, &mut known)?;
            Ok(Some(known))
        });
        let read: Vec<_> = read.collect();
        let mut taken = vec!["id".to_owned(), "createdat".to_owned()];
        for ((column, _), known) in TRAITS.iter().zip(read) {
            let Some(known) = known? else {
                continue;
            };
            if known.gave_up {
                self.remarks.push(format!(
                    "`{column}` has too many distinct values to group customers by"
                ));
            } else {
                taken.push((*column).to_owned());
                self.stage.traits.push(known);
            }
        }
        self.labels(&numbers, &taken)
    }

    /// Texts of the users that are no traits: e-mail addresses, names…
    fn labels(&mut self, numbers: &[Option<usize>], taken: &[String]) -> Result<(), PoolFull> {
        let users = self.users;
        let Some(table) = users.tables.first() else {
            return Ok(());
        };
        let names = table.read.dialect.names.par_iter().with_max_len(1);
        let read = names.map(|name| {
            let folded = text::fold(name);
            let positions = users.columns(&folded);
            let cells = || numbers.iter().map(|&number| users.cell(number, &positions));
            if taken.contains(&folded) || !labels::are_texts(name, cells()) {
                return Ok(None);
            }
            let mut texts = TextPool::default();
            cells().try_for_each(|cell| texts.push(cell).map(drop))?;
            let name = label_name(name);
            Ok(Some(Label { name, texts }))
        });
        for label in read.collect::<Vec<_>>() {
            self.stage.labels.extend(label?);
        }
        Ok(())
    }

    /// The rows, and what did not fit together.
    pub(super) fn finish(
        mut self,
        beside: &mut [(Read, &'static str)],
    ) -> Result<(Stage, Vec<String>), PoolFull> {
        self.traits()?;
        self.stage
            .milestones
            .retain(|milestone| milestone.days.iter().any(|&day| day != NO_DAY));
        let without = self.used.iter().filter(|used| !**used).count() as u64;
        for (count, what) in [
            (
                self.strangers.orders,
                "items belong to no order of the orders file; they count on their own day",
            ),
            (
                self.strangers.products,
                "items are of no product of the products file; their category is missing",
            ),
            (
                self.strangers.users,
                "customers are no users of the users file; nothing more is known of them",
            ),
            (
                without,
                "orders have no items and were left out: only items carry prices",
            ),
        ] {
            if count > 0 {
                self.remarks.push(format!("{count} {what}"));
            }
        }
        let users = beside
            .iter_mut()
            .filter(|(_, part)| *part == Part::Users.title());
        for (read, _) in users {
            for (name, guess) in read.dialect.names.iter().zip(&mut read.guesses) {
                let name = label_name(name);
                if self.stage.labels.iter().any(|label| label.name == name) {
                    *guess = Guess::new(Role::Attribute, labels::REASON);
                }
            }
        }
        for attribute in self.stage.attributes.iter().filter(|known| known.gave_up) {
            for (read, _) in beside.iter_mut() {
                say_too_wide(read, &attribute.name);
            }
        }
        Ok((self.stage, self.remarks))
    }
}

fn say_too_wide(read: &mut Read, attribute: &str) {
    let column = PRODUCT_ATTRIBUTES
        .iter()
        .find(|(_, name)| *name == attribute);
    let names = read.dialect.names.iter();
    for (name, guess) in names.zip(&mut read.guesses) {
        if column.is_some_and(|(column, _)| text::fold(name) == *column) {
            guess.role = Role::Ignored;
            guess.reason = format!(
                "more than {} distinct values: too many to group by",
                crate::data::lines::stage::MAX_DISTINCT
            );
        }
    }
}

/// A column of numbers, with the decimal sign that the column speaks for.
fn read_numbers(table: &SmallTable, column: Option<usize>) -> (Vec<f64>, Decimal) {
    let read = |decimal| {
        let mut evidence = Evidence::default();
        let values: Vec<f64> = (0..table.rows)
            .map(|row| numbers::read(table.text(row, column), decimal, &mut evidence))
            .collect();
        (values, evidence.decimal())
    };
    let (values, decimal) = read(Decimal::Point);
    match decimal {
        Decimal::Point => (values, decimal),
        Decimal::Comma => (read(decimal).0, decimal),
    }
}

/// What the columns of items are.
const ITEMS: &[(&str, Role, &str)] = &[
    ("orderid", Role::Order, "joins the items of an order"),
    ("userid", Role::Customer, "joined to the users file"),
    ("productid", Role::Ignored, "joined to the products file"),
    (
        "status",
        Role::Status,
        "cancelled and returned items are not kept",
    ),
    (
        "createdat",
        Role::Date,
        "counts where the orders file tells no day",
    ),
    ("shippedat", Role::Ignored, "a step on the order's way"),
    ("deliveredat", Role::Ignored, "a step on the order's way"),
    (
        "returnedat",
        Role::Status,
        "a value here means the item was returned",
    ),
    ("saleprice", Role::Amount, "the money of the item"),
    ("quantity", Role::Quantity, "units of the item"),
    ("qty", Role::Quantity, "units of the item"),
];
