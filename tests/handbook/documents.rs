//! What the README and the pages say of themselves.

use std::{collections::BTreeSet, fs, path::Path};

use keepers::{analysis::glossary::TERMS, manual};

const README: &str = include_str!("../../README.md");
/// Words of running text the README may have.
const MOST_WORDS: usize = 1_200;

/// Text outside of code and tables.
fn prose(text: &str) -> String {
    let outside = text.split("```").step_by(2);
    let lines = outside.flat_map(str::lines);
    let lines: Vec<&str> = lines.filter(|line| !line.starts_with('|')).collect();
    lines.join("\n")
}

/// Targets of all links and pictures.
fn links(text: &str) -> Vec<&str> {
    let after = text.split("](").skip(1);
    after.filter_map(|rest| rest.split(')').next()).collect()
}

#[test]
fn the_readme_is_short() {
    let words = prose(README).split_whitespace().count();
    assert!(words <= MOST_WORDS, "{words} words");
    assert!(README.contains("cargo run") && README.contains("cargo test"));
}

#[test]
fn every_link_of_the_readme_leads_somewhere() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let links = links(README);
    assert!(links.len() > 30, "{}", links.len());
    for link in links {
        let (file, section) = link.split_once('#').unwrap_or((link, ""));
        assert!(root.join(file).is_file(), "{link}");
        if let Some(page) = file.strip_prefix("assets/manual/") {
            let written = if section.is_empty() {
                page.to_owned()
            } else {
                format!("{page}#{section}")
            };
            assert!(manual::place(&written).is_some(), "{link}");
        }
    }
    for page in manual::pages() {
        let file = format!("(assets/manual/{}.md)", page.name);
        assert!(README.contains(&file), "{file} stands in the README");
    }
}

#[test]
fn every_file_of_the_manual_is_a_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/manual");
    let files = fs::read_dir(folder).expect("the manual");
    let files: BTreeSet<String> = files
        .map(|entry| {
            entry
                .expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .collect();
    let pages = manual::pages().iter();
    let pages: BTreeSet<String> = pages.map(|page| format!("{}.md", page.name)).collect();
    assert_eq!(files, pages);
}

#[test]
fn definitions_are_those_of_the_glossary() {
    let page = manual::place("definitions").expect("a page").page();
    let written: String = page.source.replace('\\', "");
    let mut at = 0;
    for term in TERMS {
        let entry = format!("## {}\n\n{}\n", term.word, term.meaning);
        let found = written[at..].find(&entry);
        at += found.unwrap_or_else(|| panic!("in this order: {entry}"));
    }
    assert_eq!(page.sections.len(), TERMS.len() + 1);
}

/// First cells of a table of dependencies, one name each.
fn rows(text: &str) -> BTreeSet<String> {
    let table = text
        .split("| dependency | does |")
        .nth(1)
        .expect("the table");
    let lines = table
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'));
    let cells = lines.filter_map(|line| line.split('|').nth(1));
    cells
        .flat_map(|cell| cell.split(','))
        .map(|name| name.trim().to_owned())
        .collect()
}

#[test]
fn every_dependency_has_its_row() {
    let manifest = include_str!("../../Cargo.toml");
    let table = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .expect("named");
    let lines = table.lines().take_while(|line| !line.starts_with('['));
    let names: BTreeSet<String> = lines
        .filter(|line| line.starts_with(char::is_alphanumeric))
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .map(str::to_owned)
        .collect();
    assert!(names.len() > 30, "{names:?}");
    let building = manual::place("building#dependencies").expect("a section");
    assert_eq!(rows(building.page().source), names, "the manual");
    assert_eq!(rows(README), names, "the README");
}
