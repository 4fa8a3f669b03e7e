//! Slides as a `PowerPoint` file (Office Open XML, ECMA-376): text boxes, native tables, and native charts
//! each with its numbers in an embedded workbook, so that *Edit data* works. What has no
//! [`super::plot`] and no table is a PNG at twice the size of its place.

mod chart;
mod masters;
mod names;
mod shapes;
mod xml;

use std::{
    fmt::Write as _,
    io::{Cursor, Write as _},
};

use zip::{DateTime, ZipWriter, write::SimpleFileOptions};

use self::{
    shapes::Attached,
    xml::{HEAD, Relation, relations},
};
use super::slide::Deck;
use crate::{error::ExportError, excel};

const DOCUMENT: &str = "application/vnd.openxmlformats-officedocument";

/// A file within the package.
struct Entry {
    name: String,
    bytes: Vec<u8>,
    /// Its content type; empty where the ending tells.
    kind: String,
}

#[derive(Default)]
struct Package {
    entries: Vec<Entry>,
    charts: usize,
    pictures: usize,
}

impl Package {
    fn put(&mut self, name: &str, kind: &str, text: String) {
        self.entries.push(Entry {
            name: name.to_owned(),
            bytes: text.into_bytes(),
            kind: if kind.is_empty() || kind.contains('/') {
                kind.to_owned()
            } else {
                format!("{DOCUMENT}.{kind}+xml")
            },
        });
    }

    /// A part with its relationships.
    fn related(&mut self, name: &str, kind: &str, text: String, all: &[Relation]) {
        self.put(name, kind, text);
        let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
        self.put(&format!("{folder}/_rels/{file}.rels"), "", relations(all));
    }
}

/// The bytes of a presentation; the same deck gives the same bytes.
///
/// # Errors
/// [`ExportError`] when a workbook or the package cannot be written.
pub fn bytes(deck: &Deck) -> Result<Vec<u8>, ExportError> {
    let mut package = Package::default();
    shared(&mut package, deck);
    for (place, slide) in deck.slides.iter().enumerate() {
        let number = place + 1;
        let mut all = vec![Relation::new(
            "slideLayout",
            "../slideLayouts/slideLayout1.xml",
        )];
        for attached in shapes::attached(slide) {
            all.push(attach(&mut package, attached)?);
        }
        all.push(Relation::new(
            "notesSlide",
            format!("../notesSlides/notesSlide{number}.xml"),
        ));
        package.related(
            &format!("ppt/slides/slide{number}.xml"),
            "presentationml.slide",
            shapes::part(slide),
            &all,
        );
        package.related(
            &format!("ppt/notesSlides/notesSlide{number}.xml"),
            "presentationml.notesSlide",
            shapes::notes(&slide.notes),
            &[
                Relation::new("notesMaster", "../notesMasters/notesMaster1.xml"),
                Relation::new("slide", format!("../slides/slide{number}.xml")),
            ],
        );
    }
    zipped(package).map_err(|error| ExportError::Workbook(error.to_string()))
}

/// Puts a chart with its workbook, or a picture, into the package; returns how the slide relates to it.
fn attach(package: &mut Package, attached: Attached<'_>) -> Result<Relation, ExportError> {
    match attached {
        Attached::Chart(figure) => {
            package.charts += 1;
            let number = package.charts;
            let table = figure.numbers.table(chart::SHEET);
            let book = format!("Microsoft_Excel_Sheet{number}.xlsx");
            package.entries.push(Entry {
                name: format!("ppt/embeddings/{book}"),
                bytes: excel::workbook(std::slice::from_ref(&table))?,
                kind: String::new(),
            });
            let text = figure
                .plot
                .as_ref()
                .map_or_else(String::new, |plot| chart::part(plot, &figure.numbers));
            package.related(
                &format!("ppt/charts/chart{number}.xml"),
                "drawingml.chart",
                text,
                &[Relation::new("package", format!("../embeddings/{book}"))],
            );
            Ok(Relation::new(
                "chart",
                format!("../charts/chart{number}.xml"),
            ))
        }
        Attached::Picture(png) => {
            package.pictures += 1;
            let name = format!("image{}.png", package.pictures);
            package.entries.push(Entry {
                name: format!("ppt/media/{name}"),
                bytes: png.to_vec(),
                kind: String::new(),
            });
            Ok(Relation::new("image", format!("../media/{name}")))
        }
    }
}

/// Everything but the slides.
fn shared(package: &mut Package, deck: &Deck) {
    let slides = deck.slides.len();
    package.put(
        "_rels/.rels",
        "",
        relations(&[
            Relation::new("officeDocument", "ppt/presentation.xml"),
            Relation::new(
                "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
            Relation::new("extended-properties", "docProps/app.xml"),
        ]),
    );
    package.put(
        "docProps/core.xml",
        "application/vnd.openxmlformats-package.core-properties+xml",
        masters::core(&deck.title, &deck.subject),
    );
    package.put(
        "docProps/app.xml",
        "extended-properties",
        masters::app(slides),
    );
    let mut all = vec![
        Relation::new("slideMaster", "slideMasters/slideMaster1.xml"),
        Relation::new("notesMaster", "notesMasters/notesMaster1.xml"),
    ];
    all.extend(
        (1..=slides).map(|slide| Relation::new("slide", format!("slides/slide{slide}.xml"))),
    );
    all.push(Relation::new("theme", "theme/theme1.xml"));
    package.related(
        "ppt/presentation.xml",
        "presentationml.presentation.main",
        masters::presentation(slides),
        &all,
    );
    package.related(
        "ppt/slideMasters/slideMaster1.xml",
        "presentationml.slideMaster",
        masters::slide_master(),
        &[
            Relation::new("slideLayout", "../slideLayouts/slideLayout1.xml"),
            Relation::new("theme", "../theme/theme1.xml"),
        ],
    );
    package.related(
        "ppt/slideLayouts/slideLayout1.xml",
        "presentationml.slideLayout",
        masters::slide_layout(),
        &[Relation::new(
            "slideMaster",
            "../slideMasters/slideMaster1.xml",
        )],
    );
    package.related(
        "ppt/notesMasters/notesMaster1.xml",
        "presentationml.notesMaster",
        masters::notes_master(),
        &[Relation::new("theme", "../theme/theme2.xml")],
    );
    package.put("ppt/theme/theme1.xml", "theme", masters::theme("Keepers"));
    package.put(
        "ppt/theme/theme2.xml",
        "theme",
        masters::theme("Keepers notes"),
    );
}

fn content_types(package: &Package) -> String {
    let mut text = format!(
        "{HEAD}<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"xml\" ContentType=\"application/xml\"/>\
         <Default Extension=\"png\" ContentType=\"image/png\"/>\
         <Default Extension=\"xlsx\" ContentType=\"{DOCUMENT}.spreadsheetml.sheet\"/>"
    );
    for entry in package
        .entries
        .iter()
        .filter(|entry| !entry.kind.is_empty())
    {
        let _ = write!(
            text,
            "<Override PartName=\"/{}\" ContentType=\"{}\"/>",
            entry.name, entry.kind
        );
    }
    text.push_str("</Types>");
    text
}

fn zipped(package: Package) -> zip::result::ZipResult<Vec<u8>> {
    // No clock: the first day a zip file can name.
    let options = SimpleFileOptions::default().last_modified_time(DateTime::default());
    let types = content_types(&package);
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Programs look for it first.
    zip.start_file("[Content_Types].xml", options)?;
    zip.write_all(types.as_bytes())?;
    for entry in package.entries {
        zip.start_file(entry.name, options)?;
        zip.write_all(&entry.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
