//! What the data files looked like when a project was saved, so that opening it can tell whether
//! they are still there and still the same: the numbers are only as reproducible as the files.

use std::{
    fs::{self, File},
    io::{self, Read as _, Seek as _, SeekFrom},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

use serde::{Deserialize, Serialize};

use super::Source;
use base::reading;

/// Bytes hashed at the beginning and at the end of a file; a file of up to twice this size is hashed
/// whole.
const EDGE_BYTES: u64 = 1 << 20;

/// One data file as it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    pub path: PathBuf,
    pub bytes: u64,
    /// Seconds since 1970; absent on file systems that do not keep it.
    #[serde(default)]
    pub modified: Option<u64>,
    /// FNV-1a over length, first and last mebibyte, in hexadecimal.
    pub edges: String,
}

/// How a file differs from its stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// It is no longer there, or cannot be read.
    Missing,
    /// Another length, or other content at its beginning or end.
    Changed { bytes_before: u64, bytes_now: u64 },
    /// A large file of the same length, beginning and end that was written since: its middle is not
    /// compared.
    Written,
}

/// A file that differs from its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub path: PathBuf,
    pub difference: Difference,
}

impl Change {
    /// The change as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        let name = self.path.display();
        match self.difference {
            Difference::Missing => format!("{name} is no longer there."),
            Difference::Changed {
                bytes_before,
                bytes_now,
            } if bytes_before != bytes_now => {
                format!("{name} has {bytes_now} bytes now and had {bytes_before}.")
            }
            Difference::Changed { .. } => format!("{name} has other content of the same length."),
            Difference::Written => format!(
                "{name} was written since; its length, beginning and end are the same, its middle was not compared."
            ),
        }
    }
}

/// Stamps of every file of a source, sorted; files that cannot be read are left out, because opening
/// them says more exactly why.
#[must_use]
pub fn stamps(source: &Source) -> Vec<Stamp> {
    let Source::Files(paths) = source else {
        return Vec::new();
    };
    let files = paths.iter().flat_map(|path| files_of(path));
    let mut stamps: Vec<Stamp> = files.filter_map(|path| stamp(&path).ok()).collect();
    stamps.sort_by(|a, b| a.path.cmp(&b.path));
    stamps.dedup();
    stamps
}

/// Compares files with their stamps; files that are the same are left out.
#[must_use]
pub fn changes(stamps: &[Stamp]) -> Vec<Change> {
    let changed = stamps.iter().filter_map(|before| {
        let difference = match stamp(&before.path) {
            Err(_) => Difference::Missing,
            Ok(now) if now.bytes != before.bytes || now.edges != before.edges => {
                Difference::Changed {
                    bytes_before: before.bytes,
                    bytes_now: now.bytes,
                }
            }
            Ok(now) if now.modified != before.modified && now.bytes > 2 * EDGE_BYTES => {
                Difference::Written
            }
            Ok(_) => return None,
        };
        Some(Change {
            path: before.path.clone(),
            difference,
        })
    });
    changed.collect()
}

/// Files and folders of a source that are not there.
#[must_use]
pub fn missing(source: &Source) -> Vec<PathBuf> {
    match source {
        Source::Files(paths) => paths
            .iter()
            .filter(|path| !path.exists())
            .cloned()
            .collect(),
        Source::None | Source::Sample => Vec::new(),
    }
}

/// The source with `from` now at `to`, or in that folder. Other missing files that lie in the new
/// folder under their old name follow: a moved folder is found again with one answer.
#[must_use]
pub fn moved(source: &Source, from: &Path, to: &Path) -> Source {
    let Source::Files(paths) = source else {
        return source.clone();
    };
    // A folder stands for what had this name in it: a folder in place of a file would bring along
    // whatever else lies there.
    let inside = from.file_name().map(|name| to.join(name));
    let inside = inside.filter(|inside| inside.exists());
    let to = inside.as_deref().unwrap_or(to);
    let folder = to.parent();
    let place = |path: &PathBuf| {
        if path == from {
            return to.to_owned();
        }
        let beside = folder
            .zip(path.file_name())
            .map(|(folder, name)| folder.join(name));
        match beside {
            Some(beside) if !path.exists() && beside.exists() => beside,
            _ => path.clone(),
        }
    };
    Source::Files(paths.iter().map(place).collect())
}

/// The file itself, or the files of a folder.
fn files_of(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return vec![path.to_owned()];
    };
    let files = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    files.filter(|path| path.is_file()).collect()
}

fn stamp(path: &Path) -> io::Result<Stamp> {
    let mut file = reading::open(path)?;
    let metadata = file.metadata()?;
    let bytes = metadata.len();
    let modified = metadata.modified().ok();
    let modified = modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let mut hash = fnv1a(FNV_START, &bytes.to_le_bytes());
    if bytes <= 2 * EDGE_BYTES {
        hash = hash_part(&mut file, bytes, hash)?;
    } else {
        hash = hash_part(&mut file, EDGE_BYTES, hash)?;
        file.seek(SeekFrom::Start(bytes - EDGE_BYTES))?;
        hash = hash_part(&mut file, EDGE_BYTES, hash)?;
    }
    Ok(Stamp {
        path: path.to_owned(),
        bytes,
        modified: modified.map(|since| since.as_secs()),
        edges: format!("{hash:016x}"),
    })
}

fn hash_part(file: &mut File, bytes: u64, hash: u64) -> io::Result<u64> {
    let mut part = Vec::new();
    file.take(bytes).read_to_end(&mut part)?;
    Ok(fnv1a(hash, &part))
}

const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits: stands in files, so it may not change between releases as the standard hasher may.
fn fnv1a(start: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(start, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_is_the_published_one() {
        // Test vectors of the FNV authors.
        assert_eq!(fnv1a(FNV_START, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(FNV_START, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(FNV_START, b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn moved_changed_and_untouched_files_are_told_apart() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = |name: &str| folder.path().join(name);
        for name in ["same.csv", "longer.csv", "other.csv", "gone.csv"] {
            fs::write(path(name), "id,day\n")?;
        }
        let source = Source::Files(vec![folder.path().to_owned()]);
        let before = stamps(&source);
        assert_eq!(before.len(), 4);
        assert_eq!(changes(&before), []);
        fs::write(path("same.csv"), "id,day\n")?;
        fs::write(path("longer.csv"), "id,day\n1,2\n")?;
        fs::write(path("other.csv"), "id,dax\n")?;
        fs::remove_file(path("gone.csv"))?;
        let found: Vec<_> = changes(&before)
            .into_iter()
            .map(|change| (change.path, change.difference))
            .collect();
        let changed = |bytes_now| Difference::Changed {
            bytes_before: 7,
            bytes_now,
        };
        assert_eq!(
            found,
            [
                (path("gone.csv"), Difference::Missing),
                (path("longer.csv"), changed(11)),
                (path("other.csv"), changed(7)),
            ]
        );
        Ok(())
    }

    #[test]
    fn the_end_of_a_large_file_counts_and_its_middle_is_said_to_be_open() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("large.csv");
        let mut bytes = vec![b'x'; 3 << 20];
        fs::write(&path, &bytes)?;
        let mut before = stamps(&Source::Files(vec![path.clone()]));
        *bytes.last_mut().unwrap() = b'y';
        fs::write(&path, &bytes)?;
        assert!(matches!(
            changes(&before)[0].difference,
            Difference::Changed { .. }
        ));
        *bytes.last_mut().unwrap() = b'x';
        fs::write(&path, &bytes)?;
        before[0].modified = Some(1);
        assert_eq!(changes(&before)[0].difference, Difference::Written);
        Ok(())
    }

    #[test]
    fn one_answer_finds_the_files_of_a_moved_folder() -> io::Result<()> {
        let folder = tempfile::tempdir()?;
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::create_dir(&new)?;
        for name in ["orders.csv", "users.csv"] {
            fs::write(new.join(name), "")?;
        }
        let names = ["orders.csv", "users.csv", "lost.csv"];
        let source = Source::Files(names.iter().map(|name| old.join(name)).collect());
        assert_eq!(missing(&source).len(), 3);
        let found = moved(&source, &old.join("orders.csv"), &new.join("orders.csv"));
        let expected = [
            new.join("orders.csv"),
            new.join("users.csv"),
            old.join("lost.csv"),
        ];
        assert_eq!(found, Source::Files(expected.into()));
        assert_eq!(missing(&found), [old.join("lost.csv")]);
        // The folder alone says the same.
        assert_eq!(moved(&source, &old.join("users.csv"), &new), found);
        Ok(())
    }
}
