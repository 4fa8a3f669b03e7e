//! A pipeline beside another one: it begins with the numbers that one has worked out, so that a report
//! or pictures made in the background hold nothing a second time.

use std::sync::Arc;

use super::{
    Pipeline, Snapshot, people_stages::Reads, run::ReadKey, snapshot::Shop, source::Loader,
    stage::Revision, stages::Stages,
};
use project::Project;

impl Pipeline {
    /// A pipeline that knows everything `snapshot` holds, which was worked out from `project`. It is
    /// asked for little and then dropped, so it prepares for no drag and files no orders by day.
    ///
    /// `complete` says that the audiences in the snapshot belong to the project's settings: while new
    /// ones are under way, the old ones stay in it.
    #[must_use]
    pub fn beside(
        loader: Box<dyn Loader>,
        (snapshot, project): (&Snapshot, &Project),
        complete: bool,
    ) -> Self {
        let key = ReadKey {
            source: project.source.clone(),
            reading: project.reading.clone(),
            fingerprint: loader.fingerprint(&project.source),
        };
        let mut pipeline = Self::with_loader(loader);
        pipeline.looks_ahead = false;
        let Some(shop) = &snapshot.shop else {
            return pipeline;
        };
        let data = pipeline.dataset.adopt(key, Arc::clone(&shop.dataset));
        let reads = pipeline.stages.take_over(data.revision, shop);
        if let (Some(reads), Some(people), true) = (reads, &shop.people, complete) {
            pipeline
                .people
                .take_over(reads, (&project.audiences, people));
        }
        pipeline
    }
}

impl Stages {
    /// Remembers the tables of a shop as of one date; what stands for them, unless its segments are to be
    /// formed again.
    fn take_over(&mut self, data: Revision, shop: &Shop) -> Option<Reads> {
        let (as_of, period) = (shop.as_of, shop.overview.period);
        let customers = self
            .customers
            .adopt((data, as_of), Arc::clone(&shop.customers));
        let customers = customers.revision;
        self.overview
            .adopt((customers, period), Arc::clone(&shop.overview));
        let key = (data, as_of, shop.cohorts.spec.clone());
        self.cohorts.adopt(key, Arc::clone(&shop.cohorts));
        if let Some(details) = &shop.details {
            self.calendar
                .adopt((customers, period), Arc::clone(&details.calendar));
            self.insights
                .adopt(customers, Arc::clone(&details.insights));
        }
        self.segmenting.take_over(customers, shop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Request, source::FileLoader};
    use base::monitor::Monitor;
    use project::Source;

    fn run(pipeline: &mut Pipeline, project: &Project) -> Arc<Snapshot> {
        let request = Request::with_people(project);
        pipeline
            .run(&request, &Monitor::silent(), &mut |_| {})
            .unwrap()
    }

    #[test]
    fn nothing_known_is_worked_out_again_and_new_numbers_are_the_same() {
        let project = Project {
            source: Source::Sample,
            ..Project::default()
        };
        let mut first = Pipeline::new();
        let shown = run(&mut first, &project);
        let mut beside = Pipeline::beside(Box::new(FileLoader), (&shown, &project), true);
        let again = run(&mut beside, &project);
        let (one, other) = (shown.shop.as_ref().unwrap(), again.shop.as_ref().unwrap());
        assert!(Arc::ptr_eq(&one.dataset, &other.dataset));
        assert!(Arc::ptr_eq(&one.customers, &other.customers));
        assert!(Arc::ptr_eq(&one.scores, &other.scores));
        assert!(Arc::ptr_eq(&one.segments, &other.segments));
        assert!(Arc::ptr_eq(&one.cohorts, &other.cohorts));
        assert!(Arc::ptr_eq(&one.overview, &other.overview));
        assert_eq!(one.details, other.details);
        assert!(
            one.people
                .as_ref()
                .unwrap()
                .same(other.people.as_ref().unwrap())
        );
        assert!(other.outlook.is_some(), "what is predicted of the segments");

        let other_day = Project {
            as_of: Some(one.as_of - 40),
            ..project
        };
        let (fresh, carried) = (run(&mut first, &other_day), run(&mut beside, &other_day));
        let (fresh, carried) = (fresh.shop.as_ref().unwrap(), carried.shop.as_ref().unwrap());
        assert_eq!(fresh.customers.monetary, carried.customers.monetary);
        assert_eq!(fresh.segments.segment, carried.segments.segment);
        let lists = |shop: &crate::snapshot::Shop| shop.people.clone().unwrap().lists;
        assert_eq!(lists(fresh), lists(carried));
    }
}
