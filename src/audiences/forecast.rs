//! Predicted value and P(alive) of every customer, from nothing but the orders before S.
//!
//! MBG/NBD or Pareto/NBD, whichever foresaw the shop's own hold-out better, says how often a customer
//! will come and whether they are still there, Gamma-Gamma what a purchase day is worth; the predicted
//! value is the product, over a horizon in days.

use rayon::prelude::*;

use analysis::{customers::Customers, trust};
use base::{
    figures::{integer, percent},
    monitor::{Cancelled, Monitor},
};
use data::orders::{Orders, flag};
use models::btyd::{
    Counts, Family, GammaGamma, RepeatSpend, TimeUnit, TransactionModel, Warning, error::BtydError,
};
use models::lifetime::choose_family;

/// What a purchase day is worth.
#[derive(Clone, Debug, PartialEq)]
pub enum DayValue {
    /// Between the customer's own mean and that of all.
    Model(GammaGamma),
    /// Too few repeat customers for a model, or no mean over all: the shop's mean purchase day for
    /// everyone, and why.
    ShopMean { mean: f64, why: String },
}

/// Both models, learned from all orders before S.
#[derive(Clone, Debug)]
pub struct Fitted {
    pub counts: Counts,
    pub model: TransactionModel,
    pub spend: RepeatSpend,
    pub day_value: DayValue,
}

/// A P(alive) beyond which a customer counts as there for certain.
const SURE: f64 = 0.99;
/// Share of such customers from which on P(alive) tells nobody apart.
const NEARLY_ALL: f64 = 0.95;

/// Fewer customers than this are too few to learn from.
pub const FEWEST_CUSTOMERS: usize = 50;

impl Fitted {
    /// Learns from all orders before `customers.as_of`.
    ///
    /// # Errors
    /// The outer one when cancelled; the inner one says in a full sentence why there is nothing to
    /// learn from.
    pub fn learn(
        orders: &Orders,
        customers: &Customers,
        monitor: &Monitor,
    ) -> Result<Result<Self, String>, Cancelled> {
        Self::learn_as(orders, customers, None, monitor)
    }

    /// As [`Self::learn`], with this family instead of the one that the shop's own check prefers.
    ///
    /// # Errors
    /// As [`Self::learn`].
    pub fn learn_as(
        orders: &Orders,
        customers: &Customers,
        family: Option<Family>,
        monitor: &Monitor,
    ) -> Result<Result<Self, String>, Cancelled> {
        if customers.active < FEWEST_CUSTOMERS {
            let who = match customers.active {
                0 => "Nobody has".to_owned(),
                1 => "Only 1 customer has".to_owned(),
                several => format!("Only {several} customers have"),
            };
            return Ok(Err(format!(
                "{who} an order before this date; a forecast needs at least {FEWEST_CUSTOMERS}. \
                 Choose a later date, or open more orders.",
            )));
        }
        match Self::fit(orders, customers, family, monitor) {
            Ok(fitted) => Ok(Ok(fitted)),
            Err(BtydError::Cancelled(cancelled)) => Err(cancelled),
            Err(error) => {
                let mut text = error.to_string();
                if let Some(first) = text.get(..1) {
                    text = first.to_uppercase() + &text[1..];
                }
                Ok(Err(format!("No forecast: {text}.")))
            }
        }
    }

    fn fit(
        orders: &Orders,
        customers: &Customers,
        family: Option<Family>,
        monitor: &Monitor,
    ) -> Result<Self, BtydError> {
        let last = customers.as_of - 1;
        let counts = Counts::from_orders(orders, last, monitor)?;
        monitor.progress("Learning how customers come back", 0, 2);
        let family = match family {
            Some(family) => family,
            None => choose_family(orders, &Family::ANYBODY_LEAVES, last, monitor)?,
        };
        let model = TransactionModel::fit(family, &counts, TimeUnit::Weeks, monitor)?;
        monitor.progress("Learning what orders are worth", 1, 2);
        let spend = RepeatSpend::from_orders(orders, &counts);
        let shop_mean = |why: String| {
            let days: u64 = customers.purchase_days.iter().map(|&d| u64::from(d)).sum();
            let revenue: f64 = customers.monetary.iter().sum();
            DayValue::ShopMean {
                mean: (revenue / days.max(1) as f64).max(0.0),
                why,
            }
        };
        let day_value = match GammaGamma::fit(&spend, monitor) {
            Ok(model) if model.population_mean().is_some() => DayValue::Model(model),
            Ok(_) => shop_mean("the mean over all customers does not exist (q ≤ 1)".to_owned()),
            Err(BtydError::Cancelled(cancelled)) => return Err(cancelled.into()),
            Err(error) => shop_mean(error.to_string()),
        };
        Ok(Self {
            counts,
            model,
            spend,
            day_value,
        })
    }

    /// Name for people of what predicts.
    #[must_use]
    pub fn predictor(&self) -> String {
        let family = self.model.family.title();
        match self.day_value {
            DayValue::Model(_) => format!("{family} × Gamma-Gamma"),
            DayValue::ShopMean { .. } => format!("{family} × mean purchase"),
        }
    }

    /// The family it was chosen over.
    #[must_use]
    pub fn rival(&self) -> Family {
        let [one, other] = Family::ANYBODY_LEAVES;
        if self.model.family == one { other } else { one }
    }

    /// What whoever reads these numbers must know, in full sentences.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let report = &self.model.report;
        let (mut days, mut repeats) = (0, 0.0);
        for (history, customers) in self.counts.groups.iter().zip(&self.counts.weights) {
            days = days.max(history.age_days + 1);
            if history.repeats > 0 {
                repeats += customers;
            }
        }
        let mut notes: Vec<String> = trust::of_forecasts(days, repeats as u64)
            .into_iter()
            .collect();
        let leaving = |name: &str| !matches!(name, "r" | "alpha");
        let blind = report.warnings.iter().any(
            |warning| matches!(warning, Warning::NotIdentified { parameter, .. } if leaving(parameter)),
        );
        let customers: u64 = self.counts.group_of.len() as u64;
        let alive: Vec<f64> = (self.counts.groups.iter())
            .map(|history| self.model.probability_alive(history))
            .collect();
        let alive = self.counts.per_customer(&alive);
        let sure = alive.iter().filter(|&&alive| alive > SURE).count() as u64;
        if customers > 0 && sure as f64 >= NEARLY_ALL * customers as f64 {
            notes.push(format!(
                "P(alive) is above {} for {} of {} customers: the orders so far show nobody leaving for \
                 good, so it tells nobody apart.",
                percent(SURE),
                integer(sure),
                integer(customers),
            ));
        } else if blind {
            notes.push(
                "How fast customers leave for good is hard to tell from the orders so far: read P(alive) \
                 as a ranking, not as a chance."
                    .to_owned(),
            );
        }
        if report
            .warnings
            .iter()
            .any(|w| matches!(w, Warning::NotConverged { .. }))
        {
            notes.push(
                "The search for the model's parameters did not come to an end: predictions may be off."
                    .to_owned(),
            );
        }
        notes
    }

    /// Expected value of a purchase day of a customer with so many repeats of this mean value.
    #[must_use]
    pub fn mean_spend(&self, repeats: u32, mean: f64) -> f64 {
        match &self.day_value {
            DayValue::Model(model) => model.expected_mean_spend(repeats, mean).unwrap_or(0.0),
            DayValue::ShopMean { mean, .. } => *mean,
        }
    }
}

/// What is expected of every customer; dense, 0 for customers without an order before S.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Forecast {
    pub horizon_days: u32,
    /// Who predicts, for people: "Pareto/NBD × Gamma-Gamma".
    pub predictor: String,
    /// What is wrong with these numbers, in full sentences; mostly nothing.
    pub notes: Vec<String>,
    /// Expected net revenue within the horizon.
    pub value: Vec<f64>,
    /// Probability that the customer is still there.
    pub alive: Vec<f64>,
    /// Probability of at least one purchase within the horizon.
    pub chance: Vec<f64>,
    /// Expected purchase days within the horizon.
    pub purchases: Vec<f64>,
}

impl Forecast {
    /// Works out what the models expect of each customer.
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn new(
        fitted: &Fitted,
        customers: usize,
        horizon_days: u32,
        monitor: &Monitor,
    ) -> Result<Self, Cancelled> {
        monitor.progress("Predicting every customer", 0, 0);
        let days = f64::from(horizon_days);
        let outlooks = fitted.model.outlooks(&fitted.counts, days, monitor)?;
        let chances: Vec<f64> = fitted
            .counts
            .groups
            .par_iter()
            .map(|history| fitted.model.chance_of_purchase(history, days))
            .collect();
        monitor.check()?;
        let mut forecast = Self {
            horizon_days,
            predictor: fitted.predictor(),
            notes: fitted.notes(),
            value: vec![0.0; customers],
            alive: vec![0.0; customers],
            chance: vec![0.0; customers],
            purchases: vec![0.0; customers],
        };
        for (index, &customer) in fitted.counts.customers.iter().enumerate() {
            let group = fitted.counts.group_of[index] as usize;
            let (row, outlook) = (customer as usize, outlooks[group]);
            let spend = fitted.mean_spend(fitted.spend.repeats[index], fitted.spend.means[index]);
            forecast.value[row] = outlook.expected_purchases * spend;
            forecast.alive[row] = outlook.probability_alive;
            forecast.chance[row] = chances[group];
            forecast.purchases[row] = outlook.expected_purchases;
        }
        Ok(forecast)
    }
}

/// Median days between purchase days of every customer before S; NaN with fewer than two. The
/// customer's own *usual gap*.
#[must_use]
pub fn usual_gaps(orders: &Orders, customers: &Customers) -> Vec<f32> {
    (0..customers.len())
        .into_par_iter()
        .map_init(Vec::new, |gaps: &mut Vec<i32>, customer| {
            gaps.clear();
            let lines = orders.lines_before(customer, customers.as_of);
            let mut days = lines
                .filter(|&line| orders.flags[line] & flag::DAY_START != 0)
                .map(|line| orders.days[line]);
            let Some(mut last) = days.next() else {
                return f32::NAN;
            };
            for day in days {
                gaps.push(day - last);
                last = day;
            }
            median(gaps)
        })
        .collect()
}

fn median(gaps: &mut [i32]) -> f32 {
    gaps.sort_unstable();
    let middle = gaps.len() / 2;
    match gaps.len() {
        0 => f32::NAN,
        odd if odd % 2 == 1 => gaps[middle] as f32,
        _ => (gaps[middle - 1] + gaps[middle]) as f32 / 2.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_gap_is_a_median_and_needs_two_days() {
        assert!(median(&mut []).is_nan());
        assert_eq!(median(&mut [9]), 9.0);
        assert_eq!(median(&mut [30, 10]), 20.0);
        assert_eq!(median(&mut [1, 100, 7]), 7.0);
    }

    #[test]
    fn a_tiny_shop_says_why_there_is_no_forecast() {
        for (active, who) in [
            (0, "Nobody has"),
            (1, "Only 1 customer has"),
            (3, "Only 3 customers have"),
        ] {
            let customers = Customers {
                active,
                ..Customers::default()
            };
            let answer = Fitted::learn(&Orders::default(), &customers, &Monitor::silent());
            let why = answer.unwrap().unwrap_err();
            let rest = "an order before this date; a forecast needs at least 50. Choose a later date, or open more orders.";
            assert_eq!(why, format!("{who} {rest}"));
        }
    }
}
