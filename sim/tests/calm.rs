//! Runs that end in calm: what the calm leaves as it is, and what it brings about.

use raft_invariants::{Level, Selection};
use raft_sim::guests;
use raft_sim::language::file_error::FileError;
use raft_sim::language::script::Script;
use raft_sim::node::NodeId;
use raft_sim::report::trace::{Recording, StepReport};
use raft_sim::run::calm::Outcome;
use raft_sim::run::{Failure, Replay, Run, Watched};
use raft_sim::schedule::calm::Excuse;
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::target::{Target, Targets};
use std::path::Path;

fn targets() -> Targets {
    let mut targets = Targets::default();
    guests::add_to(&mut targets);
    targets
}

fn parse(text: &str) -> Result<Script, FileError> {
    let targets = targets();
    let target = targets.find("raft-core").expect("it is built in");
    Script::parse(text, Path::new("calm.txt"), target.kinds())
}

fn replay(target: &dyn Target, text: &str) -> Run {
    let script = parse(text).expect("the test's script is right");
    let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
    assert_eq!(skipped, [0; 0], "every line means something");
    run
}

fn outcome(text: &str) -> Outcome {
    let targets = targets();
    let run = replay(targets.find("raft-core").expect("it is built in"), text);
    run.calm.expect("it ends in calm").outcome
}

/// Runs of this target that all end in calm.
fn runs(target: &dyn Target, seeds: std::ops::Range<u64>) -> impl Iterator<Item = Run> {
    let settings = Settings { calm_percent: 100, ..Settings::default() };
    let config = move |seed| RunConfig::draw(seed, &settings, &target.traits());
    seeds.map(move |seed| target.run(&config(seed), &Selection::ALL))
}

#[test]
fn calm_is_the_last_line_and_for_a_majority() {
    let script = parse("cluster nodes=5\ntimeout n1\ncalm {n1 n2 n4}\n").expect("a majority");
    assert_eq!((script.steps(), script.lines()[1].as_str()), (2, "calm {n1 n2 n4}"));
    let all = parse("cluster nodes=3\ncalm {n1 n2 n3}\n").expect("everyone");
    assert_eq!(all.lines(), ["calm"]);
    let refused = |text: &str| parse(text).expect_err("it is wrong").to_string();
    assert!(refused("cluster nodes=5\ncalm {n1 n2}\n").contains("2 of 5 nodes"));
    assert!(refused("cluster nodes=3\ncalm {n1 n4}\n").contains("the cluster's nodes"));
    assert!(refused("cluster nodes=3\ncalm {n1 n2} {n3}\n").contains("one group"));
    let late = refused("cluster nodes=3\ncalm\ntimeout n1\n");
    assert!(late.contains(":3") && late.contains("nothing comes after `calm`"), "{late}");
}

#[test]
fn the_correct_core_recovers_from_everything() {
    let faults = "crash n1\npause n2\nstall n3\nskew n3 -40%\npartition {n1} {n2} {n3}\n";
    let text = format!("cluster nodes=3 disk=queued\ntimeout n1\nsync n1\n{faults}calm\n");
    assert!(matches!(outcome(&text), Outcome::Achieved(after) if after < 10_000));
}

#[test]
fn who_is_outside_the_core_stays_as_it_is() {
    let targets = targets();
    let target = targets.find("raft-core").expect("it is built in");
    let cluster = "cluster nodes=5\n";
    let run = replay(target, &format!("{cluster}crash n4\ncrash n1\ncalm {{n1 n2 n3}}\n"));
    let stage = run.stage.expect("notes were taken");
    let up: Vec<bool> = stage.hosts.iter().map(|host| host.up).collect();
    assert_eq!(up, [true, true, true, false, true]);
    let excuse = |faults: &str| outcome(&format!("{cluster}{faults}calm {{n1 n2 n3}}\n"));
    let half = "cut n1->n5\n";
    assert_eq!(excuse(half), Outcome::Excused(Excuse::HalfLinked(NodeId(5))));
    let slow = "skew n5 +30%\n";
    assert_eq!(excuse(slow), Outcome::Excused(Excuse::Slow(NodeId(5))));
    let gone = "cut n5->n1\ncut n5->n2\ncut n5->n3\ncut n5->n4\n";
    assert!(matches!(excuse(gone), Outcome::Achieved(_)), "it hears, and is not heard");
}

#[test]
fn a_calm_changes_nothing_of_what_comes_before_it() {
    let targets = targets();
    let target = targets.find("raft-core").expect("it is built in");
    let without = Settings { calm_percent: 0, ..Settings::default() };
    for (seed, run) in (0..60).zip(runs(target, 0..60)) {
        let config = RunConfig::draw(seed, &without, &target.traits());
        let plain = target.run(&config, &Selection::ALL);
        assert_eq!(plain.actions, run.actions);
        assert_eq!((plain.witnesses, plain.committed), (run.witnesses, run.committed));
        assert!(plain.calm.is_none() && run.calm.is_some());
    }
}

#[test]
fn a_run_that_ends_in_calm_is_its_script() {
    let targets = targets();
    for name in ["raft-core", "raftbare", "article?gaps=paper"] {
        let target = targets.find(name).expect("it is built in");
        for run in runs(target, 100..200) {
            let (again, skipped) = target.replay(&run.whole(), &Selection::ALL, Replay::SAVED);
            assert_eq!((skipped, again.hash, again.calm), (Vec::new(), run.hash, run.calm));
            assert_eq!(again.committed, run.committed);
        }
    }
}

#[test]
fn what_a_calm_shows_does_not_depend_on_who_else_judges() {
    let targets = targets();
    let mut seen = 0;
    for name in ["raftbare", "article?gaps=paper", "raft-core?bug=timer-reset-on-denied-vote"] {
        let target = targets.find(name).expect("it is built in");
        let in_calm = |run: &Run| run.failure().is_some_and(|it| run.actions.len() < it.actions);
        for run in runs(target, 0..400).filter(in_calm).take(5) {
            let class = run.failure().expect("it failed").class();
            let alone = Selection::only(&[class.invariant]).expect("there is such an invariant");
            for how in [Replay::CANDIDATE, Replay::SAVED] {
                let (again, _) = target.replay(&run.whole(), &alone, how);
                assert_eq!(again.failure().map(Failure::class), Some(class.clone()), "{name}");
            }
            seen += 1;
        }
    }
    assert!(5 < seen, "{seen} violations in a calm");
}

#[test]
fn correct_rafts_make_progress() {
    let targets = targets();
    for name in ["raft-core", "noraft"] {
        let target = targets.find(name).expect("it is built in");
        for run in runs(target, 0..300) {
            let lost =
                run.failures.iter().find(|it| it.violation.invariant.level == Level::Progress);
            assert!(lost.is_none(), "{name}: {:?}\n{}", lost, run.whole());
        }
    }
}

/// n1 lacks what the others have, and stands before them each time. The correct core votes n2 in.
const STALE_CANDIDATE: &str = "\
cluster nodes=3
timeout n2
deliver n2->n3 RequestVote
deliver n3->n2 RequestVoteReply granted
deliver n2->n3 AppendEntries entries
drop n2->n1 AppendEntries entries
crash n2
calm
";

#[test]
fn what_goes_round_is_told_with_its_actions() {
    let targets = targets();
    assert!(matches!(outcome(STALE_CANDIDATE), Outcome::Achieved(_)));
    let flawed = targets.find("raft-core?bug=timer-reset-on-denied-vote").expect("it is planted");
    let run = replay(flawed, STALE_CANDIDATE);
    let failure = run.failure().expect("nobody is ever elected");
    assert_eq!(failure.violation.invariant.name, "TermsBounded");
    assert_eq!(failure.actions, run.steps(), "the calm is the last step");
    let round = run.calm.and_then(|calm| calm.round).expect("it goes round");
    assert_eq!(round.every, 1000, "as often as n1 stands");
    let words: Vec<String> = round.actions.iter().map(|it| it.unsigned().to_string()).collect();
    assert!(words.contains(&"timeout n1".to_owned()), "{words:?}");
    assert!(!words.contains(&"timeout n2".to_owned()), "{words:?}");
}

#[test]
fn who_looks_on_sees_every_action_of_a_calm() {
    let targets = targets();
    let flawed = targets.find("raft-core?bug=timer-reset-on-denied-vote").expect("it is planted");
    let script = parse(STALE_CANDIDATE).expect("it is right");
    let watched = Watched { script: &script, times_us: &[], then: None };
    let recording = Recording::take(flawed, &watched, &Selection::ALL);
    let (run, _) = flawed.replay(&script, &Selection::ALL, Replay::SAVED);
    assert_eq!(recording.hash, format!("{:016x}", run.hash), "it is the same run");
    let begin = recording.calm.as_ref().expect("it ends in calm").step;
    assert_eq!(begin, script.steps(), "the boot is a step, too");
    let calm = &recording.steps[begin + 1..];
    assert_eq!(calm.len(), run.calm.expect("it ends in calm").actions.len());
    assert_eq!(calm[0].action.as_deref(), Some("restart n2"), "faults end first");
    let stands = |step: &&StepReport| step.action.as_deref() == Some("timeout n1");
    assert!(20 < calm.iter().filter(stands).count(), "and so it goes round");
    let lost: Vec<usize> = recording.violations.iter().map(|violation| violation.step).collect();
    assert_eq!(lost, [recording.steps.len() - 1]);
}

#[test]
fn a_leader_commits_its_predecessors_entries_unasked() {
    let targets = targets();
    let target = targets.find("raft-core?bug=no-noop-on-election").expect("it is planted");
    let script = "cluster nodes=1\ntimeout n1\nwrite n1 x=1\ncrash n1\ncalm\n";
    let run = replay(target, script);
    let failure = run.failure().expect("what it has committed before is unknown to it");
    assert_eq!(failure.violation.invariant.name, "EarlierWritesCommitted");
    assert!(matches!(outcome(script), Outcome::Achieved(_)));
}

/// Runs of each target that are measured; for the table of `PROGRESS.md` it was 20,000.
const RUNS: u64 = 500;

/// How long calms take, as the table of `PROGRESS.md`.
#[test]
#[expect(clippy::print_stdout, reason = "the table is what it is for")]
fn calms_end_far_below_their_bounds() {
    let targets = targets();
    println!("| target | calms | excused | p50 | p99 | p99.9 | slowest |");
    println!("|---|---|---|---|---|---|---|");
    for name in ["raft-core", "noraft"] {
        let target = targets.find(name).expect("it is built in");
        let mut took = Vec::new();
        let (mut calms, mut excused) = (0, 0);
        for calm in runs(target, 0..RUNS).filter_map(|run| run.calm) {
            calms += 1;
            match calm.outcome {
                Outcome::Achieved(after) => took.push(after),
                Outcome::Excused(_) => excused += 1,
                Outcome::Lost => {}
            }
        }
        took.sort_unstable();
        let at = |permille: usize| took[(took.len() - 1) * permille / 1000];
        let tenths = |millis: u64| format!("{}.{}", millis / 1000, millis / 100 % 10);
        let columns = [500, 990, 999, 1000].map(|permille| tenths(at(permille)));
        assert!(at(1000) < 20_000, "{name} comes close to a bound");
        println!("| {name} | {calms} | {excused} | {} |", columns.join(" | "));
    }
}
