//! Results of a shop as tables: what the window shows as a list, in a stable order.

use std::sync::Arc;

use super::{
    audience::Listed,
    delivery::{Delivered, Delivery, deliver},
    table::{Table, Values, plain_name},
};
use analysis::{
    breakdown::Breakdown,
    cohorts::{CohortTable, Metric},
    overview::PeriodRevenue,
    rules::NO_SEGMENT,
};
use audiences::ListKind;
use data::dataset::quality::Effect;
use data::judge::rejected::Rejected;
use data::orders::Orders;
use pipeline::snapshot::Shop;
use project::Project;

/// A list or table that can leave the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum What {
    /// One row per customer with an order before S.
    Customers,
    /// One row per segment, in rule order.
    Segments,
    /// One row per cohort, one column per age.
    Cohorts,
    /// One row per calendar period.
    Periods,
    /// One row per value of a column (category, country…), by revenue.
    Breakdown(String),
    /// One row per cleaning rule.
    Quality,
    /// A ready list, best first, with its control group.
    List(ListKind),
    /// Customers chosen for an action, with their control group.
    People(People),
}

/// Customers chosen for an action: the contacts of a campaign, a cell of a matrix.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct People {
    /// Name for people and of files: "Campaign".
    pub title: String,
    /// Their numbers, first to be contacted first.
    pub rows: Arc<[u32]>,
}

impl What {
    /// Everything this shop can give.
    #[must_use]
    pub fn all(shop: &Shop) -> Vec<Self> {
        let mut all = vec![
            Self::Customers,
            Self::Segments,
            Self::Cohorts,
            Self::Periods,
        ];
        let breakdowns = shop
            .details
            .iter()
            .flat_map(|details| &details.insights.breakdowns);
        all.extend(breakdowns.map(|breakdown| Self::Breakdown(breakdown.name.clone())));
        all.push(Self::Quality);
        if let Some(people) = &shop.people {
            let lists = people.lists.lists.iter();
            let lists = lists.filter(|list| list.unavailable.is_none());
            all.extend(lists.map(|list| Self::List(list.kind)));
        }
        all
    }

    /// Name on the command line and of files.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Customers => "customers".to_owned(),
            Self::Segments => "segments".to_owned(),
            Self::Cohorts => "cohorts".to_owned(),
            Self::Periods => "periods".to_owned(),
            Self::Breakdown(column) => format!("by-{}", plain_name(column)),
            Self::Quality => "quality".to_owned(),
            Self::List(kind) => kind.name().to_owned(),
            Self::People(people) => plain_name(&people.title),
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Customers => "Customers".to_owned(),
            Self::Segments => "Segments".to_owned(),
            Self::Cohorts => "Cohorts".to_owned(),
            Self::Periods => "Revenue over time".to_owned(),
            Self::Breakdown(column) => format!("By {column}"),
            Self::Quality => "Data quality".to_owned(),
            Self::List(kind) => kind.title().to_owned(),
            Self::People(people) => people.title.clone(),
        }
    }

    /// The table. `customers` are the numbers of those to list, ascending; `None` = everyone. It
    /// matters to [`What::Customers`] alone. See [`What::head`] for the columns without the rows.
    #[must_use]
    pub fn table(&self, shop: &Shop, project: &Project, customers: Option<&[u32]>) -> Table {
        match self {
            Self::Customers => customer_table(shop, customers),
            Self::Segments => segment_table(shop),
            Self::Cohorts => cohort_table(&shop.cohorts, project.cohort_metric),
            Self::Periods => period_table(shop),
            Self::Breakdown(column) => shop
                .details
                .iter()
                .flat_map(|details| &details.insights.breakdowns)
                .find(|breakdown| breakdown.name == *column)
                .map_or_else(|| Table::new(&self.title()), breakdown_table),
            Self::Quality => quality_table(shop),
            Self::List(_) | Self::People(_) => {
                let delivery = Delivery::default();
                self.deliver(shop, project, customers, delivery).table
            }
        }
    }

    /// Whether it lists people to contact, so that a [`Delivery`] matters to it.
    #[must_use]
    pub fn is_of_people(&self) -> bool {
        matches!(self, Self::List(_) | Self::People(_))
    }

    /// The table as it is to leave: people to contact by the delivery, everything else as
    /// [`What::table`] makes it.
    #[must_use]
    pub fn deliver(
        &self,
        shop: &Shop,
        project: &Project,
        customers: Option<&[u32]>,
        delivery: Delivery,
    ) -> Delivered {
        let rows = match self {
            Self::List(kind) => {
                let people = shop.people.as_ref();
                let list = people.and_then(|people| people.lists.get(*kind));
                list.map_or(&[][..], |list| &list.customers)
            }
            Self::People(people) => &people.rows,
            other => {
                return Delivered {
                    table: other.table(shop, project, customers),
                    told: String::new(),
                };
            }
        };
        let title = &self.title();
        deliver(shop, &project.audiences, Listed { title, rows }, delivery)
    }

    /// Names of the table's columns; no row of customers is looked at.
    #[must_use]
    pub fn head(&self, shop: &Shop, project: &Project) -> Vec<String> {
        let nobody = Listed {
            title: "",
            rows: &[],
        };
        let table = if self.is_of_people() {
            deliver(shop, &project.audiences, nobody, Delivery::default()).table
        } else {
            self.table(shop, project, Some(&[]))
        };
        table
            .columns
            .into_iter()
            .map(|column| column.name)
            .collect()
    }
}

/// Columns in the order of the Customers view, then what the files say about each customer.
fn customer_table(shop: &Shop, chosen: Option<&[u32]>) -> Table {
    let (orders, customers) = (&*shop.dataset.orders, &*shop.customers);
    let rows: Vec<usize> = match chosen {
        Some(chosen) => chosen.iter().map(|&row| row as usize).collect(),
        None => (0..customers.len()).collect(),
    };
    let rows: Vec<usize> = rows
        .into_iter()
        .filter(|&row| row < customers.len() && customers.exists(row))
        .collect();
    let integers =
        |of: &dyn Fn(usize) -> i64| Values::Integers(rows.iter().map(|&row| of(row)).collect());
    let numbers =
        |of: &dyn Fn(usize) -> f64| Values::Numbers(rows.iter().map(|&row| of(row)).collect());
    let texts =
        |of: &dyn Fn(usize) -> String| Values::Text(rows.iter().map(|&row| of(row)).collect());
    let days =
        |of: &dyn Fn(usize) -> i32| Values::Days(rows.iter().map(|&row| Some(of(row))).collect());
    let segment = |row: usize| match shop.segments.segment[row] {
        NO_SEGMENT => String::new(),
        number => shop.segments.stats[number as usize].name.clone(),
    };
    let mut table = Table::new("Customers");
    table.push(
        "customer_id",
        texts(&|row| orders.customer_ids.get(row).to_owned()),
    );
    table.push("segment", texts(&segment));
    if let Some(kept) = &shop.clusters {
        let name = |row: usize| kept.name(row).unwrap_or_default().to_owned();
        table.push("cluster", texts(&name));
    }
    table.push(
        "orders",
        integers(&|row| i64::from(customers.frequency[row])),
    );
    table.push("net_revenue", numbers(&|row| customers.monetary[row]));
    table.push("average_order_value", numbers(&|row| customers.aov(row)));
    table.push("first_order", days(&|row| customers.first_day[row]));
    table.push("last_order", days(&|row| customers.last_day[row]));
    table.push(
        "recency_days",
        integers(&|row| i64::from(customers.recency_days(row))),
    );
    table.push(
        "tenure_days",
        integers(&|row| i64::from(customers.tenure_days(row))),
    );
    let scores = [
        ("recency_score", &shop.scores.r),
        ("frequency_score", &shop.scores.f),
        ("monetary_score", &shop.scores.m),
    ];
    for (name, scores) in scores {
        table.push(name, integers(&|row| i64::from(scores[row])));
    }
    predicted_columns(shop, &rows, &mut table);
    own_columns(orders, &rows, &mut table);
    table
}

/// What the files say about each of these customers.
fn own_columns(orders: &Orders, rows: &[usize], table: &mut Table) {
    let mut push = |name: &str, text: &dyn Fn(usize) -> String| {
        let texts = rows.iter().map(|&row| text(row));
        table.push(name, Values::Text(texts.collect()));
    };
    for column in &orders.traits {
        push(&column.name, &|row| column.value(row).to_owned());
    }
    for label in &orders.labels {
        push(&label.name, &|row| label.texts.get(row).to_owned());
    }
}

/// What the run in use says of these customers; empty cells where it says nothing.
fn predicted_columns(shop: &Shop, rows: &[usize], table: &mut Table) {
    let Some(known) = &shop.predictions else {
        return;
    };
    let column = |of: &dyn Fn(usize) -> Option<f64>| {
        let values = rows.iter().map(|&row| of(row).unwrap_or(f64::NAN));
        Values::Numbers(values.collect())
    };
    table.push("predicted_value", column(&|row| known.value_of(row)));
    table.push("p_alive", column(&|row| known.p_alive_of(row)));
}

fn segment_table(shop: &Shop) -> Table {
    let stats = &shop.segments.stats;
    let all = shop.segments.customers();
    let numbers = |of: fn(&analysis::segments::SegmentStats) -> f64| {
        Values::Numbers(stats.iter().map(of).collect())
    };
    let mut table = Table::new("Segments");
    let names = stats.iter().map(|stats| stats.name.clone());
    table.push("segment", Values::Text(names.collect()));
    let counts = stats.iter().map(|stats| stats.customers as i64);
    table.push("customers", Values::Integers(counts.collect()));
    let shares = stats
        .iter()
        .map(|stats| stats.customers as f64 / all as f64);
    table.push("customer_share", Values::Numbers(shares.collect()));
    table.push("net_revenue", numbers(|stats| stats.revenue));
    table.push("revenue_share", numbers(|stats| stats.revenue_share));
    table.push("mean_recency_days", numbers(|stats| stats.recency_days));
    table.push("mean_orders", numbers(|stats| stats.frequency));
    table.push("mean_net_revenue", numbers(|stats| stats.monetary));
    table.push("average_order_value", numbers(|stats| stats.aov));
    table.push("mean_tenure_days", numbers(|stats| stats.tenure_days));
    table
}

/// Cells that have not begun, or are undefined, are empty.
fn cohort_table(cohorts: &CohortTable, metric: Metric) -> Table {
    let rows = 0..cohorts.rows.len();
    let mut table = Table::new(&format!("Cohorts {}", metric.title()));
    let labels = cohorts.rows.iter().map(|row| row.label.clone());
    table.push("cohort", Values::Text(labels.collect()));
    let sizes = cohorts.rows.iter().map(|row| row.size as i64);
    table.push("customers", Values::Integers(sizes.collect()));
    for age in 0..cohorts.ages {
        let values = rows
            .clone()
            .map(|row| {
                let begun = age < cohorts.rows[row].cells.len();
                let value = begun.then(|| cohorts.value(metric, row, age)).flatten();
                value.unwrap_or(f64::NAN)
            })
            .collect();
        let name = format!("{}_{age}", cohorts.spec.period.noun());
        table.push(&name, Values::Numbers(values));
    }
    table
}

fn period_table(shop: &Shop) -> Table {
    let series = &shop.overview.series;
    let mut table = Table::new("Revenue over time");
    let labels = series.iter().map(|period| period.label.clone());
    table.push(shop.overview.period.noun(), Values::Text(labels.collect()));
    let revenue = series.iter().map(PeriodRevenue::revenue);
    table.push("net_revenue", Values::Numbers(revenue.collect()));
    let new = series.iter().map(|period| period.revenue_new);
    table.push("revenue_new_customers", Values::Numbers(new.collect()));
    let returning = series.iter().map(|period| period.revenue_returning);
    table.push(
        "revenue_returning_customers",
        Values::Numbers(returning.collect()),
    );
    let orders = series.iter().map(|period| period.orders as i64);
    table.push("orders", Values::Integers(orders.collect()));
    let new = series.iter().map(|period| period.customers_new as i64);
    table.push("new_customers", Values::Integers(new.collect()));
    let returning = series
        .iter()
        .map(|period| period.customers_returning as i64);
    table.push("returning_customers", Values::Integers(returning.collect()));
    let complete = series.iter().map(|period| i64::from(period.complete));
    table.push("complete", Values::Integers(complete.collect()));
    table
}

fn breakdown_table(breakdown: &Breakdown) -> Table {
    let mut groups: Vec<_> = breakdown.groups.iter().collect();
    groups.sort_by(|a, b| {
        let by_revenue = b.tally.revenue.total_cmp(&a.tally.revenue);
        by_revenue.then_with(|| a.value.cmp(&b.value))
    });
    let mut table = Table::new(&format!("By {}", breakdown.name));
    let values = groups.iter().map(|group| group.value.clone());
    table.push(&breakdown.name, Values::Text(values.collect()));
    let revenue = groups.iter().map(|group| group.tally.revenue);
    table.push("net_revenue", Values::Numbers(revenue.collect()));
    let orders = groups.iter().map(|group| group.tally.orders as i64);
    table.push("orders", Values::Integers(orders.collect()));
    let customers = groups.iter().map(|group| group.tally.customers as i64);
    table.push("customers", Values::Integers(customers.collect()));
    table
}

fn quality_table(shop: &Shop) -> Table {
    let rules = &shop.dataset.quality.rules;
    let mut table = Table::new("Data quality");
    let texts = |of: &dyn Fn(&data::dataset::quality::RuleCount) -> String| {
        Values::Text(rules.iter().map(of).collect())
    };
    table.push("rule", texts(&|rule| rule.rule.clone()));
    table.push("what_it_means", texts(&|rule| rule.explanation.clone()));
    table.push("effect", texts(&|rule| effect_name(rule.effect).to_owned()));
    let rows = rules.iter().map(|rule| rule.rows as i64);
    table.push("rows", Values::Integers(rows.collect()));
    let amounts = rules.iter().map(|rule| rule.amount);
    table.push("amount", Values::Numbers(amounts.collect()));
    table
}

/// Every row that was left out: where it stands, which rule left it out, and its text.
#[must_use]
pub fn rejected_table(rejected: Rejected) -> Table {
    let rows = &rejected.rows;
    let files = rows.iter().map(|row| row.file.to_string()).collect();
    let lines = rows.iter().map(|row| row.line as i64).collect();
    let rules = rows.iter().map(|row| row.rule.to_owned()).collect();
    let texts = rejected.rows.into_iter().map(|row| row.text);
    let mut table = Table::new("Rows left out");
    table.push("file", Values::Text(files));
    table.push("line", Values::Integers(lines));
    table.push("rule", Values::Text(rules));
    table.push("text", Values::Text(texts.collect()));
    table
}

/// What a rule did to its rows.
#[must_use]
pub fn effect_name(effect: Effect) -> &'static str {
    match effect {
        Effect::Dropped => "left out",
        Effect::Changed => "changed",
        Effect::Flagged => "noted",
    }
}
