//! The form of one rule: name, colour, conditions.

use egui::{
    Align, Color32, Id, Layout, Rect, RichText, Sense, Stroke, StrokeKind, TextEdit, Ui,
    WidgetInfo, accesskit::Role, vec2,
};
use lucide_icons::Icon;

use super::{
    draft::{Draft, Part, new_test},
    set_rules,
    tests::{self, test_ui},
};
use crate::{
    action::Actions,
    cx::Cx,
    frame::parts::focus_ring,
    theme::{font, gap, segment_color},
    views::segments::rules::in_words,
    widgets::{card::icon_button_ui, segment_mark, segmented::segmented_ui},
};
use analysis::rules::{Condition, Rule};

/// Colours to choose from.
const STYLES: u8 = 10;

/// What the form remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    /// The name being typed, and of which rule.
    name: Option<(usize, String)>,
    tests: tests::State,
}

/// Draws the form of rule `number`.
pub fn form_ui(ui: &mut Ui, cx: &Cx<'_>, number: usize, state: &mut State, actions: &mut Actions) {
    let Some(rule) = cx.project.rules.get(number) else {
        return;
    };
    let mut edited = rule.clone();
    ui.horizontal(|ui| {
        if let Some(name) = name_ui(ui, cx, (number, rule), &mut state.name) {
            edited.name = name;
        }
        ui.add_space(gap::S);
        if let Some(style) = styles_ui(ui, cx, rule) {
            edited.style = style;
        }
    });
    ui.add_space(gap::S);
    let before = Draft::from(&rule.when);
    let mut draft = before.clone();
    conditions_ui(ui, cx, rule, &mut draft, &mut state.tests);
    if draft != before {
        edited.when = draft.condition();
    }
    if edited != *rule {
        let mut rules = cx.project.rules.clone();
        rules[number] = edited;
        set_rules(cx, rules, actions);
    }
}

/// The name; taken over when the field is left or with Enter.
fn name_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (number, rule): (usize, &Rule),
    typed: &mut Option<(usize, String)>,
) -> Option<String> {
    if typed.as_ref().is_some_and(|(of, _)| *of != number) {
        *typed = None;
    }
    let mut text = typed
        .as_ref()
        .map_or_else(|| rule.name.clone(), |(_, text)| text.clone());
    let field = TextEdit::singleline(&mut text)
        .id(Id::unique("rule name"))
        .char_limit(40)
        .desired_width(170.0);
    let response = ui.add(field);
    response.widget_info(|| {
        let mut info = WidgetInfo::text_edit(true, "", text.as_str(), "");
        info.label = Some("Name of the segment".to_owned());
        info
    });
    let _ = cx;
    if response.has_focus() {
        *typed = Some((number, text));
        return None;
    }
    if response.lost_focus() {
        let escaped = ui.input(|input| input.key_pressed(egui::Key::Escape));
        *typed = None;
        let name = text.trim().to_owned();
        return (!escaped && !name.is_empty() && name != rule.name).then_some(name);
    }
    None
}

/// Ten marks in their colours; returns the one picked.
fn styles_ui(ui: &mut Ui, cx: &Cx<'_>, rule: &Rule) -> Option<u8> {
    let mut picked = None;
    ui.spacing_mut().item_spacing.x = 1.0;
    let own = (rule.style >= STYLES).then_some(rule.style);
    for style in (0..STYLES).chain(own) {
        let (rect, response) = ui.allocate_exact_size(vec2(24.0, 28.0), Sense::click());
        let on = rule.style == style;
        response.widget_info(|| {
            let label = format!("Colour and mark {}", style + 1);
            WidgetInfo::selected(Role::RadioButton, true, on, label)
        });
        let painter = ui.painter();
        let square = Rect::from_center_size(rect.center(), vec2(22.0, 22.0));
        if on {
            painter.rect_filled(square, 5, cx.palette.tint(segment_color(style), 0.2));
        } else if response.hovered() {
            painter.rect_filled(square, 5, cx.palette.hover);
        }
        if on || response.has_focus() {
            let color = if response.has_focus() {
                cx.palette.accent
            } else {
                segment_color(style)
            };
            painter.rect_stroke(square, 5, Stroke::new(1.5, color), StrokeKind::Inside);
        }
        segment_mark::paint(painter, rect.center(), 12.0, style);
        if response.clicked() && !on {
            picked = Some(style);
        }
    }
    picked
}

fn conditions_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    rule: &Rule,
    draft: &mut Draft,
    state: &mut tests::State,
) {
    if draft.parts.is_empty() {
        quiet_ui(
            ui,
            cx,
            "Everyone whom no rule above matches. Add a condition to narrow it.",
        );
    } else {
        switch_ui(ui, cx, "Customers who meet", &mut draft.all);
    }
    let mut remove = None;
    let name = rule.name.as_str();
    for (place, part) in draft.parts.iter_mut().enumerate() {
        let gone = match part {
            Part::Test(test) => test_ui(ui, cx, (name, place, 0), test, state),
            Part::Group { all, tests } => group_ui(ui, cx, (name, place), (all, tests), state),
            Part::Deeper(condition) => deeper_ui(ui, cx, condition),
        };
        if gone {
            remove = Some(place);
        }
    }
    if let Some(place) = remove {
        draft.parts.remove(place);
    }
    ui.add_space(gap::XS);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        if add_ui(ui, cx, "Condition") {
            draft.parts.push(Part::Test(new_test()));
        }
        if add_ui(ui, cx, "Group") {
            draft.parts.push(Part::Group {
                all: !draft.all,
                tests: vec![new_test(), new_test()],
            });
        }
    });
}

/// A box with conditions of its own; whether it was removed.
fn group_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (name, place): (&str, usize),
    (all, tests): (&mut bool, &mut Vec<Condition>),
    state: &mut tests::State,
) -> bool {
    let mut gone = false;
    let frame = egui::Frame::new()
        .stroke(Stroke::new(1.0, cx.palette.hairline))
        .corner_radius(6)
        .inner_margin(egui::Margin::symmetric(8, 6));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = gap::XS;
        ui.horizontal(|ui| {
            ui.push_id(("group", place), |ui| {
                switch_ui(ui, cx, "and who meet", all);
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                gone = icon_button_ui(ui, cx.palette, Icon::X, "Remove the group").clicked();
                if add_ui(ui, cx, "Condition in the group") {
                    tests.push(new_test());
                }
            });
        });
        let mut remove = None;
        for (inner, test) in tests.iter_mut().enumerate() {
            if test_ui(ui, cx, (name, place, inner + 1), test, state) {
                remove = Some(inner);
            }
        }
        if let Some(inner) = remove {
            tests.remove(inner);
            gone |= tests.is_empty();
        }
    });
    gone
}

fn deeper_ui(ui: &mut Ui, cx: &Cx<'_>, condition: &Condition) -> bool {
    let mut gone = false;
    ui.horizontal(|ui| {
        let text = format!("{} (edit it in a rule file)", in_words(condition));
        ui.add(egui::Label::new(RichText::new(text).color(cx.palette.muted)).truncate());
        let name = format!("Remove: {}", in_words(condition));
        gone = icon_button_ui(ui, cx.palette, Icon::X, &name).clicked();
    });
    gone
}

/// "Customers who meet [all | any] of these".
fn switch_ui(ui: &mut Ui, cx: &Cx<'_>, before: &str, all: &mut bool) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        quiet_ui(ui, cx, before);
        let choices = [(true, "all"), (false, "any")];
        if let Some(picked) = segmented_ui(ui, cx.palette, before, &choices, *all) {
            *all = picked;
        }
        quiet_ui(ui, cx, "of these");
    });
}

fn quiet_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    let text = RichText::new(text)
        .font(font::body())
        .color(cx.palette.muted);
    ui.label(text);
}

/// "+ Condition"; whether it was clicked.
fn add_ui(ui: &mut Ui, cx: &Cx<'_>, what: &str) -> bool {
    let shown = what.split(' ').next().unwrap_or(what);
    let text = format!("+ {shown}");
    let galley = ui
        .painter()
        .layout_no_wrap(text, font::body_medium(), Color32::PLACEHOLDER);
    let size = vec2(galley.size().x + 16.0, 28.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Button, true, format!("Add: {}", what.to_lowercase()))
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 6, cx.palette.hover);
    }
    focus_ring(ui.painter(), rect.shrink(2.0), 6, cx.palette, &response);
    let at = rect.center() - galley.size() / 2.0;
    ui.painter().galley(at, galley, cx.palette.accent);
    response.clicked()
}
