//! Who is in the clusters: one row each with name, size and what sets it apart.

use egui::{
    Align2, Id, Rect, Sense, Stroke, StrokeKind, TextBuffer, TextEdit, Ui, UiBuilder, accesskit,
    pos2,
    text::{LayoutJob, TextWrapping},
    vec2,
};

use super::{State, members, words};
use crate::{
    action::{Action, Actions},
    chart::{ChartCard, Tip, tip_ui},
    cx::Cx,
    format,
    frame::parts::{fitted_text, focus_ring},
    theme::{Palette, font, gap},
    views::segments::pick_ui,
    widgets::{card::Head, segment_mark},
};
use analysis::{
    clusters::{Cluster, ClusterSpec, Clustering},
    selection::Part,
};

const NAME: f32 = 306.0;
const FIGURES: f32 = 150.0;
const ROW: f32 = 36.0;
const HEAD: f32 = 34.0;
/// Standard deviations at which the colour is full.
const FULL: f64 = 2.0;

/// Draws the card.
pub fn profile_card_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (found, names): (&Clustering, &[String]),
    state: &mut State,
    actions: &mut Actions,
) {
    let finding = finding(found, names);
    let head = Head {
        title: "What sets the clusters apart",
        finding: &finding,
        definition: "Mean of each column over a cluster's rows, in standard deviations from everybody's mean (after \
                     the logarithm where it was taken): blue is above, orange below. Hover for the mean in the \
                     column's own unit. Names are made of what stands out; type over one to change it. Click a \
                     row's mark to select its customers.",
    };
    let sheet = || words::profile_sheet(found, names);
    ChartCard::new(cx.palette, head, "cluster_profile", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            heatmap_ui(ui, cx, (found, names), state, actions);
        },
    );
}

fn finding(found: &Clustering, names: &[String]) -> String {
    let Some((cluster, name)) = found.clusters.first().zip(names.first()) else {
        return String::new();
    };
    let share = cluster.rows as f64 / found.rows.max(1) as f64;
    let revenue: f64 = found.clusters.iter().map(|cluster| cluster.revenue).sum();
    let best = found
        .clusters
        .iter()
        .zip(names)
        .max_by(|(a, _), (b, _)| a.revenue.total_cmp(&b.revenue));
    match best.filter(|_| revenue > 0.0) {
        Some((best, best_name)) => format!(
            "The largest, “{name}”, holds {} of the customers; “{best_name}” brings {} of the revenue.",
            format::percent(share),
            format::percent(best.revenue / revenue)
        ),
        None => format!(
            "The largest, “{name}”, holds {} of the rows.",
            format::percent(share)
        ),
    }
}

fn heatmap_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (found, names): (&Clustering, &[String]),
    state: &mut State,
    actions: &mut Actions,
) {
    let State {
        names: typed,
        members,
        ..
    } = state;
    typed.resize(found.clusters.len(), String::new());
    let features = found.features.len().max(1);
    let wide = ui.available_width();
    let name = NAME.min(wide * 0.34);
    let cell = ((wide - name - FIGURES) / features as f32).max(44.0);
    let size = vec2(wide, HEAD + ROW * found.clusters.len() as f32);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let left = rect.left() + name + FIGURES;
    heads(ui, cx, found, (rect, name), cell);
    for (number, cluster) in found.clusters.iter().enumerate() {
        let top = rect.top() + HEAD + ROW * number as f32;
        let row = Rect::from_min_size(pos2(rect.left(), top), vec2(wide, ROW));
        let known = Known {
            number,
            name: &names[number],
            cluster,
        };
        mark_ui(ui, cx, (&known, row), members, actions);
        name_ui(ui, cx, (&known, row, name), &mut typed[number], actions);
        let place = (row.left() + name, row.center().y);
        figures(ui, cx, found, cluster, place);
        for feature in 0..cluster.z.len() {
            let at = pos2(left + cell * feature as f32, top);
            let rect = Rect::from_min_size(at, vec2(cell, ROW)).shrink(1.0);
            cell_ui(ui, cx, found, (&known, feature), rect);
        }
    }
}

/// Names of the columns.
fn heads(ui: &Ui, cx: &Cx<'_>, found: &Clustering, (rect, name): (Rect, f32), cell: f32) {
    let painter = ui.painter();
    let caption = font::caption_medium();
    let left = rect.left() + name + FIGURES;
    let heads = [("Customers", 70.0), ("Share", FIGURES - gap::M)];
    let unit = fitted_text(
        painter,
        "In standard deviations from average",
        &font::caption(),
        name - 40.0,
    );
    painter.text(
        pos2(rect.left() + 32.0, rect.top() + HEAD / 2.0),
        Align2::LEFT_CENTER,
        unit,
        font::caption(),
        cx.palette.muted,
    );
    for (text, right) in heads {
        let at = pos2(rect.left() + name + right, rect.top() + HEAD / 2.0);
        painter.text(
            at,
            Align2::RIGHT_CENTER,
            text,
            caption.clone(),
            cx.palette.muted,
        );
    }
    for (feature, (title, log)) in found.features.iter().enumerate() {
        let title = format::column(title);
        let title = if *log {
            format!("{title} (log)")
        } else {
            title
        };
        let text = fitted_text(painter, &title, &caption, cell - 6.0);
        let at = pos2(
            left + cell * (feature as f32 + 0.5),
            rect.top() + HEAD / 2.0,
        );
        painter.text(
            at,
            Align2::CENTER_CENTER,
            text,
            caption.clone(),
            cx.palette.muted,
        );
    }
}

/// One cluster with its place and its name.
struct Known<'a> {
    number: usize,
    name: &'a str,
    cluster: &'a Cluster,
}

/// The mark selects the cluster's customers; without orders it lists the cluster's rows.
fn mark_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    (known, row): (&Known<'_>, Rect),
    members: &mut members::State,
    actions: &mut Actions,
) {
    let number = known.number as u8;
    let with_orders = cx.shop.dataset.shape.has_orders();
    let is_it =
        |part: &Part| matches!(part, Part::Cluster { number: other, .. } if *other == number);
    let picked = if with_orders {
        cx.shop.selection.parts.iter().any(is_it)
    } else {
        members.is_ticked(number)
    };
    let mark = Rect::from_min_size(row.min, vec2(28.0, ROW)).shrink2(vec2(0.0, 4.0));
    let id = Id::unique(("cluster mark", known.number));
    let response = ui.interact(mark, id, Sense::click());
    let words = if with_orders {
        format!("Select the cluster {}", known.name)
    } else {
        format!("List the rows of the cluster {}", known.name)
    };
    response
        .widget_info(|| egui::WidgetInfo::selected(accesskit::Role::Button, true, picked, &words));
    if picked || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(mark, 4, cx.palette.hover);
    }
    focus_ring(ui.painter(), mark.shrink(2.0), 4, cx.palette, &response);
    segment_mark::paint(ui.painter(), mark.center(), 12.0, number);
    if !response.on_hover_text(words).clicked() {
        return;
    }
    if with_orders {
        let name = known.name.to_owned();
        pick_ui(ui, cx, Part::Cluster { number, name }, actions);
    } else {
        members.tick(number);
    }
}

/// The name can be typed over.
fn name_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (known, row, width): (&Known<'_>, Rect, f32),
    typed: &mut String,
    actions: &mut Actions,
) {
    let field = Rect::from_min_max(
        pos2(row.left() + 32.0, row.top() + 4.0),
        pos2(row.left() + width - gap::S, row.bottom() - 4.0),
    );
    let id = Id::unique(("cluster name", known.number));
    let editing = ui.memory(|memory| memory.has_focus(id));
    if !editing {
        known.name.clone_into(typed);
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(field));
    let ink = cx.palette.text;
    let width = field.width() - gap::S;
    // At rest a long name ends in “…”; while it is typed all of it is there.
    let mut layouter = |ui: &Ui, text: &dyn TextBuffer, _: f32| {
        let text = text.as_str().to_owned();
        let mut job = LayoutJob::simple_singleline(text, font::body_medium(), ink);
        if !editing {
            job.wrap = TextWrapping::truncate_at_width(width);
        }
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    };
    let response = child.add(
        TextEdit::singleline(typed)
            .id(id)
            .frame(egui::Frame::NONE)
            .layouter(&mut layouter)
            .align(Align2::LEFT_CENTER)
            .min_size(field.size())
            .desired_width(field.width()),
    );
    response.widget_info(|| {
        let label = format!("Name of cluster {}", known.number + 1);
        egui::WidgetInfo::labeled(accesskit::Role::TextInput, true, label)
    });
    let response = response.on_hover_text(known.name);
    if response.lost_focus() && typed.trim() != known.name {
        rename(cx, known.number, typed.trim(), actions);
    }
}

fn rename(cx: &Cx<'_>, number: usize, name: &str, actions: &mut Actions) {
    let mut spec: ClusterSpec = cx.project.clusters.clone();
    if spec.names.len() <= number {
        spec.names.resize(number + 1, String::new());
    }
    name.clone_into(&mut spec.names[number]);
    actions.push(Action::SetClusters(spec));
}

fn figures(ui: &Ui, cx: &Cx<'_>, found: &Clustering, cluster: &Cluster, (left, y): (f32, f32)) {
    let share = cluster.rows as f64 / found.rows.max(1) as f64;
    let texts = [
        (format::integer(cluster.rows), 70.0),
        (format::percent(share), FIGURES - gap::M),
    ];
    for (text, right) in texts {
        let at = pos2(left + right, y);
        ui.painter().text(
            at,
            Align2::RIGHT_CENTER,
            text,
            font::body(),
            cx.palette.text,
        );
    }
}

fn cell_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    found: &Clustering,
    (known, feature): (&Known<'_>, usize),
    rect: Rect,
) {
    let z = known.cluster.z[feature];
    let id = Id::unique(("cluster cell", known.number, feature));
    let response = ui.interact(rect, id, Sense::hover());
    let color = cx.palette.diverging((z / FULL) as f32);
    ui.painter().rect_filled(rect, 4, color);
    let ink = Palette::text_on(color);
    let text = format!("{z:+.2}").replace('-', "−");
    let font_id = font::caption_medium();
    ui.painter()
        .text(rect.center(), Align2::CENTER_CENTER, text, font_id, ink);
    let title = format::column(&found.features[feature].0);
    let tip = Tip::new(known.name)
        .row(
            None,
            format!("Mean {title}"),
            format::number(known.cluster.mean[feature]),
        )
        .row(
            None,
            "From everybody's mean",
            format!("{z:+.2} standard deviations"),
        );
    response.widget_info(|| egui::WidgetInfo::labeled(accesskit::Role::Cell, true, tip.sentence()));
    if response.hovered() {
        let stroke = Stroke::new(2.0, cx.palette.text);
        ui.painter()
            .rect_stroke(rect, 4, stroke, StrokeKind::Inside);
        tip_ui(ui, cx.palette, response.id, None, &tip);
    }
}
