//! Models of what customers will do: fitted on plain columns, told in plain numbers, no window.
//!
//! | module | holds |
//! | --- | --- |
//! | [`recipe`] | what to train: every setting |
//! | [`features`], [`target`] | what is known at t₀, and what is asked |
//! | [`mod@train`] | training: split, grid search, fits, hold-out, backtests |
//! | [`run`] | what came out |
//! | [`learner`] | fitted models behind one type; [`baseline`] the naive rivals |
//! | [`preprocess`] | what is learned before a model sees features |
//! | [`linear`], [`boosting`], [`two_stage`], [`lifetime`] | the models; `irls` fits the linear ones |
//! | [`mod@contributions`] | what drove single predictions |
//! | [`artefact`] | saved models |
//! | [`btyd`] | buy-till-you-die models |

pub mod artefact;
mod base64;
pub mod baseline;
pub mod boosting;
pub mod btyd;
pub mod contributions;
mod error;
pub mod features;
mod irls;
pub mod judge;
pub mod learner;
pub mod lifetime;
pub mod linear;
pub mod predictions;
pub mod preprocess;
pub mod recipe;
pub mod run;
mod saved_check;
pub mod split;
pub mod target;
pub mod train;
pub mod two_stage;
mod weights;

pub use error::TrainError;
pub use judge::Sample;
pub use recipe::{Recipe, gallery::Gallery};
pub use run::Run;
pub use train::{material::Material, train, train_here};
