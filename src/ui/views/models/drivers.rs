//! Drivers: what the best model of a run hangs on.

use egui::{Color32, Ui};
use lucide_icons::Icon;

use super::{Page, State, chart_height, words};
use crate::{
    action::Actions,
    chart::{
        Axes, BarList, BarRow, ChartCard, Curve, Curves, Key, KeyMark, Sheet, Tip, Unit,
        bar_list_ui, curves_ui, legend_ui,
    },
    cx::Cx,
    format::{fixed, number, percent},
    widgets::{card::Head, dropdown::dropdown_ui, empty::empty_ui},
};
use models::contributions::{Method, Scale};
use pipeline::drivers::{Contributions, Drivers, Effect};

/// Bars shown of the permutation importance.
const BARS: usize = 12;

pub(super) fn drivers_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, page): (&mut State, &Page<'_>),
    actions: &mut Actions,
) {
    let drivers = &page.chosen.run.drivers;
    page.pair_ui(ui, [0.5, 0.5], |ui, card| {
        if card == 0 {
            permutation_ui(ui, cx, (page, drivers), actions);
        } else {
            effect_ui(ui, cx, (state, page, drivers), actions);
        }
    });
    if let Some(explained) = drivers.explained {
        contributions_ui(ui, cx, (&drivers.contributions, explained), actions);
    }
}

fn permutation_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (page, drivers): (&Page<'_>, &Drivers),
    actions: &mut Actions,
) {
    let best = &page.chosen.run.run.best().title;
    let finding = drivers.permutation.first().map_or_else(
        || "Nothing to shuffle: the ranking has no score on these customers.".to_owned(),
        |first| {
            format!(
                "“{}” matters most to {best}: shuffled, the normalised Gini falls by {}.",
                words::feature(&first.name),
                fixed(first.fall, 3)
            )
        },
    );
    let head = Head {
        title: "What the ranking hangs on",
        finding: &finding,
        definition: "Permutation importance: fall of the normalised Gini when one input is shuffled among customers \
                     the model had not seen (at most 4,000, three times; ± is the standard deviation). Inputs that \
                     say the same share their importance.",
    };
    let sheet = || permutation_sheet(drivers);
    ChartCard::new(cx.palette, head, "permutation_importance", &sheet).show_ui(
        ui,
        actions,
        |ui, _| {
            let most = drivers
                .permutation
                .first()
                .map_or(1.0, |first| first.fall.max(1e-9));
            let rows: Vec<BarRow> = drivers
                .permutation
                .iter()
                .take(BARS)
                .map(|driver| BarRow {
                    name: words::feature(&driver.name),
                    length: (driver.fall / most).clamp(0.0, 1.0),
                    figure: fixed(driver.fall, 3),
                    share: format!("± {}", fixed(driver.sd, 3)),
                    tip: Tip::new(words::feature(&driver.name))
                        .note(words::plain(&driver.definition)),
                    quiet: driver.fall <= 2.0 * driver.sd,
                    ..BarRow::default()
                })
                .collect();
            let list = BarList {
                id: "permutation",
                rows: &rows,
                height: chart_height(ui),
                reference: None,
            };
            bar_list_ui(ui, cx.palette, &list);
        },
    );
}

/// The numbers behind the bars.
fn permutation_sheet(drivers: &Drivers) -> Sheet {
    let mut sheet = Sheet::new(&["feature", "fall_of_normalised_gini", "sd"]);
    for driver in &drivers.permutation {
        sheet.push(vec![
            driver.name.clone(),
            driver.fall.to_string(),
            driver.sd.to_string(),
        ]);
    }
    sheet
}

fn effect_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, page, drivers): (&mut State, &Page<'_>, &Drivers),
    actions: &mut Actions,
) {
    let at = state.effect.min(drivers.effects.len().saturating_sub(1));
    let effect = drivers.effects.get(at);
    let class = page.chosen.report().class.is_some();
    let finding = effect.map_or_else(String::new, |effect| effect_finding(effect, class));
    let head = Head {
        title: "How one input moves the prediction",
        finding: &finding,
        definition: "Partial effect: the mean prediction of up to 500 customers when this input is set to the value \
                     for all of them and everything else stays as it is. The band is the middle 80 % of their \
                     predictions. It shows what the model does, not what would cause more sales.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["feature", "value", "mean", "p10", "p90"]);
        for effect in &drivers.effects {
            for point in &effect.effect.points {
                let numbers = [point.value, point.mean, point.low, point.high];
                let mut row = vec![effect.name.clone()];
                row.extend(numbers.map(|number| number.to_string()));
                sheet.push(row);
            }
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "partial_effect", &sheet).show_ui(ui, actions, |ui, _| {
        let Some(effect) = effect else {
            let why = "This model cannot be asked about single inputs.";
            empty_ui(ui, cx.palette, Icon::SlidersHorizontal, why, None);
            return;
        };
        let choices: Vec<(usize, String)> = drivers
            .effects
            .iter()
            .enumerate()
            .map(|(at, effect)| (at, words::feature(&effect.name)))
            .collect();
        if let Some(chosen) = dropdown_ui(ui, cx.palette, "Input", &choices, &at) {
            state.effect = chosen;
        }
        effect_chart_ui(ui, cx, (effect, class), &finding);
    });
}

fn effect_finding(effect: &Effect, class: bool) -> String {
    let points = &effect.effect.points;
    let (Some(first), Some(last)) = (points.first(), points.last()) else {
        return "This input has no values.".to_owned();
    };
    let text = |value: f64| if class { percent(value) } else { number(value) };
    format!(
        "From {} to {}, the mean prediction goes from {} to {}.",
        level(effect, first.value),
        level(effect, last.value),
        text(first.mean),
        text(last.mean)
    )
}

/// A value of the input for people.
fn level(effect: &Effect, value: f64) -> String {
    let name = effect.levels.get(value.max(0.0) as usize);
    name.filter(|_| !effect.levels.is_empty())
        .cloned()
        .unwrap_or_else(|| number(value))
}

fn effect_chart_ui(ui: &mut Ui, cx: &Cx<'_>, (effect, class): (&Effect, bool), finding: &str) {
    let points = &effect.effect.points;
    let line: Vec<[f64; 2]> = points
        .iter()
        .map(|point| [point.value, point.mean])
        .collect();
    let band: Vec<[f64; 3]> = points
        .iter()
        .map(|point| [point.value, point.low, point.high])
        .collect();
    let high = points.iter().map(|point| point.high).fold(0.0, f64::max);
    let low = points.iter().map(|point| point.low).fold(0.0, f64::min);
    let ends = (points.first(), points.last());
    let x = match ends {
        (Some(first), Some(last)) if last.value > first.value => (first.value, last.value),
        (Some(first), _) => (first.value - 0.5, first.value + 0.5),
        _ => (0.0, 1.0),
    };
    let unit = if class {
        Unit::Share
    } else {
        Unit::Money(&cx.project.currency)
    };
    let tip = |x: f64| effect_tip(effect, unit, x);
    let title = words::feature(&effect.name);
    curves_ui(
        ui,
        cx.palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: &title,
                y_title: "Prediction",
                unit,
            },
            x_unit: Unit::Number,
            x,
            y: (low, high),
            band: Some((&band, cx.palette.accent_soft)),
            curves: &[Curve {
                dots: true,
                ..Curve::new(&line, cx.palette.accent)
            }],
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

fn effect_tip(effect: &Effect, unit: Unit<'_>, x: f64) -> Tip {
    let points = &effect.effect.points;
    let distance = |point: &&evaluation::importance::EffectPoint| (point.value - x).abs();
    let nearest = points
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or_else(Tip::default, |point| {
        Tip::new(format!(
            "{} = {}",
            words::feature(&effect.name),
            level(effect, point.value)
        ))
        .row(None, "Mean prediction", unit.text(point.mean))
        .row(
            None,
            "Middle 80 %",
            format!("{} to {}", unit.text(point.low), unit.text(point.high)),
        )
    })
}

/// SHAP values: one row of dots per feature.
fn contributions_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (rows, (method, scale)): (&[Contributions], (Method, Scale)),
    actions: &mut Actions,
) {
    let finding = rows.first().map_or_else(
        || "This model reads no feature.".to_owned(),
        |first| {
            format!(
                "“{}” moves single predictions most: by {} on average, on the scale of {}. {}.",
                words::feature(&first.name),
                number(first.mean),
                scale.words(),
                method.words(),
            )
        },
    );
    let head = Head {
        title: "Contributions to single predictions (SHAP)",
        finding: &finding,
        definition: "How much each input moved a prediction away from the average, for up to 300 customers. Trees: \
                     TreeSHAP on the trees' score (for log losses: the logarithm). Linear models: coefficient × \
                     standardised input. Tiers, blends and buy-till-you-die models: Shapley values of up to 100 \
                     customers, found by asking the model 16 times in random orders. All before recalibration. \
                     Right: raised it. Colour: the customer's value of the input among all, from low to high.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["feature", "rank_of_value", "contribution"]);
        for row in rows {
            for (rank, part) in &row.points {
                sheet.push(vec![row.name.clone(), rank.to_string(), part.to_string()]);
            }
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "shap", &sheet).show_ui(ui, actions, |ui, _| {
        let low = cx.palette.diverging(-0.9);
        let high = cx.palette.diverging(0.9);
        legend_ui(
            ui,
            cx.palette,
            &[
                Key::new("low value of the input", low, KeyMark::Swatch),
                Key::new("high", high, KeyMark::Swatch),
            ],
        );
        swarm_ui(ui, cx, rows, &finding);
    });
}

fn swarm_ui(ui: &mut Ui, cx: &Cx<'_>, rows: &[Contributions], summary: &str) {
    const ROW: f32 = 34.0;
    const NAMES: f32 = 190.0;
    let size = egui::vec2(ui.available_width(), ROW * rows.len() as f32 + 24.0);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, summary));
    let all = || {
        rows.iter()
            .flat_map(|row| row.points.iter().map(|point| point.1))
    };
    let most = all().fold(1e-9, |most: f64, part| most.max(part.abs()));
    let strip = egui::Rect::from_min_max(
        rect.min + egui::vec2(NAMES, 0.0),
        egui::pos2(rect.right() - 8.0, rect.bottom() - 24.0),
    );
    let x = |part: f64| strip.center().x + (part / most) as f32 * strip.width() / 2.0;
    let painter = ui.painter();
    let line = egui::Stroke::new(1.0, cx.palette.hairline);
    painter.vline(strip.center().x, strip.y_range(), line);
    for (at, row) in rows.iter().enumerate() {
        let y = strip.top() + (at as f32 + 0.5) * ROW;
        let font = crate::theme::font::caption();
        let name = crate::frame::parts::fitted_text(
            painter,
            &words::feature(&row.name),
            &font,
            NAMES - 12.0,
        );
        let place = egui::pos2(rect.left(), y);
        painter.text(
            place,
            egui::Align2::LEFT_CENTER,
            name,
            font,
            cx.palette.text,
        );
        for (number, (rank, part)) in row.points.iter().enumerate() {
            // A fixed spread across the row, so that dots do not hide each other.
            let spread = ((number * 7919) % 23) as f32 / 22.0 - 0.5;
            let color: Color32 = cx.palette.diverging(1.8 * *rank as f32 - 0.9);
            painter.circle_filled(egui::pos2(x(*part), y + spread * (ROW - 14.0)), 2.0, color);
        }
    }
    let ticks = [-most, 0.0, most];
    for value in ticks {
        let align = egui::Align2::CENTER_TOP;
        let place = egui::pos2(
            x(value).clamp(strip.left() + 16.0, strip.right() - 16.0),
            strip.bottom() + 4.0,
        );
        painter.text(
            place,
            align,
            fixed(value, 2),
            crate::theme::font::caption(),
            cx.palette.muted,
        );
    }
}
