//! Where the cells of a block of plain lines stand.

use std::ops::Range;

use memchr::memchr_iter;

use crate::data::text::shorten;

/// The ends of all cells of a block; reused from block to block.
#[derive(Clone, Debug, Default)]
pub struct Grid {
    /// Byte before the first cell, then the separator or line end behind every cell.
    ends: Vec<u32>,
    rows: usize,
    width: usize,
}

/// Stands for the byte before the first one.
const BEFORE_FIRST: u32 = u32::MAX;

impl Grid {
    /// Finds the cells of some whole lines without quotes. False when not every line is a row of
    /// `width` cells: such blocks need the slower reading that says what is wrong.
    pub fn lay(&mut self, body: &[u8], separator: u8, width: usize) -> bool {
        let rows = memchr_iter(b'\n', body).count();
        (self.rows, self.width) = (rows, width);
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
        (0..rows).all(lines_end)
            && (!separator.is_ascii_whitespace()
                || (0..rows).all(|row| !body[self.line(body, row)].trim_ascii().is_empty()))
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
        let is_last = column + 1 == self.width;
        (0..self.rows).map(move |row| {
            let at = row * self.width + column;
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
        // The product gathers the eight marks in its highest byte.
        bits |= ((hits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * index);
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
    }

    #[test]
    fn every_place_in_a_block_is_seen() {
        for at in 0..200 {
            let text = format!("{},{}\n", "a".repeat(at), "\u{7f}\u{80}-+".repeat(20));
            let found = cells(&text, b',', 2).unwrap();
            assert_eq!(found[0][0].len(), at);
        }
    }
}
