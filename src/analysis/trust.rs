//! How far the numbers can be trusted: what the data are too short or too small for.
//!
//! A file says nothing about what it lacks. Four things can be seen in the orders themselves, and each
//! makes some numbers weaker than they look: too few days or repeat customers to learn a forecast from, no
//! cohort that has been followed for long, days without a single sale in a shop that sells almost daily,
//! and a first cohort that is not made of new customers ([`super::left_censoring`]).

use base::figures::{count, integer};
use data::day::{Day, spelled};
use data::orders::{Orders, flag};

use super::{
    cohorts::{CohortRow, CohortTable},
    customers::Customers,
};

/// Days of orders below which forecasts are said to rest on too little.
pub const FORECAST_DAYS: u32 = 180;
/// Customers with a second purchase below which they are.
pub const FORECAST_REPEATS: u64 = 500;
/// Complete periods after the first one that some cohort must have been followed for.
const COHORT_PERIODS: usize = 3;
/// Days without a sale below which nothing is called a hole …
const HOLE_DAYS: i32 = 14;
/// … and times the gap between sales that 99 of 100 do not reach.
const HOLE_TIMES: i32 = 5;
/// Fewer days with a sale do not tell what is usual.
const USUAL_DAYS: usize = 30;

/// Days without a sale, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hole {
    pub from: Day,
    pub to: Day,
}

/// Which numbers a limit makes weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// Predicted value, P(alive), lists by them, campaigns.
    Forecasts,
    Cohorts,
    /// Everything that follows time.
    Trends,
}

/// One thing the data are too short or too small for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    pub subject: Subject,
    /// A full sentence.
    pub sentence: String,
}

/// Runs of days without a kept sale, in a shop where this is unusual: at least 14 days, and at least five
/// times the gap between two days with a sale that 99 of 100 gaps stay below. In order of time. `days` are
/// those of the first and the last kept sale ([`Orders::day_range`]).
#[must_use]
pub fn holes(orders: &Orders, days: Option<(Day, Day)>) -> Vec<Hole> {
    let Some((first, last)) = days else {
        return Vec::new();
    };
    let mut sold = vec![false; (last - first) as usize + 1];
    for line in 0..orders.lines() {
        if orders.flags[line] & (flag::NOT_KEPT | flag::CREDIT) == 0 {
            sold[(orders.days[line] - first) as usize] = true;
        }
    }
    let days: Vec<Day> = (first..=last)
        .zip(&sold)
        .filter_map(|(day, sold)| sold.then_some(day))
        .collect();
    if days.len() < USUAL_DAYS {
        return Vec::new();
    }
    let mut gaps: Vec<i32> = days.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_unstable();
    let usual = gaps[gaps.len() * 99 / 100];
    let least = (HOLE_DAYS + 1).max(usual.saturating_mul(HOLE_TIMES));
    days.windows(2)
        .filter(|pair| pair[1] - pair[0] >= least)
        .map(|pair| Hole {
            from: pair[0] + 1,
            to: pair[1] - 1,
        })
        .collect()
}

/// Everything that orders before S are too short or too small for; nothing where nobody has ordered.
/// `days` are those of the first and the last sale.
#[must_use]
pub fn limits(
    days: Option<(Day, Day)>,
    holes: &[Hole],
    customers: &Customers,
    cohorts: &CohortTable,
) -> Vec<Limit> {
    let Some((first, last)) = days.filter(|_| customers.active > 0) else {
        return Vec::new();
    };
    let history = customers.as_of.min(last + 1) - first;
    let repeats = customers.purchase_days.iter().filter(|days| **days > 1);
    let forecasts = of_forecasts(history.max(0) as u32, repeats.count() as u64);
    let forecasts = forecasts.map(|sentence| Limit {
        subject: Subject::Forecasts,
        sentence,
    });
    let mut limits: Vec<Limit> = forecasts.into_iter().collect();
    limits.extend(of_cohorts(cohorts));
    limits.extend(of_holes(holes, customers.as_of));
    limits
}

/// Why forecasts from so much history rest on little; `None` where it is enough.
#[must_use]
pub fn of_forecasts(days: u32, repeats: u64) -> Option<String> {
    let short = days < FORECAST_DAYS;
    let few = repeats < FORECAST_REPEATS;
    let days = count(u64::from(days), "day", "days");
    let repeats = count(repeats, "customer", "customers");
    Some(match (short, few) {
        (false, false) => return None,
        (true, false) => format!(
            "Forecasts rest on {days} of orders, less than the {FORECAST_DAYS} they need: take their order, \
             not their amounts."
        ),
        (false, true) => format!(
            "Forecasts rest on {repeats} who came back, fewer than the {FORECAST_REPEATS} they need: take \
             their order, not their amounts."
        ),
        (true, true) => format!(
            "Forecasts rest on {days} of orders and {repeats} who came back; they need {FORECAST_DAYS} days \
             and {FORECAST_REPEATS} customers: take their order, not their amounts."
        ),
    })
}

/// What these cohorts are too short for, and what is wrong with the first.
#[must_use]
pub fn of_cohorts(table: &CohortTable) -> Vec<Limit> {
    let limit = |sentence| Limit {
        subject: Subject::Cohorts,
        sentence,
    };
    let complete = |row: &CohortRow| {
        let ages = row.exposed.iter().zip(&row.exposed_running).skip(1);
        ages.take_while(|(exposed, running)| **exposed > 0 && **running == 0)
            .count()
    };
    let longest = table.rows.iter().map(complete).max().unwrap_or(0);
    let mut limits = Vec::new();
    if longest < COHORT_PERIODS && !table.rows.is_empty() {
        let noun = table.spec.period.noun();
        let followed = match longest {
            0 => format!("for one whole {noun}"),
            _ => format!(
                "for more than {}",
                count(longest as u64, noun, &format!("{noun}s"))
            ),
        };
        limits.push(limit(format!(
            "No cohort has been followed {followed} after its first; who comes back cannot be told yet from \
             fewer than {COHORT_PERIODS}."
        )));
    }
    limits.extend(table.left_out().map(limit));
    limits
}

/// Says the largest of the holes before S, and how many more there are; `None` without any.
#[must_use]
pub fn of_holes(holes: &[Hole], as_of: Day) -> Option<Limit> {
    let before: Vec<&Hole> = holes.iter().filter(|hole| hole.to < as_of).collect();
    let days = |hole: &Hole| (hole.to - hole.from + 1) as u64;
    let largest = before.iter().max_by_key(|hole| days(hole))?;
    let more = match before.len() - 1 {
        0 => String::new(),
        more => format!(", and {} like it", count(more as u64, "time", "times")),
    };
    Some(Limit {
        subject: Subject::Trends,
        sentence: format!(
            "Nothing was sold from {} to {} ({} days){more}: a part of the data may be missing.",
            spelled(largest.from),
            spelled(largest.to),
            integer(days(largest)),
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::lines::in_memory::{Kind, Line, assemble};

    fn found(days: impl Iterator<Item = Day>) -> Vec<Hole> {
        let lines: Vec<Line> = days
            .map(|day| Line {
                customer: format!("c{}", day % 7),
                day,
                order: format!("o{day}"),
                amount: 10.0,
                kind: Kind::Sale,
                attributes: Vec::new(),
            })
            .collect();
        let orders = assemble(&lines, &[]).unwrap();
        holes(&orders, orders.day_range())
    }

    #[test]
    fn a_month_without_a_sale_is_a_hole_where_every_day_sells() {
        let daily = |day: &Day| !(110..140).contains(day);
        let found = found((0..400).filter(daily));
        assert_eq!(found, [Hole { from: 110, to: 139 }]);
        assert_eq!(
            of_holes(&found, 400).unwrap().sentence,
            "Nothing was sold from 21 Apr 1970 to 20 May 1970 (30 days): a part of the data may be missing."
        );
        // Seen from before its end, it is not known to be one.
        assert_eq!(of_holes(&found, 120), None);
    }

    #[test]
    fn rare_sales_weekends_and_short_holidays_are_no_holes() {
        assert!(found((0..4_000).filter(|day| day % 20 == 0)).is_empty());
        assert!(found((0..400).filter(|day| day % 7 < 5)).is_empty());
        assert!(found((0..400).filter(|day| !(110..123).contains(day))).is_empty());
        assert!(found(std::iter::empty()).is_empty());
    }

    #[test]
    fn forecasts_need_half_a_year_and_five_hundred() {
        assert_eq!(of_forecasts(180, 500), None);
        let said = |days, repeats| of_forecasts(days, repeats).unwrap();
        assert!(said(179, 500).contains("179 days of orders, less than the 180"));
        assert!(said(180, 1).contains("1 customer who came back, fewer than the 500"));
        assert!(said(34, 57).contains("34 days of orders and 57 customers"));
    }
}
