//! Guests that go wrong in every call that the world makes into them. Each is told for what it is
//! and where; the server that went wrong is down, the world is sane, and the campaign goes on.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;

use raft_invariants::{Need, Selection};
use raft_sim::language::action::{Action, Keep};
use raft_sim::language::script::Script;
use raft_sim::node::{
    Boot, Claim, Effect, HardState, Input, Kind, Label, Node, NodeId, Reveals, Role, Statement,
    Storage, Timer, Traits, View, Word, Write,
};
use raft_sim::run::{Class, Replay};
use raft_sim::schedule::config::Settings;
use raft_sim::search::campaign::{self, Plan, Unwatched};
use raft_sim::search::shard::Shard;
use raft_sim::search::target::{Guest, Target};

/// What goes wrong: all but the first two when the server stands or leads.
#[derive(Copy, Clone, PartialEq, Debug)]
enum Mistake {
    Kinds,
    Boot,
    Step,
    View,
    Label,
    /// Not even power loss brings this about.
    Drop,
    /// Its message is of a kind that there is not.
    NoSuchKind,
    NoSuchNode(NodeId),
    /// It issues the same write twice.
    SameWrite,
    /// Its message waits for a write that it never issues.
    NoSuchWrite,
    /// It wants more at once than is sane.
    TooMuch,
    /// It answers every write with another one.
    WriteForWrite,
}

/// A server that is its own cluster: it votes for itself, and leads once that is durable.
struct Loner {
    id: NodeId,
    hard_state: HardState,
    leads: bool,
    mistake: Mistake,
    writes: u64,
}

const KINDS: [Kind; 1] = [Kind { name: Word::new("Word"), outcomes: None }];

impl Loner {
    fn write(&mut self, effects: &mut Vec<Effect<Mistake>>) {
        self.writes += 1;
        let hard_state = Some(self.hard_state);
        effects.push(Effect::Write(Write { id: self.writes, hard_state, ..Write::default() }));
    }

    fn stand(&mut self, effects: &mut Vec<Effect<Mistake>>) {
        let current_term = self.hard_state.current_term + 1;
        self.hard_state = HardState { current_term, voted_for: Some(self.id) };
        self.leads = false;
        self.write(effects);
        let (message, last) = (self.mistake, Some(self.writes));
        let to_itself = |after| Effect::Send { to: self.id, message, after };
        match self.mistake {
            Mistake::Step => panic!("in step, {} of 7", self.writes),
            Mistake::NoSuchNode(to) => effects.push(Effect::Send { to, message, after: last }),
            Mistake::NoSuchWrite => effects.push(to_itself(Some(self.writes + 1))),
            Mistake::SameWrite => {
                self.writes -= 1;
                self.write(effects);
            }
            Mistake::TooMuch => effects.resize(5_000, Effect::SetTimer(Timer::Election)),
            _ => effects.push(to_itself(last)),
        }
        effects.push(Effect::SetTimer(Timer::Election));
    }
}

impl Node for Loner {
    type Message = Mistake;
    type Config = Mistake;

    fn traits(_: &Mistake) -> Traits {
        let reveals = Reveals::only(&[Need::TermAndRole, Need::Votes]);
        Traits { storage: Storage::Asynchronous, reveals, nodes: (1, 1) }
    }

    fn boot(boot: &Boot<'_, Mistake>, effects: &mut Vec<Effect<Mistake>>) -> Self {
        assert!(*boot.config != Mistake::Boot || boot.incarnation == 1, "in boot");
        effects.push(Effect::SetTimer(Timer::Election));
        let (hard_state, mistake) = (boot.disk.hard_state, *boot.config);
        Loner { id: boot.id, hard_state, leads: false, mistake, writes: 0 }
    }

    fn step(&mut self, input: Input<Mistake>, effects: &mut Vec<Effect<Mistake>>) {
        match input {
            Input::Timeout(_) => self.stand(effects),
            Input::WriteDone(_) => {
                self.leads = true;
                if self.mistake == Mistake::WriteForWrite {
                    self.write(effects);
                }
            }
            Input::WriteFailed => effects.push(Effect::Halt),
            Input::Receive { .. } | Input::Propose(_) => {}
        }
    }

    fn view(&self) -> View {
        assert!(self.mistake != Mistake::View || !self.leads, "in view");
        View {
            current_term: Some(self.hard_state.current_term),
            voted_for: Some(self.hard_state.voted_for),
            role: Some(if self.leads { Role::Leader } else { Role::Follower }),
            ..View::default()
        }
    }

    fn kinds(mistake: &Mistake) -> &[Kind] {
        assert!(*mistake != Mistake::Kinds, "in kinds");
        &KINDS
    }

    fn label(mistake: &Mistake) -> Label {
        assert!(*mistake != Mistake::Label, "in label");
        let kind = if *mistake == Mistake::NoSuchKind { 7 } else { 0 };
        let statement = Statement { term: None, claim: Claim::Other };
        Label { kind, yes: false, signature: 0, statement }
    }
}

impl Drop for Loner {
    fn drop(&mut self) {
        assert!(self.mistake != Mistake::Drop, "in drop");
    }
}

/// A campaign finds nothing but this, again and again, and each time the same.
fn finds(mistake: Mistake, invariant: &str, place: Option<&str>) {
    let target = Guest::<Loner>::new("loner", "", mistake);
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
    assert_eq!(found.runs, 50, "{mistake:?} does not end the campaign");
    assert!(found.nondeterministic.is_empty(), "{mistake:?}");
    let classes: Vec<&Class> = found.failures.keys().collect();
    assert_eq!(classes.len(), 1, "{mistake:?}: {classes:?}");
    assert_eq!(classes[0].invariant, invariant, "{mistake:?}");
    let Some(message) = place else { return assert_eq!(classes[0].place, None) };
    let told = classes[0].place.as_deref().expect("a panic has a place");
    let (file, rest) = told.split_once(':').expect("there is a line");
    assert!(file.ends_with("tests/hostile.rs"), "{told}");
    assert!(rest.ends_with(&format!(": {message}")), "{told}");
}

#[test]
fn a_panic_in_any_call_is_told_with_its_place() {
    finds(Mistake::Kinds, "NoPanic", Some("in kinds"));
    finds(Mistake::Boot, "NoPanic", Some("in boot"));
    finds(Mistake::Step, "NoPanic", Some("in step, # of #"));
    finds(Mistake::View, "NoPanic", Some("in view"));
    finds(Mistake::Label, "NoPanic", Some("in label"));
}

#[test]
fn what_the_port_does_not_have_is_told() {
    finds(Mistake::NoSuchKind, "PortContract", None);
    for to in [0, 2, 255] {
        finds(Mistake::NoSuchNode(NodeId(to)), "PortContract", None);
    }
    finds(Mistake::SameWrite, "PortContract", None);
    finds(Mistake::NoSuchWrite, "PortContract", None);
}

#[test]
fn what_has_no_end_is_told() {
    finds(Mistake::TooMuch, "ResourceExplosion", None);
    finds(Mistake::WriteForWrite, "ResourceExplosion", None);
}

/// Whoever has gone wrong is down, and may start again like anyone else.
#[test]
fn a_server_that_went_wrong_starts_again() {
    let text = "cluster nodes=1 disk=instant\ntimeout n1\nrestart n1\ncrash n1\nrestart n1\n";
    for mistake in [
        Mistake::Step,
        Mistake::View,
        Mistake::Label,
        Mistake::NoSuchKind,
        Mistake::NoSuchNode(NodeId(2)),
        Mistake::SameWrite,
        Mistake::NoSuchWrite,
        Mistake::TooMuch,
        Mistake::WriteForWrite,
    ] {
        let target = Guest::<Loner>::new("loner", "", mistake);
        let script = Script::parse(text, "test.txt".as_ref(), target.kinds()).expect("it is right");
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "{mistake:?}: every line means something");
        assert_eq!(run.failures.len(), 1, "{mistake:?}");
        assert_eq!(run.failures[0].actions, 1, "{mistake:?} is told when it is made");
        let host = &run.stage.expect("a story ends somewhere").hosts[0];
        assert!(host.up && host.incarnation == 3, "{mistake:?}");
    }
}

/// Destructors do not run when the power fails.
#[test]
fn a_panic_in_drop_is_nobody_s_business() {
    let target = Guest::<Loner>::new("loner", "", Mistake::Drop);
    let text = "cluster nodes=1\ntimeout n1\ncrash n1\nrestart n1\ncrash n1\n";
    let script = Script::parse(text, "test.txt".as_ref(), target.kinds()).expect("it is right");
    let (run, _) = target.replay(&script, &Selection::ALL, Replay::SAVED);
    assert_eq!(run.actions.last(), Some(&Action::Crash(NodeId(1), Keep(0))));
    assert!(run.failures.is_empty());
}
