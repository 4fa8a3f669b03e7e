//! CDNOW, and the two shops that come with `CLVTools`: the buy-till-you-die figures that independent
//! implementations agree on.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::path::PathBuf;

use keepers::{
    base::monitor::Monitor,
    data::day::{Day, from_civil, parse_iso},
    data::lines::in_memory::{Line, assemble},
    data::orders::Orders,
    models::btyd::{
        Counts, Family, FitReport, GammaGamma, History, RepeatSpend, TimeUnit, TransactionModel,
        holdout::{HoldOut, HoldOutScore, by_frequency, naive_rate, nobody_buys},
        tracking::{recency_frequency_matrix, track},
    },
};

/// A CDNOW file cut at 1997-09-30.
struct Shop {
    orders: Orders,
    counts: Counts,
}

fn day(text: &str) -> Day {
    parse_iso(text).unwrap()
}

/// The text of a public file.
fn public_text(path: &str) -> Option<String> {
    let Some(folder) = std::env::var_os("KEEPERS_DATA").map(PathBuf::from) else {
        eprintln!("skipped: KEEPERS_DATA is not set");
        return None;
    };
    Some(std::fs::read_to_string(folder.join(path)).unwrap())
}

/// A shop of `CLVTools` (customer, date and perhaps price), cut at 2006-12-31.
fn clv_tools(file: &str) -> Option<Shop> {
    let text = public_text(&format!("clv_research/{file}"))?;
    let line = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        Line {
            customer: fields[0].to_owned(),
            day: day(fields[1]),
            amount: fields
                .get(2)
                .map_or(0.0, |price| price.trim().parse().unwrap()),
            ..Line::default()
        }
    };
    let lines: Vec<Line> = text.lines().skip(1).map(line).collect();
    let orders = assemble(&lines, &[]).unwrap();
    let counts = Counts::from_orders(&orders, day("2006-12-31"), &Monitor::silent()).unwrap();
    Some(Shop { orders, counts })
}

/// Reads a CDNOW file by the position of its date and amount.
fn open(file: &str, date: usize, amount: usize) -> Option<Shop> {
    let text = public_text(&format!("cdnow/{file}"))?;
    let line = |line: &str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let date: u32 = fields[date].parse().unwrap();
        Line {
            customer: fields[0].to_owned(),
            day: from_civil((date / 10_000) as i32, date / 100 % 100, date % 100).unwrap(),
            amount: fields[amount].parse().unwrap(),
            ..Line::default()
        }
    };
    let orders = assemble(&text.lines().map(line).collect::<Vec<_>>(), &[]).unwrap();
    let counts = Counts::from_orders(&orders, day("1997-09-30"), &Monitor::silent()).unwrap();
    Some(Shop { orders, counts })
}

fn sample() -> Option<Shop> {
    open("CDNOW_sample.txt", 2, 4)
}

fn master() -> Option<Shop> {
    open("CDNOW_master.txt", 1, 3)
}

impl Shop {
    fn fit(&self, family: Family, unit: TimeUnit) -> TransactionModel {
        TransactionModel::fit(family, &self.counts, unit, &Monitor::silent()).unwrap()
    }

    fn hold_out(&self) -> HoldOut {
        HoldOut::from_orders(&self.orders, &self.counts, day("1998-06-30")).unwrap()
    }

    fn expected(&self, model: &TransactionModel, days: u32) -> Vec<f64> {
        let outlooks = model.outlooks(&self.counts, f64::from(days), &Monitor::silent());
        let expected: Vec<f64> = outlooks
            .unwrap()
            .iter()
            .map(|o| o.expected_purchases)
            .collect();
        self.counts.per_customer(&expected)
    }

    fn index_of(&self, id: &str) -> usize {
        let customer = self
            .orders
            .customer_ids
            .iter()
            .position(|other| other == id);
        let customer = customer.unwrap() as u32;
        self.counts
            .customers
            .iter()
            .position(|&c| c == customer)
            .unwrap()
    }
}

#[track_caller]
fn close(found: f64, expected: f64, tolerance: f64) {
    assert!(
        (found - expected).abs() <= tolerance * expected.abs(),
        "found {found}, expected {expected}"
    );
}

/// Parameters to 1e-5 relative, log-likelihood to its last published digit.
#[track_caller]
fn assert_fit(report: &FitReport, parameters: &[f64], log_likelihood: f64) {
    assert!(report.converged && report.warnings.is_empty(), "{report:?}");
    assert!(report.gradient_norm < 1e-8, "{report:?}");
    for (estimate, expected) in report.estimates.iter().zip(parameters) {
        close(estimate.value, *expected, 1e-5);
    }
    assert!(
        (report.log_likelihood - log_likelihood).abs() < 1e-4,
        "{report:?}"
    );
    close(
        report.aic,
        2.0 * parameters.len() as f64 - 2.0 * log_likelihood,
        1e-8,
    );
}

#[track_caller]
fn assert_errors(report: &FitReport, errors: &[f64]) {
    for (estimate, expected) in report.estimates.iter().zip(errors) {
        close(estimate.standard_error.unwrap(), *expected, 1e-3);
    }
}

/// Expected and actual purchases from 2007 to the last order.
fn after_2006(shop: &Shop, model: &TransactionModel) -> (f64, u64) {
    let (_, last) = shop.orders.day_range().unwrap();
    let hold_out = HoldOut::from_orders(&shop.orders, &shop.counts, last).unwrap();
    let expected = shop.expected(model, hold_out.days).iter().sum();
    (expected, hold_out.total())
}

/// Standard errors and log-likelihoods as `CLVTools` has them; expectations by the published formula.
#[test]
fn apparel() {
    let Some(shop) = clv_tools("apparelTrans.csv") else {
        return;
    };
    let pareto = shop.fit(Family::ParetoNbd, TimeUnit::Weeks);
    assert!((pareto.report.log_likelihood + 5_848.097_8).abs() < 1e-4);
    assert_errors(&pareto.report, &[0.2434, 7.489, 0.2710, 35.61]);
    close(after_2006(&shop, &pareto).0, 1_455.519, 1e-6);
    let mbg = shop.fit(Family::MbgNbd, TimeUnit::Weeks).report;
    assert_fit(
        &mbg,
        &[1.891_380, 45.827_205, 0.602_369, 1.582_371],
        -5_848.045_3,
    );
    let spend = RepeatSpend::from_orders(&shop.orders, &shop.counts);
    let spend = GammaGamma::fit(&spend, &Monitor::silent()).unwrap();
    for (found, expected) in [
        (spend.p, 3.099_039),
        (spend.q, 5.653_693),
        (spend.v, 56.504_188),
    ] {
        close(found, expected, 1e-5);
    }
    assert!((spend.report.log_likelihood + 1_670.663_0).abs() < 1e-4);
}

#[test]
fn grocery() {
    let Some(shop) = clv_tools("groceryElog.csv") else {
        return;
    };
    let pareto = shop.fit(Family::ParetoNbd, TimeUnit::Weeks);
    assert_fit(
        &pareto.report,
        &[0.786_437, 5.679_041, 0.386_239, 5.717_789],
        -15_782.392_1,
    );
    let (expected, actual) = after_2006(&shop, &pareto);
    close(expected, 3_990.732, 1e-6);
    assert_eq!(actual, 3_389);
}

/// The chance of a purchase after integrating over time by 400-point quadrature in Python (numpy), of a
/// customer with 2 repeats, the last after 30 of 39 weeks, and one with none, in 13 weeks.
#[test]
fn chance_of_a_purchase() {
    let history = |repeats, last_days, age_days| History {
        repeats,
        last_days,
        age_days,
    };
    let (buyer, once) = (history(2, 210, 273), history(0, 0, 273));
    let Some(sample) = sample() else { return };
    for (family, expected) in [
        (Family::MbgNbd, [0.329_501_07, 0.048_388_73]),
        (Family::ParetoNbd, [0.361_712_17, 0.033_271_98]),
    ] {
        let model = sample.fit(family, TimeUnit::Weeks);
        for (history, expected) in [buyer, once].iter().zip(expected) {
            let found = model.chance_of_purchase(history, 91.0);
            close(found, expected, 1e-4);
            // Somebody who bought once may have left.
            assert!(model.probability_alive(history) < 0.9);
        }
    }
}

#[test]
fn distinct_histories() {
    let (Some(sample), Some(master)) = (sample(), master()) else {
        return;
    };
    assert_eq!(
        (sample.counts.groups.len(), sample.counts.len()),
        (1_016, 2_357)
    );
    assert_eq!(
        (master.counts.groups.len(), master.counts.len()),
        (8_685, 23_570)
    );
}

#[test]
fn bg_nbd() {
    let (Some(sample), Some(master)) = (sample(), master()) else {
        return;
    };
    let report = sample.fit(Family::BgNbd, TimeUnit::Weeks).report;
    assert_fit(
        &report,
        &[0.242_595, 4.413_60, 0.792_922, 2.425_91],
        -9_582.429_2,
    );
    // Second differences of the likelihood in Python.
    assert_errors(&report, &[0.012_557_3, 0.378_222, 0.185_730, 0.705_397]);
    let report = master.fit(Family::BgNbd, TimeUnit::Weeks).report;
    assert_fit(
        &report,
        &[0.251_624, 4.788_94, 0.723_434, 2.161_09],
        -95_368.444_0,
    );
}

#[test]
fn mbg_nbd() {
    let Some(sample) = sample() else {
        return;
    };
    // The log-likelihoods are a second computation in Python.
    let days = sample.fit(Family::MbgNbd, TimeUnit::Days).report;
    assert_fit(
        &days,
        &[0.524_843, 43.281_6, 0.891_360, 1.614_00],
        -14_363.236_95,
    );
    let weeks = sample.fit(Family::MbgNbd, TimeUnit::Weeks).report;
    assert_fit(
        &weeks,
        &[0.524_843, 6.183_086, 0.891_360, 1.614_00],
        -9_582.135_716,
    );
    assert_errors(&weeks, &[0.083_261_9, 0.695_586, 0.154_780, 0.537_447]);
}

#[test]
fn pareto_nbd() {
    let (Some(sample), Some(master)) = (sample(), master()) else {
        return;
    };
    let report = sample.fit(Family::ParetoNbd, TimeUnit::Weeks).report;
    assert_fit(
        &report,
        &[0.553_277, 10.577_7, 0.606_24, 11.668_7],
        -9_594.976_2,
    );
    let report = master.fit(Family::ParetoNbd, TimeUnit::Weeks).report;
    // Published as −95,415.1190; the published formula with ₂F₁ in 30 digits (mpmath) gives this.
    assert_fit(
        &report,
        &[0.597_42, 11.585_7, 0.522_186, 8.827_76],
        -95_415.118_617,
    );
}

#[test]
fn gamma_gamma() {
    let (Some(sample), Some(master)) = (sample(), master()) else {
        return;
    };
    let spend = RepeatSpend::from_orders(&sample.orders, &sample.counts);
    let model = GammaGamma::fit(&spend, &Monitor::silent()).unwrap();
    assert_fit(
        &model.report,
        &[6.249_57, 3.744_22, 15.443_5],
        -4_055.917_69,
    );
    assert_errors(&model.report, &[1.189_69, 0.290_076, 4.158_12]);
    close(model.correlation.unwrap(), 0.113_887_919, 1e-8);
    close(
        model.population_mean().unwrap(),
        6.249_574_31 * 15.443_512_4 / 2.744_224_05,
        1e-5,
    );
    let spend = RepeatSpend::from_orders(&master.orders, &master.counts);
    let model = GammaGamma::fit(&spend, &Monitor::silent()).unwrap();
    for (found, expected) in [
        (model.p, 6.275_36),
        (model.q, 3.624_45),
        (model.v, 14.983_7),
    ] {
        close(found, expected, 1e-5);
    }
    close(model.correlation.unwrap(), 0.080_153_588, 1e-8);
    assert_eq!(model.left_out, 1);
}

#[test]
fn named_customers() {
    let Some(shop) = sample() else {
        return;
    };
    let model = shop.fit(Family::BgNbd, TimeUnit::Weeks);
    let spend = RepeatSpend::from_orders(&shop.orders, &shop.counts);
    let money = GammaGamma::fit(&spend, &Monitor::silent()).unwrap();
    let known = [
        (
            "00004",
            [2, 213, 272],
            [22.345, 0.726_62, 1.225_994, 24.653_9],
        ),
        (
            "00021",
            [1, 12, 272],
            [11.77, 0.212_391, 0.203_419, 18.910_0],
        ),
        (
            "05420",
            [18, 246, 251],
            [78.632_8, 0.946_453, 12.823_261, 77.597_8],
        ),
    ];
    for (id, counts, [mean, alive, purchases, next]) in known {
        let index = shop.index_of(id);
        let history = shop.counts.history(index);
        assert_eq!(
            [history.repeats, history.last_days, history.age_days],
            counts
        );
        close(spend.means[index], mean, 1e-5);
        let outlook = model.outlook(&history, 273.0);
        close(outlook.probability_alive, alive, 1e-5);
        close(outlook.expected_purchases, purchases, 1e-5);
        let expected = money.expected_mean_spend(history.repeats, spend.means[index]);
        close(expected.unwrap(), next, 1e-5);
    }
}

#[test]
fn hold_out_of_master() {
    let Some(shop) = master() else {
        return;
    };
    let hold_out = shop.hold_out();
    assert_eq!((hold_out.days, hold_out.total()), (273, 19_684));
    let assert_score = |score: &HoldOutScore, total: f64, mae: f64, correlation: f64| {
        // Published with one decimal and with four.
        assert!((score.expected - total).abs() < 0.06, "{score:?}");
        assert!((score.mae - mae).abs() < 6e-5, "{score:?}");
        assert!(
            (score.correlation.unwrap() - correlation).abs() < 6e-5,
            "{score:?}"
        );
    };
    let published = [
        (Family::BgNbd, 16_873.7, 0.8187, 0.6688),
        (Family::MbgNbd, 15_933.6, 0.7945, 0.6696),
        // Published as 17,153.0; the published formula with ₂F₁ in 30 digits (mpmath) gives this.
        (Family::ParetoNbd, 17_153.188_6, 0.7938, 0.6708),
    ];
    for (family, total, mae, correlation) in published {
        let expected = shop.expected(&shop.fit(family, TimeUnit::Weeks), hold_out.days);
        assert_score(
            &hold_out.score(family.name(), &expected),
            total,
            mae,
            correlation,
        );
    }
    let naive = hold_out.score("naive", &naive_rate(&shop.counts, hold_out.days));
    assert_score(&naive, 29_010.6, 1.0381, 0.6510);
    let nobody = hold_out.score("nobody", &nobody_buys(&shop.counts));
    assert!((nobody.mae - 0.8351).abs() < 6e-5 && nobody.correlation.is_none());
}

/// Expected values: the published formulas with scipy's ₂F₁, in Python.
#[test]
fn hold_out_of_the_sample_by_frequency() {
    let Some(shop) = sample() else {
        return;
    };
    let hold_out = shop.hold_out();
    let expected = shop.expected(&shop.fit(Family::BgNbd, TimeUnit::Weeks), hold_out.days);
    let score = hold_out.score("BG/NBD", &expected);
    close(score.expected, 1_653.408_68, 1e-6);
    close(score.mae, 0.785_454_237, 1e-6);
    close(score.rmse, 1.607_982_011, 1e-6);
    close(score.correlation.unwrap(), 0.625_647_451, 1e-6);
    let rows = by_frequency(&shop.counts, &hold_out, &expected, 7);
    let python = [
        (1_411, 0.236_712, 0.225_087),
        (439, 0.697_039, 0.523_131),
        (214, 1.392_523, 1.044_134),
        (100, 1.560_000, 1.520_279),
        (62, 2.532_258, 2.163_866),
        (38, 2.947_368, 2.653_846),
        (29, 3.862_069, 3.504_042),
        (64, 6.359_375, 6.157_190),
    ];
    assert_eq!(rows.len(), python.len());
    for (row, (customers, actual, expected)) in rows.iter().zip(python) {
        assert_eq!(row.customers, customers);
        close(row.mean_actual, actual, 1e-5);
        close(row.mean_expected, expected, 1e-5);
    }
    assert!(rows[7].or_more && !rows[6].or_more);
}

/// Expected values: pandas for the purchases, scipy's ₂F₁ for the expectation.
#[test]
fn weeks_of_the_sample() {
    let Some(shop) = sample() else {
        return;
    };
    let model = shop.fit(Family::BgNbd, TimeUnit::Weeks);
    let end = day("1998-06-30");
    let weeks = track(&shop.orders, &shop.counts, &model, end, &Monitor::silent()).unwrap();
    assert_eq!(weeks.len(), 78);
    assert_eq!((weeks[0].start, weeks[77].end), (day("1997-01-01"), end));
    assert_eq!(
        [1, 2, 76, 77].map(|week| weeks[week].actual),
        [19, 23, 32, 28]
    );
    // Day 272, 1997-09-30, ends week 38.
    assert_eq!(weeks[38].end, day("1997-09-30"));
    assert_eq!(weeks[38].cumulative_actual, 2_457);
    close(weeks[38].cumulative_expected, 2_493.956_9, 1e-5);
    assert_eq!(weeks[77].cumulative_actual, 4_339);
    close(weeks[77].cumulative_expected, 4_160.609_2, 1e-5);
    let increments: f64 = weeks.iter().map(|week| week.expected).sum();
    close(increments, weeks[77].cumulative_expected, 1e-12);
}

/// Expected values: the published formulas with scipy's ₂F₁, in Python.
#[test]
fn matrix_of_the_sample() {
    let Some(shop) = sample() else {
        return;
    };
    let model = shop.fit(Family::BgNbd, TimeUnit::Weeks);
    let axes = (vec![0, 1, 5, 20], vec![0, 22, 172, 262, 272]);
    let matrix = recency_frequency_matrix(&model, 272, 273.0, axes);
    let cell = |row: usize, column: usize| {
        let index = row * 5 + column;
        matrix.probability_alive[index].zip(matrix.expected_purchases[index])
    };
    let known = [
        (1, 3, 0.202_635_508, 0.194_075_422),
        (2, 2, 0.090_617_763, 0.345_022_405),
        (2, 1, 0.845_148_938, 3.217_860_505),
        (3, 0, 0.964_313_058, 13.666_817_950),
    ];
    for (row, column, alive, purchases) in known {
        let (found_alive, found_purchases) = cell(row, column).unwrap();
        close(found_alive, alive, 1e-6);
        close(found_purchases, purchases, 1e-6);
    }
    // Who never came back is silent for the whole age; 20 repeats do not fit into 10 days.
    assert!(cell(0, 0).is_none() && cell(0, 4).is_some());
    assert!(cell(3, 3).is_none() && cell(1, 4).is_none());
}
