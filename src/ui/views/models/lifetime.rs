//! Lifetime: whether the buy-till-you-die models fit, and what frequency and recency mean.

use egui::{Align2, Color32, Rect, Sense, Ui, pos2, vec2};
use lucide_icons::Icon;

use super::{Page, chart_height};
use crate::{
    action::Actions,
    chart::{Axes, ChartCard, Curve, Curves, Key, KeyMark, Sheet, Tip, Unit, curves_ui, legend_ui},
    cx::Cx,
    format::{count, date, fixed, integer, percent},
    theme::{Palette, font},
    widgets::{
        card::{self, Head},
        empty::empty_ui,
    },
};
use data::day::iso;
use models::btyd::holdout::FrequencyRow;
use pipeline::lifetime::LifetimeCheck;

pub(super) fn lifetime_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page<'_>, actions: &mut Actions) {
    let Some(check) = &page.chosen.run.lifetime else {
        card::frame(cx.palette).show(ui, |ui| {
            ui.set_width(ui.available_width());
            let why = "This recipe uses no buy-till-you-die model. Train “Customer lifetime” to see how they fit.";
            empty_ui(ui, cx.palette, Icon::HeartPulse, why, None);
        });
        return;
    };
    page.pair_ui(ui, [0.5, 0.5], |ui, card| {
        tracking_ui(ui, cx, (check, card == 0), actions);
    });
    page.pair_ui(ui, [0.4, 0.6], |ui, card| {
        if card == 0 {
            frequency_ui(ui, cx, check, actions);
        } else {
            matrix_ui(ui, cx, check, actions);
        }
    });
}

/// Repeat purchases week by week, summed up or one by one.
fn tracking_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (check, cumulative): (&LifetimeCheck, bool),
    actions: &mut Actions,
) {
    let finding = tracking_finding(check, cumulative);
    let (title, name) = if cumulative {
        ("Repeat purchases so far", "tracking_cumulative")
    } else {
        ("Repeat purchases per week", "tracking_incremental")
    };
    let head = Head {
        title,
        finding: &finding,
        definition: "Repeat purchases of customers known by the end of the calibration: what happened, and what the \
                     model expects knowing only when each customer first bought. Right of the line is the hold-out, \
                     which the model has not seen.",
    };
    let sheet = || tracking_sheet(check);
    ChartCard::new(cx.palette, head, name, &sheet).show_ui(ui, actions, |ui, _| {
        tracking_chart_ui(ui, cx, (check, cumulative), &finding);
    });
}

/// Actual against expected, with a line where the hold-out begins.
fn tracking_chart_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (check, cumulative): (&LifetimeCheck, bool),
    finding: &str,
) {
    let model = check.study.models[check.best].family.title();
    let colors = (cx.palette.second, cx.palette.accent);
    legend_ui(
        ui,
        cx.palette,
        &[
            Key::new("actual", colors.0, KeyMark::Line),
            Key::new(model, colors.1, KeyMark::Dashed),
        ],
    );
    let weeks = check.tracking.iter().zip(1..);
    let (mut actual, mut expected) = (Vec::new(), Vec::new());
    for (week, number) in weeks {
        let number = f64::from(number);
        let (a, e) = if cumulative {
            (week.cumulative_actual as f64, week.cumulative_expected)
        } else {
            (week.actual as f64, week.expected)
        };
        actual.push([number, a]);
        expected.push([number, e]);
    }
    let high = actual
        .iter()
        .chain(&expected)
        .map(|point| point[1])
        .fold(1.0, f64::max);
    let end = check.study.counts.calibration_end;
    let split = check.tracking.iter().filter(|week| week.end <= end).count() as f64 + 0.5;
    let line = [[split, 0.0], [split, high]];
    let tip = |x: f64| week_tip(check, x, cumulative);
    curves_ui(
        ui,
        cx.palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: "Week since the first purchase",
                y_title: "Repeat purchases",
                unit: Unit::Count,
            },
            x_unit: Unit::Count,
            x: (1.0, check.tracking.len().max(2) as f64),
            y: (0.0, high),
            curves: &[
                Curve {
                    width: 1.0,
                    ..Curve::new(&line, cx.palette.faint)
                },
                Curve::new(&actual, colors.0),
                Curve {
                    width: 2.0,
                    ..Curve::reference(&expected, colors.1)
                },
            ],
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

/// The numbers behind the chart.
fn tracking_sheet(check: &LifetimeCheck) -> Sheet {
    let mut sheet = Sheet::new(&[
        "week_start",
        "actual",
        "expected",
        "cumulative_actual",
        "cumulative_expected",
    ]);
    for week in &check.tracking {
        sheet.push(vec![
            iso(week.start),
            week.actual.to_string(),
            week.expected.to_string(),
            week.cumulative_actual.to_string(),
            week.cumulative_expected.to_string(),
        ]);
    }
    sheet
}

fn week_tip(check: &LifetimeCheck, x: f64, cumulative: bool) -> Tip {
    let last = check.tracking.len().saturating_sub(1);
    let Some(week) = check
        .tracking
        .get((x.round().max(1.0) as usize - 1).min(last))
    else {
        return Tip::default();
    };
    let (actual, expected) = if cumulative {
        (week.cumulative_actual, week.cumulative_expected)
    } else {
        (week.actual, week.expected)
    };
    Tip::new(format!("Week of {}", date(week.start)))
        .row(None, "Actual", integer(actual))
        .row(None, "Expected", fixed(expected, 1))
}

fn tracking_finding(check: &LifetimeCheck, cumulative: bool) -> String {
    let end = check.study.counts.calibration_end;
    if cumulative {
        return check.tracking.last().map_or_else(String::new, |week| {
            let ratio = week.cumulative_expected / (week.cumulative_actual.max(1)) as f64;
            format!(
                "{} repeat purchases were expected by the end, {} happened ({} of them).",
                integer(week.cumulative_expected.round() as u64),
                integer(week.cumulative_actual),
                percent(ratio)
            )
        });
    }
    let held = check.tracking.iter().filter(|week| week.start > end);
    let (actual, expected) = held.fold((0, 0.0), |(a, e), week| {
        (a + week.actual, e + week.expected)
    });
    format!(
        "In the hold-out after {}: {} expected, {} happened.",
        date(end),
        integer(expected.round() as u64),
        integer(actual)
    )
}

/// Mean hold-out purchases by calibration frequency.
fn frequency_ui(ui: &mut Ui, cx: &Cx<'_>, check: &LifetimeCheck, actions: &mut Actions) {
    let rows: &[FrequencyRow] = check
        .study
        .hold_out
        .as_ref()
        .and_then(|judgement| judgement.by_frequency.get(check.best))
        .map_or(&[], Vec::as_slice);
    let finding = check.study.hold_out.as_ref().map_or_else(
        || "The history is too short for a hold-out.".to_owned(),
        |judgement| {
            let score = &judgement.scores[check.best];
            format!(
                "{} expects {} purchases in the hold-out; {} happened.",
                judgement.best.title(),
                integer(score.expected.round() as u64),
                integer(score.actual)
            )
        },
    );
    let head = Head {
        title: "Hold-out by calibration frequency",
        finding: &finding,
        definition: "Customers by their repeat purchases in the calibration, and how often they bought on average in \
                     the hold-out: expected and actual. The last point stands for all higher frequencies.",
    };
    let sheet = || frequency_sheet(rows);
    ChartCard::new(cx.palette, head, "holdout_by_frequency", &sheet).show_ui(
        ui,
        actions,
        |ui, _| {
            frequency_chart_ui(ui, cx, rows, &finding);
        },
    );
}

/// Mean purchases by frequency.
fn frequency_chart_ui(ui: &mut Ui, cx: &Cx<'_>, rows: &[FrequencyRow], finding: &str) {
    let colors = (cx.palette.second, cx.palette.accent);
    legend_ui(
        ui,
        cx.palette,
        &[
            Key::new("actual", colors.0, KeyMark::Line),
            Key::new("expected", colors.1, KeyMark::Dashed),
        ],
    );
    let points = |of: fn(&FrequencyRow) -> f64| -> Vec<[f64; 2]> {
        rows.iter()
            .map(|row| [f64::from(row.repeats), of(row)])
            .collect()
    };
    let (actual, expected) = (
        points(|row| row.mean_actual),
        points(|row| row.mean_expected),
    );
    let high = actual
        .iter()
        .chain(&expected)
        .map(|point| point[1])
        .fold(0.1, f64::max);
    let last = rows
        .last()
        .map_or(1.0, |row| f64::from(row.repeats).max(1.0));
    let tip = |x: f64| frequency_tip(rows, colors, x);
    curves_ui(
        ui,
        cx.palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: "Repeat purchases in the calibration",
                y_title: "Purchases in the hold-out",
                unit: Unit::Number,
            },
            x_unit: Unit::Count,
            x: (0.0, last),
            y: (0.0, high),
            curves: &[
                Curve {
                    dots: true,
                    ..Curve::new(&actual, colors.0)
                },
                Curve {
                    dots: true,
                    ..Curve::reference(&expected, colors.1)
                },
            ],
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

fn frequency_tip(rows: &[FrequencyRow], colors: (Color32, Color32), x: f64) -> Tip {
    let distance = |row: &&FrequencyRow| (f64::from(row.repeats) - x).abs();
    let nearest = rows
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or_else(Tip::default, |row| {
        let more = if row.or_more { " or more" } else { "" };
        Tip::new(format!("{}{more} repeats", row.repeats))
            .row(None, "Customers", integer(row.customers as u64))
            .row(Some(colors.0), "Mean actual", fixed(row.mean_actual, 2))
            .row(Some(colors.1), "Mean expected", fixed(row.mean_expected, 2))
    })
}

/// The numbers behind the chart.
fn frequency_sheet(rows: &[FrequencyRow]) -> Sheet {
    let mut sheet = Sheet::new(&["repeats", "customers", "mean_actual", "mean_expected"]);
    for row in rows {
        sheet.push(vec![
            row.repeats.to_string(),
            row.customers.to_string(),
            row.mean_actual.to_string(),
            row.mean_expected.to_string(),
        ]);
    }
    sheet
}

/// P(alive) and expected purchases by frequency and recency.
fn matrix_ui(ui: &mut Ui, cx: &Cx<'_>, check: &LifetimeCheck, actions: &mut Actions) {
    let matrix = &check.matrix;
    let finding = format!(
        "A customer known for {}: who bought often and is silent for long has most likely left.",
        count(u64::from(matrix.age_days), "day", "days")
    );
    let head = Head {
        title: "P(alive) and purchases to come",
        finding: &finding,
        definition: "By repeat purchases (rows) and days since the last purchase (columns), for a customer known since \
                     the first day: the chance of still being a customer, and the expected purchases of the next 90 \
                     days. Blank cells cannot be. Told by the model that foresaw the hold-out best, of those in \
                     which anybody may have left.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["repeats", "silent_days", "p_alive", "expected_purchases"]);
        let columns = matrix.silent_days.len();
        for (at, (alive, expected)) in matrix
            .probability_alive
            .iter()
            .zip(&matrix.expected_purchases)
            .enumerate()
        {
            sheet.push(vec![
                matrix.repeats[at / columns].to_string(),
                matrix.silent_days[at % columns].to_string(),
                crate::chart::sheet::cell(*alive),
                crate::chart::sheet::cell(*expected),
            ]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "recency_frequency_matrix", &sheet).show_ui(
        ui,
        actions,
        |ui, _| {
            let height = chart_height(ui);
            let next = format!("Purchases in the next {} days", check.ahead_days);
            ui.columns(2, |columns| {
                let alive = Cells {
                    title: "P(alive)",
                    values: &matrix.probability_alive,
                    share: true,
                };
                let expected = Cells {
                    title: &next,
                    values: &matrix.expected_purchases,
                    share: false,
                };
                for (ui, cells) in columns.iter_mut().zip([alive, expected]) {
                    cells.paint_ui(ui, cx.palette, check, height);
                }
            });
        },
    );
}

struct Cells<'a> {
    title: &'a str,
    values: &'a [Option<f64>],
    /// Written as a percentage.
    share: bool,
}

impl Cells<'_> {
    fn paint_ui(&self, ui: &mut Ui, palette: &Palette, check: &LifetimeCheck, height: f32) {
        const LEFT: f32 = 26.0;
        const TOP: f32 = 22.0;
        let matrix = &check.matrix;
        let (rows, columns) = (matrix.repeats.len(), matrix.silent_days.len());
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        response.widget_info(|| {
            egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, self.title)
        });
        let painter = ui.painter();
        painter.text(
            rect.left_top(),
            Align2::LEFT_TOP,
            self.title,
            font::caption_medium(),
            palette.text,
        );
        let area = Rect::from_min_max(rect.min + vec2(LEFT, TOP), rect.max - vec2(0.0, 34.0));
        let cell = vec2(area.width() / columns as f32, area.height() / rows as f32);
        let most = self
            .values
            .iter()
            .flatten()
            .fold(1e-9, |most: f64, &value| most.max(value));
        for (at, value) in self.values.iter().enumerate() {
            let Some(value) = value else { continue };
            let corner = area.min
                + vec2(
                    (at % columns) as f32 * cell.x,
                    (at / columns) as f32 * cell.y,
                );
            let color = palette.sequential((value / most) as f32);
            let square = Rect::from_min_size(corner, cell).shrink(0.5);
            painter.rect_filled(square, 1, color);
            let text = if self.share {
                fixed(value * 100.0, 0)
            } else {
                fixed(*value, 1)
            };
            if cell.x >= 24.0 && cell.y >= 13.0 {
                let ink = Palette::text_on(color);
                painter.text(
                    square.center(),
                    Align2::CENTER_CENTER,
                    text,
                    font::caption(),
                    ink,
                );
            }
        }
        Self::paint_axes(ui, palette, check, (rect, area, cell));
    }

    fn paint_axes(
        ui: &Ui,
        palette: &Palette,
        check: &LifetimeCheck,
        (rect, area, cell): (Rect, Rect, egui::Vec2),
    ) {
        let (painter, matrix) = (ui.painter(), &check.matrix);
        for (row, repeats) in matrix.repeats.iter().enumerate() {
            let y = area.top() + (row as f32 + 0.5) * cell.y;
            let place = pos2(area.left() - 6.0, y);
            painter.text(
                place,
                Align2::RIGHT_CENTER,
                repeats,
                font::caption(),
                palette.muted,
            );
        }
        for (column, days) in matrix.silent_days.iter().enumerate().step_by(2) {
            let x = area.left() + (column as f32 + 0.5) * cell.x;
            let place = pos2(x, area.bottom() + 3.0);
            painter.text(
                place,
                Align2::CENTER_TOP,
                days,
                font::caption(),
                palette.muted,
            );
        }
        let words = "Days silent (rows: repeat orders)";
        let place = pos2(area.center().x, rect.bottom());
        painter.text(
            place,
            Align2::CENTER_BOTTOM,
            words,
            font::caption(),
            palette.muted,
        );
    }
}
