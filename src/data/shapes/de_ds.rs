//! The DE_DS layout: theLook's four tables, with users as one column of JSON-ish text in which the
//! empty key repeats, and products as a JSON array (bare, or in one CSV cell) or JSON lines.
//!
//! Only the way in differs; joining and counting are [`thelook`]'s.

use super::{Sniffed, thelook};

/// Whether the files are of theLook's set and at least one of them is JSON-ish text.
#[must_use]
pub fn recognise(files: &[Sniffed]) -> bool {
    thelook::is_set(files)
        && files
            .iter()
            .filter_map(thelook::Member::of)
            .any(|member| member.json)
}
