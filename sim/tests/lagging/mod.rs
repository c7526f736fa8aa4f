//! The reference, as an asynchronous crate shows itself: after a step that has written it is what
//! it was before, and stays so until its disk has answered, whatever it does in between.

use raft_invariants::Reveals;
use raft_sim::guests::raft_core::RaftCore;
use raft_sim::mutants::Mutant;
use raft_sim::node::{
    Boot, Effect, Explorable, Fingerprint, Input, Kind, Label, Node, Traits, View, WriteId,
};

/// Whether it says so is the parameter.
pub(crate) struct Lagging<const SAYS_SO: bool> {
    node: RaftCore,
    /// How it was when nothing was on its way to the disk.
    shown: View,
    awaits: Option<WriteId>,
}

/// What is planted in it, and what it reveals.
pub(crate) type Config = (Option<&'static Mutant>, Reveals);

impl<const SAYS_SO: bool> Lagging<SAYS_SO> {
    fn note(&mut self, effects: &[Effect<<RaftCore as Node>::Message>]) {
        for effect in effects {
            if let Effect::Write(write) = effect {
                self.awaits = Some(write.id);
            }
        }
        if self.awaits.is_none() {
            self.shown = self.node.view();
        }
    }
}

impl<const SAYS_SO: bool> Node for Lagging<SAYS_SO> {
    type Message = <RaftCore as Node>::Message;
    type Config = Config;

    fn traits(&(mutant, reveals): &Config) -> Traits {
        Traits { reveals, ..RaftCore::traits(&mutant) }
    }

    fn boot(boot: &Boot<'_, Config>, effects: &mut Vec<Effect<Self::Message>>) -> Self {
        let &Boot { id, cluster, incarnation, disk, limits, config: (mutant, _) } = boot;
        let boot = Boot { id, cluster, incarnation, disk, limits, config: mutant };
        let node = RaftCore::boot(&boot, effects);
        let mut lagging = Lagging { shown: node.view(), node, awaits: None };
        lagging.note(effects);
        lagging
    }

    fn step(&mut self, input: Input<Self::Message>, effects: &mut Vec<Effect<Self::Message>>) {
        if let Input::WriteDone(through) = input {
            self.awaits = self.awaits.filter(|&write| through < write);
        }
        self.node.step(input, effects);
        self.note(effects);
    }

    fn view(&self) -> View {
        self.shown
    }

    fn is_settled(&self) -> bool {
        !SAYS_SO || self.awaits.is_none()
    }

    fn kinds((mutant, _): &Config) -> &[Kind] {
        RaftCore::kinds(mutant)
    }

    fn label(message: &Self::Message) -> Label {
        RaftCore::label(message)
    }
}

impl Explorable for Lagging<true> {
    fn fork(&self) -> Self {
        let Lagging { node, shown, awaits } = self;
        Lagging { node: node.fork(), shown: *shown, awaits: *awaits }
    }

    fn fingerprint(&self, print: &mut Fingerprint<'_>) {
        // What it awaits is the last write in the queue, and nobody asks for its view until then.
        self.node.fingerprint(print);
    }
}
