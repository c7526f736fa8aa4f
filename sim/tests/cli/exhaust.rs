//! `exhaust`: exit codes that nobody can mistake, and a story that repeats.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use super::process::{Ended, Folder, PROGRAM};

const BUG: &str = "raft-core?bug=vote-no-log-check";

#[test]
fn a_complete_scope_passes_and_says_what_it_saw() {
    let folder = Folder::new("complete");
    let ended = folder.run(&["exhaust", "--timeouts", "1", "--crashes", "1"]).exits(0);
    let ended = ended.says("complete: ").says("nothing can happen after").says("LeaderCrashed");
    assert!(ended.stderr.starts_with("searching  raft-core, 3 nodes"), "{}", ended.stderr);
    assert_eq!(ended.line("scope"), "3 nodes, instant disks, at most 1 timeout, 1 write, 1 crash");
    let deep = folder.run(&["exhaust", "--depth", "8", "-q"]).exits(0);
    let deep = deep.says("complete to its depth").says("within 8 actions");
    assert_eq!(deep.stderr, "");
}

#[test]
fn a_violation_is_told_by_the_shortest_story_and_kept() {
    let folder = Folder::new("shortest");
    let args = ["exhaust", "--target", BUG, "--only", "LeaderCompleteness"];
    let ended = folder.run(&args).exits(1).says("the shortest story, 8 actions");
    let ended = ended.says("Story").says("Diagram").says("violation after");
    let again = folder.shell(ended.line("reproduce")).exits(0).says("as expected");
    assert_eq!(again.story(), ended.story(), "the same story");
    let json = folder.run(&[&args[..], &["--format", "json"]].concat()).exits(1).json();
    assert_eq!((&json["end"], &json["complete"]), (&"violation".into(), &false.into()));
    assert_eq!(json["failure"]["script"].as_array().map(Vec::len), Some(8));
}

#[test]
fn each_search_has_a_place_of_its_own() {
    let folder = Folder::new("search-places");
    let args = ["exhaust", "--target", BUG, "--only", "LeaderCompleteness", "--format", "json"];
    let place = "target/raft-sim/raft-core-bug-vote-no-log-check-exhaust";
    for number in ["", "-2"] {
        let json = folder.run(&args).exits(1).json();
        let file = json["failure"]["file"].as_str().expect("it is kept").to_owned();
        assert!(file.starts_with(&format!("{place}{number}/failures/")), "{file}");
        let report = folder.read(&format!("{place}{number}/report.json"));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&report).ok(), Some(json));
    }
    assert!(folder.file("target/raft-sim/latest/report.json").exists());
    folder.write("file", "");
    let ended = folder.run(&["exhaust", "--out", "file/out"]).exits(74);
    assert_eq!(ended.complains("cannot write file/out").stdout, "", "nothing was searched");
}

#[test]
fn what_was_not_visited_does_not_pass() {
    let folder = Folder::new("incomplete");
    folder.run(&["exhaust", "--states-max", "50"]).exits(75).says("NOT complete: 50 states");
    let json = folder.run(&["exhaust", "--states-max", "50", "--format", "json"]).exits(75).json();
    assert_eq!((&json["end"], &json["complete"]), (&"full".into(), &false.into()));
    folder.run(&["exhaust", "--timeouts", "0"]).exits(3).complains("nothing was committed");
}

#[test]
fn what_cannot_be_searched_is_explained() {
    let folder = Folder::new("unsearchable");
    let check = |args: &[&str], words: &str, hint: &str| {
        folder.run(&[&["exhaust"], args].concat()).exits(2).complains(words).complains(hint);
    };
    check(&["--target", "noraft"], "noraft cannot be searched", "raft-core");
    check(&["--nodes", "12"], "cannot have 12 nodes", "sizes from 1 to 9");
    check(&["--fails", "1"], "cannot fail", "--disk queued");
    check(&["--only", "ElectionSafty"], "unknown invariant", "did you mean");
}

#[test]
fn ctrl_c_ends_with_what_was_reached() {
    let folder = Folder::new("interrupted-search");
    let mut command = folder.command(PROGRAM);
    command.args(["exhaust", "--timeouts", "9", "--heartbeats", "9"]);
    let mut child =
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
    let mut stderr = BufReader::new(child.stderr.take().expect("stderr is a pipe"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("it says what it does");
    assert!(line.starts_with("searching"), "{line}");
    let kill = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(kill.expect("there is a kill").success(), "the process is there");
    let ended = Ended::new(child.wait_with_output().expect("it ends")).exits(130);
    ended.says("NOT complete: interrupted");
}
