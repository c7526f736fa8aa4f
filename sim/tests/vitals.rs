//! Vital signs: a Raft that hardly commits breaks no promise, and whoever tests it must hear of it.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use raft_core::rules::Replica;
use raft_core::{LogIndex, Rules, State};
use raft_invariants::Selection;
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::mutants::{Harm, Mutant};
use raft_sim::report::vitals::VitalsReport;
use raft_sim::schedule::config::Settings;
use raft_sim::search::campaign::{Campaign, Plan, Unwatched, run};
use raft_sim::search::shard::Shard;
use raft_sim::search::target::{Guest, Target, Targets};

/// Commits sixty entries at a time: safe, and hardly ever.
struct BySixties;

impl Rules for BySixties {
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        replicas[(replicas.len() - 1) / 2].match_index / 60 * 60
    }
}

static LAZY: Mutant = Mutant {
    id: "commits-by-sixties",
    breaks: "nothing",
    instead: "an index is only committed if sixty divides it",
    harm: Harm::Liveness,
    seen_in: &[],
    rules: &BySixties,
    boundary: None,
};

fn plan(runs: u64) -> Plan {
    Plan {
        settings: Settings::default(),
        selection: Selection::ALL,
        known: BTreeMap::new(),
        first_seed: 7,
        shard: Shard::WHOLE,
        runs,
        time_ms: None,
        jobs: 2,
        failures_max: usize::MAX,
        check_determinism_percent: 0,
    }
}

fn campaign(target: &dyn Target, plan: &Plan) -> Campaign {
    run(target, plan, &AtomicBool::new(false), &mut Unwatched)
}

/// The signs that are low beside the correct core.
fn low(target: &dyn Target, plan: &Plan) -> Vec<String> {
    let reference = Guest::<RaftCore>::new("raft-core", "", None);
    let vitals = VitalsReport::of(&reference, target, plan, &campaign(target, plan));
    vitals.low().map(|sign| sign.sign.clone()).collect()
}

#[test]
fn a_raft_that_hardly_commits_is_named() {
    let lazy = Guest::<RaftCore>::new("lazy", "", Some(&LAZY));
    let plan = plan(200);
    let campaign = campaign(&lazy, &plan);
    assert!(campaign.failures.is_empty(), "it is correct, and slow");
    assert_eq!(low(&lazy, &plan), ["commits"]);
}

#[test]
fn whoever_is_alive_is_not() {
    let mut targets = Targets::default();
    raft_sim::guests::add_to(&mut targets);
    for target in targets.iter().filter(|target| !target.name().starts_with("article")) {
        assert_eq!(low(target, &plan(200)), [""; 0], "{}", target.name());
    }
}

#[test]
fn a_handful_of_runs_says_nothing() {
    assert_eq!(low(&Guest::<RaftCore>::new("lazy", "", Some(&LAZY)), &plan(19)), [""; 0]);
}

#[test]
fn the_signs_of_shards_add_up() {
    let lazy = Guest::<RaftCore>::new("lazy", "", Some(&LAZY));
    let whole = plan(200);
    let of = |plan: &Plan| VitalsReport::of(&lazy, &lazy, plan, &campaign(&lazy, plan));
    let parts: Vec<VitalsReport> = (1..=4)
        .map(|number| {
            let shard = Shard::new(number, 4).expect("there are four");
            of(&Plan { shard, ..plan(200) })
        })
        .collect();
    assert_eq!(VitalsReport::of_all(parts.iter(), 200), Some(of(&whole)));
}
