//! How things stand, in the lines of a scenario's picture, and where those differ from a file's.

use std::fmt::Write as _;

use super::sentence::told;
use crate::language::scenario::{Picture, Scenario};
use crate::run::player::{Pictured, Played};
use crate::run::standing::Standing;
use crate::run::{Failure, Run};
use crate::world::trace::{Happening, Step};

/// The pictures that a scenario gives, block by block.
pub fn pictures(played: &Played) -> Vec<Vec<String>> {
    played.pictures.iter().map(|pictured| picture(&played.run, pictured)).collect()
}

/// Every node, what clients were told since the last picture, and what was violated so far.
pub fn picture(run: &Run, pictured: &Pictured) -> Vec<String> {
    let mut lines = rows(&pictured.nodes);
    let steps: &[Step] = run.trace.as_ref().map_or(&[], |trace| &trace.steps);
    let notes = steps[pictured.steps.clone()].iter().flat_map(|step| &step.notes);
    let replies = notes.filter(|note| matches!(note.what, Happening::Replies { .. }));
    lines.extend(replies.map(told));
    lines.push(format!("violations {}", violations(&run.failures[..pictured.failures])));
    lines
}

/// A line for every node.
pub fn rows(nodes: &[Standing]) -> Vec<String> {
    let rows: Vec<[String; 3]> = nodes.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].len()).max().unwrap_or(0);
    let (roles, logs) = (width(0), width(1));
    let line = |(slot, [role, log, rest]): (usize, &[String; 3])| {
        let line = format!("n{} {role:<roles$}  {log:<logs$}  {rest}", slot + 1);
        line.trim_end().to_owned()
    };
    rows.iter().enumerate().map(line).collect()
}

/// A node's role, its log as the terms of its entries, and how much of it is committed (and, on a
/// disk that takes its time, durable).
fn row(standing: &Standing) -> [String; 3] {
    let Standing { up, role, term, voted_for, log, durable, commit } = standing;
    let terms: Vec<String> = log.iter().map(ToString::to_string).collect();
    let log = format!("log {}", if terms.is_empty() { "-".to_owned() } else { terms.join(" ") });
    if !up {
        return ["down".to_owned(), log, String::new()];
    }
    let role = role.map_or("someone".to_owned(), |role| role.to_string());
    let vote = voted_for.map_or_else(String::new, |candidate| format!(", voted {candidate}"));
    let durable = durable.map_or_else(String::new, |durable| format!("  durable {durable}"));
    let role = format!("{role} of term {}{vote}", term.unwrap_or(0));
    [role, log, format!("commit {commit}{durable}")]
}

/// Names of the broken invariants, those marked that a fault outside the model excuses.
pub fn violations(failures: &[Failure]) -> String {
    let name = |failure: &Failure| {
        let excuse = if failure.violation.expected.is_some() { " (expected)" } else { "" };
        format!("{}{excuse}", failure.violation.invariant.name)
    };
    let names: Vec<String> = failures.iter().map(name).collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Where a file's pictures and sections differ from what came: each line with its number, as it
/// stands there and as it would be.
pub fn differences(scenario: &Scenario, pictures: &[Vec<String>], violations: &[String]) -> String {
    let mut text = String::new();
    for (block, now) in scenario.blocks.iter().zip(pictures) {
        let Some(Picture { line, lines }) = &block.picture else { continue };
        for position in 0..lines.len().max(now.len()) {
            let (old, new) = (lines.get(position), now.get(position));
            tell(&mut text, line + position, old, new);
        }
    }
    for (section, now) in scenario.sections.iter().zip(violations) {
        if let Some((line, before)) = &section.violations {
            let words = |names: &str| format!("violations {names}");
            tell(&mut text, *line, Some(&words(before)), Some(&words(now)));
        }
    }
    text
}

fn tell(text: &mut String, line: usize, old: Option<&String>, new: Option<&String>) {
    if old == new {
        return;
    }
    let _ = writeln!(text, "line {line}");
    for (sign, words) in [("-", old), ("+", new)] {
        if let Some(words) = words {
            let _ = writeln!(text, "  {sign} {words}");
        }
    }
}
