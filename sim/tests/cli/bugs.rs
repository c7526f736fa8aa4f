//! The score of the harness, and what a hunt alone can know of a planted bug.

use std::fs;

use super::BUG;
use super::process::{Ended, Folder};

/// What a campaign for the bug of these tests leaves behind; the correct core is searched, too.
fn bugs(folder: &Folder, more: &[&str]) -> Ended {
    let name = BUG.split_once('=').expect("a planted bug").1;
    let budget = ["bugs", name, "--starts", "2", "--actions", "100000"];
    folder.run(&[&budget[..], more].concat()).exits(0)
}

fn kept(folder: &Folder) -> Vec<String> {
    let entries = fs::read_dir(folder.file("seeds/mutants")).expect("it was made").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_blessed_hunt_keeps_the_shortest_story() {
    let folder = Folder::new("bless");
    bugs(&folder, &[]).says(BUG).says("2/2");
    assert!(!folder.file("seeds").exists(), "only who blesses keeps");

    let first = kept_by(&folder);
    assert_eq!(first.len(), 1, "one story of one bug");
    folder.run(&["replay", "seeds/mutants"]).exits(0);
    assert_eq!(kept_by(&folder), first, "what is as short stays");

    let path = format!("seeds/mutants/{}", first[0]);
    let story = folder.read(&path);
    let longer = story.replace("\"actions\": [\n", "\"actions\": [\n    \"timeout n1\",\n");
    assert_ne!(story, longer);
    fs::remove_file(folder.file(&path)).expect("it is there");
    folder.write("seeds/mutants/elected-by-quorum-00000000.json", &longer);
    assert_eq!(kept_by(&folder), first, "what is longer makes room");
    assert_eq!(folder.read(&path), story);
}

fn kept_by(folder: &Folder) -> Vec<String> {
    bugs(folder, &["--bless"]);
    kept(folder)
}
