//! Be suspicious of silence: a campaign that saw no leader, no commit, no truncation has shown
//! nothing, however green it is.

use super::{Campaign, Plan};
use crate::faults::FaultSet;
use raft_invariants::{Reveals, Witness};

/// Runs below which only the plainest witnesses are demanded.
const RUNS_MIN: u64 = 1_000;

/// Required witnesses that the campaign never saw, though it could have.
pub fn missing(campaign: &Campaign, plan: &Plan, reveals: Reveals) -> Vec<&'static Witness> {
    let witnesses = raft_invariants::witness::list();
    witnesses
        .iter()
        .enumerate()
        .filter(|(position, witness)| {
            campaign.witnesses[*position] == 0
                && reveals.meets(witness.needs)
                && is_demanded(witness, campaign, plan)
        })
        .map(|(_, witness)| *witness)
        .collect()
}

fn is_demanded(witness: &Witness, campaign: &Campaign, plan: &Plan) -> bool {
    let is_plain = matches!(witness.name, "LeaderElected" | "EntryCommitted");
    let is_possible =
        |fault: &&str| FaultSet::named(fault).is_none_or(|set| plan.settings.faults.meets(&set));
    let enough = if is_plain { 20 } else { RUNS_MIN };
    witness.required
        && enough <= campaign.runs
        && campaign.failures.is_empty()
        && witness.needs_faults.iter().all(is_possible)
}
