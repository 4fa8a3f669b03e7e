//! What must hold of every mangled shop.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    plan::{Parts, Tables, Total},
    shop::Fate,
    table::Cell,
    words::Field,
    *,
};
use data::day::Day;

#[test]
fn the_seed_decides_every_byte() {
    for seed in 0..40 {
        let (a, b) = (mangle(seed), mangle(seed));
        let bytes = |shop: &Mangled| -> Vec<(String, Vec<u8>)> {
            shop.files
                .iter()
                .map(|file| (file.name.clone(), file.bytes.clone()))
                .collect()
        };
        // A workbook says when it was made.
        if !a.damages.contains(&Damage::Workbook) {
            assert_eq!(bytes(&a), bytes(&b), "{seed}");
        }
        assert_eq!(a.truth, b.truth);
    }
}

#[test]
fn every_damage_is_done_and_every_shop_has_sales() {
    let mut seen = BTreeSet::new();
    for seed in 0..1_000 {
        let shop = mangle(seed);
        assert!(
            shop.truth.customers > 0 && shop.truth.orders >= shop.truth.customers,
            "{seed}"
        );
        assert!(
            shop.truth.net_cents > 0 && shop.truth.first <= shop.truth.last,
            "{seed}"
        );
        assert!(
            !shop.files.is_empty() && shop.files.iter().all(|file| !file.bytes.is_empty()),
            "{seed}"
        );
        let names: BTreeSet<&str> = shop.files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names.len(), shop.files.len(), "{seed}");
        seen.extend(shop.damages);
    }
    assert!(seen.len() >= 58, "{}: {seen:?}", seen.len());
}

/// What somebody who knows the shop reads off its tables.
#[derive(Default)]
struct Reckoning {
    /// Kept orders by name: their customer and day.
    orders: BTreeMap<String, (String, Day)>,
    net: i64,
    /// Orders whose repeated total was taken.
    taken: BTreeSet<String>,
}

struct Row<'a> {
    plan: &'a Plan,
    table: &'a Table,
    cells: &'a [Cell],
}

impl Row<'_> {
    fn cell(&self, field: Field) -> Option<&Cell> {
        self.table.find(field).map(|at| &self.cells[at])
    }

    fn text(&self, field: Field) -> Option<&str> {
        match self.cell(field) {
            Some(Cell::Id(text) | Cell::Text(text)) => Some(text),
            _ => None,
        }
    }

    fn money(&self, field: Field) -> Option<i64> {
        match self.cell(field) {
            Some(Cell::Money(value) | Cell::Count(value)) => Some(*value),
            _ => None,
        }
    }

    /// Amount, total, payment, or price × quantity.
    fn worth(&self) -> Option<i64> {
        let product = || Some(self.money(Field::UnitPrice)? * self.money(Field::Quantity)?);
        if self.plan.total != Total::EachLine && self.plan.tables == Tables::One {
            return self.money(Field::Total);
        }
        self.money(Field::Amount)
            .or_else(|| self.money(Field::Paid))
            .or_else(product)
    }

    fn customer(&self) -> String {
        let id = self.text(Field::Customer).expect("a customer");
        let id = id.trim().trim_end_matches(".0").trim_start_matches('0');
        id.to_lowercase()
    }

    fn order(&self) -> String {
        let day = self.table.day(self.cells);
        let name = self.text(Field::Order).map(str::to_owned);
        name.unwrap_or_else(|| format!("{} {day}", self.customer()))
    }

    fn kept(&self) -> bool {
        let kept = words::status(Fate::Kept, self.plan.words);
        self.text(Field::Status).is_none_or(|status| status == kept)
    }
}

impl Reckoning {
    /// A row of the only table, or of the orders.
    fn sale(&mut self, row: &Row<'_>) {
        if !row.kept() {
            return;
        }
        let (order, worth) = (row.order(), row.worth().unwrap_or(0));
        let repeated = row.plan.total == Total::Repeated;
        let again = repeated && worth >= 0 && !self.taken.insert(order.clone());
        if !again {
            self.net += worth - row.money(Field::Refund).unwrap_or(0);
        }
        if worth >= 0 {
            let day = row.table.day(row.cells);
            self.orders.insert(order, (row.customer(), day));
        }
    }

    /// A row of a table that belongs to the orders.
    fn belonging(&mut self, row: &Row<'_>) {
        if !row
            .text(Field::Order)
            .is_some_and(|order| self.orders.contains_key(order))
        {
            return;
        }
        self.net += match row.table.name.as_str() {
            "refunds" => -row.money(Field::Refund).expect("a refund"),
            _ => row.worth().expect("money"),
        };
    }
}

/// Rows that parts share, once.
fn rows_of(mains: &[&Table], parts: Parts) -> Vec<Vec<Cell>> {
    if parts != Parts::Overlapping || mains.len() < 2 {
        return mains.iter().flat_map(|table| table.rows.clone()).collect();
    }
    let mut rows = mains[0].rows.clone();
    let last = mains[0]
        .rows
        .iter()
        .map(|row| mains[0].day(row))
        .max()
        .expect("rows");
    let later = mains[1].rows.iter().filter(|row| mains[1].day(row) > last);
    rows.extend(later.cloned());
    rows
}

#[test]
fn the_tables_hold_what_is_true() {
    for seed in 0..1_500 {
        let Draft {
            plan, shop, tables, ..
        } = &Draft::of(seed);
        let rounded = plan.id_damage == plan::IdDamage::Rounded;
        if plan.gone.is_some() || rounded {
            continue;
        }
        let mains: Vec<&Table> = tables
            .iter()
            .filter(|table| table.name.starts_with("orders"))
            .collect();
        let mut reckoning = Reckoning::default();
        for cells in rows_of(&mains, plan.parts) {
            reckoning.sale(&Row {
                plan,
                table: mains[0],
                cells: &cells,
            });
        }
        let of_money = ["order_items", "payments", "refunds"];
        for table in tables
            .iter()
            .filter(|table| of_money.contains(&table.name.as_str()))
        {
            for cells in &table.rows {
                reckoning.belonging(&Row { plan, table, cells });
            }
        }
        let truth = shop.truth(plan);
        let customers: BTreeSet<&String> = reckoning.orders.values().map(|(who, _)| who).collect();
        let days = || reckoning.orders.values().map(|(_, day)| *day);
        let found = Figures {
            customers: customers.len() as u64,
            orders: reckoning.orders.len() as u64,
            net_cents: reckoning.net,
            best_cents: truth.best_cents,
            first: days().min().expect("orders"),
            last: days().max().expect("orders"),
        };
        assert_eq!(found, truth, "{seed}: {plan:?}");
        assert!(tables.iter().all(|table| !table.rows.is_empty()), "{seed}");
    }
}
