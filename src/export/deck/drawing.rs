//! A drawing as paths and texts, whatever it was drawn with; the PDF writes it as vectors.

use super::faces::Weight;

/// A colour; alpha 255 is opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ink {
    pub rgb: [u8; 3],
    pub alpha: u8,
}

impl Ink {
    /// An opaque colour from `0xRRGGBB`.
    #[must_use]
    pub const fn hex(hex: u32) -> Self {
        Self {
            rgb: [(hex >> 16) as u8, (hex >> 8) as u8, hex as u8],
            alpha: 255,
        }
    }

    /// `RRGGBB`, as OOXML writes a colour.
    #[must_use]
    pub fn digits(self) -> String {
        let [red, green, blue] = self.rgb;
        format!("{red:02X}{green:02X}{blue:02X}")
    }

    /// How light it looks, 0 to 1 (relative luminance of WCAG).
    #[must_use]
    pub fn luminance(self) -> f64 {
        let [red, green, blue] = self.rgb.map(|channel| {
            let share = f64::from(channel) / 255.0;
            if share <= 0.040_45 {
                share / 12.92
            } else {
                ((share + 0.055) / 1.055).powf(2.4)
            }
        });
        0.2126 * red + 0.7152 * green + 0.0722 * blue
    }

    /// This colour laid over white: 0 is white, 1 is the colour itself.
    #[must_use]
    pub fn tint(self, share: f64) -> Self {
        let share = share.clamp(0.0, 1.0);
        let mixed = |channel: u8| (255.0 - (255.0 - f64::from(channel)) * share).round() as u8;
        Self {
            rgb: self.rgb.map(mixed),
            alpha: self.alpha,
        }
    }
}

/// A place: to the right and down from the upper left corner, in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    pub x: f32,
    pub y: f32,
}

/// A rectangle in points.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

impl Area {
    #[must_use]
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self {
            x,
            y,
            width,
            height,
        }
    }
}

/// A step along an outline.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    Move(Spot),
    Line(Spot),
    /// Two control points and the end.
    Curve([Spot; 3]),
    Close,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub ink: Ink,
    pub width: f32,
}

/// A letter and where it begins, from the start of its run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Letter {
    pub letter: char,
    pub x: f32,
}

/// Letters of one look on one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Left end of the baseline.
    pub at: Spot,
    /// Clockwise about `at`, in radians.
    pub turn: f32,
    pub size: f32,
    pub weight: Weight,
    pub ink: Ink,
    pub letters: Vec<Letter>,
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    Path {
        steps: Vec<Step>,
        fill: Option<Ink>,
        line: Option<Line>,
    },
    Text(Run),
    /// From here on only what lies within shows; `None` shows everything again.
    Clip(Option<Area>),
}

/// What is drawn, over its size in points.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawing {
    pub width: f32,
    pub height: f32,
    pub marks: Vec<Mark>,
}

impl Drawing {
    /// Every letter in it with its weight.
    pub fn letters(&self) -> impl Iterator<Item = (Weight, char)> + '_ {
        let runs = self.marks.iter().filter_map(|mark| match mark {
            Mark::Text(run) => Some(run),
            _ => None,
        });
        runs.flat_map(|run| run.letters.iter().map(|it| (run.weight, it.letter)))
    }
}

/// The outline of a rectangle with round corners.
#[must_use]
pub fn rounded(area: Area, radius: f32) -> Vec<Step> {
    let radius = radius.min(area.width / 2.0).min(area.height / 2.0);
    let spot = |x: f32, y: f32| Spot { x, y };
    let (left, top) = (area.x, area.y);
    let (right, bottom) = (area.x + area.width, area.y + area.height);
    if radius <= 0.0 {
        return vec![
            Step::Move(spot(left, top)),
            Step::Line(spot(right, top)),
            Step::Line(spot(right, bottom)),
            Step::Line(spot(left, bottom)),
            Step::Close,
        ];
    }
    // Control points of a quarter circle stand this much short of the corner.
    let r = radius;
    let k = r * (1.0 - ROUND);
    vec![
        Step::Move(spot(left + r, top)),
        Step::Line(spot(right - r, top)),
        Step::Curve([
            spot(right - k, top),
            spot(right, top + k),
            spot(right, top + r),
        ]),
        Step::Line(spot(right, bottom - r)),
        Step::Curve([
            spot(right, bottom - k),
            spot(right - k, bottom),
            spot(right - r, bottom),
        ]),
        Step::Line(spot(left + r, bottom)),
        Step::Curve([
            spot(left + k, bottom),
            spot(left, bottom - k),
            spot(left, bottom - r),
        ]),
        Step::Line(spot(left, top + r)),
        Step::Curve([
            spot(left, top + k),
            spot(left + k, top),
            spot(left + r, top),
        ]),
        Step::Close,
    ]
}

/// How far the control points of a quarter circle of radius 1 stand from its ends.
const ROUND: f32 = 0.552_284_8;

/// The outline of an ellipse.
#[must_use]
pub fn ellipse(middle: Spot, across: f32, down: f32) -> Vec<Step> {
    let (kx, ky) = (across * ROUND, down * ROUND);
    let at = |x: f32, y: f32| Spot {
        x: middle.x + x,
        y: middle.y + y,
    };
    vec![
        Step::Move(at(across, 0.0)),
        Step::Curve([at(across, ky), at(kx, down), at(0.0, down)]),
        Step::Curve([at(-kx, down), at(-across, ky), at(-across, 0.0)]),
        Step::Curve([at(-across, -ky), at(-kx, -down), at(0.0, -down)]),
        Step::Curve([at(kx, -down), at(across, -ky), at(across, 0.0)]),
        Step::Close,
    ]
}
