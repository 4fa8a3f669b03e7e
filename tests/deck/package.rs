//! A presentation taken apart again: parts, relationships, elements.

use std::{
    collections::BTreeMap,
    io::{Cursor, Read as _},
};

/// The parts of a package by name.
pub struct Package(pub BTreeMap<String, Vec<u8>>);

impl Package {
    pub fn open(bytes: &[u8]) -> Self {
        let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).expect("a zip file");
        let mut parts = BTreeMap::new();
        for place in 0..zip.len() {
            let mut file = zip.by_index(place).expect("an entry");
            let name = file.name().expect("a name").into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).expect("readable");
            let twice = parts.insert(name.clone(), bytes);
            assert!(twice.is_none(), "{name} stands twice");
        }
        Self(parts)
    }

    pub fn text(&self, name: &str) -> &str {
        let part = self.0.get(name).unwrap_or_else(|| panic!("no {name}"));
        std::str::from_utf8(part).expect("UTF-8")
    }

    /// Parts whose names begin and end so, in the order of their numbers.
    pub fn named(&self, begin: &str, end: &str) -> Vec<String> {
        let fits = |name: &&String| name.starts_with(begin) && name.ends_with(end);
        let mut names: Vec<String> = self.0.keys().filter(fits).cloned().collect();
        names.sort_by_key(|name| (name.len(), name.clone()));
        names
    }

    /// Id → part, of the relationships of a part.
    pub fn relations(&self, part: &str) -> BTreeMap<String, String> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let rels = if part.is_empty() {
            "_rels/.rels".to_owned()
        } else {
            format!("{folder}/_rels/{file}.rels")
        };
        if !self.0.contains_key(&rels) {
            return BTreeMap::new();
        }
        let links = elements(self.text(&rels), "Relationship");
        let resolve = |target: &str| {
            let mut path: Vec<&str> = folder.split('/').filter(|it| !it.is_empty()).collect();
            for step in target.split('/') {
                match step {
                    ".." => {
                        path.pop().expect("within the package");
                    }
                    step => path.push(step),
                }
            }
            path.join("/")
        };
        links
            .iter()
            .map(|link| (link["Id"].clone(), resolve(&link["Target"])))
            .collect()
    }
}

/// Attributes of an element.
pub type Attributes = BTreeMap<String, String>;

/// The attributes of every element of this name.
pub fn elements(xml: &str, name: &str) -> Vec<Attributes> {
    let mut found = Vec::new();
    for tag in xml.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or("").trim_end_matches('/');
        let mut parts = tag.splitn(2, ' ');
        if parts.next() == Some(name) {
            found.push(attributes(parts.next().unwrap_or("")));
        }
    }
    found
}

fn attributes(mut text: &str) -> Attributes {
    let mut all = Attributes::new();
    while let Some((name, rest)) = text.split_once("=\"") {
        let (value, after) = rest.split_once('"').expect("a closing quote");
        let twice = all.insert(name.trim().to_owned(), unescaped(value));
        assert!(twice.is_none(), "attribute {name} twice");
        text = after;
    }
    all
}

/// The text of every element of this name, without what stands within other elements.
pub fn texts(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1);
    parts
        .map(|part| unescaped(part.split(&close).next().expect("closed")))
        .collect()
}

/// What stands between the tags of every element of this name.
pub fn inner<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    let close = format!("</{name}>");
    let mut found = Vec::new();
    for open in [format!("<{name}>"), format!("<{name} ")] {
        let begins = xml.match_indices(&open).map(|(at, _)| at);
        for begin in begins {
            let rest = &xml[begin..];
            let end = rest.find(&close).expect("closed");
            found.push(&rest[..end]);
        }
    }
    found
}

fn unescaped(text: &str) -> String {
    let text = text.replace("&lt;", "<").replace("&gt;", ">");
    text.replace("&quot;", "\"").replace("&amp;", "&")
}

/// Every element is closed in its turn, every attribute stands once, no `&` stands alone.
pub fn assert_well_formed(name: &str, xml: &str) {
    let body = xml.strip_prefix("<?xml ").expect("a declaration");
    let mut rest = body.split_once("?>").expect("its end").1;
    let mut open: Vec<&str> = Vec::new();
    let mut roots = 0;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        assert!(!text.contains('>'), "{name}: > in text");
        assert!(
            !open.is_empty() || text.trim().is_empty(),
            "{name}: text outside"
        );
        for part in text.split('&').skip(1) {
            let known = ["amp;", "lt;", "gt;", "quot;"];
            assert!(
                known.iter().any(|it| part.starts_with(it)),
                "{name}: &{part}"
            );
        }
        let end = rest[at..].find('>').expect("a tag ends") + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(closed) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(closed), "{name}: closed in turn");
            continue;
        }
        if open.is_empty() {
            roots += 1;
        }
        let (title, rest) = tag.split_once(' ').unwrap_or((tag, ""));
        attributes(rest.trim_end_matches('/'));
        if !tag.ends_with('/') {
            open.push(title);
        }
    }
    assert!(open.is_empty(), "{name}: left open: {open:?}");
    assert_eq!(roots, 1, "{name}: one root");
}
