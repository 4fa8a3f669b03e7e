//! Figures worked out with pandas, or by hand.
//!
//! In the pandas below `d` holds all rows of a file, `k` the kept ones, `v` the kept amount per
//! customer, largest first.

use keepers::{
    analysis::{
        breakdown::{Breakdown, Measure},
        calendar::calendar_revenue,
        customers::{Customers, customers_as_of, default_as_of},
        insights::{Insights, Topic, insights},
        lifecycle::lifecycle,
    },
    base::monitor::Monitor,
    data::dataset::options::ReadOptions,
    data::day::{Day, Period, parse_iso},
    data::lines::in_memory::{Kind, Line, assemble},
    data::load::load,
    data::orders::{Milestone, NO_DAY, Orders, Step},
};

use crate::{cdnow, sample};

fn everything(orders: &Orders) -> (Customers, Insights) {
    let customers = customers_as_of(orders, default_as_of(orders).unwrap());
    let insights = insights(orders, &customers, &Monitor::silent()).unwrap();
    (customers, insights)
}

fn cents(amount: f64) -> f64 {
    (amount * 100.0).round() / 100.0
}

/// Value, revenue, orders, customers, sale lines, lines not kept, as ranked by revenue.
type Row = (String, f64, u64, u64, u64, u64);

fn rows(breakdown: &Breakdown) -> Vec<Row> {
    let places = &breakdown.ranking(Measure::Revenue).top;
    let row = |&place: &usize| {
        let group = &breakdown.groups[place];
        let tally = &group.tally;
        (
            group.value.clone(),
            cents(tally.revenue),
            tally.orders,
            tally.customers,
            tally.sale_lines,
            tally.not_kept_lines,
        )
    };
    places.iter().map(row).collect()
}

fn expected(rows: &[(&str, f64, u64, u64, u64, u64)]) -> Vec<Row> {
    rows.iter()
        .map(|&(value, revenue, orders, customers, lines, not_kept)| {
            (
                value.to_owned(),
                revenue,
                orders,
                customers,
                lines,
                not_kept,
            )
        })
        .collect()
}

/// `k.groupby(c).agg(amount sum, order_id nunique, customer_id nunique)`, `d.groupby(c)` for lines.
#[test]
fn sample_shop_lists() {
    let orders = sample::sample();
    let (_, insights) = everything(&orders);
    let category = insights.about(Topic::Category).unwrap();
    assert_eq!(
        rows(category),
        expected(&[
            ("Kitchen", 183_580.21, 4_229, 1_676, 5_159, 295),
            ("Home decor", 155_581.21, 3_594, 1_502, 4_566, 395),
            ("Fashion", 125_900.74, 2_828, 1_322, 4_041, 872),
            ("Beauty", 118_157.94, 2_740, 1_189, 3_271, 137),
            ("Toys", 87_507.70, 2_069, 997, 2_530, 148),
            ("Sports", 78_871.47, 1_916, 908, 2_437, 256),
            ("Garden", 70_965.61, 1_607, 775, 1_931, 136),
            ("Stationery", 38_773.63, 1_011, 542, 1_187, 40),
        ])
    );
    let country = insights.about(Topic::Place).unwrap();
    assert_eq!(
        rows(country)[..3],
        expected(&[
            ("Germany", 314_929.46, 6_462, 1_396, 9_395, 838),
            ("France", 157_088.43, 2_940, 689, 4_290, 362),
            ("Netherlands", 99_525.06, 2_079, 490, 3_026, 248),
        ])
    );
    for breakdown in &insights.breakdowns {
        let total = &breakdown.total;
        assert_eq!(cents(total.revenue), 859_338.51);
        assert_eq!((total.orders, total.customers), (17_188, 3_902));
        assert_eq!((total.sale_lines, total.not_kept_lines), (25_122, 2_279));
    }
}

/// `d.groupby('status').amount.agg(['size', 'sum'])`
#[test]
fn sample_shop_status() {
    let orders = sample::sample();
    let (_, insights) = everything(&orders);
    let lifecycle = &insights.lifecycle;
    assert_eq!((lifecycle.lines, lifecycle.kept), (25_122, 22_843));
    assert!(!lifecycle.lines_are_orders && lifecycle.steps.is_empty());
    let found: Vec<(&str, u64, u64, f64)> = lifecycle
        .outcomes
        .iter()
        .map(|it| (it.status.as_str(), it.lines, it.kept, cents(it.amount)))
        .collect();
    assert_eq!(
        found,
        [
            ("completed", 22_843, 22_843, 859_338.51),
            ("returned", 1_665, 0, 62_550.15),
            ("cancelled", 614, 0, 22_662.49),
        ]
    );
}

/// `first = k.groupby('customer_id').day.min()`, then `k.pivot_table(index=first.dt.to_period('Q'),
/// columns=k.day.dt.to_period('Y'), values='amount', aggfunc='sum')`.
#[test]
fn sample_shop_vintages() {
    let orders = sample::sample();
    let (customers, _) = everything(&orders);
    let calendar = calendar_revenue(&orders, &customers, Period::Year);
    assert_eq!(
        (calendar.layer_period, calendar.layers.len()),
        (Period::Quarter, 12)
    );
    let row = |layer: usize| -> Vec<f64> {
        calendar.layers[layer]
            .revenue
            .iter()
            .map(|&revenue| cents(revenue))
            .collect()
    };
    assert_eq!(row(0), [23_853.83, 17_178.27, 10_954.10, 3_920.56]);
    assert_eq!(row(1), [21_004.12, 16_686.50, 9_171.14, 2_784.10]);
    assert_eq!(row(5), [0.0, 31_166.60, 30_403.68, 5_653.99]);
    assert_eq!(row(11), [0.0, 0.0, 0.0, 44_918.97]);
    // 2024-07-01…2025-06-30; e: rows of customers whose first order is earlier.
    let legacy = calendar.legacy.unwrap();
    assert_eq!(
        (legacy.since, legacy.months),
        (parse_iso("2024-07-01").unwrap(), 12)
    );
    assert_eq!(cents(legacy.revenue), 493_056.16);
    assert_eq!(cents(legacy.revenue_of_earlier), 197_723.07);
}

/// `v.head(ceil(n * p)).sum()`, `(v.cumsum() < v.sum() / 2).sum() + 1`, `v.median()`.
#[test]
fn shares_of_the_best_customers() {
    let orders = sample::sample();
    let (_, insights) = everything(&orders);
    let top: Vec<(u64, f64)> = insights
        .value
        .top
        .iter()
        .map(|top| (top.customers, cents(top.revenue)))
        .collect();
    assert_eq!(
        top,
        [
            (40, 122_324.05),
            (196, 308_343.36),
            (391, 435_818.61),
            (781, 579_797.47)
        ]
    );
    assert_eq!(insights.value.customers_for_half, Some(379));
    assert_eq!(cents(insights.value.median), 93.55);
    let Some(orders) = cdnow::master() else {
        return;
    };
    let (_, insights) = everything(&orders);
    let value = &insights.value;
    let top: Vec<(u64, f64)> = value
        .top
        .iter()
        .map(|top| (top.customers, cents(top.revenue)))
        .collect();
    assert_eq!(
        top,
        [
            (236, 396_944.17),
            (1_179, 917_384.93),
            (2_357, 1_273_728.95),
            (4_714, 1_694_648.50)
        ]
    );
    let shares: Vec<f64> = value
        .top
        .iter()
        .filter_map(|top| top.revenue_share)
        .collect();
    for (share, expected) in shares
        .iter()
        .zip([0.158_757_6, 0.366_907_6, 0.509_427_3, 0.677_773_9])
    {
        assert!((share - expected).abs() < 1e-6, "{share}");
    }
    assert_eq!(
        (value.customers_for_half, value.without_value),
        (Some(2_262), 68)
    );
    assert!(insights.lifecycle.silent.is_some() && insights.breakdowns.is_empty());
}

/// `c.pivot_table(index=first month, columns=day.dt.to_period('Q'), values='a', aggfunc='sum')`
#[test]
fn cdnow_vintages() {
    let Some(orders) = cdnow::master() else {
        return;
    };
    let (customers, _) = everything(&orders);
    let calendar = calendar_revenue(&orders, &customers, Period::Quarter);
    assert_eq!(calendar.layer_period, Period::Month);
    let found: Vec<Vec<f64>> = calendar
        .layers
        .iter()
        .map(|layer| {
            layer
                .revenue
                .iter()
                .map(|&revenue| cents(revenue))
                .collect()
        })
        .collect();
    assert_eq!(
        found,
        [
            [
                410_785.61, 110_026.96, 98_120.46, 105_129.21, 89_631.50, 73_463.82
            ],
            [
                381_135.37, 126_119.33, 103_843.15, 105_544.03, 90_854.30, 79_115.63
            ],
            [
                279_884.49, 123_007.37, 90_431.76, 90_133.52, 82_338.09, 60_751.03
            ],
        ]
    );
}

/// Delivered orders by the type of their largest payment:
/// `p.sort_values(['payment_value', 'payment_type'], ascending=[False, True]).groupby('order_id').first()`.
#[test]
fn olist_payment_types() {
    let Some(folder) = cdnow::data_folder() else {
        return;
    };
    let files: Vec<_> = std::fs::read_dir(folder.join("olist"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    let dataset = load(&files, &ReadOptions::default(), &Monitor::silent()).unwrap();
    let (_, insights) = everything(&dataset.orders);
    let found: Vec<(String, f64, u64)> = rows(insights.about(Topic::PaymentType).unwrap())
        .into_iter()
        .map(|row| (row.0, row.1, row.2))
        .filter(|row| row.2 > 0)
        .collect();
    let of = |name: &str, revenue, orders| (name.to_owned(), revenue, orders);
    assert_eq!(
        found,
        [
            of("credit_card", 1_213_770.77, 7_337),
            of("boleto", 291_825.72, 1_945),
            of("voucher", 29_376.59, 281),
            of("debit_card", 25_701.38, 155),
        ]
    );
}

fn day(text: &str) -> Day {
    parse_iso(text).unwrap()
}

/// Five lines with every kind of way; worked out by hand.
#[test]
fn steps_and_days() {
    let line = |customer: &str, date: &str, kind| Line {
        customer: customer.to_owned(),
        day: day(date),
        order: format!("{customer}-{date}"),
        amount: 10.0,
        kind,
        attributes: Vec::new(),
    };
    let mut orders = assemble(
        &[
            line("a", "2024-01-01", Kind::Sale),
            line("b", "2024-01-01", Kind::NotKept),
            line("c", "2024-01-01", Kind::Sale),
            line("d", "2024-01-01", Kind::NotKept),
            line("e", "2024-01-01", Kind::Sale),
        ],
        &[],
    )
    .unwrap();
    let days = |texts: [&str; 5]| -> Vec<Day> {
        texts
            .iter()
            .map(|text| parse_iso(text).unwrap_or(NO_DAY))
            .collect()
    };
    // b came back, d was cancelled, e has no day of shipping and arrives after S.
    let table = [
        (Step::Returned, ["", "2024-01-20", "", "", ""]),
        (
            Step::Shipped,
            ["2024-01-03", "2024-01-02", "2024-01-05", "", ""],
        ),
        (
            Step::Delivered,
            ["2024-01-10", "2024-01-06", "2023-12-31", "", "2024-03-01"],
        ),
    ];
    orders.milestones = table
        .into_iter()
        .map(|(step, texts)| Milestone {
            step,
            days: days(texts),
        })
        .collect();
    let customers = customers_as_of(&orders, day("2024-02-01"));
    let way = lifecycle(&orders, &customers);
    assert!(way.lines_are_orders);
    let counts: Vec<(Option<Step>, u64, u64, u64)> = way
        .steps
        .iter()
        .map(|step| (step.step, step.lines, step.not_kept, step.open))
        .collect();
    assert_eq!(
        counts,
        [
            (None, 5, 0, 0),
            (Some(Step::Shipped), 3, 1, 1),
            (Some(Step::Delivered), 3, 0, 0),
            (Some(Step::Returned), 1, 0, 2),
        ]
    );
    // 1, 2 and 4 days to ship: nine of ten within 2 + 0.8 · 2; delivery 4 and 7 days, one before it was sent.
    let shipped = way.steps[1].since_step_before.unwrap();
    assert_eq!((shipped.lines, shipped.median_days), (3, 2.0));
    assert!((shipped.p90_days - 3.6).abs() < 1e-12);
    let delivered = way.steps[2].since_step_before.unwrap();
    assert_eq!(
        (
            delivered.lines,
            delivered.median_days,
            delivered.out_of_order
        ),
        (2, 5.5, 1)
    );
    assert_eq!(way.steps[3].since_step_before.unwrap().median_days, 14.0);
    assert_eq!(way.steps[3].since_created.unwrap().median_days, 19.0);
}
