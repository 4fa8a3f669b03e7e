//! Figures of CDNOW master that independent implementations agree on, to the last digit.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/cdnow.rs"]
mod cdnow;

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::{CellState, CohortSpec, CohortTable, Metric, RowsBy},
        conditions::RuleInputs,
        customers::{Customers, customers_as_of, default_as_of},
        overview::{Overview, Window},
        overview_build::overview,
        rfm::{TieRule, score},
        rules::default_rules,
        segmenting::segment,
        segments::Segmentation,
    },
    data::day::{Period, iso, parse_iso},
    data::orders::Orders,
};

fn day(text: &str) -> i32 {
    parse_iso(text).unwrap()
}

fn as_of_default(orders: &Orders) -> Customers {
    customers_as_of(orders, default_as_of(orders).unwrap())
}

fn table(orders: &Orders, period: Period) -> CohortTable {
    let spec = CohortSpec {
        period,
        rows: RowsBy::Acquisition,
    };
    cohorts(orders, default_as_of(orders).unwrap(), &spec)
}

#[test]
fn totals() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    assert_eq!(orders.lines(), 69_659);
    assert_eq!(iso(default_as_of(&orders).unwrap()), "1998-07-01");
    let customers = as_of_default(&orders);
    assert_eq!(customers.active, 23_570);
    let customer_days: u32 = customers.frequency.iter().sum();
    assert_eq!(customer_days, 67_591);
    assert_eq!(customers.purchase_days, customers.frequency);
    let kpis = overview(&orders, &customers, Period::Month).kpis;
    assert_eq!(kpis.customers, 23_570);
    assert_eq!(kpis.orders, 67_591);
    assert_eq!(kpis.lines, 69_659);
    assert_eq!(kpis.net_revenue, 2_500_315.63);
}

#[test]
fn totals_of_an_earlier_date() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    // pandas: days[days.date < '1998-03-15'] → nunique ids, rows, Σ amount.
    let customers = customers_as_of(&orders, day("1998-03-15"));
    let kpis = overview(&orders, &customers, Period::Month).kpis;
    assert_eq!((kpis.customers, kpis.orders), (23_570, 60_437));
    assert_eq!(kpis.net_revenue, 2_227_278.53);
}

#[test]
fn cohorts_by_month() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let table = table(&orders, Period::Month);
    let labels: Vec<&str> = table.rows.iter().map(|row| row.label.as_str()).collect();
    assert_eq!(labels, ["1997-01", "1997-02", "1997-03"]);
    let retained = [
        [7846, 1157, 964, 810, 679, 736, 720, 582],
        [8476, 1312, 980, 783, 847, 786, 626, 619],
        [7248, 1032, 752, 756, 674, 564, 561, 579],
    ];
    let revenue = [
        [
            299_060.17, 61_041.69, 50_683.75, 40_655.50, 34_973.56, 34_397.90,
        ],
        [
            318_548.34, 62_587.03, 49_247.70, 38_306.56, 38_565.07, 43_194.89,
        ],
        [
            279_884.49, 52_921.29, 34_653.18, 35_432.90, 37_874.29, 27_255.60,
        ],
    ];
    for (row, cohort) in table.rows.iter().enumerate() {
        assert_eq!(cohort.size, retained[row][0]);
        assert_eq!(cohort.cells.len(), 18 - row);
        assert_eq!(cohort.exposed, vec![cohort.size; 18 - row]);
        for (age, &count) in retained[row].iter().enumerate() {
            assert_eq!(cohort.cells[age].customers, count, "row {row} age {age}");
            let share = count as f64 / retained[row][0] as f64;
            assert_eq!(table.value(Metric::Retention, row, age), Some(share));
        }
        for (age, &sum) in revenue[row].iter().enumerate() {
            assert_eq!(table.value(Metric::Revenue, row, age), Some(sum));
        }
    }
    assert_eq!(table.ages, 18);
    // S is the first of July: June has ended, nothing is in progress.
    assert_eq!(table.state(0, 17), CellState::Complete);
    assert_eq!(table.state(1, 17), CellState::Unobserved);
    assert_eq!(table.value(Metric::Retention, 1, 17), None);
}

/// pandas: `days` = one row per customer-day, `age` = difference of month numbers, then
/// `groupby([first_month, age])` with `size()` for orders and `amt.sum()` for revenue.
#[test]
fn cohort_metrics_by_month() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let table = table(&orders, Period::Month);
    let expected_orders = [
        [8767, 1565, 1286, 1056],
        [9480, 1706, 1272, 1010],
        [8337, 1362, 932, 948],
    ];
    let cumulative_ltv_age_3 = [
        57.537_740_249_808_82,
        55.296_086_597_451_63,
        55.586_625_275_938_19,
    ];
    let aov_age_1 = [
        39.004_274_760_383_39,
        36.686_418_522_860_49,
        38.855_572_687_224_67,
    ];
    for row in 0..3 {
        for (age, &count) in expected_orders[row].iter().enumerate() {
            assert_eq!(
                table.value(Metric::Orders, row, age),
                Some(f64::from(count))
            );
        }
        near(
            table.value(Metric::CumulativeLtv, row, 3),
            cumulative_ltv_age_3[row],
        );
        near(table.value(Metric::Aov, row, 1), aov_age_1[row]);
        let per_customer = table.rows[row].cells[1].revenue / table.rows[row].size as f64;
        near(
            table.value(Metric::RevenuePerCustomer, row, 1),
            per_customer,
        );
    }
    // (1157 + 1312 + 1032) / 23570, and ages that only older cohorts have reached:
    // (497 + 551) / (7846 + 8476), 498 / 7846.
    near(
        table.weighted_mean(Metric::Retention, 1),
        0.148_536_274_925_753_08,
    );
    near(
        table.weighted_mean(Metric::Retention, 16),
        0.064_207_817_669_403_26,
    );
    near(table.weighted_mean(Metric::Retention, 17), 498.0 / 7846.0);
    assert_eq!(table.weighted_mean(Metric::Retention, 18), None);
    // Σ revenue · size / Σ size at age 1.
    near(
        table.weighted_mean(Metric::Revenue, 1),
        59_100.308_694_951_214,
    );
    // numpy.percentile([2, 98]) of the 48 shares at ages from 1.
    let (low, high) = table.colour_domain(Metric::Retention).unwrap();
    near(Some(low), 0.060_025_380_967_734_86);
    near(Some(high), 0.147_903_254_929_694_5);
    // 1157 / 7846 = 14.75 %, 1312 / 8476 = 15.48 %, 1032 / 7248 = 14.24 %.
    assert_eq!(table.best_and_worst_row(Metric::Retention, 1), Some((1, 2)));
}

/// pandas: the same with `to_period('Q')`, `to_period('W-SUN')` (weeks Monday to Sunday), `'Y'`.
#[test]
fn cohorts_by_other_periods() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let quarter = table(&orders, Period::Quarter);
    let row = &quarter.rows[0];
    let retained: Vec<u64> = row.cells.iter().map(|cell| cell.customers).collect();
    assert_eq!((quarter.rows.len(), row.label.as_str()), (1, "1997-Q1"));
    assert_eq!(retained, [23_570, 5_376, 4_263, 4_221, 3_817, 3_317]);
    assert_eq!(row.cells[3].revenue, 300_806.76);
    let year = table(&orders, Period::Year);
    assert_eq!(year.rows[0].cells[1].customers, 5_374);
    assert_eq!(year.rows[0].cells[1].revenue, 476_154.37);
    // 1998 has begun and not ended.
    assert_eq!(year.state(0, 0), CellState::Complete);
    assert_eq!(year.state(0, 1), CellState::InProgress);
    let week = table(&orders, Period::Week);
    let head = |row: usize| -> Vec<u64> {
        week.rows[row].cells[..8]
            .iter()
            .map(|cell| cell.customers)
            .collect()
    };
    assert_eq!(week.rows[0].label, "1997-W01");
    assert_eq!(head(0), [1102, 56, 72, 54, 48, 55, 39, 35]);
    assert_eq!(head(1), [1662, 74, 105, 72, 82, 67, 52, 64]);
    assert_eq!(head(2), [1734, 87, 97, 94, 81, 87, 70, 72]);
    assert_eq!(week.rows[0].cells[2].revenue, 2_887.99);
}

/// pandas on `days[days.date < '1998-06-16']`: June has begun but not ended.
#[test]
fn cells_in_progress() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let table = cohorts(&orders, day("1998-06-16"), &CohortSpec::default());
    let last = |row: usize| table.rows[row].cells.last().unwrap().customers;
    assert_eq!([last(0), last(1), last(2)], [330, 361, 294]);
    for (row, age) in [(0, 17), (1, 16), (2, 15)] {
        assert_eq!(table.state(row, age), CellState::InProgress);
        assert_eq!(table.state(row, age - 1), CellState::Complete);
        assert_eq!(table.state(row, age + 1), CellState::Unobserved);
    }
    // Age 15: cohorts of January and February only, March is still in it.
    let expected = (472.0 + 548.0) / (7846.0 + 8476.0);
    near(table.weighted_mean(Metric::Retention, 15), expected);
}

fn segments_of(customers: &Customers, ties: TieRule) -> Segmentation {
    let scores = score(customers, ties);
    segment(
        RuleInputs::without_attributes(customers, &scores),
        &default_rules(),
    )
}

fn sizes(segments: &Segmentation) -> Vec<(&str, u64)> {
    segments
        .stats
        .iter()
        .map(|stats| (stats.name.as_str(), stats.customers))
        .collect()
}

#[test]
fn scores_and_segments_with_shared_ties() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let customers = as_of_default(&orders);
    let scores = score(&customers, TieRule::Share);
    assert_eq!(
        scores.counts(),
        [
            [4735, 4712, 4702, 4720, 4701],
            [12_054, 0, 4040, 3641, 3835],
            [4817, 4615, 4710, 4715, 4713]
        ]
    );
    let segments = segment(
        RuleInputs::without_attributes(&customers, &scores),
        &default_rules(),
    );
    let expected = [
        ("VIP", 6286, 70.25),
        ("Loyal", 1674, 5.74),
        ("Potential Loyalist", 2788, 6.85),
        ("At Risk", 3424, 8.94),
        ("Dormant", 6023, 4.20),
        ("Regulars", 3375, 4.02),
    ];
    for (stats, (name, customers, share)) in segments.stats.iter().zip(expected) {
        assert_eq!((stats.name.as_str(), stats.customers), (name, customers));
        assert_eq!((stats.revenue_share * 1e4).round() / 100.0, share, "{name}");
    }
    let grid: u64 = segments
        .rf_grid
        .iter()
        .flatten()
        .map(|cell| cell.customers)
        .sum();
    assert_eq!((grid, segments.unmatched), (23_570, 0));
    let concentration = segments.concentration().unwrap();
    assert_eq!(concentration.segments, [0]);
    near(Some(concentration.customer_share), 6286.0 / 23_570.0);
}

#[test]
fn segments_with_ranks() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let customers = as_of_default(&orders);
    assert_eq!(
        sizes(&segments_of(&customers, TieRule::RankFirst)),
        [
            ("VIP", 6790),
            ("Loyal", 1961),
            ("Potential Loyalist", 4623),
            ("At Risk", 3421),
            ("Dormant", 6007),
            ("Regulars", 768)
        ]
    );
}

/// Ranking breaks ties by row order: another order of the same customers moves a fifth of them
/// (20.4 % in the reference's shuffle, 20.1–20.3 % in three others), sharing scores moves nobody.
#[test]
fn shuffled_rows() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let customers = as_of_default(&orders);
    let mut rows: Vec<usize> = (0..customers.len()).collect();
    let mut state = 1_u64;
    for place in (1..rows.len()).rev() {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        rows.swap(place, (state >> 33) as usize % (place + 1));
    }
    let mut shuffled = customers.clone();
    for (place, &row) in rows.iter().enumerate() {
        shuffled.first_day[place] = customers.first_day[row];
        shuffled.last_day[place] = customers.last_day[row];
        shuffled.frequency[place] = customers.frequency[row];
        shuffled.monetary[place] = customers.monetary[row];
    }
    let moved = |ties| {
        let (before, after) = (segments_of(&customers, ties), segments_of(&shuffled, ties));
        let moved = |&(place, &row): &(usize, &usize)| before.segment[row] != after.segment[place];
        rows.iter().enumerate().filter(moved).count() as f64 / rows.len() as f64
    };
    assert_eq!(moved(TieRule::Share), 0.0);
    let ranked = moved(TieRule::RankFirst);
    assert!((0.198..0.210).contains(&ranked), "{ranked}");
}

/// pandas: `n = days.groupby('id').size()`, `gaps = days.groupby('id').date.diff().dt.days`,
/// `bincount((gaps - 1) // 30)`; the windows are [S − 90, S) and [S − 180, S − 90).
#[test]
fn overview_numbers() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let overview = overview(&orders, &as_of_default(&orders), Period::Month);
    let kpis = &overview.kpis;
    near(Some(kpis.aov), 36.991_842_553_002_62);
    near(Some(kpis.one_time_share), 12_054.0 / 23_570.0);
    near(Some(kpis.repeat_rate), 11_516.0 / 23_570.0);
    assert_eq!(kpis.median_gap_days, Some(34.0));
    assert_eq!((kpis.return_rate, kpis.credit_share), (None, None));
    assert_eq!(
        overview.orders_per_customer,
        [12_054, 4_040, 2_205, 1_436, 991, 643, 470, 378, 279, 1_074]
    );
    // 98 % of gaps are at most 370 days: 30-day bins.
    assert_eq!((overview.gap_bin_days, overview.gap_tail), (30, false));
    assert_eq!(
        overview.gap_histogram,
        [
            20_637, 7_826, 4_173, 2_757, 1_926, 1_542, 1_118, 838, 738, 603, 477, 404, 315, 249,
            200, 146, 50, 22
        ]
    );
    let window = |customers, orders, revenue| Window {
        customers,
        new_customers: 0,
        orders,
        revenue,
    };
    let trend = overview.trend.unwrap();
    assert_eq!(trend.window_days, 90);
    assert_eq!(trend.current, window(3_301, 5_619, 211_934.34));
    assert_eq!(trend.previous, window(3_808, 6_590, 262_122.52));
    near(
        trend.change(|window| window.orders as f64),
        5_619.0 / 6_590.0 - 1.0,
    );
    series(&overview);
}

/// pandas: revenue of a customer's first month against all later ones, per month.
fn series(overview: &Overview) {
    assert_eq!(overview.series.len(), 18);
    assert!(overview.series.iter().all(|entry| entry.complete));
    let expected = [
        (0, "1997-01", 299_060.17, 0.0, 8_767, 7_846, 0),
        (1, "1997-02", 318_548.34, 61_041.69, 11_045, 8_476, 1_157),
        (2, "1997-03", 279_884.49, 113_270.78, 11_329, 7_248, 2_276),
        (3, "1997-04", 0.0, 142_824.49, 3_690, 0, 2_822),
        (10, "1997-11", 0.0, 115_448.64, 2_620, 0, 2_028),
        (17, "1998-06", 0.0, 76_109.30, 1_955, 0, 1_506),
    ];
    for (index, label, new, returning, orders, customers_new, customers_returning) in expected {
        let entry = &overview.series[index];
        assert_eq!(entry.label, label);
        assert_eq!(
            (entry.revenue_new, entry.revenue_returning),
            (new, returning)
        );
        assert_eq!(entry.orders, orders);
        assert_eq!(
            (entry.customers_new, entry.customers_returning),
            (customers_new, customers_returning)
        );
    }
    let best = overview.best_period().unwrap();
    assert_eq!(best.label, "1997-03");
    assert_eq!(
        overview.recent(2, |entry| entry.orders as f64),
        [1_903.0, 1_955.0]
    );
}

#[track_caller]
fn near(value: Option<f64>, expected: f64) {
    let value = value.expect("a value");
    assert!(
        (value - expected).abs() <= 1e-12 * expected.abs().max(1.0),
        "{value} ≠ {expected}"
    );
}
