//! Why a script fails: what happens without each of its actions, and from which action on chance
//! alone would have led to the same failure.
//!
//! A minimized script says what happens, not what matters. Two questions tell: [`necessity`] leaves
//! every action out once, [`likelihood`] lets many random futures begin after each of them. Where
//! the target is a flawed copy of a correct one, [`deviation`] names its first wrong step.
//!
//! All of it is a function of (target, script, class, [`Effort::futures`]): tasks are spread over
//! threads, and none of them knows of another.

pub mod deviation;
pub mod likelihood;
pub mod necessity;
pub mod remarks;

use std::sync::atomic::AtomicBool;

use raft_invariants::Selection;

use crate::language::script::Script;
use crate::run::{Class, Replay, Run};
use crate::search::spread::spread;
use crate::search::target::Target;
use deviation::Deviation;
use likelihood::{Forks, Likelihood};
use necessity::{Cuts, Omission};

/// How much work to do.
#[derive(Copy, Clone, Debug)]
pub struct Effort {
    /// Random futures from each moment; at least 1.
    pub futures: u32,
    /// Worker threads; at least 1. Results never depend on it.
    pub jobs: usize,
}

/// The answer.
#[derive(Clone, Debug)]
pub struct Why {
    /// How the script fails.
    pub class: Class,
    /// The run that is explained, up to the violation, with notes.
    pub run: Run,
    /// Where it leaves the correct run, if the target has a reference.
    pub deviation: Option<Deviation>,
    /// What comes of it without each action, or without each block of a long script, in order.
    pub omissions: Vec<Omission>,
    /// How likely the failure is after each action.
    pub likelihood: Likelihood,
    /// Tasks that were left undone because somebody asked for an end.
    pub undone: usize,
}

/// Why there is no answer.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum NotExplained {
    /// The script does not fail like that.
    Passes,
    /// It fails, and told again it does not do the same: the target is not deterministic.
    NotReproduced,
}

/// One thing to find out.
#[derive(Clone, Debug)]
enum Task {
    Omit(std::ops::Range<usize>),
    Fork(usize),
}

/// What was found out.
enum Done {
    Omitted(Omission),
    Forked(likelihood::Point),
}

/// Explains a script that fails with `class`. Only the invariant of the class sits: what else is
/// violated on the way neither ends a run nor counts as the same failure.
///
/// `stop` ends the work early, with what there is; `told` hears how many of how many tasks are done.
///
/// # Errors
///
/// If the script does not fail like that, or not each time.
pub fn why(
    target: &dyn Target,
    script: &Script,
    class: &Class,
    effort: Effort,
    stop: &AtomicBool,
    told: &(dyn Fn(usize, usize) + Sync),
) -> Result<Why, NotExplained> {
    let selection = Selection::only(&[class.invariant]).expect("the class names an invariant");
    let run = explained(target, script, class, &selection)?;
    let script = run.whole();
    let forks =
        Forks { target, script: &script, class, selection: &selection, futures: effort.futures };
    let cuts = Cuts::new(target, &run, class, &selection);
    let blocks = necessity::blocks(script.actions.len()).into_iter().map(Task::Omit);
    let moments = likelihood::moments(script.actions.len()).into_iter().map(Task::Fork);
    let tasks: Vec<Task> = blocks.chain(moments).collect();
    let done = spread(&tasks, effort.jobs, stop, told, &|task| match task {
        Task::Omit(actions) => Some(Done::Omitted(cuts.without(actions.clone()))),
        Task::Fork(after) => forks.after(*after, stop).map(Done::Forked),
    });
    let undone = tasks.len() - done.len();
    let (mut omissions, mut moments) = (Vec::new(), Vec::new());
    for done in done {
        match done {
            Done::Omitted(omission) => omissions.push(omission),
            Done::Forked(moment) => moments.push(moment),
        }
    }
    let likelihood = Likelihood { moments, futures: effort.futures };
    let deviation = Deviation::of(target, &run);
    Ok(Why { class: class.clone(), run, deviation, omissions, likelihood, undone })
}

/// The script's run up to its violation, with notes.
fn explained(
    target: &dyn Target,
    script: &Script,
    class: &Class,
    selection: &Selection,
) -> Result<Run, NotExplained> {
    let fails = |run: &Run| run.failure().is_some_and(|failure| failure.class() == *class);
    let (first, _) = target.replay(script, selection, Replay { stop: true, ..Replay::SAVED });
    if !fails(&first) {
        return Err(NotExplained::Passes);
    }
    let length = first.failures[0].actions;
    let told = Replay { stop: true, ..Replay::STORY };
    let (run, _) = target.replay(&first.script(length), selection, told);
    let is_same = fails(&run) && run.hash == first.hash && run.actions == first.actions;
    if is_same { Ok(run) } else { Err(NotExplained::NotReproduced) }
}

#[cfg(test)]
mod tests {
    use super::necessity::Missing;
    use super::*;
    use crate::guests;
    use crate::search::target::Targets;
    use crate::world::trace::Happening;

    /// A leader with half of four votes, one of them counted twice. n3's clock has no part in it.
    const SCRIPT: &str = "\
cluster nodes=4
timeout n1
skew n3 +10%
deliver n1->n2 RequestVote
deliver n2->n1 RequestVoteReply granted
duplicate n2->n1 RequestVoteReply granted
";

    fn explain(jobs: usize, stop: bool) -> Why {
        let mut targets = Targets::default();
        guests::add_to(&mut targets);
        let target = targets.find("raft-core?bug=vote-duplicate-counted").expect("it is planted");
        let script = Script::parse(SCRIPT, "test.txt".as_ref(), target.kinds());
        let class = Class { invariant: "ElectedByQuorum", place: None };
        let effort = Effort { futures: 60, jobs };
        let script = script.expect("the test's script is right");
        why(target, &script, &class, effort, &AtomicBool::new(stop), &|_, _| ())
            .expect("the script fails")
    }

    #[test]
    fn what_has_no_part_in_it_is_not_needed() {
        let why = explain(1, false);
        let needed: Vec<bool> = why.omissions.iter().map(Omission::is_needed).collect();
        assert_eq!(needed, [true, false, true, true, true]);
        let leads_to = why.omissions[0].lost.as_ref().expect("the election is lost without it");
        let Missing::Note(note) = &leads_to.what else { panic!("{leads_to:?}") };
        assert_eq!((leads_to.at, &note.what), (5, &Happening::Leads(1)));
    }

    #[test]
    fn who_restarts_was_down() {
        let mut targets = Targets::default();
        guests::add_to(&mut targets);
        let bug = "raft-core?bug=meta-file-missing-is-term-zero";
        let target = targets.find(bug).expect("it is planted");
        let text = "cluster nodes=3\ntimeout n1\ncrash n1\nrestart n1\n";
        let script = Script::parse(text, "test.txt".as_ref(), target.kinds());
        let script = script.expect("the test's script is right");
        let class = Class { invariant: "TermMonotonic", place: None };
        let effort = Effort { futures: 1, jobs: 1 };
        let why = why(target, &script, &class, effort, &AtomicBool::new(false), &|_, _| ());
        let crash = &why.expect("the script fails").omissions[1];
        let lost = crash.lost.as_ref().expect("nobody can restart");
        assert_eq!((lost.at, &lost.what), (3, &Missing::Action));
    }

    #[test]
    fn the_end_is_certain_and_the_beginning_is_not() {
        let why = explain(1, false);
        let shares: Vec<u32> = why.likelihood.moments.iter().map(|moment| moment.failing).collect();
        assert_eq!(shares.len(), 6, "before the first action and after each");
        assert_eq!(shares[5], 60, "what has happened is certain");
        assert!(shares[4] < 60, "nobody but chance brings the duplicate: {shares:?}");
    }

    #[test]
    fn threads_do_not_matter() {
        let (one, three) = (explain(1, false), explain(3, false));
        assert_eq!(one.omissions, three.omissions);
        assert_eq!(one.likelihood, three.likelihood);
    }

    #[test]
    fn who_is_stopped_says_how_much_is_missing() {
        let why = explain(2, true);
        assert_eq!(why.undone, 11);
        assert!(why.omissions.is_empty() && why.likelihood.moments.is_empty());
    }
}
