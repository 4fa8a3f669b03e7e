//! Text that ends in an ellipsis where it does not fit.

use std::sync::Arc;

use egui::{Color32, FontId, Galley, Painter, text::LayoutJob};

/// One line of text, cut with "…" at `width`.
#[must_use]
pub fn elided(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap.max_width = width.max(0.0);
    job.wrap.max_rows = 1;
    job.wrap.break_anywhere = true;
    painter.layout_job(job)
}

/// Up to `rows` lines of text, broken between words and cut with "…" where even they do not hold it.
#[must_use]
pub fn elided_lines(
    painter: &Painter,
    (text, font): (&str, FontId),
    color: Color32,
    (width, rows): (f32, usize),
) -> Arc<Galley> {
    let mut job = LayoutJob::simple(text.to_owned(), font, color, width.max(0.0));
    job.wrap.max_rows = rows;
    painter.layout_job(job)
}
