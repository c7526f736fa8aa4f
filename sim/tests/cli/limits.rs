//! Limits: nothing is vacuous, nothing is read or started without end, nothing of a person's is
//! destroyed.

use std::fs;
use std::io::Read as _;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::process::{Command, Stdio};

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
    let device = |path: &str| {
        let link = folder.file(path);
        fs::create_dir_all(link.parent().expect("it is in the folder")).expect("it is writable");
        symlink("/dev/zero", &link).expect("it is writable");
    };
    device("known/a.json");
    let known = folder.run(&["fuzz", "--runs", "5", "--known", "known"]);
    known.exits(2).complains("known/a.json is no file");
    for file in ["out/latest/checkpoint.json", "raft-sim.toml"] {
        device(file);
        let resume = folder.run(&["fuzz", "--resume", "--out", "out"]);
        resume.exits(2).complains(&format!("{file} is far too large"));
    }
}

#[test]
fn a_pipe_among_kept_runs_is_not_waited_for() {
    let folder = Folder::new("pipe-in-folder");
    folder.write("seeds/mutants/a.txt", "");
    let made = Command::new("mkfifo").arg(folder.file("seeds/mutants/b.json")).status();
    assert!(made.expect("there is a mkfifo").success());
    for command in ["replay", "merge"] {
        folder.run(&[command, "seeds"]).exits(2).complains("b.json is no file");
    }
}

#[test]
fn what_cannot_be_written_is_known_before_the_work_begins() {
    let folder = Folder::new("tried");
    folder.write("a/b.txt", "");
    let fuzz = ["fuzz", "--target", "raft-core", "--runs", "40", "--seed", "7"];
    let ended = folder.run(&[&fuzz[..], &["--junit", "a"]].concat()).exits(74);
    assert_eq!(ended.complains("cannot write a: is a directory").stdout, "");
    let ended = folder.run(&[&fuzz[..], &["--json", "a/b.txt/c.json"]].concat()).exits(74);
    assert_eq!(ended.complains("cannot write a/b.txt/c.json").stdout, "");
    folder.write("f.txt", FAILING);
    let ended = folder.run(&["minimize", "f.txt", "--target", BUG, "-o", "a"]).exits(74);
    assert_eq!(ended.complains("cannot write a").stdout, "");
}

/// Scripts as long as they may be, each of which makes something else grow.
const LONGEST: [(&str, &str); 5] = [
    ("cluster nodes=9\n", "timeout n1\n"),
    ("cluster nodes=9 disk=queued\n", "timeout n1\n"),
    ("cluster nodes=1\ntimeout n1\n", "write n1 x=1\n"),
    ("cluster nodes=3\n", "crash n1\nrestart n1\n"),
    ("cluster nodes=9\n", "cut n1->n2\nheal\n"),
];
/// Actions of a script at most.
const ACTIONS_MAX: usize = 20_000;

#[test]
fn the_longest_scripts_are_told_in_little_memory() {
    let folder = Folder::new("longest");
    for (number, (head, lines)) in LONGEST.into_iter().enumerate() {
        let actions = |text: &str| text.lines().filter(|line| !line.starts_with("cluster")).count();
        let times = (ACTIONS_MAX - actions(head)) / actions(lines);
        folder.write(&format!("{number}.txt"), &(head.to_owned() + &lines.repeat(times)));
        let file = format!("{number}.txt");
        for how in
            [&[][..], &["--format", "json"], &["--trace", "--format", "json"], &["--diagram"]]
        {
            let peak = peak(&folder, &[&["replay", &file], how].concat());
            let all_steps = how.contains(&"--trace");
            let most = if all_steps { 150_000_000 } else { 100_000_000 };
            assert!((1..most).contains(&peak), "{head}{lines} {how:?}: {peak} bytes");
        }
    }
}

/// The most memory that the program has had when it begins to write a long result, where the system
/// tells: all is told by then, and a reader that does not read keeps it from going on.
fn peak(folder: &Folder, args: &[&str]) -> u64 {
    let mut command = folder.command(super::process::PROGRAM);
    let command = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdout = child.stdout.take().expect("stdout is a pipe");
    stdout.read_exact(&mut [0]).expect("it has a result");
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    child.kill().expect("it is there");
    child.wait().expect("it ends");
    kilobytes.unwrap_or(1_u64) * 1024
}

#[test]
fn longer_ones_are_refused_with_their_line() {
    let folder = Folder::new("too-long");
    let script = format!("cluster nodes=3\n{}calm\n", "timeout n1\n".repeat(ACTIONS_MAX));
    folder.write("a.txt", &script.replace("calm", "timeout n1"));
    let ended = folder.run(&["replay", "a.txt"]).exits(2);
    ended.complains("a run has at most 20000 actions").complains("a.txt:20002:1");
    folder.write("b.txt", FAILING);
    folder.run(&["minimize", "b.txt", "--target", BUG, "-o", "b.json"]).exits(0);
    let repro = folder.read("b.json");
    let (head, _) = repro.split_once("\"actions\": [").expect("it has actions");
    let repro = |lines: &str| format!("{head}\"actions\": [{lines}\"heal\"]}}");
    folder.write("c.json", &repro(&"\"timeout n1\",\n".repeat(ACTIONS_MAX)));
    let ended = folder.run(&["replay", "c.json"]).exits(2);
    ended.complains("a run has at most 20000 actions").complains("hint: leave out what comes");
    // A list and an object that never end are no reason to remember all of it.
    folder.write("d.json", &repro(&"0,".repeat(2_000_000)));
    folder.run(&["replay", "d.json"]).exits(2).complains("expected a text, found 0");
    folder.write("e.json", &format!("{{{}\"a\":0}}", "\"b\":0,".repeat(600_000)));
    folder.run(&["replay", "e.json"]).exits(2).complains("`format` is missing");
    let more = ["fuzz", "--steps", "20001"];
    folder.run(&more).exits(2).complains("20001 is not in 1..=20000");
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
    symlink("elsewhere.json", folder.file("link")).expect("it is writable");
    minimize("link").exits(0);
    assert!(fs::symlink_metadata(folder.file("link")).expect("it is there").is_symlink());
    assert!(folder.read("elsewhere.json").contains("raft-sim-repro/1"));
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
