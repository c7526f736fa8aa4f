//! The reference with one thing changed, for tests of who must notice it.

use std::marker::PhantomData;

use raft_sim::guests::raft_core::RaftCore;
use raft_sim::node::{Boot, Effect, Input, Kind, Label, Node, Traits, View};

/// What the reference says to others.
pub(crate) type Message = <RaftCore as Node>::Message;

/// What is changed; what it leaves out is as the reference has it.
pub(crate) trait Change: 'static {
    /// Settings of the guest.
    type Config: Clone + Send + Sync + 'static;

    /// What a step wants done, before anybody hears of it.
    fn wants(_effects: &mut Vec<Effect<Message>>) {}

    /// What it shows of itself.
    fn shows(view: View) -> View {
        view
    }

    /// Its words for messages.
    fn kinds(_config: &Self::Config) -> &[Kind] {
        RaftCore::kinds(&None)
    }
}

/// The reference, changed.
pub(crate) struct Changed<C>(RaftCore, PhantomData<C>);

impl<C: Change> Node for Changed<C> {
    type Message = Message;
    type Config = C::Config;

    fn traits(_: &C::Config) -> Traits {
        RaftCore::traits(&None)
    }

    fn boot(boot: &Boot<'_, C::Config>, effects: &mut Vec<Effect<Message>>) -> Self {
        let &Boot { id, cluster, incarnation, disk, limits, config: _ } = boot;
        let boot = Boot { id, cluster, incarnation, disk, limits, config: &None };
        Changed(RaftCore::boot(&boot, effects), PhantomData)
    }

    fn step(&mut self, input: Input<Message>, effects: &mut Vec<Effect<Message>>) {
        self.0.step(input, effects);
        C::wants(effects);
    }

    fn view(&self) -> View {
        C::shows(self.0.view())
    }

    fn kinds(config: &C::Config) -> &[Kind] {
        C::kinds(config)
    }

    fn label(message: &Message) -> Label {
        RaftCore::label(message)
    }
}
