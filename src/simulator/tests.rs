//! The generated files against their truth, read back by the simplest means.

use std::collections::{BTreeMap, BTreeSet};

use super::*;
use data::day::parse_iso;

fn orders(spec: &Spec) -> (String, Truth) {
    let (mut files, truth) = in_memory(spec).expect("a possible shop");
    (String::from_utf8(files.remove(0)).expect("UTF-8"), truth)
}

/// Cents of `12.34`.
fn cents(text: &str) -> u64 {
    let (whole, fraction) = text.split_once('.').expect("two decimals");
    assert_eq!(fraction.len(), 2);
    whole.parse::<u64>().expect("number") * 100 + fraction.parse::<u64>().expect("number")
}

#[test]
fn order_log_adds_up_to_its_truth() {
    let (text, truth) = orders(&Spec::new(1500, 5, Layout::Orders));
    let mut net = 0;
    let mut gross = 0;
    let mut kept: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut statuses: BTreeMap<&str, u64> = BTreeMap::new();
    let mut last_date = "";
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 9, "{line}");
        assert!(parse_iso(fields[1]).is_some(), "{line}");
        assert!(fields[1] >= last_date, "rows are sorted by date");
        last_date = fields[1];
        gross += cents(fields[7]);
        *statuses.entry(fields[8]).or_default() += 1;
        if fields[8] == "completed" {
            net += cents(fields[7]);
            kept.entry(fields[2]).or_default().insert(fields[0]);
        }
    }
    assert_eq!(truth.net_revenue, net as f64 / 100.0);
    assert_eq!(truth.gross_revenue, gross as f64 / 100.0);
    assert_eq!(truth.lines, text.lines().count() as u64 - 1);
    assert_eq!(truth.cancelled_lines, statuses["cancelled"]);
    assert_eq!(truth.returned_lines, statuses["returned"]);
    assert_eq!(truth.customers, kept.len() as u64);
    assert_eq!(
        truth.repeat_customers,
        kept.values().filter(|orders| orders.len() > 1).count() as u64
    );
    assert_eq!(
        truth.orders,
        kept.values().map(|orders| orders.len() as u64).sum::<u64>()
    );
    assert_eq!(
        truth.customers,
        truth.cohorts.iter().map(|cohort| cohort.size).sum::<u64>()
    );
}

#[test]
fn the_seed_decides_every_byte() {
    for shape in [
        Layout::Orders,
        Layout::Cdnow,
        Layout::Olist,
        Layout::Thelook,
        Layout::DeDs,
    ] {
        let spec = Spec::new(400, 1, shape);
        let first = in_memory(&spec).expect("possible");
        assert_eq!(first, in_memory(&spec).expect("possible"), "{shape:?}");
        let other = in_memory(&Spec { seed: 2, ..spec }).expect("possible");
        assert_ne!(first.0, other.0, "{shape:?}");
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let spec = Spec {
        orders_per_customer: 8.0,
        ..Spec::new(6000, 9, Layout::Orders)
    };
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let three = rayon::ThreadPoolBuilder::new().num_threads(3).build();
    let one = one.expect("pool").install(|| in_memory(&spec));
    let three = three.expect("pool").install(|| in_memory(&spec));
    assert!(one.expect("possible") == three.expect("possible"));
}

#[test]
fn cdnow_layout_has_its_columns_and_sums() {
    let spec = Spec::new(800, 4, Layout::Cdnow);
    let (text, truth) = orders(&spec);
    let mut sum = 0;
    let mut days = BTreeSet::new();
    for line in text.split_terminator("\r\n") {
        assert!(line.starts_with(" 00"), "{line:?}");
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        assert_eq!(fields.len(), 4, "{line:?}");
        assert_eq!((fields[0].len(), fields[1].len()), (5, 8), "{line:?}");
        sum += cents(fields[3]);
        days.insert((fields[0], fields[1]));
    }
    assert_eq!(truth.net_revenue, sum as f64 / 100.0);
    assert_eq!(truth.orders, days.len() as u64);
    assert_eq!(truth.customers, 800);
}

#[test]
fn olist_payments_of_delivered_orders_are_the_revenue() {
    let (files, truth) = in_memory(&Spec::new(600, 8, Layout::Olist)).expect("possible");
    let files: Vec<String> = files
        .into_iter()
        .map(|file| String::from_utf8(file).expect("UTF-8"))
        .collect();
    let rows = |file: usize| {
        files[file]
            .lines()
            .skip(1)
            .map(|line| line.split(',').collect::<Vec<_>>())
    };
    let delivered: BTreeMap<&str, &str> = rows(0)
        .filter(|order| order[2] == "delivered")
        .map(|order| (order[0], order[1]))
        .collect();
    let person: BTreeMap<&str, &str> = rows(1).map(|row| (row[0], row[1])).collect();
    let people: BTreeSet<&str> = delivered.values().map(|id| person[id]).collect();
    let paid: u64 = rows(2)
        .filter(|payment| delivered.contains_key(payment[0]))
        .map(|payment| cents(payment[4]))
        .sum();
    let items: u64 = rows(3)
        .filter(|item| delivered.contains_key(item[0]))
        .map(|item| cents(item[5]) + cents(item[6]))
        .sum();
    assert_eq!(truth.net_revenue, paid as f64 / 100.0);
    assert_eq!(paid, items);
    assert_eq!(truth.orders, delivered.len() as u64);
    assert_eq!(truth.customers, people.len() as u64);
    let products: BTreeSet<&str> = rows(4).map(|row| row[0]).collect();
    let sellers: BTreeSet<&str> = rows(5).map(|row| row[0]).collect();
    assert!(rows(3).all(|item| products.contains(item[2]) && sellers.contains(item[3])));
}

#[test]
fn realised_rates_agree_with_the_parameters() {
    let (text, truth) = orders(&Spec::new(20_000, 21, Layout::Orders));
    let parameters = &truth.parameters;
    let lines = truth.lines as f64;
    // Cancellation is drawn per order: five standard errors around the rate, lines being clustered.
    let rate = parameters.cancelled;
    let error = 5.0 * (rate / truth.order_rows as f64).sqrt();
    assert!((truth.cancelled_lines as f64 / lines - rate).abs() < error);
    let mut channels: BTreeMap<&str, f64> = BTreeMap::new();
    let mut returns: BTreeMap<&str, (f64, f64)> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for line in text.lines().skip(1) {
        let fields: Vec<&str> = line.split(',').collect();
        if seen.insert(fields[2]) {
            *channels.entry(fields[4]).or_default() += 1.0;
        }
        if fields[8] != "cancelled" {
            let (returned, all) = returns.entry(fields[5]).or_default();
            *returned += f64::from(u8::from(fields[8] == "returned"));
            *all += 1.0;
        }
    }
    for channel in &parameters.channels {
        let found = channels[channel.name] / seen.len() as f64;
        let error = 5.0 * (channel.share / seen.len() as f64).sqrt();
        assert!((found - channel.share).abs() < error, "{}", channel.name);
    }
    for category in &parameters.categories {
        let (returned, all) = returns[category.name];
        let error = 5.0 * (category.returned / all).sqrt();
        assert!(
            (returned / all - category.returned).abs() < error,
            "{}",
            category.name
        );
    }
    let per_order = lines / truth.order_rows as f64;
    assert!(
        (per_order - truth.spec.lines_per_order).abs() < 0.02,
        "{per_order}"
    );
}

#[test]
fn order_values_follow_gamma_gamma() {
    let spec = Spec {
        plain: true,
        ..Spec::new(30_000, 2, Layout::Cdnow)
    };
    let (text, truth) = orders(&spec);
    // Mean over customers of the first order's value: p·v ÷ (q − 1).
    let parameters = &truth.parameters;
    let mut last = "";
    let (mut sum, mut count) = (0.0, 0.0);
    for line in text.lines() {
        let fields: Vec<&str> = line.split_ascii_whitespace().collect();
        if fields[0] != last {
            sum += cents(fields[3]) as f64 / 100.0;
            count += 1.0;
            last = fields[0];
        }
    }
    let expected = parameters.p * parameters.v / (parameters.q - 1.0);
    assert_eq!(count, 30_000.0);
    // Variance of Gamma(p)/ν: m²·((p+1)(q−1) ÷ (p(q−2)) − 1); five standard errors.
    let (p, q) = (parameters.p, parameters.q);
    let variance = expected * expected * ((p + 1.0) * (q - 1.0) / (p * (q - 2.0)) - 1.0);
    let error = 5.0 * (variance / count).sqrt();
    assert!((sum / count - expected).abs() < error, "{}", sum / count);
}

#[test]
fn impossible_specs_say_why() {
    let refuse = |spec: Spec| in_memory(&spec).expect_err("impossible").to_string();
    let spec = Spec::new(100, 1, Layout::Orders);
    assert!(
        refuse(Spec {
            customers: 0,
            ..spec.clone()
        })
        .contains("at least one customer")
    );
    assert!(
        refuse(Spec {
            lines_per_order: 0.5,
            ..spec.clone()
        })
        .contains("lines per order")
    );
    assert!(
        refuse(Spec {
            orders_per_customer: 1e9,
            ..spec
        })
        .contains("cannot be reached")
    );
}
