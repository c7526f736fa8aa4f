//! Files that somebody has edited, badly: kept runs with bytes, words and lines changed, and what
//! parses is run and told. Nothing panics, hangs, or takes much memory.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::TestRunner;
use raft_invariants::Selection;
use raft_sim::explain::why::remarks::Remarks;
use raft_sim::guests;
use raft_sim::language::file_error::FileError;
use raft_sim::language::repro::Repro;
use raft_sim::language::script::Script;
use raft_sim::report::diagram::diagram;
use raft_sim::report::look::Look;
use raft_sim::report::story::{Detail, story};
use raft_sim::run::Replay;
use raft_sim::search::campaign::clock::ThreadStopwatch;
use raft_sim::search::target::{Target, Targets};

/// Files that are tried.
const CASES: u32 = 10_000;
/// Bytes of a file that edits may make it grow to.
const BYTES_MAX: usize = 64 << 10;
/// Memory of this process at its worst, in bytes.
const MEMORY_MAX: u64 = 100_000_000;
/// CPU time for one file, in milliseconds.
const CPU_MS_MAX: u64 = 10_000;

/// What stands in files, and what comes near to it.
const WORDS: &[&str] = &[
    "0",
    "1",
    "-1",
    "9",
    "255",
    "65535",
    "65536",
    "4294967295",
    "18446744073709551616",
    "1e9",
    "n0",
    "n1",
    "n2",
    "n3",
    "n9",
    "n10",
    "n255",
    "n1->n2",
    "n1->n1",
    "n9->n1",
    "null",
    "true",
    "{}",
    "[]",
    "{n1}",
    "{n2 n3}",
    "{n1 n1}",
    "\"",
    ",",
    "#",
    "pass",
    "violation",
    "queued",
    "instant",
    "raft-core",
    "noraft",
    "calm",
    "heal",
    "crash",
    "restart",
    "timeout",
    "sync",
    "keep",
    "lose",
    "wipe",
    "deliver",
    "drop",
    "duplicate",
    "write",
    "x=1",
    "RequestVote",
    "AppendEntries",
    "granted",
    "success",
    "#0",
    "#ffffffff",
    "nodes=1",
    "nodes=9",
    "nodes=10",
    "batch=0",
    "batch=65535",
    "window=0",
    "+100%",
    "-100%",
    "1000000ms",
];

/// Something done to a file.
#[derive(Clone, Debug)]
enum Edit {
    Byte(Index, u8),
    Cut(Index, usize),
    Copy(Index, usize, Index),
    Word(Index, &'static str),
    LineGone(Index),
    LineAgain(Index, usize),
    LinesSwapped(Index, Index),
    /// A line of another file.
    LineFrom(Index, Index, Index),
}

/// Edits of whole actions, after which most files still parse.
fn of_actions() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        (at(), 1..200usize).prop_map(|(at, times)| Edit::LineAgain(at, times)),
        at().prop_map(Edit::LineGone),
        (at(), at()).prop_map(|(one, other)| Edit::LinesSwapped(one, other)),
        (at(), at(), at()).prop_map(|(file, line, to)| Edit::LineFrom(file, line, to)),
    ]
}

fn of_bytes() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        1 => (at(), any::<u8>()).prop_map(|(at, byte)| Edit::Byte(at, byte)),
        1 => (at(), 1..40usize).prop_map(|(at, length)| Edit::Cut(at, length)),
        1 => (at(), 1..40usize, at()).prop_map(|(from, length, to)| Edit::Copy(from, length, to)),
        4 => (at(), select(WORDS)).prop_map(|(at, word)| Edit::Word(at, word)),
    ]
}

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    prop_oneof![
        2 => vec(of_actions(), 1..6),
        1 => vec(prop_oneof![of_actions(), of_bytes()], 1..4),
    ]
}

/// All kept runs as they are on disk, and their scripts as plain text.
fn files(targets: &Targets) -> Vec<(PathBuf, String)> {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds");
    let mut files = Vec::new();
    for folder in ["known", "mutants", "regressions"] {
        let entries = fs::read_dir(seeds.join(folder)).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|end| end == "json"));
        paths.sort();
        for path in paths {
            let text = fs::read_to_string(&path).expect("the file is readable");
            let repro = parse(&text, targets).unwrap_or_else(|error| panic!("{error}"));
            files.push((PathBuf::from("a.txt"), repro.1.to_string()));
            files.push((PathBuf::from("a.json"), text));
        }
    }
    assert!(20 < files.len(), "there are kept runs");
    files
}

/// The target and the script, read as the command line reads them.
fn parse<'t>(text: &str, targets: &'t Targets) -> Result<(&'t dyn Target, Script), FileError> {
    if text.trim_start().starts_with('{') {
        let find = |name: &str| targets.find(name).ok_or_else(|| "no such target".to_owned());
        let repro = Repro::parse(text, Path::new("a.json"), |name| find(name).map(Target::kinds))?;
        let target = targets.find(&repro.target).expect("it was found when the file was read");
        return Ok((target, repro.script));
    }
    let target = targets.iter().next().expect("there are targets");
    Ok((target, Script::parse(text, Path::new("a.txt"), target.kinds())?))
}

fn edited(files: &[(PathBuf, String)], file: Index, edits: &[Edit]) -> Vec<u8> {
    let mut bytes = files[file.index(files.len())].1.clone().into_bytes();
    for edit in edits {
        let before = bytes.clone();
        apply(files, edit, &mut bytes);
        if BYTES_MAX < bytes.len() || bytes.is_empty() {
            bytes = before;
        }
    }
    bytes
}

fn apply(files: &[(PathBuf, String)], edit: &Edit, bytes: &mut Vec<u8>) {
    let length = bytes.len();
    let part = |at: &Index, of: usize| {
        let from = at.index(length);
        from..(from + of).min(length)
    };
    match edit {
        Edit::Byte(at, byte) => bytes[at.index(length)] = *byte,
        Edit::Cut(at, of) => drop(bytes.drain(part(at, *of))),
        Edit::Copy(from, of, to) => {
            let copied = bytes[part(from, *of)].to_vec();
            let to = to.index(length);
            bytes.splice(to..to, copied);
        }
        Edit::Word(at, word) => {
            let is_end = |byte: &u8| b" \n\",:={}[]".contains(byte);
            let at = at.index(length);
            let from = bytes[..at].iter().rposition(is_end).map_or(0, |before| before + 1);
            let to = bytes[at..].iter().position(is_end).map_or(length, |after| at + after);
            bytes.splice(from..to.max(from), word.bytes());
        }
        _ => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            *bytes = edited_lines(files, edit, &text).into_bytes();
        }
    }
}

/// The text with an edit of its actions; without any actions it stays as it is.
fn edited_lines(files: &[(PathBuf, String)], edit: &Edit, text: &str) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let actions: Vec<usize> = (0..lines.len()).filter(|&at| action(&lines[at]).is_some()).collect();
    if actions.is_empty() {
        return text.to_owned();
    }
    match edit {
        Edit::LineGone(at) => drop(lines.remove(*at.get(&actions))),
        Edit::LineAgain(at, times) => {
            let at = *at.get(&actions);
            lines.splice(at..at, vec![lines[at].clone(); *times]);
        }
        Edit::LinesSwapped(one, other) => lines.swap(*one.get(&actions), *other.get(&actions)),
        Edit::LineFrom(file, line, to) => {
            let other = &file.get(files).1;
            let others: Vec<&str> = other.lines().filter_map(action).collect();
            let to = *to.get(&actions);
            let foreign = action(&lines[to]).expect("it was one");
            let foreign = lines[to].replace(foreign, others[line.index(others.len())]);
            lines.insert(to, foreign);
        }
        _ => unreachable!("edits of bytes are done"),
    }
    lines.join("\n") + "\n"
}

/// The action on a line. The last one of a JSON file is none: it has no comma that others need.
fn action(line: &str) -> Option<&str> {
    let quoted =
        line.trim().strip_suffix(',').and_then(|it| it.strip_prefix('"')?.strip_suffix('"'));
    let plain = line.starts_with(|char: char| char.is_ascii_lowercase());
    quoted.or_else(|| Some(line).filter(|_| plain && !line.starts_with("cluster")))
}

/// Runs it in every way and tells it.
fn run(target: &dyn Target, script: &Script) {
    let (told, _) = target.replay(script, &Selection::ALL, Replay::STORY);
    let (again, _) = target.replay(script, &Selection::ALL, Replay::SAVED);
    assert_eq!(told.hash, again.hash, "it runs the same each time");
    target.replay(script, &Selection::ALL, Replay::CANDIDATE);
    for look in [Look::default(), Look { colour: true, width: 60 }] {
        let text = story(&told, &Remarks::default(), 0, Detail::Everything).text(look);
        assert!(text.lines().count() >= told.actions.len(), "each action is told");
        assert!(!diagram(&told, 0).text(look).is_empty());
    }
}

/// The most memory that this process has ever had, where the system tells.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes.unwrap_or(0_u64) * 1024
}

#[test]
fn no_edit_is_worse_than_an_error() {
    let mut targets = Targets::default();
    guests::add_to(&mut targets);
    let files = files(&targets);
    let (tried, ran) = (Cell::new(0_u64), Cell::new(0_u64));
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(CASES) };
    let cases = (any::<Index>(), edits());
    let outcome = TestRunner::new(config).run(&cases, |(file, edits)| {
        let stopwatch = ThreadStopwatch::start();
        tried.set(tried.get() + 1);
        let bytes = edited(&files, file, &edits);
        let parsed = FileError::utf8(Path::new("a"), &bytes).and_then(|it| parse(it, &targets));
        match parsed {
            Ok((target, script)) => {
                run(target, &script);
                ran.set(ran.get() + 1);
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
        prop_assert!(stopwatch.cpu_ms() < CPU_MS_MAX, "{} ms", stopwatch.cpu_ms());
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
    let (tried, ran, peak) = (tried.get(), ran.get(), peak());
    assert!(tried / 5 < ran, "only {ran} of {tried} went past the parser");
    assert!(peak < MEMORY_MAX, "{peak} bytes");
}
