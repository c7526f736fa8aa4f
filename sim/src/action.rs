//! The language: everything that can happen to a cluster, one action a line.
//!
//! A failing run, a minimized bug, a regression file, a named scenario: all are a list of these.

use crate::node::{NODES_MAX, NodeId, NodeSet, Timer};

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
    Fail {
        /// Whose disk.
        node: NodeId,
        /// Survivors.
        keep: u16,
    },
    /// `crash n1 keep 1`: power loss; of the queued writes the first 1 survives.
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
        /// -90 to +900.
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
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    /// Sender.
    pub from: NodeId,
    /// Addressee.
    pub to: NodeId,
    /// The kind's name.
    pub kind: &'static str,
    /// The outcome, by its word; `None` matches either.
    pub outcome: Option<&'static str>,
    /// `#9f3c12ab`: hash of the content. `None` matches the newest on the link.
    pub signature: Option<u32>,
}

/// The groups of a partition; unused places are empty.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Groups(pub [NodeSet; NODES_MAX]);
