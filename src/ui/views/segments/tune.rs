//! What a person can ask of the segments.

use super::Section;
use analysis::{clusters::Centres, rfm::TieRule, rules::Rule};
use project::SegmentSpec;

/// A change of how segments are made. Each is one step of the history, however long a drag takes.
#[derive(Clone, Debug, PartialEq)]
pub enum Tune {
    /// Show this part of the view.
    Show(Section),
    /// Show segments crossed with predicted value, in the Audiences view.
    ShowActions,
    /// Cut the scores like this.
    Ties(TieRule),
    /// Use these rules, in this order.
    Rules(Vec<Rule>),
    /// Take over rules and cut points together: a preset.
    Apply(Box<SegmentSpec>),
    /// Keep these clusters for rules, lists and exports, or none any longer.
    Keep(Option<Centres>),
    /// Ask for a rule file, then take it over.
    Import,
    /// Ask where to save, then write the rules there.
    Export,
    /// Keep the rules under this name in the settings.
    SavePreset(String),
    /// Forget the rules of this name.
    DeletePreset(String),
    /// Stop comparing with the segments before the last change.
    HideMoves,
}
