//! What would puzzle somebody who hears the window instead of seeing it.

use std::collections::BTreeMap;

use egui::{Key, accesskit::Role};
use egui_kittest::kittest::{AccessKitNode, NodeT};

use crate::{
    roles::{OPERATED, SHOWN},
    window::Window,
};

/// The same for one widget from frame to frame.
fn identity(node: AccessKitNode<'_>) -> String {
    format!("{:?}", node.id())
}

/// Everything found so far, by the place where it was found.
#[derive(Default)]
pub struct Faults {
    found: Vec<String>,
    places: Vec<String>,
    controls: usize,
}

impl Faults {
    /// Looks at the window as it stands.
    pub fn look(&mut self, window: &Window, place: &str) {
        self.places.push(place.to_owned());
        let mut names: BTreeMap<(String, String), usize> = BTreeMap::new();
        let mut operated = 0;
        for node in window.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let role = node.role();
            if !OPERATED.contains(&role) && !SHOWN.contains(&role) {
                continue;
            }
            let name = node.label().unwrap_or_default();
            let name = name.trim();
            if name.is_empty() {
                let at = node.bounding_box();
                self.found
                    .push(format!("{place}: no name for {role:?} at {at:?}"));
            } else if !name.chars().any(char::is_alphanumeric) {
                self.found
                    .push(format!("{place}: {role:?} is called “{name}”"));
            } else if OPERATED.contains(&role) {
                operated += 1;
                // Heads belong to their table, which has a name of its own.
                if role == Role::ColumnHeader {
                    continue;
                }
                *names
                    .entry((format!("{role:?}"), name.to_owned()))
                    .or_default() += 1;
            }
        }
        for ((role, name), count) in names.into_iter().filter(|(_, count)| *count > 1) {
            let twins = format!("{count} × {role} “{name}”");
            if !self.found.iter().any(|known| known.ends_with(&twins)) {
                self.found.push(format!("{place}: {twins}"));
            }
        }
        self.controls += operated;
        if operated < 3 {
            self.found
                .push(format!("{place}: only {operated} controls"));
        }
    }

    /// Goes through the page with the Tab key: within a column nobody is led back up. Handles on one
    /// axis stand in two rows where they would cover each other, and follow by value; the heads of a
    /// table follow the table, which is one stop for its rows.
    pub fn tab_through(&mut self, window: &mut Window, place: &str) {
        const ROW: f32 = 24.0;
        let mut last: Option<(String, String)> = None;
        let mut seen: Vec<String> = Vec::new();
        for _ in 0..400 {
            window.harness.key_press(Key::Tab);
            window.harness.run_steps(1);
            let root = window.harness.root();
            let focused = root
                .children_recursive()
                .find(|node| node.accesskit_node().is_focused());
            let Some(focused) = focused else { continue };
            let name = focused.accesskit_node().label().unwrap_or_default();
            let role = focused.accesskit_node().role();
            let (id, rect) = (identity(focused.accesskit_node()), focused.rect());
            let name = format!("{role:?} “{name}” at {:.0?}", rect.min);
            // Looked up again: the page may have scrolled to what has the focus now.
            let before = last.as_ref().and_then(|(name, id)| {
                let mut all = root.children_recursive();
                let node = all.find(|node| identity(node.accesskit_node()) == *id)?;
                Some((name, node.rect()))
            });
            if seen.contains(&name) {
                break;
            }
            if let Some((before, at)) = before
                && rect.bottom() <= at.top() + 2.0
                && rect.top() < at.top() - ROW
                && role != Role::ColumnHeader
                && rect.left() < at.right()
                && at.left() < rect.right()
            {
                self.found
                    .push(format!("{place}: Tab leads up from {before} to {name}"));
            }
            seen.push(name.clone());
            last = Some((name, id));
        }
        if seen.len() < 3 {
            self.found
                .push(format!("{place}: Tab reaches {} controls", seen.len()));
        }
    }

    /// Fails when anything was found.
    pub fn none(self, least_places: usize) {
        println!("{} places, {} controls", self.places.len(), self.controls);
        assert!(self.places.len() >= least_places, "{:?}", self.places);
        assert!(self.found.is_empty(), "{:#?}", self.found);
    }
}
