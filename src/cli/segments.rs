//! `keepers segments`: RFM score counts and the segments with their averages.

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    input::Input,
    output::{self, CliError},
    table::{self, Column, Table},
};
use crate::{
    analysis::{
        customers::customers_as_of,
        rfm::{TieRule, score},
        segments::{SegmentStats, segment_orders},
    },
    data::day::iso,
};

/// Print the RFM segments: customers, revenue and averages of each
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// How customers with equal values are scored [default: as the project says, else share]
    #[arg(long, value_enum)]
    ties: Option<Ties>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Ties {
    /// Equal customers share a score
    Share,
    /// Quintiles of the rank in customer order
    RankFirst,
}

impl Ties {
    fn rule(self) -> TieRule {
        match self {
            Self::Share => TieRule::Share,
            Self::RankFirst => TieRule::RankFirst,
        }
    }
}

#[derive(Serialize)]
struct Answer {
    ties: TieRule,
    as_of: String,
    scores: ScoreCounts,
    segments: Vec<SegmentStats>,
}

/// Customers with score 1…5.
#[derive(Serialize)]
struct ScoreCounts {
    r: [u64; 5],
    f: [u64; 5],
    m: [u64; 5],
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let shop = arguments.input.open_history("Segments")?;
    let customers = customers_as_of(&shop.dataset.orders, shop.as_of);
    let ties = arguments.ties.map_or(shop.project.ties, Ties::rule);
    let scores = score(&customers, ties);
    let [r, f, m] = scores.counts();
    let result = Answer {
        ties: scores.ties,
        as_of: iso(shop.as_of),
        scores: ScoreCounts { r, f, m },
        segments: segment_orders(
            &shop.dataset.orders,
            &customers,
            &scores,
            &shop.project.rules,
        )
        .stats,
    };
    if arguments.json {
        output::print_json(&result)
    } else {
        output::print(&text(&result))
    }
}

fn text(result: &Answer) -> String {
    let mut segments = Table::new(&[
        ("segment", Column::Words),
        ("customers", Column::Figures),
        ("share", Column::Figures),
        ("revenue", Column::Figures),
        ("share", Column::Figures),
        ("recency days", Column::Figures),
        ("orders", Column::Figures),
        ("value", Column::Figures),
        ("AOV", Column::Figures),
        ("tenure days", Column::Figures),
    ]);
    let all: u64 = result.segments.iter().map(|stats| stats.customers).sum();
    for stats in &result.segments {
        segments.row([
            stats.name.clone(),
            table::count(stats.customers),
            table::percent(stats.customers as f64 / all as f64),
            table::money(stats.revenue),
            table::percent(stats.revenue_share),
            table::decimals(stats.recency_days, 0),
            table::decimals(stats.frequency, 1),
            table::money(stats.monetary),
            table::money(stats.aov),
            table::decimals(stats.tenure_days, 0),
        ]);
    }
    let mut scores = Table::new(&[
        ("score", Column::Words),
        ("1", Column::Figures),
        ("2", Column::Figures),
        ("3", Column::Figures),
        ("4", Column::Figures),
        ("5", Column::Figures),
    ]);
    for (name, counts) in [
        ("recency", result.scores.r),
        ("frequency", result.scores.f),
        ("monetary", result.scores.m),
    ] {
        scores.row(std::iter::once(name.to_owned()).chain(counts.map(table::count)));
    }
    format!(
        "Segments as of {}; recency to tenure are means\n{}\nCustomers by score\n{}",
        result.as_of,
        segments.render(),
        scores.render()
    )
}
