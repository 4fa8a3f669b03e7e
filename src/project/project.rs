//! All inputs of a session.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{checks::InvalidProject, saved::SavedAudience, source::Source, stamps::Stamp};
use analysis::{
    attribute_tests::RuleList,
    clusters::{Centres, ClusterSpec},
    cohorts::{CohortSpec, Metric},
    flat::FlatSpec,
    migration::MigrationSpec,
    rates::{Target, Test},
    rfm::TieRule,
    rules::{Rule, default_rules},
    selection::Selection,
};
use audiences::AudienceSettings;
use data::dataset::options::ReadOptions;
use data::day::{Day, Period, from_civil};
use models::Recipe;

/// How a view is looked at, by names: section, order of a table. Decides no number.
pub type Look = BTreeMap<String, String>;

/// View, selection and settings with a caption.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Scene {
    /// Title on the screen while presenting.
    pub caption: String,
    /// For the presenter only.
    pub notes: String,
    /// Name of the view, as on the command line.
    pub view: String,
    /// Id of the customer whose drill-down is open.
    pub customer: Option<String>,
    pub selection: Selection,
    /// How the view is looked at; empty in scenes of before there was such a thing.
    #[serde(skip_serializing_if = "Look::is_empty")]
    pub look: Look,
    /// Every setting that decides a number. Where the data come from and the scenes themselves are
    /// left out: they are the project's.
    pub inputs: Box<Project>,
}

/// Version written to project files; older ones are migrated on load.
pub const VERSION: u32 = 1;

/// All inputs of a session.
///
/// A field that a file does not name has its default, so that fields can join without a new version;
/// a field that Keepers does not know is an error (see [`super::file`]).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Project {
    pub version: u32,
    pub source: Source,
    pub reading: ReadOptions,
    /// S; `None` means the day after the last order.
    pub as_of: Option<Day>,
    pub ties: TieRule,
    pub rules: Vec<Rule>,
    pub cohorts: CohortSpec,
    pub cohort_metric: Metric,
    /// Granularity of the Overview's time series.
    pub overview_period: Period,
    /// Currency sign shown with amounts; empty = none.
    pub currency: String,
    /// Thresholds of derived fields and the target of a customer table.
    pub flat: FlatSpec,
    /// Lists, campaign, actions, costs and notes.
    pub audiences: AudienceSettings,
    /// Selections kept under a name, in the order they were saved.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub saved_audiences: Vec<SavedAudience>,
    /// Recipes whose settings differ from the gallery's, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub recipes: Vec<Recipe>,
    /// Prepared moments of a presentation, in the order they are shown.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scenes: Vec<Scene>,
    /// What the data files looked like when the project was saved. Stands in files only: a project in
    /// use has none, because its files are at hand.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stamps: Vec<Stamp>,
    /// The dates between which moves from segment to segment are counted.
    pub migration: MigrationSpec,
    /// What customers are clustered by.
    pub clusters: ClusterSpec,
    /// Clusters that were kept: rules may ask for them, and they are a column of the customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kept_clusters: Option<Centres>,
}

impl Default for Project {
    fn default() -> Self {
        Self {
            version: VERSION,
            source: Source::None,
            reading: ReadOptions::default(),
            as_of: None,
            ties: TieRule::default(),
            rules: default_rules(),
            cohorts: CohortSpec::default(),
            cohort_metric: Metric::default(),
            overview_period: Period::Month,
            currency: String::new(),
            flat: FlatSpec::default(),
            audiences: AudienceSettings::default(),
            saved_audiences: Vec::new(),
            recipes: Vec::new(),
            scenes: Vec::new(),
            stamps: Vec::new(),
            migration: MigrationSpec::default(),
            clusters: ClusterSpec::default(),
            kept_clusters: None,
        }
    }
}

impl Project {
    /// The rules with what they may ask for.
    #[must_use]
    pub fn rule_list(&self) -> RuleList<'_> {
        RuleList {
            rules: &self.rules,
            clusters: self.kept_clusters.as_ref(),
        }
    }

    /// Checks what types cannot: number of rules, finite thresholds, a date of this calendar.
    ///
    /// # Errors
    /// The first such value, in words.
    pub fn check(&self) -> Result<(), InvalidProject> {
        super::checks::check(self.ties, &self.rules)?;
        super::checks::check_clusters(self.kept_clusters.as_ref())?;
        if let Some(problem) = self.audiences.problem() {
            return Err(InvalidProject {
                problem: problem.to_owned(),
                advice: "Give shares between 0 and 1 and amounts of at least 0.".to_owned(),
            });
        }
        if !self.flat.derived.is_valid() {
            return Err(InvalidProject {
                problem:
                    "A threshold of the derived fields is out of range or below the one before it"
                        .to_owned(),
                advice: "Give ascending numbers; shares and churn scores lie between 0 and 1."
                    .to_owned(),
            });
        }
        if let Some(Target {
            column,
            test: Test::Over(threshold),
        }) = &self.flat.target
            && !threshold.is_finite()
        {
            return Err(InvalidProject {
                problem: format!("The threshold of “{column}” is not a number"),
                advice: "Give it a number.".to_owned(),
            });
        }
        let years = from_civil(1, 1, 1)..=from_civil(9999, 12, 31);
        if let Some(as_of) = self.as_of
            && !years.contains(&Some(as_of))
        {
            return Err(InvalidProject {
                problem: format!("The as-of date (day {as_of}) lies outside the years 1 to 9999"),
                advice: "Choose a date near the orders.".to_owned(),
            });
        }
        for scene in &self.scenes {
            scene.inputs.check().map_err(|error| InvalidProject {
                problem: format!("In the scene “{}”: {}", scene.caption, error.problem),
                advice: error.advice,
            })?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::rules::{Comparison, Condition, Field, MAX_RULES};

    #[test]
    fn the_default_project_is_valid() {
        assert_eq!(Project::default().check(), Ok(()));
    }

    #[test]
    fn values_no_analysis_can_use_are_named() {
        let test = Condition::Test(Field::Monetary, Comparison::AtLeast, f64::NAN);
        let mut project = Project::default();
        project.rules[2].when = Condition::All(vec![Condition::Any(vec![test])]);
        let error = project.check().unwrap_err();
        assert!(error.problem.contains("Potential Loyalist"), "{error}");

        let mut project = Project::default();
        project.rules = vec![project.rules[0].clone(); MAX_RULES + 1];
        assert!(
            project
                .check()
                .unwrap_err()
                .to_string()
                .contains("251 segment rules")
        );

        for day in [i32::MIN, i32::MAX] {
            let project = Project {
                as_of: Some(day),
                ..Project::default()
            };
            assert!(project.check().is_err());
        }
    }
}
