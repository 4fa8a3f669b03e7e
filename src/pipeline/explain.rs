//! What drove a trained model's prediction of one customer: `TreeSHAP` contributions, on demand.

use std::collections::BTreeMap;

use super::training::Predictions;
use crate::{
    audiences::story::{Push, Reasons},
    data::orders::Orders,
    models::{
        features::{FeatureKind, FeatureSpec},
        target::{Design, Panel},
        train::features_of_panel,
    },
};

const MISSING: &str = "The features of this customer could not be worked out.";
/// Contributions shown at most.
const SHOWN: usize = 6;

/// Days the model looks ahead; `None` when that differs by customer.
pub(super) fn horizon(predictions: &Predictions) -> Option<u32> {
    match predictions.saved.recipe.design {
        Design::Cutoff { horizon_days } => Some(horizon_days),
        _ => None,
    }
}

/// Splits the prediction of one customer into the parts its features contributed.
#[must_use]
pub(super) fn explain(orders: &Orders, predictions: &Predictions, customer: u32) -> Reasons {
    let model = format!("{} ({})", predictions.model, predictions.recipe);
    match pushes(orders, predictions, customer) {
        Ok(pushes) => Reasons {
            model,
            value: predictions.value_of(customer as usize),
            class: predictions.class,
            pushes,
            problem: None,
        },
        Err(problem) => Reasons {
            model,
            value: predictions.value_of(customer as usize),
            class: predictions.class,
            pushes: Vec::new(),
            problem: Some(problem.to_owned()),
        },
    }
}

fn pushes(
    orders: &Orders,
    predictions: &Predictions,
    customer: u32,
) -> Result<Vec<Push>, &'static str> {
    let saved = &predictions.saved;
    let trees = saved.predictor.model.trees().ok_or(
        "This model is not one set of trees, so its prediction cannot be split into parts.",
    )?;
    if !matches!(saved.recipe.design, Design::Cutoff { .. }) {
        return Err("This model predicts at a time of each customer's own, not as of today.");
    }
    let panel = Panel {
        customers: vec![customer],
        cutoffs: vec![predictions.as_of - 1],
    };
    let table = features_of_panel(orders, saved, &panel).map_err(|_| MISSING)?;
    let x = trees
        .preprocess
        .matrix_of_all::<f32>(&table)
        .map_err(|_| MISSING)?;
    let parts = trees.trees.contributions(x.row(0)).ok_or(MISSING)?;
    // Several inputs may stand for one feature (the levels of a category): their sum is its part.
    let mut of_feature: BTreeMap<&str, f64> = BTreeMap::new();
    for (input, part) in trees.preprocess.inputs.iter().zip(parts) {
        *of_feature.entry(&input.feature).or_default() += part;
    }
    let mut pushes: Vec<Push> = of_feature
        .into_iter()
        .filter_map(|(name, part)| {
            let place = table.specs.iter().position(|spec| spec.name == name)?;
            let value = table.columns[place].first().copied().unwrap_or(f64::NAN);
            let spec = &table.specs[place];
            Some(Push {
                feature: name.to_owned(),
                definition: spec.definition.clone(),
                value: value_words(spec, value),
                part,
            })
        })
        .collect();
    pushes.sort_by(|one, other| {
        let size = other.part.abs().total_cmp(&one.part.abs());
        size.then(one.feature.cmp(&other.feature))
    });
    pushes.truncate(SHOWN);
    Ok(pushes)
}

/// The value of a feature as people read it.
fn value_words(spec: &FeatureSpec, value: f64) -> String {
    if value.is_nan() {
        return "not known".to_owned();
    }
    match &spec.kind {
        FeatureKind::Category { levels } => {
            let level = levels.get(value as usize);
            level.map_or_else(|| "another value".to_owned(), Clone::clone)
        }
        FeatureKind::Number | FeatureKind::Skewed if value.fract() == 0.0 => format!("{value}"),
        FeatureKind::Number | FeatureKind::Skewed => format!("{value:.2}"),
    }
}
