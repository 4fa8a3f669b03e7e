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

/// Payments by order.
pub(super) struct Payments {
    orders: Interner,
    /// Sum, largest payment and its type.
    paid: Vec<(f64, f64, String)>,
    unreadable: u64,
}

impl Payments {
    pub(super) fn read(set: &mut Set<'_>, job: &Job<'_>) -> Result<Self, DataError> {
        let mut payments = Self {
            orders: Interner::default(),
            paid: Vec::new(),
            unreadable: 0,
        };
        for table in set.tables(
            Part::Payments,
            &["orderid", "paymentvalue", "paymenttype"],
            job,
        )? {
            for row in 0..table.rows {
                let value = amount(table.cell(row, 1));
                if value.is_nan() {
                    payments.unreadable += 1;
                    continue;
                }
                payments
                    .add(table.cell(row, 0), value, table.cell(row, 2))
                    .map_err(full_set)?;
            }
        }
        Ok(payments)
    }

    fn add(&mut self, order: &str, value: f64, kind: &str) -> Result<(), PoolFull> {
        let at = self.orders.intern(order)? as usize;
        if at == self.paid.len() {
            self.paid.push((0.0, f64::NEG_INFINITY, String::new()));
        }
        let (sum, largest, largest_kind) = &mut self.paid[at];
        // Whole cents: the sum must not depend on the order of the payments.
        *sum = ((*sum + value) * 100.0).round() / 100.0;
        // Of equally large payments the first type by name, whatever their order in the file.
        if value > *largest || (value == *largest && kind < largest_kind.as_str()) {
            *largest = value;
            kind.clone_into(largest_kind);
        }
        Ok(())
    }

    pub(super) fn of(&self, order: &str) -> Option<&(f64, f64, String)> {
        self.orders.find(order).map(|at| &self.paid[at as usize])
    }

    pub(super) fn remark(&self, stage: &Stage) -> Vec<String> {
        let mut remarks = Vec::new();
        let known: std::collections::HashSet<&[u8]> =
            (0..stage.rows()).map(|row| stage.orders.get(row)).collect();
        let strangers = self
            .orders
            .texts()
            .iter()
            .filter(|id| !known.contains(id.as_bytes()))
            .count();
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

/// The most expensive item of each order.
pub(super) struct Items {
    orders: Interner,
    /// Price, category, seller's state.
    best: Vec<(f64, String, String)>,
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
}
