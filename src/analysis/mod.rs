//! Orders → plain tables. Pure functions on plain columns: no polars, no egui, no clock.
//!
//! Every table is *dense*: row *i* is customer *i* of [`data::orders::Orders`], also for
//! customers who have not bought yet as of S (their `frequency` is 0 and their scores are 0). So
//! tables of different dates and selections line up by index.

pub mod attribute_tests;
pub mod breakdown;
pub mod breakdown_build;
pub mod calendar;
pub mod clusters;
pub mod cohort_build;
pub mod cohort_cube;
pub mod cohorts;
pub mod comeback;
pub mod comparison;
pub mod concentration;
pub mod conditions;
pub mod correlation;
pub mod customer_list;
pub mod customers;
pub mod cut_points;
pub mod day_ledger;
pub mod derived;
pub mod distribution;
pub mod expected;
pub mod flat;
pub mod glossary;
pub mod histogram;
pub mod insights;
mod judge;
mod left_censoring;
pub mod lifecycle;
pub mod live;
pub mod migration;
pub mod months;
pub mod moves;
pub mod nearest;
pub mod numeric;
pub mod overview;
pub mod overview_build;
pub mod payback;
mod periods;
pub mod presets;
pub mod rates;
pub mod rfm;
pub mod rule_check;
pub mod rules;
pub mod scoring;
pub mod segmenting;
pub mod segments;
pub mod selection;
pub mod sides;
pub mod stability;
pub mod tally;
pub mod trust;
