//! Planted bugs: what is on disk when (Figure 2, persistent state; Thesis §10.2.1).

use raft_core::rules::{Append, DiskFailure, NO_WRITE, VoteRequest};
use raft_core::{Disk, Effect, HardState, Input, LogIndex, Paper, Raft, Rules, State, WriteId};

use super::{Area, Boundary, Harm, Mutant};

/// Breaks Figure 2: `votedFor` is on stable storage before responding.
pub(super) static VOTE_REPLY_BEFORE_PERSIST: Mutant = Mutant {
    id: "vote-reply-before-persist",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "send VoteResponse(granted) before (term, voted_for) is durable",
    provenance: &[
        "NodeDB-Lab/nodedb#161",
        "Raft Fig. 2 'updated on stable storage before responding'",
    ],
    violates: &["vote-once", "election safety"],
    needs: "crash between reply and write, restart",
    nodes_min: 3,
    first: &["TermDurableBeforeSend", "VoteDurableBeforeReply"],
    rules: &VoteReplyBeforePersist,
    boundary: None,
};

struct VoteReplyBeforePersist;

impl Rules for VoteReplyBeforePersist {
    fn vote_waits_for(&self, _voter: &State, _request: &VoteRequest) -> WriteId {
        NO_WRITE
    }
}

/// Breaks Figure 2: `votedFor` is persistent state. The term is written, the vote is not.
pub(super) static VOTE_NOT_PERSISTED: Mutant = Mutant {
    id: "vote-not-persisted",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "voted_for (and/or term) volatile",
    provenance: &[
        "bakwc/PySyncObj#202 (2026)",
        "wenweihu86/raft-java#57",
        "tikv/tikv#8381, #3572 (uninitialised peers)",
        "ktoso/akka-raft#62",
        "apache/iotdb#1125",
        "NodeDB-Lab/nodedb#161",
    ],
    violates: &["vote-once", "election safety", "term monotonic"],
    needs: "one restart between two VoteRequests of one term",
    nodes_min: 3,
    first: &["ViewMatchesLog"],
    rules: &VoteNotPersisted,
    boundary: None,
};

struct VoteNotPersisted;

impl Rules for VoteNotPersisted {
    fn persisted(&self, _server: &State, hard_state: HardState) -> HardState {
        HardState { voted_for: None, ..hard_state }
    }
}

/// Breaks what Figure 2 says of votes for a candidate's vote for itself: others are asked while a
/// power loss can still undo it.
pub(super) static CANDIDATE_SENDS_BEFORE_PERSIST: Mutant = Mutant {
    id: "candidate-sends-before-persist",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "\
        send VoteRequests for T+1 before (T+1, self) is durable; after the crash the node \
        can vote for another in T+1",
    provenance: &[
        "sofa-jraft NodeImpl.electSelf (Specula #2)",
        "etcd-io/raft e9e525d (async leader vote)",
    ],
    violates: &["vote-once", "election safety"],
    needs: "crash after send, before write; late grant",
    nodes_min: 3,
    first: &["TermDurableBeforeSend"],
    rules: &CandidateSendsBeforePersist,
    boundary: None,
};

struct CandidateSendsBeforePersist;

impl Rules for CandidateSendsBeforePersist {
    fn request_vote_waits_for(&self, _candidate: &State) -> WriteId {
        NO_WRITE
    }
}

/// Breaks Figure 2: `currentTerm` is on stable storage before responding. Entries overtake the term
/// with which they came: it is written with the next change of term or vote.
pub(super) static TERM_WRITTEN_AFTER_ENTRIES: Mutant = Mutant {
    id: "term-written-after-entries",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "\
        a follower that learns of a term by AppendEntries writes and acknowledges the entries; \
        term and vote are written later",
    provenance: &["openraft docs: io_ordering, io_id (save_vote reordered after append)"],
    violates: &["term monotonic", "durability", "leader completeness"],
    needs: "crash of a follower that knows the term by its entries only; a delayed append",
    nodes_min: 3,
    first: &["LogTermWithinCurrent"],
    rules: &Paper,
    boundary: Some(|| Box::new(TermAfterEntries)),
};

/// Leaves the term out of writes that append.
struct TermAfterEntries;

impl Boundary for TermAfterEntries {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        server.step(input, effects);
        for effect in effects {
            if let Effect::Write(write) = effect
                && !write.append.is_empty()
            {
                write.hard_state = None;
            }
        }
    }
}

/// Breaks Figure 2: `log[]` is on stable storage before responding. The term still is.
pub(super) static APPEND_ACK_BEFORE_FSYNC: Mutant = Mutant {
    id: "append-ack-before-fsync",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "follower acks entries still in the page cache",
    provenance: &[
        "Vanlightly/raft-tlaplus RaftFsync.tla FollowerFsyncBeforeReply=FALSE",
        "nats-io/nats-server#7564, #7567",
        "tikv/tikv#994",
    ],
    violates: &["durability", "leader completeness"],
    needs: "crash losing unsynced writes on one node",
    nodes_min: 3,
    first: &["AcknowledgedEntriesDurable"],
    rules: &AppendAckBeforeFsync,
    boundary: None,
};

struct AppendAckBeforeFsync;

impl Rules for AppendAckBeforeFsync {
    fn acknowledgement_waits_for(
        &self,
        follower: &State,
        _append: &Append,
        _match_index: LogIndex,
    ) -> WriteId {
        follower.journal.term_write()
    }
}

/// Breaks Thesis §10.2.1: a leader that writes in parallel may commit an entry before it is on its
/// own disk only if a majority of *others* has it.
pub(super) static LEADER_COUNTS_UNSYNCED_SELF: Mutant = Mutant {
    id: "leader-counts-unsynced-self",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "leader includes itself in the commit quorum before its own entry is durable",
    provenance: &[
        "Vanlightly/raft-tlaplus RaftFsync.tla LeaderFsyncBeforeIncludeInQuorum",
        "openraft a9f696a9 'New leader must flush blank log' (0.9.11)",
        "etcd-io/etcd#12589",
    ],
    violates: &["durability", "leader completeness"],
    needs: "leader power loss right after commit",
    nodes_min: 3,
    first: &["CommittedDurableOnQuorum"],
    rules: &LeaderCountsUnsyncedSelf,
    boundary: None,
};

struct LeaderCountsUnsyncedSelf;

impl Rules for LeaderCountsUnsyncedSelf {
    fn own_match_index(&self, leader: &State) -> LogIndex {
        leader.log.last_index()
    }
}

/// Breaks Thesis §10.2.1 where nobody else could notice: a cluster of one commits what it is about
/// to write.
pub(super) static SINGLE_NODE_COMMIT_BEFORE_PERSIST: Mutant = Mutant {
    id: "single-node-commit-before-persist",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "\
        single-voter cluster emits an entry as committed in the same batch in which it must \
        still be written",
    provenance: &["etcd-io/etcd#14370, #10508; etcd-io/raft 437bcb8"],
    violates: &["durability"],
    needs: "crash between apply/ack and write",
    nodes_min: 1,
    first: &["CommittedDurableOnQuorum"],
    rules: &SingleNodeCommitBeforePersist,
    boundary: None,
};

struct SingleNodeCommitBeforePersist;

impl Rules for SingleNodeCommitBeforePersist {
    fn own_match_index(&self, leader: &State) -> LogIndex {
        if leader.peers.is_empty() {
            leader.log.last_index()
        } else {
            leader.journal.durable_index()
        }
    }
}

/// Breaks Figure 2 ("updated on stable storage"): a failed write is taken for a finished one, and
/// the server goes on with what it remembers.
pub(super) static PERSIST_ERROR_IGNORED: Mutant = Mutant {
    id: "persist-error-ignored",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "\
        failure of the hard-state write is logged and the node continues with the new \
        term/vote in memory",
    provenance: &[
        "sofa-jraft#96 and 3 callers (Specula #3,#5)",
        "baidu/braft node.cpp:1848",
        "MartinKalema/horizontal-scaling-convex#156",
    ],
    violates: &["vote-once", "election safety"],
    needs: "EIO on the hard-state write + restart",
    nodes_min: 3,
    first: &[
        "TermDurableBeforeSend",
        "CommittedDurableOnQuorum",
        "ViewMatchesLog",
        "AcknowledgedEntriesDurable",
    ],
    rules: &PersistErrorIgnored,
    boundary: None,
};

struct PersistErrorIgnored;

impl Rules for PersistErrorIgnored {
    fn when_disk_fails(&self, _server: &State) -> DiskFailure {
        DiskFailure::Ignore
    }
}

/// Breaks Figure 2: `currentTerm` and `votedFor` survive. The file that holds them is never found
/// again, and the server starts in term 0; the log is there.
pub(super) static META_FILE_MISSING_IS_TERM_ZERO: Mutant = Mutant {
    id: "meta-file-missing-is-term-zero",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "missing or unreadable vote file -> start at term 0, no vote",
    provenance: &["sofa-jraft LocalRaftMetaStorage.load (Specula #4)"],
    violates: &["election safety", "term monotonic"],
    needs: "file loss (not fsynced directory entry) + restart",
    nodes_min: 3,
    first: &["TermMonotonic"],
    rules: &Paper,
    boundary: Some(|| Box::new(MetaFileMissing)),
};

/// Term and vote are never found again.
struct MetaFileMissing;

impl Boundary for MetaFileMissing {
    fn on_boot(&mut self, disk: &mut Disk) {
        disk.hard_state = HardState::default();
    }
}

/// Breaks Figure 2 (`log[]` on stable storage before responding) by a mix-up: once an index was
/// durable, it counts as durable whatever is written there later.
pub(super) static ASYNC_APPEND_ACK_ABA: Mutant = Mutant {
    id: "async-append-ack-aba",
    area: Area::Persistence,
    harm: Harm::Safety,
    mechanism: "\
        completion of an old append write acknowledges a newer entry at the same index (no \
        term in the completion)",
    provenance: &[
        "etcd-io/raft#8 async storage writes; testdata async_storage_writes_append_aba_race.txt",
    ],
    violates: &["durability", "leader completeness"],
    needs: "two leaders overwrite index i while writes are in flight",
    nodes_min: 3,
    first: &["AcknowledgedEntriesDurable", "CommittedDurableOnQuorum"],
    rules: &AsyncAppendAckAba,
    boundary: None,
};

struct AsyncAppendAckAba;

impl Rules for AsyncAppendAckAba {
    fn durable_index_after_truncation(&self, durable: LogIndex, _from: LogIndex) -> LogIndex {
        durable
    }

    fn write_vouches_after_truncation(&self, last_index: LogIndex, _from: LogIndex) -> LogIndex {
        last_index
    }
}
