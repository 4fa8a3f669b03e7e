//! Classes and their counts: orders per customer, days between orders; without egui.

use super::picks;
use crate::{
    chart::{Sheet, Tip, sheet},
    format,
};
use analysis::{overview::Overview, selection::Part};

/// Customers (or gaps) per class.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    pub finding: String,
    /// Short labels below the axis.
    pub labels: Vec<String>,
    /// What a class is, for the read-out: "2 orders", "8–14 days".
    pub names: Vec<String>,
    pub values: Vec<f64>,
    /// Place of the median in classes from the left edge, with its words.
    pub marker: Option<(f64, String)>,
    /// What is counted: "customers", "repeat orders".
    pub counted: &'static str,
    /// What a click on a class selects; empty = nothing.
    pub parts: Vec<Option<Part>>,
}

impl Histogram {
    fn total(&self) -> f64 {
        self.values.iter().sum()
    }

    /// The read-out of a class.
    #[must_use]
    pub fn tip(&self, index: usize) -> Tip {
        let (Some(name), Some(value)) = (self.names.get(index), self.values.get(index)) else {
            return Tip::default();
        };
        let mut tip = Tip::new(name.clone());
        tip.lead = format!(
            "{} {} ({})",
            format::integer(*value as u64),
            self.counted,
            format::percent(value / self.total())
        );
        tip
    }

    #[must_use]
    pub fn sheet(&self, class: &str) -> Sheet {
        let mut sheet = Sheet::new(&[class, &self.counted.replace(' ', "_")]);
        for (name, value) in self.names.iter().zip(&self.values) {
            sheet.push(vec![name.clone(), sheet::cell(Some(*value))]);
        }
        sheet
    }
}

/// Days without an idle decimal.
pub(super) fn short(days: f64) -> String {
    format::number(days)
        .trim_end_matches(".00")
        .trim_end_matches(".0")
        .to_owned()
}

pub(super) fn orders_per_customer(overview: &Overview) -> Histogram {
    let counts = &overview.orders_per_customer;
    let last = counts.len();
    let label = |index: usize| {
        let orders = index + 1;
        if orders == last {
            format!("{orders}+")
        } else {
            orders.to_string()
        }
    };
    let name = |index: usize| match index + 1 {
        1 => "1 order".to_owned(),
        orders if orders == last => format!("{orders} orders or more"),
        orders => format!("{orders} orders"),
    };
    let total: u64 = counts.iter().sum();
    let share = |count: u64| format::percent(count as f64 / total as f64);
    let finding = match counts.first() {
        Some(&once) if total > 0 => {
            let often: u64 = counts.iter().skip(4).sum();
            format!(
                "{} ordered once, {} five times or more.",
                share(once),
                share(often)
            )
        }
        _ => String::new(),
    };
    Histogram {
        finding,
        labels: (0..last).map(label).collect(),
        names: (0..last).map(name).collect(),
        values: counts.iter().map(|&count| count as f64).collect(),
        marker: None,
        counted: "customers",
        parts: (0..last)
            .map(|index| Some(picks::orders(index, last)))
            .collect(),
    }
}

pub(super) fn gaps(overview: &Overview) -> Histogram {
    let bin = overview.gap_bin_days.max(1);
    let bins = overview.gap_histogram.len();
    let is_tail = |index: usize| overview.gap_tail && index + 1 == bins;
    let name = |index: usize| {
        let from = index as u32 * bin + 1;
        if is_tail(index) {
            format!("{from} days or more")
        } else if bin == 1 {
            format::count(u64::from(from), "day", "days")
        } else {
            format!("{from}–{} days", from + bin - 1)
        }
    };
    let median = overview.kpis.median_gap_days;
    let finding = median.map_or_else(
        || "No customer has ordered on two different days yet.".to_owned(),
        |days| {
            format!(
                "Half of all repeat orders come within {} days of the one before.",
                short(days)
            )
        },
    );
    Histogram {
        finding,
        labels: (0..bins)
            .map(|index| {
                let days = format::integer(u64::from(index as u32 * bin));
                if is_tail(index) {
                    format!("{days}+")
                } else {
                    days
                }
            })
            .collect(),
        names: (0..bins).map(name).collect(),
        values: overview
            .gap_histogram
            .iter()
            .map(|&count| count as f64)
            .collect(),
        // A gap of d days covers d − 1…d on an axis of days, so its middle is d − ½.
        marker: median.map(|days| {
            (
                (days - 0.5) / f64::from(bin),
                format!("Median {}", short(days)),
            )
        }),
        counted: "repeat orders",
        parts: Vec::new(),
    }
}
