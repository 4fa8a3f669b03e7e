//! Charts as inline SVG: real text, colours from the style sheet, one sentence for screen readers.

use std::fmt::Write;

use super::html::escape;

const WIDTH: f64 = 960.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 8.0;

/// One part of every column.
pub(super) struct Layer<'a> {
    pub name: &'a str,
    /// CSS colour.
    pub color: &'a str,
    pub values: &'a [f64],
}

/// Columns of stacked layers.
pub(super) fn columns(title: &str, labels: &[String], layers: &[Layer<'_>]) -> String {
    let (top, height) = (12.0, 220.0);
    let sums: Vec<f64> = (0..labels.len())
        .map(|at| {
            layers
                .iter()
                .map(|layer| positive(layer.values.get(at)))
                .sum()
        })
        .collect();
    let most = nice_above(sums.iter().copied().fold(0.0, f64::max));
    let mut svg = open(title, top + height + 28.0);
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let y = top + height * (1.0 - share);
        let _ = writeln!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
            WIDTH - RIGHT,
            LEFT - 8.0,
            y + 4.0,
            tick(most * share)
        );
    }
    let slot = (WIDTH - LEFT - RIGHT) / labels.len().max(1) as f64;
    let every = (labels.len() as f64 * 64.0 / (WIDTH - LEFT))
        .ceil()
        .max(1.0) as usize;
    for (at, label) in labels.iter().enumerate() {
        let x = LEFT + slot * at as f64;
        let mut base = top + height;
        for layer in layers {
            let tall = positive(layer.values.get(at)) / most * height;
            base -= tall;
            let _ = writeln!(
                svg,
                "<rect x=\"{:.1}\" y=\"{base:.1}\" width=\"{:.1}\" height=\"{tall:.1}\" fill=\"{}\"/>",
                x + slot * 0.1,
                slot * 0.8,
                layer.color
            );
        }
        if at.is_multiple_of(every) {
            let _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                x + slot / 2.0,
                top + height + 18.0,
                escape(label)
            );
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// The key to the layers of a chart.
pub(super) fn legend(layers: &[Layer<'_>]) -> String {
    let mut text = String::from("<p>");
    for layer in layers {
        let _ = write!(
            text,
            "<span class=\"legend\"><span class=\"key\" style=\"background:{}\"></span>{}</span>",
            layer.color,
            escape(layer.name)
        );
    }
    text.push_str("</p>\n");
    text
}

/// One row of [`bars`].
pub(super) struct Bar<'a> {
    pub name: &'a str,
    pub value: f64,
    /// The value as it is printed.
    pub shown: String,
    pub color: &'a str,
}

/// Horizontal bars with their names and values.
pub(super) fn bars(title: &str, rows: &[Bar<'_>]) -> String {
    let (left, right, height) = (200.0, 150.0, 28.0);
    let most = rows.iter().map(|row| row.value).fold(0.0, f64::max);
    let mut svg = open(title, height * rows.len() as f64 + 4.0);
    for (at, row) in rows.iter().enumerate() {
        let y = height * at as f64 + 4.0;
        let share = if most > 0.0 {
            row.value.max(0.0) / most
        } else {
            0.0
        };
        let long = share * (WIDTH - left - right);
        let _ = writeln!(
            svg,
            "<text class=\"value\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text><rect x=\"{left}\" y=\"{y:.1}\" width=\"{long:.1}\" height=\"20\" rx=\"3\" fill=\"{}\"/><text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            left - 10.0,
            y + 14.0,
            escape(&short(row.name, 28)),
            row.color,
            left + long + 8.0,
            y + 14.0,
            escape(&row.shown)
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// A curve of shares against shares, with the diagonal.
pub(super) fn curve(title: &str, values: &[f64]) -> String {
    let (top, side) = (8.0, 300.0);
    let wide = 420.0;
    let mut svg = open(title, top + side + 28.0);
    let x = |share: f64| LEFT + wide * share;
    let y = |share: f64| top + side * (1.0 - share);
    for step in 0..=4 {
        let share = f64::from(step) / 4.0;
        let _ = writeln!(
            svg,
            "<line class=\"axis\" x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{:.1}\" y2=\"{:.1}\"/><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{:.0} %</text><text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{:.0} %</text>",
            x(1.0),
            y(share),
            y(share),
            LEFT - 8.0,
            y(share) + 4.0,
            share * 100.0,
            x(share),
            top + side + 18.0,
            share * 100.0
        );
    }
    let last = values.len().saturating_sub(1).max(1) as f64;
    let points: Vec<String> = values
        .iter()
        .enumerate()
        .map(|(at, value)| format!("{:.1},{:.1}", x(at as f64 / last), y(*value)))
        .collect();
    let _ = writeln!(
        svg,
        "<line class=\"axis\" stroke-dasharray=\"4 4\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\"/><polyline points=\"{}\" fill=\"none\" stroke=\"var(--accent)\" stroke-width=\"2\"/>",
        x(0.0),
        y(0.0),
        x(1.0),
        y(1.0),
        points.join(" ")
    );
    svg.push_str("</svg>\n");
    svg
}

fn open(title: &str, height: f64) -> String {
    format!(
        "<svg viewBox=\"0 0 {WIDTH} {height:.0}\" role=\"img\" aria-label=\"{}\">\n",
        escape(title)
    )
}

fn positive(value: Option<&f64>) -> f64 {
    value
        .copied()
        .filter(|value| value.is_finite())
        .unwrap_or(0.0)
        .max(0.0)
}

/// The next of 1, 2, 2.5, 5 × 10ⁿ at or above.
fn nice_above(value: f64) -> f64 {
    if value <= 0.0 || !value.is_finite() {
        return 1.0;
    }
    let power = 10_f64.powf(value.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .find(|step| step * power >= value);
    step.unwrap_or(10.0) * power
}

/// `1.5k`, `2M`
fn tick(value: f64) -> String {
    let (scaled, unit) = match value {
        value if value >= 1e6 => (value / 1e6, "M"),
        value if value >= 1e3 => (value / 1e3, "k"),
        value => (value, ""),
    };
    let text = format!("{scaled:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    format!("{text}{unit}")
}

fn short(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    let cut: String = text.chars().take(letters - 1).collect();
    format!("{}…", cut.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        assert_eq!(nice_above(0.0), 1.0);
        assert_eq!(nice_above(26_700.0), 50_000.0);
        assert_eq!(nice_above(2_400.0), 2_500.0);
        assert_eq!(nice_above(1_000.0), 1_000.0);
        assert_eq!(tick(12_500.0), "12.5k");
        assert_eq!(tick(0.25), "0.25");
    }

    #[test]
    fn the_highest_column_fills_its_share_of_the_axis() {
        let labels = ["a".to_owned(), "b".to_owned()];
        let layer = Layer {
            name: "n",
            color: "red",
            values: &[100.0, 50.0],
        };
        let svg = columns("t", &labels, &[layer]);
        assert!(svg.contains("height=\"220.0\""), "{svg}");
        assert!(svg.contains("height=\"110.0\""), "{svg}");
    }
}
