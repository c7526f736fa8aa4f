//! The network: messages on their way, and those that have arrived and may arrive again.

use raft_invariants::fact::Fact;

use super::World;
use super::mail::Flight;
use super::stage::{News, Stage};
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
        let flight = Flight { from, to, label, number };
        self.mail.send(&mut self.stage.flights, flight, message);
        self.stage.news.push(News::Sent(number, from, to));
    }

    /// The message arrives.
    pub(super) fn deliver(&mut self, slot: usize) {
        let Stage { flights, delivered, .. } = &mut self.stage;
        let (flight, message) = self.mail.deliver(flights, delivered, slot);
        self.stage.news.push(News::Gone(flight.number, flight.to));
        self.receive(flight, message, false);
    }

    /// The message is lost.
    pub(super) fn lose(&mut self, slot: usize) {
        let (flight, _) = self.mail.lose(&mut self.stage.flights, slot);
        self.stage.news.push(News::Gone(flight.number, flight.to));
    }

    /// The message arrives once more.
    pub(super) fn deliver_again(&mut self, slot: usize) {
        let flight = self.stage.delivered[slot];
        self.receive(flight, self.mail.delivered(slot).clone(), true);
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
