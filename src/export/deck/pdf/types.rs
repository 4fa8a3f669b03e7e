//! Typefaces in use: glyphs are numbered anew as they come, then the faces are embedded with these alone.

use std::collections::BTreeMap;

use pdf_writer::{
    Filter, Finish as _, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use skrifa::{MetadataProvider as _, instance::Size, prelude::LocationRef};
use subsetter::GlyphRemapper;

use super::objects::{Numbers, deflated};
use crate::{
    deck::faces::{Face, Glyph, Typefaces, Weight},
    error::ExportError,
};

/// Glyphs of a face in use.
#[derive(Default)]
struct Used {
    mapper: GlyphRemapper,
    /// New number → letter and width.
    letters: BTreeMap<u16, Letter>,
}

struct Letter {
    letter: char,
    advance: f32,
}

/// A letter as the content of a page names it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    pub face: usize,
    /// Its number within the embedded face.
    pub code: u16,
    pub advance: f32,
}

pub(super) struct Types<'a> {
    faces: &'a Typefaces,
    used: BTreeMap<usize, Used>,
}

/// Name of a face in the resources.
pub(super) fn name(face: usize) -> String {
    format!("F{face}")
}

impl<'a> Types<'a> {
    pub(super) fn new(faces: &'a Typefaces) -> Self {
        Self {
            faces,
            used: BTreeMap::new(),
        }
    }

    pub(super) fn width(&self, weight: Weight, text: &str) -> f32 {
        self.faces.width(weight, text)
    }

    /// The letter, from now on in use; `None` where no face has it.
    pub(super) fn place(&mut self, weight: Weight, letter: char) -> Option<Placed> {
        let Glyph { face, id, advance } = self.faces.glyph(weight, letter)?;
        let used = self.used.entry(face).or_default();
        let code = used.mapper.remap(id);
        used.letters
            .entry(code)
            .or_insert(Letter { letter, advance });
        Some(Placed {
            face,
            code,
            advance,
        })
    }

    /// Embeds what is in use; returns the name and object of every face.
    pub(super) fn write(
        self,
        pdf: &mut Pdf,
        numbers: &mut Numbers,
    ) -> Result<Vec<(String, Ref)>, ExportError> {
        let mut fonts = Vec::new();
        for (place, used) in self.used {
            let face = &self.faces.faces()[place];
            let font = embed(pdf, numbers, (place, face), &used)?;
            fonts.push((name(place), font));
        }
        Ok(fonts)
    }
}

fn system() -> SystemInfo<'static> {
    SystemInfo {
        registry: Str(b"Adobe"),
        ordering: Str(b"Identity"),
        supplement: 0,
    }
}

fn embed(
    pdf: &mut Pdf,
    numbers: &mut Numbers,
    (place, face): (usize, &Face),
    used: &Used,
) -> Result<Ref, ExportError> {
    let failed =
        |why: String| ExportError::Workbook(format!("a typeface cannot be embedded: {why}"));
    let subset = subsetter::subset(&face.data, face.index, &used.mapper)
        .map_err(|error| failed(error.to_string()))?;
    let font = face
        .font()
        .ok_or_else(|| failed("it cannot be read".to_owned()))?;
    let small = skrifa::FontRef::new(&subset).map_err(|error| failed(error.to_string()))?;
    let outlines = small
        .table_data(skrifa::raw::types::Tag::new(b"CFF "))
        .map(|table| table.as_bytes().to_vec());
    let (type0, cid, descriptor, data, map) = (
        numbers.next(),
        numbers.next(),
        numbers.next(),
        numbers.next(),
        numbers.next(),
    );
    // A subset is told by six capitals before the name.
    let title = format!("AAAAA{}+Face{place}", char::from(b'A' + (place % 26) as u8));
    let title = Name(title.as_bytes());
    pdf.type0_font(type0)
        .base_font(title)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(cid)
        .to_unicode(map);
    let mut dict = pdf.cid_font(cid);
    dict.subtype(if outlines.is_some() {
        CidFontType::Type0
    } else {
        CidFontType::Type2
    });
    dict.base_font(title)
        .system_info(system())
        .font_descriptor(descriptor)
        .default_width(0.0);
    if outlines.is_none() {
        dict.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    let mut widths = dict.widths();
    for (code, letter) in &used.letters {
        widths.same(*code, *code, letter.advance * 1000.0);
    }
    widths.finish();
    dict.finish();
    let metrics = font.metrics(Size::unscaled(), LocationRef::default());
    let em = 1000.0 / f32::from(metrics.units_per_em.max(1));
    let bounds = metrics.bounds.unwrap_or_default();
    let mut dict = pdf.font_descriptor(descriptor);
    dict.name(title)
        .flags(FontFlags::SYMBOLIC)
        .bbox(Rect::new(
            bounds.x_min * em,
            bounds.y_min * em,
            bounds.x_max * em,
            bounds.y_max * em,
        ))
        .italic_angle(0.0)
        .ascent(metrics.ascent * em)
        .descent(metrics.descent * em)
        .cap_height(metrics.cap_height.unwrap_or(metrics.ascent) * em)
        .stem_v(80.0);
    if outlines.is_some() {
        dict.font_file3(data);
    } else {
        dict.font_file2(data);
    }
    dict.finish();
    let bytes = deflated(outlines.as_deref().unwrap_or(&subset));
    let mut stream = pdf.stream(data, &bytes);
    stream.filter(Filter::FlateDecode);
    if outlines.is_some() {
        stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
    }
    stream.finish();
    let mut cmap = UnicodeCmap::<u16>::new(Name(b"Letters"), system());
    for (code, letter) in &used.letters {
        cmap.pair(*code, letter.letter);
    }
    pdf.cmap(map, &cmap.finish());
    Ok(type0)
}
