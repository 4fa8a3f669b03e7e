//! What Keepers understood of the files, asks and warns of, for JSON and for people; and the answers of
//! `--answer`, checked against what is asked.

use std::fmt::Write;

use serde::Serialize;

use super::{
    output::CliError,
    table::{self, Column, Table},
};
use data::dataset::understanding::{Choice, Question, Understanding, Warning};

/// Longest line of running text, in characters.
const LINE: usize = 96;

/// The answer to one question, as it is given on the command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub question: String,
    pub choice: String,
}

impl Answer {
    /// Reads `ID=CHOICE`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        match text.split_once('=') {
            Some((question, choice)) if !question.is_empty() && !choice.is_empty() => Ok(Self {
                question: question.to_owned(),
                choice: choice.to_owned(),
            }),
            _ => Err(
                "expected ID=CHOICE, with names as `keepers summary` prints them under “Questions”"
                    .to_owned(),
            ),
        }
    }
}

/// What JSON output says of the understanding.
#[derive(Serialize)]
pub(super) struct Understood {
    #[serde(rename = "understood")]
    paragraph: String,
    questions: Vec<Question>,
    warnings: Vec<Warning>,
}

impl Understood {
    pub(super) fn of(understanding: &Understanding) -> Self {
        Self {
            paragraph: understanding.paragraph.clone(),
            questions: understanding.questions.clone(),
            warnings: understanding.warnings.clone(),
        }
    }
}

/// Every answer must belong to a question that the files raise.
pub(super) fn check(answers: &[Answer], questions: &[Question]) -> Result<(), CliError> {
    for Answer { question, choice } in answers {
        let Some(known) = questions.iter().find(|known| known.id == *question) else {
            return Err(CliError::Input(format!(
                "there is no question “{question}” about these files. {}",
                offer(questions)
            )));
        };
        if !known.choices.iter().any(|known| known.id == *choice) {
            return Err(CliError::Input(format!(
                "“{choice}” answers no question “{question}”. {}",
                offer(std::slice::from_ref(known))
            )));
        }
    }
    Ok(())
}

/// The questions with their choices, as `--answer` takes them.
fn offer(questions: &[Question]) -> String {
    if questions.is_empty() {
        return "They raise no question".to_owned();
    }
    let mut text = "Questions and their choices:".to_owned();
    for question in questions {
        let _ = write!(text, "\n  {}: {}", question.id, question.text);
        for choice in &question.choices {
            let _ = write!(
                text,
                "\n    --answer {}={}   {}",
                question.id, choice.id, choice.text
            );
        }
    }
    text
}

/// The paragraph, the questions and the warnings for people; empty where there is none of them.
pub(super) fn text(understood: &Understood) -> String {
    let mut text = String::new();
    if !understood.paragraph.is_empty() {
        text.push_str("\nWhat Keepers understood\n");
        text.push_str(&wrapped(&understood.paragraph, 2));
    }
    if !understood.questions.is_empty() {
        text.push_str(
            "\nQuestions (answer with --answer ID=CHOICE; * is what the numbers are of)\n",
        );
        for question in &understood.questions {
            text.push_str(&question_text(question));
        }
    }
    if !understood.warnings.is_empty() {
        text.push_str("\nWarnings\n");
        for warning in &understood.warnings {
            text.push_str(&warning_text(warning));
        }
    }
    text
}

fn question_text(question: &Question) -> String {
    let answered = if question.answered { " (answered)" } else { "" };
    let head = format!("{}{answered}: {}", question.id, question.text);
    let mut text = wrapped(&head, 2);
    if !question.about.is_empty() {
        text.push_str(&wrapped(&format!("About {}.", question.about), 4));
    }
    let mut choices = Table::new(&[
        ("", Column::Words),
        ("choice", Column::Words),
        ("customers", Column::Figures),
        ("orders", Column::Figures),
        ("net revenue", Column::Figures),
        ("reading", Column::Words),
    ]);
    for choice in &question.choices {
        let chosen = choice.id == question.chosen;
        choices.row(cells(choice, chosen));
    }
    for line in choices.render().lines() {
        let _ = writeln!(text, "  {line}");
    }
    text
}

fn cells(choice: &Choice, chosen: bool) -> [String; 6] {
    let figures = choice.outcome.map_or_else(
        || ["-".to_owned(), "-".to_owned(), "-".to_owned()],
        |outcome| {
            [
                table::count(outcome.customers),
                table::count(outcome.orders),
                table::money(outcome.net_revenue),
            ]
        },
    );
    let [customers, orders, net_revenue] = figures;
    [
        if chosen { "*" } else { "" }.to_owned(),
        choice.id.clone(),
        customers,
        orders,
        net_revenue,
        choice.text.clone(),
    ]
}

fn warning_text(warning: &Warning) -> String {
    let rows = match warning.rows {
        0 => String::new(),
        1 => " (1 row)".to_owned(),
        rows => format!(" ({} rows)", table::count(rows)),
    };
    wrapped(&format!("{}{rows}", warning.text), 2)
}

/// Running text in lines, each indented by this many spaces.
fn wrapped(text: &str, indent: usize) -> String {
    let mut lines = String::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let long = indent + line.chars().count() + 1 + word.chars().count() > LINE;
        if long && !line.is_empty() {
            let _ = writeln!(lines, "{:indent$}{line}", "");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        let _ = writeln!(lines, "{:indent$}{line}", "");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::understanding::{Outcome, WarningCode};

    fn understanding() -> Understanding {
        let choice = |id: &str, text: &str, net_revenue: Option<f64>| Choice {
            id: id.to_owned(),
            text: text.to_owned(),
            outcome: net_revenue.map(|net_revenue| Outcome {
                customers: 1_200,
                orders: 3_400,
                net_revenue,
            }),
        };
        Understanding {
            paragraph: "One file with orders. ".repeat(12).trim_end().to_owned(),
            questions: vec![Question {
                id: "amount".to_owned(),
                about: "orders.csv".to_owned(),
                text: "Which column is what customers paid?".to_owned(),
                choices: vec![
                    choice("net", "“net”, without tax", Some(1_234.5)),
                    choice("gross", "“gross”, with tax", None),
                ],
                chosen: "net".to_owned(),
                answered: false,
            }],
            warnings: vec![Warning {
                code: WarningCode::FoldedIds,
                text: "Customer ids differ in case only: taken for one person.".to_owned(),
                rows: 1_412,
            }],
            ..Understanding::default()
        }
    }

    #[test]
    fn answers_are_an_id_and_a_choice() {
        let answer = Answer::parse("amount=net=of tax").unwrap();
        assert_eq!(
            (answer.question.as_str(), answer.choice.as_str()),
            ("amount", "net=of tax")
        );
        for wrong in ["amount", "=net", "amount="] {
            assert!(Answer::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_answer_to_nothing_lists_what_is_asked() {
        let asked = understanding().questions;
        let answer = |text: &str| [Answer::parse(text).unwrap()];
        assert!(check(&answer("amount=gross"), &asked).is_ok());
        let error = check(&answer("amnt=gross"), &asked)
            .unwrap_err()
            .to_string();
        assert!(error.contains("--answer amount=gross"), "{error}");
        let error = check(&answer("amount=tax"), &asked)
            .unwrap_err()
            .to_string();
        assert!(error.contains("--answer amount=net "), "{error}");
        let error = check(&answer("amount=net"), &[]).unwrap_err().to_string();
        assert!(error.ends_with("They raise no question"), "{error}");
    }

    #[test]
    fn all_three_are_printed_for_people() {
        let printed = text(&Understood::of(&understanding()));
        assert!(printed.lines().all(|line| line.chars().count() <= LINE));
        for line in [
            "  amount: Which column is what customers paid?",
            "    About orders.csv.",
            "    *  net         1,200   3,400     1,234.50  “net”, without tax",
            "       gross           -       -            -  “gross”, with tax",
            "  Customer ids differ in case only: taken for one person. (1,412 rows)",
        ] {
            assert!(
                printed.lines().any(|known| known == line),
                "{line}\n{printed}"
            );
        }
        assert_eq!(text(&Understood::of(&Understanding::default())), "");
    }

    #[test]
    fn json_says_the_outcome_of_a_choice_beside_its_words() {
        let asked = understanding();
        let value = serde_json::to_value(Understood::of(&asked)).unwrap();
        let choices = &value["questions"][0]["choices"];
        assert_eq!(choices[0]["net_revenue"], 1_234.5);
        assert_eq!(choices[1].get("net_revenue"), None);
        assert_eq!(value["questions"][0]["chosen"], "net");
        assert_eq!(value["warnings"][0]["code"], "folded_ids");
        assert!(
            value["understood"]
                .as_str()
                .unwrap()
                .starts_with("One file")
        );
    }
}
