//! A script: a cluster, and what happens to it.

use crate::action::Action;
use crate::node::Limits;

/// What happens to a cluster, in order; nothing else happens.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// To whom.
    pub cluster: Cluster,
    /// What.
    pub actions: Vec<Action>,
}

/// What a run starts from.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    /// How many nodes, 1 to [`NODES_MAX`](crate::node::NODES_MAX).
    pub nodes: u8,
    /// Limits of replication.
    pub limits: Limits,
    /// How the disks behave.
    pub disk: DiskMode,
}

/// When a write becomes durable.
#[derive(Copy, Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum DiskMode {
    /// The moment it is issued; there is nothing to `sync`.
    Instant,
    /// When a `sync` comes; until then a crash may lose it.
    Queued,
}
