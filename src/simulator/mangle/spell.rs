//! Cells as text.

use super::{
    plan::{Dates, Days, Numbers, Plan, Words},
    table::Cell,
};
use data::day::{Day, civil};

/// Days from the spreadsheets' 1899-12-30 to 1970-01-01.
const SERIAL: i64 = 25_569;

pub(super) fn cell(cell: &Cell, plan: &Plan) -> String {
    match cell {
        Cell::Blank => String::new(),
        Cell::Text(text) | Cell::Id(text) | Cell::Number(text) => text.clone(),
        Cell::Money(cents) => money(*cents, plan),
        Cell::Count(count) => count.to_string(),
        Cell::When(day, minute) => when(*day, Some(*minute), plan),
        Cell::Date(day) => when(*day, None, plan),
    }
}

fn money(cents: i64, plan: &Plan) -> String {
    let Numbers {
        comma,
        groups,
        sign,
        accounting,
    } = plan.numbers;
    let (decimal, group) = if comma { (',', '.') } else { ('.', ',') };
    let size = cents.unsigned_abs();
    let mut text = if groups {
        grouped(size / 100, group)
    } else {
        (size / 100).to_string()
    };
    if !plan.ambiguous_amounts {
        text = format!("{text}{decimal}{:02}", size % 100);
    }
    match sign {
        Some((sign, true)) => text.insert_str(0, sign),
        Some((sign, false)) => text.push_str(sign),
        None => {}
    }
    match (cents < 0, accounting) {
        (false, _) => text,
        (true, false) => format!("-{text}"),
        (true, true) => format!("({text})"),
    }
}

fn grouped(whole: u64, group: char) -> String {
    let digits = whole.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    text
}

/// A date in the set's form; `minute` where the cell has a time of day.
fn when(day: Day, minute: Option<u16>, plan: &Plan) -> String {
    let days = plan.dates;
    let (year, month, of_month) = civil(day);
    let clock = minute.map(|minute| format!("{:02}:{:02}", minute / 60, minute % 60));
    let seconds = i64::from(day) * 86_400 + i64::from(minute.unwrap_or(0)) * 60;
    let iso = format!("{year:04}-{month:02}-{of_month:02}");
    match (days.form, clock) {
        (Dates::Iso, _) | (Dates::IsoTime | Dates::Offset, None) => iso,
        (Dates::IsoTime, Some(clock)) => format!("{iso} {clock}:00"),
        (Dates::Offset, Some(clock)) => {
            let offset = if (4..=10).contains(&month) {
                "+02:00"
            } else {
                "+01:00"
            };
            format!("{iso}T{clock}:00{offset}")
        }
        (Dates::DayFirst | Dates::MonthFirst, clock) => {
            let date = numeric(days, year, month, of_month);
            match clock {
                Some(clock) if days.time => format!("{date} {clock}"),
                _ => date,
            }
        }
        (Dates::Names, _) => named(plan, year, month, of_month),
        (Dates::Serial, Some(_)) if days.time => {
            let share = f64::from(minute.unwrap_or(0)) / 1_440.0;
            format!("{:.5}", i64::from(day) as f64 + SERIAL as f64 + share)
        }
        (Dates::Serial, _) => (i64::from(day) + SERIAL).to_string(),
        (Dates::Compact, _) => format!("{year:04}{month:02}{of_month:02}"),
        (Dates::Epoch, _) if days.fine => (seconds * 1_000).to_string(),
        (Dates::Epoch, _) => seconds.to_string(),
    }
}

fn numeric(days: Days, year: i32, month: u32, of_month: u32) -> String {
    let sign = days.separator;
    let year = if days.short_year {
        format!("{:02}", year % 100)
    } else {
        year.to_string()
    };
    match days.form {
        Dates::DayFirst => format!("{of_month:02}{sign}{month:02}{sign}{year}"),
        _ => format!("{month:02}{sign}{of_month:02}{sign}{year}"),
    }
}

fn named(plan: &Plan, year: i32, month: u32, of_month: u32) -> String {
    let name = month_name(plan.words, month as usize - 1);
    match (plan.words, plan.dates.fine) {
        (Words::English | Words::Synonyms | Words::Short, true) => {
            format!("{name} {of_month}, {year}")
        }
        (Words::English | Words::Synonyms | Words::Short, false) => {
            let short: String = name.chars().take(3).collect();
            format!("{of_month:02}-{short}-{year}")
        }
        (Words::German, _) => format!("{of_month}. {name} {year}"),
        (Words::Spanish | Words::Portuguese, _) => format!("{of_month} de {name} de {year}"),
        _ => format!("{of_month} {name} {year}"),
    }
}

#[rustfmt::skip]
fn month_name(words: Words, month: usize) -> &'static str {
    const ENGLISH: [&str; 12] = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    const GERMAN: [&str; 12] = ["Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"];
    const FRENCH: [&str; 12] = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    const SPANISH: [&str; 12] = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre"];
    const PORTUGUESE: [&str; 12] = ["janeiro", "fevereiro", "março", "abril", "maio", "junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro"];
    const DUTCH: [&str; 12] = ["januari", "februari", "maart", "april", "mei", "juni", "juli", "augustus", "september", "oktober", "november", "december"];
    const ITALIAN: [&str; 12] = ["gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno", "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre"];
    let names = match words {
        Words::English | Words::Synonyms | Words::Short => ENGLISH,
        Words::German => GERMAN,
        Words::French => FRENCH,
        Words::Spanish => SPANISH,
        Words::Portuguese => PORTUGUESE,
        Words::Dutch => DUTCH,
        Words::Italian => ITALIAN,
    };
    names[month]
}
