//! Reports: what a campaign or a run has found, as text for people and as JSON for programs.
//! Nothing here prints, and what is said is a function of the results alone, except times.

mod columns;
pub mod comparison;
pub mod diagram;
pub mod evidence;
pub mod explored;
pub mod files;
pub mod human;
pub mod json;
pub mod look;
pub mod place;
pub mod scores;
pub mod sentence;
pub mod state;
pub mod story;
pub mod why;
pub mod words;

use raft_invariants::{Invariant, Need, Reveals, Witness};

use crate::explain::finding::Finding;
use crate::explain::why::remarks::Remarks;
use crate::search::campaign::origin::Origin;
use crate::search::campaign::{Campaign, Plan};
use crate::search::target::Target;

/// A campaign and what came of it.
pub struct Report<'a> {
    /// What was run.
    pub target: &'a dyn Target,
    /// How.
    pub plan: &'a Plan,
    /// What came of it.
    pub campaign: &'a Campaign,
    /// The bugs, in the order in which they were found.
    pub findings: &'a [Entry],
    /// Failing runs whose actions alone do not fail.
    pub not_reproduced: &'a [Origin],
    /// Required witnesses that nobody saw.
    pub missing: &'a [&'static Witness],
    /// Wall time of everything.
    pub wall_ms: u64,
    /// The process's exit code.
    pub exit: u8,
}

impl Report<'_> {
    /// Why the campaign has shown nothing, if it has not failed either.
    pub fn vacuous(&self) -> Option<&'static str> {
        let campaign = self.campaign;
        let reveals = self.target.traits().reveals;
        if !campaign.failures.is_empty() {
            None
        } else if campaign.runs == 0 {
            Some("nothing was checked: there was no run")
        } else if reveals.meets(&[Need::Log, Need::CommitIndex]) && campaign.committed == 0 {
            Some("nothing was really checked: no run committed anything")
        } else if self.missing.is_empty() {
            None
        } else {
            Some("nothing was really checked: what is marked (!) was never seen")
        }
    }
}

/// A bug in a report, with what to type about it.
pub struct Entry {
    /// The bug.
    pub finding: Finding,
    /// What its story says beside what happened.
    pub remarks: Remarks,
    /// Failing runs counted.
    pub count: u64,
    /// Runs up to the first of them.
    pub after_runs: u64,
    /// Actions up to the first of them.
    pub after_actions: u64,
    /// Time that minimizing took.
    pub minimize_ms: u64,
    /// Where it is kept, if it could be written.
    pub file: Option<String>,
    /// Repeats it from the file; empty if there is none.
    pub reproduce: String,
    /// Explains the file; empty if there is none.
    pub why: String,
    /// Repeats it from the seed; empty if there is no command line, or no seed that could.
    pub seed_line: String,
}

/// Why an invariant cannot judge a guest: what the guest would have to reveal, in words.
pub fn why_not_sitting(invariant: &Invariant, reveals: Reveals) -> String {
    let missing: Vec<String> = reveals.missing(invariant.needs).map(|it| it.to_string()).collect();
    missing.join(", ")
}
