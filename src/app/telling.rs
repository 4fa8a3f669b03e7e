//! Notices: what the window tells, and for how long.

use std::path::PathBuf;

use egui::Context;

use super::App;
use ui::frame::notices::{Notice, Severity};

/// How long an info notice stays, in seconds.
const INFO_SECONDS: f64 = 6.0;

impl App {
    /// As [`App::notify`], but it stays until it is dismissed.
    pub(super) fn notify_until_read(&mut self, ctx: &Context, what: &str, why: String) {
        self.notify(ctx, Severity::Info, what, why);
        if let Some(notice) = self.notices.last_mut() {
            notice.expires = None;
        }
    }

    /// Says what earlier windows left that cannot be read: whoever misses work finds it there.
    pub(super) fn tell_unread(&mut self, ctx: &Context, sessions: &[PathBuf]) {
        for path in sessions {
            let why = format!(
                "{} is damaged, or was written by a newer Keepers. It is kept as it is; delete it if nothing is missing.",
                path.display()
            );
            let what = "What an earlier window kept cannot be read";
            self.notify_until_read(ctx, what, why);
        }
    }

    pub(super) fn notify(&mut self, ctx: &Context, severity: Severity, what: &str, why: String) {
        let now = ctx.input(|input| input.time);
        self.notices_made += 1;
        let expires = (severity == Severity::Info).then_some(now + INFO_SECONDS);
        if expires.is_some() {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(INFO_SECONDS));
        }
        // The same message once is enough.
        self.notices
            .retain(|known| known.what != what || known.why != why);
        self.notices.push(Notice {
            id: self.notices_made,
            severity,
            what: what.to_owned(),
            why,
            next: None,
            expires,
        });
    }

    /// Says that the files behind the numbers are no longer those of before.
    pub(super) fn say_files_changed(&mut self, ctx: &Context) {
        self.notify(
            ctx,
            Severity::Info,
            "The data files have changed",
            "The numbers are those of the files as they are now.".to_owned(),
        );
    }
}
