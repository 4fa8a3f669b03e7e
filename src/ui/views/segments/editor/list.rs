//! The rules in their order: choose one, drag it, move it by keys, duplicate or delete it.

use egui::{
    Align2, CursorIcon, EventFilter, Id, Key, Modifiers, Rect, Response, Sense, Stroke, StrokeKind,
    Ui, accesskit::Role, pos2, vec2,
};
use lucide_icons::Icon;

use super::{fresh_name, set_rules};
use crate::{
    action::Actions,
    cx::Cx,
    format::{count, integer},
    theme::{font, gap},
    views::segments::{model::Model, rules::in_words},
    widgets::{
        card::icon_button_ui,
        elided::elided,
        segment_mark::{self, Label},
    },
};
use analysis::rules::Rule;

const ROW: f32 = 36.0;
/// Columns from the left: grip, number; from the right: buttons, change, customers.
const GRIP: f32 = 24.0;
const NUMBER: f32 = 22.0;
const NAME: f32 = 150.0;
const BUTTONS: f32 = 64.0;
const CHANGE: f32 = 64.0;
const CUSTOMERS: f32 = 70.0;

/// Height of a list of so many rules.
#[must_use]
pub fn height(rules: usize) -> f32 {
    rules as f32 * ROW
}

/// What a row was asked to do.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Wish {
    Choose(usize),
    Move { from: usize, to: usize },
    Duplicate(usize),
    Delete(usize),
}

/// Draws the list; `chosen` is the rule whose form is open, `dragged` the one under the pointer.
pub fn list_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    model: &Model,
    (chosen, dragged): (&mut usize, &mut Option<usize>),
    actions: &mut Actions,
) {
    let rules = &cx.project.rules;
    let size = vec2(ui.available_width(), height(rules.len()));
    let (area, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut wish = None;
    for (number, rule) in rules.iter().enumerate() {
        let top = area.top() + number as f32 * ROW;
        let rect = Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), ROW));
        let row = Row {
            number,
            rule,
            rect,
            chosen: *chosen == number,
            lifted: *dragged == Some(number),
            last: number + 1 == rules.len(),
        };
        wish = row.show_ui(ui, cx, model).or(wish);
    }
    wish = drag(ui, area, rules.len(), dragged).or(wish);
    if let Some(wish) = wish {
        fulfil(cx, wish, (chosen, dragged), actions);
    }
}

struct Row<'a> {
    number: usize,
    rule: &'a Rule,
    rect: Rect,
    chosen: bool,
    lifted: bool,
    last: bool,
}

fn grip_id(number: usize) -> Id {
    Id::unique(("rule grip", number))
}

impl Row<'_> {
    fn show_ui(&self, ui: &mut Ui, cx: &Cx<'_>, model: &Model) -> Option<Wish> {
        let id = Id::unique(("rule", self.number));
        let response = ui.interact(self.rect, id, Sense::click());
        response.widget_info(|| {
            let label = self.sentence(cx, model);
            egui::WidgetInfo::selected(Role::ListBoxOption, true, self.chosen, label)
        });
        self.paint(ui, cx, model, &response);
        let grip = Rect::from_min_size(self.rect.min, vec2(GRIP, ROW));
        let grip = ui.interact(grip, grip_id(self.number), Sense::drag());
        grip.on_hover_cursor(CursorIcon::Grab)
            .on_hover_text("Drag to change the order");
        let wish = self.buttons_ui(ui, cx, &response);
        if response.clicked() {
            response.request_focus();
            return wish.or(Some(Wish::Choose(self.number)));
        }
        let tip = in_words(&self.rule.when);
        response.clone().on_hover_text_at_pointer(tip);
        wish.or_else(|| self.keys(ui, &response))
    }

    /// "Rule 1, VIP: R ≥ 4 and F ≥ 4 and M ≥ 4. 6,286 customers, 12 more than before".
    fn sentence(&self, cx: &Cx<'_>, model: &Model) -> String {
        let (customers, change) = self.counts(cx, model);
        let counted = customers.map_or_else(
            || "being counted".to_owned(),
            |customers| count(customers, "customer", "customers"),
        );
        let change = match change {
            Some(more) if more > 0 => {
                format!(", {} more than before", integer(more.unsigned_abs()))
            }
            Some(fewer) if fewer < 0 => {
                format!(", {} fewer than before", integer(fewer.unsigned_abs()))
            }
            _ => String::new(),
        };
        format!(
            "Rule {}, {}: {}. {counted}{change}",
            self.number + 1,
            self.rule.name,
            in_words(&self.rule.when)
        )
    }

    /// Customers won and how many more than before the last change; nothing while the numbers are of
    /// another list.
    fn counts(&self, cx: &Cx<'_>, model: &Model) -> (Option<u64>, Option<i64>) {
        let shown = cx.shop.tuning.rules.get(self.number);
        if shown.is_none_or(|shown| shown.name != self.rule.name) {
            return (None, None);
        }
        let Some(segment) = model.segments.get(self.number) else {
            return (None, None);
        };
        let customers = segment.stats.customers;
        let change = model.changes.as_ref().map(|changes| {
            let ghost = changes.ghosts.get(self.number).and_then(Option::as_ref);
            customers as i64 - ghost.map_or(0, |ghost| ghost.customers as i64)
        });
        (Some(customers), change)
    }

    fn paint(&self, ui: &Ui, cx: &Cx<'_>, model: &Model, response: &Response) {
        let (painter, palette, rect) = (ui.painter(), cx.palette, self.rect);
        let inner = rect.shrink2(vec2(0.0, 1.0));
        if self.lifted || self.chosen {
            painter.rect_filled(inner, 6, palette.accent_soft);
        } else if response.hovered() {
            painter.rect_filled(inner, 6, palette.hover);
        }
        if response.has_focus() || self.lifted {
            let stroke = Stroke::new(2.0, palette.accent);
            painter.rect_stroke(inner, 6, stroke, StrokeKind::Inside);
        }
        let middle = rect.center().y;
        painter.text(
            pos2(rect.left() + GRIP / 2.0, middle),
            Align2::CENTER_CENTER,
            Icon::GripVertical.unicode(),
            font::icon(15.0),
            palette.muted,
        );
        let mut left = rect.left() + GRIP;
        painter.text(
            pos2(left, middle),
            Align2::LEFT_CENTER,
            self.number + 1,
            font::body(),
            palette.muted,
        );
        left += NUMBER;
        let label = Label {
            style: self.rule.style,
            name: &self.rule.name,
            max_width: NAME - gap::S,
        };
        segment_mark::paint_label(painter, palette, pos2(left, middle), label);
        left += NAME;
        let edge = rect.right() - BUTTONS;
        self.paint_counts(ui, cx, model, edge);
        let room = edge - CHANGE - CUSTOMERS - left;
        if room > 60.0 {
            let words = in_words(&self.rule.when);
            let words = elided(painter, &words, font::body(), palette.muted, room);
            painter.galley(
                pos2(left, middle - words.size().y / 2.0),
                words,
                palette.muted,
            );
        }
    }

    fn paint_counts(&self, ui: &Ui, cx: &Cx<'_>, model: &Model, edge: f32) {
        let (painter, palette) = (ui.painter(), cx.palette);
        let middle = self.rect.center().y;
        let (customers, change) = self.counts(cx, model);
        let (text, color) = match customers {
            Some(0) => ("nobody".to_owned(), palette.warn),
            Some(customers) => (integer(customers), palette.text),
            None => ("…".to_owned(), palette.muted),
        };
        let right = |edge: f32, text: String, color| {
            let at = pos2(edge, middle);
            painter.text(at, Align2::RIGHT_CENTER, text, font::body(), color);
        };
        right(edge - CHANGE, text, color);
        if let Some(change) = change.filter(|change| *change != 0) {
            let arrow = if change > 0 { "▲" } else { "▼" };
            let text = format!("{arrow} {}", integer(change.unsigned_abs()));
            right(edge - gap::S, text, palette.accent);
        }
    }

    fn buttons_ui(&self, ui: &mut Ui, cx: &Cx<'_>, row: &Response) -> Option<Wish> {
        if !(self.chosen || row.contains_pointer() || row.has_focus()) {
            return None;
        }
        let corner = pos2(self.rect.right() - BUTTONS + 4.0, self.rect.top() + 4.0);
        let rect = Rect::from_min_size(corner, vec2(BUTTONS - 4.0, 28.0));
        let mut child = ui.new_child(
            egui::UiBuilder::new()
                .id_salt(("rule buttons", self.number))
                .max_rect(rect)
                .layout(egui::Layout::left_to_right(egui::Align::Center)),
        );
        child.spacing_mut().item_spacing.x = 2.0;
        let name = &self.rule.name;
        let copy = format!("Duplicate {name}");
        let delete = format!("Delete {name}");
        let mut wish = None;
        if icon_button_ui(&mut child, cx.palette, Icon::Copy, &copy).clicked() {
            wish = Some(Wish::Duplicate(self.number));
        }
        if icon_button_ui(&mut child, cx.palette, Icon::Trash2, &delete).clicked() {
            wish = Some(Wish::Delete(self.number));
        }
        wish
    }

    /// Alt+↑ and Alt+↓ move the rule, ↑ and ↓ choose its neighbour.
    fn keys(&self, ui: &Ui, response: &Response) -> Option<Wish> {
        if !response.has_focus() {
            return None;
        }
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        let from = self.number;
        let up = self.number.checked_sub(1);
        let down = (!self.last).then_some(self.number + 1);
        let moved = |to: Option<usize>| to.map(|to| Wish::Move { from, to });
        if pressed(Modifiers::ALT, Key::ArrowUp) {
            moved(up)
        } else if pressed(Modifiers::ALT, Key::ArrowDown) {
            moved(down)
        } else if pressed(Modifiers::NONE, Key::ArrowUp) {
            up.map(Wish::Choose)
        } else if pressed(Modifiers::NONE, Key::ArrowDown) {
            down.map(Wish::Choose)
        } else if pressed(Modifiers::NONE, Key::Delete) {
            Some(Wish::Delete(from))
        } else {
            None
        }
    }
}

/// While a grip is held, its rule changes places as soon as the pointer is over another row.
fn drag(ui: &Ui, area: Rect, rules: usize, dragged: &mut Option<usize>) -> Option<Wish> {
    if !ui.input(|input| input.pointer.primary_down()) {
        *dragged = None;
        return None;
    }
    if dragged.is_none() {
        let held = (0..rules).find(|&number| ui.ctx().is_being_dragged(grip_id(number)));
        *dragged = held;
        return held.map(Wish::Choose);
    }
    let from = (*dragged)?;
    let pointer = ui.input(|input| input.pointer.interact_pos())?;
    let row = ((pointer.y - area.top()) / ROW).floor().max(0.0) as usize;
    let to = row.min(rules.saturating_sub(1));
    (to != from).then_some(Wish::Move { from, to })
}

fn fulfil(
    cx: &Cx<'_>,
    wish: Wish,
    (chosen, dragged): (&mut usize, &mut Option<usize>),
    actions: &mut Actions,
) {
    let mut rules = cx.project.rules.clone();
    match wish {
        Wish::Choose(number) => {
            *chosen = number;
            return;
        }
        Wish::Move { from, to } => {
            let rule = rules.remove(from);
            rules.insert(to, rule);
            *chosen = to;
            if dragged.is_some() {
                *dragged = Some(to);
            }
        }
        Wish::Duplicate(number) => {
            let mut copy = rules[number].clone();
            copy.name = fresh_name(&rules, &copy.name);
            rules.insert(number + 1, copy);
            *chosen = number + 1;
        }
        Wish::Delete(number) => {
            rules.remove(number);
        }
    }
    set_rules(cx, rules, actions);
}
