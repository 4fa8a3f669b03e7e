//! The stages of the audiences and of one customer's story: worked out only while somebody looks at
//! them, after everything else.

use std::sync::Arc;

use super::{
    cx::{Cancelled, Monitor},
    explain,
    people::{Earlier, People},
    snapshot::Shop,
    stage::{Artefact, Revision, Stage},
};
use analysis::customers::customers_as_of;
use analysis::rfm::score;
use analysis::segmenting::segment_orders;
use audiences::acquisition::{Acquisition, CostRow, acquisition};
use audiences::campaign::{Curves, Ranked};
use audiences::disagree::{Disagreements, disagreements};
use audiences::forecast::{Fitted, Forecast, usual_gaps};
use audiences::held_out::{Earlier as Before, HeldOut};
use audiences::lists::{Base, ListKind, ListSettings, Lists};
use audiences::matrix::Matrix;
use audiences::progress::{KpiSheet, Steps, Then};
use audiences::settings::{AudienceSettings, Bands};
use audiences::story::{Story, peers};
use audiences::trained::Trained;
use data::day::Day;
use project::{Project, SegmentSpec};

/// Revisions of the tables the audiences read; the customers' one stands for data and S.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reads {
    pub(super) customers: Revision,
    pub(super) scores: Revision,
    pub(super) segments: Revision,
    /// The trained run that predicts.
    pub(super) run: Option<u64>,
}

/// The models, and what they say of everybody.
pub(super) type Forecasted = (Arc<Result<Fitted, String>>, Artefact<Option<Forecast>>);
/// A trained model's forecast, or why it cannot be used.
pub(super) type TakenOver = Result<Arc<Option<Forecast>>, String>;
pub(super) type EarlierKey = (Revision, Day, SegmentSpec);
/// Stands for a forecast: revision of the one from orders, and the run that replaces it.
pub(super) type Of = (Revision, Option<u64>);
pub(super) type CurvesKey = (Of, Revision, Option<ListKind>, Revision);
pub(super) type StoryKey = (Of, Revision, u32, u64);

/// The stages, each keyed by what it reads.
pub(super) struct PeopleStages {
    fitted: Stage<Revision, Result<Fitted, String>>,
    gaps: Stage<Revision, Vec<f32>>,
    forecast: Stage<(Revision, u32), Option<Forecast>>,
    trained: Stage<(Revision, Reads), TakenOver>,
    lists: Stage<(Revision, Reads, ListSettings), Lists>,
    matrix: Stage<(Revision, Reads, Bands), Option<Matrix>>,
    disagreements: Stage<(Revision, Reads), Option<Disagreements>>,
    held_out: Stage<(Revision, Reads, bool), Option<HeldOut>>,
    curves: Stage<CurvesKey, Curves>,
    earlier: Stage<EarlierKey, Earlier>,
    kpis: Stage<(Revision, Reads, Steps), KpiSheet>,
    acquisition: Stage<(Of, Vec<CostRow>, u64), Vec<Acquisition>>,
    story: Stage<StoryKey, Story>,
    /// What was handed out last, and for which inputs.
    last: Option<(Reads, AudienceSettings, People)>,
    last_story: Option<(Reads, Arc<Story>)>,
}

impl PeopleStages {
    pub(super) fn new() -> Self {
        Self {
            fitted: Stage::new("Learning how customers come back", 2),
            gaps: Stage::new("Finding each customer's rhythm", 2),
            forecast: Stage::new("Predicting every customer", 2),
            trained: Stage::new("Taking over the trained model", 2),
            lists: Stage::new("Drawing up lists", 4),
            matrix: Stage::new("Crossing segments with predictions", 4),
            disagreements: Stage::new("Comparing rankings", 2),
            held_out: Stage::new("Checking earlier forecasts", 2),
            curves: Stage::new("Planning the campaign", 3),
            earlier: Stage::new("Looking back", 2),
            kpis: Stage::new("Filling the KPI sheet", 2),
            acquisition: Stage::new("Comparing costs", 2),
            story: Stage::new("Following one customer", 16),
            last: None,
            last_story: None,
        }
    }

    /// Forgets everything of the data before.
    pub(super) fn forget(&mut self) {
        *self = Self::new();
    }

    /// Remembers the audiences of a shop and the forecast behind them.
    pub(super) fn take_over(
        &mut self,
        reads: Reads,
        (settings, people): (&AudienceSettings, &People),
    ) {
        let fitted = self
            .fitted
            .adopt(reads.customers, Arc::clone(&people.fitted));
        let key = (fitted.revision, settings.horizon_days);
        self.forecast.adopt(key, Arc::clone(&people.from_orders));
        self.last = Some((reads, settings.clone(), people.clone()));
    }

    /// What was worked out last, if nothing it reads has changed since.
    pub(super) fn known(&self, reads: Reads, settings: &AudienceSettings) -> Option<People> {
        let (known, inputs, people) = self.last.as_ref()?;
        (*known == reads && same_inputs(inputs, settings)).then(|| people.clone())
    }

    /// The forecast from orders with its S, if it was worked out for these customers.
    pub(super) fn known_forecast(
        &self,
        reads: Reads,
        as_of: Day,
    ) -> Option<(Artefact<Option<Forecast>>, Day)> {
        let (customers, fitted) = self.fitted.newest()?;
        let ((of, _), forecast) = self.forecast.newest()?;
        let fits = *customers == reads.customers && *of == fitted.revision;
        (fits && forecast.value.is_some()).then_some((forecast, as_of))
    }

    /// The story handed out last, if the tables are still the same.
    pub(super) fn known_story(&self, reads: Reads) -> Option<Arc<Story>> {
        let (known, story) = self.last_story.as_ref()?;
        (*known == reads).then(|| Arc::clone(story))
    }

    /// Brings everything of the audiences up to date.
    pub(super) fn people(
        &mut self,
        shop: &Shop,
        project: &Project,
        reads: Reads,
        monitor: &Monitor,
    ) -> Result<People, Cancelled> {
        let settings = &project.audiences;
        if let Some(known) = self.known(reads, settings) {
            return Ok(known);
        }
        let (fitted, forecast) = self.forecast(shop, reads, settings.horizon_days, monitor)?;
        let (orders, customers) = (&*shop.dataset.orders, &*shop.customers);
        let gaps = step(&mut self.gaps, reads.customers, monitor, || {
            Ok(usual_gaps(orders, customers))
        })?;
        let (used, not_trained) = self.in_use(shop, reads, &forecast, monitor)?;
        let base = Base {
            customers,
            scores: &shop.scores,
            segments: &shop.segments,
            gaps: &gaps.value,
            forecast: used.as_ref().as_ref(),
        };
        let key = (forecast.revision, reads, settings.lists.clone());
        let lists = step(&mut self.lists, key, monitor, || {
            Ok(Lists::new(&base, &settings.lists))
        })?;
        let key = (forecast.revision, reads, settings.bands);
        let matrix = step(&mut self.matrix, key, monitor, || {
            Ok(Matrix::new(&base, settings.bands))
        })?;
        let disagreements = self.opinions(&base, (&forecast, &used), reads, monitor)?;
        let of = (forecast.revision, reads.run);
        let from_orders = Arc::ptr_eq(&used, &forecast.value);
        let held_out = self.held_out(shop, (&fitted, from_orders), (reads, of.0), monitor)?;
        let curves = self.curves(&base, (&lists, &held_out), (of, settings), monitor)?;
        let (earlier, kpis) = self.look_back(shop, project, reads, monitor)?;
        let acquisition = self.costs(shop, (of, settings), &base, monitor)?;
        let people = People {
            fitted,
            forecast: used,
            from_orders: forecast.value,
            not_trained,
            gaps: gaps.value,
            lists: lists.value,
            matrix: matrix.value,
            disagreements,
            held_out: held_out.value,
            curves,
            earlier,
            kpis,
            acquisition,
        };
        self.last = Some((reads, settings.clone(), people.clone()));
        Ok(people)
    }

    fn forecast(
        &mut self,
        shop: &Shop,
        reads: Reads,
        horizon_days: u32,
        monitor: &Monitor,
    ) -> Result<Forecasted, Cancelled> {
        let (orders, customers) = (&*shop.dataset.orders, &*shop.customers);
        let fitted = step(&mut self.fitted, reads.customers, monitor, || {
            Fitted::learn(orders, customers, monitor)
        })?;
        let key = (fitted.revision, horizon_days);
        let forecast = step(&mut self.forecast, key, monitor, || match &*fitted.value {
            Ok(fitted) => Forecast::new(fitted, customers.len(), horizon_days, monitor).map(Some),
            Err(_) => Ok(None),
        })?;
        Ok((fitted.value, forecast))
    }

    /// The forecast that everything is drawn up from: the chosen run's where it fits, else the one
    /// from orders, and why.
    fn in_use(
        &mut self,
        shop: &Shop,
        reads: Reads,
        from_orders: &Artefact<Option<Forecast>>,
        monitor: &Monitor,
    ) -> Result<(Arc<Option<Forecast>>, Option<String>), Cancelled> {
        let Some(predictions) = &shop.predictions else {
            return Ok((Arc::clone(&from_orders.value), None));
        };
        let key = (from_orders.revision, reads);
        let taken = step(&mut self.trained, key, monitor, || {
            let name = format!("{} ({})", predictions.model, predictions.recipe);
            let trained = Trained {
                name: &name,
                as_of: predictions.as_of,
                horizon_days: explain::horizon(predictions),
                class: predictions.class,
                value: &predictions.value,
                alive: &predictions.p_alive,
            };
            let base = from_orders.value.as_ref().as_ref();
            Ok(trained
                .forecast(&shop.customers, base)
                .map(|f| Arc::new(Some(f))))
        })?;
        Ok(match &*taken.value {
            Ok(forecast) => (Arc::clone(forecast), None),
            Err(why) => (Arc::clone(&from_orders.value), Some(why.clone())),
        })
    }

    /// Scores against the forecast from orders and, where one is in use, a trained model as a third
    /// opinion.
    fn opinions(
        &mut self,
        base: &Base<'_>,
        (from_orders, used): (&Artefact<Option<Forecast>>, &Arc<Option<Forecast>>),
        reads: Reads,
        monitor: &Monitor,
    ) -> Result<Arc<Option<Disagreements>>, Cancelled> {
        let key = (from_orders.revision, reads);
        let found = step(&mut self.disagreements, key, monitor, || {
            let trained = base
                .forecast
                .filter(|_| !Arc::ptr_eq(used, &from_orders.value));
            let third: Vec<(&str, &[f64])> = trained
                .iter()
                .map(|forecast| (forecast.predictor.as_str(), forecast.value.as_slice()))
                .collect();
            let base = Base {
                forecast: from_orders.value.as_ref().as_ref(),
                ..*base
            };
            Ok(disagreements(&base, &third))
        })?;
        Ok(found.value)
    }

    fn costs(
        &mut self,
        shop: &Shop,
        (of, settings): (Of, &AudienceSettings),
        base: &Base<'_>,
        monitor: &Monitor,
    ) -> Result<Arc<Vec<Acquisition>>, Cancelled> {
        let margin = settings.campaign.margin;
        let key = (of, settings.costs.clone(), margin.to_bits());
        let predicted = base.forecast.map_or(&[][..], |forecast| &forecast.value);
        let orders = &*shop.dataset.orders;
        let found = step(&mut self.acquisition, key, monitor, || {
            Ok(acquisition(
                orders,
                base.customers,
                predicted,
                &settings.costs,
                margin,
            ))
        })?;
        Ok(found.value)
    }

    /// What the forecast in use was worth when it was made before.
    fn held_out(
        &mut self,
        shop: &Shop,
        (fitted, from_orders): (&Result<Fitted, String>, bool),
        (reads, forecast): (Reads, Revision),
        monitor: &Monitor,
    ) -> Result<Artefact<Option<HeldOut>>, Cancelled> {
        let (orders, customers) = (&*shop.dataset.orders, &*shop.customers);
        let key = (forecast, reads, from_orders);
        let horizon_days = self.forecast.newest().map(|((_, days), _)| *days);
        step(&mut self.held_out, key, monitor, || {
            if from_orders {
                let (Ok(fitted), Some(horizon_days)) = (fitted, horizon_days) else {
                    return Ok(None);
                };
                let kind = (fitted.model.family, horizon_days);
                return HeldOut::of_orders(orders, customers, kind, monitor);
            }
            let predictions = shop.predictions.as_ref();
            let Some(earlier) = predictions.and_then(|run| run.earlier.as_ref()) else {
                return Ok(None);
            };
            let then = customers_as_of(orders, earlier.made_at);
            let spent = |&customer: &u32| then.monetary.get(customer as usize).copied();
            let past_spend: Vec<f64> = (earlier.customers.iter())
                .map(|customer| spent(customer).unwrap_or(0.0))
                .collect();
            let before = Before {
                made_at: earlier.made_at,
                predicted: &earlier.predicted,
                past_spend: &past_spend,
                actual: &earlier.actual,
            };
            Ok(HeldOut::new(before, &earlier.before))
        })
    }

    fn curves(
        &mut self,
        base: &Base<'_>,
        (lists, held_out): (&Artefact<Lists>, &Artefact<Option<HeldOut>>),
        (forecast, settings): (Of, &AudienceSettings),
        monitor: &Monitor,
    ) -> Result<Arc<Curves>, Cancelled> {
        let audience = settings.campaign.audience;
        // Everyone stays everyone when a threshold of a list moves.
        let of = audience.map_or_else(Revision::default, |_| lists.revision);
        let key = (forecast, of, audience, held_out.revision);
        let curves = step(&mut self.curves, key, monitor, || {
            let Some(forecast) = base.forecast else {
                return Ok(Curves::default());
            };
            let everyone = base.active();
            let list = audience.and_then(|kind| lists.value.get(kind));
            let ranked = Ranked {
                customers: list.map_or(&everyone, |list| &list.customers),
                everyone: &everyone,
                value: &forecast.value,
                spend: &base.customers.monetary,
            };
            Curves::new(ranked, held_out.value.as_ref().as_ref(), monitor)
        })?;
        Ok(curves.value)
    }

    fn look_back(
        &mut self,
        shop: &Shop,
        project: &Project,
        reads: Reads,
        monitor: &Monitor,
    ) -> Result<(Arc<Earlier>, Arc<KpiSheet>), Cancelled> {
        let days = i32::try_from(project.audiences.horizon_days).unwrap_or(90);
        let day = shop.as_of.saturating_sub(days);
        let orders = &*shop.dataset.orders;
        let key = (reads.customers, day, SegmentSpec::of(project));
        let earlier = step(&mut self.earlier, key, monitor, || {
            let customers = customers_as_of(orders, day);
            let scores = score(&customers, project.ties);
            Ok(Earlier {
                segments: segment_orders(orders, &customers, &scores, project.rule_list()),
                customers,
            })
        })?;
        let steps = &project.audiences.steps;
        let key = (earlier.revision, reads, steps.clone());
        let kpis = step(&mut self.kpis, key, monitor, || {
            let before = Then {
                customers: &earlier.value.customers,
                segments: &earlier.value.segments,
            };
            let now = Then {
                customers: &shop.customers,
                segments: &shop.segments,
            };
            Ok(KpiSheet::new(orders, before, now, steps))
        })?;
        Ok((earlier.value, kpis.value))
    }

    /// The story of one customer.
    pub(super) fn story(
        &mut self,
        shop: &Shop,
        (people, customer): (&People, u32),
        (reads, seed): (Reads, u64),
        monitor: &Monitor,
    ) -> Result<Arc<Story>, Cancelled> {
        let horizon_days = people
            .from_orders
            .as_ref()
            .as_ref()
            .map_or(90, |f| f.horizon_days);
        let forecast = self.forecast.newest().map(|(_, known)| known.revision);
        let of = (forecast.unwrap_or_default(), reads.run);
        let key = (of, reads.customers, customer, seed);
        let story = step(&mut self.story, key, monitor, || {
            let orders = &*shop.dataset.orders;
            let moments = people.fitted.as_ref().as_ref().map_or_else(
                |_| Vec::new(),
                |fitted| {
                    let at = (customer, shop.as_of);
                    Story::moments(fitted, orders, at, horizon_days, seed)
                },
            );
            Ok(Story {
                customer,
                horizon_days,
                moments,
                reasons: shop
                    .predictions
                    .as_ref()
                    .map(|predictions| explain::explain(orders, predictions, customer)),
                peers: peers(&people.earlier.customers, &shop.customers, customer),
            })
        })?;
        self.last_story = Some((reads, Arc::clone(&story.value)));
        Ok(story.value)
    }
}

/// Whether two settings lead to the same numbers; texts and what the window applies itself do not
/// count.
pub(super) fn same_inputs(one: &AudienceSettings, other: &AudienceSettings) -> bool {
    one.horizon_days == other.horizon_days
        && one.lists == other.lists
        && one.bands == other.bands
        && one.campaign.audience == other.campaign.audience
        && one.campaign.margin.to_bits() == other.campaign.margin.to_bits()
        && one.costs == other.costs
        && one.steps == other.steps
        && one.seed == other.seed
}

pub(super) fn step<K: PartialEq, V>(
    stage: &mut Stage<K, V>,
    key: K,
    monitor: &Monitor,
    compute: impl FnOnce() -> Result<V, Cancelled>,
) -> Result<Artefact<V>, Cancelled> {
    monitor.check()?;
    let name = stage.name();
    stage.get_or_try(key, || {
        monitor.progress(name, 0, 0);
        compute()
    })
}
