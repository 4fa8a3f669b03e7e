//! Slides as a PDF of landscape pages: charts are vectors, text is text that can be selected and
//! searched, typefaces are embedded with the letters in use.

mod objects;
mod page;
mod types;

use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, TextStr};
use std::collections::BTreeSet;

use self::{
    objects::{Numbers, deflated},
    page::Painter,
    types::Types,
};
use super::{faces::Typefaces, slide::Deck, style};
use crate::error::ExportError;

/// The bytes of a document; the same deck gives the same bytes.
///
/// # Errors
/// [`ExportError`] when a typeface cannot be embedded.
pub fn bytes(deck: &Deck, faces: &Typefaces) -> Result<Vec<u8>, ExportError> {
    let mut numbers = Numbers::default();
    let mut pdf = Pdf::new();
    let (catalog, tree, info, resources) = (
        numbers.next(),
        numbers.next(),
        numbers.next(),
        numbers.next(),
    );
    let mut types = Types::new(faces);
    let mut alphas = BTreeSet::new();
    let pages: Vec<Ref> = deck.slides.iter().map(|_| numbers.next()).collect();
    for (slide, &page) in deck.slides.iter().zip(&pages) {
        let mut painter = Painter {
            content: Content::new(),
            types: &mut types,
            alphas: &mut alphas,
        };
        painter.slide(slide);
        let content = deflated(&painter.content.finish());
        let stream = numbers.next();
        pdf.stream(stream, &content).filter(Filter::FlateDecode);
        let mut dict = pdf.page(page);
        dict.parent(tree);
        dict.media_box(Rect::new(0.0, 0.0, style::WIDTH, style::HEIGHT));
        dict.contents(stream);
        dict.pair(Name(b"Resources"), resources);
        dict.finish();
    }
    pdf.pages(tree)
        .kids(pages.iter().copied())
        .count(pages.len() as i32);
    let fonts = types.write(&mut pdf, &mut numbers)?;
    let mut shared = pdf
        .indirect(resources)
        .start::<pdf_writer::writers::Resources<'_>>();
    let mut list = shared.fonts();
    for (name, font) in &fonts {
        list.pair(Name(name.as_bytes()), *font);
    }
    list.finish();
    let mut states = shared.ext_g_states();
    for alpha in &alphas {
        let share = f32::from(*alpha) / 255.0;
        let mut state = states
            .insert(Name(page::alpha_name(*alpha).as_bytes()))
            .start::<pdf_writer::writers::ExtGraphicsState<'_>>();
        state.non_stroking_alpha(share).stroking_alpha(share);
        state.finish();
    }
    states.finish();
    shared.finish();
    let outlines = outline(&mut pdf, &mut numbers, deck, &pages);
    let mut root = pdf.catalog(catalog);
    root.pages(tree);
    root.lang(TextStr("en-GB"));
    root.outlines(outlines);
    root.viewer_preferences().display_doc_title(true);
    root.finish();
    pdf.document_info(info)
        .title(TextStr(&format!("{}: {}", deck.title, deck.subject)))
        .creator(TextStr("Keepers"));
    Ok(pdf.finish())
}

/// One bookmark per slide.
fn outline(pdf: &mut Pdf, numbers: &mut Numbers, deck: &Deck, pages: &[Ref]) -> Ref {
    let root = numbers.next();
    let items: Vec<Ref> = pages.iter().map(|_| numbers.next()).collect();
    let mut dict = pdf.outline(root);
    if let (Some(&first), Some(&last)) = (items.first(), items.last()) {
        dict.first(first).last(last).count(items.len() as i32);
    }
    dict.finish();
    for (place, (&item, slide)) in items.iter().zip(&deck.slides).enumerate() {
        let mut dict = pdf.outline_item(item);
        dict.title(TextStr(&slide.title)).parent(root);
        if let Some(&next) = items.get(place + 1) {
            dict.next(next);
        }
        if let Some(&before) = place.checked_sub(1).and_then(|before| items.get(before)) {
            dict.prev(before);
        }
        dict.dest().page(pages[place]).fit();
        dict.finish();
    }
    root
}
