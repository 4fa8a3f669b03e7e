//! What a page paints before it becomes pixels: shapes with their clip rectangles. Pictures are made
//! of it, and checks of geometry and contrast read it.

use egui::{Color32, Context, Shape, Vec2, epaint::ClippedShape};
use image::RgbaImage;

use super::{FRAMES, Stage};
use crate::{raster::Rasterizer, set_up, system_fonts};
use project::ThemeChoice;
use ui::{
    action::{Action, View},
    views::{audiences, data, models::ModelTab, segments},
};

/// A view, with its part where it has several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    View(View),
    Data(data::Tab),
    Segments(segments::Section),
    Models(ModelTab),
    Audiences(audiences::Section),
    /// The customer of this number in detail.
    Customer(u32),
}

impl Page {
    /// Every view and every part of each, and customer number 1 in detail.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut pages = Vec::new();
        for view in View::ALL {
            match view {
                View::Data => pages.extend(data::Tab::ALL.map(Self::Data)),
                View::Segments => pages.extend(segments::Section::ALL.map(Self::Segments)),
                View::Models => pages.extend(ModelTab::ALL.map(Self::Models)),
                View::Audiences => pages.extend(audiences::Section::ALL.map(Self::Audiences)),
                other => pages.push(Self::View(other)),
            }
        }
        pages.push(Self::Customer(1));
        pages
    }

    /// The view it is a page of.
    #[must_use]
    pub fn view(self) -> View {
        match self {
            Self::View(view) => view,
            Self::Data(_) => View::Data,
            Self::Segments(_) => View::Segments,
            Self::Models(_) => View::Models,
            Self::Audiences(_) => View::Audiences,
            Self::Customer(_) => View::Customers,
        }
    }
}

/// The last frame of a page at rest.
pub struct Painted {
    /// In the order in which they are painted; points of the window.
    pub shapes: Vec<ClippedShape>,
    /// Size of the window in points of the window, so zoom counts.
    pub size: Vec2,
    pub canvas: Color32,
    ctx: Context,
    raster: Rasterizer,
    pixels: [usize; 2],
    pixels_per_point: f32,
}

impl Painted {
    /// The picture of it.
    #[must_use]
    pub fn picture(&self) -> RgbaImage {
        self.pixels_of(self.shapes.clone())
    }

    /// The picture without any text: what every text stands on.
    #[must_use]
    pub fn ground(&self) -> RgbaImage {
        let mut shapes = self.shapes.clone();
        for clipped in &mut shapes {
            without_text(&mut clipped.shape);
        }
        self.pixels_of(shapes)
    }

    fn pixels_of(&self, shapes: Vec<ClippedShape>) -> RgbaImage {
        let primitives = self.ctx.tessellate(shapes, self.pixels_per_point);
        self.raster
            .draw(&primitives, self.pixels, self.pixels_per_point, self.canvas)
    }
}

fn without_text(shape: &mut Shape) {
    match shape {
        Shape::Text(_) => *shape = Shape::Noop,
        Shape::Vec(shapes) => shapes.iter_mut().for_each(without_text),
        _ => {}
    }
}

impl Stage {
    /// Makes the window this large, in points.
    pub fn resize(&mut self, size: Vec2) {
        self.size = size;
    }

    /// Light or dark colours from the next picture on.
    pub fn set_dark(&mut self, dark: bool) {
        let theme = if dark {
            ThemeChoice::Dark
        } else {
            ThemeChoice::Light
        };
        self.app.act(&Context::default(), Action::SetTheme(theme));
        self.app.follow_theme(&Context::default());
    }

    /// Draws one page.
    pub fn painted(&mut self, page: Page) -> Painted {
        match page {
            Page::Data(tab) => self.app.act(&Context::default(), Action::ShowDataTab(tab)),
            Page::Segments(section) => self.app.views.segments.section = section,
            Page::Models(tab) => self.app.views.models.tab = tab,
            Page::Audiences(section) => self.app.views.audiences.section = section,
            Page::View(_) | Page::Customer(_) => {}
        }
        let customer = match page {
            Page::Customer(number) => Some(number),
            _ => None,
        };
        self.app
            .act(&Context::default(), Action::OpenCustomer(customer));
        self.app.shown.view = page.view();
        self.app.notices.clear();
        let ctx = system_fonts::context();
        set_up(&ctx, &self.app.shown.palette, self.app.settings.zoom);
        self.paint(ctx)
    }

    /// Lets what the app shows come to rest in a new context.
    pub(super) fn paint(&mut self, ctx: Context) -> Painted {
        let mut raster = Rasterizer::default();
        let mut output = self.frame(&ctx, 0, &mut raster);
        for number in 1..FRAMES {
            // What one piece of work brings may ask for another.
            self.finish_work(&ctx);
            output = self.frame(&ctx, number, &mut raster);
        }
        let pixels = [self.size.x, self.size.y].map(|side| (side * self.scale).round() as usize);
        Painted {
            shapes: output.shapes,
            size: self.size / self.app.zoom(),
            canvas: self.app.shown.palette.canvas,
            ctx,
            raster,
            pixels,
            pixels_per_point: output.pixels_per_point,
        }
    }
}
