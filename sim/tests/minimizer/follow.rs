//! An alarm is followed to the harm that it does, and where it does none, that is said.

use raft_invariants::{Level, Selection};
use raft_sim::explain::follow::{Alarm, Followed};
use raft_sim::explain::score::first_seed;
use raft_sim::run::{Class, Replay};
use raft_sim::schedule::config::{RunConfig, Settings};
use raft_sim::search::target::Target;

/// Futures of each alarm.
const FUTURES: u64 = 2_000;
const RUNS_MAX: u64 = 2_000;

#[test]
fn harm_follows_in_the_run_in_which_the_alarm_was_raised() {
    let targets = super::targets();
    for (bug, lemma) in [
        ("vote-no-log-check", "VoteForUpToDateLog"),
        ("quorum-floor-half", "ElectedByQuorum"),
        ("append-ack-before-fsync", "AcknowledgedEntriesDurable"),
    ] {
        let target = targets.find(&format!("raft-core?bug={bug}")).expect("it is planted");
        let (class, followed) = follow(target, lemma);
        let harm = followed.harm.expect("there is harm in it");
        assert!(followed.futures <= FUTURES);
        assert!(harm.actions_later() <= 40, "{bug}: {}", harm.script);
        let (run, skipped) = target.replay(&harm.script, &Selection::ALL, Replay::SAVED);
        assert!(skipped.is_empty(), "{bug}");
        let when = |class: &Class| {
            let failure = run.failures.iter().find(|failure| failure.class() == *class);
            failure.expect("the script shows both").actions
        };
        assert_eq!(when(&class), harm.alarm, "{bug}");
        assert_eq!(when(&harm.class), harm.script.steps(), "{bug}");
        assert!(Level::Lemma < harm.level);
    }
}

#[test]
fn what_does_no_harm_is_said_to_do_none() {
    let targets = super::targets();
    let target = targets.find("raft-core?bug=match-not-monotonic").expect("it is planted");
    let (_, followed) = follow(target, "MatchMonotonic");
    assert_eq!(followed.futures, FUTURES);
    assert!(followed.harm.is_none(), "a leader that knows less waits longer");
}

/// Follows the first alarm of this invariant.
fn follow(target: &dyn Target, invariant: &str) -> (Class, Followed) {
    let (settings, selection) =
        (Settings::default(), Selection::only(&[invariant]).expect("it is in the catalogue"));
    let first = first_seed(target.name(), 0);
    for nth in 0..RUNS_MAX {
        let config = RunConfig::draw(first.wrapping_add(nth), &settings, &target.traits());
        let run = target.run(&config, &selection);
        let Some(failure) = run.failure() else { continue };
        let alarm = Alarm {
            target,
            class: &failure.class(),
            level: failure.violation.invariant.level,
            scripts: &[&run.script(failure.actions)],
            settings: &settings,
            futures: FUTURES,
            stop: &|| false,
        };
        return (failure.class(), alarm.follow());
    }
    panic!("{invariant} is not broken in {RUNS_MAX} runs of {}", target.name());
}
