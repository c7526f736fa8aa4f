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

use crate::language::action::{Action, Groups, Pattern};
use crate::language::script::{Cluster, DiskMode, Script};
use crate::node::{Kind, Limits, NODES_MAX, NodeId, NodeSet, Timer};
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
        Script { cluster, actions: folded.collect() }
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
    let node = || (1..=nodes).prop_map(NodeId);
    let keep = || prop_oneof![3 => Just(0u16), 2 => 1u16..=3];
    let on = |weight: u32, act: fn(NodeId) -> Action| (weight, node().prop_map(act).boxed());
    let crash = (node(), keep()).prop_map(|(node, keep)| Action::Crash { node, keep });
    let fail = (node(), keep()).prop_map(|(node, keep)| Action::Fail { node, keep });
    let skew = (node(), -10i16..=10).prop_map(|(node, percent)| Action::Skew { node, percent });
    let jump = (node(), 1u32..=500).prop_map(|(node, ms)| Action::Jump { node, ms });
    let mut choices = vec![
        on(10, |node| Action::Timeout { node, timer: Timer::Election }),
        on(5, |node| Action::Timeout { node, timer: Timer::Heartbeat }),
        (10, writes(nodes).boxed()),
        on(10, Action::Sync),
        on(5, Action::Restart),
        (4, crash.boxed()),
        (2, Just(Action::Heal).boxed()),
        (2, partitions(nodes).boxed()),
        (1, fail.boxed()),
        on(1, Action::Pause),
        on(1, Action::Resume),
        on(1, Action::Stall),
        on(1, Action::Unstall),
        (1, skew.boxed()),
        (1, jump.boxed()),
    ];
    if 1 < nodes {
        choices.push((1, links(nodes).prop_map(|(from, to)| Action::Cut { from, to }).boxed()));
        choices.push((1, links(nodes).prop_map(|(from, to)| Action::Mend { from, to }).boxed()));
    }
    if 1 < nodes && !kinds.is_empty() {
        choices.push((50, patterns(kinds, nodes).prop_map(Action::Deliver).boxed()));
        choices.push((4, patterns(kinds, nodes).prop_map(Action::Drop).boxed()));
        choices.push((3, patterns(kinds, nodes).prop_map(Action::Duplicate).boxed()));
    }
    Union::new_weighted(choices)
}

fn writes(nodes: u8) -> impl Strategy<Value = Action> {
    (1..=nodes, 23u8..26, 0u32..100).prop_map(|(node, key, value)| Action::Write {
        node: NodeId(node),
        key,
        value,
    })
}

/// Two different nodes.
fn links(nodes: u8) -> impl Strategy<Value = (NodeId, NodeId)> {
    (1..=nodes, 1..nodes)
        .prop_map(move |(from, step)| (NodeId(from), NodeId((from - 1 + step) % nodes + 1)))
}

fn patterns(kinds: &[Kind], nodes: u8) -> impl Strategy<Value = Pattern> + use<> {
    let kinds = kinds.to_vec();
    let outcome = prop_oneof![2 => Just(None), 1 => (0usize..2).prop_map(Some)];
    (links(nodes), 0..kinds.len(), outcome).prop_map(move |((from, to), kind, outcome)| {
        let Kind { name: kind, outcomes } = kinds[kind];
        let outcome = outcomes.zip(outcome).map(|(words, position)| words[position]);
        Pattern { from, to, kind, outcome, signature: None }
    })
}

/// Two groups: usually a split, sometimes with a bridge, sometimes with somebody left alone.
fn partitions(nodes: u8) -> impl Strategy<Value = Action> {
    let all = NodeSet::first(nodes as usize).0;
    let loose = prop_oneof![4 => Just(None), 1 => (0..nodes).prop_map(Some)];
    (0..=all, loose).prop_map(move |(group, loose)| {
        partition([group, (all & !group) ^ loose.map_or(0, |slot| 1 << slot)])
    })
}

/// A partition into the groups that are not empty.
fn partition(bits: impl IntoIterator<Item = u16>) -> Action {
    let mut groups = Groups::default();
    let used = bits.into_iter().filter(|&group| group != 0);
    for (place, group) in groups.0.iter_mut().zip(used) {
        *place = NodeSet(group);
    }
    Action::Partition(groups)
}

/// The same action in a cluster that may be smaller: names wrap around, groups lose strangers.
/// `None` if nothing sensible is left.
fn folded(action: &Action, cluster: Cluster) -> Option<Action> {
    if let Action::Partition(Groups(groups)) = action {
        let all = NodeSet::first(cluster.nodes as usize).0;
        return Some(partition(groups.map(|group| group.0 & all)));
    }
    let mut names = [NodeId(1); NODES_MAX];
    for (slot, name) in names.iter_mut().enumerate() {
        *name = NodeId(slot as u8 % cluster.nodes + 1);
    }
    let folded = action.renamed(&names);
    let is_lost = match action {
        Action::Sync(_) => cluster.disk == DiskMode::Instant,
        // Both ends of a link may have become one node.
        _ => folded.nodes().len() < action.nodes().len(),
    };
    if is_lost { None } else { Some(folded) }
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
        let expected = "crash cut deliver drop duplicate fail heal heartbeat jump mend partition \
                        pause restart resume skew stall sync timeout unstall write";
        assert_eq!(verbs.join(" "), expected);
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
