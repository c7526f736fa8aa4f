//! How grave findings are: said of each, and the order in which they are told.

use super::process::Folder;

/// It breaks a step of the proof, and nothing comes of it.
const LEMMA_BUG: &str = "raft-core?bug=match-not-monotonic";
/// Levels from the gravest to the least.
const RANKS: [&str; 7] =
    ["client", "paper", "history", "durability", "progress", "harness", "lemma"];

#[test]
fn the_gravest_finding_ranks_first_and_is_told_last() {
    let folder = Folder::new("severity");
    let args = ["fuzz", "--target", "raftbare", "--seed", "5", "--runs", "1500", "--keep-going"];
    let args = [&args[..], &["--minimize", "off"]].concat();
    let told = folder.run(&args).exits(1);
    let json = folder.run(&[&args[..], &["--format", "json"]].concat()).exits(1).campaign();
    let failures = json["failures"].as_array().expect("a list");
    let text =
        |failure: &serde_json::Value, key: &str| failure[key].as_str().expect("a text").to_owned();
    let ranks: Vec<Option<usize>> = failures
        .iter()
        .map(|failure| RANKS.iter().position(|level| *level == text(failure, "level")))
        .collect();
    assert!(ranks.is_sorted() && ranks.first() < ranks.last(), "{ranks:?}");
    let headlines = failures
        .iter()
        .map(|it| format!("\u{2717} {} ({})  seed", text(it, "invariant"), text(it, "level")));
    let places: Vec<usize> = headlines
        .map(|line| told.stdout.find(&line).unwrap_or_else(|| panic!("{line} in {}", told.stdout)))
        .collect();
    assert!(places.iter().rev().is_sorted(), "{places:?}");
    assert!(!told.stdout.contains("a lemma is a step"), "something graver was found");
}

#[test]
fn a_lemma_alone_says_how_to_look_further() {
    let folder = Folder::new("lemma-alone");
    let args = ["fuzz", "--target", LEMMA_BUG, "--seed", "7", "--runs", "300", "--minimize", "off"];
    let ended = folder.run(&args).exits(1).says("1 lemma").says("nothing worse came of it");
    let further = ended.line("further ").to_owned();
    assert!(further.ends_with(" --skip lemma --time 10m"), "{further}");
    let shorter = further.replace("--time 10m", "--runs 300 --seed 7");
    folder.shell(&shorter).exits(0).says("no failures");
    let chosen = folder.run(&[&args[..], &["--only", "lemma"]].concat()).exits(1);
    assert!(!chosen.stdout.contains("further "), "lemmas were asked for: {}", chosen.stdout);
}
