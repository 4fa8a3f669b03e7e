//! Profit of a campaign: whom to contact, how many, and what it would bring.
//!
//! Profit at depth d = Σ over contacted (predicted value × margin × uplift) − contacts × cost. The
//! same is told for a list ranked by past spend and for a random one. The interval is a bootstrap over
//! the customers of the audience; it says how much the sum depends on who happens to be a customer, not
//! whether margin and uplift are right. Predicted values are taken as they are: neither their error nor
//! the uncertainty of the model's parameters is in it.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::*;

use super::{ranks::best_first, settings::CampaignSettings};
use analysis::numeric::quantile;
use base::monitor::{Cancelled, Monitor};
use simulator::random::{Purpose, Rng};

/// Steps of the interval's depth axis: whole percents.
pub const STEPS: usize = 100;
/// Bootstrap replicates behind the interval.
const REPLICATES: u64 = 200;

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

/// Predicted value reached at every depth, whatever margin, uplift and cost are.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// The audience, best predicted value first.
    pub order: Vec<u32>,
    /// Entry *k*: predicted value of the best *k* by prediction.
    predicted: Vec<f64>,
    /// Entry *k*: predicted value of the first *k* by past spend.
    past_spend: Vec<f64>,
    /// 2.5th and 97.5th percentile of the predicted value reached at each whole percent.
    interval: Vec<(f64, f64)>,
}

/// What a campaign of some depth would bring.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize)]
pub struct Outcome {
    pub contacts: u64,
    /// Predicted value of the contacted.
    pub value: f64,
    pub profit: f64,
}

impl Curves {
    /// Ranks the audience and resamples it.
    ///
    /// `customers` are rows of the dense columns `value` (predicted) and `spend` (past).
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn new(
        customers: &[u32],
        value: &[f64],
        spend: &[f64],
        seed: u64,
        monitor: &Monitor,
    ) -> Result<Self, Cancelled> {
        let values: Vec<f64> = customers.iter().map(|&row| value[row as usize]).collect();
        let spends: Vec<f64> = customers.iter().map(|&row| spend[row as usize]).collect();
        let order = best_first(&values);
        let ranked: Vec<f64> = order.iter().map(|&place| values[place as usize]).collect();
        let by_spend = best_first(&spends);
        monitor.check()?;
        let interval = bootstrap(&ranked, seed, monitor)?;
        Ok(Self {
            order: order
                .iter()
                .map(|&place| customers[place as usize])
                .collect(),
            past_spend: running(by_spend.iter().map(|&place| values[place as usize])),
            predicted: running(ranked.into_iter()),
            interval,
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

    /// Predicted value of the first so many contacts.
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

    /// 95 % bootstrap interval of the profit when so many are contacted by predicted value.
    #[must_use]
    pub fn interval(&self, contacts: u64, terms: &CampaignSettings) -> (f64, f64) {
        if self.order.is_empty() {
            return (0.0, 0.0);
        }
        let place = contacts as f64 / self.order.len() as f64 * STEPS as f64;
        let low = (place.floor() as usize).min(STEPS);
        let high = (low + 1).min(STEPS);
        let mix = |pick: fn(&(f64, f64)) -> f64| {
            let at = |step: usize| self.interval.get(step).map_or(0.0, pick);
            at(low) + (at(high) - at(low)) * (place - low as f64).clamp(0.0, 1.0)
        };
        let of = |value: f64| profit(value, contacts as f64, terms);
        (of(mix(|pair| pair.0)), of(mix(|pair| pair.1)))
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

/// Poisson bootstrap: every customer of the ranked list comes 0, 1, 2… times, and the value of the
/// best d % of the customers drawn is brought back to the size of the list.
fn bootstrap(ranked: &[f64], seed: u64, monitor: &Monitor) -> Result<Vec<(f64, f64)>, Cancelled> {
    let done = AtomicU64::new(0);
    let replicates: Result<Vec<Vec<f64>>, Cancelled> = (0..REPLICATES)
        .into_par_iter()
        .map_init(Vec::new, |times, number| {
            monitor.check()?;
            let sums = replicate(ranked, times, (seed, number));
            let done = done.fetch_add(1, Ordering::Relaxed) + 1;
            monitor.progress("Planning the campaign", done, REPLICATES);
            Ok(sums)
        })
        .collect();
    let replicates = replicates?;
    let interval = |step: usize| {
        let mut values: Vec<f64> = replicates.iter().map(|sums| sums[step]).collect();
        values.sort_unstable_by(f64::total_cmp);
        let at = |share| quantile(&values, share).unwrap_or(0.0);
        (at(0.025), at(0.975))
    };
    Ok((0..=STEPS).map(interval).collect())
}

/// Value reached at each whole percent in one resample. `times` is room to work in: how many times each
/// customer of the list was drawn.
fn replicate(ranked: &[f64], times: &mut Vec<u8>, (seed, number): (u64, u64)) -> Vec<f64> {
    let mut rng = Rng::new(seed, Purpose::Bootstrap, number);
    times.resize(ranked.len(), 0);
    let mut drawn = 0_u64;
    for pair in times.chunks_mut(2) {
        let bits = rng.next_u64();
        for (half, times) in pair.iter_mut().enumerate() {
            *times = poisson_of((bits >> (32 * half)) as u32);
            drawn += u64::from(*times);
        }
    }
    let drawn = drawn as f64;
    let scale = if drawn > 0.0 {
        ranked.len() as f64 / drawn
    } else {
        0.0
    };
    let mut sums = Vec::with_capacity(STEPS + 1);
    let (mut count, mut sum, mut border) = (0.0, 0.0, 0.0);
    for (&value, &times) in ranked.iter().zip(&*times) {
        if times == 0 {
            continue;
        }
        let times = f64::from(times);
        count += times;
        sum += times * value;
        while count >= border && sums.len() <= STEPS {
            // The last customer drawn may reach beyond the border.
            sums.push((sum - (count - border) * value) * scale);
            border = drawn * sums.len() as f64 / STEPS as f64;
        }
    }
    sums.resize(STEPS + 1, sum * scale);
    sums
}

/// P(at most k) of a Poisson draw with mean 1, k = 0…7.
const CUTS: [f64; 8] = [
    0.367_879_441_171_442_3,
    0.735_758_882_342_884_6,
    0.919_698_602_928_605_8,
    0.981_011_843_123_846_2,
    0.996_340_153_172_656_3,
    0.999_405_815_182_418_3,
    0.999_916_758_850_711_9,
    0.999_989_750_803_325_4,
];

/// In place of a number of draws: the first eight bits do not decide.
const UNDECIDED: u8 = u8::MAX;

/// The draw by its first eight bits.
const BY_FIRST_BITS: [u8; 256] = {
    let mut table = [UNDECIDED; 256];
    let mut first = 0;
    while first < 256 {
        let lowest = poisson_exactly((first as u32) << 24);
        if lowest == poisson_exactly((first as u32) << 24 | 0x00FF_FFFF) {
            table[first] = lowest;
        }
        first += 1;
    }
    table
};

/// A Poisson draw with mean 1 from 32 random bits, by the inverse of its distribution function.
fn poisson_of(bits: u32) -> u8 {
    match BY_FIRST_BITS[(bits >> 24) as usize] {
        UNDECIDED => poisson_exactly(bits),
        times => times,
    }
}

const fn poisson_exactly(bits: u32) -> u8 {
    let uniform = (bits as f64 + 0.5) / 4_294_967_296.0;
    let mut times = 0;
    while times < CUTS.len() && uniform > CUTS[times] {
        times += 1;
    }
    times as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Values 100, 60, 30, 10 and 0; past spend ranks them 60, 100, 10, 30, 0.
    fn curves() -> Curves {
        let value = [10.0, 100.0, 0.0, 30.0, 60.0];
        let spend = [3.0, 4.0, 1.0, 2.0, 5.0];
        Curves::new(&[0, 1, 2, 3, 4], &value, &spend, 1, &Monitor::silent()).unwrap()
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

    /// The sum of n equal shares has a known spread: values 0…999 at full depth have mean 499.5 and
    /// variance (1000² − 1) ÷ 12, so the sum of 1,000 drawn has standard deviation
    /// √1000 · 288.7 = 9,129, and 95 % of the resamples lie within ±17,893 of 499,500.
    #[test]
    fn the_bootstrap_has_the_spread_of_a_sum() {
        let value: Vec<f64> = (0..1000).map(f64::from).collect();
        let rows: Vec<u32> = (0..1000).collect();
        let curves = Curves::new(&rows, &value, &value, 3, &Monitor::silent()).unwrap();
        let one = CampaignSettings {
            margin: 1.0,
            uplift: 1.0,
            cost_per_contact: 0.0,
            ..CampaignSettings::default()
        };
        let (low, high) = curves.interval(1000, &one);
        assert!(
            (f64::midpoint(low, high) - 499_500.0).abs() < 5_000.0,
            "{low} {high}"
        );
        let half = (high - low) / 2.0;
        assert!((half / 17_893.0 - 1.0).abs() < 0.2, "{half}");
        assert_eq!(curves.interval(0, &one).0, 0.0);
        let again = Curves::new(&rows, &value, &value, 3, &Monitor::silent()).unwrap();
        assert_eq!(curves, again);
    }

    #[test]
    fn poisson_draws_have_mean_and_variance_one() {
        let mut rng = Rng::new(5, Purpose::Bootstrap, 0);
        let draws: Vec<f64> = (0..100_000)
            .map(|_| f64::from(poisson_of(rng.next_u64() as u32)))
            .collect();
        let mean = draws.iter().sum::<f64>() / 1e5;
        let variance = draws.iter().map(|d| (d - mean).powi(2)).sum::<f64>() / 1e5;
        assert!(
            (mean - 1.0).abs() < 0.02 && (variance - 1.0).abs() < 0.03,
            "{mean} {variance}"
        );
    }

    #[test]
    fn an_empty_audience_brings_nothing() {
        let curves = Curves::new(&[], &[], &[], 1, &Monitor::silent()).unwrap();
        assert_eq!(
            curves.outcome(Ranking::Random, 5, &terms()),
            Outcome::default()
        );
        assert_eq!(curves.break_even(&terms()), None);
        assert_eq!(curves.interval(3, &terms()), (0.0, 0.0));
    }
}
