//! Charts of the report: the window's own drawings, put into the page.
//!
//! Every chart comes four times, for light and dark pages and for wide and narrow ones; the style
//! sheet shows one of them. It brings its title and its finding along, as text and for screen readers.

use std::fmt::Write as _;

use super::html::Html;

/// One chart, drawn by the window's code as SVG documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    /// Name within the window: `revenue_over_time`.
    pub name: String,
    /// Light and dark, for wide pages.
    pub wide: [String; 2],
    /// Light and dark, for narrow pages.
    pub narrow: [String; 2],
}

/// Puts the chart of this name into the page, if it was drawn.
pub(super) fn figure(page: &mut Html, charts: &[Chart], name: &str) {
    let Some((place, chart)) = charts
        .iter()
        .enumerate()
        .find(|(_, chart)| chart.name == name)
    else {
        return;
    };
    let mut text = String::from("<figure>\n");
    for (width, drawings) in [("wide", &chart.wide), ("narrow", &chart.narrow)] {
        for (theme, svg) in ["light", "dark"].into_iter().zip(drawings) {
            let _ = writeln!(text, "<div class=\"drawing {width} {theme}\">");
            // Names come from columns of the data and may hold anything; places do not.
            text.push_str(&inline(svg, &format!("chart-{place}-{width}-{theme}-")));
            text.push_str("</div>\n");
        }
    }
    text.push_str("</figure>\n");
    page.raw(&text);
}

/// An SVG document as an element of a page: without the name space and the size of its own, and with
/// ids that no other drawing has.
fn inline(svg: &str, prefix: &str) -> String {
    let (head, body) = svg.split_once('>').unwrap_or((svg, ""));
    let mut element = String::with_capacity(svg.len() + 64);
    let mut rest = head;
    // Attributes of the outermost element alone; quotes within text are escaped.
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, next) = after.split_once('"').unwrap_or((after, ""));
        let name = before.rsplit(' ').next().unwrap_or(before);
        if !matches!(name, "xmlns" | "width" | "height") {
            let _ = write!(element, "{before}=\"{value}\"");
        } else if let Some((start, _)) = before.rsplit_once(' ') {
            element.push_str(start);
        }
        rest = next;
    }
    element.push_str(rest);
    element.push('>');
    let body = body.replace("<clipPath id=\"", &format!("<clipPath id=\"{prefix}"));
    let to = format!("clip-path=\"url(#{prefix}");
    element.push_str(&body.replace("clip-path=\"url(#", &to));
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_becomes_an_element_with_ids_of_its_own() {
        let svg = "<svg xmlns=\"x:y\" width=\"10\" height=\"5\" viewBox=\"0 0 10 5\" role=\"img\">\n\
                   <title>t</title>\n<defs>\n<clipPath id=\"c0\"><rect x=\"0\"/></clipPath>\n</defs>\n\
                   <g clip-path=\"url(#c0)\">\n<text>clip-path=&quot;url(#c0)</text></g>\n</svg>\n";
        assert_eq!(
            inline(svg, "a-"),
            "<svg viewBox=\"0 0 10 5\" role=\"img\">\n\
             <title>t</title>\n<defs>\n<clipPath id=\"a-c0\"><rect x=\"0\"/></clipPath>\n</defs>\n\
             <g clip-path=\"url(#a-c0)\">\n<text>clip-path=&quot;url(#c0)</text></g>\n</svg>\n"
        );
    }
}
