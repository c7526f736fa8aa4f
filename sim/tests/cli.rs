//! The command line as a process: exit codes, streams, and printed lines that can be run as
//! printed. That each command's parts do what they should is tested beside them.

#[path = "cli/bugs.rs"]
mod bugs;
#[path = "cli/documents.rs"]
mod documents;
#[path = "cli/emit.rs"]
mod emit;
#[path = "cli/exhaust.rs"]
mod exhaust;
#[path = "cli/files.rs"]
mod files;
#[path = "cli/formats.rs"]
mod formats;
#[path = "cli/guided.rs"]
mod guided;
#[path = "cli/issues.rs"]
mod issues;
#[path = "cli/known.rs"]
mod known;
#[path = "cli/lab.rs"]
mod lab;
#[path = "cli/left_alone.rs"]
mod left_alone;
#[path = "cli/limits.rs"]
mod limits;
#[path = "cli/merge.rs"]
mod merge;
#[path = "cli/news.rs"]
mod news;
#[path = "cli/process.rs"]
mod process;
#[path = "cli/scenarios.rs"]
mod scenarios;
#[path = "cli/settings.rs"]
mod settings;
#[path = "cli/severity.rs"]
mod severity;
#[path = "cli/shards.rs"]
mod shards;
#[path = "cli/versions.rs"]
mod versions;

#[path = "cli/transcripts.rs"]
mod transcripts;

use process::{Folder, PROGRAM, timeless};
use serde_json::Value;
use std::fs;

/// A planted bug that a campaign of this many runs finds from any seed.
const BUG: &str = "raft-core?bug=vote-duplicate-counted";
const RUNS: &str = "3000";

/// A script that elects a leader with half of four votes, if one vote is counted twice.
const FAILING: &str = "\
cluster nodes=4
timeout n1
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply granted
duplicate n2->n1 RequestVoteReply granted
";

#[test]
fn alone_it_shows_what_to_type_and_all_of_it_works() {
    let folder = Folder::new("alone");
    let alone = folder.run(&[]).exits(0).says("Five things to try");
    assert_eq!(alone.stderr, "");
    assert!(alone.stdout.lines().count() < 12, "no wall of flags");
    let examples = alone.stdout.lines().filter_map(|line| line.trim_start().split_once("  "));
    let examples: Vec<&str> = examples.map(|(line, _)| line).collect();
    let codes = [0, 1, 0, 0, 0];
    assert_eq!(examples.len(), codes.len(), "{examples:?}");
    for (line, code) in examples.into_iter().zip(codes) {
        folder.shell(&format!("RAFT_SIM_RUNS={RUNS} {line}")).exits(code);
    }
}

#[test]
fn help_has_a_short_form_and_one_that_teaches() {
    let folder = Folder::new("help");
    for command in [
        "fuzz", "exhaust", "replay", "minimize", "why", "list", "explain", "corpus", "emit",
        "merge", "lab", "explore",
    ] {
        let short = folder.run(&[command, "-h"]).exits(0);
        let long = folder.run(&[command, "--help"]).exits(0).says("Examples:");
        assert!(short.stdout.len() < 4_000, "{command} -h fits a screen");
        assert!(short.stdout.len() <= long.stdout.len(), "{command}");
        assert!(short.stdout.starts_with(long.stdout.lines().next().unwrap_or("?")), "{command}");
    }
    folder.run(&["run", "-h"]).exits(0);
    folder.run(&["shrink", "-h"]).exits(0);
}

#[test]
fn a_clean_campaign_passes_and_says_what_it_saw() {
    let folder = Folder::new("clean");
    let args = ["fuzz", "--target", "raft-core", "--runs", "300", "--seed", "7"];
    let ended =
        folder.run(&args).exits(0).says("300 runs").says("no failures").says("LeaderElected");
    assert!(ended.stderr.starts_with("hunting  raft-core  300 seeds from 0x7"), "{}", ended.stderr);
    assert!(!ended.stderr.contains('\r'), "no terminal, no bar");
    assert!(folder.file("target/raft-sim/latest/report.json").exists(), "the report is kept");
    let quiet = folder.run(&[&args[..], &["-q"]].concat()).exits(0);
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.line("digest"), ended.line("digest"));
}

#[test]
fn a_random_first_seed_is_printed_and_can_be_given() {
    let folder = Folder::new("random");
    let args = ["fuzz", "--target", "raft-core", "--runs", "40"];
    let drawn = folder.run(&args).exits(0);
    let seed = drawn.stderr.split("seeds from ").nth(1).and_then(|rest| rest.split(',').next());
    let seed = seed.expect("the first seed is printed");
    let given = folder.run(&[&args[..], &["--seed", seed]].concat()).exits(0);
    assert_eq!(given.line("digest"), drawn.line("digest"));
}

#[test]
fn a_commit_is_a_seed() {
    let folder = Folder::new("commit");
    let commit = "9f3c2ab0a1b2c3d4e5f60718293a4b5c6d7e8f90";
    folder.write(".git/HEAD", &format!("{commit}\n"));
    let args = ["fuzz", "--target", "raft-core", "--runs", "1", "--print-config"];
    for seed in [&["--seed", commit][..], &["--seed-from-commit", commit], &["--seed-from-commit"]]
    {
        let ended = folder.run(&[&args[..], seed].concat()).exits(0);
        assert_eq!(ended.line("# seed       0x"), "9f3c2ab0a1b2c3d4", "{seed:?}");
    }
    let short = [&args[..], &["--seed-from-commit", "9f3c2ab"]].concat();
    folder.run(&short).exits(2).complains("a commit has 40 hexadecimal digits");
}

#[test]
fn a_violation_is_told_kept_and_repeated_by_the_printed_lines() {
    let folder = Folder::new("violation");
    let ended = folder.run(&["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1"]).exits(1);
    let ended = ended.says("ElectedByQuorum").says("Story").says("Diagram").says("1-minimal");
    let again = folder.shell(ended.line("reproduce")).exits(0).says("as expected");
    assert_eq!(again.story(), ended.story(), "the same story");
    folder.shell(ended.line("seed ")).exits(1).says("ElectedByQuorum");
    folder.shell(ended.line("why ")).exits(0).says("1-minimal");
    let file = ended.line("file").split_whitespace().next().expect("there is a file").to_owned();
    assert!(folder.read(&file).contains("\"one_minimal\": true"), "it is minimized");
    let failures =
        fs::read_dir(folder.file("target/raft-sim/latest/failures")).expect("it is there");
    let found = ended.stdout.matches("  reproduce ").count();
    assert_eq!(failures.count(), found, "drafts are gone");
}

#[test]
fn printed_lines_carry_the_flags_that_change_what_a_seed_means() {
    let folder = Folder::new("flags");
    let settings = ["--nodes", "4,6", "--without", "skew,disk", "--skip", "ElectedByQuorum"];
    let args = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--minimize", "off"];
    let ended = folder.run(&[&args[..], &settings].concat()).exits(1).says("not minimized");
    for flags in ["--nodes 4,6", "--without skew,disk", "--skip ElectedByQuorum"] {
        assert!(ended.line("seed ").contains(flags), "{flags} in {}", ended.line("seed "));
    }
    assert!(ended.line("reproduce").ends_with("--skip ElectedByQuorum"), "a file says the rest");
    folder.shell(ended.line("reproduce")).exits(0);
    folder.shell(ended.line("seed ")).exits(1);
}

#[test]
fn results_do_not_depend_on_the_number_of_jobs() {
    let folder = Folder::new("jobs");
    let report = |jobs: &str, out: &str| {
        let args = ["fuzz", "--target", BUG, "--runs", RUNS, "--seed", "1", "--format", "json"];
        let more = ["--jobs", jobs, "--minimize", "10m", "--out", out];
        let ended = folder.run(&[&args[..], &more].concat()).exits(1);
        let kept = folder.read(&format!("{out}/latest/report.json"));
        assert_eq!(kept, ended.stdout, "the kept report is the printed one");
        assert!(ended.campaign()["time"].is_object(), "a report has times");
        timeless(ended.json()).to_string().replace(out, "OUT")
    };
    assert_eq!(report("1", "jobs-1"), report("4", "jobs-4"));
}

#[test]
fn several_targets_make_one_report() {
    let folder = Folder::new("targets");
    let args = ["fuzz", "--target", "raft-core,article", "--runs", "100", "--seed", "1"];
    let report = folder.run(&[&args[..], &["--format", "json"]].concat()).exits(1).json();
    let campaigns = report["campaigns"].as_array().expect("a report has campaigns");
    let targets: Vec<&Value> = campaigns.iter().map(|campaign| &campaign["target"]).collect();
    assert_eq!(targets, ["raft-core", "article"]);
    let told = folder.run(&args).exits(1);
    for campaign in campaigns {
        let [target, digest] =
            ["target", "digest"].map(|key| campaign[key].as_str().expect("a text"));
        assert!(told.stdout.contains(&format!("digest    {digest}")), "{}", told.stdout);
        let kept = folder.read(&format!("target/raft-sim/{target}-0x1/report.json"));
        let kept: Value = serde_json::from_str(&kept).expect("it is JSON");
        assert_eq!(timeless(kept)["campaigns"][0], timeless(campaign.clone()), "kept alone, too");
    }
}

#[test]
fn a_campaign_that_shows_nothing_does_not_pass() {
    let folder = Folder::new("vacuous");
    let args = ["fuzz", "--target", "raft-core", "--seed", "1"];
    let none = [&args[..], &["--runs", "0"]].concat();
    folder.run(&none).exits(3).complains("there was no run");
    let nothing = [&args[..], &["--runs", "5", "--steps", "1"]].concat();
    folder.run(&nothing).exits(3).complains("no run committed anything");
}

#[test]
fn faults_that_no_raft_survives_excuse_a_violation() {
    let folder = Folder::new("expected");
    let args = ["fuzz", "--target", "raft-core", "--runs", "400", "--seed", "1", "--with", "wipe"];
    folder.run(&args).exits(0).says("expected  ").complains("no Raft survives wipe");
}

#[test]
fn a_reader_who_goes_away_is_not_an_error() {
    let folder = Folder::new("pipe");
    let ended = folder.shell(&format!("'{PROGRAM}' list invariants | head -n 1; exit 0")).exits(0);
    assert_eq!((ended.stdout.lines().count(), ended.stderr.as_str()), (1, ""));
}

#[test]
fn wrong_words_are_explained() {
    let folder = Folder::new("wrong");
    fs::create_dir(folder.file("empty")).expect("cargo's folder for tests is writable");
    folder.write("a.txt", "cluster nodes=3\ntimout n1\n");
    let check = |args: &[&str], words: &str, hint: &str| {
        let ended = folder.run(args).exits(2).complains(words).complains(hint);
        assert_eq!(ended.stdout, "", "{args:?}");
    };
    check(
        &["fuzz", "--target", "raft-cor"],
        "unknown target `raft-cor`",
        "did you mean `raft-core`?",
    );
    check(&["fuzz", "--without", "bogus"], "unknown fault `bogus`", "`list faults`");
    check(&["fuzz", "--with", "wype"], "unknown fault `wype`", "did you mean `wipe`?");
    check(&["fuzz", "--without", "netwrk"], "unknown fault", "did you mean `network`?");
    check(&["fuzz", "--nodes", "12"], "cannot have 12 nodes", "sizes from 1 to 9");
    check(&["fuzz", "--scheduler", "storn"], "unknown scheduler", "did you mean `storm`?");
    check(
        &["fuzz", "--only", "ElectionSafty"],
        "unknown invariant",
        "did you mean `ElectionSafety`?",
    );
    check(&["fuzz", "--skip", "lema"], "unknown invariant", "did you mean `lemma`?");
    check(&["fuzz", "--seed", "abc"], "`abc` is not a seed", "a number of 64 bits");
    check(&["fuzz", "--time", "8"], "8", "write a time like 8m");
    check(&["fuzz", "--jobs", "0"], "'0'", "--jobs");
    check(&["fuzz", "--runs", "-1"], "-1", "--help");
    check(&["replay", "no.json"], "cannot read no.json", "no such file");
    check(&["replay", "xyz"], "cannot read xyz", "no seed either");
    check(&["replay", "empty"], "there are no runs in empty", ".json and .txt");
    check(&["replay", "a.txt", "--target", "raft-core"], "a.txt:2:1", "did you mean `timeout`?");
    check(&["replay", "a.txt", "--steps", "5"], "timout", "did you mean");
    check(&["minimize", "empty"], "empty is a folder", "name a file");
    check(&["explain", "ElectionSaftey"], "nothing called", "did you mean `ElectionSafety`?");
    check(&["corpus", "check"], "cannot read seeds", "where seeds/ is");
    check(&["fly"], "fly", "--help");
}

#[test]
fn lists_and_explanations_name_the_same_things() {
    let folder = Folder::new("list");
    for what in ["invariants", "witnesses", "faults", "schedulers"] {
        let list = folder.run(&["list", what, "--format", "json"]).exits(0).json();
        let items = list["items"].as_array().expect("a list is a list");
        assert!(!items.is_empty(), "{what}");
        let name = items[0]["name"].as_str().expect("everything has a name");
        folder.run(&["list", what]).exits(0).says(name);
        folder.run(&["explain", name]).exits(0).says(name);
    }
    folder.run(&["list", "targets"]).exits(0).says("raft-core").says("article").says("noraft");
    folder.run(&["list", "bugs"]).exits(0).says(BUG);
    folder.run(&["explain", "a1"]).exits(0).says("ElectionSafety").says("§5.2");
}
