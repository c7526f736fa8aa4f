//! The paper's decisions, one function each.
//!
//! [`Paper`] changes none of them: the default bodies *are* Raft. A planted bug is a type that
//! overrides a single function and thereby breaks the sentence that the function's comment cites.
//! The server asks through `&'static dyn Rules`, so that all of them run the same compiled code.
//!
//! A rule decides; it never acts and remembers nothing. No answer, however wrong, may make the
//! server panic: what a broken rule leads to is for the judges outside to say.

use crate::io::Outcome;
use crate::message::Message;
use crate::types::{Entry, HardState, LogIndex, LogPosition, NodeId, Term, WriteId};

/// Raft exactly as published.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Paper;

impl Rules for Paper {}

/// The write that is always durable: a message that waits for it does not wait.
pub const NO_WRITE: WriteId = 0;

/// What a follower knows after it looked at an `AppendEntries` of its leader.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct AppendFacts {
    /// Whether the consistency check of §5.3 succeeded.
    pub consistent: bool,
    /// Index of the last entry covered by the message: `prevLogIndex` plus the entries carried.
    pub covered: LogIndex,
    /// Number of entries carried; a heartbeat has none.
    pub entries: usize,
    /// `leaderCommit`.
    pub leader_commit: LogIndex,
    /// The follower's own `commitIndex`.
    pub commit_index: LogIndex,
    /// Index of the last entry in the follower's log.
    pub last_log_index: LogIndex,
}

/// What a follower answered to an `AppendEntries`; see [`Body::AppendEntriesReply`](crate::Body::AppendEntriesReply).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct AppendReply {
    /// Whether the consistency check of §5.3 succeeded.
    pub success: bool,
    /// With success: the logs match up to here.
    pub match_index: LogIndex,
    /// Without: at or below this they may.
    pub hint: LogPosition,
}

/// A leader's own log.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct OwnLog {
    /// The entries up to here are durable.
    pub durable_index: LogIndex,
    /// Index of the last entry, durable or not.
    pub last_log_index: LogIndex,
    /// Number of servers in the cluster.
    pub members: usize,
}

/// What Raft decides. Grouped as Figure 2 is read: terms, elections, followers, leaders, and what
/// must be on disk when.
pub trait Rules: Sync {
    // Terms (§5.1)

    /// §5.1: a server whose term is smaller than another's updates it to the larger value; Figure
    /// 2: if an RPC request or response contains a later term, adopt it and become a follower.
    fn adopts_term(&self, message: &Message, current_term: Term) -> bool {
        message.term > current_term
    }

    /// Figure 2: `votedFor` is the vote *in the current term*. A new term starts without one; who
    /// merely follows a leader of the same term keeps what it promised.
    fn vote_when_following(&self, voted_for: Option<NodeId>, new_term: bool) -> Option<NodeId> {
        if new_term { None } else { voted_for }
    }

    // Elections (§5.2, §5.4.1)

    /// §5.2: each server votes for at most one candidate in a given term, first come, first served.
    fn may_grant_vote(&self, voted_for: Option<NodeId>, candidate: NodeId) -> bool {
        voted_for.is_none_or(|node| node == candidate)
    }

    /// §5.4.1: the voter denies its vote if its own log is more up-to-date: the later last term, or
    /// with equal terms the longer log.
    fn is_up_to_date(&self, candidate_last: LogPosition, own_last: LogPosition) -> bool {
        candidate_last >= own_last
    }

    /// §5.2: whoever denied a vote goes on waiting; only a granted vote prolongs the wait.
    fn restarts_election_timer(&self, vote_granted: bool) -> bool {
        vote_granted
    }

    /// §5.2: votes win an election *for the same term*; §5.1 ignores answers of an older one.
    fn counts_vote(&self, reply_term: Term, current_term: Term) -> bool {
        reply_term == current_term
    }

    /// §5.2: a majority *of the servers*. An answer may arrive twice; a server has one vote.
    fn votes_received(&self, grants: &[NodeId]) -> usize {
        (0..grants.len()).filter(|&one| !grants[..one].contains(&grants[one])).count()
    }

    /// §5.2: a candidate wins with votes from a majority of the servers in the full cluster.
    fn is_quorum(&self, votes: usize, members: usize) -> bool {
        votes > members / 2
    }

    /// §8: a leader commits a blank no-op entry at the start of its term.
    fn entry_on_election(&self, term: Term) -> Option<Entry> {
        Some(Entry::no_op(term))
    }

    // Followers (§5.2, §5.3)

    /// Figure 2, `AppendEntries` 1: reply false if `term < currentTerm`.
    fn accepts_append(&self, message_term: Term, current_term: Term) -> bool {
        message_term >= current_term
    }

    /// §5.2: a candidate that hears from a leader whose term is *at least as large* as its own
    /// recognises it and returns to follower.
    fn yields_to_leader(&self, message_term: Term, current_term: Term) -> bool {
        message_term >= current_term
    }

    /// Figure 2, `AppendEntries` 2: reply false unless the log holds an entry at `prevLogIndex`
    /// whose term is `prevLogTerm`.
    fn is_consistent(&self, prev_log: LogPosition, own_term: Option<Term>) -> bool {
        own_term == Some(prev_log.term)
    }

    /// Figure 2, `AppendEntries` 3: an entry that conflicts with a new one (same index, different
    /// terms) is deleted with all that follow it. Asked for existing entries behind `prevLogIndex`
    /// in turn, up to the first one for which the message carries nothing (`None`): that one stays,
    /// because a message may be old, and what it does not mention may be committed.
    fn conflicts(&self, own_term: Term, leader_term: Option<Term>) -> bool {
        leader_term.is_some_and(|leader_term| leader_term != own_term)
    }

    /// Figure 2, `AppendEntries` 5: if `leaderCommit > commitIndex`, set `commitIndex` to the
    /// smaller of `leaderCommit` and the index of the last *new* entry. What lies behind the last
    /// entry of the message was compared with nothing.
    fn commit_index_after_append(&self, append: &AppendFacts) -> LogIndex {
        if append.consistent {
            append.commit_index.max(append.leader_commit.min(append.covered))
        } else {
            append.commit_index
        }
    }

    /// §5.3: success tells the leader that the follower's log is identical to its own *up through
    /// the new entries*.
    fn acknowledged_index(&self, append: &AppendFacts) -> LogIndex {
        append.covered
    }

    /// §5.3, optimisation: a refusal may tell the leader where to go on. `agreement` is the last
    /// position at which the logs may agree, behind which the follower's own last entry may lie.
    fn refusal_hint(&self, agreement: LogPosition, _last_log: LogPosition) -> LogPosition {
        agreement
    }

    // Leaders (§5.3, §5.4.2)

    /// §5.1: an answer of another term is no answer to this term's leader.
    fn counts_acknowledgement(&self, reply_term: Term, current_term: Term) -> bool {
        reply_term == current_term
    }

    /// Figure 2: `matchIndex`, the highest entry *known* to be replicated, increases monotonically.
    /// A refusal makes nothing known.
    fn match_index_after_reply(&self, match_index: LogIndex, reply: &AppendReply) -> LogIndex {
        if reply.success { match_index.max(reply.match_index) } else { match_index }
    }

    /// §5.3: after a refusal the leader decrements `nextIndex` and retries. `agreement` is the last
    /// index at which the logs may agree; below `matchIndex` it is old news.
    fn next_index_after_refusal(
        &self,
        next_index: LogIndex,
        match_index: LogIndex,
        agreement: LogIndex,
    ) -> LogIndex {
        if agreement < match_index { next_index } else { agreement + 1 }
    }

    /// Thesis §10.2.1: the leader may write to its own disk while it replicates, but counts itself
    /// only once its own entries are durable.
    fn own_match_index(&self, own: OwnLog) -> LogIndex {
        own.durable_index
    }

    /// Figure 2: the highest `N` such that a majority of `matchIndex[i] >= N`. The list has one
    /// number per server and rises.
    fn replicated_on_majority(&self, match_indexes: &[LogIndex]) -> LogIndex {
        match_indexes[(match_indexes.len() - 1) / 2]
    }

    /// §5.4.2: only entries of the leader's current term are committed by counting replicas.
    fn may_commit_by_counting(&self, entry_term: Term, current_term: Term) -> bool {
        entry_term == current_term
    }

    // Clients and the state machine (§5.3, §8)

    /// §5.3: an entry is applied once it is committed.
    fn may_apply(&self, index: LogIndex, commit_index: LogIndex) -> bool {
        index <= commit_index
    }

    /// Figure 2: the leader responds *after* the entry was applied to the state machine.
    fn may_reply(&self, index: LogIndex, last_applied: LogIndex) -> bool {
        index <= last_applied
    }

    /// §8: a deposed leader cannot know what becomes of its uncommitted entries; the next one may
    /// well commit them. So it says nothing.
    fn outcome_when_deposed(&self) -> Option<Outcome> {
        None
    }

    // Stable storage (Figure 2: "updated on stable storage before responding to RPCs")

    /// Figure 2: `currentTerm` and `votedFor` are persistent state.
    fn persisted(&self, hard_state: HardState) -> HardState {
        hard_state
    }

    /// Figure 2: a vote is on stable storage before it is given. The arguments are the writes that
    /// hold the current term and the vote; so is the answer: the write to wait for.
    fn vote_waits_for(&self, term_write: WriteId, vote_write: WriteId) -> WriteId {
        term_write.max(vote_write)
    }

    /// A candidate's vote for itself is a vote (§5.2): it is durable before others are asked for
    /// theirs. "Before responding to RPCs" does not cover it, and yet without it a candidate can
    /// win, lose power, wake up in the older term and win the same term again.
    fn request_vote_waits_for(&self, term_write: WriteId, vote_write: WriteId) -> WriteId {
        term_write.max(vote_write)
    }

    /// Figure 2: entries are on stable storage before they are acknowledged.
    fn acknowledgement_waits_for(&self, term_write: WriteId, entries_write: WriteId) -> WriteId {
        term_write.max(entries_write)
    }

    /// What a completed write still vouches for after the log was cut at `from`: an entry that
    /// takes the place of a deleted one has to become durable itself.
    fn durable_index_after_truncation(&self, durable: LogIndex, from: LogIndex) -> LogIndex {
        durable.min(from.saturating_sub(1))
    }

    /// A server that cannot write cannot keep a promise, and stops.
    fn stops_when_disk_fails(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
