//! What is found in a mangled shop, and what to think of it.

use keepers::{
    data::{
        dataset::{Dataset, error::DataError, understanding::WarningCode},
        day::{Day, iso},
    },
    simulator::mangle::{Figures, Mangled, Need},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The numbers are right and nothing is asked.
    Right,
    /// Something is asked, or a warning names the matter.
    Asked,
    /// Not opened, for this reason.
    Refused(String),
    /// Wrong without a word, in this way.
    Wrong(String),
    Crashed,
}

/// A headline number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Customers,
    Orders,
    Net,
    Days,
}

fn found(dataset: &Dataset) -> Figures {
    let outcome = dataset.outcome();
    let (first, last) = dataset.orders.day_range().unwrap_or_default();
    Figures {
        customers: outcome.customers,
        orders: outcome.orders,
        net_cents: (outcome.net_revenue * 100.0).round() as i64,
        first,
        last,
    }
}

/// Warnings that name the matter when this figure is wrong.
fn named_by(figure: Figure) -> &'static [WarningCode] {
    use WarningCode as Code;
    match figure {
        Figure::Customers => &[Code::RoundedIds, Code::GuestOrders, Code::CustomerSummaries],
        Figure::Orders => &[
            Code::RoundedIds,
            Code::CustomerSummaries,
            Code::UnknownStatus,
            Code::WeakJoin,
            Code::UnusedTable,
        ],
        Figure::Net => &[
            Code::MixedCurrencies,
            Code::DecimalSign,
            Code::NoAmount,
            Code::AmountChoice,
            Code::UnknownStatus,
            Code::WeakJoin,
            Code::UnusedTable,
            Code::MissingWord,
        ],
        Figure::Days => &[Code::DayMonthOrder, Code::TimeZone, Code::PlaceholderDates],
    }
}

/// The warning that takes the place of a question about what cannot be known.
fn meets(need: Need) -> WarningCode {
    match need {
        Need::DayMonth => WarningCode::DayMonthOrder,
        Need::DecimalSign => WarningCode::DecimalSign,
        Need::Currencies => WarningCode::MixedCurrencies,
        Need::RoundedIds => WarningCode::RoundedIds,
        Need::Refusal => WarningCode::NoAmount,
    }
}

pub fn judge(shop: &Mangled, loaded: Result<&Dataset, &DataError>) -> Verdict {
    let dataset = match loaded {
        Ok(dataset) => dataset,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    let said = &dataset.understanding;
    let asked = !said.questions.is_empty();
    let warned = |code: WarningCode| said.warnings.iter().any(|warning| warning.code == code);
    if shop.needs.contains(&Need::Refusal) {
        return if asked {
            Verdict::Asked
        } else {
            Verdict::Wrong("opened without a customer or a date".to_owned())
        };
    }
    for need in &shop.needs {
        if !asked && !warned(meets(*need)) {
            return Verdict::Wrong(format!("{need:?} cannot be known and was not asked"));
        }
    }
    let found = found(dataset);
    let wrong = differing(&shop.truth, &found);
    let excused = |figure: &Figure| asked || named_by(*figure).iter().any(|code| warned(*code));
    if !wrong.iter().all(excused) {
        return Verdict::Wrong(told(&shop.truth, &found));
    }
    if wrong.is_empty() && shop.needs.is_empty() && !asked {
        Verdict::Right
    } else {
        Verdict::Asked
    }
}

/// The figures that are not as they should be; a cent is rounding.
fn differing(truth: &Figures, found: &Figures) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (figure, same) in [
        (Figure::Customers, truth.customers == found.customers),
        (Figure::Orders, truth.orders == found.orders),
        (Figure::Net, (truth.net_cents - found.net_cents).abs() <= 1),
        (
            Figure::Days,
            truth.first == found.first && truth.last == found.last,
        ),
    ] {
        if !same {
            figures.push(figure);
        }
    }
    figures
}

/// Truth and finding side by side, where they differ.
fn told(truth: &Figures, found: &Figures) -> String {
    let money = |cents: i64| format!("{:.2}", cents as f64 / 100.0);
    let days = |first: Day, last: Day| format!("{} to {}", iso(first), iso(last));
    let parts = differing(truth, found)
        .into_iter()
        .map(|figure| match figure {
            Figure::Customers => format!("customers {} for {}", found.customers, truth.customers),
            Figure::Orders => format!("orders {} for {}", found.orders, truth.orders),
            Figure::Net => format!(
                "net {} for {}",
                money(found.net_cents),
                money(truth.net_cents)
            ),
            Figure::Days => {
                let (read, real) = (days(found.first, found.last), days(truth.first, truth.last));
                format!("days {read} for {real}")
            }
        });
    parts.collect::<Vec<_>>().join(", ")
}
