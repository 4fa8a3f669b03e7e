//! The quality report: every rule that met rows, with its count, its reason and sample rows.

use std::collections::BTreeSet;

use egui::{Align2, Color32, Label, RichText, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};
use lucide_icons::Icon;

use super::model;
use crate::{
    data::quality::{Effect, RuleCount},
    ui::{
        cx::Cx,
        format,
        theme::{Palette, font, gap},
        widgets::{
            card::{Head, card_ui},
            chip::chip_ui,
        },
    },
};

/// Which rules show their sample rows.
#[derive(Debug, Default)]
pub struct State {
    open: BTreeSet<String>,
}

pub fn quality_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State) {
    let report = &cx.shop.dataset.quality;
    let head = Head {
        title: "Data quality",
        finding: &model::reconciliation(report),
        definition: "Every row of the order file is used, or left out by a rule that stands here \
                     with its count. Nothing is left out silently.\n\nLeft out: in no figure. \
                     Adjusted: used, but counts differently, such as a cancelled sale that counts \
                     0. Noted: used as it is.",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            ui.spacing_mut().item_spacing.y = gap::XS;
            if report.rules.is_empty() {
                ui.label(
                    RichText::new("No rule had to step in: every row could be used as it is.")
                        .font(font::body())
                        .color(cx.palette.muted),
                );
            }
            for (index, rule) in report.rules.iter().enumerate() {
                if index > 0 {
                    hairline_ui(ui, cx.palette);
                }
                rule_ui(ui, cx, rule, state);
            }
        },
    );
}

fn hairline_ui(ui: &mut Ui, palette: &Palette) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0, palette.hairline);
}

fn effect_color(palette: &Palette, effect: Effect) -> Color32 {
    match effect {
        Effect::Dropped => palette.bad,
        Effect::Changed => palette.warn,
        Effect::Flagged => palette.muted,
    }
}

fn rule_ui(ui: &mut Ui, cx: &Cx<'_>, rule: &RuleCount, state: &mut State) {
    let palette = cx.palette;
    let open = state.open.contains(&rule.rule);
    if rule_head_ui(ui, cx, rule, open) {
        if open {
            state.open.remove(&rule.rule);
        } else {
            state.open.insert(rule.rule.clone());
        }
    }
    ui.horizontal_top(|ui| {
        ui.add_space(24.0);
        let text = RichText::new(&rule.explanation)
            .font(font::body())
            .color(palette.muted);
        ui.add(Label::new(text).wrap());
    });
    if open {
        samples_ui(ui, cx, rule);
    }
    ui.add_space(gap::XS);
}

/// Arrow, name, effect and count; returns whether it was clicked.
fn rule_head_ui(ui: &mut Ui, cx: &Cx<'_>, rule: &RuleCount, open: bool) -> bool {
    let palette = cx.palette;
    let report = &cx.shop.dataset.quality;
    let title = model::rule_title(rule);
    let size = vec2(ui.available_width(), 30.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let rows = format::count(rule.rows, "row", "rows");
    response.widget_info(|| {
        let label = format!("{title}: {rows}, {}", model::effect_word(rule.effect));
        WidgetInfo::selected(Role::Button, true, open, label)
    });
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    let icon = if open {
        Icon::ChevronDown
    } else {
        Icon::ChevronRight
    };
    painter.text(
        pos2(rect.left() + 10.0, rect.center().y),
        Align2::CENTER_CENTER,
        icon.unicode(),
        font::icon(14.0),
        palette.muted,
    );
    let name = painter.text(
        pos2(rect.left() + 24.0, rect.center().y),
        Align2::LEFT_CENTER,
        &title,
        font::body_medium(),
        palette.text,
    );
    let share = format!(
        "{rows}  ·  {}",
        format::percent(model::rule_share(rule, report))
    );
    painter.text(
        pos2(rect.right() - 8.0, rect.center().y),
        Align2::RIGHT_CENTER,
        share,
        font::body_medium(),
        palette.text,
    );
    let chip = egui::Rect::from_min_size(
        pos2(name.right() + gap::S, rect.center().y - 11.0),
        vec2(100.0, 22.0),
    );
    let mut beside = ui.new_child(egui::UiBuilder::new().max_rect(chip));
    chip_ui(
        &mut beside,
        palette,
        model::effect_word(rule.effect),
        effect_color(palette, rule.effect),
    );
    response
        .on_hover_text(model::effect_hint(rule.effect))
        .clicked()
}

/// The first rows the rule met, so that a person can find them again.
fn samples_ui(ui: &mut Ui, cx: &Cx<'_>, rule: &RuleCount) {
    let palette = cx.palette;
    if rule.samples.is_empty() {
        return;
    }
    egui::Frame::new()
        .fill(palette.canvas)
        .corner_radius(6)
        .inner_margin(egui::Margin::same(gap::M as i8))
        .outer_margin(egui::Margin {
            left: 24,
            ..egui::Margin::ZERO
        })
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            for sample in &rule.samples {
                let place = format!("{}, line {}", sample.file, format::integer(sample.line));
                let found = match (sample.column.is_empty(), sample.found.is_empty()) {
                    (true, _) => sample.found.clone(),
                    (false, true) => format!("{} is empty", sample.column),
                    (false, false) => format!("{}: “{}”", sample.column, sample.found),
                };
                ui.horizontal(|ui| {
                    ui.label(
                        RichText::new(place)
                            .font(font::caption_medium())
                            .color(palette.text),
                    );
                    let found = RichText::new(found)
                        .font(font::caption())
                        .color(palette.muted);
                    ui.add(Label::new(found).truncate());
                });
            }
            let rest = rule.rows.saturating_sub(rule.samples.len() as u64);
            if rest > 0 {
                ui.label(
                    RichText::new(format!("and {} more", format::integer(rest)))
                        .font(font::caption())
                        .color(palette.muted),
                );
            }
        });
}
