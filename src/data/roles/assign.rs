//! The roles of a table's columns: the best assignment over the evidence of all of them.

use std::collections::BTreeMap;

use hashbrown::HashSet;
use rayon::prelude::*;

use super::{
    date_forms, evidence,
    facts::{self, Facts, Sample},
    full_name,
    headers::TableHeaders,
    money::{self, AmountGrain, Candidate, Money, MoneyWay, OrderRows, Sides},
    reason::{Guess, Reason},
    vocabulary::{self, Spoken, concept::Concept},
};
use crate::{
    dataset::Role,
    layouts::{TableLayout, Taught},
    lines::marks::StatusKind,
    values::{
        dates::{self, UNREADABLE},
        numbers,
        serials::Form,
        status::{self, Standing},
    },
};

/// What decides beside the evidence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Said<'a> {
    /// Column → role, by the user.
    pub roles: Option<&'a BTreeMap<String, Role>>,
    /// Column → role, by answers to questions.
    pub answers: Option<&'a BTreeMap<String, Role>>,
    /// The export of these columns that the user has taught.
    pub taught: Option<Taught<'a>>,
    /// The known export this table is of, and its title.
    pub layout: Option<(&'a TableLayout, &'a str)>,
}

/// What the columns of a table mean together.
#[derive(Clone, Debug, Default)]
pub struct TableRoles {
    /// One per column.
    pub guesses: Vec<Guess>,
    pub money: Money,
    /// What speaks for it, in points ([`super::evidence`]).
    pub money_points: f64,
    /// Ways to the money that are nearly as likely, the next best first.
    pub rivals: Vec<MoneyWay>,
    /// Dates that are as likely as the one chosen.
    pub other_dates: Vec<usize>,
    /// How the cells of the date are to be read.
    pub date_form: Form,
    /// The first names that belong to the customer's column of last names.
    pub given_names: Option<usize>,
    /// Columns in which the amount of a row stands where that of the money is empty.
    pub elsewhere: Vec<usize>,
    /// The columns of money in and money out, where these are two.
    pub sides: Option<Sides>,
    /// Whether the money stands in cents, says its name.
    pub in_cents: bool,
    /// Whether a column says which rows are money given back.
    pub credits_by_kind: bool,
    /// The likeliest money and date, where an answer chose others.
    pub first_choice: Option<Money>,
    pub first_date: Option<usize>,
    pub facts: Vec<Facts>,
    pub spoken: Vec<Spoken>,
}

impl TableRoles {
    /// The first column with a role.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.guesses.iter().position(|guess| guess.role == role)
    }

    /// All columns with a role.
    pub fn columns(&self, role: Role) -> impl Iterator<Item = usize> + '_ {
        let guesses = self.guesses.iter().enumerate();
        guesses.filter_map(move |(at, guess)| (guess.role == role).then_some(at))
    }

    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        self.guesses.iter().map(|guess| guess.role).collect()
    }
}

/// Judges every column of a table by its name and its first rows.
#[must_use]
pub fn assign(samples: &[Sample], said: Said<'_>) -> TableRoles {
    let decimals = facts::decimals_of(samples);
    let headers = TableHeaders::of(samples);
    let mut facts: Vec<Facts> = samples
        .par_iter()
        .zip(decimals)
        .with_max_len(1)
        .map(|(sample, decimal)| Facts::of(sample, decimal))
        .collect();
    date_forms::take(&mut facts, samples, &headers.spoken);
    let mut board = Board {
        samples,
        facts: &facts,
        headers: &headers,
        guesses: vec![None; samples.len()],
        said,
        money: Money::None,
        money_points: f64::INFINITY,
        rivals: Vec::new(),
        other_dates: Vec::new(),
        given_names: None,
        sides: None,
        elsewhere: Vec::new(),
    };
    board.take_what_is_said();
    board.date();
    board.statuses();
    board.order();
    board.customer();
    board.money();
    board.rest();
    let money_points = board.money_points;
    let in_cents = board.money.column().is_some_and(|at| {
        let word = |word: &String| CENTS.contains(&word.as_str());
        facts[at].whole > 0.999 && headers.words[at].iter().any(word)
    });
    let credits_by_kind = (0..samples.len()).any(|at| board.says_credits(at));
    let date = board.position(Role::Date);
    let date_form = date.map_or(Form::Auto, |at| facts[at].form);
    let Board {
        guesses,
        money,
        rivals,
        other_dates,
        given_names,
        sides,
        elsewhere,
        ..
    } = board;
    TableRoles {
        guesses: guesses
            .into_iter()
            .map(|guess| guess.unwrap_or_else(|| Guess::new(Role::Attribute, Reason::Left)))
            .collect(),
        money,
        rivals,
        other_dates,
        given_names,
        date_form,
        money_points,
        sides,
        elsewhere,
        in_cents,
        credits_by_kind,
        first_choice: None,
        first_date: None,
        spoken: headers.spoken,
        facts,
    }
}

/// Why a column without a name is the customer.
pub const BY_RETURNING: &str = "ids that come back on other days";

/// Whether a word of a name is the code of a currency.
#[must_use]
pub fn is_code(word: &str) -> bool {
    word.len() == 3 && numbers::is_currency_word(word)
}

/// Words of a name that say that amounts are hundredths.
const CENTS: [&str; 7] = [
    "cents", "cent", "pence", "centimes", "centimos", "grosze", "kopeks",
];

impl<'a> Said<'a> {
    /// Whether nothing was said of any column.
    #[must_use]
    pub fn by_nobody(&self) -> bool {
        self.layout.is_none()
            && self.taught.is_none()
            && self.roles.is_none_or(BTreeMap::is_empty)
            && self.answers.is_none_or(BTreeMap::is_empty)
    }

    /// The role of a column in the export the user has taught, and its title.
    fn taught_role(&self, column: &str) -> Option<(Role, &'a str)> {
        let taught = self.taught?;
        Some((taught.table.role_of(column)?, taught.title))
    }
}

/// How much it weighs who said what a column means.
fn weight(reason: &Reason) -> u8 {
    match reason {
        Reason::Chosen | Reason::Answered => 2,
        Reason::Taught(_) => 1,
        _ => 0,
    }
}

struct Board<'a> {
    samples: &'a [Sample],
    facts: &'a [Facts],
    headers: &'a TableHeaders,
    guesses: Vec<Option<Guess>>,
    said: Said<'a>,
    money: Money,
    money_points: f64,
    rivals: Vec<MoneyWay>,
    other_dates: Vec<usize>,
    given_names: Option<usize>,
    sides: Option<Sides>,
    elsewhere: Vec<usize>,
}

impl Board<'_> {
    fn take_what_is_said(&mut self) {
        for (at, sample) in self.samples.iter().enumerate() {
            let by = |roles: Option<&BTreeMap<String, Role>>| roles?.get(&sample.name).copied();
            self.guesses[at] = if let Some(role) = by(self.said.roles) {
                Some(Guess::new(role, Reason::Chosen))
            } else if let Some(role) = by(self.said.answers) {
                Some(Guess::new(role, Reason::Answered))
            } else if let Some((role, title)) = self.said.taught_role(&sample.name) {
                Some(Guess::new(role, Reason::Taught(title.to_owned())))
            } else {
                self.said.layout.and_then(|(layout, title)| {
                    let role = layout.role_of(&sample.name)?;
                    Some(Guess::new(role, Reason::Layout(title.to_owned())))
                })
            };
        }
        // Of a role of which there is one, what is said of these files goes before what was taught of earlier
        // ones, and that before what a layout says.
        for at in 0..self.guesses.len() {
            let Some(Guess { role, reason }) = self.guesses[at].clone() else {
                continue;
            };
            for guess in self.guesses.iter_mut().filter(|_| role.is_single()) {
                let weaker =
                    |guess: &Guess| guess.role == role && weight(&guess.reason) < weight(&reason);
                if guess.as_ref().is_some_and(weaker) {
                    *guess = None;
                }
            }
        }
    }

    fn has(&self, role: Role) -> bool {
        self.position(role).is_some()
    }

    fn position(&self, role: Role) -> Option<usize> {
        let guesses = self.guesses.iter();
        guesses
            .clone()
            .position(|guess| guess.as_ref().is_some_and(|guess| guess.role == role))
    }

    fn free(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.samples.len()).filter(|&at| self.guesses[at].is_none())
    }

    /// The reason that stands beside a role: the name where it speaks, else the cells.
    fn reason(&self, at: usize, name_points: f64, cells: &'static str) -> Reason {
        let name = self.samples[at].name.clone();
        if name_points >= 3.0 {
            Reason::Named(name)
        } else if name_points > 0.0 {
            Reason::PartlyNamed(name)
        } else {
            Reason::Content(cells)
        }
    }

    fn date(&mut self) {
        if self.has(Role::Date) {
            return;
        }
        let mut fitting: Vec<(f64, usize, f64)> = self
            .free()
            .filter_map(|at| {
                let points = evidence::date(&self.headers.spoken[at], &self.facts[at])?;
                Some((points.total(), at, points.name))
            })
            .filter(|(points, ..)| *points > 0.0)
            .collect();
        fitting.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let Some(&(best, at, name)) = fitting.first() else {
            // Named as the date, but its cells are none: the report says what is wrong with it.
            let named = self.free().find(|&at| {
                let spoken = &self.headers.spoken[at];
                spoken.has(Concept::Date)
                    && spoken.any(&[Concept::Purchase, Concept::Order])
                    && evidence::date(
                        spoken,
                        &Facts {
                            dates: 1.0,
                            filled: 1,
                            ..Facts::default()
                        },
                    )
                    .is_some_and(|points| points.name >= 2.0)
            });
            if let Some(at) = named {
                let reason = Reason::Named(self.samples[at].name.clone());
                self.guesses[at] = Some(Guess::new(Role::Date, reason));
            }
            return;
        };
        self.other_dates = fitting[1..]
            .iter()
            .filter(|(points, ..)| best - points < 0.4)
            .filter(|(_, other, _)| self.days_differ(at, *other))
            .map(|(_, other, _)| *other)
            .collect();
        let reason = self.reason(at, name, "the first column that holds dates");
        self.guesses[at] = Some(Guess::new(Role::Date, reason));
    }

    fn days_differ(&self, a: usize, b: usize) -> bool {
        let pairs = self.facts[a].days.iter().zip(&self.facts[b].days);
        let known = pairs.filter(|(a, b)| **a > UNREADABLE && **b > UNREADABLE);
        let (mut asked, mut different) = (0, 0);
        for (a, b) in known {
            asked += 1;
            different += u32::from(a != b);
        }
        different * 100 > asked
    }

    fn statuses(&mut self) {
        for at in 0..self.samples.len() {
            if self.guesses[at].is_some() {
                continue;
            }
            let (spoken, facts) = (&self.headers.spoken[at], &self.facts[at]);
            let name = &self.samples[at].name;
            let came_back = spoken.any(&[Concept::Returned, Concept::Cancelled])
                && spoken.has(Concept::Date)
                && (facts.filled == 0 || facts.dates >= 0.5);
            if came_back {
                let reason = format!("named `{name}`: a value here means the line was returned");
                self.guesses[at] = Some(Guess::said(Role::Status, reason));
            } else if self.is_flag(at) {
                let reason = format!("named `{name}`: a yes here means that there is no sale");
                self.guesses[at] = Some(Guess::said(Role::Status, reason));
            } else if self.is_status(at) {
                let reason = if spoken.has(Concept::Status) {
                    Reason::Named(name.clone())
                } else {
                    Reason::Content("its words say what became of orders")
                };
                self.guesses[at] = Some(Guess::new(Role::Status, reason));
            }
        }
    }

    /// Yes and no, and the name says that a yes is a cancelled order or a test.
    fn is_flag(&self, at: usize) -> bool {
        let (sample, facts) = (&self.samples[at], &self.facts[at]);
        if facts.filled == 0
            || facts.distinct > 2
            || StatusKind::of(&sample.name) != StatusKind::Flag
        {
            return false;
        }
        // Ones and noughts may count what was returned, or be its price.
        let counts = facts.numbers > 0.0
            && self.headers.spoken[at].any(&[Concept::Refund, Concept::Amount, Concept::Count]);
        let mut cells = (0..sample.rows()).map(|row| sample.cell(row));
        !counts && cells.all(|cell| dates::is_missing(cell) || status::yes_or_no(cell).is_some())
    }

    /// Whether a column says of some rows that they are money given back.
    fn says_credits(&self, at: usize) -> bool {
        let sample = &self.samples[at];
        let of_status = self.guesses[at]
            .as_ref()
            .is_some_and(|guess| guess.role == Role::Status);
        let mut cells = (0..sample.rows()).map(|row| sample.cell(row));
        of_status
            && StatusKind::of(&sample.name) == StatusKind::Kind
            && cells.any(status::is_given_back)
    }

    /// Few different words of which most are known to say what became of an order. `state` is a place or a
    /// status: its words tell.
    fn is_status(&self, at: usize) -> bool {
        let (spoken, facts) = (&self.headers.spoken[at], &self.facts[at]);
        if facts.filled == 0 || facts.letters < 0.8 || facts.dates >= 0.5 || facts.distinct > 40 {
            return false;
        }
        let sample = &self.samples[at];
        let mut words: Vec<&str> = (0..sample.rows())
            .map(|row| sample.cell(row))
            .filter(|cell| !dates::is_missing(cell))
            .collect();
        words.sort_unstable();
        words.dedup();
        let known = words
            .iter()
            .filter(|word| status::standing(word) != Standing::Unknown)
            .count();
        let share = known as f64 / words.len().max(1) as f64;
        if spoken.has(Concept::Status) && !spoken.has(Concept::Place) {
            return share > 0.0 || words.len() <= 12;
        }
        let of_other = spoken.any(&[Concept::Person, Concept::Product, Concept::Customer]);
        // What rows of an account can be is more than anybody knows words for.
        let kinds = StatusKind::of(&sample.name) == StatusKind::Kind;
        known >= 2 && (kinds && share >= 0.5 || share >= 0.8 && !of_other)
    }

    fn order(&mut self) {
        if self.has(Role::Order) {
            return;
        }
        let best = self
            .free()
            .filter_map(|at| {
                let points = evidence::order(&self.headers.spoken[at], &self.facts[at])?;
                (points.name >= 2.5 && points.total() >= 1.5)
                    .then(|| (points.total() + self.one_day(at), at, points.name))
            })
            .filter(|(points, ..)| *points >= 1.5)
            .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        if let Some((_, at, name)) = best {
            let reason = self.reason(at, name, "its values repeat on the lines of an order");
            self.guesses[at] = Some(Guess::new(Role::Order, reason));
        }
    }

    /// An order has one day: points for an id whose rows agree, against one whose rows do not.
    fn one_day(&self, at: usize) -> f64 {
        let Some(date) = self.position(Role::Date) else {
            return 0.0;
        };
        let rows = OrderRows::of(&self.samples[at]);
        let days = &self.facts[date].days;
        if rows.is_empty() || days.is_empty() {
            return 0.0;
        }
        // Money goes back on a day of its own.
        let goes_back = self.negative_rows();
        let agree = rows.share(|rows| {
            let known = rows
                .iter()
                .filter(|&&row| !goes_back.contains(&row))
                .map(|&row| days[row])
                .filter(|&day| day > UNREADABLE);
            let (low, high) = known.fold((i32::MAX, i32::MIN), |(low, high), day| {
                (low.min(day), high.max(day))
            });
            low >= high || high - low <= 1
        });
        if agree >= 0.9 {
            0.5
        } else {
            -3.0 * (1.0 - agree)
        }
    }

    /// Rows with negative money or pieces.
    fn negative_rows(&self) -> HashSet<usize> {
        let columns = self.facts.iter().zip(&self.headers.spoken);
        let counted = columns.filter(|(facts, spoken)| {
            let counts = spoken.any(&[Concept::Amount, Concept::Price, Concept::Quantity]);
            counts && facts.numbers >= 0.9 && facts.negatives > 0.0
        });
        let negative = counted.flat_map(|(facts, _)| {
            let values = facts.values.iter().enumerate();
            values.filter_map(|(row, value)| (*value < 0.0).then_some(row))
        });
        negative.collect()
    }

    fn customer(&mut self) {
        if self.has(Role::Customer) {
            return;
        }
        let mut fitting: Vec<(f64, usize, f64)> = self
            .free()
            .filter_map(|at| {
                let points = evidence::customer(&self.headers.spoken[at], &self.facts[at])?;
                Some((points.total() + self.one_customer(at), at, points.name))
            })
            .collect();
        fitting.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let named = fitting
            .iter()
            .find(|(points, _, name)| *points > 0.5 && *name > 0.0);
        let found = named.or_else(|| {
            // Without names only ids that come back speak for themselves.
            let silent = self.headers.silent
                || self
                    .samples
                    .iter()
                    .all(|sample| sample.name.starts_with("column "));
            fitting
                .iter()
                .find(|(points, at, _)| silent && *points > -1.0 && self.can_be_id(*at))
        });
        if let Some(&(_, at, name)) = found {
            let reason = self.reason(at, name, BY_RETURNING);
            self.guesses[at] = Some(Guess::new(Role::Customer, reason));
        } else if !self.free().any(|at| self.is_contact(at))
            && let Some((given, family)) = full_name::find(&self.headers.words, self.facts)
            && self.guesses[given].is_none()
            && self.guesses[family].is_none()
        {
            let name = |at: usize| &self.samples[at].name;
            let whole = format!("`{}` and `{}` together", name(given), name(family));
            let part = format!("part of the customer's name: {whole}");
            self.guesses[family] = Some(Guess::said(Role::Customer, whole));
            self.guesses[given] = Some(Guess::said(Role::Ignored, part));
            self.given_names = Some(given);
        }
    }

    fn is_contact(&self, at: usize) -> bool {
        evidence::is_contact(&self.headers.spoken[at], &self.facts[at])
    }

    /// An id that comes back, and no other one has more values: but for the numbers of rows and of orders,
    /// which belong to one customer each.
    fn can_be_id(&self, at: usize) -> bool {
        let facts = &self.facts[at];
        let belongs = |other: usize| {
            let rows = OrderRows::of(&self.samples[other]);
            let sample = &self.samples[at];
            let one = |rows: &[usize]| {
                rows.iter()
                    .all(|&row| sample.cell(row) == sample.cell(rows[0]))
            };
            rows.is_empty() || rows.share(one) >= 1.0 && self.one_day(other) > 0.0
        };
        let most = self
            .free()
            .filter(|&other| {
                let facts = &self.facts[other];
                // What never repeats counts rows or orders.
                other != at && facts.dates < 0.8 && facts.decimals == 0.0 && facts.repeats() > 1.0
            })
            .filter(|&other| self.facts[other].distinct > facts.distinct && !belongs(other))
            .map(|other| self.facts[other].distinct)
            .max()
            .unwrap_or_default();
        facts.repeats() > 1.0
            && facts.dates < 0.8
            && facts.decimals == 0.0
            && facts.distinct >= most
    }

    /// An order has one customer.
    fn one_customer(&self, at: usize) -> f64 {
        let Some(order) = self.position(Role::Order) else {
            return 0.0;
        };
        let rows = OrderRows::of(&self.samples[order]);
        if rows.is_empty() {
            return 0.0;
        }
        let sample = &self.samples[at];
        let agree = rows.share(|rows| {
            let mut known = rows
                .iter()
                .map(|&row| sample.cell(row))
                .filter(|cell| !cell.is_empty());
            let first = known.next();
            known.all(|cell| Some(cell) == first)
        });
        if agree >= 0.95 {
            0.5
        } else {
            -3.0 * (1.0 - agree)
        }
    }

    fn money(&mut self) {
        let orders = self
            .position(Role::Order)
            .map(|at| OrderRows::of(&self.samples[at]))
            .unwrap_or_default();
        let candidates: Vec<Candidate<'_>> = (0..self.samples.len())
            .filter(|&at| {
                self.guesses[at].as_ref().is_none_or(|guess| {
                    matches!(
                        guess.role,
                        Role::Amount | Role::UnitPrice | Role::Quantity | Role::Discount
                    )
                })
            })
            .map(|at| Candidate {
                at,
                words: &self.headers.words[at],
                spoken: &self.headers.spoken[at],
                facts: &self.facts[at],
                sample: &self.samples[at],
            })
            .collect();
        let (mut ways, sides) = money::ways(&candidates, &orders);
        self.prefer_one_currency(&mut ways);
        self.money = self.said_money(&ways);
        let proof = |ways: &[MoneyWay], money: &Money| {
            ways.iter()
                .find(|way| way.money == *money)
                .and_then(|way| way.proof.clone())
        };
        if self.money == Money::None {
            let least = if self.headers.silent { -0.5 } else { 0.5 };
            ways.retain(|way| way.points > least);
            if self.headers.silent {
                // Without names the amounts hold cents, or differ more than anything but ids.
                ways.sort_by(|a, b| {
                    let key = |way: &MoneyWay| {
                        way.money.column().map_or((0.0, 0.0), |at| {
                            let facts = &self.facts[at];
                            (facts.decimals, facts.sum() / facts.filled.max(1) as f64)
                        })
                    };
                    let (a, b) = (key(a), key(b));
                    b.0.total_cmp(&a.0).then(b.1.total_cmp(&a.1))
                });
            }
            self.converted_first(&mut ways);
            if let Some(best) = ways.first().cloned() {
                self.rivals = ways[1..]
                    .iter()
                    .filter(|way| {
                        let near = best.points - way.points < 1.0;
                        let open = near && way.points >= 1.5 && best.proof.is_none();
                        open || orders.is_empty() && self.adds_to(&best.money, &way.money)
                            || self.differ_by_currency(&best.money, &way.money)
                    })
                    .filter(|way| {
                        // What an account gives and takes may be as much.
                        let side = way.money.column().and_then(|at| sides?.beside(at));
                        let of_account = side.is_some() && side == best.money.column();
                        of_account || self.sums_differ(&best.money, &way.money)
                    })
                    .cloned()
                    .collect();
                self.money_points = best.points;
                self.money = best.money;
            }
        }
        let money = self.money.clone();
        let taken = money.column().and_then(|at| sides?.beside(at));
        self.sides = sides.filter(|_| taken.is_some());
        if let Some(out) = taken.filter(|&out| self.guesses[out].is_none()) {
            let reason = "the other side of the account: it is taken off";
            self.guesses[out] = Some(Guess::said(Role::Refund, reason));
        }
        if let (&Money::Amount { column, .. }, None) = (&money, taken) {
            self.elsewhere = money::elsewhere(&candidates, column, &orders);
            self.rivals.retain(|way| {
                let column = way.money.column();
                !column.is_some_and(|at| self.elsewhere.contains(&at))
            });
        }
        let words = proof(&ways, &self.money);
        self.give_money(&money, words.as_deref());
    }

    /// Puts the column that an export has converted into one currency before the one in several.
    fn converted_first(&self, ways: &mut [MoneyWay]) {
        let Some(best) = ways.first().map(|way| way.money.clone()) else {
            return;
        };
        let coded = |money: &Money| {
            let column = money.column();
            column.is_some_and(|at| self.headers.words[at].iter().any(|word| is_code(word)))
        };
        if !coded(&best) && self.names_several_currencies() {
            let other = ways
                .iter()
                .position(|way| coded(&way.money) && self.differ_by_currency(&best, &way.money));
            ways[..=other.unwrap_or_default()].rotate_right(1);
        }
    }

    fn names_several_currencies(&self) -> bool {
        (0..self.samples.len()).any(|at| {
            self.facts[at].distinct > 1
                && evidence::is_currency(&self.headers.spoken[at], &self.facts[at])
        })
    }

    /// Whether two columns have one name, but for the currency in it.
    fn differ_by_currency(&self, a: &Money, b: &Money) -> bool {
        let (Money::Amount { column: a, .. }, Money::Amount { column: b, .. }) = (a, b) else {
            return false;
        };
        let bare = |at: usize| -> Vec<&String> {
            let words = self.headers.words[at].iter();
            words.filter(|word| !is_code(word)).collect()
        };
        a != b && bare(*a) == bare(*b) && self.headers.words[*a] != self.headers.words[*b]
    }

    /// Columns that name a currency.
    fn currencies(&self) -> Vec<usize> {
        let free = |at: &usize| {
            let guess = self.guesses[*at].as_ref();
            guess.is_none_or(|guess| guess.role == Role::Currency)
        };
        let named = |at: &usize| evidence::is_currency(&self.headers.spoken[*at], &self.facts[*at]);
        let all = 0..self.samples.len();
        all.filter(free).filter(named).collect()
    }

    /// The column that names the currency of a column of money: `converted_currency` is that of
    /// `converted_amount`, `currency` that of `amount`.
    fn currency_of(&self, money: Option<usize>) -> Option<usize> {
        let telling = |at: usize| -> Vec<&String> {
            let words = self.headers.words[at].iter();
            let tells = |word: &&String| {
                let spoken = vocabulary::spoken(word);
                !spoken.any(&[Concept::Amount, Concept::Currency, Concept::Price])
            };
            words.filter(tells).collect()
        };
        let of_money = money.map(telling).unwrap_or_default();
        self.currencies().into_iter().min_by_key(|&at| {
            let own = telling(at);
            let strange = own.iter().filter(|word| !of_money.contains(word)).count();
            let missing = of_money.iter().filter(|word| !own.contains(word)).count();
            strange + missing
        })
    }

    /// An export may say each amount in the customer's currency and converted into the shop's: only the
    /// latter can be added up.
    fn prefer_one_currency(&self, ways: &mut [MoneyWay]) {
        let currencies = self.currencies();
        let mixed = |at: usize| self.facts[at].distinct > 1;
        if currencies.len() < 2 || !currencies.iter().any(|&at| mixed(at)) {
            return;
        }
        for way in ways.iter_mut().filter(|way| way.points > 0.0) {
            let currency = self.currency_of(way.money.column());
            if currency.is_some_and(|at| !mixed(at)) {
                way.points += 0.5;
            }
        }
        ways.sort_by(|a, b| b.points.total_cmp(&a.points));
    }

    /// The money as the user, an answer or a layout says.
    fn said_money(&self, ways: &[MoneyWay]) -> Money {
        let (amount, price, quantity) = (
            self.position(Role::Amount),
            self.position(Role::UnitPrice),
            self.position(Role::Quantity),
        );
        if let Some(column) = amount {
            let known = ways.iter().find(
                |way| matches!(way.money, Money::Amount { column: known, .. } if known == column),
            );
            return known.map_or(
                Money::Amount {
                    column,
                    grain: AmountGrain::Line,
                },
                |way| way.money.clone(),
            );
        }
        match (price, quantity) {
            // The price of a row without a quantity is its amount.
            (Some(column), None)
                if self.guesses[column]
                    .as_ref()
                    .is_some_and(|guess| !guess.reason.is_human()) =>
            {
                Money::Amount {
                    column,
                    grain: AmountGrain::Line,
                }
            }
            (Some(price), Some(quantity)) => Money::Product {
                price,
                quantity,
                discount: self.position(Role::Discount),
            },
            _ => Money::None,
        }
    }

    /// Whether a total holds an amount and something more on nearly every row: shipping, tax.
    fn adds_to(&self, amount: &Money, total: &Money) -> bool {
        let (Money::Amount { column: amount, .. }, Money::Amount { column: total, .. }) =
            (amount, total)
        else {
            return false;
        };
        let named = evidence::amount(
            &self.headers.words[*total],
            &self.headers.spoken[*total],
            &self.facts[*total],
        );
        if named.is_none_or(|points| points.name < 3.0)
            || self.headers.spoken[*total].has(Concept::Price)
        {
            return false;
        }
        let pairs = self.facts[*amount].values.iter();
        let pairs = pairs.zip(&self.facts[*total].values);
        let known = pairs.filter(|(amount, total)| !amount.is_nan() && !total.is_nan());
        let (mut asked, mut more) = (0, 0);
        for (amount, total) in known {
            asked += 1;
            more += usize::from(*total >= *amount && *total <= amount * 3.0 + 50.0);
        }
        asked > 0 && more * 100 >= asked * 97
    }

    fn sums_differ(&self, a: &Money, b: &Money) -> bool {
        let sum = |money: &Money| match money {
            Money::None => 0.0,
            Money::Amount {
                column,
                grain: AmountGrain::Repeated,
            } => self.once_per_order(*column),
            Money::Amount { column, .. } => self.facts[*column].sum(),
            Money::Product {
                price, quantity, ..
            } => {
                let pairs = self.facts[*price]
                    .values
                    .iter()
                    .zip(&self.facts[*quantity].values);
                pairs
                    .map(|(price, units)| price * units)
                    .filter(|value| !value.is_nan())
                    .sum()
            }
        };
        let (a, b) = (sum(a), sum(b));
        (a - b).abs() > 0.01 * a.abs().max(b.abs())
    }

    fn once_per_order(&self, column: usize) -> f64 {
        let Some(order) = self.position(Role::Order) else {
            return self.facts[column].sum();
        };
        let (mut seen, mut sum) = (HashSet::new(), 0.0);
        for (row, value) in self.facts[column].values.iter().enumerate() {
            if !value.is_nan() && seen.insert(self.samples[order].cell(row)) {
                sum += value;
            }
        }
        sum
    }

    fn give_money(&mut self, money: &Money, proof: Option<&str>) {
        let reason = |board: &Self, at: usize| {
            let points = evidence::amount(
                &board.headers.words[at],
                &board.headers.spoken[at],
                &board.facts[at],
            );
            board.reason(
                at,
                points.map_or(0.0, |points| points.name),
                "the column that holds money",
            )
        };
        let give = |board: &mut Self, at: usize, role: Role, proof: Option<&str>| {
            if board.guesses[at].is_none() {
                let reason = proof.map_or_else(
                    || reason(board, at),
                    |proof| Reason::Arithmetic(proof.to_owned()),
                );
                board.guesses[at] = Some(Guess::new(role, reason));
            }
        };
        for at in self.elsewhere.clone() {
            give(
                self,
                at,
                Role::Ignored,
                Some("the amount of rows that have none elsewhere"),
            );
        }
        match money {
            Money::None => {}
            Money::Amount { column, .. } => {
                give(self, *column, Role::Amount, proof);
                if let Some(guess) = &mut self.guesses[*column] {
                    guess.role = Role::Amount;
                }
            }
            Money::Product {
                price,
                quantity,
                discount,
            } => {
                give(self, *price, Role::UnitPrice, None);
                give(self, *quantity, Role::Quantity, None);
                if let Some(discount) = discount {
                    give(self, *discount, Role::Discount, None);
                }
            }
        }
    }

    /// Roles of which the others say nothing.
    fn rest(&mut self) {
        let currency = if self.has(Role::Currency) {
            None
        } else {
            self.currency_of(self.money.column())
        };
        for at in 0..self.samples.len() {
            if self.guesses[at].is_some() {
                continue;
            }
            let (spoken, facts) = (&self.headers.spoken[at], &self.facts[at]);
            let name = self.samples[at].name.clone();
            let role = if evidence::is_refund(spoken, facts) && !self.has(Role::Refund) {
                Role::Refund
            } else if currency == Some(at) {
                let converted = self.money.column().is_some_and(|column| {
                    let code = self.headers.words[column].iter().any(|word| is_code(word));
                    let differs = |way: &MoneyWay| self.differ_by_currency(&way.money, &self.money);
                    code && self.rivals.iter().any(differs)
                });
                if converted {
                    continue;
                }
                Role::Currency
            } else if self.is_contact(at) {
                Role::Contact
            } else if evidence::quantity(spoken, facts).is_some_and(|points| points >= 3.0)
                && !self.has(Role::Quantity)
            {
                Role::Quantity
            } else if self.money != Money::None && self.is_other_money(at) {
                let guess =
                    Guess::said(Role::Ignored, "money of another kind: the amount is known");
                self.guesses[at] = Some(guess);
                continue;
            } else {
                continue;
            };
            self.guesses[at] = Some(Guess::new(role, Reason::Named(name)));
        }
    }

    fn is_other_money(&self, at: usize) -> bool {
        let (spoken, facts) = (&self.headers.spoken[at], &self.facts[at]);
        spoken.has(Concept::Price) && facts.numbers >= 0.9 && facts.distinct > 24
    }
}
