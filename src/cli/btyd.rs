//! `keepers btyd`: how often customers come back and whether they still will, from purchase days alone.

use std::{collections::BTreeMap, fmt::Write};

use clap::Args;
use serde::Serialize;

use super::{
    input::{Input, day},
    output::{self, CliError},
    table::{self, Column, Table},
};
use base::monitor::Monitor;
use data::day::{Day, iso};
use models::btyd::{
    FitReport, GammaGamma, Judgement, Study, StudySpec, TimeUnit,
    holdout::{FrequencyRow, HoldOutScore},
    study,
    study::{NAIVE_RATE, NOBODY_BUYS},
};

/// Fit buy-till-you-die models and check them against what happened after
///
/// Orders up to and including the calibration end are learned from; those after it, up to the as-of
/// date, are what the models are judged by.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Last day to learn from, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = day)]
    calibration_end: Day,
    /// Unit of time of the parameters: days, weeks, months or years
    #[arg(long, value_name = "UNIT", default_value = "weeks", value_parser = unit)]
    time_unit: TimeUnit,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Output {
    name: String,
    calibration_end: String,
    time_unit: &'static str,
    customers: usize,
    distinct_histories: usize,
    models: BTreeMap<&'static str, Fitted>,
    gamma_gamma: Option<Spend>,
    /// Why there is no model of order values.
    #[serde(skip_serializing_if = "Option::is_none")]
    gamma_gamma_problem: Option<String>,
    /// Absent when no day lies between the calibration end and the as-of date.
    hold_out: Option<HoldOutTable>,
}

/// A fitted model.
#[derive(Serialize)]
struct Fitted {
    parameters: BTreeMap<String, f64>,
    standard_errors: BTreeMap<String, Option<f64>>,
    log_likelihood: f64,
    aic: f64,
    customers: usize,
    converged: bool,
    iterations: usize,
    evaluations: usize,
    gradient_norm: f64,
    warnings: Vec<String>,
}

impl Fitted {
    fn of(report: &FitReport) -> Self {
        let estimates = || report.estimates.iter();
        Self {
            parameters: estimates().map(|e| (e.name.clone(), e.value)).collect(),
            standard_errors: estimates()
                .map(|e| (e.name.clone(), e.standard_error))
                .collect(),
            log_likelihood: report.log_likelihood,
            aic: report.aic,
            customers: report.customers,
            converged: report.converged,
            iterations: report.iterations,
            evaluations: report.evaluations,
            gradient_norm: report.gradient_norm,
            warnings: report.warnings.iter().map(ToString::to_string).collect(),
        }
    }
}

#[derive(Serialize)]
struct Spend {
    #[serde(flatten)]
    fitted: Fitted,
    /// Of frequency and mean spend, which the model assumes to be 0.
    correlation: Option<f64>,
    /// Mean order value over all customers.
    population_mean: Option<f64>,
    /// Customers with repeats of no value.
    left_out: usize,
}

impl Spend {
    fn of(model: &GammaGamma) -> Self {
        Self {
            fitted: Fitted::of(&model.report),
            correlation: model.correlation,
            population_mean: model.population_mean(),
            left_out: model.left_out,
        }
    }
}

#[derive(Serialize)]
struct HoldOutTable {
    start: String,
    end: String,
    days: u32,
    /// The model with the smallest root mean squared error.
    best: &'static str,
    scores: Vec<HoldOutScore>,
    by_frequency: BTreeMap<&'static str, Vec<FrequencyRow>>,
}

impl HoldOutTable {
    fn of(study: &Study, judgement: &Judgement) -> Self {
        let models = study.models.iter().map(|model| model.family.name());
        Self {
            start: iso(study.spec.calibration_end + 1),
            end: iso(judgement.hold_out.end),
            days: judgement.hold_out.days,
            best: judgement.best.name(),
            scores: judgement.scores.clone(),
            by_frequency: models.zip(judgement.by_frequency.clone()).collect(),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open_history("Buying models")?;
    let end = shop.as_of - 1;
    if arguments.calibration_end > end {
        return Err(CliError::Input(format!(
            "the calibration end {} lies after the last day of the data, {}. Choose an earlier --calibration-end",
            iso(arguments.calibration_end),
            iso(end)
        )));
    }
    let spec = StudySpec {
        calibration_end: arguments.calibration_end,
        end,
        unit: arguments.time_unit,
    };
    let study = study(&shop.dataset.orders, spec, &Monitor::silent())
        .map_err(|error| CliError::Input(error.to_string()))?;
    if arguments.json {
        output::print_json(&json(&shop.dataset.name, &study))
    } else {
        output::print(&text(&shop.dataset.name, &study))
    }
}

fn unit(text: &str) -> Result<TimeUnit, String> {
    TimeUnit::ALL
        .into_iter()
        .find(|unit| unit.name() == text)
        .ok_or_else(|| "expected days, weeks, months or years".to_owned())
}

fn json(name: &str, study: &Study) -> Output {
    let models = study.models.iter();
    Output {
        name: name.to_owned(),
        calibration_end: iso(study.spec.calibration_end),
        time_unit: study.spec.unit.name(),
        customers: study.counts.len(),
        distinct_histories: study.counts.groups.len(),
        models: models
            .map(|model| (model.family.name(), Fitted::of(&model.report)))
            .collect(),
        gamma_gamma: study.spend.as_ref().ok().map(Spend::of),
        gamma_gamma_problem: study.spend.as_ref().err().map(ToString::to_string),
        hold_out: study
            .hold_out
            .as_ref()
            .map(|judgement| HoldOutTable::of(study, judgement)),
    }
}

fn text(name: &str, study: &Study) -> String {
    let mut text = format!(
        "{name}, learned up to {}: {} customers, {} distinct histories, time in {}\n\n",
        iso(study.spec.calibration_end),
        table::count(study.counts.len() as u64),
        table::count(study.counts.groups.len() as u64),
        study.spec.unit.name()
    );
    for model in &study.models {
        describe(&mut text, model.family.title(), &model.report);
    }
    match &study.spend {
        Ok(model) => {
            describe(&mut text, "Gamma-Gamma (order value)", &model.report);
            if let Some(correlation) = model.correlation {
                let _ = writeln!(
                    text,
                    "  correlation of frequency and mean spend {correlation:.3}, customers left out {}\n",
                    table::count(model.left_out as u64)
                );
            }
        }
        Err(problem) => {
            let _ = writeln!(text, "Gamma-Gamma (order value): {problem}\n");
        }
    }
    match &study.hold_out {
        Some(judgement) => text.push_str(&hold_out_text(study, judgement)),
        None => text
            .push_str("No day lies between the calibration end and the as-of date: no hold-out.\n"),
    }
    text
}

/// Appends parameters, fit and warnings of a model.
fn describe(text: &mut String, title: &str, report: &FitReport) {
    let _ = writeln!(
        text,
        "{title}: log-likelihood {}, AIC {}, {} iterations, gradient {:.0e}",
        table::decimals(report.log_likelihood, 4),
        table::decimals(report.aic, 2),
        report.iterations,
        report.gradient_norm
    );
    let mut list = Table::list();
    for estimate in &report.estimates {
        let error = estimate
            .standard_error
            .map_or_else(|| "unknown".to_owned(), |error| format!("{error:.6}"));
        list.entry(&estimate.name, format!("{:.6} ± {error}", estimate.value));
    }
    text.push_str(&list.render());
    for warning in &report.warnings {
        let _ = writeln!(text, "  warning: {warning}");
    }
    text.push('\n');
}

fn hold_out_text(study: &Study, judgement: &Judgement) -> String {
    let mut scores = Table::new(&[
        ("predictor", Column::Words),
        ("expected", Column::Figures),
        ("actual", Column::Figures),
        ("MAE", Column::Figures),
        ("RMSE", Column::Figures),
        ("correlation", Column::Figures),
    ]);
    for score in &judgement.scores {
        scores.row([
            title(study, &score.predictor).to_owned(),
            table::decimals(score.expected, 1),
            table::count(score.actual),
            table::decimals(score.mae, 4),
            table::decimals(score.rmse, 4),
            table::decimals(score.correlation.unwrap_or(f64::NAN), 4),
        ]);
    }
    let mut text = format!(
        "Purchases in the hold-out, {} to {} ({} days); smallest RMSE: {}\n{}",
        iso(study.spec.calibration_end + 1),
        iso(judgement.hold_out.end),
        judgement.hold_out.days,
        judgement.best.title(),
        scores.render()
    );
    text.push_str("\nMean hold-out purchases by repeats in the calibration\n");
    text.push_str(&frequency_table(study, judgement).render());
    text
}

fn frequency_table(study: &Study, judgement: &Judgement) -> Table {
    let mut columns = vec![
        ("repeats", Column::Words),
        ("customers", Column::Figures),
        ("actual", Column::Figures),
    ];
    columns.extend(
        study
            .models
            .iter()
            .map(|m| (m.family.title(), Column::Figures)),
    );
    let mut rows = Table::new(&columns);
    let first = judgement
        .by_frequency
        .first()
        .map_or(&[][..], Vec::as_slice);
    for (index, row) in first.iter().enumerate() {
        let more = if row.or_more { "+" } else { "" };
        let mut cells = vec![
            format!("{}{more}", row.repeats),
            table::count(row.customers as u64),
            table::decimals(row.mean_actual, 3),
        ];
        let of_models = judgement.by_frequency.iter();
        cells.extend(of_models.map(|rows| table::decimals(rows[index].mean_expected, 3)));
        rows.row(cells);
    }
    rows
}

/// Name for people of a predictor.
fn title<'a>(study: &Study, predictor: &'a str) -> &'a str {
    let mut families = study.models.iter().map(|model| model.family);
    if let Some(family) = families.find(|family| family.name() == predictor) {
        return family.title();
    }
    match predictor {
        NAIVE_RATE => "Own rate goes on",
        NOBODY_BUYS => "Nobody buys",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_named_or_refused() {
        assert_eq!(unit("weeks"), Ok(TimeUnit::Weeks));
        assert!(unit("week").is_err());
    }
}
