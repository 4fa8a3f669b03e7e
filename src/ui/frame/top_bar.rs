//! The top bar: data set, as-of date, selection chips, command palette.

use egui::{
    Align, Align2, Button, Color32, Frame, Layout, Margin, Panel, Popup, Rect, Response, RichText,
    Sense, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, State, as_of, chips, parts};
use crate::{
    action::{Action, Actions},
    command::{Command, shortcut_text},
    theme::{Palette, TOP_BAR_HEIGHT, font, gap},
    views::{
        data::Tab,
        trust::{self, Facts},
    },
    widgets::card::icon_button_ui,
};
use pipeline::snapshot::Shop;

pub fn top_bar_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    state: &mut State,
    actions: &mut Actions,
) {
    let palette = cx.palette;
    let margin = Margin::symmetric(gap::L as i8, 0);
    let response = Panel::top("top_bar")
        .exact_size(TOP_BAR_HEIGHT)
        .show_separator_line(false)
        .frame(Frame::new().fill(palette.card).inner_margin(margin))
        .show(ui, |ui| {
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = gap::S;
                data_set_ui(ui, cx, shop, actions);
                if cx.days.is_some() {
                    parts::divider_ui(ui, palette);
                }
                as_of::as_of_ui(ui, cx, shop, &mut state.as_of, actions);
                ui.spacing_mut().item_spacing.x = gap::S;
                ui.add_space(gap::XS);
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    ui.spacing_mut().item_spacing.x = gap::XS;
                    if find_ui(ui, palette).clicked() {
                        actions.push(Action::Run(Command::Palette));
                    }
                    let scenes = Command::Scenes.tip();
                    if icon_button_ui(ui, palette, Icon::Presentation, &scenes).clicked() {
                        actions.push(Action::Run(Command::Scenes));
                    }
                    if let Some(facts) = Facts::of(shop, &cx.project.reading)
                        && trust::badge_ui(ui, palette, &facts)
                    {
                        actions.push(Action::ShowDataTab(Tab::Quality));
                    }
                    history_ui(ui, cx, actions);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        chips::chips_ui(ui, cx, actions);
                    });
                });
            });
        })
        .response;
    let rect = response.rect;
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, palette.hairline),
    );
}

/// Undo and redo; they appear with the first change that can be taken back.
fn history_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    for (possible, icon, command) in [
        (cx.can_redo, Icon::Redo2, Command::Redo),
        (cx.can_undo, Icon::Undo2, Command::Undo),
    ] {
        if possible && icon_button_ui(ui, cx.palette, icon, &command.tip()).clicked() {
            actions.push(Action::Run(command));
        }
    }
}

/// Name of the data set with its menu.
fn data_set_ui(ui: &mut Ui, cx: &FrameCx<'_>, shop: &Shop, actions: &mut Actions) {
    let palette = cx.palette;
    // Without orders there is no date that needs the room.
    let (share, most) = if shop.dataset.shape.has_orders() {
        (0.18, 220.0)
    } else {
        (0.5, 480.0)
    };
    let room = (ui.available_width() * share).clamp(90.0, most);
    let name = parts::fitted_text(ui.painter(), &shop.dataset.name, &font::card_title(), room);
    let response = name_button_ui(ui, palette, &name, cx.unsaved);
    let response = response.on_hover_text(if cx.unsaved {
        "Unsaved changes. Save, open another shop, or close this one"
    } else {
        "Save, open another shop, or close this one"
    });
    Popup::menu(&response).width(300.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        for command in [
            Command::Open,
            Command::AddFiles,
            Command::TrySample,
            Command::Save,
            Command::SaveAs,
            Command::Export,
            Command::Report,
            Command::Close,
        ]
        .into_iter()
        .filter(|command| cx.can_run(*command))
        {
            if menu_item_ui(ui, palette, command).clicked() {
                actions.push(Action::Run(command));
            }
        }
        let others = cx
            .settings
            .recent
            .iter()
            .filter(|recent| recent.source != cx.project.source);
        for (index, recent) in others.take(6).enumerate() {
            if index == 0 {
                ui.separator();
                ui.label(
                    RichText::new("Recent")
                        .font(font::caption_medium())
                        .color(palette.muted),
                );
            }
            let size = RichText::new(&recent.size)
                .font(font::caption())
                .color(palette.muted);
            let button = Button::new(recent.name.as_str())
                .frame_when_inactive(false)
                .right_text(size)
                .min_size(vec2(ui.available_width(), 30.0));
            if ui.add(button).clicked() {
                actions.push(Action::Open(recent.source.clone()));
            }
        }
    });
}

/// The name, with a dot behind it while there are unsaved changes.
fn name_button_ui(ui: &mut Ui, palette: &Palette, name: &str, unsaved: bool) -> Response {
    let galley = ui
        .painter()
        .layout_no_wrap(name.to_owned(), font::card_title(), palette.text);
    let mark = if unsaved { 12.0 } else { 0.0 };
    let size = vec2(galley.size().x + 34.0 + mark, 32.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    let label = if unsaved {
        format!("Shop: {name}, unsaved changes")
    } else {
        format!("Shop: {name}")
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let painter = ui.painter();
    if response.hovered() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    parts::focus_ring(painter, rect.shrink(2.0), 4, palette, &response);
    if unsaved {
        let dot = pos2(rect.right() - 28.0, rect.center().y);
        painter.circle_filled(dot, 3.5, palette.accent);
    }
    let top = rect.center().y - galley.size().y / 2.0;
    painter.galley(pos2(rect.left() + 8.0, top), galley, palette.text);
    let arrow = pos2(rect.right() - 14.0, rect.center().y);
    parts::icon_at(painter, arrow, Icon::ChevronDown, 14.0, palette.muted);
    response
}

/// A row of a menu: icon, text, shortcut.
fn menu_item_ui(ui: &mut Ui, palette: &Palette, command: Command) -> Response {
    let keys = command.shortcut().map(shortcut_text).unwrap_or_default();
    let size = vec2(ui.available_width(), 30.0);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, command.text()));
    let painter = ui.painter();
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 6, palette.hover);
    }
    parts::focus_ring(painter, rect.shrink(2.0), 6, palette, &response);
    let y = rect.center().y;
    let icon = pos2(rect.left() + 16.0, y);
    parts::icon_at(painter, icon, command.icon(), 16.0, palette.muted);
    let text = |x: f32, align: Align2, text: &str, font_id, ink: Color32| {
        painter.text(pos2(x, y), align, text, font_id, ink);
    };
    let left = rect.left() + 34.0;
    text(
        left,
        Align2::LEFT_CENTER,
        command.text(),
        font::body(),
        palette.text,
    );
    let right = rect.right() - 8.0;
    text(
        right,
        Align2::RIGHT_CENTER,
        &keys,
        font::caption(),
        palette.muted,
    );
    if response.clicked() {
        ui.close();
    }
    response.on_hover_text(command.tooltip())
}

/// Opens the palette; a field-like button where there is room.
fn find_ui(ui: &mut Ui, palette: &Palette) -> Response {
    let label = Command::Palette.tip();
    if ui.ctx().content_rect().width() < 1280.0 {
        return icon_button_ui(ui, palette, Icon::Search, &label);
    }
    let (rect, response) = ui.allocate_exact_size(vec2(186.0, 30.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    let line = if response.hovered() {
        palette.faint
    } else {
        palette.hairline
    };
    let painter = ui.painter();
    painter.rect(
        rect,
        6,
        palette.canvas,
        Stroke::new(1.0, line),
        egui::StrokeKind::Inside,
    );
    parts::focus_ring(painter, rect.shrink(2.0), 4, palette, &response);
    let y = rect.center().y;
    parts::icon_at(
        painter,
        pos2(rect.left() + 15.0, y),
        Icon::Search,
        14.0,
        palette.muted,
    );
    let muted = palette.muted;
    painter.text(
        pos2(rect.left() + 28.0, y),
        Align2::LEFT_CENTER,
        "Find a command",
        font::caption(),
        muted,
    );
    let keys = Rect::from_min_max(
        pos2(rect.right() - 50.0, rect.top() + 6.0),
        pos2(rect.right() - 6.0, rect.bottom() - 6.0),
    );
    painter.rect_filled(keys, 4, palette.hover);
    painter.text(
        keys.center(),
        Align2::CENTER_CENTER,
        "Ctrl+K",
        font::caption(),
        muted,
    );
    response.on_hover_text(Command::Palette.tooltip())
}
