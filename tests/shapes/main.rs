//! Shapes of several files: recognised by their columns, joined, and explained, also when damaged.

#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::format_push_string,
    clippy::too_many_lines
)]

mod accounts;
mod de_ds;
mod malformed;
mod nested;
mod olist;
mod public;
mod round_trip;
mod set;
mod thelook;
mod wild;
