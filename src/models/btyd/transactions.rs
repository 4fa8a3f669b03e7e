//! The three models of coming back and leaving, behind one type.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    FitReport,
    beta_geometric::{BetaGeometric, BetaGeometricLikelihood},
    counts::{Counts, History, TimeUnit},
    error::BtydError,
    fit::maximise,
    pareto_nbd::{ParetoNbd, ParetoNbdLikelihood},
};
use base::monitor::{Cancelled, Monitor};

/// Which model of coming back and leaving.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// Customers may leave after every repeat purchase.
    BgNbd,
    /// Customers may leave after every purchase, the first included.
    MbgNbd,
    /// Customers may leave at any time.
    ParetoNbd,
}

impl Family {
    pub const ALL: [Self; 3] = [Self::BgNbd, Self::MbgNbd, Self::ParetoNbd];
    /// Those in which anybody may have left. Under BG/NBD a customer with one purchase is there for
    /// certain, however long ago it was, so it tells nobody's P(alive).
    pub const ANYBODY_LEAVES: [Self; 2] = [Self::MbgNbd, Self::ParetoNbd];

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::BgNbd => "BG/NBD",
            Self::MbgNbd => "MBG/NBD",
            Self::ParetoNbd => "Pareto/NBD",
        }
    }

    /// Name in JSON output, equal to the serialised form.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::BgNbd => "bg_nbd",
            Self::MbgNbd => "mbg_nbd",
            Self::ParetoNbd => "pareto_nbd",
        }
    }
}

/// What a fitted model says of one history.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Outlook {
    /// Probability that the customer is still there at the calibration end.
    pub probability_alive: f64,
    /// Expected purchase days in the horizon after it.
    pub expected_purchases: f64,
}

/// Rates of a customer who is still there; purchase rate and leaving are independent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Posterior {
    /// Purchases per unit of time: Gamma(shape, rate).
    pub shape: f64,
    pub rate: f64,
    pub leaving: Leaving,
}

/// How a customer who is still there leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Leaving {
    /// After a purchase, with a probability from Beta(a, b).
    AfterPurchase { a: f64, b: f64 },
    /// At a rate per unit of time from Gamma(shape, rate).
    AtAnyTime { shape: f64, rate: f64 },
}

/// A fitted model of coming back and leaving.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransactionModel {
    pub family: Family,
    /// Unit of time of the parameters.
    pub unit: TimeUnit,
    /// r, α, a, b or r, α, s, β.
    pub parameters: [f64; 4],
    pub report: FitReport,
}

impl TransactionModel {
    /// Fits the model by maximum likelihood.
    ///
    /// # Errors
    /// [`BtydError::NoRepeats`], [`BtydError::NoStart`], [`BtydError::Cancelled`].
    pub fn fit(
        family: Family,
        counts: &Counts,
        unit: TimeUnit,
        monitor: &Monitor,
    ) -> Result<Self, BtydError> {
        if counts.groups.iter().all(|group| group.repeats == 0) {
            return Err(BtydError::NoRepeats {
                customers: counts.len(),
            });
        }
        let days = unit.days();
        let (parameters, report) = match family {
            Family::BgNbd => maximise(&BetaGeometricLikelihood::<0>::new(counts, days), monitor),
            Family::MbgNbd => maximise(&BetaGeometricLikelihood::<1>::new(counts, days), monitor),
            Family::ParetoNbd => maximise(&ParetoNbdLikelihood::new(counts, days), monitor),
        }?;
        Ok(Self {
            family,
            unit,
            parameters,
            report,
        })
    }

    /// Probability that the customer is still there at the calibration end. Under BG/NBD it is 1 for
    /// customers with one purchase by construction: they had no chance to leave yet.
    #[must_use]
    pub fn probability_alive(&self, history: &History) -> f64 {
        let (last, age) = (self.time(history.last_days), self.time(history.age_days));
        match self.formulas() {
            Formulas::BetaGeometric(model) => model.probability_alive(history.repeats, last, age),
            Formulas::Pareto(model) => model.probability_alive(history.repeats, last, age),
        }
    }

    /// Probability of being there, and expected purchase days in the `horizon_days` after the
    /// calibration end.
    #[must_use]
    pub fn outlook(&self, history: &History, horizon_days: f64) -> Outlook {
        let age = self.time(history.age_days);
        let horizon = horizon_days / self.unit.days();
        let probability_alive = self.probability_alive(history);
        let while_alive = match self.formulas() {
            Formulas::BetaGeometric(model) => {
                model.purchases_while_alive(history.repeats, age, horizon)
            }
            Formulas::Pareto(model) => model.purchases_while_alive(history.repeats, age, horizon),
        };
        Outlook {
            probability_alive,
            expected_purchases: probability_alive * while_alive,
        }
    }

    /// Probability of at least one purchase in the `horizon_days` after the calibration end.
    #[must_use]
    pub fn chance_of_purchase(&self, history: &History, horizon_days: f64) -> f64 {
        let age = self.time(history.age_days);
        let horizon = horizon_days / self.unit.days();
        let none = match self.formulas() {
            // Who is there cannot leave before the next purchase.
            Formulas::BetaGeometric(model) => {
                let shape = model.r + f64::from(history.repeats);
                ((model.alpha + age) / (model.alpha + age + horizon)).powf(shape)
            }
            Formulas::Pareto(model) => model.no_purchase_while_alive(history.repeats, age, horizon),
        };
        self.probability_alive(history) * (1.0 - none)
    }

    /// What is known of the rates of a customer who is there at the calibration end: the posterior
    /// given the history, in the unit of the parameters.
    #[must_use]
    pub fn posterior(&self, history: &History) -> Posterior {
        let [r, alpha, third, fourth] = self.parameters;
        let (repeats, age) = (f64::from(history.repeats), self.time(history.age_days));
        let leaving = match self.family {
            Family::BgNbd => Leaving::AfterPurchase {
                a: third,
                b: fourth + repeats,
            },
            // The first purchase, too, was one after which the customer stayed.
            Family::MbgNbd => Leaving::AfterPurchase {
                a: third,
                b: fourth + repeats + 1.0,
            },
            Family::ParetoNbd => Leaving::AtAnyTime {
                shape: third,
                rate: fourth + age,
            },
        };
        Posterior {
            shape: r + repeats,
            rate: alpha + age,
            leaving,
        }
    }

    /// Expected repeat purchase days of a new customer in the `days` after the first purchase.
    #[must_use]
    pub fn expected_from_first(&self, days: f64) -> f64 {
        let time = days / self.unit.days();
        match self.formulas() {
            Formulas::BetaGeometric(model) => model.expected_from_first(time),
            Formulas::Pareto(model) => model.purchases_while_alive(0, 0.0, time),
        }
    }

    /// The outlook of every group of histories; spread it with [`Counts::group_of`].
    ///
    /// # Errors
    /// [`Cancelled`].
    pub fn outlooks(
        &self,
        counts: &Counts,
        horizon_days: f64,
        monitor: &Monitor,
    ) -> Result<Vec<Outlook>, Cancelled> {
        const CHUNK: usize = 1024;
        let chunks: Result<Vec<Vec<Outlook>>, Cancelled> = counts
            .groups
            .par_chunks(CHUNK)
            .map(|groups| {
                monitor.check()?;
                let outlook = |group| self.outlook(group, horizon_days);
                Ok(groups.iter().map(outlook).collect())
            })
            .collect();
        Ok(chunks?.concat())
    }

    fn time(&self, days: u32) -> f64 {
        f64::from(days) / self.unit.days()
    }

    fn formulas(&self) -> Formulas {
        let [first, second, third, fourth] = self.parameters;
        let beta_geometric = |first_chance| {
            Formulas::BetaGeometric(BetaGeometric {
                r: first,
                alpha: second,
                a: third,
                b: fourth,
                first_chance,
            })
        };
        match self.family {
            Family::BgNbd => beta_geometric(0),
            Family::MbgNbd => beta_geometric(1),
            Family::ParetoNbd => Formulas::Pareto(ParetoNbd {
                r: first,
                alpha: second,
                s: third,
                beta: fourth,
            }),
        }
    }
}

enum Formulas {
    BetaGeometric(BetaGeometric),
    Pareto(ParetoNbd),
}
