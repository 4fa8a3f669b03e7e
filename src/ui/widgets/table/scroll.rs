//! Where a table is scrolled to, in rows, and its two scroll bars.

use egui::{Id, Rect, Sense, Ui, pos2, vec2};

use crate::theme::{Palette, TABLE_ROW_HEIGHT};

/// Room kept free for the vertical bar.
pub const BAR_WIDTH: f32 = 10.0;
const HANDLE_LEAST: f32 = 28.0;

/// Scroll position of one table; kept by the view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scroll {
    /// Rows above the first visible one; fractions scroll by pixels.
    top_rows: f64,
    left: f32,
    content: Content,
    /// Row to bring into sight when the table is drawn next.
    wanted: Option<usize>,
}

/// What there is to scroll over.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Content {
    pub rows: usize,
    pub width: f32,
}

impl Scroll {
    /// Points the columns are shifted to the left.
    #[must_use]
    pub fn left(&self) -> f32 {
        self.left
    }

    /// Back to the first row.
    pub fn to_top(&mut self) {
        self.top_rows = 0.0;
    }

    /// Brings this row into sight when the table is drawn next.
    pub fn want(&mut self, row: usize) {
        self.wanted = Some(row);
    }

    /// Scrolls just enough to show this row in full.
    pub(super) fn reveal(&mut self, row: usize, body: Rect, rows: usize) {
        let shown = shown_rows(body);
        let row = row as f64;
        self.top_rows = self.top_rows.clamp((row + 1.0 - shown).max(0.0), row);
        self.clamp(body, rows);
    }

    fn clamp(&mut self, body: Rect, rows: usize) {
        let shown = shown_rows(body);
        self.top_rows = self.top_rows.clamp(0.0, (rows as f64 - shown).max(0.0));
        self.left = self
            .left
            .clamp(0.0, (self.content.width - body.width()).max(0.0));
    }

    /// Takes the wheel while the pointer is over the body.
    pub(super) fn update_ui(&mut self, ui: &mut Ui, body: Rect, content: Content) {
        self.content = content;
        if let Some(row) = self.wanted.take() {
            self.reveal(row, body, content.rows);
        }
        let before = (self.top_rows, self.left);
        if ui.rect_contains_pointer(body) && ui.is_enabled() {
            let delta = ui.input(egui::InputState::smooth_scroll_delta);
            let sideways = if ui.input(|input| input.modifiers.shift) && delta.x == 0.0 {
                vec2(delta.y, 0.0)
            } else {
                delta
            };
            self.top_rows -= f64::from(sideways.y / TABLE_ROW_HEIGHT);
            self.left -= sideways.x;
        }
        self.clamp(body, content.rows);
        // What the table used up must not scroll the view around it as well.
        if before != (self.top_rows, self.left) {
            ui.input_mut(|input| input.smooth_scroll_delta = egui::Vec2::ZERO);
            ui.ctx().request_repaint();
        }
    }

    /// Rows on screen and the y of their upper edges.
    pub(super) fn visible(&self, body: Rect, rows: usize) -> impl Iterator<Item = (usize, f32)> {
        let first = self.top_rows.floor();
        let shift = ((self.top_rows - first) * f64::from(TABLE_ROW_HEIGHT)) as f32;
        let count = ((body.height() + shift) / TABLE_ROW_HEIGHT).ceil() as usize;
        let first = first as usize;
        (first..(first + count).min(rows)).map(move |row| {
            let top = body.top() - shift + (row - first) as f32 * TABLE_ROW_HEIGHT;
            (row, top)
        })
    }

    /// Right edge of what can be clicked: the bar is left out when there is one.
    pub(super) fn content_right(&self, body: Rect) -> f32 {
        if shown_rows(body) < self.content.rows as f64 {
            body.right() - BAR_WIDTH
        } else {
            body.right()
        }
    }

    /// Draws and drags both bars where they are needed.
    pub(super) fn bars_ui(&mut self, ui: &mut Ui, palette: &Palette, id: Id, body: Rect) {
        let (rows, shown) = (self.content.rows as f64, shown_rows(body));
        if rows > shown + 0.01 {
            let track = Rect::from_min_max(pos2(body.right() - BAR_WIDTH, body.top()), body.max)
                .shrink(2.0);
            let span = Span {
                part: shown / rows,
                at: self.top_rows / (rows - shown),
            };
            if let Some(at) = bar_ui(ui, palette, id.with("vertical"), (track, 1), span) {
                self.top_rows = at * (rows - shown);
            }
        }
        let (width, shown) = (f64::from(self.content.width), f64::from(body.width()));
        if width > shown + 0.5 {
            let track = Rect::from_min_max(
                pos2(body.left(), body.bottom()),
                pos2(body.right() - BAR_WIDTH, body.bottom() + BAR_WIDTH),
            )
            .shrink(2.0);
            let span = Span {
                part: shown / width,
                at: f64::from(self.left) / (width - shown),
            };
            if let Some(at) = bar_ui(ui, palette, id.with("horizontal"), (track, 0), span) {
                self.left = (at * (width - shown)) as f32;
            }
        }
    }
}

fn shown_rows(body: Rect) -> f64 {
    f64::from(body.height() / TABLE_ROW_HEIGHT)
}

/// Length and position of a handle as shares of the track.
#[derive(Clone, Copy)]
struct Span {
    part: f64,
    at: f64,
}

/// Draws one bar; returns the new position (0…1) while it is dragged. `axis`: 0 = x, 1 = y.
fn bar_ui(
    ui: &mut Ui,
    palette: &Palette,
    id: Id,
    (track, axis): (Rect, usize),
    span: Span,
) -> Option<f64> {
    let length = track.size()[axis];
    let handle_length = (length * span.part as f32).max(HANDLE_LEAST).min(length);
    let room = length - handle_length;
    let mut handle = track;
    handle.min[axis] += room * span.at as f32;
    handle.max[axis] = handle.min[axis] + handle_length;
    let response = ui.interact(track.expand(2.0), id, Sense::DRAG | Sense::CLICK);
    let color = if response.hovered() || response.dragged() {
        palette.muted
    } else {
        palette.faint.gamma_multiply(0.6)
    };
    ui.painter().rect_filled(handle, 3, color);
    let moved = if response.dragged() {
        let delta = response.drag_delta()[axis];
        (room > 0.0 && delta != 0.0).then(|| span.at + f64::from(delta / room))
    } else if let Some(pos) = response
        .interact_pointer_pos()
        .filter(|_| response.clicked())
    {
        (room > 0.0).then(|| f64::from((pos[axis] - track.min[axis] - handle_length / 2.0) / room))
    } else {
        None
    };
    moved.map(|at| at.clamp(0.0, 1.0))
}
