//! Tables as CSV (RFC 4180), safe to open in a spreadsheet.
//!
//! - **No formula runs.** A text that a spreadsheet would take for a formula — it begins with `=`,
//!   `+`, `-`, `@`, their full-width twins, a tab or a line break — gets an apostrophe in front
//!   (OWASP's advice on CSV injection). Numbers are written by Keepers itself and stay numbers, and a
//!   telephone number (`+` and digits alone) stays whole: a spreadsheet shows it as a number at worst.
//! - **Ids stay ids.** A text that looks like a number or a date (`00017`, `1e3`) is quoted, so that
//!   "quoted fields are text" keeps its zeros where a program asks.

use std::{
    borrow::Cow,
    io::{self, Write},
};

use super::table::{Cell, Table};
use data::day::iso;

/// How CSV is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CsvOptions {
    /// A UTF-8 byte-order mark in front: Excel needs it to read letters beyond ASCII.
    pub byte_order_mark: bool,
    /// `,`, `;` or a tab.
    pub separator: char,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self {
            byte_order_mark: false,
            separator: ',',
        }
    }
}

/// Writes a table.
///
/// # Errors
/// Whatever the writer says.
pub fn write(table: &Table, options: CsvOptions, out: &mut impl Write) -> io::Result<()> {
    if options.byte_order_mark {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let names = table.columns.iter().map(|column| Cell::Text(&column.name));
    row(names, options, out)?;
    for number in 0..table.rows() {
        let cells = table
            .columns
            .iter()
            .map(|column| column.values.cell(number));
        row(cells, options, out)?;
    }
    Ok(())
}

fn row<'a>(
    cells: impl Iterator<Item = Cell<'a>>,
    options: CsvOptions,
    out: &mut impl Write,
) -> io::Result<()> {
    for (column, cell) in cells.enumerate() {
        if column > 0 {
            write!(out, "{}", options.separator)?;
        }
        match cell {
            Cell::Empty => {}
            Cell::Text(text) => out.write_all(field(text, options.separator).as_bytes())?,
            Cell::Integer(value) => write!(out, "{value}")?,
            Cell::Number(value) => write!(out, "{}", number(value))?,
            Cell::Day(day) => write!(out, "{}", iso(day))?,
        }
    }
    // RFC 4180 ends lines with CR LF; every reader takes it.
    out.write_all(b"\r\n")
}

/// A number without grouping; the shortest text that reads back as the same number.
fn number(value: f64) -> f64 {
    // Never "-0".
    if value == 0.0 { 0.0 } else { value }
}

/// Appends a line of values of which only their writing is known, such as the numbers of a chart:
/// what is written as Keepers writes numbers stays a number, everything else is text.
pub fn loose_line<'a>(values: impl Iterator<Item = &'a str>, separator: char, out: &mut String) {
    for (column, value) in values.enumerate() {
        if column > 0 {
            out.push(separator);
        }
        if is_number(value) {
            out.push_str(value);
        } else {
            out.push_str(&field(value, separator));
        }
    }
    out.push_str("\r\n");
}

/// A value of which only its writing is known, so that no spreadsheet runs it as a formula.
#[must_use]
pub fn loosely_defused(value: &str) -> Cow<'_, str> {
    if is_number(value) {
        Cow::Borrowed(value)
    } else {
        defused(value)
    }
}

/// Whether a text is written as Keepers writes numbers: no plus sign, exponent or leading zero, and no
/// more digits before the point than a spreadsheet keeps. Anything else may be an id.
fn is_number(text: &str) -> bool {
    const KEPT_DIGITS: usize = 15;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = match unsigned.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (unsigned, None),
    };
    let plain = whole == "0" || !whole.starts_with('0');
    digits(whole) && plain && whole.len() <= KEPT_DIGITS && fraction.is_none_or(digits)
}

/// With an apostrophe in front where a spreadsheet would run the text, or a part of it: whoever reads the
/// file by another separator than it was written with sees the parts as cells of their own.
fn defused(text: &str) -> Cow<'_, str> {
    let runs = |part: &str| starts_formula(part) && !is_number(part.trim());
    if !starts_formula(text) && !text.split(SEPARATORS).skip(1).any(runs) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 2);
    for (number, part) in text.split_inclusive(SEPARATORS).enumerate() {
        let bare = part.trim_end_matches(SEPARATORS);
        if (number == 0 && starts_formula(text)) || (number > 0 && runs(bare)) {
            safe.push('\'');
        }
        safe.push_str(part);
    }
    Cow::Owned(safe)
}

/// What readers of CSV take for the end of a cell, whatever the writer meant.
const SEPARATORS: [char; 6] = [',', ';', '\t', '|', '\n', '\r'];

/// A text, defused and quoted where needed.
fn field(text: &str, separator: char) -> Cow<'_, str> {
    let defused = defused(text);
    let special =
        |letter: char| letter == '"' || letter == separator || SEPARATORS.contains(&letter);
    let outer_space = text.starts_with(' ') || text.ends_with(' ');
    if defused.contains(special) || outer_space || looks_typed(text) {
        Cow::Owned(format!("\"{}\"", defused.replace('"', "\"\"")))
    } else {
        defused
    }
}

/// Whether a spreadsheet would take the text for a formula, also after dropping leading blanks.
#[must_use]
pub fn starts_formula(text: &str) -> bool {
    if is_phone(text) {
        return false;
    }
    let first = |text: &str| text.chars().next();
    let breaks = first(text).is_some_and(|letter| matches!(letter, '\t' | '\r' | '\n'));
    let begins = first(text.trim_start())
        .is_some_and(|letter| matches!(letter, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'));
    breaks || begins
}

/// A telephone number as E.164 writes it: + and 7 to 15 digits.
pub(super) fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or("");
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a spreadsheet would turn the text into a number or a date.
fn looks_typed(text: &str) -> bool {
    let digits = text.bytes().any(|byte| byte.is_ascii_digit());
    let plain = is_phone(text)
        || text.bytes().all(|byte| {
            byte.is_ascii_digit()
                || matches!(
                    byte,
                    b'.' | b',' | b'/' | b':' | b' ' | b'-' | b'e' | b'E' | b'%'
                )
        });
    digits && plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Values;

    fn text(table: &Table, options: CsvOptions) -> String {
        let mut bytes = Vec::new();
        write(table, options, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn formulas_are_defused_and_numbers_stay_numbers() {
        let mut table = Table::new("t");
        let evil = [
            "=1+1",
            "+49 30",
            "-x",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            " =1",
            "＝1",
            "plain",
            "a,b",
            "say \"hi\"",
        ];
        table.push("name", Values::Text(evil.map(str::to_owned).to_vec()));
        table.push("value", Values::Numbers(vec![-1.5, -0.0, 0.1]));
        assert_eq!(
            text(&table, CsvOptions::default()),
            "name,value\r\n'=1+1,-1.5\r\n'+49 30,0\r\n'-x,0.1\r\n'@SUM(A1),\r\n\"'\t'=1\",\r\n\
             \"'\r'=1\",\r\n\"' =1\",\r\n'＝1,\r\nplain,\r\n\"a,b\",\r\n\"say \"\"hi\"\"\",\r\n"
        );
    }

    /// A file written with commas may be opened by somebody whose spreadsheet splits at semicolons.
    #[test]
    fn no_part_is_a_formula_whatever_separator_a_reader_takes() {
        let field = |text: &str| field(text, ',').into_owned();
        assert_eq!(field("x;=1+1"), "\"x;'=1+1\"");
        assert_eq!(field("x\t=1"), "\"x\t'=1\"");
        assert_eq!(field("a|@b;c"), "\"a|'@b;c\"");
        assert_eq!(field("x\n+cmd"), "\"x\n'+cmd\"");
        assert_eq!(field("=1;=2"), "\"'=1;'=2\"");
        // Numbers are no formulas, nor are names with a separator.
        assert_eq!(field("a; -5"), "\"a; -5\"");
        assert_eq!(field("Smith; Sons"), "\"Smith; Sons\"");
    }

    #[test]
    fn ids_keep_their_zeros_as_quoted_text() {
        let mut table = Table::new("t");
        let ids = ["00017", "1e3", "2024-01-05", "A1"].map(str::to_owned);
        table.push("customer_id", Values::Text(ids.to_vec()));
        table.push("first_order", Values::Days(vec![Some(0), None]));
        assert_eq!(
            text(&table, CsvOptions::default()),
            "customer_id,first_order\r\n\"00017\",1970-01-01\r\n\"1e3\",\r\n\"2024-01-05\",\r\nA1,\r\n"
        );
    }

    #[test]
    fn of_values_without_a_kind_only_plain_numbers_are_numbers() {
        let values = [
            "-0.5",
            "12",
            "0.30000000000000004",
            "00017",
            "1e3",
            "+49",
            "-2+3",
            "1234567890123456",
            "=1",
            ".5",
            "",
            "a,b",
        ];
        let mut line = String::new();
        loose_line(values.into_iter(), ',', &mut line);
        assert_eq!(
            line,
            "-0.5,12,0.30000000000000004,\"00017\",\"1e3\",'+49,'-2+3,\"1234567890123456\",'=1,\".5\",,\"a,b\"\r\n"
        );
        assert_eq!(loosely_defused("-17.5"), "-17.5");
        assert_eq!(loosely_defused("-17 5"), "'-17 5");
        assert_eq!(loosely_defused("00017"), "00017");
        assert_eq!(loosely_defused("+16715550110"), "+16715550110");
    }

    #[test]
    fn excel_gets_its_mark_and_its_separator() {
        let mut table = Table::new("t");
        table.push("straße", Values::Text(vec!["a;b".to_owned()]));
        table.push("n", Values::Integers(vec![3]));
        let options = CsvOptions {
            byte_order_mark: true,
            separator: ';',
        };
        assert_eq!(text(&table, options), "\u{feff}straße;n\r\n\"a;b\";3\r\n");
    }
}
