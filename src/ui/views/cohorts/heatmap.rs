//! The heatmap: an own widget of painted cells with frozen heads, hover, selection and a keyboard focus.

use egui::{
    EventFilter, Id, Key, Modifiers, Rect, Response, ScrollArea, Sense, Ui, UiBuilder, Vec2,
};

use super::{
    layout::{Layout, Need},
    model::Page,
    paint::{self, Marks, Place},
};
use crate::{
    chart::{Tip, tip_ui},
    theme::{Palette, font},
};

/// What the widget remembers between frames.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Memory {
    /// Where the keyboard is.
    pub focus: Option<Place>,
    /// Where the pointer is.
    pub hovered: Option<Place>,
    /// The place picked last without Shift: where a range begins.
    pub anchor: Option<Place>,
}

/// What the user asked for in this frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picked {
    pub place: Place,
    /// The other corner of a range: Shift was held.
    pub from: Option<Place>,
    /// Ctrl was held: add to the selection.
    pub also: bool,
}

/// Widths of the frozen columns and the number of cells.
#[must_use]
pub fn need(ui: &Ui, page: &Page) -> Need {
    let width = |text: &str, font| {
        ui.painter()
            .layout_no_wrap(text.to_owned(), font, egui::Color32::PLACEHOLDER)
            .size()
            .x
    };
    let name = page
        .rows
        .iter()
        .map(|row| width(&row.name, font::caption_medium()))
        .fold(width("Weighted mean", font::caption_medium()), f32::max);
    let size = page
        .rows
        .iter()
        .map(|row| row.size)
        .chain([page.customers])
        .max()
        .map_or(0.0, |size| {
            width(&crate::format::integer(size), font::caption())
        })
        .max(width("Size", font::caption_medium()));
    Need {
        rows: page.rows.len(),
        ages: page.ages,
        name_width: (name + 16.0).min(200.0).ceil(),
        size_width: (size + 24.0).ceil(),
    }
}

/// Draws the table into `height` points and returns what was picked.
pub fn heatmap_ui(
    ui: &mut Ui,
    palette: &Palette,
    page: &Page,
    selected: &[Place],
    (memory, height): (&mut Memory, f32),
) -> Option<Picked> {
    let need = need(ui, page);
    let size = egui::vec2(ui.available_width(), height);
    let (outer, _) = ui.allocate_exact_size(size, Sense::hover());
    let mut layout = Layout::new(outer, need);
    let id = ui.scope_id().with("heatmap");
    let moved = focus_moves(ui, id, page, memory);
    layout.offset = ui.data(|data| data.get_temp(id)).unwrap_or_default();
    // One widget for all cells: it takes clicks and focus; painted cells cost nothing when hidden.
    let response = ui.interact(
        layout.heads_window().union(layout.window),
        id,
        Sense::click(),
    );
    memory.hovered = response
        .hover_pos()
        .and_then(|pointer| layout.place_at(pointer));
    let focus = memory.focus.filter(|_| response.has_focus());
    announce(&response, page, focus);
    let marks = Marks {
        hovered: memory.hovered,
        focus,
        selected,
    };
    let reveal = memory.focus.filter(|_| moved);
    layout.offset = scrolled_ui(ui, id, &layout, reveal, |ui, layout| {
        paint::cells(ui, palette, page, layout, &marks);
    });
    paint::heads(ui, palette, page, &layout, &marks);
    paint::columns(ui, palette, page, &layout, &marks);
    read_out(
        ui,
        palette,
        page,
        &layout,
        (&response, memory.hovered, focus),
    );
    picked(ui, page, &response, memory)
}

/// A scroll area over the cells only; returns its offset, which moves the heads along.
fn scrolled_ui(
    ui: &mut Ui,
    id: Id,
    layout: &Layout,
    reveal: Option<Place>,
    cells: impl FnOnce(&mut Ui, &Layout),
) -> Vec2 {
    let mut child = ui.new_child(UiBuilder::new().id_salt(id).max_rect(layout.window));
    let mut area = ScrollArea::both().id_salt("cells").auto_shrink(false);
    if let Some((row, age)) = reveal {
        let into = |offset: f32, length: f32, low: f32, cell: f32| {
            offset.min(low).max(low + cell - length)
        };
        let (before, cell) = (layout.offset, layout.cell);
        let x = age.map_or(before.x, |age| {
            into(before.x, layout.window.width(), age as f32 * cell.x, cell.x)
        });
        let y = into(
            before.y,
            layout.window.height(),
            row as f32 * cell.y,
            cell.y,
        );
        area = area.scroll_offset(egui::vec2(x, y));
    }
    let output = area.show_viewport(&mut child, |ui, viewport| {
        ui.set_min_size(layout.content());
        let mut layout = *layout;
        layout.offset = viewport.min.to_vec2();
        cells(ui, &layout);
    });
    let offset = output.state.clamped_offset();
    ui.data_mut(|data| data.insert_temp(id, offset));
    offset
}

/// Arrow keys, Home and End move the focus; true when it moved in this frame.
fn focus_moves(ui: &Ui, id: Id, page: &Page, memory: &mut Memory) -> bool {
    if !ui.memory(|memory| memory.has_focus(id)) || page.rows.is_empty() {
        return false;
    }
    ui.memory_mut(|memory| {
        memory.set_focus_lock_filter(
            id,
            EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            },
        );
    });
    let before = memory.focus;
    let last = (page.rows.len() - 1, page.ages.saturating_sub(1));
    let (mut row, mut age) = before.unwrap_or((0, Some(0)));
    row = row.min(last.0);
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    if pressed(Key::ArrowUp) {
        row = row.saturating_sub(1);
    }
    if pressed(Key::ArrowDown) {
        row = (row + 1).min(last.0);
    }
    if pressed(Key::ArrowLeft) {
        age = age.and_then(|age| age.checked_sub(1));
    }
    if pressed(Key::ArrowRight) {
        age = Some(age.map_or(0, |age| (age + 1).min(last.1)));
    }
    if pressed(Key::Home) {
        age = None;
    }
    if pressed(Key::End) {
        age = (0..page.ages)
            .rev()
            .find(|&age| page.cell(row, age).is_some());
    }
    memory.focus = Some((row, age.map(|age| age.min(last.1))));
    memory.focus != before
}

fn sentence(page: &Page, (row, age): Place) -> String {
    match age {
        Some(age) => page.tip(row, age).sentence(),
        None => super::words::row_sentence(page, row),
    }
}

/// Screen readers hear the table's finding, and the focused cell's sentence while it has the focus.
fn announce(response: &Response, page: &Page, focus: Option<Place>) {
    let label = focus.map_or_else(
        || format!("Cohort table. {}", page.finding),
        |place| sentence(page, place),
    );
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Grid, true, &label));
    if focus.is_some() {
        response.ctx.accesskit_node_builder(response.id, |node| {
            node.set_live(egui::accesskit::Live::Polite);
        });
    }
}

fn read_out(
    ui: &Ui,
    palette: &Palette,
    page: &Page,
    layout: &Layout,
    (response, hovered, focus): (&Response, Option<Place>, Option<Place>),
) {
    let Some((row, age)) = hovered.or(focus) else {
        return;
    };
    let tip = match age {
        Some(age) => page.tip(row, age),
        None => Tip::new(super::words::row_sentence(page, row)),
    };
    let how = if hovered.is_some() {
        "Click to select these customers; Shift-click for a range."
    } else {
        "Press Enter to select these customers."
    };
    let somebody = age.is_none_or(|age| page.cell(row, age).is_some_and(|cell| cell.customers > 0));
    let tip = if somebody {
        let note = [tip.note.as_str(), how].join(" ").trim().to_owned();
        tip.note(note)
    } else {
        tip
    };
    let anchor: Option<Rect> = hovered.is_none().then(|| match age {
        Some(age) => layout.cell_rect(row, age),
        None => layout.row_head(row),
    });
    tip_ui(ui, palette, response.id, anchor, &tip);
}

fn picked(ui: &Ui, page: &Page, response: &Response, memory: &mut Memory) -> Option<Picked> {
    let enter = response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let place = if response.clicked() && !enter && memory.hovered.is_some() {
        memory.focus = memory.hovered;
        memory.hovered
    } else if enter {
        memory.focus
    } else {
        None
    }?;
    // A blank cell holds nobody to select.
    if let (row, Some(age)) = place
        && page.cell(row, age).is_none_or(|cell| cell.customers == 0)
    {
        return None;
    }
    let modifiers = ui.input(|input| input.modifiers);
    let from = memory
        .anchor
        .filter(|anchor| modifiers.shift && *anchor != place);
    if from.is_none() {
        memory.anchor = Some(place);
    }
    Some(Picked {
        place,
        from,
        also: modifiers.command || modifiers.ctrl,
    })
}
