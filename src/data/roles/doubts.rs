//! Questions about the columns of one file: two of them fit a role equally well, and it matters which.

use super::{
    assign::{BY_RETURNING, TableRoles},
    evidence,
    money::{Money, Sides},
    reason::Reason,
    vocabulary::{self, Spoken, concept::Concept},
};
use crate::{
    dataset::{
        Role, options,
        understanding::{Choice, Question, Warning, WarningCode},
    },
    roles::sniffed::Sniffed,
    values::serials::Form,
    values::text,
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
            text: "More than one column can be what was paid, perhaps in different currencies or before a discount. Which one is it?".to_owned(),
            choices: ways
                .map(|money| Choice::new(&money.name(names), &money_words(money, names, roles.sides)))
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
                    Choice::new(
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

/// What should be known about how the columns of a file were taken.
#[must_use]
pub fn warnings(file: &Sniffed, roles: &TableRoles) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code, text: String| {
        warnings.push(Warning {
            code,
            text,
            rows: 0,
        });
    };
    let (names, name) = (&file.dialect.names, file.input.name());
    if let (Some(column), [_, ..]) = (roles.money.column(), &*roles.elsewhere) {
        let others = roles.elsewhere.iter().map(|&at| names[at].clone());
        let all: Vec<String> = std::iter::once(names[column].clone())
            .chain(others)
            .collect();
        warn(
            WarningCode::AmountChoice,
            format!(
                "{name}: each row has its amount in one of {}",
                text::quoted(&all)
            ),
        );
    }
    if let Money::Amount { column, .. } = roles.money
        && roles.spoken[column].has(Concept::Price)
    {
        let facts = roles.spoken.iter().zip(&roles.facts).enumerate();
        let mut discounts = facts.filter(|(at, (spoken, facts))| {
            let taken = roles.guesses[*at].role == Role::Discount;
            !taken && facts.zeros < 1.0 && evidence::is_discount(spoken, facts)
        });
        if let Some((at, _)) = discounts.next() {
            warn(
                WarningCode::AmountChoice,
                format!(
                    "{name}: `{}` was taken for what was paid; the discount in `{}` was not taken off it",
                    names[column], names[at]
                ),
            );
        }
    }
    if let Some(at) = roles.column(Role::Customer)
        && is_name(&roles.spoken[at], &names[at])
        && roles.facts[at].emails < 0.5
    {
        let given = roles
            .given_names
            .map(|given| format!("`{}` and ", names[given]));
        warn(
            WarningCode::NamesAsIds,
            format!(
                "{name}: customers are known by {}`{}` alone: two of one name count as one, and one whose name is spelled in two ways as two",
                given.unwrap_or_default(),
                names[at]
            ),
        );
    }
    if let (Form::Months, Some(date)) = (roles.date_form, roles.column(Role::Date)) {
        warn(
            WarningCode::MonthsOnly,
            format!(
                "{name}: `{}` holds months without days: each sale counts on the first day of its month; what a customer bought in one month is one order unless order numbers tell it apart",
                names[date]
            ),
        );
    }
    if let (Some(customer), Some(date)) = (roles.column(Role::Customer), roles.column(Role::Date))
        && roles.guesses[customer].reason == Reason::Content(BY_RETURNING)
    {
        let amount = roles.money.column();
        let money = amount.map_or("nothing".to_owned(), |at| format!("`{}`", names[at]));
        warn(
            WarningCode::NoHeader,
            format!(
                "{name} has no names of columns that say what they hold: `{}` was taken for the customer, `{}` for the day and {money} for the amount",
                names[customer], names[date]
            ),
        );
    }
    warnings
}

/// Whether a header speaks of names that several people may have; that of a user belongs to one.
fn is_name(spoken: &Spoken, header: &str) -> bool {
    let of_user = |word: &String| word.starts_with("user") || word == "login";
    spoken.has(Concept::Name)
        && !spoken.has(Concept::Id)
        && spoken.of_id.is_none()
        && !vocabulary::words(header).iter().any(of_user)
}

fn money_words(money: &Money, names: &[String], sides: Option<Sides>) -> String {
    match money {
        Money::None => "there is no amount".to_owned(),
        Money::Amount { column, .. } => match sides.and_then(|sides| sides.beside(*column)) {
            Some(out) => format!(
                "`{}` was paid, `{}` was given back",
                names[*column], names[out]
            ),
            None => format!("`{}` is the amount", names[*column]),
        },
        Money::Product {
            price, quantity, ..
        } => {
            format!("the amount is `{}` × `{}`", names[*price], names[*quantity])
        }
    }
}
