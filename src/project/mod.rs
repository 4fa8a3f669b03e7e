//! Every input that decides a number, as plain data; and the settings that do not.
//!
//! `Project` is saved to `*.keepers.ron` and is what undo and redo step through. `Settings` (theme,
//! zoom, recent files) live in the window's own storage.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::{
    analysis::{
        cohorts::{CohortSpec, Metric},
        rfm::TieRule,
        segments::{Rule, default_rules},
    },
    data::{
        day::{Day, Period},
        options::ReadOptions,
    },
};

/// Version written to project files; older ones are migrated on load.
pub const VERSION: u32 = 1;

/// Where the orders come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    #[default]
    None,
    /// The built-in sample shop.
    Sample,
    /// Files or folders that together describe one shop.
    Files(Vec<PathBuf>),
}

/// All inputs of a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
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
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// Follow the desktop.
    #[default]
    System,
    Light,
    Dark,
}

/// What belongs to the person and not to the numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: ThemeChoice,
    /// Zoom factor, 1 = 100 %.
    pub zoom: f32,
    /// Most recent first.
    pub recent: Vec<Recent>,
    /// The rail shows icons only.
    pub rail_collapsed: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            zoom: 1.0,
            recent: Vec::new(),
            rail_collapsed: false,
        }
    }
}

/// An entry of the welcome page's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    pub source: Source,
    pub name: String,
    /// Short description: "23,570 customers".
    pub size: String,
    /// Day it was opened, ISO.
    pub opened: String,
}
