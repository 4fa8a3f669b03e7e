//! The leakage meter: how much of the target was known before anything was predicted.

use egui::{Grid, RichText, Sense, Ui, vec2};
use lucide_icons::Icon;

use super::{Page, chart_height, words};
use crate::{
    action::Actions,
    chart::{ChartCard, Sheet},
    cx::Cx,
    format::{fixed, percent},
    theme::{font, gap},
    widgets::{card::Head, empty::empty_ui},
};
use evaluation::leakage::{CopyRival, Leakage};

const DEFINITION: &str = "Share of the target's sum that lies inside the window the features are made of. A target \
     such as “revenue of the first 12 months” predicted from the first three contains what it is predicted from; \
     a value after the prediction date does not.";

pub(super) fn leakage_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page<'_>, actions: &mut Actions) {
    // That of the chosen model where it was judged on these customers, else that of the best.
    let of_model = page.chosen.report().leakage.as_ref();
    let leakage = of_model.or(page.chosen.run.run.leakage.as_ref());
    page.pair_ui(ui, [0.5, 0.5], |ui, card| {
        if card == 0 {
            meter_ui(ui, cx, leakage, actions);
        } else {
            rivals_ui(ui, cx, (page, leakage), actions);
        }
    });
}

/// The share that was known, large.
fn meter_ui(ui: &mut Ui, cx: &Cx<'_>, leakage: Option<&Leakage>, actions: &mut Actions) {
    let known = leakage.and_then(|leakage| leakage.known_share);
    let finding = match known {
        Some(share) => format!(
            "{} of this target was already known when it was “predicted”.",
            percent(share)
        ),
        None => "The target begins after the prediction date: none of it was known.".to_owned(),
    };
    let head = Head {
        title: "Leakage meter",
        finding: &finding,
        definition: DEFINITION,
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["known_share"]);
        sheet.push(vec![crate::chart::sheet::cell(Some(known.unwrap_or(0.0)))]);
        sheet
    };
    ChartCard::new(cx.palette, head, "leakage", &sheet).show_ui(ui, actions, |ui, _| {
        ui.set_min_height(chart_height(ui));
        let share = known.unwrap_or(0.0);
        let (word, color) = match share {
            share if share >= 0.9 => ("nearly all of it", cx.palette.bad),
            share if share >= 0.5 => ("most of it", cx.palette.warn),
            share if share > 0.0 => ("a part of it", cx.palette.warn),
            _ => ("nothing of it", cx.palette.good),
        };
        ui.add_space(gap::XL);
        ui.vertical_centered(|ui| {
            ui.label(
                RichText::new(percent(share))
                    .font(font::figure())
                    .color(color),
            );
            ui.label(words::quiet(cx, &format!("was already known: {word}")));
        });
        ui.add_space(gap::L);
        bar_ui(ui, cx, share as f32, &finding);
        ui.add_space(gap::L);
        if let Some(full) = leakage.and_then(|leakage| leakage.fully_known_share) {
            let text = format!(
                "For {} of customers nothing was left to predict.",
                percent(full)
            );
            ui.label(words::quiet(cx, &text));
        }
    });
}

/// Known and still to come, as one bar with words under its ends.
fn bar_ui(ui: &mut Ui, cx: &Cx<'_>, share: f32, summary: &str) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Meter, true, summary));
    let painter = ui.painter();
    let bar = egui::Rect::from_min_size(rect.min, vec2(rect.width(), 20.0));
    painter.rect_filled(bar, 6, cx.palette.accent_soft);
    let known = egui::Rect::from_min_size(bar.min, vec2(bar.width() * share, bar.height()));
    painter.rect_filled(known, 6, cx.palette.second);
    let text = |place, align, words: &str| {
        painter.text(place, align, words, font::caption(), cx.palette.muted);
    };
    text(
        rect.left_bottom(),
        egui::Align2::LEFT_BOTTOM,
        "known before",
    );
    text(
        rect.right_bottom(),
        egui::Align2::RIGHT_BOTTOM,
        "still to come",
    );
}

/// Copying one input against the model, and the model on what was still to come.
fn rivals_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (page, leakage): (&Page<'_>, Option<&Leakage>),
    actions: &mut Actions,
) {
    let rival = leakage.and_then(|leakage| leakage.rival.as_ref());
    let finding = match (leakage, rival) {
        (Some(leakage), Some(rival)) if leakage.rival_wins() => copied_words(leakage, rival),
        (_, Some(rival)) => format!(
            "No input gives the answer away: the nearest, “{}”, equals it for {} of customers.",
            rival.feature,
            percent(rival.equal_share)
        ),
        (_, None) => "There is no input to copy for this target.".to_owned(),
    };
    let head = Head {
        title: "The copy-a-feature rival",
        finding: &finding,
        definition: "The input that, taken as the prediction as it is, comes nearest to the target. If it does as \
                     well as the model, the model has learned nothing else. Below: the same model judged only on \
                     the value that was still to come.",
    };
    let sheet = || rivals_sheet(leakage);
    ChartCard::new(cx.palette, head, "copy_rival", &sheet).show_ui(ui, actions, |ui, _| {
        rivals_table_ui(ui, cx, (page, leakage));
    });
}

/// By which metric copying is at least as good, and by which it is not.
fn copied_words(leakage: &Leakage, rival: &CopyRival) -> String {
    let (feature, equal) = (&rival.feature, percent(rival.equal_share));
    let by_r2 = rival.r2.zip(leakage.model_r2);
    let by_r2 = by_r2.is_some_and(|(copied, model)| copied >= model);
    let by_mae = rival.mae <= leakage.model_mae;
    let (by, but) = match (by_r2, by_mae) {
        (true, true) => ("R² and mean absolute error", String::new()),
        (true, false) => (
            "R²",
            "; by mean absolute error the model is better".to_owned(),
        ),
        _ => (
            "mean absolute error",
            "; by R² the model is better".to_owned(),
        ),
    };
    format!(
        "Copying “{feature}” is at least as good as the model by {by}{but}. It equals the target for {equal} of customers."
    )
}

/// Model, copy, and the model on what was still to come.
fn rivals_table_ui(ui: &mut Ui, cx: &Cx<'_>, (page, leakage): (&Page<'_>, Option<&Leakage>)) {
    let rival = leakage.and_then(|leakage| leakage.rival.as_ref());
    let remaining = &page.chosen.model().on_remaining;
    ui.set_min_height(chart_height(ui));
    let Some(leakage) = leakage else {
        let why = "This target has no amount that an input could hold.";
        empty_ui(ui, cx.palette, Icon::ShieldCheck, why, None);
        return;
    };
    let cell = |text: String| {
        RichText::new(text)
            .font(font::body_medium())
            .color(cx.palette.text)
    };
    Grid::new("copy rival")
        .num_columns(3)
        .spacing([gap::L, gap::S])
        .show(ui, |ui| {
            for name in ["", "r2", "mae"] {
                let (_, definition) = words::metric_title(name);
                let head = ui.label(words::caption(cx, words::metric_head(name)));
                if !definition.is_empty() {
                    head.on_hover_text(definition);
                }
            }
            ui.end_row();
            ui.label(words::quiet(cx, "The model, on the whole target"));
            ui.label(cell(words::metric("r2", leakage.model_r2)));
            ui.label(cell(fixed(leakage.model_mae, 2)));
            ui.end_row();
            if let Some(rival) = rival {
                ui.label(words::quiet(cx, &format!("Copying “{}”", rival.feature)));
                ui.label(cell(words::metric("r2", rival.r2)));
                ui.label(cell(fixed(rival.mae, 2)));
                ui.end_row();
            }
            if !remaining.is_empty() && page.chosen.report().spec.total_target {
                ui.label(words::quiet(cx, "The model, on what was still to come"));
                ui.label(cell(words::metric("r2", remaining.get("r2").copied())));
                ui.label(cell(words::metric("mae", remaining.get("mae").copied())));
                ui.end_row();
            }
            if let Some(twin) = &leakage.twin {
                ui.label(words::quiet(cx, "Trained on what was still to come"));
                ui.label(cell(words::metric("r2", twin.r2)));
                ui.label(cell(fixed(twin.mae, 2)));
                ui.end_row();
            }
        });
    twin_tiers_ui(ui, cx, leakage);
}

/// Whether tiers of what was still to come could be guessed.
fn twin_tiers_ui(ui: &mut Ui, cx: &Cx<'_>, leakage: &Leakage) {
    if let Some([accuracy, majority]) = leakage.twin.as_ref().and_then(|twin| twin.tiers) {
        let same = if accuracy <= majority {
            "no more than"
        } else {
            "against"
        };
        let text = format!(
            "Tiers of what was still to come: {} guessed right, {same} the {} of saying the same for all.",
            percent(accuracy),
            percent(majority)
        );
        ui.add(egui::Label::new(words::quiet(cx, &text)).wrap());
    }
}

/// The numbers behind the chart.
fn rivals_sheet(leakage: Option<&Leakage>) -> Sheet {
    let rival = leakage.and_then(|leakage| leakage.rival.as_ref());
    let mut sheet = Sheet::new(&["predictor", "r2", "mae"]);
    let cell = crate::chart::sheet::cell;
    if let Some(leakage) = leakage {
        sheet.push(vec![
            "model".to_owned(),
            cell(leakage.model_r2),
            cell(Some(leakage.model_mae)),
        ]);
    }
    if let Some(rival) = rival {
        sheet.push(vec![
            rival.feature.clone(),
            cell(rival.r2),
            cell(Some(rival.mae)),
        ]);
    }
    sheet
}
