//! Every setting of one recipe. A change is kept in the project and can be undone.

use egui::{DragValue, Grid, RichText, Ui, WidgetInfo, accesskit::Role};
use lucide_icons::Icon;

use super::{ModelsAction, State, gallery, grids::models_ui, words};
use crate::{
    action::{Action, Actions},
    cx::Cx,
    frame::parts::{Loudness, button_ui},
    theme::{font, gap},
    widgets::{
        card::{Head, card_ui},
        check::check_ui,
        dropdown::dropdown_ui,
        grid::stacks,
    },
};
use models::{
    Gallery, Recipe,
    features::FeatureGroup,
    recipe::{Recalibration, SmoteSpec},
    target::{Design, Span, TargetKind},
};

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
        let name = "Train with these settings";
        let named = || WidgetInfo::labeled(Role::Button, valid, name);
        train.inner.widget_info(named);
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

pub(super) fn heading_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str) {
    ui.label(
        RichText::new(text)
            .font(font::body_medium())
            .color(cx.palette.text),
    );
    ui.add_space(gap::XS);
}

/// A label and its field, found by the label.
pub(super) fn row_ui(
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
            numbers_ui(ui, cx, recipe);
            recalibration_ui(ui, cx, recipe);
        });
    smote_ui(ui, cx, recipe);
}

/// Hold-out, folds, earlier dates, interval, seed.
fn numbers_ui(ui: &mut Ui, cx: &Cx<'_>, recipe: &mut Recipe) {
    let words = (
        "Locked hold-out",
        "Customers locked away until everything is chosen",
    );
    share_ui(ui, cx, words, (&mut recipe.hold_out, 0.0..=50.0));
    let words = ("Folds", "Parts of the cross-validation inside the rest");
    row_ui(ui, cx, words, |ui| {
        ui.add(DragValue::new(&mut recipe.folds).range(2..=20).speed(0.1))
    });
    let words = (
        "Earlier dates",
        "How many earlier dates the recipe is trained at again",
    );
    row_ui(ui, cx, words, |ui| {
        let field = DragValue::new(&mut recipe.backtests);
        ui.add(field.range(0..=6).speed(0.1))
    });
    let words = (
        "Interval",
        "Share of outcomes the prediction intervals promise to hold",
    );
    share_ui(ui, cx, words, (&mut recipe.interval, 50.0..=99.0));
    let words = (
        "Seed",
        "Decides hold-out, folds, subsamples: the same seed gives the same bytes",
    );
    row_ui(ui, cx, words, |ui| {
        ui.add(DragValue::new(&mut recipe.seed).range(0..=9_999).speed(0.1))
    });
}

/// A share, edited in whole per cent.
fn share_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    words: (&str, &str),
    (share, range): (&mut f64, std::ops::RangeInclusive<f64>),
) {
    let mut percent = *share * 100.0;
    let mut changed = false;
    row_ui(ui, cx, words, |ui| {
        let field = DragValue::new(&mut percent).range(range).speed(0.5);
        let field = ui.add(field.suffix(" %"));
        changed = field.changed();
        field
    });
    if changed {
        *share = percent.round() / 100.0;
    }
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
    if check_ui(ui, cx.palette, &mut on, text).changed() {
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
            if check_ui(ui, cx.palette, &mut on, group.title()).changed() {
                if on {
                    recipe.features.groups.insert(group);
                } else {
                    recipe.features.groups.remove(&group);
                }
            }
        }
    });
}
