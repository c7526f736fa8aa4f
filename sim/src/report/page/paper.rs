//! A recorded run as a document of plain tables and a drawing, for whoever has no scripts.
//!
//! It needs no style sheet either: what matters stands in elements and attributes.

use std::fmt::Write as _;

use super::drawing::drawing;
use super::markup::{escaped, outcome};
use super::start::Opened;
use crate::report::trace::{Recording, Values, ViolationReport};
use crate::report::words::shell;

/// Steps that are told of a long run, the last ones.
pub(super) const ROWS_MAX: usize = 300;

/// What a person would call it.
pub(super) fn title(opened: &Opened<'_>, recording: &Recording) -> String {
    let last = recording.steps.len().saturating_sub(1);
    match verdict(opened, recording) {
        Some(it) => format!("{} is violated at action {} of {last}", it.invariant, it.step),
        None => format!("No violation in {last} actions"),
    }
}

/// What the run is kept for, or its first violation.
fn verdict<'a>(opened: &Opened<'_>, recording: &'a Recording) -> Option<&'a ViolationReport> {
    let all = || recording.violations.iter();
    let kept = opened.invariant.as_deref();
    all().find(|it| Some(it.invariant) == kept).or_else(|| all().next())
}

/// The document.
pub(super) fn paper(opened: &Opened<'_>, recording: &Recording) -> String {
    let mut text = String::from("<article id=\"paper\" class=\"paper\">\n");
    let _ = writeln!(text, "<h1>{}</h1>", escaped(&title(opened, recording)));
    if let Some(violation) = verdict(opened, recording) {
        let _ = writeln!(text, "<p>{}</p>", escaped(&violation.evidence));
    }
    let explore = format!("{} explore {}", opened.command, shell(&opened.name));
    let _ = writeln!(
        text,
        "<p>A run of <b>{}</b>, {}, recorded by raft-sim {}.<br>\nOpen it live: <code>{}</code></p>",
        escaped(&recording.target),
        escaped(&recording.cluster),
        recording.version,
        escaped(&explore),
    );
    let first = recording.steps.len().saturating_sub(ROWS_MAX).max(1);
    if 1 < first {
        let _ = writeln!(text, "<p>Shown are its last {ROWS_MAX} actions.</p>");
    }
    let _ = writeln!(text, "<h2>Diagram</h2>\n<figure>{}</figure>", drawing(recording, first));
    text.push_str(&story(recording, first));
    text.push_str(&nodes(recording));
    text.push_str(&judges(opened, recording));
    text.push_str("</article>");
    text
}

/// Every action and what came of it.
fn story(recording: &Recording, first: usize) -> String {
    let rows = recording.steps.iter().enumerate().skip(first).map(|(number, step)| {
        let broken = recording.violations.iter().filter(|it| it.step == number);
        let mut told = escaped(&outcome(step));
        for it in broken {
            let _ = write!(told, "<br><b>✗ {}</b> {}", it.invariant, escaped(&it.evidence));
        }
        let action = escaped(step.action.as_deref().unwrap_or_default());
        vec![number.to_string(), format!("<code>{action}</code>"), told]
    });
    let mut text = table("Story", &["", "Action", "What happened"], rows);
    if let Some(calm) = &recording.calm {
        for sentence in &calm.says {
            let _ = writeln!(text, "<p>{}</p>", escaped(sentence));
        }
    }
    text
}

/// How every node stands at the end.
fn nodes(recording: &Recording) -> String {
    let ends = (1..=recording.nodes).map(|id| {
        let (mut values, mut log) = (Values::default(), Vec::new());
        let changes = recording.steps.iter().flat_map(|step| &step.nodes);
        for change in changes.filter(|it| it.node == id) {
            values.follow(&change.values);
            if let Some(change) = &change.log {
                log.truncate(change.keep);
                log.extend(change.add.iter().map(|(term, says)| format!("{term}:{says}")));
            }
        }
        let number = |value: Option<u64>| value.map_or("hidden".to_owned(), |it| it.to_string());
        let role = match (values.up, values.role) {
            (Some(1), Some(2)) => "leader",
            (Some(1), Some(1 | 3)) => "candidate",
            (Some(1), Some(0)) => "follower",
            (Some(1), _) => "up",
            _ => "down",
        };
        vec![
            format!("n{id}"),
            role.to_owned(),
            number(values.term),
            values.vote.map_or("hidden".to_owned(), |it| {
                if it == 0 { "–".to_owned() } else { format!("n{it}") }
            }),
            number(values.commit),
            escaped(&log.join(" ")),
        ]
    });
    let heads = ["Node", "Role", "Term", "Vote", "Commit", "Log term:value"];
    table("The nodes at the end", &heads, ends)
}

/// Who has spoken, and what the others say.
fn judges(opened: &Opened<'_>, recording: &Recording) -> String {
    let spoken = recording.violations.iter().map(|it| {
        let kept = if Some(it.invariant) == opened.invariant.as_deref() { "<b>" } else { "" };
        let excused = if it.excused { ", excused by a fault before it" } else { "" };
        vec![
            format!("{kept}{}", it.invariant),
            format!("{}{excused}", it.level),
            it.step.to_string(),
            escaped(&it.evidence),
        ]
    });
    let mut text = table("Judges", &["Violated", "Level", "Action", "What was seen"], spoken);
    let absent = |name: &str| recording.not_sitting.iter().any(|it| it.invariant == name);
    let has_spoken = |name: &str| recording.violations.iter().any(|it| it.invariant == name);
    let silent: Vec<&str> = raft_invariants::catalogue()
        .iter()
        .map(|it| it.name)
        .filter(|name| !absent(name) && !has_spoken(name))
        .collect();
    let _ = writeln!(text, "<p>{} sit and are silent: {}.</p>", silent.len(), silent.join(", "));
    for it in &recording.not_sitting {
        let _ = writeln!(text, "<p>{} does not sit: {}.</p>", it.invariant, escaped(&it.why));
    }
    text
}

/// A table under a heading; the cells are markup.
fn table(heading: &str, heads: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let cells = |tag: &str, cells: &[String]| {
        let cells =
            cells.iter().map(|it| format!("<{tag} align=\"left\" valign=\"top\">{it}</{tag}>"));
        cells.collect::<Vec<_>>().concat()
    };
    let heads: Vec<String> = heads.iter().map(|it| (*it).to_owned()).collect();
    let mut text =
        format!("<h2>{heading}</h2>\n<table border=\"1\" cellpadding=\"4\" cellspacing=\"0\">\n");
    let _ = writeln!(text, "<thead><tr>{}</tr></thead>\n<tbody>", cells("th", &heads));
    for row in rows {
        let _ = writeln!(text, "<tr>{}</tr>", cells("td", &row));
    }
    text + "</tbody></table>\n"
}
