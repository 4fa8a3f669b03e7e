//! The headless twin: one file per verb, the same core as the window.
