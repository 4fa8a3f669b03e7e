//! The bare command: the window, or what stands in for it where there is no display.

use std::path::{Path, PathBuf};

use super::{
    input::Input,
    output::{self, CliError},
    render, summary,
};

/// Folder for the pictures of the views.
const VIEWS_FOLDER: &str = "keepers-views";

/// Says why there is no window, prints the summary of the files (or of the sample shop) and draws
/// every view.
pub(super) fn instead(files: Vec<PathBuf>, why: &str) -> Result<(), CliError> {
    let input = Input::of(files);
    let shop = if input.sample {
        "the built-in sample shop"
    } else {
        "these files"
    };
    output::say(&format!(
        "{why}\nHere is the summary of {shop} instead; the views are drawn as pictures."
    ));
    summary::print(&input)?;
    let folder = fresh(Path::new(VIEWS_FOLDER), Path::exists);
    for path in render::draw_all(&input, &folder)? {
        output::print(&format!("wrote {}\n", path.display()))?;
    }
    Ok(())
}

/// `folder`, or `folder-2`, `folder-3`… when it is taken.
fn fresh(folder: &Path, taken: impl Fn(&Path) -> bool) -> PathBuf {
    if !taken(folder) {
        return folder.to_owned();
    }
    (2..=u32::MAX)
        .map(|number| PathBuf::from(format!("{}-{number}", folder.display())))
        .find(|path| !taken(path))
        .unwrap_or_else(|| folder.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_folder_gets_the_next_number() {
        let name = |taken: &[&str]| {
            let taken = |path: &Path| taken.iter().any(|name| path == Path::new(name));
            fresh(Path::new("views"), taken)
        };
        assert_eq!(name(&[]), Path::new("views"));
        assert_eq!(name(&["views"]), Path::new("views-2"));
        assert_eq!(name(&["views", "views-2"]), Path::new("views-3"));
    }
}
