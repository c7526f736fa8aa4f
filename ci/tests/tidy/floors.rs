//! The floors of `sim/src`: who may know whom, and that no two files know each other in a circle.
//!
//! The table is that of `ARCHITECTURE.md`. A file may use what stands in the door of its own folder
//! (`mod.rs` has the trait and the list, the files beside it are what is listed), so an arrow from
//! a file to the door before it closes no circle; every other arrow does.

use std::collections::{BTreeMap, BTreeSet};

use crate::tree::{File, Tree};

const ROOT: &str = "sim/src/";

/// A floor, and the floors that it may know beside itself.
struct Floor {
    name: &'static str,
    knows: &'static [&'static str],
}

const fn floor(name: &'static str, knows: &'static [&'static str]) -> Floor {
    Floor { name, knows }
}

const FLOORS: &[Floor] = &[
    floor("node", &[]),
    floor("language", &["node"]),
    floor("draws", &["language"]),
    floor("world", &["node", "language"]),
    floor("faults", &["node", "language", "draws", "world"]),
    floor("schedule", &["node", "language", "draws", "world", "faults"]),
    floor("run", &["node", "language", "draws", "world", "faults", "schedule"]),
    floor("search", &["node", "language", "draws", "world", "faults", "schedule", "run"]),
    floor(
        "explain",
        &["node", "language", "draws", "world", "faults", "schedule", "run", "search"],
    ),
    floor(
        "report",
        &["node", "language", "draws", "world", "faults", "schedule", "run", "search", "explain"],
    ),
    floor("guests", &["node", "language", "search", "mutants"]),
    floor("mutants", &["node", "language", "guests"]),
    floor("testing", &["node", "language", "schedule", "run", "search", "explain", "report"]),
    floor(
        "cli",
        &[
            "node", "language", "draws", "world", "faults", "schedule", "run", "search", "explain",
            "report", "guests", "mutants",
        ],
    ),
    floor("main", &["cli"]),
];

/// Most names that a reader meets at the top.
const NAMES_MAX: usize = 16;

/// No floor knows one that it must not know.
pub(crate) fn order(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for (from, to) in arrows(tree).into_iter().filter(|(from, _)| from != "lib.rs") {
        let (floor, known) = (floor_of(&from), floor_of(&to));
        let may = |row: &Floor| row.name == floor && row.knows.contains(&known);
        if floor != known && !FLOORS.iter().any(may) {
            complaints.push(format!("{ROOT}{from} knows {to}: `{floor}` may not know `{known}`"));
        }
    }
    complaints
}

/// No file knows one that knows it, however many others are between them.
pub(crate) fn circles(tree: &Tree) -> Vec<String> {
    let mut known: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (from, to) in arrows(tree) {
        if !is_door_before(&to, &from) {
            known.entry(from).or_default().insert(to);
        }
    }
    let mut complaints = Vec::new();
    while let Some(circle) = circle(&known) {
        complaints.push(format!("{ROOT}: a circle of files: {}", circle.join(" -> ")));
        // The next one is another one.
        known.get_mut(&circle[0]).expect("it knows the next").remove(&circle[1]);
    }
    complaints
}

/// Nobody meets too many names at once.
pub(crate) fn names_at_the_top(tree: &Tree) -> Vec<String> {
    let paths = tree.0.iter().filter_map(|file| file.path.strip_prefix(ROOT));
    let names: BTreeSet<&str> = paths.filter_map(|path| path.split('/').next()).collect();
    if names.len() <= NAMES_MAX {
        return Vec::new();
    }
    vec![format!("{ROOT} has {} names; {NAMES_MAX} is what a reader takes in", names.len())]
}

/// The first circle there is, its first file once more at the end.
fn circle(known: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    known.keys().find_map(|file| follow(file, known, &mut Vec::new(), &mut done))
}

fn follow(
    file: &str,
    known: &BTreeMap<String, BTreeSet<String>>,
    path: &mut Vec<String>,
    done: &mut BTreeSet<String>,
) -> Option<Vec<String>> {
    if let Some(start) = path.iter().position(|before| before == file) {
        return Some([&path[start..], &[file.to_owned()]].concat());
    }
    if done.contains(file) {
        return None;
    }
    path.push(file.to_owned());
    let found =
        known.get(file).into_iter().flatten().find_map(|next| follow(next, known, path, done));
    path.pop();
    done.insert(file.to_owned());
    found
}

/// Whether `door` is the `mod.rs` of a folder that `file` lies in.
fn is_door_before(door: &str, file: &str) -> bool {
    door == "lib.rs" || door.strip_suffix("mod.rs").is_some_and(|folder| file.starts_with(folder))
}

fn floor_of(path: &str) -> &str {
    let name = path.split('/').next().unwrap_or(path);
    name.strip_suffix(".rs").unwrap_or(name)
}

/// Which file uses which other one, as paths below `sim/src/`; both named once for each pair.
fn arrows(tree: &Tree) -> BTreeSet<(String, String)> {
    let files: Vec<&File> =
        tree.with_extension("rs").filter(|file| file.path.starts_with(ROOT)).collect();
    let paths: BTreeSet<&str> = files.iter().map(|file| &file.path[ROOT.len()..]).collect();
    let mut arrows = BTreeSet::new();
    for file in &files {
        let from = &file.path[ROOT.len()..];
        let code: Vec<&str> = file.code().map(|(_, line)| line).collect();
        for name in names(&code.join("\n"), &module_of(from)) {
            if let Some(to) = file_of(&name, &paths).filter(|to| to != from) {
                arrows.insert((from.to_owned(), to));
            }
        }
    }
    arrows
}

/// The module that a file is: `search/campaign/mod.rs` is `search`, `campaign`.
fn module_of(path: &str) -> Vec<String> {
    let path = path.strip_suffix(".rs").unwrap_or(path);
    let path = path.strip_suffix("/mod").unwrap_or(path);
    if matches!(path, "lib" | "main") { Vec::new() } else { words(path, "/") }
}

/// The file that the longest beginning of a path names, if any does.
fn file_of(name: &[String], paths: &BTreeSet<&str>) -> Option<String> {
    (1..=name.len()).rev().find_map(|length| {
        let stem = name[..length].join("/");
        [format!("{stem}.rs"), format!("{stem}/mod.rs")]
            .into_iter()
            .find(|path| paths.contains(path.as_str()))
    })
}

/// Paths of the crate that the code names: those of `use`, spread out, and those on the spot. A
/// `mod x;` names a file too.
fn names(code: &str, module: &[String]) -> Vec<Vec<String>> {
    let mut names = Vec::new();
    for (start, _) in code.match_indices("crate::").chain(code.match_indices("super::")) {
        let before = code[..start].chars().next_back();
        if !before.is_some_and(|char| char.is_alphanumeric() || char == '_' || char == ':') {
            spread(&code[start..], &mut Vec::new(), module, &mut names);
        }
    }
    for line in code.lines() {
        let declared = line.trim().strip_suffix(';').and_then(|line| line.rsplit_once("mod "));
        if let Some((_, child)) = declared {
            names.push([module, &[child.to_owned()]].concat());
        }
    }
    names
}

/// Reads one path, with all that stands in braces behind it; gives back how far it reaches.
fn spread(
    code: &str,
    before: &mut Vec<String>,
    module: &[String],
    names: &mut Vec<Vec<String>>,
) -> usize {
    let depth = before.len();
    let mut at = 0;
    loop {
        let rest = &code[at..];
        if rest.starts_with('{') {
            at += 1;
            loop {
                at += skip(&code[at..], |char| char.is_whitespace() || char == ',');
                if code[at..].starts_with('}') || code[at..].is_empty() {
                    break;
                }
                let step = spread(&code[at..], before, module, names);
                if step == 0 {
                    break;
                }
                at += step;
            }
            before.truncate(depth);
            return (at + 1).min(code.len());
        }
        let length = skip(rest, |char| char.is_alphanumeric() || char == '_' || char == '*');
        if length == 0 {
            break;
        }
        before.push(rest[..length].to_owned());
        at += length;
        if !code[at..].starts_with("::") {
            break;
        }
        at += 2;
    }
    names.push(absolute(before, module));
    before.truncate(depth);
    at
}

/// Bytes at the beginning for which this holds.
fn skip(text: &str, holds: impl Fn(char) -> bool) -> usize {
    text.find(|char| !holds(char)).unwrap_or(text.len())
}

/// A path from the root of the crate.
fn absolute(path: &[String], module: &[String]) -> Vec<String> {
    let ups = path.iter().take_while(|word| *word == "super").count();
    let base = if path.first().is_some_and(|word| word == "crate") {
        return path[1..].to_vec();
    } else {
        &module[..module.len().saturating_sub(ups)]
    };
    [base, &path[ups..]].concat()
}

fn words(text: &str, between: &str) -> Vec<String> {
    text.split(between).map(str::to_owned).collect()
}

#[test]
fn a_planted_circle_is_seen() {
    let check = |files: &[(&str, &str)]| circles(&Tree::planted(files)).len();
    let a = ("sim/src/run/a.rs", "use super::b::B;");
    assert_eq!(check(&[a, ("sim/src/run/b.rs", "")]), 0);
    assert_eq!(check(&[a, ("sim/src/run/b.rs", "use crate::run::{a::A};")]), 1);
    assert_eq!(check(&[a, ("sim/src/run/b.rs", "fn f(a: super::a::A) {}")]), 1);
    assert_eq!(check(&[a, ("sim/src/run/b.rs", "// use super::a::A;")]), 0);
    let b = ("sim/src/run/b.rs", "use crate::run::c;");
    assert_eq!(check(&[a, b, ("sim/src/run/c.rs", "use super::{\n    a::{A, C},\n    d,\n};")]), 1);
}

#[test]
fn the_door_of_a_folder_closes_no_circle_but_another_door_does() {
    let check = |files: &[(&str, &str)]| circles(&Tree::planted(files)).len();
    let door = ("sim/src/faults/mod.rs", "mod drop;\npub const FAULTS: &[Fault] = &[drop::FAULT];");
    assert_eq!(check(&[door, ("sim/src/faults/drop.rs", "use super::Fault;")]), 0);
    let other = ("sim/src/run/mod.rs", "use crate::faults::FAULTS;");
    assert_eq!(check(&[door, other, ("sim/src/faults/drop.rs", "use crate::run::Run;")]), 1);
}

#[test]
fn a_floor_that_knows_what_it_must_not_is_seen() {
    let check = |path: &str, code: &str| {
        let files =
            ["report/mod.rs", "world/mod.rs", "node/mod.rs"].map(|file| format!("{ROOT}{file}"));
        let mut planted: Vec<(&str, &str)> = files.iter().map(|file| (&**file, "")).collect();
        planted.push((path, code));
        order(&Tree::planted(&planted)).len()
    };
    assert_eq!(check("sim/src/world/disk.rs", "use crate::node::{Disk, Node};"), 0);
    assert_eq!(check("sim/src/world/disk.rs", "use crate::report::Report;"), 1);
    assert_eq!(check("sim/src/world/disk.rs", "fn f() -> crate::report::Report {}"), 1);
    assert_eq!(check("sim/src/world/disk.rs", "//! Not even [`crate::report`]."), 0);
    assert_eq!(check("sim/src/report/words.rs", "use crate::world::World;"), 0);
    assert_eq!(check("sim/src/attic.rs", "use crate::world::World;"), 1);
}
