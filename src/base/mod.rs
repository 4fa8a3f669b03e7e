//! What every layer may use: progress and cancelling, writing files whole.

pub mod atomic;
pub mod monitor;
