//! Keepers: who comes back, what they will be worth, and whom to act on next.
//!
//! The modules form layers; each may import only what stands below it (checked by `tests/layering.rs`):
//!
//! `app` → `ui`, `worker` → `pipeline` → `audiences` → `models` → `evaluation` → `analysis` → `data`; `project` is plain data that all of them read.
//!
//! | module | holds |
//! | --- | --- |
//! | [`data`] | files → [`data::orders::Orders`]; the only home of polars |
//! | [`analysis`] | orders → plain tables; pure functions, no clock, no window |
//! | [`evaluation`] | how good predictions are: metrics, intervals, leakage, verdicts |
//! | [`models`] | what customers will do: fitted models, expectations, hold-out checks |
//! | [`audiences`] | whom to act on next: lists, campaign profit, one customer over time |
//! | [`project`] | every input that decides a number, and how it is saved |
//! | [`export`] | results → files: CSV, workbooks, the report |
//! | [`manual`] | the pages of `assets/manual`, read, searched and printed |
//! | [`pipeline`] | memoised stages that turn a project into a [`pipeline::Snapshot`] |
//! | [`worker`] | the one background thread; the newest request wins |
//! | [`ui`] | theme, widgets and views: they read snapshots and push actions |
//! | [`app`] | the window: draws, collects actions, applies them, talks to the worker |
//! | [`cli`] | the headless twin, one file per verb |

pub use {
    analysis, app, audiences, base, cli, data, evaluation, export, manual, models, pipeline,
    project, simulator, ui, worker,
};
