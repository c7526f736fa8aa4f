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

/// Columns in front of the first lane: the action's number.
const MARGIN: usize = 6;

/// What fills the lanes where an invariant is violated, and nowhere else.
const VIOLATED: char = '▓';

/// A drawing, line by line.
#[derive(Clone, PartialEq, Eq, Default, Debug, Serialize, Deserialize)]
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
    /// One text, violations in colour.
    pub fn text(&self, look: Look) -> String {
        let mut text = String::new();
        for line in &self.0 {
            match line.rsplit_once(VIOLATED) {
                Some((lanes, words)) => {
                    let _ = writeln!(text, "{lanes}{VIOLATED}  {}", look.red(words.trim_start()));
                }
                None => {
                    let _ = writeln!(text, "{line}");
                }
            }
        }
        text
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
        let pitch = match nodes {
            0..=4 => 14,
            5 => 13,
            6 => 11,
            7 => 9,
            _ => 8,
        };
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
mod tests {
    use super::*;
    use crate::guests::raft_core::RaftCore;
    use crate::language::script::Script;
    use crate::node::Node;
    use crate::report::look::in_ascii;
    use crate::run::Replay;
    use crate::search::target::{Guest, Target};
    use raft_invariants::Selection;

    fn run(text: &str) -> Run {
        let script = Script::parse(text, "test.txt".as_ref(), RaftCore::kinds(&None));
        let script = script.expect("the test's script is right");
        let target = Guest::<RaftCore>::new("raft-core", "", None);
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "every line means something");
        run
    }

    const SCRIPT: &str = "\
cluster nodes=3 disk=queued
timeout n1
sync n1
deliver n1->n2 RequestVote
sync n2
deliver n2->n1 RequestVoteReply granted
drop n1->n3 RequestVote
write n1 x=10
sync n1
deliver n1->n2 AppendEntries
sync n2
deliver n2->n1 AppendEntriesReply
partition {n1 n2} {n3}
crash n1
pause n2
resume n2
heal
restart n1
duplicate n1->n2 AppendEntries
skew n3 +10%
timeout n3
calm
";

    #[track_caller]
    fn check(drawn: &Diagram, expected: &str) {
        let drawn = format!("\n{}", drawn.text(Look::default()));
        assert_eq!(drawn, expected, "{drawn}");
    }

    #[test]
    fn every_kind_of_row() {
        let expected = "
      n1            n2            n3
   1  ⏱ term 1      ┆             ┆
   2  ▪ sync        ┆             ┆
   3  ●─────────────▶             ┆               RequestVote(last=0) of term 1
   4  ┆             ▪ sync        ┆
   5  ◀─────────────●             ┆               RequestVoteReply: its vote of term 1
      ★ leader t1   ┆             ┆
   6  ●──────✗      ┆             ┆               RequestVote to n3 is lost
   7  ✎ write x=10  ┆             ┆
   8  ▪ sync        ┆             ┆
   9  ●─────────────▶             ┆               AppendEntries(prev=0 +1 commit=0) of term 1
  10  ┆             ▪ sync        ┆
  11  ◀─────────────●             ┆               AppendEntriesReply: success up to 1 of term 1
      ✓ commit 1    ┆             ┆
  12  ··········································  partition {n1 n2} {n3}
  13  ✗ crash       ┆             ┆
  14                • pause       ┆
  15                • resume      ┆
  16  ··········································  heal
  17  ⟳ restart     ┆             ┆
  18  ●═════════════▶             ┆               AppendEntries(prev=0 +1 commit=0) of term 1 once more
  19  ┆             ┆             • skew +10%
  20  ┆             ┆             ⏱ term 1
  21  ··········································  calm
";
        check(&diagram(&run(SCRIPT), 0), expected);
    }

    #[test]
    fn ascii_stands_in_the_same_places() {
        let drawn = diagram(&run(SCRIPT), 0).text(Look::default());
        let ascii = in_ascii(&drawn);
        assert!(ascii.is_ascii(), "{ascii}");
        let lengths =
            |text: &str| -> Vec<usize> { text.lines().map(|line| line.chars().count()).collect() };
        assert_eq!(lengths(&ascii), lengths(&drawn));
        let row = "   3  o------------->             |               RequestVote(last=0) of term 1";
        assert_eq!(ascii.lines().nth(3), Some(row));
    }

    #[test]
    fn large_clusters_stay_aligned() {
        for nodes in 1..=9 {
            let text = format!(
                "cluster nodes={nodes}\ntimeout n{nodes}\nskew n1 +10%\nwrite n{nodes} x=123456\n"
            );
            let drawn = diagram(&run(&text), 0).0;
            let mut lines = drawn.iter();
            let names = lines.next().expect("the first row has the names");
            let columns = (0..nodes).map(|node| names.find(&format!("n{}", node + 1)));
            let columns: Vec<usize> =
                columns.map(|lane| lane.expect("every lane has a name")).collect();
            for line in lines {
                let chars: Vec<char> = line.chars().collect();
                for &lane in &columns {
                    let at = chars.get(lane).copied().unwrap_or(' ');
                    assert!(
                        "┆⏱✎•★✓".contains(at),
                        "{nodes} nodes, column {lane}:\n{}",
                        drawn.join("\n")
                    );
                }
            }
        }
    }

    #[test]
    fn a_part_begins_with_who_is_up() {
        let drawn = diagram(&run(SCRIPT), 14).text(Look::default());
        let expected = "
      n1            n2            n3
  14                • pause       ┆
  15                • resume      ┆";
        assert!(format!("\n{drawn}").starts_with(expected), "{drawn}");
    }
}
