//! Gains: how much of the value the best-ranked customers hold, at a depth that can be dragged.

use egui::{Grid, RichText, Ui};

use super::{Page, State, chart_height, chart_height_from, words};
use crate::{
    action::Actions,
    chart::{
        Axes, Bars, ChartCard, Curve, Curves, Handle, Key, KeyMark, Series, Sheet, Tip, Unit,
        bars_ui, curves_ui, legend_ui,
    },
    cx::Cx,
    format::{capital, fixed, integer, percent},
    frame::parts::fitted_text,
    theme::{Palette, font, gap},
    widgets::{card::Head, empty::empty_ui},
};
use evaluation::{gains::GainCurve, report::Report};
use lucide_icons::Icon;

pub(super) fn gains_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, page): (&mut State, &Page<'_>),
    actions: &mut Actions,
) {
    page.pair_ui(ui, [0.6, 0.4], |ui, card| {
        if card == 0 {
            curve_card_ui(ui, cx, (state, page), actions);
        } else {
            depth_card_ui(ui, cx, (state, page), actions);
        }
    });
}

/// The curves of the chart, with their names, heaviest last.
fn curves<'a>(page: &'a Page<'_>) -> Option<Vec<(String, &'a GainCurve)>> {
    let report = page.chosen.report();
    let gains = report.gains.as_ref()?;
    let mut curves = vec![("perfect".to_owned(), &gains.perfect)];
    if let Some(rival) = &gains.rival {
        curves.push((report.rival_name().to_owned(), rival));
    }
    let other = page.chosen.other.zip(page.chosen.other_report());
    if let Some(((run, _), other)) = other
        && let Some(gains) = &other.gains
    {
        curves.push((
            format!("run {}: {}", run.number, run.run.best().title),
            &gains.model,
        ));
    }
    curves.push((page.chosen.model().title.clone(), &gains.model));
    Some(curves)
}

fn finding(report: &Report, depth: f64) -> String {
    let Some(gains) = &report.gains else {
        return "Nothing was sold in the window, so there is nothing to find.".to_owned();
    };
    let rival = gains.rival.as_ref().map_or_else(String::new, |rival| {
        format!(
            "; ranking by {} would find {}",
            report.rival_name(),
            percent(rival.at(depth))
        )
    });
    format!(
        "The best-ranked {} of customers hold {} of {}{rival}.",
        percent(depth),
        percent(gains.model.at(depth)),
        report.spec.captured,
    )
}

fn curve_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, page): (&mut State, &Page<'_>),
    actions: &mut Actions,
) {
    let report = page.chosen.report();
    let finding = finding(report, state.depth);
    let head = Head {
        title: "Cumulative gains",
        finding: &finding,
        definition: "Customers are sorted by prediction, best first. The curve shows which share of the value \
                     the first x % hold. The diagonal is a random order, the upper curve a perfect one. \
                     Customers with equal predictions count as if in random order. Drag the line, or focus it \
                     and use the arrow keys.",
    };
    let sheet = || sheet(page);
    ChartCard::new(cx.palette, head, "gains", &sheet).show_ui(ui, actions, |ui, _| {
        curve_chart_ui(ui, cx, (state, page), &finding);
    });
}

/// The curves, the diagonal, and the depth to drag.
fn curve_chart_ui(ui: &mut Ui, cx: &Cx<'_>, (state, page): (&mut State, &Page<'_>), finding: &str) {
    let Some(curves) = curves(page) else {
        empty_ui(ui, cx.palette, Icon::TrendingUp, finding, None);
        return;
    };
    let palette = cx.palette;
    let colors = |at: usize| match (at, curves.len() - 1) {
        (0, _) => palette.faint,
        (at, last) if at == last => palette.accent,
        (1, _) if page.chosen.report().rival().is_some() => palette.second,
        _ => palette.good,
    };
    curve_legend_ui(ui, palette, &curves, &colors);
    let points: Vec<Vec<[f64; 2]>> = curves
        .iter()
        .map(|(_, curve)| curve.points().collect())
        .collect();
    let diagonal = [[0.0, 0.0], [1.0, 1.0]];
    let mut drawn = vec![Curve {
        width: 1.0,
        ..Curve::new(&diagonal, palette.faint)
    }];
    drawn.extend(points.iter().enumerate().map(|(at, points)| {
        if at + 1 == curves.len() {
            Curve {
                width: 2.5,
                ..Curve::new(points, colors(at))
            }
        } else {
            Curve::reference(points, colors(at))
        }
    }));
    let tip = |depth: f64| depth_tip(&curves, &colors, depth);
    let y_title = format!("Share of {}", page.chosen.report().spec.captured);
    let text = percent(state.depth);
    let chart = Curves {
        summary: finding,
        height: chart_height(ui),
        axes: Axes {
            x_title: "Share of customers, best first",
            y_title: &y_title,
            unit: Unit::Share,
        },
        x_unit: Unit::Share,
        curves: &drawn,
        handle: Some(Handle {
            name: "Depth of the list",
            at: state.depth,
            text: &text,
            step: 0.01,
            snap: 0.01,
            ring: None,
            range: (0.01, 1.0),
        }),
        tip: Some(&tip),
        ..Curves::blank()
    };
    if let Some(depth) = curves_ui(ui, palette, &chart).moved {
        state.depth = depth;
    }
}

fn curve_legend_ui(
    ui: &mut Ui,
    palette: &Palette,
    curves: &[(String, &GainCurve)],
    colors: &dyn Fn(usize) -> egui::Color32,
) {
    let mut keys: Vec<Key<'_>> = curves
        .iter()
        .enumerate()
        .map(|(at, (name, _))| {
            let last = at == curves.len() - 1;
            let mark = if last { KeyMark::Line } else { KeyMark::Dashed };
            Key::new(name, colors(at), mark)
        })
        .collect();
    keys.push(Key::new("random", palette.faint, KeyMark::Line));
    legend_ui(ui, palette, &keys);
}

fn depth_tip(
    curves: &[(String, &GainCurve)],
    colors: &dyn Fn(usize) -> egui::Color32,
    depth: f64,
) -> Tip {
    let rows = curves.iter().enumerate().rev();
    rows.fold(
        Tip::new(format!("Best {} of customers", percent(depth))),
        |tip, (at, row)| tip.row(Some(colors(at)), row.0.clone(), percent(row.1.at(depth))),
    )
}

fn sheet(page: &Page<'_>) -> Sheet {
    let curves = curves(page).unwrap_or_default();
    let names: Vec<&str> = curves.iter().map(|(name, _)| name.as_str()).collect();
    let mut heads = vec!["share_of_customers"];
    heads.extend(names);
    let mut sheet = Sheet::new(&heads);
    for step in 0..=100 {
        let depth = f64::from(step) / 100.0;
        let mut row = vec![depth.to_string()];
        row.extend(curves.iter().map(|(_, curve)| curve.at(depth).to_string()));
        sheet.push(row);
    }
    sheet
}

/// The numbers at the depth, and the lift of every tenth.
fn depth_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, page): (&mut State, &Page<'_>),
    actions: &mut Actions,
) {
    let report = page.chosen.report();
    let lift = report.deciles.top_lift();
    let finding = lift.map_or_else(
        || "No lift: nothing was sold in the window.".to_owned(),
        |lift| {
            format!(
                "The best-ranked tenth brings {} times the average.",
                fixed(lift, 1)
            )
        },
    );
    let head = Head {
        title: "At this depth, and lift by tenth",
        finding: &finding,
        definition: "Lift: mean outcome of a tenth of the ranking ÷ mean outcome of everyone; 1 is the average. \
                     Equal predictions are put into tenths in an order drawn by the recipe's seed.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&[
            "tenth",
            "customers",
            "mean_predicted",
            "mean_actual",
            "lift",
        ]);
        for decile in &report.deciles.deciles {
            sheet.push(vec![
                decile.number.to_string(),
                decile.customers.to_string(),
                decile.mean_predicted.to_string(),
                decile.mean_actual.to_string(),
                crate::chart::sheet::cell(decile.lift),
            ]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "lift", &sheet).show_ui(ui, actions, |ui, _| {
        depth_ui(ui, cx, page, state.depth);
        ui.add_space(gap::S);
        lift_ui(ui, cx, report, &finding);
    });
}

fn depth_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page<'_>, depth: f64) {
    let report = page.chosen.report();
    let customers = (report.metrics.customers as f64 * depth).round() as u64;
    let cell = |text: String, strong: bool| {
        let font = if strong {
            font::body_medium()
        } else {
            font::body()
        };
        RichText::new(text).font(font).color(cx.palette.text)
    };
    Grid::new("depth")
        .num_columns(3)
        .spacing([gap::M, 4.0])
        .show(ui, |ui| {
            ui.label(words::quiet(cx, "Customers"));
            ui.label(cell(integer(customers), true));
            ui.label("");
            ui.end_row();
            let found = curves(page).unwrap_or_default().into_iter().rev();
            for (at, (name, curve)) in found.enumerate() {
                let name = if at == 0 {
                    "this model".to_owned()
                } else {
                    name
                };
                let name = fitted_text(ui.painter(), &capital(&name), &font::body(), 150.0);
                ui.label(words::quiet(cx, &name));
                ui.label(cell(percent(curve.at(depth)), at == 0));
                let lift = curve.at(depth) / depth.max(1e-9);
                let lift = words::caption(cx, &format!("{} ×", fixed(lift, 2)));
                ui.label(lift).on_hover_text("Times the average");
                ui.end_row();
            }
        });
}

fn lift_ui(ui: &mut Ui, cx: &Cx<'_>, report: &Report, finding: &str) {
    let deciles = &report.deciles.deciles;
    let labels: Vec<String> = deciles
        .iter()
        .map(|decile| decile.number.to_string())
        .collect();
    let values: Vec<f64> = deciles
        .iter()
        .map(|decile| decile.lift.unwrap_or(0.0))
        .collect();
    let series = [Series {
        name: "Lift",
        color: cx.palette.accent,
        values: &values,
    }];
    let axes = Axes {
        x_title: "Tenth of the ranking, best first",
        y_title: "Times the average",
        unit: Unit::Number,
    };
    let tip = |at: usize| {
        let decile = &deciles[at];
        Tip::new(format!("Tenth {}", decile.number))
            .row(None, "Customers", integer(decile.customers as u64))
            .row(None, "Mean predicted", fixed(decile.mean_predicted, 2))
            .row(None, "Mean actual", fixed(decile.mean_actual, 2))
            .row(
                None,
                "Lift",
                decile.lift.map_or("–".to_owned(), |lift| fixed(lift, 2)),
            )
    };
    let mut bars = Bars::new(axes, &labels, &series, &tip);
    bars.summary = finding;
    bars.height = chart_height_from(ui, 150.0);
    bars_ui(ui, cx.palette, &bars);
}
