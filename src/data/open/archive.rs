//! Gzip files and zip archives: what is inside, held in memory.
//!
//! Nothing is believed of the sizes an archive claims: unpacking ends where too much comes out.

use std::{
    io::{BufReader, Cursor, Read},
    path::Path,
};

use flate2::read::MultiGzDecoder;
use zip::ZipArchive;

use crate::{dataset::error::DataError, open::source::Input};

/// Bytes that may come out of one archive.
const MAX_BYTES: u64 = 4 << 30;
/// Members of a zip that may be opened.
const MAX_MEMBERS: usize = 10_000;

/// Endings of files that may hold a table.
pub const ENDINGS: [&str; 13] = [
    "csv", "tsv", "txt", "tab", "json", "jsonl", "ndjson", "parquet", "xlsx", "xlsm", "xls",
    "xlsb", "ods",
];

/// Whether a name ends like that of a file with a table.
#[must_use]
pub fn may_hold_table(name: &str) -> bool {
    let path = Path::new(name);
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let file = path
        .file_name()
        .map(|file| file.to_string_lossy().to_ascii_lowercase());
    let hidden =
        name.starts_with("__MACOSX/") || file.as_deref().is_some_and(|file| file.starts_with('.'));
    let about = file.is_some_and(|file| file.starts_with("readme") || file.starts_with("license"));
    !hidden && !about && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}

/// The file within a gzip file, under its name.
///
/// # Errors
/// [`DataError`] when it is damaged, cut short, or too large.
pub fn gunzip(input: &Input) -> Result<Input, DataError> {
    let packed = input.read_all()?;
    let bytes = unpacked(MultiGzDecoder::new(packed.as_slice()), MAX_BYTES, input)?;
    let name = input.name();
    let inner = ["gz", "gzip"].iter().find_map(|ending| {
        let (stem, found) = name.rsplit_once('.')?;
        found.eq_ignore_ascii_case(ending).then(|| stem.to_owned())
    });
    if inner
        .as_deref()
        .is_some_and(|name| name.to_ascii_lowercase().ends_with(".tar"))
    {
        return Err(refused(
            input,
            "this is a tar archive within a gzip file",
            "Unpack it and open the files inside",
        ));
    }
    let name = inner.unwrap_or(name);
    Ok(input.holding(bytes).called(name))
}

/// Names of the members of a zip archive; `None` for any other file.
#[must_use]
pub fn names(input: &Input) -> Option<Vec<String>> {
    let archive = ZipArchive::new(BufReader::new(input.open(0).ok()?)).ok()?;
    let names = archive.file_names().filter_map(Result::ok);
    Some(names.map(std::borrow::Cow::into_owned).collect())
}

/// What a zip archive is.
#[derive(Debug)]
pub enum Zip {
    /// A workbook: a zip by its bytes only.
    Workbook,
    /// The members that may hold a table, each named `archive.zip/member.csv`.
    Members(Vec<Input>),
}

/// Looks into a zip archive.
///
/// # Errors
/// [`DataError`] when it is damaged, protected, too large, or holds no table.
pub fn unzip(input: &Input) -> Result<Zip, DataError> {
    let bytes = input.read_all()?;
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(input, &error))?;
    let names: Vec<String> = archive
        .file_names()
        .map(|name| name.map(std::borrow::Cow::into_owned))
        .collect::<Result<_, _>>()
        .map_err(|error| damaged(input, &error))?;
    let workbook = |name: &String| {
        name.starts_with("xl/workbook.") || name == "[Content_Types].xml" || name == "mimetype"
    };
    if names.iter().any(workbook) {
        return Ok(Zip::Workbook);
    }
    let (mut members, mut left) = (Vec::new(), MAX_BYTES);
    for name in names
        .iter()
        .filter(|name| may_hold_table(name))
        .take(MAX_MEMBERS)
    {
        let member = archive
            .by_name(name)
            .map_err(|error| damaged(input, &error))?;
        let bytes = unpacked(member, left, input)?;
        left -= bytes.len() as u64;
        let name = format!("{}/{name}", input.name());
        members.push(input.holding(bytes).called(name));
    }
    if members.is_empty() {
        return Err(refused(
            input,
            "the archive holds no file with a table",
            "Choose an archive with .csv, .json, .parquet or .xlsx files, or the files themselves",
        ));
    }
    members.sort_by_key(Input::name);
    Ok(Zip::Members(members))
}

/// Everything that comes out of a reader, unless that is too much.
fn unpacked(reader: impl Read, most: u64, input: &Input) -> Result<Vec<u8>, DataError> {
    let mut bytes = Vec::new();
    let read = reader.take(most + 1).read_to_end(&mut bytes);
    let read = read.map_err(|error| damaged(input, &error))?;
    if read as u64 > most {
        return Err(refused(
            input,
            "more than 4 GiB come out of the archive",
            "Unpack it and open the files you need",
        ));
    }
    Ok(bytes)
}

/// Makes sure that no more than so many bytes come out of a zip, whatever it claims.
///
/// # Errors
/// [`DataError`] when it is damaged or holds more.
pub fn check_size(bytes: &[u8], most: u64, input: &Input) -> Result<(), DataError> {
    // Deflate makes at most a thousand bytes of one.
    const MOST_OF_ONE: u64 = 1_032;
    if bytes.len() as u64 * MOST_OF_ONE <= most {
        return Ok(());
    }
    let mut archive =
        ZipArchive::new(Cursor::new(bytes)).map_err(|error| damaged(input, &error))?;
    let mut left = most;
    for at in 0..archive.len() {
        let member = archive
            .by_index(at)
            .map_err(|error| damaged(input, &error))?;
        let copied = std::io::copy(&mut member.take(left + 1), &mut std::io::sink());
        let copied = copied.map_err(|error| damaged(input, &error))?;
        if copied > left {
            return Err(refused(
                input,
                "the workbook unpacks to more than 1 GiB",
                "Save the sheet you need as CSV",
            ));
        }
        left -= copied;
    }
    Ok(())
}

fn damaged(input: &Input, error: &dyn std::fmt::Display) -> DataError {
    DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: format!("the archive cannot be unpacked: {error}"),
        advice: "Get it once more, without a password; or unpack it, save the sheet as CSV, and open that".to_owned(),
    }
}

fn refused(input: &Input, problem: &str, advice: &str) -> DataError {
    DataError::Unreadable {
        path: input.path().to_path_buf(),
        problem: problem.to_owned(),
        advice: advice.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};
    use zip::{ZipWriter, write::SimpleFileOptions};

    use super::*;

    fn memory(name: &str, bytes: Vec<u8>) -> Input {
        Input::memory(name, b"").holding(bytes)
    }

    fn gz(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in members {
            writer
                .start_file(*name, SimpleFileOptions::default())
                .unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn gzip_files_whole_joined_and_cut() {
        let packed = gz(b"a,b\n1,2\n");
        let input = gunzip(&memory("shop/orders.csv.gz", packed.clone())).unwrap();
        assert_eq!(input.name(), "orders.csv");
        assert_eq!(input.read_all().unwrap(), b"a,b\n1,2\n");
        let joined = [packed.clone(), gz(b"3,4\n")].concat();
        let joined = gunzip(&memory("x.gz", joined)).unwrap();
        assert_eq!(joined.read_all().unwrap(), b"a,b\n1,2\n3,4\n");
        for length in [3, 12, packed.len() - 1] {
            let error = gunzip(&memory("x.csv.gz", packed[..length].to_vec())).unwrap_err();
            assert!(error.to_string().contains("cannot be unpacked"), "{error}");
        }
        let error = gunzip(&memory("x.tar.gz", packed)).unwrap_err();
        assert!(error.to_string().contains("tar archive"), "{error}");
    }

    #[test]
    fn members_of_a_zip() {
        let bytes = zip(&[
            ("orders/2024.csv", b"a,b\n1,2\n"),
            ("README.txt", b"hello"),
            ("__MACOSX/orders/._2024.csv", b"x"),
            ("picture.png", b"x"),
            ("customers.json", b"[]"),
        ]);
        let Zip::Members(members) = unzip(&memory("shop.zip", bytes.clone())).unwrap() else {
            panic!("members");
        };
        let names: Vec<String> = members.iter().map(Input::name).collect();
        assert_eq!(
            names,
            ["shop.zip/customers.json", "shop.zip/orders/2024.csv"]
        );
        let error = unzip(&memory("cut.zip", bytes[..bytes.len() / 2].to_vec())).unwrap_err();
        assert!(error.to_string().contains("cannot be unpacked"), "{error}");
        let error = unzip(&memory("x.zip", zip(&[("a.png", b"x")]))).unwrap_err();
        assert!(
            error.to_string().contains("holds no file with a table"),
            "{error}"
        );
        assert!(matches!(
            unzip(&memory("x", zip(&[("xl/workbook.xml", b"")]))),
            Ok(Zip::Workbook)
        ));
    }

    #[test]
    fn bombs_are_stopped_by_what_comes() {
        let bomb = gz(&vec![b'0'; 3 << 20]);
        let input = memory("x.csv.gz", Vec::new());
        let error = unpacked(MultiGzDecoder::new(bomb.as_slice()), 1 << 20, &input).unwrap_err();
        assert!(error.to_string().contains("more than 4 GiB"), "{error}");
        let bomb = zip(&[("xl/sharedStrings.xml", &vec![b'0'; 3 << 20])]);
        assert!(check_size(&bomb, 1 << 20, &input).is_err());
        assert!(check_size(&bomb, 4 << 20, &input).is_ok());
    }
}
