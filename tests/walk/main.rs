//! A walk through the whole window as a screen reader meets it: every view, section, tab, dialog and
//! panel, in two sizes. Every control has a name, no two with the same role and name stand on the screen
//! together, and the Tab key goes down the page, not up.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod empty;
#[path = "../common/engines.rs"]
mod engines;
mod faults;
mod places;
#[path = "../common/roles.rs"]
mod roles;
#[path = "../common/window.rs"]
mod window;
