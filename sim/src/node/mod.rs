//! The port: what a Raft must offer to be simulated. This is the file that a stranger implements.
//!
//! A node is a function from an [`Input`] to an ordered list of [`Effect`]s. Order is the
//! contract: the world carries effects out one after the other and may cut the power between any
//! two. `boot` gets what is durable on the disk and nothing else; whatever the node kept in memory
//! is gone. A node must not look at a clock, a random number, the environment or the order of a
//! hash map: the same inputs must give the same effects.

mod disk;
mod kind;
mod timer;

use std::fmt::Debug;

pub use disk::{Disk, Log};
pub use kind::{Kind, Word};
pub use raft_invariants::fact::{
    Claim, Command, Entry, HardState, LogIndex, LogPosition, NODES_MAX, NodeId, NodeSet, Outcome,
    Payload, Role, Statement, Term, View, Write, WriteId,
};
pub use raft_invariants::fingerprint::Fingerprint;
pub use raft_invariants::{Need, Reveals};
pub use timer::{Timer, Timers};

/// A Raft server under simulation.
pub trait Node: Sized + 'static {
    /// What its servers send each other.
    type Message: Clone + Debug;
    /// What distinguishes targets that share this type: a planted bug, a mode of the crate. The
    /// same for all nodes of a run; `()` where there is nothing to choose.
    type Config: Clone + Send + Sync + 'static;

    /// How the implementation treats its disk and what it reveals. Constant for a config.
    fn traits(config: &Self::Config) -> Traits;

    /// Starts a server from its disk. Initial writes and timers go into `effects`.
    fn boot(boot: &Boot<'_, Self::Config>, effects: &mut Vec<Effect<Self::Message>>) -> Self;

    /// Takes one step. A node hears of time only through its timers.
    fn step(&mut self, input: Input<Self::Message>, effects: &mut Vec<Effect<Self::Message>>);

    /// How the node sees itself.
    fn view(&self) -> View;

    /// Whether its view shows all that the steps so far have written and decided. Asked after every
    /// step: of whoever answers `false` the view is not taken then, and judges put off what they
    /// judge by views until a later step of it is settled. What it writes, sends, applies and
    /// answers is judged all the same.
    ///
    /// For implementations with [`Storage::Asynchronous`] that take a write into what they show of
    /// themselves only when their disk has answered: without it, entries that are written and not
    /// shown yet count as invented. It must come true once nothing is on its way to the disk; the
    /// less often it is, the less is judged, and of a node that stops before, nothing by views.
    fn is_settled(&self) -> bool {
        true
    }

    /// The kinds of messages there are; [`Label::kind`] is a position in this list. Constant for a
    /// config.
    fn kinds(config: &Self::Config) -> &[Kind];

    /// Names a message for scripts and says what it claims for the judges.
    fn label(message: &Self::Message) -> Label;
}

/// A server that can be copied and compared. Only [`exhaustive`](crate::search::exhaustive) search needs it;
/// everything else runs any [`Node`].
///
/// Nodes must not differ by their numbers: whoever prefers the larger id is not the same under
/// another name.
pub trait Explorable: Node {
    /// Whether its behaviour depends on [`Boot::incarnation`]. Then servers that have started more
    /// often than others differ from them.
    const COUNTS_STARTS: bool = false;

    /// A server that answers all inputs as this one would.
    #[must_use]
    fn fork(&self) -> Self;

    /// Adds all that its answers will depend on, and nothing that only counts or measures: what is
    /// left out merges states that differ, what is too much keeps equal ones apart. Servers must
    /// be added as nodes, so that a renamed cluster is known for the same.
    fn fingerprint(&self, print: &mut Fingerprint<'_>);

    /// Adds a message's content. Its signature does unless it names servers.
    fn fingerprint_message(message: &Self::Message, label: &Label, print: &mut Fingerprint<'_>) {
        let _ = message;
        let kind = u64::from(label.kind) << 1 | u64::from(label.yes);
        print.add(u64::from(label.signature) << 9 | kind).add(label.statement.term.unwrap_or(0));
    }
}

/// What an implementation promises and reveals.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Traits {
    /// When a step counts as finished.
    pub storage: Storage,
    /// What judges can see of it: `Reveals::ALL.without(&[Need::NextIndex])`.
    pub reveals: Reveals,
    /// Smallest and largest cluster it can form.
    pub nodes: (usize, usize),
}

/// How an implementation lives with a disk that takes its time.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Storage {
    /// A step ends when its writes are durable: until then no input reaches the node, and its view
    /// and its messages that wait do not count as said.
    Blocking,
    /// The node goes on, and hears [`Input::WriteDone`] later.
    Asynchronous,
}

/// Everything a server may know when it starts.
#[derive(Copy, Clone, Debug)]
pub struct Boot<'a, C> {
    /// Its identity.
    pub id: NodeId,
    /// All servers of the cluster.
    pub cluster: NodeSet,
    /// Counts its starts, from 1.
    pub incarnation: u32,
    /// What is durable.
    pub disk: &'a Disk,
    /// Limits drawn for the run; use what your implementation has.
    pub limits: Limits,
    /// The target's own configuration.
    pub config: &'a C,
}

/// Limits of replication, drawn per run.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Most entries in one message, 1 or more.
    pub batch_entries_max: u16,
    /// Most appends in flight to one follower, 1 or more.
    pub window_messages_max: u16,
}

/// One thing that happens to a server.
#[derive(Clone, Debug)]
pub enum Input<M> {
    /// A timer that it set has fired. Timers are one-shot.
    Timeout(Timer),
    /// A message arrived.
    Receive {
        /// Its sender.
        from: NodeId,
        /// The message.
        message: M,
    },
    /// A client hands in a command.
    Propose(Command),
    /// All writes up to this one are durable. Only with [`Storage::Asynchronous`].
    WriteDone(WriteId),
    /// The disk could not write. The node must answer with [`Effect::Halt`] (with
    /// [`Storage::Blocking`] the harness stops it itself).
    WriteFailed,
}

/// One thing that a server wants done. Carried out in order.
#[derive(Clone, Debug)]
pub enum Effect<M> {
    /// Put this into the disk's queue. Atomic, and durable in the order of issue.
    Write(Write),
    /// Send a message once all writes up to `after` are durable; at once if `None`.
    Send {
        /// Addressee.
        to: NodeId,
        /// The message.
        message: M,
        /// The write it waits for.
        after: Option<WriteId>,
    },
    /// (Re)start a timer; the harness draws its length.
    SetTimer(Timer),
    /// Stop a timer.
    CancelTimer(Timer),
    /// Apply a committed entry. The harness runs the state machine.
    Apply {
        /// Where.
        index: LogIndex,
        /// Term of the entry.
        term: Term,
        /// Its content.
        payload: Payload,
    },
    /// Answer a client.
    Reply {
        /// Its command.
        command: Command,
        /// The answer.
        outcome: Outcome,
    },
    /// The server stops, and starts again only by a restart.
    Halt,
}

/// How a message is named in scripts and read by judges.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Position in [`Node::kinds`].
    pub kind: u8,
    /// The outcome flag: granted, success, carries entries.
    pub yes: bool,
    /// Hash of the content; see [`crate::language::hash::Hasher`]. Whatever the receiver can tell apart must
    /// differ here, or a run does not replay; whatever it never looks at (times, ids for tracing)
    /// should not, or a message loses its name when anything before it changes.
    pub signature: u32,
    /// What it says.
    pub statement: Statement,
}
