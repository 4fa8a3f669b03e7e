//! `keepers segments`: RFM score counts, the segments with their averages, and what the rules do.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    input::{Input, Shop},
    output::{self, CliError, say},
    table::{self, Column, Table},
};
use analysis::{
    attribute_tests::AttributeTests,
    conditions::RuleInputs,
    customers::{Customers, customers_as_of},
    cut_points::CutPoints,
    moves::{Side, moves},
    rfm::{Scores, TieRule, score},
    rule_check::{RuleReport, check_rules},
    rules::Rule,
    segmenting::{segment, segment_orders},
    segments::{SegmentStats, Segmentation},
    stability::{Stability, stability},
};
use data::day::iso;
use project::{RuleSet, SegmentSpec};

/// Print the RFM segments: customers, revenue and averages of each
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// How customers with equal values are scored [default: as the rules or the project say, else share]
    #[arg(long, value_enum)]
    ties: Option<Ties>,
    /// Segment rules, and cut points if it has any, from a rule file (*.rules.ron, as the window
    /// exports it) instead of the project's; also says whom they move
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
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
    /// The cut points in use; of shared and ranked scores those that come to the same.
    cut_points: CutPoints,
    as_of: String,
    scores: ScoreCounts,
    segments: Vec<SegmentStats>,
    /// Customers whom no rule matches.
    unmatched: u64,
    rule_check: Vec<CheckedRule>,
    stability: Vec<CheckedCut>,
    /// Against the rules of the project, when others were given.
    moved: Option<Moved>,
}

/// Customers with score 1…5.
#[derive(Serialize)]
struct ScoreCounts {
    r: [u64; 5],
    f: [u64; 5],
    m: [u64; 5],
}

/// What a rule does in its list.
#[derive(Serialize)]
struct CheckedRule {
    name: String,
    /// Customers it would match alone, and those it wins.
    matches: u64,
    wins: u64,
    /// Customers who would change segment if it and the next rule changed places.
    swapped_with_next: u64,
    contradicts_itself: bool,
}

/// What moving a cut point does: the share of customers who change segment, the larger of both
/// directions; none for a cut point at or below zero.
#[derive(Serialize)]
struct CheckedCut {
    score_of: &'static str,
    score: usize,
    at: f64,
    one_percent: Option<f64>,
    five_percent: Option<f64>,
}

#[derive(Serialize)]
struct Moved {
    customers: u64,
    revenue: f64,
    /// Most customers first; no name: no rule matches.
    flows: Vec<MovedFlow>,
}

#[derive(Serialize)]
struct MovedFlow {
    from: Option<String>,
    to: Option<String>,
    customers: u64,
    revenue: f64,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let rules = arguments.rules.as_deref().map(RuleSet::load).transpose();
    let rules = rules.map_err(|error| CliError::Input(error.to_string()))?;
    let shop = arguments.input.open_history("Segments")?;
    let customers = customers_as_of(&shop.dataset.orders, shop.as_of);
    let before = SegmentSpec::of(&shop.project);
    let mut spec = rules
        .as_ref()
        .map_or_else(|| before.clone(), |set| set.spec(before.ties));
    spec.ties = arguments.ties.map_or(spec.ties, Ties::rule);
    let scores = score(&customers, spec.ties);
    let orders = &*shop.dataset.orders;
    let attributes = AttributeTests::of(orders, &customers, spec.rule_list());
    let inputs = RuleInputs::new(&customers, &scores, &attributes);
    let made = segment(inputs, &spec.rules);
    let report = check_rules(inputs, &spec.rules);
    if rules.is_some() {
        notes(&report, &spec.rules, &attributes);
    }
    let cuts = match scores.ties {
        TieRule::Fixed(cuts) => cuts,
        TieRule::Share | TieRule::RankFirst => CutPoints::implied(&scores.bands),
    };
    let [r, f, m] = scores.counts();
    let moved = rules
        .is_some()
        .then(|| compare(&shop, &customers, (&before, &spec.rules), &made));
    let result = Answer {
        ties: scores.ties,
        cut_points: cuts,
        as_of: iso(shop.as_of),
        scores: ScoreCounts { r, f, m },
        unmatched: made.unmatched,
        rule_check: checked_rules(&report, &spec.rules),
        stability: checked_cuts(&stability(inputs, &cuts, &spec.rules)),
        moved,
        segments: made.stats,
    };
    if arguments.json {
        output::print_json(&result)
    } else {
        output::print(&text(&result))
    }
}

/// Says on standard error what does not work as it reads.
fn notes(report: &RuleReport, rules: &[Rule], attributes: &AttributeTests) {
    for (rule, check) in rules.iter().zip(&report.rules) {
        if check.contradicts_itself {
            say(&format!(
                "note: the conditions of the rule “{}” exclude each other: it can match nobody.",
                rule.name
            ));
        } else if check.wins == 0 {
            say(&format!(
                "note: the rule “{}” wins nobody; it matches {} customers, all taken by rules above it.",
                rule.name, check.matches
            ));
        }
    }
    for what in attributes.unanswered() {
        say(&format!("note: {what}: conditions on it match nobody."));
    }
    for field in &report.fields_without_values {
        say(&format!(
            "note: {field:?} is known only after a model was trained: conditions on it match nobody."
        ));
    }
    if report.unmatched > 0 {
        say(&format!(
            "note: {} customers match no rule. End the list with a rule `when: always` to hold them.",
            report.unmatched
        ));
    }
}

fn checked_rules(report: &RuleReport, rules: &[Rule]) -> Vec<CheckedRule> {
    let checks = rules.iter().zip(&report.rules).enumerate();
    checks
        .map(|(number, (rule, check))| CheckedRule {
            name: rule.name.clone(),
            matches: check.matches,
            wins: check.wins,
            swapped_with_next: report.swapped(number),
            contradicts_itself: check.contradicts_itself,
        })
        .collect()
}

fn checked_cuts(stability: &Stability) -> Vec<CheckedCut> {
    let all = stability.customers.max(1) as f64;
    let share = |changed: Option<u64>| changed.map(|changed| changed as f64 / all);
    let cuts = stability.cuts.iter();
    cuts.map(|cut| CheckedCut {
        score_of: ["recency", "frequency", "monetary"][cut.measure.index()],
        score: cut.cut + 2,
        at: cut.at,
        one_percent: share(cut.worst(1)),
        five_percent: share(cut.worst(5)),
    })
    .collect()
}

/// Whom these rules move, against those before.
fn compare(
    shop: &Shop,
    customers: &Customers,
    (before, rules): (&SegmentSpec, &[Rule]),
    now: &Segmentation,
) -> Moved {
    let scores: Scores = score(customers, before.ties);
    let old = segment_orders(&shop.dataset.orders, customers, &scores, before.rule_list());
    let found = moves(
        customers,
        Side {
            rules: &before.rules,
            segments: &old,
        },
        Side {
            rules,
            segments: now,
        },
    );
    let name = |rules: &[Rule], place: Option<usize>| Some(rules.get(place?)?.name.clone());
    let flows = found.flows.iter().map(|flow| MovedFlow {
        from: name(&before.rules, flow.from),
        to: name(rules, flow.to),
        customers: flow.customers,
        revenue: flow.revenue,
    });
    Moved {
        customers: found.customers,
        revenue: found.revenue,
        flows: flows.collect(),
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
    let won: u64 = result.segments.iter().map(|stats| stats.customers).sum();
    let all = (won + result.unmatched).max(1);
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
    let moved = result.moved.as_ref().map_or_else(String::new, moved_text);
    format!(
        "Segments as of {}; recency to tenure are means\n{}\nCustomers by score\n{}{moved}",
        result.as_of,
        segments.render(),
        scores.render()
    )
}

fn moved_text(moved: &Moved) -> String {
    let mut flows = Table::new(&[
        ("from", Column::Words),
        ("to", Column::Words),
        ("customers", Column::Figures),
        ("revenue", Column::Figures),
    ]);
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| "(no segment)".to_owned());
    for flow in &moved.flows {
        flows.row([
            name(&flow.from),
            name(&flow.to),
            table::count(flow.customers),
            table::money(flow.revenue),
        ]);
    }
    format!(
        "\n{} customers are in another segment than by the rules before, with {} revenue\n{}",
        table::count(moved.customers),
        table::money(moved.revenue),
        flows.render()
    )
}
