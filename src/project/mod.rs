//! Every input that decides a number, as plain data; and the settings that do not.
//!
//! | file | holds |
//! | --- | --- |
//! | [`project`] | [`Project`]: saved to `*.keepers.ron`, stepped through by undo and redo |
//! | [`settings`] | [`Settings`] (theme, zoom, recent files): kept in the window's own storage |
//! | [`history`] | undo and redo |
//! | [`file`] | versioned project files, saved atomically |
//! | [`layouts`] | exports of a kind of their own that the user has saved |
//! | [`joining`] | what was said about a shop's files, carried over to next month's |
//! | [`stamps`] | what data files looked like when a project was saved |
//! | [`source`] | where the data are |
//! | [`checks`] | what every file must keep to |
//! | [`saved`] | selections kept under a name |
//! | [`scene`] | prepared moments of a presentation |
//! | [`session`] | what is on the screen, kept so that a crash loses nothing |
//! | [`rule_set`] | segment rules and cut points on their own: presets and rule files |

pub mod checks;
pub mod file;
pub mod history;
pub mod joining;
pub mod layouts;
mod notation;
// The main type carries the module's name; its file is named after it all the same.
#[allow(clippy::module_inception)]
pub mod project;
pub mod rule_set;
pub mod saved;
pub mod scene;
pub mod session;
pub mod settings;
pub mod source;
pub mod stamps;

pub use checks::InvalidProject;
pub use file::ProjectError;
pub use history::History;
pub use project::{Look, Project, Scene, VERSION};
pub use rule_set::{RuleFileError, RuleSet, SegmentSpec};
pub use saved::SavedAudience;

pub use settings::{Recent, RulePreset, Settings, ThemeChoice};
pub use source::Source;
