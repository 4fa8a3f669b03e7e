//! The point view: every customer by two numbers, as hexagons that turn into people on zoom; box and
//! lasso select.

use egui::{Pos2, Rect, Ui, Vec2, vec2};
use lucide_icons::Icon;

use crate::{
    action::Actions,
    chart::ChartCard,
    cx::Cx,
    format,
    theme::gap,
    views::customers::background::{Job, Poll},
    widgets::{
        card::{Head, icon_button_ui},
        dropdown::dropdown_ui,
        grid,
        pick::pick_ui,
        segmented::segmented_ui,
    },
};
use analysis::selection::{Axis, Outline, Part, Quantity, Range, Value};
use project::Look;

mod cloud;
mod paint;
mod table;

use super::colour::{Colour, Shades, switch_ui};
use cloud::{Answer, Ask, Cloud, Window};
use paint::{Drawn, Plot};

/// Up to this many customers are binned at once, more beside the window.
const AT_ONCE: usize = 50_000;
const LEAST_HEIGHT: f32 = 380.0;
/// About what axes and titles take of the chart.
const AXES: Vec2 = vec2(52.0, 66.0);
/// The pointer is on a person within this many points of the screen.
const REACH: f32 = 10.0;
/// Corners of a lasso stand at least this far apart.
const CORNER: f32 = 5.0;

/// The two numbers customers stand by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pair {
    #[default]
    RecencyFrequency,
    FrequencyMonetary,
    RecencyMonetary,
}

impl Pair {
    const ALL: [Self; 3] = [
        Self::RecencyFrequency,
        Self::FrequencyMonetary,
        Self::RecencyMonetary,
    ];

    fn quantities(self) -> (Quantity, Quantity) {
        match self {
            Self::RecencyFrequency => (Quantity::RecencyDays, Quantity::Frequency),
            Self::FrequencyMonetary => (Quantity::Frequency, Quantity::Monetary),
            Self::RecencyMonetary => (Quantity::RecencyDays, Quantity::Monetary),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::RecencyFrequency => "recency and frequency",
            Self::FrequencyMonetary => "frequency and monetary value",
            Self::RecencyMonetary => "recency and monetary value",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::RecencyFrequency => "Recency × frequency",
            Self::FrequencyMonetary => "Frequency × monetary",
            Self::RecencyMonetary => "Recency × monetary",
        }
    }
}

/// What dragging does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tool {
    #[default]
    Box,
    Lasso,
    Move,
}

/// What the view remembers between frames; never saved, decides no number.
#[derive(Debug)]
pub struct State {
    pair: Pair,
    log: bool,
    tool: Tool,
    window: Option<Window>,
    /// Places of the drag under way, in points of the screen.
    drag: Vec<Pos2>,
    job: Option<(Ask, Job<Answer>)>,
    shown: Option<Answer>,
    /// Colours of predicted values, where colours stand for those.
    shades: Option<Shades>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            pair: Pair::default(),
            log: true,
            tool: Tool::default(),
            window: None,
            drag: Vec::new(),
            job: None,
            shown: None,
            shades: None,
        }
    }
}

impl State {
    /// Axes and their scale, for a scene.
    pub(super) fn keep_look(&self, look: &mut Look) {
        look.insert("axes".to_owned(), self.pair.title().to_owned());
        let scale = if self.log { "logarithmic" } else { "linear" };
        look.insert("scale".to_owned(), scale.to_owned());
    }

    /// The other way round of [`Self::keep_look`]; everyone is in sight.
    pub(super) fn take_look(&mut self, look: &Look) {
        let axes = look.get("axes");
        let named = |pair: &Pair| axes.is_some_and(|axes| axes == pair.title());
        self.pair = Pair::ALL.into_iter().find(named).unwrap_or(self.pair);
        if let Some(scale) = look.get("scale") {
            self.log = scale != "linear";
        }
        self.window = None;
    }

    fn axes(&self) -> (Axis, Axis) {
        let (x, y) = self.pair.quantities();
        let axis = |quantity| Axis {
            quantity,
            log: self.log,
        };
        (axis(x), axis(y))
    }

    /// Brings the cloud up to date, or starts the job that will; the old one stays meanwhile.
    fn update(&mut self, ui: &Ui, cx: &Cx<'_>, (size, predicted): ([f32; 2], bool)) {
        let (x, y) = self.axes();
        let ask = Ask {
            revision: cx.revision,
            x,
            y,
            window: self.window,
            size,
            predicted,
        };
        if self.shown.as_ref().is_some_and(|shown| shown.ask == ask) {
            self.job = None;
            return;
        }
        if cx.shop.customers.len() <= AT_ONCE {
            self.shown = Some(cloud::answer(cx.shop, ask));
            return;
        }
        if self.job.as_ref().is_none_or(|(running, _)| *running != ask) {
            let shop = cx.shop.clone();
            let job = Job::start(ui.ctx(), move |_| Some(cloud::answer(&shop, ask)));
            self.job = job.ok().map(|job| (ask, job));
        }
        if let Some((_, job)) = &self.job
            && let Poll::Done(answer) = job.poll()
        {
            self.shown = Some(answer);
            self.job = None;
        }
    }

    fn zoom(&mut self, factor: f64, about: Option<(f64, f64)>) {
        let Some(shown) = &self.shown else { return };
        let middle = |(low, high): (f64, f64)| f64::midpoint(low, high);
        let about = about.unwrap_or((middle(shown.window.x), middle(shown.window.y)));
        let window = self.window.unwrap_or(shown.whole);
        let window = window.zoomed(factor, about, shown.whole);
        self.window = (window != shown.whole).then_some(window);
    }
}

/// The section: one card that fills the page.
pub fn section_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, colour): (&mut State, &mut Colour),
    actions: &mut Actions,
) {
    let title = format!("Every customer by {}", state.pair.words());
    let finding = finding(state, cx);
    let head = Head {
        title: &title,
        finding: &finding,
        definition: "Every customer with an order before the as-of date. A hexagon stands for all customers whose numbers \
                     fall into it; the colour follows the logarithm of how many. With few customers in sight each one is a \
                     point in the colour of the segment. On a logarithmic axis everything below 1 stands at 1. Drag a box or \
                     a line around customers to select them; hold Ctrl or Shift to add them. Zoom with the buttons or with \
                     Ctrl and the wheel; a double click shows everyone again.",
    };
    let shown = state.shown.clone();
    let sheet = || table::sheet(cx, shown.as_ref());
    let bottom = ui.clip_rect().bottom() - gap::L;
    ChartCard::new(cx.palette, head, "customer_points", &sheet).show_ui(
        ui,
        actions,
        |ui, actions| {
            tools_ui(ui, cx, state, colour);
            state.shades = state
                .shown
                .as_ref()
                .filter(|_| *colour == Colour::Predicted)
                .and_then(|shown| paint::shades(cx, shown));
            if let Some(shades) = state.shades {
                shades.key_ui(ui, cx);
            }
            let height = grid::height_to(ui, bottom, LEAST_HEIGHT);
            plot_ui(ui, cx, (state, &finding), (height, *colour), actions);
        },
    );
}

fn finding(state: &State, cx: &Cx<'_>) -> String {
    let Some(shown) = &state.shown else {
        return "Counting customers…".to_owned();
    };
    let inside = format::count(shown.inside as u64, "customer", "customers");
    let all = cx.shop.customers.active;
    let sight = if shown.inside == all {
        inside
    } else {
        format!("{inside} of {} in sight", format::integer(all as u64))
    };
    let densest = match &shown.cloud {
        Cloud::Bins(bins) => bins.iter().max_by_key(|bin| bin.customers),
        Cloud::Points(_) => None,
    };
    match densest {
        Some(bin) => format!(
            "{sight}; the most crowded place has {}, around {} and {}.",
            format::integer(u64::from(bin.customers)),
            paint::words(cx, shown.ask.x, bin.x),
            paint::words(cx, shown.ask.y, bin.y)
        ),
        None => format!("{sight}, one point each."),
    }
}

fn tools_ui(ui: &mut Ui, cx: &Cx<'_>, state: &mut State, colour: &mut Colour) {
    let palette = cx.palette;
    if crate::chart::portrait::bottom(ui).is_some() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = gap::S;
        let pairs = Pair::ALL.map(|pair| (pair, pair.title().to_owned()));
        if let Some(pair) = dropdown_ui(ui, palette, "Axes", &pairs, &state.pair) {
            state.pair = pair;
            state.window = None;
        }
        let scales = [(true, "Logarithmic"), (false, "Linear")];
        if let Some(log) = segmented_ui(ui, palette, "Scale", &scales, state.log) {
            state.log = log;
            state.window = None;
        }
        let tools = [
            (Tool::Box, "Box"),
            (Tool::Lasso, "Lasso"),
            (Tool::Move, "Move"),
        ];
        if let Some(tool) = segmented_ui(ui, palette, "Drag to", &tools, state.tool) {
            state.tool = tool;
        }
        switch_ui(ui, cx, colour);
        if icon_button_ui(ui, palette, Icon::ZoomIn, "Zoom in").clicked() {
            state.zoom(0.5, None);
        }
        if icon_button_ui(ui, palette, Icon::ZoomOut, "Zoom out").clicked() {
            state.zoom(2.0, None);
        }
        if state.window.is_some()
            && icon_button_ui(ui, palette, Icon::Maximize, "Show everyone").clicked()
        {
            state.window = None;
        }
    });
}

fn plot_ui(
    ui: &mut Ui,
    cx: &Cx<'_>,
    (state, summary): (&mut State, &str),
    (height, colour): (f32, Colour),
    actions: &mut Actions,
) {
    let size = vec2(ui.available_width(), height) - AXES;
    let predicted = colour == Colour::Predicted;
    state.update(ui, cx, ([size.x.max(1.0), size.y.max(1.0)], predicted));
    let Some(shown) = state.shown.clone() else {
        ui.allocate_space(vec2(ui.available_width(), height));
        return;
    };
    let cloud = Drawn {
        shown: &shown,
        window: state.window.unwrap_or(shown.whole),
        shades: state.shades,
        height,
    };
    let drawn = paint::cloud_ui(ui, cx, &cloud);
    let response = drawn.response;
    response
        .widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Figure, true, summary));
    let plot = Plot::new(&drawn.at, cloud.window, (shown.ask.x, shown.ask.y));
    paint::count_key(ui, cx, &plot, &cloud);
    drag(ui, (state, &plot), &response, actions);
    paint::drag(ui, cx, &plot, (&state.drag, state.tool == Tool::Lasso));
    let Some(pointer) = response.hover_pos().filter(|at| plot.area.contains(*at)) else {
        return;
    };
    let wheel = ui.input(egui::InputState::zoom_delta);
    if wheel != 1.0 {
        state.zoom(1.0 / f64::from(wheel), Some(plot.place(pointer)));
    }
    if response.double_clicked() {
        state.window = None;
    }
    let near = nearest(&plot, &shown, pointer);
    if state.drag.is_empty() {
        paint::read_out(ui, cx, (&plot, &shown), (pointer, near), response.id);
    }
    if let Some(row) = near.filter(|_| response.clicked()) {
        let id = cx.shop.dataset.orders.customer_ids.get(row as usize);
        pick_ui(ui, Part::Customers(vec![id.to_owned()]), actions);
    }
}

/// The person under the pointer, where people are drawn.
fn nearest(plot: &Plot, shown: &Answer, pointer: Pos2) -> Option<u32> {
    let Cloud::Points(points) = &shown.cloud else {
        return None;
    };
    points
        .iter()
        .map(|point| (plot.at(point.x, point.y).distance(pointer), point.row))
        .filter(|(distance, _)| *distance <= REACH)
        .min_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, row)| row)
}

/// Follows a drag and selects when it ends.
fn drag(
    ui: &Ui,
    (state, plot): (&mut State, &Plot),
    response: &egui::Response,
    actions: &mut Actions,
) {
    if ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        state.drag.clear();
        return;
    }
    if state.tool == Tool::Move {
        let by = response.drag_delta();
        if by != egui::Vec2::ZERO
            && let (Some(shown), Some(window)) = (&state.shown, state.window)
        {
            let per = plot.per_point();
            let moved = (-f64::from(by.x) * per.0, f64::from(by.y) * per.1);
            state.window = Some(window.moved(moved, shown.whole));
        }
        return;
    }
    let pointer = response.interact_pointer_pos();
    if response.drag_started() {
        let origin = ui.input(|input| input.pointer.press_origin());
        state.drag = origin.into_iter().collect();
    }
    if response.dragged()
        && let Some(pointer) = pointer
        && state
            .drag
            .last()
            .is_none_or(|last| last.distance(pointer) >= CORNER)
    {
        if state.tool == Tool::Box {
            state.drag.truncate(1);
        }
        state.drag.push(pointer);
    }
    if response.drag_stopped() {
        let path = std::mem::take(&mut state.drag);
        let part = match state.tool {
            Tool::Box => box_part(plot, &path),
            _ => lasso_part(plot, &path),
        };
        if let Some(part) = part {
            pick_ui(ui, part, actions);
        }
    }
}

/// The customers in a box between the first and the last place.
fn box_part(plot: &Plot, path: &[Pos2]) -> Option<Part> {
    let (first, last) = (*path.first()?, *path.last()?);
    let drawn = Rect::from_two_pos(first, last).intersect(plot.area);
    if drawn.width() < 3.0 || drawn.height() < 3.0 {
        return None;
    }
    let (low, high) = (
        plot.place(drawn.left_bottom()),
        plot.place(drawn.right_top()),
    );
    Some(Part::Within(vec![
        range(plot.axes.0, low.0, high.0),
        range(plot.axes.1, low.1, high.1),
    ]))
}

/// The numbers between two places, as short as the quantity allows.
fn range(axis: Axis, low: f64, high: f64) -> Range {
    let tidy = |place: f64| {
        let value = paint::value(axis, place);
        match axis.quantity {
            Quantity::Monetary | Quantity::Aov => (value * 100.0).round() / 100.0,
            _ => value.ceil(),
        }
    };
    // Everything below 1 stands at the lower edge of a logarithmic axis.
    let from = (!axis.log || low > 0.0).then(|| tidy(low));
    Range::new(axis.quantity, from, Some(tidy(high)))
}

fn lasso_part(plot: &Plot, path: &[Pos2]) -> Option<Part> {
    if path.len() < 3 {
        return None;
    }
    let corner = |at: &Pos2| {
        let (x, y) = plot.place(*at);
        let short = |place: f64| Value((place * 1e4).round() / 1e4);
        (short(x), short(y))
    };
    Some(Part::Outline(Outline {
        x: plot.axes.0,
        y: plot.axes.1,
        corners: path.iter().map(corner).collect(),
    }))
}

#[cfg(test)]
mod tests;
