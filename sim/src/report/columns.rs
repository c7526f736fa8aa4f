//! A story as text, in columns: number, what the action is good for, action, outcome.

use std::fmt::Write as _;

use super::look::Look;
use super::story::{Story, StoryLine, Violated};
use super::words::wrapped;

/// Columns by which a story is moved to the right where it is shown.
const INDENT: usize = 2;
/// Widest column of actions; the outcome of longer ones stands below them.
const ACTION_WIDTH_MAX: usize = 44;
/// Narrowest column of outcomes.
const OUTCOME_WIDTH_MIN: usize = 26;

impl Story {
    /// One text, a line or more for each action.
    pub fn text(&self, look: Look) -> String {
        let widest = self.0.iter().filter_map(|line| line.action.as_ref()).map(String::len).max();
        let arrows = self.0.iter().map(arrow).filter(|arrow| !arrow.is_empty());
        let arrow = arrows.map(|arrow| arrow.chars().count()).max();
        let narrow = Columns { action: 0, arrow, look };
        let room = narrow.width().saturating_sub(narrow.start() + OUTCOME_WIDTH_MIN);
        let columns =
            Columns { action: widest.unwrap_or(0).min(ACTION_WIDTH_MAX).min(room), ..narrow };
        let mut text: String = self.0.iter().map(|line| columns.line(line)).collect();
        if columns.arrow.is_some() {
            let key = "→k: without this action, what is told at k does not happen";
            for line in wrapped(key, columns.width() - 6) {
                let _ = writeln!(text, "      {}", look.dim(&line));
            }
        }
        text
    }
}

/// An arrow to what the action is good for.
fn arrow(line: &StoryLine) -> String {
    line.good_for.map_or_else(String::new, |later| format!("→{later}"))
}

struct Columns {
    action: usize,
    /// Widest arrow; `None` if there are none.
    arrow: Option<usize>,
    look: Look,
}

impl Columns {
    fn line(&self, line: &StoryLine) -> String {
        let mut outcome = self.wrapped(&line.outcome);
        let mut margin = self.look.dim(&format!("{:>4}", line.number));
        if let Some(correctly) = &line.correctly {
            margin = self.look.yellow(&format!(">>{:>2}", line.number));
            let lines = self.wrapped(std::slice::from_ref(correctly));
            outcome.extend(lines.iter().map(|line| self.look.yellow(line)));
        }
        if let Some(width) = self.arrow {
            margin.push_str(&self.look.dim(&format!(" {:<width$}", arrow(line))));
        }
        let mut text = match &line.action {
            Some(action) => self.action(&margin, action, &outcome),
            None if outcome.is_empty() => String::new(),
            None => self.action(&margin, "(boot)", &outcome),
        };
        for Violated { invariant, evidence } in &line.violated {
            text.push_str(&self.violation(&format!("{invariant}  {evidence}")));
        }
        text
    }

    /// The column at which outcomes begin.
    const fn start(&self) -> usize {
        let arrow = match self.arrow {
            Some(width) => 1 + width,
            None => 0,
        };
        4 + arrow + 2 + self.action + 2
    }

    const fn width(&self) -> usize {
        self.look.width - INDENT
    }

    fn wrapped(&self, sentences: &[String]) -> Vec<String> {
        let width = self.width().saturating_sub(self.start()).max(OUTCOME_WIDTH_MIN);
        sentences.iter().flat_map(|sentence| wrapped(sentence, width)).collect()
    }

    /// One action; its outcome goes on under itself.
    fn action(&self, margin: &str, action: &str, outcome: &[String]) -> String {
        let mut text = format!("{margin}  {action:<width$}", width = self.action);
        for (position, line) in outcome.iter().enumerate() {
            if 0 < position || self.action < action.chars().count() {
                let _ = write!(text, "\n{}", " ".repeat(self.start() - 2));
            }
            text.push_str("  ");
            text.push_str(line);
        }
        format!("{}\n", text.trim_end())
    }

    fn violation(&self, what: &str) -> String {
        let lines = wrapped(what, self.width() - 6);
        let lines: Vec<String> = lines.iter().map(|line| self.look.red(line)).collect();
        format!("{}  {}\n", self.look.red("   ✗"), lines.join("\n      "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::why::remarks::Remarks;
    use crate::guests::raft_core::RaftCore;
    use crate::language::script::Script;
    use crate::mutants::MUTANTS;
    use crate::node::Node;
    use crate::report::story::{Detail, story};
    use crate::run::Replay;
    use crate::search::target::{Guest, Target};
    use raft_invariants::Selection;

    /// Half of four votes, counted twice.
    const SCRIPT: &str = "\
cluster nodes=4
timeout n1
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply granted
drop n1->n3 RequestVote
duplicate n2->n1 RequestVoteReply granted
heartbeat n1
";

    fn told(from: usize, detail: Detail) -> String {
        story_of(from, detail, 112)
    }

    fn story_of(from: usize, detail: Detail, width: usize) -> String {
        let script = Script::parse(SCRIPT, "test.txt".as_ref(), RaftCore::kinds(&None));
        let script = script.expect("the test's script is right");
        let bug = MUTANTS.iter().copied().find(|mutant| mutant.id == "vote-duplicate-counted");
        let target = Guest::<RaftCore>::new("raft-core", "", Some(bug.expect("it is planted")));
        let target = target.flawed_copy_of(Guest::new("raft-core", "", None));
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "every line means something");
        story(&run, &Remarks::of(&target, &run), from, detail)
            .text(Look { width, ..Look::default() })
    }

    #[test]
    fn every_action_has_its_line() {
        let expected = "
   1 →5  timeout n1                                 n1 stands as candidate for term 1
   2 →5  deliver n1->n2 RequestVote                 n2 writes term 1 and its vote for n1
   3 →5  deliver n2->n1 RequestVoteReply granted    n1 hears its vote of term 1 from n2
   4     drop n1->n3 RequestVote
>> 5     duplicate n2->n1 RequestVoteReply granted  n1 appends no-op(t1); becomes leader of term 1
                                                    a correct Raft does not, here: n1 becomes leader of term 1
   ✗  ElectedByQuorum n1 leads term 1 with the votes of {n1 n2} only, 2 of 4 nodes
   6     heartbeat n1                               n1 sends AppendEntries(prev=0 +0 commit=0) of term 1 to n2
                                                    n3 n4
      →k: without this action, what is told at k does not happen
";
        let told = format!("\n{}", told(0, Detail::Story));
        assert_eq!(told, expected, "{told}");
    }

    #[test]
    fn a_trace_leaves_nothing_out() {
        let told = told(2, Detail::Everything);
        assert!(told.starts_with("   2 →5  deliver"), "{told}");
        let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(told.contains("n2 hears RequestVote(last=0) of term 1 from n1; writes"), "{told}");
        assert!(told.contains("sends its vote of term 1 to n1"), "{told}");
    }

    #[test]
    fn a_story_fits_where_it_is_shown() {
        let width = |line: &str| INDENT + line.chars().count();
        for columns in [60, 80, 100, 200] {
            let told = story_of(0, Detail::Everything, columns);
            let widest = told.lines().map(width).max().expect("there are lines");
            assert!(widest <= columns, "{widest} of {columns}:\n{told}");
        }
        let lines = |columns| story_of(0, Detail::Everything, columns).lines().count();
        assert!(lines(200) < lines(100) && lines(100) < lines(80), "what there is is used");
    }
}
