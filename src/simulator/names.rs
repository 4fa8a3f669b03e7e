//! What the layouts and their files are called.

use super::{layout::Layout, olist, thelook};

impl Layout {
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

/// Names of the data files of a layout, in the order [`super::simulate`] writes them.
#[must_use]
pub fn file_names(layout: Layout) -> &'static [&'static str] {
    match layout {
        Layout::Orders => &["orders.csv"],
        Layout::Cdnow => &["cdnow.txt"],
        Layout::Olist => &olist::FILES,
        Layout::Thelook => &thelook::FILES,
        Layout::DeDs => &thelook::JSON_FILES,
        Layout::Export(export) => export.files(),
    }
}
