//! Who changes segment when cut points or rules change: from where, to where, and what they are worth.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::{
    customers::Customers,
    numeric::{CHUNK, settle},
    segments::{NO_SEGMENT, Rule, Segmentation},
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
    let same = same_segments(before.rules, after.rules);
    let mut carried = [NO_SEGMENT; 256];
    for (place, carried) in carried.iter_mut().enumerate().take(same.len()) {
        *carried = same[place].map_or(GONE, |place| place as u8);
    }
    let (old, new) = (&before.segments.segment, &after.segments.segment);
    let parts: Vec<Vec<Flow>> = old
        .par_chunks(CHUNK)
        .zip(new.par_chunks(CHUNK))
        .enumerate()
        .map(|(chunk, (old, new))| {
            let mut flows: Vec<Flow> = Vec::new();
            for (slot, (&from, &to)) in old.iter().zip(new).enumerate() {
                if carried[usize::from(from)] != to {
                    let row = chunk * CHUNK + slot;
                    add(&mut flows, place(from), place(to), customers.monetary[row]);
                }
            }
            flows
        })
        .collect();
    let mut flows: Vec<Flow> = Vec::new();
    for flow in parts.into_iter().flatten() {
        match flows
            .iter_mut()
            .find(|known| (known.from, known.to) == (flow.from, flow.to))
        {
            Some(known) => {
                known.customers += flow.customers;
                known.revenue += flow.revenue;
            }
            None => flows.push(flow),
        }
    }
    let revenue = settle(flows.iter().map(|flow| flow.revenue).sum());
    for flow in &mut flows {
        flow.revenue = settle(flow.revenue);
    }
    flows.sort_by_key(|flow| (Reverse(flow.customers), flow.from, flow.to));
    Moves {
        same,
        customers: flows.iter().map(|flow| flow.customers).sum(),
        revenue,
        flows,
    }
}

/// Stands for a rule that is gone: differs from every segment and from none.
const GONE: u8 = NO_SEGMENT - 1;

fn place(segment: u8) -> Option<usize> {
    (segment != NO_SEGMENT).then_some(usize::from(segment))
}

/// A chunk sees few different ways: a list is shorter to search than a matrix is to clear.
fn add(flows: &mut Vec<Flow>, from: Option<usize>, to: Option<usize>, revenue: f64) {
    match flows
        .iter_mut()
        .find(|flow| flow.from == from && flow.to == to)
    {
        Some(flow) => {
            flow.customers += 1;
            flow.revenue += revenue;
        }
        None => flows.push(Flow {
            from,
            to,
            customers: 1,
            revenue,
        }),
    }
}

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
    use crate::analysis::segments::{Condition, SegmentStats};

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
