//! Customers to be contacted as a table: one row each, in the order of the list, with the column that
//! says who is kept as control group, and a head that e-mail tools understand.

use super::table::{Table, Values};
use analysis::rules::NO_SEGMENT;
use audiences::{AudienceSettings, Forecast, control::control_group};
use data::orders::{Attribute, Label, MAIL_NAMES};
use data::values::text;
use pipeline::snapshot::Shop;

/// Ids looked at to tell whether they are e-mail addresses.
const LOOKED_AT: usize = 1_000;

/// Where a shop's e-mail addresses stand.
enum Mail<'a> {
    /// A text of the customers.
    Label(&'a Label),
    /// A column of the customers.
    Column(&'a Attribute),
    /// A column of the orders: the latest address counts.
    Lines(&'a Attribute),
    /// The customer id itself.
    Id,
}

/// The e-mail addresses of a shop: a column of the customers or of the orders that is called so, or ids
/// that look so.
fn mail(shop: &Shop) -> Option<Mail<'_>> {
    let orders = &*shop.dataset.orders;
    if let Some(label) = orders.mail() {
        return Some(Mail::Label(label));
    }
    let named = |column: &&Attribute| MAIL_NAMES.contains(&text::fold(&column.name).as_str());
    if let Some(column) = orders.traits.iter().find(named) {
        return Some(Mail::Column(column));
    }
    if let Some(column) = orders.attributes.iter().find(named) {
        return Some(Mail::Lines(column));
    }
    let mut ids = orders.customer_ids.iter().take(LOOKED_AT).peekable();
    let all = ids.peek().is_some() && ids.all(is_address);
    all.then_some(Mail::Id)
}

/// `name@host.tld`
fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && !host.starts_with('.') && host.contains('.') && !text.contains(' ')
    })
}

/// A table of customers in the order of `rows`. `email` leads where the shop knows it, then
/// `customer_id`; `group` is `contact` or `control`, drawn by [`control_group`] over these customers.
/// Money is rounded to cents and chances to four decimals: a list is for people to act on. What the
/// files say about each customer comes last.
#[must_use]
pub fn people_table(shop: &Shop, settings: &AudienceSettings, title: &str, rows: &[u32]) -> Table {
    let (orders, customers) = (&*shop.dataset.orders, &*shop.customers);
    let exists = |row: &u32| (*row as usize) < customers.len() && customers.exists(*row as usize);
    let rows: Vec<u32> = rows.iter().copied().filter(exists).collect();
    let id = |row: usize| orders.customer_ids.get(row);
    let texts = |of: &dyn Fn(usize) -> String| {
        Values::Text(rows.iter().map(|&row| of(row as usize)).collect())
    };
    let numbers = |of: &dyn Fn(usize) -> f64| {
        Values::Numbers(rows.iter().map(|&row| of(row as usize)).collect())
    };
    let mail = mail(shop);
    let mut table = Table::new(title);
    match &mail {
        Some(Mail::Label(label)) => {
            table.push("email", texts(&|row| label.texts.get(row).to_owned()));
        }
        Some(Mail::Column(column)) => {
            table.push("email", texts(&|row| column.value(row).to_owned()));
        }
        Some(Mail::Lines(column)) => {
            table.push("email", texts(&|row| latest(shop, column, row).to_owned()));
        }
        Some(Mail::Id) => table.push("email", texts(&|row| id(row).to_owned())),
        None => {}
    }
    table.push("customer_id", texts(&|row| id(row).to_owned()));
    table.push("group", Values::Text(groups(shop, settings, &rows)));
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
    for column in &orders.traits {
        if !matches!(&mail, Some(Mail::Column(mail)) if mail.name == column.name) {
            table.push(&column.name, texts(&|row| column.value(row).to_owned()));
        }
    }
    let shown = |label: &Label| matches!(&mail, Some(Mail::Label(mail)) if mail.name == label.name);
    for label in orders.labels.iter().filter(|label| !shown(label)) {
        table.push(&label.name, texts(&|row| label.texts.get(row).to_owned()));
    }
    table
}

/// What the customer's latest line before S says, where any does.
fn latest<'a>(shop: &Shop, column: &'a Attribute, row: usize) -> &'a str {
    let lines = shop.dataset.orders.lines_before(row, shop.as_of);
    let mut texts = lines.rev().map(|line| column.value(line));
    texts.find(|text| !text.is_empty()).unwrap_or("")
}

/// `contact` or `control`, for each of the rows.
fn groups(shop: &Shop, settings: &AudienceSettings, rows: &[u32]) -> Vec<String> {
    let orders = &*shop.dataset.orders;
    let members: Vec<(&str, u8)> = rows
        .iter()
        .map(|&row| {
            let segment = shop.segments.segment[row as usize];
            (orders.customer_ids.get(row as usize), segment)
        })
        .collect();
    let control = control_group(&members, settings.campaign.control_share, settings.seed);
    let name = |control: bool| if control { "control" } else { "contact" };
    control
        .into_iter()
        .map(|member| name(member).to_owned())
        .collect()
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
    fn addresses_are_told_from_other_ids() {
        for good in ["a@b.de", "first.last+x@mail.example.org"] {
            assert!(is_address(good), "{good}");
        }
        for bad in ["00017", "@b.de", "a@b", "a@.de", "a b@c.de", ""] {
            assert!(!is_address(bad), "{bad}");
        }
    }

    #[test]
    fn cents_are_cents() {
        assert_eq!(rounded(12.345_678, 2).to_string(), "12.35");
        assert_eq!(rounded(0.999_96, 4).to_string(), "1");
        assert!(rounded(f64::NAN, 2).is_nan());
    }
}
