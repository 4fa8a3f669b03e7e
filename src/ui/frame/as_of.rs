//! The as-of date: see the shop as it was on any day.

use egui::{
    Color32, CursorIcon, Key, Popup, Rect, Response, RichText, Sense, Stroke, TextEdit, Ui,
    WidgetInfo, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{FrameCx, parts};
use crate::{
    action::{Action, Actions},
    command::{Command, shortcut_text},
    format,
    theme::{Palette, font, gap},
};
use data::day::{Day, civil, days_in_month, from_civil, iso, parse_iso};
use pipeline::snapshot::Shop;

/// Days the as-of date can take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The day after the first order: the first date with a customer.
    pub first: Day,
    /// The day after the last order: the default.
    pub latest: Day,
}

impl Range {
    #[must_use]
    pub fn of(first_order: Day, last_order: Day) -> Self {
        Self {
            first: first_order + 1,
            latest: last_order + 1,
        }
    }

    /// What to store: `None` stands for the latest date, so that it moves on with new data.
    #[must_use]
    pub fn setting(self, day: Day) -> Option<Day> {
        (day < self.latest).then_some(day.max(self.first))
    }
}

/// How far each step goes while the date plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pace {
    Week,
    #[default]
    Month,
    Quarter,
}

impl Pace {
    /// The next one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::Week => Self::Month,
            Self::Month => Self::Quarter,
            Self::Quarter => Self::Week,
        }
    }

    fn noun(self) -> &'static str {
        match self {
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
        }
    }
}

/// The same day of the month `months` later, or the month's last day where it is shorter.
#[must_use]
pub fn add_months(day: Day, months: i32) -> Day {
    let (year, month, day_of_month) = civil(day);
    let index = year * 12 + month as i32 - 1 + months;
    let (year, month) = (index.div_euclid(12), index.rem_euclid(12) as u32 + 1);
    from_civil(year, month, day_of_month.min(days_in_month(year, month))).unwrap_or(day)
}

/// What is remembered while a date is typed.
#[derive(Debug, Default)]
pub struct State {
    typed: String,
}

/// Steps, slider, date and reset.
pub fn as_of_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    shop: &Shop,
    state: &mut State,
    actions: &mut Actions,
) {
    let Some(range) = cx.days else { return };
    let palette = cx.palette;
    let day = cx.project.as_of.unwrap_or(range.latest);
    let roomy = ui.ctx().content_rect().width() >= 1280.0;
    ui.spacing_mut().item_spacing.x = 2.0;
    ui.label(
        RichText::new("As of")
            .font(font::caption())
            .color(palette.muted),
    );
    ui.add_space(gap::XS);
    if roomy {
        step_ui(ui, palette, Icon::ChevronsLeft, Command::MonthBack, actions);
    }
    step_ui(ui, palette, Icon::ChevronLeft, Command::DayBack, actions);
    let width = if roomy { 150.0 } else { 84.0 };
    // At 200 % zoom a small window has room for the steps and the date alone.
    let tight = ui.ctx().content_rect().width() < 640.0;
    let moved = (!tight).then(|| slider_ui(ui, palette, width, day, range));
    if let Some(moved) = moved.flatten() {
        actions.push(Action::SetAsOf(range.setting(moved)));
    }
    step_ui(
        ui,
        palette,
        Icon::ChevronRight,
        Command::DayForward,
        actions,
    );
    if roomy {
        step_ui(
            ui,
            palette,
            Icon::ChevronsRight,
            Command::MonthForward,
            actions,
        );
    }
    play_ui(ui, cx, actions);
    date_ui(ui, palette, (day, range), state, actions);
    if day < range.latest {
        step_ui(ui, palette, Icon::RotateCcw, Command::Latest, actions);
    }
    let _ = shop;
}

fn step_ui(ui: &mut Ui, palette: &Palette, icon: Icon, command: Command, actions: &mut Actions) {
    let keys = command
        .shortcut()
        .map(|shortcut| format!("  ({})", shortcut_text(shortcut)))
        .unwrap_or_default();
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 28.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, command.text()));
    let (fill, ink) = if response.hovered() {
        (palette.hover, palette.text)
    } else {
        (Color32::TRANSPARENT, palette.muted)
    };
    ui.painter().rect_filled(rect, 6, fill);
    parts::icon_at(ui.painter(), rect.center(), icon, 15.0, ink);
    parts::focus_ring(ui.painter(), rect.shrink(2.0), 4, palette, &response);
    if response
        .on_hover_text(format!("{}{keys}\n{}", command.text(), command.tooltip()))
        .clicked()
    {
        actions.push(Action::Run(command));
    }
}

/// Plays the date, or pauses it; a right click, or the command, changes how far each step goes.
fn play_ui(ui: &mut Ui, cx: &FrameCx<'_>, actions: &mut Actions) {
    let palette = cx.palette;
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 28.0), Sense::click());
    let name = if cx.playing {
        "Pause the as-of date"
    } else {
        "Play the as-of date"
    };
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, cx.playing, name));
    if response.hovered() || cx.playing {
        ui.painter().rect_filled(rect, 6, palette.hover);
    }
    let (icon, ink) = if cx.playing {
        (Icon::Pause, palette.accent)
    } else {
        (Icon::Play, palette.muted)
    };
    parts::icon_at(ui.painter(), rect.center(), icon, 15.0, ink);
    parts::focus_ring(ui.painter(), rect.shrink(2.0), 4, palette, &response);
    let keys = Command::Play
        .shortcut()
        .map(shortcut_text)
        .unwrap_or_default();
    let tip = format!(
        "{name}  ({keys})\nOne {} a step, to the last order. Right-click for another step.",
        cx.pace.noun()
    );
    let response = response.on_hover_text(tip);
    if response.clicked() {
        actions.push(Action::Run(Command::Play));
    } else if response.secondary_clicked() {
        actions.push(Action::Run(Command::PlayPace));
    }
}

/// A slider over days; arrows move by a day, with Ctrl by a week, with Shift by a month; Home and End
/// go to the ends.
fn slider_ui(ui: &mut Ui, palette: &Palette, width: f32, day: Day, range: Range) -> Option<Day> {
    let (rect, response) = ui.allocate_exact_size(vec2(width, 28.0), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, f64::from(day), "As-of date"));
    let response = response.on_hover_cursor(CursorIcon::PointingHand);
    let days = (range.latest - range.first).max(1) as f32;
    let (left, right) = (rect.left() + 9.0, rect.right() - 9.0);
    let share = ((day - range.first) as f32 / days).clamp(0.0, 1.0);
    paint_slider(ui, palette, rect, (left, right, share), &response);
    if let Some(pointer) = response.interact_pointer_pos() {
        let share = ((pointer.x - left) / (right - left)).clamp(0.0, 1.0);
        let moved = range.first + (share * days).round() as Day;
        return (moved != day).then_some(moved);
    }
    if !response.has_focus() {
        return None;
    }
    // The slider keeps its arrows and does not hand the focus on.
    ui.memory_mut(|memory| {
        let filter = egui::EventFilter {
            horizontal_arrows: true,
            ..egui::EventFilter::default()
        };
        memory.set_focus_lock_filter(response.id, filter);
    });
    let moved = ui.input(|input| {
        let back = input.key_pressed(Key::ArrowLeft);
        let forward = input.key_pressed(Key::ArrowRight);
        let step = i32::from(forward) - i32::from(back);
        if input.key_pressed(Key::Home) {
            range.first
        } else if input.key_pressed(Key::End) {
            range.latest
        } else if input.modifiers.alt {
            day
        } else if input.modifiers.shift {
            add_months(day, step)
        } else if input.modifiers.command || input.modifiers.ctrl {
            day + 7 * step
        } else {
            day + step
        }
    });
    let moved = moved.clamp(range.first, range.latest);
    (moved != day).then_some(moved)
}

fn paint_slider(
    ui: &Ui,
    palette: &Palette,
    rect: Rect,
    (left, right, share): (f32, f32, f32),
    response: &Response,
) {
    let painter = ui.painter();
    let y = rect.center().y;
    let x = left + (right - left) * share;
    let track = |from: f32, to: f32| Rect::from_min_max(pos2(from, y - 2.0), pos2(to, y + 2.0));
    painter.rect_filled(track(left - 2.0, right + 2.0), 2, palette.hairline);
    painter.rect_filled(track(left - 2.0, x), 2, palette.accent);
    let active = response.hovered() || response.dragged() || response.has_focus();
    let radius = if active { 7.5 } else { 6.5 };
    painter.circle(
        pos2(x, y),
        radius,
        palette.card,
        Stroke::new(2.0, palette.accent),
    );
    if response.has_focus() {
        painter.circle_stroke(pos2(x, y), radius + 3.0, Stroke::new(1.5, palette.accent));
    }
}

/// The date itself; a click opens a field to type one.
fn date_ui(
    ui: &mut Ui,
    palette: &Palette,
    (day, range): (Day, Range),
    state: &mut State,
    actions: &mut Actions,
) {
    let text = format::date(day);
    let (rect, response) = ui.allocate_exact_size(vec2(92.0, 28.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("As of {text}")));
    if response.hovered() {
        ui.painter().rect_filled(rect, 6, palette.hover);
    }
    parts::focus_ring(ui.painter(), rect.shrink(2.0), 4, palette, &response);
    ui.painter().text(
        rect.center(),
        egui::Align2::CENTER_CENTER,
        &text,
        font::body_medium(),
        palette.text,
    );
    if response.clicked() {
        state.typed = iso(day);
    }
    let response =
        response.on_hover_text("Only orders before this day count. Click to type a date");
    Popup::menu(&response)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(190.0);
            let label = ui.label(
                RichText::new("As-of date (year-month-day)")
                    .font(font::caption())
                    .color(palette.muted),
            );
            let field = ui
                .add(TextEdit::singleline(&mut state.typed).desired_width(f32::INFINITY))
                .labelled_by(label.id);
            let parsed = parse_iso(state.typed.trim());
            if parsed.is_none() {
                ui.label(
                    RichText::new("Write it as 2024-06-30")
                        .font(font::caption())
                        .color(palette.warn),
                );
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if let (true, Some(day)) = (entered, parsed) {
                actions.push(Action::SetAsOf(range.setting(day)));
                ui.close();
            }
        });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        parse_iso(text).unwrap()
    }

    #[test]
    fn months_end_where_they_end() {
        assert_eq!(add_months(day("2024-01-31"), 1), day("2024-02-29"));
        assert_eq!(add_months(day("2024-03-31"), -1), day("2024-02-29"));
        assert_eq!(add_months(day("2024-01-15"), -1), day("2023-12-15"));
        assert_eq!(add_months(day("2023-12-15"), 13), day("2025-01-15"));
    }

    #[test]
    fn the_latest_date_is_kept_open() {
        let range = Range::of(day("2024-01-01"), day("2024-12-31"));
        assert_eq!(range.setting(day("2025-01-01")), None);
        assert_eq!(range.setting(day("2030-01-01")), None);
        assert_eq!(range.setting(day("2024-07-01")), Some(day("2024-07-01")));
        assert_eq!(range.setting(day("1999-07-01")), Some(day("2024-01-02")));
    }
}
