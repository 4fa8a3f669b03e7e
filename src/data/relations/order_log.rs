//! Tables of order lines that need no joining: read one after the other, row by row.

use crate::{
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
        job::Job,
        money::{AmountGrain, Money},
    },
    table::records::Separator,
    values::{
        dates::OrderEvidence,
        numbers::{Decimal, Evidence},
        serials::Form,
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
    let written = roles.date_form == Form::Auto && roles.given_names.is_none();
    money
        && whose
        && written
        && !roles.credits_by_kind
        && !roles.in_cents
        && roles.elsewhere.is_empty()
        && roles.column(Role::Date).is_some()
        && roles.column(Role::Refund).is_none()
}

/// Reads the files one after the other; `None` where several currencies stand beside the amounts, which
/// then are not rows of one kind.
///
/// # Errors
/// Any error of reading.
pub fn read(job: &Job<'_>, roles: &[TableRoles]) -> Result<Option<Gathered>, DataError> {
    let (mut stage, mut reads) = read_files(job, roles, job.options.order_of_dates(), &[])?;
    // Day and month, and the decimal sign, are one decision for all files of a set: a file that decided
    // otherwise by itself is read again.
    let (mut dates, mut numbers) = (OrderEvidence::default(), Evidence::default());
    for read in &reads {
        dates.add(read.dates);
        numbers.add(read.numbers);
    }
    if numbers.several_currencies {
        return Ok(None);
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
    Ok(Some(Gathered {
        name: job.set_name(),
        shape,
        stage,
        reads,
        beside: Vec::new(),
        remarks: Vec::new(),
        own: Vec::new(),
        damage: Vec::new(),
        tables: Vec::new(),
        understanding: Understanding::default(),
    }))
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
