//! `--issues`: what a tracker is told of each new failure.

use std::fs;

use super::process::Folder;
use super::{BUG, RUNS};

#[test]
fn an_issue_has_a_stable_title_and_repeats_the_failure_without_our_files() {
    let folder = Folder::new("issues");
    let hunt = |seed: &str, issues: &str| {
        let args = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", seed, "--issues", issues];
        folder.run(&args).exits(1).says("ElectedByQuorum");
        fs::read_dir(folder.file(issues)).expect("it is made").count()
    };
    let failures = hunt("1", "one");
    assert_eq!(
        failures,
        folder.read("target/raft-sim/latest/report.json").matches("\"bucket\"").count()
    );
    hunt("2", "two");
    let name = "raft-core-bug-vote-duplicate-counted-ElectedByQuorum.md";
    let (one, two) = (folder.read(&format!("one/{name}")), folder.read(&format!("two/{name}")));
    let title = format!("# ElectedByQuorum ({BUG})\n");
    assert!(one.starts_with(&title), "{one}");
    assert!(two.starts_with(&title), "the same bug is the same issue, whatever the seed: {two}");
    fs::remove_dir_all(folder.file("target")).expect("it is ours");
    let (_, line) = one.split_once("```sh\n").expect("there is something to type");
    let (line, _) = line.split_once("\n```").expect("it ends");
    folder.shell(line).exits(1).says("ElectedByQuorum");
}

#[test]
fn nothing_found_is_no_issue() {
    let folder = Folder::new("no-issues");
    let args = ["fuzz", "--target", "raft-core", "--runs", "300", "--seed", "7"];
    folder.run(&[&args[..], &["--issues", "issues"]].concat()).exits(0);
    assert!(!folder.file("issues").exists());
}
