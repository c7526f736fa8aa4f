//! What is known: it is counted and listed, it does not fail, and nothing new hides behind it.

use std::fs;

use serde_json::Value;

use super::BUG;
use super::process::{Ended, Folder};

const CAMPAIGN: [&str; 9] =
    ["fuzz", "--target", BUG, "--runs", "1200", "--seed", "0x7", "--minimize", "off"];

/// A folder in which all that this campaign finds is kept as known.
fn with_all_known(name: &str) -> Folder {
    let folder = Folder::new(name);
    folder.run(&[&CAMPAIGN[..], &["--keep-going", "-q"]].concat()).exits(1);
    fs::create_dir(folder.file("seeds")).expect("cargo's folder for tests is writable");
    let found = folder.file("target/raft-sim/latest/failures");
    fs::rename(found, folder.file("seeds/known")).expect("it is ours");
    folder
}

fn fuzz(folder: &Folder, more: &[&str]) -> Ended {
    folder.run(&[&CAMPAIGN[..], more].concat())
}

fn names(campaign: &Value, list: &str) -> Vec<String> {
    let classes = campaign[list].as_array().expect("a list");
    let name = |class: &Value| class["invariant"].as_str().expect("a text").to_owned();
    classes.iter().map(name).collect()
}

#[test]
fn a_campaign_goes_on_past_what_is_known_and_passes() {
    let folder = with_all_known("known");
    let ended = fuzz(&folder, &["--known"]).exits(0);
    let ended = ended.says("known     ElectedByQuorum in ").says("1,200 runs");
    let ended = ended.says("no new failures").complains("in seeds/known");
    assert!(!ended.stdout.contains("Story"), "it is told already");
    let other = ["--target", "raft-core?bug=commit-prior-term-entry"];
    folder.run(&["fuzz", "--seed", "1", "--known", other[0], other[1]]).exits(1);
}

#[test]
fn what_is_new_is_found_behind_what_is_known() {
    let folder = with_all_known("known-but-one");
    let all = fuzz(&folder, &["--keep-going", "--format", "json"]).exits(1).campaign();
    let new = "LeaderCompleteness";
    let known = fs::read_dir(folder.file("seeds/known")).expect("it is there");
    for path in known.map(|entry| entry.expect("it is there").path()) {
        if path.display().to_string().contains("leader-completeness") {
            fs::remove_file(path).expect("it is ours");
        }
    }
    let args = ["--keep-going", "--known", "seeds/known", "--format", "json"];
    let ended = fuzz(&folder, &args).exits(1).campaign();
    assert_eq!(names(&ended, "failures"), [new]);
    assert_eq!(ended["digest"], all["digest"], "what is known changes no run");
    let counted = |list: &str, campaign: &Value| -> u64 {
        let classes = campaign[list].as_array().expect("a list");
        classes.iter().map(|class| class["runs"].as_u64().expect("a number")).sum()
    };
    let known = names(&ended, "known");
    assert_eq!(known.len() + 1, names(&all, "failures").len());
    assert_eq!(counted("known", &ended) + counted("failures", &ended), counted("failures", &all));
    fuzz(&folder, &["--known"]).exits(1).says(new).says("known     ElectedByQuorum");
}

#[test]
fn a_campaign_that_goes_on_after_a_kill_keeps_what_is_known() {
    let folder = with_all_known("known-resume");
    let whole = fuzz(&folder, &["--known", "--format", "json"]).exits(0).campaign();
    let checkpoint = folder.read("target/raft-sim/latest/checkpoint.json");
    assert!(checkpoint.contains("\"--known\",\n    \"seeds/known\""), "{checkpoint}");
    let again = folder.run(&["fuzz", "--resume", "--format", "json"]).exits(0).campaign();
    assert_eq!(again["known"], whole["known"]);
}

#[test]
fn where_there_is_no_such_folder_nothing_is_known() {
    let folder = Folder::new("known-nothing");
    let ended = fuzz(&folder, &["--known"]).exits(1);
    ended.complains("known    0 failures in seeds/known").says("ElectedByQuorum");
    folder.write("seeds/known/a.json", "{\"format\": \"raft-sim-repro/1\", \"target\": 7}");
    fuzz(&folder, &["--known"]).exits(2).complains("seeds/known/a.json:1");
}

#[test]
fn merging_knows_it_too_and_says_where_nothing_else_was_looked_for() {
    let folder = with_all_known("known-merge");
    for (out, more) in
        [("on", &["--keep-going"][..]), ("ended", &[]), ("told", &["--known", "seeds/known"])]
    {
        for part in ["1/2", "2/2"] {
            let out = format!("{out}/{}", &part[..1]);
            let args = [&["--shard", part, "--out", &out, "-q"], more].concat();
            fuzz(&folder, &args);
        }
    }
    let known = ["--known", "seeds/known"];
    let merge = |folders: &str, more: &[&str]| folder.run(&[&["merge", folders], more].concat());
    let merged = merge("on", &known).exits(0).says("no new failures").says("known     ");
    merge("told", &[]).exits(0).says(&format!("known     {}", merged.line("known")));
    merge("on", &[]).exits(1);
    merge("ended", &known).exits(3).complains("nothing else was looked for");
    let in_formats = ["--format", "github", "--junit", "j.xml", "--markdown", "m.md"];
    merge("told", &in_formats).exits(0).says("::notice file=seeds/known/");
    assert!(folder.read("j.xml").contains("<skipped message=\"known in "));
    assert!(folder.read("m.md").contains("no new failures"));
}
