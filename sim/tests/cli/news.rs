//! How much is still new: the same for any number of threads and of shards, and less and less.

use serde_json::Value;

use super::process::Folder;

const FUZZ: [&str; 9] =
    ["fuzz", "--target", "raft-core", "--seed", "7", "--runs", "16000", "--check-determinism", "0"];

fn news(folder: &Folder, more: &[&str]) -> Value {
    let args = [&FUZZ[..], more, &["--format", "json"]].concat();
    folder.run(&args).exits(0).campaign()["novelty"].clone()
}

#[test]
fn less_and_less_is_new() {
    let folder = Folder::new("news");
    let one = news(&folder, &["--jobs", "1"]);
    assert_eq!(one, news(&folder, &["--jobs", "3"]), "threads do not matter");
    let marks = one["over_time"].as_array().expect("a list").iter();
    let marks: Vec<u64> = marks.map(|mark| mark["ppm"].as_u64().expect("a number")).collect();
    assert!(marks.last() < marks.first(), "{marks:?}");
    let runs = one["runs"].as_u64().expect("a number");
    assert!((150..400).contains(&runs), "one in 64 is looked at: {runs}");
    assert!(one["ppm"].as_u64().is_some_and(|ppm| ppm < 950_000), "{one}");
    let told = folder.run(&FUZZ).exits(0);
    assert!(told.line("new ").starts_with("still new in "), "{}", told.stdout);
}

#[test]
fn shards_know_together_what_is_new() {
    let folder = Folder::new("news-of-shards");
    let whole = news(&folder, &[]);
    let mut files = Vec::new();
    for shard in ["1/3", "2/3", "3/3"] {
        let file = format!("{}.json", &shard[..1]);
        news(&folder, &["--shard", shard, "--json", &file]);
        files.push(file);
    }
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let merged = folder.run(&[&["merge", "--format", "json"], &files[..]].concat()).exits(0);
    let merged = merged.campaign()["novelty"].clone();
    for same in ["runs", "alone", "ppm"] {
        assert_eq!(merged[same], whole[same], "{same}");
    }
    assert_eq!(merged["situations"]["often"], whole["situations"]["often"]);
}
