//! What the Segments view shows, as plain data; built once per revision, never per frame.

use std::sync::Arc;

use super::{changes::Changes, check_words, colour::Shades, rules};
use crate::{
    chart::{Sheet, sheet::cell},
    format::{compact, count, date, integer, number, percent, plain},
};
use analysis::{
    distribution::{Distribution, Quantity},
    expected::Expected,
    rfm::{Scores, TieRule},
    scoring::Band,
    segments::{GridCell, SegmentStats, Segmentation},
    stability::Stability,
};
use pipeline::{outlook::Outlook, snapshot::Tuning};

/// Everything the cards show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Model {
    pub customers: u64,
    pub revenue: f64,
    /// In rule order.
    pub segments: Vec<Segment>,
    /// Per score kind (R, F, M) and score (1…5).
    pub scores: [[ScoreBin; 5]; 3],
    /// `[recency score − 1][frequency score − 1]`.
    pub grid: [[GridCell; 5]; 5],
    /// The segments before the last change, while they are compared.
    pub changes: Option<Changes>,
    /// What is worth knowing about the rules; of the state before while something is dragged.
    pub remarks: Vec<check_words::Remark>,
    /// Of the state before while something is dragged.
    pub stability: Option<Arc<Stability>>,
    /// How the values are spread, in the order of [`Quantity::ALL`]; of the date before while the
    /// date is dragged.
    pub spreads: Option<Arc<[Distribution; 5]>>,
    /// What is predicted, and by whom; `None` without predictions.
    pub predicted: Option<Predicted>,
    pub findings: Findings,
}

/// What is predicted of the segments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicted {
    /// "Net revenue in the 90 days after t₀, by Tweedie GLM (90-day CLV), as of 30 Jun 2025".
    pub words: String,
    /// Probabilities rather than amounts.
    pub chance: bool,
    /// P(alive) is known of somebody.
    pub alive: bool,
    /// Of the state before: something is being dragged.
    pub stale: bool,
}

/// One segment with its rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    pub stats: SegmentStats,
    /// Share of all customers, 0…1.
    pub share: f64,
    /// The rule in words.
    pub rule: String,
    /// What is predicted of its customers; of the state before while something is dragged.
    pub expected: Option<Expected>,
}

/// One score: how many customers hold it, and which values it covers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ScoreBin {
    pub customers: u64,
    /// "1–34 days"; empty when nobody holds the score.
    pub range: String,
}

impl ScoreBin {
    /// The range without its unit: "1–34".
    #[must_use]
    pub fn values(&self) -> &str {
        [" days", " day", " orders", " order"]
            .into_iter()
            .find_map(|unit| self.range.strip_suffix(unit))
            .unwrap_or(&self.range)
    }
}

/// One sentence per card; also the charts' text summaries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    pub bubbles: String,
    pub grid: String,
    pub table: String,
    pub scores: String,
    pub rules: String,
}

/// The tables the view reads.
#[derive(Clone, Copy)]
pub struct Inputs<'a> {
    pub scores: &'a Scores,
    pub segments: &'a Segmentation,
    pub tuning: &'a Tuning,
    pub outlook: Option<&'a Outlook>,
}

impl Model {
    #[must_use]
    pub fn new(inputs: Inputs<'_>) -> Self {
        let stats = &inputs.segments.stats;
        let customers = inputs.segments.customers();
        let grid = inputs.segments.rf_grid;
        // Also of customers whom no rule matches.
        let revenue = grid.iter().flatten().map(|cell| cell.revenue).sum();
        let segments: Vec<Segment> = stats
            .iter()
            .zip(&*inputs.tuning.rules)
            .enumerate()
            .map(|(number, (stats, rule))| Segment {
                expected: inputs
                    .outlook
                    .and_then(|outlook| outlook.segments.get(number).copied()),
                share: share(stats.customers as f64, customers as f64),
                rule: rules::in_words(&rule.when),
                stats: stats.clone(),
            })
            .collect();
        let scores = score_bins(&inputs.scores.bands);
        let changes = inputs
            .tuning
            .before
            .as_ref()
            .map(|before| Changes::new(before, inputs.segments));
        let remarks = inputs
            .tuning
            .check
            .as_ref()
            .map(|report| check_words::remarks(report, &inputs.tuning.rules));
        let findings = Findings {
            bubbles: bubble_finding(&segments),
            grid: grid_finding(&grid, customers, revenue),
            table: table_finding(&segments),
            scores: score_finding(&scores, inputs.scores.ties, customers),
            rules: rule_finding(&segments),
        };
        Self {
            customers,
            revenue,
            segments,
            scores,
            grid,
            changes,
            remarks: remarks.unwrap_or_default(),
            stability: inputs.tuning.stability.clone(),
            spreads: inputs.tuning.distributions.clone(),
            predicted: inputs.outlook.map(predicted),
            findings,
        }
    }

    /// Keeps what is not worked out while something is dragged.
    #[must_use]
    pub fn after(mut self, before: Option<Self>, tuning: &Tuning) -> Self {
        if let Some(before) = before {
            if tuning.check.is_none() {
                self.remarks = before.remarks;
            }
            self.stability = self.stability.or(before.stability);
            self.spreads = self.spreads.or(before.spreads);
            if self.predicted.is_none() && tuning.check.is_none() {
                self.keep_predictions(&before.segments, before.predicted);
            }
        }
        self
    }

    /// The colours of mean predicted values.
    #[must_use]
    pub fn shades(&self) -> Option<Shades> {
        let chance = self.predicted.as_ref()?.chance;
        let means = self
            .segments
            .iter()
            .filter_map(|segment| segment.expected?.mean());
        Shades::covering(means, chance)
    }

    fn keep_predictions(&mut self, before: &[Segment], predicted: Option<Predicted>) {
        for segment in &mut self.segments {
            let same = |other: &&Segment| other.stats.name == segment.stats.name;
            segment.expected = before.iter().find(same).and_then(|other| other.expected);
        }
        self.predicted = predicted.map(|predicted| Predicted {
            stale: true,
            ..predicted
        });
    }

    /// How a quantity is spread; `None` until it was counted.
    #[must_use]
    pub fn spread(&self, quantity: Quantity) -> Option<&Distribution> {
        let place = Quantity::ALL.iter().position(|known| *known == quantity)?;
        self.spreads.as_ref()?.get(place)
    }

    /// The distributions for the clipboard or a file, one row per bar.
    #[must_use]
    pub fn spread_sheet(&self) -> Sheet {
        const NAMES: [&str; 5] = [
            "recency_days",
            "frequency",
            "monetary",
            "aov",
            "tenure_days",
        ];
        let mut sheet = Sheet::new(&["value_of", "from", "below", "customers"]);
        let spreads = self.spreads.iter().flat_map(|spreads| spreads.iter());
        for (name, spread) in NAMES.iter().zip(spreads) {
            if spread.not_positive > 0 {
                let counted = spread.not_positive.to_string();
                sheet.push(vec![
                    (*name).to_owned(),
                    String::new(),
                    cell(Some(0.0)),
                    counted,
                ]);
            }
            for (range, counted) in spread.edges.windows(2).zip(&spread.counts) {
                sheet.push(vec![
                    (*name).to_owned(),
                    cell(Some(range[0])),
                    cell(Some(range[1])),
                    counted.to_string(),
                ]);
            }
        }
        sheet
    }

    /// The segment table for the clipboard or a file.
    #[must_use]
    pub fn table_sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(&[
            "segment",
            "rule",
            "customers",
            "customer_share",
            "revenue",
            "revenue_share",
            "recency_days",
            "frequency",
            "monetary",
            "aov",
            "tenure_days",
            "predicted_value",
            "predicted_value_mean",
            "p_alive_mean",
        ]);
        if self.predicted.is_none() {
            sheet.columns.truncate(11);
        }
        for segment in &self.segments {
            let stats = &segment.stats;
            let mut row = vec![
                stats.name.clone(),
                segment.rule.clone(),
                stats.customers.to_string(),
            ];
            let numbers = [
                segment.share,
                stats.revenue,
                stats.revenue_share,
                stats.recency_days,
                stats.frequency,
                stats.monetary,
                stats.aov,
                stats.tenure_days,
            ];
            row.extend(numbers.map(|number| cell(Some(number))));
            if self.predicted.is_some() {
                let expected = segment.expected.unwrap_or_default();
                let sum = (expected.told > 0).then_some(expected.value);
                row.extend([sum, expected.mean(), expected.p_alive()].map(cell));
            }
            sheet.push(row);
        }
        sheet
    }

    /// The recency × frequency grid for the clipboard or a file, one row per cell.
    #[must_use]
    pub fn grid_sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(&["recency_score", "frequency_score", "customers", "revenue"]);
        for (r, row) in self.grid.iter().enumerate() {
            for (f, data) in row.iter().enumerate() {
                sheet.push(vec![
                    (r + 1).to_string(),
                    (f + 1).to_string(),
                    data.customers.to_string(),
                    cell(Some(data.revenue)),
                ]);
            }
        }
        sheet
    }

    /// Customers per score with the range of values, for the clipboard or a file.
    #[must_use]
    pub fn scores_sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(&["score_of", "score", "customers", "values"]);
        for (kind, bins) in SCORE_NAMES.iter().zip(&self.scores) {
            for (index, bin) in bins.iter().enumerate() {
                sheet.push(vec![
                    (*kind).to_owned(),
                    (index + 1).to_string(),
                    bin.customers.to_string(),
                    bin.range.clone(),
                ]);
            }
        }
        sheet
    }
}

/// Names of the three scores, in the order of [`Model::scores`].
pub const SCORE_NAMES: [&str; 3] = ["Recency", "Frequency", "Monetary"];

/// A number of customers where room is short: `0`, `583`, `12.1k`.
#[must_use]
pub fn short_count(customers: u64) -> String {
    if customers < 10_000 {
        integer(customers)
    } else {
        compact(customers as f64)
    }
}

fn predicted(outlook: &Outlook) -> Predicted {
    Predicted {
        words: format!(
            "Predicted: {}, by {}, as of {}.",
            plain(&outlook.meaning()),
            outlook.by(),
            date(outlook.as_of())
        ),
        chance: outlook.is_chance(),
        alive: outlook
            .segments
            .iter()
            .any(|segment| segment.p_alive().is_some()),
        stale: false,
    }
}

fn share(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

fn score_bins(bands: &[[Band; 5]; 3]) -> [[ScoreBin; 5]; 3] {
    std::array::from_fn(|kind| {
        bands[kind].map(|band| ScoreBin {
            customers: band.customers,
            range: band
                .range
                .map_or_else(String::new, |range| range_text(kind, range)),
        })
    })
}

fn amount(value: f64) -> String {
    if value == 0.0 {
        "0".to_owned()
    } else {
        compact(value)
    }
}

/// "1–34 days", "2 orders", "12–25".
fn range_text(kind: usize, (least, most): (f64, f64)) -> String {
    let (low, high) = if kind == 2 {
        (amount(least), amount(most))
    } else {
        (integer(least as u64), integer(most as u64))
    };
    let joined = match (low == high, least < 0.0) {
        (true, _) => low,
        (false, true) => format!("{low} to {high}"),
        (false, false) => format!("{low}–{high}"),
    };
    let one = most == 1.0;
    match (kind, one) {
        (0, true) => format!("{joined} day"),
        (0, false) => format!("{joined} days"),
        (1, true) => format!("{joined} order"),
        (1, false) => format!("{joined} orders"),
        _ => joined,
    }
}

/// "VIP: 26.7 % of customers bring 70.3 % of revenue."
fn bubble_finding(segments: &[Segment]) -> String {
    let richest = segments
        .iter()
        .max_by(|a, b| a.stats.revenue_share.total_cmp(&b.stats.revenue_share));
    richest.map_or_else(String::new, |segment| {
        format!(
            "{} customers are {} of all customers and bring {} of revenue.",
            segment.stats.name,
            percent(segment.share),
            percent(segment.stats.revenue_share)
        )
    })
}

fn grid_finding(grid: &[[GridCell; 5]; 5], customers: u64, revenue: f64) -> String {
    let corner = |cells: &dyn Fn(usize, usize) -> bool| {
        let mut sum = GridCell::default();
        for (r, row) in grid.iter().enumerate() {
            for (f, cell) in row.iter().enumerate().filter(|&(f, _)| cells(r, f)) {
                let _ = f;
                sum.customers += cell.customers;
                sum.revenue += cell.revenue;
            }
        }
        sum
    };
    let best = corner(&|r, f| r >= 3 && f >= 3);
    format!(
        "{} of customers score 4 or 5 on both and bring {} of revenue.",
        percent(share(best.customers as f64, customers as f64)),
        percent(share(best.revenue, revenue))
    )
}

fn table_finding(segments: &[Segment]) -> String {
    let largest = segments
        .iter()
        .max_by_key(|segment| segment.stats.customers);
    let dearest = segments
        .iter()
        .filter(|segment| segment.stats.customers > 0)
        .max_by(|a, b| a.stats.monetary.total_cmp(&b.stats.monetary));
    match (largest, dearest) {
        (Some(largest), Some(dearest)) => format!(
            "Largest: {} with {}. Highest revenue per customer: {} with {}.",
            largest.stats.name,
            count(largest.stats.customers, "customer", "customers"),
            dearest.stats.name,
            number(dearest.stats.monetary)
        ),
        _ => String::new(),
    }
}

fn score_finding(scores: &[[ScoreBin; 5]; 3], ties: TieRule, customers: u64) -> String {
    let lowest = &scores[1][0];
    match ties {
        TieRule::Share => format!(
            "{} of customers share frequency score 1 ({}).",
            percent(share(lowest.customers as f64, customers as f64)),
            lowest.range
        ),
        TieRule::Fixed(_) => {
            "The cut points are set by hand. They stay where they are when the data \
                              or the as-of date changes."
                .to_owned()
        }
        TieRule::RankFirst => {
            "Every score holds a fifth of the customers, so customers with equal \
                               values can get different scores."
                .to_owned()
        }
    }
}

fn rule_finding(segments: &[Segment]) -> String {
    let empty: Vec<&str> = segments
        .iter()
        .filter(|segment| segment.stats.customers == 0)
        .map(|segment| segment.stats.name.as_str())
        .collect();
    if empty.is_empty() {
        "The first rule that matches wins; every rule wins customers.".to_owned()
    } else {
        format!(
            "The first rule that matches wins; nobody is won by {}.",
            empty.join(", ")
        )
    }
}

#[cfg(test)]
mod tests;
