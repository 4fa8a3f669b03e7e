//! Generated shops read back to the very numbers they were generated with.

use std::collections::BTreeMap;

use keepers::{
    base::monitor::Monitor,
    data::dataset::options::ReadOptions,
    data::dataset::{Dataset, Shape},
    data::day::{Period, iso},
    data::load::load,
    data::orders::flag,
    simulator::{Spec, Truth, disk::to_folder},
};

use super::set::{count, kept_customers, net, rows_of};

fn generated(shape: Shape) -> (Dataset, Truth) {
    let folder = tempfile::tempdir().expect("folder");
    let spec = Spec::new(1_500, 11, shape);
    let (truth, _) = to_folder(&spec, folder.path(), false, &Monitor::silent()).expect("generated");
    let paths = [folder.path().to_path_buf()];
    let data = load(&paths, &ReadOptions::default(), &Monitor::silent()).expect("opens");
    (data, truth)
}

#[test]
fn every_shape_reads_back_to_its_truth() {
    for shape in [
        Shape::OrderLog,
        Shape::Cdnow,
        Shape::Olist,
        Shape::Thelook,
        Shape::DeDs,
    ] {
        let (data, truth) = generated(shape);
        let orders = &data.orders;
        assert_eq!(data.shape, shape);
        // Cents add up exactly; the sum of as many floats is off by less than a cent.
        assert!((net(orders) - truth.net_revenue).abs() < 0.005, "{shape:?}");
        assert_eq!(
            count(orders, flag::ORDER_START) as u64,
            truth.orders,
            "{shape:?}"
        );
        assert_eq!(kept_customers(orders) as u64, truth.customers, "{shape:?}");
        let range = orders
            .day_range()
            .map(|(first, last)| (iso(first), iso(last)));
        assert_eq!(
            range,
            truth.first_order.clone().zip(truth.last_order.clone()),
            "{shape:?}"
        );
        assert_eq!(cohorts(&data), expected_cohorts(&truth), "{shape:?}");
    }
}

fn cohorts(data: &Dataset) -> BTreeMap<String, u64> {
    let orders = &data.orders;
    let mut sizes = BTreeMap::new();
    for customer in 0..orders.customers() {
        let mut lines = orders.lines_of(customer);
        if let Some(first) = lines.find(|&line| orders.flags[line] & flag::ORDER_START != 0) {
            let month = Period::Month.label(Period::Month.index(orders.days[first]));
            *sizes.entry(month).or_default() += 1;
        }
    }
    sizes
}

fn expected_cohorts(truth: &Truth) -> BTreeMap<String, u64> {
    let cohorts = truth.cohorts.iter();
    cohorts
        .map(|cohort| (cohort.cohort.clone(), cohort.size))
        .collect()
}

#[test]
fn thelook_layouts_count_their_lines_and_users() {
    let (csv, truth) = generated(Shape::Thelook);
    let (json, _) = generated(Shape::DeDs);
    assert_eq!(csv.orders, json.orders);
    assert_eq!(csv.orders.lines() as u64, truth.lines);
    assert_eq!(
        rows_of(&csv, "not_kept"),
        truth.cancelled_lines + truth.returned_lines
    );
    assert_eq!((csv.tables[0].rows, json.tables[0].rows), (1_500, 1_500));
    assert_eq!(csv.remarks, Vec::<String>::new());
    assert_eq!(json.remarks, Vec::<String>::new());
    let names: Vec<&str> = csv
        .orders
        .traits
        .iter()
        .map(|known| known.name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "age",
            "gender",
            "state",
            "city",
            "country",
            "traffic_source"
        ]
    );
}
