//! Colours and sizes of slides: the tokens of the window's light theme.

use super::drawing::Ink;
use crate::report::style as report;

/// A slide in points: 13⅓ × 7½ inches.
pub const WIDTH: f32 = 960.0;
pub const HEIGHT: f32 = 540.0;

pub const WHITE: Ink = Ink::hex(0xFF_FF_FF);
pub const CANVAS: Ink = Ink::hex(0xF6_F7_F9);
pub const HAIRLINE: Ink = Ink::hex(0xE3_E6_EB);
pub const TEXT: Ink = Ink::hex(0x14_18_1F);
pub const MUTED: Ink = Ink::hex(0x5B_64_72);
pub const ACCENT: Ink = Ink::hex(0x24_57_C5);
pub const SECOND: Ink = Ink::hex(0xE6_9F_00);

/// The typeface of the window; where it is not installed, a program takes one of the same class.
pub const TYPEFACE: &str = "Inter";

/// Colour of a chart's series by its place.
#[must_use]
pub fn series(place: usize) -> Ink {
    const INKS: [Ink; 7] = [
        ACCENT,
        SECOND,
        Ink::hex(0x00_9E_73),
        Ink::hex(0xCC_79_A7),
        Ink::hex(0x56_B4_E9),
        Ink::hex(0x7F_87_94),
        Ink::hex(0xD5_5E_00),
    ];
    INKS[place % INKS.len()]
}

/// Colour of a segment.
#[must_use]
pub fn segment(style: u8) -> Ink {
    let digits = report::segment(style).trim_start_matches('#');
    Ink::hex(u32::from_str_radix(digits, 16).unwrap_or(0))
}
