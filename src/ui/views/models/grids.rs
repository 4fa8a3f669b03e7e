//! The models of a recipe and their grids: fields with one number or several.

use egui::{DragValue, Grid, RichText, TextEdit, Ui};

use super::{
    settings::{heading_ui, row_ui},
    words,
};
use crate::{
    models::{Recipe, recipe::ModelSpec},
    ui::{
        cx::Cx,
        frame::parts::{Loudness, button_ui},
        theme::{font, gap},
    },
};

/// A list being typed: which field, and what stands there so far.
#[derive(Debug, Default)]
pub struct Typing(Option<(String, String)>);

/// What competes, with its grid.
pub(super) fn models_ui(ui: &mut Ui, cx: &Cx<'_>, (recipe, typing): (&mut Recipe, &mut Typing)) {
    heading_ui(ui, cx, "Models that compete (naive baselines always do)");
    let mut dropped = None;
    let only_one = recipe.models.len() == 1;
    for (at, model) in recipe.models.iter_mut().enumerate() {
        ui.horizontal(|ui| {
            ui.label(
                RichText::new(model.title())
                    .font(font::body())
                    .color(cx.palette.text),
            );
            let label = format!("Leave out {}", model.title());
            let quiet = Loudness::Quiet;
            if !only_one
                && button_ui(ui, cx.palette, None, "Leave out", quiet)
                    .on_hover_text(label)
                    .clicked()
            {
                dropped = Some(at);
            }
        });
        ui.indent(("model", at), |ui| {
            Grid::new(("model", at))
                .num_columns(2)
                .spacing([gap::L, gap::XS])
                .show(ui, |ui| {
                    model_ui(ui, cx, (model, at), typing);
                });
        });
    }
    if let Some(at) = dropped {
        recipe.models.remove(at);
    }
}

fn model_ui(ui: &mut Ui, cx: &Cx<'_>, (model, at): (&mut ModelSpec, usize), typing: &mut Typing) {
    let mut list = |ui: &mut Ui, name: &str, values: &mut Vec<f64>| {
        list_ui(ui, cx, (name, at), values, typing);
    };
    match model {
        ModelSpec::Tweedie(spec) => {
            row_ui(ui, cx, ("Variance power", "Between 1 and 2"), |ui| {
                ui.add(
                    DragValue::new(&mut spec.power)
                        .range(1.05..=1.95)
                        .speed(0.01),
                )
            });
            list(ui, "Ridge", &mut spec.ridge);
        }
        ModelSpec::Boosting(spec) => {
            let mut trees: Vec<f64> = spec.trees.iter().map(|&n| n as f64).collect();
            list(ui, "Trees", &mut trees);
            spec.trees = trees.iter().map(|&n| n.max(1.0) as usize).collect();
            let mut depth: Vec<f64> = spec.depth.iter().map(|&n| f64::from(n)).collect();
            list(ui, "Depth", &mut depth);
            spec.depth = depth.iter().map(|&n| n.max(1.0) as u32).collect();
            list(ui, "Learning rate", &mut spec.learning_rate);
            share_ui(ui, cx, "Rows per tree", &mut spec.subsample);
            share_ui(ui, cx, "Inputs per tree", &mut spec.feature_share);
        }
        ModelSpec::Forest(spec) => {
            row_ui(ui, cx, ("Trees", "Trees of the forest"), |ui| {
                ui.add(DragValue::new(&mut spec.trees).range(10..=1_000))
            });
            let mut depth: Vec<f64> = spec.depth.iter().map(|&n| f64::from(n)).collect();
            list(ui, "Depth", &mut depth);
            spec.depth = depth.iter().map(|&n| n.max(1.0) as u16).collect();
        }
        ModelSpec::Logistic(spec) => list(ui, "Ridge", &mut spec.ridge),
        ModelSpec::Lifetime(spec) => {
            row_ui(
                ui,
                cx,
                ("Days ahead", "When the target has no window of its own"),
                |ui| ui.add(DragValue::new(&mut spec.horizon_days).range(1..=1_825)),
            );
        }
        ModelSpec::TwoStage(_) | ModelSpec::Blend(_) => {}
    }
}

fn share_ui(ui: &mut Ui, cx: &Cx<'_>, label: &str, share: &mut f64) {
    row_ui(
        ui,
        cx,
        (label, "Share drawn at random for each tree"),
        |ui| ui.add(DragValue::new(share).range(0.1..=1.0).speed(0.01)),
    );
}

/// Numbers with commas between them; taken over when the field is left and every one can be read.
fn list_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (name, at): (&str, usize),
    values: &mut Vec<f64>,
    typing: &mut Typing,
) {
    let key = format!("{name} {at}");
    let written = values
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    let mut text = match &typing.0 {
        Some((known, text)) if *known == key => text.clone(),
        _ => written.clone(),
    };
    let hint = "One number, or several with commas: the best is chosen by cross-validation";
    let label = ui.label(words::quiet(cx, name)).on_hover_text(hint);
    let field = ui
        .add(TextEdit::singleline(&mut text).desired_width(140.0))
        .labelled_by(label.id);
    ui.end_row();
    if field.has_focus() {
        typing.0 = Some((key, text));
    } else if field.lost_focus() {
        typing.0 = None;
        let parsed: Option<Vec<f64>> = text
            .split(',')
            .map(|part| {
                part.trim()
                    .parse()
                    .ok()
                    .filter(|n: &f64| n.is_finite() && *n >= 0.0)
            })
            .collect();
        if let Some(parsed) = parsed.filter(|parsed| !parsed.is_empty()) {
            *values = parsed;
        }
    }
}
