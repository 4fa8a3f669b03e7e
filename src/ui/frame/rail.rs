//! The left rail: product mark, views, and at the bottom theme and width.

use egui::{
    Align2, Color32, Frame, Panel, Rect, Response, Sense, Stroke, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, parts};
use crate::{
    action::{Action, Actions, View},
    command::{Command, shortcut_text, view_icon},
    theme::{Palette, RAIL_COLLAPSE_WIDTH, font, gap},
};

const WIDE: f32 = 188.0;
const NARROW: f32 = 56.0;
const ITEM_HEIGHT: f32 = 38.0;

pub fn rail_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let forced = ui.available_width() < RAIL_COLLAPSE_WIDTH;
    let narrow = forced || cx.settings.rail_collapsed;
    let palette = cx.palette;
    let response = Panel::left("rail")
        .exact_size(if narrow { NARROW } else { WIDE })
        .resizable(false)
        .show_separator_line(false)
        .frame(Frame::new().fill(palette.card).inner_margin(8))
        .show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = gap::XS;
            brand_ui(ui, palette, narrow);
            ui.add_space(gap::M);
            for view in View::ALL {
                let item = Item {
                    icon: view_icon(view),
                    label: view.title(),
                    command: Command::Show(view),
                    active: view == cx.view,
                };
                if item_ui(ui, palette, narrow, &item).clicked() {
                    actions.push(Action::Show(view));
                }
            }
            let items_below = if forced { 2.0 } else { 3.0 };
            let rest = ui.available_height() - items_below * (ITEM_HEIGHT + gap::XS);
            ui.add_space(rest.max(0.0));
            let manual = (Icon::CircleQuestionMark, "Manual", Command::Manual);
            command_ui(ui, palette, narrow, manual, actions);
            let (icon, label) = if palette.dark {
                (Icon::Sun, "Light theme")
            } else {
                (Icon::Moon, "Dark theme")
            };
            command_ui(
                ui,
                palette,
                narrow,
                (icon, label, Command::ToggleTheme),
                actions,
            );
            if !forced {
                let (icon, label) = if narrow {
                    (Icon::PanelLeftOpen, "Expand the rail")
                } else {
                    (Icon::PanelLeftClose, "Collapse")
                };
                command_ui(
                    ui,
                    palette,
                    narrow,
                    (icon, label, Command::ToggleRail),
                    actions,
                );
            }
        })
        .response;
    let rect = response.rect;
    ui.painter().vline(
        rect.right() - 0.5,
        rect.y_range(),
        Stroke::new(1.0, palette.hairline),
    );
}

fn brand_ui(ui: &mut Ui, palette: &Palette, narrow: bool) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 32.0), Sense::hover());
    let left = if narrow {
        rect.center().x - 14.0
    } else {
        rect.left() + 6.0
    };
    let mark = Rect::from_min_size(pos2(left, rect.center().y - 14.0), vec2(28.0, 28.0));
    parts::paint_logo(ui.painter(), mark, palette);
    if !narrow {
        ui.painter().text(
            pos2(mark.right() + 10.0, rect.center().y),
            Align2::LEFT_CENTER,
            "Keepers",
            font::card_title(),
            palette.text,
        );
    }
}

fn command_ui(
    ui: &mut Ui,
    palette: &Palette,
    narrow: bool,
    (icon, label, command): (Icon, &str, Command),
    actions: &mut Actions,
) {
    let item = Item {
        icon,
        label,
        command,
        active: false,
    };
    if item_ui(ui, palette, narrow, &item).clicked() {
        actions.push(Action::Run(command));
    }
}

struct Item<'a> {
    icon: Icon,
    label: &'a str,
    command: Command,
    active: bool,
}

fn item_ui(ui: &mut Ui, palette: &Palette, narrow: bool, item: &Item<'_>) -> Response {
    let size = vec2(ui.available_width(), ITEM_HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, item.active, item.label));
    if ui.is_rect_visible(rect) {
        let (fill, ink) = match (item.active, response.hovered()) {
            (true, _) => (palette.accent_soft, palette.accent),
            (false, true) => (palette.hover, palette.text),
            (false, false) => (Color32::TRANSPARENT, palette.muted),
        };
        let painter = ui.painter();
        painter.rect_filled(rect, 8, fill);
        parts::focus_ring(painter, rect.shrink(2.0), 6, palette, &response);
        let icon_x = if narrow {
            rect.center().x
        } else {
            rect.left() + 20.0
        };
        parts::icon_at(painter, pos2(icon_x, rect.center().y), item.icon, 18.0, ink);
        if !narrow {
            let ink = if item.active {
                palette.accent
            } else {
                palette.text
            };
            painter.text(
                pos2(rect.left() + 40.0, rect.center().y),
                Align2::LEFT_CENTER,
                item.label,
                font::body_medium(),
                ink,
            );
        }
    }
    let keys = item
        .command
        .shortcut()
        .map(|shortcut| format!("  ({})", shortcut_text(shortcut)))
        .unwrap_or_default();
    let tip = format!("{}{keys}\n{}", item.label, item.command.tooltip());
    response.on_hover_text(tip)
}
