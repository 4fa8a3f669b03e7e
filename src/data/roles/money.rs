//! How the money of a table comes about: one column, price × quantity, an order's total on its lines.

use hashbrown::HashMap;

use super::{
    evidence::{self, Points},
    facts::{Facts, Sample},
    vocabulary::{Spoken, concept::Concept},
};
use crate::{
    dataset::Role,
    values::{dates, numbers, sides::Side, text},
};

/// What an amount belongs to when an order has several rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum AmountGrain {
    /// Each row has its own part of the money.
    #[default]
    Line,
    /// The order's total stands on every row of it.
    Repeated,
    /// The order's total stands on its first row; the others are empty.
    FirstRow,
}

/// How the money of a table comes about, by columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Money {
    /// There is none.
    #[default]
    None,
    Amount {
        column: usize,
        grain: AmountGrain,
    },
    /// Price of a unit × quantity, less a discount where there is one.
    Product {
        price: usize,
        quantity: usize,
        discount: Option<usize>,
    },
}

impl Money {
    /// The money's name within its table: what a choice is known by.
    #[must_use]
    pub fn name(&self, columns: &[String]) -> String {
        match self {
            Self::None => String::new(),
            Self::Amount { column, .. } => columns[*column].clone(),
            Self::Product {
                price, quantity, ..
            } => format!("{} × {}", columns[*price], columns[*quantity]),
        }
    }

    /// The roles that say that this is the money.
    #[must_use]
    pub fn roles(&self, columns: &[String]) -> Vec<(String, Role)> {
        match self {
            Self::None => Vec::new(),
            Self::Amount { column, .. } => vec![(columns[*column].clone(), Role::Amount)],
            Self::Product {
                price, quantity, ..
            } => vec![
                (columns[*price].clone(), Role::UnitPrice),
                (columns[*quantity].clone(), Role::Quantity),
            ],
        }
    }

    /// The column that amounts stand in, or prices.
    #[must_use]
    pub fn column(&self) -> Option<usize> {
        match self {
            Self::None => None,
            Self::Amount { column, .. } => Some(*column),
            Self::Product { price, .. } => Some(*price),
        }
    }
}

/// Two columns of which each row fills one: money that comes in, and money that goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sides {
    pub comes_in: usize,
    pub goes_out: usize,
    /// Whether the names say which is which in every book.
    pub certain: bool,
}

impl Sides {
    fn of(candidates: &[Candidate<'_>]) -> Option<Self> {
        let named = candidates.iter().filter(|at| at.facts.numbers >= 0.8);
        let named = named.filter_map(|at| {
            let side = at.words.iter().find_map(|word| Side::of(word))?;
            Some((at, side))
        });
        let named: Vec<_> = named.collect();
        named.iter().find_map(|(one, side)| {
            let (other, _) = named.iter().find(|(other, opposite)| {
                side.comes_in && side.is_opposite(*opposite) && exclude(one.facts, other.facts)
            })?;
            Some(Self {
                comes_in: one.at,
                goes_out: other.at,
                certain: side.certain,
            })
        })
    }

    /// The other column.
    #[must_use]
    pub fn beside(self, column: usize) -> Option<usize> {
        let both = [self.comes_in, self.goes_out];
        both.contains(&column)
            .then(|| self.comes_in + self.goes_out - column)
    }

    /// Puts what the names say, or else the side with more money, before the other one.
    fn rank(self, candidates: &[Candidate<'_>], ways: &mut [MoneyWay]) {
        let sum = |at: usize| {
            let known = candidates.iter().find(|candidate| candidate.at == at);
            known.map_or(0.0, |known| known.facts.sum().abs())
        };
        let less = if self.certain || sum(self.comes_in) >= sum(self.goes_out) {
            self.goes_out
        } else {
            self.comes_in
        };
        let is_side = |way: &MoneyWay| way.money.column().and_then(|at| self.beside(at)).is_some();
        let best = ways.iter().filter(|way| is_side(way));
        let best = best.map(|way| way.points).fold(PLAIN_SIDE, f64::max);
        for way in ways.iter_mut().filter(|way| is_side(way)) {
            way.points = match way.money.column() == Some(less) {
                false => best,
                true if self.certain => -best,
                true => best - 0.1,
            };
        }
    }
}

/// Columns of which each row fills one, beside the one that amounts were found in: paid in cash or by card.
#[must_use]
pub fn elsewhere(candidates: &[Candidate<'_>], column: usize, orders: &OrderRows) -> Vec<usize> {
    let is_money = |at: &&Candidate<'_>| {
        let points = evidence::amount(at.words, at.spoken, at.facts);
        points.is_some_and(|points| points.name >= 0.0 && points.cells >= 0.0)
            && at.facts.fill() < 0.97
            && at.facts.decimals > 0.0
            && !at.words.iter().any(|word| numbers::is_currency_word(word))
    };
    let mut found: Vec<&Candidate<'_>> = candidates.iter().filter(is_money).collect();
    let Some(first) = found.iter().position(|at| at.at == column) else {
        return Vec::new();
    };
    let first = found.remove(first);
    // A total on one row of an order and parts of it on others are the same money.
    let fills =
        |at: &Candidate<'_>, rows: &[usize]| rows.iter().any(|&row| !at.facts.values[row].is_nan());
    let both = |at: &Candidate<'_>| orders.share(|rows| fills(at, rows) && fills(first, rows));
    found.retain(|at| exclude(first.facts, at.facts) && both(at) <= 0.5);
    let is_apart = |(place, one): (usize, &&Candidate<'_>)| {
        let mut others = found[place + 1..].iter();
        others.all(|other| exclude(one.facts, other.facts))
    };
    // Together they fill every row.
    let filled = |row: usize| {
        let mut all = std::iter::once(first).chain(found.iter().copied());
        all.any(|at| !at.facts.values[row].is_nan())
    };
    let rows = first.facts.rows;
    let full = (0..rows).filter(|&row| filled(row)).count() as f64 >= NEARLY_ALL * rows as f64;
    if full && found.iter().enumerate().all(is_apart) {
        found.iter().map(|at| at.at).collect()
    } else {
        Vec::new()
    }
}

/// The sides of an account are money, if no other column is it by its name.
const PLAIN_SIDE: f64 = 2.0;

/// Whether nearly every row has money in one of two columns, and some rows in each.
fn exclude(one: &Facts, other: &Facts) -> bool {
    let filled = |value: &f64| !value.is_nan() && *value != 0.0;
    let (mut both, mut only) = (0, [0, 0]);
    for (one, other) in one.values.iter().zip(&other.values) {
        match (filled(one), filled(other)) {
            (true, true) => both += 1,
            (true, false) => only[0] += 1,
            (false, true) => only[1] += 1,
            (false, false) => {}
        }
    }
    only.iter().all(|rows| *rows > 0) && both * 33 <= only[0] + only[1]
}

/// A way to the money, and what speaks for it.
#[derive(Clone, Debug, PartialEq)]
pub struct MoneyWay {
    pub money: Money,
    pub points: f64,
    /// What calculation says, where it says something.
    pub proof: Option<String>,
}

/// A column as money is looked for in it.
#[derive(Clone, Copy)]
pub struct Candidate<'a> {
    pub at: usize,
    pub words: &'a [String],
    pub spoken: &'a Spoken,
    pub facts: &'a Facts,
    pub sample: &'a Sample,
}

/// The rows of a sample that belong to one order, for orders with several rows.
#[derive(Debug, Default)]
pub struct OrderRows(Vec<Vec<usize>>);

impl OrderRows {
    /// Groups rows by the cells of the order column.
    #[must_use]
    pub fn of(orders: &Sample) -> Self {
        let mut groups = HashMap::<&str, Vec<usize>>::new();
        for row in 0..orders.rows() {
            let id = text::tidy_id(orders.cell(row));
            if !dates::is_missing(id) {
                groups.entry(id).or_default().push(row);
            }
        }
        let mut several: Vec<_> = groups.into_values().filter(|rows| rows.len() > 1).collect();
        several.sort_unstable();
        // The sample may end in the middle of an order.
        Self(several)
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Some of the rows of each order, where they are still several.
    fn only(&self, some: impl Fn(&[usize]) -> Vec<usize>) -> Self {
        let orders = self.0.iter().map(|rows| some(rows));
        Self(orders.filter(|rows| rows.len() > 1).collect())
    }

    /// Share of orders whose rows pass.
    #[must_use]
    pub fn share(&self, passes: impl Fn(&[usize]) -> bool) -> f64 {
        let passed = self.0.iter().filter(|rows| passes(rows)).count();
        passed as f64 / self.0.len().max(1) as f64
    }
}

/// Nearly all rows or orders: exports have a few odd ones.
const NEARLY_ALL: f64 = 0.97;
/// So many orders with several rows show by themselves that a repeated amount is the order's.
const MANY_ORDERS: usize = 12;

/// Columns that may be money, compared with each other in pairs.
const MOST_COMPARED: usize = 64;

/// What the rows of orders say about a column of amounts.
fn grain(
    candidate: &Candidate<'_>,
    orders: &OrderRows,
    others: &[Candidate<'_>],
) -> (AmountGrain, Option<String>) {
    if orders.is_empty() {
        return (AmountGrain::Line, None);
    }
    let values = &candidate.facts.values;
    // Rows that take money back stand beside those of the sale.
    let sold = |rows: &[usize]| -> Vec<usize> {
        let kept = rows.iter().copied();
        kept.filter(|&row| values[row].is_nan() || values[row] >= 0.0)
            .collect()
    };
    let orders = &orders.only(sold);
    if orders.is_empty() {
        return (AmountGrain::Line, None);
    }
    let first_only = orders.share(|rows| {
        !values[rows[0]].is_nan() && rows[1..].iter().all(|&row| values[row].is_nan())
    });
    if first_only >= NEARLY_ALL {
        let name = &candidate.sample.name;
        return (
            AmountGrain::FirstRow,
            Some(format!("`{name}` stands on the first row of an order only")),
        );
    }
    let same = orders.share(|rows| rows.iter().all(|&row| values[row] == values[rows[0]]));
    if same < NEARLY_ALL {
        return (AmountGrain::Line, None);
    }
    let adds_up = |other: &&Candidate<'_>| {
        other.at != candidate.at
            && orders.share(|rows| {
                let sum: f64 = rows.iter().map(|&row| other.facts.values[row]).sum();
                (sum - values[rows[0]]).abs() < 0.011
            }) >= 0.9
            && orders.share(|rows| {
                rows.iter()
                    .any(|&row| other.facts.values[row] != values[row])
            }) > 0.5
    };
    if let Some(other) = others.iter().find(adds_up) {
        return (
            AmountGrain::Repeated,
            Some(format!(
                "the sum of `{}` over the rows of an order is `{}`, which stands on every row",
                other.sample.name, candidate.sample.name
            )),
        );
    }
    let speaks = candidate.spoken.has(Concept::Order)
        || candidate.spoken.has(Concept::Subtotal)
        || (candidate.spoken.has(Concept::Amount) && !candidate.spoken.has(Concept::Line));
    let varied = candidate.facts.distinct > 2;
    // One order is enough where its rows differ in pieces and not in money, or the name says "order total".
    let differs = |other: &Candidate<'_>, rows: &[usize]| {
        let pieces = &other.facts.values;
        rows.iter().any(|&row| pieces[row] != pieces[rows[0]])
    };
    let pieces_differ = others
        .iter()
        .filter(|other| other.spoken.has(Concept::Quantity))
        .any(|other| orders.share(|rows| differs(other, rows)) > 0.5);
    let of_order = candidate.spoken.has(Concept::Order) && candidate.spoken.has(Concept::Amount);
    let enough = if pieces_differ { 1 } else { 2 };
    let shows = varied && (orders.len() >= MANY_ORDERS || speaks && orders.len() >= enough);
    if of_order || shows {
        return (
            AmountGrain::Repeated,
            Some(format!(
                "`{}` is the same on every row of an order",
                candidate.sample.name
            )),
        );
    }
    (AmountGrain::Line, None)
}

/// All ways to the money of a table, the best first, and the two sides of an account if it is of one.
#[must_use]
pub fn ways(candidates: &[Candidate<'_>], orders: &OrderRows) -> (Vec<MoneyWay>, Option<Sides>) {
    let paid: Vec<(Candidate<'_>, Points)> = candidates
        .iter()
        .filter_map(|candidate| {
            let points = evidence::amount(candidate.words, candidate.spoken, candidate.facts)?;
            Some((*candidate, points))
        })
        .collect();
    // Of thousands of columns the unlikely ones are not compared with each other.
    let mut paid = paid;
    if paid.len() > MOST_COMPARED {
        paid.sort_by(|a, b| b.1.total().total_cmp(&a.1.total()));
        paid.truncate(MOST_COMPARED);
        paid.sort_by_key(|(candidate, _)| candidate.at);
    }
    let amounts: Vec<Candidate<'_>> = paid.iter().map(|(candidate, _)| *candidate).collect();
    let mut ways = Vec::new();
    for (candidate, points) in &paid {
        let (grain, proof) = grain(candidate, orders, &amounts);
        // A total of the order holds what the customer paid in the end.
        let total = if grain == AmountGrain::Line { 0.0 } else { 0.5 };
        ways.push(MoneyWay {
            money: Money::Amount {
                column: candidate.at,
                grain,
            },
            points: points.total() + total,
            proof,
        });
    }
    multiply(candidates, &mut ways);
    let sides = Sides::of(candidates);
    if let Some(sides) = sides {
        sides.rank(candidates, &mut ways);
    }
    ways.sort_by(|a, b| b.points.total_cmp(&a.points));
    (ways, sides)
}

/// Adds price × quantity, and proves amounts that are one.
fn multiply(candidates: &[Candidate<'_>], ways: &mut Vec<MoneyWay>) {
    let best = |points: &dyn Fn(&Candidate<'_>) -> Option<f64>| {
        candidates
            .iter()
            .filter_map(|candidate| Some((points(candidate)?, *candidate)))
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.at.cmp(&a.1.at)))
    };
    let named = best(&|candidate| evidence::quantity(candidate.spoken, candidate.facts));
    let price = best(&|candidate| {
        evidence::unit_price(candidate.words, candidate.spoken, candidate.facts)
            .filter(|_| named.is_none_or(|(_, quantity)| candidate.at != quantity.at))
    });
    let Some((price_points, price)) = price else {
        return;
    };
    let unnamed = || nameless_quantity(candidates).filter(|_| price.spoken.has(Concept::Unit));
    let Some((quantity_points, quantity)) = named.or_else(|| Some((0.0, unnamed()?))) else {
        return;
    };
    let taken_off = discounts(candidates);
    let mut is_amount = false;
    for way in ways.iter_mut() {
        let Money::Amount { column, .. } = way.money else {
            continue;
        };
        let Some(amount) = candidates.iter().find(|candidate| candidate.at == column) else {
            continue;
        };
        if column == price.at {
            continue;
        }
        let product = Product {
            price,
            quantity,
            taken_off: &taken_off,
        };
        if let Some((proof, points)) = product.proves(*amount) {
            way.points += points;
            way.proof = Some(proof);
            is_amount = true;
        }
    }
    if is_amount {
        return;
    }
    let of = if named.is_none() {
        PriceOf::Doubtful
    } else {
        let named_unit = price.spoken.has(Concept::Unit);
        price_of(price.facts, quantity.facts, named_unit)
    };
    if of == PriceOf::Line {
        if let Some(way) = ways
            .iter_mut()
            .find(|way| way.money.column() == Some(price.at))
        {
            way.points += 1.0;
            way.proof = Some(format!(
                "`{}` grows with `{}`: it is the price of the whole row",
                price.sample.name, quantity.sample.name
            ));
        }
        return;
    }
    let mut points = price_points + (quantity_points / 4.0).min(1.0);
    // An amount of its own name says what was paid; a price may be rounded, capped or that of the list.
    let own = ways.iter().filter(|way| {
        let column = way.money.column();
        let named = candidates
            .iter()
            .find(|candidate| Some(candidate.at) == column);
        named.is_some_and(|amount| {
            amount.spoken.has(Concept::Amount) && !amount.spoken.has(Concept::Price)
        })
    });
    let best = own.map(|way| way.points).fold(0.0, f64::max);
    if best >= PLAIN_AMOUNT {
        points = points.min(best - 0.1);
    }
    ways.push(MoneyWay {
        money: Money::Product {
            price: price.at,
            quantity: quantity.at,
            discount: taken_off.first().map(|discount| discount.at),
        },
        points,
        proof: None,
    });
    // A price beside a quantity is no amount by itself, unless it seems to grow with it.
    let product = ways.last().map_or(0.0, |way| way.points);
    for way in ways.iter_mut() {
        if matches!(way.money, Money::Amount { column, .. } if column == price.at) {
            way.points = if of == PriceOf::Doubtful {
                product - 0.1
            } else {
                way.points - 2.0
            };
        }
    }
}

/// The one column of small whole numbers whose name says nothing: beside the price of a unit it may count them.
fn nameless_quantity<'a>(candidates: &[Candidate<'a>]) -> Option<Candidate<'a>> {
    let counts = |candidate: &&Candidate<'_>| {
        let facts = candidate.facts;
        let numbers = || facts.values.iter().filter(|value| !value.is_nan());
        candidate.spoken.concepts.is_empty()
            && facts.numbers >= 0.99
            && facts.whole >= 0.99
            && (2..facts.filled).contains(&facts.distinct)
            && numbers().all(|&value| (0.0..=1_000.0).contains(&value.abs()))
    };
    let mut found = candidates.iter().filter(counts);
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

/// An amount with so many points is one by its name.
const PLAIN_AMOUNT: f64 = 3.0;

/// Columns of what is taken off price × quantity.
fn discounts<'a>(candidates: &[Candidate<'a>]) -> Vec<Candidate<'a>> {
    let taken_off = candidates.iter().filter(|candidate| {
        evidence::is_discount(candidate.spoken, candidate.facts) && candidate.facts.zeros < 1.0
    });
    taken_off.copied().collect()
}

/// Price × quantity, and what may be taken off.
struct Product<'a, 'b> {
    price: Candidate<'a>,
    quantity: Candidate<'a>,
    taken_off: &'b [Candidate<'a>],
}

impl Product<'_, '_> {
    fn of(&self, row: usize) -> f64 {
        self.price.facts.values[row] * self.quantity.facts.values[row]
    }

    /// Says how an amount comes about, where it is the product, with a discount or without; what is left
    /// after a discount was paid, so it has more points.
    fn proves(&self, amount: Candidate<'_>) -> Option<(String, f64)> {
        let paid = |row: usize| amount.facts.values[row];
        let words = format!(
            "`{}` = `{}` × `{}`",
            amount.sample.name, self.price.sample.name, self.quantity.sample.name
        );
        if holds(paid, |row| self.of(row), self.quantity.facts, false) {
            return Some((words, 2.5));
        }
        let off = self.taken_off.iter().find(|off| {
            let values = &off.facts.values;
            let discount = |row: usize| {
                if values[row].is_nan() {
                    0.0
                } else {
                    values[row]
                }
            };
            let share = |row: usize| self.of(row) * (1.0 - discount(row));
            let percent = |row: usize| self.of(row) * (1.0 - discount(row) / 100.0);
            let money = |row: usize| self.of(row) - discount(row);
            holds(paid, share, self.quantity.facts, true)
                || holds(paid, percent, self.quantity.facts, true)
                || holds(paid, money, self.quantity.facts, true)
        })?;
        Some((format!("{words} less `{}`", off.sample.name), 2.8))
    }
}

/// Whether two ways of calculating agree: on rows of one unit too where that says something.
fn holds(
    amount: impl Fn(usize) -> f64,
    product: impl Fn(usize) -> f64,
    quantity: &Facts,
    one_unit_tells: bool,
) -> bool {
    let (mut asked, mut equal) = (0, 0);
    for (row, &units) in quantity.values.iter().enumerate() {
        let (amount, product) = (amount(row), product(row));
        if units.is_nan() || amount.is_nan() || product.is_nan() || units == 0.0 {
            continue;
        }
        let same = (amount - product).abs() < 0.011 + product.abs() * 1e-4;
        if one_unit_tells || (units - 1.0).abs() > 1e-9 {
            asked += 1;
            equal += u32::from(same);
        } else if !same {
            asked += 1;
        }
    }
    asked >= 3 && f64::from(equal) >= 0.97 * f64::from(asked)
}

/// What prices beside quantities show of whose price it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum PriceOf {
    Unit,
    /// More likely of the whole row than of a unit, and not certain.
    Doubtful,
    Line,
}

/// Rows that show whether prices grow with quantities.
const LEAST_PRICES: f64 = 16.0;
/// Growth between that of a unit's price, which does not grow, and that of a row's, which grows in proportion.
const HALF_GROWN: f64 = 0.5;
/// Standard errors above [`HALF_GROWN`] that are certain; against a name that says "unit"; and that are a doubt.
const CERTAIN: [f64; 3] = [2.5, 4.0, 1.0];
/// Growth known less well than this is no reason to doubt.
const VAGUE: f64 = 0.4;

/// Whether rows with more units have a price that is higher in proportion: then it is that of the row. The
/// growth is that of the logarithms.
fn price_of(price: &Facts, quantity: &Facts, named_unit: bool) -> PriceOf {
    let pairs = price.values.iter().zip(&quantity.values);
    let points: Vec<(f64, f64)> = pairs
        .filter(|(price, units)| **price > 0.0 && **units >= 1.0 && units.fract() == 0.0)
        .map(|(price, units)| (libm::log(*units), libm::log(*price)))
        .collect();
    let rows = points.len() as f64;
    let mean = |of: &dyn Fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / rows;
    let (units, prices) = (mean(&|point| point.0), mean(&|point| point.1));
    let spread = points
        .iter()
        .map(|point| (point.0 - units).powi(2))
        .sum::<f64>();
    if rows < LEAST_PRICES || spread <= 0.0 {
        return PriceOf::Unit;
    }
    let together = |point: &(f64, f64)| (point.0 - units) * (point.1 - prices);
    let growth = points.iter().map(together).sum::<f64>() / spread;
    let rest = |point: &(f64, f64)| (point.1 - prices - growth * (point.0 - units)).powi(2);
    let error = (points.iter().map(rest).sum::<f64>() / (rows - 2.0) / spread).sqrt();
    let above = |errors: f64| growth - errors * error > HALF_GROWN;
    let [certain, against_name, doubtful] = CERTAIN;
    if named_unit {
        // The name and the rows contradict each other.
        return if above(against_name) {
            PriceOf::Doubtful
        } else {
            PriceOf::Unit
        };
    }
    if above(certain) {
        PriceOf::Line
    } else if above(doubtful) && error < VAGUE {
        PriceOf::Doubtful
    } else {
        PriceOf::Unit
    }
}
