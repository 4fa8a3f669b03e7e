//! Rows of delimited text, written by column name.

/// When a field is put between quotation marks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    /// Where it holds a separator, a quotation mark or a line end.
    Needed,
    Always,
    /// Every field that is not a number; empty fields stay bare.
    Texts,
    /// Never: separators in texts become blanks.
    Never,
}

#[derive(Clone, Copy)]
pub(super) struct Dialect {
    pub separator: char,
    pub quotes: Quotes,
    pub line_end: &'static str,
    /// Begins with a byte-order mark.
    pub mark: bool,
}

/// Comma, quotation marks where needed, `\n`.
pub(super) const PLAIN: Dialect = Dialect {
    separator: ',',
    quotes: Quotes::Needed,
    line_end: "\n",
    mark: false,
};

/// A table in the making.
pub(super) struct Sheet<'a> {
    text: &'a mut Vec<u8>,
    header: &'static [&'static str],
    dialect: Dialect,
    pub rows: u64,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(
        text: &'a mut Vec<u8>,
        header: &'static [&'static str],
        dialect: Dialect,
    ) -> Self {
        Self {
            text,
            header,
            dialect,
            rows: 0,
        }
    }

    pub(super) fn header(&mut self) {
        let header = self.header;
        self.fields(header.iter().copied());
    }

    /// Writes a row: what stands in the named columns; the others stay empty.
    pub(super) fn row(&mut self, cells: &[(&str, &str)]) {
        let mut fields = vec![""; self.header.len()];
        for (name, cell) in cells {
            let at = self.header.iter().position(|known| known == name);
            debug_assert!(at.is_some(), "no column {name}");
            if let Some(at) = at {
                fields[at] = *cell;
            }
        }
        self.fields(fields.into_iter());
        self.rows += 1;
    }

    fn fields<'b>(&mut self, fields: impl Iterator<Item = &'b str>) {
        let mut separator = [0; 4];
        let separator = self
            .dialect
            .separator
            .encode_utf8(&mut separator)
            .as_bytes();
        for (index, field) in fields.enumerate() {
            if index > 0 {
                self.text.extend_from_slice(separator);
            }
            push_field(self.text, field, self.dialect);
        }
        self.text
            .extend_from_slice(self.dialect.line_end.as_bytes());
    }
}

fn push_field(text: &mut Vec<u8>, field: &str, dialect: Dialect) {
    let special = |c: char| c == dialect.separator || matches!(c, '"' | '\n' | '\r');
    let quoted = match dialect.quotes {
        Quotes::Needed => field.contains(special),
        Quotes::Always => true,
        Quotes::Texts => !field.is_empty() && field.parse::<f64>().is_err(),
        Quotes::Never => {
            let plain = field.replace(special, " ");
            text.extend_from_slice(plain.as_bytes());
            return;
        }
    };
    if quoted {
        text.push(b'"');
        text.extend_from_slice(field.replace('"', "\"\"").as_bytes());
        text.push(b'"');
    } else {
        text.extend_from_slice(field.as_bytes());
    }
}
