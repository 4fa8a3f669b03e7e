//! The columns of the customer table: names, definitions, how they sort, and the table as text.

use super::list::Source;
use crate::{
    chart::{Sheet, sheet},
    cx::Cx,
    format::{chance, money_exact, percent},
    widgets::table::Row,
};
use analysis::{customer_list::SortKey, rules::NO_SEGMENT};
use data::day;

/// One column of the customer table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    Id,
    Mail,
    Segment,
    Cluster,
    R,
    F,
    M,
    Recency,
    Orders,
    Revenue,
    Aov,
    FirstOrder,
    LastOrder,
    Tenure,
    Predicted,
    Interval,
    PAlive,
}

impl Column {
    /// All columns, in the order they stand in.
    pub const ALL: [Self; 17] = [
        Self::Id,
        Self::Mail,
        Self::Segment,
        Self::Cluster,
        Self::R,
        Self::F,
        Self::M,
        Self::Recency,
        Self::Orders,
        Self::Revenue,
        Self::Aov,
        Self::FirstOrder,
        Self::LastOrder,
        Self::Tenure,
        Self::Predicted,
        Self::Interval,
        Self::PAlive,
    ];

    /// Shown until the user chooses otherwise.
    #[must_use]
    pub fn is_default(self) -> bool {
        self != Self::Tenure
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Id => "Customer",
            Self::Mail => "E-mail",
            Self::Segment => "Segment",
            Self::Cluster => "Cluster",
            Self::R => "R",
            Self::F => "F",
            Self::M => "M",
            Self::Recency => "Days since last",
            Self::Orders => "Orders",
            Self::Revenue => "Revenue",
            Self::Aov => "Per order",
            Self::FirstOrder => "First order",
            Self::LastOrder => "Last order",
            Self::Tenure => "Tenure",
            Self::Predicted => "Predicted",
            Self::Interval => "Interval",
            Self::PAlive => "P(alive)",
        }
    }

    /// Name where there is room for more than a head.
    #[must_use]
    pub fn long_title(self) -> &'static str {
        match self {
            Self::R => "Recency score (R)",
            Self::F => "Frequency score (F)",
            Self::M => "Monetary score (M)",
            Self::Recency => "Days since last order",
            Self::Revenue => "Net revenue",
            Self::Aov => "Revenue per order",
            Self::Tenure => "Days since first order",
            Self::Predicted => "Predicted value",
            Self::Interval => "Interval of the prediction",
            Self::PAlive => "Still a customer, P(alive)",
            _ => self.title(),
        }
    }

    /// Whether it stands empty until a model is trained.
    #[must_use]
    pub fn needs_model(self) -> bool {
        matches!(self, Self::Predicted | Self::Interval | Self::PAlive)
    }

    /// Whether it stands empty until clusters are kept.
    #[must_use]
    pub fn needs_clusters(self) -> bool {
        self == Self::Cluster
    }

    /// Whether it stands empty where the files hold no e-mail addresses.
    #[must_use]
    pub fn needs_mail(self) -> bool {
        self == Self::Mail
    }

    /// Definition, shown over the head and in the column chooser.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::Id => "Customer id as the file spells it",
            Self::Mail => {
                "E-mail address, as the customer's latest order or the table of users says"
            }
            Self::Segment => "Segment of the first rule that matches",
            Self::Cluster => "Nearest of the K-means clusters kept in the Segments view",
            Self::R => "Recency score, 1 to 5 (5 = most recent)",
            Self::F => "Frequency score, 1 to 5 (5 = most orders)",
            Self::M => "Monetary score, 1 to 5 (5 = most revenue)",
            Self::Recency => "Days from the last order to the as-of date",
            Self::Orders => "Orders before the as-of date",
            Self::Revenue => "Net revenue before the as-of date",
            Self::Aov => "Average order value: net revenue ÷ orders",
            Self::FirstOrder => "Date of the first order",
            Self::LastOrder => "Date of the last order",
            Self::Tenure => "Days from the first order to the as-of date",
            Self::Predicted => "What the run in use in the Models view expects of this customer",
            Self::Interval => "Range that holds the outcome as often as the run promises",
            Self::PAlive => "Chance of still being a customer, never certain",
        }
    }

    #[must_use]
    pub fn sort_key(self) -> SortKey {
        match self {
            Self::Id => SortKey::Id,
            Self::Mail => SortKey::Mail,
            Self::Segment => SortKey::Segment,
            Self::Cluster => SortKey::Cluster,
            Self::R => SortKey::RScore,
            Self::F => SortKey::FScore,
            Self::M => SortKey::MScore,
            Self::Recency => SortKey::RecencyDays,
            Self::Orders => SortKey::Frequency,
            Self::Revenue => SortKey::Monetary,
            Self::Aov => SortKey::Aov,
            Self::FirstOrder => SortKey::FirstOrder,
            Self::LastOrder => SortKey::LastOrder,
            Self::Tenure => SortKey::TenureDays,
            Self::Predicted | Self::Interval => SortKey::Predicted,
            Self::PAlive => SortKey::PAlive,
        }
    }

    /// Least width in points, and share of what is left over.
    #[must_use]
    pub fn width(self) -> (f32, f32) {
        match self {
            Self::Id => (84.0, 2.0),
            Self::Mail => (132.0, 2.0),
            Self::Segment | Self::Cluster => (148.0, 1.0),
            Self::R | Self::F | Self::M => (36.0, 0.0),
            Self::Recency => (104.0, 0.5),
            Self::Orders | Self::Tenure => (62.0, 0.5),
            Self::Revenue => (98.0, 1.0),
            Self::Aov | Self::Predicted => (82.0, 0.5),
            Self::Interval => (110.0, 0.5),
            Self::PAlive => (70.0, 0.5),
            Self::FirstOrder | Self::LastOrder => (106.0, 0.5),
        }
    }

    /// Right-aligned.
    #[must_use]
    pub fn is_numeric(self) -> bool {
        !matches!(
            self,
            Self::Id | Self::Mail | Self::Segment | Self::Cluster | Self::R | Self::F | Self::M
        )
    }

    /// Which way the first click sorts: names from A, everything else from the largest.
    #[must_use]
    pub fn first_descending(self) -> bool {
        !matches!(
            self,
            Self::Id | Self::Mail | Self::Segment | Self::Cluster | Self::Recency
        )
    }

    /// Columns leave in this order (highest first) when the table shares its width with a customer.
    fn dispensable(self) -> u8 {
        match self {
            Self::Id | Self::Segment => 0,
            Self::Revenue | Self::Predicted => 1,
            Self::Orders => 2,
            Self::Recency => 3,
            Self::LastOrder => 4,
            Self::R | Self::F | Self::M => 5,
            Self::Aov => 6,
            Self::FirstOrder => 7,
            Self::PAlive => 8,
            Self::Interval => 9,
            Self::Tenure => 10,
            Self::Cluster => 11,
            Self::Mail => 12,
        }
    }
}

/// What the run in use says of a customer; "–" where it says nothing.
pub(super) fn predicted(
    cx: &Cx<'_>,
    row: &Row<'_>,
    (column, place): (Column, usize),
    customer: usize,
) -> String {
    let Some(known) = &cx.shop.predictions else {
        return String::new();
    };
    let amount = |value: f64| {
        if known.class {
            percent(value)
        } else {
            money_exact(value, &cx.project.currency)
        }
    };
    let text = match column {
        Column::Interval => known
            .interval_of(customer)
            .map(|(low, high)| format!("{} – {}", amount(low), amount(high))),
        Column::PAlive => known.p_alive_of(customer).map(chance),
        _ if known.class => known.value_of(customer).map(percent),
        _ => known
            .value_of(customer)
            .map(|value| row.amount(place, value, &cx.project.currency)),
    };
    text.unwrap_or_else(|| "–".to_owned())
}

/// As many of the columns as fit into `width`; the least important leave first.
#[must_use]
pub fn fitting(columns: &[Column], width: f32) -> Vec<Column> {
    let mut kept = columns.to_vec();
    let total = |kept: &[Column]| kept.iter().map(|column| column.width().0).sum::<f32>();
    while total(&kept) > width {
        let worst = kept.iter().map(|column| column.dispensable()).max();
        match worst {
            None | Some(0) => break,
            Some(worst) => kept.retain(|column| column.dispensable() != worst),
        }
    }
    kept
}

/// The customers in `rows` with every column, for a file or the clipboard.
#[must_use]
pub fn sheet(source: &Source, rows: &[u32]) -> Sheet {
    let mut heads = vec![
        "customer",
        "segment",
        "r_score",
        "f_score",
        "m_score",
        "recency_days",
        "orders",
        "revenue",
        "aov",
        "first_order",
        "last_order",
        "tenure_days",
    ];
    if source.shop.clusters.is_some() {
        heads.push("cluster");
    }
    let labels = &source.shop.dataset.orders.labels;
    heads.extend(labels.iter().map(|label| label.name.as_str()));
    if source.shop.predictions.is_some() {
        heads.extend(["predicted", "predicted_low", "predicted_high", "p_alive"]);
    }
    let mut sheet = Sheet::new(&heads);
    for &row in rows {
        sheet.push(cells(source, row as usize));
    }
    sheet
}

fn cells(source: &Source, row: usize) -> Vec<String> {
    let shop = &source.shop;
    let (customers, scores) = (&shop.customers, &shop.scores);
    let segment = match shop.segments.segment[row] {
        NO_SEGMENT => "",
        number => shop
            .segments
            .stats
            .get(usize::from(number))
            .map_or("", |stats| stats.name.as_str()),
    };
    let mut cells = vec![
        shop.dataset.orders.customer_ids.get(row).to_owned(),
        segment.to_owned(),
        scores.r[row].to_string(),
        scores.f[row].to_string(),
        scores.m[row].to_string(),
        customers.recency_days(row).to_string(),
        customers.frequency[row].to_string(),
        sheet::cell(Some(customers.monetary[row])),
        sheet::cell(Some(customers.aov(row))),
        day::iso(customers.first_day[row]),
        day::iso(customers.last_day[row]),
        customers.tenure_days(row).to_string(),
    ];
    if let Some(kept) = &shop.clusters {
        cells.push(kept.name(row).unwrap_or_default().to_owned());
    }
    let labels = shop.dataset.orders.labels.iter();
    cells.extend(labels.map(|label| label.texts.get(row).to_owned()));
    if let Some(known) = &shop.predictions {
        let interval = known.interval_of(row);
        cells.extend([
            sheet::cell(known.value_of(row)),
            sheet::cell(interval.map(|(low, _)| low)),
            sheet::cell(interval.map(|(_, high)| high)),
            sheet::cell(known.p_alive_of(row)),
        ]);
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_important_columns_leave_first() {
        let all = Column::ALL;
        assert_eq!(fitting(&all, 5_000.0), all);
        let narrow = fitting(&all, 430.0);
        assert_eq!(
            narrow,
            [
                Column::Id,
                Column::Segment,
                Column::Revenue,
                Column::Predicted
            ]
        );
        // The name and the segment stay, whatever happens.
        assert_eq!(fitting(&all, 10.0), [Column::Id, Column::Segment]);
    }
}
