//! Reading a number from a screenshot, digit by digit, against digits drawn by the app's own fonts.

use egui::{Align2, Context, FontId, Pos2, RawInput, Rect, pos2, vec2};
use image::RgbaImage;
use keepers::{
    app::raster::Rasterizer,
    ui::theme::{Palette, font, install_fonts},
};

/// The digits, the sign between thousands, and nothing.
const LETTERS: [&str; 12] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ",", ""];
/// Width looked at behind the last digit.
const BLANK: f32 = 8.0;
/// Mean difference per colour channel up to which a drawn digit is the one on the screen.
const ALIKE: f64 = 10.0;
const LONGEST: usize = 10;

pub(crate) struct Reader {
    ctx: Context,
    palette: Palette,
}

impl Reader {
    pub(crate) fn new() -> Self {
        let ctx = Context::default();
        install_fonts(&ctx);
        Self {
            ctx,
            palette: Palette::light(),
        }
    }

    /// The count that stands at the left end of `place` in large figures.
    pub(crate) fn count(&self, shot: &RgbaImage, place: Rect) -> u64 {
        // The text stands on whole pixels, a pixel or two around where the label begins.
        let mut best: Option<(f64, String)> = None;
        for dy in -2..=2_i8 {
            for dx in -1..=1_i8 {
                let at = place.min.round() + vec2(f32::from(dx), f32::from(dy));
                let (difference, text) = self.read(shot, at);
                if best.as_ref().is_none_or(|(least, _)| difference < *least) {
                    best = Some((difference, text));
                }
            }
        }
        let (difference, text) = best.expect("places were tried");
        assert!(
            difference <= ALIKE && !text.is_empty(),
            "no number can be read at {place:?}: the nearest is “{text}”, off by {difference:.1}"
        );
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.parse().expect("digits")
    }

    /// The text that begins at this place, and its largest difference from what was drawn.
    fn read(&self, shot: &RgbaImage, at: Pos2) -> (f64, String) {
        let (mut text, mut worst) = (String::new(), 0.0_f64);
        for _ in 0..LONGEST {
            let tried = LETTERS.map(|letter| self.difference(shot, at, (&text, letter)));
            // A number has a first digit: nothing at all is not one.
            let (index, difference) = tried
                .into_iter()
                .enumerate()
                .filter(|(index, _)| !(text.is_empty() && LETTERS[*index].is_empty()))
                .min_by(|one, other| one.1.total_cmp(&other.1))
                .expect("letters");
            worst = worst.max(difference);
            if LETTERS[index].is_empty() {
                break;
            }
            text.push_str(LETTERS[index]);
        }
        (worst, text)
    }

    /// Mean difference between the screen and `before` + `letter`, over the letter's columns.
    fn difference(&self, shot: &RgbaImage, at: Pos2, (before, letter): (&str, &str)) -> f64 {
        let (start, height) = self.size(before);
        let end = if letter.is_empty() {
            start + BLANK
        } else {
            self.size(&format!("{before}{letter}")).0
        };
        let drawn = self.draw(&format!("{before}{letter}"), (end + BLANK, height));
        let (mut sum, mut count) = (0.0, 0.0);
        for y in 0..height as u32 {
            for x in start.floor() as u32..end.ceil() as u32 {
                let (left, top) = (at.x as u32 + x, at.y as u32 + y);
                if left >= shot.width() || top >= shot.height() {
                    return f64::INFINITY;
                }
                let (here, there) = (shot.get_pixel(left, top), drawn.get_pixel(x, y));
                for channel in 0..3 {
                    sum += f64::from(here.0[channel].abs_diff(there.0[channel]));
                    count += 1.0;
                }
            }
        }
        sum / count
    }

    fn font() -> FontId {
        font::figure()
    }

    fn size(&self, text: &str) -> (f32, f32) {
        let mut size = (0.0, 0.0);
        let _ = self.ctx.run_ui(RawInput::default(), |ui| {
            let galley =
                ui.painter()
                    .layout_no_wrap(text.to_owned(), Self::font(), self.palette.text);
            size = (galley.size().x, galley.size().y.ceil());
        });
        size
    }

    /// The text at the left top of a picture in the card's colours.
    fn draw(&self, text: &str, (width, height): (f32, f32)) -> RgbaImage {
        let size = vec2(width.ceil(), height.ceil());
        let ctx = Context::default();
        install_fonts(&ctx);
        let mut raster = Rasterizer::default();
        let mut shapes = Vec::new();
        // Fonts arrive with the second frame.
        for _ in 0..2 {
            let input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
                max_texture_side: Some(4096),
                ..RawInput::default()
            };
            let mut output = ctx.run_ui(input, |ui| {
                let painter = ui.ctx().debug_painter();
                let ink = self.palette.text;
                painter.text(pos2(0.0, 0.0), Align2::LEFT_TOP, text, Self::font(), ink);
            });
            raster.update_textures(&mut output.textures_delta);
            shapes = output.shapes;
        }
        let primitives = ctx.tessellate(shapes, 1.0);
        let pixels = [size.x as usize, size.y as usize];
        raster.draw(&primitives, pixels, 1.0, self.palette.card)
    }
}
