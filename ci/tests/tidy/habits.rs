//! Habits of writing that a machine can see.

use crate::tree::{File, Tree};

/// Lines that fit into a reader's head.
const LINES_MAX: usize = 400;

/// Longer files, and why they are one thing.
const LONG: &[(&str, &str)] = &[(
    "invariants/src/fact.rs",
    "the vocabulary: half of it is documentation, and it is read as one",
)];

/// Written in two halves, so that this file keeps its own rule.
const UNFINISHED: &[&str] = &[
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("unimple", "mented!"),
    concat!("to", "do!("),
    concat!("#[ig", "nore"),
];
const MACHINE_PATHS: &[&str] =
    &[concat!("/wo", "rk/"), concat!("/t", "mp/"), concat!("/ho", "me/")];

/// Every file of code begins with a head comment: what it is.
pub(crate) fn head_comments(tree: &Tree) -> Vec<String> {
    let begins = [("rs", "//! "), ("js", "// "), ("mjs", "// "), ("css", "/* ")];
    let headless = begins.into_iter().flat_map(|(extension, begin)| {
        let files = tree.with_extension(extension);
        files.filter(move |file| !file.text.starts_with(begin)).map(move |file| (file, begin))
    });
    headless
        .map(|(file, begin)| format!("{}: begin with `{begin}` and what this is", file.path))
        .collect()
}

/// No file promises to be finished later.
pub(crate) fn nothing_unfinished(tree: &Tree) -> Vec<String> {
    mentions(tree, UNFINISHED, "finish it, or say in words what is not done and why")
}

/// No file names a place that only one machine has.
pub(crate) fn no_machine_paths(tree: &Tree) -> Vec<String> {
    mentions(tree, MACHINE_PATHS, "a path of one machine means nothing on another")
}

fn mentions(tree: &Tree, words: &[&str], why: &str) -> Vec<String> {
    let mut complaints = Vec::new();
    for File { path, text } in &tree.0 {
        for (position, line) in text.lines().enumerate() {
            for word in words.iter().filter(|word| line.contains(**word)) {
                complaints.push(format!("{path}:{}: `{word}`: {why}", position + 1));
            }
        }
    }
    complaints
}

/// A document has one title, its first line.
pub(crate) fn one_title(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in tree.with_extension("md") {
        let mut inside = false;
        let titles = file.text.lines().filter(|line| {
            inside ^= line.trim_start().starts_with("```");
            !inside && line.starts_with("# ")
        });
        let count = titles.count();
        if count != 1 {
            complaints.push(format!("{}: {count} lines begin with `# `, not one", file.path));
        }
    }
    complaints
}

/// No file is too long to be read, but for those that have a reason.
pub(crate) fn short_files(tree: &Tree) -> Vec<String> {
    let written = ["rs", "md", "toml", "txt", "yml", "js", "mjs", "css"];
    let files = written.iter().flat_map(|extension| tree.with_extension(extension));
    let mut complaints = Vec::new();
    for File { path, text } in files {
        let (lines, excepted) = (text.lines().count(), LONG.iter().any(|(long, _)| long == path));
        if LINES_MAX < lines && !excepted {
            complaints.push(format!("{path}: {lines} lines; split it, or say why it is one thing"));
        }
        if lines <= LINES_MAX && excepted {
            complaints.push(format!("{path}: {lines} lines: it needs no exception any more"));
        }
    }
    complaints
}

#[test]
fn a_planted_headless_file_is_seen() {
    let check = |text: &str| head_comments(&Tree::planted(&[("a.rs", text)])).len();
    assert_eq!(check("//! What it is.\n"), 0);
    assert_eq!(check("// What it is.\n"), 1);
    assert_eq!(check("use std::fmt;\n"), 1);
    let check = |path: &str, text: &str| head_comments(&Tree::planted(&[(path, text)])).len();
    assert_eq!(check("a.js", "// What it is.\n"), 0);
    assert_eq!(check("a.js", "import './b.js';\n"), 1);
    assert_eq!(check("a.css", "/* What it is. */\n"), 0);
    assert_eq!(check("a.css", "body {}\n"), 1);
}

#[test]
fn planted_promises_are_seen() {
    for word in UNFINISHED {
        let text = format!("//! Fine.\n// {word}\n");
        let complaints = nothing_unfinished(&Tree::planted(&[("a.rs", &text)]));
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].starts_with("a.rs:2: "), "{complaints:?}");
    }
}

#[test]
fn planted_paths_are_seen() {
    for path in MACHINE_PATHS {
        let text = format!("see {path}x");
        assert_eq!(no_machine_paths(&Tree::planted(&[("a.md", &text)])).len(), 1);
    }
    assert_eq!(no_machine_paths(&Tree::planted(&[("a.md", "see target/raft-sim")])).len(), 0);
}

#[test]
fn planted_titles_are_seen() {
    let check = |text: &str| one_title(&Tree::planted(&[("a.md", text)])).len();
    assert_eq!(check("# One\n\n## Two\n\n```\n# a comment\n```\n"), 0);
    assert_eq!(check("# One\n# Two\n"), 1);
    assert_eq!(check("no title\n"), 1);
}

#[test]
fn a_planted_long_file_is_seen_and_so_is_a_needless_exception() {
    let check = |path: &str, lines| short_files(&Tree::planted(&[(path, &"x\n".repeat(lines))]));
    assert_eq!(check("a.rs", LINES_MAX).len(), 0);
    assert_eq!(check("a.rs", LINES_MAX + 1).len(), 1);
    assert_eq!(check(LONG[0].0, LINES_MAX + 1).len(), 0);
    assert_eq!(check(LONG[0].0, LINES_MAX).len(), 1);
}
