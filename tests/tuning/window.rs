//! Tuning segments in the window: what a person does with the mouse and the keys, and what follows.

use std::time::{Duration, Instant};

use egui::{Event, Key, Modifiers, PointerButton, Pos2, accesskit::Role, vec2};
use egui_kittest::{
    Harness,
    kittest::{NodeT, Queryable},
};
use keepers::{
    analysis::{
        cut_points::CutPoints,
        rfm::TieRule,
        segments::{Comparison, Condition, Field},
    },
    app::App,
    ui::{
        action::{Action, View},
        views::segments::Tune,
    },
};

const PATIENCE: Duration = Duration::from_mins(1);

/// The app on the sample shop, in the Segments view.
struct Window {
    harness: Harness<'static, Option<App>>,
}

impl Window {
    fn open(section: &str) -> Self {
        Self::open_at(section, 1000.0)
    }

    /// As high as what is looked for needs.
    fn open_at(section: &str, height: f32) -> Self {
        let harness = crate::fresh::on_the_sample_shop(height);
        let mut window = Self { harness };
        window.settle();
        let ctx = window.harness.ctx.clone();
        let app = window.harness.state_mut().as_mut().unwrap();
        app.act(&ctx, Action::Show(View::Segments));
        window.settle();
        let section = format!("Section: {section}");
        window
            .harness
            .get_by_role_and_label(Role::RadioButton, &section)
            .click();
        window.settle();
        window
    }

    fn app(&self) -> &App {
        self.harness.state().as_ref().unwrap()
    }

    fn settle(&mut self) {
        let started = Instant::now();
        loop {
            self.harness.run_steps(2);
            if self.app().settled() {
                break;
            }
            assert!(started.elapsed() < PATIENCE, "the app did not settle");
            std::thread::sleep(Duration::from_millis(2));
        }
        self.harness.run_steps(3);
    }

    fn pointer(&mut self, event: Event) {
        self.harness.event(event);
        self.settle();
    }

    fn button(&mut self, pos: Pos2, pressed: bool) {
        self.pointer(Event::PointerButton {
            pos,
            button: PointerButton::Primary,
            pressed,
            modifiers: Modifiers::NONE,
        });
    }

    /// Down and up at once: what is held longer is no click.
    fn click(&mut self, pos: Pos2) {
        for pressed in [true, false] {
            self.harness.event(Event::PointerButton {
                pos,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            });
        }
        self.settle();
    }

    /// Centre of the node whose label begins with this text, and the label.
    fn find(&self, role: Role, label: &str) -> (Pos2, String) {
        let node = self.harness.get_by(|node| {
            node.role() == role && node.label().is_some_and(|text| text.starts_with(label))
        });
        let label = node.accesskit_node().label().unwrap_or_default();
        (node.rect().center(), label)
    }

    fn sizes(&self) -> Vec<u64> {
        let shop = self.app().snapshot().shop.as_ref().unwrap();
        let stats = shop.segments.stats.iter();
        stats.map(|stats| stats.customers).collect()
    }

    fn moved(&self) -> u64 {
        let shop = self.app().snapshot().shop.as_ref().unwrap();
        let before = shop.tuning.before.as_ref();
        before.map_or(0, |before| before.moves.customers)
    }

    fn says(&self, text: &str) -> bool {
        let mut found = self.harness.query_all_by_label_contains(text);
        found.next().is_some()
    }

    fn undo(&mut self) {
        let ctx = self.harness.ctx.clone();
        let app = self.harness.state_mut().as_mut().unwrap();
        app.act(&ctx, Action::Undo);
        self.settle();
    }
}

#[test]
fn a_dragged_cut_point_moves_customers_live_and_is_one_step() {
    let mut window = Window::open("Cut points");
    let before = window.sizes();
    assert_eq!(window.app().project().ties, TieRule::Share);
    let (handle, label) = window.find(Role::Slider, "Recency: score 4");
    assert_eq!(
        label,
        "Recency: score 4 or better up to 125 days since last order"
    );
    window.pointer(Event::PointerMoved(handle));
    window.button(handle, true);
    let mut seen = Vec::new();
    for step in 1..=4 {
        window.pointer(Event::PointerMoved(handle + vec2(4.0 * step as f32, 0.0)));
        let TieRule::Fixed(cuts) = window.app().project().ties else {
            panic!("a drag sets fixed cut points");
        };
        // The pointer is still down, and the numbers are those of this very cut point.
        let shop = window.app().snapshot().shop.as_ref().unwrap();
        assert_eq!(shop.scores.ties, TieRule::Fixed(cuts));
        assert!(
            shop.tuning.check.is_none(),
            "the check waits for the end of the drag"
        );
        assert_eq!(
            window.sizes().iter().sum::<u64>(),
            before.iter().sum::<u64>()
        );
        seen.push((cuts.recency_days[2], window.moved()));
    }
    assert!(
        seen.windows(2)
            .all(|pair| pair[0].0 < pair[1].0 && pair[0].1 < pair[1].1),
        "{seen:?}"
    );
    window.button(handle + vec2(16.0, 0.0), false);
    let (_, moved) = seen[3];
    assert_eq!(window.moved(), moved, "the ghost stays after the drag");
    assert!(window.says(&format!("{moved} customers moved")));
    let shop = window.app().snapshot().shop.as_ref().unwrap();
    assert!(shop.tuning.is_complete(), "and the checks have followed");
    let after = window.sizes();
    assert_ne!(after, before);
    window.undo();
    assert_eq!(
        (window.app().project().ties, window.sizes()),
        (TieRule::Share, before)
    );
}

#[test]
fn a_cut_point_is_moved_by_keys_and_typed() {
    let mut window = Window::open("Cut points");
    let implied = {
        let shop = window.app().snapshot().shop.as_ref().unwrap();
        CutPoints::implied(&shop.scores)
    };
    let (handle, _) = window.find(Role::Slider, "Frequency: score 5");
    window.click(handle);
    window.harness.key_press(Key::ArrowRight);
    window.settle();
    let best = implied.frequency[3] + 1.0;
    let cuts = |window: &Window| match window.app().project().ties {
        TieRule::Fixed(cuts) => cuts,
        other => panic!("{other:?}"),
    };
    assert_eq!(cuts(&window).frequency[3], best);
    // Enter opens a field; what is typed cannot pass the neighbour.
    window.harness.key_press(Key::Enter);
    window.settle();
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::A);
    window.harness.event(Event::Text("1".to_owned()));
    window.settle();
    window.harness.key_press(Key::Enter);
    window.settle();
    assert_eq!(cuts(&window).frequency[3], implied.frequency[2]);
}

#[test]
fn order_value_and_tenure_that_rules_ask_for_are_dragged_over_their_histograms() {
    let mut window = Window::open_at("Cut points", 1600.0);
    assert!(window.says("rules can use them as they are"));
    let ctx = window.harness.ctx.clone();
    let mut rules = window.app().project().rules.clone();
    let test = |field, value| Condition::Test(field, Comparison::AtLeast, value);
    rules[0].when = Condition::All(vec![
        test(Field::Aov, 60.0),
        Condition::Test(Field::TenureDays, Comparison::AtMost, 400.0),
    ]);
    let app = window.harness.state_mut().as_mut().unwrap();
    app.act(&ctx, Action::Tune(Tune::Rules(rules.clone())));
    window.settle();
    let before = window.sizes();
    let (tenure, label) = window.find(Role::Slider, "VIP: days since first order");
    assert_eq!(label, "VIP: days since first order at most 400");
    let (aov, _) = window.find(Role::Slider, "VIP: average order value at least 60");
    window.pointer(Event::PointerMoved(aov));
    window.button(aov, true);
    window.pointer(Event::PointerMoved(aov + vec2(30.0, 0.0)));
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
    let shop = window.app().snapshot().shop.as_ref().unwrap();
    let left = (0..shop.customers.len()).filter(|&row| {
        let within = shop.customers.exists(row) && shop.customers.tenure_days(row) <= 400;
        within && (60.0..limit).contains(&shop.customers.aov(row))
    });
    let left = left.count() as u64;
    assert!(left > 0);
    assert_eq!(window.sizes()[0], before[0] - left);
    window.button(aov + vec2(30.0, 0.0), false);
    window.click(tenure);
    window.harness.key_press(Key::ArrowLeft);
    window.settle();
    window.find(Role::Slider, "VIP: days since first order at most 399");
    window.undo();
    window.undo();
    assert_eq!(
        (&window.app().project().rules, window.sizes()),
        (&rules, before)
    );
}

#[test]
fn rules_are_moved_edited_and_deleted_by_keys() {
    let mut window = Window::open("Rules");
    let names = |window: &Window| -> Vec<String> {
        let rules = window.app().project().rules.iter();
        rules.map(|rule| rule.name.clone()).collect()
    };
    let before = names(&window);
    let (row, label) = window.find(Role::ListBoxOption, "Rule 1, VIP");
    assert_eq!(
        label,
        "Rule 1, VIP: R ≥ 4 and F ≥ 4 and M ≥ 4. 659 customers"
    );
    window.click(row);
    window
        .harness
        .key_press_modifiers(Modifiers::ALT, Key::ArrowDown);
    window.settle();
    assert_eq!(names(&window)[..2], ["Loyal", "VIP"]);
    // Every VIP is also Loyal: below it, nobody is left.
    assert_eq!(window.sizes()[1], 0);
    assert_eq!(window.moved(), 659);
    assert!(window.says("VIP wins nobody: all 659 customers it matches are taken"));
    window.undo();
    assert_eq!(names(&window), before);
    let (row, _) = window.find(Role::ListBoxOption, "Rule 6, Regulars");
    window.click(row);
    window.harness.key_press(Key::Delete);
    window.settle();
    assert_eq!(names(&window), before[..5]);
    assert!(window.says("1,042 customers match no rule"));
    window.undo();
    assert_eq!(names(&window), before);
}

#[test]
fn a_rule_dragged_by_its_grip_changes_places() {
    let mut window = Window::open("Rules");
    let (first, _) = window.find(Role::ListBoxOption, "Rule 1, VIP");
    let (third, _) = window.find(Role::ListBoxOption, "Rule 3, Potential Loyalist");
    let left = window
        .harness
        .get_by(|node| {
            node.label()
                .is_some_and(|text| text.starts_with("Rule 1, VIP"))
        })
        .rect()
        .left();
    let grip = |pos: Pos2| Pos2::new(left + 10.0, pos.y);
    window.pointer(Event::PointerMoved(grip(first)));
    window.button(grip(first), true);
    for step in 1..=6 {
        let at = grip(first).lerp(grip(third), step as f32 / 6.0);
        window.pointer(Event::PointerMoved(at));
    }
    window.button(grip(third), false);
    let rules = &window.app().project().rules;
    assert_eq!(rules[2].name, "VIP");
    window.undo();
    assert_eq!(
        window.app().project().rules[0].name,
        "VIP",
        "one drag is one step"
    );
}
