//! The campaign curve: profit (or value reached) by depth, with a depth that can be dragged.

use egui::{Color32, Ui};

use crate::{
    chart::{Axes, Curve, Curves, Handle, Tip, Unit, curves_ui},
    format::{integer, money, percent},
    theme::Palette,
};
use audiences::{
    campaign::{self, Ranking, STEPS},
    settings::CampaignSettings,
};

/// What is drawn.
#[derive(Clone, Copy)]
pub struct Chart<'a> {
    pub curves: &'a campaign::Curves,
    pub terms: &'a CampaignSettings,
    /// Share of all expected value reached instead of profit.
    pub gains: bool,
    pub currency: &'a str,
    /// The finding, also the chart's name for screen readers.
    pub summary: &'a str,
    pub height: f32,
}

impl Chart<'_> {
    /// Height of a curve at a depth.
    fn value(&self, ranking: Ranking, depth: f64) -> f64 {
        let contacts = self.curves.contacts(depth);
        let outcome = self.curves.outcome(ranking, contacts, self.terms);
        if self.gains {
            let all = self.curves.value(Ranking::Random, self.curves.customers());
            if all > 0.0 { outcome.value / all } else { 0.0 }
        } else {
            outcome.profit
        }
    }

    fn points(&self, ranking: Ranking) -> Vec<[f64; 2]> {
        depths()
            .map(|depth| [depth, self.value(ranking, depth)])
            .collect()
    }

    fn band(&self) -> Vec<[f64; 3]> {
        if self.gains {
            return Vec::new();
        }
        let interval = |depth: f64| {
            let contacts = self.curves.contacts(depth);
            let range = self.curves.interval(contacts, self.terms)?;
            Some([depth, range.low, range.high])
        };
        depths().filter_map(interval).collect()
    }

    fn tip(&self, palette: &Palette, depth: f64) -> Tip {
        let contacts = integer(self.curves.contacts(depth));
        let title = format!("{contacts} contacts ({})", percent(depth));
        let rows = Ranking::ALL.into_iter();
        let tip = rows.fold(Tip::new(title), |tip, ranking| {
            let value = self.value(ranking, depth);
            let text = if self.gains {
                percent(value)
            } else {
                money(value, self.currency)
            };
            tip.row(Some(color(palette, ranking)), ranking.title(), text)
        });
        tip.note("Drag to choose how many to contact.")
    }
}

fn depths() -> impl Iterator<Item = f64> {
    (0..=STEPS).map(|step| step as f64 / STEPS as f64)
}

/// Colour of a ranking's curve.
#[must_use]
pub fn color(palette: &Palette, ranking: Ranking) -> Color32 {
    match ranking {
        Ranking::Predicted => palette.accent,
        Ranking::PastSpend => palette.second,
        Ranking::Random => palette.muted,
    }
}

/// Draws the chart; returns the depth it was dragged to.
pub fn curve_ui(ui: &mut Ui, palette: &Palette, chart: Chart<'_>) -> Option<f64> {
    let rankings = [Ranking::Random, Ranking::PastSpend, Ranking::Predicted];
    let points = rankings.map(|ranking| chart.points(ranking));
    let drawn: Vec<Curve<'_>> = rankings
        .iter()
        .zip(&points)
        .map(|(&ranking, points)| Curve {
            width: if ranking == Ranking::Predicted {
                2.5
            } else {
                1.5
            },
            dashed: ranking == Ranking::PastSpend,
            ..Curve::new(points, color(palette, ranking))
        })
        .collect();
    let band = chart.band();
    let values = points.iter().flatten().map(|point| point[1]);
    let ends = values.chain(band.iter().flat_map(|&[_, low, high]| [low, high]));
    let range = ends.fold((0.0, 0.0), |(low, high): (f64, f64), v| {
        (low.min(v), high.max(v))
    });
    let depth = chart.terms.depth;
    let contacts = integer(chart.curves.contacts(depth));
    let text = format!("{} · {contacts} contacts", percent(depth));
    let tip = |depth: f64| chart.tip(palette, depth);
    let drawn = Curves {
        height: chart.height,
        axes: Axes {
            x_title: "Share of the audience contacted, best first",
            y_title: if chart.gains {
                "Share of expected value reached"
            } else {
                "Expected profit"
            },
            unit: if chart.gains {
                Unit::Share
            } else {
                Unit::Money(chart.currency)
            },
        },
        x_unit: Unit::Share,
        y: range,
        band: Some((&band, palette.accent.gamma_multiply(0.14))),
        curves: &drawn,
        handle: Some(Handle {
            name: chart.summary,
            at: depth,
            text: &text,
            step: 0.01,
            // A deep audience has many customers in each percent.
            snap: 0.001,
            ring: Some(chart.value(Ranking::Predicted, depth)),
            range: (0.0, 1.0),
        }),
        tip: Some(&tip),
        ..Curves::blank()
    };
    curves_ui(ui, palette, &drawn).moved
}
