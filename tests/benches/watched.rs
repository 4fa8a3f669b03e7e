//! Work watched from outside: what it tells, how often it looks whether it was cancelled, and what the
//! window's frames cost meanwhile.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use egui::{Context, RawInput, Rect, vec2};
use keepers::{
    app::{App, Options},
    base::monitor::{Cancel, Monitor},
    pipeline::Pipeline,
    project::Source,
};

use crate::made_up::InMemory;

/// Time of the window's own thread that a frame may cost.
pub const FRAME_MS: f64 = 16.0;

/// CPU time of the calling thread (Linux), else zero.
pub fn own_cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let first = stat
        .split_whitespace()
        .next()
        .and_then(|t| t.parse::<u64>().ok());
    first.unwrap_or(0) as f64 / 1e6
}

/// This share of the times, sorted, is not above it.
pub fn at(times: &[f64], share: f64) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    let last = times.len().saturating_sub(1) as f64;
    times
        .get((share * last).round() as usize)
        .copied()
        .unwrap_or(0.0)
}

/// What work has told so far.
#[derive(Default)]
pub struct Log {
    stage: String,
    since: Option<Instant>,
    /// Seconds by stage, in the order they were met.
    pub stages: Vec<(String, f64)>,
    looked: HashMap<std::thread::ThreadId, (Instant, f64)>,
    /// Longest time between two looks of a thread: wall and CPU seconds, and the stage.
    pub gap: (f64, f64, String),
}

impl Log {
    pub fn told(&mut self, stage: String) {
        if stage != self.stage {
            let now = Instant::now();
            if let Some(since) = self.since.replace(now) {
                let spent = (now - since).as_secs_f64();
                self.stages.push((std::mem::take(&mut self.stage), spent));
            }
            self.stage = stage;
        }
    }

    pub fn looked(&mut self) {
        let now = (Instant::now(), own_cpu_ms() / 1e3);
        let before = self.looked.insert(std::thread::current().id(), now);
        if let Some(before) = before {
            let cpu = now.1 - before.1;
            if cpu > self.gap.1 {
                self.gap = ((now.0 - before.0).as_secs_f64(), cpu, self.stage.clone());
            }
        }
    }
}

/// A log that several threads write to.
#[derive(Clone, Default)]
pub struct Book(Arc<Mutex<Log>>);

impl Book {
    /// A monitor that nobody cancels and that is written down.
    pub fn monitor(&self) -> Monitor {
        let (told, looked) = (self.clone(), self.clone());
        Monitor::new(Cancel::default(), move |progress| {
            told.open().told(progress.stage);
        })
        .watched(move || looked.open().looked())
    }

    pub fn open(&self) -> MutexGuard<'_, Log> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The window, and what its frames cost.
pub struct Window {
    pub ctx: Context,
    pub app: App,
    frames: usize,
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl Window {
    /// On a shop, settled.
    pub fn open(shop: &InMemory) -> Self {
        let ctx = Context::default();
        let options = Options {
            source: Source::Sample,
            ..Options::default()
        };
        let app = App::with_engine(&ctx, options, Pipeline::with_loader(Box::new(shop.clone())));
        let mut window = Self {
            ctx,
            app,
            frames: 0,
            cpu: Vec::new(),
            wall: Vec::new(),
        };
        while !window.app.settled() {
            window.frame();
        }
        window
    }

    /// One frame, 60 a second.
    pub fn frame(&mut self) {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, vec2(1440.0, 900.0))),
            time: Some(self.frames as f64 / 60.0),
            ..RawInput::default()
        };
        self.frames += 1;
        let (cpu, wall) = (own_cpu_ms(), Instant::now());
        self.app.receive(&self.ctx);
        let mut output = self.ctx.run_ui(input, |ui| self.app.ui(ui));
        let shapes = std::mem::take(&mut output.shapes);
        let primitives = self.ctx.tessellate(shapes, output.pixels_per_point);
        std::hint::black_box(primitives);
        output.drop_without_applying_deltas();
        self.cpu.push(own_cpu_ms() - cpu);
        let passed = wall.elapsed();
        self.wall.push(passed.as_secs_f64() * 1e3);
        std::thread::sleep(Duration::from_micros(16_667).saturating_sub(passed));
    }

    /// Measures frames anew from here.
    pub fn forget(&mut self) {
        (self.cpu, self.wall) = (Vec::new(), Vec::new());
    }

    /// What the frames cost since then.
    pub fn costs(&self) -> String {
        format!(
            "{} frames: CPU median {:.2}, worst {:.2} ms; wall median {:.2}, 99 % {:.2} ms",
            self.cpu.len(),
            at(&self.cpu, 0.5),
            self.worst_ms(),
            at(&self.wall, 0.5),
            at(&self.wall, 0.99),
        )
    }

    /// The dearest frame: time of the window's own thread.
    pub fn worst_ms(&self) -> f64 {
        at(&self.cpu, 1.0)
    }
}
