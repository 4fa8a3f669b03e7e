//! A table on a slide, its texts broken into lines that fit their cells.

use super::{drawing::Ink, faces::Weight, side::Side};

/// A table whose texts fit their cells.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Board {
    /// Widths of the columns in points.
    pub columns: Vec<f32>,
    /// Heights of the rows.
    pub rows: Vec<f32>,
    pub size: f32,
    pub sides: Vec<Side>,
    pub cells: Vec<Vec<BoardCell>>,
}

/// A cell with its text broken into lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoardCell {
    pub lines: Vec<String>,
    pub weight: Weight,
    pub ink: Option<Ink>,
    pub fill: Option<Ink>,
    /// Colour of the first letter, where it is a mark.
    pub mark: Option<Ink>,
}

/// Space beside the text of a cell.
pub const CELL_MARGIN: f32 = 3.0;
