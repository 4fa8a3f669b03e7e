//! `keepers audiences`: whom to act on next — lists, their overlap, segment × predicted value, and what
//! a campaign would bring.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use clap::{Args, builder::PossibleValuesParser};
use serde::Serialize;

use super::{
    export::{DeliveryOptions, FileOptions, pick},
    input::Input,
    output::{self, CliError, say},
    table::{self, Column, Table},
};
use audiences::{
    AudienceSettings, ListKind,
    acquisition::{Acquisition, read_costs},
    campaign::{Curves, Outcome, Ranking},
    matrix::{Band, Cell},
    progress::KpiSheet,
    settings::CampaignSettings,
};
use data::day::iso;
use export::{Delivery, What, delivery::Delivered};
use pipeline::{People, Request, snapshot::Shop};
use project::Project;

/// Draw up audiences: who to contact, what they are worth, what a campaign would bring
///
/// Predicted values come from BG/NBD × Gamma-Gamma, learned from all orders before the as-of date.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Days ahead to predict [default: of the project, else 90]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    horizon: Option<u32>,
    /// List to write to --out
    #[arg(long, value_name = "NAME", requires = "out", value_parser = PossibleValuesParser::new(ListKind::ALL.map(ListKind::name)))]
    list: Option<String>,
    /// File for the list; .csv or .xlsx
    #[arg(long, value_name = "FILE", requires = "list")]
    out: Option<PathBuf>,
    /// Columns of the list to write, in this order, by their names in the header [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "list")]
    columns: Vec<String>,
    #[command(flatten)]
    delivery: DeliveryOptions,
    #[command(flatten)]
    file: FileOptions,
    #[command(flatten)]
    terms: Terms,
    /// Cost table (CSV: channel and/or month, cost) for CAC, payback and LTV:CAC
    #[arg(long, value_name = "FILE")]
    costs: Option<PathBuf>,
    /// Seed of the control group and of the bootstrap [default: of the project, else 1]
    #[arg(long, value_name = "NUMBER")]
    seed: Option<u64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What replaces the campaign of the project, or the defaults.
#[derive(Args)]
struct Terms {
    /// Share of a list that is kept as control group, 0 to 1 [default: of the project, else 0.1]
    #[arg(long, value_name = "SHARE")]
    control: Option<f64>,
    /// Share of all customers the campaign contacts, 0 to 1 [default: of the project, else 0.2]
    #[arg(long, value_name = "SHARE")]
    depth: Option<f64>,
    /// Cost of one contact [default: of the project, else 1]
    #[arg(long, value_name = "MONEY")]
    cost: Option<f64>,
    /// Share of revenue left after the goods are paid [default: of the project, else 0.4]
    #[arg(long, value_name = "SHARE")]
    margin: Option<f64>,
    /// Share by which a contact raises what a customer spends [default: of the project, else 0.1]
    #[arg(long, value_name = "SHARE")]
    uplift: Option<f64>,
}

impl Terms {
    fn apply(&self, campaign: &mut CampaignSettings) {
        for (given, term) in [
            (self.control, &mut campaign.control_share),
            (self.depth, &mut campaign.depth),
            (self.cost, &mut campaign.cost_per_contact),
            (self.margin, &mut campaign.margin),
            (self.uplift, &mut campaign.uplift),
        ] {
            *term = given.unwrap_or(*term);
        }
    }
}

#[derive(Serialize)]
struct Answer {
    name: String,
    as_of: String,
    horizon_days: u32,
    customers: u64,
    /// Who predicts; absent when nothing could be predicted.
    predictor: Option<String>,
    /// Why nothing could be predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    predicted_value: Option<f64>,
    lists: Vec<ListAnswer>,
    /// Customers in both lists, by the lists' names.
    overlap: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
    in_no_list: u64,
    matrix: BTreeMap<String, BTreeMap<&'static str, Cell>>,
    campaign: Option<Campaign>,
    kpis: KpiAnswer,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    acquisition: Vec<Acquisition>,
}

#[derive(Serialize)]
struct ListAnswer {
    name: &'static str,
    title: &'static str,
    rule: String,
    customers: u64,
    past_value: f64,
    predicted_value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unavailable: Option<String>,
}

#[derive(Serialize)]
struct Campaign {
    customers: u64,
    cost_per_contact: f64,
    margin: f64,
    uplift: f64,
    by_predicted_value: Outcome,
    /// 95 % bootstrap interval of its profit.
    interval: (f64, f64),
    by_past_spend: Outcome,
    at_random: Outcome,
    best_contacts: u64,
    best_profit: f64,
    break_even_contacts: Option<u64>,
    break_even_depth: Option<f64>,
}

#[derive(Serialize)]
struct KpiAnswer {
    before: String,
    now: String,
    progression: Option<f64>,
    #[serde(flatten)]
    sheet: KpiSheet,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let project = project(arguments)?;
    if let Some(path) = &arguments.out {
        arguments.file.check(path)?;
    }
    let delivery = arguments.delivery.delivery()?;
    if arguments.list.is_none() && delivery != Delivery::default() {
        let why =
            "--for, --at-most, --reachable and --hashed say how a list leaves: name it with --list";
        return Err(CliError::Input(why.to_owned()));
    }
    let shop = arguments
        .input
        .work_out(Request::with_people(&project), "Audiences", &[])?;
    let people = shop
        .people
        .as_ref()
        .ok_or_else(|| CliError::Input("the audiences could not be worked out".to_owned()))?;
    save(arguments, (&shop, people), &project, delivery)?;
    let answer = answer(&shop, people, &project.audiences);
    if arguments.json {
        output::print_json(&answer)
    } else {
        output::print(&text(&answer))
    }
}

/// The project, or the defaults, with what the command line says.
fn project(arguments: &Arguments) -> Result<Project, CliError> {
    let mut project = arguments.input.project()?;
    let audiences = &mut project.audiences;
    audiences.horizon_days = arguments.horizon.unwrap_or(audiences.horizon_days);
    audiences.seed = arguments.seed.unwrap_or(audiences.seed);
    arguments.terms.apply(&mut audiences.campaign);
    if let Some(path) = &arguments.costs {
        let wrong = |why: String| CliError::Input(format!("{}: {why}", path.display()));
        let text = base::reading::text(path)
            .map_err(|error| wrong(format!("{error}. Check the path of the cost table")))?;
        audiences.costs = read_costs(&text).map_err(|error| wrong(error.to_string()))?;
    }
    match audiences.problem() {
        None => Ok(project),
        Some(why) => Err(CliError::Input(format!("{why}."))),
    }
}

/// Writes a list by the same tables as every export.
fn save(
    arguments: &Arguments,
    (shop, people): (&Shop, &People),
    project: &Project,
    delivery: Delivery,
) -> Result<(), CliError> {
    let (Some(name), Some(path)) = (&arguments.list, &arguments.out) else {
        return Ok(());
    };
    let kind = ListKind::ALL.into_iter().find(|kind| kind.name() == name);
    let list = kind.and_then(|kind| people.lists.get(kind));
    let list = list.ok_or_else(|| CliError::Input(format!("no list is called {name}")))?;
    if let Some(why) = &list.unavailable {
        return Err(CliError::Input(why.clone()));
    }
    let Delivered { table, told } = What::List(list.kind).deliver(shop, project, None, delivery);
    arguments
        .file
        .write(&pick(table, &arguments.columns)?, path)?;
    say(&format!("{}: {told}", path.display()));
    Ok(())
}

fn answer(shop: &Shop, people: &People, settings: &AudienceSettings) -> Answer {
    let forecast = people.forecast.as_ref().as_ref();
    let named = |row: &[u64; 6]| {
        ListKind::ALL
            .map(ListKind::name)
            .into_iter()
            .zip(*row)
            .collect()
    };
    let lists = people.lists.lists.iter();
    Answer {
        name: shop.dataset.name.clone(),
        as_of: iso(shop.as_of),
        horizon_days: settings.horizon_days,
        customers: people.lists.customers,
        predictor: forecast.map(|forecast| forecast.predictor.clone()),
        problem: people.fitted.as_ref().as_ref().err().cloned(),
        predicted_value: forecast.map(|forecast| forecast.value.iter().sum()),
        lists: lists
            .map(|list| ListAnswer {
                name: list.kind.name(),
                title: list.kind.title(),
                rule: list.rule.clone(),
                customers: list.customers.len() as u64,
                past_value: list.past_value,
                predicted_value: list.predicted_value,
                unavailable: list.unavailable.clone(),
            })
            .collect(),
        overlap: ListKind::ALL
            .into_iter()
            .zip(&people.lists.overlap)
            .map(|(kind, row)| (kind.name(), named(row)))
            .collect(),
        in_no_list: people.lists.in_none,
        matrix: matrix(shop, people),
        campaign: forecast.map(|_| campaign(&people.curves, &settings.campaign)),
        kpis: KpiAnswer {
            before: iso(people.kpis.before),
            now: iso(people.kpis.now),
            progression: people.kpis.progression(),
            sheet: (*people.kpis).clone(),
        },
        acquisition: (*people.acquisition).clone(),
    }
}

fn matrix(shop: &Shop, people: &People) -> BTreeMap<String, BTreeMap<&'static str, Cell>> {
    let Some(matrix) = people.matrix.as_ref() else {
        return BTreeMap::new();
    };
    let names = shop.segments.stats.iter().map(|stats| stats.name.clone());
    names
        .zip(&matrix.cells)
        .map(|(name, row)| {
            let bands = Band::ALL.map(Band::title).into_iter();
            (name, bands.zip(row.iter().copied()).collect())
        })
        .collect()
}

fn campaign(curves: &Curves, terms: &CampaignSettings) -> Campaign {
    let contacts = curves.contacts(terms.depth);
    let of = |ranking| curves.outcome(ranking, contacts, terms);
    let best = curves.best(terms);
    let break_even = curves.break_even(terms);
    Campaign {
        customers: curves.customers(),
        cost_per_contact: terms.cost_per_contact,
        margin: terms.margin,
        uplift: terms.uplift,
        by_predicted_value: of(Ranking::Predicted),
        interval: curves.interval(contacts, terms),
        by_past_spend: of(Ranking::PastSpend),
        at_random: of(Ranking::Random),
        best_contacts: best,
        best_profit: curves.outcome(Ranking::Predicted, best, terms).profit,
        break_even_contacts: break_even,
        break_even_depth: break_even.map(|contacts| contacts as f64 / curves.customers() as f64),
    }
}

fn text(answer: &Answer) -> String {
    let mut text = format!(
        "{} as of {}: {} customers",
        answer.name,
        answer.as_of,
        table::count(answer.customers)
    );
    match (&answer.predictor, &answer.problem) {
        (Some(predictor), _) => {
            let _ = writeln!(
                text,
                "; {} predicted for the next {} days by {predictor}\n",
                table::money(answer.predicted_value.unwrap_or(0.0)),
                answer.horizon_days
            );
        }
        (None, problem) => {
            let _ = writeln!(text, ". {}\n", problem.as_deref().unwrap_or(""));
        }
    }
    let mut lists = Table::new(&[
        ("list", Column::Words),
        ("customers", Column::Figures),
        ("revenue so far", Column::Figures),
        ("predicted", Column::Figures),
    ]);
    for list in &answer.lists {
        lists.row([
            list.title.to_owned(),
            table::count(list.customers),
            table::money(list.past_value),
            list.predicted_value.map_or("–".to_owned(), table::money),
        ]);
    }
    text.push_str(&lists.render());
    text.push('\n');
    for list in &answer.lists {
        let why = list.unavailable.as_deref().unwrap_or(&list.rule);
        let _ = writeln!(text, "{}: {why}", list.title);
    }
    if let Some(campaign) = &answer.campaign {
        text.push_str(&campaign_text(campaign));
    }
    text
}

fn campaign_text(campaign: &Campaign) -> String {
    let mut rows = Table::new(&[
        ("chosen", Column::Words),
        ("contacts", Column::Figures),
        ("predicted value", Column::Figures),
        ("profit", Column::Figures),
    ]);
    for (ranking, outcome) in Ranking::ALL.into_iter().zip([
        campaign.by_predicted_value,
        campaign.by_past_spend,
        campaign.at_random,
    ]) {
        rows.row([
            ranking.title().to_owned(),
            table::count(outcome.contacts),
            table::money(outcome.value),
            table::money(outcome.profit),
        ]);
    }
    let break_even = campaign.break_even_contacts.map_or_else(
        || "even the first contact costs more than it brings".to_owned(),
        |contacts| format!("break-even at {} contacts", table::count(contacts)),
    );
    format!(
        "\nCampaign: contact {} each, margin {}, uplift {}\n{}\nProfit by predicted value, 95 % interval {} to {}; best {} with {} contacts; {break_even}.\n",
        table::money(campaign.cost_per_contact),
        table::percent(campaign.margin),
        table::percent(campaign.uplift),
        rows.render(),
        table::money(campaign.interval.0),
        table::money(campaign.interval.1),
        table::money(campaign.best_profit),
        table::count(campaign.best_contacts),
    )
}
