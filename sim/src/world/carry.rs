//! Carries out what a node wants done, in the order in which it said so.
//!
//! With [`Storage::Asynchronous`] a message names the write it waits for. With
//! [`Storage::Blocking`] a write holds up everything after it in the list, and the step, with the
//! node's view, counts as finished when the list is empty.
//!
//! [`Storage::Asynchronous`]: crate::node::Storage::Asynchronous
//! [`Storage::Blocking`]: crate::node::Storage::Blocking

use raft_invariants::fact::Fact;

use super::World;
use super::stage::News;
use crate::language::hash::mix;
use crate::node::{Effect, Input, Label, Node, NodeId, Payload, Timers, WriteId};

/// More effects in one step than any sane step has.
const EFFECTS_MAX: usize = 4096;

/// A message that waits for a write.
#[derive(Clone)]
pub(super) struct Held<M> {
    pub(super) after: WriteId,
    pub(super) to: NodeId,
    pub(super) message: M,
    pub(super) label: Label,
}

impl<N: Node> World<N> {
    pub(super) fn carry_out(&mut self, id: NodeId, effects: &mut Vec<Effect<N::Message>>) {
        if EFFECTS_MAX < effects.len() {
            self.observe(&Fact::Exploded { node: id, what: "effects of one step" });
            return;
        }
        if self.is_blocking() {
            self.deferred[id.slot()].extend(effects.drain(..));
            self.carry_on(id);
            return;
        }
        let mut last_write = None;
        for effect in effects.drain(..) {
            if let Effect::Write(write) = &effect {
                last_write = Some(write.id);
            }
            self.carry(id, effect);
        }
        self.finish_step(id);
        if let Some(write) = last_write
            && !self.stage.has_queued_disks()
            && self.stage.host(id).up
        {
            self.step(id, Input::WriteDone(write));
        }
    }

    /// Goes on with a blocking node's step until it waits for its disk or is done.
    pub(super) fn carry_on(&mut self, id: NodeId) {
        while let Some(effect) = self.deferred[id.slot()].pop_front() {
            self.carry(id, effect);
            let host = self.stage.host_mut(id);
            if !host.queue.is_empty() {
                host.busy = true;
                return;
            }
        }
        self.stage.host_mut(id).busy = false;
        self.finish_step(id);
    }

    /// The step is over: the node's view counts.
    fn finish_step(&mut self, id: NodeId) {
        let Some(node) = &self.nodes[id.slot()] else { return };
        let view = node.view();
        let hash = &mut self.hash;
        hash.add(view.current_term.unwrap_or(0)).add(view.commit_index.unwrap_or(0));
        self.stage.host_mut(id).view = view;
        self.observe(&Fact::Stepped { node: id, view: &view });
    }

    fn carry(&mut self, id: NodeId, effect: Effect<N::Message>) {
        // An earlier effect of the same list may have stopped the node.
        if !self.stage.host(id).up {
            return;
        }
        match effect {
            Effect::Write(write) => self.issue(id, write),
            Effect::Send { to, message, after } => self.send(id, to, message, after),
            Effect::SetTimer(timer) => {
                let now = self.stage.now_us;
                self.stage.host_mut(id).timers[timer] = Some(now);
                self.stage.news.push(News::TimerSet(id, timer));
            }
            Effect::CancelTimer(timer) => self.stage.host_mut(id).timers[timer] = None,
            Effect::Apply { index, term, payload } => {
                let host = self.stage.host_mut(id);
                let content = match payload {
                    Payload::NoOp => 1,
                    Payload::Command(command) => mix(command) ^ 2,
                    Payload::Other(hash) => mix(hash) ^ 3,
                };
                host.state_hash = mix(host.state_hash ^ content);
                let state_hash = host.state_hash;
                self.observe(&Fact::Applied { node: id, index, term, payload, state_hash });
            }
            Effect::Reply { command, outcome } => {
                self.observe(&Fact::Replied { node: id, command, outcome });
            }
            Effect::Halt => self.halt(id),
        }
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: N::Message, after: Option<WriteId>) {
        assert!(to.slot() < self.stage.hosts.len(), "{from} sends to {to}, which does not exist");
        let label = N::label(&message);
        let oldest = self.stage.host(from).queue.front().map(|write| write.id);
        let waits = after.filter(|&after| oldest.is_some_and(|oldest| oldest <= after));
        match waits {
            Some(after) => self.held[from.slot()].push_back(Held { after, to, message, label }),
            None => self.leave(from, to, message, label),
        }
    }

    /// Writes have become durable: what waited for them leaves.
    pub(super) fn release(&mut self, id: NodeId, through: WriteId) {
        while let Some(held) = self.held[id.slot()].front() {
            if through < held.after {
                return;
            }
            let held = self.held[id.slot()].pop_front().expect("there is a front");
            self.leave(id, held.to, held.message, held.label);
        }
    }

    /// The node is gone, and with it all it had not yet done.
    pub(super) fn forget(&mut self, id: NodeId) {
        self.nodes[id.slot()] = None;
        self.held[id.slot()].clear();
        self.deferred[id.slot()].clear();
        let host = self.stage.host_mut(id);
        host.up = false;
        host.busy = false;
        host.paused = false;
        host.timers = Timers::default();
    }
}
