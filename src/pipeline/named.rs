//! Parts of a selection and customers by name: what the command line says, looked up in the open shop.

use super::snapshot::Shop;
use analysis::selection::{Fate, Part};
use data::orders::{Attribute, Step};

/// How parts are written, for help and errors.
pub const PARTS: &str = "segment:NAME, cohort:LABEL, cohort:LABEL:AGE, rf:R:F, column:NAME:VALUE, \
    number:COLUMN:FROM:TO, line:kept, line:not-kept, step:shipped, step:delivered, step:returned, \
    status:VALUE or customer:ID";

/// Number of the customer with this id.
#[must_use]
pub fn customer(shop: &Shop, id: &str) -> Option<u32> {
    let mut ids = shop.dataset.orders.customer_ids.iter();
    u32::try_from(ids.position(|known| known == id)?).ok()
}

/// The part of a selection that the text names, see [`PARTS`]; `None` when the shop holds nothing of
/// that name.
#[must_use]
pub fn part(shop: &Shop, text: &str) -> Option<Part> {
    let (kind, rest) = text.split_once(':')?;
    match kind {
        "segment" => {
            let stats = shop.segments.stats.iter();
            let name = stats.map(|stats| &stats.name).find(|name| *name == rest)?;
            Some(Part::Segment(name.clone()))
        }
        "cohort" => cohort(shop, rest),
        "rf" => {
            let (r, f) = rest.split_once(':')?;
            let score = |text: &str| text.parse().ok().filter(|score| (1..=5).contains(score));
            Some(Part::RfCell {
                r: score(r)?,
                f: score(f)?,
            })
        }
        "customer" => {
            customer(shop, rest)?;
            Some(Part::Customers(vec![rest.to_owned()]))
        }
        "column" => {
            let (name, value) = rest.split_once(':')?;
            column(shop, name)?
                .values
                .iter()
                .find(|text| *text == value)?;
            Some(Part::Attribute {
                name: name.to_owned(),
                value: value.to_owned(),
            })
        }
        "number" => number(shop, rest),
        "line" | "step" | "status" => fate(shop, kind, rest).map(Part::Became),
        _ => None,
    }
}

fn cohort(shop: &Shop, rest: &str) -> Option<Part> {
    let exact = shop.cohorts.rows.iter().find(|row| row.label == rest);
    let (label, age) = match (exact, rest.rsplit_once(':')) {
        (None, Some((label, age))) => (label, Some(age.parse().ok()?)),
        _ => (rest, None),
    };
    let row = shop.cohorts.rows.iter().find(|row| row.label == label)?;
    Some(Part::Cohort {
        spec: shop.cohorts.spec.clone(),
        key: row.key,
        label: label.to_owned(),
        age,
    })
}

fn column<'a>(shop: &'a Shop, name: &str) -> Option<&'a Attribute> {
    let orders = &shop.dataset.orders;
    let mut columns = orders.attributes.iter().chain(&orders.traits);
    columns.find(|column| column.name == name)
}

/// `COLUMN:3`, `COLUMN:2:4`, `COLUMN:24:` (24 or more).
fn number(shop: &Shop, rest: &str) -> Option<Part> {
    let (name, span) = rest.split_once(':')?;
    column(shop, name)?;
    let (from, to) = match span.split_once(':') {
        None => (span, Some(span)),
        Some((from, "")) => (from, None),
        Some((from, to)) => (from, Some(to)),
    };
    let to = match to {
        None => None,
        Some(to) => Some(to.parse().ok()?),
    };
    Some(Part::Count {
        name: name.to_owned(),
        from: from.parse().ok()?,
        to,
    })
}

fn fate(shop: &Shop, kind: &str, rest: &str) -> Option<Fate> {
    let orders = &shop.dataset.orders;
    match (kind, rest) {
        ("line", "kept") => Some(Fate::Kept),
        ("line", "not-kept") => Some(Fate::NotKept),
        ("step", name) => {
            let step = match name {
                "shipped" => Step::Shipped,
                "delivered" => Step::Delivered,
                "returned" => Step::Returned,
                _ => return None,
            };
            let mut known = orders.milestones.iter();
            known.find(|days| days.step == step)?;
            Some(Fate::Reached(step))
        }
        ("status", value) => {
            let status = analysis::lifecycle::status_attribute(orders)?;
            status.values.iter().find(|text| *text == value)?;
            Some(Fate::Status {
                column: status.name.clone(),
                value: value.to_owned(),
            })
        }
        _ => None,
    }
}
