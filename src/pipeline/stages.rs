//! The stages below the data, what each is keyed by, and what runs beside what.

use std::sync::Arc;

use super::{
    Request,
    cx::Cancelled,
    past::{Past, Present},
    prepared::Prepared,
    segmenting::{SegmentStages, TableSet},
    snapshot::{Details, Flat},
    stage::{Artefact, Revision, Stage, StageStats},
    start::Start,
    steps::{KEEP_LARGE, KEEP_SMALL, Steps},
};
use analysis::{
    calendar::{CalendarRevenue, calendar_revenue},
    clusters::Clustering,
    cohort_build::cohorts,
    cohorts::{CohortSpec, CohortTable},
    comparison::{Compared, Comparison, Everyone, Origins, compare, everyone, origins},
    customers::{Customers, customers_as_of},
    flat::{FlatAnswers, FlatColumns, FlatSpec, flat_answers, flat_columns},
    insights::{Insights, insights},
    migration::Migration,
    overview::Overview,
    overview_build::overview,
    selection::{
        Part, Selected, Selection, select,
        tables::{Extras, Tables},
    },
    trust::{Hole, Limit, limits},
};
use data::dataset::Dataset;
use data::day::{Day, Period};
use data::orders::Orders;
use project::Project;

/// First and last day with a kept sale.
pub(super) type DayRange = Option<(Day, Day)>;

/// Stages below the data, each with the key its value follows from. The customers' revision stands
/// for the data and for S, because its own key holds both.
pub(super) struct Stages {
    pub(super) day_range: Stage<Revision, DayRange>,
    pub(super) gross_sales: Stage<Revision, f64>,
    pub(super) holes: Stage<Revision, Vec<Hole>>,
    pub(super) customers: Stage<(Revision, Day), Customers>,
    pub(super) segmenting: SegmentStages,
    pub(super) cohorts: Stage<(Revision, Day, CohortSpec), CohortTable>,
    pub(super) overview: Stage<(Revision, Period), Overview>,
    selected: Stage<(SelectionReads, Selection), Selected>,
    flat_columns: Stage<Revision, FlatColumns>,
    flat_answers: Stage<(Revision, Day, FlatSpec), FlatAnswers>,
    origins: Stage<Revision, Origins>,
    everyone: Stage<Revision, Everyone>,
    comparison: Stage<ComparisonReads, Comparison>,
    pub(super) insights: Stage<Revision, Insights>,
    pub(super) calendar: Stage<(Revision, Period), CalendarRevenue>,
    /// By the revisions of the customers and of the cohorts.
    limits: Stage<[Revision; 2], Vec<Limit>>,
    start: Stage<Revision, Start>,
    prepared: Prepared,
    past: Past,
}

impl Stages {
    pub(super) fn new() -> Self {
        Self {
            day_range: Stage::new("Finding the first and last order", 1),
            gross_sales: Stage::new("Adding up gross sales", 1),
            holes: Stage::new("Looking for days without sales", 1),
            customers: Stage::new("Summing up every customer", KEEP_LARGE),
            segmenting: SegmentStages::new(),
            cohorts: Stage::new("Following cohorts", KEEP_SMALL),
            overview: Stage::new("Adding up revenue", KEEP_SMALL),
            selected: Stage::new("Applying the selection", KEEP_LARGE),
            flat_columns: Stage::new("Comparing columns", 1),
            flat_answers: Stage::new("Deriving fields", KEEP_SMALL),
            origins: Stage::new("Looking up where customers come from", 1),
            everyone: Stage::new("Counting where customers come from", KEEP_SMALL),
            comparison: Stage::new("Comparing the selection with everyone", KEEP_SMALL),
            insights: Stage::new("Ranking categories, places and channels", KEEP_SMALL),
            calendar: Stage::new("Adding up revenue by vintage", KEEP_SMALL),
            limits: Stage::new("Looking for what the data are too short for", KEEP_SMALL),
            start: Stage::new("Answering the first questions", KEEP_SMALL),
            prepared: Prepared::new(),
            past: Past::new(),
        }
    }

    pub(super) fn stats(&self) -> Vec<StageStats> {
        let [scores, segments, beside @ ..] = self.segmenting.stats();
        let all = [
            self.day_range.stats(),
            self.gross_sales.stats(),
            self.customers.stats(),
            scores,
            segments,
            self.cohorts.stats(),
            self.overview.stats(),
            self.selected.stats(),
            self.origins.stats(),
            self.everyone.stats(),
            self.comparison.stats(),
            self.insights.stats(),
            self.calendar.stats(),
        ];
        all.into_iter().chain(beside).collect()
    }

    pub(super) fn forget(&mut self) {
        self.day_range.forget();
        self.gross_sales.forget();
        self.holes.forget();
        self.customers.forget();
        self.segmenting.forget();
        self.cohorts.forget();
        self.overview.forget();
        self.selected.forget();
        self.flat_columns.forget();
        self.flat_answers.forget();
        self.origins.forget();
        self.everyone.forget();
        self.comparison.forget();
        self.insights.forget();
        self.calendar.forget();
        self.limits.forget();
        self.start.forget();
        self.prepared.forget();
        self.past.forget();
    }

    /// Brings every table up to date; independent ones are worked out side by side.
    pub(super) fn tables(
        &mut self,
        request: &Request,
        dataset: &Artefact<Dataset>,
        as_of: Day,
        steps: &Steps<'_>,
    ) -> Result<TableSet, Cancelled> {
        let project = &*request.project;
        let Stages {
            customers,
            segmenting,
            cohorts: cohort_stage,
            overview: overview_stage,
            prepared,
            ..
        } = self;
        let (orders, data) = (&*dataset.value.orders, dataset.revision);
        let known = customers.cached(&(data, as_of)).and_then(|customers| {
            let key = (customers.revision, project.overview_period);
            let overview = overview_stage.cached(&key)?;
            let key = (data, as_of, project.cohorts.clone());
            Some((customers, overview, cohort_stage.cached(&key)?))
        });
        if let Some((customers, overview, cohorts)) = known {
            // As in every step of a drag: there is nothing to wake other threads for.
            let segmented = segmenting.tables(request, orders, &customers, steps)?;
            return Ok(TableSet {
                customers,
                segmented,
                cohorts,
                overview,
            });
        }
        let ledger = prepared.known_ledger(data, project.overview_period);
        let ledger = ledger.as_deref().and_then(Option::as_ref);
        let cube = prepared.known_cube(data, &project.cohorts);
        let cube = cube.as_deref().and_then(Option::as_ref);
        let by_customer = || {
            let customers =
                steps.get(customers, (data, as_of), || customers_as_of(orders, as_of))?;
            let (revision, rows) = (customers.revision, &*customers.value);
            let (segmented, overview) = rayon::join(
                || segmenting.tables(request, orders, &customers, steps),
                || {
                    let period = project.overview_period;
                    steps.get(overview_stage, (revision, period), || {
                        let filed = ledger.and_then(|ledger| ledger.overview(rows));
                        filed.unwrap_or_else(|| overview(orders, rows, period))
                    })
                },
            );
            Ok((customers, segmented?, overview?))
        };
        let by_cohort = || {
            let spec = &project.cohorts;
            steps.get(cohort_stage, (data, as_of, spec.clone()), || match cube {
                Some(cube) => cube.table(orders, as_of),
                None => cohorts(orders, as_of, spec),
            })
        };
        let (by_customer, cohorts) = rayon::join(by_customer, by_cohort);
        let (customers, segmented, overview) = by_customer?;
        Ok(TableSet {
            customers,
            segmented,
            cohorts: cohorts?,
            overview,
        })
    }

    /// What the data are too short or too small for.
    pub(super) fn limits(
        &mut self,
        (days, holes): (DayRange, &[Hole]),
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Arc<Vec<Limit>>, Cancelled> {
        let key = [tables.customers.revision, tables.cohorts.revision];
        let found = steps.get(&mut self.limits, key, || {
            limits(days, holes, &tables.customers.value, &tables.cohorts.value)
        })?;
        Ok(found.value)
    }

    /// Orders the customers by what may be dragged, and files all lines by day: so the next step of a
    /// threshold, or of the as-of date, is quick.
    pub(super) fn prepare(
        &mut self,
        project: &Project,
        (dataset, tables): (&Artefact<Dataset>, &TableSet),
        steps: &Steps<'_>,
    ) -> Result<(), Cancelled> {
        self.segmenting.prepare(tables, steps)?;
        self.prepared.prepare(project, dataset, steps)
    }

    /// The analyses of a customer table; `None` for a shop with orders.
    pub(super) fn flat(
        &mut self,
        project: &Project,
        dataset: &Artefact<Dataset>,
        as_of: Day,
        steps: &Steps<'_>,
    ) -> Result<Option<Flat>, Cancelled> {
        let table = match dataset.value.tables.first() {
            Some(table) if !dataset.value.shape.has_orders() => table,
            _ => return Ok(None),
        };
        let data = dataset.revision;
        let columns = steps.get(&mut self.flat_columns, data, || flat_columns(table))?;
        let key = (data, as_of, project.flat.clone());
        let answers = steps.get(&mut self.flat_answers, key, || {
            flat_answers(table, as_of, &project.flat)
        })?;
        Ok(Some(Flat {
            columns: columns.value,
            answers: answers.value,
        }))
    }

    /// Who moved from where to where between the project's two dates.
    pub(super) fn migration(
        &mut self,
        project: &Project,
        dataset: &Artefact<Dataset>,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Arc<Migration>, Cancelled> {
        let present = Present {
            project,
            dataset,
            tables,
        };
        self.past.migration(&present, steps)
    }

    /// Resolves a selection against the tables.
    pub(super) fn select(
        &mut self,
        selection: &Selection,
        selecting: &Selecting<'_>,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Artefact<Selected>, Cancelled> {
        let present = Present {
            project: selecting.project,
            dataset: selecting.dataset,
            tables,
        };
        let placements = self.past.placements(selection, &present, steps)?;
        let orders = &*selecting.dataset.value.orders;
        let reads = SelectionReads::of(selection, tables, selecting.clusters);
        let key = (reads, selection.clone());
        steps.get(&mut self.selected, key, || {
            let tables = Tables {
                orders,
                customers: &tables.customers.value,
                scores: &tables.segmented.scores.value,
                segments: &tables.segmented.segments.value,
                cohorts: &tables.cohorts.value,
                extras: Extras {
                    placements: &placements,
                    clusters: selecting.clusters.map(|clusters| &**clusters),
                    ..Extras::default()
                },
            };
            select(tables, selection)
        })
    }

    /// Sets a selection beside everyone.
    pub(super) fn compare(
        &mut self,
        dataset: &Artefact<Dataset>,
        tables: &TableSet,
        selected: &Artefact<Selected>,
        steps: &Steps<'_>,
    ) -> Result<Artefact<Comparison>, Cancelled> {
        let (customers, orders) = (&tables.customers, &*dataset.value.orders);
        let origins = steps.get(&mut self.origins, dataset.revision, || {
            self::origins(orders)
        })?;
        let everyone = steps.get(&mut self.everyone, customers.revision, || {
            self::everyone(orders, &origins.value, &customers.value)
        })?;
        let reads = ComparisonReads {
            selected: selected.revision,
            customers: customers.revision,
            segments: tables.segmented.segments.revision,
            overview: tables.overview.revision,
        };
        steps.get(&mut self.comparison, reads, || {
            let tables = Compared {
                orders,
                origins: &origins.value,
                customers: &customers.value,
                segments: &tables.segmented.segments.value,
                kpis: &tables.overview.value.kpis,
                everyone: &everyone.value,
            };
            compare(tables, &selected.value)
        })
    }

    /// What the Start view alone reads, if it is remembered.
    pub(super) fn known_start(&mut self, tables: &TableSet) -> Option<Start> {
        let known = self.start.cached(&tables.customers.revision)?;
        Some((*known.value).clone())
    }

    /// Works out what the Start view alone reads.
    pub(super) fn start(
        &mut self,
        orders: &Orders,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Start, Cancelled> {
        let customers = &tables.customers;
        let found = steps.get(&mut self.start, customers.revision, || {
            Start::new(orders, &customers.value)
        })?;
        Ok((*found.value).clone())
    }

    /// The Overview's details, if they are remembered.
    pub(super) fn known_details(
        &mut self,
        project: &Project,
        tables: &TableSet,
    ) -> Option<Details> {
        let revision = tables.customers.revision;
        let calendar = self.calendar.cached(&(revision, project.overview_period))?;
        Some(Details {
            insights: self.insights.cached(&revision)?.value,
            calendar: calendar.value,
        })
    }

    /// Works out the Overview's details.
    pub(super) fn details(
        &mut self,
        project: &Project,
        orders: &Orders,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Details, Cancelled> {
        let (revision, period) = (tables.customers.revision, project.overview_period);
        let customers = &*tables.customers.value;
        let calendar = steps.get(&mut self.calendar, (revision, period), || {
            calendar_revenue(orders, customers, period)
        })?;
        let insights = steps.get_try(&mut self.insights, revision, || {
            insights(orders, customers, steps.monitor)
        })?;
        Ok(Details {
            insights: insights.value,
            calendar: calendar.value,
        })
    }
}

/// What a selection is resolved with, besides the tables.
#[derive(Clone, Copy)]
pub(super) struct Selecting<'a> {
    pub(super) project: &'a Project,
    pub(super) dataset: &'a Artefact<Dataset>,
    pub(super) clusters: Option<&'a Arc<Clustering>>,
}

/// What a comparison is keyed by; the mix of everyone follows from the customers.
#[derive(Clone, Copy, Debug, PartialEq)]
struct ComparisonReads {
    selected: Revision,
    customers: Revision,
    segments: Revision,
    overview: Revision,
}

/// What a selection reads, by the kinds of its parts: a rule dragged while a cohort is selected must
/// not cost another walk over everybody. Must name every table that
/// [`select`] looks at for a part; `tests/pipeline.rs` compares memoised with fresh selections.
#[derive(Clone, Debug)]
struct SelectionReads {
    customers: Revision,
    scores: Option<Revision>,
    segments: Option<Revision>,
    cohorts: Option<Revision>,
    clusters: Option<Arc<Clustering>>,
}

impl PartialEq for SelectionReads {
    fn eq(&self, other: &Self) -> bool {
        let same_clusters = match (&self.clusters, &other.clusters) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        let revisions =
            |reads: &Self| (reads.customers, reads.scores, reads.segments, reads.cohorts);
        same_clusters && revisions(self) == revisions(other)
    }
}

impl SelectionReads {
    fn of(selection: &Selection, tables: &TableSet, clusters: Option<&Arc<Clustering>>) -> Self {
        let mut reads = Self {
            customers: tables.customers.revision,
            scores: None,
            segments: None,
            cohorts: None,
            clusters: None,
        };
        for part in &selection.parts {
            let mut part = part;
            while let Part::Not(inner) = part {
                part = inner;
            }
            match part {
                Part::RfCell { .. } => reads.scores = Some(tables.segmented.scores.revision),
                // Where people stood in the past follows from the same rules and scores.
                Part::Segment(_) | Part::Move { .. } => {
                    reads.segments = Some(tables.segmented.segments.revision);
                }
                Part::Cluster { .. } => reads.clusters = clusters.cloned(),
                Part::Cohort { .. } | Part::CohortBlock { .. } => {
                    reads.cohorts = Some(tables.cohorts.revision);
                }
                // Names and attributes are looked up in the data, for which the customers stand.
                Part::Customers(_)
                | Part::Attribute { .. }
                | Part::Count { .. }
                | Part::Became(_)
                | Part::Within(_)
                | Part::Outline(_)
                | Part::Found(_)
                | Part::Ordered { .. }
                | Part::Not(_) => {}
            }
        }
        reads
    }
}
