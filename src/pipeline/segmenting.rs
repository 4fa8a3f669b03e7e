//! The stages around segments: scores, attribute tests, the segments themselves, those before a
//! change, and what tuning them needs to know.
//!
//! A drag asks for new segments sixty times a second, so each stage here is keyed by exactly what it
//! reads: a cut point of one measure costs one column of scores, a threshold in a rule no attribute
//! test.

use std::sync::Arc;

use super::{
    Request,
    cx::Cancelled,
    snapshot::{Before, Tuning},
    stage::{Artefact, Revision, Stage, StageStats},
    stages::{KEEP_LARGE, KEEP_SMALL, Steps, TableSet},
    training::Predictions,
};
use crate::{
    analysis::{
        attribute_tests::{AttributeTests, RuleList, Wanted},
        clusters::{Centres, Labels},
        conditions::RuleInputs,
        customers::Customers,
        cut_points::CutPoints,
        distribution::{Distribution, distributions},
        moves::{Moves, Side, moves},
        rfm::{Scores, TieRule, score_again},
        rule_check::{RuleReport, check_rules},
        segments::{Rule, Segmentation, segment},
        stability::{Stability, stability},
    },
    data::orders::Orders,
};

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

/// Lets rules look at what a run says of these customers.
fn with_predictions<'a>(
    inputs: RuleInputs<'a>,
    predictions: Option<&'a Arc<Predictions>>,
) -> RuleInputs<'a> {
    let rows = inputs.customers.len();
    let of_all = |column: &'a Vec<f64>| (column.len() == rows).then_some(column.as_slice());
    RuleInputs {
        predicted_value: predictions.and_then(|known| of_all(&known.value)),
        p_alive: predictions.and_then(|known| of_all(&known.p_alive)),
        ..inputs
    }
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
        }
    }

    /// Scores and segments first, then the rest; not who moved, which nobody may have asked for.
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
        // Asked for first, so that the memo of the state before stays the younger one.
        let before = match other {
            Some(spec) => Some((
                Arc::new(spec.rules.clone()),
                self.make(
                    (spec.ties, spec.rule_list(), predictions),
                    orders,
                    customers,
                    steps,
                )?,
            )),
            None => None,
        };
        let rules = Arc::new(project.rules.clone());
        let now = self.make(
            (project.ties, project.rule_list(), predictions),
            orders,
            customers,
            steps,
        )?;
        let before = match before {
            Some((old_rules, old)) => {
                let key = (old.segments.revision, now.segments.revision);
                let moves = steps.get(&mut self.moves, key, || {
                    let side = |rules, segments| Side { rules, segments };
                    moves(
                        &customers.value,
                        side(&old_rules, &old.segments.value),
                        side(&rules, &now.segments.value),
                    )
                })?;
                Some(Before {
                    rules: old_rules,
                    segments: old.segments.value,
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

    fn make(
        &mut self,
        (ties, list, predictions): (TieRule, RuleList<'_>, Option<&Arc<Predictions>>),
        orders: &Orders,
        customers: &Artefact<Customers>,
        steps: &Steps<'_>,
    ) -> Result<Made, Cancelled> {
        let rows = &*customers.value;
        let last = self.scores.newest();
        let known = last.filter(|((of, _), _)| *of == customers.revision);
        let known = known.map(|(_, scores)| scores.value).unwrap_or_default();
        let scores = steps.get(&mut self.scores, (customers.revision, ties), || {
            score_again(rows, ties, &known)
        })?;
        let rules = list.rules;
        let wanted = AttributeTests::wanted(rules);
        let labels = self.labels(list.clusters_in_use(), customers, steps)?;
        let of_labels = labels.as_ref().map(|labels| labels.revision);
        let key = (customers.revision, wanted.clone(), of_labels);
        let attributes = steps.get(&mut self.attributes, key, || {
            let labels = labels.as_ref().map(|labels| &*labels.value);
            AttributeTests::answer(orders, rows, wanted, labels)
        })?;
        let key = (
            customers.revision,
            scores.revision,
            attributes.revision,
            predictions.map(|known| known.run),
            rules.to_vec(),
        );
        let segments = steps.get(&mut self.segments, key, || {
            let inputs = RuleInputs::new(rows, &scores.value, &attributes.value);
            segment(with_predictions(inputs, predictions), rules)
        })?;
        Ok(Made {
            scores,
            attributes,
            segments,
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
}

/// The cut points in use: those set by hand, else those that give the same scores.
fn cuts_of(scores: &Scores) -> CutPoints {
    match scores.ties {
        TieRule::Fixed(cuts) => cuts,
        TieRule::Share | TieRule::RankFirst => CutPoints::implied(scores),
    }
}
