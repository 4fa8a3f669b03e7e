//! Customers whom two ways of ranking place very differently, and why: the most instructive ones.

use rayon::prelude::*;

use super::{lists::Base, ranks::standing};

/// A way of ranking customers: its name, and per *active* customer (in ascending order) the share of
/// customers who stand better, 0 = best.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    pub name: String,
    pub standing: Vec<f64>,
}

/// A customer on whom rankings disagree.
#[derive(Clone, Debug, PartialEq)]
pub struct Disagreement {
    pub customer: u32,
    /// Standing in each ranking, in their order.
    pub standing: Vec<f64>,
    /// Largest difference between two of them.
    pub difference: f64,
    /// Why, in words.
    pub why: String,
}

impl Disagreement {
    /// Whether the forecast ranks the customer higher than the scores do.
    #[must_use]
    pub fn forecast_is_kinder(&self) -> bool {
        matches!(self.standing[..], [scores, forecast, ..] if forecast < scores)
    }
}

/// All rankings and the customers on whom they disagree most.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disagreements {
    /// Names of the rankings.
    pub rankings: Vec<String>,
    /// Largest difference first; equal ones by customer.
    pub customers: Vec<Disagreement>,
    /// Mean difference over everyone.
    pub mean_difference: f64,
}

/// Customers listed at most in each direction.
pub const LISTED: usize = 100;

/// Compares RFM (sum of the three scores) with the predicted value and with further scores of the
/// same customers, such as a trained model's; `None` without a forecast.
#[must_use]
pub fn disagreements(base: &Base<'_>, further: &[(&str, &[f64])]) -> Option<Disagreements> {
    let forecast = base.forecast?;
    let active = base.active();
    let pick = |values: &dyn Fn(usize) -> f64| -> Vec<f64> {
        active.iter().map(|&row| values(row as usize)).collect()
    };
    let scores = base.scores;
    let sum =
        |row: usize| f64::from(scores.r[row]) + f64::from(scores.f[row]) + f64::from(scores.m[row]);
    let mut ranked = vec![
        Ranked {
            name: "RFM scores".to_owned(),
            standing: standing(&pick(&sum)),
        },
        Ranked {
            name: forecast.predictor.clone(),
            standing: standing(&pick(&|row| forecast.value[row])),
        },
    ];
    for (name, values) in further {
        ranked.push(Ranked {
            name: (*name).to_owned(),
            standing: standing(&pick(&|row| values[row])),
        });
    }
    let differences: Vec<f64> = (0..active.len())
        .into_par_iter()
        .map(|place| difference(&ranked, place))
        .collect();
    let mut order: Vec<u32> = (0..active.len() as u32).collect();
    order.par_sort_unstable_by(|&a, &b| {
        let (one, other) = (differences[a as usize], differences[b as usize]);
        other.total_cmp(&one).then(a.cmp(&b))
    });
    let listed = of_each_direction(&ranked, &order);
    Some(Disagreements {
        customers: listed
            .into_iter()
            .filter(|&place| differences[place] > 0.0)
            .map(|place| Disagreement {
                customer: active[place],
                standing: ranked.iter().map(|r| r.standing[place]).collect(),
                difference: differences[place],
                why: why(base, active[place] as usize, &ranked, place),
            })
            .collect(),
        mean_difference: differences.iter().sum::<f64>() / differences.len().max(1) as f64,
        rankings: ranked.into_iter().map(|r| r.name).collect(),
    })
}

/// The first [`LISTED`] whom the scores rate higher than the forecast does, and as many the other way
/// round, largest difference first.
fn of_each_direction(ranked: &[Ranked], order: &[u32]) -> Vec<usize> {
    let mut left = [LISTED; 2];
    let mut listed = Vec::new();
    for &place in order {
        let place = place as usize;
        let side = usize::from(ranked[1].standing[place] < ranked[0].standing[place]);
        if left[side] > 0 {
            left[side] -= 1;
            listed.push(place);
        }
        if left == [0, 0] {
            break;
        }
    }
    listed
}

/// "2.4", "28": decimals only where they tell something.
fn times(number: f64) -> String {
    let decimals = usize::from(number < 9.95);
    format!("{number:.decimals$}")
}

/// "35 % likely", "Under 1 % likely".
fn likely(alive: f64) -> String {
    match alive * 100.0 {
        percent if percent < 1.0 => "Under 1 % likely".to_owned(),
        percent => format!("{percent:.0} % likely"),
    }
}

fn difference(ranked: &[Ranked], place: usize) -> f64 {
    let standings = ranked.iter().map(|r| r.standing[place]);
    let (low, high) = standings.fold((f64::INFINITY, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    high - low
}

/// Reasons from the customer's own rhythm.
fn why(base: &Base<'_>, row: usize, ranked: &[Ranked], place: usize) -> String {
    let scores = base.scores;
    let rfm = format!("R{} F{} M{}", scores.r[row], scores.f[row], scores.m[row]);
    let recency = base.customers.recency_days(row);
    let alive = likely(base.forecast.map_or(0.0, |forecast| forecast.alive[row]));
    let silent = base.gaps_silent(row);
    let gap = base.gaps[row];
    let forecast_better = ranked[1].standing[place] < ranked[0].standing[place];
    if base.customers.purchase_days[row] == 1 {
        let first = base.customers.tenure_days(row);
        return if forecast_better {
            format!(
                "One purchase, {first} days ago, earns few score points ({rfm}); it is too recent to tell that the customer is gone, and a first order of this size promises more."
            )
        } else {
            format!(
                "One purchase, {first} days ago: scores {rfm} compare it with everyone, but most who order once never return."
            )
        };
    }
    match (forecast_better, silent > 1.5) {
        (true, false) => format!(
            "{alive} to still be a customer: the last order is {recency} days ago ({rfm}), which is not late \
             for a usual gap of {gap} days."
        ),
        (true, true) => format!(
            "{alive} to still be a customer, and what this one spends per order makes up for low scores \
             ({rfm})."
        ),
        (false, true) => format!(
            "{alive} to still be a customer: silent for {} times the usual gap of {gap} days \
             ({rfm}).",
            times(silent)
        ),
        (false, false) => format!(
            "{alive} to still be a customer, but at this pace and order value little is expected. Scores \
             {rfm} reward a recent order."
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::Forecast;
    use analysis::{customers::Customers, rfm::Scores, segments::Segmentation};

    #[test]
    fn the_largest_difference_comes_first() {
        let customers = Customers {
            as_of: 100,
            active: 3,
            first_day: vec![0, 0, 0],
            last_day: vec![40, 99, 90],
            frequency: vec![4, 1, 2],
            purchase_days: vec![4, 1, 2],
            monetary: vec![1.0; 3],
        };
        let scores = Scores {
            r: vec![5, 1, 3].into(),
            f: vec![5, 1, 3].into(),
            m: vec![5, 1, 3].into(),
            ..Scores::default()
        };
        let forecast = Forecast {
            predictor: "test".to_owned(),
            value: vec![1.0, 9.0, 5.0],
            alive: vec![0.1, 1.0, 0.8],
            ..Forecast::default()
        };
        let segments = Segmentation::default();
        let base = Base {
            customers: &customers,
            scores: &scores,
            segments: &segments,
            gaps: &[15.0, f32::NAN, 30.0],
            forecast: Some(&forecast),
        };
        let found = disagreements(&base, &[]).unwrap();
        assert_eq!(found.rankings, ["RFM scores", "test"]);
        let listed: Vec<(u32, f64)> = found
            .customers
            .iter()
            .map(|d| (d.customer, d.difference))
            .collect();
        // Customer 0: best by RFM, worst by forecast; 1 the other way round; 2 in the middle of both.
        assert_eq!(listed, [(0, 1.0), (1, 1.0)]);
        assert_eq!(found.customers[0].standing, [0.0, 1.0]);
        assert!(
            found.customers[0]
                .why
                .contains("silent for 4.0 times the usual gap of 15 days")
        );
        assert!(
            found.customers[1]
                .why
                .starts_with("One purchase, 100 days ago")
        );
        let third: [f64; 3] = [0.0, 0.0, 7.0];
        let three = disagreements(&base, &[("model", &third)]).unwrap();
        assert_eq!(
            three
                .customers
                .iter()
                .find(|d| d.customer == 2)
                .map(|d| d.difference),
            Some(0.5)
        );
    }
}
