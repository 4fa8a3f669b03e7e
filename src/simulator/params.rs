//! What the simulated shop is like: the parameters behind it, all written to the truth file.

use serde::Serialize;

use super::layout::Layout;
use data::day::Day;

/// First and last day of the simulated shop: 2022-07-01 to 2025-06-30.
pub const FIRST_DAY: Day = 19_174;
pub const LAST_DAY: Day = 20_269;

/// Seed of the sample shop.
pub const SAMPLE_SEED: u64 = 42;

/// What to generate.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Spec {
    pub customers: u32,
    pub seed: u64,
    #[serde(rename = "shape")]
    pub layout: Layout,
    /// Mean orders per customer over the whole history, the first one included.
    pub orders_per_customer: f64,
    /// Mean lines (items) per order; the CDNOW layout always has one.
    pub lines_per_order: f64,
    /// Pure BG/NBD × Gamma-Gamma buying: no season, no growth, all channels and cohorts alike,
    /// nothing cancelled or returned. Models can then be checked against the parameters.
    pub plain: bool,
}

impl Spec {
    /// A shop of this size with the default intensity.
    #[must_use]
    pub fn new(customers: u32, seed: u64, layout: impl Into<Layout>) -> Self {
        Self {
            customers,
            seed,
            layout: layout.into(),
            orders_per_customer: 4.5,
            lines_per_order: 1.35,
            plain: false,
        }
    }
}

/// Parameters of the buying and spending processes.
///
/// Purchases after the first follow BG/NBD (Fader, Hardie & Lee 2005): while active, a customer buys
/// at rate λ ~ Gamma(`r`, `alpha_days`) per day, and after each repeat purchase becomes inactive with
/// probability p ~ Beta(`a`, `b`). Order values follow Gamma-Gamma (Fader & Hardie 2013): value ~
/// Gamma(`p`, ν) with ν ~ Gamma(`q`, `v`), so the mean value over customers is `p·v / (q − 1)`.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameters {
    pub r: f64,
    /// Set so that customers make the wanted mean number of orders.
    pub alpha_days: f64,
    pub a: f64,
    pub b: f64,
    pub p: f64,
    pub q: f64,
    pub v: f64,
    /// New customers per day grow by this factor a year.
    pub acquisition_growth: f64,
    /// Probability that a whole order is cancelled.
    pub cancelled: f64,
    pub channels: Vec<Channel>,
    pub categories: Vec<Category>,
    pub countries: Vec<Country>,
}

/// A way customers find the shop; those it brings differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Channel {
    pub name: &'static str,
    /// Share of the customers it acquires.
    pub share: f64,
    /// Multiplies their purchase rate λ.
    pub tempo: f64,
    /// Multiplies `b` of their dropout: higher means they stay longer.
    pub loyalty: f64,
    /// Probability that a customer never returns after the first order.
    pub one_time: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Category {
    pub name: &'static str,
    /// Name in the Olist layout, whose categories are Portuguese.
    pub olist_name: &'static str,
    pub share: f64,
    /// Relative price: how an order's value is split among its lines.
    pub price: f64,
    /// Probability that a kept line is sent back.
    pub returned: f64,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Country {
    pub name: &'static str,
    /// Federal state standing for it in the Olist layout.
    pub olist_state: &'static str,
    pub olist_city: &'static str,
    pub share: f64,
}

impl Parameters {
    /// Parameters of a spec; `alpha_days` is calibrated later.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        let mut parameters = Self {
            r: 0.65,
            alpha_days: 40.0,
            a: 0.75,
            b: 3.6,
            p: 6.0,
            q: 3.8,
            v: 24.0,
            acquisition_growth: 1.45,
            cancelled: 0.025,
            channels: channels(),
            categories: categories(),
            countries: countries(),
        };
        if spec.plain {
            parameters.make_plain();
        }
        if spec.plain || spec.layout == Layout::Cdnow {
            // The CDNOW layout has no status: every line it holds was kept.
            parameters.cancelled = 0.0;
            for category in &mut parameters.categories {
                category.returned = 0.0;
            }
        }
        parameters
    }

    fn make_plain(&mut self) {
        self.acquisition_growth = 1.0;
        for channel in &mut self.channels {
            channel.tempo = 1.0;
            channel.loyalty = 1.0;
            channel.one_time = 0.0;
        }
    }
}

fn channels() -> Vec<Channel> {
    [
        ("Organic search", 0.28, 1.0, 1.0, 0.0),
        ("Paid search", 0.18, 0.9, 0.85, 0.12),
        ("Social ads", 0.20, 0.8, 0.6, 0.35),
        ("Marketplace", 0.12, 0.7, 0.7, 0.60),
        ("Newsletter", 0.12, 1.3, 1.7, 0.0),
        ("Referral", 0.10, 1.2, 2.2, 0.0),
    ]
    .map(|(name, share, tempo, loyalty, one_time)| Channel {
        name,
        share,
        tempo,
        loyalty,
        one_time,
    })
    .to_vec()
}

fn categories() -> Vec<Category> {
    [
        ("Kitchen", "utilidades_domesticas", 0.21, 1.0, 0.03),
        ("Home decor", "moveis_decoracao", 0.18, 1.3, 0.06),
        ("Fashion", "fashion_bolsas_e_acessorios", 0.17, 1.6, 0.19),
        ("Beauty", "beleza_saude", 0.13, 0.8, 0.02),
        ("Toys", "brinquedos", 0.10, 0.9, 0.04),
        ("Sports", "esporte_lazer", 0.09, 1.7, 0.08),
        ("Garden", "ferramentas_jardim", 0.07, 1.2, 0.05),
        ("Stationery", "papelaria", 0.05, 0.4, 0.01),
    ]
    .map(|(name, olist_name, share, price, returned)| Category {
        name,
        olist_name,
        share,
        price,
        returned,
    })
    .to_vec()
}

fn countries() -> Vec<Country> {
    [
        ("Germany", "SP", "sao paulo", 0.34),
        ("France", "RJ", "rio de janeiro", 0.18),
        ("Netherlands", "MG", "belo horizonte", 0.13),
        ("Austria", "RS", "porto alegre", 0.10),
        ("Italy", "PR", "curitiba", 0.09),
        ("Spain", "SC", "florianopolis", 0.07),
        ("Belgium", "BA", "salvador", 0.05),
        ("Poland", "DF", "brasilia", 0.04),
    ]
    .map(|(name, olist_state, olist_city, share)| Country {
        name,
        olist_state,
        olist_city,
        share,
    })
    .to_vec()
}
