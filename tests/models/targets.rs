//! Targets by hand.

use keepers::models::{
    TrainError,
    target::{Design, Span, TargetKind, from_orders},
};

use crate::small_shop;

#[test]
fn the_cutoff_design_by_hand() {
    let orders = small_shop::shop();
    let (t0, last) = (small_shop::day("03-06"), small_shop::day("04-20"));
    let design = Design::Cutoff { horizon_days: 45 };
    let of = |kind| from_orders(&orders, &kind, design, t0, last).expect("answers");
    // Customers 1, 2, 3 and 10 (rows 0, 1, 2, 5) had ordered by 6 March.
    let value = of(TargetKind::RemainingValue);
    assert_eq!(value.customers, [0, 1, 2, 5]);
    assert_eq!(value.values, [30.0, 0.0, 0.0, 0.0]);
    assert_eq!(of(TargetKind::Purchase).values, [1.0, 0.0, 0.0, 0.0]);
    assert_eq!(of(TargetKind::Churn).values, [0.0, 1.0, 1.0, 1.0]);
    let total = of(TargetKind::TotalValue);
    assert_eq!(total.values, [65.0, 60.0, 25.0, 45.0]);
    assert_eq!(total.known, [35.0, 60.0, 25.0, 45.0]);
    assert_eq!(total.remaining(), value.values);
    assert_eq!(total.known_share(), Some(165.0 / 195.0));
    // The window (t₀, t₀ + h]: the day of t₀ is known, its last day counts.
    let day = small_shop::day("04-02");
    let before = Design::Cutoff { horizon_days: 1 };
    let kind = TargetKind::RemainingValue;
    let found = from_orders(&orders, &kind, before, day - 1, last).expect("answers");
    assert_eq!(found.values[0], 30.0);
    let found = from_orders(&orders, &kind, before, day, last).expect("answers");
    assert_eq!(found.values[0], 0.0);
}

#[test]
fn the_early_life_design_by_hand() {
    let orders = small_shop::shop();
    let last = small_shop::day("04-20");
    let design = Design::EarlyLife {
        window: Span::Months(1),
        total: Span::Months(3),
    };
    let kind = TargetKind::TotalValue;
    let found = from_orders(&orders, &kind, design, 0, last).expect("answers");
    // January and no other month has three complete months by 20 April.
    assert_eq!(found.customers, [0, 1]);
    assert_eq!(found.cutoffs, [small_shop::day("01-31"); 2]);
    assert_eq!(found.values, [35.0, 60.0]);
    assert_eq!(found.known, [15.0, 100.0]);
    assert_eq!(found.remaining(), [20.0, -40.0]);
}

#[test]
fn windows_that_are_not_over_are_refused_in_words() {
    let orders = small_shop::shop();
    let last = small_shop::day("04-20");
    let design = Design::Cutoff { horizon_days: 90 };
    let kind = TargetKind::RemainingValue;
    let error = from_orders(&orders, &kind, design, last - 10, last).expect_err("too late");
    assert!(matches!(error, TrainError::WindowTooLate { .. }));
    let words = error.to_string();
    assert!(
        words.contains("2024-04-10") && words.contains("2024-07-09"),
        "{words}"
    );
    let flat = TargetKind::Column("x".to_owned());
    let error = from_orders(&orders, &flat, design, last - 90, last).expect_err("flat");
    assert_eq!(error, TrainError::NeedsTable);
}

/// Nine days of orders for a year's forecast: nothing to learn from, though somebody has ordered.
#[test]
fn too_little_history_is_refused_in_words() {
    use keepers::models::target::enough_history;
    let orders = small_shop::shop();
    let (first, _) = orders.day_range().expect("orders");
    let design = Design::Cutoff { horizon_days: 365 };
    let error = enough_history(&orders, design, first + 8).expect_err("too little");
    let words = error.to_string();
    assert!(
        words.contains("span 9 days") && words.contains("at least 91"),
        "{words}"
    );
    assert_eq!(enough_history(&orders, design, first + 90), Ok(()));
    let month = Design::Cutoff { horizon_days: 30 };
    assert_eq!(enough_history(&orders, month, first + 13), Ok(()));
}
