//! The answers of the Start view: a headline figure, one sentence, and what to know beside it.
//!
//! They are worded here, below window and command line, so that both say the same.

use serde::{Serialize, Serializer};

use analysis::{
    comeback::{ColumnReturns, Comeback, FEWEST as FEWEST_OF_VALUE, LEVEL, ValueReturns},
    customers::Customers,
    months::Months,
    overview::PeriodRevenue,
    payback::{FEWEST, HORIZONS, Payback},
};
use base::figures::{count, fixed, integer, money, percent};
use data::day::{Day, MONTHS, Period, civil, iso, spelled};

use super::{
    acquisition::Acquisition,
    forecast::Forecast,
    held_out::{Check, ExpectedTotal, HeldOut},
    lists::{AudienceList, ListKind, Lists},
};

/// One answer with its numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer<N> {
    /// The headline; absent where there is no answer.
    pub figure: Option<String>,
    /// The answer in words, or why there is none.
    pub sentence: String,
    /// What to know beside it, in full sentences.
    pub notes: Vec<String>,
    /// Whether the data are too short or too small for the figure.
    pub weak: bool,
    pub numbers: Option<N>,
}

impl<N> Answer<N> {
    /// There is none, because …
    #[must_use]
    pub fn none(why: impl Into<String>) -> Self {
        Self {
            figure: None,
            sentence: why.into(),
            notes: Vec::new(),
            weak: false,
            numbers: None,
        }
    }
}

/// What the customers of today will bring.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Expected {
    pub horizon_days: u32,
    /// Σ of the predicted values.
    pub predicted: f64,
    /// The same at the level of the earlier checks; absent without any.
    pub expected: Option<ExpectedTotal>,
    /// What earlier forecasts said and what came, latest first.
    #[serde(serialize_with = "dated")]
    pub checks: Vec<Check>,
}

/// Checks with their dates as people write them.
fn dated<S: Serializer>(checks: &[Check], to: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Dated {
        made_at: String,
        predicted: f64,
        actual: f64,
    }
    to.collect_seq(checks.iter().map(|check| Dated {
        made_at: iso(check.made_at),
        predicted: check.predicted,
        actual: check.actual,
    }))
}

/// Revenue of the days ahead from existing customers. `weak`: why forecasts rest on too little.
#[must_use]
pub fn expected(
    forecast: Result<&Forecast, &str>,
    held_out: Option<&HeldOut>,
    weak: Option<&str>,
    currency: &str,
) -> Answer<Expected> {
    let forecast = match forecast {
        Ok(forecast) => forecast,
        Err(why) => return Answer::none(why),
    };
    let days = count(u64::from(forecast.horizon_days), "day", "days");
    let predicted: f64 = forecast.value.iter().sum();
    let total = held_out.map(|held_out| held_out.expected_total(predicted));
    let shown = money(total.map_or(predicted, |total| total.estimate), currency);
    let sentence = match total {
        Some(total) => format!(
            "Your customers of today are expected to bring {shown} in the next {days} (95 % interval {} to {}).",
            money(total.low, currency),
            money(total.high, currency)
        ),
        None => format!(
            "Your customers of today are predicted to bring {shown} in the next {days}, but no such forecast \
             could be checked against what came: take it as a rough guess."
        ),
    };
    Answer {
        figure: Some(shown),
        sentence,
        notes: weak.iter().map(|why| (*why).to_owned()).collect(),
        weak: weak.is_some() || total.is_none(),
        numbers: Some(Expected {
            horizon_days: forecast.horizon_days,
            predicted,
            expected: total,
            checks: held_out.map_or_else(Vec::new, |held_out| held_out.checks.clone()),
        }),
    }
}

/// What a new customer may cost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Allowance {
    /// Months within which the cost is paid back.
    pub months: u32,
    pub margin: f64,
    /// Customers whose months have all been observed.
    pub customers: u64,
    /// Their mean net revenue within the months.
    pub revenue: f64,
    /// Mean × margin, with its 95 % interval.
    pub spend: f64,
    pub low: f64,
    pub high: f64,
    /// Cost per customer won, where costs are known.
    pub cac: Option<f64>,
    /// Mean net revenue by the end of each month.
    pub by_month: Vec<f64>,
}

/// What winning a customer may cost. `asked`: months and margin wanted; a shorter horizon is taken where too
/// few customers have been observed for so long.
#[must_use]
pub fn allowance(
    payback: &Payback,
    asked: Terms,
    costs: &[Acquisition],
    since: Option<Day>,
    currency: &str,
) -> Answer<Allowance> {
    let followed = |months: u32| payback.of(months).map_or(0, |of| of.customers);
    let Some(found) = payback.within(asked.months) else {
        let shortest = HORIZONS[0];
        return Answer::none(format!(
            "Not known yet: {} been followed for {shortest} months after the first order, and a mean needs {FEWEST}.",
            has(followed(shortest))
        ));
    };
    let spend = |revenue: f64| (revenue * asked.margin).max(0.0);
    let [low, high] = found.interval().map(spend);
    let (won, cost) = (costs.iter()).fold((0, 0.0), |(won, cost), row| {
        (won + row.customers, cost + row.cost)
    });
    let cac = (won > 0).then(|| cost / won as f64);
    let mut notes = vec![format!(
        "95 % interval {} to {}, from {} followed for {} months.",
        money(low, currency),
        money(high, currency),
        count(found.customers, "customer", "customers"),
        found.months
    )];
    if found.months < asked.months {
        notes.push(format!(
            "{} months cannot be told yet: only {} been followed for so long.",
            asked.months,
            has(followed(asked.months))
        ));
    }
    notes.extend(cac.map(|cac| {
        format!(
            "Winning one has cost {} so far (CAC).",
            money(cac, currency)
        )
    }));
    notes.extend(since.map(|since| {
        format!(
            "Only customers won from {} on count: those before seem to be from before the data begin.",
            spelled(since)
        )
    }));
    let shown = money(spend(found.mean), currency);
    Answer {
        sentence: format!(
            "You may spend up to {shown} to win a customer and have it back within {} months.",
            found.months
        ),
        figure: Some(shown),
        notes,
        weak: false,
        numbers: Some(Allowance {
            months: found.months,
            margin: asked.margin,
            customers: found.customers,
            revenue: found.mean,
            spend: spend(found.mean),
            low,
            high,
            cac,
            by_month: found.by_month.clone(),
        }),
    }
}

/// What a payback is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Terms {
    pub months: u32,
    /// Share of revenue that is left after the goods are paid.
    pub margin: f64,
}

/// "1 customer has", "12 customers have".
fn has(customers: u64) -> String {
    count(customers, "customer has", "customers have")
}

/// Customers who are leaving.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Slipping {
    pub list: ListKind,
    pub customers: u64,
    /// Their net revenue before S.
    pub past_value: f64,
    /// The dearest of them, by revenue so far.
    #[serde(skip)]
    pub dearest: Vec<u32>,
}

/// Bars of customers shown at most.
const DEAREST: usize = 5;

/// How many of the best are slipping away; the churn risks where none is.
#[must_use]
pub fn slipping(
    lists: &Lists,
    customers: &Customers,
    weak: Option<&str>,
    currency: &str,
) -> Answer<Slipping> {
    let some = |kind| lists.get(kind).filter(|list| !list.customers.is_empty());
    let list = some(ListKind::VipToProtect).or_else(|| some(ListKind::ChurnRisk));
    let Some(list) = list else {
        let vips = lists.get(ListKind::VipToProtect);
        return match vips.and_then(|list| list.unavailable.as_deref()) {
            Some(why) => Answer::none(why),
            None => Answer {
                figure: Some("0".to_owned()),
                ..Answer::none("None of your customers is slipping away.")
            },
        };
    };
    let size = list.customers.len() as u64;
    let revenue = money(list.past_value, currency);
    let sentence = if list.kind == ListKind::VipToProtect {
        format!(
            "{} of your best customers {} slipping away; they have brought {revenue} so far.",
            integer(size),
            if size == 1 { "is" } else { "are" }
        )
    } else {
        format!(
            "{} at risk of leaving; they have brought {revenue} so far. None of your best is among the VIPs to \
             protect.",
            count(size, "customer is", "customers are")
        )
    };
    Answer {
        figure: Some(integer(size)),
        sentence,
        notes: weak.iter().map(|why| (*why).to_owned()).collect(),
        weak: weak.is_some(),
        numbers: Some(Slipping {
            list: list.kind,
            customers: size,
            past_value: list.past_value,
            dearest: dearest(list, customers),
        }),
    }
}

fn dearest(list: &AudienceList, customers: &Customers) -> Vec<u32> {
    let mut rows = list.customers.clone();
    let dearer = |one: &u32, other: &u32| {
        let [one_value, other_value] = [one, other].map(|row| customers.monetary[*row as usize]);
        other_value.total_cmp(&one_value).then(one.cmp(other))
    };
    if rows.len() > DEAREST {
        rows.select_nth_unstable_by(DEAREST - 1, dearer);
        rows.truncate(DEAREST);
    }
    rows.sort_by(dearer);
    rows
}

/// One value of a column, and how many came back after it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    pub value: String,
    pub customers: u64,
    pub returned: u64,
    pub share: f64,
    /// Against everybody else, corrected for all values looked at.
    pub p: f64,
}

impl From<&ValueReturns> for Share {
    fn from(of: &ValueReturns) -> Self {
        Self {
            value: of.value.clone(),
            customers: of.returns.customers,
            returned: of.returns.returned,
            share: of.returns.share(),
            p: of.p,
        }
    }
}

/// What of the first order brings people back.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Bringing {
    pub column: String,
    /// Share over all customers of the column.
    pub everybody: f64,
    /// The highest share first.
    pub values: Vec<Share>,
}

/// Which value of the first order people come back after: of the column of this name, else of the one with
/// the surest difference.
#[must_use]
pub fn bringing(comeback: &Comeback, column: Option<&str>) -> Answer<Bringing> {
    let named = comeback
        .columns
        .iter()
        .find(|known| Some(known.name.as_str()) == column);
    let chosen = named.or_else(|| comeback.columns.first());
    let Some((of, [best, worst])) = chosen.and_then(|of| Some((of, of.ends()?))) else {
        return Answer::none(format!(
            "Not to be told: no column of the orders has two values with {FEWEST_OF_VALUE} customers each who have \
             been followed for 90 days."
        ));
    };
    let figure = percent(best.returns.share());
    Answer {
        sentence: format!(
            "{figure} ordered again within 90 days when the first order’s {} was {}, against {} with {}.",
            words(&of.name),
            best.value,
            percent(worst.returns.share()),
            worst.value
        ),
        figure: Some(figure),
        notes: vec![chance(of, best, worst)],
        weak: false,
        numbers: Some(Bringing {
            column: of.name.clone(),
            everybody: of.all.share(),
            values: of.values.iter().map(Share::from).collect(),
        }),
    }
}

fn chance(of: &ColumnReturns, best: &ValueReturns, worst: &ValueReturns) -> String {
    let all = format!("Everybody: {}.", percent(of.all.share()));
    match (best.p < LEVEL, worst.p < LEVEL) {
        (false, false) => format!("{all} The difference may be chance."),
        (true, true) => format!("{all} Both differ from the rest beyond chance."),
        (true, false) => format!(
            "{all} {} is above the rest beyond chance; for {} the difference may be chance.",
            best.value, worst.value
        ),
        (false, true) => format!(
            "{all} {} is below the rest beyond chance; for {} the difference may be chance.",
            worst.value, best.value
        ),
    }
}

/// A column's name as words: `first_channel` is "first channel".
fn words(name: &str) -> String {
    name.replace('_', " ").to_lowercase()
}

/// The last whole month against two others.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    pub month: MonthNumbers,
    pub month_before: Option<MonthNumbers>,
    pub year_before: Option<MonthNumbers>,
    /// Revenue of up to 13 months, the last of them this one.
    pub revenue: Vec<f64>,
}

/// One month.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MonthNumbers {
    /// `2025-06`.
    pub month: String,
    pub revenue: f64,
    pub orders: u64,
    pub new_customers: u64,
}

impl MonthNumbers {
    fn of(month: &PeriodRevenue) -> Self {
        Self {
            month: Period::Month.label(month.index),
            revenue: month.revenue(),
            orders: month.orders,
            new_customers: month.customers_new,
        }
    }
}

/// Months of the small chart: one more than a year.
pub const CHANGE_MONTHS: usize = 13;

/// What changed in the last whole month.
#[must_use]
pub fn change(months: &Months, currency: &str) -> Answer<Change> {
    let Some(last) = months.last() else {
        return Answer::none("Not to be told yet: the data do not cover one whole calendar month.");
    };
    let others = [months.before(1), months.before(12)];
    let against = |of: &dyn Fn(&PeriodRevenue) -> f64| -> Vec<String> {
        let compared = others.iter().flatten();
        let said = compared.filter_map(|other| {
            let ratio = ratio(of(last), of(other))?;
            Some(format!("{} on {}", moved(ratio), month_name(other.index)))
        });
        said.collect()
    };
    let revenue = against(&|month| month.revenue());
    let shown = money(last.revenue(), currency);
    let begin = format!("{} brought {shown}", month_name(last.index));
    let sentence = if revenue.is_empty() {
        format!("{begin}; the data cover no month to compare it with.")
    } else {
        format!("{begin}: {}.", revenue.join(", "))
    };
    let note = |figure: String, changes: Vec<String>| {
        let mut parts = vec![figure];
        parts.extend(changes);
        format!("{}.", parts.join(", "))
    };
    let before = others[0].and_then(|other| ratio(last.revenue(), other.revenue()));
    let begins = months.whole.len().saturating_sub(CHANGE_MONTHS);
    Answer {
        figure: Some(before.map_or(shown, signed)),
        sentence,
        notes: vec![
            note(
                count(last.orders, "order", "orders"),
                against(&|month| month.orders as f64),
            ),
            note(
                count(last.customers_new, "new customer", "new customers"),
                against(&|month| month.customers_new as f64),
            ),
        ],
        weak: false,
        numbers: Some(Change {
            month: MonthNumbers::of(last),
            month_before: others[0].map(MonthNumbers::of),
            year_before: others[1].map(MonthNumbers::of),
            revenue: months.whole[begins..]
                .iter()
                .map(PeriodRevenue::revenue)
                .collect(),
        }),
    }
}

/// New ÷ old − 1; `None` where there was nothing.
fn ratio(new: f64, old: f64) -> Option<f64> {
    (old > 0.0).then(|| new / old - 1.0)
}

/// "up 5.2 %", "unchanged".
fn moved(ratio: f64) -> String {
    if ratio.abs() < 0.000_5 {
        "unchanged".to_owned()
    } else if ratio > 0.0 {
        format!("up {}", percent(ratio))
    } else {
        format!("down {}", percent(-ratio))
    }
}

/// `+5.2 %`, `−5.2 %`.
fn signed(ratio: f64) -> String {
    let plus = if ratio > 0.000_5 { "+" } else { "" };
    format!("{plus}{} %", fixed(ratio * 100.0, 1))
}

/// `Jun 2025`.
fn month_name(index: i32) -> String {
    let (year, month, _) = civil(Period::Month.first_day(index));
    format!("{} {year}", MONTHS[month as usize - 1])
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::comeback::Returns;
    use analysis::payback::HorizonValue;

    fn terms(months: u32) -> Terms {
        Terms {
            months,
            margin: 0.4,
        }
    }

    fn horizon(months: u32, customers: u64) -> HorizonValue {
        HorizonValue {
            months,
            customers,
            mean: 50.0,
            error: 2.551_067_3,
            by_month: vec![50.0; months as usize],
        }
    }

    /// 50 × 0.4 = 20, ± 1.96 × 2.551 × 0.4 = 2.
    #[test]
    fn an_allowance_is_mean_times_margin_and_falls_to_what_was_observed() {
        let payback = Payback {
            horizons: vec![
                horizon(3, 900),
                horizon(6, 400),
                horizon(12, 99),
                horizon(24, 0),
            ],
        };
        let found = allowance(&payback, terms(12), &[], None, "€");
        assert_eq!(
            found.sentence,
            "You may spend up to € 20.0 to win a customer and have it back within 6 months."
        );
        assert_eq!(
            found.notes,
            [
                "95 % interval € 18.0 to € 22.0, from 400 customers followed for 6 months.",
                "12 months cannot be told yet: only 99 customers have been followed for so long."
            ]
        );
        let costs = [Acquisition {
            cost: 900.0,
            customers: 100,
            ..Acquisition::default()
        }];
        let found = allowance(&payback, terms(3), &costs, None, "");
        assert_eq!(found.numbers.map(|n| n.cac), Some(Some(9.0)));
        let few = Payback {
            horizons: vec![horizon(3, 1)],
        };
        let found = allowance(&few, terms(12), &[], None, "");
        assert_eq!(found.figure, None);
        assert_eq!(
            found.sentence,
            "Not known yet: 1 customer has been followed for 3 months after the first order, and a mean needs 100."
        );
    }

    #[test]
    fn a_difference_that_may_be_chance_is_called_so() {
        let value = |value: &str, returned, p| ValueReturns {
            value: value.to_owned(),
            returns: Returns {
                customers: 100,
                returned,
            },
            p,
        };
        let of = |p| Comeback {
            columns: vec![ColumnReturns {
                name: "first_channel".to_owned(),
                all: Returns {
                    customers: 200,
                    returned: 50,
                },
                values: vec![value("Email", 30, p), value("Search", 20, p)],
            }],
            ..Comeback::default()
        };
        let found = bringing(&of(0.05), None);
        assert_eq!(
            found.sentence,
            "30.0 % ordered again within 90 days when the first order’s first channel was Email, against 20.0 % \
             with Search."
        );
        assert_eq!(
            found.notes,
            ["Everybody: 25.0 %. The difference may be chance."]
        );
        let sure = bringing(&of(0.049), Some("no such column"));
        assert_eq!(
            sure.notes,
            ["Everybody: 25.0 %. Both differ from the rest beyond chance."]
        );
        assert_eq!(bringing(&Comeback::default(), None).figure, None);
    }

    #[test]
    fn a_month_is_set_beside_the_one_before_and_the_year_before() {
        let month = |month: i32, revenue| PeriodRevenue {
            index: 1970 * 12 + month,
            revenue_new: revenue,
            orders: 10,
            customers_new: 5,
            complete: true,
            ..PeriodRevenue::default()
        };
        let whole: Vec<PeriodRevenue> = (0..14).map(|number| month(number, 100.0)).collect();
        let mut months = Months { whole };
        months.whole[13].revenue_new = 90.0;
        months.whole[1].revenue_new = 60.0;
        let found = change(&months, "");
        assert_eq!(found.figure.as_deref(), Some("−10.0 %"));
        assert_eq!(
            found.sentence,
            "Feb 1971 brought 90.0: down 10.0 % on Jan 1971, up 50.0 % on Feb 1970."
        );
        assert_eq!(
            found.notes[0],
            "10 orders, unchanged on Jan 1971, unchanged on Feb 1970."
        );
        let numbers = found.numbers.unwrap();
        assert_eq!((numbers.revenue.len(), numbers.revenue[0]), (13, 60.0));
        assert_eq!(change(&Months::default(), "").figure, None);
    }
}
