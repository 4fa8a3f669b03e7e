//! The card that says who moved: how many, what they are worth, from where to where.

use egui::{Align2, Id, Painter, Pos2, Rect, Sense, Ui, accesskit::Role, pos2, vec2};

use super::{
    Tune,
    changes::{Changes, Way},
    cuts::quiet_ui,
    model::Model,
};
use crate::{
    action::{Action, Actions},
    chart::ChartCard,
    cx::Cx,
    format::{count, integer, money},
    theme::{Palette, font, gap, segment_color},
    widgets::{
        card::{Head, icon_button_ui},
        segment_mark::{self, Label},
    },
};

const ROW: f32 = 28.0;
/// In a narrow card the figures stand below the names.
const TALL: f32 = 46.0;
const NARROW: f32 = 400.0;

/// Draws the card in the height there is.
pub fn card_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, actions: &mut Actions) {
    let finding = match &model.changes {
        Some(changes) => changes.finding(model.customers, &cx.project.currency),
        None => "Drag a cut point or change a rule: here stands whom it moves.".to_owned(),
    };
    let head = Head {
        title: "Who moved",
        finding: &finding,
        definition: "Customers who are in another segment than before the last change of cut points or \
                     rules, and their net revenue before the as-of date. The hollow rings in the bubble \
                     plot and the differences in the grid compare with the same state. Undo brings it \
                     back.",
    };
    let sheet = || {
        let changes = model.changes.as_ref();
        changes.map_or_else(|| Changes::default().sheet(), Changes::sheet)
    };
    ChartCard::new(cx.palette, head, "moved", &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, actions| {
            if model.changes.is_some() {
                let hide = "Stop comparing with the state before";
                if icon_button_ui(ui, cx.palette, lucide_icons::Icon::X, hide).clicked() {
                    actions.push(Action::Tune(Tune::HideMoves));
                }
            }
        },
        |ui, _| {
            ui.set_min_height(ui.available_height());
            if let Some(changes) = &model.changes {
                ways_ui(ui, cx, changes);
            }
        },
    );
}

fn ways_ui(ui: &mut Ui, cx: &Cx<'_>, changes: &Changes) {
    let height = if ui.available_width() < NARROW {
        TALL
    } else {
        ROW
    };
    let rows = ((ui.available_height() - 24.0) / height).floor().max(1.0) as usize;
    let most = changes.ways.first().map_or(1, |way| way.customers).max(1);
    ui.spacing_mut().item_spacing.y = 0.0;
    for (number, way) in changes.ways.iter().enumerate().take(rows) {
        way_ui(ui, cx, (number, way), way.customers as f32 / most as f32);
    }
    if changes.ways.len() > rows {
        let rest = &changes.ways[rows..];
        let customers: u64 = rest.iter().map(|way| way.customers).sum();
        quiet_ui(
            ui,
            cx,
            format!(
                "and {} more ways with {} customers",
                rest.len(),
                integer(customers)
            ),
        );
    }
}

/// From, to, customers, revenue; behind them a bar as long as the customers are many.
fn way_ui(ui: &mut Ui, cx: &Cx<'_>, (number, way): (usize, &Way), share: f32) {
    let palette = cx.palette;
    let narrow = ui.available_width() < NARROW;
    let height = if narrow { TALL } else { ROW };
    let size = vec2(ui.available_width(), height);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, Id::unique(("way", number)), Sense::hover());
    let sentence = way.sentence(&cx.project.currency);
    response.widget_info(|| egui::WidgetInfo::labeled(Role::Label, true, &sentence));
    let painter = ui.painter();
    let style = way.to.as_ref().map_or(3, |(_, style)| *style);
    let bar = Rect::from_min_size(
        rect.min + vec2(0.0, 2.0),
        vec2((rect.width() * share).max(2.0), height - 4.0),
    );
    painter.rect_filled(bar, 4, palette.tint(segment_color(style), 0.14));
    let inner = rect.shrink2(vec2(gap::S, 0.0));
    let (names, figures) = if narrow {
        let top = inner.top() + 14.0;
        (inner.width(), top + 19.0)
    } else {
        (inner.width() - 140.0, inner.center().y)
    };
    let line = if narrow { inner.top() + 14.0 } else { figures };
    ends(painter, palette, way, (pos2(inner.left(), line), names));
    let customers = count(way.customers, "customer", "customers");
    let revenue = money(way.revenue, &cx.project.currency);
    if narrow {
        let text = format!("{customers} · {revenue} revenue");
        painter.text(
            pos2(inner.left() + 18.0, figures),
            Align2::LEFT_CENTER,
            text,
            font::caption(),
            palette.muted,
        );
    } else {
        let right = |edge: f32, text: String, color| {
            painter.text(
                pos2(edge, figures),
                Align2::RIGHT_CENTER,
                text,
                font::body(),
                color,
            );
        };
        right(inner.right(), revenue, palette.muted);
        right(inner.right() - 84.0, integer(way.customers), palette.text);
    }
    response.on_hover_text(sentence);
}

/// "● Loyal → ▲ VIP" in so much room.
fn ends(painter: &Painter, palette: &Palette, way: &Way, (at, room): (Pos2, f32)) {
    let half = room / 2.0;
    let mut left = at.x;
    for (place, end) in [&way.from, &way.to].into_iter().enumerate() {
        if place == 1 {
            let arrow = pos2(left - 11.0, at.y);
            painter.text(
                arrow,
                Align2::CENTER_CENTER,
                "→",
                font::body(),
                palette.muted,
            );
        }
        let corner = pos2(left, at.y);
        if let Some((name, style)) = end {
            let label = Label {
                style: *style,
                name,
                max_width: half - 22.0,
            };
            segment_mark::paint_label(painter, palette, corner, label);
        } else {
            let (text, color) = (Way::end(None), palette.muted);
            painter.text(corner, Align2::LEFT_CENTER, text, font::body(), color);
        }
        left += half;
    }
}
