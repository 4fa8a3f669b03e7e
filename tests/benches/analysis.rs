//! What the analyses cost at 1,000,000 customers and 10,000,000 lines.
//!
//! `cargo bench --profile dev --bench analysis` prints, per call, the median wall time and CPU time
//! (all threads) of a number of runs, with the limit it has to keep. CPU time is the figure to
//! compare between machines under load. The shop is made in memory from a fixed seed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::too_many_lines)]

#[path = "../common/cost.rs"]
mod cost;

use std::hint::black_box;

use cost::{Watch, median};

use keepers::{
    analysis::{
        cohort_build::cohorts,
        cohorts::{CohortSpec, RowsBy},
        conditions::RuleInputs,
        customer_list::{SortKey, search_customers, sort_customers},
        customers::customers_as_of,
        overview_build::overview,
        rfm::{TieRule, score},
        rule_check::check_rules,
        rules::{Comparison, Condition, Field, Rule, default_rules},
        segmenting::segment,
        selection::{
            Axis, Outline, Part, Quantity, Range, Selection, Value, select, tables::Tables,
        },
        sides::sides,
    },
    data::day::{Day, Period, parse_iso},
    data::orders::{Attribute, Codes, Orders, TextPool, flag},
};

const CUSTOMERS: usize = 1_000_000;
const RUNS: usize = 15;

/// Small fixed generator (xorshift): numbers of no statistical ambition, the same everywhere.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % limit
    }
}

/// Three years, about ten lines a customer, two lines an order, 3 % not kept, 1 % credits.
fn shop(first: Day) -> Orders {
    let mut numbers = Numbers(0x2545_F491_4F6C_DD1D);
    let mut orders = Orders::default();
    let mut countries = Vec::new();
    orders.offsets.push(0);
    for customer in 0..CUSTOMERS {
        orders
            .customer_ids
            .push(&format!("C{customer:07}"))
            .unwrap();
        // Half of the customers order once or twice, a few very often.
        let spread = numbers.below(100);
        let count = 1 + match spread {
            0..50 => spread % 2,
            50..90 => numbers.below(8),
            _ => numbers.below(46),
        };
        let mut days: Vec<Day> = (0..count)
            .map(|_| first + numbers.below(1_095) as Day)
            .collect();
        days.sort_unstable();
        let country = numbers.below(30) as u8;
        let mut last_day = None;
        for day in days {
            let number = orders.order_ids.len() as u32 + orders.orders.last().map_or(0, |n| n + 1);
            let not_kept = numbers.below(100) < 3;
            let credit = !not_kept && numbers.below(100) < 1;
            for line in 0..=numbers.below(3) {
                let kept = !not_kept && !credit;
                let flags = if not_kept { flag::NOT_KEPT } else { 0 }
                    | if credit { flag::CREDIT } else { 0 }
                    | if kept && line == 0 {
                        flag::ORDER_START
                    } else {
                        0
                    }
                    | if kept && last_day != Some(day) {
                        flag::DAY_START
                    } else {
                        0
                    };
                if kept {
                    last_day = Some(day);
                }
                let amount = (numbers.below(9_000) + 100) as f64 / 100.0;
                orders.days.push(day);
                orders.amounts.push(if credit { -amount } else { amount });
                orders.orders.push(number);
                orders.flags.push(flags);
                countries.push(country);
            }
        }
        orders.offsets.push(orders.days.len() as u32);
    }
    let names: Vec<String> = (0..30)
        .map(|country| format!("country {country:02}"))
        .collect();
    orders.attributes.push(Attribute {
        name: "country".to_owned(),
        codes: Codes::U8(countries),
        values: names.iter().map(String::as_str).collect::<TextPool>(),
    });
    orders
}

fn measure<T>(name: &str, limit: &str, mut run: impl FnMut() -> T) {
    black_box(run());
    let mut costs = Vec::new();
    for _ in 0..RUNS {
        let watch = Watch::start();
        let result = run();
        costs.push(watch.cost());
        black_box(result);
    }
    let walls = costs.iter().map(|cost| cost.wall_ms);
    let best = walls.clone().fold(f64::INFINITY, f64::min);
    println!(
        "{name:<44} {:>8.2} {best:>8.2} {:>8.2}   {limit}",
        median(walls.collect()),
        median(costs.iter().map(|cost| cost.cpu_ms).collect())
    );
}

fn main() {
    let first = parse_iso("2022-01-01").unwrap();
    let as_of = first + 1_080;
    let orders = shop(first);
    println!(
        "{} customers, {} lines, {} threads, {RUNS} runs\n",
        orders.customers(),
        orders.lines(),
        std::thread::available_parallelism().map_or(1, usize::from)
    );
    println!(
        "{:<44} {:>8} {:>8} {:>8}   limit (wall)",
        "ms", "median", "best", "cpu"
    );
    measure("customers as of S", "≤ 50", || {
        customers_as_of(&orders, as_of)
    });
    let customers = customers_as_of(&orders, as_of);
    measure("scores, ties share", "", || {
        score(&customers, TieRule::Share)
    });
    measure("scores, rank first", "", || {
        score(&customers, TieRule::RankFirst)
    });
    let scores = score(&customers, TieRule::Share);
    let rules = default_rules();
    measure("segments, rules over scores", "≤ 8", || {
        segment(RuleInputs::without_attributes(&customers, &scores), &rules)
    });
    let general = general_rules();
    measure("segments, rules over values", "≤ 8", || {
        segment(
            RuleInputs::without_attributes(&customers, &scores),
            &general,
        )
    });
    measure("rule check", "", || {
        check_rules(RuleInputs::without_attributes(&customers, &scores), &rules)
    });
    let segments = segment(RuleInputs::without_attributes(&customers, &scores), &rules);
    for period in [Period::Month, Period::Week] {
        let spec = CohortSpec {
            period,
            rows: RowsBy::Acquisition,
        };
        measure(&format!("cohorts by {}", period.noun()), "", || {
            cohorts(&orders, as_of, &spec)
        });
    }
    let by_country = CohortSpec {
        period: Period::Month,
        rows: RowsBy::Attribute("country".to_owned()),
    };
    measure("cohorts by attribute", "", || {
        cohorts(&orders, as_of, &by_country)
    });
    let table = cohorts(&orders, as_of, &CohortSpec::default());
    measure("overview by month", "", || {
        overview(&orders, &customers, Period::Month)
    });
    let tables = Tables {
        orders: &orders,
        customers: &customers,
        scores: &scores,
        segments: &segments,
        cohorts: &table,
        extras: keepers::analysis::selection::tables::Extras::default(),
    };
    selections(tables);
}

/// The default list with two rules that look at values.
fn general_rules() -> Vec<Rule> {
    let test = |field, comparison, limit| Condition::Test(field, comparison, limit);
    let mut rules = default_rules();
    rules[0].when = Condition::All(vec![
        test(Field::RecencyDays, Comparison::AtMost, 120.0),
        test(Field::Frequency, Comparison::AtLeast, 5.0),
        test(Field::Monetary, Comparison::AtLeast, 500.0),
    ]);
    rules[1].when = Condition::All(vec![
        test(Field::Aov, Comparison::AtLeast, 80.0),
        test(Field::TenureDays, Comparison::AtLeast, 365.0),
    ]);
    rules
}

/// What is drawn around customers, what a search found, and a selection next to everyone.
fn shapes(tables: Tables<'_>) {
    let only = |part: Part| Selection::from(vec![part]);
    let within = only(Part::Within(vec![
        Range::new(Quantity::RecencyDays, Some(30.0), Some(400.0)),
        Range::new(Quantity::Frequency, None, Some(4.0)),
    ]));
    measure("select a box", "≤ 100", || select(tables, &within));
    let axis = |quantity| Axis {
        quantity,
        log: true,
    };
    let corner = |step: u32| {
        let angle = f64::from(step) / 60.0 * std::f64::consts::TAU;
        (
            Value(2.0 + 0.5 * angle.cos()),
            Value(0.5 + 0.5 * angle.sin()),
        )
    };
    let lasso = only(Part::Outline(Outline {
        x: axis(Quantity::RecencyDays),
        y: axis(Quantity::Frequency),
        corners: (0..60).map(corner).collect(),
    }));
    measure("select a lasso of 60 corners", "≤ 100", || {
        select(tables, &lasso)
    });
    let found = only(Part::Found("99".to_owned()));
    measure("select every id that contains 99", "≤ 100", || {
        select(tables, &found)
    });
    let (some, all) = (
        select(tables, &within),
        select(tables, &Selection::default()),
    );
    measure("a selection beside everyone", "", || {
        sides(tables, &some, &all)
    });
}

fn selections(tables: Tables<'_>) {
    let only = |part: Part| Selection::from(vec![part]);
    let vip = only(Part::Segment("VIP".to_owned()));
    measure("select a segment", "≤ 100", || select(tables, &vip));
    let row = &tables.cohorts.rows[0];
    let cell = |spec: CohortSpec, age| {
        only(Part::Cohort {
            spec,
            key: row.key,
            label: row.label.clone(),
            age,
        })
    };
    let own = cell(CohortSpec::default(), Some(3));
    measure("select a cohort cell", "≤ 100", || select(tables, &own));
    let other = cell(
        CohortSpec {
            period: Period::Quarter,
            rows: RowsBy::Acquisition,
        },
        None,
    );
    measure("select a cohort of another table", "≤ 100", || {
        select(tables, &other)
    });
    let ids = (0..100_000).map(|place| tables.orders.customer_ids.get(place * 10).to_owned());
    let named = only(Part::Customers(ids.collect()));
    measure("select 100,000 customers by id", "≤ 100", || {
        select(tables, &named)
    });
    shapes(tables);
    let everyone: Vec<u32> = (0..tables.customers.len() as u32).collect();
    measure("sort 1,000,000 by revenue", "", || {
        sort_customers(tables, SortKey::Monetary, true, &everyone)
    });
    measure("search ids of 1,000,000", "", || {
        search_customers(tables.orders, "c0012", &everyone)
    });
}
