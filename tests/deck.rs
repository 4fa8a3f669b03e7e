//! The report and the scenes as slides: whole packages, charts with the numbers of their CSV, notes,
//! and a PDF of the same pages.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

#[path = "deck/package.rs"]
mod package;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Cursor,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::{Duration, Instant},
};

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use keepers::project::{Project, Scene, Source, file};
use package::{Package, assert_well_formed, elements, inner, texts};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_keepers"))
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("the program runs")
}

fn keepers(arguments: &[&str]) {
    let output = run(arguments);
    let why = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {why}");
}

fn text_of(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

/// The bytes of a report in the format of this name.
fn report(input: &str, folder: &Path, name: &str) -> Vec<u8> {
    let out = folder.join(name);
    keepers(&["report", input, "--out", text_of(&out), "--replace"]);
    fs::read(out).expect("written")
}

const CAPTIONS: [&str; 5] = [
    "How we earn",
    "Do they come back? <& \"who\">",
    "Who they are",
    "What to do next",
    "Everyone in one list",
];

/// Five scenes of the sample shop, each with a caption and notes.
fn talk(folder: &Path) -> PathBuf {
    let views = ["overview", "cohorts", "segments", "audiences", "customers"];
    let scenes = views.iter().zip(CAPTIONS).map(|(view, caption)| Scene {
        caption: caption.to_owned(),
        notes: format!("Say of {view}:\nslowly & twice"),
        view: (*view).to_owned(),
        ..Scene::default()
    });
    let project = Project {
        source: Source::Sample,
        scenes: scenes.collect(),
        ..Project::default()
    };
    let path = folder.join("talk.keepers.ron");
    file::save(&project, &path).expect("saved");
    path
}

fn ending(name: &str) -> &str {
    name.rsplit('.').next().expect("an ending")
}

#[test]
fn the_package_is_whole() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenes = talk(folder.path());
    for input in ["--sample", text_of(&scenes)] {
        let package = Package::open(&report(input, folder.path(), "deck.pptx"));
        let types = package.text("[Content_Types].xml");
        let of = |name: &str, key: &str| -> BTreeSet<String> {
            let all = elements(types, name);
            all.into_iter().map(|it| it[key].clone()).collect()
        };
        let (defaults, overrides) = (of("Default", "Extension"), of("Override", "PartName"));
        for part in &overrides {
            assert!(package.0.contains_key(&part[1..]), "no part {part}");
        }
        for (name, bytes) in &package.0 {
            assert!(
                defaults.contains(ending(name)),
                "{name} has no content type"
            );
            if ending(name) == "xml" && name != "[Content_Types].xml" {
                assert!(
                    overrides.contains(&format!("/{name}")),
                    "{name} is only xml"
                );
            }
            if ["xml", "rels"].contains(&ending(name)) {
                let xml = std::str::from_utf8(bytes).expect("UTF-8");
                assert_well_formed(name, xml);
            }
        }
        for name in package.0.keys().filter(|name| ending(name) != "rels") {
            let links = package.relations(name);
            for target in links.values() {
                assert!(package.0.contains_key(target), "{name} → {target}");
            }
            if ending(name) != "xml" {
                continue;
            }
            // What a part refers to by id stands in its relationships.
            for id in package.text(name).split("r:id=\"").skip(1) {
                let id = id.split('"').next().expect("its end");
                assert!(links.contains_key(id), "{name}: {id}");
            }
        }
        assert_eq!(package.relations("").len(), 3);
        for slide in package.named("ppt/slides/slide", ".xml") {
            let ids = elements(package.text(&slide), "p:cNvPr");
            let different: BTreeSet<&String> = ids.iter().map(|it| &it["id"]).collect();
            assert_eq!(different.len(), ids.len(), "{slide}");
        }
    }
}

/// Chart part → its name, by way of the slides.
fn charts(package: &Package) -> BTreeMap<String, String> {
    let mut names = BTreeMap::new();
    for slide in package.named("ppt/slides/slide", ".xml") {
        let links = package.relations(&slide);
        for frame in inner(package.text(&slide), "p:graphicFrame") {
            if let Some(chart) = elements(frame, "c:chart").first() {
                let name = elements(frame, "p:cNvPr")[0]["name"].clone();
                names.insert(links[&chart["r:id"]].clone(), name);
            }
        }
    }
    names
}

/// The cell of a reference such as `$B$2`.
fn cell_of(reference: &str) -> (usize, usize) {
    let mut parts = reference.split('$').skip(1);
    let letters = parts.next().expect("a column");
    let column = letters.bytes().fold(0, |column, letter| {
        column * 26 + usize::from(letter - b'A') + 1
    });
    let row: usize = parts.next().expect("a row").parse().expect("a number");
    (row - 1, column - 1)
}

/// The cells of `Data!$B$2:$B$9` in order.
fn cells_of(reference: &str) -> Vec<(usize, usize)> {
    let span = reference.strip_prefix("Data!").expect("its sheet");
    let (from, to) = span.split_once(':').unwrap_or((span, span));
    let (from, to) = (cell_of(from), cell_of(to));
    (from.0..=to.0)
        .flat_map(|row| (from.1..=to.1).map(move |column| (row, column)))
        .collect()
}

fn lines_of_csv(text: &str) -> Vec<Vec<String>> {
    let line = |line: &str| -> Vec<String> {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for letter in line.chars() {
            match letter {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                letter => cells.last_mut().expect("a cell").push(letter),
            }
        }
        cells
    };
    text.lines().map(line).collect()
}

/// Whether a workbook's cell says what a text says.
fn same(cell: Option<&Data>, text: &str) -> bool {
    match cell {
        None | Some(Data::Empty) => text.is_empty(),
        Some(Data::Float(value)) => text.parse() == Ok(*value),
        Some(Data::String(words)) => words == text,
        Some(_) => false,
    }
}

#[test]
fn charts_hold_the_numbers_of_their_csv() {
    let folder = tempfile::tempdir().expect("a folder");
    let package = Package::open(&report("--sample", folder.path(), "deck.pptx"));
    let csv = folder.path().join("csv");
    let out = text_of(&csv);
    let render = ["render", "--sample", "--chart", "all", "--format", "csv"];
    // Each view by itself: where a forecast was worked out before, segments tell of it too.
    for view in ["overview", "cohorts", "segments"] {
        keepers(&[&render[..], &["--view", view, "--out", out]].concat());
    }
    let campaign = ["--view", "audiences", "--audiences", "campaign"];
    keepers(&[&render[..], &campaign, &["--out", out]].concat());
    let charts = charts(&package);
    let mut seen = BTreeSet::new();
    for (part, name) in &charts {
        let truth = fs::read_to_string(csv.join(format!("{name}.csv"))).expect("its CSV");
        let truth = lines_of_csv(&truth);
        let links = package.relations(part);
        let book = Cursor::new(package.0[&links["rId1"]].clone());
        let mut book: Xlsx<_> = open_workbook_from_rs(book).expect("a workbook");
        let sheet = book.worksheet_range("Data").expect("its sheet");
        assert_eq!(sheet.height(), truth.len(), "{name}");
        for (row, cells) in truth.iter().enumerate() {
            for (column, text) in cells.iter().enumerate() {
                let cell = sheet.get((row, column));
                assert!(same(cell, text), "{name} {row} {column}: {cell:?}, {text}");
            }
        }
        let xml = package.text(part);
        let mut references = 0;
        for kind in ["c:numRef", "c:strRef"] {
            for reference in inner(xml, kind) {
                references += 1;
                let cells = cells_of(&texts(reference, "c:f")[0]);
                let count: usize = elements(reference, "c:ptCount")[0]["val"]
                    .parse()
                    .expect("a number");
                assert_eq!(count, cells.len(), "{name}");
                let points = inner(reference, "c:pt");
                let ids = elements(reference, "c:pt");
                let mut cached = vec![String::new(); count];
                for (point, id) in points.iter().zip(&ids) {
                    let place: usize = id["idx"].parse().expect("a number");
                    cached[place] = texts(point, "c:v")[0].clone();
                }
                for (&(row, column), cached) in cells.iter().zip(&cached) {
                    let says = &truth[row][column];
                    let head = row == 0 && kind == "c:strRef";
                    // The legend says headers in words.
                    let equal = says == cached
                        || (head && count == 1 && !cached.is_empty())
                        || (kind == "c:numRef" && says.parse::<f64>().ok() == cached.parse().ok());
                    assert!(equal, "{name} {row} {column}: {says}, {cached}");
                }
            }
        }
        assert!(references > 1, "{name}");
        seen.insert(name.as_str());
    }
    for expected in [
        "revenue_over_time",
        "by_category",
        "by_country",
        "by_channel",
        "revenue_of_best_customers",
        "orders_per_customer",
        "cohort_curves",
        "segment_bubbles",
        "campaign_profit",
    ] {
        assert!(seen.contains(expected), "no chart {expected}: {seen:?}");
    }
}

#[test]
fn a_scene_is_a_slide_with_its_caption_and_notes() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenes = talk(folder.path());
    let begin = Instant::now();
    let deck = report(text_of(&scenes), folder.path(), "deck.pptx");
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    let package = Package::open(&deck);
    let slides = package.named("ppt/slides/slide", ".xml");
    assert_eq!(slides.len(), CAPTIONS.len() + 2, "cover, scenes, files");
    let words = |part: &str| texts(package.text(part), "a:t").join("\n");
    for (place, caption) in CAPTIONS.iter().enumerate() {
        let slide = words(&slides[place + 1]);
        assert!(slide.contains(caption), "{caption}: {slide}");
        let notes = words(&format!("ppt/notesSlides/notesSlide{}.xml", place + 2));
        assert!(notes.contains("slowly & twice"), "{notes}");
        let title = "type=\"title\"";
        assert!(
            package.text(&slides[place + 1]).contains(title),
            "{caption}"
        );
    }
    assert!(words(&slides[0]).contains("Sample shop"));
    assert!(words(&slides[6]).contains("rows read"));
    // A chart, a table and, of the view without charts, a picture.
    for (at, tag) in [(1, "c:chart"), (2, "a:tbl"), (3, "c:chart"), (5, "p:pic")] {
        let xml = package.text(&slides[at]);
        assert!(xml.contains(&format!("<{tag}")), "slide {}: {tag}", at + 1);
    }
    let cells = elements(package.text(&slides[2]), "a:tc").len();
    let fills = package
        .text(&slides[2])
        .matches("</a:lnB><a:solidFill>")
        .count();
    assert!(
        cells > 100 && fills > 40,
        "a heatmap: {fills} of {cells} cells"
    );
    assert_eq!(
        deck,
        report(text_of(&scenes), folder.path(), "deck.pptx"),
        "the same bytes"
    );
}

#[test]
fn the_pdf_has_the_same_pages_as_text() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenes = talk(folder.path());
    let begin = Instant::now();
    let bytes = report(text_of(&scenes), folder.path(), "talk.pdf");
    let took = begin.elapsed();
    assert!(took < Duration::from_secs(10), "{took:?}");
    assert!(bytes.starts_with(b"%PDF-1.7"));
    assert_eq!(
        bytes,
        report(text_of(&scenes), folder.path(), "talk.pdf"),
        "the same bytes"
    );
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(
        text.matches("/MediaBox [0 0 960 540]").count(),
        CAPTIONS.len() + 2
    );
    assert!(text.contains("/CIDFontType0C"), "typefaces are embedded");
    assert!(text.contains("/ToUnicode"), "text can be searched");
    assert!(!text.contains("/Subtype /Image"), "everything is a vector");
    let Some(words) = tool("pdftotext", &["-raw", "talk.pdf", "-"], folder.path()) else {
        eprintln!("skipped: pdftotext is not installed");
        return;
    };
    for words_of in [
        "How we earn",
        "Do they come back? <& \"who\">",
        "Sample shop",
        "rows read",
    ] {
        assert!(words.contains(words_of), "{words_of}: {words}");
    }
}

/// What a program prints; `None` where it is not installed or fails.
fn tool(name: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(name)
        .args(arguments)
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let done = output.status.success();
    done.then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[test]
fn another_program_opens_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let scenes = talk(folder.path());
    report(text_of(&scenes), folder.path(), "deck.pptx");
    let home = format!(
        "-env:UserInstallation=file://{}",
        folder.path().join("office").display()
    );
    let convert = [&home, "--headless", "--convert-to", "pdf", "deck.pptx"];
    if tool("soffice", &convert, folder.path()).is_none() {
        eprintln!("skipped: soffice is not installed");
        return;
    }
    let Some(info) = tool("pdfinfo", &["deck.pdf"], folder.path()) else {
        eprintln!("skipped: pdfinfo is not installed");
        return;
    };
    let pages = info.lines().find_map(|line| line.strip_prefix("Pages:"));
    assert_eq!(pages.map(str::trim), Some("7"), "{info}");
}

#[test]
fn nothing_is_replaced_unasked() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("deck.pptx");
    fs::write(&out, "mine").expect("written");
    let output = run(&["report", "--sample", "--out", text_of(&out)]);
    assert!(!output.status.success());
    assert_eq!(fs::read(&out).expect("still there"), b"mine");
    let left: Vec<_> = fs::read_dir(folder.path()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "no temporary file stays");
}
