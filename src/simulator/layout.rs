//! What the simulator can write: the layouts, told apart; [`super::names`] says what they are called.

use serde::Serialize;

use data::dataset::Shape;

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

/// An export of a shop system or payment service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Export {
    ShopifyOrders,
    WoocommerceReport,
    WoocommerceOrders,
    StripePayments,
    SquareItems,
    EtsyOrders,
    EtsyItems,
    AmazonOrders,
    EbayOrders,
    PaypalActivity,
    BigcommerceOrders,
    MagentoOrders,
    PrestashopOrders,
    ShopwareOrders,
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
}

impl Export {
    /// All exports.
    pub const ALL: [Self; 14] = [
        Self::ShopifyOrders,
        Self::WoocommerceReport,
        Self::WoocommerceOrders,
        Self::StripePayments,
        Self::SquareItems,
        Self::EtsyOrders,
        Self::EtsyItems,
        Self::AmazonOrders,
        Self::EbayOrders,
        Self::PaypalActivity,
        Self::BigcommerceOrders,
        Self::MagentoOrders,
        Self::PrestashopOrders,
        Self::ShopwareOrders,
    ];
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
