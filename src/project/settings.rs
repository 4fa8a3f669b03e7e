//! What belongs to the person and not to the numbers.

use serde::{Deserialize, Serialize};

use super::{RuleSet, Source};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeChoice {
    /// Follow the desktop.
    #[default]
    System,
    Light,
    Dark,
}

/// Kept in the window's own storage, never in a project file.
///
/// Unknown fields are passed over here, unlike in a project file: settings written by a newer
/// Keepers must not cost the person their list of recent files.
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
    /// Segment rules saved under a name of their own, in the order in which they were saved.
    pub rule_presets: Vec<RulePreset>,
    /// The guided tour was seen or skipped.
    pub toured: bool,
}

/// Segment rules under a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RulePreset {
    pub name: String,
    pub set: RuleSet,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: ThemeChoice::System,
            zoom: 1.0,
            recent: Vec::new(),
            rail_collapsed: false,
            toured: false,
            rule_presets: Vec::new(),
        }
    }
}

/// Entries the welcome page lists.
pub const MAX_RECENT: usize = 8;

impl Settings {
    /// Puts an entry on top of the list; an older entry of the same source gives way.
    pub fn remember(&mut self, entry: Recent) {
        self.recent.retain(|known| known.source != entry.source);
        self.recent.insert(0, entry);
        self.recent.truncate(MAX_RECENT);
    }
}

impl Settings {
    /// Saves rules under a name; those saved under it before give way.
    pub fn save_rules(&mut self, preset: RulePreset) {
        let known = self.rule_presets.iter_mut();
        match known.into_iter().find(|known| known.name == preset.name) {
            Some(known) => *known = preset,
            None => self.rule_presets.push(preset),
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

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, opened: &str) -> Recent {
        Recent {
            source: Source::Files(vec![path.into()]),
            name: path.to_owned(),
            size: String::new(),
            opened: opened.to_owned(),
        }
    }

    #[test]
    fn a_source_stands_once_in_the_list_and_newest_first() {
        let mut settings = Settings::default();
        settings.remember(entry("a.csv", "2025-01-01"));
        settings.remember(entry("b.csv", "2025-01-02"));
        settings.remember(entry("a.csv", "2025-01-03"));
        assert_eq!(
            settings.recent,
            [entry("a.csv", "2025-01-03"), entry("b.csv", "2025-01-02")]
        );
        for number in 0..20 {
            settings.remember(entry(&format!("{number}.csv"), "2025-01-04"));
        }
        assert_eq!(settings.recent.len(), MAX_RECENT);
        assert_eq!(settings.recent[0].name, "19.csv");
    }

    #[test]
    fn rules_saved_under_a_known_name_replace_those_saved_before() {
        let preset = |name: &str, rules| RulePreset {
            name: name.to_owned(),
            set: RuleSet {
                version: 1,
                clusters: None,
                ties: None,
                rules,
            },
        };
        let mut settings = Settings::default();
        settings.save_rules(preset("mine", Vec::new()));
        settings.save_rules(preset("other", Vec::new()));
        let rules = analysis::presets::Preset::Eleven.rules();
        settings.save_rules(preset("mine", rules.clone()));
        let names: Vec<&str> = settings
            .rule_presets
            .iter()
            .map(|known| known.name.as_str())
            .collect();
        assert_eq!(names, ["mine", "other"]);
        assert_eq!(settings.rule_presets[0].set.rules, rules);
        // They are written with the settings and read back.
        let text = ron::to_string(&settings).unwrap();
        assert_eq!(ron::from_str::<Settings>(&text).unwrap(), settings);
    }

    #[test]
    fn settings_of_a_newer_keepers_still_load() {
        let settings: Settings = ron::from_str("(theme: dark, hologram: true)").unwrap();
        assert_eq!(settings.theme, ThemeChoice::Dark);
        assert_eq!(settings.zoom, 1.0);
    }
}
