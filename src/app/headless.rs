//! The real app drawn into pictures: no GPU, no display, the same bytes from run to run.
//!
//! First the numbers are awaited without drawing; then every view is drawn in a context of its own,
//! for a fixed number of frames with a made-up clock. So nothing in a picture depends on how long
//! anything took.

use std::{
    fs,
    io::{self, Cursor},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use egui::{Color32, Context, FullOutput, IconData, RawInput, Rect, Vec2, vec2};
use image::{ImageFormat, RgbaImage};

mod painted;

use super::{App, Options, raster::Rasterizer, scene_pictures, set_up, system_fonts};
use analysis::selection::Selection;
use data::{dataset::options::ReadOptions, day::Day};
use pipeline::named;
use project::{Settings, Source, ThemeChoice, file::write_atomically};
use ui::{
    action::{Action, View},
    frame::{asks::Ask, notices::Severity, parts, scenes::SceneAction},
    theme::Palette,
    views::{
        audiences::Section as AudienceSection,
        data::Tab,
        models::{self, ModelTab, ModelsAction},
        segments::Section,
    },
};

pub use painted::{Page, Painted};

/// Frames per picture: enough for layouts that need a second pass and for animations to end.
const FRAMES: usize = 8;
/// How long a view's own work, such as a profile, may take; drawn without it after that.
const VIEW_DEADLINE: Duration = Duration::from_mins(2);
/// Time between two frames in seconds; longer than any animation.
const FRAME_SECONDS: f64 = 0.2;

/// What to draw.
#[derive(Clone, Debug)]
pub struct RenderOptions {
    pub views: Vec<View>,
    /// Size of the window in points.
    pub size: Vec2,
    /// Pixels per point.
    pub scale: f32,
    pub dark: bool,
    /// S; `None` means the day after the last order.
    pub as_of: Option<Day>,
    /// Selected before drawing, as `segment:VIP`, `cohort:2024-03`, `cohort:2024-03:2` (two periods
    /// later), `rf:5:4` or `customer:ID`.
    pub select: Vec<String>,
    /// Id of the customer whose drill-down is open.
    pub customer: Option<String>,
    /// Part of the Data view.
    pub data_tab: Tab,
    /// Part of the Segments view.
    pub section: Section,
    /// Part of the Audiences view.
    pub audiences: AudienceSection,
    /// Recipe trained before drawing, by name, and the part of the Models view that is drawn.
    pub train: Option<String>,
    pub model_tabs: Vec<ModelTab>,
    /// How the files are read; `None` leaves it to the project.
    pub reading: Option<ReadOptions>,
    /// How long the numbers may take.
    pub deadline: Duration,
}

impl Default for RenderOptions {
    fn default() -> Self {
        Self {
            views: View::ALL.to_vec(),
            size: vec2(1440.0, 900.0),
            scale: 1.0,
            dark: false,
            as_of: None,
            select: Vec::new(),
            customer: None,
            data_tab: Tab::default(),
            section: Section::default(),
            train: None,
            model_tabs: Vec::new(),
            reading: None,
            audiences: AudienceSection::default(),
            deadline: Duration::from_mins(10),
        }
    }
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// The files could not be opened; the text says which, why, and what to do.
    #[error("{0}")]
    Data(String),
    #[error("the numbers took longer than {} s. Try fewer files", .0.as_secs())]
    Deadline(Duration),
    #[error(
        "nothing to select is called “{0}”. Use {parts}, with names as the views show them",
        parts = named::PARTS
    )]
    Selection(String),
    #[error("there is no recipe “{0}”. Recipes: {names}", names = models::recipe_names())]
    Recipe(String),
    #[error("there is no customer with the id “{0}”")]
    Customer(String),
    #[error("{}: {source}. Choose a folder you may write to", path.display())]
    Write { path: PathBuf, source: io::Error },
    #[error("the picture could not be encoded: {0}")]
    Encode(#[from] image::ImageError),
    #[error("there are no scenes in this project. Add some in the window, or leave --scenes out")]
    NoScenes,
    #[error("there is no chart called “{name}”. {}", super::picture::offer(known))]
    NoChart { name: String, known: Vec<String> },
    #[error(transparent)]
    Chart(#[from] super::picture::PictureError),
}

/// Opens the source, draws the views and writes one PNG each (`overview.png`…) into `out`; returns
/// the files in the order of the views.
///
/// # Errors
/// When the source cannot be opened, something to select does not exist, or a file cannot be written.
pub fn render_views(
    source: Source,
    out: &Path,
    options: &RenderOptions,
) -> Result<Vec<PathBuf>, RenderError> {
    let mut stage = Stage::open(source, options)?;
    fs::create_dir_all(out).map_err(|source| RenderError::Write {
        path: out.to_owned(),
        source,
    })?;
    let mut files = Vec::new();
    for &view in &options.views {
        let several = view == View::Models && options.model_tabs.len() > 1;
        for &tab in options.model_tabs.iter().filter(|_| several) {
            stage.app.views.models.tab = tab;
            let path = out.join(format!("{}-{}.png", view.name(), tab.name()));
            write_png(&stage.picture(view), &path)?;
            files.push(path);
        }
        if several {
            continue;
        }
        let path = out.join(format!("{}.png", view.name()));
        write_png(&stage.picture(view), &path)?;
        files.push(path);
    }
    Ok(files)
}

/// Opens a project and draws every scene of it as it is presented, one PNG each; returns the files in
/// the order of the scenes.
///
/// # Errors
/// See [`render_views`]; and when the project has no scenes.
pub fn render_scenes(
    source: Source,
    out: &Path,
    options: &RenderOptions,
) -> Result<Vec<PathBuf>, RenderError> {
    let mut stage = Stage::open(source, options)?;
    if stage.app.project().scenes.is_empty() {
        return Err(RenderError::NoScenes);
    }
    fs::create_dir_all(out).map_err(|source| RenderError::Write {
        path: out.to_owned(),
        source,
    })?;
    scene_pictures::write_scenes(&mut stage, out).map_err(RenderError::Data)
}

/// A picture as PNG.
fn png_bytes(picture: &RgbaImage) -> Result<Vec<u8>, RenderError> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// Writes a PNG whole or not at all.
pub fn write_png(picture: &RgbaImage, path: &Path) -> Result<(), RenderError> {
    write_atomically(path, &png_bytes(picture)?).map_err(|source| RenderError::Write {
        path: path.to_owned(),
        source,
    })
}

/// Writes the product mark as a square PNG of so many pixels.
///
/// # Errors
/// When the file cannot be written.
pub fn write_icon(side: u32, path: &Path) -> Result<(), RenderError> {
    let IconData {
        rgba,
        width,
        height,
    } = icon(side);
    let picture = RgbaImage::from_raw(width, height, rgba).unwrap_or_default();
    write_png(&picture, path)
}

/// An app with its numbers, ready to be drawn.
pub struct Stage {
    app: App,
    size: Vec2,
    scale: f32,
    /// The view whose own work has been waited for last.
    prepared: Option<View>,
}

impl Stage {
    /// Starts the app on a source and waits for its numbers.
    ///
    /// # Errors
    /// See [`render_views`].
    pub fn open(source: Source, options: &RenderOptions) -> Result<Self, RenderError> {
        let ctx = Context::default();
        let welcome = source == Source::None;
        let theme = if options.dark {
            ThemeChoice::Dark
        } else {
            ThemeChoice::Light
        };
        let settings = Settings {
            theme,
            ..Settings::default()
        };
        let mut app = App::new(
            &ctx,
            Options {
                settings,
                source,
                data_folder: None,
                first_view: View::default(),
            },
        );
        if let Some(reading) = &options.reading {
            app.edit(|project| project.reading = reading.clone());
            app.history.commit();
            // What is being read otherwise gives way.
            app.send(&ctx, false, 0.0);
        }
        let mut stage = Self {
            app,
            size: options.size,
            scale: options.scale,
            prepared: None,
        };
        stage.wait(&ctx, options.deadline)?;
        if !welcome {
            stage.arrange(&ctx, options)?;
        }
        Ok(stage)
    }

    /// An app that tests have prepared themselves.
    #[must_use]
    pub fn of(app: App, size: Vec2, scale: f32) -> Self {
        Self {
            app,
            size,
            scale,
            prepared: None,
        }
    }

    pub fn app_mut(&mut self) -> &mut App {
        &mut self.app
    }

    fn wait(&mut self, ctx: &Context, deadline: Duration) -> Result<(), RenderError> {
        let started = Instant::now();
        loop {
            self.app.receive(ctx);
            let failed = |notice: &&ui::frame::notices::Notice| notice.severity == Severity::Error;
            if let Some(notice) = self.app.notices().iter().find(failed) {
                return Err(RenderError::Data(format!(
                    "{}. {}",
                    notice.what, notice.why
                )));
            }
            if let Some(Ask::Missing { paths, .. }) = self.app.ask() {
                let names: Vec<_> = paths
                    .iter()
                    .map(|path| path.display().to_string())
                    .collect();
                return Err(RenderError::Data(format!(
                    "Data files of the project are not where they were: {}. Open the project in the window to say where they are now",
                    names.join(", ")
                )));
            }
            if self.app.settled() {
                return Ok(());
            }
            if started.elapsed() > deadline {
                return Err(RenderError::Deadline(deadline));
            }
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Trains a recipe and waits for the run.
    fn train(&mut self, ctx: &Context, options: &RenderOptions) -> Result<(), RenderError> {
        self.app.views.models.tab = options.model_tabs.first().copied().unwrap_or_default();
        let (Some(name), Some(shop)) = (&options.train, &self.app.snapshot().shop) else {
            return Ok(());
        };
        let recipe = models::recipe_named(self.app.project(), shop, name)
            .ok_or_else(|| RenderError::Recipe(name.clone()))?;
        let train = Action::Models(ModelsAction::Train(Box::new(recipe)));
        self.app.apply(ctx, train);
        self.wait(ctx, options.deadline)?;
        self.app.send(ctx, false, 0.0);
        self.wait(ctx, options.deadline)?;
        self.app.notices.clear();
        Ok(())
    }

    /// Predicts with a saved model and waits for everything that follows from it.
    pub(super) fn load_model(
        &mut self,
        path: &Path,
        deadline: Duration,
    ) -> Result<(), RenderError> {
        let ctx = Context::default();
        self.app.load_model(&ctx, path.to_owned());
        self.wait(&ctx, deadline)?;
        self.app.send(&ctx, false, 0.0);
        self.wait(&ctx, deadline)?;
        self.app.notices.clear();
        Ok(())
    }

    /// Applies selection and open customer.
    fn arrange(&mut self, ctx: &Context, options: &RenderOptions) -> Result<(), RenderError> {
        let unknown = |text: &String| RenderError::Selection(text.clone());
        let mut selection = Selection::default();
        let mut customer = None;
        if let Some(shop) = &self.app.snapshot().shop {
            for text in &options.select {
                let part = named::part(shop, text).ok_or_else(|| unknown(text))?;
                selection.parts.push(part);
            }
            if let Some(id) = &options.customer {
                let number =
                    named::customer(shop, id).ok_or_else(|| RenderError::Customer(id.clone()))?;
                customer = Some(number);
            }
        }
        if !selection.parts.is_empty() {
            self.app.selection = selection;
        }
        if options.as_of.is_some() {
            self.app.edit(|project| project.as_of = options.as_of);
        }
        self.app.history.commit();
        self.app.send(ctx, false, 0.0);
        self.wait(ctx, options.deadline)?;
        self.app.apply(ctx, Action::OpenCustomer(customer));
        self.app.apply(ctx, Action::ShowDataTab(options.data_tab));
        self.app.views.segments.section = options.section;
        self.train(ctx, options)?;
        self.app.views.audiences.section = options.audiences;
        Ok(())
    }

    /// Draws one view.
    pub fn picture(&mut self, view: View) -> RgbaImage {
        self.app.shown.view = view;
        self.app.notices.clear();
        let ctx = system_fonts::context();
        set_up(&ctx, &self.app.shown.palette, self.app.settings.zoom);
        self.paint(ctx).picture()
    }

    /// Shows a view and waits for what it asks for, without keeping the picture.
    pub(super) fn prepare(&mut self, view: View) {
        if self.prepared == Some(view) {
            return;
        }
        self.app.shown.view = view;
        let ctx = system_fonts::context();
        set_up(&ctx, &self.app.shown.palette, self.app.settings.zoom);
        let mut raster = Rasterizer::default();
        for number in 0..2 {
            self.frame(&ctx, number, &mut raster);
            self.finish_work(&ctx);
        }
        self.prepared = Some(view);
    }

    /// Has the next view wait for its work again: what is shown has changed.
    pub(super) fn show_anew(&mut self) {
        self.prepared = None;
    }

    /// Draws one scene as it is presented.
    pub fn scene_picture(&mut self, at: usize) -> RgbaImage {
        let ctx = system_fonts::context();
        let zoom = self.app.settings.zoom;
        set_up(&ctx, &self.app.shown.palette, zoom);
        self.app.notices.clear();
        let present = SceneAction::Present(at);
        self.app.apply(&ctx, Action::Scene(present));
        self.app.send(&ctx, false, 0.0);
        self.finish_work(&ctx);
        let picture = self.paint(ctx.clone()).picture();
        self.app.apply(&ctx, Action::Scene(SceneAction::Leave));
        picture
    }

    /// Waits for what a view asked for when it was drawn first.
    pub(super) fn finish_work(&mut self, ctx: &Context) {
        let started = Instant::now();
        while !self.app.settled() && started.elapsed() < VIEW_DEADLINE {
            thread::sleep(Duration::from_millis(2));
            self.app.receive(ctx);
        }
    }

    fn frame(&mut self, ctx: &Context, number: usize, raster: &mut Rasterizer) -> FullOutput {
        let zoom = self.app.zoom();
        let input = input(self.size / zoom, self.scale, number as f64 * FRAME_SECONDS);
        let mut output = ctx.run_ui(input, |ui| self.app.ui(ui));
        raster.update_textures(&mut output.textures_delta);
        output
    }
}

/// What a window would hand to egui: its size and the time, no mouse, no keys.
pub(super) fn input(size: Vec2, scale: f32, time: f64) -> RawInput {
    let mut input = RawInput {
        screen_rect: Some(Rect::from_min_size(egui::Pos2::ZERO, size)),
        time: Some(time),
        predicted_dt: FRAME_SECONDS as f32,
        max_texture_side: Some(8192),
        ..RawInput::default()
    };
    if let Some(viewport) = input.viewports.get_mut(&input.viewport_id) {
        viewport.native_pixels_per_point = Some(scale);
    }
    input
}

/// The product mark as a window icon.
#[must_use]
pub fn icon(side: u32) -> IconData {
    let ctx = Context::default();
    let mut raster = Rasterizer::default();
    let size = Vec2::splat(side as f32);
    let palette = Palette::light();
    let mut output = ctx.run_ui(input(size, 1.0, 0.0), |ui| {
        let rect = ui.max_rect();
        parts::paint_logo(ui.painter(), rect, &palette);
    });
    raster.update_textures(&mut output.textures_delta);
    let primitives = ctx.tessellate(output.shapes, 1.0);
    let pixels = [side as usize; 2];
    let picture = raster.draw(&primitives, pixels, 1.0, Color32::TRANSPARENT);
    IconData {
        rgba: picture.into_raw(),
        width: side,
        height: side,
    }
}
