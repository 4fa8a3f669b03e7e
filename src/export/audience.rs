//! Customers to be contacted as a table: one row each, in the order of the list, with the column that
//! says who is kept as control group, and a head that e-mail tools understand.

use super::{
    contacts::Contacts,
    table::{Table, Values},
};
use analysis::rules::NO_SEGMENT;
use audiences::{AudienceSettings, Forecast, control::control_group};
use pipeline::snapshot::Shop;

/// Customers of a list, first to be contacted first.
#[derive(Clone, Copy)]
pub struct Listed<'a> {
    pub title: &'a str,
    pub rows: &'a [u32],
}

/// Whether a customer of a list is written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Group {
    Contact,
    /// Not written to, so that the others can be compared with them.
    Control,
}

impl Group {
    pub(super) fn is_control(self) -> bool {
        self == Self::Control
    }

    /// Text in the column `group`.
    fn name(self) -> &'static str {
        match self {
            Self::Contact => "contact",
            Self::Control => "control",
        }
    }
}

/// A table of customers in the order of the list, with the group of each. `email` leads where the shop
/// knows it, then `customer_id`; `group` is `contact` or `control`; `agreed` says who may be written to, where the files speak of it.
/// Money is rounded to cents and chances to four decimals: a list is for people to act on. What the
/// files say about each customer comes last.
pub(super) fn people_table(
    shop: &Shop,
    contacts: &Contacts<'_>,
    list: Listed<'_>,
    groups: &[Group],
) -> Table {
    let (orders, customers) = (&*shop.dataset.orders, &*shop.customers);
    let rows = list.rows;
    let id = |row: usize| orders.customer_ids.get(row);
    let texts = |of: &dyn Fn(usize) -> String| {
        Values::Text(rows.iter().map(|&row| of(row as usize)).collect())
    };
    let numbers = |of: &dyn Fn(usize) -> f64| {
        Values::Numbers(rows.iter().map(|&row| of(row as usize)).collect())
    };
    let mut table = Table::new(list.title);
    if contacts.has_emails() {
        table.push("email", texts(&|row| contacts.email(row).to_owned()));
    }
    table.push("customer_id", texts(&|row| id(row).to_owned()));
    let groups = groups.iter().map(|group| group.name().to_owned());
    table.push("group", Values::Text(groups.collect()));
    if contacts.has_consent() {
        let word = |agreed: bool| if agreed { "yes" } else { "no" };
        table.push(
            "agreed",
            texts(&|row| word(contacts.agreed(row)).to_owned()),
        );
    }
    table.push("segment", texts(&|row| segment(shop, row).to_owned()));
    let last = rows
        .iter()
        .map(|&row| Some(customers.last_day[row as usize]));
    table.push("last_order", Values::Days(last.collect()));
    let counts = rows
        .iter()
        .map(|&row| i64::from(customers.frequency[row as usize]));
    table.push("orders", Values::Integers(counts.collect()));
    table.push(
        "net_revenue",
        numbers(&|row| rounded(customers.monetary[row], 2)),
    );
    let people = shop.people.as_ref();
    if let Some(forecast) = people.and_then(|people| people.forecast.as_ref().as_ref()) {
        let column = |of: fn(&Forecast) -> &Vec<f64>, decimals| {
            numbers(&|row| rounded(of(forecast)[row], decimals))
        };
        table.push("predicted_value", column(|forecast| &forecast.value, 2));
        table.push("p_alive", column(|forecast| &forecast.alive, 4));
        table.push("p_order", column(|forecast| &forecast.chance, 4));
    }
    let shown = |name: &str| contacts.email_header() == Some(name);
    for column in orders.traits.iter().filter(|column| !shown(&column.name)) {
        table.push(&column.name, texts(&|row| column.value(row).to_owned()));
    }
    for label in orders.labels.iter().filter(|label| !shown(&label.name)) {
        table.push(&label.name, texts(&|row| label.texts.get(row).to_owned()));
    }
    table
}

/// The group of each of the rows, drawn over them all by [`control_group`].
pub(super) fn groups(shop: &Shop, settings: &AudienceSettings, rows: &[u32]) -> Vec<Group> {
    let orders = &*shop.dataset.orders;
    let members: Vec<(&str, u8)> = rows
        .iter()
        .map(|&row| {
            let segment = shop.segments.segment[row as usize];
            (orders.customer_ids.get(row as usize), segment)
        })
        .collect();
    let control = control_group(&members, settings.campaign.control_share, settings.seed);
    let group = |control| {
        if control {
            Group::Control
        } else {
            Group::Contact
        }
    };
    control.into_iter().map(group).collect()
}

fn segment(shop: &Shop, row: usize) -> &str {
    match shop.segments.segment[row] {
        NO_SEGMENT => "",
        number => shop
            .segments
            .stats
            .get(usize::from(number))
            .map_or("", |stats| &stats.name),
    }
}

/// The nearest number with so many decimals; its shortest text has no more of them.
fn rounded(value: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cents_are_cents() {
        assert_eq!(rounded(12.345_678, 2).to_string(), "12.35");
        assert_eq!(rounded(0.999_96, 4).to_string(), "1");
        assert!(rounded(f64::NAN, 2).is_nan());
    }
}
