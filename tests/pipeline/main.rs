//! The pipeline: what is computed anew after a change and what is not, cached = fresh, and what
//! happens to the last snapshot when something goes wrong.

// Helpers of tests may unwrap just as tests may.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod cached_equals_fresh;
mod reuse;
mod shelf;
mod trouble;
