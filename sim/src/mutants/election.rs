//! Planted bugs: terms and votes (§5.1, §5.2, §5.4.1).

use raft_core::rules::{Append, VoteReply, VoteRequest};
use raft_core::{Body, Message, NodeId, Role, Rules, State, Term};

use super::{Area, Harm, Mutant};

/// Breaks §5.2 (votes of a majority *for the same term*) and §5.1 (ignore what belongs to an older
/// term).
pub(super) static VOTE_STALE_TERM_COUNTED: Mutant = Mutant {
    id: "vote-stale-term-counted",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "\
        on VoteResponse: count a grant without checking resp.term == current_term (a vote \
        won in term T is counted in T+1)",
    provenance: &[
        "xnnyygn/xraft#33",
        "ktoso/akka-raft#46 (DEMi raft-46)",
        "SandTable (EuroSys'24) Xraft#1",
    ],
    violates: &["election safety"],
    needs: "delay of one VoteResponse + two timeouts; no crash, no drop",
    nodes_min: 3,
    first: &["ElectedByQuorum", "TermDurableBeforeSend", "ElectionSafety", "LogMatching"],
    rules: &VoteStaleTermCounted,
    boundary: None,
};

struct VoteStaleTermCounted;

impl Rules for VoteStaleTermCounted {
    fn counts_vote(&self, _candidate: &State, reply: &VoteReply) -> bool {
        reply.vote_granted
    }
}

/// Breaks §5.2: a majority of *servers*, not of answers.
pub(super) static VOTE_DUPLICATE_COUNTED: Mutant = Mutant {
    id: "vote-duplicate-counted",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "votes is a counter, not a set: the same voter's grant is counted twice",
    provenance: &["ktoso/akka-raft#45 (DEMi raft-45)", "microsoft/coyote-samples#8"],
    violates: &["election safety"],
    needs: "duplicate or retransmitted VoteResponse",
    nodes_min: 4,
    first: &["ElectedByQuorum", "ElectionSafety"],
    rules: &VoteDuplicateCounted,
    boundary: None,
};

struct VoteDuplicateCounted;

impl Rules for VoteDuplicateCounted {
    fn votes_received(&self, candidate: &State) -> usize {
        candidate.votes_granted().len()
    }
}

/// Breaks §5.2: at most one vote in a given term. Following the winner is no reason to forget it.
pub(super) static VOTE_CLEARED_ON_SAME_TERM_APPEND: Mutant = Mutant {
    id: "vote-cleared-on-same-term-append",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "\
        becomeFollower(term) sets voted_for=None even when term == current_term, and is \
        called for every AppendEntries (followers too)",
    provenance: &[
        "etcd-io/raft commit 9d2a465 (2015)",
        "redpanda-data/redpanda#19 (2020)",
        "microsoft/CCF#8094 (2026, with pre-vote)",
        "ktoso/akka-raft#56",
    ],
    violates: &["vote-once", "election safety"],
    needs: "two candidates in one term, one delayed VoteRequest; 3 nodes, delay only",
    nodes_min: 3,
    first: &["VotedForStable"],
    rules: &VoteClearedOnSameTermAppend,
    boundary: None,
};

struct VoteClearedOnSameTermAppend;

impl Rules for VoteClearedOnSameTermAppend {
    fn vote_when_following(
        &self,
        _server: &State,
        _term: Term,
        _leader: Option<NodeId>,
    ) -> Option<NodeId> {
        None
    }
}

/// Breaks §5.2: half of the servers is not a majority.
pub(super) static QUORUM_FLOOR_HALF: Mutant = Mutant {
    id: "quorum-floor-half",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "win with votes >= n/2 (integer division)",
    provenance: &[
        "student bug (MIT 6.824)",
        "hydro-project/hydro#3082 test leader_without_quorum_commits_nothing",
    ],
    violates: &["election safety"],
    needs: "any 2 timeouts; n=3 wins with its own vote",
    nodes_min: 3,
    first: &["ElectedByQuorum", "ElectionSafety"],
    rules: &QuorumFloorHalf,
    boundary: None,
};

struct QuorumFloorHalf;

impl Rules for QuorumFloorHalf {
    fn is_quorum(&self, candidate: &State, votes: usize) -> bool {
        candidate.members() / 2 <= votes
    }
}

/// Breaks §5.2 in even clusters: a majority of the *full* cluster, the candidate included.
pub(super) static QUORUM_EVEN_OFF_BY_ONE: Mutant = Mutant {
    id: "quorum-even-off-by-one",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "\
        win with 2*votes > peers where peers excludes self (right for odd n, one short for \
        even n)",
    provenance: &[
        "andreev-io/little-raft 0.2.0 replica.rs process_vote_response_as_candidate",
        "hashicorp/raft commit 163a55f (commit side, even clusters)",
    ],
    violates: &["election safety"],
    needs: "2|2 partition",
    nodes_min: 4,
    first: &["ElectedByQuorum"],
    rules: &QuorumEvenOffByOne,
    boundary: None,
};

struct QuorumEvenOffByOne;

impl Rules for QuorumEvenOffByOne {
    fn is_quorum(&self, candidate: &State, votes: usize) -> bool {
        candidate.peers.len() < 2 * votes
    }
}

/// Breaks §5.4.1: the voter denies its vote if its own log is more up-to-date.
pub(super) static VOTE_NO_LOG_CHECK: Mutant = Mutant {
    id: "vote-no-log-check",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "grant without the up-to-date check (5.4.1)",
    provenance: &["Raft paper 5.4.1", "hydro-project/hydro#3082 stale_log_candidate_is_refused"],
    violates: &["leader completeness"],
    needs: "one partition or crash after a commit",
    nodes_min: 3,
    first: &["VoteForUpToDateLog"],
    rules: &VoteNoLogCheck,
    boundary: None,
};

struct VoteNoLogCheck;

impl Rules for VoteNoLogCheck {
    fn is_up_to_date(&self, _voter: &State, _request: &VoteRequest) -> bool {
        true
    }
}

/// Breaks §5.4.1: with different last terms the later term is more up-to-date, not the longer log.
pub(super) static VOTE_LOG_CHECK_INDEX_ONLY: Mutant = Mutant {
    id: "vote-log-check-index-only",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "compare last_log_index only, ignore last_log_term",
    provenance: &["Raft paper 5.4.1 / Fig. 7 students' variant"],
    violates: &["leader completeness"],
    needs: "partitioned old leader with a longer stale log",
    nodes_min: 3,
    first: &["VoteForUpToDateLog"],
    rules: &VoteLogCheckIndexOnly,
    boundary: None,
};

struct VoteLogCheckIndexOnly;

impl Rules for VoteLogCheckIndexOnly {
    fn is_up_to_date(&self, voter: &State, request: &VoteRequest) -> bool {
        voter.log.last_index() <= request.last_log.index
    }
}

/// Breaks §5.1: a server with a smaller term updates it, whatever the message.
pub(super) static TERM_NOT_ADOPTED_FROM_APPEND: Mutant = Mutant {
    id: "term-not-adopted-from-append",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "\
        follower handles AppendEntries(term > current) without setting current_term; later \
        votes or campaigns in a lower term",
    provenance: &["andreev-io/little-raft 0.2.0 process_append_entry_request_as_follower"],
    violates: &["term monotonic", "leader completeness", "log terms non-decreasing"],
    needs: "one AppendEntries then an old VoteRequest; delay only",
    nodes_min: 3,
    first: &["LogTermWithinCurrent", "FollowerCommitWithinVerified"],
    rules: &TermNotAdoptedFromAppend,
    boundary: None,
};

struct TermNotAdoptedFromAppend;

impl Rules for TermNotAdoptedFromAppend {
    fn adopts_term(&self, server: &State, message: &Message) -> bool {
        server.current_term < message.term && !matches!(message.body, Body::AppendEntries { .. })
    }
}

/// Breaks Figure 2, `AppendEntries` 1: reply false if `term < currentTerm`.
pub(super) static STALE_APPEND_ACCEPTED: Mutant = Mutant {
    id: "stale-append-accepted",
    area: Area::Election,
    harm: Harm::Safety,
    mechanism: "skip the req.term < current_term rejection",
    provenance: &["Raft Fig. 2 receiver rule 1"],
    violates: &["log matching", "leader completeness"],
    needs: "old leader's delayed AppendEntries",
    nodes_min: 3,
    first: &[
        "FollowerCommitWithinVerified",
        "CommittedNeverTruncated",
        "MatchIsDurable",
        "AcknowledgedEntriesDurable",
        "CommittedDurableOnQuorum",
        "QuorumHoldsLedger",
    ],
    rules: &StaleAppendAccepted,
    boundary: None,
};

struct StaleAppendAccepted;

impl Rules for StaleAppendAccepted {
    fn accepts_append(&self, _server: &State, _append: &Append) -> bool {
        true
    }
}

/// Breaks §5.2: a leader's term *at least as large* as the candidate's makes it a follower. Nothing
/// bad comes of it: the candidate only stays deaf until its next timeout.
pub(super) static CANDIDATE_IGNORES_SAME_TERM_APPEND: Mutant = Mutant {
    id: "candidate-ignores-same-term-append",
    area: Area::Election,
    harm: Harm::Liveness,
    mechanism: "\
        candidate does not step down on AppendEntries of its own term (uses > instead of >=)",
    provenance: &["Students' Guide to Raft; microsoft Orakl-style patch Bisonai/orakl#2137"],
    violates: &["liveness"],
    needs: "split vote",
    nodes_min: 3,
    first: &["RoleAfterAppendEntries"],
    rules: &CandidateIgnoresSameTermAppend,
    boundary: None,
};

struct CandidateIgnoresSameTermAppend;

impl Rules for CandidateIgnoresSameTermAppend {
    fn recognises_leader(&self, server: &State, append: &Append) -> bool {
        matches!(server.role, Role::Follower { .. }) || server.current_term < append.term
    }
}

/// Breaks §5.2: only who *grants* a vote goes on waiting. A server that cannot win can keep those
/// who could from trying.
pub(super) static TIMER_RESET_ON_DENIED_VOTE: Mutant = Mutant {
    id: "timer-reset-on-denied-vote",
    area: Area::Election,
    harm: Harm::Liveness,
    mechanism: "any vote request resets the election timer, denied ones included",
    provenance: &["Students' Guide to Raft", "lni/dragonboat commit 0045aa2", "hashicorp/raft#609"],
    violates: &["liveness"],
    needs: "partially connected node with an out-of-date log campaigning",
    nodes_min: 3,
    first: &[],
    rules: &TimerResetOnDeniedVote,
    boundary: None,
};

struct TimerResetOnDeniedVote;

impl Rules for TimerResetOnDeniedVote {
    fn restarts_election_timer(&self, _voter: &State, _vote_granted: bool) -> bool {
        true
    }
}
