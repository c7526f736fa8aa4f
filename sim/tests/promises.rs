//! What raft-sim promises whoever relies on a seed or a file: one seed is one history, wherever
//! and however often it runs; a history replays from its actions alone; and every history could
//! have happened in time.

#[path = "promises/clocks.rs"]
mod clocks;
#[path = "promises/draws.rs"]
mod draws;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::AtomicBool;

use raft_invariants::Selection;
use raft_sim::faults::FaultSet;
use raft_sim::run::{Replay, Run};
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::campaign::{self, Campaign, Plan, Unwatched};
use raft_sim::search::shard::Shard;
use raft_sim::search::target::{Target, Targets};

/// Targets without a planted bug.
const GUESTS: [&str; 4] = ["raft-core", "raftbare", "noraft", "article"];
/// Seeds that the table has of each.
const GOLDEN_SEEDS: u64 = 10;

fn targets() -> Targets {
    let mut targets = Targets::default();
    raft_sim::guests::add_to(&mut targets);
    targets
}

/// Faults outside the model included: what is promised here holds for every run.
fn settings() -> Settings {
    Settings { faults: FaultSet::all(), ..Settings::default() }
}

fn run(target: &dyn Target, seed: u64) -> Run {
    target.run(&RunConfig::draw(seed, &settings(), &target.traits()), &Selection::ALL)
}

/// Everything that two runs have to share to be the same.
fn essence(run: &Run) -> (u64, usize, u64, Vec<(usize, String)>) {
    let failures = run.failures.iter();
    let failures = failures.map(|failure| (failure.actions, failure.violation.to_string()));
    (run.hash, run.actions.len(), run.committed, failures.collect())
}

#[test]
fn one_seed_is_one_history() {
    for target in targets().iter() {
        for seed in 0..8 {
            let (first, second) = (run(target, seed), run(target, seed));
            assert_eq!(essence(&first), essence(&second), "{} seed {seed}", target.name());
            assert_eq!(first.actions, second.actions, "{} seed {seed}", target.name());
        }
    }
}

#[test]
fn a_history_replays_from_its_actions_alone() {
    let (mut failing, mut runs) = (0, 0);
    for target in targets().iter() {
        for seed in 100..125 {
            let run = run(target, seed);
            let script = run.whole();
            let (again, skipped) = target.replay(&script, &Selection::ALL, Replay::SAVED);
            assert!(
                skipped.is_empty(),
                "every line of {} seed {seed} means something",
                target.name()
            );
            assert_eq!(essence(&run), essence(&again), "{} seed {seed}", target.name());
            failing += usize::from(!run.failures.is_empty());
            runs += 1;
        }
    }
    assert!(1_000 <= runs, "there are many targets: {runs} runs");
    assert!(200 <= failing, "failing runs are among them: {failing}");
}

fn campaign(target: &dyn Target, jobs: usize) -> Campaign {
    let plan = Plan {
        settings: Settings::default(),
        selection: Selection::ALL,
        first_seed: 7_000,
        shard: Shard::WHOLE,
        runs: 1_000,
        time_ms: None,
        jobs,
        failures_max: 2,
        check_determinism_percent: 5,
        known: BTreeMap::new(),
    };
    campaign::run(target, &plan, &AtomicBool::new(false), &mut Unwatched)
}

#[test]
fn workers_change_nothing_but_the_time_it_takes() {
    let targets = targets();
    for name in ["raft-core", "raft-core?bug=vote-not-persisted", "article", "noraft"] {
        let target = targets.find(name).expect("it is listed");
        let (one, eight) = (campaign(target, 1), campaign(target, 8));
        assert!(one.nondeterministic.is_empty(), "{name}");
        let sums = |found: &Campaign| (found.digest, found.runs, found.actions, found.vitals);
        assert_eq!(sums(&one), sums(&eight), "{name}");
        assert_eq!(one.witnesses, eight.witnesses, "{name}");
        let failures = |found: &Campaign| format!("{:?}", found.failures);
        assert_eq!(failures(&one), failures(&eight), "{name}");
        assert!(one.failures.is_empty() || name != "raft-core", "{name}");
    }
}

/// A change here is a change of what every seed means; `UPDATE=1` accepts it.
#[test]
fn seeds_mean_what_they_meant() {
    let path = golden_path();
    let now = golden_table();
    if is_update() {
        std::fs::write(&path, &now).expect("the table can be written");
    }
    let table = std::fs::read_to_string(&path).expect("the table is in the checkout");
    assert_eq!(table, now, "seeds have changed their meaning");
}

/// Another process has other addresses, here also another environment and folder.
#[test]
fn processes_agree() {
    if is_update() {
        return; // The table is being rewritten beside this test.
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut other = Command::new(std::env::current_exe().expect("a test is a program"));
    other.args(["--exact", "seeds_mean_what_they_meant", "--test-threads", "1"]);
    other.env_clear().env("TZ", "Asia/Kathmandu").env("LANG", "tr_TR.UTF-8").current_dir(folder);
    let output = other.stdin(Stdio::null()).output().expect("the test can be started");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
}

fn golden_table() -> String {
    let mut table = String::from("# Hashes of the first seeds of each guest.\n");
    for name in GUESTS {
        let targets = targets();
        let target = targets.find(name).expect("it is listed");
        for seed in 0..GOLDEN_SEEDS {
            let run = run(target, seed);
            let _ = writeln!(table, "{name} {seed} {:016x} {}", run.hash, run.actions.len());
        }
    }
    table
}

fn golden_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/promises/golden.txt")
}

#[expect(clippy::disallowed_methods, reason = "asks whether to rewrite the table; no run sees it")]
fn is_update() -> bool {
    std::env::var("UPDATE").is_ok_and(|value| value == "1")
}
