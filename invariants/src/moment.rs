//! What facts mean: the moments at which a judge or a witness is asked.
//!
//! A fact is digested once, by the checker; each moment is put to those judges only that sit on its
//! kind, with the history as it is at that moment. What a moment says of "before" is no longer in
//! the history.

use crate::fact::{
    Breach, Command, Entry, HardState, LogIndex, LogPosition, NodeId, Outcome, Payload, Role,
    Statement, Term,
};
use crate::history::canon::Known;
use crate::history::elections::Election;
use crate::history::log::PrefixHash;
use crate::reveals::Reveals;

/// A node (re)started; its memory is its disk.
#[derive(Copy, Clone, Debug)]
pub struct Restarted {
    /// Who.
    pub node: NodeId,
    /// Writes that its last stop took from it.
    pub lost_writes: usize,
}

/// A node went down.
#[derive(Copy, Clone, Debug)]
pub struct Stopped {
    /// Who.
    pub node: NodeId,
    /// The term that it led until then.
    pub led: Option<Term>,
}

/// A node wrote a term and a vote; they are in the history already.
#[derive(Copy, Clone, Debug)]
pub struct HardStateWritten {
    /// Who.
    pub node: NodeId,
    /// What it had written before, or found on its disk.
    pub before: HardState,
    /// What it writes.
    pub after: HardState,
}

/// A node deletes entries that the same write does not put back. The history still holds them.
#[derive(Copy, Clone, Debug)]
pub struct Truncated {
    /// Who.
    pub node: NodeId,
    /// First index that goes.
    pub from: LogIndex,
    /// The term the node is in.
    pub term: Term,
}

/// A log grew by an entry, which is in the history already.
#[derive(Copy, Clone, Debug)]
pub struct Appended {
    /// Whose log.
    pub node: NodeId,
    /// Where.
    pub index: LogIndex,
    /// What.
    pub entry: Entry,
    /// Hash of the log up to it.
    pub hash: PrefixHash,
    /// Term of the entry before it, 0 if it is the first.
    pub parent: Term,
    /// What was known of this index and term; `None` if no log had ever held an entry of this term
    /// there.
    pub known: Option<Known>,
}

/// A write reached the disk.
#[derive(Copy, Clone, Debug)]
pub struct Durable {
    /// Whose disk.
    pub node: NodeId,
    /// Durable term and vote until then.
    pub before: HardState,
    /// First index that went from the durable log.
    pub cut_from: Option<LogIndex>,
}

/// A vote was cast: granted in a message that left, or for itself and durable, asked upon or used.
#[derive(Copy, Clone, Debug)]
pub struct Voted {
    /// The voter.
    pub node: NodeId,
    /// The term.
    pub term: Term,
    /// Who gets it.
    pub candidate: NodeId,
    /// Who got this voter's vote of this term first.
    pub earlier: Option<NodeId>,
}

/// A message left.
#[derive(Copy, Clone, Debug)]
pub struct Sent {
    /// Sender.
    pub node: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// What it says.
    pub statement: Statement,
}

/// An `AppendEntries` left; told at once if it says nothing new of its sender, else when that one's
/// step ends.
#[derive(Copy, Clone, Debug)]
pub struct AppendEntriesSent {
    /// Sender.
    pub node: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// Term that it carries.
    pub term: Term,
    /// `prevLogIndex`, `prevLogTerm`.
    pub prev_log: LogPosition,
    /// Number of entries.
    pub entries: u64,
    /// Position of its last entry.
    pub last_log: LogPosition,
    /// `leaderCommit`.
    pub leader_commit: LogIndex,
}

/// A message arrived.
#[derive(Copy, Clone, Debug)]
pub struct Received {
    /// Addressee.
    pub node: NodeId,
    /// Sender.
    pub from: NodeId,
    /// Whether it arrived before.
    pub again: bool,
}

/// A step ended. Nearly half of all steps only hear a heartbeat or a stale message; who judges what
/// a step has changed sits on [`Changed`] instead.
#[derive(Copy, Clone, Debug)]
pub struct Stepped {
    /// Who.
    pub node: NodeId,
    /// Its how-manieth step, over all incarnations.
    pub step: u64,
}

/// A step ended in which the node's view changed, or it wrote, applied or answered a client; both
/// views are in the history.
#[derive(Copy, Clone, Debug)]
pub struct Changed {
    /// Who.
    pub node: NodeId,
    /// Its how-manieth step, over all incarnations.
    pub step: u64,
}

/// A step ended in another role or in another term than it began.
#[derive(Copy, Clone, Debug)]
pub struct RoleChanged {
    /// Who.
    pub node: NodeId,
    /// Role and term before.
    pub before: (Role, Term),
    /// Role and term now.
    pub after: (Role, Term),
}

/// A node is leader of a term that it did not lead before this step; recorded already.
#[derive(Copy, Clone, Debug)]
pub struct BecameLeader {
    /// The leader.
    pub node: NodeId,
    /// Of which term.
    pub term: Term,
    /// In which incarnation.
    pub incarnation: u32,
    /// The first election of this term, if this is not it.
    pub earlier: Option<Election>,
}

/// A step ended that had an `AppendEntries` of the node's own term to answer.
#[derive(Copy, Clone, Debug)]
pub struct Accepted {
    /// Who answered.
    pub node: NodeId,
    /// Who sent it.
    pub from: NodeId,
    /// The term of both.
    pub term: Term,
    /// The last entry that the message carries.
    pub last_log: LogPosition,
    /// Whether the log grew.
    pub appended: bool,
    /// Whether the node's view shows the step.
    pub settled: bool,
}

/// A node calls more entries committed than before. The ledger has grown already.
#[derive(Copy, Clone, Debug)]
pub struct CommitAdvanced {
    /// Who.
    pub node: NodeId,
    /// Up to where it had called them committed in this incarnation.
    pub from: LogIndex,
    /// Up to where it does now.
    pub to: LogIndex,
    /// The term as whose leader it says so; `None` for a follower.
    pub leader_of: Option<Term>,
    /// Length of the ledger until then.
    pub ledger_before: LogIndex,
    /// Commit term of the ledger's entry at `to` until then, if it had one.
    pub commit_term_before: Option<Term>,
}

/// The ledger grew by an entry.
#[derive(Copy, Clone, Debug)]
pub struct Committed {
    /// The leader that committed it.
    pub node: NodeId,
    /// Where.
    pub index: LogIndex,
    /// What.
    pub entry: Entry,
    /// Term of the leader.
    pub term: Term,
}

/// A leader's `matchIndex` of another node changed, or it came to lead with one that is not 0.
#[derive(Copy, Clone, Debug)]
pub struct MatchChanged {
    /// The leader.
    pub node: NodeId,
    /// Its term.
    pub term: Term,
    /// Of whom.
    pub follower: NodeId,
    /// Before; `None` if the leadership began with this step.
    pub before: Option<LogIndex>,
    /// Now.
    pub after: LogIndex,
}

/// A leader's `nextIndex` or `matchIndex` of another node changed.
#[derive(Copy, Clone, Debug)]
pub struct NextChanged {
    /// The leader.
    pub node: NodeId,
    /// Of whom.
    pub follower: NodeId,
    /// `nextIndex` now.
    pub next: LogIndex,
    /// `matchIndex` now.
    pub matched: LogIndex,
}

/// A node applied an entry; its own counter in the history is still the one before.
#[derive(Copy, Clone, Debug)]
pub struct Applied {
    /// Who.
    pub node: NodeId,
    /// Where.
    pub index: LogIndex,
    /// Term of the entry.
    pub term: Term,
    /// Its content.
    pub payload: Payload,
    /// Hash of the state machine after it.
    pub state_hash: u64,
    /// The first state hash that any node had after applying here, and which node.
    pub known: Option<(u64, NodeId)>,
}

/// A client was answered.
#[derive(Copy, Clone, Debug)]
pub struct Replied {
    /// By whom.
    pub node: NodeId,
    /// About which command.
    pub command: Command,
    /// What it was told.
    pub outcome: Outcome,
}

/// A client was told that its write is committed; judged when the step ends, and once more when
/// the ledger reaches the index, if it had not.
#[derive(Copy, Clone, Debug)]
pub struct Acknowledged {
    /// By whom.
    pub node: NodeId,
    /// Which command.
    pub command: Command,
    /// Where it was said to be committed.
    pub index: LogIndex,
    /// Whether this is the second time.
    pub late: bool,
}

/// A node panicked.
#[derive(Clone, Debug)]
pub struct Panicked {
    /// Who.
    pub node: NodeId,
    /// `file:line: message`.
    pub place: String,
}

/// Something grew beyond all reason.
#[derive(Clone, Debug)]
pub struct Exploded {
    /// Who was acting.
    pub node: NodeId,
    /// What grew.
    pub what: String,
}

/// A node asked for what the port does not have.
#[derive(Copy, Clone, Debug)]
pub struct Breached {
    /// Who.
    pub node: NodeId,
    /// What it asked for.
    pub breach: Breach,
}

/// A node's view keeps silent about something that its guest declares to reveal.
#[derive(Copy, Clone, Debug)]
pub struct Withheld {
    /// Who.
    pub node: NodeId,
    /// About what.
    pub what: Reveals,
}
