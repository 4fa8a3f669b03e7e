//! Slides with everything in its place: the presentation and the PDF draw the same ones.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    board::Board,
    drawing::{Area, Drawing, Ink},
    faces::{Typefaces, Weight},
    grid::Grid,
    numbers::Numbers,
    plot::Plot,
    side::Side,
    style,
};

/// A chart of the window, ready to be put on a slide.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figure {
    /// Name within the window.
    pub name: String,
    pub title: String,
    pub finding: String,
    pub numbers: Numbers,
    /// How a presentation program draws it; a picture without it.
    pub plot: Option<Plot>,
    /// A table in its place, in both formats.
    pub grid: Option<Grid>,
    /// The window's own drawing.
    pub drawing: Drawing,
    /// The drawing as PNG; empty where `plot` or `grid` is there.
    pub png: Vec<u8>,
}

/// What a box of text is on its slide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    Title,
    Number,
    #[default]
    Plain,
}

/// A box of text whose lines fit it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Text {
    pub part: Part,
    /// Paragraphs, each broken into lines.
    pub paragraphs: Vec<Vec<String>>,
    pub size: f32,
    pub weight: Weight,
    pub ink: Option<Ink>,
    pub across: Side,
    pub down: Side,
    /// A dot before every paragraph.
    pub dots: bool,
    /// Colour of the first letter, where it is a mark.
    pub mark: Option<Ink>,
}

/// Height of a line as a share of the type size.
pub const LEADING: f32 = 1.25;
/// Space between paragraphs with dots, as a share of the type size.
pub const PARAGRAPH: f32 = 0.6;
/// Room for the dot, as a share of the type size.
pub const INDENT: f32 = 1.2;
/// Share of a box that text may fill: where the typeface is not installed, a wider one stands in, and what
/// is strong here may be bolder there.
fn used(weight: Weight) -> f32 {
    match weight {
        Weight::Strong => 0.85,
        _ => 0.9,
    }
}

impl Text {
    /// Height of the broken lines.
    #[must_use]
    pub fn height(&self) -> f32 {
        let lines: usize = self.paragraphs.iter().map(Vec::len).sum();
        let gaps = if self.dots {
            self.paragraphs.len().saturating_sub(1)
        } else {
            0
        };
        self.size * (lines as f32 * LEADING + gaps as f32 * PARAGRAPH)
    }
}

/// What is asked of a text before it is broken into lines.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    pub weight: Weight,
    pub size: f32,
    /// Smaller than this it is cut instead.
    pub least: f32,
    pub dots: bool,
}

impl Wish {
    #[must_use]
    pub fn new(weight: Weight, size: f32, least: f32) -> Self {
        Self {
            weight,
            size,
            least,
            dots: false,
        }
    }
}

/// Breaks texts into lines that fit a box: at the size wished for, else smaller, else cut with "…".
#[must_use]
pub fn fitted(faces: &Typefaces, texts: &[&str], area: Area, wish: Wish) -> Text {
    let at = |size: f32| {
        let indent = if wish.dots { size * INDENT } else { 0.0 };
        let room = (area.width * used(wish.weight) - indent) / size;
        Text {
            paragraphs: texts
                .iter()
                .map(|text| broken(faces, text, wish.weight, room))
                .collect(),
            size,
            weight: wish.weight,
            dots: wish.dots,
            ..Text::default()
        }
    };
    let mut size = wish.size;
    loop {
        let text = at(size);
        if text.height() <= area.height + 0.01 {
            return text;
        }
        if size <= wish.least {
            return cut(faces, text, area);
        }
        size = (size - 1.0).max(wish.least);
    }
}

/// One line, cut with "…" where it does not fit.
#[must_use]
pub fn one_line(faces: &Typefaces, text: &str, width: f32, wish: Wish) -> Text {
    let height = wish.size * LEADING;
    fitted(faces, &[text], Area::new(0.0, 0.0, width, height), wish)
}

/// Takes lines away until the text fits its box, and says so with "…".
fn cut(faces: &Typefaces, mut text: Text, area: Area) -> Text {
    let indent = if text.dots { text.size * INDENT } else { 0.0 };
    let room = (area.width * used(text.weight) - indent) / text.size;
    let mut lost = false;
    while text.height() > area.height + 0.01 {
        let lines: usize = text.paragraphs.iter().map(Vec::len).sum();
        if lines <= 1 {
            break;
        }
        if let Some(last) = text.paragraphs.last_mut() {
            last.pop();
        }
        if text.paragraphs.last().is_some_and(Vec::is_empty) {
            text.paragraphs.pop();
        }
        lost = true;
    }
    if let Some(last) = text
        .paragraphs
        .last_mut()
        .and_then(|it| it.last_mut())
        .filter(|_| lost)
    {
        last.push('…');
        while last.chars().count() > 1 && faces.width(text.weight, last) > room {
            last.pop();
            last.pop();
            let end = last.trim_end().len();
            last.truncate(end);
            last.push('…');
        }
    }
    text
}

/// One space between words; a figure and its sign stay together.
#[must_use]
pub fn tidy(text: &str) -> String {
    let gap = |letter: char| letter.is_whitespace() && letter != '\u{a0}';
    let words: Vec<&str> = text.split(gap).filter(|word| !word.is_empty()).collect();
    words.join(" ").replace(" %", "\u{a0}%")
}

/// Breaks at spaces; a word longer than a line is broken within.
fn broken(faces: &Typefaces, text: &str, weight: Weight, room: f32) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let fits = |line: &str| faces.width(weight, line) <= room;
    for word in tidy(text).split(' ') {
        let joined = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if fits(&joined) {
            line = joined;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word.chars() {
            line.push(letter);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(letter);
            }
        }
    }
    lines.push(line);
    lines
}

/// The largest place of the drawing's shape in the middle of an area.
#[must_use]
pub fn within(area: Area, figure: &Figure) -> Area {
    let (width, height) = (figure.drawing.width, figure.drawing.height);
    if width <= 0.0 || height <= 0.0 {
        return area;
    }
    let scale = (area.width / width).min(area.height / height);
    let (width, height) = (width * scale, height * scale);
    Area::new(
        area.x + (area.width - width) / 2.0,
        area.y + (area.height - height) / 2.0,
        width,
        height,
    )
}

/// What stands in a place.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Text(Text),
    Figure(Arc<Figure>),
    Board(Box<Board>),
    /// A plain rectangle.
    Fill(Ink),
}

/// A thing in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    pub area: Area,
    pub what: What,
}

/// One slide.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slide {
    /// In words, for outlines and notes.
    pub title: String,
    pub blocks: Vec<Block>,
    /// What the presenter reads.
    pub notes: String,
}

impl Slide {
    pub fn push(&mut self, area: Area, what: What) {
        self.blocks.push(Block { area, what });
    }
}

/// A whole presentation.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deck {
    /// Name of the shop.
    pub title: String,
    pub subject: String,
    pub slides: Vec<Slide>,
}

impl Deck {
    /// Every letter on the slides, once each, with its weight.
    #[must_use]
    pub fn letters(&self) -> BTreeSet<(Weight, char)> {
        let mut letters = BTreeSet::new();
        let blocks = self.slides.iter().flat_map(|slide| &slide.blocks);
        for block in blocks {
            match &block.what {
                What::Text(text) => {
                    let lines = text.paragraphs.iter().flatten();
                    letters.extend(lines.flat_map(|line| line.chars().map(|it| (text.weight, it))));
                }
                What::Board(board) => {
                    for cell in board.cells.iter().flatten() {
                        let lines = cell.lines.iter();
                        letters.extend(
                            lines.flat_map(|line| line.chars().map(|it| (cell.weight, it))),
                        );
                    }
                }
                What::Figure(figure) => letters.extend(figure.drawing.letters()),
                What::Fill(_) => {}
            }
        }
        letters
    }
}

/// Ink of a text that asks for none.
#[must_use]
pub fn ink_of(text: &Text) -> Ink {
    text.ink.unwrap_or(style::TEXT)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No face at all: every letter is 0.8 of its size wide.
    #[test]
    fn text_breaks_shrinks_and_is_cut() {
        let faces = Typefaces::default();
        let wish = Wish::new(Weight::Regular, 10.0, 8.0);
        let area = Area::new(0.0, 0.0, 100.0, 30.0);
        let text = fitted(&faces, &["one two three"], area, wish);
        assert_eq!(text.paragraphs, [["one two", "three"]]);
        let glued = fitted(&faces, &["a share of 5 %"], area, wish);
        assert_eq!(glued.paragraphs, [["a share of", "5\u{a0}%"]]);
        assert_eq!(text.size, 10.0);
        // Three lines at 10 points are 37.5 high; at 8 points they are two.
        let text = fitted(&faces, &["one two three four five"], area, wish);
        assert_eq!((text.size, text.height() <= 30.0), (8.0, true));
        let text = fitted(
            &faces,
            &["a word and many others that go on and on"],
            area,
            wish,
        );
        let last = text.paragraphs.last().and_then(|it| it.last()).cloned();
        assert!(last.is_some_and(|last| last.ends_with('…')));
        assert!(text.height() <= 30.0);
        for line in text.paragraphs.iter().flatten() {
            assert!(
                faces.width(Weight::Regular, line) * text.size <= 100.0,
                "{line}"
            );
        }
        let long = fitted(&faces, &["abcdefghijklmnopqrstuvwxyz"], area, wish);
        assert!(long.paragraphs[0].len() > 1, "a long word is broken");
    }
}
