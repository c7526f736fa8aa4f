//! Stories keep to what their campaigns allow, and where they are of another run than the failing
//! one, the best of that is kept as well.

use std::collections::BTreeMap;

use raft_invariants::Selection;
use raft_sim::explain::minimize::{Budget, Minimized, minimize};
use raft_sim::explain::score::first_seed;
use raft_sim::faults::FaultSet;
use raft_sim::language::action::Action;
use raft_sim::language::script::Script;
use raft_sim::run::{Replay, Watched};
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::target::Target;
use raft_sim::world::stage::News;

/// Failing seeds for each bug and each exclusion.
const SEEDS: usize = 2;
const RUNS_MAX: u64 = 4_000;

/// What is left out, and the verbs that no story has then.
const EXCLUDED: &[(&str, &[&str])] = &[
    ("process", &["crash"]),
    ("disk", &["fail", "stall", "unstall"]),
    ("time", &["pause", "resume", "skew", "jump"]),
    ("network", &["drop", "duplicate", "cut", "mend", "partition", "heal"]),
    ("duplicate", &["duplicate"]),
    ("reorder", &[]),
];

/// Bugs that many faults bring to light.
const BUGS: &[&str] = &[
    "vote-stale-term-counted",
    "vote-not-persisted",
    "leader-outlives-its-term",
    "stale-append-accepted",
    "append-no-prev-check",
    "match-from-nack-hint",
    "persist-error-ignored",
];

#[test]
fn no_story_has_a_fault_that_was_left_out() {
    let (mut stories, mut strays) = (0, 0);
    for (excluded, verbs) in EXCLUDED {
        let faults = FaultSet::named(excluded).expect("it is a fault or a family");
        let in_order = *excluded == "network" || *excluded == "reorder";
        let faults = FaultSet::in_model().without(&faults);
        let settings = Settings { faults, nodes: vec![4], ..Settings::default() };
        for bug in BUGS {
            let targets = super::targets();
            let target = targets.find(&format!("raft-core?bug={bug}")).expect("it is planted");
            let is_stray = |script: &Script| {
                let verb = script.actions.iter().find(|it| verbs.contains(&it.verb()));
                verb.is_some()
                    || !settings.nodes.contains(&script.cluster.nodes)
                    || in_order && overtakes(target, script)
            };
            for failing in failing(target, &settings) {
                let minimized = shortest(target, &failing, &settings);
                for script in
                    [Some(&minimized.script), minimized.own.as_ref()].into_iter().flatten()
                {
                    assert!(!is_stray(script), "{bug} without {excluded}:\n{script}");
                }
                stories += 1;
                let anyhow = shortest(target, &failing, &Settings::default());
                strays += usize::from(is_stray(&anyhow.script));
            }
        }
    }
    assert!(60 <= stories, "{stories} stories were told");
    assert!(5 <= strays, "nothing would have gone astray: {strays}");
}

#[test]
fn the_failing_run_keeps_a_story_of_its_own() {
    let targets = super::targets();
    let (mut others, mut same) = (0, 0);
    for bug in BUGS {
        let target = targets.find(&format!("raft-core?bug={bug}")).expect("it is planted");
        for failing in failing(target, &Settings::default()) {
            let minimized = shortest(target, &failing, &Settings::default());
            let Some(own) = &minimized.own else {
                same += 1;
                continue;
            };
            others += 1;
            assert!(minimized.script.steps() <= own.steps(), "{bug}");
            let (run, skipped) = target.replay(own, &Selection::ALL, Replay::SAVED);
            assert!(skipped.is_empty());
            assert!(run.failures.iter().any(|it| it.class() == minimized.class), "{bug}:\n{own}");
            let (all, part) = (verbs(&failing), verbs(own));
            assert!(part.iter().all(|(verb, count)| count <= &all[verb]), "{bug}:\n{own}");
        }
    }
    assert!(0 < others && 0 < same, "{others} of another run, {same} of the same");
}

/// How often a script has each verb; a message may arrive where it arrived again.
fn verbs(script: &Script) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for action in &script.actions {
        let verb = if action.verb() == "duplicate" { "deliver" } else { action.verb() };
        *counts.entry(verb).or_insert(0) += 1;
    }
    counts
}

fn shortest(target: &dyn Target, failing: &Script, settings: &Settings) -> Minimized {
    let (run, _) = target.replay(failing, &Selection::ALL, Replay::SAVED);
    let class = run.failure().expect("it fails").class();
    minimize(target, failing, &class, settings, Budget::default()).expect("it fails each time")
}

/// The first failing runs of a campaign.
fn failing(target: &dyn Target, settings: &Settings) -> Vec<Script> {
    let first = first_seed(target.name(), 7);
    let runs = (0..RUNS_MAX).filter_map(|nth| {
        let config = RunConfig::draw(first.wrapping_add(nth), settings, &target.traits());
        let run = target.run(&config, &Selection::ALL);
        run.failure().map(|failure| run.script(failure.actions))
    });
    runs.take(SEEDS).collect()
}

/// Whether a message arrives after a later one of its link.
fn overtakes(target: &dyn Target, script: &Script) -> bool {
    let (mut last, mut overtakes) = (BTreeMap::new(), false);
    let mut actions = [None].into_iter().chain(script.actions.iter().map(Some));
    let watched = Watched { script, times_us: &[], then: None };
    target.watch(&watched, &Selection::ALL, &mut |stage, _| {
        let Some(Some(Action::Deliver(message))) = actions.next() else { return };
        for news in &stage.news {
            if let News::Gone(number, _) = *news {
                let before = last.insert((message.from, message.to), number).unwrap_or(0);
                overtakes |= number < before;
            }
        }
    });
    overtakes
}
