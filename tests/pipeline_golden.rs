//! The sample shop through every analysis, against figures worked out separately with pandas.
//!
//! `o` below is one row per kept order: `d[d.status == 'completed'].groupby(['customer_id',
//! 'order_id'])` with the first date and the sum of `amount`; `g` one row per customer of `o`.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/sample.rs"]
mod sample;

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::{CohortSpec, Metric, RowsBy},
        conditions::RuleInputs,
        customers::{Customers, customers_as_of, default_as_of},
        overview::Window,
        overview_build::overview,
        rfm::{TieRule, score},
        rules::default_rules,
        segmenting::segment,
    },
    data::day::{Period, iso},
    data::orders::Orders,
};

fn shop() -> (Orders, Customers) {
    let orders = sample::sample();
    let as_of = default_as_of(&orders).unwrap();
    assert_eq!(iso(as_of), "2025-07-01");
    let customers = customers_as_of(&orders, as_of);
    (orders, customers)
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

#[test]
fn headline_numbers() {
    let (orders, customers) = shop();
    let overview = overview(&orders, &customers, Period::Month);
    let kpis = &overview.kpis;
    assert_eq!(
        (kpis.customers, kpis.orders, kpis.lines),
        (3_902, 17_188, 25_122)
    );
    assert_eq!(kpis.net_revenue, 859_338.51);
    assert_eq!(kpis.one_time_share, 1_405.0 / 3_902.0);
    assert_eq!(kpis.return_rate, Some(2_279.0 / 25_122.0));
    // o.drop_duplicates(['customer_id', 'day']).groupby('customer_id').day.diff().median()
    assert_eq!(kpis.median_gap_days, Some(19.0));
    assert_eq!(overview.gap_histogram.iter().sum::<u64>(), 12_988);
    assert_eq!(
        overview.orders_per_customer,
        [1_405, 821, 422, 269, 173, 137, 119, 79, 67, 410]
    );
    // Orders of [S − 90, S) and [S − 180, S − 90); new: first order inside.
    let trend = overview.trend.unwrap();
    let window = |customers, new_customers, orders, revenue| Window {
        customers,
        new_customers,
        orders,
        revenue,
    };
    assert_eq!(trend.current, window(1_335, 494, 2_966, 150_441.54));
    assert_eq!(trend.previous, window(1_109, 415, 2_230, 112_256.95));
    // Per month: revenue, orders and customers in and after the month of the first order.
    assert_eq!(overview.series.len(), 36);
    let expected = [
        (0, "2022-07", 3_382.09, 0.0, 69, 53, 0),
        (1, "2022-08", 3_595.19, 787.41, 84, 52, 10),
        (29, "2024-12", 12_490.72, 37_877.56, 1_004, 186, 455),
    ];
    for (place, label, new, returning, orders, customers_new, customers_returning) in expected {
        let entry = &overview.series[place];
        assert_eq!(entry.label, label);
        assert_eq!(
            (entry.revenue_new, entry.revenue_returning),
            (new, returning)
        );
        assert_eq!(entry.orders, orders);
        let customers = (entry.customers_new, entry.customers_returning);
        assert_eq!(customers, (customers_new, customers_returning));
    }
}

/// `1 + floor(5 * (v.rank(method='min') - 1) / n)` and `qcut(v.rank(method='first'), 5)`, `v` being
/// −recency, orders, revenue; then the six rules with `np.select`.
#[test]
fn scores_and_segments() {
    let (_, customers) = shop();
    let share = score(&customers, TieRule::Share);
    assert_eq!(
        share.counts(),
        [
            [783, 779, 784, 776, 780],
            [1_405, 821, 422, 579, 675],
            [781, 780, 781, 780, 780]
        ]
    );
    let expected = [
        ("VIP", 659, 406_190.08, 37.68, 406.47, 49.95),
        ("Loyal", 248, 43_896.38, 46.52, 214.31, 56.21),
        ("Potential Loyalist", 391, 119_157.32, 163.47, 432.62, 46.38),
        ("At Risk", 833, 201_663.56, 616.36, 732.89, 59.1),
        ("Dormant", 729, 27_956.94, 626.43, 648.44, 30.79),
        ("Regulars", 1_042, 60_474.23, 121.18, 170.88, 43.63),
    ];
    let segments = segment(
        RuleInputs::without_attributes(&customers, &share),
        &default_rules(),
    );
    for (stats, (name, customers, revenue, recency, tenure, aov)) in
        segments.stats.iter().zip(expected)
    {
        assert_eq!((stats.name.as_str(), stats.customers), (name, customers));
        assert_eq!(stats.revenue, revenue);
        assert_eq!(
            (cents(stats.recency_days), cents(stats.tenure_days)),
            (recency, tenure)
        );
        assert_eq!(cents(stats.aov), aov);
    }
    let scores = score(&customers, TieRule::RankFirst);
    let ranked = segment(
        RuleInputs::without_attributes(&customers, &scores),
        &default_rules(),
    );
    let sizes: Vec<(u64, f64)> = ranked
        .stats
        .iter()
        .map(|stats| (stats.customers, stats.revenue))
        .collect();
    assert_eq!(
        sizes,
        [
            (744, 425_178.03),
            (247, 32_517.1),
            (642, 139_909.34),
            (947, 207_089.03),
            (614, 22_481.8),
            (708, 32_163.21)
        ]
    );
}

/// `age` = difference of `to_period('M')` (`'Q'`); customers and revenue by (first period, age).
#[test]
fn cohorts_by_acquisition() {
    let (orders, customers) = shop();
    let table = cohorts(&orders, customers.as_of, &CohortSpec::default());
    let sizes: Vec<u64> = table.rows.iter().map(|row| row.size).collect();
    assert_eq!(sizes.len(), 36);
    assert_eq!(
        sizes[..12],
        [53, 52, 60, 68, 99, 81, 67, 56, 71, 79, 85, 79]
    );
    let retained = |row: usize| -> Vec<u64> {
        table.rows[row].cells[..6]
            .iter()
            .map(|cell| cell.customers)
            .collect()
    };
    assert_eq!(retained(0), [53, 10, 9, 7, 16, 5]);
    assert_eq!(retained(1), [52, 13, 12, 7, 9, 6]);
    assert_eq!(retained(2), [60, 24, 20, 21, 14, 4]);
    let revenue = [3_382.09, 787.41, 506.98, 727.35];
    for (age, revenue) in revenue.into_iter().enumerate() {
        assert_eq!(table.value(Metric::Revenue, 0, age), Some(revenue));
    }
    let mean = table.weighted_mean(Metric::Retention, 1).unwrap();
    assert!((mean - 0.279_219_042_524_739_2).abs() < 1e-12);
    let spec = CohortSpec {
        period: Period::Quarter,
        rows: RowsBy::Acquisition,
    };
    let table = cohorts(&orders, customers.as_of, &spec);
    let sizes: Vec<u64> = table.rows.iter().map(|row| row.size).collect();
    assert_eq!(
        sizes,
        [165, 248, 194, 243, 243, 371, 286, 350, 358, 531, 414, 499]
    );
    let cell = &table.rows[0].cells[1];
    assert_eq!((cell.customers, cell.revenue), (77, 10_794.06));
    let mean = table.weighted_mean(Metric::Retention, 1).unwrap();
    assert!((mean - 0.409_344_695_856_597_1).abs() < 1e-12);
}

/// Channel of each customer's first order; share of those whose month 1 (6) has ended that ordered
/// in it.
#[test]
fn cohorts_by_channel() {
    let (orders, customers) = shop();
    let spec = CohortSpec {
        period: Period::Month,
        rows: RowsBy::Attribute("channel".to_owned()),
    };
    let table = cohorts(&orders, customers.as_of, &spec);
    let expected = [
        (
            "Organic search",
            1_065,
            (352, 1_025),
            (141, 819),
            272_905.76,
        ),
        ("Social ads", 728, (132, 696), (51, 556), 118_154.1),
        ("Paid search", 699, (182, 667), (68, 531), 130_915.79),
        ("Marketplace", 504, (58, 479), (22, 383), 54_423.98),
        ("Newsletter", 494, (183, 480), (83, 386), 146_249.77),
        ("Referral", 412, (137, 392), (75, 314), 136_689.11),
    ];
    assert_eq!(table.rows.len(), expected.len());
    for (number, (label, size, month_1, month_6, revenue)) in expected.into_iter().enumerate() {
        let row = &table.rows[number];
        assert_eq!((row.label.as_str(), row.size), (label, size));
        for (age, (came_back, reached)) in [(1, month_1), (6, month_6)] {
            let share = f64::from(came_back) / f64::from(reached);
            assert_eq!(row.exposed[age], reached as u64, "{label} month {age}");
            assert_eq!(table.value(Metric::Retention, number, age), Some(share));
        }
        assert_eq!(
            cents(row.cells.iter().map(|cell| cell.revenue).sum()),
            revenue
        );
    }
}
