//! Campaigns in parts: disjoint seeds, and nothing that the whole would not have found.

use super::BUG;
use super::process::{Ended, Folder, PROGRAM};

const CAMPAIGN: [&str; 9] =
    ["fuzz", "--target", BUG, "--runs", "1001", "--keep-going", "--minimize", "off", "--format"];

fn fuzz(folder: &Folder, more: &[&str]) -> Ended {
    folder.run(&[&CAMPAIGN[..], &["json"], more].concat()).exits(1)
}

fn digest(ended: &Ended) -> u64 {
    let json = ended.campaign();
    u64::from_str_radix(json["digest"].as_str().expect("it has one"), 16)
        .expect("it is hexadecimal")
}

/// Over all classes of failure.
fn failing_runs(ended: &Ended) -> u64 {
    let json = ended.campaign();
    let failures = json["failures"].as_array().expect("a list");
    failures.iter().map(|failure| failure["runs"].as_u64().expect("a number")).sum()
}

#[test]
fn four_shards_are_one_campaign() {
    let folder = Folder::new("shards");
    for seed in
        [&["--seed", "0x7"], &["--seed-from-commit", "9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90"]]
    {
        let whole = fuzz(&folder, &seed[..]);
        let parts = ["1/4", "2/4", "3/4", "4/4"];
        let parts = parts.map(|part| fuzz(&folder, &[&seed[..], &["--shard", part]].concat()));
        let sum = |read: fn(&Ended) -> u64| parts.iter().map(read).sum::<u64>();
        assert_eq!(parts.iter().map(digest).fold(0, |all, one| all ^ one), digest(&whole));
        assert_eq!(sum(|part| part.campaign()["runs"].as_u64().expect("a number")), 1001);
        assert_eq!(sum(failing_runs), failing_runs(&whole), "the same runs fail");
    }
}

#[test]
fn whatever_started_us_says_which_shard_we_are() {
    let folder = Folder::new("shard-auto");
    let args = [&CAMPAIGN[..], &["json", "--seed", "0x7", "--shard"]].concat();
    let by_hand = folder.run(&[&args[..], &["2/3"]].concat()).exits(1);
    let mut command = folder.command(PROGRAM);
    command.args([&args[..], &["auto"]].concat());
    command.env("JOB_COMPLETION_INDEX", "1").env("RAFT_SIM_SHARDS", "3");
    let told = Ended::new(command.output().expect("it starts")).exits(1);
    assert_eq!(digest(&told), digest(&by_hand));
    assert_eq!(told.campaign()["seeds"]["shard"], "2/3");
}

#[test]
fn shards_that_cannot_be_told_are_refused() {
    let folder = Folder::new("shard-wrong");
    let check = |args: &[&str], words: &str, hint: &str| {
        folder.run(&[&["fuzz"], args].concat()).exits(2).complains(words).complains(hint);
    };
    check(&["--seed", "1", "--shard", "0/4"], "'0/4'", "write it like 2/4");
    check(&["--seed", "1", "--shard", "auto"], "nothing here says which shard", "--shard K/N");
    check(&["--shard", "1/4"], "need one first seed", "add --seed SEED");
}
