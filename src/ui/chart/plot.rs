//! The house style for free x–y charts drawn with `egui_plot`: quiet grid, caption-size ticks with
//! units, no frame, no zoom or drag by accident. Bubble and scatter plots start here.

use egui::{RichText, Ui};
use egui_plot::{AxisHints, GridInput, GridMark, Plot, PlotResponse, PlotUi};

use super::scale::Unit;
use crate::theme::{Palette, font};

/// Title and unit of one axis.
#[derive(Clone, Copy, Debug)]
pub struct PlotAxis<'a> {
    pub title: &'a str,
    pub unit: Unit<'a>,
    /// The values drawn are log₁₀ of what the axis says; ticks are powers of ten with 2s and 5s.
    pub log10: bool,
}

impl<'a> PlotAxis<'a> {
    #[must_use]
    pub fn new(title: &'a str, unit: Unit<'a>) -> Self {
        Self {
            title,
            unit,
            log10: false,
        }
    }

    #[must_use]
    pub fn log10(mut self) -> Self {
        self.log10 = true;
        self
    }

    fn text(self, mark: GridMark) -> String {
        if self.log10 {
            let value = 10_f64.powf(mark.value);
            // Powers carry the label; 2s and 5s only where the grid has room (its step says so).
            self.unit.tick(value, value)
        } else {
            self.unit.tick(mark.value, mark.step_size)
        }
    }

    fn hints(self, palette: &Palette, hints: AxisHints<'a>) -> AxisHints<'a> {
        hints
            .label(
                RichText::new(self.title)
                    .font(font::caption())
                    .color(palette.muted),
            )
            .tick_label_font(font::caption())
            .tick_label_color(palette.muted)
            .formatter(move |mark, _| self.text(mark))
    }
}

/// A plot in house style. Set the size and the bounds on what it returns, then [`plot_ui`] it.
#[must_use]
pub fn house_plot<'a>(
    id: &'a str,
    palette: &Palette,
    x: PlotAxis<'a>,
    y: PlotAxis<'a>,
) -> Plot<'a> {
    let mut plot = Plot::new(id)
        .custom_x_axes(vec![x.hints(palette, AxisHints::new_x())])
        .custom_y_axes(vec![y.hints(palette, AxisHints::new_y())])
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_drag(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .show_background(false)
        .show_crosshair(false)
        .show_x(false)
        .show_y(false)
        .label_formatter(|_| None)
        .grid_color(palette.hairline)
        .grid_fade(0.0)
        .grid_spacing(40.0..=60.0)
        .cursor_color(palette.faint);
    if x.log10 {
        plot = plot.x_grid_spacer(|input| log_marks(&input));
    }
    if y.log10 {
        plot = plot.y_grid_spacer(|input| log_marks(&input));
    }
    plot
}

/// Shows the plot with caption-size text; `summary` (the finding sentence) is its accessible name.
pub fn plot_ui<'a, R>(
    ui: &mut Ui,
    plot: Plot<'a>,
    summary: &str,
    build: impl FnOnce(&mut PlotUi<'a>) -> R + 'a,
) -> PlotResponse<R> {
    let shown = plot.show(ui, build);
    shown
        .response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, summary));
    shown
}

/// Powers of ten; within less than three decades also 2 and 5 times them.
fn log_marks(input: &GridInput) -> Vec<GridMark> {
    let (low, high) = input.bounds;
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    let leads: &[f64] = if high - low < 3.0 {
        &[1.0, 2.0, 5.0]
    } else {
        &[1.0]
    };
    (first..=last)
        .flat_map(|power| {
            leads.iter().map(move |lead| GridMark {
                value: f64::from(power) + lead.log10(),
                step_size: 0.3,
            })
        })
        .filter(|mark| mark.value >= low && mark.value <= high)
        .collect()
}
