//! Where a shop's data are.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

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
