//! Quotes in a block of text, 64 bytes at a time: which separators and line ends stand outside of them,
//! and whether every quote stands where a strict reader expects one.
//!
//! Regular is: a quote opens at the beginning of a cell, and the one that closes it stands before a
//! separator or a line end; two in a row within a quoted cell stand for one. Anything else is left to
//! [`records`](crate::table::records), which says what it means.

/// Walks over a text that begins with a record.
#[derive(Debug)]
pub(super) struct Walk {
    separator: u8,
    /// All ones while the byte before stands within quotes.
    inside: u64,
    /// Whether a quote may open at the next byte, must be followed up at it, or a line must end there.
    may_open: u64,
    closed: u64,
    returned: u64,
    /// A doubled quote was met.
    pub doubled: bool,
}

/// What 64 bytes hold outside quotes, one bit per byte.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outside {
    /// Separators and line ends.
    pub borders: u64,
    pub newlines: u64,
    /// Every quote so far is regular.
    pub regular: bool,
}

impl Walk {
    pub fn new(separator: u8) -> Self {
        Self {
            separator,
            inside: 0,
            may_open: 1,
            closed: 0,
            returned: 0,
            doubled: false,
        }
    }

    /// Whether the text so far ends within quotes.
    pub fn is_inside(&self) -> bool {
        self.inside != 0
    }

    #[inline]
    pub fn step(&mut self, block: &[u8; 64]) -> Outside {
        let quotes = bits(block, |byte| byte == b'"');
        let newlines = bits(block, |byte| byte == b'\n');
        let separators = bits(block, |byte| byte == self.separator);
        let within = parity(quotes) ^ self.inside;
        let (open, close) = (quotes & within, quotes & !within);
        let newlines = newlines & !within;
        let borders = newlines | separators & !within;
        let after_close = close << 1 | self.closed;
        let mut wrong = open & !((borders | close) << 1 | self.may_open);
        let (mut returned, mut next_returned) = (self.returned, 0);
        if after_close != 0 || returned != 0 {
            let returns = bits(block, |byte| byte == b'\r') & !within;
            wrong |= after_close & !(borders | open | returns);
            returned |= (after_close & returns) << 1;
            next_returned = (after_close & returns) >> 63;
            wrong |= returned & !newlines;
            self.doubled |= after_close & open != 0;
        }
        self.inside = 0_u64.wrapping_sub(within >> 63);
        self.may_open = (borders | close) >> 63;
        self.closed = close >> 63;
        self.returned = next_returned;
        Outside {
            borders,
            newlines,
            regular: wrong == 0,
        }
    }
}

/// For every bit whether it and those below it are odd in number.
#[inline]
fn parity(bits: u64) -> u64 {
    [1, 2, 4, 8, 16, 32]
        .into_iter()
        .fold(bits, |bits, shift| bits ^ (bits << shift))
}

/// Behind the last line end up to which every quote is regular; 0 when there is none. The text begins
/// with a record.
pub(super) fn regular_end(text: &[u8], separator: u8) -> usize {
    let (mut walk, mut end) = (Walk::new(separator), 0);
    let (blocks, tail) = text.as_chunks::<64>();
    let mut last = [0; 64];
    last[..tail.len()].copy_from_slice(tail);
    for (index, block) in blocks.iter().chain([&last]).enumerate() {
        let outside = walk.step(block);
        if !outside.regular {
            break;
        }
        if outside.newlines != 0 {
            end = index * 64 + 64 - outside.newlines.leading_zeros() as usize;
        }
    }
    end
}

/// One bit per byte of a block: whether it is meant.
#[inline]
pub(super) fn bits(block: &[u8; 64], is_meant: impl Fn(u8) -> bool) -> u64 {
    // Many bytes are compared at once.
    let mut meant = [0; 64];
    for (meant, &byte) in meant.iter_mut().zip(block) {
        *meant = u8::from(is_meant(byte));
    }
    // Eight lowest bits are gathered by a product in its highest byte.
    let words = meant.as_chunks::<8>().0.iter().enumerate();
    words.fold(0, |bits, (index, &word)| {
        let eight = u64::from_le_bytes(word).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits | eight << (8 * index)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_outside_quotes_end_records() {
        for (text, end) in [
            ("a,b\nc", 4),
            ("a,\"x\ny\"\nc,\"d\n", 8),
            ("\"a \"\"b\"\"\",\"\"\r\n\"c\"\n", 18),
            ("\"never\nclosed\n", 0),
        ] {
            assert_eq!(regular_end(text.as_bytes(), b','), end, "{text:?}");
        }
        // The 64 bytes before the odd quote are fine.
        let long = "ab,cd\n".repeat(20);
        for odd in ["12\" disc\n", "\"a\" b\n", "\"a\"\rb\n"] {
            let end = regular_end(format!("{long}{odd}").as_bytes(), b',');
            assert_eq!(end, 60, "{odd}");
        }
        // A quote that closes at the border of two blocks.
        for at in 50..70 {
            let cell = "x".repeat(at);
            let text = format!("\"{cell}\"\"\",\"\"\r\n");
            assert_eq!(regular_end(text.as_bytes(), b','), text.len());
            let text = format!("\"{cell}\"!\n");
            assert_eq!(regular_end(text.as_bytes(), b','), 0);
        }
    }
}
