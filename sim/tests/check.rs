//! A Raft checked in one line of a test: what a good one, a bad one and an idle one get.

mod changed;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use changed::{Change, Changed, Message};
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::language::script::Script;
use raft_sim::mutants::{MUTANTS, Mutant};
use raft_sim::node::{Effect, Node};
use raft_sim::{check, check_script};

/// What the test of a guest's author would show.
fn panics(test: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(test)).expect_err("it panics");
    *panic.downcast::<String>().expect("it says why")
}

fn bug() -> Option<&'static Mutant> {
    MUTANTS.iter().copied().find(|mutant| mutant.id == "vote-duplicate-counted")
}

#[test]
fn a_good_raft_passes() {
    check::<RaftCore>(None, 300);
}

#[test]
fn a_bad_one_gets_its_story_and_a_script_to_keep() {
    let told = panics(|| check::<RaftCore>(bug(), 2_000));
    assert!(told.contains("ElectedByQuorum"), "{told}");
    assert!(told.contains("becomes leader of term 1"), "{told}");
    let (_, script) = told.rsplit_once("this script:\n").expect("there is a script");
    let script = Script::parse(script, "told.txt".as_ref(), RaftCore::kinds(&None));
    let script = script.unwrap_or_else(|error| panic!("{error}\n{told}"));
    let told = panics(|| check_script::<RaftCore>(bug(), &script));
    assert!(told.contains("becomes leader of term 1"), "{told}");
}

#[test]
fn a_campaign_that_shows_nothing_fails() {
    let told = panics(|| check::<RaftCore>(None, 0));
    assert!(told.contains("there was no run"), "{told}");
}

#[test]
fn a_line_that_means_nothing_is_named() {
    let text = "cluster nodes=3\ntimeout n1\nrestart n1\n";
    let script =
        Script::parse(text, "test.txt".as_ref(), RaftCore::kinds(&None)).expect("it is right");
    let told = panics(|| check_script::<RaftCore>(None, &script));
    assert!(told.starts_with("action 2, `restart n1`, means nothing"), "{told}");
}

/// A server that now and then forgets what it wanted, by a counter that no run resets.
enum Moody {}

static MOOD: AtomicU64 = AtomicU64::new(0);

impl Change for Moody {
    type Config = ();

    fn wants(effects: &mut Vec<Effect<Message>>) {
        if MOOD.fetch_add(1, Ordering::Relaxed).is_multiple_of(50) {
            effects.retain(|effect| !matches!(effect, Effect::Send { .. }));
        }
    }
}

#[test]
fn a_raft_that_is_not_deterministic_is_told_so() {
    let told = panics(|| check::<Changed<Moody>>((), 2_000));
    assert!(told.starts_with("Changed is not deterministic: seed 0x"), "{told}");
}
