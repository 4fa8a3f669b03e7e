//! How projects and rule files are written.

use ron::extensions::Extensions;

/// The notation of RON that files are written in.
pub(super) fn options() -> ron::Options {
    // `as_of: 10500` instead of `as_of: Some(10500)`: easier to read and to edit.
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}
