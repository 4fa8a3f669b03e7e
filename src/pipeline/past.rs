//! The shop on other dates than S: where everybody stood then, and who has moved since.

use std::sync::Arc;

use super::{
    cx::Cancelled,
    segmenting::TableSet,
    stage::{Artefact, Revision, Stage},
    steps::Steps,
};
use analysis::{
    customers::customers_as_of,
    migration::{Migration, Placement, migration},
    rfm::score,
    segmenting::segment_orders,
    selection::{Part, Selection},
};
use data::dataset::Dataset;
use data::day::Day;
use project::{Project, SegmentSpec};

/// Where everybody stood on a date follows from the data, the date, and how they are scored and grouped.
type PlacementKey = (Revision, Day, SegmentSpec);

/// Stages for other dates.
pub(super) struct Past {
    placements: Stage<PlacementKey, Placement>,
    migration: Stage<(Revision, Revision), Migration>,
}

/// A million customers weigh 9 MB on a date: the two ends of a migration, and those before.
const KEEP: usize = 4;

/// The shop as of S.
#[derive(Clone, Copy)]
pub(super) struct Present<'a> {
    pub(super) project: &'a Project,
    pub(super) dataset: &'a Artefact<Dataset>,
    pub(super) tables: &'a TableSet,
}

impl Past {
    pub(super) fn new() -> Self {
        Self {
            placements: Stage::new("Looking at an earlier date", KEEP),
            migration: Stage::new("Following customers between segments", KEEP),
        }
    }

    pub(super) fn forget(&mut self) {
        self.placements.forget();
        self.migration.forget();
    }

    /// Where everybody stands on a day.
    fn placement(
        &mut self,
        day: Day,
        present: &Present<'_>,
        steps: &Steps<'_>,
    ) -> Result<Artefact<Placement>, Cancelled> {
        let Present {
            project,
            dataset,
            tables,
        } = present;
        let key = (dataset.revision, day, SegmentSpec::of(project));
        steps.get(&mut self.placements, key, || {
            let today = &tables.customers.value;
            if today.as_of == day {
                let made = &tables.segmented;
                return Placement::new(today, &made.scores.value, &made.segments.value);
            }
            let orders = &*dataset.value.orders;
            let customers = customers_as_of(orders, day);
            let scores = score(&customers, project.ties);
            let segments = segment_orders(orders, &customers, &scores, project.rule_list());
            Placement::new(&customers, &scores, &segments)
        })
    }

    pub(super) fn migration(
        &mut self,
        present: &Present<'_>,
        steps: &Steps<'_>,
    ) -> Result<Arc<Migration>, Cancelled> {
        let as_of = present.tables.customers.value.as_of;
        let (from, to) = present.project.migration.dates(as_of);
        let from = self.placement(from, present, steps)?;
        let to = self.placement(to, present, steps)?;
        let key = (from.revision, to.revision);
        let result = steps.get(&mut self.migration, key, || {
            migration(&from.value, &to.value, &present.project.rules)
        })?;
        Ok(result.value)
    }

    /// Where everybody stood on the dates that a selection names.
    pub(super) fn placements(
        &mut self,
        selection: &Selection,
        present: &Present<'_>,
        steps: &Steps<'_>,
    ) -> Result<Vec<Arc<Placement>>, Cancelled> {
        let mut days: Vec<Day> = selection.parts.iter().filter_map(dates).flatten().collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter()
            .map(|day| Ok(self.placement(day, present, steps)?.value))
            .collect()
    }
}

/// The dates a part looks at.
fn dates(part: &Part) -> Option<[Day; 2]> {
    match part {
        Part::Move { from, to, .. } => Some([*from, *to]),
        Part::Not(part) => dates(part),
        _ => None,
    }
}
