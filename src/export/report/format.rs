//! What a report can be saved as.

use std::path::Path;

/// Kinds of files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// One page for a browser.
    #[default]
    Html,
    /// Slides whose charts can be edited.
    PowerPoint,
    /// The same slides to read and to print.
    Pdf,
}

impl Format {
    pub const ALL: [Self; 3] = [Self::Html, Self::PowerPoint, Self::Pdf];

    /// Ending of the file, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::PowerPoint => "pptx",
            Self::Pdf => "pdf",
        }
    }

    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Html => "Web page",
            Self::PowerPoint => "PowerPoint",
            Self::Pdf => "PDF",
        }
    }

    /// The format a file name asks for; `None` where its ending says nothing.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_string_lossy().to_lowercase();
        if ending == "htm" {
            return Some(Self::Html);
        }
        Self::ALL.into_iter().find(|it| it.ending() == ending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_says_the_format() {
        let of = |name: &str| Format::of(Path::new(name));
        assert_eq!(of("a.PPTX"), Some(Format::PowerPoint));
        assert_eq!(of("a b.pdf"), Some(Format::Pdf));
        assert_eq!(of("a.htm"), Some(Format::Html));
        assert_eq!(of("a"), None);
    }
}
