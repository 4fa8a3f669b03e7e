//! What can be done with the clusters at hand: use them as segments, or keep them as a column.

use egui::{Ui, vec2};

use super::quiet;
use crate::{
    action::{Action, Actions},
    cx::Cx,
    format,
    theme::gap,
    views::segments::{Section, Tune},
    widgets::card,
};
use analysis::{
    attribute_tests::asks_for_clusters,
    clusters::{CLUSTER_COLUMN, Centres, Clustering, Verdict},
};
use project::{Project, SegmentSpec};

/// What becomes of the clusters at hand in a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    /// Nothing yet.
    Loose,
    /// Others are kept.
    Others,
    /// They are kept under other names.
    Renamed,
    /// They are a column that no rule looks at.
    Column,
    /// Rules ask for them, beside other conditions.
    InRules,
    /// They are the segments.
    Segments,
}

impl Use {
    fn of(project: &Project, these: &Centres) -> Self {
        match &project.kept_clusters {
            None => Self::Loose,
            Some(kept) if kept == these => match &project.rules {
                rules if *rules == kept.rules() => Self::Segments,
                rules if asks_for_clusters(rules) => Self::InRules,
                _ => Self::Column,
            },
            Some(kept) if kept.same_places(these) => Self::Renamed,
            Some(_) => Self::Others,
        }
    }

    fn words(self, project: &Project) -> String {
        let day = project
            .kept_clusters
            .as_ref()
            .map(|kept| format::date(kept.as_of));
        let day = day.unwrap_or_default();
        match self {
            Self::Loose => {
                "As segments they are in every view, list and export; as a column in rules and the customer list."
                    .to_owned()
            }
            Self::Others => format!("Other clusters are kept, found as of {day}."),
            Self::Renamed => "They are kept under other names.".to_owned(),
            Self::Column => format!(
                "Kept as the column “{CLUSTER_COLUMN}”: on any date everybody belongs to the nearest \
                 centre of {day}."
            ),
            Self::InRules => {
                format!("Kept as the column “{CLUSTER_COLUMN}”; segment rules ask for it.")
            }
            Self::Segments => format!(
                "They are the segments now: on any date everybody belongs to the nearest centre of {day}. \
                 Undo brings the rules back."
            ),
        }
    }
}

/// Draws the strip.
pub fn keep_ui(ui: &mut Ui, cx: &Cx<'_>, found: &Clustering, actions: &mut Actions) {
    let these = found.kept(&cx.project.clusters);
    let used = Use::of(cx.project, &these);
    card::frame(cx.palette).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(gap::S, gap::S);
        ui.horizontal_wrapped(|ui| {
            buttons_ui(ui, cx, (these, used), actions);
            ui.label(quiet(&used.words(cx.project), cx));
            if found.verdict == Verdict::NoStructure {
                let words =
                    "They are no better apart than noise: what is built on them means little.";
                let text = egui::RichText::new(words).font(crate::theme::font::body());
                ui.label(text.color(cx.palette.warn));
            }
        });
    });
}

fn buttons_ui(ui: &mut Ui, cx: &Cx<'_>, (these, used): (Centres, Use), actions: &mut Actions) {
    let mut ask = |tune| actions.push(Action::Tune(tune));
    if used == Use::Segments {
        if ui.button("Show the map").clicked() {
            ask(Tune::Show(Section::Map));
        }
        return;
    }
    if ui.button("Use as segments").clicked() {
        ask(Tune::Apply(Box::new(SegmentSpec {
            ties: cx.project.ties,
            rules: these.rules(),
            clusters: Some(these.clone()),
        })));
    }
    match used {
        Use::Loose | Use::Others | Use::Renamed => {
            let text = match used {
                Use::Loose => "Keep as a column",
                Use::Renamed => "Take over the names",
                _ => "Keep these instead",
            };
            if ui.button(text).clicked() {
                ask(Tune::Keep(Some(these)));
            }
        }
        Use::Column => {
            if ui.button("Stop keeping").clicked() {
                ask(Tune::Keep(None));
            }
        }
        // Taking them away would leave rules that match nobody.
        Use::InRules | Use::Segments => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::{
        clusters::{Feature, centres::Centre, features::Scale},
        rules::{Condition, default_rules},
    };

    fn kept(name: &str) -> Centres {
        let at = |name: &str, at: f64| Centre {
            name: name.to_owned(),
            at: vec![at],
        };
        Centres {
            as_of: 0,
            scales: vec![Scale {
                feature: Feature::Monetary,
                log: false,
                mean: 1.0,
                deviation: 1.0,
            }],
            clusters: vec![at(name, 1.0), at("Others", -1.0)],
        }
    }

    #[test]
    fn the_strip_knows_what_became_of_the_clusters() {
        let these = kept("Dear");
        let mut project = Project::default();
        assert_eq!(Use::of(&project, &these), Use::Loose);
        project.kept_clusters = Some(kept("Cheap"));
        assert_eq!(Use::of(&project, &these), Use::Renamed);
        let mut other = kept("Cheap");
        other.clusters[0].at[0] = 2.0;
        project.kept_clusters = Some(other);
        assert_eq!(Use::of(&project, &these), Use::Others);
        project.kept_clusters = Some(these.clone());
        assert_eq!(Use::of(&project, &these), Use::Column);
        assert!(Use::Column.words(&project).contains("1 Jan 1970"));
        project.rules = default_rules();
        project.rules[0].when = Condition::All(vec![these.rules()[0].when.clone()]);
        assert_eq!(Use::of(&project, &these), Use::InRules);
        project.rules = these.rules();
        assert_eq!(Use::of(&project, &these), Use::Segments);
    }
}
