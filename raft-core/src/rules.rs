//! The paper's decisions, one function each.
//!
//! [`Paper`] changes none of them: the default bodies *are* Raft. A planted bug is a type that
//! overrides a single function and thereby breaks the sentence that the function's comment cites.
//! The server asks through `&'static dyn Rules`, so that all of them run the same compiled code.
//!
//! Each is told the situation: the [`State`] of the server that decides, and what it decides about.
//! Most look at little of it; a wrong one may look at anything.
//!
//! A rule decides; it never acts and remembers nothing. No answer, however wrong, may make the
//! server panic: what a broken rule leads to is for the judges outside to say.

mod situation;

use crate::io::Outcome;
use crate::message::Message;
use crate::raft::{Client, Progress, Role, State};
use crate::types::{Entry, HardState, LogIndex, LogPosition, NodeId, Term, WriteId};

pub use self::situation::{Append, AppendReply, DiskFailure, Replica, VoteReply, VoteRequest};

/// Raft exactly as published.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Paper;

impl Rules for Paper {}

/// The write that is always durable: a message that waits for it does not wait.
pub const NO_WRITE: WriteId = 0;

/// What Raft decides. Grouped as Figure 2 is read: terms, elections, followers, leaders, clients,
/// and what must be on disk when.
pub trait Rules: Sync {
    // Starting up (§5.1, §5.2)

    /// §5.2: servers start up as followers, whatever they were.
    fn role_at_boot(&self, _server: &State) -> Role {
        Role::Follower { leader: None }
    }

    /// Figure 2: `commitIndex` is volatile and starts at 0; what is on the disk need not be
    /// committed.
    fn commit_index_at_boot(&self, _server: &State) -> LogIndex {
        0
    }

    // Terms (§5.1)

    /// §5.1: a server whose term is smaller than another's updates it to the larger value; Figure
    /// 2: if an RPC request or response contains a later term, adopt it and become a follower.
    fn adopts_term(&self, server: &State, message: &Message) -> bool {
        message.term > server.current_term
    }

    /// §5.1: a candidate or leader that finds its term out of date reverts to follower at once.
    /// Asked when it adopts the message's term.
    fn steps_down(&self, _server: &State, _message: &Message) -> bool {
        true
    }

    /// Figure 2: `votedFor` is the vote *in the current term*. A new term starts without one; who
    /// merely follows a leader of the same term keeps what it promised.
    fn vote_when_following(
        &self,
        server: &State,
        term: Term,
        _leader: Option<NodeId>,
    ) -> Option<NodeId> {
        if server.current_term < term { None } else { server.voted_for }
    }

    // Elections (§5.2, §5.4.1)

    /// Figure 2, Candidates: increment `currentTerm`.
    fn election_term(&self, server: &State) -> Term {
        server.current_term + 1
    }

    /// Figure 2, Candidates: vote for self.
    fn vote_when_standing(&self, candidate: &State) -> Option<NodeId> {
        Some(candidate.id)
    }

    /// §5.2: each server votes for at most one candidate in a given term, first come, first served.
    fn may_grant_vote(&self, voter: &State, request: &VoteRequest) -> bool {
        voter.voted_for.is_none_or(|node| node == request.candidate)
    }

    /// §5.4.1: the voter denies its vote if its own log is more up-to-date: the later last term, or
    /// with equal terms the longer log.
    fn is_up_to_date(&self, voter: &State, request: &VoteRequest) -> bool {
        request.last_log >= voter.log.last()
    }

    /// §5.2: whoever denied a vote goes on waiting; only a granted vote prolongs the wait.
    fn restarts_election_timer(&self, _voter: &State, vote_granted: bool) -> bool {
        vote_granted
    }

    /// §5.2: votes win an election *for the same term*; §5.1 ignores answers of an older one.
    fn counts_vote(&self, candidate: &State, reply: &VoteReply) -> bool {
        reply.vote_granted && reply.term == candidate.current_term
    }

    /// A candidate's vote for itself counts as any other does: once it is durable.
    fn counts_own_vote(&self, candidate: &State) -> bool {
        candidate.journal.is_durable(candidate.journal.vote_write())
    }

    /// §5.2: a majority *of the servers*. An answer may arrive twice; a server has one vote.
    fn votes_received(&self, candidate: &State) -> usize {
        let grants = candidate.votes_granted();
        (0..grants.len()).filter(|&one| !grants[..one].contains(&grants[one])).count()
    }

    /// §5.2: a candidate wins with votes from a majority of the servers in the full cluster.
    fn is_quorum(&self, candidate: &State, votes: usize) -> bool {
        votes > candidate.members() / 2
    }

    /// §8: a leader commits a blank no-op entry at the start of its term.
    fn entry_on_election(&self, leader: &State) -> Option<Entry> {
        Some(Entry::no_op(leader.current_term))
    }

    /// Figure 2: `nextIndex[]` and `matchIndex[]` are reinitialized after election. `former` is
    /// what the server believed of this follower when it last led.
    fn progress_after_election(&self, leader: &State, former: &Progress) -> Progress {
        Progress::new(former.id, leader.log.last_index())
    }

    // Followers (§5.2, §5.3)

    /// Figure 2, `AppendEntries` 1: reply false if `term < currentTerm`.
    fn accepts_append(&self, server: &State, append: &Append) -> bool {
        append.term >= server.current_term
    }

    /// §5.2: a candidate that hears from a leader whose term is *at least as large* as its own
    /// recognises it and returns to follower. A leader never meets another one of its term; if it
    /// does, someone broke a rule, and arguing would not help.
    fn recognises_leader(&self, server: &State, append: &Append) -> bool {
        match server.role {
            Role::Follower { .. } => true,
            Role::Candidate { .. } => append.term >= server.current_term,
            Role::Leader => false,
        }
    }

    /// Figure 2, `AppendEntries` 2: reply false unless the log holds an entry at `prevLogIndex`
    /// whose term is `prevLogTerm`.
    fn is_consistent(&self, follower: &State, append: &Append) -> bool {
        follower.log.term_at(append.prev_log.index) == Some(append.prev_log.term)
    }

    /// Figure 2, `AppendEntries` 3: an existing entry that conflicts with a new one (same index,
    /// different terms) is deleted with all that follow it. What the message does not mention
    /// stays: it may be old, and that may be committed.
    fn first_conflict(
        &self,
        follower: &State,
        append: &Append,
        entries: &[Entry],
    ) -> Option<LogIndex> {
        let differs = |&(index, new): &(LogIndex, &Entry)| {
            follower.log.term_at(index).is_some_and(|term| term != new.term)
        };
        (append.prev_log.index + 1..).zip(entries).find(differs).map(|(index, _)| index)
    }

    /// Figure 2: `currentTerm` is the latest term the server has seen and increases monotonically,
    /// whatever it deletes from its log.
    fn term_after_truncation(&self, follower: &State) -> Term {
        follower.current_term
    }

    /// Figure 2, `AppendEntries` 5: if `leaderCommit > commitIndex`, set `commitIndex` to the
    /// smaller of `leaderCommit` and the index of the last *new* entry. What lies behind the last
    /// entry of the message was compared with nothing.
    fn commit_index_after_append(
        &self,
        follower: &State,
        append: &Append,
        consistent: bool,
    ) -> LogIndex {
        if consistent {
            follower.commit_index.max(append.leader_commit.min(append.covered()))
        } else {
            follower.commit_index
        }
    }

    /// §5.3: success tells the leader that the follower's log is identical to its own *up through
    /// the new entries*.
    fn acknowledged_index(&self, _follower: &State, append: &Append) -> LogIndex {
        append.covered()
    }

    /// §5.3, optimisation: a refusal may tell the leader where to go on: at the last position
    /// before the refused one at which the logs may agree.
    fn refusal_hint(&self, follower: &State, append: &Append) -> LogPosition {
        let LogPosition { term, index } = append.prev_log;
        follower.log.last_at_or_below(LogPosition { term, index: index.saturating_sub(1) })
    }

    // Leaders (§5.3, §5.4.2)

    /// §5.1: an answer of another term is no answer to this term's leader.
    fn counts_acknowledgement(&self, leader: &State, reply: &AppendReply) -> bool {
        reply.term == leader.current_term
    }

    /// Figure 2: `matchIndex`, the highest entry *known* to be replicated, increases monotonically.
    /// A refusal makes nothing known.
    fn match_index_after_reply(
        &self,
        _leader: &State,
        follower: &Progress,
        reply: &AppendReply,
    ) -> LogIndex {
        if reply.success {
            follower.match_index.max(reply.match_index)
        } else {
            follower.match_index
        }
    }

    /// §5.3: after a refusal the leader decrements `nextIndex` and retries: behind the last index
    /// at which, by the follower's hint, the logs may agree. One below `matchIndex` is old news.
    fn next_index_after_refusal(
        &self,
        leader: &State,
        follower: &Progress,
        hint: LogPosition,
    ) -> LogIndex {
        let agreement = leader.log.last_at_or_below(hint).index;
        if agreement < follower.match_index { follower.next_index } else { agreement + 1 }
    }

    /// §5.5: messages may come late and twice. A refusal that does not lower `nextIndex` is old: to
    /// act on it once more would make messages breed.
    fn refusal_is_news(&self, _leader: &State, follower: &Progress, next_index: LogIndex) -> bool {
        next_index < follower.next_index
    }

    /// Thesis §10.2.1: the leader may write to its own disk while it replicates, but counts itself
    /// only once its own entries are durable.
    fn own_match_index(&self, leader: &State) -> LogIndex {
        leader.journal.durable_index()
    }

    /// Figure 2: the highest `N` such that a majority of `matchIndex[i] >= N`. The list has one
    /// replica per server and rises.
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        replicas[(replicas.len() - 1) / 2].match_index
    }

    /// §5.4.2: only entries of the leader's current term are committed by counting replicas.
    fn may_commit_by_counting(&self, leader: &State, entry: LogPosition) -> bool {
        entry.term == leader.current_term
    }

    // Clients and the state machine (§5.3, §8)

    /// §5.3: an entry is applied once it is committed.
    fn may_apply(&self, server: &State, index: LogIndex) -> bool {
        index <= server.commit_index
    }

    /// Figure 2: the leader responds *after* the entry was applied to the state machine.
    fn may_reply(&self, leader: &State, client: &Client) -> bool {
        client.index <= leader.last_applied
    }

    /// §8: a deposed leader cannot know what becomes of its uncommitted entries; the next one may
    /// well commit them. So it says nothing.
    fn outcome_when_deposed(&self, _server: &State, _client: &Client) -> Option<Outcome> {
        None
    }

    /// It forgets who asked, too: another leader's entry may take the place of the client's.
    fn forgets_client_when_deposed(&self, _server: &State, _client: &Client) -> bool {
        true
    }

    // Stable storage (Figure 2: "updated on stable storage before responding to RPCs"). Where a
    // message waits, the answer is the write that it waits for.

    /// Figure 2: `currentTerm` and `votedFor` are persistent state.
    fn persisted(&self, _server: &State, hard_state: HardState) -> HardState {
        hard_state
    }

    /// Figure 2: a vote is on stable storage before it is given.
    fn vote_waits_for(&self, voter: &State, _request: &VoteRequest) -> WriteId {
        voter.journal.term_write().max(voter.journal.vote_write())
    }

    /// A candidate's vote for itself is a vote (§5.2): it is durable before others are asked for
    /// theirs. "Before responding to RPCs" does not cover it, and yet without it a candidate can
    /// win, lose power, wake up in the older term and win the same term again.
    fn request_vote_waits_for(&self, candidate: &State) -> WriteId {
        candidate.journal.term_write().max(candidate.journal.vote_write())
    }

    /// Figure 2: entries are on stable storage before they are acknowledged up to `match_index`,
    /// and by a heartbeat, too: what it does not carry may still be on its way to the disk.
    fn acknowledgement_waits_for(
        &self,
        follower: &State,
        _append: &Append,
        match_index: LogIndex,
    ) -> WriteId {
        follower.journal.term_write().max(follower.journal.write_holding(match_index))
    }

    /// Who refuses promises nothing but its term.
    fn refusal_waits_for(&self, server: &State) -> WriteId {
        server.journal.term_write()
    }

    /// What completed writes still vouch for after the log was cut at `from`: an entry that takes
    /// the place of a deleted one has to become durable itself.
    fn durable_index_after_truncation(&self, durable: LogIndex, from: LogIndex) -> LogIndex {
        durable.min(from.saturating_sub(1))
    }

    /// What a write under way, which reached up to `last_index`, will vouch for when it is done.
    fn write_vouches_after_truncation(&self, last_index: LogIndex, from: LogIndex) -> LogIndex {
        last_index.min(from.saturating_sub(1))
    }

    /// A server that cannot write cannot keep a promise, and stops.
    fn when_disk_fails(&self, _server: &State) -> DiskFailure {
        DiskFailure::Stop
    }
}

#[cfg(test)]
mod tests;
