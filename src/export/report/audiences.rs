//! Whom to act on next: the ready lists with their rules, what to do with each segment, and what a
//! campaign would bring.

use super::{
    charts,
    contents::Report,
    html::{Cell, Html, figure, words as text},
    words,
};
use audiences::{
    actions,
    campaign::{Curves, Outcome, Ranking},
    lists::{AudienceList, Lists},
    matrix::Band,
    settings::CampaignSettings,
};
use pipeline::People;

pub(super) fn section(page: &mut Html, report: &Report<'_>) {
    let Some(people) = &report.shop.people else {
        return;
    };
    page.open_section("Whom to act on next");
    page.finding(&expected(people, &report.project.currency));
    if let Some(why) = &people.not_trained {
        page.finding(why);
    }
    lists(page, &people.lists);
    if people.matrix.is_some() {
        segments(page, report, people);
    }
    page.close_section();
    if people.forecast.is_some() {
        campaign(page, report, &people.curves);
    }
}

/// How much is expected in all, as the Start view says it, and who predicts.
#[must_use]
pub fn expected(people: &People, currency: &str) -> String {
    let forecast = people.forecast.as_ref().as_ref();
    match (forecast, people.fitted.as_ref()) {
        (Some(forecast), _) => {
            let predicted = forecast.value.iter().sum();
            let held_out = people.held_out.as_ref().as_ref();
            let total = held_out.map(|held_out| held_out.expected_total(predicted));
            let money = |value| words::money(value, currency);
            let (days, predictor) = (forecast.horizon_days, &forecast.predictor);
            match total {
                Some(total) => format!(
                    "{} expected from today's customers within {days} days. 95 % interval {} to {}, by {predictor} \
                     and what came of its earlier forecasts.",
                    money(total.estimate),
                    money(total.low),
                    money(total.high),
                ),
                None => format!(
                    "{} predicted from today's customers within {days} days, by {predictor}. No earlier forecast \
                     could be checked.",
                    money(predicted),
                ),
            }
        }
        (None, Err(why)) => why.clone(),
        (None, Ok(_)) => String::new(),
    }
}

fn lists(page: &mut Html, lists: &Lists) {
    let rows: Vec<Vec<Cell>> = lists
        .lists
        .iter()
        .enumerate()
        .map(|(place, list)| list_row(lists, place, list))
        .collect();
    let titles = [
        ("list", false),
        ("who is on it", false),
        ("customers", true),
        ("share", true),
        ("revenue so far", true),
        ("predicted", true),
        ("most in common with", false),
    ];
    page.table(&titles, &rows);
    page.finding(&format!(
        "{} of {} stand on no list; a customer may stand on several, so sizes do not add up.",
        words::integer(lists.in_none),
        words::count_of(lists.customers, "customer", "customers")
    ));
}

fn list_row(lists: &Lists, place: usize, list: &AudienceList) -> Vec<Cell> {
    let why = list.unavailable.as_deref().unwrap_or(&list.rule);
    if list.unavailable.is_some() {
        let none = || figure("–");
        let (name, why) = (text(list.kind.title()), text(why).long());
        return vec![name, why, none(), none(), none(), none(), text("")];
    }
    let size = list.customers.len() as u64;
    vec![
        text(list.kind.title()),
        text(why).long(),
        figure(words::integer(size)),
        figure(words::percent(size as f64 / lists.customers as f64)),
        figure(words::money(list.past_value, "")),
        figure(
            list.predicted_value
                .map_or_else(|| "–".to_owned(), |value| words::money(value, "")),
        ),
        text(in_common(lists, place)),
    ]
}

/// "Churn risks: 120", the list with the most customers in common; the first of equal ones.
fn in_common(lists: &Lists, place: usize) -> String {
    let others = (0..lists.lists.len()).filter(|&other| other != place);
    let shared = |other: usize| lists.overlap[place][other];
    let most = others.max_by(|&a, &b| shared(a).cmp(&shared(b)).then(b.cmp(&a)));
    match most.filter(|&other| shared(other) > 0) {
        Some(other) => format!(
            "{}: {}",
            lists.lists[other].kind.title(),
            words::integer(shared(other))
        ),
        None => "no other".to_owned(),
    }
}

/// Every segment with what it promises and what to do.
fn segments(page: &mut Html, report: &Report<'_>, people: &People) {
    let Some(matrix) = people.matrix.as_ref() else {
        return;
    };
    page.tag("h3", "What to do with each segment");
    let stats = report.shop.segments.stats.iter();
    let rows: Vec<Vec<Cell>> = stats
        .zip(&matrix.cells)
        .map(|(stats, cells)| {
            let predicted: f64 = cells.iter().map(|cell| cell.predicted).sum();
            let mut row = vec![
                text(&*stats.name).marked(stats.style),
                figure(words::integer(stats.customers)),
                figure(words::money(predicted, "")),
            ];
            row.extend(
                cells
                    .iter()
                    .map(|cell| figure(words::integer(cell.customers))),
            );
            let own = &report.project.audiences.actions;
            row.push(text(actions::for_segment(own, &stats.name)).long());
            row
        })
        .collect();
    let bands = Band::ALL.map(|band| format!("{} value", band.title().to_lowercase()));
    let mut titles = vec![("segment", false), ("customers", true), ("predicted", true)];
    titles.extend(bands.iter().map(|band| (band.as_str(), true)));
    titles.push(("what to do", false));
    page.table(&titles, &rows);
}

fn campaign(page: &mut Html, report: &Report<'_>, curves: &Curves) {
    let terms = &report.project.audiences.campaign;
    let currency = &report.project.currency;
    let money = |value: f64| words::money(value, currency);
    let contacts = curves.contacts(terms.depth);
    let of = |ranking| curves.outcome(ranking, contacts, terms);
    page.open_section("What a campaign would bring");
    let range = curves.interval(contacts, terms).map_or_else(
        || "never checked against what came of such a forecast".to_owned(),
        |range| {
            format!(
                "{} to {} with 95 % certainty",
                money(range.low),
                money(range.high)
            )
        },
    );
    let audience = terms
        .audience
        .map_or("all customers", audiences::ListKind::title);
    page.finding(&format!(
        "Contacting {} of {} ({audience}) at {} each: {} profit, {range} — if a contact raises \
         spending by {} ± {} and {} of revenue is left after the goods. Values are what came of such \
         predictions before. Keep the control group to see whether it does.",
        words::integer(contacts),
        words::integer(curves.customers()),
        money(terms.cost_per_contact),
        money(of(Ranking::Predicted).profit),
        words::percent(terms.uplift),
        words::percent(terms.uplift_error),
        words::percent(terms.margin),
    ));
    let rows: Vec<Vec<Cell>> = Ranking::ALL
        .into_iter()
        .map(|ranking| outcome(ranking.title(), of(ranking), terms))
        .chain(std::iter::once(outcome(
            "Best depth, by predicted value",
            curves.outcome(Ranking::Predicted, curves.best(terms), terms),
            terms,
        )))
        .collect();
    let titles = [
        ("chosen", false),
        ("contacts", true),
        ("expected value", true),
        ("cost", true),
        ("profit", true),
    ];
    page.table(&titles, &rows);
    page.finding(&match curves.break_even(terms) {
        Some(all) if all == curves.customers() => {
            "Contacting everyone would still pay for itself.".to_owned()
        }
        Some(contacts) => format!(
            "Break-even at {}: beyond, all contacts together lose money.",
            words::count_of(contacts, "contact", "contacts")
        ),
        None => "Even the first contact costs more than it brings.".to_owned(),
    });
    charts::figure(page, report.charts, "campaign_profit");
    page.close_section();
}

fn outcome(name: &str, outcome: Outcome, terms: &CampaignSettings) -> Vec<Cell> {
    let cost = outcome.contacts as f64 * terms.cost_per_contact;
    vec![
        text(name),
        figure(words::integer(outcome.contacts)),
        figure(words::money(outcome.value, "")),
        figure(words::money(cost, "")),
        figure(words::money(outcome.profit, "")),
    ]
}
