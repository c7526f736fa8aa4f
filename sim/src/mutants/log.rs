//! Planted bugs: the follower's log (§5.3; Figure 2, `AppendEntries`, receiver).

use raft_core::rules::{Append, AppendReply};
use raft_core::{Effect, Entry, Input, LogIndex, Paper, Progress, Raft, Rules, State, Write};

use super::{Area, Boundary, Harm, Mutant};

/// Breaks Figure 2, `AppendEntries` 2: reply false unless the entry at `prevLogIndex` has the term
/// `prevLogTerm`. With a gap before them the entries go to the end of the log.
pub(super) static APPEND_NO_PREV_CHECK: Mutant = Mutant {
    id: "append-no-prev-check",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "append without comparing prev_log_term at prev_log_index",
    provenance: &["Raft Fig. 2 receiver rule 2"],
    violates: &["log matching"],
    needs: "divergent suffix after one leader change",
    nodes_min: 3,
    first: &[
        "AcknowledgedEntriesDurable",
        "EntryCreatedByItsLeader",
        "LogMatching",
        "StateMachineSafety",
        "AppliedWithinCommitWithinLog",
        "FollowerCommitWithinVerified",
    ],
    rules: &AppendNoPrevCheck,
    boundary: None,
};

struct AppendNoPrevCheck;

impl Rules for AppendNoPrevCheck {
    fn is_consistent(&self, _follower: &State, _append: &Append) -> bool {
        true
    }
}

/// Breaks Figure 2, `AppendEntries` 3: delete *if* an existing entry conflicts, not to be on the
/// safe side. A late message then deletes what was acknowledged since.
pub(super) static APPEND_TRUNCATES_ALWAYS: Mutant = Mutant {
    id: "append-truncates-always",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "\
        truncate everything after prev_log_index whenever AppendEntries passes (also empty \
        or stale ones), not only on a term conflict",
    provenance: &[
        "SandTable (EuroSys'24) RaftOS#2 (zhebrak/raftos#26)",
        "microsoft/CCF#5991, #6016 ('truncation from early AE')",
        "Students' Guide to Raft",
    ],
    violates: &["leader completeness", "durability"],
    needs: "one reordered/delayed AppendEntries",
    nodes_min: 2,
    first: &[
        "CommittedNeverTruncated",
        "MatchIsDurable",
        "AcknowledgedEntriesDurable",
        "CommittedDurableOnQuorum",
        "QuorumHoldsLedger",
    ],
    rules: &AppendTruncatesAlways,
    boundary: None,
};

struct AppendTruncatesAlways;

impl Rules for AppendTruncatesAlways {
    fn first_conflict(
        &self,
        _follower: &State,
        append: &Append,
        _entries: &[Entry],
    ) -> Option<LogIndex> {
        Some(append.prev_log.index + 1)
    }
}

/// Breaks Figure 2, `AppendEntries` 3, and the atomicity of a write. Deleting and appending the same
/// entries in one write would change nothing on disk; a crash between two writes loses them.
pub(super) static APPEND_DELETE_THEN_APPEND_CRASH: Mutant = Mutant {
    id: "append-delete-then-append-crash",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "\
        delete from prev+1 and re-append as two durable operations, also for matching \
        entries; crash in between",
    provenance: &["openraft 9540c904 (async-raft)", "baidu/braft commit 10cd9e3"],
    violates: &["leader completeness", "durability"],
    needs: "crash between the two writes",
    nodes_min: 3,
    first: &[
        "CommittedNeverTruncated",
        "QuorumHoldsLedger",
        "AcknowledgedEntriesDurable",
        "MatchIsDurable",
        "CommittedDurableOnQuorum",
    ],
    rules: &AppendDeleteThenAppendCrash,
    boundary: Some(|| Box::new(TwoWrites)),
};

struct AppendDeleteThenAppendCrash;

impl Rules for AppendDeleteThenAppendCrash {
    fn first_conflict(
        &self,
        _follower: &State,
        append: &Append,
        entries: &[Entry],
    ) -> Option<LogIndex> {
        (!entries.is_empty()).then_some(append.prev_log.index + 1)
    }
}

/// Every write of the server becomes two: the first deletes, the second does the rest. Write `n`
/// is `2n - 1` and `2n` on disk.
struct TwoWrites;

impl Boundary for TwoWrites {
    fn step(&mut self, server: &mut Raft, mut input: Input, effects: &mut Vec<Effect>) {
        if let Input::WriteDone(through) = &mut input {
            *through /= 2;
        }
        server.step(input, effects);
        for effect in &mut *effects {
            match effect {
                Effect::Write(write) => write.id *= 2,
                Effect::Send { after: Some(after), .. } => *after *= 2,
                _ => {}
            }
        }
        let split = effects.iter_mut().enumerate().find_map(|(position, effect)| match effect {
            Effect::Write(write) if write.truncate_from.is_some() => {
                let truncate_from = write.truncate_from.take();
                let first = Write { id: write.id - 1, truncate_from, ..Write::default() };
                Some((position, first))
            }
            _ => None,
        });
        if let Some((position, first)) = split {
            effects.insert(position, Effect::Write(first));
        }
    }
}

/// Breaks Figure 2, `AppendEntries` 3: same index and *different terms* is a conflict.
pub(super) static APPEND_SKIP_WITHOUT_TERM_COMPARE: Mutant = Mutant {
    id: "append-skip-without-term-compare",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "\
        if an entry exists at that index keep it (no term comparison, never overwrite)",
    provenance: &["student bug; Raft Fig. 2 receiver rule 3"],
    violates: &["log matching", "state machine safety"],
    needs: "divergent suffix",
    nodes_min: 3,
    first: &[
        "AcknowledgedEntriesDurable",
        "LogMatching",
        "CommittedDurableOnQuorum",
        "StateMachineSafety",
    ],
    rules: &AppendSkipWithoutTermCompare,
    boundary: None,
};

struct AppendSkipWithoutTermCompare;

impl Rules for AppendSkipWithoutTermCompare {
    fn first_conflict(
        &self,
        _follower: &State,
        _append: &Append,
        _entries: &[Entry],
    ) -> Option<LogIndex> {
        None
    }
}

/// Breaks Figure 2, `AppendEntries` 5: the index of the last *new* entry is the limit, not the last
/// entry in the log, which the message may not have looked at.
pub(super) static COMMIT_MIN_LAST_LOG_INDEX: Mutant = Mutant {
    id: "commit-min-last-log-index",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "\
        follower commit = min(leader_commit, own last index) instead of index of last entry \
        covered by this RPC",
    provenance: &[
        "etcd-io/raft commit b927fa8 (2014)",
        "openraft 9540c904",
        "Students' Guide to Raft",
        "andreev-io/little-raft 0.2.0",
    ],
    violates: &["state machine safety"],
    needs: "stale suffix on follower + heartbeat with a short prev",
    nodes_min: 3,
    first: &["FollowerCommitWithinVerified", "StateMachineSafety"],
    rules: &CommitMinLastLogIndex,
    boundary: None,
};

struct CommitMinLastLogIndex;

impl Rules for CommitMinLastLogIndex {
    fn commit_index_after_append(
        &self,
        follower: &State,
        append: &Append,
        consistent: bool,
    ) -> LogIndex {
        if consistent {
            follower.commit_index.max(append.leader_commit.min(follower.log.last_index()))
        } else {
            follower.commit_index
        }
    }
}

/// Breaks Figure 2, `AppendEntries` 5, for heartbeats: they are believed before, and even without,
/// the consistency check. (Heartbeats here carry `prevLogIndex`, so the bug is planted where the
/// follower reads them.)
pub(super) static HEARTBEAT_COMMIT_NOT_BOUNDED_BY_MATCH: Mutant = Mutant {
    id: "heartbeat-commit-not-bounded-by-match",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "\
        leader puts its full commit index in heartbeats (no prev check on follower) instead \
        of min(match, commit)",
    provenance: &["etcd-io/raft c4c32e1/c405634 and bcastHeartbeat comment"],
    violates: &["state machine safety"],
    needs: "divergent suffix on the follower",
    nodes_min: 3,
    first: &["FollowerCommitWithinVerified", "StateMachineSafety"],
    rules: &HeartbeatCommitNotBoundedByMatch,
    boundary: None,
};

struct HeartbeatCommitNotBoundedByMatch;

impl Rules for HeartbeatCommitNotBoundedByMatch {
    fn commit_index_after_append(
        &self,
        follower: &State,
        append: &Append,
        consistent: bool,
    ) -> LogIndex {
        if append.entries == 0 {
            follower.commit_index.max(append.leader_commit.min(follower.log.last_index()))
        } else {
            Paper.commit_index_after_append(follower, append, consistent)
        }
    }
}

/// Breaks Figure 2: `commitIndex` increases monotonically; step 5 acts only if `leaderCommit` is
/// greater.
pub(super) static COMMIT_NOT_MONOTONIC: Mutant = Mutant {
    id: "commit-not-monotonic",
    area: Area::Log,
    harm: Harm::Lemma,
    mechanism: "commit_index assigned, not max()ed",
    provenance: &[
        "SandTable (EuroSys'24) PySyncObj#2 (bakwc/PySyncObj#166)",
        "wenweihu86/raft-java#54",
    ],
    violates: &["commit monotonic"],
    needs: "new leader with a lower commit index",
    nodes_min: 2,
    first: &["CommitMonotonic"],
    rules: &CommitNotMonotonic,
    boundary: None,
};

struct CommitNotMonotonic;

impl Rules for CommitNotMonotonic {
    fn commit_index_after_append(
        &self,
        follower: &State,
        append: &Append,
        consistent: bool,
    ) -> LogIndex {
        if consistent { append.leader_commit.min(append.covered()) } else { follower.commit_index }
    }
}

/// Breaks §5.3: success means identical up through the *new* entries, not through all the follower
/// has.
pub(super) static ACK_OWN_LAST_INDEX: Mutant = Mutant {
    id: "ack-own-last-index",
    area: Area::Log,
    harm: Harm::Safety,
    mechanism: "follower acks its own last_log_index instead of prev + len(entries)",
    provenance: &["microsoft/CCF#6016 ('inaccurate AE-ACK')", "andreev-io/little-raft 0.2.0"],
    violates: &["leader completeness", "state machine safety"],
    needs: "divergent longer suffix + matching heartbeat",
    nodes_min: 3,
    first: &["AcknowledgedEntriesDurable"],
    rules: &AckOwnLastIndex,
    boundary: None,
};

struct AckOwnLastIndex;

impl Rules for AckOwnLastIndex {
    fn acknowledged_index(&self, follower: &State, _append: &Append) -> LogIndex {
        follower.log.last_index()
    }
}

/// Breaks §5.3 and Figure 2 (`matchIndex` increases monotonically). One too few alone would only be
/// slow; it takes the leader that believes whatever came last to do harm, so both are planted.
pub(super) static ACK_OFF_BY_ONE: Mutant = Mutant {
    id: "ack-off-by-one",
    area: Area::Log,
    harm: Harm::Lemma,
    mechanism: "\
        the acknowledgement of entries is one short, and the leader takes the last one it \
        hears without max()",
    provenance: &["SandTable (EuroSys'24) PySyncObj#4 (bakwc/PySyncObj#167)"],
    violates: &["match monotonic"],
    needs: "partition during replication, 3 AppendEntries in flight",
    nodes_min: 2,
    first: &["MatchMonotonic"],
    rules: &AckOffByOne,
    boundary: None,
};

struct AckOffByOne;

impl Rules for AckOffByOne {
    fn acknowledged_index(&self, _follower: &State, append: &Append) -> LogIndex {
        append.covered() - u64::from(0 < append.entries)
    }

    fn match_index_after_reply(
        &self,
        _leader: &State,
        follower: &Progress,
        reply: &AppendReply,
    ) -> LogIndex {
        if reply.success { reply.match_index } else { follower.match_index }
    }
}
