//! What must hold for every shop: small random shops, checked against slower, simpler code.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/random_shop.rs"]
mod random_shop;

use std::collections::BTreeMap;

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::{CohortSpec, Metric, NO_ROW, RowsBy},
        conditions::RuleInputs,
        customers::{Customers, customers_as_of},
        overview::PeriodRevenue,
        overview_build::overview,
        rfm::{TieRule, score},
        rule_check::check_rules,
        rules::{Comparison, Condition, Field, NO_SEGMENT, Rule, default_rules},
        segmenting::segment,
        selection::{Part, select, tables::Tables},
    },
    data::day::{Day, Period},
    data::lines::in_memory::{Kind, Line},
    data::orders::Orders,
};
use proptest::prelude::*;

use random_shop::{FIRST, SMALL, as_of, line, shop, shop_lines};

fn periods() -> impl Strategy<Value = Period> {
    proptest::sample::select(Period::ALL.to_vec())
}

fn rows_by() -> impl Strategy<Value = RowsBy> {
    prop_oneof![
        Just(RowsBy::Acquisition),
        Just(RowsBy::Attribute("country".to_owned()))
    ]
}

fn ties() -> impl Strategy<Value = TieRule> {
    prop_oneof![Just(TieRule::Share), Just(TieRule::RankFirst)]
}

/// Id → (frequency, purchase days, revenue in cents, first and last day) by the plain definitions.
fn naive_customers(lines: &[Line], as_of: Day) -> BTreeMap<String, (u32, u32, i64, Day, Day)> {
    let mut result = BTreeMap::new();
    for customer in lines.iter().map(|line| &line.customer) {
        let before = || {
            lines
                .iter()
                .filter(|line| line.customer == *customer && line.day < as_of)
        };
        let kept = || before().filter(|line| line.kind == Kind::Sale);
        let mut order_days: BTreeMap<String, Day> = BTreeMap::new();
        for line in kept() {
            let order = if line.order.is_empty() {
                format!("day {}", line.day)
            } else {
                line.order.clone()
            };
            let day = order_days.entry(order).or_insert(line.day);
            *day = line.day.min(*day);
        }
        let mut days: Vec<Day> = kept().map(|line| line.day).collect();
        days.sort_unstable();
        days.dedup();
        let cents: i64 = before()
            .filter(|line| line.kind != Kind::NotKept)
            .map(|line| (line.amount * 100.0).round() as i64)
            .sum();
        let first = order_days.values().min().copied().unwrap_or(0);
        let last = order_days.values().max().copied().unwrap_or(0);
        let row = (
            order_days.len() as u32,
            days.len() as u32,
            cents,
            first,
            last,
        );
        result.insert(customer.clone(), row);
    }
    result
}

/// Scores by counting, in the words of the definitions; `values`: more is better.
fn naive_scores(customers: &Customers, values: &[f64], ties: TieRule) -> Vec<u8> {
    let active: Vec<usize> = (0..values.len())
        .filter(|&row| customers.exists(row))
        .collect();
    let n = active.len();
    (0..values.len())
        .map(|row| {
            if !customers.exists(row) {
                return 0;
            }
            let worse = active
                .iter()
                .filter(|&&other| values[other] < values[row])
                .count();
            let earlier_ties = active
                .iter()
                .filter(|&&other| values[other] == values[row] && other < row)
                .count();
            match ties {
                TieRule::Share => 1 + (5 * worse / n) as u8,
                TieRule::Fixed(_) => unreachable!("tests/tuning looks at cut points"),
                TieRule::RankFirst => {
                    // numpy: edges = quantile(ranks 1…n, [0, .2, … 1]); bins close to the right.
                    let rank = (worse + earlier_ties + 1) as f64;
                    let edge = |step: usize| 1.0 + (n - 1) as f64 * step as f64 / 5.0;
                    (1..5).find(|&step| rank <= edge(step)).unwrap_or(5) as u8
                }
            }
        })
        .collect()
}

fn settled(sum: f64) -> i64 {
    (sum * 100.0).round() as i64
}

/// Rules that test the same as the default ones but cannot be looked up by score.
fn slow_rules() -> Vec<Rule> {
    let always = Condition::Test(Field::TenureDays, Comparison::AtLeast, 0.0);
    let wrap = |rule: Rule| Rule {
        when: Condition::All(vec![rule.when, always.clone()]),
        ..rule
    };
    default_rules().into_iter().map(wrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn customers_follow_the_definitions(lines in shop_lines(), as_of in as_of()) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let naive = naive_customers(&lines, as_of);
        prop_assert_eq!(customers.len(), naive.len());
        prop_assert_eq!(customers.active, naive.values().filter(|row| row.0 > 0).count());
        for (row, id) in orders.customer_ids.iter().enumerate() {
            let (frequency, days, cents, first, last) = naive[id];
            prop_assert_eq!(customers.frequency[row], frequency);
            prop_assert_eq!(customers.purchase_days[row], days);
            // Exactly the cents, not only nearly: equal sums must be equal numbers.
            prop_assert_eq!(customers.monetary[row], cents as f64 / 100.0);
            if frequency > 0 {
                prop_assert_eq!((customers.first_day[row], customers.last_day[row]), (first, last));
            }
        }
    }

    #[test]
    fn as_of_is_the_same_as_leaving_later_lines_out(
        lines in shop_lines(), as_of in as_of(), period in periods(), rows in rows_by(),
    ) {
        let earlier: Vec<Line> = lines.iter().filter(|line| line.day < as_of).cloned().collect();
        let (orders, cut) = (shop(&lines), shop(&earlier));
        let (customers, cut_customers) =
            (customers_as_of(&orders, as_of), customers_as_of(&cut, as_of));
        for (row, id) in cut.customer_ids.iter().enumerate() {
            let whole = orders.customer_ids.iter().position(|other| other == id).unwrap();
            prop_assert_eq!(customers.frequency[whole], cut_customers.frequency[row]);
            prop_assert_eq!(customers.monetary[whole], cut_customers.monetary[row]);
            prop_assert_eq!(customers.first_day[whole], cut_customers.first_day[row]);
        }
        let spec = CohortSpec { period, rows };
        let (table, cut_table) = (cohorts(&orders, as_of, &spec), cohorts(&cut, as_of, &spec));
        prop_assert_eq!(table.rows.len(), cut_table.rows.len());
        for (row, cut_row) in table.rows.iter().zip(&cut_table.rows) {
            prop_assert_eq!((&row.label, row.size), (&cut_row.label, cut_row.size));
            prop_assert_eq!((&row.cells, &row.exposed), (&cut_row.cells, &cut_row.exposed));
        }
        let mut whole = overview(&orders, &customers, period);
        let rest = overview(&cut, &cut_customers, period);
        // Whether the shop marks returns at all is known from all of its lines, so only the whole
        // shop may say "none so far".
        if rest.kpis.return_rate.is_none() {
            prop_assert!(whole.kpis.return_rate.is_none_or(|rate| rate == 0.0));
            whole.kpis.return_rate = None;
        }
        prop_assert_eq!(whole, rest);
    }

    #[test]
    fn another_order_never_lowers_frequency(
        lines in shop_lines(), line in line(SMALL), as_of in as_of(),
    ) {
        let added = Line { order: "new".to_owned(), kind: Kind::Sale, ..line };
        let mut more = lines.clone();
        more.push(added.clone());
        let (before, after) = (naive_customers(&lines, as_of), naive_customers(&more, as_of));
        let orders = shop(&more);
        let customers = customers_as_of(&orders, as_of);
        for (row, id) in orders.customer_ids.iter().enumerate() {
            let old = before.get(id).map_or(0, |row| row.0);
            let counts = u32::from(*id == added.customer && added.day < as_of);
            prop_assert_eq!(customers.frequency[row], old + counts);
            prop_assert_eq!(after[id].0, old + counts);
        }
    }

    #[test]
    fn scores_follow_the_definition(lines in shop_lines(), as_of in as_of(), ties in ties()) {
        let customers = customers_as_of(&shop(&lines), as_of);
        let scores = score(&customers, ties);
        let column = |value: &dyn Fn(usize) -> f64| -> Vec<f64> {
            (0..customers.len()).map(value).collect()
        };
        let recency = column(&|row| -f64::from(customers.recency_days(row)));
        let frequency = column(&|row| f64::from(customers.frequency[row]));
        prop_assert_eq!(&*scores.r, &naive_scores(&customers, &recency, ties));
        prop_assert_eq!(&*scores.f, &naive_scores(&customers, &frequency, ties));
        prop_assert_eq!(&*scores.m, &naive_scores(&customers, &customers.monetary, ties));
    }

    #[test]
    fn every_customer_is_in_exactly_one_segment(
        lines in shop_lines(), as_of in as_of(), ties in ties(),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let scores = score(&customers, ties);
        let rules = default_rules();
        let segments = segment(RuleInputs::without_attributes(&customers, &scores), &rules);
        for row in 0..customers.len() {
            prop_assert_eq!(segments.segment[row] == NO_SEGMENT, !customers.exists(row));
        }
        prop_assert_eq!(segments.customers(), customers.active as u64);
        prop_assert_eq!(segments.unmatched, 0);
        let kpis = overview(&orders, &customers, Period::Month).kpis;
        let revenue: f64 = segments.stats.iter().map(|stats| stats.revenue).sum();
        prop_assert_eq!(
            settled(revenue), settled(kpis.net_revenue - kpis.revenue_without_customer)
        );
        let grid: u64 = segments.rf_grid.iter().flatten().map(|cell| cell.customers).sum();
        prop_assert_eq!(grid, customers.active as u64);
        let wins: Vec<u64> =
            check_rules(RuleInputs::without_attributes(&customers, &scores), &rules).rules.iter().map(|check| check.wins).collect();
        let sizes: Vec<u64> = segments.stats.iter().map(|stats| stats.customers).collect();
        prop_assert_eq!(wins, sizes);
        // The table over scores and the general way agree.
        prop_assert_eq!(segment(RuleInputs::without_attributes(&customers, &scores), &slow_rules()), segments);
    }

    #[test]
    fn cohorts_add_up(
        lines in shop_lines(), as_of in as_of(), period in periods(), rows in rows_by(),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let kpis = overview(&orders, &customers, period).kpis;
        let table = cohorts(&orders, as_of, &CohortSpec { period, rows: rows.clone() });
        prop_assert_eq!(table.customers(), kpis.customers);
        let cells = || table.rows.iter().flat_map(|row| &row.cells);
        prop_assert_eq!(cells().map(|cell| cell.orders).sum::<u64>(), kpis.orders);
        prop_assert_eq!(
            settled(cells().map(|cell| cell.revenue).sum()),
            settled(kpis.net_revenue - kpis.revenue_without_customer)
        );
        for (number, row) in table.rows.iter().enumerate() {
            let members = table.row_of.iter().filter(|&&of| of as usize == number).count() as u64;
            prop_assert_eq!(row.size, members);
            for age in 0..row.cells.len() {
                prop_assert!(row.cells[age].customers <= row.exposed[age]);
                prop_assert!(row.exposed_running[age] <= row.exposed[age]);
                if let Some(share) = table.value(Metric::Retention, number, age) {
                    prop_assert!((0.0..=1.0).contains(&share));
                }
            }
            if row.size > 0 {
                prop_assert_eq!(row.cells[0].customers, row.size);
                prop_assert_eq!(row.exposed[0], row.size);
            }
            if rows == RowsBy::Acquisition {
                prop_assert!(row.exposed.iter().all(|&exposed| exposed == row.size));
            }
        }
        for row in 0..customers.len() {
            prop_assert_eq!(table.row_of[row] == NO_ROW, !customers.exists(row));
        }
    }

    #[test]
    fn the_overview_adds_up(lines in shop_lines(), as_of in as_of(), period in periods()) {
        let orders = shop(&lines);
        let overview = overview(&orders, &customers_as_of(&orders, as_of), period);
        let kpis = &overview.kpis;
        let sum = |of: &dyn Fn(usize) -> u64| (0..overview.series.len()).map(of).sum::<u64>();
        prop_assert_eq!(sum(&|entry| overview.series[entry].orders), kpis.orders);
        prop_assert_eq!(sum(&|entry| overview.series[entry].customers_new), kpis.customers);
        let revenue: f64 = overview.series.iter().map(PeriodRevenue::revenue).sum();
        prop_assert_eq!(settled(revenue), settled(kpis.net_revenue));
        prop_assert_eq!(overview.orders_per_customer.iter().sum::<u64>(), kpis.customers);
        prop_assert!(overview.series.windows(2).all(|pair| pair[0].index + 1 == pair[1].index));
        let gaps: u64 = overview.gap_histogram.iter().sum();
        prop_assert_eq!(gaps > 0, kpis.median_gap_days.is_some());
        let before = lines.iter().filter(|line| line.day < as_of).count();
        prop_assert_eq!(kpis.lines, before as u64);
    }

    #[test]
    fn selecting_each_segment_splits_the_customers(
        lines in shop_lines(), as_of in as_of(), period in periods(),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let scores = score(&customers, TieRule::Share);
        let segments = segment(RuleInputs::without_attributes(&customers, &scores), &default_rules());
        let table = cohorts(&orders, as_of, &CohortSpec::default());
        let tables = Tables {
            orders: &orders,
            customers: &customers,
            scores: &scores,
            segments: &segments,
            cohorts: &table, extras: keepers::analysis::selection::tables::Extras::default() };
        let select = |part: Option<Part>| {
            select(tables, &part.into_iter().collect::<Vec<_>>().into())
        };
        let everyone = select(None);
        let mut parts: Vec<u32> = Vec::new();
        for stats in &segments.stats {
            let selected = select(Some(Part::Segment(stats.name.clone())));
            prop_assert_eq!(selected.customers.len() as u64, stats.customers);
            prop_assert_eq!(settled(selected.revenue), settled(stats.revenue));
            prop_assert!(selected.customers.is_sorted());
            parts.extend(selected.customers);
        }
        parts.sort_unstable();
        prop_assert_eq!(&parts, &everyone.customers);
        // A cell of any cohort table holds as many customers as its selection.
        let spec = CohortSpec { period, rows: RowsBy::Acquisition };
        for row in &cohorts(&orders, as_of, &spec).rows {
            for (age, cell) in row.cells.iter().enumerate().take(4) {
                let age = Some(age as u32);
                let part = Part::Cohort {
                    spec: spec.clone(), key: row.key, label: String::new(), age,
                };
                prop_assert_eq!(select(Some(part)).customers.len() as u64, cell.customers);
            }
        }
    }

    #[test]
    fn row_order_is_irrelevant(
        (lines, shuffled) in shop_lines().prop_flat_map(|lines| {
            (Just(lines.clone()), Just(lines).prop_shuffle())
        }),
        as_of in as_of(),
        ties in ties(),
    ) {
        prop_assert_eq!(results(&shop(&lines), as_of, ties), results(&shop(&shuffled), as_of, ties));
    }
}

/// Everything, as text: equal text means equal bits.
fn results(orders: &Orders, as_of: Day, ties: TieRule) -> String {
    let customers = customers_as_of(orders, as_of);
    let scores = score(&customers, ties);
    let segments = segment(
        RuleInputs::without_attributes(&customers, &scores),
        &default_rules(),
    );
    let slow = segment(
        RuleInputs::without_attributes(&customers, &scores),
        &slow_rules(),
    );
    let monthly = cohorts(orders, as_of, &CohortSpec::default());
    let attribute = RowsBy::Attribute("country".to_owned());
    let by_country = cohorts(
        orders,
        as_of,
        &CohortSpec {
            period: Period::Week,
            rows: attribute,
        },
    );
    let overview = overview(orders, &customers, Period::Week);
    format!("{customers:?}{scores:?}{segments:?}{slow:?}{monthly:?}{by_country:?}{overview:?}")
}

/// Enough customers for many chunks, amounts whose sums depend on the order of addition.
#[test]
fn thread_count_is_irrelevant() {
    let lines: Vec<Line> = (0..120_000_u64)
        .map(|number| {
            let mixed = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 20;
            Line {
                customer: (mixed % 50_000).to_string(),
                day: FIRST + (mixed / 7 % 700) as Day,
                amount: (mixed % 99_991) as f64 / 7.0,
                kind: if mixed % 29 == 0 {
                    Kind::NotKept
                } else {
                    Kind::Sale
                },
                attributes: vec![(mixed % 40).to_string()],
                ..Line::default()
            }
        })
        .collect();
    let orders = shop(&lines);
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        pool.install(|| results(&orders, FIRST + 650, TieRule::RankFirst))
    };
    let one = with(1);
    assert!(
        one == with(2) && one == with(5),
        "results depend on the number of threads"
    );
}
