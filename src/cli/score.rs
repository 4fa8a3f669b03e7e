//! `keepers score`: what a saved model says of every customer, as a CSV file.

use std::{fmt::Write, path::PathBuf};

use clap::Args;

use super::{
    input::{Input, Shop},
    model,
    output::{self, CliError},
    table,
    train::told,
};
use crate::{
    analysis::numeric::settle,
    data::{day::iso, monitor::Monitor, tables::Values},
    models::run::Predictions,
};

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
    /// CSV file to write; without it, the rows go to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file if it exists
    #[arg(long)]
    replace: bool,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let saved = model::open(&arguments.model)?;
    if let Some(path) = &arguments.out {
        model::refuse_existing(path, arguments.replace)?;
    }
    let shop = arguments.input.open()?;
    let features = model::features(&shop, &saved)?;
    let predictions = saved
        .predictions(&features, &Monitor::silent())
        .map_err(told)?;
    let text = csv(&shop, &predictions);
    let Some(path) = &arguments.out else {
        return output::print(&text);
    };
    model::write_new(path, text.as_bytes(), arguments.replace)?;
    output::print(&format!(
        "{}: {} customers as of {}, sum of predictions {}\n",
        path.display(),
        table::count(predictions.customers.len() as u64),
        iso(shop.as_of),
        table::decimals(settle(predictions.value.iter().sum()), 2)
    ))
}

/// The predictions as CSV; numbers are written so that they read back to the same bits.
fn csv(shop: &Shop, predictions: &Predictions) -> String {
    let intervals = !predictions.low.is_empty();
    let alive = !predictions.p_alive.is_empty();
    let mut text = String::from("customer_id,prediction");
    if intervals {
        text.push_str(",low,high");
    }
    if alive {
        text.push_str(",p_alive");
    }
    text.push('\n');
    for (row, &customer) in predictions.customers.iter().enumerate() {
        text.push_str(&quoted(&name(shop, customer as usize)));
        let _ = write!(text, ",{}", predictions.value[row]);
        if intervals {
            let _ = write!(text, ",{},{}", predictions.low[row], predictions.high[row]);
        }
        if alive {
            let _ = write!(text, ",{}", predictions.p_alive[row]);
        }
        text.push('\n');
    }
    text
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
                Values::Texts { codes, pool } if pool.len() >= table.rows => {
                    Some(pool.get(codes.get(customer) as usize).to_owned())
                }
                _ => None,
            })
    });
    id.unwrap_or_else(|| (customer + 1).to_string())
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_quoted_where_csv_needs_it() {
        assert_eq!(quoted("00012"), "00012");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
