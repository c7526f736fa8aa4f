//! Planted bugs: clients and the state machine (§5.3, §8).

use raft_core::{Client, LogIndex, Outcome, Rules, State};

use super::Mutant;

pub(super) static REPLY_BEFORE_COMMIT: Mutant = Mutant::new(
    "reply-before-commit",
    "Figure 2, Leaders: respond *after* the entry was applied to the state machine",
    "client acked when the leader appended (or on an aborted proposal)",
)
.rules(&ReplyBeforeCommit)
.seen_in(&["RedisLabs/redisraft Jepsen 2020 (aborted reads, lost updates)", "async-raft#132"]);

struct ReplyBeforeCommit;

impl Rules for ReplyBeforeCommit {
    fn may_reply(&self, _leader: &State, _client: &Client) -> bool {
        true
    }
}

/// The next leader may commit the command that this one called refused.
pub(super) static FAILED_REPLY_FOR_LOST_LEADERSHIP: Mutant = Mutant::new(
    "failed-reply-for-lost-leadership",
    "what §8 asks of clients and servers: an unknown outcome is not a failure",
    "leader answers 'failed' (definite) on step-down although the entry may commit later",
)
.rules(&FailedReplyForLostLeadership)
.seen_in(&["jepsen redis-raft 'aborted reads'", "openraft 43dd8b6f (must inform waiting clients)"]);

struct FailedReplyForLostLeadership;

impl Rules for FailedReplyForLostLeadership {
    fn outcome_when_deposed(&self, _server: &State, _client: &Client) -> Option<Outcome> {
        Some(Outcome::NotLeader)
    }
}

pub(super) static APPLY_UNCOMMITTED: Mutant = Mutant::new(
    "apply-uncommitted",
    "§5.3: entries are applied once they are committed",
    "apply up to last index or before quorum",
)
.rules(&ApplyUncommitted)
.seen_in(&["async-raft#132", "openraft 89bb48f8"]);

struct ApplyUncommitted;

impl Rules for ApplyUncommitted {
    fn may_apply(&self, _server: &State, _index: LogIndex) -> bool {
        true
    }
}

pub(super) static ANSWERS_BY_INDEX: Mutant = Mutant::new(
    "answers-by-index",
    "§8: a client is answered when *its* command was executed",
    "a deposed leader keeps its clients, and answers them when something is applied at their index",
)
.rules(&AnswersByIndex)
.seen_in(&["Students' Guide to Raft"]);

struct AnswersByIndex;

impl Rules for AnswersByIndex {
    fn forgets_client_when_deposed(&self, _server: &State, _client: &Client) -> bool {
        false
    }
}
