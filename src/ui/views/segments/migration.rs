//! Who moved between two dates: totals, the flow view, the matrix.

mod flow;
mod matrix;
mod model;

use egui::{Key, Popup, RichText, TextEdit, Ui, vec2};

use self::model::Model;
use crate::{
    action::{Action, Actions},
    chart::ChartCard,
    cx::Cx,
    format,
    theme::{font, gap},
    widgets::{
        card::{Head, frame, info_ui},
        grid::{row_ui, stacks},
        segmented::segmented_ui,
    },
};
use analysis::{
    migration::{Migration, MigrationSpec, Place, Since},
    selection::Part,
};
use data::day::{Day, iso, parse_iso};

const HEIGHT: f32 = 470.0;

/// What the matrix counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Unit {
    #[default]
    Customers,
    /// Share of the row's customers.
    Share,
    /// Net revenue before the later date.
    Revenue,
    /// Net revenue between the dates.
    Between,
}

impl Unit {
    const CHOICES: [(Self, &'static str); 4] = [
        (Self::Customers, "Customers"),
        (Self::Share, "Share"),
        (Self::Revenue, "Revenue"),
        (Self::Between, "In between"),
    ];
}

/// What the section remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    unit: Unit,
    memo: Option<(u64, Model)>,
    typed: String,
}

/// Draws the section.
pub fn migration_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    dates_ui(ui, cx, &mut state.typed, actions);
    let Some(migration) = &cx.shop.migration else {
        ui.add_space(gap::XL);
        ui.label(
            RichText::new("Looking at the earlier date…")
                .font(font::body())
                .color(cx.palette.muted),
        );
        return;
    };
    if state
        .memo
        .as_ref()
        .is_none_or(|(known, _)| *known != cx.revision)
    {
        state.memo = Some((cx.revision, Model::new(migration, &cx.project.currency)));
    }
    let Some((_, model)) = &state.memo else {
        return;
    };
    totals_ui(ui, cx, model);
    let unit = &mut state.unit;
    if stacks(ui) {
        row_ui(ui, &[1.0], HEIGHT, |ui, _| {
            flow_card_ui(ui, cx, (migration, model), actions);
        });
        row_ui(ui, &[1.0], HEIGHT, |ui, _| {
            matrix_card_ui(ui, cx, (migration, model), unit, actions);
        });
    } else {
        row_ui(ui, &[0.46, 0.54], HEIGHT, |ui, column| {
            if column == 0 {
                flow_card_ui(ui, cx, (migration, model), actions);
            } else {
                matrix_card_ui(ui, cx, (migration, model), unit, actions);
            }
        });
    }
}

/// The two dates: how far back, and up to when.
fn dates_ui(ui: &mut Ui, cx: &Cx<'_>, typed: &mut String, actions: &mut Actions) {
    let spec = cx.project.migration;
    let (from, to) = spec.dates(cx.shop.as_of);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let quiet = |text: &str| {
            RichText::new(text)
                .font(font::body())
                .color(cx.palette.muted)
        };
        ui.label(quiet("From"));
        let choices = [
            (Since::DaysBefore(30), "30"),
            (Since::DaysBefore(90), "90"),
            (Since::DaysBefore(365), "365"),
        ];
        if let Some(since) = segmented_ui(
            ui,
            cx.palette,
            "Days before the later date",
            &choices,
            spec.since,
        ) {
            actions.push(Action::SetMigration(MigrationSpec { since, ..spec }));
        }
        ui.label(quiet("days before, or"));
        if let Some(day) = date_ui(ui, ("Earlier date", from), typed) {
            let since = Since::Date(day);
            actions.push(Action::SetMigration(MigrationSpec { since, ..spec }));
        }
        ui.label(quiet("to"));
        if let Some(day) = date_ui(ui, ("Later date", to), typed) {
            let until = (day < cx.shop.as_of).then_some(day);
            actions.push(Action::SetMigration(MigrationSpec { until, ..spec }));
        }
        if spec.until.is_some() && ui.button("As-of date").clicked() {
            let until = None;
            actions.push(Action::SetMigration(MigrationSpec { until, ..spec }));
        }
        info_ui(ui, cx.palette, "The two dates", DATES);
    });
}

const DATES: &str = "Each date has its own scores and segments, from the orders before it alone. The later \
     date is the as-of date unless you type another; it is never later than the as-of date, because the \
     orders behind it do not exist yet.";

/// A button with a date; a click opens a field to type one, Enter takes it.
fn date_ui(ui: &mut Ui, (label, day): (&str, Day), typed: &mut String) -> Option<Day> {
    let button = ui.button(format::date(day));
    button.widget_info(|| {
        let name = format!("{label}: {}", format::date(day));
        egui::WidgetInfo::labeled(egui::accesskit::Role::Button, true, name)
    });
    if button.clicked() {
        *typed = iso(day);
    }
    let mut taken = None;
    Popup::menu(&button)
        .close_behavior(egui::PopupCloseBehavior::CloseOnClickOutside)
        .show(|ui| {
            ui.set_width(190.0);
            let name =
                ui.label(RichText::new(format!("{label} (year-month-day)")).font(font::caption()));
            let field = ui
                .add(TextEdit::singleline(typed).desired_width(f32::INFINITY))
                .labelled_by(name.id);
            let parsed = parse_iso(typed.trim());
            if parsed.is_none() {
                ui.label(RichText::new("Write it as 2024-06-30").font(font::caption()));
            }
            let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if entered && parsed.is_some() {
                taken = parsed;
                ui.close();
            }
        });
    taken
}

/// Stayed, up, down, new: one line each with customers, share and revenue.
fn totals_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model) {
    let count = model.totals.len();
    row_ui(ui, &vec![1.0; count], 106.0, |ui, column| {
        let total = &model.totals[column];
        frame(cx.palette).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.set_min_height(72.0);
            ui.spacing_mut().item_spacing.y = 2.0;
            let line = |text: &str, font_id, color| RichText::new(text).font(font_id).color(color);
            ui.label(line(&total.title, font::caption(), cx.palette.muted));
            ui.label(line(&total.figure, font::view_title(), cx.palette.text));
            ui.label(line(&total.note, font::caption(), cx.palette.muted));
        });
    });
}

fn flow_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (migration, model): (&Migration, &Model),
    actions: &mut Actions,
) {
    let head = Head {
        title: "Flow between segments",
        finding: &model.flow_finding,
        definition: "Left: segments on the earlier date, and who was new since. Right: segments on the later \
                     date. The height of a band is its number of customers; bands of customers who stayed \
                     are pale. Segments are ordered by the mean of the three scores of their customers on the \
                     later date. Click a band or a segment to select its customers.",
    };
    let sheet = || model::sheet(migration);
    ChartCard::new(cx.palette, head, "migration_flow", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            flow::flow_ui(ui, cx, migration, actions);
        },
    );
}

fn matrix_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (migration, model): (&Migration, &Model),
    unit: &mut Unit,
    actions: &mut Actions,
) {
    let head = Head {
        title: "Migration matrix",
        finding: &model.matrix_finding,
        definition: "Rows: segment on the earlier date; columns: segment on the later date. Blue cells moved to a \
                     higher segment, orange ones to a lower one, grey ones stayed; the stronger the colour, \
                     the larger the share of the row. “New” had not ordered before the earlier date. Revenue \
                     is net revenue before the later date; “in between” is the part of it from the days \
                     between the dates. Click a cell, a row or a column to select its customers.",
    };
    let sheet = || model::sheet(migration);
    let shown = *unit;
    ChartCard::new(cx.palette, head, "migration_matrix", &sheet).show_with_tools_ui(
        ui,
        actions,
        |ui, _| {
            if let Some(chosen) =
                segmented_ui(ui, cx.palette, "Shown in the cells", &Unit::CHOICES, shown)
            {
                *unit = chosen;
            }
        },
        |ui, actions| matrix::matrix_ui(ui, cx, migration, shown, actions),
    );
}

/// The selection of a cell, a row or a column.
fn part_of(migration: &Migration, row: Option<usize>, column: Option<usize>) -> Part {
    let place = |stops: &[analysis::migration::Stop], at: Option<usize>| -> Option<Place> {
        at.and_then(|at| stops.get(at))
            .map(|stop| stop.place.clone())
    };
    Part::Move {
        from: migration.from,
        to: migration.to,
        source: place(&migration.sources, row),
        target: place(&migration.targets, column),
    }
}

/// Whether the selection names this part.
fn is_picked(cx: &Cx<'_>, part: &Part) -> bool {
    cx.shop.selection.parts.contains(part)
}

/// Height of a line of figures in a cell, and the least size of a cell.
const CELL: egui::Vec2 = vec2(44.0, 26.0);
