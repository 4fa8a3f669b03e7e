//! The Segments view: what clicks and keys ask for, and what is shown.

use egui::{Modifiers, accesskit::Role};
use egui_kittest::kittest::{NodeT, Queryable};
use keepers::{
    analysis::{rfm::TieRule, selection::Part},
    ui::{action::Action, views::segments::Tune},
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
    harness.run();
    harness.get_by_label_contains("Rank first").click();
    harness.run();
    assert_eq!(
        harness.state().actions,
        [Action::Tune(Tune::Ties(TieRule::RankFirst))]
    );
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
