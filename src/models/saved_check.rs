//! Whether what a model file holds can be a model: read from a file, anything may stand anywhere.
//!
//! A number out of range would predict without a word, or draw for ever; a missing coefficient would shift
//! all that follow. So every part is held against the others, and the file against its checksum.

use super::{
    baseline::Baseline,
    boosting::Boosted,
    features::{FeatureSpec, history::LIFETIME_FIELDS},
    learner::{Fitted, Member, Predictor},
    lifetime::{Lifetime, OUTPUTS},
    linear::LinearModel,
    preprocess::{Form, Preprocess},
    recipe::Recipe,
    two_stage::TwoStage,
};
use data::day::Day;
use evaluation::{calibration::Calibrator, conformal::SplitConformal};

/// No amount of a shop, and no parameter of a fitted model, is larger.
const LARGEST: f64 = 1e18;
/// A factor that brings predictions to the level of the answers.
const FACTORS: std::ops::RangeInclusive<f64> = 1e-6..=1e6;
/// The first day of year 1 and the last of year 9999.
const DAYS: std::ops::RangeInclusive<Day> = -719_162..=2_932_896;

/// What a file of a model holds, as far as it is checked.
pub(super) struct Saved<'a> {
    pub recipe: &'a Recipe,
    pub features: &'a [FeatureSpec],
    pub predictor: &'a Predictor,
    pub lifetime: Option<&'a Lifetime>,
    pub intervals: Option<&'a SplitConformal>,
    /// S and t₀ of the training.
    pub days: [Day; 2],
}

type Checked = Result<(), String>;

/// What is wrong with a model, in words.
///
/// # Errors
/// The first part that cannot be.
pub(super) fn check(model: &Saved<'_>) -> Checked {
    let recipe = model.recipe.check();
    recipe.map_err(|error| format!("in its recipe, {error}"))?;
    for (number, spec) in model.features.iter().enumerate() {
        let others = &model.features[..number];
        if others.iter().any(|other| other.name == spec.name) {
            return Err(format!("it lists the feature `{}` twice", spec.name));
        }
    }
    predictor(model.predictor, 0)?;
    let known = |name: &String| model.features.iter().any(|spec| spec.name == *name);
    // A choice of features by name may leave out what the lifetime model is made from.
    let made = |name: &String| {
        OUTPUTS.contains(&name.as_str()) || LIFETIME_FIELDS.contains(&name.as_str())
    };
    let inputs = model.predictor.model.inputs();
    if let Some(name) = inputs.iter().find(|name| !known(name) && !made(name)) {
        return Err(format!(
            "it reads the feature `{name}`, which it does not list"
        ));
    }
    if let Some(own) = model.lifetime {
        lifetime(own)?;
    }
    if let Some(intervals) = model.intervals {
        if !(intervals.level > 0.0 && intervals.level < 1.0) {
            return Err("its intervals cover no share between 0 and 1".to_owned());
        }
        let written = serde_json::to_value(intervals).map_err(|error| error.to_string())?;
        if !fair_numbers(&written) {
            return Err("its intervals hold a number that no amount can be".to_owned());
        }
    }
    if model.days.iter().any(|day| !DAYS.contains(day)) {
        return Err("it was trained on a day outside of the calendar".to_owned());
    }
    Ok(())
}

/// Whether all numbers of a JSON value are such as parameters and amounts can be.
fn fair_numbers(value: &serde_json::Value) -> bool {
    use serde_json::Value;
    match value {
        Value::Number(number) => number.as_f64().is_some_and(fair),
        Value::Array(values) => values.iter().all(fair_numbers),
        Value::Object(fields) => fields.values().all(fair_numbers),
        Value::Null | Value::Bool(_) | Value::String(_) => true,
    }
}

fn fair(number: f64) -> bool {
    number.abs() <= LARGEST
}

/// All of them, or which kind of number is out of range.
fn all_fair(what: &str, numbers: &[f64]) -> Checked {
    match numbers.iter().find(|number| !fair(**number)) {
        None => Ok(()),
        Some(wrong) => Err(format!("{what} is {wrong:e}, which cannot be")),
    }
}

fn predictor(one: &Predictor, depth: usize) -> Checked {
    fitted(&one.model, depth)?;
    one.calibrator.as_ref().map_or(Ok(()), calibrator)
}

fn fitted(model: &Fitted, depth: usize) -> Checked {
    match model {
        Fitted::Baseline(model) => baseline(model),
        Fitted::Lifetime(model) => lifetime(model),
        Fitted::Linear(model) => linear(model),
        Fitted::Trees(model) => {
            preprocess(&model.preprocess)?;
            trees(&model.trees, &model.preprocess, 1)
        }
        Fitted::TwoStage(model) => two_stage(model),
        Fitted::Blend(members) if depth == 0 => blend(members),
        Fitted::Blend(_) => Err("it is a blend of blends".to_owned()),
    }
}

fn blend(members: &[Member]) -> Checked {
    if members.is_empty() {
        return Err("its blend has no members".to_owned());
    }
    for member in members {
        if !(member.weight > 0.0 && member.weight <= 1.0 + 1e-9) {
            return Err(format!("a weight of its blend is {}", member.weight));
        }
        predictor(&member.predictor, 1)?;
    }
    let sum: f64 = members.iter().map(|member| member.weight).sum();
    if (sum - 1.0).abs() > 1e-6 {
        return Err(format!(
            "the weights of its blend sum to {sum} instead of 1"
        ));
    }
    Ok(())
}

fn baseline(model: &Baseline) -> Checked {
    let numbers = match *model {
        Baseline::Multiple { factor, .. } => vec![factor],
        Baseline::Chance {
            slope, intercept, ..
        } => vec![slope, intercept],
        Baseline::Rate { days, .. } => vec![days],
        Baseline::Constant(value) => vec![value],
    };
    all_fair("a number of its baseline", &numbers)
}

fn lifetime(model: &Lifetime) -> Checked {
    let positive = |name: &str, values: &[f64]| -> Checked {
        // A fit may end at an edge; nothing is beyond what 64-bit exponents of its search allow.
        match values
            .iter()
            .find(|value| !(**value > 0.0 && **value < 1e100))
        {
            None => Ok(()),
            Some(wrong) => Err(format!("a parameter of its {name} is {wrong:e}")),
        }
    };
    let family = model.transactions.family.title();
    positive(family, &model.transactions.parameters)?;
    if let Some(spend) = &model.spend {
        positive("Gamma-Gamma", &[spend.p, spend.q, spend.v])?;
    }
    if !(1..=36_500).contains(&model.horizon_days) {
        return Err(format!(
            "its {family} looks {} days ahead",
            model.horizon_days
        ));
    }
    all_fair("its mean purchase value", &[model.mean_value])
}

fn linear(model: &LinearModel) -> Checked {
    preprocess(&model.preprocess)?;
    let (inputs, found) = (
        model.preprocess.inputs.len(),
        model.linear.coefficients.len(),
    );
    if inputs != found {
        return Err(format!("it has {found} coefficients for {inputs} inputs"));
    }
    if model
        .power
        .is_some_and(|power| !(power > 1.0 && power < 2.0))
    {
        return Err("its Tweedie power does not lie between 1 and 2".to_owned());
    }
    all_fair("a coefficient", &model.linear.coefficients)?;
    all_fair(
        "its intercept or penalty",
        &[model.linear.intercept, model.ridge],
    )
}

fn preprocess(model: &Preprocess) -> Checked {
    for input in &model.inputs {
        let Form::Standard {
            mean,
            sd,
            low,
            high,
            ..
        } = input.form
        else {
            continue;
        };
        let name = &input.feature;
        all_fair(&format!("the scale of `{name}`"), &[mean, sd, low, high])?;
        if sd <= 0.0 || low > high {
            return Err(format!("the scale of `{name}` is upside down"));
        }
    }
    Ok(())
}

fn trees(trees: &Boosted, preprocess: &Preprocess, outputs: usize) -> Checked {
    let (inputs, shape) = (preprocess.inputs.len(), trees.shape());
    if shape.inputs != inputs {
        return Err(format!(
            "its trees read {} inputs, and it lists {inputs}",
            shape.inputs
        ));
    }
    if shape.outputs != outputs {
        return Err(format!(
            "its trees answer {} numbers instead of {outputs}",
            shape.outputs
        ));
    }
    Ok(())
}

fn two_stage(model: &TwoStage) -> Checked {
    preprocess(&model.preprocess)?;
    all_fair("a cut between its tiers", &model.cuts)?;
    if model.cuts[0] > model.cuts[1] {
        return Err("the cuts between its tiers are upside down".to_owned());
    }
    let parts = model.parts();
    trees(parts.router, &model.preprocess, 3)?;
    for specialist in parts.specialists {
        if let Some(own) = specialist.trees {
            trees(own, &model.preprocess, 1)?;
        }
        all_fair("an answer of its tiers", &[specialist.low, specialist.high])?;
        if specialist.low > specialist.high {
            return Err("the range of a tier is upside down".to_owned());
        }
    }
    Ok(())
}

fn calibrator(model: &Calibrator) -> Checked {
    match model {
        Calibrator::Platt { slope, intercept } => {
            all_fair("a number of its recalibration", &[*slope, *intercept])
        }
        Calibrator::Isotonic { x, y } => {
            all_fair("a number of its recalibration", x)?;
            all_fair("a number of its recalibration", y)?;
            let rising = x.windows(2).all(|pair| pair[0] < pair[1]);
            let never_falling = y.windows(2).all(|pair| pair[0] <= pair[1]);
            if x.is_empty() || x.len() != y.len() || !rising || !never_falling {
                return Err(
                    "the curve of its recalibration does not rise point by point".to_owned(),
                );
            }
            Ok(())
        }
        Calibrator::Scale { factor } if FACTORS.contains(factor) => Ok(()),
        Calibrator::Scale { factor } => Err(format!("its recalibration multiplies by {factor:e}")),
    }
}
