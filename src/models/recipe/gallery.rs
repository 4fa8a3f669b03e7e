//! The recipes one click away, each a plain [`Recipe`] with defaults.

use super::{
    BlendSpec, BoostingSpec, ForestSpec, LifetimeSpec, LogisticSpec, Loss, ModelSpec,
    Recalibration, Recipe, Routing, SmoteSpec, TweedieSpec, TwoStageSpec,
};
use crate::{
    features::{FeatureChoice, FeatureGroup},
    target::{Design, Span, TargetKind},
};
use analysis::rates::{Target as FlatTarget, Test};

/// The recipes of the gallery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Gallery {
    Ltv12Months,
    TwoStageTiers,
    Clv90Days,
    Churn,
    Spend90Days,
    Purchase90Days,
    Lifetime,
    BestOfAll,
}

impl Gallery {
    pub const ALL: [Self; 8] = [
        Self::Ltv12Months,
        Self::TwoStageTiers,
        Self::Clv90Days,
        Self::Churn,
        Self::Spend90Days,
        Self::Purchase90Days,
        Self::Lifetime,
        Self::BestOfAll,
    ];

    /// Name on the command line and in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ltv12Months => "12_month_ltv",
            Self::TwoStageTiers => "two_stage_tiers",
            Self::Clv90Days => "90_day_clv",
            Self::Churn => "churn",
            Self::Spend90Days => "90_day_spend",
            Self::Purchase90Days => "90_day_purchase",
            Self::Lifetime => "customer_lifetime",
            Self::BestOfAll => "best_of_all",
        }
    }

    /// Name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Ltv12Months => "12-month LTV",
            Self::TwoStageTiers => "Two-stage tiers",
            Self::Clv90Days => "90-day CLV",
            Self::Churn => "Churn",
            Self::Spend90Days => "90-day spend",
            Self::Purchase90Days => "90-day purchase",
            Self::Lifetime => "Customer lifetime",
            Self::BestOfAll => "Best of all",
        }
    }

    /// What it answers and how, in one sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        match self {
            Self::Ltv12Months => {
                "What new customers are worth in their first 12 months, told from the first three: boosted trees on ln(1 + value)"
            }
            Self::TwoStageTiers => {
                "Low, Medium or High from the first 90 days, then one specialist per tier for the value of the first year"
            }
            Self::Clv90Days => {
                "Net revenue of the next 90 days: Tweedie regression on everything known of a customer"
            }
            Self::Churn => {
                "Who will not order in the next 90 days: forest, boosting and logistic regression, oversampled and recalibrated"
            }
            Self::Spend90Days => {
                "Net revenue of the next 90 days by boosted trees on recency, frequency and prices"
            }
            Self::Purchase90Days => {
                "Who orders in the next 90 days, by boosted trees on recency, frequency and prices"
            }
            Self::Lifetime => {
                "Expected orders, chance of still being there and value of the next year, from purchase days alone"
            }
            Self::BestOfAll => {
                "Every model on the value of the next 90 days, blended, compared out of time"
            }
        }
    }

    /// The recipe of this name; underscores, hyphens, blanks and case do not matter.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = |text: &str| -> String {
            let letters = text.chars().filter(char::is_ascii_alphanumeric);
            letters.map(|c| c.to_ascii_lowercase()).collect()
        };
        let wanted = plain(name);
        Self::ALL
            .into_iter()
            .find(|recipe| plain(recipe.name()) == wanted || plain(recipe.title()) == wanted)
    }

    /// The recipe with its default settings.
    #[must_use]
    pub fn recipe(self) -> Recipe {
        let base = Recipe {
            name: self.name().to_owned(),
            title: self.title().to_owned(),
            ..Recipe::default()
        };
        match self {
            Self::Ltv12Months => ltv_12_months(base),
            Self::TwoStageTiers => two_stage_tiers(base),
            Self::Clv90Days => base,
            Self::Churn => churn(base),
            Self::Spend90Days => spend_90_days(base),
            Self::Purchase90Days => purchase_90_days(base),
            Self::Lifetime => lifetime(base),
            Self::BestOfAll => best_of_all(base),
        }
    }
}

/// The three-month view of a new customer, as in the recipe *12-month LTV*.
pub const LTV_FIELDS: [&str; 6] = [
    "cohort_month_str",
    "customer_state",
    "rev_1m",
    "n_orders_1m",
    "rev_3m",
    "n_orders_3m",
];

/// What the CDNOW recipes read.
const PRICE_FIELDS: [&str; 4] = ["recency_days", "lines", "monetary", "price_mean"];

/// Groups that describe an order history as of one date.
pub(super) const HISTORY: [FeatureGroup; 10] = [
    FeatureGroup::Rfm,
    FeatureGroup::Windows,
    FeatureGroup::Decay,
    FeatureGroup::Rhythm,
    FeatureGroup::OrderValues,
    FeatureGroup::Instalments,
    FeatureGroup::Returns,
    FeatureGroup::Categories,
    FeatureGroup::Demographics,
    FeatureGroup::Lifetime,
];

impl Default for Recipe {
    /// *90-day CLV*: Tweedie regression on everything known.
    fn default() -> Self {
        Self {
            name: Gallery::Clv90Days.name().to_owned(),
            title: Gallery::Clv90Days.title().to_owned(),
            target: TargetKind::RemainingValue,
            design: Design::Cutoff { horizon_days: 90 },
            features: FeatureChoice::groups(HISTORY),
            models: vec![ModelSpec::Tweedie(TweedieSpec::default())],
            hold_out: 0.2,
            folds: 5,
            seed: 1,
            backtests: 1,
            smote: None,
            recalibration: Recalibration::Scale,
            interval: 0.8,
        }
    }
}

fn ltv_12_months(base: Recipe) -> Recipe {
    Recipe {
        target: TargetKind::TotalValue,
        design: Design::EarlyLife {
            window: Span::Months(3),
            total: Span::Months(12),
        },
        features: FeatureChoice::only(&LTV_FIELDS),
        models: vec![ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Log1p))],
        ..base
    }
}

fn two_stage_tiers(base: Recipe) -> Recipe {
    let two_stage = |routing| {
        ModelSpec::TwoStage(TwoStageSpec {
            routing,
            ..TwoStageSpec::default()
        })
    };
    Recipe {
        target: TargetKind::TotalValue,
        design: Design::EarlyLife {
            window: Span::Days(90),
            total: Span::Days(365),
        },
        features: FeatureChoice::only(&["frequency_90d", "monetary_90d", "mean_instalments"]),
        models: vec![two_stage(Routing::Hard), two_stage(Routing::Soft)],
        ..base
    }
}

fn churn(base: Recipe) -> Recipe {
    Recipe {
        target: TargetKind::Churn,
        models: classifiers(),
        smote: Some(SmoteSpec::default()),
        ..base
    }
}

fn classifiers() -> Vec<ModelSpec> {
    vec![
        ModelSpec::Logistic(LogisticSpec::default()),
        ModelSpec::Forest(ForestSpec::default()),
        ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Logistic)),
    ]
}

fn spend_90_days(base: Recipe) -> Recipe {
    Recipe {
        features: FeatureChoice::only(&PRICE_FIELDS),
        models: vec![
            ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Squared)),
            ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Tweedie(1.5))),
        ],
        ..base
    }
}

fn purchase_90_days(base: Recipe) -> Recipe {
    Recipe {
        target: TargetKind::Purchase,
        features: FeatureChoice::only(&PRICE_FIELDS),
        models: vec![ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Logistic))],
        ..base
    }
}

fn lifetime(base: Recipe) -> Recipe {
    Recipe {
        features: FeatureChoice::groups([FeatureGroup::Lifetime, FeatureGroup::Rfm]),
        design: Design::Cutoff { horizon_days: 365 },
        models: vec![ModelSpec::Lifetime(LifetimeSpec::default())],
        recalibration: Recalibration::None,
        ..base
    }
}

fn best_of_all(base: Recipe) -> Recipe {
    Recipe {
        models: vec![
            ModelSpec::Lifetime(LifetimeSpec::default()),
            ModelSpec::Tweedie(TweedieSpec::default()),
            ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Tweedie(1.5))),
            ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Log1p)),
            ModelSpec::Boosting(BoostingSpec::with_loss(Loss::Squared)),
            ModelSpec::Forest(ForestSpec::default()),
            ModelSpec::TwoStage(TwoStageSpec::default()),
            ModelSpec::Blend(BlendSpec::default()),
        ],
        backtests: 2,
        ..base
    }
}

/// The churn recipe for a customer table: the column over the threshold, all other columns as
/// features.
#[must_use]
pub fn table_churn(column: &str, over: f64) -> Recipe {
    let target = FlatTarget {
        column: column.to_owned(),
        test: Test::Over(over),
    };
    Recipe {
        target: TargetKind::Condition(target),
        design: Design::Table,
        features: FeatureChoice::groups([FeatureGroup::Table]),
        backtests: 0,
        ..Gallery::Churn.recipe()
    }
}
