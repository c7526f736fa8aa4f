//! Starting over: look for the same failure in new runs, in clusters that are no larger, and
//! minimize those.
//!
//! A long run may need its length: no deletion leads from a story of five nodes and three crashes
//! to one of three nodes and none. Another run that fails the same way often shrinks to less.

use super::{Search, cone, delete, nodes, replace, settings};
use crate::language::script::Cluster;
use crate::node::NodeSet;
use crate::schedule::config::RunConfig;

/// New runs in one round for each action of the best, at most: a long story is worth more.
const RUNS_PER_ACTION: u64 = 300;
/// Failing ones that are minimized, for two actions of the best, at most.
const FINDS_PER_TWO_ACTIONS: usize = 1;
/// A story that is this much longer than the best may come below it when single actions are replaced.
const NEAR: usize = 2;
/// Actions of a new run, at most: short stories hide in short runs.
const STEPS: u32 = 150;

/// Minimizes what new runs find, and keeps it if it is shorter.
pub(super) fn start_over(search: &mut Search<'_>) {
    let before = search.best.actions.len();
    let (runs_max, finds_max) =
        (RUNS_PER_ACTION * before as u64, 1 + FINDS_PER_TWO_ACTIONS * before / 2);
    let mut finds = 0;
    for _ in 0..runs_max {
        if search.is_spent() || finds_max <= finds || search.best.actions.len() < before {
            return;
        }
        let config = small_run(search, search.beginnings);
        search.beginnings += 1;
        search.count_replay();
        let run = search.target.run_on(&[], &config, search.selection);
        let Some(effective) = search.shows(&run) else { continue };
        finds += 1;
        search.adopt_if_shorter(effective, |search| {
            cone::keep_the_causal_cone(search);
            settings::simplify(search);
            nodes::leave_nodes_out(search);
            delete::halve_blocks(search);
            delete::delete_pairs(search);
            let length = search.best.actions.len();
            if (before..=before + NEAR).contains(&length) {
                settings::widen(search);
                replace_while_it_helps(search);
            }
        });
    }
}

fn replace_while_it_helps(search: &mut Search<'_>) {
    loop {
        let length = search.best.actions.len();
        replace::replace_one(search);
        if length <= search.best.actions.len() {
            return;
        }
    }
}

/// A run that differs from round to round, of the portfolio's schedulers.
fn small_run(search: &Search<'_>, round: u64) -> RunConfig {
    let seed = (round + 1) << 32 ^ search.best.actions.len() as u64;
    let mut config = RunConfig::draw(seed, &search.frame.settings(STEPS), &search.target.traits());
    let largest = search.best.cluster.nodes;
    let smallest = largest.min(nodes::NODES_MIN as u8);
    let sizes: Vec<u8> =
        (smallest..=largest).filter(|&size| search.frame.allows_nodes(size)).collect();
    // Half of the runs are in the smallest cluster: most bugs show there, if not all.
    let larger = if round.is_multiple_of(2) { 0 } else { round as usize % sizes.len() };
    let nodes = sizes[larger];
    // What the settings are simplified to may be what keeps the best from being shorter.
    let alike = if round % 4 < 2 { search.best.cluster } else { config.given.cluster };
    config.given.cluster = Cluster { nodes, ..alike };
    config.calm = search.best.calm.map(|core| calm_core(core, search.best.cluster, nodes, round));
    config
}

/// Who must make progress in a new run: everyone, and where it was not everyone that had to, the
/// smallest majority in every other round.
fn calm_core(core: NodeSet, before: Cluster, nodes: u8, round: u64) -> NodeSet {
    let is_for_all = core == before.all() || round % 4 < 2;
    NodeSet::first(usize::from(if is_for_all { nodes } else { nodes / 2 + 1 }))
}
