//! Which rows count: rules, far-off values, the quality report.

pub mod checks;
pub mod finish;
pub mod outliers;
pub mod rejected;
pub mod rules;
pub mod verdicts;
