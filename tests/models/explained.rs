//! What drove a prediction, for every kind of model: parts that add up, and that mean what they say.

use keepers::{
    base::monitor::Monitor,
    models::{
        Gallery, Run,
        contributions::{Contributions, Method, Sampling, Scale, contributions},
        features::FeatureTable,
    },
};

use crate::recipes::{small, trained};

fn explained(run: &Run, model: usize, rows: &FeatureTable) -> Contributions {
    let others = run.features.select(&run.split.training[..50]);
    let sampling = Sampling {
        others: &others,
        orders: 8,
        seed: 3,
        monitor: &Monitor::silent(),
    };
    let model = &run.models[model].fitted.model;
    let class = run.target.kind.is_class();
    let found = contributions(model, (rows, class), sampling).expect("features");
    found.expect("parts of a model")
}

#[test]
fn the_parts_of_every_model_add_up_to_what_it_says() {
    let mut met = Vec::new();
    for gallery in [
        Gallery::BestOfAll,
        Gallery::Churn,
        Gallery::TwoStageTiers,
        Gallery::Ltv12Months,
        Gallery::Lifetime,
    ] {
        let run = trained(&small(gallery), 600);
        let rows = run.features.select(&run.split.hold_out[..12]);
        for (at, model) in run.models.iter().enumerate().filter(|(_, m)| !m.baseline) {
            let found = explained(&run, at, &rows);
            let said = model.fitted.predict_raw(&rows).expect("features");
            for (row, said) in said.iter().enumerate() {
                let parts: f64 = found.parts.iter().map(|(_, parts)| parts[row]).sum();
                let sum = found.scale.answer(found.base[row] + parts);
                let near = 1e-4 * (1.0 + said.abs());
                assert!(
                    (sum - said).abs() < near,
                    "{}: {sum} and {said}",
                    model.name
                );
            }
            met.push((model.name.clone(), found.method, found.scale));
        }
    }
    for (name, method, scale) in [
        ("tweedie_glm", Method::Linear, Scale::LogValue),
        ("logistic_regression", Method::Linear, Scale::LogOdds),
        ("boosting_squared", Method::TreeShap, Scale::Value),
        ("boosting_log1p", Method::TreeShap, Scale::LogOnePlus),
        ("boosting_tweedie", Method::TreeShap, Scale::LogValue),
        ("boosting_logistic", Method::TreeShap, Scale::LogOdds),
        ("two_stage_hard", Method::Sampled, Scale::Value),
        ("two_stage_soft", Method::Sampled, Scale::Value),
        ("lifetime", Method::Sampled, Scale::Value),
        ("blend", Method::Sampled, Scale::Value),
    ] {
        let found = met.iter().find(|(known, ..)| known == name);
        let (_, how, on) = found.unwrap_or_else(|| panic!("{name} was not met: {met:?}"));
        assert_eq!((*how, *on), (method, scale), "{name}");
    }
    let forests = met.iter().filter(|(name, ..)| name == "random_forest");
    let scales: Vec<Scale> = forests.map(|(.., scale)| *scale).collect();
    assert_eq!(scales, [Scale::Value, Scale::Probability]);
}

/// A linear score has known Shapley values: coefficient × (own input − mean of the others'), which is
/// the coefficient part of the customer less the mean of those of the others.
#[test]
fn parts_of_a_linear_model_by_hand() {
    let run = trained(&small(Gallery::Clv90Days), 600);
    let rows = run.features.select(&run.split.hold_out[..5]);
    let found = explained(&run, run.best, &rows);
    let keepers::models::learner::Fitted::Linear(linear) = &run.best().fitted.model else {
        panic!("no linear model")
    };
    let inputs = linear.preprocess.inputs.iter();
    let columns = inputs
        .zip(&linear.linear.coefficients)
        .filter(|(input, _)| input.feature == "recency_days");
    let recency = rows.column("recency_days").expect("a feature");
    let (_, parts) = found
        .parts
        .iter()
        .find(|(name, _)| name == "recency_days")
        .expect("a part");
    for (row, part) in parts.iter().enumerate() {
        let by_hand: f64 = columns
            .clone()
            .map(|(input, coefficient)| match input.form {
                keepers::models::preprocess::Form::Standard {
                    log,
                    mean,
                    sd,
                    low,
                    high,
                } => {
                    let value = recency[row];
                    let value = if log { value.ln_1p() } else { value };
                    coefficient * (value.clamp(low, high) - mean) / sd
                }
                _ => 0.0,
            })
            .sum();
        assert!((part - by_hand).abs() < 1e-12, "{part} and {by_hand}");
    }
}
