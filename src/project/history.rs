//! Undo and redo over whole states.
//!
//! A state is small (or an `Arc`), so every step keeps one. Edits that belong together, such as the
//! hundred values of one drag, become one step because only [`History::commit`] closes a step: the
//! window commits when the pointer is let go. No clock decides.

use std::collections::VecDeque;

/// A state with its past and its future.
#[derive(Clone, Debug)]
pub struct History<T> {
    /// Closed states before `closed`, oldest first.
    past: VecDeque<T>,
    /// The last closed state: where undo returns to while an edit is open.
    closed: T,
    /// The state in use; differs from `closed` while an edit is open.
    current: T,
    /// States taken back, the next to redo last.
    future: Vec<T>,
    capacity: usize,
}

impl<T: Clone + PartialEq> History<T> {
    /// Starts at `state`; remembers at most `capacity` steps back, the oldest give way.
    #[must_use]
    pub fn new(state: T, capacity: usize) -> Self {
        Self {
            past: VecDeque::new(),
            closed: state.clone(),
            current: state,
            future: Vec::new(),
            capacity,
        }
    }

    /// The state in use.
    #[must_use]
    pub fn current(&self) -> &T {
        &self.current
    }

    /// The last closed state: what an open step began with.
    #[must_use]
    pub fn closed(&self) -> &T {
        &self.closed
    }

    /// Changes the state within an open step, e.g. while a threshold is dragged.
    pub fn edit(&mut self, state: T) {
        if state != self.current {
            self.future.clear();
            self.current = state;
        }
    }

    /// Closes the open step. Does nothing when it ends where it began.
    pub fn commit(&mut self) {
        if self.current == self.closed {
            return;
        }
        let before = std::mem::replace(&mut self.closed, self.current.clone());
        self.past.push_back(before);
        if self.past.len() > self.capacity {
            self.past.pop_front();
        }
    }

    /// A change that is a step of its own, e.g. a click. An open step is closed first.
    pub fn set(&mut self, state: T) {
        self.commit();
        self.edit(state);
        self.commit();
    }

    /// Starts anew at `state` without a past, e.g. when another project is opened.
    pub fn reset(&mut self, state: T) {
        *self = Self::new(state, self.capacity);
    }

    /// Goes back to this state and forgets the last step, where that step began with it: a change that
    /// turned out to be impossible never happened.
    pub fn retreat(&mut self, to: &T) -> bool {
        self.commit();
        let begun = self.past.back() == Some(to);
        if begun && let Some(before) = self.past.pop_back() {
            self.closed = before.clone();
            self.current = before;
        }
        begun
    }

    #[must_use]
    pub fn can_undo(&self) -> bool {
        !self.past.is_empty() || self.current != self.closed
    }

    #[must_use]
    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }

    /// Goes one step back; an open step is closed first, so that redo can bring it back.
    pub fn undo(&mut self) -> Option<&T> {
        self.commit();
        let before = self.past.pop_back()?;
        self.future
            .push(std::mem::replace(&mut self.closed, before));
        self.current = self.closed.clone();
        Some(&self.current)
    }

    /// Takes one undo back.
    pub fn redo(&mut self) -> Option<&T> {
        let after = self.future.pop()?;
        self.past
            .push_back(std::mem::replace(&mut self.closed, after));
        self.current = self.closed.clone();
        Some(&self.current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_go_back_and_forth() {
        let mut history = History::new(0, 10);
        assert!(!history.can_undo() && !history.can_redo());
        history.set(1);
        history.set(2);
        assert_eq!(history.undo(), Some(&1));
        assert_eq!(history.undo(), Some(&0));
        assert_eq!(history.undo(), None);
        assert_eq!(history.redo(), Some(&1));
        assert_eq!(history.redo(), Some(&2));
        assert_eq!(history.redo(), None);
        assert_eq!(*history.current(), 2);
    }

    #[test]
    fn an_impossible_step_never_happened() {
        let mut history = History::new(0, 10);
        history.set(1);
        history.edit(2);
        assert!(history.retreat(&1));
        assert_eq!((*history.current(), history.can_redo()), (1, false));
        assert!(!history.retreat(&7));
        assert_eq!(history.undo(), Some(&0));
    }

    #[test]
    fn a_drag_is_one_step() {
        let mut history = History::new(0, 10);
        for value in 1..=100 {
            history.edit(value);
        }
        history.commit();
        assert_eq!(history.undo(), Some(&0));
        assert_eq!(history.redo(), Some(&100));
    }

    #[test]
    fn undo_in_the_middle_of_a_drag_takes_the_drag_back() {
        let mut history = History::new(0, 10);
        history.set(1);
        history.edit(5);
        assert!(history.can_undo());
        assert_eq!(history.undo(), Some(&1));
        assert_eq!(history.redo(), Some(&5));
    }

    #[test]
    fn a_drag_that_ends_where_it_began_is_no_step() {
        let mut history = History::new(0, 10);
        history.edit(5);
        history.edit(0);
        history.commit();
        assert!(!history.can_undo());
    }

    #[test]
    fn a_new_change_drops_the_future() {
        let mut history = History::new(0, 10);
        history.set(1);
        history.undo();
        history.set(2);
        assert!(!history.can_redo());
        assert_eq!(history.undo(), Some(&0));
    }

    #[test]
    fn an_equal_state_keeps_the_future() {
        let mut history = History::new(0, 10);
        history.set(1);
        history.undo();
        history.set(0);
        assert_eq!(history.redo(), Some(&1));
    }

    #[test]
    fn the_oldest_steps_give_way() {
        let mut history = History::new(0, 3);
        for value in 1..=10 {
            history.set(value);
        }
        let mut back = Vec::new();
        while let Some(&state) = history.undo() {
            back.push(state);
        }
        assert_eq!(back, [9, 8, 7]);
    }
}
