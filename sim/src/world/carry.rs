//! Carries out what a node wants done, in the order in which it said so.
//!
//! With [`Storage::Asynchronous`] a message names the write it waits for. With
//! [`Storage::Blocking`] a write holds up everything after it in the list, and the step, with the
//! node's view, counts as finished when the list is empty.
//!
//! [`Storage::Asynchronous`]: crate::node::Storage::Asynchronous
//! [`Storage::Blocking`]: crate::node::Storage::Blocking

use raft_invariants::fact::{Breach, Fact};

use super::World;
use super::guest::{self, Called};
use super::machine::Held;
use super::panic::Failure;
use super::stage::News;
use crate::node::{Effect, Input, Label, Node, NodeId, WriteId};

/// More effects in one step than any sane step has.
const EFFECTS_MAX: usize = 4096;

impl<N: Node> World<N> {
    /// The node has answered: with these effects, or by going wrong.
    pub(super) fn answered(
        &mut self,
        id: NodeId,
        mut answer: Called<()>,
        mut effects: Vec<Effect<N::Message>>,
    ) {
        let mut count = 0;
        loop {
            if let Err(failure) = &answer {
                self.failed(id, failure);
                break;
            }
            count += effects.len();
            if EFFECTS_MAX < count {
                self.failed(id, &Failure::Endless("effects of one step"));
                break;
            }
            // A disk that writes at once is heard of before anything else happens.
            let Some(written) = self.carry_out(id, &mut effects) else { break };
            answer = self.processes[id.slot()].step(Input::WriteDone(written), &mut effects);
        }
        effects.clear();
        self.effects = effects;
    }

    /// Carries a step out as far as it goes now. Gives back the write of which an asynchronous node
    /// is to hear at once.
    fn carry_out(&mut self, id: NodeId, effects: &mut Vec<Effect<N::Message>>) -> Option<WriteId> {
        if self.is_blocking() {
            self.processes[id.slot()].deferred.extend(effects.drain(..));
            self.carry_on(id);
            return None;
        }
        let mut last_write = None;
        for effect in effects.drain(..) {
            if let Effect::Write(write) = &effect {
                last_write = Some(write.id);
            }
            self.carry(id, effect);
        }
        self.finish_step(id);
        last_write.filter(|_| !self.stage.has_queued_disks() && self.stage.host(id).up)
    }

    /// Goes on with a blocking node's step until it waits for its disk or is done.
    pub(super) fn carry_on(&mut self, id: NodeId) {
        while let Some(effect) = self.processes[id.slot()].deferred.pop_front() {
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

    /// The step is over: the node's view counts, unless it is not settled.
    fn finish_step(&mut self, id: NodeId) {
        let view = &mut self.stage.hosts[id.slot()].view;
        match self.processes[id.slot()].view(view) {
            Some(Ok(true)) => {
                let hash = &mut self.hash;
                hash.add(view.current_term.unwrap_or(0)).add(view.commit_index.unwrap_or(0));
                self.audience.observe(&Fact::Stepped { node: id, view });
            }
            Some(Ok(false)) => self.audience.observe(&Fact::Unsettled { node: id }),
            Some(Err(failure)) => self.failed(id, &failure),
            None => {}
        }
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
                let state = &mut self.stage.host_mut(id).state;
                state.apply(payload);
                let state_hash = state.hash();
                self.observe(&Fact::Applied { node: id, index, term, payload, state_hash });
            }
            Effect::Reply { command, outcome } => {
                self.observe(&Fact::Replied { node: id, command, outcome });
            }
            Effect::Halt => self.halt(id),
        }
    }

    fn send(&mut self, from: NodeId, to: NodeId, message: N::Message, after: Option<WriteId>) {
        let label = match guest::label::<N>(&message) {
            Ok(label) => label,
            Err(failure) => return self.failed(from, &failure),
        };
        if let Some(breach) = self.breach_of_message(from, to, &label, after) {
            return self.breached(from, breach);
        }
        let oldest = self.stage.host(from).queue.front().map(|write| write.id);
        let waits = after.filter(|&after| oldest.is_some_and(|oldest| oldest <= after));
        match waits {
            Some(after) => {
                self.processes[from.slot()].held.push_back(Held { after, to, message, label });
            }
            None => self.leave(from, to, message, label),
        }
    }

    /// What of the port a message does not keep to.
    fn breach_of_message(
        &self,
        from: NodeId,
        to: NodeId,
        label: &Label,
        after: Option<WriteId>,
    ) -> Option<Breach> {
        let (kind, kinds) = (label.kind, self.stage.kinds.len());
        let last = self.processes[from.slot()].last_write;
        if !self.stage.has(to) {
            Some(Breach::NoSuchNode { to })
        } else if kinds <= usize::from(kind) {
            Some(Breach::NoSuchKind { kind, kinds })
        } else {
            after
                .filter(|&after| last < Some(after))
                .map(|after| Breach::NoSuchWrite { after, last })
        }
    }

    /// Writes have become durable: what waited for them leaves.
    pub(super) fn release(&mut self, id: NodeId, through: WriteId) {
        while let Some(held) = self.processes[id.slot()].held.front() {
            if through < held.after {
                return;
            }
            let held = self.processes[id.slot()].held.pop_front().expect("there is a front");
            self.leave(id, held.to, held.message, held.label);
        }
    }

    /// The node is gone, and with it all it had not yet done.
    pub(super) fn forget(&mut self, id: NodeId) {
        self.processes[id.slot()].forget();
        self.stage.host_mut(id).forget();
    }
}
