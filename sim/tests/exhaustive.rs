//! Every state of small scopes: the correct Raft alarms nobody, planted bugs are found by the
//! shortest story, and what is merged hides nothing. Larger scopes are for the command line.

use std::fs;
use std::path::Path;

use raft_invariants::Selection;
use raft_sim::guests;
use raft_sim::language::action::Action;
use raft_sim::language::repro::Repro;
use raft_sim::language::script::{Cluster, DiskMode, Script};
use raft_sim::node::Timer;
use raft_sim::run::Replay;
use raft_sim::search::exhaustive::{Allowance, End, Exploration, Explored, Likeness, SmallScope};
use raft_sim::search::target::{Target, Targets};

/// Kept stories of at most so many actions are compared with the shortest ones there are.
const KEPT_ACTIONS_MAX: usize = 8;

fn targets() -> Targets {
    let mut targets = Targets::default();
    guests::add_to(&mut targets);
    targets
}

fn plan(allowance: Allowance) -> Exploration {
    Exploration {
        scope: SmallScope { allowance, ..SmallScope::THREE_NODES },
        selection: Selection::ALL,
        likeness: Likeness::DEFAULT,
        states_max: 1_000_000,
    }
}

fn explore(target: &str, plan: &Exploration) -> Explored {
    let targets = targets();
    let target = targets.find(target).expect("it is built in");
    target.explore(plan, &mut |_| true).expect("it is explorable")
}

fn story(explored: &Explored) -> &Script {
    match &explored.end {
        Some(End::Violation(script)) => script,
        end => panic!("a violation was to be found, not {end:?}"),
    }
}

const TWO_TERMS: Allowance =
    Allowance { timeouts: 2, heartbeats: 0, writes: 0, crashes: 0, duplicates: 0, fails: 0 };
const A_LITTLE_OF_ALL: Allowance =
    Allowance { timeouts: 1, heartbeats: 0, writes: 1, crashes: 1, duplicates: 0, fails: 0 };

#[test]
fn the_correct_raft_alarms_nobody() {
    let explored = explore("raft-core", &plan(TWO_TERMS));
    assert_eq!(explored.end, Some(End::Everything));
    assert_eq!((explored.states(), explored.levels.len()), (9_539, 21));
    assert!(explored.witnesses.saw("TwoLeadersAtOnce"));
    assert!(explored.witnesses.saw("CommitAcrossTerms"));

    let explored = explore("raft-core", &plan(A_LITTLE_OF_ALL));
    assert_eq!(explored.end, Some(End::Everything));
    assert!(explored.witnesses.saw("LeaderCrashed"));

    let mut queued = plan(Allowance { timeouts: 1, crashes: 1, ..Allowance::default() });
    queued.scope.cluster.disk = DiskMode::Queued;
    let explored = explore("raft-core", &queued);
    assert_eq!(explored.end, Some(End::Everything));
    assert!(explored.witnesses.saw("RestartLostUnsyncedWrites"));
}

/// Three nodes have six namings; a state that looks the same under two of them counts less often.
#[test]
fn names_merge_states_and_hide_nothing() {
    let with = plan(A_LITTLE_OF_ALL);
    let without =
        Exploration { likeness: Likeness { symmetry: false, ..Likeness::DEFAULT }, ..with.clone() };
    let (few, many) = (explore("raft-core", &with), explore("raft-core", &without));
    assert_eq!(many.end, Some(End::Everything));
    assert_eq!(few.levels.len(), many.levels.len());
    assert!(few.witnesses == many.witnesses);
    for (few, many) in few.levels.iter().zip(&many.levels) {
        assert!((*few..=6 * few).contains(many), "{few} against {many}");
    }
    assert!(5 * few.states() < many.states());
}

/// A bug's shortest story is as long with all merging as without any; and what judges remember
/// keeps states apart.
#[test]
fn merging_changes_no_verdict() {
    let bugs = ["vote-no-log-check", "quorum-floor-half", "commit-not-monotonic", "next-le-match"];
    let mut scope = plan(Allowance { timeouts: 2, heartbeats: 1, writes: 1, ..TWO_TERMS });
    scope.scope.depth = Some(8);
    for bug in bugs {
        let target = format!("raft-core?bug={bug}");
        let ends: Vec<_> = [true, false]
            .into_iter()
            .map(|symmetry| {
                let likeness = Likeness { symmetry, ..Likeness::DEFAULT };
                let explored = explore(&target, &Exploration { likeness, ..scope.clone() });
                match &explored.end {
                    Some(End::Violation(script)) => Some(script.actions.len()),
                    _ => None,
                }
            })
            .collect();
        assert_eq!(ends[0], ends[1], "{bug}");
    }
    let forgetful = Likeness { memory: false, ..Likeness::DEFAULT };
    let forgetful = Exploration { likeness: forgetful, ..plan(TWO_TERMS) };
    assert!(explore("raft-core", &forgetful).states() < 9_539);
}

#[test]
fn the_shortest_story_repeats() {
    let targets = targets();
    let name = "raft-core?bug=vote-no-log-check";
    let selection = Selection::only(&["LeaderCompleteness".to_owned()]).expect("it exists");
    let plan = Exploration { selection, ..plan(TWO_TERMS) };
    let explored = explore(name, &plan);
    let script = story(&explored);
    assert_eq!(script.actions.len(), 8);
    let target = targets.find(name).expect("it is built in");
    let (run, skipped) = target.replay(script, &plan.selection, Replay::SAVED);
    assert!(skipped.is_empty());
    assert_eq!(run.failures[0].actions, 8);
    assert_eq!(run.failures[0].violation.invariant.name, "LeaderCompleteness");
}

/// What the article leaves open is found: guests of another kind can be taken apart, too.
#[test]
fn another_guest_is_searched_by_its_own_likeness() {
    let selection = Selection::only(&["LeaderCompleteness".to_owned()]).expect("it exists");
    let plan = Exploration { selection, ..plan(Allowance { writes: 1, ..TWO_TERMS }) };
    assert_eq!(story(&explore("article", &plan)).actions.len(), 9);
}

#[test]
fn limits_end_a_search_and_are_told() {
    let limited = Exploration { states_max: 100, ..plan(TWO_TERMS) };
    let explored = explore("raft-core", &limited);
    assert_eq!((explored.end.clone(), explored.states()), (Some(End::Full), 100));
    assert!(!explored.is_complete());

    let mut shallow = plan(TWO_TERMS);
    shallow.scope.depth = Some(6);
    let explored = explore("raft-core", &shallow);
    assert_eq!(explored.end, Some(End::Depth));
    assert_eq!(explored.levels, [1, 1, 3, 7, 18, 38, 86]);

    let targets = targets();
    let target = targets.find("raft-core").expect("it is built in");
    let explored = target.explore(&plan(TWO_TERMS), &mut |_| false).expect("it is explorable");
    assert_eq!(explored.end, Some(End::Interrupted));
}

/// The minimizer's stories, as far as search reaches in a moment.
#[test]
fn kept_stories_are_as_short_as_can_be() {
    let targets = targets();
    let mut compared = 0;
    for kept in kept(&targets) {
        let length = kept.script.actions.len();
        let name = kept.expect.invariant.clone().expect("a planted bug violates something");
        // What is lost before a calm is no step of a search: a message may only not have arrived yet.
        if KEPT_ACTIONS_MAX < length || kept.script.calm.is_some() {
            continue;
        }
        let plan = Exploration {
            scope: SmallScope {
                cluster: kept.script.cluster,
                depth: Some(length as u32),
                allowance: allowance(&kept.script),
                calm: false,
            },
            selection: Selection::only(std::slice::from_ref(&name)).expect("it exists"),
            ..plan(TWO_TERMS)
        };
        let explored = explore(&kept.target, &plan);
        assert_eq!(story(&explored).actions.len(), length, "{} {name}", kept.target);
        compared += 1;
    }
    assert!(20 < compared, "only {compared} kept stories are short");
}

fn kept(targets: &Targets) -> Vec<Repro> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds/mutants");
    let files = fs::read_dir(folder).expect("it is there").map(|file| file.expect("a file").path());
    let mut files: Vec<_> = files.collect();
    files.sort();
    let read = |path: &Path| {
        let text = fs::read_to_string(path).expect("it is a text");
        let kinds = |name: &str| targets.find(name).map(Target::kinds).ok_or_else(String::new);
        Repro::parse(&text, path, kinds).expect("it is right")
    };
    files.iter().map(|path| read(path)).collect()
}

/// What the story needs, and a timeout more.
fn allowance(script: &Script) -> Allowance {
    let count = |is_one: fn(&Action) -> bool| {
        script.actions.iter().filter(|action| is_one(action)).count() as u8
    };
    Allowance {
        timeouts: 1 + count(|it| matches!(it, Action::Timeout(_, Timer::Election))),
        heartbeats: count(|it| matches!(it, Action::Timeout(_, Timer::Heartbeat))),
        writes: count(|it| matches!(it, Action::Write(..))),
        crashes: count(|it| matches!(it, Action::Crash(..))),
        duplicates: count(|it| matches!(it, Action::Duplicate(_))),
        fails: count(|it| matches!(it, Action::Fail(..))),
    }
}

#[test]
fn a_state_from_which_no_calm_helps_is_found_by_the_shortest_story() {
    let alone = Cluster { nodes: 1, ..SmallScope::THREE_NODES.cluster };
    let scope = |cluster, allowance| {
        let mut plan = plan(allowance);
        (plan.scope.cluster, plan.scope.calm) = (cluster, true);
        plan
    };
    let a_write = Allowance { timeouts: 1, writes: 1, crashes: 1, ..Allowance::default() };
    let explored = explore("raft-core", &scope(alone, a_write));
    assert_eq!(explored.end, Some(End::Everything), "the reference recovers from all of them");
    let explored = explore("raft-core?bug=sole-voter-waits-for-write", &scope(alone, a_write));
    assert_eq!(story(&explored).lines(), ["timeout n1", "write n1 x=1", "crash n1", "calm"]);

    let once = Allowance { timeouts: 1, crashes: 1, ..Allowance::default() };
    let three = scope(SmallScope::THREE_NODES.cluster, once);
    assert_eq!(explore("raft-core", &three).end, Some(End::Everything));
    let explored = explore("raft-core?bug=vote-only-for-longer-log", &three);
    let script = story(&explored);
    let targets = targets();
    let target = targets.find("raft-core?bug=vote-only-for-longer-log").expect("it is planted");
    let (run, skipped) = target.replay(script, &Selection::ALL, Replay::SAVED);
    assert!(skipped.is_empty() && run.failure().is_some_and(|it| it.actions == run.steps()));
    let without = Exploration { scope: SmallScope { calm: false, ..three.scope }, ..three };
    let missed = explore("raft-core?bug=vote-only-for-longer-log", &without);
    assert_eq!(missed.end, Some(End::Everything), "nothing wrong is ever done");
}

#[test]
fn five_nodes_are_searched_too() {
    let mut five = plan(Allowance { timeouts: 1, ..Allowance::default() });
    five.scope.cluster = Cluster { nodes: 5, ..five.scope.cluster };
    five.scope.depth = Some(9);
    let explored = explore("raft-core", &five);
    assert_eq!(explored.end, Some(End::Depth));
    assert!(explored.witnesses.saw("EntryCommitted"));
}
