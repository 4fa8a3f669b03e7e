//! Scenes: prepared moments of a presentation.
//!
//! A scene keeps what was on the screen as *inputs*, never as numbers: shown again, it is computed
//! again from the shop as it is then.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Project;
use crate::analysis::selection::Selection;

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

impl Project {
    /// This project's settings as a scene keeps them.
    #[must_use]
    pub fn scene_inputs(&self) -> Box<Self> {
        let own = Self::default();
        Box::new(Self {
            source: own.source,
            reading: own.reading,
            stamps: own.stamps,
            scenes: own.scenes,
            saved_audiences: own.saved_audiences,
            ..self.clone()
        })
    }

    /// This project with the settings of a scene: the same shop, read in the same way.
    #[must_use]
    pub fn at_scene(&self, scene: &Scene) -> Self {
        Self {
            scenes: self.scenes.clone(),
            ..self.numbers_at(scene)
        }
    }

    /// As [`Project::at_scene`], without the scenes, which decide no number.
    #[must_use]
    pub fn numbers_at(&self, scene: &Scene) -> Self {
        Self {
            version: self.version,
            source: self.source.clone(),
            reading: self.reading.clone(),
            stamps: self.stamps.clone(),
            saved_audiences: self.saved_audiences.clone(),
            currency: self.currency.clone(),
            ..(*scene.inputs).clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::project::Source;

    #[test]
    fn a_scene_brings_back_the_settings_and_not_the_shop() {
        let shown = Project {
            source: Source::Sample,
            as_of: Some(20_000),
            ..Project::default()
        };
        let scene = Scene {
            inputs: shown.scene_inputs(),
            ..Scene::default()
        };
        assert_eq!(scene.inputs.source, Source::None);
        let elsewhere = Project {
            source: Source::Files(vec!["orders.csv".into()]),
            as_of: None,
            scenes: vec![scene.clone()],
            ..Project::default()
        };
        let there = elsewhere.at_scene(&scene);
        assert_eq!(there.source, elsewhere.source);
        assert_eq!(there.as_of, Some(20_000));
        assert_eq!(there.scenes.len(), 1);
        assert_eq!(there.scene_inputs().as_of, Some(20_000));
        assert!(there.scene_inputs().scenes.is_empty());
    }
}
