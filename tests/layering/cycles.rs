//! Cycles between the modules of a layer, found from source text.
//!
//! A module is a file. It depends on every module of its layer of which it names an item: through a
//! `use`, a written path, or a name that another file passes on with its own `use` (the home of the
//! item counts, not who passes it on). Declaring a child (`mod child;`) or naming a module without an
//! item is no dependency, but a parent that names an item of its child depends on it like anyone else:
//! a child that names its parent's items in turn closes a cycle. Tests (`#[cfg(test)]`) do not count.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{Written, is_name, module_of, names, resolve, tokens};

type Path = Vec<String>;

/// What a module names of another: for each other module the items, as paths from the crate's root.
type Uses = BTreeMap<String, BTreeSet<String>>;

/// The modules of the crate and what each names of the others of its layer.
pub struct Graph {
    uses: BTreeMap<String, Uses>,
}

/// One file, read.
struct File {
    module: Path,
    written: Vec<Written>,
}

/// Modules that all reach each other, and a shortest way around through some of them.
pub struct Knot {
    pub members: Vec<String>,
    way: Vec<String>,
}

impl Graph {
    /// Reads files, given as their path below `src` and their blanked source.
    pub fn read(sources: &[(String, String)]) -> Self {
        let mut files = BTreeMap::new();
        let mut tests = BTreeSet::new();
        for (file, source) in sources {
            let module = module_of(file);
            let (tokens, modules) = without_tests(&tokens(source));
            tests.extend(modules.into_iter().map(|name| child(&module, &name)));
            let written = names(&tokens);
            files.insert(module.join("::"), File { module, written });
        }
        files.retain(|name, _| {
            let below = |test: &String| name.strip_prefix(test.as_str());
            !tests
                .iter()
                .filter_map(below)
                .any(|rest| rest.is_empty() || rest.starts_with("::"))
        });
        let uses = files
            .iter()
            .map(|(name, file)| (name.clone(), uses(name, file, &files)));
        Self {
            uses: uses.collect(),
        }
    }

    /// Every knot, the largest first.
    pub fn knots(&self) -> Vec<Knot> {
        let reach: BTreeMap<&str, BTreeSet<&str>> = self
            .uses
            .keys()
            .map(|from| (from.as_str(), self.reach(from)))
            .collect();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut knots = Vec::new();
        for (&from, reached) in &reach {
            if seen.contains(from) || !reached.contains(from) {
                continue;
            }
            let members: Vec<String> = reached
                .iter()
                .filter(|&&to| reach[to].contains(from))
                .map(|&to| to.to_owned())
                .collect();
            seen.extend(reached.iter().filter(|&&to| reach[to].contains(from)));
            let ways = members.iter().map(|member| self.way_around(member));
            let way = ways.min_by_key(Vec::len).unwrap_or_default();
            knots.push(Knot { members, way });
        }
        knots.sort_by_key(|knot| std::cmp::Reverse(knot.members.len()));
        knots
    }

    /// Every module reached over one step or more.
    fn reach(&self, from: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open = vec![from];
        while let Some(at) = open.pop() {
            for to in self.uses[at].keys() {
                if reached.insert(to.as_str()) {
                    open.push(to);
                }
            }
        }
        reached
    }

    /// A shortest way from a module to itself, the module at both ends.
    fn way_around(&self, from: &str) -> Vec<String> {
        let mut ways = vec![vec![from]];
        let mut seen = BTreeSet::new();
        while !ways.is_empty() {
            let mut longer = Vec::new();
            for way in ways {
                for to in self.uses[way[way.len() - 1]].keys() {
                    let further = || way.iter().copied().chain([to.as_str()]);
                    if to == from {
                        return further().map(str::to_owned).collect();
                    }
                    if seen.insert(to) {
                        longer.push(further().collect());
                    }
                }
            }
            ways = longer;
        }
        Vec::new()
    }

    /// A knot in words: how many modules, and what each names along a shortest way around.
    pub fn tell(&self, knot: &Knot) -> String {
        let mut text = format!(
            "{} modules need each other: {}",
            knot.members.len(),
            knot.members.join(", ")
        );
        for step in knot.way.windows(2) {
            let items: Vec<&str> = self.uses[&step[0]][&step[1]]
                .iter()
                .map(String::as_str)
                .collect();
            let _ = write!(text, "\n    {} uses {}", step[0], items.join(", "));
        }
        text
    }
}

/// What one file names of the other modules of its layer.
fn uses(name: &str, file: &File, files: &BTreeMap<String, File>) -> Uses {
    let mut uses = Uses::new();
    for written in &file.written {
        let Some((home, item)) = home(file, &written.path, files, 0) else {
            continue;
        };
        if home != name && home.split("::").next() == Some(&file.module[0]) {
            uses.entry(home).or_default().insert(item);
        }
    }
    uses
}

/// The module in which the item of a path is at home, and the item; `None` for other crates' and local
/// names, and for a path that names a module only.
fn home(
    file: &File,
    path: &[String],
    files: &BTreeMap<String, File>,
    depth: usize,
) -> Option<(String, String)> {
    let full = absolute(file, path, files, depth)?;
    let known = (1..=full.len())
        .rev()
        .find(|&end| files.contains_key(&full[..end].join("::")))?;
    let (module, item) = full.split_at(known);
    let first = item.first()?;
    let module = module.join("::");
    let passed_on = files[&module]
        .written
        .iter()
        .find(|written| written.binds.as_ref() == Some(first));
    if let Some(written) = passed_on
        && depth < 8
    {
        let whole: Path = written.path.iter().chain(&item[1..]).cloned().collect();
        // A name that comes from another crate is still asked of the module that passes it on.
        if let Some(home) = home(&files[&module], &whole, files, depth + 1) {
            return Some(home);
        }
    }
    let item = format!("{module}::{first}");
    Some((module, item))
}

/// A path from the crate's root: written so, of a child, or by a name that a `use` binds.
fn absolute(
    file: &File,
    path: &[String],
    files: &BTreeMap<String, File>,
    depth: usize,
) -> Option<Path> {
    if let Some(full) = resolve(&file.module, path) {
        return Some(full);
    }
    let bound = file
        .written
        .iter()
        .find(|written| written.binds.as_ref() == Some(&path[0]) && written.path != path);
    if let Some(written) = bound {
        let whole: Path = written.path.iter().chain(&path[1..]).cloned().collect();
        return (depth < 8)
            .then(|| absolute(file, &whole, files, depth + 1))
            .flatten();
    }
    let inner = child(&file.module, &path[0]);
    files.contains_key(&inner).then(|| {
        let module = file.module.iter().cloned();
        module.chain(path.iter().cloned()).collect()
    })
}

fn child(module: &[String], name: &str) -> String {
    format!("{}::{name}", module.join("::"))
}

/// Tokens without what stands under `#[cfg(test)]`, and the names of the files declared there.
fn without_tests(tokens: &[String]) -> (Vec<String>, Vec<String>) {
    const MARK: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::with_capacity(tokens.len());
    let mut files = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let marked = tokens[at..].iter().take(MARK.len()).eq(MARK);
        if !marked {
            kept.push(tokens[at].clone());
            at += 1;
            continue;
        }
        let begin = at + MARK.len();
        at = end_of_item(tokens, begin);
        let declares = |pair: &[String]| pair[0] == "mod" && is_name(&pair[1]);
        if tokens[at - 1] == ";" {
            let found = tokens[begin..at].windows(2).find(|pair| declares(pair));
            files.extend(found.map(|pair| pair[1].clone()));
        }
    }
    (kept, files)
}

/// The place after the item that begins at `at`: after its `;` or its closing brace.
fn end_of_item(tokens: &[String], mut at: usize) -> usize {
    let mut depth = 0;
    while at < tokens.len() {
        match tokens[at].as_str() {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" => depth -= 1,
            "}" => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// What differs between the knots found and the modules known to be in one.
pub fn news(graph: &Graph, known: &[&str]) -> Vec<String> {
    let knots = graph.knots();
    let knotted = || knots.iter().flat_map(|knot| &knot.members);
    let mut news = Vec::new();
    for knot in &knots {
        let new: Vec<&str> = knot
            .members
            .iter()
            .map(String::as_str)
            .filter(|member| !known.contains(member))
            .collect();
        if !new.is_empty() {
            news.push(format!(
                "New in a cycle: {}. {}",
                new.join(", "),
                graph.tell(knot)
            ));
        }
    }
    for name in known {
        if !knotted().any(|member| member == name) {
            news.push(format!(
                "{name} is in no cycle any more: take it out of KNOWN"
            ));
        }
    }
    news
}
