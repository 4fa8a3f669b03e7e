//! The house plot: every x–y chart stands in it. `egui_plot` draws the grid, the axes and what the
//! chart adds, and zooms; here are the house's layout and manners.
//!
//! Quiet horizontal grid, caption-size ticks, the title of the y axis above it, no frame. Ctrl and the
//! wheel or a pinch zoom, the right button draws a box to zoom into, dragging moves a zoomed chart,
//! a double click or the ↺ in its corner shows everything again. The plain wheel scrolls the page. Nobody
//! gets lost: a chart never shows more than everything, and other data start over.

use std::{cell::RefCell, rc::Rc};

use egui::{
    Color32, Context, EventFilter, Id, Key, PointerButton, Rect, Response, RichText, Sense, Shape,
    Stroke, StrokeKind, Ui, UiBuilder, Vec2b, pos2, vec2,
};
use egui_plot::{
    AxisHints, GridInput, GridMark, Plot, PlotBounds, PlotGeometry, PlotItem, PlotItemBase,
    PlotMemory, PlotTransform, PlotUi,
};
use lucide_icons::Icon;

use super::scale::{Sight, Tick, Unit};
use crate::{
    theme::{Palette, font},
    widgets::card::icon_button_ui,
};

/// Free space around the values, so that the plot's edge cuts no line and no dot.
pub const PAD: f32 = 4.0;
/// Height of the title above the y axis.
pub const TITLE: f32 = 26.0;
/// Between the plot and the labels below it, and between those and the title.
const AIR: f32 = 3.0;
/// The pointer is on a handle within this many points of the screen.
const REACH: f32 = 12.0;
/// How many times closer a chart can be looked at.
const CLOSEST: f64 = 200.0;

/// What the axes say.
#[derive(Clone, Copy, Debug)]
pub struct Axes<'a> {
    pub x_title: &'a str,
    /// Stands above the axis, so that nobody has to tilt the head.
    pub y_title: &'a str,
    /// Unit of the values on the y axis.
    pub unit: Unit<'a>,
}

/// One axis: what it spans, and its ticks in any part of that.
#[derive(Clone, Copy)]
pub struct Axis<'a> {
    pub low: f64,
    pub high: f64,
    pub ticks: &'a dyn Fn(Sight) -> Vec<Tick>,
}

/// In which directions a chart can be zoomed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zoom {
    /// Bars and other heights over categories: a cut-off bar would lie.
    Sideways,
    Both,
    Never,
}

/// A plot in house style, over the full width.
#[derive(Clone, Copy)]
pub struct HousePlot<'a> {
    pub height: f32,
    pub axes: Axes<'a>,
    pub x: Axis<'a>,
    pub y: Axis<'a>,
    pub options: PlotOptions,
}

/// How a plot differs from the others.
#[derive(Clone, Copy)]
pub struct PlotOptions {
    /// Vertical grid lines, too; only where both axes are measured (clouds of points).
    pub squared: bool,
    /// The x axis falls from left to right.
    pub falling: bool,
    /// Free space around the values in points of the screen, at least [`PAD`].
    pub pad: f32,
    /// Room kept free right of the plot.
    pub right: f32,
    pub zoom: Zoom,
    pub sense: Sense,
    /// Place of a handle on the x axis: dragging moves it instead of the chart. It shows the focus itself.
    pub handle: Option<f64>,
}

impl Default for PlotOptions {
    /// Horizontal grid lines, zoom both ways; for the pointer, as there is nothing in it for the keyboard.
    fn default() -> Self {
        Self {
            squared: false,
            falling: false,
            pad: PAD,
            right: 0.0,
            zoom: Zoom::Both,
            sense: Sense::CLICK | Sense::DRAG,
            handle: None,
        }
    }
}

/// The plot as it was drawn.
pub struct Shown<R> {
    /// What the builder returned.
    pub inner: R,
    pub response: Response,
    /// From values to the screen and back.
    pub at: PlotTransform,
    /// The pointer holds the handle.
    pub held: bool,
    /// Not everything is in sight.
    pub zoomed: bool,
}

/// What was spanned when the chart was zoomed: zooming is void when that changes.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Memory {
    x: [f64; 2],
    y: [f64; 2],
    held: bool,
}

/// Where things stand in the rectangle of the chart.
struct Layout {
    plot: Rect,
    /// Width of the ticks left of the plot, height of ticks and title below it.
    ticks: egui::Vec2,
}

/// Switches zooming off in this context: while presenting, and in pictures.
pub fn hold_still(ctx: &Context, still: bool) {
    ctx.data_mut(|data| data.insert_temp(Id::unique("charts hold still"), still));
}

fn holds_still(ctx: &Context) -> bool {
    let still = ctx.data(|data| data.get_temp(Id::unique("charts hold still")));
    still.unwrap_or(false)
}

/// Width of a caption text in points.
#[must_use]
pub fn text_width(ui: &Ui, text: &str) -> f32 {
    caption_size(ui, text).x
}

fn caption_size(ui: &Ui, text: &str) -> egui::Vec2 {
    ui.painter()
        .layout_no_wrap(text.to_owned(), font::caption(), Color32::PLACEHOLDER)
        .size()
}

impl<'a> HousePlot<'a> {
    /// Draws the plot with what `build` adds to it. The caller names the response for screen readers.
    pub fn show<R>(
        &self,
        ui: &mut Ui,
        palette: &Palette,
        build: impl FnOnce(&mut PlotUi<'a>) -> R + 'a,
    ) -> Shown<R> {
        let id = ui.make_persistent_id(("house plot", self.axes.x_title, self.axes.y_title));
        let size = vec2(ui.available_width(), self.height);
        let (outer, _) = ui.allocate_exact_size(size, Sense::hover());
        let layout = self.layout(ui, outer);
        let home = self.home(layout.plot.size());
        let still = self.options.zoom == Zoom::Never || holds_still(ui.ctx());
        let plot = PlotMemory::load(ui.ctx(), id).filter(|_| !still);
        let mut memory = Memory {
            x: [home.min()[0], home.max()[0]],
            y: [home.min()[1], home.max()[1]],
            held: false,
        };
        let before: Option<Memory> = ui.data(|data| data.get_temp(id));
        let before = before.filter(|before| before.x == memory.x);
        let zoomed = match (&plot, before) {
            (Some(plot), Some(before)) => Vec2b::new(
                !plot.auto_bounds.x,
                !plot.auto_bounds.y && before.y == memory.y && self.options.zoom == Zoom::Both,
            ),
            _ => Vec2b::FALSE,
        };
        memory.held = self.holds_handle(ui, before, plot.as_ref().filter(|_| zoomed.any()));
        ui.data_mut(|data| data.insert_temp(id, memory));

        let mut frame = layout.plot;
        frame.min.x -= layout.ticks.x;
        frame.max.y += layout.ticks.y;
        let mut inner = ui.new_child(UiBuilder::new().max_rect(frame));
        let baseline = !self.options.squared && self.y.low <= 0.0 && self.y.high >= 0.0;
        let ink = palette.faint;
        let shown = self
            .plot(id, palette, &layout)
            .default_x_bounds(home.min()[0], home.max()[0])
            .default_y_bounds(home.min()[1], home.max()[1])
            .allow_zoom([!still, !still && self.options.zoom == Zoom::Both])
            .allow_boxed_zoom(!still)
            .allow_drag(zoomed.and(Vec2b::new(!memory.held, !memory.held)))
            .show(&mut inner, move |plot| {
                settle(plot, home, zoomed);
                if baseline {
                    plot.add(Painted::new(move |_, at, shapes| {
                        let y = at.position_from_point_y(0.0);
                        let ends = at.frame().x_range();
                        let line = [pos2(ends.min, y), pos2(ends.max, y)];
                        shapes.push(Shape::line_segment(line, Stroke::new(1.0, ink)));
                    }));
                }
                build(plot)
            });
        ui.painter().text(
            outer.left_top(),
            egui::Align2::LEFT_TOP,
            self.axes.y_title,
            font::caption(),
            palette.muted,
        );
        if self.options.handle.is_none() && shown.response.has_focus() {
            let (rect, stroke) = (shown.response.rect, ui.visuals().selection.stroke);
            ui.painter()
                .rect_stroke(rect, 4, stroke, StrokeKind::Outside);
        }
        if zoomed.any() {
            back_ui(ui, palette, outer, id);
        }
        Shown {
            inner: shown.inner,
            response: shown.response,
            at: shown.transform,
            held: memory.held,
            zoomed: zoomed.any(),
        }
    }

    /// Leaves room for titles and ticks, as they are while everything is in sight.
    fn layout(&self, ui: &Ui, outer: Rect) -> Layout {
        let line = caption_size(ui, "0").y;
        let top = if self.axes.y_title.is_empty() {
            PAD
        } else {
            TITLE - PAD
        };
        // At least as much as `egui_plot` asks for in the frame after the first: nothing jumps.
        let below = if self.axes.x_title.is_empty() {
            line
        } else {
            line * 2.25 + AIR
        };
        let below = below.ceil() + AIR;
        let rows = self.sight(self.y, self.height - top - below);
        let widest = (self.y.ticks)(rows)
            .iter()
            .map(|tick| text_width(ui, &tick.text))
            .fold(0.0, f32::max);
        let left = (widest + 2.0 * PAD).ceil();
        let mut plot = Rect::from_min_max(
            outer.min + vec2(left, top),
            outer.max - vec2(self.options.right, below),
        );
        // Labels below the axis may hang over its ends, but not over those of the chart.
        let columns = self.sight(self.x, plot.width());
        let (mut before, mut after) = (0.0_f32, 0.0_f32);
        for tick in (self.x.ticks)(columns) {
            let share = ((tick.at - columns.low) / (columns.high - columns.low)) as f32;
            let share = if self.options.falling {
                1.0 - share
            } else {
                share
            };
            let middle = plot.left() + PAD + share * columns.points;
            let half = text_width(ui, &tick.text) / 2.0;
            before = before.max(outer.left() - (middle - half));
            after = after.max(middle + half - outer.right());
        }
        plot.min.x += before.ceil();
        plot.max.x -= after.ceil();
        plot.max = plot.max.max(plot.min + vec2(8.0, 8.0) * PAD);
        Layout {
            plot,
            ticks: vec2(plot.left() - outer.left(), below),
        }
    }

    /// What is in sight while nothing is zoomed, without the last [`PAD`] at each end.
    fn sight(&self, axis: Axis<'_>, points: f32) -> Sight {
        let span = axis.high - axis.low;
        let span = if span > 0.0 { span } else { 1.0 };
        let per = span / f64::from((points - 2.0 * self.options.pad).max(1.0));
        let beyond = per * f64::from(self.options.pad - PAD);
        Sight {
            low: axis.low - beyond,
            high: axis.low + span + beyond,
            points: (points - 2.0 * PAD).max(1.0),
        }
    }

    /// What is in sight while nothing is zoomed.
    fn home(&self, size: egui::Vec2) -> PlotBounds {
        let roomy = |axis: Axis<'_>, points: f32| {
            let sight = self.sight(axis, points);
            let pad = (sight.high - sight.low) / f64::from(sight.points) * f64::from(PAD);
            [sight.low - pad, sight.high + pad]
        };
        let (x, y) = (roomy(self.x, size.x), roomy(self.y, size.y));
        PlotBounds::from_min_max([x[0], y[0]], [x[1], y[1]])
    }

    /// The handle is moved by pressing anywhere, but in a zoomed chart only near it: elsewhere the
    /// chart is moved.
    fn holds_handle(&self, ui: &Ui, before: Option<Memory>, zoomed: Option<&PlotMemory>) -> bool {
        let Some(handle) = self.options.handle else {
            return false;
        };
        let Some(plot) = zoomed else { return true };
        let pressed = ui.input(|input| {
            let pressed = input.pointer.any_pressed();
            input.pointer.interact_pos().filter(|_| pressed)
        });
        match pressed {
            Some(at) => (plot.transform().position_from_point_x(handle) - at.x).abs() <= REACH,
            None => before.is_some_and(|before| before.held),
        }
    }

    fn plot(&self, id: Id, palette: &Palette, layout: &Layout) -> Plot<'a> {
        let size = layout.plot.size() + layout.ticks;
        let (x, y) = (Marks::of(self.x), Marks::of(self.y));
        let (x_words, y_words) = (x.clone(), y.clone());
        let quiet = |hints: AxisHints<'a>| {
            hints
                .tick_label_font(font::caption())
                .tick_label_color(palette.muted)
                .label_spacing(0.0..=1.0)
        };
        let title = RichText::new(self.axes.x_title).font(font::caption());
        let below = quiet(AxisHints::new_x())
            .label(title.color(palette.muted))
            .min_thickness(layout.ticks.y - AIR)
            .formatter(move |mark, _| x_words.word(mark));
        let air = AxisHints::new_x()
            .min_thickness(AIR)
            .formatter(|_, _| String::new());
        let left = quiet(AxisHints::new_y())
            .min_thickness(layout.ticks.x)
            .formatter(move |mark, _| y_words.word(mark));
        Plot::new("house plot")
            .id(id)
            .width(size.x)
            .height(size.y)
            .custom_x_axes(vec![air, below])
            .custom_y_axes(vec![left])
            .x_grid_spacer(move |input| x.places(&input))
            .y_grid_spacer(move |input| y.places(&input))
            .grid_spacing(1.0..=2.0)
            .grid_color(palette.hairline)
            .grid_fade(0.0)
            .show_grid([self.options.squared, true])
            .invert_x(self.options.falling)
            .sense(self.options.sense)
            .pan_pointer_button(PointerButton::Primary)
            .allow_scroll(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            .show_background(false)
            .show_crosshair(false)
            .show_x(false)
            .show_y(false)
    }
}

/// The ticks of an axis as `egui_plot` asks for them: places first, words later.
struct Marks<'a> {
    ticks: &'a dyn Fn(Sight) -> Vec<Tick>,
    found: RefCell<Vec<Tick>>,
}

impl<'a> Marks<'a> {
    fn of(axis: Axis<'a>) -> Rc<Self> {
        let (ticks, found) = (axis.ticks, RefCell::default());
        Rc::new(Self { ticks, found })
    }

    fn places(&self, input: &GridInput) -> Vec<GridMark> {
        let (low, high) = input.bounds;
        // One point of the screen, as the least distance of grid lines is one.
        let point = input.base_step_size.abs();
        let pad = point * f64::from(PAD);
        let ticks = (self.ticks)(Sight {
            low: low + pad,
            high: high - pad,
            points: ((high - low) / point) as f32 - 2.0 * PAD,
        });
        let mark = |tick: &Tick| GridMark {
            value: tick.at,
            // The makers of ticks see to it that they stand apart.
            step_size: high - low,
        };
        let marks = ticks.iter().map(mark).collect();
        *self.found.borrow_mut() = ticks;
        marks
    }

    fn word(&self, mark: GridMark) -> String {
        let ticks = self.found.borrow();
        let tick = ticks.iter().find(|tick| tick.at == mark.value);
        tick.map_or_else(String::new, |tick| tick.text.clone())
    }
}

/// Keeps what is zoomed within the whole, and shows the whole where nothing is.
fn settle(plot: &mut PlotUi<'_>, home: PlotBounds, zoomed: Vec2b) {
    if !zoomed.any() || plot.response().double_clicked() {
        plot.set_auto_bounds(true);
        return;
    }
    let now = plot.plot_bounds();
    let inside = |axis: usize| {
        let (least, most) = (home.min()[axis], home.max()[axis]);
        let (low, high) = (now.min()[axis], now.max()[axis]);
        let length = (high - low).clamp((most - least) / CLOSEST, most - least);
        let low = low.clamp(least, (most - length).max(least));
        low..=low + length
    };
    let (x, y) = (inside(0), inside(1));
    let all = |range: &std::ops::RangeInclusive<f64>, axis: usize| {
        let whole = home.max()[axis] - home.min()[axis];
        range.end() - range.start() >= whole * (1.0 - 1e-9)
    };
    let whole = Vec2b::new(!zoomed.x || all(&x, 0), !zoomed.y || all(&y, 1));
    plot.set_plot_bounds_x(x);
    plot.set_plot_bounds_y(y);
    plot.set_auto_bounds(whole);
}

/// ↺ in the corner of a zoomed chart, above the plot.
fn back_ui(ui: &mut Ui, palette: &Palette, outer: Rect, id: Id) {
    const SIDE: f32 = 28.0;
    let corner = outer.right_top() + vec2(-SIDE, -2.0);
    let rect = Rect::from_min_size(corner, vec2(SIDE, SIDE));
    ui.painter().rect_filled(rect, 6, palette.card);
    let mut corner = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("back"));
    let words = "Show everything again (or double-click the chart)";
    if icon_button_ui(&mut corner, palette, Icon::RotateCcw, words).clicked()
        && let Some(mut memory) = PlotMemory::load(ui.ctx(), id)
    {
        memory.auto_bounds = Vec2b::TRUE;
        memory.store(ui.ctx(), id);
        ui.ctx().request_repaint();
    }
}

/// A plot item of shapes that `egui_plot` has no item for: hatched bars, hexagons, lines on whole
/// pixels.
pub struct Painted<F> {
    base: PlotItemBase,
    paint: F,
}

impl<F: Fn(&Ui, &PlotTransform, &mut Vec<Shape>)> Painted<F> {
    pub fn new(paint: F) -> Self {
        let base = PlotItemBase::new(String::new());
        Self { base, paint }
    }
}

impl<F: Fn(&Ui, &PlotTransform, &mut Vec<Shape>)> PlotItem for Painted<F> {
    fn shapes(&self, ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        (self.paint)(ui, transform, shapes);
    }

    fn initialize(&mut self, _: std::ops::RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::TRANSPARENT
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::NOTHING
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

/// A vertical line over the whole height, on whole pixels.
pub fn rule(
    x: f64,
    stroke: Stroke,
    dashed: bool,
) -> Painted<impl Fn(&Ui, &PlotTransform, &mut Vec<Shape>)> {
    Painted::new(move |ui, at, shapes| {
        let x = ui
            .painter()
            .round_to_pixel_center(at.position_from_point_x(x));
        let ends = [pos2(x, at.frame().top()), pos2(x, at.frame().bottom())];
        if dashed {
            shapes.extend(Shape::dashed_line(&ends, stroke, 4.0, 3.0));
        } else {
            shapes.push(Shape::line_segment(ends, stroke));
        }
    })
}

/// Keyboard read-out shared by the charts: with focus, ← and → move over the steps. Returns the step
/// in focus.
pub(super) fn focus_step(ctx: &Context, response: &Response, count: usize) -> Option<usize> {
    if !response.has_focus() || count == 0 {
        return None;
    }
    hold_arrows(ctx, response.id);
    let id = response.id.with("step");
    let before = ctx.data(|data| data.get_temp::<usize>(id));
    let mut step = before.unwrap_or(count - 1).min(count - 1);
    ctx.input(|input| {
        if input.key_pressed(Key::ArrowLeft) {
            step = step.saturating_sub(1);
        }
        if input.key_pressed(Key::ArrowRight) {
            step = (step + 1).min(count - 1);
        }
    });
    ctx.data_mut(|data| data.insert_temp(id, step));
    Some(step)
}

/// ← and → stay with the chart in focus instead of moving the focus.
pub(super) fn hold_arrows(ctx: &Context, id: Id) {
    let filter = EventFilter {
        horizontal_arrows: true,
        ..EventFilter::default()
    };
    ctx.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::scale::{BELOW, number_ticks};
    use egui::{Event, Modifiers, Pos2};
    use egui_kittest::Harness;

    #[derive(Default)]
    struct Seen {
        still: bool,
        bounds: Option<PlotBounds>,
        frame: Option<Rect>,
    }

    impl Seen {
        fn x(&self) -> [f64; 2] {
            let bounds = self.bounds.expect("drawn");
            [bounds.min()[0], bounds.max()[0]]
        }

        fn y(&self) -> [f64; 2] {
            let bounds = self.bounds.expect("drawn");
            [bounds.min()[1], bounds.max()[1]]
        }
    }

    fn chart(zoom: Zoom) -> Harness<'static, Seen> {
        let mut harness = Harness::builder()
            .with_size(vec2(600.0, 300.0))
            // Two clicks of a double click are close.
            .with_step_dt(0.02)
            .with_context_setup(crate::theme::install_fonts)
            .build_ui_state(
                move |ui, seen: &mut Seen| {
                    hold_still(ui.ctx(), seen.still);
                    let axis = Axis {
                        low: 0.0,
                        high: 10.0,
                        ticks: &|sight| number_ticks(sight, BELOW, Unit::Number),
                    };
                    let plot = HousePlot {
                        height: 260.0,
                        axes: Axes {
                            x_title: "Age",
                            y_title: "Value",
                            unit: Unit::Number,
                        },
                        x: axis,
                        y: axis,
                        options: PlotOptions {
                            zoom,
                            sense: Sense::click_and_drag(),
                            ..PlotOptions::default()
                        },
                    };
                    let shown = plot.show(ui, &Palette::light(), |_| {});
                    seen.bounds = Some(*shown.at.bounds());
                    seen.frame = Some(*shown.at.frame());
                },
                Seen::default(),
            );
        harness.run_steps(4);
        harness
    }

    fn middle(harness: &Harness<'static, Seen>) -> Pos2 {
        harness.state().frame.expect("drawn").center()
    }

    fn pinch(harness: &mut Harness<'static, Seen>, factor: f32) {
        let at = middle(harness);
        harness.event(Event::PointerMoved(at));
        harness.run_steps(1);
        harness.event(Event::Zoom(factor));
        harness.run_steps(3);
    }

    fn press(
        harness: &mut Harness<'static, Seen>,
        pressed: bool,
        button: PointerButton,
        pos: Pos2,
    ) {
        harness.event(Event::PointerMoved(pos));
        harness.event(Event::PointerButton {
            pos,
            button,
            pressed,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(1);
    }

    fn near(a: [f64; 2], b: [f64; 2]) -> bool {
        (a[0] - b[0]).abs() < 0.15 && (a[1] - b[1]).abs() < 0.15
    }

    #[test]
    fn a_pinch_comes_closer_and_a_double_click_goes_back() {
        let mut harness = chart(Zoom::Both);
        let whole = (harness.state().x(), harness.state().y());
        assert!(whole.0[0] < 0.0 && whole.0[1] > 10.0, "{whole:?}");
        pinch(&mut harness, 2.0);
        let (x, y) = (harness.state().x(), harness.state().y());
        assert!(near(x, [2.5, 7.5]) && near(y, [2.5, 7.5]), "{x:?} {y:?}");
        // Never beyond everything.
        pinch(&mut harness, 0.1);
        assert_eq!((harness.state().x(), harness.state().y()), whole);
        pinch(&mut harness, 4.0);
        let at = middle(&harness);
        for pressed in [true, false, true, false] {
            press(&mut harness, pressed, PointerButton::Primary, at);
        }
        harness.run_steps(2);
        assert_eq!((harness.state().x(), harness.state().y()), whole);
    }

    #[test]
    fn bars_zoom_sideways_only() {
        let mut harness = chart(Zoom::Sideways);
        let y = harness.state().y();
        pinch(&mut harness, 2.0);
        assert!(near(harness.state().x(), [2.5, 7.5]));
        assert_eq!(harness.state().y(), y);
    }

    #[test]
    fn a_box_of_the_right_button_is_looked_at_and_moved_but_stays_inside() {
        let mut harness = chart(Zoom::Both);
        let frame = harness.state().frame.expect("drawn");
        let at = |x: f32, y: f32| frame.min + vec2(x, y) * frame.size();
        press(&mut harness, true, PointerButton::Secondary, at(0.5, 0.5));
        for to in [0.52, 0.7] {
            harness.event(Event::PointerMoved(at(to, to)));
            harness.run_steps(1);
        }
        press(
            &mut harness,
            false,
            PointerButton::Secondary,
            at(0.75, 0.75),
        );
        harness.run_steps(2);
        let x = harness.state().x();
        assert!(x[0] > 4.0 && x[1] < 8.5 && x[1] - x[0] < 3.5, "{x:?}");
        // Dragging to the left shows what lies right, and no more than there is.
        press(&mut harness, true, PointerButton::Primary, at(0.9, 0.5));
        for step in 1..9 {
            harness.event(Event::PointerMoved(at(0.9 - 0.1 * step as f32, 0.5)));
            harness.run_steps(1);
        }
        let now = harness.state().x();
        assert!(now[0] > x[0] + 1.0, "{x:?} {now:?}");
        for _ in 0..3 {
            press(&mut harness, false, PointerButton::Primary, at(0.1, 0.5));
            press(&mut harness, true, PointerButton::Primary, at(0.9, 0.5));
            harness.event(Event::PointerMoved(at(0.1, 0.5)));
            harness.run_steps(1);
        }
        press(&mut harness, false, PointerButton::Primary, at(0.1, 0.5));
        harness.run_steps(2);
        assert!(harness.state().x()[1] < 10.1, "{:?}", harness.state().x());
    }

    #[test]
    fn charts_hold_still_while_presenting() {
        let mut harness = chart(Zoom::Both);
        let whole = harness.state().x();
        pinch(&mut harness, 2.0);
        harness.state_mut().still = true;
        harness.run_steps(2);
        assert_eq!(harness.state().x(), whole);
        pinch(&mut harness, 2.0);
        assert_eq!(harness.state().x(), whole);
    }

    #[test]
    fn the_plain_wheel_is_the_pages() {
        let mut harness = chart(Zoom::Both);
        let whole = (harness.state().x(), harness.state().y());
        let at = middle(&harness);
        harness.event(Event::PointerMoved(at));
        harness.event(Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, -120.0),
            phase: egui::TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: Modifiers::NONE,
        });
        harness.run_steps(8);
        assert_eq!((harness.state().x(), harness.state().y()), whole);
    }
}
