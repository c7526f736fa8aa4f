//! Necessity: what comes of the script without one of its actions, or without a block of them.
//!
//! The rest is matched forgivingly, as the minimizer does it; what means nothing any more is
//! skipped. Beside the outcome, the first thing that is missing then says what the action was good
//! for: a leader who is not elected, an entry that is not committed, a message that is never sent.

use std::ops::Range;

use raft_invariants::Selection;

use crate::language::script::Script;
use crate::run::{Class, Replay, Run};
use crate::search::target::Target;
use crate::world::trace::{Note, Weight};

/// Most replays: longer scripts are taken apart in blocks.
pub(super) const BLOCKS_MAX: usize = 60;

/// The script without some of its actions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Omission {
    /// Positions of what is left out, from 0.
    pub actions: Range<usize>,
    /// What comes of the rest.
    pub outcome: Consequence,
    /// What is missing then; `None` if it is nothing but the violation.
    pub lost: Option<Lost>,
}

/// What comes of the rest.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Consequence {
    /// Nothing is violated.
    Passes,
    /// Something else is violated, which the whole script does not violate.
    FailsOtherwise {
        /// What.
        class: Class,
        /// The number of the violating action in the rest, from 1.
        at: usize,
    },
    /// The same is violated.
    FailsTheSame {
        /// The number of the violating action in the rest, from 1.
        at: usize,
    },
}

/// A part of the whole run that does not come without the actions.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Lost {
    /// The number of the action with which it comes in the whole script, from 1.
    pub at: usize,
    /// What it is.
    pub what: Missing,
}

/// What may be missing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Missing {
    /// A part of the story.
    Note(Note),
    /// The action itself: it means nothing any more.
    Action,
}

impl Omission {
    /// Whether the failure does not come without the actions.
    pub fn is_needed(&self) -> bool {
        !matches!(self.outcome, Consequence::FailsTheSame { .. })
    }
}

/// What to leave out at a time: each action, or blocks of equal length in a long script.
pub(super) fn blocks(actions: usize) -> Vec<Range<usize>> {
    let length = actions.div_ceil(BLOCKS_MAX).max(1);
    (0..actions).step_by(length).map(|start| start..(start + length).min(actions)).collect()
}

/// A failing run with what it takes to leave parts of it out.
pub(super) struct Cuts<'a> {
    pub(super) target: &'a dyn Target,
    pub(super) whole: &'a Run,
    pub(super) class: &'a Class,
    pub(super) selection: &'a Selection,
    /// All that judges say of the whole run.
    known: Vec<Class>,
}

impl<'a> Cuts<'a> {
    pub(super) fn new(
        target: &'a dyn Target,
        whole: &'a Run,
        class: &'a Class,
        selection: &'a Selection,
    ) -> Self {
        let known = judged(target, &whole.whole());
        let known = known.into_iter().map(|(class, _)| class).collect();
        Cuts { target, whole, class, selection, known }
    }

    /// Runs the script without these actions.
    pub(super) fn without(&self, actions: Range<usize>) -> Omission {
        let kept = self.whole.actions.iter().enumerate();
        let kept = kept.filter(|(position, _)| !actions.contains(position));
        let kept = kept.map(|(_, &action)| action).collect();
        let rest = Script { actions: kept, ..self.whole.whole().without_actions() };
        let told = Replay { trace: true, ..Replay::CANDIDATE };
        let (run, skipped) = self.target.replay(&rest, self.selection, told);
        let same = run.failure().filter(|failure| failure.class() == *self.class);
        let outcome = match same {
            Some(failure) => Consequence::FailsTheSame { at: failure.actions },
            None => self.otherwise(&rest),
        };
        let lost = first_lost(self.whole, &run, &skipped, &actions);
        Omission { actions, outcome, lost }
    }

    /// What all judges say of a script that does not fail as it did, and did not say of the whole.
    fn otherwise(&self, rest: &Script) -> Consequence {
        let mut said = judged(self.target, rest).into_iter();
        let new = said.find(|(class, _)| !self.known.contains(class));
        new.map_or(Consequence::Passes, |(class, at)| Consequence::FailsOtherwise { class, at })
    }
}

/// What all judges say of a script, each with the number of the action, to its end.
fn judged(target: &dyn Target, script: &Script) -> Vec<(Class, usize)> {
    let to_the_end = Replay { stop: false, ..Replay::CANDIDATE };
    let (run, _) = target.replay(script, &Selection::ALL, to_the_end);
    run.failures.iter().map(|failure| (failure.class(), failure.actions)).collect()
}

/// What says most about these actions, if it is missing in the other run: a turn after them or of
/// their own, a later action (which the other run `skipped`), a lesser part of the story.
fn first_lost(whole: &Run, other: &Run, skipped: &[usize], actions: &Range<usize>) -> Option<Lost> {
    let noted = |weight| {
        let lost = all_lost(whole, other, weight);
        let after = lost.iter().find(|lost| actions.end < lost.at);
        after.or_else(|| lost.iter().find(|lost| actions.start < lost.at)).cloned()
    };
    let impossible = || {
        let later = skipped.iter().find(|&&position| actions.start <= position);
        later.map(|position| Lost { at: position + actions.len() + 1, what: Missing::Action })
    };
    noted(Weight::Turn).or_else(impossible).or_else(|| noted(Weight::Story))
}

/// All notes of this weight that the other run lacks.
fn all_lost(whole: &Run, other: &Run, weight: Weight) -> Vec<Lost> {
    let weighty = |(_, note): &(usize, &Note)| note.weight() == weight;
    let mut come: Vec<&Note> = notes(other).filter(weighty).map(|(_, note)| note).collect();
    let missing = notes(whole).filter(weighty).filter(|(_, note)| {
        let same = come.iter().position(|other| other == note);
        same.map(|position| come.swap_remove(position)).is_none()
    });
    missing.map(|(at, note)| Lost { at, what: Missing::Note(note.clone()) }).collect()
}

/// All notes of the run, each with the action's number; the boot is number 0.
fn notes(run: &Run) -> impl Iterator<Item = (usize, &Note)> {
    let steps = run.trace.iter().flat_map(|trace| trace.steps.iter().enumerate());
    steps.flat_map(|(number, step)| step.notes.iter().map(move |note| (number, note)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_scripts_are_taken_apart_in_blocks() {
        assert_eq!(blocks(0), []);
        assert_eq!(blocks(3), [0..1, 1..2, 2..3]);
        assert_eq!(blocks(60).len(), 60);
        let blocks = blocks(130);
        assert_eq!((blocks.len(), &blocks[0], &blocks[43]), (44, &(0..3), &(129..130)));
    }
}
