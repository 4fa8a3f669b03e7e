//! The quality report: every rule with its count, its reason, sample rows and its switch.

use std::collections::BTreeSet;

use egui::{
    Align, Color32, Frame, Label, Layout, Margin, RichText, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::rules::{self, Figures, Line};
use crate::{
    action::{Action, Actions},
    cx::Cx,
    format,
    frame::parts::{self, Loudness},
    theme::{Palette, font, gap},
    widgets::{
        card::{Head, card_ui},
        chip::chip_ui,
        grid,
    },
};
use data::dataset::options::{ReadOptions, ReadingEdit};
use data::dataset::quality::{Effect, RowSample, RuleCount};
use data::judge::rules::Rule;

/// Which rules show their sample rows, and what the figures were before the last switches.
#[derive(Debug, Default)]
pub struct State {
    open: BTreeSet<String>,
    before: Option<(ReadOptions, Figures)>,
}

const DEFINITION: &str = "Every row of the order file is used, or left out by a rule that stands \
    here with its count. Nothing is left out silently.\n\nLeft out: in no figure. Adjusted: used, but \
    counts differently, such as a cancelled sale that counts 0. Noted: used as it is.\n\nShare of \
    sales: the amounts of the rows a rule met ÷ gross sales, that is all positive amounts, those of \
    cancelled and left-out rows included.";

pub fn page_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    grid::page_ui(ui, "data quality", |ui, _| {
        ui.spacing_mut().item_spacing.y = gap::L;
        difference_ui(ui, cx, state, actions);
        report_ui(ui, cx, cx.shop.gross_sales, state, actions);
    });
}

fn report_ui(ui: &mut Ui, cx: &Cx<'_>, gross: f64, state: &mut State, actions: &mut Actions) {
    let report = &cx.shop.dataset.quality;
    let lines = rules::lines(report, &cx.project.reading);
    let dropped = rules::dropped(report);
    let finding = match dropped {
        0 => "No row was left out.".to_owned(),
        rows => {
            let share = rows as f64 / report.rows_read.max(1) as f64;
            let rows = format::count(rows, "row was", "rows were");
            format!("{rows} left out ({}).", rules::share_words(share))
        }
    };
    let head = Head {
        title: "Data quality",
        finding: &finding,
        definition: DEFINITION,
    };
    let tools = |ui: &mut Ui| {
        if dropped > 0 {
            let text = "Export rejected rows…";
            let button =
                parts::button_ui(ui, cx.palette, Some(Icon::Download), text, Loudness::Quiet);
            if button.clicked() {
                actions.push(Action::ExportRejected);
            }
        }
    };
    let mut switched = None;
    card_ui(ui, cx.palette, head, tools, |ui| {
        ui.spacing_mut().item_spacing.y = gap::XS;
        for (index, line) in lines.iter().enumerate() {
            if index > 0 {
                hairline_ui(ui, cx.palette);
            }
            if line_ui(ui, cx, line, gross, &mut state.open) {
                switched = line.switch().map(|rule| (rule, !line.on));
            }
        }
        if !lines.is_empty() {
            hairline_ui(ui, cx.palette);
        }
        if cx.shop.dataset.shape.has_orders() {
            let clean = RichText::new(rules::clean_checks(&lines)).font(font::body());
            ui.add(Label::new(clean.color(cx.palette.muted)).wrap());
        }
    });
    if let Some((rule, on)) = switched {
        if state.before.is_none() {
            let reading = cx.project.reading.clone();
            state.before = Some((reading, Figures::of(cx.shop)));
        }
        actions.push(Action::EditReading(ReadingEdit::Rule {
            rule: rule.to_owned(),
            on,
        }));
    }
}

/// What the switches changed, as long as they differ from where they stood.
fn difference_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let Some((reading, before)) = &state.before else {
        return;
    };
    if *reading == cx.project.reading {
        if !cx.updating && *before == Figures::of(cx.shop) {
            state.before = None;
        }
        return;
    }
    let palette = cx.palette;
    let words = if cx.updating {
        "Reading the files again…".to_owned()
    } else {
        let figures = Figures::of(cx.shop);
        let parts = rules::difference(*before, figures, &cx.project.currency);
        format!("After switching: {}.", parts.join("  ·  "))
    };
    Frame::new()
        .fill(palette.accent_soft)
        .corner_radius(8)
        .inner_margin(Margin::symmetric(gap::L as i8, gap::S as i8))
        .show(ui, |ui| {
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let undo = parts::button_ui(
                        ui,
                        palette,
                        Some(Icon::Undo2),
                        "Undo the last switch",
                        Loudness::Quiet,
                    );
                    if undo.clicked() {
                        actions.push(Action::Undo);
                    }
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        let words = RichText::new(words).font(font::body_medium());
                        ui.add(Label::new(words.color(palette.text)).wrap());
                    });
                });
            });
        });
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

const SWITCH_WIDTH: f32 = 36.0;
const HEAD_HEIGHT: f32 = 34.0;
/// Width of a column of figures.
const FIGURE_WIDTH: f32 = 156.0;

/// One rule; returns whether its switch was clicked.
fn line_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    line: &Line<'_>,
    gross: f64,
    open: &mut BTreeSet<String>,
) -> bool {
    let palette = cx.palette;
    let name = line.name();
    let mut switched = false;
    ui.push_id(name, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::S;
            ui.set_min_height(HEAD_HEIGHT);
            if line.switch().is_some() {
                switched = switch_ui(ui, palette, line);
            } else {
                ui.add_space(SWITCH_WIDTH + gap::S);
            }
            if head_ui(ui, cx, line, gross, open.contains(name)) && !open.remove(name) {
                open.insert(name.to_owned());
            }
        });
        ui.horizontal_top(|ui| {
            ui.add_space(SWITCH_WIDTH + 28.0);
            ui.vertical(|ui| words_ui(ui, cx, line));
        });
        if let Some(count) = line.count.filter(|_| open.contains(name)) {
            samples_ui(ui, palette, count);
        }
        ui.add_space(gap::XS);
    });
    switched
}

fn words_ui(ui: &mut Ui, cx: &Cx<'_>, line: &Line<'_>) {
    ui.spacing_mut().item_spacing.y = 2.0;
    let limit = line
        .count
        .and_then(|count| rules::limit_words(count, &cx.project.currency));
    let explained = line.count.map_or_else(
        || line.rule.map_or("", Rule::explanation).to_owned(),
        |count| count.explanation.clone(),
    );
    let explained = explained.replace("Switch on drop_duplicates to drop them.", "");
    let text = format!("{} {}", explained.trim(), limit.unwrap_or_default());
    let text = RichText::new(text.trim()).font(font::body());
    ui.add(Label::new(text.color(cx.palette.muted)).wrap());
    let consequence = rules::consequence(line, &cx.project.currency);
    if consequence.is_empty() {
        return;
    }
    let text = RichText::new(consequence).font(font::caption());
    ui.add(Label::new(text.color(cx.palette.muted)).wrap());
}

/// Name, effect and counts; a click opens the sample rows.
fn head_ui(ui: &mut Ui, cx: &Cx<'_>, line: &Line<'_>, gross: f64, open: bool) -> bool {
    let palette = cx.palette;
    let title = line.title();
    let size = vec2(ui.available_width(), HEAD_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let figures = rules::figures(line, &cx.shop.dataset.quality, gross);
    let effect = line.count.map(|count| count.effect);
    let word = effect.map_or("Off", rules::effect_word);
    response.widget_info(|| {
        let label = format!("{title}: {}, {word}", figures.join(", "));
        WidgetInfo::selected(Role::Button, true, open, label)
    });
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 6, palette.hover);
    }
    parts::focus_ring(ui.painter(), rect.shrink(2.0), 6, palette, &response);
    let icon = if open {
        Icon::ChevronDown
    } else {
        Icon::ChevronRight
    };
    let middle = rect.center().y;
    if line.count.is_some() {
        let at = pos2(rect.left() + 10.0, middle);
        parts::icon_at(ui.painter(), at, icon, 14.0, palette.muted);
    }
    let name = ui.painter().text(
        pos2(rect.left() + 20.0, middle),
        egui::Align2::LEFT_CENTER,
        &title,
        font::body_medium(),
        palette.text,
    );
    figures_ui(ui, palette, rect, &figures);
    let chip = egui::Rect::from_min_size(
        pos2(name.right() + gap::S, middle - 11.0),
        vec2(100.0, 22.0),
    );
    let mut beside = ui.new_child(egui::UiBuilder::new().max_rect(chip));
    let ink = effect.map_or(palette.muted, |effect| effect_color(palette, effect));
    chip_ui(&mut beside, palette, word, ink);
    let response = match effect {
        Some(effect) => response.on_hover_text(rules::effect_hint(effect)),
        None => response,
    };
    response.clicked() && line.count.is_some()
}

/// Rows, share of the rows, and share of sales, each in a column of its own at the right.
fn figures_ui(ui: &Ui, palette: &Palette, rect: egui::Rect, figures: &[String]) {
    for (at, text) in figures.iter().rev().enumerate() {
        let ink = if at + 1 == figures.len() && at > 0 {
            palette.text
        } else {
            palette.muted
        };
        let right = rect.right() - gap::S - FIGURE_WIDTH * at as f32;
        ui.painter().text(
            pos2(right, rect.center().y),
            egui::Align2::RIGHT_CENTER,
            text,
            font::body_medium(),
            ink,
        );
    }
}

/// The switch at the left of a rule; returns whether it was clicked.
fn switch_ui(ui: &mut Ui, palette: &Palette, line: &Line<'_>) -> bool {
    let (rect, response) = ui.allocate_exact_size(vec2(SWITCH_WIDTH, 20.0), Sense::click());
    let label = line.switch_label();
    response.widget_info(|| WidgetInfo::selected(Role::Switch, true, line.on, &label));
    let (fill, edge) = if line.on {
        (palette.accent, palette.accent)
    } else {
        (palette.hover, palette.muted)
    };
    let painter = ui.painter();
    painter.rect(rect, 10, fill, Stroke::new(1.0, edge), StrokeKind::Inside);
    let x = if line.on {
        rect.right() - 10.0
    } else {
        rect.left() + 10.0
    };
    let knob = if line.on { palette.card } else { palette.muted };
    painter.circle_filled(pos2(x, rect.center().y), 7.0, knob);
    parts::focus_ring(painter, rect, 10, palette, &response);
    let state = if line.on { "on" } else { "off" };
    let response = response.on_hover_text(format!("{label} ({state})"));
    response.clicked()
}

/// The first rows the rule met, so that a person can find them again.
fn samples_ui(ui: &mut Ui, palette: &Palette, rule: &RuleCount) {
    if rule.samples.is_empty() {
        return;
    }
    Frame::new()
        .fill(palette.canvas)
        .corner_radius(6)
        .inner_margin(Margin::same(gap::M as i8))
        .outer_margin(Margin {
            left: (SWITCH_WIDTH + 28.0) as i8,
            ..Margin::ZERO
        })
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            for sample in &rule.samples {
                sample_ui(ui, palette, sample);
            }
            let rest = rule.rows.saturating_sub(rule.samples.len() as u64);
            if rest > 0 {
                let more = format!("and {} more", format::integer(rest));
                let more = RichText::new(more).font(font::caption());
                ui.label(more.color(palette.muted));
            }
        });
}

fn sample_ui(ui: &mut Ui, palette: &Palette, sample: &RowSample) {
    let place = format!("{}, line {}", sample.file, format::integer(sample.line));
    let found = match (sample.column.is_empty(), sample.found.is_empty()) {
        (true, _) => sample.found.clone(),
        (false, true) => format!("{} is empty", sample.column),
        (false, false) => format!("{}: “{}”", sample.column, sample.found),
    };
    ui.horizontal(|ui| {
        let place = RichText::new(place).font(font::caption_medium());
        ui.label(place.color(palette.text));
        let found = RichText::new(found).font(font::caption());
        ui.add(Label::new(found.color(palette.muted)).truncate());
    });
}
