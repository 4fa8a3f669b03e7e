//! What can be selected.

use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

use crate::{cohorts::CohortSpec, customers::Customers, migration::Place};
use data::day::Day;
use data::orders::Step;

/// One removable part of a selection.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Customers won by the rule of this name.
    Segment(String),
    /// A cohort row; with an age, only those who ordered in that period.
    Cohort {
        spec: CohortSpec,
        key: i64,
        label: String,
        age: Option<u32>,
    },
    /// Several cohort rows (key and label each, in the order of the table); with ages, only those who
    /// ordered in one of these periods, both ends included.
    CohortBlock {
        spec: CohortSpec,
        rows: Vec<(i64, String)>,
        ages: Option<(u32, u32)>,
    },
    /// Customers with these recency and frequency scores (1…5).
    RfCell { r: u8, f: u8 },
    /// Named customers, by id.
    Customers(Vec<String>),
    /// Customers with a kept line of this value before S, or who are of this value themselves, where
    /// the column of this name is one of the customers. The empty value means "missing".
    Attribute { name: String, value: String },
    /// Customers with a kept line whose number in the column of this name, rounded to a whole one,
    /// lies in `from..=to`, or whose own number does, where the column is one of the customers. An
    /// open end takes every larger number.
    Count {
        name: String,
        from: u32,
        to: Option<u32>,
    },
    /// Customers with a sale line before S that this became of.
    Became(Fate),
    /// Customers whose values lie in all of these ranges: a bar of a histogram, a box in a scatter plot.
    Within(Vec<Range>),
    /// Customers inside a closed line drawn in a scatter plot.
    Outline(Outline),
    /// Customers whose id or label contains this text; upper and lower case of ASCII letters are equal.
    Found(String),
    /// Customers with a kept order in `from..until` (and before S).
    Ordered { from: Day, until: Day },
    /// Customers who moved between two dates; `None` stands for anywhere.
    Move {
        from: Day,
        to: Day,
        source: Option<Place>,
        target: Option<Place>,
    },
    /// Customers of this cluster (its number) of the clusters at hand.
    Cluster { number: u8, name: String },
    /// Everyone but these.
    Not(Box<Part>),
}

impl Part {
    /// Whether two parts widen each other: both are of one kind and, for columns, of one column; for
    /// ranges and outlines, over the same quantities. Negated parts only ever narrow.
    #[must_use]
    pub fn widens(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Not(_), _) => false,
            (Self::Attribute { name, .. }, Self::Attribute { name: other, .. })
            | (Self::Count { name, .. }, Self::Count { name: other, .. }) => {
                name.eq_ignore_ascii_case(other)
            }
            (Self::Within(ranges), Self::Within(others)) => {
                let same = |(one, other): (&Range, &Range)| one.quantity == other.quantity;
                ranges.len() == others.len() && ranges.iter().zip(others).all(same)
            }
            (Self::Outline(one), Self::Outline(other)) => one.x == other.x && one.y == other.y,
            _ => std::mem::discriminant(self) == std::mem::discriminant(other),
        }
    }

    /// The part turned round: excluded, or included again.
    #[must_use]
    pub fn negated(self) -> Self {
        match self {
            Self::Not(part) => *part,
            part => Self::Not(Box::new(part)),
        }
    }
}

/// What became of a sale line by S. Lines that were not kept count too: a cancelled order is one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    Kept,
    NotKept,
    /// It has the day of this step, or of a later one.
    Reached(Step),
    /// Its status column says so; the empty text means "missing".
    Status {
        column: String,
        value: String,
    },
}

/// A number of every customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    RecencyDays,
    Frequency,
    Monetary,
    Aov,
    TenureDays,
}

impl Quantity {
    /// The customer's number.
    #[must_use]
    pub fn of(self, customers: &Customers, row: usize) -> f64 {
        match self {
            Self::RecencyDays => f64::from(customers.recency_days(row)),
            Self::Frequency => f64::from(customers.frequency[row]),
            Self::Monetary => customers.monetary[row],
            Self::Aov => customers.aov(row),
            Self::TenureDays => f64::from(customers.tenure_days(row)),
        }
    }
}

/// A number that can be compared and hashed; two zeros are one.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Value(pub f64);

impl Value {
    fn bits(self) -> u64 {
        if self.0 == 0.0 { 0 } else { self.0.to_bits() }
    }
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
}

impl Eq for Value {}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.bits().hash(state);
    }
}

/// `from` ≤ the customer's number < `below`; a missing end is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Range {
    pub quantity: Quantity,
    pub from: Option<Value>,
    pub below: Option<Value>,
}

impl Range {
    #[must_use]
    pub fn new(quantity: Quantity, from: Option<f64>, below: Option<f64>) -> Self {
        Self {
            quantity,
            from: from.map(Value),
            below: below.map(Value),
        }
    }

    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.from.is_none_or(|from| value >= from.0)
            && self.below.is_none_or(|below| value < below.0)
    }
}

/// An axis of a scatter plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Axis {
    pub quantity: Quantity,
    /// Places are log₁₀ of the number, or of 1 where it is smaller: zero and negative revenue stand
    /// at the edge.
    pub log: bool,
}

impl Axis {
    /// Where a number stands on the axis.
    #[must_use]
    pub fn place(self, value: f64) -> f64 {
        if self.log {
            value.max(1.0).log10()
        } else {
            value
        }
    }

    /// Where a customer stands on the axis.
    #[must_use]
    pub fn of(self, customers: &Customers, row: usize) -> f64 {
        self.place(self.quantity.of(customers, row))
    }
}

/// A closed line around customers, its corners in places of both axes.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Outline {
    pub x: Axis,
    pub y: Axis,
    pub corners: Vec<(Value, Value)>,
}

impl Outline {
    /// Whether the place is inside: a ray to the right crosses the line an odd number of times.
    #[must_use]
    pub fn holds(&self, x: f64, y: f64) -> bool {
        let corners = &self.corners;
        let Some(&(mut last)) = corners.last() else {
            return false;
        };
        let mut inside = false;
        for &corner in corners {
            let ((ax, ay), (bx, by)) = ((last.0.0, last.1.0), (corner.0.0, corner.1.0));
            if (ay > y) != (by > y) && x < ax + (y - ay) / (by - ay) * (bx - ax) {
                inside = !inside;
            }
            last = corner;
        }
        inside
    }
}
