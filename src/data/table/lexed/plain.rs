//! Files without quotes whose lines are all rows: several parts of the text are cut at once.

use rayon::prelude::*;

use super::{Lexed, PLACE_BYTES, Wanted, slots, trimmed};
use crate::{
    base::monitor::Monitor,
    data::lines::ingest::PREVIEW_ROWS,
    data::open::encoding::Encoding,
    data::orders::PoolFull,
    data::table::chunks::{Place, Stop},
    data::table::dialect::Dialect,
    data::table::direct::grid::Grid,
    data::table::records,
    data::table::spans::Span,
    data::values::text,
};

/// Parts that are cut at once: the cells of the others take no memory yet.
const PARTS: usize = 64;

/// What was found in one part.
struct Part {
    rows: usize,
    /// Of the wanted columns.
    spans: Vec<Vec<Span>>,
    fingerprints: Vec<u32>,
    /// The first rows of the first part.
    preview: Vec<Vec<String>>,
}

/// Why a part was not read.
enum Odd {
    /// Not every line is a row.
    NotPlain,
    Full(PoolFull),
}

/// A file, and the places of the wanted cells by column.
type Found = (Lexed, Vec<Vec<Span>>);

/// Rows and places of the wanted cells of a whole file; `None` when it is not that simple, for
/// [`super::read`] to look closer.
///
/// # Errors
/// [`super::Refused`] when a cell is too long, or the job is cancelled.
pub(super) fn read(
    bytes: &[u8],
    (dialect, separator): (&Dialect, u8),
    wanted: Wanted<'_>,
    monitor: &Monitor,
) -> Result<Option<Found>, super::Refused> {
    let width = dialect.names.len();
    // A line of a single column may be blank.
    if width < 2 || bytes.last() != Some(&b'\n') || memchr::memchr(b'"', bytes).is_some() {
        return Ok(None);
    }
    let cutter = Cutter {
        bytes,
        separator,
        width,
        slots: slots(wanted.columns, width),
        wanted,
    };
    let (mut lexed, mut spans) = (Lexed::default(), vec![Vec::new(); wanted.columns.len()]);
    for (group, starts) in cutter.starts().chunks(PARTS).enumerate() {
        monitor.check().map_err(Stop::from)?;
        let parts = starts.par_iter().with_max_len(1);
        let parts: Vec<_> = parts.map(|&start| cutter.part(start)).collect();
        for (at, (part, start)) in parts.into_iter().zip(starts).enumerate() {
            let part = match part {
                Ok(part) => part,
                Err(Odd::NotPlain) => return Ok(None),
                Err(Odd::Full(full)) => return Err(super::Refused::Full(full)),
            };
            if group == 0 && at == 0 {
                let expected = part.rows * (bytes.len() / (PLACE_BYTES + 1) + 2);
                for spans in &mut spans {
                    spans.reserve(expected);
                }
            }
            lexed.places.push(Place {
                offset: dialect.data_offset + *start as u64,
                line: dialect.data_line + lexed.rows as u64,
                row: lexed.rows as u64,
            });
            lexed.rows += part.rows;
            lexed.fingerprints.extend_from_slice(&part.fingerprints);
            lexed.preview.extend(part.preview);
            for (all, more) in spans.iter_mut().zip(&part.spans) {
                all.extend_from_slice(more);
            }
        }
        if lexed.preview.len() < PREVIEW_ROWS.min(lexed.rows) {
            return Ok(None);
        }
    }
    Ok(Some((lexed, spans)))
}

struct Cutter<'a> {
    bytes: &'a [u8],
    separator: u8,
    width: usize,
    slots: Vec<Option<usize>>,
    wanted: Wanted<'a>,
}

impl Cutter<'_> {
    /// Where the parts begin: at the lines that follow [`PLACE_BYTES`] of the part before.
    fn starts(&self) -> Vec<usize> {
        let (mut starts, mut at) = (Vec::new(), 0);
        while at < self.bytes.len() {
            starts.push(at);
            at = self.end(at);
        }
        starts
    }

    fn end(&self, start: usize) -> usize {
        let from = (start + PLACE_BYTES).min(self.bytes.len());
        let newline = memchr::memchr(b'\n', &self.bytes[from..]);
        newline.map_or(self.bytes.len(), |at| from + at + 1)
    }

    fn part(&self, start: usize) -> Result<Part, Odd> {
        let (end, mut grid) = (self.end(start), Grid::default());
        let body = &self.bytes[start..end];
        if !grid.lay(body, self.separator, self.width) {
            return Err(Odd::NotPlain);
        }
        let mut spans = vec![Vec::new(); self.wanted.columns.len()];
        for (column, slot) in self.slots.iter().enumerate() {
            let Some(slot) = *slot else {
                continue;
            };
            let places = grid.column(body, column).map(|cell| {
                let (from, to) = trimmed(self.bytes, start + cell.start, start + cell.end);
                Span::new(from, to - from)
            });
            spans[slot] = places.collect::<Result<_, _>>().map_err(Odd::Full)?;
        }
        let prints = self.wanted.fingerprints.then(|| {
            let lines = grid.lines(body).map(|line| &body[line]);
            lines
                .map(|line| records::fingerprint(line) as u32)
                .collect()
        });
        Ok(Part {
            rows: grid.rows(),
            spans,
            fingerprints: prints.unwrap_or_default(),
            preview: if start == 0 {
                self.preview(body, &grid)
            } else {
                Vec::new()
            },
        })
    }

    fn preview(&self, body: &[u8], grid: &Grid) -> Vec<Vec<String>> {
        let mut preview = vec![Vec::with_capacity(self.width); grid.rows().min(PREVIEW_ROWS)];
        for column in 0..self.width {
            for (row, cell) in preview.iter_mut().zip(grid.column(body, column)) {
                let cell = Encoding::Utf8.decode_lossy(&body[cell]);
                row.push(text::shorten(&cell, 200).into_owned());
            }
        }
        preview
    }
}
