//! Lines filed by day: what makes a step of the as-of date quick.
//!
//! Filing costs about as much as working the numbers out once, so it is done after the first numbers
//! of a shop are on the screen, and again when the granularity of the Overview or the rows of the
//! cohort table change. Until then, and for shops that are too large to file, every step walks over
//! all lines; both ways give the same numbers.

use std::sync::Arc;

use super::{
    cx::Cancelled,
    stage::{Artefact, Revision, Stage},
    steps::Steps,
};
use analysis::{cohort_cube::CohortCube, cohorts::CohortSpec, day_ledger::DayLedger};
use data::dataset::Dataset;
use data::day::Period;
use project::Project;

/// `None` when nothing is filed yet, or when that was not possible.
pub(super) type Filed<T> = Option<Arc<Option<T>>>;

/// Filed lines by what they are filed for.
pub(super) struct Prepared {
    ledger: Stage<(Revision, Period), Option<DayLedger>>,
    cube: Stage<(Revision, CohortSpec), Option<CohortCube>>,
}

/// A ledger weighs a few MB, a cube 8 MB and its cells at a million customers.
const KEEP: usize = 2;

impl Prepared {
    pub(super) fn new() -> Self {
        Self {
            ledger: Stage::new("Filing orders by day", KEEP),
            cube: Stage::new("Filing cohorts by day", KEEP),
        }
    }

    pub(super) fn forget(&mut self) {
        self.ledger.forget();
        self.cube.forget();
    }

    /// The ledger for this granularity, if there is one.
    pub(super) fn known_ledger(&mut self, data: Revision, period: Period) -> Filed<DayLedger> {
        Some(self.ledger.cached(&(data, period))?.value)
    }

    /// The cube for these cohorts, if there is one.
    pub(super) fn known_cube(&mut self, data: Revision, spec: &CohortSpec) -> Filed<CohortCube> {
        Some(self.cube.cached(&(data, spec.clone()))?.value)
    }

    pub(super) fn prepare(
        &mut self,
        project: &Project,
        dataset: &Artefact<Dataset>,
        steps: &Steps<'_>,
    ) -> Result<(), Cancelled> {
        let (data, orders) = (dataset.revision, &*dataset.value.orders);
        let period = project.overview_period;
        steps.get(&mut self.ledger, (data, period), || {
            DayLedger::new(orders, period)
        })?;
        let spec = &project.cohorts;
        steps.get(&mut self.cube, (data, spec.clone()), || {
            CohortCube::new(orders, spec)
        })?;
        Ok(())
    }
}
