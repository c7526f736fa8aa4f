//! What a decision is about: a message as its receiver looks at it, a replica in the count.

use crate::types::{LogIndex, LogPosition, NodeId, Term};

/// `RequestVote`, as the voter looks at it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct VoteRequest {
    /// `candidateId`.
    pub candidate: NodeId,
    /// The candidate's term.
    pub term: Term,
    /// `lastLogIndex` and `lastLogTerm`.
    pub last_log: LogPosition,
}

/// The answer to it, as the candidate looks at it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct VoteReply {
    /// Who answers.
    pub voter: NodeId,
    /// The voter's term.
    pub term: Term,
    /// Whether the candidate has its vote.
    pub vote_granted: bool,
}

/// `AppendEntries`, as the follower looks at it. The entries themselves travel beside it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Append {
    /// `leaderId`.
    pub leader: NodeId,
    /// The leader's term.
    pub term: Term,
    /// `prevLogIndex` and `prevLogTerm`.
    pub prev_log: LogPosition,
    /// Number of entries carried; a heartbeat has none.
    pub entries: usize,
    /// `leaderCommit`.
    pub leader_commit: LogIndex,
}

impl Append {
    /// Index of the last entry that the message speaks of.
    pub const fn covered(&self) -> LogIndex {
        self.prev_log.index + self.entries as u64
    }
}

/// The answer to it, as the leader looks at it; see
/// [`Body::AppendEntriesReply`](crate::Body::AppendEntriesReply).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct AppendReply {
    /// Who answers.
    pub follower: NodeId,
    /// The follower's term.
    pub term: Term,
    /// Whether the consistency check of §5.3 succeeded.
    pub success: bool,
    /// With success: the logs match up to here.
    pub match_index: LogIndex,
    /// Without: at or below this they may. `None` if the logs were not compared.
    pub hint: Option<LogPosition>,
}

/// A server in its leader's count: its `matchIndex`. Ordered by it.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Replica {
    /// The highest entry known to be replicated there.
    pub match_index: LogIndex,
    /// Who; the leader itself is among them.
    pub server: NodeId,
}

/// What a server does whose disk could not write.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum DiskFailure {
    /// It stops, and answers nothing any more.
    Stop,
    /// It goes on as if all had been written.
    Ignore,
    /// It goes on, and takes back the entries that were not written.
    Forget,
}
