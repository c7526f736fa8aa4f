//! The shortest story of a failing run: `raft-sim-minimized/1`.

use serde::{Deserialize, Serialize};

use super::diagram::{Diagram, diagram};
use super::failure::OwnRunReport;
use super::story::{Detail, Story, story};
use crate::explain::minimize::{Minimized, PassStatistics};
use crate::explain::why::remarks::Remarks;
use crate::language::script::Script;
use crate::language::version::TOOL;
use crate::run::Run;
use crate::search::target::Target;

/// The version of [`ShortestStoryReport`].
pub const FORMAT: &str = "raft-sim-minimized/1";

/// A failing run that was minimized.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ShortestStoryReport {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: String,
    /// The version of raft-sim.
    pub version: String,
    /// What was run.
    pub target: String,
    /// What is violated, before and after.
    pub invariant: String,
    /// Where in the target's code, for panics.
    pub place: Option<String>,
    /// How large it was.
    pub before: SizeReport,
    /// How large it is now.
    pub after: SizeReport,
    /// The shortest script that is a part of what was handed in, if `script` is of another run that
    /// fails the same way.
    pub own_run: Option<OwnRunReport>,
    /// Whether it is known that no action can be left out.
    pub one_minimal: bool,
    /// Scripts that were tried.
    pub replays: u64,
    /// What each pass did.
    pub passes: Vec<PassReport>,
    /// What the script starts from.
    pub cluster: String,
    /// The script: an action in each line.
    pub script: Vec<String>,
    /// What happens in it.
    pub story: Story,
    /// The same as a drawing.
    pub diagram: Diagram,
    /// Where it is kept.
    pub file: String,
    /// Repeats it from the file.
    pub reproduce: String,
    /// The process's exit code.
    pub exit: u8,
    /// What depends on a clock.
    pub time: MinimizedTime,
}

/// The size of a run.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct SizeReport {
    /// Its actions.
    pub actions: usize,
    /// Its nodes.
    pub nodes: u8,
}

/// What a pass of the minimizer did.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct PassReport {
    /// Its name.
    pub name: String,
    /// Scripts that it tried.
    pub replays: u64,
    /// Scripts that failed the same way and were better.
    pub accepted: u64,
    /// Actions that it took away.
    pub actions: u64,
}

/// What of the minimizing depends on a clock.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct MinimizedTime {
    /// Milliseconds that it took.
    pub wall_ms: u64,
}

impl ShortestStoryReport {
    /// What there is to say; `told` is a run of the minimized script that took notes. Where it is
    /// kept is not known yet, nor how the process ends.
    pub fn of(
        target: &dyn Target,
        before: &Script,
        minimized: &Minimized,
        told: &Run,
        wall_ms: u64,
    ) -> Self {
        let Minimized { script, own, class, statistics, replays, one_minimal, .. } = minimized;
        let size = |script: &Script| SizeReport {
            actions: script.actions.len(),
            nodes: script.cluster.nodes,
        };
        ShortestStoryReport {
            format: FORMAT.to_owned(),
            version: TOOL.to_owned(),
            target: target.name().to_owned(),
            invariant: class.invariant.to_owned(),
            place: class.place.clone(),
            before: size(before),
            after: size(script),
            own_run: own.as_ref().map(OwnRunReport::of),
            one_minimal: *one_minimal,
            replays: *replays,
            passes: statistics.iter().map(pass).collect(),
            cluster: script.cluster.to_string(),
            script: script.actions.iter().map(ToString::to_string).collect(),
            story: story(told, &Remarks::of(target, told), 0, Detail::Story),
            diagram: diagram(told, 0),
            file: String::new(),
            reproduce: String::new(),
            exit: 0,
            time: MinimizedTime { wall_ms },
        }
    }
}

fn pass(pass: &PassStatistics) -> PassReport {
    let PassStatistics { name, replays, accepted, actions } = pass;
    let (replays, accepted, actions) = (*replays, *accepted, *actions);
    PassReport { name: (*name).to_owned(), replays, accepted, actions }
}
