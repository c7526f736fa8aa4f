//! Judges for Raft: what must hold after every step, checked from facts alone.
//!
//! A [`Checker`] observes [`fact::Fact`]s, keeps a [`history::History`] of its own, and reports
//! [`Violation`]s of the invariants in [`catalogue()`]. It knows no Raft, only what was written,
//! sent and said; it works for any implementation that reveals enough.
//!
//! | Id | Name | In few words | Source |
//! |---|---|---|---|
//! | A1 | [`ElectionSafety`](judges::election_safety) | Election Safety: one leader per term | §5.2, Figure 3; raft.tla electionSafety |
//! | A2 | [`OneElectionPerTerm`](judges::one_election_per_term) | One election per term, even of the same node | §5.2; raft.tla elections (our reading of it) |
//! | A3 | [`VoteOncePerTerm`](judges::vote_once_per_term) | One vote per node and term | §5.2; Figure 2, RequestVote RPC |
//! | A4 | [`VotedForStable`](judges::voted_for_stable) | A vote is not taken back | Figure 2, votedFor; raft.tla UpdateTerm |
//! | A5 | [`TermMonotonic`](judges::term_monotonic) | Terms only rise | Figure 2, currentTerm (increases monotonically) |
//! | A6 | [`TermDurableBeforeSend`](judges::term_durable_before_send) | A term is on disk before it is heard | Figure 2 (updated on stable storage before responding to RPCs), read for requests too |
//! | A7 | [`VoteDurableBeforeReply`](judges::vote_durable_before_reply) | A vote is on disk before anybody hears of it | Figure 2 (updated on stable storage before responding to RPCs) |
//! | A8 | [`ElectedByQuorum`](judges::elected_by_quorum) | A leader has the votes of a majority | §5.2; raft.tla BecomeLeader |
//! | A9 | [`CandidateTermNotInLog`](judges::candidate_term_not_in_log) | A new leader finds no entries of its term | CCF consensus specification, CandidateTermNotInLogInv |
//! | A10 | [`RoleTransitions`](judges::role_transitions) | Roles change as in Figure 4 | Figure 4; dissertation §9.6 for pre-candidates |
//! | A11 | [`VoteForUpToDateLog`](judges::vote_for_up_to_date_log) | A vote goes to a log at least as up-to-date as the voter's own | §5.4.1; Figure 2, RequestVote RPC step 2 |
//! | B1 | [`LogMatching`](judges::log_matching) | Log Matching: an index and a term name one entry, and everything before it | §5.3, Figure 3; raft.tla allLogs |
//! | B2 | [`LeaderAppendOnly`](judges::leader_append_only) | A leader never changes what it has | §5.3, Figure 3 |
//! | B3 | [`LogTermsMonotonic`](judges::log_terms_monotonic) | Terms in a log never fall | §5.4.2; dissertation Lemma 4 (monotonicity) |
//! | B4 | [`LogTermWithinCurrent`](judges::log_term_within_current) | No entry is younger than its holder | §5.1; dissertation Lemma 5; openraft documentation on reordered IO |
//! | B5 | [`FollowerPrefixOfLeader`](judges::follower_prefix_of_leader) | A follower that takes entries has the prefix of the leader | §5.3 (the consistency check) |
//! | B6 | [`RoleAfterAppendEntries`](judges::role_after_append_entries) | Who hears the leader of its term follows it | §5.2; Figure 2, Rules for Servers: Candidates |
//! | B7 | [`EntryCreatedByItsLeader`](judges::entry_created_by_its_leader) | Entries come from the leader of their term | §5.3; raft.tla ClientRequest |
//! | B8 | [`MessageWellFormed`](judges::message_well_formed) | A leader sends what it has | Figure 2, AppendEntries RPC |
//! | B9 | [`AcknowledgedEntriesDurable`](judges::acknowledged_entries_durable) | What a follower confirms is on its disk | Figure 2 (updated on stable storage before responding to RPCs); §5.3 |
//! | B10 | [`AppendEntriesFromLeader`](judges::append_entries_from_leader) | Only the leader of a term sends its AppendEntries | §5.2; Figure 2, Rules for Servers: Leaders |
//! | C1 | [`MatchIsDurable`](judges::match_is_durable) | What a leader counts as replicated is on disk | Figure 2, matchIndex; §5.3 |
//! | C2 | [`MatchMonotonic`](judges::match_monotonic) | matchIndex only rises | Figure 2, matchIndex (increases monotonically) |
//! | C3 | [`NextAboveMatch`](judges::next_above_match) | nextIndex is above matchIndex | Figure 2, nextIndex and matchIndex; SandTable |
//! | C4 | [`MatchZeroOnElection`](judges::match_zero_on_election) | A new leader knows of no copies | Figure 2 (reinitialized after election) |
//! | C5 | [`MatchFromStaleTerm`](judges::match_from_stale_term) | No answer of an earlier term counts | §5.1; Figure 2, AppendEntries RPC |
//! | C6 | [`CommitMonotonic`](judges::commit_monotonic) | commitIndex only rises | Figure 2, commitIndex (increases monotonically) |
//! | C7 | [`AppliedWithinCommitWithinLog`](judges::applied_within_commit_within_log) | Applied is committed, committed is there | Figure 2, Rules for Servers: All Servers |
//! | C8 | [`FollowerCommitWithinVerified`](judges::follower_commit_within_verified) | A follower commits only what it has compared | Figure 2, AppendEntries RPC step 5 (index of last new entry) |
//! | C9 | [`CommitOnlyOwnTerm`](judges::commit_only_own_term) | A leader counts copies of its own entries only | §5.4.2, Figure 8 |
//! | C10 | [`CommittedDurableOnQuorum`](judges::committed_durable_on_quorum) | Committed is on the disks of a majority | §5.3, §5.4.2 (stored on a majority) |
//! | C11 | [`FollowersNeverAhead`](judges::followers_never_ahead) | Only leaders commit | §5.3; Figure 2, leaderCommit |
//! | C12 | [`StateMachineSafety`](judges::state_machine_safety) | State Machine Safety: what is committed somewhere is committed everywhere | §5.4.3, Figure 3 |
//! | C13 | [`LeaderCompleteness`](judges::leader_completeness) | Leaders have all that was committed before their term | §5.4.3, Figure 3; dissertation §3.6.3 |
//! | C14 | [`CommittedNeverTruncated`](judges::committed_never_truncated) | Committed entries stay | §5.4.3; dissertation §3.6.3 |
//! | C15 | [`QuorumHoldsLedger`](judges::quorum_holds_ledger) | A majority of disks hold the whole ledger | raft.tla QuorumLogInv |
//! | D5 | [`StateMachineDeterminism`](judges::state_machine_determinism) | Equal commands, equal states | §5.4.3; §2 (replicated state machines) |
//! | D6 | [`AppliedInOrder`](judges::applied_in_order) | Entries are applied one after the other | Figure 2, Rules for Servers: All Servers |
//! | F3 | [`NoLostAcknowledgedWrite`](judges::no_lost_acknowledged_write) | An acknowledged write stays | §8; §5.3 |
//! | F4 | [`AcknowledgedWithinLedger`](judges::acknowledged_within_ledger) | Only what is committed is acknowledged | §5.3; §8 |
//! | F8 | [`RefusedNeverCommitted`](judges::refused_never_committed) | Refused is refused | §8 (a client may retry a refused command elsewhere) |
//! | H1 | [`NoPanic`](judges::no_panic) | A node does not panic | the port's contract |
//! | H2 | [`ViewMatchesLog`](judges::view_matches_log) | A node has the log that it writes | the port's contract |
//! | H3 | [`ResourceExplosion`](judges::resource_explosion) | Runs stay finite | the port's contract |
//! | H4 | [`PortContract`](judges::port_contract) | A node asks for nothing that the port does not have | the port's contract |
//! | H5 | [`RevealsAsDeclared`](judges::reveals_as_declared) | A guest reveals what it declares | the port's contract |
//! | H6 | [`ViewMatchesTerm`](judges::view_matches_term) | A node is in the term that it writes | the port's contract |

pub mod bench;
pub mod catalogue;
mod checker;
pub mod evidence;
pub mod fact;
pub mod fingerprint;
pub mod history;
pub mod invariant;
pub mod judges;
pub mod moment;
mod reveals;
mod selection;
#[cfg(test)]
mod testing;
pub mod twin;
mod violation;
pub mod witness;

pub use catalogue::catalogue;
pub use checker::{Checker, not_sitting, sitting};
pub use invariant::{Invariant, Level};
pub use reveals::{Need, Reveals};
pub use selection::{Selection, find};
pub use violation::Violation;
pub use witness::{Witness, Witnesses};
