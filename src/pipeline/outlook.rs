//! What is predicted of the segments: by the run chosen in the Models view or, without one, by the
//! forecast from orders once somebody has asked for it.

use std::{convert::Infallible, sync::Arc};

use super::{
    stage::{Artefact, Revision, Stage},
    training::Predictions,
};
use analysis::{
    expected::{Expected, expected},
    segments::Segmentation,
};
use audiences::forecast::Forecast;
use data::day::Day;

/// Who predicts.
#[derive(Clone, Debug)]
enum Predictor {
    Run(Arc<Predictions>),
    Orders {
        forecast: Arc<Option<Forecast>>,
        as_of: Day,
    },
}

/// Predictions of everybody, added up by segment.
#[derive(Clone, Debug)]
pub struct Outlook {
    predictor: Predictor,
    /// In the order of the segments.
    pub segments: Vec<Expected>,
}

impl Outlook {
    fn new(predictor: Predictor, segments: &Segmentation) -> Self {
        let mut outlook = Self {
            predictor,
            segments: Vec::new(),
        };
        let (value, alive) = outlook.columns();
        outlook.segments = expected(&segments.segment, segments.stats.len(), value, alive);
        outlook
    }

    /// Predicted value and P(alive) of everybody; not a number, or nothing, where there is none.
    fn columns(&self) -> (&[f64], &[f64]) {
        match &self.predictor {
            Predictor::Run(run) => (&run.value, &run.p_alive),
            Predictor::Orders { forecast, .. } => (**forecast)
                .as_ref()
                .map_or((&[], &[]), |forecast| (&forecast.value, &forecast.alive)),
        }
    }

    /// The predicted value of a customer.
    #[must_use]
    pub fn value_of(&self, customer: usize) -> Option<f64> {
        let value = self.columns().0.get(customer).copied();
        value.filter(|value| !value.is_nan())
    }

    /// The chance that a customer is still one.
    #[must_use]
    pub fn p_alive_of(&self, customer: usize) -> Option<f64> {
        let alive = self.columns().1.get(customer).copied();
        alive.filter(|alive| !alive.is_nan())
    }

    /// Whether the values are probabilities rather than amounts.
    #[must_use]
    pub fn is_chance(&self) -> bool {
        matches!(&self.predictor, Predictor::Run(run) if run.class)
    }

    /// S of the predictions: they look ahead from here.
    #[must_use]
    pub fn as_of(&self) -> Day {
        match &self.predictor {
            Predictor::Run(run) => run.as_of,
            Predictor::Orders { as_of, .. } => *as_of,
        }
    }

    /// What is predicted: "net revenue in the 90 days after t₀".
    #[must_use]
    pub fn meaning(&self) -> String {
        match &self.predictor {
            Predictor::Run(run) => run.meaning.clone(),
            Predictor::Orders { forecast, .. } => match &**forecast {
                Some(forecast) => {
                    format!("net revenue in the {} days after t₀", forecast.horizon_days)
                }
                None => String::new(),
            },
        }
    }

    /// Who predicts: "Tweedie GLM (90-day CLV)".
    #[must_use]
    pub fn by(&self) -> String {
        match &self.predictor {
            Predictor::Run(run) => format!("{} ({})", run.model, run.recipe),
            Predictor::Orders { forecast, .. } => match &**forecast {
                Some(forecast) => forecast.predictor.clone(),
                None => String::new(),
            },
        }
    }
}

/// Segments, the run, and the forecast from orders.
type Key = (Revision, Option<u64>, Option<Revision>);

/// The stage.
pub(super) struct OutlookStage(Stage<Key, Outlook>);

/// What predictions there are.
pub(super) struct Known<'a> {
    pub(super) run: Option<&'a Arc<Predictions>>,
    /// From orders, and S.
    pub(super) forecast: Option<(Artefact<Option<Forecast>>, Day)>,
}

impl Known<'_> {
    fn key(&self, segments: Revision) -> Option<Key> {
        let run = self.run.map(|run| run.run);
        let forecast = self
            .forecast
            .as_ref()
            .map(|(forecast, _)| forecast.revision);
        let forecast = forecast.filter(|_| run.is_none());
        (run.is_some() || forecast.is_some()).then_some((segments, run, forecast))
    }
}

impl OutlookStage {
    pub(super) fn new() -> Self {
        Self(Stage::new("Adding up predictions", 2))
    }

    pub(super) fn forget(&mut self) {
        self.0.forget();
    }

    /// What is remembered, if it is of these segments and these predictions.
    pub(super) fn known(&mut self, segments: Revision, known: &Known<'_>) -> Option<Arc<Outlook>> {
        Some(self.0.cached(&known.key(segments)?)?.value)
    }

    /// Adds the predictions up; `None` when there are none.
    pub(super) fn get(
        &mut self,
        segments: &Artefact<Segmentation>,
        known: &Known<'_>,
    ) -> Option<Arc<Outlook>> {
        let key = known.key(segments.revision)?;
        let predictor = match (known.run, &known.forecast) {
            (Some(run), _) => Predictor::Run(Arc::clone(run)),
            (None, Some((forecast, as_of))) => Predictor::Orders {
                forecast: Arc::clone(&forecast.value),
                as_of: *as_of,
            },
            (None, None) => return None,
        };
        let sum = || Ok::<_, Infallible>(Outlook::new(predictor, &segments.value));
        match self.0.get_or_try(key, sum) {
            Ok(made) => Some(made.value),
            Err(never) => match never {},
        }
    }
}
