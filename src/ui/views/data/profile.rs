//! The profile: what every column of a file holds, and one column in detail.

use egui::{Color32, Label, Rect, RichText, Sense, Ui, WidgetInfo, accesskit::Role, pos2, vec2};
use lucide_icons::Icon;

use super::{associations, profile_words as words, sheets};
use crate::{
    action::{Action, Actions},
    chart::{Axes, Bars, ChartCard, Series, Tip, Unit, bars_ui},
    cx::Cx,
    format,
    frame::parts,
    theme::{Palette, font, gap},
    widgets::{
        card::Head,
        dropdown::dropdown_ui,
        elided::elided,
        empty::empty_ui,
        grid,
        table::{Column, Row, Scroll, Table, full_height},
    },
};
use data::profile::{ColumnKind, ColumnProfile, TableProfile};
use pipeline::profile::{Profiling, ShopProfile};

/// What is chosen, and scroll positions.
#[derive(Debug, Default)]
pub struct State {
    table: usize,
    /// `None` until somebody chooses: then it is the first column that is no id.
    column: Option<usize>,
    scroll: Scroll,
    associations: associations::State,
}

/// Columns on screen at once.
const ROWS: usize = 14;

const DEFINITION: &str = "Read from the file as it is, before any rule.\n\nType: what at least 80 % \
    of the filled cells can be read as. Missing: cells that are empty or hold a word for nothing, \
    such as null or n/a. Distinct: different values. Median: half of the values lie below it. Distribution: how many rows fall into equal steps from the smallest \
    to the largest value, or the most frequent values of a text.";

const DETAIL: &str = "How many rows fall into equal steps from the smallest to the largest value, and the \
    values that stand in most rows with their share of the filled cells.";

pub fn page_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    match cx.profiling {
        Profiling::Idle => {
            actions.push(Action::Profile);
            waiting_ui(ui, cx.palette, None);
        }
        Profiling::Running(progress) => {
            let share = (progress.total > 0).then(|| progress.done as f32 / progress.total as f32);
            waiting_ui(ui, cx.palette, share);
        }
        Profiling::Failed(problem) => {
            let why = format::sentences(&[&problem.title, &problem.detail, &problem.advice]);
            if empty_ui(ui, cx.palette, Icon::CircleAlert, &why, Some("Try again")) {
                actions.push(Action::Profile);
            }
        }
        Profiling::Ready(profile) => ready_ui(ui, cx, profile, state, actions),
    }
}

fn waiting_ui(ui: &mut Ui, palette: &Palette, share: Option<f32>) {
    ui.vertical_centered(|ui| {
        ui.add_space(gap::XL * 3.0);
        let text = RichText::new("Profiling…").font(font::body_medium());
        ui.label(text.color(palette.muted));
        ui.add_space(gap::S);
        parts::progress_ui(ui, palette, vec2(240.0, 6.0), share);
    });
}

fn ready_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    profile: &ShopProfile,
    state: &mut State,
    actions: &mut Actions,
) {
    let mut titles: Vec<String> = cx
        .shop
        .dataset
        .files
        .iter()
        .map(super::model::file_title)
        .collect();
    titles.truncate(profile.files.len());
    // The one file of a customer table is its table.
    if cx.shop.dataset.shape.has_orders() {
        titles.extend(
            profile
                .tables
                .iter()
                .map(|table| format!("Table: {}", table.name)),
        );
    }
    state.table = state.table.min(titles.len().saturating_sub(1));
    grid::page_ui(ui, "data profile", |ui, _| {
        ui.spacing_mut().item_spacing.y = gap::L;
        if titles.len() > 1 {
            let choices: Vec<_> = titles.into_iter().enumerate().collect();
            if let Some(table) = dropdown_ui(ui, cx.palette, "Profile of", &choices, &state.table) {
                *state = State {
                    table,
                    ..State::default()
                };
            }
        }
        let in_files = profile.files.get(state.table);
        let table = match in_files {
            Some(Ok(table)) => Some(table),
            Some(Err(problem)) => {
                let why = format::sentences(&[&problem.title, &problem.detail, &problem.advice]);
                empty_ui(ui, cx.palette, Icon::CircleAlert, &why, None);
                None
            }
            None => profile
                .tables
                .get(state.table - profile.files.len().min(state.table)),
        };
        if let Some(table) = table {
            table_ui(ui, cx, table, state, actions);
            if let Some(column) = table.columns.get(chosen(table, state)) {
                detail_ui(ui, cx.palette, column, actions);
            }
            associations_ui(ui, cx, profile, state, actions);
        }
    });
}

/// Correlations and rates of the kept table on the page; a file that is kept as a table, such as a
/// flat customer table, shows those of the table.
fn associations_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    profile: &ShopProfile,
    state: &mut State,
    actions: &mut Actions,
) {
    let kept = match state.table.checked_sub(profile.files.len()) {
        Some(table) => table,
        None if !cx.shop.dataset.shape.has_orders() && state.table == 0 => 0,
        None => return,
    };
    if let Some(correlations) = profile.correlations.get(kept) {
        associations::correlations_ui(ui, cx.palette, correlations, actions);
    }
    if let (Some(table), Some(columns)) =
        (cx.shop.dataset.tables.get(kept), profile.tables.get(kept))
    {
        associations::rates_ui(ui, cx, (table, columns), &mut state.associations, actions);
    }
}

fn chosen(table: &TableProfile, state: &State) -> usize {
    let telling =
        |column: &ColumnProfile| !matches!(column.kind, ColumnKind::Id | ColumnKind::Empty);
    let first = || table.columns.iter().position(telling).unwrap_or(0);
    state.column.unwrap_or_else(first)
}

fn head<'a>(title: &'a str, hint: &'a str, width: f32, grow: f32, numeric: bool) -> Column<'a> {
    Column {
        title,
        hint,
        width,
        grow,
        numeric,
    }
}

fn heads() -> [Column<'static>; 8] {
    [
        head("Column", "", 150.0, 1.0, false),
        head("Type", "What most cells can be read as", 118.0, 0.2, false),
        head(
            "Missing",
            "Share of the rows without a value",
            102.0,
            0.3,
            false,
        ),
        head("Distinct", "Different values", 80.0, 0.3, true),
        head("Min", "Smallest value", 104.0, 0.2, true),
        head(
            "Median",
            "Half of the values lie below it",
            104.0,
            0.2,
            true,
        ),
        head("Max", "Largest value", 104.0, 0.2, true),
        head(
            "Distribution",
            "Rows from the smallest to the largest value, or per frequent value",
            104.0,
            0.6,
            false,
        ),
    ]
}

fn table_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    profile: &TableProfile,
    state: &mut State,
    actions: &mut Actions,
) {
    let finding = words::finding(profile);
    let chosen = chosen(profile, state);
    let title = format!("Profile of {}", profile.name);
    let card = Head {
        title: &title,
        finding: &finding,
        definition: DEFINITION,
    };
    let sheet = || sheets::profile(profile);
    ChartCard::new(cx.palette, card, "profile", &sheet).show_ui(ui, actions, |ui, _| {
        let columns = heads();
        let table = Table {
            label: "Profile",
            columns: &columns,
            rows: profile.columns.len(),
            sort: None,
            current: Some(chosen),
            sortable: false,
            height: full_height(profile.columns.len().min(ROWS)),
            grabs_keys: false,
        };
        let output = table.show_ui(ui, cx.palette, &mut state.scroll, |row, index| {
            column_row(row, &profile.columns[index], chosen == index);
        });
        if let Some(column) = output.clicked.map(|(index, _)| index).or(output.moved) {
            state.column = Some(column);
        }
        for remark in &profile.remarks {
            let text = RichText::new(format::remark(remark)).font(font::body());
            ui.add(Label::new(text.color(cx.palette.muted)).wrap());
        }
    });
}

fn column_row(row: &mut Row<'_>, column: &ColumnProfile, chosen: bool) {
    let palette = row.palette().clone();
    row.label(words::sentence(column));
    row.mark(chosen);
    row.text(0, &column.name);
    row.colored_text(1, column.kind.title(), palette.muted);
    missing_cell(row, column, &palette);
    row.number(3, &words::distinct(column));
    for (cell, text) in words::spread(column).iter().enumerate() {
        row.number(4 + cell, text);
    }
    let cell = row.cell(7);
    let area = Rect::from_min_max(
        pos2(cell.left() + gap::S, cell.top() + 5.0),
        pos2(cell.right(), cell.bottom() - 5.0),
    );
    paint_bars(row.painter(), &palette, area, column);
}

/// A bar of the filled share with the missing share in words.
fn missing_cell(row: &Row<'_>, column: &ColumnProfile, palette: &Palette) {
    let cell = row.cell(2);
    let share = column.missing_share() as f32;
    let middle = cell.center().y;
    let track = Rect::from_min_max(
        pos2(cell.left(), middle - 3.0),
        pos2(cell.left() + 40.0, middle + 3.0),
    );
    // A complete column needs no empty bar.
    let mut left = cell.left();
    if share > 0.0 {
        left = track.right() + gap::S;
        row.painter().rect_filled(track, 3, palette.hover);
        let mut part = track;
        part.set_width((track.width() * share).max(2.0));
        row.painter().rect_filled(part, 3, palette.warn);
    }
    let ink = if share > 0.0 {
        palette.text
    } else {
        palette.muted
    };
    let text = elided(
        row.painter(),
        &words::missing(column),
        font::body(),
        ink,
        (cell.right() - left).max(0.0),
    );
    let corner = pos2(left, middle - text.size().y / 2.0);
    row.painter().galley(corner, text, ink);
}

/// Bins of numbers and dates stand next to each other; frequent values stand apart.
fn paint_bars(painter: &egui::Painter, palette: &Palette, area: Rect, column: &ColumnProfile) {
    let heights = words::heights(column);
    if heights.is_empty() || area.width() < 8.0 {
        return;
    }
    let between = if column.bins.is_some() { 1.0 } else { 3.0 };
    let step = (area.width() / heights.len() as f32).min(24.0);
    for (index, height) in heights.iter().enumerate() {
        let left = area.left() + index as f32 * step;
        let high = if *height > 0.0 {
            (area.height() * height).max(1.0)
        } else {
            0.0
        };
        let bar = Rect::from_min_max(
            pos2(left, area.bottom() - high),
            pos2(left + (step - between).max(1.0), area.bottom()),
        );
        painter.rect_filled(bar, 1, palette.accent);
    }
}

fn detail_ui(ui: &mut Ui, palette: &Palette, column: &ColumnProfile, actions: &mut Actions) {
    let finding = words::sentence(column);
    let card = Head {
        title: &column.name,
        finding: &finding,
        definition: DETAIL,
    };
    let sheet = || sheets::column(column);
    ChartCard::new(palette, card, "profile_of_column", &sheet).show_ui(ui, actions, |ui, _| {
        let kind = column.kind.title();
        let reason = format::printed(&column.reason);
        // "Whole number: whole numbers" would say it twice.
        if !reason.starts_with(&kind.to_lowercase()) {
            let why = RichText::new(format!("{kind}: {reason}.")).font(font::caption());
            ui.add(Label::new(why.color(palette.muted)).wrap());
        }
        if column.kind == ColumnKind::Empty {
            return;
        }
        if column.bins.is_some() && !grid::stacks(ui) {
            grid::row_ui(ui, &[1.0, 1.0], 0.0, |ui, at| {
                if at == 0 {
                    histogram_ui(ui, palette, column);
                } else {
                    top_ui(ui, palette, column);
                }
            });
        } else {
            if column.bins.is_some() {
                histogram_ui(ui, palette, column);
            }
            top_ui(ui, palette, column);
        }
    });
}

fn histogram_ui(ui: &mut Ui, palette: &Palette, column: &ColumnProfile) {
    let Some(bins) = &column.bins else { return };
    caption_ui(ui, palette, "Distribution");
    let edge = |index: usize| words::value(column.kind, bins.start + bins.width * index as f64);
    let labels: Vec<String> = (0..bins.counts.len()).map(edge).collect();
    let counts: Vec<f64> = bins.counts.iter().map(|&count| count as f64).collect();
    let series = [Series {
        name: "Rows",
        color: palette.accent,
        values: &counts,
    }];
    let tip = |index: usize| {
        let span = format!("{} to {}", edge(index), edge(index + 1));
        Tip::new(span).row(None, "Rows", format::integer(bins.counts[index]))
    };
    let axes = Axes {
        x_title: "",
        y_title: "Rows",
        unit: Unit::Count,
    };
    let summary = format!("Distribution of {}", words::sentence(column));
    let mut bars = Bars::new(axes, &labels, &series, &tip);
    bars.summary = &summary;
    bars.height = 170.0;
    bars.gap = 0.08;
    bars.at_edges = true;
    bars_ui(ui, palette, &bars);
}

fn caption_ui(ui: &mut Ui, palette: &Palette, text: &str) {
    let text = RichText::new(text).font(font::caption_medium());
    ui.label(text.color(palette.muted));
}

/// Frequent values as bars with their counts.
fn top_ui(ui: &mut Ui, palette: &Palette, column: &ColumnProfile) {
    caption_ui(ui, palette, "Most frequent values");
    ui.spacing_mut().item_spacing.y = 2.0;
    for (text, rows, share) in words::shares(column) {
        let size = vec2(ui.available_width(), 24.0);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let count = format!(
            "{}  ·  {}",
            format::integer(rows),
            super::rules::share_words(f64::from(share))
        );
        let label = format!("{text}: {count}");
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &label));
        let mut bar = rect.shrink2(vec2(0.0, 1.0));
        bar.set_width((rect.width() * share).max(2.0));
        ui.painter().rect_filled(bar, 4, palette.accent_soft);
        let put = |galley: std::sync::Arc<egui::Galley>, x: f32, ink: Color32| {
            let top = rect.center().y - galley.size().y / 2.0;
            ui.painter().galley(pos2(x, top), galley, ink);
        };
        let painter = ui.painter();
        let count = elided(painter, &count, font::body(), palette.muted, 220.0);
        let (width, right) = (count.size().x, rect.right() - gap::S);
        let room = rect.width() - width - 3.0 * gap::S;
        let text = elided(painter, &text, font::body(), palette.text, room);
        put(text, rect.left() + gap::S, palette.text);
        put(count, right - width, palette.muted);
    }
}
