//! Be suspicious of silence: a campaign that saw no leader, no commit, no truncation has shown
//! nothing, however green it is.

use super::{Campaign, Plan};
use crate::faults::FaultSet;
use crate::node::Traits;
use raft_invariants::Witness;

/// Runs below which only the plainest witnesses are demanded.
const RUNS_MIN: u64 = 1_000;

/// Required witnesses that the campaign never saw, though it could have.
pub fn missing(campaign: &Campaign, plan: &Plan, traits: &Traits) -> Vec<&'static Witness> {
    let witnesses = raft_invariants::witness::list();
    witnesses
        .iter()
        .enumerate()
        .filter(|(position, witness)| {
            campaign.witnesses[*position] == 0
                && traits.reveals.meets(witness.needs)
                && is_demanded(witness, campaign, plan, traits)
        })
        .map(|(_, witness)| *witness)
        .collect()
}

fn is_demanded(witness: &Witness, campaign: &Campaign, plan: &Plan, traits: &Traits) -> bool {
    let is_plain = matches!(witness.name, "LeaderElected" | "EntryCommitted");
    let is_possible =
        |fault: &&str| FaultSet::named(fault).is_some_and(|set| plan.settings.faults.meets(&set));
    let (faults, sizes) = (witness.needs_faults, &plan.settings.nodes);
    let largest = sizes.iter().map(|&size| usize::from(size)).max().unwrap_or(traits.nodes.1);
    let enough = if is_plain { 20 } else { RUNS_MIN };
    witness.required
        && enough <= campaign.runs
        && campaign.failures.is_empty()
        && usize::from(witness.nodes_min) <= largest
        && (faults.is_empty() || faults.iter().any(is_possible))
}
