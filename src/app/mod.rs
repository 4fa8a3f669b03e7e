//! The window: draws, collects actions, applies them, talks to the worker.

pub mod raster;
