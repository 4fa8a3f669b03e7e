//! Tables of order lines that need no joining: read one after the other, row by row.

use super::{Job, Sniffed};
use crate::data::{
    dataset::{
        Role, Shape,
        error::DataError,
        options::{self, DateOrder},
        understanding::Understanding,
    },
    judge::finish::Gathered,
    lines::{
        ingest::{Lines, Read, ingest},
        stage::Stage,
    },
    roles::{
        assign::TableRoles,
        money::{AmountGrain, Money},
    },
    table::records::Separator,
    values::{
        dates::OrderEvidence,
        numbers::{Decimal, Evidence},
        serials::Form,
        text,
    },
};

/// Whether each row of a table is an order line by itself: nothing has to be put together first.
#[must_use]
pub fn is_plain(roles: &TableRoles) -> bool {
    let money = match roles.money {
        Money::Amount { grain, .. } => grain == AmountGrain::Line,
        Money::Product { discount, .. } => discount.is_none(),
        Money::None => false,
    };
    let customer = roles.column(Role::Customer);
    let whose = customer.is_some_and(|at| {
        // Empty ids beside e-mail addresses are guests.
        let known = roles.facts[at].fill() * (1.0 - roles.facts[at].guests);
        known > 0.999 || roles.column(Role::Contact).is_none()
    });
    let one_currency = (roles.money.column()).is_none_or(|at| roles.facts[at].currencies < 2);
    let written = roles.date_form == Form::Auto;
    money
        && whose
        && written
        && one_currency
        && !roles.credits_by_kind
        && !roles.in_cents
        && roles.column(Role::Date).is_some()
        && roles.column(Role::Refund).is_none()
}

/// Reads the files one after the other.
///
/// # Errors
/// Any error of reading.
pub fn read(job: &Job<'_>, roles: &[TableRoles]) -> Result<Gathered, DataError> {
    let (mut stage, mut reads) = read_files(job, roles, job.options.order_of_dates(), &[])?;
    // Day and month, and the decimal sign, are one decision for all files of a set: a file that decided
    // otherwise by itself is read again.
    let (mut dates, mut numbers) = (OrderEvidence::default(), Evidence::default());
    for read in &reads {
        dates.add(read.dates);
        numbers.add(read.numbers);
    }
    let decimal = decimal_of(numbers, job);
    let order = job.options.order_of_dates().or(dates.order());
    // Files of two programs prove two signs; each keeps its own.
    let decimal_for = |read: &Read| read.numbers.proven().unwrap_or(decimal);
    let differs = |read: &Read| {
        read.decimal != decimal_for(read)
            || job.options.order_of_dates().is_none()
                && order.is_some()
                && read.dates.open > 0
                && read.dates.order() != order
    };
    if reads.iter().any(differs) {
        let decimals: Vec<Decimal> = reads.iter().map(decimal_for).collect();
        (stage, reads) = read_files(job, roles, order, &decimals)?;
    }
    let shape = match job
        .recognised
        .as_ref()
        .map(|known| known.layout.name.as_str())
    {
        Some("cdnow") => Shape::Cdnow,
        _ => Shape::OrderLog,
    };
    Ok(Gathered {
        name: set_name(&job.files),
        shape,
        stage,
        reads,
        beside: Vec::new(),
        remarks: Vec::new(),
        own: Vec::new(),
        damage: Vec::new(),
        tables: Vec::new(),
        understanding: Understanding::default(),
    })
}

/// The decimal sign of a set; where its numbers leave it open, that of the answer, else the comma where
/// semicolons part the cells, as programs with decimal commas write them. Three digits behind every comma
/// are thousands: no money has three decimals.
#[must_use]
pub fn decimal_of(evidence: Evidence, job: &Job<'_>) -> Decimal {
    if !evidence.is_ambiguous() {
        return evidence.decimal();
    }
    let semicolons = job
        .files
        .iter()
        .any(|file| file.dialect.separator == Separator::Byte(b';'));
    match job
        .options
        .answers
        .get(options::DECIMAL_SIGN)
        .map(String::as_str)
    {
        Some(options::COMMA) => Decimal::Comma,
        Some(options::POINT) => Decimal::Point,
        _ if semicolons && evidence.open_comma < evidence.open => Decimal::Comma,
        _ => Decimal::Point,
    }
}

/// Reads all files under given assumptions; without decimal signs each file finds its own.
fn read_files(
    job: &Job<'_>,
    roles: &[TableRoles],
    date_order: Option<DateOrder>,
    decimals: &[Decimal],
) -> Result<(Stage, Vec<Read>), DataError> {
    let (mut stage, mut reads, mut bytes_before) = (Stage::default(), Vec::new(), 0);
    for (at, (file, roles)) in job.files.iter().zip(roles).enumerate() {
        let lines = Lines {
            input: &file.input,
            dialect: &file.dialect,
            guesses: roles.guesses.clone(),
            zone: job.zone.clone(),
            date_order,
            decimal: decimals.get(at).copied(),
            bytes_total: job.bytes_total,
            bytes_before,
        };
        reads.push(ingest(&lines, &mut stage, job.monitor)?);
        bytes_before += file.input.len()?;
    }
    Ok((stage, reads))
}

/// Something an order log cannot do without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    pub role: Role,
    /// "the customer"
    pub name: &'static str,
    /// Names that would have been understood.
    pub expected: &'static str,
}

/// What an order log cannot do without.
pub const NEEDS: [Need; 2] = [
    Need {
        role: Role::Customer,
        name: "the customer",
        expected: "a column such as customer_id, CustomerID or Kundennummer",
    },
    Need {
        role: Role::Date,
        name: "the order date",
        expected: "a column such as order_date, InvoiceDate or Bestelldatum",
    },
];

/// The needs these roles do not meet; an e-mail address can stand for the customer.
#[must_use]
pub fn missing(roles: &[Role]) -> Vec<Need> {
    let met = |need: &Need| {
        roles.contains(&need.role) || need.role == Role::Customer && roles.contains(&Role::Contact)
    };
    NEEDS.into_iter().filter(|need| !met(need)).collect()
}

/// Says which column a file lacks.
#[must_use]
pub fn missing_column(file: &Sniffed, roles: &[Role]) -> DataError {
    let need = missing(roles).first().copied().unwrap_or(NEEDS[0]);
    DataError::MissingColumn {
        path: file.input.path().to_path_buf(),
        role: need.name.to_owned(),
        expected: need.expected.to_owned(),
        found: text::quoted(&file.dialect.names),
        advice: "Say which column it is, or add it to the file".to_owned(),
    }
}

/// The file's stem, or the folder's name for several files.
#[must_use]
pub fn set_name(files: &[Sniffed]) -> String {
    let path = files.first().map(|file| file.input.path());
    let named = match files {
        [_] => path.and_then(std::path::Path::file_stem),
        _ => path
            .and_then(std::path::Path::parent)
            .and_then(std::path::Path::file_name),
    };
    named.map_or_else(
        || "orders".to_owned(),
        |name| name.to_string_lossy().into_owned(),
    )
}
