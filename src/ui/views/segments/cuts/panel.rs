//! One quantity spread over the customers, with its cut lines and what each score holds.

use egui::{Id, Painter, Rangef, Rect, Sense, Stroke, Ui, accesskit::Role, pos2, vec2};

use super::{
    axis::Axis,
    handle::{self, Cut, ROW, ROWS, Typing, cut_ui},
    limits::{self, Limit, limits_ui, value_text},
};
use crate::{
    format::{count, percent},
    theme::{Palette, font, gap},
    views::segments::model::{ScoreBin, short_count},
    widgets::elided::elided,
};
use analysis::{cut_points::Measure, distribution::Distribution};

/// Room for the title.
const HEAD: f32 = 24.0;
/// Room for the scores below the bars, and for the axis.
const SCORES: f32 = 20.0;
const TICKS: f32 = 18.0;

/// What a panel shows.
pub struct Panel<'a> {
    pub title: &'a str,
    /// "days since last order"
    pub unit: &'a str,
    pub spread: &'a Distribution,
    pub customers: u64,
    /// `None` for a quantity without scores.
    pub scored: Option<Scored<'a>>,
    /// Numbers that rules compare a quantity without scores with.
    pub limits: &'a [Limit],
}

/// Cut points of a panel.
#[derive(Clone, Copy)]
pub struct Scored<'a> {
    pub measure: Measure,
    pub cuts: &'a [f64; 4],
    /// Customers per score, as worked out last.
    pub bins: &'a [ScoreBin; 5],
}

impl Scored<'_> {
    /// Score that cut `cut` opens: 2…5.
    fn room(&self, cut: usize) -> (f64, f64) {
        let least = if self.measure.descending() {
            0.0
        } else {
            f64::NEG_INFINITY
        };
        let before = cut.checked_sub(1).map(|before| self.cuts[before]);
        let after = self.cuts.get(cut + 1).copied();
        let (below, above) = if self.measure.descending() {
            (after, before)
        } else {
            (before, after)
        };
        (below.unwrap_or(least), above.unwrap_or(f64::INFINITY))
    }
}

/// "Recency: score 3 or better up to 57 days since last order".
#[must_use]
pub fn cut_name(title: &str, unit: &str, measure: Measure, cut: usize, value: f64) -> String {
    let score = cut + 2;
    let better = if score == 5 { "" } else { " or better" };
    let side = if measure.descending() {
        "up to"
    } else {
        "from"
    };
    format!(
        "{title}: score {score}{better} {side} {} {unit}",
        value_text(value)
    )
}

/// Draws a panel into `rect`; returns the cut, or the limit, that was moved and its new value.
pub fn panel_ui(
    ui: &mut Ui,
    palette: &Palette,
    rect: Rect,
    panel: &Panel<'_>,
    typing: &mut Option<Typing>,
) -> Option<(usize, f64)> {
    head(ui.painter(), palette, rect, panel);
    let columns = Rangef::new(rect.left() + 6.0, rect.right() - 6.0);
    let axis = Axis::new(panel.spread, columns)?;
    let handles = if panel.scored.is_some() {
        ROW * ROWS as f32
    } else {
        gap::S.max(limits::room(panel.limits.len()))
    };
    let scores = if panel.scored.is_some() { SCORES } else { 0.0 };
    let bars = Rect::from_x_y_ranges(
        columns,
        rect.top() + HEAD + handles..=rect.bottom() - TICKS - scores,
    );
    bars_ui(ui, palette, (&axis, bars), panel);
    ticks(ui.painter(), palette, &axis, (bars, rect.bottom() - TICKS));
    let Some(scored) = panel.scored else {
        let lines = (columns, rect.top() + HEAD, bars.bottom());
        return limits_ui(ui, (palette, &axis), lines, panel.limits, typing);
    };
    let strip = Rect::from_x_y_ranges(columns, bars.bottom()..=bars.bottom() + SCORES);
    score_strip(ui.painter(), palette, (&axis, strip), &scored);
    cuts_ui(
        ui,
        (palette, &axis),
        (rect, strip.bottom()),
        (panel, scored),
        typing,
    )
}

/// The cut lines of a scored quantity.
fn cuts_ui(
    ui: &mut Ui,
    (palette, axis): (&Palette, &Axis),
    (rect, bottom): (Rect, f32),
    (panel, scored): (&Panel<'_>, Scored<'_>),
    typing: &mut Option<Typing>,
) -> Option<(usize, f64)> {
    let texts: Vec<String> = scored.cuts.iter().map(|cut| value_text(*cut)).collect();
    let sizes: Vec<(f32, f32)> = texts
        .iter()
        .zip(scored.cuts)
        .map(|(text, &cut)| {
            let width = handle::width(ui, text);
            let half = width / 2.0;
            let center = axis.x(cut).max(rect.left() + half).min(rect.right() - half);
            (center, width)
        })
        .collect();
    let rows = handle::rows(&sizes);
    let mut moved = None;
    for cut in 0..4 {
        let (center, width) = sizes[cut];
        let top = rect.top() + HEAD + (ROWS - 1 - rows[cut]) as f32 * ROW;
        let tag = Rect::from_min_size(pos2(center - width / 2.0, top), vec2(width, ROW - 2.0));
        let value = scored.cuts[cut];
        let cut_line = Cut {
            id: Id::unique(("cut point", scored.measure, cut)),
            value,
            whole: scored.measure.whole(),
            room: scored.room(cut),
            text: &texts[cut],
            name: &cut_name(panel.title, panel.unit, scored.measure, cut, value),
        };
        if let Some(value) = cut_ui(ui, palette, (axis, &cut_line), (tag, bottom), typing) {
            moved = Some((cut, value));
        }
    }
    moved
}

fn head(painter: &Painter, palette: &Palette, rect: Rect, panel: &Panel<'_>) {
    let name = painter.layout_no_wrap(panel.title.to_owned(), font::body_medium(), palette.text);
    let left = rect.left() + name.size().x + gap::S;
    let bottom = rect.top() + name.size().y;
    painter.galley(rect.min, name, palette.text);
    let unit = elided(
        painter,
        panel.unit,
        font::caption(),
        palette.muted,
        rect.right() - left,
    );
    let at = pos2(left, bottom - unit.size().y - 1.0);
    painter.galley(at, unit, palette.muted);
}

/// Which score a value holds; 3 where nothing is scored.
fn score_of(panel: &Panel<'_>, value: f64) -> u8 {
    let Some(scored) = panel.scored else { return 3 };
    let passed = |cut: &&f64| {
        if scored.measure.descending() {
            value <= **cut
        } else {
            value >= **cut
        }
    };
    1 + scored.cuts.iter().filter(passed).count() as u8
}

fn bars_ui(ui: &Ui, palette: &Palette, (axis, area): (&Axis, Rect), panel: &Panel<'_>) {
    let spread = panel.spread;
    let most = spread.counts.iter().copied().max().unwrap_or(0);
    let most = most.max(spread.not_positive).max(1) as f32;
    let id = Id::unique(("spread", panel.title));
    let response = ui.interact(area, id, Sense::hover());
    let summary = summary(panel);
    response.widget_info(|| egui::WidgetInfo::labeled(Role::Image, true, &summary));
    let pointer = response.hover_pos();
    let mut tip = None;
    let mut bar = |columns: Rangef, counted: u64, score: u8, words: &dyn Fn() -> String| {
        let columns = Rangef::new(columns.min, columns.max.max(columns.min + 1.0));
        let hovered = pointer.is_some_and(|at| columns.contains(at.x));
        let height = area.height() * counted as f32 / most;
        let height = if counted > 0 { height.max(1.0) } else { 0.0 };
        let gap = f32::from(columns.span() > 4.0);
        let rect = Rect::from_x_y_ranges(
            columns.min..=columns.max - gap,
            area.bottom() - height..=area.bottom(),
        );
        let strength = 0.16 + 0.11 * f32::from(score) + if hovered { 0.25 } else { 0.0 };
        ui.painter()
            .rect_filled(rect, 0, palette.tint(palette.accent, strength));
        if hovered {
            tip = Some(format!(
                "{}\n{} ({})",
                words(),
                count(counted, "customer", "customers"),
                percent(counted as f64 / panel.customers.max(1) as f64)
            ));
        }
    };
    if spread.not_positive > 0 {
        let columns = Rangef::new(axis.left, axis.left + 9.0);
        bar(columns, spread.not_positive, score_of(panel, 0.0), &|| {
            format!("0 or less {}", panel.unit)
        });
    }
    for (range, &counted) in spread.edges.windows(2).zip(&spread.counts) {
        let columns = Rangef::new(axis.x(range[0]), axis.x(range[1]));
        let whole = panel
            .scored
            .map_or(panel.unit.contains("day"), |scored| scored.measure.whole());
        bar(columns, counted, score_of(panel, range[0]), &|| {
            range_words(range[0], range[1], whole, panel.unit)
        });
    }
    ui.painter().hline(
        area.x_range(),
        area.bottom(),
        Stroke::new(1.0, palette.hairline),
    );
    if let Some(tip) = tip {
        response.on_hover_text_at_pointer(tip);
    }
}

/// The panel in one line.
fn summary(panel: &Panel<'_>) -> String {
    let spread = panel.spread;
    format!(
        "{}: {} between {} and {} {}",
        panel.title,
        count(spread.customers(), "customer", "customers"),
        value_text(spread.least),
        value_text(spread.most),
        panel.unit
    )
}

/// "57 to 64 days since last order", "2 orders", "10.5 to 12.1 net revenue".
fn range_words(from: f64, to: f64, whole: bool, unit: &str) -> String {
    let last = if whole { to - 1.0 } else { to };
    if whole && last <= from {
        format!("{} {unit}", value_text(from))
    } else {
        format!("{} to {} {unit}", value_text(from), value_text(last))
    }
}

fn ticks(painter: &Painter, palette: &Palette, axis: &Axis, (bars, top): (Rect, f32)) {
    for tick in axis.ticks(44.0) {
        let x = axis.x(tick);
        painter.vline(
            x,
            bars.bottom()..=bars.bottom() + 3.0,
            Stroke::new(1.0, palette.faint),
        );
        let text = painter.layout_no_wrap(value_text(tick), font::caption(), palette.muted);
        let text_width = text.size().x;
        let left = (x - text_width / 2.0)
            .max(bars.left())
            .min(bars.right() - text_width);
        painter.galley(pos2(left, top + 2.0), text, palette.muted);
    }
}

/// The scores below the bars: "3 · 4.7k", as far as there is room between two cut lines.
fn score_strip(
    painter: &Painter,
    palette: &Palette,
    (axis, strip): (&Axis, Rect),
    scored: &Scored<'_>,
) {
    let ends = [strip.left(), strip.right()];
    for score in 1..=5_usize {
        let low = if score == 1 {
            None
        } else {
            Some(axis.x(scored.cuts[score - 2]))
        };
        let high = if score == 5 {
            None
        } else {
            Some(axis.x(scored.cuts[score - 1]))
        };
        let (left, right) = if scored.measure.descending() {
            (high.unwrap_or(ends[0]), low.unwrap_or(ends[1]))
        } else {
            (low.unwrap_or(ends[0]), high.unwrap_or(ends[1]))
        };
        let customers = scored.bins[score - 1].customers;
        let full = format!("{score} · {}", short_count(customers));
        for text in [full, score.to_string()] {
            let text = painter.layout_no_wrap(text, font::caption(), palette.muted);
            if text.size().x + 4.0 <= right - left {
                let at = pos2(
                    (left + right - text.size().x) / 2.0,
                    strip.center().y - text.size().y / 2.0,
                );
                painter.galley(at, text, palette.muted);
                break;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_which_side_is_better() {
        assert_eq!(
            cut_name("Recency", "days", Measure::Recency, 1, 57.0),
            "Recency: score 3 or better up to 57 days"
        );
        assert_eq!(
            cut_name("Frequency", "orders", Measure::Frequency, 3, 6.0),
            "Frequency: score 5 from 6 orders"
        );
        assert_eq!(range_words(2.0, 3.0, true, "orders"), "2 orders");
        assert_eq!(range_words(57.0, 65.0, true, "days"), "57 to 64 days");
        assert_eq!(value_text(12_345.0), "12.3k");
        assert_eq!(value_text(99.5), "99.5");
    }
}
