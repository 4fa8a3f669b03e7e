//! Several parts of one text read at once; the result is that of reading it from end to end.

use rayon::prelude::*;

use super::{Records, between, newlines};
use crate::{
    data::dataset::error::DataError,
    data::dataset::quality::MAX_SAMPLES,
    data::open::json_text,
    data::shapes::{Job, Sniffed},
    data::table::small,
};

/// A text is cut into about so many parts…
const PARTS: usize = 16;
/// …but into none smaller than this.
const LEAST_BYTES: usize = 64 << 10;

/// Reads one record on each line; `text` begins in this line of the file.
pub(super) fn lines(
    file: &Sniffed,
    (text, line): (&str, u64),
    job: &Job<'_>,
) -> Result<Records, DataError> {
    let parts = cut(text, |rest| {
        memchr::memchr(b'\n', rest.as_bytes()).map(|at| at + 1)
    });
    let read = parts.par_iter().with_max_len(1).map(|part| {
        let mut records = Records::new(file);
        records.lines(part, 0, job)?;
        Ok((records, newlines(part)))
    });
    let read: Vec<Result<_, DataError>> = read.collect();
    let (mut begins, mut numbered) = (line, Vec::with_capacity(read.len()));
    for read in read {
        let (mut records, lines) = read?;
        for sample in &mut records.damage.samples {
            sample.line += begins;
        }
        begins += lines;
        numbered.push(records);
    }
    if let Some(records) = together(numbered)? {
        return Ok(records);
    }
    let mut records = Records::new(file);
    records.lines(text, line, job)?;
    Ok(records)
}

/// Reads records one after the other, up to the end of the array.
///
/// A cut may fall into a text that looks like the border of two records. The part before it then ends
/// within a record, which is damage; with any damage everything is read from end to end.
pub(super) fn sequence(
    file: &Sniffed,
    (text, line): (&str, u64),
    job: &Job<'_>,
) -> Result<Records, DataError> {
    let parts = cut(text, border);
    let read = parts.par_iter().with_max_len(1).enumerate();
    let read: Vec<Result<_, DataError>> = read
        .map(|(at, part)| {
            job.monitor.check()?;
            let ends = at + 1 == parts.len() && text.starts_with('[');
            undamaged(file, part, ends)
        })
        .collect();
    let read: Option<Vec<Records>> = read.into_iter().collect::<Result<_, _>>()?;
    if let Some(parts) = read
        && let Some(records) = together(parts)?
    {
        return Ok(records);
    }
    let mut records = Records::new(file);
    records.sequence(text, line, job)?;
    Ok(records)
}

/// Where the next record begins behind a comma: its place in `rest`.
fn border(rest: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    memchr::memchr_iter(b'}', bytes).find_map(|brace| {
        let mut at = brace + 1;
        let mut comma = false;
        loop {
            match bytes.get(at)? {
                b',' if !comma => comma = true,
                b'{' if comma => return Some(at),
                byte if byte.is_ascii_whitespace() => {}
                _ => return None,
            }
            at += 1;
        }
    })
}

/// Cuts a text at places that `next` finds.
fn cut(text: &str, next: impl Fn(&str) -> Option<usize>) -> Vec<&str> {
    let least = LEAST_BYTES.max(text.len() / PARTS);
    let (mut parts, mut rest) = (Vec::with_capacity(PARTS + 1), text);
    while rest.len() > least {
        let from = rest.ceil_char_boundary(least);
        let Some(at) = next(&rest[from..]) else {
            break;
        };
        let (part, behind) = rest.split_at(from + at);
        parts.push(part);
        rest = behind;
    }
    parts.push(rest);
    parts
}

/// The records of a part; `None` when anything is damaged. At the end of an array its bracket comes.
fn undamaged(file: &Sniffed, text: &str, ends: bool) -> Result<Option<Records>, DataError> {
    let (mut records, mut at) = (Records::new(file), 0);
    while let Some(object) = json_text::next_object(text, at) {
        if object.damage.is_some() || between(&text[at..object.start]) > 0 {
            return Ok(None);
        }
        records.push(&object)?;
        at = object.end;
    }
    let tail = text[at..].trim();
    let whole = between(tail) == 0 && (!ends || tail.starts_with(']'));
    Ok(whole.then_some(records))
}

/// The records of all parts; `None` when their fields differ, or come in another order.
fn together(parts: Vec<Records>) -> Result<Option<Records>, DataError> {
    let mut parts = parts.into_iter();
    let Some(mut all) = parts.next() else {
        return Ok(None);
    };
    for part in parts {
        let damage = &mut all.damage;
        damage.rows += part.damage.rows;
        damage.samples.extend(part.damage.samples);
        damage.samples.truncate(MAX_SAMPLES);
        if part.rows == 0 {
            continue;
        }
        if part.names != all.names {
            return Ok(None);
        }
        all.rows += part.rows;
        all.texts
            .append(&part.texts)
            .map_err(|full| small::too_large(&all.path, full))?;
    }
    Ok(Some(all))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_fall_between_records() {
        assert_eq!(border(r#"}]}"a"}, {"b"#), Some(9));
        assert_eq!(border("} , \n {x"), Some(6));
        assert_eq!(border("}{},,{} x,{"), None);
        let text = "é{}, ".repeat(40_000);
        let parts = cut(&text, border);
        assert!(parts.len() <= 1 && parts.concat() == text, "no border");
        let text = r#"{"é":1}, "#.repeat(40_000);
        let parts = cut(&text, border);
        assert!(parts.len() > 4 && parts.concat() == text);
        assert!(parts.iter().all(|part| part.starts_with('{')));
    }
}
