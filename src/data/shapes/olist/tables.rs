//! The files beside the orders, boiled down to what an order needs.
//!
//! Everything is kept by the number of the order (or of its customer): rows of tables that belong to
//! no order of the orders file cost one look and no memory. What is kept of a table are the rows that
//! matter, by number; the texts stay in the table.

use crate::{
    data::orders::PoolFull,
    data::table::small::SmallTable,
    data::values::intern::Interner,
    data::values::lookup::Lookup,
    data::values::numbers::{self, Decimal, Evidence},
};

fn amount(text: &str) -> f64 {
    numbers::read(text, Decimal::Point, &mut Evidence::default())
}

/// A row of one of several tables.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    table: u32,
    row: u32,
}

/// All rows of some tables, in their order.
fn rows(tables: &[SmallTable]) -> impl Iterator<Item = (&SmallTable, Place)> {
    tables.iter().enumerate().flat_map(|(at, table)| {
        (0..table.rows).map(move |row| {
            let place = Place {
                table: at as u32,
                row: row as u32,
            };
            (table, place)
        })
    })
}

fn cell(tables: &[SmallTable], place: Place, column: usize) -> &str {
    tables[place.table as usize].cell(place.row as usize, column)
}

/// Makes room for one id per row.
fn reserved(tables: &[SmallTable]) -> Lookup {
    let mut lookup = Lookup::default();
    if let Some(first) = tables.iter().find(|table| table.rows > 0) {
        let rows = tables.iter().map(|table| table.rows).sum();
        lookup.reserve(rows, first.cell(0, 0));
    }
    lookup
}

/// The orders of the orders file, and their customers, by number.
pub(super) struct Known {
    orders: Lookup,
    customers: Lookup,
    /// Order and customer of every row of the orders file.
    pub(super) rows: Vec<(u32, u32)>,
}

impl Known {
    /// Numbers the orders; the first two columns of the tables are order and customer.
    pub(super) fn of(tables: &[SmallTable]) -> Result<Self, PoolFull> {
        let (mut orders, mut customers) = (reserved(tables), reserved(tables));
        let mut numbers = Vec::with_capacity(tables.iter().map(|table| table.rows).sum());
        for (table, place) in rows(tables) {
            let row = place.row as usize;
            numbers.push((
                orders.number(table.cell(row, 0))?,
                customers.number(table.cell(row, 1))?,
            ));
        }
        Ok(Self {
            orders,
            customers,
            rows: numbers,
        })
    }
}

/// What was paid for an order.
#[derive(Clone, Copy)]
pub(super) struct Paid {
    pub(super) sum: f64,
    largest: f64,
    /// The largest payment.
    place: Place,
}

/// Payments by order.
pub(super) struct Payments {
    tables: Vec<SmallTable>,
    paid: Vec<Option<Paid>>,
    /// Orders with payments that are not in the orders file.
    strangers: Lookup,
    unreadable: u64,
}

impl Payments {
    /// The columns that [`Payments::join`] reads.
    pub(super) const COLUMNS: [&str; 4] = [
        "orderid",
        "paymentvalue",
        "paymenttype",
        "paymentinstallments",
    ];

    pub(super) fn join(tables: Vec<SmallTable>, known: &Known) -> Result<Self, PoolFull> {
        let mut payments = Self {
            paid: vec![None; known.orders.len()],
            strangers: Lookup::default(),
            tables: Vec::new(),
            unreadable: 0,
        };
        for (table, place) in rows(&tables) {
            let row = place.row as usize;
            let value = amount(table.cell(row, 1));
            if value.is_nan() {
                payments.unreadable += 1;
                continue;
            }
            let order = table.cell(row, 0);
            match known.orders.find(order) {
                Some(at) => payments.add(&tables, place, (at, value)),
                None => drop(payments.strangers.number(order)?),
            }
        }
        payments.tables = tables;
        Ok(payments)
    }

    fn add(&mut self, tables: &[SmallTable], place: Place, (order, value): (usize, f64)) {
        let paid = self.paid[order].get_or_insert(Paid {
            sum: 0.0,
            largest: f64::NEG_INFINITY,
            place,
        });
        // Whole cents: the sum must not depend on the order of the payments.
        paid.sum = ((paid.sum + value) * 100.0).round() / 100.0;
        // Of equally large payments the first by type, whatever their order in the file.
        let words = |place| (cell(tables, place, 2), cell(tables, place, 3));
        if value > paid.largest || (value == paid.largest && words(place) < words(paid.place)) {
            paid.largest = value;
            paid.place = place;
        }
    }

    pub(super) fn of(&self, order: u32) -> Option<Paid> {
        self.paid[order as usize]
    }

    /// Type and instalments of the largest payment.
    pub(super) fn words(&self, paid: Paid) -> [&str; 2] {
        [2, 3].map(|column| cell(&self.tables, paid.place, column))
    }

    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        if !self.strangers.is_empty() {
            remarks.push(format!(
                "payments of {} orders that are not in the orders file were left out",
                self.strangers.len()
            ));
        }
        if self.unreadable > 0 {
            remarks.push(format!(
                "{} payments without a readable value were left out",
                self.unreadable
            ));
        }
        remarks
    }
}

/// Persons by the customer of an order.
pub(super) struct People {
    tables: Vec<SmallTable>,
    /// The first row of each.
    places: Vec<Option<Place>>,
}

impl People {
    /// The columns that [`People::join`] reads.
    pub(super) const COLUMNS: [&str; 4] = [
        "customerid",
        "customeruniqueid",
        "customerstate",
        "customercity",
    ];

    pub(super) fn join(tables: Vec<SmallTable>, known: &Known) -> Self {
        let mut places = vec![None; known.customers.len()];
        for (table, place) in rows(&tables) {
            if let Some(at) = known.customers.find(table.cell(place.row as usize, 0)) {
                places[at].get_or_insert(place);
            }
        }
        Self { tables, places }
    }

    /// Person, state, city.
    pub(super) fn of(&self, customer: u32) -> Option<[&str; 3]> {
        let place = self.places[customer as usize]?;
        Some([1, 2, 3].map(|column| cell(&self.tables, place, column)))
    }
}

/// A text of each id of a table: that of the last row that has the id.
#[derive(Default)]
struct Dictionary {
    ids: Lookup,
    /// By id; numbers of [`Dictionary::texts`].
    codes: Vec<u32>,
    texts: Interner,
}

impl Dictionary {
    fn of<'a>(
        tables: &'a [SmallTable],
        text: impl Fn(&'a str) -> &'a str,
    ) -> Result<Self, PoolFull> {
        let mut known = Self {
            ids: reserved(tables),
            ..Self::default()
        };
        // Number 0 is what an unknown id has.
        known.texts.intern("")?;
        for (table, place) in rows(tables) {
            let row = place.row as usize;
            let at = known.ids.number(table.cell(row, 0))? as usize;
            let code = known.texts.intern(text(table.cell(row, 1)))?;
            if at == known.codes.len() {
                known.codes.push(code);
            } else {
                known.codes[at] = code;
            }
        }
        Ok(known)
    }

    fn code(&self, id: &str) -> u32 {
        self.ids.find(id).map_or(0, |at| self.codes[at])
    }

    fn text(&self, code: u32) -> &str {
        self.texts.texts().get(code as usize)
    }
}

/// An item: price, category and seller's state.
#[derive(Clone, Copy)]
struct Item {
    price: f64,
    category: u32,
    state: u32,
}

/// The most expensive item of each order, and how many items it has.
pub(super) struct Items {
    best: Vec<Option<Item>>,
    counts: Vec<u32>,
    categories: Dictionary,
    states: Dictionary,
    pub(super) present: bool,
}

/// The tables that say what an order's items are.
pub(super) struct Goods {
    pub(super) items: Vec<SmallTable>,
    pub(super) english: Vec<SmallTable>,
    pub(super) products: Vec<SmallTable>,
    pub(super) sellers: Vec<SmallTable>,
}

impl Items {
    /// The columns that [`Items::join`] reads of the items.
    pub(super) const COLUMNS: [&str; 4] = ["orderid", "productid", "sellerid", "price"];
    /// Those of the translation, the products and the sellers.
    pub(super) const ENGLISH: [&str; 2] = ["productcategoryname", "productcategorynameenglish"];
    pub(super) const PRODUCTS: [&str; 2] = ["productid", "productcategoryname"];
    pub(super) const SELLERS: [&str; 2] = ["sellerid", "sellerstate"];

    pub(super) fn join(goods: &Goods, known: &Known) -> Result<Self, PoolFull> {
        let english = Dictionary::of(&goods.english, |name| name)?;
        let translated = |name| match english.ids.find(name) {
            Some(at) => english.text(english.codes[at]),
            None => name,
        };
        let mut items = Self {
            best: vec![None; known.orders.len()],
            counts: vec![0; known.orders.len()],
            categories: Dictionary::of(&goods.products, translated)?,
            states: Dictionary::of(&goods.sellers, |state| state)?,
            present: !goods.items.is_empty(),
        };
        for (table, place) in rows(&goods.items) {
            let row = place.row as usize;
            if let Some(order) = known.orders.find(table.cell(row, 0)) {
                let item = Item {
                    price: amount(table.cell(row, 3)),
                    category: items.categories.code(table.cell(row, 1)),
                    state: items.states.code(table.cell(row, 2)),
                };
                items.add(order, item);
            }
        }
        Ok(items)
    }

    fn add(&mut self, order: usize, item: Item) {
        self.counts[order] += 1;
        // Of equally dear items the first by category, then by state.
        let dearer = |best: Item| {
            item.price > best.price
                || (item.price == best.price && self.words(item) < self.words(best))
        };
        if self.best[order].is_none_or(dearer) {
            self.best[order] = Some(item);
        }
    }

    fn words(&self, item: Item) -> (&str, &str) {
        (
            self.categories.text(item.category),
            self.states.text(item.state),
        )
    }

    /// Items of an order (its units), and category and seller's state of the most expensive one.
    pub(super) fn of(&self, order: u32) -> (u32, [&str; 2]) {
        let order = order as usize;
        let (category, state) = self.best[order].map_or(("", ""), |best| self.words(best));
        (self.counts[order], [category, state])
    }
}

/// The latest review of each order.
pub(super) struct Reviews {
    tables: Vec<SmallTable>,
    latest: Vec<Option<Place>>,
}

impl Reviews {
    /// The columns that [`Reviews::join`] reads.
    pub(super) const COLUMNS: [&str; 3] = ["orderid", "reviewanswertimestamp", "reviewscore"];

    pub(super) fn join(tables: Vec<SmallTable>, known: &Known) -> Self {
        let mut latest = vec![None; known.orders.len()];
        // ISO times sort as texts; of two at once the higher score.
        let review = |place| (cell(&tables, place, 1), cell(&tables, place, 2));
        for (table, place) in rows(&tables) {
            if let Some(at) = known.orders.find(table.cell(place.row as usize, 0))
                && latest[at].is_none_or(|known| review(known) < review(place))
            {
                latest[at] = Some(place);
            }
        }
        Self { tables, latest }
    }

    pub(super) fn present(&self) -> bool {
        !self.tables.is_empty()
    }

    /// The score of an order, "" when nobody reviewed it.
    pub(super) fn score(&self, order: u32) -> &str {
        let at = self.latest[order as usize];
        at.map_or("", |place| cell(&self.tables, place, 2))
    }
}
