//! What all slides share: theme, masters, layouts, the presentation itself.

use std::fmt::Write as _;

use super::{
    shapes::TREE,
    xml::{DRAWING, HEAD, PRESENTATION, RELATIONS, emu, escape},
};
use crate::deck::{drawing::Ink, style};

/// Classes of the typeface, so that a program without it takes a plain sans serif of its own.
const LATIN: &str = "panose=\"020B0604020202020204\" pitchFamily=\"34\" charset=\"0\"";

fn namespaces() -> String {
    format!("xmlns:a=\"{DRAWING}\" xmlns:r=\"{RELATIONS}\" xmlns:p=\"{PRESENTATION}\"")
}

/// The window's colours and typeface.
pub(super) fn theme(name: &str) -> String {
    let color =
        |tag: &str, ink: Ink| format!("<a:{tag}><a:srgbClr val=\"{}\"/></a:{tag}>", ink.digits());
    let accents: String = (0..6)
        .map(|place| color(&format!("accent{}", place + 1), style::series(place)))
        .collect();
    let colors = [
        color("dk1", style::TEXT),
        color("lt1", style::WHITE),
        color("dk2", style::MUTED),
        color("lt2", style::CANVAS),
        accents,
        color("hlink", style::ACCENT),
        color("folHlink", style::MUTED),
    ]
    .concat();
    let face = style::TYPEFACE;
    let font = |tag: &str| {
        format!(
            "<a:{tag}><a:latin typeface=\"{face}\" {LATIN}/><a:ea typeface=\"\"/><a:cs typeface=\"\"/></a:{tag}>"
        )
    };
    let fill = "<a:solidFill><a:schemeClr val=\"phClr\"/></a:solidFill>";
    let line = |width: u32| format!("<a:ln w=\"{width}\">{fill}<a:prstDash val=\"solid\"/></a:ln>");
    let effect = "<a:effectStyle><a:effectLst/></a:effectStyle>";
    format!(
        "{HEAD}<a:theme xmlns:a=\"{DRAWING}\" name=\"{name}\"><a:themeElements><a:clrScheme name=\"{name}\">{colors}</a:clrScheme>\
         <a:fontScheme name=\"{name}\">{}{}</a:fontScheme><a:fmtScheme name=\"{name}\"><a:fillStyleLst>{fill}{fill}{fill}</a:fillStyleLst>\
         <a:lnStyleLst>{}{}{}</a:lnStyleLst><a:effectStyleLst>{effect}{effect}{effect}</a:effectStyleLst>\
         <a:bgFillStyleLst>{fill}{fill}{fill}</a:bgFillStyleLst></a:fmtScheme></a:themeElements></a:theme>",
        font("majorFont"),
        font("minorFont"),
        line(6350),
        line(12_700),
        line(19_050),
    )
}

const MAP: &str = "<p:clrMap bg1=\"lt1\" tx1=\"dk1\" bg2=\"lt2\" tx2=\"dk2\" accent1=\"accent1\" accent2=\"accent2\" accent3=\"accent3\" accent4=\"accent4\" accent5=\"accent5\" accent6=\"accent6\" hlink=\"hlink\" folHlink=\"folHlink\"/>";
const BACK: &str = "<p:bg><p:bgPr><a:solidFill><a:schemeClr val=\"bg1\"/></a:solidFill><a:effectLst/></p:bgPr></p:bg>";

/// A placeholder of a master or layout.
fn holder(id: usize, name: &str, kind: &str, place: [f32; 4]) -> String {
    let [x, y, width, height] = place.map(emu);
    format!(
        "<p:sp><p:nvSpPr><p:cNvPr id=\"{id}\" name=\"{name}\"/><p:cNvSpPr><a:spLocks noGrp=\"1\"/></p:cNvSpPr><p:nvPr><p:ph {kind}/></p:nvPr></p:nvSpPr>\
         <p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr>\
         <p:txBody><a:bodyPr lIns=\"0\" tIns=\"0\" rIns=\"0\" bIns=\"0\"/><a:lstStyle/><a:p><a:r><a:rPr lang=\"en-GB\"/><a:t>{name}</a:t></a:r></a:p></p:txBody></p:sp>"
    )
}

fn holders() -> String {
    let title = holder(2, "Title", "type=\"title\"", [40.0, 36.0, 880.0, 62.0]);
    let number = holder(
        3,
        "Slide number",
        "type=\"sldNum\" sz=\"quarter\" idx=\"12\"",
        [860.0, 510.0, 60.0, 16.0],
    );
    format!("{title}{number}")
}

pub(super) fn slide_master() -> String {
    let level = |name: &str, size: u32, strong: u8, face: &str| {
        format!(
            "<a:{name} marL=\"0\" algn=\"l\"><a:buNone/><a:defRPr sz=\"{size}\" b=\"{strong}\"><a:solidFill><a:schemeClr val=\"tx1\"/></a:solidFill><a:latin typeface=\"{face}\"/></a:defRPr></a:{name}>"
        )
    };
    format!(
        "{HEAD}<p:sldMaster {}><p:cSld>{BACK}<p:spTree>{TREE}{}</p:spTree></p:cSld>{MAP}\
         <p:sldLayoutIdLst><p:sldLayoutId id=\"2147483649\" r:id=\"rId1\"/></p:sldLayoutIdLst>\
         <p:txStyles><p:titleStyle>{}</p:titleStyle><p:bodyStyle>{}</p:bodyStyle><p:otherStyle>{}</p:otherStyle></p:txStyles></p:sldMaster>",
        namespaces(),
        holders(),
        level("lvl1pPr", 2400, 1, "+mj-lt"),
        level("lvl1pPr", 1400, 0, "+mn-lt"),
        level("lvl1pPr", 1400, 0, "+mn-lt"),
    )
}

pub(super) fn slide_layout() -> String {
    format!(
        "{HEAD}<p:sldLayout {} type=\"titleOnly\" preserve=\"1\"><p:cSld name=\"Finding\"><p:spTree>{TREE}{}</p:spTree></p:cSld>\
         <p:clrMapOvr><a:masterClrMapping/></p:clrMapOvr></p:sldLayout>",
        namespaces(),
        holders()
    )
}

pub(super) fn notes_master() -> String {
    let body = holder(
        3,
        "Notes",
        "type=\"body\" idx=\"1\"",
        [54.0, 380.0, 432.0, 312.0],
    );
    let [x, y, width, height] = [54.0, 54.0, 432.0, 243.0].map(emu);
    format!(
        "{HEAD}<p:notesMaster {}><p:cSld>{BACK}<p:spTree>{TREE}\
         <p:sp><p:nvSpPr><p:cNvPr id=\"2\" name=\"Slide image\"/><p:cNvSpPr><a:spLocks noGrp=\"1\" noRot=\"1\" noChangeAspect=\"1\"/></p:cNvSpPr><p:nvPr><p:ph type=\"sldImg\" idx=\"2\"/></p:nvPr></p:nvSpPr>\
         <p:spPr><a:xfrm><a:off x=\"{x}\" y=\"{y}\"/><a:ext cx=\"{width}\" cy=\"{height}\"/></a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></p:spPr></p:sp>{body}</p:spTree></p:cSld>{MAP}</p:notesMaster>",
        namespaces()
    )
}

/// Relationships: `rId1` the slide master, `rId2` the notes master, the slides from `rId3` on.
pub(super) fn presentation(slides: usize) -> String {
    let mut list = String::new();
    for place in 0..slides {
        let _ = write!(
            list,
            "<p:sldId id=\"{}\" r:id=\"rId{}\"/>",
            256 + place,
            place + 3
        );
    }
    format!(
        "{HEAD}<p:presentation {} saveSubsetFonts=\"1\"><p:sldMasterIdLst><p:sldMasterId id=\"2147483648\" r:id=\"rId1\"/></p:sldMasterIdLst>\
         <p:notesMasterIdLst><p:notesMasterId r:id=\"rId2\"/></p:notesMasterIdLst><p:sldIdLst>{list}</p:sldIdLst>\
         <p:sldSz cx=\"{}\" cy=\"{}\"/><p:notesSz cx=\"{}\" cy=\"{}\"/></p:presentation>",
        namespaces(),
        emu(style::WIDTH),
        emu(style::HEIGHT),
        emu(540.0),
        emu(720.0)
    )
}

/// Title and subject of the file; no clock.
pub(super) fn core(title: &str, subject: &str) -> String {
    format!(
        "{HEAD}<cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\
         <dc:title>{}</dc:title><dc:subject>{}</dc:subject><dc:creator>Keepers</dc:creator></cp:coreProperties>",
        escape(title),
        escape(subject)
    )
}

pub(super) fn app(slides: usize) -> String {
    format!(
        "{HEAD}<Properties xmlns=\"http://schemas.openxmlformats.org/officeDocument/2006/extended-properties\"><Application>Keepers</Application><Slides>{slides}</Slides></Properties>"
    )
}
