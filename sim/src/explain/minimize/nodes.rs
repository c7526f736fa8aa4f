//! Fewer nodes: most bugs of five nodes are bugs of three.

use super::Search;
use crate::language::script::Script;
use crate::node::{NODES_MAX, NodeId, NodeSet};

/// The smallest cluster that survives a crash. A story of fewer nodes is shorter, but it says
/// little about Raft: whoever is alone may do as it likes.
pub(super) const NODES_MIN: usize = 3;

/// Leaves out sets of nodes, the largest first, with everything that touches them. The others move
/// up, so quorums shrink with the cluster.
pub(super) fn leave_nodes_out(search: &mut Search<'_>) {
    let count = usize::from(search.best.cluster.nodes);
    let smallest = search.target.traits().nodes.0.max(NODES_MIN);
    for size in smallest..count {
        if !search.frame.allows_nodes(size as u8) {
            continue;
        }
        let subsets = (1_u16..1 << count).map(NodeSet).filter(|kept| kept.len() == size);
        for kept in subsets {
            if search.is_spent() {
                return;
            }
            let candidate = restrict(&search.best, kept);
            if search.attempt(&candidate) {
                return;
            }
        }
    }
}

/// The script with these nodes only, renamed to `n1`, `n2` and so on.
fn restrict(script: &Script, kept: NodeSet) -> Script {
    let mut names = [NodeId(1); NODES_MAX];
    for (slot, node) in kept.iter().enumerate() {
        names[node.slot()] = NodeId::at(slot);
    }
    let left = script.actions.iter().filter_map(|action| action.within(kept));
    let mut cluster = script.cluster;
    cluster.nodes = kept.len() as u8;
    Script {
        cluster,
        actions: left.map(|action| action.renamed(&names)).collect(),
        calm: script.calm.map(|core| {
            let left = NodeSet(core.0 & kept.0).renamed(&names);
            if cluster.is_majority(left) { left } else { cluster.all() }
        }),
    }
}
