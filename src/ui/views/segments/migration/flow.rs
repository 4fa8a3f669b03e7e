//! The flow view: segments then on the left, segments now on the right, bands between them as thick
//! as they have customers (a Sankey diagram of one step).

use egui::{
    Align2, Color32, Id, Mesh, Painter, Pos2, Rect, Sense, Shape, Ui, accesskit, pos2, vec2,
};

use super::{is_picked, matrix::tip, part_of};
use crate::{
    action::Actions,
    chart::tip_ui,
    cx::Cx,
    format,
    frame::parts::fitted_text,
    theme::{Palette, font, gap, segment_color},
    views::segments::pick_ui,
};
use analysis::migration::{Course, Migration, Stop};

const BAR: f32 = 12.0;
const LABEL: f32 = 112.0;
const SPACE: f32 = 8.0;
const HEAD: f32 = 26.0;
/// Least distance between the middles of two bars: a line of text.
const LINE: f32 = 14.0;
/// Straight pieces of a band's edge.
const PIECES: usize = 24;

/// One end of the diagram: its bars from top to bottom.
#[derive(Clone, Debug, PartialEq)]
struct Side {
    bars: Vec<Rect>,
}

/// A band between two bars.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Band {
    row: usize,
    column: usize,
    /// Top at the left and at the right end, and thickness.
    left: f32,
    right: f32,
    thickness: f32,
}

/// Where everything goes.
#[derive(Clone, Debug, PartialEq)]
struct Layout {
    left: Side,
    right: Side,
    bands: Vec<Band>,
}

/// Draws the diagram into the available space.
pub fn flow_ui(ui: &mut Ui, cx: &Cx<'_>, migration: &Migration, actions: &mut Actions) {
    let size = vec2(ui.available_width(), ui.available_height().max(220.0));
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    if migration.total().customers == 0 {
        return;
    }
    let area = Rect::from_min_max(
        pos2(rect.left() + LABEL, rect.top() + HEAD),
        pos2(rect.right() - LABEL, rect.bottom()),
    );
    let layout = layout(migration, area);
    dates(ui.painter(), cx.palette, rect, migration);
    bands_ui(ui, cx, migration, (&layout, area), actions);
    for (row, bar) in layout.left.bars.iter().enumerate() {
        let stop = &migration.sources[row];
        let customers = migration.row_total(row).customers;
        let ends = (migration, Some(row), None);
        bar_ui(ui, cx, ends, (*bar, stop, customers), actions);
    }
    for (column, bar) in layout.right.bars.iter().enumerate() {
        let stop = &migration.targets[column];
        let customers = migration.column_total(column).customers;
        let ends = (migration, None, Some(column));
        bar_ui(ui, cx, ends, (*bar, stop, customers), actions);
    }
}

/// The space below each bar but the last.
fn spaces(counts: &[u64], scale: f32) -> Vec<f32> {
    let between = |pair: &[u64]| {
        let halves = (pair[0] + pair[1]) as f32 * scale / 2.0;
        // Nobody has no name.
        if pair.contains(&0) {
            SPACE
        } else {
            SPACE.max(LINE - halves)
        }
    };
    counts.windows(2).map(between).collect()
}

/// Bars and bands: heights are customers on one scale for both sides.
fn layout(migration: &Migration, area: Rect) -> Layout {
    let (rows, columns) = (migration.sources.len(), migration.targets.len());
    let bars = rows.max(columns).max(1);
    let free = (area.height() - SPACE * (bars - 1) as f32).max(20.0);
    let counts = [
        (0..rows)
            .map(|row| migration.row_total(row).customers)
            .collect::<Vec<u64>>(),
        (0..columns)
            .map(|column| migration.column_total(column).customers)
            .collect(),
    ];
    let total = migration.total().customers.max(1) as f32;
    // Thin bars stand further apart, so that their names do; what that takes shortens all bars, which
    // may make more of them thin.
    let mut scale = free / total;
    for _ in 0..4 {
        let taken = counts.iter().map(|counts| {
            let spaces = spaces(counts, scale);
            spaces.iter().map(|space| space - SPACE).sum::<f32>()
        });
        scale = (free - taken.fold(0.0, f32::max)).max(20.0) / total;
    }
    let side = |counts: &[u64], x: f32| {
        let mut top = area.top();
        let spaces = spaces(counts, scale);
        let bars = counts.iter().enumerate().map(|(at, &customers)| {
            let height = customers as f32 * scale;
            let bar = Rect::from_min_size(pos2(x, top), vec2(BAR, height));
            top += height + spaces.get(at).copied().unwrap_or(SPACE);
            bar
        });
        Side {
            bars: bars.collect(),
        }
    };
    let left = side(&counts[0], area.left());
    let right = side(&counts[1], area.right() - BAR);
    let mut bands = Vec::new();
    let mut used_right: Vec<f32> = right.bars.iter().map(Rect::top).collect();
    for row in 0..rows {
        let mut used_left = left.bars[row].top();
        for (column, used_right) in used_right.iter_mut().enumerate() {
            let thickness = migration.flows[row][column].customers as f32 * scale;
            if thickness > 0.0 {
                bands.push(Band {
                    row,
                    column,
                    left: used_left,
                    right: *used_right,
                    thickness,
                });
            }
            used_left += thickness;
            *used_right += thickness;
        }
    }
    Layout { left, right, bands }
}

impl Band {
    /// Upper edge at this share of the way.
    fn top(&self, share: f32) -> f32 {
        let smooth = share * share * (3.0 - 2.0 * share);
        self.left + (self.right - self.left) * smooth
    }

    fn contains(&self, (from, to): (f32, f32), at: Pos2) -> bool {
        let share = (at.x - from) / (to - from);
        let top = self.top(share.clamp(0.0, 1.0));
        // A thin band can still be pointed at.
        let slack = ((6.0 - self.thickness) / 2.0).max(0.0);
        (0.0..=1.0).contains(&share) && (top - slack..=top + self.thickness + slack).contains(&at.y)
    }

    fn mesh(&self, (from, to): (f32, f32), color: Color32) -> Mesh {
        let mut mesh = Mesh::default();
        for piece in 0..=PIECES {
            let share = piece as f32 / PIECES as f32;
            let x = from + (to - from) * share;
            let top = self.top(share);
            mesh.colored_vertex(pos2(x, top), color);
            mesh.colored_vertex(pos2(x, top + self.thickness.max(1.0)), color);
            if piece > 0 {
                let at = piece as u32 * 2;
                mesh.add_triangle(at - 2, at - 1, at);
                mesh.add_triangle(at - 1, at, at + 1);
            }
        }
        mesh
    }
}

fn bands_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    migration: &Migration,
    (layout, area): (&Layout, Rect),
    actions: &mut Actions,
) {
    let ends = (area.left() + BAR, area.right() - BAR);
    let space = Rect::from_x_y_ranges(ends.0..=ends.1, area.y_range());
    let response = ui.interact(space, Id::unique("migration bands"), Sense::click());
    let moved = migration.up.customers + migration.down.customers;
    response.widget_info(|| {
        let words = format!(
            "Flow between segments: {} moved",
            format::count(moved, "customer", "customers")
        );
        egui::WidgetInfo::labeled(accesskit::Role::Figure, true, words)
    });
    // Of overlapping bands the thinnest is meant: the others can be reached beside it.
    let hovered = response.hover_pos().and_then(|at| {
        let under = layout.bands.iter().filter(|band| band.contains(ends, at));
        under
            .min_by(|a, b| a.thickness.total_cmp(&b.thickness))
            .copied()
    });
    for band in &layout.bands {
        let part = part_of(migration, Some(band.row), Some(band.column));
        let strong = hovered == Some(*band) || is_picked(cx, &part);
        let color = band_color(cx.palette, migration, band, strong);
        ui.painter().add(Shape::mesh(band.mesh(ends, color)));
    }
    if let Some(band) = hovered {
        let tip = tip(cx, migration, (band.row, band.column));
        tip_ui(ui, cx.palette, response.id, None, &tip);
        if response.clicked() {
            let part = part_of(migration, Some(band.row), Some(band.column));
            pick_ui(ui, cx, part, actions);
        }
    }
}

/// Who stayed is pale, who went up blue, who went down orange; new customers in their new colour.
fn band_color(palette: &Palette, migration: &Migration, band: &Band, strong: bool) -> Color32 {
    let color = match migration.course(band.row, band.column) {
        Course::Stayed | Course::Aged | Course::Unplaced => palette.faint,
        Course::Up => palette.diverging(1.0),
        Course::Down => palette.diverging(-1.0),
        Course::New => migration.targets[band.column]
            .style
            .map_or(palette.faint, segment_color),
    };
    let share = match migration.course(band.row, band.column) {
        Course::Stayed | Course::Aged | Course::Unplaced => 0.22,
        _ => 0.55,
    };
    color.gamma_multiply(if strong {
        (share + 0.35_f32).min(1.0)
    } else {
        share
    })
}

/// The dates above the two sides.
fn dates(painter: &Painter, palette: &Palette, rect: Rect, migration: &Migration) {
    let top = rect.top() + HEAD / 2.0 - 2.0;
    let (font_id, muted) = (font::caption(), palette.muted);
    let (from, to) = (format::date(migration.from), format::date(migration.to));
    let left = pos2(rect.left() + LABEL + BAR, top);
    painter.text(left, Align2::RIGHT_CENTER, from, font_id.clone(), muted);
    let right = pos2(rect.right() - LABEL - BAR, top);
    painter.text(right, Align2::LEFT_CENTER, to, font_id, muted);
}

/// A segment's bar with its name and number; a click selects its customers.
fn bar_ui(
    ui: &Ui,
    cx: &Cx<'_>,
    (migration, row, column): (&Migration, Option<usize>, Option<usize>),
    (bar, stop, customers): (Rect, &Stop, u64),
    actions: &mut Actions,
) {
    if customers == 0 {
        return;
    }
    let on_left = row.is_some();
    let part = part_of(migration, row, column);
    let label = if on_left {
        Rect::from_min_max(pos2(bar.left() - LABEL, bar.top()), bar.right_bottom())
    } else {
        Rect::from_min_max(bar.left_top(), pos2(bar.right() + LABEL, bar.bottom()))
    };
    let target = Rect::from_center_size(
        label.center(),
        vec2(label.width(), label.height().max(14.0)),
    );
    let response = ui.interact(
        target,
        Id::unique(("migration bar", row, column)),
        Sense::click(),
    );
    let day = if on_left {
        migration.from
    } else {
        migration.to
    };
    let sentence = format!(
        "{} on {}: {}",
        stop.place.title(),
        format::date(day),
        format::count(customers, "customer", "customers")
    );
    // The matrix names the same people in the same words.
    let named = format!("Flow, {sentence}");
    response.widget_info(|| egui::WidgetInfo::labeled(accesskit::Role::Button, true, &named));
    let strong = response.hovered() || response.has_focus() || is_picked(cx, &part);
    paint_bar(ui.painter(), cx, (bar, on_left), (stop, customers), strong);
    if response.on_hover_text(sentence).clicked() {
        pick_ui(ui, cx, part, actions);
    }
}

fn paint_bar(
    painter: &Painter,
    cx: &Cx<'_>,
    (bar, on_left): (Rect, bool),
    (stop, customers): (&Stop, u64),
    strong: bool,
) {
    let color = stop.style.map_or(cx.palette.faint, segment_color);
    painter.rect_filled(bar.expand2(vec2(0.0, 0.5)), 2, color);
    let ink = if strong {
        cx.palette.accent
    } else {
        cx.palette.text
    };
    let (x, name_align) = if on_left {
        (bar.left() - gap::S, Align2::RIGHT_CENTER)
    } else {
        (bar.right() + gap::S, Align2::LEFT_CENTER)
    };
    let name = fitted_text(
        painter,
        stop.place.title(),
        &font::caption_medium(),
        LABEL - gap::M,
    );
    let figure = format::integer(customers);
    let y = bar.center().y;
    if bar.height() >= 26.0 {
        painter.text(
            pos2(x, y - 7.0),
            name_align,
            name,
            font::caption_medium(),
            ink,
        );
        painter.text(
            pos2(x, y + 7.0),
            name_align,
            figure,
            font::caption(),
            cx.palette.muted,
        );
    } else {
        painter.text(pos2(x, y), name_align, name, font::caption_medium(), ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::migration::{Flow, Place};

    #[test]
    fn names_of_thin_bars_stand_apart() {
        // Two segments of one customer each above one of many, in a thousandth of a point each.
        let spaces = spaces(&[1, 1, 10_000, 0, 1], 0.001);
        assert_eq!(spaces.len(), 4);
        assert!((spaces[0] - 13.999).abs() < 1e-3, "{spaces:?}");
        assert!((spaces[1] - 8.999_5).abs() < 1e-3, "{spaces:?}");
        assert_eq!(spaces[2..], [SPACE, SPACE], "nobody needs no line");
    }

    #[test]
    fn bands_fill_their_bars_on_both_sides() {
        let stop = |name: &str| Stop {
            place: Place::Segment(name.to_owned()),
            style: None,
            level: Some(1.0),
        };
        let flow = |customers: u64| Flow {
            customers,
            ..Flow::default()
        };
        let migration = Migration {
            sources: vec![stop("a"), stop("b")],
            targets: vec![stop("a"), stop("b"), stop("c")],
            flows: vec![
                vec![flow(10), flow(20), flow(0)],
                vec![flow(5), flow(5), flow(60)],
            ],
            ..Migration::default()
        };
        let area = Rect::from_min_size(Pos2::ZERO, vec2(300.0, 216.0));
        let layout = layout(&migration, area);
        // 200 points for 100 customers: 2 points each.
        let heights = |side: &Side| -> Vec<f32> { side.bars.iter().map(Rect::height).collect() };
        assert_eq!(heights(&layout.left), [60.0, 140.0]);
        assert_eq!(heights(&layout.right), [30.0, 50.0, 120.0]);
        let last = layout.bands.last().unwrap();
        assert_eq!((last.row, last.column, last.thickness), (1, 2, 120.0));
        assert_eq!(last.left + last.thickness, layout.left.bars[1].bottom());
        assert_eq!(last.right + last.thickness, layout.right.bars[2].bottom());
        assert_eq!(layout.bands.len(), 5, "no band for nobody");
    }
}
