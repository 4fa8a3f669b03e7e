//! What name and cells of one column say for and against each role, in points.
//!
//! Four points are a name that can mean nothing else; one point is a hint. Points against a role are
//! negative. The pieces are added; which column gets the role is decided over the whole table
//! ([`super::assign`]).

use super::{
    facts::Facts,
    vocabulary::{Spoken, concept::Concept},
};

/// Evidence of one column for one role.
#[derive(Clone, Copy, Debug, Default, PartialEq, PartialOrd)]
pub struct Points {
    pub name: f64,
    pub cells: f64,
}

impl Points {
    #[must_use]
    pub fn total(self) -> f64 {
        self.name + self.cells
    }
}

/// Points for each concept a name speaks of: the sum over those it has.
fn weigh(spoken: &Spoken, table: &[(Concept, f64)]) -> f64 {
    let met = table.iter().filter(|(concept, _)| spoken.has(*concept));
    met.map(|(_, points)| points).sum()
}

const AGAINST_DATE: &[(Concept, f64)] = &[
    (Concept::Delivery, -4.0),
    (Concept::Returned, -4.0),
    (Concept::Cancelled, -4.0),
    (Concept::Refund, -4.0),
    (Concept::Birth, -6.0),
    (Concept::Launch, -6.0),
    (Concept::Updated, -2.5),
    (Concept::SignUp, -3.5),
    (Concept::Expiry, -4.0),
    (Concept::FirstOrLast, -5.0),
    (Concept::Lifetime, -5.0),
    (Concept::Clock, -1.0),
    (Concept::Status, -2.0),
];

/// How well a column fits as the day of an order.
#[must_use]
pub fn date(spoken: &Spoken, facts: &Facts) -> Option<Points> {
    if facts.dates < 0.5 || facts.filled == 0 {
        return None;
    }
    let speaks = spoken.any(&[Concept::Date, Concept::Purchase]);
    let name = f64::from(u8::from(spoken.has(Concept::Date))) * 2.0
        + f64::from(u8::from(spoken.any(&[
            Concept::Purchase,
            Concept::Order,
            Concept::Payment,
        ]))) * 1.5
        - f64::from(u8::from(spoken.has(Concept::Payment))) * 0.5
        + weigh(spoken, AGAINST_DATE)
        + if spoken.of_id.is_some() { -4.0 } else { 0.0 };
    // Plain whole numbers are dates only where nothing else explains them.
    let bare = if facts.numbers > 0.9 && !speaks {
        -1.0
    } else {
        0.0
    };
    let cells = 2.0 * facts.likely_dates - 1.0 + bare + 0.5 * facts.fill()
        - if facts.dates < 0.95 { 1.0 } else { 0.0 };
    Some(Points { name, cells })
}

const AGAINST_WHO: &[(Concept, f64)] = &[
    (Concept::Person, -5.0),
    (Concept::Place, -5.0),
    (Concept::Lifetime, -4.0),
    (Concept::Product, -4.0),
    (Concept::Item, -4.0),
    (Concept::Count, -4.0),
    (Concept::Status, -4.0),
    (Concept::Amount, -4.0),
    (Concept::Price, -5.0),
    (Concept::Quantity, -5.0),
    (Concept::Date, -5.0),
    (Concept::Currency, -5.0),
    (Concept::Measure, -5.0),
    (Concept::CalendarPart, -5.0),
    (Concept::Discount, -5.0),
    (Concept::Summary, -4.0),
    (Concept::Payment, -2.0),
    (Concept::Text, -3.0),
    (Concept::Category, -5.0),
];

/// How well a column fits as who bought.
#[must_use]
pub fn customer(spoken: &Spoken, facts: &Facts) -> Option<Points> {
    if facts.filled == 0 || (facts.dates >= 0.8 && facts.numbers < 0.5) {
        return None;
    }
    let against = weigh(spoken, AGAINST_WHO);
    let of = match spoken.of_id {
        Some(Concept::Customer) => 4.0,
        Some(_) => -4.0,
        None if spoken.has(Concept::Customer) => {
            // The name of a customer is a worse id than a number, and better than none.
            if spoken.has(Concept::Name) { 1.5 } else { 3.0 }
        }
        None if spoken.has(Concept::Email) => 1.0,
        // `id` alone may be anybody's; `naics_code` is of a thing that nobody here knows.
        None if spoken.has(Concept::Id) && spoken.concepts.len() == 1 && spoken.unknown == 0 => 0.5,
        None => 0.0,
    };
    let decimals = if facts.decimals > 0.1 && facts.whole < 0.9 {
        -4.0
    } else {
        0.0
    };
    let constant = if facts.distinct <= 1 && facts.rows > 20 {
        -3.0
    } else {
        0.0
    };
    // `is_repeated_guest` is 0 or 1, yes or no.
    let says_yes_or_no =
        facts.numbers > 0.9 && facts.largest() <= 1.0 || facts.letters > 0.9 && facts.length <= 3;
    let flag = says_yes_or_no && !spoken.has(Concept::Id);
    let few = if flag && facts.distinct <= 2 && facts.rows > 20 {
        -5.0
    } else if facts.distinct <= 3 && facts.rows > 100 {
        -2.0
    } else {
        0.0
    };
    let returning = if facts.repeats() > 1.05 { 0.5 } else { 0.0 };
    let filled = facts.fill() - 0.9;
    Some(Points {
        name: of + against,
        // A column that is nearly empty names nobody.
        cells: decimals + constant + few + returning + 3.0 * filled.min(0.0),
    })
}

const AGAINST_ORDER: &[(Concept, f64)] = &[
    (Concept::Count, -5.0),
    (Concept::Amount, -5.0),
    (Concept::Price, -5.0),
    (Concept::Date, -5.0),
    (Concept::Status, -5.0),
    (Concept::Quantity, -5.0),
    (Concept::Lifetime, -5.0),
    (Concept::Delivery, -2.0),
    (Concept::Payment, -2.0),
    (Concept::Refund, -2.0),
    (Concept::Place, -4.0),
    (Concept::Summary, -5.0),
    (Concept::CalendarPart, -5.0),
    (Concept::Discount, -5.0),
    (Concept::Measure, -5.0),
];

/// How well a column fits as the number of an order.
#[must_use]
pub fn order(spoken: &Spoken, facts: &Facts) -> Option<Points> {
    if facts.filled == 0 || (facts.dates >= 0.8 && facts.numbers < 0.5) {
        return None;
    }
    let of = match spoken.of_id {
        Some(Concept::Order) => 4.0,
        Some(_) => -5.0,
        None if spoken.has(Concept::Order) && spoken.concepts.len() == 1 => 3.0,
        None => 0.0,
    };
    let decimals = if facts.decimals > 0.1 && facts.whole < 0.9 {
        -5.0
    } else {
        0.0
    };
    let constant = if facts.distinct <= 1 && facts.rows > 3 {
        -5.0
    } else {
        0.0
    };
    let sparse = if facts.fill() < 0.5 { -2.0 } else { 0.0 };
    Some(Points {
        name: of + weigh(spoken, AGAINST_ORDER),
        cells: decimals + constant + sparse,
    })
}

/// Words that speak against money that was paid for a sale.
const AGAINST_MONEY: &[(Concept, f64)] = &[
    (Concept::Cost, -6.0),
    (Concept::Discount, -6.0),
    (Concept::Coupon, -6.0),
    (Concept::Shipping, -6.0),
    (Concept::Fee, -6.0),
    (Concept::Tip, -6.0),
    (Concept::Refund, -6.0),
    (Concept::Returned, -6.0),
    (Concept::Balance, -5.0),
    (Concept::Margin, -6.0),
    (Concept::Rate, -5.0),
    (Concept::Count, -4.0),
    (Concept::Quantity, -4.0),
    (Concept::Lifetime, -4.0),
    (Concept::Summary, -3.0),
    (Concept::Measure, -6.0),
    (Concept::Place, -6.0),
    (Concept::Person, -6.0),
    (Concept::CalendarPart, -6.0),
    (Concept::Status, -4.0),
    (Concept::Currency, -1.0),
    (Concept::FirstOrLast, -3.0),
    (Concept::ListPrice, -1.5),
    (Concept::Date, -5.0),
    (Concept::Clock, -5.0),
];

/// Words of a name that say with or without tax: then tax does not speak against it.
const WITH_OR_WITHOUT: [&str; 16] = [
    "incl",
    "including",
    "include",
    "excl",
    "excluding",
    "with",
    "without",
    "inkl",
    "exkl",
    "ttc",
    "ht",
    "net",
    "gross",
    "netto",
    "brutto",
    "inc",
];

/// How well a column of numbers fits as what was paid.
#[must_use]
pub fn amount(words: &[String], spoken: &Spoken, facts: &Facts) -> Option<Points> {
    if facts.numbers < 0.5 || facts.filled == 0 || spoken.of_id.is_some() {
        return None;
    }
    let mut name = weigh(spoken, AGAINST_MONEY);
    if spoken.has(Concept::Tax) && !words.iter().any(|word| WITH_OR_WITHOUT.contains(&&**word)) {
        name -= 6.0;
    }
    name += if spoken.has(Concept::Subtotal) {
        1.5
    } else if spoken.has(Concept::Amount) {
        3.0
    } else if spoken.has(Concept::Price) {
        if spoken.has(Concept::Unit) { 1.0 } else { 2.0 }
    } else if spoken.has(Concept::Unit) {
        0.5
    } else if spoken.has(Concept::Payment) {
        1.5
    } else {
        0.0
    };
    if spoken.has(Concept::Id) {
        name -= 4.0;
    }
    let mut cells = 0.0;
    if facts.zeros >= 0.98 {
        cells -= 6.0;
    } else if facts.zeros >= 0.6 {
        cells -= 2.0;
    }
    if facts.decimals >= 0.3 {
        cells += 1.0;
    }
    if facts.negatives > 0.5 {
        cells -= 2.0;
    }
    if facts.distinct <= 2 && facts.rows > 20 {
        cells -= 1.5;
    }
    // An "amount" of one to a dozen without cents may be one of pieces.
    if facts.whole >= 0.99 && facts.rows > 100 && facts.distinct <= 12 && facts.largest() <= 100.0 {
        cells -= 0.8;
    }
    // Numbers beyond a billion are ids.
    if facts.largest() > 1e9 {
        cells -= 4.0;
    }
    Some(Points { name, cells })
}

/// How well a column fits as the number of units of a line.
#[must_use]
pub fn quantity(spoken: &Spoken, facts: &Facts) -> Option<f64> {
    if facts.numbers < 0.6 || spoken.of_id.is_some() || !spoken.has(Concept::Quantity) {
        return None;
    }
    let against = weigh(
        spoken,
        &[
            (Concept::Amount, -2.0),
            (Concept::Price, -4.0),
            (Concept::Discount, -4.0),
            (Concept::Lifetime, -4.0),
            (Concept::Refund, -4.0),
            (Concept::Returned, -4.0),
            (Concept::Cancelled, -4.0),
            (Concept::Measure, -2.0),
            (Concept::Delivery, -1.0),
            (Concept::Date, -4.0),
        ],
    );
    let whole = if facts.whole > 0.9 { 1.0 } else { -1.0 };
    Some(3.0 + against + whole).filter(|points| *points > 0.0)
}

/// How well a column fits as the price of one unit.
#[must_use]
pub fn unit_price(words: &[String], spoken: &Spoken, facts: &Facts) -> Option<f64> {
    if !spoken.any(&[Concept::Price, Concept::Unit]) {
        return None;
    }
    let points = amount(words, spoken, facts)?;
    let unit = if spoken.has(Concept::Unit) { 2.0 } else { 0.0 };
    Some(points.total() + unit).filter(|points| *points > 0.0)
}

/// Whether a column holds money given back on its row.
#[must_use]
pub fn is_refund(spoken: &Spoken, facts: &Facts) -> bool {
    spoken.has(Concept::Refund)
        && facts.numbers >= 0.8
        && facts.filled > 0
        && spoken.of_id.is_none()
        && !spoken.any(&[
            Concept::Date,
            Concept::Count,
            Concept::Quantity,
            Concept::Rate,
        ])
        && facts.dates < 0.5
}

/// Whether a column holds what was taken off price × quantity.
#[must_use]
pub fn is_discount(spoken: &Spoken, facts: &Facts) -> bool {
    spoken.has(Concept::Discount)
        && facts.numbers + facts.percentages >= 0.8
        && facts.filled > 0
        && spoken.of_id.is_none()
        && !spoken.any(&[Concept::Price, Concept::Date, Concept::Count])
}

/// Whether a column names the currency of its row.
#[must_use]
pub fn is_currency(spoken: &Spoken, facts: &Facts) -> bool {
    spoken.has(Concept::Currency)
        && facts.letters >= 0.9
        && facts.filled > 0
        && facts.length <= 4
        && facts.distinct <= 60
        && !spoken.any(&[Concept::Rate, Concept::Amount, Concept::Price])
}

/// Whether a column holds e-mail addresses or telephone numbers of customers.
#[must_use]
pub fn is_contact(spoken: &Spoken, facts: &Facts) -> bool {
    facts.emails >= 0.8
        || (spoken.has(Concept::Email) && facts.emails >= 0.3)
        || (spoken.has(Concept::Phone) && facts.length >= 6 && facts.decimals < 0.1)
}
