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
//!
//! A verb is a row below. What stands behind it is made of [fields](crate::language::field), and
//! all else follows: reading, printing, hashing, renaming, making plainer, drawing. What the verb
//! does is one arm in `world/act.rs`.

mod parse;
mod rows;
#[cfg(test)]
mod tests;

use std::fmt;

use proptest::prelude::*;

use crate::language::field::Field;
use crate::language::hash::Hasher;
use crate::node::{NODES_MAX, NodeId, NodeSet, Timer};

pub use crate::language::field::{
    Groups, Keep, KeyValue, Link, Milliseconds, Pattern, Percent, SKEW_PERCENT, Scope, Writes,
};
pub use crate::language::text::ParseError;
pub use rows::{Part, Row, Verb};

rows::actions! {
    Timeout(node: NodeId, timer: Timer) = 1 => {
        /// The node's election timer fires: it has heard of no leader for too long.
        "timeout": "timeout n5", drawn 10;
        /// The node's heartbeat timer fires: if it leads, it is to say so again.
        "heartbeat": "heartbeat n5"
            after "elect n5 by n1 n2\nclear", drawn 5;
    }
    Deliver(message: Pattern) = 2 => {
        /// A message arrives.
        "deliver": "deliver n5->n3 RequestVote"
            after "timeout n5", drawn 50;
    }
    Duplicate(message: Pattern) = 3 or rather Action::Deliver(message) => {
        /// A message that has arrived before arrives again.
        "duplicate": "duplicate n5->n3 RequestVote"
            after "timeout n5\ndeliver n5->n3 RequestVote", drawn 3;
    }
    Drop(message: Pattern) = 4 => {
        /// A message is lost.
        "drop": "drop n5->n3 RequestVote"
            after "timeout n5", drawn 4;
    }
    Sync(node: NodeId) = 5 => {
        /// All writes queued at the node's disk become durable.
        "sync": "sync n2"
            after "cluster nodes=3 disk=queued\ntimeout n2", drawn 10;
    }
    Fail(node: NodeId, keep: Keep) = 6 => {
        /// The node's disk reports an error, and the node must stop.
        "fail": "fail n2 keep 1"
            after "cluster nodes=3 disk=queued\ntimeout n2", drawn 1;
    }
    Crash(node: NodeId, keep: Keep) = 7 => {
        /// Power loss: the node is down, and nothing in its memory survives.
        "crash": "crash n1 keep 1"
            after "cluster nodes=3 disk=queued\ntimeout n1", drawn 4;
    }
    Restart(node: NodeId) = 8 => {
        /// A node that is down boots from its disk.
        "restart": "restart n1"
            after "timeout n1\ncrash n1", drawn 5;
    }
    Lose(node: NodeId, writes: Writes) = 9 => {
        /// The disk of a node that is down lied: its last few durable writes are gone. Outside the
        /// fault model.
        "lose": "lose n1 2"
            after "cluster nodes=3\nelect n1 by n2\ncrash n1", drawn 0;
    }
    Wipe(node: NodeId) = 10 => {
        /// The disk of a node that is down comes back empty. Outside the fault model.
        "wipe": "wipe n1"
            after "timeout n1\ncrash n1", drawn 0;
    }
    Cut(link: Link) = 11 => {
        /// One direction of a link stops carrying messages.
        "cut": "cut n1->n2", drawn 1;
    }
    Mend(link: Link) = 12 => {
        /// A direction of a link that was cut carries messages again.
        "mend": "mend n1->n2"
            after "cut n1->n2", drawn 1;
    }
    Partition(groups: Groups) = 13 => {
        /// The network falls apart into groups, which replaces all earlier cuts. After `partition
        /// {}` everyone is alone.
        "partition": "partition {n1 n2} {n3 n4 n5}", drawn 2;
    }
    Heal = 14 => {
        /// All links carry messages again.
        "heal": "heal"
            after "partition {n1 n2} {n3 n4 n5}", drawn 2;
    }
    Pause(node: NodeId) = 15 => {
        /// The node's process executes nothing; its inbox grows, its clock goes on.
        "pause": "pause n4", drawn 1;
    }
    Resume(node: NodeId) = 16 => {
        /// A paused process goes on.
        "resume": "resume n4"
            after "pause n4", drawn 1;
    }
    Stall(node: NodeId) = 17 => {
        /// The node's disk completes nothing.
        "stall": "stall n4"
            after "cluster nodes=5 disk=queued", drawn 1;
    }
    Unstall(node: NodeId) = 18 => {
        /// A stalled disk goes on.
        "unstall": "unstall n4"
            after "cluster nodes=5 disk=queued\nstall n4", drawn 1;
    }
    Skew(node: NodeId, percent: Percent) = 19 => {
        /// The node's clock runs that much faster (or slower) than true time.
        "skew": "skew n2 +3%", drawn 1;
    }
    Jump(node: NodeId, time: Milliseconds) = 20 => {
        /// The node's clock leaps forward.
        "jump": "jump n2 250ms", drawn 1;
    }
    Write(node: NodeId, written: KeyValue) = 21 => {
        /// A client asks the node to set a key to a value.
        "write": "write n1 x=10"
            after "elect n1 by n2 n3", drawn 10;
    }
}

impl Action {
    /// All verbs, in the order of their rows.
    pub fn verbs() -> impl Iterator<Item = &'static Verb> {
        ROWS.iter().flat_map(|row| row.verbs)
    }

    /// Whether it is about the queue before a disk, which instant disks do not have.
    pub fn needs_queue(&self) -> bool {
        matches!(self, Action::Sync(_) | Action::Stall(_) | Action::Unstall(_))
    }

    /// The node that takes a step, or whose machine changes; `None` if only the network does.
    pub fn place(&self) -> Option<NodeId> {
        match (self, self.scope()) {
            (Action::Drop(_), _) | (_, Scope::Link(_) | Scope::Cluster) => None,
            (_, Scope::Message(message)) => Some(message.to),
            (_, Scope::Node(node)) => Some(node),
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
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.verb())?;
        self.print(f)
    }
}
