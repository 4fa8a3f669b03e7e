//! Buy-till-you-die models: how often customers come, whether they are still there, and what an
//! order is worth — from nothing but dates and amounts.
//!
//! A customer is three numbers ([`History`]): repeat purchase days *x*, time of the last one *tₓ*
//! and age *T*. Thousands share the same three, so everything works on distinct histories with
//! weights ([`Counts`]).
//!
//! | module | holds |
//! | --- | --- |
//! | [`counts`] | orders → histories, and what came after |
//! | [`transactions`] | BG/NBD, MBG/NBD, Pareto/NBD behind one type |
//! | `beta_geometric`, `pareto_nbd` | their likelihoods, gradients and expectations |
//! | [`gamma_gamma`] | mean order value |
//! | [`holdout`] | expected against actual purchases, per customer and by frequency |
//! | [`tracking`] | the same week by week, and matrices by frequency and recency |
//! | [`study`] | all of these for one shop, side by side |
//! | [`fit`] | maximum likelihood: convergence, standard errors, warnings |
//! | `optimise`, `special`, `parallel` | BFGS, special functions, sums that do not depend on threads |

mod beta_geometric;
pub mod counts;
pub mod error;
pub mod fit;
pub mod gamma_gamma;
pub mod holdout;
mod optimise;
mod parallel;
mod pareto_nbd;
mod special;
pub mod study;
pub mod tracking;
pub mod transactions;

pub use counts::{Counts, History, TimeUnit};
pub use fit::{Estimate, FitReport, Warning};
pub use gamma_gamma::{GammaGamma, RepeatSpend};
pub use study::{Judgement, Study, StudySpec, calibration_end, study};
pub use transactions::{Family, Leaving, Outlook, Posterior, TransactionModel};
