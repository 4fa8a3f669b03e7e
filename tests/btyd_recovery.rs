//! Simulated customers: the models find the parameters that made them, say when they cannot, and
//! give the same bytes on any number of threads.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "common/buyers.rs"]
mod buyers;

use std::sync::atomic::{AtomicU64, Ordering};

use buyers::{Random, histories};
use keepers::{
    base::monitor::{Cancel, Monitor},
    models::btyd::{
        Counts, Family, FitReport, GammaGamma, History, RepeatSpend, TimeUnit, TransactionModel,
        Warning, error::BtydError,
    },
};

/// Ticks per week, instead of 7 days: so fine that rounding does not bias the estimates.
const TICKS: f64 = 700.0;

fn fit(family: Family, histories: &[History]) -> TransactionModel {
    let counts = Counts::from_histories(histories, 0);
    TransactionModel::fit(family, &counts, TimeUnit::Days, &Monitor::silent()).unwrap()
}

fn assert_recovered(report: &FitReport, truth: &[(&str, f64)]) {
    assert!(report.converged, "{report:?}");
    assert_eq!(report.warnings, [], "{report:?}");
    for (name, truth) in truth {
        let estimate = report.estimates.iter().find(|e| e.name == *name).unwrap();
        let error = estimate.standard_error.unwrap();
        assert!(
            error < 0.2 * truth && (estimate.value - truth).abs() < 3.0 * error,
            "{name}: {} ± {error}, truth {truth}",
            estimate.value
        );
    }
}

fn recovers(family: Family, parameters: [f64; 4], seed: u64) {
    let ages = ((10.0 * TICKS) as u32, (104.0 * TICKS) as u32);
    let made = histories((family, parameters), 40_000, ages, TICKS, seed);
    let found = fit(family, &made).report;
    let names = match family {
        Family::BgNbd | Family::MbgNbd => ["r", "alpha", "a", "b"],
        Family::ParetoNbd => ["r", "alpha", "s", "beta"],
    };
    // Histories are in ticks, the parameters in weeks.
    let time = |index: usize| match (index, family) {
        (1, _) | (3, Family::ParetoNbd) => TICKS,
        _ => 1.0,
    };
    let truth: Vec<(&str, f64)> = (0..4)
        .map(|index| (names[index], parameters[index] * time(index)))
        .collect();
    assert_recovered(&found, &truth);
}

#[test]
fn bg_nbd_finds_its_parameters() {
    recovers(Family::BgNbd, [0.25, 4.5, 0.8, 2.5], 1);
    recovers(Family::BgNbd, [2.0, 12.0, 0.3, 1.2], 2);
}

#[test]
fn mbg_nbd_finds_its_parameters() {
    recovers(Family::MbgNbd, [0.5, 6.0, 0.9, 1.6], 3);
}

#[test]
fn pareto_nbd_finds_its_parameters() {
    recovers(Family::ParetoNbd, [0.55, 10.0, 0.6, 12.0], 4);
    recovers(Family::ParetoNbd, [1.5, 8.0, 1.4, 60.0], 5);
}

#[test]
fn gamma_gamma_finds_its_parameters() {
    let (p, q, v) = (6.0, 3.5, 15.0);
    let mut random = Random::new(6);
    let (mut repeats, mut means) = (Vec::new(), Vec::new());
    for index in 0..20_000u32 {
        let x = index % 8;
        let rate = random.gamma(q, v);
        repeats.push(x);
        means.push(if x == 0 {
            0.0
        } else {
            random.gamma(p * f64::from(x), rate * f64::from(x))
        });
    }
    let found = GammaGamma::fit(&RepeatSpend { repeats, means }, &Monitor::silent()).unwrap();
    assert_recovered(&found.report, &[("p", p), ("q", q), ("v", v)]);
}

/// Customers who never leave: the data cannot say how fast they would.
#[test]
fn a_shop_nobody_leaves_has_no_identified_dropout() {
    let parameters = [1.0, 10.0, 1e-12, 1.0];
    let made = histories(
        (Family::BgNbd, parameters),
        5_000,
        (7_000, 70_000),
        TICKS,
        7,
    );
    for family in Family::ALL {
        let report = fit(family, &made).report;
        let unidentified = |name: &str| {
            report.warnings.iter().any(
                |warning| matches!(warning, Warning::NotIdentified { parameter, .. } if parameter == name),
            )
        };
        let dropout = if family == Family::ParetoNbd {
            ["s", "beta"]
        } else {
            ["a", "b"]
        };
        assert!(
            dropout.into_iter().any(unidentified),
            "{family:?} {report:?}"
        );
        // What the data do say is still found.
        assert!(!unidentified("r") && !unidentified("alpha"), "{report:?}");
        assert!((report.value("r").unwrap() - 1.0).abs() < 0.1, "{report:?}");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let ages = (70, 700);
    let made = histories((Family::BgNbd, [0.25, 4.5, 0.8, 2.5]), 30_000, ages, 7.0, 8);
    let on_threads = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let fit_all = || Family::ALL.map(|family| fit(family, &made).parameters.map(f64::to_bits));
        pool.build().unwrap().install(fit_all)
    };
    assert_eq!(on_threads(1), on_threads(3));
}

#[test]
fn cancelling_stops_a_fit_at_its_next_evaluation() {
    let ages = (70, 700);
    let made = histories((Family::BgNbd, [0.25, 4.5, 0.8, 2.5]), 2_000, ages, 7.0, 9);
    let counts = Counts::from_histories(&made, 0);
    for family in Family::ALL {
        let cancel = Cancel::default();
        let iterations = std::sync::Arc::new(AtomicU64::new(0));
        let (seen, stop) = (iterations.clone(), cancel.clone());
        let monitor = Monitor::new(cancel, move |progress| {
            assert_eq!(progress.stage, format!("Fitting {}", family.title()));
            if seen.fetch_add(1, Ordering::Relaxed) == 2 {
                stop.cancel();
            }
        });
        let result = TransactionModel::fit(family, &counts, TimeUnit::Weeks, &monitor);
        assert!(matches!(result, Err(BtydError::Cancelled(_))), "{result:?}");
        assert_eq!(iterations.load(Ordering::Relaxed), 3);
    }
}

#[test]
fn a_shop_without_repeats_is_refused_in_words() {
    let once = History {
        repeats: 0,
        last_days: 0,
        age_days: 30,
    };
    let counts = Counts::from_histories(&[once; 5], 0);
    let error = TransactionModel::fit(Family::BgNbd, &counts, TimeUnit::Weeks, &Monitor::silent())
        .unwrap_err();
    assert_eq!(error, BtydError::NoRepeats { customers: 5 });
    assert!(error.to_string().contains("Choose a later calibration end"));
}

/// Whatever a small shop looks like, answers are numbers that can be.
#[test]
fn tiny_and_odd_shops_give_possible_answers() {
    let mut random = Random::new(10);
    for round in 0..60u32 {
        let customers = 1 + (random.uniform() * 30.0) as u32;
        let longest = [3.0, 40.0, 800.0, 20_000.0][round as usize % 4];
        let mut made: Vec<History> = (0..customers)
            .map(|_| {
                let age_days = (random.uniform() * longest) as u32;
                let last_days = (random.uniform() * f64::from(age_days + 1)) as u32;
                let most = f64::from(last_days) * random.uniform().powi(3);
                let repeats = (most.ceil() as u32).min(last_days);
                History {
                    repeats,
                    last_days,
                    age_days,
                }
            })
            .collect();
        made.push(History {
            repeats: 1,
            last_days: 1,
            age_days: 2,
        });
        let counts = Counts::from_histories(&made, 0);
        for family in Family::ALL {
            let fitted =
                TransactionModel::fit(family, &counts, TimeUnit::Weeks, &Monitor::silent());
            let model = fitted.unwrap_or_else(|error| panic!("{made:?}: {error}"));
            let finite = model.report.log_likelihood.is_finite()
                && model.parameters.iter().all(|p| p.is_finite() && *p > 0.0);
            assert!(finite, "{made:?} {model:?}");
            for outlook in model.outlooks(&counts, 365.0, &Monitor::silent()).unwrap() {
                assert!(
                    (0.0..=1.0).contains(&outlook.probability_alive)
                        && outlook.expected_purchases.is_finite()
                        && outlook.expected_purchases >= 0.0,
                    "{made:?} {model:?} {outlook:?}"
                );
            }
        }
    }
}
