//! What a chart can be saved as: kind of file, size, colours.

/// Kind of picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Png,
    Svg,
}

impl Format {
    /// Ending of the file, without the dot.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
        }
    }
}

/// Size and colours of a picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PictureSpec {
    /// In pixels.
    pub width: u32,
    pub height: u32,
    /// Size of the text: 1 = as in the window at 100 %.
    pub text: f32,
    pub dark: bool,
}

impl PictureSpec {
    /// A full slide; its text is legible from the back of a room.
    pub const SLIDE: Self = Self::light(1920, 1080, 1.75);
    /// A figure across a printed page.
    pub const PAGE: Self = Self::light(1200, 800, 1.25);

    #[must_use]
    pub const fn light(width: u32, height: u32, text: f32) -> Self {
        Self {
            width,
            height,
            text,
            dark: false,
        }
    }

    /// The same in dark colours.
    #[must_use]
    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    /// Within the sizes that can be drawn: 200 to 8,000 pixels, text at 50 % to 400 %.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            width: self.width.clamp(200, 8000),
            height: self.height.clamp(150, 8000),
            text: self.text.clamp(0.5, 4.0),
            dark: self.dark,
        }
    }
}

/// A picture asked for from the window.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureOrder {
    /// Name of the card ([`super::ChartCard::new`]).
    pub chart: String,
    pub format: Format,
    pub spec: PictureSpec,
}

/// Name of the file for a chart; a chart's name may hold a column's name, and that may hold anything.
#[must_use]
pub fn file_name(chart: &str, ending: &str) -> String {
    let plain = |letter: char| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        letter if letter.is_control() || letter.is_whitespace() => '_',
        letter => letter,
    };
    let name: String = chart.chars().map(plain).collect();
    format!("{name}.{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_hold_no_path() {
        assert_eq!(file_name("by_a/b c", "svg"), "by_a_b_c.svg");
        assert_eq!(file_name("cohort_table", "png"), "cohort_table.png");
    }

    #[test]
    fn sizes_stay_drawable() {
        let spec = PictureSpec::light(1, 100_000, 9.0).clamped();
        assert_eq!((spec.width, spec.height, spec.text), (200, 8000, 4.0));
    }
}
