//! Cut points, rules and what changing them does: small random shops against slow, simple code.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod by_hand;
mod live;
#[path = "../common/random_shop.rs"]
mod random_shop;
mod spread;
#[path = "../common/window.rs"]
mod window;

use keepers::{
    analysis::{
        attribute_tests::AttributeTests,
        conditions::RuleInputs,
        customers::{Customers, customers_as_of},
        cut_points::{CutPoints, Measure},
        moves::{Side, moves},
        presets::Preset,
        rfm::{Scores, TieRule, score, score_again},
        rule_check::check_rules,
        rules::{Comparison, Condition, Field, NO_SEGMENT, Rule},
        segmenting::{segment, segment_orders},
        segments::Segmentation,
        stability::{SHIFTS, stability},
    },
    data::lines::in_memory::Kind,
    data::lines::in_memory::Line,
    data::orders::Orders,
};
use proptest::prelude::*;
use random_shop::{as_of, shop, shop_lines};

/// Four numbers in the order their measure asks for.
fn four(range: std::ops::Range<u32>, descending: bool) -> impl Strategy<Value = [f64; 4]> {
    proptest::collection::vec(range, 4).prop_map(move |mut cuts| {
        cuts.sort_unstable();
        if descending {
            cuts.reverse();
        }
        std::array::from_fn(|place| f64::from(cuts[place]))
    })
}

fn cut_points() -> impl Strategy<Value = CutPoints> {
    (four(0..450, true), four(0..9, false), four(0..9_000, false)).prop_map(
        |(recency_days, frequency, cents)| CutPoints {
            recency_days,
            frequency,
            monetary: cents.map(|cents| cents / 100.0),
        },
    )
}

fn ties() -> impl Strategy<Value = TieRule> {
    prop_oneof![
        Just(TieRule::Share),
        Just(TieRule::RankFirst),
        cut_points().prop_map(TieRule::Fixed),
    ]
}

fn condition() -> impl Strategy<Value = Condition> {
    let test = (
        proptest::sample::select(Field::ALL.to_vec()),
        proptest::sample::select(vec![Comparison::AtLeast, Comparison::AtMost]),
        prop_oneof![0..7_u32, 0..400_u32],
    )
        .prop_map(|(field, comparison, limit)| {
            Condition::Test(field, comparison, f64::from(limit))
        });
    let column = proptest::sample::select(vec!["country", "Country", "planet"]);
    let values = proptest::collection::vec(0..5_u32, 0..3);
    let attribute = (column, values, any::<bool>()).prop_map(|(column, values, within)| {
        let values = values
            .into_iter()
            .map(|value| format!("country {value}"))
            .collect();
        if within {
            Condition::OneOf(column.to_owned(), values)
        } else {
            Condition::NoneOf(column.to_owned(), values)
        }
    });
    let leaf = prop_oneof![6 => test, 2 => attribute, 1 => Just(Condition::Always)];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let parts = proptest::collection::vec(inner, 0..4);
        (parts, any::<bool>()).prop_map(|(parts, all)| {
            if all {
                Condition::All(parts)
            } else {
                Condition::Any(parts)
            }
        })
    })
}

fn rules() -> impl Strategy<Value = Vec<Rule>> {
    let named = |conditions: Vec<Condition>| {
        let rule = |(number, when)| Rule {
            name: format!("rule {number}"),
            when,
            style: 0,
        };
        conditions.into_iter().enumerate().map(rule).collect()
    };
    prop_oneof![
        proptest::collection::vec(condition(), 0..6).prop_map(named),
        proptest::sample::select(Preset::ALL.to_vec()).prop_map(Preset::rules),
    ]
}

/// Whether a customer meets a condition, by the plain definitions and the lines themselves.
fn meets(shop: &Plain<'_>, condition: &Condition, row: usize) -> bool {
    match condition {
        Condition::Always => true,
        Condition::All(parts) => parts.iter().all(|part| meets(shop, part, row)),
        Condition::Any(parts) => parts.iter().any(|part| meets(shop, part, row)),
        Condition::OneOf(column, values) => shop
            .countries(column, row)
            .is_some_and(|own| own.iter().any(|country| values.contains(country))),
        Condition::NoneOf(column, values) => shop
            .countries(column, row)
            .is_some_and(|own| !own.iter().any(|country| values.contains(country))),
        Condition::Test(field, comparison, limit) => {
            let (customers, scores) = (shop.customers, shop.scores);
            let value = match field {
                Field::RScore => f64::from(scores.r[row]),
                Field::FScore => f64::from(scores.f[row]),
                Field::MScore => f64::from(scores.m[row]),
                Field::RecencyDays => f64::from(customers.as_of - customers.last_day[row]),
                Field::Frequency => f64::from(customers.frequency[row]),
                Field::Monetary => customers.monetary[row],
                Field::Aov => customers.monetary[row] / f64::from(customers.frequency[row]),
                Field::TenureDays => f64::from(customers.as_of - customers.first_day[row]),
                // Nothing was predicted: every such test fails.
                Field::PredictedValue | Field::PAlive => return false,
            };
            match comparison {
                Comparison::AtLeast => value >= *limit,
                Comparison::AtMost => value <= *limit,
            }
        }
    }
}

struct Plain<'a> {
    lines: &'a [Line],
    orders: &'a Orders,
    customers: &'a Customers,
    scores: &'a Scores,
}

impl Plain<'_> {
    /// Countries of the customer's kept lines before S; `None` for another column.
    fn countries(&self, column: &str, row: usize) -> Option<Vec<String>> {
        let own = |line: &&Line| {
            line.customer == self.orders.customer_ids.get(row)
                && line.day < self.customers.as_of
                && line.kind == Kind::Sale
        };
        column.eq_ignore_ascii_case("country").then(|| {
            let kept = self.lines.iter().filter(own);
            kept.map(|line| line.attributes[0].clone()).collect()
        })
    }

    fn winner(&self, rules: &[Rule], row: usize) -> u8 {
        if !self.customers.exists(row) {
            return NO_SEGMENT;
        }
        let first = rules.iter().position(|rule| meets(self, &rule.when, row));
        first.map_or(NO_SEGMENT, |rule| rule as u8)
    }
}

fn segments(orders: &Orders, customers: &Customers, ties: TieRule, rules: &[Rule]) -> Segmentation {
    segment_orders(orders, customers, &score(customers, ties), rules)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cut_points_score_as_they_say(lines in shop_lines(), as_of in as_of(), cuts in cut_points()) {
        let customers = customers_as_of(&shop(&lines), as_of);
        let scores = score(&customers, TieRule::Fixed(cuts));
        for row in 0..customers.len() {
            let exists = u8::from(customers.exists(row));
            let days = f64::from(customers.recency_days(row));
            let orders = f64::from(customers.frequency[row]);
            prop_assert_eq!(scores.r[row], exists * cuts.score(Measure::Recency, days));
            prop_assert_eq!(scores.f[row], exists * cuts.score(Measure::Frequency, orders));
            prop_assert_eq!(
                scores.m[row], exists * cuts.score(Measure::Monetary, customers.monetary[row])
            );
        }
        for (kind, column) in [&scores.r, &scores.f, &scores.m].into_iter().enumerate() {
            for points in 1..=5_u8 {
                let holders = column.iter().map(|&score| u64::from(score == points)).sum::<u64>();
                prop_assert_eq!(scores.bands[kind][usize::from(points) - 1].customers, holders);
            }
        }
    }

    #[test]
    fn a_drag_begins_where_shared_scores_are(lines in shop_lines(), as_of in as_of()) {
        let customers = customers_as_of(&shop(&lines), as_of);
        let shared = score(&customers, TieRule::Share);
        let cuts = CutPoints::implied(&shared.bands);
        prop_assert_eq!(cuts.fault(), None);
        let fixed = score(&customers, TieRule::Fixed(cuts));
        prop_assert_eq!((&fixed.r, &fixed.f, &fixed.m), (&shared.r, &shared.f, &shared.m));
        prop_assert_eq!(fixed.bands, shared.bands);
    }

    #[test]
    fn scoring_after_a_drag_is_scoring_anew(
        lines in shop_lines(), as_of in as_of(), before in ties(), after in ties(),
        measure in 0..3_usize, cut in 0..4_usize, value in 0..400_u32,
    ) {
        let customers = customers_as_of(&shop(&lines), as_of);
        let known = score(&customers, before);
        prop_assert_eq!(score_again(&customers, after, &known), score(&customers, after));
        if let TieRule::Fixed(cuts) = before {
            let moved = cuts.with(Measure::ALL[measure], cut, f64::from(value));
            prop_assert_eq!(moved.fault(), None);
            let moved = TieRule::Fixed(moved);
            prop_assert_eq!(score_again(&customers, moved, &known), score(&customers, moved));
        }
    }

    #[test]
    fn segments_partition_the_customers_for_any_rules_and_cuts(
        lines in shop_lines(), as_of in as_of(), ties in ties(), rules in rules(),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let scores = score(&customers, ties);
        let made = segment_orders(&orders, &customers, &scores, &rules);
        let plain = Plain { lines: &lines, orders: &orders, customers: &customers, scores: &scores };
        for row in 0..customers.len() {
            prop_assert_eq!(made.segment[row], plain.winner(&rules, row));
        }
        prop_assert_eq!(made.customers(), customers.active as u64);
        for (number, stats) in made.stats.iter().enumerate() {
            let held = made.segment.iter().filter(|&&of| usize::from(of) == number).count();
            prop_assert_eq!(stats.customers, held as u64);
        }
        let gaps = (0..customers.len())
            .filter(|&row| customers.exists(row) && made.segment[row] == NO_SEGMENT)
            .count();
        prop_assert_eq!(made.unmatched, gaps as u64);
    }

    #[test]
    fn the_rule_check_counts_what_one_would_count(
        lines in shop_lines(), as_of in as_of(), ties in ties(), rules in rules(),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let scores = score(&customers, ties);
        let attributes = AttributeTests::of(&orders, &customers, &rules);
        let inputs = RuleInputs::new(&customers, &scores, &attributes);
        let report = check_rules(inputs, &rules);
        let plain = Plain { lines: &lines, orders: &orders, customers: &customers, scores: &scores };
        let there: Vec<usize> = (0..customers.len()).filter(|&row| customers.exists(row)).collect();
        let made = segment(inputs, &rules);
        for (number, (rule, check)) in rules.iter().zip(&report.rules).enumerate() {
            let matches = there.iter().filter(|&&row| meets(&plain, &rule.when, row)).count();
            prop_assert_eq!(check.matches, matches as u64);
            prop_assert_eq!(check.wins, made.stats[number].customers);
            prop_assert!(!check.contradicts_itself || check.matches == 0);
            let taken: u64 = report.takers(number).iter().map(|&(_, customers)| customers).sum();
            prop_assert_eq!(check.matches, check.wins + taken);
        }
        prop_assert_eq!(report.unmatched, made.unmatched);
        // Order sensitivity is what really changing two places does.
        for first in 0..rules.len().saturating_sub(1) {
            let mut swapped = rules.clone();
            swapped.swap(first, first + 1);
            let after = segment(inputs, &swapped);
            let changed = there
                .iter()
                .filter(|&&row| {
                    let name = |made: &Segmentation, rules: &[Rule]| {
                        rules.get(usize::from(made.segment[row])).map(|rule| rule.name.clone())
                    };
                    name(&made, &rules) != name(&after, &swapped)
                })
                .count();
            prop_assert_eq!(report.swapped(first), changed as u64);
        }
    }

    #[test]
    fn moves_add_up(
        lines in shop_lines(), as_of in as_of(),
        (old_ties, new_ties) in (ties(), ties()), (old_rules, new_rules) in (rules(), rules()),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let old = segments(&orders, &customers, old_ties, &old_rules);
        let new = segments(&orders, &customers, new_ties, &new_rules);
        let moves = moves(
            &customers,
            Side { rules: &old_rules, segments: &old },
            Side { rules: &new_rules, segments: &new },
        );
        let matrix = moves.matrix(&old, &new);
        let sizes = |made: &Segmentation| -> Vec<u64> {
            let named = made.stats.iter().map(|stats| stats.customers);
            named.chain([made.unmatched]).collect()
        };
        let rows: Vec<u64> = matrix.iter().map(|row| row.iter().sum()).collect();
        prop_assert_eq!(rows, sizes(&old));
        let columns: Vec<u64> = (0..=new.stats.len())
            .map(|column| matrix.iter().map(|row| row[column]).sum())
            .collect();
        prop_assert_eq!(columns, sizes(&new));
        let (mut moved, mut cents) = (0, 0);
        for row in (0..customers.len()).filter(|&row| customers.exists(row)) {
            let carried = match usize::from(old.segment[row]) {
                place if place < old_rules.len() => moves.same[place],
                _ => Some(usize::from(NO_SEGMENT)),
            };
            if carried != Some(usize::from(new.segment[row])) {
                moved += 1;
                cents += (customers.monetary[row] * 100.0).round() as i64;
            }
        }
        prop_assert_eq!(moves.customers, moved);
        prop_assert_eq!((moves.revenue * 100.0).round() as i64, cents);
    }

    #[test]
    fn stability_is_what_moving_the_cut_does(
        lines in shop_lines(), as_of in as_of(), cuts in cut_points(), rules in rules(),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let scores = score(&customers, TieRule::Fixed(cuts));
        let attributes = AttributeTests::of(&orders, &customers, &rules);
        let made = segment(RuleInputs::new(&customers, &scores, &attributes), &rules);
        let curves = stability(RuleInputs::new(&customers, &scores, &attributes), &cuts, &rules);
        prop_assert_eq!(curves.cuts.len(), 12);
        for curve in &curves.cuts {
            // Whole numbers: "2 or more" is a border at 1.5, "7 days or fewer" one at 7.5.
            let at = curve.at;
            let border = |cut: f64| match curve.measure {
                Measure::Recency => cut.floor() + 0.5,
                Measure::Frequency => cut.ceil() - 0.5,
                Measure::Monetary => cut,
            };
            prop_assert_eq!(curve.changed.is_some(), border(at) > 0.0);
            let Some(changed) = &curve.changed else { continue };
            prop_assert_eq!(changed[20], 0);
            for (step, shift) in SHIFTS.iter().enumerate() {
                let (low, high) = cuts.room(curve.measure, curve.cut);
                let place = border(at) * (1.0 + shift);
                let place = place.max(border(low)).min(border(high));
                let mut moved = cuts;
                let column = match curve.measure {
                    Measure::Recency => &mut moved.recency_days,
                    Measure::Frequency => &mut moved.frequency,
                    Measure::Monetary => &mut moved.monetary,
                };
                column[curve.cut] = place;
                let after = segments(&orders, &customers, TieRule::Fixed(moved), &rules);
                let differ = made.segment.iter().zip(&after.segment).filter(|(a, b)| a != b);
                prop_assert_eq!(changed[step], differ.count() as u64, "{:?} {}", curve, shift);
            }
        }
    }
}
