//! Vital signs: what happens in runs if the Raft in them is alive.
//!
//! A Raft that hardly ever elects a leader or commits violates nothing, and nothing is tested. So
//! a campaign compares itself with what the reference does in runs with the same seeds and
//! settings.

use crate::run::Run;
use crate::schedule::config::RunConfig;
use crate::search::campaign::Plan;
use crate::search::target::Target;

/// Runs of the reference: enough to know what is a tenth, and over in a moment.
const RUNS: u64 = 64;

/// Things that happened in runs, counted over all of them.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug)]
pub struct Vitals {
    /// Entries that were committed.
    pub commits: u64,
    /// Elections that were won.
    pub elections: u64,
    /// Nodes that were started again.
    pub restarts: u64,
}

impl Vitals {
    /// Of one run.
    pub fn of(run: &Run) -> Self {
        Vitals { commits: run.committed, elections: run.elections, restarts: run.restarts() }
    }

    /// Those of more runs.
    pub fn add(&mut self, other: Vitals) {
        self.commits += other.commits;
        self.elections += other.elections;
        self.restarts += other.restarts;
    }

    /// Of so many runs with the first seeds of the whole campaign, as they are drawn for `target`,
    /// when the reference runs in its place: the same for all shards.
    pub fn of_reference(reference: &dyn Target, target: &dyn Target, plan: &Plan) -> (u64, Self) {
        let (traits, mut vitals) = (target.traits(), Vitals::default());
        for number in 0..RUNS {
            let seed = plan.first_seed.wrapping_add(number);
            let config = RunConfig::draw(seed, &plan.settings, &traits);
            vitals.add(Vitals::of(&reference.run(&config, &plan.selection)));
        }
        (RUNS, vitals)
    }
}
