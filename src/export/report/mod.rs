//! The report: one HTML file that needs nothing else — findings in words, charts as inline SVG,
//! tables, definitions, data quality, and how to reproduce every number.
//!
//! The file holds no script and asks for nothing over a network. Light or dark follows the reader's
//! desktop; printed, it is light. No clock: the same shop gives the same bytes.

mod charts;
mod findings;
mod html;
mod sections;
pub mod style;
pub mod words;

use crate::{
    pipeline::snapshot::Shop,
    project::{Project, file},
};
use html::{Html, escape};

/// What a report is made of.
#[derive(Clone, Copy)]
pub struct Report<'a> {
    pub shop: &'a Shop,
    pub project: &'a Project,
    /// Command that makes the same report: `keepers report orders.csv --out report.html`.
    pub command: &'a str,
    /// Drawn scenes with their captions, as PNG.
    pub scenes: &'a [(String, Vec<u8>)],
}

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
    sections::revenue(&mut page, report.shop);
    sections::cohorts(&mut page, report);
    sections::segments(&mut page, report.shop);
    sections::value(&mut page, report.shop);
    sections::breakdowns(&mut page, report.shop);
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

fn scenes(page: &mut Html, scenes: &[(String, Vec<u8>)]) {
    if scenes.is_empty() {
        return;
    }
    page.open_section("Scenes");
    for (caption, picture) in scenes {
        page.raw("<figure>\n");
        page.raw(&format!(
            "<svg viewBox=\"0 0 1920 1080\" role=\"img\" aria-label=\"{}\"><image width=\"1920\" height=\"1080\" href=\"data:image/png;base64,{}\"/></svg>\n",
            escape(caption),
            html::base64(picture)
        ));
        page.tag("figcaption", caption);
        page.raw("</figure>\n");
    }
    page.close_section();
}

fn definitions(page: &mut Html) {
    page.open_section("What the words mean");
    page.raw("<dl>\n");
    for term in crate::analysis::glossary::TERMS {
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
