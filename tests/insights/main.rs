//! The Overview's details against figures worked out separately, and against slow, simple code.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::too_many_lines)]

#[path = "../common/cdnow.rs"]
mod cdnow;
#[path = "../common/sample.rs"]
mod sample;

mod golden;
mod random_shops;
