//! The inspector: what is selected, next to everyone.

use std::collections::BTreeMap;

use egui::{
    Align, Align2, Color32, Frame, Label, Layout, Margin, Panel, Rect, RichText, ScrollArea, Sense,
    Stroke, Ui, pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, parts, selection_text};
use crate::{
    analysis::segments::NO_SEGMENT,
    pipeline::snapshot::Shop,
    ui::{
        action::{Action, Actions, View},
        command::Command,
        format,
        theme::{Palette, font, gap, segment_color},
        widgets::card::icon_button_ui,
    },
};

const WIDTH: f32 = 272.0;
/// Attributes described, and values listed per attribute.
const ATTRIBUTES: usize = 3;
const VALUES: usize = 4;
/// Attributes with more distinct values than this are ids or free text.
const MOST_VALUES: usize = 400;

/// The figures of the panel.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    pub customers: u64,
    pub everyone: u64,
    pub orders: u64,
    pub revenue: f64,
    pub revenue_share: f64,
    /// (of the selection, of everyone)
    pub orders_each: (f64, f64),
    pub revenue_each: (f64, f64),
    pub aov: (f64, f64),
    /// Mean days since the last order.
    pub recency_days: (f64, f64),
    /// Customers of the selection per segment rule.
    pub segments: Vec<u64>,
    pub attributes: Vec<AttributeSummary>,
}

/// How an attribute's values are spread over the selected customers' first orders.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AttributeSummary {
    pub name: String,
    /// Value, share of the selection, share of everyone; most frequent first.
    pub values: Vec<(String, f64, f64)>,
}

/// Remembered figures, valid for one revision of the snapshot.
#[derive(Debug, Default)]
pub struct State {
    memo: Option<(u64, Summary)>,
}

/// Computes the figures; one walk over the customers.
#[must_use]
pub fn summarise(shop: &Shop) -> Summary {
    let kpis = &shop.overview.kpis;
    let selected = &shop.selected;
    let count = selected.customers.len() as f64;
    let everyone = kpis.customers as f64;
    let ratio = |value: f64, by: f64| if by > 0.0 { value / by } else { f64::NAN };
    let mut segments = vec![0; shop.segments.stats.len()];
    let mut recency = 0.0;
    for &customer in &selected.customers {
        let customer = customer as usize;
        recency += f64::from(shop.customers.recency_days(customer));
        let segment = shop.segments.segment[customer];
        if segment != NO_SEGMENT {
            segments[usize::from(segment)] += 1;
        }
    }
    let stats = &shop.segments.stats;
    let recency_all: f64 = stats
        .iter()
        .filter(|stats| stats.customers > 0)
        .map(|stats| stats.recency_days * stats.customers as f64)
        .sum();
    let orders = selected.orders as f64;
    Summary {
        customers: selected.customers.len() as u64,
        everyone: kpis.customers,
        orders: selected.orders,
        revenue: selected.revenue,
        revenue_share: ratio(selected.revenue, kpis.net_revenue),
        orders_each: (ratio(orders, count), ratio(kpis.orders as f64, everyone)),
        revenue_each: (
            ratio(selected.revenue, count),
            ratio(kpis.net_revenue, everyone),
        ),
        aov: (ratio(selected.revenue, orders), kpis.aov),
        recency_days: (ratio(recency, count), ratio(recency_all, everyone)),
        segments,
        attributes: attributes(shop),
    }
}

fn attributes(shop: &Shop) -> Vec<AttributeSummary> {
    let orders = &shop.dataset.orders;
    let useful = orders
        .attributes
        .iter()
        .filter(|attribute| (2..=MOST_VALUES).contains(&attribute.values.len()));
    useful
        .take(ATTRIBUTES)
        .map(|attribute| {
            let count = |customers: &mut dyn Iterator<Item = usize>| {
                let mut counts: BTreeMap<u32, u64> = BTreeMap::new();
                let mut total = 0_u64;
                for customer in customers {
                    let lines = orders.lines_of(customer);
                    if !lines.is_empty() {
                        *counts.entry(attribute.codes.get(lines.start)).or_default() += 1;
                        total += 1;
                    }
                }
                (counts, total.max(1) as f64)
            };
            let (selected, selected_total) =
                count(&mut shop.selected.customers.iter().map(|&c| c as usize));
            let (all, all_total) =
                count(&mut (0..shop.customers.len()).filter(|&c| shop.customers.exists(c)));
            let mut ranked: Vec<(u32, u64)> = selected.into_iter().collect();
            ranked.sort_by_key(|&(code, customers)| (std::cmp::Reverse(customers), code));
            let values = ranked.into_iter().take(VALUES).map(|(code, customers)| {
                let everyone = all.get(&code).copied().unwrap_or(0);
                let text = attribute.values.get(code as usize);
                let text = if text.is_empty() { "(missing)" } else { text };
                (
                    text.to_owned(),
                    customers as f64 / selected_total,
                    everyone as f64 / all_total,
                )
            });
            AttributeSummary {
                name: attribute.name.clone(),
                values: values.collect(),
            }
        })
        .collect()
}

pub fn inspector_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    state: &mut State,
    actions: &mut Actions,
) {
    let palette = cx.palette;
    let revision = cx.snapshot.revision;
    if state
        .memo
        .as_ref()
        .is_none_or(|(known, _)| *known != revision)
    {
        state.memo = Some((revision, summarise(shop)));
    }
    let Some((_, summary)) = &state.memo else {
        return;
    };
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
                body_ui(ui, cx, shop, summary);
                ui.add_space(gap::M);
                buttons_ui(ui, cx, actions);
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

fn body_ui(ui: &mut Ui, cx: &FrameCx<'_>, shop: &Shop, summary: &Summary) {
    let palette = cx.palette;
    let words: Vec<String> = cx
        .selection
        .parts
        .iter()
        .map(selection_text::part)
        .collect();
    let words = RichText::new(words.join(" and "))
        .font(font::body())
        .color(palette.muted);
    ui.add(Label::new(words).wrap());
    ui.add_space(gap::S);
    ui.label(
        RichText::new(format::integer(summary.customers))
            .font(font::figure())
            .color(palette.text),
    );
    let share = summary.customers as f64 / summary.everyone.max(1) as f64;
    let noun = if summary.customers == 1 {
        "customer"
    } else {
        "customers"
    };
    for sentence in [
        format!("{noun}, {} of all", format::percent(share)),
        format!(
            "with {} of the revenue",
            format::percent(summary.revenue_share)
        ),
    ] {
        ui.label(
            RichText::new(sentence)
                .font(font::body())
                .color(palette.muted),
        );
    }
    ui.add_space(gap::M);
    figures_ui(ui, cx, summary);
    segments_ui(ui, palette, shop, summary);
    for attribute in &summary.attributes {
        attribute_ui(ui, palette, attribute);
    }
}

fn figures_ui(ui: &mut Ui, cx: &FrameCx<'_>, summary: &Summary) {
    let palette = cx.palette;
    let currency = &cx.project.currency;
    let money = |value: f64| format::money(value, currency);
    let times =
        |(selected, everyone): (f64, f64), text: String| times_words(selected / everyone, &text);
    let (orders, revenue, aov, recency) = (
        summary.orders_each,
        summary.revenue_each,
        summary.aov,
        summary.recency_days,
    );
    let rows = [
        ("Orders", format::integer(summary.orders), None),
        ("Net revenue", money(summary.revenue), None),
        (
            "Orders per customer",
            format::number(orders.0),
            times(orders, format::number(orders.1)),
        ),
        (
            "Revenue per customer",
            money(revenue.0),
            times(revenue, money(revenue.1)),
        ),
        (
            "Average order value",
            money(aov.0),
            times(aov, money(aov.1)),
        ),
        (
            "Days since last order",
            format::fixed(recency.0, 0),
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
fn days_words((selected, everyone): (f64, f64)) -> Option<String> {
    let difference = (selected - everyone).round();
    if !difference.is_finite() {
        return None;
    }
    let all = format::fixed(everyone, 0);
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
fn segments_ui(ui: &mut Ui, palette: &Palette, shop: &Shop, summary: &Summary) {
    let total: u64 = summary.segments.iter().sum();
    let present = summary.segments.iter().filter(|count| **count > 0).count();
    // One segment alone is what was selected; a bar of one colour says nothing.
    if present < 2 {
        return;
    }
    section_ui(ui, palette, "Segments");
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 10.0), Sense::hover());
    let mut x = rect.left();
    for (stats, &customers) in shop.segments.stats.iter().zip(&summary.segments) {
        let width = rect.width() * customers as f32 / total as f32;
        let part = Rect::from_min_size(pos2(x, rect.top()), vec2(width.max(1.0) - 1.0, 10.0));
        if customers > 0 {
            ui.painter()
                .rect_filled(part, 2, segment_color(stats.style));
        }
        x += width;
    }
    for (stats, &customers) in shop.segments.stats.iter().zip(&summary.segments) {
        if customers > 0 {
            let share = customers as f64 / total as f64;
            row_ui(
                ui,
                palette,
                Some(segment_color(stats.style)),
                &stats.name,
                &format::percent(share),
            );
        }
    }
}

fn attribute_ui(ui: &mut Ui, palette: &Palette, attribute: &AttributeSummary) {
    section_ui(ui, palette, &sentence_case(&attribute.name));
    for (value, share, everyone) in &attribute.values {
        let response = row_ui(ui, palette, None, value, &format::percent(*share));
        let bar = Rect::from_min_size(
            pos2(response.left(), response.bottom() - 2.0),
            vec2(response.width(), 3.0),
        );
        let painter = ui.painter();
        painter.rect_filled(bar, 1.5, palette.hairline);
        let filled = vec2(bar.width() * *share as f32, 3.0);
        painter.rect_filled(Rect::from_min_size(bar.min, filled), 1.5, palette.accent);
        let tick = bar.left() + bar.width() * *everyone as f32;
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

/// `first_channel` → `First channel`
fn sentence_case(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn section_ui(ui: &mut Ui, palette: &Palette, title: &str) {
    ui.add_space(gap::M);
    ui.label(
        RichText::new(title)
            .font(font::body_medium())
            .color(palette.text),
    );
}

fn row_ui(
    ui: &mut Ui,
    palette: &Palette,
    swatch: Option<Color32>,
    name: &str,
    value: &str,
) -> Rect {
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
    if let Some(color) = swatch {
        painter.circle_filled(pos2(left + 4.0, rect.center().y), 4.0, color);
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
    let palette = cx.palette;
    if cx.view != View::Customers {
        let show = parts::button_ui(
            ui,
            palette,
            Some(Icon::Users),
            "See these customers",
            parts::Loudness::Plain,
        );
        if show.clicked() {
            actions.push(Action::Show(View::Customers));
        }
    }
    let clear = parts::button_ui(
        ui,
        palette,
        Some(Icon::X),
        "Clear selection",
        parts::Loudness::Plain,
    );
    if clear.clicked() {
        actions.push(Action::ClearSelection);
    }
}
