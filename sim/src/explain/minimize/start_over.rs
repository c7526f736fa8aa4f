//! Starting over: look for the same failure in new runs, in clusters that are no larger, and
//! minimize those.
//!
//! A long run may need its length: no deletion leads from a story of five nodes and three crashes
//! to one of three nodes and none. Another run that fails the same way often shrinks to less.

use super::{Search, cone, delete, nodes};
use crate::language::script::Cluster;
use crate::node::NodeSet;
use crate::schedule::config::{RunConfig, Settings};

/// New runs in one round, at most.
const RUNS_MAX: u64 = 2_000;
/// Failing ones that are minimized, at most.
const FINDS_MAX: usize = 5;
/// Actions of a new run, at most: short stories hide in short runs.
const STEPS: u32 = 150;

/// Minimizes what new runs find, and keeps it if it is shorter.
pub(super) fn start_over(search: &mut Search<'_>) {
    let before = search.best.actions.len();
    let mut finds = 0;
    for round in 0..RUNS_MAX {
        if search.is_spent() || FINDS_MAX <= finds || search.best.actions.len() < before {
            return;
        }
        let config = small_run(search, round);
        search.count_replay();
        let run = search.target.run_on(&[], &config, search.selection);
        let Some(failure) = run.failure().filter(|failure| failure.class() == search.class) else {
            continue;
        };
        finds += 1;
        let effective = run.script(failure.actions);
        search.adopt_if_shorter(effective, |search| {
            cone::keep_the_causal_cone(search);
            nodes::leave_nodes_out(search);
            delete::halve_blocks(search);
            delete::delete_pairs(search);
        });
    }
}

/// A run that differs from round to round, of the portfolio's schedulers.
fn small_run(search: &Search<'_>, round: u64) -> RunConfig {
    let settings = Settings { steps: Some(STEPS), ..Settings::default() };
    let seed = (round + 1) << 32 ^ search.best.actions.len() as u64;
    let mut config = RunConfig::draw(seed, &settings, &search.target.traits());
    let largest = search.best.cluster.nodes;
    let smallest = largest.min(nodes::NODES_MIN as u8);
    // Half of the runs are in the smallest cluster: most bugs show there, if not all.
    let larger =
        if round.is_multiple_of(2) { 0 } else { round % u64::from(largest - smallest + 1) };
    let nodes = smallest + larger as u8;
    config.given.cluster = Cluster { nodes, ..search.best.cluster };
    config.calm = search.best.calm.map(|core| calm_core(core, search.best.cluster, nodes, round));
    config
}

/// Who must make progress in a new run: everyone, and where it was not everyone that had to, the
/// smallest majority in every other round.
fn calm_core(core: NodeSet, before: Cluster, nodes: u8, round: u64) -> NodeSet {
    let is_for_all = core == before.all() || round % 4 < 2;
    NodeSet::first(usize::from(if is_for_all { nodes } else { nodes / 2 + 1 }))
}
