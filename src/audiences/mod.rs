//! From numbers to people: whom to act on next, what it is worth, and what an action would bring.
//!
//! Pure functions on plain columns, dense by customer like the tables of [`analysis`].
//!
//! | module | holds |
//! | --- | --- |
//! | [`settings`] | every threshold, price and text a person may change; part of the project file |
//! | [`forecast`] | predicted value and P(alive) of every customer, from orders alone |
//! | [`trained`] | a trained model's predictions in its place, where they fit |
//! | [`held_out`] | what such a forecast was worth when it was made before |
//! | [`lists`] | the ready lists, their rules in words, their overlap |
//! | [`matrix`] | segment × predicted value |
//! | [`disagree`] | customers whom two ways of ranking place very differently |
//! | [`campaign`] | profit of contacting the best so many, against past spend and chance |
//! | [`control`] | the control group: a seeded share, balanced by segment |
//! | [`actions`] | what to do with a segment or a cell, in words |
//! | [`acquisition`] | cost of winning customers against what they bring |
//! | [`progress`] | the KPI sheet: two dates side by side |
//! | [`answers`] | the answers of the Start view in words |
//! | [`story`] | one customer over time, and what customers like this one did next |

pub mod acquisition;
pub mod actions;
pub mod answers;
pub mod campaign;
pub mod control;
pub mod disagree;
pub mod forecast;
pub mod held_out;
pub mod lists;
pub mod matrix;
pub mod progress;
mod ranks;
pub mod settings;
pub mod story;
pub mod trained;

pub use forecast::{Fitted, Forecast};
pub use lists::{ListKind, Lists};
pub use settings::AudienceSettings;
