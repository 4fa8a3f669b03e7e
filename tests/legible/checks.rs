//! What can be wrong with painted text: cut off, out of sight, over another text, over a card's edge,
//! too faint.

use egui::{Color32, Rect};
use image::RgbaImage;
use keepers::ui::theme::{Palette, luminance};

use crate::texts::{Line, Paint};

/// Ink may be blurred this far by anti-aliasing.
const BLUR: f32 = 1.0;
/// A fault: what is wrong and where.
pub type Fault = String;

fn fault(line: &Line, what: &str) -> Fault {
    let (x, y) = (line.ink.left().round(), line.ink.top().round());
    format!("“{}” at {x}, {y} {what}", line.words)
}

/// Texts that a clip rectangle or the window's edge cuts where nothing tells that there is more.
pub fn cut(paint: &Paint) -> Vec<Fault> {
    let lines = paint.lines.iter().filter(|line| !line.icon);
    lines
        .filter_map(|line| {
            let hidden = |axis: usize| {
                let before = line.clip.min[axis] - line.ink.min[axis];
                let after = line.ink.max[axis] - line.clip.max[axis];
                before.max(after) > BLUR
            };
            let more = |axis: usize| paint.fades(line, axis) || paint.scrolls(line, axis);
            let cut = |axis: usize| hidden(axis) && !more(axis);
            let name = match (cut(0), cut(1)) {
                (true, _) => "sideways",
                (_, true) => "above or below",
                _ => return None,
            };
            let much = if line.is_seen() {
                "cut"
            } else {
                "out of sight"
            };
            Some(fault(line, &format!("is {much} {name} by {:?}", line.clip)))
        })
        .collect()
}

/// Texts over other texts.
pub fn overlaps(paint: &Paint) -> Vec<Fault> {
    let mut lines: Vec<&Line> = paint.lines.iter().filter(|line| line.is_seen()).collect();
    lines.sort_by(|a, b| a.seen().top().total_cmp(&b.seen().top()));
    let mut faults = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        let own = line.seen().shrink(BLUR);
        for other in &lines[number + 1..] {
            if other.seen().top() > own.bottom() {
                break;
            }
            let both = own.intersect(other.seen().shrink(BLUR));
            if both.width() <= 0.0 || both.height() <= 0.0 || line.text == other.text {
                continue;
            }
            // A halo is the same text painted again around itself.
            let apart = line.ink.min.distance(other.ink.min);
            let halo = line.words == other.words && apart < 4.0;
            let (first, last) = (line.at.min(other.at), line.at.max(other.at));
            if !halo && !paint.covered(both, first, last) {
                faults.push(fault(line, &format!("overlaps “{}”", other.words)));
            }
        }
    }
    faults
}

/// Texts that leave the card they stand on.
pub fn over_the_edge(paint: &Paint, palette: &Palette) -> Vec<Fault> {
    let cards = || {
        let filled = paint.areas.iter().filter(|area| area.fill == palette.card);
        filled.filter(|area| area.radius >= 6)
    };
    let seen = paint.lines.iter().filter(|line| line.is_seen());
    seen.filter_map(|line| {
        let ink = line.seen();
        let below = cards().filter(|card| card.at < line.at && card.rect.contains(ink.center()));
        let card = below.min_by(|a, b| a.rect.area().total_cmp(&b.rect.area()))?;
        let inside = card.rect.expand(BLUR).contains_rect(ink);
        (!inside).then(|| fault(line, &format!("leaves its card {:?}", card.rect)))
    })
    .collect()
}

/// Texts with less contrast than WCAG 2 AA asks for: 4.5 : 1, large ones and icons 3 : 1.
pub fn faint(paint: &Paint, ground: &RgbaImage) -> Vec<Fault> {
    let seen = paint.lines.iter().filter(|line| line.is_seen());
    seen.filter_map(|line| {
        let ink = line.seen();
        let veiled = paint.veils.iter().any(|veil| veil.intersects(ink));
        if veiled || paint.covered(ink, line.at, usize::MAX) {
            return None;
        }
        let behind = most_common(ground, ink)?;
        let large = line.icon || line.points >= 24.0;
        let (contrast, least) = (
            contrast(over(line.color, behind), behind),
            if large { 3.0 } else { 4.5 },
        );
        let text = format!("has a contrast of {contrast:.2} on {}", hex(behind));
        (contrast < least).then(|| fault(line, &format!("({}) {text}", hex(line.color))))
    })
    .collect()
}

fn hex(color: Color32) -> String {
    format!("#{:02X}{:02X}{:02X}", color.r(), color.g(), color.b())
}

/// A premultiplied colour over an opaque one.
fn over(color: Color32, ground: Color32) -> Color32 {
    let rest = 1.0 - f32::from(color.a()) / 255.0;
    let mix = |own: u8, behind: u8| (f32::from(own) + f32::from(behind) * rest).round() as u8;
    Color32::from_rgb(
        mix(color.r(), ground.r()),
        mix(color.g(), ground.g()),
        mix(color.b(), ground.b()),
    )
}

fn contrast(a: Color32, b: Color32) -> f32 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    if a > b { a / b } else { b / a }
}

/// The colour of most pixels under a rectangle.
fn most_common(picture: &RgbaImage, rect: Rect) -> Option<Color32> {
    let mut colors: Vec<[u8; 3]> = Vec::new();
    for y in rect.top().max(0.0) as u32..(rect.bottom().max(0.0) as u32).min(picture.height()) {
        for x in rect.left().max(0.0) as u32..(rect.right().max(0.0) as u32).min(picture.width()) {
            let [r, g, b, _] = picture.get_pixel(x, y).0;
            colors.push([r, g, b]);
        }
    }
    colors.sort_unstable();
    let most = colors.chunk_by(PartialEq::eq).max_by_key(|run| run.len())?;
    let [r, g, b] = *most.first()?;
    Some(Color32::from_rgb(r, g, b))
}
