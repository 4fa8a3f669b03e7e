//! Where the clusters lie: a sample of rows and the centres in two dimensions.

use egui::{Align2, RichText, Ui, WidgetInfo, accesskit::Role};
use egui_plot::{MarkerShape, PlotPoint, PlotPoints, Points, Text};

use super::words;
use crate::{
    chart::{
        plot::{Axes, Axis, HousePlot, PlotOptions},
        scale::{BELOW, BESIDE, Unit, number_ticks},
    },
    theme::{Mark, Palette, font, segment_color, segment_mark},
};
use analysis::clusters::{Clustering, map::Place};

const HEIGHT: f32 = 340.0;
/// Points on the screen: a row, a centre, and the card's colour around a centre.
const ROW: f32 = 2.0;
const CENTRE: f32 = 7.0;
const AROUND: f32 = 9.0;
/// Rows are many: where they crowd, they add up.
const FAINT: f32 = 0.45;

/// Draws the map; the finding is its text summary.
pub fn map_ui(ui: &mut Ui, palette: &Palette, found: &Clustering, names: &[String], finding: &str) {
    let map = &found.map;
    let titles = [words::along(&map.x), words::up(&map.y)];
    let places = || {
        map.points
            .iter()
            .map(|point| point.at)
            .chain(map.centres.iter().copied())
    };
    let span = |value: &dyn Fn(Place) -> f64| {
        let values = places().map(value);
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| {
            (low.min(value), high.max(value))
        })
    };
    let (x, y) = (span(&|place| place.x), span(&|place| place.y));
    let plot = HousePlot {
        height: HEIGHT,
        axes: Axes {
            x_title: &titles[0],
            y_title: &titles[1],
            unit: Unit::Number,
        },
        x: Axis {
            low: x.0,
            high: x.1,
            ticks: &|sight| number_ticks(sight, BELOW, Unit::Number),
        },
        y: Axis {
            low: y.0,
            high: y.1,
            ticks: &|sight| number_ticks(sight, BESIDE, Unit::Number),
        },
        options: PlotOptions {
            squared: true,
            pad: CENTRE,
            ..PlotOptions::default()
        },
    };
    let shown = plot.show(ui, palette, |plot| {
        for number in 0..names.len() {
            let of = map
                .points
                .iter()
                .filter(|point| usize::from(point.cluster) == number);
            let places: PlotPoints<'_> = of.map(|point| [point.at.x, point.at.y]).collect();
            let color = segment_color(number as u8).gamma_multiply(FAINT);
            plot.points(marks(number, places).radius(ROW).color(color));
        }
        for (number, (name, at)) in names.iter().zip(&map.centres).enumerate() {
            let place = || PlotPoints::from(vec![[at.x, at.y]]);
            let around = Points::new("", place()).radius(AROUND).color(palette.card);
            plot.points(around);
            let color = segment_color(number as u8);
            plot.points(marks(number, place()).radius(CENTRE).color(color));
            let text = RichText::new(format!("{name}\n")).font(font::caption_medium());
            let label = Text::new("", PlotPoint::new(at.x, at.y), text)
                .color(palette.text)
                .anchor(Align2::CENTER_BOTTOM);
            plot.text(label);
        }
    });
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Figure, true, finding));
}

/// Points in the mark of a cluster.
fn marks(number: usize, places: PlotPoints<'_>) -> Points<'_> {
    let mark = segment_mark(number as u8);
    let shape = match mark {
        Mark::Circle | Mark::Ring => MarkerShape::Circle,
        Mark::Square => MarkerShape::Square,
        Mark::Diamond => MarkerShape::Diamond,
        Mark::TriangleUp => MarkerShape::Up,
        Mark::TriangleDown => MarkerShape::Down,
    };
    Points::new("", places)
        .shape(shape)
        .filled(mark != Mark::Ring)
}
