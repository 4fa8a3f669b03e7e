//! Profit of a campaign: whom to contact, how many, and what it would bring.
//!
//! Profit at depth d = Σ over contacted (expected value × margin × uplift) − contacts × cost. The
//! expected value of a customer is the predicted one times what came of such predictions one horizon
//! earlier ([`super::held_out`]); a list ranked by past spend is valued by what *that* ranking held
//! then, so that the model is no judge in its own cause. A random list holds its share of everything.
//!
//! The interval of the value carries how far quarters as a whole were off, how much single customers
//! vary, and that the ratios themselves are estimated; the interval of the profit carries how unsure
//! the stated uplift is as well.

use super::{
    held_out::{Group, HeldOut, NORMAL, places},
    ranks::best_first,
    settings::CampaignSettings,
};
use base::monitor::{Cancelled, Monitor};

/// Steps of the depth axis: whole percents.
pub const STEPS: usize = 100;

/// How the contacted are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ranking {
    Predicted,
    PastSpend,
    Random,
}

impl Ranking {
    pub const ALL: [Self; 3] = [Self::Predicted, Self::PastSpend, Self::Random];

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Predicted => "By predicted value",
            Self::PastSpend => "By past spend",
            Self::Random => "At random",
        }
    }
}

/// Expected value reached at every depth, whatever margin, uplift and cost are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The audience, best predicted value first.
    pub order: Vec<u32>,
    /// Entry *k*: expected value of the best *k* by prediction.
    predicted: Vec<f64>,
    /// Entry *k*: expected value of the first *k* by past spend.
    past_spend: Vec<f64>,
    /// Standard deviation of what the best *d* % by prediction really bring, from customer to
    /// customer.
    noise: Vec<f64>,
    /// Half of the 95 % interval of the level, as a share; `None` when never checked.
    level_error: Option<f64>,
}

/// Who is ranked, and by what; columns dense by customer.
#[derive(Clone, Copy, Debug)]
pub struct Ranked<'a> {
    /// The audience.
    pub customers: &'a [u32],
    /// Everybody with an order before S: places in the ranking are among them.
    pub everyone: &'a [u32],
    /// Predicted value.
    pub value: &'a [f64],
    /// Revenue so far.
    pub spend: &'a [f64],
}

/// A range of money.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize)]
pub struct Range {
    pub low: f64,
    pub high: f64,
}

/// What a campaign of some depth would bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Outcome {
    pub contacts: u64,
    /// Expected value of the contacted.
    pub value: f64,
    pub profit: f64,
}

impl Curves {
    /// Ranks the audience and values it by what earlier forecasts held; as predicted where none was
    /// checked.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn new(
        ranked: Ranked<'_>,
        held_out: Option<&HeldOut>,
        monitor: &Monitor,
    ) -> Result<Self, Cancelled> {
        let Ranked {
            customers,
            value,
            spend,
            ..
        } = ranked;
        let by = |column: &[f64]| -> Vec<u32> {
            let values: Vec<f64> = customers.iter().map(|&row| column[row as usize]).collect();
            let order = best_first(&values);
            order
                .iter()
                .map(|&place| customers[place as usize])
                .collect()
        };
        let order = by(value);
        monitor.check()?;
        let Some(held_out) = held_out else {
            let sums = |order: &[u32]| running(order.iter().map(|&row| value[row as usize]));
            return Ok(Self {
                predicted: sums(&order),
                past_spend: sums(&by(spend)),
                order,
                noise: Vec::new(),
                level_error: None,
            });
        };
        let worth = Worth::new(ranked, value, (held_out, &held_out.by_predicted));
        let mut values: Vec<f64> = order.iter().map(|&row| worth.of(row, value)).collect();
        let noise = worth.noise(&order);
        falling(&mut values);
        let predicted = running(values.into_iter());
        monitor.check()?;
        let worth = Worth::new(ranked, spend, (held_out, &held_out.by_past_spend));
        let by_spend = by(spend);
        let mut past_spend = running(by_spend.iter().map(|&row| worth.of(row, value)));
        // All of the audience is worth the same in whatever order.
        let all = |sums: &[f64]| sums.last().copied().unwrap_or(0.0);
        let scale = all(&predicted) / all(&past_spend);
        if scale.is_finite() {
            for sum in &mut past_spend {
                *sum *= scale;
            }
        }
        Ok(Self {
            order,
            predicted,
            past_spend,
            noise,
            level_error: Some(held_out.level_error()),
        })
    }

    /// Customers of the audience.
    #[must_use]
    pub fn customers(&self) -> u64 {
        self.order.len() as u64
    }

    /// Contacts at this depth (0…1 of the audience).
    #[must_use]
    pub fn contacts(&self, depth: f64) -> u64 {
        (depth.clamp(0.0, 1.0) * self.order.len() as f64).round() as u64
    }

    /// Contacts that a budget pays for.
    #[must_use]
    pub fn contacts_for(&self, budget: f64, cost_per_contact: f64) -> u64 {
        if cost_per_contact <= 0.0 {
            return self.customers();
        }
        let paid = (budget.max(0.0) / cost_per_contact + 1e-9).floor();
        (paid as u64).min(self.customers())
    }

    /// Expected value of the first so many contacts.
    #[must_use]
    pub fn value(&self, ranking: Ranking, contacts: u64) -> f64 {
        let place = contacts.min(self.customers()) as usize;
        let at = |sums: &[f64]| sums.get(place).copied().unwrap_or(0.0);
        match ranking {
            Ranking::Predicted => at(&self.predicted),
            Ranking::PastSpend => at(&self.past_spend),
            Ranking::Random if self.order.is_empty() => 0.0,
            Ranking::Random => {
                self.predicted.last().copied().unwrap_or(0.0) * place as f64
                    / self.order.len() as f64
            }
        }
    }

    /// Value and profit of contacting so many.
    #[must_use]
    pub fn outcome(&self, ranking: Ranking, contacts: u64, terms: &CampaignSettings) -> Outcome {
        let contacts = contacts.min(self.customers());
        let value = self.value(ranking, contacts);
        Outcome {
            contacts,
            value,
            profit: profit(value, contacts as f64, terms),
        }
    }

    /// Half of the 95 % interval of the value when so many are contacted by predicted value: customers
    /// vary and quarters do, independently. `None` when no earlier forecast was checked.
    fn value_error(&self, contacts: u64) -> Option<f64> {
        let place = contacts as f64 / self.order.len().max(1) as f64 * STEPS as f64;
        let low = (place.floor() as usize).min(STEPS);
        let at = |step: usize| self.noise.get(step.min(STEPS)).copied().unwrap_or(0.0);
        let noise = at(low) + (at(low + 1) - at(low)) * (place - low as f64).clamp(0.0, 1.0);
        let level = self.level_error? * self.value(Ranking::Predicted, contacts);
        Some((NORMAL * noise).hypot(level))
    }

    /// 95 % interval of the profit if the uplift is as stated: what the value may be.
    #[must_use]
    pub fn interval_at_uplift(&self, contacts: u64, terms: &CampaignSettings) -> Option<Range> {
        let certain = CampaignSettings {
            uplift_error: 0.0,
            ..terms.clone()
        };
        self.interval(contacts, &certain)
    }

    /// 95 % interval of the profit when so many are contacted by predicted value: what the value may
    /// be, and the uplift. With independent errors e of value V and f of uplift u, half of the interval
    /// of V · u is √(V²f² + u²e² + e²f²/z²), z = 1.96.
    #[must_use]
    pub fn interval(&self, contacts: u64, terms: &CampaignSettings) -> Option<Range> {
        let contacts = contacts.min(self.customers());
        let value = self.value(Ranking::Predicted, contacts);
        let (error, unsure) = (self.value_error(contacts)?, terms.uplift_error);
        let half = (value * unsure)
            .hypot(terms.uplift * error)
            .hypot(error * unsure / NORMAL);
        let costs = contacts as f64 * terms.cost_per_contact;
        let middle = value * terms.uplift;
        Some(Range {
            // Nobody spends less than nothing.
            low: (middle - half).max(0.0) * terms.margin - costs,
            high: (middle + half) * terms.margin - costs,
        })
    }

    /// The number of contacts by predicted value with the highest profit; the smallest of equal ones.
    #[must_use]
    pub fn best(&self, terms: &CampaignSettings) -> u64 {
        // Values fall from contact to contact, so profit rises as long as one pays for itself.
        let pays = |place: usize| {
            let value = self.predicted[place + 1] - self.predicted[place];
            value * terms.margin * terms.uplift > terms.cost_per_contact
        };
        let (mut low, mut high) = (0, self.order.len());
        while low < high {
            let middle = usize::midpoint(low, high);
            if pays(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low as u64
    }

    /// The largest number of contacts by predicted value that does not lose money; `None` when even
    /// the first contact costs more than it brings.
    #[must_use]
    pub fn break_even(&self, terms: &CampaignSettings) -> Option<u64> {
        let gains = |contacts| self.outcome(Ranking::Predicted, contacts, terms).profit >= 0.0;
        // Profit rises up to the best depth and falls beyond it.
        let (mut low, mut high) = (self.best(terms), self.customers());
        while low < high {
            let middle = (low + high).div_ceil(2);
            if gains(middle) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        (low > 0).then_some(low)
    }
}

fn profit(value: f64, contacts: f64, terms: &CampaignSettings) -> f64 {
    value * terms.margin * terms.uplift - contacts * terms.cost_per_contact
}

/// 0 and all partial sums.
fn running(values: impl ExactSizeIterator<Item = f64>) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    let mut sum = 0.0;
    sums.push(sum);
    for value in values {
        sum += value;
        sums.push(sum);
    }
    sums
}

/// What predictions are worth at each place of a ranking of everybody.
struct Worth<'a> {
    /// By customer.
    group: Vec<u8>,
    ratios: Vec<f64>,
    /// Variance of one customer's value by group, at today's size of values.
    variances: Vec<f64>,
    groups: &'a [Group],
}

impl<'a> Worth<'a> {
    fn new(
        ranked: Ranked<'_>,
        ranking: &[f64],
        (held_out, groups): (&HeldOut, &'a [Group]),
    ) -> Self {
        let values: Vec<f64> = (ranked.everyone.iter())
            .map(|&row| ranking[row as usize])
            .collect();
        let order = best_first(&values);
        let mut group = vec![0; ranked.value.len()];
        let mut sums = vec![[0.0; 2]; groups.len()];
        for (&at, place) in order.iter().zip(places(order.len())) {
            let row = ranked.everyone[at as usize] as usize;
            group[row] = place as u8;
            sums[place][0] += ranked.value[row];
            sums[place][1] += 1.0;
        }
        let ratios = held_out.ratios(groups);
        let variances = (groups.iter().zip(&ratios).zip(&sums))
            .map(|((group, ratio), [predicted, customers])| {
                let then = group.actual / group.customers.max(1.0);
                let now = ratio * predicted / f64::max(*customers, 1.0);
                let size = if then > 0.0 { now / then } else { 1.0 };
                group.variance() * size * size
            })
            .collect();
        Self {
            group,
            ratios,
            variances,
            groups,
        }
    }

    /// Expected value of a customer.
    fn of(&self, row: u32, value: &[f64]) -> f64 {
        let row = row as usize;
        value[row] * self.ratios[usize::from(self.group[row])]
    }

    /// Standard deviation of the sum of the first *d* % of this order: customers vary, and a group's
    /// ratio was learned from as many as it had.
    fn noise(&self, order: &[u32]) -> Vec<f64> {
        let mut counts = vec![0.0; self.groups.len()];
        let mut found = Vec::with_capacity(STEPS + 1);
        let mut taken = 0;
        for step in 0..=STEPS {
            let until = order.len() * step / STEPS;
            for &row in &order[taken..until] {
                counts[usize::from(self.group[row as usize])] += 1.0;
            }
            taken = until;
            let variance: f64 = (counts.iter().zip(&self.variances).zip(self.groups))
                .map(|((count, variance), group)| {
                    let learned = count * count / group.customers.max(1.0);
                    variance * (count + learned)
                })
                .sum();
            found.push(variance.sqrt());
        }
        found
    }
}

/// Replaces values that rise along the order by the mean of those they rise among (pool adjacent
/// violators): one more contact never brings more than the one before. Sums of pooled values stay.
fn falling(values: &mut [f64]) {
    let mut blocks: Vec<(f64, usize)> = Vec::new();
    for &value in values.iter() {
        let mut block = (value, 1);
        while let Some(&(sum, count)) = blocks.last()
            && sum / (count as f64) < block.0 / block.1 as f64
        {
            block = (block.0 + sum, block.1 + count);
            blocks.pop();
        }
        blocks.push(block);
    }
    let means = blocks
        .iter()
        .flat_map(|&(sum, count)| std::iter::repeat_n(sum / count as f64, count));
    for (value, mean) in values.iter_mut().zip(means) {
        *value = mean;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::held_out::{Check, Earlier};

    /// Values 100, 60, 30, 10 and 0; past spend ranks them 60, 100, 10, 30, 0.
    fn curves() -> Curves {
        let value = [10.0, 100.0, 0.0, 30.0, 60.0];
        let spend = [3.0, 4.0, 1.0, 2.0, 5.0];
        let ranked = Ranked {
            customers: &[0, 1, 2, 3, 4],
            everyone: &[0, 1, 2, 3, 4],
            value: &value,
            spend: &spend,
        };
        Curves::new(ranked, None, &Monitor::silent()).unwrap()
    }

    fn terms() -> CampaignSettings {
        CampaignSettings {
            margin: 0.5,
            uplift: 0.2,
            cost_per_contact: 2.0,
            ..CampaignSettings::default()
        }
    }

    /// By hand: a contact brings 10 % of its value and costs 2.
    ///
    /// | contacts | value | brings | costs | profit | by past spend | at random (200 ÷ 5 each) |
    /// | --- | --- | --- | --- | --- | --- | --- |
    /// | 1 | 100 | 10 | 2 | 8 | 6 − 2 = 4 | 4 − 2 = 2 |
    /// | 2 | 160 | 16 | 4 | 12 | 16 − 4 = 12 | 8 − 4 = 4 |
    /// | 3 | 190 | 19 | 6 | 13 | 17 − 6 = 11 | 12 − 6 = 6 |
    /// | 4 | 200 | 20 | 8 | 12 | 20 − 8 = 12 | 16 − 8 = 8 |
    /// | 5 | 200 | 20 | 10 | 10 | 10 | 20 − 10 = 10 |
    #[test]
    fn profit_equals_the_table_by_hand() {
        let (curves, terms) = (curves(), terms());
        assert_eq!(curves.order, [1, 4, 3, 0, 2]);
        let table = |ranking| {
            (0..=5)
                .map(|contacts| curves.outcome(ranking, contacts, &terms).profit)
                .collect::<Vec<f64>>()
        };
        let close = |found: Vec<f64>, expected: [f64; 6]| {
            let near = found
                .iter()
                .zip(expected)
                .all(|(a, b)| (a - b).abs() < 1e-9);
            assert!(near, "{found:?}, expected {expected:?}");
        };
        close(table(Ranking::Predicted), [0., 8., 12., 13., 12., 10.]);
        close(table(Ranking::PastSpend), [0., 4., 12., 11., 12., 10.]);
        close(table(Ranking::Random), [0., 2., 4., 6., 8., 10.]);
        assert_eq!(curves.best(&terms), 3);
        assert_eq!(curves.break_even(&terms), Some(5));
    }

    /// At a cost of 6: 4, 4, 1, −4, −10 after 1…5 contacts; the third still leaves a gain.
    #[test]
    fn break_even_is_the_last_depth_without_a_loss() {
        let curves = curves();
        let dear = CampaignSettings {
            cost_per_contact: 6.0,
            ..terms()
        };
        assert_eq!(curves.break_even(&dear), Some(3));
        assert_eq!(curves.best(&dear), 1);
        let dearer = CampaignSettings {
            cost_per_contact: 11.0,
            ..terms()
        };
        assert_eq!(curves.break_even(&dearer), None);
        assert_eq!(curves.best(&dearer), 0);
        let free = CampaignSettings {
            cost_per_contact: 0.0,
            ..terms()
        };
        assert_eq!(curves.break_even(&free), Some(5));
    }

    #[test]
    fn a_budget_buys_whole_contacts() {
        let curves = curves();
        assert_eq!(curves.contacts_for(7.9, 2.0), 3);
        assert_eq!(curves.contacts_for(0.6, 0.2), 3);
        assert_eq!(curves.contacts_for(1e9, 2.0), 5);
        assert_eq!(curves.contacts_for(0.0, 0.0), 5);
        assert_eq!((curves.contacts(0.5), curves.contacts(1.0)), (3, 5));
    }

    /// A shop of 400: what came one horizon earlier, told by `actual`, of predictions 100, 99.75, … 0.25,
    /// and of past spend in the opposite order.
    fn checked(actual: impl Fn(usize) -> f64, before: &[Check]) -> Curves {
        let predicted: Vec<f64> = (0..400_u32).map(|at| f64::from(400 - at) / 4.0).collect();
        let spend: Vec<f64> = (0..400_u32).map(f64::from).collect();
        let actual: Vec<f64> = (0..400).map(actual).collect();
        let latest = Earlier {
            made_at: 0,
            predicted: &predicted,
            past_spend: &spend,
            actual: &actual,
        };
        let held_out = HeldOut::new(latest, before).unwrap();
        let everyone: Vec<u32> = (0..400).collect();
        let ranked = Ranked {
            customers: &everyone,
            everyone: &everyone,
            value: &predicted,
            spend: &spend,
        };
        Curves::new(ranked, Some(&held_out), &Monitor::silent()).unwrap()
    }

    /// The same customers again bring what they brought: at the groups' borders the value reached is
    /// the held-out cumulative value, by either ranking.
    #[test]
    fn values_are_held_out_gains() {
        // The model praised the wrong half: those it put last brought twice the others' value.
        let actual = |at: usize| if at < 200 { 10.0 } else { 20.0 };
        let curves = checked(actual, &[]);
        let reached = |ranking, contacts| curves.value(ranking, contacts);
        assert!((reached(Ranking::PastSpend, 40) - 800.0).abs() < 1e-6);
        assert!((reached(Ranking::PastSpend, 200) - 4_000.0).abs() < 1e-6);
        assert!((reached(Ranking::Predicted, 400) - 6_000.0).abs() < 1e-6);
        assert!((reached(Ranking::PastSpend, 400) - 6_000.0).abs() < 1e-6);
        assert!(reached(Ranking::Predicted, 200) < reached(Ranking::PastSpend, 200));
        let right = checked(|at| if at < 200 { 20.0 } else { 10.0 }, &[]);
        // Pooling rising values moves a little over the borders.
        assert!((right.value(Ranking::Predicted, 40) - 800.0).abs() < 8.0);
        assert!((right.value(Ranking::Predicted, 200) - 4_000.0).abs() < 8.0);
    }

    /// By hand at 40 contacts, the first four groups: as predicted in all, exactly 10 or 30 each in
    /// turn, so the groups' values vary by 10 around 20; the ratios were learned from as many as are
    /// contacted: √(40 · 100 · 2). One check leaves the level unsure by 39.26 %.
    /// The last group's 80 customers are predicted 20, 19.75, … 0.25 and brought 20 on average, so its best are
    /// worth more than those before; pooled with them, everyone down to there is worth the same: the
    /// steepest line from the start to the curve of sums.
    #[test]
    fn the_interval_carries_customers_level_and_uplift() {
        let curves = checked(|at| if at.is_multiple_of(2) { 10.0 } else { 30.0 }, &[]);
        let value = curves.value(Ranking::Predicted, 40);
        let last = |count: u32| (0..count).map(|at| 20.0 * f64::from(80 - at) / 40.5);
        let slope = |count: u32| (6_400.0 + last(count).sum::<f64>()) / f64::from(320 + count);
        let steepest = (0..=80).map(slope).fold(0.0, f64::max);
        assert!((value - 40.0 * steepest).abs() < 1e-6, "{value}");
        let error = (1.959_964 * 8_000f64.sqrt()).hypot(0.392_65 * value);
        let terms = CampaignSettings {
            uplift_error: 0.1,
            ..terms()
        };
        let stated = curves.interval_at_uplift(40, &terms).unwrap();
        let half = (stated.high - stated.low) / 2.0;
        assert!((half / (0.5 * 0.2 * error) - 1.0).abs() < 0.01, "{half}");
        let whole = curves.interval(40, &terms).unwrap();
        let both = (value * 0.1)
            .hypot(0.2 * error)
            .hypot(error * 0.1 / 1.959_964)
            * 0.5;
        assert!(((whole.high - whole.low) / 2.0 / both - 1.0).abs() < 0.01);
        // Of the value, times 0.5 · 0.2, the contacts take 40 · 2.
        let profit = f64::midpoint(whole.high, whole.low);
        assert!((profit - (value * 0.1 - 80.0)).abs() < 1.0, "{profit}");
        assert_eq!(self::curves().interval(3, &terms), None, "never checked");
    }

    #[test]
    fn rising_values_are_pooled() {
        let mut values = [5.0, 1.0, 3.0, 2.0, 2.5, 0.0];
        falling(&mut values);
        assert_eq!(values, [5.0, 2.125, 2.125, 2.125, 2.125, 0.0]);
    }

    #[test]
    fn an_empty_audience_brings_nothing() {
        let nobody = Ranked {
            customers: &[],
            everyone: &[],
            value: &[],
            spend: &[],
        };
        let curves = Curves::new(nobody, None, &Monitor::silent()).unwrap();
        assert_eq!(
            curves.outcome(Ranking::Random, 5, &terms()),
            Outcome::default()
        );
        assert_eq!(curves.break_even(&terms()), None);
        assert_eq!(curves.interval(3, &terms()), None);
    }
}
