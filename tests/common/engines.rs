//! Engines for windows whose numbers are not what a test is about.

// Every test uses its part of this.
#![allow(dead_code)]

use std::{sync::Arc, thread, time::Duration};

use keepers::{
    pipeline::{PipelineError, Request, Snapshot, cx::Monitor},
    project::Source,
    worker::Engine,
};

/// Works out nothing.
pub enum Stub {
    /// Has read everything at once.
    Idle,
    /// Reads, under the name of this stage, until it is told to stop.
    Endless(&'static str),
}

impl Engine for Stub {
    fn read(&mut self, request: &Request, monitor: &Monitor) -> Result<(), PipelineError> {
        let Self::Endless(stage) = self else {
            return Ok(());
        };
        if request.project.source == Source::None {
            return Ok(());
        }
        loop {
            monitor.check()?;
            monitor.progress(*stage, 1, 4);
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn run(
        &mut self,
        _: &Request,
        _: &Monitor,
        _: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<(), PipelineError> {
        Ok(())
    }
}
