//! Reports as text.

use std::fmt::Write as _;

use raft_invariants::{Invariant, Level, not_sitting, witness};

use super::diagram::diagram;
use super::evidence::evidence;
use super::look::Look;
use super::story::{Detail, story};
use super::words::{counted, duration, grouped, paragraph, percent, table, tenths, wrapped};
use super::{Entry, Report, why_not_sitting};
use crate::explain::finding::Finding;
use crate::search::campaign::growth::Growth;

/// Columns of a terminal.
const WIDTH: usize = 100;
/// Lines of a story that nobody minimized.
const TAIL: usize = 20;

/// The line that says what was violated, where in which run.
pub fn headline(finding: &Finding, look: Look) -> String {
    let violation = &finding.violation;
    let expected = match violation.expected {
        Some(_) => "  (expected: a fault came before it that no Raft survives)",
        None => "",
    };
    let name = look.red(&format!("✗ {}", violation.invariant.name));
    let place = violation.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let run = format!(
        "seed {:#x}, action {} of {}, {} scheduler",
        finding.origin.seed(),
        finding.at,
        finding.of,
        finding.scheduler
    );
    let evidence = wrapped(&evidence(violation), WIDTH - 4).join("\n    ");
    format!("{name}{place}{expected}  {}\n    {evidence}\n", look.dim(&run))
}

/// A bug, with its story.
pub fn entry(entry: &Entry, look: Look) -> String {
    let finding = &entry.finding;
    let mut text = headline(finding, look);
    let _ = writeln!(text, "    {}", minimized(entry));
    let length = finding.script.actions.len();
    let from = if finding.minimized.is_some() { 0 } else { length.saturating_sub(TAIL) };
    let _ = writeln!(text, "\n  {}", look.bold("Story"));
    text.push_str(&indented(&format!("{}\n", finding.script.cluster)));
    if 0 < from {
        text.push_str(&indented(&format!("... {} before\n", counted(from as u64, "action"))));
    }
    text.push_str(&indented(&story(&finding.run, &entry.remarks, from, Detail::Story).text(look)));
    let _ = writeln!(text, "\n  {}", look.bold("Diagram"));
    text.push_str(&indented(&diagram(&finding.run, from).text(look)));
    text.push('\n');
    if !finding.later.is_empty() {
        let _ = writeln!(text, "{}", escalation(&finding.later));
    }
    let line = |what: &str, value: &str| format!("  {} {value}\n", look.dim(&format!("{what:<9}")));
    if let Some(file) = &entry.file {
        text.push_str(&line("file", &format!("{file}     (`corpus add` keeps it)")));
        text.push_str(&line("reproduce", &entry.reproduce));
        text.push_str(&line("why", &entry.why));
    }
    if !entry.seed_line.is_empty() {
        text.push_str(&line("seed", &entry.seed_line));
    }
    text
}

/// How the script became so small.
fn minimized(entry: &Entry) -> String {
    let finding = &entry.finding;
    let Some(minimized) = &finding.minimized else { return "not minimized".to_owned() };
    let nodes = match (finding.nodes, finding.script.cluster.nodes) {
        (before, after) if before == after => counted(u64::from(after), "node"),
        (before, after) => format!("{} -> {after}", counted(u64::from(before), "node")),
    };
    let minimal = if minimized.one_minimal {
        "1-minimal: no action can be left out"
    } else {
        "not minimal yet"
    };
    format!(
        "minimized in {}: {} -> {}, {nodes}, {}, {minimal}",
        duration(entry.minimize_ms),
        counted(minimized.before as u64, "action"),
        finding.script.actions.len(),
        counted(minimized.replays, "replay"),
    )
}

/// What else was violated later in the same run: from a lemma to the paper to what a client sees.
pub fn escalation(later: &[(&'static Invariant, usize)]) -> String {
    if later.is_empty() {
        return String::new();
    }
    let told = |(invariant, actions): &(&Invariant, usize)| {
        let when = match actions {
            0 => "with the same action".to_owned(),
            &later => format!("{} later", counted(later as u64, "action")),
        };
        vec![invariant.name.to_owned(), level(invariant.level), when]
    };
    let rows: Vec<Vec<String>> = later.iter().map(told).collect();
    format!("  also violated in that run\n{}", table(&rows, 4, WIDTH))
}

fn level(level: Level) -> String {
    match level {
        Level::Client => "seen by clients".to_owned(),
        level => level.to_string(),
    }
}

/// What the campaign did, as a whole.
pub fn summary(report: &Report<'_>, look: Look) -> String {
    let campaign = report.campaign;
    let mut text = String::new();
    for (class, found) in &campaign.expected {
        let runs = counted(found.count, "run");
        let _ = writeln!(
            text,
            "expected  {} in {runs}, after a fault that no Raft survives: seed {:#x}",
            class.invariant,
            found.origins[0].seed()
        );
    }
    let unstable = campaign.nondeterministic.len() + report.not_reproduced.len();
    let failures = match report.findings.len() as u64 {
        _ if 0 < unstable => look.red("not deterministic, so nothing else counts"),
        0 if campaign.failures.is_empty() => look.green("no failures"),
        0 => look.red(&counted(campaign.failures.len() as u64, "failure")),
        distinct => {
            let runs: u64 = report.findings.iter().map(|entry| entry.count).sum();
            look.red(&format!("{} in {}", counted(distinct, "failure"), counted(runs, "run")))
        }
    };
    let _ = writeln!(text, "{}: {failures}", totals(report));
    text.push_str(&reached(report, look));
    text.push_str(&checked(report));
    if let Some(growth) = &campaign.guided {
        text.push_str(&paragraph("guided", &grown(growth)));
    }
    let _ = writeln!(text, "digest    {:016x}", campaign.digest);
    text
}

fn totals(report: &Report<'_>) -> String {
    let campaign = report.campaign;
    let per_cpu_second =
        |number: u64| number.saturating_mul(1_000_000).checked_div(campaign.cpu_us).unwrap_or(0);
    let rate = if campaign.cpu_us == 0 {
        String::new()
    } else {
        let millions = tenths(per_cpu_second(campaign.actions) / 100_000);
        let runs = grouped(per_cpu_second(campaign.runs));
        format!(" ({runs} runs/s, {millions} M actions/s)")
    };
    format!(
        "{}, {}, {} committed, {} CPU s{rate}",
        counted(campaign.runs, "run"),
        counted(campaign.actions, "action"),
        counted(campaign.committed, "entry"),
        tenths(campaign.cpu_us / 100_000),
    )
}

/// What was seen on the way: it makes a green run believable.
fn reached(report: &Report<'_>, look: Look) -> String {
    let runs = report.campaign.runs;
    let reveals = report.target.traits().reveals;
    let seen = witness::list().iter().zip(&report.campaign.witnesses);
    let seen = seen.filter(|(witness, _)| reveals.meets(witness.needs)).map(|(witness, &count)| {
        let missing = report.missing.iter().any(|missing| missing.name == witness.name);
        let mark = if missing { " (!)" } else { "" };
        format!("{} {}{mark}", witness.name, percent(count, runs))
    });
    let mut text = paragraph("reached", &seen.collect::<Vec<_>>());
    for witness in report.missing {
        let never = format!("(!) never in {}: {}", counted(runs, "run"), witness.statement);
        let _ = writeln!(text, "          {}", look.yellow(&never));
    }
    text
}

/// What a guided campaign has collected, and whether there was still something new to reach.
fn grown(growth: &Growth) -> Vec<String> {
    let Growth { loaded, marks, now } = growth;
    let from =
        if *loaded == 0 { String::new() } else { format!(" ({} were loaded)", grouped(*loaded)) };
    let mut items = vec![
        format!("{} in the corpus{from}", counted(now.scripts, "script")),
        counted(now.states, "abstract state"),
    ];
    let half = marks.iter().rev().find(|mark| 2 * mark.runs <= now.runs);
    let since = half.map(|half| (now.states - half.states, now.runs - half.runs));
    if let Some((states, runs)) = since.filter(|&(_, runs)| 0 < runs) {
        let rate = tenths(10 * states / runs);
        items.push(format!("{rate} of them a run were new in the last {}", counted(runs, "run")));
    }
    items
}

/// Which invariants judged, and which could not.
fn checked(report: &Report<'_>) -> String {
    let reveals = report.target.traits().reveals;
    let sitting = raft_invariants::sitting(reveals);
    let names = sitting.filter(|invariant| report.plan.selection.contains(invariant));
    let names: Vec<String> = names.map(|invariant| invariant.name.to_owned()).collect();
    let absent = not_sitting(reveals)
        .map(|invariant| format!("{} ({})", invariant.name, why_not_sitting(invariant, reveals)));
    let absent: Vec<String> = absent.collect();
    let mut text = paragraph("checked", &names);
    if !absent.is_empty() {
        text.push_str(&paragraph("not seen", &absent));
        text.push_str("          (in brackets: what the target does not reveal)\n");
    }
    text
}

/// Two columns to the right.
pub fn indented(text: &str) -> String {
    let mut indented = String::new();
    for line in text.lines() {
        let _ = writeln!(indented, "{}{line}", if line.is_empty() { "" } else { "  " });
    }
    indented
}
