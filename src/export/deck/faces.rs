//! Typefaces by their weight: which face has a letter, and how wide text runs. Slides are laid out by
//! these widths, and the PDF embeds what it uses of them.

use std::sync::Arc;

use skrifa::{FontRef, GlyphId, MetadataProvider, instance::Size, prelude::LocationRef};

/// A cut of the window's typeface.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    #[default]
    Regular,
    Medium,
    Strong,
    Mono,
    Icons,
}

impl Weight {
    const ALL: [Self; 5] = [
        Self::Regular,
        Self::Medium,
        Self::Strong,
        Self::Mono,
        Self::Icons,
    ];
}

/// One font file, or one face of a collection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Face {
    pub data: Arc<Vec<u8>>,
    /// Place within a collection; 0 for a plain font.
    pub index: u32,
}

impl Face {
    pub(super) fn font(&self) -> Option<FontRef<'_>> {
        FontRef::from_index(&self.data, self.index).ok()
    }

    fn glyph(&self, letter: char) -> Option<GlyphId> {
        let glyph = self.font()?.charmap().map(letter)?;
        (glyph.to_u32() != 0).then_some(glyph)
    }

    /// Width of a glyph as a share of the type size.
    pub(super) fn advance(&self, glyph: u16) -> f32 {
        let width = self.font().and_then(|font| {
            let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
            metrics.advance_width(GlyphId::from(glyph))
        });
        width.unwrap_or(0.5)
    }
}

/// A letter in the face that has it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// Place of the face in [`Typefaces::faces`].
    pub face: usize,
    pub id: u16,
    /// Width as a share of the type size.
    pub advance: f32,
}

/// The faces of every weight, the first with a letter serves it.
#[derive(Clone, Debug, Default)]
pub struct Typefaces {
    faces: Vec<Face>,
    chains: [Vec<usize>; 5],
}

impl Typefaces {
    /// Adds a face after those that the weight has already; the same face again takes no more space.
    pub fn add(&mut self, weight: Weight, face: Face) {
        let known = self.faces.iter().position(|known| *known == face);
        let place = known.unwrap_or_else(|| {
            self.faces.push(face);
            self.faces.len() - 1
        });
        self.chains[weight as usize].push(place);
    }

    /// Adds a face to every weight: letters that only it has.
    pub fn add_to_all(&mut self, face: &Face) {
        for weight in Weight::ALL {
            self.add(weight, face.clone());
        }
    }

    #[must_use]
    pub fn faces(&self) -> &[Face] {
        &self.faces
    }

    /// The letter in the first face of the weight that has it.
    #[must_use]
    pub fn glyph(&self, weight: Weight, letter: char) -> Option<Glyph> {
        self.chains[weight as usize].iter().find_map(|&place| {
            let face = &self.faces[place];
            let id = u16::try_from(face.glyph(letter)?.to_u32()).ok()?;
            Some(Glyph {
                face: place,
                id,
                advance: face.advance(id),
            })
        })
    }

    /// Width of a text at type size 1. A letter that no face has counts as a wide one.
    #[must_use]
    pub fn width(&self, weight: Weight, text: &str) -> f32 {
        let letters = text.chars();
        letters
            .map(|letter| self.glyph(weight, letter).map_or(0.8, |it| it.advance))
            .sum()
    }
}
