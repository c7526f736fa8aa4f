//! What goes into a server and what comes out of it. Time, chance, disk and wire are outside.

use crate::message::Message;
use crate::types::{Entry, HardState, LogIndex, NodeId, WriteId};

/// One thing that happens to a server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// A timer fired. Timers are one-shot; a fired timer must be set again.
    Timeout(Timer),
    /// A message arrived.
    Receive {
        /// Its sender.
        from: NodeId,
        /// The message.
        message: Message,
    },
    /// A client asks for a command to be executed.
    ClientRequest(u64),
    /// All writes up to this one are durable.
    WriteDone(WriteId),
    /// The disk could not write: nothing that is not yet durable may be relied on.
    WriteFailed,
}

/// The two timers of §5.2.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Timer {
    /// A follower or candidate that hears nothing starts an election.
    Election,
    /// A leader sends a heartbeat.
    Heartbeat,
}

/// One thing that a server wants done; to be carried out in the order given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Make this durable, all or nothing. Writes become durable in order.
    Write(Write),
    /// Send a message, but not before all writes up to `after` are durable.
    Send {
        /// Addressee.
        to: NodeId,
        /// The message.
        message: Message,
        /// The write it must wait for; `None` if it may leave at once.
        after: Option<WriteId>,
    },
    /// (Re)start a one-shot timer. The caller picks the length: random for an election (§5.2),
    /// much shorter for a heartbeat.
    SetTimer(Timer),
    /// Apply a committed entry to the state machine (§5.3). Indices come one by one.
    Apply {
        /// Where.
        index: LogIndex,
        /// What.
        entry: Entry,
    },
    /// Answer a client.
    Reply {
        /// The command asked for.
        command: u64,
        /// The answer.
        outcome: Outcome,
    },
    /// The server stops: its disk failed, and it may not promise anything again before a restart.
    Halt,
}

/// What a client is told. No answer at all means "unknown".
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Committed and applied at this index.
    Committed(LogIndex),
    /// This server is not the leader: the command was not accepted and never will be.
    NotLeader,
}

/// One atomic batch for the disk, applied in field order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Write {
    /// Its name.
    pub id: WriteId,
    /// New term and vote.
    pub hard_state: Option<HardState>,
    /// Delete the entry at this index and all that follow it.
    pub truncate_from: Option<LogIndex>,
    /// Entries to add at the end of the log.
    pub append: Vec<Entry>,
}

/// What a server finds on its disk when it starts.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Disk {
    /// Term and vote.
    pub hard_state: HardState,
    /// The log, from index 1.
    pub log: Vec<Entry>,
}

/// Limits of replication (dissertation §10.2).
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// Most entries in one `AppendEntries`, at least 1.
    pub batch_entries_max: usize,
    /// Most `AppendEntries` with entries in flight to one follower, at least 1.
    pub window_messages_max: usize,
}
