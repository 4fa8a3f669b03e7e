//! The records of a buffer: which are usable, and how they become text for polars.

use super::{Broken, HEADER, Place, Plan, Stop};
use crate::{
    data::open::encoding::Encoding,
    data::table::records::{self, Form, Separator},
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
    /// No record is blank, broken or in need of rewriting.
    regular: bool,
}

impl Scan {
    pub fn of(buffer: &[u8], plan: &Plan<'_>, place: Place, at_end: bool) -> Self {
        let width = plan.dialect.names.len();
        let mut scan = Self {
            end: HEADER.len(),
            line: place.line,
            fingerprints: Vec::with_capacity(buffer.len() / 64),
            broken: Vec::new(),
            regular: true,
        };
        while let Some(record) =
            records::next_record(buffer, scan.end, plan.dialect.separator, at_end)
        {
            let usable = record.cells == width && record.form != Form::Unclosed;
            match record.form {
                Form::Blank => scan.regular = false,
                form if usable => {
                    scan.regular &= form == Form::Regular;
                    let content = &buffer[record.content];
                    scan.fingerprints.push(records::fingerprint(content) as u32);
                }
                form => {
                    scan.regular = false;
                    scan.broken.push(Broken {
                        offset: place.offset + (scan.end - HEADER.len()) as u64,
                        line: scan.line,
                        cells: if form == Form::Unclosed {
                            0
                        } else {
                            record.cells
                        },
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
    fn usable<'b>(buffer: &'b [u8], plan: &Plan<'_>) -> impl Iterator<Item = &'b [u8]> + use<'b> {
        let (separator, width) = (plan.dialect.separator, plan.dialect.names.len());
        Records {
            bytes: buffer,
            at: HEADER.len(),
            separator,
        }
        .filter(move |record| {
            record.cells == width && !matches!(record.form, Form::Blank | Form::Unclosed)
        })
        .map(move |record| &buffer[record.content])
    }
}

/// All records of a buffer whose end is the end of its last record.
struct Records<'a> {
    bytes: &'a [u8],
    at: usize,
    separator: Separator,
}

impl Iterator for Records<'_> {
    type Item = records::Record;

    fn next(&mut self) -> Option<Self::Item> {
        let record = records::next_record(self.bytes, self.at, self.separator, true)?;
        self.at = record.next;
        Some(record)
    }
}
