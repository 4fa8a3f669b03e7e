//! `keepers generate`: writes the files of a simulated shop, and the truth behind them.

use std::{fmt::Write, path::PathBuf};

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};

use super::output::{self, CliError};
use base::monitor::Monitor;
use simulator::{Layout, Spec, disk::to_folder};

/// Write the files of a simulated shop, with its exact figures in truth.json beside them
#[derive(Args)]
pub(super) struct Arguments {
    /// How many customers the shop wins in its three years
    #[arg(long, value_name = "N", default_value_t = 4_000, value_parser = clap::value_parser!(u32).range(1..=100_000_000))]
    customers: u32,
    /// Number that decides every random draw: the same seed gives the same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Layout of the files: a plain one, or the export of a shop system
    #[arg(long, alias = "shape", value_name = "NAME", default_value = "orders", value_parser = layout_names())]
    layout: Layout,
    /// Folder for the files; made when missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Mean number of orders per customer, the first one included
    #[arg(long, value_name = "MEAN", default_value_t = 4.5)]
    orders_per_customer: f64,
    /// Mean number of lines per order
    #[arg(long, value_name = "MEAN", default_value_t = 1.35)]
    lines_per_order: f64,
    /// Pure BG/NBD and Gamma-Gamma buying: no seasons, no growth, nothing sent back, all customers
    /// of one kind
    #[arg(long)]
    plain: bool,
    /// Replace files that are already there
    #[arg(long, visible_alias = "replace")]
    force: bool,
    /// Print the truth as JSON
    #[arg(long)]
    json: bool,
}

/// Accepts the names of the layouts, and lists them with what they are.
fn layout_names() -> impl TypedValueParser<Value = Layout> {
    let names = Layout::all();
    let names = names
        .iter()
        .map(|layout| PossibleValue::new(layout.name()).help(layout.about()));
    // Only names of layouts come this far.
    PossibleValuesParser::new(names).map(|name| Layout::named(&name).unwrap_or(Layout::Orders))
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let spec = Spec {
        customers: arguments.customers,
        seed: arguments.seed,
        layout: arguments.layout,
        orders_per_customer: arguments.orders_per_customer,
        lines_per_order: arguments.lines_per_order,
        plain: arguments.plain,
    };
    let (truth, paths) = to_folder(&spec, &arguments.out, arguments.force, &Monitor::silent())?;
    if arguments.json {
        return output::print_json(&truth);
    }
    let mut text = format!(
        "{} customers with {} orders and {} lines, net revenue {}\n",
        truth.customers, truth.orders, truth.lines, truth.net_revenue
    );
    for path in paths {
        let _ = writeln!(text, "wrote {}", path.display());
    }
    output::print(&text)
}
