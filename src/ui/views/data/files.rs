//! What was opened: the set, its files, and the first rows of one.

use egui::{RichText, Ui};

use super::model;
use crate::{
    action::{Action, Actions},
    command::Command,
    cx::Cx,
    format,
    frame::parts::{self, Loudness},
    theme::{font, gap},
    widgets::{
        card::{Head, card_ui},
        table::{Column, Scroll, Table, full_height},
    },
};
use data::dataset::{FileReading, Role};
use data::values::dates;

/// Rows of the preview on screen at once.
const PREVIEW_ROWS: usize = 10;
/// Widest column of the preview, in points.
const WIDEST: f32 = 280.0;

/// Scroll positions.
#[derive(Debug, Default)]
pub struct State {
    preview: Scroll,
}

fn column(title: &str, width: f32, grow: f32, numeric: bool) -> Column<'_> {
    Column {
        title,
        hint: "",
        width,
        grow,
        numeric,
    }
}

/// What was opened, one row per file; a click shows the file below.
pub fn summary_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    sentence: &str,
    chosen: &mut usize,
    actions: &mut Actions,
) {
    let dataset = &cx.shop.dataset;
    let head = Head {
        title: "Files",
        finding: sentence,
        definition: "Keepers looks at the names and contents of the files to recognise the kind of \
                     export, the separator, the encoding and what each column means. Below stands \
                     what it decided and why.",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |ui| {
            let known = Command::Layouts;
            let button = parts::button_ui(ui, cx.palette, None, known.text(), Loudness::Quiet);
            if button.on_hover_text(known.tooltip()).clicked() {
                actions.push(Action::Run(known));
            }
        },
        |ui| {
            let columns = [
                column("File", 150.0, 2.0, false),
                column("Rows", 70.0, 0.5, true),
                column("Size", 84.0, 0.3, true),
                column("Encoding", 90.0, 0.6, false),
                column("Separator", 90.0, 0.6, false),
                column("Header", 60.0, 0.2, false),
            ];
            let table = Table {
                label: "Files",
                columns: &columns,
                rows: dataset.files.len(),
                sort: None,
                current: (dataset.files.len() > 1).then_some(*chosen),
                sortable: false,
                height: full_height(dataset.files.len().min(8)),
                grabs_keys: false,
            };
            let output = table.show_ui(ui, cx.palette, &mut Scroll::default(), |row, index| {
                let file = &dataset.files[index];
                let title = model::file_title(file);
                row.label(format!("{title}: {} rows", format::integer(file.rows)));
                row.tooltip(file.path.display().to_string());
                row.text(0, &title);
                row.number(1, &format::integer(file.rows));
                row.number(2, &model::bytes(file.bytes));
                row.text(3, &file.encoding);
                row.text(4, &file.delimiter);
                row.text(5, if file.has_header { "yes" } else { "none" });
            });
            if let Some(index) = output.clicked.map(|(index, _)| index).or(output.moved) {
                *chosen = index;
            }
            remarks_ui(ui, cx);
        },
    );
}

fn remarks_ui(ui: &mut Ui, cx: &Cx<'_>) {
    // The card about dates asks this with both readings.
    let asked = |remark: &&String| remark.contains(dates::OPEN_ORDER);
    let remarks = cx.shop.dataset.remarks.iter();
    for remark in remarks.filter(|remark| !asked(remark)) {
        ui.horizontal_top(|ui| {
            ui.spacing_mut().item_spacing.x = gap::S;
            ui.label(
                RichText::new(lucide_icons::Icon::Info.unicode())
                    .font(font::icon(15.0))
                    .color(cx.palette.accent),
            );
            let text = RichText::new(format::remark(remark))
                .font(font::body())
                .color(cx.palette.muted);
            ui.add(egui::Label::new(text).wrap());
        });
    }
}

/// The first rows as the file holds them.
pub fn preview_ui(ui: &mut Ui, cx: &Cx<'_>, file: &FileReading, state: &mut State) {
    if file.preview.is_empty() {
        return;
    }
    let finding = format!(
        "The first {} of {}, as the file holds them.",
        format::integer(file.preview.len() as u64),
        format::count(file.rows, "row", "rows"),
    );
    let head = Head {
        title: "First rows",
        finding: &finding,
        definition: "",
    };
    card_ui(
        ui,
        cx.palette,
        head,
        |_| {},
        |ui| {
            let columns: Vec<Column<'_>> = file
                .columns
                .iter()
                .enumerate()
                .map(|(index, reading)| {
                    let numeric = matches!(
                        reading.role,
                        Role::Amount | Role::UnitPrice | Role::Quantity
                    );
                    column(&reading.name, preview_width(file, index), 1.0, numeric)
                })
                .collect();
            let table = Table {
                label: "First rows",
                columns: &columns,
                rows: file.preview.len(),
                sort: None,
                current: None,
                sortable: false,
                height: full_height(file.preview.len().min(PREVIEW_ROWS)),
                grabs_keys: false,
            };
            table.show_ui(ui, cx.palette, &mut state.preview, |row, index| {
                let values = &file.preview[index];
                row.label(values.join(", "));
                for (position, value) in values.iter().take(columns.len()).enumerate() {
                    if columns[position].numeric {
                        row.number(position, value);
                    } else {
                        row.text(position, value);
                    }
                }
            });
        },
    );
}

/// Room for the name and for the longest value, within bounds; about 7.5 points a letter.
fn preview_width(file: &FileReading, column: usize) -> f32 {
    let values = file.preview.iter().filter_map(|row| row.get(column));
    let longest = values
        .map(|value| value.chars().count())
        .chain([file.columns[column].name.chars().count() + 1])
        .max()
        .unwrap_or(0);
    (longest as f32 * 7.5 + 2.0 * gap::M).clamp(72.0, WIDEST)
}
