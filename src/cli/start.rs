//! `keepers start`: the five answers that the window opens with.

use std::fmt::Write;

use clap::Args;
use serde::Serialize;

use super::{
    input::Input,
    output::{self, CliError},
};
use audiences::answers::Answer;
use data::day::iso;
use pipeline::{
    Request,
    answers::{Answers, Known, QUESTIONS},
};

/// Answer the first questions: revenue to expect, cost of a new customer, who slips away, what brings
/// people back, what changed
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// Days ahead to predict [default: of the project, else 90]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=3650))]
    horizon: Option<u32>,
    /// Months within which a new customer is to pay back: 3, 6, 12 or 24 [default: of the project, else 12]
    #[arg(long, value_name = "MONTHS")]
    months: Option<u32>,
    /// Share of revenue left after the goods are paid [default: of the project, else 0.4]
    #[arg(long, value_name = "SHARE")]
    margin: Option<f64>,
    /// Column of the orders that the fourth answer is about [default: the one that tells most]
    #[arg(long, value_name = "COLUMN")]
    by: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Printed {
    name: String,
    as_of: String,
    #[serde(flatten)]
    answers: Answers,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let mut project = arguments.input.project()?;
    let settings = &mut project.audiences;
    settings.horizon_days = arguments.horizon.unwrap_or(settings.horizon_days);
    settings.payback_months = arguments.months.unwrap_or(settings.payback_months);
    settings.campaign.margin = arguments.margin.unwrap_or(settings.campaign.margin);
    if let Some(why) = settings.problem() {
        return Err(CliError::Input(format!("{why}.")));
    }
    let request = Request::with_start(&project);
    let shop = arguments.input.work_out(request, "Answers", &[])?;
    let (Some(people), Some(start)) = (&shop.people, &shop.start) else {
        return Err(CliError::Input(
            "the answers could not be worked out".to_owned(),
        ));
    };
    let columns = &start.comeback.columns;
    if let Some(by) = &arguments.by
        && !columns.iter().any(|column| column.name == *by)
    {
        let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
        return Err(CliError::Input(format!(
            "no column “{by}” can be compared. Columns: {}",
            names.join(", ")
        )));
    }
    let answers = Answers::of(&Known {
        shop: &shop,
        people,
        start,
        settings: &project.audiences,
        currency: &project.currency,
        column: arguments.by.as_deref(),
    });
    let (name, as_of) = (shop.dataset.name.clone(), iso(shop.as_of));
    if arguments.json {
        output::print_json(&Printed {
            name,
            as_of,
            answers,
        })
    } else {
        output::print(&format!("{name} as of {as_of}\n{}", text(&answers)))
    }
}

fn text(answers: &Answers) -> String {
    let said = [
        sentences(&answers.expected_revenue),
        sentences(&answers.allowance),
        sentences(&answers.slipping_away),
        sentences(&answers.first_order),
        sentences(&answers.last_month),
    ];
    let mut text = String::new();
    for (question, said) in QUESTIONS.into_iter().zip(said) {
        let _ = write!(text, "\n{question}\n{said}");
    }
    text
}

fn sentences<N>(answer: &Answer<N>) -> String {
    let all = std::iter::once(&answer.sentence).chain(&answer.notes);
    all.fold(String::new(), |text, sentence| {
        format!("{text}  {sentence}\n")
    })
}
