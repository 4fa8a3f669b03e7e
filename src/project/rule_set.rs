//! What segments are made with, apart from a project: compared, kept as a preset, read from and
//! written to files of their own (`*.rules.ron`).

use std::{
    io,
    path::{Path, PathBuf},
};

use ron::ser::PrettyConfig;
use serde::{Deserialize, Serialize};

use super::{
    InvalidProject, Project,
    checks::{check, check_clusters},
    notation::options,
};
use analysis::{attribute_tests::RuleList, clusters::Centres, rfm::TieRule, rules::Rule};
use base::reading;

/// How rule files end.
pub const EXTENSION: &str = "rules.ron";

/// Version written to rule files.
const VERSION: u32 = 1;

/// Everything that decides who is in which segment, given the customers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SegmentSpec {
    pub ties: TieRule,
    pub rules: Vec<Rule>,
    /// The kept clusters, where the rules ask for them.
    pub clusters: Option<Centres>,
}

impl SegmentSpec {
    #[must_use]
    pub fn of(project: &Project) -> Self {
        Self {
            ties: project.ties,
            rules: project.rules.clone(),
            clusters: project.rule_list().clusters_in_use().cloned(),
        }
    }

    /// Whether a project makes the same segments.
    #[must_use]
    pub fn is_of(&self, project: &Project) -> bool {
        self.ties == project.ties
            && self.rules == project.rules
            && self.clusters.as_ref() == project.rule_list().clusters_in_use()
    }

    /// The rules with what they may ask for.
    #[must_use]
    pub fn rule_list(&self) -> RuleList<'_> {
        RuleList {
            rules: &self.rules,
            clusters: self.clusters.as_ref(),
        }
    }

    /// Puts this into a project; clusters kept there stay unless these rules bring their own.
    pub fn put_into(self, project: &mut Project) {
        project.ties = self.ties;
        project.rules = self.rules;
        if self.clusters.is_some() {
            project.kept_clusters = self.clusters;
        }
    }

    /// Checks what types cannot: the number of rules, finite thresholds, cut points in order.
    ///
    /// # Errors
    /// The first such value, in words.
    pub fn check(&self) -> Result<(), InvalidProject> {
        check(self.ties, &self.rules)?;
        check_clusters(self.clusters.as_ref())
    }
}

/// A rule file: rules and, where it says so, how the scores are cut.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleSet {
    #[serde(default = "newest")]
    pub version: u32,
    /// `None` leaves the scores as they are.
    #[serde(default)]
    pub ties: Option<TieRule>,
    /// Clusters that the rules ask for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Centres>,
    pub rules: Vec<Rule>,
}

fn newest() -> u32 {
    VERSION
}

/// A rule file could not be read. `Display` is the full sentence shown to people.
#[derive(Debug, thiserror::Error)]
pub enum RuleFileError {
    #[error("{}: {source}. {advice}", path.display())]
    Io {
        path: PathBuf,
        source: io::Error,
        advice: &'static str,
    },
    #[error(
        "{}, line {line}, column {column}: {problem}. Correct that place; \
         a rule file exported from the Segments view shows how one is written",
        path.display()
    )]
    Syntax {
        path: PathBuf,
        line: usize,
        column: usize,
        problem: String,
    },
    #[error(
        "{}: these rules were saved by a newer Keepers (format {found}; this one reads up to \
         {VERSION}). Update Keepers to use them",
        path.display()
    )]
    Newer { path: PathBuf, found: u32 },
    #[error("{}: {source}", path.display())]
    Invalid {
        path: PathBuf,
        source: InvalidProject,
    },
}

impl RuleSet {
    #[must_use]
    pub fn of(spec: &SegmentSpec) -> Self {
        Self {
            version: VERSION,
            ties: Some(spec.ties),
            clusters: spec.clusters.clone(),
            rules: spec.rules.clone(),
        }
    }

    /// What these rules make, on scores cut as by `ties` unless the set says how.
    #[must_use]
    pub fn spec(&self, ties: TieRule) -> SegmentSpec {
        SegmentSpec {
            ties: self.ties.unwrap_or(ties),
            rules: self.rules.clone(),
            clusters: self.clusters.clone(),
        }
    }

    /// Reads a rule file.
    ///
    /// # Errors
    /// [`RuleFileError`] naming file, line, column, and what was expected there.
    pub fn load(path: &Path) -> Result<Self, RuleFileError> {
        let text = reading::text(path).map_err(|source| RuleFileError::Io {
            path: path.to_owned(),
            advice: match source.kind() {
                io::ErrorKind::NotFound => "Check whether the file was moved or renamed",
                io::ErrorKind::InvalidData => "A rule file is a text file",
                _ => "Check that the file can be read",
            },
            source,
        })?;
        Self::parse(&text, path)
    }

    /// Reads rules from the text of the file at `path`.
    ///
    /// # Errors
    /// As [`Self::load`].
    pub fn parse(text: &str, path: &Path) -> Result<Self, RuleFileError> {
        // A byte-order mark is what some editors leave; it is not the user's mistake.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let set: Self = options()
            .from_str(text)
            .map_err(|error| RuleFileError::Syntax {
                path: path.to_owned(),
                line: error.span.start.line,
                column: error.span.start.col,
                problem: error.code.to_string(),
            })?;
        if set.version > VERSION {
            return Err(RuleFileError::Newer {
                path: path.to_owned(),
                found: set.version,
            });
        }
        set.spec(TieRule::default())
            .check()
            .map_err(|source| RuleFileError::Invalid {
                path: path.to_owned(),
                source,
            })?;
        Ok(set)
    }

    /// The text of a rule file.
    ///
    /// # Errors
    /// What cannot be written, in words; rules that pass [`SegmentSpec::check`] always can.
    pub fn to_text(&self) -> Result<String, String> {
        options()
            .to_string_pretty(self, PrettyConfig::new().new_line("\n"))
            .map(|text| text + "\n")
            .map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::{
        cut_points::CutPoints,
        presets::Preset,
        rules::{Comparison, Condition, Field},
    };

    fn path() -> &'static Path {
        Path::new("shop.rules.ron")
    }

    fn cuts() -> CutPoints {
        CutPoints {
            recency_days: [300.0, 120.0, 60.0, 14.0],
            frequency: [2.0, 3.0, 4.0, 6.0],
            monetary: [20.0, 50.0, 99.5, 400.0],
        }
    }

    #[test]
    fn every_preset_survives_a_file() {
        for preset in Preset::ALL {
            let spec = SegmentSpec {
                ties: TieRule::Fixed(cuts()),
                rules: preset.rules(),
                clusters: None,
            };
            let text = RuleSet::of(&spec).to_text().unwrap();
            let read = RuleSet::parse(&text, path()).unwrap();
            assert_eq!(read.spec(TieRule::Share), spec);
        }
    }

    #[test]
    fn a_file_by_hand_is_short() {
        let text = r#"(
            ties: fixed((
                recency_days: (300, 120, 60, 14),
                frequency: (2, 3, 4, 6),
                monetary: (20, 50, 99.5, 400),
            )),
            rules: [
                (name: "Locals", style: 6, when: all([
                    one_of("country", ["Austria", "Germany"]),
                    test(monetary, at_least, 100),
                ])),
                (name: "Others", style: 3, when: always),
            ],
        )"#;
        let set = RuleSet::parse(text, path()).unwrap();
        assert_eq!(set.ties, Some(TieRule::Fixed(cuts())));
        let local = Condition::OneOf(
            "country".to_owned(),
            vec!["Austria".to_owned(), "Germany".to_owned()],
        );
        let dear = Condition::Test(Field::Monetary, Comparison::AtLeast, 100.0);
        assert_eq!(set.rules[0].when, Condition::All(vec![local, dear]));
        let plain = RuleSet::parse("(rules: [])", path()).unwrap();
        assert_eq!(plain.spec(TieRule::RankFirst).ties, TieRule::RankFirst);
    }

    #[test]
    fn errors_say_where_and_what_to_do() {
        let message = |text: &str| RuleSet::parse(text, path()).unwrap_err().to_string();
        let wrong_field =
            "(\n  rules: [\n    (name: \"A\", style: 0, when: test(speed, at_least, 1)),\n  ],\n)";
        let error = message(wrong_field);
        assert!(
            error.starts_with("shop.rules.ron, line 3, column"),
            "{error}"
        );
        assert!(
            error.contains("speed") && error.contains("recency_days"),
            "{error}"
        );
        let error = message("(rules: [], colour: 3)");
        assert!(
            error.contains("line 1") && error.contains("colour"),
            "{error}"
        );
        let error = message("(version: 9, rules: [])");
        assert!(error.contains("format 9"), "{error}");
        let mut spec = SegmentSpec::default();
        let mut wrong = cuts();
        wrong.recency_days[1] = 900.0;
        spec.ties = TieRule::Fixed(wrong);
        let error = message(&RuleSet::of(&spec).to_text().unwrap());
        assert!(
            error.contains("Cut point 2 of recency_days is out of order")
                && error.contains("from many days to few"),
            "{error}"
        );
        let missing = RuleSet::load(Path::new("no-such.rules.ron")).unwrap_err();
        assert!(missing.to_string().contains("moved or renamed"));
    }
}
