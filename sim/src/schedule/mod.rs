//! Schedulers: who chooses what happens next. Nothing else in the simulator chooses.
//!
//! One file a scheduler, one line in [`SCHEDULERS`]. All of them drive the same world, and all
//! leave the same thing behind: a list of actions that replays without them.

pub mod calm;
pub mod config;
pub mod given;
mod order;
pub mod pct;
mod pick;
pub mod pos;
mod ranked;
pub mod script;
pub mod storm;
pub mod swarm;
mod trouble;
pub mod walk;
pub mod workload;

use given::Given;

use crate::draws::Roots;
use crate::world::Event;
use crate::world::stage::Stage;

/// Chooses the next event.
pub trait Scheduler {
    /// The next event and the true time at which it happens; `None` if nothing can happen.
    ///
    /// A choice may turn out to be impossible (a message to a node that has just stopped); then
    /// nothing happens and the scheduler is asked again.
    fn next(&mut self, stage: &Stage) -> Option<(u64, Event)>;

    /// Whether its last choice has happened. Most do not care.
    fn heard(&mut self, _happened: bool) {}

    /// What the seed has drawn for it, for people: a name and a value each.
    fn knobs(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// A way to choose, for the portfolio and for people.
#[derive(Copy, Clone, Debug)]
pub struct Policy {
    /// What `--scheduler` calls it.
    pub name: &'static str,
    /// One sentence for `raft-sim list schedulers`.
    pub summary: &'static str,
    /// Runs of a default campaign that it drives, in percent.
    pub share: u32,
    /// Draws a scheduler for a run.
    pub make: fn(&Given, &Roots) -> Box<dyn Scheduler>,
}

/// All schedulers that search. ([`script::Lines`] replays.) The shares are measured:
/// `SCHEDULERS.md` has the table and the command that makes it.
pub const SCHEDULERS: &[Policy] =
    &[walk::POLICY, swarm::POLICY, pos::POLICY, pct::POLICY, storm::POLICY];

/// The scheduler of a cluster that lives undisturbed; it does not search.
pub const KINDLY: &Policy = &storm::KINDLY;

/// The scheduler of that name.
pub fn named(name: &str) -> Option<&'static Policy> {
    SCHEDULERS.iter().find(|policy| policy.name == name)
}
