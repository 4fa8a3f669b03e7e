//! What a customer table is asked: the target, the groups it is compared by, and the thresholds of the
//! derived fields. Every change is part of the project and answered at once.

use egui::{DragValue, Label, RichText, Ui};

use super::model::{self, Asked};
use crate::{
    action::{Action, Actions},
    cx::Cx,
    theme::{Palette, font, gap},
    widgets::{
        card::{Head, card_ui},
        dropdown::dropdown_ui,
        segmented::segmented_ui,
    },
};
use analysis::{
    derived::DerivedSpec,
    flat::FlatSpec,
    rates::{Target, Test},
};
use pipeline::snapshot::Flat;

/// Width of the words before a row of controls.
const LABEL_WIDTH: f32 = 132.0;

pub(super) fn controls_ui(ui: &mut Ui, cx: &Cx<'_>, flat: &Flat, actions: &mut Actions) {
    let Some(table) = cx.shop.dataset.tables.first() else {
        return;
    };
    let spec = &cx.project.flat;
    let asked = Asked::of(table, &flat.answers, spec);
    let head = Head {
        title: "What is asked",
        finding: &asked.finding,
        definition: "The target is a yes/no question about one column; its rate is compared between the \
                     categories of another. Thresholds cut numbers into the derived fields: by the share of \
                     customers below, or at a value of your own.",
    };
    let mut wanted = spec.clone();
    let tools = |ui: &mut Ui| {
        let text = RichText::new("Back to the defaults").font(font::body());
        let button = egui::Button::new(text.color(cx.palette.muted)).frame(false);
        if *spec != FlatSpec::default() && ui.add(button).clicked() {
            actions.push(Action::SetFlat(Box::default()));
        }
    };
    card_ui(ui, cx.palette, head, tools, |ui| {
        ui.add_space(gap::S);
        ui.spacing_mut().item_spacing.y = gap::S;
        target_ui(ui, cx.palette, &asked, &mut wanted);
        if asked.has_value {
            value_ui(ui, cx.palette, &asked, &mut wanted.derived);
            high_ui(ui, cx.palette, &asked, &mut wanted.derived);
        }
        if asked.has_churn {
            churn_ui(ui, cx.palette, &mut wanted.derived);
        }
        for (field, why) in &flat.answers.derived.absent {
            let note = format!("{} is left out: {why}.", field.replace('_', " "));
            let note = RichText::new(note).font(font::caption());
            ui.add(Label::new(note.color(cx.palette.muted)).wrap());
        }
    });
    if wanted != *spec {
        actions.push(Action::SetFlat(Box::new(wanted)));
    }
}

/// A row of controls behind its words.
fn row_ui(ui: &mut Ui, palette: &Palette, words: &str, controls: impl FnOnce(&mut Ui)) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let text = RichText::new(words).font(font::body_medium());
        let size = egui::vec2(LABEL_WIDTH, 28.0);
        let left = egui::Layout::left_to_right(egui::Align::Center);
        ui.allocate_ui_with_layout(size, left, |ui| {
            ui.set_min_width(LABEL_WIDTH);
            ui.label(text.color(palette.text));
        });
        controls(ui);
    });
}

fn target_ui(ui: &mut Ui, palette: &Palette, asked: &Asked<'_>, wanted: &mut FlatSpec) {
    let name = asked.target.as_ref().map(|target| target.column.clone());
    row_ui(ui, palette, "Target", |ui| {
        let choices = asked.target_choices();
        if let Some(Some(column)) = dropdown_ui(ui, palette, "Column", &choices, &name) {
            wanted.target = model::target_on(asked.table, &column);
        }
        let Some(target) = &asked.target else { return };
        match &target.test {
            Test::Over(threshold) => {
                let step = asked.step_of(&target.column);
                if let Some(over) = number_ui(ui, palette, "over", (*threshold, step, "")) {
                    wanted.target = Some(Target {
                        test: Test::Over(over),
                        ..target.clone()
                    });
                }
            }
            Test::Is(value) => {
                let choices = asked.values_of(&target.column);
                if let Some(value) = dropdown_ui(ui, palette, "is", &choices, value) {
                    wanted.target = Some(Target {
                        test: Test::Is(value),
                        ..target.clone()
                    });
                }
            }
        }
    });
    row_ui(ui, palette, "Compared by", |ui| {
        let choices = asked.group_choices();
        if let Some(by) = dropdown_ui(ui, palette, "Categories of", &choices, &asked.by) {
            wanted.by = by;
        }
    });
}

/// Whether a threshold is a share of the customers or a value.
const BY: [(bool, &str); 2] = [(false, "Share of customers"), (true, "Value")];

fn value_ui(ui: &mut Ui, palette: &Palette, asked: &Asked<'_>, spec: &mut DerivedSpec) {
    row_ui(ui, palette, "Value category", |ui| {
        let by_value = spec.value_cuts.is_some();
        if let Some(by_value) = segmented_ui(ui, palette, "Value category by", &BY, by_value) {
            spec.value_cuts = by_value.then_some(asked.cuts.low_high);
        }
        if let Some(cuts) = spec.value_cuts {
            let moved = pair_ui(ui, palette, (cuts, asked.value_step, ""));
            spec.value_cuts = moved.or(spec.value_cuts);
        } else {
            let percents = spec.value_shares.map(|share| share * 100.0);
            if let Some(cuts) = pair_ui(ui, palette, (percents, 1.0, " %")) {
                spec.value_shares = cuts.map(|percent| (percent / 100.0).clamp(0.0, 1.0));
            }
        }
    });
}

/// "Low below 33 %, High from 67 %"; the second one never lies below the first.
fn pair_ui(
    ui: &mut Ui,
    palette: &Palette,
    (cuts, step, unit): ([f64; 2], f64, &str),
) -> Option<[f64; 2]> {
    let low = number_ui(ui, palette, "Low below", (cuts[0], step, unit));
    let high = number_ui(ui, palette, "High from", (cuts[1], step, unit));
    match (low, high) {
        (Some(low), _) => Some([low, cuts[1].max(low)]),
        (None, Some(high)) => Some([cuts[0].min(high), high]),
        (None, None) => None,
    }
}

fn high_ui(ui: &mut Ui, palette: &Palette, asked: &Asked<'_>, spec: &mut DerivedSpec) {
    row_ui(ui, palette, "High value", |ui| {
        let by_value = spec.high_value.is_some();
        if let Some(by_value) = segmented_ui(ui, palette, "High value by", &BY, by_value) {
            spec.high_value = by_value.then_some(asked.cuts.high_value);
        }
        if let Some(value) = spec.high_value {
            let shown = (value, asked.value_step, "");
            spec.high_value = number_ui(ui, palette, "at least", shown).or(spec.high_value);
        } else {
            let shown = (spec.high_value_share * 100.0, 1.0, " %");
            if let Some(percent) = number_ui(ui, palette, "above", shown) {
                spec.high_value_share = (percent / 100.0).clamp(0.0, 1.0);
            }
        }
    });
}

fn churn_ui(ui: &mut Ui, palette: &Palette, spec: &mut DerivedSpec) {
    row_ui(ui, palette, "Churn risk", |ui| {
        let [medium, high] = spec.churn_cuts;
        let share = |value: f64| value.clamp(0.0, 1.0);
        if let Some(medium) = number_ui(ui, palette, "Medium from", (medium, 0.01, "")).map(share) {
            spec.churn_cuts = [medium, high.max(medium)];
        }
        if let Some(high) = number_ui(ui, palette, "High risk from", (high, 0.01, "")).map(share) {
            spec.churn_cuts = [medium.min(high), high];
        }
    });
}

/// A number to drag or to type; returns it when it changed.
fn number_ui(
    ui: &mut Ui,
    palette: &Palette,
    words: &str,
    (value, step, unit): (f64, f64, &str),
) -> Option<f64> {
    let words = RichText::new(words).font(font::body());
    let label = ui.label(words.color(palette.muted));
    let mut shown = value;
    let decimals = if step < 0.1 {
        2
    } else {
        usize::from(step < 1.0)
    };
    let field = DragValue::new(&mut shown)
        .speed(step)
        .max_decimals(decimals)
        .update_while_editing(false)
        .suffix(unit);
    let response = ui.add(field).labelled_by(label.id);
    (response.changed() && shown.is_finite() && shown != value).then_some(shown)
}
