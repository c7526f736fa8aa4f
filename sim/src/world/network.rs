//! The network: messages on their way, and those that have arrived and may arrive again.

use raft_invariants::fact::Fact;

use super::World;
use super::stage::{DELIVERED_MAX, Flight, News};
use crate::language::action::Groups;
use crate::node::{Input, Label, NODES_MAX, Node, NodeId, NodeSet};

/// More messages on their way than any sane run has; schedulers lose some long before.
const FLIGHTS_MAX: usize = 4096;

impl<N: Node> World<N> {
    /// A message leaves its sender.
    pub(super) fn leave(&mut self, from: NodeId, to: NodeId, message: N::Message, label: Label) {
        self.observe(&Fact::Sent { from, to, statement: label.statement });
        if FLIGHTS_MAX <= self.stage.flights.len() {
            self.observe(&Fact::Exploded { node: from, what: "messages in flight" });
            return;
        }
        self.stage.sent += 1;
        let number = self.stage.sent;
        self.stage.flights.push(Flight { from, to, label, number });
        self.messages.push(message);
        self.stage.news.push(News::Sent(number));
    }

    /// The message arrives.
    pub(super) fn deliver(&mut self, slot: usize) {
        let flight = self.stage.flights.swap_remove(slot);
        let message = self.messages.swap_remove(slot);
        if self.stage.delivered.len() == DELIVERED_MAX {
            self.stage.delivered.pop_front();
            self.delivered.pop_front();
        }
        self.stage.delivered.push_back(flight);
        self.delivered.push_back(message.clone());
        self.receive(flight, message, false);
    }

    /// The message is lost.
    pub(super) fn lose(&mut self, slot: usize) {
        self.stage.flights.swap_remove(slot);
        self.messages.swap_remove(slot);
    }

    /// The message arrives once more.
    pub(super) fn deliver_again(&mut self, slot: usize) {
        let (flight, message) = (self.stage.delivered[slot], self.delivered[slot].clone());
        self.receive(flight, message, true);
    }

    fn receive(&mut self, flight: Flight, message: N::Message, again: bool) {
        let Flight { from, to, label, .. } = flight;
        self.observe(&Fact::Received { node: to, from, statement: label.statement, again });
        self.step(to, Input::Receive { from, message });
    }
}

impl Groups {
    /// Whom each of the first `count` nodes reaches: all with whom it shares a group, and itself.
    pub fn reach(&self, count: usize) -> [NodeSet; NODES_MAX] {
        let all = NodeSet::first(count);
        let mut reach = [all; NODES_MAX];
        for node in NodeId::all(count) {
            let mut reached = NodeSet::EMPTY;
            reached.insert(node);
            for group in self.0.iter().filter(|group| group.contains(node)) {
                reached.0 |= group.0 & all.0;
            }
            reach[node.slot()] = reached;
        }
        reach
    }
}
