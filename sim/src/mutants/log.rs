//! Planted bugs: the follower's log (§5.3; Figure 2, `AppendEntries`, receiver).

use raft_core::rules::{Append, AppendReply};
use raft_core::{
    Body, Effect, Entry, Input, LogIndex, LogPosition, Message, Paper, Progress, Raft, Rules,
    State, Term, Write,
};

use super::{Boundary, Harm, Mutant};

/// With a gap before them the entries go to the end of the log.
pub(super) static APPEND_NO_PREV_CHECK: Mutant = Mutant::new(
    "append-no-prev-check",
    "\
        Figure 2, `AppendEntries` 2: reply false unless the entry at `prevLogIndex` has the \
        term `prevLogTerm`",
    "append without comparing prev_log_term at prev_log_index",
)
.rules(&AppendNoPrevCheck)
.seen_in(&["Raft Fig. 2 receiver rule 2"]);

struct AppendNoPrevCheck;

impl Rules for AppendNoPrevCheck {
    fn is_consistent(&self, _follower: &State, _append: &Append) -> bool {
        true
    }
}

/// A late message then deletes what was acknowledged since.
pub(super) static APPEND_TRUNCATES_ALWAYS: Mutant = Mutant::new(
    "append-truncates-always",
    "\
        Figure 2, `AppendEntries` 3: delete *if* an existing entry conflicts, not to be on the \
        safe side",
    "\
        truncate everything after prev_log_index whenever AppendEntries passes (also empty or \
        stale ones), not only on a term conflict",
)
.rules(&AppendTruncatesAlways)
.seen_in(&[
    "SandTable (EuroSys'24) RaftOS#2 (zhebrak/raftos#26)",
    "microsoft/CCF#5991, #6016 ('truncation from early AE')",
    "Students' Guide to Raft",
]);

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

/// Deleting and appending the same entries in one write would change nothing on disk; a crash
/// between two writes loses them.
pub(super) static APPEND_DELETE_THEN_APPEND_CRASH: Mutant = Mutant::new(
    "append-delete-then-append-crash",
    "Figure 2, `AppendEntries` 3, and the atomicity of a write",
    "\
        delete from prev+1 and re-append as two durable operations, also for matching entries; \
        crash in between",
)
.rules(&AppendDeleteThenAppendCrash)
.boundary(|| Box::new(TwoWrites))
.seen_in(&["openraft 9540c904 (async-raft)", "baidu/braft commit 10cd9e3"]);

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

pub(super) static APPEND_SKIP_WITHOUT_TERM_COMPARE: Mutant = Mutant::new(
    "append-skip-without-term-compare",
    "Figure 2, `AppendEntries` 3: same index and *different terms* is a conflict",
    "if an entry exists at that index keep it (no term comparison, never overwrite)",
)
.rules(&AppendSkipWithoutTermCompare)
.seen_in(&["student bug; Raft Fig. 2 receiver rule 3"]);

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

pub(super) static COMMIT_MIN_LAST_LOG_INDEX: Mutant = Mutant::new(
    "commit-min-last-log-index",
    "\
        Figure 2, `AppendEntries` 5: the index of the last *new* entry is the limit, not the \
        last entry in the log, which the message may not have looked at",
    "\
        follower commit = min(leader_commit, own last index) instead of index of last entry \
        covered by this RPC",
)
.rules(&CommitMinLastLogIndex)
.seen_in(&[
    "etcd-io/raft commit b927fa8 (2014)",
    "openraft 9540c904",
    "Students' Guide to Raft",
    "andreev-io/little-raft 0.2.0",
]);

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

/// (Heartbeats here carry `prevLogIndex`, so the bug is planted where the follower reads them.)
pub(super) static HEARTBEAT_COMMIT_NOT_BOUNDED_BY_MATCH: Mutant = Mutant::new(
    "heartbeat-commit-not-bounded-by-match",
    "\
        Figure 2, `AppendEntries` 5, for heartbeats: they are believed before, and even \
        without, the consistency check",
    "\
        leader puts its full commit index in heartbeats (no prev check on follower) instead of \
        min(match, commit)",
)
.rules(&HeartbeatCommitNotBoundedByMatch)
.seen_in(&["etcd-io/raft c4c32e1/c405634 and bcastHeartbeat comment"]);

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

pub(super) static COMMIT_NOT_MONOTONIC: Mutant = Mutant::new(
    "commit-not-monotonic",
    "\
        Figure 2: `commitIndex` increases monotonically; step 5 acts only if `leaderCommit` is \
        greater",
    "commit_index assigned, not max()ed",
)
.rules(&CommitNotMonotonic)
.harms(Harm::Lemma)
.seen_in(&["SandTable (EuroSys'24) PySyncObj#2 (bakwc/PySyncObj#166)", "wenweihu86/raft-java#54"]);

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

pub(super) static ACK_OWN_LAST_INDEX: Mutant = Mutant::new(
    "ack-own-last-index",
    "\
        §5.3: success means identical up through the *new* entries, not through all the \
        follower has",
    "follower acks its own last_log_index instead of prev + len(entries)",
)
.rules(&AckOwnLastIndex)
.seen_in(&["microsoft/CCF#6016 ('inaccurate AE-ACK')", "andreev-io/little-raft 0.2.0"]);

struct AckOwnLastIndex;

impl Rules for AckOwnLastIndex {
    fn acknowledged_index(&self, follower: &State, _append: &Append) -> LogIndex {
        follower.log.last_index()
    }
}

/// One too few alone would only be slow; it takes the leader that believes whatever came last to do
/// harm, so both are planted.
pub(super) static ACK_OFF_BY_ONE: Mutant = Mutant::new(
    "ack-off-by-one",
    "§5.3 and Figure 2 (`matchIndex` increases monotonically)",
    "\
        the acknowledgement of entries is one short, and the leader takes the last one it \
        hears without max()",
)
.rules(&AckOffByOne)
.harms(Harm::Lemma)
.seen_in(&["SandTable (EuroSys'24) PySyncObj#4 (bakwc/PySyncObj#167)"]);

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

pub(super) static COMPARES_LAST_ENTRY_ONLY: Mutant = Mutant::new(
    "compares-last-entry-only",
    "Figure 2, `AppendEntries` 3: *any* existing entry that conflicts with a new one is deleted",
    "only the last new entry is compared: what the log has before it is taken to be the same",
)
.rules(&ComparesLastEntryOnly);

struct ComparesLastEntryOnly;

impl Rules for ComparesLastEntryOnly {
    fn first_conflict(
        &self,
        follower: &State,
        append: &Append,
        entries: &[Entry],
    ) -> Option<LogIndex> {
        let skipped = entries.len().saturating_sub(1);
        let index = append.prev_log.index + skipped as u64;
        let prev_log = LogPosition { index, ..append.prev_log };
        Paper.first_conflict(follower, &Append { prev_log, ..*append }, &entries[skipped..])
    }
}

pub(super) static TERM_REVERTS_ON_TRUNCATE: Mutant = Mutant::new(
    "term-reverts-on-truncate",
    "Figure 2: `currentTerm` increases monotonically",
    "after a truncation the server takes the term of the last entry left for its own",
)
.rules(&TermRevertsOnTruncate)
.seen_in(&["nats-io/nats-server#5975"]);

struct TermRevertsOnTruncate;

impl Rules for TermRevertsOnTruncate {
    fn term_after_truncation(&self, follower: &State) -> Term {
        follower.log.last().term
    }
}

pub(super) static RESTAMPS_OLD_ENTRIES: Mutant = Mutant::new(
    "restamps-old-entries",
    "§5.4.2: entries keep their terms when a later leader replicates them",
    "a leader sends the entries of its predecessors as entries of its own term",
)
.boundary(|| Box::new(RestampsOldEntries));

struct RestampsOldEntries;

impl Boundary for RestampsOldEntries {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        server.step(input, effects);
        for effect in effects {
            if let Effect::Send { message: Message { term, body }, .. } = effect
                && let Body::AppendEntries { entries, .. } = body
            {
                for entry in entries {
                    entry.term = *term;
                }
            }
        }
    }
}
