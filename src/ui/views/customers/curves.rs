//! Two small charts over a customer's history: the chance of still being one, and the predicted spend
//! with its interval. A dot marks every purchase.

use egui::{Pos2, Response, Sense, Shape, Stroke, Ui, WidgetInfo, accesskit::Role, pos2, vec2};

use crate::{
    chart::{
        plane::{Axes, Plane},
        scale::Unit,
        tip::{Tip, tip_ui},
    },
    cx::Cx,
    format::{date, money, percent},
    theme::Palette,
};
use audiences::story::{Moment, Story};

const HEIGHT: f32 = 132.0;

/// What a chart shows of each moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Alive,
    Value,
}

impl Shown {
    fn value(self, moment: &Moment) -> f64 {
        match self {
            Self::Alive => moment.alive,
            Self::Value => moment.value,
        }
    }
}

/// Draws one chart over the full width; `summary` is its name for screen readers.
pub fn curve_ui(ui: &mut Ui, cx: &Cx<'_>, story: &Story, (shown, summary): (Shown, &str)) {
    let palette = cx.palette;
    let size = vec2(ui.available_width(), HEIGHT);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, summary));
    let axes = Axes {
        x_title: "",
        y_title: "",
        unit: match shown {
            Shown::Alive => Unit::Share,
            Shown::Value => Unit::Money(&cx.project.currency),
        },
    };
    let high = match shown {
        Shown::Alive => 1.0,
        Shown::Value => story
            .moments
            .iter()
            .map(|m| m.high.max(m.value))
            .fold(0.0, f64::max),
    };
    let plane = Plane::layout(ui, rect, &axes, (0.0, high.max(1e-9)));
    let time = Time::new(story);
    if ui.is_rect_visible(rect) {
        plane.paint(ui, palette, &axes);
        let ends = [
            (time.first, egui::Align2::LEFT_TOP),
            (time.last, egui::Align2::RIGHT_TOP),
        ];
        for (day, anchor) in ends {
            let at = pos2(plane.x_of(time.share(day)), plane.area.bottom() + 5.0);
            let font = crate::theme::font::caption();
            ui.painter()
                .text(at, anchor, date(day), font, palette.muted);
        }
        paint(ui, palette, &plane, (&time, story), shown);
    }
    hover(ui, cx, &plane, (&time, story), &response);
}

struct Time {
    first: i32,
    last: i32,
}

impl Time {
    fn new(story: &Story) -> Self {
        let day = |moment: Option<&Moment>| moment.map_or(0, |moment| moment.day);
        let first = day(story.moments.first());
        Self {
            first,
            last: day(story.moments.last()).max(first + 1),
        }
    }

    fn share(&self, day: i32) -> f32 {
        (day - self.first) as f32 / (self.last - self.first) as f32
    }
}

fn paint(ui: &Ui, palette: &Palette, plane: &Plane, (time, story): (&Time, &Story), shown: Shown) {
    let painter = ui.painter();
    let at = |day: i32, value: f64| pos2(plane.x_of(time.share(day)), plane.y_of(value));
    if shown == Shown::Value {
        let fill = palette.accent.gamma_multiply(0.16);
        for pair in story.moments.windows(2) {
            let corners = vec![
                at(pair[0].day, pair[0].low),
                at(pair[0].day, pair[0].high),
                at(pair[1].day, pair[1].high),
                at(pair[1].day, pair[1].low),
            ];
            painter.add(Shape::convex_polygon(corners, fill, Stroke::NONE));
        }
    }
    let line: Vec<Pos2> = story
        .moments
        .iter()
        .map(|moment| at(moment.day, shown.value(moment)))
        .collect();
    if let [only] = line.as_slice() {
        painter.circle_filled(*only, 3.0, palette.accent);
    }
    painter.add(Shape::line(line, Stroke::new(2.0, palette.accent)));
    for moment in story.moments.iter().filter(|moment| moment.purchase) {
        let center = at(moment.day, shown.value(moment));
        painter.circle(center, 3.0, palette.card, Stroke::new(1.5, palette.accent));
    }
}

fn hover(ui: &Ui, cx: &Cx<'_>, plane: &Plane, (time, story): (&Time, &Story), response: &Response) {
    let Some(pointer) = response.hover_pos() else {
        return;
    };
    let nearest = story.moments.iter().min_by(|a, b| {
        let far = |moment: &Moment| (plane.x_of(time.share(moment.day)) - pointer.x).abs();
        far(a).total_cmp(&far(b))
    });
    let Some(moment) = nearest else { return };
    let x = plane.x_of(time.share(moment.day));
    let stroke = Stroke::new(1.0, cx.palette.faint);
    ui.painter().vline(x, plane.area.y_range(), stroke);
    let currency = &cx.project.currency;
    let mut tip = Tip::new(format!("As of {}", date(moment.day)))
        .row(None, "Still a customer", percent(moment.alive))
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
        tip = tip.note("Ordered the day before.");
    }
    tip_ui(ui, cx.palette, response.id, None, &tip);
}
