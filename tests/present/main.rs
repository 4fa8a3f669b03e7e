//! Scenes and presenting: kept, stepped through without a wait, left exactly as found, drawn as
//! pictures, and shown in a real window on a virtual screen.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod ahead;
mod keys;
mod recorded;
#[path = "../common/screen.rs"]
mod screen;
mod stage;
