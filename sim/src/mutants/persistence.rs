//! Planted bugs: what is on disk when (Figure 2, persistent state; Thesis §10.2.1).

use raft_core::rules::{Append, DiskFailure, NO_WRITE, VoteRequest};
use raft_core::{
    Body, Disk, Effect, HardState, Input, LogIndex, Message, Paper, Raft, Role, Rules, State,
    WriteId,
};

use super::{Boundary, Mutant};

pub(super) static VOTE_REPLY_BEFORE_PERSIST: Mutant = Mutant::new(
    "vote-reply-before-persist",
    "Figure 2: `votedFor` is on stable storage before responding",
    "send VoteResponse(granted) before (term, voted_for) is durable",
)
.rules(&VoteReplyBeforePersist)
.seen_in(&["NodeDB-Lab/nodedb#161", "Raft Fig. 2 'updated on stable storage before responding'"]);

struct VoteReplyBeforePersist;

impl Rules for VoteReplyBeforePersist {
    fn vote_waits_for(&self, _voter: &State, _request: &VoteRequest) -> WriteId {
        NO_WRITE
    }
}

/// The term is written, the vote is not.
pub(super) static VOTE_NOT_PERSISTED: Mutant = Mutant::new(
    "vote-not-persisted",
    "Figure 2: `votedFor` is persistent state",
    "voted_for (and/or term) volatile",
)
.rules(&VoteNotPersisted)
.seen_in(&[
    "bakwc/PySyncObj#202 (2026)",
    "wenweihu86/raft-java#57",
    "tikv/tikv#8381, #3572 (uninitialised peers)",
    "ktoso/akka-raft#62",
    "apache/iotdb#1125",
    "NodeDB-Lab/nodedb#161",
]);

struct VoteNotPersisted;

impl Rules for VoteNotPersisted {
    fn persisted(&self, _server: &State, hard_state: HardState) -> HardState {
        HardState { voted_for: None, ..hard_state }
    }
}

pub(super) static CANDIDATE_SENDS_BEFORE_PERSIST: Mutant = Mutant::new(
    "candidate-sends-before-persist",
    "\
        what Figure 2 says of votes for a candidate's vote for itself: others are asked while \
        a power loss can still undo it",
    "\
        send VoteRequests for T+1 before (T+1, self) is durable; after the crash the node can \
        vote for another in T+1",
)
.rules(&CandidateSendsBeforePersist)
.seen_in(&[
    "sofa-jraft NodeImpl.electSelf (Specula #2)",
    "etcd-io/raft e9e525d (async leader vote)",
]);

struct CandidateSendsBeforePersist;

impl Rules for CandidateSendsBeforePersist {
    fn request_vote_waits_for(&self, _candidate: &State) -> WriteId {
        NO_WRITE
    }
}

/// Entries overtake the term with which they came: it is written with the next change of term or
/// vote.
pub(super) static TERM_WRITTEN_AFTER_ENTRIES: Mutant = Mutant::new(
    "term-written-after-entries",
    "Figure 2: `currentTerm` is on stable storage before responding",
    "\
        a follower that learns of a term by AppendEntries writes and acknowledges the entries; \
        term and vote are written later",
)
.boundary(|| Box::new(TermAfterEntries))
.seen_in(&["openraft docs: io_ordering, io_id (save_vote reordered after append)"]);

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

/// The term still is.
pub(super) static APPEND_ACK_BEFORE_FSYNC: Mutant = Mutant::new(
    "append-ack-before-fsync",
    "Figure 2: `log[]` is on stable storage before responding",
    "follower acks entries still in the page cache",
)
.rules(&AppendAckBeforeFsync)
.seen_in(&[
    "Vanlightly/raft-tlaplus RaftFsync.tla FollowerFsyncBeforeReply=FALSE",
    "nats-io/nats-server#7564, #7567",
    "tikv/tikv#994",
]);

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

pub(super) static LEADER_COUNTS_UNSYNCED_SELF: Mutant = Mutant::new(
    "leader-counts-unsynced-self",
    "\
        Thesis §10.2.1: a leader that writes in parallel may commit an entry before it is on \
        its own disk only if a majority of *others* has it",
    "leader includes itself in the commit quorum before its own entry is durable",
)
.rules(&LeaderCountsUnsyncedSelf)
.seen_in(&[
    "Vanlightly/raft-tlaplus RaftFsync.tla LeaderFsyncBeforeIncludeInQuorum",
    "openraft a9f696a9 'New leader must flush blank log' (0.9.11)",
    "etcd-io/etcd#12589",
]);

struct LeaderCountsUnsyncedSelf;

impl Rules for LeaderCountsUnsyncedSelf {
    fn own_match_index(&self, leader: &State) -> LogIndex {
        leader.log.last_index()
    }
}

pub(super) static SINGLE_NODE_COMMIT_BEFORE_PERSIST: Mutant = Mutant::new(
    "single-node-commit-before-persist",
    "\
        Thesis §10.2.1 where nobody else could notice: a cluster of one commits what it is \
        about to write",
    "\
        single-voter cluster emits an entry as committed in the same batch in which it must \
        still be written",
)
.rules(&SingleNodeCommitBeforePersist)
.seen_in(&["etcd-io/etcd#14370, #10508; etcd-io/raft 437bcb8"]);

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

pub(super) static PERSIST_ERROR_IGNORED: Mutant = Mutant::new(
    "persist-error-ignored",
    "\
        Figure 2 (\"updated on stable storage\"): a failed write is taken for a finished one, \
        and the server goes on with what it remembers",
    "\
        failure of the hard-state write is logged and the node continues with the new \
        term/vote in memory",
)
.rules(&PersistErrorIgnored)
.seen_in(&[
    "sofa-jraft#96 and 3 callers (Specula #3,#5)",
    "baidu/braft node.cpp:1848",
    "MartinKalema/horizontal-scaling-convex#156",
]);

struct PersistErrorIgnored;

impl Rules for PersistErrorIgnored {
    fn when_disk_fails(&self, _server: &State) -> DiskFailure {
        DiskFailure::Ignore
    }
}

/// The file that holds them is never found again, and the server starts in term 0; the log is
/// there.
pub(super) static META_FILE_MISSING_IS_TERM_ZERO: Mutant = Mutant::new(
    "meta-file-missing-is-term-zero",
    "Figure 2: `currentTerm` and `votedFor` survive",
    "missing or unreadable vote file -> start at term 0, no vote",
)
.boundary(|| Box::new(MetaFileMissing))
.seen_in(&["sofa-jraft LocalRaftMetaStorage.load (Specula #4)"]);

/// Term and vote are never found again.
struct MetaFileMissing;

impl Boundary for MetaFileMissing {
    fn on_boot(&mut self, disk: &mut Disk) {
        disk.hard_state = HardState::default();
    }
}

pub(super) static ASYNC_APPEND_ACK_ABA: Mutant = Mutant::new(
    "async-append-ack-aba",
    "\
        Figure 2 (`log[]` on stable storage before responding) by a mix-up: a write that is done \
        vouches for its indexes, whatever was put there since",
    "\
        completion of an old append write acknowledges a newer entry at the same index (no \
        term in the completion)",
)
.rules(&AsyncAppendAckAba)
.seen_in(&[
    "etcd-io/raft#8 async storage writes; testdata async_storage_writes_append_aba_race.txt",
]);

struct AsyncAppendAckAba;

impl Rules for AsyncAppendAckAba {
    fn write_vouches_after_truncation(&self, last_index: LogIndex, _from: LogIndex) -> LogIndex {
        last_index
    }
}

/// The entries came with an earlier message, which waits as it should.
pub(super) static HEARTBEAT_ACK_BEFORE_FSYNC: Mutant = Mutant::new(
    "heartbeat-ack-before-fsync",
    "Figure 2: `log[]` is on stable storage before responding",
    "a heartbeat brings nothing to write, so its answer vouches for the log without waiting for it",
)
.rules(&HeartbeatAckBeforeFsync);

struct HeartbeatAckBeforeFsync;

impl Rules for HeartbeatAckBeforeFsync {
    fn acknowledgement_waits_for(
        &self,
        follower: &State,
        append: &Append,
        match_index: LogIndex,
    ) -> WriteId {
        if append.entries == 0 {
            follower.journal.term_write()
        } else {
            Paper.acknowledgement_waits_for(follower, append, match_index)
        }
    }
}

/// The entries may have been deleted since, and the leader of that moment may never have had them.
pub(super) static LATE_ACK: Mutant = Mutant::new(
    "late-ack",
    "§5.1: an answer carries the term in which it was given, to whom it was given",
    "\
        an acknowledgement gets the term and the leader of the moment at which the disk is done, \
        not of the moment at which the entries came",
)
.boundary(|| Box::new(LateAck::default()))
.seen_in(&["canonical/raft#339, #367"]);

#[derive(Default)]
struct LateAck {
    waiting: Vec<(WriteId, Body)>,
}

impl Boundary for LateAck {
    fn step(&mut self, server: &mut Raft, input: Input, effects: &mut Vec<Effect>) {
        server.step(input, effects);
        effects.retain_mut(|effect| match effect {
            Effect::Send { message: Message { body, .. }, after: Some(write), .. }
                if matches!(body, Body::AppendEntriesReply { success: true, .. }) =>
            {
                self.waiting.push((*write, body.clone()));
                false
            }
            _ => true,
        });
        let State { journal, current_term, role, .. } = server.state();
        let done = self.waiting.extract_if(.., |(write, _)| journal.is_durable(*write));
        if let &Role::Follower { leader: Some(to) } = role {
            effects.extend(done.map(|(_, body)| Effect::Send {
                to,
                message: Message { term: *current_term, body },
                after: Some(journal.term_write()),
            }));
        }
    }
}

pub(super) static REUSES_INDEX: Mutant = Mutant::new(
    "reuses-index",
    "§5.3: a leader never overwrites or deletes entries in its log",
    "a leader whose disk fails takes back what was not written, and gives its index to another entry",
)
.rules(&ReusesIndex)
.seen_in(&["canonical/raft#320"]);

struct ReusesIndex;

impl Rules for ReusesIndex {
    fn when_disk_fails(&self, server: &State) -> DiskFailure {
        if server.leads() { DiskFailure::Forget } else { DiskFailure::Stop }
    }
}

pub(super) static RESUMES_LEADERSHIP: Mutant = Mutant::new(
    "resumes-leadership",
    "§5.2: servers start up as followers, whatever they were",
    "a server that finds its own vote and an entry of the current term on its disk starts as leader",
)
.rules(&ResumesLeadership)
.seen_in(&["apache/kafka#9348"]);

struct ResumesLeadership;

impl Rules for ResumesLeadership {
    fn role_at_boot(&self, server: &State) -> Role {
        let voted_for_itself = server.voted_for == Some(server.id);
        if voted_for_itself && server.log.last().term == server.current_term {
            Role::Leader
        } else {
            Paper.role_at_boot(server)
        }
    }
}

pub(super) static DURABLE_INDEX_OUTLIVES_CUT: Mutant = Mutant::new(
    "durable-index-outlives-cut",
    "Figure 2: `log[]` is on stable storage before responding",
    "\
        how far the log is durable is not lowered by a truncation: entries that take the place of \
        durable ones count as durable at once",
)
.rules(&DurableIndexOutlivesCut)
.seen_in(&["rabbitmq/ra#637"]);

struct DurableIndexOutlivesCut;

impl Rules for DurableIndexOutlivesCut {
    fn durable_index_after_truncation(&self, durable: LogIndex, _from: LogIndex) -> LogIndex {
        durable
    }
}
