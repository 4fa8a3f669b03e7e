//! A named thread that ends when asked to, and the text of a panic.

use std::{
    any::Any,
    io,
    sync::mpsc::{self, Receiver, RecvTimeoutError, Sender},
    thread::{Builder, JoinHandle},
    time::Duration,
};

use pipeline::Problem;

/// How long closing the window may wait for a job that does not notice it was cancelled.
const GRACE: Duration = Duration::from_secs(1);

pub(super) struct NamedThread {
    handle: Option<JoinHandle<()>>,
    /// Disconnects when the thread ends.
    ended: Receiver<()>,
}

impl NamedThread {
    pub fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> io::Result<Self> {
        let (running, ended): (Sender<()>, _) = mpsc::channel();
        let handle = Builder::new().name(name.to_owned()).spawn(move || {
            let _running = running;
            body();
        })?;
        Ok(Self {
            handle: Some(handle),
            ended,
        })
    }

    /// Waits for the end, but no longer than [`GRACE`]: a library that cannot be interrupted must not
    /// keep a closed window on the screen. Files are written atomically, so none is left half done.
    pub fn join(&mut self) {
        let Some(handle) = self.handle.take() else {
            return;
        };
        if self.ended.recv_timeout(GRACE) == Err(RecvTimeoutError::Disconnected) {
            // Jobs catch their panics, so an error here says nothing a notice did not say before.
            drop(handle.join());
        }
    }
}

/// What a job that panicked is reported as.
pub(super) fn panic_problem(what: &str, payload: &(dyn Any + Send)) -> Problem {
    let message = payload
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "no message was left".to_owned());
    Problem::new(
        format!("“{what}” stopped with an internal error"),
        message,
        "This is a mistake in Keepers, not in your data. The numbers shown before are still valid; \
         try again, or undo the last change.",
    )
}

/// What a thread that could not start is reported as.
pub(super) fn spawn_problem(error: &io::Error) -> Problem {
    Problem::new(
        "The background thread could not start",
        error.to_string(),
        "Close other programs and start Keepers again.",
    )
}
