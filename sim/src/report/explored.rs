//! What a search of all states has found, as text for people and as JSON for programs.

use std::fmt::Write as _;

use raft_invariants::{Violation, not_sitting, sitting, witness};
use serde::Serialize;

use super::diagram::diagram;
use super::evidence::evidence;
use super::human::indented;
use super::look::Look;
use super::story::{Detail, story};
use super::words::{counted, grouped, paragraph, tenths, wrapped};
use super::{json, why_not_sitting};
use crate::explain::why::remarks::Remarks;
use crate::language::script::Script;
use crate::run::Run;
use crate::search::exhaustive::{Allowance, End, Explored, Plan, Scope};
use crate::search::target::Target;

/// The version of the JSON object.
pub const FORMAT: &str = "raft-sim-explored/1";
/// Columns of a terminal.
const WIDTH: usize = 100;
/// So few states say nothing about memory.
const FEW: u64 = 10_000;

/// A search and what came of it.
pub struct Report<'a> {
    /// What was searched.
    pub target: &'a dyn Target,
    /// How far.
    pub plan: &'a Plan,
    /// What came of it.
    pub explored: &'a Explored,
    /// The shortest story of a violation, if there was one.
    pub shortest: Option<Shortest>,
    /// CPU time, in microseconds.
    pub cpu_us: u64,
    /// Wall time, in milliseconds.
    pub wall_ms: u64,
    /// The process's exit code.
    pub exit: u8,
}

/// The shortest story that violates an invariant.
pub struct Shortest {
    /// What is violated.
    pub violation: Violation,
    /// The story.
    pub script: Script,
    /// Its run, with notes.
    pub run: Run,
    /// Where it is kept, if it could be written.
    pub file: Option<String>,
    /// Repeats it from the file; empty if there is none.
    pub reproduce: String,
}

/// How much may happen, in words.
pub fn scope(scope: &Scope) -> String {
    let Allowance { timeouts, heartbeats, writes, crashes, duplicates, fails } = scope.allowance;
    let things = [
        (timeouts, "timeout"),
        (heartbeats, "heartbeat"),
        (writes, "write"),
        (crashes, "crash"),
        (duplicates, "duplicate"),
        (fails, "disk error"),
    ];
    let allowed = things.into_iter().filter(|(count, _)| 0 < *count);
    let allowed: Vec<String> =
        allowed.map(|(count, thing)| counted(u64::from(count), thing)).collect();
    let depth = scope.depth.map(|depth| format!(", {} deep", counted(depth.into(), "action")));
    format!(
        "{}, {} disks, at most {}{}",
        counted(u64::from(scope.cluster.nodes), "node"),
        scope.cluster.disk.name(),
        if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") },
        depth.unwrap_or_default(),
    )
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
pub fn human(report: &Report<'_>, look: Look) -> String {
    let explored = report.explored;
    let found = report.shortest.as_ref().map(|shortest| found(report.target, shortest, look));
    let mut text = found.unwrap_or_default();
    let _ = writeln!(text, "{}", headline(report, look));
    text.push_str(&paragraph("scope", &[scope(&report.plan.scope)]));
    let levels: Vec<String> = explored.levels.iter().map(|&count| grouped(count)).collect();
    text.push_str(&paragraph("states", &levels));
    let seen = explored.witnesses.iter().map(|witness| witness.name.to_owned());
    text.push_str(&paragraph("reached", &seen.collect::<Vec<_>>()));
    let unseen: Vec<String> = unseen(report).map(str::to_owned).collect();
    if explored.is_complete() && !unseen.is_empty() {
        text.push_str(&paragraph("never", &unseen));
    }
    let names = checked(report).into_iter().map(str::to_owned);
    text.push_str(&paragraph("checked", &names.collect::<Vec<_>>()));
    text.push_str(&cost(report));
    text
}

/// Whether it can be believed, and how far it reaches.
fn headline(report: &Report<'_>, look: Look) -> String {
    let explored = report.explored;
    let states = counted(explored.states(), "state");
    let depth = counted((explored.levels.len() as u64).saturating_sub(1), "action");
    match explored.end {
        Some(End::Everything) => look.green(&format!(
            "complete: {states}, and no violation; nothing can happen after {depth}"
        )),
        Some(End::Depth) => {
            look.green(&format!("complete to its depth: {states} within {depth}, and no violation"))
        }
        Some(End::Violation(_)) => look.red(&format!(
            "violation after {states}; no story in this scope that is shorter violates anything"
        )),
        Some(End::Full) => look.yellow(&format!(
            "NOT complete: {states} are as many as were to be kept; no violation so far"
        )),
        Some(End::Interrupted) | None => {
            look.yellow(&format!("NOT complete: interrupted after {states}; no violation so far"))
        }
    }
}

fn found(target: &dyn Target, shortest: &Shortest, look: Look) -> String {
    let Shortest { violation, script, run, file, reproduce } = shortest;
    let remarks = Remarks::of(target, run);
    let name = look.red(&format!("✗ {}", violation.invariant.name));
    let place = violation.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let length = counted(script.actions.len() as u64, "action");
    let evidence = wrapped(&evidence(violation), WIDTH - 4).join("\n    ");
    let mut text = format!("{name}{place}  the shortest story, {length}\n    {evidence}\n");
    let _ = writeln!(text, "\n  {}", look.bold("Story"));
    text.push_str(&indented(&format!("{}\n", script.cluster)));
    text.push_str(&indented(&story(run, &remarks, 0, Detail::Story).text(look)));
    let _ = writeln!(text, "\n  {}", look.bold("Diagram"));
    text.push_str(&indented(&diagram(run, 0).text(look)));
    text.push('\n');
    if let Some(file) = file {
        let line = |what: &str, value: &str| format!("  {} {value}\n", look.dim(what));
        text.push_str(&line("file     ", &format!("{file}     (`corpus add` keeps it)")));
        text.push_str(&line("reproduce", reproduce));
        text.push('\n');
    }
    text
}

/// Witnesses that could have seen something and saw nothing: the scope does not reach so far.
fn unseen<'a>(report: &'a Report<'_>) -> impl Iterator<Item = &'static str> + use<'a> {
    let reveals = report.target.traits().reveals;
    let all = witness::list().iter().enumerate();
    let seen = report.explored.witnesses;
    all.filter(move |(number, it)| reveals.meets(it.needs) && !seen.contains(*number))
        .map(|(_, it)| it.name)
}

/// Invariants that judged.
fn checked(report: &Report<'_>) -> Vec<&'static str> {
    let reveals = report.target.traits().reveals;
    let sitting = sitting(reveals).filter(|it| report.plan.selection.contains(it));
    sitting.map(|invariant| invariant.name).collect()
}

fn cost(report: &Report<'_>) -> String {
    let explored = report.explored;
    let rate = |number: u64| {
        let per_second = number.saturating_mul(1_000_000).checked_div(report.cpu_us);
        per_second.map_or_else(|| "?".to_owned(), grouped)
    };
    // The smallest set has room for some thousand states.
    let bytes = match explored.bytes_per_state() {
        _ if explored.states() < FEW => String::new(),
        bytes => format!("; {bytes} bytes a state"),
    };
    format!(
        "cost      {} CPU s: {} states/s, {} steps/s{bytes}\n",
        tenths(report.cpu_us / 100_000),
        rate(explored.states()),
        rate(explored.steps),
    )
}

#[derive(Serialize)]
struct ReportJson<'a> {
    format: &'static str,
    version: &'static str,
    target: &'a str,
    scope: ScopeJson,
    end: &'static str,
    complete: bool,
    states: u64,
    steps: u64,
    levels: &'a [u64],
    bytes: u64,
    checked: Vec<&'static str>,
    not_checked: Vec<(&'static str, String)>,
    reached: Vec<&'static str>,
    never: Vec<&'static str>,
    failure: Option<FailureJson<'a>>,
    exit: u8,
    time: TimeJson,
}

#[derive(Serialize)]
struct ScopeJson {
    cluster: String,
    depth: Option<u32>,
    timeouts: u8,
    heartbeats: u8,
    writes: u8,
    crashes: u8,
    duplicates: u8,
    fails: u8,
}

#[derive(Serialize)]
struct FailureJson<'a> {
    invariant: &'a str,
    level: String,
    place: Option<&'a str>,
    evidence: String,
    actions: usize,
    script: Vec<String>,
    file: Option<&'a str>,
    reproduce: &'a str,
}

#[derive(Serialize)]
struct TimeJson {
    cpu_us: u64,
    wall_ms: u64,
}

/// The report as one object.
pub fn json(report: &Report<'_>) -> String {
    let Report { explored, plan, .. } = report;
    let Scope { cluster, depth, allowance } = plan.scope;
    let Allowance { timeouts, heartbeats, writes, crashes, duplicates, fails } = allowance;
    let cluster = cluster.to_string();
    let reveals = report.target.traits().reveals;
    json::to_text(&ReportJson {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION"),
        target: report.target.name(),
        scope: ScopeJson {
            cluster,
            depth,
            timeouts,
            heartbeats,
            writes,
            crashes,
            duplicates,
            fails,
        },
        end: end(explored.end.as_ref()),
        complete: explored.is_complete(),
        states: explored.states(),
        steps: explored.steps,
        levels: &explored.levels,
        bytes: explored.bytes,
        checked: checked(report),
        not_checked: not_sitting(reveals)
            .map(|invariant| (invariant.name, why_not_sitting(invariant, reveals)))
            .collect(),
        reached: explored.witnesses.iter().map(|witness| witness.name).collect(),
        never: unseen(report).collect(),
        failure: report.shortest.as_ref().map(failure),
        exit: report.exit,
        time: TimeJson { cpu_us: report.cpu_us, wall_ms: report.wall_ms },
    })
}

const fn end(end: Option<&End>) -> &'static str {
    match end {
        Some(End::Everything) => "everything",
        Some(End::Depth) => "depth",
        Some(End::Violation(_)) => "violation",
        Some(End::Full) => "full",
        Some(End::Interrupted) | None => "interrupted",
    }
}

fn failure(shortest: &Shortest) -> FailureJson<'_> {
    let Shortest { violation, script, file, reproduce, .. } = shortest;
    FailureJson {
        invariant: violation.invariant.name,
        level: violation.invariant.level.to_string(),
        place: violation.place.as_deref(),
        evidence: evidence(violation),
        actions: script.actions.len(),
        script: script.actions.iter().map(ToString::to_string).collect(),
        file: file.as_deref(),
        reproduce,
    }
}
