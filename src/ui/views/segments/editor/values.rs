//! Choosing among the values of a column: a button with those chosen, and a list to tick.

use egui::{
    Align2, Color32, Popup, PopupCloseBehavior, RichText, Sense, Stroke, StrokeKind, TextEdit, Ui,
    WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use crate::{
    cx::Cx,
    format::{count, value},
    frame::parts::focus_ring,
    theme::{TABLE_ROW_HEIGHT, font},
    widgets::elided::elided,
};
use analysis::clusters::centres::is_cluster_column;

/// A list with more values than this can be searched.
const SEARCHED: usize = 10;

/// Draws the button and its list; the new choice when it changed. `filter` narrows the list.
pub fn values_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (column, width): (&str, f32),
    chosen: &[String],
    filter: &mut String,
) -> Option<Vec<String>> {
    let listed: Vec<&str> = chosen.iter().map(|text| value(text)).collect();
    let shown = if listed.is_empty() {
        "Choose…".to_owned()
    } else {
        listed.join(", ")
    };
    let (rect, response) = ui.allocate_exact_size(vec2(width, 28.0), Sense::click());
    response.widget_info(|| {
        let label = format!("Values of {column}: {shown}");
        WidgetInfo::labeled(Role::ComboBox, true, label)
    });
    let palette = cx.palette;
    let line = if response.has_focus() {
        Stroke::new(2.0, palette.accent)
    } else {
        Stroke::new(1.0, palette.hairline)
    };
    let painter = ui.painter();
    painter.rect(rect, 6, palette.card, line, StrokeKind::Inside);
    let ink = if listed.is_empty() {
        palette.warn
    } else {
        palette.text
    };
    let text = elided(painter, &shown, font::body(), ink, width - 38.0);
    let at = pos2(rect.left() + 10.0, rect.center().y - text.size().y / 2.0);
    painter.galley(at, text, ink);
    painter.text(
        pos2(rect.right() - 10.0, rect.center().y),
        Align2::RIGHT_CENTER,
        Icon::ChevronDown.unicode(),
        font::icon(14.0),
        palette.muted,
    );
    let mut picked = None;
    Popup::menu(&response)
        .close_behavior(PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(width.clamp(200.0, 320.0));
            picked = list_ui(ui, cx, (column, chosen), filter);
        });
    if response.clicked() {
        filter.clear();
    }
    picked
}

/// The values there are; of the kept clusters their names.
fn offered<'a>(cx: &Cx<'a>, column: &str) -> Vec<&'a str> {
    if let Some(kept) = &cx.project.kept_clusters
        && is_cluster_column(column)
    {
        return kept.clusters.iter().map(|centre| &*centre.name).collect();
    }
    let orders = &cx.shop.dataset.orders;
    let mut columns = orders.attributes.iter().chain(&orders.traits);
    columns
        .find(|known| known.name.eq_ignore_ascii_case(column))
        .map_or_else(Vec::new, |known| known.values.iter().collect())
}

fn list_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (column, chosen): (&str, &[String]),
    filter: &mut String,
) -> Option<Vec<String>> {
    let values = offered(cx, column);
    let all = values.len();
    if all > SEARCHED {
        let field = TextEdit::singleline(filter)
            .hint_text("Search")
            .desired_width(f32::INFINITY);
        let response = ui.add(field);
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(true, "", filter.as_str(), "Search");
            info.label = Some(format!("Search values of {column}"));
            info
        });
    }
    let wanted = filter.trim().to_lowercase();
    let shown: Vec<&str> = values
        .into_iter()
        .filter(|text| wanted.is_empty() || text.to_lowercase().contains(&wanted))
        .collect();
    let mut picked = None;
    egui::ScrollArea::vertical().max_height(280.0).show_rows(
        ui,
        TABLE_ROW_HEIGHT,
        shown.len(),
        |ui, rows| {
            for text in &shown[rows] {
                let on = chosen.iter().any(|known| known == text);
                if row_ui(ui, cx, value(text), on) {
                    let mut next: Vec<String> = chosen.to_vec();
                    if on {
                        next.retain(|known| known != text);
                    } else {
                        next.push((*text).to_owned());
                        next.sort();
                    }
                    picked = Some(next);
                }
            }
        },
    );
    let total = count(all as u64, "value", "values");
    ui.label(
        RichText::new(format!("{} of {total} chosen", chosen.len()))
            .font(font::caption())
            .color(cx.palette.muted),
    );
    picked
}

fn row_ui(ui: &mut Ui, cx: &Cx<'_>, text: &str, on: bool) -> bool {
    let size = vec2(ui.available_width(), TABLE_ROW_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, on, text));
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 5, cx.palette.hover);
    }
    focus_ring(painter, rect.shrink(2.0), 5, cx.palette, &response);
    let tick =
        egui::Rect::from_center_size(pos2(rect.left() + 14.0, rect.center().y), vec2(16.0, 16.0));
    let (fill, line) = if on {
        (cx.palette.accent, Stroke::NONE)
    } else {
        (Color32::TRANSPARENT, Stroke::new(1.0, cx.palette.faint))
    };
    painter.rect(tick, 4, fill, line, StrokeKind::Inside);
    if on {
        painter.text(
            tick.center(),
            Align2::CENTER_CENTER,
            Icon::Check.unicode(),
            font::icon(12.0),
            cx.palette.card,
        );
    }
    let galley = elided(
        painter,
        text,
        font::body(),
        cx.palette.text,
        rect.width() - 36.0,
    );
    let at = pos2(rect.left() + 30.0, rect.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, cx.palette.text);
    response.clicked()
}
