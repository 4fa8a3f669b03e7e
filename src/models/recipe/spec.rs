//! The models that compete, each with its grid.

use serde::{Deserialize, Serialize};

use crate::{btyd::Family, error::InvalidRecipe};

/// Oversampling of the rarer class (Chawla et al. 2002).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SmoteSpec {
    /// Rarer ÷ more frequent class afterwards; 1 makes them equal.
    pub ratio: f64,
    pub neighbours: usize,
}

impl Default for SmoteSpec {
    fn default() -> Self {
        Self {
            ratio: 1.0,
            neighbours: 5,
        }
    }
}

/// How predictions are brought to the level of the answers, learned from out-of-fold predictions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recalibration {
    None,
    /// Values: one factor, so that Σ predicted = Σ actual. Probabilities: Platt's logistic curve.
    #[default]
    Scale,
    /// A rising step curve (isotonic regression).
    Isotonic,
}

/// A model and its grid.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelSpec {
    Lifetime(LifetimeSpec),
    Tweedie(TweedieSpec),
    Boosting(BoostingSpec),
    Forest(ForestSpec),
    Logistic(LogisticSpec),
    TwoStage(TwoStageSpec),
    Blend(BlendSpec),
}

impl ModelSpec {
    /// Name in files and JSON.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Lifetime(_) => "lifetime".to_owned(),
            Self::Tweedie(_) => "tweedie_glm".to_owned(),
            Self::Boosting(spec) => format!("boosting_{}", spec.loss.name()),
            Self::Forest(_) => "random_forest".to_owned(),
            Self::Logistic(_) => "logistic_regression".to_owned(),
            Self::TwoStage(spec) => format!("two_stage_{}", spec.routing.name()),
            Self::Blend(_) => "blend".to_owned(),
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(&self) -> String {
        match self {
            Self::Lifetime(_) => "BTYD × Gamma-Gamma".to_owned(),
            Self::Tweedie(_) => "Tweedie GLM".to_owned(),
            Self::Boosting(spec) => format!("Gradient boosting, {}", spec.loss.title()),
            Self::Forest(_) => "Random forest".to_owned(),
            Self::Logistic(_) => "Logistic regression".to_owned(),
            Self::TwoStage(spec) => format!("Two-stage tiers, {} routing", spec.routing.name()),
            Self::Blend(_) => "Blend of the models".to_owned(),
        }
    }
}

/// Buy-till-you-die × Gamma-Gamma; never sees the answers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifetimeSpec {
    /// Fitted and compared on their own calibration → hold-out check; the best is kept.
    pub families: Vec<Family>,
    /// Days ahead when the target has no window of its own.
    pub horizon_days: u32,
}

impl Default for LifetimeSpec {
    fn default() -> Self {
        Self {
            families: Family::ALL.to_vec(),
            horizon_days: 365,
        }
    }
}

/// Generalised linear model, Tweedie distribution, log link (Jørgensen 1987).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TweedieSpec {
    /// Variance power, 1 < p < 2: compound Poisson-gamma, with its mass at zero.
    pub power: f64,
    /// Ridge penalties on standardised inputs to choose from.
    pub ridge: Vec<f64>,
}

impl Default for TweedieSpec {
    fn default() -> Self {
        Self {
            power: 1.5,
            ridge: vec![0.01, 0.1, 1.0],
        }
    }
}

/// What boosted trees minimise.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Loss {
    Squared,
    /// Squared error of ln(1 + y).
    Log1p,
    /// Tweedie deviance of this power.
    Tweedie(f64),
    Logistic,
}

impl Loss {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Squared => "squared",
            Self::Log1p => "log1p",
            Self::Tweedie(_) => "tweedie",
            Self::Logistic => "logistic",
        }
    }

    #[must_use]
    pub fn title(self) -> String {
        match self {
            Self::Squared => "squared error".to_owned(),
            Self::Log1p => "squared error of ln(1 + y)".to_owned(),
            Self::Tweedie(power) => format!("Tweedie {power}"),
            Self::Logistic => "logistic".to_owned(),
        }
    }
}

/// Gradient-boosted trees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BoostingSpec {
    pub loss: Loss,
    pub trees: Vec<usize>,
    pub depth: Vec<u32>,
    pub learning_rate: Vec<f64>,
    /// Least sum of second derivatives in a leaf.
    pub min_child_weight: f64,
    /// Share of rows drawn for each tree.
    pub subsample: f64,
    /// Share of features drawn for each tree.
    pub feature_share: f64,
    /// L2 penalty on leaves.
    pub ridge: f64,
}

impl Default for BoostingSpec {
    fn default() -> Self {
        Self {
            loss: Loss::Squared,
            trees: vec![150, 300],
            depth: vec![3],
            learning_rate: vec![0.05],
            min_child_weight: 20.0,
            subsample: 0.7,
            feature_share: 0.6,
            ridge: 5.0,
        }
    }
}

impl BoostingSpec {
    /// The default trees with another loss.
    #[must_use]
    pub fn with_loss(loss: Loss) -> Self {
        Self {
            loss,
            ..Self::default()
        }
    }
}

/// Random forest; on classes the mean of its trees is the probability.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForestSpec {
    pub trees: usize,
    pub depth: Vec<u16>,
    pub min_leaf: usize,
}

impl Default for ForestSpec {
    fn default() -> Self {
        Self {
            trees: 100,
            depth: vec![6, 10],
            min_leaf: 10,
        }
    }
}

/// Logistic regression on standardised inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogisticSpec {
    /// Ridge penalties to choose from.
    pub ridge: Vec<f64>,
}

impl Default for LogisticSpec {
    fn default() -> Self {
        Self {
            ridge: vec![0.1, 1.0, 10.0],
        }
    }
}

/// Where the value tiers lie.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TierCuts {
    /// Low, Medium and High at the terciles of the training answers.
    #[default]
    Terciles,
    /// Low below the first, High from the second on; in the shop's currency.
    Values([f64; 2]),
}

/// How the router's answer is used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Routing {
    /// The specialist of the likeliest tier answers alone.
    Hard,
    /// All specialists answer, weighted by the tiers' probabilities.
    #[default]
    Soft,
}

impl Routing {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hard => "hard",
            Self::Soft => "soft",
        }
    }
}

/// A router that guesses the tier and one specialist per tier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TwoStageSpec {
    pub cuts: TierCuts,
    pub routing: Routing,
    /// Trees of router and specialists; the loss is squared error for the specialists.
    pub trees: BoostingSpec,
}

impl Default for TwoStageSpec {
    fn default() -> Self {
        Self {
            cuts: TierCuts::Terciles,
            routing: Routing::Soft,
            trees: BoostingSpec {
                trees: vec![100],
                ..BoostingSpec::default()
            },
        }
    }
}

/// A weighted mean of the other models; weights ≥ 0 from out-of-fold predictions of training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlendSpec {
    /// Steps per weight of the search: 10 tries 0, 0.1, … 1.
    pub steps: usize,
}

impl Default for BlendSpec {
    fn default() -> Self {
        Self { steps: 10 }
    }
}

impl ModelSpec {
    /// Checks the grid, and that the model can answer the kind of question.
    pub(super) fn check(&self, class: bool) -> Result<(), InvalidRecipe> {
        let wrong = |setting, found: String, expected| {
            Err(InvalidRecipe {
                setting,
                found,
                expected,
            })
        };
        let fits = match self {
            Self::Lifetime(_) | Self::Tweedie(_) | Self::TwoStage(_) => !class,
            Self::Boosting(spec) => (spec.loss == Loss::Logistic) == class,
            Self::Logistic(_) => class,
            Self::Forest(_) | Self::Blend(_) => true,
        };
        if !fits {
            let expected = if class {
                "models for yes/no questions"
            } else {
                "models for values"
            };
            return wrong("models", self.title(), expected);
        }
        let power = |power: f64| 1.0 < power && power < 2.0;
        match self {
            Self::Tweedie(spec) if !power(spec.power) || !penalties(&spec.ridge) => wrong(
                "tweedie_glm",
                format!("power {} with ridge {:?}", spec.power, spec.ridge),
                "a power between 1 and 2 and 1 to 50 ridge penalties ≥ 0",
            ),
            Self::TwoStage(TwoStageSpec {
                cuts: TierCuts::Values([medium, high]),
                ..
            }) if !(medium < high && medium.is_finite() && high.is_finite()) => wrong(
                "two_stage",
                format!("tiers cut at {medium} and {high}"),
                "two values, the smaller one first",
            ),
            Self::Boosting(spec) | Self::TwoStage(TwoStageSpec { trees: spec, .. }) => spec.check(),
            Self::Forest(spec) if !spec.fair() => wrong(
                "random_forest",
                format!(
                    "{} trees of depth {:?} with {} rows in a leaf",
                    spec.trees, spec.depth, spec.min_leaf
                ),
                "1 to 5,000 trees, 1 to 20 depths of 1 to 64, at least 1 row in a leaf",
            ),
            Self::Logistic(spec) if !penalties(&spec.ridge) => wrong(
                "logistic_regression",
                format!("ridge {:?}", spec.ridge),
                "1 to 50 penalties ≥ 0",
            ),
            Self::Lifetime(spec)
                if !(1..=Family::ALL.len()).contains(&spec.families.len())
                    || !(1..=36_500).contains(&spec.horizon_days) =>
            {
                let count = spec.families.len();
                wrong(
                    "lifetime",
                    format!("{count} models over {} days", spec.horizon_days),
                    "1 to 3 models over 1 to 36,500 days",
                )
            }
            Self::Blend(spec) if !(1..=1_000).contains(&spec.steps) => {
                wrong("blend", format!("{} steps", spec.steps), "1 to 1,000")
            }
            _ => Ok(()),
        }
    }
}

/// More trees than any fit here gains from, and more points than any grid needs: a recipe may come from
/// anywhere, and must not train for days.
const MOST_TREES: usize = 5_000;
const MOST_POINTS: usize = 200;

fn penalty(penalty: f64) -> bool {
    (0.0..1e12).contains(&penalty)
}

fn penalties(ridge: &[f64]) -> bool {
    (1..=50).contains(&ridge.len()) && ridge.iter().all(|&ridge| penalty(ridge))
}

impl ForestSpec {
    fn fair(&self) -> bool {
        (1..=MOST_TREES).contains(&self.trees)
            && (1..=20).contains(&self.depth.len())
            && self.depth.iter().all(|depth| (1..=64).contains(depth))
            && self.min_leaf > 0
    }
}

impl BoostingSpec {
    fn check(&self) -> Result<(), InvalidRecipe> {
        let points = self.trees.len().saturating_mul(self.depth.len());
        let grid = (1..=MOST_POINTS).contains(&points.saturating_mul(self.learning_rate.len()));
        let counts = self
            .trees
            .iter()
            .all(|trees| (1..=MOST_TREES).contains(trees))
            && self.depth.iter().all(|depth| (1..=16).contains(depth));
        let share = |share: f64| share > 0.0 && share <= 1.0;
        let rates = self.learning_rate.iter().all(|&r| share(r));
        let power = match self.loss {
            Loss::Tweedie(power) => 1.0 < power && power < 2.0,
            Loss::Squared | Loss::Log1p | Loss::Logistic => true,
        };
        let rest = share(self.subsample) && share(self.feature_share) && penalty(self.ridge);
        if grid && counts && rates && power && rest && penalty(self.min_child_weight) {
            return Ok(());
        }
        Err(InvalidRecipe {
            setting: "boosting",
            found: format!("{self:?}"),
            expected: "a grid of 1 to 200 points, 1 to 5,000 trees, depth 1–16, learning rate and shares in (0, 1], penalties ≥ 0, Tweedie power between 1 and 2",
        })
    }
}
