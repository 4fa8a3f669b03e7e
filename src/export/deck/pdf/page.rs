//! The content of a page: a slide's blocks as operators.

use std::collections::BTreeSet;

use pdf_writer::{Content, Name, Str};

use super::types::{self, Placed, Types};
use crate::deck::{
    board::{Board, CELL_MARGIN},
    drawing::{self, Area, Drawing, Ink, Letter, Line, Mark, Run, Spot, Step},
    side::Side,
    slide::{Figure, INDENT, LEADING, PARAGRAPH, Slide, Text, What, ink_of, within},
    style,
};

/// Where the baseline of a line stands, as a share of the type size from its top.
const BASELINE: f32 = 0.97;

/// Name of an opacity in the resources.
pub(super) fn alpha_name(alpha: u8) -> String {
    format!("A{alpha}")
}

pub(super) struct Painter<'a, 'f> {
    pub content: Content,
    pub types: &'a mut Types<'f>,
    pub alphas: &'a mut BTreeSet<u8>,
}

impl Painter<'_, '_> {
    pub(super) fn slide(&mut self, slide: &Slide) {
        // Down from the upper left corner, as everywhere else here.
        self.content
            .transform([1.0, 0.0, 0.0, -1.0, 0.0, style::HEIGHT]);
        for block in &slide.blocks {
            match &block.what {
                What::Text(text) => self.text(block.area, text),
                What::Fill(ink) => self.fill(block.area, *ink),
                What::Board(board) => self.board(block.area, board),
                What::Figure(figure) => self.figure(block.area, figure),
            }
        }
    }

    fn fill(&mut self, area: Area, ink: Ink) {
        self.path(&drawing::rounded(area, 0.0), Some(ink), None);
    }

    fn text(&mut self, area: Area, text: &Text) {
        let spare = area.height - text.height();
        let mut top = area.y
            + match text.down {
                Side::Start => 0.0,
                Side::Middle => spare / 2.0,
                Side::End => spare,
            };
        let indent = if text.dots { text.size * INDENT } else { 0.0 };
        let mut marked = false;
        for paragraph in &text.paragraphs {
            if text.dots {
                let at = Spot {
                    x: area.x,
                    y: top + text.size * BASELINE,
                };
                self.line("•", at, (text, style::ACCENT));
            }
            for line in paragraph {
                let width = self.types.width(text.weight, line) * text.size;
                let room = area.width - indent - width;
                let x = match text.across {
                    Side::Start => 0.0,
                    Side::Middle => room / 2.0,
                    Side::End => room,
                };
                let at = Spot {
                    x: area.x + indent + x,
                    y: top + text.size * BASELINE,
                };
                let ink = ink_of(text);
                match text
                    .mark
                    .and_then(|mark| Some((mark, line.chars().next()?)))
                {
                    Some((mark, first)) if !marked => {
                        marked = true;
                        let (sign, rest) = line.split_at(first.len_utf8());
                        self.line(sign, at, (text, mark));
                        let x = at.x + self.types.width(text.weight, sign) * text.size;
                        self.line(rest, Spot { x, ..at }, (text, ink));
                    }
                    _ => self.line(line, at, (text, ink)),
                }
                top += text.size * LEADING;
            }
            if text.dots {
                top += text.size * PARAGRAPH;
            }
        }
    }

    /// One line of text from the left end of its baseline.
    fn line(&mut self, words: &str, at: Spot, (text, ink): (&Text, Ink)) {
        let mut x = 0.0;
        let letters = words.chars().map(|letter| {
            let begin = x;
            let mut utf8 = [0; 4];
            x += self.types.width(text.weight, letter.encode_utf8(&mut utf8)) * text.size;
            Letter { letter, x: begin }
        });
        let letters = letters.collect();
        self.run(&Run {
            at,
            turn: 0.0,
            size: text.size,
            weight: text.weight,
            ink,
            letters,
        });
    }

    fn board(&mut self, area: Area, board: &Board) {
        let mut top = area.y;
        for (row, height) in board.cells.iter().zip(&board.rows) {
            let mut left = area.x;
            for ((cell, width), side) in row.iter().zip(&board.columns).zip(&board.sides) {
                let place = Area::new(left, top, *width, *height);
                if let Some(fill) = cell.fill {
                    self.fill(place, fill);
                }
                let text = Text {
                    paragraphs: vec![cell.lines.clone()],
                    size: board.size,
                    weight: cell.weight,
                    ink: cell.ink,
                    mark: cell.mark,
                    across: *side,
                    down: Side::Middle,
                    ..Text::default()
                };
                let inner = Area {
                    x: left + CELL_MARGIN,
                    width: width - 2.0 * CELL_MARGIN,
                    ..place
                };
                self.text(inner, &text);
                left += width;
            }
            top += height;
            let width = board.columns.iter().sum();
            self.fill(Area::new(area.x, top - 0.25, width, 0.5), style::HAIRLINE);
        }
    }

    fn figure(&mut self, area: Area, figure: &Figure) {
        let place = within(area, figure);
        let drawing = &figure.drawing;
        if drawing.width <= 0.0 {
            return;
        }
        let scale = place.width / drawing.width;
        self.content.save_state();
        self.content
            .transform([scale, 0.0, 0.0, scale, place.x, place.y]);
        self.drawing(drawing);
        self.content.restore_state();
    }

    fn drawing(&mut self, drawing: &Drawing) {
        let mut clipped = false;
        for mark in &drawing.marks {
            match mark {
                Mark::Path { steps, fill, line } => self.path(steps, *fill, *line),
                Mark::Text(run) => self.run(run),
                Mark::Clip(area) => {
                    if std::mem::take(&mut clipped) {
                        self.content.restore_state();
                    }
                    if let Some(area) = area {
                        self.content.save_state();
                        self.content.rect(area.x, area.y, area.width, area.height);
                        self.content.clip_nonzero().end_path();
                        clipped = true;
                    }
                }
            }
        }
        if clipped {
            self.content.restore_state();
        }
    }

    /// Opacity stands in a state of its own, around what it is for.
    fn within_alpha(&mut self, alpha: u8, paint: impl FnOnce(&mut Self)) {
        if alpha == 255 {
            paint(self);
            return;
        }
        self.alphas.insert(alpha);
        self.content.save_state();
        self.content
            .set_parameters(Name(alpha_name(alpha).as_bytes()));
        paint(self);
        self.content.restore_state();
    }

    fn path(&mut self, steps: &[Step], fill: Option<Ink>, line: Option<Line>) {
        if let Some(ink) = fill {
            self.within_alpha(ink.alpha, |it| {
                let [red, green, blue] = channels(ink);
                it.content.set_fill_rgb(red, green, blue);
                it.steps(steps);
                it.content.fill_nonzero();
            });
        }
        if let Some(Line { ink, width }) = line {
            self.within_alpha(ink.alpha, |it| {
                let [red, green, blue] = channels(ink);
                it.content.set_stroke_rgb(red, green, blue);
                it.content.set_line_width(width);
                it.content
                    .set_line_join(pdf_writer::types::LineJoinStyle::RoundJoin);
                it.steps(steps);
                it.content.stroke();
            });
        }
    }

    fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match *step {
                Step::Move(at) => self.content.move_to(at.x, at.y),
                Step::Line(at) => self.content.line_to(at.x, at.y),
                Step::Curve([a, b, c]) => self.content.cubic_to(a.x, a.y, b.x, b.y, c.x, c.y),
                Step::Close => self.content.close_path(),
            };
        }
    }

    /// Letters at the places they have in the window; one operator for what is of one face.
    fn run(&mut self, run: &Run) {
        if run.ink.alpha == 0 || run.size <= 0.0 {
            return;
        }
        let mut parts: Vec<Part> = Vec::new();
        for &Letter { letter, x } in &run.letters {
            let Some(placed) = self.types.place(run.weight, letter) else {
                continue;
            };
            match parts.last_mut().filter(|part| part.face == placed.face) {
                Some(part) => part.letters.push((placed, x)),
                None => parts.push(Part {
                    face: placed.face,
                    letters: vec![(placed, x)],
                }),
            }
        }
        self.within_alpha(run.ink.alpha, |it| {
            for part in &parts {
                it.part(run, part);
            }
        });
    }

    fn part(&mut self, run: &Run, part: &Part) {
        let Some(&(_, begin)) = part.letters.first() else {
            return;
        };
        let (sin, cos) = run.turn.sin_cos();
        let at = [run.at.x + begin * cos, run.at.y + begin * sin];
        let [red, green, blue] = channels(run.ink);
        self.content.begin_text();
        self.content.set_fill_rgb(red, green, blue);
        self.content
            .set_font(Name(types::name(part.face).as_bytes()), run.size);
        // The page runs downwards, letters stand upright.
        self.content
            .set_text_matrix([cos, sin, sin, -cos, at[0], at[1]]);
        let mut shown = self.content.show_positioned();
        let mut items = shown.items();
        let mut pen = begin;
        let mut codes: Vec<u8> = Vec::new();
        for (placed, x) in &part.letters {
            // Thousandths of the type size, to the left; less is rounding.
            let off = (pen - x) / run.size * 1000.0;
            if off.abs() > 1.0 {
                if !codes.is_empty() {
                    items.show(Str(&codes));
                    codes.clear();
                }
                items.adjust(off);
                pen = *x;
            }
            codes.extend(placed.code.to_be_bytes());
            pen += placed.advance * run.size;
        }
        if !codes.is_empty() {
            items.show(Str(&codes));
        }
        drop(items);
        drop(shown);
        self.content.end_text();
    }
}

/// Letters of one face.
struct Part {
    face: usize,
    letters: Vec<(Placed, f32)>,
}

fn channels(ink: Ink) -> [f32; 3] {
    ink.rgb.map(|channel| f32::from(channel) / 255.0)
}
