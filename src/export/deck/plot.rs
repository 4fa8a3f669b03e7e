//! What of a chart's numbers is drawn how, so that a presentation program can draw it itself. Told by
//! the chart's name and columns.
//!
//! Native charts: revenue over time, breakdowns, histograms (`orders_per_customer`,
//! `time_between_orders`, `revenue_per_customer`), the best customers' share, the way of orders,
//! cohort curves, segment bubbles, gains, lift, calibration, reliability, ROC and precision–recall,
//! importance, gain over time, lifetime tracking and hold-out, campaign profit. Native tables stand in
//! [`super::grid`]. Everything else stays a picture: it has more points, marks or series than such a
//! chart shows fairly (customers as points, density, flows, clusters, distributions with their cuts,
//! stability, partial effects, contributions, revenue by vintage).

use super::{
    drawing::Ink,
    numbers::{At, Numbers},
    style,
};

/// Most series of one chart.
pub const MOST_SERIES: usize = 7;
/// Most bars of a ranking.
const MOST_BARS: usize = 10;

/// Cells in a row or in a column, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: At,
    pub to: At,
}

impl Span {
    /// These rows of a column.
    #[must_use]
    pub fn down(column: usize, rows: std::ops::Range<usize>) -> Self {
        Self {
            from: At {
                row: rows.start,
                column,
            },
            to: At {
                row: rows.end.saturating_sub(1),
                column,
            },
        }
    }

    fn cell(row: usize, column: usize) -> Self {
        Self::down(column, row..row + 1)
    }

    /// The cells one by one.
    pub fn cells(self) -> impl Iterator<Item = At> {
        let rows = self.from.row..=self.to.row;
        rows.flat_map(move |row| {
            let columns = self.from.column..=self.to.column;
            columns.map(move |column| At { row, column })
        })
    }
}

/// Where the name of a series or the words of an axis stand in the sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Words {
    /// The header of a column.
    Head(usize),
    Cells(Span),
    /// The headers from one column to another.
    Heads(usize, usize),
    /// Nowhere: 1, 2, 3…
    Count,
}

/// One series.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// As the legend says it.
    pub title: String,
    /// Where it stands in the sheet; series cut from long tables have none.
    pub name: Option<Words>,
    /// Places along the axis: names, or the x values of scatter and bubble charts.
    pub along: Words,
    pub values: Span,
    /// Areas of bubbles.
    pub sizes: Option<Span>,
    pub ink: Ink,
    pub look: Look,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    #[default]
    Plain,
    Strong,
    Dashed,
    Dotted,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Upright bars.
    Columns {
        stacked: bool,
    },
    /// Lying bars, the first on top.
    Bars,
    Lines,
    /// Points joined by lines over a numeric axis.
    Curves,
    Bubbles,
}

/// An axis.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Axis {
    pub title: String,
    /// Number format of a spreadsheet.
    pub format: &'static str,
    /// Large values first.
    pub reversed: bool,
    pub most: Option<f64>,
}

/// A chart for a presentation program.
#[derive(Clone, Debug, PartialEq)]
pub struct Plot {
    pub kind: Kind,
    pub series: Vec<Series>,
    pub x: Axis,
    pub y: Axis,
    /// Values beside the bars, names beside the bubbles.
    pub labels: bool,
    /// Bars that are still growing: hatched.
    pub unfinished: Vec<usize>,
}

const WHOLE: &str = "#,##0";
const SHARE: &str = "0 %";
const PLAIN: &str = "General";
const TWO: &str = "0.00";

/// Colour of a segment, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SegmentStyle {
    pub name: String,
    pub style: u8,
}

/// A chart whose numbers are looked at.
struct Source<'a> {
    title: &'a str,
    numbers: &'a Numbers,
}

fn axis(title: &str, format: &'static str) -> Axis {
    Axis {
        title: title.to_owned(),
        format,
        ..Axis::default()
    }
}

impl Source<'_> {
    fn rows(&self) -> usize {
        self.numbers.rows.len()
    }

    /// A series of a whole column over the first one.
    fn column(&self, name: &str, title: &str, place: usize) -> Option<Series> {
        let column = self.numbers.column(name)?;
        Some(self.at(column, title, place))
    }

    fn at(&self, column: usize, title: &str, place: usize) -> Series {
        Series {
            title: title.to_owned(),
            name: Some(Words::Head(column)),
            along: Words::Cells(Span::down(0, 0..self.rows())),
            values: Span::down(column, 0..self.rows()),
            sizes: None,
            ink: style::series(place),
            look: Look::Plain,
        }
    }

    fn single(&self, name: &str, title: &str, axes: [Axis; 2], kind: Kind) -> Option<Plot> {
        let [x, y] = axes;
        Some(Plot {
            kind,
            series: vec![self.column(name, title, 0)?],
            x,
            y,
            labels: false,
            unfinished: Vec::new(),
        })
    }

    /// Two columns side by side: name and title of each.
    fn pair(&self, names: [(&str, &str); 2], [x, y]: [Axis; 2]) -> Option<Plot> {
        let [first, second] = names;
        Some(Plot {
            kind: Kind::Columns { stacked: false },
            series: vec![
                self.column(first.0, first.1, 0)?,
                self.column(second.0, second.1, 1)?,
            ],
            x,
            y,
            labels: false,
            unfinished: Vec::new(),
        })
    }

    /// A ranking from its greatest value on, as many as a slide shows.
    fn ranking(&self, name: &str, title: &str, format: &'static str) -> Option<Plot> {
        let mut plot = self.single(name, title, [Axis::default(), axis("", format)], Kind::Bars)?;
        let rows = self.rows().min(MOST_BARS);
        for series in &mut plot.series {
            series.along = Words::Cells(Span::down(0, 0..rows));
            series.values = Span::down(series.values.from.column, 0..rows);
        }
        if rows < self.rows() {
            // The table itself may end before the data do, so it does not say of how many.
            plot.x.title = format!("The first {rows}");
        }
        plot.labels = true;
        Some(plot)
    }

    /// Series of neighbouring rows that say the same in the first column.
    fn blocks(&self, x: &str, y: &str) -> Option<Vec<Series>> {
        let (x, y) = (self.numbers.column(x)?, self.numbers.column(y)?);
        let name = |row: usize| self.numbers.text(At { row, column: 0 });
        let mut series: Vec<Series> = Vec::new();
        let mut begin = 0;
        for row in 1..=self.rows() {
            if row < self.rows() && name(row) == name(begin) {
                continue;
            }
            series.push(Series {
                title: name(begin).replace('_', " "),
                name: Some(Words::Cells(Span::cell(begin, 0))),
                along: Words::Cells(Span::down(x, begin..row)),
                values: Span::down(y, begin..row),
                sizes: None,
                ink: style::series(series.len()),
                look: Look::Plain,
            });
            begin = row;
        }
        Some(series)
    }
}

/// How a presentation program draws the chart of this name; `None` where it has to be a picture.
#[must_use]
pub fn plot(name: &str, title: &str, numbers: &Numbers, segments: &[SegmentStyle]) -> Option<Plot> {
    if numbers.rows.is_empty() || numbers.columns.len() < 2 {
        return None;
    }
    let source = Source { title, numbers };
    let plot = of_shop(name, &source, segments).or_else(|| of_models(name, &source))?;
    let fits = !plot.series.is_empty() && plot.series.len() <= MOST_SERIES.max(segments.len());
    fits.then_some(plot)
}

fn of_shop(name: &str, source: &Source<'_>, segments: &[SegmentStyle]) -> Option<Plot> {
    let customers = || axis("Customers", WHOLE);
    let columns = Kind::Columns { stacked: false };
    match name {
        "revenue_over_time" => {
            let complete = source.numbers.column("complete");
            let running = |row: &usize| {
                complete
                    .is_some_and(|column| source.numbers.text(At { row: *row, column }) == "false")
            };
            let unfinished: Vec<usize> = (0..source.rows()).filter(running).collect();
            let title = if unfinished.is_empty() {
                "Net revenue"
            } else {
                "Net revenue (hatched: not ended)"
            };
            Some(Plot {
                kind: Kind::Columns { stacked: true },
                series: vec![
                    source.column("revenue_returning", "Returning customers", 0)?,
                    source.column("revenue_new", "New customers", 1)?,
                ],
                x: Axis::default(),
                y: axis(title, WHOLE),
                labels: false,
                unfinished,
            })
        }
        "orders_per_customer" => source.single(
            "customers",
            "Customers",
            [axis("", PLAIN), customers()],
            columns,
        ),
        "revenue_per_customer" => source.single(
            "customers",
            "Customers",
            [axis("Net revenue of a customer", PLAIN), customers()],
            columns,
        ),
        "time_between_orders" => source.single(
            "repeat_orders",
            "Repeat orders",
            [axis("", PLAIN), axis("Repeat orders", WHOLE)],
            columns,
        ),
        "revenue_of_best_customers" => {
            let x = axis("Best share of customers", SHARE);
            let y = axis("Share of net revenue", SHARE);
            let mut plot =
                source.single("share_of_revenue", "Share of revenue", [x, y], columns)?;
            plot.labels = true;
            Some(plot)
        }
        "order_lifecycle" => source.ranking("lines", "Lines", WHOLE),
        "cohort_curves" => cohorts(source),
        "segment_bubbles" => bubbles(source, segments),
        "campaign_profit" => {
            let line = |name, title, place, look| {
                source
                    .column(name, title, place)
                    .map(|series| Series { look, ..series })
            };
            let mut series = vec![
                line("profit_predicted", "By predicted value", 0, Look::Strong)?,
                line("profit_past_spend", "By past spend", 1, Look::Plain)?,
                line("profit_random", "At random", 5, Look::Dashed)?,
            ];
            let known = |name: &str| {
                let column = source.numbers.column(name);
                column.is_some_and(|column| source.numbers.is_numeric(column))
            };
            if known("profit_low") && known("profit_high") {
                series.push(line("profit_low", "Low (95 %)", 0, Look::Dotted)?);
                series.push(line("profit_high", "High (95 %)", 0, Look::Dotted)?);
            }
            Some(Plot {
                kind: Kind::Curves,
                series,
                x: Axis {
                    most: Some(1.0),
                    ..axis("Share of customers contacted", SHARE)
                },
                y: axis("Profit", WHOLE),
                labels: false,
                unfinished: Vec::new(),
            })
        }
        _ if name.starts_with("by_") => match source.title.split_once(' ')?.0 {
            "Revenue" => source.ranking("revenue", "Net revenue", WHOLE),
            "Orders" => source.ranking("orders", "Orders", WHOLE),
            "Customers" => source.ranking("customers", "Customers", WHOLE),
            _ => None,
        },
        _ => None,
    }
}

/// With as many decimals as shares up to this one need.
fn share_format(most: f64) -> &'static str {
    match most {
        most if most < 0.01 => "0.00 %",
        most if most < 0.1 => "0.0 %",
        _ => SHARE,
    }
}

/// With a capital first letter.
fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(letters).collect()
}

/// The weighted mean and a few cohorts from the first to the last; the workbook holds all of them.
fn cohorts(source: &Source<'_>) -> Option<Plot> {
    /// Cohorts beside the mean.
    const SHOWN: usize = 5;
    /// Least values of a line.
    const LEAST: usize = 4;
    let share = source.title.starts_with("Retention");
    // Everyone of a cohort orders in its first period.
    let first = if share { 3 } else { 2 };
    let last = source.numbers.columns.len().checked_sub(1)?;
    if last < first {
        return None;
    }
    let mean = source.rows().checked_sub(1)?;
    let along_row = |row: usize| Span {
        from: At { row, column: first },
        to: At { row, column: last },
    };
    let known = |row: &usize| {
        let cells = along_row(*row).cells();
        cells
            .filter(|cell| source.numbers.number(*cell).is_some())
            .count()
            >= LEAST
    };
    let rows: Vec<usize> = (0..mean).filter(known).collect();
    let step = |place: usize| place * rows.len().saturating_sub(1) / (SHOWN - 1);
    let mut chosen: Vec<usize> = (0..SHOWN)
        .filter_map(|place| rows.get(step(place)).copied())
        .collect();
    chosen.dedup();
    // "month_1" reads badly on an axis. Counted from the first period on, places are the ages.
    let along = if share {
        Words::Count
    } else {
        Words::Heads(first, last)
    };
    let noun = source.numbers.columns[first].split('_').next();
    let title = format!(
        "{}s since the first order",
        capital(noun.unwrap_or("period"))
    );
    let line = |row: usize, ink: Ink, look: Look| Series {
        title: source.numbers.text(At { row, column: 0 }).to_owned(),
        name: Some(Words::Cells(Span::cell(row, 0))),
        along,
        values: along_row(row),
        sizes: None,
        ink,
        look,
    };
    let shown = chosen.iter().copied().chain([mean]);
    let values = shown.flat_map(|row| along_row(row).cells());
    let most = values
        .filter_map(|cell| source.numbers.number(cell))
        .fold(0.0, f64::max);
    let mut series: Vec<Series> = chosen
        .iter()
        .enumerate()
        .map(|(place, &row)| line(row, style::series(place), Look::Plain))
        .collect();
    series.push(line(mean, style::TEXT, Look::Strong));
    Some(Plot {
        kind: Kind::Lines,
        series,
        x: axis(&title, PLAIN),
        y: axis("", if share { share_format(most) } else { WHOLE }),
        labels: false,
        unfinished: Vec::new(),
    })
}

fn bubbles(source: &Source<'_>, segments: &[SegmentStyle]) -> Option<Plot> {
    if source.title != "Segments by recency and frequency" {
        return None;
    }
    let column = |name| source.numbers.column(name);
    let (x, y) = (column("recency_days")?, column("frequency")?);
    let size = column("customers")?;
    let series = (0..source.rows()).filter(|&row| {
        let customers = source.numbers.number(At { row, column: size });
        customers.is_some_and(|customers| customers > 0.0)
    });
    let series = series.map(|row| {
        let name = source.numbers.text(At { row, column: 0 });
        let known = segments.iter().find(|segment| segment.name == name);
        Series {
            title: name.to_owned(),
            name: Some(Words::Cells(Span::cell(row, 0))),
            along: Words::Cells(Span::cell(row, x)),
            values: Span::cell(row, y),
            sizes: Some(Span::cell(row, size)),
            ink: known.map_or_else(|| style::series(row), |known| style::segment(known.style)),
            look: Look::Plain,
        }
    });
    Some(Plot {
        kind: Kind::Bubbles,
        series: series.collect(),
        x: Axis {
            reversed: true,
            ..axis("Days since last order, mean (more recent →)", WHOLE)
        },
        y: axis("Orders per customer, mean", "0"),
        labels: true,
        unfinished: Vec::new(),
    })
}

/// The model strong, the perfect ranking dashed, rivals between.
fn gains(source: &Source<'_>) -> Plot {
    let share = |title: &str| Axis {
        most: Some(1.0),
        ..axis(title, SHARE)
    };
    let count = source.numbers.columns.len();
    let series = (1..count).map(|column| {
        let head = &source.numbers.columns[column];
        let series = source.at(column, head, column);
        if column + 1 == count {
            Series {
                ink: style::ACCENT,
                look: Look::Strong,
                ..series
            }
        } else if head == "perfect" {
            Series {
                ink: style::MUTED,
                look: Look::Dashed,
                ..series
            }
        } else {
            Series {
                ink: style::series(column - 1),
                ..series
            }
        }
    });
    Plot {
        kind: Kind::Curves,
        series: series.collect(),
        x: share("Share of customers, best first"),
        y: share("Share of the outcome they hold"),
        labels: false,
        unfinished: Vec::new(),
    }
}

fn of_models(name: &str, source: &Source<'_>) -> Option<Plot> {
    let columns = Kind::Columns { stacked: false };
    let share = |title: &str| Axis {
        most: Some(1.0),
        ..axis(title, SHARE)
    };
    match name {
        "gains" => Some(gains(source)),
        "lift" => source.single(
            "lift",
            "Lift",
            [
                axis("Tenth of the ranking", PLAIN),
                axis("Times the average", "0.0"),
            ],
            columns,
        ),
        "permutation_importance" => source.ranking(
            "fall_of_normalised_gini",
            "Fall of normalised Gini",
            "0.000",
        ),
        "decile_calibration" => source.pair(
            [
                ("mean_predicted", "Mean predicted"),
                ("mean_actual", "Mean actual"),
            ],
            [
                axis("Tenth of the ranking", PLAIN),
                axis("Mean per customer", WHOLE),
            ],
        ),
        "gain_over_time" => source.pair(
            [("model", "Model"), ("naive", "Naive rival")],
            [Axis::default(), axis("Share held by the best 20 %", SHARE)],
        ),
        "holdout_by_frequency" => source.pair(
            [("mean_actual", "Actual"), ("mean_expected", "Expected")],
            [
                axis("Repeat orders before", PLAIN),
                axis("Mean orders after", TWO),
            ],
        ),
        "reliability" => Some(Plot {
            kind: Kind::Curves,
            series: source.blocks("mean_probability", "observed_rate")?,
            x: share("Predicted probability"),
            y: share("Observed rate"),
            labels: false,
            unfinished: Vec::new(),
        }),
        "roc" => Some(Plot {
            kind: Kind::Curves,
            series: source.blocks("x", "y")?,
            x: share("False positive rate, or recall"),
            y: share("True positive rate, or precision"),
            labels: false,
            unfinished: Vec::new(),
        }),
        _ if source
            .numbers
            .columns
            .first()
            .is_some_and(|head| head == "week_start") =>
        {
            let names = if name.contains("cumulative") {
                ["cumulative_actual", "cumulative_expected"]
            } else {
                ["actual", "expected"]
            };
            Some(Plot {
                kind: Kind::Lines,
                series: vec![
                    source.column(names[0], "Actual", 0)?,
                    source.column(names[1], "Expected", 1)?,
                ],
                x: Axis::default(),
                y: axis("Orders", WHOLE),
                labels: false,
                unfinished: Vec::new(),
            })
        }
        _ => None,
    }
}
