//! What the interactive lane runs.

use std::sync::Arc;

use pipeline::{Pipeline, PipelineError, Request, Snapshot, cx::Monitor};

/// Turns requests into snapshots, in two steps that are cancelled for different reasons.
///
/// The pipeline is the one engine of the product; the trait is the seam at which tests put engines
/// that wait, fail or panic on demand.
pub trait Engine: Send {
    /// Gets the data of the request into memory, which may take long. Goes on when a newer request
    /// wants the same data.
    ///
    /// # Errors
    /// Why there is no data.
    fn read(&mut self, request: &Request, monitor: &Monitor) -> Result<(), PipelineError>;

    /// Computes the snapshot; is cancelled by every newer request.
    ///
    /// # Errors
    /// Why there is no newer snapshot.
    fn run(
        &mut self,
        request: &Request,
        monitor: &Monitor,
        publish: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<(), PipelineError>;
}

impl Engine for Pipeline {
    fn read(&mut self, request: &Request, monitor: &Monitor) -> Result<(), PipelineError> {
        Pipeline::read(self, request, monitor)
    }

    fn run(
        &mut self,
        request: &Request,
        monitor: &Monitor,
        publish: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<(), PipelineError> {
        Pipeline::run(self, request, monitor, publish).map(drop)
    }
}
