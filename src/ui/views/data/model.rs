//! What the Data view says about files and columns, without egui.

use crate::format;
use data::dataset::options::{DateOrder, ReadOptions};
use data::dataset::{ColumnReading, Dataset, FileReading, Role};
use data::day::Day;
use data::lines::labels;
use data::roles::needs;
use data::roles::reading::{self, Value};
use data::values::dates;

/// What the roles are, behind the ⓘ.
pub const COLUMNS_DEFINITION: &str = "Customer, order date and amount (or unit price and quantity) \
    carry every figure. Order id: lines with the same id are one order; without it, all lines of one \
    customer on one day are. Status: words such as cancelled or returned, or a return date; such \
    sales count 0. Attribute: kept to group by, for example product, category, country or channel. \
    Columns that are not used change nothing.";

/// Name of a file for people.
#[must_use]
pub fn file_title(file: &FileReading) -> String {
    if file.name.is_empty() {
        file.part.clone()
    } else {
        file.name.clone()
    }
}

/// `1.8 MB`, decimal units as file managers use them.
#[must_use]
pub fn bytes(count: u64) -> String {
    match count {
        0..1_000 => format::count(count, "byte", "bytes"),
        1_000..1_000_000 => format!("{} kB", format::number(count as f64 / 1e3)),
        1_000_000..1_000_000_000 => format!("{} MB", format::number(count as f64 / 1e6)),
        _ => format!("{} GB", format::number(count as f64 / 1e9)),
    }
}

/// What the whole set is.
#[must_use]
pub fn set_sentence(dataset: &Dataset, order_days: Option<(Day, Day)>) -> String {
    let rows: u64 = dataset.files.iter().map(|file| file.rows).sum();
    let size: u64 = dataset.files.iter().map(|file| file.bytes).sum();
    let days = order_days.map_or_else(String::new, |(first, last)| {
        format!(", from {} to {}", format::date(first), format::date(last))
    });
    format!(
        "Recognised as: {}. {} with {} ({}){days}.",
        dataset.shape.title(),
        format::count(dataset.files.len() as u64, "file", "files"),
        format::count(rows, "row", "rows"),
        bytes(size),
    )
}

/// Which columns carry the analyses, and how many nothing reads.
#[must_use]
pub fn columns_sentence(columns: &[ColumnReading]) -> String {
    let named = |role: Role| {
        columns
            .iter()
            .find(|column| column.role == role)
            .map(|column| format!("{} from “{}”", role.title().to_lowercase(), column.name))
    };
    let used: Vec<String> = [Role::Customer, Role::Date, Role::Amount, Role::UnitPrice]
        .into_iter()
        .filter_map(named)
        .collect();
    let unused = columns
        .iter()
        .filter(|column| column.role == Role::Ignored)
        .count() as u64;
    let mut sentence = if used.is_empty() {
        format::count(columns.len() as u64, "column", "columns")
    } else {
        format::capital(&used.join(", "))
    };
    sentence.push('.');
    if unused > 0 {
        sentence.push(' ');
        sentence += &format::count(unused, "column is", "columns are");
        sentence += " not used.";
    }
    sentence
}

/// The role a column has, or will have once the files are read as chosen.
#[must_use]
pub fn role_of(reading: &ReadOptions, file: &str, column: &ColumnReading) -> Role {
    let said = |name: &str| reading.roles.get(file).and_then(|roles| roles.get(name));
    if let Some(&role) = said(&column.name) {
        return role;
    }
    // Its single role has gone to another column, and the next reading will say so.
    let taken = column.role.is_single()
        && reading
            .roles
            .get(file)
            .is_some_and(|roles| roles.values().any(|role| *role == column.role));
    if taken { Role::Attribute } else { column.role }
}

/// Why the column has its role.
#[must_use]
pub fn why(reading: &ReadOptions, file: &str, column: &ColumnReading) -> String {
    if reading.says(file, &column.name) {
        "Chosen by you".to_owned()
    } else {
        format::capital(&format::printed(&column.reason))
    }
}

/// A role in the list to choose from for a column that was read for this reason.
#[must_use]
pub fn role_choice(role: Role, reason: &str) -> &'static str {
    match role {
        Role::Attribute if reason == labels::REASON => "Customer’s text",
        Role::Attribute => "Attribute to group by",
        role => role.title(),
    }
}

/// One value of a file and what it is read as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub raw: String,
    /// `None` where it is read as it stands.
    pub read: Option<String>,
    /// It does not hold what its role asks for.
    pub bad: bool,
}

/// Values shown beside a column.
const VALUES: usize = 3;
/// Longest value shown, in characters.
const VALUE_CHARACTERS: usize = 28;

/// The first different values of a column under a role.
#[must_use]
pub fn values(file: &FileReading, at: usize, role: Role, options: &ReadOptions) -> Vec<Shown> {
    let Some(column) = file.columns.get(at) else {
        return Vec::new();
    };
    let column = ColumnReading {
        role,
        ..column.clone()
    };
    let mut raws: Vec<&str> = Vec::new();
    for cell in file.preview.iter().filter_map(|row| row.get(at)) {
        let cell = cell.trim();
        if !cell.is_empty() && !raws.contains(&cell) {
            raws.push(cell);
        }
        if raws.len() == VALUES {
            break;
        }
    }
    raws.iter()
        .map(|raw| {
            let value = reading::value(&column, raw, options);
            let words = value_words(&value);
            Shown {
                bad: value == Value::Unreadable,
                read: words.filter(|words| words != raw),
                raw: shortened(raw),
            }
        })
        .collect()
}

fn shortened(text: &str) -> String {
    let flat: String = text
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if flat.chars().count() <= VALUE_CHARACTERS {
        return flat;
    }
    let mut cut: String = flat.chars().take(VALUE_CHARACTERS).collect();
    cut.push('…');
    cut
}

/// A value in words; `None` for text, which stands for itself.
fn value_words(value: &Value) -> Option<String> {
    match value {
        Value::Missing => Some("nothing".to_owned()),
        Value::Unreadable => Some("cannot be read".to_owned()),
        Value::Text(_) => None,
        Value::Day(day) => Some(format::date(*day)),
        Value::Number(number) => Some(plain_number(*number)),
        Value::Kept(true) => Some("kept".to_owned()),
        Value::Kept(false) => Some("not kept".to_owned()),
    }
}

/// All digits a shop writes, but no idle ones.
fn plain_number(number: f64) -> String {
    let decimals = (0..4)
        .find(|&decimals| {
            let scaled = number * 10_f64.powi(decimals);
            (scaled - scaled.round()).abs() < 1e-6 * scaled.abs().max(1.0)
        })
        .map_or(4, |decimals| decimals as usize);
    format::fixed(number, decimals)
}

/// A choice of date order and its words.
type OrderChoice = (Option<DateOrder>, String);

/// The question about day and month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateQuestion {
    /// Nothing in the data answers it.
    pub open: bool,
    pub question: String,
    pub choices: [OrderChoice; 3],
    pub note: String,
}

/// Asks about the first date that fits both orders; `None` where no date does.
#[must_use]
pub fn date_question(
    files: &[FileReading],
    options: &ReadOptions,
    remarks: &[String],
) -> Option<DateQuestion> {
    let (column, (text, day_first, month_first)) = files.iter().find_map(|file| {
        let (at, column) = date_column(file, options)?;
        let cells = cells(file, at);
        Some((column, reading::either_date(column, cells)?))
    })?;
    let settled = files.iter().any(|file| {
        let cells = date_column(file, options).map(|(at, _)| cells(file, at));
        cells.is_some_and(|mut cells| cells.any(dates::fits_one_order))
    });
    let open = options.date_order.is_none()
        && !settled
        && (remarks.is_empty()
            || remarks
                .iter()
                .any(|remark| remark.contains(dates::OPEN_ORDER)));
    let (day_first, month_first) = (format::date(day_first), format::date(month_first));
    let used = match options.date_order.or(reading::order_in_use(column)) {
        Some(DateOrder::MonthDay) => "month first",
        _ => "day first",
    };
    let note = match (options.date_order, open) {
        (Some(_), _) => format!("You said: {used}. Dates that do not fit are left out and listed."),
        (None, true) => format!(
            "Every date seen fits both orders, so the data cannot tell. Read as {used} for now."
        ),
        (None, false) => format!("Other dates in the column fit one order only: read as {used}."),
    };
    let short = text.split([' ', 'T']).next().unwrap_or(text);
    Some(DateQuestion {
        open,
        question: format!("{short} is {day_first} or {month_first}?"),
        choices: [
            (None, "Let the data decide".to_owned()),
            (Some(DateOrder::DayMonth), day_first),
            (Some(DateOrder::MonthDay), month_first),
        ],
        note,
    })
}

fn date_column<'a>(
    file: &'a FileReading,
    options: &ReadOptions,
) -> Option<(usize, &'a ColumnReading)> {
    let name = file_title(file);
    let mut columns = file.columns.iter().enumerate();
    columns.find(|(_, column)| role_of(options, &name, column) == Role::Date)
}

fn cells(file: &FileReading, at: usize) -> impl Iterator<Item = &str> {
    let cells = file.preview.iter().filter_map(move |row| row.get(at));
    cells.map(String::as_str)
}

/// Whether any file has a date column, so that it matters how dates are read.
#[must_use]
pub fn has_dates(files: &[FileReading], options: &ReadOptions) -> bool {
    files
        .iter()
        .any(|file| date_column(file, options).is_some())
}

/// Whether the order dates carry instants, or a zone is already chosen.
#[must_use]
pub fn asks_for_zone(files: &[FileReading], options: &ReadOptions) -> bool {
    options.time_zone.is_some()
        || files.iter().any(|file| {
            date_column(file, options)
                .is_some_and(|(at, _)| cells(file, at).any(dates::depends_on_zone))
        })
}

/// Zones to choose from, from west to east.
const ZONES: [&str; 24] = [
    "America/Los_Angeles",
    "America/Denver",
    "America/Mexico_City",
    "America/Chicago",
    "America/New_York",
    "America/Toronto",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "Europe/London",
    "Europe/Lisbon",
    "Africa/Lagos",
    "Europe/Berlin",
    "Europe/Paris",
    "Europe/Madrid",
    "Europe/Warsaw",
    "Europe/Athens",
    "Europe/Istanbul",
    "Africa/Johannesburg",
    "Asia/Dubai",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
];

/// The zones with their names for people; one that a project names is added.
#[must_use]
pub fn zones(current: Option<&str>) -> Vec<(Option<String>, String)> {
    let words = |zone: &str| zone.replace('_', " ");
    let mut zones = vec![(None, "UTC".to_owned())];
    if let Some(zone) = current.filter(|zone| !ZONES.contains(zone)) {
        zones.push((Some(zone.to_owned()), words(zone)));
    }
    zones.extend(ZONES.map(|zone| (Some(zone.to_owned()), words(zone))));
    zones
}

/// Whether files can be opened, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness {
    pub ready: bool,
    pub words: String,
}

fn roles_of(file: &FileReading, options: &ReadOptions) -> Vec<Role> {
    let name = file_title(file);
    let columns = file.columns.iter();
    columns
        .map(|column| role_of(options, &name, column))
        .collect()
}

/// Whether a file with these columns holds sales of its own: it then needs all that a sale needs.
fn sells(roles: &[Role]) -> bool {
    let money = roles.contains(&Role::Amount) || roles.contains(&Role::UnitPrice);
    money && roles.contains(&Role::Date)
}

/// Whether the columns of a file are mapped as far as they must be.
#[must_use]
pub fn readiness(file: &FileReading, options: &ReadOptions) -> Readiness {
    let missing: Vec<&str> = needs::missing(&roles_of(file, options))
        .iter()
        .map(|need| need.name.trim_start_matches("the "))
        .collect();
    if missing.is_empty() {
        Readiness {
            ready: true,
            words: "Customer, order date and amount are known.".to_owned(),
        }
    } else {
        Readiness {
            ready: false,
            words: format!("Still missing: {}.", missing.join(", ")),
        }
    }
}

/// As [`readiness`], of several files: together they must have what is needed, for what one lacks a
/// join with another may bring. Where they do not, the first that lacks something speaks.
#[must_use]
pub fn readiness_of_all(files: &[FileReading], options: &ReadOptions) -> Readiness {
    if files.is_empty() {
        return Readiness {
            ready: false,
            words: "Looking at the files…".to_owned(),
        };
    }
    let all: Vec<Role> = files
        .iter()
        .flat_map(|file| roles_of(file, options))
        .collect();
    let together = needs::missing(&all).is_empty();
    let unready = files
        .iter()
        .filter(|file| !together || sells(&roles_of(file, options)))
        .map(|file| (file, readiness(file, options)))
        .find(|(_, state)| !state.ready);
    match unready {
        None => Readiness {
            ready: true,
            words: "Ready to open".to_owned(),
        },
        Some((_, state)) if files.len() == 1 => state,
        Some((file, state)) => Readiness {
            words: format!("{}: {}", file_title(file), state.words),
            ..state
        },
    }
}

#[cfg(test)]
mod tests;
