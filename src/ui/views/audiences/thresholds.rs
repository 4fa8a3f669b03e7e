//! The thresholds of each ready list: name, value, the kind of number, and how to set it.

use egui::Ui;

use super::controls::{Slider, slider_ui};
use crate::theme::Palette;
use audiences::lists::{ListKind, ListSettings};

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

/// One line of [`TABLE`]: list, label, what it counts, and the field behind it.
type Line = (
    ListKind,
    &'static str,
    Number,
    fn(&ListSettings) -> f64,
    fn(&mut ListSettings, f64),
);

/// Every threshold of every list, in the order of the list's rule.
#[rustfmt::skip] // A table: one line per threshold.
const TABLE: [Line; 13] = {
    use ListKind::{ChurnRisk, HighValue, MissedOpportunity, SecondOrder, VipToProtect, WinBack};
    use Number::{Days, Gaps, Orders, Share, ShareOrOff};
    [
        (VipToProtect, "Silent for more than", Gaps, |l| l.vip_gaps, |l, value| l.vip_gaps = value),
        (VipToProtect, "Or still a customer less than", Share, |l| l.vip_alive_below, |l, value| l.vip_alive_below = value),
        (HighValue, "Highest predicted value", Share, |l| l.high_value_top, |l, value| l.high_value_top = value),
        (HighValue, "Or chance of an order at least", ShareOrOff, |l| l.high_value_chance, |l, value| l.high_value_chance = value),
        (ChurnRisk, "At least so many orders", Orders, |l| f64::from(l.churn_orders), |l, value| l.churn_orders = value as u32),
        (ChurnRisk, "Or highest revenue so far", Share, |l| l.churn_spend_top, |l, value| l.churn_spend_top = value),
        (ChurnRisk, "Lowest predicted value", Share, |l| l.churn_predicted_bottom, |l, value| l.churn_predicted_bottom = value),
        (ChurnRisk, "Or still a customer less than", Share, |l| l.churn_alive_below, |l, value| l.churn_alive_below = value),
        (MissedOpportunity, "Silent for more than", Gaps, |l| l.missed_gaps, |l, value| l.missed_gaps = value),
        (MissedOpportunity, "Highest predicted value", Share, |l| l.missed_predicted_top, |l, value| l.missed_predicted_top = value),
        (SecondOrder, "First order at least", Days, |l| f64::from(l.nudge_from_days), nudge_from),
        (SecondOrder, "First order at most", Days, |l| f64::from(l.nudge_to_days), nudge_to),
        (WinBack, "Highest revenue so far", Share, |l| l.win_back_spend_top, |l, value| l.win_back_spend_top = value),
    ]
};

/// The two ends of the nudge never cross: the one that is moved pushes the other.
fn nudge_from(lists: &mut ListSettings, value: f64) {
    lists.nudge_from_days = value as u32;
    lists.nudge_to_days = lists.nudge_to_days.max(lists.nudge_from_days);
}

fn nudge_to(lists: &mut ListSettings, value: f64) {
    lists.nudge_to_days = value as u32;
    lists.nudge_from_days = lists.nudge_from_days.min(lists.nudge_to_days);
}

/// The thresholds of a list, in the order of its rule.
pub(super) fn of(kind: ListKind, lists: &ListSettings) -> Vec<Threshold> {
    TABLE
        .iter()
        .filter(|(of, ..)| *of == kind)
        .map(|&(_, label, number, get, set)| Threshold {
            label,
            value: get(lists),
            number,
            set,
        })
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_threshold_sets_what_it_shows_and_nothing_else() {
        for (place, (kind, label, ..)) in TABLE.iter().enumerate() {
            let mut lists = ListSettings::default();
            let at = TABLE[..place].iter().filter(|line| line.0 == *kind).count();
            let before: Vec<f64> = TABLE.iter().map(|line| (line.3)(&lists)).collect();
            (of(*kind, &lists)[at].set)(&mut lists, 40.0);
            assert_eq!(of(*kind, &lists)[at].value, 40.0, "{kind:?}: {label}");
            let after: Vec<f64> = TABLE.iter().map(|line| (line.3)(&lists)).collect();
            let moved = before.iter().zip(&after).filter(|(a, b)| a != b).count();
            assert_eq!(moved, 1, "{kind:?}: {label}");
        }
    }

    #[test]
    fn the_ends_of_the_nudge_push_each_other() {
        let mut lists = ListSettings::default();
        nudge_from(&mut lists, 90.0);
        assert_eq!((lists.nudge_from_days, lists.nudge_to_days), (90, 90));
        nudge_to(&mut lists, 10.0);
        assert_eq!((lists.nudge_from_days, lists.nudge_to_days), (10, 10));
    }
}
