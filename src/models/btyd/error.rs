//! Why a buy-till-you-die model cannot be fitted.

use base::monitor::Cancelled;
use data::day;
use data::day::Day;

/// Why a buy-till-you-die model could not be fitted. `Display` is the full sentence for people.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BtydError {
    #[error(
        "no customer bought by the calibration end {}; the first purchase is on {}. Choose a later calibration end",
        day::iso(*calibration_end),
        first_purchase.map_or_else(|| "no day at all".to_owned(), day::iso)
    )]
    NoCustomers {
        calibration_end: Day,
        first_purchase: Option<Day>,
    },
    #[error(
        "none of the {customers} customers came back by the calibration end, so repeat purchases cannot be modelled. Choose a later calibration end"
    )]
    NoRepeats { customers: usize },
    #[error(
        "only {found} customers have a positive mean repeat spend; the spend model needs at least {needed}. Choose a later calibration end or check the amounts"
    )]
    TooFewSpenders { found: usize, needed: usize },
    #[error(
        "the likelihood of {model} could not be computed at any starting point. Check the dates of the orders for outliers"
    )]
    NoStart { model: &'static str },
    #[error(transparent)]
    Cancelled(#[from] Cancelled),
}
