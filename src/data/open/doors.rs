//! What stands behind a path: one table, or the several of an archive or a workbook.

use std::sync::Arc;

use super::opened::Opened;
use crate::{
    dataset::error::DataError,
    dataset::options::ReadOptions,
    open::archive::{self, Zip},
    open::parquet,
    open::source::{self, Input},
    open::workbook,
};

/// Archives within archives that are opened.
const MAX_DEPTH: usize = 2;

/// The tables behind some inputs, each under a name of its own.
///
/// # Errors
/// [`DataError`] when one cannot be read, or holds no table.
pub fn tables(inputs: &[Input], options: &ReadOptions) -> Result<Vec<Opened>, DataError> {
    let mut opened = Vec::new();
    for input in source::told_apart(inputs) {
        opened.extend(within(&input, options, 0)?);
    }
    let named: Vec<Input> = opened.iter().map(|opened| opened.input.clone()).collect();
    for (opened, input) in opened.iter_mut().zip(source::told_apart(&named)) {
        opened.input = input;
    }
    Ok(opened)
}

/// The table of this name behind an input that was opened before; the first one when there is none.
///
/// # Errors
/// As [`tables`].
pub fn table(input: &Input, options: &ReadOptions) -> Result<Opened, DataError> {
    let name = input.name();
    let path = match input {
        Input::Named { input, .. } => input.as_ref(),
        other => other,
    };
    let mut opened = within(path, options, 0)?;
    let same = |opened: &Opened| {
        let short = opened.input.name();
        name == short || name.ends_with(&format!("/{short}"))
    };
    let at = opened.iter().position(same).unwrap_or(0);
    let mut opened = opened.swap_remove(at);
    opened.input = opened.input.called(name);
    Ok(opened)
}

fn within(input: &Input, options: &ReadOptions, depth: usize) -> Result<Vec<Opened>, DataError> {
    let mut head = [0; 8];
    let read = source::fill(&mut *input.open(0)?, &mut head, input.path())?;
    let workbook = |input: &Input| workbook::tables(input, options);
    match &head[..read] {
        [0x1F, 0x8B, ..] if depth < MAX_DEPTH => {
            within(&archive::gunzip(input)?, options, depth + 1)
        }
        [b'P', b'K', 3, 4, ..] => match archive::unzip(input)? {
            Zip::Workbook => workbook(input),
            Zip::Members(members) if depth < MAX_DEPTH => {
                let mut opened = Vec::new();
                for member in &members {
                    opened.extend(within(member, options, depth + 1)?);
                }
                Ok(opened)
            }
            Zip::Members(_) => Ok(vec![plain(input)]),
        },
        [b'P', b'A', b'R', b'1', ..] => Ok(vec![Opened {
            columns: Some(Arc::new(parquet::read(input)?)),
            ..plain(input)
        }]),
        // Of other programs of the same office as well: those are refused with a sentence.
        [0xD0, 0xCF, 0x11, 0xE0, ..] => workbook(input),
        _ => Ok(vec![plain(input)]),
    }
}

fn plain(input: &Input) -> Opened {
    Opened {
        input: input.clone(),
        book: None,
        columns: None,
    }
}
