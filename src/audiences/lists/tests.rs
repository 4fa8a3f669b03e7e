//! Lists of a hand-made shop of ten customers.

use super::*;
use analysis::{rules::NO_SEGMENT, segments::SegmentStats};

/// Ten customers as of day 100; customer 9 has not bought yet. Segments: 0 = VIP, 1 = At Risk.
struct Shop {
    customers: Customers,
    scores: Scores,
    segments: Segmentation,
    gaps: Vec<f32>,
    forecast: Forecast,
}

fn shop() -> Shop {
    let n = f32::NAN;
    let stats = |name: &str| SegmentStats {
        name: name.to_owned(),
        ..SegmentStats::default()
    };
    Shop {
        customers: Customers {
            as_of: 100,
            active: 9,
            first_day: vec![0; 10],
            // Recency:      5   60  70  40  30  61  10  80  29
            last_day: vec![95, 40, 30, 60, 70, 39, 90, 20, 71, 0],
            frequency: vec![6, 5, 4, 1, 1, 1, 2, 3, 1, 0],
            purchase_days: vec![6, 5, 4, 1, 1, 1, 2, 3, 1, 0],
            monetary: vec![600., 500., 400., 10., 20., 30., 40., 300., 50., 0.],
        },
        scores: Scores::default(),
        segments: Segmentation {
            segment: vec![0, 0, 1, 2, 2, 2, 2, 1, 2, NO_SEGMENT],
            stats: vec![stats("VIP"), stats("At Risk"), stats("Regulars")],
            ..Segmentation::default()
        },
        gaps: vec![20., 20., 30., n, n, n, 50., 15., n, n],
        forecast: Forecast {
            horizon_days: 90,
            predictor: "test".to_owned(),
            notes: Vec::new(),
            value: vec![90., 80., 70., 10., 9., 8., 20., 5., 7., 0.],
            alive: vec![0.99, 0.9, 0.6, 1., 1., 1., 0.9, 0.3, 1., 0.],
            chance: vec![0.9, 0.8, 0.5, 0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.],
            purchases: vec![1.; 10],
        },
    }
}

fn lists(shop: &Shop, settings: &ListSettings) -> Lists {
    let base = Base {
        customers: &shop.customers,
        scores: &shop.scores,
        segments: &shop.segments,
        gaps: &shop.gaps,
        forecast: Some(&shop.forecast),
    };
    Lists::new(&base, settings)
}

fn members(lists: &Lists, kind: ListKind) -> Vec<u32> {
    lists.get(kind).unwrap().customers.clone()
}

#[test]
fn each_list_holds_whom_its_rule_names() {
    let lists = lists(&shop(), &ListSettings::default());
    // VIPs 0 and 1; only 1 is silent for three of its gaps.
    assert_eq!(members(&lists, ListKind::VipToProtect), [1]);
    // ⌈10 % of nine⌉ is one.
    assert_eq!(members(&lists, ListKind::HighValue), [0]);
    // Known: two orders or more (0, 1, 2, 6, 7), or the five with the most revenue (0, 1, 2, 7, 8);
    // lowest ⌈2.7⌉ = 3 predictions: 7 (5), 8 (7), 5 (8); P(alive) < 0.5: 7.
    assert_eq!(members(&lists, ListKind::ChurnRisk), [8, 7]);
    // Overdue: 1 (3 gaps), 2 (2.3), 7 (5.3); best ⌈2.7⌉ = 3 predictions: 0, 1, 2.
    assert_eq!(members(&lists, ListKind::MissedOpportunity), [1, 2]);
    // One order: 3 (40 days), 4 (30), 5 (61), 8 (29): both ends of 30–60 count.
    assert_eq!(members(&lists, ListKind::SecondOrder), [3, 4]);
    // At Risk 2 and 7; both among the ⌈3.6⌉ = 4 with the most revenue.
    assert_eq!(members(&lists, ListKind::WinBack), [2, 7]);
    let churn = lists.get(ListKind::ChurnRisk).unwrap();
    assert_eq!(
        (churn.past_value, churn.predicted_value),
        (350.0, Some(12.0))
    );
}

#[test]
fn the_overlap_counts_customers_of_both_lists() {
    let lists = lists(&shop(), &ListSettings::default());
    // Customer 1 is a VIP to protect and a missed opportunity, customer 2 missed and win-back.
    assert_eq!(lists.overlap[0], [1, 0, 0, 1, 0, 0]);
    assert_eq!(lists.overlap[3], [1, 0, 0, 2, 0, 1]);
    assert_eq!(lists.overlap[4], [0, 0, 0, 0, 2, 0]);
    // In a list: 0, 1, 2, 3, 4, 7, 8; in none: 5 and 6.
    assert_eq!((lists.customers, lists.in_none), (9, 2));
}

#[test]
fn thresholds_move_the_lists_and_their_words() {
    let settings = ListSettings {
        high_value_chance: 0.5,
        missed_gaps: 2.5,
        nudge_to_days: 61,
        ..ListSettings::default()
    };
    let lists = lists(&shop(), &settings);
    assert_eq!(members(&lists, ListKind::HighValue), [0, 1, 2]);
    assert_eq!(members(&lists, ListKind::MissedOpportunity), [1]);
    assert_eq!(members(&lists, ListKind::SecondOrder), [3, 4, 5]);
    let rule = |kind| lists.get(kind).unwrap().rule.clone();
    assert_eq!(
        rule(ListKind::HighValue),
        "Among the 10 % with the highest predicted value over the next 90 days, or at least 50 % \
         likely to order within that time."
    );
    assert_eq!(
        rule(ListKind::MissedOpportunity),
        "No order for longer than 2.5 times the own usual gap, yet among the 30 % with the highest \
         predicted value over the next 90 days."
    );
    assert_eq!(
        rule(ListKind::SecondOrder),
        "Exactly one order, 30 to 61 days old."
    );
}

#[test]
fn without_a_forecast_or_a_segment_a_list_says_so() {
    let shop = shop();
    let base = Base {
        customers: &shop.customers,
        scores: &shop.scores,
        segments: &shop.segments,
        gaps: &shop.gaps,
        forecast: None,
    };
    let lists = Lists::new(&base, &ListSettings::default());
    assert_eq!(members(&lists, ListKind::SecondOrder), [4, 3]);
    let high = lists.get(ListKind::HighValue).unwrap();
    assert!(high.customers.is_empty() && high.unavailable.is_some());
    assert_eq!(members(&lists, ListKind::WinBack), [2, 7]);
    let settings = ListSettings {
        win_back_segment: "Lost".to_owned(),
        ..ListSettings::default()
    };
    let lists = super::Lists::new(&base, &settings);
    let back = lists.get(ListKind::WinBack).unwrap();
    assert!(
        back.unavailable
            .as_ref()
            .unwrap()
            .contains("No segment is called Lost")
    );
}
