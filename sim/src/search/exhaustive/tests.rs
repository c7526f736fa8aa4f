//! That copies are exact and likeness is one of whole states: on scripts of all kinds.

use proptest::prelude::*;
use raft_invariants::Selection;

use super::scope::Allowance;
use super::state::Likeness;
use crate::guests::raft_core::RaftCore;
use crate::language::action::Action;
use crate::language::script::{Cluster, Script};
use crate::language::strategy::scripts;
use crate::node::{NODES_MAX, Node, NodeId};
use crate::schedule::script::{Matching, resolve};
use crate::world::World;

const ALL: Allowance =
    Allowance { timeouts: 9, heartbeats: 9, writes: 9, crashes: 9, duplicates: 9, fails: 9 };

fn world(cluster: Cluster) -> World<RaftCore> {
    World::new(cluster, &None, &Selection::ALL, false)
}

/// Forgivingly; whether anything has happened.
fn perform(world: &mut World<RaftCore>, action: &Action) -> bool {
    let event = resolve(action, world.stage(), Matching::Forgiving);
    let possible = event.filter(|&event| world.fork(0).perform(event).is_some());
    possible.map(|event| world.perform_stamped(event)).is_some()
}

fn run(script: &Script) -> World<RaftCore> {
    let mut world = world(script.cluster);
    for action in &script.actions {
        perform(&mut world, action);
    }
    world
}

fn of(world: &World<RaftCore>, symmetry: bool) -> u64 {
    Likeness { symmetry, ..Likeness::DEFAULT }.fingerprint(world, ALL)
}

/// The nodes under other names: those of the cluster in another order.
fn names(order: &[usize]) -> [NodeId; NODES_MAX] {
    std::array::from_fn(|slot| NodeId::at(order.get(slot).copied().unwrap_or(slot)))
}

proptest! {
    #[test]
    fn a_renamed_cluster_is_the_same(
        script in scripts(RaftCore::kinds(&None), 3..=3),
        order in Just(vec![0, 1, 2]).prop_shuffle(),
    ) {
        let names = names(&order);
        let renamed = script.actions.iter().map(|action| action.renamed(&names)).collect();
        let (one, other) = (run(&script), run(&Script { actions: renamed, ..script }));
        prop_assert_eq!(of(&one, true), of(&other, true));
    }

    #[test]
    fn five_renamed_nodes_are_the_same(
        script in scripts(RaftCore::kinds(&None), 5..=5),
        order in Just(vec![0, 1, 2, 3, 4]).prop_shuffle(),
    ) {
        let names = names(&order);
        let renamed = script.actions.iter().map(|action| action.renamed(&names)).collect();
        let (one, other) = (run(&script), run(&Script { actions: renamed, ..script }));
        prop_assert_eq!(of(&one, true), of(&other, true));
    }

    /// A world that goes back goes on as if it had never been away.
    #[test]
    fn a_world_returns_to_where_it_was(
        script in scripts(RaftCore::kinds(&None), 3..=3),
        away in scripts(RaftCore::kinds(&None), 3..=3),
    ) {
        let mut world = world(script.cluster);
        let mut spare = world.fork(1);
        for (action, other) in script.actions.iter().zip(away.actions.iter().cycle()) {
            if perform(&mut spare, other) && !spare.checker().violations().is_empty() {
                break;
            }
            spare.return_to(&world);
            prop_assert_eq!(of(&spare, false), of(&world, false));
            prop_assert_eq!(perform(&mut world, action), perform(&mut spare, action));
            prop_assert_eq!(of(&spare, false), of(&world, false));
        }
        prop_assert_eq!(spare.checker().violations().len(), world.checker().violations().len());
    }
}

/// Each of these two stories ends in another state than the other.
#[test]
fn what_makes_a_difference_is_seen() {
    let state = |disk: &str, lines: &str| {
        let text = format!("cluster nodes=3 disk={disk}\n{lines}");
        let script = Script::parse(&text, "test".as_ref(), RaftCore::kinds(&None));
        of(&run(&script.expect("the script is right")), true)
    };
    let differ = |disk: &str, one: &str, other: &str| {
        assert_ne!(state(disk, one), state(disk, other), "{one}");
    };
    let elected = "timeout n1\ndeliver n1->n2 RequestVote\ndeliver n2->n1 RequestVoteReply\n";
    differ("instant", "timeout n1", "timeout n1\ndeliver n1->n2 RequestVote");
    differ("instant", "timeout n1", "timeout n1\ndrop n1->n2 RequestVote");
    differ("instant", elected, &format!("{elected}heartbeat n1"));
    differ("instant", elected, &format!("{elected}crash n1"));
    differ("instant", "timeout n1", "timeout n1\ncrash n1\nrestart n1");
    differ("queued", "timeout n1", "timeout n1\nsync n1");
    differ("queued", "timeout n1\ncrash n1", "timeout n1\ncrash n1 keep 1");
}
