//! Scripts for property tests of a guest, by [`mod@proptest`].
//!
//! The campaign's schedulers look at the world before they choose. These strategies do not: they
//! write plausible scripts blindly, which finds less but needs nothing except the guest's list of
//! message kinds, and shrinks with proptest's own means. Run them forgivingly: a line for which
//! the world has nothing (no such message, a node that is down already) is to be skipped.
//!
//! ```
//! use proptest::prelude::*;
//! use raft_sim::node::Kind;
//! use raft_sim::language::strategy::scripts;
//!
//! // A guest has its list already: `MyRaft::kinds(&config)`.
//! const KINDS: &[Kind] = &[
//!     Kind::new("RequestVote"),
//!     Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
//! ];
//!
//! # fn main() {
//! proptest!(|(script in scripts(KINDS, 3..=5))| {
//!     // Replay the script on the guest here, and fail if a judge objects.
//!     prop_assert!(script.actions.iter().all(|action| action.nodes().iter().all(
//!         |node| node.0 <= script.cluster.nodes)));
//! });
//! # }
//! ```

use crate::language::action::{Action, ROWS, Scope};
use crate::language::field::Cast;
use crate::language::script::{Cluster, DiskMode, Script};
use crate::node::{Kind, Limits, NODES_MAX, NodeId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Union;
use std::ops::RangeInclusive;

/// Most actions in a script.
pub const ACTIONS_MAX: usize = 120;

/// Plausible scripts for clusters of so many nodes. Simpler is: fewer actions, then earlier kinds
/// of actions, smaller clusters and an instant disk.
///
/// # Panics
/// If `nodes` is empty or not within 1 to [`NODES_MAX`].
pub fn scripts(kinds: &[Kind], nodes: RangeInclusive<u8>) -> impl Strategy<Value = Script> + use<> {
    assert!(!nodes.is_empty(), "a cluster has some size");
    assert!(1 <= *nodes.start(), "a cluster has a node");
    assert!(*nodes.end() <= NODES_MAX as u8, "a cluster has at most NODES_MAX nodes");
    let limits = (1u16..=4, 1u16..=4).prop_map(|(batch_entries_max, window_messages_max)| Limits {
        batch_entries_max,
        window_messages_max,
    });
    let disk = prop_oneof![Just(DiskMode::Instant), Just(DiskMode::Queued)];
    // Actions are drawn for the largest cluster and folded into the real one. To draw them after
    // the size would throw all of them away whenever the size shrinks.
    let actions = vec(actions(kinds, *nodes.end()), 0..=ACTIONS_MAX);
    (actions, nodes, limits, disk).prop_map(|(actions, nodes, limits, disk)| {
        let cluster = Cluster { nodes, limits, disk };
        let folded = actions.into_iter().filter_map(|action| folded(&action, cluster));
        Script { cluster, actions: folded.collect(), calm: None }
    })
}

/// Plausible actions among `n1` to `n<nodes>`: mostly timeouts, arrivals of messages and client
/// writes; sometimes a fault. Messages are named without a signature, so that a line fits the
/// newest of its kind. Nothing is outside the fault model.
///
/// # Panics
/// If `nodes` is not 1 to [`NODES_MAX`].
pub fn actions(kinds: &[Kind], nodes: u8) -> impl Strategy<Value = Action> + use<> {
    assert!(1 <= nodes, "a cluster has a node");
    assert!(nodes <= NODES_MAX as u8, "a cluster has at most NODES_MAX nodes");
    Union::new_weighted(of_all_verbs(kinds, nodes, false))
}

/// Every action there is, likely or not, among all nodes there can be: for tests of whatever deals
/// with all actions.
pub fn wild_actions(kinds: &[Kind]) -> impl Strategy<Value = Action> + use<> {
    let verbs = of_all_verbs(kinds, NODES_MAX as u8, true);
    Union::new(verbs.into_iter().map(|(_, actions)| actions))
}

/// The actions of each verb, and how often they are drawn.
fn of_all_verbs(kinds: &[Kind], nodes: u8, wild: bool) -> Vec<(u32, BoxedStrategy<Action>)> {
    let verbs = ROWS.iter().flat_map(|row| row.verbs.iter().map(move |verb| (row, verb)));
    let drawn = verbs.filter(|(_, verb)| wild || 0 < verb.drawn);
    let actions = drawn.filter_map(|(row, verb)| {
        let cast = Cast { nodes, kinds, verb: verb.word, wild };
        Some((verb.drawn, (row.arbitrary)(&cast)?))
    });
    actions.collect()
}

/// The same action in a cluster that may be smaller: names wrap around, groups lose strangers.
/// `None` if nothing sensible is left.
fn folded(action: &Action, cluster: Cluster) -> Option<Action> {
    if action.needs_queue() && cluster.disk == DiskMode::Instant {
        return None;
    }
    if action.scope() == Scope::Cluster {
        return action.within(cluster.all());
    }
    let mut names = [NodeId(1); NODES_MAX];
    for (slot, name) in names.iter_mut().enumerate() {
        *name = NodeId(slot as u8 % cluster.nodes + 1);
    }
    let folded = action.renamed(&names);
    // Both ends of a link may have become one node.
    (folded.nodes().len() == action.nodes().len()).then_some(folded)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    use std::path::Path;

    const KINDS: &[Kind] = &[
        Kind::new("RequestVote"),
        Kind::new("RequestVoteReply").with_outcomes("granted", "denied"),
    ];

    #[test]
    fn scripts_fit_their_clusters() {
        proptest!(|(script in scripts(KINDS, 1..=9))| {
            let text = script.to_string();
            prop_assert_eq!(Script::parse(&text, Path::new("-"), KINDS), Ok(script));
        });
    }

    #[test]
    fn every_verb_inside_the_fault_model_occurs() {
        let mut runner = TestRunner::deterministic();
        let mut verbs: Vec<&str> = (0..5000)
            .map(|_| actions(KINDS, 5).new_tree(&mut runner).expect("always").current().verb())
            .collect();
        verbs.sort_unstable();
        verbs.dedup();
        let drawn = Action::verbs().filter(|verb| 0 < verb.drawn).map(|verb| verb.word);
        let mut expected: Vec<&str> = drawn.collect();
        expected.sort_unstable();
        assert_eq!(verbs, expected);
    }

    #[test]
    fn shrinking_drops_actions() {
        let mut runner = TestRunner::deterministic();
        let strategy = scripts(KINDS, 3..=5);
        let fails = |script: &Script| {
            script.actions.iter().filter(|action| action.verb() == "write").count() >= 2
        };
        let mut tree = strategy.new_tree(&mut runner).expect("always");
        while !fails(&tree.current()) {
            tree = strategy.new_tree(&mut runner).expect("always");
        }
        let mut more = tree.simplify();
        while more {
            more = if fails(&tree.current()) { tree.simplify() } else { tree.complicate() };
        }
        let text = "cluster nodes=3 disk=instant batch=1 window=1\nwrite n1 x=0\nwrite n1 x=0\n";
        assert_eq!(tree.current().to_string(), text);
    }
}
