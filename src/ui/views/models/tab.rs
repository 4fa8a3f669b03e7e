//! The tabs of the Models view.

/// One question about the chosen model each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ModelTab {
    /// Does it find the best customers?
    #[default]
    Gains,
    /// Are its numbers at the right level?
    Calibration,
    /// Where is it wrong?
    Errors,
    /// What does it hang on?
    Drivers,
    /// Does it hold at other dates?
    Time,
    /// Was the answer known before?
    Leakage,
    /// Do the buy-till-you-die models fit?
    Lifetime,
}

impl ModelTab {
    pub const ALL: [Self; 7] = [
        Self::Gains,
        Self::Calibration,
        Self::Errors,
        Self::Drivers,
        Self::Time,
        Self::Leakage,
        Self::Lifetime,
    ];

    /// Text on the switch.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Gains => "Gains",
            Self::Calibration => "Calibration",
            Self::Errors => "Errors",
            Self::Drivers => "Drivers",
            Self::Time => "Over time",
            Self::Leakage => "Leakage",
            Self::Lifetime => "Lifetime",
        }
    }

    /// Name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gains => "gains",
            Self::Calibration => "calibration",
            Self::Errors => "errors",
            Self::Drivers => "drivers",
            Self::Time => "time",
            Self::Leakage => "leakage",
            Self::Lifetime => "lifetime",
        }
    }
}
