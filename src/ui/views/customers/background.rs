//! Work on the customer list that is too long for a frame: one job at a time, the newest wins.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::{Receiver, TryRecvError, channel},
};

/// Tells a running job that nobody waits for it any more.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    #[must_use]
    pub fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A running job; dropping it asks it to stop.
#[derive(Debug)]
pub struct Job<T> {
    result: Receiver<T>,
    stop: Stop,
}

/// Where a job is.
#[derive(Debug, PartialEq, Eq)]
pub enum Poll<T> {
    Running,
    Done(T),
    /// It ended without a result.
    Failed,
}

impl<T: Send + 'static> Job<T> {
    /// Starts `work` on a thread of its own and wakes the window when it is done.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(
        ctx: &egui::Context,
        work: impl FnOnce(&Stop) -> Option<T> + Send + 'static,
    ) -> std::io::Result<Self> {
        let (sender, result) = channel();
        let stop = Stop::default();
        let (ctx, asked) = (ctx.clone(), stop.clone());
        std::thread::Builder::new()
            .name("customer list".to_owned())
            .spawn(move || {
                // Nobody listens any more when a newer job has taken over: that is no error.
                if let Some(value) = work(&asked) {
                    let _ = sender.send(value);
                }
                drop(sender);
                ctx.request_repaint();
            })?;
        Ok(Self { result, stop })
    }

    pub fn poll(&self) -> Poll<T> {
        match self.result.try_recv() {
            Ok(value) => Poll::Done(value),
            Err(TryRecvError::Empty) => Poll::Running,
            Err(TryRecvError::Disconnected) => Poll::Failed,
        }
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.stop.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(job: &Job<T>) -> Poll<T> {
        let begin = std::time::Instant::now();
        loop {
            match job.poll() {
                Poll::Running if begin.elapsed().as_secs() < 20 => std::thread::yield_now(),
                end => return end,
            }
        }
    }

    #[test]
    fn a_job_hands_back_its_result_once() {
        let job = Job::start(&egui::Context::default(), |_| Some(42)).expect("a thread");
        assert_eq!(wait(&job), Poll::Done(42));
        assert_eq!(wait(&job), Poll::Failed);
    }

    #[test]
    fn a_dropped_job_is_asked_to_stop() {
        let (sender, receiver) = channel();
        let job = Job::<()>::start(&egui::Context::default(), move |stop| {
            while !stop.asked() {
                std::thread::yield_now();
            }
            sender.send("stopped").ok();
            None
        })
        .expect("a thread");
        drop(job);
        let told = receiver.recv_timeout(std::time::Duration::from_secs(20));
        assert_eq!(told, Ok("stopped"));
    }
}
