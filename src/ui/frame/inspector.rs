//! The inspector: what is selected, next to everyone.

use egui::{
    Align, Align2, Frame, Label, Layout, Margin, Panel, Rect, RichText, ScrollArea, Sense, Stroke,
    Ui, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, parts, selection_text};
use crate::{
    action::{Action, Actions, View},
    command::Command,
    format,
    theme::{Palette, font, gap, segment_color},
    widgets::{card::icon_button_ui, segment_mark},
};
use analysis::comparison::{AttributeMix, Comparison, Pair};
use pipeline::snapshot::Shop;

mod save;

const WIDTH: f32 = 272.0;

/// The name being typed for an audience.
#[derive(Debug, Default)]
pub struct Naming {
    open: bool,
    name: String,
}

pub fn inspector_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    naming: &mut Naming,
    actions: &mut Actions,
) {
    let palette = cx.palette;
    let comparison = &*shop.comparison;
    let response = Panel::right("inspector")
        .exact_size(WIDTH)
        .resizable(false)
        .show_separator_line(false)
        .frame(
            Frame::new()
                .fill(palette.card)
                .inner_margin(Margin::same(gap::L as i8)),
        )
        .show(ui, |ui| {
            if cx.updating {
                ui.multiply_opacity(super::DIMMED);
            }
            head_ui(ui, palette, actions);
            ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = gap::XS;
                summary_ui(ui, cx, comparison);
                ui.add_space(gap::S);
                buttons_ui(ui, cx, actions);
                save::save_ui(ui, cx, naming, actions);
                save::saved_ui(ui, cx, actions);
                details_ui(ui, cx, shop, comparison);
            });
        })
        .response;
    let rect = response.rect;
    ui.painter().vline(
        rect.left() + 0.5,
        rect.y_range(),
        Stroke::new(1.0, palette.hairline),
    );
}

fn head_ui(ui: &mut Ui, palette: &Palette, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.label(
            RichText::new("Selection")
                .font(font::card_title())
                .color(palette.text),
        );
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if icon_button_ui(ui, palette, Icon::X, "Close the inspector").clicked() {
                actions.push(Action::Run(Command::ToggleInspector));
            }
        });
    });
}

/// Who is selected: words, size, share.
fn summary_ui(ui: &mut Ui, cx: &FrameCx<'_>, comparison: &Comparison) {
    let palette = cx.palette;
    let words = RichText::new(selection_text::sentence(cx.selection))
        .font(font::body())
        .color(palette.muted);
    ui.add(Label::new(words).wrap());
    ui.add_space(gap::S);
    ui.label(
        RichText::new(format::integer(comparison.customers))
            .font(font::figure())
            .color(palette.text),
    );
    let share = comparison.customers as f64 / comparison.everyone.max(1) as f64;
    let noun = if comparison.customers == 1 {
        "customer"
    } else {
        "customers"
    };
    for sentence in [
        format!("{noun}, {} of all", format::percent(share)),
        format!(
            "with {} of the revenue",
            format::percent(comparison.revenue_share)
        ),
    ] {
        ui.label(
            RichText::new(sentence)
                .font(font::body())
                .color(palette.muted),
        );
    }
}

/// Figures, segments and origins next to everyone.
fn details_ui(ui: &mut Ui, cx: &FrameCx<'_>, shop: &Shop, comparison: &Comparison) {
    let palette = cx.palette;
    ui.add_space(gap::M);
    figures_ui(ui, cx, comparison);
    segments_ui(ui, palette, shop, comparison);
    for attribute in &comparison.attributes {
        attribute_ui(ui, palette, attribute);
    }
}

fn figures_ui(ui: &mut Ui, cx: &FrameCx<'_>, comparison: &Comparison) {
    let palette = cx.palette;
    let currency = &cx.project.currency;
    let money = |value: f64| format::money(value, currency);
    let times = |pair: Pair, text: String| times_words(pair.selection / pair.everyone, &text);
    let (orders, revenue, aov, recency) = (
        comparison.orders_per_customer,
        comparison.revenue_per_customer,
        comparison.aov,
        comparison.recency_days,
    );
    let rows = [
        ("Orders", format::integer(comparison.orders), None),
        ("Net revenue", money(comparison.revenue), None),
        (
            "Orders per customer",
            format::number(orders.selection),
            times(orders, format::number(orders.everyone)),
        ),
        (
            "Revenue per customer",
            money(revenue.selection),
            times(revenue, money(revenue.everyone)),
        ),
        (
            "Average order value",
            money(aov.selection),
            times(aov, money(aov.everyone)),
        ),
        (
            "Days since last order",
            format::fixed(recency.selection, 0),
            days_words(recency),
        ),
    ];
    for (label, value, comparison) in rows {
        figure_ui(ui, palette, label, &value);
        if let Some(words) = comparison {
            comparison_ui(ui, palette, words);
        }
    }
}

/// `↑ 1.8 × everyone (2.41)`
fn times_words(ratio: f64, everyone: &str) -> Option<String> {
    if !ratio.is_finite() {
        return None;
    }
    if (0.995..1.005).contains(&ratio) {
        return Some(format!("same as everyone ({everyone})"));
    }
    let arrow = if ratio > 1.0 { '↑' } else { '↓' };
    Some(format!(
        "{arrow} {} × everyone ({everyone})",
        format::number(ratio)
    ))
}

/// `↓ 269 fewer than everyone (307)`
fn days_words(pair: Pair) -> Option<String> {
    let difference = (pair.selection - pair.everyone).round();
    if !difference.is_finite() {
        return None;
    }
    let all = format::fixed(pair.everyone, 0);
    if difference == 0.0 {
        return Some(format!("same as everyone ({all})"));
    }
    let days = format::fixed(difference.abs(), 0);
    Some(if difference < 0.0 {
        format!("↓ {days} fewer than everyone ({all})")
    } else {
        format!("↑ {days} more than everyone ({all})")
    })
}

fn figure_ui(ui: &mut Ui, palette: &Palette, label: &str, value: &str) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(label).font(font::body()).color(palette.muted));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.label(
                RichText::new(value)
                    .font(font::body_medium())
                    .color(palette.text),
            );
        });
    });
}

fn comparison_ui(ui: &mut Ui, palette: &Palette, words: String) {
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        ui.label(
            RichText::new(words)
                .font(font::caption())
                .color(palette.muted),
        );
    });
    ui.add_space(2.0);
}

/// Which segments the selected customers are in: one stacked bar with its words.
fn segments_ui(ui: &mut Ui, palette: &Palette, shop: &Shop, comparison: &Comparison) {
    let total: u64 = comparison.segments.iter().sum();
    let present = comparison
        .segments
        .iter()
        .filter(|count| **count > 0)
        .count();
    // One segment alone is what was selected; a bar of one colour says nothing.
    if present < 2 {
        return;
    }
    section_ui(ui, palette, "Segments");
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 10.0), Sense::hover());
    let mut x = rect.left();
    for (stats, &customers) in shop.segments.stats.iter().zip(&comparison.segments) {
        let width = rect.width() * customers as f32 / total as f32;
        let part = Rect::from_min_size(pos2(x, rect.top()), vec2(width.max(1.0) - 1.0, 10.0));
        if customers > 0 {
            ui.painter()
                .rect_filled(part, 2, segment_color(stats.style));
        }
        x += width;
    }
    for (stats, &customers) in shop.segments.stats.iter().zip(&comparison.segments) {
        if customers > 0 {
            let share = customers as f64 / total as f64;
            row_ui(
                ui,
                palette,
                Some(stats.style),
                &stats.name,
                &format::percent(share),
            );
        }
    }
}

fn attribute_ui(ui: &mut Ui, palette: &Palette, attribute: &AttributeMix) {
    section_ui(
        ui,
        palette,
        &format::capital(&attribute.name.replace('_', " ")),
    );
    for mixed in &attribute.values {
        let Pair {
            selection,
            everyone,
        } = mixed.share;
        let value = if mixed.value.is_empty() {
            "(missing)"
        } else {
            &mixed.value
        };
        let response = row_ui(ui, palette, None, value, &format::percent(selection));
        let bar = Rect::from_min_size(
            pos2(response.left(), response.bottom() - 2.0),
            vec2(response.width(), 3.0),
        );
        let painter = ui.painter();
        painter.rect_filled(bar, 1.5, palette.hairline);
        let filled = vec2(bar.width() * selection as f32, 3.0);
        painter.rect_filled(Rect::from_min_size(bar.min, filled), 1.5, palette.accent);
        let tick = bar.left() + bar.width() * everyone as f32;
        let tick_range = bar.top() - 2.0..=bar.bottom() + 2.0;
        painter.vline(tick, tick_range, Stroke::new(1.5, palette.text));
        ui.add_space(gap::XS);
    }
    ui.label(
        RichText::new("of first orders; tick = everyone")
            .font(font::caption())
            .color(palette.muted),
    );
}

fn section_ui(ui: &mut Ui, palette: &Palette, title: &str) {
    ui.add_space(gap::M);
    ui.label(
        RichText::new(title)
            .font(font::body_medium())
            .color(palette.text),
    );
}

fn row_ui(ui: &mut Ui, palette: &Palette, mark: Option<u8>, name: &str, value: &str) -> Rect {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    response.widget_info(|| {
        egui::WidgetInfo::labeled(
            egui::accesskit::Role::Label,
            true,
            format!("{name}: {value}"),
        )
    });
    let painter = ui.painter();
    let mut left = rect.left();
    if let Some(style) = mark {
        let at = pos2(left + 5.0, rect.center().y);
        segment_mark::paint(painter, at, 9.0, style);
        left += 16.0;
    }
    let right = painter.text(
        pos2(rect.right(), rect.center().y),
        Align2::RIGHT_CENTER,
        value,
        font::caption(),
        palette.muted,
    );
    let name = parts::fitted_text(painter, name, &font::caption(), right.left() - left - 8.0);
    painter.text(
        pos2(left, rect.center().y),
        Align2::LEFT_CENTER,
        name,
        font::caption(),
        palette.text,
    );
    rect
}

fn buttons_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let see = (
        Icon::Users,
        "See these customers",
        Action::Show(View::Customers),
    );
    let rows = [
        (Icon::Scale, Command::Compare),
        (Icon::Pin, Command::PinSelection),
        (Icon::X, Command::ClearSelection),
    ];
    let short = |command| match command {
        Command::Compare => "Compare…",
        Command::PinSelection => "Pin to compare with",
        _ => "Clear selection",
    };
    let rows = rows.map(|(icon, command)| (icon, short(command), Action::Run(command)));
    let see = Some(see).filter(|_| cx.view != View::Customers);
    for (icon, text, action) in see.into_iter().chain(rows) {
        let name = (Role::Button, text);
        if parts::action_row_ui(ui, cx.palette, (icon, text), name).clicked() {
            actions.push(action);
        }
    }
}
