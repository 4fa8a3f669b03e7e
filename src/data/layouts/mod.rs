//! Known exports as data: `assets/layouts/*.ron`, and those the user has saved.
//!
//! A layout says by which headers an export is recognised, what its columns mean, and how its tables
//! join. It never outvotes arithmetic that contradicts it: then the question is asked.

use std::{collections::BTreeMap, sync::OnceLock};

use serde::{Deserialize, Serialize};

use super::{dataset::Role, values::text::fold};

/// One known export.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct JoinLayout {
    /// `part.header` on the side that asks.
    pub from: String,
    /// `part.header` on the side that answers.
    pub to: String,
}

/// Every layout that is compiled in, in the order in which they are tried: the most telling first.
const BUILT_IN: [&str; 18] = [
    include_str!("../../../assets/layouts/olist.ron"),
    include_str!("../../../assets/layouts/de_ds.ron"),
    include_str!("../../../assets/layouts/thelook.ron"),
    include_str!("../../../assets/layouts/shopify_orders.ron"),
    include_str!("../../../assets/layouts/woocommerce_orders.ron"),
    include_str!("../../../assets/layouts/woocommerce_report.ron"),
    include_str!("../../../assets/layouts/stripe_payments.ron"),
    include_str!("../../../assets/layouts/square_items.ron"),
    include_str!("../../../assets/layouts/etsy_orders.ron"),
    include_str!("../../../assets/layouts/etsy_items.ron"),
    include_str!("../../../assets/layouts/amazon_orders.ron"),
    include_str!("../../../assets/layouts/ebay_orders.ron"),
    include_str!("../../../assets/layouts/paypal_activity.ron"),
    include_str!("../../../assets/layouts/bigcommerce_orders.ron"),
    include_str!("../../../assets/layouts/magento_orders.ron"),
    include_str!("../../../assets/layouts/prestashop_orders.ron"),
    include_str!("../../../assets/layouts/shopware_orders.ron"),
    include_str!("../../../assets/layouts/cdnow.ron"),
];

/// The layouts that are compiled in.
#[must_use]
pub fn built_in() -> &'static [Layout] {
    static LAYOUTS: OnceLock<Vec<Layout>> = OnceLock::new();
    LAYOUTS.get_or_init(|| {
        let texts = BUILT_IN.iter();
        // A test reads each of them: none is left out.
        texts.filter_map(|text| ron::from_str(text).ok()).collect()
    })
}

/// A table as layouts look at it.
pub struct Headers<'a> {
    /// Folded names of the columns; made up where there is no header.
    pub folded: &'a [String],
    pub has_header: bool,
}

/// A layout, and which of its tables each file is.
#[derive(Clone)]
pub struct Recognised<'a> {
    pub layout: &'a Layout,
    pub tables: Vec<Option<&'a TableLayout>>,
}

/// The first layout whose required tables are all among the files.
#[must_use]
pub fn recognise<'a>(
    files: &[Headers<'_>],
    layouts: impl IntoIterator<Item = &'a Layout>,
) -> Option<Recognised<'a>> {
    layouts.into_iter().find_map(|layout| {
        let tables: Vec<Option<&TableLayout>> = files
            .iter()
            .map(|file| layout.tables.iter().find(|table| table.is(file)))
            .collect();
        let has = |part: &TableLayout| tables.iter().flatten().any(|known| known.part == part.part);
        let complete = layout.tables.iter().filter(|table| table.required).all(has);
        let any = tables.iter().any(Option::is_some);
        (complete && any).then_some(Recognised { layout, tables })
    })
}

/// One of the user's layouts for one table: a remembered export.
#[derive(Clone, Copy, Debug)]
pub struct Taught<'a> {
    pub title: &'a str,
    pub table: &'a TableLayout,
}

/// What the user has taught of a table with these headers, if it `fits`; of several, what asks for most.
#[must_use]
pub fn taught<'a>(
    file: &Headers<'_>,
    own: &'a [Layout],
    fits: impl Fn(&TableLayout) -> bool,
) -> Option<Taught<'a>> {
    let tables = own.iter().filter(|layout| layout.is_remembered());
    let known = tables.flat_map(|layout| {
        let title = layout.title.as_str();
        layout
            .tables
            .iter()
            .map(move |table| Taught { title, table })
    });
    let asked = |taught: &Taught<'_>| {
        let table = taught.table;
        table.headers.len() + table.any.len() + table.no_header.len()
    };
    // Of equals the first.
    known
        .filter(|taught| taught.table.is(file) && fits(taught.table))
        .reduce(|best, other| {
            if asked(&other) > asked(&best) {
                other
            } else {
                best
            }
        })
}

impl Layout {
    /// Whether it says no more than what the columns of one table mean. Each file is then read by itself
    /// with these meanings, as if they had been given by hand; a layout that says more is tried on the
    /// whole set, as those that are compiled in.
    #[must_use]
    pub fn is_remembered(&self) -> bool {
        let plain = |table: &TableLayout| {
            table.rename.is_empty() && table.replaces.is_empty() && table.largest.is_none()
        };
        self.tables.len() == 1
            && self.tables.iter().all(plain)
            && self.kept.is_empty()
            && self.not_kept.is_empty()
    }
}

impl TableLayout {
    /// What a column of this name means.
    #[must_use]
    pub fn role_of(&self, column: &str) -> Option<Role> {
        let folded = fold(column);
        let mut known = self.roles.iter();
        known.find_map(|(name, role)| (fold(name) == folded).then_some(*role))
    }

    /// Whether a table has the headers of this one.
    #[must_use]
    pub fn is(&self, file: &Headers<'_>) -> bool {
        if !self.no_header.is_empty() {
            return !file.has_header && file.folded.len() == self.no_header.len();
        }
        let has = |name: &String| file.folded.contains(&fold(name));
        file.has_header
            && !(self.headers.is_empty() && self.some == 0)
            && self.headers.iter().all(has)
            && self.any.iter().filter(|name| has(name)).count() >= self.some
            && !self.lacks.iter().any(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_layout_is_read() {
        for text in BUILT_IN {
            let layout = ron::from_str::<Layout>(text);
            assert!(layout.is_ok(), "{layout:?} of {text}");
        }
        assert_eq!(built_in().len(), BUILT_IN.len());
    }
}
