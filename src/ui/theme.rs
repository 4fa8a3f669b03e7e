//! Colours, type and spacing: the only place where they are written down.

use std::sync::Arc;

use egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Stroke,
    Style, TextStyle, Vec2, Visuals,
};

/// Gaps between things, in points; multiples of four.
pub mod gap {
    pub const XS: f32 = 4.0;
    pub const S: f32 = 8.0;
    pub const M: f32 = 12.0;
    pub const L: f32 = 16.0;
    pub const XL: f32 = 24.0;
}

pub const CARD_PADDING: f32 = 16.0;
pub const RADIUS: u8 = 8;
pub const TABLE_ROW_HEIGHT: f32 = 28.0;
pub const TOP_BAR_HEIGHT: f32 = 48.0;
pub const STATUS_BAR_HEIGHT: f32 = 28.0;
/// Below this width the rail shows icons only.
pub const RAIL_COLLAPSE_WIDTH: f32 = 1200.0;
/// Longest line of running text.
pub const READING_WIDTH: f32 = 900.0;
/// Below this width cards stack.
pub const STACK_WIDTH: f32 = 1100.0;

/// Type scale. Weights are font families, because egui has no weight axis.
pub mod font {
    use super::{FontFamily, FontId};

    #[must_use]
    pub fn medium_family() -> FontFamily {
        FontFamily::Name("medium".into())
    }

    #[must_use]
    pub fn strong_family() -> FontFamily {
        FontFamily::Name("strong".into())
    }

    /// 12, labels and axis ticks.
    #[must_use]
    pub fn caption() -> FontId {
        FontId::new(12.0, FontFamily::Proportional)
    }

    /// 12 medium: column heads, chips.
    #[must_use]
    pub fn caption_medium() -> FontId {
        FontId::new(12.0, medium_family())
    }

    /// 14, running text.
    #[must_use]
    pub fn body() -> FontId {
        FontId::new(14.0, FontFamily::Proportional)
    }

    /// 14 medium: buttons, emphasised text.
    #[must_use]
    pub fn body_medium() -> FontId {
        FontId::new(14.0, medium_family())
    }

    /// 16 strong: card titles.
    #[must_use]
    pub fn card_title() -> FontId {
        FontId::new(16.0, strong_family())
    }

    /// 20 strong: view titles.
    #[must_use]
    pub fn view_title() -> FontId {
        FontId::new(20.0, strong_family())
    }

    /// 28 strong: KPI figures.
    #[must_use]
    pub fn figure() -> FontId {
        FontId::new(28.0, strong_family())
    }

    /// Icons of the `lucide-icons` crate at this size.
    #[must_use]
    pub fn icon(size: f32) -> FontId {
        FontId::new(size, FontFamily::Name("icons".into()))
    }
}

/// Colour tokens of one theme.
#[derive(Clone, Debug, PartialEq)]
pub struct Palette {
    pub dark: bool,
    pub canvas: Color32,
    pub card: Color32,
    pub hairline: Color32,
    pub text: Color32,
    pub muted: Color32,
    pub faint: Color32,
    pub accent: Color32,
    pub accent_soft: Color32,
    pub good: Color32,
    pub warn: Color32,
    pub bad: Color32,
    /// Fill of a hovered row or quiet button.
    pub hover: Color32,
    /// Second series of a two-series chart (the first is `accent`).
    pub second: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

impl Palette {
    #[must_use]
    pub const fn light() -> Self {
        Self {
            dark: false,
            canvas: rgb(0xF6_F7_F9),
            card: rgb(0xFF_FF_FF),
            hairline: rgb(0xE3_E6_EB),
            text: rgb(0x14_18_1F),
            muted: rgb(0x5B_64_72),
            faint: rgb(0x98_A1_AE),
            accent: rgb(0x24_57_C5),
            accent_soft: rgb(0xE7_EE_FC),
            good: rgb(0x0B_7A_4B),
            warn: rgb(0x9A_5B_00),
            bad: rgb(0xB3_26_1E),
            hover: rgb(0xF0_F2_F5),
            second: rgb(0xE6_9F_00),
        }
    }

    #[must_use]
    pub const fn dark() -> Self {
        Self {
            dark: true,
            canvas: rgb(0x14_17_1C),
            card: rgb(0x1C_20_27),
            hairline: rgb(0x2C_32_3B),
            text: rgb(0xE8_EB_F0),
            muted: rgb(0xA3_AC_B9),
            faint: rgb(0x6B_74_82),
            accent: rgb(0x7F_A6_F8),
            accent_soft: rgb(0x22_30_4D),
            good: rgb(0x4C_C3_8A),
            warn: rgb(0xE5_A1_3A),
            bad: rgb(0xF2_86_7E),
            hover: rgb(0x25_2A_33),
            second: rgb(0xE6_9F_00),
        }
    }

    #[must_use]
    pub const fn of(dark: bool) -> Self {
        if dark { Self::dark() } else { Self::light() }
    }

    /// Sequential scale for heatmaps, `t` in 0…1: viridis in the dark theme, reversed in the light
    /// one, so that "much" is always farthest from the background.
    #[must_use]
    pub fn sequential(&self, t: f32) -> Color32 {
        viridis(if self.dark { t } else { 1.0 - t })
    }

    /// Diverging scale for values with a midpoint, `t` in −1…1: orange below, blue above, the card's
    /// quiet fill in the middle.
    #[must_use]
    pub fn diverging(&self, t: f32) -> Color32 {
        let end = if t < 0.0 {
            rgb(0xD9_7B_00)
        } else {
            rgb(0x2C_6F_BB)
        };
        lerp(self.hover, end, t.abs().min(1.0))
    }

    /// Black or white, whichever reads better on `background`.
    #[must_use]
    pub fn text_on(background: Color32) -> Color32 {
        // Where both contrasts are equal: 4.58.
        if luminance(background) > 0.179 {
            Color32::BLACK
        } else {
            Color32::WHITE
        }
    }

    /// `color` mixed into the card colour: 0 = card, 1 = `color`.
    #[must_use]
    pub fn tint(&self, color: Color32, share: f32) -> Color32 {
        lerp(self.card, color, share)
    }
}

/// Relative luminance (WCAG 2), 0…1.
#[must_use]
pub fn luminance(color: Color32) -> f32 {
    let linear = |channel: u8| {
        let value = f32::from(channel) / 255.0;
        if value <= 0.040_45 {
            value / 12.92
        } else {
            ((value + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(color.r()) + 0.7152 * linear(color.g()) + 0.0722 * linear(color.b())
}

fn lerp(from: Color32, to: Color32, share: f32) -> Color32 {
    let mix = |a: u8, b: u8| {
        (f32::from(a) + (f32::from(b) - f32::from(a)) * share.clamp(0.0, 1.0)).round() as u8
    };
    Color32::from_rgb(
        mix(from.r(), to.r()),
        mix(from.g(), to.g()),
        mix(from.b(), to.b()),
    )
}

/// The viridis colour map from nine of its published anchors, linear in between.
#[must_use]
pub fn viridis(t: f32) -> Color32 {
    const ANCHORS: [u32; 9] = [
        0x44_01_54, 0x47_2D_7B, 0x3B_52_8B, 0x2C_72_8E, 0x21_91_8C, 0x28_AE_80, 0x5E_C9_62,
        0xAD_DC_30, 0xFD_E7_25,
    ];
    let position = if t.is_nan() { 0.0 } else { t.clamp(0.0, 1.0) } * 8.0;
    let low = (position.floor() as usize).min(7);
    lerp(
        rgb(ANCHORS[low]),
        rgb(ANCHORS[low + 1]),
        position - low as f32,
    )
}

/// The mark that goes with a segment's colour, so that colour never carries meaning alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    Circle,
    TriangleUp,
    Square,
    Diamond,
    TriangleDown,
    Ring,
}

/// Fixed colour of segment style number `style` (Okabe–Ito first, then four more).
#[must_use]
pub fn segment_color(style: u8) -> Color32 {
    const COLORS: [u32; 10] = [
        0x00_72_B2, 0x00_9E_73, 0x56_B4_E9, 0x7F_87_94, 0xE6_9F_00, 0xCC_79_A7, 0xD5_5E_00,
        0x8C_6B_B1, 0xB8_A6_00, 0x11_7A_8B,
    ];
    rgb(COLORS[usize::from(style) % COLORS.len()])
}

/// Fixed mark of segment style number `style`.
#[must_use]
pub fn segment_mark(style: u8) -> Mark {
    const MARKS: [Mark; 6] = [
        Mark::Circle,
        Mark::TriangleUp,
        Mark::Square,
        Mark::Diamond,
        Mark::TriangleDown,
        Mark::Ring,
    ];
    MARKS[usize::from(style) % MARKS.len()]
}

/// Installs fonts; call once per context.
pub fn install_fonts(ctx: &Context) {
    ctx.set_fonts(fonts());
}

/// The fonts of every family: text in three weights, icons.
#[must_use]
pub fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let faces: [(&str, &'static [u8]); 4] = [
        (
            "inter",
            include_bytes!("../../assets/fonts/Inter-Regular.otf"),
        ),
        (
            "inter-medium",
            include_bytes!("../../assets/fonts/Inter-Medium.otf"),
        ),
        (
            "inter-semibold",
            include_bytes!("../../assets/fonts/Inter-SemiBold.otf"),
        ),
        ("lucide", lucide_icons::LUCIDE_FONT_BYTES),
    ];
    for (name, bytes) in faces {
        let mut data = FontData::from_static(bytes);
        if name == "lucide" {
            // Its glyphs stand on a text baseline; this brings them to the middle of their line.
            data.tweak.y_offset_factor = 0.08;
        }
        fonts.font_data.insert(name.to_owned(), Arc::new(data));
    }
    let fallbacks = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let with = |first: &str| {
        let mut names = vec![first.to_owned()];
        names.extend(fallbacks.iter().cloned());
        names
    };
    fonts
        .families
        .insert(FontFamily::Proportional, with("inter"));
    fonts
        .families
        .insert(font::medium_family(), with("inter-medium"));
    fonts
        .families
        .insert(font::strong_family(), with("inter-semibold"));
    fonts
        .families
        .insert(FontFamily::Name("icons".into()), vec!["lucide".to_owned()]);
    fonts
}

/// Gives egui the look of the palette.
pub fn apply(ctx: &Context, palette: &Palette) {
    let theme = if palette.dark {
        egui::Theme::Dark
    } else {
        egui::Theme::Light
    };
    ctx.set_theme(theme);
    ctx.set_style_of(theme, style(palette));
}

fn style(palette: &Palette) -> Style {
    let mut style = Style {
        visuals: visuals(palette),
        ..Style::default()
    };
    style.text_styles = [
        (TextStyle::Small, font::caption()),
        (TextStyle::Body, font::body()),
        (TextStyle::Button, font::body_medium()),
        (TextStyle::Heading, font::view_title()),
        (TextStyle::Monospace, FontId::monospace(13.0)),
    ]
    .into();
    style.spacing.item_spacing = Vec2::new(gap::S, gap::S);
    style.spacing.button_padding = Vec2::new(10.0, 5.0);
    style.spacing.interact_size = Vec2::new(28.0, 28.0);
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.combo_width = 80.0;
    style.animation_time = 0.1;
    style.interaction.tooltip_delay = 0.3;
    style.interaction.selectable_labels = false;
    style
}

fn visuals(palette: &Palette) -> Visuals {
    let mut visuals = if palette.dark {
        Visuals::dark()
    } else {
        Visuals::light()
    };
    let radius = CornerRadius::same(6);
    let hairline = Stroke::new(1.0, palette.hairline);
    visuals.override_text_color = None;
    visuals.panel_fill = palette.canvas;
    visuals.window_fill = palette.card;
    visuals.window_stroke = hairline;
    visuals.window_corner_radius = CornerRadius::same(RADIUS);
    visuals.menu_corner_radius = CornerRadius::same(RADIUS);
    visuals.extreme_bg_color = if palette.dark {
        palette.canvas
    } else {
        palette.card
    };
    visuals.faint_bg_color = palette.hover;
    visuals.weak_text_color = Some(palette.muted);
    visuals.hyperlink_color = palette.accent;
    visuals.warn_fg_color = palette.warn;
    visuals.error_fg_color = palette.bad;
    visuals.selection.bg_fill = palette.accent_soft;
    visuals.selection.stroke = Stroke::new(1.0, palette.accent);
    let widgets = &mut visuals.widgets;
    for (widget, fill, line) in [
        (&mut widgets.noninteractive, palette.card, hairline),
        (&mut widgets.inactive, palette.card, hairline),
        (
            &mut widgets.hovered,
            palette.hover,
            Stroke::new(1.0, palette.faint),
        ),
        (
            &mut widgets.active,
            palette.accent_soft,
            Stroke::new(1.0, palette.accent),
        ),
        (
            &mut widgets.open,
            palette.hover,
            Stroke::new(1.0, palette.faint),
        ),
    ] {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = line;
        widget.fg_stroke = Stroke::new(1.0, palette.text);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    visuals
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        if a > b { a / b } else { b / a }
    }

    #[test]
    fn body_text_is_readable_in_both_themes() {
        for palette in [Palette::light(), Palette::dark()] {
            for background in [palette.canvas, palette.card, palette.accent_soft] {
                assert!(contrast(palette.text, background) >= 4.5);
            }
            for color in [
                palette.muted,
                palette.accent,
                palette.good,
                palette.warn,
                palette.bad,
            ] {
                assert!(
                    contrast(color, palette.card) >= 4.5,
                    "{color:?} on {:?}",
                    palette.card
                );
            }
        }
    }

    #[test]
    fn numbers_in_cells_are_readable_on_every_heatmap_colour() {
        for step in 0..=100 {
            let cell = viridis(step as f32 / 100.0);
            assert!(contrast(Palette::text_on(cell), cell) >= 4.5, "step {step}");
        }
    }
}
