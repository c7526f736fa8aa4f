//! A follower commits only what it has compared.

use crate::evidence::{Part, evidence};
use crate::fact::Claim;
use crate::history::History;
use crate::invariant::{Invariant, Judge, Judgement, Level, Need};
use crate::moment::CommitAdvanced;

/// See [`Invariant::statement`].
pub const INVARIANT: Invariant = Invariant {
    id: "C8",
    name: "FollowerCommitWithinVerified",
    level: Level::Lemma,
    statement: "A follower raises commitIndex only up to the last entry that it knows to \
                be the current leader's.",
    source: "Figure 2, AppendEntries RPC step 5 (index of last new entry)",
    explain: "\
leaderCommit says how far the leader's log is committed, not the follower's. Behind the last \
entry that a message of this leader confirmed, a follower may have an old tail.

Not flagged: what an earlier message of the same leader has confirmed, even before a restart, if \
it is on disk; a follower that raises commitIndex later, when its writes are durable; and one \
that shows it only after steps that are not settled.

Example: n2 holds 1 1 1 and the leader of term 2 has 1 2 2. A heartbeat that fits at index 1 \
says leaderCommit 3, and n2 commits its own two entries of term 1.",
    needs: &[Need::Log, Need::Claims, Need::TermAndRole, Need::CommitIndex, Need::CommitsByAppend],
    judges: &[Judge::CommitAdvanced(compared)],
};

fn compared(history: &History, moment: &CommitAdvanced) -> Judgement {
    let mirror = history.node(moment.node);
    if moment.leader_of.is_some() || mirror.notes.spans_steps() {
        return Ok(());
    }
    // Who learns from a message must have compared with its sender. Who merely catches up with
    // its disk may do so on the word of the leader before.
    let term = match mirror.notes.received {
        Some((_, statement)) if matches!(statement.claim, Claim::AppendEntries { .. }) => {
            statement.term
        }
        _ => None,
    };
    let verified = match term {
        Some(term) if term != mirror.verified.term => 0,
        _ => mirror.verified.index,
    };
    if moment.to <= verified {
        return Ok(());
    }
    Err(evidence!(
        "{} calls its log committed up to {}, but the leader of term {} has confirmed it only up to \
         {}",
        moment.node,
        Part::Index(moment.to),
        Part::Term(mirror.term()),
        Part::Index(verified),
    ))
}

#[cfg(test)]
mod tests {
    use crate::fact::Role;
    use crate::testing::Play;

    #[test]
    fn a_restarted_follower_remembers_what_is_on_disk() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3])
            .append(1, &[2, 2])
            .step(1)
            .durable(1)
            .replicate(1, 2, 2)
            .commit(1, 2)
            .crash(2, 0)
            .boot(2);
        play.hear_append(1, 2, 2, 2).commit(2, 2);
        play.holds();
    }

    #[test]
    fn a_stale_tail_is_not_committed_by_a_heartbeat() {
        let mut play = Play::new(5);
        play.elect(1, 1, &[2, 3]).append(1, &[1, 1, 1]).step(1).durable(1);
        play.replicate(1, 3, 1).replicate(1, 4, 1).replicate(1, 5, 1).replicate(1, 2, 3);
        play.crash(1, 0).elect(3, 2, &[4, 5]).append(3, &[2, 2]).step(3).durable(3);
        play.replicate(3, 4, 3).replicate(3, 5, 3).commit(3, 3);
        play.term(2, 2).hear_append(3, 2, 1, 1).commit(2, 3);
        play.breaks("FollowerCommitWithinVerified");
        play.breaks("StateMachineSafety");
    }

    /// n2 has the entries of n1, leader of term 2, and calls none of them committed yet.
    fn n2_lags() -> Play {
        let mut play = Play::new(3);
        play.elect(3, 1, &[2]).elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).durable(1);
        play.replicate(1, 2, 2).replicate(1, 3, 2).commit(1, 2);
        play
    }

    #[test]
    fn a_leader_may_commit_and_step_down_in_one_step() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2, 3]).append(1, &[2, 2]).step(1).durable(1).replicate(1, 2, 2);
        play.hard_state(1, 3, None).view(1, |view| {
            (view.role, view.commit_index) = (Some(Role::Follower), Some(2));
            (view.match_index, view.next_index) = (None, None);
        });
        play.holds();
    }

    #[test]
    fn a_follower_may_catch_up_while_it_answers_a_candidate() {
        let mut play = n2_lags();
        play.hear_request(3, 2, 3, (2, 2)).hard_state(2, 3, None).commit(2, 2);
        play.holds();
    }

    #[test]
    fn the_word_of_an_earlier_leader_is_nothing_to_go_by() {
        let mut play = n2_lags();
        play.receive_append(3, 2, 1, 2).commit(2, 2);
        play.tells(
            "FollowerCommitWithinVerified",
            "n2 calls its log committed up to 2, but the leader of term 2 has confirmed it only up \
             to 0",
        );
    }

    #[test]
    fn what_was_deleted_is_verified_no_more() {
        let mut play = Play::new(3);
        play.elect(1, 2, &[2]).append(1, &[2, 2]).step(1).durable(1).replicate(1, 2, 2);
        play.truncate(2, 2).append(2, &[2]).commit(2, 2);
        play.breaks("FollowerCommitWithinVerified");
    }
}
