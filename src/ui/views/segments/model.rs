//! What the Segments view shows, as plain data; built once per revision, never per frame.

use super::rules;
use crate::{
    analysis::{
        rfm::{Band, Scores, TieRule},
        segments::{GridCell, Rule, SegmentStats, Segmentation},
    },
    ui::{
        chart::{Sheet, sheet::cell},
        format::{compact, count, integer, number, percent},
    },
};

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
    pub findings: Findings,
}

/// One segment with its rule.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Segment {
    pub stats: SegmentStats,
    /// Share of all customers, 0…1.
    pub share: f64,
    /// The rule in words.
    pub rule: String,
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
    pub rules: &'a [Rule],
}

impl Model {
    #[must_use]
    pub fn new(inputs: Inputs<'_>) -> Self {
        let stats = &inputs.segments.stats;
        let customers = stats.iter().map(|segment| segment.customers).sum::<u64>();
        let revenue = stats.iter().map(|segment| segment.revenue).sum();
        let segments: Vec<Segment> = stats
            .iter()
            .zip(inputs.rules)
            .map(|(stats, rule)| Segment {
                share: share(stats.customers as f64, customers as f64),
                rule: rules::in_words(&rule.when),
                stats: stats.clone(),
            })
            .collect();
        let scores = score_bins(&inputs.scores.bands);
        let grid = inputs.segments.rf_grid;
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
            findings,
        }
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
        ]);
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
mod tests {
    use super::*;
    use crate::analysis::segments::default_rules;

    /// By hand: r 5 4 3 1 2, f 5 4 3 1 1, m 5 4 3 2 1.
    fn scores() -> Scores {
        let band = |customers, low: f64, high: f64| Band {
            customers,
            range: (customers > 0).then_some((low, high)),
        };
        let single = |value: f64| band(1, value, value);
        Scores {
            bands: [
                [60.0, 50.0, 20.0, 10.0, 1.0].map(single),
                [
                    band(2, 1.0, 1.0),
                    band(0, 0.0, 0.0),
                    single(2.0),
                    single(3.0),
                    single(6.0),
                ],
                [0.0, 10.0, 50.0, 90.0, 600.0].map(single),
            ],
            ..Scores::default()
        }
    }

    fn stats(name: &str, customers: u64, revenue: f64) -> SegmentStats {
        SegmentStats {
            name: name.to_owned(),
            customers,
            revenue,
            revenue_share: revenue / 750.0,
            monetary: revenue / customers.max(1) as f64,
            ..SegmentStats::default()
        }
    }

    fn model() -> Model {
        let mut segments = Segmentation {
            segment: vec![0, 0, 2, 4, 4, 255],
            stats: vec![
                stats("VIP", 2, 690.0),
                stats("Loyal", 0, 0.0),
                stats("Potential Loyalist", 1, 50.0),
                stats("At Risk", 0, 0.0),
                stats("Dormant", 2, 10.0),
                stats("Regulars", 0, 0.0),
            ],
            ..Segmentation::default()
        };
        segments.rf_grid[4][4] = GridCell {
            customers: 1,
            revenue: 600.0,
        };
        segments.rf_grid[3][3] = GridCell {
            customers: 1,
            revenue: 90.0,
        };
        Model::new(Inputs {
            scores: &scores(),
            segments: &segments,
            rules: &default_rules(),
        })
    }

    #[test]
    fn scores_name_the_values_they_cover() {
        let model = model();
        let ranges = |kind: usize| model.scores[kind].each_ref().map(|bin| bin.range.as_str());
        assert_eq!(
            ranges(0),
            ["60 days", "50 days", "20 days", "10 days", "1 day"]
        );
        assert_eq!(
            ranges(1),
            ["1 order", "", "2 orders", "3 orders", "6 orders"]
        );
        assert_eq!(ranges(2)[0], "0");
        assert_eq!(model.scores[0][0].values(), "60");
        assert_eq!(model.scores[0][4].values(), "1");
        assert_eq!(model.scores[1][2].values(), "2");
        assert_eq!(model.scores[1][0].customers, 2);
        assert_eq!(model.scores[1][1].customers, 0);
    }

    #[test]
    fn ranges_with_two_ends_use_a_dash_and_credit_balances_the_word_to() {
        assert_eq!(range_text(0, (1.0, 34.0)), "1–34 days");
        assert_eq!(range_text(1, (2.0, 3.0)), "2–3 orders");
        assert_eq!(range_text(2, (-5.0, 12.5)), "−5.00 to 12.5");
    }

    #[test]
    fn short_counts_are_whole_numbers() {
        assert_eq!(short_count(0), "0");
        assert_eq!(short_count(41), "41");
        assert_eq!(short_count(12_054), "12.1k");
    }

    #[test]
    fn findings_are_sentences_with_their_numbers() {
        let findings = model().findings;
        assert_eq!(
            findings.bubbles,
            "VIP customers are 40.0 % of all customers and bring 92.0 % of revenue."
        );
        assert_eq!(
            findings.grid,
            "40.0 % of customers score 4 or 5 on both and bring 92.0 % of revenue."
        );
        assert!(
            findings
                .rules
                .ends_with("nobody is won by Loyal, At Risk, Regulars.")
        );
        assert!(
            findings
                .scores
                .starts_with("40.0 % of customers share frequency score 1 (1 order)")
        );
    }

    #[test]
    fn the_table_can_be_copied() {
        let text = model().table_sheet().tsv();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 7);
        assert!(lines[0].starts_with("segment\trule\tcustomers\t"));
        assert!(lines[1].starts_with("VIP\tR ≥ 4 and F ≥ 4 and M ≥ 4\t2\t0.4\t690\t0.92\t"));
    }
}
