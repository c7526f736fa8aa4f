//! Manifests for engines, as transcripts: each is compared with the file beside this one.
//! `UPDATE=1 cargo test -p raft-sim --test cli emit` rewrites those. That they work is tested where
//! the engines are: in `cargo ci`.

use std::fs;
use std::path::PathBuf;

use super::process::{Folder, PROGRAM};

const ENGINES: &[(&str, &str)] = &[
    ("slurm", "slurm.sh"),
    ("parallel", "parallel.sh"),
    ("k8s", "k8s.yaml"),
    ("github", "github.yml"),
];

const EMIT: &[&str] = &["--shards", "8", "--program", "raft-sim"];
const FUZZ: &[&str] =
    &["--", "--target", "raft-core?bug=vote-no-log-check", "--seed", "7", "--time", "8m"];

#[expect(clippy::disallowed_methods, reason = "asks whether to rewrite files; no run sees it")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}

#[test]
fn every_manifest_is_as_it_was() {
    let folder = Folder::new("emit");
    for (engine, file) in ENGINES {
        let ended = folder.run(&[&["emit", engine], EMIT, FUZZ].concat()).exits(0);
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli/emit").join(file);
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
    assert_eq!(offered, ENGINES.iter().map(|(engine, _)| *engine).collect::<Vec<_>>());
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
    let github = ["emit", "github", "--shards", "2", "--", "--runs", "9"];
    folder.run(&github).exits(0).says("fuzz --runs 9 --seed-from-commit \\\n");
}

#[test]
fn the_program_is_called_as_in_lines_that_it_prints() {
    let folder = Folder::new("emit-program");
    let ended = folder.run(&["emit", "slurm", "--shards", "2", "--", "--runs", "9"]).exits(0);
    ended.says(&format!("exec {PROGRAM} fuzz")).says(&format!("exec {PROGRAM} merge"));
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
    check(&["--", "--shard", "1/4"], "--shard has no place here", "one for each shard");
    check(&["--", "--json", "x"], "--json has no place here", "the same file");
    check(&["--", "--print-config"], "--print-config has no place here", "runs nothing");
    check(&["--", "--resume"], "--resume has no place here", "from its beginning");
    folder.run(&["emit", "slrum", "--shards", "4"]).exits(2).complains("slurm");
    folder.run(&["emit", "slurm", "--shards", "0"]).exits(2).complains("'0'");
}
