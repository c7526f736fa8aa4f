//! Reports for people.

use std::fmt::Write as _;

use raft_invariants::{Level, witness};

use super::{Told, Writer};
use crate::report::campaign::{CampaignReport, GuidedReport, KnownReport, UnstableReport};
use crate::report::failure::{
    FailureReport, FindingReport, FollowsReport, HarmReport, LaterReport, OwnRunReport,
};
use crate::report::look::Look;
use crate::report::parts::PartsReport;
use crate::report::severity::levels;
use crate::report::words::{
    NAME, counted, duration, grouped, paragraph, percent, table, tenths, wrapped,
};

/// Each campaign when it is over.
pub const WRITER: Writer = Writer {
    name: "human",
    summary: "for people",
    is_document: false,
    write: |told, look| match told {
        Told::Campaign(report) => campaign(report, look),
        _ => String::new(),
    },
};

/// What makes a run come out differently.
const CAUSES: &str =
    "A clock, a random number, a thread or the order of a hash map has decided something.";
/// Nothing worse than lemmas was violated.
const LEMMAS_ONLY: &str = "a lemma is a step of the proof: it is broken, and in these runs nothing \
                           worse came of it; without lemmas the search goes on";

/// The bugs with their stories, and what the campaign did as a whole.
pub fn campaign(report: &CampaignReport, look: Look) -> String {
    let unstable = report.nondeterministic.iter().map(|it| unstable(it, look));
    // The gravest stands where people look first: at the end.
    let failures = report.failures.iter().rev().map(|it| failure(it, look));
    let parts = unstable.chain(failures).map(|part| part + "\n");
    parts.collect::<String>() + &summary(report, look)
}

/// A run that cannot be repeated.
pub fn unstable(unstable: &UnstableReport, look: Look) -> String {
    let UnstableReport { seed, evidence, reproduce } = unstable;
    format!(
        "{}  seed {seed}: {evidence}\n  {} {reproduce}\n  {}\n",
        look.red("✗ NOT DETERMINISTIC"),
        look.dim("reproduce"),
        wrapped(CAUSES, look.width - 2).join("\n  "),
    )
}

/// The line that says what was violated, where in which run.
pub fn headline(finding: &FindingReport, look: Look) -> String {
    let FindingReport { seed, action, actions, scheduler, level, .. } = finding;
    let invariant = format!("✗ {}", finding.invariant);
    let place = finding.place.as_ref().map_or_else(String::new, |place| format!(" at {place}"));
    let excused = if finding.excused {
        "  (expected: a fault came before it that no Raft survives)"
    } else {
        ""
    };
    let run = format!("seed {seed}, action {action} of {actions}, {scheduler} scheduler");
    let columns = |text: &str| text.chars().count();
    let length = columns(&invariant)
        + columns(&place)
        + columns(level)
        + 3
        + columns(excused)
        + 2
        + columns(&run);
    let between = if look.width < length { "\n    " } else { "  " };
    let (invariant, run) = (look.red(&invariant), look.dim(&run));
    let evidence = wrapped(&finding.evidence, look.width - 4).join("\n    ");
    format!("{invariant}{place} ({level}){excused}{between}{run}\n    {evidence}\n")
}

/// A bug, with its story.
pub fn failure(failure: &FailureReport, look: Look) -> String {
    let finding = &failure.finding;
    let mut text = headline(finding, look);
    let _ = writeln!(text, "    {}", wrapped(&minimized(failure), look.width - 4).join("\n    "));
    if 1 < failure.stories {
        let others = counted(failure.stories - 1, "other story");
        let _ = writeln!(text, "    the shortest: {others} of it in other shards");
    }
    let _ = writeln!(text, "\n  {}", look.bold("Story"));
    text.push_str(&indented(&format!("{}\n", finding.cluster)));
    let untold = finding.story.untold() as u64;
    if 0 < untold {
        text.push_str(&indented(&format!("... {} before\n", counted(untold, "action"))));
    }
    text.push_str(&indented(&finding.story.text(look)));
    let _ = writeln!(text, "\n  {}", look.bold("Diagram"));
    text.push_str(&indented(&finding.diagram.text(look)));
    text.push('\n');
    if !finding.later.is_empty() {
        let _ = writeln!(text, "{}", escalation(&finding.later, look));
    }
    if let Some(told) = &finding.harm {
        let told = wrapped(&harm(told), look.width - 4).join("\n    ");
        let _ = writeln!(text, "  what comes of it\n    {told}\n");
    }
    let file = failure.file.as_ref().map(|file| format!("{file}     (`corpus add` keeps it)"));
    let own_run = failure.finding.own_run.as_ref().map(own_run);
    let lines = [
        ("file", &file),
        ("page", &failure.page),
        ("own run", &own_run),
        ("reproduce", &failure.reproduce),
        ("why", &failure.why),
        ("seed", &failure.reproduce_seed),
    ];
    for (what, value) in lines {
        if let Some(value) = value {
            let _ = writeln!(text, "  {} {value}", look.dim(&format!("{what:<9}")));
        }
    }
    text
}

/// How the script became so small.
fn minimized(failure: &FailureReport) -> String {
    let finding = &failure.finding;
    let Some(minimized) = &finding.minimized else { return "not minimized".to_owned() };
    let nodes = match (finding.nodes, minimized.nodes) {
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
        duration(failure.time.minimize_ms),
        counted(minimized.before as u64, "action"),
        minimized.actions,
        counted(minimized.replays, "replay"),
    )
}

/// What came of following an alarm.
pub fn harm(harm: &HarmReport) -> String {
    let futures = counted(harm.futures, "future");
    let Some(follows) = &harm.follows else {
        return format!("no harm found in {futures} of the state in which it broke");
    };
    let FollowsReport { invariant, level, actions_later, file, .. } = follows;
    let seen = if *level == Level::Client.to_string() { "seen by clients" } else { level };
    let when = match actions_later {
        0 => "with the same action".to_owned(),
        actions => format!("{} later", counted(*actions as u64, "action")),
    };
    let file = file.as_ref().map_or_else(String::new, |file| format!(": {file}"));
    format!("{invariant} ({seen}) {when}, found in {futures}{file}")
}

/// The story above is of another run: this one is a part of the run that was found.
pub fn own_run(own: &OwnRunReport) -> String {
    let actions = counted(own.actions as u64, "action");
    let told = format!("{actions} of the failing run itself: the story is of another, shorter run");
    own.file.as_ref().map_or_else(|| told.clone(), |file| format!("{file}     ({told})"))
}

/// What else was violated later in the same run: from a lemma to the paper to what a client sees.
pub fn escalation(later: &[LaterReport], look: Look) -> String {
    if later.is_empty() {
        return String::new();
    }
    let told = |later: &LaterReport| {
        let when = match later.actions_later {
            0 => "with the same action".to_owned(),
            actions => format!("{} later", counted(actions as u64, "action")),
        };
        let seen = later.level == Level::Client.to_string();
        let level = if seen { "seen by clients" } else { &later.level };
        vec![later.invariant.clone(), level.to_owned(), when]
    };
    let rows: Vec<Vec<String>> = later.iter().map(told).collect();
    format!("  also violated in that run\n{}", table(&rows, 4, look.width))
}

/// What the campaign did, as a whole.
pub fn summary(report: &CampaignReport, look: Look) -> String {
    let mut text = String::new();
    for class in &report.expected {
        let runs = counted(class.runs, "run");
        let told = format!(
            "{} in {runs}, after a fault that no Raft survives: seed {}",
            class.invariant, class.seed
        );
        text.push_str(&paragraph("expected", &[told], look.width));
    }
    for KnownReport { class, file } in &report.known {
        let (runs, seed) = (counted(class.runs, "run"), &class.seed);
        let told = format!("{} in {runs}, as in {file}: seed {seed}", class.invariant);
        text.push_str(&paragraph("known", &[told], look.width));
    }
    text.push_str(&verdict(report, look));
    if let Some(further) = &report.further {
        for line in wrapped(LEMMAS_ONLY, look.width - NAME) {
            let _ = writeln!(text, "          {line}");
        }
        let _ = writeln!(text, "further   {further}");
    }
    if let Some(parts) = &report.parts {
        text.push_str(&shards(parts, look));
    }
    text.push_str(&vital(report, look));
    let news = report.novelty.iter().flat_map(|novelty| novelty.in_words(report.runs));
    let news: Vec<String> = news.collect();
    if !news.is_empty() {
        text.push_str(&paragraph("new", &news, look.width));
    }
    text.push_str(&reached(report, look));
    text.push_str(&report.checked.in_words(look));
    if let Some(guided) = &report.guided {
        text.push_str(&paragraph("guided", &grown(guided), look.width));
    }
    let _ = writeln!(text, "digest    {}", report.digest);
    text
}

/// What was done, and what came of it.
fn verdict(report: &CampaignReport, look: Look) -> String {
    let (verdict, paint): (_, fn(Look, &str) -> String) = match report.failures.len() as u64 {
        _ if !report.nondeterministic.is_empty() => {
            ("not deterministic, so nothing else counts".to_owned(), Look::red)
        }
        0 if report.known.is_empty() => ("no failures".to_owned(), Look::green),
        0 => ("no new failures".to_owned(), Look::green),
        distinct => {
            let runs: u64 = report.failures.iter().map(|failure| failure.runs).sum();
            let (failures, runs) = (counted(distinct, "failure"), counted(runs, "run"));
            (format!("{failures} in {runs}: {}", levels(&report.failures)), Look::red)
        }
    };
    let lines = wrapped(&format!("{}:", totals(report)), look.width - NAME);
    let last = lines.last().map_or(0, |line| line.chars().count());
    let has_room = last + 1 + verdict.chars().count() <= look.width - NAME;
    let between = if has_room { " " } else { "\n          " };
    format!("{}{between}{}\n", lines.join("\n          "), paint(look, &verdict))
}

/// Which shards have reported, and what is wrong with them.
fn shards(parts: &PartsReport, look: Look) -> String {
    let all = format!("{}, {}", counted(parts.shards, "shard"), counted(parts.reports, "report"));
    let mut text = paragraph("merged", &[all], look.width);
    for (what, line) in parts.troubles() {
        for what in wrapped(&what, look.width - NAME) {
            let _ = writeln!(text, "          {}", look.red(&what));
        }
        let _ = writeln!(text, "            {line}");
    }
    text
}

fn totals(report: &CampaignReport) -> String {
    let cpu_us = report.time.cpu_us;
    let per_cpu_second =
        |number: u64| number.saturating_mul(1_000_000).checked_div(cpu_us).unwrap_or(0);
    let rate = if cpu_us == 0 {
        String::new()
    } else {
        let millions = tenths(per_cpu_second(report.actions) / 100_000);
        let runs = grouped(per_cpu_second(report.runs));
        format!(" ({runs} runs/s, {millions} M actions/s)")
    };
    format!(
        "{}, {}, {} committed, {} CPU s{rate}",
        counted(report.runs, "run"),
        counted(report.actions, "action"),
        counted(report.committed, "entry"),
        tenths(cpu_us / 100_000),
    )
}

/// How alive the target is: it makes a green run believable, too.
fn vital(report: &CampaignReport, look: Look) -> String {
    let Some(vitals) = &report.vitals else { return String::new() };
    let mut text = paragraph("alive", &vitals.in_words(report.runs), look.width);
    for warning in vitals.warnings() {
        for line in wrapped(&warning, look.width - NAME) {
            let _ = writeln!(text, "          {}", look.yellow(&line));
        }
    }
    text
}

/// What was seen on the way: it makes a green run believable.
fn reached(report: &CampaignReport, look: Look) -> String {
    let seen = report.reached.iter().map(|reached| {
        let mark = if report.missing.contains(&reached.witness) { " (!)" } else { "" };
        format!("{} {}{mark}", reached.witness, percent(reached.runs, report.runs))
    });
    let mut text = paragraph("reached", &seen.collect::<Vec<_>>(), look.width);
    let missing = witness::list().iter();
    for witness in missing.filter(|it| report.missing.iter().any(|name| name == it.name)) {
        let never = format!("(!) never in {}: {}", counted(report.runs, "run"), witness.statement);
        for line in wrapped(&never, look.width - NAME) {
            let _ = writeln!(text, "          {}", look.yellow(&line));
        }
    }
    text
}

/// What a guided campaign has collected, and whether there was still something new to reach.
fn grown(guided: &GuidedReport) -> Vec<String> {
    let GuidedReport { loaded, scripts, states, growth } = guided;
    let from =
        if *loaded == 0 { String::new() } else { format!(" ({} were loaded)", grouped(*loaded)) };
    let mut items = vec![
        format!("{} in the corpus{from}", counted(*scripts, "script")),
        counted(*states, "abstract state"),
    ];
    let now = growth.last().copied().unwrap_or_default();
    let half = growth.iter().rev().find(|mark| 2 * mark.runs <= now.runs);
    let since = half.map(|half| (now.states - half.states, now.runs - half.runs));
    if let Some((states, runs)) = since.filter(|&(_, runs)| 0 < runs) {
        let rate = tenths(10 * states / runs);
        items.push(format!("{rate} of them a run were new in the last {}", counted(runs, "run")));
    }
    items
}

/// Two columns to the right.
pub fn indented(text: &str) -> String {
    let mut indented = String::new();
    for line in text.lines() {
        let _ = writeln!(indented, "{}{line}", if line.is_empty() { "" } else { "  " });
    }
    indented
}
