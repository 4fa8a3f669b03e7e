//! On which side of a bubble its name stands: where it meets neither another name nor another bubble.

use crate::deck::{
    numbers::Numbers,
    plot::{Plot, Series, Span, Words},
};

/// A rough plot area in points; presentation programs lay it out themselves.
const WIDTH: f64 = 400.0;
const HEIGHT: f64 = 270.0;
/// Radius of the largest bubble, height of a name and width of a letter in it.
const RADIUS: f64 = 32.0;
const LINE: f64 = 14.0;
const LETTER: f64 = 6.5;

#[derive(Clone, Copy)]
struct Rect {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Rect {
    fn around(x: f64, y: f64, half_width: f64, half_height: f64) -> Self {
        Self {
            left: x - half_width,
            top: y - half_height,
            right: x + half_width,
            bottom: y + half_height,
        }
    }

    fn shared(self, other: Self) -> f64 {
        let width = self.right.min(other.right) - self.left.max(other.left);
        let height = self.bottom.min(other.bottom) - self.top.max(other.top);
        width.max(0.0) * height.max(0.0)
    }

    fn outside(self) -> f64 {
        let page = Self {
            left: 0.0,
            top: 0.0,
            right: WIDTH,
            bottom: HEIGHT,
        };
        (self.right - self.left) * (self.bottom - self.top) - self.shared(page)
    }
}

struct Bubble {
    x: f64,
    y: f64,
    radius: f64,
    half_name: f64,
}

/// For every series `r`, `l`, `t` or `b`, as `DrawingML` says it.
pub(super) fn sides(plot: &Plot, numbers: &Numbers) -> Vec<&'static str> {
    let bubbles = bubbles(plot, numbers);
    let mut taken: Vec<Rect> = bubbles
        .iter()
        .map(|it| Rect::around(it.x, it.y, it.radius, it.radius))
        .collect();
    let mut sides = Vec::new();
    for (place, bubble) in bubbles.iter().enumerate() {
        let beside = bubble.radius + bubble.half_name + 2.0;
        let over = bubble.radius + LINE / 2.0 + 1.0;
        let tried = [
            ("r", beside, 0.0),
            ("l", -beside, 0.0),
            ("t", 0.0, -over),
            ("b", 0.0, over),
        ]
        .map(|(side, dx, dy)| {
            let name = Rect::around(bubble.x + dx, bubble.y + dy, bubble.half_name, LINE / 2.0);
            let others = taken.iter().enumerate().filter(|(at, _)| *at != place);
            let met: f64 = others.map(|(_, other)| name.shared(*other)).sum();
            (side, name, met + name.outside())
        });
        let best = tried.into_iter().min_by(|a, b| a.2.total_cmp(&b.2));
        if let Some((side, name, _)) = best {
            sides.push(side);
            taken.push(name);
        }
    }
    sides
}

fn bubbles(plot: &Plot, numbers: &Numbers) -> Vec<Bubble> {
    let number = |span: Option<Span>| {
        let value = span.and_then(|span| numbers.number(span.from));
        value.unwrap_or(0.0)
    };
    let x = |series: &Series| match series.along {
        Words::Cells(span) => number(Some(span)),
        _ => 0.0,
    };
    let most = |of: &dyn Fn(&Series) -> f64| {
        let values = plot.series.iter().map(of);
        values.fold(f64::MIN_POSITIVE, f64::max)
    };
    let y = |series: &Series| number(Some(series.values));
    let size = |series: &Series| number(series.sizes);
    let (most_x, most_y, most_size) = (most(&x), most(&y), most(&size));
    plot.series
        .iter()
        .map(|series| {
            // Axes end a little beyond the greatest value.
            let along = x(series) / most_x / 1.1;
            let along = if plot.x.reversed { 1.0 - along } else { along };
            Bubble {
                x: along * WIDTH,
                y: (1.0 - y(series) / most_y / 1.1) * HEIGHT,
                radius: RADIUS * (size(series) / most_size).max(0.0).sqrt(),
                half_name: series.title.chars().count() as f64 * LETTER / 2.0,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::deck::plot::{SegmentStyle, plot};

    #[test]
    fn names_of_near_bubbles_stand_apart() {
        let row = |name: &str, x: &str, y: &str, size: &str| {
            [name, x, y, size].map(str::to_owned).to_vec()
        };
        let numbers = Numbers {
            columns: ["segment", "recency_days", "frequency", "customers"]
                .map(str::to_owned)
                .to_vec(),
            rows: vec![
                row("At Risk", "390", "1", "2000"),
                row("Dormant", "395", "1", "1600"),
                row("VIP", "1", "2", "10"),
            ],
        };
        let segments: [SegmentStyle; 0] = [];
        let title = "Segments by recency and frequency";
        let chart = plot("segment_bubbles", title, &numbers, &segments);
        let sides = sides(&chart.expect("a chart"), &numbers);
        assert_ne!(sides[0], sides[1], "one upon the other");
        assert_eq!(sides[2], "l", "at the right edge");
    }
}
