//! Segments carried on from the last ones are, to the bit, those made anew: random shops, cut points
//! and numbers in rules dragged there and back.

use std::sync::Arc;

use keepers::{
    analysis::{
        attribute_tests::AttributeTests,
        conditions::RuleInputs,
        customers::{Customers, customers_as_of},
        cut_points::Measure,
        live::{
            Standing, Step,
            cuts::{Crossing, moved_measure},
            order::Order,
            other_table,
            thresholds::{Reached, moved_tests},
        },
        moves::{Side, Ways},
        rfm::{Scores, TieRule, score},
        rules::{Condition, Rule},
        segmenting::segment_tallied,
        segments::Segmentation,
    },
    data::orders::Orders,
};
use proptest::prelude::*;

use crate::{
    cut_points,
    random_shop::{as_of, shop, shop_lines},
    rules,
};

/// One thing that is dragged, and to where.
#[derive(Clone, Debug)]
enum Drag {
    /// Measure, cut, and the value times ten.
    Cut(usize, usize, u32),
    /// Number of the test among all tests of the rules, and the value times ten.
    Test(usize, u32),
    /// Back to what it was before the last step.
    Back,
    Rename(usize),
}

fn drag() -> impl Strategy<Value = Drag> {
    prop_oneof![
        4 => (0..3_usize, 0..4_usize, 0..4_500_u32).prop_map(|(m, c, v)| Drag::Cut(m, c, v)),
        4 => (0..12_usize, prop_oneof![0..70_u32, 0..4_000_u32]).prop_map(|(t, v)| Drag::Test(t, v)),
        2 => Just(Drag::Back),
        1 => (0..6_usize).prop_map(Drag::Rename),
    ]
}

/// Sets the number of the test that `count` reaches zero at.
fn set(condition: &mut Condition, count: &mut Option<usize>, limit: f64) {
    match condition {
        Condition::Test(_, _, old) => {
            if *count == Some(0) {
                *old = limit;
            }
            *count = count.and_then(|count| count.checked_sub(1));
        }
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                set(part, count, limit);
            }
        }
        _ => {}
    }
}

/// How segments are made.
type Spec = (TieRule, Vec<Rule>);

fn dragged(spec: &Spec, scores: &Scores, drag: &Drag, last: &Spec) -> Spec {
    let (mut ties, mut rules) = spec.clone();
    match drag {
        Drag::Back => return last.clone(),
        Drag::Cut(measure, cut, tenths) => {
            let cuts = scores.cut_points().expect("never ranked");
            let value = f64::from(*tenths) / 10.0;
            ties = TieRule::Fixed(cuts.with(Measure::ALL[*measure], *cut, value));
        }
        Drag::Test(number, tenths) => {
            let mut count = Some(*number);
            for rule in &mut rules {
                set(&mut rule.when, &mut count, f64::from(*tenths) / 10.0);
            }
        }
        Drag::Rename(rule) => {
            if let Some(rule) = rules.get_mut(*rule) {
                rule.name.push('!');
            }
        }
    }
    (ties, rules)
}

/// A shop as of a date.
struct World {
    orders: Orders,
    customers: Customers,
}

impl World {
    fn attributes(&self, rules: &[Rule]) -> AttributeTests {
        AttributeTests::of(&self.orders, &self.customers, rules)
    }

    fn anew(&self, (ties, rules): &Spec) -> Standing {
        let scores = score(&self.customers, *ties);
        let attributes = self.attributes(rules);
        let inputs = RuleInputs::new(&self.customers, &scores, &attributes);
        let (segments, tally) = segment_tallied(inputs, rules);
        Standing {
            segments: Arc::new(segments),
            tally,
            rules: rules.clone(),
            scores: Arc::new(scores),
        }
    }

    /// The step and the scores after it, if this is one.
    fn step(
        &self,
        from: &Standing,
        (ties, rules): &Spec,
        in_a_walk: bool,
    ) -> Option<(Step, Arc<Scores>)> {
        let attributes = self.attributes(rules);
        let inputs = RuleInputs::new(&self.customers, &from.scores, &attributes);
        let order = |field| Arc::new(Order::new(inputs, field));
        let same = || Arc::clone(&from.scores);
        if *rules == from.rules {
            let measure = moved_measure(&from.scores, *ties)?;
            let crossing = Crossing::new(inputs, *ties, order(measure.field()))?;
            let scores = Arc::new(crossing.scores(&from.scores));
            return Some((Step::Cut(crossing), scores));
        }
        if let Some(step) = other_table(from, rules) {
            return Some((step, same()));
        }
        let moved = moved_tests(&from.rules, rules)?;
        let tests = moved.iter().map(|test| (test, order(test.field)));
        // No shop here is large enough for a walk over everybody to be chosen.
        let reached = if in_a_walk {
            Reached::Many(moved)
        } else {
            Reached::new(inputs, tests)
        };
        Some((Step::Thresholds(reached), same()))
    }
}

/// Floating-point numbers print alike only when they are the same to the bit.
fn bits(value: &impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

fn side<'a>(rules: &'a [Rule], segments: &'a Segmentation) -> Side<'a> {
    Side { rules, segments }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_drag_leads_where_working_everything_out_anew_leads(
        lines in shop_lines(), as_of in as_of(), rules in rules(),
        cuts in proptest::option::of(cut_points()),
        drags in proptest::collection::vec((drag(), any::<bool>()), 1..12),
    ) {
        let orders = shop(&lines);
        let customers = customers_as_of(&orders, as_of);
        let world = World { orders, customers };
        let start: Spec = (cuts.map_or(TieRule::Share, TieRule::Fixed), rules);
        let before = world.anew(&start);
        let mut standing = before.clone();
        let all = |now: &Standing| {
            let sides = (side(&before.rules, &before.segments), side(&now.rules, &now.segments));
            Ways::between(&world.customers, sides.0, sides.1)
        };
        let mut ways = all(&before);
        let (mut spec, mut last) = (start.clone(), start.clone());
        let mut steps = 0;
        for (drag, in_a_walk) in &drags {
            let next = dragged(&spec, &standing.scores, drag, &last);
            last = std::mem::replace(&mut spec, next);
            let fresh = world.anew(&spec);
            let Some((step, scores)) = world.step(&standing, &spec, *in_a_walk) else {
                standing = fresh;
                ways = all(&standing);
                continue;
            };
            steps += 1;
            prop_assert_eq!(bits(&scores), bits(&fresh.scores));
            let attributes = world.attributes(&spec.1);
            let inputs = RuleInputs::new(&world.customers, &scores, &attributes);
            let followed = standing.follow(inputs, &spec.1, &step);
            prop_assert_eq!(bits(&followed.segments), bits(&fresh.segments), "{:?}", drag);
            prop_assert_eq!(&followed.tally, &fresh.tally);
            let (was, old) = (standing.segments.clone(), &before.segments);
            standing = Standing {
                scores,
                rules: spec.1.clone(),
                segments: Arc::new(followed.segments),
                tally: followed.tally,
            };
            let anew = all(&standing);
            if let Some(changed) = followed.changed {
                let differ = was.segment.iter().zip(&standing.segments.segment);
                prop_assert!(changed.len() >= differ.filter(|(a, b)| a != b).count());
                if ways.lead(&before.rules, &spec.1) {
                    ways = ways.follow(&world.customers, old, &changed);
                    prop_assert_eq!(&ways, &anew);
                    prop_assert_eq!(bits(&ways.moves()), bits(&anew.moves()));
                }
            }
            ways = anew;
        }
        // A drag of a cut point is always a step, unless it goes back over more than that.
        if drags.iter().all(|(drag, _)| matches!(drag, Drag::Cut(..))) {
            prop_assert_eq!(steps, drags.len());
        }
    }
}
