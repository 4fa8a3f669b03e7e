//! What the open manual remembers between frames, and what the keys ask of it.

use egui::{Id, Key, Modifiers, Ui};

use crate::manual_link;
use manual::{Place, search};

/// A page to be shown from one of its blocks on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Spot {
    pub place: Place,
    pub block: usize,
    /// Row of the block, where it is a table.
    pub row: Option<usize>,
}

impl Spot {
    pub fn of(place: Place) -> Self {
        let block = place.section().block;
        Self {
            place,
            block,
            row: None,
        }
    }
}

/// The open manual and what is typed into it.
#[derive(Debug, Default)]
pub struct State {
    pub open: bool,
    /// Opens there; where the view is spoken of when nothing else was asked for.
    wanted: Option<Place>,
    pub(super) shown: Spot,
    /// Pages read before this one, for *Back*.
    pub(super) before: Vec<Spot>,
    pub(super) query: String,
    pub(super) found: Vec<search::Found>,
    pub(super) marked: usize,
    /// Scroll to the shown block in the next frames; a page's height is known after its first.
    pub(super) seek: u8,
    /// The list scrolls to its current row.
    pub(super) reveal: bool,
    pub(super) drawn: bool,
    /// What had the keyboard before.
    pub(super) focused: Option<Id>,
    /// What gets it back, and in how many frames: what lies behind a modal window may not have it, and
    /// the window counts as there for one frame longer.
    give_back: Option<(Id, u8)>,
}

impl State {
    /// Opens the manual where the view on the screen is spoken of.
    pub fn open(&mut self) {
        self.open = true;
    }

    /// Opens the manual at this section.
    pub fn read(&mut self, place: Place) {
        self.open = true;
        self.wanted = Some(place);
    }

    pub(super) fn go(&mut self, spot: Spot) {
        if self.drawn && spot != self.shown {
            self.before.push(self.shown);
        }
        self.show(spot);
    }

    pub(super) fn show(&mut self, spot: Spot) {
        self.shown = spot;
        self.seek = 2;
        self.reveal = true;
    }

    /// The manual after closing it.
    pub(super) fn closed(focused: Option<Id>) -> Self {
        Self {
            give_back: focused.map(|id| (id, 2)),
            ..Self::default()
        }
    }

    fn give_back(&mut self, ui: &Ui) {
        self.give_back = match self.give_back {
            Some((id, 0)) => {
                ui.memory_mut(|memory| memory.request_focus(id));
                None
            }
            Some((id, frames)) => {
                ui.ctx().request_repaint();
                Some((id, frames - 1))
            }
            None => None,
        };
    }

    /// Takes up a wish, and the view's own section when the manual was closed before.
    pub(super) fn prepare(&mut self, ui: &Ui, here: Place) {
        if let Some(place) = manual_link::asked_for(ui.ctx()) {
            self.read(place);
        }
        if !self.open {
            return self.give_back(ui);
        }
        if !self.drawn {
            self.focused = ui.memory(egui::Memory::focused);
            let place = self.wanted.take().unwrap_or(here);
            self.show(Spot::of(place));
        } else if let Some(place) = self.wanted.take() {
            self.go(Spot::of(place));
        }
    }
}

/// What the keys ask for in this frame.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Pressed {
    /// Down, or negative up: by arrows and by Page keys.
    pub lines: i8,
    pub pages: i8,
    /// Enter in the field.
    pub enter: bool,
}

impl Pressed {
    pub fn take(ui: &Ui) -> Self {
        ui.input_mut(|input| {
            let mut pressed = |key| i8::from(input.consume_key(Modifiers::NONE, key));
            Self {
                lines: pressed(Key::ArrowDown) - pressed(Key::ArrowUp),
                pages: pressed(Key::PageDown) - pressed(Key::PageUp),
                enter: false,
            }
        })
    }
}
