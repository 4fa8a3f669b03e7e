//! The records of a buffer: which are usable, and how they become text for polars.

use super::{Broken, HEADER, Place, Plan, Stop};
use crate::{
    data::open::encoding::Encoding,
    data::table::dialect::Kind,
    data::table::records::{self, Form, Separator},
    data::table::skipped::Skipped,
};

/// Regular UTF-8 text passes as it is; anything else is rewritten as strict comma-separated text.
pub(super) fn for_polars(
    plan: &Plan<'_>,
    mut buffer: Vec<u8>,
    scan: &Scan,
) -> Result<(Vec<u8>, u8), Stop> {
    let encoding = plan.encoding;
    if let (true, Separator::Byte(byte)) = (scan.regular, plan.dialect.separator) {
        let is_ascii = buffer.is_ascii();
        if is_ascii || encoding == Encoding::Utf8 {
            if !is_ascii && encoding.decode(&buffer).is_none() {
                return Err(Stop::WrongEncoding);
            }
            if buffer.last() != Some(&b'\n') {
                buffer.push(b'\n');
            }
            return Ok((buffer, byte));
        }
    }
    let mut text = Vec::with_capacity(buffer.len() + buffer.len() / 8);
    text.extend_from_slice(HEADER);
    for record in Scan::usable(&buffer, plan) {
        let cells = records::cells(record, plan.dialect.separator);
        for (index, cell) in cells.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            let cell = encoding.decode(cell).ok_or(Stop::WrongEncoding)?;
            records::write_cell(&cell, b',', &mut text);
        }
        text.push(b'\n');
    }
    Ok((text, b','))
}

/// What stands in a buffer.
pub(super) struct Scan {
    /// End of the last whole record.
    pub end: usize,
    /// Line that follows it.
    pub line: u64,
    pub fingerprints: Vec<u32>,
    pub broken: Vec<Broken>,
    pub skipped: Skipped,
    /// No record is blank, broken or in need of rewriting.
    regular: bool,
}

impl Scan {
    pub fn of(buffer: &[u8], plan: &Plan<'_>, place: Place, at_end: bool) -> Self {
        let mut scan = Self {
            end: HEADER.len(),
            line: place.line,
            fingerprints: Vec::with_capacity(buffer.len() / 64),
            broken: Vec::new(),
            skipped: Skipped::default(),
            regular: true,
        };
        while let Some((record, kind)) = plan.dialect.next_record(buffer, scan.end, at_end) {
            scan.regular &= record.content.start == scan.end;
            match kind {
                Kind::Row => {
                    scan.regular &= record.form == Form::Regular;
                    let content = &buffer[record.content];
                    scan.fingerprints.push(records::fingerprint(content) as u32);
                }
                Kind::Blank => scan.regular = false,
                Kind::Skipped(skip) => {
                    scan.regular = false;
                    scan.skipped.note(skip, scan.line - place.line);
                }
                Kind::Broken => {
                    scan.regular = false;
                    let unclosed = record.form == Form::Unclosed;
                    scan.broken.push(Broken {
                        offset: place.offset + (record.content.start - HEADER.len()) as u64,
                        line: scan.line,
                        cells: if unclosed { 0 } else { record.cells },
                    });
                }
            }
            scan.end = record.next;
            scan.line += record.lines;
        }
        scan
    }

    pub fn rows(&self) -> usize {
        self.fingerprints.len()
    }

    /// The bytes of the usable records.
    fn usable<'b>(buffer: &'b [u8], plan: &Plan<'b>) -> impl Iterator<Item = &'b [u8]> + use<'b> {
        let (dialect, mut at) = (plan.dialect, HEADER.len());
        let records = std::iter::from_fn(move || {
            let (record, kind) = dialect.next_record(buffer, at, true)?;
            at = record.next;
            Some((record, kind))
        });
        let rows = records.filter(|(_, kind)| *kind == Kind::Row);
        rows.map(|(record, _)| &buffer[record.content])
    }
}
