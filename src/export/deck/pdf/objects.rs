//! What every part of a PDF needs: numbers of objects, packed streams.

use std::io::Write as _;

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::Ref;

/// Numbers of objects, one after the other.
#[derive(Default)]
pub(super) struct Numbers(i32);

impl Numbers {
    pub(super) fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// Packed as a stream with the filter `FlateDecode`.
pub(super) fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing into memory does not fail; were it to, the plain bytes would be no stream of this kind.
    if encoder.write_all(bytes).is_err() {
        return Vec::new();
    }
    encoder.finish().unwrap_or_default()
}
