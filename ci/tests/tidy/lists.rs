//! What stands in a folder is in its list, and what the documents name exists.

use crate::tree::{File, Tree};

/// A folder whose files each are one thing of a kind, and the list in which all of them stand.
struct List {
    folder: &'static str,
    file: &'static str,
    /// Names of the items of that file that make up the list.
    items: &'static [&'static str],
    /// Files that are no such thing, and what they are.
    others: &'static [(&'static str, &'static str)],
}

const LISTS: &[List] = &[
    List {
        folder: "sim/src/faults/",
        file: "sim/src/faults/mod.rs",
        items: &["FAULTS"],
        others: &[],
    },
    List {
        folder: "invariants/src/judges/",
        file: "invariants/src/judges/mod.rs",
        items: &["CATALOGUE", "catalogue"],
        others: &[],
    },
    List {
        folder: "invariants/src/progress/monitors/",
        file: "invariants/src/progress/mod.rs",
        items: &["MONITORS"],
        others: &[],
    },
    List {
        folder: "invariants/src/witness/",
        file: "invariants/src/witness/mod.rs",
        items: &["WITNESSES", "list"],
        others: &[],
    },
    List {
        folder: "sim/src/mutants/",
        file: "sim/src/mutants/mod.rs",
        items: &["MUTANTS"],
        others: &[],
    },
    List {
        folder: "sim/src/guests/",
        file: "sim/src/guests/mod.rs",
        items: &["add_to"],
        others: &[
            ("side_table", "payloads for guests whose logs carry none"),
            ("pump", "a little cluster for the guests' own tests"),
        ],
    },
    List {
        folder: "sim/src/schedule/",
        file: "sim/src/schedule/mod.rs",
        items: &["SCHEDULERS"],
        others: &[
            ("script", "replays; it does not search"),
            ("calm", "what follows when the search is over"),
            ("pick", "how schedulers choose one thing among many of a kind"),
            ("order", "in which order messages arrive"),
            ("config", "what a seed means"),
            ("given", "what a scheduler is given"),
            ("ranked", "the order in which messages of a higher rank arrive first"),
            ("trouble", "the faults of one run"),
            ("workload", "what clients ask for"),
        ],
    },
    List {
        folder: "sim/src/explain/minimize/",
        file: "sim/src/explain/minimize/mod.rs",
        items: &["PASSES"],
        others: &[("frame", "what the campaign allows a story")],
    },
    List {
        folder: "sim/src/cli/",
        file: "sim/src/cli/mod.rs",
        items: &["Command"],
        others: &[
            ("console", "both streams: the only place that prints"),
            ("duration", "times as people write them"),
            ("environment", "the one place that reads the environment"),
            ("error", "what can go wrong, and exit codes"),
            ("failing", "failing runs as people hand them in"),
            ("input", "seeds, files, folders and stdin as people hand them in"),
            ("interrupt", "signals"),
            ("known", "failures of which a run is kept, which do not fail"),
            ("layers", "flags that stand in the environment or in raft-sim.toml"),
            ("outcome", "whether a run did what it must"),
            ("outputs", "which formats go where"),
            ("progress", "how far a campaign is"),
            ("seed", "seeds as people write them"),
            ("settings", "the flags that change what a seed means"),
            ("shard", "which part of the work is ours, and how engines tell"),
            ("watchdog", "calls into a target that never come back"),
        ],
    },
];

/// Every file of a folder stands in the folder's list.
pub(crate) fn complete(tree: &Tree) -> Vec<String> {
    LISTS.iter().flat_map(|list| list.complaints(tree)).collect()
}

impl List {
    fn complaints(&self, tree: &Tree) -> Vec<String> {
        let List { folder, file, items, others } = self;
        let Some(listing) = tree.file(file) else { return vec![format!("{file} is not there")] };
        let entries: String = items.iter().map(|item| body(listing, item)).collect();
        if entries.is_empty() {
            return vec![format!("{file} has no `{}`", items.join("` and no `"))];
        }
        let mut complaints = Vec::new();
        for name in stems(tree, folder) {
            let other = others.iter().any(|(other, _)| *other == name);
            match (other, is_listed(&entries, name)) {
                (false, false) => complaints.push(format!(
                    "{folder}{name}: not in `{}` of {file}; list it, or say what else it is",
                    items[0]
                )),
                (true, true) => complaints.push(format!(
                    "{folder}{name}: it is in the list, so it is no exception to it"
                )),
                _ => {}
            }
        }
        let gone = others.iter().filter(|(other, _)| {
            let (file, folder) = (format!("{folder}{other}.rs"), format!("{folder}{other}/mod.rs"));
            tree.file(&file).is_none() && tree.file(&folder).is_none()
        });
        complaints.extend(gone.map(|(other, _)| format!("{folder}{other} is gone: no exception")));
        complaints
    }
}

/// Names of the modules in a folder, without the folder's own.
fn stems<'t>(tree: &'t Tree, folder: &str) -> Vec<&'t str> {
    let inside = tree.0.iter().filter_map(|file| file.path.strip_prefix(folder));
    let stems = inside.filter_map(|path| match path.split_once('/') {
        Some((module, "mod.rs")) => Some(module),
        Some(_) => None,
        None => path.strip_suffix(".rs"),
    });
    stems.filter(|stem| *stem != "mod" && *stem != "tests").collect()
}

/// The text of an item, from its declaration to the end of its block.
fn body(file: &File, item: &str) -> String {
    let declares = |line: &str| {
        ["const", "static", "fn", "enum"].iter().any(|keyword| {
            let declaration = format!("{keyword} {item}");
            let rest = line.split_once(&declaration).map(|(_, rest)| rest);
            rest.is_some_and(|rest| !rest.starts_with(|char: char| char.is_alphanumeric()))
        })
    };
    let mut text = String::new();
    for (_, line) in file.code().skip_while(|(_, line)| !declares(line)) {
        text.push_str(line);
        text.push('\n');
        let is_whole = line.ends_with(';') && !line.starts_with(' ');
        if line == "}" || is_whole {
            break;
        }
    }
    text
}

/// Whether a list names a module: `drop::FAULT`, or as a command's variant `Drop`.
fn is_listed(entries: &str, module: &str) -> bool {
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let variant: String = module.split('_').map(capital).collect();
    let words = entries.split(|char: char| !char.is_alphanumeric() && char != '_' && char != ':');
    let mut words = words.map(|word| word.trim_end_matches(':'));
    words.any(|word| word == variant || word.split("::").any(|part| part == module))
}

/// Paths that `ARCHITECTURE.md` names exist, and the lists of its table are where it says.
pub(crate) fn described(tree: &Tree) -> Vec<String> {
    let Some(file) = tree.file("ARCHITECTURE.md") else {
        return vec!["ARCHITECTURE.md is not there".to_owned()];
    };
    let mut complaints = Vec::new();
    for (position, line) in file.text.lines().enumerate() {
        let quoted: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
        let place = |what: &str| format!("ARCHITECTURE.md:{}: {what}", position + 1);
        for path in quoted.iter().filter(|word| is_path(word)) {
            if !tree.has(path) && !tree.has(&path.replace("<crate>", "*")) {
                complaints.push(place(&format!("`{path}` does not exist")));
            }
        }
        if let Some(&[item, path]) = list_named(line).as_deref()
            && let Some(file) = tree.file(path)
            && !file.text.contains(item.trim_end_matches("()"))
        {
            complaints.push(place(&format!("`{path}` has no `{item}`")));
        }
    }
    complaints
}

fn is_path(word: &str) -> bool {
    let folders = ["raft-core/", "invariants/", "sim/", "ci/", "seeds/"];
    folders.iter().any(|folder| word.starts_with(folder)) && !word.contains(' ')
}

/// The list and its file in the last cell of a row of the table "How to add".
fn list_named(line: &str) -> Option<Vec<&str>> {
    let cell = line.strip_prefix('|')?.trim_end().trim_end_matches('|').rsplit('|').next()?;
    Some(cell.split('`').skip(1).step_by(2).take(2).collect())
}

#[test]
fn a_planted_file_without_a_line_is_seen() {
    let list = List {
        folder: "faults/",
        file: "faults/mod.rs",
        items: &["FAULTS"],
        others: &[("draw", "no fault, but how they draw")],
    };
    let listing = "mod cut;\nmod draw;\npub const FAULTS: &[Fault] = &[\n    drop::FAULT,\n];\n";
    let check = |extra: &[(&str, &str)]| {
        let files = [&[("faults/mod.rs", listing), ("faults/drop.rs", "")], extra].concat();
        list.complaints(&Tree::planted(&files))
    };
    assert_eq!(check(&[("faults/draw.rs", "")]), Vec::<String>::new());
    let complaints = check(&[("faults/draw.rs", ""), ("faults/cut.rs", "")]);
    let wanted = "faults/cut: not in `FAULTS` of faults/mod.rs; list it, or say what else it is";
    assert_eq!(complaints, [wanted]);
    assert_eq!(check(&[]), ["faults/draw is gone: no exception"]);
}

#[test]
fn modules_are_found_in_every_kind_of_list() {
    let file = |text: &str| File { path: "mod.rs".to_owned(), text: text.to_owned() };
    let statics =
        file("static CATALOGUE: &[&Invariant] = &[\n    &judges::no_panic::INVARIANT,\n];\n");
    assert!(is_listed(&body(&statics, "CATALOGUE"), "no_panic"));
    let function = file(
        "fn add_to(t: &mut T) {\n    t.add::<article::Article>();\n}\nfn x() { raftbare::y() }\n",
    );
    assert!(is_listed(&body(&function, "add_to"), "article"));
    assert!(!is_listed(&body(&function, "add_to"), "raftbare"));
    let variants = file("enum Command {\n    Fuzz(FuzzArgs),\n}\n");
    assert!(is_listed(&body(&variants, "Command"), "fuzz"));
    assert!(!is_listed(&body(&variants, "Command"), "replay"));
    assert_eq!(body(&variants, "Commands"), "");
}

#[test]
fn planted_names_of_nothing_are_seen() {
    let check = |line: &str| {
        let files = [("ARCHITECTURE.md", line), ("sim/src/faults/mod.rs", "const FAULTS")];
        described(&Tree::planted(&files)).len()
    };
    assert_eq!(check("Read `sim/src/faults/mod.rs`."), 0);
    assert_eq!(check("Read `sim/src/fault.rs`."), 1);
    assert_eq!(check("| fault | `sim/src/faults/` | `FAULTS` in `sim/src/faults/mod.rs` |"), 0);
    assert_eq!(check("| fault | `sim/src/faults/` | `FAULT_LIST` in `sim/src/faults/mod.rs` |"), 1);
}
