//! The parts of the Audiences view: one question each.

/// What the Audiences view shows, in the order of its switch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Section {
    /// Whom to contact, and the list to take along.
    #[default]
    Lists,
    /// Segment × predicted value, and what to do with each.
    Matrix,
    /// How many to contact, and what it brings.
    Campaign,
    /// Whom two ways of ranking see very differently.
    Disagreement,
    /// What has changed, and what winning customers costs.
    Progress,
}

impl Section {
    pub const ALL: [Self; 5] = [
        Self::Lists,
        Self::Matrix,
        Self::Campaign,
        Self::Disagreement,
        Self::Progress,
    ];

    /// Text on the switch.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Lists => "Lists",
            Self::Matrix => "Actions",
            Self::Campaign => "Campaign",
            Self::Disagreement => "Second look",
            Self::Progress => "Progress",
        }
    }

    /// Name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Lists => "lists",
            Self::Matrix => "actions",
            Self::Campaign => "campaign",
            Self::Disagreement => "second-look",
            Self::Progress => "progress",
        }
    }
}
