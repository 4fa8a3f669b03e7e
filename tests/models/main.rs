//! Features, recipes, training and saved models: by hand, against published figures, and on shops
//! whose customers can be foreseen.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "../common/cdnow.rs"]
mod cdnow;
#[path = "../common/random_shop.rs"]
mod random_shop;
#[path = "../common/shop_with_signal.rs"]
mod shop_with_signal;
#[path = "../common/small_shop.rs"]
mod small_shop;

mod artefact;
mod cancelling;
mod evidence;
mod explained;
mod features;
mod published;
mod recipes;
mod targets;
mod verdicts;
mod xgboost;
