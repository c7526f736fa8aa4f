//! How nodes stand, as far as pictures show it.

use crate::node::{LogIndex, NodeId, Role, Term};
use crate::world::stage::Stage;

/// How one node stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    /// Whether it runs.
    pub up: bool,
    /// Its role, as it sees itself; `None` if it does not reveal it.
    pub role: Option<Role>,
    /// Its term, likewise.
    pub term: Option<Term>,
    /// For whom it has voted in its term; `None` if for nobody, or if it does not reveal it.
    pub voted_for: Option<NodeId>,
    /// The terms of its log's entries, with those that its disk has still to write.
    pub log: Vec<Term>,
    /// Index of the last entry on its disk, where that is not the last one of its log.
    pub durable: Option<LogIndex>,
    /// Its commit index, 0 if it does not reveal it.
    pub commit: LogIndex,
}

impl Standing {
    /// How a node stands now.
    pub fn of(stage: &Stage, node: NodeId) -> Standing {
        let host = stage.host(node);
        let mut disk = host.disk.clone();
        let durable = disk.log.last().index;
        host.queue.iter().for_each(|write| disk.apply(write));
        Standing {
            up: host.up,
            role: host.view.role,
            term: host.view.current_term,
            voted_for: host.view.voted_for.flatten(),
            log: disk.log.iter().map(|(_, entry)| entry.term).collect(),
            durable: Some(durable).filter(|&durable| durable != disk.log.last().index),
            commit: host.view.commit_index.unwrap_or(0),
        }
    }

    /// How all nodes stand now.
    pub fn of_all(stage: &Stage) -> Vec<Standing> {
        stage.nodes().map(|node| Standing::of(stage, node)).collect()
    }
}
