//! Groups that the data itself suggests: what is grouped, whether there is anything to group, how many
//! groups, and who is in them.

mod keep;
mod map;
mod members;
mod profile;
mod settings;
mod words;

use egui::{Label, RichText, Sense, Stroke, Ui, pos2, vec2};
use lucide_icons::Icon;

use crate::{
    action::{Action, Actions},
    chart::{Axes, ChartCard, Line, Lines, Tip, Unit, lines_ui},
    cx::Cx,
    format,
    theme::font,
    widgets::{
        card::{self, Head},
        empty::empty_ui,
        grid::{row_ui, stacks},
    },
};
use analysis::clusters::{Clustering, Verdict};
use pipeline::grouping::GroupingState;

const CHART: f32 = 190.0;
/// The strip of silhouettes: its card says more above it.
const STRIP: f32 = 118.0;

/// What the section remembers between frames.
#[derive(Debug, Default)]
pub struct State {
    /// Names being typed, one per cluster.
    names: Vec<String>,
    members: members::State,
    /// Clusters were asked for once without being asked: the first look.
    asked: bool,
}

/// Draws the section.
pub fn clusters_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, actions: &mut Actions) {
    let idle = matches!(cx.grouping.state, GroupingState::Idle);
    if idle && cx.grouping.found.is_none() && !state.asked {
        state.asked = true;
        actions.push(Action::FindClusters);
    }
    settings::settings_ui(ui, cx, actions);
    if let GroupingState::Failed(problem) = &cx.grouping.state {
        let sentence = format::sentences(&[&problem.title, &problem.detail, &problem.advice]);
        card::frame(cx.palette).show(ui, |ui| {
            ui.set_width(ui.available_width());
            empty_ui(ui, cx.palette, Icon::TriangleAlert, &sentence, None);
        });
        return;
    }
    let Some(found) = &cx.grouping.found else {
        card::frame(cx.palette).show(ui, |ui| {
            ui.set_width(ui.available_width());
            let words = "Clusters group similar customers by the columns chosen above.";
            let button = idle.then_some("Find clusters");
            if empty_ui(ui, cx.palette, Icon::Boxes, words, button) {
                actions.push(Action::FindClusters);
            }
        });
        return;
    };
    if !cx.grouping.answers(&cx.project.clusters) {
        ui.multiply_opacity(0.55);
    }
    let stacked = stacks(ui);
    let weights: &[f32] = if stacked { &[1.0] } else { &[0.4, 0.3, 0.3] };
    if stacked {
        row_ui(ui, weights, 0.0, |ui, _| {
            verdict_card_ui(ui, cx, found, actions);
        });
        row_ui(ui, &[1.0, 1.0], 0.0, |ui, column| {
            scan_card_ui(ui, cx, found, column, actions);
        });
    } else {
        row_ui(ui, weights, 0.0, |ui, column| match column {
            0 => verdict_card_ui(ui, cx, found, actions),
            column => scan_card_ui(ui, cx, found, column - 1, actions),
        });
    }
    let names = words::names(found, &cx.project.clusters);
    profile::profile_card_ui(ui, cx, (found, &names), state, actions);
    map_card_ui(ui, cx, found, &names, actions);
    if cx.shop.dataset.shape.has_orders() {
        keep::keep_ui(ui, cx, found, actions);
    } else {
        members::members_card_ui(ui, cx, (found, &names), &mut state.members, actions);
    }
}

fn verdict_card_ui(ui: &mut Ui, cx: &Cx<'_>, found: &Clustering, actions: &mut Actions) {
    let finding = words::verdict(found);
    let head = Head {
        title: match found.verdict {
            Verdict::NoStructure => "No structure",
            Verdict::Structure => "There is structure",
        },
        finding: &finding,
        definition: "The silhouette compares how near each row is to its own cluster and to the next one: 1 is \
                     perfectly apart, 0 is no difference. K-means cuts any cloud into pieces, so the same is \
                     done with random rows of one cloud that is as long and as wide (a Gaussian one of the same \
                     variances and correlations, and one that fills the box around the rows): only a silhouette \
                     above the 95th percentile of both speaks for real groups.\n\nStability: the run is \
                     repeated on samples drawn with replacement; the adjusted Rand index says how far the \
                     groups agree (1 = the same groups, 0 = as by chance).",
    };
    let sheet = || words::null_sheet(found);
    ChartCard::new(cx.palette, head, "cluster_structure", &sheet).show_ui(ui, actions, |ui, _| {
        strip_ui(ui, cx, found);
    });
}

/// Silhouettes of the runs on noise as dots on a line, this run's as a mark.
fn strip_ui(ui: &mut Ui, cx: &Cx<'_>, found: &Clustering) {
    let palette = cx.palette;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), STRIP), Sense::hover());
    let summary = words::verdict(found);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, summary.clone())
    });
    let values = found
        .null
        .iter()
        .copied()
        .chain([found.silhouette, found.null_p95]);
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let pad = ((high - low) * 0.15).max(0.01);
    let (low, high) = (low - pad, high + pad);
    let (left, right) = (rect.left() + 12.0, rect.right() - 12.0);
    let x = |value: f64| left + (right - left) * ((value - low) / (high - low)) as f32;
    let y = rect.top() + 72.0;
    let painter = ui.painter();
    let line = Stroke::new(1.0, palette.hairline);
    painter.hline(left..=right, y, line);
    for value in &found.null {
        painter.circle_filled(pos2(x(*value), y), 4.0, palette.faint.gamma_multiply(0.6));
    }
    let border = x(found.null_p95);
    painter.vline(border, y - 20.0..=y + 20.0, Stroke::new(1.5, palette.warn));
    let caption = font::caption();
    let below = |x: f32, dy: f32, text: String, color| {
        let galley = painter.layout_no_wrap(text, caption.clone(), color);
        let half = galley.size().x / 2.0;
        let at = x.clamp(
            rect.left() + half,
            (rect.right() - half).max(rect.left() + half),
        );
        painter.galley(pos2(at - half, y + dy), galley, color);
    };
    let noise = format!(
        "{} runs on one cloud of this shape; 95 % are below {}",
        found.null.len(),
        format::fixed(found.null_p95, 3)
    );
    below(border, 26.0, noise, palette.muted);
    let at = x(found.silhouette);
    let accent = palette.accent;
    painter.circle(pos2(at, y), 7.0, palette.card, Stroke::new(2.5, accent));
    let own = format!("these clusters: {}", format::fixed(found.silhouette, 3));
    below(at, -36.0, own, palette.text);
    let how = RichText::new(words::how(found)).font(caption);
    ui.add(Label::new(how.color(palette.muted)).wrap());
}

/// Elbow (0) or silhouette (1) by number of clusters.
fn scan_card_ui(ui: &mut Ui, cx: &Cx<'_>, found: &Clustering, which: usize, actions: &mut Actions) {
    let elbow = which == 0;
    let finding = if elbow {
        words::elbow(found)
    } else {
        words::best_k(found)
    };
    let head = Head {
        title: if elbow {
            "How many: elbow"
        } else {
            "How many: silhouette"
        },
        finding: &finding,
        definition: if elbow {
            "Inertia is the sum of squared distances of the rows to their cluster's centre. It always falls with \
             more clusters; where the fall levels off, more clusters add little."
        } else {
            "Mean silhouette by number of clusters, on the same rows. The highest is the number of clusters that \
             are best apart."
        },
    };
    let labels: Vec<String> = found.scan.iter().map(|at| at.k.to_string()).collect();
    let values: Vec<Option<f64>> = found
        .scan
        .iter()
        .map(|at| Some(if elbow { at.inertia } else { at.silhouette }))
        .collect();
    let name = if elbow {
        "cluster_elbow"
    } else {
        "cluster_silhouette"
    };
    let sheet = || words::scan_sheet(found);
    ChartCard::new(cx.palette, head, name, &sheet).show_ui(ui, actions, |ui, _| {
        scan_ui(ui, cx, found, (elbow, &finding), (&labels, &values));
    });
}

/// The line itself.
fn scan_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    found: &Clustering,
    (elbow, finding): (bool, &str),
    (labels, values): (&[String], &[Option<f64>]),
) {
    let line = Line {
        name: "",
        color: cx.palette.accent,
        width: 2.0,
        values,
        provisional_from: labels.len(),
        labelled: false,
    };
    let tip = |step: usize, _: usize| {
        let at = &found.scan[step];
        Tip::new(format::count(at.k as u64, "cluster", "clusters"))
            .row(None, "Inertia", format::fixed(at.inertia, 1))
            .row(None, "Silhouette", format::fixed(at.silhouette, 3))
    };
    let chart = Lines {
        summary: finding,
        height: CHART,
        axes: Axes {
            x_title: "Number of clusters",
            y_title: if elbow { "Inertia" } else { "Silhouette" },
            unit: Unit::Number,
        },
        labels,
        label_every: 1,
        first: 0,
        lines: &[line],
        names_room: false,
        marked: found.scan.iter().position(|at| at.k == found.spec.k),
        tip: &tip,
    };
    lines_ui(ui, cx.palette, &chart);
}

/// Rows and centres in the two directions that differ most.
fn map_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    found: &Clustering,
    names: &[String],
    actions: &mut Actions,
) {
    let finding = words::map(found);
    let head = Head {
        title: "Where the clusters lie",
        finding: &finding,
        definition: "The two directions in which rows differ most (principal components of the columns in standard \
                     deviations): what each is made of stands on its axis, and how much of all differences it \
                     holds. Small marks are a sample of rows, large ones the centres. Clusters that overlap here \
                     may be apart in the directions that are not shown.",
    };
    let sheet = || words::map_sheet(found, names);
    ChartCard::new(cx.palette, head, "cluster_map", &sheet).show_ui(ui, actions, |ui, _| {
        map::map_ui(ui, cx.palette, found, names, &finding);
    });
}

/// A muted line of text.
fn quiet(text: &str, cx: &Cx<'_>) -> RichText {
    RichText::new(text)
        .font(font::body())
        .color(cx.palette.muted)
}
