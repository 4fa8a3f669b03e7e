//! Where the cells of a block of plain lines stand.

use std::ops::Range;

use memchr::memchr_iter;

use crate::data::text::shorten;

/// The ends of all cells of a block; reused from block to block.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Byte before the first cell, then the separator or line end behind every cell.
    ends: Vec<u32>,
    /// Where cells that runs of spaces separate begin, and the line end behind every row.
    runs: Option<Runs>,
    rows: usize,
    width: usize,
}

/// What is known beside the ends of cells that runs of spaces or tabs separate.
#[derive(Clone, Debug, Default)]
struct Runs {
    starts: Vec<u32>,
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
        let lines_end = |row: usize| body[self.ends[(row + 1) * width] as usize] == b'\n';
        // A line of nothing but white space is no row; most have a separator that is something else.
        (0..rows).all(lines_end)
            && ((width > 1 && !separator.is_ascii_whitespace())
                || (0..rows).all(|row| !body[self.line(body, row)].trim_ascii().is_empty()))
    }

    /// As [`Grid::lay`], for cells separated by runs of spaces or tabs, also before the first and
    /// behind the last one. Control characters in cells are left to the slower reading as well.
    pub fn lay_runs(&mut self, body: &[u8], width: usize) -> bool {
        let rows = memchr_iter(b'\n', body).count();
        (self.rows, self.width) = (rows, width);
        if width == 0 || u32::try_from(body.len()).is_err() || body.last() != Some(&b'\n') {
            return false;
        }
        let Runs { starts, lines } = self.runs.get_or_insert_default();
        let cells = rows * width;
        starts.resize(cells + 64, 0);
        self.ends.resize(1 + cells + 64, 0);
        self.ends[0] = BEFORE_FIRST;
        lines.clear();
        if mark_runs(body, (starts, &mut self.ends[1..]), lines) != Some(cells) {
            return false;
        }
        // Cells follow each other: if the first and the last one of a row stand in it, so do all.
        let mut before = 0;
        lines.iter().enumerate().all(|(row, &line)| {
            let (first, last) = (starts[row * width], self.ends[(row + 1) * width]);
            first >= std::mem::replace(&mut before, line) && last <= line
        })
    }

    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
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

    /// A row without its line end.
    #[must_use]
    #[inline]
    pub fn line(&self, body: &[u8], row: usize) -> Range<usize> {
        if let Some(Runs { lines, .. }) = &self.runs {
            let start = row.checked_sub(1).map_or(0, |before| lines[before] + 1) as usize;
            return start..without_return(body, start, lines[row] as usize);
        }
        let start = self.ends[row * self.width].wrapping_add(1) as usize;
        let end = self.ends[(row + 1) * self.width] as usize;
        start..without_return(body, start, end)
    }

    /// The cells of a column, from the first row on.
    #[inline]
    pub fn column<'a>(
        &'a self,
        body: &'a [u8],
        column: usize,
    ) -> impl ExactSizeIterator<Item = Range<usize>> + 'a {
        // Cells between runs of spaces hold no carriage return.
        let is_last = column + 1 == self.width && self.runs.is_none();
        let starts = self.runs.as_ref().map(|runs| runs.starts.as_slice());
        (0..self.rows).map(move |row| {
            let at = row * self.width + column;
            if let Some(starts) = starts {
                return starts[at] as usize..self.ends[at + 1] as usize;
            }
            let start = self.ends[at].wrapping_add(1) as usize;
            let end = self.ends[at + 1] as usize;
            let end = if is_last {
                without_return(body, start, end)
            } else {
                end
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
    let wanted = [repeat(separator), repeat(b'\n')];
    let mut found = 0;
    let (blocks, tail) = body.as_chunks::<64>();
    let mut last = [0; 64];
    last[..tail.len()].copy_from_slice(tail);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let mut hits = positions(block, wanted);
        let room = out.get_mut(found..found + 64)?;
        found += hits.count_ones() as usize;
        let mut slot = 0;
        while hits != 0 {
            room[slot] = (index * 64) as u32 + hits.trailing_zeros();
            hits &= hits - 1;
            slot += 1;
        }
    }
    Some(found)
}

/// Writes down where cells between runs of spaces and tabs begin and end, and where lines end; how
/// many cells there are. `None` when they do not fit, or a control character stands in one.
fn mark_runs(
    body: &[u8],
    (starts, ends): (&mut [u32], &mut [u32]),
    lines: &mut Vec<u32>,
) -> Option<usize> {
    let (blocks, tail) = body.as_chunks::<64>();
    // Spaces behind the last line end begin no cell.
    let mut last = [b' '; 64];
    last[..tail.len()].copy_from_slice(tail);
    let (mut begun, mut ended, mut within) = (0, 0, 0);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let base = (index * 64) as u32;
        let (text, control) = text_and_control(block);
        let before = text << 1 | within;
        within = text >> 63;
        begun += write_places(text & !before, base, starts.get_mut(begun..begun + 64)?);
        ended += write_places(!text & before, base, ends.get_mut(ended..ended + 64)?);
        let mut control = control;
        while control != 0 {
            let at = base + control.trailing_zeros();
            control &= control - 1;
            match body[at as usize] {
                b'\n' => lines.push(at),
                b'\t' => {}
                b'\r' if body.get(at as usize + 1) == Some(&b'\n') => {}
                _ => return None,
            }
        }
    }
    Some(ended)
}

/// Writes down the places of a block's marks; how many there are.
#[inline]
fn write_places(mut marks: u64, base: u32, room: &mut [u32]) -> usize {
    let found = marks.count_ones() as usize;
    for place in &mut room[..found] {
        *place = base + marks.trailing_zeros();
        marks &= marks.wrapping_sub(1);
    }
    found
}

/// One bit per byte of a block: whether it is more than a space, and whether it is less.
#[inline]
fn text_and_control(block: &[u8; 64]) -> (u64, u64) {
    let (mut text, mut control) = (0, 0);
    let (words, _) = block.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let at_least = |byte: u8| (word & !HIGH_BITS).wrapping_add(repeat(0x80 - byte)) | word;
        text |= gathered(at_least(b' ' + 1) & HIGH_BITS) << (8 * index);
        control |= gathered(!at_least(b' ') & HIGH_BITS) << (8 * index);
    }
    (text, control)
}

/// The highest bits of eight bytes, all others being zero, side by side: the product gathers them in
/// its highest byte.
#[inline]
fn gathered(marks: u64) -> u64 {
    (marks >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

const LOW_BITS: u64 = 0x0101_0101_0101_0101;
const HIGH_BITS: u64 = 0x8080_8080_8080_8080;

fn repeat(byte: u8) -> u64 {
    u64::from(byte) * LOW_BITS
}

/// One bit per byte of a block: whether it is one of two bytes. Eight bytes are compared at once.
#[inline]
fn positions(block: &[u8; 64], wanted: [u64; 2]) -> u64 {
    let mut bits = 0;
    let (words, _) = block.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let hits = zero_bytes(word ^ wanted[0]) | zero_bytes(word ^ wanted[1]);
        bits |= gathered(hits) << (8 * index);
    }
    bits
}

/// The highest bit of every byte that is zero.
#[inline]
fn zero_bytes(word: u64) -> u64 {
    let low_bits = (word & !HIGH_BITS) + !HIGH_BITS;
    !(low_bits | word | !HIGH_BITS)
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
        let text = format!("a,b,c\n,,\r\n{long},é,\r\n");
        let expected = [["a", "", &long], ["b", "", "é"], ["c", "", ""]];
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
            let lines = (0..grid.rows()).map(|row| text[grid.line(body, row)].to_owned());
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
