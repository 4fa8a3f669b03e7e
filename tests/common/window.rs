//! The real app in a test harness, on the sample shop.

use egui::vec2;
use egui_kittest::Harness;
use keepers::{
    app::{App, Options},
    project::Source,
};

/// A window 1,440 points wide, opened on the sample shop and not yet settled.
pub fn on_the_sample_shop(height: f32) -> Harness<'static, Option<App>> {
    let mut harness = Harness::builder()
        .with_size(vec2(1440.0, height))
        .with_max_steps(64)
        .build_ui_state(
            |ui, app: &mut Option<App>| {
                if let Some(app) = app {
                    app.ui(ui);
                } else {
                    let options = Options {
                        source: Source::Sample,
                        ..Options::default()
                    };
                    *app = Some(App::new(ui.ctx(), options));
                }
            },
            None,
        );
    harness.run_steps(3);
    harness
}
