//! Memoised stages that turn a [`project::Project`] into a [`Snapshot`].
//!
//! ```text
//! source, reading, files ─→ dataset ─→ customers (S) ─→ scores (ties) ─→ segments (rules) ─┐
//!                              │           └─→ overview (period)                           ├─→ selected
//!                              └─→ cohorts (S, spec) ──────────────────────────────────────┘
//! ```
//!
//! | file | holds |
//! | --- | --- |
//! | [`stage`] | one memo: equal key → same `Arc`, same revision |
//! | [`run`] | [`Pipeline`]: from a request to a snapshot |
//! | `prepared` | lines filed by day, for quick steps of the as-of date |
//! | `segmenting` | the stages around segments: scores, rules, what a change moves |
//! | `dragging` | from the segments on the screen to those one step of a drag later |
//! | `stages` | the stages below the data, their keys, and what runs beside what |
//! | `take_over` | a pipeline that begins with the numbers of another one |
//! | [`source`] | reading, and noticing that a file has changed |
//! | [`snapshot`] | what the window shows |
//! | [`people`] | forecast, audiences and one customer's story, on demand |
//! | [`start`], [`answers`] | what the Start view alone reads, on demand; its five answers |
//! | [`grouping`] | clusters, on demand |
//! | [`outlook`] | what is predicted of the segments |
//! | `past` | the shop on other dates than S |
//! | [`training`] | runs of the Models view, their judgement, and predictions for the other views |
//! | [`drivers`], [`lifetime`] | what a run's best model hangs on; checks of buy-till-you-die models |
//! | [`profile`] | what the files hold, on demand |
//! | [`named`] | parts of a selection by name, for the command line |
//! | [`weight`] | what a snapshot weighs, so that what is kept for later can be bounded |
//! | [`problem`] | errors, and how a notice words them |
//! | [`cx`] | progress and cancellation |

pub mod answers;
pub mod cx;
mod dragging;
pub mod drivers;
mod explain;
pub mod grouping;
pub mod lifetime;
pub mod named;
pub mod outlook;
mod past;
pub mod people;
mod people_stages;
mod prepared;
pub mod problem;
pub mod profile;
pub mod request;
pub mod run;
mod segmenting;
pub mod snapshot;
pub mod source;
pub mod stage;
mod stages;
pub mod start;
mod steps;
mod take_over;
pub mod training;
pub mod weight;

pub use people::{People, Wants};
pub use problem::{PipelineError, Problem};
pub use request::{Given, Request};
pub use run::Pipeline;
pub use snapshot::Snapshot;
pub use training::Predictions;
