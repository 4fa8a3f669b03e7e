//! Scenes: prepared moments of a presentation.
//!
//! A scene keeps what was on the screen as *inputs*, never as numbers: shown again, it is computed
//! again from the shop as it is then.

use super::{Project, project::Scene};

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
    use crate::Source;

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
