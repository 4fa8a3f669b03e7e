//! Settings of boosting that others have too.

use keepers::models::boosting::{Goal, Settings};

/// Depth 6, every row and every feature in every tree.
pub fn plain(objective: Goal, trees: usize) -> Settings {
    Settings {
        objective,
        trees,
        depth: 6,
        learning_rate: 0.1,
        min_child_weight: 1.0,
        subsample: 1.0,
        feature_share: 1.0,
        ridge: 1.0,
        seed: 1,
    }
}
