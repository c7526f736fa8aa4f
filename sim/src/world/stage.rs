//! What is pending: everything a scheduler may look at. It knows no type of the guest's, so that
//! schedulers and faults are compiled once and cannot reach into a node.

use std::collections::{BTreeMap, VecDeque};

use raft_invariants::fact::{View, Write};

use crate::language::action::Pattern;
use crate::language::script::{Cluster, DiskMode};
use crate::node::{Disk, Kind, Label, NODES_MAX, NodeId, NodeSet, Role, Storage, Timer, Timers};

/// Messages remembered after their delivery, for late duplicates.
pub const DELIVERED_MAX: usize = 64;

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
    pub flights: Vec<Flight>,
    /// Messages that have arrived lately, oldest first.
    pub delivered: VecDeque<Flight>,
    /// Whom each node's messages reach, by sender; itself always included.
    pub reach: [NodeSet; NODES_MAX],
    /// What began with the last action, for schedulers that keep a calendar.
    pub news: Vec<News>,
    /// Messages ever sent; numbers [`Flight::number`].
    pub sent: u64,
    /// How often each (key, value) was written, so that every command is unique.
    pub written: BTreeMap<(u8, u32), u8>,
}

/// One machine: its disk, its timers, its state of health.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a matter of its own")]
pub struct Host {
    /// Whether the process runs (it may be paused).
    pub up: bool,
    /// It runs but executes nothing.
    pub paused: bool,
    /// Its disk completes nothing.
    pub stalled: bool,
    /// Waits for its own writes and takes no input, see [`Storage::Blocking`].
    pub busy: bool,
    /// Starts so far.
    pub incarnation: u32,
    /// How its clock runs, in percent of true time.
    pub clock_percent: u64,
    /// What is durable.
    pub disk: Disk,
    /// Issued and not yet durable, oldest first.
    pub queue: VecDeque<Write>,
    /// When each timer was set; `None` if it is not running.
    pub timers: Timers<Option<u64>>,
    /// How the node saw itself after its last step.
    pub view: View,
    /// Hash of its state machine.
    pub state_hash: u64,
}

/// A message on its way, without its content.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Flight {
    /// Sender.
    pub from: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// Its name and claim.
    pub label: Label,
    /// Counts the messages of the run: a larger number was sent later.
    pub number: u64,
}

/// Something that began.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum News {
    /// A timer was set.
    TimerSet(NodeId, Timer),
    /// The clock of a running timer was changed: it is due at another time.
    TimerMoved(NodeId, Timer),
    /// A message left, with this number.
    Sent(u64),
    /// A write was queued.
    WriteQueued(NodeId),
}

impl Stage {
    /// All nodes.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = NodeId> + Clone + use<> {
        NodeId::all(self.hosts.len())
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

    /// Nodes that run and believe to lead, the highest term last.
    pub fn leaders(&self) -> impl Iterator<Item = NodeId> {
        let mut leaders: Vec<NodeId> = self
            .nodes()
            .filter(|&node| {
                let host = self.host(node);
                host.up && host.view.role == Some(Role::Leader)
            })
            .collect();
        leaders.sort_by_key(|&node| self.host(node).view.current_term);
        leaders.into_iter()
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
}

impl Host {
    pub(crate) fn new() -> Self {
        Host {
            up: false,
            paused: false,
            stalled: false,
            busy: false,
            incarnation: 0,
            clock_percent: 100,
            disk: Disk::default(),
            queue: VecDeque::new(),
            timers: Timers::default(),
            view: View::default(),
            state_hash: 0,
        }
    }
}
