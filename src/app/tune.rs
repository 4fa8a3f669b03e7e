//! Changes of cut points and segment rules: each remembers what was before, for the ghost.

use std::{path::Path, sync::Arc};

use egui::Context;

use super::App;
use analysis::{clusters::Centres, rules::Rule, selection::Part};
use project::{
    Project, RulePreset, RuleSet, SegmentSpec, file,
    rule_set::{EXTENSION, RuleFileError},
};
use ui::{
    action::View,
    format,
    frame::notices::Severity,
    views::{audiences, segments::Tune},
};

impl App {
    pub(super) fn tune(&mut self, ctx: &Context, tune: Tune) {
        match tune {
            Tune::Show(section) => {
                self.shown.view = View::Segments;
                self.views.segments.section = section;
            }
            Tune::ShowActions => {
                self.shown.view = View::Audiences;
                self.views.audiences.section = audiences::Section::Matrix;
            }
            Tune::Ties(ties) => self.edit_segments(|project| project.ties = ties),
            Tune::Rules(rules) => self.edit_segments(|project| project.rules = rules),
            Tune::Apply(spec) => self.edit_segments(|project| spec.put_into(project)),
            Tune::Keep(kept) => self.edit_segments(|project| keep(project, kept)),
            Tune::Import => self.dialogs.open_rules(ctx),
            Tune::Export => self.export_rules(ctx),
            Tune::SavePreset(name) => self.save_preset(ctx, name),
            Tune::DeletePreset(name) => {
                self.settings
                    .rule_presets
                    .retain(|preset| preset.name != name);
            }
            Tune::HideMoves => self.before = None,
        }
    }

    /// Changes how segments are made. What they were before this step is what the ghost shows, also
    /// when the step has a hundred values, as a drag has.
    fn edit_segments(&mut self, change: impl FnOnce(&mut Project)) {
        let before = SegmentSpec::of(self.history.closed());
        self.edit(change);
        self.follow_name(&before.rules);
        self.before = (!before.is_of(self.history.current())).then(|| Arc::new(before));
    }

    /// A segment that is selected stays selected under its new name.
    fn follow_name(&mut self, before: &[Rule]) {
        let Some((old, new)) = renamed(before, &self.history.current().rules) else {
            return;
        };
        for part in &mut self.selection.parts {
            if let Part::Segment(name) = part
                && *name == old
            {
                name.clone_from(&new);
            }
        }
    }

    /// Undo and redo show where things went, too.
    pub(super) fn step(&mut self, back: bool) {
        let before = SegmentSpec::of(self.history.current());
        if back {
            self.history.undo();
        } else {
            self.history.redo();
        }
        self.follow_name(&before.rules);
        self.before = (!before.is_of(self.history.current())).then(|| Arc::new(before));
    }

    /// Takes over rules from a file as one step.
    pub(super) fn import_rules(&mut self, ctx: &Context, set: Result<RuleSet, String>) {
        match set {
            Ok(set) => {
                let rules = format::count(set.rules.len() as u64, "rule", "rules");
                let spec = set.spec(self.history.current().ties);
                self.tune(ctx, Tune::Apply(Box::new(spec)));
                let what = "Segment rules imported";
                self.notify(
                    ctx,
                    Severity::Info,
                    what,
                    format!("{rules}; undo takes them back"),
                );
            }
            Err(why) => {
                let what = "The rules could not be imported";
                self.notify(ctx, Severity::Error, what, why);
            }
        }
    }

    fn export_rules(&mut self, ctx: &Context) {
        match RuleSet::of(&SegmentSpec::of(self.history.current())).to_text() {
            Ok(text) => self
                .dialogs
                .save(ctx, format!("segments.{EXTENSION}"), move || {
                    Ok(text.into_bytes())
                }),
            Err(why) => {
                let what = "The rules could not be exported";
                self.notify(ctx, Severity::Error, what, why);
            }
        }
    }

    fn save_preset(&mut self, ctx: &Context, name: String) {
        let set = RuleSet::of(&SegmentSpec::of(self.history.current()));
        let why = format!("“{name}” is among the presets now");
        self.settings.save_rules(RulePreset { name, set });
        self.notify(ctx, Severity::Info, "Segment rules saved", why);
    }
}

/// Keeps these clusters; rules that ask for the same ones under other names follow.
fn keep(project: &mut Project, kept: Option<Centres>) {
    if let (Some(old), Some(new)) = (&project.kept_clusters, &kept)
        && old.same_places(new)
    {
        old.rename_in(new, &mut project.rules);
    }
    project.kept_clusters = kept;
}

/// Old and new name, when one rule was renamed and nothing else moved.
fn renamed(before: &[Rule], after: &[Rule]) -> Option<(String, String)> {
    let mut differ = before
        .iter()
        .zip(after)
        .filter(|(old, new)| old.name != new.name);
    let (old, new) = differ.next()?;
    (before.len() == after.len() && differ.next().is_none())
        .then(|| (old.name.clone(), new.name.clone()))
}

/// Whether what was dropped is one rule file, not data.
pub(super) fn is_rule_file(paths: &[std::path::PathBuf]) -> bool {
    let ends = |path: &Path| {
        let name = path.to_string_lossy();
        name.ends_with(&format!(".{EXTENSION}")) && !name.ends_with(file::EXTENSION)
    };
    matches!(paths, [path] if ends(path))
}

/// Reads a rule file; the error is a sentence for people.
pub(super) fn read_rules(path: &Path) -> Result<RuleSet, String> {
    RuleSet::load(path).map_err(|error: RuleFileError| format!("{error}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::rules::default_rules;

    #[test]
    fn only_a_new_name_is_a_rename() {
        let rules = default_rules();
        let mut other = rules.clone();
        assert_eq!(renamed(&rules, &other), None);
        other[0].name = "Best".to_owned();
        let names = ("VIP".to_owned(), "Best".to_owned());
        assert_eq!(renamed(&rules, &other), Some(names));
        other.swap(1, 2);
        assert_eq!(renamed(&rules, &other), None);
        assert_eq!(renamed(&rules, &rules[1..]), None);
    }

    #[test]
    fn rule_files_are_told_from_projects() {
        let path = |name: &str| vec![std::path::PathBuf::from(name)];
        assert!(is_rule_file(&path("mine.rules.ron")));
        assert!(!is_rule_file(&path("shop.keepers.ron")));
        assert!(!is_rule_file(&path("orders.csv")));
        assert!(!is_rule_file(
            &[path("a.rules.ron"), path("b.rules.ron")].concat()
        ));
    }
}
