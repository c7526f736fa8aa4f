//! Copies of a world, for search that tries one continuation after the other.
//!
//! One event touches one node, so most nodes of two worlds that lie close together are the same.
//! A world that is to become another one takes over no more than differs: nodes are told apart by
//! a stamp that each step leaves on the node that took it, messages by their numbers. Worlds of
//! one search never share a stamp or a number that means something else.

use std::collections::VecDeque;

use raft_invariants::Checker;

use super::stage::{Flight, Stage};
use super::{Event, World};
use crate::language::action::Action;
use crate::node::{Explorable, Label, NODES_MAX, NodeId, NodeSet, WriteId};

/// Stamps and message numbers that one world uses before it takes those of another one.
const SHARE: u64 = 1 << 40;

/// Who is the same as in another world: by slot, a number that each step of the node renews.
#[derive(Clone, Default)]
pub(super) struct Stamps {
    last: u64,
    of: [u64; NODES_MAX],
}

/// A message that waits at its sender.
pub(crate) struct Waiting<'a, M> {
    /// Addressee.
    pub(crate) to: NodeId,
    /// How many of the sender's queued writes it waits for.
    pub(crate) writes: usize,
    /// Its name and claim.
    pub(crate) label: &'a Label,
    /// Its content.
    pub(crate) message: &'a M,
}

impl<N: Explorable> World<N> {
    /// A copy with the stamps and numbers of this share, from 1. It takes no notes and has no
    /// listener.
    pub(crate) fn fork(&self, share: u64) -> World<N> {
        let sent = share * SHARE;
        World {
            stage: Stage { sent, ..self.stage.clone() },
            config: self.config.clone(),
            nodes: self.nodes.iter().map(|node| node.as_ref().map(N::fork)).collect(),
            messages: self.messages.clone(),
            delivered: self.delivered.clone(),
            held: self.held.clone(),
            deferred: self.hosts_without(VecDeque::new),
            journal: self.hosts_without(Vec::new),
            effects: Vec::new(),
            checker: Checker::clone(&self.checker),
            hash: self.hash,
            stamps: Stamps { last: sent, of: self.stamps.of },
            trace: None,
            listener: None,
        }
    }

    fn hosts_without<T>(&self, empty: impl Fn() -> T) -> Vec<T> {
        self.nodes.iter().map(|_| empty()).collect()
    }

    /// Performs an event that can happen, and stamps the node that it touches.
    pub(crate) fn perform_stamped(&mut self, event: Event) -> Action {
        let action = self.perform(event).expect("only what can happen is performed");
        let touched = match action {
            Action::Deliver(message) | Action::Duplicate(message) => {
                NodeSet::from_iter([message.to])
            }
            action => action.nodes(),
        };
        self.stamps.last += 1;
        for node in touched.iter() {
            self.stamps.of[node.slot()] = self.stamps.last;
        }
        action
    }

    /// Becomes what another world of the search is, in the room that is there. Disks forget how
    /// they came about: nothing can be lost from them afterwards.
    pub(crate) fn become_like(&mut self, past: &World<N>) {
        let same = |node: &NodeId| self.stamps.of[node.slot()] == past.stamps.of[node.slot()];
        let stepped: NodeSet = self.stage.nodes().filter(|node| !same(node)).collect();
        self.stamps.of = past.stamps.of;
        assert!(past.deferred.iter().all(VecDeque::is_empty), "no step is half done");
        for slot in stepped.iter().map(NodeId::slot) {
            self.nodes[slot] = past.nodes[slot].as_ref().map(N::fork);
            if !(self.held[slot].is_empty() && past.held[slot].is_empty()) {
                self.held[slot].clone_from(&past.held[slot]);
            }
            self.journal[slot].clear();
        }
        arrange(&mut self.messages, &past.messages, &self.stage.flights, &past.stage.flights);
        let same = same_numbers(&self.stage.delivered, &past.stage.delivered);
        self.delivered.truncate(same);
        self.delivered.extend(past.delivered.iter().skip(same).cloned());
        self.stage.return_to(&past.stage, stepped, same);
        self.checker.return_to(&past.checker, stepped);
    }

    /// Content of the message at this position of [`Stage::flights`].
    pub(crate) fn message(&self, slot: usize) -> &N::Message {
        &self.messages[slot]
    }

    /// Content of the message at this position of [`Stage::delivered`].
    pub(crate) fn delivered(&self, slot: usize) -> &N::Message {
        &self.delivered[slot]
    }

    /// What waits at a node for its disk, oldest first.
    pub(crate) fn waiting(&self, node: NodeId) -> impl Iterator<Item = Waiting<'_, N::Message>> {
        let queue = &self.stage.host(node).queue;
        let until = |after: WriteId| queue.iter().filter(|write| write.id <= after).count();
        self.held[node.slot()].iter().map(move |held| Waiting {
            to: held.to,
            writes: until(held.after),
            label: &held.label,
            message: &held.message,
        })
    }
}

/// Puts messages where they were; most never left.
fn arrange<M: Clone>(messages: &mut Vec<M>, past: &[M], now: &[Flight], then: &[Flight]) {
    messages.truncate(past.len());
    for (slot, message) in past.iter().enumerate() {
        if messages.len() <= slot {
            messages.push(message.clone());
        } else if now[slot].number != then[slot].number {
            messages[slot] = message.clone();
        }
    }
}

/// How many messages at the beginning are the same.
fn same_numbers(now: &VecDeque<Flight>, then: &VecDeque<Flight>) -> usize {
    now.iter().zip(then).take_while(|(now, then)| now.number == then.number).count()
}

impl Stage {
    fn return_to(&mut self, past: &Stage, stepped: NodeSet, same_delivered: usize) {
        (self.now_us, self.reach) = (past.now_us, past.reach);
        for slot in stepped.iter().map(NodeId::slot) {
            let (host, past) = (&mut self.hosts[slot], &past.hosts[slot]);
            (host.up, host.paused, host.stalled, host.busy) =
                (past.up, past.paused, past.stalled, past.busy);
            (host.incarnation, host.clock_percent) = (past.incarnation, past.clock_percent);
            host.disk.clone_from(&past.disk);
            if host.queue != past.queue {
                host.queue.clone_from(&past.queue);
            }
            (host.timers, host.view, host.state_hash) = (past.timers, past.view, past.state_hash);
        }
        self.flights.clone_from(&past.flights);
        self.delivered.truncate(same_delivered);
        self.delivered.extend(past.delivered.iter().skip(same_delivered));
        self.news.clear();
        if self.written != past.written {
            self.written.clone_from(&past.written);
        }
    }
}
