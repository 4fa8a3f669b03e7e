//! What every layer may use: progress and cancelling, writing files whole, figures as people read them.

pub mod atomic;
pub mod figures;
pub mod monitor;
pub mod reading;
