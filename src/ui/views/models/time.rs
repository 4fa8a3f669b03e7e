//! Over time: whether the model holds on customers it had not seen and at other dates.

use egui::{Grid, Label, RichText, Ui};

use super::{Page, chart_height, words};
use crate::{
    action::Actions,
    chart::{Axes, ChartCard, Curve, Curves, Key, KeyMark, Sheet, Unit, curves_ui, legend_ui},
    cx::Cx,
    format::{date, fixed, percent},
    theme::{font, gap},
    widgets::card::Head,
};
use evaluation::{
    backtest::Spread,
    report::{Kind, Report},
};

/// One judgement of the chosen model.
struct Row<'a> {
    name: String,
    report: &'a Report,
}

fn rows<'a>(page: &'a Page<'_>) -> Vec<Row<'a>> {
    let judged = page.chosen.judged();
    let backtests = page
        .chosen
        .run
        .run
        .backtests
        .iter()
        .zip(&judged.out_of_time);
    let mut rows: Vec<Row<'_>> = backtests
        .map(|(backtest, report)| Row {
            name: format!(
                "{} → {}",
                date(backtest.trained_at),
                date(backtest.applied_at)
            ),
            report,
        })
        .collect();
    rows.reverse();
    rows.push(Row {
        name: "Cross-validation".to_owned(),
        report: &judged.out_of_fold,
    });
    rows.extend(judged.hold_out.as_ref().map(|report| Row {
        name: "Locked hold-out".to_owned(),
        report,
    }));
    rows
}

pub(super) fn time_ui(ui: &mut Ui, cx: &Cx<'_>, page: &Page<'_>, actions: &mut Actions) {
    let rows = rows(page);
    page.pair_ui(ui, [0.6, 0.4], |ui, card| {
        if card == 0 {
            table_ui(ui, cx, (page, &rows), actions);
        } else {
            chart_ui(ui, cx, &rows, actions);
        }
    });
}

fn names(report: &Report) -> [&'static str; 4] {
    match report.spec.kind {
        Kind::Value => ["gain_20", "gini_normalised", "r2", "bias"],
        Kind::Class => ["gain_20", "auc", "brier", "bias"],
    }
}

fn value(report: &Report, name: &str) -> Option<f64> {
    let entries = report.metrics.entries();
    entries
        .into_iter()
        .find(|(known, _)| *known == name)
        .and_then(|(_, value)| value)
}

fn table_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (page, rows): (&Page<'_>, &[Row<'_>]),
    actions: &mut Actions,
) {
    let backtests = page.chosen.run.run.backtests.len();
    let finding = if backtests == 0 {
        "This recipe has no backtest: set how many earlier dates to try in its settings.".to_owned()
    } else {
        let first = &rows[0];
        format!("{}: {}", first.name, first.report.sentence)
    };
    let head = Head {
        title: "At other dates",
        finding: &finding,
        definition: "The same recipe trained one or more horizons earlier and applied one horizon later, where the \
                     answers are known by now; nothing after the training date was looked at. Below: customers of \
                     today's training the model had not seen.",
    };
    let names = names(page.chosen.report());
    let sheet = || {
        let mut heads = vec!["sample"];
        heads.extend(names);
        let mut sheet = Sheet::new(&heads);
        for row in rows {
            let mut cells = vec![row.name.clone()];
            cells.extend(names.map(|name| crate::chart::sheet::cell(value(row.report, name))));
            sheet.push(cells);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "backtest", &sheet).show_ui(ui, actions, |ui, _| {
        ui.set_min_height(chart_height(ui));
        Grid::new("backtest")
            .num_columns(5)
            .spacing([gap::L, 8.0])
            .show(ui, |ui| {
                ui.label(words::caption(cx, "Trained → applied"));
                for name in names {
                    let (_, definition) = words::metric_title(name);
                    let title = words::metric_head(name);
                    ui.label(words::caption(cx, title))
                        .on_hover_text(definition);
                }
                ui.end_row();
                for row in rows {
                    ui.label(words::quiet(cx, &row.name));
                    for name in names {
                        let text = words::metric(name, value(row.report, name));
                        ui.label(
                            RichText::new(text)
                                .font(font::body())
                                .color(cx.palette.text),
                        );
                    }
                    ui.end_row();
                }
            });
        ui.add_space(gap::M);
        ui.add(Label::new(words::quiet(cx, &fold_words(page))).wrap());
    });
}

/// Cross-validation: mean ± SD over the folds.
fn fold_words(page: &Page<'_>) -> String {
    let folds = &page.chosen.model().folds;
    let parts: Vec<String> = names(page.chosen.report())
        .into_iter()
        .filter_map(|name| {
            let spread = Spread::of(folds.iter().map(|fold| fold.get(name).copied()))?;
            let sd = spread
                .sd
                .map_or_else(String::new, |sd| format!(" ± {}", fixed(sd, 3)));
            let title = words::metric_head(name);
            Some(format!("{title} {}{sd}", fixed(spread.mean, 3)))
        })
        .collect();
    format!(
        "Over {} folds, mean ± SD: {}.",
        folds.len(),
        parts.join(", ")
    )
}

/// Gain at 20 % of model and naive baseline, judgement by judgement.
fn chart_ui(ui: &mut Ui, cx: &Cx<'_>, rows: &[Row<'_>], actions: &mut Actions) {
    let ahead = rows
        .iter()
        .filter(|row| {
            row.report
                .metrics
                .gain_20
                .zip(naive(row))
                .is_some_and(|(own, naive)| own > naive)
        })
        .count();
    let finding = format!(
        "The model finds more in the top 20 % than the naive baseline in {ahead} of {} judgements.",
        rows.len()
    );
    let head = Head {
        title: "Model and naive baseline",
        finding: &finding,
        definition: "Share of the value held by the best-ranked 20 % of customers, by the model and by the best \
                     naive baseline, for each row of the table beside: earlier dates first.",
    };
    let sheet = || gain_sheet(rows);
    ChartCard::new(cx.palette, head, "gain_over_time", &sheet).show_ui(ui, actions, |ui, _| {
        gain_chart_ui(ui, cx, rows, &finding);
    });
}

/// Both lines over the judgements.
fn gain_chart_ui(ui: &mut Ui, cx: &Cx<'_>, rows: &[Row<'_>], finding: &str) {
    let points = |of: &dyn Fn(&Row<'_>) -> Option<f64>| -> Vec<[f64; 2]> {
        let numbered = rows.iter().enumerate();
        numbered
            .filter_map(|(at, row)| Some([at as f64 + 1.0, of(row)?]))
            .collect()
    };
    let (own, rival) = (points(&|row| row.report.metrics.gain_20), points(&naive));
    legend_ui(
        ui,
        cx.palette,
        &[
            Key::new("model", cx.palette.accent, KeyMark::Line),
            Key::new("naive baseline", cx.palette.second, KeyMark::Dashed),
        ],
    );
    let tip = |x: f64| {
        let row = &rows[(x.round() as usize).clamp(1, rows.len()) - 1];
        let share = |share: Option<f64>| share.map_or("–".to_owned(), percent);
        crate::chart::Tip::new(row.name.clone())
            .row(
                Some(cx.palette.accent),
                "Model",
                share(row.report.metrics.gain_20),
            )
            .row(Some(cx.palette.second), "Naive baseline", share(naive(row)))
    };
    curves_ui(
        ui,
        cx.palette,
        &Curves {
            summary: finding,
            height: chart_height(ui),
            axes: Axes {
                x_title: "Row of the table",
                y_title: "Top 20 % hold",
                unit: Unit::Share,
            },
            x_unit: Unit::Count,
            x: (1.0, rows.len().max(2) as f64),
            curves: &[
                Curve {
                    dots: true,
                    ..Curve::reference(&rival, cx.palette.second)
                },
                Curve {
                    dots: true,
                    ..Curve::new(&own, cx.palette.accent)
                },
            ],
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

/// The numbers behind the chart.
fn gain_sheet(rows: &[Row<'_>]) -> Sheet {
    let mut sheet = Sheet::new(&["sample", "model", "naive"]);
    for row in rows {
        let cell = crate::chart::sheet::cell;
        sheet.push(vec![
            row.name.clone(),
            cell(row.report.metrics.gain_20),
            cell(naive(row)),
        ]);
    }
    sheet
}

/// What the naive baseline finds in the top 20 %.
fn naive(row: &Row<'_>) -> Option<f64> {
    row.report.rival()?.metrics.gain_20
}
