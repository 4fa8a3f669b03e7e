//! Calibration: whether predictions are at the right level, and every metric by its name.

use egui::{Color32, Grid, RichText, ScrollArea, Ui};

use super::{Page, chart_height, words};
use crate::{
    action::Actions,
    chart::{Axes, ChartCard, Curve, Curves, Key, KeyMark, Sheet, Tip, Unit, curves_ui, legend_ui},
    cx::Cx,
    format::{capital, fixed, integer, money, percent},
    theme::{font, gap},
    widgets::card::Head,
};
use evaluation::{calibration::ReliabilityBin, deciles::DecileChart, report::Report};

pub(super) fn calibration_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page<'_>, actions: &mut Actions) {
    page.pair_ui(ui, [0.6, 0.4], |ui, card| {
        match (card, &page.chosen.report().class) {
            (0, Some(class)) => {
                let bins = (&*class.reliability, class.uncalibrated.as_deref());
                reliability_ui(ui, cx, (page.chosen.report(), bins), actions);
            }
            (0, None) => deciles_ui(ui, cx, page.chosen.report(), actions),
            _ => metrics_ui(ui, cx, page, actions),
        }
    });
}

/// Predicted against actual by tenth of the ranking.
fn deciles_ui(ui: &mut Ui, cx: &Cx<'_>, report: &Report, actions: &mut Actions) {
    let chart = &report.deciles;
    let finding = value_finding(report);
    let head = Head {
        title: "Predicted and actual by tenth",
        finding: &finding,
        definition: "Customers in ten groups of equal size by prediction, highest first; equal predictions are \
                     put in order by the recipe's seed. Error: |predicted − actual| ÷ actual of a group; a group \
                     that bought nothing has none (“–”).",
    };
    let sheet = || deciles_sheet(chart);
    ChartCard::new(cx.palette, head, "decile_calibration", &sheet).show_ui(ui, actions, |ui, _| {
        deciles_chart_ui(ui, cx, chart, &finding);
    });
}

/// Two lines over the tenths.
fn deciles_chart_ui(ui: &mut Ui, cx: &Cx<'_>, chart: &DecileChart, finding: &str) {
    let colors = (cx.palette.accent, cx.palette.second);
    let keys = [
        Key::new("predicted", colors.0, KeyMark::Dashed),
        Key::new("actual", colors.1, KeyMark::Line),
    ];
    legend_ui(ui, cx.palette, &keys);
    let points = |value: fn(&evaluation::deciles::Decile) -> f64| -> Vec<[f64; 2]> {
        chart
            .deciles
            .iter()
            .map(|d| [d.number as f64, value(d)])
            .collect()
    };
    let (predicted, actual) = (points(|d| d.mean_predicted), points(|d| d.mean_actual));
    let all = predicted.iter().chain(&actual).map(|point| point[1]);
    let range = all.fold((0.0, 0.0), |(low, high): (f64, f64), y| {
        (low.min(y), high.max(y))
    });
    let curves = [
        Curve {
            dots: true,
            ..Curve::new(&actual, colors.1)
        },
        Curve {
            dots: true,
            ..Curve::reference(&predicted, colors.0)
        },
    ];
    let tip = |x: f64| decile_tip(cx, chart, colors, x);
    curves_ui(
        ui,
        cx.palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: "Tenth of the ranking, best first",
                y_title: "Mean value per customer",
                unit: Unit::Money(&cx.project.currency),
            },
            x_unit: Unit::Count,
            x: (1.0, chart.deciles.len().max(2) as f64),
            y: range,
            curves: &curves,
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

fn decile_tip(cx: &Cx<'_>, chart: &DecileChart, colors: (Color32, Color32), x: f64) -> Tip {
    let at = (x.round() as usize).clamp(1, chart.deciles.len()) - 1;
    let decile = &chart.deciles[at];
    let error = decile.relative_error.map_or("–".to_owned(), percent);
    Tip::new(format!("Tenth {}", decile.number))
        .row(None, "Customers", integer(decile.customers as u64))
        .row(
            Some(colors.0),
            "Mean predicted",
            money(decile.mean_predicted, &cx.project.currency),
        )
        .row(
            Some(colors.1),
            "Mean actual",
            money(decile.mean_actual, &cx.project.currency),
        )
        .row(None, "Error", error)
}

/// The numbers behind the chart.
fn deciles_sheet(chart: &DecileChart) -> Sheet {
    let mut sheet = Sheet::new(&[
        "tenth",
        "customers",
        "mean_predicted",
        "mean_actual",
        "relative_error",
    ]);
    for decile in &chart.deciles {
        sheet.push(vec![
            decile.number.to_string(),
            decile.customers.to_string(),
            decile.mean_predicted.to_string(),
            decile.mean_actual.to_string(),
            crate::chart::sheet::cell(decile.relative_error),
        ]);
    }
    sheet
}

fn value_finding(report: &Report) -> String {
    let bias = report.metrics.bias.map_or_else(String::new, |bias| {
        let (amount, word) = if bias >= 1.0 {
            (bias - 1.0, "too much")
        } else {
            (1.0 - bias, "too little")
        };
        format!("On the whole {} {word} is predicted", percent(amount))
    });
    let error = report.deciles.mape.map_or_else(String::new, |mape| {
        let left = match report.deciles.left_out {
            0 => String::new(),
            left => format!(" ({left} without sales left out)"),
        };
        format!("; groups are off by {} on average{left}", percent(mape))
    });
    format!("{bias}{error}.")
}

/// Observed rate against probability, before and after recalibration.
fn reliability_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (report, (after, before)): (&Report, (&[ReliabilityBin], Option<&[ReliabilityBin]>)),
    actions: &mut Actions,
) {
    let ece = report.metrics.ece.unwrap_or(0.0);
    let finding = format!(
        "Probabilities and observed rates differ by {} on average.",
        percent(ece)
    );
    let head = Head {
        title: "Reliability",
        finding: &finding,
        definition: "Customers in ten groups of equal size by predicted probability; the share of them with the \
                     event against their mean probability. On the diagonal probabilities mean what they say. The \
                     band is the 95 % Wilson interval of the observed share. Dashed: before recalibration.",
    };
    let sheet = || reliability_sheet(after, before);
    ChartCard::new(cx.palette, head, "reliability", &sheet).show_ui(ui, actions, |ui, _| {
        reliability_chart_ui(ui, cx, (after, before), &finding);
    });
}

/// Observed shares beside the diagonal.
fn reliability_chart_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (after, before): (&[ReliabilityBin], Option<&[ReliabilityBin]>),
    finding: &str,
) {
    let palette = cx.palette;
    legend_ui(
        ui,
        palette,
        &[
            Key::new("recalibrated", palette.accent, KeyMark::Line),
            Key::new("before", palette.second, KeyMark::Dashed),
            Key::new("ideal", palette.faint, KeyMark::Line),
        ],
    );
    let points = |bins: &[ReliabilityBin]| -> Vec<[f64; 2]> {
        bins.iter()
            .map(|bin| [bin.mean_probability, bin.observed_rate])
            .collect()
    };
    let (after_points, before_points) = (points(after), points(before.unwrap_or_default()));
    let band: Vec<[f64; 3]> = after
        .iter()
        .map(|bin| [bin.mean_probability, bin.interval.0, bin.interval.1])
        .collect();
    let diagonal = [[0.0, 0.0], [1.0, 1.0]];
    let curves = [
        Curve {
            width: 1.0,
            ..Curve::new(&diagonal, palette.faint)
        },
        Curve::reference(&before_points, palette.second),
        Curve {
            dots: true,
            ..Curve::new(&after_points, palette.accent)
        },
    ];
    let tip = |x: f64| nearest_tip(after, x);
    curves_ui(
        ui,
        palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: "Mean predicted probability",
                y_title: "Observed share",
                unit: Unit::Share,
            },
            x_unit: Unit::Share,
            band: Some((&band, palette.accent_soft)),
            curves: &curves,
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

/// The numbers behind the chart.
fn reliability_sheet(after: &[ReliabilityBin], before: Option<&[ReliabilityBin]>) -> Sheet {
    let mut sheet = Sheet::new(&[
        "curve",
        "customers",
        "mean_probability",
        "observed_rate",
        "low",
        "high",
    ]);
    for (name, bins) in [("after", Some(after)), ("before", before)] {
        for bin in bins.unwrap_or_default() {
            let numbers = [
                bin.mean_probability,
                bin.observed_rate,
                bin.interval.0,
                bin.interval.1,
            ];
            let mut row = vec![name.to_owned(), bin.customers.to_string()];
            row.extend(numbers.map(|number| number.to_string()));
            sheet.push(row);
        }
    }
    sheet
}

fn nearest_tip(bins: &[ReliabilityBin], x: f64) -> Tip {
    let distance = |bin: &&ReliabilityBin| (bin.mean_probability - x).abs();
    let nearest = bins
        .iter()
        .min_by(|a, b| distance(a).total_cmp(&distance(b)));
    nearest.map_or_else(Tip::default, |bin| {
        Tip::new(format!("Predicted {}", percent(bin.mean_probability)))
            .row(None, "Observed", percent(bin.observed_rate))
            .row(None, "Customers", integer(bin.customers as u64))
            .note(format!(
                "95 % interval {} to {}",
                percent(bin.interval.0),
                percent(bin.interval.1)
            ))
    })
}

/// Metrics by standard name.
type Entries = Vec<(&'static str, Option<f64>)>;

/// Every metric of the chosen model, the naive baseline, and a run to compare with.
fn metrics_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page<'_>, actions: &mut Actions) {
    let report = page.chosen.report();
    let other = page.chosen.other_report();
    let rival = report.rival();
    let finding = report.intervals.gini_normalised.map_or_else(
        || "No ranking to judge: all outcomes are the same.".to_owned(),
        |interval| {
            format!(
                "Normalised Gini {} (95 % interval {} to {}).",
                fixed(interval.estimate, 3),
                fixed(interval.low, 3),
                fixed(interval.high, 3)
            )
        },
    );
    let head = Head {
        title: "All metrics",
        finding: &finding,
        definition: "Each metric under its standard name; hover over a name for its definition. The naive baseline \
                     is the strongest of several. Intervals are 95 % bootstrap intervals over customers.",
    };
    let entries = |report: &Report| report.metrics.entries();
    let (own, others) = (entries(report), other.map(entries));
    let naive = rival.map(|rival| rival.metrics.entries());
    let sheet = || {
        let mut sheet = Sheet::new(&["metric", "model", "naive", "compared"]);
        let of = |entries: &Option<Vec<(&str, Option<f64>)>>, at: usize| {
            crate::chart::sheet::cell(entries.as_ref().and_then(|entries| entries[at].1))
        };
        for (at, (name, value)) in own.iter().enumerate() {
            let value = crate::chart::sheet::cell(*value);
            sheet.push(vec![
                (*name).to_owned(),
                value,
                of(&naive, at),
                of(&others, at),
            ]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "metrics", &sheet).show_ui(ui, actions, |ui, _| {
        metrics_table_ui(ui, cx, page, (&own, naive.as_ref(), others.as_ref()));
    });
}

/// One row per metric that is defined.
fn metrics_table_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    page: &Page<'_>,
    (own, naive, others): (&Entries, Option<&Entries>, Option<&Entries>),
) {
    let strong = |text: String| {
        RichText::new(text)
            .font(font::body_medium())
            .color(cx.palette.text)
    };
    ScrollArea::vertical()
        .max_height(chart_height(ui))
        .show(ui, |ui| {
            Grid::new("metrics")
                .num_columns(4)
                .spacing([gap::L, 5.0])
                .show(ui, |ui| {
                    ui.label(words::caption(cx, ""));
                    ui.label(words::caption(cx, "Model"));
                    if naive.is_some() {
                        let rival = page.chosen.report().rival_name();
                        let head = RichText::new("Naive").font(font::caption_medium());
                        ui.label(head.color(cx.palette.muted))
                            .on_hover_text(capital(rival));
                    }
                    if let Some((run, _)) = page.chosen.other {
                        ui.label(words::caption(cx, &format!("Run {}", run.number)));
                    }
                    ui.end_row();
                    for (at, (name, value)) in own.iter().enumerate() {
                        let theirs = others.and_then(|entries| entries[at].1);
                        if value.is_none() && theirs.is_none() {
                            continue;
                        }
                        let (title, definition) = words::metric_title(name);
                        ui.label(words::quiet(cx, title)).on_hover_text(definition);
                        ui.label(strong(words::metric(name, *value)));
                        if let Some(naive) = naive {
                            ui.label(words::quiet(cx, &words::metric(name, naive[at].1)));
                        }
                        if others.is_some() {
                            ui.label(words::quiet(cx, &words::metric(name, theirs)));
                        }
                        ui.end_row();
                    }
                });
        });
}
