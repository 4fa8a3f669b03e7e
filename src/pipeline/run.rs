//! The stages, and what runs beside what.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::{
    cx::{Cancelled, Monitor},
    problem::PipelineError,
    snapshot::{Shop, Snapshot},
    source::{FileLoader, Fingerprint, Loader},
    stage::{Artefact, Revision, Stage, StageStats},
};
use crate::{
    analysis::{
        cohorts::{CohortSpec, CohortTable, cohorts},
        customers::{Customers, customers_as_of},
        overview::{Overview, overview},
        rfm::{Scores, TieRule, score},
        segments::{Rule, Segmentation, segment},
        selection::{Part, Selected, Selection, Tables, select},
    },
    data::{
        dataset::Dataset,
        day::{Day, Period, iso},
        options::ReadOptions,
        orders::Orders,
    },
    project::{Project, Source},
};

/// What the pipeline is asked for: every input of the numbers, and what is selected.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Request {
    pub project: Arc<Project>,
    pub selection: Selection,
}

impl Request {
    /// Whether both ask for the same data read in the same way, so that a running load serves both.
    #[must_use]
    pub fn same_reading(&self, other: &Self) -> bool {
        self.project.source == other.project.source && self.project.reading == other.project.reading
    }
}

#[derive(Clone, Debug, PartialEq)]
struct ReadKey {
    source: Source,
    reading: ReadOptions,
    fingerprint: Fingerprint,
}

/// What a selection reads, by the kinds of its parts: a rule dragged while a cohort is selected must
/// not cost another walk over everybody. Must name every table that
/// [`select`] looks at for a part; `tests/pipeline.rs` compares memoised with fresh selections.
#[derive(Clone, Copy, Debug, PartialEq)]
struct SelectionReads {
    customers: Revision,
    scores: Option<Revision>,
    segments: Option<Revision>,
    cohorts: Option<Revision>,
}

impl SelectionReads {
    fn of(selection: &Selection, tables: &TableSet) -> Self {
        let mut reads = Self {
            customers: tables.customers.revision,
            scores: None,
            segments: None,
            cohorts: None,
        };
        for part in &selection.parts {
            match part {
                Part::RfCell { .. } => reads.scores = Some(tables.scores.revision),
                Part::Segment(_) => reads.segments = Some(tables.segments.revision),
                Part::Cohort { .. } => reads.cohorts = Some(tables.cohorts.revision),
                Part::Customers(_) => {}
            }
        }
        reads
    }
}

type DayRange = Option<(Day, Day)>;
/// The data in use and warnings about it.
type Opened = (Artefact<Dataset>, Vec<String>);

/// Stages below the data, each with the key its value follows from. The customers' revision stands
/// for the data and for S, because its own key holds both.
struct Stages {
    day_range: Stage<Revision, DayRange>,
    customers: Stage<(Revision, Day), Customers>,
    scores: Stage<(Revision, TieRule), Scores>,
    segments: Stage<(Revision, Revision, Vec<Rule>), Segmentation>,
    cohorts: Stage<(Revision, Day, CohortSpec), CohortTable>,
    overview: Stage<(Revision, Period), Overview>,
    selected: Stage<(SelectionReads, Selection), Selected>,
}

/// Values kept per stage. A million customers weigh about 25 MB in `customers`, 3 MB in `scores`,
/// 1 MB in `segments` and 4 MB in `cohorts`; the last few dates and rules are worth that.
const KEEP_LARGE: usize = 2;
const KEEP_SMALL: usize = 4;

impl Stages {
    fn new() -> Self {
        Self {
            day_range: Stage::new("Finding the first and last order", 1),
            customers: Stage::new("Summing up every customer", KEEP_LARGE),
            scores: Stage::new("Scoring customers", KEEP_LARGE),
            segments: Stage::new("Forming segments", KEEP_SMALL),
            cohorts: Stage::new("Following cohorts", KEEP_SMALL),
            overview: Stage::new("Adding up revenue", KEEP_SMALL),
            selected: Stage::new("Applying the selection", KEEP_LARGE),
        }
    }

    fn stats(&self) -> [StageStats; 7] {
        [
            self.day_range.stats(),
            self.customers.stats(),
            self.scores.stats(),
            self.segments.stats(),
            self.cohorts.stats(),
            self.overview.stats(),
            self.selected.stats(),
        ]
    }

    fn forget(&mut self) {
        self.day_range.forget();
        self.customers.forget();
        self.scores.forget();
        self.segments.forget();
        self.cohorts.forget();
        self.overview.forget();
        self.selected.forget();
    }
}

/// The tables of one shop as of one date.
struct TableSet {
    customers: Artefact<Customers>,
    scores: Artefact<Scores>,
    segments: Artefact<Segmentation>,
    cohorts: Artefact<CohortTable>,
    overview: Artefact<Overview>,
}

/// Tells how many stages are behind us, and stops between stages when asked to.
struct Steps<'a> {
    monitor: &'a Monitor,
    done: AtomicU64,
}

/// Stages between the loaded data and a snapshot, for "n of N".
const STEPS: u64 = 7;

impl Steps<'_> {
    fn get<K: PartialEq, V>(
        &self,
        stage: &mut Stage<K, V>,
        key: K,
        compute: impl FnOnce() -> V,
    ) -> Result<Artefact<V>, Cancelled> {
        self.monitor.check()?;
        let name = stage.name();
        let artefact = stage.get_or_try(key, || {
            self.monitor
                .progress(name, self.done.load(Ordering::Relaxed), STEPS);
            Ok::<V, Cancelled>(compute())
        });
        self.done.fetch_add(1, Ordering::Relaxed);
        artefact
    }
}

/// The memoised way from a project to a snapshot. One per worker or headless run.
pub struct Pipeline {
    loader: Box<dyn Loader>,
    dataset: Stage<ReadKey, Dataset>,
    stages: Stages,
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
    /// A snapshot is published only when it is complete and consistent in itself, that is once at
    /// the end and only if anything changed: an equal request returns the very same `Arc`.
    ///
    /// # Errors
    /// When the files cannot be read, the project holds unusable values, or the work is cancelled.
    /// The last snapshot and all memos then stay as they were.
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
            return Ok(self.publish(Snapshot::default(), publish));
        };
        let steps = Steps {
            monitor,
            done: AtomicU64::new(0),
        };
        let orders = &*dataset.value.orders;
        let range = steps.get(&mut self.stages.day_range, dataset.revision, || {
            orders.day_range()
        })?;
        let as_of = resolve_as_of(project.as_of, *range.value, orders, &mut warnings);
        let tables = self.tables(project, &dataset, as_of, &steps)?;
        let selected = self.select(&request.selection, orders, &tables, &steps)?;
        let shop = Shop {
            dataset: dataset.value,
            as_of,
            customers: tables.customers.value,
            scores: tables.scores.value,
            segments: tables.segments.value,
            cohorts: tables.cohorts.value,
            overview: tables.overview.value,
            selection: request.selection.clone(),
            selected: selected.value,
        };
        let snapshot = Snapshot {
            revision: 0,
            shop: Some(shop),
            warnings,
        };
        Ok(self.publish(snapshot, publish))
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
        }
        Ok(Some((artefact, Vec::new())))
    }

    fn tables(
        &mut self,
        project: &Project,
        dataset: &Artefact<Dataset>,
        as_of: Day,
        steps: &Steps<'_>,
    ) -> Result<TableSet, Cancelled> {
        let Stages {
            customers,
            scores,
            segments,
            cohorts: cohort_stage,
            overview: overview_stage,
            ..
        } = &mut self.stages;
        let orders = &*dataset.value.orders;
        let data = dataset.revision;
        let by_customer = || {
            let customers =
                steps.get(customers, (data, as_of), || customers_as_of(orders, as_of))?;
            let (revision, rows) = (customers.revision, &*customers.value);
            let (scored, overview) = rayon::join(
                || score_and_segment(project, &customers, (scores, segments), steps),
                || {
                    let period = project.overview_period;
                    steps.get(overview_stage, (revision, period), || {
                        overview(orders, rows, period)
                    })
                },
            );
            let (scores, segments) = scored?;
            Ok((customers, scores, segments, overview?))
        };
        let by_cohort = || {
            let spec = &project.cohorts;
            steps.get(cohort_stage, (data, as_of, spec.clone()), || {
                cohorts(orders, as_of, spec)
            })
        };
        let (by_customer, cohorts) = rayon::join(by_customer, by_cohort);
        let (customers, scores, segments, overview) = by_customer?;
        Ok(TableSet {
            customers,
            scores,
            segments,
            cohorts: cohorts?,
            overview,
        })
    }

    fn select(
        &mut self,
        selection: &Selection,
        orders: &Orders,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Artefact<Selected>, Cancelled> {
        let key = (SelectionReads::of(selection, tables), selection.clone());
        steps.get(&mut self.stages.selected, key, || {
            let tables = Tables {
                orders,
                customers: &tables.customers.value,
                scores: &tables.scores.value,
                segments: &tables.segments.value,
                cohorts: &tables.cohorts.value,
            };
            select(tables, selection)
        })
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

type ScoreStages<'a> = (
    &'a mut Stage<(Revision, TieRule), Scores>,
    &'a mut Stage<(Revision, Revision, Vec<Rule>), Segmentation>,
);

fn score_and_segment(
    project: &Project,
    customers: &Artefact<Customers>,
    (score_stage, segment_stage): ScoreStages<'_>,
    steps: &Steps<'_>,
) -> Result<(Artefact<Scores>, Artefact<Segmentation>), Cancelled> {
    let rows = &*customers.value;
    let scores = steps.get(score_stage, (customers.revision, project.ties), || {
        score(rows, project.ties)
    })?;
    let key = (customers.revision, scores.revision, project.rules.clone());
    let segments = steps.get(segment_stage, key, || {
        segment(rows, &scores.value, &project.rules)
    })?;
    Ok((scores, segments))
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
