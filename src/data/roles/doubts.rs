//! Questions about the columns of one file: two of them fit a role equally well, and it matters which.

use super::{assign::TableRoles, money::Money};
use crate::data::{
    dataset::{
        Role, options,
        understanding::{Choice, Question},
    },
    roles::sniffed::Sniffed,
};

/// The questions that the columns of a file leave open.
#[must_use]
pub fn questions(file: &Sniffed, roles: &TableRoles) -> Vec<Question> {
    let mut questions = Vec::new();
    let names = &file.dialect.names;
    let about = file.input.name();
    if !roles.rivals.is_empty() {
        let first = roles.first_choice.as_ref().unwrap_or(&roles.money);
        let ways = std::iter::once(first).chain(roles.rivals.iter().map(|way| &way.money));
        questions.push(Question {
            id: options::AMOUNT.to_owned(),
            about: about.clone(),
            text: "More than one column can be what was paid. Which one is it?".to_owned(),
            choices: ways
                .map(|money| choice(&money.name(names), &money_words(money, names)))
                .collect(),
            chosen: roles.money.name(names),
            answered: roles
                .first_choice
                .as_ref()
                .is_some_and(|first| *first != roles.money),
        });
    }
    let date = roles.column(Role::Date);
    if let Some(date) = date.filter(|_| !roles.other_dates.is_empty()) {
        let first = roles.first_date.unwrap_or(date);
        let columns = std::iter::once(first).chain(roles.other_dates.iter().copied());
        questions.push(Question {
            id: options::DATE.to_owned(),
            about,
            text: "More than one column can be the day of the order. Which one is it?".to_owned(),
            choices: columns
                .map(|at| {
                    choice(
                        &names[at],
                        &format!("`{}` is the day of the order", names[at]),
                    )
                })
                .collect(),
            chosen: names[date].clone(),
            answered: roles.first_date.is_some_and(|first| first != date),
        });
    }
    questions
}

fn money_words(money: &Money, names: &[String]) -> String {
    match money {
        Money::None => "there is no amount".to_owned(),
        Money::Amount { column, .. } => format!("`{}` is the amount", names[*column]),
        Money::Product {
            price, quantity, ..
        } => {
            format!("the amount is `{}` × `{}`", names[*price], names[*quantity])
        }
    }
}

fn choice(id: &str, text: &str) -> Choice {
    Choice {
        id: id.to_owned(),
        text: text.to_owned(),
        outcome: None,
    }
}
