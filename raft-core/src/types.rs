//! The nouns of Figure 2.

use std::fmt;

/// Election terms, from 1; 0 is "before the first".
pub type Term = u64;
/// Positions in the log, from 1; 0 is "before the first entry".
pub type LogIndex = u64;
/// Names one write of this server; grows by one with each.
pub type WriteId = u64;

/// A server of the cluster, from 1.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub struct NodeId(pub u8);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "n{}", self.0)
    }
}

/// What a log entry carries. A command is a number here: what it means is the state machine's
/// business, never the protocol's.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Command {
    /// The blank entry that a leader commits at the start of its term (§8).
    NoOp,
    /// A client's command.
    Client(u64),
}

/// One entry of the log.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Entry {
    /// Term when the entry was received by a leader.
    pub term: Term,
    /// Command for the state machine.
    pub command: Command,
}

impl Entry {
    /// A client's entry.
    pub const fn client(term: Term, command: u64) -> Self {
        Entry { term, command: Command::Client(command) }
    }
    /// The blank entry of §8.
    pub const fn no_op(term: Term) -> Self {
        Entry { term, command: Command::NoOp }
    }
}

/// A place in a log and the term of the entry there; (0, 0) is "before the first".
///
/// Ordered as §5.4.1 orders logs by their last entry: later term first, then longer log.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Debug)]
pub struct LogPosition {
    /// Term of the entry.
    pub term: Term,
    /// Index of the entry.
    pub index: LogIndex,
}

/// The persistent state of Figure 2 beside the log.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct HardState {
    /// Latest term the server has seen.
    pub current_term: Term,
    /// Candidate that received this server's vote in that term.
    pub voted_for: Option<NodeId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_are_named_by_number() {
        assert_eq!(NodeId(7).to_string(), "n7");
    }
}
