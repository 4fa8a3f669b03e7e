//! Every setting of one recipe. A change is kept in the project and can be undone.

use egui::{Checkbox, DragValue, Grid, RichText, TextEdit, Ui};
use lucide_icons::Icon;

use super::{ModelsAction, State, gallery, words};
use crate::{
    models::{
        Gallery, Recipe,
        features::FeatureGroup,
        recipe::{ModelSpec, Recalibration, SmoteSpec},
        target::{Design, Span, TargetKind},
    },
    ui::{
        action::{Action, Actions},
        cx::Cx,
        frame::parts::{Loudness, button_ui},
        theme::{font, gap},
        widgets::{
            card::{Head, card_ui},
            dropdown::dropdown_ui,
            grid::stacks,
        },
    },
};

/// A list being typed: which field, and what stands there so far.
#[derive(Debug, Default)]
pub struct Typing(Option<(String, String)>);

/// Draws the settings of the recipe of this name.
pub(super) fn settings_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, name): (&mut State, &str),
    actions: &mut Actions,
) {
    let Some(chosen) = Gallery::named(name) else {
        state.editing = None;
        return;
    };
    let before = gallery::recipe(cx, chosen);
    let mut recipe = before.clone();
    let title = format!("Settings of {}", recipe.title);
    let problem = recipe.check().err().map(|problem| problem.to_string());
    let finding = problem.unwrap_or_else(|| chosen.about().to_owned());
    let head = Head {
        title: &title,
        finding: &finding,
        definition: "Settings are part of the project and can be undone. A field with several numbers is a grid: \
                     the best is chosen by cross-validation inside the training customers.",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            buttons_ui(ui, cx, (state, &before), actions);
            ui.add_space(gap::S);
            if stacks(ui) {
                judging_ui(ui, cx, &mut recipe);
                ui.separator();
                models_ui(ui, cx, (&mut recipe, &mut state.typing));
            } else {
                ui.columns(2, |columns| {
                    judging_ui(&mut columns[0], cx, &mut recipe);
                    models_ui(&mut columns[1], cx, (&mut recipe, &mut state.typing));
                });
            }
            ui.separator();
            features_ui(ui, cx, &mut recipe);
        },
    );
    if recipe != before {
        let is_gallery = recipe == gallery::suited(cx.project, cx.shop, chosen);
        actions.push(Action::Models(if is_gallery {
            ModelsAction::Reset(recipe.name)
        } else {
            ModelsAction::Edit(Box::new(recipe))
        }));
    }
}

fn buttons_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, recipe): (&mut State, &Recipe),
    actions: &mut Actions,
) {
    ui.horizontal(|ui| {
        let valid = recipe.check().is_ok();
        let train = ui.add_enabled_ui(valid, |ui| {
            button_ui(ui, cx.palette, Some(Icon::Play), "Train", Loudness::Primary)
        });
        if train.inner.clicked() {
            state.editing = None;
            actions.push(Action::Models(ModelsAction::Train(Box::new(
                recipe.clone(),
            ))));
        }
        if button_ui(ui, cx.palette, None, "Close", Loudness::Plain).clicked() {
            state.editing = None;
        }
        let edited = cx
            .project
            .recipes
            .iter()
            .any(|known| known.name == recipe.name);
        let reset = "Back to the defaults";
        if edited && button_ui(ui, cx.palette, None, reset, Loudness::Quiet).clicked() {
            actions.push(Action::Models(ModelsAction::Reset(recipe.name.clone())));
        }
    });
}

fn heading_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    ui.label(
        RichText::new(text)
            .font(font::body_medium())
            .color(cx.palette.text),
    );
    ui.add_space(gap::XS);
}

/// A label and its field, found by the label.
fn row_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (label, hint): (&str, &str),
    field: impl FnOnce(&mut Ui) -> egui::Response,
) {
    let name = ui.label(words::quiet(cx, label)).on_hover_text(hint);
    field(ui).labelled_by(name.id);
    ui.end_row();
}

/// Question, split, and how the result is judged.
fn judging_ui(ui: &mut Ui, cx: &Cx<'_>, recipe: &mut Recipe) {
    heading_ui(ui, cx, "Question and judgement");
    Grid::new("judging")
        .num_columns(2)
        .spacing([gap::L, gap::S])
        .show(ui, |ui| {
            window_ui(ui, cx, recipe);
            if matches!(
                recipe.target,
                TargetKind::RemainingValue | TargetKind::TotalValue
            ) {
                let choices = [
                    (
                        TargetKind::RemainingValue,
                        "what is still to come".to_owned(),
                    ),
                    (
                        TargetKind::TotalValue,
                        "all, what is known included".to_owned(),
                    ),
                ];
                ui.label(words::quiet(cx, "Value"));
                if let Some(kind) = dropdown_ui(ui, cx.palette, "", &choices, &recipe.target) {
                    recipe.target = kind;
                }
                ui.end_row();
            }
            let mut percent = recipe.hold_out * 100.0;
            row_ui(
                ui,
                cx,
                (
                    "Locked hold-out",
                    "Customers locked away until everything is chosen",
                ),
                |ui| {
                    ui.add(
                        DragValue::new(&mut percent)
                            .range(0.0..=50.0)
                            .speed(0.5)
                            .suffix(" %"),
                    )
                },
            );
            if (percent - recipe.hold_out * 100.0).abs() > 1e-9 {
                recipe.hold_out = percent.round() / 100.0;
            }
            row_ui(
                ui,
                cx,
                ("Folds", "Parts of the cross-validation inside the rest"),
                |ui| ui.add(DragValue::new(&mut recipe.folds).range(2..=20).speed(0.1)),
            );
            row_ui(
                ui,
                cx,
                (
                    "Earlier dates",
                    "How many earlier dates the recipe is trained at again",
                ),
                |ui| {
                    ui.add(
                        DragValue::new(&mut recipe.backtests)
                            .range(0..=6)
                            .speed(0.1),
                    )
                },
            );
            let mut level = recipe.interval * 100.0;
            row_ui(
                ui,
                cx,
                (
                    "Interval",
                    "Share of outcomes the prediction intervals promise to hold",
                ),
                |ui| {
                    ui.add(
                        DragValue::new(&mut level)
                            .range(50.0..=99.0)
                            .speed(0.5)
                            .suffix(" %"),
                    )
                },
            );
            if (level - recipe.interval * 100.0).abs() > 1e-9 {
                recipe.interval = level.round() / 100.0;
            }
            row_ui(
                ui,
                cx,
                (
                    "Seed",
                    "Decides hold-out, folds, subsamples: the same seed gives the same bytes",
                ),
                |ui| ui.add(DragValue::new(&mut recipe.seed).range(0..=9_999).speed(0.1)),
            );
            recalibration_ui(ui, cx, recipe);
        });
    smote_ui(ui, cx, recipe);
}

/// Days ahead, or window and total of a customer's early life.
fn window_ui(ui: &mut Ui, cx: &Cx<'_>, recipe: &mut Recipe) {
    match &mut recipe.design {
        Design::Cutoff { horizon_days } => {
            row_ui(
                ui,
                cx,
                ("Days ahead", "Length of the window that is predicted"),
                |ui| ui.add(DragValue::new(horizon_days).range(1..=1_095).speed(0.5)),
            );
        }
        Design::EarlyLife { window, total } => {
            span_ui(ui, cx, "Learn from the first", window);
            span_ui(ui, cx, "Predict the first", total);
        }
        Design::Table => {}
    }
}

fn span_ui(ui: &mut Ui, cx: &Cx<'_>, label: &str, span: &mut Span) {
    let (count, unit) = match span {
        Span::Days(days) => (days, " days"),
        Span::Months(months) => (months, " months"),
    };
    row_ui(
        ui,
        cx,
        (label, "Counted from a customer's first order"),
        |ui| {
            ui.add(
                DragValue::new(count)
                    .range(1..=1_095)
                    .speed(0.2)
                    .suffix(unit),
            )
        },
    );
}

fn recalibration_ui(ui: &mut Ui, cx: &Cx<'_>, recipe: &mut Recipe) {
    let scale = if recipe.target.is_class() {
        "Platt's curve"
    } else {
        "one factor"
    };
    let choices = [
        (Recalibration::None, "none".to_owned()),
        (Recalibration::Scale, scale.to_owned()),
        (Recalibration::Isotonic, "isotonic".to_owned()),
    ];
    ui.label(words::quiet(cx, "Recalibration")).on_hover_text(
        "Brings predictions to the level of the outcomes, learned from cross-validation",
    );
    if let Some(kind) = dropdown_ui(ui, cx.palette, "", &choices, &recipe.recalibration) {
        recipe.recalibration = kind;
    }
    ui.end_row();
}

fn smote_ui(ui: &mut Ui, cx: &Cx<'_>, recipe: &mut Recipe) {
    if !recipe.target.is_class() {
        return;
    }
    ui.add_space(gap::S);
    let mut on = recipe.smote.is_some();
    let text = "Oversample the rarer class in training folds (SMOTE)";
    if ui.add(Checkbox::new(&mut on, text)).changed() {
        recipe.smote = on.then(SmoteSpec::default);
    }
    let Some(smote) = &mut recipe.smote else {
        return;
    };
    Grid::new("smote")
        .num_columns(2)
        .spacing([gap::L, gap::S])
        .show(ui, |ui| {
            row_ui(
                ui,
                cx,
                ("Rarer ÷ other class", "1 makes the classes equal"),
                |ui| {
                    ui.add(
                        DragValue::new(&mut smote.ratio)
                            .range(0.05..=1.0)
                            .speed(0.01),
                    )
                },
            );
            row_ui(
                ui,
                cx,
                (
                    "Neighbours",
                    "Synthetic customers lie between a customer and one of these",
                ),
                |ui| {
                    ui.add(
                        DragValue::new(&mut smote.neighbours)
                            .range(1..=50)
                            .speed(0.1),
                    )
                },
            );
        });
}

/// What competes, with its grid.
fn models_ui(ui: &mut Ui, cx: &Cx<'_>, (recipe, typing): (&mut Recipe, &mut Typing)) {
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

/// Groups of features, switched together.
fn features_ui(ui: &mut Ui, cx: &Cx<'_>, recipe: &mut Recipe) {
    heading_ui(ui, cx, "What the models may know of a customer");
    if !recipe.features.only.is_empty() {
        let text = format!(
            "Exactly these features: {}.",
            recipe.features.only.join(", ")
        );
        ui.label(words::quiet(cx, &text));
        if button_ui(ui, cx.palette, None, "Use groups instead", Loudness::Quiet).clicked() {
            recipe.features.only.clear();
        }
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for group in FeatureGroup::ALL {
            let mut on = recipe.features.groups.contains(&group);
            if ui.add(Checkbox::new(&mut on, group.title())).changed() {
                if on {
                    recipe.features.groups.insert(group);
                } else {
                    recipe.features.groups.remove(&group);
                }
            }
        }
    });
}
