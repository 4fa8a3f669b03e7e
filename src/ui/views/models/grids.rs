//! The models of a recipe and their grids: fields with one number or several.

use egui::{Checkbox, DragValue, Grid, RichText, TextEdit, Ui};

use super::{
    settings::{heading_ui, row_ui},
    words,
};
use crate::{
    cx::Cx,
    frame::parts::{Loudness, button_ui},
    theme::{font, gap},
    widgets::dropdown::dropdown_ui,
};
use models::{
    Recipe,
    btyd::Family,
    recipe::{BoostingSpec, ModelSpec, Routing, TierCuts, TwoStageSpec},
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
    match model {
        ModelSpec::Tweedie(spec) => {
            row_ui(ui, cx, ("Variance power", "Between 1 and 2"), |ui| {
                ui.add(
                    DragValue::new(&mut spec.power)
                        .range(1.05..=1.95)
                        .speed(0.01),
                )
            });
            list_ui(ui, cx, ("Ridge", at), &mut spec.ridge, typing);
        }
        ModelSpec::Boosting(spec) => boosting_ui(ui, cx, (spec, at), typing),
        ModelSpec::Forest(spec) => {
            row_ui(ui, cx, ("Trees", "Trees of the forest"), |ui| {
                ui.add(DragValue::new(&mut spec.trees).range(10..=1_000))
            });
            let mut depth: Vec<f64> = spec.depth.iter().map(|&n| f64::from(n)).collect();
            list_ui(ui, cx, ("Depth", at), &mut depth, typing);
            spec.depth = depth.iter().map(|&n| n.max(1.0) as u16).collect();
            let words = ("Least in a leaf", "Customers in every leaf at least");
            row_ui(ui, cx, words, |ui| {
                ui.add(DragValue::new(&mut spec.min_leaf).range(1..=10_000))
            });
        }
        ModelSpec::Logistic(spec) => list_ui(ui, cx, ("Ridge", at), &mut spec.ridge, typing),
        ModelSpec::Lifetime(spec) => {
            row_ui(
                ui,
                cx,
                ("Days ahead", "When the target has no window of its own"),
                |ui| ui.add(DragValue::new(&mut spec.horizon_days).range(1..=1_825)),
            );
            families_ui(ui, cx, &mut spec.families);
        }
        ModelSpec::TwoStage(spec) => {
            tiers_ui(ui, cx, spec);
            boosting_ui(ui, cx, (&mut spec.trees, at), typing);
        }
        ModelSpec::Blend(spec) => {
            let words = (
                "Steps",
                "Steps of the search for weights: 10 tries 0, 0.1, … 1",
            );
            row_ui(ui, cx, words, |ui| {
                ui.add(DragValue::new(&mut spec.steps).range(1..=100))
            });
        }
    }
}

fn boosting_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (spec, at): (&mut BoostingSpec, usize),
    typing: &mut Typing,
) {
    let mut list = |ui: &mut Ui, name: &str, values: &mut Vec<f64>| {
        list_ui(ui, cx, (name, at), values, typing);
    };
    let mut trees: Vec<f64> = spec.trees.iter().map(|&n| n as f64).collect();
    list(ui, "Trees", &mut trees);
    spec.trees = trees.iter().map(|&n| n.max(1.0) as usize).collect();
    let mut depth: Vec<f64> = spec.depth.iter().map(|&n| f64::from(n)).collect();
    list(ui, "Depth", &mut depth);
    spec.depth = depth.iter().map(|&n| n.max(1.0) as u32).collect();
    list(ui, "Learning rate", &mut spec.learning_rate);
    share_ui(ui, cx, "Rows per tree", &mut spec.subsample);
    share_ui(ui, cx, "Inputs per tree", &mut spec.feature_share);
    let words = (
        "Least in a leaf",
        "Least sum of second derivatives in a leaf; with squared error, customers",
    );
    row_ui(ui, cx, words, |ui| {
        ui.add(DragValue::new(&mut spec.min_child_weight).range(0.0..=10_000.0))
    });
    let words = ("Ridge of leaves", "Penalty on the values of leaves");
    row_ui(ui, cx, words, |ui| {
        ui.add(DragValue::new(&mut spec.ridge).range(0.0..=1_000.0))
    });
}

/// Which models of coming back and leaving are tried; the last one cannot be left out.
fn families_ui(ui: &mut Ui, cx: &Cx<'_>, families: &mut Vec<Family>) {
    for family in Family::ALL {
        let mut tried = families.contains(&family);
        let hint = "Tried; the one with the smallest error in its own check is kept";
        row_ui(ui, cx, (family.title(), hint), |ui| {
            ui.add(Checkbox::without_text(&mut tried))
        });
        let known = families.contains(&family);
        if tried && !known {
            families.push(family);
        } else if !tried && known && families.len() > 1 {
            families.retain(|other| *other != family);
        }
    }
}

/// Where the tiers are cut, and how the router's answer is used.
fn tiers_ui(ui: &mut Ui, cx: &Cx<'_>, spec: &mut TwoStageSpec) {
    let hard = "the likeliest tier's specialist alone".to_owned();
    let soft = "all specialists, by probability".to_owned();
    ui.label(words::quiet(cx, "Routing"));
    let choices = [(Routing::Hard, hard), (Routing::Soft, soft)];
    if let Some(routing) = dropdown_ui(ui, cx.palette, "", &choices, &spec.routing) {
        spec.routing = routing;
    }
    ui.end_row();
    ui.label(words::quiet(cx, "Tiers are cut"));
    let choices = [
        (false, "at the terciles".to_owned()),
        (true, "at set values".to_owned()),
    ];
    let set = matches!(spec.cuts, TierCuts::Values(_));
    if let Some(set) = dropdown_ui(ui, cx.palette, "", &choices, &set) {
        spec.cuts = if set {
            TierCuts::Values([50.0, 150.0])
        } else {
            TierCuts::Terciles
        };
    }
    ui.end_row();
    if let TierCuts::Values([medium, high]) = &mut spec.cuts {
        let words = ("Medium from", "Values below are Low");
        row_ui(ui, cx, words, |ui| {
            ui.add(DragValue::new(medium).range(0.0..=1e9).speed(1.0))
        });
        let words = ("High from", "Values from here on are High");
        let least = *medium + 0.01;
        row_ui(ui, cx, words, |ui| {
            ui.add(DragValue::new(high).range(least..=1e9).speed(1.0))
        });
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
