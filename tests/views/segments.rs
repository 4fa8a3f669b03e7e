//! The Segments view: what clicks and keys ask for, and what is shown.

use egui::{Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use keepers::{
    analysis::{rfm::TieRule, selection::Part},
    ui::{
        action::Action,
        views::segments::{Section, Tune},
    },
};

use crate::shop::{Which, harness};

fn part(name: &str) -> Part {
    Part::Segment(name.to_owned())
}

/// By hand (1 + strictly worse customers · 5 ÷ 6, rounded down): amber scores R 4, F 5, M 3 and fern
/// R 5, F 3, M 5, so both are Loyal and nobody is VIP; they bring 410 of 660.
const LOYAL: &str = "Loyal: 2 customers (33.3 %), 62.1 % of revenue";

#[test]
fn a_click_on_a_bubble_selects_its_segment() {
    let mut harness = harness(Which::Segments, Vec::new());
    harness.run();
    harness
        .get_by(|node| {
            node.role() == Role::Button && node.label().is_some_and(|l| l.starts_with(LOYAL))
        })
        .click();
    harness.run();
    assert_eq!(harness.state().actions, [Action::Select(part("Loyal"))]);
}

#[test]
fn ctrl_click_on_a_row_adds_to_the_selection_and_takes_back() {
    let mut harness = harness(Which::Segments, vec![part("VIP"), part("At Risk")]);
    harness.run();
    let row = |name: &'static str| {
        move |node: &egui_kittest::kittest::AccessKitNode<'_>| {
            node.role() == Role::Row && node.label().is_some_and(|label| label.starts_with(name))
        }
    };
    harness
        .get_by(row("Regulars:"))
        .click_modifiers(Modifiers::CTRL);
    harness.run();
    harness
        .get_by(row("At Risk:"))
        .click_modifiers(Modifiers::CTRL);
    harness.run();
    harness.get_by(row("At Risk:")).click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [
            Action::SelectAlso(part("Regulars")),
            Action::Unselect(1),
            Action::Select(part("At Risk")),
        ]
    );
}

#[test]
fn a_click_on_a_grid_cell_selects_its_scores() {
    let mut harness = harness(Which::Segments, Vec::new());
    harness.run();
    // Only fern: it bought last (R 5); three customers have fewer orders (F 3).
    harness
        .get_by_label_contains("Recency score 5, frequency score 3: 1 customer")
        .click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [Action::Select(Part::RfCell { r: 5, f: 3 })]
    );
}

#[test]
fn the_ties_switch_asks_for_the_other_rule() {
    let mut harness = harness(Which::Segments, Vec::new());
    harness.state_mut().segments.section = Section::CutPoints;
    harness.run();
    harness.get_by_label_contains("Rank first").click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [Action::Tune(Tune::Ties(TieRule::RankFirst))]
    );
}

/// By hand, 1 + ⌊5 · strictly worse ÷ 6⌋: amber to fern have recency 10, 20, 600, 900, 240, 5 and score
/// 4, 3, 1, 1, 2, 5; a cut lies at the worst value that passes it.
#[test]
fn fixed_cut_points_begin_where_the_shared_scores_are() {
    let mut harness = harness(Which::Segments, Vec::new());
    harness.state_mut().segments.section = Section::CutPoints;
    harness.run();
    harness.get_by_label_contains(": Fixed").click();
    harness.run();
    let [Action::Tune(Tune::Ties(TieRule::Fixed(cuts)))] = harness.state().actions.as_slice()
    else {
        panic!("{:?}", harness.state().actions);
    };
    assert_eq!(cuts.recency_days, [240.0, 20.0, 10.0, 5.0]);
    assert_eq!(cuts.monetary, [50.0, 140.0, 180.0, 270.0]);
}

#[test]
fn the_rules_section_lists_the_rules_and_deletes_one() {
    let mut harness = harness(Which::Segments, Vec::new());
    harness.state_mut().segments.section = Section::Rules;
    harness.run();
    // By hand: amber and fern are Loyal; cedar and ember At Risk, delta Dormant, birch is left.
    for label in [
        "Rule 1, VIP: R ≥ 4 and F ≥ 4 and M ≥ 4. 0 customers",
        "Rule 2, Loyal: R ≥ 4 and (F ≥ 4 or M ≥ 4). 2 customers",
    ] {
        assert!(harness.query_by_label(label).is_some(), "{label}");
    }
    harness.get_by_label("Delete VIP").click();
    harness.run();
    let [Action::Tune(Tune::Rules(rules))] = harness.state().actions.as_slice() else {
        panic!("{:?}", harness.state().actions);
    };
    assert_eq!((rules.len(), rules[0].name.as_str()), (5, "Loyal"));
}

#[test]
fn heads_sort_the_segment_table() {
    let mut harness = harness(Which::Segments, Vec::new());
    harness.run();
    let first = |harness: &egui_kittest::Harness<'_, crate::shop::Bench>| {
        harness
            .get_all_by_role(Role::Row)
            .min_by(|a, b| a.rect().top().total_cmp(&b.rect().top()))
            .and_then(|node| node.accesskit_node().label())
            .unwrap_or_default()
    };
    assert!(first(&harness).starts_with("VIP:"));
    let click = |harness: &mut egui_kittest::Harness<'_, crate::shop::Bench>| {
        harness
            .get_by(|node| {
                node.role() == Role::ColumnHeader && node.label().as_deref() == Some("Segment")
            })
            .click();
        harness.run();
    };
    click(&mut harness);
    assert!(first(&harness).starts_with("At Risk:"));
    click(&mut harness);
    assert!(first(&harness).starts_with("VIP:"));
}
