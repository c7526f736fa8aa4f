//! What observably happened, in the words of the paper: the only thing a judge ever sees.
//!
//! The world reports facts in the order in which they happened. Within one step of a node that is:
//! what it received, then every effect in its order (writes issued, messages that left, entries
//! applied, replies), then [`Fact::Stepped`] with the node's own view, or [`Fact::Unsettled`] where
//! that lags behind. A message that had to wait for a write is reported when it leaves, which is
//! after that write's [`Fact::WriteDurable`].

use std::fmt;

/// Election terms, from 1; 0 is "before the first".
pub type Term = u64;
/// Positions in the log, from 1; 0 is "before the first entry".
pub type LogIndex = u64;
/// Names one write of one node; grows within an incarnation of that node.
pub type WriteId = u64;

/// A client's command, as a number that names it; unique within a run. Its meaning is the client's.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct Command(pub u64);

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "command {}", self.0)
    }
}

/// The largest cluster that can be simulated.
pub const NODES_MAX: usize = 9;

/// There is a bit for each of them in a [`NodeSet`].
const _: () = assert!(NODES_MAX <= u16::BITS as usize);

/// A server of the cluster, 1 to [`NODES_MAX`]; written `n1`.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct NodeId(pub u8);

impl NodeId {
    /// Position in arrays of [`NODES_MAX`]: 0 for `n1`.
    pub const fn slot(self) -> usize {
        self.0 as usize - 1
    }
    /// The node at a position, the inverse of [`NodeId::slot`].
    pub const fn at(slot: usize) -> Self {
        NodeId(slot as u8 + 1)
    }
    /// `n1` to `n<count>`.
    pub fn all(count: usize) -> impl DoubleEndedIterator<Item = NodeId> + Clone {
        (0..count).map(NodeId::at)
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

/// A set of nodes, as bits: `n1` is bit 0.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug, Hash)]
pub struct NodeSet(pub u16);

impl NodeSet {
    /// No node.
    pub const EMPTY: NodeSet = NodeSet(0);
    /// `n1` to `n<count>`.
    pub const fn first(count: usize) -> Self {
        NodeSet((1 << count) - 1)
    }
    /// Whether `node` is in the set.
    pub const fn contains(self, node: NodeId) -> bool {
        self.0 & (1 << node.slot()) != 0
    }
    /// Adds `node`.
    pub const fn insert(&mut self, node: NodeId) {
        self.0 |= 1 << node.slot();
    }
    /// Takes `node` out.
    pub const fn remove(&mut self, node: NodeId) {
        self.0 &= !(1 << node.slot());
    }
    /// How many nodes.
    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }
    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// The same nodes under other names: `names[slot]` is the new name of the node at that slot.
    #[must_use]
    pub fn renamed(self, names: &[NodeId; NODES_MAX]) -> Self {
        self.iter().map(|node| names[node.slot()]).collect()
    }
    /// In rising order.
    pub fn iter(self) -> impl DoubleEndedIterator<Item = NodeId> {
        Nodes(self)
    }
}

/// Takes nodes out of a set, from both ends.
struct Nodes(NodeSet);

impl Iterator for Nodes {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let lowest =
            (!self.0.is_empty()).then(|| NodeId::at(self.0.0.trailing_zeros() as usize))?;
        self.0.remove(lowest);
        Some(lowest)
    }
}

impl DoubleEndedIterator for Nodes {
    fn next_back(&mut self) -> Option<NodeId> {
        let highest = self.0.0.checked_ilog2().map(|bit| NodeId::at(bit as usize))?;
        self.0.remove(highest);
        Some(highest)
    }
}

impl FromIterator<NodeId> for NodeSet {
    fn from_iter<I: IntoIterator<Item = NodeId>>(nodes: I) -> Self {
        let mut set = NodeSet::EMPTY;
        for node in nodes {
            set.insert(node);
        }
        set
    }
}

impl fmt::Display for NodeSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (position, node) in self.iter().enumerate() {
            if 0 < position {
                f.write_str(" ")?;
            }
            write!(f, "{node}")?;
        }
        f.write_str("}")
    }
}

/// What a log entry carries.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Payload {
    /// The blank entry of a new leader (§8).
    NoOp,
    /// A client's command.
    Command(Command),
    /// Something of the implementation's own (a configuration, say), by a hash of its content.
    Other(u64),
}

impl Payload {
    /// The payload in numbers, for all who hash it. No payload's numbers begin with another's.
    pub fn numbers(self) -> impl Iterator<Item = u64> {
        let (kind, content) = match self {
            Payload::NoOp => (0, None),
            Payload::Command(command) => (1, Some(command.0)),
            Payload::Other(hash) => (2, Some(hash)),
        };
        std::iter::once(kind).chain(content)
    }
}

impl fmt::Display for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Payload::NoOp => f.write_str("no-op"),
            Payload::Command(command) => write!(f, "{command}"),
            Payload::Other(hash) => write!(f, "other {:08x}", hash >> 32),
        }
    }
}

/// One entry of a log.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Term in which a leader created it.
    pub term: Term,
    /// Its content.
    pub payload: Payload,
}

/// A place in a log and the term of the entry there; (0, 0) is "before the first".
///
/// The order is §5.4.1's: later term first, then longer log.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct LogPosition {
    /// Term of the entry.
    pub term: Term,
    /// Index of the entry.
    pub index: LogIndex,
}

impl fmt::Display for LogPosition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.index, self.term)
    }
}

/// The persistent state of Figure 2 beside the log.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct HardState {
    /// Latest term the server has seen.
    pub current_term: Term,
    /// Candidate that received its vote in that term.
    pub voted_for: Option<NodeId>,
}

/// One atomic batch for the disk: all of it becomes durable, or none. Applied in field order.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Write {
    /// Grows by any step within an incarnation; writes of a node become durable in this order.
    pub id: WriteId,
    /// New term and vote.
    pub hard_state: Option<HardState>,
    /// Delete the entry at this index and all that follow it.
    pub truncate_from: Option<LogIndex>,
    /// Entries to add at the end of the log.
    pub append: Vec<Entry>,
}

/// Role of a server (§5.1).
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Passive: answers others.
    Follower,
    /// Asks whether an election could be won, without raising its term (dissertation §9.6).
    PreCandidate,
    /// Asks for votes.
    Candidate,
    /// Handles clients and replicates.
    Leader,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Follower => "follower",
            Role::PreCandidate => "pre-candidate",
            Role::Candidate => "candidate",
            Role::Leader => "leader",
        })
    }
}

/// What a node says of itself after a step. `None` where the implementation does not reveal it;
/// which fields are never revealed is declared once, in [`Reveals`](crate::Reveals).
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct View {
    /// `currentTerm`.
    pub current_term: Option<Term>,
    /// `votedFor`; the outer `None` is "not revealed".
    pub voted_for: Option<Option<NodeId>>,
    /// Role.
    pub role: Option<Role>,
    /// `commitIndex`.
    pub commit_index: Option<LogIndex>,
    /// `lastApplied`.
    pub last_applied: Option<LogIndex>,
    /// Position of the last entry of its log in memory.
    pub last_log: Option<LogPosition>,
    /// A leader's `matchIndex` by [`NodeId::slot`]; `None` for anyone else.
    pub match_index: Option<[LogIndex; NODES_MAX]>,
    /// A leader's `nextIndex` by [`NodeId::slot`]; `None` for anyone else.
    pub next_index: Option<[LogIndex; NODES_MAX]>,
}

/// What a message says, in the paper's words.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Claim {
    /// `RequestVote`: the candidate's last entry.
    RequestVote {
        /// `lastLogIndex`, `lastLogTerm`.
        last_log: LogPosition,
    },
    /// Answer to `RequestVote`.
    RequestVoteReply {
        /// `voteGranted`.
        vote_granted: bool,
    },
    /// `AppendEntries`, heartbeats included.
    AppendEntries {
        /// `prevLogIndex`, `prevLogTerm`.
        prev_log: LogPosition,
        /// Number of entries.
        entries: u64,
        /// Position of the last entry carried; `prev_log` if there is none.
        last_log: LogPosition,
        /// `leaderCommit`.
        leader_commit: LogIndex,
    },
    /// Answer to `AppendEntries`.
    AppendEntriesReply {
        /// `success`.
        success: bool,
        /// With success: the follower says that its log matches the leader's up to here.
        match_index: LogIndex,
    },
    /// Anything else; judges make nothing of it.
    Other,
}

/// A message's envelope and claim.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Statement {
    /// Term that the message carries, where it carries one.
    pub term: Option<Term>,
    /// What it says.
    pub claim: Claim,
}

/// What a client is told.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// Committed, and applied at this index.
    Committed(LogIndex),
    /// Definitely not accepted: it will never be in the log because of this request.
    Refused,
}

/// A fault outside the crash-recovery model: safety is no longer promised.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum OutOfModel {
    /// The disk lied about durability, and power loss took acknowledged writes.
    FsyncLied,
    /// The disk came back empty under the same identity.
    Wiped,
}

/// Something that the port does not have.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Breach {
    /// A message to a server that is not of the cluster.
    NoSuchNode {
        /// Its addressee.
        to: NodeId,
    },
    /// A message of a kind that was not declared.
    NoSuchKind {
        /// Its kind.
        kind: u8,
        /// How many were declared.
        kinds: usize,
    },
    /// A write whose number is not above that of the one before.
    WriteNotRising {
        /// Its number.
        write: WriteId,
        /// The one before.
        last: WriteId,
    },
    /// A message that waits for a write that was not issued.
    NoSuchWrite {
        /// What it waits for.
        after: WriteId,
        /// The last write that was issued, if any was.
        last: Option<WriteId>,
    },
}

impl fmt::Display for Breach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Breach::NoSuchNode { to } => write!(f, "sends to {to}, which does not exist"),
            Breach::NoSuchKind { kind, kinds } => {
                write!(f, "names a message by kind {kind}, but has ")?;
                match kinds.checked_sub(1) {
                    Some(last) => write!(f, "only the kinds 0 to {last}"),
                    None => f.write_str("no kinds"),
                }
            }
            Breach::WriteNotRising { write, last } => {
                write!(f, "issues write {write} after write {last}")
            }
            Breach::NoSuchWrite { after, last } => {
                write!(f, "lets a message wait for write {after}, but issued none")?;
                last.map_or(Ok(()), |last| write!(f, " after write {last}"))
            }
        }
    }
}

/// Something that happened.
#[derive(Clone, Debug)]
pub enum Fact<'a> {
    /// The node (re)starts with what is durable on its disk. The first boot is incarnation 1.
    Booted {
        /// Who.
        node: NodeId,
        /// Counts its starts, from 1.
        incarnation: u32,
    },
    /// Power loss. Of the writes not yet durable, the first `kept` survive all the same.
    Crashed {
        /// Who.
        node: NodeId,
        /// Survivors among the queued writes.
        kept: usize,
    },
    /// The node stopped by itself, as it must after a disk error.
    Halted {
        /// Who.
        node: NodeId,
    },
    /// The node's disk reported that it could not write; of the queue the first `kept` survive.
    WriteFailed {
        /// Who.
        node: NodeId,
        /// Survivors among the queued writes.
        kept: usize,
    },
    /// The node panicked; it is down as after a crash that kept `kept` writes.
    Panicked {
        /// Who.
        node: NodeId,
        /// Survivors among the queued writes.
        kept: usize,
        /// `file:line: message`, digits of the message normalised.
        place: &'a str,
    },
    /// A fault outside the model hit the node; with [`OutOfModel::FsyncLied`] its durable log and
    /// hard state are from now on as they were `lost` durable writes ago, with
    /// [`OutOfModel::Wiped`] empty. Reported while the node is down.
    OutOfModel {
        /// Who.
        node: NodeId,
        /// What.
        fault: OutOfModel,
        /// Durable hard state after the fault.
        hard_state: HardState,
        /// Durable log after the fault, from index 1.
        log: &'a [Entry],
    },
    /// A write entered the disk's queue; the node's own memory already shows it.
    WriteIssued {
        /// Who.
        node: NodeId,
        /// The batch.
        write: &'a Write,
    },
    /// All writes of the node up to this one are durable.
    WriteDurable {
        /// Who.
        node: NodeId,
        /// The last of them.
        through: WriteId,
    },
    /// A message left its sender.
    Sent {
        /// Sender.
        from: NodeId,
        /// Addressee.
        to: NodeId,
        /// What it says.
        statement: Statement,
    },
    /// A message reached a node, which now takes a step.
    Received {
        /// The node that steps.
        node: NodeId,
        /// Sender.
        from: NodeId,
        /// What it says.
        statement: Statement,
        /// Not for the first time.
        again: bool,
    },
    /// The node took a step; this is how it sees itself now.
    Stepped {
        /// Who.
        node: NodeId,
        /// Its view.
        view: &'a View,
    },
    /// The node took a step and still waits for its own disk: how it sees itself is older than what
    /// it has written and said. For all that depends on its view, this step goes on until one ends
    /// with [`Fact::Stepped`].
    Unsettled {
        /// Who.
        node: NodeId,
    },
    /// The node applied an entry to its state machine.
    Applied {
        /// Who.
        node: NodeId,
        /// Where.
        index: LogIndex,
        /// Term of the entry.
        term: Term,
        /// The entry's content.
        payload: Payload,
        /// Hash of the state machine after it.
        state_hash: u64,
    },
    /// A client handed a command to a node.
    Invoked {
        /// To whom.
        node: NodeId,
        /// What.
        command: Command,
    },
    /// A node answered a client.
    Replied {
        /// Who.
        node: NodeId,
        /// Which command.
        command: Command,
        /// What it said.
        outcome: Outcome,
    },
    /// The network changed: each node now reaches exactly `reach[slot]` (itself included).
    Rewired {
        /// Directed reachability by sender.
        reach: [NodeSet; NODES_MAX],
    },
    /// All faults have ended, for these nodes at least, and timing is kind from now on. What the
    /// others suffer goes on.
    Calmed {
        /// Who must make progress.
        core: NodeSet,
    },
    /// So much time has passed since the calm began, in thousandths of the shortest election
    /// timeout. Told at least ten times in a timeout.
    Waited {
        /// How much.
        millitimeouts: u64,
    },
    /// More messages in flight, more effects in one step, or more time or memory in one call, than
    /// any sane run has.
    Exploded {
        /// Who was acting.
        node: NodeId,
        /// What grew, and how far.
        what: &'a str,
    },
    /// The node asked for what the port does not have. It was not done, and the node is down as
    /// after a crash that kept `kept` writes.
    Breached {
        /// Who.
        node: NodeId,
        /// Survivors among the queued writes.
        kept: usize,
        /// What it asked for.
        breach: Breach,
    },
}
