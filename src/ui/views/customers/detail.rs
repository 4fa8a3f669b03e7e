//! The panel of one customer: who, why this segment, headline numbers, timeline, orders.

use egui::{Key, Modifiers, RichText, Sense, Ui, vec2};
use lucide_icons::Icon;

use super::{
    model::{Detail, LONG_GAP},
    outlook,
    panel::{Ask, PanelState, section_ui},
    timeline::{kind, timeline_ui},
};
use crate::{
    cx::Cx,
    format::{count, date, integer, money_exact},
    theme::{TABLE_ROW_HEIGHT, font, gap},
    widgets::{
        card::icon_button_ui,
        segment_mark,
        table::{Column, Row, Scroll, Table, full_height, paint_score},
    },
};

/// Where the customer stands in the list: number (from 0) and length.
pub type Place = Option<(usize, usize)>;

/// Draws the panel into the available space.
pub fn detail_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (customer, detail): (u32, &Detail),
    place: Place,
    state: &mut PanelState,
) -> Option<Ask> {
    let mut ask = None;
    crate::widgets::card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.set_height(ui.available_height());
        ui.spacing_mut().item_spacing = vec2(gap::S, gap::XS);
        ask = head_ui(ui, cx, detail, place);
        ui.add_space(gap::XS);
        egui::ScrollArea::vertical()
            .id_salt(("customer", &detail.id))
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(gap::S, gap::XS);
                let asked = body_ui(ui, cx, (customer, detail), state);
                ask = ask.take().or(asked);
            });
    });
    ask
}

fn head_ui(ui: &mut Ui, cx: &Cx<'_>, detail: &Detail, place: Place) -> Option<Ask> {
    let palette = cx.palette;
    let mut ask = None;
    ui.horizontal(|ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = gap::XS;
            if icon_button_ui(ui, palette, Icon::X, "Close customer (Esc)").clicked() {
                ask = Some(Ask::Close);
            }
            if icon_button_ui(ui, palette, Icon::Copy, "Copy as text").clicked() {
                ask = Some(Ask::Copy);
            }
            ui.add_enabled_ui(place.is_some_and(|(at, of)| at + 1 < of), |ui| {
                if icon_button_ui(ui, palette, Icon::ChevronDown, "Next customer").clicked() {
                    ask = Some(Ask::Next);
                }
            });
            ui.add_enabled_ui(place.is_some_and(|(at, _)| at > 0), |ui| {
                if icon_button_ui(ui, palette, Icon::ChevronUp, "Previous customer").clicked() {
                    ask = Some(Ask::Previous);
                }
            });
            if let Some((at, of)) = place {
                let text = format!("{} of {}", integer(at as u64 + 1), integer(of as u64));
                ui.label(
                    RichText::new(text)
                        .font(font::caption())
                        .color(palette.muted),
                );
            }
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                let id = RichText::new(&detail.id)
                    .font(font::view_title())
                    .color(palette.text);
                ui.add(egui::Label::new(id).truncate());
            });
        });
    });
    if ask.is_none() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        ask = Some(Ask::Close);
    }
    ask
}

fn body_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (customer, detail): (u32, &Detail),
    state: &mut PanelState,
) -> Option<Ask> {
    labels_ui(ui, cx, detail);
    if let Some(why) = &detail.segment {
        segment_mark::label_ui(ui, cx.palette, why.style, &why.name);
        ui.add_space(gap::S);
        figures_ui(ui, cx, detail);
        ui.add_space(gap::S);
        section_ui(
            ui,
            cx,
            "Why this segment",
            "Scores compare a customer with all others, 1 (worst) to 5 (best). The segment is the first \
             rule that matches, read from top to bottom.",
        );
        scores_ui(ui, cx, detail);
        for sentence in [&why.matched, &why.nearest, &why.changes] {
            ui.label(
                RichText::new(sentence)
                    .font(font::body())
                    .color(cx.palette.muted),
            );
        }
        ui.add_space(gap::M);
    }
    section_ui(
        ui,
        cx,
        "Order timeline",
        &format!(
            "A stem per order, as high as its amount. Hollow: not kept (cancelled or returned). Below the \
             line: credits. Shaded: longer than {LONG_GAP} times the usual gap, the median of days between \
             this customer's orders."
        ),
    );
    ui.label(
        RichText::new(&detail.finding)
            .font(font::body())
            .color(cx.palette.muted),
    );
    timeline_ui(ui, cx, detail);
    ui.add_space(gap::M);
    let mut ask = outlook::outlook_ui(ui, cx, customer, state);
    ask = ask.or(outlook::note_ui(ui, cx, &detail.id, state));
    ui.add_space(gap::M);
    orders_ui(ui, cx, detail, &mut state.orders);
    ask
}

/// Headline numbers in a row, on as many lines as they need.
/// E-mail address, name… one a line.
fn labels_ui(ui: &mut Ui, cx: &Cx<'_>, detail: &Detail) {
    for (name, text) in &detail.labels {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = gap::S;
            let name = RichText::new(name).font(font::body());
            ui.label(name.color(cx.palette.muted));
            let text = RichText::new(text).font(font::body());
            ui.add(egui::Label::new(text.color(cx.palette.text)).truncate());
        });
    }
    if !detail.labels.is_empty() {
        ui.add_space(gap::S);
    }
}

fn figures_ui(ui: &mut Ui, cx: &Cx<'_>, detail: &Detail) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::XL, gap::S);
        for (label, figure) in &detail.figures {
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                let name = RichText::new(label)
                    .font(font::caption())
                    .color(cx.palette.muted);
                ui.add(egui::Label::new(name).extend());
                let value = RichText::new(figure)
                    .font(font::card_title())
                    .color(cx.palette.text);
                ui.add(egui::Label::new(value).extend());
            });
        }
    });
}

fn scores_ui(ui: &mut Ui, cx: &Cx<'_>, detail: &Detail) {
    let palette = cx.palette;
    egui::Grid::new("customer scores")
        .num_columns(3)
        .min_row_height(24.0)
        .spacing(vec2(gap::M, 2.0))
        .show(ui, |ui| {
            for line in &detail.scores {
                ui.label(
                    RichText::new(line.name)
                        .font(font::body())
                        .color(palette.muted),
                );
                let (rect, _) = ui.allocate_exact_size(vec2(24.0, 20.0), Sense::hover());
                paint_score(ui.painter(), palette, rect, line.score);
                ui.label(
                    RichText::new(&line.value)
                        .font(font::body())
                        .color(palette.text),
                );
                ui.end_row();
            }
        });
}

/// The orders, newest first.
fn orders_ui(ui: &mut Ui, cx: &Cx<'_>, detail: &Detail, scroll: &mut Scroll) {
    section_ui(
        ui,
        cx,
        "Orders",
        "Newest first. Not kept: every line of the order was cancelled or returned; it counts no revenue. \
         Credit: lowers revenue on its own date and is never an order. Gap: days since the kept order \
         before.",
    );
    let columns = order_columns(!detail.order_ids.is_empty());
    let first_number = columns.len() - 3;
    let rows = detail.orders.len();
    let table = Table {
        label: "Orders of the customer",
        columns: &columns,
        rows,
        sort: None,
        current: None,
        sortable: false,
        height: full_height(rows.min(12)) + TABLE_ROW_HEIGHT / 2.0,
        grabs_keys: false,
    };
    table.show_ui(ui, cx.palette, scroll, |row, index| {
        paint_order(cx, row, detail, rows - 1 - index, first_number);
    });
}

fn order_columns(named: bool) -> Vec<Column<'static>> {
    let plain = |title, hint, width, numeric| Column {
        title,
        hint,
        width,
        grow: 1.0,
        numeric,
    };
    let mut columns = vec![plain("Date", "", 96.0, false)];
    if named {
        columns.push(plain(
            "Order",
            "Order id as the file spells it",
            66.0,
            false,
        ));
    }
    columns.extend([
        plain("Kind", "Kept, not kept, or credit", 70.0, false),
        plain("Gap", "Days since the kept order before", 44.0, true),
        plain("Amount", "Net amount of the order", 74.0, true),
    ]);
    columns
}

/// One order; `first` is the first of the columns every list has.
fn paint_order(cx: &Cx<'_>, row: &mut Row<'_>, detail: &Detail, index: usize, first: usize) {
    let order = &detail.orders[index];
    let counts = order.kept || order.credit;
    let (value, color) = if counts {
        (order.amount, cx.palette.text)
    } else {
        (order.amount_not_kept, cx.palette.muted)
    };
    let currency = &cx.project.currency;
    let amount = money_exact(value, currency);
    row.label(format!(
        "{}: {} {amount}, {}",
        date(order.day),
        kind(order),
        count(u64::from(order.lines), "line", "lines")
    ));
    row.text(0, &date(order.day));
    if let Some(id) = detail.order_ids.get(index) {
        row.text(1, id);
    }
    row.colored_text(first, kind(order), cx.palette.muted);
    let gap = order.gap_days.and_then(|days| u64::try_from(days).ok());
    let gap = gap.map_or("–".to_owned(), integer);
    row.colored_number(first + 1, &gap, cx.palette.muted);
    row.colored_number(first + 2, &row.amount(first + 2, value, currency), color);
}
