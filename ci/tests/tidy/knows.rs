//! Who may know whom: the code map of `ARCHITECTURE.md` as a table.

use crate::tree::{File, Tree};

/// Crates that everything else stands on, and that stand on nothing.
const INDEPENDENT: &[&str] = &["raft-core/Cargo.toml", "invariants/Cargo.toml"];

/// A word of the code, and the only places in which it may stand.
struct Word {
    text: &'static str,
    places: &'static [&'static str],
    why: &'static str,
}

const WORDS: &[Word] = &[
    Word {
        text: "crate::cli",
        places: &["sim/src/cli/", "sim/src/main.rs", "sim/src/testing.rs"],
        why: "nobody knows the command line",
    },
    Word {
        text: "serde_json",
        places: &["sim/src/language/repro/", "sim/src/report/", "sim/src/cli/"],
        why: "only files and reports know JSON",
    },
    Word { text: "println!", places: &["sim/src/cli/"], why: "only the command line prints" },
    Word { text: "print!", places: &["sim/src/cli/"], why: "only the command line prints" },
    Word { text: "eprintln!", places: &["sim/src/cli/"], why: "only the command line prints" },
    Word { text: "eprint!", places: &["sim/src/cli/"], why: "only the command line prints" },
    Word { text: "clap", places: &["sim/src/cli/"], why: "options are the command line's" },
    Word { text: "indicatif", places: &["sim/src/cli/"], why: "only the command line prints" },
    Word {
        text: "rand_chacha",
        places: &["sim/src/draws.rs"],
        why: "there is one source of chance",
    },
    Word {
        text: "crate::guests",
        places: &["sim/src/guests/", "sim/src/mutants/", "sim/src/cli/", "sim/src/testing.rs"],
        why: "the harness knows the port and no guest",
    },
    Word {
        text: "crate::mutants",
        places: &["sim/src/guests/", "sim/src/mutants/", "sim/src/cli/", "sim/src/testing.rs"],
        why: "the harness knows the port and no planted bug",
    },
    Word {
        text: "raft_core",
        places: &["raft-core/", "sim/src/guests/", "sim/src/mutants/"],
        why: "judges and harness know no Raft, not even ours",
    },
    Word {
        text: "N::boot",
        places: &["sim/src/world/guest.rs", "sim/src/guests/pump.rs"],
        why: "calls into a guest are made where panics are caught",
    },
    Word {
        text: "N::kinds",
        places: &["sim/src/world/guest.rs", "sim/src/guests/pump.rs"],
        why: "calls into a guest are made where panics are caught",
    },
    Word {
        text: "N::label",
        places: &["sim/src/world/guest.rs", "sim/src/guests/pump.rs"],
        why: "calls into a guest are made where panics are caught",
    },
    Word {
        text: "raft_sim",
        places: &["sim/"],
        why: "the protocol and its judges do not know that they are simulated",
    },
];

/// `raft-core` and the judges depend on nothing; dependencies of their tests are no matter.
pub(crate) fn no_dependencies(tree: &Tree) -> Vec<String> {
    let manifests = INDEPENDENT.iter().filter_map(|path| tree.file(path));
    let has = |file: &&File| {
        let sections = file.text.lines().map(str::trim).filter(|line| line.starts_with('['));
        let mut names = sections.map(|line| line.trim_matches(['[', ']']));
        names.any(|name| {
            let last = name.rsplit('.').next().unwrap_or(name);
            [name, last].contains(&"dependencies") || name.starts_with("dependencies.")
        })
    };
    let complain = |file: &File| format!("{}: this crate depends on nothing", file.path);
    manifests.filter(has).map(complain).collect()
}

/// No word stands where it may not.
pub(crate) fn words(tree: &Tree) -> Vec<String> {
    let mut complaints = Vec::new();
    for file in tree.with_extension("rs").filter(|file| is_source(&file.path)) {
        for (number, line) in file.code() {
            for Word { text, places, why } in WORDS {
                let allowed = places.iter().any(|place| file.path.starts_with(place));
                if !allowed && has_word(line, text) {
                    complaints.push(format!("{}:{number}: `{text}`: {why}", file.path));
                }
            }
        }
    }
    complaints
}

/// Whether the file is part of a library or a guest's adapter, and not of a test or tool.
fn is_source(path: &str) -> bool {
    ["raft-core/src/", "invariants/src/", "sim/src/"].iter().any(|place| path.starts_with(place))
        || (path.starts_with("sim/guests/") && path.contains("/src/"))
}

/// Whether the word stands there on its own: `println!` is not a `print!`.
fn has_word(line: &str, word: &str) -> bool {
    let is_name = |char: char| char.is_alphanumeric() || char == '_';
    line.match_indices(word).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + word.len()..].chars().next();
        let ends = word.ends_with('!') || !after.is_some_and(is_name);
        ends && !before.is_some_and(is_name)
    })
}

#[test]
fn a_planted_dependency_is_seen() {
    let check = |section: &str| {
        let text = format!("[package]\nname = \"raft-core\"\n\n{section}\nserde = \"1\"\n");
        no_dependencies(&Tree::planted(&[("raft-core/Cargo.toml", &text)])).len()
    };
    assert_eq!(check("[dependencies]"), 1);
    assert_eq!(check("[dependencies.serde]"), 1);
    assert_eq!(check("[target.'cfg(unix)'.dependencies]"), 1);
    assert_eq!(check("[dev-dependencies]"), 0);
}

#[test]
fn a_planted_acquaintance_is_seen() {
    let check = |path: &str, line: &str| words(&Tree::planted(&[(path, line)])).len();
    assert_eq!(check("sim/src/world/mod.rs", "use crate::guests::article::Article;"), 1);
    assert_eq!(check("sim/src/search/campaign/mod.rs", "use crate::cli::Args;"), 1);
    assert_eq!(check("sim/src/cli/fuzz.rs", "use crate::cli::Args;"), 0);
    assert_eq!(check("sim/src/world/mod.rs", "    println!(\"here\");"), 1);
    assert_eq!(check("sim/src/world/mod.rs", "    // println!(\"here\");"), 0);
    assert_eq!(check("sim/src/world/carry.rs", "let label = N::label(&message);"), 1);
    assert_eq!(check("sim/src/world/guest.rs", "catch(|| N::label(message))"), 0);
    assert_eq!(check("sim/src/draws.rs", "use rand_chacha::ChaCha8Rng;"), 0);
    assert_eq!(check("sim/src/schedule/walk.rs", "use rand_chacha::ChaCha8Rng;"), 1);
    assert_eq!(check("invariants/src/fact.rs", "use raft_core::types::Term;"), 1);
    assert_eq!(check("invariants/src/fact.rs", "//! Not even `raft_core`."), 0);
    assert_eq!(check("sim/tests/language.rs", "println!()"), 0);
}
