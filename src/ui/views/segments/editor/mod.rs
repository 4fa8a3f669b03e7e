//! The section *Rules*: the ordered list, the form of the chosen rule, what the rules do.
//!
//! | file | holds |
//! | --- | --- |
//! | `list` | the rules in order: choose, drag, move, duplicate, delete |
//! | `form` | name, colour and conditions of the chosen rule |
//! | `tests` | one condition: field, comparison, value |
//! | `values` | choosing among the values of a column |
//! | [`draft`] | conditions as the form shows them |
//! | `slider` | the slider of a threshold |
//! | `presets` | ready lists, own ones, rule files |

pub mod draft;
mod form;
mod list;
mod presets;
mod slider;
mod tests;
mod values;

use egui::{RichText, Ui};
use lucide_icons::Icon;

use super::{Tune, check_words::Weight, model::Model, moved, pair_ui};
use crate::{
    action::{Action, Actions},
    cx::Cx,
    theme::{font, gap},
    widgets::{
        card::{Head, card_ui, icon_button_ui},
        grid::stacks,
        segment_mark,
    },
};
use analysis::rules::{Condition, MAX_RULES, Rule};

const BELOW_HEIGHT: f32 = 330.0;
const LEAST_HEIGHT: f32 = 400.0;

/// What the section remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    /// The rule whose form is open.
    chosen: usize,
    /// The rule being dragged.
    dragged: Option<usize>,
    form: form::State,
    presets: presets::State,
}

/// Draws the section.
pub fn section_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    model: &Model,
    state: &mut State,
    actions: &mut Actions,
) {
    let rules = &cx.project.rules;
    state.chosen = state.chosen.min(rules.len().saturating_sub(1));
    let stacked = stacks(ui);
    let list_height = list::height(rules.len()) + 110.0;
    let height = if stacked {
        list_height
    } else {
        list_height.max(LEAST_HEIGHT)
    };
    pair_ui(ui, stacked, height, |ui, left| {
        if left {
            list_card_ui(ui, cx, model, state, actions);
        } else {
            form_card_ui(ui, cx, state, actions);
        }
    });
    pair_ui(ui, stacked, BELOW_HEIGHT, |ui, left| {
        if left {
            check_card_ui(ui, cx, model);
        } else {
            moved::card_ui(ui, cx, model, actions);
        }
    });
}

/// Replaces the rules; a list of the same rules asks for nothing.
fn set_rules(cx: &Cx<'_>, rules: Vec<Rule>, actions: &mut Actions) {
    if rules != cx.project.rules {
        actions.push(Action::Tune(Tune::Rules(rules)));
    }
}

/// A name nobody else has: "New segment", "New segment 2"…
fn fresh_name(rules: &[Rule], wanted: &str) -> String {
    let taken = |name: &str| rules.iter().any(|rule| rule.name == name);
    if !taken(wanted) {
        return wanted.to_owned();
    }
    (2..=rules.len() + 2)
        .map(|number| format!("{wanted} {number}"))
        .find(|name| !taken(name))
        .unwrap_or_default()
}

/// The colour fewest rules use, the first of them.
fn fresh_style(rules: &[Rule]) -> u8 {
    (0..10_u8)
        .min_by_key(|&style| rules.iter().filter(|rule| rule.style == style).count())
        .unwrap_or(0)
}

fn list_card_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, state: &mut State, actions: &mut Actions) {
    let head = Head {
        title: "Segment rules",
        finding: &model.findings.rules,
        definition: "A customer belongs to the first rule that matches, read from top to bottom. R, F and M \
                     are the scores for recency, frequency and monetary value, 1 to 5. Drag a rule by its \
                     grip, or move it with Alt+↑ and Alt+↓. Click one to edit it on the right.",
    };
    let State {
        chosen,
        dragged,
        presets,
        ..
    } = state;
    let mut asked = Actions::new();
    let mut add = false;
    card_ui(
        ui,
        cx.palette,
        head,
        |ui| {
            add = icon_button_ui(ui, cx.palette, Icon::Plus, "Add a rule").clicked();
            presets::menu_ui(ui, cx, presets, &mut asked);
        },
        |ui| {
            ui.set_min_height(ui.available_height());
            list::list_ui(ui, cx, model, (chosen, dragged), actions);
        },
    );
    actions.append(&mut asked);
    if add && cx.project.rules.len() < MAX_RULES {
        let mut rules = cx.project.rules.clone();
        let new = Rule {
            name: fresh_name(&rules, "New segment"),
            when: draft::new_test(),
            style: fresh_style(&rules),
        };
        // Above the one that is chosen: below "everyone else" it would win nobody.
        rules.insert((*chosen).min(rules.len()), new);
        set_rules(cx, rules, actions);
    }
}

fn form_card_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let Some(rule) = cx.project.rules.get(state.chosen) else {
        let head = Head {
            title: "Rule",
            finding: "There is no rule: add one, or take a preset.",
            definition: "",
        };
        card_ui(
            ui,
            cx.palette,
            head,
            |_| {},
            |ui| {
                ui.set_min_height(ui.available_height());
            },
        );
        return;
    };
    let words = super::rules::in_words(&rule.when);
    let finding = if rule.when == Condition::Always {
        "Matches everyone whom no rule above matches.".to_owned()
    } else {
        format!("Matches when {words}.")
    };
    let title = format!("Rule {}: {}", state.chosen + 1, rule.name);
    let head = Head {
        title: &title,
        finding: &finding,
        definition: "Conditions look at scores (1 to 5), at plain values, or at any column of the data. \
                     Predicted value and P(alive) are known once a model was trained; until then such a \
                     condition matches nobody. A group holds conditions of its own, all or any of which \
                     must hold.",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            ui.set_min_height(ui.available_height());
            form::form_ui(ui, cx, state.chosen, &mut state.form, actions);
        },
    );
}

fn check_card_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model) {
    let warnings = model
        .remarks
        .iter()
        .filter(|remark| remark.weight == Weight::Warning)
        .count();
    let finding = match warnings {
        0 => "The rules do what they say.".to_owned(),
        1 => "One thing to look at.".to_owned(),
        more => format!("{more} things to look at."),
    };
    let head = Head {
        title: "Rule check",
        finding: &finding,
        definition: "For each rule: the customers it would match alone, the ones it wins, and the ones \
                     taken by a rule above it. A rule that wins nobody is named with the reason. Where two \
                     neighbouring rules match the same customers, their order matters.",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            if cx.shop.tuning.check.is_none() {
                ui.multiply_opacity(0.55);
            }
            egui::ScrollArea::vertical()
                .id_salt("rule check")
                .max_height(ui.available_height())
                .auto_shrink(false)
                .show(ui, |ui| {
                    for remark in &model.remarks {
                        remark_ui(ui, cx, model, remark);
                    }
                });
        },
    );
}

fn remark_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, remark: &super::check_words::Remark) {
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let (icon, color) = match remark.weight {
            Weight::Warning => (Icon::TriangleAlert, cx.palette.warn),
            Weight::Note => (Icon::Info, cx.palette.muted),
        };
        ui.label(
            RichText::new(icon.unicode().to_string())
                .font(font::icon(15.0))
                .color(color),
        );
        if let Some(segment) = remark.rule.and_then(|rule| model.segments.get(rule)) {
            let size = egui::vec2(segment_mark::MARK_SIZE, 18.0);
            let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
            segment_mark::paint(
                ui.painter(),
                rect.center(),
                segment_mark::MARK_SIZE,
                segment.stats.style,
            );
        }
        let text = RichText::new(&remark.text)
            .font(font::body())
            .color(cx.palette.text);
        ui.add(egui::Label::new(text).wrap());
    });
}

#[cfg(test)]
mod unit {
    use super::*;
    use analysis::rules::default_rules;

    #[test]
    fn new_rules_get_a_name_and_a_colour_of_their_own() {
        let mut rules = default_rules();
        assert_eq!(fresh_name(&rules, "New segment"), "New segment");
        assert_eq!(fresh_name(&rules, "VIP"), "VIP 2");
        // The six defaults use styles 0 to 5.
        assert_eq!(fresh_style(&rules), 6);
        rules.push(Rule {
            style: 6,
            ..rules[0].clone()
        });
        assert_eq!(fresh_style(&rules), 7);
    }
}
