//! Formats of reports: one on stdout, any others in files, and what GitHub is handed.

use serde_json::Value;

use super::process::{Ended, Folder, PROGRAM};
use super::{BUG, RUNS};

const HUNT: [&str; 9] =
    ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--minimize", "off"];

#[test]
fn each_format_has_a_file_beside_what_is_said() {
    let folder = Folder::new("formats");
    let files = ["--json", "out/report.json", "--junit", "junit.xml", "--markdown", "summary.md"];
    folder.run(&[&HUNT[..], &files].concat()).exits(1).says("ElectedByQuorum");
    let report: Value = serde_json::from_str(&folder.read("out/report.json")).expect("it is JSON");
    assert_eq!(report["campaigns"][0]["target"], BUG);
    assert!(folder.read("junit.xml").contains("<testcase name=\"ElectedByQuorum\""));
    assert!(folder.read("summary.md").starts_with("## ❌ raft-sim: raft-core?bug="));
}

#[test]
fn github_gets_annotations_and_the_summary_of_the_job() {
    let folder = Folder::new("github");
    let mut command = folder.command(PROGRAM);
    command.args(HUNT).args(["--format", "github"]);
    command.env("GITHUB_STEP_SUMMARY", folder.file("summary.md"));
    folder.write("summary.md", "what another step has said\n");
    let ended = Ended::new(command.output().expect("it starts")).exits(1);
    let ended = ended.says("::group::raft-sim: raft-core?bug=").says("\n::endgroup::\n");
    ended.says("\n::error file=target/raft-sim/").says(",title=ElectedByQuorum (raft-core?bug=");
    let summary = folder.read("summary.md");
    assert!(summary.starts_with("what another step has said\n## ❌ raft-sim"), "{summary}");
}

#[test]
fn who_follows_hears_of_everything_when_it_happens() {
    let folder = Folder::new("jsonl");
    let ended = folder.run(&[&HUNT[..], &["--format", "jsonl"]].concat()).exits(1);
    let lines = ended.stdout.lines();
    let events: Vec<Value> =
        lines.map(|line| serde_json::from_str(line).expect("each line is JSON")).collect();
    let of = |name: &str| events.iter().filter(|event| event["event"] == name).count();
    assert_eq!((of("begin"), of("campaign"), of("end")), (1, 1, 1));
    let failures = events[events.len() - 2]["failures"].as_array().expect("a list").len();
    assert_eq!(of("finding"), failures, "nothing is minimized, so each is told once");
    assert_eq!(events[0]["seeds"]["planned"], 3000);
    assert_eq!(events[events.len() - 1]["exit"], 1);
}

#[test]
fn in_github_actions_its_format_is_the_default() {
    let folder = Folder::new("formats-default");
    let hunt = |more: &[&str]| {
        let mut command = folder.command(PROGRAM);
        command.args([&HUNT[..], more].concat()).env("GITHUB_ACTIONS", "true");
        Ended::new(command.output().expect("the program starts")).exits(1)
    };
    hunt(&[]).says("::error file=").says("::endgroup::");
    let asked = hunt(&["--format", "human"]);
    assert!(!asked.stdout.contains("::error"), "what is asked for counts more");
}
