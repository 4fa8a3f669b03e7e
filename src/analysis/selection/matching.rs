//! A part made ready to be asked a million times.

use std::borrow::Cow;

use hashbrown::HashSet;

use super::{
    part::{Fate, Outline, Part, Range},
    tables::Tables,
};
use crate::{
    clusters::Clustering,
    cohort_build::cohorts,
    cohorts::{CohortSpec, CohortTable, NO_ROW},
    customer_list::is_called,
    lifecycle::{self, reached},
    migration::{Place, Placement},
};
use data::day::Day;
use data::orders::{Attribute, Codes, Milestone, flag};

/// A part made ready to be asked a million times.
pub(super) enum Test<'a> {
    /// Numbers of the rules with the wanted name.
    Segment([bool; 256]),
    Cohort {
        table: Cow<'a, CohortTable>,
        /// Wanted rows of the table, ascending.
        rows: Vec<u32>,
        ages: Option<(u32, u32)>,
    },
    RfCell {
        r: u8,
        f: u8,
    },
    Ids(HashSet<&'a str>),
    /// Code of the value among the lines' codes.
    LineValue(&'a Codes, u32),
    /// Code of the value among the customers' codes.
    OwnValue(&'a Codes, u32),
    /// Which of the lines' codes are wanted.
    LineCodes(&'a Codes, Vec<bool>),
    /// Which of the customers' codes are wanted.
    OwnCodes(&'a Codes, Vec<bool>),
    /// Whether a sale line is wanted that was kept, or one that was not.
    Kept(bool),
    /// Days of the wanted step and of the later ones.
    Reached(Vec<&'a Milestone>),
    /// Code of the status among the lines' codes, whether kept or not.
    Status(&'a Codes, u32),
    Within(&'a [Range]),
    Outline(&'a Outline),
    /// In lower case, without blanks around it.
    Found(String),
    Ordered(std::ops::Range<Day>),
    /// Where the customer was on the first date and is on the second one.
    Move(Vec<(&'a Placement, [bool; 256])>),
    Cluster(&'a Clustering, u8),
    Not(Box<Test<'a>>),
    Nobody,
}

impl<'a> Test<'a> {
    pub(super) fn new(tables: Tables<'a>, part: &'a Part) -> Self {
        match part {
            Part::Segment(name) => {
                let mut wanted = [false; 256];
                for (stats, wanted) in tables.segments.stats.iter().zip(&mut wanted) {
                    *wanted = stats.name == *name;
                }
                Self::Segment(wanted)
            }
            Part::Cohort { spec, key, age, .. } => {
                Self::cohorts(tables, spec, &[*key], age.map(|age| (age, age)))
            }
            Part::CohortBlock { spec, rows, ages } => {
                let keys: Vec<i64> = rows.iter().map(|(key, _)| *key).collect();
                Self::cohorts(tables, spec, &keys, *ages)
            }
            Part::RfCell { r, f } => Self::RfCell { r: *r, f: *f },
            Part::Customers(ids) => Self::Ids(ids.iter().map(String::as_str).collect()),
            Part::Attribute { name, value } => Self::column(tables, name, value),
            Part::Count { name, from, to } => Self::counts(tables, name, (*from, *to)),
            Part::Became(fate) => Self::became(tables, fate),
            Part::Within(ranges) => Self::Within(ranges),
            Part::Outline(outline) => Self::Outline(outline),
            Part::Found(text) => Self::Found(text.trim().to_ascii_lowercase()),
            Part::Ordered { from, until } => Self::Ordered(*from..*until),
            Part::Move {
                from,
                to,
                source,
                target,
            } => Self::moved(tables, [(*from, source), (*to, target)]),
            Part::Cluster { number, .. } => tables
                .extras
                .clusters
                .map_or(Self::Nobody, |clusters| Self::Cluster(clusters, *number)),
            Part::Not(part) => Self::Not(Box::new(Self::new(tables, part))),
        }
    }

    fn moved(tables: Tables<'a>, ends: [(Day, &Option<Place>); 2]) -> Self {
        let mut wanted = Vec::new();
        for (day, place) in ends {
            let Some(place) = place else { continue };
            let placements = tables.extras.placements;
            match placements.iter().find(|known| known.as_of == day) {
                Some(placement) => wanted.push((&**placement, placement.states_of(place))),
                None => return Self::Nobody,
            }
        }
        Self::Move(wanted)
    }

    /// Rows of a cohort table: the one at hand, or one of another period or other rows, worked out
    /// anew.
    fn cohorts(
        tables: Tables<'a>,
        spec: &CohortSpec,
        keys: &[i64],
        ages: Option<(u32, u32)>,
    ) -> Self {
        let as_of = tables.customers.as_of;
        let table = if tables.cohorts.spec == *spec && tables.cohorts.as_of == as_of {
            Cow::Borrowed(tables.cohorts)
        } else {
            Cow::Owned(cohorts(tables.orders, as_of, spec))
        };
        let mut rows: Vec<u32> = keys
            .iter()
            .filter_map(|key| Some(table.row_with_key(*key)? as u32))
            .filter(|row| *row != NO_ROW)
            .collect();
        rows.sort_unstable();
        Self::Cohort { table, rows, ages }
    }

    fn column(tables: Tables<'a>, name: &str, value: &str) -> Self {
        let code = |attribute: &Attribute| code_of(attribute, value);
        if let Some(attribute) = tables.orders.attribute(name) {
            return code(attribute)
                .map_or(Self::Nobody, |code| Self::LineValue(&attribute.codes, code));
        }
        let own = tables
            .orders
            .traits
            .iter()
            .find(|own| own.name.eq_ignore_ascii_case(name));
        own.and_then(|own| Some(Self::OwnValue(&own.codes, code(own)?)))
            .unwrap_or(Self::Nobody)
    }

    fn counts(tables: Tables<'a>, name: &str, (from, to): (u32, Option<u32>)) -> Self {
        let to = to.map_or(f64::INFINITY, f64::from);
        let wanted = |attribute: &Attribute| {
            let number = |text: &str| text.trim().parse::<f64>().ok().map(f64::round);
            let inside = |number: f64| number >= f64::from(from) && number <= to;
            let values = attribute.values.iter();
            values
                .map(|text| number(text).is_some_and(inside))
                .collect()
        };
        if let Some(attribute) = tables.orders.attribute(name) {
            return Self::LineCodes(&attribute.codes, wanted(attribute));
        }
        let mut traits = tables.orders.traits.iter();
        traits
            .find(|own| own.name.eq_ignore_ascii_case(name))
            .map_or(Self::Nobody, |own| Self::OwnCodes(&own.codes, wanted(own)))
    }

    fn became(tables: Tables<'a>, fate: &Fate) -> Self {
        match fate {
            Fate::Kept => Self::Kept(true),
            Fate::NotKept => Self::Kept(false),
            Fate::Reached(step) => {
                let days = lifecycle::milestones(tables.orders);
                // Without days of the step itself nothing says that a line came that far.
                if days.iter().all(|days| days.step != *step) {
                    return Self::Nobody;
                }
                Self::Reached(days.into_iter().filter(|day| day.step >= *step).collect())
            }
            Fate::Status { column, value } => tables
                .orders
                .attribute(column)
                .and_then(|status| Some(Self::Status(&status.codes, code_of(status, value)?)))
                .unwrap_or(Self::Nobody),
        }
    }

    /// Marks, from row `start` on, those that are asked about and for whom the test holds.
    pub(super) fn mark(
        &self,
        tables: Tables<'_>,
        start: usize,
        (asked, marked): (&[bool], &mut [bool]),
    ) {
        let rows = start..start + asked.len();
        let each = marked.iter_mut().zip(asked);
        match self {
            Self::Segment(wanted) => {
                let segments = &tables.segments.segment[rows];
                for ((mark, asked), &segment) in each.zip(segments) {
                    *mark |= asked & wanted[usize::from(segment)];
                }
            }
            Self::RfCell { r, f } => {
                let scores = (&tables.scores.r[rows.clone()], &tables.scores.f[rows]);
                let scores = scores.0.iter().zip(scores.1);
                for ((mark, asked), own) in each.zip(scores) {
                    *mark = *mark || (*asked && own == (r, f));
                }
            }
            test => {
                for ((mark, asked), row) in each.zip(rows) {
                    *mark = *mark || (*asked && test.holds(tables, row));
                }
            }
        }
    }

    fn holds(&self, tables: Tables<'_>, row: usize) -> bool {
        match self {
            Self::Segment(wanted) => wanted[usize::from(tables.segments.segment[row])],
            Self::Cohort { table, rows, ages } => {
                rows.binary_search(&table.row_of[row]).is_ok()
                    && ages.is_none_or(|ages| ordered_at(tables, table, row, ages))
            }
            Self::RfCell { r, f } => tables.scores.r[row] == *r && tables.scores.f[row] == *f,
            Self::Ids(ids) => ids.contains(tables.orders.customer_ids.get(row)),
            Self::LineValue(codes, code) => {
                has_sale(tables, row, |line, kept| kept && codes.get(line) == *code)
            }
            Self::OwnValue(codes, code) => codes.get(row) == *code,
            Self::LineCodes(codes, wanted) => has_sale(tables, row, |line, kept| {
                kept && wanted[codes.get(line) as usize]
            }),
            Self::OwnCodes(codes, wanted) => wanted[codes.get(row) as usize],
            Self::Kept(wanted) => has_sale(tables, row, |_, kept| kept == *wanted),
            Self::Reached(days) => {
                let as_of = tables.customers.as_of;
                has_sale(tables, row, |line, _| {
                    days.iter().any(|day| reached(day, line, as_of).is_some())
                })
            }
            Self::Status(codes, code) => has_sale(tables, row, |line, _| codes.get(line) == *code),
            Self::Move(ends) => ends
                .iter()
                .all(|(placement, wanted)| wanted[usize::from(placement.state(row))]),
            Self::Cluster(clusters, number) => clusters.labels.get(row) == Some(number),
            Self::Within(ranges) => ranges
                .iter()
                .all(|range| range.holds(range.quantity.of(tables.customers, row))),
            Self::Outline(outline) => outline.holds(
                outline.x.of(tables.customers, row),
                outline.y.of(tables.customers, row),
            ),
            Self::Found(text) => is_called(tables.orders, row, text),
            Self::Ordered(days) => ordered_in(tables, row, days.clone()),
            Self::Not(test) => !test.holds(tables, row),
            Self::Nobody => false,
        }
    }
}

/// Code of a value of the column.
fn code_of(attribute: &Attribute, value: &str) -> Option<u32> {
    let place = attribute.values.iter().position(|text| text == value)?;
    u32::try_from(place).ok()
}

/// Whether the customer has a sale line before S that is wanted: asked with its number and whether it
/// was kept. Credit lines are no sales.
fn has_sale(tables: Tables<'_>, customer: usize, wanted: impl Fn(usize, bool) -> bool) -> bool {
    let orders = tables.orders;
    orders
        .lines_before(customer, tables.customers.as_of)
        .any(|line| {
            let flags = orders.flags[line];
            flags & flag::CREDIT == 0 && wanted(line, flags & flag::NOT_KEPT == 0)
        })
}

/// Whether the customer has a kept order in the periods from `ages.0` to `ages.1` after the first one.
fn ordered_at(tables: Tables<'_>, table: &CohortTable, customer: usize, ages: (u32, u32)) -> bool {
    let period = table.spec.period;
    let first = period.index(tables.customers.first_day[customer]);
    let after = |age: u32| first.checked_add(i32::try_from(age).ok()?);
    let (Some(from), Some(until)) = (after(ages.0), after(ages.1.saturating_add(1))) else {
        return false;
    };
    ordered_in(
        tables,
        customer,
        period.first_day(from)..period.first_day(until),
    )
}

/// Whether the customer has a kept order in these days and before S.
fn ordered_in(tables: Tables<'_>, customer: usize, days: std::ops::Range<Day>) -> bool {
    tables
        .orders
        .lines_before(customer, tables.customers.as_of.min(days.end))
        .rev()
        .take_while(|&line| tables.orders.days[line] >= days.start)
        .any(|line| tables.orders.flags[line] & flag::ORDER_START != 0)
}
