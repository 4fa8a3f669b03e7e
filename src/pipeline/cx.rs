//! What every stage gets besides its inputs: progress and cancellation.
//!
//! The types live in [`base::monitor`], because loading already needs them; they are named
//! here so that readers of the pipeline find them where the architecture says they are.

pub use base::monitor::{Cancel, Cancelled, Monitor, Progress};
