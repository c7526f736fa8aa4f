//! Manifests for engines, as transcripts: each is compared with a file, that of GitHub with the
//! workflow of this repository. `UPDATE=1 cargo test -p raft-sim --test cli emit` rewrites those. That they work is tested where
//! the engines are: in `cargo ci`.

use std::fs;
use std::path::PathBuf;

use super::process::{Folder, PROGRAM};

/// Engines, what is asked of them beside that, and the file with what they answer.
const MANIFESTS: &[(&str, &str, &str)] = &[
    ("slurm", EXAMPLE, "tests/cli/emit/slurm.sh"),
    ("parallel", EXAMPLE, "tests/cli/emit/parallel.sh"),
    ("k8s", EXAMPLE, "tests/cli/emit/k8s.yaml"),
    ("github", OURS_FOR_PULL_REQUESTS, "../ci/fuzz.yml"),
    ("github-nightly", OURS_FOR_NIGHTS, "../ci/nightly.yml"),
];

const EXAMPLE: &str = "--shards 8 --program raft-sim -- \
    --target raft-core?bug=vote-no-log-check --seed 7 --time 8m";
/// The workflows of this repository.
const OURS_FOR_PULL_REQUESTS: &str = "--shards 4 --program cargo_run_--quiet_--release_-- -- \
    --target raft-core,noraft,raftbare --time 4m --max-failures 5";
const OURS_FOR_NIGHTS: &str = "--shards 8 --program cargo_run_--quiet_--release_-- -- \
    --target raft-core,noraft,raftbare --time 50m --keep-going";

/// The words of a line; `_` stands for a space in a word.
fn words(line: &str) -> Vec<String> {
    line.split_whitespace().map(|word| word.replace('_', " ")).collect()
}

#[expect(clippy::disallowed_methods, reason = "asks whether to rewrite files; no run sees it")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

#[test]
fn every_manifest_is_as_it_was() {
    let folder = Folder::new("emit");
    for (engine, more, file) in MANIFESTS {
        let more = words(more);
        let more: Vec<&str> = more.iter().map(String::as_str).collect();
        let ended = folder.run(&[&["emit", engine], &more[..]].concat()).exits(0);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file);
        if is_update() {
            fs::write(&path, &ended.stdout).expect("the checkout is writable");
        }
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, ended.stdout, "{file} differs; UPDATE=1 rewrites it");
    }
}

#[test]
fn every_engine_is_tested() {
    let folder = Folder::new("emit-help");
    let help = folder.run(&["emit", "--help"]).exits(0);
    let values = help.stdout.split("Possible values:").nth(1).expect("there are engines");
    let offered = values.lines().filter_map(|line| line.trim_start().strip_prefix("- "));
    let offered: Vec<&str> = offered.filter_map(|line| line.split(':').next()).collect();
    assert_eq!(offered, MANIFESTS.iter().map(|(engine, ..)| *engine).collect::<Vec<_>>());
}

#[test]
fn shards_have_one_first_seed_whoever_names_it() {
    let folder = Folder::new("emit-seed");
    let commit = "9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90";
    folder.write(".git/HEAD", &format!("{commit}\n"));
    let slurm = ["emit", "slurm", "--shards", "2", "--"];
    let by_commit = [&slurm[..], &["--seed-from-commit", "--runs", "9"]].concat();
    folder.run(&by_commit).exits(0).says("fuzz --runs 9 --seed 0x9f3c2ab0a1b2c3d4 \\\n");
    let drawn = folder.run(&[&slurm[..], &["--runs", "9"]].concat()).exits(0);
    let other = folder.run(&[&slurm[..], &["--runs", "9"]].concat()).exits(0);
    assert_ne!(drawn.stdout, other.stdout, "each is another campaign");
    let github = |which: &str, flags: &str| {
        folder.run(&["emit", which, "--shards", "2", "--", "--runs", "9", flags]).exits(0)
    };
    let pull_request = github("github", "--keep-going");
    pull_request.says(" --runs 9 --keep-going --seed-from-commit \\\n");
    let nightly = github("github-nightly", "--keep-going");
    nightly.says(" --runs 9 --keep-going --seed \"$GITHUB_RUN_ID\" \\\n");
    github("github-nightly", "--seed=7").says(" --runs 9 --seed=7 \\\n");
}

#[test]
fn the_program_is_called_as_in_lines_that_it_prints_and_built_where_it_is_not() {
    let folder = Folder::new("emit-program");
    let ended = folder.run(&["emit", "slurm", "--shards", "2", "--", "--runs", "9"]).exits(0);
    ended.says(&format!("exec {PROGRAM} fuzz")).says(&format!("exec {PROGRAM} merge"));
    let ended = folder.run(&["emit", "k8s", "--shards", "2", "--", "--runs", "9"]).exits(0);
    ended.says("image: raft-sim:latest").says("exec raft-sim fuzz").says("exec raft-sim merge");
    for engine in ["github", "github-nightly"] {
        let ended = folder.run(&["emit", engine, "--shards", "2", "--", "--runs", "9"]).exits(0);
        let cargo = "cargo run --quiet --release --bin raft-sim --";
        ended.says(&format!("{cargo} fuzz")).says(&format!("{cargo} merge"));
    }
}

#[test]
fn what_slurm_must_run_again_is_no_pipe() {
    let folder = Folder::new("emit-pipe");
    let pipe = format!("'{PROGRAM}' emit slurm --shards 2 -- --runs 9 | bash");
    folder.shell(&pipe).exits(2).complains("save this in a file first");
}

#[test]
fn what_is_wrong_is_told_before_a_thousand_machines_tell_it() {
    let folder = Folder::new("emit-wrong");
    let check = |args: &[&str], words: &str, hint: &str| {
        let slurm = ["emit", "slurm", "--shards", "4"];
        let ended = folder.run(&[&slurm, args].concat()).exits(2);
        assert_eq!(ended.complains(words).complains(hint).stdout, "");
    };
    check(&["--", "--rums", "7"], "unexpected argument '--rums'", "flags of `fuzz`");
    check(&["--", "--target", "raft-cor"], "unknown target", "did you mean `raft-core`?");
    check(&["--", "--nodes", "12"], "cannot have 12 nodes", "sizes from 1 to 9");
    check(&["--", "--seed", "abc"], "`abc` is not a seed", "64 bits");
    check(&["--", "--shard", "1/4"], "--shard has no place here", "has its own");
    check(&["--", "--json", "x"], "--json has no place here", "the same file");
    check(&["--", "--print-config"], "--print-config has no place here", "runs nothing");
    check(&["--", "--resume"], "--resume has no place here", "from its beginning");
    let nightly = ["emit", "github-nightly", "--shards", "4", "--", "--scheduler", "pos"];
    folder.run(&nightly).exits(2).complains("--scheduler has no place here");
    folder.run(&["emit", "slrum", "--shards", "4"]).exits(2).complains("slurm");
    folder.run(&["emit", "slurm", "--shards", "0"]).exits(2).complains("'0'");
}
