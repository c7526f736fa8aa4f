//! Guided campaigns: what they call new, that workers change nothing, that they find bugs, and
//! that what a campaign found is what its file repeats.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use raft_invariants::Selection;
use raft_sim::explain::finding::Finding;
use raft_sim::language::action::Action;
use raft_sim::language::script::Script;
use raft_sim::node::{self, Log, NodeId, Role, Term};
use raft_sim::run::{Ending, Replay};
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::campaign::origin::Origin;
use raft_sim::search::campaign::{Campaign, Plan, Unwatched};
use raft_sim::search::guided;
use raft_sim::search::guided::abstraction::abstract_state;
use raft_sim::search::guided::corpus::{Corpus, Kept};
use raft_sim::search::guided::search::first_failure;
use raft_sim::search::shard::Shard;
use raft_sim::search::target::{Target, Targets};
use raft_sim::world::stage::Stage;

const BUG: &str = "raft-core?bug=vote-duplicate-counted";

/// An election, a commit that one follower misses, a crash, a second election.
const STORY: &str = "\
cluster nodes=3
timeout n1
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply
write n1 x=1
deliver n1->n2 AppendEntries
deliver n2->n1 AppendEntriesReply
crash n1
timeout n2
deliver n2->n3 RequestVote
deliver n3->n2 RequestVoteReply
restart n1
write n2 x=2
";

fn targets() -> Targets {
    let mut targets = Targets::default();
    raft_sim::guests::add_to(&mut targets);
    targets
}

fn plan(jobs: usize, runs: u64) -> Plan {
    Plan {
        settings: Settings::default(),
        selection: Selection::ALL,
        first_seed: 77,
        shard: Shard::WHOLE,
        runs,
        time_ms: None,
        jobs,
        failures_max: 1,
        check_determinism_percent: 5,
        known: BTreeMap::new(),
    }
}

fn campaign(target: &dyn Target, plan: &Plan, loaded: &[Script]) -> (Campaign, Corpus) {
    guided::run(target, plan, loaded, &AtomicBool::new(false), &mut Unwatched)
}

/// The cluster after every action of the story among nodes of other names.
fn stages(names: [u8; 3]) -> Vec<Stage> {
    let targets = targets();
    let target = targets.find("raft-core").expect("it is listed");
    let script = Script::parse(STORY, Path::new("story.txt"), target.kinds());
    let mut script = script.expect("the story is right");
    let mut all = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(NodeId);
    all[..3].copy_from_slice(&names.map(NodeId));
    for action in &mut script.actions {
        *action = action.renamed(&all);
    }
    let mut config = RunConfig::draw(0, &Settings::default(), &target.traits());
    (config.given.cluster, config.given.steps) = (script.cluster, 0);
    let mut stages = Vec::new();
    let mut observe = |stage: &Stage, _| stages.push(stage.clone());
    target.run_after(&script.actions, &config, &Selection::ALL, Ending::Aftermath, &mut observe);
    assert_eq!(stages.len(), script.actions.len(), "every line means something");
    stages
}

#[test]
fn an_abstract_state_forgets_who_is_who() {
    let states = |names| stages(names).iter().map(abstract_state).collect::<Vec<_>>();
    let expected = states([1, 2, 3]);
    for names in [[1, 3, 2], [2, 1, 3], [2, 3, 1], [3, 1, 2], [3, 2, 1]] {
        assert_eq!(states(names), expected, "{names:?}");
    }
    let distinct: BTreeSet<u64> = expected.into_iter().collect();
    assert!(8 <= distinct.len(), "the story is going somewhere: {distinct:x?}");
}

/// The same cluster with other numbers for its terms.
fn renumbered(stage: &Stage, number: impl Fn(Term) -> Term) -> Stage {
    let mut stage = stage.clone();
    for host in &mut stage.hosts {
        host.view.current_term = host.view.current_term.map(&number);
        if let Some(last) = &mut host.view.last_log {
            last.term = number(last.term);
        }
        let entries = host.disk.log.entries().iter();
        let entries = entries.map(|entry| node::Entry { term: number(entry.term), ..*entry });
        host.disk.log = Log::from(entries.collect::<Vec<_>>());
    }
    stage
}

#[test]
fn an_abstract_state_keeps_the_order_of_terms_and_nothing_else() {
    let mut merged = 0;
    for stage in stages([1, 2, 3]) {
        let stretched = renumbered(&stage, |term| term * term * 7);
        assert_eq!(abstract_state(&stretched), abstract_state(&stage));
        let same = renumbered(&stage, |term| term.min(1));
        merged += usize::from(abstract_state(&same) != abstract_state(&stage));
    }
    assert!(3 <= merged, "two terms are not one: {merged}");
}

#[test]
fn an_abstract_state_sees_what_safety_hangs_on() {
    let stages = stages([1, 2, 3]);
    let stage = stages.last().expect("the story has lines");
    let differs = |what: &str, change: &dyn Fn(&mut Stage)| {
        let mut other = stage.clone();
        change(&mut other);
        assert_ne!(abstract_state(&other), abstract_state(stage), "{what}");
    };
    differs("who leads", &|stage| stage.hosts[1].view.role = Some(Role::Follower));
    differs("who is down", &|stage| stage.hosts[2].up = false);
    differs("the end of a log", &|stage| stage.hosts[1].disk.log.truncate_from(2));
    differs("what is committed", &|stage| stage.hosts[1].view.commit_index = Some(3));
    differs("a vote", &|stage| stage.hosts[2].view.voted_for = Some(None));
    differs("who lags behind", &|stage| {
        let later = stage.hosts[1].view.current_term.map(|term| term + 1);
        stage.hosts[0].view.current_term = later;
    });
}

#[test]
fn workers_change_nothing_but_the_time_it_takes() {
    let targets = targets();
    for name in ["raft-core", BUG, "noraft"] {
        let target = targets.find(name).expect("it is listed");
        let (one, one_corpus) = campaign(target, &plan(1, 600), &[]);
        let (two, two_corpus) = campaign(target, &plan(2, 600), &[]);
        assert!(one.nondeterministic.is_empty(), "{name}");
        assert_eq!((one.digest, one.runs, one.actions), (two.digest, two.runs, two.actions));
        assert_eq!(one.witnesses, two.witnesses, "{name}");
        assert_eq!(format!("{:?}", one.failures), format!("{:?}", two.failures), "{name}");
        let scripts = |corpus: &Corpus| {
            let entries = corpus.entries().iter();
            entries.map(|entry| (entry.script(), entry.energy())).collect::<Vec<_>>()
        };
        assert_eq!(scripts(&one_corpus), scripts(&two_corpus), "{name}");
        assert_eq!(one_corpus.states(), two_corpus.states(), "{name}");
        assert!(name == BUG || 100 < one_corpus.entries().len(), "{name}");
    }
}

#[test]
fn a_corpus_reaches_again_what_it_reached() {
    let targets = targets();
    let target = targets.find("raft-core").expect("it is listed");
    let (_, corpus) = campaign(target, &plan(2, 500), &[]);
    let scripts: Vec<Script> = corpus.entries().iter().map(Kept::script).collect();
    let (again, replayed) = campaign(target, &plan(2, 0), &scripts);
    assert_eq!(again.runs, scripts.len() as u64, "no run beyond those that were loaded");
    let growth = again.guided.expect("it is a guided campaign");
    assert_eq!(growth.loaded, again.runs);
    // States in the middle of runs of which only the beginning is kept are reached no more.
    assert!(corpus.states() * 9 / 10 <= replayed.states(), "{growth:?}");
    assert!(replayed.entries().iter().all(Kept::is_loaded));
    assert!(replayed.entries().len() <= 2 * scripts.len());
    let (twice, same) = campaign(target, &plan(2, 0), &[&scripts[..], &scripts[..]].concat());
    assert_eq!(twice.runs, 2 * again.runs);
    assert_eq!(same.entries().len(), replayed.entries().len(), "what is not new is dropped");
}

#[test]
fn a_corpus_of_another_target_is_followed_as_far_as_it_means_something() {
    let targets = targets();
    let (mine, other) = (targets.find("raft-core"), targets.find("noraft"));
    let (mine, other) = (mine.expect("it is listed"), other.expect("it is listed"));
    let (_, corpus) = campaign(mine, &plan(2, 200), &[]);
    let scripts: Vec<Script> = corpus.entries().iter().map(Kept::script).collect();
    let (campaign, corpus) = campaign(other, &plan(2, 100), &scripts);
    assert_eq!(campaign.runs, scripts.len() as u64 + 100);
    assert!(campaign.nondeterministic.is_empty());
    assert!(100 < corpus.states());
}

#[test]
fn a_planted_bug_is_found_and_its_script_repeats_it() {
    let targets = targets();
    let target = targets.find(BUG).expect("it is listed");
    let plan = plan(2, 20_000);
    let (campaign, _) = campaign(target, &plan, &[]);
    assert!(campaign.nondeterministic.is_empty());
    let (class, found) = campaign.in_order()[0];
    assert!(!found.origins.is_empty());
    for origin in &found.origins {
        let finding = Finding::of(target, origin, class, &plan.settings, &plan.selection);
        let finding = finding.expect("the script fails as the run did");
        assert_eq!(finding.scheduler, "guided");
        let script = origin.script().expect("a guided run is kept");
        let (run, skipped) = target.replay(script, &plan.selection, Replay::SAVED);
        assert!(skipped.is_empty());
        assert_eq!(run.actions, script.actions);
        let repro = finding.repro(target);
        assert_eq!(repro.found.expect("it was found").scheduler, "guided");
    }
}

#[test]
fn a_search_ends_with_its_first_failure_or_its_budget() {
    let targets = targets();
    let stop = AtomicBool::new(false);
    let search = |name: &str, budget: u64| {
        let target = targets.find(name).expect("it is listed");
        first_failure(target, &Settings::default(), &Selection::ALL, 77, budget, &stop)
    };
    let found = search(BUG, 10_000_000);
    let (origin, class) = found.found.expect("the bug is found");
    let target = targets.find(BUG).expect("it is listed");
    // The campaign with this seed finds the same run first.
    let (campaign, _) = campaign(target, &plan(2, 20_000), &[]);
    let (first, book) = campaign.in_order()[0];
    assert_eq!((first, &book.origins[0], book.after_runs), (&class, &origin, found.runs));
    let Origin::Guided { seed, .. } = origin else { panic!("a guided search") };
    assert_eq!(seed, 77 + found.runs - 1);
    let spent = search("raft-core", 50_000);
    assert!(spent.found.is_none());
    assert!((50_000..60_000).contains(&spent.actions), "{}", spent.actions);
}

#[test]
fn settings_hold_for_runs_that_grow_out_of_others() {
    let targets = targets();
    let target = targets.find("raft-core").expect("it is listed");
    let no_duplicates = raft_sim::faults::FaultSet::named("duplicate").expect("it is a fault");
    let faults = raft_sim::faults::FaultSet::in_model().without(&no_duplicates);
    let settings = Settings { steps: Some(120), nodes: vec![4], faults, ..Settings::default() };
    let plan = Plan { settings, ..plan(2, 500) };
    let (campaign, corpus) = campaign(target, &plan, &[]);
    assert!(campaign.actions <= 120 * campaign.runs);
    assert!(100 < corpus.entries().len());
    for entry in corpus.entries() {
        assert_eq!(entry.cluster().nodes, 4);
        let twice = |action: &&Action| matches!(action, Action::Duplicate(_));
        assert_eq!(entry.actions().iter().find(twice), None);
    }
}
