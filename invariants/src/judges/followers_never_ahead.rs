//! Only leaders commit.

use crate::evidence::{Part, evidence};
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::CommitAdvanced;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C11",
    name: "FollowersNeverAhead",
    level: Level::History,
    statement: "Whatever a follower calls committed, a leader has called committed \
                before.",
    source: "§5.3; Figure 2, leaderCommit",
    explain: "\
Followers learn of commits, they do not decide them.

Not flagged: a leader that commits and steps down in one step, and a leader whose message says \
so before its step is over.

Example: a follower calls everything committed that it has.",
    needs: &[Need::Log, Need::Claims, Need::CommitIndex, Need::TermAndRole],
    judges: &[Judge::CommitAdvanced(was_decided)],
};

fn was_decided(_: &History, moment: &CommitAdvanced) -> Judgement {
    if moment.leader_of.is_some() || moment.to <= moment.ledger_before {
        return Ok(());
    }
    Err(evidence!(
        "{} calls {} committed as a follower, but leaders have committed only up to {}",
        moment.node,
        Part::Index(moment.to),
        Part::Index(moment.ledger_before),
    ))
}

#[cfg(test)]
mod tests {
    use crate::testing::Play;

    #[test]
    fn a_follower_learns_of_a_commit() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .commit(1, 2)
            .hear_append(1, 2, 2, 2)
            .commit(2, 2);
        play.holds();
    }

    #[test]
    fn a_message_may_be_faster_than_the_step_that_sent_it() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .say_append(1, 2, 2, (2, 2), 0, (2, 2), 2);
        play.hear_append(1, 2, 2, 2).commit(2, 2).commit(1, 2);
        play.holds();
    }

    #[test]
    fn a_follower_does_not_decide() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .hear_append(1, 2, 2, 2)
            .commit(2, 2);
        play.breaks("FollowersNeverAhead");
    }
}
