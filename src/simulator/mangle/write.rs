//! A shop as a plain table or a set of tables, before anything is damaged.

use super::{
    plan::{Encoding, Money, Plan, Refunds, Tables, Total},
    shop::{Fate, Line, Order, PRODUCTS, Shop},
    table::{Cell, Column, Table},
    words::{self, Field},
};
use crate::random::Rng;
use data::day::Day;

pub(super) fn tables(plan: &Plan, shop: &Shop, rng: &mut Rng) -> Vec<Table> {
    let writer = Writer { plan, shop };
    let mut tables = match plan.tables {
        Tables::One => vec![writer.one()],
        Tables::OrdersItems => vec![writer.orders(), writer.items()],
        Tables::Payments => vec![writer.orders(), writer.payments(rng)],
    };
    // A very small shop may have nothing to give back.
    if plan.refunds == Refunds::Table && shop.orders.iter().any(|order| order.refund > 0) {
        tables.push(writer.refunds());
    }
    if plan.customers_table {
        tables.push(writer.customers(rng));
    }
    if plan.products_table {
        tables.push(writer.products(rng));
    }
    // The same column has the same name in every table of a set.
    let mut names: Vec<Column> = Vec::new();
    for column in tables.iter_mut().flat_map(|table| &mut table.columns) {
        let known = names.iter().find(|known| known.field == column.field);
        column.name = match known {
            Some(known) => known.name.clone(),
            None => words::name(column.field, plan.words, rng),
        };
        names.push(column.clone());
    }
    tables
}

/// Letters that the encoding has and that are read wrongly in any other.
pub(super) fn letters(encoding: Encoding) -> [&'static str; 4] {
    match encoding {
        Encoding::Windows1250 => ["Dvořák", "Łódź", "Köln", "Čaj"],
        Encoding::ShiftJis => ["東京", "お茶", "ソース", "表示"],
        Encoding::Utf8 | Encoding::Utf8Mark | Encoding::Utf16 => ["Müller", "Ελιά", "Žižkov", "茶"],
        Encoding::Windows1252 | Encoding::CodePage850 => ["Müller", "Crème", "Señor", "Ærø"],
    }
}

struct Writer<'a> {
    plan: &'a Plan,
    shop: &'a Shop,
}

type Row = Vec<(Field, Cell)>;

/// A table of rows that all name the same fields.
fn table(name: &str, rows: Vec<Row>) -> Table {
    let fields = rows.first().map_or(&[][..], |row| row);
    Table {
        name: name.to_owned(),
        columns: fields
            .iter()
            .map(|(field, _)| Column {
                field: *field,
                name: String::new(),
            })
            .collect(),
        rows: rows
            .into_iter()
            .map(|row| row.into_iter().map(|(_, cell)| cell).collect())
            .collect(),
    }
}

/// One piece back, of the price that was refunded.
fn taken_back(order: &Order) -> Line {
    Line {
        product: order.lines[0].product,
        quantity: -1,
        unit_cents: order.refund,
    }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

impl Writer<'_> {
    fn product(&self, product: usize) -> String {
        let letters = letters(self.plan.encoding);
        format!("{} {}", letters[product % letters.len()], product + 1)
    }

    /// Who, when and how it ended: what stands at an order however its money is written.
    fn head(&self, order: &Order, day: Day, fate: Fate) -> Row {
        let plan = self.plan;
        let customer = &self.shop.customers[order.customer];
        let mut row = Vec::new();
        if plan.order_ids {
            row.push((Field::Order, Cell::Id((10_001 + order.number).to_string())));
        }
        if plan.gone != Some(super::damage::Damage::DateGone) {
            row.push((Field::Date, Cell::When(day, order.minute)));
        }
        if plan.gone != Some(super::damage::Damage::CustomerGone) {
            row.push((Field::Customer, Cell::Id(customer.id.clone())));
        }
        if plan.mail {
            row.push((Field::Mail, text(&customer.mail)));
        }
        if plan.statuses {
            row.push((Field::Status, text(words::status(fate, plan.words))));
        }
        if plan.currency {
            row.push((Field::Currency, text(order.currency)));
        }
        row
    }

    /// What stands at a line where every line has its own money.
    fn money(&self, line: &Line) -> Row {
        let mut row = Vec::new();
        if self.plan.money != Money::Amount {
            row.push((Field::Quantity, Cell::Count(line.quantity)));
            row.push((Field::UnitPrice, Cell::Money(line.unit_cents)));
        }
        if self.plan.money != Money::PriceTimesQuantity {
            row.push((Field::Amount, Cell::Money(line.cents())));
        }
        row
    }

    /// The money of a row that belongs to an order's total.
    fn of_total(&self, line: &Line, total: Option<i64>) -> Row {
        let mut row = vec![(Field::Quantity, Cell::Count(line.quantity))];
        if self.plan.money != Money::Amount {
            row.push((Field::UnitPrice, Cell::Money(line.unit_cents)));
        }
        row.push((Field::Total, total.map_or(Cell::Blank, Cell::Money)));
        row
    }

    fn one(&self) -> Table {
        let mut rows = Vec::new();
        for order in &self.shop.orders {
            for (index, line) in order.lines.iter().enumerate() {
                rows.push(self.line(order, line, index == 0));
            }
            if self.plan.refunds == Refunds::Rows && order.refund > 0 {
                rows.push(self.credit(order));
            }
        }
        table("orders", rows)
    }

    fn line(&self, order: &Order, line: &Line, first: bool) -> Row {
        let mut row = self.head(order, order.day, order.fate);
        row.push((Field::Product, Cell::Text(self.product(line.product))));
        row.extend(match self.plan.total {
            Total::EachLine => self.money(line),
            Total::Repeated => self.of_total(line, Some(order.cents())),
            Total::FirstLine => self.of_total(line, first.then(|| order.cents())),
        });
        if self.plan.refunds == Refunds::Column {
            let here = first || self.plan.total == Total::Repeated;
            row.push((Field::Refund, self.refund(order, here)));
        }
        row
    }

    fn refund(&self, order: &Order, here: bool) -> Cell {
        match (here, self.plan.total) {
            (true, _) => Cell::Money(order.refund),
            (false, Total::EachLine) => Cell::Money(0),
            (false, _) => Cell::Blank,
        }
    }

    /// A row that takes money back.
    fn credit(&self, order: &Order) -> Row {
        let mut row = self.head(order, order.refund_day, Fate::Kept);
        let line = taken_back(order);
        row.push((Field::Product, Cell::Text(self.product(line.product))));
        row.extend(match self.plan.total {
            Total::EachLine => self.money(&line),
            Total::Repeated | Total::FirstLine => self.of_total(&line, Some(-order.refund)),
        });
        row
    }

    fn orders(&self) -> Table {
        let rows = self.shop.orders.iter().map(|order| {
            let mut row = self.head(order, order.day, order.fate);
            if self.plan.refunds == Refunds::Column {
                row.push((Field::Refund, self.refund(order, true)));
            }
            row
        });
        table("orders", rows.collect())
    }

    fn items(&self) -> Table {
        let mut rows = Vec::new();
        for order in &self.shop.orders {
            let back =
                (self.plan.refunds == Refunds::Rows && order.refund > 0).then(|| taken_back(order));
            for line in order.lines.iter().chain(&back) {
                let mut row = vec![(Field::Order, Cell::Id((10_001 + order.number).to_string()))];
                row.push(if self.plan.products_table {
                    (
                        Field::ProductId,
                        Cell::Id(format!("P{:03}", line.product + 1)),
                    )
                } else {
                    (Field::Product, Cell::Text(self.product(line.product)))
                });
                row.extend(self.money(line));
                rows.push(row);
            }
        }
        table("order_items", rows)
    }

    /// Some orders are paid in two steps.
    fn payments(&self, rng: &mut Rng) -> Table {
        let mut rows = Vec::new();
        for order in &self.shop.orders {
            let all = order.cents();
            let first = if rng.chance(0.1) { all / 3 } else { all };
            for part in [first, all - first].into_iter().filter(|part| *part > 0) {
                rows.push(vec![
                    (Field::Order, Cell::Id((10_001 + order.number).to_string())),
                    (Field::Paid, Cell::Money(part)),
                    (Field::Method, text(["card", "transfer"][rng.below(2)])),
                ]);
            }
        }
        table("payments", rows)
    }

    fn refunds(&self) -> Table {
        let back = self.shop.orders.iter().filter(|order| order.refund > 0);
        let rows = back.map(|order| {
            vec![
                (Field::Order, Cell::Id((10_001 + order.number).to_string())),
                (Field::RefundDate, Cell::When(order.refund_day, 600)),
                (Field::Refund, Cell::Money(order.refund)),
            ]
        });
        table("refunds", rows.collect())
    }

    fn customers(&self, rng: &mut Rng) -> Table {
        let first = self.shop.orders.first().map_or(0, |order| order.day);
        let rows = self.shop.customers.iter().map(|customer| {
            vec![
                (Field::Customer, Cell::Id(customer.id.clone())),
                (Field::Name, text(&customer.name)),
                (Field::City, text(&customer.city)),
                (Field::SignUp, Cell::Date(first - rng.below(900) as Day)),
                (Field::Birth, Cell::Date(customer.born)),
            ]
        });
        table("customers", rows.collect())
    }

    fn products(&self, rng: &mut Rng) -> Table {
        let rows = (0..PRODUCTS).map(|product| {
            let price = 500 + rng.below(20_000) as i64;
            vec![
                (Field::ProductId, Cell::Id(format!("P{:03}", product + 1))),
                (Field::Product, Cell::Text(self.product(product))),
                (
                    Field::Category,
                    text(["Home", "Garden", "Toys"][product % 3]),
                ),
                (Field::ListPrice, Cell::Money(price)),
                (Field::Cost, Cell::Money(price / 2)),
                (
                    Field::Launch,
                    Cell::Date(self.shop.last_day - 400 - rng.below(2_000) as Day),
                ),
            ]
        });
        table("products", rows.collect())
    }
}
