//! What the Audiences view says, without egui.

use std::sync::Arc;

use crate::format::{count, date, integer, money, percent};
use audiences::{
    campaign::{Curves, Outcome, Ranking},
    disagree::Disagreements,
    forecast::DayValue,
    held_out::Check,
    lists::{AudienceList, ListKind, Lists},
    matrix::Matrix,
    progress::KpiSheet,
    settings::CampaignSettings,
};
use pipeline::People;

/// Who predicts, for the head of the view.
#[must_use]
pub fn predictor(people: &People) -> String {
    people.forecast.as_ref().as_ref().map_or_else(
        || "No forecast".to_owned(),
        |forecast| {
            if Arc::ptr_eq(&people.forecast, &people.from_orders) {
                format!("Predicted by {}", forecast.predictor)
            } else {
                // Names of recipes and models are long; the definition has them.
                "Predicted by the chosen run".to_owned()
            }
        },
    )
}

/// How the prediction comes about.
#[must_use]
pub fn predictor_definition(people: &People) -> String {
    let forecast = people.forecast.as_ref().as_ref();
    let from_orders = Arc::ptr_eq(&people.forecast, &people.from_orders);
    if let Some(forecast) = forecast.filter(|_| !from_orders) {
        return format!(
            "{}, chosen in the Models view, predicts the next {} days. What it does not say, such as the \
             chance of an order, comes from the forecast from orders. Choose no run there to go back to predictions from \
             orders alone.",
            forecast.predictor, forecast.horizon_days
        );
    }
    let note = people.not_trained.as_deref().unwrap_or_default();
    let fitted = match people.fitted.as_ref() {
        Ok(fitted) => fitted,
        Err(why) => return why.clone(),
    };
    let spend = match &fitted.day_value {
        DayValue::Model(_) => "Gamma-Gamma says what a purchase day is worth, between the customer's own mean and everyone's.".to_owned(),
        DayValue::ShopMean { why, .. } => format!("A purchase day counts with the mean of the shop, because {why}."),
    };
    format!(
        "Predicted value = expected purchase days × expected value of each, within the days ahead. {family} \
         learns from all orders before the as-of date how often customers come back and when they stop; it \
         foresaw the shop's own latest orders better than {other}. {spend} {note}",
        family = fitted.model.family.title(),
        other = fitted.rival().title(),
    )
}

/// The lists in one sentence.
#[must_use]
pub fn lists_finding(lists: &Lists) -> String {
    let listed = lists.customers - lists.in_none;
    if lists.customers == 0 {
        return "Nobody has ordered before this date.".to_owned();
    }
    format!(
        "{} of {} stand on at least one list.",
        integer(listed),
        count(lists.customers, "customer", "customers"),
    )
}

/// Size and value of a list.
#[must_use]
pub fn list_finding(list: &AudienceList, everyone: u64, currency: &str) -> String {
    if let Some(why) = &list.unavailable {
        return why.clone();
    }
    let size = list.customers.len() as u64;
    let share = size as f64 / everyone.max(1) as f64;
    let predicted = list.predicted_value.map_or(String::new(), |value| {
        format!(", {} predicted", money(value, currency))
    });
    format!(
        "{} ({} of all), {} so far{predicted}.",
        count(size, "customer", "customers"),
        percent(share),
        money(list.past_value, currency)
    )
}

/// The largest overlap of a list with another.
#[must_use]
pub fn overlap_finding(lists: &Lists, kind: ListKind) -> String {
    let Some(place) = ListKind::ALL.iter().position(|&known| known == kind) else {
        return String::new();
    };
    let row = lists.overlap[place];
    let most = (0..row.len())
        .filter(|&other| other != place && row[other] > 0)
        .max_by_key(|&other| (row[other], usize::MAX - other));
    match most {
        None => format!("{} shares no customer with another list.", kind.title()),
        Some(other) => format!(
            "{} of {} are also on {}.",
            integer(row[other]),
            count(row[place], "customer", "customers"),
            ListKind::ALL[other].title()
        ),
    }
}

/// Where predicted value sits.
#[must_use]
pub fn matrix_finding(matrix: &Matrix, names: &[String]) -> String {
    let total = matrix.total();
    let best = matrix
        .cells
        .iter()
        .zip(names)
        .max_by(|a, b| a.0[0].predicted.total_cmp(&b.0[0].predicted));
    let Some((row, name)) = best.filter(|_| total.predicted > 0.0) else {
        return "Nothing is predicted for this shop.".to_owned();
    };
    format!(
        "{} with high predicted value are {} of customers and {} of what is predicted.",
        name,
        percent(row[0].customers as f64 / total.customers.max(1) as f64),
        percent(row[0].predicted / total.predicted)
    )
}

/// What the values of a campaign are learned from.
#[must_use]
pub fn checked(people: &People, currency: &str) -> String {
    let Some(held_out) = people.held_out.as_ref() else {
        return "The history is too short to check such a forecast, so values are as predicted and there \
                is no interval."
            .to_owned();
    };
    let said = |check: &Check| {
        format!(
            "{}: {} came of {} predicted",
            date(check.made_at),
            money(check.actual, currency),
            money(check.predicted, currency)
        )
    };
    let checks: Vec<String> = held_out.checks.iter().map(said).collect();
    format!(
        "Values are corrected by earlier forecasts ({}); their level is sure to ±{}.",
        checks.join("; "),
        percent(held_out.level_error())
    )
}

/// What the planned campaign brings.
#[must_use]
pub fn campaign_finding(curves: &Curves, terms: &CampaignSettings, currency: &str) -> String {
    let contacts = curves.contacts(terms.depth);
    let of = |ranking| curves.outcome(ranking, contacts, terms);
    let (ours, random) = (of(Ranking::Predicted), of(Ranking::Random));
    if curves.customers() == 0 {
        return "Nobody is in this audience.".to_owned();
    }
    format!(
        "Contacting the best {} brings {}; as many chosen at random {}.",
        count(contacts, "customer", "customers"),
        gain(ours, currency),
        gain(random, currency)
    )
}

/// "a profit of 120" or "a loss of 30".
#[must_use]
pub fn gain(outcome: Outcome, currency: &str) -> String {
    let word = if outcome.profit < 0.0 {
        "loss"
    } else {
        "profit"
    };
    format!("a {word} of {}", money(outcome.profit.abs(), currency))
}

/// Until where the campaign pays.
#[must_use]
pub fn break_even(curves: &Curves, terms: &CampaignSettings) -> String {
    let all = curves.customers().max(1) as f64;
    match curves.break_even(terms) {
        None => "none, even the first contact costs more than it brings.".to_owned(),
        Some(contacts) if contacts == curves.customers() => {
            "none, contacting everyone still pays.".to_owned()
        }
        Some(contacts) => format!(
            "{} ({}).",
            count(contacts, "contact", "contacts"),
            percent(contacts as f64 / all)
        ),
    }
}

/// How far the rankings lie apart.
#[must_use]
pub fn disagreement_finding(found: &Disagreements) -> String {
    format!(
        "{} and {} differ by {} places in 100 on average; these customers differ most.",
        found.rankings.first().map_or("", String::as_str),
        found.rankings.get(1).map_or("", String::as_str),
        integer((found.mean_difference * 100.0).round() as u64)
    )
}

/// "4 of 100": the place among a hundred customers; 0 = best.
#[must_use]
pub fn standing(standing: f64) -> String {
    format!("{:.0} of 100", (standing * 100.0).ceil().max(1.0))
}

/// Who moved up between the two dates.
#[must_use]
pub fn progress_finding(sheet: &KpiSheet) -> String {
    let (lower, higher) = (either(&sheet.steps.lower), either(&sheet.steps.higher));
    sheet.progression().map_or_else(
        || format!("Nobody was {lower} on {}.", date(sheet.before)),
        |share| {
            format!(
                "{} of {} who were {lower} on {} are {higher} on {} ({}).",
                integer(sheet.lower_risen),
                integer(sheet.lower_before),
                date(sheet.before),
                date(sheet.now),
                percent(share)
            )
        },
    )
}

/// "Loyal or VIP", "A, B or C".
fn either(names: &[String]) -> String {
    match names {
        [] => "in no segment".to_owned(),
        [only] => only.clone(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// Whether orders with a promotion led to further ones.
#[must_use]
pub fn promo_finding(sheet: &KpiSheet) -> String {
    let Some(promo) = &sheet.promo else {
        return "No column of this shop marks promotions, so their return cannot be told."
            .to_owned();
    };
    let share = |value: Option<f64>| value.map_or("–".to_owned(), percent);
    format!(
        "Of {} whose last order before {} carried a promotion ({}), {} have ordered since; of {} without, {}.",
        count(promo.with, "customer", "customers"),
        date(sheet.before),
        promo.column,
        share(promo.with_returned),
        integer(promo.without),
        share(promo.without_returned)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use audiences::progress::Steps;

    #[test]
    fn standings_read_as_places() {
        assert_eq!(standing(0.0), "1 of 100");
        assert_eq!(standing(0.031), "4 of 100");
        assert_eq!(standing(1.0), "100 of 100");
    }

    #[test]
    fn progress_names_the_steps_in_use() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let sheet = KpiSheet {
            before: 20_000,
            now: 20_090,
            steps: Steps {
                lower: names(&["At Risk", "Dormant", "Regulars"]),
                higher: names(&["Loyal", "VIP"]),
            },
            lower_before: 40,
            lower_risen: 5,
            ..KpiSheet::default()
        };
        assert_eq!(
            progress_finding(&sheet),
            "5 of 40 who were At Risk, Dormant or Regulars on 4 Oct 2024 are Loyal or VIP on 2 Jan 2025 (12.5 %)."
        );
    }

    #[test]
    fn overlap_names_the_largest() {
        let mut lists = Lists {
            lists: Vec::new(),
            member: Vec::new(),
            overlap: [[0; 6]; 6],
            in_none: 4,
            customers: 10,
        };
        lists.overlap[2] = [1, 0, 1_200, 300, 0, 300];
        assert_eq!(
            overlap_finding(&lists, ListKind::ChurnRisk),
            "300 of 1,200 customers are also on Missed opportunities."
        );
        assert_eq!(
            overlap_finding(&lists, ListKind::WinBack),
            "Win-back shares no customer with another list."
        );
        assert_eq!(
            lists_finding(&lists),
            "6 of 10 customers stand on at least one list."
        );
    }

    #[test]
    fn a_loss_is_called_one() {
        let outcome = Outcome {
            contacts: 2,
            value: 0.0,
            profit: -3.0,
        };
        assert_eq!(gain(outcome, ""), "a loss of 3.00");
    }
}
