//! `keepers train`: trains a recipe, compares its models with naive ones, and saves the best.

use std::{
    collections::BTreeMap,
    fmt::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use serde::Serialize;

use super::{
    input::{Input, Shop},
    model,
    model::{CoverageOutput, material, told},
    output::{self, CliError, say},
    table::{self, Column, Table},
};
use analysis::rates::default_target;
use base::monitor::Monitor;
use data::day::iso;
use evaluation::{
    leakage::Leakage,
    report::Report,
    verdict::{Evidence, level_words},
};
use models::{
    Gallery, Recipe, Run, Sample,
    features::FeatureSpec,
    predictions::Metrics,
    recipe::gallery::table_churn,
    run::{BacktestModel, ModelRun},
    target::{Design, TargetKind},
    train_here,
};

/// Train a recipe, compare its models with naive ones, save the best
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Recipe by name, or a JSON file with one (see --recipe-out)
    ///
    /// Names: `12_month_ltv`, `two_stage_tiers`, `90_day_clv`, `churn`, `90_day_spend`,
    /// `90_day_purchase`, `customer_lifetime`, `best_of_all`.
    #[arg(long, value_name = "NAME")]
    recipe: String,
    #[command(flatten)]
    settings: Settings,
    /// Save the best model here
    #[arg(long, value_name = "FILE")]
    model_out: Option<PathBuf>,
    /// Save its trees here in XGBoost's JSON format
    #[arg(long, value_name = "FILE")]
    xgboost_out: Option<PathBuf>,
    /// Write the recipe with all its settings here as JSON, to be edited and given as --recipe
    #[arg(long, value_name = "FILE")]
    recipe_out: Option<PathBuf>,
    /// Replace files that exist already
    #[arg(long)]
    replace: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Settings that replace those of the recipe.
#[derive(Args)]
struct Settings {
    /// Days ahead (recipes with one t₀ for all)
    #[arg(long, value_name = "DAYS")]
    horizon: Option<u32>,
    /// Share of customers locked away until everything is chosen, 0 to 0.9
    #[arg(long, value_name = "SHARE")]
    hold_out: Option<f64>,
    /// Folds of the cross-validation
    #[arg(long, value_name = "N")]
    folds: Option<usize>,
    /// How many times the recipe is trained again at earlier dates
    #[arg(long, value_name = "N")]
    backtests: Option<usize>,
    /// Seed of every random draw
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Column of a customer table to predict, with --over; default: the one that speaks of churn
    #[arg(long, value_name = "COLUMN", requires = "over")]
    target: Option<String>,
    /// Customers above this value of --target are the "yes"
    #[arg(
        long,
        value_name = "NUMBER",
        requires = "target",
        allow_negative_numbers = true
    )]
    over: Option<f64>,
}

#[derive(Serialize)]
struct Output<'a> {
    name: &'a str,
    recipe: &'a Recipe,
    as_of: String,
    /// t₀ of the cutoff design.
    #[serde(skip_serializing_if = "Option::is_none")]
    cutoff: Option<String>,
    target: &'a str,
    customers: usize,
    hold_out_customers: usize,
    features: &'a [FeatureSpec],
    best: &'a str,
    verdict: &'static str,
    sentence: String,
    /// What decided: the tested metric of the model and of the strongest rival, and the interval of
    /// their difference; Σ predicted ÷ Σ actual.
    evidence: Evidence<'a>,
    /// Where the verdict comes from: out of time where possible, else the hold-out.
    judged_on: &'static str,
    /// The model the verdict is about, where another one would have been chosen at the earlier date.
    #[serde(skip_serializing_if = "Option::is_none")]
    chosen_then: Option<&'a str>,
    /// The score that chose among grid points and models.
    chosen_by: &'static str,
    models: Vec<ModelOutput<'a>>,
    backtests: Vec<BacktestOutput<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    leakage: Option<&'a Leakage>,
    warnings: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    model_file: Option<String>,
}

#[derive(Serialize)]
struct ModelOutput<'a> {
    name: &'a str,
    title: &'a str,
    baseline: bool,
    #[serde(skip_serializing_if = "str::is_empty")]
    chosen: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    grid: &'a [(String, f64)],
    /// All out-of-fold predictions together.
    out_of_fold: &'a Metrics,
    /// Mean and standard deviation over the folds.
    folds: BTreeMap<&'a str, [f64; 2]>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    hold_out: &'a Metrics,
    /// What the intervals hold on the locked rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_out_coverage: Option<CoverageOutput>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    on_remaining_value: &'a Metrics,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    importances: &'a [(String, f64)],
}

#[derive(Serialize)]
struct BacktestOutput<'a> {
    trained_at: String,
    applied_at: String,
    customers: usize,
    /// The model that would have been chosen then.
    #[serde(skip_serializing_if = "Option::is_none")]
    best: Option<&'a str>,
    models: BTreeMap<&'a str, BacktestModelOutput<'a>>,
}

#[derive(Serialize)]
struct BacktestModelOutput<'a> {
    #[serde(flatten)]
    metrics: &'a Metrics,
    #[serde(flatten)]
    coverage: Option<CoverageOutput>,
}

impl<'a> BacktestModelOutput<'a> {
    fn of(model: &'a BacktestModel) -> Self {
        Self {
            metrics: &model.metrics,
            coverage: model.coverage.as_ref().map(CoverageOutput::of),
        }
    }
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open()?;
    let recipe = recipe(arguments, &shop)?;
    if let Some(path) = &arguments.recipe_out {
        let text = serde_json::to_vec_pretty(&recipe)
            .map_err(|error| CliError::Input(format!("the recipe is no JSON: {error}")))?;
        model::write_new(path, &text, arguments.replace)?;
    }
    for path in [&arguments.model_out, &arguments.xgboost_out]
        .into_iter()
        .flatten()
    {
        model::refuse_existing(path, arguments.replace)?;
    }
    let material = material(&shop)?;
    let run = train_here(material, shop.as_of, &recipe, &Monitor::silent()).map_err(told)?;
    let (report, judged_on) = verdict(&run)?;
    if let Some(path) = &arguments.model_out {
        run.saved
            .save(path, arguments.replace)
            .map_err(|error| CliError::Input(error.to_string()))?;
    }
    if let Some(path) = &arguments.xgboost_out {
        run.saved
            .export_xgboost(path, arguments.replace)
            .map_err(|error| CliError::Input(error.to_string()))?;
    }
    if arguments.json {
        return output::print_json(&json(&shop, &run, (&report, judged_on), arguments));
    }
    for warning in &run.warnings {
        say(&format!("note: {warning}"));
    }
    output::print(&text(&shop, &run, (&report, judged_on)))
}

/// The court of last resort: out of time where the history is long enough, else the hold-out.
fn verdict(run: &Run) -> Result<(Report, &'static str), CliError> {
    let monitor = Monitor::silent();
    let earlier = run.at_backtest(run.best, 0);
    let (sample, words) = if earlier.is_none() {
        (
            Sample::Best,
            if run.split.hold_out.is_empty() {
                "out of fold"
            } else {
                "hold-out"
            },
        )
    } else {
        (Sample::OutOfTime(0), "out of time")
    };
    let report = run.report(run.best, sample, &monitor).map_err(told)?;
    Ok((report, words))
}

/// The model that the verdict out of time is about, where it is not the one chosen today.
fn chosen_then(run: &Run) -> Option<&BacktestModel> {
    let earlier = run.at_backtest(run.best, 0)?;
    (earlier.name != run.best().name).then_some(earlier)
}

/// The recipe with the settings of the command line.
fn recipe(arguments: &Arguments, shop: &Shop) -> Result<Recipe, CliError> {
    let mut recipe = match Gallery::named(&arguments.recipe) {
        Some(gallery) => gallery.recipe(),
        None => read_recipe(&arguments.recipe)?,
    };
    let settings = &arguments.settings;
    let flat = !shop.dataset.shape.has_orders();
    if let (Some(column), Some(over)) = (&settings.target, settings.over) {
        recipe = table_churn(column, over);
    } else if flat && recipe.target == TargetKind::Churn {
        let found = shop
            .dataset
            .tables
            .first()
            .and_then(|table| default_target(table));
        let target = found.ok_or_else(|| {
            CliError::Input(
                "no column of this table speaks of churn. Name one with --target COLUMN --over NUMBER".to_owned(),
            )
        })?;
        recipe = Recipe {
            target: TargetKind::Condition(target),
            ..table_churn("", 0.0)
        };
    }
    if let (Some(days), Design::Cutoff { horizon_days }) = (settings.horizon, &mut recipe.design) {
        *horizon_days = days;
    }
    recipe.hold_out = settings.hold_out.unwrap_or(recipe.hold_out);
    recipe.folds = settings.folds.unwrap_or(recipe.folds);
    recipe.backtests = settings.backtests.unwrap_or(recipe.backtests);
    recipe.seed = settings.seed.unwrap_or(recipe.seed);
    Ok(recipe)
}

fn read_recipe(name: &str) -> Result<Recipe, CliError> {
    let names: Vec<&str> = Gallery::ALL.iter().map(|recipe| recipe.name()).collect();
    let text = base::reading::text(Path::new(name)).map_err(|error| {
        CliError::Input(format!(
            "there is no recipe `{name}`, and as a file it cannot be read: {error}. Recipes: {}",
            names.join(", ")
        ))
    })?;
    serde_json::from_str(&text)
        .map_err(|error| CliError::Input(format!("{name} is no recipe: {error}")))
}

fn json<'a>(
    shop: &'a Shop,
    run: &'a Run,
    (report, judged_on): (&'a Report, &'static str),
    arguments: &Arguments,
) -> Output<'a> {
    let cutoff = matches!(run.recipe.design, Design::Cutoff { .. }).then(|| iso(run.cutoff));
    Output {
        name: &shop.dataset.name,
        recipe: &run.recipe,
        as_of: iso(run.as_of),
        cutoff,
        target: &run.target.definition,
        customers: run.target.values.len(),
        hold_out_customers: run.split.hold_out.len(),
        features: &run.features.specs,
        best: &run.best().name,
        verdict: report.verdict.title(),
        sentence: report.sentence.clone(),
        evidence: report.evidence(),
        judged_on,
        chosen_then: chosen_then(run).map(|model| model.name.as_str()),
        chosen_by: run.score_name(),
        models: run.models.iter().map(model_output).collect(),
        backtests: run
            .backtests
            .iter()
            .map(|backtest| BacktestOutput {
                trained_at: iso(backtest.trained_at),
                applied_at: iso(backtest.applied_at),
                customers: backtest.customers.len(),
                best: backtest.chosen().map(|model| model.name.as_str()),
                models: (backtest.models.iter())
                    .map(|model| (model.name.as_str(), BacktestModelOutput::of(model)))
                    .collect(),
            })
            .collect(),
        leakage: run.leakage.as_ref(),
        warnings: &run.warnings,
        model_file: arguments
            .model_out
            .as_ref()
            .map(|path| path.display().to_string()),
    }
}

fn model_output(model: &ModelRun) -> ModelOutput<'_> {
    let mut folds = BTreeMap::new();
    for name in model.cross_validated.keys() {
        let values: Vec<f64> = model
            .folds
            .iter()
            .filter_map(|metrics| metrics.get(name).copied())
            .collect();
        let count = values.len() as f64;
        if values.len() > 1 {
            let mean = values.iter().sum::<f64>() / count;
            let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
            folds.insert(name.as_str(), [mean, (squares / (count - 1.0)).sqrt()]);
        }
    }
    ModelOutput {
        name: &model.name,
        title: &model.title,
        baseline: model.baseline,
        chosen: &model.chosen,
        grid: &model.grid,
        out_of_fold: &model.cross_validated,
        folds,
        hold_out: &model.held_out,
        hold_out_coverage: model.hold_out_coverage.as_ref().map(CoverageOutput::of),
        on_remaining_value: &model.on_remaining,
        importances: &model.importances,
    }
}

fn text(shop: &Shop, run: &Run, (report, judged_on): (&Report, &str)) -> String {
    let mut text = format!(
        "{}, {}: {}\n{} customers learned from, {} locked away; as of {}\n\n",
        shop.dataset.name,
        run.recipe.title,
        run.target.definition,
        table::count(run.split.training.len() as u64),
        table::count(run.split.hold_out.len() as u64),
        iso(run.as_of)
    );
    let class = run.target.kind.is_class();
    let names: &[&str] = if class {
        &["auc", "log_loss", "brier", "accuracy", "gain_10"]
    } else {
        &["gini_normalised", "gain_10", "gain_20", "r2", "mae", "bias"]
    };
    let mut columns = vec![("model", Column::Words), ("from", Column::Words)];
    columns.extend(names.iter().map(|&name| (name, Column::Figures)));
    let mut rows = Table::new(&columns);
    for model in &run.models {
        let samples = [
            ("out of fold", &model.cross_validated),
            ("hold-out", &model.held_out),
        ];
        for (sample, metrics) in samples.into_iter().filter(|(_, m)| !m.is_empty()) {
            rows.row(metric_row(&model.title, sample, metrics, names));
        }
    }
    for backtest in &run.backtests {
        for model in &backtest.models {
            let sample = format!(
                "{} → {}",
                iso(backtest.trained_at),
                iso(backtest.applied_at)
            );
            rows.row(metric_row(&model.title, &sample, &model.metrics, names));
        }
    }
    text.push_str(&rows.render());
    let _ = writeln!(
        text,
        "\nBest: {} ({}), chosen by {}. Judged {judged_on}: {}",
        run.best().title,
        run.best().chosen,
        run.score_name(),
        report.sentence
    );
    if let Some(level) = report.metrics.bias {
        let _ = writeln!(text, "There it {}.", level_words(level));
    }
    if let Some(then) = chosen_then(run) {
        let _ = writeln!(
            text,
            "At the earlier date {} would have been chosen; the verdict is about it.",
            then.title
        );
    }
    text
}

fn metric_row(title: &str, sample: &str, metrics: &Metrics, names: &[&str]) -> Vec<String> {
    let mut cells = vec![title.to_owned(), sample.to_owned()];
    let figure = |name: &&str| metrics.get(*name).copied().unwrap_or(f64::NAN);
    cells.extend(names.iter().map(|name| table::decimals(figure(name), 4)));
    cells
}
