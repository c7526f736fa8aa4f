//! The two RPCs of Figure 2 as four messages. The network pairs nothing, so a reply says for
//! itself what it confirms (raft.tla's `mmatchIndex`). The sender is on the envelope.

use crate::types::{Entry, LogIndex, LogPosition, Term};

/// A message and the sender's term.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// `term`: the sender's `currentTerm` when it wrote the message.
    pub term: Term,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Body {
    /// Invoked by candidates to gather votes (§5.2).
    RequestVote {
        /// `lastLogIndex` and `lastLogTerm` of the candidate.
        last_log: LogPosition,
    },
    /// Answer to [`Body::RequestVote`].
    RequestVoteReply {
        /// True means the candidate received the vote.
        vote_granted: bool,
    },
    /// Invoked by the leader to replicate log entries (§5.3); without entries it is a heartbeat
    /// (§5.2).
    AppendEntries {
        /// `prevLogIndex` and `prevLogTerm`.
        prev_log: LogPosition,
        /// Log entries to store.
        entries: Vec<Entry>,
        /// Leader's `commitIndex`.
        leader_commit: LogIndex,
    },
    /// Answer to [`Body::AppendEntries`].
    AppendEntriesReply {
        /// True if the follower held an entry matching `prev_log`.
        success: bool,
        /// With success: the follower's log matches the leader's up to here. Without: 0.
        match_index: LogIndex,
        /// Without success, the hint of §5.3: a position at or below which the logs may agree.
        /// The leader may continue from there. With success: `match_index` and its term. `None` if
        /// the follower did not compare the logs, because the message was of an older term.
        hint: Option<LogPosition>,
    },
}
