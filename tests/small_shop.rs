//! Every analysis on a shop of six people, against numbers worked out by hand (see the table in
//! `common/small_shop.rs`).

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/small_shop.rs"]
mod small_shop;

use keepers::analysis::cohorts::CellState::{Complete, InProgress, Unobserved};
use keepers::{
    analysis::{
        cohorts::{Cell, CellState, CohortSpec, CohortTable, Metric, NO_ROW, RowsBy, cohorts},
        customer_list::{
            OrderRow, SortKey, best_matches, customer_orders, search_customers, sort_customers,
        },
        customers::{Customers, customers_as_of, default_as_of},
        overview::{Window, overview},
        rfm::{Scores, TieRule, score, score_ranges},
        segments::{
            Comparison, Condition, Field, NO_SEGMENT, Rule, RuleCheck, Segmentation, check_rules,
            default_rules, segment,
        },
        selection::{Part, Selection, Tables, select},
    },
    data::{
        day::{Period, iso},
        lines::{Line, assemble},
        orders::Orders,
    },
};
use small_shop::{as_of, day, shop};

struct Tested {
    orders: Orders,
    customers: Customers,
    scores: Scores,
    segments: Segmentation,
    cohorts: CohortTable,
}

impl Tested {
    fn new() -> Self {
        let orders = shop();
        let customers = customers_as_of(&orders, as_of());
        let scores = score(&customers, TieRule::Share);
        let segments = segment(&customers, &scores, &default_rules());
        let cohorts = cohorts(&orders, as_of(), &CohortSpec::default());
        Self {
            orders,
            customers,
            scores,
            segments,
            cohorts,
        }
    }

    fn tables(&self) -> Tables<'_> {
        Tables {
            orders: &self.orders,
            customers: &self.customers,
            scores: &self.scores,
            segments: &self.segments,
            cohorts: &self.cohorts,
        }
    }

    fn select(&self, parts: Vec<Part>) -> (Vec<u32>, u64, f64) {
        let selected = select(self.tables(), &Selection { parts });
        (selected.customers, selected.orders, selected.revenue)
    }
}

fn by_country() -> CohortSpec {
    CohortSpec {
        period: Period::Month,
        rows: RowsBy::Attribute("Country".to_owned()),
    }
}

#[test]
fn ids_are_sorted_as_numbers() {
    let orders = shop();
    let ids: Vec<&str> = orders.customer_ids.iter().collect();
    assert_eq!(ids, ["1", "2", "3", "4", "5", "10"]);
}

#[test]
fn customers() {
    let Tested {
        orders, customers, ..
    } = Tested::new();
    assert_eq!(customers.active, 5);
    assert_eq!(customers.frequency, [3, 1, 1, 0, 1, 2]);
    assert_eq!(customers.purchase_days, [3, 1, 1, 0, 1, 1]);
    assert_eq!(customers.monetary, [65.0, 60.0, 25.0, -7.0, 12.0, 45.0]);
    let recency = [0, 1, 2, 4, 5].map(|row| customers.recency_days(row));
    assert_eq!(recency, [14, 87, 56, 6, 42]);
    let tenure = [0, 1, 2, 4, 5].map(|row| customers.tenure_days(row));
    assert_eq!(tenure, [102, 87, 56, 6, 42]);
    assert_eq!(iso(default_as_of(&orders).unwrap()), "2024-04-21");
}

#[test]
fn nothing_before_the_first_order() {
    let orders = shop();
    let customers = customers_as_of(&orders, day("01-05"));
    assert_eq!((customers.active, customers.frequency), (0, vec![0; 6]));
    for ties in [TieRule::Share, TieRule::RankFirst] {
        let customers = customers_as_of(&orders, day("01-05"));
        let scores = score(&customers, ties);
        assert_eq!(scores.counts(), [[0; 5]; 3]);
        let segments = segment(&customers, &scores, &default_rules());
        assert_eq!(segments.segment, [NO_SEGMENT; 6]);
        assert_eq!(segments.concentration(), None);
        let table = cohorts(&orders, day("01-05"), &CohortSpec::default());
        assert_eq!((table.rows.len(), table.row_of), (0, vec![NO_ROW; 6]));
        let overview = overview(&orders, &customers, Period::Month);
        assert_eq!(
            (overview.kpis.customers, overview.kpis.median_gap_days),
            (0, None)
        );
        assert!(overview.series.is_empty() && overview.trend.is_none());
    }
}

#[test]
fn an_empty_shop() {
    let orders = Orders::default();
    let customers = customers_as_of(&orders, 0);
    let scores = score(&customers, TieRule::Share);
    assert!(customers.is_empty() && scores.r.is_empty());
    let segments = segment(&customers, &scores, &default_rules());
    assert_eq!(segments.customers(), 0);
    assert!(cohorts(&orders, 0, &CohortSpec::default()).rows.is_empty());
    assert_eq!(overview(&orders, &customers, Period::Week).kpis.orders, 0);
}

#[test]
fn one_customer() {
    let only = [Line {
        customer: "x".to_owned(),
        day: 10,
        amount: 5.0,
        ..Line::default()
    }];
    let orders = assemble(&only, &[]).unwrap();
    let customers = customers_as_of(&orders, 11);
    for ties in [TieRule::Share, TieRule::RankFirst] {
        let scores = score(&customers, ties);
        assert_eq!((scores.r, scores.f, scores.m), (vec![1], vec![1], vec![1]));
    }
}

#[test]
fn scores() {
    let Tested {
        customers, scores, ..
    } = Tested::new();
    assert_eq!(scores.r, [4, 1, 2, 0, 5, 3]);
    // 2, 3 and 5 tie: nobody is worse than they; three are worse than 10, four than 1.
    assert_eq!(scores.f, [5, 1, 1, 0, 1, 4]);
    assert_eq!(scores.m, [5, 4, 2, 0, 1, 3]);
    let ranked = score(&customers, TieRule::RankFirst);
    assert_eq!(ranked.f, [5, 1, 2, 0, 3, 4]);
    assert_eq!((&ranked.r, &ranked.m), (&scores.r, &scores.m));
    let ranges = score_ranges(&customers, &scores);
    assert_eq!(ranges[0][0], Some((87.0, 87.0)));
    assert_eq!(
        ranges[1],
        [
            Some((1.0, 1.0)),
            None,
            None,
            Some((2.0, 2.0)),
            Some((3.0, 3.0))
        ]
    );
    assert_eq!(ranges[2][4], Some((65.0, 65.0)));
}

#[test]
fn segments() {
    let Tested {
        customers,
        scores,
        segments,
        ..
    } = Tested::new();
    // (r, f, m): 1 (4,5,5) · 2 (1,1,4) · 3 (2,1,2) · 5 (5,1,1) · 10 (3,4,3)
    assert_eq!(segments.segment, [0, 3, 4, NO_SEGMENT, 5, 2]);
    let names: Vec<&str> = segments
        .stats
        .iter()
        .map(|stats| stats.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "VIP",
            "Loyal",
            "Potential Loyalist",
            "At Risk",
            "Dormant",
            "Regulars"
        ]
    );
    let vip = &segments.stats[0];
    assert_eq!((vip.customers, vip.revenue, vip.aov), (1, 65.0, 65.0 / 3.0));
    assert_eq!(vip.revenue_share, 65.0 / 207.0);
    assert_eq!(
        (vip.recency_days, vip.tenure_days, vip.frequency),
        (14.0, 102.0, 3.0)
    );
    assert_eq!(segments.stats[1].customers, 0);
    assert_eq!(segments.stats[1].aov, 0.0);
    let grid = &segments.rf_grid;
    assert_eq!((grid[3][4].customers, grid[3][4].revenue), (1, 65.0));
    assert_eq!((grid[0][0].customers, grid[0][0].revenue), (1, 60.0));
    assert_eq!(
        grid.iter()
            .flatten()
            .map(|cell| cell.customers)
            .sum::<u64>(),
        5
    );
    // Best first: VIP 65, At Risk 60: the two bring 125 of 207.
    let concentration = segments.concentration().unwrap();
    assert_eq!(concentration.segments, [0, 3]);
    assert_eq!(concentration.customer_share, 0.4);
    let wins = |matches, wins| RuleCheck { matches, wins };
    assert_eq!(
        check_rules(&customers, &default_rules(), &scores),
        // Loyal alone also matches the VIP; Potential Loyalist the VIP and 10; Regulars everyone.
        [
            wins(1, 1),
            wins(1, 0),
            wins(2, 1),
            wins(1, 1),
            wins(1, 1),
            wins(5, 1)
        ]
    );
}

#[test]
fn rules_over_values() {
    let Tested {
        customers, scores, ..
    } = Tested::new();
    let test = |field, comparison, limit| Condition::Test(field, comparison, limit);
    let rule = |name: &str, when| Rule {
        name: name.to_owned(),
        when,
        style: 0,
    };
    let rules = [
        rule("big basket", test(Field::Aov, Comparison::AtLeast, 60.0)),
        rule(
            "old or frequent",
            Condition::Any(vec![
                test(Field::TenureDays, Comparison::AtLeast, 102.0),
                Condition::All(vec![
                    test(Field::Frequency, Comparison::AtLeast, 2.0),
                    test(Field::RecencyDays, Comparison::AtMost, 42.0),
                ]),
            ]),
        ),
        rule("nobody", Condition::Any(Vec::new())),
        rule(
            "no number",
            test(Field::Monetary, Comparison::AtLeast, f64::NAN),
        ),
    ];
    let segments = segment(&customers, &scores, &rules);
    let none = NO_SEGMENT;
    assert_eq!(segments.segment, [1, 0, none, none, none, 1]);
    assert_eq!((segments.unmatched, segments.customers()), (2, 5));
    let old = &segments.stats[1];
    assert_eq!((old.customers, old.revenue, old.aov), (2, 110.0, 22.0));
    // Shares are of all customers' revenue, also of those no rule matches.
    assert_eq!(old.revenue_share, 110.0 / 207.0);
    assert_eq!(old.recency_days, 28.0);
    assert_eq!(
        segments
            .rf_grid
            .iter()
            .flatten()
            .map(|cell| cell.customers)
            .sum::<u64>(),
        5
    );
}

fn cell(customers: u64, orders: u64, revenue: f64) -> Cell {
    Cell {
        customers,
        orders,
        revenue,
    }
}

#[test]
fn cohorts_by_acquisition() {
    let Tested { cohorts: table, .. } = Tested::new();
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["2024-01", "2024-02", "2024-03", "2024-04"]);
    assert_eq!(table.row_of, [0, 0, 1, NO_ROW, 3, 2]);
    let january = &table.rows[0];
    assert_eq!((january.size, table.ages, table.customers()), (2, 4, 5));
    assert_eq!(
        january.cells,
        [
            cell(2, 2, 115.0),
            cell(1, 1, -20.0),
            cell(0, 0, 0.0),
            cell(1, 1, 30.0)
        ]
    );
    // The credit of January stands at age 0 of the cohort of March: 48 − 3.
    assert_eq!(table.rows[2].cells, [cell(1, 2, 45.0), cell(0, 0, 0.0)]);
    assert_eq!(january.cumulative_ltv, [57.5, 47.5, 47.5, 62.5]);
    let states = |row| [0, 1, 2, 3, 4].map(|age| table.state(row, age));
    assert_eq!(
        states(0),
        [Complete, Complete, Complete, InProgress, Unobserved]
    );
    assert_eq!(
        states(2),
        [Complete, InProgress, Unobserved, Unobserved, Unobserved]
    );
    assert_eq!(
        states(3),
        [InProgress, Unobserved, Unobserved, Unobserved, Unobserved]
    );
    assert_eq!(table.value(Metric::Aov, 0, 0), Some(57.5));
    assert_eq!(table.value(Metric::Aov, 0, 2), None);
    assert_eq!(table.value(Metric::RevenuePerCustomer, 0, 1), Some(-10.0));
    assert_eq!(table.value(Metric::Retention, 0, 3), Some(0.5));
    assert_eq!(table.value(Metric::Orders, 2, 0), Some(2.0));
    // Age 1: January ½ of 2, February 0 of 1; March is running.
    assert_eq!(table.weighted_mean(Metric::Retention, 1), Some(1.0 / 3.0));
    assert_eq!(table.weighted_mean(Metric::Retention, 3), None);
    // On 1 May April has ended, with the order of 20 April.
    let may = cohorts(&small_shop::shop(), day("05-01"), &CohortSpec::default());
    assert_eq!(may.state(0, 3), Complete);
    assert_eq!(may.rows[3].cells, [cell(1, 2, 111.0)]);
}

#[test]
fn a_period_without_new_customers_keeps_its_row() {
    let orders = shop();
    let spec = CohortSpec {
        period: Period::Week,
        rows: RowsBy::Acquisition,
    };
    let table = cohorts(&orders, as_of(), &spec);
    // 5 January is in week 1, 10 April in week 15.
    assert_eq!(table.rows.len(), 15);
    assert_eq!(
        (table.rows[1].label.as_str(), table.rows[1].size),
        ("2024-W02", 0)
    );
    assert!(
        Metric::ALL
            .iter()
            .all(|&metric| table.value(metric, 1, 0).is_none())
    );
    assert_eq!(table.customers(), 5);
}

#[test]
fn cohorts_by_attribute() {
    let table = cohorts(&shop(), as_of(), &by_country());
    let [german, french] = &table.rows[..] else {
        panic!("two countries");
    };
    // The line of 3 that was not kept (FR) does not count, nor does the credit of 10.
    assert_eq!((german.label.as_str(), german.size), ("DE", 3));
    assert_eq!((french.label.as_str(), french.size), ("FR", 2));
    assert_eq!(german.exposed, [3, 3, 2, 1]);
    assert_eq!(german.exposed_running, [0, 1, 1, 1]);
    assert_eq!(
        german.cells,
        [
            cell(3, 4, 85.0),
            cell(1, 1, 20.0),
            cell(0, 0, 0.0),
            cell(1, 1, 30.0)
        ]
    );
    assert_eq!(german.running[3], cell(1, 1, 30.0));
    // Of the three only two have completed their second month; one of them came back.
    assert_eq!(table.value(Metric::Retention, 0, 1), Some(0.5));
    assert_eq!(table.value(Metric::Customers, 0, 1), Some(1.0));
    assert_eq!(table.state(0, 1), CellState::Complete);
    assert_eq!(table.state(0, 3), CellState::InProgress);
    assert_eq!(table.state(0, 4), CellState::Unobserved);
    let ltv = &german.cumulative_ltv;
    assert_eq!(ltv[..2], [85.0 / 3.0, 85.0 / 3.0 + 10.0]);
    assert_eq!(ltv[3], 85.0 / 3.0 + 10.0 + 30.0);
    assert_eq!(french.exposed, [2, 1, 1, 1]);
    assert_eq!(french.cells[0], cell(2, 2, 112.0));
    // 5 is in the first month still: only 2 counts.
    assert_eq!(table.value(Metric::RevenuePerCustomer, 1, 0), Some(100.0));
    // Age 1: ½ with weight 2, 0 with weight 1.
    assert_eq!(table.weighted_mean(Metric::Retention, 1), Some(1.0 / 3.0));
    let unknown = CohortSpec {
        rows: RowsBy::Attribute("colour".to_owned()),
        ..by_country()
    };
    assert!(cohorts(&shop(), as_of(), &unknown).rows.is_empty());
}

#[test]
fn many_values_share_a_row() {
    let line = |customer: usize, value: usize| Line {
        customer: format!("{customer}"),
        amount: 1.0,
        attributes: vec![if value == 0 {
            String::new()
        } else {
            format!("v{value:02}")
        }],
        ..Line::default()
    };
    let spec = CohortSpec {
        rows: RowsBy::Attribute("kind".to_owned()),
        ..CohortSpec::default()
    };
    // Value 0 (missing) has three customers, value 1 two, the others one.
    let shop = |values: usize| {
        let mut lines = vec![line(100, 0), line(101, 0), line(102, 1)];
        lines.extend((0..values).map(|value| line(value, value)));
        cohorts(&assemble(&lines, &["kind"]).unwrap(), 1, &spec)
    };
    let table = shop(21);
    assert_eq!(table.rows.len(), 21);
    assert_eq!(
        (table.rows[0].label.as_str(), table.rows[0].size),
        ("(missing)", 3)
    );
    assert_eq!(
        (table.rows[20].label.as_str(), table.rows[20].size),
        ("v20", 1)
    );
    let table = shop(25);
    assert_eq!(table.rows.len(), 21);
    let other = &table.rows[20];
    assert_eq!(
        (other.label.as_str(), other.key, other.size),
        ("Other", -1, 5)
    );
    assert_eq!(other.cells, [cell(5, 5, 5.0)]);
    assert_eq!(table.customers(), 28);
}

#[test]
fn overview_numbers() {
    let Tested {
        orders, customers, ..
    } = Tested::new();
    let overview = overview(&orders, &customers, Period::Month);
    let kpis = &overview.kpis;
    assert_eq!((kpis.customers, kpis.orders, kpis.lines), (5, 8, 14));
    assert_eq!(
        (kpis.net_revenue, kpis.revenue_without_customer),
        (200.0, -7.0)
    );
    assert_eq!(
        (kpis.aov, kpis.one_time_share, kpis.repeat_rate),
        (25.0, 0.6, 0.4)
    );
    // 5 Jan → 10 Feb 36 days, 10 Feb → 2 Apr 52 days.
    assert_eq!(kpis.median_gap_days, Some(44.0));
    // 2 of 11 sale lines; credits of 50 against kept sales of 250.
    assert_eq!(kpis.return_rate, Some(2.0 / 11.0));
    assert_eq!(kpis.credit_share, Some(0.2));
    assert_eq!(overview.orders_per_customer, [3, 1, 1, 0, 0, 0, 0, 0, 0, 0]);
    assert_eq!((overview.gap_bin_days, overview.gap_tail), (7, false));
    assert_eq!(overview.gap_histogram, [0, 0, 0, 0, 0, 1, 0, 1]);
    let series: Vec<_> = overview
        .series
        .iter()
        .map(|entry| {
            let customers = (entry.customers_new, entry.customers_returning);
            (
                entry.revenue_new,
                entry.revenue_returning,
                entry.orders,
                customers,
                entry.complete,
            )
        })
        .collect();
    assert_eq!(
        series,
        [
            (115.0, -3.0, 2, (2, 0), true),
            (25.0, -20.0, 2, (1, 1), true),
            (48.0, -7.0, 2, (1, 0), true),
            (12.0, 30.0, 2, (1, 1), false)
        ]
    );
    // 90 days do not fit twice since 5 January; 28 days do: from 19 March and from 20 February.
    let trend = overview.trend.unwrap();
    assert_eq!(trend.window_days, 28);
    let current = Window {
        customers: 2,
        new_customers: 1,
        orders: 2,
        revenue: 42.0,
    };
    let previous = Window {
        customers: 2,
        new_customers: 2,
        orders: 3,
        revenue: 66.0,
    };
    assert_eq!((trend.current, trend.previous), (current, previous));
    assert_eq!(current.returning_share(), Some(0.5));
    assert_eq!(
        trend.change(|window| window.revenue),
        Some(42.0 / 66.0 - 1.0)
    );
    assert_eq!(overview.recent(2, |entry| entry.revenue()), [5.0, 41.0]);
    assert_eq!(overview.best_period().unwrap().label, "2024-01");
}

#[test]
fn selections() {
    let shop = Tested::new();
    let segment = |name: &str| Part::Segment(name.to_owned());
    let cohort = |spec: CohortSpec, key: i64, age| Part::Cohort {
        spec,
        key,
        label: String::new(),
        age,
    };
    let january = shop.cohorts.rows[0].key;
    assert_eq!(shop.select(vec![]), (vec![0, 1, 2, 4, 5], 8, 207.0));
    assert_eq!(shop.select(vec![segment("At Risk")]), (vec![1], 1, 60.0));
    assert_eq!(shop.select(vec![segment("renamed")]), (vec![], 0, 0.0));
    // Two segments widen the selection, a cohort beside them narrows it.
    let both = vec![segment("At Risk"), segment("Regulars")];
    let (people, orders, revenue) = shop.select(both.clone());
    let (regulars, regular_orders, regular_revenue) = shop.select(vec![segment("Regulars")]);
    assert_eq!(people.len(), 1 + regulars.len());
    assert_eq!(
        (orders, revenue),
        (1 + regular_orders, 60.0 + regular_revenue)
    );
    let january_only = cohort(CohortSpec::default(), january, None);
    let narrowed = both.into_iter().chain([january_only]).collect();
    assert_eq!(shop.select(narrowed), (vec![1], 1, 60.0));
    let monthly = CohortSpec::default;
    assert_eq!(
        shop.select(vec![cohort(monthly(), january, None)]),
        (vec![0, 1], 4, 125.0)
    );
    // February: 1 ordered, 2 only got a credit.
    assert_eq!(
        shop.select(vec![cohort(monthly(), january, Some(1))]),
        (vec![0], 3, 65.0)
    );
    assert_eq!(
        shop.select(vec![cohort(monthly(), january, Some(2))]),
        (vec![], 0, 0.0)
    );
    let quarterly = CohortSpec {
        period: Period::Quarter,
        rows: RowsBy::Acquisition,
    };
    let first_quarter = i64::from(Period::Quarter.index(day("01-01")));
    let part = cohort(quarterly.clone(), first_quarter, None);
    assert_eq!(shop.select(vec![part]), (vec![0, 1, 2, 5], 7, 195.0));
    let part = cohort(quarterly, first_quarter, Some(1));
    assert_eq!(shop.select(vec![part]), (vec![0], 3, 65.0));
    // Values are numbered in byte order: DE 0, FR 1.
    let part = cohort(by_country(), 1, None);
    assert_eq!(shop.select(vec![part.clone()]), (vec![1, 4], 2, 72.0));
    assert_eq!(
        shop.select(vec![part, segment("Regulars")]),
        (vec![4], 1, 12.0)
    );
    assert_eq!(
        shop.select(vec![Part::RfCell { r: 4, f: 5 }]),
        (vec![0], 3, 65.0)
    );
    let named = Part::Customers(["10", "4", "77"].map(str::to_owned).to_vec());
    assert_eq!(shop.select(vec![named]), (vec![5], 2, 45.0));
}

#[test]
fn order_lists() {
    let orders = shop();
    let row = |date, order, amount, lines| OrderRow {
        day: day(date),
        order,
        amount,
        lines,
        kept: true,
        ..OrderRow::default()
    };
    let of = |customer: usize| customer_orders(&orders, customer, as_of());
    let number = |id: &str| {
        orders
            .order_ids
            .iter()
            .position(|order| order == id)
            .unwrap() as u32
    };
    let next = |row: OrderRow, gap| OrderRow {
        gap_days: Some(gap),
        ..row
    };
    assert_eq!(
        of(0),
        [
            row("01-05", number("A1"), 15.0, 2),
            next(row("02-10", number("A2"), 20.0, 1), 36),
            next(row("04-02", number("A3"), 30.0, 1), 52),
        ]
    );
    let credit = OrderRow {
        kept: false,
        credit: true,
        ..row("01-15", number("CJ0"), -3.0, 1)
    };
    let returned = OrderRow {
        kept: false,
        amount_not_kept: 40.0,
        ..row("03-20", number("J3"), 0.0, 1)
    };
    let second = next(row("03-05", number("J2"), 8.0, 1), 0);
    assert_eq!(
        of(5),
        [
            credit,
            row("03-05", number("J1"), 40.0, 1),
            second,
            returned
        ]
    );
    assert_eq!(of(4).len(), 1);
}

#[test]
fn sorting_and_searching() {
    let shop = Tested::new();
    let rows = [0, 1, 2, 4, 5];
    let sorted = |key, descending| sort_customers(shop.tables(), key, descending, &rows);
    assert_eq!(sorted(SortKey::Monetary, true), [0, 1, 5, 2, 4]);
    assert_eq!(sorted(SortKey::Monetary, false), [4, 2, 5, 1, 0]);
    // Ties stay in customer order in both directions.
    assert_eq!(sorted(SortKey::Frequency, true), [0, 5, 1, 2, 4]);
    assert_eq!(sorted(SortKey::Frequency, false), [1, 2, 4, 5, 0]);
    assert_eq!(sorted(SortKey::RecencyDays, false), [4, 0, 5, 2, 1]);
    assert_eq!(sorted(SortKey::LastOrder, false), [1, 2, 5, 0, 4]);
    assert_eq!(sorted(SortKey::Segment, false), [0, 5, 1, 2, 4]);
    assert_eq!(sorted(SortKey::Id, true), [5, 4, 2, 1, 0]);
    // AOV: 21.67, 60, 25, 12, 22.5.
    assert_eq!(sorted(SortKey::Aov, true), [1, 2, 5, 0, 4]);
    let everyone = [0, 1, 2, 3, 4, 5];
    assert_eq!(search_customers(&shop.orders, " 1 ", &everyone), [0, 5]);
    assert_eq!(search_customers(&shop.orders, "", &rows), rows);
    assert_eq!(search_customers(&shop.orders, "x", &everyone), [0; 0]);
    let named = ["Beta", "alphabet", "BE", "gamma"].map(|id| Line {
        customer: id.to_owned(),
        ..Line::default()
    });
    let orders = assemble(&named, &[]).unwrap();
    // Byte order: BE, Beta, alphabet, gamma.
    assert_eq!(best_matches(&orders, "be", &[0, 1, 2, 3], 9), [0, 1, 2]);
    assert_eq!(best_matches(&orders, "bet", &[0, 1, 2, 3], 1), [1]);
}
