//! How much the segments depend on where a cut point lies.

use rayon::prelude::*;

use super::{
    conditions::{Row, RuleInputs, score_cell, score_table, winner},
    cut_points::{CutPoints, Measure},
    numeric::CHUNK,
    rules::{Field, MAX_RULES, Rule},
};

/// By how much a cut point is moved, as a share of its value: −20 % … +20 % in steps of 1 %.
pub const SHIFTS: [f64; 41] = {
    let mut shifts = [0.0; 41];
    let mut step = 0;
    while step < 41 {
        shifts[step] = (step as f64 - 20.0) / 100.0;
        step += 1;
    }
    shifts
};

/// Place of "not moved" in [`SHIFTS`].
const MIDDLE: usize = 20;

/// One cut point.
#[derive(Clone, Debug, PartialEq)]
pub struct CutStability {
    pub measure: Measure,
    /// 0…3: between scores `cut + 1` and `cut + 2`.
    pub cut: usize,
    /// Its value: days, orders or money.
    pub at: f64,
    /// Customers who change segment, per entry of [`SHIFTS`]; `None` for a cut at or below zero, which
    /// has no percentages.
    pub changed: Option<Vec<u64>>,
}

impl CutStability {
    /// The larger of the two numbers of customers who change when the cut point moves by this many
    /// percent (0…20) down or up.
    #[must_use]
    pub fn worst(&self, percent: usize) -> Option<u64> {
        let changed = self.changed.as_ref()?;
        let down = changed.get(MIDDLE.checked_sub(percent)?)?;
        Some(*down.max(changed.get(MIDDLE + percent)?))
    }
}

/// All cut points: recency, then frequency, then monetary.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stability {
    /// Customers with an order before S.
    pub customers: u64,
    pub cuts: Vec<CutStability>,
}

/// Counts the customers who change segment when one cut point moves and everything else stays.
///
/// The border of a cut through whole numbers lies half-way: "2 or more" is 1.5, so that a move by
/// 1 % is a small move there too. A moved cut stops at its neighbours. One walk over the customers:
/// whoever lies between the border and its moved place changes one score by one point, and changes
/// segment where the rules say so.
#[must_use]
pub fn stability(inputs: RuleInputs<'_>, cuts: &CutPoints, rules: &[Rule]) -> Stability {
    let rules = &rules[..rules.len().min(MAX_RULES)];
    let borders: Vec<Border> = Measure::ALL
        .into_iter()
        .flat_map(|measure| (0..4).map(move |cut| Border::new(cuts, measure, cut)))
        .collect();
    let table = score_table(rules);
    let changes = |row: usize, border: &Border, points: u8| {
        if let Some(table) = &table {
            let scores = inputs.scores;
            let mut own = [scores.r[row], scores.f[row], scores.m[row]];
            let now = table[score_cell(own[0], own[1], own[2])];
            own[border.measure.index()] = points;
            return now != table[score_cell(own[0], own[1], own[2])];
        }
        let row = |instead| Row {
            inputs,
            customer: row,
            instead,
        };
        let moved = Some((border.field(), points));
        winner(rules, &row(None)) != winner(rules, &row(moved))
    };
    let nobody = || vec![[0_u64; 41]; borders.len()];
    let counts = (0..inputs.customers.len().div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            let mut counts = nobody();
            let last = inputs.customers.len().min((chunk + 1) * CHUNK);
            for row in (chunk * CHUNK..last).filter(|&row| inputs.customers.exists(row)) {
                for (border, counts) in borders.iter().zip(&mut counts) {
                    let value = border.value(inputs, row);
                    if let Some((step, points)) = border.crossed(value)
                        && changes(row, border, points)
                    {
                        counts[step] += 1;
                    }
                }
            }
            counts
        })
        .reduce(nobody, |mut sum, part| {
            for (sum, part) in sum.iter_mut().flatten().zip(part.iter().flatten()) {
                *sum += part;
            }
            sum
        });
    Stability {
        customers: inputs.customers.active as u64,
        cuts: borders
            .iter()
            .zip(counts)
            .map(|(border, counts)| border.summed(counts))
            .collect(),
    }
}

/// A cut point as a place between values, with all its moved places.
struct Border {
    measure: Measure,
    cut: usize,
    at: f64,
    /// Where the border lies per entry of [`SHIFTS`]; `None` without percentages.
    places: Option<[f64; 41]>,
}

impl Border {
    fn new(cuts: &CutPoints, measure: Measure, cut: usize) -> Self {
        let at = cuts.of(measure)[cut];
        let (low, high) = cuts.room(measure, cut);
        let border = border(measure, at);
        let (low, high) = (self::border(measure, low), self::border(measure, high));
        let places = SHIFTS.map(|shift| (border * (1.0 + shift)).max(low).min(high));
        Self {
            measure,
            cut,
            at,
            places: (border > 0.0).then_some(places),
        }
    }

    fn field(&self) -> Field {
        [Field::RScore, Field::FScore, Field::MScore][self.measure.index()]
    }

    fn value(&self, inputs: RuleInputs<'_>, row: usize) -> f64 {
        match self.measure {
            Measure::Recency => f64::from(inputs.customers.recency_days(row)),
            Measure::Frequency => f64::from(inputs.customers.frequency[row]),
            Measure::Monetary => inputs.customers.monetary[row],
        }
    }

    /// The smallest move that takes this value to the other side, and the score it has there. A
    /// border splits values as its cut does: recency at or below it, the others at or above it.
    fn crossed(&self, value: f64) -> Option<(usize, u8)> {
        let places = self.places.as_ref()?;
        let below = |place: f64| {
            if self.measure.descending() {
                value <= place
            } else {
                value < place
            }
        };
        let now = below(places[MIDDLE]);
        let crossed = |step: &usize| below(places[*step]) != now;
        let step = if now {
            (0..MIDDLE).rev().find(crossed)
        } else {
            (MIDDLE + 1..SHIFTS.len()).find(crossed)
        }?;
        // Below a recency border is the better side, below the others the worse one.
        let passes_now = now == self.measure.descending();
        let points = self.cut as u8 + if passes_now { 1 } else { 2 };
        Some((step, points))
    }

    /// Customers per smallest move → customers per move.
    fn summed(&self, mut counts: [u64; 41]) -> CutStability {
        for step in MIDDLE + 2..counts.len() {
            counts[step] += counts[step - 1];
        }
        for step in (0..MIDDLE - 1).rev() {
            counts[step] += counts[step + 1];
        }
        CutStability {
            measure: self.measure,
            cut: self.cut,
            at: self.at,
            changed: self.places.map(|_| counts.to_vec()),
        }
    }
}

/// Half-way between the last value on one side and the first on the other, for whole numbers.
fn border(measure: Measure, cut: f64) -> f64 {
    match (measure.whole(), measure.descending()) {
        (true, true) => cut.floor() + 0.5,
        (true, false) => cut.ceil() - 0.5,
        (false, _) => cut,
    }
}

impl Stability {
    /// The cut point whose move by this many percent changes most segments, with the share of
    /// customers that change.
    #[must_use]
    pub fn most_sensitive(&self, percent: usize) -> Option<(&CutStability, f64)> {
        let worst = self
            .cuts
            .iter()
            .filter_map(|cut| Some((cut, cut.worst(percent)?)))
            .max_by_key(|&(cut, changed)| {
                (changed, std::cmp::Reverse((cut.measure.index(), cut.cut)))
            })?;
        Some((worst.0, worst.1 as f64 / self.customers.max(1) as f64))
    }
}
