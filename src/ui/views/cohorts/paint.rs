//! Painting of the heatmap: cells, heads, means, crosshair, selection, colour legend.

use egui::{
    Align2, Color32, Direction, Painter, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2,
};

use super::{
    layout::Layout,
    model::{CellView, Page},
};
use crate::{
    chart::{Key, KeyMark, hatch, keys_ui},
    format,
    theme::{Palette, font, gap},
};
use analysis::cohorts::{CellState, SMALL_COHORT};

/// A row, with an age unless the whole row is meant.
pub type Place = (usize, Option<usize>);

/// What stands out in this frame.
#[derive(Clone, Copy, Debug)]
pub struct Marks<'a> {
    pub hovered: Option<Place>,
    pub focus: Option<Place>,
    pub selected: &'a [Place],
}

/// Paints the visible cells.
pub fn cells(ui: &Ui, palette: &Palette, page: &Page, layout: &Layout, marks: &Marks<'_>) {
    if !ui.is_rect_visible(layout.window) {
        return;
    }
    let (rows, ages) = layout.visible();
    let cells = ui.painter_at(whole_pixels(ui, layout.window).intersect(ui.clip_rect()));
    for row in rows {
        for age in ages.clone() {
            cell(
                &cells,
                palette,
                page,
                layout.cell_rect(row, age),
                (row, age),
            );
        }
    }
    for (place, stroke) in outlines(palette, marks) {
        if let (row, Some(age)) = place
            && page.cell(row, age).is_some()
        {
            cells.rect_stroke(
                layout.cell_rect(row, age).shrink(0.5),
                3,
                stroke,
                StrokeKind::Inside,
            );
        }
    }
}

/// The whole pixels inside: the fade at the edge of a scrolled table covers no broken ones, which would
/// stay behind as a dark line.
fn whole_pixels(ui: &Ui, rect: Rect) -> Rect {
    let scale = ui.ctx().pixels_per_point();
    let (low, high) = (
        |x: f32| (x * scale).ceil() / scale,
        |x: f32| (x * scale).floor() / scale,
    );
    Rect::from_min_max(
        pos2(low(rect.left()), low(rect.top())),
        pos2(high(rect.right()), high(rect.bottom())),
    )
}

/// Heads and means run out like the cells between them where there is more to scroll to.
fn fades(ui: &Ui, palette: &Palette, layout: &Layout) {
    let size = ui.spacing().scroll.fade.size;
    let hidden = layout.content().x - layout.window.width() - layout.offset.x;
    let columns = whole_pixels(ui, layout.columns_window());
    for lines in [layout.column_head(0), layout.mean_head()] {
        let line = Rect::from_x_y_ranges(columns.x_range(), lines.y_range());
        let (mut left, mut right) = (line, line);
        left.max.x = line.left() + size;
        right.min.x = line.right() - size;
        for (rect, towards, more) in [
            (left, Direction::LeftToRight, layout.offset.x),
            (right, Direction::RightToLeft, hidden),
        ] {
            let strength = (more / size).clamp(0.0, 1.0);
            if strength > 0.0 {
                let ground = palette.card.gamma_multiply(strength);
                let shape = Shape::gradient_rect(rect, towards, [ground, Color32::TRANSPARENT]);
                ui.painter().add(shape);
            }
        }
    }
}

/// Selected, focused and hovered places, in the order they are drawn.
fn outlines(palette: &Palette, marks: &Marks<'_>) -> Vec<(Place, Stroke)> {
    let strong = Stroke::new(2.0, palette.text);
    marks
        .selected
        .iter()
        .map(|&place| (place, Stroke::new(2.5, palette.accent)))
        .chain(marks.focus.map(|place| (place, strong)))
        .chain(marks.hovered.map(|place| (place, strong)))
        .collect()
}

/// Fill of a cell: neutral outside of the colour domain, paled in small cohorts.
fn fill(palette: &Palette, page: &Page, age: usize, view: &CellView) -> Color32 {
    if age == 0 && page.first_left_out() {
        return palette.hover;
    }
    let color = palette.sequential(page.shade(view.value));
    if view.small {
        palette.tint(color, 0.25)
    } else {
        color
    }
}

fn cell(painter: &Painter, palette: &Palette, page: &Page, rect: Rect, place: (usize, usize)) {
    let Some(view) = page.cell(place.0, place.1) else {
        return;
    };
    let body = rect.shrink(0.5);
    let full = fill(palette, page, place.1, view);
    let provisional = view.state == CellState::InProgress;
    let color = if provisional {
        palette.tint(full, 0.3)
    } else {
        full
    };
    painter.rect_filled(body, 3, color);
    if provisional {
        let line = Stroke::new(1.0, palette.tint(full, 0.6));
        painter.extend(hatch(body, line, 6.0));
    }
    let neutral = place.1 == 0 && page.first_left_out();
    let ink = if neutral {
        palette.muted
    } else {
        Palette::text_on(color)
    };
    let text = page.cell_text(view.value);
    let font_id = if rect.width() >= 54.0 && rect.height() >= 30.0 {
        font::body()
    } else {
        font::caption()
    };
    if provisional {
        // A quiet ground, so that the hatching does not run through the digits.
        let galley = painter.layout_no_wrap(text, font_id, ink);
        let ground = Rect::from_center_size(body.center(), galley.size() + vec2(4.0, 0.0));
        painter.rect_filled(ground, 2, color);
        painter.galley(ground.center() - galley.size() / 2.0, galley, ink);
    } else {
        painter.text(rect.center(), Align2::CENTER_CENTER, text, font_id, ink);
    }
}

/// Frozen columns: cohort and size, and the head of the means.
pub fn heads(ui: &Ui, palette: &Palette, page: &Page, layout: &Layout, marks: &Marks<'_>) {
    let corner = Rect::from_min_max(
        layout.outer.min,
        pos2(layout.window.left(), layout.window.top()),
    );
    let painter = ui.painter();
    let title = page.row_title();
    caption(
        painter,
        corner.left_center() + vec2(4.0, 0.0),
        Align2::LEFT_CENTER,
        &title,
        palette.muted,
    );
    let right = pos2(layout.size_right(), corner.center().y);
    caption(painter, right, Align2::RIGHT_CENTER, "Size", palette.muted);

    let window = ui.painter_at(layout.heads_window().intersect(ui.clip_rect()));
    for row in layout.visible().0 {
        let rect = layout.row_head(row);
        let Some(head) = page.rows.get(row) else {
            continue;
        };
        let on = |place: &Place| place.0 == row;
        let lit = marks.hovered.iter().chain(&marks.focus).any(on);
        let chosen = marks.selected.iter().any(on);
        if lit || chosen {
            window.rect_filled(rect.shrink2(vec2(0.0, 0.5)), 3, palette.accent_soft);
        }
        let color = if head.small {
            palette.muted
        } else {
            palette.text
        };
        row_head(&window, layout, rect, (&head.name, head.size), color);
        if marks.focus == Some((row, None)) {
            window.rect_stroke(
                rect.shrink(1.0),
                3,
                Stroke::new(2.0, palette.accent),
                StrokeKind::Inside,
            );
        }
    }
    let rect = layout.mean_head();
    row_head(
        painter,
        layout,
        rect,
        ("Weighted mean", page.customers),
        palette.text,
    );
}

fn row_head(
    painter: &Painter,
    layout: &Layout,
    rect: Rect,
    (name, size): (&str, u64),
    color: Color32,
) {
    let mut job =
        egui::text::LayoutJob::simple_singleline(name.to_owned(), font::caption_medium(), color);
    let number = format::integer(size);
    let digits = painter.layout_no_wrap(number, font::caption(), color);
    job.wrap.max_width = layout.size_right() - digits.size().x - rect.left() - 12.0;
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    let galley = painter.layout_job(job);
    let middle = rect.center().y;
    painter.galley(
        pos2(rect.left() + 4.0, middle - galley.size().y / 2.0),
        galley,
        color,
    );
    painter.galley(
        pos2(
            layout.size_right() - digits.size().x,
            middle - digits.size().y / 2.0,
        ),
        digits,
        color,
    );
}

/// Column heads and the row of means.
pub fn columns(ui: &Ui, palette: &Palette, page: &Page, layout: &Layout, marks: &Marks<'_>) {
    let painter = ui.painter_at(layout.columns_window().intersect(ui.clip_rect()));
    let line = layout.mean_head().top() - 3.0;
    ui.painter().hline(
        layout.outer.left()..=layout.window.right(),
        ui.painter().round_to_pixel_center(line),
        Stroke::new(1.0, palette.hairline),
    );
    for age in layout.visible().1 {
        let head = layout.column_head(age);
        let lit = marks
            .hovered
            .iter()
            .chain(&marks.focus)
            .any(|place| place.1 == Some(age));
        if lit {
            painter.rect_filled(head.shrink2(vec2(0.5, 2.0)), 3, palette.accent_soft);
        }
        let color = if lit { palette.text } else { palette.muted };
        let label = page.age_labels.get(age).map_or("", String::as_str);
        caption(&painter, head.center(), Align2::CENTER_CENTER, label, color);
        let Some(Some(mean)) = page.mean.get(age) else {
            continue;
        };
        let rect = layout.mean_cell(age);
        painter.text(
            rect.center(),
            Align2::CENTER_CENTER,
            page.cell_text(*mean),
            if rect.width() >= 54.0 && rect.height() >= 30.0 {
                font::body_medium()
            } else {
                font::caption_medium()
            },
            palette.text,
        );
    }
    fades(ui, palette, layout);
}

fn caption(painter: &Painter, at: egui::Pos2, anchor: Align2, text: &str, color: Color32) {
    painter.text(at, anchor, text, font::caption_medium(), color);
}

/// The colour scale with its limits, and what hatching and paleness mean (where they occur).
pub fn legend(ui: &mut Ui, palette: &Palette, page: &Page) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(gap::S, gap::XS);
        ui.spacing_mut().interact_size.y = 18.0;
        let muted = |text: &str| {
            egui::RichText::new(text)
                .font(font::caption())
                .color(palette.muted)
        };
        if let Some((low, high)) = page.domain {
            ui.label(muted(&page.cell_text(low)));
            gradient(ui, palette);
            ui.label(muted(&page.cell_text(high)));
            if page.first_left_out() {
                ui.label(muted(&format!("first {} not coloured", page.noun())));
            }
            ui.add_space(gap::S);
        }
        let (in_progress, small) = page.needs_legend_for();
        let color = palette.sequential(0.5);
        let pale = palette.tint(color, 0.25);
        let few = format!("fewer than {SMALL_COHORT} customers");
        let mut keys = Vec::new();
        if in_progress {
            keys.push(Key::new("still in progress", color, KeyMark::Hatched));
        }
        if small {
            keys.push(Key::new(&few, pale, KeyMark::Swatch));
        }
        keys_ui(ui, palette, &keys);
    });
}

fn gradient(ui: &mut Ui, palette: &Palette) {
    strip(ui, 128.0, |share| palette.sequential(share));
}

/// A strip that shows a colour scale from left to right.
pub fn strip(ui: &mut Ui, width: f32, color: impl Fn(f32) -> Color32) {
    const STEPS: usize = 32;
    let (rect, _) = ui.allocate_exact_size(vec2(width, 10.0), Sense::hover());
    for step in 0..STEPS {
        let share = |index: usize| rect.left() + rect.width() * index as f32 / STEPS as f32;
        let part = Rect::from_x_y_ranges(share(step)..=share(step + 1), rect.y_range());
        ui.painter()
            .rect_filled(part, 0, color(step as f32 / (STEPS - 1) as f32));
    }
}
