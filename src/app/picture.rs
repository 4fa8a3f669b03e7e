//! One chart as a picture of any size: PNG, SVG, and its numbers.
//!
//! The view that holds the chart is drawn in a context of its own, out of sight, by the same code
//! and with the same state as in the window; the one card draws itself over the whole picture
//! ([`ui::chart::portrait`]). Where its content needs more room than the picture has, the
//! picture is drawn smaller, never cut off. Nothing depends on a clock: the same inputs give the
//! same bytes.

use std::{
    fs,
    io::Cursor,
    path::{Path, PathBuf},
};

use egui::{
    CentralPanel, Color32, Context, Frame, Rect, Ui, Vec2,
    epaint::{ClippedPrimitive, ClippedShape},
    vec2,
};
use image::ImageFormat;

use super::{
    App,
    headless::{RenderError, RenderOptions, Stage, input},
    raster::Rasterizer,
    set_up, system_fonts,
    vector::{Page, drawing, svg},
};
use export::deck::drawing::Drawing;
use project::{Source, file::write_atomically};
use ui::{
    action::{Actions, View},
    chart::{
        Format, PictureOrder, PictureSpec, Sheet,
        picture::file_name,
        portrait::{self, Card, Drawn, Sitting},
    },
    format,
    frame::{compare, notices::Severity, selection_text},
    theme::{Palette, gap},
    views,
};

/// Frames until a layout stands still and animations have ended.
const FRAMES: usize = 3;
const FRAME_SECONDS: f64 = 0.2;
/// Times a picture is drawn anew because its content does not fit.
const ATTEMPTS: usize = 4;
/// A chart that leaves this much of its picture empty is drawn larger, up to this.
const LOOSE: f32 = 0.8;
const MOST_LARGER: f32 = 1.6;
/// The page behind a picture: wide enough for cards side by side, high enough that none is skipped.
const BEHIND: Vec2 = vec2(1440.0, 12_000.0);

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    #[error("no shop is open, so there is nothing to draw. Open files first")]
    NoShop,
    #[error("{} shows no chart called “{name}”. {}", view.title(), offer(known))]
    Unknown {
        view: View,
        name: String,
        known: Vec<String>,
    },
    #[error("the picture could not be encoded: {0}")]
    Encode(#[from] image::ImageError),
}

/// What is written of a chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Picture(Format),
    /// The numbers behind it.
    Csv,
}

impl Output {
    fn ending(self) -> &'static str {
        match self {
            Self::Picture(format) => format.ending(),
            Self::Csv => "csv",
        }
    }
}

/// Opens the source and writes one chart of the chosen views, or all of them where `chart` is "all",
/// as `NAME.png` and so on into `out`; returns the files in the order of the pages.
///
/// # Errors
/// When the source cannot be opened, no view shows such a chart, or a file cannot be written.
pub fn render_charts(
    source: Source,
    out: &Path,
    options: &RenderOptions,
    (chart, output): (&str, Output),
) -> Result<Vec<PathBuf>, RenderError> {
    let mut stage = Stage::open(source, options)?;
    let spec = PictureSpec {
        width: (options.size.x * options.scale).round() as u32,
        height: (options.size.y * options.scale).round() as u32,
        text: options.scale,
        dark: options.dark,
    };
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| RenderError::Write { path, source }
    };
    fs::create_dir_all(out).map_err(failed(out))?;
    let (mut files, mut known) = (Vec::new(), Vec::new());
    for &view in &options.views {
        for card in stage.charts(view) {
            if chart == "all" || chart == card.name {
                let picture = stage.chart(view, &card.name, &spec)?;
                let bytes = match output {
                    Output::Picture(format) => picture.bytes(format)?,
                    Output::Csv => picture.sheet().csv().into_bytes(),
                };
                let path = out.join(file_name(&card.name, output.ending()));
                write_atomically(&path, &bytes).map_err(failed(&path))?;
                files.push(path);
            }
            known.push(card.name);
        }
    }
    if files.is_empty() {
        return Err(RenderError::NoChart {
            name: chart.to_owned(),
            known,
        });
    }
    Ok(files)
}

pub(super) fn offer(known: &[String]) -> String {
    if known.is_empty() {
        "It shows no charts with the data at hand".to_owned()
    } else {
        format!("Its charts are {}", known.join(", "))
    }
}

/// A chart, drawn but not yet written in any format. Writing it needs no window: it may be done on
/// another thread.
pub struct Picture {
    spec: PictureSpec,
    size: Vec2,
    pixels_per_point: f32,
    background: Color32,
    card: Card,
    sheet: Sheet,
    shapes: Vec<ClippedShape>,
    primitives: Vec<ClippedPrimitive>,
    raster: Rasterizer,
}

impl Picture {
    /// Title and finding of the chart.
    #[must_use]
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// The chart's numbers.
    #[must_use]
    pub fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// As paths and texts.
    #[must_use]
    pub fn drawing(&self) -> Drawing {
        drawing(&self.shapes, self.size)
    }

    #[must_use]
    pub fn svg(&self) -> String {
        svg(
            &self.shapes,
            Page {
                size: self.size,
                pixels: [self.spec.width, self.spec.height],
                title: &self.card.title,
                description: &self.card.finding,
            },
        )
    }

    /// # Errors
    /// [`PictureError::Encode`].
    pub fn png(&self) -> Result<Vec<u8>, PictureError> {
        let pixels = [self.spec.width as usize, self.spec.height as usize];
        let picture = self.raster.draw(
            &self.primitives,
            pixels,
            self.pixels_per_point,
            self.background,
        );
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png)?;
        Ok(bytes.into_inner())
    }

    /// # Errors
    /// [`PictureError::Encode`].
    pub fn bytes(&self, format: Format) -> Result<Vec<u8>, PictureError> {
        match format {
            Format::Png => self.png(),
            Format::Svg => Ok(self.svg().into_bytes()),
        }
    }
}

/// A chart to be drawn.
#[derive(Clone, Copy)]
struct Wanted<'a> {
    name: &'a str,
    /// Without title, finding and source, to the very edges.
    bare: bool,
}

impl App {
    /// The charts a view shows now, in the order of the page.
    pub fn charts(&mut self, view: View) -> Vec<Card> {
        let none = Wanted {
            name: "",
            bare: false,
        };
        self.sit(view, &PictureSpec::PAGE, none)
            .map_or_else(Vec::new, |seat| seat.sitting.cards)
    }

    /// Draws one chart of a view; `name` is one of [`Self::charts`].
    ///
    /// # Errors
    /// [`PictureError::NoShop`], [`PictureError::Unknown`].
    pub fn picture(
        &mut self,
        view: View,
        name: &str,
        spec: &PictureSpec,
    ) -> Result<Picture, PictureError> {
        self.portrait(view, Wanted { name, bare: false }, spec)
    }

    /// Draws one chart of a view without title, finding and source, to its very edges.
    ///
    /// # Errors
    /// See [`Self::picture`].
    pub(super) fn bare_picture(
        &mut self,
        view: View,
        name: &str,
        spec: &PictureSpec,
    ) -> Result<Picture, PictureError> {
        self.portrait(view, Wanted { name, bare: true }, spec)
    }

    /// Draws what a view shows, without the window around it, on a page of this size in points.
    pub(super) fn view_alone(&mut self, view: View, size: Vec2) -> Option<Picture> {
        const SHARP: f32 = 2.0;
        let palette = Palette::of(false);
        let ctx = system_fonts::context();
        set_up(&ctx, &palette, 1.0);
        let mut raster = Rasterizer::default();
        let mut states = std::mem::take(&mut self.views);
        let mut shapes = Vec::new();
        if let Some(shop) = &self.snapshot.shop {
            let frame_cx = self.frame_cx(&palette);
            let cx = frame_cx.view_cx(shop);
            for number in 0..FRAMES {
                let time = number as f64 * FRAME_SECONDS;
                let draw = |ui: &mut Ui| {
                    let panel = CentralPanel::no_frame();
                    panel.show(ui, |ui| {
                        views::show_ui(view, ui, &cx, &mut states, &mut Actions::new());
                    });
                };
                let mut output = ctx.run_ui(input(size, SHARP, time), draw);
                raster.update_textures(&mut output.textures_delta);
                shapes = output.shapes;
            }
        }
        self.views = states;
        self.snapshot.shop.as_ref()?;
        let pixels = size * SHARP;
        Some(Picture {
            spec: PictureSpec::light(pixels.x as u32, pixels.y as u32, SHARP),
            size,
            pixels_per_point: SHARP,
            background: palette.card,
            card: Card {
                name: view.name().to_owned(),
                title: view.title().to_owned(),
                finding: String::new(),
            },
            sheet: Sheet::default(),
            primitives: ctx.tessellate(shapes.clone(), SHARP),
            shapes,
            raster,
        })
    }

    fn portrait(
        &mut self,
        view: View,
        wanted: Wanted<'_>,
        spec: &PictureSpec,
    ) -> Result<Picture, PictureError> {
        let spec = spec.clamped();
        let seat = self.sit(view, &spec, wanted).ok_or(PictureError::NoShop)?;
        let Some(Drawn { card, sheet, .. }) = seat.sitting.drawn else {
            let known = seat.sitting.cards.into_iter().map(|card| card.name);
            return Err(PictureError::Unknown {
                view,
                name: wanted.name.to_owned(),
                known: known.collect(),
            });
        };
        Ok(Picture {
            spec,
            size: seat.sitting.rect.size(),
            pixels_per_point: seat.pixels_per_point,
            background: Palette::of(spec.dark).card,
            card,
            sheet,
            primitives: seat
                .ctx
                .tessellate(seat.shapes.clone(), seat.pixels_per_point),
            shapes: seat.shapes,
            raster: seat.raster,
        })
    }

    /// Draws a view out of sight until the card called `name` fits its picture.
    fn sit(&mut self, view: View, spec: &PictureSpec, wanted: Wanted<'_>) -> Option<Seat> {
        self.snapshot.shop.as_ref()?;
        let palette = Palette::of(spec.dark);
        let ctx = system_fonts::context();
        set_up(&ctx, &palette, 1.0);
        let whole = vec2(spec.width as f32, spec.height as f32);
        let mut size = whole / spec.text;
        let mut seat = Seat {
            ctx,
            raster: Rasterizer::default(),
            sitting: Sitting::default(),
            shapes: Vec::new(),
            pixels_per_point: spec.text,
        };
        for attempt in 0..ATTEMPTS {
            seat.pixels_per_point = whole.x / size.x;
            for frame in 0..FRAMES {
                let number = attempt * FRAMES + frame;
                self.draw_alone(view, (&mut seat, &palette), (wanted, size), number);
            }
            let took = seat
                .sitting
                .drawn
                .as_ref()
                .map_or(Vec2::ZERO, |drawn| drawn.took);
            let over = (took / size).max_elem();
            if attempt == 0 && took.y > 0.0 && took.y < LOOSE * size.y {
                size *= (took.y / size.y).max(1.0 / MOST_LARGER);
                continue;
            }
            // Half a point of rounding is no reason to draw again.
            if over <= 1.0 + 0.5 / size.y {
                break;
            }
            size *= over;
        }
        Some(seat)
    }

    fn draw_alone(
        &mut self,
        view: View,
        (seat, palette): (&mut Seat, &Palette),
        (wanted, size): (Wanted<'_>, Vec2),
        number: usize,
    ) {
        let mut states = std::mem::take(&mut self.views);
        let frame_state = std::mem::take(&mut self.frame);
        let source = self.source_words();
        if let Some(shop) = &self.snapshot.shop {
            let frame_cx = self.frame_cx(palette);
            let cx = frame_cx.view_cx(shop);
            portrait::begin(
                &seat.ctx,
                Sitting {
                    wanted: wanted.name.to_owned(),
                    bare: wanted.bare,
                    rect: Rect::from_min_size(egui::Pos2::ZERO, size),
                    source,
                    ..Sitting::default()
                },
            );
            let behind = BEHIND.max(size);
            let time = number as f64 * FRAME_SECONDS;
            let draw = |ui: &mut Ui| {
                let margin = egui::Margin::same(gap::XL as i8);
                CentralPanel::no_frame()
                    .frame(Frame::new().inner_margin(margin))
                    .show(ui, |ui| {
                        views::show_ui(view, ui, &cx, &mut states, &mut Actions::new());
                        if frame_state.compare.open {
                            compare::body_ui(
                                ui,
                                &frame_cx,
                                shop,
                                &frame_state.compare,
                                &mut Actions::new(),
                            );
                        }
                    });
                seat.shapes = ui.ctx().graphics(|layers| {
                    let list = layers.get(portrait::layer());
                    list.map_or_else(Vec::new, |list| list.all_entries().cloned().collect())
                });
            };
            let mut output = seat
                .ctx
                .run_ui(input(behind, seat.pixels_per_point, time), draw);
            seat.raster.update_textures(&mut output.textures_delta);
            seat.sitting = portrait::end(&seat.ctx);
        }
        self.views = states;
        self.frame = frame_state;
    }

    /// The line below a picture: whose numbers, as of when, and of whom.
    pub(super) fn source_words(&self) -> String {
        let Some(shop) = &self.snapshot.shop else {
            return String::new();
        };
        let mut words = shop.dataset.name.clone();
        if shop.dataset.shape.has_orders() {
            words = format!("{words} · as of {}", format::date(shop.as_of));
        }
        let selection = selection_text::sentence(&shop.selection);
        if !selection.is_empty() {
            words = format!("{words} · selected: {selection}");
        }
        words
    }

    /// Draws a chart of the current view, asks where to save it, and writes it there.
    pub(super) fn save_picture(&mut self, ctx: &Context, order: &PictureOrder) {
        match self.picture(self.shown.view, &order.chart, &order.spec) {
            Ok(picture) => {
                let format = order.format;
                let name = file_name(&order.chart, format.ending());
                self.dialogs.save(ctx, name, move || {
                    picture.bytes(format).map_err(|error| error.to_string())
                });
            }
            Err(error) => {
                let why = error.to_string();
                self.notify(ctx, Severity::Error, "The chart could not be drawn", why);
            }
        }
    }
}

/// A view drawn out of sight.
struct Seat {
    ctx: Context,
    raster: Rasterizer,
    sitting: Sitting,
    shapes: Vec<ClippedShape>,
    pixels_per_point: f32,
}

impl Stage {
    /// The charts of a view, after its own work (a profile) is done.
    pub fn charts(&mut self, view: View) -> Vec<Card> {
        self.prepare(view);
        self.app_mut().charts(view)
    }

    /// Draws one chart of a view.
    ///
    /// # Errors
    /// See [`App::picture`].
    pub fn chart(
        &mut self,
        view: View,
        name: &str,
        spec: &PictureSpec,
    ) -> Result<Picture, PictureError> {
        self.prepare(view);
        self.app_mut().picture(view, name, spec)
    }
}
