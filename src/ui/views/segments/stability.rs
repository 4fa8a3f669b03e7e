//! How much the segments depend on each cut point: one curve per cut, in the card and in words.

use std::sync::Arc;

use egui::{Painter, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use super::{
    cuts::limits::value_text,
    model::{Model, SCORE_NAMES},
};
use crate::{
    action::Actions,
    chart::{ChartCard, Sheet, sheet::cell, spread},
    cx::Cx,
    format::percent,
    theme::{Palette, font, gap, segment_color},
    widgets::{card::Head, grid::row_ui},
};
use analysis::{
    cut_points::Measure,
    stability::{CutStability, SHIFTS, Stability},
};

const CHART: f32 = 120.0;
const LINE: f32 = 20.0;
/// Colours of the four cuts of a measure, by segment style; the number at the line's end says it too.
const STYLES: [u8; 4] = [3, 2, 1, 0];

/// "Moving one cut point by 1 % changes the segment of at most 0.6 % of customers, by 5 % of at most
/// 3.1 % (monetary score 4)."
#[must_use]
pub fn finding(stability: &Stability) -> String {
    let (Some((_, one)), Some((cut, five))) =
        (stability.most_sensitive(1), stability.most_sensitive(5))
    else {
        return "There is no cut point above zero to move.".to_owned();
    };
    if five == 0.0 {
        return "Moving any one cut point by 5 % changes nobody's segment.".to_owned();
    }
    format!(
        "Moving one cut point by 1 % changes the segment of at most {} of customers, by 5 % of at most \
         {} ({} score {}).",
        percent(one),
        percent(five),
        SCORE_NAMES[cut.measure.index()].to_lowercase(),
        cut.cut + 2
    )
}

/// Every curve, one row per cut and shift.
#[must_use]
pub fn sheet(stability: &Stability) -> Sheet {
    let columns = ["score_of", "score", "cut_point", "moved_by", "customers"];
    let mut sheet = Sheet::new(&columns);
    for cut in &stability.cuts {
        for (shift, customers) in SHIFTS.iter().zip(cut.changed.iter().flatten()) {
            sheet.push(vec![
                SCORE_NAMES[cut.measure.index()].to_owned(),
                (cut.cut + 2).to_string(),
                cell(Some(cut.at)),
                cell(Some(*shift)),
                customers.to_string(),
            ]);
        }
    }
    sheet
}

/// Draws the card; while something is dragged it shows the last curves, dimmed.
pub fn card_ui(ui: &mut Ui, cx: &Cx<'_>, model: &Model, actions: &mut Actions) {
    let stability: Option<&Arc<Stability>> = model.stability.as_ref();
    let words = stability.map_or_else(
        || "Being worked out…".to_owned(),
        |stability| finding(stability),
    );
    let head = Head {
        title: "Stability",
        finding: &words,
        definition: "The share of customers who change segment when one cut point moves by up to 20 % and \
                     everything else stays. A flat curve means that the segments do not depend on where \
                     exactly the cut lies. Borders between whole numbers lie half-way (2 orders or more \
                     is 1.5), and a cut point stops at its neighbours. ±1 % and ±5 %: the larger of both \
                     directions.",
    };
    let make = || stability.map_or_else(|| sheet(&Stability::default()), |known| sheet(known));
    ChartCard::new(cx.palette, head, "stability", &make).show_ui(ui, actions, |ui, _| {
        ui.set_min_height(ui.available_height());
        let Some(stability) = stability else { return };
        if cx.shop.tuning.stability.is_none() {
            ui.multiply_opacity(0.55);
        }
        let height = CHART + 6.0 * LINE + gap::S;
        row_ui(ui, &[1.0; 3], height, |ui, kind| {
            measure_ui(ui, cx, stability, Measure::ALL[kind]);
        });
    });
}

fn measure_ui(ui: &mut Ui, cx: &Cx<'_>, stability: &Stability, measure: Measure) {
    let cuts: Vec<&CutStability> = stability
        .cuts
        .iter()
        .filter(|cut| cut.measure == measure)
        .collect();
    let all = stability.customers.max(1) as f64;
    let size = vec2(ui.available_width(), CHART);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    // One scale for all three, so that the charts can be compared.
    let most = stability
        .cuts
        .iter()
        .flat_map(|cut| cut.changed.iter().flatten());
    let most = most.copied().max().unwrap_or(0).max(1) as f64;
    chart(
        ui.painter(),
        cx.palette,
        rect,
        (measure, &cuts),
        (most, all),
    );
    ui.spacing_mut().item_spacing.y = 0.0;
    line_ui(
        ui,
        cx,
        None,
        ["Score at", "±1 %", "±5 %"].map(str::to_owned),
    );
    for cut in cuts.iter().rev() {
        let share = |percents: usize| {
            let worst = cut.worst(percents);
            worst.map_or_else(|| "–".to_owned(), |worst| percent(worst as f64 / all))
        };
        let at = format!("{} at {}", cut.cut + 2, value_text(cut.at));
        line_ui(ui, cx, Some(STYLES[cut.cut]), [at, share(1), share(5)]);
    }
}

/// A line of the little table below a chart: the curve's colour, its cut, and two shares.
fn line_ui(ui: &mut Ui, cx: &Cx<'_>, style: Option<u8>, [at, one, five]: [String; 3]) {
    let size = vec2(ui.available_width(), LINE);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let (painter, palette) = (ui.painter(), cx.palette);
    let middle = rect.center().y;
    let color = if style.is_some() {
        palette.text
    } else {
        palette.muted
    };
    if let Some(style) = style {
        let stroke = Stroke::new(2.5, segment_color(style));
        painter.hline(rect.left()..=rect.left() + 12.0, middle, stroke);
        response.widget_info(|| {
            let label = format!("Score {at}: moved by 1 % {one}, by 5 % {five} change segment");
            egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, label)
        });
    }
    let text = |x: f32, align: egui::Align2, text: &str| {
        painter.text(pos2(x, middle), align, text, font::caption(), color);
    };
    text(rect.left() + 18.0, egui::Align2::LEFT_CENTER, &at);
    text(rect.right() - 60.0, egui::Align2::RIGHT_CENTER, &one);
    text(rect.right() - 8.0, egui::Align2::RIGHT_CENTER, &five);
}

#[allow(clippy::too_many_lines)] // one drawing, from the title to the curves
fn chart(
    painter: &Painter,
    palette: &Palette,
    rect: Rect,
    (measure, cuts): (Measure, &[&CutStability]),
    (most, all): (f64, f64),
) {
    let area = Rect::from_min_max(rect.min + vec2(2.0, 20.0), rect.max - vec2(16.0, 18.0));
    let name = SCORE_NAMES[measure.index()];
    painter.text(
        rect.min,
        egui::Align2::LEFT_TOP,
        name,
        font::body_medium(),
        palette.text,
    );
    let top = percent(most / all);
    painter.text(
        pos2(area.right(), rect.top() + 2.0),
        egui::Align2::RIGHT_TOP,
        format!("up to {top}"),
        font::caption(),
        palette.muted,
    );
    painter.hline(
        area.x_range(),
        area.bottom(),
        Stroke::new(1.0, palette.hairline),
    );
    let grid = Stroke::new(1.0, palette.hairline);
    painter.vline(area.center().x, area.y_range(), grid);
    for (place, text) in [(0.0, "−20 %"), (0.5, "0"), (1.0, "+20 %")] {
        let x = area.left() + area.width() * place;
        let align = match text {
            "0" => egui::Align2::CENTER_TOP,
            "−20 %" => egui::Align2::LEFT_TOP,
            _ => egui::Align2::RIGHT_TOP,
        };
        painter.text(
            pos2(x, area.bottom() + 3.0),
            align,
            text,
            font::caption(),
            palette.muted,
        );
    }
    let mut ends: Vec<(f32, usize)> = Vec::new();
    for cut in cuts {
        let Some(changed) = &cut.changed else {
            continue;
        };
        let points: Vec<Pos2> = changed
            .iter()
            .enumerate()
            .map(|(step, &customers)| {
                let x = area.left() + area.width() * step as f32 / (SHIFTS.len() - 1) as f32;
                pos2(
                    x,
                    area.bottom() - area.height() * (customers as f64 / most) as f32,
                )
            })
            .collect();
        let color = segment_color(STYLES[cut.cut]);
        ends.extend(points.last().map(|end| (end.y, cut.cut + 2)));
        painter.add(Shape::line(points, Stroke::new(1.75, color)));
    }
    ends.sort_by(|a, b| b.0.total_cmp(&a.0));
    let middles: Vec<f32> = ends.iter().map(|(y, _)| *y).collect();
    let places = spread(&middles, 13.0, (area.top(), area.bottom()));
    for (y, (_, score)) in places.into_iter().zip(ends) {
        painter.text(
            pos2(area.right() + 4.0, y),
            egui::Align2::LEFT_CENTER,
            score,
            font::caption(),
            palette.muted,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_finding_names_the_most_sensitive_cut() {
        let curve = |at: usize, peak: u64| {
            let mut changed = vec![0; 41];
            for (step, customers) in changed.iter_mut().enumerate() {
                *customers = peak * (step.abs_diff(20) as u64);
            }
            CutStability {
                measure: Measure::Monetary,
                cut: at,
                at: 10.0,
                changed: Some(changed),
            }
        };
        let stability = Stability {
            customers: 1_000,
            cuts: vec![curve(0, 1), curve(2, 6)],
        };
        assert_eq!(
            finding(&stability),
            "Moving one cut point by 1 % changes the segment of at most 0.6 % of customers, by 5 % of at \
             most 3.0 % (monetary score 4)."
        );
        assert_eq!(sheet(&stability).tsv().lines().count(), 83);
        assert_eq!(
            finding(&Stability::default()),
            "There is no cut point above zero to move."
        );
    }
}
