//! The files beside the orders, boiled down to what an order needs.

use std::collections::HashMap;

use super::{Part, Set, full_set};
use crate::data::{
    error::DataError,
    intern::Interner,
    numbers::{self, Decimal, Evidence},
    orders::PoolFull,
    shapes::Job,
    stage::Stage,
};

fn amount(text: &str) -> f64 {
    numbers::read(text, Decimal::Point, &mut Evidence::default())
}

/// What was paid for an order.
#[derive(Default)]
pub(super) struct Paid {
    pub(super) sum: f64,
    largest: f64,
    /// Type and instalments of the largest payment.
    pub(super) kind: String,
    pub(super) instalments: String,
}

/// Payments by order.
pub(super) struct Payments {
    orders: Interner,
    paid: Vec<Paid>,
    unreadable: u64,
}

impl Payments {
    pub(super) fn read(set: &mut Set<'_>, job: &Job<'_>) -> Result<Self, DataError> {
        let mut payments = Self {
            orders: Interner::default(),
            paid: Vec::new(),
            unreadable: 0,
        };
        let names = [
            "orderid",
            "paymentvalue",
            "paymenttype",
            "paymentinstallments",
        ];
        for table in set.tables(Part::Payments, &names, job)? {
            for row in 0..table.rows {
                let value = amount(table.cell(row, 1));
                if value.is_nan() {
                    payments.unreadable += 1;
                    continue;
                }
                payments
                    .add(
                        table.cell(row, 0),
                        value,
                        (table.cell(row, 2), table.cell(row, 3)),
                    )
                    .map_err(full_set)?;
            }
        }
        Ok(payments)
    }

    fn add(
        &mut self,
        order: &str,
        value: f64,
        (kind, instalments): (&str, &str),
    ) -> Result<(), PoolFull> {
        let at = self.orders.intern(order)? as usize;
        if at == self.paid.len() {
            self.paid.push(Paid {
                largest: f64::NEG_INFINITY,
                ..Paid::default()
            });
        }
        let paid = &mut self.paid[at];
        // Whole cents: the sum must not depend on the order of the payments.
        paid.sum = ((paid.sum + value) * 100.0).round() / 100.0;
        // Of equally large payments the first by type, whatever their order in the file.
        let known = (paid.kind.as_str(), paid.instalments.as_str());
        if value > paid.largest || (value == paid.largest && (kind, instalments) < known) {
            paid.largest = value;
            kind.clone_into(&mut paid.kind);
            instalments.clone_into(&mut paid.instalments);
        }
        Ok(())
    }

    pub(super) fn of(&self, order: &str) -> Option<&Paid> {
        self.orders.find(order).map(|at| &self.paid[at as usize])
    }

    pub(super) fn remark(&self, stage: &Stage) -> Vec<String> {
        let mut remarks = Vec::new();
        let mut met = vec![false; self.paid.len()];
        for row in 0..stage.rows() {
            if let Some(at) = stage.orders.with_text(row, |id| self.orders.find(id)) {
                met[at as usize] = true;
            }
        }
        let strangers = met.iter().filter(|met| !**met).count();
        if strangers > 0 {
            remarks.push(format!(
                "payments of {strangers} orders that are not in the orders file were left out"
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

/// Persons by the customer id of an order.
pub(super) struct People {
    customers: Interner,
    /// Person, state, city.
    people: Vec<[String; 3]>,
}

impl People {
    pub(super) fn read(set: &mut Set<'_>, job: &Job<'_>) -> Result<Self, DataError> {
        let names = [
            "customerid",
            "customeruniqueid",
            "customerstate",
            "customercity",
        ];
        let mut found = Self {
            customers: Interner::default(),
            people: Vec::new(),
        };
        for table in set.tables(Part::Customers, &names, job)? {
            for row in 0..table.rows {
                let at = found
                    .customers
                    .intern(table.cell(row, 0))
                    .map_err(full_set)?;
                if at as usize == found.people.len() {
                    found
                        .people
                        .push([1, 2, 3].map(|column| table.cell(row, column).to_owned()));
                }
            }
        }
        Ok(found)
    }

    pub(super) fn of(&self, customer: &str) -> Option<&[String; 3]> {
        self.customers
            .find(customer)
            .map(|at| &self.people[at as usize])
    }
}

/// The most expensive item of each order, and how many items it has.
pub(super) struct Items {
    orders: Interner,
    /// Price, category, seller's state.
    best: Vec<(f64, String, String)>,
    counts: Vec<u32>,
    pub(super) present: bool,
}

impl Items {
    pub(super) fn read(set: &mut Set<'_>, job: &Job<'_>) -> Result<Self, DataError> {
        let mut english = HashMap::new();
        for table in set.tables(
            Part::Translation,
            &["productcategoryname", "productcategorynameenglish"],
            job,
        )? {
            english.extend(
                (0..table.rows)
                    .map(|row| (table.cell(row, 0).to_owned(), table.cell(row, 1).to_owned())),
            );
        }
        let mut categories = HashMap::new();
        for table in set.tables(Part::Products, &["productid", "productcategoryname"], job)? {
            for row in 0..table.rows {
                let name = table.cell(row, 1);
                let name = english.get(name).map_or(name, String::as_str);
                categories.insert(table.cell(row, 0).to_owned(), name.to_owned());
            }
        }
        let mut states = HashMap::new();
        for table in set.tables(Part::Sellers, &["sellerid", "sellerstate"], job)? {
            states.extend(
                (0..table.rows)
                    .map(|row| (table.cell(row, 0).to_owned(), table.cell(row, 1).to_owned())),
            );
        }
        let mut items = Self {
            orders: Interner::default(),
            best: Vec::new(),
            counts: Vec::new(),
            present: false,
        };
        for table in set.tables(
            Part::Items,
            &["orderid", "productid", "sellerid", "price"],
            job,
        )? {
            items.present = true;
            for row in 0..table.rows {
                let text = |map: &HashMap<String, String>, column| {
                    map.get(table.cell(row, column))
                        .cloned()
                        .unwrap_or_default()
                };
                let item = (
                    amount(table.cell(row, 3)),
                    text(&categories, 1),
                    text(&states, 2),
                );
                items.add(table.cell(row, 0), item).map_err(full_set)?;
            }
        }
        Ok(items)
    }

    fn add(&mut self, order: &str, item: (f64, String, String)) -> Result<(), PoolFull> {
        let at = self.orders.intern(order)? as usize;
        if at == self.counts.len() {
            self.counts.push(0);
        }
        self.counts[at] += 1;
        match self.best.get_mut(at) {
            None => self.best.push(item),
            Some(best) => {
                // Of equally dear items the first by category, then by state.
                let dearer = item.0 > best.0;
                if dearer || (item.0 == best.0 && (&item.1, &item.2) < (&best.1, &best.2)) {
                    *best = item;
                }
            }
        }
        Ok(())
    }

    pub(super) fn of(&self, order: &str) -> (&str, &str) {
        self.orders.find(order).map_or(("", ""), |at| {
            let (_, category, state) = &self.best[at as usize];
            (category, state)
        })
    }

    /// Items of an order: its units.
    pub(super) fn count(&self, order: &str) -> u32 {
        let at = self.orders.find(order);
        at.map_or(0, |at| self.counts[at as usize])
    }
}

/// The latest review of each order.
pub(super) struct Reviews {
    orders: Interner,
    /// When it was answered, and its score.
    latest: Vec<(String, String)>,
    pub(super) present: bool,
}

impl Reviews {
    pub(super) fn read(set: &mut Set<'_>, job: &Job<'_>) -> Result<Self, DataError> {
        let mut reviews = Self {
            orders: Interner::default(),
            latest: Vec::new(),
            present: false,
        };
        let names = ["orderid", "reviewanswertimestamp", "reviewscore"];
        for table in set.tables(Part::Reviews, &names, job)? {
            reviews.present = true;
            for row in 0..table.rows {
                let at = reviews
                    .orders
                    .intern(table.cell(row, 0))
                    .map_err(full_set)? as usize;
                // ISO times sort as texts; of two at once the higher score.
                let review = (table.cell(row, 1).to_owned(), table.cell(row, 2).to_owned());
                match reviews.latest.get_mut(at) {
                    None => reviews.latest.push(review),
                    Some(known) if *known < review => *known = review,
                    Some(_) => {}
                }
            }
        }
        Ok(reviews)
    }

    /// The score of an order, "" when nobody reviewed it.
    pub(super) fn score(&self, order: &str) -> &str {
        let at = self.orders.find(order);
        at.map_or("", |at| self.latest[at as usize].1.as_str())
    }
}
