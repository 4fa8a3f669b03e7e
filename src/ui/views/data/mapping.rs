//! What each column of a file means: one row per column with its role to choose, the reason for the
//! guess, and its first values as they are read. Used for open files and for files to be opened.

use egui::{Align, Color32, Label, Layout, Rect, RichText, Sense, Ui, UiBuilder, pos2, vec2};
use lucide_icons::Icon;

use super::model;
use crate::{
    action::{Action, Actions},
    frame::{
        layouts::LayoutAction,
        parts::{self, Loudness},
    },
    theme::{Palette, font, gap},
    widgets::{
        card::{Head, card_ui, icon_button_ui},
        dropdown::cell_dropdown_ui,
        elided::elided,
    },
};
use data::dataset::options::{ReadOptions, ReadingEdit};
use data::dataset::{ColumnReading, FileReading, Role};
use project::layouts;

const HEAD_HEIGHT: f32 = 28.0;
const ROW_HEIGHT: f32 = 36.0;
const ROLE_WIDTH: f32 = 178.0;
const RESET_WIDTH: f32 = 32.0;
const REMEMBER: &str = "Read other files with these columns the same way, in every project";

/// A file and how it is read.
#[derive(Clone, Copy)]
pub struct Mapped<'a> {
    pub palette: &'a Palette,
    pub file: &'a FileReading,
    pub reading: &'a ReadOptions,
}

impl Mapped<'_> {
    fn name(&self) -> String {
        model::file_title(self.file)
    }
}

/// The card with the columns of one file.
pub fn columns_ui(ui: &mut Ui, mapped: Mapped<'_>, finding: &str, actions: &mut Actions) {
    let name = mapped.name();
    let said = mapped.reading.roles.contains_key(&name);
    let title = format!("Columns of {name}");
    let head = Head {
        title: &title,
        finding,
        definition: model::COLUMNS_DEFINITION,
    };
    let (mut reset, mut remember) = (false, false);
    card_ui(
        ui,
        mapped.palette,
        head,
        |ui| {
            let text = "Remember this export";
            let icon = Some(Icon::BookmarkPlus);
            let button = parts::button_ui(ui, mapped.palette, icon, text, Loudness::Quiet);
            remember = button.on_hover_text(REMEMBER).clicked();
            if said {
                let button = parts::button_ui(
                    ui,
                    mapped.palette,
                    Some(Icon::RotateCcw),
                    "Reset to guess",
                    Loudness::Quiet,
                );
                reset = button.clicked();
            }
        },
        |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            heads_ui(ui, mapped.palette);
            for (index, column) in mapped.file.columns.iter().enumerate() {
                row_ui(ui, mapped, (index, column), actions);
            }
        },
    );
    if remember {
        let layout = layouts::remembered(mapped.file, |at| {
            model::role_of(mapped.reading, &name, &mapped.file.columns[at])
        });
        actions.push(Action::Layout(LayoutAction::Remember(Box::new(layout))));
    }
    if reset {
        actions.push(Action::EditReading(ReadingEdit::ResetFile(name)));
    }
}

/// Where the cells of a row begin and end.
struct Cells {
    name: Rect,
    role: Rect,
    reset: Rect,
    why: Rect,
    values: Rect,
}

impl Cells {
    fn of(rect: Rect) -> Self {
        let free = (rect.width() - ROLE_WIDTH - RESET_WIDTH - 4.0 * gap::M).max(120.0);
        let (name, why) = ((free * 0.24).clamp(90.0, 240.0), free * 0.30);
        let mut left = rect.left() + gap::S;
        let mut take = |width: f32| {
            let cell = Rect::from_min_size(pos2(left, rect.top()), vec2(width, rect.height()));
            left += width + gap::M;
            cell
        };
        let name = take(name);
        let role = take(ROLE_WIDTH);
        let reset = take(RESET_WIDTH - gap::M);
        let why = take(why);
        let values = take(0.0);
        Self {
            values: Rect::from_min_max(values.min, pos2(rect.right() - gap::S, rect.bottom())),
            name,
            role,
            reset,
            why,
        }
    }
}

fn heads_ui(ui: &mut Ui, palette: &Palette) {
    let size = vec2(ui.available_width(), HEAD_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let cells = Cells::of(rect);
    for (cell, text) in [
        (cells.name, "Column"),
        (cells.role, "Means"),
        (cells.why, "Why"),
        (cells.values, "First values, as they are read"),
    ] {
        let galley = elided(
            ui.painter(),
            text,
            font::caption_medium(),
            palette.muted,
            cell.width(),
        );
        let top = cell.center().y - galley.size().y / 2.0;
        ui.painter()
            .galley(pos2(cell.left(), top), galley, palette.muted);
    }
    hairline(ui, palette, rect);
}

fn hairline(ui: &Ui, palette: &Palette, rect: Rect) {
    let line = egui::Stroke::new(1.0, palette.hairline);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
}

fn role_ink(palette: &Palette, role: Role) -> Color32 {
    match role {
        Role::Ignored => palette.muted,
        Role::Attribute => palette.text,
        _ => palette.accent,
    }
}

fn row_ui(
    ui: &mut Ui,
    mapped: Mapped<'_>,
    (index, column): (usize, &ColumnReading),
    actions: &mut Actions,
) {
    let palette = mapped.palette;
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let name = mapped.name();
    let role = model::role_of(mapped.reading, &name, column);
    let cells = Cells::of(rect);
    if !ui.is_rect_visible(rect) {
        return;
    }
    hairline(ui, palette, rect);
    let ink = if role == Role::Ignored {
        palette.muted
    } else {
        palette.text
    };
    text_ui(ui, cells.name, &column.name, (font::body_medium(), ink));
    role_ui(ui, mapped, (cells.role, column), role, actions);
    let said = mapped.reading.says(&name, &column.name);
    if said && reset_ui(ui, palette, cells.reset, &column.name) {
        actions.push(edit(&name, column, None));
    }
    let why = model::why(mapped.reading, &name, column);
    text_ui(ui, cells.why, &why, (font::body(), palette.muted));
    let values = model::values(mapped.file, index, role, mapped.reading);
    values_ui(ui, palette, cells.values, &values);
}

fn edit(file: &str, column: &ColumnReading, role: Option<Role>) -> Action {
    Action::EditReading(ReadingEdit::Role {
        file: file.to_owned(),
        column: column.name.clone(),
        role,
    })
}

fn role_ui(
    ui: &mut Ui,
    mapped: Mapped<'_>,
    (rect, column): (Rect, &ColumnReading),
    role: Role,
    actions: &mut Actions,
) {
    let palette = mapped.palette;
    let mut cell = cell_ui(ui, rect, ("role", &column.name));
    let choices: Vec<(Role, String)> = Role::ALL
        .iter()
        .map(|&role| (role, model::role_choice(role, &column.reason).to_owned()))
        .collect();
    let label = format!("Meaning of {}", column.name);
    let look = (label.as_str(), ROLE_WIDTH, role_ink(palette, role));
    if let Some(role) = cell_dropdown_ui(&mut cell, palette, look, &choices, &role) {
        actions.push(edit(&mapped.name(), column, Some(role)));
    }
}

fn cell_ui(ui: &mut Ui, rect: Rect, id: (&str, &str)) -> Ui {
    ui.new_child(
        UiBuilder::new()
            .id_salt(id)
            .max_rect(rect)
            .layout(Layout::left_to_right(Align::Center)),
    )
}

fn reset_ui(ui: &mut Ui, palette: &Palette, rect: Rect, column: &str) -> bool {
    let mut cell = cell_ui(ui, rect, ("reset", column));
    let label = format!("Reset {column} to the guess");
    icon_button_ui(&mut cell, palette, Icon::RotateCcw, &label).clicked()
}

fn text_ui(ui: &mut Ui, rect: Rect, text: &str, (font, ink): (egui::FontId, Color32)) {
    let mut cell = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::left_to_right(Align::Center)),
    );
    cell.add(Label::new(RichText::new(text).font(font).color(ink)).truncate());
}

/// `12/1/2010 8:26 → 1 Dec 2010`, one after the other; a value that cannot be read stands out.
fn values_ui(ui: &mut Ui, palette: &Palette, rect: Rect, values: &[model::Shown]) {
    let mut job = egui::text::LayoutJob::default();
    let mut put = |text: &str, ink: Color32| {
        job.append(text, 0.0, egui::TextFormat::simple(font::body(), ink));
    };
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            put("  ·  ", palette.muted);
        }
        put(&value.raw, palette.muted);
        if let Some(read) = &value.read {
            put(" → ", palette.muted);
            let ink = if value.bad { palette.bad } else { palette.text };
            put(read, ink);
        }
    }
    if values.is_empty() {
        put("no value in the first rows", palette.muted);
    }
    let mut cell = ui.new_child(
        UiBuilder::new()
            .max_rect(rect)
            .layout(Layout::left_to_right(Align::Center)),
    );
    cell.add(Label::new(job).truncate());
}
