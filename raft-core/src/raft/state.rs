//! The state of a server: the box of that name in Figure 2, open to whoever decides or judges.
//!
//! It is plain data, and only the server itself changes it. Its rules read it as the situation in
//! which they decide.

use std::collections::VecDeque;

use super::{Journal, Progress};
use crate::io::{Disk, Timer};
use crate::log::Log;
use crate::types::{LogIndex, LogPosition, NodeId, Term};

/// What a server knows.
#[derive(Clone, Debug)]
pub struct State {
    /// Its identity.
    pub id: NodeId,
    /// The other servers of the cluster.
    pub peers: Vec<NodeId>,

    // Persistent state on all servers, as it will be once the journal is done.
    /// `currentTerm`: the latest term it has seen.
    pub current_term: Term,
    /// `votedFor`: the candidate that has its vote in this term.
    pub voted_for: Option<NodeId>,
    /// `log[]`, durable or not.
    pub log: Log,
    /// What it has handed to its disk.
    pub journal: Journal,

    // Volatile state on all servers.
    /// `commitIndex`: the highest entry known to be committed.
    pub commit_index: LogIndex,
    /// `lastApplied`: the highest entry applied to the state machine.
    pub last_applied: LogIndex,
    /// Whether it follows, stands or leads.
    pub role: Role,
    /// Whether it has stopped, and answers nothing any more.
    pub halted: bool,

    // Volatile state on leaders. Between two leaderships it means nothing.
    /// `nextIndex[]` and `matchIndex[]`, one for each of `peers`, in their order.
    pub followers: Vec<Progress>,
    /// Clients waiting for an answer, by the index of their entry.
    pub clients: VecDeque<Client>,
}

/// What a server is (§5.1).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Role {
    /// Passive: it answers leaders and candidates.
    Follower {
        /// The leader of the current term, once it was heard of.
        leader: Option<NodeId>,
    },
    /// It asks for votes.
    Candidate {
        /// Who granted it, in order of arrival, repetitions included.
        votes_granted: Vec<NodeId>,
    },
    /// It handles clients and replicates.
    Leader,
}

/// A client waiting for an answer.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Client {
    /// Where its command is in the log.
    pub index: LogIndex,
    /// The command.
    pub command: u64,
}

impl State {
    /// What a server knows when it starts: what its disk kept (§5.1: it is a follower; Figure 2:
    /// `commitIndex` and `lastApplied` are 0).
    pub fn at_boot(id: NodeId, cluster: &[NodeId], disk: Disk) -> Self {
        let peers: Vec<NodeId> = cluster.iter().copied().filter(|&peer| peer != id).collect();
        let log = Log::new(disk.log);
        let last_log_index = log.last_index();
        State {
            id,
            current_term: disk.hard_state.current_term,
            voted_for: disk.hard_state.voted_for,
            log,
            journal: Journal::new(last_log_index),
            commit_index: 0,
            last_applied: 0,
            role: Role::Follower { leader: None },
            halted: false,
            followers: peers.iter().map(|&peer| Progress::new(peer, last_log_index)).collect(),
            clients: VecDeque::new(),
            peers,
        }
    }

    /// Number of servers in the cluster.
    pub const fn members(&self) -> usize {
        self.peers.len() + 1
    }

    /// Whether it leads its term.
    pub const fn leads(&self) -> bool {
        matches!(self.role, Role::Leader)
    }

    /// The leader of this term as far as it knows.
    pub const fn leader(&self) -> Option<NodeId> {
        match self.role {
            Role::Follower { leader } => leader,
            Role::Candidate { .. } => None,
            Role::Leader => Some(self.id),
        }
    }

    /// A candidate's grants in this term, in order of arrival, repetitions included.
    pub fn votes_granted(&self) -> &[NodeId] {
        match &self.role {
            Role::Candidate { votes_granted } => votes_granted,
            Role::Follower { .. } | Role::Leader => &[],
        }
    }

    /// Position of the last entry that is durable.
    pub fn durable_log(&self) -> LogPosition {
        self.log.position(self.journal.durable_index()).unwrap_or(self.log.last())
    }

    /// What it knows of another server as that server's leader.
    pub fn follower(&self, id: NodeId) -> Option<&Progress> {
        self.followers.iter().find(|follower| follower.id == id)
    }
}

impl Role {
    /// The timer that drives who has this role (§5.2).
    pub(super) const fn timer(&self) -> Timer {
        match self {
            Role::Follower { .. } | Role::Candidate { .. } => Timer::Election,
            Role::Leader => Timer::Heartbeat,
        }
    }
}
