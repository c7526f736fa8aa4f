//! What made something: versions in what is printed and kept, and words where they differ.

use super::process::Folder;
use super::{BUG, RUNS};

/// The version of the program, with the commit it is built from.
fn version(folder: &Folder) -> String {
    let ended = folder.run(&["--version"]).exits(0);
    let version = ended.stdout.trim().strip_prefix("raft-sim ").expect("it says its name");
    version.to_owned()
}

#[test]
fn whatever_is_made_says_what_made_it() {
    let folder = Folder::new("made-by");
    let version = version(&folder);
    assert!(version.starts_with(concat!(env!("CARGO_PKG_VERSION"), "+")), "{version}: a commit");
    let args = ["fuzz", "--target", "raftbare", "--runs", RUNS, "--seed", "5", "--without", "skew"];
    let ended = folder.run(&args).exits(1);
    let made_by = format!("--made-by '{version}, raftbare 0.2.2'");
    assert!(ended.line("seed ").ends_with(&made_by), "{}", ended.line("seed "));
    let again = folder.shell(ended.line("seed ")).exits(1);
    assert!(!again.stderr.contains("made by"), "the same version: {}", again.stderr);
    let file = ended.line("file").split_whitespace().next().expect("there is a file").to_owned();
    let kept = folder.read(&file);
    assert!(kept.contains(&format!("\"version\": \"{version}\"")), "{kept}");
    assert!(kept.contains("\"target\": \"raftbare 0.2.2\""), "{kept}");
    assert!(kept.contains("\"settings\": \"--without skew\""), "{kept}");
    let report = folder.read("target/raft-sim/latest/report.json");
    for part in [&*version, "\"target\": \"raftbare 0.2.2\"", "\"--without\"", "\"skew\""] {
        assert!(report.contains(part), "{part} in {report}");
    }
}

#[test]
fn another_version_is_told_above_the_result() {
    let folder = Folder::new("other-version");
    let args = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--minimize", "off"];
    let ended = folder.run(&args).exits(1);
    let version = version(&folder);
    let seed_line = ended.line("seed ").replace(&version, "0.0.1");
    folder.shell(&seed_line).exits(1).complains("note: it was made by 0.0.1, and this is");
    let file = ended.line("file").split_whitespace().next().expect("there is a file").to_owned();
    folder.write("other.json", &folder.read(&file).replace(&version, "0.0.1"));
    let other = folder.run(&["replay", "other.json"]).exits(0).complains("made by 0.0.1");
    other.complains("may have changed since");
    folder.run(&["replay", &file]).exits(0);
}

#[test]
fn a_number_that_may_be_a_commit_is_not_taken_silently() {
    let folder = Folder::new("short-hash");
    let args = ["fuzz", "--target", "raft-core", "--runs", "1", "--seed", "5094506"];
    folder.run(&args).complains("5094506 is taken for a number");
    folder.run(&["replay", "5094506"]).exits(0).complains("5094506 is taken for a number");
}
