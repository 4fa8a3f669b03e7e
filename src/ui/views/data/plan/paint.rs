//! Draws the plan: boxes in columns, lines between them, words on the lines where they meet nothing.

use egui::{
    Align, Align2, Color32, Painter, Pos2, Rect, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui,
    WidgetInfo, accesskit::Role, epaint::CubicBezierShape, pos2, text::LayoutJob, vec2,
};

use super::model::{self, Places};
use crate::{
    frame::parts,
    theme::{Palette, font, gap},
};
use data::dataset::understanding::{Plan, PlanLink, PlanTable};

const BOX_HEIGHT: f32 = 52.0;
const WIDEST_BOX: f32 = 216.0;
const NARROWEST_BOX: f32 = 148.0;
/// Room between two columns: words stand on the lines, in one line where boxes can be narrower.
const WANTED_GAP: f32 = 168.0;
const LEAST_GAP: f32 = 96.0;
const WIDEST_GAP: f32 = 260.0;
const ROW_GAP: f32 = 20.0;
const ARROW: f32 = 6.0;

/// Sizes of the drawing.
#[derive(Clone, Copy)]
struct Grid {
    box_width: f32,
    column_gap: f32,
    width: f32,
    height: f32,
}

impl Grid {
    fn of(places: &Places, unused: usize, available: f32) -> Self {
        let columns = places.columns.max(1) as f32;
        let gaps = columns - 1.0;
        let box_width =
            ((available - gaps * WANTED_GAP) / columns).clamp(NARROWEST_BOX, WIDEST_BOX);
        let column_gap = if gaps > 0.0 {
            ((available - columns * box_width) / gaps).clamp(LEAST_GAP, WIDEST_GAP)
        } else {
            0.0
        };
        let rows = places.rows as f32;
        let mut height = rows * BOX_HEIGHT + (rows - 1.0).max(0.0) * ROW_GAP;
        let per_row = Self::per_row(available, box_width);
        if unused > 0 {
            let rows = unused.div_ceil(per_row) as f32;
            height += gap::L + rows * (BOX_HEIGHT + gap::M) - gap::M;
        }
        Self {
            box_width,
            column_gap,
            width: columns * box_width + gaps * column_gap,
            height,
        }
    }

    fn per_row(available: f32, box_width: f32) -> usize {
        (((available + gap::M) / (box_width + gap::M)).floor() as usize).max(1)
    }
}

pub(super) fn drawing_ui(ui: &mut Ui, palette: &Palette, plan: &Plan) {
    let places = model::places(plan);
    let unused = places.of.iter().filter(|place| place.is_none()).count();
    let available = ui.available_width();
    let grid = Grid::of(&places, unused, available);
    // Six columns of tables are wider than a small window.
    ScrollArea::horizontal().id_salt("plan").show(ui, |ui| {
        let size = vec2(grid.width.max(available), grid.height);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let boxes = boxes(&places, grid, rect);
        links_ui(ui, palette, plan, &boxes);
        for (table, &at) in plan.tables.iter().zip(&boxes) {
            box_ui(ui, palette, table, at);
        }
    });
}

/// Every table's box: each column stands in the middle of the height, what is not used below.
fn boxes(places: &Places, grid: Grid, rect: Rect) -> Vec<Rect> {
    let size = vec2(grid.box_width, BOX_HEIGHT);
    let step = BOX_HEIGHT + ROW_GAP;
    let full = places.rows as f32 * step - ROW_GAP;
    let in_column = |column: usize| {
        let placed = places.of.iter().flatten();
        placed.filter(|place| place.column == column).count() as f32
    };
    let per_row = Grid::per_row(rect.width(), grid.box_width);
    let mut below = 0;
    places
        .of
        .iter()
        .map(|place| {
            let corner = if let Some(place) = place {
                let own = in_column(place.column) * step - ROW_GAP;
                vec2(
                    place.column as f32 * (grid.box_width + grid.column_gap),
                    (full - own) / 2.0 + place.row as f32 * step,
                )
            } else {
                let (row, column) = (below / per_row, below % per_row);
                below += 1;
                let top = if places.rows == 0 { 0.0 } else { full + gap::L };
                vec2(
                    column as f32 * (grid.box_width + gap::M),
                    top + row as f32 * (BOX_HEIGHT + gap::M),
                )
            };
            Rect::from_min_size(rect.min + corner.round(), size)
        })
        .collect()
}

fn box_ui(ui: &mut Ui, palette: &Palette, table: &PlanTable, rect: Rect) {
    let id = ui
        .scope_id()
        .with(("table", &table.name, rect.min.x as i32, rect.min.y as i32));
    let response = ui.interact(rect, id, Sense::hover());
    let sentence = model::table_sentence(table);
    response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &sentence));
    let unused = !table.used;
    let (fill, line, ink) = if unused {
        (palette.canvas, palette.hairline, palette.muted)
    } else {
        (palette.card, palette.faint, palette.text)
    };
    let painter = ui.painter();
    painter.rect(rect, 8, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    let left = rect.left() + gap::M;
    let room = rect.width() - 2.0 * gap::M;
    let name = parts::fitted_text(painter, &table.name, &font::body_medium(), room);
    let put = |y: f32, text: String, font_id, ink: Color32| {
        painter.text(
            pos2(left, rect.top() + y),
            Align2::LEFT_CENTER,
            text,
            font_id,
            ink,
        );
    };
    put(18.0, name, font::body_medium(), ink);
    let caption = model::caption(table);
    let caption = parts::fitted_text(painter, &caption, &font::caption(), room);
    put(36.0, caption, font::caption(), palette.muted);
    response.on_hover_text(sentence);
}

/// Draws all lines, then the words on them.
fn links_ui(ui: &mut Ui, palette: &Palette, plan: &Plan, boxes: &[Rect]) {
    let curves: Vec<(&PlanLink, Curve)> = model::links(plan)
        .map(|link| (link, Curve::between(plan, link, boxes)))
        .collect();
    for (link, curve) in &curves {
        curve.paint(ui.painter(), line_ink(palette, link));
    }
    let mut taken: Vec<Rect> = boxes.to_vec();
    for (number, (link, curve)) in curves.iter().enumerate() {
        let rect = words_ui(ui, palette, (link, curve), &taken);
        taken.push(rect);
        let id = ui.scope_id().with(("join", number));
        let response = ui.interact(rect, id, Sense::hover());
        let sentence = model::link_sentence(plan, link);
        response.widget_info(|| WidgetInfo::labeled(Role::Figure, true, &sentence));
        response.on_hover_text(sentence);
    }
}

fn line_ink(palette: &Palette, link: &PlanLink) -> Color32 {
    if model::is_weak(link) {
        palette.warn
    } else {
        palette.faint
    }
}

/// Writes how many were found onto the line, at the first place that meets no box and no other words.
fn words_ui(
    ui: &Ui,
    palette: &Palette,
    (link, curve): (&PlanLink, &Curve),
    taken: &[Rect],
) -> Rect {
    let ink = if model::is_weak(link) {
        palette.warn
    } else {
        palette.muted
    };
    let painter = ui.painter();
    let room = (curve.span() - gap::M).max(60.0);
    let mut job = LayoutJob::simple(model::found(link), font::caption(), ink, room);
    job.halign = Align::Center;
    let galley = painter.layout_job(job);
    let size = galley.size() + vec2(gap::S, 2.0);
    let around = |share: f32| Rect::from_center_size(curve.at(share), size);
    let free = |rect: &Rect| !taken.iter().any(|known| known.intersects(*rect));
    let mut places = [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8].into_iter().map(around);
    let rect = places.find(free).unwrap_or_else(|| around(0.5));
    painter.rect_filled(rect, 4, palette.card);
    painter.galley(rect.center() - galley.rect.center().to_vec2(), galley, ink);
    rect
}

/// The line of one join.
struct Curve {
    points: [Pos2; 4],
}

impl Curve {
    /// From the right edge of the table that asks to the left edge of the one that answers; several
    /// lines at one edge leave and arrive at places of their own.
    fn between(plan: &Plan, link: &PlanLink, boxes: &[Rect]) -> Self {
        let (from, to) = (boxes[link.from], boxes[link.to]);
        let spread = |rect: Rect,
                      mine: &dyn Fn(&PlanLink) -> bool,
                      other: &dyn Fn(&PlanLink) -> f32| {
            let mut all: Vec<&PlanLink> = model::links(plan).filter(|link| mine(link)).collect();
            all.sort_by(|a, b| other(a).total_cmp(&other(b)));
            let at = all.iter().position(|known| std::ptr::eq(*known, link));
            let share = (at.unwrap_or(0) as f32 + 1.0) / (all.len() as f32 + 1.0);
            rect.top() + share * rect.height()
        };
        let leaves = spread(from, &|known| known.from == link.from, &|known| {
            boxes[known.to].center().y
        });
        let arrives = spread(to, &|known| known.to == link.to, &|known| {
            boxes[known.from].center().y
        });
        let forward = to.left() >= from.right();
        let (start, end) = if forward {
            (pos2(from.right(), leaves), pos2(to.left() - ARROW, arrives))
        } else {
            (pos2(from.left(), leaves), pos2(to.right() + ARROW, arrives))
        };
        let half = (end.x - start.x) / 2.0;
        Self {
            points: [start, start + vec2(half, 0.0), end - vec2(half, 0.0), end],
        }
    }

    /// Width of the gap it crosses.
    fn span(&self) -> f32 {
        (self.points[3].x - self.points[0].x).abs()
    }

    fn at(&self, share: f32) -> Pos2 {
        self.shape(Stroke::NONE).sample(share)
    }

    fn shape(&self, stroke: Stroke) -> CubicBezierShape {
        CubicBezierShape::from_points_stroke(self.points, false, Color32::TRANSPARENT, stroke)
    }

    fn paint(&self, painter: &Painter, ink: Color32) {
        painter.add(self.shape(Stroke::new(1.5, ink)));
        let end = self.points[3];
        let ahead = if self.points[0].x <= end.x {
            ARROW
        } else {
            -ARROW
        };
        painter.add(Shape::convex_polygon(
            vec![
                end + vec2(ahead, 0.0),
                end + vec2(0.0, -ARROW * 0.7),
                end + vec2(0.0, ARROW * 0.7),
            ],
            ink,
            Stroke::NONE,
        ));
    }
}
