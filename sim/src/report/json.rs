//! Reports as JSON: one object, `raft-sim-report/1`. All that depends on a clock is in `time`.

use std::collections::BTreeMap;

use raft_invariants::{not_sitting, sitting, witness};
use serde::Serialize;

use super::evidence::evidence;
use super::{Entry, Report, why_not_sitting};
use crate::run::Class;
use crate::search::campaign::Sightings;
use crate::search::campaign::growth::{Growth, Mark};
use crate::search::campaign::origin::Origin;

/// The version of the object.
pub const FORMAT: &str = "raft-sim-report/1";

#[derive(Serialize)]
struct ReportJson<'a> {
    format: &'static str,
    version: &'static str,
    target: &'a str,
    seeds: SeedsJson,
    runs: u64,
    actions: u64,
    committed: u64,
    digest: String,
    interrupted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    guided: Option<GuidedJson>,
    checked: Vec<&'static str>,
    not_checked: BTreeMap<&'static str, String>,
    reached: BTreeMap<&'static str, u64>,
    missing: Vec<&'static str>,
    failures: Vec<FailureJson<'a>>,
    expected: Vec<ClassJson<'a>>,
    nondeterministic: Vec<String>,
    not_reproduced: Vec<String>,
    exit: u8,
    time: TimeJson,
}

/// What a guided campaign has collected; `growth` has a row for each doubling of the runs.
#[derive(Serialize)]
struct GuidedJson {
    loaded: u64,
    scripts: u64,
    states: u64,
    growth: Vec<GrowthJson>,
}

#[derive(Serialize)]
struct GrowthJson {
    runs: u64,
    scripts: u64,
    states: u64,
}

#[derive(Serialize)]
struct SeedsJson {
    /// The first seed of the whole campaign.
    first: String,
    /// Which of its seeds are ours: `2/4`.
    shard: String,
    /// How many of ours there are; `null` where nothing but time limits them.
    planned: Option<u64>,
    /// How many of ours were run, from the first on.
    count: u64,
}

#[derive(Serialize)]
struct FailureJson<'a> {
    bucket: String,
    invariant: &'a str,
    level: String,
    place: Option<&'a str>,
    evidence: String,
    runs: u64,
    after_runs: u64,
    after_actions: u64,
    seed: String,
    scheduler: &'a str,
    action: usize,
    actions: usize,
    nodes: u8,
    later: Vec<LaterJson>,
    minimized: Option<MinimizedJson>,
    cluster: String,
    script: Vec<String>,
    file: Option<&'a str>,
    reproduce: &'a str,
    reproduce_seed: &'a str,
}

#[derive(Serialize)]
struct LaterJson {
    invariant: &'static str,
    level: String,
    actions_later: usize,
}

#[derive(Serialize)]
struct MinimizedJson {
    actions: usize,
    nodes: u8,
    replays: u64,
    one_minimal: bool,
}

#[derive(Serialize)]
struct ClassJson<'a> {
    invariant: &'a str,
    place: Option<&'a str>,
    runs: u64,
    seed: String,
}

#[derive(Serialize)]
struct TimeJson {
    cpu_us: u64,
    wall_ms: u64,
    minimize_ms: Vec<u64>,
}

/// The report as one object, over several lines.
pub fn report(report: &Report<'_>) -> String {
    let campaign = report.campaign;
    let reveals = report.target.traits().reveals;
    let selected = sitting(reveals).filter(|invariant| report.plan.selection.contains(invariant));
    let seen = witness::list().iter().zip(&campaign.witnesses);
    let object = ReportJson {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION"),
        target: report.target.name(),
        seeds: SeedsJson {
            first: hex(report.plan.first_seed),
            shard: report.plan.shard.to_string(),
            planned: Some(report.plan.runs).filter(|&runs| runs != u64::MAX),
            count: campaign.runs,
        },
        runs: campaign.runs,
        actions: campaign.actions,
        committed: campaign.committed,
        digest: format!("{:016x}", campaign.digest),
        interrupted: campaign.interrupted,
        guided: campaign.guided.as_ref().map(guided),
        checked: selected.map(|invariant| invariant.name).collect(),
        not_checked: not_sitting(reveals)
            .map(|invariant| (invariant.name, why_not_sitting(invariant, reveals)))
            .collect(),
        reached: seen.map(|(witness, &runs)| (witness.name, runs)).collect(),
        missing: report.missing.iter().map(|witness| witness.name).collect(),
        failures: report.findings.iter().map(failure).collect(),
        expected: campaign.expected.iter().map(class).collect(),
        nondeterministic: campaign.nondeterministic.iter().map(seed).collect(),
        not_reproduced: report.not_reproduced.iter().map(seed).collect(),
        exit: report.exit,
        time: TimeJson {
            cpu_us: campaign.cpu_us,
            wall_ms: report.wall_ms,
            minimize_ms: report.findings.iter().map(|entry| entry.minimize_ms).collect(),
        },
    };
    to_text(&object)
}

fn guided(growth: &Growth) -> GuidedJson {
    let row =
        |mark: &Mark| GrowthJson { runs: mark.runs, scripts: mark.scripts, states: mark.states };
    GuidedJson {
        loaded: growth.loaded,
        scripts: growth.now.scripts,
        states: growth.now.states,
        growth: growth.marks.iter().chain([&growth.now]).map(row).collect(),
    }
}

fn failure(entry: &Entry) -> FailureJson<'_> {
    let finding = &entry.finding;
    let later = finding.later.iter().map(|(invariant, actions_later)| LaterJson {
        invariant: invariant.name,
        level: invariant.level.to_string(),
        actions_later: *actions_later,
    });
    let minimized = finding.minimized.as_ref().map(|minimized| MinimizedJson {
        actions: finding.script.actions.len(),
        nodes: finding.script.cluster.nodes,
        replays: minimized.replays,
        one_minimal: minimized.one_minimal,
    });
    FailureJson {
        bucket: format!("{:08x}", finding.bucket),
        invariant: finding.class.invariant,
        level: finding.violation.invariant.level.to_string(),
        place: finding.class.place.as_deref(),
        evidence: evidence(&finding.violation),
        runs: entry.count,
        after_runs: entry.after_runs,
        after_actions: entry.after_actions,
        seed: hex(finding.origin.seed()),
        scheduler: finding.scheduler,
        action: finding.at,
        actions: finding.of,
        nodes: finding.nodes,
        later: later.collect(),
        minimized,
        cluster: finding.script.cluster.to_string(),
        script: finding.script.actions.iter().map(ToString::to_string).collect(),
        file: entry.file.as_deref(),
        reproduce: &entry.reproduce,
        reproduce_seed: &entry.seed_line,
    }
}

fn class<'a>((class, found): (&'a Class, &'a Sightings)) -> ClassJson<'a> {
    ClassJson {
        invariant: class.invariant,
        place: class.place.as_deref(),
        runs: found.count,
        seed: hex(found.origins[0].seed()),
    }
}

fn seed(origin: &Origin) -> String {
    hex(origin.seed())
}

fn hex(seed: u64) -> String {
    format!("{seed:#x}")
}

/// Anything as JSON over several lines.
pub(crate) fn to_text(object: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(object);
    text.expect("names are texts and numbers are whole") + "\n"
}
