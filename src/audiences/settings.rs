//! Every threshold, price and text of the audiences that a person may change; part of the project.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use analysis::payback::HORIZONS;

use super::{
    acquisition::{CostError, CostRow, read_costs},
    lists::{ListKind, ListSettings},
    progress::Steps,
};

/// Inputs of everything in [`crate`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AudienceSettings {
    /// Days ahead that are predicted.
    pub horizon_days: u32,
    pub lists: ListSettings,
    pub bands: Bands,
    pub campaign: CampaignSettings,
    /// What counts as moving up in the KPI sheet; empty = by name, else by the order of the rules.
    pub steps: Steps,
    /// Texts that replace the default actions, by segment ("VIP") or cell ("VIP · High").
    pub actions: BTreeMap<String, String>,
    /// What winning customers has cost.
    pub costs: Vec<CostRow>,
    /// Months within which a new customer is to have paid back what winning them cost.
    pub payback_months: u32,
    /// Notes on customers, by id.
    pub notes: BTreeMap<String, String>,
    /// Seed of every draw: bootstrap, control group, simulated futures.
    pub seed: u64,
}

impl Default for AudienceSettings {
    fn default() -> Self {
        Self {
            horizon_days: 90,
            lists: ListSettings::default(),
            bands: Bands::default(),
            campaign: CampaignSettings::default(),
            steps: Steps::default(),
            actions: BTreeMap::new(),
            costs: Vec::new(),
            payback_months: 12,
            notes: BTreeMap::new(),
            seed: 1,
        }
    }
}

/// Bands of predicted value: *High* is this share of customers from the top, *Middle* the next one,
/// *Low* the rest.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bands {
    pub high_top: f64,
    pub middle_next: f64,
}

impl Default for Bands {
    fn default() -> Self {
        Self {
            high_top: 0.2,
            middle_next: 0.3,
        }
    }
}

/// A campaign: who is contacted, what a contact costs, and what it changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CampaignSettings {
    /// Only customers of this list; `None` = everyone with an order before S.
    pub audience: Option<ListKind>,
    /// Share of the audience that is contacted, best first.
    pub depth: f64,
    /// Per customer contacted, in the shop's currency.
    pub cost_per_contact: f64,
    /// Share of revenue that is left after the goods are paid.
    pub margin: f64,
    /// Share by which a contact raises what a customer spends within the horizon.
    pub uplift: f64,
    /// How unsure that is: 95 % of what it may be lies within uplift ± this.
    pub uplift_error: f64,
    /// Share of a saved list that is not contacted, to measure what the contact changed.
    pub control_share: f64,
}

impl Default for CampaignSettings {
    fn default() -> Self {
        Self {
            audience: None,
            depth: 0.2,
            cost_per_contact: 1.0,
            margin: 0.4,
            uplift: 0.1,
            uplift_error: 0.05,
            control_share: 0.1,
        }
    }
}

impl AudienceSettings {
    /// Takes over a cost table given as CSV.
    ///
    /// # Errors
    /// The first cell that cannot be read; the costs then stay as they were.
    pub fn take_costs(&mut self, text: &str) -> Result<(), CostError> {
        self.costs = read_costs(text)?;
        Ok(())
    }

    /// The first value that cannot be used, in words.
    #[must_use]
    pub fn problem(&self) -> Option<&'static str> {
        let share = |value: f64| (0.0..=1.0).contains(&value);
        // Beyond this no price lies, and charts would have no round numbers to write.
        let amount = |value: f64| (0.0..=1e12).contains(&value);
        let (lists, campaign, bands) = (&self.lists, &self.campaign, self.bands);
        let shares = [
            lists.high_value_top,
            lists.churn_spend_top,
            lists.churn_predicted_bottom,
            lists.churn_alive_below,
            lists.missed_predicted_top,
            lists.win_back_spend_top,
            lists.vip_alive_below,
            bands.high_top,
            bands.middle_next,
            campaign.depth,
            campaign.margin,
            campaign.control_share,
        ];
        let amounts = [
            lists.high_value_chance,
            lists.missed_gaps,
            lists.vip_gaps,
            campaign.cost_per_contact,
            campaign.uplift,
            campaign.uplift_error,
        ];
        if !(1..=3650).contains(&self.horizon_days) {
            Some("The days ahead of the audiences lie outside 1 to 3,650")
        } else if !shares.into_iter().all(share) {
            Some("A share of the audiences lies outside 0 to 1")
        } else if !amounts.into_iter().all(amount) {
            Some("An amount of the audiences is negative, beyond 10^12 or not a number")
        } else if !HORIZONS.contains(&self.payback_months) {
            Some("The months to pay back of the audiences are none of 3, 6, 12 and 24")
        } else if self.costs.iter().any(|row| !amount(row.cost)) {
            Some("A cost of the cost table is negative, beyond 10^12 or not a number")
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_usable_and_nonsense_is_named() {
        let mut settings = AudienceSettings::default();
        assert_eq!(settings.problem(), None);
        settings.lists.churn_alive_below = 1.5;
        assert!(
            settings
                .problem()
                .is_some_and(|text| text.contains("share"))
        );
        settings = AudienceSettings::default();
        settings.campaign.uplift = f64::NAN;
        assert!(
            settings
                .problem()
                .is_some_and(|text| text.contains("amount"))
        );
        settings = AudienceSettings::default();
        settings.horizon_days = 0;
        assert!(settings.problem().is_some_and(|text| text.contains("days")));
    }
}
