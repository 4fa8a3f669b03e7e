//! The report: one HTML file that needs nothing else — findings in words, scenes as chapters, charts as
//! inline SVG, model verdicts, lists to act on, definitions, data quality, and how to reproduce every
//! number. The charts are drawn by the window's own code, in the layer above.
//!
//! The file holds no script and asks for nothing over a network. Light or dark follows the reader's
//! desktop; printed, it is light. No clock: the same shop gives the same bytes.

mod audiences;
mod charts;
pub mod contents;
mod findings;
mod format;
mod html;
mod models;
mod sections;
pub mod style;
pub mod words;

pub use audiences::expected;
pub use charts::Chart;
pub use contents::Models;
pub use findings::findings;
pub use format::Format;
pub use models::headline_of_run;

use contents::Report;
use html::{Html, escape};
use project::file;

/// The report as the text of an HTML file.
#[must_use]
pub fn html(report: &Report<'_>) -> String {
    let name = &report.shop.dataset.name;
    let mut page = Html::default();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>\n");
    page.raw(&format!(
        "<title>{} – Keepers report</title>\n",
        escape(name)
    ));
    page.raw(&format!(
        "<style>\n{}</style>\n</head>\n<body>\n<main>\n",
        style::css()
    ));
    head(&mut page, report);
    findings::section(&mut page, report);
    scenes(&mut page, report.scenes);
    sections::kpis(&mut page, report.shop);
    sections::revenue(&mut page, report);
    sections::cohorts(&mut page, report);
    sections::segments(&mut page, report);
    sections::value(&mut page, report);
    models::section(&mut page, report);
    audiences::section(&mut page, report);
    sections::quality(&mut page, report.shop);
    definitions(&mut page);
    reproduce(&mut page, report);
    page.raw("</main>\n</body>\n</html>\n");
    page.text
}

fn head(page: &mut Html, report: &Report<'_>) {
    let shop = report.shop;
    page.raw("<header>\n");
    page.tag("h1", &shop.dataset.name);
    let files = shop.dataset.files.len();
    page.tag(
        "p",
        &format!(
            "As of {}: every order dated before that day. {}, {} read.",
            words::date(shop.as_of),
            words::count_of(files as u64, "file", "files"),
            words::count_of(shop.dataset.quality.rows_read, "row", "rows"),
        ),
    );
    page.raw("</header>\n");
}

/// A chapter per scene: its caption is the title.
fn scenes(page: &mut Html, scenes: &[(String, Vec<u8>)]) {
    for (number, (caption, picture)) in scenes.iter().enumerate() {
        let title = if caption.trim().is_empty() {
            format!("Scene {}", number + 1)
        } else {
            caption.clone()
        };
        page.open_section(&title);
        page.raw(&format!(
            "<figure class=\"scene\"><svg viewBox=\"0 0 1920 1080\" role=\"img\" aria-label=\"{}\"><image width=\"1920\" height=\"1080\" href=\"data:image/png;base64,{}\"/></svg></figure>\n",
            escape(&title),
            html::base64(picture)
        ));
        page.close_section();
    }
}

fn definitions(page: &mut Html) {
    page.open_section("What the words mean");
    page.raw("<dl>\n");
    for term in analysis::glossary::TERMS {
        page.tag("dt", term.word);
        page.tag("dd", term.meaning);
    }
    page.raw("</dl>\n");
    page.close_section();
}

fn reproduce(page: &mut Html, report: &Report<'_>) {
    page.open_section("How to reproduce every number");
    page.tag(
        "p",
        "Save the settings below as report.keepers.ron where the data files are, and run:",
    );
    page.tag("pre", report.command);
    page.tag(
        "p",
        &format!(
            "Made with Keepers {}. The same files and settings give the same report, byte for byte.",
            env!("CARGO_PKG_VERSION")
        ),
    );
    let place = std::path::Path::new("report.keepers.ron");
    match file::to_text(report.project, place) {
        Ok(text) => page.tag("pre", &text),
        Err(error) => page.tag(
            "p",
            &format!("The settings cannot be written as text: {error}."),
        ),
    }
    page.close_section();
}
