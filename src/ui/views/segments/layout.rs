//! Where bubbles, their labels and the size key go: plain geometry, no painting.

use egui::{Pos2, Rect, Vec2, pos2, vec2};
use egui_plot::{PlotPoint, PlotTransform};

/// One bubble in data units.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Mean days since the last order; the axis runs from many (left) to few (right).
    pub x: f64,
    /// Mean orders per customer, upwards.
    pub y: f64,
    /// Customers: the **area** of the bubble.
    pub weight: f64,
}

/// Least and largest value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    pub low: f64,
    pub high: f64,
}

impl Extent {
    fn of(values: impl Iterator<Item = f64>) -> Self {
        let nothing = (f64::INFINITY, f64::NEG_INFINITY);
        let grow = |(low, high): (f64, f64), at: f64| (low.min(at), high.max(at));
        match values.fold(nothing, grow) {
            (low, high) if low > high => Self {
                low: 0.0,
                high: 1.0,
            },
            (low, high) if high - low < 1e-9 => Self {
                low: low - 0.5,
                high: high + 0.5,
            },
            (low, high) => Self { low, high },
        }
    }
}

/// What all bubbles span, and how large they are in a plot of about this size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scope {
    pub x: Extent,
    pub y: Extent,
    /// Radius of a bubble of weight 1: `radius = unit · √weight`.
    pub unit: f32,
    /// Space that the largest bubble needs around its centre.
    pub margin: f32,
}

impl Scope {
    /// Of the points, and of where they were before.
    #[must_use]
    pub fn of(points: &[Point], old: &[Point], room: Vec2) -> Self {
        let all = points.iter().chain(old);
        let shown: Vec<&Point> = all.filter(|point| point.weight > 0.0).collect();
        let heaviest = shown.iter().map(|point| point.weight).fold(0.0, f64::max);
        let largest = (room.x.min(room.y) * 0.17).clamp(14.0, 64.0);
        Self {
            x: Extent::of(shown.iter().map(|point| point.x)),
            y: Extent::of(shown.iter().map(|point| point.y)),
            unit: if heaviest > 0.0 {
                largest / heaviest.sqrt() as f32
            } else {
                0.0
            },
            margin: largest + 10.0,
        }
    }
}

/// Sizes of a bubble's label, written inside or beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LabelSize {
    pub inside: Vec2,
    pub beside: Vec2,
}

/// A placed bubble.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bubble {
    /// Index into the points.
    pub point: usize,
    pub center: Pos2,
    pub radius: f32,
    pub label: Rect,
    /// The label stands inside the bubble.
    pub inside: bool,
    /// The label is far enough away to need a line to its bubble.
    pub leader: bool,
}

/// A whole plot.
#[derive(Clone, Debug)]
pub struct Plot {
    pub area: Rect,
    /// Largest first, so that small ones are drawn on top.
    pub bubbles: Vec<Bubble>,
    pub unit: f32,
    at: PlotTransform,
}

impl Plot {
    /// Places bubbles of the points with a weight, then their labels.
    #[must_use]
    pub fn new(at: PlotTransform, unit: f32, points: &[Point], labels: &[LabelSize]) -> Self {
        let mut plot = Self {
            area: *at.frame(),
            bubbles: Vec::new(),
            unit,
            at,
        };
        let shown = points.iter().enumerate();
        plot.bubbles = shown
            .filter(|(_, point)| point.weight > 0.0)
            .map(|(index, point)| {
                let (center, radius) = plot.place(point);
                Bubble {
                    point: index,
                    center,
                    radius,
                    label: Rect::NOTHING,
                    inside: false,
                    leader: false,
                }
            })
            .filter(|bubble| plot.area.contains(bubble.center))
            .collect();
        plot.bubbles.sort_by(|a, b| b.radius.total_cmp(&a.radius));
        place_labels(plot.area, &mut plot.bubbles, labels);
        plot
    }

    /// Where a point would stand, and how large: centre and radius.
    #[must_use]
    pub fn place(&self, point: &Point) -> (Pos2, f32) {
        let center = self
            .at
            .position_from_point(&PlotPoint::new(point.x, point.y));
        (center, (self.unit * point.weight.sqrt() as f32).max(4.0))
    }

    /// Whether nothing is drawn inside a box.
    #[must_use]
    pub fn is_free(&self, rect: Rect) -> bool {
        let covers =
            |bubble: &Bubble| circle_overlap(rect, bubble) + overlap(rect, bubble.label) > 0.0;
        !self.bubbles.iter().any(covers)
    }

    /// The corner where a box of this size covers the least; top left is preferred.
    #[must_use]
    pub fn free_corner(&self, size: Vec2) -> Rect {
        let area = self.area.shrink(8.0);
        let corners = [
            area.min,
            pos2(area.left(), area.bottom() - size.y),
            pos2(area.right() - size.x, area.bottom() - size.y),
            pos2(area.right() - size.x, area.top()),
        ];
        let covered = |rect: Rect| -> f32 {
            self.bubbles
                .iter()
                .map(|bubble| circle_overlap(rect, bubble) + overlap(rect, bubble.label))
                .sum()
        };
        corners
            .into_iter()
            .map(|corner| Rect::from_min_size(corner, size))
            .min_by(|a, b| covered(*a).total_cmp(&covered(*b)))
            .unwrap_or(Rect::from_min_size(area.min, size))
    }
}

/// How often labels are placed: the first time each sees only the larger bubbles' labels, then all.
const PASSES: usize = 3;

fn place_labels(area: Rect, bubbles: &mut [Bubble], labels: &[LabelSize]) {
    let count = bubbles.len();
    for index in (0..PASSES).flat_map(|_| 0..count) {
        let size = labels[bubbles[index].point];
        let best = candidates(&bubbles[index], size)
            .into_iter()
            .map(|candidate| (cost(area, bubbles, index, &candidate), candidate))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, candidate)) = best {
            bubbles[index].label = candidate.rect;
            bubbles[index].inside = candidate.inside;
            bubbles[index].leader = candidate.distance > 12.0;
        }
    }
}

#[derive(Clone, Copy)]
struct Candidate {
    rect: Rect,
    inside: bool,
    distance: f32,
    /// Dislike of the direction.
    preference: f32,
}

/// Directions from the bubble's centre, best first.
const DIRECTIONS: [(f32, f32); 8] = [
    (1.0, 0.0),
    (-1.0, 0.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (0.7, -0.7),
    (0.7, 0.7),
    (-0.7, -0.7),
    (-0.7, 0.7),
];

fn candidates(bubble: &Bubble, size: LabelSize) -> Vec<Candidate> {
    let mut all = Vec::new();
    if size.inside.length() / 2.0 <= bubble.radius - 2.0 {
        all.push(Candidate {
            rect: Rect::from_center_size(bubble.center, size.inside),
            inside: true,
            distance: 0.0,
            preference: -10.0,
        });
    }
    for distance in [5.0, 12.0, 24.0, 40.0, 60.0, 84.0] {
        for (order, (dx, dy)) in DIRECTIONS.into_iter().enumerate() {
            let anchor = bubble.center + vec2(dx, dy) * (bubble.radius + distance);
            let shift = vec2(
                dx.signum() * f32::from(dx != 0.0),
                dy.signum() * f32::from(dy != 0.0),
            );
            let center = anchor + shift * size.beside / 2.0;
            all.push(Candidate {
                rect: Rect::from_center_size(center, size.beside),
                inside: false,
                distance,
                preference: order as f32,
            });
        }
    }
    all
}

fn cost(area: Rect, bubbles: &[Bubble], index: usize, candidate: &Candidate) -> f32 {
    let rect = candidate.rect.expand(2.0);
    let outside = rect.area() - overlap(rect, area);
    // Labels that have no place yet are `Rect::NOTHING`, which overlaps and crosses nothing.
    let others = || {
        bubbles
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
    };
    let on_labels: f32 = others().map(|(_, other)| overlap(rect, other.label)).sum();
    // Later bubbles are drawn on top; earlier ones lie below and hide nothing inside this one.
    let on_bubbles: f32 = bubbles
        .iter()
        .enumerate()
        .filter(|&(other, _)| other > index || other < index && !candidate.inside)
        .map(|(_, other)| circle_overlap(rect, other))
        .sum();
    let center = bubbles[index].center;
    let crossed = others()
        .filter(|(_, other)| {
            crosses(center, candidate.rect, other.label)
                || crosses(other.center, other.label, candidate.rect)
        })
        .count() as f32;
    // Text on text and cut-off text are never worth it; text on another bubble is merely worse.
    (outside + on_labels) * 10_000.0
        + crossed * 2_000.0
        + on_bubbles * 4.0
        + candidate.distance
        + candidate.preference
}

/// Whether the line from a bubble to its label runs through the label of another bubble.
fn crosses(center: Pos2, label: Rect, other: Rect) -> bool {
    if !label.is_positive() || !other.is_positive() {
        return false;
    }
    let end = label.clamp(center);
    (1..16).any(|step| other.contains(center.lerp(end, step as f32 / 16.0)))
}

fn overlap(a: Rect, b: Rect) -> f32 {
    let both = a.intersect(b);
    if both.is_positive() { both.area() } else { 0.0 }
}

/// Roughly how much of the rectangle lies in the circle: exact zero when they are apart.
fn circle_overlap(rect: Rect, bubble: &Bubble) -> f32 {
    let nearest = rect.clamp(bubble.center);
    let depth = bubble.radius - nearest.distance(bubble.center);
    if depth <= 0.0 {
        return 0.0;
    }
    let square = Rect::from_center_size(bubble.center, Vec2::splat(bubble.radius * 2.0));
    overlap(rect, square).max(depth)
}

/// Two round numbers for the size key: about half of the largest bubble and a tenth of it.
#[must_use]
pub fn key_weights(heaviest: f64) -> [f64; 2] {
    let round = |value: f64| {
        if value < 1.0 {
            return 1.0;
        }
        let power = 10f64.powf(value.log10().floor());
        [5.0, 2.0, 1.0]
            .map(|factor| factor * power)
            .into_iter()
            .find(|&nice| nice <= value)
            .unwrap_or(power)
    };
    [round(heaviest / 2.0), round(heaviest / 10.0)]
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui_plot::PlotBounds;

    fn area() -> Rect {
        Rect::from_min_size(Pos2::ZERO, vec2(600.0, 320.0))
    }

    /// As the plot lays them out: the margin free on all sides, recent right.
    fn placed(points: &[Point]) -> Plot {
        let scope = Scope::of(points, &[], area().size());
        let roomy = |extent: Extent, length: f32| {
            let per = (extent.high - extent.low) / f64::from(length - 2.0 * scope.margin);
            let pad = per * f64::from(scope.margin);
            [extent.low - pad, extent.high + pad]
        };
        let (x, y) = (roomy(scope.x, 600.0), roomy(scope.y, 320.0));
        let bounds = PlotBounds::from_min_max([x[0], y[0]], [x[1], y[1]]);
        let at = PlotTransform::new_with_invert_axis(area(), bounds, false, [true, false]);
        Plot::new(at, scope.unit, points, &labels(points.len()))
    }

    fn labels(count: usize) -> Vec<LabelSize> {
        vec![
            LabelSize {
                inside: vec2(50.0, 28.0),
                beside: vec2(120.0, 16.0),
            };
            count
        ]
    }

    fn assert_labels_apart(plot: &Plot) {
        for (index, a) in plot.bubbles.iter().enumerate() {
            assert!(plot.area.contains_rect(a.label), "{:?}", a.label);
            for b in &plot.bubbles[index + 1..] {
                assert_eq!(overlap(a.label, b.label), 0.0, "{a:?} {b:?}");
            }
        }
    }

    #[test]
    fn area_is_proportional_to_customers() {
        let points = [
            Point {
                x: 10.0,
                y: 5.0,
                weight: 4_000.0,
            },
            Point {
                x: 90.0,
                y: 1.0,
                weight: 1_000.0,
            },
        ];
        let plot = placed(&points);
        let radius = |point: usize| {
            plot.bubbles
                .iter()
                .find(|bubble| bubble.point == point)
                .map(|bubble| bubble.radius)
        };
        let ratio = radius(0).expect("drawn") / radius(1).expect("drawn");
        assert!((ratio - 2.0).abs() < 1e-4, "{ratio}");
    }

    #[test]
    fn recent_is_right_and_frequent_is_up() {
        let points = [
            Point {
                x: 10.0,
                y: 5.0,
                weight: 1.0,
            },
            Point {
                x: 90.0,
                y: 1.0,
                weight: 1.0,
            },
        ];
        let plot = placed(&points);
        let center = |point: usize| {
            plot.bubbles
                .iter()
                .find(|bubble| bubble.point == point)
                .map(|bubble| bubble.center)
        };
        let (recent, old) = (center(0).expect("drawn"), center(1).expect("drawn"));
        assert!(recent.x > old.x && recent.y < old.y);
    }

    #[test]
    fn labels_never_overlap_even_when_bubbles_do() {
        // Six segments on nearly the same spot, of different and of equal size.
        for spread in [0.0, 0.5, 3.0, 20.0] {
            let points: Vec<Point> = (0..6)
                .map(|index| Point {
                    x: 100.0 + spread * f64::from(index % 3),
                    y: 2.0 + spread / 10.0 * f64::from(index / 3),
                    weight: 1_000.0 + 700.0 * f64::from(index),
                })
                .chain([Point {
                    x: 400.0,
                    y: 8.0,
                    weight: 5_000.0,
                }])
                .collect();
            assert_labels_apart(&placed(&points));
        }
    }

    #[test]
    fn bubbles_stay_inside_the_plot_and_empty_segments_are_left_out() {
        let points = [
            Point {
                x: 0.0,
                y: 1.0,
                weight: 5_000.0,
            },
            Point {
                x: 500.0,
                y: 1.0,
                weight: 5_000.0,
            },
            Point {
                x: f64::NAN,
                y: f64::NAN,
                weight: 0.0,
            },
        ];
        let plot = placed(&points);
        assert_eq!(plot.bubbles.len(), 2);
        for bubble in &plot.bubbles {
            let square = Rect::from_center_size(bubble.center, Vec2::splat(bubble.radius * 2.0));
            assert!(area().contains_rect(square));
        }
    }

    #[test]
    fn the_size_key_is_round() {
        assert_eq!(key_weights(6_286.0), [2_000.0, 500.0]);
        assert_eq!(key_weights(3.0), [1.0, 1.0]);
    }
}
