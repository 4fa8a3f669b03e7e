//! What drove a trained model's prediction of one customer, on demand.

use super::training::Predictions;
use audiences::story::{Push, Reasons};
use base::monitor::Monitor;
use data::orders::Orders;
use evaluation::random::Draws;
use models::{
    contributions::{self, Sampling},
    features::{FeatureKind, FeatureSpec},
    target::Design,
    train::{features_of_panel, panel_of},
};

const MISSING: &str = "The features of this customer could not be worked out.";
/// Contributions shown at most.
const SHOWN: usize = 6;
/// Customers that one is compared with by models that have to be asked, and random orders.
const OTHERS: usize = 200;
const ORDERS: usize = 128;
/// Stream of the draw of those customers.
const OTHERS_STREAM: u64 = 8;

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
    let (pushes, how, problem) = match pushes(orders, predictions, customer) {
        Ok((pushes, how)) => (pushes, how, None),
        Err(problem) => (Vec::new(), String::new(), Some(problem)),
    };
    Reasons {
        model,
        value: predictions.value_of(customer as usize),
        class: predictions.class,
        pushes,
        how,
        problem,
    }
}

fn pushes(
    orders: &Orders,
    predictions: &Predictions,
    customer: u32,
) -> Result<(Vec<Push>, String), String> {
    let saved = &predictions.saved;
    let (design, seed) = (saved.recipe.design, saved.recipe.seed);
    let features = |customers: &[u32]| {
        let panel = panel_of(orders, design, predictions.as_of, customers);
        features_of_panel(orders, saved, &panel, &Monitor::silent()).map_err(|_| MISSING.to_owned())
    };
    let table = features(&[customer])?;
    if table.rows() == 0 {
        return Err("This customer is younger than the time this model looks at.".to_owned());
    }
    let model = &saved.predictor.model;
    let others = if contributions::is_asked(model) {
        let places = Draws::new(seed, OTHERS_STREAM).sample(orders.customers(), OTHERS);
        let mut customers: Vec<u32> = places.into_iter().map(|place| place as u32).collect();
        customers.sort_unstable();
        features(&customers)?
    } else {
        table.clone()
    };
    let sampling = Sampling {
        others: &others,
        orders: ORDERS,
        seed,
        monitor: &Monitor::silent(),
    };
    let found = contributions::contributions(model, (&table, predictions.class), sampling)
        .map_err(|_| MISSING.to_owned())?
        .ok_or("This is a naive baseline: its prediction is what it copies.")?;
    let how = format!(
        "{}, on the scale of {}.",
        found.method.words(),
        found.scale.words()
    );
    let mut pushes: Vec<Push> = found
        .parts
        .into_iter()
        .filter_map(|(name, part)| {
            let place = table.specs.iter().position(|spec| spec.name == name)?;
            let value = table.columns[place].first().copied().unwrap_or(f64::NAN);
            let spec = &table.specs[place];
            Some(Push {
                feature: name,
                definition: spec.definition.clone(),
                value: value_words(spec, value),
                part: part.first().copied().unwrap_or_default(),
            })
        })
        .collect();
    pushes.sort_by(|one, other| {
        let size = other.part.abs().total_cmp(&one.part.abs());
        size.then(one.feature.cmp(&other.feature))
    });
    pushes.truncate(SHOWN);
    Ok((pushes, how))
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
