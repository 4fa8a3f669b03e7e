//! The charts of the Compare panel: retention, segments, and where the revenue comes from.

use egui::{Ui, vec2};

use super::FrameCx;
use crate::{
    action::Actions,
    chart::{
        Axes, ChartCard, Key, KeyMark, Line, Lines, Sheet, Tip, Unit, legend_ui, lines_ui,
        sheet::cell,
    },
    format,
    frame::parts::fitted_text,
    theme::{Palette, font, gap},
    widgets::{card::Head, grid},
};
use analysis::sides::{ColumnSides, MONTHS, Side, Sides};
use pipeline::snapshot::Shop;

const CHART: f32 = 210.0;

/// The colours of both groups, with their names as far as they fit.
fn groups_ui(ui: &mut Ui, palette: &Palette, names: &[String; 2]) {
    let short = names.each_ref().map(|name| {
        let mut letters: String = name.chars().take(28).collect();
        if letters.len() < name.len() {
            letters.push('…');
        }
        letters
    });
    let keys = [
        Key::new(&short[0], palette.accent, KeyMark::Swatch),
        Key::new(&short[1], palette.second, KeyMark::Swatch),
    ];
    legend_ui(ui, palette, &keys);
}

pub(super) fn retention_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (found, names): (&Sides, &[String; 2]),
    actions: &mut Actions,
) {
    let finding = format!(
        "Ordered again three months after the first order: {} against {}.",
        share(found.first.retention[2]),
        share(found.second.retention[2])
    );
    let head = Head {
        title: "Retention",
        finding: &finding,
        definition: "Share of the customers who ordered in the k-th calendar month after the month of their first order, \
                     among those whose k-th month had ended by the as-of date.",
    };
    let sheet = || {
        let mut sheet = Sheet::new(&["months", &names[0], &names[1]]);
        for month in 0..MONTHS {
            let sides = [&found.first, &found.second].map(|side| cell(Some(side.retention[month])));
            let [first, second] = sides;
            sheet.push(vec![(month + 1).to_string(), first, second]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, "compare_retention", &sheet).show_ui(ui, actions, |ui, _| {
        groups_ui(ui, cx.palette, names);
        curves_ui(ui, cx, (found, names), &finding);
    });
}

fn share(value: f64) -> String {
    if value.is_finite() {
        format::percent(value)
    } else {
        "–".to_owned()
    }
}

/// Both retention curves, the first group's on top.
fn curves_ui(ui: &mut Ui, cx: &FrameCx<'_>, (found, names): (&Sides, &[String; 2]), finding: &str) {
    let colors = [cx.palette.accent, cx.palette.second];
    let values = [&found.first, &found.second].map(|side| {
        side.retention
            .map(|value| value.is_finite().then_some(value))
    });
    let labels: Vec<String> = (1..=MONTHS).map(|month| month.to_string()).collect();
    let lines: Vec<Line<'_>> = [1, 0]
        .map(|at| Line {
            name: &names[at],
            color: colors[at],
            width: 2.0,
            values: &values[at],
            provisional_from: usize::MAX,
            labelled: false,
        })
        .to_vec();
    let tip = |step: usize, _: usize| {
        let mut tip = Tip::new(format::count(
            step as u64 + 1,
            "month later",
            "months later",
        ));
        let both = [&found.first, &found.second].map(|side| share(side.retention[step]));
        tip.lead = format!("{} against {}", both[0], both[1]);
        tip
    };
    let bottom = ui.cursor().top() + CHART;
    let chart = Lines {
        summary: finding,
        height: grid::height_to(ui, bottom, 120.0),
        axes: Axes {
            x_title: "Months since the first order",
            y_title: "Share who ordered",
            unit: Unit::Share,
        },
        labels: &labels,
        label_every: 0,
        first: 0,
        lines: &lines,
        names_room: false,
        marked: None,
        tip: &tip,
    };
    lines_ui(ui, cx.palette, &chart);
}

pub(super) fn segments_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (shop, found, names): (&Shop, &Sides, &[String; 2]),
    actions: &mut Actions,
) {
    let total = |side: &Side| side.segments.iter().sum::<u64>().max(1) as f64;
    let (a, b) = (total(&found.first), total(&found.second));
    let rows: Vec<(String, f64, f64)> = shop
        .segments
        .stats
        .iter()
        .zip(found.first.segments.iter().zip(&found.second.segments))
        .map(|(stats, (first, second))| (stats.name.clone(), *first as f64 / a, *second as f64 / b))
        .collect();
    let finding = finding(&rows, "customers");
    let head = Head {
        title: "Segments",
        finding: &finding,
        definition: "Share of each group's customers in each segment.",
    };
    pairs_ui(ui, cx, (head, "compare_segments"), (&rows, names), actions);
}

pub(super) fn column_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (column, names): (&ColumnSides, &[String; 2]),
    actions: &mut Actions,
) {
    let rows: Vec<(String, f64, f64)> = column
        .values
        .iter()
        .map(|(value, a, b)| (format::value(value).to_owned(), *a, *b))
        .collect();
    let title = format!(
        "Where revenue comes from: {}",
        format::column(&column.name).to_lowercase()
    );
    let finding = finding(&rows, "revenue");
    let head = Head {
        title: &title,
        finding: &finding,
        definition: "Share of each group's net revenue before the as-of date, for the values that matter most to either.",
    };
    let name = format!("compare_{}", column.name);
    pairs_ui(ui, cx, (head, &name), (&rows, names), actions);
}

/// The row that differs most.
pub(super) fn finding(rows: &[(String, f64, f64)], of: &str) -> String {
    let apart = |row: &&(String, f64, f64)| (row.1 - row.2).abs();
    let finite = rows.iter().filter(|row| apart(row).is_finite());
    let widest = finite.max_by(|one, other| apart(one).total_cmp(&apart(other)));
    widest.map_or_else(String::new, |(name, a, b)| {
        format!(
            "Furthest apart: {name} with {} against {} of {of}.",
            format::percent(*a),
            format::percent(*b)
        )
    })
}

/// Two bars per row, one group each.
fn pairs_ui(
    ui: &mut Ui,
    cx: &FrameCx<'_>,
    (head, name): (Head<'_>, &str),
    (rows, names): (&[(String, f64, f64)], &[String; 2]),
    actions: &mut Actions,
) {
    let sheet = || {
        let mut sheet = Sheet::new(&["value", &names[0], &names[1]]);
        for (value, a, b) in rows {
            sheet.push(vec![value.clone(), cell(Some(*a)), cell(Some(*b))]);
        }
        sheet
    };
    ChartCard::new(cx.palette, head, name, &sheet).show_ui(ui, actions, |ui, _| {
        groups_ui(ui, cx.palette, names);
        let most = rows
            .iter()
            .flat_map(|row| [row.1, row.2])
            .filter(|share| share.is_finite());
        let most = most.fold(0.0, f64::max).max(f64::MIN_POSITIVE);
        for row in rows {
            pair_ui(ui, cx.palette, row, most);
        }
    });
}

fn pair_ui(ui: &mut Ui, palette: &Palette, (name, a, b): &(String, f64, f64), most: f64) {
    const NAMES: f32 = 130.0;
    const FIGURE: f32 = 56.0;
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), 34.0), egui::Sense::hover());
    let says = format!(
        "{name}: {} against {}",
        format::percent(*a),
        format::percent(*b)
    );
    response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, &says));
    let painter = ui.painter();
    let text = fitted_text(painter, name, &font::caption(), NAMES - gap::S);
    let at = egui::pos2(rect.left(), rect.center().y);
    painter.text(
        at,
        egui::Align2::LEFT_CENTER,
        text,
        font::caption(),
        palette.text,
    );
    let room = (rect.width() - NAMES - FIGURE).max(10.0);
    for (share, color, top) in [(*a, palette.accent, 3.0), (*b, palette.second, 18.0)] {
        if !share.is_finite() {
            continue;
        }
        let width = (share / most).clamp(0.0, 1.0) as f32 * room;
        let corner = rect.min + vec2(NAMES, top);
        painter.rect_filled(
            egui::Rect::from_min_size(corner, vec2(width, 12.0)),
            2,
            color,
        );
        painter.text(
            corner + vec2(width + 6.0, 6.0),
            egui::Align2::LEFT_CENTER,
            format::percent(share),
            font::caption(),
            palette.muted,
        );
    }
}
