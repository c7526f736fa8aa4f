//! Be suspicious of silence: a campaign that saw no leader, no commit, no truncation has shown
//! nothing, however green it is.

use super::Plan;
use crate::faults::FaultSet;
use crate::node::Traits;
use raft_invariants::Witness;

/// Runs below which only the plainest witnesses are demanded.
const RUNS_MIN: u64 = 1_000;
/// Runs in which the plainest are seen, if anything happens at all.
const RUNS_PLAIN: u64 = 20;

/// Runs after which a campaign with this plan must have seen a witness; `None` if it need not, or
/// cannot.
pub fn due(witness: &Witness, plan: &Plan, traits: &Traits) -> Option<u64> {
    let is_possible =
        |fault: &&str| FaultSet::named(fault).is_some_and(|set| plan.settings.faults.meets(&set));
    let (faults, sizes) = (witness.needs_faults, &plan.settings.nodes);
    let largest = sizes.iter().map(|&size| usize::from(size)).max().unwrap_or(traits.nodes.1);
    let is_demanded = witness.required
        && traits.reveals.meets(witness.needs)
        && usize::from(witness.nodes_min) <= largest
        && (faults.is_empty() || faults.iter().any(is_possible));
    let is_plain = matches!(witness.name, "LeaderElected" | "EntryCommitted");
    is_demanded.then_some(if is_plain { RUNS_PLAIN } else { RUNS_MIN })
}
