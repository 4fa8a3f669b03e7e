//! Whether a file is a customer table.
//!
//! A table and an order log of people who all bought once look alike: both have a unique customer in
//! every row. What tells them apart is what the other columns say ([`verdict`]):
//!
//! 1. An order id, an order date and an amount, each by a name that means it, make an order log,
//!    whoever bought how often; without an amount where no column sums up a life. (Of many customers the
//!    first rows repeat none: a large table of orders would be read whole only to see that.)
//! 2. Where customers repeat, every row is something a customer did: an order log.
//! 3. Columns that sum up a customer's whole life (a purchase frequency, a lifetime value, a
//!    probability of churn, days since the last visit…) make a customer table: no single order has them.
//! 4. Otherwise customer, date and amount make an order log, and unique customers without one of the
//!    two are a table — from [`MIN_CUSTOMERS`] rows on, since fewer do not show that nobody repeats.
//!
//! Columns whose meaning was chosen by hand as date and amount make an order log in any case.

use crate::{
    dataset::Role,
    roles::assign::Said,
    roles::facts::Sample,
    roles::reason::Guess,
    roles::vocabulary::{self, concept::Concept},
    roles::{names, needs, sniffed::Sniffed},
    values::dates,
    values::text,
};

/// Fewer rows do not show that customers never repeat.
const MIN_CUSTOMERS: usize = 10;
/// Share of customers that may stand twice before the file is read as an order log.
pub(super) const REPEATED_SHARE: f64 = 0.01;

/// Parts of names that sum up a customer's whole life, folded.
#[rustfmt::skip]
const LIFETIME: &[&str] = &[
    "frequency", "lifetime", "churn", "averageorder", "avgorder", "aov", "ltv", "clv", "tenure", "recency", "retention", "loyalty",
    "lastpurchase", "lastorder", "firstorder", "firstpurchase", "totalever", "ordernum", "lastinteraction", "lastvisit", "lastlogin", "dayssince", "timebetween", "numberoforders", "numorders", "orderscount",
    "ordercount", "totalorders", "totalpurchases", "purchasecount", "numpurchases", "numberofpurchases", "numofpurchases", "satisfaction", "membership",
    "kundenwert", "abwanderung", "kundigung", "letzterkauf", "letztebestellung", "kaufhaufigkeit", "anzahlbestellungen",
    "dernierachat", "frequence", "ultimacompra", "frecuencia", "frequencia", "laatsteaankoop", "ultimoacquisto",
];

/// Whether the name of a column speaks of a customer's whole life.
fn sums_up(name: &str) -> bool {
    let folded = text::fold(name);
    LIFETIME.iter().any(|part| folded.contains(part))
}

/// The column that names the customer of each row when the file is a customer table; the columns'
/// meanings with it.
pub(super) fn verdict(file: &Sniffed, said: Said<'_>) -> Option<usize> {
    let samples = file.samples().ok()?;
    let guesses = file.guesses(said).ok()?;
    let rows = samples.first()?.cells.len();
    let summaries = samples
        .iter()
        .filter(|sample| sums_up(&sample.name))
        .count();
    let key = key_column(samples, &guesses, summaries > 0)?;
    if !is_unique(&samples[key]) || names::means(Role::Order, &samples[key].name) {
        return None;
    }
    let evidence = |role| Evidence::of(role, samples, &guesses);
    let (order, date) = (evidence(Role::Order), evidence(Role::Date));
    let money = evidence(Role::Amount).max(evidence(Role::UnitPrice).min(evidence(Role::Quantity)));
    let log = date.min(money);
    let is_log = log == Evidence::Chosen
        || (log == Evidence::Named && order >= Evidence::Named)
        || (date.min(order) >= Evidence::Named && summaries == 0)
        || (log >= Evidence::Guessed && summaries == 0);
    let enough = if summaries > 0 { 2 } else { MIN_CUSTOMERS };
    (!is_log && rows >= enough).then_some(key)
}

/// How sure it is that a file has a column of some meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Evidence {
    None,
    /// By its content, or by a part of its name.
    Guessed,
    /// By a name that means it, and a content that does not contradict.
    Named,
    /// The user said so.
    Chosen,
}

impl Evidence {
    fn of(role: Role, samples: &[Sample], guesses: &[Guess]) -> Self {
        let Some(at) = guesses.iter().position(|guess| guess.role == role) else {
            return Self::None;
        };
        let name = &samples[at].name;
        if guesses[at].reason.is_human() {
            Self::Chosen
        } else if names::means(role, name) && !sums_up(name) {
            Self::Named
        } else {
            Self::Guessed
        }
    }
}

/// The column named after customers, or (beside columns that sum up a life) a plain `id`.
fn key_column(samples: &[Sample], guesses: &[Guess], summed_up: bool) -> Option<usize> {
    let by_role = guesses
        .iter()
        .position(|guess| guess.role == Role::Customer);
    // A table that sums customers up is keyed by its id, whatever that is called.
    by_role.or_else(|| {
        let is_id = |sample: &Sample| {
            let spoken = vocabulary::spoken(&sample.name);
            spoken.has(Concept::Id)
                && matches!(spoken.of_id, None | Some(Concept::Customer))
                && is_unique(sample)
        };
        samples.iter().position(is_id).filter(|_| summed_up)
    })
}

/// Whether nearly every cell is filled and almost none repeats.
fn is_unique(sample: &Sample) -> bool {
    let mut cells: Vec<&str> = sample
        .cells
        .iter()
        .map(text::tidy_id)
        .filter(|cell| !dates::is_missing(cell))
        .collect();
    let filled = cells.len();
    cells.sort_unstable();
    cells.dedup();
    let repeated = (filled - cells.len()) as f64;
    filled * 10 >= sample.cells.len() * 9 && repeated <= REPEATED_SHARE * filled as f64
}

/// Whether the files are customer tables, going by the first rows: at least one of them is, and no
/// other one holds orders.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> bool {
    let mut tables = 0;
    for file in files {
        if file.dialect.has_header && verdict(file, Said::default()).is_some() {
            tables += 1;
        } else if holds_orders(file) {
            return false;
        }
    }
    tables > 0
}

fn holds_orders(file: &Sniffed) -> bool {
    let roles = |guesses: Vec<Guess>| guesses.iter().map(|guess| guess.role).collect::<Vec<_>>();
    file.guesses(Said::default())
        .is_ok_and(|guesses| needs::missing(&roles(guesses)).is_empty())
}
