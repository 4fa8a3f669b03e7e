//! Tuning segments in the window: what a person does with the mouse and the keys, and what follows.

use egui::{Key, Modifiers, Pos2, accesskit::Role, vec2};
use egui_kittest::kittest::NodeT;
use keepers::{
    analysis::{
        cut_points::CutPoints,
        rfm::TieRule,
        rules::{Comparison, Condition, Field},
    },
    ui::{
        action::{Action, View},
        views::segments::Tune,
    },
};

use crate::window::Window;

/// The sample shop, in a section of the Segments view.
fn open(section: &str) -> Window {
    open_at(section, 1000.0)
}

/// As high as what is looked for needs.
fn open_at(section: &str, height: f32) -> Window {
    let mut window = Window::high(height);
    window.act(Action::Show(View::Segments));
    window.click(Role::RadioButton, &format!("Section: {section}"));
    window
}

/// Centre of the node whose label begins with this text, and the label.
fn find(window: &Window, role: Role, label: &str) -> (Pos2, String) {
    let node = window.beginning(role, label);
    let label = node.accesskit_node().label().unwrap_or_default();
    (node.rect().center(), label)
}

fn sizes(window: &Window) -> Vec<u64> {
    let stats = window.shop().segments.stats.iter();
    stats.map(|stats| stats.customers).collect()
}

fn moved(window: &Window) -> u64 {
    let before = window.shop().tuning.before.as_ref();
    before.map_or(0, |before| before.moves.customers)
}

#[test]
fn a_dragged_cut_point_moves_customers_live_and_is_one_step() {
    let mut window = open("Cut points");
    let before = sizes(&window);
    assert_eq!(window.app().project().ties, TieRule::Share);
    let (handle, label) = find(&window, Role::Slider, "Recency: score 4");
    assert_eq!(
        label,
        "Recency: score 4 or better up to 125 days since last order"
    );
    window.move_to(handle);
    window.button(handle, true);
    let mut seen = Vec::new();
    for step in 1..=4 {
        window.move_to(handle + vec2(4.0 * step as f32, 0.0));
        let TieRule::Fixed(cuts) = window.app().project().ties else {
            panic!("a drag sets fixed cut points");
        };
        // The pointer is still down, and the numbers are those of this very cut point.
        let shop = window.shop();
        assert_eq!(shop.scores.ties, TieRule::Fixed(cuts));
        assert!(
            shop.tuning.check.is_none(),
            "the check waits for the end of the drag"
        );
        assert_eq!(
            sizes(&window).iter().sum::<u64>(),
            before.iter().sum::<u64>()
        );
        seen.push((cuts.recency_days[2], moved(&window)));
    }
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1),
        "{seen:?}"
    );
    window.button(handle + vec2(16.0, 0.0), false);
    let (_, last) = seen[3];
    assert_eq!(moved(&window), last, "the ghost stays after the drag");
    assert!(window.says(&format!("{last} customers moved")));
    let shop = window.shop();
    assert!(shop.tuning.is_complete(), "and the checks have followed");
    let after = sizes(&window);
    assert_ne!(after, before);
    window.act(Action::Undo);
    assert_eq!(
        (window.app().project().ties, sizes(&window)),
        (TieRule::Share, before)
    );
}

#[test]
fn a_cut_point_is_moved_by_keys_and_typed() {
    let mut window = open("Cut points");
    let implied = {
        let shop = window.shop();
        CutPoints::implied(&shop.scores.bands)
    };
    let (handle, _) = find(&window, Role::Slider, "Frequency: score 5");
    window.click_at(handle);
    window.press(Modifiers::NONE, Key::ArrowRight);
    let best = implied.frequency[3] + 1.0;
    let cuts = |window: &Window| match window.app().project().ties {
        TieRule::Fixed(cuts) => cuts,
        other => panic!("{other:?}"),
    };
    assert_eq!(cuts(&window).frequency[3], best);
    // Enter opens a field; what is typed cannot pass the neighbour.
    window.press(Modifiers::NONE, Key::Enter);
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.type_text("1");
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(cuts(&window).frequency[3], implied.frequency[2]);
}

#[test]
fn order_value_and_tenure_that_rules_ask_for_are_dragged_over_their_histograms() {
    let mut window = open_at("Cut points", 1600.0);
    assert!(window.says("rules can use them as they are"));
    let mut rules = window.app().project().rules.clone();
    let test = |field, value| Condition::Test(field, Comparison::AtLeast, value);
    rules[0].when = Condition::All(vec![
        test(Field::Aov, 60.0),
        Condition::Test(Field::TenureDays, Comparison::AtMost, 400.0),
    ]);
    window.act(Action::Tune(Tune::Rules(rules.clone())));
    let before = sizes(&window);
    let (tenure, label) = find(&window, Role::Slider, "VIP: days since first order");
    assert_eq!(label, "VIP: days since first order at most 400");
    let (aov, _) = find(
        &window,
        Role::Slider,
        "VIP: average order value at least 60",
    );
    window.move_to(aov);
    window.button(aov, true);
    window.move_to(aov + vec2(30.0, 0.0));
    let dragged = window.app().project().rules[0].when.clone();
    let Condition::All(parts) = &dragged else {
        panic!("{dragged:?}");
    };
    let Condition::Test(Field::Aov, Comparison::AtLeast, limit) = parts[0] else {
        panic!("{dragged:?}");
    };
    assert!(limit > 60.0, "{limit}");
    let kept = Condition::Test(Field::TenureDays, Comparison::AtMost, 400.0);
    assert_eq!(parts[1..], [kept], "the other number stays");
    // The pointer is still down: who moved is on the screen, and it is who meets the rule no more.
    let shop = window.shop();
    let left = (0..shop.customers.len()).filter(|&row| {
        let within = shop.customers.exists(row) && shop.customers.tenure_days(row) <= 400;
        within && (60.0..limit).contains(&shop.customers.aov(row))
    });
    let left = left.count() as u64;
    assert!(left > 0);
    assert_eq!(sizes(&window)[0], before[0] - left);
    window.button(aov + vec2(30.0, 0.0), false);
    window.click_at(tenure);
    window.press(Modifiers::NONE, Key::ArrowLeft);
    find(
        &window,
        Role::Slider,
        "VIP: days since first order at most 399",
    );
    window.act(Action::Undo);
    window.act(Action::Undo);
    assert_eq!(
        (&window.app().project().rules, sizes(&window)),
        (&rules, before)
    );
}

#[test]
fn rules_are_moved_edited_and_deleted_by_keys() {
    let mut window = open("Rules");
    let names = |window: &Window| -> Vec<String> {
        let rules = window.app().project().rules.iter();
        rules.map(|rule| rule.name.clone()).collect()
    };
    let before = names(&window);
    let (row, label) = find(&window, Role::ListBoxOption, "Rule 1, VIP");
    assert_eq!(
        label,
        "Rule 1, VIP: R ≥ 4 and F ≥ 4 and M ≥ 4. 659 customers"
    );
    window.click_at(row);
    window.press(Modifiers::ALT, Key::ArrowDown);
    assert_eq!(names(&window)[..2], ["Loyal", "VIP"]);
    // Every VIP is also Loyal: below it, nobody is left.
    assert_eq!(sizes(&window)[1], 0);
    assert_eq!(moved(&window), 659);
    assert!(window.says("VIP wins nobody: all 659 customers it matches are taken"));
    window.act(Action::Undo);
    assert_eq!(names(&window), before);
    let (row, _) = find(&window, Role::ListBoxOption, "Rule 6, Regulars");
    window.click_at(row);
    window.press(Modifiers::NONE, Key::Delete);
    assert_eq!(names(&window), before[..5]);
    assert!(window.says("1,042 customers match no rule"));
    window.act(Action::Undo);
    assert_eq!(names(&window), before);
}

#[test]
fn a_rule_dragged_by_its_grip_changes_places() {
    let mut window = open("Rules");
    let (first, _) = find(&window, Role::ListBoxOption, "Rule 1, VIP");
    let (third, _) = find(&window, Role::ListBoxOption, "Rule 3, Potential Loyalist");
    let row = window.beginning(Role::ListBoxOption, "Rule 1, VIP");
    let left = row.rect().left();
    let grip = |pos: Pos2| Pos2::new(left + 10.0, pos.y);
    window.move_to(grip(first));
    window.button(grip(first), true);
    for step in 1..=6 {
        let at = grip(first).lerp(grip(third), step as f32 / 6.0);
        window.move_to(at);
    }
    window.button(grip(third), false);
    let rules = &window.app().project().rules;
    assert_eq!(rules[2].name, "VIP");
    window.act(Action::Undo);
    assert_eq!(
        window.app().project().rules[0].name,
        "VIP",
        "one drag is one step"
    );
}
