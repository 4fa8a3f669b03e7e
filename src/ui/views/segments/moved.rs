//! The card that says who moved: how many, what they are worth, from where to where.

use egui::{Id, Rect, Sense, Ui, accesskit::Role, pos2, vec2};

use super::{
    Tune,
    changes::{Changes, Way},
    cuts::quiet_ui,
    model::Model,
};
use crate::ui::{
    action::{Action, Actions},
    chart::ChartCard,
    cx::Cx,
    format::{integer, money},
    theme::{font, gap, segment_color},
    widgets::{
        card::{Head, icon_button_ui},
        segment_mark::{self, Label},
    },
};

const ROW: f32 = 28.0;

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
    let rows = ((ui.available_height() - 24.0) / ROW).floor().max(1.0) as usize;
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
    let size = vec2(ui.available_width(), ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, Id::unique(("way", number)), Sense::hover());
    let sentence = way.sentence(&cx.project.currency);
    response.widget_info(|| egui::WidgetInfo::labeled(Role::Label, true, &sentence));
    let painter = ui.painter();
    let style = way.to.as_ref().map_or(3, |(_, style)| *style);
    let bar = Rect::from_min_size(
        rect.min + vec2(0.0, 3.0),
        vec2((rect.width() * share).max(2.0), ROW - 6.0),
    );
    painter.rect_filled(bar, 4, palette.tint(segment_color(style), 0.14));
    let right = |text: String, edge: f32, color| {
        let galley = painter.layout_no_wrap(text, font::body(), color);
        let at = pos2(
            edge - galley.size().x,
            rect.center().y - galley.size().y / 2.0,
        );
        let width = galley.size().x;
        painter.galley(at, galley, color);
        width
    };
    let revenue = rect.right() - gap::S;
    right(
        money(way.revenue, &cx.project.currency),
        revenue,
        palette.muted,
    );
    let customers = revenue - 84.0;
    right(integer(way.customers), customers, palette.text);
    let names = (customers - 56.0 - rect.left() - gap::S) / 2.0;
    let mut left = rect.left() + gap::S;
    for (place, end) in [&way.from, &way.to].into_iter().enumerate() {
        if place == 1 {
            painter.text(
                pos2(left - 15.0, rect.center().y),
                egui::Align2::CENTER_CENTER,
                "→",
                font::body(),
                palette.muted,
            );
        }
        let at = pos2(left, rect.center().y);
        match end {
            Some((name, style)) => {
                let label = Label {
                    style: *style,
                    name,
                    max_width: names - 26.0,
                };
                segment_mark::paint_label(painter, palette, at, label);
            }
            None => {
                painter.text(
                    at,
                    egui::Align2::LEFT_CENTER,
                    Way::end(None),
                    font::body(),
                    palette.muted,
                );
            }
        }
        left += names;
    }
    response.on_hover_text(sentence);
}
