//! Merging: the reports of shards are worth one report of the whole, in any order and as often as
//! a shard was tried; and what is not there, or does not belong there, is said.

use serde_json::Value;

use super::BUG;
use super::process::{Ended, Folder, PROGRAM};

/// Finds what a campaign of any seed finds: this target breaks several invariants.
const CAMPAIGN: [&str; 11] = [
    "fuzz",
    "--target",
    BUG,
    "--runs",
    "1201",
    "--seed",
    "0x7",
    "--keep-going",
    "--minimize",
    "off",
    "-q",
];

/// Runs a shard; its report lies in a folder of the shard's own below `out`.
fn shard(folder: &Folder, part: &str, more: &[&str]) -> Ended {
    let out = format!("out/{}", part.replace('/', "-of-"));
    let args = [&CAMPAIGN[..], &["--shard", part, "--out", &out], more].concat();
    folder.run(&args)
}

fn all_four(name: &str) -> Folder {
    let folder = Folder::new(name);
    for part in ["1/4", "2/4", "3/4", "4/4"] {
        shard(&folder, part, &[]).exits(1);
    }
    folder
}

fn place(part: &str) -> String {
    let name = format!("raft-core-bug-vote-duplicate-counted-0x7-{part}");
    format!("out/{part}/{name}")
}

fn report(part: &str) -> String {
    format!("{}/report.json", place(part))
}

/// Of each class of failure its name, how often it was seen, and when first.
fn failures(campaign: &Value) -> Vec<(String, u64, u64)> {
    let failures = campaign["failures"].as_array().expect("a list");
    let told = failures.iter().map(|failure| {
        let [runs, after] = ["runs", "after_runs"].map(|key| failure[key].as_u64());
        let name = failure["invariant"].as_str().expect("a text").to_owned();
        (name, runs.expect("a number"), after.expect("a number"))
    });
    told.collect()
}

#[test]
fn four_shards_are_worth_one_process() {
    let folder = all_four("merge");
    let whole = folder.run(&[&CAMPAIGN[..], &["--format", "json"]].concat()).exits(1).campaign();
    let merged = folder.run(&["merge", "out", "--format", "json"]).exits(1).campaign();
    assert!(2 < failures(&whole).len(), "there is something to join");
    assert_eq!(failures(&merged), failures(&whole));
    let same = ["digest", "runs", "actions", "committed", "reached", "checked", "expected"];
    for key in [&same[..], &["missing", "made", "seeds", "target", "exit"]].concat() {
        assert_eq!(merged[key], whole[key], "{key}");
    }
    let parts = &merged["parts"];
    assert_eq!((&parts["shards"], &parts["reports"]), (&4.into(), &4.into()));
}

#[test]
fn the_order_does_not_matter_and_a_retry_is_harmless() {
    let folder = all_four("merge-order");
    let merge = |args: &[&str]| {
        let args = [&["merge", "--format", "json"], args].concat();
        folder.run(&args).exits(1).campaign()
    };
    let parts = ["1-of-4", "2-of-4", "3-of-4", "4-of-4"].map(report);
    let [one, two, three, four] = parts.each_ref().map(String::as_str);
    let there = merge(&[one, two, three, four]);
    assert!(there == merge(&[four, two, one, three]), "in another order");
    shard(&folder, "3/4", &[]).exits(1);
    let again = merge(&["out"]);
    assert_eq!(again["parts"]["reports"], 5, "there are two of one shard");
    assert_eq!(failures(&again), failures(&there));
    for key in ["digest", "runs", "actions", "reached", "seeds", "exit"] {
        assert_eq!(again[key], there[key], "{key}");
    }
}

#[test]
fn the_best_story_of_a_class_is_told_where_it_lies_now() {
    let folder = Folder::new("merge-stories");
    for part in ["1/2", "2/2"] {
        let out = format!("there/{}", &part[..1]);
        let args = ["fuzz", "--target", BUG, "--seed", "1", "--runs", "300", "--keep-going", "-q"];
        folder.run(&[&args[..], &["--shard", part, "--out", &out]].concat()).exits(1);
    }
    std::fs::rename(folder.file("there"), folder.file("here")).expect("it is ours");
    let merged = folder.run(&["merge", "here"]).exits(1);
    let merged = merged.says("1-minimal").says("2 shards, 2 reports");
    assert!(merged.line("file").starts_with("here/"), "{}", merged.line("file"));
    folder.shell(merged.line("reproduce")).exits(0).says("as expected");
}

#[test]
fn a_hole_is_named_with_what_fills_it() {
    let folder = all_four("merge-hole");
    std::fs::remove_file(folder.file(&report("3-of-4"))).expect("it is there");
    let merged = folder.run(&["merge", "out"]).exits(6);
    let hole = "shard 3/4: no report; 300 seeds from 0x9, one in 4";
    let merged = merged.says(hole).complains(hole).says("ElectedByQuorum");
    let line = merged.stdout.lines().find(|line| line.trim().starts_with(PROGRAM));
    let line = line.expect("it is said what to type").trim();
    folder.shell(&format!("{line} --out out/3-of-4 -q")).exits(1);
    let filled = folder.run(&["merge", "out", "--format", "json"]).exits(1).campaign();
    let whole = folder.run(&[&CAMPAIGN[..], &["--format", "json"]].concat()).exits(1).campaign();
    assert_eq!(filled["digest"], whole["digest"]);
}

#[test]
fn a_shard_that_was_killed_is_a_hole_until_it_was_tried_again() {
    let folder = all_four("merge-killed");
    let text = folder.read(&report("2-of-4"));
    let mut partial: Value = serde_json::from_str(&text).expect("it is JSON");
    let campaign = &mut partial["campaigns"][0];
    for (key, value) in [("runs", 32), ("actions", 1), ("committed", 1), ("exit", 75)] {
        campaign[key] = value.into();
    }
    campaign["seeds"]["count"] = 32.into();
    campaign["interrupted"] = true.into();
    folder.write("out/2-of-4/killed/report.json", &partial.to_string());
    folder.run(&["merge", "out"]).exits(1);
    std::fs::remove_file(folder.file(&report("2-of-4"))).expect("it is there");
    let hole = "shard 2/4: ended early, after 32 runs; 268 seeds from 0x88, one in 4";
    folder.run(&["merge", "out"]).exits(6).says(hole);
}

#[test]
fn a_shard_with_two_answers_is_named() {
    let folder = all_four("merge-doubled");
    let text = folder.read(&report("2-of-4"));
    let mut other: Value = serde_json::from_str(&text).expect("it is JSON");
    other["campaigns"][0]["digest"] = "0000000000000007".into();
    folder.write("out/other.json", &other.to_string());
    let merged = folder.run(&["merge", "out"]);
    let merged = merged.exits(6).says("shard 2/4: its reports contradict each other: ");
    assert!(merged.stdout.contains("out/other.json") && merged.stdout.contains(&report("2-of-4")));
}

#[test]
fn what_is_no_part_of_it_is_refused() {
    let folder = all_four("merge-other");
    let mine = report("1-of-4");
    let check = |name: &str, old: &str, new: &str, words: &str| {
        let other = folder.read(&report("2-of-4"));
        assert!(other.contains(old), "{old}");
        folder.write(name, &other.replace(old, new));
        let ended = folder.run(&["merge", &mine, name]).exits(6).complains(words);
        assert_eq!(ended.stdout, "", "{name}");
    };
    let commit = "\"commit\": \"9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90\"";
    let of_ours = folder.read(&report("2-of-4"));
    let ours = of_ours.lines().find(|line| line.contains("\"commit\"")).expect("it has one");
    let ours = ours.trim().trim_end_matches(',').to_owned();
    check("commit.json", &ours, commit, "another commit than in out/1-of-4");
    check("version.json", "\"version\": \"0.", "\"version\": \"7.", "another version of raft-sim");
    check("flags.json", "\"--runs\",", "\"--steps\",", "another settings than in");
    check("seed.json", "\"first\": \"0x7\"", "\"first\": \"0x8\"", "another first seed than in");
    check(
        "of.json",
        "\"shard\": \"2/4\"",
        "\"shard\": \"2/5\"",
        "another number of shards than in",
    );
    check("format.json", "raft-sim-report/3", "raft-sim-report/1", "its format is");
}

#[test]
fn what_is_no_report_is_said() {
    let folder = all_four("merge-wrong");
    folder.write("repro.json", "{\"format\": \"raft-sim-repro/1\"}");
    folder.write("torn.json", "{\"format\": \"raft-sim-report/3\", ");
    let check = |args: &[&str], words: &str, hint: &str| {
        let ended = folder.run(&[&["merge"], args].concat()).exits(2);
        ended.complains(words).complains(hint);
    };
    check(&[], "REPORTS", "--help");
    check(&["none.json"], "cannot read none.json", "no such file");
    check(&["repro.json"], "repro.json: its format is `raft-sim-repro/1`", "raft-sim-report/3");
    check(&["torn.json"], "torn.json: it is no report", "report.json");
    folder.run(&["merge", "out", "-q", "--json", "merged.json"]).exits(1);
    check(&["merged.json"], "it was merged already", "name the reports of the shards");
    folder.run(&["merge", ".", "-q"]).exits(2).complains("torn.json");
}

#[test]
fn reports_come_through_a_pipe_and_go_out_in_every_format() {
    let folder = all_four("merge-formats");
    let pipe = format!("cat out/*/*/report.json | '{PROGRAM}' merge - --format github");
    let piped = folder.shell(&pipe).exits(1).says("::error file=").says("merged    4 shards");
    assert!(piped.stdout.contains("::endgroup::"));
    let files = ["--junit", "j.xml", "--markdown", "m.md", "--json", "r.json"];
    folder.run(&[&["merge", "out", "--format", "jsonl"], &files[..]].concat()).exits(1);
    assert!(folder.read("j.xml").contains("<testcase name=\"HasAllShards\""));
    assert!(folder.read("m.md").contains("from seed `0x7`, 4 shards;"));
    let merged: Value = serde_json::from_str(&folder.read("r.json")).expect("it is JSON");
    assert_eq!(merged["exit"], 1);
}

#[test]
fn a_shard_that_is_not_deterministic_counts_most() {
    let folder = all_four("merge-dice");
    let text = folder.read(&report("1-of-4"));
    let unstable = "\"nondeterministic\": [{\"seed\": \"0x7\", \"evidence\": \"they differ\", \
                    \"reproduce\": \"replay 0x7\"}]";
    folder.write(&report("1-of-4"), &text.replace("\"nondeterministic\": []", unstable));
    folder.run(&["merge", "out"]).exits(4).says("NOT DETERMINISTIC  seed 0x7: they differ");
}

#[test]
fn a_thousand_shards_are_joined() {
    let folder = Folder::new("merge-thousand");
    shard(&folder, "1/1000", &[]);
    let name = "raft-core-bug-vote-duplicate-counted-0x7-1-of-1000";
    let text = folder.read(&format!("out/1-of-1000/{name}/report.json"));
    for number in (1..=1000).filter(|number| *number != 777) {
        let mut report: Value = serde_json::from_str(&text).expect("it is JSON");
        let campaign = &mut report["campaigns"][0];
        campaign["seeds"]["shard"] = format!("{number}/1000").into();
        campaign["digest"] = format!("{:016x}", 1_u64 << (number % 64)).into();
        folder.write(&format!("all/{number}.json"), &report.to_string());
    }
    let merged = folder.run(&["merge", "all", "--format", "json"]).exits(6).campaign();
    let runs: Value = serde_json::from_str(&text).expect("it is JSON");
    let runs = runs["campaigns"][0]["runs"].as_u64().expect("a number");
    assert_eq!(merged["runs"], 999 * runs);
    assert_eq!(merged["parts"]["holes"].as_array().expect("a list").len(), 1);
    assert_eq!(merged["parts"]["holes"][0]["shard"], "777/1000");
    let bits = (1..=1000).filter(|number| *number != 777);
    let digest = bits.fold(0_u64, |all, number| all ^ 1 << (number % 64));
    assert_eq!(merged["digest"], format!("{digest:016x}"));
}
