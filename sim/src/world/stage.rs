//! What is pending: everything a scheduler may look at. It knows no type of the guest's, so that
//! schedulers and faults are compiled once and cannot reach into a node.

use std::collections::BTreeMap;

use crate::language::action::Pattern;
use crate::language::script::{Cluster, DiskMode};
use crate::node::{Kind, NODES_MAX, NodeId, NodeSet, Role, Storage, Timer};

pub use super::machine::Host;
pub use super::mail::{Delivered, Flight, Flights};

/// The visible state of a simulated cluster.
#[derive(Clone, Debug)]
pub struct Stage {
    /// True time since the start.
    pub now_us: u64,
    /// Size, limits and disks.
    pub cluster: Cluster,
    /// How the guest lives with its disk.
    pub storage: Storage,
    /// The guest's kinds of messages.
    pub kinds: Vec<Kind>,
    /// By [`NodeId::slot`].
    pub hosts: Vec<Host>,
    /// Messages on their way, in no particular order.
    pub flights: Flights,
    /// Messages that have arrived lately, oldest first.
    pub delivered: Delivered,
    /// Whom each node's messages reach, by sender; itself always included.
    pub reach: [NodeSet; NODES_MAX],
    /// What began with the last action, for schedulers that keep a calendar.
    pub news: Vec<News>,
    /// Messages ever sent; numbers [`Flight::number`].
    pub sent: u64,
    /// How often each (key, value) was written, so that every command is unique.
    pub written: BTreeMap<(u8, u32), u32>,
}

/// Something that began.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum News {
    /// A timer was set.
    TimerSet(NodeId, Timer),
    /// The clock of a running timer was changed: it is due at another time.
    TimerMoved(NodeId, Timer),
    /// A message left: its number, sender and addressee.
    Sent(u64, NodeId, NodeId),
    /// A message is on its way no longer: its number and addressee.
    Gone(u64, NodeId),
    /// A write was queued.
    WriteQueued(NodeId),
}

impl Stage {
    /// All nodes.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeId> + Clone + use<> {
        NodeId::all(self.hosts.len())
    }

    /// Whether there is such a node.
    pub fn has(&self, node: NodeId) -> bool {
        (1..=self.hosts.len()).contains(&usize::from(node.0))
    }

    /// One node's machine.
    pub fn host(&self, node: NodeId) -> &Host {
        &self.hosts[node.slot()]
    }

    pub(crate) fn host_mut(&mut self, node: NodeId) -> &mut Host {
        &mut self.hosts[node.slot()]
    }

    /// Whether the node would take an input now.
    pub fn listens(&self, node: NodeId) -> bool {
        let host = self.host(node);
        host.up && !host.paused && !host.busy
    }

    /// Whether messages from `from` reach `to` now.
    pub fn reaches(&self, from: NodeId, to: NodeId) -> bool {
        self.reach[from.slot()].contains(to)
    }

    /// Whether the message could arrive now.
    pub fn deliverable(&self, flight: &Flight) -> bool {
        self.reaches(flight.from, flight.to) && self.listens(flight.to)
    }

    /// Whether a sync of this node's disk would make anything durable.
    pub fn syncable(&self, node: NodeId) -> bool {
        let host = self.host(node);
        host.up && !host.paused && !host.stalled && !host.queue.is_empty()
    }

    /// Whether this timer of this node may fire.
    pub fn timer_may_fire(&self, node: NodeId, timer: Timer) -> bool {
        self.listens(node) && self.host(node).timers[timer].is_some()
    }

    /// The node of the highest term among those that run and believe to lead.
    pub fn newest_leader(&self) -> Option<NodeId> {
        let leads = |&node: &NodeId| {
            let host = self.host(node);
            host.up && host.view.role == Some(Role::Leader)
        };
        self.nodes().filter(leads).max_by_key(|&node| self.host(node).view.current_term)
    }

    /// The message's name in a script, to the last letter.
    pub fn pattern(&self, flight: &Flight) -> Pattern {
        let kind = self.kind(flight);
        Pattern {
            from: flight.from,
            to: flight.to,
            kind: kind.name,
            outcome: kind.outcome(flight.label.yes),
            signature: Some(flight.label.signature),
        }
    }

    /// The message's kind.
    pub fn kind(&self, flight: &Flight) -> &Kind {
        &self.kinds[usize::from(flight.label.kind)]
    }

    /// Whether any link is cut.
    pub fn is_cut(&self) -> bool {
        let all = NodeSet::first(self.hosts.len());
        self.nodes().any(|node| self.reach[node.slot()] != all)
    }

    /// Whether writes wait for a sync at all.
    pub fn has_queued_disks(&self) -> bool {
        self.cluster.disk == DiskMode::Queued
    }

    /// A copy for search that numbers its messages from here.
    pub(super) fn fork(&self, sent: u64) -> Stage {
        let mut fork = Stage { sent, ..self.clone() };
        fork.return_to(self, self.nodes().collect());
        fork
    }

    /// Becomes what `past` is, in the room that is there, if no more than the named nodes have
    /// stepped in between; messages are returned by their `Mail`.
    pub(super) fn return_to(&mut self, past: &Stage, stepped: NodeSet) {
        let Stage {
            now_us,
            cluster: _, // never changes
            storage: _, // never changes
            kinds: _,   // never changes
            hosts,
            flights: _,
            delivered: _,
            reach,
            news: _, // of one action
            sent: _, // numbers of messages are never used twice
            written,
        } = past;
        (self.now_us, self.reach) = (*now_us, *reach);
        for slot in stepped.iter().map(NodeId::slot) {
            self.hosts[slot].return_to(&hosts[slot]);
        }
        self.news.clear();
        if self.written != *written {
            self.written.clone_from(written);
        }
    }
}
