//! The user's say in how files are read; part of the project file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::dataset::Role;

/// Reading order of a numeric date such as 03/04/2024.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    DayMonth,
    MonthDay,
}

/// Overrides for reading; the default lets Keepers decide everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReadOptions {
    /// Column name → role, per file name (without folder).
    pub roles: BTreeMap<String, BTreeMap<String, Role>>,
    /// How to read dates that fit both orders; `None` lets the column decide.
    pub date_order: Option<DateOrder>,
    /// IANA name of the shop's time zone; dates with an offset are converted to it (UTC when absent).
    pub time_zone: Option<String>,
    /// Names of cleaning rules that are switched off.
    pub rules_off: Vec<String>,
    /// Names of optional cleaning rules that are switched on (`drop_duplicates`).
    pub rules_on: Vec<String>,
}
