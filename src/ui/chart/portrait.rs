//! One card drawn alone: how a chart becomes a picture of any size.
//!
//! `app::picture` draws a whole view in a context of its own, out of sight, with a [`Sitting`] in the
//! context's memory. Every [`super::ChartCard`] then reports its name, and the one that is asked for
//! draws its head and body a second time: onto a layer of its own, over the size of the picture, by
//! the very code that draws it in the window. Charts that fill their card through
//! [`crate::widgets::grid::height_to`] fill the picture; a body that cannot shrink that far says
//! so with [`at_least`], and the picture is drawn smaller instead of cut off.

use std::sync::{Arc, Mutex, PoisonError};

use egui::{Align, Context, Id, LayerId, Layout, Order, Rect, RichText, Ui, UiBuilder, Vec2};

use super::{plot, sheet::Sheet};
use crate::{
    action::Actions,
    theme::{Palette, font, gap},
    widgets::card::Head,
};

/// Space around what a picture shows.
const MARGIN: f32 = gap::XL;
/// Height of the line below a chart that says where its numbers come from.
const FOOT: f32 = 18.0;

/// A card that can be drawn alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Stable name: unique within a view, and the name of the file.
    pub name: String,
    pub title: String,
    pub finding: String,
}

/// What is asked for, and what the cards answered.
#[derive(Debug)]
pub struct Sitting {
    /// Name of the card to draw; empty = only list the cards.
    pub wanted: String,
    /// Where on the layer of [`layer`].
    pub rect: Rect,
    /// Shop, date and selection, in words.
    pub source: String,
    /// The chart alone, to its very edges: title and source stand elsewhere.
    pub bare: bool,
    pub cards: Vec<Card>,
    pub drawn: Option<Drawn>,
}

impl Default for Sitting {
    fn default() -> Self {
        Self {
            wanted: String::new(),
            rect: Rect::ZERO,
            source: String::new(),
            bare: false,
            cards: Vec::new(),
            drawn: None,
        }
    }
}

impl Sitting {
    /// Space around the chart: at every side, and further below it.
    fn space(&self) -> Space {
        if self.bare {
            Space {
                margin: 0.0,
                foot: 0.0,
            }
        } else {
            Space {
                margin: MARGIN,
                foot: FOOT,
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Space {
    margin: f32,
    foot: f32,
}

/// The card asked for.
#[derive(Clone, Debug)]
pub struct Drawn {
    pub card: Card,
    pub sheet: Sheet,
    /// The space its content took; may be more than there is.
    pub took: Vec2,
}

type Shared = Arc<Mutex<Sitting>>;

/// The layer pictures are drawn on.
#[must_use]
pub fn layer() -> LayerId {
    LayerId::new(Order::Tooltip, Id::unique("chart_portrait"))
}

fn key() -> Id {
    Id::unique("chart_sitting")
}

fn sitting(ctx: &Context) -> Option<Shared> {
    ctx.data(|data| data.get_temp::<Shared>(key()))
}

/// Asks the cards drawn in this context from now on.
pub fn begin(ctx: &Context, sitting: Sitting) {
    plot::hold_still(ctx, true);
    let shared: Shared = Arc::new(Mutex::new(sitting));
    ctx.data_mut(|data| data.insert_temp(key(), shared));
}

/// Takes the answers.
#[must_use]
pub fn end(ctx: &Context) -> Sitting {
    plot::hold_still(ctx, false);
    let shared = sitting(ctx).unwrap_or_default();
    ctx.data_mut(|data| data.remove::<Shared>(key()));
    std::mem::take(&mut *lock(&shared))
}

fn lock(shared: &Shared) -> std::sync::MutexGuard<'_, Sitting> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The bottom of the picture, where `ui` draws into one.
#[must_use]
pub fn bottom(ui: &Ui) -> Option<f32> {
    if ui.layer_id() != layer() {
        return None;
    }
    let sitting = sitting(ui.ctx())?;
    let sitting = lock(&sitting);
    let Space { margin, foot } = sitting.space();
    Some(sitting.rect.bottom() - margin - foot)
}

/// Says that the body of a card needs this much room from the cursor on; returns the room to use: in
/// a picture what is needed, elsewhere what there is (`room`).
#[must_use]
pub fn at_least(ui: &Ui, need: Vec2, room: f32) -> f32 {
    let Some(bottom) = bottom(ui) else {
        return room;
    };
    let start = ui.cursor().min;
    if let Some(sitting) = sitting(ui.ctx()) {
        let mut sitting = lock(&sitting);
        let Space { margin, foot } = sitting.space();
        let took = start + need - sitting.rect.min + Vec2::new(margin, margin + foot);
        if let Some(drawn) = &mut sitting.drawn {
            drawn.took = drawn.took.max(took);
        }
    }
    need.y.max(bottom - start.y)
}

/// Registers a card and, if it is the one asked for, draws it. Returns whether there is a sitting,
/// in which cards draw nothing in their usual place.
pub(super) fn sit(
    ui: &mut Ui,
    palette: &Palette,
    (name, head): (&str, Head<'_>),
    sheet: &dyn Fn() -> Sheet,
    body: &mut dyn FnMut(&mut Ui, &mut Actions),
) -> bool {
    let Some(shared) = sitting(ui.ctx()) else {
        return false;
    };
    let card = Card {
        name: name.to_owned(),
        title: head.title.to_owned(),
        finding: head.finding.to_owned(),
    };
    let (wanted, frame) = {
        let mut sitting = lock(&shared);
        let wanted = sitting.wanted == name && sitting.drawn.is_none();
        sitting.cards.push(card.clone());
        if wanted {
            sitting.drawn = Some(Drawn {
                card,
                sheet: sheet(),
                took: Vec2::ZERO,
            });
        }
        let frame = Frame {
            rect: sitting.rect,
            space: sitting.space(),
            // Bare charts have neither head nor source.
            head: (!sitting.bare).then_some(head),
            source: sitting.source.clone(),
        };
        (wanted, frame)
    };
    if wanted {
        let took = draw(ui, palette, &frame, body);
        if let Some(drawn) = &mut lock(&shared).drawn {
            drawn.took = drawn.took.max(took);
        }
    }
    true
}

/// What stands around a chart in its picture.
struct Frame<'a> {
    rect: Rect,
    space: Space,
    head: Option<Head<'a>>,
    source: String,
}

fn draw(
    ui: &mut Ui,
    palette: &Palette,
    frame: &Frame<'_>,
    body: &mut dyn FnMut(&mut Ui, &mut Actions),
) -> Vec2 {
    let (rect, Space { margin, foot }) = (frame.rect, frame.space);
    let mut inner = rect.shrink(margin);
    inner.max.y -= foot;
    let mut page = ui.new_child(
        UiBuilder::new()
            .id_salt("chart_portrait")
            .layer_id(layer())
            .max_rect(inner)
            .layout(Layout::top_down(Align::Min)),
    );
    page.set_opacity(1.0);
    page.set_clip_rect(rect);
    page.painter().rect_filled(rect, 0, palette.card);
    page.spacing_mut().item_spacing.y = gap::XS;
    if let Some(head) = frame.head {
        for (words, font, ink) in [
            (head.title, font::card_title(), palette.text),
            (head.finding, font::body(), palette.muted),
        ] {
            if !words.is_empty() {
                page.label(RichText::new(words).font(font).color(ink));
            }
        }
        page.add_space(gap::S);
    }
    page.spacing_mut().item_spacing.y = gap::S;
    body(&mut page, &mut Actions::new());
    let took = page.min_rect().max - rect.min + Vec2::new(margin, margin + foot);
    if frame.head.is_some() {
        page.painter().text(
            rect.left_bottom() + Vec2::new(MARGIN, -MARGIN * 0.75),
            egui::Align2::LEFT_BOTTOM,
            &frame.source,
            font::caption(),
            palette.muted,
        );
    }
    took
}
