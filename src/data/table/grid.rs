//! Where the cells of a block of plain lines stand.

use std::ops::Range;

use memchr::memchr_iter;

use super::quotes::{Walk, bits};
use crate::{
    table::records::{MAX_QUOTED_BYTES, is_blank},
    values::text::shorten,
};

/// The ends of all cells of a block; reused from block to block.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Byte before the first cell, then the separator or line end behind every cell.
    ends: Vec<u32>,
    /// Instead of them, where more than one byte stands between two cells: quotes, or runs of spaces.
    runs: Option<Runs>,
    rows: usize,
    width: usize,
    /// Some quoted cell holds doubled quotes.
    doubled: bool,
}

/// Where cells stand that have more than one byte between them.
#[derive(Clone, Debug, Default)]
struct Runs {
    /// Begin and end of every cell.
    edges: Vec<u32>,
    /// The line end behind every row.
    lines: Vec<u32>,
}

/// Stands for the byte before the first one.
const BEFORE_FIRST: u32 = u32::MAX;

impl Grid {
    /// Finds the cells of some whole lines without quotes. False when not every line is a row of
    /// `width` cells: such blocks need the slower reading that says what is wrong.
    pub fn lay(&mut self, body: &[u8], separator: u8, width: usize) -> bool {
        let rows = memchr_iter(b'\n', body).count();
        (self.rows, self.width, self.runs) = (rows, width, None);
        self.doubled = false;
        let ends = rows * width;
        if width == 0 || u32::try_from(body.len()).is_err() {
            return false;
        }
        // Room for one word's worth of cells too many, so that the inner loop need not ask.
        self.ends.resize(ends + 1 + 64, 0);
        self.ends[0] = BEFORE_FIRST;
        if mark_ends(body, separator, &mut self.ends[1..]) != Some(ends) {
            return false;
        }
        self.are_rows(body, separator)
    }

    /// As [`Grid::lay`], for lines with quotes. False also when a quote is not regular. The cells are
    /// found with their quotes until [`Grid::unquote`].
    pub fn lay_quoted(&mut self, body: &[u8], separator: u8, width: usize) -> bool {
        (self.width, self.runs, self.doubled) = (width, None, false);
        // No more than these: some may stand within quotes.
        let most = memchr_iter(b'\n', body).count() * width;
        // A cell of more than so many bytes is none.
        if width == 0 || body.len() > MAX_QUOTED_BYTES {
            return false;
        }
        self.ends.resize(most + 1 + 64, 0);
        self.ends[0] = BEFORE_FIRST;
        let mut walk = Walk::new(separator);
        let Some((found, rows)) = mark_outside(body, &mut walk, &mut self.ends[1..]) else {
            return false;
        };
        (self.rows, self.doubled) = (rows, walk.doubled);
        found == rows * width && !walk.is_inside() && self.are_rows(body, separator)
    }

    /// Whether every row ends with a line, and none is blank.
    fn are_rows(&self, body: &[u8], separator: u8) -> bool {
        let mut start = 0;
        (0..self.rows).all(|row| {
            let end = self.ends[(row + 1) * self.width] as usize;
            let blank = is_blank(&body[start..end], separator);
            start = end + 1;
            !blank && body[end] == b'\n'
        })
    }

    /// Takes the quotes from the cells of [`Grid::lay_quoted`]; doubled ones are made single in the text,
    /// whose other bytes stay where they are.
    pub fn unquote(&mut self, body: &mut [u8]) {
        let (cells, width, mut start) = (self.rows * self.width, self.width, 0);
        let mut runs = Runs::default();
        runs.edges.reserve(2 * cells + 64);
        runs.lines.reserve(self.rows);
        for (at, &end) in self.ends[1..=cells].iter().enumerate() {
            let (mut from, mut to) = (start, end as usize);
            start = to + 1;
            if (at + 1) % width == 0 {
                runs.lines.push(end);
                to = without_return(body, from, to);
            }
            if body[from] == b'"' && to > from + 1 {
                (from, to) = (from + 1, to - 1);
                if self.doubled {
                    to = make_single(body, from, to);
                }
            }
            runs.edges.extend([from as u32, to as u32]);
        }
        self.runs = Some(runs);
    }

    /// Begins a grid of rows that are found one by one ([`Grid::add_cell`], [`Grid::add_row`]).
    pub fn begin(&mut self, width: usize) {
        (self.rows, self.width) = (0, width);
        let runs = self.runs.get_or_insert_default();
        runs.edges.clear();
        runs.lines.clear();
    }

    pub fn add_cell(&mut self, cell: &Range<usize>) {
        let runs = self.runs.get_or_insert_default();
        runs.edges.extend([cell.start as u32, cell.end as u32]);
    }

    /// Ends a row of `width` cells at a byte that is no part of it.
    pub fn add_row(&mut self, line_end: usize) {
        let runs = self.runs.get_or_insert_default();
        runs.lines.push(line_end as u32);
        self.rows += 1;
    }

    /// As [`Grid::lay`], for cells separated by runs of spaces or tabs, also before the first and
    /// behind the last one. Control characters in cells are left to the slower reading as well.
    pub fn lay_runs(&mut self, body: &[u8], width: usize) -> bool {
        let rows = memchr_iter(b'\n', body).count();
        (self.rows, self.width) = (rows, width);
        if width == 0 || u32::try_from(body.len()).is_err() || body.last() != Some(&b'\n') {
            return false;
        }
        self.doubled = false;
        let Runs { edges, lines } = self.runs.get_or_insert_default();
        let wanted = 2 * rows * width;
        edges.resize(wanted + 64, 0);
        if mark_runs(body, edges) != Some(wanted) {
            return false;
        }
        lines.clear();
        lines.reserve(rows);
        let (mut returns, mut before) = (0, 0);
        for row in 0..rows {
            // Cells follow each other: if the first and the last one of a row stand in it, so do all.
            let (first, last) = (edges[2 * row * width], edges[2 * (row + 1) * width - 1]);
            let Some(line) = line_end(body, last as usize) else {
                return false;
            };
            if first < std::mem::replace(&mut before, line) {
                return false;
            }
            returns += usize::from(body[line as usize - 1] == b'\r');
            lines.push(line);
        }
        // Each row has a line end behind it, and there are no others. The same with what else is
        // less than a space: returns before line ends, and tabs.
        let controls = rows + returns;
        let tabs = || memchr_iter(b'\t', body).count();
        let found = controls_in(body);
        found == controls || found == controls + tabs()
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// The first rows as text, long cells cut short: for the preview.
    #[must_use]
    pub fn head(&self, text: &str, rows: usize) -> Vec<Vec<String>> {
        let mut head = vec![vec![String::new(); self.width]; rows.min(self.rows)];
        for column in 0..self.width {
            let cells = self.column(text.as_bytes(), column);
            for (row, cell) in head.iter_mut().zip(cells) {
                row[column] = shorten(&text[cell], 200).into_owned();
            }
        }
        head
    }

    /// The rows without their line ends.
    #[inline]
    pub fn lines<'a>(&'a self, body: &'a [u8]) -> impl ExactSizeIterator<Item = Range<usize>> + 'a {
        let (ends, step) = if let Some(Runs { lines, .. }) = &self.runs {
            (lines.as_slice(), 1)
        } else {
            (self.ends.get(self.width..).unwrap_or_default(), self.width)
        };
        let mut start = 0;
        let ends = ends.iter().step_by(step.max(1)).take(self.rows);
        ends.map(move |&end| {
            let line = start..without_return(body, start, end as usize);
            start = end as usize + 1;
            line
        })
    }

    /// The cells of a column, from the first row on.
    #[inline]
    pub fn column<'a>(
        &'a self,
        body: &'a [u8],
        column: usize,
    ) -> impl ExactSizeIterator<Item = Range<usize>> + 'a {
        let cells = self.rows * self.width;
        // A cell's begin and end, or the end before it and its own: the first ones of the column, and how
        // far it is to the next row's.
        let (starts, ends, step, behind) = if let Some(Runs { edges, .. }) = &self.runs {
            let edges = &edges[..2 * cells];
            let (starts, ends) = (edges.get(2 * column..), edges.get(2 * column + 1..));
            (starts, ends, 2 * self.width, 0)
        } else {
            let (starts, ends) = (self.ends.get(..cells), self.ends.get(1..=cells));
            let from = |ends: Option<&'a [u32]>| ends.and_then(|ends| ends.get(column..));
            (from(starts), from(ends), self.width, 1)
        };
        // Cells between runs of spaces hold no carriage return.
        let is_last = column + 1 == self.width && self.runs.is_none();
        let places = |places: Option<&'a [u32]>| places.unwrap_or_default().iter();
        let (starts, ends) = (places(starts), places(ends));
        let (starts, ends) = (starts.step_by(step.max(1)), ends.step_by(step.max(1)));
        starts.zip(ends).map(move |(&start, &end)| {
            let start = start.wrapping_add(behind) as usize;
            let end = if is_last {
                without_return(body, start, end as usize)
            } else {
                end as usize
            };
            start..end
        })
    }
}

/// The end of a line's content: a carriage return before the line end does not belong to it.
#[inline]
fn without_return(body: &[u8], start: usize, end: usize) -> usize {
    end - usize::from(end > start && body[end - 1] == b'\r')
}

/// Writes down where separators and line ends stand, 64 bytes at a time; how many there are, or
/// `None` when they do not fit.
fn mark_ends(body: &[u8], separator: u8, out: &mut [u32]) -> Option<usize> {
    let wanted = [separator, b'\n'];
    let mut found = 0;
    let (blocks, tail) = body.as_chunks::<64>();
    let mut last = [0; 64];
    last[..tail.len()].copy_from_slice(tail);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let room = out.get_mut(found..found + 64)?;
        found += write_places(positions(block, wanted), (index * 64) as u32, room);
    }
    Some(found)
}

/// As [`mark_ends`], of what stands outside quotes: how many borders, and how many of them are line ends;
/// `None` also when a quote is not regular.
fn mark_outside(body: &[u8], walk: &mut Walk, out: &mut [u32]) -> Option<(usize, usize)> {
    let (mut found, mut rows) = (0, 0);
    let (blocks, tail) = body.as_chunks::<64>();
    let mut last = [0; 64];
    last[..tail.len()].copy_from_slice(tail);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let outside = walk.step(block);
        if !outside.regular {
            return None;
        }
        let room = out.get_mut(found..found + 64)?;
        found += write_places(outside.borders, (index * 64) as u32, room);
        rows += outside.newlines.count_ones() as usize;
    }
    Some((found, rows))
}

/// Makes doubled quotes single, within a cell; returns where it ends now.
fn make_single(body: &mut [u8], from: usize, to: usize) -> usize {
    let Some(first) = memchr::memchr(b'"', &body[from..to]) else {
        return to;
    };
    let (mut write, mut read) = (from + first, from + first);
    while read < to {
        body[write] = body[read];
        read += 1 + usize::from(body[read] == b'"' && body.get(read + 1) == Some(&b'"'));
        write += 1;
    }
    // What was moved away must not leave halves of letters behind.
    body[write..to].fill(b' ');
    write
}

/// Writes down where runs of characters that are more than a space begin and end; how many places that
/// are, or `None` when they do not fit.
fn mark_runs(body: &[u8], out: &mut [u32]) -> Option<usize> {
    let (blocks, tail) = body.as_chunks::<64>();
    // Spaces behind the last line end begin no cell.
    let mut last = [b' '; 64];
    last[..tail.len()].copy_from_slice(tail);
    let (mut found, mut within) = (0, 0);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let text = text_in(block);
        let edges = text ^ (text << 1 | within);
        within = text >> 63;
        let room = out.get_mut(found..found + 64)?;
        found += write_places(edges, (index * 64) as u32, room);
    }
    Some(found)
}

/// The line end that follows a row's last cell, if only spaces and the like stand before it.
#[inline]
fn line_end(body: &[u8], cell_end: usize) -> Option<u32> {
    let rest = &body[cell_end..];
    let ahead = match rest {
        [b'\n', ..] => 0,
        [b'\r', b'\n', ..] => 1,
        _ => rest.iter().position(|&byte| byte == b'\n')?,
    };
    rest[..ahead]
        .iter()
        .all(|byte| *byte <= b' ')
        .then_some((cell_end + ahead) as u32)
}

/// Writes down the places of a block's marks; how many there are. Some more places are written, eight at
/// a time: how many there are is hard to foresee for the processor, how many times eight is not.
#[inline]
fn write_places(mut marks: u64, base: u32, room: &mut [u32]) -> usize {
    let found = marks.count_ones() as usize;
    for places in room
        .as_chunks_mut::<8>()
        .0
        .iter_mut()
        .take(found.div_ceil(8))
    {
        for place in places {
            *place = base + marks.trailing_zeros();
            marks &= marks.wrapping_sub(1);
        }
    }
    found
}

/// How many bytes are less than a space.
fn controls_in(body: &[u8]) -> usize {
    // Sums of bytes, as long as they stay below 256, are taken for many bytes at once.
    let sum = |bytes: &[u8]| bytes.iter().map(|byte| u8::from(*byte < b' ')).sum::<u8>();
    body.chunks(192).map(|bytes| usize::from(sum(bytes))).sum()
}

/// One bit per byte of a block: whether it is more than a space.
#[inline]
fn text_in(block: &[u8; 64]) -> u64 {
    bits(block, |byte| byte > b' ')
}

/// One bit per byte of a block: whether it is one of two bytes.
#[inline]
fn positions(block: &[u8; 64], wanted: [u8; 2]) -> u64 {
    bits(block, |byte| byte == wanted[0] || byte == wanted[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str, separator: u8, width: usize) -> Option<Vec<Vec<String>>> {
        let (body, mut grid) = (text.as_bytes(), Grid::default());
        grid.lay(body, separator, width).then(|| {
            let column = |column| {
                let cells = grid.column(body, column);
                cells.map(|cell| text[cell].to_owned()).collect()
            };
            (0..width).map(column).collect()
        })
    }

    #[test]
    fn cells_by_column() {
        let long = "x".repeat(150);
        let text = format!("a,b,c\n,d,\r\n{long},é,\r\n");
        let expected = [["a", "", &long], ["b", "d", "é"], ["c", "", ""]];
        assert_eq!(cells("a,b\n, \r\n", b',', 2), None, "a blank row");
        assert_eq!(cells(&text, b',', 3).unwrap(), expected);
        assert_eq!(cells("", b',', 3).unwrap(), [[""; 0]; 3]);
    }

    #[test]
    fn rows_of_another_width_are_refused() {
        for text in ["a,b\nc\n", "a,b\nc,d,e\n", "a\nb,c,d\n", "a,b\n\nc,d\n"] {
            assert_eq!(cells(text, b',', 2), None, "{text:?}");
        }
        assert_eq!(cells("a\tb\n \t\r\n", b'\t', 2), None, "a blank line");
        assert!(cells("a\tb\n\tc\n", b'\t', 2).is_some());
        assert_eq!(cells("a\n\t\nb\n", b',', 1), None, "a blank line");
        assert!(cells("a\nb\n", b',', 1).is_some());
    }

    fn run_cells(text: &str, width: usize) -> Option<Vec<Vec<String>>> {
        let (body, mut grid) = (text.as_bytes(), Grid::default());
        // A grid that was used before knows nothing of it.
        grid.lay(b"x;y\n", b';', 2);
        grid.lay_runs(body, width).then(|| {
            let column = |column| {
                let cells = grid.column(body, column);
                cells.map(|cell| text[cell].to_owned()).collect()
            };
            let lines = grid.lines(body).map(|line| text[line].to_owned());
            (0..width).map(column).chain([lines.collect()]).collect()
        })
    }

    #[test]
    fn cells_between_runs_of_spaces() {
        let long = "é".repeat(70);
        let text = format!(" a   b\t{long} \r\nc d e\n\t1 2  3\r\n");
        let expected = vec![
            vec!["a", "c", "1"],
            vec!["b", "d", "2"],
            vec![&long, "e", "3"],
            text.lines().collect(),
        ];
        assert_eq!(run_cells(&text, 3).unwrap(), expected);
        for odd in [
            "a b\nc\n",
            "a b\n\nc d\n",
            "a b c\nd\n",
            "a\nb c d\n",
            "a b\rc\n",
            "a b\r\r\n",
            "a \x0C\n",
            "a b",
        ] {
            assert_eq!(run_cells(odd, 2), None, "{odd:?}");
        }
    }

    #[test]
    fn every_place_in_a_block_is_seen() {
        for at in 0..200 {
            let text = format!("{},{}\n", "a".repeat(at), "\u{7f}\u{80}-+".repeat(20));
            let found = cells(&text, b',', 2).unwrap();
            assert_eq!(found[0][0].len(), at);
            let text = format!("{} \u{7f}\u{80}-+\n", "a".repeat(at + 1)).repeat(3);
            let found = run_cells(&text, 2).unwrap();
            assert_eq!(found[0][2].len(), at + 1);
            assert_eq!(found[1][2], "\u{7f}\u{80}-+");
        }
    }
}
