//! Files as people hand them in: replayed, looked at, minimized, kept.

use std::fs;

use crate::process::Folder;
use crate::{BUG, FAILING};

#[test]
fn a_file_that_was_cut_names_the_line() {
    let folder = Folder::new("cut");
    folder.write("f.txt", FAILING);
    folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "whole.json"]).exits(0);
    let whole = folder.read("whole.json");
    folder.write("cut.json", &whole[..whole.find("deliver n1->n2").expect("it is there")]);
    let ended = folder.run(&["replay", "cut.json"]).exits(2);
    ended.complains("the file ends in the middle").complains("cut.json:9");
    folder.write("bad.json", &whole.replace("timeout n1", "timeout n7"));
    folder
        .run(&["replay", "bad.json"])
        .exits(2)
        .complains("hint: the cluster has 4 nodes, n1 to n4");
    folder.write("bytes.json", "");
    folder.run(&["replay", "bytes.json"]).exits(2).complains("the file is empty");
}

#[test]
fn scripts_come_from_stdin_too() {
    let folder = Folder::new("stdin");
    let replay = ["replay", "-", "--target", BUG];
    folder.run_with_stdin(&replay, FAILING).exits(1).says("becomes leader of term 1");
    folder.run_with_stdin(&["replay", "-", "--target", "raft-core"], FAILING).exits(0);
    folder.run_with_stdin(&replay, " \n").exits(2).complains("stdin is empty");
    let misfit = format!("{FAILING}restart n2\n");
    let ended = folder.run_with_stdin(&replay, &misfit).exits(2).complains("<stdin>:6");
    ended.says("deliver n1->n2 RequestVote").complains("hint: n2 is not down then");
}

#[test]
fn a_run_can_be_looked_at() {
    let folder = Folder::new("look");
    folder.write("f.txt", FAILING);
    let replay = |more: &[&str]| {
        folder.run(&[&["replay", "f.txt", "--target", "raft-core"][..], more].concat())
    };
    let state = replay(&["--until", "2", "--state", "n2"]).exits(0);
    let state = state.says("n2 after action 2: up").says("votedFor n1").says("term 1");
    assert!(!state.stdout.contains("granted"), "actions after the second are not run");
    replay(&["--until", "9"]).exits(2).complains("the run has 4 actions");
    replay(&["--state", "n5"]).exits(2).complains("n1 to n4");
    replay(&["--trace"]).exits(0).says("n2 hears RequestVote");
    let ascii = replay(&["--diagram", "--ascii"]).exits(0).says("o------------->");
    assert!(ascii.stdout.is_ascii(), "{}", ascii.stdout);
    replay(&["--color", "always"]).exits(0).says("\u{1b}[");
    let seed = ["replay", "0x7", "--target", "raft-core", "--nodes", "3"];
    folder.run(&seed).exits(0).says("3 nodes").says("no violation");
    folder.run(&[&seed[..], &["--until", "3", "--state", "n1"]].concat()).exits(0).says("n1 after");
}

#[test]
fn a_failing_file_is_minimized() {
    let folder = Folder::new("minimize");
    let noisy = FAILING.replace("timeout n1\n", "timeout n3\ncrash n3\ntimeout n1\nskew n4 +5%\n");
    folder.write("noisy.txt", &noisy);
    let args = ["minimize", "noisy.txt", "--target", BUG, "-o", "small.json"];
    let ended =
        folder.run(&args).exits(0).says("7 actions -> 4").says("accepted").says("1-minimal");
    folder.shell(ended.line("reproduce")).exits(0).says("ElectedByQuorum at action 4");
    let again = folder.run(&["minimize", "small.json", "-o", "again.json"]).exits(0);
    again.says("4 actions -> 4");
    assert_eq!(folder.read("again.json"), folder.read("small.json"));
    let passes = ["minimize", "noisy.txt", "--target", "raft-core"];
    folder.run(&passes).exits(5).complains("does not fail: there is nothing to minimize");
}

#[test]
fn a_failing_file_is_explained() {
    let folder = Folder::new("why");
    folder.write("f.txt", &FAILING.replace("timeout n1\n", "timeout n1\nskew n4 +5%\n"));
    let why = ["why", "f.txt", "--target", BUG];
    let ended = folder.run(&why).exits(0).says("ElectedByQuorum").says("not needed");
    let ended = ended.says("5: n1 becomes leader of").says("decided it");
    assert_eq!(ended.stderr, "", "no terminal, no bar");
    folder.shell(ended.line("look here")).exits(1).says("n1 after action 5");
    let ascii = folder.run(&[&why[..], &["--ascii"]].concat()).exits(0);
    assert!(ascii.stdout.is_ascii(), "{}", ascii.stdout);
    let json = |jobs: &str| {
        let more = ["--format", "json", "--jobs", jobs, "--futures", "100"];
        folder.run(&[&why[..], &more].concat()).exits(0)
    };
    assert_eq!(json("1").stdout, json("3").stdout, "threads do not matter");
    let json = json("2").json();
    assert_eq!(json["decided_by"], serde_json::json!([5, 5]));
    assert_eq!(json["omissions"][1]["needed"], false);
    assert_eq!(json["moments"][5]["failing"], 100);
    let passes = ["why", "f.txt", "--target", "raft-core"];
    folder.run(&passes).exits(5).complains("does not fail: there is nothing to explain");
    folder.run(&["why", "gone.json"]).exits(2).complains("no such file");
    folder.run_with_stdin(&["why", "-", "--target", BUG], FAILING).exits(0).says("1-minimal");
}

#[test]
fn a_long_run_is_explained_in_blocks() {
    let folder = Folder::new("why-long");
    let skews: Vec<String> = (1..=70).map(|percent| format!("skew n4 +{percent}%\n")).collect();
    let long = format!("timeout n1\n{}", skews.concat());
    folder.write("long.txt", &FAILING.replace("timeout n1\n", &long));
    let ended = folder.run(&["why", "long.txt", "--target", BUG, "--futures", "20"]).exits(0);
    let ended = ended.says("Needed are 3 of 37 blocks;").says("at 41 moments").says("decided it");
    assert!(!ended.stdout.contains("not needed"), "only what is needed is listed");
}

#[test]
fn a_file_says_what_must_come_of_it() {
    let folder = Folder::new("expect");
    folder.write("f.txt", FAILING);
    folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "a.json"]).exits(0);
    let file = folder.read("a.json");
    folder.run(&["replay", "a.json"]).exits(0);
    folder.write("gone.json", &file.replace(BUG, "raft-core"));
    folder.run(&["replay", "gone.json"]).exits(5).says("now passes: fixed?");
    folder.write("other.json", &file.replace("ElectedByQuorum", "LogMatching"));
    folder
        .run(&["replay", "other.json"])
        .exits(5)
        .says("expected LogMatching, now ElectedByQuorum");
    folder.write("pass.json", &file.replace("\"violation\"", "\"pass\""));
    folder.run(&["replay", "pass.json"]).exits(1).says("expected to pass");
    let hash = file.split("\"hash\": \"").nth(1).map(|rest| &rest[..16]).expect("it has a hash");
    folder.write("path.json", &file.replace(hash, "00000000000000aa"));
    folder.run(&["replay", "path.json"]).exits(0).complains("another path");
    folder.run(&["replay", "path.json", "--strict"]).exits(5);
    folder.write("misfit.json", &file.replace("duplicate n2->n1", "duplicate n3->n1"));
    folder.run(&["replay", "misfit.json"]).exits(5).complains("misfit.json:11");
    let all = folder.run(&["replay", "a.json", "pass.json", "gone.json"]).exits(1);
    all.says("3 runs: 1 as expected, 2 not").says("DIFF").says("FAIL");
}

#[test]
fn a_corpus_is_added_to_checked_and_formatted() {
    let folder = Folder::new("corpus");
    folder.write("f.txt", FAILING);
    folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "a.json"]).exits(0);
    let added = folder.run(&["corpus", "add", "a.json"]).exits(0).says("seeds/mutants/elected-by");
    let path = added.stdout.trim().to_owned();
    folder.run(&["corpus", "check"]).exits(0).says("1 kept run: 1 as they must be");
    folder.run(&["corpus", "fmt", "--check"]).exits(0);
    let text = folder.read(&path);
    folder.write(&path, &text.replace("\n    ", " "));
    folder.run(&["corpus", "fmt", "--check"]).exits(5).says(&path);
    folder.run(&["corpus", "check"]).exits(5).complains("has not the one form");
    folder.run(&["corpus", "fmt"]).exits(0).says(&path);
    assert_eq!(folder.read(&path), text);
    folder.write("seeds/known/b.json", &text);
    folder.run(&["corpus", "check"]).exits(2).complains("it belongs into mutants/");
    fs::remove_file(folder.file("seeds/known/b.json")).expect("it was just written");
    folder.write("seeds/regressions/c.json", &text.replace("\"violation\"", "\"pass\""));
    folder.run(&["corpus", "check"]).exits(1).says("expected to pass");
    folder
        .run(&["corpus", "add", "seeds/regressions/c.json"])
        .exits(1)
        .complains("does not do what");
    folder.run(&["corpus", "add", "f.txt"]).exits(2).complains("is a plain script");
}
