//! What the simulator can write: the layouts by name.

use serde::Serialize;

use super::exports::Export;
use crate::data::dataset::Shape;

/// A layout of files that a simulated shop can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    #[serde(rename = "order_log")]
    Orders,
    Cdnow,
    Olist,
    Thelook,
    DeDs,
    #[serde(untagged)]
    Export(Export),
}

impl Layout {
    /// Every layout, the plain ones first.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let plain = [
            Self::Orders,
            Self::Cdnow,
            Self::Olist,
            Self::Thelook,
            Self::DeDs,
        ];
        plain
            .into_iter()
            .chain(Export::ALL.map(Self::Export))
            .collect()
    }

    /// Name on the command line, and of the file in `assets/layouts`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Cdnow => "cdnow",
            Self::Olist => "olist",
            Self::Thelook => "thelook",
            Self::DeDs => "de_ds",
            Self::Export(export) => export.name(),
        }
    }

    /// One line for people.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Orders => "One CSV of order lines, as a shop exports it",
            Self::Cdnow => "The CDNOW text: customer, date, quantity, amount",
            Self::Olist => "The seven files of the Olist marketplace",
            Self::Thelook => "The four CSV tables of theLook: users, products, orders, order items",
            Self::DeDs => "The same four tables with users and products as JSON text",
            Self::Export(export) => export.about(),
        }
    }

    /// The layout of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().into_iter().find(|layout| layout.name() == name)
    }
}

/// A customer table has no orders to simulate; asking for one gives the order log.
impl From<Shape> for Layout {
    fn from(shape: Shape) -> Self {
        match shape {
            Shape::OrderLog | Shape::CustomerTable => Self::Orders,
            Shape::Cdnow => Self::Cdnow,
            Shape::Olist => Self::Olist,
            Shape::Thelook => Self::Thelook,
            Shape::DeDs => Self::DeDs,
        }
    }
}

impl From<Export> for Layout {
    fn from(export: Export) -> Self {
        Self::Export(export)
    }
}
