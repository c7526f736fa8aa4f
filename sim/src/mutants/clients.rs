//! Planted bugs: clients and the state machine (§5.3, §8).

use raft_core::{Client, LogIndex, Outcome, Rules, State};

use super::{Area, Harm, Mutant};

/// Breaks Figure 2, Leaders: respond *after* the entry was applied to the state machine.
pub(super) static REPLY_BEFORE_COMMIT: Mutant = Mutant {
    id: "reply-before-commit",
    area: Area::Clients,
    harm: Harm::Safety,
    mechanism: "client acked when the leader appended (or on an aborted proposal)",
    provenance: &[
        "RedisLabs/redisraft Jepsen 2020 (aborted reads, lost updates)",
        "async-raft#132",
    ],
    violates: &["durability", "linearizability"],
    needs: "leader crash after ack",
    nodes_min: 3,
    first: &["AcknowledgedWithinLedger", "NoLostAcknowledgedWrite"],
    rules: &ReplyBeforeCommit,
    boundary: None,
};

struct ReplyBeforeCommit;

impl Rules for ReplyBeforeCommit {
    fn may_reply(&self, _leader: &State, _client: &Client) -> bool {
        true
    }
}

/// Breaks what §8 asks of clients and servers: an unknown outcome is not a failure. The next leader
/// may commit the command that this one called refused.
pub(super) static FAILED_REPLY_FOR_LOST_LEADERSHIP: Mutant = Mutant {
    id: "failed-reply-for-lost-leadership",
    area: Area::Clients,
    harm: Harm::Safety,
    mechanism: "\
        leader answers 'failed' (definite) on step-down although the entry may commit later",
    provenance: &[
        "jepsen redis-raft 'aborted reads'",
        "openraft 43dd8b6f (must inform waiting clients)",
    ],
    violates: &["linearizability"],
    needs: "step-down with an in-flight entry",
    nodes_min: 3,
    first: &["RefusedNeverCommitted"],
    rules: &FailedReplyForLostLeadership,
    boundary: None,
};

struct FailedReplyForLostLeadership;

impl Rules for FailedReplyForLostLeadership {
    fn outcome_when_deposed(&self, _server: &State, _client: &Client) -> Option<Outcome> {
        Some(Outcome::NotLeader)
    }
}

/// Breaks §5.3: entries are applied once they are committed.
pub(super) static APPLY_UNCOMMITTED: Mutant = Mutant {
    id: "apply-uncommitted",
    area: Area::Clients,
    harm: Harm::Safety,
    mechanism: "apply up to last index or before quorum",
    provenance: &["async-raft#132", "openraft 89bb48f8"],
    violates: &["state machine safety"],
    needs: "minority leader",
    nodes_min: 3,
    first: &["AppliedWithinCommitWithinLog"],
    rules: &ApplyUncommitted,
    boundary: None,
};

struct ApplyUncommitted;

impl Rules for ApplyUncommitted {
    fn may_apply(&self, _server: &State, _index: LogIndex) -> bool {
        true
    }
}
