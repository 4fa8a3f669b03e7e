//! Memoised stages that turn a [`crate::project::Project`] into a [`Snapshot`].

pub mod snapshot;

pub use snapshot::Snapshot;
