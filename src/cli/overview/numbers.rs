//! What the overview is told from.

use crate::{
    analysis::calendar::CalendarRevenue, analysis::insights::Insights,
    analysis::overview::Overview, data::orders::Step,
};

/// Everything the verb prints.
pub struct Numbers {
    pub overview: Overview,
    pub calendar: CalendarRevenue,
    pub insights: Insights,
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
