//! How the lists overlap: who would hear from the shop twice.

use egui::{Align2, Rect, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

use super::{Page, State, words};
use crate::{
    format::{integer, percent},
    theme::{Palette, font, gap},
    widgets::card::{Head, card_ui},
};
use audiences::lists::{LISTS, ListKind};

const CELL_HEIGHT: f32 = 34.0;
const NAMES: f32 = 136.0;

/// Draws the card.
pub(super) fn overlap_ui(ui: &mut Ui, page: &Page<'_>, state: &State) {
    let finding = words::overlap_finding(&page.people.lists, state.list);
    let head = Head {
        title: "Overlap between lists",
        finding: &finding,
        definition: "Customers who stand on both lists; on the diagonal the size of the list. The shade \
                     is the share of the smaller list. Somebody on two lists should hear from you once: \
                     the column “group” of one file can exclude them from the other.",
    };
    card_ui(
        ui,
        page.cx.palette,
        head,
        |_| {},
        |ui| matrix_ui(ui, page, state.list),
    );
}

fn matrix_ui(ui: &mut Ui, page: &Page<'_>, chosen: ListKind) {
    let palette = page.cx.palette;
    let width = ui.available_width();
    let cell = ((width - NAMES) / LISTS as f32).max(30.0);
    let size = vec2(width, CELL_HEIGHT * (LISTS + 1) as f32);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let overlap = page.people.lists.overlap;
    for (place, kind) in ListKind::ALL.into_iter().enumerate() {
        let top = rect.top() + CELL_HEIGHT * (place + 1) as f32;
        let color = if kind == chosen {
            palette.accent
        } else {
            palette.text
        };
        let middle = top + CELL_HEIGHT / 2.0;
        let painter = ui.painter();
        let name = format!("{}  {}", place + 1, short(kind));
        painter.text(
            pos2(rect.left(), middle),
            Align2::LEFT_CENTER,
            name,
            font::body(),
            color,
        );
        let x = rect.left() + NAMES + cell * (place as f32 + 0.5);
        let above = pos2(x, rect.top() + CELL_HEIGHT / 2.0);
        let number = (place + 1).to_string();
        painter.text(
            above,
            Align2::CENTER_CENTER,
            number,
            font::caption_medium(),
            palette.muted,
        );
        for (other, &count) in overlap[place].iter().enumerate() {
            let left = rect.left() + NAMES + cell * other as f32;
            let at = Rect::from_min_size(pos2(left, top), vec2(cell, CELL_HEIGHT)).shrink(1.0);
            let smaller = overlap[place][place].min(overlap[other][other]);
            cell_ui(ui, palette, at, (place, other), (count, smaller));
        }
    }
    ui.add_space(gap::XS);
}

fn cell_ui(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    (one, other): (usize, usize),
    (count, smaller): (u64, u64),
) {
    let response = ui.interact(
        rect,
        ui.scope_id().with(("overlap", one, other)),
        Sense::hover(),
    );
    let (first, second) = (ListKind::ALL[one].title(), ListKind::ALL[other].title());
    let words = if one == other {
        format!("{first}: {} customers", integer(count))
    } else {
        format!(
            "{} on both {first} and {second}: {} of the smaller list",
            integer(count),
            percent(count as f64 / smaller.max(1) as f64)
        )
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Cell, true, &words));
    let share = count as f32 / smaller.max(1) as f32;
    let fill = if one == other {
        palette.hover
    } else {
        palette.tint(palette.accent, 0.55 * share)
    };
    ui.painter().rect_filled(rect, 4, fill);
    let color = if count == 0 {
        palette.muted
    } else {
        palette.text
    };
    let text = if count >= 100_000 || rect.width() < 36.0 && count >= 10_000 {
        crate::format::compact(count as f64)
    } else {
        integer(count)
    };
    ui.painter().text(
        rect.center(),
        Align2::CENTER_CENTER,
        text,
        font::caption(),
        color,
    );
    response.on_hover_text(words);
}

fn short(kind: ListKind) -> &'static str {
    match kind {
        ListKind::HighValue => "High-value",
        ListKind::MissedOpportunity => "Missed",
        ListKind::SecondOrder => "Second order",
        ListKind::VipToProtect => "VIPs",
        other => other.title(),
    }
}
