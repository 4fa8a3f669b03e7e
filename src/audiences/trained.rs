//! A trained model's predictions in place of the buy-till-you-die forecast, where they fit.

use super::forecast::Forecast;
use analysis::customers::Customers;
use data::day::{Day, iso};

/// What a trained model says of everyone; columns dense by customer, NaN where it says nothing.
#[derive(Clone, Copy, Debug)]
pub struct Trained<'a> {
    /// Name for people: "Boosted trees (90-day CLV)".
    pub name: &'a str,
    /// S of the training: it looks ahead from here.
    pub as_of: Day,
    /// Days it looks ahead; `None` when that differs by customer.
    pub horizon_days: Option<u32>,
    /// Probabilities rather than amounts.
    pub class: bool,
    pub value: &'a [f64],
    /// Empty when the model does not say.
    pub alive: &'a [f64],
}

/// Share of the customers a model must speak of before lists are drawn up from it.
const COVERED: f64 = 0.9;

impl Trained<'_> {
    /// The forecast with this model's predictions; what it does not say (P(alive), chance, expected
    /// purchases) comes from `base`. Negative amounts count 0.
    ///
    /// # Errors
    /// Why the predictions cannot be used here, in a full sentence.
    pub fn forecast(
        &self,
        customers: &Customers,
        base: Option<&Forecast>,
    ) -> Result<Forecast, String> {
        let name = self.name;
        if self.as_of != customers.as_of {
            return Err(format!(
                "{name} looks ahead from {}, another as-of date than this; train it again to use it here.",
                iso(self.as_of)
            ));
        }
        if self.class {
            return Err(format!(
                "{name} predicts a probability, and lists need a value; choose a run that predicts spend."
            ));
        }
        let Some(horizon_days) = self.horizon_days else {
            return Err(format!(
                "{name} looks ahead by a time of each customer's own, so it cannot rank them here."
            ));
        };
        let count = customers.len();
        let known = |row: &usize| self.value.get(*row).is_some_and(|value| !value.is_nan());
        let told = (0..count)
            .filter(|row| customers.exists(*row) && known(row))
            .count();
        if (told as f64) < COVERED * customers.active as f64 {
            return Err(format!(
                "{name} says nothing of {} of {} customers, so it cannot rank them here.",
                customers.active - told,
                customers.active
            ));
        }
        let column = |of: fn(&Forecast) -> &Vec<f64>| {
            base.map_or_else(|| vec![f64::NAN; count], |forecast| of(forecast).clone())
        };
        let positive = |row: usize| self.value.get(row).copied().unwrap_or(0.0).max(0.0);
        Ok(Forecast {
            horizon_days,
            predictor: name.to_owned(),
            notes: base.map_or_else(Vec::new, |forecast| forecast.notes.clone()),
            value: (0..count).map(positive).collect(),
            alive: if self.alive.len() == count {
                self.alive.to_vec()
            } else {
                column(|forecast| &forecast.alive)
            },
            chance: column(|forecast| &forecast.chance),
            purchases: column(|forecast| &forecast.purchases),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn customers() -> Customers {
        Customers {
            as_of: 50,
            active: 2,
            first_day: vec![0; 3],
            last_day: vec![0; 3],
            frequency: vec![1, 2, 0],
            purchase_days: vec![1, 2, 0],
            monetary: vec![1.0; 3],
        }
    }

    fn trained(value: &[f64], as_of: Day) -> Trained<'_> {
        Trained {
            name: "Trees (90-day CLV)",
            as_of,
            horizon_days: Some(90),
            class: false,
            value,
            alive: &[],
        }
    }

    #[test]
    fn values_are_taken_over_and_the_rest_stays() {
        let base = Forecast {
            horizon_days: 30,
            value: vec![9.0, 9.0, 0.0],
            alive: vec![0.5, 0.6, 0.0],
            chance: vec![0.1, 0.2, 0.0],
            purchases: vec![1.0, 2.0, 0.0],
            ..Forecast::default()
        };
        let values = [3.0, -1.0, f64::NAN];
        let used = trained(&values, 50)
            .forecast(&customers(), Some(&base))
            .unwrap();
        assert_eq!(used.value, [3.0, 0.0, 0.0]);
        assert_eq!((used.alive, used.horizon_days), (base.alive, 90));
        assert_eq!(used.predictor, "Trees (90-day CLV)");
    }

    #[test]
    fn what_does_not_fit_says_why() {
        let values = [3.0, f64::NAN, f64::NAN];
        let why = |trained: Trained<'_>| trained.forecast(&customers(), None).unwrap_err();
        assert!(why(trained(&values, 50)).contains("says nothing of 1 of 2 customers"));
        assert!(why(trained(&values, 51)).contains("looks ahead from 1970-02-21"));
        let class = Trained {
            class: true,
            ..trained(&values, 50)
        };
        assert!(why(class).contains("predicts a probability"));
        let own = Trained {
            horizon_days: None,
            ..trained(&values, 50)
        };
        assert!(why(own).contains("a time of each customer's own"));
    }
}
