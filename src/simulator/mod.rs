//! The seeded shop simulator: order histories with known truth for samples, tests and measurements.
//!
//! Customers arrive over three years, buy by BG/NBD in a time that runs faster in busy seasons, and
//! spend by Gamma-Gamma; channels and acquisition months differ in how long their customers stay
//! ([`params`]). The same [`Spec`] gives the same bytes on every machine: all draws come from keyed
//! streams ([`random`]), money is in whole cents, and blocks are written in a fixed order.
//!
//! Memory: 12 bytes per order and 16 per customer, plus the blocks being written; ten million lines
//! never stand in memory.

mod basket;
mod calendar;
pub mod disk;
mod exports;
mod flat;
mod layout;

#[cfg(test)]
mod layout_tests;
mod ledger;
pub mod mangle;
pub mod names;
mod olist;
pub mod params;
mod people;
pub mod random;
pub mod sample;
#[cfg(test)]
mod tests;
mod text;
mod thelook;

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use rayon::prelude::*;

pub use layout::{Export, Layout};
pub use ledger::{CohortSize, ExportTruth, Truth};
pub use params::{Parameters, Spec};

use self::{
    calendar::Calendar,
    ledger::{Ledger, Tally},
    names::file_names,
    people::{Event, Person, Shop, calibrate},
};
use base::monitor::{Cancelled, Monitor};

/// Name of the file that holds the parameters and the exact figures.
pub const TRUTH_FILE: &str = "truth.json";

/// Orders written as one piece of parallel work.
const BLOCK: usize = 16_384;

/// Why a shop could not be generated.
#[derive(Debug, thiserror::Error)]
pub enum GenerateError {
    #[error("{} is already there. Choose another folder, or pass --force to replace it", path.display())]
    Exists { path: PathBuf },
    #[error("{}: {source}. Choose a folder you may write to, with enough free space", path.display())]
    Io {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{0}")]
    Impossible(String),
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}

impl GenerateError {
    /// Names the folder in an error that happened inside it.
    fn at(self, folder: &Path) -> Self {
        match self {
            Self::Io { path, source } => Self::Io {
                path: folder.join(path),
                source,
            },
            other => other,
        }
    }
}

impl Truth {
    /// The truth file's text.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Plain structs of numbers and texts always serialise.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Generates a shop in memory: one buffer per file of [`file_names`].
///
/// # Errors
/// [`GenerateError::Impossible`] when the spec cannot be met.
pub fn in_memory(spec: &Spec) -> Result<(Vec<Vec<u8>>, Truth), GenerateError> {
    let mut files = vec![Vec::new(); file_names(spec.layout).len()];
    let truth = simulate(spec, &mut files, &Monitor::silent())?;
    Ok((files, truth))
}

/// Generates a shop into one writer per file of [`file_names`].
///
/// # Errors
/// [`GenerateError::Impossible`] when the spec cannot be met, output errors, and cancellation.
pub fn simulate<W: Write>(
    spec: &Spec,
    files: &mut [W],
    monitor: &Monitor,
) -> Result<Truth, GenerateError> {
    let (parameters, calendar) = prepare(spec)?;
    monitor.progress("Simulating customers", 0, u64::from(spec.customers));
    let shop = Shop {
        spec,
        parameters: &parameters,
        calendar: &calendar,
    };
    let (people, mut events) = shop.people();
    match spec.layout {
        Layout::Cdnow => events.par_sort_unstable_by_key(|event| (event.customer, *event)),
        _ => events.par_sort_unstable(),
    }
    let ledger = Ledger::new(people.len());
    let tally = write(&shop, (&people, &events), &ledger, files, monitor)?;
    Ok(ledger.truth(spec, parameters.clone(), tally))
}

/// Parameters and calendar that meet the spec; nothing is written before this has succeeded.
fn prepare(spec: &Spec) -> Result<(Parameters, Calendar), GenerateError> {
    check(spec)?;
    let mut parameters = Parameters::of(spec);
    let calendar = Calendar::new(spec, &parameters);
    parameters.alpha_days = calibrate(spec, &parameters, &calendar).ok_or_else(|| {
        GenerateError::Impossible(format!(
            "{} orders per customer cannot be reached: customers leave before they make that many. \
             Choose a value between 1.1 and 20",
            spec.orders_per_customer
        ))
    })?;
    Ok((parameters, calendar))
}

fn check(spec: &Spec) -> Result<(), GenerateError> {
    let problem = if spec.customers == 0 {
        "a shop needs at least one customer"
    } else if !(1.0..=10.0).contains(&spec.lines_per_order) {
        "lines per order must lie between 1 and 10"
    } else if !spec.orders_per_customer.is_finite() {
        "orders per customer must be a number"
    } else {
        return Ok(());
    };
    Err(GenerateError::Impossible(problem.to_owned()))
}

/// Writes all blocks in order: a few at a time are made in parallel, then written.
fn write<W: Write>(
    shop: &Shop<'_>,
    (people, events): (&[Person], &[Event]),
    ledger: &Ledger,
    files: &mut [W],
    monitor: &Monitor,
) -> Result<Tally, GenerateError> {
    let names = file_names(shop.spec.layout);
    let mut put = |texts: &[Vec<u8>]| {
        for ((file, text), name) in files.iter_mut().zip(texts).zip(names) {
            file.write_all(text).map_err(|source| GenerateError::Io {
                path: PathBuf::from(name),
                source,
            })?;
        }
        Ok::<(), GenerateError>(())
    };
    put(&preludes(shop, people, events))?;
    let blocks = events.len().div_ceil(BLOCK);
    let at_once = rayon::current_num_threads().max(1) * 2;
    let mut tally = Tally::default();
    for first in (0..blocks).step_by(at_once) {
        monitor.check()?;
        monitor.progress(
            "Writing orders",
            (first * BLOCK) as u64,
            events.len() as u64,
        );
        let made: Vec<(Vec<Vec<u8>>, Tally)> = (first..(first + at_once).min(blocks))
            .into_par_iter()
            .map(|block| {
                let range = block * BLOCK..((block + 1) * BLOCK).min(events.len());
                rows(shop, (people, events), range, ledger)
            })
            .collect();
        for (texts, block_tally) in made {
            put(&texts)?;
            tally.add(block_tally);
        }
    }
    if let Layout::Export(export) = shop.spec.layout {
        put(&[export.postlude(tally)])?;
    }
    Ok(tally)
}

fn preludes(shop: &Shop<'_>, people: &[Person], events: &[Event]) -> Vec<Vec<u8>> {
    match shop.spec.layout {
        Layout::Orders => vec![flat::orders_header()],
        Layout::Cdnow => vec![Vec::new()],
        Layout::Olist => olist::preludes(shop),
        Layout::Thelook | Layout::DeDs => thelook::preludes(shop, people, events),
        Layout::Export(export) => vec![export.prelude()],
    }
}

fn rows(
    shop: &Shop<'_>,
    (people, events): (&[Person], &[Event]),
    range: std::ops::Range<usize>,
    ledger: &Ledger,
) -> (Vec<Vec<u8>>, Tally) {
    let one_file = |(text, tally)| (vec![text], tally);
    match shop.spec.layout {
        Layout::Orders => one_file(flat::orders_rows(shop, people, events, range, ledger)),
        Layout::Cdnow => one_file(flat::cdnow_rows(shop, people, events, range, ledger)),
        Layout::Olist => olist::rows(shop, people, events, range, ledger),
        Layout::Thelook | Layout::DeDs => thelook::rows(shop, people, events, range, ledger),
        Layout::Export(export) => {
            let source = exports::Source {
                shop,
                people,
                events,
                ledger,
            };
            one_file(exports::rows(export, &source, range))
        }
    }
}
