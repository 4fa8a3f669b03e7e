//! `keepers score`: what a saved model says of every customer, as a file.

use std::path::PathBuf;

use clap::Args;

use super::{
    export::FileOptions,
    input::{Input, Shop},
    model,
    model::told,
    output::{self, CliError},
    table,
};
use analysis::numeric::settle;
use base::monitor::Monitor;
use data::dataset::tables::Values as Cells;
use data::day::iso;
use export::{Table, Values};
use models::predictions::Predictions;

/// Score every customer with a saved model
///
/// One row per customer: id, prediction (money, or a probability), prediction interval, and the
/// probability of still being a customer where the model knows it.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Model file written by `keepers train --model-out`
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// File to write, .csv or .xlsx; without it, the rows go to standard output as CSV
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    file: FileOptions,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let saved = model::open(&arguments.model)?;
    if let Some(path) = &arguments.out {
        arguments.file.check(path)?;
    }
    let shop = arguments.input.open()?;
    let features = model::features(&shop, &saved)?;
    let predictions = saved
        .predictions(&features, &Monitor::silent())
        .map_err(told)?;
    let table = scores(&shop, &predictions);
    let Some(path) = &arguments.out else {
        return arguments.file.print(&table);
    };
    arguments.file.write(&table, path)?;
    output::print(&format!(
        "{}: {} customers as of {}, sum of predictions {}\n",
        path.display(),
        table::count(predictions.customers.len() as u64),
        iso(shop.as_of),
        table::decimals(settle(predictions.value.iter().sum()), 2)
    ))
}

/// The predictions as a table; CSV writes numbers so that they read back to the same bits.
fn scores(shop: &Shop, predictions: &Predictions) -> Table {
    let mut table = Table::new("Predictions");
    let customers = predictions.customers.iter();
    let ids = customers.map(|&customer| name(shop, customer as usize));
    table.push("customer_id", Values::Text(ids.collect()));
    for (name, values) in [
        ("prediction", &predictions.value),
        ("low", &predictions.low),
        ("high", &predictions.high),
        ("p_alive", &predictions.p_alive),
    ] {
        if !values.is_empty() || name == "prediction" {
            table.push(name, Values::Numbers(values.clone()));
        }
    }
    table
}

/// Id of a customer: of the orders, or the first text column of a table that differs in every row;
/// else the row's number, counted from 1.
fn name(shop: &Shop, customer: usize) -> String {
    if shop.dataset.shape.has_orders() {
        return shop.dataset.orders.customer_ids.get(customer).to_owned();
    }
    let table = shop.dataset.tables.first();
    let id = table.and_then(|table| {
        table
            .columns
            .iter()
            .find_map(|column| match &column.values {
                Cells::Texts { codes, pool } if pool.len() >= table.rows => {
                    Some(pool.get(codes.get(customer) as usize).to_owned())
                }
                _ => None,
            })
    });
    id.unwrap_or_else(|| (customer + 1).to_string())
}
