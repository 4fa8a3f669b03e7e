//! Charts that are tables: cohorts with coloured cells, the recency × frequency grid, segments, moves
//! between segments, lists. Both formats draw them from here.

use super::{
    drawing::Ink,
    numbers::{At, Numbers},
    plot::SegmentStyle,
    side::Side,
    style,
};
use crate::report::{style as report_style, words};
use analysis::cohorts::{CellState, CohortTable, Metric};
use pipeline::snapshot::Shop;

/// A cell of a table on a slide.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GridCell {
    pub text: String,
    pub fill: Option<Ink>,
    pub ink: Option<Ink>,
    pub strong: bool,
    /// Colour of the first letter, where it is a mark.
    pub mark: Option<Ink>,
}

/// A table on a slide. The first row is its head.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grid {
    pub rows: Vec<Vec<GridCell>>,
    /// Of each column.
    pub sides: Vec<Side>,
    /// Share of the width of each column.
    pub widths: Vec<f32>,
    /// A line in small type below, such as what was left out.
    pub note: String,
}

/// Most rows below the head.
const MOST_ROWS: usize = 14;
/// Most ages of a cohort table.
const AGES: usize = 12;

fn cell(text: impl Into<String>) -> GridCell {
    GridCell {
        text: text.into(),
        ..GridCell::default()
    }
}

/// A cell coloured by its share of the greatest value.
fn heat(text: String, share: f64) -> GridCell {
    let fill = style::ACCENT.tint(0.06 + 0.84 * share);
    GridCell {
        text,
        fill: Some(fill),
        // White where it stands out at least 4.5 times.
        ink: Some(if fill.luminance() < 0.183 {
            style::WHITE
        } else {
            style::TEXT
        }),
        ..GridCell::default()
    }
}

impl Grid {
    fn of(heads: &[&str], rows: Vec<Vec<GridCell>>, widths: &[f32], words: usize) -> Self {
        let mut all = vec![heads.iter().map(|head| cell(*head)).collect::<Vec<_>>()];
        let left_out = rows.len().saturating_sub(MOST_ROWS);
        all.extend(rows.into_iter().take(MOST_ROWS));
        let sides = (0..heads.len()).map(|column| {
            if column < words {
                Side::Start
            } else {
                Side::End
            }
        });
        let note = if left_out > 0 {
            format!("And {} more.", words::integer(left_out as u64))
        } else {
            String::new()
        };
        Self {
            rows: all,
            sides: sides.collect(),
            widths: widths.to_vec(),
            note,
        }
    }
}

/// The table that stands for the chart of this name; `None` where it is no table.
#[must_use]
pub fn grid(
    name: &str,
    numbers: &Numbers,
    shop: &Shop,
    metric: Metric,
    segments: &[SegmentStyle],
) -> Option<Grid> {
    match name {
        "cohort_table" => Some(cohorts(&shop.cohorts, metric)),
        "rf_grid" => scores(numbers),
        "segments" => Some(segment_rows(shop)),
        "migration_matrix" => crossed(
            numbers,
            ["from_segment", "to_segment", "customers"],
            segments,
        ),
        "segment_value_matrix" => crossed(
            numbers,
            ["segment", "predicted_value", "customers"],
            segments,
        ),
        "tiers" => crossed(numbers, ["actual", "guessed", "customers"], segments),
        "leaderboard" => leaderboard(numbers),
        "kpi_sheet" => kpis(numbers),
        _ => None,
    }
}

fn cohorts(cohorts: &CohortTable, metric: Metric) -> Grid {
    let first = usize::from(metric == Metric::Retention);
    let ages = cohorts.ages.min(AGES + first);
    let left_out = cohorts.rows.len().saturating_sub(MOST_ROWS - 1);
    let domain = cohorts.colour_domain(metric);
    let most = domain.map_or(1.0, |(_, high)| high);
    let mut rows = vec![
        ["Cohort".to_owned(), "Size".to_owned()]
            .into_iter()
            .chain((first..ages).map(|age| age.to_string()))
            .map(cell)
            .collect::<Vec<_>>(),
    ];
    for (row, cohort) in cohorts.rows.iter().enumerate().skip(left_out) {
        let dagger = if cohorts.compares(row) { "" } else { " †" };
        let mut cells = vec![
            cell(format!("{}{dagger}", cohort.label)),
            cell(words::integer(cohort.size)),
        ];
        cells.extend((first..ages).map(|age| {
            let begun = age < cohort.cells.len();
            let Some(value) = begun.then(|| cohorts.value(metric, row, age)).flatten() else {
                return GridCell::default();
            };
            let text = written(metric, value, most);
            if cohorts.state(row, age) == CellState::InProgress {
                return GridCell {
                    ink: Some(style::MUTED),
                    ..cell(format!("{text}*"))
                };
            }
            match domain {
                Some((low, high)) if high > low => heat(text, (value - low) / (high - low)),
                _ => cell(text),
            }
        }));
        rows.push(cells);
    }
    let mut mean = vec![cell("Mean"), GridCell::default()];
    mean.extend((first..ages).map(|age| {
        let value = cohorts.weighted_mean(metric, age);
        cell(value.map_or_else(String::new, |value| written(metric, value, most)))
    }));
    for cell in &mut mean {
        cell.strong = true;
    }
    rows.push(mean);
    let noun = cohorts.spec.period.noun();
    let older = if left_out > 0 {
        format!(
            " The {} newest of {} cohorts.",
            cohorts.rows.len() - left_out,
            cohorts.rows.len()
        )
    } else {
        String::new()
    };
    let unit = if metric == Metric::Retention && most < 0.1 {
        " Values in %."
    } else {
        ""
    };
    let columns = ages.saturating_sub(first);
    let mut widths = vec![1.9, 1.1];
    widths.extend(std::iter::repeat_n(1.0, columns));
    let mut sides = vec![Side::Start, Side::End];
    sides.extend(std::iter::repeat_n(Side::Middle, columns));
    Grid {
        rows,
        sides,
        widths,
        note: format!("Columns: {noun}s since the first order. * has not ended yet.{unit}{older}"),
    }
}

/// Short, for narrow cells; `most` is the greatest value of the table.
fn written(metric: Metric, value: f64, most: f64) -> String {
    match metric {
        Metric::Retention => match most {
            // Without the sign, which has no room: the note below says it.
            most if most < 0.01 => words::fixed(value * 100.0, 2),
            most if most < 0.1 => words::fixed(value * 100.0, 1),
            _ => format!("{} %", words::fixed(value * 100.0, 0)),
        },
        Metric::Customers | Metric::Orders | Metric::Revenue => words::fixed(value, 0),
        Metric::RevenuePerCustomer | Metric::CumulativeLtv | Metric::Aov => words::fixed(value, 1),
    }
}

/// Recency down, frequency across; the best corner is top right, as in the window.
fn scores(numbers: &Numbers) -> Option<Grid> {
    let column = |name| numbers.column(name);
    let places = [column("recency_score")?, column("frequency_score")?];
    let counted = column("customers")?;
    let mut count = [[0.0_f64; 5]; 5];
    for row in 0..numbers.rows.len() {
        let at = places.map(|column| numbers.number(At { row, column }));
        let [Some(r), Some(f)] = at else { continue };
        let place = |score: f64| (score as usize).checked_sub(1).filter(|place| *place < 5);
        if let (Some(r), Some(f)) = (place(r), place(f)) {
            count[r][f] = numbers.number(At {
                row,
                column: counted,
            })?;
        }
    }
    let most = count.iter().flatten().fold(0.0_f64, |a, b| a.max(*b));
    let mut rows = vec![
        std::iter::once(cell("R \\ F"))
            .chain((1..=5).map(|score| cell(format!("F {score}"))))
            .collect::<Vec<_>>(),
    ];
    for r in (0..5).rev() {
        let mut cells = vec![cell(format!("R {}", r + 1))];
        cells.extend(count[r].map(|customers| {
            heat(
                words::fixed(customers, 0),
                if most > 0.0 { customers / most } else { 0.0 },
            )
        }));
        rows.push(cells);
    }
    let mut sides = vec![Side::Start];
    sides.extend([Side::Middle; 5]);
    Some(Grid {
        rows,
        sides,
        widths: vec![1.0; 6],
        note: "Customers by score of recency (R) and frequency (F); 5 is best.".to_owned(),
    })
}

/// The name of a segment behind its mark, which has its colour.
fn segment_name(name: &str, style: Option<u8>) -> GridCell {
    match style {
        Some(number) => GridCell {
            mark: Some(style::segment(number)),
            ..cell(format!("{} {name}", report_style::mark(number)))
        },
        None => cell(name),
    }
}

fn segment_rows(shop: &Shop) -> Grid {
    let rows = shop.segments.stats.iter().map(|stats| {
        vec![
            segment_name(&stats.name, Some(stats.style)),
            cell(words::integer(stats.customers)),
            cell(words::money(stats.revenue, "")),
            cell(words::percent(stats.revenue_share)),
            cell(words::fixed(stats.frequency, 1)),
        ]
    });
    Grid::of(
        &["Segment", "Customers", "Revenue", "of all", "Orders"],
        rows.collect(),
        &[2.5, 1.4, 1.25, 1.0, 1.0],
        1,
    )
}

/// A long table of three columns crossed: down, across, and what is counted.
fn crossed(numbers: &Numbers, names: [&str; 3], segments: &[SegmentStyle]) -> Option<Grid> {
    /// Most columns that stay legible.
    const MOST_COLUMNS: usize = 12;
    let [down, across, counted] = names.map(|name| numbers.column(name));
    let (down, across, counted) = (down?, across?, counted?);
    let mut heads: [Vec<&str>; 2] = [Vec::new(), Vec::new()];
    for row in 0..numbers.rows.len() {
        for (list, column) in heads.iter_mut().zip([down, across]) {
            let text = numbers.text(At { row, column });
            if !list.contains(&text) {
                list.push(text);
            }
        }
    }
    let [lines, columns] = heads;
    if columns.len() > MOST_COLUMNS || lines.len() > MOST_ROWS {
        return None;
    }
    let value = |line: &str, head: &str| {
        let mut rows = 0..numbers.rows.len();
        let row = rows.find(|&row| {
            let text = |column| numbers.text(At { row, column });
            text(down) == line && text(across) == head
        });
        row.and_then(|row| {
            numbers.number(At {
                row,
                column: counted,
            })
        })
    };
    let values = lines
        .iter()
        .flat_map(|line| columns.iter().map(|head| value(line, head)));
    let most = values.flatten().fold(0.0_f64, f64::max);
    let mut rows = vec![
        std::iter::once(cell(""))
            .chain(columns.iter().map(|head| cell(*head)))
            .collect::<Vec<_>>(),
    ];
    for line in &lines {
        let known = segments.iter().find(|segment| segment.name == *line);
        let mut cells = vec![segment_name(line, known.map(|known| known.style))];
        cells.extend(columns.iter().map(|head| match value(line, head) {
            // The square root, so that one large cell does not make all others white.
            Some(count) if most > 0.0 => heat(words::fixed(count, 0), (count / most).sqrt()),
            Some(count) => cell(words::fixed(count, 0)),
            None => GridCell::default(),
        }));
        rows.push(cells);
    }
    let mut sides = vec![Side::Start];
    sides.extend(columns.iter().map(|_| Side::Middle));
    let mut widths = vec![1.8];
    widths.extend(columns.iter().map(|_| 1.0));
    Some(Grid {
        rows,
        sides,
        widths,
        note: format!(
            "Customers; down: {}, across: {}.",
            names[0].replace('_', " "),
            names[1].replace('_', " ")
        ),
    })
}

fn leaderboard(numbers: &Numbers) -> Option<Grid> {
    let column = |name| numbers.column(name);
    let (model, verdict) = (column("model")?, column("verdict")?);
    let shown: Vec<(usize, &str)> = [
        ("gain_20", "Top 20 % hold"),
        ("gini_normalised", "Normalised Gini"),
        ("auc", "ROC-AUC"),
        ("bias", "Predicted ÷ actual"),
    ]
    .into_iter()
    .filter_map(|(name, title)| Some((column(name)?, title)))
    .collect();
    let rows = (0..numbers.rows.len()).map(|row| {
        let mut cells = vec![
            cell(numbers.text(At { row, column: model })),
            cell(numbers.text(At {
                row,
                column: verdict,
            })),
        ];
        cells.extend(shown.iter().map(|&(column, title)| {
            let value = numbers.number(At { row, column });
            let text = value.map(|value| match title {
                "Top 20 % hold" => words::percent(value),
                _ => words::fixed(value, 3),
            });
            cell(text.unwrap_or_else(|| "–".to_owned()))
        }));
        cells
    });
    let mut heads = vec!["Model", "Verdict"];
    heads.extend(shown.iter().map(|(_, title)| *title));
    let mut widths = vec![3.0, 2.2];
    widths.extend(shown.iter().map(|_| 1.3));
    Some(Grid::of(&heads, rows.collect(), &widths, 2))
}

fn kpis(numbers: &Numbers) -> Option<Grid> {
    let column = |name| numbers.column(name);
    let places = [
        (column("segment")?, false),
        (column("customers_before")?, false),
        (column("customers_now")?, false),
        (column("repeat_rate_before")?, true),
        (column("repeat_rate_now")?, true),
    ];
    let rows = (0..numbers.rows.len()).map(|row| {
        let cells = places.iter().enumerate().map(|(place, &(column, share))| {
            let value = numbers.number(At { row, column });
            let text = match value {
                Some(value) if share => words::percent(value),
                Some(value) => words::fixed(value, 0),
                None if place == 0 => numbers.text(At { row, column }).to_owned(),
                None => "–".to_owned(),
            };
            cell(text)
        });
        cells.collect()
    });
    Some(Grid::of(
        &[
            "Segment",
            "Customers before",
            "Customers now",
            "Repeat rate before",
            "Repeat rate now",
        ],
        rows.collect(),
        &[2.0, 1.3, 1.3, 1.4, 1.4],
        1,
    ))
}

/// The ready lists: whom to act on next.
#[must_use]
pub fn lists(shop: &Shop) -> Option<Grid> {
    let people = shop.people.as_ref()?;
    let lists = people.lists.lists.iter();
    let usable = lists.filter(|list| list.unavailable.is_none());
    let rows: Vec<Vec<GridCell>> = usable
        .map(|list| {
            let predicted = list.predicted_value;
            vec![
                GridCell {
                    strong: true,
                    ..cell(list.kind.title())
                },
                cell(&*list.rule),
                cell(words::integer(list.customers.len() as u64)),
                cell(words::money(list.past_value, "")),
                cell(predicted.map_or_else(|| "–".to_owned(), |value| words::money(value, ""))),
            ]
        })
        .collect();
    (!rows.is_empty()).then(|| {
        Grid::of(
            &[
                "List",
                "Who is on it",
                "Customers",
                "Revenue so far",
                "Predicted",
            ],
            rows,
            &[1.7, 4.6, 1.0, 1.3, 1.1],
            2,
        )
    })
}

/// The rules that left rows out or changed them.
#[must_use]
pub fn rules(shop: &Shop) -> Option<Grid> {
    /// Those that fit beside the words.
    const MOST: usize = 7;
    let quality = &shop.dataset.quality;
    let mut met: Vec<_> = quality.rules.iter().filter(|rule| rule.rows > 0).collect();
    met.sort_by_key(|rule| std::cmp::Reverse(rule.rows));
    let more = met.len().saturating_sub(MOST);
    let rows: Vec<Vec<GridCell>> = met
        .into_iter()
        .take(MOST)
        .map(|rule| {
            vec![
                cell(&*rule.explanation),
                cell(crate::lists::effect_name(rule.effect)),
                cell(words::integer(rule.rows)),
                cell(words::money(rule.amount, "")),
            ]
        })
        .collect();
    let mut grid = Grid::of(
        &["Rule", "Effect", "Rows", "Amount"],
        rows,
        &[5.5, 1.3, 1.0, 1.1],
        2,
    );
    if more > 0 {
        grid.note = format!("And {more} more; the Data view lists them all.");
    }
    (grid.rows.len() > 1).then_some(grid)
}
