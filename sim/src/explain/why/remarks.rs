//! What a story says beside what happened: which step is wrong, and what each action is good for.

use raft_invariants::Selection;

use super::deviation::Deviation;
use super::necessity::{BLOCKS_MAX, Cuts};
use crate::run::{Class, Run};
use crate::search::target::Target;

/// Remarks on a run that took notes.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub struct Remarks {
    /// Where it leaves the correct run, if that is known.
    pub deviation: Option<Deviation>,
    /// By action: the number of the later action that first comes to something else without it.
    /// Empty for a run that is long or does not fail.
    pub good_for: Vec<Option<usize>>,
}

impl Remarks {
    /// All remarks on a run. If it is short enough for a story, each action is left out once.
    pub fn of(target: &dyn Target, run: &Run) -> Remarks {
        let class = run.alarms().last().map(|failure| failure.class());
        let class = class.filter(|_| run.actions.len() <= BLOCKS_MAX);
        let good_for = class.map_or_else(Vec::new, |class| good_for(target, run, &class));
        Remarks { deviation: Deviation::of(target, run), good_for }
    }
}

fn good_for(target: &dyn Target, run: &Run, class: &Class) -> Vec<Option<usize>> {
    let selection = Selection::only(&[class.invariant]).expect("the class names an invariant");
    let cuts = Cuts::new(target, run, class, &selection);
    let later = |position: usize| {
        let lost = cuts.without(position..position + 1).lost?;
        (position + 1 < lost.at).then_some(lost.at)
    };
    (0..run.actions.len()).map(later).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guests;
    use crate::language::script::Script;
    use crate::run::Replay;
    use crate::search::target::Targets;

    /// n1 comes to lead with a vote that n2 gave it in an earlier term.
    const SCRIPT: &str = "\
cluster nodes=3
timeout n1
deliver n1->n2 RequestVote
timeout n1
deliver n2->n1 RequestVoteReply granted
";

    #[test]
    fn an_action_is_good_for_what_does_not_come_without_it() {
        let mut targets = Targets::default();
        guests::add_to(&mut targets);
        let target = targets.find("raft-core?bug=vote-stale-term-counted").expect("it is planted");
        let script = Script::parse(SCRIPT, "test.txt".as_ref(), target.kinds());
        let script = script.expect("the test's script is right");
        let (run, skipped) = target.replay(&script, &Selection::ALL, Replay::STORY);
        assert_eq!(skipped, [0; 0], "every line means something");
        let remarks = Remarks::of(target, &run);
        assert_eq!(remarks.deviation.map(|it| it.at), Some(4), "the vote that counts");
        assert_eq!(remarks.good_for, [Some(4), Some(4), Some(4), None]);
    }
}
