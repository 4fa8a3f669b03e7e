//! Who changes segment when cut points or rules change: from where, to where, and what they are worth.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, from_millionths, millionths},
    rules::{NO_SEGMENT, Rule},
    segments::Segmentation,
};

/// Customers who went from one segment to another.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Flow {
    /// Place among the segments before; `None`: no rule matched.
    pub from: Option<usize>,
    /// Place among the segments after; `None`: no rule matches.
    pub to: Option<usize>,
    pub customers: u64,
    /// Net revenue before S of these customers.
    pub revenue: f64,
}

/// Two segmentations of the same customers as of the same date, compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Moves {
    /// For each segment before, the one that carries it on: of the same name or, when it was renamed
    /// only, in the same place by the same rule.
    pub same: Vec<Option<usize>>,
    /// Customers who are in another segment than before, and their net revenue.
    pub customers: u64,
    pub revenue: f64,
    /// Every way taken by somebody, most customers first. Those who stayed are not among them.
    pub flows: Vec<Flow>,
}

/// One side of the comparison.
#[derive(Clone, Copy)]
pub struct Side<'a> {
    pub rules: &'a [Rule],
    pub segments: &'a Segmentation,
}

/// Compares two segmentations of these customers.
#[must_use]
pub fn moves(customers: &Customers, before: Side<'_>, after: Side<'_>) -> Moves {
    Ways::between(customers, before, after).moves()
}

/// A customer whose segment is another one now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    pub customer: u32,
    /// Segment numbers, or [`NO_SEGMENT`].
    pub from: u8,
    pub to: u8,
}

/// Everybody who took one way.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Way {
    customers: u64,
    /// Net revenue in millionths.
    revenue: i128,
}

/// Who went from where to where, in exact sums: so it can be carried on when some customers change
/// once more, to what comparing everybody anew would give.
#[derive(Clone, Debug, PartialEq)]
pub struct Ways {
    same: Vec<Option<usize>>,
    /// The segment now in which those of a segment before have stayed.
    carried: [u8; 256],
    /// Segments now, and one place more for nobody's.
    columns: usize,
    /// One row per segment before and one for nobody's.
    counted: Vec<Way>,
}

/// Neighbours compared at a time where segments kept their numbers: most of them are the same.
const RUN: usize = 64;

impl Ways {
    /// Compares everybody.
    #[must_use]
    pub fn between(customers: &Customers, before: Side<'_>, after: Side<'_>) -> Self {
        let mut all = Self::nobody(before.rules, after.rules);
        let numbers = 0..before.rules.len().min(usize::from(GONE));
        let kept = numbers
            .chain([usize::from(NO_SEGMENT)])
            .all(|number| usize::from(all.carried[number]) == number);
        let (old, new) = (&before.segments.segment, &after.segments.segment);
        let parts: Vec<Self> = old
            .par_chunks(CHUNK)
            .zip(new.par_chunks(CHUNK))
            .enumerate()
            .with_min_len(8)
            .fold(
                || Self::nobody(before.rules, after.rules),
                |mut part, (chunk, (old, new))| {
                    let runs = old.chunks(RUN).zip(new.chunks(RUN)).enumerate();
                    for (run, (old, new)) in runs.filter(|(_, (old, new))| !kept || old != new) {
                        let first = chunk * CHUNK + run * RUN;
                        for (slot, (&from, &to)) in old.iter().zip(new).enumerate() {
                            if part.moved(from, to) {
                                part.add(customers, first + slot, (from, to));
                            }
                        }
                    }
                    part
                },
            )
            .collect();
        for part in parts {
            for (all, part) in all.counted.iter_mut().zip(part.counted) {
                all.customers += part.customers;
                all.revenue += part.revenue;
            }
        }
        all
    }

    fn nobody(before: &[Rule], after: &[Rule]) -> Self {
        let same = same_segments(before, after);
        let mut carried = [NO_SEGMENT; 256];
        for (carried, same) in carried.iter_mut().zip(&same) {
            *carried = same.map_or(GONE, |place| place as u8);
        }
        let columns = after.len() + 1;
        Self {
            counted: vec![Way::default(); (same.len() + 1) * columns],
            same,
            carried,
            columns,
        }
    }

    /// Whether these ways lead between the same segments: then they can be carried on.
    #[must_use]
    pub fn lead(&self, before: &[Rule], after: &[Rule]) -> bool {
        self.columns == after.len() + 1 && self.same == same_segments(before, after)
    }

    /// The ways after these customers have changed, one after the other; `before` are the segments
    /// from which all ways lead.
    #[must_use]
    pub fn follow(
        &self,
        customers: &Customers,
        before: &Segmentation,
        changed: &[Changed],
    ) -> Self {
        let mut next = self.clone();
        for change in changed {
            let row = change.customer as usize;
            let from = before.segment[row];
            if next.moved(from, change.from) {
                let revenue = millionths(customers.monetary[row]);
                let way = next.way(from, change.from);
                way.customers -= 1;
                way.revenue -= revenue;
            }
            if next.moved(from, change.to) {
                next.add(customers, row, (from, change.to));
            }
        }
        next
    }

    /// Whether a customer who was here is now in another segment than that.
    #[inline]
    fn moved(&self, from: u8, to: u8) -> bool {
        self.carried[usize::from(from)] != to
    }

    #[inline]
    fn way(&mut self, from: u8, to: u8) -> &mut Way {
        let row = usize::from(from).min(self.same.len());
        let column = usize::from(to).min(self.columns - 1);
        &mut self.counted[row * self.columns + column]
    }

    #[inline]
    fn add(&mut self, customers: &Customers, row: usize, (from, to): (u8, u8)) {
        let revenue = millionths(customers.monetary[row]);
        let way = self.way(from, to);
        way.customers += 1;
        way.revenue += revenue;
    }

    /// In words of segments.
    #[must_use]
    pub fn moves(&self) -> Moves {
        let place = |place: usize, places: usize| (place < places).then_some(place);
        let taken = self.counted.iter().enumerate();
        let taken = taken.filter(|(_, way)| way.customers > 0);
        let mut flows: Vec<Flow> = taken
            .clone()
            .map(|(at, way)| Flow {
                from: place(at / self.columns, self.same.len()),
                to: place(at % self.columns, self.columns - 1),
                customers: way.customers,
                revenue: from_millionths(way.revenue),
            })
            .collect();
        flows.sort_by_key(|flow| (Reverse(flow.customers), flow.from, flow.to));
        Moves {
            same: self.same.clone(),
            customers: taken.clone().map(|(_, way)| way.customers).sum(),
            revenue: from_millionths(taken.map(|(_, way)| way.revenue).sum()),
            flows,
        }
    }
}

/// Stands for a rule that is gone: differs from every segment and from none.
const GONE: u8 = NO_SEGMENT - 1;

/// For each rule before, the rule after that is the same segment.
fn same_segments(before: &[Rule], after: &[Rule]) -> Vec<Option<usize>> {
    let named = |rules: &[Rule], name: &str| rules.iter().position(|rule| rule.name == name);
    before
        .iter()
        .enumerate()
        .map(|(place, rule)| {
            named(after, &rule.name).or_else(|| {
                let other = after.get(place)?;
                let renamed = other.when == rule.when && named(before, &other.name).is_none();
                renamed.then_some(place)
            })
        })
        .collect()
}

impl Moves {
    /// The from × to matrix of customers, those who stayed included: one row per segment before and
    /// one for nobody's, one column per segment after and one for nobody's. A row sums to the size
    /// the segment had.
    #[must_use]
    pub fn matrix(&self, before: &Segmentation, after: &Segmentation) -> Vec<Vec<u64>> {
        let (rows, columns) = (before.stats.len(), after.stats.len());
        let mut matrix = vec![vec![0; columns + 1]; rows + 1];
        for flow in &self.flows {
            matrix[flow.from.unwrap_or(rows)][flow.to.unwrap_or(columns)] += flow.customers;
        }
        let sizes = before.stats.iter().map(|stats| stats.customers);
        for (row, size) in sizes.chain([before.unmatched]).enumerate() {
            let left: u64 = matrix[row].iter().sum();
            let stays_in = match self.same.get(row) {
                Some(same) => *same,
                None => Some(columns),
            };
            if let Some(column) = stays_in {
                matrix[row][column] += size - left;
            }
        }
        matrix
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{rules::Condition, segments::SegmentStats};

    fn rule(name: &str) -> Rule {
        Rule {
            name: name.to_owned(),
            when: Condition::Always,
            style: 0,
        }
    }

    fn segmentation(segment: &[u8], rules: usize) -> Segmentation {
        let size = |number: usize| {
            segment
                .iter()
                .filter(|&&of| usize::from(of) == number)
                .count()
        };
        Segmentation {
            segment: segment.to_vec(),
            stats: (0..rules)
                .map(|number| SegmentStats {
                    customers: size(number) as u64,
                    ..SegmentStats::default()
                })
                .collect(),
            unmatched: size(usize::from(NO_SEGMENT)) as u64,
            ..Segmentation::default()
        }
    }

    fn customers(monetary: &[f64]) -> Customers {
        Customers {
            active: monetary.len(),
            frequency: vec![1; monetary.len()],
            monetary: monetary.to_vec(),
            ..Customers::default()
        }
    }

    #[test]
    fn flows_name_from_to_customers_and_revenue() {
        let rules = [rule("A"), rule("B")];
        let old = segmentation(&[0, 0, 0, 1, NO_SEGMENT], 2);
        let new = segmentation(&[0, 1, 1, 1, 0], 2);
        let side = |segments| Side {
            rules: &rules,
            segments,
        };
        let moves = moves(
            &customers(&[1.0, 2.0, 4.0, 8.0, 16.0]),
            side(&old),
            side(&new),
        );
        assert_eq!((moves.customers, moves.revenue), (3, 22.0));
        let flow = |from, to, customers, revenue| Flow {
            from,
            to,
            customers,
            revenue,
        };
        assert_eq!(
            moves.flows,
            [flow(Some(0), Some(1), 2, 6.0), flow(None, Some(0), 1, 16.0)]
        );
        assert_eq!(
            moves.matrix(&old, &new),
            [vec![1, 2, 0], vec![0, 1, 0], vec![1, 0, 0]]
        );
    }

    #[test]
    fn a_new_order_or_name_moves_nobody() {
        let (before, after) = ([rule("A"), rule("B")], [rule("B"), rule("A")]);
        assert_eq!(same_segments(&before, &after), [Some(1), Some(0)]);
        assert_eq!(
            same_segments(&before, &[rule("A"), rule("C")]),
            [Some(0), Some(1)]
        );
        assert_eq!(same_segments(&before, &[rule("B")]), [None, Some(0)]);
        // Two changes at once: the name is new and so is the rule.
        let other = Rule {
            when: Condition::Any(Vec::new()),
            ..rule("C")
        };
        assert_eq!(same_segments(&before, &[rule("A"), other]), [Some(0), None]);
    }

    #[test]
    fn a_rule_that_is_gone_leaves_nobody_behind() {
        let old = segmentation(&[0, 1, 1], 2);
        let new = segmentation(&[0, NO_SEGMENT, 0], 1);
        let moves = moves(
            &customers(&[1.0; 3]),
            Side {
                rules: &[rule("A"), rule("B")],
                segments: &old,
            },
            Side {
                rules: &[rule("A")],
                segments: &new,
            },
        );
        assert_eq!(moves.customers, 2);
        assert_eq!(
            moves.matrix(&old, &new),
            [vec![1, 0], vec![1, 1], vec![0, 0]]
        );
    }
}
