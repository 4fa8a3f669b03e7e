//! A chart part: `DrawingML` with the numbers cached beside references into the embedded workbook.

use std::fmt::Write as _;

use super::{
    names,
    xml::{DRAWING, HEAD, RELATIONS, escape},
};
use crate::deck::{
    drawing::Ink,
    numbers::{At, Numbers},
    plot::{Axis, Kind, Look, Plot, Series, Span, Words},
    style,
};

/// Name of the sheet in the embedded workbook.
pub(super) const SHEET: &str = "Data";
/// Most labels of a category axis.
const LABELS: usize = 10;
/// Distances of labels that read well, months above all.
const STEPS: [usize; 8] = [1, 2, 3, 6, 12, 24, 52, 104];

/// The part of a chart; its workbook is relationship `rId1`.
pub(super) fn part(plot: &Plot, numbers: &Numbers) -> String {
    let mut text = String::from(HEAD);
    let _ = write!(
        text,
        "<c:chartSpace xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" xmlns:a=\"{DRAWING}\" xmlns:r=\"{RELATIONS}\">\
         <c:date1904 val=\"0\"/><c:roundedCorners val=\"0\"/><c:chart><c:autoTitleDeleted val=\"1\"/><c:plotArea><c:layout/>"
    );
    group(&mut text, plot, numbers);
    axes(&mut text, plot);
    text.push_str("<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr></c:plotArea>");
    if plot.series.len() > 1 && plot.kind != Kind::Bubbles {
        text.push_str("<c:legend><c:legendPos val=\"t\"/><c:overlay val=\"0\"/></c:legend>");
    }
    let _ = write!(
        text,
        "<c:plotVisOnly val=\"1\"/><c:dispBlanksAs val=\"gap\"/></c:chart>\
         <c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:externalData r:id=\"rId1\"><c:autoUpdate val=\"0\"/></c:externalData></c:chartSpace>",
        words(1200, style::MUTED, false)
    );
    text
}

/// Looks of the text of a chart or of a part of it; `size` in hundredths of a point.
fn words(size: u32, ink: Ink, strong: bool) -> String {
    format!(
        "<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"{size}\" b=\"{}\">{}\
         <a:latin typeface=\"+mn-lt\"/></a:defRPr></a:pPr><a:endParaRPr lang=\"en-GB\"/></a:p></c:txPr>",
        u8::from(strong),
        solid(ink)
    )
}

fn solid(ink: Ink) -> String {
    let color = ink.digits();
    if ink.alpha == 255 {
        format!("<a:solidFill><a:srgbClr val=\"{color}\"/></a:solidFill>")
    } else {
        let alpha = u32::from(ink.alpha) * 100_000 / 255;
        format!(
            "<a:solidFill><a:srgbClr val=\"{color}\"><a:alpha val=\"{alpha}\"/></a:srgbClr></a:solidFill>"
        )
    }
}

/// The series with what they have in common.
fn group(text: &mut String, plot: &Plot, numbers: &Numbers) {
    let (name, before, after) = match plot.kind {
        Kind::Columns { stacked } => {
            let (grouping, overlap) = if stacked {
                ("stacked", "<c:overlap val=\"100\"/>")
            } else {
                ("clustered", "")
            };
            (
                "barChart",
                format!("<c:barDir val=\"col\"/><c:grouping val=\"{grouping}\"/><c:varyColors val=\"0\"/>"),
                format!("<c:gapWidth val=\"40\"/>{overlap}"),
            )
        }
        Kind::Bars => (
            "barChart",
            "<c:barDir val=\"bar\"/><c:grouping val=\"clustered\"/><c:varyColors val=\"0\"/>"
                .to_owned(),
            "<c:gapWidth val=\"50\"/>".to_owned(),
        ),
        Kind::Lines => (
            "lineChart",
            "<c:grouping val=\"standard\"/><c:varyColors val=\"0\"/>".to_owned(),
            "<c:marker val=\"1\"/>".to_owned(),
        ),
        Kind::Curves => (
            "scatterChart",
            "<c:scatterStyle val=\"lineMarker\"/><c:varyColors val=\"0\"/>".to_owned(),
            String::new(),
        ),
        Kind::Bubbles => (
            "bubbleChart",
            "<c:varyColors val=\"0\"/>".to_owned(),
            "<c:bubbleScale val=\"70\"/><c:showNegBubbles val=\"0\"/><c:sizeRepresents val=\"area\"/>".to_owned(),
        ),
    };
    let _ = write!(text, "<c:{name}>{before}");
    let sides = if plot.kind == Kind::Bubbles {
        names::sides(plot, numbers)
    } else {
        Vec::new()
    };
    for (place, series) in plot.series.iter().enumerate() {
        let side = sides.get(place).copied();
        let placed = Placed {
            place,
            series,
            side,
        };
        one(text, plot, placed, numbers);
    }
    let _ = write!(
        text,
        "{after}<c:axId val=\"111\"/><c:axId val=\"222\"/></c:{name}>"
    );
}

/// A series among the others.
#[derive(Clone, Copy)]
struct Placed<'a> {
    place: usize,
    series: &'a Series,
    /// Where its name stands beside its bubble.
    side: Option<&'a str>,
}

fn one(text: &mut String, plot: &Plot, placed: Placed<'_>, numbers: &Numbers) {
    let Placed {
        place,
        series,
        side,
    } = placed;
    let _ = write!(
        text,
        "<c:ser><c:idx val=\"{place}\"/><c:order val=\"{place}\"/><c:tx>"
    );
    match series.name {
        Some(name) => {
            let _ = write!(
                text,
                "<c:strRef><c:f>{}</c:f><c:strCache><c:ptCount val=\"1\"/><c:pt idx=\"0\"><c:v>{}</c:v></c:pt></c:strCache></c:strRef>",
                reference(name),
                escape(&series.title)
            );
        }
        None => {
            let _ = write!(text, "<c:v>{}</c:v>", escape(&series.title));
        }
    }
    text.push_str("</c:tx>");
    look(text, plot.kind, series);
    if matches!(plot.kind, Kind::Columns { .. } | Kind::Bars | Kind::Bubbles) {
        text.push_str("<c:invertIfNegative val=\"0\"/>");
    }
    for point in &plot.unfinished {
        let _ = write!(
            text,
            "<c:dPt><c:idx val=\"{point}\"/><c:invertIfNegative val=\"0\"/><c:bubble3D val=\"0\"/><c:spPr><a:pattFill prst=\"wdUpDiag\">\
             <a:fgClr><a:srgbClr val=\"{0}\"/></a:fgClr><a:bgClr><a:srgbClr val=\"{1}\"/></a:bgClr></a:pattFill><a:ln w=\"9525\">{2}</a:ln></c:spPr></c:dPt>",
            series.ink.digits(),
            series.ink.tint(0.15).digits(),
            solid(series.ink)
        );
    }
    if matches!(plot.kind, Kind::Lines | Kind::Curves) {
        text.push_str("<c:marker><c:symbol val=\"none\"/></c:marker>");
    }
    if plot.labels {
        labels(text, plot, side);
    }
    let (along, values) = match plot.kind {
        Kind::Curves | Kind::Bubbles => ("xVal", "yVal"),
        _ => ("cat", "val"),
    };
    if series.along != Words::Count {
        let _ = write!(text, "<c:{along}>");
        places(text, series.along, numbers, plot.x.format);
        let _ = write!(text, "</c:{along}>");
    }
    let _ = write!(text, "<c:{values}>");
    figures(text, series.values, numbers, plot.y.format);
    let _ = write!(text, "</c:{values}>");
    if let Some(sizes) = series.sizes {
        text.push_str("<c:bubbleSize>");
        figures(text, sizes, numbers, "General");
        text.push_str("</c:bubbleSize>");
    }
    match plot.kind {
        Kind::Lines | Kind::Curves => text.push_str("<c:smooth val=\"0\"/>"),
        Kind::Bubbles => text.push_str("<c:bubble3D val=\"0\"/>"),
        _ => {}
    }
    text.push_str("</c:ser>");
}

fn look(text: &mut String, kind: Kind, series: &Series) {
    match kind {
        Kind::Lines | Kind::Curves => {
            let (width, dash) = match series.look {
                Look::Plain => (19_050, "solid"),
                Look::Strong => (34_925, "solid"),
                Look::Dashed => (19_050, "dash"),
                Look::Dotted => (12_700, "sysDot"),
            };
            let _ = write!(
                text,
                "<c:spPr><a:ln w=\"{width}\" cap=\"rnd\">{}<a:prstDash val=\"{dash}\"/><a:round/></a:ln></c:spPr>",
                solid(series.ink)
            );
        }
        Kind::Bubbles => {
            let pale = Ink {
                alpha: 217,
                ..series.ink
            };
            let _ = write!(
                text,
                "<c:spPr>{}<a:ln w=\"9525\">{}</a:ln></c:spPr>",
                solid(pale),
                solid(style::WHITE)
            );
        }
        Kind::Columns { .. } | Kind::Bars => {
            let _ = write!(text, "<c:spPr>{}</c:spPr>", solid(series.ink));
        }
    }
}

fn labels(text: &mut String, plot: &Plot, side: Option<&str>) {
    let bubbles = plot.kind == Kind::Bubbles;
    let format = if bubbles { "General" } else { plot.y.format };
    let position = side.unwrap_or("outEnd");
    let _ = write!(
        text,
        "<c:dLbls><c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{}\
         <c:dLblPos val=\"{position}\"/><c:showLegendKey val=\"0\"/><c:showVal val=\"{}\"/><c:showCatName val=\"0\"/>\
         <c:showSerName val=\"{}\"/><c:showPercent val=\"0\"/><c:showBubbleSize val=\"0\"/></c:dLbls>",
        escape(format),
        words(1100, style::TEXT, bubbles),
        u8::from(!bubbles),
        u8::from(bubbles)
    );
}

/// Names or numbers along the axis.
fn places(text: &mut String, along: Words, numbers: &Numbers, format: &str) {
    let texts: Vec<&str> = match along {
        Words::Count => return,
        Words::Head(column) => vec![numbers.columns.get(column).map_or("", String::as_str)],
        Words::Heads(first, last) => (first..=last)
            .map(|column| numbers.columns.get(column).map_or("", String::as_str))
            .collect(),
        Words::Cells(span) => {
            if span.from.column == span.to.column && numbers.is_numeric(span.from.column) {
                return figures(text, span, numbers, format);
            }
            span.cells().map(|cell| numbers.text(cell)).collect()
        }
    };
    let _ = write!(
        text,
        "<c:strRef><c:f>{}</c:f><c:strCache><c:ptCount val=\"{}\"/>",
        reference(along),
        texts.len()
    );
    for (place, words) in texts.iter().enumerate() {
        let _ = write!(
            text,
            "<c:pt idx=\"{place}\"><c:v>{}</c:v></c:pt>",
            escape(words)
        );
    }
    text.push_str("</c:strCache></c:strRef>");
}

/// Numbers; gaps stay gaps.
fn figures(text: &mut String, span: Span, numbers: &Numbers, format: &str) {
    let format = if format.is_empty() { "General" } else { format };
    let _ = write!(
        text,
        "<c:numRef><c:f>{}</c:f><c:numCache><c:formatCode>{}</c:formatCode><c:ptCount val=\"{}\"/>",
        reference(Words::Cells(span)),
        escape(format),
        span.cells().count()
    );
    for (place, cell) in span.cells().enumerate() {
        if let Some(value) = numbers.number(cell) {
            let _ = write!(text, "<c:pt idx=\"{place}\"><c:v>{value}</c:v></c:pt>");
        }
    }
    text.push_str("</c:numCache></c:numRef>");
}

/// Where cells stand in the embedded workbook: `Data!$B$2:$B$37`.
fn reference(words: Words) -> String {
    let head = |column: usize| format!("${}$1", letters(column));
    let body = |at: At| format!("${}${}", letters(at.column), at.row + 2);
    let (from, to) = match words {
        Words::Count => return String::new(),
        Words::Head(column) => (head(column), head(column)),
        Words::Heads(first, last) => (head(first), head(last)),
        Words::Cells(span) => (body(span.from), body(span.to)),
    };
    if from == to {
        format!("{SHEET}!{from}")
    } else {
        format!("{SHEET}!{from}:{to}")
    }
}

/// `A`, `B` … `Z`, `AA`…
fn letters(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

fn axes(text: &mut String, plot: &Plot) {
    let category = matches!(plot.kind, Kind::Columns { .. } | Kind::Bars | Kind::Lines);
    let lying = plot.kind == Kind::Bars;
    let (x_side, y_side) = if lying { ("l", "b") } else { ("b", "l") };
    let x_reversed = plot.x.reversed || lying;
    // Values begin at the crossing with the first category; a reversed axis would carry them away.
    let crosses = if plot.x.reversed { "max" } else { "autoZero" };
    if category {
        let _ = write!(
            text,
            "<c:catAx><c:axId val=\"111\"/>{}",
            scaling(&plot.x, x_reversed)
        );
        let _ = write!(text, "<c:delete val=\"0\"/><c:axPos val=\"{x_side}\"/>");
        title(text, &plot.x.title, lying);
        let format = if plot.x.format.is_empty() {
            "General"
        } else {
            plot.x.format
        };
        let _ = write!(
            text,
            "<c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"low\"/>{}{}\
             <c:crossAx val=\"222\"/><c:crosses val=\"autoZero\"/><c:auto val=\"0\"/><c:lblAlgn val=\"ctr\"/><c:lblOffset val=\"100\"/>",
            escape(format),
            axis_line(),
            words(1100, style::MUTED, false)
        );
        let count = plot
            .series
            .first()
            .map_or(0, |series| series.values.cells().count());
        let wanted = count.div_ceil(LABELS).max(1);
        let every = STEPS.into_iter().find(|step| *step >= wanted);
        let every = every.unwrap_or(wanted);
        if !lying && every > 1 {
            let _ = write!(
                text,
                "<c:tickLblSkip val=\"{every}\"/><c:tickMarkSkip val=\"{every}\"/>"
            );
        }
        text.push_str("<c:noMultiLvlLbl val=\"0\"/></c:catAx>");
    } else {
        value_axis(
            text,
            ("111", "222"),
            &plot.x,
            x_side,
            "autoZero",
            Shown::default(),
        );
    }
    // The labels of bars say their values: no axis needed.
    let hidden = plot.labels && plot.kind != Kind::Bubbles;
    let shown = Shown {
        hidden,
        beside_names: category,
    };
    let mut y = plot.y.clone();
    if hidden {
        y.title = String::new();
    }
    value_axis(text, ("222", "111"), &y, y_side, crosses, shown);
}

/// How a value axis shows.
#[derive(Clone, Copy, Default)]
struct Shown {
    hidden: bool,
    /// The other axis has names: values begin beside the first one, not upon it.
    beside_names: bool,
}

fn value_axis(
    text: &mut String,
    (own, other): (&str, &str),
    axis: &Axis,
    side: &str,
    crosses: &str,
    shown: Shown,
) {
    let Shown {
        hidden,
        beside_names,
    } = shown;
    let _ = write!(
        text,
        "<c:valAx><c:axId val=\"{own}\"/>{}<c:delete val=\"{}\"/><c:axPos val=\"{side}\"/>",
        scaling(axis, axis.reversed),
        u8::from(hidden)
    );
    if !hidden {
        let _ = write!(
            text,
            "<c:majorGridlines><c:spPr><a:ln w=\"6350\">{}</a:ln></c:spPr></c:majorGridlines>",
            solid(style::HAIRLINE)
        );
    }
    title(text, &axis.title, side == "l");
    let format = if axis.format.is_empty() {
        "General"
    } else {
        axis.format
    };
    let _ = write!(
        text,
        "<c:numFmt formatCode=\"{}\" sourceLinked=\"0\"/><c:majorTickMark val=\"none\"/><c:minorTickMark val=\"none\"/><c:tickLblPos val=\"{}\"/>{}{}\
         <c:crossAx val=\"{other}\"/><c:crosses val=\"{crosses}\"/><c:crossBetween val=\"{}\"/></c:valAx>",
        escape(format),
        // Beside the axis where it crosses at the far end.
        if crosses == "max" { "nextTo" } else { "low" },
        if side == "b" {
            axis_line()
        } else {
            "<c:spPr><a:ln><a:noFill/></a:ln></c:spPr>".to_owned()
        },
        words(1100, style::MUTED, false),
        if beside_names { "between" } else { "midCat" }
    );
}

fn axis_line() -> String {
    format!(
        "<c:spPr><a:ln w=\"9525\">{}</a:ln></c:spPr>",
        solid(Ink::hex(0x98_A1_AE))
    )
}

fn scaling(axis: &Axis, reversed: bool) -> String {
    let direction = if reversed { "maxMin" } else { "minMax" };
    let most = axis
        .most
        .map_or_else(String::new, |most| format!("<c:max val=\"{most}\"/>"));
    format!("<c:scaling><c:orientation val=\"{direction}\"/>{most}</c:scaling>")
}

fn title(text: &mut String, words: &str, upright: bool) {
    if words.is_empty() {
        return;
    }
    let turn = if upright {
        " rot=\"-5400000\" vert=\"horz\""
    } else {
        ""
    };
    let _ = write!(
        text,
        "<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr><a:defRPr sz=\"1100\" b=\"0\">{0}</a:defRPr></a:pPr>\
         <a:r><a:rPr lang=\"en-GB\" sz=\"1100\" b=\"0\">{0}<a:latin typeface=\"+mn-lt\"/></a:rPr><a:t>{1}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val=\"0\"/></c:title>",
        solid(style::MUTED),
        escape(words)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        let names: Vec<String> = [0, 25, 26, 51, 52, 701, 702].map(letters).to_vec();
        assert_eq!(names, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
        assert_eq!(
            reference(Words::Cells(Span::down(1, 0..3))),
            "Data!$B$2:$B$4"
        );
        assert_eq!(reference(Words::Cells(Span::down(1, 0..1))), "Data!$B$2");
        assert_eq!(reference(Words::Heads(2, 4)), "Data!$C$1:$E$1");
    }
}
