//! Who moved where between two dates: segments then against segments now.
//!
//! A [`Placement`] says where everybody stood on one date, by the rules and scores of that date; two
//! of them make a [`Migration`]. Customers who had not ordered before the earlier date are a row of
//! their own ("new"); who has not ordered before the later date is no customer yet and only counted.
//!
//! Nobody moves *up* without an order. Scores are cut anew on each date, and a segment of a higher mean
//! score may be one of the long gone (Regulars → At Risk): who comes there without an order has only aged.

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{
    customers::Customers,
    numeric::{CHUNK, settle},
    rfm::Scores,
    rules::{NO_SEGMENT, Rule},
    segments::Segmentation,
};
use data::day::Day;

/// Days looked back when nothing else is chosen.
pub const DEFAULT_DAYS: u32 = 90;

/// The earlier of the two dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// So many days before the later date.
    DaysBefore(u32),
    Date(Day),
}

impl Default for Since {
    fn default() -> Self {
        Self::DaysBefore(DEFAULT_DAYS)
    }
}

/// The two dates of a migration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MigrationSpec {
    pub since: Since,
    /// The later date; `None` is S. Dates after S are S: what lies behind it does not exist.
    pub until: Option<Day>,
}

impl MigrationSpec {
    /// The earlier and the later date for this S; the earlier one is never after the later one.
    #[must_use]
    pub fn dates(&self, as_of: Day) -> (Day, Day) {
        let until = self.until.unwrap_or(as_of).min(as_of);
        let since = match self.since {
            Since::DaysBefore(days) => {
                until.saturating_sub(i32::try_from(days).unwrap_or(i32::MAX))
            }
            Since::Date(day) => day,
        };
        (since.min(until), until)
    }
}

/// Where a customer stands in a migration: the end of a flow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In the segment of this name.
    Segment(String),
    /// With an order, but no rule matches.
    Unmatched,
    /// Without an order so far.
    Absent,
}

impl Place {
    /// Name for people.
    #[must_use]
    pub fn title(&self) -> &str {
        match self {
            Self::Segment(name) => name,
            Self::Unmatched => "No segment",
            Self::Absent => "New",
        }
    }
}

/// State of a customer whom no rule matches, and of one without an order; others have the number of
/// their rule.
const UNMATCHED: u8 = 254;
const ABSENT: u8 = 255;

/// Where everybody stands on one date.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placement {
    pub as_of: Day,
    states: Vec<u8>,
    /// Net revenue before the date.
    monetary: Vec<f64>,
    /// Orders before the date.
    orders: Vec<u32>,
    /// Per rule: customers, and the sum of their three scores.
    levels: Vec<(u64, u64)>,
    names: Vec<String>,
}

impl Placement {
    /// Notes where the segmentation of a date puts everybody.
    #[must_use]
    pub fn new(customers: &Customers, scores: &Scores, segments: &Segmentation) -> Self {
        let states: Vec<u8> = segments
            .segment
            .par_iter()
            .zip(&customers.frequency)
            .map(|(&segment, &frequency)| match (frequency, segment) {
                (0, _) => ABSENT,
                (_, NO_SEGMENT) => UNMATCHED,
                _ => segment,
            })
            .collect();
        let rules = segments.stats.len();
        let levels = (0..states.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let mut levels = vec![(0, 0); 256];
                for row in chunk * CHUNK..states.len().min((chunk + 1) * CHUNK) {
                    let level: &mut (u64, u64) = &mut levels[usize::from(states[row])];
                    level.0 += 1;
                    level.1 += u64::from(scores.r[row] + scores.f[row] + scores.m[row]);
                }
                levels
            })
            .reduce(
                || vec![(0, 0); 256],
                |mut sum, part| {
                    for (to, from) in sum.iter_mut().zip(part) {
                        *to = (to.0 + from.0, to.1 + from.1);
                    }
                    sum
                },
            );
        Self {
            as_of: customers.as_of,
            states,
            monetary: customers.monetary.clone(),
            orders: customers.frequency.clone(),
            levels: levels[..rules].to_vec(),
            names: segments
                .stats
                .iter()
                .map(|stats| stats.name.clone())
                .collect(),
        }
    }

    /// States that stand for a place: several rules may share a name.
    #[must_use]
    pub fn states_of(&self, place: &Place) -> [bool; 256] {
        let mut wanted = [false; 256];
        match place {
            Place::Segment(name) => {
                for (known, wanted) in self.names.iter().zip(&mut wanted) {
                    *wanted = known == name;
                }
            }
            Place::Unmatched => wanted[usize::from(UNMATCHED)] = true,
            Place::Absent => wanted[usize::from(ABSENT)] = true,
        }
        wanted
    }

    /// State of a customer, to be looked up in [`Placement::states_of`].
    #[must_use]
    pub fn state(&self, customer: usize) -> u8 {
        self.states.get(customer).copied().unwrap_or(ABSENT)
    }
}

/// Customers who went the same way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Flow {
    pub customers: u64,
    /// Those of them with an order between the two dates.
    pub bought: u64,
    /// Their net revenue before the later date.
    pub revenue: f64,
    /// The part of it from the days between the two dates.
    pub revenue_between: f64,
}

impl Flow {
    fn add(&mut self, other: &Self) {
        self.customers += other.customers;
        self.bought += other.bought;
        self.revenue += other.revenue;
        self.revenue_between += other.revenue_between;
    }

    fn less(&self, part: &Self) -> Self {
        Self {
            customers: self.customers - part.customers,
            bought: self.bought - part.bought,
            revenue: self.revenue - part.revenue,
            revenue_between: self.revenue_between - part.revenue_between,
        }
    }

    fn settled(self) -> Self {
        Self {
            customers: self.customers,
            bought: self.bought,
            revenue: settle(self.revenue),
            revenue_between: settle(self.revenue_between),
        }
    }
}

/// One place of the matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Stop {
    pub place: Place,
    /// Colour and mark of the segment.
    pub style: Option<u8>,
    /// Mean of the recency, frequency and monetary score of its customers on the later date (on the
    /// earlier one where nobody is left): what orders the segments. `None` where it means nothing.
    pub level: Option<f64>,
}

/// Segments on one date against segments on a later one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Migration {
    pub from: Day,
    pub to: Day,
    /// Rows: segments from the best to the lowest level, then "no segment" and "new" if anybody is in them.
    pub sources: Vec<Stop>,
    /// Columns: segments as in `sources`, then "no segment" if anybody is in it.
    pub targets: Vec<Stop>,
    /// One row per source, one flow per target.
    pub flows: Vec<Vec<Flow>>,
    /// The part of each flow without an order between the dates.
    pub idle: Vec<Vec<Flow>>,
    /// Totals of the customers of both dates, by what became of their level.
    pub stayed: Flow,
    pub up: Flow,
    pub down: Flow,
    /// Customers whose segment now is of a higher level though they have not ordered since.
    pub aged: Flow,
    /// Customers won between the dates.
    pub new: Flow,
    /// Customers who left or entered the segments because no rule matches on one of the dates.
    pub unplaced: Flow,
    /// People of the data without an order before the later date: no customers yet, in no row.
    pub not_yet: u64,
}

impl Migration {
    /// Everybody in a row.
    #[must_use]
    pub fn row_total(&self, row: usize) -> Flow {
        sum(self.flows[row].iter())
    }

    /// Everybody in a column.
    #[must_use]
    pub fn column_total(&self, column: usize) -> Flow {
        sum(self.flows.iter().map(|row| &row[column]))
    }

    /// Everybody with an order before the later date.
    #[must_use]
    pub fn total(&self) -> Flow {
        sum(self.flows.iter().flatten())
    }

    /// Customers of the earlier date.
    #[must_use]
    pub fn before(&self) -> u64 {
        let kept = self.stayed.customers + self.up.customers + self.down.customers;
        kept + self.aged.customers + self.unplaced.customers
    }

    /// What happened on the way from a row to a column: of a way to a higher level, what became of those
    /// who ordered, unless nobody did.
    #[must_use]
    pub fn course(&self, row: usize, column: usize) -> Course {
        let (source, target) = (&self.sources[row], &self.targets[column]);
        if source.place == Place::Absent {
            return Course::New;
        }
        if source.place == target.place {
            return if source.place == Place::Unmatched {
                Course::Unplaced
            } else {
                Course::Stayed
            };
        }
        match (source.level, target.level) {
            (Some(_), Some(_)) if column < row => {
                let flow = &self.flows[row][column];
                if flow.bought == 0 && flow.customers > 0 {
                    Course::Aged
                } else {
                    Course::Up
                }
            }
            (Some(_), Some(_)) => Course::Down,
            _ => Course::Unplaced,
        }
    }
}

/// What became of the customers of a flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Course {
    Stayed,
    /// To a segment of a higher level, with an order.
    Up,
    Down,
    /// To a segment of a higher level without an order: only time has passed.
    Aged,
    New,
    /// Into or out of "no segment".
    Unplaced,
}

fn sum<'a>(flows: impl Iterator<Item = &'a Flow>) -> Flow {
    let mut total = Flow::default();
    flows.for_each(|flow| total.add(flow));
    total.settled()
}

/// Counts who went from where to where. Both placements are of the same orders and rules.
#[must_use]
pub fn migration(from: &Placement, to: &Placement, rules: &[Rule]) -> Migration {
    let Matrices { all: matrix, idle } = matrices(from, to);
    let cell = |source: u8, target: u8| matrix[usize::from(source) * 256 + usize::from(target)];
    let segments = ordered_segments(from, to, rules);
    let all: Vec<u8> = segments
        .iter()
        .map(|(state, _)| *state)
        .chain([UNMATCHED])
        .collect();
    let used = |source: u8| all.iter().any(|&target| cell(source, target).customers > 0);
    let reached = |target: u8| {
        let mut sources = all.iter().chain([&ABSENT]);
        sources.any(|&source| cell(source, target).customers > 0)
    };
    let special = |place| Stop {
        place,
        style: None,
        level: None,
    };
    let mut sources = segments.clone();
    let mut targets = segments;
    if used(UNMATCHED) {
        sources.push((UNMATCHED, special(Place::Unmatched)));
    }
    if used(ABSENT) {
        sources.push((ABSENT, special(Place::Absent)));
    }
    if reached(UNMATCHED) {
        targets.push((UNMATCHED, special(Place::Unmatched)));
    }
    let flows: Vec<Vec<Flow>> = sources
        .iter()
        .map(|(source, _)| {
            let row = targets.iter().map(|(target, _)| cell(*source, *target));
            row.map(Flow::settled).collect()
        })
        .collect();
    let idle: Vec<Vec<Flow>> = sources
        .iter()
        .map(|(source, _)| {
            let row = targets
                .iter()
                .map(|(target, _)| idle[usize::from(*source) * 256 + usize::from(*target)]);
            row.map(Flow::settled).collect()
        })
        .collect();
    let stops = |list: Vec<(u8, Stop)>| list.into_iter().map(|(_, stop)| stop).collect();
    let mut result = Migration {
        from: from.as_of,
        to: to.as_of,
        sources: stops(sources),
        targets: stops(targets),
        flows,
        idle,
        not_yet: cell(ABSENT, ABSENT).customers,
        ..Migration::default()
    };
    total_courses(&mut result);
    result
}

fn total_courses(migration: &mut Migration) {
    let mut totals = [Flow::default(); 6];
    for (row, flows) in migration.flows.iter().enumerate() {
        for (column, flow) in flows.iter().enumerate() {
            let course = migration.course(row, column);
            let idle = migration.idle[row][column];
            match course {
                Course::Up => {
                    totals[Course::Up as usize].add(&flow.less(&idle));
                    totals[Course::Aged as usize].add(&idle);
                }
                _ => totals[course as usize].add(flow),
            }
        }
    }
    let [stayed, up, down, aged, new, unplaced] = totals.map(Flow::settled);
    migration.stayed = stayed;
    migration.up = up;
    migration.down = down;
    migration.aged = aged;
    migration.new = new;
    migration.unplaced = unplaced;
}

/// Segments from the highest to the lowest level; of equal ones the earlier rule first.
fn ordered_segments(from: &Placement, to: &Placement, rules: &[Rule]) -> Vec<(u8, Stop)> {
    let level = |rule: usize| {
        let mean = |placement: &Placement| {
            let (customers, scores) = *placement.levels.get(rule)?;
            (customers > 0).then(|| scores as f64 / customers as f64 / 3.0)
        };
        mean(to).or_else(|| mean(from))
    };
    let mut segments: Vec<(u8, Stop)> = (0..=u8::MAX)
        .zip(rules)
        .map(|(state, rule)| {
            let stop = Stop {
                place: Place::Segment(rule.name.clone()),
                style: Some(rule.style),
                // A segment without customers has no flows: its place does not matter.
                level: Some(level(usize::from(state)).unwrap_or(0.0)),
            };
            (state, stop)
        })
        .collect();
    segments.sort_by(|(_, a), (_, b)| b.level.unwrap_or(0.0).total_cmp(&a.level.unwrap_or(0.0)));
    segments
}

/// 256 × 256 flows by state, and the part of them without an order between the dates.
struct Matrices {
    all: Vec<Flow>,
    idle: Vec<Flow>,
}

fn matrices(from: &Placement, to: &Placement) -> Matrices {
    let count = from.states.len().min(to.states.len());
    // Most states do not occur: number those that do.
    let mut number = [0_usize; 256];
    let mut states = vec![UNMATCHED, ABSENT];
    states.extend((0..UNMATCHED).take(from.levels.len().max(to.levels.len())));
    for (place, &state) in states.iter().enumerate() {
        number[usize::from(state)] = place;
    }
    let width = states.len();
    let size = width * width;
    let parts: Vec<Vec<Flow>> = (0..count.div_ceil(CHUNK))
        .into_par_iter()
        .map(|chunk| {
            // First those who ordered, then those who did not.
            let mut flows = vec![Flow::default(); 2 * size];
            for row in chunk * CHUNK..count.min((chunk + 1) * CHUNK) {
                let source = number[usize::from(from.states[row])];
                let target = number[usize::from(to.states[row])];
                let bought = to.orders[row] > from.orders[row];
                let half = if bought { 0 } else { size };
                let flow = &mut flows[half + source * width + target];
                flow.customers += 1;
                flow.bought += u64::from(bought);
                flow.revenue += to.monetary[row];
                flow.revenue_between += to.monetary[row] - from.monetary[row];
            }
            flows
        })
        .collect();
    let mut flows = vec![Flow::default(); 2 * size];
    for part in &parts {
        let pairs = flows.iter_mut().zip(part);
        pairs.for_each(|(to, from)| to.add(from));
    }
    let mut all = vec![Flow::default(); 256 * 256];
    let mut idle = all.clone();
    for (row, &source) in states.iter().enumerate() {
        for (column, &target) in states.iter().enumerate() {
            let place = usize::from(source) * 256 + usize::from(target);
            idle[place] = flows[size + row * width + column];
            all[place] = idle[place];
            all[place].add(&flows[row * width + column]);
        }
    }
    Matrices { all, idle }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_the_as_of_date() {
        let spec = MigrationSpec::default();
        assert_eq!(spec.dates(1_000), (910, 1_000));
        let spec = MigrationSpec {
            since: Since::Date(950),
            until: Some(980),
        };
        assert_eq!(spec.dates(1_000), (950, 980));
        assert_eq!(spec.dates(960), (950, 960));
        assert_eq!(spec.dates(900), (900, 900));
    }
}
