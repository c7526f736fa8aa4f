//! Planted bugs: what a leader believes of its followers and calls committed (§5.3, §5.4.2).

use raft_core::rules::{Append, AppendReply, Replica};
use raft_core::{Entry, LogIndex, LogPosition, Paper, Progress, Rules, State};

use super::{Harm, Mutant};

pub(super) static COMMIT_PRIOR_TERM_ENTRY: Mutant = Mutant::new(
    "commit-prior-term-entry",
    "§5.4.2: only entries of the leader's current term are committed by counting (Figure 8)",
    "advance commit by replica count of an entry from an older term (Fig. 8)",
)
.rules(&CommitPriorTermEntry)
.seen_in(&[
    "SandTable (EuroSys'24) PySyncObj#5 (bakwc/PySyncObj#169)",
    "logcabin/logcabin#44 (Ongaro, 2013)",
    "async-raft#106 (fixed 0.6.1)",
    "microsoft/CCF#5674, #3950",
]);

struct CommitPriorTermEntry;

impl Rules for CommitPriorTermEntry {
    fn may_commit_by_counting(&self, _leader: &State, _entry: LogPosition) -> bool {
        true
    }
}

pub(super) static COMMIT_WRONG_ORDER_STATISTIC: Mutant = Mutant::new(
    "commit-wrong-order-statistic",
    "Figure 2, Leaders: a *majority* of `matchIndex[i] >= N`",
    "take the element of the sorted matchIndex one rank too high",
)
.rules(&CommitWrongOrderStatistic)
.seen_in(&["ktoso/akka-raft#42 (DEMi raft-42)"]);

struct CommitWrongOrderStatistic;

impl Rules for CommitWrongOrderStatistic {
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        let last = replicas.len() - 1;
        replicas[(last / 2 + 1).min(last)].match_index
    }
}

/// As long as elections do need a majority, any of them meets any half, and no committed entry is
/// lost: this is how flexible quorums work. Only the lemma that the paper proves with is broken.
pub(super) static COMMIT_EVEN_OFF_BY_ONE: Mutant = Mutant::new(
    "commit-even-off-by-one",
    "Figure 2, Leaders, in even clusters: half of the servers is not a majority",
    "matched[n/2] instead of matched[(n-1)/2] (ascending): one replica short in even clusters",
)
.rules(&CommitEvenOffByOne)
.harms(Harm::Lemma)
.seen_in(&["hashicorp/raft commit 163a55f (2016)"]);

struct CommitEvenOffByOne;

impl Rules for CommitEvenOffByOne {
    fn replicated_on_majority(&self, _leader: &State, replicas: &[Replica]) -> LogIndex {
        replicas[replicas.len() / 2].match_index
    }
}

/// An old answer takes back what a newer one said.
pub(super) static MATCH_NOT_MONOTONIC: Mutant = Mutant::new(
    "match-not-monotonic",
    "Figure 2: `matchIndex` increases monotonically",
    "match_index = resp.index without max()",
)
.rules(&MatchNotMonotonic)
.harms(Harm::Lemma)
.seen_in(&[
    "SandTable (EuroSys'24) RaftOS#1 (zhebrak/raftos#25)",
    "etcd-io/raft 57b3274 (2014)",
    "andreev-io/little-raft 0.2.0",
]);

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

/// A hint says where the logs may agree. The hints of `raft-core` never reach an entry of the
/// leader's own term, so that counting them would commit nothing; hence the follower hints at its
/// last entry, as the victim's did.
pub(super) static MATCH_FROM_NACK_HINT: Mutant = Mutant::new(
    "match-from-nack-hint",
    "Figure 2: `matchIndex` is what is *known* to be replicated",
    "a rejection's hint is stored in match_index and then counted for commit",
)
.rules(&MatchFromNackHint)
.seen_in(&["microsoft/CCF#5325, #5326 ('commit advance on AE-NACK')"]);

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
        let hint = reply.hint.map_or(0, |hint| hint.index);
        let index = if reply.success { reply.match_index } else { hint };
        follower.match_index.max(index)
    }
}

pub(super) static STALE_APPEND_RESPONSE_COUNTED: Mutant = Mutant::new(
    "stale-append-response-counted",
    "§5.1: an answer of an older term says nothing of the log that the follower has now",
    "\
        leader accepts an ack without checking resp.term == current_term (ack from its own \
        earlier term)",
)
.rules(&StaleAppendResponseCounted)
.seen_in(&[
    "andreev-io/little-raft 0.2.0 process_message_as_leader",
    "openraft cecb5de8 (acks after reversion)",
]);

struct StaleAppendResponseCounted;

impl Rules for StaleAppendResponseCounted {
    fn counts_acknowledgement(&self, _leader: &State, _reply: &AppendReply) -> bool {
        true
    }
}

/// By itself it only wastes messages.
pub(super) static NEXT_LE_MATCH: Mutant = Mutant::new(
    "next-le-match",
    "\
        the relation of Figure 2's `nextIndex` and `matchIndex`: what is known to be \
        replicated need not be sent again",
    "stale rejection moves next_index to or below match_index",
)
.rules(&NextLeMatch)
.harms(Harm::Lemma)
.seen_in(&[
    "SandTable (EuroSys'24) WRaft#7",
    "SandTable PySyncObj#3",
    "etcd-io/raft 91ff7cd, PR#149",
]);

struct NextLeMatch;

impl Rules for NextLeMatch {
    fn next_index_after_refusal(
        &self,
        leader: &State,
        _follower: &Progress,
        hint: LogPosition,
    ) -> LogIndex {
        leader.log.last_at_or_below(hint).index + 1
    }
}

/// Without one, entries of its predecessors stay uncommitted until a client writes.
pub(super) static NO_NOOP_ON_ELECTION: Mutant = Mutant::new(
    "no-noop-on-election",
    "§8: a leader commits a no-op at the start of its term",
    "leader does not append an entry of its own term",
)
.rules(&NoNoopOnElection)
.harms(Harm::Liveness)
.seen_in(&["RedisLabs/redisraft#18, #19, #22", "adjoint-io/raft#41, #54"]);

struct NoNoopOnElection;

impl Rules for NoNoopOnElection {
    fn entry_on_election(&self, _leader: &State) -> Option<Entry> {
        None
    }
}

pub(super) static MATCH_SURVIVES_LEADERSHIP: Mutant = Mutant::new(
    "match-survives-leadership",
    "Figure 2: `matchIndex[]` is reinitialized after election",
    "a leader that leads again still believes what it believed of its followers when it last led",
)
.rules(&MatchSurvivesLeadership)
.seen_in(&["atomix/copycat#29"]);

struct MatchSurvivesLeadership;

impl Rules for MatchSurvivesLeadership {
    fn progress_after_election(&self, leader: &State, former: &Progress) -> Progress {
        let mut progress = Paper.progress_after_election(leader, former);
        progress.match_index = former.match_index;
        progress
    }
}

pub(super) static WHOLE_LOG_COMMITTED_AT_BOOT: Mutant = Mutant::new(
    "whole-log-committed-at-boot",
    "Figure 2: `commitIndex` is volatile and starts at 0",
    "a server that starts takes all that is on its disk for committed, and applies it",
)
.rules(&WholeLogCommittedAtBoot)
.seen_in(&["goraft/raft#69"]);

struct WholeLogCommittedAtBoot;

impl Rules for WholeLogCommittedAtBoot {
    fn commit_index_at_boot(&self, server: &State) -> LogIndex {
        server.log.last_index()
    }
}
