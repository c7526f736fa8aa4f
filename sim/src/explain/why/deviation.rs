//! Deviation: the first action of a run in which a flawed target does something else than its
//! correct reference, which is told the same.
//!
//! Up to there both are in the same state and hear the same, so this is the first step that a
//! correct Raft does not take. The violation mostly comes later.

use crate::run::calm::Outcome;
use crate::run::{Replay, Run};
use crate::search::target::Target;
use crate::world::trace::{Note, Step};

/// Where a run leaves the correct one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deviation {
    /// The number of the action, from 1; 0 if nodes differ as they boot.
    pub at: usize,
    /// How the reference takes it.
    pub correctly: Correctly,
}

/// What a correct Raft does with the action.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Correctly {
    /// It does this instead, among other things that both do.
    Does(Vec<Note>),
    /// It does what the flawed one does, but for this.
    DoesNot(Vec<Note>),
    /// It does the same in another order: all of it.
    DoesInOrder(Vec<Note>),
    /// It cannot come into the situation: the action means nothing there.
    Impossible,
    /// In the calm that the run ends in it achieves what must come about.
    Recovers,
}

impl Deviation {
    /// Compares a run that took notes with what the target's reference does, note by note. `None`
    /// without a reference, or if they do the same to the end.
    pub fn of(target: &dyn Target, run: &Run) -> Option<Deviation> {
        let reference = target.reference()?;
        let script = run.whole();
        let (correct, skipped) =
            reference.replay(&script, &raft_invariants::Selection::ALL, Replay::STORY);
        let (ours, theirs) = (&run.trace.as_ref()?.steps, &correct.trace.as_ref()?.steps);
        let impossible = skipped.first().map_or(usize::MAX, |position| position + 1);
        let mut pairs = ours.iter().zip(theirs).take(impossible).enumerate();
        let differing = pairs.find(|(_, (ours, theirs))| ours.notes != theirs.notes);
        match differing {
            Some((at, (ours, theirs))) => Some(Deviation { at, correctly: compare(ours, theirs) }),
            None if impossible < ours.len() => {
                Some(Deviation { at: impossible, correctly: Correctly::Impossible })
            }
            None if is_lost(run) && !is_lost(&correct) => {
                Some(Deviation { at: run.steps(), correctly: Correctly::Recovers })
            }
            None => None,
        }
    }
}

/// Whether something has not come about in the calm that it ended in.
fn is_lost(run: &Run) -> bool {
    run.calm.as_ref().is_some_and(|calm| calm.outcome == Outcome::Lost)
}

/// What differs between two steps. The same notes in another order are another step.
fn compare(ours: &Step, theirs: &Step) -> Correctly {
    let (instead, here) = (only_in(theirs, ours), only_in(ours, theirs));
    match (instead.is_empty(), here.is_empty()) {
        (true, false) => Correctly::DoesNot(here),
        (true, true) => Correctly::DoesInOrder(theirs.notes.clone()),
        (false, _) => Correctly::Does(instead),
    }
}

/// The notes of one step that the other one lacks.
fn only_in(step: &Step, other: &Step) -> Vec<Note> {
    step.notes.iter().filter(|note| !other.notes.contains(note)).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guests;
    use crate::language::script::Script;
    use crate::node::{HardState, NodeId};
    use crate::search::target::Targets;
    use crate::world::trace::Happening;
    use raft_invariants::Selection;

    fn deviation(target: &str, script: &str) -> Option<Deviation> {
        let mut targets = Targets::default();
        guests::add_to(&mut targets);
        let target = targets.find(target).expect("it is built in");
        let script = Script::parse(script, "test.txt".as_ref(), target.kinds());
        let script = script.expect("the test's script is right");
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "every line means something");
        Deviation::of(target, &run)
    }

    /// n2 forgets its vote when it hears from the leader it voted for.
    const FORGETS: &str = "\
cluster nodes=3
timeout n1
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply granted
deliver n1->n2 AppendEntries entries
";

    #[test]
    fn the_first_wrong_step_is_named_with_what_is_right() {
        let bug = "raft-core?bug=vote-cleared-on-same-term-append";
        let found = deviation(bug, FORGETS).expect("the vote is forgotten");
        let Correctly::DoesNot(notes) = found.correctly else { panic!("{found:?}") };
        let forgets = HardState { current_term: 1, voted_for: None };
        let forgets = Note { node: NodeId(2), what: Happening::WritesHardState(forgets) };
        assert_eq!((found.at, notes), (4, vec![forgets]));
    }

    #[test]
    fn the_same_in_another_order_is_a_deviation_too() {
        let early = "cluster nodes=1\ntimeout n1\nwrite n1 x=1\n";
        let found = deviation("raft-core?bug=reply-before-commit", early).expect("too early");
        let Correctly::DoesInOrder(notes) = found.correctly else { panic!("{found:?}") };
        let position = |is: fn(&Happening) -> bool| notes.iter().position(|note| is(&note.what));
        let applies = position(|what| matches!(what, Happening::Applies { index: 2, .. }));
        let replies = position(|what| matches!(what, Happening::Replies { .. }));
        assert_eq!(found.at, 2);
        assert!(applies.is_some() && applies < replies, "{notes:?}");
    }

    #[test]
    fn the_first_wrong_step_may_be_the_calm() {
        let alone = "cluster nodes=1\ntimeout n1\nwrite n1 x=1\ncrash n1\ncalm\n";
        let found = deviation("raft-core?bug=no-noop-on-election", alone).expect("no entry");
        assert_eq!(found.at, 1, "the no-op is missed at once");
        let dead = "cluster nodes=3\ncrash n3\ncalm {n1 n2}\n";
        let found =
            deviation("raft-core?bug=commit-waits-for-all", dead).expect("n3 is waited for");
        assert_eq!((found.at, found.correctly), (2, Correctly::Recovers));
        assert_eq!(deviation("raft-core", dead), None);
    }

    #[test]
    fn who_is_correct_or_has_no_reference_deviates_from_nothing() {
        assert_eq!(deviation("raft-core", FORGETS), None);
        let elected = "cluster nodes=3\ntimeout n1\n";
        assert_eq!(deviation("raftbare", elected), None);
        assert_eq!(deviation("raft-core?bug=vote-no-log-check", FORGETS), None);
    }
}
