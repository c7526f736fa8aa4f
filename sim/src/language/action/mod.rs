//! The language: everything that can happen to a cluster, one action a line.
//!
//! A failing run, a minimized bug, a regression file, a named scenario: all are a list of these.
//! What is printed parses back to the same action, so a file never loses anything:
//!
//! ```
//! use raft_sim::language::action::Action;
//! use raft_sim::node::Kind;
//!
//! let kinds = [Kind::new("RequestVoteReply").with_outcomes("granted", "denied")];
//! let line = "deliver n5->n3 RequestVoteReply granted #9f3c12ab";
//! assert_eq!(Action::parse(line, &kinds)?.to_string(), line);
//! # Ok::<(), raft_sim::language::action::ParseError>(())
//! ```

mod hash;
mod parse;
mod print;

pub use crate::language::text::ParseError;

use crate::node::{NODES_MAX, NodeId, NodeSet, Timer, Word};

/// Percent by which a clock may run fast or slow.
pub const SKEW_PERCENT: std::ops::RangeInclusive<i16> = -90..=900;

/// One thing that happens.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Action {
    /// `timeout n5`, `heartbeat n5`: a timer fires.
    Timeout {
        /// Whose.
        node: NodeId,
        /// Which.
        timer: Timer,
    },
    /// `deliver n5->n3 RequestVote`: a message arrives.
    Deliver(Pattern),
    /// `duplicate n5->n3 RequestVote`: a message that has arrived before arrives again.
    Duplicate(Pattern),
    /// `drop n5->n3 RequestVote`: a message is lost.
    Drop(Pattern),
    /// `sync n2`: all writes queued at the node's disk become durable.
    Sync(NodeId),
    /// `fail n2 keep 1`: the disk reports an error; of the queued writes the first 1 survives.
    /// `fail n2`: none does.
    Fail {
        /// Whose disk.
        node: NodeId,
        /// Survivors.
        keep: u16,
    },
    /// `crash n1 keep 1`: power loss; of the queued writes the first 1 survives. `crash n1`: none
    /// does.
    Crash {
        /// Who.
        node: NodeId,
        /// Survivors.
        keep: u16,
    },
    /// `restart n1`: the node boots from its disk.
    Restart(NodeId),
    /// `lose n1 2`: the disk of a node that is down lied, its last 2 durable writes are gone.
    /// Outside the fault model.
    Lose {
        /// Whose disk.
        node: NodeId,
        /// How many writes.
        writes: u16,
    },
    /// `wipe n1`: the disk of a node that is down comes back empty. Outside the fault model.
    Wipe(NodeId),
    /// `cut n1->n2`: one direction of a link stops carrying messages.
    Cut {
        /// From.
        from: NodeId,
        /// To.
        to: NodeId,
    },
    /// `mend n1->n2`: that direction carries messages again.
    Mend {
        /// From.
        from: NodeId,
        /// To.
        to: NodeId,
    },
    /// `partition {n1 n2} {n3 n4 n5}`: only nodes that share a group reach each other. Groups may
    /// overlap (a bridge, a ring); a node in no group is alone. Replaces all earlier cuts.
    /// `partition {}`: everyone is alone.
    Partition(Groups),
    /// `heal`: all links carry messages.
    Heal,
    /// `pause n4`: the process executes nothing, its inbox grows, its clock goes on.
    Pause(NodeId),
    /// `resume n4`.
    Resume(NodeId),
    /// `stall n4`: the disk completes nothing.
    Stall(NodeId),
    /// `unstall n4`.
    Unstall(NodeId),
    /// `skew n2 +3%`: the node's clock runs that much faster (or slower) than true time.
    Skew {
        /// Whose clock.
        node: NodeId,
        /// Within [`SKEW_PERCENT`].
        percent: i16,
    },
    /// `jump n2 250ms`: the node's clock leaps forward.
    Jump {
        /// Whose clock.
        node: NodeId,
        /// How far.
        ms: u32,
    },
    /// `write n1 x=10`: a client hands a command to a node.
    Write {
        /// To whom.
        node: NodeId,
        /// Key, 0 for `a` to 25 for `z`.
        key: u8,
        /// Value.
        value: u32,
    },
}

/// Names a message: by link, kind and outcome, and exactly by signature.
///
/// `n5->n3 RequestVoteReply granted #9f3c12ab`; the outcome and the signature may be left out.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Sender.
    pub from: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// The kind's name.
    pub kind: Word,
    /// The outcome, by its word; `None` matches either.
    pub outcome: Option<Word>,
    /// `#9f3c12ab`: hash of the content. `None` matches the newest on the link.
    pub signature: Option<u32>,
}

/// The groups of a partition; unused places are empty.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Groups(pub [NodeSet; NODES_MAX]);

impl Action {
    /// The first word of its line.
    pub const fn verb(&self) -> &'static str {
        match self {
            Action::Timeout { timer: Timer::Election, .. } => "timeout",
            Action::Timeout { timer: Timer::Heartbeat, .. } => "heartbeat",
            Action::Deliver(_) => "deliver",
            Action::Duplicate(_) => "duplicate",
            Action::Drop(_) => "drop",
            Action::Sync(_) => "sync",
            Action::Fail { .. } => "fail",
            Action::Crash { .. } => "crash",
            Action::Restart(_) => "restart",
            Action::Lose { .. } => "lose",
            Action::Wipe(_) => "wipe",
            Action::Cut { .. } => "cut",
            Action::Mend { .. } => "mend",
            Action::Partition(_) => "partition",
            Action::Heal => "heal",
            Action::Pause(_) => "pause",
            Action::Resume(_) => "resume",
            Action::Stall(_) => "stall",
            Action::Unstall(_) => "unstall",
            Action::Skew { .. } => "skew",
            Action::Jump { .. } => "jump",
            Action::Write { .. } => "write",
        }
    }

    /// The nodes that its line names. `heal` names none, although all links feel it.
    pub fn nodes(&self) -> NodeSet {
        let mut nodes = NodeSet::EMPTY;
        // Renaming visits each node that is named; here every name stays as it is.
        self.visited(&mut |node| {
            nodes.insert(node);
            node
        });
        nodes
    }

    /// The same action among nodes that swapped names: `names[slot]` is the new name of the node
    /// at that slot. Two scripts that differ only in who is who have one normal form.
    #[must_use]
    pub fn renamed(&self, names: &[NodeId; NODES_MAX]) -> Action {
        self.visited(&mut |node| names[node.slot()])
    }

    /// A copy in which `name` has replaced every node, in the order in which the line has them.
    fn visited(&self, name: &mut impl FnMut(NodeId) -> NodeId) -> Action {
        let mut action = *self;
        match &mut action {
            Action::Timeout { node, .. }
            | Action::Sync(node)
            | Action::Fail { node, .. }
            | Action::Crash { node, .. }
            | Action::Restart(node)
            | Action::Lose { node, .. }
            | Action::Wipe(node)
            | Action::Pause(node)
            | Action::Resume(node)
            | Action::Stall(node)
            | Action::Unstall(node)
            | Action::Skew { node, .. }
            | Action::Jump { node, .. }
            | Action::Write { node, .. } => *node = name(*node),
            Action::Deliver(Pattern { from, to, .. })
            | Action::Duplicate(Pattern { from, to, .. })
            | Action::Drop(Pattern { from, to, .. })
            | Action::Cut { from, to }
            | Action::Mend { from, to } => {
                *from = name(*from);
                *to = name(*to);
            }
            Action::Partition(Groups(groups)) => {
                for group in groups {
                    *group = group.iter().map(&mut *name).collect();
                }
            }
            Action::Heal => {}
        }
        action
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [crate::node::Kind; 1] = [crate::node::Kind::new("RequestVote")];

    fn action(line: &str) -> Action {
        Action::parse(line, &KINDS).expect("the test's line is right")
    }

    #[test]
    fn nodes_are_those_that_the_line_names() {
        let check = |line: &str, nodes: &str| assert_eq!(action(line).nodes().to_string(), nodes);
        check("timeout n5", "{n5}");
        check("deliver n5->n3 RequestVote", "{n3 n5}");
        check("partition {n1 n2} {n2 n9}", "{n1 n2 n9}");
        check("heal", "{}");
    }

    #[test]
    fn renaming_reaches_every_node() {
        let mut names = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(NodeId);
        names.swap(0, 4);
        let check = |line: &str, renamed: &str| {
            assert_eq!(action(line).renamed(&names).to_string(), renamed);
        };
        check("crash n1 keep 2", "crash n5 keep 2");
        check("drop n5->n3 RequestVote", "drop n1->n3 RequestVote");
        check("cut n1->n5", "cut n5->n1");
        check("partition {n1 n2} {n3 n5}", "partition {n2 n5} {n1 n3}");
        check("heal", "heal");
    }
}
