//! Nodes whose view lags behind what they write until their disk has answered.
//!
//! Where they say that such steps are not settled, nobody accuses them; where they keep that to
//! themselves, they are said to invent entries. Bugs planted in them are found all the same, by
//! chance and by searching every state, and minimized.

mod lagging;

use std::collections::BTreeSet;

use lagging::{Config, Lagging};
use raft_invariants::{Need, Reveals, Selection};
use raft_sim::explain::minimize::{Budget, minimize};
use raft_sim::language::script::DiskMode;
use raft_sim::mutants::{self, MUTANTS, Mutant};
use raft_sim::node::Node;
use raft_sim::run::Replay;
use raft_sim::run::seeded::run_seed;
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::exhaustive::{
    Allowance, End, Exploration, Explored, Likeness, SmallScope, explore,
};
use raft_sim::search::target::{Guest, Target};
use raft_sim::world::trace::{Happening, Note};

/// What a seed's run is accused of.
fn accused<const SAYS_SO: bool>(config: &Config, seed: u64) -> Vec<(&'static str, String)> {
    let settings = Settings { steps: Some(300), calm_percent: 30, ..Settings::default() };
    let run = RunConfig::draw(seed, &settings, &Lagging::<SAYS_SO>::traits(config));
    let run = run_seed::<Lagging<SAYS_SO>>(&run, config, &Selection::ALL);
    let violations = run.failures.into_iter().map(|failure| failure.violation);
    violations.map(|it| (it.invariant.name, it.evidence.to_string())).collect()
}

#[test]
fn who_says_that_it_lags_is_not_accused() {
    #[expect(clippy::disallowed_methods, reason = "how long to look, and no more")]
    let runs = std::env::var("RUNS").map_or(3000, |runs| runs.parse().expect("RUNS is a number"));
    for seed in 0..runs {
        assert_eq!(accused::<true>(&(None, Reveals::ALL), seed), [], "seed {seed}");
    }
}

#[test]
fn nor_is_who_reveals_less() {
    for need in Need::DECLARED {
        let reveals = Reveals::ALL.without(&[need]);
        for seed in 0..300 {
            assert_eq!(accused::<true>(&(None, reveals), seed), [], "without {need}, seed {seed}");
        }
    }
}

#[test]
fn who_does_not_say_so_seems_to_invent_entries() {
    let accusations = (0..300).flat_map(|seed| accused::<false>(&(None, Reveals::ALL), seed));
    let names: BTreeSet<_> = accusations.map(|(name, _)| name).collect();
    for name in ["ViewMatchesLog", "ViewMatchesTerm", "EntryCreatedByItsLeader"] {
        assert!(names.contains(name), "{name} is not among {names:?}");
    }
}

#[test]
fn bugs_are_found_in_who_lags_too() {
    let found = |mutant: &&'static Mutant| {
        (0..300).any(|seed| !accused::<true>(&(Some(mutant), Reveals::ALL), seed).is_empty())
    };
    let missed: Vec<_> = MUTANTS.iter().filter(|mutant| !found(mutant)).map(|it| it.id).collect();
    assert!(missed.len() * 5 < MUTANTS.len(), "one in five at most: {missed:?}");
}

fn search(bug: Option<&'static Mutant>, allowance: Allowance, likeness: Likeness) -> Explored {
    let mut scope = SmallScope { allowance, ..SmallScope::THREE_NODES };
    scope.cluster.disk = DiskMode::Queued;
    let plan = Exploration { scope, selection: Selection::ALL, likeness, states_max: 1_000_000 };
    explore::<Lagging<true>>(&plan, &(bug, Reveals::ALL), &mut |_| true)
}

#[test]
fn every_state_of_who_lags_is_legal() {
    let allowance = Allowance { timeouts: 1, writes: 1, crashes: 1, ..Allowance::default() };
    let explored = search(None, allowance, Likeness::DEFAULT);
    assert_eq!(explored.end, Some(End::Everything));
    assert_eq!(explored.states(), 6_096, "what is put off keeps states apart");
    for seen in ["LeaderElected", "LeaderCrashed", "EntryCommitted", "RestartLostUnsyncedWrites"] {
        assert!(explored.witnesses.saw(seen), "{seen}");
    }
}

#[test]
fn what_is_merged_hides_no_bug_of_who_lags() {
    let allowance = Allowance { timeouts: 2, writes: 1, ..Allowance::default() };
    for bug in ["vote-no-log-check", "term-not-adopted-from-append"] {
        let ends = [true, false].map(|symmetry| {
            let likeness = Likeness { symmetry, ..Likeness::DEFAULT };
            match search(mutants::find(bug), allowance, likeness).end {
                Some(End::Violation(script)) => script.actions.len(),
                end => panic!("{bug} is found: {end:?}"),
            }
        });
        assert_eq!(ends[0], ends[1], "{bug}");
    }
}

#[test]
fn a_bug_of_who_lags_becomes_a_short_story() {
    let lags =
        Guest::<Lagging<true>>::new("lags", "", (mutants::find("vote-no-log-check"), Reveals::ALL));
    let selection = Selection::only(&["LeaderCompleteness"]).expect("it is in the catalogue");
    let settings = Settings { nodes: vec![3], ..Settings::default() };
    let runs =
        (0..).map(|seed| lags.run(&RunConfig::draw(seed, &settings, &lags.traits()), &selection));
    let failing = runs.take(20_000).find(|run| !run.failures.is_empty()).expect("it is found");
    let failure = failing.failure().expect("it fails");
    let (script, class) = (failing.script(failure.actions), failure.class());
    let (settings, budget) = (Settings::default(), Budget::default());
    let minimized = minimize(&lags, &script, &class, &settings, budget).expect("it fails again");
    assert!(minimized.one_minimal);
    assert_eq!(minimized.script.actions.len(), 8, "as short as of who does not lag");

    let (run, skipped) = lags.replay(&minimized.script, &selection, Replay::STORY);
    assert_eq!((run.failures[0].class(), skipped.len()), (class, 0));
    let trace = run.trace.expect("it was asked for");
    let leads = |note: &Note| matches!(note.what, Happening::Leads(_));
    let leaders = trace.steps.iter().flat_map(|step| &step.notes).filter(|note| leads(note));
    assert_eq!(leaders.count(), 2, "both say so once their disks have answered");
}
