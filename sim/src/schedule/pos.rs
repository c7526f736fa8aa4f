//! `Pos`: partial order sampling (Yuan, Yang, Gu, "Partial Order Aware Concurrency Sampling",
//! CAV 2018).
//!
//! Every message has a random priority, and the highest arrives. Then the messages that it raced
//! with, those to the same node, draw new ones. So a message may stay on its way while everything
//! else happens, which a uniform choice makes exponentially unlikely, and orders that no node can
//! tell apart are not tried again and again.

use super::order::Order;
use super::{Policy, walk};
use crate::draws::{Draws, Purpose};
use crate::language::hash::mix;
use crate::node::NODES_MAX;
use crate::world::stage::{Flight, Stage};

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

    const fn priority(&self, flight: &Flight) -> u64 {
        let taken = self.arrived[flight.to.slot()] << 32;
        mix(self.root ^ taken ^ flight.number)
    }
}

impl Order for Pos {
    fn next(&mut self, stage: &Stage, _: &mut Draws) -> Option<usize> {
        let arriving = stage.flights.iter().enumerate();
        let arriving = arriving.filter(|(_, flight)| stage.deliverable(flight));
        let (slot, flight) = arriving.max_by_key(|(_, flight)| self.priority(flight))?;
        self.arrived[flight.to.slot()] += 1;
        Some(slot)
    }
}
