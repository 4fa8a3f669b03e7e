//! Known exports as data: `assets/layouts/*.ron`, and those the user has saved.
//!
//! A layout says by which headers an export is recognised, what its columns mean, and how its tables
//! join. It never outvotes arithmetic that contradicts it: then the question is asked.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dataset::Role;

/// One known export.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Stable name: `shopify_orders`.
    pub name: String,
    /// Name for people: "Shopify orders export".
    pub title: String,
    /// The tables of the set; a single export has one.
    pub tables: Vec<TableLayout>,
    /// Statuses that are sales; with any given, every other status is not kept. Folded words.
    #[serde(default)]
    pub kept: Vec<String>,
    /// Statuses that are no sales, beside the words known in general. Folded words.
    #[serde(default)]
    pub not_kept: Vec<String>,
    /// How the tables join, in the order in which they are joined.
    #[serde(default)]
    pub joins: Vec<JoinLayout>,
}

/// One table of a layout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableLayout {
    /// Name within the set: `orders`, `payments`.
    pub part: String,
    /// What a row is.
    pub grain: Grain,
    /// Headers that must all be there; compared folded (case, blanks and signs do not count).
    #[serde(default)]
    pub headers: Vec<String>,
    /// At least `some` of these must be there too.
    #[serde(default)]
    pub any: Vec<String>,
    #[serde(default)]
    pub some: usize,
    /// Headers that must not be there.
    #[serde(default)]
    pub lacks: Vec<String>,
    /// Header → role; columns not named are judged as in any file.
    #[serde(default)]
    pub roles: BTreeMap<String, Role>,
    /// Header → name of the attribute it becomes.
    #[serde(default)]
    pub rename: BTreeMap<String, String>,
    /// For a file without header: the names of its columns, from the first.
    #[serde(default)]
    pub no_header: Vec<String>,
    /// Where several rows belong to one order and the row of an order is wanted: the one with the
    /// largest value in this column stands for it.
    #[serde(default)]
    pub largest: Option<String>,
    /// Header → header: what stands in the first, where it is filled and not 0, takes the place of the
    /// second (an adjusted total, of an order's total).
    #[serde(default)]
    pub replaces: BTreeMap<String, String>,
    /// The set is not complete without this table.
    #[serde(default)]
    pub required: bool,
}

/// What a row of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grain {
    /// One row per order.
    Orders,
    /// Several rows per order, each with its part of the money.
    Lines,
    /// Several rows per order; the money stands on the first of them only, or is repeated on all.
    OrderOnLines,
    Payments,
    /// Money given back, as positive numbers.
    Refunds,
    Customers,
    Products,
    /// Anything that only brings attributes.
    Other,
}

/// How a table finds its partner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinLayout {
    /// `part.header` on the side that asks.
    pub from: String,
    /// `part.header` on the side that answers.
    pub to: String,
}
