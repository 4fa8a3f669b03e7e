//! The stages around segments: scores, attribute tests, the segments themselves, those before a
//! change, and what tuning them needs to know.
//!
//! A drag asks for new segments sixty times a second, so each stage here is keyed by exactly what it
//! reads, and where one threshold moved the new segments are carried on from the last ones
//! ([`dragging`](super::dragging)).

use std::sync::Arc;

use super::{
    Request,
    cx::Cancelled,
    dragging::{Asked, Dragging, with_predictions},
    people_stages::Reads,
    snapshot::{Before, Shop, Tuning},
    stage::{Artefact, Revision, Stage, StageStats},
    steps::{KEEP_LARGE, KEEP_SMALL, Steps},
    training::Predictions,
};
use analysis::{
    attribute_tests::{AttributeTests, RuleList, Wanted},
    clusters::{Centres, Labels},
    cohorts::CohortTable,
    conditions::RuleInputs,
    customers::Customers,
    cut_points::CutPoints,
    distribution::{Distribution, distributions},
    live::Step,
    moves::{Moves, Side},
    overview::Overview,
    rfm::{Scores, TieRule, score_again},
    rule_check::{RuleReport, check_rules},
    rules::Rule,
    segmenting::segment_tallied,
    segments::Segmentation,
    stability::{Stability, stability},
};
use data::orders::Orders;

/// The tables of one shop as of one date.
pub(super) struct TableSet {
    pub(super) customers: Artefact<Customers>,
    pub(super) segmented: SegmentTables,
    pub(super) cohorts: Artefact<CohortTable>,
    pub(super) overview: Artefact<Overview>,
}

/// What segments follow from: the customers, their scores, their attribute tests, the number of the run
/// whose predictions rules may look at, the rules.
type SegmentKey = (Revision, Revision, Revision, Option<u64>, Vec<Rule>);

pub(super) struct SegmentStages {
    scores: Stage<(Revision, TieRule), Scores>,
    attributes: Stage<(Revision, Vec<Wanted>, Option<Revision>), AttributeTests>,
    clusters: Stage<(Revision, Centres), Labels>,
    segments: Stage<SegmentKey, Segmentation>,
    moves: Stage<(Revision, Revision), Moves>,
    distributions: Stage<Revision, [Distribution; 5]>,
    /// The segments' revision stands for everything they were made with.
    check: Stage<Revision, RuleReport>,
    stability: Stage<Revision, Stability>,
    dragging: Dragging,
}

/// The segments of one request, with those they are compared with.
pub(super) struct SegmentTables {
    pub(super) scores: Artefact<Scores>,
    pub(super) segments: Artefact<Segmentation>,
    attributes: Artefact<AttributeTests>,
    /// Everybody's kept cluster, where the project keeps some.
    pub(super) clusters: Option<Arc<Labels>>,
    rules: Arc<Vec<Rule>>,
    before: Option<Before>,
    predictions: Option<Arc<Predictions>>,
}

/// One segmentation and what it was made with.
struct Made {
    scores: Artefact<Scores>,
    attributes: Artefact<AttributeTests>,
    segments: Artefact<Segmentation>,
}

impl SegmentStages {
    pub(super) fn new() -> Self {
        Self {
            scores: Stage::new("Scoring customers", KEEP_LARGE),
            attributes: Stage::new("Looking up attributes", KEEP_LARGE),
            clusters: Stage::new("Looking for the nearest cluster", KEEP_LARGE),
            segments: Stage::new("Forming segments", KEEP_SMALL),
            moves: Stage::new("Following who moved", KEEP_SMALL),
            distributions: Stage::new("Spreading values over customers", KEEP_SMALL),
            check: Stage::new("Checking the rules", KEEP_SMALL),
            stability: Stage::new("Moving every cut point", KEEP_SMALL),
            dragging: Dragging::new(),
        }
    }

    /// Scores and segments first, then the rest; not who moved, which nobody may have asked for, and
    /// not the orders for a drag, of which there are several.
    pub(super) fn stats(&self) -> [StageStats; 6] {
        [
            self.scores.stats(),
            self.segments.stats(),
            self.attributes.stats(),
            self.distributions.stats(),
            self.check.stats(),
            self.stability.stats(),
        ]
    }

    pub(super) fn forget(&mut self) {
        self.scores.forget();
        self.attributes.forget();
        self.clusters.forget();
        self.segments.forget();
        self.moves.forget();
        self.distributions.forget();
        self.check.forget();
        self.stability.forget();
        self.dragging.forget();
    }

    /// Remembers the segments of a shop; what stands for its tables. `None` where rules may ask for
    /// clusters, which the shop does not name.
    pub(super) fn take_over(&mut self, customers: Revision, shop: &Shop) -> Option<Reads> {
        let (tuning, run) = (
            &shop.tuning,
            shop.predictions.as_ref().map(|known| known.run),
        );
        let key = (customers, shop.scores.ties);
        let scores = self.scores.adopt(key, Arc::clone(&shop.scores)).revision;
        if let Some(known) = &tuning.distributions {
            self.distributions.adopt(customers, Arc::clone(known));
        }
        if shop.clusters.is_some() {
            return None;
        }
        let key = (customers, AttributeTests::wanted(&tuning.rules), None);
        let attributes = self.attributes.adopt(key, Arc::clone(&tuning.attributes));
        let rules = tuning.rules.to_vec();
        let key = (customers, scores, attributes.revision, run, rules);
        let segments = self
            .segments
            .adopt(key, Arc::clone(&shop.segments))
            .revision;
        if let Some(known) = &tuning.check {
            self.check.adopt(segments, Arc::clone(known));
        }
        if let Some(known) = &tuning.stability {
            self.stability.adopt(segments, Arc::clone(known));
        }
        Some(Reads {
            customers,
            scores,
            segments,
            run,
        })
    }

    /// The segments of the project and, where the request names others to compare with, the way from
    /// those to these.
    pub(super) fn tables(
        &mut self,
        request: &Request,
        orders: &Orders,
        customers: &Artefact<Customers>,
        steps: &Steps<'_>,
    ) -> Result<SegmentTables, Cancelled> {
        let project = &*request.project;
        let other = request
            .before
            .as_ref()
            .filter(|before| !before.is_of(project));
        let predictions = request.given.predictions.as_ref();
        let rows = (orders, customers);
        // Asked for first, so that the memo of the state before stays the younger one.
        let before = match other {
            Some(spec) => Some((
                Arc::new(spec.rules.clone()),
                self.make(
                    (spec.ties, spec.rule_list(), predictions),
                    rows,
                    false,
                    steps,
                )?,
            )),
            None => None,
        };
        let rules = Arc::new(project.rules.clone());
        let asked = (project.ties, project.rule_list(), predictions);
        let now = self.make(asked, rows, true, steps)?;
        let before = match before {
            Some((old_rules, old)) => {
                let side = |rules, segments| Side { rules, segments };
                let (old, new) = (&old.segments, &now.segments);
                let key = (old.revision, new.revision);
                let moves = steps.get(&mut self.moves, key, || {
                    let sides = (side(&old_rules, &old.value), side(&rules, &new.value));
                    self.dragging.moves(&customers.value, sides, key)
                })?;
                Some(Before {
                    rules: old_rules,
                    segments: Arc::clone(&old.value),
                    moves: moves.value,
                })
            }
            None => None,
        };
        Ok(SegmentTables {
            scores: now.scores,
            segments: now.segments,
            attributes: now.attributes,
            clusters: self
                .labels(project.kept_clusters.as_ref(), customers, steps)?
                .map(|labels| labels.value),
            rules,
            before,
            predictions: predictions.cloned(),
        })
    }

    /// Everybody's nearest cluster of these.
    fn labels(
        &mut self,
        kept: Option<&Centres>,
        customers: &Artefact<Customers>,
        steps: &Steps<'_>,
    ) -> Result<Option<Artefact<Labels>>, Cancelled> {
        let Some(kept) = kept else {
            return Ok(None);
        };
        let key = (customers.revision, kept.clone());
        let labels = steps.get(&mut self.clusters, key, || kept.labels(&customers.value))?;
        Ok(Some(labels))
    }

    /// The segments asked for; `follow` where they are those on the screen, which a drag carries on.
    fn make(
        &mut self,
        (ties, list, predictions): (TieRule, RuleList<'_>, Option<&Arc<Predictions>>),
        (orders, customers): (&Orders, &Artefact<Customers>),
        follow: bool,
        steps: &Steps<'_>,
    ) -> Result<Made, Cancelled> {
        let rows = &*customers.value;
        let asked = Asked {
            ties,
            rules: list.rules,
            predictions,
        };
        let wanted = AttributeTests::wanted(asked.rules);
        let labels = self.labels(list.clusters_in_use(), customers, steps)?;
        let of_labels = labels.as_ref().map(|labels| labels.revision);
        let key = (customers.revision, wanted.clone(), of_labels);
        let attributes = steps.get(&mut self.attributes, key, || {
            let labels = labels.as_ref().map(|labels| &*labels.value);
            AttributeTests::answer(orders, rows, wanted, labels)
        })?;
        let base = (customers, &attributes);
        let step = if follow {
            self.dragging.step(asked, base, steps)?
        } else {
            None
        };
        let scores = self.scores(asked.ties, customers, step.as_ref(), steps)?;
        let key = (
            customers.revision,
            scores.revision,
            attributes.revision,
            asked.predictions.map(|known| known.run),
            asked.rules.to_vec(),
        );
        let mut sums = None;
        let segments = steps.get(&mut self.segments, key, || {
            let inputs = RuleInputs::new(rows, &scores.value, &attributes.value);
            let inputs = with_predictions(inputs, asked.predictions);
            let step = step.as_ref();
            let stepped = step.and_then(|step| self.dragging.follow(inputs, asked.rules, step));
            let (segments, behind) = stepped.unwrap_or_else(|| {
                let (segments, tally) = segment_tallied(inputs, asked.rules);
                (segments, tally.into())
            });
            sums = Some(behind);
            segments
        })?;
        if let (true, Some(sums)) = (follow, sums) {
            self.dragging.stand(asked, base, (&scores, &segments), sums);
        }
        Ok(Made {
            scores,
            attributes,
            segments,
        })
    }

    /// The scores by this rule: after a step, or like the last ones where those are the same.
    fn scores(
        &mut self,
        ties: TieRule,
        customers: &Artefact<Customers>,
        step: Option<&Step>,
        steps: &Steps<'_>,
    ) -> Result<Artefact<Scores>, Cancelled> {
        let last = self.scores.newest();
        let known = last.filter(|((of, _), _)| *of == customers.revision);
        let known = known.map(|(_, scores)| scores.value).unwrap_or_default();
        steps.get(&mut self.scores, (customers.revision, ties), || {
            let stepped = step.and_then(|step| self.dragging.scores(step));
            stepped.unwrap_or_else(|| score_again(&customers.value, ties, &known))
        })
    }

    /// What is remembered about tuning these segments.
    pub(super) fn known(&mut self, tables: &TableSet) -> Tuning {
        let made = &tables.segmented;
        let revision = made.segments.revision;
        Tuning {
            rules: Arc::clone(&made.rules),
            attributes: Arc::clone(&made.attributes.value),
            before: made.before.clone(),
            distributions: self
                .distributions
                .cached(&tables.customers.revision)
                .map(|known| known.value),
            check: self.check.cached(&revision).map(|known| known.value),
            stability: self.stability.cached(&revision).map(|known| known.value),
        }
    }

    /// Works out what is not remembered.
    pub(super) fn complete(
        &mut self,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<Tuning, Cancelled> {
        let made = &tables.segmented;
        let (customers, revision) = (&tables.customers, made.segments.revision);
        let inputs = RuleInputs::new(&customers.value, &made.scores.value, &made.attributes.value);
        let inputs = with_predictions(inputs, made.predictions.as_ref());
        steps.get(&mut self.distributions, customers.revision, || {
            distributions(&customers.value)
        })?;
        steps.get(&mut self.check, revision, || {
            check_rules(inputs, &made.rules)
        })?;
        steps.get(&mut self.stability, revision, || {
            stability(inputs, &cuts_of(&made.scores.value), &made.rules)
        })?;
        Ok(self.known(tables))
    }

    /// Gets ready for the next drag.
    pub(super) fn prepare(
        &mut self,
        tables: &TableSet,
        steps: &Steps<'_>,
    ) -> Result<(), Cancelled> {
        let made = &tables.segmented;
        let asked = Asked {
            ties: made.scores.value.ties,
            rules: &made.rules,
            predictions: made.predictions.as_ref(),
        };
        self.dragging
            .prepare(asked, (&tables.customers, &made.attributes), steps)
    }
}

/// The cut points in use: those set by hand, else those nearest to the scores.
fn cuts_of(scores: &Scores) -> CutPoints {
    let known = scores.cut_points();
    known.unwrap_or_else(|| CutPoints::implied(&scores.bands))
}
