//! The layouts of `assets/layouts` against the exports the simulator writes: each is recognised by the
//! export of its name and by no other, also when people have deleted columns.

use std::{collections::BTreeSet, fs, path::Path};

use super::{
    Layout as Written, Spec, in_memory,
    names::file_names,
    random::{Purpose, Rng},
};
use data::{
    dataset::Role,
    layouts::{Layout, TableLayout},
    values::text::fold,
};

fn layouts() -> Vec<Layout> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/layouts");
    let mut layouts = Vec::new();
    for entry in fs::read_dir(folder).expect("layouts") {
        let path = entry.expect("entry").path();
        let text = fs::read_to_string(&path).expect("text");
        let layout: Layout =
            ron::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        assert_eq!(stem, Some(layout.name.as_str()));
        layouts.push(layout);
    }
    layouts.sort_by(|a, b| a.name.cmp(&b.name));
    layouts
}

/// Whether a table with these headers is the one of the layout.
fn recognises(table: &TableLayout, headers: &[String]) -> bool {
    let headers: BTreeSet<String> = headers.iter().map(|name| fold(name)).collect();
    let has = |name: &&String| headers.contains(&fold(name));
    !table.headers.is_empty()
        && table.headers.iter().all(|name| has(&name))
        && table.any.iter().filter(has).count() >= table.some
        && !table.lacks.iter().any(|name| has(&name))
}

/// Files of the set that some table of the layout is recognised by; none when a table that the set
/// cannot do without is missing.
fn recognised(layout: &Layout, files: &[Vec<String>]) -> usize {
    let found = |table: &&TableLayout| files.iter().any(|headers| recognises(table, headers));
    let complete = layout
        .tables
        .iter()
        .filter(|table| table.required)
        .all(|table| found(&table));
    let known =
        |headers: &&Vec<String>| layout.tables.iter().any(|table| recognises(table, headers));
    if complete {
        files.iter().filter(known).count()
    } else {
        0
    }
}

/// Names of the columns of a generated file; the keys of its records where it is JSON text.
fn headers(text: &str) -> Vec<String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.starts_with('[') {
        let record = text.split('}').next().unwrap_or_default();
        return keys(record, "\"", "\": ");
    }
    if text.starts_with("user_data") {
        let record = text.lines().nth(1).unwrap_or_default();
        let tags = record.split("\"\"/").skip(1);
        let names = tags
            .filter_map(|tag| tag.split_once('/'))
            .map(|(name, _)| name.to_owned());
        return names.chain(["id".to_owned()]).collect();
    }
    let blank = |line: &&str| line.chars().all(|c| ",;\t\"".contains(c));
    let line = text.lines().find(|line| !blank(line)).unwrap_or_default();
    let separator = ['\t', ';', ',']
        .into_iter()
        .find(|sign| line.contains(*sign));
    let fields = line.split(separator.unwrap_or(','));
    fields
        .map(|field| field.trim_matches('"').to_owned())
        .collect()
}

/// Texts between two marks.
fn keys(record: &str, before: &str, after: &str) -> Vec<String> {
    let parts = record.split(after);
    parts
        .filter_map(|part| part.rsplit_once(before))
        .map(|(_, key)| key.to_owned())
        .filter(|key| !key.is_empty())
        .collect()
}

/// Names of the columns of all files of a small shop.
fn export(layout: Written) -> Vec<Vec<String>> {
    let (files, _) = in_memory(&Spec::new(40, 3, layout)).expect("possible");
    assert_eq!(files.len(), file_names(layout).len());
    let texts = files
        .into_iter()
        .map(|file| String::from_utf8(file).expect("UTF-8"));
    texts.map(|text| headers(&text)).collect()
}

fn with_header() -> impl Iterator<Item = Written> {
    let plain = [Written::Orders, Written::Cdnow];
    Written::all()
        .into_iter()
        .filter(move |layout| !plain.contains(layout))
}

#[test]
fn every_layout_is_recognised_by_its_own_export_only() {
    let layouts = layouts();
    assert_eq!(layouts.len(), 18);
    for written in with_header() {
        let files = export(written);
        let counts = layouts
            .iter()
            .map(|layout| (recognised(layout, &files), &layout.name));
        let mut counts: Vec<_> = counts.filter(|(count, _)| *count > 0).collect();
        counts.sort();
        let (best, others) = counts.split_last().expect("recognised");
        assert_eq!(best.1, written.name(), "{counts:?}");
        assert_eq!(best.0, files.len(), "{}", written.name());
        // theLook's tables are those of DE_DS, whose users and products tell the two apart.
        let of_sets = written == Written::DeDs;
        assert!(
            others.iter().all(|(count, _)| of_sets && *count < best.0),
            "{counts:?}"
        );
    }
}

#[test]
fn deleted_and_reordered_columns_do_not_matter() {
    let layouts = layouts();
    for written in with_header().filter(|layout| matches!(layout, Written::Export(_))) {
        let all = export(written).remove(0);
        let layout = layouts.iter().find(|layout| layout.name == written.name());
        let table = &layout.expect("a layout").tables[0];
        let needed = |name: &String| {
            let role = table.roles.get(name);
            table.headers.contains(name)
                || role.is_some_and(|role| !matches!(role, Role::Ignored | Role::Attribute))
        };
        for seed in 0..40 {
            let mut rng = Rng::new(seed, Purpose::Mangle, 0);
            let mut left = all.clone();
            for _ in 0..3 {
                let free: Vec<usize> = (0..left.len()).filter(|at| !needed(&left[*at])).collect();
                if !free.is_empty() {
                    left.remove(free[rng.below(free.len())]);
                }
            }
            left.reverse();
            for layout in &layouts {
                let known = recognised(layout, std::slice::from_ref(&left)) > 0;
                assert_eq!(
                    known,
                    layout.name == written.name(),
                    "{}: {left:?}",
                    layout.name
                );
            }
        }
    }
}

#[test]
fn every_column_a_layout_gives_a_role_stands_in_the_export() {
    let layouts = layouts();
    for written in with_header().filter(|layout| matches!(layout, Written::Export(_))) {
        let headers = export(written).remove(0);
        let layout = layouts.iter().find(|layout| layout.name == written.name());
        let table = &layout.expect("a layout").tables[0];
        // What the analyses read must be there; columns that nothing is read from may come and go.
        let wanted = table
            .roles
            .iter()
            .filter(|(_, role)| **role != Role::Ignored);
        for (name, _) in wanted {
            assert!(
                headers.contains(name),
                "{}: {name}",
                layout.expect("a layout").name
            );
        }
    }
}
