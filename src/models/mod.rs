//! Models of what customers will do: fitted on plain columns, told in plain numbers, no window.
//!
//! | module | holds |
//! | --- | --- |
//! | [`recipe`] | what to train: every setting |
//! | [`features`], [`target`] | what is known at t₀, and what is asked |
//! | [`mod@train`] | training: split, grid search, fits, hold-out, backtests |
//! | [`run`] | what came out |
//! | [`learner`] | fitted models behind one type; [`baseline`] the naive rivals |
//! | [`preprocess`], [`calibrate`] | what is learned around a model |
//! | [`artefact`] | saved models |
//! | [`btyd`] | buy-till-you-die models |

pub mod artefact;
pub mod baseline;
pub mod btyd;
pub mod calibrate;
mod error;
pub mod features;
pub mod learner;
pub mod preprocess;
mod random;
pub mod recipe;
pub mod run;
pub mod split;
pub mod target;
pub mod train;

pub use error::TrainError;
pub use recipe::{Gallery, Recipe};
pub use run::Run;
pub use train::{Material, train};
