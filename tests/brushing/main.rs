//! Selecting, combining, comparing and keeping customers in the window, and the names of its controls.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod controls;
mod points;
#[path = "../common/roles.rs"]
mod roles;
mod selecting;
#[path = "../common/window.rs"]
mod window;
