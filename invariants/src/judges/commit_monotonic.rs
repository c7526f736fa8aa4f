//! commitIndex only rises.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::Changed;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C6",
    name: "CommitMonotonic",
    level: Level::Lemma,
    statement: "A node's commitIndex never falls while it runs.",
    source: "Figure 2, commitIndex (increases monotonically)",
    explain: "\
Committed is for ever; a node that takes it back would apply entries twice or different ones.

Not flagged: commitIndex is not durable, so a restart may start from 0.

Example: a follower sets commitIndex to leaderCommit of a delayed message.",
    needs: &[Need::CommitIndex],
    judges: &[Judge::Changed(rises)],
};

fn rises(history: &History, moment: &Changed) -> Judgement {
    let mirror = history.node(moment.node);
    match (mirror.before.commit_index, mirror.view.commit_index) {
        (Some(before), Some(after)) if after < before => {
            let (before, after) = (Part::Index(before), Part::Index(after));
            Err(evidence!("{} lowers its commitIndex from {} to {}", moment.node, before, after))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_restart_may_forget_it() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .commit(1, 2)
            .crash(1, 0)
            .boot(1)
            .step(1);
        play.holds();
    }

    #[test]
    fn a_step_may_not() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .commit(1, 2)
            .commit(1, 1);
        play.breaks("CommitMonotonic");
    }
}
