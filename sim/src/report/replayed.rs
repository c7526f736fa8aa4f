//! Runs that were run again, and whether they did what they must: `raft-sim-replayed/1`.

use serde::{Deserialize, Serialize};

use super::diagram::{Diagram, diagram};
use super::evidence::evidence;
use super::story::{Detail, Story, story};
use crate::explain::why::remarks::Remarks;
use crate::language::version::TOOL;
use crate::run::{Failure, Run};
use crate::search::target::Target;

/// The version of [`ReplayedReport`].
pub const FORMAT: &str = "raft-sim-replayed/1";

/// Runs that were run again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReplayedReport {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: String,
    /// The version of raft-sim.
    pub version: String,
    /// In the order in which they were named.
    pub runs: Vec<ReplayedRun>,
    /// The process's exit code.
    pub exit: u8,
}

/// A run, and whether it did what it must.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ReplayedRun {
    /// As it was named: a file or a seed.
    pub what: String,
    /// The exit code of a process with this run alone.
    pub exit: u8,
    /// What came of it, in words, beside what was expected.
    pub outcome: String,
    /// What else is to be known.
    pub notes: Vec<String>,
    /// What was seen; `null` if it could not be run.
    pub seen: Option<SeenReport>,
}

/// What was seen of a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SeenReport {
    /// What was run.
    pub target: String,
    /// Actions done.
    pub actions: usize,
    /// The hash of the run: the same for two people who have seen the same.
    pub hash: String,
    /// Violations in the order in which they were seen.
    pub violations: Vec<ViolationReport>,
    /// What the run starts from.
    pub cluster: String,
    /// What happens in it; absent where many runs were named.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub story: Option<Story>,
    /// The same as a drawing.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub diagram: Option<Diagram>,
}

/// A violation in a run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ViolationReport {
    /// The invariant.
    pub invariant: String,
    /// How deep it lies.
    pub level: String,
    /// Where in the target's code, for panics.
    pub place: Option<String>,
    /// What was seen.
    pub evidence: String,
    /// Whether a fault came before it that no Raft survives.
    pub excused: bool,
    /// Number of the violating action; 0 if nodes failed while they booted.
    pub action: usize,
}

impl ReplayedReport {
    /// Runs of this process.
    pub fn of(runs: Vec<ReplayedRun>, exit: u8) -> Self {
        ReplayedReport { format: FORMAT.to_owned(), version: TOOL.to_owned(), runs, exit }
    }
}

impl SeenReport {
    /// What was seen of a run, without its story.
    pub fn of(target: &dyn Target, run: &Run) -> Self {
        SeenReport {
            target: target.name().to_owned(),
            actions: run.actions.len(),
            hash: format!("{:016x}", run.hash),
            violations: run.failures.iter().map(violation).collect(),
            cluster: run.cluster.to_string(),
            story: None,
            diagram: None,
        }
    }

    /// With the story of the run, which took notes.
    #[must_use]
    pub fn told(self, target: &dyn Target, run: &Run) -> Self {
        let told = story(run, &Remarks::of(target, run), 0, Detail::Story);
        SeenReport { story: Some(told), diagram: Some(diagram(run, 0)), ..self }
    }
}

fn violation(failure: &Failure) -> ViolationReport {
    let Failure { actions, violation } = failure;
    ViolationReport {
        invariant: violation.invariant.name.to_owned(),
        level: violation.invariant.level.to_string(),
        place: violation.place.clone(),
        evidence: evidence(violation),
        excused: violation.expected.is_some(),
        action: *actions,
    }
}
