//! A bug in a report: what it is, how often it was seen, and what to type about it.

use raft_invariants::Invariant;
use serde::{Deserialize, Serialize};

use super::diagram::{Diagram, diagram};
use super::evidence::evidence;
use super::story::{Detail, Story, story};
use crate::explain::finding::Finding;
use crate::explain::follow::{Followed, Harm};
use crate::explain::minimize::Minimized;
use crate::explain::why::remarks::Remarks;
use crate::language::script::Script;
use crate::search::campaign::Sightings;

/// Lines of a story that nobody minimized.
const TAIL: usize = 20;

/// A bug as its script shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct FindingReport {
    /// Names the bug: the same one found twice has the same eight digits.
    pub bucket: String,
    /// The invariant that is violated.
    pub invariant: String,
    /// How deep it lies.
    pub level: String,
    /// Where in the target's code, for panics.
    pub place: Option<String>,
    /// What was seen.
    pub evidence: String,
    /// Whether a fault came before it that no Raft survives.
    pub excused: bool,
    /// The seed of the run in which it was found.
    pub seed: String,
    /// Who chose there.
    pub scheduler: String,
    /// Number of the violating action in that run; 0 if nodes failed while they booted.
    pub action: usize,
    /// Actions of that run.
    pub actions: usize,
    /// Nodes of that run.
    pub nodes: u8,
    /// What else was violated later in that run.
    pub later: Vec<LaterReport>,
    /// How the script became so small, if somebody tried.
    pub minimized: Option<MinimizedReport>,
    /// The shortest script that is a part of the run of `seed`, if `script` is of another run that
    /// fails the same way.
    pub own_run: Option<OwnRunReport>,
    /// What harm comes of the alarm, if it lies less deep than the paper's promises and somebody looked.
    pub harm: Option<HarmReport>,
    /// What the script starts from: `cluster nodes=3 disk=instant batch=1 window=1`.
    pub cluster: String,
    /// The script: an action in each line.
    pub script: Vec<String>,
    /// What happens in it; of a long one, the end.
    pub story: Story,
    /// The same as a drawing.
    pub diagram: Diagram,
}

/// Something else that is violated later in the same run.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct LaterReport {
    /// The invariant.
    pub invariant: String,
    /// How deep it lies.
    pub level: String,
    /// How many actions later.
    pub actions_later: usize,
}

/// How a script became so small.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct MinimizedReport {
    /// Actions before.
    pub before: usize,
    /// Actions now.
    pub actions: usize,
    /// Nodes now.
    pub nodes: u8,
    /// Scripts that were tried.
    pub replays: u64,
    /// Whether it is known that no action can be left out.
    pub one_minimal: bool,
}

/// The shortest story that is a part of the failing run itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct OwnRunReport {
    /// Its actions.
    pub actions: usize,
    /// What it starts from.
    pub cluster: String,
    /// The script: an action in each line.
    pub script: Vec<String>,
    /// Where it is kept, if it could be written.
    pub file: Option<String>,
}

impl OwnRunReport {
    /// Not kept yet.
    pub fn of(script: &Script) -> Self {
        OwnRunReport {
            actions: script.steps(),
            cluster: script.cluster.to_string(),
            script: script.lines(),
            file: None,
        }
    }
}

/// What came of following an alarm.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct HarmReport {
    /// Futures of the alarm that were run.
    pub futures: u64,
    /// The gravest harm that was found; `null` if none was.
    pub follows: Option<FollowsReport>,
}

/// Harm that follows from an alarm.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct FollowsReport {
    /// What is violated.
    pub invariant: String,
    /// How deep it lies.
    pub level: String,
    /// How many actions after the alarm.
    pub actions_later: usize,
    /// What the script starts from.
    pub cluster: String,
    /// The alarm, what follows, and the harm: an action in each line.
    pub script: Vec<String>,
    /// Where it is kept, if it could be written.
    pub file: Option<String>,
}

impl HarmReport {
    /// Not kept yet.
    pub fn of(followed: &Followed) -> Self {
        let follows = |harm: &Harm| FollowsReport {
            invariant: harm.class.invariant.to_owned(),
            level: harm.level.to_string(),
            actions_later: harm.actions_later(),
            cluster: harm.script.cluster.to_string(),
            script: harm.script.lines(),
            file: None,
        };
        HarmReport { futures: followed.futures, follows: followed.harm.as_ref().map(follows) }
    }
}

/// A bug that a campaign has found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct FailureReport {
    /// What it is.
    #[serde(flatten)]
    pub finding: FindingReport,
    /// Failing runs counted.
    pub runs: u64,
    /// Runs up to the first of them.
    pub after_runs: u64,
    /// Different scripts that were found of it: this is the shortest.
    pub stories: u64,
    /// Where it is kept, if it could be written.
    pub file: Option<String>,
    /// The page on which it can be looked at without raft-sim, if one was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
    /// Repeats it from the file.
    pub reproduce: Option<String>,
    /// Explains the file.
    pub why: Option<String>,
    /// Repeats the run in which it was found from its seed, if a seed can.
    pub reproduce_seed: Option<String>,
    /// What depends on a clock.
    pub time: FailureTime,
}

/// What of a failure depends on a clock.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct FailureTime {
    /// Milliseconds that minimizing took.
    pub minimize_ms: u64,
}

impl FindingReport {
    /// What there is to say about a finding.
    pub fn of(finding: &Finding, remarks: &Remarks) -> Self {
        let Finding { violation, script, .. } = finding;
        let length = script.steps();
        let from = if finding.minimized.is_some() { 0 } else { length.saturating_sub(TAIL) };
        let minimized = |minimized: &Minimized| MinimizedReport {
            before: minimized.before,
            actions: length,
            nodes: script.cluster.nodes,
            replays: minimized.replays,
            one_minimal: minimized.one_minimal,
        };
        FindingReport {
            bucket: format!("{:08x}", finding.bucket),
            invariant: finding.class.invariant.to_owned(),
            level: violation.invariant.level.to_string(),
            place: finding.class.place.clone(),
            evidence: evidence(violation),
            excused: violation.expected.is_some(),
            seed: hex(finding.origin.seed()),
            scheduler: finding.scheduler.to_owned(),
            action: finding.at,
            actions: finding.of,
            nodes: finding.nodes,
            later: later(&finding.later),
            minimized: finding.minimized.as_ref().map(minimized),
            own_run: finding.own.as_ref().map(OwnRunReport::of),
            harm: finding.followed.as_ref().map(HarmReport::of),
            cluster: script.cluster.to_string(),
            script: script.lines(),
            story: story(&finding.run, remarks, from, Detail::Story),
            diagram: diagram(&finding.run, from),
        }
    }
}

/// What was violated later in a run, with how many actions later.
pub fn later(later: &[(&'static Invariant, usize)]) -> Vec<LaterReport> {
    let told = later.iter().map(|(invariant, actions_later)| LaterReport {
        invariant: invariant.name.to_owned(),
        level: invariant.level.to_string(),
        actions_later: *actions_later,
    });
    told.collect()
}

impl FailureReport {
    /// A finding with its sightings; without a file and without lines to type.
    pub fn of(finding: &Finding, remarks: &Remarks, sightings: &Sightings, ms: u64) -> Self {
        FailureReport {
            finding: FindingReport::of(finding, remarks),
            runs: sightings.count,
            after_runs: sightings.after_runs,
            stories: 1,
            file: None,
            page: None,
            reproduce: None,
            why: None,
            reproduce_seed: None,
            time: FailureTime { minimize_ms: ms },
        }
    }
}

/// A seed as it is written: `0x6c`.
pub(crate) fn hex(seed: u64) -> String {
    format!("{seed:#x}")
}
