//! A list as a file: one row per customer, best first, with the column that says who is contacted.

use super::forecast::Forecast;
use crate::{
    analysis::{customers::Customers, segments::Segmentation},
    data::{day::iso, orders::Orders},
};

/// What a saved list is made of; `control[i]` belongs to `rows[i]`.
#[derive(Clone, Copy)]
pub struct ListTable<'a> {
    pub orders: &'a Orders,
    pub customers: &'a Customers,
    pub segments: &'a Segmentation,
    pub forecast: Option<&'a Forecast>,
    pub rows: &'a [u32],
    pub control: &'a [bool],
}

/// The list as CSV with a header. Money with two decimals, dates as YYYY-MM-DD, probabilities with
/// four; `group` is `contact` or `control`. Text that a spreadsheet would take for a formula begins
/// with an apostrophe.
#[must_use]
pub fn list_csv(table: &ListTable<'_>) -> String {
    let mut text = String::from(
        "customer_id,group,segment,last_order,orders,net_revenue,predicted_value,p_alive,p_order\n",
    );
    for (&row, &control) in table.rows.iter().zip(table.control) {
        let row = row as usize;
        let segment = usize::from(table.segments.segment[row]);
        let segment = table.segments.stats.get(segment).map_or("", |s| &s.name);
        let (value, alive, chance) = table.forecast.map_or_else(
            || (String::new(), String::new(), String::new()),
            |f| {
                (
                    format!("{:.2}", f.value[row]),
                    format!("{:.4}", f.alive[row]),
                    format!("{:.4}", f.chance[row]),
                )
            },
        );
        let cells = [
            cell(table.orders.customer_ids.get(row)),
            if control { "control" } else { "contact" }.to_owned(),
            cell(segment),
            iso(table.customers.last_day[row]),
            table.customers.frequency[row].to_string(),
            format!("{:.2}", table.customers.monetary[row]),
            value,
            alive,
            chance,
        ];
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    text
}

/// A text cell: quoted where needed, and never a formula.
fn cell(text: &str) -> String {
    let safe = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{text}")
    } else {
        text.to_owned()
    };
    if safe.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", safe.replace('"', "\"\""))
    } else {
        safe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_and_never_formulas() {
        assert_eq!(cell("00042"), "00042");
        assert_eq!(cell("=1+2"), "'=1+2");
        assert_eq!(cell("-3"), "'-3");
        assert_eq!(cell("a,\"b\""), "\"a,\"\"b\"\"\"");
    }
}
