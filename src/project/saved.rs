//! Selections kept under a name.

use serde::{Deserialize, Serialize};

use analysis::selection::Selection;

/// A selection kept under a name: who is in it follows from its parts, the rules and S.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SavedAudience {
    pub name: String,
    pub selection: Selection,
    /// What it is for, in the person's words.
    pub note: String,
}
