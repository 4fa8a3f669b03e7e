//! The Segments and Customers views, driven by role and label as a user or a screen reader would.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

mod customers;
mod segments;
mod shop;
