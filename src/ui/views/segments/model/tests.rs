//! The model of a shop worked out by hand.

use super::*;
use analysis::rules::default_rules;

/// By hand: r 5 4 3 1 2, f 5 4 3 1 1, m 5 4 3 2 1.
fn scores() -> Scores {
    let band = |customers, low: f64, high: f64| Band {
        customers,
        range: (customers > 0).then_some((low, high)),
    };
    let single = |value: f64| band(1, value, value);
    Scores {
        bands: [
            [60.0, 50.0, 20.0, 10.0, 1.0].map(single),
            [
                band(2, 1.0, 1.0),
                band(0, 0.0, 0.0),
                single(2.0),
                single(3.0),
                single(6.0),
            ],
            [0.0, 10.0, 50.0, 90.0, 600.0].map(single),
        ],
        ..Scores::default()
    }
}

fn stats(name: &str, customers: u64, revenue: f64) -> SegmentStats {
    SegmentStats {
        name: name.to_owned(),
        customers,
        revenue,
        revenue_share: revenue / 750.0,
        monetary: revenue / customers.max(1) as f64,
        ..SegmentStats::default()
    }
}

fn model() -> Model {
    let mut segments = Segmentation {
        segment: vec![0, 0, 2, 4, 4, 255],
        stats: vec![
            stats("VIP", 2, 690.0),
            stats("Loyal", 0, 0.0),
            stats("Potential Loyalist", 1, 50.0),
            stats("At Risk", 0, 0.0),
            stats("Dormant", 2, 10.0),
            stats("Regulars", 0, 0.0),
        ],
        ..Segmentation::default()
    };
    segments.rf_grid[4][4] = GridCell {
        customers: 1,
        revenue: 600.0,
    };
    segments.rf_grid[3][3] = GridCell {
        customers: 1,
        revenue: 90.0,
    };
    segments.rf_grid[2][2] = GridCell {
        customers: 3,
        revenue: 60.0,
    };
    Model::new(Inputs {
        scores: &scores(),
        segments: &segments,
        tuning: &Tuning {
            rules: Arc::new(default_rules()),
            ..Tuning::default()
        },
        outlook: None,
    })
}

#[test]
fn scores_name_the_values_they_cover() {
    let model = model();
    let ranges = |kind: usize| model.scores[kind].each_ref().map(|bin| bin.range.as_str());
    assert_eq!(
        ranges(0),
        ["60 days", "50 days", "20 days", "10 days", "1 day"]
    );
    assert_eq!(
        ranges(1),
        ["1 order", "", "2 orders", "3 orders", "6 orders"]
    );
    assert_eq!(ranges(2)[0], "0");
    assert_eq!(model.scores[0][0].values(), "60");
    assert_eq!(model.scores[0][4].values(), "1");
    assert_eq!(model.scores[1][2].values(), "2");
    assert_eq!(model.scores[1][0].customers, 2);
    assert_eq!(model.scores[1][1].customers, 0);
}

#[test]
fn ranges_with_two_ends_use_a_dash_and_credit_balances_the_word_to() {
    assert_eq!(range_text(0, (1.0, 34.0)), "1–34 days");
    assert_eq!(range_text(1, (2.0, 3.0)), "2–3 orders");
    assert_eq!(range_text(2, (-5.0, 12.5)), "−5.00 to 12.5");
}

#[test]
fn short_counts_are_whole_numbers() {
    assert_eq!(short_count(0), "0");
    assert_eq!(short_count(41), "41");
    assert_eq!(short_count(12_054), "12.1k");
}

#[test]
fn findings_are_sentences_with_their_numbers() {
    let findings = model().findings;
    assert_eq!(
        findings.bubbles,
        "VIP customers are 40.0 % of all customers and bring 92.0 % of revenue."
    );
    assert_eq!(
        findings.grid,
        "40.0 % of customers score 4 or 5 on both and bring 92.0 % of revenue."
    );
    assert!(
        findings
            .rules
            .ends_with("nobody is won by Loyal, At Risk, Regulars.")
    );
    assert!(
        findings
            .scores
            .starts_with("40.0 % of customers share frequency score 1 (1 order)")
    );
}

#[test]
fn the_table_can_be_copied() {
    let text = model().table_sheet().tsv();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 7);
    assert!(lines[0].starts_with("segment\trule\tcustomers\t"));
    assert!(lines[1].starts_with("VIP\tR ≥ 4 and F ≥ 4 and M ≥ 4\t2\t0.4\t690\t0.92\t"));
}
