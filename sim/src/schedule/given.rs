//! What a scheduler is given: the cluster that it drives, what may go wrong there, how much there
//! is to do. It chooses within that; what else it needs it draws for itself.

use crate::faults::FaultSet;
use crate::language::script::Cluster;

/// The frame of one run.
#[derive(Clone, Debug)]
pub struct Given {
    /// Size, limits, disks.
    pub cluster: Cluster,
    /// What may go wrong.
    pub faults: FaultSet,
    /// Most actions.
    pub steps: u32,
    /// Messages on their way before one is evicted.
    pub flights_max: usize,
    /// What is asked of the cluster.
    pub clients: Clients,
}

/// The clients of one run.
#[derive(Copy, Clone, Debug)]
pub struct Clients {
    /// Keys that they write.
    pub keys: u8,
    /// One in this many requests goes to any node instead of the leader.
    pub stray_one_in: u64,
    /// Most writes.
    pub writes_max: u32,
}
