//! The space-time diagram of a run: a column for each node, a row for each action, time downwards.

use std::cmp::Ordering;
use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::language::action::{Action, Pattern, Scope};
use crate::node::{NodeId, NodeSet};
use crate::run::Run;
use crate::world::trace::{Happening, Note, Step};

use super::look::Look;
use super::sentence::message;
use super::story::title;
use super::words::wrapped;

/// Columns in front of the first lane: the action's number.
const MARGIN: usize = 6;

/// Columns by which a diagram is moved to the right where it is shown.
const INDENT: usize = 2;

/// Narrowest column of words beside the lanes.
const WORDS_WIDTH_MIN: usize = 24;

/// What fills the lanes where an invariant is violated, and nowhere else.
const VIOLATED: char = '▓';

/// A drawing, line by line.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "cli", derive(schemars::JsonSchema))]
pub struct Diagram(pub Vec<String>);

/// Draws a run that took notes, from action number `from` on.
pub fn diagram(run: &Run, from: usize) -> Diagram {
    let steps: &[Step] = run.trace.as_ref().map_or(&[], |trace| &trace.steps);
    let mut drawing = Drawing::new(usize::from(run.cluster.nodes));
    for (number, step) in steps.iter().enumerate() {
        let Some(action) = &step.action else { continue };
        drawing.silent = number < from;
        drawing.action(number, action, step);
        drawing.violations(run, number);
    }
    if let Some(line) = run.whole().calm_line() {
        drawing.across(&run.steps().to_string(), '·', &line);
        drawing.violations(run, run.steps());
    }
    Diagram(drawing.lines)
}

impl Diagram {
    /// One text, violations in colour. Words go on under themselves, or where there is no room for
    /// them beside the lanes, below.
    pub fn text(&self, look: Look) -> String {
        let start = self.start();
        let room = look.width.saturating_sub(INDENT + start);
        let (column, width) = match room {
            0..WORDS_WIDTH_MIN => (MARGIN, look.width - INDENT - MARGIN),
            _ => (start, room),
        };
        let mut text = String::new();
        for line in &self.0 {
            let words = line.char_indices().nth(start).map_or("", |(at, _)| &line[at..]);
            let lanes = line.strip_suffix(words).unwrap_or(line);
            let is_violation = lanes.contains(VIOLATED);
            let words = wrapped(words, width).into_iter();
            let mut words = words.map(|it| if is_violation { look.red(&it) } else { it });
            let beside = if column == start { words.next() } else { None };
            let first = format!("{lanes}{}", beside.unwrap_or_default());
            let _ = writeln!(text, "{}", first.trim_end());
            for below in words {
                let _ = writeln!(text, "{:column$}{below}", "");
            }
        }
        text
    }

    /// The column at which words begin: behind the lanes, of which the first line has the names.
    fn start(&self) -> usize {
        let names = self.0.first().map_or("", String::as_str);
        let lanes: Vec<usize> = names.match_indices('n').map(|(at, _)| at).collect();
        let pitch = match lanes.as_slice() {
            [first, second, ..] => second - first,
            _ => pitch(lanes.len()),
        };
        MARGIN + lanes.len() * pitch + 2
    }
}

/// Columns from one lane to the next.
const fn pitch(nodes: usize) -> usize {
    match nodes {
        0..=4 => 14,
        5 => 13,
        6 => 11,
        7 => 9,
        _ => 8,
    }
}

struct Drawing {
    nodes: usize,
    /// Columns from one lane to the next.
    pitch: usize,
    up: NodeSet,
    /// Follow who is up, but draw nothing.
    silent: bool,
    lines: Vec<String>,
}

impl Drawing {
    fn new(nodes: usize) -> Self {
        let pitch = pitch(nodes);
        let mut drawing =
            Drawing { nodes, pitch, up: NodeSet::first(nodes), silent: false, lines: Vec::new() };
        let mut names = drawing.blank();
        for node in NodeId::all(nodes) {
            write_at(&mut names, drawing.lane(node), &node.to_string());
        }
        drawing.row("", &names, "");
        drawing
    }

    fn action(&mut self, number: usize, action: &Action, step: &Step) {
        match action {
            Action::Crash(node, _) | Action::Fail(node, _) => self.up.remove(*node),
            Action::Restart(node) => self.up.insert(*node),
            _ => {}
        }
        let label = number.to_string();
        match action.scope() {
            Scope::Message(pattern) => self.message(&label, action, &pattern, step),
            Scope::Link(_) | Scope::Cluster => self.across(&label, '·', &title(action)),
            Scope::Node(node) => self.mark_action(&label, node, action, step),
        }
        for note in &step.notes {
            self.turn(note);
        }
    }

    fn message(&mut self, label: &str, action: &Action, pattern: &Pattern, step: &Step) {
        match action {
            Action::Drop(_) => self.lost(label, pattern),
            Action::Duplicate(_) => {
                let words = format!("{} once more", said(pattern, step));
                self.arrow(label, pattern, &words, '═');
            }
            _ => self.arrow(label, pattern, &said(pattern, step), '─'),
        }
    }

    /// A mark in the lane of the node to which something happens.
    fn mark_action(&mut self, label: &str, node: NodeId, action: &Action, step: &Step) {
        let glyph = match action {
            Action::Timeout(..) => '⏱',
            Action::Write(..) => '✎',
            Action::Crash(..) | Action::Fail(..) => '✗',
            Action::Restart(_) => '⟳',
            Action::Sync(_) => '▪',
            _ => '•',
        };
        // `crash n1 keep 2` as `crash keep 2`: the lane says who.
        let words: Vec<String> = title(action).split(' ').map(str::to_owned).collect();
        let name = node.to_string();
        let words: Vec<String> = words.into_iter().filter(|word| *word != name).collect();
        let candidate = step.notes.iter().find_map(|note| match note.what {
            Happening::Stands(term) => Some(term),
            _ => None,
        });
        let words = match (action, candidate) {
            (Action::Timeout(..), Some(term)) => format!("term {term}"),
            _ => words.join(" "),
        };
        self.mark(label, node, glyph, &words);
    }

    /// What a node's step has turned.
    fn turn(&mut self, note: &Note) {
        let (glyph, words) = match &note.what {
            Happening::Leads(term) => ('★', format!("leader t{term}")),
            Happening::Commits(index) | Happening::Uncommits(index) => {
                ('✓', format!("commit {index}"))
            }
            Happening::CutsLog(index) => ('✂', format!("cut {index}")),
            Happening::Panics { .. } => ('✗', "panic".to_owned()),
            _ => return,
        };
        self.mark("", note.node, glyph, &words);
        if matches!(note.what, Happening::Panics { .. }) {
            self.up.remove(note.node);
        }
    }

    /// A glyph in a lane, with its words beside it if they fit, else at the right.
    fn mark(&mut self, label: &str, node: NodeId, glyph: char, words: &str) {
        let mut row = self.lanes();
        let beside = format!("{glyph} {words}");
        let lane = self.lane(node);
        if beside.chars().count() < self.pitch {
            write_at(&mut row, lane, &beside);
            self.row(label, &row, "");
        } else {
            row[lane] = glyph;
            self.row(label, &row, words);
        }
    }

    fn arrow(&mut self, label: &str, pattern: &Pattern, words: &str, line: char) {
        let (from, to) = (self.lane(pattern.from), self.lane(pattern.to));
        let mut row = self.lanes();
        row[from.min(to)..=from.max(to)].fill(line);
        row[from] = '●';
        row[to] = if from < to { '▶' } else { '◀' };
        self.row(label, &row, words);
    }

    /// An arrow that ends in the middle.
    fn lost(&mut self, label: &str, pattern: &Pattern) {
        let (from, to) = (self.lane(pattern.from), self.lane(pattern.to));
        let half = self.pitch / 2;
        let end = match from.cmp(&to) {
            Ordering::Less => from + half,
            Ordering::Equal => from,
            Ordering::Greater => from - half,
        };
        let mut row = self.lanes();
        row[from.min(end)..=from.max(end)].fill('─');
        row[from] = '●';
        row[end] = '✗';
        let mut words = format!("{} to {} is lost", pattern.kind, pattern.to);
        if let Some(outcome) = pattern.outcome {
            words = format!("{} {outcome} to {} is lost", pattern.kind, pattern.to);
        }
        self.row(label, &row, &words);
    }

    /// A row through all lanes.
    fn across(&mut self, label: &str, line: char, words: &str) {
        let row = vec![line; self.blank().len()];
        self.row(label, &row, words);
    }

    fn violations(&mut self, run: &Run, number: usize) {
        for failure in run.failures.iter().filter(|failure| failure.actions == number) {
            let name = failure.violation.invariant.name;
            self.across(&number.to_string(), VIOLATED, &format!("✗ {name}"));
        }
    }

    fn row(&mut self, label: &str, lanes: &[char], words: &str) {
        if self.silent {
            return;
        }
        let lanes: String = lanes.iter().collect();
        let line = format!("{label:>width$}  {lanes}  {words}", width = MARGIN - 2);
        self.lines.push(line.trim_end().to_owned());
    }

    /// The lanes of nodes that are up.
    fn lanes(&self) -> Vec<char> {
        let mut row = self.blank();
        for node in self.up.iter() {
            row[self.lane(node)] = '┆';
        }
        row
    }

    fn blank(&self) -> Vec<char> {
        vec![' '; self.nodes * self.pitch]
    }

    const fn lane(&self, node: NodeId) -> usize {
        node.slot() * self.pitch
    }
}

fn write_at(row: &mut [char], column: usize, text: &str) {
    for (place, char) in row[column..].iter_mut().zip(text.chars()) {
        *place = char;
    }
}

/// What the message said, as its addressee heard it; at least its kind.
fn said(pattern: &Pattern, step: &Step) -> String {
    let heard = step.notes.iter().find_map(|note| match &note.what {
        Happening::Hears { statement, .. } => Some(message(pattern.kind, None, statement)),
        _ => None,
    });
    heard.unwrap_or_else(|| pattern.kind.to_string())
}

#[cfg(test)]
mod tests;
