//! From pages — findings, charts, captions — to slides with everything in its place: cover, one slide
//! per page, and how the files were read.

use std::sync::Arc;

use super::{
    drawing::{Area, Ink},
    faces::{Typefaces, Weight},
    grid::{self, Grid},
    side::Side,
    slide::{Deck, Figure, Part, Slide, Text, What, Wish, fitted, one_line},
    style,
    tabulate::tabulated,
};
use crate::report::words;
use pipeline::snapshot::Shop;

const LEFT: f32 = 40.0;
const WIDTH: f32 = style::WIDTH - 2.0 * LEFT;
const TITLE: Area = Area::new(LEFT, 36.0, WIDTH, 62.0);
const CAPTION: Area = Area::new(LEFT, 472.0, WIDTH, 28.0);
const FOOT: f32 = 510.0;
const STRIP: Area = Area::new(LEFT, 104.0, WIDTH, 50.0);
/// Height of the heading above a chart.
const HEADING: f32 = 20.0;
const GAP: f32 = 24.0;

/// A headline figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyFigure {
    pub name: String,
    pub value: String,
}

/// What a slide is made of.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page {
    /// The finding as a sentence.
    pub title: String,
    pub caption: String,
    pub notes: String,
    /// Whose numbers, as of when, of whom.
    pub source: String,
    pub key_figures: Vec<KeyFigure>,
    /// Sentences instead of charts.
    pub points: Vec<String>,
    pub figures: Vec<Arc<Figure>>,
    /// A table that is no chart of the window.
    pub table: Option<Grid>,
}

/// What decides how much room charts have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub figures: usize,
    pub key_figures: bool,
    pub caption: bool,
}

/// Most charts of a slide.
pub const MOST_FIGURES: usize = 2;

/// Where the charts of a page stand, without their headings: the sizes to draw them at.
#[must_use]
pub fn areas(look: Look) -> Vec<Area> {
    let top = HEADING + if look.key_figures { 162.0 } else { 104.0 };
    let bottom = if look.caption { CAPTION.y - 6.0 } else { 500.0 };
    let area = |x: f32, width: f32| Area::new(x, top, width, bottom - top);
    match look.figures {
        0 => Vec::new(),
        1 => vec![area(LEFT, WIDTH)],
        _ => {
            let first = ((WIDTH - GAP) * 0.62).round();
            vec![
                area(LEFT, first),
                area(LEFT + first + GAP, WIDTH - GAP - first),
            ]
        }
    }
}

/// The first sentence of a finding, as a title: without its full stop.
#[must_use]
pub fn headline(finding: &str) -> &str {
    let finding = finding.trim();
    let ends = finding.match_indices(". ").map(|(at, _)| at);
    // "approx. 5" is no end of a sentence; a capital or a figure begins the next one.
    let begins = |at: &usize| finding[at + 2..].starts_with(char::is_uppercase);
    let end = ends.into_iter().find(begins).unwrap_or(finding.len());
    finding[..end].trim_end_matches('.').trim()
}

/// A presentation of these pages, between a cover and the account of the files.
#[must_use]
pub fn compose(faces: &Typefaces, shop: &Shop, currency: &str, pages: &[Page]) -> Deck {
    let mut slides = vec![cover(faces, shop, currency)];
    slides.extend(pages.iter().map(|page| slide(faces, page)));
    slides.push(account(faces, shop));
    let count = slides.len();
    for (place, slide) in slides.iter_mut().enumerate().skip(1) {
        number(faces, slide, place + 1, count);
    }
    Deck {
        title: shop.dataset.name.clone(),
        subject: format!("Customers as of {}", words::date(shop.as_of)),
        slides,
    }
}

/// Headline figures of a shop.
#[must_use]
pub fn key_figures(shop: &Shop, currency: &str) -> Vec<KeyFigure> {
    let kpis = &shop.overview.kpis;
    let figure = |name: &str, value: String| KeyFigure {
        name: name.to_owned(),
        value,
    };
    let whole = |value: f64| words::fixed(value, 0);
    let money = |value: f64| base::figures::with_currency(&whole(value), currency);
    vec![
        figure("Customers", words::integer(kpis.customers)),
        figure("Orders", words::integer(kpis.orders)),
        figure("Net revenue", money(kpis.net_revenue)),
        figure("Average order value", words::money(kpis.aov, currency)),
        figure("Repeat rate", words::percent(kpis.repeat_rate)),
    ]
}

fn inked(text: Text, ink: Ink) -> What {
    What::Text(Text {
        ink: Some(ink),
        ..text
    })
}

fn put_title(faces: &Typefaces, slide: &mut Slide, title: &str) {
    title.clone_into(&mut slide.title);
    slide.push(Area::new(LEFT, 26.0, 36.0, 4.0), What::Fill(style::ACCENT));
    let text = fitted(
        faces,
        &[title],
        TITLE,
        Wish::new(Weight::Strong, 24.0, 16.0),
    );
    let text = Text {
        part: Part::Title,
        ink: Some(style::TEXT),
        down: Side::Start,
        ..text
    };
    slide.push(TITLE, What::Text(text));
}

fn cover(faces: &Typefaces, shop: &Shop, currency: &str) -> Slide {
    let name = &shop.dataset.name;
    let mut slide = Slide {
        title: name.clone(),
        ..Slide::default()
    };
    let whole = Area::new(0.0, 0.0, style::WIDTH, style::HEIGHT);
    slide.push(whole, What::Fill(style::CANVAS));
    let band = Area::new(0.0, 0.0, 14.0, style::HEIGHT);
    slide.push(band, What::Fill(style::ACCENT));
    let left = 72.0;
    let width = style::WIDTH - left - 56.0;
    let area = Area::new(left, 120.0, width, 104.0);
    let text = fitted(faces, &[name], area, Wish::new(Weight::Strong, 40.0, 24.0));
    let title = Text {
        part: Part::Title,
        ink: Some(style::TEXT),
        down: Side::End,
        ..text
    };
    slide.push(area, What::Text(title));
    let area = Area::new(left, 232.0, width, 28.0);
    let subject = format!("Customer report as of {}", words::date(shop.as_of));
    let wish = Wish::new(Weight::Medium, 20.0, 14.0);
    slide.push(
        area,
        inked(one_line(faces, &subject, width, wish), style::ACCENT),
    );
    let area = Area::new(left, 264.0, width, 22.0);
    let wish = Wish::new(Weight::Regular, 14.0, 11.0);
    slide.push(
        area,
        inked(one_line(faces, &period(shop), width, wish), style::MUTED),
    );
    cards(faces, &mut slide, shop, currency);
    let area = Area::new(left, 488.0, width, 16.0);
    let made = "Made with Keepers. In PowerPoint the charts can be edited: right click, Edit data.";
    let wish = Wish::new(Weight::Regular, 10.0, 8.0);
    slide.push(
        area,
        inked(one_line(faces, made, width, wish), style::MUTED),
    );
    slide.notes = format!("{name}. {subject}. {}", period(shop));
    slide
}

/// The headline figures as cards on the cover.
fn cards(faces: &Typefaces, slide: &mut Slide, shop: &Shop, currency: &str) {
    let figures = key_figures(shop, currency);
    let (left, gap) = (72.0, 12.0);
    let all = style::WIDTH - left - 56.0;
    let width = (all - gap * (figures.len() as f32 - 1.0)) / figures.len() as f32;
    for (place, figure) in figures.iter().enumerate() {
        let card = Area::new(left + place as f32 * (width + gap), 336.0, width, 84.0);
        slide.push(card, What::Fill(style::WHITE));
        key_figure(
            faces,
            slide,
            Area::new(card.x + 14.0, 352.0, width - 28.0, 56.0),
            figure,
        );
    }
}

fn key_figure(faces: &Typefaces, slide: &mut Slide, area: Area, figure: &KeyFigure) {
    let name = Area {
        height: 16.0,
        ..area
    };
    let wish = Wish::new(Weight::Regular, 12.0, 8.0);
    slide.push(
        name,
        inked(
            one_line(faces, &figure.name, area.width, wish),
            style::MUTED,
        ),
    );
    let value = Area::new(area.x, area.y + 18.0, area.width, area.height - 18.0);
    let wish = Wish::new(Weight::Strong, 24.0, 11.0);
    slide.push(
        value,
        inked(
            one_line(faces, &figure.value, area.width, wish),
            style::TEXT,
        ),
    );
}

/// The days the orders cover, before the as-of date.
fn period(shop: &Shop) -> String {
    let before = |day: &&i32| **day < shop.as_of;
    let days = || shop.dataset.orders.days.iter().filter(before);
    match (days().min(), days().max()) {
        (Some(&first), Some(&last)) => format!(
            "Orders from {} to {}",
            words::date(first),
            words::date(last)
        ),
        _ => "No orders before that day".to_owned(),
    }
}

fn slide(faces: &Typefaces, page: &Page) -> Slide {
    let mut slide = Slide::default();
    put_title(faces, &mut slide, &page.title);
    if !page.key_figures.is_empty() {
        let width = WIDTH / page.key_figures.len() as f32;
        for (place, figure) in page.key_figures.iter().enumerate() {
            let x = STRIP.x + place as f32 * width;
            key_figure(
                faces,
                &mut slide,
                Area::new(x, STRIP.y, width - 12.0, STRIP.height),
                figure,
            );
        }
    }
    let caption = page.caption.trim();
    if !caption.is_empty() {
        let text = fitted(
            faces,
            &[caption],
            CAPTION,
            Wish::new(Weight::Medium, 14.0, 9.0),
        );
        let text = Text {
            down: Side::Middle,
            ..text
        };
        slide.push(CAPTION, inked(text, style::TEXT));
    }
    let look = Look {
        figures: page.figures.len(),
        key_figures: !page.key_figures.is_empty(),
        caption: !caption.is_empty(),
    };
    for (figure, area) in page.figures.iter().zip(areas(look)) {
        let heading = Area::new(area.x, area.y - HEADING, area.width, 16.0);
        let wish = Wish::new(Weight::Medium, 12.0, 9.0);
        slide.push(
            heading,
            inked(
                one_line(faces, &figure.title, area.width, wish),
                style::MUTED,
            ),
        );
        match &figure.grid {
            Some(grid) => put_grid(faces, &mut slide, area, grid),
            None => slide.push(area, What::Figure(Arc::clone(figure))),
        }
    }
    let bottom = if caption.is_empty() {
        496.0
    } else {
        CAPTION.y - 8.0
    };
    let body = Area::new(LEFT, 112.0, WIDTH, bottom - 112.0);
    if let Some(grid) = &page.table {
        put_grid(faces, &mut slide, body, grid);
    }
    if !page.points.is_empty() {
        let points: Vec<&str> = page.points.iter().map(String::as_str).collect();
        let wish = Wish {
            dots: true,
            ..Wish::new(Weight::Regular, 20.0, 11.0)
        };
        slide.push(body, inked(fitted(faces, &points, body, wish), style::TEXT));
    }
    foot(faces, &mut slide, &page.source);
    slide.notes.clone_from(&page.notes);
    slide
}

/// How the files were read, and what was left out.
fn account(faces: &Typefaces, shop: &Shop) -> Slide {
    let quality = &shop.dataset.quality;
    let out = quality.rows_read - quality.rows_kept;
    let title = if out == 0 {
        format!(
            "All {} were kept",
            words::count_of(quality.rows_read, "row read", "rows read")
        )
    } else {
        format!(
            "{} of {} were left out, each by a rule",
            words::integer(out),
            words::count_of(quality.rows_read, "row read", "rows read")
        )
    };
    let mut slide = Slide::default();
    put_title(faces, &mut slide, &title);
    let heading = |faces: &Typefaces, slide: &mut Slide, y: f32, text: &str| {
        let wish = Wish::new(Weight::Medium, 12.0, 9.0);
        let area = Area::new(LEFT, y, WIDTH, 16.0);
        slide.push(
            area,
            inked(one_line(faces, text, WIDTH, wish), style::MUTED),
        );
    };
    heading(faces, &mut slide, 104.0, "How the files were read");
    let area = Area::new(LEFT, 124.0, WIDTH, 110.0);
    let understood = shop.dataset.understanding.paragraph.trim();
    let names: Vec<&str> = shop.dataset.files.iter().map(|file| &*file.name).collect();
    let understood = if understood.is_empty() {
        format!("Read: {}.", names.join(", "))
    } else {
        understood.to_owned()
    };
    let wish = Wish::new(Weight::Regular, 14.0, 9.0);
    let text = fitted(faces, &[&understood], area, wish);
    let below = area.y + text.height() + 18.0;
    slide.push(area, inked(text, style::TEXT));
    if let Some(grid) = grid::rules(shop) {
        let words = "What the rules left out or changed";
        heading(faces, &mut slide, below, words);
        let area = Area::new(LEFT, below + 20.0, WIDTH, 480.0 - below);
        put_grid(faces, &mut slide, area, &grid);
    }
    foot(faces, &mut slide, &source(shop));
    slide.notes = format!("{understood}\n\n{title}.");
    slide
}

/// Whose numbers, as of when.
#[must_use]
pub fn source(shop: &Shop) -> String {
    format!("{} · as of {}", shop.dataset.name, words::date(shop.as_of))
}

fn foot(faces: &Typefaces, slide: &mut Slide, source: &str) {
    slide.push(
        Area::new(LEFT, FOOT - 4.0, WIDTH, 0.75),
        What::Fill(style::HAIRLINE),
    );
    let width = WIDTH - 80.0;
    let wish = Wish::new(Weight::Regular, 10.0, 8.0);
    let area = Area::new(LEFT, FOOT, width, 16.0);
    slide.push(
        area,
        inked(one_line(faces, source, width, wish), style::MUTED),
    );
}

fn number(faces: &Typefaces, slide: &mut Slide, number: usize, count: usize) {
    let wish = Wish::new(Weight::Regular, 10.0, 8.0);
    let text = one_line(faces, &number.to_string(), 60.0, wish);
    let text = Text {
        part: Part::Number,
        across: Side::End,
        ..text
    };
    debug_assert!(number <= count);
    let area = Area::new(LEFT + WIDTH - 60.0, FOOT, 60.0, 16.0);
    slide.push(area, inked(text, style::MUTED));
}

fn put_grid(faces: &Typefaces, slide: &mut Slide, area: Area, grid: &Grid) {
    let note = if grid.note.is_empty() { 0.0 } else { 30.0 };
    let room = Area {
        height: area.height - note,
        ..area
    };
    let board = tabulated(faces, room, grid);
    let height: f32 = board.rows.iter().sum();
    let place = Area { height, ..area };
    slide.push(place, What::Board(Box::new(board)));
    if !grid.note.is_empty() {
        let below = Area::new(area.x, area.y + height + 4.0, area.width, note - 4.0);
        let wish = Wish::new(Weight::Regular, 10.0, 7.0);
        slide.push(
            below,
            inked(fitted(faces, &[&grid.note], below, wish), style::MUTED),
        );
    }
}
