//! The story of a run: a numbered line for each action, with what came of it.

use std::fmt::Write as _;

use crate::explain::why::deviation::{Correctly, Deviation};
use crate::explain::why::remarks::Remarks;
use crate::language::action::Action;
use crate::run::Run;
use crate::world::trace::{Happening, Note, Step, Weight};

use super::evidence::evidence;
use super::look::Look;
use super::sentence::sentences;
use super::words::wrapped;

/// Columns of a terminal.
const WIDTH: usize = 110;
/// Widest column of actions; longer ones push their outcome to the right.
const ACTION_WIDTH_MAX: usize = 44;

/// How much to tell.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Detail {
    /// What matters.
    Story,
    /// Every note.
    Everything,
}

/// Tells a run that took notes, from action number `from` on (from 0, the boot). If it is known
/// where the run leaves the correct one, that action is marked and told; if it is known what the
/// actions are good for, an arrow behind the number of each points there.
pub fn story(run: &Run, remarks: &Remarks, from: usize, detail: Detail, look: Look) -> String {
    let steps: &[Step] = run.trace.as_ref().map_or(&[], |trace| &trace.steps);
    let told = steps.iter().enumerate().skip(from);
    let widest = told.clone().filter_map(|(_, step)| step.action).map(|a| title(&a).len()).max();
    let arrows = arrows(remarks, look);
    let column = Column {
        action: widest.unwrap_or(0).min(ACTION_WIDTH_MAX),
        arrow: arrows.iter().map(|arrow| arrow.chars().count()).max(),
        arrows,
        look,
    };
    let mut text = String::new();
    for (number, step) in told {
        text.push_str(&column.step(number, step, detail, remarks));
        for failure in run.failures.iter().filter(|failure| failure.actions == number) {
            let violation = &failure.violation;
            let what = format!("{}  {}", violation.invariant.name, evidence(violation));
            text.push_str(&column.violation(&what));
        }
    }
    if column.arrow.is_some() {
        let key =
            format!("{}k: without this action, what is told at k does not happen", arrow_to(look));
        let _ = writeln!(text, "      {}", look.dim(&key));
    }
    text
}

/// Arrows to what the actions are good for, by action; none if that is not known.
fn arrows(remarks: &Remarks, look: Look) -> Vec<String> {
    let arrow = |later: &Option<usize>| {
        later.map_or_else(String::new, |later| format!("{}{later}", arrow_to(look)))
    };
    remarks.good_for.iter().map(arrow).collect()
}

const fn arrow_to(look: Look) -> &'static str {
    look.glyph("→", ">")
}

/// An action as it is told: without the signature, which only scripts need.
pub(super) fn title(action: &Action) -> String {
    let mut action = *action;
    if let Action::Deliver(pattern) | Action::Duplicate(pattern) | Action::Drop(pattern) =
        &mut action
    {
        pattern.signature = None;
    }
    action.to_string()
}

struct Column {
    action: usize,
    /// Widest arrow; `None` if there are none.
    arrow: Option<usize>,
    /// By action.
    arrows: Vec<String>,
    look: Look,
}

impl Column {
    fn step(&self, number: usize, step: &Step, detail: Detail, remarks: &Remarks) -> String {
        let notes = chosen(step, detail);
        let mut outcome = self.wrapped(&sentences(&notes));
        let mut margin = self.look.dim(&format!("{number:>4}"));
        if let Some(deviation) = remarks.deviation.as_ref().filter(|it| it.at == number) {
            margin = self.look.yellow(&format!(">>{number:>2}"));
            let lines = self.wrapped(&[correctly(deviation)]);
            outcome.extend(lines.iter().map(|line| self.look.yellow(line)));
        }
        if let Some(width) = self.arrow {
            let arrow = number.checked_sub(1).and_then(|position| self.arrows.get(position));
            let arrow = format!(" {:<width$}", arrow.map_or("", String::as_str));
            margin.push_str(&self.look.dim(&arrow));
        }
        match &step.action {
            Some(action) => self.lines(&margin, &title(action), &outcome),
            None if outcome.is_empty() => String::new(),
            None => self.lines(&margin, "(boot)", &outcome),
        }
    }

    /// The column at which outcomes begin.
    const fn start(&self) -> usize {
        let arrow = match self.arrow {
            Some(width) => 1 + width,
            None => 0,
        };
        4 + arrow + 2 + self.action + 2
    }

    fn wrapped(&self, sentences: &[String]) -> Vec<String> {
        let width = WIDTH.saturating_sub(self.start()).max(30);
        sentences.iter().flat_map(|sentence| wrapped(sentence, width)).collect()
    }

    /// One action; its outcome goes on under itself.
    fn lines(&self, margin: &str, action: &str, outcome: &[String]) -> String {
        let mut text = format!("{margin}  {action:<width$}", width = self.action);
        for (position, line) in outcome.iter().enumerate() {
            if 0 < position {
                let _ = write!(text, "\n{}", " ".repeat(self.start() - 2));
            }
            text.push_str("  ");
            text.push_str(line);
        }
        format!("{}\n", text.trim_end())
    }

    fn violation(&self, what: &str) -> String {
        let lines = wrapped(what, WIDTH - 6);
        let lines: Vec<String> = lines.iter().map(|line| self.look.red(line)).collect();
        format!(
            "{:>4}  {}\n",
            self.look.red(&format!("   {}", self.look.cross())),
            lines.join("\n      ")
        )
    }
}

/// What a correct Raft does with an action with which a flawed one deviates from it.
pub(super) fn correctly(deviation: &Deviation) -> String {
    match &deviation.correctly {
        Correctly::Does(notes) => {
            format!("a correct Raft: {}", sentences(&visible(notes)).join("; "))
        }
        Correctly::DoesNot(notes) => {
            let turns: Vec<&Note> =
                notes.iter().filter(|note| note.weight() == Weight::Turn).collect();
            let notes = if turns.is_empty() { visible(notes) } else { turns };
            format!("a correct Raft does not, here: {}", sentences(&notes).join("; "))
        }
        Correctly::DoesInOrder(notes) => {
            let notes: Vec<&Note> = notes.iter().filter(|note| !is_tracking(note)).collect();
            format!("a correct Raft, in this order: {}", sentences(&notes).join("; "))
        }
        Correctly::Impossible => "a correct Raft: this cannot happen".to_owned(),
    }
}

/// The notes that others may notice; if there are none, those about the node itself.
fn visible(notes: &[Note]) -> Vec<&Note> {
    let sends = |note: &Note| matches!(note.what, Happening::Sends { .. });
    let others = |note: &&Note| Weight::Story <= note.weight() || sends(note);
    let itself = |note: &&Note| note.what != Happening::HasAllDurable && !is_tracking(note);
    let visible: Vec<&Note> = notes.iter().filter(others).collect();
    let inward: Vec<&Note> = notes.iter().filter(itself).collect();
    match (visible.is_empty(), inward.is_empty()) {
        (false, _) => visible,
        (true, false) => inward,
        (true, true) => notes.iter().collect(),
    }
}

/// Whether a leader has learned of a follower's log.
fn is_tracking(note: &Note) -> bool {
    matches!(note.what, Happening::Tracks { .. })
}

/// The notes to tell. Where nothing of weight happened, details say what did: what was heard, or
/// else all of them.
fn chosen(step: &Step, detail: Detail) -> Vec<&Note> {
    if detail == Detail::Everything {
        return step.notes.iter().collect();
    }
    // Who votes in a term has moved on to it.
    let implied = |note: &Note| {
        let votes = |other: &Note| other.node == note.node && other.is_vote_for_another();
        matches!(note.what, Happening::MovesOn(_)) && step.notes.iter().any(votes)
    };
    let weighty = step.notes.iter().filter(|note| Weight::Story <= note.weight() && !implied(note));
    let weighty: Vec<&Note> = weighty.collect();
    if weighty.is_empty() && step.action.is_some() {
        let details = step.notes.iter().filter(|note| !is_tracking(note));
        let is_heard = |note: &Note| matches!(note.what, Happening::Hears { .. });
        let heard = details.clone().position(is_heard);
        details.take(heard.map_or(usize::MAX, |position| position + 1)).collect()
    } else {
        weighty
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guests::raft_core::RaftCore;
    use crate::language::script::Script;
    use crate::mutants::MUTANTS;
    use crate::node::Node;
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
        let script = Script::parse(SCRIPT, "test.txt".as_ref(), RaftCore::kinds(&None));
        let script = script.expect("the test's script is right");
        let bug = MUTANTS.iter().copied().find(|mutant| mutant.id == "vote-duplicate-counted");
        let target = Guest::<RaftCore>::new("raft-core", "", Some(bug.expect("it is planted")));
        let target = target.flawed_copy_of(Guest::new("raft-core", "", None));
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "every line means something");
        story(&run, &Remarks::of(&target, &run), from, detail, Look::default())
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
}
