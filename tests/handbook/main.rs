//! The README and the manual: every link leads somewhere, nothing is missing, and F1 shows it.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod documents;
mod shown;
#[path = "../common/window.rs"]
mod window;
