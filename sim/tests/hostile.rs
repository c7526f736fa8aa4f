//! Guests that go wrong in every call that the world makes into them. Each is told for what it is
//! and where; the server that went wrong is down, the world is sane, and the campaign goes on.

mod ill;

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use ill::{Ill, MISTAKES};
use raft_invariants::Selection;
use raft_sim::language::action::{Action, Keep};
use raft_sim::language::script::Script;
use raft_sim::node::NodeId;
use raft_sim::run::{Class, Replay};
use raft_sim::schedule::config::Settings;
use raft_sim::search::campaign::{self, Plan, Unwatched};
use raft_sim::search::shard::Shard;
use raft_sim::search::target::{Guest, Target};

/// The guest of that name.
fn target(name: &str) -> Guest<Ill> {
    let (_, mistake) = MISTAKES.iter().find(|(other, _)| *other == name).expect("there is one");
    Guest::new(name, "", *mistake)
}

/// A campaign finds nothing but this, again and again, and each time the same.
fn finds(name: &str, invariant: &str, place: Option<&str>) {
    let target = target(name);
    let plan = Plan {
        settings: Settings { steps: Some(40), ..Settings::default() },
        selection: Selection::ALL,
        first_seed: 0,
        shard: Shard::WHOLE,
        runs: 50,
        time_ms: None,
        jobs: 1,
        failures_max: 2,
        check_determinism_percent: 100,
        known: BTreeMap::new(),
    };
    let found = campaign::run(&target, &plan, &AtomicBool::new(false), &mut Unwatched);
    assert_eq!(found.runs, 50, "{name} does not end the campaign");
    assert!(found.nondeterministic.is_empty(), "{name}");
    let classes: Vec<&Class> = found.failures.keys().collect();
    assert_eq!(classes.len(), 1, "{name}: {classes:?}");
    assert_eq!(classes[0].invariant, invariant, "{name}");
    let Some(message) = place else { return assert_eq!(classes[0].place, None) };
    let told = classes[0].place.as_deref().expect("a panic has a place");
    let (file, rest) = told.split_once(':').expect("there is a line");
    assert!(file.ends_with("tests/ill/mod.rs"), "{told}");
    assert!(rest.ends_with(&format!(": {message}")), "{told}");
}

#[test]
fn a_panic_in_any_call_is_told_with_its_place() {
    finds("panics-in-kinds", "NoPanic", Some("in kinds"));
    finds("panics-in-boot", "NoPanic", Some("in boot"));
    finds("panics-in-step", "NoPanic", Some("in step, # of #"));
    finds("panics-in-view", "NoPanic", Some("in view"));
    finds("panics-in-label", "NoPanic", Some("in label"));
}

#[test]
fn what_the_port_does_not_have_is_told() {
    finds("has-no-such-kind", "PortContract", None);
    for nobody in ["sends-to-n0", "sends-to-n2", "sends-to-n255"] {
        finds(nobody, "PortContract", None);
    }
    finds("writes-the-same", "PortContract", None);
    finds("waits-for-no-write", "PortContract", None);
}

#[test]
fn what_has_no_end_is_told() {
    finds("wants-too-much", "ResourceExplosion", None);
    finds("writes-for-writes", "ResourceExplosion", None);
}

/// Whoever has gone wrong is down, and may start again like anyone else.
#[test]
fn a_server_that_went_wrong_starts_again() {
    let text = "cluster nodes=1 disk=instant\ntimeout n1\nrestart n1\ncrash n1\nrestart n1\n";
    for name in [
        "panics-in-step",
        "panics-in-view",
        "panics-in-label",
        "has-no-such-kind",
        "sends-to-n2",
        "writes-the-same",
        "waits-for-no-write",
        "wants-too-much",
        "writes-for-writes",
    ] {
        let target = target(name);
        let script = Script::parse(text, "test.txt".as_ref(), target.kinds()).expect("it is right");
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "{name}: every line means something");
        assert_eq!(run.failures.len(), 1, "{name}");
        assert_eq!(run.failures[0].actions, 1, "{name} is told when it is made");
        let host = &run.stage.expect("a story ends somewhere").hosts[0];
        assert!(host.up && host.incarnation == 3, "{name}");
    }
}

/// Destructors do not run when the power fails.
#[test]
fn a_panic_in_drop_is_nobody_s_business() {
    let target = target("panics-in-drop");
    let text = "cluster nodes=1\ntimeout n1\ncrash n1\nrestart n1\ncrash n1\n";
    let script = Script::parse(text, "test.txt".as_ref(), target.kinds()).expect("it is right");
    let (run, _) = target.replay(&script, &Selection::ALL, Replay::SAVED);
    assert_eq!(run.actions.last(), Some(&Action::Crash(NodeId(1), Keep(0))));
    assert!(run.failures.is_empty());
}
