//! The worker: newest wins, cancel, stale results dropped, panics survived. No test sleeps: engines
//! wait at gates that the test opens, and the test waits for wake-ups with a deadline.

// Helpers of tests may unwrap just as tests may.
#![allow(clippy::unwrap_used, clippy::expect_used)]

mod requests;
mod script;
mod tasks;
