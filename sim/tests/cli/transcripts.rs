//! A whole hunt with three findings, as people see it: on a wide terminal and on a narrow one, and in
//! continuous integration, without one. `UPDATE=1 cargo test -p raft-sim --test cli transcripts`
//! rewrites the files in `transcripts/`.

use std::fs;
use std::num::NonZero;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Stdio;

use super::process::{Folder, PROGRAM};

const HUNT: &str = "./raft-sim fuzz --target 'raft-core?bug=vote-no-log-check' --seed 1 --runs 150 \
                    --keep-going --jobs 2 --minimize 10m";

/// Rows of the terminal: nothing leaves it above.
const ROWS: u16 = 600;

/// A folder from which the program is called by a short name.
fn folder(name: &str) -> Folder {
    let folder = Folder::new(name);
    symlink(PROGRAM, folder.file("raft-sim")).expect("cargo's folder for tests is writable");
    folder
}

/// All that a terminal hears from a line.
fn heard(folder: &Folder, line: &str, columns: u16) -> Vec<u8> {
    let line = format!("stty cols {columns} rows {ROWS}; {line}");
    let mut script = folder.command("script");
    script.args(["-qefc", &line, "/dev/null"]).env("TERM", "xterm").stdin(Stdio::null());
    script.output().expect("there is a `script`, which makes terminals").stdout
}

/// What stands on the terminal at the end.
fn screen(heard: &[u8], columns: u16) -> String {
    let size = |count| NonZero::new(count).expect("a terminal has some");
    let mut terminal = vt100::Parser::new(size(ROWS), size(columns), 0);
    terminal.process(heard);
    terminal.screen().contents()
}

/// A transcript without times and rates, and without smaller scripts, which come when a minimizer
/// finds them. Where a line is broken depends on its times, so those two are joined.
fn redacted(text: &str) -> String {
    let mut redacted = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.contains("  minimized to ") {
            lines.next();
            continue;
        }
        let mut line = line.trim_end().to_owned();
        let mut join = |line: &mut String, last: &str| {
            while !line.contains(last) {
                let next = lines.next().unwrap_or_else(|| panic!("no `{last}`:\n{text}"));
                *line = format!("{line} {}", next.trim());
            }
        };
        if line.trim_start().starts_with("minimized in ") {
            join(&mut line, "can be left out");
            line = without(&line, "minimized in ", ": ");
        } else if line.starts_with("150 runs, ") {
            join(&mut line, " failures in ");
            line = without(&line, " committed, ", ": ");
        } else if let Some((before, _)) = line.split_once(" --made-by ") {
            line = format!("{before} --made-by VERSION");
        }
        redacted.push_str(&line);
        redacted.push('\n');
    }
    redacted
}

/// The line without what stands between these words.
fn without(line: &str, from: &str, to: &str) -> String {
    let (before, rest) = line.split_once(from).unwrap_or_else(|| panic!("no `{from}`: {line}"));
    let (_, after) = rest.split_once(to).unwrap_or_else(|| panic!("no `{to}`: {line}"));
    format!("{before}{from}TIME{to}{after}")
}

#[expect(clippy::disallowed_methods, reason = "asks whether to rewrite files; no run sees it")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

#[track_caller]
fn check(name: &str, text: &str) {
    let text = redacted(text);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/transcripts");
    let path = folder.join(name);
    if is_update() {
        fs::write(path, text).expect("the checkout is writable");
        return;
    }
    let kept = fs::read_to_string(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut pairs = kept.lines().zip(text.lines()).enumerate();
    if let Some((position, (old, new))) = pairs.find(|(_, (old, new))| old != new) {
        panic!("{name}:{}\n- {old}\n+ {new}\nUPDATE=1 rewrites it:\n{text}", position + 1);
    }
    assert_eq!(kept, text, "one is longer");
}

#[test]
fn on_a_terminal() {
    for (columns, name) in [(120, "terminal.txt"), (80, "terminal-80.txt")] {
        let heard = heard(&folder(name), HUNT, columns);
        let text = String::from_utf8_lossy(&heard);
        assert!(text.contains("\u{1b}[31;1m✗ LeaderCompleteness"), "bad news is red");
        assert!(text.contains("] of 150"), "there was a bar");
        check(name, &screen(&heard, columns));
    }
}

#[test]
fn in_continuous_integration() {
    let ended = folder("integration").shell(&format!("{HUNT} 2>&1")).exits(1);
    check("integration.txt", &ended.stdout);
}

#[test]
fn a_limit_of_time_says_what_is_left() {
    let line = "./raft-sim fuzz --target raft-core --time 2s --jobs 1 --seed 1";
    let heard = heard(&folder("left"), line, 120);
    let text = String::from_utf8_lossy(&heard);
    assert!(text.contains("s left  "), "{text}");
    assert!(text.contains("at most 2.0 s"), "{text}");
}
