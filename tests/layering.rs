//! The house rules that the compiler does not keep: no modules of a layer need each other, each heavy
//! dependency stays in its place within a layer, manifests name nothing that is not imported, files have
//! at most 1,000 lines and a `//!` head. (Which layer may use which other stands in their manifests,
//! `src/*/Cargo.toml`.)
//!
//! The checker reads source text: comments and literals are blanked, `use` trees are flattened, and
//! `crate::`, `super::` and `self::` are resolved against the file's place in the module tree.

// A test's helper may fail like the test itself.
#![allow(clippy::expect_used)]

#[path = "layering/cycles.rs"]
mod cycles;
#[path = "layering/known.rs"]
mod known;

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use known::KNOWN;

/// Dependencies that stay in their place: crate name, and the files or folders that may name it.
const HOMES: &[(&str, &[&str])] = &[
    ("egui", &["ui/", "app/", "cli/render.rs"]),
    ("rfd", &["app/dialogs.rs"]),
    ("hessboost", &["models/boosting.rs"]),
    ("smartcore", &["analysis/clusters", "analysis/nearest.rs"]),
    ("pulldown_cmark", &["manual/blocks.rs"]),
    ("axum", &["cli/serve"]),
    ("pdf_writer", &["export/deck/pdf"]),
    ("subsetter", &["export/deck/pdf"]),
    ("tokio", &["cli/serve"]),
    // Beside the export, the simulator packs mangled shops as workbooks, and the test of the reader
    // writes what it reads.
    (
        "rust_xlsxwriter",
        &[
            "export/excel.rs",
            "simulator/mangle/pack.rs",
            "data/open/workbook.rs",
        ],
    ),
];

const MAX_LINES: usize = 1_000;

/// Source without comments and with empty literals; line breaks stay.
fn blank(source: &str) -> String {
    let chars: Vec<char> = source.chars().collect();
    let mut out = String::with_capacity(source.len());
    let mut at = 0;
    while at < chars.len() {
        let rest = &chars[at..];
        let end = at
            + match rest {
                ['/', '/', ..] => line_comment(rest),
                ['/', '*', ..] => block_comment(rest),
                ['"', ..] => string(rest),
                ['r', '"' | '#', ..] if !continues_name(&out) => raw_string(rest),
                ['\'', ..] => char_literal(rest),
                _ => 0,
            };
        if end == at {
            out.push(chars[at]);
            at += 1;
        } else {
            out.extend(chars[at..end].iter().filter(|&&c| c == '\n'));
            out.push(' ');
            at = end;
        }
    }
    out
}

fn continues_name(before: &str) -> bool {
    before.ends_with(|c: char| (c.is_alphanumeric() || c == '_') && c != 'b' && c != 'c')
}

fn line_comment(rest: &[char]) -> usize {
    rest.iter().position(|&c| c == '\n').unwrap_or(rest.len())
}

fn block_comment(rest: &[char]) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while at < rest.len() {
        match &rest[at..] {
            ['/', '*', ..] => {
                depth += 1;
                at += 2;
            }
            ['*', '/', ..] => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// Length of `r#"…"#`; 0 for a raw identifier such as `r#type`.
fn raw_string(rest: &[char]) -> usize {
    let hashes = rest[1..].iter().take_while(|&&c| c == '#').count();
    if rest.get(1 + hashes) != Some(&'"') {
        return 0;
    }
    let mut at = 2 + hashes;
    while at < rest.len() {
        let closes =
            rest[at] == '"' && rest[at + 1..].iter().take_while(|&&c| c == '#').count() >= hashes;
        at += 1;
        if closes {
            return at + hashes;
        }
    }
    rest.len()
}

/// Length of `'x'` or `'\n'`; 0 for a lifetime.
fn char_literal(rest: &[char]) -> usize {
    match rest {
        ['\'', '\\', _, tail @ ..] => tail
            .iter()
            .position(|&c| c == '\'')
            .map_or(0, |end| end + 4),
        ['\'', _, '\'', ..] => 3,
        _ => 0,
    }
}

/// A path as a file writes it, and the name that a `use` binds to it.
#[derive(Clone, Debug)]
struct Written {
    path: Vec<String>,
    binds: Option<String>,
}

/// All paths of two or more segments, `use` trees flattened.
fn paths(source: &str) -> Vec<Vec<String>> {
    let mut paths: Vec<Vec<String>> = names(&tokens(&blank(source)))
        .into_iter()
        .map(|written| written.path)
        .collect();
    paths.retain(|path| path.len() > 1);
    paths
}

/// All paths, `use` trees flattened; of a single segment only those that a `use` names.
fn names(tokens: &[String]) -> Vec<Written> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        if tokens[at] == "use" {
            at = tree(tokens, at + 1, &[], &mut found);
        } else if is_name(&tokens[at]) {
            let mut path = vec![tokens[at].clone()];
            at += 1;
            while tokens.get(at).is_some_and(|token| token == "::")
                && tokens.get(at + 1).is_some_and(|token| is_name(token))
            {
                path.push(tokens[at + 1].clone());
                at += 2;
            }
            found.push(Written { path, binds: None });
        } else {
            at += 1;
        }
    }
    found.retain(|written| written.path.len() > 1 || written.binds.is_some());
    found
}

/// Reads one branch of a use tree from `at`; returns the place after it.
fn tree(tokens: &[String], mut at: usize, prefix: &[String], found: &mut Vec<Written>) -> usize {
    let mut path = prefix.to_vec();
    let mut renamed = None;
    while let Some(token) = tokens.get(at) {
        match token.as_str() {
            "::" => at += 1,
            "{" => {
                at += 1;
                while tokens.get(at).is_some_and(|token| token != "}") {
                    at = tree(tokens, at, &path, found);
                    if tokens.get(at).is_some_and(|token| token == ",") {
                        at += 1;
                    }
                }
                return at + 1;
            }
            "as" => {
                renamed = tokens.get(at + 1).cloned();
                at += 2;
            }
            "*" => {
                path.push("*".to_owned());
                at += 1;
            }
            // `a::{self}` names `a`.
            "self" if !path.is_empty() => at += 1,
            name if is_name(name) => {
                path.push(name.to_owned());
                at += 1;
            }
            _ => break,
        }
    }
    let binds = renamed.or_else(|| path.last().filter(|name| *name != "*").cloned());
    found.push(Written { path, binds });
    at
}

fn tokens(text: &str) -> Vec<String> {
    let mut tokens: Vec<String> = Vec::new();
    let mut name = String::new();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c.is_alphanumeric() || c == '_' {
            name.push(c);
            continue;
        }
        if !name.is_empty() {
            tokens.push(std::mem::take(&mut name));
        }
        if c == ':' && chars.peek() == Some(&':') {
            chars.next();
            tokens.push("::".to_owned());
        } else if !c.is_whitespace() {
            tokens.push(c.to_string());
        }
    }
    tokens.push(name);
    tokens
}

fn is_name(token: &str) -> bool {
    token.starts_with(|c: char| c.is_alphabetic() || c == '_')
}

/// `ui/views/cohorts.rs` → `[ui, views, cohorts]`.
fn module_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs");
    let path = path.trim_end_matches("/mod");
    path.split('/').map(str::to_owned).collect()
}

/// The path from the folder of all layers, `None` for paths into other crates and local names.
fn resolve(module: &[String], path: &[String]) -> Option<Vec<String>> {
    let (mut base, rest) = match path[0].as_str() {
        "crate" => (module[..1].to_vec(), &path[1..]),
        "self" => (module.to_vec(), &path[1..]),
        "super" => (module.to_vec(), path),
        _ => return None,
    };
    let mut rest = rest;
    while rest.first().is_some_and(|segment| segment == "super") {
        base.pop();
        rest = &rest[1..];
    }
    base.extend_from_slice(rest);
    Some(base)
}

/// Dependencies that a file names though they belong elsewhere; `file` is its path below `src`.
fn strangers(file: &str, source: &str) -> Vec<String> {
    let named = |name: &str| paths(source).iter().any(|path| path[0] == name);
    HOMES
        .iter()
        .filter(|(name, homes)| named(name) && !homes.iter().any(|home| file.starts_with(home)))
        .map(|(name, homes)| format!("{file}: `{name}` belongs to {homes:?}"))
        .collect()
}

/// What is wrong with a file as such.
fn untidy(file: &str, source: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    let lines = source.lines().count();
    if lines > MAX_LINES {
        wrong.push(format!(
            "{file}: {lines} lines, at most {MAX_LINES}: split it by sense"
        ));
    }
    if !source.starts_with("//! ") {
        wrong.push(format!(
            "{file}: must begin with `//!`: what it holds and why"
        ));
    }
    wrong
}

/// Rust files below a folder, sorted.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of the crate") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// Every file below a folder of the crate: its path there and its source.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let files = rust_files(&root);
    assert!(!files.is_empty(), "no Rust files in {folder}");
    let read = files.iter().map(|path| {
        let name = path.strip_prefix(&root).expect("below the folder");
        let name = name.to_string_lossy().replace('\\', "/");
        (name, fs::read_to_string(path).expect("readable"))
    });
    read.collect()
}

/// Applies a check to every file below a folder of the crate.
fn check_all(folder: &str, check: impl Fn(&str, &str) -> Vec<String>) -> Vec<String> {
    sources(folder)
        .iter()
        .flat_map(|(file, source)| check(file, source))
        .collect()
}

#[test]
fn dependencies_stay_in_their_place() {
    let wrong = check_all("src", strangers);
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// What a table of a manifest names, as code imports it.
fn dependencies(manifest: &str, tables: &[&str]) -> BTreeSet<String> {
    let mut inside = false;
    let mut found = BTreeSet::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = tables.contains(&line.trim());
        } else if inside && line.starts_with(char::is_alphanumeric) {
            let name = line.split(['.', ' ', '=']).next().unwrap_or_default();
            found.insert(name.replace('-', "_"));
        }
    }
    found
}

/// Dependencies of a manifest that none of these sources imports.
fn idle(manifest: &str, sources: &[(String, String)]) -> Vec<String> {
    let named: BTreeSet<String> = sources
        .iter()
        .flat_map(|(_, source)| names(&tokens(&blank(source))))
        .map(|written| written.path[0].clone())
        .collect();
    dependencies(manifest, &["[dependencies]", "[dev-dependencies]"])
        .into_iter()
        .filter(|name| !named.contains(name))
        .collect()
}

#[test]
fn manifests_name_what_is_imported() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let manifest = |folder: &str| fs::read_to_string(root.join(folder).join("Cargo.toml"));
    let whole = manifest("").expect("the manifest of the whole");
    let mut layers: Vec<String> = sources("src")
        .iter()
        .filter_map(|(file, _)| Some(file.split_once('/')?.0.to_owned()))
        .collect();
    layers.dedup();
    let mut used = dependencies(&whole, &["[dependencies]", "[dev-dependencies]"]);
    let mut both = sources("tests");
    both.extend(
        sources("src")
            .into_iter()
            .filter(|(file, _)| file == "lib.rs"),
    );
    let mut wrong: Vec<String> = idle(&whole, &both);
    for layer in layers {
        let manifest = manifest(&format!("src/{layer}")).expect("a manifest a layer");
        used.extend(dependencies(
            &manifest,
            &["[dependencies]", "[dev-dependencies]"],
        ));
        let idle = idle(&manifest, &sources(&format!("src/{layer}")));
        wrong.extend(idle.into_iter().map(|name| format!("{layer}: {name}")));
    }
    let offered = dependencies(&whole, &["[workspace.dependencies]"]);
    wrong.extend(offered.difference(&used).cloned());
    assert!(wrong.is_empty(), "imported nowhere: {}", wrong.join(", "));
}

#[test]
fn no_modules_of_a_layer_need_each_other() {
    let blanked: Vec<(String, String)> = sources("src")
        .into_iter()
        .filter(|(file, _)| file != "lib.rs" && file != "main.rs")
        .map(|(file, source)| (file, blank(&source)))
        .collect();
    let news = cycles::news(&cycles::Graph::read(&blanked), KNOWN);
    assert!(news.is_empty(), "\n{}\n", news.join("\n"));
}

#[test]
fn files_are_short_and_say_what_they_hold() {
    let mut wrong = check_all("src", untidy);
    wrong.extend(check_all("tests", untidy));
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The checker itself.
mod checker {
    use super::*;

    #[test]
    fn strangers_are_found_however_they_are_written() {
        let wrong = |file, source| !strangers(file, source).is_empty();
        assert!(wrong("ui/views/data.rs", "rfd::FileDialog::new();"));
        assert!(wrong("pipeline/run.rs", "fn f(ctx: &egui::Context) {}"));
        assert!(wrong(
            "cli/summary.rs",
            "const C: char = '\\''; use egui::Ui;"
        ));
        assert!(wrong(
            "cli/summary.rs",
            "const A: &[u8] = br#\"\"\"#; use {std::fmt, egui::Ui};"
        ));
        assert!(!wrong("app/dialogs.rs", "use rfd::AsyncFileDialog;"));
        assert!(!wrong("cli/render.rs", "use egui::Context;"));
        assert!(!wrong(
            "cli/summary.rs",
            "// use egui::Ui;\n/* egui::Ui /* */ egui::Ui */"
        ));
        assert!(!wrong(
            "cli/summary.rs",
            "const S: &str = \"use egui::Ui; \\\" egui::x\";"
        ));
        assert!(!wrong("pipeline/run.rs", "let egui = 1; name::egui::x();"));
    }

    #[test]
    fn what_is_imported_nowhere_is_found() {
        let manifest = "[dependencies]\nserde.workspace = true\negui-x = \"1\"\n# c\n\n[lints]\na = 1\n[dev-dependencies]\nron = { version = \"1\" }\n";
        let idle_in = |source: &str| idle(manifest, &[(String::new(), source.to_owned())]);
        assert_eq!(
            idle_in("use serde::Serialize; // ron::x"),
            ["egui_x", "ron"]
        );
        assert!(idle_in("use {serde, egui_x as e}; fn f() { ron::to_string() }").is_empty());
    }

    #[test]
    fn long_or_headless_files_are_found() {
        assert_eq!(untidy("a.rs", "//! What it holds.\n").len(), 0);
        assert_eq!(untidy("a.rs", "use std::fmt;\n").len(), 1);
        assert_eq!(untidy("a.rs", &"//! x\n".repeat(1_001)).len(), 1);
    }

    /// The modules in cycles among these files.
    fn knotted(files: &[(&str, &str)]) -> Vec<String> {
        let files: Vec<(String, String)> = files
            .iter()
            .map(|(file, source)| ((*file).to_owned(), blank(source)))
            .collect();
        let knots = cycles::Graph::read(&files).knots();
        knots.into_iter().flat_map(|knot| knot.members).collect()
    }

    #[test]
    fn modules_that_need_each_other_are_found_however_it_is_written() {
        for (a, b) in [
            ("use super::b::B;", "use super::a::A;"),
            (
                "use crate::{day::Day, b};\nfn f() { b::g() }",
                "type T = super::a::A;",
            ),
            ("use super::b as c; fn f() { c::g() }", "use super::a::*;"),
            ("use super::passes_on::B;", "use super::a::A;"),
            (
                "use super::{b::{self}}; fn f() { b::g() }",
                "pub use crate::a::A;",
            ),
        ] {
            let files = [
                ("data/mod.rs", "pub mod a; pub mod b; pub mod passes_on;"),
                ("data/a.rs", a),
                ("data/b.rs", b),
                ("data/day.rs", ""),
                ("data/passes_on.rs", "pub use super::b::B;"),
            ];
            assert_eq!(knotted(&files), ["data::a", "data::b"], "{a} {b}");
        }
    }

    #[test]
    fn a_parent_and_a_child_that_need_each_other_are_a_cycle_but_declaring_is_none() {
        let child = ("data/a/b.rs", "use super::A;");
        for (parent, cycle) in [
            ("mod b; struct A;", false),
            ("mod b; struct A; fn f() { b::g() }", true),
            ("mod b; use self::b::B; struct A;", true),
        ] {
            assert_eq!(!knotted(&[("data/a.rs", parent), child]).is_empty(), cycle);
        }
    }

    #[test]
    fn tests_and_other_layers_close_no_cycle() {
        for b in [
            "#[cfg(test)]\nmod tests { use super::super::a::A; }",
            "#[cfg(test)] use super::a::A; fn f() {}",
            "#[cfg(test)] mod tests;",
            "use super::a;",
            "// use super::a::A;",
            "use ui::a::A;",
        ] {
            let files = [
                ("data/a.rs", "use super::b::B;"),
                ("data/b.rs", b),
                ("data/b/tests.rs", "use super::super::a::A; use super::B;"),
                ("ui/a.rs", "use data::b::B;"),
            ];
            let files = if b.contains("mod tests;") {
                &files
            } else {
                &files[..2]
            };
            assert_eq!(knotted(files), Vec::<String>::new(), "{b}");
        }
    }

    #[test]
    fn known_knots_may_only_shrink() {
        let news = |a: &str, known: &[&str]| {
            let files = [("data/a.rs", a), ("data/b.rs", "use super::a::A;")];
            let files = files.map(|(file, source)| (file.to_owned(), source.to_owned()));
            cycles::news(&cycles::Graph::read(&files), known).len()
        };
        assert_eq!(news("use super::b::B;", &["data::a", "data::b"]), 0);
        assert_eq!(news("use super::b::B;", &["data::a"]), 1);
        assert_eq!(news("", &["data::a", "data::b"]), 2);
        assert_eq!(news("", &[]), 0);
    }
}
