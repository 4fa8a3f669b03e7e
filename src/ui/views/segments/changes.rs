//! What a change of cut points or rules moved, as plain data and in words.

use crate::{
    chart::{Sheet, sheet::cell},
    format::{count, money, percent},
};
use analysis::{
    moves::{Flow, Moves},
    segments::{GridCell, SegmentStats, Segmentation},
};
use pipeline::snapshot::Before;

/// One way between two segments.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Way {
    /// Name and style; `None`: no rule matched, or matches.
    pub from: Option<(String, u8)>,
    pub to: Option<(String, u8)>,
    pub customers: u64,
    pub revenue: f64,
}

impl Way {
    /// Name of one end.
    #[must_use]
    pub fn end(end: Option<&(String, u8)>) -> &str {
        end.map_or("no segment", |(name, _)| name.as_str())
    }

    /// "Loyal → VIP: 412 customers, 18,230 revenue".
    #[must_use]
    pub fn sentence(&self, currency: &str) -> String {
        format!(
            "{} → {}: {}, {} revenue",
            Self::end(self.from.as_ref()),
            Self::end(self.to.as_ref()),
            count(self.customers, "customer", "customers"),
            money(self.revenue, currency)
        )
    }
}

/// The segments before a change, beside those after it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Changes {
    /// Per segment **now**: the same one before, when there was one.
    pub ghosts: Vec<Option<SegmentStats>>,
    /// Customers per cell before.
    pub grid: [[GridCell; 5]; 5],
    pub customers: u64,
    pub revenue: f64,
    /// Most customers first.
    pub ways: Vec<Way>,
}

impl Changes {
    /// Reads the comparison; `now` are the segments after the change.
    #[must_use]
    pub fn new(before: &Before, now: &Segmentation) -> Self {
        let Moves {
            same,
            customers,
            revenue,
            flows,
        } = &*before.moves;
        let mut ghosts = vec![None; now.stats.len()];
        for (stats, place) in before.segments.stats.iter().zip(same) {
            if let Some(ghost) = place.and_then(|place| ghosts.get_mut(place)) {
                *ghost = Some(stats.clone());
            }
        }
        let end = |segments: &Segmentation, place: Option<usize>| {
            let stats = segments.stats.get(place?)?;
            Some((stats.name.clone(), stats.style))
        };
        let way = |flow: &Flow| Way {
            from: end(&before.segments, flow.from),
            to: end(now, flow.to),
            customers: flow.customers,
            revenue: flow.revenue,
        };
        Self {
            ghosts,
            grid: before.segments.rf_grid,
            customers: *customers,
            revenue: *revenue,
            ways: flows.iter().map(way).collect(),
        }
    }

    /// Customers in a cell now and before, as a difference.
    #[must_use]
    pub fn cell(&self, now: &[[GridCell; 5]; 5], r: usize, f: usize) -> i64 {
        now[r][f].customers as i64 - self.grid[r][f].customers as i64
    }

    /// "412 customers moved (1.7 %), with 18,230 revenue. Most: 300 from Loyal to VIP."
    #[must_use]
    pub fn finding(&self, everyone: u64, currency: &str) -> String {
        let Some(first) = self.ways.first() else {
            return "Nobody moved: every customer is in the same segment as before.".to_owned();
        };
        format!(
            "{} moved ({}), with {} revenue. Most: {} from {} to {}.",
            count(self.customers, "customer", "customers"),
            percent(self.customers as f64 / everyone.max(1) as f64),
            money(self.revenue, currency),
            crate::format::integer(first.customers),
            Way::end(first.from.as_ref()),
            Way::end(first.to.as_ref()),
        )
    }

    /// The ways for the clipboard or a file.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new(&["from", "to", "customers", "revenue"]);
        for way in &self.ways {
            sheet.push(vec![
                Way::end(way.from.as_ref()).to_owned(),
                Way::end(way.to.as_ref()).to_owned(),
                way.customers.to_string(),
                cell(Some(way.revenue)),
            ]);
        }
        sheet
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn stats(name: &str, style: u8, customers: u64) -> SegmentStats {
        SegmentStats {
            name: name.to_owned(),
            style,
            customers,
            ..SegmentStats::default()
        }
    }

    #[test]
    fn ghosts_stand_beside_the_segments_they_were() {
        let old = Segmentation {
            stats: vec![stats("VIP", 0, 10), stats("Gone", 1, 5)],
            ..Segmentation::default()
        };
        let now = Segmentation {
            stats: vec![stats("New", 2, 3), stats("VIP", 0, 12)],
            ..Segmentation::default()
        };
        let flow = |from, to, customers| Flow {
            from,
            to,
            customers,
            revenue: 7.5,
        };
        let before = Before {
            rules: Arc::default(),
            segments: Arc::new(old),
            moves: Arc::new(Moves {
                same: vec![Some(1), None],
                customers: 5,
                revenue: 15.0,
                flows: vec![flow(Some(1), Some(0), 3), flow(Some(1), None, 2)],
            }),
        };
        let changes = Changes::new(&before, &now);
        assert_eq!(changes.ghosts, [None, Some(stats("VIP", 0, 10))]);
        assert_eq!(
            changes.finding(20, ""),
            "5 customers moved (25.0 %), with 15.0 revenue. Most: 3 from Gone to New."
        );
        assert_eq!(
            changes.ways[1].sentence("€"),
            "Gone → no segment: 2 customers, € 7.50 revenue"
        );
        assert_eq!(changes.sheet().tsv().lines().count(), 3);
    }
}
