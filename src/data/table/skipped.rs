//! Lines of a file that are no rows and no lost ones.

use super::dialect::Skip;

/// Lines that are no rows, and no lost ones: how many, and the first of each kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Skipped {
    comments: Lines,
    headers: Lines,
    fillers: Lines,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Lines {
    count: u64,
    first: u64,
}

impl Lines {
    fn note(&mut self, count: u64, first: u64) {
        if self.count == 0 {
            self.first = first;
        }
        self.count += count;
    }
}

impl Skipped {
    /// Takes a line into account.
    pub fn note(&mut self, skip: Skip, line: u64) {
        let lines = match skip {
            Skip::Comment => &mut self.comments,
            Skip::Header => &mut self.headers,
            Skip::Filler => &mut self.fillers,
        };
        lines.note(1, line);
    }

    /// Adds what was skipped in a part of the file that begins in this line.
    pub fn add(&mut self, part: &Self, line: u64) {
        let mine = [&mut self.comments, &mut self.headers, &mut self.fillers];
        for (mine, more) in mine
            .into_iter()
            .zip([part.comments, part.headers, part.fillers])
        {
            if more.count > 0 {
                mine.note(more.count, line + more.first);
            }
        }
    }

    /// What to say of it, if there was any.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let kinds = [
            (self.comments, "comments"),
            (self.headers, "repetitions of the header"),
            (self.fillers, "rows of separators only"),
        ];
        let told = kinds
            .iter()
            .filter(|(lines, _)| lines.count > 0)
            .map(|(lines, what)| {
                format!(
                    "{} {what} (the first one in line {})",
                    lines.count, lines.first
                )
            });
        let told: Vec<String> = told.collect();
        (!told.is_empty()).then(|| format!("skipped, as they are no rows: {}", told.join(", ")))
    }
}
