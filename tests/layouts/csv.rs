//! Just enough of delimited text to reorder and delete columns, with what stands above and below kept.

pub struct Csv {
    above: String,
    separator: char,
    /// Wrapped in quotation marks throughout; Amazon's report knows none.
    quoted: bool,
    rows: Vec<Vec<String>>,
    below: String,
}

impl Csv {
    pub fn read(text: &str) -> Self {
        let text = text.trim_start_matches('\u{feff}');
        let nothing = |line: &str| line.trim_end().chars().all(|c| ",;\t".contains(c));
        let above = text.lines().next().filter(|line| nothing(line));
        let above = above.map_or(String::new(), |line| format!("{line}\r\n"));
        let body = &text[above.len()..];
        // eBay's: the records end at an empty line.
        let end = if above.is_empty() {
            None
        } else {
            body.find("\r\n\r\n")
        };
        let (body, below) = body.split_at(end.map_or(body.len(), |at| at + 2));
        let header = body.lines().next().unwrap();
        let separator = ['\t', ';', ',']
            .into_iter()
            .find(|c| header.contains(*c))
            .unwrap();
        Self {
            rows: records(body, separator),
            above,
            separator,
            quoted: separator != '\t',
            below: below.to_owned(),
        }
    }

    /// Deletes so many columns of which `may` is true; their names.
    pub fn delete(&mut self, count: usize, seed: u64, may: impl Fn(&str) -> bool) -> Vec<String> {
        let mut names = Vec::new();
        for step in 0..count as u64 {
            let free: Vec<usize> = (0..self.rows[0].len())
                .filter(|at| may(&self.rows[0][*at]))
                .collect();
            if free.is_empty() {
                break;
            }
            let at = free[((seed * 31 + step * 17) % free.len() as u64) as usize];
            names.push(self.rows[0][at].clone());
            for row in &mut self.rows {
                row.remove(at);
            }
        }
        names
    }

    /// Moves so many columns from the left end to the right one, and turns the order around.
    pub fn rotate(&mut self, count: usize) {
        for row in &mut self.rows {
            let count = count % row.len();
            row.rotate_left(count);
            row.reverse();
        }
    }

    pub fn text(&self) -> String {
        let mut text = self.above.clone();
        for row in &self.rows {
            let fields = row.iter().map(|field| {
                if self.quoted {
                    format!("\"{}\"", field.replace('"', "\"\""))
                } else {
                    field.clone()
                }
            });
            text.push_str(&fields.collect::<Vec<_>>().join(&self.separator.to_string()));
            text.push_str("\r\n");
        }
        text + &self.below
    }
}

fn records(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut inside = false;
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let row = rows.last_mut().unwrap();
        let field = row.last_mut().unwrap();
        match sign {
            '"' if inside && signs.peek() == Some(&'"') => {
                signs.next();
                field.push('"');
            }
            '"' if inside || field.is_empty() => inside = !inside,
            '\r' if !inside => {}
            '\n' if !inside => rows.push(vec![String::new()]),
            sign if sign == separator && !inside => row.push(String::new()),
            sign => field.push(sign),
        }
    }
    rows.retain(|row| row.len() > 1);
    rows
}
