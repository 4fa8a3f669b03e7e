//! Layouts the user has saved: exports of a kind Keepers did not know, remembered with what their
//! columns mean. One RON file each, beside the settings.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
};

use ron::ser::PrettyConfig;

use base::{
    atomic::{advice, write_atomically, write_new},
    reading,
};
use data::{
    dataset::{FileReading, Role},
    layouts::{self as known, Grain, Layout, TableLayout},
};

/// Folder of the layouts in the app's data folder.
const FOLDER: &str = "layouts";
/// Ending of a layout file.
pub const EXTENSION: &str = "layout.ron";
/// The app's folder among the user's data, as the window names it.
const APP: &str = "keepers";

/// Why a layout cannot be kept or read. `Display` says what to do.
#[derive(Debug, thiserror::Error)]
pub enum LayoutError {
    /// There is one of this name: ask before replacing it.
    #[error("there is a layout “{0}” already")]
    Exists(String),
    #[error("{}: {source}. {}", path.display(), advice(source))]
    Io { path: PathBuf, source: io::Error },
    #[error("{}: this is no layout: {problem}. Choose a file that Keepers has exported", path.display())]
    Format { path: PathBuf, problem: String },
}

/// Where the user's layouts are kept, given the app's data folder.
#[must_use]
pub fn folder_in(data_folder: &Path) -> PathBuf {
    data_folder.join(FOLDER)
}

/// Where the window keeps them, for verbs that have no window.
#[must_use]
pub fn default_folder() -> Option<PathBuf> {
    let data = if cfg!(target_os = "windows") {
        PathBuf::from(env::var_os("APPDATA")?)
            .join(APP)
            .join("data")
    } else if cfg!(target_os = "macos") {
        env::home_dir()?
            .join("Library")
            .join("Application Support")
            .join(APP)
    } else {
        env::var_os("XDG_DATA_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| Some(env::home_dir()?.join(".local").join("share")))?
            .join(APP)
    };
    Some(folder_in(&data))
}

/// Titles of the exports that Keepers knows by itself, in alphabetical order.
#[must_use]
pub fn built_in() -> Vec<String> {
    let known = known::built_in().iter();
    let mut titles: Vec<String> = known.map(|layout| layout.title.clone()).collect();
    titles.sort_by_key(|title| title.to_lowercase());
    titles
}

/// The user's layouts in this folder, by title; a file that is none is passed over.
#[must_use]
pub fn user_layouts(folder: &Path) -> Vec<Layout> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut layouts: Vec<Layout> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| is_layout(path))
        .filter_map(|path| read(&path).ok())
        .collect();
    layouts.sort_by(|a, b| (&a.title, &a.name).cmp(&(&b.title, &b.name)));
    layouts
}

/// Whether a file is named like a layout.
#[must_use]
pub fn is_layout(path: &Path) -> bool {
    path.to_string_lossy().ends_with(&format!(".{EXTENSION}"))
}

/// Reads one layout.
///
/// # Errors
/// [`LayoutError::Io`] and [`LayoutError::Format`].
pub fn read(path: &Path) -> Result<Layout, LayoutError> {
    let text = reading::text(path).map_err(|source| LayoutError::Io {
        path: path.to_owned(),
        source,
    })?;
    ron::from_str(&text).map_err(|error| LayoutError::Format {
        path: path.to_owned(),
        problem: error.to_string(),
    })
}

/// A layout as the text of its file.
///
/// # Errors
/// In words, when it cannot be written as text.
pub fn to_text(layout: &Layout) -> Result<String, String> {
    ron::ser::to_string_pretty(layout, PrettyConfig::new().new_line("\n"))
        .map(|text| text + "\n")
        .map_err(|error| error.to_string())
}

/// Keeps a layout; one of the same name is replaced only where that is said.
///
/// # Errors
/// [`LayoutError::Exists`], and [`LayoutError::Io`] with what to do.
pub fn save(folder: &Path, layout: &Layout, replace: bool) -> Result<PathBuf, LayoutError> {
    let path = path_of(folder, &layout.name);
    let failed = |source| LayoutError::Io {
        path: path.clone(),
        source,
    };
    fs::create_dir_all(folder).map_err(failed)?;
    let text = to_text(layout).map_err(|error| failed(io::Error::other(error)))?;
    let written = if replace {
        write_atomically(&path, text.as_bytes())
    } else {
        write_new(&path, text.as_bytes())
    };
    match written {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(LayoutError::Exists(layout.title.clone()))
        }
        Err(error) => Err(failed(error)),
        Ok(()) => Ok(path),
    }
}

/// Forgets a layout.
///
/// # Errors
/// [`LayoutError::Io`].
pub fn delete(folder: &Path, name: &str) -> Result<(), LayoutError> {
    let path = path_of(folder, name);
    fs::remove_file(&path).map_err(|source| LayoutError::Io { path, source })
}

fn path_of(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{}.{EXTENSION}", name_of(name)))
}

/// The stable name of a title: `My shop's export` → `my_shop_s_export`.
#[must_use]
pub fn name_of(title: &str) -> String {
    let mut name = String::new();
    for letter in title.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() {
            name.push(letter);
        } else if !name.is_empty() && !name.ends_with('_') {
            name.push('_');
        }
    }
    let name = name.trim_end_matches('_');
    if name.is_empty() {
        "layout".to_owned()
    } else {
        name.chars().take(60).collect()
    }
}

/// A file as a layout: its columns with the meaning each has now (`role_of` tells it).
#[must_use]
pub fn remembered(file: &FileReading, role_of: impl Fn(usize) -> Role) -> Layout {
    let title = file_stem(&file.name);
    let named = |at: usize| file.columns[at].name.clone();
    let all = 0..file.columns.len();
    let carries = |at: &usize| !matches!(role_of(*at), Role::Attribute | Role::Ignored);
    let (needed, others): (Vec<usize>, Vec<usize>) = all.clone().partition(|at| carries(at));
    let roles: Vec<Role> = all.clone().map(&role_of).collect();
    // What Keepers thought of the other columns it will think again, unless somebody knew better.
    let said = |at: &usize| {
        let column = &file.columns[*at];
        carries(at) || column.chosen || role_of(*at) != column.role
    };
    let table = TableLayout {
        part: "orders".to_owned(),
        grain: grain(&roles),
        headers: header(file, &needed),
        any: header(file, &others),
        // An export may lose or gain a column from month to month.
        some: if file.has_header { others.len() / 2 } else { 0 },
        lacks: Vec::new(),
        roles: all
            .clone()
            .filter(said)
            .map(|at| (named(at), role_of(at)))
            .collect(),
        rename: BTreeMap::new(),
        replaces: BTreeMap::new(),
        no_header: if file.has_header {
            Vec::new()
        } else {
            all.map(named).collect()
        },
        largest: None,
        required: true,
    };
    Layout {
        name: name_of(&title),
        title,
        tables: vec![table],
        kept: Vec::new(),
        not_kept: Vec::new(),
        joins: Vec::new(),
    }
}

fn header(file: &FileReading, columns: &[usize]) -> Vec<String> {
    if !file.has_header {
        return Vec::new();
    }
    let names = columns.iter().map(|&at| file.columns[at].name.clone());
    names.collect()
}

fn file_stem(name: &str) -> String {
    let path = Path::new(name);
    path.file_stem().map_or_else(
        || name.to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    )
}

/// What a row is, by what the columns mean. Reading weighs it against the arithmetic of the file.
fn grain(roles: &[Role]) -> Grain {
    let has = |role| roles.contains(&role);
    let money = has(Role::Amount) || has(Role::UnitPrice);
    match (
        has(Role::Date) && money,
        has(Role::Refund),
        has(Role::Customer),
    ) {
        (true, _, _) => Grain::Lines,
        (_, true, _) => Grain::Refunds,
        (_, _, true) => Grain::Customers,
        _ => Grain::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use data::dataset::ColumnReading;

    fn file() -> FileReading {
        let column = |name: &str| ColumnReading {
            name: name.to_owned(),
            role: Role::Attribute,
            chosen: false,
            reason: String::new(),
            format: String::new(),
        };
        FileReading {
            path: "shop/June export.csv".into(),
            name: "June export.csv".to_owned(),
            sheets: Vec::new(),
            sheet: String::new(),
            part: String::new(),
            bytes: 1,
            rows: 1,
            encoding: String::new(),
            delimiter: String::new(),
            has_header: true,
            columns: ["k", "t", "u", "colour", "note"].map(column).to_vec(),
            preview: Vec::new(),
        }
    }

    const ROLES: [Role; 5] = [
        Role::Customer,
        Role::Date,
        Role::Amount,
        Role::Attribute,
        Role::Ignored,
    ];

    #[test]
    fn a_file_is_remembered_with_what_its_columns_mean() {
        let layout = remembered(&file(), |at| ROLES[at]);
        let table = &layout.tables[0];
        assert_eq!(
            (layout.name.as_str(), layout.title.as_str()),
            ("june_export", "June export")
        );
        assert_eq!(table.headers, ["k", "t", "u"]);
        assert_eq!((table.any.len(), table.some), (2, 1));
        assert_eq!(table.roles["u"], Role::Amount);
        assert_eq!(table.roles["note"], Role::Ignored);
        assert_eq!(table.grain, Grain::Lines);
        let bare = FileReading {
            has_header: false,
            ..file()
        };
        let table = &remembered(&bare, |at| ROLES[at]).tables[0];
        assert_eq!(table.no_header.len(), 5);
        assert!(table.headers.is_empty() && table.some == 0);
    }

    #[test]
    fn layouts_are_kept_listed_and_never_replaced_unasked() {
        let data = tempfile::tempdir().unwrap();
        let folder = folder_in(data.path());
        assert!(user_layouts(&folder).is_empty());
        let layout = remembered(&file(), |at| ROLES[at]);
        let path = save(&folder, &layout, false).unwrap();
        let other = Layout {
            kept: vec!["paid".to_owned()],
            ..layout.clone()
        };
        let refused = save(&folder, &other, false).unwrap_err();
        assert!(matches!(refused, LayoutError::Exists(_)), "{refused}");
        assert_eq!(user_layouts(&folder), std::slice::from_ref(&layout));
        save(&folder, &other, true).unwrap();
        assert_eq!(read(&path).unwrap(), other);
        fs::write(folder.join("broken.layout.ron"), "(name:").unwrap();
        fs::write(folder.join("readme.txt"), "").unwrap();
        assert_eq!(user_layouts(&folder), [other]);
        assert!(read(&folder.join("broken.layout.ron")).is_err());
        delete(&folder, &layout.name).unwrap();
        assert!(user_layouts(&folder).is_empty());
        assert!(delete(&folder, &layout.name).is_err());
    }

    #[test]
    fn names_are_fit_for_files() {
        assert_eq!(name_of("My shop’s export (2024)"), "my_shop_s_export_2024");
        assert_eq!(name_of("../../etc"), "etc");
        assert_eq!(name_of("…"), "layout");
        assert!(is_layout(Path::new("/a/my.layout.ron")));
        assert!(!is_layout(Path::new("/a/my.rules.ron")));
    }
}
