//! The leaderboard of every run against the naive baseline, and the verdict in words.

use std::{fmt::Write as _, sync::Arc};

use egui::{Label, RichText, Ui};
use lucide_icons::Icon;

use super::{ModelsAction, State, chosen::Chosen, words};
use crate::{
    action::{Action, Actions},
    chart::{ChartCard, Sheet},
    cx::Cx,
    format::date,
    frame::parts::{Loudness, button_ui, icon_at},
    theme::{font, gap},
    widgets::{
        card::{self, Head, icon_button_ui, info_ui},
        dropdown::dropdown_ui,
        table::{Column, Row, Table, full_height},
    },
};
use evaluation::{
    report::{Kind, Metrics},
    verdict::{Verdict, level_words},
};
use pipeline::training::{JudgedOn, Trained};

/// Rows shown before the board scrolls.
const MOST_ROWS: usize = 6;

/// One line of the board.
struct Line<'a> {
    run: &'a Arc<Trained>,
    /// Place in the run; `None` for the naive baseline.
    model: Option<usize>,
    title: String,
    metrics: &'a Metrics,
    verdict: Option<Verdict>,
}

/// The chosen run's models and its naive baselines, best first, then the best of every other run that
/// predicts the same: figures of different targets do not rank.
fn lines<'a>(cx: &Cx<'a>, chosen: &Chosen<'a>) -> Vec<Line<'a>> {
    // As verdicts are decided: classes by log-loss, values by their ranking.
    let class = chosen.report().spec.kind == Kind::Class;
    let strength = |metrics: &Metrics| {
        let score = if class {
            metrics.log_loss.map(|loss| -loss)
        } else {
            metrics.gini_normalised
        };
        score.unwrap_or(f64::NEG_INFINITY)
    };
    let mut lines = of_run(chosen.run, chosen.sample, None);
    let rivals = chosen.report().rivals.iter();
    lines.extend(rivals.map(|rival| Line {
        run: chosen.run,
        model: None,
        title: format!("Naive: {}", rival.name),
        metrics: &rival.metrics,
        verdict: None,
    }));
    lines.sort_by(|a, b| strength(b.metrics).total_cmp(&strength(a.metrics)));
    let others = cx.training.runs.iter().rev();
    for run in others.filter(|run| run.number != chosen.run.number && run.asks_as(chosen.run)) {
        lines.extend(of_run(run, chosen.sample, Some(run.run.best)));
    }
    lines
}

fn of_run(run: &Arc<Trained>, sample: JudgedOn, only: Option<usize>) -> Vec<Line<'_>> {
    let models = run.judged.iter().enumerate();
    models
        .filter(|(at, _)| only.is_none_or(|only| only == *at))
        .filter_map(|(at, judged)| {
            let report = judged.as_ref()?.on(sample);
            Some(Line {
                run,
                model: Some(at),
                title: run.run.models[at].title.clone(),
                metrics: &report.metrics,
                verdict: Some(report.verdict),
            })
        })
        .collect()
}

/// The verdict on the chosen model, large enough to be read from the back of a room.
pub(super) fn verdict_ui(ui: &mut Ui, cx: &Cx<'_>, chosen: &Chosen<'_>, actions: &mut Actions) {
    let report = chosen.report();
    let (color, icon) = words::verdict_look(cx.palette, report.verdict);
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(24.0, 24.0), egui::Sense::hover());
            icon_at(ui.painter(), rect.center(), icon, 22.0, color);
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                run_buttons_ui(ui, cx, chosen, actions);
                info_ui(
                    ui,
                    cx.palette,
                    report.verdict.title(),
                    report.verdict.definition(),
                );
                ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                    let sentence = RichText::new(&report.sentence);
                    let sentence = sentence.font(font::card_title()).color(cx.palette.text);
                    ui.add(Label::new(sentence).wrap());
                });
            });
        });
        ui.add(Label::new(words::caption(cx, &about(chosen))).wrap());
        for warning in &chosen.run.run.warnings {
            ui.add(Label::new(words::caption(cx, warning)).wrap());
        }
    });
}

/// What the verdict rests on, in one line.
fn about(chosen: &Chosen<'_>) -> String {
    let run = &chosen.run.run;
    let on = match chosen.sample {
        JudgedOn::HoldOut => "customers locked away until everything was chosen",
        JudgedOn::OutOfTime => "the time after a training on earlier data",
        JudgedOn::OutOfFold => "customers the model had not seen (cross-validation)",
    };
    let mut about = format!(
        "{} · {} · as of {} · target: {} · judged on {} {on}",
        run.recipe.title,
        chosen.model().title,
        date(run.as_of),
        words::plain(&run.target.definition),
        crate::format::integer(chosen.report().metrics.customers as u64),
    );
    // The level that counts is that of another time; beside it stands the one of this sample.
    let samples = [
        ("out of time", chosen.judged().out_of_time.first()),
        ("here", Some(chosen.report())),
    ];
    let out_of_time = chosen.sample == JudgedOn::OutOfTime;
    for (name, report) in samples.into_iter().skip(usize::from(out_of_time)) {
        if let Some(level) = report.and_then(|report| report.metrics.bias) {
            let _ = write!(about, " · {} {name}", level_words(level));
        }
    }
    about
}

fn run_buttons_ui(ui: &mut Ui, cx: &Cx<'_>, chosen: &Chosen<'_>, actions: &mut Actions) {
    let number = chosen.run.number;
    if icon_button_ui(ui, cx.palette, Icon::Trash2, "Forget this run").clicked() {
        actions.push(Action::Models(ModelsAction::Forget(number)));
    }
    if icon_button_ui(
        ui,
        cx.palette,
        Icon::Save,
        "Save the best model of this run…",
    )
    .clicked()
    {
        actions.push(Action::Models(ModelsAction::Save(number)));
    }
    let used = cx
        .training
        .used
        .as_ref()
        .is_some_and(|used| used.run == number);
    let (icon, text, next) = if used {
        (Icon::Check, "In use", None)
    } else {
        (Icon::ArrowRight, "Use", Some(number))
    };
    let button = button_ui(ui, cx.palette, Some(icon), text, Loudness::Quiet);
    let hint = "Show this run's predictions in Customers, Segments and Audiences";
    if button.on_hover_text(hint).clicked() {
        actions.push(Action::Models(ModelsAction::Use(next)));
    }
}

/// The board as a table; a click chooses run and model.
pub(super) fn board_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, chosen): (&mut State, &Chosen<'_>),
    actions: &mut Actions,
) {
    let lines = lines(cx, chosen);
    let class = chosen.report().spec.kind == Kind::Class;
    let tiers = chosen.report().tiers.is_some();
    let names = metric_names(class, tiers);
    let columns = columns(&names);
    let finding = finding(chosen, &lines);
    let head = Head {
        title: "Leaderboard",
        finding: &finding,
        definition: "Every model of the chosen run beside its naive baselines, and the best model of \
                     every other run that predicts the same. The winner of a run is chosen by cross-validation \
                     (Tweedie deviance of amounts, log-loss of chances), before the locked customers are looked at.",
    };
    let sheet = || sheet(&lines, &names);
    ChartCard::new(cx.palette, head, "leaderboard", &sheet).show_ui(ui, actions, |ui, _| {
        let table = Table {
            label: "Leaderboard",
            columns: &columns,
            rows: lines.len(),
            sort: None,
            current: None,
            sortable: false,
            height: full_height(lines.len().min(MOST_ROWS)) + 2.0,
            grabs_keys: false,
        };
        let output = table.show_ui(ui, cx.palette, &mut state.board, |row, index| {
            paint_line(cx, row, (chosen, &lines[index]), &names);
        });
        if let Some((index, _)) = output.clicked
            && let Some(model) = lines[index].model
        {
            state.run = Some(lines[index].run.number);
            (state.model, state.threshold) = (Some(model), None);
        }
    });
}

/// The cells of one line.
fn paint_line(
    cx: &Cx<'_>,
    row: &mut Row<'_>,
    (chosen, line): (&Chosen<'_>, &Line<'_>),
    names: &[&'static str],
) {
    let here = line.run.number == chosen.run.number && line.model == Some(chosen.model);
    row.mark(here);
    row.label(format!(
        "{} {}",
        line.title,
        line.verdict.map_or("", Verdict::title)
    ));
    let ink = if line.model.is_none() {
        cx.palette.muted
    } else {
        cx.palette.text
    };
    row.colored_text(0, &line.run.number.to_string(), cx.palette.muted);
    let own = line.run.number == chosen.run.number;
    let recipe = &line.run.run.recipe.title;
    let title = if own {
        line.title.clone()
    } else {
        format!("{recipe}: {}", line.title)
    };
    row.colored_text(1, &title, ink);
    if let Some(verdict) = line.verdict {
        let (color, _) = words::verdict_look(cx.palette, verdict);
        row.colored_text(2, verdict.title(), color);
    }
    let entries = line.metrics.entries();
    for (at, name) in names.iter().enumerate() {
        let value = entries.iter().find(|(known, _)| known == name);
        let text = words::metric(name, value.and_then(|(_, value)| *value));
        row.colored_number(3 + at, &text, ink);
    }
}

fn run_title(run: &Trained) -> String {
    format!("{}  {}", run.number, run.run.recipe.title)
}

fn metric_names(class: bool, tiers: bool) -> Vec<&'static str> {
    if tiers {
        vec!["accuracy", "precision_high", "gain_20", "r2", "mae", "bias"]
    } else if class {
        vec![
            "gain_20", "auc", "pr_auc", "log_loss", "brier", "accuracy", "f1",
        ]
    } else {
        vec!["gain_10", "gain_20", "gini_normalised", "r2", "mae", "bias"]
    }
}

fn columns(names: &[&'static str]) -> Vec<Column<'static>> {
    let many = names.len() > 6;
    let text = |title, hint, width, grow| Column {
        title,
        hint,
        width,
        grow,
        numeric: false,
    };
    let mut columns = vec![
        text("Run", "Number of the run", 40.0, 0.0),
        text(
            "Model",
            "Models of the run and its naive baselines",
            if many { 148.0 } else { 174.0 },
            1.6,
        ),
        text(
            "Verdict",
            "What to think of it; see the ⓘ of the verdict",
            if many { 184.0 } else { 192.0 },
            0.2,
        ),
    ];
    // Seven metrics stand side by side on a page, and so do six with longer heads.
    let width = if many { 71.0 } else { 76.0 };
    columns.extend(names.iter().map(|name| {
        let (_, hint) = words::metric_title(name);
        Column {
            title: words::metric_head(name),
            hint,
            width,
            grow: 0.3,
            numeric: true,
        }
    }));
    columns
}

fn finding(chosen: &Chosen<'_>, lines: &[Line<'_>]) -> String {
    let run = &chosen.run.run;
    let own = lines
        .iter()
        .filter(|line| line.run.number == chosen.run.number);
    let useful = own
        .clone()
        .filter(|line| line.verdict.is_some_and(Verdict::is_useful))
        .count();
    let naive = own.clone().any(|line| line.model.is_none());
    let better = match (naive, useful) {
        (false, _) => "there is no naive baseline for this target",
        (_, 0) => "none beats the strongest naive baseline beyond chance",
        (_, 1) => "one beats the strongest naive baseline",
        (_, _) => "several beat the strongest naive baseline",
    };
    let models = run.models.iter().filter(|model| !model.baseline).count();
    let models = crate::format::count(models as u64, "model", "models");
    format!(
        "{models} in this run: {better}; “{}” won cross-validation.",
        run.best().title
    )
}

fn sheet(lines: &[Line<'_>], names: &[&'static str]) -> Sheet {
    let mut heads = vec!["run", "recipe", "model", "verdict"];
    heads.extend(names);
    let mut sheet = Sheet::new(&heads);
    for line in lines {
        let mut row = vec![
            line.run.number.to_string(),
            line.run.run.recipe.name.clone(),
            line.title.clone(),
            line.verdict.map_or("", Verdict::title).to_owned(),
        ];
        let entries = line.metrics.entries();
        row.extend(names.iter().map(|name| {
            let value = entries.iter().find(|(known, _)| known == name);
            crate::chart::sheet::cell(value.and_then(|(_, value)| *value))
        }));
        sheet.push(row);
    }
    sheet
}

/// Which other run of the same target stands beside this one.
pub(super) fn compare_ui(ui: &mut Ui, cx: &Cx<'_>, (state, chosen): (&mut State, &Chosen<'_>)) {
    let mut choices: Vec<(Option<u64>, String)> = vec![(None, "nothing".to_owned())];
    let others = (cx.training.runs.iter())
        .filter(|run| run.number != chosen.run.number && run.asks_as(chosen.run));
    choices.extend(others.map(|run| (Some(run.number), run_title(run))));
    if choices.len() > 1 {
        ui.add_space(gap::S);
        let current = chosen.other.map(|(run, _)| run.number);
        if let Some(other) = dropdown_ui(ui, cx.palette, "Compare with", &choices, &current) {
            state.other = other;
        }
    }
}
