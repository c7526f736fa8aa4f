//! Planted bugs: what a leader believes of its followers and calls committed (§5.3, §5.4.2).

use raft_core::rules::{Append, AppendReply, Replica};
use raft_core::{Entry, LogIndex, LogPosition, Progress, Rules, State};

use super::{Area, Harm, Mutant};

/// Breaks §5.4.2: only entries of the leader's current term are committed by counting (Figure 8).
pub(super) static COMMIT_PRIOR_TERM_ENTRY: Mutant = Mutant {
    id: "commit-prior-term-entry",
    area: Area::Commit,
    harm: Harm::Safety,
    mechanism: "advance commit by replica count of an entry from an older term (Fig. 8)",
    provenance: &[
        "SandTable (EuroSys'24) PySyncObj#5 (bakwc/PySyncObj#169)",
        "logcabin/logcabin#44 (Ongaro, 2013)",
        "async-raft#106 (fixed 0.6.1)",
        "microsoft/CCF#5674, #3950",
    ],
    violates: &["leader completeness"],
    needs: "3 leader changes with a partial replication; delays suffice",
    nodes_min: 3,
    first: &["CommitOnlyOwnTerm"],
    rules: &CommitPriorTermEntry,
    boundary: None,
};

struct CommitPriorTermEntry;

impl Rules for CommitPriorTermEntry {
    fn may_commit_by_counting(&self, _leader: &State, _entry: LogPosition) -> bool {
        true
    }
}

/// Breaks Figure 2, Leaders: a *majority* of `matchIndex[i] >= N`; this takes one rank too high.
pub(super) static COMMIT_WRONG_ORDER_STATISTIC: Mutant = Mutant {
    id: "commit-wrong-order-statistic",
    area: Area::Commit,
    harm: Harm::Safety,
    mechanism: "take the element of the sorted matchIndex one rank too high",
    provenance: &["ktoso/akka-raft#42 (DEMi raft-42)"],
    violates: &["leader completeness"],
    needs: "one follower ahead, leader crash",
    nodes_min: 2,
    first: &["CommittedDurableOnQuorum", "StateMachineSafety"],
    rules: &CommitWrongOrderStatistic,
    boundary: None,
};

struct CommitWrongOrderStatistic;

impl Rules for CommitWrongOrderStatistic {
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        let last = replicas.len() - 1;
        replicas[(last / 2 + 1).min(last)].match_index
    }
}

/// Breaks Figure 2, Leaders, in even clusters: half of the servers is not a majority. As long as
/// elections do need a majority, any of them meets any half, and no committed entry is lost: this is
/// how flexible quorums work. Only the lemma that the paper proves with is broken.
pub(super) static COMMIT_EVEN_OFF_BY_ONE: Mutant = Mutant {
    id: "commit-even-off-by-one",
    area: Area::Commit,
    harm: Harm::Lemma,
    mechanism: "\
        matched[n/2] instead of matched[(n-1)/2] (ascending): one replica short in even \
        clusters",
    provenance: &["hashicorp/raft commit 163a55f (2016)"],
    violates: &["leader completeness"],
    needs: "even cluster + leader crash",
    nodes_min: 2,
    first: &["CommittedDurableOnQuorum"],
    rules: &CommitEvenOffByOne,
    boundary: None,
};

struct CommitEvenOffByOne;

impl Rules for CommitEvenOffByOne {
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        replicas[replicas.len() / 2].match_index
    }
}

/// Breaks Figure 2: `matchIndex` increases monotonically. An old answer takes back what a newer one
/// said.
pub(super) static MATCH_NOT_MONOTONIC: Mutant = Mutant {
    id: "match-not-monotonic",
    area: Area::Commit,
    harm: Harm::Lemma,
    mechanism: "match_index = resp.index without max()",
    provenance: &[
        "SandTable (EuroSys'24) RaftOS#1 (zhebrak/raftos#25)",
        "etcd-io/raft 57b3274 (2014)",
        "andreev-io/little-raft 0.2.0",
    ],
    violates: &["match monotonic"],
    needs: "two reordered acks",
    nodes_min: 2,
    first: &["MatchMonotonic"],
    rules: &MatchNotMonotonic,
    boundary: None,
};

struct MatchNotMonotonic;

impl Rules for MatchNotMonotonic {
    fn match_index_after_reply(
        &self,
        _leader: &State,
        follower: &Progress,
        reply: &AppendReply,
    ) -> LogIndex {
        if reply.success { reply.match_index } else { follower.match_index }
    }
}

/// Breaks Figure 2: `matchIndex` is what is *known* to be replicated. A hint says where the logs may
/// agree. The hints of `raft-core` never reach an entry of the leader's own term, so that counting
/// them would commit nothing; hence the follower hints at its last entry, as the victim's did.
pub(super) static MATCH_FROM_NACK_HINT: Mutant = Mutant {
    id: "match-from-nack-hint",
    area: Area::Commit,
    harm: Harm::Safety,
    mechanism: "a rejection's hint is stored in match_index and then counted for commit",
    provenance: &["microsoft/CCF#5325, #5326 ('commit advance on AE-NACK')"],
    violates: &["leader completeness", "state machine safety"],
    needs: "divergent suffix of equal length on the rejecting follower",
    nodes_min: 3,
    first: &["MatchIsDurable", "NextAboveMatch", "CommittedDurableOnQuorum"],
    rules: &MatchFromNackHint,
    boundary: None,
};

struct MatchFromNackHint;

impl Rules for MatchFromNackHint {
    fn refusal_hint(&self, follower: &State, _append: &Append) -> LogPosition {
        follower.log.last()
    }

    fn match_index_after_reply(
        &self,
        _leader: &State,
        follower: &Progress,
        reply: &AppendReply,
    ) -> LogIndex {
        let index = if reply.success { reply.match_index } else { reply.hint.index };
        follower.match_index.max(index)
    }
}

/// Breaks §5.1: an answer of an older term says nothing of the log that the follower has now.
pub(super) static STALE_APPEND_RESPONSE_COUNTED: Mutant = Mutant {
    id: "stale-append-response-counted",
    area: Area::Commit,
    harm: Harm::Safety,
    mechanism: "\
        leader accepts an ack without checking resp.term == current_term (ack from its own \
        earlier term)",
    provenance: &[
        "andreev-io/little-raft 0.2.0 process_message_as_leader",
        "openraft cecb5de8 (acks after reversion)",
    ],
    violates: &["leader completeness", "state machine safety"],
    needs: "\
        leader T1 -> other leader truncates follower -> same leader T3, delayed T1 ack",
    nodes_min: 3,
    first: &["MatchFromStaleTerm", "MatchIsDurable"],
    rules: &StaleAppendResponseCounted,
    boundary: None,
};

struct StaleAppendResponseCounted;

impl Rules for StaleAppendResponseCounted {
    fn counts_acknowledgement(&self, _leader: &State, _reply: &AppendReply) -> bool {
        true
    }
}

/// Breaks the relation of Figure 2's `nextIndex` and `matchIndex`: what is known to be replicated
/// need not be sent again. By itself it only wastes messages.
pub(super) static NEXT_LE_MATCH: Mutant = Mutant {
    id: "next-le-match",
    area: Area::Commit,
    harm: Harm::Lemma,
    mechanism: "stale rejection moves next_index to or below match_index",
    provenance: &[
        "SandTable (EuroSys'24) WRaft#7",
        "SandTable PySyncObj#3",
        "etcd-io/raft 91ff7cd, PR#149",
    ],
    violates: &["next > match"],
    needs: "reordered rejection",
    nodes_min: 2,
    first: &["NextAboveMatch"],
    rules: &NextLeMatch,
    boundary: None,
};

struct NextLeMatch;

impl Rules for NextLeMatch {
    fn next_index_after_refusal(
        &self,
        leader: &State,
        _follower: &Progress,
        reply: &AppendReply,
    ) -> LogIndex {
        leader.log.last_at_or_below(reply.hint).index + 1
    }
}

/// Breaks §8: a leader commits a no-op at the start of its term. Without one, entries of its
/// predecessors stay uncommitted until a client writes.
pub(super) static NO_NOOP_ON_ELECTION: Mutant = Mutant {
    id: "no-noop-on-election",
    area: Area::Commit,
    harm: Harm::Liveness,
    mechanism: "leader does not append an entry of its own term",
    provenance: &["RedisLabs/redisraft#18, #19, #22", "adjoint-io/raft#41, #54"],
    violates: &["liveness", "linearizability of reads"],
    needs: "leader change with an uncommitted tail",
    nodes_min: 3,
    first: &[],
    rules: &NoNoopOnElection,
    boundary: None,
};

struct NoNoopOnElection;

impl Rules for NoNoopOnElection {
    fn entry_on_election(&self, _leader: &State) -> Option<Entry> {
        None
    }
}
