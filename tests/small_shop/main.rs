//! Every analysis on a shop of six people, against numbers worked out by hand (see the table in
//! `common/small_shop.rs`).

// A shop checked number by number reads best from top to bottom.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::too_many_lines)]
#![allow(clippy::new_without_default)]

mod cohorts;
mod lists;
#[path = "../common/small_shop.rs"]
mod small_shop;
mod tables;

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::{CohortSpec, CohortTable, RowsBy},
        conditions::RuleInputs,
        customers::{Customers, customers_as_of},
        rfm::{Scores, TieRule, score},
        rules::default_rules,
        segmenting::segment,
        segments::Segmentation,
        selection::{Part, select, tables::Tables},
    },
    data::day::Period,
    data::orders::Orders,
};
use small_shop::{as_of, shop};

pub struct Tested {
    pub orders: Orders,
    pub customers: Customers,
    pub scores: Scores,
    pub segments: Segmentation,
    pub cohorts: CohortTable,
}

impl Tested {
    pub fn new() -> Self {
        let orders = shop();
        let customers = customers_as_of(&orders, as_of());
        let scores = score(&customers, TieRule::Share);
        let segments = segment(
            RuleInputs::without_attributes(&customers, &scores),
            &default_rules(),
        );
        let cohorts = cohorts(&orders, as_of(), &CohortSpec::default());
        Self {
            orders,
            customers,
            scores,
            segments,
            cohorts,
        }
    }

    pub fn tables(&self) -> Tables<'_> {
        Tables {
            orders: &self.orders,
            customers: &self.customers,
            scores: &self.scores,
            segments: &self.segments,
            cohorts: &self.cohorts,
            extras: keepers::analysis::selection::tables::Extras::default(),
        }
    }

    pub fn select(&self, parts: Vec<Part>) -> (Vec<u32>, u64, f64) {
        let selected = select(self.tables(), &parts.into());
        (selected.customers, selected.orders, selected.revenue)
    }
}

pub fn by_country() -> CohortSpec {
    CohortSpec {
        period: Period::Month,
        rows: RowsBy::Attribute("Country".to_owned()),
    }
}
