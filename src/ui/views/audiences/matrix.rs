//! Segment × predicted value, and what to do with each cell.

use egui::{
    Align2, Color32, Rect, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, accesskit::Role,
    pos2, vec2,
};
use lucide_icons::Icon;

use super::{
    Page, State,
    controls::{button_ui, heading_ui, note_ui, primary_ui, share_ui},
    take, words,
};
use crate::{
    action::Actions,
    chart::{ChartCard, sheet::Sheet},
    format::{count, integer, money, percent},
    theme::{Palette, font, gap},
    widgets::{
        card::{Head, card_ui},
        empty::empty_ui,
        grid::{row_ui, stacks},
        segment_mark,
    },
};
use audiences::{
    actions as advice,
    matrix::{Band, Cell, Matrix},
};

const ROW: f32 = 52.0;
const HEAD: f32 = 30.0;
const NAMES: f32 = 156.0;

/// Draws the section.
pub(super) fn matrix_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, actions: &mut Actions) {
    let Some(matrix) = page.people.matrix.as_ref() else {
        let why = page
            .problem()
            .unwrap_or("Nothing is predicted for this shop.");
        empty_ui(ui, page.cx.palette, Icon::Grid3x3, why, None);
        return;
    };
    if stacks(ui) {
        row_ui(ui, &[1.0], 0.0, |ui, _| {
            table_card_ui(ui, page, state, matrix, actions);
        });
        ui.add_space(gap::L);
        row_ui(ui, &[1.0], 0.0, |ui, _| {
            action_card_ui(ui, page, state, matrix, actions);
        });
    } else {
        row_ui(ui, &[0.62, 0.38], 0.0, |ui, column| {
            if column == 0 {
                table_card_ui(ui, page, state, matrix, actions);
            } else {
                action_card_ui(ui, page, state, matrix, actions);
            }
        });
    }
}

fn names(page: &Page<'_>) -> Vec<String> {
    page.cx
        .shop
        .segments
        .stats
        .iter()
        .map(|stats| stats.name.clone())
        .collect()
}

fn table_card_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    state: &mut State,
    matrix: &Matrix,
    actions: &mut Actions,
) {
    let names = names(page);
    let finding = words::matrix_finding(matrix, &names);
    let bands = page.settings().bands;
    let definition = format!(
        "Rows are segments, columns are bands of predicted value over the next {} days: High is the best \
         {:.0} % of customers, Middle the next {:.0} %, Low the rest. The shade is the share of everything \
         predicted. Press a cell to see what to do with it.",
        page.horizon_days(),
        bands.high_top * 100.0,
        bands.middle_next * 100.0
    );
    let head = Head {
        title: "Segment × predicted value",
        finding: &finding,
        definition: &definition,
    };
    let sheet = || sheet(page, matrix, &names);
    ChartCard::new(page.cx.palette, head, "segment_value_matrix", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            cells_ui(ui, page, state, matrix);
            ui.add_space(gap::S);
            bands_ui(ui, page, actions);
        },
    );
}

fn bands_ui(ui: &mut Ui, page: &Page<'_>, actions: &mut Actions) {
    let bands = page.settings().bands;
    row_ui(ui, &[1.0, 1.0], 40.0, |ui, column| {
        let (label, value) = if column == 0 {
            ("High: share of customers from the top", bands.high_top)
        } else {
            ("Middle: share that follows", bands.middle_next)
        };
        if let Some(value) = share_ui(ui, page.cx.palette, label, value) {
            page.edit(actions, |settings| {
                if column == 0 {
                    settings.bands.high_top = value;
                    settings.bands.middle_next = bands.middle_next.min(1.0 - value);
                } else {
                    settings.bands.middle_next = value.min(1.0 - bands.high_top);
                }
            });
        }
    });
}

fn cells_ui(ui: &mut Ui, page: &Page<'_>, state: &mut State, matrix: &Matrix) {
    let palette = page.cx.palette;
    let stats = &page.cx.shop.segments.stats;
    let size = vec2(ui.available_width(), HEAD + ROW * stats.len() as f32);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let width = (rect.width() - NAMES) / 3.0;
    for (place, band) in Band::ALL.into_iter().enumerate() {
        let x = rect.left() + NAMES + width * (place as f32 + 0.5);
        let at = pos2(x, rect.top() + HEAD / 2.0);
        let title = format!("{} predicted value", band.title());
        let title = if width < 150.0 {
            band.title().to_owned()
        } else {
            title
        };
        ui.painter().text(
            at,
            Align2::CENTER_CENTER,
            title,
            font::caption_medium(),
            palette.muted,
        );
    }
    let total = matrix.total();
    let most = matrix
        .cells
        .iter()
        .flatten()
        .map(|c| c.predicted)
        .fold(0.0, f64::max);
    for (row, stats) in stats.iter().enumerate() {
        let top = rect.top() + HEAD + ROW * row as f32;
        let label = segment_mark::Label {
            style: stats.style,
            name: &stats.name,
            max_width: NAMES - 16.0,
        };
        let left = pos2(rect.left(), top + ROW / 2.0);
        segment_mark::paint_label(ui.painter(), palette, left, label);
        for (band, cell) in matrix.cells[row].iter().enumerate() {
            let corner = pos2(rect.left() + NAMES + width * band as f32, top);
            let at = Rect::from_min_size(corner, vec2(width, ROW)).shrink(1.5);
            let shown = Shown {
                cell: *cell,
                share: (cell.predicted / total.predicted.max(1e-12)),
                shade: (cell.predicted / most.max(1e-12)).sqrt() as f32,
                name: format!(
                    "{}, {} predicted value",
                    stats.name,
                    Band::ALL[band].title()
                ),
                on: state.cell == Some((row as u8, band)),
            };
            if cell_ui(ui, page, at, &shown) {
                state.cell = Some((row as u8, band));
            }
        }
    }
}

struct Shown {
    cell: Cell,
    /// Share of everything predicted.
    share: f64,
    shade: f32,
    name: String,
    on: bool,
}

/// One cell; true when pressed.
fn cell_ui(ui: &Ui, page: &Page<'_>, rect: Rect, shown: &Shown) -> bool {
    let palette = page.cx.palette;
    let response = ui.interact(
        rect,
        ui.scope_id().with(("cell", &shown.name)),
        Sense::click(),
    );
    let customers = count(shown.cell.customers, "customer", "customers");
    let words = format!(
        "{}: {customers}, {} so far, {} predicted ({} of all)",
        shown.name,
        money(shown.cell.revenue, page.currency()),
        money(shown.cell.predicted, page.currency()),
        percent(shown.share)
    );
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, shown.on, &words));
    let empty = shown.cell.customers == 0;
    let fill = if empty {
        palette.hover
    } else {
        fill(palette, shown.shade)
    };
    let painter = ui.painter();
    painter.rect_filled(rect, 4, fill);
    if shown.on || response.has_focus() || response.hovered() {
        let color = if shown.on {
            palette.accent
        } else {
            palette.text
        };
        painter.rect_stroke(rect, 4, Stroke::new(2.0, color), StrokeKind::Inside);
    }
    let color = if empty {
        palette.muted
    } else {
        Palette::text_on(fill)
    };
    let line = |offset: f32, text: String, font| {
        let at = pos2(rect.center().x, rect.center().y + offset);
        painter.text(at, Align2::CENTER_CENTER, text, font, color);
    };
    if empty {
        line(0.0, "–".to_owned(), font::body());
    } else {
        line(-9.0, integer(shown.cell.customers), font::body_medium());
        let value = crate::format::compact(shown.cell.predicted);
        line(
            9.0,
            format!("{value} · {}", percent(shown.share)),
            font::caption(),
        );
    }
    response.on_hover_text(words).clicked()
}

fn fill(palette: &Palette, shade: f32) -> Color32 {
    palette.sequential(0.08 + 0.92 * shade)
}

/// What to do with the chosen cell, or with every segment.
fn action_card_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    state: &mut State,
    matrix: &Matrix,
    actions: &mut Actions,
) {
    let stats = &page.cx.shop.segments.stats;
    let chosen = state
        .cell
        .filter(|&(segment, _)| usize::from(segment) < stats.len());
    let title = chosen.map_or_else(
        || "What to do".to_owned(),
        |(segment, band)| {
            let name = &stats[usize::from(segment)].name;
            format!("{name} · {} predicted value", Band::ALL[band].title())
        },
    );
    let finding = chosen.map_or_else(
        || "One action per segment. Press a cell for a finer one.".to_owned(),
        |(segment, band)| {
            let cell = matrix.cells[usize::from(segment)][band];
            format!(
                "{}, {} so far, {} predicted.",
                count(cell.customers, "customer", "customers"),
                money(cell.revenue, page.currency()),
                money(cell.predicted, page.currency())
            )
        },
    );
    let head = Head {
        title: &title,
        finding: &finding,
        definition: "The texts are suggestions: change them to what your shop does. They are kept in the \
                     project and stand in its report. An empty text brings the suggestion back.",
    };
    card_ui(
        ui,
        page.cx.palette,
        head,
        |_| {},
        |ui| {
            if let Some((segment, band)) = chosen {
                cell_action_ui(ui, page, state, (matrix, segment, Band::ALL[band]), actions);
            } else {
                for stats in stats {
                    let label =
                        segment_mark::label_ui(ui, page.cx.palette, stats.style, &stats.name);
                    let text = advice::for_segment(&page.settings().actions, &stats.name);
                    let field = (label.id, &mut state.draft);
                    text_ui(ui, page, (&stats.name, text), field, actions);
                }
            }
        },
    );
}

fn cell_action_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    state: &mut State,
    (matrix, segment, band): (&Matrix, u8, Band),
    actions: &mut Actions,
) {
    let palette = page.cx.palette;
    let name = &page.cx.shop.segments.stats[usize::from(segment)].name;
    let key = advice::cell_key(name, band);
    let label = heading_ui(ui, palette, "What to do");
    let text = advice::for_cell(&page.settings().actions, name, band);
    text_ui(
        ui,
        page,
        (&key, text),
        (label.id, &mut state.draft),
        actions,
    );
    ui.horizontal_wrapped(|ui| {
        let ways = [
            (
                take::Way::Save,
                primary_ui(ui, palette, "Save these customers…"),
            ),
            (take::Way::Select, button_ui(ui, palette, "Select them")),
        ];
        for (way, response) in ways {
            if response.clicked() {
                let rows = matrix.customers_of(&page.cx.shop.segments.segment, segment, band);
                if way == take::Way::Save {
                    let title = format!("{name}, {} predicted value", band.title());
                    actions.push(take::save(&title, &rows));
                } else {
                    take::start(ui, page, state, way, rows);
                }
            }
        }
        if button_ui(ui, palette, "All segments").clicked() {
            state.cell = None;
        }
    });
    ui.add_space(gap::S);
    note_ui(
        ui,
        palette,
        "Saved files carry the column “group”: contact or control, balanced by segment.",
    );
}

/// A text that can be edited in place, taken over when the field is left; an empty one brings the
/// default back.
fn text_ui(
    ui: &mut Ui,
    page: &Page<'_>,
    (key, text): (&str, &str),
    (label, draft): (egui::Id, &mut Option<(String, String)>),
    actions: &mut Actions,
) {
    let mine = draft.as_ref().filter(|(of, _)| of == key);
    let mut own = mine.map_or(text, |(_, typed)| typed).to_owned();
    let field = TextEdit::multiline(&mut own)
        .id_salt(("action", key))
        .desired_rows(2)
        .desired_width(f32::INFINITY);
    let response = ui.add(field).labelled_by(label);
    if response.changed() {
        *draft = Some((key.to_owned(), own));
    }
    if response.lost_focus()
        && let Some((_, typed)) = draft.take_if(|(of, _)| of == key)
    {
        page.edit(actions, |settings| {
            if typed.trim().is_empty() {
                settings.actions.remove(key);
            } else {
                settings.actions.insert(key.to_owned(), typed);
            }
        });
    }
}

fn sheet(page: &Page<'_>, matrix: &Matrix, names: &[String]) -> Sheet {
    let mut sheet = Sheet::new(&[
        "segment",
        "predicted_value",
        "customers",
        "net_revenue",
        "predicted",
        "action",
    ]);
    for (name, row) in names.iter().zip(&matrix.cells) {
        for (band, cell) in Band::ALL.into_iter().zip(row) {
            sheet.push(vec![
                name.clone(),
                band.title().to_owned(),
                cell.customers.to_string(),
                format!("{:.2}", cell.revenue),
                format!("{:.2}", cell.predicted),
                advice::for_cell(&page.settings().actions, name, band).to_owned(),
            ]);
        }
    }
    sheet
}
