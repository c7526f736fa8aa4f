//! What a search of all states has found, as text for people and as JSON for programs.

use std::fmt::Write as _;

use raft_invariants::Violation;
use serde::{Deserialize, Serialize};

use super::coverage::{Checked, watching};
use super::diagram::{Diagram, diagram};
use super::evidence::evidence;
use super::formats::human::indented;
use super::look::Look;
use super::story::{Detail, Story, story};
use super::words::{counted, grouped, paragraph, tenths, wrapped};
use crate::explain::why::remarks::Remarks;
use crate::run::Run;
use crate::search::exhaustive::{Allowance, End, Exploration, Explored, SmallScope};
use crate::search::target::Target;

/// The version of [`ExploredReport`].
pub const FORMAT: &str = "raft-sim-explored/2";
/// So few states say nothing about memory.
const FEW: u64 = 10_000;

/// A search of all states and what came of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ExploredReport {
    /// [`FORMAT`].
    #[cfg_attr(feature = "cli", schemars(extend("const" = FORMAT)))]
    pub format: String,
    /// The version of raft-sim.
    pub version: String,
    /// What was searched.
    pub target: String,
    /// How far.
    pub scope: ScopeReport,
    /// Why it ended.
    pub end: EndReport,
    /// Whether every state of the scope was visited.
    pub complete: bool,
    /// States that were visited.
    pub states: u64,
    /// Steps that were tried.
    pub steps: u64,
    /// States by their distance from the boot, in actions.
    pub levels: Vec<u64>,
    /// Bytes of memory for what was visited.
    pub bytes: u64,
    /// Who judged.
    #[serde(flatten)]
    pub checked: Checked,
    /// What was seen.
    pub reached: Vec<String>,
    /// What could have been seen and was not: the scope does not reach so far.
    pub never: Vec<String>,
    /// The shortest story of a violation, if there was one.
    pub failure: Option<ShortestReport>,
    /// The process's exit code.
    pub exit: u8,
    /// What depends on a clock.
    pub time: ExploredTime,
}

/// Why a search ended.
#[derive(Copy, Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum EndReport {
    /// Nothing more can happen.
    Everything,
    /// It is as deep as was wished.
    Depth,
    /// Something is violated.
    Violation,
    /// There is no room for more states.
    Full,
    /// Somebody asked it to.
    Interrupted,
}

/// How far a search goes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ScopeReport {
    /// What it starts from: `cluster nodes=3 disk=instant batch=1 window=1`.
    pub cluster: String,
    /// Nodes of the cluster.
    pub nodes: u8,
    /// When writes become durable: `instant` or `queued`.
    pub disk: String,
    /// Most actions in a row.
    pub depth: Option<u32>,
    /// Most election timeouts.
    pub timeouts: u8,
    /// Most heartbeats.
    pub heartbeats: u8,
    /// Most commands of clients.
    pub writes: u8,
    /// Most crashes.
    pub crashes: u8,
    /// Most messages that arrive once more.
    pub duplicates: u8,
    /// Most disk errors.
    pub fails: u8,
    /// Whether a calm begins in every state.
    #[serde(default)]
    pub calm: bool,
}

/// The shortest story that violates an invariant.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ShortestReport {
    /// What is violated.
    pub invariant: String,
    /// How deep it lies.
    pub level: String,
    /// Where in the target's code, for panics.
    pub place: Option<String>,
    /// What was seen.
    pub evidence: String,
    /// Actions of the script.
    pub actions: usize,
    /// What the script starts from: `cluster nodes=3 disk=instant batch=1 window=1`.
    pub cluster: String,
    /// The script: an action in each line.
    pub script: Vec<String>,
    /// What happens in it.
    pub story: Story,
    /// The same as a drawing.
    pub diagram: Diagram,
    /// Where it is kept, if it could be written.
    pub file: Option<String>,
    /// Repeats it from the file.
    pub reproduce: Option<String>,
}

/// What of a search depends on a clock.
#[derive(Copy, Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct ExploredTime {
    /// CPU time, in microseconds.
    pub cpu_us: u64,
    /// Wall time, in milliseconds.
    pub wall_ms: u64,
}

impl ExploredReport {
    /// What came of a search.
    pub fn of(
        target: &dyn Target,
        plan: &Exploration,
        explored: &Explored,
        failure: Option<ShortestReport>,
        exit: u8,
        time: ExploredTime,
    ) -> Self {
        let reveals = target.traits().reveals.difference(explored.withheld);
        let could = watching(reveals);
        let unseen = could.filter(|(number, _)| !explored.witnesses.contains(*number));
        ExploredReport {
            format: FORMAT.to_owned(),
            version: crate::language::version::TOOL.to_owned(),
            target: target.name().to_owned(),
            scope: ScopeReport::of(&plan.scope),
            end: EndReport::of(explored.end.as_ref()),
            complete: explored.is_complete(),
            states: explored.states(),
            steps: explored.steps,
            levels: explored.levels.clone(),
            bytes: explored.bytes,
            checked: Checked::of(reveals, explored.shown, plan.scope.calm, &plan.selection),
            reached: explored.witnesses.iter().map(|witness| witness.name.to_owned()).collect(),
            never: unseen.map(|(_, witness)| witness.name.to_owned()).collect(),
            failure,
            exit,
            time,
        }
    }
}

impl ShortestReport {
    /// A violation with the run, with notes, of its story; without a file.
    pub fn of(target: &dyn Target, violation: &Violation, run: &Run) -> Self {
        ShortestReport {
            invariant: violation.invariant.name.to_owned(),
            level: violation.invariant.level.to_string(),
            place: violation.place.clone(),
            evidence: evidence(violation),
            actions: run.steps(),
            cluster: run.cluster.to_string(),
            script: run.whole().lines(),
            story: story(run, &Remarks::of(target, run), 0, Detail::Story),
            diagram: diagram(run, 0),
            file: None,
            reproduce: None,
        }
    }
}

impl ScopeReport {
    /// How far a search goes.
    pub fn of(scope: &SmallScope) -> Self {
        let SmallScope { cluster, depth, allowance, calm } = *scope;
        let Allowance { timeouts, heartbeats, writes, crashes, duplicates, fails } = allowance;
        ScopeReport {
            cluster: cluster.to_string(),
            nodes: cluster.nodes,
            disk: cluster.disk.name().to_owned(),
            depth,
            timeouts,
            heartbeats,
            writes,
            crashes,
            duplicates,
            fails,
            calm,
        }
    }

    /// How much may happen: `3 nodes, instant disks, at most 2 timeouts, 1 write`.
    pub fn in_words(&self) -> String {
        let things = [
            (self.timeouts, "timeout"),
            (self.heartbeats, "heartbeat"),
            (self.writes, "write"),
            (self.crashes, "crash"),
            (self.duplicates, "duplicate"),
            (self.fails, "disk error"),
        ];
        let allowed = things.into_iter().filter(|(count, _)| 0 < *count);
        let allowed: Vec<String> =
            allowed.map(|(count, thing)| counted(u64::from(count), thing)).collect();
        let depth = self.depth.map(|depth| format!(", {} deep", counted(depth.into(), "action")));
        format!(
            "{}, {} disks, at most {}{}",
            counted(u64::from(self.nodes), "node"),
            self.disk,
            if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") },
            depth.unwrap_or_default(),
        ) + if self.calm { ", and then calm" } else { "" }
    }
}

impl EndReport {
    const fn of(end: Option<&End>) -> Self {
        match end {
            Some(End::Everything) => EndReport::Everything,
            Some(End::Depth) => EndReport::Depth,
            Some(End::Violation(_)) => EndReport::Violation,
            Some(End::Full) => EndReport::Full,
            Some(End::Interrupted) | None => EndReport::Interrupted,
        }
    }
}

/// How far a search is, in one line.
pub fn so_far(explored: &Explored) -> String {
    format!(
        "{} within {}  {} tried  {} MB",
        counted(explored.states(), "state"),
        counted((explored.levels.len() as u64).saturating_sub(1), "action"),
        counted(explored.steps, "step"),
        grouped(explored.bytes / 1_000_000),
    )
}

/// The report for people.
pub fn human(report: &ExploredReport, look: Look) -> String {
    let found = report.failure.as_ref().map(|shortest| found(shortest, look));
    let mut text = found.unwrap_or_default();
    let _ = writeln!(text, "{}", headline(report, look));
    text.push_str(&paragraph("scope", &[report.scope.in_words()], look.width));
    let levels: Vec<String> = report.levels.iter().map(|&count| grouped(count)).collect();
    text.push_str(&paragraph("states", &levels, look.width));
    text.push_str(&paragraph("reached", &report.reached, look.width));
    if report.complete && !report.never.is_empty() {
        text.push_str(&paragraph("never", &report.never, look.width));
    }
    text.push_str(&report.checked.in_words(look));
    text.push_str(&cost(report));
    text
}

/// Whether it can be believed, and how far it reaches.
fn headline(report: &ExploredReport, look: Look) -> String {
    let states = counted(report.states, "state");
    let depth = counted((report.levels.len() as u64).saturating_sub(1), "action");
    match report.end {
        EndReport::Everything => look.green(&format!(
            "complete: {states}, and no violation; nothing can happen after {depth}"
        )),
        EndReport::Depth => {
            look.green(&format!("complete to its depth: {states} within {depth}, and no violation"))
        }
        EndReport::Violation => look.red(&format!(
            "violation after {states}; no story in this scope that is shorter violates anything"
        )),
        EndReport::Full => look.yellow(&format!(
            "NOT complete: {states} are as many as were to be kept; no violation so far"
        )),
        EndReport::Interrupted => {
            look.yellow(&format!("NOT complete: interrupted after {states}; no violation so far"))
        }
    }
}

fn found(shortest: &ShortestReport, look: Look) -> String {
    let name = look.red(&format!("✗ {}", shortest.invariant));
    let place = shortest.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let length = counted(shortest.actions as u64, "action");
    let evidence = wrapped(&shortest.evidence, look.width - 4).join("\n    ");
    let mut text = format!("{name}{place}  the shortest story, {length}\n    {evidence}\n");
    let _ = writeln!(text, "\n  {}", look.bold("Story"));
    text.push_str(&indented(&format!("{}\n", shortest.cluster)));
    text.push_str(&indented(&shortest.story.text(look)));
    let _ = writeln!(text, "\n  {}", look.bold("Diagram"));
    text.push_str(&indented(&shortest.diagram.text(look)));
    text.push('\n');
    let file = shortest.file.as_ref().map(|file| format!("{file}     (`corpus add` keeps it)"));
    for (what, value) in [("file     ", &file), ("reproduce", &shortest.reproduce)] {
        if let Some(value) = value {
            let _ = writeln!(text, "  {} {value}", look.dim(what));
        }
    }
    if shortest.file.is_some() {
        text.push('\n');
    }
    text
}

fn cost(report: &ExploredReport) -> String {
    let cpu_us = report.time.cpu_us;
    let rate = |number: u64| {
        let per_second = number.saturating_mul(1_000_000).checked_div(cpu_us);
        per_second.map_or_else(|| "?".to_owned(), grouped)
    };
    // The smallest set has room for some thousand states.
    let bytes = if FEW <= report.states {
        format!("; {} bytes a state", report.bytes.div_ceil(report.states))
    } else {
        String::new()
    };
    format!(
        "cost      {} CPU s: {} states/s, {} steps/s{bytes}\n",
        tenths(cpu_us / 100_000),
        rate(report.states),
        rate(report.steps),
    )
}
