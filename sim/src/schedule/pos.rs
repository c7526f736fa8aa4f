//! `Pos`: partial order sampling (Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling",
//! CAV 2018).
//!
//! Every message has a random priority, and the highest arrives. Then the messages that it raced
//! with, those to the same node, draw new ones. So a message may stay on its way while everything
//! else happens, which a uniform choice makes exponentially unlikely, and orders that no node can
//! tell apart are not tried again and again.

use super::order::Order;
use super::{Policy, pick, walk};
use crate::draws::{Draws, Purpose};
use crate::language::hash::mix;
use crate::node::{NODES_MAX, NodeId, NodeSet};
use crate::schedule::inboxes::Inboxes;
use crate::world::stage::{News, Stage};

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "pos",
    summary: "a walk whose messages arrive by random priorities, drawn anew for those that raced",
    share: 30,
    make: |given, roots| {
        let weights = walk::Weights::fixed(given);
        let order = Pos::new(&mut roots.draws(Purpose::Scheduling, 1));
        Box::new(walk::Walk::new(given, weights, Box::new(order), roots))
    },
};

/// Priorities of messages. None is drawn: it is a hash of the message's number and of how many
/// messages its addressee has taken.
struct Pos {
    root: u64,
    /// Messages that have arrived, by addressee.
    arrived: [u64; NODES_MAX],
    inboxes: Inboxes,
    /// By slot of the addressee: priority and number of the first one that can arrive.
    firsts: [Option<(u64, u64)>; NODES_MAX],
    /// Addressees of whom that is known.
    known: NodeSet,
    /// Whom messages reach, as long as it is known.
    reach: [NodeSet; NODES_MAX],
}

impl Pos {
    fn new(draws: &mut Draws) -> Self {
        Pos {
            root: draws.any(),
            arrived: [0; NODES_MAX],
            inboxes: Inboxes::default(),
            firsts: [None; NODES_MAX],
            known: NodeSet::EMPTY,
            reach: [NodeSet::EMPTY; NODES_MAX],
        }
    }

    const fn priority(&self, number: u64, to: NodeId) -> u64 {
        let taken = self.arrived[to.slot()] << 32;
        mix(self.root ^ taken ^ number)
    }

    fn is_first(&self, number: u64, to: NodeId) -> bool {
        self.firsts[to.slot()].is_some_and(|(_, first)| first == number)
    }

    /// Priority and number of the first message for this node that can arrive once it listens.
    fn first(&mut self, to: NodeId) -> Option<(u64, u64)> {
        if !self.known.contains(to) {
            let inbox = self.inboxes.of(to).iter();
            let arriving = inbox.filter(|(_, from)| self.reach[from.slot()].contains(to));
            let first = arriving.map(|&(number, _)| (self.priority(number, to), number)).max();
            self.firsts[to.slot()] = first;
            self.known.insert(to);
        }
        self.firsts[to.slot()]
    }
}

impl Order for Pos {
    fn keep_up(&mut self, stage: &Stage) {
        self.inboxes.keep_up(stage);
        for news in &stage.news {
            match *news {
                News::Sent(number, from, to) if self.reach[from.slot()].contains(to) => {
                    let first =
                        self.firsts[to.slot()].max(Some((self.priority(number, to), number)));
                    self.firsts[to.slot()] = first;
                }
                News::Gone(number, to) if self.is_first(number, to) => self.known.remove(to),
                _ => {}
            }
        }
        if self.reach != stage.reach {
            (self.reach, self.known) = (stage.reach, NodeSet::EMPTY);
        }
    }

    fn next(&mut self, stage: &Stage, _: &mut Draws) -> Option<usize> {
        let listening = stage.nodes().filter(|&to| stage.listens(to));
        let firsts = listening.filter_map(|to| self.first(to).map(|first| (first, to)));
        let ((_, number), to) = firsts.max()?;
        self.arrived[to.slot()] += 1;
        self.known.remove(to);
        pick::flight(stage, number)
    }
}
