//! A slide's shapes: text boxes, rectangles, tables, frames of charts, pictures.

use std::fmt::Write as _;

use super::xml::{DRAWING, HEAD, PRESENTATION, RELATIONS, emu, escape};
use crate::deck::{
    board::{Board, BoardCell, CELL_MARGIN},
    drawing::{Area, Ink},
    faces::Weight,
    side::Side,
    slide::{Figure, INDENT, LEADING, PARAGRAPH, Part, Slide, Text, What, ink_of, within},
    style,
};

/// What of a slide stands in parts of its own.
#[derive(Clone, Copy)]
pub(super) enum Attached<'a> {
    Chart(&'a Figure),
    Picture(&'a [u8]),
}

/// Charts and pictures of a slide, in order; relationships from `rId2` on belong to them.
pub(super) fn attached(slide: &Slide) -> Vec<Attached<'_>> {
    let figures = slide.blocks.iter().filter_map(|block| match &block.what {
        What::Figure(figure) => Some(&**figure),
        _ => None,
    });
    figures
        .map(|figure| match &figure.plot {
            Some(_) => Attached::Chart(figure),
            None => Attached::Picture(&figure.png),
        })
        .collect()
}

/// The part of a slide; its layout is relationship `rId1`.
pub(super) fn part(slide: &Slide) -> String {
    let mut text = String::from(HEAD);
    let _ = write!(
        text,
        "<p:sld xmlns:a=\"{DRAWING}\" xmlns:r=\"{RELATIONS}\" xmlns:p=\"{PRESENTATION}\"><p:cSld><p:spTree>{TREE}"
    );
    let mut relation = 2;
    for (place, block) in slide.blocks.iter().enumerate() {
        // 1 is the tree's own.
        let id = place + 2;
        match &block.what {
            What::Text(words) => text_box(&mut text, id, block.area, words),
            What::Fill(ink) => rectangle(&mut text, id, block.area, *ink),
            What::Board(board) => table(&mut text, id, block.area, board),
            What::Figure(figure) => {
                if figure.plot.is_some() {
                    chart(&mut text, id, block.area, (figure, relation));
                } else {
                    picture(&mut text, id, block.area, (figure, relation));
                }
                relation += 1;
            }
        }
    }
    text.push_str("</p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sld>");
    text
}

/// The head of a tree of shapes.
pub(super) const TREE: &str = "<p:nvGrpSpPr><p:cNvPr id=\"1\" name=\"\"/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr>\
<p:grpSpPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"0\" cy=\"0\"/><a:chOff x=\"0\" y=\"0\"/><a:chExt cx=\"0\" cy=\"0\"/></a:xfrm></p:grpSpPr>";

fn place(area: Area, name: &str) -> String {
    format!(
        "<{name}:xfrm><a:off x=\"{}\" y=\"{}\"/><a:ext cx=\"{}\" cy=\"{}\"/></{name}:xfrm>",
        emu(area.x),
        emu(area.y),
        emu(area.width),
        emu(area.height)
    )
}

fn solid(ink: Ink) -> String {
    format!(
        "<a:solidFill><a:srgbClr val=\"{}\"/></a:solidFill>",
        ink.digits()
    )
}

fn rectangle(text: &mut String, id: usize, area: Area, ink: Ink) {
    let _ = write!(
        text,
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"Shape {id}\"/><p:cNvSpPr/><p:nvPr userDrawn=\"1\"/></p:nvSpPr><p:spPr>{}\
         <a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom>{}<a:ln><a:noFill/></a:ln></p:spPr></p:sp>",
        place(area, "a"),
        solid(ink)
    );
}

/// Looks of a run of text.
fn run(size: f32, weight: Weight, ink: Ink) -> String {
    let face = match weight {
        Weight::Strong | Weight::Medium => "+mj-lt",
        Weight::Regular | Weight::Mono | Weight::Icons => "+mn-lt",
    };
    let strong = u8::from(weight == Weight::Strong);
    format!(
        " lang=\"en-GB\" sz=\"{}\" b=\"{strong}\" dirty=\"0\">{}<a:latin typeface=\"{face}\"/>",
        (size * 100.0).round() as u32,
        solid(ink)
    )
}

fn align(side: Side) -> &'static str {
    match side {
        Side::Start => "l",
        Side::Middle => "ctr",
        Side::End => "r",
    }
}

fn text_box(text: &mut String, id: usize, area: Area, words: &Text) {
    let (name, kind, own) = match words.part {
        Part::Title => ("Title", "<p:ph type=\"title\"/>", ""),
        Part::Number => (
            "Slide number",
            "<p:ph type=\"sldNum\" sz=\"quarter\" idx=\"12\"/>",
            "",
        ),
        Part::Plain => ("Text", "", " txBox=\"1\""),
    };
    let anchor = match words.down {
        Side::Start => "t",
        Side::Middle => "ctr",
        Side::End => "b",
    };
    let _ = write!(
        text,
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name} {id}\"/><p:cNvSpPr{own}/><p:nvPr>{kind}</p:nvPr></p:nvSpPr>\
         <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>\
         <p:txBody><a:bodyPr wrap=\"square\" lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\" anchor=\"{anchor}\"><a:noAutofit/></a:bodyPr><a:lstStyle/>",
        place(area, "a")
    );
    let run = run(words.size, words.weight, ink_of(words));
    let leading = (LEADING * 80_000.0).round() as u32;
    let mut before = 0;
    for paragraph in &words.paragraphs {
        let dot = if words.dots {
            let indent = emu(words.size * INDENT);
            format!(
                " marL=\"{indent}\" indent=\"-{indent}\"><a:lnSpc><a:spcPct val=\"{leading}\"/></a:lnSpc><a:spcBef><a:spcPts val=\"{before}\"/></a:spcBef>\
                 <a:buClr><a:srgbClr val=\"{}\"/></a:buClr><a:buFont typeface=\"Arial\"/><a:buChar char=\"•\"/>",
                style::ACCENT.digits()
            )
        } else {
            format!(
                "><a:lnSpc><a:spcPct val=\"{leading}\"/></a:lnSpc><a:spcBef><a:spcPts val=\"0\"/></a:spcBef><a:buNone/>"
            )
        };
        let line = paragraph.join(" ");
        let _ = write!(
            text,
            "<a:p><a:pPr algn=\"{}\"{dot}</a:pPr>",
            align(words.across)
        );
        if words.part == Part::Number {
            let _ = write!(
                text,
                "<a:fld id=\"{{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}}\" type=\"slidenum\"><a:rPr{run}</a:rPr><a:t>{}</a:t></a:fld>",
                escape(&line)
            );
        } else {
            let _ = write!(
                text,
                "<a:r><a:rPr{run}</a:rPr><a:t>{}</a:t></a:r>",
                escape(&line)
            );
        }
        text.push_str("</a:p>");
        before = (words.size * PARAGRAPH * 100.0).round() as u32;
    }
    if words.paragraphs.is_empty() {
        text.push_str("<a:p/>");
    }
    text.push_str("</p:txBody></p:sp>");
}

fn frame(text: &mut String, id: usize, area: Area, (name, says): (&str, &str)) {
    let _ = write!(
        text,
        "<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id=\"{id}\" name=\"{}\" descr=\"{}\"/><p:cNvGraphicFramePr><a:graphicFrameLocks noGrp=\"1\"/></p:cNvGraphicFramePr><p:nvPr/></p:nvGraphicFramePr>{}",
        escape(name),
        escape(says),
        place(area, "p")
    );
}

fn chart(text: &mut String, id: usize, area: Area, (figure, relation): (&Figure, usize)) {
    frame(text, id, area, (&figure.name, &figure.finding));
    let _ = write!(
        text,
        "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/chart\">\
         <c:chart xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\" r:id=\"rId{relation}\"/></a:graphicData></a:graphic></p:graphicFrame>"
    );
}

fn picture(text: &mut String, id: usize, area: Area, (figure, relation): (&Figure, usize)) {
    let inner = within(area, figure);
    let _ = write!(
        text,
        "<p:pic><p:nvPicPr><p:cNvPr id=\"{id}\" name=\"{}\" descr=\"{}\"/><p:cNvPicPr><a:picLocks noChangeAspect=\"1\"/></p:cNvPicPr><p:nvPr/></p:nvPicPr>\
         <p:blipFill><a:blip r:embed=\"rId{relation}\"/><a:stretch><a:fillRect/></a:stretch></p:blipFill>\
         <p:spPr>{}<a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:pic>",
        escape(&figure.name),
        escape(&figure.finding),
        place(inner, "a")
    );
}

fn table(text: &mut String, id: usize, area: Area, board: &Board) {
    frame(text, id, area, ("Table", ""));
    text.push_str(
        "<a:graphic><a:graphicData uri=\"http://schemas.openxmlformats.org/drawingml/2006/table\"><a:tbl><a:tblPr firstRow=\"1\"/><a:tblGrid>",
    );
    for width in &board.columns {
        let _ = write!(text, "<a:gridCol w=\"{}\"/>", emu(*width));
    }
    text.push_str("</a:tblGrid>");
    for (row, height) in board.cells.iter().zip(&board.rows) {
        let _ = write!(text, "<a:tr h=\"{}\">", emu(*height));
        for (cell, side) in row.iter().zip(&board.sides) {
            table_cell(text, board.size, cell, *side);
        }
        text.push_str("</a:tr>");
    }
    text.push_str("</a:tbl></a:graphicData></a:graphic></p:graphicFrame>");
}

fn put_run(text: &mut String, run: &str, words: &str) {
    let _ = write!(
        text,
        "<a:r><a:rPr{run}</a:rPr><a:t>{}</a:t></a:r>",
        escape(words)
    );
}

fn table_cell(text: &mut String, size: f32, cell: &BoardCell, side: Side) {
    let run = run(size, cell.weight, cell.ink.unwrap_or(style::TEXT));
    let words = cell.lines.join(" ");
    let fill = cell.fill.map_or_else(|| "<a:noFill/>".to_owned(), solid);
    let _ = write!(
        text,
        "<a:tc><a:txBody><a:bodyPr/><a:lstStyle/><a:p><a:pPr algn=\"{}\"/>",
        align(side)
    );
    // A mark has a colour of its own.
    let sign = cell.mark.and_then(|_| words.chars().next());
    let (sign, rest) = words.split_at(sign.map_or(0, char::len_utf8));
    if let Some(mark) = cell.mark {
        let run = self::run(size, cell.weight, mark);
        put_run(text, &run, sign);
    }
    if words.is_empty() {
        let _ = write!(text, "<a:endParaRPr{run}</a:endParaRPr>");
    } else {
        put_run(text, &run, rest);
    }
    // Lines in the order the schema asks for.
    let none = |name: &str| format!("<a:{name} w=\"0\"><a:noFill/></a:{name}>");
    let hairline = format!("<a:lnB w=\"6350\">{}</a:lnB>", solid(style::HAIRLINE));
    let _ = write!(
        text,
        "</a:p></a:txBody><a:tcPr marL=\"{0}\" marR=\"{0}\" marT=\"0\" marB=\"0\" anchor=\"ctr\">{1}{2}{3}{hairline}{fill}</a:tcPr></a:tc>",
        emu(CELL_MARGIN),
        none("lnL"),
        none("lnR"),
        none("lnT"),
    );
}

/// The notes of a slide; relationships: `rId1` its master, `rId2` the slide.
pub(super) fn notes(words: &str) -> String {
    let mut text = String::from(HEAD);
    let _ = write!(
        text,
        "<p:notes xmlns:a=\"{DRAWING}\" xmlns:r=\"{RELATIONS}\" xmlns:p=\"{PRESENTATION}\"><p:cSld><p:spTree>{TREE}\
         <p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide image\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\"/></p:nvPr></p:nvSpPr><p:spPr/></p:sp>\
         <p:sp><p:nvSpPr><p:cNvPr id=\"3\" name=\"Notes\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"body\" idx=\"1\"/></p:nvPr></p:nvSpPr><p:spPr/>\
         <p:txBody><a:bodyPr/><a:lstStyle/>"
    );
    for line in words.lines() {
        let _ = write!(
            text,
            "<a:p><a:r><a:rPr lang=\"en-GB\" dirty=\"0\"/><a:t>{}</a:t></a:r></a:p>",
            escape(line)
        );
    }
    if words.lines().next().is_none() {
        text.push_str("<a:p/>");
    }
    text.push_str(
        "</p:txBody></p:sp></p:spTree></p:cSld><p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:notes>",
    );
    text
}
