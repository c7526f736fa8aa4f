//! `Pos`: partial order sampling (Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling",
//! CAV 2018).
//!
//! Every message has a random priority, and the highest arrives. Then the messages that it raced
//! with, those to the same node, draw new ones. So a message may stay on its way while everything
//! else happens, which a uniform choice makes exponentially unlikely, and orders that no node can
//! tell apart are not tried again and again.

use super::ranked::{Rank, Ranked};
use super::{Policy, walk};
use crate::draws::{Draws, Purpose};
use crate::language::hash::mix;
use crate::node::{NODES_MAX, NodeId};

/// See the head of this file.
pub(super) const POLICY: Policy = Policy {
    name: "pos",
    summary: "a walk whose messages arrive by random priorities, drawn anew for those that raced",
    share: 30,
    make: |given, roots| {
        let weights = walk::Weights::fixed(given);
        let order = Pos::new(&mut roots.draws(Purpose::Scheduling, 1));
        Box::new(walk::Walk::new(given, weights, Box::new(Ranked::new(order)), roots))
    },
};

/// Priorities of messages. None is stored: it is a hash of the message's number and of how many
/// messages its addressee has taken.
struct Pos {
    root: u64,
    /// Messages that have arrived, by addressee.
    arrived: [u64; NODES_MAX],
}

impl Pos {
    fn new(draws: &mut Draws) -> Self {
        Pos { root: draws.any(), arrived: [0; NODES_MAX] }
    }
}

impl Rank for Pos {
    fn rank(&self, number: u64, _: NodeId, to: NodeId) -> u64 {
        let taken = self.arrived[to.slot()] << 32;
        mix(self.root ^ taken ^ number)
    }

    fn arrives(&mut self, _: NodeId, to: NodeId) {
        self.arrived[to.slot()] += 1;
    }
}
