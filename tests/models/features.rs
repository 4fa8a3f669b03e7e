//! Features: hand-made values, and that none reads past t₀.

use keepers::{
    data::day::Day,
    data::orders::Orders,
    models::{
        features::{Cell, FeatureTable, history},
        target::{Panel, panel_at},
    },
};
use proptest::prelude::*;

use crate::{random_shop, small_shop};

fn table_at(orders: &Orders, cutoff: Day) -> FeatureTable {
    history::build(orders, &panel_at(orders, cutoff), |_| true)
}

/// Value of a feature of the customer with this id.
fn value(orders: &Orders, table: &FeatureTable, id: &str, feature: &str) -> f64 {
    let row = table
        .customers
        .iter()
        .position(|&customer| orders.customer_ids.get(customer as usize) == id)
        .expect("a customer");
    table.column(feature).expect("a feature")[row]
}

#[test]
fn the_small_shop_by_hand() {
    let orders = small_shop::shop();
    // t₀ = 20 April: customer 1 bought on 5 January (15), 10 February (20), 2 April (30).
    let cutoff = small_shop::day("04-20");
    let table = table_at(&orders, cutoff);
    assert_eq!(table.rows(), 5, "customer 4 has a credit only");
    let of = |id, feature| value(&orders, &table, id, feature);
    for (feature, expected) in [
        ("recency_days", 18.0),
        ("frequency", 3.0),
        ("lines", 4.0),
        ("monetary", 65.0),
        ("price_mean", 16.25),
        ("tenure_days", 106.0),
        ("purchase_days", 3.0),
        ("revenue_30d", 30.0),
        ("orders_90d", 2.0),
        ("revenue_180d", 65.0),
        ("gap_mean_days", 44.0),
        ("gap_sd_days", 8.0),
        ("gap_longest_days", 52.0),
        ("gap_last_days", 52.0),
        ("lateness", 18.0 / 44.0),
        ("trend_90d", 50.0 - 15.0),
        ("first_purchase_value", 15.0),
        ("last_purchase_value", 30.0),
        ("largest_purchase_value", 30.0),
        ("repeats", 2.0),
        ("repeat_span_days", 88.0),
        ("age_days", 106.0),
        ("repeat_mean_value", 25.0),
        ("rev_1m", 15.0),
        ("n_orders_1m", 1.0),
        ("rev_3m", 35.0),
        ("n_orders_3m", 2.0),
        ("monetary_30d", 15.0),
        ("monetary_90d", 65.0),
        ("frequency_90d", 3.0),
    ] {
        assert!(
            (of("1", feature) - expected).abs() < 1e-9,
            "{feature}: {}",
            of("1", feature)
        );
    }
    let faded = 15.0 * 0.5f64.powf(106.0 / 30.0)
        + 20.0 * 0.5f64.powf(70.0 / 30.0)
        + 30.0 * 0.5f64.powf(18.0 / 30.0);
    assert!((of("1", "revenue_fading_30d") - faded).abs() < 1e-9);
    // One purchase and a credit: no gaps, money less the credit.
    assert!(of("2", "gap_mean_days").is_nan());
    assert_eq!((of("2", "monetary"), of("2", "credits")), (60.0, 40.0));
    // A sale that was not kept is neither an order nor money, but a returned line.
    assert_eq!((of("3", "frequency"), of("3", "monetary")), (1.0, 25.0));
    assert_eq!(
        (of("3", "returned_lines"), of("3", "returned_share")),
        (1.0, 0.5)
    );
    assert_eq!((of("10", "aov"), of("10", "frequency")), (22.5, 2.0));
    let (row, column) = (0, table.position("first_country").expect("a category"));
    assert_eq!(table.cell(row, column), Some(Cell::Text("DE")));
    let month = table.position("cohort_month_str").expect("a category");
    assert_eq!(table.cell(row, month), Some(Cell::Text("2024-01")));
}

#[test]
fn every_feature_says_what_it_is() {
    let orders = small_shop::shop();
    let table = table_at(&orders, small_shop::as_of());
    let mut names: Vec<&str> = table.specs.iter().map(|spec| spec.name.as_str()).collect();
    assert!(names.len() > 40);
    assert!(table.specs.iter().all(|spec| spec.definition.len() > 10));
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count, "two features of one name");
    assert!(
        table
            .columns
            .iter()
            .all(|column| column.len() == table.rows())
    );
}

/// Everything a table says, by customer id: texts instead of level numbers.
fn told(orders: &Orders, table: &FeatureTable) -> Vec<(String, Vec<String>)> {
    let cell = |row, column| match table.cell(row, column) {
        None => "missing".to_owned(),
        Some(Cell::Number(number)) => format!("{:016x}", number.to_bits()),
        Some(Cell::Text(text)) => text.to_owned(),
    };
    (0..table.rows())
        .map(|row| {
            let id = orders.customer_ids.get(table.customers[row] as usize);
            let cells = (0..table.specs.len()).map(|column| cell(row, column));
            (id.to_owned(), cells.collect())
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Lines after t₀ may be removed or changed at will: no feature of any customer moves by a bit.
    #[test]
    fn no_feature_reads_past_t0(
        lines in random_shop::shop_lines(),
        cutoff in random_shop::as_of(),
        money in 0.0..9e4_f64,
    ) {
        let orders = random_shop::shop(&lines);
        let expected = told(&orders, &table_at(&orders, cutoff));
        let known: Vec<_> = lines.iter().filter(|line| line.day <= cutoff).cloned().collect();
        let removed = random_shop::shop(&known);
        prop_assert_eq!(&told(&removed, &table_at(&removed, cutoff)), &expected);
        let mut changed = lines.clone();
        for line in changed.iter_mut().filter(|line| line.day > cutoff) {
            line.amount = money.copysign(line.amount);
            line.day += 40;
            line.order = format!("other {}", line.order);
            line.attributes = vec!["elsewhere".to_owned()];
        }
        let changed = random_shop::shop(&changed);
        prop_assert_eq!(&told(&changed, &table_at(&changed, cutoff)), &expected);
    }

    /// Customers of their own age read their own t₀ only.
    #[test]
    fn early_life_features_read_their_own_window_only(
        lines in random_shop::shop_lines(),
        window in 1..120_i32,
    ) {
        let orders = random_shop::shop(&lines);
        let everyone = panel_at(&orders, Day::MAX);
        let first = |customer: u32| -> Day {
            let table = table_at(&orders, Day::MAX - 1);
            let row = table.customers.iter().position(|&c| c == customer).expect("a customer");
            Day::MAX - 1 - table.column("tenure_days").expect("tenure")[row] as Day
        };
        for &customer in everyone.customers.iter().take(3) {
            let cutoff = first(customer) + window;
            let own = Panel { customers: vec![customer], cutoffs: vec![cutoff] };
            let alone = history::build(&orders, &own, |_| true);
            let together = table_at(&orders, cutoff);
            let row = together.customers.iter().position(|&c| c == customer).expect("there");
            for name in ["monetary", "frequency", "rev_1m", "monetary_90d", "repeats"] {
                let (a, b) = (alone.column(name).expect("a")[0], together.column(name).expect("b")[row]);
                prop_assert_eq!(a.to_bits(), b.to_bits(), "{}", name);
            }
        }
    }
}
