//! What the questions about the files say, without egui.

use crate::format::{self, printed};
use data::dataset::{
    options::ReadOptions,
    understanding::{Choice, Question},
};

/// The reading the user has chosen, as far as the question knows it.
fn answer<'a>(question: &'a Question, reading: &ReadOptions) -> Option<&'a Choice> {
    let said = reading.answers.get(&question.id)?;
    question.choices.iter().find(|choice| choice.id == *said)
}

/// The reading in use, or the one that will be once the files are read as answered.
#[must_use]
pub fn chosen<'a>(question: &'a Question, reading: &ReadOptions) -> Option<&'a Choice> {
    let used = || {
        let mut choices = question.choices.iter();
        choices.find(|choice| choice.id == question.chosen)
    };
    answer(question, reading).or_else(used)
}

/// Whether the user has said which reading is right.
#[must_use]
pub fn is_answered(question: &Question, reading: &ReadOptions) -> bool {
    question.answered || answer(question, reading).is_some()
}

/// The questions that nobody has answered yet.
pub fn open<'a>(
    questions: &'a [Question],
    reading: &'a ReadOptions,
) -> impl Iterator<Item = &'a Question> {
    questions
        .iter()
        .filter(|question| !is_answered(question, reading))
}

/// Whether the user has been asked about this, by the beginning of the question's id.
#[must_use]
pub fn asks_about(questions: &[Question], subject: &str) -> bool {
    questions
        .iter()
        .any(|question| question.id.starts_with(subject))
}

/// What the strip above every view says.
#[must_use]
pub fn strip(open: u64) -> String {
    let questions = format::count(open, "question", "questions");
    format!("{questions} about your files can change the numbers.")
}

/// The line above the questions.
#[must_use]
pub fn headline(open: u64) -> String {
    if open == 0 {
        return "Answered. Change an answer at any time.".to_owned();
    }
    let (what, which) = if open == 1 {
        ("One question is", "it is")
    } else {
        ("Some questions are", "each is")
    };
    format!(
        "{what} open: {which} a choice only you can make. Until then the numbers are those of the likelier reading."
    )
}

/// A headline number of a reading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub name: &'static str,
    pub text: String,
    /// How far it is from the reading in use: "+120", "+12.0 %"; empty where it is the same or not
    /// known.
    pub change: String,
}

/// What a reading makes of customers, orders and revenue, compared with the reading in use; `None`
/// where that was not worked out.
#[must_use]
pub fn figures(choice: &Choice, used: Option<&Choice>, currency: &str) -> Option<[Figure; 3]> {
    let outcome = choice.outcome?;
    let used = used.and_then(|used| used.outcome).unwrap_or(outcome);
    let figure = |name, text, change| Figure { name, text, change };
    Some([
        figure(
            "Customers",
            format::integer(outcome.customers),
            difference(used.customers, outcome.customers),
        ),
        figure(
            "Orders",
            format::integer(outcome.orders),
            difference(used.orders, outcome.orders),
        ),
        figure(
            "Net revenue",
            format::money_exact(outcome.net_revenue, currency),
            change(used.net_revenue, outcome.net_revenue),
        ),
    ])
}

/// `+120`; nothing where both are the same.
fn difference(from: u64, to: u64) -> String {
    if from == to {
        return String::new();
    }
    format!("{}{}", sign(to > from), format::integer(to.abs_diff(from)))
}

/// `+12.0 %`; nothing where both are the same or there is nothing to compare with.
fn change(from: f64, to: f64) -> String {
    if from == to || from == 0.0 {
        return String::new();
    }
    let share = (to - from) / from.abs();
    if share.abs() < 0.000_5 {
        let how = if share > 0.0 { "more" } else { "less" };
        return format!("a little {how}");
    }
    format!("{}{}", sign(share > 0.0), format::percent(share.abs()))
}

/// Said of a reading whose numbers were not worked out.
pub const NO_FIGURES: &str = "Its numbers are not worked out";

/// A choice for screen readers, with its numbers.
#[must_use]
pub fn name(choice: &Choice, figures: Option<&[Figure; 3]>) -> String {
    let Some(figures) = figures else {
        return format!("{}. {NO_FIGURES}", words(choice));
    };
    let said: Vec<String> = figures
        .iter()
        .map(|figure| format!("{} {}", figure.name.to_lowercase(), figure.text))
        .collect();
    format!("{}: {}", words(choice), said.join(", "))
}

/// A choice in words: names in quotation marks, a capital first.
#[must_use]
pub fn words(choice: &Choice) -> String {
    format::capital(&printed(&choice.text))
}

/// An answered question on one line.
#[must_use]
pub fn folded(question: &Question, reading: &ReadOptions) -> String {
    let answer = chosen(question, reading).map_or_else(String::new, words);
    format!("{} You said: {answer}", printed(&question.text))
}

/// The word above a choice.
#[must_use]
pub fn mark(question: &Question, choice: &Choice, reading: &ReadOptions) -> &'static str {
    let used = chosen(question, reading).is_some_and(|used| used.id == choice.id);
    let likeliest = question
        .choices
        .first()
        .is_some_and(|first| first.id == choice.id);
    match (used, is_answered(question, reading), likeliest) {
        (true, true, _) => "Your answer",
        (true, false, true) => "Used for now: the likelier reading",
        (true, false, false) => "Used for now",
        (false, _, true) => "The likelier reading",
        (false, _, false) => "",
    }
}

fn sign(more: bool) -> &'static str {
    if more { "+" } else { "\u{2212}" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::understanding::Outcome;

    fn choice(id: &str, net_revenue: Option<f64>) -> Choice {
        Choice {
            id: id.to_owned(),
            text: format!("{id} is what customers paid"),
            outcome: net_revenue.map(|net_revenue| Outcome {
                customers: 1_200,
                orders: 3_400,
                net_revenue,
            }),
        }
    }

    fn question() -> Question {
        Question {
            id: "amount".to_owned(),
            about: "orders.csv".to_owned(),
            text: "Which column is what customers paid?".to_owned(),
            choices: vec![
                choice("net", Some(1_000.0)),
                choice("gross", Some(1_190.0)),
                choice("list", None),
            ],
            chosen: "net".to_owned(),
            answered: false,
        }
    }

    fn said(choice: &str) -> ReadOptions {
        let mut reading = ReadOptions::default();
        let answer = data::dataset::options::ReadingEdit::Answer {
            question: "amount".to_owned(),
            choice: Some(choice.to_owned()),
        };
        reading.edit(answer);
        reading
    }

    #[test]
    fn an_answer_closes_the_question_before_the_files_are_read_again() {
        let (question, nothing) = (question(), ReadOptions::default());
        let questions = [question.clone()];
        assert_eq!(open(&questions, &nothing).count(), 1);
        assert_eq!(chosen(&question, &nothing).unwrap().id, "net");
        let reading = said("gross");
        assert_eq!(open(&questions, &reading).count(), 0);
        assert_eq!(chosen(&question, &reading).unwrap().id, "gross");
        assert_eq!(
            folded(&question, &reading),
            "Which column is what customers paid? You said: Gross is what customers paid"
        );
        // What no choice is called answers nothing.
        assert!(!is_answered(&question, &said("tax")));
        assert!(asks_about(&questions, "amount") && !asks_about(&questions, "time_zone"));
    }

    #[test]
    fn every_choice_says_what_it_makes_of_the_shop() {
        let question = question();
        let used = chosen(&question, &ReadOptions::default());
        let shown = |at: usize| figures(&question.choices[at], used, "€");
        let gross = shown(1).unwrap();
        let said = |at: usize| (gross[at].text.as_str(), gross[at].change.as_str());
        assert_eq!([said(0), said(1)], [("1,200", ""), ("3,400", "")]);
        assert_eq!(said(2), ("€ 1,190.00", "+19.0 %"));
        assert_eq!(shown(0).unwrap()[2].change, "");
        assert_eq!(shown(2), None);
        assert_eq!(
            name(&question.choices[1], Some(&gross)),
            "Gross is what customers paid: customers 1,200, orders 3,400, net revenue € 1,190.00"
        );
        assert!(name(&question.choices[2], None).ends_with("not worked out"));
        assert_eq!(change(-100.0, -150.0), "\u{2212}50.0 %");
        assert_eq!(change(0.0, 5.0), "");
        assert_eq!(change(10_000.0, 9_999.0), "a little less");
        assert_eq!(difference(3_400, 3_520), "+120");
    }

    #[test]
    fn the_reading_in_use_is_marked() {
        let question = question();
        let marks = |reading: &ReadOptions| -> Vec<&str> {
            let choices = question.choices.iter();
            choices
                .map(|choice| mark(&question, choice, reading))
                .collect()
        };
        assert_eq!(
            marks(&ReadOptions::default()),
            ["Used for now: the likelier reading", "", ""]
        );
        assert_eq!(
            marks(&said("gross")),
            ["The likelier reading", "Your answer", ""]
        );
    }

    #[test]
    fn the_strip_counts() {
        assert_eq!(
            strip(1),
            "1 question about your files can change the numbers."
        );
        assert_eq!(
            strip(2),
            "2 questions about your files can change the numbers."
        );
        assert!(headline(2).starts_with("Some questions are open"));
    }
}
