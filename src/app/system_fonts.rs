//! Letters that the built-in typeface lacks, in pictures as in the window: the computer's own fonts,
//! looked for when the first such letter is drawn. Where it has none either, a box stands for the letter.

use std::sync::{Arc, OnceLock};

use egui::{Context, FallbackRequest, FontInsert, FontProvider};
use egui_system_font_provider::SystemFontProvider;

/// Looks fonts up once per process, and not before one is needed: reading the list takes a while.
struct OnDemand;

impl FontProvider for OnDemand {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        static FONTS: OnceLock<SystemFontProvider> = OnceLock::new();
        FONTS.get_or_init(SystemFontProvider::new).font_for(request)
    }
}

/// Finds the computer's font for a letter.
pub(super) fn provider() -> impl FontProvider {
    OnDemand
}

/// A context to draw pictures in.
pub(super) fn context() -> Context {
    let ctx = Context::default();
    ctx.add_font_provider(Arc::new(OnDemand));
    ctx
}
