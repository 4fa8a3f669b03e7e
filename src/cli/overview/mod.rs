//! `keepers overview`: every number of the Overview, unrounded as JSON or as tables for people.

mod answer;
mod numbers;
mod text;

use clap::Args;

use self::numbers::Numbers;
use super::{
    input::Input,
    output::{self, CliError},
};
use analysis::{
    calendar::calendar_revenue, cohort_build::cohorts, customers::customers_as_of,
    insights::insights, overview_build::overview, trust,
};
use base::monitor::Monitor;
use data::day::Period;

/// Print every number of the Overview: revenue over time and by vintage, top lists, order lifecycle,
/// customer value
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// How long a calendar period is [default: as the project says, else month]
    #[arg(long, value_parser = clap::builder::PossibleValuesParser::new(["week", "month", "quarter", "year"]))]
    period: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open_history("Overview figures")?;
    let period = match arguments.period.as_deref() {
        None => shop.project.overview_period,
        Some("week") => Period::Week,
        Some("quarter") => Period::Quarter,
        Some("year") => Period::Year,
        Some(_) => Period::Month,
    };
    let orders = &*shop.dataset.orders;
    let customers = customers_as_of(orders, shop.as_of);
    let cohorts = cohorts(orders, shop.as_of, &shop.project.cohorts);
    let days = orders.day_range();
    let holes = trust::holes(orders, days);
    let numbers = Numbers {
        limits: trust::limits(days, &holes, &customers, &cohorts),
        overview: overview(orders, &customers, period),
        calendar: calendar_revenue(orders, &customers, period),
        insights: insights(orders, &customers, &Monitor::silent())
            .map_err(|cancelled| CliError::Input(cancelled.to_string()))?,
    };
    if arguments.json {
        output::print_json(&answer::answer(&shop, numbers))
    } else {
        output::print(&text::text(&shop, &numbers))
    }
}
