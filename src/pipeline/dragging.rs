//! From the segments on the screen to those one step of a drag later.
//!
//! Beside the memos of the [stages](super::segmenting) stand the sums behind the newest segments, and
//! who has moved since before the drag. Where nothing but one threshold differs from what is asked for,
//! the next segments follow from them and from the customers in the order of what the threshold is
//! about. All of it is an aid: without it, everything is worked out anew, to the same numbers.

use std::sync::Arc;

use super::{
    cx::Cancelled,
    stage::{Artefact, Revision, Stage},
    steps::Steps,
    training::Predictions,
};
use analysis::{
    attribute_tests::AttributeTests,
    conditions::RuleInputs,
    customers::Customers,
    cut_points::Measure,
    live::{
        Standing, Step,
        cuts::{Crossing, moved_measure},
        order::Order,
        other_table,
        thresholds::{MovedTest, Reached, moved_tests},
    },
    moves::{Changed, Moves, Side, Ways},
    rfm::{Scores, TieRule},
    rules::{Condition, Field, Rule},
    segments::Segmentation,
    tally::Tally,
};

/// How segments are to be made.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    pub(super) ties: TieRule,
    pub(super) rules: &'a [Rule],
    pub(super) predictions: Option<&'a Arc<Predictions>>,
}

impl Asked<'_> {
    fn run(&self) -> Option<u64> {
        self.predictions.map(|known| known.run)
    }
}

/// Lets rules look at what a run says of these customers.
pub(super) fn with_predictions<'a>(
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

/// What segments are made from: customers and their attribute tests.
type Base<'a> = (&'a Artefact<Customers>, &'a Artefact<AttributeTests>);

/// An order follows from the customers, the run whose predictions they may be sorted by, and the field.
type OrderKey = (Revision, Option<u64>, Field);

/// The three measures and what rules may look at beside them.
const ORDERS: usize = 7;

pub(super) struct Dragging {
    orders: Stage<OrderKey, Order>,
    newest: Option<Newest>,
}

/// The segments on the screen.
struct Newest {
    customers: Revision,
    attributes: Revision,
    run: Option<u64>,
    segments: Revision,
    standing: Standing,
    moved: Option<Moved>,
}

/// What alone differs between the newest segments and those asked for.
#[allow(clippy::large_enum_variant)] // there is one at a time
enum Differs {
    Measure(Measure),
    Tests(Vec<MovedTest>),
    Table(Step),
}

impl Newest {
    fn differs(&self, asked: Asked<'_>) -> Option<Differs> {
        let Standing { scores, rules, .. } = &self.standing;
        if rules == asked.rules {
            return moved_measure(scores, asked.ties).map(Differs::Measure);
        }
        if scores.ties != asked.ties {
            return None;
        }
        other_table(&self.standing, asked.rules)
            .map(Differs::Table)
            .or_else(|| moved_tests(rules, asked.rules).map(Differs::Tests))
    }
}

/// Who has moved since before the drag.
struct Moved {
    /// The segments before.
    before: Revision,
    ways: Ways,
    /// Who changed after the ways were counted.
    since: Vec<Changed>,
}

/// The sums behind new segments, and who changed on the way to them, if that is known.
pub(super) struct Behind {
    tally: Tally,
    changed: Option<Vec<Changed>>,
}

impl From<Tally> for Behind {
    fn from(tally: Tally) -> Self {
        Self {
            tally,
            changed: None,
        }
    }
}

impl Dragging {
    pub(super) fn new() -> Self {
        Self {
            orders: Stage::new("Ordering customers by value", ORDERS),
            newest: None,
        }
    }

    pub(super) fn forget(&mut self) {
        self.orders.forget();
        self.newest = None;
    }

    /// Orders the customers by everything that may be dragged: the measures and what the rules test.
    pub(super) fn prepare(
        &mut self,
        asked: Asked<'_>,
        base: Base<'_>,
        steps: &Steps<'_>,
    ) -> Result<(), Cancelled> {
        let mut fields = Measure::ALL.map(Measure::field).to_vec();
        for rule in asked.rules {
            rule.when.visit(&mut |condition| {
                if let Condition::Test(field, ..) = condition
                    && !field.is_score()
                    && !fields.contains(field)
                {
                    fields.push(*field);
                }
            });
        }
        for field in fields {
            self.order(field, (asked, base), steps)?;
        }
        Ok(())
    }

    fn order(
        &mut self,
        field: Field,
        (asked, (customers, attributes)): (Asked<'_>, Base<'_>),
        steps: &Steps<'_>,
    ) -> Result<Arc<Order>, Cancelled> {
        let run = match field {
            Field::PredictedValue | Field::PAlive => asked.run(),
            _ => None,
        };
        let key = (customers.revision, run, field);
        let order = steps.get(&mut self.orders, key, || {
            // An order by values looks at no score.
            let none = Scores::default();
            let inputs = RuleInputs::new(&customers.value, &none, &attributes.value);
            Order::new(with_predictions(inputs, asked.predictions), field)
        })?;
        Ok(order.value)
    }

    /// The step from the newest segments to those asked for; `None` when they differ in more than
    /// that, or when a cut point moved past so many customers that they are better scored anew.
    pub(super) fn step(
        &mut self,
        asked: Asked<'_>,
        base: Base<'_>,
        steps: &Steps<'_>,
    ) -> Result<Option<Step>, Cancelled> {
        let (customers, attributes) = base;
        let newest = self.newest.as_ref().filter(|newest| {
            newest.customers == customers.revision
                && newest.attributes == attributes.revision
                && newest.run == asked.run()
        });
        let Some((newest, differs)) =
            newest.and_then(|newest| Some((newest, newest.differs(asked)?)))
        else {
            return Ok(None);
        };
        let scores = Arc::clone(&newest.standing.scores);
        let inputs = RuleInputs::new(&customers.value, &scores, &attributes.value);
        let inputs = with_predictions(inputs, asked.predictions);
        Ok(match differs {
            Differs::Measure(measure) => {
                let order = self.order(measure.field(), (asked, base), steps)?;
                Crossing::new(inputs, asked.ties, order).map(Step::Cut)
            }
            Differs::Table(step) => Some(step),
            Differs::Tests(moved) => {
                let mut orders = Vec::with_capacity(moved.len());
                for test in &moved {
                    orders.push(self.order(test.field, (asked, base), steps)?);
                }
                let reached = Reached::new(inputs, moved.iter().zip(orders));
                Some(Step::Thresholds(reached))
            }
        })
    }

    /// The scores after a step; `None` without anything to step from.
    pub(super) fn scores(&self, step: &Step) -> Option<Scores> {
        let known = &self.newest.as_ref()?.standing.scores;
        Some(match step {
            Step::Cut(crossing) => crossing.scores(known),
            Step::Thresholds(_) | Step::Table(_) => Scores::clone(known),
        })
    }

    /// The segments after a step; `None` without anything to step from.
    pub(super) fn follow(
        &self,
        inputs: RuleInputs<'_>,
        rules: &[Rule],
        step: &Step,
    ) -> Option<(Segmentation, Behind)> {
        let followed = self.newest.as_ref()?.standing.follow(inputs, rules, step);
        let behind = Behind {
            tally: followed.tally,
            changed: followed.changed,
        };
        Some((followed.segments, behind))
    }

    /// These are the segments on the screen now.
    pub(super) fn stand(
        &mut self,
        asked: Asked<'_>,
        (customers, attributes): Base<'_>,
        (scores, segments): (&Artefact<Scores>, &Artefact<Segmentation>),
        behind: Behind,
    ) {
        let moved = self.newest.take().and_then(|newest| newest.moved);
        let moved = moved.zip(behind.changed).map(|(mut moved, changed)| {
            moved.since.extend(changed);
            moved
        });
        self.newest = Some(Newest {
            customers: customers.revision,
            attributes: attributes.revision,
            run: asked.run(),
            segments: segments.revision,
            standing: Standing {
                scores: Arc::clone(&scores.value),
                rules: asked.rules.to_vec(),
                segments: Arc::clone(&segments.value),
                tally: behind.tally,
            },
            moved,
        });
    }

    /// Who moved between two segmentations of these revisions.
    pub(super) fn moves(
        &mut self,
        customers: &Customers,
        (before, now): (Side<'_>, Side<'_>),
        revisions: (Revision, Revision),
    ) -> Moves {
        let newest = self.newest.as_mut();
        let Some(newest) = newest.filter(|newest| newest.segments == revisions.1) else {
            return Ways::between(customers, before, now).moves();
        };
        let known = newest.moved.as_ref().filter(|moved| {
            moved.before == revisions.0 && moved.ways.lead(before.rules, now.rules)
        });
        let ways = match known {
            Some(moved) => moved.ways.follow(customers, before.segments, &moved.since),
            None => Ways::between(customers, before, now),
        };
        let moves = ways.moves();
        newest.moved = Some(Moved {
            before: revisions.0,
            ways,
            since: Vec::new(),
        });
        moves
    }
}
