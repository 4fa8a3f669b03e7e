//! What every view gets to read.

use pipeline::{grouping::Grouping, profile::Profiling, snapshot::Shop, training::Training};
use project::{Project, Settings};

use super::theme::Palette;

/// Read-only context of one frame. Views push [`super::action::Action`]s instead of changing it.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    pub project: &'a Project,
    pub settings: &'a Settings,
    /// Results of the open shop.
    pub shop: &'a Shop,
    /// Revision of the snapshot: key for memos.
    pub revision: u64,
    pub palette: &'a Palette,
    /// Newer numbers are on their way: charts dim.
    pub updating: bool,
    /// Customer whose drill-down is open (set by [`super::action::Action::OpenCustomer`]).
    pub open_customer: Option<u32>,
    /// The profile of the open shop's files; ask for it with [`super::action::Action::Profile`].
    pub profiling: &'a Profiling,
    /// Clusters of the open shop; ask for them with [`super::action::Action::FindClusters`].
    pub grouping: &'a Grouping,
    /// Runs of this session, and the training under way.
    pub training: &'a Training,
}
