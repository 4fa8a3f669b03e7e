//! Where the table begins in a text, and how its columns are separated.
//!
//! Exports carry more than a table: a title and a period above it, comments, the line `sep=;` for a
//! spreadsheet, a row of units below the header. All of that is found among the first records and told
//! apart from rows by what most records are like.

use crate::{
    open::encoding::Encoding,
    table::records::{self, Form, Separator},
    values::dates,
    values::numbers,
    values::text::{self, fold},
};

/// Records of the head that take part in finding the separator.
const SAMPLE_RECORDS: usize = 200;
/// Records among which the header is looked for.
const HEADER_RECORDS: usize = 30;

/// What the beginning of a text is.
#[derive(Debug)]
pub struct Found {
    pub separator: Separator,
    pub has_header: bool,
    /// Cells of the header, or of the first row.
    pub cells: Vec<String>,
    /// The header as the file holds it.
    pub header: Vec<u8>,
    pub comments: bool,
    /// Byte of the first data record.
    pub data: usize,
    pub remarks: Vec<String>,
}

/// A record of the head.
#[derive(Clone, Debug)]
struct Line {
    start: usize,
    next: usize,
    /// Line of the text, from 1.
    number: u64,
    cells: Vec<String>,
    content: Vec<u8>,
}

impl Line {
    fn filled(&self) -> usize {
        self.cells
            .iter()
            .filter(|cell| !text::trim(cell).is_empty())
            .count()
    }

    /// Cells without those at the end that are empty.
    fn width(&self) -> usize {
        let last = self
            .cells
            .iter()
            .rposition(|cell| !text::trim(cell).is_empty());
        last.map_or(0, |last| last + 1)
    }

    /// A record is like a header when none of its cells is a number or a date (`c1` is neither, although a
    /// column of money would read it as one): a row of order lines always holds one of them.
    fn is_header(&self) -> bool {
        let number = |cell: &str| {
            numbers::has_only_money_letters(cell.trim()) && numbers::looks_like_number(cell)
        };
        let value = |cell: &String| number(cell) || dates::looks_like_date(cell);
        !self.cells.iter().any(value) && self.filled() > 0
    }

    fn is_comment(&self) -> bool {
        is_comment(&self.content)
    }
}

/// Whether a record begins as comments do.
#[must_use]
pub fn is_comment(record: &[u8]) -> bool {
    let record = record.strip_prefix(b"\"").unwrap_or(record);
    record.starts_with(b"#") || record.starts_with(b"//")
}

/// Looks at the beginning of a text; `None` when it holds nothing but blank lines.
#[must_use]
pub fn find(body: &[u8], at_end: bool) -> Option<Found> {
    let first = lines(body, Separator::Byte(b','), true)
        .into_iter()
        .next()?;
    if is_json(&first.content) {
        return Some(json(&first));
    }
    let (mut remarks, mut from) = (Vec::new(), 0);
    let separator = match said_separator(&first.content) {
        Some(byte) => {
            remarks.push(format!(
                "line {} names the separator and is no row",
                first.number
            ));
            from = first.next;
            Separator::Byte(byte)
        }
        None => find_separator(body, at_end),
    };
    let mut lines = lines(&body[from..], separator, true);
    let above = 1 + memchr::memchr_iter(b'\n', &body[..from]).count() as u64;
    for line in &mut lines {
        (line.start, line.next) = (line.start + from, line.next + from);
        line.number += above - 1;
    }
    let width = usual_width(&lines);
    let rows = lines.iter().filter(|line| line.cells.len() == width);
    let comments = !rows.clone().any(Line::is_comment)
        || lines
            .iter()
            .take(HEADER_RECORDS)
            .any(|line| line.cells.len() != width && line.is_comment());
    let comments = comments && !rows.skip(HEADER_RECORDS).any(Line::is_comment);
    let at = match separator {
        Separator::Spaces => 0,
        Separator::Byte(_) => header_place(&lines, width).unwrap_or(0),
    };
    // A file of nothing but the line that names the separator.
    let head = lines.get(at)?;
    let has_header = head.is_header();
    if at > 0 {
        remarks.push(above_remark(&lines[..at]));
    }
    let mut found = Found {
        separator,
        has_header,
        cells: head.cells.clone(),
        header: if has_header {
            head.content.clone()
        } else {
            Vec::new()
        },
        comments,
        data: if has_header { head.next } else { head.start },
        remarks,
    };
    if has_header {
        found.join_second_header(&lines[at + 1..]);
        found.skip_units(&lines[at + 1..]);
        found.fit(&lines[at + 1..]);
    }
    Some(found)
}

impl Found {
    /// Names in two rows, the upper ones for several columns: `Customer, Order, Order` above `id, id, date`.
    fn join_second_header(&mut self, below: &[Line]) {
        let [second, rows @ ..] = below else {
            return;
        };
        let upper: Vec<String> = self.cells.iter().map(|cell| fold(cell)).collect();
        let filled = || upper.iter().filter(|name| !name.is_empty());
        let distinct: std::collections::HashSet<&String> = filled().collect();
        let shared = upper.first().is_some_and(|name| !name.is_empty())
            && (distinct.len() < filled().count() || distinct.len() < upper.len());
        let named = second.is_header()
            && second.cells.len() == self.cells.len()
            && second.filled() == second.cells.len()
            && !are_units(&second.cells);
        if !shared || !named || rows.is_empty() || rows.iter().take(5).any(Line::is_header) {
            return;
        }
        let mut group = String::new();
        for (cell, lower) in self.cells.iter_mut().zip(&second.cells) {
            // A cell that was merged stands above the columns behind it too.
            if !text::trim(cell).is_empty() {
                text::trim(cell).clone_into(&mut group);
            }
            *cell = format!("{group} {}", text::trim(lower));
        }
        self.data = second.next;
        self.remarks.push(format!(
            "line {} goes on with the names of the columns",
            second.number
        ));
    }

    /// Passes rows of units or types below the header.
    fn skip_units(&mut self, below: &[Line]) {
        let units = below.iter().take_while(|line| {
            self.comments && line.is_comment() && line.cells.len() != self.cells.len()
                || are_units(&line.cells)
        });
        let units: Vec<&Line> = units.collect();
        // A table of nothing but such words is one of words.
        let Some(last) = units.iter().rposition(|line| are_units(&line.cells)) else {
            return;
        };
        if below.len() > units.len() {
            self.data = units[last].next;
            self.remarks.push(format!(
                "line {} below the header holds units or types and is no row",
                units[last].number
            ));
        }
    }

    /// Where rows end with a separator and the header does not, or the other way round, there is a column
    /// more or less than the header has names.
    fn fit(&mut self, below: &[Line]) {
        let below: Vec<&Line> = below.iter().take(SAMPLE_RECORDS).collect();
        let most = |wanted: &dyn Fn(&Line) -> bool| {
            let found = below.iter().filter(|line| wanted(line)).count();
            !below.is_empty() && 10 * found >= 9 * below.len()
        };
        let width = self.cells.len();
        let blank_end =
            |cells: &[String]| cells.last().is_some_and(|cell| text::trim(cell).is_empty());
        if most(&|line| line.cells.len() == width + 1 && blank_end(&line.cells)) {
            self.cells.push(String::new());
        } else if width > 1 && blank_end(&self.cells) && most(&|line| line.cells.len() == width - 1)
        {
            self.cells.pop();
        }
    }
}

/// Whether a row holds nothing but words for kinds of values: `(text),(yyyy-mm-dd),(EUR)`.
fn are_units(cells: &[String]) -> bool {
    const TYPES: [&str; 22] = [
        "text",
        "string",
        "str",
        "varchar",
        "char",
        "integer",
        "int",
        "bigint",
        "number",
        "numeric",
        "float",
        "double",
        "decimal",
        "date",
        "datetime",
        "timestamp",
        "time",
        "boolean",
        "bool",
        "currency",
        "money",
        "id",
    ];
    let filled = || {
        cells
            .iter()
            .map(|cell| text::trim(cell))
            .filter(|cell| !cell.is_empty())
    };
    let bracketed = |cell: &str| {
        cell.starts_with('(') && cell.ends_with(')') || cell.starts_with('[') && cell.ends_with(']')
    };
    let is_type = |cell: &str| TYPES.contains(&fold(cell).as_str());
    filled().count() > 1 && filled().all(|cell| bracketed(cell) || is_type(cell))
}

/// Whether a row numbers the columns: `1,2,3`, `0,1,2`, or `A,B,C` as a spreadsheet does.
fn number_columns(cells: &[String]) -> bool {
    let counts = |name: &dyn Fn(usize) -> Option<String>| {
        let mut cells = cells.iter().enumerate();
        cells.all(|(at, cell)| name(at).as_deref() == Some(text::trim(cell)))
    };
    let letter = |at: usize| {
        Some(char::from(
            b'A' + u8::try_from(at).ok().filter(|at| *at < 26)?,
        ))
    };
    cells.len() > 2
        && (counts(&|at| Some(at.to_string()))
            || counts(&|at| Some((at + 1).to_string()))
            || counts(&|at| letter(at).map(String::from)))
}

fn above_remark(above: &[Line]) -> String {
    let notes: Vec<String> = above
        .iter()
        .take(3)
        .map(|line| {
            let cells: Vec<&str> = line.cells.iter().map(|cell| text::trim(cell)).collect();
            text::shorten(cells.join(" ").trim(), 80).into_owned()
        })
        .collect();
    let (first, last) = (above[0].number, above[above.len() - 1].number);
    let lines = if first == last {
        format!("line {first} was")
    } else {
        format!("lines {first} to {last} were")
    };
    format!(
        "above the header stands “{}”; {lines} skipped",
        notes.join("” and “")
    )
}

/// The header: the first record without values that is as wide as most and filled at least by half. Records
/// above it must be poorer than rows are, or the file has none.
fn header_place(lines: &[Line], width: usize) -> Option<usize> {
    let near = |line: &Line| {
        let cells = line.cells.len();
        cells == width || cells + 1 == width || (cells == width + 1 && line.width() <= width)
    };
    let fits = |line: &&Line| near(line) && 2 * line.filled() >= width.max(2);
    let candidate = |(at, line): (usize, &Line)| {
        // `# amounts in EUR, VAT included` above a table of two columns, `Orders, all channels` above one
        // of three.
        let next = lines[at + 1..].iter().find(fits);
        let note = next.is_some_and(|next| {
            let wider = line.cells.len() < width && next.cells.len() == width;
            next.is_header() && (line.is_comment() || wider || number_columns(&line.cells))
        });
        fits(&line) && line.is_header() && !note
    };
    let mut candidates =
        (0..lines.len().min(HEADER_RECORDS)).filter(|&at| candidate((at, &lines[at])));
    let first = candidates.next()?;
    // A title with commas is nearly as wide; the header has all names.
    let whole = |at: &usize| lines[*at].cells.len() == width && lines[*at].filled() == width;
    let at = if lines[first].cells.len() < width {
        candidates.find(whole).unwrap_or(first)
    } else {
        first
    };
    let below = lines[at + 1..]
        .iter()
        .filter(|line| line.cells.len() == width);
    let mut filled: Vec<usize> = below.map(Line::filled).collect();
    filled.sort_unstable();
    let usual = filled
        .get(filled.len() / 2)
        .copied()
        .unwrap_or(lines[at].filled());
    // A wider line is no note: most rows below it may be damaged.
    let poorer = |line: &Line| {
        line.cells.len() < width
            || line.filled() < usual
            || line.is_comment()
            || number_columns(&line.cells)
    };
    lines[..at].iter().all(poorer).then_some(at)
}

/// The text of `sep=;`, which spreadsheets understand.
fn said_separator(line: &[u8]) -> Option<u8> {
    let line = line.trim_ascii();
    let line = line
        .strip_prefix(b"\"")
        .and_then(|line| line.strip_suffix(b"\""))
        .unwrap_or(line);
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', byte] => Some(*byte),
        // The tab was trimmed away.
        b"sep=" => Some(b'\t'),
        _ => None,
    }
}

/// The records of a text that are not blank, at most so many as are looked at.
fn lines(body: &[u8], separator: Separator, at_end: bool) -> Vec<Line> {
    let (mut at, mut number, mut lines) = (0, 1, Vec::new());
    while lines.len() < SAMPLE_RECORDS
        && let Some(record) = records::next_record(body, at, separator, at_end)
    {
        if record.form != Form::Blank {
            let content = &body[record.content.clone()];
            // One line of JSON has thousands of cells, which nobody asks for.
            let cells = if is_json(content) {
                Vec::new()
            } else {
                texts(content, separator)
            };
            lines.push(Line {
                start: at,
                next: record.next,
                number,
                cells,
                content: content.to_vec(),
            });
        }
        number += record.lines;
        at = record.next;
    }
    lines
}

fn texts(record: &[u8], separator: Separator) -> Vec<String> {
    records::cells(record, separator)
        .iter()
        .map(|cell| Encoding::Windows1252.decode_cell(cell).into_owned())
        .collect()
}

/// A text of JSON records that could not be read as such: how it begins is enough to name it.
fn json(first: &Line) -> Found {
    let beginning = String::from_utf8_lossy(&first.content[..first.content.len().min(1_000)]);
    Found {
        separator: find_separator(&first.content, true),
        has_header: true,
        cells: vec![beginning.into_owned()],
        header: Vec::new(),
        comments: false,
        data: first.next,
        remarks: Vec::new(),
    }
}

/// Whether a first record is the beginning of JSON text: an object with a key, alone or in an array.
fn is_json(record: &[u8]) -> bool {
    let record = record.trim_ascii_start();
    let object = record.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    let Some(inner) = object.unwrap_or(record).strip_prefix(b"{") else {
        return false;
    };
    inner.trim_ascii_start().starts_with(b"\"")
}

/// How many cells records have, those above the table apart.
#[derive(Debug)]
struct Widths {
    above: Vec<usize>,
    rows: Vec<usize>,
}

impl Widths {
    /// Of some records: whether each is a comment, and its cells. What stands above a table, and comments, say
    /// nothing of its rows; where most lines begin like comments, none is one.
    fn of(records: &[(bool, usize)]) -> Self {
        let comments = records.iter().filter(|(comment, _)| *comment).count();
        let known = records
            .iter()
            .filter(|(comment, _)| !comment || 2 * comments > records.len());
        let mut above: Vec<usize> = known.map(|(_, cells)| *cells).collect();
        let rows = above.split_off(HEADER_RECORDS.min(above.len() / 2));
        Self { above, rows }
    }

    /// Of the head, read with one separator.
    fn read(body: &[u8], separator: Separator, at_end: bool) -> Self {
        let (mut at, mut records) = (0, Vec::new());
        while records.len() < SAMPLE_RECORDS
            && let Some(record) = records::next_record(body, at, separator, at_end)
        {
            if record.form != Form::Blank {
                records.push((is_comment(&body[record.content]), record.cells));
            }
            at = record.next;
        }
        Self::of(&records)
    }

    /// From 1, where every first record is so wide as the rows are, down to one half.
    fn headed(&self, width: usize) -> f64 {
        let same = self.above.iter().filter(|cells| **cells == width).count();
        0.5 + 0.5 * same as f64 / self.above.len().max(1) as f64
    }

    /// The number of cells most rows have and their share, if what stands above them has a header of
    /// such a width.
    fn usual(&self) -> (usize, f64) {
        let (width, share) = most_common(&self.rows);
        let headed = self.above.iter().any(|cells| cells.abs_diff(width) < 2);
        if headed || self.above.is_empty() {
            (width, share)
        } else {
            (width, 0.0)
        }
    }
}

/// The number of cells most records have.
fn usual_width(lines: &[Line]) -> usize {
    let lines = lines
        .iter()
        .map(|line| (line.is_comment(), line.cells.len()));
    most_common(&Widths::of(&lines.collect::<Vec<_>>()).rows).0
}

/// The separator that cuts most records into the same number (above one) of cells.
///
/// Nine records of ten must agree; among several such separators the one with more cells wins, unless the
/// header speaks against it (`May 27, 2022;12,50` below `date;amount`), and runs of spaces only count when
/// no other separator fits.
fn find_separator(body: &[u8], at_end: bool) -> Separator {
    let fits = |widths: &Widths| {
        let (width, share) = widths.usual();
        let score = share * widths.headed(width) * (width as f64 - 1.0);
        (width > 1 && share >= 0.9).then_some(score)
    };
    // Where none fits, the header counts as much as the rows: they may be damaged, most of them.
    let nearly = |widths: &Widths| {
        let all: Vec<usize> = widths.above.iter().chain(&widths.rows).copied().collect();
        let (width, share) = most_common(&all);
        (width > 1).then_some(share * (width as f64 - 1.0))
    };
    let judged =
        records::SEPARATORS.map(|byte| (byte, Widths::read(body, Separator::Byte(byte), at_end)));
    let best = |score: &dyn Fn(&Widths) -> Option<f64>| {
        let scored = judged.iter().rev();
        let scored = scored.filter_map(|(byte, widths)| Some((score(widths)?, *byte)));
        scored
            .max_by(|a, b| a.0.total_cmp(&b.0))
            .map(|(_, byte)| Separator::Byte(byte))
    };
    let spaces = || {
        let widths = Widths::read(body, Separator::Spaces, at_end);
        fits(&widths).map(|_| Separator::Spaces)
    };
    best(&fits)
        .or_else(spaces)
        .or_else(|| best(&nearly))
        .unwrap_or(Separator::Byte(b','))
}

/// The most common width (the larger of equals) and its share.
fn most_common(widths: &[usize]) -> (usize, f64) {
    let mut counts = std::collections::BTreeMap::new();
    for width in widths {
        *counts.entry(*width).or_insert(0_usize) += 1;
    }
    counts
        .into_iter()
        .max_by_key(|&(width, count)| (count, width))
        .map_or((0, 0.0), |(width, count)| {
            (width, count as f64 / widths.len() as f64)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Names, lines above the data, and how many remarks there are.
    fn found(text: &str) -> (Vec<String>, usize, Vec<String>) {
        let found = find(text.as_bytes(), true).unwrap();
        let lines = text[..found.data].lines().count();
        assert!(found.has_header, "{text}");
        (found.cells, lines, found.remarks)
    }

    #[test]
    fn the_header_decides_between_separators() {
        let text = "REFUNDED;ORDER_ID;refund_date\n42,09;10020;May 27, 2022\n31,65;10023;June 28, 2022\n111,86;10024;July 3, 2022\n";
        assert_eq!(found(text).0, ["REFUNDED", "ORDER_ID", "refund_date"]);
    }

    #[test]
    fn titles_above_the_header() {
        let rows = "K1;R1;04.01.2024;40.00\nK2;R2;09.01.2024;60.00\nK3;R3;02.02.2024;18.00\n";
        let header = "Customer ID;Order No;Order Date;Amount\n";
        for (above, lines) in [
            ("", 1),
            (
                "Sales per customer\nPeriod;01.01.2024;31.03.2024\nPrinted by: back office\n\n",
                5,
            ),
            ("Sales;;;\nPeriod;01.01.2024;31.03.2024;\n;;;\n", 4),
            ("# made by a tool\n# in EUR; with VAT\n", 3),
            ("1;2;3;4\n", 2),
            ("A;B;C;D\n", 2),
            ("sep=;\n", 2),
            ("\"sep=;\"\r\n", 2),
        ] {
            let (names, data, remarks) = found(&format!("{above}{header}{rows}"));
            assert_eq!(
                names,
                ["Customer ID", "Order No", "Order Date", "Amount"],
                "{above}"
            );
            assert_eq!(
                (data, remarks.len()),
                (lines, usize::from(!above.is_empty())),
                "{above}"
            );
        }
        let comment = "# amounts in EUR, VAT included\nday,amount\n2024-01-01,1\n2024-01-02,2\n";
        assert_eq!(found(comment).0, ["day", "amount"]);
        let hash = "#order,amount\n#1001,1\n#1002,2\n";
        assert_eq!(found(hash).0, ["#order", "amount"]);
        assert!(!find(hash.as_bytes(), true).unwrap().comments);
    }

    #[test]
    fn a_header_above_damaged_rows_stays_the_header() {
        let text = "customer_id,order_date,amount\n^^\nx\ny\nz,a\n";
        let (names, data, remarks) = found(text);
        assert_eq!((names.len(), data, remarks.len()), (3, 1, 0));
    }

    #[test]
    fn damaged_rows_do_not_choose_the_separator() {
        let rows = "^^\n1\n\u{e9}\nx\n,\na\n0\n;,,\n\u{1f}\n,;\n^\n,;\n,;\nx,,\n";
        let text = format!("customer_id,order_date,amount\n{rows}");
        let found = find(text.as_bytes(), true).unwrap();
        assert_eq!(found.separator, Separator::Byte(b','));
        assert_eq!(found.cells, ["customer_id", "order_date", "amount"]);
    }

    #[test]
    fn no_header_above_rows() {
        for text in [
            "7,2024-01-01,3.5\n8,2024-01-02,4.5\n",
            "a,2024-01-01,3\nb,x,y\nc,2024-01-02,4\n",
        ] {
            let found = find(text.as_bytes(), true).unwrap();
            assert!(!found.has_header && found.data == 0, "{text}");
        }
    }

    #[test]
    fn units_below_the_header() {
        let rows = "K1,2024-01-04,40\nK2,2024-01-05,4\n";
        for units in [
            "(text),(yyyy-mm-dd),(EUR)\n",
            "string,date,decimal\n",
            "[id],,[EUR]\n",
        ] {
            let (names, data, remarks) = found(&format!("customer,day,amount\n{units}{rows}"));
            assert_eq!((names.len(), data, remarks.len()), (3, 2, 1), "{units}");
        }
    }

    #[test]
    fn separators_at_line_ends() {
        for (text, width) in [
            ("a,b,\n1,2,\n3,4,\n", 3),
            ("a,b\n1,2,\n3,4,\n", 3),
            ("a,b,\n1,2\n3,4\n", 2),
        ] {
            assert_eq!(found(text).0.len(), width, "{text}");
        }
    }
}
