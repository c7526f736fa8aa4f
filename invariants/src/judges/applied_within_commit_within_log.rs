//! Applied is committed, committed is there.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Changed;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C7",
    name: "AppliedWithinCommitWithinLog",
    level: Level::Lemma,
    statement: "lastApplied <= commitIndex <= last index of the log.",
    source: "Figure 2, Rules for Servers: All Servers",
    explain: "\
A node applies only what it knows to be committed, and knows nothing about entries that it does \
not have.

Example: a follower takes over leaderCommit without the limit of its last new entry.",
    needs: &[Need::CommitIndex, Need::Log, Need::Applies],
    judges: &[Judge::Changed(in_order)],
};

fn in_order(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    let Some(commit) = mirror.view.commit_index else { return Ok(()) };
    let applied = mirror.view.last_applied.unwrap_or(0).max(mirror.applied);
    if commit < applied {
        return Err(evidence!(
            "{} has applied {}, but calls only {} committed",
            moment.node,
            Part::Index(applied),
            Part::Index(commit),
        ));
    }
    let last = mirror.memory.log.last_index();
    if commit <= last {
        return Ok(());
    }
    Err(evidence!(
        "{} calls {} committed, but its log ends at {}",
        moment.node,
        Part::Index(commit),
        Part::Index(last),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_node_applies_what_is_committed() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .apply(1, 1)
            .apply(1, 2)
            .commit(1, 2);
        play.holds();
    }

    #[test]
    fn a_node_does_not_apply_more() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .apply(1, 1)
            .apply(1, 2)
            .commit(1, 1);
        play.breaks("AppliedWithinCommitWithinLog");
    }

    #[test]
    fn a_node_does_not_commit_what_it_does_not_have() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .commit(1, 2)
            .commit(3, 1);
        play.breaks("AppliedWithinCommitWithinLog");
    }

    #[test]
    fn a_step_that_does_nothing_but_apply_is_judged_too() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).durable(1).replicate(1, 2, 2);
        play.commit(1, 1).apply(1, 1).step(1).apply(1, 2).step(1);
        play.breaks("AppliedWithinCommitWithinLog");
    }
}
