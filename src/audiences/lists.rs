//! The ready lists: who belongs, the rule in words, size and value, and how the lists overlap.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    forecast::Forecast,
    ranks::{bottom_cut, top_cut},
};
use analysis::{customers::Customers, numeric::settle, rfm::Scores, segments::Segmentation};

/// The ready lists, in the order they are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListKind {
    VipToProtect,
    HighValue,
    ChurnRisk,
    MissedOpportunity,
    SecondOrder,
    WinBack,
}

/// Number of ready lists.
pub const LISTS: usize = 6;

impl ListKind {
    pub const ALL: [Self; LISTS] = [
        Self::VipToProtect,
        Self::HighValue,
        Self::ChurnRisk,
        Self::MissedOpportunity,
        Self::SecondOrder,
        Self::WinBack,
    ];

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::VipToProtect => "VIPs to protect",
            Self::HighValue => "High-value customers",
            Self::ChurnRisk => "Churn risks",
            Self::MissedOpportunity => "Missed opportunities",
            Self::SecondOrder => "Second-order nudge",
            Self::WinBack => "Win-back",
        }
    }

    /// Name on the command line and in JSON, equal to the serialised form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::VipToProtect => "vip_to_protect",
            Self::HighValue => "high_value",
            Self::ChurnRisk => "churn_risk",
            Self::MissedOpportunity => "missed_opportunity",
            Self::SecondOrder => "second_order",
            Self::WinBack => "win_back",
        }
    }

    /// What the list is for, in one sentence.
    #[must_use]
    pub fn purpose(self) -> &'static str {
        match self {
            Self::VipToProtect => "Your best, beginning to slip: a personal word now.",
            Self::HighValue => "Who will bring the most: offer more, not cheaper.",
            Self::ChurnRisk => "Probably leaving: find out why, give a reason to stay.",
            Self::MissedOpportunity => {
                "Overdue by their own rhythm, yet still worth a lot: remind them."
            }
            Self::SecondOrder => "One order, still fresh: the second order makes a customer.",
            Self::WinBack => "Silent now, worth a lot before: make a real offer.",
        }
    }

    /// Whether the list can be drawn up without a forecast.
    #[must_use]
    pub fn needs_forecast(self) -> bool {
        !matches!(self, Self::SecondOrder | Self::WinBack)
    }

    /// The rule with its thresholds, in words.
    #[must_use]
    pub fn rule(self, settings: &ListSettings, horizon_days: u32) -> String {
        let s = settings;
        // Without a forecast there is no horizon either.
        let predicted = match horizon_days {
            0 => "predicted value".to_owned(),
            days => format!("predicted value over the next {days} days"),
        };
        match self {
            Self::VipToProtect => format!(
                "In the segment {}, and either silent for more than {} times the own usual gap or \
                 less than {} likely to still be a customer.",
                s.vip_segment,
                plain(s.vip_gaps),
                share(s.vip_alive_below)
            ),
            Self::HighValue => {
                let top = format!(
                    "Among the {} with the highest {predicted}",
                    share(s.high_value_top)
                );
                if s.high_value_chance <= 1.0 {
                    format!(
                        "{top}, or at least {} likely to order within that time.",
                        share(s.high_value_chance)
                    )
                } else {
                    format!("{top}.")
                }
            }
            Self::ChurnRisk => format!(
                "At least {} orders or among the {} with the highest revenue, and either among the {} \
                 with the lowest {predicted} or less than {} likely to still be a customer.",
                s.churn_orders,
                share(s.churn_spend_top),
                share(s.churn_predicted_bottom),
                share(s.churn_alive_below)
            ),
            Self::MissedOpportunity => format!(
                "No order for longer than {} the own usual gap, yet among the {} with the highest \
                 {predicted}.",
                if s.missed_gaps == 1.0 {
                    String::new()
                } else {
                    format!("{} times", plain(s.missed_gaps))
                },
                share(s.missed_predicted_top)
            )
            .replace("than  the", "than the"),
            Self::SecondOrder => format!(
                "Exactly one order, {} to {} days old.",
                s.nudge_from_days, s.nudge_to_days
            ),
            Self::WinBack => format!(
                "In the segment {} and among the {} with the highest revenue so far.",
                s.win_back_segment,
                share(s.win_back_spend_top)
            ),
        }
    }
}

/// `10 %`, with a decimal only where it has one.
fn share(value: f64) -> String {
    format!("{} %", plain((value * 1000.0).round() / 10.0))
}

fn plain(value: f64) -> String {
    format!("{value}")
}

/// What lists are drawn up from; all columns dense by customer.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    pub customers: &'a Customers,
    pub scores: &'a Scores,
    pub segments: &'a Segmentation,
    /// Usual gap in days, NaN without one; from [`super::forecast::usual_gaps`].
    pub gaps: &'a [f32],
    /// `None` where nothing could be predicted.
    pub forecast: Option<&'a Forecast>,
}

impl Base<'_> {
    /// Customers with an order before S, ascending.
    #[must_use]
    pub fn active(&self) -> Vec<u32> {
        let exists = |row: &u32| self.customers.exists(*row as usize);
        (0..self.customers.len() as u32).filter(exists).collect()
    }

    /// Number of the segment with this name.
    #[must_use]
    pub fn segment_named(&self, name: &str) -> Option<u8> {
        let mut stats = self.segments.stats.iter();
        let place = stats.position(|stats| stats.name == name)?;
        u8::try_from(place).ok()
    }

    /// Days since the last order in units of the customer's usual gap; NaN without one.
    #[must_use]
    pub fn gaps_silent(&self, row: usize) -> f64 {
        f64::from(self.customers.recency_days(row)) / f64::from(self.gaps[row])
    }
}

/// One list.
#[derive(Clone, Debug, PartialEq)]
pub struct AudienceList {
    pub kind: ListKind,
    /// The rule with its thresholds, in words.
    pub rule: String,
    /// Customers, best first: by predicted value, without one and to win back by net revenue; equal ones
    /// by number.
    pub customers: Vec<u32>,
    /// Their net revenue before S.
    pub past_value: f64,
    /// Their predicted value; `None` without a forecast.
    pub predicted_value: Option<f64>,
    /// Why the list cannot be drawn up, in a full sentence.
    pub unavailable: Option<String>,
}

/// All lists of a shop.
#[derive(Clone, Debug, PartialEq)]
pub struct Lists {
    pub lists: Vec<AudienceList>,
    /// Per customer one bit for each list, in the order of [`ListKind::ALL`].
    pub member: Vec<u8>,
    /// Customers in both lists; on the diagonal the size of the list.
    pub overlap: [[u64; LISTS]; LISTS],
    /// Customers in no list, and customers in all.
    pub in_none: u64,
    pub customers: u64,
}

/// Cut values that follow from the shares.
struct Cuts {
    high_value: f64,
    churn_spend: f64,
    churn_predicted: f64,
    missed: f64,
    win_back: f64,
}

impl Cuts {
    fn new(base: &Base<'_>, active: &[u32], settings: &ListSettings) -> Self {
        let pick = |values: &[f64]| -> Vec<f64> {
            active.iter().map(|&row| values[row as usize]).collect()
        };
        let predicted = base.forecast.map_or_else(Vec::new, |f| pick(&f.value));
        let spend = pick(&base.customers.monetary);
        Self {
            high_value: top_cut(&predicted, settings.high_value_top),
            churn_spend: top_cut(&spend, settings.churn_spend_top),
            churn_predicted: bottom_cut(&predicted, settings.churn_predicted_bottom),
            missed: top_cut(&predicted, settings.missed_predicted_top),
            win_back: top_cut(&spend, settings.win_back_spend_top),
        }
    }
}

impl Lists {
    /// Draws up all lists.
    #[must_use]
    pub fn new(base: &Base<'_>, settings: &ListSettings) -> Self {
        let active = base.active();
        let cuts = Cuts::new(base, &active, settings);
        let vip = base.segment_named(&settings.vip_segment);
        let win_back = base.segment_named(&settings.win_back_segment);
        let mut member = vec![0_u8; base.customers.len()];
        member.par_iter_mut().enumerate().for_each(|(row, bits)| {
            if base.customers.exists(row) {
                *bits = bits_of(base, settings, &cuts, (vip, win_back), row);
            }
        });
        let mut by_mask = [0_u64; 1 << LISTS];
        for &row in &active {
            by_mask[usize::from(member[row as usize])] += 1;
        }
        let lists = ListKind::ALL
            .into_iter()
            .enumerate()
            .map(|(place, kind)| list(base, settings, (place, kind), &active, &member))
            .collect();
        Self {
            lists,
            overlap: overlap(&by_mask),
            in_none: by_mask[0],
            customers: active.len() as u64,
            member,
        }
    }

    /// The list of this kind.
    #[must_use]
    pub fn get(&self, kind: ListKind) -> Option<&AudienceList> {
        self.lists.iter().find(|list| list.kind == kind)
    }
}

fn overlap(by_mask: &[u64; 1 << LISTS]) -> [[u64; LISTS]; LISTS] {
    let mut overlap = [[0; LISTS]; LISTS];
    for (mask, &count) in by_mask.iter().enumerate() {
        for (one, row) in overlap.iter_mut().enumerate() {
            for (other, cell) in row.iter_mut().enumerate() {
                if mask >> one & 1 == 1 && mask >> other & 1 == 1 {
                    *cell += count;
                }
            }
        }
    }
    overlap
}

/// Whether one customer belongs to each list, as bits. A customer without a usual gap (one purchase
/// day) is never overdue: NaN compares as false.
fn bits_of(
    base: &Base<'_>,
    s: &ListSettings,
    cuts: &Cuts,
    (vip, win_back): (Option<u8>, Option<u8>),
    row: usize,
) -> u8 {
    let customers = base.customers;
    let (orders, recency) = (customers.frequency[row], customers.recency_days(row));
    let age = i64::from(recency);
    let nudge =
        orders == 1 && age >= i64::from(s.nudge_from_days) && age <= i64::from(s.nudge_to_days);
    let segment = Some(base.segments.segment[row]);
    let spent = customers.monetary[row];
    let back = win_back == segment && spent > 0.0 && spent >= cuts.win_back;
    let without_forecast = u8::from(nudge) << 4 | u8::from(back) << 5;
    let Some(forecast) = base.forecast else {
        return without_forecast;
    };
    let (value, alive) = (forecast.value[row], forecast.alive[row]);
    let silent = base.gaps_silent(row);
    // Nobody who is expected to bring nothing is "among the best", however many tie there.
    let top = |cut: f64| value > 0.0 && value >= cut;
    let protect = vip == segment && (silent > s.vip_gaps || alive < s.vip_alive_below);
    let high = top(cuts.high_value) || forecast.chance[row] >= s.high_value_chance;
    let known = orders >= s.churn_orders || spent >= cuts.churn_spend;
    let churn = known && (value <= cuts.churn_predicted || alive < s.churn_alive_below);
    let missed = silent > s.missed_gaps && top(cuts.missed);
    u8::from(protect)
        | u8::from(high) << 1
        | u8::from(churn) << 2
        | u8::from(missed) << 3
        | without_forecast
}

fn list(
    base: &Base<'_>,
    settings: &ListSettings,
    (place, kind): (usize, ListKind),
    active: &[u32],
    member: &[u8],
) -> AudienceList {
    let mut customers: Vec<u32> = active
        .iter()
        .copied()
        .filter(|&row| member[row as usize] >> place & 1 == 1)
        .collect();
    let monetary = &base.customers.monetary;
    let key = match base.forecast {
        Some(forecast) if kind != ListKind::WinBack => &forecast.value,
        _ => monetary,
    };
    let sum = |values: &[f64]| settle(customers.iter().map(|&row| values[row as usize]).sum());
    let past_value = sum(monetary);
    let predicted_value = base.forecast.map(|forecast| sum(&forecast.value));
    customers
        .par_sort_unstable_by(|&a, &b| key[b as usize].total_cmp(&key[a as usize]).then(a.cmp(&b)));
    AudienceList {
        kind,
        rule: kind.rule(settings, base.forecast.map_or(0, |f| f.horizon_days)),
        customers,
        past_value,
        predicted_value,
        unavailable: unavailable(base, settings, kind),
    }
}

fn unavailable(base: &Base<'_>, settings: &ListSettings, kind: ListKind) -> Option<String> {
    let segment = match kind {
        ListKind::VipToProtect => &settings.vip_segment,
        ListKind::WinBack => &settings.win_back_segment,
        _ => return needs_forecast(base, kind),
    };
    if base.segment_named(segment).is_none() {
        return Some(format!(
            "No segment is called {segment}. Choose one of this shop's segments."
        ));
    }
    needs_forecast(base, kind)
}

fn needs_forecast(base: &Base<'_>, kind: ListKind) -> Option<String> {
    (kind.needs_forecast() && base.forecast.is_none())
        .then(|| "This list needs a forecast, and this shop has none.".to_owned())
}

#[cfg(test)]
mod tests;

/// Thresholds of the ready lists. Shares are 0…1 of the customers with an order before S.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ListSettings {
    /// High-value: this share with the highest predicted value…
    pub high_value_top: f64,
    /// …or at least this chance of an order within the horizon; above 1 switches it off.
    pub high_value_chance: f64,
    /// Churn risk: at least so many orders…
    pub churn_orders: u32,
    /// …or in this share with the highest net revenue…
    pub churn_spend_top: f64,
    /// …and in this share with the lowest predicted value…
    pub churn_predicted_bottom: f64,
    /// …or less likely than this to be still there.
    pub churn_alive_below: f64,
    /// Missed opportunity: silent for more than so many of the customer's own usual gaps…
    pub missed_gaps: f64,
    /// …and in this share with the highest predicted value.
    pub missed_predicted_top: f64,
    /// Second-order nudge: exactly one order, so many days old.
    pub nudge_from_days: u32,
    pub nudge_to_days: u32,
    /// Win-back: in this segment…
    pub win_back_segment: String,
    /// …and in this share with the highest net revenue; projects from before 2026-12 call it otherwise.
    #[serde(alias = "win_back_predicted_top")]
    pub win_back_spend_top: f64,
    /// VIP to protect: in this segment…
    pub vip_segment: String,
    /// …and silent for more than so many usual gaps…
    pub vip_gaps: f64,
    /// …or less likely than this to be still there.
    pub vip_alive_below: f64,
}

impl Default for ListSettings {
    fn default() -> Self {
        Self {
            high_value_top: 0.10,
            high_value_chance: 1.01,
            churn_orders: 2,
            churn_spend_top: 0.5,
            churn_predicted_bottom: 0.3,
            churn_alive_below: 0.5,
            missed_gaps: 1.0,
            missed_predicted_top: 0.3,
            nudge_from_days: 30,
            nudge_to_days: 60,
            win_back_segment: "At Risk".to_owned(),
            win_back_spend_top: 0.4,
            vip_segment: "VIP".to_owned(),
            vip_gaps: 1.5,
            vip_alive_below: 0.8,
        }
    }
}
