//! Every sentence of the Cohorts view: findings, read-outs, definitions.

use crate::{chart::Tip, format};
use analysis::cohorts::{CellState, CohortTable, Metric, SMALL_COHORT};
use data::day::Period;

use super::model::Page;

/// "1 month later", "12 months later"
#[must_use]
pub fn later(noun: &str, age: usize) -> String {
    match age {
        0 => format!("first {noun}"),
        1 => format!("1 {noun} later"),
        _ => format!("{age} {noun}s later"),
    }
}

/// A far but well-observed age to speak about: a year for months and quarters, a quarter for weeks.
fn milestone(page: &Page) -> Option<usize> {
    let wanted: &[usize] = match page.spec.period {
        Period::Week => &[26, 12, 4],
        Period::Month => &[12, 6, 3],
        Period::Quarter => &[4, 2],
        Period::Year => &[3, 2],
    };
    wanted
        .iter()
        .copied()
        .find(|&age| page.mean.get(age).copied().flatten().is_some())
}

/// The one-line finding of the heatmap, from its bottom row.
#[must_use]
pub fn finding(page: &Page) -> String {
    let mean = |age: usize| page.mean.get(age).copied().flatten();
    let text = |value: f64| page.unit().text(value);
    let Some(first) = mean(0) else {
        return "No cohort has a complete period yet.".to_owned();
    };
    let noun = page.noun();
    let then = |age: usize| {
        if age == 1 {
            format!("one {noun}")
        } else {
            format!("{age} {noun}s")
        }
    };
    let far = milestone(page).and_then(|age| Some((age, mean(age)?)));
    let after = |what: &dyn Fn(f64) -> String| match (mean(1), far) {
        (Some(next), Some((age, value))) => {
            format!(
                "{} one {noun} after the first order, {} after {}",
                what(next),
                text(value),
                then(age)
            )
        }
        (Some(next), None) => format!("{} one {noun} after the first order", what(next)),
        _ => String::new(),
    };
    let sentence = match page.metric {
        Metric::Retention => after(&|next| format!("{} of customers buy again", text(next))),
        Metric::Customers => {
            after(&|next| format!("On average {} customers of a cohort buy", text(next)))
        }
        Metric::Orders => {
            after(&|next| format!("A cohort places {} orders on average", text(next)))
        }
        Metric::Revenue => after(&|next| format!("A cohort brings {} on average", text(next))),
        Metric::RevenuePerCustomer => {
            after(&|next| format!("Each customer of a cohort brings {} on average", text(next)))
        }
        Metric::Aov => after(&|next| format!("An order is worth {} on average", text(next))),
        Metric::CumulativeLtv => match far.or_else(|| mean(1).map(|value| (1, value))) {
            Some((age, value)) => format!(
                "A customer has brought {} by {} after the first order, {} of it in the first {noun}",
                text(value),
                then(age),
                text(first)
            ),
            None => String::new(),
        },
    };
    if sentence.is_empty() {
        format!(
            "{} in the first {noun}; no later {noun} is complete yet.",
            text(first)
        )
    } else {
        format!("{sentence}.")
    }
}

/// The finding of the curves: which cohort does best and which worst at an age all can be compared at.
#[must_use]
pub fn best_and_worst(page: &Page, table: &CohortTable) -> String {
    let first = page.first_age();
    let compared = [3, 2, 1, 0]
        .into_iter()
        .filter(|&age| age >= first)
        .find_map(|age| Some((age, table.best_and_worst_row(page.metric, age)?)));
    let Some((age, (best, worst))) = compared else {
        return "There are too few complete cohorts to compare.".to_owned();
    };
    let of = |row: usize| -> Option<String> {
        let cell = page.cell(row, age)?;
        Some(format!(
            "{} ({})",
            page.rows.get(row)?.name,
            page.unit().text(cell.value)
        ))
    };
    match (of(best), of(worst)) {
        (Some(high), Some(low)) if best != worst => format!(
            "{}, {high} stands highest and {low} lowest.",
            format::capital(&match age {
                0 => format!("in the first {}", page.noun()),
                _ => later(page.noun(), age),
            })
        ),
        _ => "There are too few complete cohorts to compare.".to_owned(),
    }
}

/// "Jan 1997 cohort, 3 months later"
fn cell_title(page: &Page, row: usize, age: usize) -> String {
    let name = page.rows.get(row).map_or("", |row| row.name.as_str());
    let kind = if page.is_acquisition() { " cohort" } else { "" };
    format!("{name}{kind}, {}", later(page.noun(), age))
}

/// The read-out of a cell: "Jan 1997 cohort, 3 months later: 810 of 7,846 bought again (10.3 %)".
#[must_use]
pub fn cell_tip(page: &Page, row: usize, age: usize) -> Tip {
    let mut tip = Tip::new(cell_title(page, row, age));
    let Some(cell) = page.cell(row, age) else {
        return tip.note(not_observed(page, row, age));
    };
    tip.lead = if age == 0 {
        format!(
            "{} placed the first order",
            format::count(cell.customers, "customer", "customers")
        )
    } else {
        format!(
            "{} of {} bought again ({})",
            format::integer(cell.rated_customers),
            format::integer(cell.exposed),
            format::percent(cell.rated_customers as f64 / cell.exposed.max(1) as f64)
        )
    };
    if !matches!(page.metric, Metric::Retention | Metric::Customers) {
        tip = tip.total(page.metric.title(), page.unit().text(cell.value));
    }
    if page.metric != Metric::Orders {
        tip = tip.row(None, "Orders", format::integer(cell.orders));
    }
    if page.metric != Metric::Revenue {
        tip = tip.row(
            None,
            "Net revenue",
            format::money(cell.revenue, &page.currency),
        );
    }
    let mut notes = Vec::new();
    if cell.state == CellState::InProgress {
        notes.push(format!(
            "This {} is still in progress: the number will grow.",
            page.noun()
        ));
    }
    if cell.small {
        notes.push(format!(
            "Paled: fewer than {SMALL_COHORT} customers, too few to read much from it."
        ));
    }
    tip.note(notes.join(" "))
}

fn not_observed(page: &Page, row: usize, age: usize) -> String {
    match page.rows.get(row) {
        Some(head) if head.size == 0 => "Nobody placed a first order then.".to_owned(),
        Some(_) if age > 0 && page.cell(row, age - 1).is_none() => "Not observed yet.".to_owned(),
        _ if page.metric == Metric::Aov => "No order, so no average.".to_owned(),
        _ => "Not observed yet.".to_owned(),
    }
}

/// The read-out of a row head.
#[must_use]
pub fn row_sentence(page: &Page, row: usize) -> String {
    page.rows.get(row).map_or_else(String::new, |head| {
        let kind = if page.is_acquisition() { " cohort" } else { "" };
        let small = if head.small {
            format!("; fewer than {SMALL_COHORT}, too few to read much from it")
        } else {
            String::new()
        };
        let small = if head.left_censored {
            format!("{small}; seems to hold customers from before the data begin, so it is not in the mean")
        } else {
            small
        };
        format!(
            "{}{kind}: {}{small}",
            head.name,
            format::count(head.size, "customer", "customers")
        )
    })
}

/// Definition and formula behind the ⓘ.
#[must_use]
pub fn definition(metric: Metric, noun: &str) -> String {
    let what = match metric {
        Metric::Retention => format!(
            "Retention = customers of the cohort who ordered in that {noun} ÷ customers in the cohort."
        ),
        Metric::Customers => format!("Customers of the cohort who ordered in that {noun}."),
        Metric::Orders => format!("Orders the cohort placed in that {noun}."),
        Metric::Revenue => {
            format!("Net revenue of the cohort in that {noun}: sales that were kept, less credits.")
        }
        Metric::RevenuePerCustomer => format!(
            "Net revenue of the cohort in that {noun} ÷ customers in the cohort, whether they ordered or not."
        ),
        Metric::CumulativeLtv => format!(
            "Net revenue from the first order up to and including that {noun} ÷ customers in the cohort."
        ),
        Metric::Aov => {
            format!("Average order value = net revenue ÷ orders of the cohort in that {noun}.")
        }
    };
    format!(
        "{what}\n\nA cohort is everyone whose first order fell in the same {noun}. Column 0 is that {noun}, column 1 the one \
         after it, and so on by the calendar. The bottom row is the mean of the complete cells, weighted by cohort size. \
         A first cohort marked † seems to hold customers from before the data begin and is left out of the mean: it is at \
         least 1.5 times as large as the median of the six after it, and its customers come back more often than chance \
         would have it."
    )
}
