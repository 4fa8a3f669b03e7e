//! Two small charts over a customer's history: the chance of still being one, and the predicted spend
//! with its interval. A dot marks every purchase.

use egui::Ui;

use crate::{
    chart::{Axes, Curve, Curves, Tip, Unit, curves_ui, scale::day_ticks},
    cx::Cx,
    format::{chance, date, money},
};
use audiences::story::{Moment, Story};

const HEIGHT: f32 = 132.0;

/// What a chart shows of each moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shown {
    Alive,
    Value,
}

impl Shown {
    fn point(self, moment: &Moment) -> [f64; 2] {
        let value = match self {
            Self::Alive => moment.alive,
            Self::Value => moment.value,
        };
        [f64::from(moment.day), value]
    }
}

/// Draws one chart over the full width; `summary` is its name for screen readers.
pub fn curve_ui(ui: &mut Ui, cx: &Cx<'_>, story: &Story, (shown, summary): (Shown, &str)) {
    let (palette, moments) = (cx.palette, &story.moments);
    let (Some(first), Some(last)) = (moments.first(), moments.last()) else {
        return;
    };
    let line: Vec<[f64; 2]> = moments.iter().map(|moment| shown.point(moment)).collect();
    let bought = moments.iter().filter(|moment| moment.purchase);
    let bought: Vec<[f64; 2]> = bought.map(|moment| shown.point(moment)).collect();
    let interval = |moment: &Moment| [f64::from(moment.day), moment.low, moment.high];
    let band: Vec<[f64; 3]> = moments.iter().map(interval).collect();
    let highest = moments.iter().map(|moment| moment.high.max(moment.value));
    let (unit, high) = match shown {
        Shown::Alive => (Unit::Share, 1.0),
        Shown::Value => (
            Unit::Money(&cx.project.currency),
            highest.fold(1e-9, f64::max),
        ),
    };
    let curves = [
        Curve {
            dots: moments.len() == 1,
            ..Curve::new(&line, palette.accent)
        },
        Curve::dots(&bought, palette.accent),
    ];
    let tip = |day: f64| tip(cx, story, day);
    curves_ui(
        ui,
        palette,
        &Curves {
            summary,
            height: HEIGHT,
            axes: Axes {
                x_title: "",
                y_title: "",
                unit,
            },
            x_ticks: Some(&day_ticks),
            x: (f64::from(first.day), f64::from(last.day.max(first.day + 1))),
            y: (0.0, high),
            band: (shown == Shown::Value)
                .then_some((band.as_slice(), palette.accent.gamma_multiply(0.16))),
            curves: &curves,
            tip: Some(&tip),
            ..Curves::blank()
        },
    );
}

/// The read-out of the moment nearest to a day.
fn tip(cx: &Cx<'_>, story: &Story, day: f64) -> Tip {
    let far = |moment: &&Moment| (f64::from(moment.day) - day).abs();
    let nearest = story
        .moments
        .iter()
        .min_by(|a, b| far(a).total_cmp(&far(b)));
    let Some(moment) = nearest else {
        return Tip::default();
    };
    let currency = &cx.project.currency;
    let tip = Tip::new(format!("As of {}", date(moment.day)))
        .row(None, "Still a customer", chance(moment.alive))
        .row(
            None,
            format!("Expected in {} days", story.horizon_days),
            money(moment.value, currency),
        )
        .row(
            None,
            "8 of 10 futures",
            format!(
                "{} to {}",
                money(moment.low, currency),
                money(moment.high, currency)
            ),
        );
    if moment.purchase {
        tip.note("Ordered the day before.")
    } else {
        tip
    }
}
