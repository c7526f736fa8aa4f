//! Named scenarios: what happens to a cluster and the pictures it must give, as text files that
//! `raft-sim replay` plays.
//!
//! `raft-sim replay sim/tests/scenarios --bless` rewrites pictures and alarms; commit only what you
//! can explain. How such a file is written is told by `raft-sim explain actions`, and in the head of
//! `language/scenario/mod.rs`.

use std::path::{Path, PathBuf};
use std::process::Command;

use raft_invariants::Selection;
use raft_sim::language::scenario::Scenario;
use raft_sim::node::Kind;
use raft_sim::run::{Played, Replay};
use raft_sim::schedule::script::Matching;
use raft_sim::search::target::Targets;

/// The correct Raft that plays them all.
const REFERENCE: &str = "raft-core";

#[test]
fn every_scenario_gives_its_pictures() {
    let replay = Command::new(env!("CARGO_BIN_EXE_raft-sim"))
        .args(["replay", "--target", REFERENCE])
        .arg(folder())
        .output()
        .expect("the program starts");
    let (out, err) =
        (String::from_utf8_lossy(&replay.stdout), String::from_utf8_lossy(&replay.stderr));
    assert_eq!(replay.status.code(), Some(0), "{out}{err}");
    let pictured = out.lines().filter(|line| line.ends_with("as pictured")).count();
    assert_eq!(pictured, scenarios().len(), "{out}");
}

#[test]
fn every_scenario_says_what_it_shows() {
    let scenarios = scenarios();
    assert!(10 < scenarios.len(), "the scenarios are found");
    for (path, scenario) in scenarios {
        let name = path.display();
        assert!(scenario.to_string().starts_with("# "), "{name}: say in a comment what it shows");
        let pictured = scenario.blocks.iter().all(|block| block.picture.is_some());
        assert!(pictured, "{name}: what happens at the end is not pictured");
        for section in &scenario.sections {
            let alarms = section.violations.as_ref().map(|(_, names)| names.as_str());
            assert!(
                alarms.is_some_and(|names| names != "none"),
                "{name}: `{}` raises no alarm",
                section.target
            );
        }
    }
}

#[test]
fn what_phrases_stand_for_is_the_same_run_action_by_action() {
    let targets = targets();
    let target = targets.find(REFERENCE).expect("it is linked in");
    for (path, scenario) in scenarios() {
        let Played { run, script, misfits, .. } =
            target.play(&scenario, &Selection::ALL, Matching::Strict);
        assert!(misfits.is_empty(), "{}: {misfits:?}", path.display());
        let (again, skipped) = target.replay(&script, &Selection::ALL, Replay::SAVED);
        assert_eq!((again.hash, skipped), (run.hash, vec![]), "{}", path.display());
        let plain = target.play(&Scenario::of(&script, 1..), &Selection::ALL, Matching::Strict);
        assert_eq!(plain.script, script, "{}: no line can be shorter", path.display());
    }
}

fn scenarios() -> Vec<(PathBuf, Scenario)> {
    let targets = targets();
    let kinds = targets.find(REFERENCE).expect("it is linked in").kinds();
    let entries = std::fs::read_dir(folder()).expect("the folder is in the checkout");
    let mut paths: Vec<PathBuf> =
        entries.map(|entry| entry.expect("a folder can be listed").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| (path.clone(), read(&path, kinds))).collect()
}

fn read(path: &Path, kinds: &[Kind]) -> Scenario {
    let text = std::fs::read_to_string(path).expect("the folder was just listed");
    Scenario::parse(&text, path, |_| Ok(kinds)).unwrap_or_else(|error| panic!("{error}"))
}

fn targets() -> Targets {
    let mut targets = Targets::default();
    raft_sim::guests::add_to(&mut targets);
    targets
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}
