//! Limits: nothing is vacuous, nothing is read or started without end, nothing of a person's is
//! destroyed.

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::Command;

use super::process::Folder;
use super::{BUG, FAILING, RUNS};

#[test]
fn where_nobody_judged_nothing_was_checked() {
    let folder = Folder::new("nobody");
    let levels = ["--only", "paper", "--skip", "paper"];
    let run = |args: &[&str]| folder.run(args).exits(3).complains("no invariant judged");
    run(&[&["fuzz", "--runs", "40", "--seed", "1"], &levels[..]].concat());
    run(&[&["exhaust", "--timeouts", "1"], &levels[..]].concat());
    let all = "client,paper,history,durability,progress,lemma,harness";
    run(&["fuzz", "--runs", "40", "--seed", "1", "--skip", all]);
    let noraft = ["fuzz", "--target", "noraft", "--runs", "40"];
    let list = folder.run(&[&noraft[..], &["--format", "json"]].concat());
    let not_sitting = &list.campaign()["not_checked"][0]["invariant"];
    let name = not_sitting.as_str().expect("noraft does not reveal all").to_owned();
    run(&[&noraft[..], &["--only", &name]].concat());
}

#[test]
fn only_what_can_be_seen_is_demanded() {
    let folder = Folder::new("demands");
    let settings = [
        &["--without", "network", "--nodes", "3"][..],
        &["--nodes", "1"],
        &["--nodes", "2"],
        &["--scheduler", "storm", "--without", "network"],
    ];
    for settings in settings {
        let args = [&["fuzz", "--target", "raft-core", "--seed", "7", "--runs", "2000"], settings];
        folder.run(&args.concat()).exits(0).says("no failures");
    }
}

#[test]
fn reading_ends() {
    let folder = Folder::new("endless");
    folder.run(&["replay", "/dev/zero"]).exits(2).complains("/dev/zero is far too large");
    let endless = format!("yes timeout n1 | '{}' replay -", super::process::PROGRAM);
    folder.shell(&endless).exits(2).complains("<stdin> is far too large");
}

#[test]
fn more_threads_than_there_is_work_for_are_not_started() {
    let folder = Folder::new("threads");
    let args = ["fuzz", "--target", "raft-core", "--runs", "40", "--seed", "7", "--jobs", "10000"];
    folder.run(&args).exits(0);
}

#[test]
fn without_threads_the_work_is_done_all_the_same() {
    let folder = Folder::new("threadless");
    let fuzz = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--jobs", "3"];
    let run = |stack: &[(&str, &str)], args: &[&str]| {
        let mut command = folder.command(super::process::PROGRAM);
        command.args(args).args(["--format", "json"]).envs(stack.iter().copied());
        let output = command.output().expect("the program starts");
        super::process::Ended::new(output).exits(1)
    };
    // No address space has room for such a stack.
    let none = [("RUST_MIN_STACK", "140737488355328")];
    let scripts = |ended: &super::process::Ended| {
        let campaign = super::process::timeless(ended.campaign());
        (campaign["digest"].clone(), campaign["failures"][0]["script"].clone())
    };
    assert_eq!(scripts(&run(&none, &fuzz)), scripts(&run(&[], &fuzz)));
    let guided = [&fuzz[..], &["--scheduler", "guided"]].concat();
    assert_eq!(scripts(&run(&none, &guided)), scripts(&run(&[], &guided)));
}

#[test]
fn what_is_no_file_is_written_into() {
    let folder = Folder::new("devices");
    folder.write("f.txt", FAILING);
    let minimize = |out: &str| folder.run(&["minimize", "f.txt", "--target", BUG, "-o", out]);
    minimize("/dev/full").exits(74).complains("cannot write /dev/full");
    minimize("/dev/null").exits(0);
    for device in ["/dev/full", "/dev/null"] {
        let kind = fs::metadata(device).expect("there is one").file_type();
        assert!(kind.is_char_device(), "{device} is still a device");
    }
    minimize("/dev/stdout").exits(0).says("\"format\": \"raft-sim-repro/1\"");
    let made = Command::new("mkfifo").arg(folder.file("pipe")).status();
    assert!(made.expect("there is a mkfifo").success());
    let line = format!(
        "cat pipe > read & '{}' minimize f.txt --target '{BUG}' -o pipe && wait",
        super::process::PROGRAM
    );
    folder.shell(&line).exits(0);
    assert!(folder.read("read").contains("raft-sim-repro/1"));
    assert!(fs::metadata(folder.file("pipe")).expect("it is there").file_type().is_fifo());
}

#[test]
fn a_link_stays_a_link() {
    let folder = Folder::new("links");
    folder.write("f.txt", FAILING);
    folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "a.json"]).exits(0);
    let text = folder.read("a.json");
    folder.write("elsewhere/b.json", &text.replace("\n    ", " "));
    fs::create_dir_all(folder.file("seeds/mutants")).expect("it is writable");
    let link = folder.file("seeds/mutants/b.json");
    symlink("../../elsewhere/b.json", &link).expect("it is writable");
    folder.run(&["corpus", "fmt"]).exits(0);
    assert!(fs::symlink_metadata(&link).expect("it is there").is_symlink());
    assert_eq!(folder.read("elsewhere/b.json"), text);
}

#[test]
fn what_a_person_wrote_about_a_kept_bug_stays() {
    let folder = Folder::new("words");
    folder.write("f.txt", FAILING);
    folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "a.json"]).exits(0);
    let added = folder.run(&["corpus", "add", "a.json"]).exits(0).stdout.trim().to_owned();
    let words = "  \"title\": \"half of four\",\n  \"issue\": \"tracker#7\",\n  \"target\"";
    let by_hand = folder.read(&added).replace("  \"target\"", words);
    folder.write(&added, &by_hand);
    folder.run(&["corpus", "add", "a.json"]).exits(0).complains("the same bug was kept before");
    assert_eq!(folder.read(&added), by_hand);
}

#[test]
fn each_mistake_has_its_words_and_its_code() {
    let folder = Folder::new("mistakes");
    folder.write("f.txt", FAILING);
    folder.write("bom.txt", &format!("\u{feff}{FAILING}"));
    folder.run(&["replay", "bom.txt", "--target", BUG]).exits(1).says("ElectedByQuorum");
    folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "a.json"]).exits(0);
    let text = folder.read("a.json");
    folder.write("b.json", &text.replace("\"ElectedByQuorum\"", "\"ElectedByQourum\""));
    let ended = folder.run(&["replay", "b.json"]).exits(2);
    ended.complains("b.json: unknown invariant").complains("did you mean `ElectedByQuorum`?");
    fs::create_dir_all(folder.file("seeds")).expect("it is writable");
    folder.run(&["corpus", "check"]).exits(3).complains("seeds has no kept runs");
    folder.write("pass.txt", "cluster nodes=3\ntimeout n1\n");
    let passing = folder.run(&["minimize", "pass.txt", "--target", "raft-core"]).exits(5);
    passing.complains("pass.txt does not fail");
    folder.run(&["fuzz", "--jobs", "0"]).exits(2).complains("'0' for '--jobs <N>'");
    folder.run(&["fuzz", "--nodes", "1000000"]).exits(2).complains("'1000000'");
}

#[test]
fn what_is_announced_is_what_is_reported() {
    let folder = Folder::new("announced");
    let args = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "0x50945064a4c44721"];
    let args = [&args[..], &["--keep-going", "--format", "json", "--progress", "lines"]].concat();
    let ended = folder.run(&args).exits(1);
    for failure in ended.campaign()["failures"].as_array().expect("a list") {
        let text = |key: &str| failure[key].as_str().expect("a text").to_owned();
        let announced =
            format!("{} ({})  seed {}, action", text("invariant"), text("level"), text("seed"));
        assert!(ended.stderr.contains(&announced), "{announced} in {}", ended.stderr);
    }
}
