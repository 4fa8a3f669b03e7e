//! The way from a request to a snapshot.

use std::sync::Arc;

use super::{
    cx::{Cancelled, Monitor},
    outlook::{Known, OutlookStage},
    people_stages::{PeopleStages, Reads},
    problem::PipelineError,
    request::Request,
    segmenting::TableSet,
    snapshot::{Shop, Snapshot},
    source::{FileLoader, Fingerprint, Loader},
    stage::{Artefact, Stage, StageStats},
    stages::{DayRange, Selecting, Stages},
    steps::Steps,
};
use analysis::trust::Hole;
use data::dataset::Dataset;
use data::dataset::options::ReadOptions;
use data::day::{Day, iso};
use data::orders::Orders;
use project::{Project, Source};

#[derive(Clone, Debug, PartialEq)]
pub(super) struct ReadKey {
    pub(super) source: Source,
    pub(super) reading: ReadOptions,
    pub(super) fingerprint: Fingerprint,
}

/// The data in use and warnings about it.
type Opened = (Artefact<Dataset>, Vec<String>);

/// The memoised way from a project to a snapshot. One per worker or headless run.
pub struct Pipeline {
    loader: Box<dyn Loader>,
    pub(super) dataset: Stage<ReadKey, Dataset>,
    pub(super) stages: Stages,
    pub(super) people: PeopleStages,
    outlook: OutlookStage,
    /// Gets ready for drags and for steps of the date.
    pub(super) looks_ahead: bool,
    last: Arc<Snapshot>,
}

impl Default for Pipeline {
    fn default() -> Self {
        Self::new()
    }
}

impl Pipeline {
    /// A pipeline that reads the user's files.
    #[must_use]
    pub fn new() -> Self {
        Self::with_loader(Box::new(FileLoader))
    }

    /// A pipeline that gets its data from `loader`.
    #[must_use]
    pub fn with_loader(loader: Box<dyn Loader>) -> Self {
        Self {
            loader,
            // One data set at a time: it is by far the largest value.
            dataset: Stage::new("Reading", 1),
            stages: Stages::new(),
            people: PeopleStages::new(),
            outlook: OutlookStage::new(),
            looks_ahead: true,
            last: Arc::default(),
        }
    }

    /// The newest snapshot; the empty one before the first run.
    #[must_use]
    pub fn snapshot(&self) -> Arc<Snapshot> {
        Arc::clone(&self.last)
    }

    /// How often each stage ran and how long its last run took, in the order of the data's way.
    #[must_use]
    pub fn stats(&self) -> Vec<StageStats> {
        std::iter::once(self.dataset.stats())
            .chain(self.stages.stats())
            .collect()
    }

    /// Reads the request's data unless it is in memory already. [`Pipeline::run`] does the same; on
    /// its own this lets a caller cancel the analyses of a request without losing a long load.
    ///
    /// # Errors
    /// When the files cannot be read or the work is cancelled; the data read before stays.
    pub fn read(&mut self, request: &Request, monitor: &Monitor) -> Result<(), PipelineError> {
        self.dataset(&request.project, monitor).map(drop)
    }

    /// Brings the snapshot up to date with the request.
    ///
    /// A snapshot is published only when it is consistent in itself and only if anything changed: an
    /// equal request returns the very same `Arc`. New numbers come in two steps: everything but the
    /// Overview's details and the checks of the segments, then the same with them.
    ///
    /// # Errors
    /// When the files cannot be read, the project holds unusable values, or the work is cancelled.
    /// The snapshot published last and all memos then stay as they were.
    pub fn run(
        &mut self,
        request: &Request,
        monitor: &Monitor,
        publish: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<Arc<Snapshot>, PipelineError> {
        let project = &*request.project;
        project.check()?;
        let Some((dataset, mut warnings)) = self.dataset(project, monitor)? else {
            self.dataset.forget();
            self.stages.forget();
            self.people.forget();
            self.outlook.forget();
            return Ok(self.publish(Snapshot::default(), publish));
        };
        let steps = Steps::new(monitor);
        let range = steps.get(&mut self.stages.day_range, dataset.revision, || {
            dataset.value.orders.day_range()
        })?;
        let holes = steps.get(&mut self.stages.holes, dataset.revision, || {
            analysis::trust::holes(&dataset.value.orders, *range.value)
        })?;
        let gross = steps.get(&mut self.stages.gross_sales, dataset.revision, || {
            let amounts = &dataset.value.orders.amounts;
            dataset.value.quality.gross_sales(amounts)
        })?;
        let as_of = as_of(project, &dataset.value, *range.value, &mut warnings);
        let found = Found {
            dataset: &dataset,
            order_days: *range.value,
            holes: &holes.value,
            gross_sales: *gross.value,
            as_of,
        };
        let (mut shop, tables, reads) = self.first(request, &found, &steps)?;
        if !request.live {
            let base = Base {
                dataset: &dataset,
                tables: &tables,
                warnings: &warnings,
                reads,
            };
            shop = self.rest(shop, &base, (request, monitor), publish)?;
        }
        let snapshot = self.publish(snapshot(shop, &warnings), publish);
        if self.looks_ahead && !request.live && dataset.value.shape.has_orders() {
            // The numbers are out; asked to stop now, only the filing is left for another time.
            let (Ok(()) | Err(Cancelled)) =
                self.stages.prepare(project, (&dataset, &tables), &steps);
        }
        Ok(snapshot)
    }

    /// What a drag shows: every table, and what is known of the rest.
    fn first(
        &mut self,
        request: &Request,
        found: &Found<'_>,
        steps: &Steps<'_>,
    ) -> Result<(Shop, TableSet, Reads), Cancelled> {
        let (project, dataset, as_of) = (&*request.project, found.dataset, found.as_of);
        let tables = self.stages.tables(request, dataset, as_of, steps)?;
        let migration = if request.wants.migration && dataset.value.shape.has_orders() {
            Some(self.stages.migration(project, dataset, &tables, steps)?)
        } else {
            None
        };
        let selecting = Selecting {
            project,
            dataset,
            clusters: request.given.clusters.as_ref(),
        };
        let selected = self
            .stages
            .select(&request.selection, &selecting, &tables, steps)?;
        let comparison = self
            .stages
            .compare(dataset, &tables, &selected, steps)?
            .value;
        let flat = self.stages.flat(project, dataset, as_of, steps)?;
        let reads = Reads {
            customers: tables.customers.revision,
            scores: tables.segmented.scores.revision,
            segments: tables.segmented.segments.revision,
            run: request.given.predictions.as_ref().map(|given| given.run),
        };
        let predictions = Known {
            run: request.given.predictions.as_ref(),
            forecast: self.people.known_forecast(reads, as_of),
        };
        let limits = self
            .stages
            .limits((found.order_days, found.holes), &tables, steps)?;
        let shop = Shop {
            limits,
            outlook: self.outlook.known(reads.segments, &predictions),
            predictions: request.given.predictions.clone(),
            people: self.people.known(reads, &project.audiences),
            story: self.people.known_story(reads),
            start: self.stages.known_start(&tables),
            flat,
            dataset: Arc::clone(&dataset.value),
            order_days: found.order_days,
            gross_sales: found.gross_sales,
            as_of,
            details: self.stages.known_details(project, &tables),
            customers: Arc::clone(&tables.customers.value),
            scores: Arc::clone(&tables.segmented.scores.value),
            segments: Arc::clone(&tables.segmented.segments.value),
            tuning: self.stages.segmenting.known(&tables),
            clusters: tables.segmented.clusters.clone(),
            cohorts: Arc::clone(&tables.cohorts.value),
            overview: Arc::clone(&tables.overview.value),
            migration,
            selection: request.selection.clone(),
            selected: selected.value,
            comparison,
        };
        Ok((shop, tables, reads))
    }

    /// Adds what a drag does not wait for, publishing on the way what is ready before the rest.
    fn rest(
        &mut self,
        mut shop: Shop,
        base: &Base<'_>,
        (request, monitor): (&Request, &Monitor),
        publish: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Result<Shop, Cancelled> {
        let steps = Steps::new(monitor);
        if shop.details.is_none() || !shop.tuning.is_complete() {
            self.publish(snapshot(shop.clone(), base.warnings), publish);
            shop.tuning = self.stages.segmenting.complete(base.tables, &steps)?;
            let (project, orders) = (&*request.project, &*base.dataset.value.orders);
            let details = self.stages.details(project, orders, base.tables, &steps)?;
            shop.details = Some(details);
        }
        if request.wants.start && shop.start.is_none() && shop.dataset.shape.has_orders() {
            let orders = &*base.dataset.value.orders;
            shop.start = Some(self.stages.start(orders, base.tables, &steps)?);
        }
        self.look_ahead(&mut shop, base, request);
        let so_far = snapshot(shop.clone(), base.warnings);
        if self.is_news(&so_far) {
            self.publish(so_far, publish);
        }
        self.on_demand(&mut shop, request, base.reads, monitor)?;
        // The audiences may have brought a forecast.
        self.look_ahead(&mut shop, base, request);
        Ok(shop)
    }

    /// Adds up what is predicted of the segments, as far as anything is.
    fn look_ahead(&mut self, shop: &mut Shop, base: &Base<'_>, request: &Request) {
        let predictions = Known {
            run: request.given.predictions.as_ref(),
            forecast: self.people.known_forecast(base.reads, shop.as_of),
        };
        let segments = &base.tables.segmented.segments;
        shop.outlook = self.outlook.get(segments, &predictions);
    }

    /// Whether anything but the audiences differs from what was published last: then it need not wait
    /// for them. Without news the old audiences stay on the screen until the new ones are there.
    fn is_news(&self, snapshot: &Snapshot) -> bool {
        let mut snapshot = snapshot.clone();
        if let (Some(shop), Some(last)) = (&mut snapshot.shop, &self.last.shop) {
            shop.people.clone_from(&last.people);
            shop.story.clone_from(&last.story);
        }
        !snapshot.same_content(&self.last)
    }

    /// Works out what somebody looks at.
    fn on_demand(
        &mut self,
        shop: &mut Shop,
        request: &Request,
        reads: Reads,
        monitor: &Monitor,
    ) -> Result<(), Cancelled> {
        let wants = request.wants;
        let wanted = wants.people || wants.customer.is_some();
        if !wanted || !shop.dataset.shape.has_orders() {
            return Ok(());
        }
        let project = &*request.project;
        let people = self.people.people(shop, project, reads, monitor)?;
        let known = |customer: &u32| (*customer as usize) < shop.customers.len();
        if let Some(customer) = wants.customer.filter(known) {
            let of = (&people, customer);
            let by = (reads, project.audiences.seed);
            shop.story = Some(self.people.story(shop, of, by, monitor)?);
        }
        shop.people = Some(people);
        Ok(())
    }

    /// The data of the project and warnings about it; `None` when no shop is chosen.
    fn dataset(
        &mut self,
        project: &Project,
        monitor: &Monitor,
    ) -> Result<Option<Opened>, PipelineError> {
        if project.source == Source::None {
            return Ok(None);
        }
        let key = ReadKey {
            source: project.source.clone(),
            reading: project.reading.clone(),
            fingerprint: self.loader.fingerprint(&project.source),
        };
        if let Some((known, artefact)) = self.dataset.newest() {
            let missing = key.fingerprint.missing_since(&known.fingerprint);
            if known.source == key.source && known.reading == key.reading && !missing.is_empty() {
                // A pulled-out stick must not take the numbers on the screen away.
                let warnings = missing.into_iter().map(|path| {
                    format!(
                        "{} is no longer there; the numbers come from the copy in memory.",
                        path.display()
                    )
                });
                return Ok(Some((artefact, warnings.collect())));
            }
        }
        let loader = &*self.loader;
        let before = self.dataset.stats().computed;
        let artefact = self.dataset.get_or_try(key, || {
            monitor.check()?;
            monitor.progress(reading_words(&project.source), 0, 0);
            let dataset = loader.load(&project.source, &project.reading, monitor)?;
            Ok::<_, PipelineError>(dataset)
        })?;
        if self.dataset.stats().computed != before {
            // Nothing below can be asked for again: free it before the new tables are built.
            self.stages.forget();
            self.people.forget();
            self.outlook.forget();
        }
        Ok(Some((artefact, Vec::new())))
    }

    /// Numbers the snapshot and hands it out, unless it is what everybody has already.
    fn publish(
        &mut self,
        mut snapshot: Snapshot,
        publish: &mut dyn FnMut(Arc<Snapshot>),
    ) -> Arc<Snapshot> {
        if !snapshot.same_content(&self.last) {
            snapshot.revision = self.last.revision + 1;
            self.last = Arc::new(snapshot);
            publish(Arc::clone(&self.last));
        }
        Arc::clone(&self.last)
    }
}

/// "Reading orders.csv".
fn reading_words(source: &Source) -> String {
    match source {
        Source::None => String::new(),
        Source::Sample => "Opening the sample shop".to_owned(),
        Source::Files(paths) => match paths.as_slice() {
            [path] => format!(
                "Reading {}",
                path.file_name().map_or_else(
                    || path.display().to_string(),
                    |name| name.to_string_lossy().into_owned()
                )
            ),
            paths => format!("Reading {} files", paths.len()),
        },
    }
}

/// The data, and the days its numbers are of.
struct Found<'a> {
    dataset: &'a Artefact<Dataset>,
    order_days: DayRange,
    holes: &'a [Hole],
    gross_sales: f64,
    as_of: Day,
}

/// What the rest of the numbers is worked out from.
struct Base<'a> {
    dataset: &'a Artefact<Dataset>,
    tables: &'a TableSet,
    warnings: &'a [String],
    reads: Reads,
}

fn snapshot(shop: Shop, warnings: &[String]) -> Snapshot {
    Snapshot {
        revision: 0,
        shop: Some(shop),
        warnings: warnings.to_vec(),
    }
}

/// S in use; for customer tables without orders the day after the latest date in them.
fn as_of(project: &Project, dataset: &Dataset, range: DayRange, warnings: &mut Vec<String>) -> Day {
    if dataset.shape.has_orders() {
        return resolve_as_of(project.as_of, range, &dataset.orders, warnings);
    }
    let tables = dataset.tables.iter();
    let latest = tables.filter_map(|table| table.latest_day()).max();
    let after = project.as_of.or(latest.map(|day| day + 1));
    after.unwrap_or_default()
}

/// S in use: the project's, else the day after the last order. Says so when no order stands before it.
fn resolve_as_of(
    chosen: Option<Day>,
    range: DayRange,
    orders: &Orders,
    warnings: &mut Vec<String>,
) -> Day {
    let Some((first, last)) = range else {
        warnings.push(
            "There is no kept order in this data: every line is cancelled, returned or a credit. \
             See the quality report under Data."
                .to_owned(),
        );
        let after_last_line = orders.days.iter().max().map_or(0, |&day| day + 1);
        return chosen.unwrap_or(after_last_line);
    };
    let as_of = chosen.unwrap_or(last + 1);
    if as_of <= first {
        warnings.push(format!(
            "Nobody had ordered before {}: the first order is of {}. Choose a later as-of date.",
            iso(as_of),
            iso(first)
        ));
    }
    as_of
}
