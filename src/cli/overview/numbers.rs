//! What the overview is told from.

use analysis::calendar::CalendarRevenue;
use analysis::insights::Insights;
use analysis::overview::Overview;
use analysis::trust::Limit;
use data::orders::Step;

/// Everything the verb prints.
pub struct Numbers {
    pub overview: Overview,
    pub calendar: CalendarRevenue,
    pub insights: Insights,
    /// What the data are too short or too small for.
    pub limits: Vec<Limit>,
}

/// What a step is called in the answer.
pub fn step_name(step: Option<Step>) -> &'static str {
    match step {
        None => "created",
        Some(Step::Shipped) => "shipped",
        Some(Step::Delivered) => "delivered",
        Some(Step::Returned) => "returned",
    }
}
