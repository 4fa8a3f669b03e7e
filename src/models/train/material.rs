//! Orders or a table → features and answers of the customers that are asked.

use crate::{
    TrainError,
    features::{FeatureGroup, FeatureTable, flat, history, naive},
    lifetime::{self, Lifetime},
    recipe::{LifetimeSpec, ModelSpec, Recipe},
    target::{self, Design, Panel, Target, TargetKind},
};
use base::monitor::{Cancelled, Monitor};
use data::dataset::tables::Table;
use data::day::Day;
use data::orders::Orders;

/// What is learned from.
#[derive(Clone, Copy, Debug)]
pub enum Material<'a> {
    Orders(&'a Orders),
    Table(&'a Table),
}

/// Fewer customers than this cannot be split into hold-out and folds.
const FEWEST_CUSTOMERS: usize = 50;

/// Everything that is learned from.
pub(super) struct Prepared {
    /// Rows are the asked customers; what the lifetime model expects is among the columns.
    pub table: FeatureTable,
    /// What naive rivals read, whatever features were chosen: spend, rate and fading sums of the
    /// histories, or all columns of a customer table.
    pub naive: FeatureTable,
    pub target: Target,
    /// Fitted on everyone known at t₀; it reads no answers.
    pub lifetime: Option<Lifetime>,
    pub warnings: Vec<String>,
}

/// Prepares training at t₀ = `cutoff` with data up to and including `last`.
pub(super) fn prepare(
    material: Material<'_>,
    recipe: &Recipe,
    (cutoff, last): (Day, Day),
    monitor: &Monitor,
) -> Result<Prepared, TrainError> {
    monitor.check()?;
    let mut warnings = Vec::new();
    let (table, naive, target, lifetime) = match material {
        Material::Orders(orders) => {
            target::enough_history(orders, recipe.design, cutoff)?;
            let target = target::from_orders(orders, &recipe.target, recipe.design, cutoff, last)?;
            let panel = Panel {
                customers: target.customers.clone(),
                cutoffs: target.cutoffs.clone(),
            };
            let (table, lifetime) =
                of_orders(orders, recipe, (&panel, cutoff), monitor, &mut warnings)?;
            let naive = naive::build(orders, &panel, monitor)?;
            (table, naive, target, lifetime)
        }
        Material::Table(table) => {
            let target = target::from_table(table, &recipe.target)?;
            let features = of_table(table, recipe, &target.customers, last + 1);
            let naive = columns(table, recipe, &target.customers, last + 1);
            (features, naive, target, None)
        }
    };
    monitor.check()?;
    if table.specs.is_empty() {
        return Err(TrainError::NoFeatures {
            recipe: recipe.title.clone(),
            wanted: recipe.features.only.join(", "),
        });
    }
    for name in &recipe.features.only {
        if table.position(name).is_none() {
            warnings.push(format!("The data holds no `{name}`: trained without it"));
        }
    }
    check(recipe, &target, &mut warnings)?;
    Ok(Prepared {
        table,
        naive,
        target,
        lifetime,
        warnings,
    })
}

fn check(recipe: &Recipe, target: &Target, warnings: &mut Vec<String>) -> Result<(), TrainError> {
    let answers = &target.values;
    let needed = FEWEST_CUSTOMERS.max(recipe.folds * 4);
    if answers.len() < needed {
        return Err(TrainError::TooFewCustomers {
            found: answers.len(),
            needed,
        });
    }
    if answers.windows(2).all(|pair| pair[0] == pair[1]) {
        return Err(TrainError::OneAnswer {
            customers: answers.len(),
            answer: answers[0].to_string(),
        });
    }
    if target.kind.is_class() {
        let yes = answers.iter().filter(|&&y| y > 0.5).count();
        let rarer = yes.min(answers.len() - yes);
        let needed = 2 * recipe.folds + 2;
        if rarer < needed {
            return Err(TrainError::TooFewOfOneAnswer {
                found: rarer,
                customers: answers.len(),
                needed,
            });
        }
    } else {
        let negative = answers.iter().filter(|&&y| y < 0.0).count();
        if negative > 0 {
            warnings.push(format!(
                "{negative} customers got back more than they paid in the label window; models of value learn 0 for them, metrics keep their true value"
            ));
        }
    }
    Ok(())
}

/// The features of a panel, what the lifetime model expects included.
fn of_orders(
    orders: &Orders,
    recipe: &Recipe,
    (panel, cutoff): (&Panel, Day),
    monitor: &Monitor,
    warnings: &mut Vec<String>,
) -> Result<(FeatureTable, Option<Lifetime>), TrainError> {
    let mut table = history_features(orders, recipe, panel, monitor)?;
    let mut lifetime = None;
    if let Some((spec, horizon_days)) = lifetime_wanted(recipe) {
        let family = lifetime::choose_family(orders, &spec.families, cutoff, monitor)?;
        match Lifetime::fit(&table, (family, horizon_days), monitor, warnings) {
            Ok(fitted) => {
                fitted.append(&mut table, monitor)?;
                lifetime = Some(fitted);
            }
            Err(TrainError::Btyd(problem)) => {
                warnings.push(format!("No buy-till-you-die model: {problem}"));
            }
            Err(error) => return Err(error),
        }
    }
    Ok((table.choose(&recipe.features), lifetime))
}

/// Raw features of a panel: everything the recipe's groups hold, before its choice by name.
pub(super) fn history_features(
    orders: &Orders,
    recipe: &Recipe,
    panel: &Panel,
    monitor: &Monitor,
) -> Result<FeatureTable, Cancelled> {
    let lifetime = lifetime_wanted(recipe).is_some();
    let wanted = |group| match group {
        FeatureGroup::Lifetime => lifetime,
        group => recipe.features.groups.contains(&group),
    };
    history::build_watched(orders, panel, wanted, monitor)
}

/// The chosen columns of a customer table, without the target.
pub(super) fn of_table(table: &Table, recipe: &Recipe, rows: &[u32], as_of: Day) -> FeatureTable {
    columns(table, recipe, rows, as_of).choose(&recipe.features)
}

/// All columns of a customer table, without the target.
fn columns(table: &Table, recipe: &Recipe, rows: &[u32], as_of: Day) -> FeatureTable {
    let target = match &recipe.target {
        TargetKind::Condition(target) => target.column.as_str(),
        TargetKind::Column(column) => column,
        _ => "",
    };
    flat::build(table, rows, &[target], as_of)
}

/// Settings of the lifetime model and its horizon, where the recipe has use for it. Customers of one
/// age (early life) have no histories to tell apart.
pub(super) fn lifetime_wanted(recipe: &Recipe) -> Option<(LifetimeSpec, u32)> {
    let Design::Cutoff { horizon_days } = recipe.design else {
        return None;
    };
    let named = recipe.models.iter().find_map(|spec| match spec {
        ModelSpec::Lifetime(spec) => Some(spec.clone()),
        _ => None,
    });
    let features = &recipe.features;
    let outputs = lifetime::OUTPUTS.iter();
    let read = features.groups.contains(&FeatureGroup::Lifetime)
        && (features.only.is_empty()
            || outputs
                .clone()
                .any(|name| features.only.iter().any(|only| only == name)));
    match named {
        Some(spec) => Some((spec, horizon_days)),
        None if read => Some((LifetimeSpec::default(), horizon_days)),
        None => None,
    }
}
