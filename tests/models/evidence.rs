//! Verdicts over many shops whose truth is known by construction: futures dealt out at random, futures
//! that past spend alone decides, futures that prices decide, and shops with hardly any customers.
//!
//! `KEEPERS_SHOPS=40` asks for as many shops of each kind; a few stand for them by default.

use keepers::{
    base::monitor::Monitor,
    data::lines::in_memory::{Kind, Line, assemble},
    data::orders::{Attribute, Codes, Orders},
    evaluation::{random::Draws, verdict::Verdict},
    models::{
        Gallery, Material, Recipe, Run, Sample, TrainError,
        recipe::{BoostingSpec, ForestSpec, ModelSpec},
        train_here,
    },
};

const OPENING: i32 = 10_000;
/// The backtest learns from the window before the last one; each is 90 days long.
const WINDOW: i32 = 90;
const PAST: i32 = 540;
const RECIPES: [Gallery; 4] = [
    Gallery::Clv90Days,
    Gallery::Spend90Days,
    Gallery::Purchase90Days,
    Gallery::Churn,
];

fn shops() -> u64 {
    let asked = std::env::var("KEEPERS_SHOPS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(3)
}

/// How the orders of the windows after the first [`PAST`] days come about.
#[derive(Clone, Copy)]
enum Future {
    /// Any customer, whatever was before.
    Chance,
    /// The chance to buy rises with what was spent so far, and so does the amount.
    PastSpend,
    /// Those who paid high prices and were there not long ago come back, hardly anybody else: no single
    /// input tells them.
    Prices,
}

struct Customer {
    price: f64,
    spent: f64,
    /// Day of the last order.
    last: f64,
}

/// A shop of `count` customers. Everyone's past is drawn alike: when, how often and for how much have
/// nothing to do with each other.
fn shop(count: usize, future: Future, seed: u64) -> (Orders, i32) {
    let mut draws = Draws::new(seed, 0);
    let mut lines: Vec<Line> = Vec::new();
    let mut order = |customer: usize, day: f64, amount: f64| {
        lines.push(Line {
            customer: format!("c{customer:05}"),
            day: OPENING + day as i32,
            order: format!("o{}", lines.len()),
            amount: (amount * 100.0).round() / 100.0,
            kind: Kind::Sale,
            attributes: Vec::new(),
        });
    };
    let mut customers: Vec<Customer> = Vec::new();
    for number in 0..count {
        let price = 20.0 + 80.0 * draws.uniform();
        let orders = 1 + (8.0 * draws.uniform().powi(2)) as usize;
        let (mut spent, mut last) = (0.0, 0.0_f64);
        for _ in 0..orders {
            // In a shop ruled by prices, those who pay little buy more pieces.
            let pieces = match future {
                Future::Prices => (120.0 / price).round().max(1.0),
                _ => 1.0,
            };
            for _ in 0..pieces as usize {
                let amount = price * (0.9 + 0.2 * draws.uniform());
                let day = f64::from(PAST) * draws.uniform();
                order(number, day.floor(), amount);
                spent += amount;
                last = last.max(day);
            }
        }
        customers.push(Customer { price, spent, last });
    }
    for window in 0..2 {
        let start = PAST + window * WINDOW;
        let mean = customers.iter().map(|one| one.spent).sum::<f64>() / count as f64;
        for (number, one) in customers.iter_mut().enumerate() {
            let chance = match future {
                Future::Chance => 0.35,
                Future::PastSpend => (0.35 * one.spent / mean).min(0.95),
                Future::Prices if one.price > 60.0 && f64::from(start) - one.last < 150.0 => 0.85,
                Future::Prices => 0.05,
            };
            if draws.uniform() >= chance {
                continue;
            }
            let amount = match future {
                Future::Chance => 20.0 + 80.0 * draws.uniform(),
                Future::PastSpend => (0.3 * one.spent) * (0.5 + draws.uniform()),
                Future::Prices => one.price * (0.9 + 0.2 * draws.uniform()),
            };
            let day = f64::from(start) + f64::from(WINDOW) * draws.uniform();
            order(number, day.floor().max(f64::from(start + 1)), amount);
            one.spent += amount;
            one.last = day;
        }
    }
    // One more order on the last day, so that every shop ends on it.
    let last = PAST + 2 * WINDOW;
    order(count, f64::from(last), 50.0);
    (assemble(&lines, &[]).unwrap(), OPENING + last + 1)
}

/// The gallery's recipe with grids of one point and small forests, without oversampling: what counts
/// here is the verdict.
fn quick(gallery: Gallery, seed: u64) -> Recipe {
    let mut recipe = gallery.recipe();
    recipe.seed = seed;
    recipe.smote = None;
    for model in &mut recipe.models {
        match model {
            ModelSpec::Boosting(spec) => {
                *spec = BoostingSpec {
                    trees: vec![100],
                    ..spec.clone()
                }
            }
            ModelSpec::Forest(spec) => {
                *spec = ForestSpec {
                    trees: 30,
                    depth: vec![6],
                    ..spec.clone()
                }
            }
            _ => {}
        }
    }
    recipe
}

fn trained(orders: &Orders, as_of: i32, recipe: &Recipe) -> Result<Run, TrainError> {
    train_here(Material::Orders(orders), as_of, recipe, &Monitor::silent())
}

/// Verdicts out of time of every 90-day recipe on every shop of a kind.
fn verdicts(count: usize, future: Future) -> Vec<(Verdict, String)> {
    let mut found = Vec::new();
    for seed in 0..shops() {
        let (orders, as_of) = shop(count, future, seed);
        for gallery in RECIPES {
            let run = trained(&orders, as_of, &quick(gallery, seed)).expect("a run");
            let report = run.report(run.best, Sample::OutOfTime(0), &Monitor::silent());
            let report = report.expect("a report");
            let name = gallery.name();
            found.push((report.verdict, format!("{name}: {}", report.sentence)));
        }
    }
    found
}

fn useful(found: &[(Verdict, String)]) -> usize {
    let useful = found.iter().filter(|(verdict, _)| verdict.is_useful());
    let count = useful.clone().count();
    for (_, sentence) in useful {
        eprintln!("{sentence}");
    }
    eprintln!("{count} of {} useful", found.len());
    count
}

#[test]
fn futures_dealt_out_at_random_are_hardly_ever_useful() {
    let found = verdicts(800, Future::Chance);
    // 2 of 160.
    assert!(useful(&found) <= found.len().div_ceil(80));
}

#[test]
fn where_past_spend_suffices_hardly_any_model_is_useful() {
    let found = verdicts(800, Future::PastSpend);
    // 3 of 264.
    assert!(useful(&found) <= found.len().div_ceil(88));
}

#[test]
fn what_prices_foretell_is_useful() {
    let found = verdicts(800, Future::Prices);
    for (verdict, sentence) in &found {
        if !verdict.is_useful() {
            eprintln!("{verdict:?}: {sentence}");
        }
    }
    // 38 of 40.
    assert!(useful(&found) >= found.len() * 38 / 40);
}

/// Shops with few customers are never ranked upside down, and what they cannot tell is not told.
#[test]
fn small_shops_are_not_ranked_upside_down() {
    for (seed, count) in [(1, 150), (2, 150), (3, 250), (4, 250), (5, 500)] {
        for (gallery, name, chance) in [
            (Gallery::Purchase90Days, "auc", 0.5),
            (Gallery::Spend90Days, "gini_normalised", 0.0),
        ] {
            let (orders, as_of) = shop(count, Future::Prices, seed);
            let recipe = gallery.recipe();
            let run = trained(&orders, as_of, &recipe).expect("a run");
            let model = run.at_backtest(run.best, 0).expect("a backtest");
            let (found, later) = (run.best().cross_validated[name], model.metrics[name]);
            // Prices decide: as clearly as the same model finds with more customers.
            assert!(
                found > chance + 0.2 && later > chance + 0.2,
                "{count}: {found} {later}"
            );
        }
        let (orders, as_of) = shop(count, Future::Chance, seed);
        let recipe = Gallery::Purchase90Days.recipe();
        let run = trained(&orders, as_of, &recipe).expect("a run");
        let report = run.report(run.best, Sample::HoldOut, &Monitor::silent());
        let report = report.expect("a report");
        assert!(
            matches!(report.verdict, Verdict::TooSmallToTell | Verdict::NoSignal),
            "{count}: {}",
            report.sentence
        );
        if count == 150 {
            // 30 locked customers tell nothing.
            assert_eq!(
                report.verdict,
                Verdict::TooSmallToTell,
                "{}",
                report.sentence
            );
        }
    }
}

/// A tier written from everything a customer ever spends knows the answers; the run names it. A
/// column drawn at random is not named.
#[test]
fn a_column_without_a_date_that_a_model_hangs_on_is_named() {
    let (mut orders, as_of) = shop(800, Future::Chance, 4);
    let spent =
        |customer: usize| -> f64 { orders.lines_of(customer).map(|line| orders.net(line)).sum() };
    let after = |customer: usize| -> f64 {
        let later = |line: &usize| orders.days[*line] > as_of - 1 - WINDOW;
        let lines = orders.lines_of(customer).filter(later);
        lines.map(|line| orders.net(line)).sum()
    };
    // Gold: some of what was spent came in the window that is to be foreseen.
    let tier = |customer| u8::from(after(customer) > 0.05 * spent(customer));
    let customers = 0..orders.customers();
    let tiers: Vec<u8> = customers.clone().map(tier).collect();
    let coins: Vec<u8> = customers
        .map(|customer| (customer * 7 % 11 % 2) as u8)
        .collect();
    for (name, codes) in [("customer_tier", tiers), ("coin", coins)] {
        orders.traits.push(Attribute {
            name: name.to_owned(),
            codes: Codes::U8(codes),
            values: ["basic", "gold"].into_iter().collect(),
        });
    }
    for gallery in [Gallery::Clv90Days, Gallery::Churn] {
        let run = trained(&orders, as_of, &quick(gallery, 1)).expect("a run");
        let named = |name: &str| {
            let quoted = format!("“{name}” carries no date");
            run.warnings
                .iter()
                .any(|warning| warning.starts_with(&quoted))
        };
        assert!(named("customer_tier"), "{:?}", run.warnings);
        assert!(!named("coin"), "{:?}", run.warnings);
    }
}
