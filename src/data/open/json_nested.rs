//! Rows that stand within JSON records: customers that hold their orders, orders that hold their lines.

use std::borrow::Cow;

use super::json_record::{self, Field, Member};
use crate::{
    roles::vocabulary::{self, concept::Concept},
    values::dates,
};

/// An array within a record whose elements are rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    array: String,
    /// What its elements are, and what the record is that holds it.
    row: &'static str,
    holder: &'static str,
}

/// The arrays of a record whose elements are the rows, the outermost first; none where the record is a row.
///
/// A customer's orders are rows; so are the lines of an order that says no amount itself. Whatever else
/// stands in an order (parcels, payments, tags) tells about it.
#[must_use]
pub fn path_of(record: &str) -> Vec<Step> {
    let Some(members) = json_record::members(record) else {
        return Vec::new();
    };
    let plain = members.iter().filter(|member| !member.is_nested());
    let mut spoken = plain.map(|member| vocabulary::spoken(&member.key));
    let (mut is_order, mut is_paid) = (false, false);
    for spoken in &mut spoken {
        let other = [
            Concept::SignUp,
            Concept::Created,
            Concept::Birth,
            Concept::Updated,
            Concept::FirstOrLast,
        ];
        is_order |= spoken.of_id == Some(Concept::Order)
            || spoken.has(Concept::Date) && spoken.of_id.is_none() && !spoken.any(&other);
        is_paid |= spoken.any(&[Concept::Amount, Concept::Price]);
    }
    for array in members
        .iter()
        .filter(|member| member.value.starts_with('['))
    {
        let elements = json_record::members(array.value).unwrap_or_default();
        let Some(first) = elements.first().map(|element| element.value) else {
            continue;
        };
        let inner = json_record::members(first).filter(|_| first.starts_with('{'));
        let inner = inner.unwrap_or_default();
        let of = vocabulary::spoken(&array.key);
        let is_dated = || inner.iter().any(Member::is_date);
        let is_priced = || {
            let mut priced = inner.iter().map(|member| vocabulary::spoken(&member.key));
            priced.any(|spoken| spoken.any(&[Concept::Amount, Concept::Price]))
        };
        let orders = of.any(&[Concept::Order, Concept::Purchase]) && !is_order && is_dated();
        let goods = [
            Concept::Item,
            Concept::Line,
            Concept::Product,
            Concept::Order,
        ];
        if orders || of.any(&goods) && !is_paid && is_priced() {
            let (row, holder) = if orders {
                ("order", "customer")
            } else {
                ("item", "order")
            };
            let step = Step {
                array: array.key.clone().into_owned(),
                row,
                holder,
            };
            let within = if orders { path_of(first) } else { Vec::new() };
            return [vec![step], within].concat();
        }
    }
    Vec::new()
}

impl Member<'_> {
    fn is_nested(&self) -> bool {
        self.value.starts_with(['{', '['])
    }

    fn is_date(&self) -> bool {
        let text = self
            .value
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'));
        text.is_some_and(dates::looks_like_date)
    }
}

/// The rows at the end of a path within a record of these fields, each with the fields of everything that
/// it stands in. A damaged record is one row.
#[must_use]
pub fn rows<'a>(record: &'a str, path: &[Step], fields: Vec<Field<'a>>) -> Vec<Vec<Field<'a>>> {
    let whole = || {
        let (step, within) = path.split_first()?;
        Some((step, within, json_record::members(record)?))
    };
    let Some((step, within, members)) = whole() else {
        return vec![fields];
    };
    let below = format!("{}.", step.array);
    let beside = |field: &Field<'_>| field.name != step.array && !field.name.starts_with(&below);
    let own = fields.into_iter().filter(beside);
    let own: Vec<Field<'a>> = own.filter_map(|field| of_holder(field, step)).collect();
    let held = members.iter().find(|member| member.key == step.array);
    let elements = held.and_then(|held| json_record::members(held.value));
    let mut found = Vec::new();
    for element in elements.unwrap_or_default() {
        let fields = json_record::read(element.value).fields;
        for row in rows(element.value, within, fields) {
            // What stands deeper has a name already.
            let named = |field: Field<'a>| match within {
                [deeper, ..] if is_of(deeper, &field) => field,
                _ => prefixed(step.row, field),
            };
            let row = row.into_iter().map(named);
            found.push(own.iter().cloned().chain(row).collect());
        }
    }
    found
}

fn prefixed<'a>(of: &str, field: Field<'a>) -> Field<'a> {
    Field {
        name: Cow::Owned(format!("{of}.{}", field.name)),
        ..field
    }
}

/// Whether a field was named after a deeper array's elements or their holder.
fn is_of(deeper: &Step, field: &Field<'_>) -> bool {
    [deeper.row, deeper.holder].iter().any(|of| {
        field
            .name
            .strip_prefix(of)
            .is_some_and(|rest| rest.starts_with('.'))
    })
}

/// A field of a record beside the rows it holds: its id names it, and what all of them cost together is no
/// row's amount.
fn of_holder<'a>(field: Field<'a>, step: &Step) -> Option<Field<'a>> {
    let spoken = vocabulary::spoken(&field.name);
    let is_sum = spoken.has(Concept::Amount) && !spoken.has(Concept::Refund);
    if ["id", "_id"].contains(&field.name.as_ref()) {
        return Some(prefixed(step.holder, field));
    }
    (!is_sum).then_some(field)
}
