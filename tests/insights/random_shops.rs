//! What must hold for every shop: small random shops, checked against slower, simpler code.

use std::collections::{BTreeMap, BTreeSet};

use keepers::{
    analysis::{
        breakdown::{Measure, Tally},
        breakdown_build::{by_attribute, by_trait},
        calendar::{MAX_LAYERS, calendar_revenue},
        concentration::value_distribution,
        customers::customers_as_of,
        lifecycle::lifecycle,
        overview_build::overview,
    },
    data::day::{Day, Period},
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::{Attribute, Codes, Milestone, NO_DAY, Orders, Step, flag},
};
use proptest::prelude::*;

const FIRST: Day = 19_000;
const DAYS: i32 = 900;

fn line() -> impl Strategy<Value = Line> {
    let kind =
        prop_oneof![8 => Just(Kind::Sale), 1 => Just(Kind::NotKept), 1 => Just(Kind::Credit)];
    (0..9_u32, 0..DAYS, 0..5_u32, 0..4_000_u32, kind, 0..16_u32).prop_map(
        |(customer, day, order, cents, kind, category)| Line {
            customer: customer.to_string(),
            day: FIRST + day,
            order: format!("{customer}-{order}"),
            amount: f64::from(cents) / if kind == Kind::Credit { -100.0 } else { 100.0 },
            kind,
            attributes: vec![format!("category {category:02}")],
        },
    )
}

/// Orders and customers with a kept line of the values, by plain sets.
fn naive_counts(orders: &Orders, as_of: Day, wanted: &dyn Fn(&str) -> bool) -> (u64, u64) {
    let (mut found, mut people) = (BTreeSet::new(), BTreeSet::new());
    for customer in 0..orders.customers() {
        for line in orders.lines_before(customer, as_of) {
            let kept = orders.flags[line] & (flag::NOT_KEPT | flag::CREDIT) == 0;
            if kept && wanted(orders.attributes[0].value(line)) {
                found.insert(orders.orders[line]);
                people.insert(customer);
            }
        }
    }
    (found.len() as u64, people.len() as u64)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn breakdowns_add_up(lines in proptest::collection::vec(line(), 1..90), age in 1..DAYS) {
        let mut orders = assemble(&lines, &["category"]).unwrap();
        orders.units = (0..orders.lines() as u32).map(|line| line % 4).collect();
        let as_of = FIRST + age;
        let customers = customers_as_of(&orders, as_of);
        let kpis = overview(&orders, &customers, Period::Month).kpis;
        let breakdown = by_attribute(&orders, &customers, &orders.attributes[0]);
        prop_assert_eq!((breakdown.total.orders, breakdown.total.customers), (kpis.orders, kpis.customers));
        prop_assert!((breakdown.total.revenue - kpis.net_revenue).abs() < 1e-6);
        let revenue: f64 = breakdown.groups.iter().map(|group| group.tally.revenue).sum();
        prop_assert!((revenue - kpis.net_revenue).abs() < 1e-6);
        let units: u64 = breakdown.groups.iter().map(|group| group.tally.units).sum();
        prop_assert_eq!(units, breakdown.total.units);
        for group in &breakdown.groups {
            let counts = naive_counts(&orders, as_of, &|value| value == group.value);
            prop_assert_eq!((group.tally.orders, group.tally.customers), counts);
        }
        for measure in Measure::ALL {
            let ranking = breakdown.ranking(measure);
            let named: Vec<&str> = ranking.top.iter().map(|&place| breakdown.groups[place].value.as_str()).collect();
            let mut values = ranking.top.iter().map(|&place| breakdown.groups[place].tally.get(measure));
            let mut before = f64::INFINITY;
            prop_assert!(values.all(|value| std::mem::replace(&mut before, value) >= value));
            if let Some((count, other)) = &ranking.other {
                prop_assert_eq!(named.len() + count, breakdown.distinct);
                let counts = naive_counts(&orders, as_of, &|value| !named.contains(&value));
                prop_assert_eq!((other.orders, other.customers), counts);
            }
        }
    }

    #[test]
    fn traits_add_up(lines in proptest::collection::vec(line(), 1..60)) {
        let mut orders = assemble(&lines, &["category"]).unwrap();
        let count = orders.customers();
        orders.traits.push(Attribute {
            name: "gender".to_owned(),
            codes: Codes::U8((0..count).map(|customer| (customer % 3) as u8).collect()),
            values: ["", "F", "M"].into_iter().collect(),
        });
        let customers = customers_as_of(&orders, FIRST + DAYS);
        let kpis = overview(&orders, &customers, Period::Month).kpis;
        let breakdown = by_trait(&orders, &customers, &orders.traits[0]);
        let sum = |of: fn(&Tally) -> u64| -> u64 {
            breakdown.groups.iter().map(|group| of(&group.tally)).sum()
        };
        prop_assert_eq!((sum(|tally| tally.orders), sum(|tally| tally.customers)), (kpis.orders, kpis.customers));
        prop_assert!((breakdown.total.revenue - kpis.net_revenue).abs() < 1e-6);
    }

    #[test]
    fn vintages_sum_to_net_revenue(lines in proptest::collection::vec(line(), 1..90), age in 1..DAYS + 40) {
        let orders = assemble(&lines, &["category"]).unwrap();
        let customers = customers_as_of(&orders, FIRST + age);
        let overview = overview(&orders, &customers, Period::Quarter);
        let calendar = calendar_revenue(&orders, &customers, Period::Quarter);
        if customers.active == 0 {
            prop_assert!(calendar.layers.is_empty());
            return Ok(());
        }
        let mut by_period: BTreeMap<i32, f64> = BTreeMap::new();
        let layers = calendar.layers.iter().map(|layer| &layer.revenue);
        for revenue in layers.chain([&calendar.without_customer]) {
            for (place, revenue) in revenue.iter().enumerate() {
                *by_period.entry(calendar.first + place as i32).or_default() += revenue;
            }
        }
        let total: f64 = by_period.values().sum();
        prop_assert!((total - overview.kpis.net_revenue).abs() < 1e-6);
        for period in &overview.series {
            prop_assert!((by_period[&period.index] - period.revenue()).abs() < 1e-6);
        }
        let acquired: u64 = calendar.layers.iter().map(|layer| layer.customers).sum();
        prop_assert_eq!(acquired, overview.kpis.customers);
        prop_assert!(calendar.layers.len() <= MAX_LAYERS);
    }

    #[test]
    fn steps_never_grow(
        lines in proptest::collection::vec(line(), 1..60),
        gaps in proptest::collection::vec(proptest::option::of(-3..60_i32), 180),
        age in 1..DAYS,
    ) {
        let mut orders = assemble(&lines, &["category"]).unwrap();
        let steps = [Step::Shipped, Step::Delivered, Step::Returned];
        orders.milestones = steps
            .into_iter()
            .enumerate()
            .map(|(number, step)| Milestone {
                step,
                days: (0..orders.lines())
                    .map(|line| gaps[number * 60 + line].map_or(NO_DAY, |gap| orders.days[line] + gap))
                    .collect(),
            })
            .collect();
        let customers = customers_as_of(&orders, FIRST + age);
        let way = lifecycle(&orders, &customers);
        prop_assert!(way.steps.windows(2).all(|pair| pair[0].lines >= pair[1].lines));
        for pair in way.steps.windows(2) {
            prop_assert_eq!(pair[0].lines, pair[1].lines + pair[1].not_kept + pair[1].open);
        }
        prop_assert!(way.kept <= way.lines);
    }

    #[test]
    fn shares_grow_to_everything(lines in proptest::collection::vec(line(), 1..60)) {
        let orders = assemble(&lines, &["category"]).unwrap();
        let customers = customers_as_of(&orders, FIRST + DAYS);
        let value = value_distribution(&customers);
        let positive: u64 = value.counts.iter().sum();
        prop_assert_eq!(positive + value.without_value, value.customers);
        if let Some(last) = value.curve.last() {
            prop_assert!((last - 1.0).abs() < 1e-9);
            let best_first = value.top.windows(2).all(|pair| pair[0].customers <= pair[1].customers);
            prop_assert!(best_first);
        }
    }
}
