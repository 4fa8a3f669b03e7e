//! `keepers migration`: who moved from which segment to which between two dates.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{
    input::{self, Input},
    output::{self, CliError, say},
    table::{self, Column, Table},
};
use analysis::{
    attribute_tests::AttributeTests,
    conditions::RuleInputs,
    customers::customers_as_of,
    migration::{Flow, Migration, MigrationSpec, Placement, Since, Stop, migration},
    rfm::{Scores, TieRule, score},
    segmenting::segment,
};
use data::day::{Day, iso};
use data::orders::Orders;
use project::{RuleSet, SegmentSpec};

/// Print who moved from which segment to which between two dates: customers and revenue
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    input: Input,
    /// The earlier date, YYYY-MM-DD [default: the project's, else 90 days before the later one]
    #[arg(long, value_name = "DATE", value_parser = input::day)]
    from: Option<Day>,
    /// The later date, YYYY-MM-DD [default: the project's, else the as-of date]
    #[arg(long, value_name = "DATE", value_parser = input::day)]
    to: Option<Day>,
    /// Segment rules, with cut points or kept clusters if it has any, from a rule file (*.rules.ron)
    /// instead of the project's
    #[arg(long, value_name = "FILE")]
    rules: Option<PathBuf>,
    /// Cut the scores of the later date where those of the earlier one are cut, so that nobody moves
    /// because others did
    #[arg(long)]
    hold_cut_points: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Answer {
    from: String,
    to: String,
    /// Whether the scores of both dates are cut at the same points.
    cut_points_held: bool,
    /// Best segment first.
    rows: Vec<Row>,
    columns: Vec<ColumnTotal>,
    stayed: Flow,
    moved_up: Flow,
    moved_down: Flow,
    /// In a segment of a higher level without an order between the dates: only time has passed.
    aged: Flow,
    new: Flow,
    unplaced: Flow,
    /// Customers of the earlier date.
    customers_before: u64,
    customers_after: u64,
    not_yet: u64,
}

#[derive(Serialize)]
struct Row {
    from: String,
    level: Option<f64>,
    total: Flow,
    to: Vec<Target>,
}

#[derive(Serialize)]
struct Target {
    to: String,
    /// "stayed", "up", "down", "aged", "new" or "unplaced"; of a flow with course "up", those without an
    /// order (`customers` less `bought`) count as aged.
    course: String,
    #[serde(flatten)]
    flow: Flow,
}

#[derive(Serialize)]
struct ColumnTotal {
    to: String,
    total: Flow,
}

pub(super) fn run(arguments: &Arguments) -> Result<(), CliError> {
    let rules = arguments.rules.as_deref().map(RuleSet::load).transpose();
    let rules = rules.map_err(|error| CliError::Input(error.to_string()))?;
    let shop = arguments.input.open_history("Migrations")?;
    let settled = &shop.project.migration;
    // A project may have been asked about an earlier as-of date than it was saved with.
    let until = settled.until.map(|day| day.min(shop.as_of));
    let to = arguments.to.or(until).unwrap_or(shop.as_of);
    let since = arguments.from.map_or(settled.since, Since::Date);
    if to > shop.as_of {
        return Err(CliError::Input(format!(
            "--to {} lies after the as-of date {}: later orders do not exist yet. Choose an earlier --to",
            iso(to),
            iso(shop.as_of)
        )));
    }
    if let Since::Date(from) = since
        && from > to
    {
        return Err(CliError::Input(format!(
            "--from {} lies after --to {}. Give the earlier date as --from",
            iso(from),
            iso(to)
        )));
    }
    let spec = MigrationSpec {
        since,
        until: Some(to),
    };
    let (from, to) = spec.dates(shop.as_of);
    let orders = &shop.dataset.orders;
    // Said of the as-of date already.
    if to < shop.as_of {
        input::note_nobody(orders, to, "--to");
    }
    let before = SegmentSpec::of(&shop.project);
    let spec = rules.map_or_else(|| before.clone(), |set| set.spec(before.ties));
    let (from, scores, _) = placement(orders, from, &spec);
    let later = if arguments.hold_cut_points {
        let cuts = scores.cut_points().ok_or_else(|| {
            let why = "--hold-cut-points needs cut points: scores by rank have none";
            CliError::Input(format!("{why}. Score with --ties share, or leave it out"))
        })?;
        SegmentSpec {
            ties: TieRule::Fixed(cuts),
            ..spec.clone()
        }
    } else {
        spec.clone()
    };
    let (to, _, unknown) = placement(orders, to, &later);
    for what in unknown {
        say(&format!("note: {what}: conditions on it match nobody."));
    }
    let moved = migration(&from, &to, &spec.rules);
    if arguments.json {
        let fixed = matches!(later.ties, TieRule::Fixed(_));
        output::print_json(&answer(&moved, fixed))
    } else {
        output::print(&text(&moved))
    }
}

/// Where everybody stands on a day, and what the rules ask for that there is not.
fn placement(orders: &Orders, day: Day, spec: &SegmentSpec) -> (Placement, Scores, Vec<String>) {
    let customers = customers_as_of(orders, day);
    let scores = score(&customers, spec.ties);
    let attributes = AttributeTests::of(orders, &customers, spec.rule_list());
    let inputs = RuleInputs::new(&customers, &scores, &attributes);
    let segments = segment(inputs, &spec.rules);
    let placement = Placement::new(&customers, &scores, &segments);
    let unanswered = attributes.unanswered();
    (placement, scores, unanswered)
}

fn title(stop: &Stop) -> String {
    stop.place.title().to_owned()
}

fn answer(moved: &Migration, cut_points_held: bool) -> Answer {
    let target = |row: usize, column: usize| Target {
        to: title(&moved.targets[column]),
        course: format!("{:?}", moved.course(row, column)).to_lowercase(),
        flow: moved.flows[row][column],
    };
    Answer {
        from: iso(moved.from),
        to: iso(moved.to),
        cut_points_held,
        rows: moved
            .sources
            .iter()
            .enumerate()
            .map(|(row, stop)| Row {
                from: title(stop),
                level: stop.level,
                total: moved.row_total(row),
                to: (0..moved.targets.len())
                    .map(|column| target(row, column))
                    .collect(),
            })
            .collect(),
        columns: moved
            .targets
            .iter()
            .enumerate()
            .map(|(column, stop)| ColumnTotal {
                to: title(stop),
                total: moved.column_total(column),
            })
            .collect(),
        stayed: moved.stayed,
        moved_up: moved.up,
        moved_down: moved.down,
        aged: moved.aged,
        new: moved.new,
        unplaced: moved.unplaced,
        customers_before: moved.before(),
        customers_after: moved.total().customers,
        not_yet: moved.not_yet,
    }
}

fn text(moved: &Migration) -> String {
    let not_yet = if moved.not_yet > 0 {
        format!(
            "\n{} people of the data had not ordered before {}: they are no customers yet\n",
            table::count(moved.not_yet),
            iso(moved.to)
        )
    } else {
        String::new()
    };
    format!(
        "Segments on {} (rows) and on {} (columns), best first by their mean scores; customers\n{}\n{}{}",
        iso(moved.from),
        iso(moved.to),
        matrix(moved),
        courses(moved),
        not_yet
    )
}

/// Customers by segment then (rows) and now (columns).
fn matrix(moved: &Migration) -> String {
    let heads: Vec<String> = moved.targets.iter().map(title).collect();
    let mut columns = vec![("from \\ to", Column::Words)];
    columns.extend(heads.iter().map(|head| (head.as_str(), Column::Figures)));
    columns.push(("all", Column::Figures));
    let mut matrix = Table::new(&columns);
    for (row, stop) in moved.sources.iter().enumerate() {
        let cells = moved.flows[row]
            .iter()
            .map(|flow| table::count(flow.customers));
        matrix.row(
            std::iter::once(title(stop))
                .chain(cells)
                .chain([table::count(moved.row_total(row).customers)]),
        );
    }
    let totals = (0..moved.targets.len()).map(|column| moved.column_total(column).customers);
    matrix.row(
        std::iter::once("all".to_owned())
            .chain(totals.map(table::count))
            .chain([table::count(moved.total().customers)]),
    );
    matrix.render()
}

/// What became of the customers of the earlier date, and who is new.
fn courses(moved: &Migration) -> String {
    let mut courses = Table::new(&[
        ("what became of them", Column::Words),
        ("customers", Column::Figures),
        ("share", Column::Figures),
        ("revenue so far", Column::Figures),
        ("in between", Column::Figures),
    ]);
    let before = moved.before().max(1) as f64;
    for (name, flow, of_before) in [
        ("stayed", moved.stayed, true),
        ("moved up", moved.up, true),
        ("moved down", moved.down, true),
        (
            "only aged: a higher level without an order",
            moved.aged,
            true,
        ),
        ("in no segment on one of the dates", moved.unplaced, true),
        ("new", moved.new, false),
    ] {
        if flow.customers == 0 && (name.starts_with("in no") || name.starts_with("only")) {
            continue;
        }
        let share = if of_before {
            table::percent(flow.customers as f64 / before)
        } else {
            String::new()
        };
        courses.row([
            name.to_owned(),
            table::count(flow.customers),
            share,
            table::money(flow.revenue),
            table::money(flow.revenue_between),
        ]);
    }
    courses.render()
}
