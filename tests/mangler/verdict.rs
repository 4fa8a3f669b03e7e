//! What is found in a mangled shop, and what to think of it.

use keepers::{
    data::{
        dataset::{
            Dataset,
            error::DataError,
            options::{self, ReadOptions},
            understanding::{Question, WarningCode},
        },
        day::{Day, iso},
        orders::{Orders, flag},
    },
    simulator::mangle::{Mangled, damage::Need, shop::Figures},
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The numbers are right and nothing is asked.
    Right,
    /// Something is asked, and one of the readings is right, or a warning names the matter.
    Asked {
        /// The ids of the questions.
        asked: Vec<String>,
        /// Whether the likeliest reading is wrong, or nobody can know.
        needed: bool,
        /// What the likeliest reading has wrong.
        problem: String,
    },
    /// Not opened, for this reason.
    Refused(String),
    /// Wrong without a word, in this way.
    Wrong(String),
    Crashed,
}

/// A headline number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    Customers,
    Orders,
    Net,
    Best,
    Days,
}

/// Counts by walking the lines, so that no analysis has a part in the verdict.
pub fn found(orders: &Orders) -> Figures {
    let starts = |customer: usize| {
        let mut lines = orders.lines_of(customer);
        lines.any(|line| orders.flags[line] & flag::ORDER_START != 0)
    };
    let starting = (0..orders.lines()).filter(|line| orders.flags[*line] & flag::ORDER_START != 0);
    let net: f64 = (0..orders.lines()).map(|line| orders.net(line)).sum();
    let worth = (0..orders.customers()).map(|customer| {
        let lines = orders.lines_of(customer);
        lines.map(|line| orders.net(line)).sum::<f64>()
    });
    let in_cents = |money: f64| (money * 100.0).round() as i64;
    let (first, last) = orders.day_range().unwrap_or_default();
    Figures {
        customers: (0..orders.customers())
            .filter(|customer| starts(*customer))
            .count() as u64,
        orders: starting.count() as u64,
        net_cents: in_cents(net),
        best_cents: worth.map(in_cents).max().unwrap_or_default(),
        first,
        last,
    }
}

/// Warnings that name the matter when this figure is wrong.
fn named_by(figure: Figure) -> &'static [WarningCode] {
    use WarningCode as Code;
    match figure {
        Figure::Customers => &[Code::RoundedIds],
        Figure::Orders => &[Code::RoundedIds, Code::WeakJoin, Code::UnusedTable],
        Figure::Net => &[
            Code::MixedCurrencies,
            Code::DecimalSign,
            Code::NoAmount,
            Code::WeakJoin,
            Code::UnusedTable,
        ],
        Figure::Best => &[
            Code::RoundedIds,
            Code::MixedCurrencies,
            Code::DecimalSign,
            Code::NoAmount,
            Code::WeakJoin,
            Code::UnusedTable,
        ],
        Figure::Days => &[Code::DayMonthOrder, Code::PlaceholderDates],
    }
}

/// The warning, and the question, that must stand beside what cannot be known.
fn meets(need: Need) -> (WarningCode, &'static str) {
    match need {
        Need::DayMonth => (WarningCode::DayMonthOrder, options::DAY_MONTH_ORDER),
        Need::DecimalSign => (WarningCode::DecimalSign, options::DECIMAL_SIGN),
        Need::Currencies => (WarningCode::MixedCurrencies, "currency"),
        Need::RoundedIds => (WarningCode::RoundedIds, ""),
        // Nothing takes the place of a refusal.
        Need::Refusal => (WarningCode::NoAmount, ""),
    }
}

/// What to think of what was loaded; `answered` loads the shop with other answers.
pub fn judge(
    shop: &Mangled,
    loaded: Result<&Dataset, &DataError>,
    answered: impl Fn(&ReadOptions) -> Option<Dataset>,
) -> Verdict {
    let dataset = match loaded {
        Ok(dataset) => dataset,
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    if shop.needs.contains(&Need::Refusal) {
        return Verdict::Wrong("opened without a customer or a date".to_owned());
    }
    let said = &dataset.understanding;
    let warned = |code: WarningCode| said.warnings.iter().any(|warning| warning.code == code);
    for need in &shop.needs {
        let (code, id) = meets(*need);
        let asked = said.questions.iter().any(|question| question.id == id);
        if !asked && !warned(code) {
            return Verdict::Wrong(format!("{need:?} cannot be known and was not asked"));
        }
    }
    let asked: Vec<String> = said
        .questions
        .iter()
        .map(|question| question.id.clone())
        .collect();
    let excused = |figure: &Figure| named_by(*figure).iter().any(|code| warned(*code));
    let is_right = |dataset: &Dataset| {
        differing(&shop.truth, &found(&dataset.orders))
            .iter()
            .all(excused)
    };
    let found = found(&dataset.orders);
    if differing(&shop.truth, &found).is_empty() && asked.is_empty() && shop.needs.is_empty() {
        return Verdict::Right;
    }
    // A question excuses a wrong figure only where one of its readings is the right one.
    let asked_for = || {
        answers(&said.questions)
            .iter()
            .any(|options| answered(options).is_some_and(|dataset| is_right(&dataset)))
    };
    if is_right(dataset) || asked_for() {
        let wrong = differing(&shop.truth, &found);
        let needed = !wrong.is_empty() || !shop.needs.is_empty();
        let problem = told(&shop.truth, &found);
        Verdict::Asked {
            asked,
            needed,
            problem,
        }
    } else {
        Verdict::Wrong(told(&shop.truth, &found))
    }
}

/// Readings tried of one shop.
const MOST_READINGS: usize = 64;

/// Every choice of every question with every choice of the others.
fn answers(questions: &[Question]) -> Vec<ReadOptions> {
    let mut all = vec![ReadOptions::default()];
    for question in questions {
        all = all
            .iter()
            .flat_map(|options| {
                question.choices.iter().map(|choice| {
                    let mut options = options.clone();
                    options
                        .answers
                        .insert(question.id.clone(), choice.id.clone());
                    options
                })
            })
            .take(MOST_READINGS)
            .collect();
    }
    all
}

/// The figures that are not as they should be; a cent is rounding.
fn differing(truth: &Figures, found: &Figures) -> Vec<Figure> {
    let mut figures = Vec::new();
    for (figure, same) in [
        (Figure::Customers, truth.customers == found.customers),
        (Figure::Orders, truth.orders == found.orders),
        (Figure::Net, (truth.net_cents - found.net_cents).abs() <= 1),
        (
            Figure::Best,
            (truth.best_cents - found.best_cents).abs() <= 1,
        ),
        (
            Figure::Days,
            truth.first == found.first && truth.last == found.last,
        ),
    ] {
        if !same {
            figures.push(figure);
        }
    }
    figures
}

/// Truth and finding side by side, where they differ.
fn told(truth: &Figures, found: &Figures) -> String {
    let money = |cents: i64| format!("{:.2}", cents as f64 / 100.0);
    let days = |first: Day, last: Day| format!("{} to {}", iso(first), iso(last));
    let parts = differing(truth, found)
        .into_iter()
        .map(|figure| match figure {
            Figure::Customers => format!("customers {} for {}", found.customers, truth.customers),
            Figure::Orders => format!("orders {} for {}", found.orders, truth.orders),
            Figure::Net => format!(
                "net {} for {}",
                money(found.net_cents),
                money(truth.net_cents)
            ),
            Figure::Best => format!(
                "best customer {} for {}",
                money(found.best_cents),
                money(truth.best_cents)
            ),
            Figure::Days => {
                let (read, real) = (days(found.first, found.last), days(truth.first, truth.last));
                format!("days {read} for {real}")
            }
        });
    parts.collect::<Vec<_>>().join(", ")
}
