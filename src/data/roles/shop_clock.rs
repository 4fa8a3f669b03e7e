//! On whose clock the days are: stamps in UTC have another day in the evening or morning of the shop.

use super::{assign::TableRoles, facts::Sample, sniffed::Sniffed};
use crate::{
    dataset::{
        Role,
        options::{self, ReadOptions},
        understanding::{Choice, Question, Warning, WarningCode},
    },
    values::{
        dates::{self, DateColumn, Zone},
        missing, text,
    },
};

/// Where the shops that take a currency are, as far as there is one answer.
const ZONES: [(&str, &str); 24] = [
    ("EUR", "Europe/Berlin"),
    ("USD", "America/New_York"),
    ("GBP", "Europe/London"),
    ("CHF", "Europe/Zurich"),
    ("SEK", "Europe/Stockholm"),
    ("NOK", "Europe/Oslo"),
    ("DKK", "Europe/Copenhagen"),
    ("PLN", "Europe/Warsaw"),
    ("CZK", "Europe/Prague"),
    ("HUF", "Europe/Budapest"),
    ("RON", "Europe/Bucharest"),
    ("TRY", "Europe/Istanbul"),
    ("UAH", "Europe/Kyiv"),
    ("ZAR", "Africa/Johannesburg"),
    ("INR", "Asia/Kolkata"),
    ("JPY", "Asia/Tokyo"),
    ("KRW", "Asia/Seoul"),
    ("CNY", "Asia/Shanghai"),
    ("SGD", "Asia/Singapore"),
    ("HKD", "Asia/Hong_Kong"),
    ("NZD", "Pacific/Auckland"),
    ("AUD", "Australia/Sydney"),
    ("BRL", "America/Sao_Paulo"),
    ("CAD", "America/Toronto"),
];
/// Zones of many shops, to see whether days would move at all.
const LIKELY: [&str; 3] = ["America/New_York", "Europe/Berlin", "Asia/Tokyo"];
/// Days that move by less are not worth a word.
const WORTH_ASKING: f64 = 0.01;

/// What is to be said of the clock that the days of a set are on.
#[derive(Debug, Default)]
pub struct Said {
    pub question: Option<Question>,
    pub warning: Option<Warning>,
}

/// Asks for the shop's zone where something hints at one and its days would be others than those of UTC;
/// says that the days are those of UTC where nothing does.
#[must_use]
pub fn look(files: &[Sniffed], roles: &[TableRoles], options: &ReadOptions) -> Said {
    if options.time_zone.is_some() {
        return Said::default();
    }
    let samples = files.iter().zip(roles).filter_map(|(file, roles)| {
        let (date, samples) = (roles.column(Role::Date)?, file.samples().ok()?);
        Some((&samples[date], hint(samples, roles)))
    });
    let samples: Vec<(&Sample, Option<&'static str>)> = samples.collect();
    let hint = samples.iter().find_map(|(_, hint)| *hint);
    let moved = |zone: &str| {
        let shares = samples.iter().map(|(sample, _)| share_moved(sample, zone));
        shares.fold(0.0, f64::max)
    };
    match hint {
        Some(zone) if moved(zone) > WORTH_ASKING => Said {
            question: Some(question(zone, &samples, options)),
            warning: None,
        },
        None if LIKELY.iter().any(|zone| moved(zone) > WORTH_ASKING) => Said {
            question: None,
            warning: Some(Warning {
                code: WarningCode::TimeZone,
                text: "Times are in UTC, and so are the days: set the shop's time zone if evenings or mornings belong to another day".to_owned(),
                rows: 0,
            }),
        },
        _ => Said::default(),
    }
}

fn question(
    zone: &str,
    samples: &[(&Sample, Option<&'static str>)],
    options: &ReadOptions,
) -> Question {
    let answer = options.answers.get(options::TIME_ZONE);
    let answer = answer.filter(|answer| matches!(answer.as_str(), "UTC") || *answer == zone);
    Question {
        id: options::TIME_ZONE.to_owned(),
        about: samples
            .first()
            .map_or(String::new(), |(sample, _)| sample.name.clone()),
        text: "Times are in UTC. On whose clock do days begin?".to_owned(),
        choices: vec![
            Choice::new("UTC", "days are those of UTC"),
            Choice::new(zone, &format!("days are those of {zone}, by the currency")),
        ],
        chosen: answer.map_or("UTC", String::as_str).to_owned(),
        answered: answer.is_some(),
    }
}

/// The zone that the one currency of a table hints at.
fn hint(samples: &[Sample], roles: &TableRoles) -> Option<&'static str> {
    let sample = &samples[roles.column(Role::Currency)?];
    let mut cells = (0..sample.rows())
        .map(|row| sample.cell(row))
        .filter(|cell| !missing::is_missing(cell));
    let first = cells.next()?;
    if !cells.all(|cell| cell == first) {
        return None;
    }
    let known = ZONES
        .iter()
        .find(|(code, _)| text::fold(code) == text::fold(first));
    known.map(|(_, zone)| *zone)
}

/// Share of the dates of a sample that have another day in a zone than in UTC.
fn share_moved(sample: &Sample, zone: &str) -> f64 {
    let rows = sample.rows();
    let stamped = (0..rows).any(|row| dates::depends_on_zone(sample.cell(row)));
    let (true, Some(zone)) = (stamped, Zone::named(Some(zone))) else {
        return 0.0;
    };
    let days = |zone: Zone| {
        let mut column = DateColumn::new(zone, rows);
        for row in 0..rows {
            column.push(sample.cell(row));
        }
        column.finish(None).days
    };
    let (here, there) = (days(Zone::default()), days(zone));
    let moved = here.iter().zip(&there).filter(|(a, b)| a != b).count();
    moved as f64 / rows.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{load, open::source::Input};

    fn said(rows: &str, options: &ReadOptions) -> Said {
        let input = Input::memory("a.csv", b"").holding(rows.as_bytes().to_vec());
        let files: Vec<Sniffed> = load::look(&[input], options)
            .unwrap()
            .into_iter()
            .map(|(file, _)| file)
            .collect();
        let roles = files
            .iter()
            .map(|file| file.roles(crate::roles::assign::Said::default()).unwrap())
            .collect::<Vec<_>>();
        look(&files, &roles, options)
    }

    const EVENING: &str = "customer_id,order_id,created_at,amount,currency\n\
        a,1,2024-01-05T02:30:00Z,5.00,USD\nb,2,2024-01-06T15:30:00Z,6.00,USD\n";

    #[test]
    fn stamps_of_utc_are_asked_about_where_something_hints_at_a_zone() {
        let options = ReadOptions::default();
        let question = said(EVENING, &options).question.unwrap();
        let choices: Vec<&str> = question.choices.iter().map(|choice| &*choice.id).collect();
        assert_eq!(choices, ["UTC", "America/New_York"]);
        assert_eq!(
            (question.id.as_str(), question.answered),
            ("time_zone", false)
        );
        // Nothing hints at a zone.
        let warned = said(&EVENING.replace("USD", "x"), &options);
        assert!(warned.question.is_none() && warned.warning.is_some());
        // Stamps at noon, local stamps, and a zone that was set.
        for rows in [
            EVENING.replace("T02", "T14"),
            EVENING.replace('Z', "-05:00"),
            EVENING.replace('Z', ""),
        ] {
            let nothing = said(&rows, &options);
            assert!(
                nothing.question.is_none() && nothing.warning.is_none(),
                "{rows}"
            );
        }
        let set = ReadOptions {
            time_zone: Some("Asia/Tokyo".to_owned()),
            ..ReadOptions::default()
        };
        assert!(said(EVENING, &set).question.is_none());
    }

    #[test]
    fn the_answer_moves_days() {
        let mut options = ReadOptions::default();
        options
            .answers
            .insert("time_zone".to_owned(), "America/New_York".to_owned());
        assert!(said(EVENING, &options).question.unwrap().answered);
        let data = load::load_bytes(
            "a.csv",
            EVENING.as_bytes(),
            &options,
            &base::monitor::Monitor::silent(),
        )
        .unwrap();
        assert_eq!(
            data.orders
                .day_range()
                .map(|(first, _)| crate::day::iso(first))
                .unwrap(),
            "2024-01-04"
        );
    }
}
