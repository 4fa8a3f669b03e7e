//! The thresholds of each ready list: name, value, the kind of number, and how to set it.

use egui::Ui;

use super::controls::{Slider, slider_ui};
use crate::{
    audiences::{lists::ListKind, settings::ListSettings},
    ui::theme::Palette,
};

/// A threshold a person may move.
pub(super) struct Threshold {
    label: &'static str,
    value: f64,
    number: Number,
    pub(super) set: fn(&mut ListSettings, f64),
}

/// What a threshold counts.
#[derive(Clone, Copy)]
enum Number {
    Share,
    /// A share that may also be off, beyond 100 %.
    ShareOrOff,
    /// Multiples of the usual gap.
    Gaps,
    Orders,
    Days,
}

const fn threshold(
    label: &'static str,
    value: f64,
    number: Number,
    set: fn(&mut ListSettings, f64),
) -> Threshold {
    Threshold {
        label,
        value,
        number,
        set,
    }
}

/// The thresholds of a list, in the order of its rule.
pub(super) fn of(kind: ListKind, lists: &ListSettings) -> Vec<Threshold> {
    match kind {
        ListKind::VipToProtect => vips(lists),
        ListKind::HighValue => high_value(lists),
        ListKind::ChurnRisk => churn(lists),
        ListKind::MissedOpportunity => missed(lists),
        ListKind::SecondOrder => second_order(lists),
        ListKind::WinBack => vec![threshold(
            "Highest predicted value",
            lists.win_back_predicted_top,
            Number::Share,
            |lists, value| lists.win_back_predicted_top = value,
        )],
    }
}

fn vips(lists: &ListSettings) -> Vec<Threshold> {
    vec![
        threshold(
            "Silent for more than",
            lists.vip_gaps,
            Number::Gaps,
            |lists, value| lists.vip_gaps = value,
        ),
        threshold(
            "Or still a customer less than",
            lists.vip_alive_below,
            Number::Share,
            |lists, value| lists.vip_alive_below = value,
        ),
    ]
}

fn high_value(lists: &ListSettings) -> Vec<Threshold> {
    vec![
        threshold(
            "Highest predicted value",
            lists.high_value_top,
            Number::Share,
            |lists, value| lists.high_value_top = value,
        ),
        threshold(
            "Or chance of an order at least",
            lists.high_value_chance,
            Number::ShareOrOff,
            |lists, value| lists.high_value_chance = value,
        ),
    ]
}

fn churn(lists: &ListSettings) -> Vec<Threshold> {
    vec![
        threshold(
            "At least so many orders",
            f64::from(lists.churn_orders),
            Number::Orders,
            |lists, value| lists.churn_orders = value as u32,
        ),
        threshold(
            "Or highest revenue so far",
            lists.churn_spend_top,
            Number::Share,
            |lists, value| lists.churn_spend_top = value,
        ),
        threshold(
            "Lowest predicted value",
            lists.churn_predicted_bottom,
            Number::Share,
            |lists, value| lists.churn_predicted_bottom = value,
        ),
        threshold(
            "Or still a customer less than",
            lists.churn_alive_below,
            Number::Share,
            |lists, value| lists.churn_alive_below = value,
        ),
    ]
}

fn missed(lists: &ListSettings) -> Vec<Threshold> {
    vec![
        threshold(
            "Silent for more than",
            lists.missed_gaps,
            Number::Gaps,
            |lists, value| lists.missed_gaps = value,
        ),
        threshold(
            "Highest predicted value",
            lists.missed_predicted_top,
            Number::Share,
            |lists, value| lists.missed_predicted_top = value,
        ),
    ]
}

fn second_order(lists: &ListSettings) -> Vec<Threshold> {
    vec![
        threshold(
            "First order at least",
            f64::from(lists.nudge_from_days),
            Number::Days,
            |lists, value| {
                lists.nudge_from_days = value as u32;
                lists.nudge_to_days = lists.nudge_to_days.max(lists.nudge_from_days);
            },
        ),
        threshold(
            "First order at most",
            f64::from(lists.nudge_to_days),
            Number::Days,
            |lists, value| {
                lists.nudge_to_days = value as u32;
                lists.nudge_from_days = lists.nudge_from_days.min(lists.nudge_to_days);
            },
        ),
    ]
}

/// Draws one threshold; returns the value it was moved to.
pub(super) fn threshold_ui(ui: &mut Ui, palette: &Palette, threshold: &Threshold) -> Option<f64> {
    let value = threshold.value;
    let percent = || format!("{:.0} %", value * 100.0);
    let (range, step, text) = match threshold.number {
        Number::Share => ((0.0, 1.0), 0.01, percent()),
        Number::ShareOrOff if value > 1.0 => ((0.0, 1.01), 0.01, "off".to_owned()),
        Number::ShareOrOff => ((0.0, 1.01), 0.01, percent()),
        Number::Gaps => ((0.5, 5.0), 0.1, format!("{value:.1} × usual gap")),
        Number::Orders => ((1.0, 10.0), 1.0, format!("{value:.0}")),
        Number::Days => ((0.0, 365.0), 1.0, format!("{value:.0} days ago")),
    };
    let slider = Slider {
        label: threshold.label,
        value,
        range,
        step,
        text: &text,
    };
    // Multiples of 0.01 in binary are not always what they print as: store what is shown.
    let per_unit = (1.0_f64 / step).round();
    slider_ui(ui, palette, slider).map(|moved| (moved * per_unit).round() / per_unit)
}
