//! What is grouped: columns, number of clusters, seed; and the run under way.

use egui::{Align, DragValue, Layout, TextStyle, Ui, vec2};

use super::quiet;
use crate::{
    action::{Action, Actions},
    cx::Cx,
    format,
    frame::parts::progress_ui,
    theme::gap,
    widgets::card,
};
use analysis::clusters::{ClusterSpec, Feature, error::MOST_CLUSTERS, features::default_features};
use pipeline::grouping::{GroupingState, rows_of};

/// Width of a number that can be dragged or typed.
const FIELD: f32 = 48.0;

/// Draws the settings in a card of their own.
pub fn settings_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(gap::S, gap::S);
        ui.horizontal_wrapped(|ui| {
            features_ui(ui, cx, actions);
            ui.add_space(gap::M);
            numbers_ui(ui, cx, actions);
            ui.add_space(gap::M);
            run_ui(ui, cx, actions);
        });
    });
}

/// One toggle per column of numbers.
fn features_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    let Some(rows) = rows_of(cx.shop) else { return };
    let spec = &cx.project.clusters;
    let chosen = if spec.features.is_empty() {
        default_features(rows)
    } else {
        spec.features.clone()
    };
    ui.label(quiet("Group by", cx));
    for feature in rows.offered() {
        let on = chosen.contains(&feature);
        if ui
            .selectable_label(on, format::column(feature.title()))
            .clicked()
        {
            let keep = |known: &Feature| (*known == feature) != chosen.contains(known);
            let features: Vec<Feature> = rows.offered().into_iter().filter(keep).collect();
            if features.len() >= 2 {
                change(
                    ClusterSpec {
                        features,
                        ..spec.clone()
                    },
                    cx,
                    actions,
                );
            }
        }
    }
}

fn numbers_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    let spec = &cx.project.clusters;
    let mut k = spec.k;
    let field = DragValue::new(&mut k).range(2..=MOST_CLUSTERS).speed(0.05);
    if field_ui(ui, cx, "Clusters", field).changed() && k != spec.k {
        change(ClusterSpec { k, ..spec.clone() }, cx, actions);
    }
    let mut seed = spec.seed;
    let field = DragValue::new(&mut seed).speed(0.1);
    let response = field_ui(ui, cx, "Seed", field)
        .on_hover_text("Decides every random draw: the same seed gives the same clusters");
    if response.changed() && seed != spec.seed {
        change(
            ClusterSpec {
                seed,
                ..spec.clone()
            },
            cx,
            actions,
        );
    }
}

/// A number with its name, never torn apart by the end of a line.
fn field_ui(ui: &mut Ui, cx: &Cx<'_>, name: &str, field: DragValue<'_>) -> egui::Response {
    let words = ui.painter().layout_no_wrap(
        name.to_owned(),
        TextStyle::Body.resolve(ui.style()),
        cx.palette.muted,
    );
    // Told beforehand how wide it is, a line that is full hands it to the next one.
    let size = vec2(
        words.size().x + gap::S + FIELD,
        ui.spacing().interact_size.y,
    );
    let layout = Layout::left_to_right(Align::Center);
    ui.allocate_ui_with_layout(size, layout, |ui| {
        let label = ui.label(quiet(name, cx));
        ui.add(field).labelled_by(label.id)
    })
    .inner
}

/// Other settings give other clusters: names by hand belong to the ones before.
fn change(mut spec: ClusterSpec, cx: &Cx<'_>, actions: &mut Actions) {
    if !spec.same_clusters(&cx.project.clusters) {
        spec.names.clear();
    }
    actions.push(Action::SetClusters(spec));
}

fn run_ui(ui: &mut Ui, cx: &Cx<'_>, actions: &mut Actions) {
    match &cx.grouping.state {
        GroupingState::Running(progress) => {
            let share = (progress.total > 0).then(|| progress.done as f32 / progress.total as f32);
            progress_ui(ui, cx.palette, vec2(90.0, 6.0), share);
            let words = if progress.total > 0 {
                format!(
                    "{}: {} of {}",
                    progress.stage, progress.done, progress.total
                )
            } else {
                "Preparing columns".to_owned()
            };
            ui.label(quiet(&words, cx));
            if ui.button("Cancel").clicked() {
                actions.push(Action::CancelClusters);
            }
        }
        GroupingState::Idle | GroupingState::Failed(_) => {
            let Some(found) = &cx.grouping.found else {
                if ui.button("Find clusters").clicked() {
                    actions.push(Action::FindClusters);
                }
                return;
            };
            if !cx.grouping.answers(&cx.project.clusters) {
                if ui.button("Find clusters").clicked() {
                    actions.push(Action::FindClusters);
                }
                ui.label(quiet("The settings have changed since.", cx));
            } else if found.as_of != cx.shop.as_of {
                if ui.button("Update").clicked() {
                    actions.push(Action::FindClusters);
                }
                let words = format!("These clusters are as of {}.", format::date(found.as_of));
                ui.label(quiet(&words, cx));
            }
        }
    }
}
