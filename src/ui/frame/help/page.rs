//! The right column: a page's blocks, drawn as text that can be selected, with links that lead on.

use egui::{
    Align, Color32, FontId, Frame, Label, Layout, Link, Response, RichText, Stroke, Ui, UiBuilder,
    Vec2, WidgetInfo, accesskit::Role, vec2,
};

use super::state::Spot;
use crate::theme::{Palette, font, gap};
use manual::{
    Place,
    blocks::{Block, Span, Spans, plain},
    follow, pages, search,
};

/// Longest line of running text.
const READING_WIDTH: f32 = 760.0;
/// From one line of a paragraph to the next.
const LINE_HEIGHT: f32 = 20.0;
/// Room of a list's marker, and of every deeper level.
const MARKER: f32 = 22.0;
/// No column of a table is narrower.
const NARROWEST: f32 = 90.0;

/// A page as it is drawn in one frame.
pub(super) struct Drawn<'a> {
    pub palette: &'a Palette,
    /// Number of the page.
    pub number: usize,
    /// Words to be marked.
    pub marks: &'a [String],
    /// What is scrolled to the top.
    pub seek: Option<Spot>,
}

/// How a paragraph is set.
#[derive(Clone, Copy)]
struct Look {
    plain: FontIdOf,
    strong: FontIdOf,
    color: Color32,
}

/// A table, and the row that is scrolled to.
#[derive(Clone, Copy)]
struct Table<'a> {
    head: &'a [Spans],
    rows: &'a [Vec<Spans>],
    seek: Option<usize>,
}

/// Fonts are made when they are needed: they hold a shared name.
type FontIdOf = fn() -> FontId;

impl Drawn<'_> {
    /// Draws all blocks; returns where a clicked link leads.
    pub fn ui(&self, ui: &mut Ui) -> Option<Place> {
        let mut followed = None;
        ui.style_mut().interaction.selectable_labels = true;
        let room = ui.available_width() - 2.0 * gap::XL;
        ui.horizontal_top(|ui| {
            ui.add_space(gap::XL);
            ui.vertical(|ui| {
                ui.set_width(room.min(READING_WIDTH));
                ui.spacing_mut().item_spacing = vec2(0.0, gap::S);
                // Or the first line of every paragraph would be as high as a button.
                ui.spacing_mut().interact_size.y = 0.0;
                for (number, block) in pages()[self.number].blocks.iter().enumerate() {
                    let top = ui.cursor().min;
                    self.block_ui(ui, number, block, &mut followed);
                    if self
                        .seek
                        .is_some_and(|spot| (spot.block, spot.row) == (number, None))
                    {
                        to_top_ui(ui, top);
                    }
                }
                // The last section, too, can be scrolled to the top.
                ui.add_space(ui.ctx().content_rect().height() * 0.5);
            });
        });
        followed
    }

    fn block_ui(&self, ui: &mut Ui, number: usize, block: &Block, followed: &mut Option<Place>) {
        match block {
            Block::Heading { level, spans } => {
                let (before, font) = match level {
                    1 => (0.0, font::view_title as FontIdOf),
                    2 => (gap::L, font::card_title as FontIdOf),
                    _ => (gap::S, font::body_medium as FontIdOf),
                };
                ui.add_space(before);
                let text = RichText::new(plain(spans)).font(font());
                let response = ui.add(Label::new(text.color(self.palette.text)).wrap());
                let name = plain(spans);
                response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, &name));
            }
            Block::Paragraph(spans) => self.spans_ui(ui, spans, self.body(), followed),
            Block::Item {
                depth,
                marker,
                spans,
            } => {
                ui.spacing_mut().item_spacing.y = gap::XS;
                ui.horizontal_top(|ui| {
                    ui.add_space(*depth as f32 * MARKER);
                    let (rect, _) =
                        ui.allocate_exact_size(vec2(MARKER, LINE_HEIGHT), egui::Sense::hover());
                    ui.painter().text(
                        rect.left_center() + vec2(4.0, 0.0),
                        egui::Align2::LEFT_CENTER,
                        marker,
                        font::body(),
                        self.palette.muted,
                    );
                    ui.vertical(|ui| {
                        ui.set_width(ui.available_width());
                        self.spans_ui(ui, spans, self.body(), followed);
                    });
                });
                ui.spacing_mut().item_spacing.y = gap::S;
            }
            Block::Code(code) => self.code_ui(ui, code),
            Block::Table { head, rows } => {
                ui.push_id(number, |ui| {
                    let seek = self.seek.filter(|spot| spot.block == number);
                    let seek = seek.and_then(|spot| spot.row);
                    self.table_ui(ui, Table { head, rows, seek }, followed);
                });
            }
        }
    }

    fn body(&self) -> Look {
        Look {
            plain: font::body,
            strong: font::body_medium,
            color: self.palette.text,
        }
    }

    /// A paragraph that wraps, run by run.
    fn spans_ui(&self, ui: &mut Ui, spans: &Spans, look: Look, followed: &mut Option<Place>) {
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = Vec2::ZERO;
            for span in spans {
                let place = span
                    .link
                    .as_deref()
                    .and_then(|link| follow(self.number, link));
                if let Some(place) = place {
                    if Self::link_ui(ui, span, place).clicked() {
                        *followed = Some(place);
                    }
                    continue;
                }
                for (text, hit) in divided(&span.text, self.marks) {
                    let mut text = self.text(text, span, look);
                    if hit {
                        text = text.background_color(self.mark());
                    }
                    ui.add(Label::new(text).wrap());
                }
            }
        });
    }

    fn text(&self, text: &str, span: &Span, look: Look) -> RichText {
        let font = match (span.code, span.strong) {
            (true, _) => FontId::monospace(13.0),
            (false, true) => (look.strong)(),
            (false, false) => (look.plain)(),
        };
        let text = RichText::new(text).font(font).color(look.color);
        let mut text = text.line_height(Some(LINE_HEIGHT));
        if span.code {
            text = text.background_color(self.palette.hover);
        }
        if span.emphasised {
            text.italics()
        } else {
            text
        }
    }

    /// Ground of a word that was looked for.
    fn mark(&self) -> Color32 {
        self.palette.tint(self.palette.second, 0.35)
    }

    fn link_ui(ui: &mut Ui, span: &Span, place: Place) -> Response {
        let text = RichText::new(&span.text).font(font::body());
        let text = text.line_height(Some(LINE_HEIGHT));
        let response = ui.add(Link::new(text.underline()));
        let section = &place.section().title;
        let name = format!("{}, to {}: {section}", span.text, place.page().title);
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
        response
    }

    fn code_ui(&self, ui: &mut Ui, code: &str) {
        Frame::new()
            .fill(self.palette.hover)
            .corner_radius(6)
            .inner_margin(gap::M)
            .show(ui, |ui| {
                ui.set_width(ui.available_width());
                let text = RichText::new(code).font(FontId::monospace(13.0));
                ui.add(Label::new(text.color(self.palette.text)).wrap());
            });
    }

    fn table_ui(&self, ui: &mut Ui, table: Table<'_>, followed: &mut Option<Place>) {
        let Table { head, rows, seek } = table;
        let widths = self.widths(ui, head, rows);
        let heads = Look {
            plain: font::caption_medium,
            strong: font::caption_medium,
            color: self.palette.muted,
        };
        if head.iter().any(|cell| !cell.is_empty()) {
            self.row_ui(ui, head, &widths, heads, followed);
        }
        for (number, row) in rows.iter().enumerate() {
            let top = ui.cursor().min;
            self.row_ui(ui, row, &widths, self.body(), followed);
            if seek == Some(number) {
                // The head of the table may be far above: a little of what precedes is shown.
                to_top_ui(ui, top - vec2(0.0, LINE_HEIGHT));
            }
        }
        ui.add_space(gap::XS);
    }

    fn row_ui(
        &self,
        ui: &mut Ui,
        cells: &[Spans],
        widths: &[f32],
        look: Look,
        followed: &mut Option<Place>,
    ) {
        let top = ui.cursor().min;
        let mut bottom = top.y;
        let mut left = top.x;
        for (cell, &width) in cells.iter().zip(widths) {
            let rect = egui::Rect::from_min_size(
                egui::pos2(left, top.y),
                vec2(width - gap::M, f32::INFINITY),
            );
            let mut place = ui.new_child(
                UiBuilder::new()
                    .max_rect(rect)
                    .layout(Layout::top_down(Align::Min)),
            );
            self.spans_ui(&mut place, cell, look, followed);
            bottom = bottom.max(place.min_rect().bottom());
            left += width;
        }
        let used = egui::Rect::from_min_max(top, egui::pos2(left, bottom + 6.0));
        ui.allocate_rect(used, egui::Sense::hover());
        let line = Stroke::new(1.0, self.palette.hairline);
        ui.painter().hline(used.x_range(), used.bottom(), line);
    }

    /// Widths of a table's columns: narrow ones get what they need, wide ones share the rest.
    fn widths(&self, ui: &Ui, head: &[Spans], rows: &[Vec<Spans>]) -> Vec<f32> {
        let wanted = |column: usize| {
            let cells = std::iter::once(head).chain(rows.iter().map(Vec::as_slice));
            let cells = cells.filter_map(|row| row.get(column));
            let width = |cell: &Spans| {
                let runs = cell.iter().map(|span| {
                    let text = self.text(&span.text, span, self.body());
                    let job = egui::WidgetText::from(text).into_galley(
                        ui,
                        Some(egui::TextWrapMode::Extend),
                        f32::INFINITY,
                        egui::TextStyle::Body,
                    );
                    job.size().x
                });
                runs.sum::<f32>() + gap::M + 1.0
            };
            cells.map(width).fold(NARROWEST, f32::max)
        };
        let wanted: Vec<f32> = (0..head.len()).map(wanted).collect();
        shared(&wanted, ui.available_width())
    }
}

/// Scrolls what begins here to the top, at once.
fn to_top_ui(ui: &Ui, top: egui::Pos2) {
    let to = egui::Rect::from_min_size(top, vec2(1.0, 1.0));
    let none = egui::style::ScrollAnimation::none();
    ui.scroll_to_rect_animation(to, Some(Align::TOP), none);
}

/// Shares `room` among columns that want so much: none gets more than it wants while another wants more.
fn shared(wanted: &[f32], room: f32) -> Vec<f32> {
    let mut widths = vec![0.0; wanted.len()];
    let mut open: Vec<usize> = (0..wanted.len()).collect();
    let mut left = room;
    loop {
        let each = left / open.len().max(1) as f32;
        let (small, large): (Vec<usize>, Vec<usize>) =
            open.iter().partition(|&&column| wanted[column] <= each);
        if small.is_empty() {
            for column in large {
                widths[column] = each;
            }
            return widths;
        }
        for column in small {
            widths[column] = wanted[column];
            left -= wanted[column];
        }
        open = large;
    }
}

/// A text in pieces, with whether each is a word that was looked for.
pub(super) fn divided<'a>(text: &'a str, words: &[String]) -> Vec<(&'a str, bool)> {
    let lower = text.to_lowercase();
    // Letters whose small form is longer would shift every place.
    if words.is_empty() || lower.len() != text.len() {
        return vec![(text, false)];
    }
    let mut hits: Vec<(usize, usize)> = words
        .iter()
        .flat_map(|word| search::starts(&lower, word).map(|at| (at, at + word.len())))
        .collect();
    hits.sort_unstable();
    let mut pieces = Vec::new();
    let mut from = 0;
    for (begin, end) in hits {
        if end <= from {
            continue;
        }
        let begin = begin.max(from);
        if begin > from {
            pieces.push((&text[from..begin], false));
        }
        pieces.push((&text[begin..end], true));
        from = end;
    }
    if from < text.len() {
        pieces.push((&text[from..], false));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_looked_for_are_cut_out() {
        let words = ["rate".to_owned(), "repeat".to_owned()];
        let pieces = divided("Repeat rate, separate", &words);
        assert_eq!(
            pieces,
            [
                ("Repeat", true),
                (" ", false),
                ("rate", true),
                (", separate", false)
            ]
        );
        assert_eq!(divided("none", &words), [("none", false)]);
    }

    #[test]
    fn columns_share_the_room() {
        assert_eq!(shared(&[100.0, 100.0], 400.0), [100.0, 100.0]);
        assert_eq!(shared(&[100.0, 900.0], 400.0), [100.0, 300.0]);
        assert_eq!(shared(&[900.0, 900.0], 400.0), [200.0, 200.0]);
        assert_eq!(shared(&[], 400.0), Vec::<f32>::new());
    }
}
