//! The kept runs in `seeds/`: each does what its file and its folder say, and what a planted bug
//! breaks holds without it.

use std::fs;
use std::path::{Path, PathBuf};

use raft_invariants::Selection;
use raft_sim::explain::why::deviation::Deviation;
use raft_sim::guests;
use raft_sim::language::repro::{Repro, Verdict};
use raft_sim::run::{Replay, Run};
use raft_sim::schedule::script::Matching;
use raft_sim::search::target::{Target, Targets};

/// Files of one folder, by name.
fn files(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds").join(folder);
    let entries = fs::read_dir(&folder).expect("the folder is part of the checkout");
    let mut files: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    files.retain(|path| path.extension().is_some_and(|end| end == "json"));
    files.sort();
    assert!(!files.is_empty(), "{} holds something", folder.display());
    files
}

fn targets() -> Targets {
    let mut targets = Targets::default();
    guests::add_to(&mut targets);
    targets
}

fn read(path: &Path, targets: &Targets) -> Repro {
    let text = fs::read_to_string(path).expect("the file is readable");
    let kinds = |name: &str| {
        targets.find(name).map(Target::kinds).ok_or_else(|| format!("no target {name}"))
    };
    Repro::parse(&text, path, kinds).unwrap_or_else(|error| panic!("{error}"))
}

fn replay(repro: &Repro, target: &dyn Target, path: &Path) -> Run {
    let (run, skipped) = target.replay(&repro.script, &Selection::ALL, Replay::SAVED);
    assert!(skipped.is_empty(), "{}: lines {skipped:?} mean nothing", path.display());
    run
}

#[test]
fn what_is_open_or_planted_fails_as_its_file_says() {
    let targets = targets();
    for path in files("known").into_iter().chain(files("mutants")) {
        let repro = read(&path, &targets);
        let target = targets.find(&repro.target).expect("it was found when the file was read");
        let run = replay(&repro, target, &path);
        assert_eq!(repro.expect.outcome, Verdict::Violation, "{}", path.display());
        let names: Vec<&str> = run.failures.iter().map(|f| f.violation.invariant.name).collect();
        let expected = repro.expect.invariant.as_deref().expect("a violation has a name");
        assert!(names.contains(&expected), "{}: {names:?}", path.display());
        assert_eq!(repro.one_minimal, Some(true), "{} is 1-minimal", path.display());
    }
}

#[test]
fn what_is_fixed_passes() {
    let targets = targets();
    for path in files("regressions") {
        let repro = read(&path, &targets);
        let target = targets.find(&repro.target).expect("it was found when the file was read");
        let run = replay(&repro, target, &path);
        assert_eq!(repro.expect.outcome, Verdict::Pass, "{}", path.display());
        assert!(run.failures.is_empty(), "{}: {:?}", path.display(), run.failures);
    }
}

#[test]
fn every_planted_bug_has_a_story_and_the_paper_survives_it() {
    let targets = targets();
    let correct = targets.find("raft-core").expect("the reference is built in");
    let mut told = Vec::new();
    for path in files("mutants") {
        let repro = read(&path, &targets);
        let how = Replay { matching: Matching::Forgiving, ..Replay::SAVED };
        let (run, _) = correct.replay(&repro.script, &Selection::ALL, how);
        assert!(run.failures.is_empty(), "{} on the correct core", path.display());
        told.push(repro.target);
    }
    for mutant in raft_sim::mutants::MUTANTS {
        let name = format!("raft-core?bug={}", mutant.id);
        let hint = format!("`raft-sim bugs {} --bless` keeps one", mutant.id);
        assert!(told.contains(&name), "no story shows {name}: {hint}");
    }
}

#[test]
fn beside_the_reference_every_planted_bug_takes_a_wrong_step_before_its_alarm() {
    let targets = targets();
    for path in files("mutants") {
        let repro = read(&path, &targets);
        let target = targets.find(&repro.target).expect("it was found when the file was read");
        let (run, _) = target.replay(&repro.script, &Selection::ALL, Replay::STORY);
        let alarm = run.failure().expect("it fails").actions;
        let wrong = Deviation::of(target, &run).map(|deviation| deviation.at);
        let named = wrong.is_some_and(|wrong| 0 < wrong && wrong <= alarm);
        assert!(named, "{}: wrong at {wrong:?}, alarm at {alarm}", path.display());
    }
}
