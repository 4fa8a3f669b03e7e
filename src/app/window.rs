//! The native window around the app.

use std::path::PathBuf;

use eframe::{NativeOptions, Storage};
use egui::{Context, Ui, Vec2, ViewportBuilder, ViewportCommand};

use super::{App, Options, headless, storage};
use project::Source;
use ui::action::View;

/// Folder name of the app's data, and its id for the desktop.
const APP_ID: &str = "keepers";
const SIZE_KEY: &str = "window_size";

/// The window could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// No X11 or Wayland display: do the work headless instead.
    #[error("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)")]
    NoDisplay,
    #[error(
        "the window could not be opened: {0}. Check the graphics driver, or use the headless verbs (keepers --help)"
    )]
    Failed(String),
}

/// Whether the environment names a display; Windows and macOS always have one.
fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    cfg!(any(target_os = "windows", target_os = "macos"))
        || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
            .into_iter()
            .any(named)
}

/// Opens the window, with these files when there are any, and returns when it is closed.
///
/// # Errors
/// [`WindowError::NoDisplay`] where there is none, [`WindowError::Failed`] where it refuses.
pub fn run(paths: Vec<PathBuf>) -> Result<(), WindowError> {
    if !has_display() {
        return Err(WindowError::NoDisplay);
    }
    let viewport = ViewportBuilder::default()
        .with_app_id(APP_ID)
        .with_title("Keepers")
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([800.0, 560.0])
        .with_drag_and_drop(true)
        .with_icon(headless::icon(64));
    let native = NativeOptions {
        viewport,
        persist_window: true,
        ..NativeOptions::default()
    };
    let source = if paths.is_empty() {
        Source::None
    } else {
        Source::Files(paths)
    };
    eframe::run_native(
        APP_ID,
        native,
        Box::new(move |creation| {
            let settings = creation
                .storage
                .and_then(|storage| eframe::get_value(storage, storage::SETTINGS_KEY))
                .unwrap_or_default();
            let wanted: Option<[f32; 2]> = creation
                .storage
                .and_then(|storage| eframe::get_value(storage, SIZE_KEY));
            let options = Options {
                settings,
                source,
                data_folder: eframe::storage_dir(APP_ID),
                first_view: View::Start,
            };
            Ok(Box::new(Native {
                app: App::new(&creation.egui_ctx, options),
                size: wanted.unwrap_or_default(),
                wanted,
            }))
        }),
    )
    .map_err(|error| WindowError::Failed(error.to_string()))
}

/// The app in its window, and how large that window is.
///
/// The window's size is restored before the zoom is: kept in zoomed points, as eframe does, a window
/// at 150 % would come back smaller at every start.
struct Native {
    app: App,
    /// In points without zoom, while it is neither maximised nor full screen.
    size: [f32; 2],
    /// The size it had when it was closed, until it has it again.
    wanted: Option<[f32; 2]>,
}

impl Native {
    fn follow_size(&mut self, ctx: &Context) {
        let filled = ctx.input(|input| {
            let viewport = input.viewport();
            viewport.maximized == Some(true) || viewport.fullscreen == Some(true)
        });
        if filled {
            return;
        }
        let zoom = ctx.zoom_factor();
        match self.wanted.take() {
            Some(wanted) if (zoom - 1.0).abs() > 0.001 => {
                let size = Vec2::from(wanted) / zoom;
                ctx.send_viewport_cmd(ViewportCommand::InnerSize(size));
            }
            _ => self.size = (ctx.content_rect().size() * zoom).into(),
        }
    }
}

impl eframe::App for Native {
    fn ui(&mut self, ui: &mut Ui, _: &mut eframe::Frame) {
        self.follow_size(&ui.ctx().clone());
        self.app.ui(ui);
    }

    fn save(&mut self, storage: &mut dyn Storage) {
        eframe::set_value(storage, storage::SETTINGS_KEY, self.app.settings());
        eframe::set_value(storage, SIZE_KEY, &self.size);
    }

    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        self.app.end();
    }

    fn auto_save_interval(&self) -> std::time::Duration {
        std::time::Duration::from_secs(5)
    }

    fn clear_color(&self, _: &egui::Visuals) -> [f32; 4] {
        self.app.shown.palette.canvas.to_normalized_gamma_f32()
    }

    /// Scroll positions and open menus belong to a session, not to the next one.
    fn persist_egui_memory(&self) -> bool {
        false
    }
}
