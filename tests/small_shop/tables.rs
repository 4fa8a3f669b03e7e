//! Customers, scores and segments; shops with nothing or next to nothing in them.

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::{CohortSpec, NO_ROW},
        conditions::RuleInputs,
        customers::{customers_as_of, default_as_of},
        overview_build::overview,
        rfm::{TieRule, score},
        rule_check::{RuleCheck, check_rules},
        rules::{Comparison, Condition, Field, NO_SEGMENT, Rule, default_rules},
        segmenting::segment,
    },
    data::day::{Period, iso},
    data::lines::in_memory::{Line, assemble},
    data::orders::Orders,
};

use crate::{
    Tested,
    small_shop::{day, shop},
};

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
        let segments = segment(
            RuleInputs::without_attributes(&customers, &scores),
            &default_rules(),
        );
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
    let segments = segment(
        RuleInputs::without_attributes(&customers, &scores),
        &default_rules(),
    );
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
        assert_eq!([&*scores.r, &scores.f, &scores.m], [&[1]; 3]);
    }
}

#[test]
fn scores() {
    let Tested {
        customers, scores, ..
    } = Tested::new();
    assert_eq!(*scores.r, [4, 1, 2, 0, 5, 3]);
    // 2, 3 and 5 tie: nobody is worse than they; three are worse than 10, four than 1.
    assert_eq!(*scores.f, [5, 1, 1, 0, 1, 4]);
    assert_eq!(*scores.m, [5, 4, 2, 0, 1, 3]);
    let ranked = score(&customers, TieRule::RankFirst);
    assert_eq!(*ranked.f, [5, 1, 2, 0, 3, 4]);
    assert_eq!((&ranked.r, &ranked.m), (&scores.r, &scores.m));
    let ranges = scores.bands.map(|bands| bands.map(|band| band.range));
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
    let wins = |matches, wins| RuleCheck {
        matches,
        wins,
        contradicts_itself: false,
    };
    assert_eq!(
        check_rules(
            RuleInputs::without_attributes(&customers, &scores),
            &default_rules()
        )
        .rules,
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
    let segments = segment(RuleInputs::without_attributes(&customers, &scores), &rules);
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
