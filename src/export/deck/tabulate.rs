//! Finds the largest type at which a table fits its place.

use super::{
    board::{Board, BoardCell, CELL_MARGIN},
    drawing::Area,
    faces::{Typefaces, Weight},
    grid::{Grid, GridCell},
    slide::{Wish, fitted, tidy},
    style,
};

/// Highest row.
const MOST_ROW: f32 = 76.0;

/// The table at the largest type at which nothing is cut; else at the smallest, cut with "…".
#[must_use]
pub fn tabulated(faces: &Typefaces, area: Area, grid: &Grid) -> Board {
    let whole = (8..=13)
        .rev()
        .map(|size| board(faces, area, grid, size as f32))
        .find(|tried| tried.whole);
    whole.unwrap_or_else(|| board(faces, area, grid, 8.0)).board
}

/// A table tried at a size.
struct Tried {
    board: Board,
    /// Nothing was cut, and it is as high as there is room.
    whole: bool,
}

fn board(faces: &Typefaces, area: Area, grid: &Grid, size: f32) -> Tried {
    let sum: f32 = grid.widths.iter().sum();
    let columns: Vec<f32> = grid
        .widths
        .iter()
        .map(|share| area.width * share / sum)
        .collect();
    let mut whole = true;
    let mut rows = Vec::new();
    let mut cells = Vec::new();
    let least = size * 1.7;
    let most_lines = (((MOST_ROW - 6.0) / (size * 1.25)) as usize).max(1);
    for (place, row) in grid.rows.iter().enumerate() {
        let fit = |(cell, width): (&GridCell, &f32)| {
            let weight = match (place, cell.strong) {
                (0, _) => Weight::Medium,
                (_, true) => Weight::Strong,
                _ => Weight::Regular,
            };
            let height = most_lines as f32 * size * 1.25;
            let room = Area::new(0.0, 0.0, width - 2.0 * CELL_MARGIN, height);
            let text = fitted(faces, &[&cell.text], room, Wish::new(weight, size, size));
            let lines = text.paragraphs.into_iter().next().unwrap_or_default();
            BoardCell {
                lines,
                weight,
                ink: cell.ink.or((place == 0).then_some(style::MUTED)),
                fill: cell.fill,
                mark: cell.mark,
            }
        };
        let fitted_row: Vec<BoardCell> = row.iter().zip(&columns).map(fit).collect();
        for (cell, asked) in fitted_row.iter().zip(row) {
            // Neither cut nor broken within a word.
            whole &= cell.lines.join(" ") == tidy(&asked.text);
        }
        let lines = fitted_row.iter().map(|cell| cell.lines.len()).max();
        rows.push((lines.unwrap_or(1).max(1) as f32 * size * 1.25 + size * 0.45).max(least));
        cells.push(fitted_row);
    }
    let height: f32 = rows.iter().sum();
    whole &= height <= area.height;
    // Spare height goes to the rows, within reason.
    let spare = ((area.height - height) / rows.len().max(1) as f32).clamp(0.0, size * 0.9);
    for row in &mut rows {
        *row += spare;
    }
    Tried {
        board: Board {
            columns,
            rows,
            size,
            sides: grid.sides.clone(),
            cells,
        },
        whole,
    }
}
