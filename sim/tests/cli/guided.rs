//! Guided campaigns as a process: the corpus folder, and the lines that repeat a finding.

use std::collections::BTreeSet;
use std::fs;

use super::process::{Ended, Folder, timeless};
use super::{BUG, RUNS};

const GUIDED: [&str; 6] = ["fuzz", "--scheduler", "guided", "--seed", "1", "--target"];

fn fuzz(folder: &Folder, target: &str, more: &[&str]) -> Ended {
    folder.run(&[&GUIDED[..], &[target], more].concat())
}

fn files(folder: &Folder, name: &str) -> BTreeSet<String> {
    let entries = fs::read_dir(folder.file(name)).expect("the folder is there");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    entries.map(|entry| name(entry.expect("it can be read"))).collect()
}

#[test]
fn a_finding_is_repeated_by_its_file_and_by_no_seed() {
    let folder = Folder::new("guided-finding");
    let ended = fuzz(&folder, BUG, &["--runs", RUNS]).exits(1).says("guided scheduler");
    assert!(!ended.stdout.contains("replay 0x"), "{}", ended.stdout);
    folder.shell(ended.line("reproduce")).exits(0);
    let file = ended.line("file").split_whitespace().next().expect("there is a file").to_owned();
    assert!(folder.read(&file).contains("\"scheduler\": \"guided\""));
    let seed = ["--scheduler", "guided", "--target", BUG];
    for command in ["replay", "minimize"] {
        let ended = folder.run(&[&[command, "0x1"], &seed[..]].concat()).exits(2);
        ended.complains("means nothing without the runs before it").complains("hint: ");
    }
}

#[test]
fn results_do_not_depend_on_the_number_of_jobs() {
    let folder = Folder::new("guided-jobs");
    let report = |jobs: &str| {
        let corpus = format!("corpus-{jobs}");
        let more = ["--runs", "500", "--jobs", jobs, "--format", "json"];
        let more = [&more[..], &["--guided-corpus", corpus.as_str()]].concat();
        let json = timeless(fuzz(&folder, "raft-core", &more).exits(0).campaign());
        assert!(100 < json["guided"]["scripts"].as_u64().expect("a number"), "{json}");
        assert!(1_000 < json["guided"]["states"].as_u64().expect("a number"), "{json}");
        (json, files(&folder, &corpus))
    };
    assert_eq!(report("1"), report("2"));
}

#[test]
fn a_corpus_is_added_to_and_never_taken_from() {
    let folder = Folder::new("guided-corpus");
    let corpus = ["--guided-corpus", "corpus"];
    let runs = |number: &'static str| [&["--runs", number][..], &corpus].concat();
    fuzz(&folder, "raft-core", &runs("100")).exits(0).complains("new scripts in corpus");
    let first = files(&folder, "corpus");
    folder.write("corpus/by-hand.txt", "cluster nodes=3\ntimeout n1\n");
    let ended = fuzz(&folder, "noraft", &runs("200")).exits(0).says("were loaded");
    assert!(ended.stdout.contains("guided  "), "{}", ended.stdout);
    let second = files(&folder, "corpus");
    assert!(first.is_subset(&second) && second.contains("by-hand.txt"));
    assert!(first.len() + 1 < second.len(), "the second campaign has added some");
    fs::remove_file(folder.file("corpus/by-hand.txt")).expect("it is there");
    folder.run(&["replay", "corpus"]).exits(0);
}

#[test]
fn a_corpus_that_is_none_is_explained() {
    let folder = Folder::new("guided-wrong");
    let corpus = ["--runs", "10", "--guided-corpus", "corpus"];
    folder.write("corpus/a.txt", "cluster nodes=3\ntimeout n1\ntimout n2\n");
    let ended = fuzz(&folder, "raft-core", &corpus).exits(2);
    ended.complains("corpus/a.txt:3").complains("did you mean `timeout`?").complains("mend or");
    folder.write("corpus/a.txt", "cluster nodes=3\ntimeout n1\n");
    folder.write("corpus/b.json", "{\n  \"format\": 7\n}\n");
    fuzz(&folder, "raft-core", &corpus).exits(2).complains("corpus/b.json:2");
    let file = ["--runs", "10", "--guided-corpus", "corpus/a.txt"];
    fuzz(&folder, "raft-core", &file).exits(2).complains("is no folder");
    let unguided = ["fuzz", "--runs", "10", "--guided-corpus", "corpus"];
    folder.run(&unguided).exits(2).complains("add --scheduler guided");
    folder.run(&["fuzz", "--scheduler", "guide"]).exits(2).complains("did you mean `guided`?");
    folder.run(&["list", "schedulers"]).exits(0).says("guided").says("on request");
}

/// Runs a third of a guided campaign; its corpus is a folder of its own.
fn third(folder: &Folder, shard: &str, place: &str) {
    let (out, corpus) = (format!("{place}/out"), format!("{place}/corpus"));
    let more = ["--runs", "600", "--shard", shard, "--out", &out, "--guided-corpus", &corpus, "-q"];
    fuzz(folder, "raft-core", &more).exits(0);
}

#[test]
fn corpora_of_shards_are_joined_in_any_order_and_however_often_one_was_tried() {
    let folder = Folder::new("guided-shards");
    for (shard, place) in [("1/3", "a"), ("2/3", "b"), ("3/3", "c"), ("2/3", "again")] {
        third(&folder, shard, place);
    }
    assert_eq!(files(&folder, "b/corpus"), files(&folder, "again/corpus"), "a retry is harmless");
    folder.write("a/regressions/vote-once-per-term-5c0a11e2.json", &folder.read(&script(&folder)));
    let join = |joint: &str, places: &[&str]| {
        let merge = [&["merge"], places, &["--guided-corpus", joint]].concat();
        folder.run(&merge).exits(0).complains("of guided shards, ");
        files(&folder, joint)
    };
    let joint = join("there", &["a", "b", "c", "again"]);
    assert_eq!(join("back", &["again", "c", "b", "a"]), joint, "in another order");
    for name in &joint {
        let texts = ["there", "back"].map(|joint| folder.read(&format!("{joint}/{name}")));
        assert_eq!(texts[0], texts[1], "{name}");
    }
    let parts = ["a", "b", "c"].map(|place| files(&folder, &format!("{place}/corpus")));
    let union: BTreeSet<String> = parts.iter().flatten().cloned().collect();
    assert_eq!(joint, union, "it is all scripts of all shards, each once");
    assert!(parts.iter().all(|part| part.len() < union.len()), "each shard has found its own");
    assert_eq!(join("there", &["a", "b", "c"]), joint, "nothing is added twice");

    folder.run(&["replay", "there", "-q"]).exits(0);
    let next = ["--runs", "10", "--guided-corpus", "there", "--format", "json"];
    let next = fuzz(&folder, "raft-core", &next).exits(0).campaign();
    assert_eq!(next["guided"]["loaded"], joint.len(), "a later campaign begins with all of them");
}

/// A script of the first shard's corpus.
fn script(folder: &Folder) -> String {
    let first = files(folder, "a/corpus").into_iter().next().expect("it kept some");
    format!("a/corpus/{first}")
}
