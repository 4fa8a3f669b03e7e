//! Training: who is asked, what competes, what wins, and what it says of everyone today.

use super::{Recipe, Run, TrainError};
use crate::data::{day::Day, monitor::Monitor, orders::Orders, tables::Table};

/// What is learned from.
#[derive(Clone, Copy, Debug)]
pub enum Material<'a> {
    Orders(&'a Orders),
    Table(&'a Table),
}

/// Trains a recipe on everything dated before `as_of` (S). Progress tells the stage and n of N;
/// a cancelled training ends within a second.
///
/// # Errors
/// [`TrainError`].
pub fn train(
    _material: Material<'_>,
    _as_of: Day,
    recipe: &Recipe,
    monitor: &Monitor,
) -> Result<Run, TrainError> {
    recipe.check()?;
    monitor.check()?;
    Err(TrainError::NoFeatures {
        recipe: recipe.title.clone(),
        wanted: "training joins with the next commit".to_owned(),
    })
}
