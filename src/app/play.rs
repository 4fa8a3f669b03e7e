//! Playing the as-of date: one step after the other, as fast as the numbers come.

use egui::Context;

use super::App;
use data::day::Day;
use ui::frame::as_of::{Pace, add_months};

/// Shortest time between two steps in seconds: slow enough to see what moved.
const STEP_SECONDS: f64 = 0.4;

/// Whether the date is playing, and how.
#[derive(Default)]
pub(super) struct Play {
    pub pace: Pace,
    running: Option<Running>,
}

struct Running {
    /// Time of the window's clock of the next step.
    next: f64,
    /// The date set last; another one means that somebody else has moved it.
    set: Option<Day>,
}

impl Play {
    pub(super) fn runs(&self) -> bool {
        self.running.is_some()
    }

    pub(super) fn stop(&mut self) {
        self.running = None;
    }
}

/// The date one step later.
fn later(day: Day, pace: Pace) -> Day {
    match pace {
        Pace::Week => day + 7,
        Pace::Month => add_months(day, 1),
        Pace::Quarter => add_months(day, 3),
    }
}

impl App {
    /// Starts playing, from the beginning when the date stands at the end; or pauses.
    pub(super) fn toggle_play(&mut self, now: f64) {
        if self.play.runs() {
            self.play.stop();
            return;
        }
        let Some(range) = self.days() else { return };
        self.history.commit();
        if self.history.current().as_of.is_none() {
            let first = range.setting(later(range.first, self.play.pace));
            self.edit(|project| project.as_of = first);
        }
        self.play.running = Some(Running {
            next: now + STEP_SECONDS,
            set: self.history.current().as_of,
        });
    }

    /// Takes the next step when it is due and the numbers of the last one are there; stops at the end.
    pub(super) fn go_on_playing(&mut self, ctx: &Context, now: f64) {
        let Some(running) = &self.play.running else {
            return;
        };
        let (next, set) = (running.next, running.set);
        let range = self.days();
        let here = self.history.current().as_of;
        let (Some(range), Some(day)) = (range, here.filter(|_| here == set)) else {
            return self.play.stop();
        };
        if now >= next && !self.jobs.busy() {
            let setting = range.setting(later(day, self.play.pace));
            self.edit(|project| project.as_of = setting);
            self.play.running = setting.map(|_| Running {
                next: now + STEP_SECONDS,
                set: setting,
            });
        }
        let wait = (next - now).clamp(0.01, STEP_SECONDS);
        ctx.request_repaint_after(std::time::Duration::from_secs_f64(wait));
    }
}
