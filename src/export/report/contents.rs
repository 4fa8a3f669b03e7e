//! What a report is made of.

use super::charts::Chart;
use pipeline::Predictions;
use pipeline::snapshot::Shop;
use pipeline::training::Trained;
use project::Project;

/// The models a report speaks of.
#[derive(Clone, Copy, Debug, Default)]
pub struct Models<'a> {
    /// The chosen run.
    pub run: Option<&'a Trained>,
    /// A saved model in use, which is no run of this session.
    pub saved: Option<&'a Predictions>,
}

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    pub shop: &'a Shop,
    pub project: &'a Project,
    /// Command that makes the same report: `keepers report orders.csv --out report.html`.
    pub command: &'a str,
    /// The window's charts; a section without its chart keeps its words and tables.
    pub charts: &'a [Chart],
    /// Drawn scenes with their captions, as PNG: one chapter each.
    pub scenes: &'a [(String, Vec<u8>)],
    pub models: Models<'a>,
}
