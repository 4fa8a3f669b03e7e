//! The parts of the Segments view: one question each, so that none of them is crowded.

/// What the Segments view shows, in the order of its switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Section {
    /// Who the segments are: bubbles, grid and table.
    #[default]
    Map,
    /// Everybody by two numbers.
    Points,
    /// Where one score ends and the next begins.
    CutPoints,
    /// Which scores and values make a segment.
    Rules,
    /// Who moved from which segment to which between two dates.
    Migration,
    /// Groups that the data itself suggests.
    Clusters,
}

impl Section {
    pub const ALL: [Self; 6] = [
        Self::Map,
        Self::Points,
        Self::CutPoints,
        Self::Rules,
        Self::Migration,
        Self::Clusters,
    ];

    /// Text on the switch.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Map => "Map",
            Self::Points => "Points",
            Self::CutPoints => "Cut points",
            Self::Rules => "Rules",
            Self::Migration => "Migration",
            Self::Clusters => "Clusters",
        }
    }

    /// Name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Map => "map",
            Self::Points => "points",
            Self::CutPoints => "cut-points",
            Self::Rules => "rules",
            Self::Migration => "migration",
            Self::Clusters => "clusters",
        }
    }
}
