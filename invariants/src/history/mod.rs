//! The judges' own memory, raft.tla's history variables: updated from facts in one place, read by
//! all judges, never asked of a node.

pub mod canon;
pub mod elections;
pub mod ledger;
pub mod log;
pub mod node;
mod past;
pub mod votes;

use std::collections::BTreeMap;

use self::canon::Canon;
use self::elections::Elections;
use self::ledger::Ledger;
use self::node::Mirror;
use self::votes::{Ballot, Votes};
use crate::fact::{Command, LogIndex, NODES_MAX, NodeId, NodeSet, Term};
use crate::reveals::{Need, Reveals};

/// Most entries in a row that nobody hands to its state machine.
const SKIPPED_MAX: usize = 100_000;

/// What became of the requests to execute one command.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Requests {
    /// Requests that were not refused (yet).
    pub open: u32,
    /// Whether a request was refused.
    pub refused: bool,
    /// Where it was committed first.
    pub committed: Option<LogIndex>,
}

/// Everything that judges remember.
#[derive(Clone, Debug)]
pub struct History {
    nodes: [Mirror; NODES_MAX],
    cluster: usize,
    /// What the guest reveals.
    pub reveals: Reveals,
    /// Every entry that any log ever held.
    pub canon: Canon,
    /// What is committed.
    pub ledger: Ledger,
    /// Who led.
    pub elections: Elections,
    /// Who voted.
    pub votes: Votes,
    /// What became of the commands.
    pub commands: BTreeMap<Command, Requests>,
    /// By index, the first state hash seen after applying there, and at whom.
    pub states: Vec<Option<(u64, NodeId)>>,
    /// By sender's slot, whom it reaches.
    pub reach: [NodeSet; NODES_MAX],
    /// Nodes that led, stood or wrote entries since the network last changed.
    pub active: NodeSet,
    /// Acknowledgements that run ahead of the ledger.
    pub(crate) early: Vec<(NodeId, Command, LogIndex)>,
}

impl History {
    /// The history of a cluster of which nothing has happened yet.
    pub fn new(nodes: usize, reveals: Reveals) -> Self {
        assert!((1..=NODES_MAX).contains(&nodes), "a cluster has 1 to {NODES_MAX} nodes");
        History {
            nodes: std::array::from_fn(|_| Mirror::default()),
            cluster: nodes,
            reveals,
            canon: Canon::default(),
            ledger: Ledger::default(),
            elections: Elections::default(),
            votes: Votes::default(),
            commands: BTreeMap::new(),
            states: Vec::new(),
            reach: [NodeSet::first(nodes); NODES_MAX],
            active: NodeSet::EMPTY,
            early: Vec::new(),
        }
    }

    /// One node.
    pub fn node(&self, node: NodeId) -> &Mirror {
        &self.nodes[node.slot()]
    }

    pub(crate) fn node_mut(&mut self, node: NodeId) -> &mut Mirror {
        &mut self.nodes[node.slot()]
    }

    /// All nodes of the cluster.
    pub fn nodes(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Mirror)> {
        NodeId::all(self.cluster).map(|node| (node, self.node(node)))
    }

    /// How many nodes the cluster has.
    pub fn cluster(&self) -> usize {
        self.cluster
    }

    /// How many nodes are a majority.
    pub fn majority(&self) -> usize {
        self.cluster / 2 + 1
    }

    /// The node that leads `term` now, as far as it has said.
    pub fn leader(&self, term: Term) -> Option<NodeId> {
        self.nodes().find(|(_, mirror)| mirror.leads() == Some(term)).map(|(node, _)| node)
    }

    /// Whether a node has come to lead `term` since it last started, as far as it has said, or may
    /// have before it says so.
    pub fn has_led(&self, node: NodeId, term: Term) -> bool {
        let mirror = self.node(node);
        let mut won = self.elections.between(term, term);
        mirror.leads() == Some(term)
            || won.any(|it| it.leader == node && it.incarnation == mirror.incarnation)
            || self.may_have_led(node, term)
    }

    /// Whether a node is known to have won the election of `term`, or may have before it says so.
    pub fn has_won(&self, node: NodeId, term: Term) -> bool {
        self.elections.leader(term) == Some(node) || self.may_have_led(node, term)
    }

    /// Whether a node may have come to lead `term` in steps that are not settled: it has been in
    /// that term since its last view, and has the votes of a majority, as far as these are seen.
    pub fn may_have_led(&self, node: NodeId, term: Term) -> bool {
        let mirror = self.node(node);
        let Some(since) = mirror.notes.unsettled_since else { return false };
        let is_later = mirror.memory.hard_state.current_term < term;
        if term < since || (is_later && self.reveals.contains(Need::Votes)) {
            return false;
        }
        let has_majority = |ballot: &Ballot| self.majority() <= ballot.voters(node).len();
        let votes_are_seen = 1 < self.cluster && self.reveals.contains(Need::Claims);
        !votes_are_seen || self.votes.ballot(term).is_some_and(has_majority)
    }

    /// Writes down the first state hash at an index; afterwards returns what it was, and at whom.
    pub(crate) fn learn_state(
        &mut self,
        index: LogIndex,
        state_hash: u64,
        node: NodeId,
    ) -> Option<(u64, NodeId)> {
        // Implementations skip a few entries of their own, never this many. What lies beyond is
        // not in any log, and that is another judge's business.
        let slot = usize::try_from(index.checked_sub(1)?).ok()?;
        if self.states.len() + SKIPPED_MAX < slot {
            return None;
        }
        if self.states.len() <= slot {
            self.states.resize(slot + 1, None);
        }
        let state = &mut self.states[slot];
        let known = *state;
        state.get_or_insert((state_hash, node));
        known
    }

    /// Nodes whose disk holds exactly this prefix, running or not.
    pub fn durable_on(&self, index: LogIndex, hash: log::PrefixHash) -> NodeSet {
        self.nodes()
            .filter(|(_, mirror)| mirror.durable.log.hash_at(index) == Some(hash))
            .map(|(node, _)| node)
            .collect()
    }
}
