//! Copies of a world, for search that tries one continuation after the other.
//!
//! One event touches one node, so most nodes of two worlds that lie close together are the same.
//! A world that is to become another one takes over no more than differs: nodes are told apart by
//! a stamp that each step leaves on the node that took it, messages by their numbers. Worlds of
//! one search never share a stamp or a number that means something else.

use raft_invariants::Checker;

use super::audience::Audience;
use super::machine::Process;
use super::mail::Mail;
use super::{Event, World};
use crate::language::action::Action;
use crate::node::{Explorable, Label, NodeId, NodeSet, WriteId};

/// Stamps and message numbers that one world uses before it takes those of another one.
const SHARE: u64 = 1 << 40;

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
        let first = share * SHARE;
        let World {
            stage,
            config,
            processes,
            mail,
            effects: _,
            audience: Audience { trace: _, listener: _, checker, calm_since_us, is_calm_noted: _ },
            hash,
            last_stamp: _,
        } = self;
        World {
            stage: stage.fork(first),
            config: config.clone(),
            processes: processes.iter().map(Process::fork).collect(),
            mail: Mail::clone(mail),
            effects: Vec::new(),
            audience: Audience {
                trace: None,
                listener: None,
                checker: Checker::clone(checker),
                calm_since_us: *calm_since_us,
                is_calm_noted: false,
            },
            hash: *hash,
            last_stamp: first,
        }
    }

    /// Performs an event that can happen, and stamps the node that it touches.
    pub(crate) fn perform_stamped(&mut self, event: Event) -> Action {
        let action = self.perform(event).expect("only what can happen is performed");
        self.last_stamp += 1;
        if let Some(node) = action.place() {
            self.processes[node.slot()].stamp = self.last_stamp;
        }
        action
    }

    /// Becomes what another world of the search is, in the room that is there. Disks forget how
    /// they came about: nothing can be lost from them afterwards.
    pub(crate) fn return_to(&mut self, past: &World<N>) {
        let World {
            stage,
            config: _, // of all worlds of a search
            processes,
            mail,
            effects: _, // of one step
            // Search knows no calm.
            audience:
                Audience { trace: _, listener: _, checker, calm_since_us: _, is_calm_noted: _ },
            hash: _,       // of a run, and this is none
            last_stamp: _, // no stamp is used twice
        } = past;
        let mut stepped = NodeSet::EMPTY;
        for (node, (now, then)) in stage.nodes().zip(self.processes.iter_mut().zip(processes)) {
            if now.stamp != then.stamp {
                stepped.insert(node);
                now.return_to(then);
            }
        }
        self.mail.return_flights(&mut self.stage.flights, mail, &stage.flights);
        self.mail.return_delivered(&mut self.stage.delivered, mail, &stage.delivered);
        self.stage.return_to(stage, stepped);
        self.audience.checker.return_to(checker, stepped);
    }

    /// Content of the message at this position of [`Stage::flights`].
    pub(crate) fn message(&self, slot: usize) -> &N::Message {
        self.mail.flight(slot)
    }

    /// Content of the message at this position of [`Stage::delivered`].
    pub(crate) fn delivered(&self, slot: usize) -> &N::Message {
        self.mail.delivered(slot)
    }

    /// What waits at a node for its disk, oldest first.
    pub(crate) fn waiting(&self, node: NodeId) -> impl Iterator<Item = Waiting<'_, N::Message>> {
        let queue = &self.stage.host(node).queue;
        let until = |after: WriteId| queue.iter().filter(|write| write.id <= after).count();
        self.processes[node.slot()].held.iter().map(move |held| Waiting {
            to: held.to,
            writes: until(held.after),
            label: &held.label,
            message: &held.message,
        })
    }
}
