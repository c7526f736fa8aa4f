//! Promises of the language: nothing is lost between print and parse, and no input, however
//! broken, is worse than an error that names its line.

use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use raft_sim::language::action::Action;
use raft_sim::language::file_error::FileError;
use raft_sim::language::repro::{Expect, Found, Repro, Verdict};
use raft_sim::language::script::{Cluster, DiskMode, Script};
use raft_sim::language::strategy::{scripts, wild_actions};
use raft_sim::node::{Kind, Limits, NODES_MAX, NodeId, NodeSet};
use std::path::Path;

const KINDS: &[Kind] = &[
    Kind::new("RequestVote"),
    Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    Kind::new("AppendEntries").with_outcomes("entries", "heartbeat"),
    Kind::new("AppendEntriesReply").with_outcomes("success", "failure"),
];

fn parse_repro(text: &str) -> Result<Repro, FileError> {
    Repro::parse(text, Path::new("seeds/known/a.json"), |_| Ok(KINDS))
}

fn parse_script(text: &str) -> Result<Script, FileError> {
    Script::parse(text, Path::new("a.txt"), KINDS)
}

/// Every script there is.
fn any_script() -> impl Strategy<Value = Script> {
    let limits =
        (1..=u16::MAX, 1..=u16::MAX).prop_map(|(batch_entries_max, window_messages_max)| Limits {
            batch_entries_max,
            window_messages_max,
        });
    let disk = prop_oneof![Just(DiskMode::Instant), Just(DiskMode::Queued)];
    let calm = option::of((NODES_MAX / 2 + 1..=NODES_MAX).prop_map(NodeSet::first));
    let parts = (vec(wild_actions(KINDS), 0..20), limits, disk, calm);
    parts.prop_map(|(mut actions, limits, disk, calm)| {
        actions.retain(|action| disk == DiskMode::Queued || !matches!(action, Action::Sync(_)));
        Script { cluster: Cluster { nodes: NODES_MAX as u8, limits, disk }, actions, calm }
    })
}

/// Every file there is: with any text where text may stand.
fn any_repro() -> impl Strategy<Value = Repro> {
    let text = any::<String>;
    let maybe = || option::of(any::<String>());
    let expect =
        (any::<bool>(), text(), maybe(), option::of(any::<u32>()), option::of(any::<u64>()))
            .prop_map(|(pass, invariant, place, actions, hash)| Expect {
                outcome: if pass { Verdict::Pass } else { Verdict::Violation },
                invariant: if pass && invariant.is_empty() { None } else { Some(invariant) },
                place,
                actions,
                hash,
            });
    let found = (any::<u64>(), text(), text(), maybe(), maybe()).prop_map(
        |(seed, scheduler, version, target, settings)| Found {
            seed,
            scheduler,
            version,
            target,
            settings,
        },
    );
    let head = (maybe(), maybe(), text(), expect, option::of(found), option::of(any::<bool>()));
    (head, any_script(), btree_map(0usize..20, text(), 0..4)).prop_map(|(head, script, mut why)| {
        let (title, issue, target, expect, found, one_minimal) = head;
        why.retain(|position, _| *position < script.actions.len());
        Repro { title, issue, target, expect, found, one_minimal, script, why }
    })
}

/// What can happen to a file on its way.
#[derive(Clone, Debug)]
enum Mutation {
    Truncate(usize),
    Flip { at: usize, bit: u8 },
    DeleteLine(usize),
    SwapLines(usize, usize),
    Insert { at: usize, text: String },
}

fn any_mutation() -> impl Strategy<Value = Mutation> {
    let at = any::<usize>;
    prop_oneof![
        at().prop_map(Mutation::Truncate),
        (at(), 0u8..8).prop_map(|(at, bit)| Mutation::Flip { at, bit }),
        at().prop_map(Mutation::DeleteLine),
        (at(), at()).prop_map(|(a, b)| Mutation::SwapLines(a, b)),
        (at(), ".{1,3}").prop_map(|(at, text)| Mutation::Insert { at, text }),
    ]
}

impl Mutation {
    fn apply(&self, text: &str) -> Vec<u8> {
        let mut bytes = text.as_bytes().to_vec();
        let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
        let (len, count) = (bytes.len(), lines.len());
        match self {
            Mutation::Truncate(at) => bytes.truncate(at % len),
            Mutation::Flip { at, bit } => bytes[at % len] ^= 1 << bit,
            Mutation::Insert { at, text } => {
                bytes.splice(at % len..at % len, text.bytes());
            }
            Mutation::DeleteLine(at) => {
                lines.remove(at % count);
                bytes = lines.concat().into_bytes();
            }
            Mutation::SwapLines(a, b) => {
                lines.swap(a % count, b % count);
                bytes = lines.concat().into_bytes();
            }
        }
        bytes
    }
}

/// An error leads to a line of the file and can be shown; what parses has a stable form.
fn check<T>(
    bytes: &[u8],
    parse: fn(&str) -> Result<T, FileError>,
    print: fn(&T) -> String,
) -> Result<(), TestCaseError> {
    match FileError::utf8(Path::new("a"), bytes).and_then(parse) {
        Ok(value) => {
            let printed = print(&value);
            let again = parse(&printed);
            prop_assert!(again.is_ok(), "what was printed parses");
            prop_assert_eq!(again.as_ref().map(print).ok(), Some(printed));
        }
        Err(error) => {
            let text = String::from_utf8_lossy(bytes);
            prop_assert!(1 <= error.line, "lines count from 1");
            prop_assert!(error.line <= text.split('\n').count(), "the line is in the file");
            let shown = error.to_string();
            prop_assert!(shown.contains(&format!(":{}", error.line)), "the line is shown");
            prop_assert!(
                shown.chars().all(|char| char == '\n' || !char.is_control()),
                "a terminal survives it: {shown:?}"
            );
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn an_action_comes_back_from_its_line(action in wild_actions(KINDS)) {
        let line = action.to_string();
        prop_assert!(line.starts_with(action.verb()));
        prop_assert_eq!(Action::parse(&line, KINDS), Ok(action));
    }

    #[test]
    fn renaming_there_and_back_changes_nothing(action in wild_actions(KINDS), swap in (0usize..9, 0usize..9)) {
        let mut names = std::array::from_fn(NodeId::at);
        names.swap(swap.0, swap.1);
        let renamed = action.renamed(&names);
        prop_assert_eq!(renamed.renamed(&names), action);
        prop_assert_eq!(renamed.nodes().len(), action.nodes().len());
    }

    #[test]
    fn a_script_comes_back_from_its_text(script in any_script()) {
        prop_assert_eq!(parse_script(&script.to_string()), Ok(script));
    }

    #[test]
    fn a_repro_comes_back_from_its_file(repro in any_repro()) {
        let text = repro.to_text();
        let again = parse_repro(&text);
        prop_assert_eq!(again.as_ref().map(Repro::to_text), Ok(text));
        prop_assert_eq!(again, Ok(repro));
    }

    #[test]
    fn a_file_has_one_action_a_line(repro in any_repro()) {
        let text = repro.to_text();
        let before = text.lines().position(|line| line.starts_with("  \"actions\": ["));
        let count = repro.script.steps();
        let after = if count == 0 { 2 } else { 3 };
        prop_assert_eq!(before.map(|line| line + count + after), Some(text.lines().count()));
    }

    #[test]
    fn any_line_is_an_action_or_an_error_within_it(line in any::<String>()) {
        if let Err(error) = Action::parse(&line, KINDS) {
            prop_assert!((1..=line.chars().count() + 1).contains(&error.column));
        }
    }

    #[test]
    fn any_words_are_an_action_or_an_error_within_it(
        words in vec(prop_oneof![
            wild_actions(KINDS).prop_map(|action| action.verb().to_owned()),
            "n[0-9]{0,2}(->n[0-9])?",
            "[{}#=%+-]|keep|granted|RequestVote(Reply)?",
            "[a-z]?=?[+-]?[0-9]{0,11}(ms|%)?",
            "#[0-9a-f]{7,9}",
        ], 0..7)
    ) {
        let line = words.join(" ");
        match Action::parse(&line, KINDS) {
            Ok(action) => prop_assert_eq!(Action::parse(&action.to_string(), KINDS), Ok(action)),
            Err(error) => prop_assert!((1..=line.chars().count() + 1).contains(&error.column)),
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in vec(any::<u8>(), 0..200)) {
        check(&bytes, parse_repro, Repro::to_text)?;
        check(&bytes, parse_script, Script::to_string)?;
    }

    #[test]
    fn a_damaged_file_is_read_or_refused_with_a_line(
        repro in any_repro(),
        mutations in vec(any_mutation(), 1..3),
    ) {
        let mut text = repro.to_text();
        for mutation in mutations {
            let bytes = mutation.apply(&text);
            check(&bytes, parse_repro, Repro::to_text)?;
            match String::from_utf8(bytes) {
                Ok(damaged) if !damaged.is_empty() => text = damaged,
                _ => break,
            }
        }
    }

    #[test]
    fn a_damaged_script_is_read_or_refused_with_a_line(
        script in scripts(KINDS, 1..=5),
        mutation in any_mutation(),
    ) {
        check(&mutation.apply(&script.to_string()), parse_script, Script::to_string)?;
    }
}

/// Every single place where a file can be cut, and every line that can be missing.
#[test]
fn no_cut_goes_unnoticed() {
    let text = r#"{
  "format": "raft-sim-repro/1",
  "title": "Größer",
  "target": "raft-core",
  "expect": {"outcome": "violation", "invariant": "ElectionSafety"},
  "cluster": {"nodes": 3, "batch_entries_max": 1, "window_messages_max": 1, "disk": "queued"},
  "actions": [
    "timeout n1",
    {"do": "crash n1 keep 1", "why": "the vote survives"}
  ]
}
"#;
    assert_eq!(parse_repro(text).map(|repro| repro.to_text()), Ok(text.to_owned()));
    let end = text.trim_end().len();
    for cut in 0..end {
        let bytes = &text.as_bytes()[..cut];
        let error = FileError::utf8(Path::new("a"), bytes).and_then(parse_repro);
        let error = error.expect_err("a file without its end is refused");
        let lines = bytes.split(|byte| *byte == b'\n').count();
        assert!((1..=lines).contains(&error.line), "cut at {cut}: {error}");
    }
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for missing in 0..lines.len() {
        let mut rest = lines.clone();
        rest.remove(missing);
        let result = parse_repro(&rest.concat());
        // A title may be absent, and so may the first of two actions.
        assert_eq!(result.is_ok(), [2, 7].contains(&missing), "without line {}", missing + 1);
    }
}
